"""tencentcloud_redis_instance: each attribute that can change, and an empty plan after it."""

from case import CLUSTER, MASTER_REPLICA, STANDARD, VPC, Case
from provider import Provider
from wire import Refusal, Wire


class Changes(Case):
    def setUp(self):
        self.instances = {}

    def made(self, config):
        """An instance of this configuration, and the configuration to change."""
        return self.provider.create(config), dict(config)

    def test_memory(self):
        for made in (STANDARD, CLUSTER, MASTER_REPLICA):
            with self.subTest(made["name"]):
                instance_id, config = self.made(made)
                for mem_size in (4096, 2048):
                    self.provider.scale(instance_id, mem_size)
                    config["mem_size"] = mem_size
                    self.assert_no_diff(instance_id, config)

    def test_replicas(self):
        instance_id, config = self.made(STANDARD)
        for replicas in (3, 1):
            self.provider.scale(instance_id, config["mem_size"], config["shards"], replicas)
            config["replicas"] = replicas
            self.assert_no_diff(instance_id, config)

    def test_shards(self):
        instance_id, config = self.made(CLUSTER)
        for shards in (5, 3):
            self.provider.scale(instance_id, config["mem_size"], shards, config["replicas"])
            config["shards"] = shards
            self.assert_no_diff(instance_id, config)

    def test_the_name_and_the_project(self):
        instance_id, config = self.made(STANDARD)
        self.provider.rename(instance_id, "renamed-改名")
        self.provider.move_to_project(instance_id, 1038223)
        self.assert_no_diff(instance_id, {**config, "name": "renamed-改名", "project_id": 1038223})

    def test_the_password_and_access_without_one(self):
        instance_id, config = self.made(STANDARD)
        self.provider.change_password(instance_id, password="Other#Pass2")
        self.assert_no_diff(instance_id, config)
        self.provider.change_password(instance_id, no_auth=True)
        self.assert_no_diff(instance_id, {**config, "no_auth": True})
        self.provider.change_password(instance_id, password="Third#Pass3", no_auth=False)
        self.assert_no_diff(instance_id, config)

    def test_a_password_that_breaks_the_rules_is_refused_at_once(self):
        instance_id, _ = self.made(STANDARD)
        with self.assertRaises(Refusal) as refused:
            self.provider.change_password(instance_id, password="short")
        self.assertTrue(refused.exception.code.startswith("InvalidParameter"), refused.exception)

    def test_tags(self):
        instance_id, config = self.made({**STANDARD, "tags": {"team": "orders", "stage": "test"}})
        after = {"team": "payments", "owner": "値"}
        self.provider.change_tags(instance_id, config["tags"], after)
        self.assert_no_diff(instance_id, {**config, "tags": after})
        self.provider.change_tags(instance_id, after, {})
        self.assert_no_diff(instance_id, {**config, "tags": {}})

    def test_the_charge_type(self):
        instance_id, config = self.made(STANDARD)
        self.provider.change_charge_type(instance_id, "PREPAID", 1)
        self.assert_no_diff(instance_id, {**config, "billing_mode": 1})
        self.provider.change_charge_type(instance_id, "POSTPAID", 1)
        self.assert_no_diff(instance_id, config)

    def test_the_edition(self):
        instance_id, config = self.made({**STANDARD, "type_id": 6})
        self.provider.retried("UpgradeInstanceVersion", InstanceId=instance_id, TargetInstanceType="8", SwitchOption=2)
        self.provider.wait_online(instance_id)
        self.assert_no_diff(instance_id, {**config, "type_id": 8})

    def test_the_zones_of_nodes(self):
        zones = {"replicas": 1, "replica_zone_ids": [100004]}
        instance_id, config = self.made({**STANDARD, **zones})
        self.provider.move(instance_id, 100003, [100006])
        self.assert_no_diff(instance_id, {**config, "replica_zone_ids": [100006]})

    def test_two_changes_at_once_are_refused(self):
        instance_id, _ = self.made(CLUSTER)
        with self.assertRaises(Refusal) as refused:
            self.provider.scale(instance_id, 2048, 5, 2)
        self.assertTrue(refused.exception.code.startswith("InvalidParameter"), refused.exception)


