"""Resources and data sources on nodes: who is promoted, who reads and writes, what an instance is made of."""

from case import CLUSTER, STANDARD, Case
from provider import needs
from wire import Refusal

NETWORK = {"vpc_id": "vpc-settings", "subnet_id": "subnet-settings"}
# The zones of the provider's own tests of zones.
SPREAD = {"availability_zone": "ap-guangzhou-6", "replica_zone_ids": [100007]}


class Nodes(Case):
    def make(self, config, **more):
        name = self.id().rsplit(".")[-1][:40]
        self.instance_id = self.provider.create({**config, **NETWORK, **more, "name": name})
        return self.instance_id

    def read(self, action, **more):
        return self.provider.retried(action, InstanceId=self.instance_id, **more)

    def done(self, action, **more):
        self.provider.wait_task(needs(self.read(action, **more), "TaskId")["TaskId"])

    # -- data sources

    def zone_info(self):
        groups = needs(self.read("DescribeInstanceZoneInfo"), "ReplicaGroups")["ReplicaGroups"]
        return [needs(group, "GroupId", "GroupName", "ZoneId", "Role", "RedisNodes") for group in groups]

    def main_group(self):
        """What redis_switch_master reads: with more than one group, the one whose Role is master."""
        groups = self.zone_info()
        if len(groups) > 1:
            return next(group["GroupId"] for group in groups if group["Role"] == "master")
        return None

    def test_every_member_of_a_shard_is_set(self):
        self.make(CLUSTER)
        rows = needs(self.read("DescribeInstanceShards", FilterSlave=False), "InstanceShards")["InstanceShards"]
        self.assertEqual(len(rows), 9)
        for row in rows:
            needs(row, "ShardName", "ShardId", "Role", "Keys", "Slots", "Storage", "StorageSlope", "Runid", "RunId")
            needs(row, "Connected", "ZoneId", "ReplicasNodeId")
        masters = self.read("DescribeInstanceShards", FilterSlave=True)["InstanceShards"]
        self.assertEqual([row["Slots"] for row in masters], ['["0-5460"]', '["5461-10922"]', '["10923-16383"]'])
        info = self.read("DescribeInstanceNodeInfo")
        self.assertEqual({row["RunId"] for row in rows}, {node["NodeId"] for node in info["Redis"]})

    def test_a_standard_instance_has_nodes_and_no_shards(self):
        self.make(STANDARD)
        info = needs(self.read("DescribeInstanceNodeInfo", Limit=20, Offset=0), "Proxy", "Redis", "ProxyCount")
        for node in info["Proxy"] + info["Redis"]:
            needs(node, "NodeId", "ZoneId")
        self.assertEqual((info["ProxyCount"], info["RedisCount"]), (3, 2))
        with self.assertRaises(Refusal) as raised:
            self.read("DescribeInstanceShards", FilterSlave=False)
        self.assertEqual(raised.exception.code, "InvalidParameterValue.UnSupportedType")

    def test_the_first_group_has_a_name_and_its_node_a_slot(self):
        self.make(STANDARD, **SPREAD)
        groups = self.zone_info()
        self.assertEqual([group["Role"] for group in groups], ["master", "replica"])
        self.assertTrue(groups[0]["GroupName"] and groups[0]["RedisNodes"][0]["Slot"])

    # -- redis_switch_master

    def test_a_group_is_promoted_and_groups_keep_their_place(self):
        self.make(STANDARD, **SPREAD)
        first, second = (group["GroupId"] for group in self.zone_info())
        for group_id in (second, first, first):
            self.done("ChangeReplicaToMaster", GroupId=group_id)
            self.assertEqual(self.main_group(), group_id)
            self.assertEqual([group["GroupId"] for group in self.zone_info()], [first, second])
            self.assertEqual(self.provider.look(self.instance_id)["ZoneId"], 100006, "it would be replaced")

    def test_in_one_zone_there_is_one_group_and_none_is_named(self):
        self.make(CLUSTER)
        self.assertIsNone(self.main_group())
        before = self.zone_info()[0]["RedisNodes"]
        self.done("ChangeReplicaToMaster")
        self.assertIsNone(self.main_group())
        after = self.zone_info()[0]["RedisNodes"]
        self.assertEqual([node["NodeId"] for node in after], [node["NodeId"] for node in before])
        self.assertNotEqual([node["Role"] for node in after], [node["Role"] for node in before])

    # -- redis_replica_readonly, redis_read_only

    def test_replicas_are_read_from_and_may_be_so_already(self):
        self.make(STANDARD)
        for action, weight in (("Enable", 100), ("Enable", 100), ("Disable", 0), ("Disable", 0)):
            self.done(f"{action}ReplicaReadonly")
            self.assertEqual(self.provider.look(self.instance_id)["SlaveReadWeight"], weight)

    def test_reading_from_replicas_is_told_of_root_and_of_proxies(self):
        self.make(CLUSTER)
        count = self.read("DescribeInstanceNodeInfo")["ProxyCount"]
        self.done("EnableReplicaReadonly")
        root = self.read("DescribeInstanceAccount", Limit=50, Offset=0)["Accounts"][0]
        self.assertEqual((root["AccountName"], root["ReadonlyPolicy"]), ("root", ["replication"]))
        self.assertEqual((count, self.read("DescribeInstanceNodeInfo")["ProxyCount"]), (5, 6))

    def test_input_mode_is_read_back(self):
        self.make(STANDARD)
        for mode in ("1", "1", "0"):
            self.done("ModifyInstanceReadOnly", InputMode=mode)
            instance = self.provider.retried("DescribeInstances", InstanceId=self.instance_id)["InstanceSet"][0]
            self.assertEqual(str(needs(instance, "ReadOnly")["ReadOnly"]), mode)
