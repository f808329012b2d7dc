<?php

namespace CrsLocal;

/** The main job: a resize, from the order to the running instance. */
final class UpgradeTest extends ClientTestCase
{
    /** @dataProvider forms */
    public function testAnUpgradeIsOrderedSeenInProcessAndDelivered(string $signature, string $method): void
    {
        $client = $this->client($this->serve('--flow-time', '300ms'), $signature, $method);
        $before = $this->instance($client);
        $this->assertSame(self::RUNNING, $before->getStatus());
        $this->assertEquals(1024, $before->getSize());
        $this->assertSame(1024, $before->getRedisShardSize());

        $deal = $this->dealOf($this->upgrade($client, self::INSTANCE, 4096));

        $during = $this->instance($client);
        $this->assertSame(self::IN_PROCESS, $during->getStatus());
        $this->assertEquals(1024, $during->getSize(), 'the old size stands until the flow has ended');
        $this->assertContains($this->deal($client, $deal)->getStatus(), [2, 3]);

        $after = $this->eventually($client, self::INSTANCE, fn ($seen) => $seen->getStatus() === self::RUNNING);
        $this->assertEquals(4096, $after->getSize());
        $this->assertSame(4096, $after->getRedisShardSize());
        $this->assertDelivered($client, $deal, self::INSTANCE);
    }

    /** The program of docs/clients.md, as it is printed, in a PHP of its own. */
    public function testTheProgramUpgradesAndWaits(): void
    {
        $server = $this->serve('--flow-time', '300ms');
        $printed = shell_exec(escapeshellarg(getenv('CRS_LOCAL_BIN')) . ' "env" "php" ' . escapeshellarg($server->host) . ' 2>/dev/null');
        $folder = sys_get_temp_dir() . '/' . uniqid('upgrade');
        mkdir($folder);
        symlink(getenv('CRS_LOCAL_CLIENTS_CACHE') . '/php/vendor', "$folder/vendor");
        file_put_contents("$folder/upgrade.php", $printed);
        try {
            $said = $this->runPhp(['upgrade.php'], $folder);
        } finally {
            unlink("$folder/upgrade.php");
            unlink("$folder/vendor");
            rmdir($folder);
        }
        $this->assertMatchesRegularExpression('/^ordered: \d+\R(.*\R)*status 2, 4096 MB\R$/', $said);
        $this->assertEquals(4096, $this->instance($this->client($server))->getSize());
    }
}
