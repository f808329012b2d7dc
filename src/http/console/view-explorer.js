// The explorer: find an action, fill its form, send it, read the answer, copy the code.

import { answerView, provoked } from "./answer.js";
import { codeOf, languagesOf } from "./code.js";
import { action as readAction, contract } from "./contract.js";
import { breakable, button, copy, h, put, say, select } from "./dom.js";
import { form } from "./form.js";
import { here, linkOf, note } from "./link.js";
import { live, on } from "./live.js";
import { newest } from "./newest.js";
import { sent } from "./members.js";
import { searchBox } from "./search-box.js";
import { history, send } from "./send.js";
import { choose, chosen } from "./settings.js";
import { METHODS } from "./sign.js";
import { t } from "./words.js";

/** What the explorer holds while other views are shown. */
const kept = {
  name: "",
  service: "redis",
  region: chosen("region", "ap-guangzhou"),
  method: METHODS[0],
  secretId: "AKIDlocal",
  /** What was typed for a pair that the state does not have. */
  own: { SecretId: "", SecretKey: "", Token: "" },
  /** @type {Record<string, Record<string, any>>} */
  values: {},
  isExact: false,
  tab: "answer",
  language: chosen("code", "python"),
  isReal: false,
  /** @type {import("./answer.js").Answered | null} */
  answered: null,
};

/** What the link says goes into the form; nothing is sent. */
function takeLink() {
  const { name, query } = here();
  const service = query.get("service") ?? "redis";
  if (!name) return;
  if (name !== kept.name || service !== kept.service) kept.answered = null;
  Object.assign(kept, { name, service, region: query.get("region") ?? kept.region });
  const params = query.get("params");
  if (params === null) return;
  try {
    kept.values[`${service}/${name}`] = JSON.parse(params);
  } catch {
    say(t("The parameters of this link cannot be read."), "bad");
  }
}

/** @returns {Record<string, any>} */
const values = () => (kept.values[`${kept.service}/${kept.name}`] ??= {});

/** @returns {Record<string, any>} */
const params = () => (kept.isExact ? values() : sent(values()));

/** The key pair that is chosen. */
function pair() {
  if (kept.secretId === "") return kept.own;
  const pairs = live.summary.Accounts.flatMap((account) => account.Credentials);
  return pairs.find((own) => own.SecretId === kept.secretId) ?? { SecretId: "AKIDlocal", SecretKey: "local" };
}

