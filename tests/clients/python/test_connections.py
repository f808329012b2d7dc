"""One connection for many calls, or one for each."""

import pytest

from clients import USUAL, USUAL_ASYNC, Caller
from relay import Relay

CALLS = 5

# The synchronous client keeps its connection either way: its session does, whatever the profile says.
CONNECTIONS = [(USUAL, True, 1), (USUAL, False, 1), (USUAL_ASYNC, True, 1), (USUAL_ASYNC, False, CALLS)]


@pytest.mark.parametrize("form, keep_alive, connections", CONNECTIONS, ids=str)
def test_connections_of_five_calls(server, form, keep_alive, connections):
    with Relay(server) as relay, Caller(relay, form, keep_alive=keep_alive) as caller:
        for _ in range(CALLS - 2):
            assert caller.instance().Size == 1024
        # An error's answer, too, leaves the connection in order.
        assert caller.refused("DescribeTaskInfo").get_code() == "MissingParameter"
        assert caller.instance().Size == 1024
        assert relay.connections == connections
