// Checks the signature of a request, step by step, and looks for the mistake that would explain a wrong one.

import { TC3, dateOf, tc3, v1 } from "./sign.js";
import { header } from "./signature-request.js";

/** @typedef {import("./signature-request.js").Pasted} Pasted */

/**
 * @typedef {object} Checked
 * @property {"tc3" | "v1" | "none"} kind
 * @property {boolean} isRight
 * @property {string} sent the signature that came
 * @property {string} signature the one that is right
 * @property {{ name: string, text: string }[]} steps
 * @property {string[]} faults what can be seen without a key
 * @property {{ says: string, ours: string, theirs: string } | null} mistake what was signed instead, where that is found
 */

/** @param {string} authorization */
export function readAuthorization(authorization) {
  const parts = /^\s*TC3-HMAC-SHA256\s+(.*)$/i.exec(authorization);
  const found = Object.fromEntries((parts?.[1] ?? "").split(",").map((part) => {
    const at = part.indexOf("=");
    return [part.slice(0, at).trim(), part.slice(at + 1).trim()];
  }));
  const credential = /^([^/]*)\/([^/]*)\/(.*)\/tc3_request$/.exec(found.Credential ?? "");
  return {
    isRead: Boolean(parts && credential && found.SignedHeaders && found.Signature),
    secretId: credential?.[1] ?? "",
    date: credential?.[2] ?? "",
    service: credential?.[3] ?? "",
    signedHeaders: found.SignedHeaders ?? "",
    signature: found.Signature ?? "",
  };
}

/** Which key pair the request names. @param {Pasted} request */
export function secretIdOf(request) {
  const own = readAuthorization(header("authorization", request)).secretId;
  return own || (parametersOf(request).find(([name]) => name === "SecretId")?.[1] ?? "");
}

/** The parameters of a form. @param {Pasted} request @returns {[string, string][]} */
export const parametersOf = (request) => Array.from(new URLSearchParams(request.method === "GET" ? request.query : request.body));

/** @param {Pasted} request @param {string} secretKey @returns {Promise<Checked>} */
export async function check(request, secretKey) {
  if (header("authorization", request)) return checkTc3(request, secretKey);
  if (parametersOf(request).some(([name]) => name === "Signature")) return checkV1(request, secretKey);
  return { kind: "none", isRight: false, sent: "", signature: "", steps: [], faults: ["There is neither an Authorization header nor a parameter Signature."], mistake: null };
}

/** @param {Pasted} request @param {string} secretKey @returns {Promise<Checked>} */
async function checkTc3(request, secretKey) {
  const own = readAuthorization(header("authorization", request));
  const timestamp = header("x-tc-timestamp", request);
  const names = own.signedHeaders.split(";").filter(Boolean);
  const unsigned = header("x-tc-content-sha256", request) === "UNSIGNED-PAYLOAD" ? "UNSIGNED-PAYLOAD" : undefined;
  /** @type {import("./sign.js").Tc3Input} */
  const input = {
    method: request.method, path: request.path, query: request.query, payload: request.body, hashedPayload: unsigned,
    headers: names.map((name) => [name, header(name.toLowerCase(), request)]),
    timestamp, date: own.date, service: own.service, secretId: own.secretId, secretKey,
  };
  const right = await tc3(input);
  const steps = [
    { name: "Canonical request", text: right.canonical },
    { name: "String to sign", text: right.toSign },
    { name: "Derived keys", text: right.keys.map((key) => `${key.name.padEnd(13)} = ${key.from}\n${" ".repeat(16)}${key.hex}`).join("\n") },
    { name: "Signature", text: `hex(HMAC(SecretSigning, StringToSign))\n${right.signature}` },
    { name: "Authorization", text: right.authorization },
  ];
  const isRight = own.isRead && own.signature === right.signature;
  const faults = tc3Faults(request, own, timestamp);
  const mistake = isRight ? null : await mistakeOf(input, own.signature);
  return { kind: "tc3", isRight, sent: own.signature, signature: right.signature, steps, faults, mistake };
}

