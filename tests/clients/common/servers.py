"""Pytest fixtures that start servers, for the suites that are written in Python."""

import pytest

from server import Server, free_port


@pytest.fixture
def serve():
    """Starts servers with the flags a test wants; each is stopped when the test ends, by SIGTERM,
    and has to leave with 0."""
    running = []

    def start(*flags):
        server = Server(*flags)
        running.append(server)
        return server

    yield start
    for server in running:
        code = server.stop()
        print(f"--- {server.host} logged:\n{server.log()}")
        assert code == 0


@pytest.fixture
def server(serve):
    """A fresh server with the built-in fixture. Flows take 0.5 s: long enough to be seen."""
    return serve("--flow-time", "500ms")


class Door:
    """A server's HTTPS side: its port, and a file with the CA it made for itself."""

    def __init__(self, server, port, ca):
        self.server, self.port, self.ca = server, port, ca


@pytest.fixture
def open_door(serve, tmp_path):
    def open_one(*flags):
        port = free_port()
        server = serve("--tls", "--tls-listen", f"127.0.0.1:{port}", *flags)
        status, _, certificate = server.send("GET", "/_crs/ca.pem")
        assert status == 200 and certificate.startswith(b"-----BEGIN CERTIFICATE-----")
        ca = tmp_path / "ca.pem"
        ca.write_bytes(certificate)
        return Door(server, port, ca)

    return open_one
