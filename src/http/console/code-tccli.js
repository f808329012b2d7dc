import { endpointOf, schemeOf, shell } from "./code-words.js";

/** A value as TCCLI takes it: what is no plain value as JSON. @param {unknown} value */
function word(value) {
  if (typeof value === "boolean") return value ? "True" : "False";
  return shell(typeof value === "object" ? JSON.stringify(value) : String(value));
}

/** TCCLI. @type {import("./code.js").Writer} */
export function tccli(call) {
  const { Name: action, Service: service, Version: version } = call.action;
  const pair = call.real ? [] : [`--secretId ${shell(call.secretId)} --secretKey ${shell(call.secretKey)}`];
  const endpoint = call.real ? endpointOf(call) : `${schemeOf(call)}://${endpointOf(call)}`;
  const params = Object.entries(call.params).map(([name, value]) => `--${name} ${word(value)}`);
  const parts = [
    `tccli ${service} ${action} --version ${version}`,
    `--region ${shell(call.region)} --endpoint ${shell(endpoint)}`,
    ...pair,
    ...params,
  ];
  return `${parts.join(" \\\n  ")}\n`;
}
