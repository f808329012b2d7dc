// A form made from the contract. Every field takes any text, since a wrong value is worth sending too; what fits is
// offered.

import { button, h, put, say } from "./dom.js";
import { live } from "./live.js";
import { isNested, isObject, itemOf, sent, typed } from "./members.js";
import { t } from "./words.js";

/** @typedef {import("./members.js").Member} Member */
/** @typedef {Record<string, any>} Values */

/** Members whose ids are those of another key of the state. @type {Record<string, string>} */
const NAMED_BY = {
  InstanceIds: "InstanceId", SrcInstanceId: "InstanceId", DstInstanceId: "InstanceId", DealIds: "DealId", DealName: "DealId",
  SecurityGroupIds: "SecurityGroupId", SecurityGroupIdList: "SecurityGroupId", TemplateIds: "TemplateId",
  UniqVpcId: "VpcId", UniqSubnetId: "SubnetId", UniqVpcIds: "VpcId", UniqSubnetIds: "SubnetId", VpcIds: "VpcId", SubnetIds: "SubnetId",
  RedisClusterIds: "RedisClusterId", InstanceName: "", BackupIds: "BackupId",
};

let made = 0;

/**
 * @param {import("./members.js").Action} action
 * @param {Values} values what the form begins with; it is written to
 * @param {import("./contract.js").Contract} contract
 * @param {() => string} region
 * @param {() => void} changed
 */
export function form(action, values, contract, region, changed) {
  const root = h("div", { class: "form" });
  const context = { action, contract, region, root: values, changed };

  function fields() {
    const [wanted, others] = [action.Input.filter((own) => own.Required), action.Input.filter((own) => !own.Required)];
    const rows = [...wanted, ...others].map((member) => field(context, member, values, ""));
    put(root, rows.length > 0 ? rows : h("p", { class: "empty" }, t("It takes no parameters.")));
  }

  function json() {
    const area = h("textarea", { class: "json", rows: 14, spellcheck: "false", "aria-label": t("Parameters as JSON"), value: JSON.stringify(sent(values), null, 2) });
    area.addEventListener("input", () => {
      try {
        const read = JSON.parse(area.value);
        if (!isObject(read)) throw new Error(t("an object is wanted"));
        for (const key of Object.keys(values)) delete values[key];
        Object.assign(values, read);
        area.removeAttribute("aria-invalid");
        changed();
      } catch {
        area.setAttribute("aria-invalid", "true");
      }
    });
    put(root, area);
    area.focus();
  }

  fields();
  return { root, fields, json };
}

/**
 * @typedef {object} Context
 * @property {import("./members.js").Action} action
 * @property {import("./contract.js").Contract} contract
 * @property {() => string} region
 * @property {Values} root
 * @property {() => void} changed
 */

/** @param {Context} context @param {Member} member @param {any} holder @param {string} path @returns {HTMLElement} */
function field(context, member, holder, path) {
  const place = path ? `${path}.${member.Name}` : member.Name;
  if (member.Type === "object") return object(context, member, holder, place);
  if (member.Type === "array") return list(context, member, holder, place);
  const id = `field-${++made}`;
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, name(context, member, place)),
    entry(context, member, holder, member.Name, { id, "data-path": place }),
  );
}

/** What a field is called, with what is to be known of it. @param {Context} context @param {Member} member @param {string} place */
function name(context, member, place) {
  const plain = place.replace(/\.\d+/g, "");
  return [
    h("span", { class: `name${member.Deprecated ? " deprecated" : ""}` }, member.Name),
    member.Required ? h("span", { class: "required", title: t("required") }, "*") : null,
    h("span", { class: "type" }, typeName(member)),
    context.action.Unread.includes(plain) ? h("span", { class: "tag", title: t("accepted without effect") }, t("no effect")) : null,
  ];
}

/** @param {Member} member */
function typeName(member) {
  const type = member.Type === "array" ? `${t("list of")} ${t(member.Item?.Type ?? "string")}` : t(member.Type);
  return member.Range ? `${type} ${member.Range.Least}–${member.Range.Most}` : type;
}

/**
 * @param {Context} context @param {Member} member @param {any} holder @param {string | number} key
 * @param {Record<string, unknown>} attributes
 */
