import { endpointOf, indented, known, listOf, objectOf, quoted, schemeOf, upperFirst, versionOf } from "./code-words.js";

/** @typedef {Pick<import("./members.js").Member, "Type" | "Object" | "Members" | "Item">} Typed */

/** @type {Record<string, string>} */
const TYPES = { string: "string", integer: "long?", "unsigned integer": "ulong?", float: "float?", boolean: "bool?" };

/** @param {Typed} member @param {unknown} value @returns {string} */
function expression(member, value) {
  if (member.Type === "object") return object(member.Object ?? "", objectOf(value), member.Members);
  if (member.Type === "array") {
    const item = member.Item ?? { Type: "string" };
    const type = item.Type === "object" ? item.Object : (TYPES[item.Type] ?? "string");
    return `new ${type}[] { ${listOf(value).map((own) => expression(item, own)).join(", ")} }`;
  }
  if (typeof value === "string") return quoted(value);
  return member.Type === "float" ? `${value}f` : String(value);
}

/** @param {string} type @param {Record<string, unknown>} params @param {import("./members.js").Member[] | undefined} members */
function object(type, params, members) {
  const lines = known(params, members).map(({ member, value }) => `\n    ${upperFirst(member.Name)} = ${indented(expression(member, value), 4)},`);
  return lines.length > 0 ? `new ${type}\n{${lines.join("")}\n}` : `new ${type}()`;
}

/** The official .NET SDK. @type {import("./code.js").Writer} */
export function dotnet(call) {
  const { Name: action, Service: service } = call.action;
  const space = `TencentCloud.${upperFirst(service)}.${versionOf(call, "V")}`;
  const pair = call.real
    ? `SecretId = Environment.GetEnvironmentVariable("TENCENTCLOUD_SECRET_ID"), SecretKey = Environment.GetEnvironmentVariable("TENCENTCLOUD_SECRET_KEY")`
    : `SecretId = ${quoted(call.secretId)}, SecretKey = ${quoted(call.secretKey)}`;
  return `using System;
using TencentCloud.Common;
using TencentCloud.Common.Profile;
using ${space};
using ${space}.Models;

var http = new HttpProfile { Protocol = HttpProfile.${schemeOf(call) === "https" ? "REQ_HTTPS" : "REQ_HTTP"}, Endpoint = ${quoted(endpointOf(call))} };
var client = new ${upperFirst(service)}Client(
    new Credential { ${pair} },
    ${quoted(call.region)},
    new ClientProfile(ClientProfile.SIGN_TC3SHA256, http));

var request = ${object(`${action}Request`, call.params, call.action.Input)};
Console.WriteLine(AbstractModel.ToJsonString(client.${action}Sync(request)));
`;
}
