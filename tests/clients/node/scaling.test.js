"use strict";
// Size, edition, versions and zones: family B of the actions, and the tasks they make.

const assert = require("node:assert/strict");
const test = require("node:test");

const { REQUEST_ID, RUNNING } = require("./clients");
const { connect, dealOf, delivered, eventually, instance, passesInto, refused, succeeded } = require("./clients");
const { serveInstances } = require("./server");

const NETWORK = { VpcId: "vpc-local000", SubnetId: "subnet-local000" };
const STANDARD = { InstanceId: "crs-standard", TypeId: 6, MemSize: 1024, RedisReplicasNum: 1, ...NETWORK };
const CLUSTER = { ...STANDARD, InstanceId: "crs-cluster0", TypeId: 7, RedisShardNum: 3 };
const ZONES = {
  ...STANDARD,
  InstanceId: "crs-zones000",
  TypeId: 17,
  RedisReplicasNum: 2,
  NodeSet: [
    { NodeType: 0, NodeId: 1001, ZoneId: 100003 },
    { NodeType: 1, NodeId: 1002, ZoneId: 100003 },
    { NodeType: 1, NodeId: 1003, ZoneId: 100004 },
  ],
};

test("shards and replicas, one change a call", async (t) => {
  const client = connect(await serveInstances(t, [CLUSTER]));
  const InstanceId = CLUSTER.InstanceId;
  const upgrade = async (members) => {
    const dealId = dealOf(await client.UpgradeInstance({ InstanceId, MemSize: 1024, ...members }));
    const seen = await passesInto(client, InstanceId);
    await delivered(client, dealId);
    return [seen.RedisShardNum, seen.RedisReplicasNum, seen.Size];
  };
  assert.deepEqual(await upgrade({ RedisShardNum: 5, RedisReplicasNum: 1 }), [5, 1, 5120]);
  assert.deepEqual(await upgrade({ RedisShardNum: 5, RedisReplicasNum: 2 }), [5, 2, 5120]);

  const both = client.UpgradeInstance({ InstanceId, MemSize: 2048, RedisShardNum: 8, RedisReplicasNum: 2 });
  assert.equal((await refused(both)).code, "InvalidParameter.InvalidParameter");

  const { Tasks } = await client.DescribeTaskList({ InstanceId, TaskTypes: ["028", "029"], Limit: 10, Offset: 0 });
  assert.deepEqual(Tasks.map(({ TaskType }) => TaskType).sort(), ["028", "029"]);
  for (const { TaskId } of Tasks) await succeeded(client, TaskId, InstanceId);
});

test("UpgradeInstanceVersion gives a higher edition", async (t) => {
  const client = connect(await serveInstances(t, [STANDARD]));
  const InstanceId = STANDARD.InstanceId;
  const dealId = dealOf(await client.UpgradeInstanceVersion({ InstanceId, TargetInstanceType: "8", SwitchOption: 2 }));
  assert.equal((await passesInto(client, InstanceId)).Type, 8);
  await delivered(client, dealId);
});

test("UpgradeInstanceProductVersion moves to the second generation", async (t) => {
  // Newer than this version of the SDK, whose clients send any action by name.
  const client = connect(await serveInstances(t, [STANDARD]));
  const InstanceId = STANDARD.InstanceId;
  assert.equal(client.UpgradeInstanceProductVersion, undefined);
  const members = { InstanceId, TargetProductVersion: "localv2", SwitchOption: 2 };
  const ordered = await client.request("UpgradeInstanceProductVersion", members);
  assert.match(ordered.DealName, /^\d+$/);
  assert.equal((await passesInto(client, InstanceId)).ProductVersion, "localv2");
});

test("UpgradeSmallVersion and UpgradeProxyVersion give what is newer", async (t) => {
  const older = {
    CurrentRedisVersion: "4.3.0",
    UpgradeRedisVersion: "4.3.6",
    CurrentProxyVersion: "5.6.0",
    UpgradeProxyVersion: "5.8.0",
  };
  const client = connect(await serveInstances(t, [{ ...CLUSTER, ...older }]));
  const InstanceId = CLUSTER.InstanceId;

  const kernel = await client.UpgradeSmallVersion({
    InstanceId,
    CurrentRedisVersion: older.CurrentRedisVersion,
    UpgradeRedisVersion: older.UpgradeRedisVersion,
    InstanceTypeUpgradeNow: 1,
  });
  assert.equal((await passesInto(client, InstanceId)).CurrentRedisVersion, "4.3.6");
  await succeeded(client, kernel.FlowId, InstanceId);

  const proxy = await client.UpgradeProxyVersion({
    InstanceId,
    CurrentProxyVersion: older.CurrentProxyVersion,
    UpgradeProxyVersion: older.UpgradeProxyVersion,
    InstanceTypeUpgradeNow: 1,
  });
  assert.equal((await passesInto(client, InstanceId)).CurrentProxyVersion, "5.8.0");
  await succeeded(client, proxy.FlowId, InstanceId);
});

test("UpgradeVersionToMultiAvailabilityZones is a flow", async (t) => {
  const client = connect(await serveInstances(t, [STANDARD]));
  const InstanceId = STANDARD.InstanceId;
  const members = { InstanceId, UpgradeProxyAndRedisServer: true };
  const { FlowId } = await client.UpgradeVersionToMultiAvailabilityZones(members);
  await passesInto(client, InstanceId);
  await succeeded(client, FlowId, InstanceId);
});

test("ModifyInstanceAvailabilityZones moves nodes", async (t) => {
  const client = connect(await serveInstances(t, [ZONES]));
  const InstanceId = ZONES.InstanceId;
  const wanted = ZONES.NodeSet.map((node) => (node.NodeId === 1003 ? { ...node, ZoneId: 100006 } : node));
  const { TaskId } = await client.ModifyInstanceAvailabilityZones({ InstanceId, SwitchOption: 2, NodeSet: wanted });
  const seen = await passesInto(client, InstanceId);
  const zones = (nodes) => nodes.map(({ NodeType, ZoneId }) => `${NodeType} in ${ZoneId}`).sort();
  assert.deepEqual(zones(seen.NodeSet), zones(wanted));
  await succeeded(client, TaskId, InstanceId);
});

test("SwitchAccessNewInstance does not wait for the window", async (t) => {
  const client = connect(await serveInstances(t, [{ ...STANDARD, MaintenanceWindow: farWindow() }]));
  const InstanceId = STANDARD.InstanceId;
  dealOf(await client.UpgradeInstance({ InstanceId, MemSize: 2048, SwitchOption: 1 }));
  const waiting = await instance(client, InstanceId);
  assert.deepEqual([waiting.Status, waiting.Size], [RUNNING, 1024]);

  const { RequestId } = await client.SwitchAccessNewInstance({ InstanceId });
  assert.match(RequestId, REQUEST_ID);
  const switched = await eventually(
    () => instance(client, InstanceId),
    ({ Status, Size }) => Status === RUNNING && Size === 2048,
  );
  assert.deepEqual([switched.Status, switched.Size], [RUNNING, 2048]);
});

/** A maintenance window, in China time, that is hours away whenever this runs. */
function farWindow() {
  const hour = (new Date(Date.now() + 8 * 3_600_000).getUTCHours() + 8) % 23;
  const at = (hours) => `${String(hours).padStart(2, '0')}:00`;
  return { StartTime: at(hour), EndTime: at(hour + 1) };
}
