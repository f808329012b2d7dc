"""What a test looks like: a client of the official SDK, and an account in the test's hand."""

import pytest
from tencentcloud.common import credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.redis.v20180412 import models, redis_client

INSTANCE = "crs-5qlrlhux"


@pytest.fixture
def client(crs_local):
    profile = ClientProfile(httpProfile=HttpProfile(protocol="http", endpoint=crs_local.endpoint))
    keys = credential.Credential(crs_local.secret_id, crs_local.secret_key)
    return redis_client.RedisClient(keys, crs_local.region, profile)


def upgrade(client, mem_size):
    order = models.UpgradeInstanceRequest()
    order.InstanceId, order.MemSize = INSTANCE, mem_size
    return client.UpgradeInstance(order)


def test_memory_grows(crs_local, client):
    assert upgrade(client, 4096).DealId
    crs_local.control("POST", "/clock/advance", {"Seconds": 60})
    assert crs_local.control("GET", f"/instances/{INSTANCE}")["MemSize"] == 4096


def test_every_test_has_an_account_as_it_began(crs_local):
    assert crs_local.control("GET", f"/instances/{INSTANCE}")["MemSize"] == 1024


def test_the_cloud_says_no(crs_local, client):
    rule = {"Match": {"Action": "UpgradeInstance"}, "Then": {"Code": "FailedOperation.PayFailed"}, "Times": 1}
    crs_local.control("POST", "/faults", rule)
    with pytest.raises(TencentCloudSDKException) as refused:
        upgrade(client, 4096)
    assert refused.value.code == "FailedOperation.PayFailed"
    assert upgrade(client, 4096).DealId
