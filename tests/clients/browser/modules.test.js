"use strict";
// The page's modules without a browser: what they say of themselves, and what they compute.

const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const test = require("node:test");

const { modules } = require("../common/console");
const { FOLDER } = require("./page");

const sources = fs.readdirSync(FOLDER).filter((name) => name.endsWith(".js")).map((name) => [name, fs.readFileSync(path.join(FOLDER, name), "utf8")]);

test("TypeScript's checker finds nothing", () => {
  const checker = path.join(path.dirname(require.resolve("typescript/package.json")), "bin/tsc");
  execFileSync(process.execPath, [checker, "-p", path.join(__dirname, "tsconfig.json")], { stdio: "pipe", encoding: "utf8" });
});

test("no module makes markup or code of a text", () => {
  for (const [name, text] of sources) {
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|DOMParser/, name);
    assert.doesNotMatch(text, /https?:\/\/(?!www\.w3\.org\/2000\/svg|192\.168|\$\{)[a-z]/, `${name} names no other host`);
    assert.ok(text.split("\n").length < 500, `${name} is long`);
  }
});

test("the page asks for all of its modules at once", () => {
  const own = new Map(sources);
  const wanted = new Set(["main.js"]);
  // A set goes on over what is added to it meanwhile.
  for (const name of wanted) for (const [, next] of own.get(name).matchAll(/ from "\.\/([\w-]+\.js)"/g)) wanted.add(next);
  const asked = Array.from(fs.readFileSync(path.join(FOLDER, "index.html"), "utf8").matchAll(/console\/([\w-]+\.js)"/g), ([, name]) => name);
  assert.deepEqual(asked.sort(), [...wanted].sort());
});

test("all that the page says is there in Chinese", async () => {
  const { zh } = await modules("zh.js");
  const { MEANINGS } = await modules("answer.js");
  const said = sources.flatMap(([, text]) => Array.from(text.matchAll(/\bt\(\s*"((?:[^"\\]|\\.)*)"/g), ([, key]) => key));
  const inSteps = Array.from(sources.find(([name]) => name === "signature-steps.js")[1].matchAll(/"([A-Z][^"]+\.)"/g), ([, key]) => key);
  const either = sources.flatMap(([, text]) => Array.from(text.matchAll(/\bt\([^()"]*\? "([^"]+)" : "([^"]+)"\)/g), ([, one, other]) => [one, other])).flat();
  const names = Array.from(/NAMES = \{([^}]*)\}/.exec(sources.find(([name]) => name === "view-instance.js")[1])[1].matchAll(/: "([^"]+)"/g), ([, key]) => key);
  assert.ok(said.length > 150 && inSteps.length > 20 && either.length > 3 && names.length > 15);
  const lacking = [...new Set([...said, ...either, ...names, ...inSteps, ...Object.values(MEANINGS)])].filter((key) => !(key in zh));
  assert.deepEqual(lacking, []);
  for (const [key, text] of Object.entries(zh)) {
    assert.deepEqual((text.match(/\{\w+\}/g) ?? []).sort(), (key.match(/\{\w+\}/g) ?? []).sort(), key);
  }
});

test("the plain digests are those of Web Crypto, and of node", async () => {
  const { digest, hex, hmac, plainDigest, plainHmac } = await modules("digest.js");
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 70_000]) {
    const data = crypto.randomBytes(length);
    for (const [hash, name] of [["SHA-1", "sha1"], ["SHA-256", "sha256"]]) {
      const right = crypto.createHash(name).update(data).digest("hex");
      assert.equal(hex(plainDigest(hash, data)), right);
      assert.equal(hex(await digest(hash, data)), right);
      for (const size of [0, 1, 64, 65, 200]) {
        const key = crypto.randomBytes(size);
        const keyed = crypto.createHmac(name, key).update(data).digest("hex");
        assert.equal(hex(plainHmac(hash, key, data)), keyed);
        assert.equal(hex(await hmac(hash, key, data)), keyed);
      }
    }
  }
});

test("a text is a text in Terraform, whatever it holds", async () => {
  const { codeOf } = await modules("code.js");
  const call = { action: { Name: "CreateInstances", Service: "redis", Version: "2018-04-12" }, params: { InstanceName: 'a ${x} %{if} "q" \\ $HOME' }, region: "ap-guangzhou", host: "h", scheme: "http" };
  assert.match(await codeOf("terraform", call), /name = "a \$\$\{x\} %%\{if\} \\"q\\" \\\\ \$HOME"/);
});

test("letters in order find an action, and better ones come first", async () => {
  const { score, search } = await modules("search.js");
  const row = (Name, Parameters = [], Codes = []) => ({ Name, Service: "redis", Family: "", Parameters, Codes });
  const contract = { Actions: [row("DescribeInstances", ["Limit"]), row("UpgradeInstance", ["InstanceId", "MemSize"], [0]), row("UpgradeInstanceVersion")], Codes: ["LimitExceeded.Quota"] };
  const names = (query) => search(contract, query).map((hit) => hit.action.Name);
  assert.equal(names("upinst")[0], "UpgradeInstance");
  assert.deepEqual(names("memsize"), ["UpgradeInstance"]);
  assert.equal(search(contract, "exceeded.quota")[0].by, "LimitExceeded.Quota");
  assert.deepEqual(names("zzz"), []);
  assert.equal(names("").length, 3);
  assert.equal(score("xyz", "DescribeInstances"), 0);
});

test("a pasted request is read, however it is written", async () => {
  const { header, readRequest, words } = await modules("signature-request.js");
  const curl = readRequest(`curl -sS 'http://127.0.0.1:8239/' \\\n  -H 'Content-Type: application/json' -H "X-TC-Action: X" --data-raw '{"A":"it'\\''s"}'`);
  assert.deepEqual([curl.method, curl.body, header("host", curl), header("x-tc-action", curl)], ["POST", `{"A":"it's"}`, "127.0.0.1:8239", "X"]);
  const raw = readRequest("POST /?a=1 HTTP/1.1\r\nHost: h:1\r\nX: y\r\n\r\n{}\r\n");
  assert.deepEqual([raw.path, raw.query, raw.body, header("host", raw)], ["/", "a=1", "{}", "h:1"]);
  const lines = readRequest("Host: h\nX-TC-Action: Y\n\n{}");
  assert.deepEqual([lines.method, lines.body, lines.form], ["POST", "{}", "headers"]);
  assert.deepEqual(words(`a "b \\" c" 'd'e`), ["a", 'b " c', "de"]);
});

test("the usual mistakes of a signature are named, with the first place that differs", async () => {
  const { tc3, v1 } = await modules("sign.js");
  const { check, firstDifference } = await modules("signature-steps.js");
  const timestamp = String(Math.floor(Date.now() / 1000));
  const date = new Date(timestamp * 1000).toISOString().slice(0, 10);
  const body = `{"Limit": 1}`;
  const right = { method: "POST", path: "/", query: "", headers: [["content-type", "application/json"], ["host", "h:8239"]], payload: body, timestamp, date, service: "redis", secretId: "AKIDlocal", secretKey: "local" };
  const sentBy = async (signed) => {
    const { signature, scope } = await tc3({ ...right, ...signed });
    return {
      method: "POST", path: "/", query: "", body, form: "http",
      headers: [["Host", "h:8239"], ["Content-Type", "application/json"], ["X-TC-Timestamp", timestamp], ["Authorization", `TC3-HMAC-SHA256 Credential=AKIDlocal/${scope}, SignedHeaders=content-type;host, Signature=${signature}`]],
    };
  };
  const of = async (signed) => check(await sentBy(signed), "local");
  assert.equal((await of({})).isRight, true);
  const yesterday = new Date((timestamp - 86_400) * 1000).toISOString().slice(0, 10);
  for (const [signed, says] of [
    [{ headers: [["content-type", "application/json; charset=utf-8"], ["host", "h:8239"]] }, /with its charset/],
    [{ headers: [["content-type", "application/json"], ["host", "h"]] }, /without its port/],
    [{ payload: `{"Limit":1}` }, /written to JSON twice/],
    [{ payload: "" }, /empty body/],
    [{ secretKey: "local\n" }, /line feed at its end/],
    [{ method: "GET" }, /as GET/],
  ]) {
    const checked = await of(signed);
    assert.equal(checked.isRight, false);
    assert.match(checked.mistake.says, says);
    assert.ok(firstDifference(checked.mistake.ours, checked.mistake.theirs) || signed.secretKey, JSON.stringify(signed));
  }
  assert.match((await of({ date: yesterday })).faults.join(), /time zone/);
  assert.equal((await of({ secretKey: "another" })).mistake, null);

  const parameters = [["Action", "X"], ["SecretId", "AKIDlocal"], ["SignatureMethod", "HmacSHA256"], ["B", "a b"]];
  const older = async (host) => {
    const { signature } = await v1({ method: "POST", host, path: "/", parameters, secretKey: "local" });
    return check({ method: "POST", path: "/", query: "", form: "http", headers: [["Host", "h:1"]], body: new URLSearchParams([...parameters, ["Signature", signature]]).toString() }, "local");
  };
  assert.equal((await older("h:1")).isRight, true);
  assert.match((await older("h")).mistake.says, /without its port/);
});
