// Fault rules: those that stand, and one to arm.

import { action as readAction, contract } from "./contract.js";
import { control } from "./control.js";
import { breakable, button, h, put, say, select } from "./dom.js";
import { here } from "./link.js";
import { on } from "./live.js";
import { newest } from "./newest.js";
import { t } from "./words.js";

/** What a rule does, for the first choice. @type {[string, string, object][]} */
const KINDS = [
  ["code", "answers a code", {}],
  ["delay", "is late", { DelayMs: 2_000 }],
  ["drop", "gets no answer", { Drop: true }],
  ["fail", "begins a change that fails", { Flow: "fail" }],
  ["hang", "begins a change that never ends", { Flow: "hang" }],
];

/** @param {HTMLElement} root */
export async function faults(root) {
  const known = await contract();
  const names = known.Actions.filter((own) => own.Service === "redis").map((own) => own.Name);
  const made = { action: "UpgradeInstance", kind: "code", code: "", times: "1", when: "before" };
  const editor = h("textarea", { class: "json", rows: 9, spellcheck: "false", "aria-label": t("The rule as JSON"), id: "rule" });
  const codes = h("datalist", { id: "fault-codes" });
  const actionList = h("datalist", { id: "fault-actions" }, names.map((name) => h("option", { value: name })));
  const list = h("div");
  const warnings = h("div", { role: "status" });

  const text = (/** @type {"action" | "code" | "times"} */ key, /** @type {string} */ label, /** @type {Record<string, unknown>} */ attributes) =>
    h("label", { class: "labelled" }, label, h("input", { value: made[key], autocomplete: "off", spellcheck: "false", oninput: (/** @type {Event} */ event) => {
      made[key] = /** @type {HTMLInputElement} */ (event.target).value;
      write();
      if (key === "action") void offer();
    }, ...attributes }));

  const beginOffer = newest();
  async function offer() {
    const isNewest = beginOffer();
    if (!names.includes(made.action)) return;
    const own = await readAction(made.action, "redis");
    if (isNewest()) put(codes, [...(own.Codes ?? []).map((row) => row.Code), ...known.Common].map((code) => h("option", { value: code })));
  }

  function write() {
    const kind = KINDS.find(([id]) => id === made.kind) ?? KINDS[0];
    const then = made.kind === "code" ? { Code: made.code || "InternalError" } : kind[2];
    const rule = { Match: made.action ? { Action: made.action } : {}, Then: then, ...(made.when === "after" ? { When: "after" } : {}), ...(Number(made.times) > 0 ? { Times: Number(made.times) } : {}) };
    editor.value = JSON.stringify(rule, null, 2);
  }

  async function arm() {
    try {
      const answer = await control("POST", "/faults", JSON.parse(editor.value));
      put(warnings, answer.Warnings.map((/** @type {string} */ warning) => h("p", { class: "warn" }, warning)));
      say(t("Fault {id} is armed.", { id: answer.Id }));
      await show();
    } catch (error) {
      put(warnings, h("p", { class: "bad" }, String(/** @type {Error} */ (error).message)));
    }
  }

  const beginShow = newest();
  async function show() {
    const isNewest = beginShow();
    const { Faults } = await control("GET", "/faults");
    if (isNewest()) put(list, Faults.length === 0 ? h("p", { class: "empty" }, t("No fault rule stands. Every call takes its usual way.")) : Faults.map(rule));
  }

  /** @param {any} own */
  function rule(own) {
    const isSpent = own.Times && own.Fired >= own.Times;
    // All of it stands in its first line then.
    const isPlain = own.When !== "after" && Object.keys(own.Match).join() === "Action" && Object.keys(own.Then).length === 1;
    return h("article", { class: `card rule${isSpent ? " spent" : ""}`, "data-fault": own.Id },
      h("div", { class: "row wrap" },
        h("span", { class: "tag" }, `#${own.Id}`),
        h("strong", { class: "mono" }, own.Match.Action ?? own.Match.Family ?? t("every call")),
        "→",
        h("span", { class: "mono bad" }, breakable(own.Then.Code ?? JSON.stringify(own.Then))),
        h("span", { class: "spring" }),
        h("span", { class: "row" }, h("span", { class: "figure" }, own.Times ? t("struck {fired} of {times}", { fired: own.Fired, times: own.Times }) : t("struck {fired}", { fired: own.Fired })),
        isSpent ? h("span", { class: "tag" }, t("spent")) : null,
        button(t("Take away"), async () => {
          await control("DELETE", `/faults/${own.Id}`);
          await show();
        }, { class: "quiet" }))),
      isPlain ? null : h("p", { class: "mono muted" }, JSON.stringify({ Match: own.Match, Then: own.Then, ...(own.When ? { When: own.When } : {}) })));
  }

  put(root, h("div", { class: "page two" },
    h("section", null,
      h("div", { class: "toolbar" }, h("h1", null, t("Faults")), h("span", { class: "spring" }), button(t("Take all away"), async () => {
        await control("DELETE", "/faults");
        await show();
      }, { class: "quiet" })), list),
    h("section", { class: "card" },
      h("h2", null, t("Arm one")),
      h("div", { class: "fields" },
        text("action", t("The call"), { list: "fault-actions", id: "fault-action" }),
        h("label", { class: "labelled" }, t("What becomes of it"), select(t("What becomes of it"), KINDS.map(([id, name]) => /** @type {[string, string]} */ ([id, t(name)])), made.kind, (kind) => {
          made.kind = kind;
          write();
        })),
        text("code", t("Error code"), { list: "fault-codes", id: "fault-code", placeholder: "InternalError" }),
        text("times", t("How often"), { inputmode: "numeric" }),
        h("label", { class: "labelled" }, t("When"), select(t("When"), [["before", t("before the effect")], ["after", t("after the effect")]], made.when, (when) => {
          made.when = when;
          write();
        }))),
      editor, actionList, codes, warnings,
      button(t("Arm"), () => void arm(), { class: "primary", id: "arm" }))));
  write();
  const given = here().query.get("rule");
  if (given) editor.value = given;
  void offer();
  await show();
  let isDue = false;
  const off = on("call", () => {
    if (isDue) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      void show();
    }, 400);
  });
  return () => void off();
}
