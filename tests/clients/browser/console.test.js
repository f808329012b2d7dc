"use strict";
// The console in a real browser: what a person does there, what it costs, and what nobody else can do with it.

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const test = require("node:test");
const zlib = require("node:zlib");

const { modules } = require("../common/console");
const { serve, serveInstances } = require("../node/server");
const { browse, host, until, victim } = require("./browser");
const { FOLDER, openConsole } = require("./page");
const { call, stage } = require("./stage");

const link = (action, params) => `#/call/${action}?region=ap-guangzhou&params=${encodeURIComponent(JSON.stringify(params))}`;
const text = (page, selector) => page.locator(selector).first().innerText();
const calls = async (server) => (await server.control("GET", "/requests")).Requests;

test("search, fill, send, see the DealId, and watch the instance until it runs", async (t) => {
  const server = await serve(t);
  const page = await openConsole(await browse(t), server);
  await page.keyboard.press("/");
  await page.keyboard.type("upgrinst");
  await page.waitForSelector(".hit.at");
  await page.keyboard.press("Enter");
  await page.waitForSelector("h1:text-is('UpgradeInstance')");
  assert.deepEqual(await calls(server), [], "nothing was sent yet");
  await page.fill("[data-path=InstanceId]", "crs-5qlrlhux");
  await page.fill("[data-path=MemSize]", "4096");
  await page.keyboard.press("Control+Enter");
  await page.waitForSelector(".verdict.ok");
  assert.match(await text(page, ".answer-body"), /"DealId": "\d+"/);
  const [sent] = await calls(server);
  assert.deepEqual([sent.SecretId, sent.Params], ["AKIDlocal", { InstanceId: "crs-5qlrlhux", MemSize: 4096 }]);
  assert.equal((await server.control("GET", "/health")).Bypassed, 0, "the signature was right");

  await page.click("nav a[data-view=instances]");
  const row = page.locator(".tr", { hasText: "crs-5qlrlhux" });
  await row.locator(".status.busy").waitFor();
  // Somebody has to see it under way: the page itself is no look.
  await call(server, "DescribeInstances", {});
  await row.locator(".status.ok").waitFor();
  await row.click();
  await page.waitForSelector(".side h2:text-is('crs-5qlrlhux')");
  await until(async () => /4 GB/.test(await text(page, ".side .facts")), "the side shows the new size");
  assert.equal(await page.locator(".side .picture .node").count(), 2);
  assert.deepEqual(page.complaints, []);
});

test("a refusal says why, its fault is armed from there, and strikes", async (t) => {
  const server = await serve(t);
  const page = await openConsole(await browse(t), server, link("UpgradeInstance", { InstanceId: "crs-5qlrlhux", MemSize: 131072 }));
  await page.click("#send");
  await page.waitForSelector(".verdict.bad");
  assert.equal(await text(page, ".verdict"), "InvalidParameterValue.MemSizeNotInRange");
  assert.match(await text(page, ".why"), /131072 MB lies outside/);
  await page.click(".causes summary");
  assert.match(await text(page, ".causes"), /lies outside what is sold for this type/);
  await page.click(".why .arm");
  await until(async () => (await server.control("GET", "/faults")).Faults.length === 1, "the fault is armed");
  await page.fill("[data-path=MemSize]", "4096");
  await page.click("#send");
  await until(async () => (await server.control("GET", "/faults")).Faults[0].Fired === 1, "it strikes");
  await page.click("nav a[data-view=faults]");
  assert.match(await text(page, "[data-fault='1']"), /struck 1 of 1/);
  await page.fill("#fault-action", "RenewInstance");
  await page.fill("#fault-code", "FailedOperation.PayFailed");
  await page.click("#arm");
  await page.waitForSelector("[data-fault='2']");
  assert.match(JSON.stringify((await call(server, "RenewInstance", { InstanceId: "crs-5qlrlhux", Period: 1 })).Error), /PayFailed/);
});

