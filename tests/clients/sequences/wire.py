"""The wire of the Terraform provider: POST, TC3, signed, through a plain HTTP proxy, decoded as
strictly as its Go types decode."""

import hashlib
import hmac
import http.client
import json
import pathlib
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
SECRET_ID = "AKIDlocal"
SECRET_KEY = "local"
REGION = "ap-guangzhou"
VERSIONS = {
    "redis": "2018-04-12",
    "region": "2022-06-27",
    "tag": "2018-08-13",
    "sts": "2018-08-13",
    "monitor": "2018-07-24",
    "vpc": "2017-03-12",
    "cvm": "2017-03-12",
    "api": "2020-11-06",
    "cls": "2020-10-16",
}
REQUEST_CLIENT = "Terraform-1.83.25"


class Refusal(Exception):
    """An answer with an Error in it."""

    def __init__(self, code, message):
        super().__init__(f"{code}: {message}")
        self.code = code


class Contract:
    """The published types of one service."""

    def __init__(self, service):
        path = ROOT / "contract" / f"{service}-{VERSIONS[service]}.json"
        loaded = json.loads(path.read_text())
        self.actions, self.objects = loaded["actions"], loaded["objects"]

    def decode(self, action, answer):
        """Raises where a Go client could not decode the answer, or would not know a member."""
        self._object(self.actions[action]["output"], answer, action, {"RequestId": str})

    def _object(self, members, value, path, more=()):
        if not isinstance(value, dict):
            raise AssertionError(f"{path} is no object: {value!r}")
        known = {member["name"]: member["type"] for member in members}
        for name, found in value.items():
            if name in more:
                assert isinstance(found, more[name]), f"{path}.{name}: {found!r}"
                continue
            if name not in known:
                raise AssertionError(f"{path}.{name} is not published")
            self._value(known[name], found, f"{path}.{name}")

    def _value(self, kind, value, path):
        if value is None:
            return
        if kind.startswith("["):
            if not isinstance(value, list):
                raise AssertionError(f"{path} is no list: {value!r}")
            for index, item in enumerate(value):
                self._value(kind[1:-1], item, f"{path}[{index}]")
            return
        kinds = {"String": str, "Boolean": bool, "Integer": int, "UInteger": int, "Float": (int, float)}
        if kind not in kinds:
            self._object(self.objects[kind], value, path)
            return
        wrong = not isinstance(value, kinds[kind]) or (isinstance(value, bool) and kind != "Boolean")
        if wrong or (kind == "UInteger" and value < 0):
            raise AssertionError(f"{path} is no {kind}: {value!r}")


def sign(key_pair, service, host, body, timestamp):
    """The Authorization header."""
    secret_id, secret_key = key_pair
    date = time.strftime("%Y-%m-%d", time.gmtime(timestamp))
    hashed = hashlib.sha256(body).hexdigest()
    canonical = f"POST\n/\n\ncontent-type:application/json\nhost:{host}\n\ncontent-type;host\n{hashed}"
    scope = f"{date}/{service}/tc3_request"
    signed = f"TC3-HMAC-SHA256\n{timestamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"TC3{secret_key}".encode()
    for part in (date, service, "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, signed.encode(), "sha256").hex()
    return f"TC3-HMAC-SHA256 Credential={secret_id}/{scope}, SignedHeaders=content-type;host, Signature={signature}"


class Wire:
    """Calls the services through the server as the provider does with HTTP_PROXY, or, given a
    domain, at SERVICE.DOMAIN."""

    def __init__(self, server, domain=None):
        self._server, self._domain = server, domain
        self._contracts = {}
        self.key_pair, self.token = (SECRET_ID, SECRET_KEY), None
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        self.made = []

    def close(self):
        self._connection.close()

    def call(self, action, service="redis", **members):
        """One call; answers the `Response` object, or raises its error."""
        self.made.append(f"{service}:{action}")
        body = json.dumps(members).encode()
        host = f"{service}.{self._domain or 'tencentcloudapi.com'}"
        target = "/" if self._domain else f"http://{host}/"
        timestamp = int(time.time())
        headers = {
            "Host": host,
            "User-Agent": "Go-http-client/1.1",
            "Content-Type": "application/json",
            "X-TC-Action": action,
            "X-TC-Version": VERSIONS[service],
            "X-TC-Region": REGION,
            "X-TC-Timestamp": str(timestamp),
            "X-TC-Language": "en-US",
            "X-TC-RequestClient": REQUEST_CLIENT,
            "Authorization": sign(self.key_pair, service, host, body, timestamp),
        }
        if self.token:
            headers["X-TC-Token"] = self.token
        self._connection.request("POST", target, body, headers)
        answer = self._connection.getresponse()
        text = answer.read()
        assert answer.status == 200, f"{action}: {answer.status} {text[:300]!r}"
        assert answer.getheader("Content-Type") == "application/json", answer.getheader("Content-Type")
        response = json.loads(text)["Response"]
        assert response.get("RequestId"), f"{action}: no RequestId in {response}"
        if "Error" in response:
            raise Refusal(response["Error"]["Code"], response["Error"]["Message"])
        if service not in self._contracts:
            self._contracts[service] = Contract(service)
        self._contracts[service].decode(action, response)
        return response
