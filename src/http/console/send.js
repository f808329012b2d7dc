// Sends a call, and keeps what was sent.

import { request } from "./sign.js";

/** @typedef {{ call: Omit<import("./sign.js").Call, "secretKey" | "token">, at: number, code: string, ms: number }} Sent */

const KEPT_MAX = 50;
const PLACE = "crs-local.history";

/** @returns {Sent[]} newest first; no secret is kept */
export function history() {
  try {
    return JSON.parse(sessionStorage.getItem(PLACE) ?? "[]");
  } catch {
    return [];
  }
}

/** @param {Sent} sent */
function keep(sent) {
  try {
    sessionStorage.setItem(PLACE, JSON.stringify([sent, ...history()].slice(0, KEPT_MAX)));
  } catch {
    // It is not kept, then.
  }
}

/** Members that hold a secret. */
const SECRET = /password|token|secret/i;

/** Without what nobody is to see. @param {unknown} value @param {string} [by] @returns {any} */
export function masked(value, by = "") {
  if (Array.isArray(value)) return value.map((inner) => masked(inner, by));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, SECRET.test(key) && typeof inner === "string" ? by : masked(inner, by)]));
}

/** @param {import("./sign.js").Call} call @returns {Promise<import("./answer.js").Answered>} */
export async function send(call) {
  const { headers, body } = await request(call, location.host);
  const begun = performance.now();
  const answer = await fetch("/", { method: "POST", headers, body });
  const text = await answer.text();
  const ms = performance.now() - begun;
  const json = read(text);
  const response = json?.Response;
  const code = response?.Error?.Code ?? "";
  const { secretKey: _key, token: _token, ...shown } = call;
  keep({ call: { ...shown, params: masked(call.params) }, at: Date.now(), code, ms });
  return { status: answer.status, text, json, ms, requestId: response?.RequestId ?? "", code, message: response?.Error?.Message ?? "" };
}

/** @param {string} text */
function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
