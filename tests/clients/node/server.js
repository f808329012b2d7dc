"use strict";
// Starts and stops the server under test.

const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const net = require("node:net");
const os = require("node:os");
const path = require("node:path");

const ROOT = path.resolve(__dirname, "../../..");
const ANNOUNCEMENT = "crs-local listening on http://";
const BINARY = process.env.CRS_LOCAL_BIN || path.join(ROOT, "target/release/crs-local");

// What would steer a server, or lead the SDK elsewhere: it takes http_proxy even for loopback.
for (const name of Object.keys(process.env)) {
  if (/^(CRS_LOCAL_|TENCENTCLOUD_)/.test(name) || /^(https?|all)_proxy$/i.test(name)) {
    delete process.env[name];
  }
}

/** One running server on a loopback port of its own choice. */
class Server {
  static async start(flags) {
    const server = new Server();
    const child = spawn(BINARY, ["--listen", "127.0.0.1:0", ...flags], { stdio: ["ignore", "pipe", "pipe"] });
    server.log = "";
    child.stderr.setEncoding("utf8").on("data", (text) => (server.log += text));
    server.gone = new Promise((resolve) => {
      child.on("error", (error) => resolve(String(error)));
      child.on("exit", (code, signal) => resolve(code ?? signal));
    });
    const line = await Promise.race([firstLine(child.stdout), server.gone]);
    assert.ok(String(line).startsWith(ANNOUNCEMENT), `the server said ${line} and logged:\n${server.log}`);
    server.child = child;
    server.host = line.slice(ANNOUNCEMENT.length).trim();
    server.url = `http://${server.host}`;
    return server;
  }

  /** SIGTERM; answers the exit code. A server that does not go is killed, and its code is null. */
  async stop() {
    const kill = setTimeout(() => this.child.kill("SIGKILL"), 10_000);
    this.child.kill("SIGTERM");
    const code = await this.gone;
    clearTimeout(kill);
    return code;
  }

  /** A call of the control API; answers its JSON, or its text where it is none. */
  async control(method, place, body) {
    const answer = await fetch(`${this.url}/_crs${place}`, {
      method,
      headers: { "Content-Type": "application/json", Connection: "close" },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} /_crs${place}: ${answer.status} ${text}`);
    return /json/.test(answer.headers.get("content-type")) ? JSON.parse(text) : text;
  }

  /** The next calls of the action, or `times` of them, get that code. */
  fault(action, code, times = 1) {
    return this.control("POST", "/faults", { Match: { Action: action }, Then: { Code: code }, Times: times });
  }
}

function firstLine(stream) {
  return new Promise((resolve) => {
    let seen = "";
    stream.setEncoding("utf8").on("data", (text) => {
      seen += text;
      if (seen.includes("\n")) resolve(seen.split("\n")[0]);
    });
  });
}

/** Starts a server for one test; when the test ends it is stopped and has to leave with 0. Flows
 * take 0.5 s: long enough to be seen. */
async function serve(t, ...flags) {
  const server = await Server.start(["--flow-time", "500ms", ...flags]);
  t.after(async () => {
    const code = await server.stop();
    assert.equal(code, 0, `the server left with ${code} and logged:\n${server.log}`);
  });
  return server;
}

/** A server with these instances, and more of the account where `account` has it. */
async function serveInstances(t, instances, account = {}, ...flags) {
  const fixture = write(t, "fixture.json", JSON.stringify({ Accounts: [{ Instances: instances, ...account }] }));
  return serve(t, "--fixture", fixture, ...flags);
}

/** A file that lives as long as the test. */
function write(t, name, text) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "crs-local-"));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const file = path.join(folder, name);
  fs.writeFileSync(file, text);
  return file;
}

/** A loopback port that was free a moment ago, for flags that take no port 0. */
function freePort() {
  return new Promise((resolve) => {
    const probe = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

module.exports = { BINARY, ROOT, Server, freePort, serve, serveInstances, write };
