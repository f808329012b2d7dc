"""tencentcloud_redis_backup_config, _backup_operation, _backup_download_restriction, _backup_encrypt,
_clear_instance_operation, and the data sources of backups and of their files."""

import http.client
import urllib.parse

from case import STANDARD, Case
from provider import needs
from wire import Refusal

WEEK = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
PAGE = 20


class Backups(Case):
    def back_up(self, instance_id, remark=""):
        """The resource sends StorageDays always, 0 where it is not configured, and waits for the task."""
        remarks = {"Remark": remark} if remark else {}
        made = self.provider.retried("ManualBackupInstance", InstanceId=instance_id, StorageDays=0, **remarks)
        self.provider.wait_task(needs(made, "TaskId")["TaskId"])

    def listed(self, instance_id):
        """The data source: pages of 20 until a short one."""
        rows = []
        while True:
            members = {"InstanceId": instance_id, "Limit": PAGE, "Offset": len(rows)}
            page = self.provider.retried("DescribeInstanceBackups", **members)["BackupSet"]
            rows += [needs(row, "InstanceId", "BackupId", "StartTime") for row in page]
            if len(page) < PAGE:
                return rows

    def fetch(self, url):
        parts = urllib.parse.urlsplit(url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=10)
        connection.request("GET", f"{parts.path}?{parts.query}")
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body

    def test_a_backup_is_made_listed_and_downloaded(self):
        instance_id = self.provider.create(STANDARD)
        self.back_up(instance_id, "backup test")
        (row,) = self.listed(instance_id)
        self.assertEqual([row[key] for key in ("Remark", "BackupType", "Status", "Locked")], ["backup test", "0", 2, 0])
        for key in ("BackupSize", "FileType", "FullBackup", "InstanceName", "InstanceType", "Region"):
            self.assertIsNotNone(row[key], key)
        urls = self.provider.retried("DescribeBackupUrl", InstanceId=instance_id, BackupId=row["BackupId"])
        (info,) = urls["BackupInfos"]
        needs(info, "FileName", "FileSize", "InnerDownloadUrl")
        self.assertEqual(urls["DownloadUrl"], [info["DownloadUrl"]])
        self.assertTrue(info["DownloadUrl"].startswith("http://"), info)
        path = urllib.parse.urlsplit(info["DownloadUrl"])._replace(scheme="http", netloc=self.server.host).geturl()
        status, body = self.fetch(path)
        self.assertEqual((status, body[:5], len(body)), (200, b"REDIS", info["FileSize"]))
        self.assertEqual(self.fetch(path[:-1] + ("1" if path[-1] == "0" else "0"))[0], 403)

    def test_more_than_a_page_is_paged(self):
        instance_id = self.provider.create(STANDARD)
        for _ in range(PAGE + 1):
            self.back_up(instance_id)
        rows = self.listed(instance_id)
        self.assertEqual(len({row["BackupId"] for row in rows}), PAGE + 1)

    def test_the_hour_of_the_daily_backup_is_read_back(self):
        instance_id = self.provider.create(STANDARD)
        for period in ("06:00-07:00", "01:00-02:00", "23:00-00:00"):
            self.provider.retried("ModifyAutoBackupConfig", InstanceId=instance_id, WeekDays=WEEK, TimePeriod=period)
            found = self.provider.retried("DescribeAutoBackupConfig", InstanceId=instance_id)
            self.assertEqual(needs(found, "TimePeriod")["TimePeriod"], period)
            self.assertEqual(found["WeekDays"], WEEK)
        self.provider.retried("ModifyAutoBackupConfig", InstanceId=instance_id, WeekDays=WEEK, TimePeriod="00:00-01:00")

    def test_one_whose_instance_is_gone_is_forgotten(self):
        with self.assertRaises(Refusal) as refused:
            self.provider.retried("DescribeAutoBackupConfig", InstanceId="crs-notthere")
        self.assertEqual(refused.exception.code, "ResourceNotFound.InstanceNotExists")

    def test_a_restriction_keeps_what_an_update_leaves_out(self):
        vpcs = [{"Region": "ap-guangzhou", "VpcList": ["vpc-local000"]}]
        self.provider.retried(
            "ModifyBackupDownloadRestriction", LimitType="Customize", VpcComparisonSymbol="In",
            IpComparisonSymbol="In", LimitVpc=vpcs, LimitIp=["10.1.1.12", "10.1.1.13"],
        )
        more = [{"Region": "ap-guangzhou", "VpcList": ["vpc-local000", "vpc-local001"]}]
        self.provider.retried(
            "ModifyBackupDownloadRestriction", LimitType="Customize", VpcComparisonSymbol="In",
            IpComparisonSymbol="In", LimitVpc=more,
        )
        found = self.provider.retried("DescribeBackupDownloadRestriction")
        self.assertEqual((found["LimitVpc"], found["LimitIp"]), (more, ["10.1.1.12", "10.1.1.13"]))
        self.provider.retried("ModifyBackupDownloadRestriction", LimitType="NoLimit")
        found = self.provider.retried("DescribeBackupDownloadRestriction")
        symbols = (found["VpcComparisonSymbol"], found["IpComparisonSymbol"])
        self.assertEqual((symbols, found["LimitVpc"], found["LimitIp"]), (("", ""), [], []))

    def test_encryption_echoes_all_of_its_members(self):
        instance_id = self.provider.create(STANDARD)
        self.provider.retried("ModifyBackupEncrypt", InstanceId=instance_id, BackupEncrypt=True, EncryptKeyType=0)
        found = self.provider.retried("DescribeBackupEncryptConfig", InstanceId=instance_id)
        self.assertEqual((found["BackupEncrypt"], found["EncryptKeyType"]), (True, 0))
        self.assertTrue(found["KmsKeyId"] and found["KmsRegion"] == "ap-guangzhou", found)
        self.assertEqual(self.provider.retried("DescribeBackupEncryptConfig", InstanceId=instance_id)["KmsKeyId"], found["KmsKeyId"])

    def test_what_is_cleared_is_waited_for(self):
        instance_id = self.provider.create(STANDARD)
        self.back_up(instance_id)
        made = self.provider.retried("ClearInstance", InstanceId=instance_id, Password="Local#Pass1")
        self.provider.wait_task(needs(made, "TaskId")["TaskId"])
        self.assertEqual(len(self.listed(instance_id)), 1, "backups stay")
