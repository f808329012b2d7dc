import { endpointOf, known, listOf, lowerFirst, objectOf, quoted, schemeOf, upperFirst, versionOf } from "./code-words.js";

/** @typedef {import("./members.js").Member} Member */
/** @typedef {Pick<Member, "Type" | "Object" | "Members" | "Item">} Typed */

/** @type {Record<string, string>} */
const TYPES = { string: "std::string", integer: "int64_t", "unsigned integer": "uint64_t", float: "double", boolean: "bool" };

class Body {
  constructor() {
    /** @type {string[]} */
    this.lines = [];
    /** @type {Map<string, number>} */
    this.names = new Map();
    /** @type {Set<string>} */
    this.classes = new Set();
  }

  /** @param {string} target @param {Record<string, unknown>} params @param {Member[] | undefined} members */
  fill(target, params, members) {
    for (const { member, value } of known(params, members)) {
      const given = this.expression(member, value);
      this.lines.push(`    ${target}.Set${upperFirst(member.Name)}(${given});\n`);
    }
  }

  /** @param {Typed} member @param {unknown} value @returns {string} */
  expression(member, value) {
    if (member.Type === "array") {
      const item = member.Item ?? { Type: "string" };
      const type = item.Type === "object" ? item.Object : (TYPES[item.Type] ?? "std::string");
      return `std::vector<${type}>{${listOf(value).map((own) => this.expression(item, own)).join(", ")}}`;
    }
    if (member.Type === "object" && member.Object) {
      const count = (this.names.get(member.Object) ?? 0) + 1;
      this.names.set(member.Object, count);
      this.classes.add(member.Object);
      const name = lowerFirst(member.Object) + count;
      this.lines.push(`    ${member.Object} ${name};\n`);
      this.fill(name, objectOf(value), member.Members);
      return name;
    }
    return typeof value === "string" ? quoted(value) : String(value);
  }
}

/** The official C++ SDK, which takes no name without a dot. @type {import("./code.js").Writer} */
export function cpp(call) {
  const { Name: action, Service: service } = call.action;
  const [Service, version] = [upperFirst(service), versionOf(call, "V")];
  const folder = `tencentcloud/${service}/${version.toLowerCase()}`;
  const pair = call.real
    ? `getenv("TENCENTCLOUD_SECRET_ID"), getenv("TENCENTCLOUD_SECRET_KEY")`
    : `${quoted(call.secretId)}, ${quoted(call.secretKey)}`;
  const body = new Body();
  body.fill("request", call.params, call.action.Input);
  const models = [...body.classes].sort();
  return `#include <cstdlib>
#include <iostream>
#include <tencentcloud/core/Credential.h>
#include <tencentcloud/core/TencentCloud.h>
#include <tencentcloud/core/profile/ClientProfile.h>
#include <tencentcloud/core/profile/HttpProfile.h>
#include <${folder}/${Service}Client.h>
#include <${folder}/model/${action}Request.h>
#include <${folder}/model/${action}Response.h>
${models.map((model) => `#include <${folder}/model/${model}.h>\n`).join("")}
using namespace TencentCloud;
using namespace TencentCloud::${Service}::${version};
using namespace TencentCloud::${Service}::${version}::Model;

int main() {
    InitAPI();
    HttpProfile http;
    http.SetProtocol(HttpProfile::Scheme::${schemeOf(call).toUpperCase()});
    http.SetEndpoint(${quoted(endpointOf(call).replace(/^localhost(?=:|$)/, "127.0.0.1"))});
    ${Service}Client client(Credential(${pair}), ${quoted(call.region)}, ClientProfile(http));

    ${action}Request request;
${body.lines.join("")}    auto outcome = client.${action}(request);
    if (outcome.IsSuccess()) {
        std::cout << outcome.GetResult().ToJsonString() << std::endl;
    } else {
        std::cerr << outcome.GetError().PrintAll() << std::endl;
    }
    ShutdownAPI();
    return outcome.IsSuccess() ? 0 : 1;
}
`;
}
