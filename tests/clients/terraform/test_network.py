"""A network of one's own with the provider itself: applied, changed, imported, destroyed, an instance in
it."""

import unittest

from terraform import EMPTY, HERE, Terraform, change_one_by_one, provider
from test_instance import CREDENTIALS
from server import Server

CHANGES = [
    {"name": "renamed"},
    {"tags": {"env": "test", "owner": "b"}},
    {"dns_servers": ["119.29.29.29"]},
    {"ports": ["6379", "6390", "6380"]},
    {"ports": ["6379"]},
    {"lets_out": False},
    {"sources": ["DROP#0.0.0.0/0#ALL#ALL"]},
]
IMPORTED = [
    "tencentcloud_vpc.this",
    "tencentcloud_subnet.this",
    "tencentcloud_security_group.this",
    "tencentcloud_security_group_rule_set.this",
    "tencentcloud_security_group_lite_rule.clients",
]


class Network(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.provider = provider()

    def test_a_network_and_an_instance_in_it(self):
        server = self.enterContext(Server("--flow-time", "500ms"))
        environment = {**CREDENTIALS, "HTTP_PROXY": server.url}
        with Terraform(HERE / "network", self.provider, environment) as terraform:

            def seen(wanted):
                shown = terraform.state()
                instance = server.api("DescribeInstances", InstanceId=shown["tencentcloud_redis_instance.this"]["id"])
                instance = instance["InstanceSet"][0]
                self.assertEqual(instance["WanIp"], "10.0.1.2")
                self.assertEqual(instance["UniqVpcId"], shown["tencentcloud_vpc.this"]["id"])
                self.assertEqual(len(shown["tencentcloud_security_group_rule_set.this"]["egress"]), 1 if wanted.get("lets_out", True) else 0)

            last = change_one_by_one(terraform, {}, CHANGES, seen)
            ids = {address: terraform.state()[address]["id"] for address in IMPORTED}
            given = [f"-var={name}={value}" for name, value in last.items() if isinstance(value, str)]
            for address, resource_id in ids.items():
                terraform.must("state", "rm", address)
                terraform.must("import", "-input=false", "-no-color", *given, address, resource_id)
            self.assertEqual(terraform.plan(last)[0], EMPTY)
            terraform.destroy(last)
            self.assertEqual(terraform.state(), {})
        # The instance is isolated, and everything else is gone.
        state = server.control("GET", "/state")["Accounts"][0]
        for kind in ("Vpcs", "Subnets", "RouteTables", "SecurityGroups"):
            self.assertEqual(state.get(kind, []), [], kind)
