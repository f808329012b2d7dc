<?php

namespace CrsLocal;

/** 20 calls a second of one credential, action and region. The SDK itself never tries again. */
final class RateLimitTest extends ClientTestCase
{
    private const LIMIT = 20;
    private const ABSENT = 'crs-00000000';
    private const NOT_THERE = 'ResourceNotFound.InstanceNotExists';
    private const TOO_MANY = 'RequestLimitExceeded';

    public function testThe21stUpgradeOfASecondIsOneTooMany(): void
    {
        $client = $this->client($this->serve());
        $refusals = $this->withinOneSecond(fn () => $this->refused(fn () => $this->upgrade($client, self::ABSENT, 4096)));
        $codes = array_map(fn ($refusal) => $refusal->getErrorCode(), $refusals);
        $this->assertSame(array_fill(0, self::LIMIT, self::NOT_THERE), array_slice($codes, 0, self::LIMIT));
        $this->assertSame(self::TOO_MANY, $codes[self::LIMIT]);
        $this->assertStringContainsString('`21` in a second', $refusals[self::LIMIT]->getMessage());
        $this->assertSame(self::INSTANCE, $this->instance($client)->getInstanceId(), "another action's count");
    }

    /** 21 calls just after a second has begun, anew until all of them fell into that second. */
    private function withinOneSecond(callable $call): array
    {
        for ($tries = 0; $tries < 10; $tries++) {
            usleep((int) (1_020_000 - 1_000_000 * fmod(microtime(true), 1)));
            $second = time();
            $seen = [];
            for ($number = 0; $number <= self::LIMIT; $number++) {
                $seen[] = $call();
            }
            if (time() === $second) {
                return $seen;
            }
        }
        $this->fail('21 calls never fitted into one second');
    }

    public function testTheLimitCanBeSetAndTakenOff(): void
    {
        $limited = $this->client($this->serve('--rate-limit', 'documented,UpgradeInstance=1'));
        $codes = [];
        for ($call = 0; $call < 12; $call++) {
            $codes[] = $this->refused(fn () => $this->upgrade($limited, self::ABSENT, 4096))->getErrorCode();
        }
        $this->assertContains(self::TOO_MANY, $codes);
        $this->assertSame([], array_diff($codes, [self::TOO_MANY, self::NOT_THERE]));

        $free = $this->client($this->serve('--rate-limit', 'off'));
        for ($call = 0; $call < 60; $call++) {
            $this->assertRefused(self::NOT_THERE, fn () => $this->upgrade($free, self::ABSENT, 4096));
        }
    }

    public function testAThrottledCallIsTriedAgainByTheCaller(): void
    {
        $server = $this->serve();
        $server->fault('DescribeInstances', self::TOO_MANY, 2);
        $client = $this->client($server);
        $this->assertRefused(self::TOO_MANY, fn () => $this->instance($client));
        $this->assertRefused(self::TOO_MANY, fn () => $this->instance($client));
        $this->assertSame(self::INSTANCE, $this->instance($client)->getInstanceId());
    }
}
