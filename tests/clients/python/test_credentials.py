"""Who may call: key pairs, temporary ones with a token, and calls that are not signed at all."""

import pytest

from clients import CALLERS, INSTANCE, USUAL, Caller, refusal
from server import FLEET

TEMPORARY = {"secret_id": "AKIDtemporary", "secret_key": "temporary"}
TOKEN = "token-of-an-hour"


def test_a_wrong_secret_key_is_refused(server, form):
    with Caller(server, form, secret_key="wrong") as caller:
        assert caller.refused("DescribeInstances").get_code() == "AuthFailure.SignatureFailure"


def test_an_unknown_secret_id_is_taken_unless_strict(serve, form):
    with Caller(serve(), form, secret_id="AKIDstranger") as caller:
        assert caller.instance().Size == 1024
    with Caller(serve("--auth", "strict"), form, secret_id="AKIDstranger") as caller:
        assert caller.refused("DescribeInstances").get_code() == "AuthFailure.SecretIdNotFound"


def test_a_temporary_key_comes_with_its_token(serve, form):
    server = serve("--fixture", FLEET, "--auth", "strict")
    with Caller(server, form, **TEMPORARY, token=TOKEN) as caller:
        assert caller.instance("crs-postpaid").InstanceName == "postpaid"
    for wrong in (None, "token-of-yesterday"):
        with Caller(server, form, **TEMPORARY, token=wrong) as caller:
            assert caller.refused("DescribeInstances").get_code() == "AuthFailure.TokenFailure"


BY_TC3 = [form for form in CALLERS if form.signature == USUAL.signature]


@pytest.mark.parametrize("form", BY_TC3, ids=str)
def test_a_call_that_skips_the_signature_is_taken_unless_strict(serve, form):
    with Caller(serve(), form) as caller:
        answer = caller.call_raw("DescribeInstances", {"InstanceId": INSTANCE}, SkipSign=True)
        assert answer["InstanceSet"][0]["InstanceId"] == INSTANCE and answer["RequestId"]
    with Caller(serve("--auth", "strict"), form) as caller:
        refused = refusal(lambda: caller.call_raw("DescribeInstances", {}, SkipSign=True))
        assert refused.get_code().startswith("AuthFailure.")
