"""Every action on instances, orders, scaling, versions and tasks: one command each, the handle it
prints, and what it has changed, which is read without TCCLI to spare a process."""

import json

from eventually import eventually

PROCESSING, RUNNING, ISOLATED, TO_BE_DELETED = 1, 2, -2, -3
BACKUP = "165706342-5832225-1641692389"
DEDICATED = "cluster-fleet000"


def instance(server, instance_id):
    [found] = server.api("DescribeInstances", InstanceId=instance_id)["InstanceSet"]
    return found


def flow_ends(server, instance_id, status=RUNNING):
    """The instance is seen in process first, and then as it stays; answers it."""
    assert instance(server, instance_id)["Status"] == PROCESSING
    assert eventually(lambda: instance(server, instance_id)["Status"], status) == status
    return instance(server, instance_id)


def task_succeeds(server, task_id, instance_id):
    assert type(task_id) is int and task_id > 0
    assert eventually(lambda: server.api("DescribeTaskInfo", TaskId=task_id)["Status"], "succeed") == "succeed"
    assert server.api("DescribeTaskInfo", TaskId=task_id)["InstanceId"] == instance_id


def order_is_delivered(server, order, instance_ids):
    assert order["DealId"] and order["DealName"] == order["DealId"]
    delivered(server, order["DealId"], instance_ids)


def delivered(server, deal_id, instance_ids):
    def look():
        [deal] = server.api("DescribeInstanceDealDetail", DealIds=[deal_id])["DealDetails"]
        return deal["Status"], deal["InstanceIds"]

    assert eventually(look, (4, instance_ids)) == (4, instance_ids)


def words(line):
    return line.split()


# Instances and orders.


def test_create_instances(fleet, of_fleet):
    order = of_fleet.call(
        "CreateInstances",
        *words("--TypeId 8 --MemSize 1024 --GoodsNum 2 --Period 1 --BillingMode 0 --ZoneName ap-guangzhou-3"),
        *words("--RedisShardNum 1 --RedisReplicasNum 1 --Password correct-Horse_7 --InstanceName orders"),
        *words("--VpcId vpc-fleet000 --SubnetId subnet-fleet000"),
    )
    assert len(set(order["InstanceIds"])) == 2
    for instance_id in order["InstanceIds"]:
        assert instance(fleet, instance_id)["Status"] in (0, PROCESSING)
        assert eventually(lambda: instance(fleet, instance_id)["Status"], RUNNING) == RUNNING
        assert instance(fleet, instance_id)["InstanceName"].startswith("orders")
    order_is_delivered(fleet, order, order["InstanceIds"])


def test_clone_instances(fleet, of_fleet):
    order = of_fleet.call(
        "CloneInstances",
        *words(f"--InstanceId crs-postpaid --BackupId {BACKUP} --GoodsNum 1 --ZoneId 100003"),
        *words("--BillingMode 0 --Period 1 --VpcId vpc-fleet000 --SubnetId subnet-fleet000"),
        *words("--InstanceName copy --Password correct-Horse_7"),
        *("--SecurityGroupIdList", '["sg-fleet000"]'),
    )
    [copy] = order["InstanceIds"]
    assert instance(fleet, copy)["Status"] in (0, PROCESSING)
    assert eventually(lambda: instance(fleet, copy)["Status"], RUNNING) == RUNNING
    assert (instance(fleet, copy)["InstanceName"], instance(fleet, copy)["Type"]) == ("copy", 8)
    order_is_delivered(fleet, order, [copy])


def test_describe_instances(of_fleet):
    found = of_fleet.call("DescribeInstances", *words("--BillingMode prepaid --Status [2]"))
    assert [seen["InstanceId"] for seen in found["InstanceSet"]] == ["crs-prepaid0"]


def test_modify_instance(fleet, of_fleet):
    names = ["--InstanceIds", '["crs-postpaid", "crs-oldtype0"]', "--InstanceNames", '["新名", "newname2"]']
    assert of_fleet.call("ModifyInstance", "--Operation", "rename", *names)["RequestId"]
    assert instance(fleet, "crs-postpaid")["InstanceName"] == "新名"
    assert instance(fleet, "crs-oldtype0")["InstanceName"] == "newname2"


def test_destroy_postpaid_instance(fleet, of_fleet):
    answer = of_fleet.call("DestroyPostpaidInstance", "--InstanceId", "crs-postpaid")
    flow_ends(fleet, "crs-postpaid", TO_BE_DELETED)
    task_succeeds(fleet, answer["TaskId"], "crs-postpaid")


