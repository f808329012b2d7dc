// The clock, and what is under way on it.

import { control } from "./control.js";
import { button, h, put, say } from "./dom.js";
import { go } from "./link.js";
import { cloudNow, live, on, refresh, setClock } from "./live.js";
import { t } from "./words.js";

/** A fixture's moment, which is China time, in milliseconds. @param {string} text */
const moment = (text) => Date.parse(`${text.replace(" ", "T")}+08:00`);

const ENDED_MAX = 30;
/** @type {{ at: number, flow: any }[]} what ended while the page was open, newest first */
const ended = [];

on("flow", (flow) => {
  if (flow.Is === "begun") return;
  ended.unshift({ at: cloudNow(), flow });
  ended.length = Math.min(ended.length, ENDED_MAX);
});

/** @param {string} text what to call @param {() => Promise<any>} does */
const act = (text, does) => button(text, async () => {
  try {
    const answer = await does();
    if (answer.Mode) setClock(answer);
    refresh();
  } catch (error) {
    say(String(/** @type {Error} */ (error).message), "bad");
  }
});

/** @type {[string, number][]} */
const STEPS = [["+1 min", 60], ["+1 h", 3_600], ["+1 day", 86_400], ["+30 days", 30 * 86_400]];

/** @param {HTMLElement} root */
export function time(root) {
  const now = h("output", { class: "big-time" });
  const mode = h("span", { class: "tag" });
  const lines = h("div", { class: "flows" });
  const past = h("div");
  const set = h("input", { type: "text", "aria-label": t("Set the clock to"), placeholder: "2027-01-01T00:00:00Z", class: "mono" });
  const post = (/** @type {string} */ path, /** @type {unknown} */ body) => () => control("POST", path, body);
  put(
    root,
    h("div", { class: "page" },
      h("h1", null, t("Time")),
      h("section", { class: "card" },
        h("div", { class: "row wrap" }, now, mode, h("span", { class: "spring" }), act(t("Next thing due"), post("/clock/next", {}))),
        h("div", { class: "row wrap" },
          STEPS.map(([name, seconds]) => act(t(name), post("/clock/advance", { Seconds: seconds }))),
          h("span", { class: "spring" }),
          h("div", { class: "row wrap" }, set,
            act(t("Stop the clock there"), () => control("PUT", "/clock", { Mode: "manual", Now: set.value || new Date(cloudNow()).toISOString() })),
            act(t("Let it run"), () => control("PUT", "/clock", { Mode: "real" })))),
        h("p", { class: "muted" }, t("The cloud's own clock: deadlines, bills and changes go by it. Signatures and the frequency limit go by real time."))),
      h("section", null,
        h("div", { class: "toolbar" }, h("h2", null, t("Under way")), h("span", { class: "spring" }), act(t("Finish all"), post("/flows/drain", {}))),
        lines),
      h("section", null, h("h2", null, t("Ended since this page is open")), past)),
  );

  function flows() {
    return live.summary.Accounts.flatMap((account) => account.Flows.map((flow) => ({ ...flow, AppId: account.AppId })));
  }

  let shown = "";
  /** @type {{ span: HTMLElement, fill: HTMLElement, left: HTMLElement, from: number, to: number }[]} */
  let bars = [];
  /** The stretch of time that the bars lie on. */
  const axis = { from: 0, to: 0, begins: h("span"), ends: h("span") };

  function showFlows() {
    const all = flows();
    const text = JSON.stringify(all);
    if (text === shown) return;
    shown = text;
    bars = [];
    put(lines, all.length > 0 ? [all.map(line), h("div", { class: "axis figure muted" }, axis.begins, axis.ends)].flat() : h("p", { class: "empty" }, t("Nothing is under way. A change, UpgradeInstance say, begins something.")));
    const more = live.summary.Accounts.reduce((sum, account) => sum + account.FlowCount - account.Flows.length, 0);
    if (more > 0) lines.append(h("p", { class: "muted" }, t("and {count} more", { count: more })));
  }

  /** @param {any} flow */
  function line(flow) {
    const from = moment(flow.StartTime);
    const to = flow.Due ? moment(flow.Due) : NaN;
    const fill = h("span", { class: "flow-fill" });
    const span = h("div", { class: "flow-span" }, fill);
    const left = h("span", { class: "figure muted" });
    bars.push({ span, fill, left, from, to });
    const app = `?AppId=${flow.AppId}`;
    return h("div", { class: "flow" },
      h("div", { class: "flow-head" },
        h("strong", null, flow.Action),
        flow.InstanceId ? h("button", { type: "button", class: "quiet mono", onclick: () => go(`#/instances/${flow.InstanceId}?app=${flow.AppId}`) }, flow.InstanceId) : null,
        flow.Shown ? h("span", { class: "tag", title: t("a Describe has shown it under way") }, t("seen")) : h("span", { class: "tag", title: t("no Describe has shown it yet") }, t("unseen")),
        flow.Fault ? h("span", { class: "tag warn" }, t("will {fate}", { fate: flow.Fault })) : null,
        h("span", { class: "spring" }), left,
        act(t("Finish"), post(`/flows/${flow.Id}/step${app}`, {})),
        act(t("Let it fail"), post(`/flows/${flow.Id}/fail${app}`, {}))),
      h("div", { class: "flow-bar" }, span));
  }

  function tick() {
    if (!live.clock.Mode) return;
    const at = cloudNow();
    now.textContent = new Date(at).toISOString().replace("T", " ").slice(0, 19) + " UTC";
    mode.textContent = t(live.clock.Mode);
    axis.from = Math.min(...bars.map((bar) => bar.from));
    axis.to = Math.max(at, ...bars.map((bar) => (Number.isNaN(bar.to) ? at : bar.to)));
    const percent = (/** @type {number} */ moment) => `${Math.min(100, Math.max(0, ((moment - axis.from) / Math.max(1, axis.to - axis.from)) * 100))}%`;
    axis.begins.textContent = clockTime(axis.from);
    axis.ends.textContent = clockTime(axis.to);
    for (const { span, fill, left, from, to } of bars) {
      span.style.left = percent(from);
      span.style.right = `calc(100% - ${percent(Number.isNaN(to) ? axis.to : to)})`;
      const share = Number.isNaN(to) ? 1 : Math.min(1, Math.max(0, (at - from) / Math.max(1, to - from)));
      fill.style.width = `${share * 100}%`;
      fill.classList.toggle("hung", Number.isNaN(to));
      left.textContent = Number.isNaN(to) ? t("by hand") : to > at ? spanOf(to - at) : t("due");
    }
    put(past, ended.length > 0
      ? h("ol", { class: "history" }, ended.map(({ at: when, flow }) => h("li", null,
          h("span", { class: flow.Is === "failed" ? "bad" : "ok" }, t(flow.Is)),
          h("span", { class: "mono" }, flow.InstanceId ?? ""),
          h("span", { class: "muted" }, `${t("task type")} ${flow.TaskType}`),
          h("span", { class: "muted figure" }, new Date(when).toISOString().slice(11, 19)))))
      : h("p", { class: "empty" }, t("Nothing yet.")));
  }

  const ends = [on("summary", showFlows), on("clock", tick), on("flow", tick)];
  const timer = setInterval(tick, 200);
  showFlows();
  tick();
  return () => {
    ends.forEach((end) => end());
    clearInterval(timer);
  };
}

/** @param {number} at */
const clockTime = (at) => (Number.isFinite(at) ? new Date(at).toISOString().slice(5, 19).replace("T", " ") : "");

/** @param {number} ms */
function spanOf(ms) {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`;
}
