"use strict";
// A page that a person has opened tries to own the server. Each attack has to reach the server, and
// each has to leave its state as it was.

const assert = require("node:assert/strict");
const { createHash, createHmac } = require("node:crypto");
const test = require("node:test");

const { browse, host, until, victim } = require("./browser");

const SECRETS = /AKIDlocal|SecretKey|InstanceName/;
const DESTROY = "/?Action=DestroyPostpaidInstance&Version=2018-04-12&Region=ap-guangzhou&InstanceId=crs-5qlrlhux";
const UPGRADE = "Action=UpgradeInstance&Version=2018-04-12&Region=ap-guangzhou&InstanceId=crs-5qlrlhux&MemSize=4096";

/** A new frame, so that no navigation cuts another off; its name. */
const SINK = `
  const sink = () => {
    const frame = document.createElement("iframe");
    frame.name = "sink" + Math.random();
    document.body.append(frame);
    return frame.name;
  };`;

/** What a page does to the server at `base`; answers whatever it could read. */
const ATTACKS = {
  "a form that resets": (base) => `
    const form = document.createElement("form");
    form.method = "POST"; form.enctype = "text/plain"; form.action = "${base}/_crs/reset"; form.target = sink();
    document.body.append(form); form.submit();`,
  "a form that upgrades": (base) => `
    const form = document.createElement("form");
    form.method = "POST"; form.action = "${base}/"; form.target = sink();
    for (const [name, value] of new URLSearchParams("${UPGRADE}")) {
      const input = document.createElement("input"); input.name = name; input.value = value; form.append(input);
    }
    document.body.append(form); form.submit();`,
  "an image that destroys": (base) => `new Image().src = "${base}${DESTROY}";`,
  "a style sheet that destroys": (base) => `
    const link = document.createElement("link"); link.rel = "stylesheet"; link.href = "${base}${DESTROY}";
    document.head.append(link);`,
  "a frame that destroys": (base) => `open("${base}${DESTROY}", sink());`,
  "a fetch without cors that resets": (base) => `
    await fetch("${base}/_crs/reset", { method: "POST", mode: "no-cors" }).catch(() => {});`,
  "a fetch without cors that upgrades": (base) => `
    await fetch("${base}/", { method: "POST", mode: "no-cors", body: new URLSearchParams("${UPGRADE}") }).catch(() => {});`,
  "a beacon that resets": (base) => `navigator.sendBeacon("${base}/_crs/reset", "x");`,
  "a fetch that asks first": (base) => `
    await fetch("${base}/_crs/clock", { method: "PUT", body: '{"Mode":"manual"}' }).catch(() => {});`,
  "a fetch that reads the keys": (base) => `
    return await fetch("${base}/_crs/state").then((answer) => answer.text(), String);`,
};

/** Runs the attack in the page or frame; the server must have turned it away, its state unchanged. */
async function strike(server, page, what, attack, base) {
  const [state, turnedAway] = [await server.state(), server.turnedAway()];
  const read = await page.evaluate(`(async () => { ${SINK} ${attack(base)} })()`);
  await until(() => server.turnedAway() > turnedAway, `${what} at ${base} is turned away\n${server.log.slice(-2_000)}`);
  assert.doesNotMatch(String(read), SECRETS, `${what} at ${base} has read`);
  assert.deepEqual(await server.state(), state, `${what} at ${base} has changed the state`);
}

const PAGE = `<!doctype html><title>attacker</title><iframe name="inner" src="/inner"></iframe>`;
const INNER = `<!doctype html><title>inner</title><body></body>`;

for (const from of ["evil.example", "127.0.0.1", "localhost"]) {
  test(`a page of ${from}, at another port, gets nothing done, in a frame or not`, async (t) => {
    const server = await victim(t);
    const context = await browse(t);
    const port = await host(t, { "/": PAGE, "/inner": INNER });
    const page = await context.newPage();
    await page.goto(`http://${from}:${port}/`);
    for (const name of ["127.0.0.1", "localhost", "0.0.0.0", "crs-local", "redis.tencentcloudapi.com"]) {
      for (const [what, attack] of Object.entries(ATTACKS)) {
        const base = `http://${name}:${server.port}`;
        await strike(server, page, what, attack, base);
        await strike(server, page.frame("inner"), `${what}, in a frame`, attack, base);
      }
    }
  });
}