test("a code tells the call that is refused with it", async (t) => {
  const server = await serve(t);
  const page = await openConsole(await browse(t), server, "#/call/UpgradeInstance");
  await page.click("#tab-contract");
  for (const code of ["InvalidParameterValue.ReduceCapacityNotAllowed", "ResourceNotFound.InstanceNotExists"]) {
    await page.click("#tab-contract");
    const row = page.locator(".code-row", { hasText: code });
    await row.locator("summary >> nth=0").click();
    assert.equal(await row.locator(".tag").first().innerText(), "by a call");
    await row.locator("button.choice >> nth=0").click();
    await page.click("#send");
    await page.waitForSelector(".verdict");
    assert.equal(await text(page, ".verdict"), code);
  }
  assert.equal((await calls(server)).length, 2, "the form alone was filled before");
});

test("nested members, every signature, and a page that is no secure context", async (t) => {
  const server = await serve(t, "--auth", "strict");
  const context = await browse(t);
  for (const name of ["127.0.0.1", "localhost", "crs-local"]) {
    const base = `http://${name}:${server.port ?? server.host.split(":")[1]}`;
    const page = await openConsole(context, server, "#/call/CreateInstances", base);
    assert.equal(await page.evaluate("isSecureContext"), name !== "crs-local");
    for (const [member, value] of Object.entries({ TypeId: 15, MemSize: 1024, GoodsNum: 1, Period: 1, BillingMode: 0, ZoneId: 100003, VpcId: "vpc-local000", SubnetId: "subnet-local000", RedisShardNum: 1, RedisReplicasNum: 1, NoAuth: true })) {
      await page.fill(`[data-path=${member}]`, String(value));
    }
    await page.click("[data-add=ResourceTags]");
    await page.fill("[data-path='ResourceTags.0.TagKey']", "team");
    await page.fill("[data-path='ResourceTags.0.TagValue']", "orders");
    for (const method of ["TC3-HMAC-SHA256", "HmacSHA256", "HmacSHA1"]) {
      await page.selectOption("[aria-label=Signature]", method);
      await page.click("#send");
      await until(async () => /TC3|"DealId"/.test(await text(page, ".tab-body")), `${name} ${method}`);
      await page.waitForSelector("#send:enabled");
      const [last] = (await server.control("GET", "/requests?Limit=1")).Requests;
      assert.deepEqual([last.Code, last.Params.ResourceTags], [null, [{ TagKey: "team", TagValue: "orders" }]], `${name} ${method}`);
    }
    assert.deepEqual(page.complaints.filter((one) => !/Password field/.test(one)), []);
    await page.close();
  }
});

test("a link fills the form and sends nothing", async (t) => {
  const server = await serve(t);
  const page = await openConsole(await browse(t), server, link("ModifyInstance", { Operation: "rename", InstanceIds: ["crs-5qlrlhux"], InstanceNames: ["<b>x</b>"] }));
  assert.equal(await page.inputValue("[data-path='InstanceNames.0']"), "<b>x</b>");
  await page.waitForTimeout(500);
  assert.deepEqual(await calls(server), []);
  await page.goto(`${server.url}/_crs/${link("UpgradeInstance", { InstanceId: "crs-5qlrlhux", MemSize: 2048 })}`);
  await page.waitForSelector("h1:text-is('UpgradeInstance')");
  assert.equal(await page.inputValue("[data-path=MemSize]"), "2048");
  assert.deepEqual(await calls(server), []);
});

test("code is copied, of each language", async (t) => {
  const server = await serve(t);
  const context = await browse(t);
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: server.url });
  const page = await openConsole(context, server, link("UpgradeInstance", { InstanceId: "crs-5qlrlhux", MemSize: 4096, NodeSet: [{ NodeType: 1, ZoneId: 100003 }] }));
  await page.click("#tab-code");
  const languages = await page.locator("[data-language]").evaluateAll((all) => all.map((own) => own.getAttribute("data-language")));
  assert.equal(languages.length, 11, "all but Terraform, which has no resource for it");
  for (const language of languages) {
    await page.click(`[data-language=${language}]`);
    await until(async () => /4096/.test(await text(page, "#code")), language);
    await page.click("#copy-code");
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(copied, /UpgradeInstance/);
    assert.match(copied, /100003/, language);
    if (language !== "rust") assert.ok(copied.includes(server.host), language);
  }
});

