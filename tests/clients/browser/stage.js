"use strict";
// A server with something going on, to look at.

/** A call by the sample URL, unsigned, as `lenient` takes it; answers the response. */
async function call(server, action, parameters = {}) {
  const query = new URLSearchParams({ Action: action, Version: "2018-04-12", Region: "ap-guangzhou", ...parameters });
  const answer = await fetch(`${server.url}/?${query}`);
  return (await answer.json()).Response;
}

/** More than the built-in fixture has: an instance with everything, and groups over regions. */
async function enrich(server) {
  const state = await server.control("GET", "/state");
  const [account] = state.Accounts;
  const zones = [100003, 100004, 100006];
  const over = (InstanceId, Region, InstanceName) => ({ InstanceId, InstanceName, Region, TypeId: 9, MemSize: 2048, RedisShardNum: 3, RedisReplicasNum: 1, MemUsed: 1800 });
  account.Instances.push(
    {
      InstanceId: "crs-orders00", InstanceName: "orders", TypeId: 16, MemSize: 4096, RedisShardNum: 5, RedisReplicasNum: 2, MemUsed: 9_200,
      NodeSet: zones.map((ZoneId, at) => ({ NodeType: at === 0 ? 0 : 1, ZoneId })), SecurityGroupIdList: ["sg-orders00"],
      ResourceTags: [{ TagKey: "team", TagValue: "orders" }, { TagKey: "stage", TagValue: "live" }],
      InstanceAccounts: [{ AccountName: "reader", Remark: "reports", Privilege: "r", ReadonlyPolicy: ["master"] }],
    },
    over("crs-world000", "ap-guangzhou", "world: Guangzhou"), over("crs-world001", "ap-singapore", "world: Singapore"),
    over("crs-world002", "ap-singapore", "world: Singapore, second"), over("crs-world003", "eu-frankfurt", "world: Frankfurt"),
  );
  account.SecurityGroups = [{ SecurityGroupId: "sg-orders00", SecurityGroupName: "orders only" }];
  const member = (InstanceId, Role) => ({ InstanceId, Role });
  account.ReplicationGroups = [
    { GroupId: "crs-rpl-world000", GroupName: "world", Remark: "sessions of all shops", Members: [member("crs-world000", "rw"), member("crs-world001", "r"), member("crs-world002", "r"), member("crs-world003", "r")] },
  ];
  await server.control("PUT", "/state", state);
}

async function stage(server) {
  await enrich(server);
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
  await call(server, "ModifyInstanceParams", { InstanceId: "crs-orders00", "InstanceParams.0.Key": "timeout", "InstanceParams.0.Value": 300 });
  await call(server, "ManualBackupInstance", { InstanceId: "crs-orders00" });
  await server.control("POST", "/flows/drain", {});
  const { ReplicaGroups } = await call(server, "DescribeInstanceZoneInfo", { InstanceId: "crs-orders00" });
  await call(server, "ChangeReplicaToMaster", { InstanceId: "crs-orders00", GroupId: ReplicaGroups[1].GroupId });
  await server.control("POST", "/flows/drain", {});
  await order("crs-orders00", 8192);
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