test("a page shows the state in no frame and runs it as no script", async (t) => {
  const server = await victim(t);
  const context = await browse(t);
  for (const name of ["127.0.0.1", "localhost", "crs-local"]) {
    const state = `http://${name}:${server.port}/_crs/state`;
    const port = await host(t, { "/": `<!doctype html><iframe name="shown" src="${state}"></iframe><script src="${state}"></script>` });
    const page = await context.newPage();
    await page.goto(`http://evil.example:${port}/`);
    const shown = await page.frame("shown")?.content();
    assert.doesNotMatch(String(shown), SECRETS, name);
  }
});

/** The headers of a call signed as the documents show it, with the key pair that they print. */
function signed(authority, action, body) {
  const timestamp = Math.floor(Date.now() / 1_000);
  const date = new Date(timestamp * 1_000).toISOString().slice(0, 10);
  const hash = (text) => createHash("sha256").update(text).digest("hex");
  const hmac = (key, text) => createHmac("sha256", key).update(text).digest();
  const scope = `${date}/redis/tc3_request`;
  const canonical = `POST\n/\n\ncontent-type:application/json\nhost:${authority}\n\ncontent-type;host\n${hash(body)}`;
  const text = `TC3-HMAC-SHA256\n${timestamp}\n${scope}\n${hash(canonical)}`;
  const key = ["redis", "tc3_request"].reduce(hmac, hmac("TC3local", date));
  const signature = hmac(key, text).toString("hex");
  return {
    "Content-Type": "application/json",
    "X-TC-Action": action,
    "X-TC-Version": "2018-04-12",
    "X-TC-Region": "ap-guangzhou",
    "X-TC-Timestamp": String(timestamp),
    Authorization: `TC3-HMAC-SHA256 Credential=AKIDlocal/${scope}, SignedHeaders=content-type;host, Signature=${signature}`,
  };
}

test("a name that was rebound to the server reads nothing and does nothing, signed or not", async (t) => {
  const server = await victim(t);
  const context = await browse(t);
  const authority = `evil.example:${server.port}`;
  // The attacker's own server has answered once, by the same name and port; from now on it is ours.
  await context.route(`http://${authority}/page`, (route) =>
    route.fulfill({ contentType: "text/html", body: "<!doctype html><title>rebound</title>" }));
  const page = await context.newPage();
  await page.goto(`http://${authority}/page`);
  const state = (await server.state()).Accounts;
  const fetched = (target, init) =>
    page.evaluate(async ([target, init]) => {
      const answer = await fetch(target, init);
      return [answer.status, await answer.text()];
    }, [target, init]);

  for (const [target, init] of [
    ["/_crs/state", {}],
    ["/metrics", {}],
    ["/_crs/reset", { method: "POST" }],
    ["/_crs/instances/crs-5qlrlhux", { method: "PATCH", body: '{"MemUsed":1}' }],
  ]) {
    const [status, text] = await fetched(target, init);
    assert.equal(status, 403, `${target}: ${text}`);
    assert.match(text, /--allow-host/);
    assert.doesNotMatch(text, SECRETS);
  }
  const body = JSON.stringify({ InstanceId: "crs-5qlrlhux", MemSize: 4096 });
  for (const [what, target, init] of [
    ["unsigned", "/", { method: "POST", body: new URLSearchParams(UPGRADE).toString(), headers: { "Content-Type": "application/x-www-form-urlencoded" } }],
    ["signed", "/", { method: "POST", body, headers: signed(authority, "UpgradeInstance", body) }],
  ]) {
    const [status, text] = await fetched(target, init);
    assert.equal(status, 200, `${what}: ${text}`);
    assert.match(text, /"AuthFailure\.SecretIdNotFound"/, what);
  }
  assert.match(server.log, /--allow-host/, "the log names the remedy");
  assert.deepEqual((await server.state()).Accounts, state);
  // The same call by a local name is right: it is the name that was refused.
  const local = await fetch(server.url, { method: "POST", body, headers: signed(server.host, "UpgradeInstance", body) });
  assert.match(await local.text(), /"DealId"/);
});
