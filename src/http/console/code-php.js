import { PHP_MANNER, endpointOf, literal, schemeOf, single, upperFirst, versionOf } from "./code-words.js";

/** The official PHP SDK. @type {import("./code.js").Writer} */
export function php(call) {
  const { Name: action, Service: service } = call.action;
  const space = `TencentCloud\\${upperFirst(service)}\\${versionOf(call, "V")}`;
  const Client = `${upperFirst(service)}Client`;
  const pair = call.real
    ? "getenv('TENCENTCLOUD_SECRET_ID'), getenv('TENCENTCLOUD_SECRET_KEY')"
    : `${single(call.secretId)}, ${single(call.secretKey)}`;
  return `<?php

require 'vendor/autoload.php';

use TencentCloud\\Common\\Credential;
use TencentCloud\\Common\\Profile\\ClientProfile;
use TencentCloud\\Common\\Profile\\HttpProfile;
use ${space}\\Models\\${action}Request;
use ${space}\\${Client};

$http = new HttpProfile('${schemeOf(call)}://', ${single(endpointOf(call))});
$profile = new ClientProfile(ClientProfile::$SIGN_TC3_SHA256, $http);
$client = new ${Client}(new Credential(${pair}), ${single(call.region)}, $profile);

$request = new ${action}Request();
$request->fromJsonString(json_encode((object) ${literal(call.params, PHP_MANNER)}));
echo $client->${action}($request)->toJsonString(), PHP_EOL;
`;
}
