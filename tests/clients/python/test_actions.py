"""Every action on instances, orders, scaling, versions and tasks: a call that the cloud takes, the
handle it gives, and what the call has changed."""

import datetime

import pytest
from tencentcloud.redis.v20180412 import models

from clients import UNUSUAL, USUAL, Caller
from eventually import eventually
from server import FLEET

PROCESSING, RUNNING, ISOLATED, TO_BE_DELETED = 1, 2, -2, -3
DELIVERED = 4
BACKUP = "165706342-5832225-1641692389"
DEDICATED = "cluster-fleet000"


@pytest.fixture(params=[USUAL, UNUSUAL], ids=str)
def fleet(serve, request):
    with Caller(serve("--fixture", FLEET, "--flow-time", "500ms"), request.param) as caller:
        yield caller


def flow_ends(caller, instance_id, status=RUNNING):
    """The instance is seen in process first, and then as it stays; answers it."""
    assert caller.instance(instance_id).Status == PROCESSING
    assert eventually(lambda: caller.instance(instance_id).Status, status) == status
    return caller.instance(instance_id)


def task_succeeds(caller, task_id, instance_id):
    assert type(task_id) is int and task_id > 0

    def status():
        caller.call("DescribeInstances", InstanceId=instance_id)
        return caller.call("DescribeTaskInfo", TaskId=task_id).Status

    assert eventually(status, "succeed") == "succeed"
    assert caller.call("DescribeTaskInfo", TaskId=task_id).InstanceId == instance_id
    listed = caller.call("DescribeTaskList", InstanceId=instance_id).Tasks
    assert task_id in [task.TaskId for task in listed if task.Result == 2]


def order_is_delivered(caller, order, instance_ids):
    assert isinstance(order.DealId, str) and order.DealId
    assert order.DealName == order.DealId
    delivered(caller, order.DealId, instance_ids)


def delivered(caller, deal_id, instance_ids):
    assert eventually(lambda: caller.deal(deal_id).Status, DELIVERED) == DELIVERED
    assert caller.deal(deal_id).InstanceIds == instance_ids


# Instances and orders.


def test_describe_instances_filters(fleet):
    everything = fleet.call("DescribeInstances", OrderBy="instancename", OrderType=0)
    names = [instance.InstanceName for instance in everything.InstanceSet]
    assert names == sorted(names) and everything.TotalCount == len(names) == 7
    prepaid = fleet.call("DescribeInstances", BillingMode="prepaid")
    assert [instance.InstanceId for instance in prepaid.InstanceSet] == ["crs-prepaid0"]
    isolated = fleet.call("DescribeInstances", Status=[ISOLATED, TO_BE_DELETED])
    assert [instance.InstanceId for instance in isolated.InstanceSet] == ["crs-isolated"]


def test_clone_instances(fleet):
    order = fleet.call(
        "CloneInstances",
        InstanceId="crs-postpaid",
        BackupId=BACKUP,
        GoodsNum=1,
        ZoneId=100003,
        BillingMode=0,
        Period=1,
        SecurityGroupIdList=["sg-fleet000"],
        VpcId="vpc-fleet000",
        SubnetId="subnet-fleet000",
        InstanceName="copy",
        Password="correct-Horse_7",
    )
    [copy] = order.InstanceIds
    fresh = fleet.instance(copy)
    assert fresh.Status in (0, PROCESSING)
    assert (fresh.Type, fresh.Size, fresh.InstanceName) == (8, 1024, "copy")
    assert eventually(lambda: fleet.instance(copy).Status, RUNNING) == RUNNING
    order_is_delivered(fleet, order, [copy])


def test_modify_instance(fleet):
    fleet.call(
        "ModifyInstance",
        Operation="rename",
        InstanceIds=["crs-postpaid", "crs-oldtype0"],
        InstanceNames=["新名", "newname2"],
    )
    assert fleet.instance("crs-postpaid").InstanceName == "新名"
    assert fleet.instance("crs-oldtype0").InstanceName == "newname2"

    fleet.call("ModifyInstance", Operation="modifyProject", InstanceIds=["crs-postpaid"], ProjectId=7)
    assert fleet.instance("crs-postpaid").ProjectId == 7

    fleet.call("ModifyInstance", Operation="modifyAutoRenew", InstanceIds=["crs-prepaid0"], AutoRenews=[1])
    assert fleet.instance("crs-prepaid0").AutoRenewFlag == 1

    protection = dict(Operation="modifyDeleteProtectionSwitch", InstanceIds=["crs-postpaid"])
    fleet.call("ModifyInstance", **protection, DeleteProtectionSwitches=[1])
    assert fleet.instance("crs-postpaid").DeleteProtectionSwitch == 1
    assert fleet.refused("DestroyPostpaidInstance", InstanceId="crs-postpaid").get_code()
    assert fleet.instance("crs-postpaid").Status == RUNNING
    fleet.call("ModifyInstance", **protection, DeleteProtectionSwitches=[0])
    assert fleet.instance("crs-postpaid").DeleteProtectionSwitch == 0


