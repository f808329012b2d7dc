// What the page says, in English or Chinese. The English text is the key.

import { chosen, choose } from "./settings.js";
import { zh } from "./zh.js";

const preferred = () => (globalThis.navigator?.language?.startsWith("zh") ? "zh" : "en");

export const language = globalThis.localStorage ? chosen("language", preferred()) : "en";

/** @param {string} text @param {Record<string, string | number>} [values] for `{name}` in it */
export function t(text, values) {
  const said = (language === "zh" && zh[text]) || text;
  return values ? said.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? "")) : said;
}

/** @param {string} other */
export function speak(other) {
  choose("language", other);
  location.reload();
}
