<?php

namespace CrsLocal;

use PHPUnit\Framework\TestCase;
use TencentCloud\Common\CommonClient;
use TencentCloud\Common\Credential;
use TencentCloud\Common\Exception\TencentCloudSDKException;
use TencentCloud\Common\Profile\ClientProfile;
use TencentCloud\Common\Profile\HttpProfile;
use TencentCloud\Redis\V20180412\Models;
use TencentCloud\Redis\V20180412\RedisClient;

/** Starts servers, makes clients of them, and asks what every test asks. */
abstract class ClientTestCase extends TestCase
{
    protected const INSTANCE = 'crs-5qlrlhux';
    protected const REGION = 'ap-guangzhou';
    protected const UUID = '/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/';
    protected const IN_PROCESS = 1;
    protected const RUNNING = 2;
    protected const ISOLATED = -2;
    protected const TO_BE_DELETED = -3;
    protected const DELIVERED = 4;

    /** @var Server[] */
    private array $running = [];

    /** With the built-in fixture, unless the flags name another. */
    protected function serve(string ...$flags): Server
    {
        return $this->running[] = new Server(...$flags);
    }

    /** With some of the shared fixtures, and flows that are short but long enough to be seen. */
    protected function serveFixtures(string ...$names): Server
    {
        $flags = ['--flow-time', '200ms'];
        foreach ($names as $name) {
            array_push($flags, '--fixture', Server::FIXTURES . "/$name.json");
        }
        return $this->serve(...$flags);
    }

    protected function tearDown(): void
    {
        foreach ($this->running as $server) {
            $this->assertSame(0, $server->stop());
        }
        $this->running = [];
    }

    /** Every way in which the SDK can send a call. */
    public static function forms(): array
    {
        $forms = [];
        foreach (['TC3-HMAC-SHA256', 'HmacSHA1', 'HmacSHA256'] as $signature) {
            foreach (['POST', 'GET'] as $method) {
                $forms["$signature $method"] = [$signature, $method];
            }
        }
        return $forms;
    }

    protected function profile(Server $server, string $signature = 'TC3-HMAC-SHA256', string $method = 'POST'): ClientProfile
    {
        return new ClientProfile($signature, new HttpProfile('http://', $server->host, $method));
    }

    protected function client(
        Server $server,
        string $signature = 'TC3-HMAC-SHA256',
        string $method = 'POST',
        ?Credential $credential = null,
        string $region = self::REGION,
    ): RedisClient {
        $credential ??= new Credential('AKIDlocal', 'local');
        return new RedisClient($credential, $region, $this->profile($server, $signature, $method));
    }

    /** A request with these members, lists and objects as arrays, as `deserialize` takes them. */
    protected function request(string $action, array $members = []): object
    {
        $kind = Models::class . "\\{$action}Request";
        $request = new $kind();
        $request->deserialize($members);
        return $request;
    }

    /** Calls an action; the answer must carry the id of the request. */
    protected function call(RedisClient $client, string $action, array $members = []): object
    {
        $answer = $client->$action($this->request($action, $members));
        $this->assertMatchesRegularExpression(self::UUID, $answer->getRequestId());
        return $answer;
    }

    /** Calls an action that this version of the SDK has no class for; answers its members. */
    protected function callByName(Server $server, string $action, array $members): array
    {
        $credential = new Credential('AKIDlocal', 'local');
        $client = new CommonClient('redis', '2018-04-12', $credential, self::REGION, $this->profile($server));
        $answer = $client->callJson($action, $members);
        $answer = json_decode(json_encode($answer), true);
        $answer = $answer['Response'] ?? $answer;
        $this->assertMatchesRegularExpression(self::UUID, $answer['RequestId']);
        return $answer;
    }

    /** Makes a call that must fail; answers the SDK's exception, which must be whole. */
    protected function refused(callable $call): TencentCloudSDKException
    {
        try {
            $call();
        } catch (TencentCloudSDKException $refusal) {
            $this->assertMatchesRegularExpression(self::UUID, $refusal->getRequestId(), (string) $refusal);
            $this->assertNotSame('', $refusal->getMessage());
            return $refusal;
        }
        $this->fail('the call was accepted');
    }