test("a signature is checked, broken, and its mistake named", async (t) => {
  const server = await serve(t);
  const page = await openConsole(await browse(t), server, "#/signature");
  await page.click("#signature-example");
  await page.waitForSelector("#verdict.ok");
  const right = await page.inputValue("#signature-text");
  await page.fill("#signature-text", right.replace("application/json", "application/json; charset=utf-8"));
  await page.waitForSelector("#verdict.bad");
  assert.match(await text(page, "#mistake"), /signed without its charset/);
  assert.equal(await text(page, "#mistake .diff.ok mark"), "; charset=utf-8");
  // The server says the same.
  const [head, body] = right.split("\n\n");
  const headers = Object.fromEntries(head.split("\n").slice(2).map((line) => line.split(": ")));
  const sent = (change) => fetch(server.url, { method: "POST", headers: { ...headers, ...change }, body }).then((answer) => answer.json());
  assert.equal((await sent({})).Response.Error, undefined);
  assert.equal((await sent({ "Content-Type": "application/json; charset=utf-8" })).Response.Error.Code, "AuthFailure.SignatureFailure");
});

/** Holds back what the page asks for at this address, until it is let through. */
async function hold(context, address) {
  let release;
  const released = new Promise((resolve) => (release = resolve));
  await context.route(address, async (route) => {
    await released;
    await route.continue().catch(() => {});
  });
  return release;
}

test("a key that comes late with the state still tells that a signature is right", async (t) => {
  const server = await serve(t);
  const context = await browse(t);
  const release = await hold(context, /\/_crs\/state$/);
  const page = await openConsole(context, server, "#/signature");
  await page.click("#signature-example");
  await page.waitForSelector("#verdict.bad .warn:has-text('is not known here')");
  release();
  await page.waitForSelector("#verdict.ok");
});

test("a fixture is made of the state, however late it comes", async (t) => {
  const server = await serve(t);
  await call(server, "UpgradeInstance", { InstanceId: "crs-5qlrlhux", MemSize: 131072 });
  const context = await browse(t);
  const release = await hold(context, /\/_crs\/state$/);
  const page = await openConsole(context, server, "#/journal");
  await page.click(".tr:has-text('MemSizeNotInRange')");
  await page.click("#make-fixture");
  release();
  await page.waitForSelector("#made");
  assert.equal(JSON.parse(await text(page, "#made")).Accounts[0].Instances[0].InstanceId, "crs-5qlrlhux");
});

test("what is read of a call that was left is not shown in the place of the next", async (t) => {
  const server = await serve(t);
  const context = await browse(t);
  const release = await hold(context, /\/_crs\/actions\/UpgradeInstance/);
  const page = await openConsole(context, server, link("DescribeInstances", {}));
  const go = (hash) => page.evaluate((to) => (location.hash = to), hash);
  await go(link("UpgradeInstance", { InstanceId: "crs-5qlrlhux" }));
  await go(link("RenewInstance", { InstanceId: "crs-5qlrlhux" }));
  await page.waitForSelector("h1:text-is('RenewInstance')");
  const late = page.waitForResponse(/\/_crs\/actions\/UpgradeInstance/);
  release();
  await (await late).finished();
  await page.waitForTimeout(200);
  assert.equal(await text(page, "h1:visible"), "RenewInstance");
  // An answer that comes when another call is chosen stands in the history, not below that call.
  const answer = await hold(context, (url) => url.pathname === "/");
  await page.click("#send");
  await go(link("DescribeInstances", { Limit: 1 }));
  await page.waitForSelector("h1:text-is('DescribeInstances')");
  const sent = page.waitForResponse((response) => new URL(response.url()).pathname === "/");
  answer();
  await (await sent).finished();
  await page.waitForTimeout(200);
  assert.match(await text(page, "#result"), /Nothing was sent yet/);
  await page.click("#tab-history");
  assert.match(await text(page, "#result"), /RenewInstance/);
});

test("a call whose contract could not be read is read when it is chosen again", async (t) => {
  const server = await serve(t);
  const context = await browse(t);
  await context.route(/\/_crs\/actions\/RenewInstance/, (route) => route.abort(), { times: 1 });
  const page = await openConsole(context, server, link("DescribeInstances", {}));
  const go = (hash) => page.evaluate((to) => (location.hash = to), hash);
  await go(link("RenewInstance", {}));
  await page.waitForSelector("#said .bad");
  await go(link("DescribeInstances", { Limit: 1 }));
  await go(link("RenewInstance", {}));
  await page.waitForSelector("h1:text-is('RenewInstance')");
});

