<?php

namespace CrsLocal;

/** What an instance is called, how it ends, and the lists it stands in. */
final class InstancesTest extends ClientTestCase
{
    private const POSTPAID = 'crs-postpaid';
    private const PREPAID = 'crs-prepaid0';
    private const NO_TIME = '0000-00-00 00:00:00';

    public function testInstancesAreRenamedMovedRenewedAndProtected(): void
    {
        $client = $this->client($this->serveFixtures('instances'));
        $ids = [self::PREPAID, self::POSTPAID];
        $modify = fn ($operation, $members) => $this->call(
            $client,
            'ModifyInstance',
            ['Operation' => $operation, 'InstanceIds' => $ids, ...$members],
        );
        $modify('rename', ['InstanceNames' => ['订单', 'orders-2']]);
        $this->assertSame('订单', $this->instance($client, self::PREPAID)->getInstanceName());
        $this->assertSame('orders-2', $this->instance($client, self::POSTPAID)->getInstanceName());
        $modify('modifyProject', ['ProjectId' => 7]);
        $this->assertSame(7, $this->instance($client, self::PREPAID)->getProjectId());
        $modify('modifyAutoRenew', ['InstanceIds' => [self::PREPAID], 'AutoRenews' => [1]]);
        $this->assertSame(1, $this->instance($client, self::PREPAID)->getAutoRenewFlag());
        $modify('modifyDeleteProtectionSwitch', ['DeleteProtectionSwitches' => [1, 0]]);
        $this->assertSame(1, $this->instance($client, self::PREPAID)->getDeleteProtectionSwitch());
        $this->refused(fn () => $this->call($client, 'DestroyPrepaidInstance', ['InstanceId' => self::PREPAID]));
        $this->assertSame(self::RUNNING, $this->instance($client, self::PREPAID)->getStatus());
    }

    public function testAPostpaidInstanceIsDestroyedAndCleanedUpAndItsTasksStay(): void
    {
        $client = $this->client($this->serveFixtures('instances'));
        $postpaid = ['InstanceId' => self::POSTPAID];
        $destroyed = $this->call($client, 'DestroyPostpaidInstance', $postpaid)->getTaskId();
        $this->processed($client, self::POSTPAID, self::TO_BE_DELETED);
        $this->assertSucceeds($client, $destroyed, self::POSTPAID);

        $cleaned = $this->call($client, 'CleanUpInstance', $postpaid)->getTaskId();
        $this->assertSucceeds($client, $cleaned, self::POSTPAID);
        $this->assertSame(0, $this->call($client, 'DescribeInstances', $postpaid)->getTotalCount());
        $this->assertSucceeds($client, $destroyed, self::POSTPAID);
        $upgrade = fn () => $this->upgrade($client, self::POSTPAID, 2048);
        $this->assertRefused('ResourceNotFound.InstanceNotExists', $upgrade);
    }

    public function testAPostpaidInstanceIsIsolatedAndStartedUpAgain(): void
    {
        $client = $this->client($this->serveFixtures('instances'));
        $postpaid = ['InstanceId' => self::POSTPAID];
        $this->call($client, 'DestroyPostpaidInstance', $postpaid);
        $isolated = $this->processed($client, self::POSTPAID, self::TO_BE_DELETED);
        $this->assertNotSame(self::NO_TIME, $isolated->getCloseTime());

        $this->assertNull($this->call($client, 'StartupInstance', $postpaid)->getTaskId());
        $this->assertSame(self::NO_TIME, $this->processed($client, self::POSTPAID)->getCloseTime());
    }

