// The state as it changes: read as a whole by a worker, told of by the stream of events.

import { listen, open } from "./control.js";
import { token } from "./settings.js";

/**
 * A row of the table of instances.
 * @typedef {object} Row
 * @property {number} AppId
 * @property {string} InstanceId
 * @property {string} InstanceName
 * @property {string} Region
 * @property {number} ZoneId
 * @property {number} TypeId
 * @property {number} MemSize
 * @property {number} MemUsed
 * @property {number} RedisShardNum
 * @property {number} RedisReplicasNum
 * @property {number} Status
 * @property {number} BillingMode
 * @property {string} Createtime
 */

/**
 * @typedef {object} Summary
 * @property {{ AppId: number, Uin: string, Balance: number, Credentials: { SecretId: string, SecretKey: string, Token?: string }[], Flows: any[], FlowCount: number }[]} Accounts
 * @property {Record<string, [string | number, string][]>} Ids
 */

/** @typedef {"rows" | "summary" | "call" | "flow" | "clock" | "state" | "open" | "missed"} Topic */

/** What is known now. @type {{ rows: Row[], byId: Map<string, Row>, summary: Summary, open: boolean, read: boolean, clock: { Mode: string, Now: string, at: number } }} */
export const live = {
  rows: [],
  byId: new Map(),
  summary: { Accounts: [], Ids: {} },
  open: false,
  read: false,
  clock: { Mode: "", Now: "", at: 0 },
};

/** @type {Map<Topic, Set<(data: any) => void>>} */
const listeners = new Map();

/** @param {Topic} topic @param {(data: any) => void} heard @returns {() => void} ends it */
export function on(topic, heard) {
  const all = listeners.get(topic) ?? new Set();
  listeners.set(topic, all);
  all.add(heard);
  return () => all.delete(heard);
}

/** @param {Topic} topic @param {any} [data] */
const tell = (topic, data) => listeners.get(topic)?.forEach((heard) => heard(data));

/** Chromium asks that the address of a script be vouched for; this one is known. */
function workerAddress() {
  const address = "/_crs/console/live-worker.js";
  const types = Reflect.get(globalThis, "trustedTypes");
  return types ? types.createPolicy("crs-local-worker", { createScriptURL: () => address }).createScriptURL("") : address;
}

/** @type {Worker} */
let worker;
/** @type {Map<number, (answer: any) => void>} */
const waiting = new Map();
let asked = 0;

/** @param {"instance" | "ledger" | "groups"} kind @param {...unknown} values @returns {Promise<any>} */
export function ask(kind, ...values) {
  const id = ++asked;
  worker.postMessage({ kind, id, asked: values });
  return new Promise((resolve) => waiting.set(id, resolve));
}

/** Waits until the state was read once. @returns {Promise<void>} */
export function whenRead() {
  if (live.read) return Promise.resolve();
  return new Promise((resolve) => {
    const off = on("summary", () => {
      off();
      resolve();
    });
  });
}

/** How long a read took: no more than a tenth of the time goes into reading. */
let tookMs = 0;
let isReading = false;
let isStale = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let soon;

/** Reads the state anew, soon. */
export function refresh() {
  isStale = true;
  if (isReading || soon !== undefined) return;
  soon = setTimeout(read, Math.min(5_000, Math.max(120, tookMs * 10)));
}

function read() {
  soon = undefined;
  if (document.hidden && live.read) return void document.addEventListener("visibilitychange", refresh, { once: true });
  [isReading, isStale] = [true, false];
  worker.postMessage({ kind: "read", token: token() });
}

/** @type {Row[]} */
let coming = [];

/** @param {any} data */
function take(data) {
  if (data.kind === "answer") {
    waiting.get(data.id)?.(data.answer);
    waiting.delete(data.id);
  } else if (data.kind === "rows") {
    if (data.at === 0) coming = [];
    coming.push(...data.rows);
    if (!live.read && data.at === 0) show(coming.slice());
  } else if (data.kind === "read") {
    if (data.count === 0) coming = [];
    tookMs = data.ms;
    isReading = false;
    live.read = true;
    live.summary = data.summary;
    show(coming);
    tell("summary");
    if (isStale) refresh();
  } else {
    isReading = false;
    setTimeout(refresh, 1_000);
  }
}

/** @param {Row[]} rows */
function show(rows) {
  live.rows = rows;
  live.byId = new Map(rows.map((row) => [row.InstanceId, row]));
  tell("rows");
}

async function readClock() {
  const answer = await open("/clock");
  if (answer.ok) setClock(await answer.json());
}

/** @param {{ Mode: string, Now: string }} clock */
export function setClock(clock) {
  live.clock = { ...clock, at: performance.now() };
  tell("clock");
}

/** The cloud's time now, in milliseconds: a real clock goes on. */
export function cloudNow() {
  const { Mode, Now, at } = live.clock;
  const told = Date.parse(Now);
  return Mode === "manual" ? told : told + performance.now() - at;
}

/** @param {string} name @param {any} data */
function hear(name, data) {
  if (name === "instance") {
    const row = live.byId.get(data.InstanceId);
    if (row && data.Status !== null) row.Status = data.Status;
    tell("rows");
    refresh();
  } else if (name === "flow") {
    tell("flow", data);
    refresh();
  } else if (name === "call") {
    tell("call", data);
  } else if (name === "clock") {
    setClock(data);
    refresh();
  } else {
    if (name === "missed") tell("missed", data);
    if (name === "state") {
      tell("state", data);
      void readClock();
    }
    refresh();
  }
}

/** Begins; told once. */
export function begin() {
  worker = new Worker(workerAddress(), { type: "module" });
  worker.addEventListener("message", ({ data }) => take(data));
  // A call that the page waits for asks for the token first, so that the worker has it.
  void readClock().then(refresh);
  void listen(hear, (isOpen) => {
    live.open = isOpen;
    tell("open");
    if (isOpen && live.read) refresh();
  });
}