test("the clock is advanced, a flow fails by hand, money and groups are shown", async (t) => {
  const server = await serve(t, "--pace", "held");
  await call(server, "UpgradeInstance", { InstanceId: "crs-5qlrlhux", MemSize: 4096 });
  const page = await openConsole(await browse(t), server, "#/time");
  const before = (await server.control("GET", "/clock")).Now;
  await page.click("button:text-is('+1 h')");
  await until(async () => Date.parse((await server.control("GET", "/clock")).Now) - Date.parse(before) > 3_500_000, "the clock has moved");
  await page.waitForSelector(".flow:has-text('UpgradeInstance')");
  await page.click("button:text-is('Let it fail')");
  await until(async () => (await server.control("GET", "/flows")).Flows.length === 0, "the flow has failed");
  await page.waitForSelector(".history .bad:text-is('failed')");
  await page.click("nav a[data-view=money]");
  await page.waitForSelector(".chart .line");
  await page.click("nav a[data-view=replication]");
  await page.waitForSelector("h1:text-is('Replication groups')");
  assert.deepEqual(page.complaints, []);
});

test("the journal shows calls as they come, and makes something of them", async (t) => {
  const server = await serve(t);
  const page = await openConsole(await browse(t), server, "#/journal");
  await call(server, "UpgradeInstance", { InstanceId: "crs-5qlrlhux", MemSize: 131072 });
  await page.click(".tr:has-text('MemSizeNotInRange')");
  await page.click("#make-python");
  assert.match(await text(page, "#made"), /def test_upgrade_instance_is_refused[\s\S]*MemSizeNotInRange/);
  await page.click("#make-fixture");
  await until(async () => (await text(page, "#made")).startsWith("{"), "the fixture is made");
  const fixture = JSON.parse(await text(page, "#made"));
  assert.equal(fixture.Accounts[0].Instances[0].InstanceId, "crs-5qlrlhux");
  assert.equal(fixture.Faults[0].Then.Code, "InvalidParameterValue.MemSizeNotInRange");
  await server.control("PUT", "/state", fixture);
  await page.click("#make-fault");
  await page.waitForSelector("#rule");
  assert.match(await page.inputValue("#rule"), /"MemSize": 131072/);
  await page.click("#arm");
  await page.waitForSelector("[data-fault='2']");
});

test("a replication group is drawn over its regions", async (t) => {
  const [near, master, far] = ["crs-near0000", "crs-master00", "crs-far00000"];
  const instances = [[near, "ap-guangzhou"], [master, "ap-guangzhou"], [far, "ap-singapore"]].map(([InstanceId, Region]) => ({ InstanceId, Region, TypeId: 8, MemSize: 1024 }));
  const Members = [{ InstanceId: near, Role: "r" }, { InstanceId: master, Role: "rw" }];
  const server = await serveInstances(t, instances, { ReplicationGroups: [{ GroupId: "crs-rpl-aaaaaaaa", GroupName: "world", Members }] });
  const page = await openConsole(await browse(t), server, "#/replication");
  await page.waitForSelector(".groups .node");
  assert.deepEqual(await page.locator(".groups .region").allTextContents(), ["ap-guangzhou"]);
  // A member that joins appears.
  assert.equal((await call(server, "AddReplicationInstance", { GroupId: "crs-rpl-aaaaaaaa", InstanceId: far, InstanceRole: "r", Region: "ap-singapore" })).Error, undefined);
  await page.waitForSelector(`.groups .node:has-text('${far}')`);
  assert.deepEqual(await page.locator(".groups .node .mono").allTextContents(), [near, master, far]);
  assert.deepEqual(await page.locator(".groups .region").allTextContents(), ["ap-guangzhou", "ap-singapore"]);
  assert.equal(await page.locator(".groups .node.master .mono").textContent(), master);
  assert.equal(await page.locator(".groups .wire").count(), 2);
  await page.click(`button:text-is('${far}')`);
  await page.waitForSelector(`.side h2:text-is('${far}')`);
  await page.waitForSelector(".side summary:has-text('Replication groups')");
});

