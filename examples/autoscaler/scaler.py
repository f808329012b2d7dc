"""Gives an instance of TencentDB for Redis more memory before it is full.

    TENCENTCLOUD_SECRET_ID=… TENCENTCLOUD_SECRET_KEY=… python scaler.py crs-… --most 16384

It reads MemUtil of Cloud Monitor, orders by UpgradeInstance, and waits until the order is delivered. It remembers
nothing that it could not do without: started anew, it goes on with what it sees.
"""

import argparse
import enum
import logging
import os
import time

from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.monitor.v20180724 import models as monitor_models
from tencentcloud.monitor.v20180724.monitor_client import MonitorClient
from tencentcloud.redis.v20180412 import models
from tencentcloud.redis.v20180412.redis_client import RedisClient

log = logging.getLogger("scaler")

RUNNING = 2
DELIVERED, NOT_DELIVERED = 4, (5, 6)
NO_MONEY = "ResourceUnavailable.AccountBalanceNotEnough"
SOLD_OUT = "ResourceUnavailable.SaleOut"
# The instance is under change; SystemError is what it says while its last resize still locks it.
BUSY = ("ResourceUnavailable.InstanceStatusAbnormal", "FailedOperation.SystemError")


class Outcome(enum.Enum):
    """What came of one look at the instance."""

    ENOUGH = "there is memory enough"
    GROWN = "it has more memory"
    BUSY = "it is under change; later"
    TOO_FRESH = "what is measured may be from before the last change; later"
    NO_MONEY = "the balance does not suffice"
    SOLD_OUT = "no larger size can be had"
    FAILED = "the order was not delivered"
    STUCK = "the change does not end"
    UNREACHABLE = "the cloud does not answer; later"


class Lost(Exception):
    """No answer came that can be read, so nobody knows whether the call had its effect."""


class Cloud:
    """The calls that a scaler makes. Each is made again while it is throttled, and reads when their answer is lost."""

    def __init__(self, credential, region, endpoint=None, scheme="https", sleep=time.sleep, attempts=6, timeout_s=10):
        http = HttpProfile(protocol=scheme, endpoint=endpoint, reqTimeout=timeout_s)
        profile = ClientProfile(httpProfile=http)
        self._redis = RedisClient(credential, region, profile)
        self._monitor = MonitorClient(credential, region, profile)
        self._region, self._sleep, self._attempts = region, sleep, attempts

    def instance(self, instance_id):
        request = models.DescribeInstancesRequest()
        request.InstanceId = instance_id
        found = self._read(self._redis.DescribeInstances, request).InstanceSet
        if not found:
            raise LookupError(f"there is no {instance_id} in {self._region}")
        return found[0]

    def mem_util(self, instance_id):
        """The newest point: when it is from (a Unix time), and how many percent of the memory are in use."""
        dimension, instance = monitor_models.Dimension(), monitor_models.Instance()
        dimension.Name, dimension.Value = "instanceid", instance_id
        instance.Dimensions = [dimension]
        request = monitor_models.GetMonitorDataRequest()
        request.Namespace, request.MetricName, request.Period = "QCE/REDIS_MEM", "MemUtil", 60
        request.Instances = [instance]
        point = self._read(self._monitor.GetMonitorData, request).DataPoints[0]
        return (point.Timestamps[-1], point.Values[-1]) if point.Values else (0, 0)

    def sizes_mb(self, instance):
        """The sizes of a shard that are sold for instances like this one, where they are not sold out."""
        answer = self._read(self._redis.DescribeProductInfo, models.DescribeProductInfoRequest())
        zones = [zone for region in answer.RegionSet if region.RegionId == self._region for zone in region.ZoneSet]
        products = [product for zone in zones if not zone.IsSaleout for product in zone.ProductSet]
        wanted = (instance.Type, str(instance.BillingMode), False)
        like = [product for product in products if (product.Type, product.PayMode, product.Saleout) == wanted]
        return sorted({int(float(size) * 1024) for product in like for size in product.ShardSize})

    def upgrade(self, instance_id, mem_mb):
        """Orders, once: an order whose answer is lost is Lost, and is not sent again."""
        request = models.UpgradeInstanceRequest()
        request.InstanceId, request.MemSize = instance_id, mem_mb
        return self._call(self._redis.UpgradeInstance, request, again_if_lost=False).DealId

    def deal_status(self, deal_id):
        request = models.DescribeInstanceDealDetailRequest()
        request.DealIds = [deal_id]
        return self._read(self._redis.DescribeInstanceDealDetail, request).DealDetails[0].Status

    def _read(self, method, request):
        return self._call(method, request, again_if_lost=True)

    def _call(self, method, request, again_if_lost):
        for attempt in range(self._attempts):
            if attempt:
                self._sleep(min(2 ** (attempt - 1), 30))
            try:
                return method(request)
            except TencentCloudSDKException as refused:
                failure = refused
            code = failure.get_code()
            if code.startswith("RequestLimitExceeded"):
                continue
            # What the service answers has a RequestId. All else the SDK made up, of a connection that broke, a proxy's
            # page, half an answer. After an InternalError, too, nobody knows.
            if failure.get_request_id() and not code.startswith("InternalError"):
                raise failure
            if not again_if_lost:
                raise Lost(str(failure)) from failure
        if code.startswith("RequestLimitExceeded"):
            raise failure
        raise Lost(str(failure)) from failure


