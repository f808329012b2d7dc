"""The scaler against crs-local: days pass in no time, and what goes wrong once in a year goes wrong at will.

Each test has an account of its own, whose clock stands; what the scaler sleeps moves it.
"""

import pytest
from tencentcloud.common.credential import Credential

from scaler import Cloud, Outcome, Scaler

INSTANCE = "crs-5qlrlhux"
DAY_S = 24 * 3600
READS = ["DescribeInstances", "GetMonitorData", "DescribeProductInfo", "DescribeInstanceDealDetail"]
SOLD_OUT = {"Code": "ResourceUnavailable.SaleOut"}
# How an answer gets lost.
LOST = [
    {"Drop": True},
    {"Truncate": 20},
    {"HttpStatus": 502, "Body": "<html>Bad Gateway</html>"},
    {"Code": "InternalError"},
]


@pytest.fixture
def account(crs_local):
    crs_local.control("PUT", "/clock", {"Mode": "manual", "Now": "2027-01-01T00:00:00Z"})
    return crs_local


@pytest.fixture
def sleep(account):
    def move(seconds):
        account.control("POST", "/clock/advance", {"Seconds": seconds})

    return move


@pytest.fixture
def cloud(account, sleep):
    credential = Credential(account.secret_id, account.secret_key)
    return Cloud(credential, account.region, account.endpoint, "http", sleep)


@pytest.fixture
def scaler(cloud, sleep):
    return Scaler(cloud, INSTANCE, sleep=sleep)


@pytest.fixture
def full(account):
    """The instance has 1024 MB, and 900 of them are in use."""
    account.control("PATCH", f"/instances/{INSTANCE}", {"MemUsed": 900})


def fault(account, action, then, **more):
    account.control("POST", "/faults", {"Match": {"Action": action}, "Then": then, "Times": 1, **more})


def size_mb(account):
    return account.control("GET", f"/instances/{INSTANCE}")["MemSize"]


def ordered(account, times, **params):
    """Asserts that UpgradeInstance was called so often, answered or not."""
    expected = {"Action": "UpgradeInstance", "Params": {"InstanceId": INSTANCE, **params}, "Exactly": times}
    account.control("POST", "/requests/verify", expected)


