"""crs-local in pytest. Copy this file beside your tests; a test asks for the fixture `crs_local`.

The server is the one of `crs-local run -- pytest`, where that started the tests, and else one that is started here, once
for all tests: `crs-local` from the PATH, or the binary that CRS_LOCAL_BIN names. Each test finds it as it began.
"""

import json
import os
import subprocess
import urllib.error
import urllib.request

import pytest

ANNOUNCEMENT = "crs-local listening on "


class CrsLocal:
    """Where the server is, and who calls it."""

    def __init__(self, url):
        self.url = url
        self.endpoint = url.removeprefix("http://")
        self.secret_id = os.environ.get("TENCENTCLOUD_SECRET_ID", "AKIDlocal")
        self.secret_key = os.environ.get("TENCENTCLOUD_SECRET_KEY", "local")
        self.region = os.environ.get("TENCENTCLOUD_REGION", "ap-guangzhou")

    def control(self, method, path, body=None):
        """A call of the control API: `control("POST", "/clock/advance", {"Seconds": 3600})`."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_crs{path}", data, method=method)
        # No proxy: the server is here.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            raise AssertionError(json.load(refused)["Error"]["Message"]) from None


@pytest.fixture(scope="session")
def crs_local_server():
    if url := os.environ.get("CRS_LOCAL_URL"):
        yield CrsLocal(url)
        return
    command = [os.environ.get("CRS_LOCAL_BIN", "crs-local"), "--listen", "127.0.0.1:0", "--log", "warn"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        # It says where it is once it is ready.
        line = process.stdout.readline()
        assert line.startswith(ANNOUNCEMENT), f"crs-local did not start: {line!r}"
        yield CrsLocal(line.removeprefix(ANNOUNCEMENT).strip())
        process.terminate()


@pytest.fixture
def crs_local(crs_local_server):
    crs_local_server.control("POST", "/reset")
    return crs_local_server
