"use strict";
// Roads to the server other than its address: as a proxy, and as the cloud itself over HTTPS.

const assert = require("node:assert/strict");
const { execFile } = require("node:child_process");
const https = require("node:https");
const path = require("node:path");
const test = require("node:test");
const { promisify } = require("node:util");

const { INSTANCE, SdkException, connect, dealOf, instance, passesInto, refused } = require("./clients");
const { freePort, serve, write } = require("./server");

const DOMAIN = "tencentcloudapi.com";

/** Runs the ordinary program in a process of its own; answers what it printed. */
async function ordinary(httpProfile, environment) {
  const program = [path.join(__dirname, "ordinary.js"), JSON.stringify(httpProfile)];
  const { stdout } = await promisify(execFile)(process.execPath, program, {
    env: { ...process.env, ...environment },
    timeout: 30_000,
  });
  return JSON.parse(stdout);
}

// Through a proxy the SDK asks for a tunnel to port 80 (CONNECT), even for plain HTTP. The server
// digs none: it answers in the tunnel itself, whatever name was asked for.

test("as the proxy of the environment", async (t) => {
  const server = await serve(t);
  assert.deepEqual(await ordinary({ protocol: "http://" }, { http_proxy: server.url }), { Size: 4096 });
});

test("as the proxy of the profile", async (t) => {
  const server = await serve(t, "--auth", "strict");
  const client = connect(server, { http: { endpoint: `redis.${DOMAIN}`, proxy: server.url } });
  dealOf(await client.UpgradeInstance({ InstanceId: INSTANCE, MemSize: 4096 }));
  assert.equal((await passesInto(client, INSTANCE)).Size, 4096);
});

test("the doors of the financial regions, through the proxy", async (t) => {
  const server = await serve(t);
  const region = "ap-shanghai-fsi";
  const own = { endpoint: `redis.${region}.${DOMAIN}`, proxy: server.url };
  const ordinaryDoor = { endpoint: `redis.${DOMAIN}`, proxy: server.url };
  assert.ok((await connect(server, { region, http: own }).DescribeInstances({})).TotalCount >= 1);
  for (const how of [{ region, http: ordinaryDoor }, { http: own }]) {
    const refusal = await refused(connect(server, how).DescribeInstances({}));
    assert.equal(refusal.code, "UnsupportedRegion");
  }
});

/** A server that also speaks HTTPS: its port, and the certificate of the CA it made for itself. */
async function serveTls(t) {
  const port = await freePort();
  const server = await serve(t, "--tls", "--tls-listen", `127.0.0.1:${port}`, "--auth", "strict");
  const ca = await server.control("GET", "/ca.pem");
  assert.match(ca, /^-----BEGIN CERTIFICATE-----/);
  return { server, port, ca };
}

test("HTTPS with the CA that the environment names", async (t) => {
  const { port, ca } = await serveTls(t);
  const httpProfile = { endpoint: `127.0.0.1:${port}` };
  const trusting = { NODE_EXTRA_CA_CERTS: write(t, "ca.pem", ca) };
  assert.deepEqual(await ordinary(httpProfile, trusting), { Size: 4096 });

  const { message, code, requestId } = await ordinary(httpProfile, {});
  assert.match(message, /certificate/);
  assert.deepEqual([code, requestId], [undefined, ""], "nothing was answered");
});

test("code that changes nothing at all, by proxy and CA of the environment", async (t) => {
  const { server, ca } = await serveTls(t);
  const environment = { http_proxy: server.url, NODE_EXTRA_CA_CERTS: write(t, "ca.pem", ca) };
  assert.deepEqual(await ordinary({}, environment), { Size: 4096 });
});

test("HTTPS under the cloud's own name", async (t) => {
  const { server, port, ca } = await serveTls(t);
  // Stands for a line in /etc/hosts: every name leads to the server.
  const lookup = (name, options, found) => found(null, options.all ? [{ address: "127.0.0.1", family: 4 }] : "127.0.0.1", 4);
  for (const name of [`redis.${DOMAIN}`, `redis.ap-guangzhou.${DOMAIN}`]) {
    const agent = new https.Agent({ ca, lookup });
    t.after(() => agent.destroy());
    const client = connect(server, { http: { protocol: "https://", endpoint: `${name}:${port}`, agent } });
    assert.equal((await instance(client)).InstanceId, INSTANCE);
  }
  const stranger = new https.Agent({ lookup });
  const client = connect(server, { http: { protocol: "https://", endpoint: `redis.${DOMAIN}:${port}`, agent: stranger } });
  await assert.rejects(client.DescribeInstances({}), (error) => error instanceof SdkException && /certificate/.test(error.message));
});