/** @param {Pasted} request @param {ReturnType<typeof readAuthorization>} own @param {string} timestamp */
function tc3Faults(request, own, timestamp) {
  const faults = [];
  if (!own.isRead) faults.push("The Authorization header is not of the form TC3-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=….");
  if (!/^\d+$/.test(timestamp)) faults.push("X-TC-Timestamp is missing, or is no number of seconds.");
  else if (own.date && dateOf(timestamp) !== own.date) faults.push("The date of the scope is not the UTC date of the timestamp: a local time zone was used.");
  else if (Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) faults.push("The timestamp is more than five minutes from now: the call would be refused as expired, whatever its signature.");
  const names = own.signedHeaders.split(";");
  for (const needed of ["content-type", "host"]) if (!names.includes(needed)) faults.push(`SignedHeaders leaves out ${needed}, which must be signed.`);
  for (const name of names.filter(Boolean)) if (!header(name.toLowerCase(), request)) faults.push(`${name} is signed, and the request has no such header.`);
  return faults;
}

/** What people sign instead. @param {import("./sign.js").Tc3Input} input @returns {[string, Partial<import("./sign.js").Tc3Input>][]} */
function variants(input) {
  const { date, timestamp, headers, payload } = input;
  const withHeader = (/** @type {string} */ name, /** @type {(value: string) => string} */ change) =>
    ({ headers: headers.map(([own, value]) => /** @type {[string, string]} */ ([own, own.toLowerCase() === name ? change(value) : value])) });
  const host = headers.find(([name]) => name.toLowerCase() === "host")?.[1] ?? "";
  /** @type {[string, Partial<import("./sign.js").Tc3Input>][]} */
  const all = [
    ["Content-Type was signed with its charset, and sent without.", withHeader("content-type", (value) => `${value.split(";")[0]}; charset=utf-8`)],
    ["Content-Type was signed without its charset, and sent with it.", withHeader("content-type", (value) => value.split(";")[0])],
    ["Content-Type was signed as application/json, and another was sent.", withHeader("content-type", () => "application/json")],
    ["Content-Type was signed as that of a form, and another was sent.", withHeader("content-type", () => "application/x-www-form-urlencoded")],
    ["The host was signed without its port, and sent with it.", withHeader("host", (value) => value.replace(/:\d+$/, ""))],
    ["Another host was signed: the real endpoint.", withHeader("host", () => `${input.service}.tencentcloudapi.com`)],
    ["The host was signed with a scheme in front.", withHeader("host", (value) => `http://${value}`)],
    ["An empty body was signed.", { payload: "" }],
    ["The body was signed as {}.", { payload: "{}" }],
    ["The body was signed with a line feed at its end.", { payload: `${payload}\n` }],
    ["The key was used without TC3 in front, or twice.", { secretKey: input.secretKey.replace(/^TC3/, "") }],
    ["The key has a blank or a line feed at its end.", { secretKey: `${input.secretKey}\n` }],
    ["The method was signed as GET.", { method: "GET" }],
    ["The method was signed as POST.", { method: "POST" }],
    ["The path was signed empty.", { path: "" }],
    ["Another service was signed than the scope names.", { service: "redis" }],
    ["The body was not signed (UNSIGNED-PAYLOAD), and the request does not say so.", { hashedPayload: "UNSIGNED-PAYLOAD" }],
  ];
  if (host && !/:\d+$/.test(host)) all.push(["The host was signed with a port, and sent without.", withHeader("host", (value) => `${value}:443`)], ["The host was signed with a port, and sent without.", withHeader("host", (value) => `${value}:80`)]);
  for (const days of [-1, 1]) all.push(["The date of another time zone was used for the keys.", { date: dateOf(Number(timestamp) + days * 86_400) }]);
  if (date !== dateOf(timestamp)) all.push(["The UTC date was used for the keys, and another one sent in the scope.", { date: dateOf(timestamp) }]);
  for (const [says, body] of written(payload)) all.push([says, { payload: body }]);
  return all.filter(([, change]) => Object.entries(change).some(([key, value]) => JSON.stringify(Reflect.get(input, key)) !== JSON.stringify(value)));
}

