// A picture of an instance's shards and replicas, with their roles and zones.

import { zoneName } from "./contract.js";
import { svg } from "./dom.js";
import { nodesOf } from "./nodes.js";
import { t } from "./words.js";

const SHARDS_MAX = 24;
const [WIDTH, STEP, ROW] = [390, 62, 42];

/** @param {any} own an instance as a fixture shows it @param {import("./contract.js").Contract} known */
export function picture(own, known) {
  const nodes = nodesOf(own);
  const shards = own.RedisShardNum ?? 1;
  const shown = Math.min(shards, SHARDS_MAX);
  const perShard = nodes.length / shards;
  const perRow = Math.floor(WIDTH / STEP);
  const margin = (WIDTH - Math.min(shown, perRow) * STEP) / 2;
  const block = perShard * ROW + 6;
  const drawn = nodes.slice(0, shown * perShard).flatMap(({ shard, isMaster, zoneId, id }, at) => {
    const x = margin + (shard % perRow) * STEP + STEP / 2 - 6;
    const y = Math.floor(shard / perRow) * block + 24 + (at % perShard) * ROW;
    const name = zoneName(known, own.Region, zoneId);
    const says = [t(isMaster ? "master" : "replica"), `${t("shard")} ${shard + 1}`, name, id].filter(Boolean).join(" · ");
    return [
      at % perShard === 0 ? null : svg("line", { x1: x, y1: y - ROW + 11, x2: x, y2: y - 11, class: "wire" }),
      svg("g", { class: `node ${isMaster ? "master" : "replica"}` },
        svg("title", null, says),
        svg("circle", { cx: x, cy: y, r: 11 }),
        svg("text", { x, y: y + 4, class: "in" }, isMaster ? "M" : "R"),
        svg("text", { x: x + 13, y: y + 14, class: "zone" }, name.replace(/^[a-z]+-[a-z]+-/, "z"))),
    ];
  });
  const height = Math.ceil(shown / perRow) * block + (shards > shown ? 30 : 4);
  const label = t("{shards} shards, each with a master and {replicas} replicas", { shards, replicas: perShard - 1 });
  return svg("svg", { viewBox: `0 0 ${WIDTH} ${height}`, class: "picture", role: "img", "aria-label": label },
    drawn,
    shards > shown ? svg("text", { x: 6, y: height - 8, class: "more" }, t("and {count} more shards like these", { count: shards - shown })) : null);
}