test("one instance is shown with all that belongs to it, its nodes where they are after a failover", async (t) => {
  const zones = [100003, 100004, 100006];
  const server = await serveInstances(t, [{
    InstanceId: "crs-5qlrlhux", TypeId: 9, MemSize: 1024, RedisShardNum: 3, RedisReplicasNum: 2, Password: "Very#Secret1",
    NodeSet: zones.map((ZoneId, at) => ({ NodeType: at === 0 ? 0 : 1, ZoneId })), SecurityGroupIdList: ["sg-orders00"],
  }], { SecurityGroups: [{ SecurityGroupId: "sg-orders00", SecurityGroupName: "orders only" }] });
  const said = async (action, params) => assert.equal((await call(server, action, { InstanceId: "crs-5qlrlhux", ...params })).Error, undefined, action);
  await said("CreateInstanceAccount", { AccountName: "reader", AccountPassword: "Local#Pass1", "ReadonlyPolicy.0": "master", Privilege: "r" });
  await server.control("POST", "/flows/drain", {});
  await said("ModifyInstanceParams", { "InstanceParams.0.Key": "timeout", "InstanceParams.0.Value": 300 });
  await server.control("POST", "/flows/drain", {});
  await said("ManualBackupInstance", {});
  await server.control("POST", "/flows/drain", {});
  const page = await openConsole(await browse(t), server, "#/instances/crs-5qlrlhux");
  await page.waitForSelector(".side .picture .node");
  const drawn = () => page.locator(".side .picture .node.master .zone").allTextContents();
  assert.deepEqual(await drawn(), ["z3", "z3", "z3"]);
  const groups = await call(server, "DescribeInstanceZoneInfo", { InstanceId: "crs-5qlrlhux" });
  await said("ChangeReplicaToMaster", { GroupId: groups.ReplicaGroups[1].GroupId });
  await server.control("POST", "/flows/drain", {});
  await until(async () => (await drawn()).join() === "z4,z4,z4", "the masters are where they were moved");
  for (const name of ["Nodes", "Tasks", "Backups", "Parameters", "Accounts", "Security groups"]) {
    assert.equal(await page.locator(`.side summary:has-text('${name}')`).count() > 0, true, name);
  }
  const all = await page.locator(".side").evaluate((side) => side.textContent);
  for (const own of ["orders only", "reader", "timeout"]) assert.ok(all.includes(own), own);
  assert.doesNotMatch(all, /Very#Secret1|Local#Pass1/);
  assert.deepEqual(page.complaints, []);
});

test("the language is switched, and everything goes by the keyboard", async (t) => {
  const server = await serve(t);
  const page = await openConsole(await browse(t), server);
  await page.click("#language");
  await page.waitForSelector("nav a:text-is('实例')");
  assert.equal(await page.getAttribute("html", "lang"), "zh-CN");
  await page.keyboard.press("/");
  await page.keyboard.type("备份");
  await page.waitForSelector(".hit.at");
  assert.match(await text(page, ".hits"), /Backup/);
  await page.keyboard.press("Alt+2");
  await page.waitForSelector("h1:text-is('实例')");
  await page.focus(".scroller");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".has-side .side h2");
});

test("what is offered beside a field is there in Chinese", async (t) => {
  const server = await serve(t);
  const { zh } = await modules("zh.js");
  const { Families } = await server.control("GET", "/contract");
  const said = new Set();
  const walk = ({ Values = [], Members, Item }) => {
    for (const { Says } of Values) if (Says && !/\p{Script=Han}/u.test(Says)) said.add(Says);
    for (const inner of Members ?? Item?.Members ?? []) walk(inner);
  };
  for (const { Service, Actions } of Families) {
    for (const { Name } of Actions) (await server.control("GET", `/actions/${Name}?Service=${Service}`)).Input.forEach(walk);
  }
  assert.ok(said.size > 40, [...said].join());
  assert.deepEqual([...said].filter((text) => !(text in zh)), []);
});

