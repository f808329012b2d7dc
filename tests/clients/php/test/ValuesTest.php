<?php

namespace CrsLocal;

/** Values of every kind, in both directions. */
final class ValuesTest extends ClientTestCase
{
    private const NAME = '订单缓存-1_a';
    private const TAGS = ['team' => '支付', 'env' => 'a&b=c d'];
    private const ZONES = [100003, 100004, 100006];

    public static function tc3Forms(): array
    {
        return ['POST' => ['POST'], 'GET' => ['GET']];
    }

    /**
     * With TC3 alone: the older signatures cannot carry a list, see SigningTest.
     *
     * @dataProvider tc3Forms
     */
    public function testAnOrderWithListsObjectsAndBooleans(string $method): void
    {
        $server = $this->serve('--auth', 'strict', '--flow-time', '200ms');
        $client = $this->client($server, 'TC3-HMAC-SHA256', $method);
        $bought = $this->call($client, 'CreateInstances', self::order());
        $this->assertCount(1, $bought->getInstanceIds());
        $running = fn ($seen) => $seen->getStatus() === self::RUNNING;
        $seen = $this->eventually($client, $bought->getInstanceIds()[0], $running);
        $this->assertSame(self::NAME, $seen->getInstanceName());
        $this->assertTrue($seen->getNoAuth());
        $this->assertSame(6380, $seen->getPort());
        $tags = [];
        foreach ($seen->getInstanceTags() as $tag) {
            $tags[$tag->getTagKey()] = $tag->getTagValue();
        }
        $this->assertEquals(self::TAGS, $tags);
        $this->assertSame(self::ZONES, array_map(fn ($node) => $node->getZoneId(), $seen->getNodeSet()));
        foreach ($seen->getNodeSet() as $node) {
            $this->assertGreaterThan(0, $node->getNodeId());
        }
    }

    private static function order(): array
    {
        return [
            'TypeId' => 17,
            'MemSize' => 2048,
            'GoodsNum' => 1,
            'Period' => 1,
            'BillingMode' => 0,
            'ZoneName' => 'ap-guangzhou-3',
            'VpcId' => 'vpc-8xm0r2ks',
            'SubnetId' => 'subnet-1jq7f0ue',
            'InstanceName' => self::NAME,
            'NoAuth' => true,
            'ReplicasReadonly' => false,
            'RedisShardNum' => 1,
            'RedisReplicasNum' => 2,
            'SecurityGroupIdList' => ['sg-kjf3e0wx', 'sg-0pq2rn5t'],
            'NodeSet' => [
                ['NodeType' => 0, 'ZoneId' => self::ZONES[0]],
                ['NodeType' => 1, 'ZoneId' => self::ZONES[1]],
                ['NodeType' => 1, 'ZoneId' => self::ZONES[2]],
            ],
            'ResourceTags' => [
                ['TagKey' => 'team', 'TagValue' => self::TAGS['team']],
                ['TagKey' => 'env', 'TagValue' => self::TAGS['env']],
            ],
            'VPort' => 6380,
        ];
    }

    public function testEmptyListsAreListsBothWays(): void
    {
        $client = $this->client($this->serve());
        $members = ['InstanceId' => self::INSTANCE, 'SearchKeys' => [], 'Status' => []];
        $seen = $this->call($client, 'DescribeInstances', $members)->getInstanceSet()[0];
        $this->assertSame([], $seen->getInstanceTags());
        $this->assertSame([], $seen->getInstanceNode());
        $this->assertSame([], $seen->getNodeSet());
        $this->assertFalse($seen->getNoAuth());

        $nothing = $this->call($client, 'DescribeInstances', ['InstanceId' => 'crs-00000000']);
        $this->assertSame(0, $nothing->getTotalCount());
        $this->assertSame([], $nothing->getInstanceSet());
    }

    /** Unlike the typed SDKs, PHP's passes on what JSON says, so a 6379.0 would show. */
    public function testTypesAreThoseOfTheModels(): void
    {
        $seen = $this->instance($this->client($this->serve()));
        foreach (['Appid', 'Port', 'ProjectId', 'RedisShardSize', 'Status', 'Type', 'ZoneId'] as $name) {
            $this->assertIsInt($seen->{"get$name"}(), $name);
        }
        foreach (['InstanceId', 'WanIp', 'Createtime', 'DeadlineTime', 'OfflineTime', 'UniqVpcId'] as $name) {
            $this->assertIsString($seen->{"get$name"}(), $name);
        }
    }

    /**
     * 2^53 + 1, the first whole number that a double cannot hold.
     *
     * @dataProvider forms
     */
    public function testNumbersOf64BitsStayExact(string $signature, string $method): void
    {
        $taskId = 9007199254740993;
        $client = $this->client($this->serveFixtures('instances'), $signature, $method);
        $task = $this->call($client, 'DescribeTaskInfo', ['TaskId' => $taskId]);
        $this->assertSame('crs-postpaid', $task->getInstanceId());
        $tasks = $this->call($client, 'DescribeTaskList', ['InstanceId' => 'crs-postpaid'])->getTasks();
        $this->assertSame($taskId, $tasks[0]->getTaskId());
    }

    /** What is null is what is left out; the SDK's own requests never say null. */
    public function testNullStandsForNothing(): void
    {
        $server = $this->serve();
        $members = ['InstanceId' => self::INSTANCE, 'Limit' => null, 'SearchKeys' => null];
        $this->assertSame(1, $this->callByName($server, 'DescribeInstances', $members)['TotalCount']);
        $order = [...self::order(), 'ResourceTags' => [['TagKey' => null, 'TagValue' => null]]];
        $bought = $this->callByName($server, 'CreateInstances', $order)['InstanceIds'];
        $this->assertSame([], $this->instance($this->client($server), $bought[0])->getInstanceTags());
    }
}
