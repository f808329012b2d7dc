"use strict";
// A program of a user, who knows nothing of these tests: it upgrades an instance, waits, and prints
// what came of it. Its only argument is the SDK's HttpProfile; the rest comes from the environment.

const { setTimeout: sleep } = require("node:timers/promises");
const { redis } = require("tencentcloud-sdk-nodejs");

async function main(httpProfile) {
  const client = new redis.v20180412.Client({
    credential: { secretId: "AKIDlocal", secretKey: "local" },
    region: "ap-guangzhou",
    profile: { httpProfile },
  });
  const id = "crs-5qlrlhux";
  await client.UpgradeInstance({ InstanceId: id, MemSize: 4096 });
  for (;;) {
    const { InstanceSet } = await client.DescribeInstances({ InstanceId: id });
    const { Status, Size } = InstanceSet[0];
    if (Status === 2) return { Size };
    await sleep(100);
  }
}

main(JSON.parse(process.argv[2])).then(
  (came) => console.log(JSON.stringify(came)),
  ({ message, code, requestId }) => console.log(JSON.stringify({ message, code, requestId })),
);
