<?php

namespace CrsLocal;

/** The code that the console's page writes for this SDK. */
final class ConsoleTest extends ClientTestCase
{
    public function testTheCodeOfThePageRuns(): void
    {
        $server = $this->serve();
        $codes = escapeshellarg(__DIR__ . '/../../common/codes');
        $written = json_decode((string) shell_exec("$codes php " . escapeshellarg("http://$server->host")), true, 64, JSON_THROW_ON_ERROR);
        $this->assertCount(10, $written);
        $folder = sys_get_temp_dir() . '/' . uniqid('console');
        mkdir($folder);
        symlink(getenv('CRS_LOCAL_CLIENTS_CACHE') . '/php/vendor', "$folder/vendor");
        try {
            foreach ($written as ['Code' => $code]) {
                file_put_contents("$folder/call.php", $code);
                $said = $this->runPhp(['call.php'], $folder);
                $this->assertStringContainsString('"RequestId"', $said, $code);
            }
        } finally {
            unlink("$folder/call.php");
            unlink("$folder/vendor");
            rmdir($folder);
        }
        foreach ($written as ['Name' => $name, 'Params' => $params]) {
            if (isset($params['AccountPassword'])) {
                $params['AccountPassword'] = '***';
            }
            $expected = ['Action' => $name, 'Params' => $params, 'Exact' => true, 'Exactly' => 1];
            $server->control('POST', '/_crs/requests/verify', $expected);
        }
    }
}
