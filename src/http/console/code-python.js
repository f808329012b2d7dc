import { PYTHON_MANNER, endpointOf, literal, quoted, schemeOf, versionOf } from "./code-words.js";

/** The official Python SDK. @type {import("./code.js").Writer} */
export function python(call) {
  const { Name: action, Service: service } = call.action;
  const client = `${service}_client`;
  const pair = call.real
    ? `os.environ["TENCENTCLOUD_SECRET_ID"], os.environ["TENCENTCLOUD_SECRET_KEY"]`
    : `${quoted(call.secretId)}, ${quoted(call.secretKey)}`;
  const Client = `${service.charAt(0).toUpperCase()}${service.slice(1)}Client`;
  return `import json
${call.real ? "import os\n" : ""}
from tencentcloud.common import credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.${service}.${versionOf(call)} import models, ${client}

profile = ClientProfile(httpProfile=HttpProfile(protocol="${schemeOf(call)}", endpoint=${quoted(endpointOf(call))}))
client = ${client}.${Client}(credential.Credential(${pair}), ${quoted(call.region)}, profile)

request = models.${action}Request()
request.from_json_string(json.dumps(${literal(call.params, PYTHON_MANNER)}))
try:
    print(client.${action}(request).to_json_string())
except TencentCloudSDKException as refused:
    print(refused.get_code(), refused.get_message())
    raise
`;
}