    protected function assertRefused(string $code, callable $call): void
    {
        $this->assertSame($code, $this->refused($call)->getErrorCode());
    }

    protected function upgrade(RedisClient $client, string $instanceId, int $memMb): object
    {
        return $this->call($client, 'UpgradeInstance', ['InstanceId' => $instanceId, 'MemSize' => $memMb]);
    }

    protected function instance(RedisClient $client, string $instanceId = self::INSTANCE): object
    {
        $found = $this->call($client, 'DescribeInstances', ['InstanceId' => $instanceId]);
        $this->assertSame(1, $found->getTotalCount());
        $this->assertCount(1, $found->getInstanceSet());
        return $found->getInstanceSet()[0];
    }

    /** Looks until the instance is what is wanted; answers it, or fails after ten seconds. */
    protected function eventually(RedisClient $client, string $instanceId, callable $wanted): object
    {
        $end = microtime(true) + 10;
        while (!$wanted($seen = $this->instance($client, $instanceId))) {
            $this->assertLessThan($end, microtime(true), "$instanceId did not become what was waited for");
            usleep(50_000);
        }
        return $seen;
    }

    /** Sees the instance in process first, then waits until it has that status. */
    protected function processed(RedisClient $client, string $instanceId, int $status = self::RUNNING): object
    {
        $this->assertSame(self::IN_PROCESS, $this->instance($client, $instanceId)->getStatus());
        return $this->eventually($client, $instanceId, fn ($seen) => $seen->getStatus() === $status);
    }

    /** The order's number, which an answer gives twice for old clients and new ones. */
    protected function dealOf(object $answer): string
    {
        $this->assertMatchesRegularExpression('/^\d+$/', $answer->getDealName());
        $this->assertSame($answer->getDealName(), $answer->getDealId());
        return $answer->getDealName();
    }

    protected function deal(RedisClient $client, string $dealName): object
    {
        // By its name: the list DealIds would be signed wrongly in the older forms.
        $found = $this->call($client, 'DescribeInstanceDealDetail', ['DealName' => $dealName])->getDealDetails();
        $this->assertCount(1, $found);
        $this->assertSame($dealName, $found[0]->getDealId());
        return $found[0];
    }

    /** The order has been delivered: these instances, and when. */
    protected function assertDelivered(RedisClient $client, string $dealName, string ...$instanceIds): void
    {
        $deal = $this->deal($client, $dealName);
        $this->assertSame(self::DELIVERED, $deal->getStatus());
        $this->assertEqualsCanonicalizing($instanceIds, $deal->getInstanceIds());
        $this->assertNotSame('', $deal->getEndTime());
    }

    /** Looks until the task has ended; it has to have succeeded, and to be this instance's. */
    protected function assertSucceeds(RedisClient $client, int $taskId, string $instanceId): void
    {
        $this->assertGreaterThan(0, $taskId);
        $end = microtime(true) + 10;
        do {
            $task = $this->call($client, 'DescribeTaskInfo', ['TaskId' => $taskId]);
            $this->assertContains($task->getStatus(), ['preparing', 'running', 'succeed']);
            $this->assertLessThan($end, microtime(true), "task $taskId did not end");
            usleep(50_000);
        } while ($task->getStatus() !== 'succeed');
        $this->assertSame($instanceId, $task->getInstanceId());
    }

    /** Runs a script of this folder in a PHP of its own; answers what it said. */
    protected function runPhp(array $arguments, ?string $folder = null): string
    {
        $pipes = [['file', '/dev/null', 'r'], ['pipe', 'w'], ['redirect', 1]];
        $process = proc_open([PHP_BINARY, ...$arguments], $pipes, $open, $folder, Server::cleanEnvironment());
        $said = stream_get_contents($open[1]);
        fclose($open[1]);
        $this->assertSame(0, proc_close($process), $said);
        return $said;
    }
}
