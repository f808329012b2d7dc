"""tencentcloud_redis_instance with the provider itself: applied, changed, imported, destroyed."""

import socket

import life
from terraform import HERE, ROOT, Missing

INSTANCE = "tencentcloud_redis_instance.this"
# The line that the hosts file needs for the names below a domain.
LINE = (HERE / "hosts").read_text().strip()
# One change of a size at a time, as the API takes them; the provider waits for each.
STANDARD = {"type_id": 15}, [{"mem_size": 4096, "name": "renamed"}, {"replicas": 2, "password": "Other#Pass2"}, {"replicas": 1}]
CLUSTER = {"type_id": 16, "shards": 3}, [{"mem_size": 2048}, {"shards": 5}, {"replicas": 2}]
MASTER_REPLICA = {"type_id": 6}, [
    {"mem_size": 4096, "tags": {"team": "orders", "stage": "test"}},
    {"mem_size": 2048, "tags": {"team": "payments"}, "project_id": 1038223},
    {"type_id": 15},
    {"charge_type": "PREPAID", "prepaid_period": 1},
]


class Instance(life.Life):
    def seen(self, variables, state):
        shown = self.shown(state[INSTANCE]["id"])
        found = {
            "name": shown["InstanceName"],
            "type_id": shown["Type"],
            "mem_size": shown["RedisShardSize"],
            "shards": shown["RedisShardNum"],
            "replicas": shown["RedisReplicasNum"],
            "project_id": shown["ProjectId"],
            "tags": {tag["TagKey"]: tag["TagValue"] for tag in shown["InstanceTags"]},
            "charge_type": ["POSTPAID", "PREPAID"][shown["BillingMode"]],
        }
        wanted = {key: value for key, value in variables.items() if key in found}
        self.assertEqual({key: found[key] for key in wanted}, wanted)
        self.assertEqual(shown["Status"], 2)
        listed = state["data.tencentcloud_redis_instances.all"]["instance_list"]
        self.assertIn(shown["InstanceId"], [instance["redis_id"] for instance in listed])

    def left(self, state):
        self.assertIsNone(self.shown(state[INSTANCE]["id"]))

    def live_as(self, environment, variables, changes):
        # What only the configuration knows, the password above all, is written again.
        self.live(HERE / "instance", environment, variables, changes, {INSTANCE: True})

    def test_through_the_proxy_standard(self):
        self.live_as(self.proxied, *STANDARD)

    def test_through_the_proxy_cluster(self):
        self.live_as(self.proxied, *CLUSTER)

    def test_through_the_proxy_and_out_of_an_old_version(self):
        self.live_as(self.proxied, *MASTER_REPLICA)

    def test_at_a_domain(self):
        wanted, *names = LINE.split()
        for name in names:
            try:
                address = socket.gethostbyname(name)
            except OSError:
                address = None
            if address != wanted:
                raise Missing(
                    f"{name} leads to {address}. This way needs a line in the hosts file, which only root can write:\n{LINE}"
                )
        variables, changes = STANDARD
        self.live_as({}, {"domain": f"tc.test:{self.server.port}", **variables}, changes[:1])


class Example(life.Life):
    KINDS = ("standard", "cluster", "master_replica")
    LEFT_OUT = {f"tencentcloud_redis_instance.{kind}": "instances are imported above" for kind in KINDS}

    def test_the_example_is_applied_scaled_and_destroyed(self):
        changes = [{"mem_size": 4096}, {"replicas": 2}, {"shards": 5}]
        self.live(ROOT / "examples" / "terraform", self.proxied, {}, changes, {})
