<?php

namespace CrsLocal;

/** The task of a change, in the list and by its id. */
final class TasksTest extends ClientTestCase
{
    private const RESIZE = '002';
    private const DONE = 2;

    /** @dataProvider forms */
    public function testAResizeIsATask(string $signature, string $method): void
    {
        $client = $this->client($this->serve('--flow-time', '300ms'), $signature, $method);
        $this->upgrade($client, self::INSTANCE, 4096);
        $only = function () use ($client) {
            $tasks = $this->call($client, 'DescribeTaskList', ['InstanceId' => self::INSTANCE, 'Limit' => 10])->getTasks();
            $resizes = array_values(array_filter($tasks, fn ($task) => $task->getTaskType() === self::RESIZE));
            $this->assertCount(1, $resizes);
            $this->assertSame(self::INSTANCE, $resizes[0]->getInstanceId());
            return $resizes[0];
        };
        $running = $only();
        $this->assertLessThan(self::DONE, $running->getResult());
        $this->assertLessThan(1, $running->getProgress());

        $this->processed($client, self::INSTANCE);
        $done = $only();
        $this->assertSame($running->getTaskId(), $done->getTaskId());
        $this->assertSame(self::DONE, $done->getResult());
        $this->assertEquals(1, $done->getProgress());
        $this->assertGreaterThanOrEqual($done->getStartTime(), $done->getEndTime());
        $this->assertSucceeds($client, $done->getTaskId(), self::INSTANCE);
    }

    public function testAnUnknownTaskIsRefused(): void
    {
        $client = $this->client($this->serve());
        $look = fn () => $this->call($client, 'DescribeTaskInfo', ['TaskId' => 1]);
        $this->assertRefused('InvalidParameter.InvalidParameter', $look);
    }
}
