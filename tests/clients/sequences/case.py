"""What the tests share: a server of their own, and configurations as a user writes them."""

import json
import pathlib
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
# The one that starts servers stands beside the other suites.
sys.path.append(str(HERE.parent / "common"))

from provider import Provider  # noqa: E402
from server import Server  # noqa: E402
from wire import Wire  # noqa: E402

ZONE = "ap-guangzhou-3"
PASSWORD = "Local#Pass1"
VPC = {"vpc_id": "vpc-local000", "subnet_id": "subnet-local000"}
STANDARD = {"type_id": 15, "mem_size": 1024, "shards": 1, "replicas": 1, "name": "标准-standard", "availability_zone": ZONE, **VPC}
CLUSTER = {"type_id": 16, "mem_size": 1024, "shards": 3, "replicas": 2, "name": "cluster", "availability_zone": ZONE, **VPC}
MASTER_REPLICA = {"type_id": 2, "mem_size": 1024, "shards": 1, "replicas": 1, "name": "redis-2-8", "availability_zone": ZONE, **VPC}


class Case(unittest.TestCase):
    """One server for all tests of a class; each test makes instances of its own."""

    # Short, so that most waits are over at the second look.
    flags = ("--flow-time", "20ms")
    fixture = None

    @classmethod
    def setUpClass(cls):
        flags = list(cls.flags)
        cls._folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls._folder.cleanup)
        if cls.fixture:
            path = pathlib.Path(cls._folder.name) / "fixture.json"
            path.write_text(json.dumps(cls.fixture))
            flags += ["--fixture", str(path)]
        cls.server = Server(*flags)
        cls.addClassCleanup(cls._stopped)
        cls.wire = Wire(cls.server)
        cls.addClassCleanup(cls.wire.close)
        cls.provider = Provider(cls.wire)

    @classmethod
    def _stopped(cls):
        code = cls.server.stop()
        assert code == 0, f"the server left with {code}:\n{cls.server.log()}"

    def assert_no_diff(self, instance_id, config):
        """Plan again: what is read back is what the configuration says."""
        state = self.provider.read(instance_id)
        wanted = {"billing_mode": 0, "project_id": 0, "no_auth": False, "port": 6379, "tags": {}, **config}
        wanted.pop("prepaid_period", None)
        self.assertEqual({key: state[key] for key in wanted}, wanted)
