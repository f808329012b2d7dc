"""What is done once: renewals, starts, upgrades. The fleet has an instance for each."""

import life
from server import FLEET


class Operations(life.OneLife):
    FOLDER = "operations"
    SEED = FLEET
    LEFT_OUT = {
        "tencentcloud_redis_renew_instance_operation.this": life.ID_ALONE,
        "tencentcloud_redis_startup_instance_operation.this": life.NO_IMPORT,
        "tencentcloud_redis_upgrade_cache_version_operation.this": life.ID_ALONE,
        "tencentcloud_redis_upgrade_proxy_version_operation.this": life.ID_ALONE,
        "tencentcloud_redis_upgrade_multi_zone_operation.this": life.ID_ALONE,
    }

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
