"""The official Python SDK, synchronous and asynchronous, behind one way of calling it."""

import asyncio
import time
from typing import NamedTuple

from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.redis.v20180412 import models
from tencentcloud.redis.v20180412.redis_client import RedisClient
from tencentcloud.redis.v20180412.redis_client_async import RedisClient as AsyncRedisClient

SECRET_ID = "AKIDlocal"
SECRET_KEY = "local"
REGION = "ap-guangzhou"
INSTANCE = "crs-5qlrlhux"


class Form(NamedTuple):
    """How a call travels: signature method, HTTP method, and which of the two clients sends it."""

    signature: str
    method: str
    asynchronous: bool

    def __str__(self):
        return f"{self.signature}-{self.method}-{'async' if self.asynchronous else 'sync'}"


CALLERS = [
    Form(signature, method, asynchronous)
    for asynchronous in (False, True)
    for signature in ("TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256")
    for method in ("POST", "GET")
]
USUAL = CALLERS[0]


class Caller:
    """One client. `call` takes the members of the action's request and answers its response."""

    def __init__(self, server, form=USUAL, region=REGION, secret_id=SECRET_ID, secret_key=SECRET_KEY, http=None):
        http = http or HttpProfile(protocol="http", endpoint=server.host)
        http.reqMethod = form.method
        http.keepAlive = True
        profile = ClientProfile(signMethod=form.signature, httpProfile=http, language="en-US")
        kind = AsyncRedisClient if form.asynchronous else RedisClient
        self._loop = asyncio.Runner() if form.asynchronous else None
        self._client = kind(Credential(secret_id, secret_key), region, profile)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._loop:
            self._loop.run(self._client.close())
            self._loop.close()

    def call(self, action, **members):
        request = getattr(models, action + "Request")()
        for name, value in members.items():
            assert hasattr(request, name), f"the SDK knows no {action}.{name}"
            setattr(request, name, value)
        answer = getattr(self._client, action)(request)
        return self._loop.run(answer) if self._loop else answer

    def refused(self, action, **members):
        """Makes a call that must fail; answers the SDK's exception, which must carry a RequestId."""
        try:
            answer = self.call(action, **members)
        except TencentCloudSDKException as refusal:
            assert refusal.get_request_id(), refusal
            return refusal
        raise AssertionError(f"{action} was accepted: {str(answer)[:300]}")

    def instance(self, instance_id=INSTANCE):
        found = self.call("DescribeInstances", InstanceId=instance_id)
        assert found.TotalCount == 1 and len(found.InstanceSet) == 1, found
        return found.InstanceSet[0]


def eventually(look, wanted, patience_s=10):
    """Looks until it sees what is wanted; answers what it saw last, for the caller to assert on."""
    end = time.monotonic() + patience_s
    while (seen := look()) != wanted and time.monotonic() < end:
        time.sleep(0.05)
    return seen
