"use strict";
// The code that the console's page writes for this SDK runs as it stands; and curl's, which is signed.

const assert = require("node:assert/strict");
const { execFile } = require("node:child_process");
const path = require("node:path");
const test = require("node:test");
const { promisify } = require("node:util");

const { serve, write } = require("./server");

const run = promisify(execFile);
const CODES = path.join(__dirname, "../common/codes");

for (const [language, name, program] of [["node", "call.js", process.execPath], ["curl", "call.sh", "bash"]]) {
  test(`the code of the page runs: ${language}`, async (t) => {
    const server = await serve(t, "--auth", "strict");
    const written = JSON.parse((await run(CODES, [language, server.url])).stdout);
    assert.equal(written.length, 11);
    for (const { Code, Name } of written) {
      const { stdout } = await run(program, [write(t, name, Code)]);
      assert.match(stdout, /"RequestId"/, Code);
      assert.doesNotMatch(stdout, /"Error"/, Code);
      assert.ok(Name);
    }
    for (const { Name, Params } of written) {
      const masked = Object.fromEntries(Object.entries(Params).map(([key, value]) => [key, /Password$/.test(key) && typeof value === "string" ? "***" : value]));
      await server.control("POST", "/requests/verify", { Action: Name, Params: masked, Exact: true, Exactly: 1 });
    }
  });
}