class Quickly(Case):
    """A flow shorter than the provider's first look, 40 ms after the call. Unseen it waits for 60 times as long."""

    flags = ("--flow-time", "10ms")

    def test_a_change_is_seen_in_process_however_quick_it_is(self):
        instance_id = self.provider.create(MASTER_REPLICA)
        for mem_size in (4096, 2048, 8192):
            self.provider.scale(instance_id, mem_size)
            self.assertEqual(self.provider.look(instance_id)["RedisShardSize"], mem_size)


class Instantly(Case):
    """What the provider meets with `--pace instant`, which is why the documents warn of it."""

    flags = ("--pace", "instant")

    def test_a_change_that_is_never_seen_would_be_waited_for(self):
        wire = Wire(self.server)
        self.addCleanup(wire.close)
        provider = Provider(wire)
        instance_id = provider.create(MASTER_REPLICA)
        provider.retried("UpgradeInstance", InstanceId=instance_id, MemSize=4096)
        seen = {provider.look(instance_id)["Status"] for _ in range(3)}
        self.assertEqual(seen, {2})
        self.assertEqual(provider.look(instance_id)["RedisShardSize"], 4096)


class Operations(Case):
    """The resources that carry out one operation and then only remember it."""

    fixture = {
        "Accounts": [
            {
                "Instances": [
                    {"InstanceId": "crs-kernel00", "TypeId": 15, "MemSize": 1024, "VpcId": VPC["vpc_id"],
                     "SubnetId": VPC["subnet_id"], "CurrentRedisVersion": "6.0.0", "UpgradeRedisVersion": "6.2.1"},
                    {"InstanceId": "crs-proxy000", "TypeId": 15, "MemSize": 1024, "VpcId": VPC["vpc_id"],
                     "SubnetId": VPC["subnet_id"], "CurrentProxyVersion": "5.8.0", "UpgradeProxyVersion": "5.9.0"},
                    {"InstanceId": "crs-zones000", "TypeId": 15, "MemSize": 1024, "VpcId": VPC["vpc_id"],
                     "SubnetId": VPC["subnet_id"]},
                    {"InstanceId": "crs-prepaid0", "TypeId": 2, "MemSize": 1024, "BillingMode": 1, "Period": 1},
                ]
            }
        ]
    }

    def flow(self, action, **members):
        """An operation whose FlowId is waited for as a task."""
        answer = self.provider.retried(action, **members)
        self.provider.wait_task(answer["FlowId"])

    def test_the_kernel_is_upgraded(self):
        self.flow("UpgradeSmallVersion", InstanceId="crs-kernel00", CurrentRedisVersion="6.0.0",
                  UpgradeRedisVersion="6.2.1", InstanceTypeUpgradeNow=1)
        self.assertEqual(self.provider.wait_online("crs-kernel00")["CurrentRedisVersion"], "6.2.1")

    def test_the_proxy_is_upgraded(self):
        self.flow("UpgradeProxyVersion", InstanceId="crs-proxy000", CurrentProxyVersion="5.8.0",
                  UpgradeProxyVersion="5.9.0", InstanceTypeUpgradeNow=1)
        self.assertEqual(self.provider.wait_online("crs-proxy000")["CurrentProxyVersion"], "5.9.0")

    def test_several_zones_are_made_possible(self):
        self.flow("UpgradeVersionToMultiAvailabilityZones", InstanceId="crs-zones000", UpgradeProxyAndRedisServer=True)
        self.assertEqual(self.provider.wait_online("crs-zones000")["Status"], 2)

    def test_a_prepaid_instance_is_renewed(self):
        before = self.provider.look("crs-prepaid0")["DeadlineTime"]
        answer = self.provider.retried("RenewInstance", InstanceId="crs-prepaid0", Period=1, ModifyPayMode="prepaid")
        self.assertEqual(answer["DealId"], answer["DealName"])
        after = self.provider.wait_online("crs-prepaid0")["DeadlineTime"]
        self.assertGreater(after, before)
