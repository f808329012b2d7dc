"""Waiting for what takes its time."""

import time


def eventually(look, wanted, patience_s=20):
    """Looks until it sees what is wanted; answers what it saw last, for the caller to assert on."""
    end = time.monotonic() + patience_s
    while (seen := look()) != wanted and time.monotonic() < end:
        time.sleep(0.05)
    return seen
