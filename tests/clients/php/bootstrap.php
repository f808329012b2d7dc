<?php

// The packages lie in the cache; the suite's own classes here.
require getenv('CRS_LOCAL_CLIENTS_CACHE') . '/php/vendor/autoload.php';
require __DIR__ . '/test/Server.php';
require __DIR__ . '/test/ClientTestCase.php';
