"""A captured request: read from tests/data/captures, signed anew, written to a socket.

The signer follows the published description of the signatures, and each client's own oddities. It
shares nothing with the server's verifier, nor with the signer of `cargo test`.
"""

import base64
import hashlib
import hmac
import pathlib
import time
import urllib.parse

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "data" / "captures"
SECRET_KEY = "testkey"


def clients():
    return sorted(path.stem for path in FOLDER.glob("*.raw"))


def captured(client):
    """The requests of a client, in their order."""
    rest, requests = (FOLDER / f"{client}.raw").read_bytes(), []
    while rest:
        request, rest = Request.read(client, len(requests), rest)
        requests.append(request)
    return requests


class Request:
    def __init__(self, client, number, kind, start, headers, body):
        self.client, self.name, self.kind = client, f"{client} {number}", kind
        self.method, self.target, self.protocol = start.split(" ")
        self.headers, self.body = headers, body

    @classmethod
    def read(cls, client, number, rest):
        """One request behind its `##### kind`; answers it and what follows."""
        kind, _, rest = rest.partition(b"\n")
        head, _, rest = rest.partition(b"\r\n\r\n")
        start, *lines = head.decode("ascii").split("\r\n")
        headers = [line.split(": ", 1) if ": " in line else [line.rstrip(":"), ""] for line in lines]
        length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
        assert rest[length:].startswith(b"\n\n"), f"{client} {number}"
        request = cls(client, number, kind.decode().removeprefix("##### "), start, headers, rest[:length])
        return request, rest[length + 2:]

    def header(self, name):
        return next((value for known, value in self.headers if known.lower() == name.lower()), None)

    def set_header(self, name, value):
        for header in self.headers:
            if header[0].lower() == name.lower():
                header[1] = str(value)

    def bytes(self):
        lines = [f"{self.method} {self.target} {self.protocol}", *(f"{name}: {value}" for name, value in self.headers)]
        return "\r\n".join([*lines, "", ""]).encode("ascii") + self.body

    @property
    def url(self):
        return urllib.parse.urlsplit(self.target)

    @property
    def form(self):
        """The parameters of the older signature, still encoded: the query, or the body."""
        return self.url.query if self.method == "GET" else self.body.decode("ascii")

    @property
    def parameters(self):
        return dict(urllib.parse.parse_qsl(self.form, keep_blank_values=True)) if self.kind.startswith("v1") else {}

    @property
    def token(self):
        return self.header("X-TC-Token") or self.parameters.get("Token")

    @property
    def timestamp(self):
        return int(self.header("X-TC-Timestamp") or self.parameters["Timestamp"])

    @property
    def signature(self):
        if self.kind.startswith("v1"):
            return self.parameters["Signature"]
        return self.header("Authorization").partition("Signature=")[2]

    def sign(self, now):
        """Signs it anew as its client would have at that time. What is unsigned gets the time alone."""
        if self.kind.startswith("v1"):
            self._replace("Timestamp", str(now))
            self._replace("Signature", self._v1())
        else:
            self.set_header("X-TC-Timestamp", now)
            if self.kind == "tc3":
                self._tc3(now)

    def _tc3(self, now):
        credential, signed, _ = (part.partition("=")[2] for part in self.header("Authorization").split(", "))
        secret_id, _, scope = credential.split("/", 2)
        service, end = scope.rsplit("/", 1)  # the service may be `http://127`
        date = time.strftime("%Y-%m-%d", time.gmtime(now))
        values = [(name, self._signed_host() if name == "host" else self.header(name)) for name in signed.split(";")]
        payload = b"" if self.method == "GET" else self.body
        if self.header("X-TC-Content-SHA256") == "UNSIGNED-PAYLOAD":
            payload = b"UNSIGNED-PAYLOAD"
        canonical = [
            self.method,
            self._signed_path(),
            self._signed_query() if self.method == "GET" else "",
            "".join(f"{name}:{value}\n" for name, value in values),
            signed,
            hashlib.sha256(payload).hexdigest(),
        ]
        digest = hashlib.sha256("\n".join(canonical).encode()).hexdigest()
        text = f"TC3-HMAC-SHA256\n{now}\n{date}/{service}/{end}\n{digest}"
        key = b"TC3" + SECRET_KEY.encode()
        for step in (date, service, end):
            key = hmac.digest(key, step.encode(), "sha256")
        signature = hmac.digest(key, text.encode(), "sha256").hex()
        scope = f"Credential={secret_id}/{date}/{service}/{end}"
        self.set_header("Authorization", f"TC3-HMAC-SHA256 {scope}, SignedHeaders={signed}, Signature={signature}")

    def _v1(self):
        pairs = {}
        for name, value in self.parameters.items():
            # PHP sends a list as Key[0]= and signs Key=Array, sends false as 0 and signs nothing:
            # what nobody can verify.
            if self.kind == "v1-broken" and (name, value) == ("NoAuth", "0"):
                value = ""
            pairs[name.partition("[")[0]] = "Array" if "[" in name else value
        del pairs["Signature"]
        text = "&".join(f"{name}={pairs[name]}" for name in sorted(pairs))
        text = f"{self.method}{self._signed_host()}{self._signed_path()}?{text}"
        digest = "sha256" if pairs.get("SignatureMethod") == "HmacSHA256" else "sha1"
        return base64.b64encode(hmac.digest(SECRET_KEY.encode(), text.encode(), digest)).decode()

    def _signed_host(self):
        """Node leaves the port out of the host that it signs with TC3; everybody else signs what they send."""
        host = self.header("Host")
        return host.partition(":")[0] if (self.client, self.kind) == ("node-sdk", "tc3") else host

    def _signed_query(self):
        """As it is sent, but for .NET, which signs another spelling of a tilde."""
        return self.url.query.replace("~", "%7E") if self.kind == "tc3-broken" else self.url.query

    def _signed_path(self):
        """`/`, but for two clients that take the path of their endpoint."""
        return self.url.path if (self.client, self.kind) in (("node-sdk", "tc3"), ("go-sdk", "v1")) else "/"

    def _replace(self, name, value):
        """Another value for one parameter; every other byte stays."""
        old = self.form
        pairs = [pair.partition("=") for pair in old.split("&")]
        value = urllib.parse.quote(value, safe="")
        new = "&".join(f"{key}={value}" if key == name else f"{key}{equals}{kept}" for key, equals, kept in pairs)
        if self.method == "GET":
            self.target = self.target.replace(old, new)
        else:
            self.body = new.encode("ascii")
            self.set_header("Content-Length", len(self.body))