    /** What was returned has been paid back: it is renewed, not started up. */
    public function testAPrepaidInstanceIsReturnedAndPaidForAgain(): void
    {
        $client = $this->client($this->serveFixtures('instances'));
        $prepaid = ['InstanceId' => self::PREPAID];
        $this->dealOf($this->call($client, 'DestroyPrepaidInstance', $prepaid));
        $isolated = $this->processed($client, self::PREPAID, self::ISOLATED);
        $this->assertNotSame(self::NO_TIME, $isolated->getCloseTime());

        $deal = $this->dealOf($this->call($client, 'RenewInstance', [...$prepaid, 'Period' => 1]));
        $this->assertSame(self::NO_TIME, $this->processed($client, self::PREPAID)->getCloseTime());
        $this->assertDelivered($client, $deal, self::PREPAID);
    }

    public function testOnlyWhatIsIsolatedIsCleanedUp(): void
    {
        $client = $this->client($this->serveFixtures('instances'));
        $cleanUp = fn ($id) => $this->call($client, 'CleanUpInstance', ['InstanceId' => $id])->getTaskId();
        $this->assertRefused('ResourceUnavailable.InstanceStatusAbnormal', fn () => $cleanUp(self::POSTPAID));
        foreach (['crs-isolate1', 'crs-isolate2'] as $id) {
            $this->assertSucceeds($client, $cleanUp($id), $id);
        }
    }

    public function testTheOlderListSaysTheSameInOlderWords(): void
    {
        $client = $this->client($this->serveFixtures('instances'));
        $found = $this->call($client, 'DescribeCommonDBInstances', ['InstanceIds' => [self::POSTPAID]]);
        $this->assertSame(1, $found->getTotalCount());
        [$seen] = $found->getInstanceDetails();
        $known = $this->instance($client, self::POSTPAID);
        $this->assertSame(self::POSTPAID, $seen->getInstanceId());
        $this->assertSame($known->getInstanceName(), $seen->getInstanceName());
        $this->assertSame('2', $seen->getStatus());
        $this->assertSame([$known->getWanIp()], $seen->getVips());
        $this->assertSame($known->getPort(), $seen->getVport());
        $this->assertSame($known->getAppid(), $seen->getAppId());
    }

    public function testDedicatedClustersAreListedAndSummedUp(): void
    {
        $client = $this->client($this->serveFixtures('clusters'));
        $found = $this->call($client, 'DescribeRedisClusters', ['Limit' => 10, 'Offset' => 0]);
        $this->assertSame(1, $found->getTotal());
        [$cluster] = $found->getResources();
        $this->assertSame('crs-cdc-local000', $cluster->getRedisClusterId());
        $this->assertSame('cluster-local000', $cluster->getDedicatedClusterId());
        $this->assertSame('dedicated', $cluster->getClusterName());

        $none = $this->call($client, 'DescribeRedisClusters', ['RedisClusterIds' => ['crs-cdc-00000000']]);
        $this->assertSame(0, $none->getTotal());
        $this->assertSame([], $none->getResources());

        $overview = $this->call($client, 'DescribeRedisClusterOverview', ['DedicatedClusterId' => 'cluster-local000']);
        $this->assertIsInt($overview->getTotalBundle());
        $this->assertIsInt($overview->getTotalMemory());
    }

    public function testWhatCanBeBoughtIsListedByRegionAndZone(): void
    {
        $client = $this->client($this->serve());
        $first = fn ($list, $wanted) => current(array_filter($list, $wanted));
        $regions = $this->call($client, 'DescribeProductInfo')->getRegionSet();
        $region = $first($regions, fn ($conf) => $conf->getRegionId() === self::REGION);
        $zone = $first($region->getZoneSet(), fn ($conf) => $conf->getZoneName() === 'ap-guangzhou-3');
        $this->assertFalse($zone->getIsSaleout());
        $this->assertSame(100003, $zone->getOldZoneId());
        $wanted = fn ($conf) => $conf->getType() === 8 && $conf->getPayMode() === '0';
        $standard = $first($zone->getProductSet(), $wanted);
        $this->assertSame(['1'], $standard->getShardNum());
        $this->assertContains('4', $standard->getTotalSize());
    }
}
