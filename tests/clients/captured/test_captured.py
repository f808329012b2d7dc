"""What real clients sent, over a real socket to a binary that refuses whatever the real service does.

This is how clients are watched whose packages cannot be had on every machine, PHP's above all. What
each request must be answered stands in tests/data/captures/answers.txt, as for `cargo test`.
"""

import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time
import unittest

from capture import FOLDER, captured, clients

ANNOUNCEMENT = "crs-local listening on http://"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Members of InstanceSet that are whole numbers to every client with types.
WHOLE = ("Appid", "Port", "ProjectId", "RedisReplicasNum", "RedisShardNum", "RedisShardSize", "Status", "Type", "ZoneId")


class Server:
    """One strict server, whose key carries that token."""

    def __init__(self, folder, token):
        fixture = pathlib.Path(folder, f"{token}.json")
        fixture.write_text((FOLDER / "fixture.json").read_text().replace('"TOKEN"', json.dumps(token)))
        flags = ["--listen", "127.0.0.1:0", "--auth", "strict", "--rate-limit", "off", "--fixture", fixture]
        self._process = subprocess.Popen(
            [os.environ["CRS_LOCAL_BIN"], *flags, "--log", "warn"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            env={name: value for name, value in os.environ.items() if not name.startswith("CRS_LOCAL_")},
            text=True,
        )
        line = self._process.stdout.readline()
        assert line.startswith(ANNOUNCEMENT), line
        self._port = int(line.rsplit(":", 1)[1])

    def send(self, request):
        """The bytes as they are, on a connection of their own; answers status, headers and body."""
        with socket.create_connection(("127.0.0.1", self._port), timeout=10) as connection:
            connection.sendall(request)
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            return answer.status, answer.getheaders(), answer.read()

    def reset(self):
        status, _, body = self.send(b"POST /_crs/reset HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
        assert status == 200, body

    def stop(self):
        self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(10)
        self._process.stdout.close()
        assert code == 0, code


def expected():
    """From each request's name to what it is answered."""
    lines = (FOLDER / "answers.txt").read_text().splitlines()
    pairs = (line.split(" | ", 1) for line in lines if not line.startswith("#"))
    return {name.strip(): answer.strip() for name, answer in pairs}


class Captured(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.servers, cls.expected = {}, expected()
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory())

    @classmethod
    def tearDownClass(cls):
        for server in cls.servers.values():
            server.stop()

    def server(self, token):
        if token not in self.servers:
            self.servers[token] = Server(self.folder, token)
        self.servers[token].reset()
        return self.servers[token]

    def replay(self, client):
        requests = captured(client)
        self.assertTrue(requests)
        for request in requests:
            with self.subTest(request.name):
                request.sign(int(time.time()))
                answer = self.server(request.token).send(request.bytes())
                self.check(self.expected[request.name], *answer)

    def check(self, wanted, status, headers, body):
        """The answer is an envelope to the letter, and says what is wanted."""
        self.assertEqual(status, 200)
        headers = [(name.lower(), value) for name, value in headers]
        self.assertEqual([value for name, value in headers if name == "content-type"], ["application/json"])
        self.assertIn(("content-length", str(len(body))), headers)
        self.assertNotIn("content-encoding", dict(headers))
        whole = json.loads(body)
        self.assertEqual(list(whole), ["Response"])
        response = whole["Response"]
        self.assertRegex(response["RequestId"], UUID)
        if wanted.startswith("code "):
            _, code, *part = wanted.split(" ", 2)
            self.assertEqual(set(response), {"Error", "RequestId"})
            self.assertEqual(set(response["Error"]), {"Code", "Message"})
            self.assertEqual(response["Error"]["Code"], code, response)
            self.assertIn(part[0] if part else "", response["Error"]["Message"])
            return
        member, value = wanted.split(" = ")
        self.assertNotIn("Error", response)
        self.assertEqual(response[member], json.loads(value))
        for instance in response.get("InstanceSet", ()):
            for name in WHOLE:
                self.assertIs(type(instance[name]), int, name)

    def test_the_signer_signs_as_the_clients_did(self):
        signed = 0
        for client in clients():
            for request in captured(client):
                if request.kind != "skip":
                    before, bytes_before = request.signature, request.bytes()
                    request.sign(request.timestamp)
                    self.assertEqual(request.signature, before, request.name)
                    self.assertEqual(request.bytes(), bytes_before, request.name)
                    signed += 1
        self.assertGreater(signed, 100)

    def test_every_request_has_its_answer(self):
        names = [request.name for client in clients() for request in captured(client)]
        self.assertEqual(sorted(names), sorted(self.expected))


for name in clients():
    setattr(Captured, f"test_{name.replace('-', '_')}", lambda self, client=name: self.replay(client))
