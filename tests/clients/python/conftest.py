import os

import pytest

from clients import CALLERS, Caller
from server import clean_environment

pytest_plugins = ["servers"]


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    """Without what would lead a client elsewhere. CRS_LOCAL_BIN stays: it is this suite's own."""
    for name in set(os.environ) - set(clean_environment()) - {"CRS_LOCAL_BIN"}:
        monkeypatch.delenv(name)


@pytest.fixture(params=CALLERS, ids=str)
def form(request):
    """Every way in which the official SDK can send a call."""
    return request.param


@pytest.fixture
def caller(server, form):
    with Caller(server, form) as made:
        yield made
