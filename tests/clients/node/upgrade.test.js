"use strict";
// The main job: a resize, from the order to the running instance.

const assert = require("node:assert/strict");
const test = require("node:test");

const { DELIVERED, INSTANCE, PROCESSING, RUNNING } = require("./clients");
const { connect, deal, dealOf, eventually, instance, refused } = require("./clients");
const { serve } = require("./server");

// snippet: node
const { setTimeout: sleep } = require("node:timers/promises");
const { redis } = require("tencentcloud-sdk-nodejs");

async function upgrade(instanceId, memSizeMb, endpoint = "127.0.0.1:8239") {
  const client = new redis.v20180412.Client({
    credential: { secretId: "AKIDlocal", secretKey: "local" },
    region: "ap-guangzhou",
    profile: { httpProfile: { protocol: "http://", endpoint } },
  });
  await client.UpgradeInstance({ InstanceId: instanceId, MemSize: memSizeMb });
  for (let tries = 0; tries < 60; tries++) {
    const { InstanceSet } = await client.DescribeInstances({ InstanceId: instanceId });
    if (InstanceSet[0].Status === 2) return InstanceSet[0]; // 1: in process, 2: running
    await sleep(500);
  }
  throw new Error(`${instanceId} is not running`);
}
// end

test("an upgrade, as a user writes it", async (t) => {
  const server = await serve(t);
  const upgraded = await upgrade(INSTANCE, 4096, server.host);
  assert.equal(upgraded.InstanceId, INSTANCE);
  assert.equal(upgraded.Size, 4096);
});

test("an upgrade is ordered, seen in process and delivered", async (t) => {
  const client = connect(await serve(t));
  const before = await instance(client);
  assert.deepEqual([before.Status, before.Size, before.RedisShardSize], [RUNNING, 1024, 1024]);

  const dealId = dealOf(await client.UpgradeInstance({ InstanceId: INSTANCE, MemSize: 4096 }));

  const during = await instance(client);
  assert.equal(during.Status, PROCESSING);
  assert.equal(during.Size, 1024, "the old size stands until the flow has ended");
  assert.ok([2, 3].includes((await deal(client, dealId)).Status));

  const after = await eventually(
    () => instance(client),
    ({ Status }) => Status === RUNNING,
  );
  assert.deepEqual([after.Status, after.Size, after.RedisShardSize], [RUNNING, 4096, 4096]);

  const done = await deal(client, dealId);
  assert.deepEqual([done.Status, done.InstanceIds, done.DealName], [DELIVERED, [INSTANCE], dealId]);
  assert.ok(done.EndTime);

  const { TotalCount, Tasks } = await client.DescribeTaskList({ InstanceId: INSTANCE });
  assert.ok(TotalCount >= 1);
  assert.deepEqual([Tasks[0].TaskType, Tasks[0].Result, Tasks[0].Progress], ["002", 2, 1]);
  const task = await client.DescribeTaskInfo({ TaskId: Tasks[0].TaskId });
  assert.deepEqual([task.Status, task.InstanceId], ["succeed", INSTANCE]);
});

test("a second upgrade waits for the first", async (t) => {
  const client = connect(await serve(t, "--pace", "held"));
  await client.UpgradeInstance({ InstanceId: INSTANCE, MemSize: 4096 });
  const refusal = await refused(client.UpgradeInstance({ InstanceId: INSTANCE, MemSize: 8192 }));
  assert.equal(refusal.code, "ResourceUnavailable.InstanceStatusAbnormal");
});

test("the callback style works too", async (t) => {
  const client = connect(await serve(t));
  const answer = await new Promise((resolve, reject) => {
    client.UpgradeInstance({ InstanceId: INSTANCE, MemSize: 2048 }, (error, seen) => (error ? reject(error) : resolve(seen)));
  });
  dealOf(answer);
});
