"use strict";
// What an instance is called, and how it ends: ModifyInstance, Destroy…, CleanUpInstance,
// StartupInstance, and the lists.

const assert = require("node:assert/strict");
const test = require("node:test");

const { REQUEST_ID, RUNNING } = require("./clients");
const { connect, dealOf, delivered, eventually, instance, passesInto, refused, succeeded } = require("./clients");
const { serve, serveInstances } = require("./server");

const ISOLATED = -2;
const TO_BE_DELETED = -3;
const NEVER = "0000-00-00 00:00:00";
const POSTPAID = { InstanceId: "crs-postpaid", TypeId: 2, MemSize: 1024, BillingMode: 0 };
const PREPAID = { ...POSTPAID, InstanceId: "crs-prepaid0", BillingMode: 1, DeadlineTime: "2036-01-15 10:00:00" };

test("ModifyInstance renames, moves, renews and protects", async (t) => {
  const client = connect(await serveInstances(t, [PREPAID, { ...PREPAID, InstanceId: "crs-prepaid1" }]));
  const ids = [PREPAID.InstanceId, "crs-prepaid1"];
  const modify = async (Operation, members) => {
    const answer = await client.ModifyInstance({ Operation, InstanceIds: ids, ...members });
    assert.match(answer.RequestId, REQUEST_ID);
  };
  const seen = async (name) => [(await instance(client, ids[0]))[name], (await instance(client, ids[1]))[name]];

  await modify("rename", { InstanceNames: ["订单", "orders-2"] });
  assert.deepEqual(await seen("InstanceName"), ["订单", "orders-2"]);
  await modify("modifyProject", { ProjectId: 7 });
  assert.deepEqual(await seen("ProjectId"), [7, 7]);
  await modify("modifyAutoRenew", { AutoRenews: [1, 0] });
  assert.deepEqual(await seen("AutoRenewFlag"), [1, 0]);
  await modify("modifyDeleteProtectionSwitch", { DeleteProtectionSwitches: [1, 0] });
  assert.deepEqual(await seen("DeleteProtectionSwitch"), [1, 0]);

  await refused(client.DestroyPrepaidInstance({ InstanceId: ids[0] }));
  assert.deepEqual(await seen("Status"), [RUNNING, RUNNING]);
});

test("a postpaid instance is destroyed and cleaned up, its tasks stay", async (t) => {
  const client = connect(await serveInstances(t, [POSTPAID]));
  const id = POSTPAID.InstanceId;

  const destroyed = await client.DestroyPostpaidInstance({ InstanceId: id });
  await passesInto(client, id, TO_BE_DELETED);
  await succeeded(client, destroyed.TaskId, id);

  const cleaned = await client.CleanUpInstance({ InstanceId: id });
  const gone = await eventually(
    () => client.DescribeInstances({ InstanceId: id }),
    ({ TotalCount }) => TotalCount === 0,
  );
  assert.deepEqual([gone.TotalCount, gone.InstanceSet], [0, []]);
  await succeeded(client, cleaned.TaskId, id);
  await succeeded(client, destroyed.TaskId, id);

  const refusal = await refused(client.UpgradeInstance({ InstanceId: id, MemSize: 2048 }));
  assert.equal(refusal.code, "ResourceNotFound.InstanceNotExists");
});

test("a postpaid instance is isolated and started up again", async (t) => {
  const client = connect(await serveInstances(t, [POSTPAID]));
  const id = POSTPAID.InstanceId;

  await client.DestroyPostpaidInstance({ InstanceId: id });
  assert.notEqual((await passesInto(client, id, TO_BE_DELETED)).CloseTime, NEVER);

  const started = await client.StartupInstance({ InstanceId: id });
  assert.equal(started.TaskId, null);
  assert.equal((await passesInto(client, id)).CloseTime, NEVER);
});

test("a prepaid instance is returned for its money, and paid for again", async (t) => {
  const client = connect(await serveInstances(t, [PREPAID]));
  const id = PREPAID.InstanceId;

  dealOf(await client.DestroyPrepaidInstance({ InstanceId: id }));
  assert.notEqual((await passesInto(client, id, ISOLATED)).CloseTime, NEVER);

  const dealId = dealOf(await client.RenewInstance({ InstanceId: id, Period: 1 }));
  assert.equal((await passesInto(client, id)).CloseTime, NEVER);
  await delivered(client, dealId);
});

test("what runs is not cleaned up", async (t) => {
  const client = connect(await serveInstances(t, [POSTPAID]));
  const refusal = await refused(client.CleanUpInstance({ InstanceId: POSTPAID.InstanceId }));
  assert.equal(refusal.code, "ResourceUnavailable.InstanceStatusAbnormal");
});

test("DescribeCommonDBInstances lists the same in older words", async (t) => {
  const client = connect(await serveInstances(t, [POSTPAID, PREPAID]));
  const { TotalCount, InstanceDetails } = await client.DescribeCommonDBInstances({ InstanceIds: [POSTPAID.InstanceId] });
  assert.deepEqual([TotalCount, InstanceDetails.length], [1, 1]);
  const [seen] = InstanceDetails;
  const known = await instance(client, POSTPAID.InstanceId);
  assert.deepEqual(
    [seen.InstanceId, seen.InstanceName, seen.Status, seen.Vips, seen.Vport, seen.AppId],
    [known.InstanceId, known.InstanceName, "2", [known.WanIp], known.Port, known.Appid],
  );
  assert.equal((await client.DescribeCommonDBInstances({})).TotalCount, 2);
  assert.equal((await client.DescribeCommonDBInstances({ Limit: 1, Offset: 1 })).InstanceDetails.length, 1);
});

test("dedicated clusters are listed and summed up", async (t) => {
  const cluster = { RedisClusterId: "crs-cdc-abcd1234", DedicatedClusterId: "cluster-wxyz5678", ClusterName: "机房-1" };
  const client = connect(await serveInstances(t, [POSTPAID], { RedisClusters: [cluster] }));
  const { Total, Resources } = await client.DescribeRedisClusters({ Limit: 10, Offset: 0 });
  assert.deepEqual([Total, Resources.length], [1, 1]);
  for (const [name, value] of Object.entries(cluster)) assert.equal(Resources[0][name], value);
  assert.ok(Array.isArray(Resources[0].ResourceBundles));

  const none = await client.DescribeRedisClusters({ RedisClusterIds: ["crs-cdc-00000000"] });
  assert.deepEqual([none.Total, none.Resources], [0, []]);

  const overview = await client.DescribeRedisClusterOverview({ DedicatedClusterId: cluster.DedicatedClusterId });
  assert.ok(Number.isInteger(overview.TotalBundle) && Number.isInteger(overview.TotalMemory));
});

test("DescribeProductInfo sells what CreateInstances takes", async (t) => {
  const client = connect(await serve(t));
  const { RegionSet } = await client.DescribeProductInfo({});
  const guangzhou = RegionSet.find(({ RegionId }) => RegionId === "ap-guangzhou");
  const zone = guangzhou.ZoneSet.find(({ ZoneId }) => ZoneId === "ap-guangzhou-3");
  assert.ok(Number.isInteger(zone.OldZoneId));
  assert.ok(zone.NetWorkType.includes("vpcnet"));
  const standard = zone.ProductSet.find(({ Type, PayMode }) => Type === 8 && PayMode === "0");
  assert.equal(standard.Saleout, false);
  assert.deepEqual(standard.ShardNum, ["1"]);
  assert.ok(standard.TotalSize.includes("4"));
});
