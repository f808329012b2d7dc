"""Cloud Monitor's own client: what a scaler reads, from a full instance to one with room."""

import datetime

import pytest
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.monitor.v20180724 import models
from tencentcloud.monitor.v20180724.monitor_client import MonitorClient

from clients import INSTANCE, REGION, SECRET_ID, SECRET_KEY, Caller

CHINA = datetime.timezone(datetime.timedelta(hours=8))
BEGAN = datetime.datetime(2027, 1, 1, 8, 0, tzinfo=CHINA)


class Monitor:
    def __init__(self, server, region=REGION, signature="TC3-HMAC-SHA256", method="POST"):
        http = HttpProfile(protocol="http", endpoint=server.host, reqMethod=method)
        profile = ClientProfile(signMethod=signature, httpProfile=http)
        self._client = MonitorClient(Credential(SECRET_ID, SECRET_KEY), region, profile)

    def metrics(self, namespace="QCE/REDIS_MEM"):
        request = models.DescribeBaseMetricsRequest()
        request.Namespace = namespace
        return self._client.DescribeBaseMetrics(request).MetricSet

    def data(self, metric, ids=(INSTANCE,), name="instanceid", **members):
        request = models.GetMonitorDataRequest()
        request.Namespace, request.MetricName, request.Period = "QCE/REDIS_MEM", metric, 60
        request.Instances = []
        for value in ids:
            dimension, instance = models.Dimension(), models.Instance()
            dimension.Name, dimension.Value = name, value
            instance.Dimensions = [dimension]
            request.Instances.append(instance)
        for member, value in members.items():
            setattr(request, member, value)
        return self._client.GetMonitorData(request)

    def last(self, metric):
        """As scripts read it: the newest value of the last minutes."""
        return self.data(metric).DataPoints[0].Values[-1]


@pytest.fixture
def still(serve):
    """A server whose clock is moved by hand."""
    server = serve("--flow-time", "500ms")
    server.control("PUT", "/clock", {"Mode": "manual", "Now": BEGAN.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")})
    return server


def advance(server, seconds):
    server.control("POST", "/clock/advance", {"Seconds": seconds})


def test_memory_rises_an_upgrade_makes_room_and_memory_has_fallen(still):
    monitor = Monitor(still)
    still.control("PUT", f"/instances/{INSTANCE}/workload", {"MemGrowthMbPerHour": 7200, "Reads": 900, "HitRatio": 0.9})
    seen = []
    while monitor.last("MemUtil") < 80:
        seen.append(monitor.last("MemUtil"))
        advance(still, 60)
    assert seen == sorted(seen) and seen[0] == 29.297 and len(seen) == 5, seen
    with Caller(still) as caller:
        caller.call("UpgradeInstance", InstanceId=INSTANCE, MemSize=4096)
        assert caller.instance().Status == 1
        advance(still, 1)
        assert caller.instance().Status == 2
        assert monitor.last("MemUtil") < 23
        refused = caller.refused("UpgradeInstance", InstanceId=INSTANCE, MemSize=1024)
        assert refused.code == "InvalidParameterValue.ReduceCapacityNotAllowed"
    assert monitor.last("CmdHitsRatio") == 90


@pytest.mark.parametrize("signature", ["TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256"])
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_points_come_in_every_form_of_a_call(still, signature, method):
    advance(still, 600)
    monitor = Monitor(still, signature=signature, method=method)
    begin, end = BEGAN + datetime.timedelta(seconds=130), BEGAN + datetime.timedelta(seconds=310)
    answer = monitor.data("MemUtil", StartTime=begin.isoformat(), EndTime=end.isoformat(), SpecifyStatistics=3)
    assert (answer.StartTime, answer.EndTime) == ("2027-01-01T08:02:00+08:00", "2027-01-01T08:05:00+08:00")
    assert (answer.Period, answer.MetricName, answer.Msg) == (60, "MemUtil", "")
    point = answer.DataPoints[0]
    times = [int(BEGAN.timestamp()) + minute * 60 for minute in (2, 3, 4, 5)]
    assert (point.Timestamps, point.Values) == (times, [29.297] * 4)
    assert (point.AvgValues, point.MaxValues, point.MinValues) == ([29.297] * 4, [29.297] * 4, None)
    assert [(of.Name, of.Value) for of in point.Dimensions] == [("instanceid", INSTANCE)]


def test_the_list_of_metrics_names_what_can_be_asked(still):
    monitor = Monitor(still)
    metrics = monitor.metrics()
    assert len(metrics) == 80
    for metric in metrics:
        assert metric.Namespace == "QCE/REDIS_MEM" and metric.Unit and metric.Meaning.Zh
        assert metric.Period == [int(period.Period) for period in metric.Periods]
        if metric.Dimensions[0].Dimensions == ["instanceid"]:
            point = monitor.data(metric.MetricName).DataPoints[0]
            assert len(point.Timestamps) == len(point.Values)
    assert monitor.metrics("QCE/REDIS") == []


def test_what_is_wrong_is_refused_with_a_documented_code(still):
    monitor = Monitor(still)
    gone = "unauthorized operation or the instance has been destroyed"
    for act, code, text in [
        (lambda: monitor.data("MemUtil", ids=["crs-unknown0"]), "InvalidParameterValue", gone),
        (lambda: monitor.data("MemUtil", name="InstanceId"), "InvalidParameterValue", gone),
        (lambda: Monitor(still, region="ap-beijing").data("MemUtil"), "InvalidParameterValue", gone),
        (lambda: monitor.data("MemUtil", name="redis_uuid"), "InvalidParameterValue", "Param dimensions error"),
        (lambda: monitor.data("MemUtil", Period=7), "InvalidParameterValue", ""),
        (lambda: monitor.data("Memory"), "InvalidParameterValue", "metricName(Memory)"),
        (lambda: monitor.data("MemUtil", Namespace="qce/redis_mem"), "InvalidParameterValue", "namespace"),
        (lambda: monitor.data("MemUtil", StartTime="today"), "InvalidParameterValue", ""),
        (lambda: monitor.data("MemUtil", ids=[INSTANCE] * 51), "LimitExceeded.LimitedAccess", "50"),
        (lambda: Monitor(still, region="").data("MemUtil"), "MissingParameter", ""),
    ]:
        with pytest.raises(TencentCloudSDKException) as raised:
            act()
        assert raised.value.code == code and text in raised.value.message, raised.value
        assert raised.value.get_request_id()
