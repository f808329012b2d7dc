// Records of any kind as a small table: the state says which keys there are.

import { h } from "./dom.js";

const COLUMNS_MAX = 7;
const ROWS_MAX = 30;

/** @param {any[]} all newest last @param {unknown[]} [besides] values that go without saying */
export function records(all, besides = []) {
  const keys = [...new Set(all.flatMap((record) => Object.keys(record)))].filter((key) => {
    const values = all.map((record) => record[key]).filter((value) => value !== undefined);
    return values.some((value) => !besides.includes(Array.isArray(value) && value.length === 1 ? value[0] : value) && !/password|secret/i.test(key));
  });
  const columns = keys.slice(0, COLUMNS_MAX);
  const rows = all.slice(-ROWS_MAX).reverse().map((record) => h("tr", null, columns.map((key) => h("td", { class: classOf(record[key]), title: shown(record[key]) }, shown(record[key])))));
  return h("div", { class: "records", tabindex: 0 }, h("table", null, h("thead", null, h("tr", null, columns.map((key) => h("th", { scope: "col", class: classOf(all[0][key]) }, key)))), h("tbody", null, rows)));
}

/** Sums stand one below the other. @param {unknown} value */
const classOf = (value) => (/^¥/.test(String(value)) ? "figure sum" : typeof value === "number" ? "figure" : "");

/** @param {unknown} value */
const shown = (value) => (value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value));
