import { endpointOf, known, listOf, lowerFirst, objectOf, quoted, schemeOf, upperFirst, versionOf } from "./code-words.js";

/** @typedef {import("./members.js").Member} Member */
/** @typedef {Pick<Member, "Type" | "Object" | "Members" | "Item">} Typed */

/** @type {Record<string, string>} */
const TYPES = { string: "String", integer: "Long", "unsigned integer": "Long", float: "Float", boolean: "Boolean" };

/** Statements, and names that were not taken before. */
class Body {
  constructor() {
    /** @type {string[]} */
    this.lines = [];
    /** @type {Map<string, number>} */
    this.names = new Map();
    /** @type {Set<string>} */
    this.classes = new Set();
  }

  /** @param {string} type */
  name(type) {
    const count = (this.names.get(type) ?? 0) + 1;
    this.names.set(type, count);
    return lowerFirst(type) + count;
  }

  /** @param {string} target @param {Record<string, unknown>} params @param {Member[] | undefined} members */
  fill(target, params, members) {
    for (const { member, value } of known(params, members)) {
      const given = this.expression(member, value);
      this.lines.push(`    ${target}.set${upperFirst(member.Name)}(${given});`);
    }
  }

  /** @param {Typed} member @param {unknown} value @returns {string} */
  expression(member, value) {
    if (member.Type === "array") {
      const item = member.Item ?? { Type: "string" };
      const type = item.Type === "object" ? item.Object : (TYPES[item.Type] ?? "String");
      return `new ${type}[] {${listOf(value).map((own) => this.expression(item, own)).join(", ")}}`;
    }
    if (member.Type === "object" && member.Object) {
      const name = this.name(member.Object);
      this.classes.add(member.Object);
      this.lines.push(`    ${member.Object} ${name} = new ${member.Object}();`);
      this.fill(name, objectOf(value), member.Members);
      return name;
    }
    if (typeof value === "string") return quoted(value);
    if (member.Type.endsWith("integer")) return `${value}L`;
    return member.Type === "float" ? `${value}f` : String(value);
  }
}

/** The official Java SDK. @type {import("./code.js").Writer} */
export function java(call) {
  const { Name: action, Service: service } = call.action;
  const base = `com.tencentcloudapi.${service}.${versionOf(call)}`;
  const Client = `${upperFirst(service)}Client`;
  const pair = call.real
    ? `System.getenv("TENCENTCLOUD_SECRET_ID"), System.getenv("TENCENTCLOUD_SECRET_KEY")`
    : `${quoted(call.secretId)}, ${quoted(call.secretKey)}`;
  const body = new Body();
  body.fill("request", call.params, call.action.Input);
  const models = [`${action}Request`, `${action}Response`, ...body.classes].sort();
  return `import com.tencentcloudapi.common.AbstractModel;
import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import ${base}.${Client};
${models.map((model) => `import ${base}.models.${model};\n`).join("")}
public class ${action} {
  public static void main(String[] arguments) throws TencentCloudSDKException {
    HttpProfile http = new HttpProfile();
    http.setProtocol("${schemeOf(call)}://");
    http.setEndpoint(${quoted(endpointOf(call))});
    Credential credential = new Credential(${pair});
    ClientProfile profile = new ClientProfile(ClientProfile.SIGN_TC3_256, http);
    ${Client} client = new ${Client}(credential, ${quoted(call.region)}, profile);

    ${action}Request request = new ${action}Request();
${body.lines.map((line) => `${line}\n`).join("")}    ${action}Response answer = client.${action}(request);
    System.out.println(AbstractModel.toJsonString(answer));
  }
}
`;
}
