"""The way that changes nothing in the client but the protocol: the server as its HTTP proxy.

The client calls the cloud's own endpoint, `redis.tencentcloudapi.com`, and the server answers itself;
no name is ever resolved and nothing is forwarded."""

import pytest
from tencentcloud.common.profile.http_profile import HttpProfile

from clients import USUAL, Caller
from test_upgrade import test_an_upgrade_is_ordered_seen_in_process_and_delivered as upgrades


def test_an_upgrade_through_the_proxy_of_the_environment(server, form, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", server.url)
    with Caller(None, form, http=HttpProfile(protocol="http")) as caller:
        upgrades(caller)


def test_an_upgrade_through_the_proxy_of_the_profile(server):
    """Of the synchronous client only: the asynchronous one hands it to an argument that its HTTP
    library has given up."""
    with Caller(None, USUAL, http=HttpProfile(protocol="http", proxy=server.url)) as caller:
        upgrades(caller)
