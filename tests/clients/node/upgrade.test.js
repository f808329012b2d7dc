"use strict";
// The main job: a resize, from the order to the running instance.

const assert = require("node:assert/strict");
const { execFile, execFileSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const test = require("node:test");
const { promisify } = require("node:util");

const { DELIVERED, INSTANCE, PROCESSING, RUNNING } = require("./clients");
const { connect, deal, dealOf, eventually, instance, refused } = require("./clients");
const { BINARY, serve } = require("./server");

test("the program of docs/clients.md, as it is printed", async (t) => {
  const server = await serve(t);
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "upgrade-")), "upgrade.js");
  t.after(() => fs.rmSync(path.dirname(file), { recursive: true }));
  fs.writeFileSync(file, execFileSync(BINARY, ["env", "node", server.host], { stdio: ["ignore", "pipe", "ignore"] }));
  const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout: 60_000 });
  assert.equal(stdout, `${INSTANCE}: 4096 MB\n`);
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
