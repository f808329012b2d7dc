// JSON to look at: with colours, each value as text.

import { h } from "./dom.js";

const TOKENS = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** Longer texts are shown plain: so many elements would stop the page. */
const COLOURED_MAX = 60_000;

/** @param {unknown} value */
export function jsonView(value) {
  const text = JSON.stringify(value, null, 2) ?? "";
  const view = h("pre", { class: "json-view", tabindex: 0 });
  if (text.length > COLOURED_MAX) {
    view.textContent = text;
    return view;
  }
  let at = 0;
  for (const token of text.matchAll(TOKENS)) {
    const [whole, string, colon, word] = token;
    view.append(text.slice(at, token.index));
    const kind = colon ? "key" : string ? "string" : word ? "word" : "number";
    view.append(h("span", { class: kind }, string ?? whole), colon ?? "");
    at = token.index + whole.length;
  }
  view.append(text.slice(at));
  return view;
}
