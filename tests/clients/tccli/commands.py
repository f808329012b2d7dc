"""TCCLI, a process a call, with a home of its own, so that nobody's configuration is read or written."""

import json
import pathlib
import subprocess
import sys

from server import clean_environment

SECRET_ID = "AKIDlocal"
SECRET_KEY = "local"
REGION = "ap-guangzhou"
INSTANCE = "crs-5qlrlhux"
TCCLI = pathlib.Path(sys.executable).with_name("tccli")


class Tccli:
    """`endpoint` None leaves it to what is configured, or to the cloud's own."""

    def __init__(self, endpoint, home, environment=None, secret_id=SECRET_ID, secret_key=SECRET_KEY):
        self.endpoint = endpoint
        self.environment = {
            **clean_environment(),
            "HOME": str(home),
            "TENCENTCLOUD_SECRET_ID": secret_id,
            "TENCENTCLOUD_SECRET_KEY": secret_key,
            "TENCENTCLOUD_REGION": REGION,
            **(environment or {}),
        }

    def execute(self, *arguments):
        """Answers exit code, standard output and standard error."""
        done = subprocess.run(
            [TCCLI, *map(str, arguments)],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )
        return done.returncode, done.stdout, done.stderr

    def run(self, action, *arguments):
        endpoint = ["--endpoint", self.endpoint] if self.endpoint else []
        return self.execute("redis", action, *arguments, *endpoint)

    def call(self, action, *arguments):
        """Of a call that must succeed: what it printed, read as JSON."""
        code, said, complained = self.run(action, *arguments)
        assert code == 0, complained
        return json.loads(said)

    def refused(self, action, *arguments):
        """Of a call that must fail: what it complained of."""
        code, said, complained = self.run(action, *arguments)
        assert (code, said) == (255, ""), (code, said)
        return complained
