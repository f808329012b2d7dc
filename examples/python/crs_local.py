"""crs-local in pytest. Copy this file beside your tests, and let their conftest.py say

    pytest_plugins = ["crs_local"]

A test asks for the fixture `crs_local`: an account of its own, like the one that the server was started with, so tests
may run beside each other (pytest-xdist). The server is the one of `crs-local run -- pytest`, where that started the
tests, and else one that is started here, once: `crs-local` from the PATH, or the binary that CRS_LOCAL_BIN names.
"""

import json
import os
import subprocess
import urllib.error
import urllib.request

import pytest

ANNOUNCEMENT = "crs-local listening on "
# No proxy: the server is here.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def call(url, method, body=None):
    """A call of the control API by its whole URL."""
    data = None if body is None else json.dumps(body).encode()
    try:
        with OPENER.open(urllib.request.Request(url, data, method=method), timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refused:
        raise AssertionError(refused.read().decode()) from None


class CrsLocal:
    """An account: where its server is, and who calls it."""

    def __init__(self, url, **wanted):
        made = call(f"{url}/_crs/accounts", "POST", wanted)
        self.url, self.endpoint = url, url.removeprefix("http://")
        self.app_id, self.uin = made["AppId"], made["Uin"]
        self.secret_id, self.secret_key = made["SecretId"], made["SecretKey"]
        self.region = os.environ.get("TENCENTCLOUD_REGION", "ap-guangzhou")

    def control(self, method, path, body=None):
        """A call of the control API for this account: `control("POST", "/clock/advance", {"Seconds": 3600})`."""
        query = f"{'&' if '?' in path else '?'}AppId={self.app_id}"
        return call(f"{self.url}/_crs{path}{query}", method, body)

    def end(self):
        call(f"{self.url}/_crs/accounts/{self.app_id}", "DELETE")


@pytest.fixture(scope="session")
def crs_local_flags():
    """More flags for a server that is started here. Your conftest.py may have a fixture of that name instead."""
    return []


@pytest.fixture(scope="session")
def crs_local_url(crs_local_flags):
    if url := os.environ.get("CRS_LOCAL_URL"):
        yield url
        return
    binary = os.environ.get("CRS_LOCAL_BIN", "crs-local")
    command = [binary, "--listen", "127.0.0.1:0", "--log", "warn", *crs_local_flags]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        # It says where it is once it is ready.
        line = process.stdout.readline()
        assert line.startswith(ANNOUNCEMENT), f"crs-local did not start: {line!r}"
        yield line.removeprefix(ANNOUNCEMENT).strip()
        process.terminate()


@pytest.fixture
def crs_local(crs_local_url):
    account = CrsLocal(crs_local_url)
    yield account
    account.end()
