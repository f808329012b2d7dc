"""What instances are made of, who writes and who reads, and the members of a replication group."""

import life
from terraform import HERE

SPREAD = "tencentcloud_redis_instance.spread"
CLUSTER = "tencentcloud_redis_instance.cluster"
GROUP = "tencentcloud_redis_replicate_attachment.this"
ZONES = "data.tencentcloud_redis_instance_zone_info.spread"
NODES = "data.tencentcloud_redis_instance_node_info"
SHARDS = "data.tencentcloud_redis_instance_shards"


class Nodes(life.OneLife):
    FOLDER = "nodes"
    # The group that the members join.
    SEED = HERE / "nodes" / "fixture.json"
    FIRST = {"main": 1, "input": "0", "reading": "enable", "master": 0, "members": [0, 1]}
    CHANGES = [
        # All at once: each is of another instance, or waits.
        {"main": 0, "input": "1", "reading": "disable", "master": 1, "members": [0, 1, 2]},
        {"main": 1, "input": "0", "members": [1, 2]},
    ]
    IMPORTED = {
        # The passwords are nowhere told.
        SPREAD: True,
        CLUSTER: True,
        **{f"tencentcloud_redis_instance.member[{number}]": True for number in range(3)},
        "tencentcloud_redis_read_only.spread": False,
        GROUP: False,
    }
    LEFT_OUT = {
        "tencentcloud_redis_switch_master.spread": life.NO_IMPORT,
        "tencentcloud_redis_replica_readonly.cluster": life.NO_IMPORT,
    }

    def seen(self, variables, state):
        groups = state[ZONES]["replica_groups"]
        self.assertEqual(len(groups), 2)
        zones = self.server.api("DescribeInstanceZoneInfo", InstanceId=state[SPREAD]["id"])["ReplicaGroups"]
        self.assertEqual([zone["GroupId"] for zone in zones], [group["group_id"] for group in groups])
        roles = ["replica", "replica"]
        roles[variables["main"]] = "master"
        self.assertEqual([zone["Role"] for zone in zones], roles)
        spread, cluster = (self.shown(state[address]["id"]) for address in (SPREAD, CLUSTER))
        self.assertEqual((spread["ZoneId"], str(spread["ReadOnly"])), (100006, variables["input"]))
        self.assertEqual(cluster["SlaveReadWeight"], 100 if variables["reading"] == "enable" else 0)
        self.see_nodes(variables, state)
        (group,) = self.server.api("DescribeReplicationGroup", Limit=20, Offset=0)["Groups"]
        member = lambda number: state[f"tencentcloud_redis_instance.member[{number}]"]["id"]
        wanted = {member(number): "rw" if number == variables["master"] else "r" for number in variables["members"]}
        self.assertEqual({one["InstanceId"]: one["Role"] for one in group["Instances"]}, wanted)

    def see_nodes(self, variables, state):
        spread, cluster = (state[f"{NODES}.{name}"] for name in ("spread", "cluster"))
        self.assertEqual((spread["redis_count"], cluster["redis_count"]), (2, 9))
        self.assertEqual(cluster["proxy_count"], len(cluster["proxy"]))
        # As many as there are replicas that are read from, at least one and a half a shard.
        self.assertEqual(cluster["proxy_count"], 6 if variables["reading"] == "enable" else 5)
        rows, masters = (state[f"{SHARDS}.{name}"]["instance_shards"] for name in ("all", "masters"))
        self.assertEqual({row["runid"] for row in rows}, {node["node_id"] for node in cluster["redis"]})
        self.assertEqual([row for row in rows if row["role"] == 0], masters)
        self.assertEqual(len(masters), 3)

    def left(self, state):
        for number in range(3):
            self.assertIsNone(self.shown(state[f"tencentcloud_redis_instance.member[{number}]"]["id"]))
        (group,) = self.server.api("DescribeReplicationGroup", Limit=20, Offset=0)["Groups"]
        self.assertEqual(group["Instances"], [])
