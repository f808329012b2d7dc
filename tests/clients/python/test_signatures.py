"""Every way of signing that the SDK has, seen on the wire: that a call which is named after a method
went that way, and that the server verified it."""

import pytest

from clients import INSTANCE, USUAL, USUAL_ASYNC, Caller
from relay import Relay


@pytest.fixture
def strict(serve):
    return serve("--auth", "strict")


def test_a_call_travels_as_its_form_says(strict, form):
    with Relay(strict) as relay, Caller(relay, form) as caller:
        assert caller.instance().InstanceId == INSTANCE
        sent = relay.sent()
    assert sent.startswith(f"{form.method} /")
    if form.signature.startswith("TC3"):
        assert "TC3-HMAC-SHA256 Credential=AKIDlocal/" in sent
        assert "Signature=" in sent
    else:
        assert f"SignatureMethod={form.signature}" in sent
        assert "authorization:" not in sent.lower()


@pytest.mark.parametrize("form", [USUAL, USUAL_ASYNC], ids=str)
def test_a_payload_that_is_not_signed(strict, form):
    with Relay(strict) as relay:
        with Caller(relay, form, unsigned_payload=True) as caller:
            assert caller.call("UpgradeInstance", InstanceId=INSTANCE, MemSize=4096).DealId
        assert "x-tc-content-sha256: unsigned-payload" in relay.sent().lower()
        with Caller(relay, form, unsigned_payload=True, secret_key="wrong") as caller:
            assert caller.refused("DescribeInstances").get_code() == "AuthFailure.SignatureFailure"
