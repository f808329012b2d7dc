<?php

namespace CrsLocal;

use TencentCloud\Common\Credential;

/** Errors as the SDK's exception: exactly that code, a message, and the id of the request. */
final class ErrorsTest extends ClientTestCase
{
    /** The seed `fixtures/errors/CODE.json`, and the size in MB to ask for. */
    private const FOUNDING = [
        'InvalidParameterValue.MemSizeNotInRange' => 1048576,
        'InvalidParameterValue.ReduceCapacityNotAllowed' => 2048,
        'LimitExceeded.InvalidMemSize' => 4000,
        'ResourceNotFound.InstanceNotExists' => 4096,
        'ResourceUnavailable.AccountBalanceNotEnough' => 4096,
        'ResourceUnavailable.InstanceStatusAbnormal' => 4096,
        'UnauthorizedOperation.NoCAMAuthed' => 4096,
    ];

    public static function foundingErrors(): array
    {
        $cases = [];
        foreach (self::FOUNDING as $code => $memMb) {
            foreach (self::forms() as $form => [$signature, $method]) {
                $cases["$code, $form"] = [$code, $memMb, $signature, $method];
            }
        }
        return $cases;
    }

    /** @dataProvider foundingErrors */
    public function testAFoundingErrorComesOutOfTheSdk(string $code, int $memMb, string $signature, string $method): void
    {
        $server = $this->serve('--fixture', Server::ROOT . "/fixtures/errors/$code.json");
        $client = $this->client($server, $signature, $method);
        $instances = fn () => $this->call($client, 'DescribeInstances')->getInstanceSet();
        $before = $instances();
        $this->assertRefused($code, fn () => $this->upgrade($client, self::INSTANCE, $memMb));
        $this->assertEquals($before, $instances(), 'a refusal changes nothing');
    }

    /** @dataProvider forms */
    public function testAWrongSecretKeyIsRefused(string $signature, string $method): void
    {
        $client = $this->client($this->serve(), $signature, $method, new Credential('AKIDlocal', 'wrong'));
        $this->assertRefused('AuthFailure.SignatureFailure', fn () => $this->instance($client));
    }

    /** @dataProvider forms */
    public function testAnUnknownSecretIdIsTakenUnlessStrict(string $signature, string $method): void
    {
        $stranger = new Credential('AKIDstranger', 'stranger');
        $lenient = $this->client($this->serve(), $signature, $method, $stranger);
        $this->assertSame(self::INSTANCE, $this->instance($lenient)->getInstanceId());
        $strict = $this->client($this->serve('--auth', 'strict'), $signature, $method, $stranger);
        $this->assertRefused('AuthFailure.SecretIdNotFound', fn () => $this->instance($strict));
    }

    /** @dataProvider forms */
    public function testAMissingMemberIsNamed(string $signature, string $method): void
    {
        $client = $this->client($this->serve(), $signature, $method);
        $refusal = $this->refused(fn () => $this->call($client, 'UpgradeInstance', ['InstanceId' => self::INSTANCE]));
        $this->assertSame('MissingParameter', $refusal->getErrorCode());
        $this->assertStringContainsString('MemSize', $refusal->getMessage());
    }

    /** PHP does not hold a value against its type, so the server has to. */
    public function testAWrongTypeIsRefused(): void
    {
        $client = $this->client($this->serve());
        $order = ['InstanceId' => self::INSTANCE, 'MemSize' => 'much'];
        $refusal = $this->refused(fn () => $this->call($client, 'UpgradeInstance', $order));
        $this->assertSame('InvalidParameter', $refusal->getErrorCode());
        $this->assertStringContainsString('MemSize', $refusal->getMessage());
    }

    public function testAMisspeltMemberIsNamed(): void
    {
        $server = $this->serve();
        $order = ['InstanceId' => self::INSTANCE, 'MemSize' => 4096, 'RedisShards' => 3];
        $refusal = $this->refused(fn () => $this->callByName($server, 'UpgradeInstance', $order));
        $this->assertSame('UnknownParameter', $refusal->getErrorCode());
        $this->assertStringContainsString('RedisShards', $refusal->getMessage());
    }

    /** @dataProvider forms */
    public function testAnUnknownRegionIsRefused(string $signature, string $method): void
    {
        $client = $this->client($this->serve(), $signature, $method, region: 'ap-nowhere');
        $this->assertRefused('InvalidParameterValue', fn () => $this->instance($client));
    }

    /** @dataProvider forms */
    public function testAFaultOfTheCloudIsAnErrorLikeAnyOther(string $signature, string $method): void
    {
        $server = $this->serve();
        $client = $this->client($server, $signature, $method);
        $server->fault('UpgradeInstance', 'InternalError', 1);
        $this->assertRefused('InternalError', fn () => $this->upgrade($client, self::INSTANCE, 4096));
        $this->dealOf($this->upgrade($client, self::INSTANCE, 4096));
    }
}
