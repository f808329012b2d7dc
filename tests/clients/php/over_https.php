<?php

// An upgrade over HTTPS at the endpoint that is given: `php -d openssl.cafile=ca.pem over_https.php 127.0.0.1:8240`.

require getenv('CRS_LOCAL_CLIENTS_CACHE') . '/php/vendor/autoload.php';

use TencentCloud\Common\Credential;
use TencentCloud\Common\Exception\TencentCloudSDKException;
use TencentCloud\Common\Profile\ClientProfile;
use TencentCloud\Common\Profile\HttpProfile;
use TencentCloud\Redis\V20180412\Models\DescribeInstancesRequest;
use TencentCloud\Redis\V20180412\Models\UpgradeInstanceRequest;
use TencentCloud\Redis\V20180412\RedisClient;

$signatures = [ClientProfile::$SIGN_TC3_SHA256, ClientProfile::$SIGN_HMAC_SHA1, ClientProfile::$SIGN_HMAC_SHA256];
foreach ($signatures as $turn => $signature) {
    $http = new HttpProfile('https://', $argv[1]);
    $client = new RedisClient(new Credential('AKIDlocal', 'local'), 'ap-guangzhou', new ClientProfile($signature, $http));
    $upgrade = new UpgradeInstanceRequest();
    $upgrade->setInstanceId('crs-5qlrlhux');
    $upgrade->setMemSize(2048 << $turn);
    try {
        $deal = $client->UpgradeInstance($upgrade)->getDealId();
        echo "ordered: $deal\n";
    } catch (TencentCloudSDKException $refusal) {
        // The SDK says no more than that of a certificate which it does not trust.
        echo "refused: {$refusal->getErrorCode()}\n";
        continue;
    }
    $look = new DescribeInstancesRequest();
    $look->setInstanceId('crs-5qlrlhux');
    do {
        usleep(50_000);
        $instance = $client->DescribeInstances($look)->getInstanceSet()[0];
    } while ($instance->getStatus() === 1);
    printf("status %d, %d MB\n", $instance->getStatus(), $instance->getSize());
}