def test_it_stays_ahead_of_a_day_of_growth(account, cloud, scaler, sleep):
    account.control("PUT", f"/instances/{INSTANCE}/workload", {"MemGrowthMbPerHour": 300})
    fullest, grown = 0, []
    for _ in range(DAY_S // 600):
        fullest = max(fullest, cloud.mem_util(INSTANCE)[1])
        if scaler.step() is Outcome.GROWN:
            grown.append(size_mb(account))
        sleep(600)
    assert grown == [2048, 4096, 8192, 16384]
    assert 80 <= fullest < 86
    ordered(account, 4)


def test_with_memory_enough_it_only_reads(account, scaler):
    assert scaler.step() is Outcome.ENOUGH
    ordered(account, 0)


def test_what_was_measured_before_the_change_counts_for_nothing(account, scaler, sleep, full):
    assert scaler.step() is Outcome.GROWN
    account.control("PATCH", f"/instances/{INSTANCE}", {"MemUsed": 1900})
    assert scaler.step() is Outcome.TOO_FRESH
    sleep(240)
    assert scaler.step() is Outcome.GROWN
    assert size_mb(account) == 4096
    ordered(account, 2)


@pytest.mark.parametrize("action", [*READS, "UpgradeInstance"])
def test_a_throttled_call_is_made_again(account, scaler, full, action):
    fault(account, action, {"Code": "RequestLimitExceeded"}, Times=3)
    assert scaler.step() is Outcome.GROWN
    ordered(account, 4 if action == "UpgradeInstance" else 1)


def test_throttled_for_long_it_gives_up_until_the_next_look(account, scaler, full):
    fault(account, "UpgradeInstance", {"Code": "RequestLimitExceeded"}, Times=6)
    assert scaler.step() is Outcome.UNREACHABLE
    ordered(account, 6)
    assert scaler.step() is Outcome.GROWN


def test_without_money_it_waits_for_money(account, scaler, full):
    account.control("PATCH", f"/accounts/{account.app_id}", {"Balance": 0})
    assert scaler.step() is Outcome.NO_MONEY
    assert size_mb(account) == 1024
    account.control("PATCH", f"/accounts/{account.app_id}", {"Balance": 1000000})
    assert scaler.step() is Outcome.GROWN


def test_an_instance_under_change_is_left_alone(account, scaler, full):
    account.control("PATCH", f"/instances/{INSTANCE}", {"Status": 1})
    assert scaler.step() is Outcome.BUSY
    ordered(account, 0)
    account.control("PATCH", f"/instances/{INSTANCE}", {"Status": 2})
    assert scaler.step() is Outcome.GROWN


@pytest.mark.parametrize("code", ["ResourceUnavailable.InstanceStatusAbnormal", "FailedOperation.SystemError"])
def test_a_change_that_begins_between_look_and_order_is_waited_for(account, scaler, full, code):
    fault(account, "UpgradeInstance", {"Code": code})
    assert scaler.step() is Outcome.BUSY
    assert scaler.step() is Outcome.GROWN
    ordered(account, 2)


def test_a_lock_after_a_resize_is_waited_for(account, scaler, sleep, full):
    account.control("PATCH", f"/accounts/{account.app_id}", {"LockSeconds": 600})
    assert scaler.step() is Outcome.GROWN
    account.control("PATCH", f"/instances/{INSTANCE}", {"MemUsed": 1900})
    sleep(300)
    assert scaler.step() is Outcome.BUSY
    sleep(300)
    assert scaler.step() is Outcome.GROWN


def test_where_a_size_is_sold_out_it_takes_the_next(account, scaler, full):
    match = {"Action": "UpgradeInstance", "Params": {"MemSize": 2048}}
    account.control("POST", "/faults", {"Match": match, "Then": SOLD_OUT})
    assert scaler.step() is Outcome.GROWN
    assert size_mb(account) == 4096
    ordered(account, 1, MemSize=2048)
    ordered(account, 1, MemSize=4096)


def test_where_nothing_is_sold_it_says_so(account, scaler, full):
    account.control("PATCH", f"/accounts/{account.app_id}", {"SoldOut": [{"TypeId": 2}]})
    assert scaler.step() is Outcome.SOLD_OUT
    ordered(account, 0)
    account.control("PATCH", f"/accounts/{account.app_id}", {"SoldOut": []})
    assert scaler.step() is Outcome.GROWN


@pytest.mark.parametrize("then", LOST, ids=str)
@pytest.mark.parametrize("action", READS)
def test_a_lost_answer_is_asked_for_again(account, scaler, full, action, then):
    fault(account, action, then, Times=2)
    assert scaler.step() is Outcome.GROWN
    ordered(account, 1)


@pytest.mark.parametrize("then", LOST, ids=str)
def test_an_order_that_never_arrived_is_ordered_at_the_next_look(account, scaler, full, then):
    fault(account, "UpgradeInstance", then)
    assert scaler.step() is Outcome.UNREACHABLE
    assert size_mb(account) == 1024
    assert scaler.step() is Outcome.GROWN
    ordered(account, 2)


@pytest.mark.parametrize("then", LOST, ids=str)
def test_an_order_whose_answer_is_lost_is_not_ordered_twice(account, scaler, full, then):
    fault(account, "UpgradeInstance", then, When="after")
    assert scaler.step() is Outcome.GROWN
    assert size_mb(account) == 2048
    assert scaler.step() is Outcome.ENOUGH
    ordered(account, 1)


def test_an_order_whose_answer_comes_too_late_is_not_ordered_twice(account, sleep, full):
    credential = Credential(account.secret_id, account.secret_key)
    cloud = Cloud(credential, account.region, account.endpoint, "http", sleep, timeout_s=0.5)
    fault(account, "UpgradeInstance", {"DelayMs": 1500}, When="after")
    assert Scaler(cloud, INSTANCE, sleep=sleep).step() is Outcome.GROWN
    assert size_mb(account) == 2048
    ordered(account, 1)


def test_nothing_answers_for_a_while(account, scaler, full):
    account.control("POST", "/faults", {"Match": {}, "Then": {"Drop": True}, "Times": 6})
    assert scaler.step() is Outcome.UNREACHABLE
    assert scaler.step() is Outcome.GROWN


def test_an_order_that_fails_is_paid_back_and_ordered_anew(account, scaler, full):
    fault(account, "UpgradeInstance", {"Flow": "fail"})
    assert scaler.step() is Outcome.FAILED
    kinds = [entry["Kind"] for entry in account.control("GET", "/state")["Accounts"][0]["Ledger"]]
    assert kinds[-2:] == ["Freeze", "Unfreeze"], kinds
    assert scaler.step() is Outcome.GROWN


def test_a_change_that_never_ends_is_told(account, cloud, sleep, full):
    scaler = Scaler(cloud, INSTANCE, sleep=sleep, looks=10)
    fault(account, "UpgradeInstance", {"Flow": "hang"})
    assert scaler.step() is Outcome.STUCK
    assert scaler.step() is Outcome.BUSY
    account.control("POST", "/flows/drain")
    assert scaler.step() is Outcome.ENOUGH
    ordered(account, 1)


def test_an_unknown_instance_ends_it(cloud, sleep):
    with pytest.raises(LookupError, match="crs-unknown0"):
        Scaler(cloud, "crs-unknown0", sleep=sleep).step()
