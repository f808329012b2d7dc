"use strict";
// Values both ways: lists, nested objects, booleans, what is empty or null, text, large numbers.

const assert = require("node:assert/strict");
const test = require("node:test");

const { connect, dealOf, instance, passesInto, refused } = require("./clients");
const { serve, serveInstances, write } = require("./server");

const NAME = "订单缓存-1_a";
const TAGS = [
  { TagKey: "team", TagValue: "支付" },
  { TagKey: "env", TagValue: "a&b=c d" },
];
const ZONES = [
  { NodeType: 0, ZoneId: 100003 },
  { NodeType: 1, ZoneId: 100004 },
  { NodeType: 1, ZoneId: 100006 },
];

for (const [signMethod, reqMethod] of [
  ["TC3-HMAC-SHA256", "POST"],
  ["TC3-HMAC-SHA256", "GET"],
  ["HmacSHA256", "POST"],
]) {
  test(`an order with lists, objects and booleans (${signMethod}, ${reqMethod})`, async (t) => {
    const client = connect(await serve(t, "--auth", "strict"), { profile: { signMethod }, http: { reqMethod } });
    const ordered = await client.CreateInstances({
      TypeId: 17,
      MemSize: 2048,
      GoodsNum: 1,
      Period: 1,
      BillingMode: 0,
      ZoneName: "ap-guangzhou-3",
      VpcId: "vpc-8xm0r2ks",
      SubnetId: "subnet-1jq7f0ue",
      InstanceName: NAME,
      NoAuth: true,
      ReplicasReadonly: false,
      RedisShardNum: 1,
      RedisReplicasNum: 2,
      SecurityGroupIdList: ["sg-kjf3e0wx", "sg-0pq2rn5t"],
      NodeSet: ZONES,
      ResourceTags: TAGS,
      VPort: 6380,
      TemplateId: undefined, // left out of the request, as the SDK does with null too
      ProjectId: null,
    });
    dealOf(ordered);
    assert.equal(ordered.InstanceIds.length, 1);

    const seen = await passesInto(client, ordered.InstanceIds[0]);
    assert.equal(seen.InstanceName, NAME);
    assert.equal(seen.NoAuth, true);
    assert.equal(seen.Port, 6380);
    assert.equal(seen.ProjectId, 0);
    assert.deepEqual(byKey(seen.InstanceTags), byKey(TAGS));
    assert.deepEqual(
      seen.NodeSet.map(({ NodeType, ZoneId }) => ({ NodeType, ZoneId })),
      ZONES,
    );
    assert.ok(seen.NodeSet.every(({ NodeId }) => Number.isSafeInteger(NodeId) && NodeId > 0));
  });
}

const byKey = (tags) => tags.map(({ TagKey, TagValue }) => `${TagKey}=${TagValue}`).sort();

test("types are those of the SDK's models", async (t) => {
  const seen = await instance(connect(await serve(t)));
  for (const name of ["Status", "Port", "Type", "ProjectId", "ZoneId", "RedisShardSize", "Appid", "Size", "SizeUsed"]) {
    assert.equal(typeof seen[name], "number", name);
  }
  for (const name of ["InstanceId", "WanIp", "Createtime", "DeadlineTime", "OfflineTime", "WanAddress", "UniqVpcId"]) {
    assert.equal(typeof seen[name], "string", name);
  }
  assert.equal(seen.NoAuth, false);
  for (const name of ["InstanceTags", "InstanceNode", "NodeSet", "Tags"]) {
    assert.deepEqual(seen[name], [], name);
  }
});

test("lists of filters, full and empty", async (t) => {
  const client = connect(await serve(t));
  const ids = async (filter) => (await client.DescribeInstances({ Limit: 100, ...filter })).InstanceSet.map((i) => i.InstanceId);
  const all = await ids({});
  assert.deepEqual(await ids({ SearchKeys: [], TypeList: [], InstanceIds: [], InstanceTags: [] }), all);
  assert.deepEqual((await ids({ TypeList: [6, 7] })).sort(), ["crs-r40clu00", "crs-r40std00"]);
  assert.deepEqual((await ids({ InstanceIds: ["crs-r50std00", "crs-r50clu00"], TypeList: [9] })).sort(), ["crs-r50clu00"]);
});

test("tags are found by key and value", async (t) => {
  const client = connect(
    await serveInstances(t, [
      { InstanceId: "crs-tagged00", ResourceTags: TAGS },
      { InstanceId: "crs-tagless0" },
    ]),
  );
  const found = await client.DescribeInstances({ InstanceTags: [TAGS[0]] });
  assert.deepEqual(
    found.InstanceSet.map(({ InstanceId }) => InstanceId),
    ["crs-tagged00"],
  );
});

test("a misspelt nested member is named with its path", async (t) => {
  const client = connect(await serve(t));
  const refusal = await refused(client.DescribeInstances({ InstanceTags: [{ TagKey: "a", TagValue: "b", TagValeu: "b" }] }));
  assert.equal(refusal.code, "UnknownParameter");
  assert.match(refusal.message, /InstanceTags\.0\.TagValeu/);
});

test("a number that passes what JavaScript counts exactly", async (t) => {
  // 2^53 + 1 has no Number of its own. The SDK writes a BigInt digit by digit, but reads Numbers.
  const exact = 9007199254740993n;
  const rounded = Number(exact);
  const id = "crs-5qlrlhux";
  const fixture = `{"Accounts":[{"Instances":[{"InstanceId":"${id}"}],
    "Tasks":[{"TaskId":${exact},"TaskType":"002","InstanceId":"${id}"}]}]}`;
  const client = connect(await serve(t, "--fixture", write(t, "fixture.json", fixture)));

  assert.equal((await client.DescribeTaskInfo({ TaskId: exact })).Status, "succeed");
  assert.equal((await client.DescribeTaskList({ InstanceId: id })).Tasks[0].TaskId, rounded);
  assert.equal((await refused(client.DescribeTaskInfo({ TaskId: rounded }))).code, "InvalidParameter.InvalidParameter");
});
