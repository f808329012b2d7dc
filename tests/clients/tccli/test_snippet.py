"""The lines of docs/clients.md, as `crs-local env` prints them."""

import os
import pathlib
import subprocess
import sys

from server import Server, binary, clean_environment


def test_the_lines_upgrade_and_wait(tmp_path):
    with Server("--flow-time", "500ms") as server:
        printed = subprocess.run([binary(), "env", "tccli", server.url], capture_output=True, text=True, timeout=10)
        assert printed.returncode == 0, printed.stderr
        path = f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}"
        # A home of its own, so that nobody's configuration is read or written.
        environment = {**clean_environment(), "HOME": str(tmp_path), "PATH": path}
        lines = ["bash", "-euc", printed.stdout]
        done = subprocess.run(lines, env=environment, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        upgraded = server.api("DescribeInstances", InstanceId="crs-5qlrlhux")["InstanceSet"][0]
        assert (upgraded["Status"], upgraded["Size"]) == (2, 4096)
