"use strict";
// 250 instances, page by page.

const assert = require("node:assert/strict");
const test = require("node:test");

const { connect } = require("./clients");
const { serveInstances } = require("./server");

const COUNT = 250;
const SEEDED = Array.from({ length: COUNT }, (_, n) => ({
  InstanceId: `crs-page${String(n).padStart(4, "0")}`,
  InstanceName: `page-${n}`,
  TypeId: n % 2 ? 2 : 5,
  MemSize: 1024,
}));

/** Every instance that the filter leaves, in the order in which the pages bring them. */
async function* everyInstance(client, limit, filter = {}) {
  for (let offset = 0; ; offset += limit) {
    const page = await client.DescribeInstances({ Limit: limit, Offset: offset, ...filter });
    yield* page.InstanceSet.map((seen) => ({ ...seen, TotalCount: page.TotalCount }));
    if (offset + limit >= page.TotalCount) return;
  }
}

async function collect(pages) {
  const seen = [];
  for await (const instance of pages) seen.push(instance);
  return seen;
}

for (const limit of [20, 100, 1000]) {
  test(`in pages of ${limit}`, async (t) => {
    const client = connect(await serveInstances(t, SEEDED));
    const seen = await collect(everyInstance(client, limit));
    assert.deepEqual(seen.map(({ InstanceId }) => InstanceId).sort(), SEEDED.map(({ InstanceId }) => InstanceId));
    assert.ok(seen.every(({ TotalCount }) => TotalCount === COUNT));
  });
}

test("a filter counts what it leaves, and the last page may be short or empty", async (t) => {
  const client = connect(await serveInstances(t, SEEDED));
  const standalone = await collect(everyInstance(client, 100, { Type: 5 }));
  assert.equal(new Set(standalone.map(({ InstanceId }) => InstanceId)).size, COUNT / 2);
  assert.ok(standalone.every(({ Type, TotalCount }) => Type === 5 && TotalCount === COUNT / 2));

  const beyond = await client.DescribeInstances({ Limit: 100, Offset: 300 });
  assert.deepEqual([beyond.TotalCount, beyond.InstanceSet], [COUNT, []]);
});

test("without a limit there are 20", async (t) => {
  const client = connect(await serveInstances(t, SEEDED));
  const { TotalCount, InstanceSet } = await client.DescribeInstances({});
  assert.deepEqual([TotalCount, InstanceSet.length], [COUNT, 20]);
});
