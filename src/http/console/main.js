// The frame of the page: where one is, the clock, language and looks, keys, the token.

import { contract } from "./contract.js";
import { door } from "./control.js";
import { button, h, isTyping, put, say } from "./dom.js";
import { go, here } from "./link.js";
import { begin, cloudNow, live, on } from "./live.js";
import { choose, chosen } from "./settings.js";
import { explorer } from "./view-explorer.js";
import { faults } from "./view-faults.js";
import { instances } from "./view-instances.js";
import { journal } from "./view-journal.js";
import { money } from "./view-money.js";
import { replication } from "./view-replication.js";
import { signature } from "./view-signature.js";
import { time } from "./view-time.js";
import { language, speak, t } from "./words.js";

/** @typedef {(root: HTMLElement) => (() => void) | void | Promise<(() => void) | void>} View shows itself; answers how it ends */

/** @type {{ id: string, name: string, show: View }[]} */
const VIEWS = [
  { id: "call", name: "Explorer", show: explorer },
  { id: "instances", name: "Instances", show: instances },
  { id: "time", name: "Time", show: time },
  { id: "journal", name: "Journal", show: journal },
  { id: "faults", name: "Faults", show: faults },
  { id: "money", name: "Money", show: money },
  { id: "replication", name: "Replication", show: replication },
  { id: "signature", name: "Signature", show: signature },
];

const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @type {string} */
let shown = "";
/** @type {(() => void) | void} */
let end;

async function show() {
  const view = VIEWS.find((own) => own.id === here().view) ?? VIEWS[0];
  document.title = `${t(view.name)} · crs-local`;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.getAttribute("data-view") === view.id) {
      link.setAttribute("aria-current", "page");
      link.scrollIntoView({ block: "nearest", inline: "center" });
    } else link.removeAttribute("aria-current");
  }
  if (view.id === shown) return;
  shown = view.id;
  end?.();
  end = undefined;
  const root = h("div", { class: `view view-${view.id}` });
  put(byId("main"), root);
  try {
    const ended = await view.show(root);
    if (root.isConnected) end = ended;
    else ended?.();
  } catch (error) {
    put(root, h("p", { class: "empty bad" }, String(/** @type {Error} */ (error).message)));
  }
}

function frame() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  put(byId("nav"), VIEWS.map((view) => h("a", { href: `#/${view.id}`, "data-view": view.id }, t(view.name))));
  const clock = h("button", { type: "button", class: "clock", title: t("The cloud's clock"), onclick: () => go("#/time") });
  const showClock = () => {
    if (!live.clock.Mode) return;
    const now = new Date(cloudNow());
    put(clock, h("span", { class: `dot ${live.open ? "on" : "off"}`, title: live.open ? t("live") : t("not connected") }),
      h("time", null, `${now.toISOString().slice(0, 19).replace("T", " ")}Z`), h("span", { class: "tag" }, t(live.clock.Mode)));
  };
  on("clock", showClock);
  on("open", showClock);
  setInterval(showClock, 1_000);
  put(
    byId("tools"),
    clock,
    button(language === "zh" ? "English" : "中文", () => speak(language === "zh" ? "en" : "zh"), { class: "quiet", id: "language", lang: language === "zh" ? "en" : "zh" }),
    button(isDark() ? "☀" : "☾", (() => {
      choose("theme", isDark() ? "light" : "dark");
      theme();
      put(byId("theme"), isDark() ? "☀" : "☾");
    }), { class: "quiet", id: "theme", "aria-label": t("Light or dark") }),
  );
}

const isDark = () => document.documentElement.dataset.theme === "dark";

function theme() {
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.dataset.theme = chosen("theme", system);
}

/** Asks for the token that `--control-token` set. @returns {Promise<string>} */
function askForToken() {
  return new Promise((resolve) => {
    const input = h("input", { type: "password", id: "token", autocomplete: "off", required: true });
    const dialog = h(
      "dialog",
      { class: "ask", "aria-labelledby": "token-label", oncancel: (/** @type {Event} */ event) => event.preventDefault() },
      h("form", { onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        dialog.close();
        dialog.remove();
        resolve(input.value);
      } },
        h("label", { for: "token", id: "token-label" }, t("This server asks for its control token")),
        h("p", { class: "muted" }, t("It was set with --control-token. It is kept until this tab is closed.")),
        input,
        h("button", { type: "submit", class: "primary" }, t("Go on"))),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** @param {KeyboardEvent} event */
function keys(event) {
  if ((event.key === "k" && (event.ctrlKey || event.metaKey)) || (event.key === "/" && !isTyping(event.target))) {
    event.preventDefault();
    if (here().view !== "call") go("#/call");
    const focus = () => document.getElementById("search")?.focus();
    if (document.getElementById("search")) focus();
    else setTimeout(focus, 150);
  } else if (/^[1-8]$/.test(event.key) && event.altKey) {
    event.preventDefault();
    go(`#/${VIEWS[Number(event.key) - 1].id}`);
  }
}

theme();
door.ask = askForToken;
frame();
document.addEventListener("keydown", keys);
addEventListener("hashchange", () => void show());
addEventListener("unhandledrejection", ({ reason }) => say(String(reason?.message ?? reason), "bad"));
begin();
void contract().then(show, show);
