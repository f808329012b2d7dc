// Quick search over the actions: by name, family, parameter and error code; the letters of what is asked need only come
// in that order. A family is found by its Chinese name too, whichever language the page speaks.

import { zh } from "./zh.js";

/**
 * How well the text is met, 0 for not at all. Letters in a row and at the beginnings of words count more.
 * @param {string} asked in lower case, without blanks
 * @param {string} text
 */
export function score(asked, text) {
  const lower = text.toLowerCase();
  const whole = lower.indexOf(asked);
  if (whole >= 0) return 1_000 - Math.min(whole, 100) * 4 - Math.min(text.length - asked.length, 100);
  let [points, at, inRow] = [0, 0, 0];
  for (const letter of asked) {
    const found = lower.indexOf(letter, at);
    if (found < 0) return 0;
    const begins = found === 0 || /[A-Z._ ]/.test(text[found]) || /[._ ]/.test(text[found - 1]);
    inRow = found === at && at > 0 ? inRow + 1 : 0;
    points += 4 + (begins ? 12 : 0) + inRow * 6 - Math.min(found - at, 12);
    at = found + 1;
  }
  // Letters strewn about are no meeting.
  return points >= asked.length * 9 ? Math.min(points, 400) : 0;
}

/**
 * @typedef {object} Hit
 * @property {import("./contract.js").Listed} action
 * @property {number} points
 * @property {string} by what was met beside the name: a parameter, a code
 */

/**
 * @param {import("./contract.js").Contract} contract
 * @param {string} query
 * @returns {Hit[]} best first
 */
export function search(contract, query) {
  const asked = query.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const hits = contract.Actions.map((action) => {
    const hit = { action, points: action.Service === "redis" ? 1 : 0, by: "" };
    for (const word of asked) {
      const met = best(contract, action, word);
      if (met.points === 0) return { ...hit, points: -1 };
      hit.points += met.points;
      hit.by ||= met.by;
    }
    return hit;
  });
  const found = hits.filter((hit) => hit.points >= (asked.length > 0 ? 1 : 0));
  return asked.length > 0 ? found.sort((one, other) => other.points - one.points) : found;
}

/** @param {import("./contract.js").Contract} contract @param {import("./contract.js").Listed} action @param {string} word */
function best(contract, action, word) {
  let met = { points: score(word, action.Name) * 3, by: "" };
  /** @param {string} text @param {number} weight @param {string} by */
  const meet = (text, weight, by) => {
    const points = score(word, text) * weight;
    if (points > met.points) met = { points, by };
  };
  meet(action.Family, 1, "");
  meet(zh[action.Family] ?? "", 2, "");
  meet(action.Service, 1, "");
  for (const name of action.Parameters) meet(name, 2, name);
  for (const code of action.Codes ?? []) meet(contract.Codes[code], 1, contract.Codes[code]);
  return met;
}