/** @param {HTMLElement} root @returns {Promise<() => void>} */
export async function explorer(root) {
  takeLink();
  const box = searchBox((row) => {
    if (row.Name !== kept.name || row.Service !== kept.service) kept.answered = null;
    Object.assign(kept, { name: row.Name, service: row.Service, isExact: false });
    void show();
  }, () => `${kept.service}/${kept.name}`);
  const middle = h("section", { class: "pane call", "aria-label": t("The call") });
  const right = h("section", { class: "pane result", "aria-label": t("The result") });
  put(root, h("div", { class: "explorer" }, h("section", { class: "pane actions", "aria-label": t("Actions") }, box.root), middle, right));

  const known = await contract();
  /** @type {import("./members.js").Action | null} */
  let current = null;

  const beginShow = newest();
  async function show() {
    const isNewest = beginShow();
    kept.name ||= "DescribeInstances";
    const row = known.Actions.find((own) => own.Name === kept.name && own.Service === kept.service);
    if (!row) {
      put(middle, h("p", { class: "empty" }, t("There is no action {name}.", { name: kept.name })));
      put(right);
      return;
    }
    const own = await readAction(row.Name, row.Service);
    if (!isNewest()) return;
    current = own;
    box.refresh();
    showCall(current);
    changed();
    showResult();
  }

  const codePlace = h("div", { class: "code-place" });
  /** @type {ReturnType<typeof form>} */
  let fields;

  /** @param {import("./members.js").Action} own */
  function showCall(own) {
    if (own.Input.some((member) => member.Name === "InstanceId" && member.Required) && values().InstanceId === undefined) {
      const first = live.rows.find((row) => row.Region === kept.region && row.Status === 2);
      if (first) values().InstanceId = first.InstanceId;
    }
    fields = form(own, values(), known, () => kept.region, changed);
    const mode = button(kept.isExact ? t("Form") : "JSON", () => {
      kept.isExact = !kept.isExact;
      mode.textContent = kept.isExact ? t("Form") : "JSON";
      if (kept.isExact) fields.json();
      else showCall(own);
      changed();
    }, { class: "quiet" });
    put(
      middle,
      h("header", { class: "call-head" },
        h("h1", null, own.Name),
        h("p", { class: "muted tags" },
          h("span", { class: "tag" }, `${own.Service} ${own.Version}`),
          h("span", { class: "tag" }, t(own.Family)),
          h("span", { class: "tag" }, own.Reads ? t("reads") : t("changes something")),
          h("span", { class: "tag" }, t("{limit} a second", { limit: own.RateLimit })),
        )),
      h("div", { class: "common" }, regionChoice(own), pairChoice(own), methodChoice()),
      h("div", { class: "form-head" }, h("h2", null, t("Parameters")), mode),
      fields.root,
      h("div", { class: "send-bar" },
        button(t("Send"), () => void sendNow(), { class: "primary", id: "send", title: "Ctrl+Enter" }),
        button(t("Copy link"), () => void copy(location.origin + location.pathname + linkOf(call()), t("Link copied: it fills the form and sends nothing")), { class: "quiet" }),
        button(t("Clear"), () => {
          delete kept.values[`${kept.service}/${kept.name}`];
          kept.isExact = false;
          showCall(own);
          changed();
        }, { class: "quiet" })),
    );
    if (kept.isExact) fields.json();
  }

  /** @param {import("./members.js").Action} own */
  function regionChoice(own) {
    const names = known.Regions.map((region) => region.Name);
    const choice = select(t("Region"), own.Region === "required" ? names : [["", t("(none)")], ...names.map((name) => /** @type {[string, string]} */ ([name, name]))], kept.region, (region) => {
      kept.region = region;
      choose("region", region);
      changed();
    }, { id: "region" });
    return h("label", { class: "labelled" }, t("Region"), choice);
  }

  /** @param {import("./members.js").Action} own */
  function pairChoice(own) {
    const pairs = live.summary.Accounts.flatMap((account) => account.Credentials.map((one) => /** @type {[string, string]} */ ([one.SecretId, `${one.SecretId} · ${account.AppId}`])));
    const options = pairs.length > 0 ? pairs : [/** @type {[string, string]} */ (["AKIDlocal", "AKIDlocal"])];
    const choice = select(t("Key pair"), [...options, ["", t("another…")]], kept.secretId, (id) => {
      kept.secretId = id;
      showCall(own);
      changed();
    });
    if (kept.secretId !== "") return h("label", { class: "labelled" }, t("Key pair"), choice);
    const typedIn = (/** @type {"SecretId" | "SecretKey" | "Token"} */ key) =>
      h("input", { type: key === "SecretId" ? "text" : "password", placeholder: key, "aria-label": key, autocomplete: "off", value: kept.own[key], oninput: (/** @type {Event} */ event) => {
        kept.own[key] = /** @type {HTMLInputElement} */ (event.target).value;
        changed();
      } });
    return h("div", { class: "labelled wide" }, h("span", null, t("Key pair")), choice, typedIn("SecretId"), typedIn("SecretKey"), typedIn("Token"));
  }

  function methodChoice() {
    const options = [...METHODS.map((own) => /** @type {[string, string]} */ ([own, own])), /** @type {[string, string]} */ (["none", t("not signed")])];
    return h("label", { class: "labelled" }, t("Signature"), select(t("Signature"), options, kept.method, (method) => (kept.method = method)));
  }

  const call = () => {
    const own = pair();
    return {
      action: kept.name,
      service: kept.service,
      version: current?.Version ?? "2018-04-12",
      region: kept.region,
      params: params(),
      secretId: own.SecretId,
      secretKey: own.SecretKey,
      token: own.Token ?? undefined,
      method: kept.method,
    };
  };

  function changed() {
    note(linkOf(call()));
    void writeCode();
  }

  const beginCode = newest();
  async function writeCode() {
    const isNewest = beginCode();
    if (!current || kept.tab !== "code") return;
    const languages = languagesOf(current.Name);
    const language = languages.find((own) => own.id === kept.language) ?? languages[0];
    const { secretId, secretKey } = call();
    const code = await codeOf(language.id, {
      action: current, params: params(), region: kept.region, secretId, secretKey,
      real: kept.isReal, host: location.host, scheme: location.protocol.replace(":", ""),
    });
    if (isNewest()) put(codePlace, h("pre", { class: "code", tabindex: 0, id: "code" }, code));
  }

  async function sendNow() {
    const go = /** @type {HTMLButtonElement} */ (document.getElementById("send"));
    if (!current || go.disabled) return;
    go.disabled = true;
    const asked = current;
    const answered = await send(call()).catch((error) =>
      ({ status: 0, text: String(error), json: null, ms: 0, requestId: "", code: t("no answer"), message: String(error) }));
    go.disabled = false;
    // Who has chosen another call meanwhile finds this one in the history.
    if (asked !== current) return;
    kept.answered = answered;
    kept.tab = "answer";
    showResult();
    if (innerWidth < 1_100) right.scrollIntoView({ block: "start" });
  }

  /** @type {Record<string, () => import("./dom.js").Child[]>} */
  const tabs = {
    answer: () => [
      kept.answered && current
        ? answerView(kept.answered, current)
        : h("div", { class: "empty big" }, h("p", null, t("Nothing was sent yet.")), h("p", { class: "muted" }, t("Fill the form and press Send, or Ctrl+Enter."))),
    ],
    code: codeTab,
    contract: contractTab,
    history: historyTab,
  };

  function showResult() {
    const names = { answer: t("Answer"), code: t("Code"), contract: t("Contract"), history: t("History") };
    const heads = Object.entries(names).map(([tab, name]) =>
      button(name, () => {
        kept.tab = tab;
        showResult();
        void writeCode();
        document.getElementById(`tab-${tab}`)?.focus();
      }, { role: "tab", id: `tab-${tab}`, "aria-selected": String(kept.tab === tab), "aria-controls": "result", tabindex: kept.tab === tab ? 0 : -1 }),
    );
    const bar = h("div", { class: "tabs", role: "tablist", "aria-label": t("The result"), onkeydown: (/** @type {KeyboardEvent} */ event) => {
      const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
      const order = Object.keys(names);
      if (by) heads[(order.indexOf(kept.tab) + by + order.length) % order.length].click();
    } }, heads);
    put(right, bar, h("div", { role: "tabpanel", id: "result", "aria-labelledby": `tab-${kept.tab}`, class: "tab-body", "aria-live": kept.tab === "answer" ? "polite" : undefined }, tabs[kept.tab]()));
  }

  function codeTab() {
    if (!current) return [];
    const languages = languagesOf(current.Name);
    if (!languages.some((own) => own.id === kept.language)) kept.language = "python";
    const choices = languages.map((own) =>
      button(own.name, () => {
        kept.language = own.id;
        choose("code", own.id);
        showResult();
        void writeCode();
      }, { class: "choice", "aria-pressed": String(own.id === kept.language), "data-language": own.id }),
    );
    const where = select(t("Endpoint"), [["local", location.host], ["real", `${kept.service}.tencentcloudapi.com`]], kept.isReal ? "real" : "local", (value) => {
      kept.isReal = value === "real";
      void writeCode();
    });
    void writeCode();
    return [
      h("div", { class: "choices languages" }, choices),
      h("div", { class: "row" }, h("label", { class: "labelled" }, t("Endpoint"), where), h("span", { class: "spring" }), button(t("Copy"), () => void copy(codePlace.textContent ?? "", t("Code copied")), { id: "copy-code" })),
      codePlace,
    ];
  }

  function contractTab() {
    if (!current) return [];
    const codes = current.Codes?.map((row) =>
      h("details", { class: "code-row" },
        h("summary", null, h("span", { class: "mono" }, breakable(row.Code)), " ", row.How === "fault" ? null : h("span", { class: "tag" }, t(row.How === "rule" ? "by a call" : "by a call in a state"))),
        provoked(kept.name, row, fillWith)));
    return [
      h("h3", null, t("What it answers")),
      outline(current.Output),
      h("h3", null, t("Codes that it documents ({count})", { count: current.Codes?.length ?? 0 })),
      codes ? h("div", null, codes) : h("p", { class: "muted" }, t("No list of codes is published for it.")),
    ];
  }

  /** The form with a call that is refused with the code. @param {import("./members.js").CodeRow} row */
  function fillWith(row) {
    if (!current) return;
    const request = structuredClone(row.Request ?? {});
    kept.values[`${kept.service}/${kept.name}`] = request;
    kept.region = row.Region ?? kept.region;
    // What is refused for something empty is sent as it stands, which a form would leave out.
    kept.isExact = JSON.stringify(sent(request)) !== JSON.stringify(request);
    showCall(current);
    changed();
    say(t("The form is filled; press Send."));
    if (innerWidth < 1_100) middle.scrollIntoView({ block: "start" });
  }

  function historyTab() {
    const rows = history().map((own) =>
      h("li", null,
        button(own.call.action, () => {
          kept.values[`${own.call.service}/${own.call.action}`] = structuredClone(own.call.params);
          Object.assign(kept, { name: own.call.action, service: own.call.service, region: own.call.region, isExact: false, answered: null });
          void show();
        }, { class: "quiet strong", title: t("Fill the form with it") }),
        h("span", { class: own.code ? "bad" : "ok" }, own.code || t("answered")),
        h("span", { class: "muted mono clip" }, JSON.stringify(own.call.params)),
        h("span", { class: "muted figure" }, new Date(own.at).toLocaleTimeString()),
      ));
    return [rows.length > 0 ? h("ol", { class: "history" }, rows) : h("p", { class: "empty" }, t("What you send is listed here, until this tab is closed. Passwords are not kept."))];
  }

  /** @param {KeyboardEvent} event */
  const keys = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void sendNow();
  };
  document.addEventListener("keydown", keys);
  const moved = () => {
    if (here().view !== "call") return;
    takeLink();
    void show();
  };
  addEventListener("hashchange", moved);
  // Key pairs are known once the state is.
  let isComplete = live.read;
  const off = on("summary", () => {
    if (isComplete || !current || middle.contains(document.activeElement)) return;
    isComplete = true;
    showCall(current);
  });
  await show();
  return () => {
    document.removeEventListener("keydown", keys);
    removeEventListener("hashchange", moved);
    off();
  };
}

/** Members with their types, as a tree. @param {import("./members.js").Member[]} members @returns {HTMLElement} */
function outline(members) {
  const rows = members.map((member) => {
    const inner = member.Members ?? member.Item?.Members;
    const head = [h("span", { class: "mono" }, member.Name), " ", h("span", { class: "type" }, member.Type === "array" ? `[${member.Item?.Object ?? t(member.Item?.Type ?? "string")}]` : (member.Object ?? t(member.Type)))];
    return h("li", null, inner ? h("details", null, h("summary", null, head), outline(inner)) : head);
  });
  return h("ul", { class: "outline" }, rows, members.length === 0 ? h("li", { class: "muted" }, t("nothing but the RequestId")) : null);
}
