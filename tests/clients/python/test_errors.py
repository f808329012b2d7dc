"""Errors as the SDK shows them: an exception with exactly that code, a message and a RequestId.

First the seven that UpgradeInstance was founded on, then common ones, most of them really caused."""

import pytest

from clients import INSTANCE, Caller, refusal
from founding import FOUNDING, seed


@pytest.mark.parametrize("code", FOUNDING)
def test_a_founding_error_comes_out_of_the_sdk(serve, form, code):
    server = serve("--fixture", seed(code))
    with Caller(server, form) as caller:
        before = instances(caller)
        refused = caller.refused("UpgradeInstance", InstanceId=INSTANCE, MemSize=FOUNDING[code])
        assert refused.get_code() == code
        assert refused.get_message()
        assert instances(caller) == before, "a refusal changes nothing"


def instances(caller):
    return [instance._serialize() for instance in caller.call("DescribeInstances").InstanceSet]


def test_a_missing_member_is_named(caller):
    refused = caller.refused("UpgradeInstance", InstanceId=INSTANCE)
    assert refused.get_code() == "MissingParameter"
    assert refused.get_message() == "The request is missing a required parameter `MemSize`."


def test_a_misspelt_member_is_named(caller):
    members = {"InstanceId": INSTANCE, "MemSize": 4096, "RedisShards": 3}
    refused = refusal(lambda: caller.call_raw("UpgradeInstance", members))
    assert refused.get_code() == "UnknownParameter"
    assert "RedisShards" in refused.get_message()


def test_a_member_of_another_type_is_named(caller):
    refused = caller.refused("UpgradeInstance", InstanceId=INSTANCE, MemSize="large")
    assert refused.get_code() == "InvalidParameter"
    assert "`MemSize` is not valid, input type should be `" in refused.get_message()


def test_a_value_out_of_its_range_is_refused(caller):
    members = dict(MemSize=1024, GoodsNum=1, Period=1, BillingMode=0, Password="correct-Horse_7")
    assert caller.refused("CreateInstances", TypeId=99, **members).get_code() == (
        "InvalidParameterValue.InvalidInstanceTypeId"
    )


def test_a_region_that_there_is_not(server, form):
    with Caller(server, form, region="ap-atlantis") as caller:
        refused = caller.refused("DescribeInstances")
        assert refused.get_code() == "InvalidParameterValue"
        assert "Region` is not valid" in refused.get_message()


@pytest.mark.parametrize(
    "code", ["InternalError", "RequestLimitExceeded", "ResourceInsufficient", "FailedOperation.PayFailed"]
)
def test_an_error_that_only_a_fault_rule_can_cause(caller, server, code):
    rule = {"Match": {"Action": "UpgradeInstance"}, "Then": {"Code": code, "Message": "由故障规则"}, "Times": 1}
    server.control("POST", "/faults", rule)
    refused = caller.refused("UpgradeInstance", InstanceId=INSTANCE, MemSize=4096)
    assert (refused.get_code(), refused.get_message()) == (code, "由故障规则")
    assert caller.call("UpgradeInstance", InstanceId=INSTANCE, MemSize=4096).DealId, "once, and no more"
