// A call's members: what the contract says of them, and the values that a form gives them.

/**
 * A member as `GET /_crs/actions/{Name}` tells it.
 * @typedef {object} Member
 * @property {string} Name
 * @property {string} Type
 * @property {boolean} [Required]
 * @property {boolean} [Deprecated]
 * @property {string} [Object] the name of the object
 * @property {Member[]} [Members]
 * @property {{ Type: string, Object?: string, Members?: Member[] }} [Item]
 * @property {number} [ItemsMax]
 * @property {{ Value: string | number, Says: string }[]} [Values]
 * @property {{ Least: number, Most: number }} [Range]
 * @property {string} [Like]
 */

/**
 * An action as `GET /_crs/actions/{Name}` tells it.
 * @typedef {object} Action
 * @property {string} Name
 * @property {string} Service
 * @property {string} Version
 * @property {string} Family
 * @property {boolean} Reads
 * @property {number} RateLimit
 * @property {"required" | "optional" | "ignored"} Region
 * @property {string} Flows
 * @property {string[]} Unread
 * @property {Member[]} Input
 * @property {Member[]} Output
 * @property {CodeRow[] | null} Codes
 */

/**
 * A code that an action documents, with what brings it about: a request, in the state of a fixture, or a fault rule alone.
 * @typedef {object} CodeRow
 * @property {string} Code
 * @property {string[]} Causes
 * @property {"rule" | "fixture" | "fault"} How
 * @property {string} [Region]
 * @property {Record<string, any>} [Request]
 * @property {Record<string, any>} [Fixture]
 */

/** @param {unknown} value @returns {value is Record<string, unknown>} */
export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The value without what was left empty; undefined where nothing is left.
 * @param {unknown} value
 * @returns {unknown}
 */
export function pruned(value) {
  if (value === "" || value === undefined) return undefined;
  if (Array.isArray(value)) {
    const items = value.map(pruned).filter((item) => item !== undefined);
    return items.length > 0 ? items : undefined;
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, pruned(inner)]);
  const kept = entries.filter(([, inner]) => inner !== undefined);
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

/** What to send of what a form holds. @param {Record<string, unknown>} values @returns {Record<string, unknown>} */
export const sent = (values) => /** @type {Record<string, unknown>} */ (pruned(values) ?? {});

/**
 * What was typed, as the type that the contract wants; what is none of that type stays a text, so that the server's own
 * answer to it can be seen.
 * @param {string} text
 * @param {string} type
 * @returns {string | number | boolean}
 */
export function typed(text, type) {
  const trimmed = text.trim();
  if (type.endsWith("integer") && /^-?\d+$/.test(trimmed) && Number.isSafeInteger(Number(trimmed))) return Number(trimmed);
  if (type === "float" && trimmed !== "" && Number.isFinite(Number(trimmed))) return Number(trimmed);
  if (type === "boolean" && (trimmed === "true" || trimmed === "false")) return trimmed === "true";
  return text;
}

/** The item of a list as a member of its own. @param {Member} list @returns {Member} */
export const itemOf = (list) => ({ Values: list.Values, Like: list.Like, ...list.Item, Name: list.Name, Type: list.Item?.Type ?? "string" });

/** Whether the type holds others. @param {Member} member */
export const isNested = (member) => member.Type === "object" || member.Type === "array";
