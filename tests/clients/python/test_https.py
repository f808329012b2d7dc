"""HTTPS under the real host name: code that knows no endpoint but the cloud's own.

Nobody need be root for it: inside the test's processes the resolver is made to find the server. A
user does the same with one line in /etc/hosts and the server on port 443.
"""

import asyncio
import pathlib
import socket

import certifi
import pytest
from tencentcloud.common.profile.http_profile import HttpProfile

from clients import CALLERS, USUAL, Caller
from server import free_port
from test_tccli import Tccli, upgrade_and_wait
from test_upgrade import test_an_upgrade_is_ordered_seen_in_process_and_delivered as upgrades

DOMAIN = "tencentcloudapi.com"
HOST = f"redis.{DOMAIN}"


class Door:
    """A server's HTTPS side: its port, and a file with the CA it made for itself."""

    def __init__(self, server, port, ca):
        self.server, self.port, self.ca = server, port, ca


@pytest.fixture
def open_door(serve, tmp_path):
    def open_one(*flags):
        port = free_port()
        server = serve("--tls", "--tls-listen", f"127.0.0.1:{port}", *flags)
        status, _, certificate = server.send("GET", "/_crs/ca.pem")
        assert status == 200 and certificate.startswith(b"-----BEGIN CERTIFICATE-----")
        ca = tmp_path / "ca.pem"
        ca.write_bytes(certificate)
        return Door(server, port, ca)

    return open_one


@pytest.fixture
def door(open_door):
    return open_door("--flow-time", "300ms")


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


SITE = """
import os, socket, certifi
find, port = socket.getaddrinfo, int(os.environ["DOOR_PORT"])
def getaddrinfo(host, *rest, **named):
    if host.endswith("tencentcloudapi.com"):
        host, rest = "127.0.0.1", (port, *rest[1:])
    return find(host, *rest, **named)
socket.getaddrinfo = getaddrinfo
certifi.where = lambda: os.environ["DOOR_BUNDLE"]
"""


def test_tccli_without_an_endpoint(open_door, tmp_path):
    """TCCLI trusts certifi's bundle alone: a copy of it, with the CA appended, stands in for it."""
    door = open_door("--flow-time", "200ms")
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(SITE)
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(pathlib.Path(certifi.where()).read_bytes() + b"\n" + door.ca.read_bytes())
    environment = {"PYTHONPATH": str(site), "DOOR_PORT": str(door.port), "DOOR_BUNDLE": str(bundle)}
    upgrade_and_wait(Tccli(None, tmp_path, environment))
