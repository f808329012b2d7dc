// An answer to look at: what it says, and of an error what it means, what brings it about here and how to provoke it.

import { control } from "./control.js";
import { breakable, button, copy, h, say } from "./dom.js";
import { jsonView } from "./json-view.js";
import { t } from "./words.js";

/**
 * @typedef {object} Answered
 * @property {number} status of HTTP
 * @property {string} text
 * @property {any} json null where it is none
 * @property {number} ms
 * @property {string} requestId
 * @property {string} code empty where it is no error
 * @property {string} message
 */

/** @param {Answered} answer @param {import("./members.js").Action} action */
export function answerView(answer, action) {
  const raw = h("pre", { class: "json-view", tabindex: 0 }, answer.text);
  const pretty = answer.json === null ? raw : jsonView(answer.json);
  const body = h("div", { class: "answer-body" }, pretty);
  const toggle = button(t("Raw"), () => {
    const isRaw = body.firstChild === raw;
    body.replaceChildren(isRaw ? pretty : raw);
    toggle.textContent = isRaw ? t("Raw") : t("Pretty");
  }, { class: "quiet" });
  const verdict = answer.code
    ? h("strong", { class: "verdict bad" }, breakable(answer.code))
    : h("strong", { class: `verdict ${answer.status === 200 ? "ok" : "bad"}` }, answer.status === 200 ? t("answered") : `HTTP ${answer.status}`);
  return h(
    "div",
    { class: "answer" },
    h(
      "div",
      { class: "answer-head" },
      verdict,
      h("span", { class: "figure" }, `${answer.ms.toFixed(1)} ms`),
    ),
    h("div", { class: "row wrap" },
      answer.requestId ? button(answer.requestId, () => void copy(answer.requestId, t("RequestId copied")), { class: "mono quiet id", title: t("Copy the RequestId") }) : null,
      h("span", { class: "row end" }, toggle, button(t("Copy"), () => void copy(answer.text, t("Answer copied")), { class: "quiet" }))),
    answer.code ? why(answer, action) : null,
    body,
  );
}

/** @param {Answered} answer @param {import("./members.js").Action} action */
function why(answer, action) {
  const own = action.Codes?.find((row) => row.Code === answer.code);
  const kind = answer.code.split(".")[0];
  return h(
    "section",
    { class: "why", "aria-label": t("Why") },
    h("p", { class: "said-message" }, answer.message),
    h("p", { class: "muted" }, `${t(MEANINGS[kind] ?? "The call was refused.")} `, own ? t("{action} documents this code.", { action: action.Name }) : t("The code is common to all actions.")),
    causes(own?.Causes ?? []),
    h("div", { class: "row" }, armButton(action.Name, answer.code)),
  );
}

/** @param {string[]} all */
export function causes(all) {
  if (all.length === 0) return null;
  return h(
    "details",
    { class: "causes" },
    h("summary", null, t("What brings it about here ({count})", { count: all.length })),
    h("ul", null, all.map((text) => h("li", null, text.replace(/\{\w*\}/g, "…")))),
  );
}

/** @param {string} action @param {string} code */
export const armButton = (action, code) =>
  button(t("Provoke it: arm a fault for the next call"), async () => {
    try {
      const { Id } = await control("POST", "/faults", { Match: { Action: action }, Then: { Code: code }, Times: 1 });
      say(t("Fault {id} strikes the next {action}.", { id: Id, action }));
    } catch (error) {
      say(String(/** @type {Error} */ (error).message), "bad");
    }
  }, { class: "arm", title: code });

/**
 * How a code is brought about, and what does it: a call that fills the form, where one is known, and a fault rule.
 * @param {string} action @param {import("./members.js").CodeRow} row @param {(row: import("./members.js").CodeRow) => void} fill
 */
export const provoked = (action, row, fill) => [
  causes(row.Causes),
  row.How === "fault" && row.Causes.length === 0 ? h("p", { class: "muted" }, t("Nothing here brings it about by itself; a fault rule does.")) : null,
  row.How !== "fault" && !row.Request ? h("p", { class: "muted" }, t("A call that is too long to be shown brings it about.")) : null,
  row.Fixture ? h("p", { class: "muted" }, t("The call needs the state of a fixture.")) : null,
  h("div", { class: "choices" },
    row.Request ? button(t("Fill the form with a call that is refused so"), () => fill(row), { class: "choice" }) : null,
    row.Fixture ? button(t("Copy the fixture"), () => void copy(JSON.stringify(row.Fixture, null, 2), t("Copied")), { class: "choice" }) : null,
    armButton(action, row.Code)),
];

/** What the first part of a code says. @type {Record<string, string>} */
export const MEANINGS = {
  ActionOffline: "The action has been withdrawn.",
  AuthFailure: "Who calls could not be proved.",
  DryRunOperation: "It would have been carried out.",
  FailedOperation: "The operation itself failed.",
  InternalError: "Something inside the cloud failed.",
  InvalidAction: "There is no such action.",
  InvalidParameter: "A parameter is wrong, or does not go with the others.",
  InvalidParameterValue: "The value of a parameter is not allowed.",
  LimitExceeded: "A limit is exceeded.",
  MissingParameter: "A parameter that is required was not sent.",
  NoSuchVersion: "There is no such version of the API.",
  RequestLimitExceeded: "Too many calls in this second.",
  ResourceInUse: "Something is in use.",
  ResourceInsufficient: "There is not enough of it.",
  ResourceNotFound: "What is named does not exist.",
  ResourceUnavailable: "What is named cannot be used as it stands.",
  ResourcesSoldOut: "It is sold out.",
  UnauthorizedOperation: "The caller may not do this.",
  UnknownParameter: "A parameter was sent that the action does not have.",
  UnsupportedOperation: "The operation is not supported for what is named.",
  UnsupportedProtocol: "The call came by a protocol that is not taken.",
  UnsupportedRegion: "The region is not supported.",
};