def test_destroy_postpaid_instance(fleet):
    task_id = fleet.call("DestroyPostpaidInstance", InstanceId="crs-postpaid").TaskId
    assert flow_ends(fleet, "crs-postpaid", TO_BE_DELETED).CloseTime != "0000-00-00 00:00:00"
    task_succeeds(fleet, task_id, "crs-postpaid")


def test_destroy_prepaid_instance(fleet):
    order = fleet.call("DestroyPrepaidInstance", InstanceId="crs-prepaid0")
    assert isinstance(order.DealId, str) and order.DealId
    assert order.DealName == order.DealId
    flow_ends(fleet, "crs-prepaid0", ISOLATED)


def test_clean_up_instance(fleet):
    task_id = fleet.call("CleanUpInstance", InstanceId="crs-isolated").TaskId
    assert type(task_id) is int and task_id > 0

    def count():
        return fleet.call("DescribeInstances", InstanceId="crs-isolated").TotalCount

    assert eventually(count, 0) == 0
    task_succeeds(fleet, task_id, "crs-isolated")


def test_startup_instance(fleet):
    assert fleet.call("StartupInstance", InstanceId="crs-isolated").TaskId is None
    started = flow_ends(fleet, "crs-isolated")
    assert (started.CloseTime, started.OfflineTime) == ("0000-00-00 00:00:00", "")


def test_renew_instance(fleet):
    before = fleet.instance("crs-prepaid0").DeadlineTime
    order = fleet.call("RenewInstance", InstanceId="crs-prepaid0", Period=12)
    order_is_delivered(fleet, order, ["crs-prepaid0"])
    assert month(fleet.instance("crs-prepaid0").DeadlineTime) == month(before) + 12


def month(moment):
    day = datetime.datetime.strptime(moment, "%Y-%m-%d %H:%M:%S")
    return day.year * 12 + day.month


@pytest.mark.parametrize(
    "instance_id, members, billing_mode",
    [
        ("crs-postpaid", {"InstanceChargeType": "PREPAID", "Period": 1}, 1),
        ("crs-prepaid0", {"InstanceChargeType": "POSTPAID"}, 0),
    ],
)
def test_modify_instance_charge_type(fleet, instance_id, members, billing_mode):
    assert fleet.instance(instance_id).BillingMode == 1 - billing_mode
    answer = fleet.call("ModifyInstanceChargeType", InstanceIds=[instance_id], **members)
    assert answer.FailedInstanceIds == []

    def look():
        seen = fleet.instance(instance_id)
        return seen.Status, seen.BillingMode

    assert eventually(look, (RUNNING, billing_mode)) == (RUNNING, billing_mode)

    again = fleet.call("ModifyInstanceChargeType", InstanceIds=[instance_id], **members)
    assert [failed.InstanceId for failed in again.FailedInstanceIds] == [instance_id]
    assert again.FailedInstanceIds[0].Message


def test_describe_instance_deal_detail_takes_either_name(fleet):
    order = fleet.call("UpgradeInstance", InstanceId="crs-postpaid", MemSize=2048)
    by_id = fleet.call("DescribeInstanceDealDetail", DealIds=[order.DealId, "1"]).DealDetails
    by_name = fleet.call("DescribeInstanceDealDetail", DealName=order.DealName).DealDetails
    assert [deal.DealId for deal in by_id] == [deal.DealId for deal in by_name] == [order.DealId]
    assert (by_id[0].GoodsNum, by_id[0].Creater) == (1, "100000000001")


# Prices and products.


def price_of(answer):
    assert (answer.Currency, answer.AmountUnit) == ("CNY", "pent")
    assert 0 < answer.HighPrecisionPrice <= answer.HighPrecisionOriginalPrice
    assert answer.Price == round(answer.HighPrecisionPrice)
    return answer.HighPrecisionPrice


