"""Starts and stops the server under test. Standard library only: the benches use it too."""

import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
ANNOUNCEMENT = "crs-local listening on http://"
# Instances in the state that each action needs, a temporary key, a backup, a dedicated cluster.
FLEET = pathlib.Path(__file__).resolve().with_name("fleet.json")


def binary():
    """CRS_LOCAL_BIN, or else the release binary of this tree."""
    return os.environ.get("CRS_LOCAL_BIN") or str(ROOT / "target" / "release" / "crs-local")


def clean_environment():
    """The caller's environment without what would steer the server or lead a client elsewhere."""
    steering = ("CRS_LOCAL_", "TENCENTCLOUD_")
    proxies = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(steering) and name.upper() not in proxies
    }


def free_port():
    """A loopback port that was free a moment ago, for flags that take no port 0."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One running server on a loopback port of its own choice; use it in a `with`."""

    def __init__(self, *flags, command=None, announcement=ANNOUNCEMENT):
        command = command or [binary(), "--listen", "127.0.0.1:0"]
        self._log = tempfile.TemporaryFile(mode="w+")
        self.process = subprocess.Popen(
            [*command, *map(str, flags)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=clean_environment(),
            text=True,
            close_fds=False,
        )
        line = self.process.stdout.readline()
        if not line.startswith(announcement):
            self.process.kill()
            self.process.wait()
            self._close()
            raise RuntimeError(f"{command[0]} said {line!r} and logged:\n{self.log()}")
        self.host = line[len(announcement):].strip()
        self.port = int(self.host.rsplit(":", 1)[1])
        self.url = f"http://{self.host}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def log(self):
        """What it has written to standard error so far."""
        if self._log.closed:
            return self._logged
        self._log.seek(0)
        return self._log.read()

    def stop(self, patience_s=10):
        """SIGTERM; answers the exit code. A server that does not go is killed, and that is an error."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise RuntimeError(f"still running {patience_s} s after SIGTERM:\n{self.log()}") from None
        finally:
            self._close()
        return code

    def _close(self):
        """Keeps what was logged, and closes what is open."""
        self._logged = self.log()
        self._log.close()
        self.process.stdout.close()

    def send(self, method, path, body=None, headers=None):
        """One plain request on a connection of its own; answers (status, headers, bytes)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def resident_mb(self):
        """Its memory that is in RAM, in MiB."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise RuntimeError("no VmRSS")

    def cpu_seconds(self):
        """User and system time it has used so far."""
        stat = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text()
        fields = stat.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def control(self, method, path, body=None):
        """A call of the control API; answers its JSON, and raises on any status but 2xx."""
        data = None if body is None else json.dumps(body)
        status, _, answer = self.send(method, "/_crs" + path, data, {"Content-Type": "application/json"})
        if not 200 <= status < 300:
            raise RuntimeError(f"{method} /_crs{path}: {status} {answer[:500]!r}")
        return json.loads(answer) if answer else None

    def answered(self, action, code=""):
        """How many calls of the action it has answered with that error code, or with none."""
        _, _, text = self.send("GET", "/metrics")
        counter = f'crs_local_calls_total{{action="{action}",code="{code}"}} '
        counts = [line.removeprefix(counter) for line in text.decode().splitlines() if line.startswith(counter)]
        return int(counts[0]) if counts else 0

    def api(self, action, region="ap-guangzhou", **parameters):
        """An unsigned API call; answers the `Response` object."""
        headers = {
            "Content-Type": "application/json",
            "X-TC-Action": action,
            "X-TC-Version": "2018-04-12",
            "X-TC-Region": region,
            "X-TC-Timestamp": str(int(time.time())),
        }
        _, _, answer = self.send("POST", "/", json.dumps(parameters), headers)
        return json.loads(answer)["Response"]
