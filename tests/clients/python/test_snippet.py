"""The programs of docs/clients.md, as `crs-local env` prints them."""

import subprocess
import sys

import pytest
from server import binary, clean_environment


def runs(name, address, folder):
    """Asserts that the program upgrades and waits, in a Python of its own."""
    printed = subprocess.run([binary(), "env", name, address], capture_output=True, text=True, timeout=10)
    assert printed.returncode == 0, printed.stderr
    program = [sys.executable, "-B", "-c", printed.stdout]
    done = subprocess.run(program, cwd=folder, env=clean_environment(), capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "crs-5qlrlhux: 4096 MB\n"), done.stderr


@pytest.mark.parametrize("name", ["python", "python-async"])
def test_the_program_upgrades_and_waits(server, name, tmp_path):
    runs(name, server.host, tmp_path)


def test_the_program_speaks_https(open_door, tmp_path):
    # The CA lies where the program looks for it.
    door = open_door("--flow-time", "500ms")
    runs("python", f"https://127.0.0.1:{door.port}", door.ca.parent)
