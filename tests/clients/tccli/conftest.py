import pytest

from commands import Tccli
from server import FLEET

pytest_plugins = ["servers"]


@pytest.fixture
def tccli(server, tmp_path):
    return Tccli(server.url, tmp_path)


@pytest.fixture
def fleet(serve):
    """A server whose instances are in the state that each action needs."""
    return serve("--fixture", FLEET, "--flow-time", "500ms")


@pytest.fixture
def of_fleet(fleet, tmp_path):
    return Tccli(fleet.url, tmp_path)