class Scaler:
    """Looks at one instance and lets it grow. `step()` looks once, and orders at most once."""

    def __init__(self, cloud, instance_id, high=80, aim=50, most_mb=65536, sleep=time.sleep, pause_s=5, looks=360):
        self._cloud, self._id, self._sleep = cloud, instance_id, sleep
        self._high, self._aim, self._most_mb = high, aim, most_mb
        # How long a change is waited for: so many looks, with a pause between two.
        self._pause_s, self._looks = pause_s, looks
        self._fresh_from = 0

    def step(self):
        try:
            outcome = self._step()
        except Lost as lost:
            log.warning("%s: %s", self._id, lost)
            outcome = Outcome.UNREACHABLE
        except TencentCloudSDKException as refused:
            if not refused.get_code().startswith("RequestLimitExceeded"):
                raise
            log.warning("%s: %s", self._id, refused)
            outcome = Outcome.UNREACHABLE
        log.info("%s: %s", self._id, outcome.value)
        return outcome

    def run(self, interval_s=60):
        while True:
            self.step()
            self._sleep(interval_s)

    def _step(self):
        instance = self._cloud.instance(self._id)
        if instance.Status != RUNNING:
            return Outcome.BUSY
        at, used = self._cloud.mem_util(self._id)
        if used < self._high:
            return Outcome.ENOUGH
        if at < self._fresh_from:
            return Outcome.TOO_FRESH
        return self._grow(instance, used)

    def _grow(self, instance, used):
        for size in self._candidates(instance, used):
            try:
                deal_id = self._cloud.upgrade(self._id, size)
            except Lost as lost:
                log.warning("%s: the order of %d MB has no answer: %s", self._id, size, lost)
                return self._wait(size) if self._has_begun(instance) else Outcome.UNREACHABLE
            except TencentCloudSDKException as refused:
                code = refused.get_code()
                log.warning("%s: %d MB: %s", self._id, size, code)
                if code == SOLD_OUT:
                    continue
                if code == NO_MONEY:
                    return Outcome.NO_MONEY
                if code in BUSY:
                    return Outcome.BUSY
                raise
            return self._wait(size, deal_id)
        return Outcome.SOLD_OUT

    def _candidates(self, instance, used):
        """The sizes to try, best first: what brings use down to the aim, then what at least gives some room."""
        now = instance.RedisShardSize
        larger = [size for size in self._cloud.sizes_mb(instance) if now < size <= self._most_mb]
        enough = [size for size in larger if now * used / size <= self._aim]
        return enough + [size for size in reversed(larger) if size not in enough]

    def _has_begun(self, before):
        """Whether an order without an answer had its effect. The instance tells: it is under change, or changed."""
        for _ in range(3):
            self._sleep(self._pause_s)
            now = self._cloud.instance(self._id)
            if (now.Status, now.RedisShardSize) != (before.Status, before.RedisShardSize):
                return True
        return False

    def _wait(self, size, deal_id=None):
        for _ in range(self._looks):
            self._sleep(self._pause_s)
            deal = self._cloud.deal_status(deal_id) if deal_id else DELIVERED
            if deal in NOT_DELIVERED:
                return Outcome.FAILED
            instance = self._cloud.instance(self._id)
            if deal == DELIVERED and instance.Status == RUNNING:
                # Points come a minute or two late, and the minute of the change may show what was before.
                self._fresh_from = self._cloud.mem_util(self._id)[0] + 180
                return Outcome.GROWN if instance.RedisShardSize == size else Outcome.FAILED
        return Outcome.STUCK


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("instance_id")
    parser.add_argument("--region", default=os.environ.get("TENCENTCLOUD_REGION", "ap-guangzhou"))
    parser.add_argument("--endpoint", help="another one than the service's own, by plain HTTP: 127.0.0.1:8239")
    parser.add_argument("--high", type=float, default=80, help="percent of memory in use from which it is to grow")
    parser.add_argument("--most", type=int, default=65536, help="the largest size of a shard in MB")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    credential = Credential(os.environ["TENCENTCLOUD_SECRET_ID"], os.environ["TENCENTCLOUD_SECRET_KEY"])
    scheme = "http" if options.endpoint else "https"
    cloud = Cloud(credential, options.region, options.endpoint, scheme)
    Scaler(cloud, options.instance_id, high=options.high, most_mb=options.most).run()


if __name__ == "__main__":
    main()
