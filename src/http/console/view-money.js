// What the accounts have, and where it went.

import { stepChart } from "./chart.js";
import { control } from "./control.js";
import { button, fact, h, put, say, select } from "./dom.js";
import { ask, cloudNow, live, on, refresh } from "./live.js";
import { records } from "./records.js";
import { t } from "./words.js";

/** @param {number} fen */
const yuan = (fen) => (fen / 100).toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** @type {number | null} */
let appId = null;

/** @param {HTMLElement} root */
export function money(root) {
  const page = h("div", { class: "page" });
  put(root, page);
  const isAway = () => !page.querySelector("input:focus");

  async function show() {
    const own = await ask("ledger", appId);
    if (!own) return void put(page, h("p", { class: "empty" }, live.read ? t("There is no account.") : t("Reading the state…")));
    appId = own.AppId;
    const accounts = live.summary.Accounts.map((account) => /** @type {[string, string]} */ ([String(account.AppId), `${account.AppId} · Uin ${account.Uin}`]));
    const choice = select(t("Account"), accounts, String(appId), (value) => {
      appId = Number(value);
      void show();
    });
    /** @type {any[]} */
    const ledger = own.Ledger;
    const points = ledger.map((entry) => ({
      at: Date.parse(`${entry.Time.replace(" ", "T")}+08:00`),
      value: entry.Balance,
      says: `${entry.Kind} ${yuan(entry.Amount)} · ${entry.Time}${entry.InstanceId ? ` · ${entry.InstanceId}` : ""}`,
    }));
    const isBehind = ledger.length > 0 && ledger[ledger.length - 1].Balance !== own.Balance;
    if (points.length > 0) {
      points.unshift({ at: points[0].at, value: ledger[0].Balance - ledger[0].Amount, says: t("before") });
      points.push({ at: Math.max(cloudNow(), points[points.length - 1].at), value: own.Balance, says: `${t("now")} ${yuan(own.Balance)}` });
    }
    const input = h("input", { type: "text", inputmode: "decimal", "aria-label": t("Balance in yuan"), value: (own.Balance / 100).toFixed(2) });
    const set = button(t("Set"), async () => {
      try {
        await control("PATCH", `/accounts/${own.AppId}`, { Balance: Math.round(Number(input.value) * 100) });
        input.blur();
        refresh();
        say(t("Booked as an Adjustment"));
      } catch (error) {
        say(String(/** @type {Error} */ (error).message), "bad");
      }
    });
    /** @type {Map<string, number>} */
    const kinds = new Map();
    for (const entry of ledger) kinds.set(entry.Kind, (kinds.get(entry.Kind) ?? 0) + entry.Amount);
    put(
      page,
      h("div", { class: "toolbar" }, h("h1", null, t("Money")), h("span", { class: "spring" }), choice),
      h("section", { class: "card" },
        h("div", { class: "row wrap" },
          h("output", { class: `big-time${own.Balance < 0 ? " bad" : ""}` }, `¥ ${yuan(own.Balance)}`),
          h("span", { class: "spring" }),
          h("label", { class: "labelled" }, t("Balance in yuan"), input), set),
        points.length > 0 ? stepChart(points, t("The balance over time"), yuan) : h("p", { class: "empty" }, t("Nothing was booked yet. An order books something.")),
        h("dl", { class: "facts" }, [...kinds].map(([kind, sum]) => fact(t(kind), h("span", { class: `figure ${sum < 0 ? "bad" : "ok"}` }, yuan(sum)))))),
      h("section", null, h("h2", null, t("The ledger ({count})", { count: ledger.length })),
        isBehind ? h("p", { class: "muted" }, t("Hours since its last entry are not booked yet.")) : null,
        ledger.length > 0 ? records(ledger.map((entry) => ({ ...entry, Amount: `¥ ${yuan(entry.Amount)}`, Balance: `¥ ${yuan(entry.Balance)}` }))) : null),
    );
  }

  const off = on("summary", () => isAway() && void show());
  void show();
  return () => void off();
}
