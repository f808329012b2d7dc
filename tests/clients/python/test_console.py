"""The Python code that the console's page writes runs as it stands."""

import subprocess
import sys

from consoles import assert_sent, codes
from server import clean_environment


def test_the_code_of_the_page_runs(server):
    written = codes("python", server)
    for call in written:
        program = [sys.executable, "-c", call["Code"]]
        done = subprocess.run(program, env=clean_environment(), capture_output=True, text=True, timeout=60)
        assert done.returncode == 0 and '"RequestId"' in done.stdout, f"{call['Code']}\n{done.stdout}{done.stderr}"
    assert_sent(server, written)
