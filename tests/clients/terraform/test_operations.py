"""What is done once: renewals, starts, upgrades. The fleet has an instance for each."""

import life
from server import FLEET


class Operations(life.OneLife):
    FOLDER = "operations"
    SEED = FLEET

    def setUp(self):
        super().setUp()
        self.deadline = self.shown("crs-prepaid0")["DeadlineTime"]

    def seen(self, variables, state):
        self.assertGreater(self.shown("crs-prepaid0")["DeadlineTime"], self.deadline)
        self.assertEqual(self.shown("crs-isolated")["Status"], 2)
        upgraded = self.shown("crs-oldminor")
        self.assertEqual((upgraded["CurrentRedisVersion"], upgraded["CurrentProxyVersion"]), ("6.1.0", "5.8.0"))
        spread = state["data.tencentcloud_redis_instance_task_list.spread"]["tasks"]
        self.assertEqual([(task["task_type"], task["instance_id"]) for task in spread], [("047", "crs-oldtype0")])
        clusters = state["data.tencentcloud_redis_clusters.this"]["resources"]
        self.assertEqual([cluster["redis_cluster_id"] for cluster in clusters], ["crs-cdc-fleet000"])