/** The same JSON, written as others write it. @param {string} payload @returns {[string, string][]} */
function written(payload) {
  try {
    const read = JSON.parse(payload);
    const spaced = JSON.stringify(read, null, 1).replace(/\n\s*/g, " ").replace(/([[{]) /g, "$1").replace(/ ([\]}])/g, "$1");
    const sorted = JSON.stringify(Object.fromEntries(Object.entries(read).sort(([one], [other]) => (one < other ? -1 : 1))));
    const says = "The body was signed in one form and sent in another: it was written to JSON twice.";
    return [JSON.stringify(read), spaced, sorted, JSON.stringify(read, null, 2), JSON.stringify(read, null, 4), ascii(JSON.stringify(read)), ascii(spaced)].map((body) => [says, body]);
  } catch {
    return [];
  }
}

/** @param {string} text */
const ascii = (text) => text.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** @param {import("./sign.js").Tc3Input} input @param {string} sent */
async function mistakeOf(input, sent) {
  const right = await tc3(input);
  for (const [says, change] of variants(input)) {
    const theirs = await tc3({ ...input, ...change });
    if (theirs.signature !== sent) continue;
    const [ours, own] = right.canonical !== theirs.canonical ? [right.canonical, theirs.canonical] : [right.toSign, theirs.toSign];
    return { says, ours, theirs: own };
  }
  return null;
}

/** @param {Pasted} request @param {string} secretKey @returns {Promise<Checked>} */
async function checkV1(request, secretKey) {
  const parameters = parametersOf(request);
  const sent = (parameters.find(([name]) => name === "Signature")?.[1] ?? "").trim();
  const input = { method: request.method, host: header("host", request), path: request.path, parameters, secretKey };
  const right = await v1(input);
  const isRight = right.signature === sent;
  /** @type {[string, Partial<import("./sign.js").V1Input>][]} */
  const tries = [
    ["The host was signed without its port, and sent with it.", { host: input.host.replace(/:\d+$/, "") }],
    ["Another host was signed: the real endpoint.", { host: "redis.tencentcloudapi.com" }],
    ["The method was signed as GET.", { method: "GET" }],
    ["The method was signed as POST.", { method: "POST" }],
    ["The values were signed as a URL has them, and must be signed decoded.", { parameters: parameters.map(([name, value]) => [name, encodeURIComponent(value)]) }],
    ["Parameters with an empty value were left out.", { parameters: parameters.filter(([, value]) => value !== "") }],
    ["The signature was made with the other hash than SignatureMethod names.", { parameters: parameters.map(([name, value]) => [name, name === "SignatureMethod" ? (value === "HmacSHA256" ? "HmacSHA1" : "HmacSHA256") : value]) }],
  ];
  let mistake = null;
  for (const [says, change] of isRight ? [] : tries) {
    const theirs = await v1({ ...input, ...change });
    if (theirs.signature === sent) mistake ??= { says, ours: right.toSign, theirs: theirs.toSign };
  }
  // A plus sign that was not escaped arrives as a blank.
  const faults = / /.test(sent) ? ["The signature holds blanks: its plus signs were not escaped."] : [];
  return {
    kind: "v1", isRight, sent, signature: right.signature, faults, mistake,
    steps: [{ name: "String to sign", text: right.toSign }, { name: "Signature", text: `base64(HMAC-${right.hash}(SecretKey, StringToSign))\n${right.signature}` }],
  };
}

/** The name that the steps of this kind begin with. */
export const KINDS = { tc3: TC3, v1: "HmacSHA1 / HmacSHA256", none: "" };

/**
 * Where two texts part.
 * @param {string} ours @param {string} theirs
 * @returns {{ line: number, column: number, ours: string, theirs: string } | null}
 */
export function firstDifference(ours, theirs) {
  const [left, right] = [ours.split("\n"), theirs.replaceAll("\r\n", "\n").split("\n")];
  for (let line = 0; line < Math.max(left.length, right.length); line++) {
    if (left[line] === right[line]) continue;
    const [one, other] = [left[line] ?? "", right[line] ?? ""];
    let column = 0;
    while (column < one.length && one[column] === other[column]) column++;
    return { line: line + 1, column: column + 1, ours: one, theirs: other };
  }
  return null;
}
