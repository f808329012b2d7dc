"use strict";
// The console in a browser of a test's own.

const fs = require("node:fs");
const path = require("node:path");

const { ROOT } = require("../node/server");

const FOLDER = path.join(ROOT, "src/http/console");
const TYPES = { html: "text/html; charset=utf-8", css: "text/css; charset=utf-8", js: "text/javascript; charset=utf-8", svg: "image/svg+xml" };

/** The page is taken from the sources instead of the binary, for whoever works on it: CONSOLE_FROM=sources. */
async function fromSources(context) {
  if (process.env.CONSOLE_FROM !== "sources") return;
  const policy = /POLICY: &str = "((?:[^"\\]|\\[^"])*)"/s.exec(fs.readFileSync(`${FOLDER}.rs`, "utf8"))[1].replace(/\\\s*/g, "");
  const serve = (route, name) => {
    const headers = { "Content-Security-Policy": policy, "Content-Type": TYPES[name.split(".").pop()] };
    return route.fulfill({ headers, body: fs.readFileSync(path.join(FOLDER, name)) });
  };
  await context.route(/\/_crs\/console\/[\w.-]+$/, (route) => serve(route, new URL(route.request().url()).pathname.split("/").pop()));
  await context.route(/\/_crs\/?$/, (route) => (route.request().isNavigationRequest() ? serve(route, "index.html") : route.fallback()));
}

/** Opens the console; what the page complains of fails the test that looks at `complaints`. */
async function openConsole(context, server, hash = "", base = server.url) {
  await fromSources(context);
  const page = await context.newPage();
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") page.complaints.push(message.text());
  });
  page.setDefaultTimeout(10_000);
  await page.goto(`${base}/_crs/${hash}`);
  await page.waitForSelector("#main h1", { state: "attached" }).catch((error) => {
    throw new Error(`${hash} is not shown: ${error.message}\n${page.complaints.join("\n")}`);
  });
  return page;
}

module.exports = { FOLDER, openConsole };
