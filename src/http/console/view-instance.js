// One instance with everything that belongs to it, as the state has it.

import { editionName, zoneName } from "./contract.js";
import { control } from "./control.js";
import { button, fact, h, put, say } from "./dom.js";
import { jsonView } from "./json-view.js";
import { go, linkOf } from "./link.js";
import { ask, live, on } from "./live.js";
import { nodesOf } from "./nodes.js";
import { picture } from "./picture.js";
import { records } from "./records.js";
import { masked } from "./send.js";
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
  /** What its records need not say. */
  let [name, region] = ["", ""];

  async function show() {
    const found = await ask("instance", account(), id);
    if (!found) {
      put(root, close(), h("p", { class: "empty" }, live.read ? t("No instance {id} is in the state.", { id }) : t("Reading the state…")));
      return;
    }
    const { own, related } = found;
    const shown = masked(own, "***");
    [name, region] = [own.InstanceName, own.Region];
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
      h("div", { class: "choices" }, CALLS.map((action) =>
        button(action, () => go(linkOf({ action, service: "redis", region, params: action === "ModifyInstance" ? { InstanceIds: [id], Operation: "rename" } : { InstanceId: id } })), { class: "choice", title: t("Fill the explorer's form with it") }))),
      ordered({ Nodes: nodes(own), ...related, ...inner(shown) }).map(([key, all]) => folded(key, all)),
      whole > 0 ? patch(own) : null,
      h("details", null, h("summary", null, t("As a fixture shows it")), jsonView(shown)),
    );
    root.scrollTop = scroll;
  }

  const close = () => button(t("Back to all"), () => go("#/instances"), { class: "quiet back" });

  /** @param {string} key @param {any[]} all */
  function folded(key, all) {
    const details = h("details", { open: open.has(key) }, h("summary", null, t(NAMES[key] ?? key), " ", h("span", { class: "tag" }, String(all.length))), records(all.map(({ ProjectId: _project, OperateUin: _uin, ...told }) => told), [id, name, region]));
    details.addEventListener("toggle", () => (details.open ? open.add(key) : open.delete(key)));
    return details;
  }

  /** As records, which are shown last first. @param {any} own */
  const nodes = (own) =>
    nodesOf(own).reverse().map((node) => ({
      [t("Shard")]: node.shard + 1, [t("Role")]: t(node.isMaster ? "master" : "replica"), [t("Zone")]: zoneName(known, own.Region, node.zoneId),
      ...(node.id ? { NodeId: node.id, GroupName: node.group } : {}),
    }));

  /** What an instance holds itself: parameters, accounts, tags, events. @param {any} own */
  const inner = (own) =>
    Object.fromEntries(Object.entries(own)
      .filter(([key, value]) => !NODE_KEYS.includes(key) && typeof value === "object" && value !== null && Object.keys(value).length > 0)
      .map(([key, value]) => [key, Array.isArray(value) ? value.map((item) => (typeof item === "object" ? item : { [key]: item })) : [value]]));

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

/** What the keys of the state are called, in the order in which they are shown; those that are not here follow. @type {Record<string, string>} */
const NAMES = {
  Flows: "Flows", Tasks: "Tasks", Deals: "Deals", Backups: "Backups", Nodes: "Nodes", InstanceParams: "Parameters", ParamRecords: "Changes of parameters",
  InstanceAccounts: "Accounts", SecurityGroups: "Security groups", SecurityGroupIdList: "Bound groups", RedisInstanceEvents: "Events",
  ReplicationGroups: "Replication groups", ResourceTags: "Tags", MaintenanceWindow: "Maintenance window", AutoBackup: "Daily backup",
  Vpcs: "VPC", Subnets: "Subnet", ParamTemplates: "Parameter template", RedisClusters: "Dedicated cluster",
};
const ORDER = Object.keys(NAMES);

/** What the table of nodes tells. */
const NODE_KEYS = ["NodeSet", "ReplicaGroups"];

/** @param {Record<string, any[]>} all */
const ordered = (all) => Object.entries(all).sort(([one], [other]) => place(one) - place(other));

/** @param {string} key */
const place = (key) => (ORDER.includes(key) ? ORDER.indexOf(key) : ORDER.length);