test("stored markup is text, wherever it stands", async (t) => {
  const bad = `<img src=x onerror="window.owned=1"><script>window.owned=1</script>`;
  const server = await serveInstances(t, [
    { InstanceId: "crs-5qlrlhux", TypeId: 2, MemSize: 1024, InstanceName: bad.slice(0, 60), ResourceTags: [{ TagKey: "<b>team</b>", TagValue: "<i>x</i>" }] },
  ]);
  await call(server, "DescribeInstances", { SearchKey: bad });
  await call(server, bad.slice(0, 20), {});
  const context = await browse(t);
  for (const hash of ["#/instances/crs-5qlrlhux", "#/journal", `#/call/${encodeURIComponent(bad)}`, link("ModifyInstance", { Operation: bad }), "#/time", "#/money"]) {
    const page = await openConsole(context, server, hash).catch(async () => context.pages().at(-1));
    await page.waitForTimeout(400);
    if (hash === "#/journal") await page.click(".tr >> nth=1");
    if (hash.startsWith("#/instances")) await page.waitForSelector(".side:has-text('<img')");
    assert.equal(await page.evaluate("window.owned"), undefined, hash);
    assert.equal(await page.locator("main img, main script, main b, main i").count(), 0, hash);
    await page.close();
  }
});

test("a page of another origin can do nothing with it, and a frame of it stays empty", async (t) => {
  const server = await victim(t);
  const context = await browse(t);
  const before = await server.state();
  for (const name of ["127.0.0.1", "localhost", "crs-local"]) {
    const address = `http://${name}:${server.port}/_crs/`;
    const port = await host(t, { "/": `<!doctype html><iframe name="shown" src="${address}"></iframe><script type="module" src="${address}console/main.js"></script>` });
    const page = await context.newPage();
    await page.goto(`http://evil.example:${port}/`);
    await page.waitForTimeout(300);
    const shown = await page.frame("shown")?.evaluate(() => document.querySelector("main")?.textContent ?? "").catch(() => "");
    assert.equal(shown, "", name);
    const read = await page.evaluate(async (address) => {
      const opened = window.open(`${address}#/call/DestroyPostpaidInstance?params=%7B%22InstanceId%22%3A%22crs-5qlrlhux%22%7D`);
      await new Promise((resolve) => setTimeout(resolve, 700));
      try {
        return opened?.document.body.textContent ?? "closed";
      } catch (error) {
        return String(error);
      }
    }, address);
    assert.match(read, /SecurityError|cross-origin|closed/i, name);
    assert.equal(await page.evaluate((address) => fetch(`${address}console/main.js`).then((answer) => answer.text(), String), address).then((own) => /import/.test(own)), false);
  }
  assert.deepEqual((await server.state()).Accounts, before.Accounts);
  assert.deepEqual(await calls(server), []);
});

test("the token is asked for, kept for the tab, and everything works with it", async (t) => {
  const server = await serve(t, "--control-token", "s3cret");
  const context = await browse(t);
  const page = await context.newPage();
  await page.goto(`${server.url}/_crs/`);
  await page.fill("#token", "wrong");
  await page.keyboard.press("Enter");
  await page.waitForTimeout(300);
  await page.fill("#token", "s3cret");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#main h1");
  await page.click("nav a[data-view=instances]");
  await page.waitForSelector(".tr:has-text('crs-5qlrlhux')");
  await page.waitForSelector(".clock .dot.on");
  assert.equal(await page.evaluate("localStorage.getItem('crs-local.token')"), null);
});

test("axe finds nothing serious, in any view, light or dark", async (t) => {
  const server = await serve(t);
  await stage(server);
  const context = await browse(t);
  for (const theme of ["light", "dark"]) {
    await context.addInitScript((theme) => localStorage.setItem("crs-local.theme", theme), theme);
    for (const [hash, width] of [["#/call/UpgradeInstance", 1440], ["#/call/CreateInstances", 380], ["#/instances/crs-5qlrlhux", 1440], ["#/instances", 380], ["#/time", 820], ["#/journal", 1440], ["#/faults", 820], ["#/money", 1440], ["#/replication", 380], ["#/signature", 1440]]) {
      const page = await openConsole(context, server, hash);
      await page.setViewportSize({ width, height: 900 });
      if (hash === "#/signature") await page.click("#signature-example");
      if (hash === "#/call/UpgradeInstance") await page.click("#send");
      await page.waitForTimeout(400);
      // Not as a script of the page, which its policy would not let in.
      await page.evaluate(fs.readFileSync(require.resolve("axe-core"), "utf8"));
      const { violations } = await page.evaluate("axe.run()");
      const serious = violations.filter((own) => ["serious", "critical"].includes(own.impact));
      assert.deepEqual(serious.map((own) => [hash, theme, own.id, own.nodes.map((node) => node.html.slice(0, 200))]), []);
      assert.ok((await page.evaluate("document.documentElement.scrollWidth - innerWidth")) <= 0, `${hash} is as wide as the window`);
      await page.close();
    }
  }
});

