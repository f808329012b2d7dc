"""A resize, and TCCLI's own way to wait for its end."""

import json

from commands import INSTANCE


def test_an_upgrade_with_the_waiter(server, tccli):
    upgrade_and_wait(server, tccli)


def upgrade_and_wait(server, tccli):
    """Upgrades the seeded instance and has TCCLI wait for it. Its first look sees the instance in
    process, however late it comes, since a flow does not end unseen: so TCCLI has to wait."""
    ordered = tccli.call("UpgradeInstance", "--InstanceId", INSTANCE, "--MemSize", "4096")
    assert ordered["DealId"] and ordered["DealName"] == ordered["DealId"]
    assert ordered["RequestId"]

    waiter = str({"expr": "InstanceSet[0].Status", "to": 2, "timeout": 60, "interval": 1})
    waited = tccli.call("DescribeInstances", "--InstanceId", INSTANCE, "--waiter", waiter)
    assert server.answered("DescribeInstances") >= 2
    seen = waited["InstanceSet"][0]
    assert (seen["Status"], seen["Size"], seen["RedisShardSize"]) == (2, 4096, 4096)

    detail = tccli.call("DescribeInstanceDealDetail", "--DealIds", json.dumps([ordered["DealId"]]))
    assert detail["DealDetails"][0]["Status"] == 4
    assert detail["DealDetails"][0]["InstanceIds"] == [INSTANCE]

    tasks = tccli.call("DescribeTaskList", "--InstanceId", INSTANCE)["Tasks"]
    task = tccli.call("DescribeTaskInfo", "--TaskId", tasks[0]["TaskId"])
    assert (task["Status"], task["InstanceId"]) == ("succeed", INSTANCE)


def test_a_waiter_that_waits_in_vain(tccli):
    waiter = str({"expr": "InstanceSet[0].Status", "to": 1, "timeout": 1, "interval": 1})
    code, said, complained = tccli.run("DescribeInstances", "--InstanceId", INSTANCE, "--waiter", waiter)
    assert code == 255
    assert "Inquiry result is 2." in said
    assert "Request timeout, wait `InstanceSet[0].Status` to `1` timeout, last request is 2" in complained
