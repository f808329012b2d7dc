"""The test of which `benches/parallel` runs many: all that it sees is its own."""

import os

import pytest
from tencentcloud.common import credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.redis.v20180412 import models, redis_client

INSTANCE = "crs-5qlrlhux"
SIZES_MB = (2048, 4096, 8192)


@pytest.mark.parametrize("number", range(int(os.environ.get("ALONE_TESTS", "2000"))))
def test_an_account_is_alone(crs_local, number):
    profile = ClientProfile(httpProfile=HttpProfile(protocol="http", endpoint=crs_local.endpoint))
    keys = credential.Credential(crs_local.secret_id, crs_local.secret_key)
    client = redis_client.RedisClient(keys, crs_local.region, profile)
    crs_local.control("PUT", "/clock", {"Mode": "manual", "Now": "2027-01-01T00:00:00Z"})
    mem_mb, name = SIZES_MB[number % 3], f"test-{number}"

    order = models.UpgradeInstanceRequest()
    order.InstanceId, order.MemSize = INSTANCE, mem_mb
    client.UpgradeInstance(order)
    order = models.CreateInstancesRequest()
    order.TypeId, order.MemSize, order.RedisReplicasNum, order.BillingMode = 8, 1024, 1, 0
    order.GoodsNum, order.Period, order.NoAuth, order.InstanceName = 1, 1, True, name
    order.VpcId, order.SubnetId = "vpc-5qlrlhux", "subnet-5qlrlhux"
    made = client.CreateInstances(order).InstanceIds
    # It has been seen by nobody; a minute of the account's own time ends it all the same.
    crs_local.control("POST", "/clock/advance", {"Seconds": 60 + number})

    look = models.DescribeInstancesRequest()
    look.SearchKey = "test-"
    found = client.DescribeInstances(look).InstanceSet
    assert [(one.InstanceId, one.InstanceName, one.Status) for one in found] == [(made[0], name, 2)]
    assert crs_local.control("GET", f"/instances/{INSTANCE}")["MemSize"] == mem_mb
    expected = {
        "InOrder": [
            {"Action": "UpgradeInstance", "Params": {"MemSize": mem_mb}, "Exactly": 1},
            {"Action": "CreateInstances", "Params": {"InstanceName": name}, "Exactly": 1},
            {"Action": "DescribeInstances", "Exactly": 1},
        ],
        "NoOthers": True,
    }
    crs_local.control("POST", "/requests/verify", expected)
