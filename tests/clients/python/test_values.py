"""Values of every kind, there and back: lists, nested objects, booleans, text beyond ASCII, large
numbers, nothing."""

import json

from tencentcloud.redis.v20180412 import models

from clients import INSTANCE, Caller
from eventually import eventually

ORDER = dict(
    TypeId=8,
    MemSize=1024,
    GoodsNum=1,
    Period=1,
    BillingMode=0,
    RedisShardNum=1,
    VpcId="vpc-values00",
    SubnetId="subnet-values00",
)
# Beyond what a double counts exactly, and the largest that JSON readers elsewhere count.
BEYOND_DOUBLE = 2**53 + 1
LARGEST_SAFE = 2**53 - 1


def test_nested_objects_lists_and_text_beyond_ascii(caller):
    tags = [resource_tag("环境", "测试"), resource_tag("team", "a&b=c d+e%2B'\"/?~*")]
    nodes = [node(0, 100003), node(1, 100004), node(1, 100006)]
    bought = caller.call(
        "CreateInstances",
        **ORDER,
        RedisReplicasNum=2,
        NodeSet=nodes,
        ResourceTags=tags,
        SecurityGroupIdList=["sg-values01", "sg-values02"],
        InstanceName="订单缓存",
        Password="correct-Horse_7",
    )
    [instance_id] = bought.InstanceIds
    made = caller.instance(instance_id)
    assert made.InstanceName == "订单缓存"
    assert [(tag.TagKey, tag.TagValue) for tag in made.InstanceTags] == [(t.TagKey, t.TagValue) for t in tags]
    assert sorted((n.NodeType, n.ZoneId) for n in made.NodeSet) == [(n.NodeType, n.ZoneId) for n in nodes]
    assert all(type(n.NodeId) is int and n.NodeId > 0 for n in made.NodeSet)
    assert (made.UniqVpcId, made.UniqSubnetId) == (ORDER["VpcId"], ORDER["SubnetId"])

    found = caller.call("DescribeInstances", SearchKey="订单")
    assert [instance.InstanceId for instance in found.InstanceSet] == [instance_id]
    found = caller.call("DescribeInstances", InstanceTags=[tag_info("环境", "测试")])
    assert [instance.InstanceId for instance in found.InstanceSet] == [instance_id]
    found = caller.call("DescribeInstances", InstanceIds=[INSTANCE, instance_id])
    assert {instance.InstanceId for instance in found.InstanceSet} == {INSTANCE, instance_id}


def node(node_type, zone_id):
    made = models.RedisNodeInfo()
    made.NodeType, made.ZoneId = node_type, zone_id
    return made


def resource_tag(key, value):
    made = models.ResourceTag()
    made.TagKey, made.TagValue = key, value
    return made


def tag_info(key, value):
    made = models.InstanceTagInfo()
    made.TagKey, made.TagValue = key, value
    return made


def test_booleans(caller):
    """In a query or a form this SDK writes True and False, with one exception: the asynchronous client
    signs True and sends true where parameters travel in the query of an older signature. That signature
    is wrong for anybody who verifies it."""
    if caller.form.asynchronous and caller.form.method == "GET" and not caller.form.signature.startswith("TC3"):
        refused = caller.refused("CreateInstances", **ORDER, RedisReplicasNum=1, NoAuth=True)
        assert refused.get_code() == "AuthFailure.SignatureFailure"
        return
    for no_auth, password in ((True, None), (False, "correct-Horse_7")):
        bought = caller.call("CreateInstances", **ORDER, RedisReplicasNum=1, NoAuth=no_auth, Password=password)
        assert caller.instance(bought.InstanceIds[0]).NoAuth is no_auth


def test_what_is_empty_or_nothing(caller):
    """An empty list is a filter that filters nothing; a None is not sent, and a null counts as absent."""
    everything = caller.call("DescribeInstances").TotalCount
    assert caller.call("DescribeInstances", InstanceIds=[], SearchKeys=[]).TotalCount == everything
    assert caller.call("DescribeInstances", InstanceId=None, Limit=None).TotalCount == everything
    assert caller.call("DescribeInstances", Offset=everything).InstanceSet == []
    if caller.form.method == "POST" and caller.form.signature.startswith("TC3"):
        nulls = {"InstanceId": None, "Limit": None, "InstanceIds": None}
        assert caller.call_raw("DescribeInstances", nulls)["TotalCount"] == everything

    plain = caller.instance()
    assert (plain.InstanceTags, plain.NodeSet, plain.Tags, plain.InstanceNode) == ([], [], [], [])
    assert (plain.UniqVpcId, plain.OfflineTime, plain.Vip6) == ("", "", "")
    assert plain.WanAddress == ""


def test_types_of_the_members(caller):
    """Whole numbers without a fraction, those of float members too, text and truth values as such."""
    seen = caller.instance()
    for member in ("Status", "Port", "Type", "Appid", "ZoneId", "RedisShardSize", "RedisShardNum", "ClientLimit",
                   "Size", "SizeUsed"):
        assert type(getattr(seen, member)) is int, member
    for member in ("InstanceId", "InstanceName", "WanIp", "Createtime", "Region", "DeadlineTime", "Engine"):
        assert type(getattr(seen, member)) is str, member
    assert type(seen.NoAuth) is bool
    assert (seen.Port, seen.Region, seen.Type) == (6379, "ap-guangzhou", 2)


def test_large_numbers(serve, form, tmp_path):
    account = {
        "AppId": LARGEST_SAFE,
        "Credentials": [{"SecretId": "AKIDlocal", "SecretKey": "local"}],
        "Instances": [{"InstanceId": INSTANCE, "TypeId": 2, "MemSize": 1024}],
        "Tasks": [{"TaskId": LARGEST_SAFE, "InstanceId": INSTANCE, "TaskType": "002"}],
        "Deals": [{"DealId": "20250825297021509398751", "Price": BEYOND_DOUBLE, "InstanceIds": [INSTANCE]}],
    }
    fixture = tmp_path / "large.json"
    fixture.write_text(json.dumps({"Accounts": [account]}))
    with Caller(serve("--fixture", fixture), form) as caller:
        assert caller.instance().Appid == LARGEST_SAFE
        assert caller.call("DescribeTaskInfo", TaskId=LARGEST_SAFE).InstanceId == INSTANCE
        assert [task.TaskId for task in caller.call("DescribeTaskList").Tasks] == [LARGEST_SAFE]
        assert caller.deal("20250825297021509398751").Price == BEYOND_DOUBLE


def test_a_number_that_the_server_has_made_comes_back_as_it_was(caller):
    caller.call("UpgradeInstance", InstanceId=INSTANCE, MemSize=4096)
    [task] = caller.call("DescribeTaskList", InstanceId=INSTANCE).Tasks
    assert type(task.TaskId) is int and 0 < task.TaskId < 2**53
    assert type(task.Progress) is float

    def status():
        return caller.call("DescribeTaskInfo", TaskId=task.TaskId).Status

    assert caller.instance().Status == 1
    assert eventually(status, "succeed") == "succeed"
