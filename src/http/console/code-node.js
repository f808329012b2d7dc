import { JSON_MANNER, endpointOf, literal, quoted, schemeOf, versionOf } from "./code-words.js";

/** The official Node.js SDK. @type {import("./code.js").Writer} */
export function node(call) {
  const { Name: action, Service: service } = call.action;
  const pair = call.real
    ? "secretId: process.env.TENCENTCLOUD_SECRET_ID, secretKey: process.env.TENCENTCLOUD_SECRET_KEY"
    : `secretId: ${quoted(call.secretId)}, secretKey: ${quoted(call.secretKey)}`;
  return `const { ${service} } = require("tencentcloud-sdk-nodejs");

const client = new ${service}.${versionOf(call)}.Client({
  credential: { ${pair} },
  region: ${quoted(call.region)},
  profile: { httpProfile: { protocol: "${schemeOf(call)}://", endpoint: ${quoted(endpointOf(call))} } },
});

const params = ${literal(call.params, JSON_MANNER)};
client.${action}(params).then(
  (answer) => console.log(JSON.stringify(answer)),
  (refused) => {
    console.error(refused.code, refused.message);
    process.exitCode = 1;
  },
);
`;
}
