"""The TCCLI lines that the console's page writes run as they stand."""

import os
import pathlib
import subprocess
import sys

from consoles import assert_sent, codes
from server import clean_environment


def test_the_lines_of_the_page_run(server, tmp_path):
    path = f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {**clean_environment(), "HOME": str(tmp_path), "PATH": path}
    written = codes("tccli", server)
    for call in written:
        lines = ["bash", "-euc", call["Code"]]
        done = subprocess.run(lines, env=environment, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0 and '"RequestId"' in done.stdout, f"{call['Code']}\n{done.stdout}{done.stderr}"
    assert_sent(server, written)
