// The three signatures of the API, step by step, so that a view can show what a call only uses.

import { base64, digest, hex, hmac } from "./digest.js";

export const TC3 = "TC3-HMAC-SHA256";
export const METHODS = [TC3, "HmacSHA256", "HmacSHA1"];

/**
 * What of a request enters its TC3 signature.
 * @typedef {object} Tc3Input
 * @property {string} method
 * @property {string} path
 * @property {string} query undecoded, without `?`
 * @property {[string, string][]} headers those that are signed
 * @property {string} payload the body as sent
 * @property {string} [hashedPayload] where it is no hash of the body: `UNSIGNED-PAYLOAD`
 * @property {string} timestamp seconds
 * @property {string} date of the scope, `YYYY-MM-DD`
 * @property {string} service of the scope
 * @property {string} secretId
 * @property {string} secretKey
 */

/**
 * @typedef {object} Tc3Steps
 * @property {string} payloadHash
 * @property {string} canonical
 * @property {string} canonicalHash
 * @property {string} scope
 * @property {string} toSign
 * @property {{ name: string, from: string, hex: string }[]} keys
 * @property {string} signature
 * @property {string} signedHeaders
 * @property {string} authorization
 */

/** The UTC date of a timestamp, as the scope has it. @param {string | number} timestamp */
export function dateOf(timestamp) {
  const moment = new Date(Number(timestamp) * 1000);
  return Number.isNaN(moment.getTime()) ? "" : moment.toISOString().slice(0, 10);
}

/** @param {string} text */
const sha256 = async (text) => hex(await digest("SHA-256", text));

/**
 * @param {Tc3Input} input
 * @returns {Promise<Tc3Steps>}
 */
export async function tc3(input) {
  const sorted = input.headers
    .map(([name, value]) => [name.trim().toLowerCase(), value.trim()])
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const signedHeaders = sorted.map(([name]) => name).join(";");
  const payloadHash = input.hashedPayload ?? (await sha256(input.payload));
  const lines = sorted.map(([name, value]) => `${name}:${value.toLowerCase()}\n`).join("");
  const canonical = [input.method, input.path, input.query, lines, signedHeaders, payloadHash].join("\n");
  const canonicalHash = await sha256(canonical);
  const scope = `${input.date}/${input.service}/tc3_request`;
  const toSign = [TC3, input.timestamp, scope, canonicalHash].join("\n");
  const secretDate = await hmac("SHA-256", `TC3${input.secretKey}`, input.date);
  const secretService = await hmac("SHA-256", secretDate, input.service);
  const secretSigning = await hmac("SHA-256", secretService, "tc3_request");
  const signature = hex(await hmac("SHA-256", secretSigning, toSign));
  return {
    payloadHash,
    canonical,
    canonicalHash,
    scope,
    toSign,
    keys: [
      { name: "SecretDate", from: `HMAC("TC3" + SecretKey, "${input.date}")`, hex: hex(secretDate) },
      { name: "SecretService", from: `HMAC(SecretDate, "${input.service}")`, hex: hex(secretService) },
      { name: "SecretSigning", from: `HMAC(SecretService, "tc3_request")`, hex: hex(secretSigning) },
    ],
    signature,
    signedHeaders,
    authorization: `${TC3} Credential=${input.secretId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
  };
}

/**
 * What of a request enters its older signature.
 * @typedef {object} V1Input
 * @property {string} method
 * @property {string} host
 * @property {string} path
 * @property {[string, string][]} parameters decoded; `Signature` among them is left out
 * @property {string} secretKey
 */

/**
 * @param {V1Input} input
 * @returns {Promise<{ toSign: string, signature: string, hash: string }>}
 */
export async function v1(input) {
  const sorted = input.parameters
    .filter(([name]) => name !== "Signature")
    .sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
  const method = input.parameters.find(([name]) => name === "SignatureMethod")?.[1];
  const hash = method === "HmacSHA256" ? "SHA-256" : "SHA-1";
  const toSign = `${input.method}${input.host}${input.path}?${sorted.map(([name, value]) => `${name}=${value}`).join("&")}`;
  const signature = base64(await hmac(hash, input.secretKey, toSign));
  return { toSign, signature, hash };
}

/**
 * The members of a call as a form has them: `NodeSet.0.NodeType`.
 * @param {unknown} value
 * @param {string} [name]
 * @returns {[string, string][]}
 */
export function flatten(value, name = "") {
  if (value === null || value === undefined) return [];
  if (typeof value !== "object") return [[name, String(value)]];
  return Object.entries(value).flatMap(([key, inner]) => flatten(inner, name ? `${name}.${key}` : key));
}

/**
 * A call, as the page keeps it.
 * @typedef {object} Call
 * @property {string} action
 * @property {string} service
 * @property {string} version
 * @property {string} region
 * @property {Record<string, unknown>} params
 * @property {string} secretId
 * @property {string} secretKey
 * @property {string} [token]
 * @property {string} method one of METHODS, or `none`
 */

/**
 * What is to be sent for a call, signed.
 * @param {Call} call
 * @param {string} host
 * @param {number} [now] milliseconds
 * @returns {Promise<{ headers: Record<string, string>, body: string }>}
 */
export async function request(call, host, now = Date.now()) {
  const timestamp = String(Math.floor(now / 1000));
  return call.method === TC3 || call.method === "none"
    ? asJson(call, host, timestamp)
    : asForm(call, host, timestamp);
}

/** @param {Call} call @param {string} host @param {string} timestamp */
async function asJson(call, host, timestamp) {
  const body = JSON.stringify(call.params);
  /** @type {Record<string, string>} */
  const headers = {
    "Content-Type": "application/json",
    "X-TC-Action": call.action,
    "X-TC-Version": call.version,
    "X-TC-Timestamp": timestamp,
  };
  if (call.region) headers["X-TC-Region"] = call.region;
  if (call.method === "none") return { headers, body };
  if (call.token) headers["X-TC-Token"] = call.token;
  const steps = await tc3({
    method: "POST",
    path: "/",
    query: "",
    headers: [["content-type", "application/json"], ["host", host]],
    payload: body,
    timestamp,
    date: dateOf(timestamp),
    service: call.service,
    secretId: call.secretId,
    secretKey: call.secretKey,
  });
  headers.Authorization = steps.authorization;
  return { headers, body };
}

/** @param {Call} call @param {string} host @param {string} timestamp */
async function asForm(call, host, timestamp) {
  /** @type {[string, string][]} */
  const parameters = [
    ["Action", call.action],
    ["Version", call.version],
    ["Timestamp", timestamp],
    ["Nonce", String(Math.floor(Math.random() * 2 ** 31) + 1)],
    ["SecretId", call.secretId],
    ["SignatureMethod", call.method],
    ...flatten(call.params),
  ];
  if (call.region) parameters.push(["Region", call.region]);
  if (call.token) parameters.push(["Token", call.token]);
  const { signature } = await v1({ method: "POST", host, path: "/", parameters, secretKey: call.secretKey });
  parameters.push(["Signature", signature]);
  const body = new URLSearchParams(parameters).toString();
  return { headers: { "Content-Type": "application/x-www-form-urlencoded" }, body };
}
