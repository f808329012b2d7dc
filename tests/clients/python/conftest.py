import pytest

from clients import CALLERS, Caller
from server import Server


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
    """A fresh server with the built-in fixture. Flows take 0.3 s: long enough to be seen."""
    return serve("--flow-time", "300ms")


@pytest.fixture(params=CALLERS, ids=str)
def form(request):
    """Every way in which the official SDK can send a call."""
    return request.param


@pytest.fixture
def caller(server, form):
    with Caller(server, form) as made:
        yield made
