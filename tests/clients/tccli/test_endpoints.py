"""Every way to lead TCCLI to the server: an argument, a configured endpoint, the server as its HTTP
proxy, and HTTPS under the cloud's own name. (`--endpoint http://…` is what all other tests use.)"""

import pathlib

import certifi

from commands import INSTANCE, Tccli
from test_upgrade import upgrade_and_wait

ONE_ID = "DescribeInstances", "--InstanceId", INSTANCE, "--filter", "InstanceSet[0].InstanceId"


def test_an_endpoint_with_a_slash_behind_it(server, tmp_path):
    assert Tccli(server.url + "/", tmp_path).call(*ONE_ID) == INSTANCE


def test_an_endpoint_that_was_configured_for_good(server, tmp_path):
    tccli = Tccli(None, tmp_path)
    code, _, complained = tccli.execute("configure", "set", "redis.endpoint", server.url)
    assert code == 0, complained
    assert tccli.call(*ONE_ID) == INSTANCE
    assert (tmp_path / ".tccli" / "default.configure").exists()


def test_credentials_that_were_configured_for_good(serve, tmp_path):
    server = serve("--auth", "strict")
    tccli = Tccli(server.url, tmp_path)
    for name in list(tccli.environment):
        if name.startswith("TENCENTCLOUD_"):
            del tccli.environment[name]
    settings = ["secretId", "AKIDlocal", "secretKey", "local", "region", "ap-guangzhou"]
    code, _, complained = tccli.execute("configure", "set", *settings)
    assert code == 0, complained
    assert tccli.call(*ONE_ID) == INSTANCE


def test_the_server_as_the_http_proxy_of_the_environment(server, tmp_path):
    """The endpoint is the cloud's own; nothing is resolved and nothing leaves this machine."""
    tccli = Tccli("http://redis.tencentcloudapi.com", tmp_path, {"HTTP_PROXY": server.url})
    assert tccli.call(*ONE_ID) == INSTANCE
    assert server.answered("DescribeInstances") == 1


# Stands in for a line in /etc/hosts and a server on port 443, so that nobody need be root.
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


def test_https_without_an_endpoint(open_door, tmp_path):
    """TCCLI trusts certifi's bundle alone: a copy of it, with the CA appended, stands in for it."""
    door = open_door("--flow-time", "500ms")
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(SITE)
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(pathlib.Path(certifi.where()).read_bytes() + b"\n" + door.ca.read_bytes())
    environment = {"PYTHONPATH": str(site), "DOOR_PORT": str(door.port), "DOOR_BUNDLE": str(bundle)}
    upgrade_and_wait(door.server, Tccli(None, tmp_path, environment))
    # Without the CA it does not connect.
    distrusting = Tccli(None, tmp_path, {**environment, "DOOR_BUNDLE": certifi.where()})
    assert "code:ClientNetworkError " in distrusting.refused(*ONE_ID)
