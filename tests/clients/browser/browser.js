"use strict";
// A browser of one test's own, the attacker's server, and what a test looks at.

const fs = require("node:fs");
const http = require("node:http");
const os = require("node:os");
const path = require("node:path");
const { chromium } = require("playwright-core");

const { serve } = require("../node/server");

/** Names that lead to this machine, by an attacker's name server, a compose network or a hosts file. */
const NAMES = ["evil.example", "crs-local", "redis.tencentcloudapi.com"];

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Newer versions ask a person before a page reaches this machine. The server must not count on it.
  "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests",
  `--host-resolver-rules=${NAMES.map((name) => `MAP ${name} 127.0.0.1`).join(",")}`,
];

/** A browser with an empty profile, for one test. */
async function browse(t) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "crs-local-browser-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM,
    args: FLAGS,
    chromiumSandbox: false,
  });
  t.after(async () => {
    await context.close();
    fs.rmSync(profile, { recursive: true, force: true });
  });
  return context;
}

/** A web server that shows `pages`, by path; answers its port. */
function host(t, pages) {
  const server = http.createServer((request, response) => {
    response.setHeader("Content-Type", "text/html");
    response.end(pages[request.url] ?? "<!doctype html><title>nothing</title>");
  });
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server.address().port)));
}

/** A server that logs whom it does not let in, with something in its state that a reset would undo. */
async function victim(t, ...flags) {
  const server = await serve(t, "--log", "crs_local=debug", ...flags);
  await server.control("PATCH", "/instances/crs-5qlrlhux", { MemUsed: 777, InstanceName: "before" });
  server.port = Number(server.host.split(":")[1]);
  server.state = () => server.control("GET", "/state");
  /** How many requests the doors have turned away so far. */
  server.turnedAway = () => server.log.split("not let in").length - 1;
  return server;
}

/** Waits until `look` answers true. */
async function until(look, what) {
  const end = Date.now() + 15_000;
  while (!(await look())) {
    if (Date.now() > end) throw new Error(`it never came to this: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

module.exports = { browse, host, until, victim };
