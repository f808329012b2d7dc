// A picture of an instance's shards and replicas, with their roles and zones.

import { zoneName } from "./contract.js";
import { svg } from "./dom.js";
import { t } from "./words.js";

const SHARDS_MAX = 24;
const [WIDTH, STEP, ROW] = [390, 62, 42];

/** @param {any} own an instance as a fixture shows it @param {import("./contract.js").Contract} known */
export function picture(own, known) {
  const shards = own.RedisShardNum ?? 1;
  const shown = Math.min(shards, SHARDS_MAX);
  const zones = replicaZones(own);
  const replicas = zones.length > 0 ? zones.length : (own.RedisReplicasNum ?? 0);
  const perRow = Math.floor(WIDTH / STEP);
  const margin = (WIDTH - Math.min(shown, perRow) * STEP) / 2;
  const block = (replicas + 1) * ROW + 22;
  const rowsOfShards = Math.ceil(shown / perRow);
  const nodes = [];
  for (let shard = 0; shard < shown; shard++) {
    const x = margin + (shard % perRow) * STEP + STEP / 2 - 6;
    const top = Math.floor(shard / perRow) * block + 16;
    for (let replica = 0; replica <= replicas; replica++) {
      const y = top + replica * ROW + 12;
      if (replica > 0) nodes.push(svg("line", { x1: x, y1: y - ROW + 11, x2: x, y2: y - 11, class: "wire" }));
      const zone = replica === 0 ? masterZone(own) : (zones[replica - 1] ?? own.ZoneId);
      const name = zoneName(known, own.Region, zone);
      const role = replica === 0 ? t("master") : t("replica");
      nodes.push(
        svg("g", { class: `node ${replica === 0 ? "master" : "replica"}` },
          svg("title", null, `${role} · ${t("shard")} ${shard + 1} · ${name}`),
          svg("circle", { cx: x, cy: y, r: 11 }),
          svg("text", { x, y: y + 4, class: "in" }, replica === 0 ? "M" : "R"),
          svg("text", { x: x + 13, y: y + 14, class: "zone" }, name.replace(/^[a-z]+-[a-z]+-/, "z"))),
      );
    }
  }
  const height = rowsOfShards * block + (shards > shown ? 34 : 12);
  const label = t("{shards} shards, each with a master and {replicas} replicas", { shards, replicas });
  return svg("svg", { viewBox: `0 0 ${WIDTH} ${height}`, class: "picture", role: "img", "aria-label": label },
    nodes,
    shards > shown ? svg("text", { x: 6, y: height - 8, class: "more" }, t("and {count} more shards like these", { count: shards - shown })) : null);
}

/** @param {any} own */
const nodeSet = (own) => own.NodeSet ?? own.Nodes ?? [];

/** @param {any} own @returns {number[]} */
const replicaZones = (own) => nodeSet(own).filter((/** @type {any} */ node) => node.NodeType === 1).map((/** @type {any} */ node) => node.ZoneId ?? own.ZoneId);

/** @param {any} own @returns {number} */
const masterZone = (own) => nodeSet(own).find((/** @type {any} */ node) => node.NodeType === 0)?.ZoneId ?? own.ZoneId;
