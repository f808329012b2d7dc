"""The official Python SDK, synchronous and asynchronous, behind one way of calling it."""

import asyncio
from typing import NamedTuple

from tencentcloud.common import retry, retry_async
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
USUAL = Form("TC3-HMAC-SHA256", "POST", asynchronous=False)
USUAL_ASYNC = Form("TC3-HMAC-SHA256", "POST", asynchronous=True)
# Far from the usual one: everything is text in a form there, lists and objects are dotted.
UNUSUAL = Form("HmacSHA1", "POST", asynchronous=True)


class Caller:
    """One client. `call` takes the members of the action's request and answers its response."""

    def __init__(
        self,
        server,
        form=USUAL,
        region=REGION,
        secret_id=SECRET_ID,
        secret_key=SECRET_KEY,
        token=None,
        http=None,
        language="en-US",
        unsigned_payload=False,
        retryer=None,
        keep_alive=True,
    ):
        http = http or HttpProfile(protocol="http", endpoint=server.host)
        http.reqMethod = form.method
        http.keepAlive = keep_alive
        profile = ClientProfile(signMethod=form.signature, httpProfile=http, language=language, retryer=retryer)
        profile.unsignedPayload = unsigned_payload
        kind = AsyncRedisClient if form.asynchronous else RedisClient
        self.form = form
        self._loop = asyncio.Runner() if form.asynchronous else None
        self._client = kind(Credential(secret_id, secret_key, token), region, profile)

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
        answer = self._loop.run(answer) if self._loop else answer
        assert answer.RequestId, answer
        return answer

    def call_raw(self, action, members, **options):
        """The way around the models: any members, and a plain dictionary back."""
        if self._loop:
            return self._loop.run(self._client.call_and_deserialize(action, members, opts=options))["Response"]
        return self._client.call_json(action, members, options=options)["Response"]

    def refused(self, action, **members):
        """Makes a call that must fail; answers the SDK's exception, which must carry a RequestId."""
        return refusal(lambda: self.call(action, **members))

    def instance(self, instance_id=INSTANCE):
        found = self.call("DescribeInstances", InstanceId=instance_id)
        assert found.TotalCount == 1 and len(found.InstanceSet) == 1, found
        return found.InstanceSet[0]

    def deal(self, deal_id):
        found = self.call("DescribeInstanceDealDetail", DealIds=[deal_id])
        assert len(found.DealDetails) == 1, found
        return found.DealDetails[0]


def refusal(act):
    """The exception with which the SDK ends that, which must be one of the service's own."""
    try:
        answer = act()
    except TencentCloudSDKException as raised:
        assert raised.get_request_id(), raised
        return raised
    raise AssertionError(f"it was accepted: {str(answer)[:300]}")


def retryer(form, attempts, backoff_s):
    """The SDK's own StandardRetryer, of which each client has its own."""

    def backoff(_):
        return backoff_s

    async def backoff_async(_):
        return backoff_s

    if form.asynchronous:
        return retry_async.StandardRetryer(max_attempts=attempts, backoff_fn=backoff_async)
    return retry.StandardRetryer(max_attempts=attempts, backoff_fn=backoff)
