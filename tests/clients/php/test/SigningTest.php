<?php

namespace CrsLocal;

use TencentCloud\Common\Credential;

/** Every signature the SDK can write, to a server that refuses whatever the real service refuses. */
final class SigningTest extends ClientTestCase
{
    /** @dataProvider forms */
    public function testTextInOtherScriptsIsSigned(string $signature, string $method): void
    {
        $client = $this->client($this->serve('--auth', 'strict'), $signature, $method);
        $members = ['InstanceId' => self::INSTANCE, 'SearchKey' => '名称 a&b=c+d/*~'];
        $this->assertSame(0, $this->call($client, 'DescribeInstances', $members)->getTotalCount());
        $members['SearchKey'] = 'redis-2.8';
        $this->assertSame(1, $this->call($client, 'DescribeInstances', $members)->getTotalCount());
    }

    /** The older signatures send a list as `Key[0]=` and sign `Key=Array`: nobody can verify that. */
    public static function listsAndForms(): array
    {
        return array_map(fn ($form) => [...$form, $form[0] === 'TC3-HMAC-SHA256'], self::forms());
    }

    /** @dataProvider listsAndForms */
    public function testAListIsSignedRightlyByTc3Alone(string $signature, string $method, bool $right): void
    {
        $client = $this->client($this->serve('--auth', 'strict'), $signature, $method);
        $look = fn () => $this->call($client, 'DescribeInstances', ['InstanceIds' => [self::INSTANCE]]);
        if ($right) {
            $this->assertSame(1, $look()->getTotalCount());
        } else {
            $this->assertRefused('AuthFailure.SignatureFailure', $look);
        }
    }

    /** @dataProvider forms */
    public function testATemporaryKeyNeedsItsToken(string $signature, string $method): void
    {
        $server = $this->serveFixtures('instances');
        $whole = new Credential('AKIDtemporary', 'temporary', 'token-of-an-hour');
        $client = $this->client($server, $signature, $method, $whole);
        $this->assertSame('crs-postpaid', $this->instance($client, 'crs-postpaid')->getInstanceId());
        foreach ([null, 'another'] as $token) {
            $client = $this->client($server, $signature, $method, new Credential('AKIDtemporary', 'temporary', $token));
            $this->assertRefused('AuthFailure.TokenFailure', fn () => $this->instance($client, 'crs-postpaid'));
        }
    }

    /** @dataProvider forms */
    public function testMessagesComeInTheLanguageThatIsAskedFor(string $signature, string $method): void
    {
        $client = $this->client($this->serve(), $signature, $method, new Credential('AKIDlocal', 'wrong'));
        $message = fn () => $this->refused(fn () => $this->instance($client))->getMessage();
        $usual = $message();
        $client->getClientProfile()->setLanguage('en-US');
        $this->assertSame($usual, $message());
        $this->assertDoesNotMatchRegularExpression('/\p{Han}/u', $usual);
        $client->getClientProfile()->setLanguage('zh-CN');
        $this->assertMatchesRegularExpression('/\p{Han}/u', $message());
    }

    public function testThePayloadMayBeLeftUnsigned(): void
    {
        $server = $this->serve('--auth', 'strict');
        $client = $this->client($server);
        $client->getClientProfile()->setUnsignedPayload(true);
        $this->dealOf($this->upgrade($client, self::INSTANCE, 4096));

        $stranger = $this->client($server, credential: new Credential('AKIDlocal', 'wrong'));
        $stranger->getClientProfile()->setUnsignedPayload(true);
        $this->assertRefused('AuthFailure.SignatureFailure', fn () => $this->instance($stranger));
    }

    /** @dataProvider forms */
    public function testAnEmptyRegionIsMissing(string $signature, string $method): void
    {
        $client = $this->client($this->serve(), $signature, $method, region: '');
        $this->assertRefused('MissingParameter', fn () => $this->instance($client));
    }

    /** @dataProvider forms */
    public function testAConnectionMayBeKept(string $signature, string $method): void
    {
        $client = $this->client($this->serve('--rate-limit', 'off'), $signature, $method);
        $client->getClientProfile()->getHttpProfile()->setKeepAlive(true);
        for ($call = 0; $call < 50; $call++) {
            $this->assertSame(self::INSTANCE, $this->instance($client)->getInstanceId());
        }
    }
}
