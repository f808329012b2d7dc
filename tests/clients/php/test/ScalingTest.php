<?php

namespace CrsLocal;

use DateTimeImmutable;
use DateTimeZone;

/**
 * Size, edition, versions and zones. UpgradeInstanceProductVersion is newer than this version of
 * the SDK and is called by name.
 */
final class ScalingTest extends ClientTestCase
{
    private const POSTPAID = 'crs-postpaid';

    public function testShardsAndReplicasOneChangeACall(): void
    {
        $cluster = 'crs-cluster0';
        $client = $this->client($this->serveFixtures('instances'));
        $resize = fn ($memMb, $shards, $replicas) => $this->call($client, 'UpgradeInstance', [
            'InstanceId' => $cluster,
            'MemSize' => $memMb,
            'RedisShardNum' => $shards,
            'RedisReplicasNum' => $replicas,
        ]);
        $deal = $this->dealOf($resize(1024, 5, 1));
        $larger = $this->processed($client, $cluster);
        $this->assertSame(5, $larger->getRedisShardNum());
        $this->assertEquals(5120, $larger->getSize());
        $this->assertDelivered($client, $deal, $cluster);

        $deal = $this->dealOf($resize(1024, 5, 2));
        $this->assertSame(2, $this->processed($client, $cluster)->getRedisReplicasNum());
        $this->assertDelivered($client, $deal, $cluster);

        $this->assertRefused('InvalidParameter.InvalidParameter', fn () => $resize(2048, 8, 2));
    }

    public function testAnInstanceGetsAHigherEdition(): void
    {
        $client = $this->client($this->serveFixtures('instances'));
        $members = ['InstanceId' => 'crs-oldone00', 'TargetInstanceType' => '8', 'SwitchOption' => 2];
        $deal = $this->dealOf($this->call($client, 'UpgradeInstanceVersion', $members));
        $this->assertSame(8, $this->processed($client, 'crs-oldone00')->getType());
        $this->assertDelivered($client, $deal, 'crs-oldone00');
    }

    public function testAnInstanceMovesToTheSecondGeneration(): void
    {
        $server = $this->serveFixtures('instances');
        $members = ['InstanceId' => self::POSTPAID, 'TargetProductVersion' => 'localv2', 'SwitchOption' => 2];
        $ordered = $this->callByName($server, 'UpgradeInstanceProductVersion', $members);
        $this->assertMatchesRegularExpression('/^\d+$/', $ordered['DealName']);
        $moved = $this->processed($this->client($server), self::POSTPAID);
        $this->assertSame('localv2', $moved->getProductVersion());
    }

    public function testNewerKernelAndProxyAreTaken(): void
    {
        $id = 'crs-version0';
        $client = $this->client($this->serveFixtures('versions'));
        $before = $this->instance($client, $id);
        $flow = $this->call($client, 'UpgradeSmallVersion', [
            'InstanceId' => $id,
            'CurrentRedisVersion' => $before->getCurrentRedisVersion(),
            'UpgradeRedisVersion' => $before->getUpgradeRedisVersion(),
            'InstanceTypeUpgradeNow' => 1,
        ])->getFlowId();
        $this->assertSame('6.1.0', $this->processed($client, $id)->getCurrentRedisVersion());
        $this->assertSucceeds($client, $flow, $id);

        $flow = $this->call($client, 'UpgradeProxyVersion', [
            'InstanceId' => $id,
            'CurrentProxyVersion' => $before->getCurrentProxyVersion(),
            'UpgradeProxyVersion' => $before->getUpgradeProxyVersion(),
            'InstanceTypeUpgradeNow' => 1,
        ])->getFlowId();
        $this->assertSame('5.8.0', $this->processed($client, $id)->getCurrentProxyVersion());
        $this->assertSucceeds($client, $flow, $id);
    }

    public function testBecomingFitForSeveralZonesIsAFlow(): void
    {
        $client = $this->client($this->serveFixtures('instances'));
        $members = ['InstanceId' => self::POSTPAID, 'UpgradeProxyAndRedisServer' => true];
        $flow = $this->call($client, 'UpgradeVersionToMultiAvailabilityZones', $members)->getFlowId();
        $this->processed($client, self::POSTPAID);
        $this->assertSucceeds($client, $flow, self::POSTPAID);
    }

    public function testNodesMoveToOtherZones(): void
    {
        $id = 'crs-zones000';
        $client = $this->client($this->serveFixtures('instances'));
        $wanted = array_map(
            fn ($node) => [
                'NodeId' => $node->getNodeId(),
                'NodeType' => $node->getNodeType(),
                'ZoneId' => $node->getZoneId(),
            ],
            $this->instance($client, $id)->getNodeSet(),
        );
        $this->assertCount(3, $wanted);
        $wanted[2]['ZoneId'] = $wanted[1]['ZoneId'];
        $members = ['InstanceId' => $id, 'SwitchOption' => 2, 'NodeSet' => $wanted];
        $task = $this->call($client, 'ModifyInstanceAvailabilityZones', $members)->getTaskId();
        $moved = $this->processed($client, $id);
        $this->assertEqualsCanonicalizing(
            array_column($wanted, 'ZoneId'),
            array_map(fn ($node) => $node->getZoneId(), $moved->getNodeSet()),
        );
        $this->assertSucceeds($client, $task, $id);
    }

    public function testWhatWaitsForTheWindowIsSwitchedAtOnce(): void
    {
        $server = $this->serveFixtures('instances');
        $client = $this->client($server);
        // A maintenance window, in China time, that is hours away whenever this runs.
        $hour = ((int) (new DateTimeImmutable('now', new DateTimeZone('+08:00')))->format('G') + 8) % 23;
        $window = ['StartTime' => sprintf('%02d:00', $hour), 'EndTime' => sprintf('%02d:00', $hour + 1)];
        $server->control('PATCH', '/_crs/instances/' . self::POSTPAID, ['MaintenanceWindow' => $window]);

        $members = ['InstanceId' => self::POSTPAID, 'MemSize' => 2048, 'SwitchOption' => 1];
        $deal = $this->dealOf($this->call($client, 'UpgradeInstance', $members));
        $waiting = $this->instance($client, self::POSTPAID);
        $this->assertSame(self::RUNNING, $waiting->getStatus());
        $this->assertEquals(1024, $waiting->getSize());

        $this->call($client, 'SwitchAccessNewInstance', ['InstanceId' => self::POSTPAID]);
        $switched = fn ($seen) => $seen->getStatus() === self::RUNNING && $seen->getSize() == 2048;
        $this->eventually($client, self::POSTPAID, $switched);
        $this->assertDelivered($client, $deal, self::POSTPAID);
    }
}
