"""The snippets of docs/clients.md, run."""

INSTANCE = "crs-5qlrlhux"

# snippet: python
import time

from tencentcloud.common import credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.redis.v20180412 import models, redis_client


def upgrade(instance_id, mem_size_mb, endpoint="127.0.0.1:8239"):
    profile = ClientProfile(httpProfile=HttpProfile(protocol="http", endpoint=endpoint))
    client = redis_client.RedisClient(credential.Credential("AKIDlocal", "local"), "ap-guangzhou", profile)
    order = models.UpgradeInstanceRequest()
    order.InstanceId, order.MemSize = instance_id, mem_size_mb
    client.UpgradeInstance(order)
    look = models.DescribeInstancesRequest()
    look.InstanceId = instance_id
    for _ in range(60):
        instance = client.DescribeInstances(look).InstanceSet[0]
        if instance.Status == 2:  # 1: in process, 2: running
            return instance
        time.sleep(0.5)
    raise TimeoutError(f"{instance_id} is not running")
# end


# snippet: python-async
import asyncio

from tencentcloud.common import credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.redis.v20180412 import models
from tencentcloud.redis.v20180412.redis_client_async import RedisClient


async def upgrade_async(instance_id, mem_size_mb, endpoint="127.0.0.1:8239"):
    profile = ClientProfile(httpProfile=HttpProfile(protocol="http", endpoint=endpoint))
    async with RedisClient(credential.Credential("AKIDlocal", "local"), "ap-guangzhou", profile) as client:
        order = models.UpgradeInstanceRequest()
        order.InstanceId, order.MemSize = instance_id, mem_size_mb
        await client.UpgradeInstance(order)
        look = models.DescribeInstancesRequest()
        look.InstanceId = instance_id
        for _ in range(60):
            instance = (await client.DescribeInstances(look)).InstanceSet[0]
            if instance.Status == 2:  # 1: in process, 2: running
                return instance
            await asyncio.sleep(0.5)
    raise TimeoutError(f"{instance_id} is not running")
# end


def test_the_snippet_upgrades_and_waits(server):
    upgraded = upgrade(INSTANCE, 4096, server.host)
    assert (upgraded.InstanceId, upgraded.Size) == (INSTANCE, 4096)


def test_the_asynchronous_snippet_upgrades_and_waits(server):
    upgraded = asyncio.run(upgrade_async(INSTANCE, 4096, server.host))
    assert (upgraded.InstanceId, upgraded.Size) == (INSTANCE, 4096)