def test_destroy_prepaid_instance(fleet, of_fleet):
    order = of_fleet.call("DestroyPrepaidInstance", "--InstanceId", "crs-prepaid0")
    assert order["DealId"] and order["DealName"] == order["DealId"]
    flow_ends(fleet, "crs-prepaid0", ISOLATED)


def test_clean_up_instance(fleet, of_fleet):
    answer = of_fleet.call("CleanUpInstance", "--InstanceId", "crs-isolated")

    def count():
        return fleet.api("DescribeInstances", InstanceId="crs-isolated")["TotalCount"]

    assert eventually(count, 0) == 0
    task_succeeds(fleet, answer["TaskId"], "crs-isolated")


def test_startup_instance(fleet, of_fleet):
    answer = of_fleet.call("StartupInstance", "--InstanceId", "crs-isolated")
    assert answer["TaskId"] is None
    flow_ends(fleet, "crs-isolated")


def test_renew_instance(fleet, of_fleet):
    before = instance(fleet, "crs-prepaid0")["DeadlineTime"]
    order = of_fleet.call("RenewInstance", *words("--InstanceId crs-prepaid0 --Period 12"))
    order_is_delivered(fleet, order, ["crs-prepaid0"])
    after = instance(fleet, "crs-prepaid0")["DeadlineTime"]
    assert (int(after[:4]), after[4:7]) == (int(before[:4]) + 1, before[4:7])


def test_modify_instance_charge_type(fleet, of_fleet):
    members = ["--InstanceIds", '["crs-postpaid"]', *words("--InstanceChargeType PREPAID --Period 1")]
    assert of_fleet.call("ModifyInstanceChargeType", *members)["FailedInstanceIds"] == []

    def look():
        seen = instance(fleet, "crs-postpaid")
        return seen["Status"], seen["BillingMode"]

    assert eventually(look, (RUNNING, 1)) == (RUNNING, 1)


def test_describe_instance_deal_detail(fleet, of_fleet):
    deal_id = fleet.api("UpgradeInstance", InstanceId="crs-postpaid", MemSize=2048)["DealId"]
    [deal] = of_fleet.call("DescribeInstanceDealDetail", "--DealIds", json.dumps([deal_id]))["DealDetails"]
    assert (deal["DealId"], deal["GoodsNum"], deal["InstanceIds"]) == (deal_id, 1, ["crs-postpaid"])


# Prices and products.


def price_of(answer):
    assert (answer["Currency"], answer["AmountUnit"]) == ("CNY", "pent")
    assert answer["Price"] == round(answer["HighPrecisionPrice"]) > 0
    return answer["HighPrecisionPrice"]


def test_inquiry_price_create_instance(of_fleet):
    order = "--TypeId 9 --MemSize 4096 --GoodsNum 3 --Period 1 --BillingMode 0 --ZoneId 100002 --RedisShardNum 1"
    answer = of_fleet.call("InquiryPriceCreateInstance", *words(order), "--RedisReplicasNum", 1)
    assert price_of(answer) == 280.0224, "the price of the published example"


def test_inquiry_price_upgrade_instance(of_fleet):
    assert price_of(of_fleet.call("InquiryPriceUpgradeInstance", *words("--InstanceId crs-postpaid --MemSize 2048")))


def test_inquiry_price_renew_instance(of_fleet):
    assert price_of(of_fleet.call("InquiryPriceRenewInstance", *words("--InstanceId crs-prepaid0 --Period 1")))


def test_describe_product_info(of_fleet):
    picked = "RegionSet[?RegionId=='ap-guangzhou'].ZoneSet[] | [?ZoneName=='ap-guangzhou-3'].ProductSet[].Type"
    assert {8, 9, 15, 16} <= set(of_fleet.call("DescribeProductInfo", "--filter", picked))


def test_describe_common_db_instances(of_fleet):
    found = of_fleet.call("DescribeCommonDBInstances", "--InstanceIds", '["crs-postpaid"]')
    assert found["TotalCount"] == 1
    [seen] = found["InstanceDetails"]
    assert (seen["InstanceId"], seen["Status"], seen["Vport"]) == ("crs-postpaid", "2", 6379)


def test_describe_redis_clusters(of_fleet):
    found = of_fleet.call("DescribeRedisClusters", "--DedicatedClusterId", DEDICATED)
    assert found["Total"] == 1
    [cluster] = found["Resources"]
    assert (cluster["RedisClusterId"], cluster["ClusterName"]) == ("crs-cdc-fleet000", "fleet")


def test_describe_redis_cluster_overview(of_fleet):
    overview = of_fleet.call("DescribeRedisClusterOverview", "--DedicatedClusterId", DEDICATED)
    assert type(overview["TotalBundle"]) is int and type(overview["TotalMemory"]) is int


# Scaling and versions.


