import { endpointOf, known, listOf, objectOf, quoted, schemeOf, versionOf } from "./code-words.js";

/** @typedef {import("./members.js").Member} Member */

/** Go's type of a value, and the helper that makes a pointer of one. @type {Record<string, [string, string]>} */
const POINTERS = {
  string: ["string", "common.StringPtr"],
  integer: ["int64", "common.Int64Ptr"],
  "unsigned integer": ["uint64", "common.Uint64Ptr"],
  float: ["float64", "common.Float64Ptr"],
  boolean: ["bool", "common.BoolPtr"],
};

/** @param {unknown} value */
const plain = (value) => (typeof value === "string" ? quoted(value) : String(value));

/** @param {string} service @param {Pick<Member, "Type" | "Object" | "Members" | "Item">} member @param {unknown} value @returns {string} */
function expression(service, member, value) {
  if (member.Type === "object") return object(service, member, value);
  if (member.Type === "array") {
    const item = member.Item ?? { Type: "string" };
    const items = listOf(value).map((own) => `\t${indentedByTab(expression(service, item, own))},\n`);
    const type = item.Type === "object" ? `${service}.${item.Object}` : (POINTERS[item.Type] ?? POINTERS.string)[0];
    return `[]*${type}{\n${items.join("")}}`;
  }
  return `${(POINTERS[member.Type] ?? POINTERS.string)[1]}(${plain(value)})`;
}

/** @param {string} service @param {Pick<Member, "Object" | "Members">} member @param {unknown} value */
function object(service, member, value) {
  const fields = known(objectOf(value), member.Members);
  const lines = fields.map((field) => `\t${field.member.Name}: ${indentedByTab(expression(service, field.member, field.value))},\n`);
  return `&${service}.${member.Object}{\n${lines.join("")}}`;
}

/** @param {string} text */
const indentedByTab = (text) => text.replaceAll("\n", "\n\t");

/** The official Go SDK. @type {import("./code.js").Writer} */
export function go(call) {
  const { Name: action, Service: service } = call.action;
  const pair = call.real
    ? `os.Getenv("TENCENTCLOUD_SECRET_ID"), os.Getenv("TENCENTCLOUD_SECRET_KEY")`
    : `${quoted(call.secretId)}, ${quoted(call.secretKey)}`;
  const fields = known(call.params, call.action.Input);
  const lines = fields.map(({ member, value }) => `\trequest.${member.Name} = ${indentedByTab(expression(service, member, value))}\n`);
  return `package main

import (
	"fmt"
	"os"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	${service} "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/${service}/${versionOf(call)}"
)

func main() {
	settings := profile.NewClientProfile()
	settings.HttpProfile.Scheme = "${schemeOf(call)}"
	settings.HttpProfile.Endpoint = ${quoted(endpointOf(call))}
	credential := common.NewCredential(${pair})
	client, err := ${service}.NewClient(credential, ${quoted(call.region)}, settings)
	if err != nil {
		panic(err)
	}

	request := ${service}.New${action}Request()
${lines.join("")}
	answer, err := client.${action}(request)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(answer.ToJsonString())
}
`;
}
