// One instance with everything that belongs to it, as the state has it.

import { editionName, zoneName } from "./contract.js";
import { control } from "./control.js";
import { button, fact, h, put, say } from "./dom.js";
import { jsonView } from "./json-view.js";
import { go, linkOf } from "./link.js";
import { ask, live, on } from "./live.js";
import { picture } from "./picture.js";
import { records } from "./records.js";
import { bar, memory, statusMark } from "./status.js";
import { t } from "./words.js";

/** Calls that one makes of an instance. */
const CALLS = ["UpgradeInstance", "ModifyInstance", "DescribeInstanceNodeInfo", "DescribeInstanceParams", "ManualBackupInstance", "DestroyPostpaidInstance"];

/**
 * @param {HTMLElement} root @param {string} id @param {number | null} appId
 * @param {import("./contract.js").Contract} known
 */
export function instanceView(root, id, appId, known) {
  const account = () => appId ?? live.byId.get(id)?.AppId ?? null;
  const open = new Set(["Flows", "Tasks"]);

  async function show() {
    const found = await ask("instance", account(), id);
    if (!found) {
      put(root, close(), h("p", { class: "empty" }, live.read ? t("No instance {id} is in the state.", { id }) : t("Reading the state…")));
      return;
    }
    const { own, related } = found;
    const whole = own.MemSize * (own.RedisShardNum ?? 1);
    const scroll = root.scrollTop;
    put(
      root,
      close(),
      h("header", null, h("h2", { class: "mono" }, own.InstanceId), h("p", null, own.InstanceName), statusMark(live.byId.get(id)?.Status ?? own.Status)),
      h("dl", { class: "facts" },
        fact(t("Edition"), editionName(known, own.TypeId)),
        fact(t("Zone"), zoneName(known, own.Region, own.ZoneId)),
        fact(t("Memory used"), h("span", { class: "size" }, bar(own.MemUsed ?? 0, whole), `${memory(own.MemUsed ?? 0)} / ${memory(whole)}`)),
        fact(t("Address"), h("span", { class: "mono" }, `${own.WanIp ?? own.Vip ?? "–"}:${own.VPort ?? ""}`)),
        fact(t("Billing"), own.BillingMode ? `${t("prepaid")} · ${own.DeadlineTime ?? ""}` : t("postpaid")),
        fact(t("Created"), own.Createtime ?? "–"),
        fact(t("Account"), String(account() ?? ""))),
      section(t("Shards and replicas"), picture(own, known)),
      h("div", { class: "choices" }, CALLS.filter((name) => known.Actions.some((action) => action.Name === name && action.Implemented)).map((name) =>
        button(name, () => go(linkOf({ action: name, service: "redis", region: own.Region, params: name === "ModifyInstance" ? { InstanceIds: [id], Operation: "rename" } : { InstanceId: id } })), { class: "choice", title: t("Fill the explorer's form with it") }))),
      Object.entries(ordered(related)).map(([name, all]) => folded(name, all)),
      inner(own),
      whole > 0 ? patch(own) : null,
      h("details", null, h("summary", null, t("As a fixture shows it")), jsonView(own)),
    );
    root.scrollTop = scroll;
  }

  const close = () => button(t("Back to all"), () => go("#/instances"), { class: "quiet back" });

  /** @param {string} name @param {any[]} all */
  function folded(name, all) {
    const details = h("details", { open: open.has(name) }, h("summary", null, t(name), " ", h("span", { class: "tag" }, String(all.length))), records(all, id));
    details.addEventListener("toggle", () => (details.open ? open.add(name) : open.delete(name)));
    return details;
  }

  /** What an instance holds itself: parameters, accounts, tags, groups. @param {any} own */
  const inner = (own) =>
    Object.entries(own)
      .filter(([, value]) => typeof value === "object" && value !== null && Object.keys(value).length > 0)
      .map(([name, value]) => folded(name, Array.isArray(value) ? value.map((item) => (typeof item === "object" ? item : { [name]: item })) : [value]));

  /** @param {any} own */
  function patch(own) {
    const input = h("input", { type: "text", inputmode: "numeric", "aria-label": t("MemUsed in MB"), value: String(own.MemUsed ?? 0) });
    return h("div", { class: "row" }, h("label", { class: "labelled" }, t("MemUsed in MB"), input), button(t("Set"), async () => {
      try {
        await control("PATCH", `/instances/${encodeURIComponent(id)}${account() ? `?AppId=${account()}` : ""}`, { MemUsed: Number(input.value) });
        say(t("Set"));
      } catch (error) {
        say(String(/** @type {Error} */ (error).message), "bad");
      }
    }));
  }

  const isAway = () => !root.contains(document.activeElement) || !document.activeElement?.matches("input");
  const ends = [on("summary", () => isAway() && void show())];
  void show();
  return () => ends.forEach((end) => end());
}

/** @param {string} name @param {...import("./dom.js").Child} children */
const section = (name, ...children) => h("section", null, h("h3", null, name), ...children);

const FIRST = ["Flows", "Tasks", "Deals", "Backups", "Events"];

/** @param {Record<string, any[]>} related */
const ordered = (related) =>
  Object.fromEntries(Object.entries(related).sort(([one], [other]) => (FIRST.indexOf(one) + 100) % 100 - (FIRST.indexOf(other) + 100) % 100));
