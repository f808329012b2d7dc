"use strict";
// Refusals, as the SDK shows them: an exception with code, message and request id.

const assert = require("node:assert/strict");
const path = require("node:path");
const test = require("node:test");

const { INSTANCE, KEY, connect, instance, refused } = require("./clients");
const { ROOT, serve } = require("./server");

// The seven errors that UpgradeInstance was founded on: the seed fixtures/errors/CODE.json and the
// size in MB to ask for.
const FOUNDING = {
  "InvalidParameterValue.MemSizeNotInRange": 1048576,
  "InvalidParameterValue.ReduceCapacityNotAllowed": 2048,
  "LimitExceeded.InvalidMemSize": 4000,
  "ResourceNotFound.InstanceNotExists": 4096,
  "ResourceUnavailable.AccountBalanceNotEnough": 4096,
  "ResourceUnavailable.InstanceStatusAbnormal": 4096,
  "UnauthorizedOperation.NoCAMAuthed": 4096,
};

for (const [code, memSizeMb] of Object.entries(FOUNDING)) {
  test(code, async (t) => {
    const server = await serve(t, "--fixture", path.join(ROOT, "fixtures/errors", `${code}.json`));
    const client = connect(server);
    const listed = async () => (await client.DescribeInstances({})).InstanceSet;
    const before = await listed();
    const refusal = await refused(client.UpgradeInstance({ InstanceId: INSTANCE, MemSize: memSizeMb }));
    assert.equal(refusal.code, code);
    assert.deepEqual(await listed(), before, "a refusal changes nothing");
  });
}

// Common errors that a caller causes: how the client is made, and what it calls.
const CAUSED = {
  "AuthFailure.SignatureFailure": [{ credential: { ...KEY, secretKey: "wrong" } }, (c) => c.DescribeInstances({})],
  "AuthFailure.SecretIdNotFound": [{ credential: { ...KEY, secretId: "AKIDstranger" } }, (c) => c.DescribeInstances({})],
  InvalidParameterValue: [{ region: "ap-nowhere" }, (c) => c.DescribeInstances({})],
  MissingParameter: [{}, (c) => c.UpgradeInstance({ InstanceId: INSTANCE })],
  UnknownParameter: [{}, (c) => c.DescribeInstances({ Limits: 5 })],
  InvalidParameter: [{}, (c) => c.DescribeInstances({ Limit: "many" })],
  InvalidAction: [{}, (c) => c.request("DescribeNothing", {})],
};

for (const [code, [how, call]] of Object.entries(CAUSED)) {
  test(code, async (t) => {
    const client = connect(await serve(t, "--auth", "strict"), how);
    assert.equal((await refused(call(client))).code, code);
  });
}

// Those that only the cloud's inside causes, by a fault rule.
const INJECTED = [
  ["DescribeInstances", "UnsupportedRegion"],
  ["DescribeInstances", "InternalError"],
  ["DescribeInstances", "FailedOperation.SystemError"],
  ["UpgradeInstance", "FailedOperation.PayFailed"],
  ["UpgradeInstance", "ResourceUnavailable.SaleOut"],
];

for (const [action, code] of INJECTED) {
  test(`${code} of ${action}, once`, async (t) => {
    const server = await serve(t);
    const client = connect(server);
    await server.fault(action, code);
    const call = () => client[action]({ InstanceId: INSTANCE, ...(action === "UpgradeInstance" && { MemSize: 2048 }) });
    assert.equal((await refused(call())).code, code);
    assert.ok((await call()).RequestId, "the rule is spent");
  });
}

test("instances live in their region", async (t) => {
  const elsewhere = connect(await serve(t), { region: "ap-shanghai" });
  assert.equal((await elsewhere.DescribeInstances({ InstanceId: INSTANCE })).TotalCount, 0);
  const refusal = await refused(elsewhere.UpgradeInstance({ InstanceId: INSTANCE, MemSize: 4096 }));
  assert.equal(refusal.code, "ResourceNotFound.InstanceNotExists");
});

test("every answer has a request id of its own", async (t) => {
  const client = connect(await serve(t));
  const answers = [];
  for (let calls = 0; calls < 3; calls++) {
    answers.push((await client.DescribeInstances({})).RequestId);
    answers.push((await refused(client.UpgradeInstance({ InstanceId: "crs-00000000", MemSize: 4096 }))).getRequestId());
  }
  assert.equal(new Set(answers).size, 6);
  assert.equal((await instance(client)).InstanceId, INSTANCE);
});
