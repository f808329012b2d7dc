// The journal as it grows: each call with what it said and got, and what can be made of it.

import { contract } from "./contract.js";
import { control } from "./control.js";
import { breakable, button, copy, fact, h, put, select } from "./dom.js";
import { jsonView } from "./json-view.js";
import { go, linkOf } from "./link.js";
import { ask, live, on, whenRead } from "./live.js";
import { newest } from "./newest.js";
import { table } from "./rows.js";
import { faultOf, fixtureOf, goTest, instancesOf, pythonTest, rustTest } from "./turn.js";
import { t } from "./words.js";

/** @typedef {import("./turn.js").Journaled} Journaled */

const KEPT_MAX = 10_000;
/** So many are read at once: at full speed the newest. */
const READ_MAX = 200;
const READ_EVERY_MS = 500;

const kept = { action: "", text: "", code: "" };

/** @param {HTMLElement} root */
export async function journal(root) {
  /** Newest first. @type {Journaled[]} */
  let rows = [];
  /** @type {Journaled | null} */
  let taken = null;
  let isPaused = false;
  let lost = 0;
  const known = await contract();
  /** The journal tells an action by its version. @param {Journaled} row */
  const serviceOf = (row) => known.Actions.find((own) => own.Name === row.Action && own.Version === row.Version)?.Service ?? "redis";
  const count = h("span", { class: "muted figure", role: "status" });
  const side = h("aside", { class: "side", "aria-label": t("One call") });
  const list = table({
    label: t("Journal"),
    height: 32,
    columns: [
      { id: "id", name: "#", class: "c-number figure", show: (/** @type {Journaled} */ row) => row.Id },
      { id: "time", name: t("Time"), class: "c-time figure", show: (row) => row.Time.slice(11, 23) },
      { id: "action", name: t("Action"), class: "c-action", show: (row) => row.Action ?? "–" },
      { id: "code", name: t("Answer"), class: "c-code", show: (row) => h("span", { class: row.Code ? "bad" : "ok" }, row.Code ?? t("answered"), row.FaultId ? ` · ${t("fault")} ${row.FaultId}` : "") },
      { id: "params", name: t("Parameters"), class: "c-params mono", show: (row) => (row.Params ? JSON.stringify(row.Params) : "") },
      { id: "micros", name: "µs", class: "c-micros figure", show: (row) => row.Micros },
    ],
    taken: (row) => {
      taken = row;
      showSide();
    },
    isTaken: (row) => row.Id === taken?.Id,
    empty: t("No call is like that. Calls of the API come here as they are answered; those of this page's control API do not."),
  });
  const action = h("input", { type: "search", placeholder: t("Action"), "aria-label": t("Action"), value: kept.action, oninput: () => {
    kept.action = action.value;
    show();
  } });
  const text = h("input", { type: "search", placeholder: t("Id, parameter, client"), "aria-label": t("Filter"), value: kept.text, oninput: () => {
    kept.text = text.value;
    show();
  } });
  const pause = button(t("Pause"), () => {
    isPaused = !isPaused;
    pause.textContent = isPaused ? t("Go on") : t("Pause");
    if (!isPaused) void read();
  });
  put(root, h("div", { class: "split" },
    h("section", { class: "main-side" },
      h("div", { class: "toolbar" }, h("h1", null, t("Journal")), count, h("span", { class: "spring" }),
        select(t("Answer"), [["", t("all answers")], ["ok", t("answered")], ["error", t("refused")]], kept.code, (value) => {
          kept.code = value;
          show();
        }), action, text, pause,
        button(t("Forget"), async () => {
          await control("DELETE", "/requests");
          [rows, lost, taken] = [[], 0, null];
          show();
          showSide();
        }, { class: "quiet" })),
      list.root),
    side));

  function show() {
    const [wanted, asked] = [kept.action.trim().toLowerCase(), kept.text.trim().toLowerCase()];
    const shown = rows.filter((row) =>
      (!wanted || (row.Action ?? "").toLowerCase().includes(wanted)) &&
      (!kept.code || (kept.code === "error") === Boolean(row.Code)) &&
      (!asked || `${row.RequestId} ${row.Client} ${row.SecretId} ${row.Code} ${JSON.stringify(row.Params)}`.toLowerCase().includes(asked)));
    count.textContent = (shown.length === rows.length ? String(rows.length) : t("{shown} of {all}", { shown: shown.length, all: rows.length })) + (lost > 0 ? ` · ${t("{count} went by too fast to be read here", { count: lost })}` : "");
    list.set(shown);
  }

  let isReading = false;
  let isDue = false;
  async function read() {
    if (isReading || isPaused) return;
    isReading = true;
    try {
      const { Requests } = await control("GET", `/requests?Limit=${rows.length === 0 ? 1_000 : READ_MAX}`);
      for (const row of Requests) row.Service = serviceOf(row);
      const top = rows[0]?.Id ?? 0;
      const fresh = Requests.filter((/** @type {Journaled} */ row) => row.Id > top);
      // Counted from one again: it was forgotten or the state replaced.
      if (Requests.length > 0 && Requests[Requests.length - 1].Id < top) [rows, lost] = [Requests.reverse(), 0];
      else if (fresh.length > 0) {
        if (top > 0) lost += Math.max(0, fresh[0].Id - top - 1);
        rows = [...fresh.reverse(), ...rows].slice(0, KEPT_MAX);
      }
      show();
    } finally {
      isReading = false;
    }
  }

  function soon() {
    if (isDue) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      void read();
    }, READ_EVERY_MS);
  }

  function showSide() {
    root.classList.toggle("has-side", taken !== null);
    if (!taken) return void put(side);
    const row = taken;
    const made = h("div");
    const begin = newest();
    const make = (/** @type {string} */ name, /** @type {() => string | Promise<string>} */ what, /** @type {Record<string, unknown>} */ attributes) =>
      button(name, async () => {
        const isNewest = begin();
        const code = await what();
        if (isNewest()) put(made, h("div", { class: "row" }, h("span", { class: "spring" }), button(t("Copy"), () => void copy(code, t("Copied")))), h("pre", { class: "code", tabindex: 0, id: "made" }, code));
      }, { class: "choice", ...attributes });
    put(
      side,
      button(t("Close"), () => {
        taken = null;
        showSide();
        list.soon();
      }, { class: "quiet back" }),
      h("header", null, h("h2", null, row.Action ?? t("no action")), h("strong", { class: row.Code ? "bad" : "ok" }, breakable(row.Code ?? t("answered")))),
      h("dl", { class: "facts" },
        fact("#", String(row.Id)), fact(t("Time"), row.Time.replace("T", " ").replace("Z", "")), fact(t("Took"), `${row.Micros} µs`), fact(t("Region"), row.Region ?? "–"),
        fact(t("Account"), String(row.AppId ?? "–")), fact("SecretId", row.SecretId ?? "–"), fact("RequestId", h("span", { class: "mono" }, row.RequestId)), fact(t("Client"), row.Client ?? "–"),
        row.Unread.length > 0 ? fact(t("Without effect"), row.Unread.join(", ")) : null),
      jsonView(row.Params),
      h("div", { class: "choices" },
        row.Action ? button(t("Open in the explorer"), () => go(linkOf({ action: row.Action ?? "", service: row.Service, region: row.Region ?? "", params: row.Params ?? {} })), { class: "choice" }) : null,
        button(t("Make this a fault"), () => go(`#/faults?rule=${encodeURIComponent(JSON.stringify(faultOf(row), null, 2))}`), { class: "choice", id: "make-fault" }),
        make(t("Make this a fixture"), async () => JSON.stringify(fixtureOf(row, await found(row), row.Code ? faultOf(row) : undefined), null, 2), { id: "make-fixture" }),
        make(t("Test in Python"), () => pythonTest(row), { id: "make-python" }),
        make(t("Test in Go"), () => goTest(row), {}),
        make(t("Test in Rust"), () => rustTest(row), {})),
      made,
    );
  }

  const ends = [on("call", soon), on("state", soon), on("missed", soon), on("open", soon)];
  await read();
  return () => {
    ends.forEach((end) => end());
    list.end();
  };
}

/** The instances that a call names, as a fixture shows them. @param {Journaled} row */
async function found(row) {
  await whenRead();
  const all = await Promise.all(instancesOf(row).map((id) => ask("instance", row.AppId ?? live.byId.get(id)?.AppId ?? null, id)));
  return all.filter(Boolean).map((own) => own.own);
}
