"""The request that the benches send, and wrk to send it with. Standard library only."""

import hashlib
import hmac
import http.client
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "tests" / "clients" / "common"))

from server import Server, binary  # noqa: E402, F401

BODY = '{"InstanceId": "crs-5qlrlhux"}'
BARE_ANNOUNCEMENT = "bare listening on http://"


def need(tool, package):
    """Installs a tool from Debian's packages if that can be done without asking anyone."""
    if shutil.which(tool):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(f"{tool} is missing: install it first")
    quiet = dict(check=True, stdout=subprocess.DEVNULL, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    subprocess.run(["apt-get", "update", "-qq"], **quiet)
    subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", package], **quiet)


def build_bare(target=None, environment=None):
    """Builds the bare server, with the profile that the real one has; answers its path."""
    target = target or ROOT / "target" / "bare"
    command = ["cargo", "build", "--release", "--locked", "--quiet"]
    environment = {**os.environ, **(environment or {}), "CARGO_TARGET_DIR": str(target)}
    subprocess.run(command, cwd=HERE / "bare", check=True, env=environment)
    return target / "release" / "bare"


def build_server(target, environment=None):
    """Builds the real server into a target folder; answers its path."""
    command = ["cargo", "build", "--release", "--locked", "--quiet", "--bin", "crs-local"]
    environment = {**os.environ, **(environment or {}), "CARGO_TARGET_DIR": str(target)}
    subprocess.run(command, cwd=ROOT, check=True, env=environment)
    return target / "release" / "crs-local"


def headers(host, signed):
    """The headers of the call; a TC3 signature holds for five minutes, longer than a run."""
    stamp = int(time.time())
    sent = {
        "Content-Type": "application/json",
        "Host": host,
        "X-TC-Action": "DescribeInstances",
        "X-TC-Version": "2018-04-12",
        "X-TC-Region": "ap-guangzhou",
        "X-TC-Timestamp": str(stamp),
    }
    if signed:
        sent["Authorization"] = authorization(host, stamp)
    return sent


def authorization(host, stamp, secret_id="AKIDlocal", secret_key="local"):
    day = time.strftime("%Y-%m-%d", time.gmtime(stamp))
    scope = f"{day}/redis/tc3_request"
    lines = ["POST", "/", "", "content-type:application/json", f"host:{host}", "", "content-type;host", digest(BODY)]
    to_sign = f"TC3-HMAC-SHA256\n{stamp}\n{scope}\n" + digest("\n".join(lines))
    key = f"TC3{secret_key}".encode()
    for part in (day, "redis", "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.new(key, to_sign.encode(), "sha256").hexdigest()
    return (
        f"TC3-HMAC-SHA256 Credential={secret_id}/{scope}, SignedHeaders=content-type;host, Signature={signature}"
    )


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def answer_of(server, signed):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("POST", "/", BODY, headers(server.host, signed))
    answer = connection.getresponse().read()
    connection.close()
    return answer


def the_one_instance(server, signed):
    """The answer, which must be the one that the bench is about."""
    answer = answer_of(server, signed)
    response = json.loads(answer)["Response"]
    if response.get("TotalCount") != 1:
        sys.exit(f"not the answer to measure: {answer[:500]!r}")
    return answer


def drive(server, signed, connections, seconds):
    """One turn of wrk; answers requests a second, p99 in us, CPU us a request."""
    pairs = [part for pair in headers(server.host, signed).items() for part in pair]
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "5s", "-s", HERE / "request.lua",
               server.url + "/", "--", BODY, *pairs]
    before = server.cpu_seconds()
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    spent = server.cpu_seconds() - before
    figures = next(line for line in said.splitlines() if line.startswith("figures "))
    requests, micros, p99, errors = map(int, figures.split()[1:])
    if errors or not requests:
        sys.exit(f"{errors} errors in {requests} requests:\n{said}")
    return requests / micros * 1e6, p99, spent / requests * 1e6