def test_upgrade_instance_in_its_window_and_switch_access_new_instance(fleet, of_fleet):
    order = of_fleet.call("UpgradeInstance", *words("--InstanceId crs-postpaid --MemSize 2048 --SwitchOption 1"))
    waiting = instance(fleet, "crs-postpaid")
    assert (waiting["Status"], waiting["Size"]) == (RUNNING, 1024)
    assert of_fleet.call("SwitchAccessNewInstance", "--InstanceId", "crs-postpaid")["RequestId"]

    def look():
        seen = instance(fleet, "crs-postpaid")
        return seen["Status"], seen["Size"]

    assert eventually(look, (RUNNING, 2048)) == (RUNNING, 2048)
    order_is_delivered(fleet, order, ["crs-postpaid"])


def test_upgrade_instance_version(fleet, of_fleet):
    members = words("--InstanceId crs-oldtype0 --TargetInstanceType 8 --SwitchOption 2")
    order = of_fleet.call("UpgradeInstanceVersion", *members)
    assert flow_ends(fleet, "crs-oldtype0")["Type"] == 8
    order_is_delivered(fleet, order, ["crs-oldtype0"])


def test_upgrade_instance_product_version(fleet, of_fleet):
    members = words("--InstanceId crs-postpaid --TargetProductVersion localv2 --SwitchOption 2")
    deal_name = of_fleet.call("UpgradeInstanceProductVersion", *members)["DealName"]
    assert deal_name
    assert flow_ends(fleet, "crs-postpaid")["ProductVersion"] == "localv2"
    delivered(fleet, deal_name, ["crs-postpaid"])


def test_upgrade_small_version(fleet, of_fleet):
    versions = words("--CurrentRedisVersion 6.0.0 --UpgradeRedisVersion 6.1.0 --InstanceTypeUpgradeNow 1")
    flow_id = of_fleet.call("UpgradeSmallVersion", "--InstanceId", "crs-oldminor", *versions)["FlowId"]
    after = flow_ends(fleet, "crs-oldminor")
    assert (after["CurrentRedisVersion"], after["UpgradeRedisVersion"]) == ("6.1.0", "")
    task_succeeds(fleet, flow_id, "crs-oldminor")


def test_upgrade_proxy_version(fleet, of_fleet):
    versions = words("--CurrentProxyVersion 5.7.0 --UpgradeProxyVersion 5.8.0 --InstanceTypeUpgradeNow 1")
    flow_id = of_fleet.call("UpgradeProxyVersion", "--InstanceId", "crs-oldminor", *versions)["FlowId"]
    after = flow_ends(fleet, "crs-oldminor")
    assert (after["CurrentProxyVersion"], after["UpgradeProxyVersion"]) == ("5.8.0", "")
    task_succeeds(fleet, flow_id, "crs-oldminor")


def test_upgrade_version_to_multi_availability_zones(fleet, of_fleet):
    members = words("--InstanceId crs-postpaid --UpgradeProxyAndRedisServer true")
    flow_id = of_fleet.call("UpgradeVersionToMultiAvailabilityZones", *members)["FlowId"]
    flow_ends(fleet, "crs-postpaid")
    task_succeeds(fleet, flow_id, "crs-postpaid")


def test_modify_instance_availability_zones(fleet, of_fleet):
    nodes = [{"NodeId": 101, "NodeType": 0, "ZoneId": 100003}, {"NodeId": 102, "NodeType": 1, "ZoneId": 100006}]
    members = words("--InstanceId crs-twozones --SwitchOption 2 --NodeSet")
    task_id = of_fleet.call("ModifyInstanceAvailabilityZones", *members, json.dumps(nodes))["TaskId"]
    after = flow_ends(fleet, "crs-twozones")
    assert sorted((node["NodeType"], node["ZoneId"]) for node in after["NodeSet"]) == [(0, 100003), (1, 100006)]
    task_succeeds(fleet, task_id, "crs-twozones")


# Tasks.


def test_describe_task_list_and_info(fleet, of_fleet):
    fleet.api("UpgradeInstance", InstanceId="crs-postpaid", MemSize=2048)
    [task] = of_fleet.call("DescribeTaskList", *words("--InstanceId crs-postpaid --TaskTypes"), '["002"]')["Tasks"]
    assert type(task["TaskId"]) is int and task["Result"] in (0, 1)
    # The list has shown it under way, so it may be over by now.
    assert eventually(lambda: instance(fleet, "crs-postpaid")["Status"], RUNNING) == RUNNING
    info = of_fleet.call("DescribeTaskInfo", "--TaskId", task["TaskId"])
    assert (info["Status"], info["InstanceId"]) == ("succeed", "crs-postpaid")
