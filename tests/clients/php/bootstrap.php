<?php

// The packages lie in the cache; the suite's own classes here.
require getenv('CRS_LOCAL_CLIENTS_CACHE') . '/php/vendor/autoload.php';
require __DIR__ . '/test/Server.php';
require __DIR__ . '/test/ClientTestCase.php';

// Nothing of the caller's environment leads the clients of this process elsewhere.
foreach (array_keys(array_diff_key(getenv(), CrsLocal\Server::cleanEnvironment())) as $name) {
    if (!str_starts_with($name, 'CRS_LOCAL_')) {
        putenv($name);
    }
}
