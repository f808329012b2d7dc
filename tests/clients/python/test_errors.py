"""The seven errors that UpgradeInstance was founded on, and those of a wrong key, as the SDK shows
them: an exception with exactly that code."""

import pytest

from clients import INSTANCE, Caller
from server import ROOT

# The seed fixtures/errors/CODE.json and the size in MB to ask for.
FOUNDING = {
    "InvalidParameterValue.MemSizeNotInRange": 1048576,
    "InvalidParameterValue.ReduceCapacityNotAllowed": 2048,
    "LimitExceeded.InvalidMemSize": 4000,
    "ResourceNotFound.InstanceNotExists": 4096,
    "ResourceUnavailable.AccountBalanceNotEnough": 4096,
    "ResourceUnavailable.InstanceStatusAbnormal": 4096,
    "UnauthorizedOperation.NoCAMAuthed": 4096,
}


def seed(code):
    return ROOT / "fixtures" / "errors" / f"{code}.json"


@pytest.mark.parametrize("code", FOUNDING)
def test_a_founding_error_comes_out_of_the_sdk(serve, form, code):
    server = serve("--fixture", seed(code))
    with Caller(server, form) as caller:
        before = instances(caller)
        refusal = caller.refused("UpgradeInstance", InstanceId=INSTANCE, MemSize=FOUNDING[code])
        assert refusal.get_code() == code
        assert refusal.get_message()
        assert instances(caller) == before, "a refusal changes nothing"


def instances(caller):
    return [instance._serialize() for instance in caller.call("DescribeInstances").InstanceSet]


def test_a_wrong_secret_key_is_refused(server, form):
    with Caller(server, form, secret_key="wrong") as caller:
        refusal = caller.refused("DescribeInstances")
        assert refusal.get_code() == "AuthFailure.SignatureFailure"


def test_an_unknown_secret_id_is_taken_unless_strict(serve, form):
    with Caller(serve(), form, secret_id="AKIDstranger") as caller:
        assert caller.instance().Size == 1024
    with Caller(serve("--auth", "strict"), form, secret_id="AKIDstranger") as caller:
        assert caller.refused("DescribeInstances").get_code() == "AuthFailure.SecretIdNotFound"


def test_a_misspelt_member_is_named(server):
    with Caller(server) as caller:
        request = {"InstanceId": INSTANCE, "MemSize": 4096, "RedisShards": 3}
        with pytest.raises(Exception) as raised:
            caller._client.call_json("UpgradeInstance", request)
        assert raised.value.get_code() == "UnknownParameter"
        assert "RedisShards" in raised.value.get_message()
