"""TCCLI: a process a call, its own exit codes, and a Host header that no other client sends."""

import json
import os
import pathlib
import subprocess
import sys
import time

import pytest

from clients import INSTANCE, REGION, SECRET_ID, SECRET_KEY
from server import clean_environment
from test_errors import FOUNDING, seed


class Tccli:
    """TCCLI with a home of its own, so that nobody's configuration is read or written."""

    def __init__(self, endpoint, home, environment=None, secret_key=SECRET_KEY):
        self.endpoint = endpoint
        self.environment = {
            **clean_environment(),
            "HOME": str(home),
            "TENCENTCLOUD_SECRET_ID": SECRET_ID,
            "TENCENTCLOUD_SECRET_KEY": secret_key,
            "TENCENTCLOUD_REGION": REGION,
            **(environment or {}),
        }

    def run(self, action, *arguments):
        """Answers exit code, standard output and standard error."""
        command = [pathlib.Path(sys.executable).with_name("tccli"), "redis", action]
        endpoint = ["--endpoint", self.endpoint] if self.endpoint else []
        done = subprocess.run(
            [*command, *arguments, *endpoint, "--language", "en-US"],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.returncode, done.stdout, done.stderr

    def call(self, action, *arguments):
        code, said, complained = self.run(action, *arguments)
        assert code == 0, complained
        return json.loads(said)

    def refused(self, action, *arguments):
        code, said, complained = self.run(action, *arguments)
        assert code == 255, (code, said)
        return complained


@pytest.fixture
def tccli(server, tmp_path):
    return Tccli(server.url, tmp_path)


def test_an_upgrade_with_the_waiter(serve, tmp_path):
    upgrade_and_wait(Tccli(serve("--flow-time", "200ms").url, tmp_path))


def upgrade_and_wait(tccli):
    """Upgrades the seeded instance and has TCCLI wait for it. Its first look sees the instance in
    process, however late it comes, since a flow does not end unseen: so TCCLI has to wait."""
    ordered = tccli.call("UpgradeInstance", "--InstanceId", INSTANCE, "--MemSize", "4096")
    assert ordered["DealId"] and ordered["DealName"] == ordered["DealId"]

    interval_s = 1
    waiter = str({"expr": "InstanceSet[0].Status", "to": 2, "timeout": 30, "interval": interval_s})
    begun = time.monotonic()
    waited = tccli.call("DescribeInstances", "--InstanceId", INSTANCE, "--waiter", waiter)
    assert time.monotonic() - begun > interval_s
    seen = waited["InstanceSet"][0]
    assert (seen["Status"], seen["Size"], seen["RedisShardSize"]) == (2, 4096, 4096)

    detail = tccli.call("DescribeInstanceDealDetail", "--DealIds", json.dumps([ordered["DealId"]]))
    assert detail["DealDetails"][0]["Status"] == 4
    assert detail["DealDetails"][0]["InstanceIds"] == [INSTANCE]

    tasks = tccli.call("DescribeTaskList", "--InstanceId", INSTANCE)["Tasks"]
    task = tccli.call("DescribeTaskInfo", "--TaskId", str(tasks[0]["TaskId"]))
    assert (task["Status"], task["InstanceId"]) == ("succeed", INSTANCE)


def look(expression):
    return "DescribeInstances", "--InstanceId", INSTANCE, "--filter", expression


@pytest.mark.parametrize("code", FOUNDING)
def test_an_error_is_shown_and_is_the_exit_code(serve, tmp_path, code):
    tccli = Tccli(serve("--fixture", seed(code)).url, tmp_path)
    shown = tccli.refused("UpgradeInstance", "--InstanceId", INSTANCE, "--MemSize", str(FOUNDING[code]))
    assert f"code:{code} " in shown
    assert "requestId:" in shown


def test_a_wrong_secret_key_is_refused(server, tmp_path):
    shown = Tccli(server.url, tmp_path, secret_key="wrong").refused("DescribeInstances")
    assert "code:AuthFailure.SignatureFailure " in shown


def test_an_endpoint_that_was_configured_for_good(server, tmp_path):
    tccli = Tccli(None, tmp_path)
    command = [pathlib.Path(sys.executable).with_name("tccli"), "configure", "set", "redis.endpoint", server.url]
    subprocess.run(command, env=tccli.environment, check=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    assert tccli.call(*look("InstanceSet[0].InstanceId")) == INSTANCE
    assert os.path.exists(tmp_path / ".tccli" / "default.configure")
