"""The curl line of docs/clients.md, as `crs-local env` prints it."""

import json
import subprocess

from case import Case
from server import binary, clean_environment


class Curl(Case):
    def test_the_line_answers_the_instance(self):
        printed = subprocess.run([binary(), "env", "curl", self.server.url], capture_output=True, text=True, timeout=10)
        self.assertEqual(printed.returncode, 0, printed.stderr)
        line = ["bash", "-euc", printed.stdout]
        done = subprocess.run(line, env=clean_environment(), capture_output=True, text=True, timeout=20)
        self.assertEqual(done.returncode, 0, done.stderr)
        answer = json.loads(done.stdout)["Response"]
        self.assertEqual(answer["InstanceSet"][0]["InstanceId"], "crs-5qlrlhux")
