"""What TCCLI prints becomes a fixture, and the server that is started with it shows the same."""

import json
import pathlib
import subprocess
import sys

from server import Server, binary, clean_environment

PAGE = 6


def printed(server, home, *arguments):
    """What TCCLI prints of the server's instances."""
    environment = {
        **clean_environment(),
        "HOME": str(home),
        "TENCENTCLOUD_SECRET_ID": "AKIDlocal",
        "TENCENTCLOUD_SECRET_KEY": "local",
        "TENCENTCLOUD_REGION": "ap-guangzhou",
    }
    tccli = pathlib.Path(sys.executable).with_name("tccli")
    command = [tccli, "redis", "DescribeInstances", "--endpoint", server.url, *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def instances(text):
    return json.loads(text)["InstanceSet"]


def by_id(found):
    return {instance["InstanceId"]: instance for instance in found}


def test_what_is_printed_in_pages_is_served_again(tmp_path):
    flags = ("--flow-time", "500ms", "--seed", "1")
    with Server(*flags) as server:
        total = json.loads(printed(server, tmp_path))["TotalCount"]
        assert total > 2 * PAGE
        pages = [printed(server, tmp_path, "--Limit", PAGE, "--Offset", offset) for offset in range(0, total, PAGE)]
    before = [instance for page in pages for instance in instances(page)]
    assert len(before) == total

    done = subprocess.run([binary(), "import", "-"], input="".join(pages), capture_output=True, text=True, timeout=20)
    assert (done.returncode, done.stderr) == (0, "")
    fixture = tmp_path / "imported.json"
    fixture.write_text(done.stdout)

    with Server(*flags, "--fixture", fixture) as server:
        after = instances(printed(server, tmp_path, "--Limit", 100))
    assert by_id(after) == by_id(before)


def test_masked_the_addresses_are_others(tmp_path):
    with Server("--seed", "1") as server:
        page = printed(server, tmp_path, "--Limit", 100)
    command = [binary(), "import", "--mask", "-"]
    done = subprocess.run(command, input=page, capture_output=True, text=True, timeout=20)
    assert (done.returncode, done.stderr) == (0, "")
    for instance in instances(page):
        assert instance["WanIp"] not in done.stdout
        assert instance["InstanceId"] in done.stdout