def test_inquiry_price_create_instance(fleet):
    order = dict(TypeId=9, MemSize=4096, Period=1, BillingMode=0, ZoneId=100002, RedisShardNum=1, RedisReplicasNum=1)
    three = fleet.call("InquiryPriceCreateInstance", GoodsNum=3, **order)
    assert price_of(three) == 280.0224, "the price of the published example"
    one = fleet.call("InquiryPriceCreateInstance", GoodsNum=1, **order)
    assert price_of(one) == pytest.approx(280.0224 / 3, abs=1e-4)


def test_inquiry_price_upgrade_instance(fleet):
    larger = dict(InstanceId="crs-postpaid", MemSize=2048, RedisShardNum=1, RedisReplicasNum=1)
    assert price_of(fleet.call("InquiryPriceUpgradeInstance", **larger))


def test_inquiry_price_renew_instance(fleet):
    once = price_of(fleet.call("InquiryPriceRenewInstance", InstanceId="crs-prepaid0", Period=1))
    thrice = price_of(fleet.call("InquiryPriceRenewInstance", InstanceId="crs-prepaid0", Period=3))
    assert thrice == pytest.approx(3 * once)


def test_describe_product_info(fleet):
    regions = {region.RegionId: region for region in fleet.call("DescribeProductInfo").RegionSet}
    zones = {zone.ZoneName: zone for zone in regions["ap-guangzhou"].ZoneSet}
    zone = zones["ap-guangzhou-3"]
    assert (zone.ZoneId, zone.OldZoneId, zone.IsSaleout) == ("ap-guangzhou-3", 100003, False)
    sold = {(product.Type, product.PayMode): product for product in zone.ProductSet}
    assert sold[8, "0"].ShardNum == ["1"] and "1" in sold[8, "0"].TotalSize
    assert sold[9, "1"].EnableRepicaReadOnly is True and "3" in sold[9, "1"].ShardNum


def test_describe_common_db_instances(fleet):
    found = fleet.call("DescribeCommonDBInstances", InstanceIds=["crs-postpaid"])
    assert found.TotalCount == 1
    [instance] = found.InstanceDetails
    assert (instance.InstanceId, instance.InstanceName, instance.Status) == ("crs-postpaid", "postpaid", "2")
    assert (instance.PayMode, instance.Region, instance.Vport) == (0, "ap-guangzhou", 6379)
    assert instance.Vips == [fleet.instance("crs-postpaid").WanIp]
    # The filter counts the other way round than the member: 0 is prepaid.
    prepaid = fleet.call("DescribeCommonDBInstances", PayMode=0)
    assert [instance.InstanceId for instance in prepaid.InstanceDetails] == ["crs-prepaid0"]


def test_describe_redis_clusters(fleet):
    found = fleet.call("DescribeRedisClusters", DedicatedClusterId=DEDICATED, Limit=10, Offset=0)
    assert found.Total == 1
    [cluster] = found.Resources
    assert (cluster.RedisClusterId, cluster.DedicatedClusterId) == ("crs-cdc-fleet000", DEDICATED)
    assert cluster.ClusterName == "fleet"
    assert fleet.call("DescribeRedisClusters", DedicatedClusterId="cluster-unknown0").Resources == []
    assert fleet.instance("crs-cdc00000").RedisClusterId == cluster.RedisClusterId


def test_describe_redis_cluster_overview(fleet):
    overview = fleet.call("DescribeRedisClusterOverview", DedicatedClusterId=DEDICATED)
    [cluster] = fleet.call("DescribeRedisClusters", DedicatedClusterId=DEDICATED).Resources
    assert type(overview.TotalMemory) is int
    assert overview.TotalBundle == sum(bundle.Count for bundle in cluster.BaseBundles + cluster.ResourceBundles)


# Scaling and versions.


def test_upgrade_instance_that_waits_for_its_window_and_switch_access_new_instance(fleet):
    order = fleet.call("UpgradeInstance", InstanceId="crs-postpaid", MemSize=2048, SwitchOption=1)
    waiting = fleet.instance("crs-postpaid")
    assert (waiting.Status, waiting.Size) == (RUNNING, 1024)
    assert fleet.deal(order.DealId).Status == 3

    fleet.call("SwitchAccessNewInstance", InstanceId="crs-postpaid")

    def look():
        seen = fleet.instance("crs-postpaid")
        return seen.Status, seen.Size

    assert eventually(look, (RUNNING, 2048)) == (RUNNING, 2048)
    order_is_delivered(fleet, order, ["crs-postpaid"])


