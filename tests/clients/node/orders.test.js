"use strict";
// What is bought and what it costs: orders, renewals, clones, prices.

const assert = require("node:assert/strict");
const test = require("node:test");

const { REQUEST_ID, RUNNING } = require("./clients");
const { connect, dealOf, delivered, eventually, instance, passesInto } = require("./clients");
const { serve, serveInstances } = require("./server");

const ORDER = {
  TypeId: 8,
  MemSize: 2048,
  RedisShardNum: 1,
  RedisReplicasNum: 1,
  GoodsNum: 2,
  Period: 1,
  BillingMode: 0,
  ZoneName: "ap-guangzhou-3",
};
const NETWORK = { VpcId: "vpc-8xm0r2ks", SubnetId: "subnet-1jq7f0ue" };
const STANDARD = { InstanceId: "crs-standard", TypeId: 8, MemSize: 1024, RedisReplicasNum: 1, ...NETWORK };
const PREPAID = { ...STANDARD, InstanceId: "crs-prepaid0", BillingMode: 1, DeadlineTime: "2036-01-15 10:00:00" };

test("what was bought is listed at once and runs in the end", async (t) => {
  const client = connect(await serve(t));
  const bought = await client.CreateInstances({ ...ORDER, ...NETWORK, Password: "correct-Horse_7" });
  const dealId = dealOf(bought);
  assert.equal(new Set(bought.InstanceIds).size, 2);
  for (const id of bought.InstanceIds) {
    const fresh = await instance(client, id);
    assert.ok([0, 1].includes(fresh.Status));
    assert.deepEqual([fresh.Type, fresh.Size, fresh.BillingMode], [8, 2048, 0]);
  }
  for (const id of bought.InstanceIds) {
    const seen = await eventually(
      () => instance(client, id),
      ({ Status }) => Status === RUNNING,
    );
    assert.equal(seen.Status, RUNNING);
  }
  const done = await delivered(client, dealId);
  assert.deepEqual(done.InstanceIds.sort(), bought.InstanceIds.sort());
  assert.equal(done.GoodsNum, 2);
});

test("a deal is found by its name too", async (t) => {
  const client = connect(await serveInstances(t, [STANDARD]));
  const dealId = dealOf(await client.UpgradeInstance({ InstanceId: STANDARD.InstanceId, MemSize: 2048 }));
  const { DealDetails } = await client.DescribeInstanceDealDetail({ DealName: dealId });
  assert.deepEqual(
    DealDetails.map(({ DealId }) => DealId),
    [dealId],
  );
  const none = await client.DescribeInstanceDealDetail({ DealIds: ["1"] });
  assert.deepEqual(none.DealDetails, []);
});

test("a renewal moves the end by its months", async (t) => {
  const client = connect(await serveInstances(t, [PREPAID]));
  const InstanceId = PREPAID.InstanceId;
  const price = await client.InquiryPriceRenewInstance({ InstanceId, Period: 3 });
  expectPrice(price);

  const dealId = dealOf(await client.RenewInstance({ InstanceId, Period: 3, ModifyPayMode: "prepaid" }));
  const done = await delivered(client, dealId);
  assert.deepEqual(done.InstanceIds, [InstanceId]);
  assert.equal(done.Price, Math.round(price.Price));
  const seen = await instance(client, InstanceId);
  assert.equal(seen.DeadlineTime, "2036-04-15 10:00:00");
  assert.equal(seen.Status, RUNNING);
});

test("ModifyInstanceChargeType switches, and says of which it could not", async (t) => {
  const client = connect(await serveInstances(t, [STANDARD]));
  const InstanceIds = [STANDARD.InstanceId];
  const billing = async () => {
    const { BillingMode, Status } = await instance(client, STANDARD.InstanceId);
    return Status === RUNNING ? BillingMode : undefined;
  };

  const already = await client.ModifyInstanceChargeType({ InstanceIds, InstanceChargeType: "POSTPAID" });
  assert.equal(already.FailedInstanceIds.length, 1);
  assert.equal(already.FailedInstanceIds[0].InstanceId, STANDARD.InstanceId);
  assert.ok(already.FailedInstanceIds[0].Message);
  assert.equal(await billing(), 0);

  const switched = await client.ModifyInstanceChargeType({ InstanceIds, InstanceChargeType: "PREPAID", Period: 1 });
  assert.deepEqual(switched.FailedInstanceIds, []);
  assert.match(switched.RequestId, REQUEST_ID);
  assert.equal(await eventually(billing, (mode) => mode === 1), 1);
});

test("a clone of a backup is an instance of its own", async (t) => {
  const backup = { BackupId: "165706342-5832225-1641692389", InstanceId: STANDARD.InstanceId };
  const client = connect(await serveInstances(t, [STANDARD], { Backups: [backup] }));
  const cloned = await client.CloneInstances({
    ...backup,
    ...NETWORK,
    GoodsNum: 1,
    ZoneId: 100003,
    BillingMode: 0,
    Period: 1,
    SecurityGroupIdList: ["sg-kjf3e0wx"],
    InstanceName: "clone",
    Password: "correct-Horse_7",
  });
  const dealId = dealOf(cloned);
  assert.equal(cloned.InstanceIds.length, 1);
  assert.notEqual(cloned.InstanceIds[0], STANDARD.InstanceId);

  const seen = await passesInto(client, cloned.InstanceIds[0]);
  assert.deepEqual([seen.Type, seen.Size, seen.InstanceName], [8, 1024, "clone"]);
  assert.deepEqual((await delivered(client, dealId)).InstanceIds, cloned.InstanceIds);
});

test("prices, before anything is ordered", async (t) => {
  const client = connect(await serveInstances(t, [PREPAID]));
  const one = await client.InquiryPriceCreateInstance({ ...ORDER, BillingMode: 1, GoodsNum: 1 });
  const two = await client.InquiryPriceCreateInstance({ ...ORDER, BillingMode: 1, GoodsNum: 2 });
  const larger = await client.InquiryPriceUpgradeInstance({ InstanceId: PREPAID.InstanceId, MemSize: 4096 });
  for (const price of [one, two, larger]) expectPrice(price);
  assert.equal(two.OriginalPrice, 2 * one.OriginalPrice);
  assert.equal((await client.DescribeInstances({})).TotalCount, 1);
});

function expectPrice(price) {
  for (const name of ["Price", "HighPrecisionPrice", "OriginalPrice", "HighPrecisionOriginalPrice"]) {
    assert.ok(typeof price[name] === "number" && price[name] > 0, `${name}: ${price[name]}`);
  }
  assert.equal(price.Currency, "CNY");
  assert.ok(["pent", "microPent"].includes(price.AmountUnit));
}
