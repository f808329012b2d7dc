"""The data sources: pages to the end, zones by name, what is sold."""

from case import CLUSTER, STANDARD, VPC, ZONE, Case

COUNT = 7


class Instances(Case):
    fixture = {
        "Accounts": [
            {
                "Instances": [
                    {"InstanceId": f"crs-many{number:04}", "TypeId": 15, "MemSize": 1024, "ZoneId": 100003,
                     "InstanceName": f"many {number}", "VpcId": VPC["vpc_id"], "SubnetId": VPC["subnet_id"],
                     "ProjectId": number % 2, "ResourceTags": [{"TagKey": "number", "TagValue": str(number)}]}
                    for number in range(COUNT)
                ],
            }
        ]
    }

    def test_pages_of_two_show_every_instance_once(self):
        found = self.provider.list_instances()
        ids = [instance["InstanceId"] for instance, _ in found]
        self.assertEqual(sorted(ids), [f"crs-many{number:04}" for number in range(COUNT)])
        self.assertEqual({zone for _, zone in found}, {ZONE})
        # The provider asks for one page more than there are when the count is even.
        self.wire.made.clear()
        even = self.provider.list_instances(ProjectIds=[0])
        self.assertEqual(len(even), 4)
        self.assertEqual(self.wire.made.count("redis:DescribeInstances"), 3)

    def test_filters_are_those_of_the_data_source(self):
        by_key = self.provider.list_instances(SearchKey="many 3")
        self.assertEqual([instance["InstanceName"] for instance, _ in by_key], ["many 3"])
        by_id = self.provider.list_instances(SearchKey="crs-many0002")
        self.assertEqual([instance["InstanceId"] for instance, _ in by_id], ["crs-many0002"])
        self.assertEqual(self.provider.list_instances(SearchKey="nobody"), [])

    def test_tags_of_a_fixture_are_known_to_the_tag_service(self):
        self.assertEqual(self.provider.tags("crs-many0005"), {"number": "5"})


class Sold(Case):
    def test_what_is_sold_can_be_ordered(self):
        rows = self.provider.zone_config()
        self.assertTrue({row["type_id"] for row in rows} >= {15, 16, 17, 18}, rows)
        for type_id, config in ((15, STANDARD), (16, CLUSTER)):
            here = [row for row in self.provider.zone_config(type_id) if row["zone"] == ZONE]
            self.assertTrue(here)
            for row in here:
                self.assertIn(config["mem_size"], row["shard_memories"])
                self.assertIn(config["shards"], row["shard_nums"])
                self.assertIn(config["replicas"], row["replicas_nums"])

    def test_zones_have_the_names_that_the_region_service_gives(self):
        numbers = self.provider.zone_ids()
        self.assertEqual(numbers[ZONE], 100003)
        self.assertLessEqual({row["zone"] for row in self.provider.zone_config()}, set(numbers))

    def test_tasks_are_listed_to_the_end(self):
        instance_id = self.provider.create(STANDARD)
        self.provider.scale(instance_id, 2048)
        tasks = self.provider.list_tasks(instance_id)
        self.assertEqual([task["TaskType"] for task in tasks], ["002", "001"])
        for task in tasks:
            self.assertEqual((task["InstanceId"], task["Result"]), (instance_id, 2))


class Clusters(Case):
    fixture = {
        "Accounts": [
            {
                "RedisClusters": [
                    {"RedisClusterId": f"crs-cdc-{number:08}", "DedicatedClusterId": f"cluster-{number:08}",
                     "ClusterName": f"cluster {number}"}
                    for number in range(21)
                ]
            }
        ]
    }

    def test_dedicated_clusters_are_listed_to_the_end(self):
        found = self.provider.list_clusters()
        ids = sorted(cluster["RedisClusterId"] for cluster in found)
        self.assertEqual(ids, [f"crs-cdc-{number:08}" for number in range(21)])
