"""20 calls a second of one credential, action and region: seen once with a real client."""

import socket
import time

import pytest
from tencentcloud.common.profile.http_profile import HttpProfile

from clients import INSTANCE, USUAL, Caller

LIMIT = 20
CODE = "RequestLimitExceeded"
MESSAGE = (
    "Your current request times equals to `21` in a second, which exceeds the frequency limit `20` "
    "for a second. Please reduce the frequency of calls."
)


@pytest.fixture
def form():
    """One way of sending is enough here."""
    return USUAL


@pytest.fixture
def another_door(server, monkeypatch):
    """A host name that names a region, which is where the count is kept; it leads to the server."""
    find = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest, **named: find("127.0.0.1", *rest, **named))
    door = HttpProfile(protocol="http", endpoint=f"redis.ap-shanghai.tc.test:{server.port}")
    with Caller(server, http=door) as made:
        yield made


def test_the_21st_upgrade_of_a_second_is_one_too_many(caller, another_door):
    # An instance that is not there: the calls fail at once and fail alike.
    def upgrade(by=caller):
        return by.refused("UpgradeInstance", InstanceId="crs-00000000", MemSize=4096)

    def a_second():
        return [upgrade() for _ in range(LIMIT + 1)], upgrade(another_door), caller.instance()

    (refusals, elsewhere, another_action), second = within_one_second(a_second)
    assert [r.get_code() for r in refusals[:LIMIT]] == ["ResourceNotFound.InstanceNotExists"] * LIMIT
    assert (refusals[LIMIT].get_code(), refusals[LIMIT].get_message()) == (CODE, MESSAGE)
    assert elsewhere.get_code() == "ResourceNotFound.InstanceNotExists"
    assert another_action.InstanceId == INSTANCE

    time.sleep(max(0, second + 1.01 - time.time()))
    assert upgrade().get_code() != CODE


def within_one_second(act, tries=10):
    """Acts just after a second has begun, anew until everything fell into that one second."""
    for _ in range(tries):
        time.sleep(1.02 - time.time() % 1)
        second = int(time.time())
        seen = act()
        if int(time.time()) == second:
            return seen, second
    raise AssertionError(f"{LIMIT + 1} calls never fitted into one second")


def test_the_limit_can_be_set_and_taken_off(serve):
    with Caller(serve("--rate-limit", "3")) as caller:
        def look():
            return [caller.refused("UpgradeInstance", InstanceId="crs-00000000", MemSize=4096) for _ in range(4)]

        refusals, _ = within_one_second(look)
        assert [r.get_code() == CODE for r in refusals] == [False, False, False, True]
    with Caller(serve("--rate-limit", "off")) as caller:
        for _ in range(150):
            caller.call("DescribeInstances", InstanceId=INSTANCE)
