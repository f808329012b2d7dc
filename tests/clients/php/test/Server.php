<?php

namespace CrsLocal;

use RuntimeException;

/** One running server on a loopback port of its own choice. */
final class Server
{
    private const ANNOUNCEMENT = 'crs-local listening on http://';
    public const ROOT = __DIR__ . '/../../../..';
    public const FIXTURES = self::ROOT . '/tests/clients/fixtures';

    /** `127.0.0.1:PORT`, as an endpoint wants it. */
    public readonly string $host;

    /** @var resource */
    private $process;
    /** @var resource */
    private $said;
    private string $log;

    public function __construct(string ...$flags)
    {
        $command = [getenv('CRS_LOCAL_BIN'), '--listen', '127.0.0.1:0', ...$flags];
        $this->log = tempnam(sys_get_temp_dir(), 'crs-local');
        $pipes = [['file', '/dev/null', 'r'], ['pipe', 'w'], ['file', $this->log, 'w']];
        $this->process = proc_open($command, $pipes, $open, null, self::cleanEnvironment());
        $this->said = $open[1];
        $line = (string) fgets($this->said);
        if (!str_starts_with($line, self::ANNOUNCEMENT)) {
            throw new RuntimeException(implode(' ', $command) . " said $line and logged\n" . $this->log());
        }
        $this->host = trim(substr($line, strlen(self::ANNOUNCEMENT)));
    }

    /** The environment without what would steer the server or lead a client elsewhere. */
    public static function cleanEnvironment(): array
    {
        $steering = '/^(CRS_LOCAL_(?!CLIENTS_CACHE).*|TENCENTCLOUD_.*|(HTTP|HTTPS|ALL|NO)_PROXY)$/i';
        return array_filter(getenv(), fn ($name) => !preg_match($steering, $name), ARRAY_FILTER_USE_KEY);
    }

    /** A loopback port that was free a moment ago, for flags that take no port 0. */
    public static function freePort(): int
    {
        $probe = stream_socket_server('tcp://127.0.0.1:0');
        $name = stream_socket_get_name($probe, false);
        fclose($probe);
        return (int) substr($name, strrpos($name, ':') + 1);
    }

    private function log(): string
    {
        return (string) file_get_contents($this->log);
    }

    /** A call of the control API, which has to succeed; answers the body. */
    public function control(string $method, string $path, ?array $body = null): string
    {
        $http = ['method' => $method, 'header' => 'Content-Type: application/json', 'ignore_errors' => true];
        if ($body !== null) {
            $http['content'] = json_encode($body, JSON_THROW_ON_ERROR);
        }
        $answer = file_get_contents("http://$this->host$path", false, stream_context_create(['http' => $http]));
        if (!str_contains($http_response_header[0], ' 200 ')) {
            throw new RuntimeException("$method $path: $http_response_header[0] $answer");
        }
        return $answer;
    }

    /** Makes the next calls of an action fail. */
    public function fault(string $action, string $code, int $times): void
    {
        $rule = ['Match' => ['Action' => $action], 'Then' => ['Code' => $code], 'Times' => $times];
        $this->control('POST', '/_crs/faults', $rule);
    }

    /** SIGTERM; answers the exit code. A server that does not go is killed, and that is an error. */
    public function stop(): int
    {
        proc_terminate($this->process, 15);
        $end = microtime(true) + 10;
        do {
            usleep(5_000);
            $status = proc_get_status($this->process);
        } while ($status['running'] && microtime(true) < $end);
        if ($status['running']) {
            proc_terminate($this->process, 9);
            throw new RuntimeException("still running 10 s after SIGTERM:\n" . $this->log());
        }
        fclose($this->said);
        proc_close($this->process);
        unlink($this->log);
        return $status['exitcode'];
    }
}
