"use strict";
// 20 calls a second of one credential, action and region. The SDK has no retry of its own.

const assert = require("node:assert/strict");
const test = require("node:test");
const { setTimeout: sleep } = require("node:timers/promises");

const { INSTANCE, connect, instance, refused } = require("./clients");
const { serve } = require("./server");

const CODE = "RequestLimitExceeded";
const ABSENT = "ResourceNotFound.InstanceNotExists";

// An instance that is not there: the calls fail at once and fail alike.
const upgrade = (client) => refused(client.UpgradeInstance({ InstanceId: "crs-00000000", MemSize: 4096 }));
const burst = (client, calls) => Promise.all(Array.from({ length: calls }, () => upgrade(client)));

/** Acts just after a second has begun, anew until everything fell into that one second. */
async function withinOneSecond(act) {
  for (let tries = 0; tries < 10; tries++) {
    await sleep(1020 - (Date.now() % 1000));
    const second = Math.floor(Date.now() / 1000);
    const seen = await act();
    if (Math.floor(Date.now() / 1000) === second) return seen;
  }
  assert.fail("the calls never fitted into one second");
}

test("the 21st call of a second is one too many", async (t) => {
  const client = connect(await serve(t));
  const [refusals, anotherAction] = await withinOneSecond(async () => [await burst(client, 21), await instance(client)]);

  const limited = refusals.filter(({ code }) => code === CODE);
  assert.equal(limited.length, 1);
  assert.equal(
    limited[0].message,
    "Your current request times equals to `21` in a second, which exceeds the frequency limit `20` for a second. " +
      "Please reduce the frequency of calls.",
  );
  assert.equal(refusals.filter(({ code }) => code === ABSENT).length, 20);
  assert.equal(anotherAction.InstanceId, INSTANCE);

  await sleep(1020 - (Date.now() % 1000));
  assert.equal((await upgrade(client)).code, ABSENT);
});

test("the limit of one action can be set", async (t) => {
  const client = connect(await serve(t, "--rate-limit", "documented,UpgradeInstance=5"));
  const refusals = await withinOneSecond(() => burst(client, 6));
  assert.equal(refusals.filter(({ code }) => code === CODE).length, 1);
});

test("the limit can be taken off", async (t) => {
  const client = connect(await serve(t, "--rate-limit", "off"));
  const refusals = await burst(client, 150);
  assert.ok(refusals.every(({ code }) => code === ABSENT));
});

test("nothing is retried behind the caller's back", async (t) => {
  const server = await serve(t);
  const client = connect(server);
  await server.fault("DescribeInstances", CODE, 2);
  const codes = [await refused(client.DescribeInstances({})), await refused(client.DescribeInstances({}))].map(
    ({ code }) => code,
  );
  assert.deepEqual(codes, [CODE, CODE]);
  assert.equal((await instance(client)).InstanceId, INSTANCE);
});
