"""The SDK's own retry facility, StandardRetryer, against the frequency limit.

The SDK (3.1.195) never forgets an error it has retried: after one RequestLimitExceeded and then a
success it goes on until its attempts are spent, and raises the old error although the service has
answered. These tests say so; a release that mends it fails the first one, which is then to be turned
round."""

import pytest

from clients import INSTANCE, USUAL, USUAL_ASYNC, Caller, retryer

CODE = "RequestLimitExceeded"
ATTEMPTS = 3


@pytest.fixture(params=[USUAL, USUAL_ASYNC], ids=str)
def form(request):
    return request.param


@pytest.fixture
def retrying(server, form):
    with Caller(server, form, retryer=retryer(form, ATTEMPTS, backoff_s=0.01)) as made:
        yield made


def fault(server, code, times):
    rule = {"Match": {"Action": "DescribeInstances"}, "Then": {"Code": code}, "Times": times}
    server.control("POST", "/faults", rule)


def test_a_limit_that_has_passed_is_raised_all_the_same(server, retrying):
    fault(server, CODE, times=1)
    assert retrying.refused("DescribeInstances").get_code() == CODE
    assert server.answered("DescribeInstances", CODE) == 1
    assert server.answered("DescribeInstances") == ATTEMPTS - 1, "it was answered, and asked again"
    assert retrying.instance().InstanceId == INSTANCE


def test_a_limit_that_stays_is_tried_as_often_as_was_asked(server, retrying):
    fault(server, CODE, times=ATTEMPTS + 5)
    assert retrying.refused("DescribeInstances").get_code() == CODE
    assert server.answered("DescribeInstances", CODE) == ATTEMPTS


def test_another_error_is_not_retried(server, retrying):
    fault(server, "InternalError", times=ATTEMPTS)
    assert retrying.refused("DescribeInstances").get_code() == "InternalError"
    assert server.answered("DescribeInstances", "InternalError") == 1
