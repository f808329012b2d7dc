"""What is kept of an instance: backups and the way to their files, its audit log, the delivery of its
slow logs."""

import life

INSTANCE = "tencentcloud_redis_instance.this"
OTHER = "tencentcloud_redis_instance.other"
BACKUPS = "data.tencentcloud_redis_backup.this"
FILES = "data.tencentcloud_redis_backup_download_info"
OPEN = {"type": "NoLimit", "vpc_symbol": "", "ip_symbol": "", "vpcs": [], "ips": []}
CUSTOM = {
    "type": "Customize",
    "vpc_symbol": "In",
    "ip_symbol": "In",
    "vpcs": [{"region": "ap-guangzhou", "ids": ["vpc-local000"]}],
    "ips": ["10.1.1.12", "10.1.1.13"],
}


class Backups(life.OneLife):
    FOLDER = "backups"
    FIRST = {
        "hour": "04:00-05:00",
        "remark": "before",
        "restriction": CUSTOM,
        "audit": {"kind": "all", "days": 30, "strategy": 500},
        "delivery": {"set": "slow", "topic": "of-one", "days": 20},
        "other_topic": "of-the-other",
        "other_password": "Local#Pass1",
    }
    CHANGES = [
        # A second backup, and the other is cleared again, both by a resource that is made anew.
        {
            "hour": "23:00-00:00",
            "remark": "after",
            # The list of addresses is not sent where it stays.
            "restriction": {**CUSTOM, "vpcs": [{"region": "ap-shanghai", "ids": ["vpc-sh000001"]}, *CUSTOM["vpcs"]]},
            "audit": {"kind": "write", "days": 7, "strategy": 600},
            # The days go with another topic alone.
            "delivery": {"set": "slower", "topic": "of-one-more", "days": 60},
            "other_topic": "of-another",
            "other_password": "Local#Pass2",
        },
        {"restriction": OPEN, "hour": "00:00-01:00"},
        {"restriction": {**OPEN, "type": "LimitOnlyIntranet"}},
    ]
    IMPORTED = {
        INSTANCE: True,
        "tencentcloud_redis_backup_config.this": False,
        "tencentcloud_redis_backup_download_restriction.this": False,
        # Its strategy is nowhere told.
        "tencentcloud_redis_audit_log.this": True,
        # What is deleted with them stands only in the configuration.
        "tencentcloud_redis_log_delivery.this": True,
        "tencentcloud_redis_log_delivery.other": True,
    }
    LEFT_OUT = {
        OTHER: "it is made as the first",
        "tencentcloud_redis_backup_operation.this": life.NO_IMPORT,
        "tencentcloud_redis_backup_operation.other": life.NO_IMPORT,
        "tencentcloud_redis_clear_instance_operation.other": life.ID_ALONE,
    }

    def seen(self, variables, state):
        read = lambda action, **more: self.server.api(action, InstanceId=state[INSTANCE]["id"], **more)
        self.assertEqual(read("DescribeAutoBackupConfig")["TimePeriod"], variables["hour"])
        remarks = ["before"] if variables["remark"] == "before" else ["after", "before"]
        self.assertEqual([row["remark"] for row in state[BACKUPS]["backup_set"]], remarks)
        found = read_restriction(self.server.api("DescribeBackupDownloadRestriction"))
        self.assertEqual(found, variables["restriction"])
        self.see_files(variables, state)
        (log,) = self.server.api(
            "DescribeLogInstanceList", LogType="auditLog", LogSwitch="on",
            Filters=[{"Name": "instance-id", "Values": [state[INSTANCE]["id"]]}],
        )["Items"]
        found = {"kind": log["LogSubType"], "days": log["LogExpireDay"]}
        self.assertEqual(found, {key: variables["audit"][key] for key in found})
        self.see_delivery(variables, state)
        kept = self.server.api("DescribeInstanceBackups", InstanceId=state[OTHER]["id"])["BackupSet"]
        self.assertEqual([row["Remark"] for row in kept], [""], "what is cleared keeps its backups")

    def see_files(self, variables, state):
        (info,) = state[f"{FILES}.this"]["backup_infos"]
        (alone,) = state[f"{FILES}.alone"]["backup_infos"]
        self.assertEqual((info["file_name"], info["file_size"]), (alone["file_name"], alone["file_size"]))
        public = variables["restriction"]["type"] == "NoLimit"
        self.assertEqual(info["download_url"], info["inner_download_url"] if public else "")
        path = info["inner_download_url"].removeprefix("http://redis.tencentcloudapi.com")
        status, _, file = self.server.send("GET", path)
        self.assertEqual((status, file[:5], len(file)), (200, b"REDIS", info["file_size"]))

    def see_delivery(self, variables, state):
        one, two = (state[f"tencentcloud_redis_log_delivery.{name}"] for name in ("this", "other"))
        self.assertEqual((one["logset_name"], one["period"]), (variables["delivery"]["set"], variables["delivery"]["days"]))
        self.assertEqual((two["logset_name"], two["topic_name"]), ("slow", variables["other_topic"]))
        for resource, instance in ((one, INSTANCE), (two, OTHER)):
            found = self.server.api("DescribeInstanceLogDelivery", InstanceId=state[instance]["id"])["SlowLog"]
            wanted = {"Enabled": True, "LogsetId": resource["logset_id"], "TopicId": resource["topic_id"]}
            self.assertEqual({key: found[key] for key in wanted}, wanted)

    def left(self, state):
        for address in (INSTANCE, OTHER):
            self.assertIsNone(self.shown(state[address]["id"]))
        account = self.server.control("GET", "/state")["Accounts"][0]
        self.assertEqual(account.get("Backups", []), [])
        # Nothing deletes what was delivered to before.
        (logset,) = account["LogSets"]
        topics = {topic["TopicName"] for topic in logset["Topics"]}
        self.assertEqual((logset["LogsetName"], topics), ("slow", {"of-one", "of-the-other"}))


def read_restriction(found):
    vpcs = [{"region": one["Region"], "ids": one["VpcList"]} for one in found["LimitVpc"]]
    symbols = {"vpc_symbol": found["VpcComparisonSymbol"], "ip_symbol": found["IpComparisonSymbol"]}
    return {"type": found["LimitType"], **symbols, "vpcs": vpcs, "ips": sorted(found["LimitIp"])}
