"""TCCLI's own options, where the server has a part in them."""

import json

from commands import INSTANCE, Tccli

ORDER = {
    "TypeId": 15,
    "MemSize": 1024,
    "GoodsNum": 1,
    "Period": 1,
    "BillingMode": 0,
    "RedisShardNum": 1,
    "RedisReplicasNum": 1,
    "VpcId": "vpc-options0",
    "SubnetId": "subnet-options0",
}


def test_filter(tccli):
    picked = tccli.call("DescribeInstances", "--filter", "InstanceSet[?Size > `2048`].[InstanceId, Port]")
    assert ["crs-ckvstd00", 6379] in picked
    assert INSTANCE not in [instance_id for instance_id, _ in picked]


def test_output_as_text(tccli):
    picked = "--output", "text", "--filter", "InstanceSet[*].[InstanceId,Status,Port,NoAuth]"
    code, said, complained = tccli.run("DescribeInstances", "--InstanceId", INSTANCE, *picked)
    assert code == 0, complained
    assert said.split() == [INSTANCE, "2", "6379", "False"]


def test_cli_unfold_argument(server, tccli):
    """Lists, nested objects and booleans, a member an argument."""
    flat = [piece for name, value in ORDER.items() for piece in (f"--{name}", value)]
    bought = tccli.call(
        "CreateInstances",
        *flat,
        "--cli-unfold-argument",
        *"--NodeSet.0.NodeType 0 --NodeSet.0.ZoneId 100003 --NodeSet.1.NodeType 1 --NodeSet.1.ZoneId 100004".split(),
        *"--ResourceTags.0.TagKey 环境 --ResourceTags.0.TagValue 测试".split(),
        *"--SecurityGroupIdList sg-options1 sg-options2 --NoAuth true --InstanceName 订单缓存".split(),
    )
    seen = one(server, bought["InstanceIds"])
    assert (seen["NoAuth"], seen["InstanceName"]) == (True, "订单缓存")
    assert sorted((node["NodeType"], node["ZoneId"]) for node in seen["NodeSet"]) == [(0, 100003), (1, 100004)]
    assert seen["InstanceTags"] == [{"TagKey": "环境", "TagValue": "测试"}]


def test_cli_input_json(server, tccli, tmp_path):
    order = {
        **ORDER,
        "NoAuth": False,
        "Password": "correct-Horse_7",
        "InstanceName": "从文件",
        "ResourceTags": [{"TagKey": "a&b=c", "TagValue": "d+e %2B'\"/"}],
        "SecurityGroupIdList": [],
    }
    path = tmp_path / "order.json"
    path.write_text(json.dumps(order))
    bought = tccli.call("CreateInstances", "--cli-input-json", f"file://{path}")
    seen = one(server, bought["InstanceIds"])
    assert (seen["NoAuth"], seen["InstanceName"]) == (False, "从文件")
    assert (seen["InstanceTags"], seen["NodeSet"]) == (order["ResourceTags"], [])


def one(server, instance_ids):
    assert len(instance_ids) == 1
    return server.api("DescribeInstances", InstanceId=instance_ids[0])["InstanceSet"][0]


def test_token(serve, tmp_path):
    credential = {"SecretId": "AKIDtemporary", "SecretKey": "temporary", "Token": "token-of-an-hour"}
    instance = {"InstanceId": INSTANCE, "TypeId": 2, "MemSize": 1024}
    fixture = tmp_path / "temporary.json"
    fixture.write_text(json.dumps({"Accounts": [{"Credentials": [credential], "Instances": [instance]}]}))
    server = serve("--fixture", fixture, "--auth", "strict")
    tccli = Tccli(server.url, tmp_path, secret_id="AKIDtemporary", secret_key="temporary")
    assert tccli.call("DescribeInstances", "--token", "token-of-an-hour")["TotalCount"] == 1
    assert "code:AuthFailure.TokenFailure " in tccli.refused("DescribeInstances", "--token", "another")


def test_large_numbers(serve, tmp_path):
    task = {"TaskId": 2**53 - 1, "InstanceId": INSTANCE, "TaskType": "002"}
    deal = {"DealId": "20250825297021509398751", "Price": 2**53 + 1, "InstanceIds": [INSTANCE]}
    instance = {"InstanceId": INSTANCE, "TypeId": 2, "MemSize": 1024}
    fixture = tmp_path / "large.json"
    fixture.write_text(json.dumps({"Accounts": [{"Instances": [instance], "Tasks": [task], "Deals": [deal]}]}))
    tccli = Tccli(serve("--fixture", fixture).url, tmp_path)
    assert tccli.call("DescribeTaskInfo", "--TaskId", task["TaskId"])["InstanceId"] == INSTANCE
    detail = tccli.call("DescribeInstanceDealDetail", "--DealName", deal["DealId"])["DealDetails"][0]
    assert detail["Price"] == deal["Price"]
