"""crs-local in a container, by Testcontainers. Needs an engine that maps ports to this machine."""

import os
import urllib.request

import docker
import pytest
from docker.errors import DockerException
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HttpWaitStrategy

IMAGE = os.environ.get("CRS_LOCAL_IMAGE", "crs-local:0.1.0")
PORT = 8239


def has_engine():
    try:
        return docker.from_env().ping()
    except DockerException:
        return False


@pytest.fixture
def container_url():
    ready = HttpWaitStrategy(PORT, "/_crs/health").for_status_code(200)
    with DockerContainer(IMAGE).with_exposed_ports(PORT).waiting_for(ready) as container:
        yield f"http://{container.get_container_host_ip()}:{container.get_exposed_port(PORT)}"


@pytest.mark.skipif(not has_engine(), reason="no engine answers")
def test_a_container_is_ready_when_it_has_started(container_url):
    query = "Action=DescribeInstances&Version=2018-04-12&Region=ap-guangzhou"
    with urllib.request.urlopen(f"{container_url}/?{query}", timeout=10) as answer:
        assert b"crs-5qlrlhux" in answer.read()
