// The box of the quick search with its list: letters narrow it down, arrows move, Enter takes.

import { contract } from "./contract.js";
import { h, put } from "./dom.js";
import { search } from "./search.js";
import { t } from "./words.js";

const SHOWN_MAX = 200;

/**
 * @param {(action: import("./contract.js").Listed) => void} taken
 * @param {() => string} current the action that is chosen
 */
export function searchBox(taken, current) {
  let at = -1;
  /** @type {HTMLElement[]} */
  let options = [];
  /** @type {import("./search.js").Hit[]} */
  let hits = [];
  const list = h("div", { role: "listbox", id: "actions", class: "hits", "aria-label": t("Actions") });
  const input = h("input", {
    type: "search",
    role: "combobox",
    id: "search",
    "aria-label": t("Search actions"),
    "aria-controls": "actions",
    "aria-expanded": "true",
    "aria-autocomplete": "list",
    placeholder: t("Action, parameter, code"),
    autocomplete: "off",
    spellcheck: "false",
  });
  const root = h("div", { class: "search" }, h("div", { class: "search-field" }, input, h("kbd", null, "/")), list);

  /** @param {number} to */
  function move(to) {
    options[at]?.classList.remove("at");
    at = Math.max(-1, Math.min(to, options.length - 1));
    const option = options[at];
    option?.classList.add("at");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  }

  /** @param {number} index */
  function take(index) {
    const hit = hits[index];
    if (!hit) return;
    root.classList.remove("open");
    taken(hit.action);
    mark();
  }

  function mark() {
    options.forEach((option, index) => {
      const own = hits[index].action;
      option.setAttribute("aria-selected", String(`${own.Service}/${own.Name}` === current()));
    });
  }

  async function show() {
    const known = await contract();
    const asked = input.value.trim();
    hits = search(known, asked).slice(0, SHOWN_MAX);
    if (!asked) hits.sort((one, other) => rank(known, one) - rank(known, other));
    let family = "";
    options = [];
    const rows = hits.flatMap((hit, index) => {
      const option = h(
        "div",
        { role: "option", id: `action-${index}`, class: "hit", onclick: () => take(index) },
        h("span", { class: "hit-name" }, hit.action.Name),
        hit.action.Service === "redis" ? null : h("span", { class: "tag" }, hit.action.Service),
        hit.by && hit.by !== hit.action.Name ? h("span", { class: "hit-by" }, hit.by) : null,
      );
      options.push(option);
      if (asked || hit.action.Family === family) return [option];
      family = hit.action.Family;
      return [h("div", { class: "family", role: "presentation" }, t(family)), option];
    });
    put(list, rows.length > 0 ? rows : h("p", { class: "empty" }, t("No action is like that.")));
    mark();
    at = -1;
    if (asked) move(0);
    const chosen = options.find((option) => option.getAttribute("aria-selected") === "true");
    if (chosen && !asked) list.scrollTop = chosen.offsetTop - list.offsetTop - 80;
  }

  input.addEventListener("input", () => {
    root.classList.add("open");
    void show();
  });
  input.addEventListener("focus", () => root.classList.add("open"));
  input.addEventListener("click", () => root.classList.add("open"));
  root.addEventListener("focusout", (event) => {
    if (!root.contains(/** @type {Node | null} */ (event.relatedTarget))) setTimeout(() => root.classList.remove("open"), 150);
  });
  input.addEventListener("keydown", (event) => {
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 10, PageUp: Math.max(0, at - 10), Home: 0, End: options.length };
    const to = Reflect.get(moves, event.key);
    if (to !== undefined && (event.key.length > 4 || !input.value)) {
      event.preventDefault();
      root.classList.add("open");
      move(to);
    } else if (event.key === "Enter") {
      event.preventDefault();
      take(Math.max(at, 0));
    } else if (event.key === "Escape") {
      input.value = "";
      root.classList.remove("open");
      input.blur();
      void show();
    }
  });
  void show();
  return { root, input, refresh: mark };
}

/** Families in the order of the contract's own service first. @param {import("./contract.js").Contract} known @param {import("./search.js").Hit} hit */
function rank(known, hit) {
  const families = [...new Set(known.Actions.filter((own) => own.Service === "redis").map((own) => own.Family))];
  const order = FAMILIES.concat(families.filter((family) => !FAMILIES.includes(family)));
  const at = order.indexOf(hit.action.Family);
  return at < 0 ? 1_000 + hit.action.Service.charCodeAt(0) : at;
}

/** What people look for first. */
const FAMILIES = ["Instances, orders, billing", "Scaling, architecture & versions", "Tasks"];