function entry(context, member, holder, key, attributes) {
  const isSecret = /password/i.test(member.Name) && member.Type === "string";
  const now = holder[key];
  const list = `${attributes.id}-list`;
  const input = h("input", {
    type: isSecret ? "password" : "text",
    inputmode: /integer|float/.test(member.Type) ? "decimal" : undefined,
    autocomplete: isSecret ? "new-password" : "off",
    spellcheck: "false",
    placeholder: member.Like ?? (member.Type === "boolean" ? "true / false" : ""),
    value: now === undefined || now === null ? "" : typeof now === "object" ? JSON.stringify(now) : String(now),
    ...attributes,
  });
  input.addEventListener("input", () => {
    holder[key] = input.value === "" ? undefined : typed(input.value, member.Type);
    context.changed();
  });
  const datalist = h("datalist", { id: list });
  // Filled when it is looked at: what is offered changes with the state.
  const offer = () => {
    const offers = offersOf(context, member);
    put(datalist, offers.map(([value, says]) => h("option", { value: String(value) }, says)));
    if (offers.length > 0) input.setAttribute("list", list);
  };
  input.addEventListener("focus", offer);
  const quick = quickOnes(member);
  if (quick.length === 0) return h("div", { class: "entry" }, input, datalist);
  const choices = quick.map(({ Value, Says }) =>
    button(Says ? `${Value} ${t(Says)}` : String(Value), () => {
      input.value = String(Value);
      input.dispatchEvent(new Event("input"));
      input.focus();
    }, { class: "choice" }),
  );
  return h("div", { class: "entry" }, input, datalist, h("div", { class: "choices" }, choices));
}

/** Few values are shown as buttons. @param {Member} member */
function quickOnes(member) {
  if (member.Type === "boolean") return [{ Value: "true", Says: "" }, { Value: "false", Says: "" }];
  return member.Values && member.Values.length <= 5 ? member.Values : [];
}

/** @param {Context} context @param {Member} member @returns {[string | number, string][]} */
function offersOf(context, member) {
  if (member.Values) return member.Values.map((own) => [own.Value, own.Says]);
  if (member.Name === "InstanceId" || NAMED_BY[member.Name] === "InstanceId") {
    const rows = live.rows.filter((row) => row.Region === context.region()).slice(0, 200);
    return rows.map((row) => [row.InstanceId, row.InstanceName]);
  }
  if (/^(MemSize|RedisShardNum|RedisReplicasNum)$/.test(member.Name)) return ofEdition(context, member.Name);
  const zones = context.contract.Regions.find((own) => own.Name === context.region())?.Zones ?? [];
  if (member.Name === "ZoneId") return zones.map((zone) => [zone.Id, zone.Name]);
  if (/^ZoneNames?$/.test(member.Name)) return zones.map((zone) => [zone.Name, String(zone.Id)]);
  return live.summary.Ids[NAMED_BY[member.Name] ?? member.Name] ?? [];
}

/** What is sold of the type that the form, or the instance in it, has. @param {Context} context @param {string} name @returns {[number, string][]} */
function ofEdition(context, name) {
  const type = context.root.TypeId ?? live.byId.get(context.root.InstanceId)?.TypeId;
  const edition = context.contract.Editions.find((own) => own.TypeId === type);
  /** @type {number[]} */
  const sold = (edition && Reflect.get(edition, name)) ?? [];
  return sold.map((value) => [value, edition?.Name ?? ""]);
}

/** @param {Context} context @param {Member} member @param {any} holder @param {string} place */
function object(context, member, holder, place) {
  if (!isObject(holder[member.Name])) holder[member.Name] = {};
  const inner = (member.Members ?? []).map((own) => field(context, own, holder[member.Name], place));
  return h("fieldset", null, h("legend", null, name(context, member, place)), inner);
}

/** @param {Context} context @param {Member} member @param {any} holder @param {string} place */
function list(context, member, holder, place) {
  if (!Array.isArray(holder[member.Name])) holder[member.Name] = holder[member.Name] === undefined ? [] : [holder[member.Name]];
  /** @type {any[]} */
  const items = holder[member.Name];
  const item = itemOf(member);
  const rows = h("div", { class: "items" });
  const show = () => put(rows, items.map(one));

  /** @param {unknown} _ @param {number} index */
  function one(_, index) {
    const takeAway = button("×", () => {
      items.splice(index, 1);
      show();
      context.changed();
    }, { class: "quiet", "aria-label": t("Take item {at} of {name} away", { at: index + 1, name: member.Name }) });
    if (!isNested(item)) {
      const attributes = { id: `field-${++made}`, "data-path": `${place}.${index}`, "aria-label": `${member.Name} ${index + 1}` };
      return h("div", { class: "item" }, entry(context, { ...item, Name: member.Name }, items, index, attributes), takeAway);
    }
    if (!isObject(items[index])) items[index] = {};
    const inner = (member.Item?.Members ?? []).map((own) => field(context, own, items[index], `${place}.${index}`));
    return h("div", { class: "item nested" }, h("div", { class: "item-fields" }, inner), takeAway);
  }

  const add = button(`+ ${member.Name}`, () => {
    if (member.ItemsMax && items.length >= member.ItemsMax) return say(t("No more than {most} are taken.", { most: member.ItemsMax }), "bad");
    items.push(isNested(item) ? {} : "");
    show();
    context.changed();
    /** @type {HTMLInputElement | null} */ (rows.lastElementChild?.querySelector("input"))?.focus();
  }, { class: "quiet add", "data-add": place });
  show();
  return h("fieldset", { class: "list" }, h("legend", null, name(context, member, place)), rows, add);
}
