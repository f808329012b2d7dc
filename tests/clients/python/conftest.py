import pytest

from clients import CALLERS, Caller

pytest_plugins = ["servers"]


@pytest.fixture(params=CALLERS, ids=str)
def form(request):
    """Every way in which the official SDK can send a call."""
    return request.param


@pytest.fixture
def caller(server, form):
    with Caller(server, form) as made:
        yield made
