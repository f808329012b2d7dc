// A line of steps over time, in SVG.

import { svg } from "./dom.js";

const [HEIGHT, LEFT, BOTTOM, TOP] = [220, 92, 24, 10];
/** As wide as it is shown, so that its texts keep their size. */
export const widthNow = () => Math.max(300, Math.min(1_100, innerWidth - 70));
const POINTS_MAX = 400;

/**
 * @param {{ at: number, value: number, says: string }[]} points in the order of time
 * @param {string} label
 * @param {(value: number) => string} show
 */
export function stepChart(points, label, show) {
  const width = widthNow();
  const every = Math.ceil(points.length / POINTS_MAX);
  const used = points.filter((_, index) => index % every === 0 || index === points.length - 1);
  const values = used.map((point) => point.value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = Math.max(1, (most - least) * 0.08);
  const [low, high] = [least - room, most + room];
  // By number where all is of one moment; else by time.
  const [first, last] = [used[0].at, used[used.length - 1].at];
  const x = (/** @type {number} */ index) => LEFT + (width - LEFT - 12) * (last > first ? (used[index].at - first) / (last - first) : index / Math.max(1, used.length - 1));
  const y = (/** @type {number} */ value) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - low) / (high - low));
  let path = `M${x(0)},${y(values[0])}`;
  for (let index = 1; index < used.length; index++) path += `H${x(index)}V${y(values[index])}`;
  const lines = [0, 1 / 3, 2 / 3, 1].map((share) => low + room + (high - low - 2 * room) * share);
  const unique = [...new Map(lines.map((value) => [show(value), value])).values()];
  return svg("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, class: "chart", role: "img", "aria-label": label },
    unique.map((value) => svg("g", null,
      svg("line", { x1: LEFT, x2: width - 8, y1: y(value), y2: y(value), class: "grid" }),
      svg("text", { x: LEFT - 8, y: y(value) + 4, class: "axis" }, show(value)))),
    svg("path", { d: `${path}V${HEIGHT - BOTTOM}H${x(0)}Z`, class: "area" }),
    svg("path", { d: path, class: "line" }),
    used.length <= 60 ? used.map((point, index) => svg("circle", { cx: x(index), cy: y(point.value), r: 3.5, class: "point" }, svg("title", null, point.says))) : null,
    svg("text", { x: LEFT, y: HEIGHT - 6, class: "axis start" }, day(first)),
    svg("text", { x: width - 8, y: HEIGHT - 6, class: "axis" }, day(last)));
}

/** @param {number} at */
const day = (at) => new Date(at + 8 * 3_600_000).toISOString().slice(0, 16).replace("T", " ");
