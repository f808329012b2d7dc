"use strict";
// The console's own modules, under node: those that touch no page compute the same there.

const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { pathToFileURL } = require("node:url");

const FOLDER = path.resolve(__dirname, "../../../src/http/console");

let copied;

/** A module of the page. node takes it for one in a folder that says so, which the page's own has no file for. */
function modules(name) {
  if (!copied) {
    copied = fs.mkdtempSync(path.join(os.tmpdir(), "crs-local-console-"));
    for (const file of fs.readdirSync(FOLDER)) fs.copyFileSync(path.join(FOLDER, file), path.join(copied, file));
    fs.writeFileSync(path.join(copied, "package.json"), `{"type":"module"}`);
    process.on("exit", () => fs.rmSync(copied, { recursive: true, force: true }));
  }
  return import(pathToFileURL(path.join(copied, name)));
}

module.exports = { modules };
