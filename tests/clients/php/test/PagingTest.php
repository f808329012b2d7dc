<?php

namespace CrsLocal;

/** A list that is longer than a page. */
final class PagingTest extends ClientTestCase
{
    private const COUNT = 250;

    public static function limits(): array
    {
        return [[20], [50], [99], [1000]];
    }

    /** @dataProvider limits */
    public function testEveryInstanceIsListedOnce(int $limit): void
    {
        $ids = array_map(fn ($number) => sprintf('crs-page%04d', $number), range(0, self::COUNT - 1));
        $instances = array_map(fn ($id) => ['InstanceId' => $id, 'TypeId' => 2, 'MemSize' => 1024], $ids);
        $file = tempnam(sys_get_temp_dir(), 'many');
        file_put_contents($file, json_encode(['Accounts' => [['Instances' => $instances]]]));
        $client = $this->client($this->serve('--fixture', $file));
        unlink($file);

        $seen = [];
        $offset = 0;
        do {
            $page = $this->call($client, 'DescribeInstances', ['Limit' => $limit, 'Offset' => $offset]);
            $this->assertSame(self::COUNT, $page->getTotalCount());
            foreach ($page->getInstanceSet() as $instance) {
                $seen[] = $instance->getInstanceId();
            }
            $offset += $limit;
        } while ($offset < $page->getTotalCount());
        sort($seen);
        $this->assertSame($ids, $seen);

        $past = $this->call($client, 'DescribeInstances', ['Limit' => $limit, 'Offset' => $offset]);
        $this->assertSame([], $past->getInstanceSet());
    }
}
