// What the writers of code share: where the call goes, names in each language's manner, texts as literals.

/** @typedef {import("./code.js").Written} Written */

/** Where the call goes. @param {Written} call */
export const endpointOf = (call) => (call.real ? `${call.action.Service}.tencentcloudapi.com` : call.host);

/** @param {Written} call */
export const schemeOf = (call) => (call.real ? "https" : call.scheme);

/** `V20180412`, `v20180412`. @param {Written} call @param {string} [v] */
export const versionOf = (call, v = "v") => v + call.action.Version.replaceAll("-", "");

/** @param {string} text */
export const lowerFirst = (text) => text.charAt(0).toLowerCase() + text.slice(1);

/** @param {string} text */
export const upperFirst = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** A text in double quotes, as C, Go, Java, JavaScript and Rust all take it. @param {string} text */
export function quoted(text) {
  const escaped = Array.from(text, (char) => {
    if (char === "\\" || char === '"') return `\\${char}`;
    if (char === "\n") return "\\n";
    if (char === "\r") return "\\r";
    if (char === "\t") return "\\t";
    return char;
  });
  return `"${escaped.join("")}"`;
}

/** A text in single quotes, as PHP and Ruby take it. @param {string} text */
export const single = (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

/** A word of a shell. @param {string} text */
export const shell = (text) => (/^[\w.,:/@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** Each line but the first set in by so many blanks. @param {string} text @param {number} by */
export const indented = (text, by) => text.replaceAll("\n", `\n${" ".repeat(by)}`);

/**
 * How a language writes what JSON can say.
 * @typedef {object} Manner
 * @property {(text: string) => string} text
 * @property {string} yes
 * @property {string} no
 * @property {[string, string]} list
 * @property {[string, string]} object
 * @property {string} pair
 */

/** As JSON does: JavaScript, and Rust's `json!`. @type {Manner} */
export const JSON_MANNER = { text: quoted, yes: "true", no: "false", list: ["[", "]"], object: ["{", "}"], pair: ": " };

/** @type {Manner} */
export const PYTHON_MANNER = { ...JSON_MANNER, yes: "True", no: "False" };

/** @type {Manner} */
export const RUBY_MANNER = { ...JSON_MANNER, text: single, pair: " => " };

/** @type {Manner} */
export const PHP_MANNER = { ...RUBY_MANNER, object: ["[", "]"] };

/**
 * A JSON value as a literal.
 * @param {unknown} value
 * @param {Manner} manner
 * @param {string} [indent]
 * @returns {string}
 */
export function literal(value, manner, indent = "") {
  const deeper = `${indent}    `;
  if (typeof value === "string") return manner.text(value);
  if (typeof value === "boolean") return value ? manner.yes : manner.no;
  if (typeof value !== "object" || value === null) return String(value);
  const [[open, close], parts] = Array.isArray(value)
    ? [manner.list, value.map((item) => literal(item, manner, deeper))]
    : [manner.object, Object.entries(value).map(([key, inner]) => manner.text(key) + manner.pair + literal(inner, manner, deeper))];
  if (parts.length === 0) return open + close;
  return `${open}\n${parts.map((part) => `${deeper}${part},\n`).join("")}${indent}${close}`;
}

/**
 * The members that are sent, each with what the contract says of it.
 * @param {Record<string, unknown>} params
 * @param {import("./members.js").Member[] | undefined} members
 * @returns {{ member: import("./members.js").Member, value: unknown }[]}
 */
export function known(params, members) {
  return (members ?? []).flatMap((member) => (member.Name in params ? [{ member, value: params[member.Name] }] : []));
}

/** The values of a list. @param {unknown} value @returns {unknown[]} */
export const listOf = (value) => (Array.isArray(value) ? value : [value]);

/** @param {unknown} value @returns {Record<string, unknown>} */
export const objectOf = (value) => /** @type {Record<string, unknown>} */ (value ?? {});
