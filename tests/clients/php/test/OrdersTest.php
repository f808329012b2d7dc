<?php

namespace CrsLocal;

/** What is bought and what it costs. */
final class OrdersTest extends ClientTestCase
{
    private const POSTPAID = 'crs-postpaid';
    private const PREPAID = 'crs-prepaid0';

    public function testWhatWasBoughtIsListedAtOnceAndRunsInTheEnd(): void
    {
        $client = $this->client($this->serve('--flow-time', '200ms'));
        $bought = $this->call($client, 'CreateInstances', [
            'TypeId' => 8,
            'MemSize' => 2048,
            'RedisShardNum' => 1,
            'RedisReplicasNum' => 1,
            'GoodsNum' => 2,
            'Period' => 1,
            'BillingMode' => 0,
            'ZoneName' => 'ap-guangzhou-3',
            'VpcId' => 'vpc-8xm0r2ks',
            'SubnetId' => 'subnet-1jq7f0ue',
            'InstanceName' => 'orders',
            'Password' => 'correct-Horse_7',
        ]);
        $ids = $bought->getInstanceIds();
        $this->assertCount(2, array_unique($ids));
        foreach ($ids as $id) {
            $fresh = $this->instance($client, $id);
            $this->assertContains($fresh->getStatus(), [0, 1]);
            $this->assertSame(8, $fresh->getType());
            $this->assertEquals(2048, $fresh->getSize());
        }
        foreach ($ids as $id) {
            $this->eventually($client, $id, fn ($seen) => $seen->getStatus() === self::RUNNING);
        }
        $this->assertDelivered($client, $this->dealOf($bought), ...$ids);
    }

    public function testAnUnknownDealIsNoDeal(): void
    {
        $client = $this->client($this->serve());
        $found = $this->call($client, 'DescribeInstanceDealDetail', ['DealIds' => ['1']]);
        $this->assertSame([], $found->getDealDetails());
    }

    public function testARenewalMovesTheEndByItsMonths(): void
    {
        $client = $this->client($this->serveFixtures('instances'));
        $members = ['InstanceId' => self::PREPAID, 'Period' => 3];
        $this->assertGreaterThan(0, $this->call($client, 'InquiryPriceRenewInstance', $members)->getPrice());
        $deal = $this->dealOf($this->call($client, 'RenewInstance', $members));
        $wanted = fn ($seen) => $seen->getDeadlineTime() === '2036-04-15 10:00:00';
        $this->assertSame(self::RUNNING, $this->eventually($client, self::PREPAID, $wanted)->getStatus());
        $this->assertDelivered($client, $deal, self::PREPAID);
    }

    public function testTheChargeTypeIsSwitchedAndFailuresAreListed(): void
    {
        $client = $this->client($this->serveFixtures('instances'));
        $members = ['InstanceIds' => [self::POSTPAID], 'InstanceChargeType' => 'POSTPAID'];
        $failed = $this->call($client, 'ModifyInstanceChargeType', $members)->getFailedInstanceIds();
        $this->assertCount(1, $failed);
        $this->assertSame(self::POSTPAID, $failed[0]->getInstanceId());
        $this->assertStringContainsString('postpaid', $failed[0]->getMessage());
        $this->assertSame(0, $this->instance($client, self::POSTPAID)->getBillingMode());

        $members = ['InstanceIds' => [self::POSTPAID], 'InstanceChargeType' => 'PREPAID', 'Period' => 1];
        $this->assertSame([], $this->call($client, 'ModifyInstanceChargeType', $members)->getFailedInstanceIds());
        $switched = fn ($seen) => $seen->getStatus() === self::RUNNING && $seen->getBillingMode() === 1;
        $this->eventually($client, self::POSTPAID, $switched);
    }

    public function testACloneOfABackupIsAnInstanceOfItsOwn(): void
    {
        $client = $this->client($this->serveFixtures('instances', 'clones'));
        $cloned = $this->call($client, 'CloneInstances', [
            'InstanceId' => self::POSTPAID,
            'BackupId' => '165706342-5832225-1641692389',
            'GoodsNum' => 1,
            'ZoneId' => 100003,
            'BillingMode' => 0,
            'Period' => 1,
            'SecurityGroupIdList' => ['sg-kjf3e0wx'],
            'InstanceName' => 'clone',
            'VpcId' => 'vpc-local000',
            'SubnetId' => 'subnet-local000',
            'Password' => 'correct-Horse_7',
        ]);
        [$id] = $cloned->getInstanceIds();
        $this->assertNotSame(self::POSTPAID, $id);
        $clone = $this->eventually($client, $id, fn ($seen) => $seen->getStatus() === self::RUNNING);
        $this->assertSame(8, $clone->getType());
        $this->assertEquals(1024, $clone->getSize());
        $this->assertSame('clone', $clone->getInstanceName());
        $this->assertDelivered($client, $this->dealOf($cloned), $id);
    }

    /** The first is the official example of the action, whose price this is, in hundredths of CNY. */
    public function testAPriceIsToldBeforeAnythingIsOrdered(): void
    {
        $client = $this->client($this->serveFixtures('instances'));
        $price = $this->call($client, 'InquiryPriceCreateInstance', [
            'TypeId' => 9,
            'MemSize' => 4096,
            'RedisShardNum' => 1,
            'RedisReplicasNum' => 1,
            'GoodsNum' => 3,
            'Period' => 1,
            'BillingMode' => 0,
            'ZoneName' => 'ap-guangzhou-3',
        ]);
        $this->assertEquals(280, $price->getPrice());
        $this->assertEqualsWithDelta(280.0224, $price->getHighPrecisionPrice(), 0.0001);
        $this->assertSame('CNY', $price->getCurrency());

        $members = ['InstanceId' => self::POSTPAID, 'MemSize' => 2048];
        $this->assertGreaterThan(0, $this->call($client, 'InquiryPriceUpgradeInstance', $members)->getPrice());
        $this->assertSame(7, $this->call($client, 'DescribeInstances')->getTotalCount());
    }
}
