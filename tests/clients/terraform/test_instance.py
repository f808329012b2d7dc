"""tencentcloud_redis_instance with the provider itself: applied, changed, imported, destroyed."""

import socket
import unittest

from terraform import EMPTY, HERE, ROOT, Missing, Terraform, change_one_by_one, provider
from server import Server

ADDRESS = "tencentcloud_redis_instance.this"
NAMES = ["redis.tc.test", "region.tc.test", "tag.tc.test"]
CREDENTIALS = {
    "TENCENTCLOUD_SECRET_ID": "AKIDlocal",
    "TENCENTCLOUD_SECRET_KEY": "local",
    "TENCENTCLOUD_REGION": "ap-guangzhou",
    "TENCENTCLOUD_PROTOCOL": "HTTP",
    # Minutes, so that what does not work is known soon.
    "TENCENTCLOUD_READ_RETRY_TIMEOUT": "1",
    "TENCENTCLOUD_WRITE_RETRY_TIMEOUT": "1",
}
# One at a time, as the API takes them.
CHANGES_OF_ALL = [
    {"name": "renamed"},
    {"password": "Other#Pass2"},
    {"tags": {"team": "orders", "stage": "test"}},
    {"tags": {"team": "payments"}},
    {"project_id": 1038223},
    {"charge_type": "PREPAID", "prepaid_period": 1},
]
CHANGES = {
    "standard": ({"type_id": 15}, [{"mem_size": 4096}, {"replicas": 2}, {"replicas": 1}, *CHANGES_OF_ALL]),
    "cluster": ({"type_id": 16, "shards": 3}, [{"mem_size": 2048}, {"shards": 5}, {"replicas": 2}]),
    "master-replica": ({"type_id": 2}, [{"mem_size": 4096}, {"mem_size": 2048}]),
}


class Instance(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.provider = provider()

    def setUp(self):
        self.server = self.enterContext(Server("--flow-time", "500ms"))

    def shown(self, instance_id):
        answer = self.server.api("DescribeInstances", InstanceId=instance_id)
        return answer["InstanceSet"][0] if answer["InstanceSet"] else None

    def whole_life(self, environment, variables, changes):
        with Terraform(HERE / "instance", self.provider, {**CREDENTIALS, **environment}) as terraform:

            def seen(wanted):
                instance_id = terraform.state()[ADDRESS]["id"]
                shown = self.shown(instance_id)
                found = {
                    "name": shown["InstanceName"],
                    "mem_size": shown["RedisShardSize"],
                    "shards": shown["RedisShardNum"],
                    "replicas": shown["RedisReplicasNum"],
                    "project_id": shown["ProjectId"],
                    "tags": {tag["TagKey"]: tag["TagValue"] for tag in shown["InstanceTags"]},
                    "charge_type": ["POSTPAID", "PREPAID"][shown["BillingMode"]],
                }
                self.assertEqual({key: found[key] for key in wanted if key in found},
                                 {key: wanted[key] for key in wanted if key in found})
                self.assertEqual(shown["Status"], 2)

            last = change_one_by_one(terraform, variables, changes, seen)
            instance_id = terraform.state()[ADDRESS]["id"]
            self.assertIn(instance_id, terraform.must("output", "-json", "listed"))

            terraform.must("state", "rm", ADDRESS)
            arguments = [f"-var={name}={value}" for name, value in last.items() if isinstance(value, (str, int))]
            terraform.must("import", "-input=false", "-no-color", *arguments, ADDRESS, instance_id)
            # What only the configuration knows (the password) is written again, and nothing is replaced.
            self.assertIn(terraform.planned_actions(last).get(ADDRESS), (None, ["update"]))
            terraform.apply(last)
            self.assertEqual(terraform.plan(last)[0], EMPTY)

            terraform.destroy(last)
            self.assertIsNone(self.shown(instance_id))

    def test_through_the_proxy(self):
        for name, (variables, changes) in CHANGES.items():
            with self.subTest(name):
                self.whole_life({"HTTP_PROXY": self.server.url}, variables, changes)

    def test_at_a_domain(self):
        for name in NAMES:
            try:
                address = socket.gethostbyname(name)
            except OSError:
                address = None
            if address != "127.0.0.1":
                raise Missing(
                    f"{name} leads to {address}. This way needs a line in the hosts file, which only root can write:\n"
                    f"127.0.0.1 {' '.join(NAMES)}"
                )
        variables, changes = CHANGES["standard"]
        self.whole_life({}, {"domain": f"tc.test:{self.server.port}", **variables}, changes[:3])

    def test_the_example_is_applied_scaled_and_destroyed(self):
        environment = {**CREDENTIALS, "HTTP_PROXY": self.server.url}
        with Terraform(ROOT / "examples" / "terraform", self.provider, environment) as terraform:
            change_one_by_one(terraform, {}, [{"mem_size": 4096}, {"replicas": 2}, {"shards": 5}], lambda _: None)
            self.assertEqual(len(terraform.state()), 4)
            terraform.destroy({})