def test_upgrade_instance_version(fleet):
    order = fleet.call("UpgradeInstanceVersion", InstanceId="crs-oldtype0", TargetInstanceType="8", SwitchOption=2)
    assert flow_ends(fleet, "crs-oldtype0").Type == 8
    order_is_delivered(fleet, order, ["crs-oldtype0"])


def test_upgrade_instance_product_version(fleet):
    members = dict(InstanceId="crs-postpaid", TargetProductVersion="localv2", SwitchOption=2)
    deal_name = fleet.call("UpgradeInstanceProductVersion", **members).DealName
    assert isinstance(deal_name, str) and deal_name
    assert flow_ends(fleet, "crs-postpaid").ProductVersion == "localv2"
    delivered(fleet, deal_name, ["crs-postpaid"])


def test_upgrade_small_version(fleet):
    before = fleet.instance("crs-oldminor")
    flow_id = fleet.call(
        "UpgradeSmallVersion",
        InstanceId="crs-oldminor",
        CurrentRedisVersion=before.CurrentRedisVersion,
        UpgradeRedisVersion=before.UpgradeRedisVersion,
        InstanceTypeUpgradeNow=1,
    ).FlowId
    after = flow_ends(fleet, "crs-oldminor")
    assert (after.CurrentRedisVersion, after.UpgradeRedisVersion) == ("6.1.0", "")
    task_succeeds(fleet, flow_id, "crs-oldminor")


def test_upgrade_proxy_version(fleet):
    before = fleet.instance("crs-oldminor")
    flow_id = fleet.call(
        "UpgradeProxyVersion",
        InstanceId="crs-oldminor",
        CurrentProxyVersion=before.CurrentProxyVersion,
        UpgradeProxyVersion=before.UpgradeProxyVersion,
        InstanceTypeUpgradeNow=1,
    ).FlowId
    after = flow_ends(fleet, "crs-oldminor")
    assert (after.CurrentProxyVersion, after.UpgradeProxyVersion) == ("5.8.0", "")
    task_succeeds(fleet, flow_id, "crs-oldminor")


@pytest.mark.parametrize("nearby", [False, True])
def test_upgrade_version_to_multi_availability_zones(fleet, nearby):
    members = dict(InstanceId="crs-postpaid", UpgradeProxyAndRedisServer=nearby)
    flow_id = fleet.call("UpgradeVersionToMultiAvailabilityZones", **members).FlowId
    flow_ends(fleet, "crs-postpaid")
    task_succeeds(fleet, flow_id, "crs-postpaid")


def test_modify_instance_availability_zones(fleet):
    nodes = []
    for node in fleet.instance("crs-twozones").NodeSet:
        moved = models.RedisNodeInfo()
        moved.NodeId, moved.NodeType = node.NodeId, node.NodeType
        moved.ZoneId = 100006 if node.NodeType == 1 else node.ZoneId
        nodes.append(moved)
    members = dict(InstanceId="crs-twozones", SwitchOption=2, NodeSet=nodes)
    task_id = fleet.call("ModifyInstanceAvailabilityZones", **members).TaskId
    after = flow_ends(fleet, "crs-twozones")
    assert sorted((node.NodeType, node.ZoneId) for node in after.NodeSet) == [(0, 100003), (1, 100006)]
    task_succeeds(fleet, task_id, "crs-twozones")


# Tasks.


def test_describe_task_list_and_info(fleet):
    fleet.call("UpgradeInstance", InstanceId="crs-postpaid", MemSize=2048)
    listed = fleet.call("DescribeTaskList", InstanceId="crs-postpaid", TaskTypes=["002"], Limit=1, Offset=0)
    assert listed.TotalCount == 1
    [task] = listed.Tasks
    assert (task.TaskType, task.InstanceName) == ("002", "postpaid")
    info = fleet.call("DescribeTaskInfo", TaskId=task.TaskId)
    assert info.InstanceId == "crs-postpaid" and info.Status in ("preparing", "running", "succeed")
    flow_ends(fleet, "crs-postpaid")
    task_succeeds(fleet, task.TaskId, "crs-postpaid")
    done = fleet.call("DescribeTaskList", InstanceId="crs-postpaid", Result=[2])
    assert [one.TaskId for one in done.Tasks] == [task.TaskId]
