<?php

require getenv('CRS_LOCAL_CLIENTS_CACHE') . '/php/vendor/autoload.php';

// snippet: php
use TencentCloud\Common\Credential;
use TencentCloud\Common\Profile\ClientProfile;
use TencentCloud\Common\Profile\HttpProfile;
use TencentCloud\Redis\V20180412\Models\DescribeInstancesRequest;
use TencentCloud\Redis\V20180412\Models\UpgradeInstanceRequest;
use TencentCloud\Redis\V20180412\RedisClient;

$http = new HttpProfile('http://', '127.0.0.1:8239');
$profile = new ClientProfile(ClientProfile::$SIGN_TC3_SHA256, $http);
$client = new RedisClient(new Credential('AKIDlocal', 'local'), 'ap-guangzhou', $profile);

$upgrade = new UpgradeInstanceRequest();
$upgrade->setInstanceId('crs-5qlrlhux');
$upgrade->setMemSize(4096);
echo 'ordered: ', $client->UpgradeInstance($upgrade)->getDealId(), PHP_EOL;

$look = new DescribeInstancesRequest();
$look->setInstanceId('crs-5qlrlhux');
do {
    usleep(200_000);
    $instance = $client->DescribeInstances($look)->getInstanceSet()[0];
} while ($instance->getStatus() === 1); // in process
printf("status %d, %d MB\n", $instance->getStatus(), $instance->getSize());
// end
