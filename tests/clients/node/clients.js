"use strict";
// The official Node SDK, and how these tests look at what it answers.

const assert = require("node:assert/strict");
const { setTimeout: sleep } = require("node:timers/promises");

const { redis } = require("tencentcloud-sdk-nodejs");
const { default: SdkException } = require("tencentcloud-sdk-nodejs/tencentcloud/common/exception/tencent_cloud_sdk_exception");

const INSTANCE = "crs-5qlrlhux";
const KEY = { secretId: "AKIDlocal", secretKey: "local" };
const REGION = "ap-guangzhou";

const PROCESSING = 1;
const RUNNING = 2;
const DELIVERED = 4;
const REQUEST_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A client of that server. `profile` and `http` are the SDK's ClientProfile and HttpProfile. */
function connect(server, { credential = KEY, region = REGION, profile = {}, http = {} } = {}) {
  return new redis.v20180412.Client({
    credential,
    region,
    profile: {
      language: "en-US",
      ...profile,
      httpProfile: { protocol: "http://", endpoint: server.host, ...http },
    },
  });
}

/** Awaits a call that must fail; answers the SDK's exception, which must be an answer of the API. */
async function refused(call) {
  const error = await call.then(
    (answer) => assert.fail(`it was accepted: ${JSON.stringify(answer)}`),
    (refusal) => refusal,
  );
  assert.ok(error instanceof SdkException, error);
  assert.equal(error.httpCode, undefined, "an API error comes with status 200");
  assert.match(error.getRequestId(), REQUEST_ID);
  assert.ok(error.message);
  return error;
}

async function instance(client, instanceId = INSTANCE) {
  const found = await client.DescribeInstances({ InstanceId: instanceId });
  assert.equal(found.TotalCount, 1);
  assert.equal(found.InstanceSet.length, 1);
  return found.InstanceSet[0];
}

/** Looks until it sees what is wanted; answers what it saw last, for the caller to assert on. */
async function eventually(look, wanted, patienceMs = 15_000) {
  const end = Date.now() + patienceMs;
  for (;;) {
    const seen = await look();
    if (wanted(seen) || Date.now() > end) return seen;
    await sleep(100); // far from 20 calls a second
  }
}

/** After a change was ordered: the instance is in process at once, and gets to that status. A flow
 * does not end unseen, so the first look sees it under way however late it comes. */
async function passesInto(client, instanceId, status = RUNNING) {
  assert.equal((await instance(client, instanceId)).Status, PROCESSING);
  const seen = await eventually(
    () => instance(client, instanceId),
    ({ Status }) => Status !== PROCESSING,
  );
  assert.equal(seen.Status, status);
  return seen;
}

/** The answer to an order: one number under two names. Answers it. */
function dealOf({ DealId, DealName, RequestId }) {
  assert.match(DealId, /^\d+$/);
  assert.equal(DealName, DealId);
  assert.match(RequestId, REQUEST_ID);
  return DealId;
}

async function deal(client, dealId) {
  const { DealDetails } = await client.DescribeInstanceDealDetail({ DealIds: [dealId] });
  assert.equal(DealDetails.length, 1);
  return DealDetails[0];
}

async function delivered(client, dealId) {
  const seen = await eventually(
    () => deal(client, dealId),
    ({ Status }) => Status === DELIVERED,
  );
  assert.equal(seen.Status, DELIVERED);
  return seen;
}

/** Waits for a task by the number that an action answered. */
async function succeeded(client, taskId, instanceId) {
  assert.ok(Number.isSafeInteger(taskId) && taskId > 0, `TaskId ${taskId}`);
  const task = await eventually(
    () => client.DescribeTaskInfo({ TaskId: taskId }),
    ({ Status }) => Status === "succeed",
  );
  assert.equal(task.Status, "succeed");
  assert.equal(task.InstanceId, instanceId);
  return task;
}

module.exports = {
  DELIVERED,
  INSTANCE,
  KEY,
  PROCESSING,
  REGION,
  REQUEST_ID,
  RUNNING,
  SdkException,
  connect,
  deal,
  dealOf,
  delivered,
  eventually,
  instance,
  passesInto,
  refused,
  succeeded,
};
