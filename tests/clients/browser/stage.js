"use strict";
// A server with something going on, to look at.

/** A call by the sample URL, unsigned, as `lenient` takes it; answers the response. */
async function call(server, action, parameters = {}) {
  const query = new URLSearchParams({ Action: action, Version: "2018-04-12", Region: "ap-guangzhou", ...parameters });
  const answer = await fetch(`${server.url}/?${query}`);
  return (await answer.json()).Response;
}

async function stage(server) {
  const order = (id, mb) => call(server, "UpgradeInstance", { InstanceId: id, MemSize: mb });
  const fresh = { TypeId: 15, MemSize: 1024, GoodsNum: 2, Period: 1, BillingMode: 0, ZoneId: 100003, VpcId: "vpc-local000", SubnetId: "subnet-local000", RedisShardNum: 1, RedisReplicasNum: 1, NoAuth: "true" };
  await call(server, "CreateInstances", fresh);
  await call(server, "CreateInstances", { ...fresh, GoodsNum: 1, TypeId: 16, RedisShardNum: 5, RedisReplicasNum: 2 });
  await server.control("POST", "/flows/drain", {});
  for (let day = 0; day < 12; day++) {
    await server.control("POST", "/clock/advance", { Seconds: 9 * 3_600 });
    if (day % 3 === 0) await call(server, "CreateInstances", { ...fresh, GoodsNum: 1, BillingMode: day % 2, MemSize: 1024 * (1 + day / 3) });
    await server.control("POST", "/flows/drain", {});
  }
  await server.control("PATCH", "/instances/crs-5qlrlhux", { MemUsed: 870 });
  await order("crs-5qlrlhux", 4096);
  await order("crs-5qlrlhux", 2048);
  await order("crs-r62clu00", 2048);
  await call(server, "DescribeInstances", { Limit: 5 });
  await server.control("POST", "/faults", { Match: { Action: "RenewInstance" }, Then: { Code: "FailedOperation.PayFailed" }, Times: 3 });
  await server.control("POST", "/faults", { Match: { Action: "DescribeInstances", Probability: 0.1, Seed: 1 }, Then: { DelayMs: 300 } });
  await call(server, "RenewInstance", { InstanceId: "crs-5qlrlhux", Period: 1 });
  await call(server, "DescribeTaskList", {});
  await call(server, "UpgradeInstance", { InstanceId: "crs-gone0000", MemSize: 4096 });
}

module.exports = { call, stage };