test("the page is light and quick", async (t) => {
  const server = await serve(t);
  const context = await browse(t);
  const page = await context.newPage();
  let wire = 0;
  const seen = [];
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  session.on("Network.responseReceived", ({ requestId, response }) => seen.push([requestId, response.url]));
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const [, url] = seen.find(([id]) => id === requestId) ?? [];
    if (url && (/\/_crs\/?$|console\//.test(url) || url.endsWith("/contract"))) wire += encodedDataLength;
  });
  const others = [];
  page.on("request", (request) => request.url().startsWith(server.url) || others.push(request.url()));
  await page.goto(`${server.url}/_crs/`);
  await page.waitForSelector("#main h1");
  await page.waitForTimeout(500);
  await page.reload();
  await page.waitForSelector("#main h1");
  await page.waitForTimeout(500);
  const bytes = wire / 2;
  const paints = [];
  for (let load = 0; load < 9; load++) {
    await page.reload();
    await page.waitForSelector("#main h1");
    await page.waitForTimeout(150);
    paints.push(await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN));
  }
  paints.sort((one, other) => one - other);
  const files = fs.readdirSync(FOLDER).map((name) => zlib.gzipSync(fs.readFileSync(path.join(FOLDER, name)), { level: 9 }).length);
  t.diagnostic(`over the wire: ${(bytes / 1_000).toFixed(1)} KB with heads and the contract; its ${files.length} files ${(files.reduce((sum, own) => sum + own) / 1_000).toFixed(1)} KB; first paint of nine loads ${paints[4].toFixed(0)} ms in the middle, ${paints[0].toFixed(0)} at least`);
  assert.ok(bytes < 150_000, `${bytes} bytes`);
  assert.deepEqual(others, [], "no request goes anywhere else");
});

test("10,000 instances and a journal at full speed leave it responsive", async (t) => {
  const many = Array.from({ length: 10_000 }, (_, at) => ({ InstanceId: `crs-${at.toString(36).padStart(8, "0")}`, TypeId: 2, MemSize: 1024 }));
  const server = await serveInstances(t, many, {}, "--rate-limit", "off");
  const context = await browse(t);
  const watch = () => {
    window.longest = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((own) => (window.longest = Math.max(window.longest, own.duration)))).observe({ type: "longtask", buffered: true });
  };
  await context.addInitScript(watch);
  const page = await openConsole(context, server, "#/instances");
  await until(async () => /^10000$/.test(await text(page, ".toolbar .figure")), "all rows are there");
  // Only tasks of 50 ms and more are told.
  const longest = async () => ((found) => (found > 0 ? `${found.toFixed(0)} ms` : "below 50 ms"))(await page.evaluate("window.longest"));
  t.diagnostic(`longest task while 10,000 instances load: ${await longest()}`);
  await page.evaluate("window.longest = 0");
  assert.ok((await page.locator(".tr").count()) < 100, "only the rows in sight are there");
  await page.fill(".toolbar input", "crs-000007");
  await page.click(".thead button >> nth=1");
  await page.fill(".toolbar input", "");
  await page.locator(".scroller").evaluate(async (scroller) => {
    for (let step = 0; step < 40; step++) {
      scroller.scrollTop = (scroller.scrollHeight / 40) * step;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  });
  t.diagnostic(`longest task while sorting, filtering and scrolling them: ${await longest()}`);
  await page.click("nav a[data-view=journal]");
  await page.waitForSelector("h1:text-is('Journal')");
  await page.evaluate("window.longest = 0");
  const end = Date.now() + 4_000;
  let sent = 0;
  await Promise.all(Array.from({ length: 8 }, async () => {
    while (Date.now() < end) {
      await call(server, "DescribeInstances", { InstanceId: "crs-00000001" });
      sent++;
    }
  }));
  await page.waitForTimeout(800);
  t.diagnostic(`longest task during ${sent} calls in 4 s: ${await longest()}`);
  assert.ok((await page.locator(".tr").count()) > 5);
  assert.deepEqual(page.complaints, []);
});
