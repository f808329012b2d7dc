<?php

namespace CrsLocal;

use TencentCloud\Common\Credential;
use TencentCloud\Common\Profile\ClientProfile;
use TencentCloud\Common\Profile\HttpProfile;
use TencentCloud\Redis\V20180412\RedisClient;

/** The server as a forward proxy: the client knows no endpoint but the cloud's own. */
final class ProxyTest extends ClientTestCase
{
    /** @dataProvider forms */
    public function testTheProfileNamesTheProxy(string $signature, string $method): void
    {
        $server = $this->serve('--auth', 'strict', '--flow-time', '200ms');
        $http = new HttpProfile('http://', null, $method);
        $http->setProxy("http://$server->host");
        $profile = new ClientProfile($signature, $http);
        $client = new RedisClient(new Credential('AKIDlocal', 'local'), self::REGION, $profile);
        $this->upgrade($client, self::INSTANCE, 4096);
        $this->assertEquals(4096, $this->processed($client, self::INSTANCE)->getSize());
    }

    /** A financial region has a host name of its own; the ordinary one does not lead there. */
    public function testAFinancialRegionIsNotBehindTheOrdinaryDoor(): void
    {
        $server = $this->serve();
        $http = new HttpProfile('http://');
        $http->setProxy("http://$server->host");
        $credential = new Credential('AKIDlocal', 'local');
        $client = new RedisClient($credential, 'ap-shanghai-fsi', new ClientProfile(null, $http));
        $this->assertRefused('UnsupportedRegion', fn () => $this->instance($client));
        $http->setEndpoint('redis.ap-shanghai-fsi.tencentcloudapi.com');
        $client = new RedisClient($credential, 'ap-shanghai-fsi', new ClientProfile(null, $http));
        $this->assertSame('crs-finance0', $this->instance($client, 'crs-finance0')->getInstanceId());
    }
}
