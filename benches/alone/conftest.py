"""The account of each test, and what making and ending it takes."""

import time

import pytest
from crs_local import CrsLocal, crs_local_flags, crs_local_url  # noqa: F401: fixtures

SPENT = []  # of this worker: seconds to make an account, seconds to end it
APP_IDS = []
BEGUN = time.perf_counter()
WORKERS = []  # what each worker says at its end


@pytest.fixture
def crs_local(crs_local_url):  # noqa: F811
    begun = time.perf_counter()
    account = CrsLocal(crs_local_url)
    made = time.perf_counter() - begun
    APP_IDS.append(account.app_id)
    yield account
    begun = time.perf_counter()
    account.end()
    SPENT.append((made, time.perf_counter() - begun))


def pytest_sessionfinish(session):
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["accounts"] = [SPENT, APP_IDS]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    WORKERS.append(node.workeroutput["accounts"])


def pytest_terminal_summary(terminalreporter):
    spent = [pair for of, _ in WORKERS for pair in of]
    app_ids = [app_id for _, of in WORKERS for app_id in of]
    if not spent:
        return
    make, end = (sorted(pair[at] * 1e3 for pair in spent) for at in (0, 1))
    terminalreporter.write_line(f"{len(set(app_ids))} accounts of {len(spent)} tests in {len(WORKERS)} workers")
    for name, times in (("to make one", make), ("to end one", end)):
        middle, late = times[len(times) // 2], times[len(times) * 99 // 100]
        terminalreporter.write_line(f"{name:>12}: {middle:.1f} ms in the middle, {late:.1f} ms at the 99th percentile")
    took = time.perf_counter() - BEGUN
    each_ms = 1e3 * took / len(spent)
    terminalreporter.write_line(f"{took:.1f} s in all, the start of the workers too; {each_ms:.1f} ms a test")
