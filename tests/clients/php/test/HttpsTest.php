<?php

namespace CrsLocal;

/**
 * HTTPS with the certificate that the server makes for itself. Guzzle trusts what PHP trusts:
 * `openssl.cafile`, and `curl.cainfo` where the curl extension is loaded.
 */
final class HttpsTest extends ClientTestCase
{
    public function testUpgradesOverHttps(): void
    {
        [$server, $endpoint] = $this->serveTls();
        $ca = tempnam(sys_get_temp_dir(), 'ca');
        file_put_contents($ca, $server->control('GET', '/_crs/ca.pem'));
        try {
            $said = $this->runPhp($this->script($endpoint, "openssl.cafile=$ca", "curl.cainfo=$ca"));
        } finally {
            unlink($ca);
        }
        foreach ([2048, 4096, 8192] as $memMb) {
            $this->assertStringContainsString("status 2, $memMb MB", $said);
        }
        $this->assertEquals(8192, $this->instance($this->client($server))->getSize());
    }

    public function testAStrangerToTheCaDoesNotConnect(): void
    {
        [$server, $endpoint] = $this->serveTls();
        $said = $this->runPhp($this->script($endpoint));
        $this->assertStringNotContainsString('ordered', $said);
        $this->assertSame(3, substr_count($said, 'refused'), $said);
        $this->assertEquals(1024, $this->instance($this->client($server))->getSize());
    }

    private function serveTls(): array
    {
        $endpoint = '127.0.0.1:' . Server::freePort();
        return [$this->serve('--tls', '--tls-listen', $endpoint, '--flow-time', '200ms'), $endpoint];
    }

    private function script(string $endpoint, string ...$settings): array
    {
        $flags = array_merge(...array_map(fn ($setting) => ['-d', $setting], $settings));
        return [...$flags, __DIR__ . '/../over_https.php', $endpoint];
    }
}
