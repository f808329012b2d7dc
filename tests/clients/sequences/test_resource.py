"""tencentcloud_redis_instance: made, read, destroyed."""

from case import CLUSTER, MASTER_REPLICA, STANDARD, Case
from wire import Refusal, Wire
from provider import Provider


class Resource(Case):
    def test_an_instance_of_each_architecture_is_made_and_read_back(self):
        for config in (STANDARD, CLUSTER, MASTER_REPLICA):
            with self.subTest(config["name"]):
                instance_id = self.provider.create(config)
                self.assert_no_diff(instance_id, config)

    def test_a_new_instance_costs_the_calls_that_the_provider_makes(self):
        self.wire.made.clear()
        instance_id = self.provider.create(MASTER_REPLICA)
        made = self.wire.made[:3]
        self.assertEqual(made, ["redis:DescribeProductInfo", "region:DescribeZones", "redis:CreateInstances"])
        self.wire.made.clear()
        self.provider.read(instance_id)
        self.assertEqual(
            self.wire.made,
            [
                "redis:DescribeInstances",
                "region:DescribeZones",
                "redis:DescribeInstanceSecurityGroup",
                "tag:DescribeResourceTagsByResourceIds",
            ],
        )

    def test_tags_given_with_an_instance_are_read_back_by_both_services(self):
        config = {**STANDARD, "tags": {"team": "orders", "ключ": "値"}}
        instance_id = self.provider.create(config)
        self.assert_no_diff(instance_id, config)
        shown = self.provider.look(instance_id)["InstanceTags"]
        self.assertEqual({tag["TagKey"]: tag["TagValue"] for tag in shown}, config["tags"])

    def test_an_instance_over_several_zones_counts_its_replicas_by_nodes(self):
        config = {**STANDARD, "replicas": 2, "replica_zone_ids": [100003, 100004], "name": "zones"}
        instance_id = self.provider.create(config)
        self.assert_no_diff(instance_id, config)
        single = self.provider.create({**STANDARD, "name": "one-zone"})
        self.assertFalse(self.provider.look(single)["NodeSet"])

    def test_a_postpaid_instance_is_destroyed_and_cleaned_up(self):
        instance_id = self.provider.create(STANDARD)
        self.provider.destroy(instance_id)
        self.assertIsNone(self.provider.read(instance_id), "isolated: forgotten")
        self.assertIn(self.provider.look(instance_id)["Status"], (-2, -3))
        self.provider.clean_up(instance_id)
        self.assertIsNone(self.provider.look(instance_id))

    def test_a_prepaid_instance_is_destroyed_by_an_order_and_force_deleted(self):
        config = {**CLUSTER, "billing_mode": 1, "prepaid_period": 1}
        instance_id = self.provider.create(config)
        self.assert_no_diff(instance_id, config)
        self.provider.destroy(instance_id, force_delete=True)
        self.assertIsNone(self.provider.look(instance_id))

    def test_what_has_vanished_is_an_error_and_destroying_it_is_none(self):
        with self.assertRaisesRegex(AssertionError, "Fail to get info"):
            self.provider.read("crs-nobody00")
        self.provider.destroy("crs-nobody00")
        with self.assertRaises(Refusal):
            self.provider.clean_up("crs-nobody00")

    def test_an_instance_that_is_isolated_can_be_started_again(self):
        instance_id = self.provider.create(STANDARD)
        self.provider.destroy(instance_id)
        self.provider.retried("StartupInstance", InstanceId=instance_id)
        for_tasks = self.provider.wait_online(instance_id)
        self.assertEqual(for_tasks["Status"], 2)
        self.assert_no_diff(instance_id, STANDARD)

    def test_a_domain_of_ones_own_leads_to_the_same_instances(self):
        # With `domain = "tc.test:PORT"` each service has its name, and the port stands in the Host.
        wire = Wire(self.server, domain=f"tc.test:{self.server.port}")
        self.addCleanup(wire.close)
        elsewhere = Provider(wire)
        instance_id = elsewhere.create({**STANDARD, "tags": {"way": "domain"}})
        self.assertEqual(elsewhere.read(instance_id), self.provider.read(instance_id))
