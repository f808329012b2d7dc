"""HTTPS under the real host name: code that knows no endpoint but the cloud's own.

Nobody need be root for it: inside the test's processes the resolver is made to find the server. A
user does the same with one line in /etc/hosts and the server on port 443.
"""

import asyncio
import socket

import pytest
from tencentcloud.common.profile.http_profile import HttpProfile

from clients import CALLERS, USUAL, Caller
from test_upgrade import test_an_upgrade_is_ordered_seen_in_process_and_delivered as upgrades

DOMAIN = "tencentcloudapi.com"


@pytest.fixture
def door(open_door):
    return open_door("--flow-time", "500ms")


@pytest.fixture
def resolved(door, monkeypatch):
    """Every name of the cloud's leads to the server, in this process."""
    find = socket.getaddrinfo
    connect = asyncio.BaseEventLoop.create_connection

    def getaddrinfo(host, port, *rest, **named):
        if is_the_clouds(host):
            host, port = "127.0.0.1", door.port
        return find(host, port, *rest, **named)

    async def create_connection(self, protocol, host=None, port=None, **named):
        # The asynchronous client asks the resolver for the address and keeps the port it had.
        if host == "127.0.0.1" and port == 443:
            port = door.port
        return await connect(self, protocol, host, port, **named)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(asyncio.BaseEventLoop, "create_connection", create_connection)
    monkeypatch.setenv("SSL_CERT_FILE", str(door.ca))  # the asynchronous client's way to trust a CA
    return door


def is_the_clouds(host):
    name = host.decode() if isinstance(host, bytes) else host or ""
    return name == DOMAIN or name.endswith("." + DOMAIN)


def over_https(door, form=USUAL, region="ap-guangzhou", host=None):
    http = HttpProfile(endpoint=host) if host else HttpProfile()
    if not form.asynchronous:
        http.certification = str(door.ca)
    return Caller(None, form, region=region, http=http)


@pytest.mark.parametrize("form", CALLERS, ids=str)
def test_an_upgrade_under_the_real_name(resolved, form):
    with over_https(resolved, form) as caller:
        upgrades(caller)


def test_a_stranger_to_the_ca_does_not_connect(resolved):
    with Caller(None, http=HttpProfile()) as caller:
        with pytest.raises(Exception) as raised:
            caller.call("DescribeInstances")
        assert raised.value.get_code() == "ClientNetworkError"
        assert "CERTIFICATE_VERIFY_FAILED" in raised.value.get_message()


def test_financial_regions_have_doors_of_their_own(resolved):
    region, door = "ap-shanghai-fsi", f"redis.ap-shanghai-fsi.{DOMAIN}"
    with over_https(resolved, region=region, host=door) as caller:
        assert caller.call("DescribeInstances").TotalCount >= 1
    with over_https(resolved, region=region) as caller:
        assert caller.refused("DescribeInstances").get_code() == "UnsupportedRegion"
    with over_https(resolved, host=door) as caller:
        assert caller.refused("DescribeInstances").get_code() == "UnsupportedRegion"
