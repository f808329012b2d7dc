"use strict";
// A person with a browser: follows a link, types an address, uses a page that the server itself serves.

const assert = require("node:assert/strict");
const test = require("node:test");

const { browse, host, victim } = require("./browser");

const SAMPLE = "/?Action=UpgradeInstance&Version=2018-04-12&Region=ap-guangzhou&InstanceId=crs-5qlrlhux&MemSize=4096";

test("a link on any page leads to the console", async (t) => {
  const server = await victim(t);
  const context = await browse(t);
  for (const name of ["127.0.0.1", "localhost", "crs-local"]) {
    const port = await host(t, { "/": `<!doctype html><a href="http://${name}:${server.port}/_crs/">console</a>` });
    const page = await context.newPage();
    await page.goto(`http://evil.example:${port}/`);
    await page.click("a");
    await page.waitForURL(/_crs/);
    await page.waitForSelector("#main h1");
    assert.match(await page.title(), /crs-local/, name);
  }
});

test("an address may be typed", async (t) => {
  const server = await victim(t);
  const page = await (await browse(t)).newPage();
  for (const name of ["127.0.0.1", "localhost", "0.0.0.0", "crs-local"]) {
    for (const place of ["/_crs", "/_crs/", "/_crs/state", "/_crs/health", "/metrics"]) {
      const answer = await page.goto(`http://${name}:${server.port}${place}`);
      assert.equal(answer.status(), 200, `${name} ${place}: ${await answer.text()}`);
    }
  }
});

test("the sample URL works as typed", async (t) => {
  const server = await victim(t);
  const page = await (await browse(t)).newPage();
  const answer = await page.goto(`${server.url}${SAMPLE}`);
  assert.equal(answer.status(), 200);
  assert.match(await answer.text(), /"DealId"/);
  // Where a browser does not say that it was typed, it is told how it would work.
  const elsewhere = await page.goto(`http://crs-local:${server.port}${SAMPLE}`);
  assert.equal(elsewhere.status(), 403);
  assert.match(await elsewhere.text(), /call as localhost/);
});

test("a page that the server serves may call it", async (t) => {
  const server = await victim(t);
  const page = await (await browse(t)).newPage();
  for (const name of ["127.0.0.1", "localhost", "crs-local"]) {
    await page.goto(`http://${name}:${server.port}/_crs/`);
    const statuses = await page.evaluate(async () => {
      const calls = [
        ["/_crs/state", {}],
        ["/_crs/clock/advance", { method: "POST", body: '{"Seconds":1}' }],
        ["/_crs/reset", { method: "POST" }],
        ["/?Action=DescribeInstances&Version=2018-04-12&Region=ap-guangzhou", {}],
      ];
      return Promise.all(calls.map(async ([target, init]) => (await fetch(target, init)).status));
    });
    assert.deepEqual(statuses, [200, 200, 200, 200], name);
  }
});

test("a token is asked for, and a page that has it may call", async (t) => {
  // What a test looks at needs the token too, so it is asked for here by hand.
  const { serve } = require("../node/server");
  const server = await serve(t, "--control-token", "s3cret");
  const page = await (await browse(t)).newPage();
  assert.equal((await page.goto(`${server.url}/_crs/`)).status(), 200);
  assert.equal((await page.goto(`${server.url}/_crs/state`)).status(), 401);
  await page.goto(`${server.url}/_crs/`);
  const status = await page.evaluate(async () => {
    const headers = { Authorization: "Bearer s3cret" };
    return (await fetch("/_crs/state", { headers })).status;
  });
  assert.equal(status, 200);
});
