// The instances, as they change; one of them beside, with all that belongs to it.

import { contract, editionName, zoneName } from "./contract.js";
import { button, h, put, select } from "./dom.js";
import { go, here } from "./link.js";
import { live, on } from "./live.js";
import { table } from "./rows.js";
import { bar, memory, statusMark, statusWord } from "./status.js";
import { instanceView } from "./view-instance.js";
import { t } from "./words.js";

/** @typedef {import("./live.js").Row} Row */

const kept = { text: "", status: "", region: "", column: "", isDown: false };

/** @param {HTMLElement} root */
export async function instances(root) {
  const known = await contract();
  const edition = (/** @type {Row} */ row) => editionName(known, row.TypeId);
  /** @type {import("./rows.js").Column<Row>[]} */
  const columns = [
    { id: "status", name: t("Status"), class: "c-status", show: (row) => statusMark(row.Status), sort: (row) => row.Status },
    { id: "id", name: "InstanceId", class: "c-id mono", show: (row) => row.InstanceId, sort: (row) => row.InstanceId },
    { id: "name", name: t("Name"), class: "c-name", show: (row) => row.InstanceName, sort: (row) => row.InstanceName ?? "" },
    { id: "edition", name: t("Edition"), class: "c-edition", show: edition, sort: edition },
    { id: "place", name: t("Zone"), class: "c-place", show: (row) => zoneName(known, row.Region, row.ZoneId), sort: (row) => row.Region + row.ZoneId },
    { id: "size", name: t("Memory used"), class: "c-size", show: (row) => h("span", { class: "size" }, bar(row.MemUsed, row.MemSize * row.RedisShardNum), `${memory(row.MemUsed)} / ${memory(row.MemSize * row.RedisShardNum)}`), sort: (row) => row.MemUsed / (row.MemSize * row.RedisShardNum) },
    { id: "shape", name: t("Shards × replicas"), class: "c-shape", show: (row) => `${row.RedisShardNum} × ${row.RedisReplicasNum}`, sort: (row) => row.RedisShardNum * 100 + row.RedisReplicasNum },
    { id: "billing", name: t("Billing"), class: "c-billing", show: (row) => (row.BillingMode ? t("prepaid") : t("postpaid")), sort: (row) => row.BillingMode },
  ];
  const count = h("span", { class: "muted figure", role: "status" });
  const rows = table({
    label: t("Instances"),
    columns,
    height: 34,
    taken: (/** @type {Row} */ row) => go(`#/instances/${encodeURIComponent(row.InstanceId)}?app=${row.AppId}`),
    isTaken: (row) => row.InstanceId === here().name,
    sorted: (column) => {
      kept.isDown = kept.column === column ? !kept.isDown : false;
      kept.column = column;
      rows.setSort({ column, isDown: kept.isDown });
      show();
    },
    empty: t("No instance is like that."),
  });
  rows.setSort({ column: kept.column, isDown: kept.isDown });
  const statuses = h("div", { class: "choices" });
  const regions = h("span");
  const side = h("aside", { class: "side", "aria-label": t("One instance") });
  const search = h("input", { type: "search", placeholder: t("Id, name, zone, edition"), "aria-label": t("Filter"), value: kept.text, oninput: () => {
    kept.text = search.value;
    show();
  } });
  put(root, h("div", { class: "split" },
    h("section", { class: "main-side" },
      h("div", { class: "toolbar" }, h("h1", null, t("Instances")), count, h("span", { class: "spring" }), regions, search), statuses, rows.root),
    side));

  function show() {
    const asked = kept.text.trim().toLowerCase();
    let shown = live.rows;
    if (kept.status !== "") shown = shown.filter((row) => String(row.Status) === kept.status);
    if (kept.region !== "") shown = shown.filter((row) => row.Region === kept.region);
    if (asked) {
      shown = shown.filter((row) => `${row.InstanceId} ${row.InstanceName} ${row.Region} ${zoneName(known, row.Region, row.ZoneId)} ${edition(row)} ${row.AppId}`.toLowerCase().includes(asked));
    }
    const by = columns.find((column) => column.id === kept.column)?.sort;
    if (by) {
      const keyed = shown.map((row) => ({ row, key: by(row) }));
      keyed.sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0));
      if (kept.isDown) keyed.reverse();
      shown = keyed.map((own) => own.row);
    }
    count.textContent = shown.length === live.rows.length ? String(shown.length) : t("{shown} of {all}", { shown: shown.length, all: live.rows.length });
    rows.set(shown);
    showStatuses();
  }

  let statusText = "";
  function showStatuses() {
    /** @type {Map<number, number>} */
    const counts = new Map();
    for (const row of live.rows) counts.set(row.Status, (counts.get(row.Status) ?? 0) + 1);
    const all = [...counts].sort(([one], [other]) => other - one);
    const text = JSON.stringify([all, kept.status]);
    if (text === statusText) return;
    statusText = text;
    const choice = (/** @type {string} */ status, /** @type {string} */ name) =>
      button(name, () => {
        kept.status = kept.status === status ? "" : status;
        show();
      }, { class: "choice", "aria-pressed": String(kept.status === status) });
    put(statuses, choice("", t("all")), all.map(([status, own]) => choice(String(status), `${statusWord(status)} ${own}`)));
    const names = [...new Set(live.rows.map((row) => row.Region))].sort();
    put(regions, select(t("Region"), [["", t("all regions")], ...names.map((name) => /** @type {[string, string]} */ ([name, name]))], kept.region, (value) => {
      kept.region = value;
      statusText = "";
      show();
    }));
  }

  /** @type {(() => void) | undefined} */
  let endSide;
  function showSide() {
    if (here().view !== "instances") return;
    endSide?.();
    endSide = undefined;
    const id = here().name;
    root.classList.toggle("has-side", id !== "");
    if (id) endSide = instanceView(side, id, Number(here().query.get("app")) || (live.byId.get(id)?.AppId ?? null), known);
    else put(side);
    rows.soon();
  }

  let isDue = false;
  const off = on("rows", () => {
    if (isDue) return;
    isDue = true;
    // Many may come at once; the eye sees ten a second.
    setTimeout(() => {
      isDue = false;
      show();
    }, live.rows.length > 1_000 ? 250 : 30);
  });
  addEventListener("hashchange", showSide);
  show();
  showSide();
  return () => {
    off();
    endSide?.();
    rows.end();
    removeEventListener("hashchange", showSide);
  };
}
