// Replication groups over regions, as a picture. What the state holds of them is drawn; the API can be asked by hand.

import { widthNow } from "./chart.js";
import { button, h, put, svg } from "./dom.js";
import { go, linkOf } from "./link.js";
import { ask, live, on } from "./live.js";
import { records } from "./records.js";
import { chosen } from "./settings.js";
import { statusMark, statusWord } from "./status.js";
import { t } from "./words.js";

/** @typedef {{ InstanceId: string, Role: "rw" | "r", CreateTime?: string }} Member */
/** @typedef {{ AppId: number, GroupId: string, GroupName?: string, Remark?: string, Region?: string, Members?: Member[] }} Group */

/** Calls that one makes of a group. */
const CALLS = ["AddReplicationInstance", "ChangeInstanceRole", "ChangeMasterInstance", "ModifyReplicationGroup"];

const isMaster = (/** @type {Member} */ member) => member.Role === "rw";

/** @param {HTMLElement} root */
export async function replication(root) {
  const page = h("div", { class: "page" });
  put(root, page);
  const call = (/** @type {string} */ action, /** @type {string} */ region, /** @type {Record<string, unknown>} */ params) =>
    button(action, () => go(linkOf({ action, service: "redis", region, params })), { class: "choice", title: t("Fill the explorer's form with it") });

  async function show() {
    /** @type {Group[]} */
    const groups = await ask("groups");
    const region = chosen("region", "ap-guangzhou");
    put(
      page,
      h("div", { class: "toolbar" }, h("h1", null, t("Replication groups")), h("span", { class: "muted figure" }, String(groups.length)), h("span", { class: "spring" }), call("DescribeReplicationGroup", region, {}), call("CreateReplicationGroup", region, {})),
      groups.length > 0
        ? groups.map(card)
        : h("div", { class: "empty big" },
            h("p", null, live.read ? t("There is no replication group.") : t("Reading the state…")),
            h("p", { class: "muted" }, t("CreateReplicationGroup makes one; a fixture can hold some."))),
    );
  }

  /** @param {Group} group */
  function card(group) {
    const { GroupId, Members = [], Region = "ap-guangzhou" } = group;
    const name = group.GroupName === GroupId ? "" : group.GroupName;
    return h("section", { class: "card" },
      h("div", { class: "row wrap" }, h("h2", { class: "mono" }, GroupId), h("strong", null, name), h("span", { class: "tag" }, Region), h("span", { class: "muted" }, group.Remark)),
      Members.length > 0 ? graph(Members) : h("p", { class: "muted" }, t("It has no members.")),
      h("div", { class: "choices" },
        Members.map((member) => button(member.InstanceId, () => go(`#/instances/${encodeURIComponent(member.InstanceId)}?app=${group.AppId}`), { class: "choice mono" }))),
      h("div", { class: "choices" }, CALLS.map((action) => call(action, Region, { GroupId }))),
      h("details", null, h("summary", null, t("As the state holds it")), records(Members)));
  }

  const off = on("summary", () => void show());
  await show();
  return () => void off();
}

const [BOX, HIGH, ROW, HEAD, RAIL] = [216, 52, 66, 42, 20];

/** The members in columns, one for each region; where there is no room, one below the other. @param {Member[]} all */
function graph(all) {
  /** @type {Map<string, Member[]>} */
  const regions = new Map();
  for (const member of [...all].sort((one, other) => Number(isMaster(other)) - Number(isMaster(one)))) {
    const region = live.byId.get(member.InstanceId)?.Region ?? t("unknown");
    regions.set(region, [...(regions.get(region) ?? []), member]);
  }
  const columns = [...regions];
  const room = widthNow();
  const isNarrow = columns.length * (BOX + 3 * RAIL) > room;
  const step = isNarrow ? 0 : BOX + 3 * RAIL;
  /** @type {Map<string, { x: number, y: number }>} */
  const places = new Map();
  /** @type {{ region: string, x: number, y: number }[]} */
  const heads = [];
  let top = 0;
  let height = 0;
  columns.forEach(([region, own], column) => {
    const x = column * step + RAIL;
    heads.push({ region, x, y: top + 22 });
    own.forEach((member, row) => places.set(member.InstanceId, { x, y: top + HEAD + row * ROW }));
    const end = top + HEAD + own.length * ROW;
    height = Math.max(height, end);
    if (isNarrow) top = end;
  });
  const width = isNarrow ? Math.min(460, room) : columns.length * step;
  const wide = isNarrow ? Math.min(420, room - 2 * RAIL) : BOX;
  const place = (/** @type {Member} */ member) => /** @type {{ x: number, y: number }} */ (places.get(member.InstanceId));
  const [first, ...others] = columns.flatMap(([, own]) => own);
  const from = place(first);
  const wires = others.map((member) => {
    const to = place(member);
    const [start, end, right] = [from.y + HIGH / 2, to.y + HIGH / 2, from.x + wide];
    const way = to.x === from.x
      ? `M${from.x},${start}H${from.x - RAIL / 2}V${end}H${to.x}`
      : to.x - from.x > step
        // Over those between, along the top.
        ? `M${right},${start}H${right + RAIL / 2}V${HEAD - 9}H${to.x - RAIL / 2}V${end}H${to.x}`
        : `M${right},${start}C${right + 40},${start} ${to.x - 40},${end} ${to.x},${end}`;
    return svg("path", { class: "wire", d: way });
  });
  const label = t("{count} members in {regions} regions", { count: all.length, regions: columns.length });
  const drawn = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, class: "picture groups", role: "img", "aria-label": label },
    wires,
    heads.map(({ region, x, y }) => svg("text", { x, y, class: "region" }, region)),
    all.map((member) => {
      const { x, y } = place(member);
      const row = live.byId.get(member.InstanceId);
      return svg("g", { class: `node ${isMaster(member) ? "master" : "replica"}` },
        svg("title", null, row ? `${member.InstanceId}: ${statusMark(row.Status).textContent}` : member.InstanceId),
        svg("rect", { x, y, width: wide, height: HIGH, rx: 8 }),
        svg("text", { x: x + 12, y: y + 22, class: "mono" }, member.InstanceId),
        svg("text", { x: x + 12, y: y + 40, class: "zone" }, `${member.Role} ${t(isMaster(member) ? "master" : "replica")}${row ? ` · ${statusWord(row.Status)}` : ""}`));
    }));
  return drawn;
}
