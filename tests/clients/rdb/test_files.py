"""What DescribeBackupUrl leads to, for each edition, by redis-check-rdb of Redis 7.0. That knows files up to version 10;
those of Valkey have a head that it refuses, so their body is shown to it under one that it knows."""

import http.client
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "common"))

from server import Server  # noqa: E402

TYPES = (2, 3, 4, 6, 7, 8, 9, 15, 16, 17, 18, 19, 20, 21, 22)
KNOWN = b"REDIS0010"
# CRC-64 with Jones' polynomial, reflected.
POLYNOMIAL = 0x95AC9329AC4BC9B5


def crc64(data):
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (POLYNOMIAL if crc & 1 else 0)
    return crc


class Files(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        network = {"VpcId": "vpc-local000", "SubnetId": "subnet-local000"}
        instances = [{"InstanceId": f"crs-type{type_id:04}", "TypeId": type_id, "MemUsed": 100, **network} for type_id in TYPES]
        account = {"Credentials": [{"SecretId": "AKIDlocal", "SecretKey": "local"}], "Instances": instances}
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        fixture = pathlib.Path(cls.folder.name) / "fixture.json"
        fixture.write_text(json.dumps({"Accounts": [account]}))
        cls.server = Server("--fixture", str(fixture), "--pace", "instant", "--rate-limit", "off")
        cls.addClassCleanup(cls.server.stop)

    def call(self, action, **members):
        sent = {
            "Content-Type": "application/json",
            "X-TC-Action": action,
            "X-TC-Version": "2018-04-12",
            "X-TC-Region": "ap-guangzhou",
            "X-TC-Timestamp": str(int(time.time())),
        }
        status, body = self.http("POST", "/", json.dumps(members), sent)
        answer = json.loads(body)["Response"]
        self.assertEqual((status, answer.get("Error")), (200, None))
        return answer

    def http(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, text

    def files(self, type_id):
        instance_id = f"crs-type{type_id:04}"
        self.call("ManualBackupInstance", InstanceId=instance_id)
        row = self.call("DescribeInstanceBackups", InstanceId=instance_id)["BackupSet"][0]
        infos = self.call("DescribeBackupUrl", InstanceId=instance_id, BackupId=row["BackupId"])["BackupInfos"]
        for info in infos:
            url = urllib.parse.urlsplit(info["DownloadUrl"])
            self.assertEqual(url.netloc, f"127.0.0.1:{self.server.port}")
            status, body = self.http("GET", f"{url.path}?{url.query}")
            self.assertEqual(status, 200, body)
            yield body

    def check(self, body):
        path = pathlib.Path(self.folder.name) / "dump.rdb"
        path.write_bytes(body)
        return subprocess.run(["redis-check-rdb", str(path)], capture_output=True, text=True)

    def test_the_tool_accepts_every_file(self):
        for type_id in TYPES:
            for body in self.files(type_id):
                head, rest = body[: len(KNOWN)], body[len(KNOWN) : -8]
                self.assertEqual(crc64(body[:-8]).to_bytes(8, "little"), body[-8:], type_id)
                if type_id >= 19:
                    self.assertIn(head, (b"REDIS0011", b"VALKEY080"))
                    self.assertNotEqual(self.check(body).returncode, 0, "a head that the tool knows")
                    body = KNOWN + rest
                    body += crc64(body).to_bytes(8, "little")
                checked = self.check(body)
                self.assertEqual(checked.returncode, 0, f"{type_id}: {checked.stdout}{checked.stderr}")
                self.assertIn("RDB looks OK", checked.stdout)

    def test_the_tool_refuses_one_that_was_changed(self):
        body = bytearray(next(iter(self.files(8))))
        body[-9] ^= 1
        self.assertNotEqual(self.check(bytes(body)).returncode, 0)


if __name__ == "__main__":
    unittest.main()
