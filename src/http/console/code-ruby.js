import { RUBY_MANNER, endpointOf, literal, schemeOf, single, upperFirst, versionOf } from "./code-words.js";

/** The official Ruby SDK. @type {import("./code.js").Writer} */
export function ruby(call) {
  const { Name: action, Service: service } = call.action;
  const space = `TencentCloud::${upperFirst(service)}::${versionOf(call, "V")}`;
  const pair = call.real
    ? `ENV.fetch('TENCENTCLOUD_SECRET_ID'), ENV.fetch('TENCENTCLOUD_SECRET_KEY')`
    : `${single(call.secretId)}, ${single(call.secretKey)}`;
  return `require 'tencentcloud-sdk-${service}'

credential = TencentCloud::Common::Credential.new(${pair})
http = TencentCloud::Common::HttpProfile.new
http.scheme = '${schemeOf(call)}'
http.endpoint = ${single(endpointOf(call))}
profile = TencentCloud::Common::ClientProfile.new
profile.http_profile = http
client = ${space}::Client.new(credential, ${single(call.region)}, profile)

request = ${space}::${action}Request.new
request.deserialize(${literal(call.params, RUBY_MANNER)})
puts client.${action}(request).serialize
`;
}
