"""tencentcloud_redis_audit_log and tencentcloud_redis_log_delivery, and what scripts do with audit logs."""

import time
import unittest
import urllib.error
import urllib.request

from case import STANDARD, Case
from provider import PAUSES, needs
from wire import REGION

POLICY = {"LogSubType": "all", "LogExpireDay": 30, "HighLogExpireDay": 7}


class AuditLog(Case):
    """The resource: open, wait, read; change, wait; close, wait."""

    def items(self, instance_id):
        filters = [{"Name": "instance-id", "Values": [instance_id]}]
        answer = self.provider.retried(
            "DescribeLogInstanceList", LogType="auditLog", LogSwitch="on", Filters=filters, Limit=20, Offset=0
        )
        return answer["Items"]

    def wait_normal(self, instance_id):
        for pause in PAUSES:
            items = self.items(instance_id)
            if items and items[0]["Status"] == "normal":
                self.assertEqual(len(items), 1)
                return items[0]
            time.sleep(pause)
        self.fail("the log is never normal")

    def test_a_log_is_opened_changed_and_closed(self):
        instance_id = self.provider.create(STANDARD)
        log = {"InstanceId": instance_id, "LogType": "auditLog"}
        self.provider.retried("OpenLog", **log, **POLICY)
        state = needs(self.wait_normal(instance_id), "LogSubType", "LogExpireDay", "HighLogExpireDay")
        self.assertEqual({key: state[key] for key in POLICY}, POLICY)
        changed = {**POLICY, "LogSubType": "write", "LogExpireDay": 7}
        self.provider.retried("ModifyLog", **log, **changed, DegradeStrategy=600)
        state = self.wait_normal(instance_id)
        self.assertEqual({key: state[key] for key in changed}, changed)
        self.provider.retried("CloseLog", **log)
        for pause in PAUSES:
            if not self.items(instance_id):
                return
            time.sleep(pause)
        self.fail("the log is never gone")

    def test_an_old_proxy_is_refused_at_once(self):
        self.refused("UnsupportedOperation.LimitProxyVersion", self.provider.retried, "OpenLog",
                     InstanceId="crs-oldproxy", LogType="auditLog", **POLICY)

    def refused(self, code, call, *args, **members):
        from wire import Refusal

        with self.assertRaises(Refusal) as refused:
            call(*args, **members)
        self.assertEqual(refused.exception.code, code)

    def test_an_export_is_downloaded_without_a_key(self):
        instance_id = self.provider.create(STANDARD)
        log = {"InstanceId": instance_id, "LogType": "auditLog"}
        self.provider.retried("OpenLog", **log, **POLICY)
        self.wait_normal(instance_id)
        span = {"StartTime": "2026-01-01 00:00:00", "EndTime": "2026-01-02 00:00:00"}
        name = self.provider.retried("CreateExportTask", **log, **span)["FileName"]
        for pause in PAUSES:
            file = self.provider.retried("DescribeExportTasks", **log, Limit=10, Offset=0)["Items"][0]
            if file["Status"] == "success":
                break
            time.sleep(pause)
        self.assertEqual((file["FileName"], file["Progress"]), (name, 100))
        url = file["DownloadUrl"].replace(file["DownloadUrl"].split("/_crs/")[0], self.server.url)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url) as answer:
            self.assertEqual(len(answer.read()), file["FileSize"])
        with self.assertRaises(urllib.error.HTTPError) as forbidden:
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url + "0")
        self.assertEqual(forbidden.exception.code, 403)
        self.provider.retried("DeleteExportTask", **log, FileName=name)


class Delivery(Case):
    """The resource: the delivery, then the log service is asked for what it leads to."""

    def read(self, instance_id):
        """Logset and topic, as the resource reads them; None where there is none."""
        answer = self.provider.retried("DescribeInstanceLogDelivery", InstanceId=instance_id)
        to = needs(answer, "SlowLog")["SlowLog"]
        sets = self.provider.retried(
            "DescribeLogsets", "cls", Filters=[{"Key": "logsetId", "Values": [to["LogsetId"]]}]
        )["Logsets"]
        topics = self.provider.retried(
            "DescribeTopics", "cls", Filters=[{"Key": "topicId", "Values": [to["TopicId"]]}]
        )["Topics"]
        if not sets or not topics:
            return None
        return to["LogRegion"], sets[0], topics[0]

    def test_a_delivery_by_name_plans_empty_and_is_destroyed(self):
        instance_id = self.provider.create(STANDARD)
        wanted = {"LogsetName": "tf-set", "TopicName": "tf-topic", "Period": 20, "CreateIndex": True}
        self.provider.retried(
            "ModifyInstanceLogDelivery", InstanceId=instance_id, LogType="slowlog", Enabled=True, LogRegion=REGION, **wanted
        )
        for _ in range(2):
            region, logset, topic = self.read(instance_id)
            self.assertEqual(region, REGION)
            found = (logset["LogsetName"], topic["TopicName"], topic["Period"], topic["Index"])
            self.assertEqual(found, ("tf-set", "tf-topic", 20, True))
        self.provider.retried("ModifyInstanceLogDelivery", InstanceId=instance_id, LogType="slowlog", Enabled=False)
        self.provider.retried("DeleteTopic", "cls", TopicId=topic["TopicId"])
        self.provider.retried("DeleteLogset", "cls", LogsetId=logset["LogsetId"])
        self.assertIsNone(self.read(instance_id))

    def test_a_second_topic_goes_into_the_same_logset(self):
        instance_id = self.provider.create(STANDARD)
        send = lambda **to: self.provider.retried(
            "ModifyInstanceLogDelivery", InstanceId=instance_id, LogType="slowlog", Enabled=True, **to
        )
        send(LogsetName="shared", TopicName="one")
        logset_id = self.read(instance_id)[1]["LogsetId"]
        send(LogsetId=logset_id, TopicName="two")
        _, logset, topic = self.read(instance_id)
        self.assertEqual((logset["LogsetId"], logset["TopicCount"], topic["TopicName"]), (logset_id, 2, "two"))


AuditLog.fixture = {
    "Accounts": [
        {
            "Credentials": [{"SecretId": "AKIDlocal", "SecretKey": "local"}],
            "Instances": [{"InstanceId": "crs-oldproxy", "TypeId": 8, "CurrentProxyVersion": "5.8.0"}],
        }
    ]
}

if __name__ == "__main__":
    unittest.main()
