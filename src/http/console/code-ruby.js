import { RUBY_MANNER, literal, schemeOf, single } from "./code-words.js";

/**
 * The common part of the official Ruby SDK, since the gem of redis cannot be loaded. It knows no ports but 80 and 443, so
 * that this server is its proxy, by the environment: it fails with one of its own settings.
 * @type {import("./code.js").Writer}
 */
export function ruby(call) {
  const { Name: action, Service: service, Version: version } = call.action;
  const endpoint = single(`${service}.tencentcloudapi.com`);
  const pair = call.real
    ? `ENV.fetch('TENCENTCLOUD_SECRET_ID'), ENV.fetch('TENCENTCLOUD_SECRET_KEY')`
    : `${single(call.secretId)}, ${single(call.secretKey)}`;
  const proxy = call.real ? "" : `# It calls the port 80 alone, so the server is its proxy.\nENV['http_proxy'] = ${single(`http://${call.host}`)}\n`;
  return `require 'json'
require 'tencentcloud-sdk-common'

${proxy}http = TencentCloud::Common::HttpProfile.new
http.scheme = '${schemeOf({ ...call, scheme: "http" })}'
profile = TencentCloud::Common::ClientProfile.new
profile.http_profile = http
credential = TencentCloud::Common::Credential.new(${pair})
client = TencentCloud::Common::AbstractClient.new(credential, ${single(call.region)}, ${single(version)}, ${endpoint}, '', profile)

answer = client.send_request(${single(action)}, ${literal(call.params, RUBY_MANNER)})
puts JSON.pretty_generate(JSON.parse(answer))
`;
}
