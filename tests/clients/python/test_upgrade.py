"""A resize and a purchase, from the order to the running instance."""

import re

from clients import INSTANCE, Caller
from eventually import eventually

DELIVERED = 4
DONE = 2
PROCESSING, RUNNING = 1, 2


def test_an_upgrade_is_ordered_seen_in_process_and_delivered(caller):
    before = caller.instance()
    assert (before.Status, before.Size, before.RedisShardSize) == (RUNNING, 1024, 1024)

    ordered = caller.call("UpgradeInstance", InstanceId=INSTANCE, MemSize=4096)
    assert isinstance(ordered.DealId, str) and ordered.DealId
    assert ordered.DealName == ordered.DealId
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", ordered.RequestId)

    during = caller.instance()
    assert during.Status == PROCESSING
    assert during.Size == 1024, "the old size stands until the flow has ended"
    assert caller.deal(ordered.DealId).Status in (2, 3)

    assert eventually(lambda: caller.instance().Status, RUNNING) == RUNNING
    after = caller.instance()
    assert (after.Size, after.RedisShardSize) == (4096, 4096)

    delivered = caller.deal(ordered.DealId)
    assert (delivered.Status, delivered.InstanceIds) == (DELIVERED, [INSTANCE])
    assert delivered.DealId == delivered.DealName == ordered.DealId
    assert delivered.EndTime

    tasks = caller.call("DescribeTaskList", InstanceId=INSTANCE)
    assert tasks.TotalCount >= 1
    resize = tasks.Tasks[0]
    assert (resize.TaskType, resize.Result, resize.Progress) == ("002", DONE, 1)
    assert resize.InstanceId == INSTANCE

    task = caller.call("DescribeTaskInfo", TaskId=resize.TaskId)
    assert (task.Status, task.InstanceId) == ("succeed", INSTANCE)


def test_what_was_bought_is_listed_at_once_and_runs_in_the_end(caller):
    bought = caller.call(
        "CreateInstances",
        TypeId=8,
        MemSize=2048,
        RedisShardNum=1,
        RedisReplicasNum=1,
        GoodsNum=2,
        Period=1,
        BillingMode=0,
        ZoneName="ap-guangzhou-3",
        VpcId="vpc-8xm0r2ks",
        SubnetId="subnet-1jq7f0ue",
        InstanceName="orders",
        Password="correct-Horse_7",
    )
    assert len(set(bought.InstanceIds)) == 2
    assert bought.DealId
    for instance_id in bought.InstanceIds:
        fresh = caller.instance(instance_id)
        assert fresh.Status in (0, PROCESSING)
        assert (fresh.Type, fresh.Size, fresh.BillingMode) == (8, 2048, 0)

    for instance_id in bought.InstanceIds:
        assert eventually(lambda: caller.instance(instance_id).Status, RUNNING) == RUNNING
    delivered = caller.deal(bought.DealId)
    assert delivered.Status == DELIVERED
    assert sorted(delivered.InstanceIds) == sorted(bought.InstanceIds)


def test_instances_live_in_their_region(server):
    with Caller(server, region="ap-shanghai") as elsewhere:
        assert elsewhere.call("DescribeInstances", InstanceId=INSTANCE).TotalCount == 0
        refusal = elsewhere.refused("UpgradeInstance", InstanceId=INSTANCE, MemSize=4096)
        assert refusal.get_code() == "ResourceNotFound.InstanceNotExists"
