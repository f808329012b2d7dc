import pytest

pytest_plugins = ["crs_local"]


@pytest.fixture(scope="session")
def crs_local_flags():
    # The documented limits count calls of real seconds, and a day passes here in two of them.
    return ["--rate-limit", "off"]
