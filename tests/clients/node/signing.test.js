"use strict";
// How a call travels: signature and HTTP methods, tokens, languages, connections. The servers are
// strict, so that nothing is let in that was not verified.

const assert = require("node:assert/strict");
const http = require("node:http");
const test = require("node:test");

const { INSTANCE, KEY, REQUEST_ID, connect, dealOf, instance, passesInto, refused } = require("./clients");
const { serve, serveInstances } = require("./server");

const SIGN_METHODS = ["TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256"];
const FORMS = SIGN_METHODS.flatMap((signMethod) => ["POST", "GET"].map((reqMethod) => ({ signMethod, reqMethod })));

for (const { signMethod, reqMethod } of FORMS) {
  test(`${signMethod} over ${reqMethod}`, async (t) => {
    const server = await serve(t, "--auth", "strict");
    const client = connect(server, { profile: { signMethod }, http: { reqMethod } });

    dealOf(await client.UpgradeInstance({ InstanceId: INSTANCE, MemSize: 4096 }));
    assert.equal((await passesInto(client, INSTANCE)).Size, 4096);

    // Lists and characters that encoders treat differently.
    const found = await client.DescribeInstances({
      InstanceName: "(redis)*!~'测试 a&b=c+d/%",
      SearchKeys: ["k 1", "k&2"],
      Limit: 5,
    });
    assert.deepEqual([found.TotalCount, found.InstanceSet], [0, []]);
    assert.match(found.RequestId, REQUEST_ID);

    const impostor = connect(server, {
      credential: { ...KEY, secretKey: "wrong" },
      profile: { signMethod },
      http: { reqMethod },
    });
    assert.equal((await refused(impostor.DescribeInstances({}))).code, "AuthFailure.SignatureFailure");
  });
}

test("a host name and its port as the endpoint", async (t) => {
  // The SDK signs the host without the port that it sends, and the endpoint's first label as service.
  const server = await serve(t, "--auth", "strict");
  const client = connect(server, { http: { endpoint: `localhost:${server.host.split(":")[1]}` } });
  assert.equal((await instance(client)).InstanceId, INSTANCE);
});

test("a temporary key comes with its token", async (t) => {
  const temporary = { SecretId: "AKIDtemporary", SecretKey: "short-lived", Token: "a-token" };
  const server = await serveInstances(
    t,
    [{ InstanceId: INSTANCE }],
    { Credentials: [temporary] },
    "--auth",
    "strict",
  );
  const key = { secretId: temporary.SecretId, secretKey: temporary.SecretKey };
  for (const signMethod of SIGN_METHODS) {
    const withToken = (token) => connect(server, { credential: { ...key, token }, profile: { signMethod } });
    assert.equal((await instance(withToken(temporary.Token))).InstanceId, INSTANCE);
    for (const token of ["another-token", undefined]) {
      const refusal = await refused(withToken(token).DescribeInstances({}));
      assert.equal(refusal.code, "AuthFailure.TokenFailure");
    }
  }
});

test("a key can come from a provider", async (t) => {
  const server = await serve(t, "--auth", "strict");
  const client = connect(server, { credential: { getCredential: async () => KEY } });
  assert.equal((await instance(client)).InstanceId, INSTANCE);
});

test("the language is that of the message", async (t) => {
  const server = await serve(t);
  const said = {};
  for (const language of ["zh-CN", "en-US"]) {
    for (const signMethod of SIGN_METHODS) {
      const client = connect(server, { credential: { ...KEY, secretKey: "wrong" }, profile: { language, signMethod } });
      const refusal = await refused(client.DescribeInstances({}));
      assert.equal(refusal.code, "AuthFailure.SignatureFailure");
      assert.equal(refusal.message, (said[language] ??= refusal.message));
    }
  }
  assert.match(said["zh-CN"], /签名/);
  assert.match(said["en-US"], /signature/);
});

test("an unsigned call is let in by a lenient server alone", async (t) => {
  const skipSign = true;
  const lenient = connect(await serve(t));
  assert.equal((await lenient.DescribeInstances({ InstanceId: INSTANCE }, { skipSign })).TotalCount, 1);
  const strict = connect(await serve(t, "--auth", "strict"));
  assert.match((await refused(strict.DescribeInstances({}, { skipSign }))).code, /^AuthFailure\./);
});

for (const keepAlive of [true, false]) {
  test(`connections, keep-alive ${keepAlive ? "on" : "off"}`, async (t) => {
    const agent = new http.Agent({ keepAlive, maxSockets: 1 });
    t.after(() => agent.destroy());
    let opened = 0;
    const open = agent.createConnection;
    agent.createConnection = (...how) => {
      opened += 1;
      return open.apply(agent, how);
    };
    const client = connect(await serve(t), { http: { agent } });
    for (let calls = 0; calls < 5; calls++) await instance(client);
    assert.equal(opened, keepAlive ? 1 : 5);
  });
}
