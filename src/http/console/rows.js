// A table of any length: only the rows in sight are elements.

import { h, put } from "./dom.js";

const BEYOND = 8;

/**
 * @template T
 * @typedef {object} Column
 * @property {string} id
 * @property {string} name
 * @property {(row: T) => import("./dom.js").Child} show
 * @property {(row: T) => string | number} [sort]
 * @property {string} [class]
 */

/**
 * @template T
 * @param {{ label: string, columns: Column<T>[], height: number, taken: (row: T) => void, isTaken: (row: T) => boolean, sorted?: (column: string) => void, empty: string }} settings
 */
export function table(settings) {
  /** @type {T[]} */
  let rows = [];
  let first = -1;
  let at = 0;
  let sort = { column: "", isDown: false };
  const head = h("div", { class: "thead", role: "row" });
  const body = h("div", { class: "tbody", role: "presentation" });
  const tall = h("div", { class: "tall", role: "presentation" }, body);
  const scroller = h("div", { class: "scroller", role: "rowgroup", tabindex: 0 }, tall);
  const root = h("div", { class: "table", role: "grid", "aria-label": settings.label }, h("div", { role: "rowgroup" }, head), scroller);

  function showHead() {
    put(head, settings.columns.map((column) => {
      const order = sort.column !== column.id ? "none" : sort.isDown ? "descending" : "ascending";
      const mark = order === "none" ? "" : sort.isDown ? " ↓" : " ↑";
      const name = column.sort && settings.sorted
        ? h("button", { type: "button", class: "quiet", tabindex: -1, onclick: () => settings.sorted?.(column.id) }, column.name + mark)
        : column.name;
      return h("div", { role: "columnheader", class: `cell ${column.class ?? ""}`, "aria-sort": column.sort ? order : undefined }, name);
    }));
  }

  /** @param {boolean} [anew] */
  function show(anew) {
    const from = Math.max(0, Math.floor(scroller.scrollTop / settings.height) - BEYOND);
    if (!anew && from === first) return;
    first = from;
    const count = Math.ceil((scroller.clientHeight || 600) / settings.height) + 2 * BEYOND;
    tall.style.height = `${rows.length * settings.height}px`;
    body.style.transform = `translateY(${from * settings.height}px)`;
    if (rows.length === 0) return void put(body, h("p", { class: "empty" }, settings.empty));
    put(body, rows.slice(from, from + count).map((row, index) => {
      const cells = settings.columns.map((column) => h("div", { role: "gridcell", class: `cell ${column.class ?? ""}` }, column.show(row)));
      return h("div", {
        role: "row", class: `tr${from + index === at ? " at" : ""}`, "aria-rowindex": from + index + 2,
        "aria-selected": String(settings.isTaken(row)), onclick: () => {
          at = from + index;
          settings.taken(row);
          show(true);
        },
      }, cells);
    }));
  }

  let isDue = false;
  /** Shows what has changed, once a frame. */
  const soon = () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      show(true);
    });
  };
  scroller.addEventListener("scroll", () => show(), { passive: true });
  const resized = new ResizeObserver(soon);
  resized.observe(scroller);
  root.addEventListener("keydown", (event) => {
    const page = Math.floor(scroller.clientHeight / settings.height) - 1;
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: rows.length - 1 };
    const to = Reflect.get(moves, event.key);
    if (to !== undefined) {
      event.preventDefault();
      at = Math.max(0, Math.min(to, rows.length - 1));
      const top = at * settings.height;
      if (top < scroller.scrollTop) scroller.scrollTop = top;
      if (top + settings.height > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = top + settings.height - scroller.clientHeight;
      show(true);
    } else if (event.key === "Enter" && rows[at]) {
      settings.taken(rows[at]);
      show(true);
    }
  });
  showHead();
  return {
    root,
    /** @param {T[]} shown */
    set(shown) {
      rows = shown;
      root.setAttribute("aria-rowcount", String(rows.length + 1));
      soon();
    },
    /** @param {typeof sort} by */
    setSort(by) {
      sort = by;
      showHead();
    },
    soon,
    end: () => resized.disconnect(),
  };
}
