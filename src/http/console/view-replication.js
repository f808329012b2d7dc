// Replication groups over regions, as a picture. What the state holds of them is drawn; the API can be asked by hand.

import { button, h, put, svg } from "./dom.js";
import { contract } from "./contract.js";
import { go, linkOf } from "./link.js";
import { ask, live, on } from "./live.js";
import { records } from "./records.js";
import { chosen } from "./settings.js";
import { statusMark } from "./status.js";
import { t } from "./words.js";

/**
 * A member, however the group's record names it.
 * @typedef {{ InstanceId: string, Role?: string, Region?: string }} Member
 */

/** @param {any} group @returns {Member[]} */
function members(group) {
  const list = group.Instances ?? group.Members ?? [];
  return list.map((/** @type {any} */ own) => (typeof own === "string" ? { InstanceId: own } : { ...own, Role: own.Role ?? own.InstanceRole }));
}

/** @param {HTMLElement} root */
export async function replication(root) {
  const known = await contract();
  const listed = known.Actions.find((own) => own.Name === "DescribeReplicationGroup");
  const page = h("div", { class: "page" });
  put(root, page);

  async function show() {
    /** @type {any[]} */
    const groups = await ask("groups");
    put(
      page,
      h("div", { class: "toolbar" }, h("h1", null, t("Replication groups")), h("span", { class: "spring" }),
        button("DescribeReplicationGroup", () => go(linkOf({ action: "DescribeReplicationGroup", service: "redis", region: chosen("region", "ap-guangzhou"), params: {} })), { title: t("Fill the explorer's form with it") })),
      groups.length > 0
        ? groups.map(card)
        : h("div", { class: "empty big" },
            h("p", null, live.read ? t("There is no replication group.") : t("Reading the state…")),
            h("p", { class: "muted" }, listed?.Implemented
              ? t("CreateReplicationGroup makes one; a fixture can hold some.")
              : t("The actions of replication groups have no behaviour here yet: they answer ActionOffline."))),
    );
  }

  /** @param {any} group */
  function card(group) {
    const all = members(group);
    return h("section", { class: "card" },
      h("div", { class: "row" }, h("h2", { class: "mono" }, group.GroupId ?? ""), h("span", null, group.GroupName ?? ""), group.Status === undefined ? null : h("span", { class: "tag" }, `${t("Status")} ${group.Status}`)),
      all.length > 0 ? graph(all) : h("p", { class: "muted" }, t("It has no members.")),
      all.length > 0 ? h("div", { class: "choices" }, all.map((member) => button(member.InstanceId, () => go(`#/instances/${member.InstanceId}?app=${group.AppId}`), { class: "choice mono" }))) : null,
      h("details", null, h("summary", null, t("As the state holds it")), records([group])));
  }

  const off = on("summary", () => void show());
  await show();
  return () => void off();
}

const [WIDTH, BOX, ROW] = [720, 210, 78];

/** @param {Member[]} all */
function graph(all) {
  /** @type {Map<string, Member[]>} */
  const regions = new Map();
  const regionOf = (/** @type {Member} */ member) => member.Region ?? live.byId.get(member.InstanceId)?.Region ?? t("unknown");
  const isMaster = (/** @type {Member} */ member) => member.Role === "rw" || /master/i.test(member.Role ?? "");
  for (const member of [...all].sort((one, other) => Number(isMaster(other)) - Number(isMaster(one)))) {
    regions.set(regionOf(member), [...(regions.get(regionOf(member)) ?? []), member]);
  }
  const columns = [...regions];
  const step = Math.min(BOX + 40, WIDTH / columns.length);
  /** @type {Map<string, { x: number, y: number }>} */
  const places = new Map();
  columns.forEach(([, own], column) => own.forEach((member, row) => places.set(member.InstanceId, { x: column * step + 8, y: row * ROW + 40 })));
  const width = Math.min(BOX, step - 24);
  const height = Math.max(...columns.map(([, own]) => own.length)) * ROW + 40;
  const master = all.find(isMaster);
  const from = master && places.get(master.InstanceId);
  const wires = all.filter((member) => member !== master && from).map((member) => {
    const to = places.get(member.InstanceId);
    if (!to || !from) return null;
    const start = to.x === from.x ? `M${from.x + 24},${from.y + 52}V${to.y}` : `M${from.x + width},${from.y + 26}C${from.x + width + 30},${from.y + 26} ${to.x - 30},${to.y + 26} ${to.x},${to.y + 26}`;
    return svg("path", { d: start, class: "wire" });
  });
  return svg("svg", { viewBox: `0 0 ${WIDTH} ${height}`, class: "picture groups", role: "img", "aria-label": t("{count} members in {regions} regions", { count: all.length, regions: columns.length }) },
    wires,
    columns.map(([region], column) => svg("text", { x: column * step + 8, y: 22, class: "region" }, region)),
    all.map((member) => {
      const place = /** @type {{ x: number, y: number }} */ (places.get(member.InstanceId));
      const status = live.byId.get(member.InstanceId)?.Status;
      return svg("g", { class: `node ${isMaster(member) ? "master" : "replica"}` },
        svg("title", null, status === undefined ? member.InstanceId : `${member.InstanceId}: ${statusMark(status).textContent}`),
        svg("rect", { x: place.x, y: place.y, width, height: 52, rx: 8 }),
        svg("text", { x: place.x + 12, y: place.y + 22, class: "mono" }, member.InstanceId),
        svg("text", { x: place.x + 12, y: place.y + 40, class: "zone" }, `${member.Role ?? ""} ${isMaster(member) ? t("master") : t("replica")}`));
    }));
}
