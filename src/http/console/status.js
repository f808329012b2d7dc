// The status of an instance, in words and colour.

import { h } from "./dom.js";
import { t } from "./words.js";

/** @type {Record<number, [string, string]>} */
const STATUSES = { 0: ["to be initialised", "busy"], 1: ["in process", "busy"], 2: ["running", "ok"], [-2]: ["isolated", "off"], [-3]: ["to be deleted", "off"] };

/** @param {number} status */
export const statusWord = (status) => t(STATUSES[status]?.[0] ?? String(status));

/** @param {number} status */
export const statusMark = (status) =>
  h("span", { class: `status ${STATUSES[status]?.[1] ?? "off"}` }, h("span", { class: "dot" }), `${status} ${statusWord(status)}`);

/** Memory for people. @param {number} mb */
export const memory = (mb) => (mb >= 1000 ? `${Number((mb / 1024).toFixed(1))} GB` : `${mb} MB`);

/** How full. @param {number} used @param {number} whole */
export function bar(used, whole) {
  const share = whole > 0 ? Math.min(1, used / whole) : 0;
  const fill = h("span", { class: `bar-fill${share > 0.9 ? " bad" : share > 0.75 ? " busy" : ""}` });
  fill.style.width = `${(share * 100).toFixed(1)}%`;
  return h("span", { class: "bar", role: "img", "aria-label": `${Math.round(share * 100)} %` }, fill);
}
