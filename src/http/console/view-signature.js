// The signature check: paste a request, see each step, and where yours parts from it.

import { button, h, put } from "./dom.js";
import { live, on } from "./live.js";
import { newest } from "./newest.js";
import { TC3, request as signedRequest } from "./sign.js";
import { header, readRequest } from "./signature-request.js";
import { KINDS, check, firstDifference, secretIdOf } from "./signature-steps.js";
import { t } from "./words.js";

const kept = { text: "", key: "", canonical: "", toSign: "" };

/** @param {HTMLElement} root */
export function signature(root) {
  const result = h("div", { role: "status", class: "steps" });
  const area = (/** @type {"text" | "canonical" | "toSign"} */ key, /** @type {string} */ label, /** @type {number} */ rows) =>
    h("textarea", { class: "json", rows, spellcheck: "false", id: `signature-${key}`, "aria-label": label, value: kept[key], oninput: (/** @type {Event} */ event) => {
      kept[key] = /** @type {HTMLTextAreaElement} */ (event.target).value;
      void show();
    } });
  const text = area("text", t("The request"), 12);
  const key = h("input", { type: "password", autocomplete: "off", id: "signature-key", "aria-label": "SecretKey", placeholder: t("as the state has it"), value: kept.key, oninput: () => {
    kept.key = key.value;
    void show();
  } });
  put(root, h("div", { class: "page two" },
    h("section", null,
      h("h1", null, t("Signature check")),
      h("p", { class: "muted" }, t("Paste a request: curl, raw HTTP, or its headers line by line with the body behind an empty line. Nothing leaves this page.")),
      text,
      h("div", { class: "row wrap" },
        h("label", { class: "labelled spring" }, "SecretKey", key),
        button(t("An example"), () => void example(), { id: "signature-example" })),
      h("details", null, h("summary", null, t("Compare with your own steps")),
        h("p", { class: "muted" }, t("Have your program print what it signs, and paste it here: the first place that differs is shown.")),
        h("label", null, t("Your canonical request"), area("canonical", t("Your canonical request"), 8)),
        h("label", null, t("Your string to sign"), area("toSign", t("Your string to sign"), 5)))),
    result));

  async function example() {
    const call = { action: "DescribeInstances", service: "redis", version: "2018-04-12", region: "ap-guangzhou", params: { Limit: 1 }, secretId: "AKIDlocal", secretKey: "local", method: TC3 };
    const { headers, body } = await signedRequest(call, location.host);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    kept.text = `POST / HTTP/1.1\nHost: ${location.host}\n${lines.join("\n")}\n\n${body}`;
    text.value = kept.text;
    await show();
  }

  /** The key that was typed, or the one that the state has. @param {string} secretId */
  const keyOf = (secretId) =>
    kept.key || (live.summary.Accounts.flatMap((account) => account.Credentials).find((own) => own.SecretId === secretId)?.SecretKey ?? "");

  const begin = newest();
  /** The key that was used last. */
  let used = "";

  async function show() {
    const isNewest = begin();
    if (!kept.text.trim()) return void put(result, h("p", { class: "empty big" }, t("The steps of the signature appear here.")));
    const request = readRequest(kept.text);
    const secretId = secretIdOf(request);
    const secretKey = keyOf(secretId);
    used = secretKey;
    const checked = await check(request, secretKey);
    if (!isNewest()) return;
    const verdict = checked.kind === "none" ? ["bad", t("No signature was found")] : checked.isRight ? ["ok", t("The signature is right")] : ["bad", t("The signature is wrong")];
    const own = { "Canonical request": kept.canonical, "String to sign": kept.toSign };
    put(
      result,
      h("div", { class: `verdict-card ${verdict[0]}`, id: "verdict" },
        h("strong", null, verdict[1]),
        h("span", { class: "muted" }, [KINDS[checked.kind], secretId, `${request.method} ${header("host", request)}${request.path}`].filter(Boolean).join(" · ")),
        secretId && !secretKey ? h("p", { class: "warn" }, t("The key of {id} is not known here: type it in.", { id: secretId })) : null,
        checked.faults.map((fault) => h("p", { class: "warn" }, t(fault)))),
      checked.isRight || checked.kind === "none" ? null : mistake(checked),
      checked.steps.map((step, index) => h("section", { class: "step" },
        h("h2", null, h("span", { class: "step-number" }, String(index + 1)), t(step.name)),
        h("pre", { class: "code", tabindex: 0 }, step.text),
        compared(step.text, Reflect.get(own, step.name) ?? ""))),
    );
  }

  /** @param {import("./signature-steps.js").Checked} checked */
  function mistake(checked) {
    const rows = h("div", { class: "difference" }, [[t("sent"), checked.sent], [t("right"), checked.signature]].map(([name, value]) =>
      h("div", { class: "diff" }, h("span", { class: "diff-name" }, name), h("code", null, value))));
    if (!checked.mistake) {
      return h("section", { class: "card", id: "mistake" }, h("h2", null, t("Where it differs")), rows,
        h("p", null, t("None of the usual mistakes makes the signature that was sent. The key may be another one, or the body was changed on its way; compare with your own steps.")));
    }
    return h("section", { class: "card", id: "mistake" }, h("h2", null, t("Where it differs")), rows,
      h("p", { class: "strong" }, t(checked.mistake.says)), compared(checked.mistake.ours, checked.mistake.theirs));
  }

  // Keys are known once the state is, and may come with it.
  const off = on("summary", () => {
    if (keyOf(secretIdOf(readRequest(kept.text))) !== used) void show();
  });
  void show();
  return () => void off();
}

/** The first place where the two part. @param {string} ours @param {string} theirs */
function compared(ours, theirs) {
  if (!theirs.trim()) return null;
  const at = firstDifference(ours, theirs);
  if (!at) return h("p", { class: "ok" }, t("Yours is the same."));
  const shown = (/** @type {string} */ name, /** @type {string} */ line, /** @type {string} */ kind) =>
    h("div", { class: `diff ${kind}` }, h("span", { class: "diff-name" }, name), h("code", null, line.slice(0, at.column - 1), h("mark", null, line.slice(at.column - 1) || "↵")));
  return h("div", { class: "difference" }, h("p", null, t("Line {line}, character {column}:", { line: at.line, column: at.column })), shown(t("right"), at.ours, "ok"), shown(t("yours"), at.theirs, "bad"));
}
