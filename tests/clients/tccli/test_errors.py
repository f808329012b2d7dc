"""Errors as TCCLI shows them: exit code 255, nothing on standard output, and code, message
and RequestId on standard error."""

import re

import pytest

from commands import INSTANCE, Tccli
from founding import FOUNDING, seed

LINE = re.compile(
    r"\[TencentCloudSDKException\] code:(?P<code>\S+) message:(?P<message>.+) "
    r"requestId:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\n",
    re.DOTALL,
)


def code_and_message(complained):
    line = LINE.fullmatch(complained)
    assert line, complained
    return line["code"], line["message"]


@pytest.mark.parametrize("code", FOUNDING)
def test_a_founding_error(serve, tmp_path, code):
    server = serve("--fixture", seed(code))
    before = server.api("DescribeInstances")["InstanceSet"]
    members = ["--InstanceId", INSTANCE, "--MemSize", FOUNDING[code]]
    shown = Tccli(server.url, tmp_path).refused("UpgradeInstance", *members)
    assert code_and_message(shown)[0] == code
    # Read without a signature, so it is not the refused key that asks.
    assert server.api("DescribeInstances")["InstanceSet"] == before


def test_a_wrong_secret_key_in_two_languages(server, tmp_path):
    tccli = Tccli(server.url, tmp_path, secret_key="wrong")
    said = {}
    for language in ("en-US", "zh-CN"):
        code, said[language] = code_and_message(tccli.refused("DescribeInstances", "--language", language))
        assert code == "AuthFailure.SignatureFailure"
    assert said["en-US"].isascii()
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said["zh-CN"])


def test_an_unknown_secret_id_where_that_is_refused(serve, tmp_path):
    tccli = Tccli(serve("--auth", "strict").url, tmp_path, secret_id="AKIDstranger")
    assert code_and_message(tccli.refused("DescribeInstances"))[0] == "AuthFailure.SecretIdNotFound"


def test_a_region_that_there_is_not(tccli):
    shown = tccli.refused("DescribeInstances", "--region", "ap-atlantis")
    assert code_and_message(shown)[0] == "InvalidParameterValue"


def test_a_value_that_is_not_sold(tccli):
    order = "--TypeId 99 --MemSize 1024 --GoodsNum 1 --Period 1 --BillingMode 0".split()
    shown = tccli.refused("CreateInstances", *order)
    assert code_and_message(shown)[0] == "InvalidParameterValue.InvalidInstanceTypeId"


@pytest.mark.parametrize("code", ["InternalError", "FailedOperation.PayFailed"])
def test_an_error_that_only_a_fault_rule_can_cause(server, tccli, code):
    rule = {"Match": {"Action": "UpgradeInstance"}, "Then": {"Code": code, "Message": "by a rule"}}
    server.control("POST", "/faults", rule)
    shown = tccli.refused("UpgradeInstance", "--InstanceId", INSTANCE, "--MemSize", "4096")
    assert code_and_message(shown) == (code, "by a rule")
    assert server.control("GET", "/faults")["Faults"][0]["Fired"] == 1, "TCCLI does not try again"


def test_the_21st_call_of_a_second(tccli):
    """One process, whose waiter asks without a pause until the limit stops it."""
    waiter = str({"expr": "TotalCount", "to": -1, "timeout": 60, "interval": 0})
    code, said, complained = tccli.run("DescribeTaskList", "--language", "en-US", "--waiter", waiter)
    assert code == 255
    assert said.count("Inquiry result is 0.") >= 20
    assert code_and_message(complained) == (
        "RequestLimitExceeded",
        "Your current request times equals to `21` in a second, which exceeds the frequency limit `20` "
        "for a second. Please reduce the frequency of calls.",
    )
