"""An exporter's way of asking: what is watched once, then the newest points of each metric, fifty instances a call."""

import calendar
import random
import time

from case import Case
from wire import Refusal

NAMESPACE = "QCE/REDIS_MEM"
BEGAN = calendar.timegm((2027, 1, 1, 0, 0, 0))
COUNT = 60
PERIOD_S = 60
BATCH = 50
# What is configured, in whatever case: names are looked up in small letters.
WANTED = ["memutil", "MemUsed", "CpuUtil", "Commands", "Connections", "cmdhitsratio", "CmdErr", "LatencyP99", "Nothing"]


def local(moment_s):
    """A time as it is sent: China's, without an offset."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(moment_s + 8 * 3600))


class Exporter(Case):
    fixture = {
        "Clock": {"Mode": "manual", "Now": "2027-01-01T00:00:00Z"},
        "Accounts": [
            {
                "Instances": [
                    {"InstanceId": f"crs-watch{number:03}", "TypeId": 15, "MemSize": 1024, "MemUsed": 10 * number,
                     "Workload": {"Since": "2027-01-01 08:00:00", "MemGrowthMbPerHour": 60, "Reads": number,
                                  "Connections": number}}
                    for number in range(COUNT)
                ],
            }
        ],
    }

    def setUp(self):
        self.server.control("POST", "/reset")
        self.wire.made.clear()

    def metadata(self):
        """The metrics by their names in small letters; whatever is dereferenced must be there."""
        found = {}
        for metric in self.wire.call("DescribeBaseMetrics", "monitor", Namespace=NAMESPACE)["MetricSet"]:
            self.assertEqual(metric["Namespace"], NAMESPACE)
            kinds = {int(period["Period"]): period["StatType"][0] for period in metric["Periods"]}
            self.assertTrue(metric["Unit"] and metric["Meaning"]["Zh"] and metric["Dimensions"][0]["Dimensions"])
            self.assertEqual(sorted(kinds), sorted(metric["Period"]))
            found[metric["MetricName"].lower()] = (metric["MetricName"], kinds)
        return found

    def newest(self, name, dimensions, now_s, period_s=PERIOD_S):
        """The newest value of each, by the values of its dimensions."""
        newest = {}
        for first in range(0, len(dimensions), BATCH):
            instances = []
            for own in dimensions[first:first + BATCH]:
                pairs = [{"Name": name, "Value": value} for name, value in own.items()]
                random.shuffle(pairs)
                instances.append({"Dimensions": pairs})
            answer = self.wire.call(
                "GetMonitorData", "monitor", Namespace=NAMESPACE, MetricName=name, Period=period_s,
                Instances=instances, StartTime=local(now_s - 4 * period_s), EndTime=local(now_s),
            )
            self.assertEqual(len(answer["DataPoints"]), len(instances))
            for point in answer["DataPoints"]:
                # A null would end the exporter.
                self.assertEqual(len(point["Timestamps"]), len(point["Values"]))
                if not point["Values"]:
                    continue
                labels = {pair["Name"]: pair["Value"] for pair in point["Dimensions"]}
                newest[labels["instanceid"]] = point["Values"][-1]
        return newest

    def listed(self):
        page = self.wire.call("DescribeInstances", Status=[2], MonitorVersion="5s", Limit=100)
        return [instance["InstanceId"] for instance in page["InstanceSet"]]

    def test_every_instance_has_a_series_of_every_metric_that_is_known(self):
        self.server.control("POST", "/clock/advance", {"Seconds": 600})
        now_s, known = BEGAN + 600, self.metadata()
        ids = self.listed()
        self.assertEqual(len(ids), COUNT)
        names = [known[wanted.lower()] for wanted in WANTED if wanted.lower() in known]
        self.assertEqual(len(names), len(WANTED) - 1)
        series = {}
        for name, kinds in names:
            period_s = min(period for period in kinds if period >= PERIOD_S)
            series[name] = self.newest(name, [{"instanceid": own} for own in ids], now_s, period_s)
        self.assertEqual(self.wire.made.count("monitor:GetMonitorData"), 2 * len(names))
        self.assertEqual(self.wire.made.count("monitor:DescribeBaseMetrics"), 1)
        for number in range(COUNT):
            own = f"crs-watch{number:03}"
            self.assertEqual(series["MemUsed"][own], 10 * number + 10)
            self.assertAlmostEqual(series["MemUtil"][own], (10 * number + 10) / 10.24, delta=0.001)
            self.assertEqual(series["Commands"][own], number)
            self.assertEqual(series["Connections"][own], number)
        # Nothing was read of the first: it has no ratio, and no null either.
        self.assertNotIn("crs-watch000", series["CmdHitsRatio"])
        self.assertEqual(series["CmdHitsRatio"]["crs-watch001"], 100)

    def test_a_resize_shows_in_the_next_scrape(self):
        own = {"instanceid": "crs-watch050"}
        self.server.control("POST", "/clock/advance", {"Seconds": 3600})
        before = self.newest("MemUtil", [own], BEGAN + 3600)["crs-watch050"]
        self.wire.call("UpgradeInstance", InstanceId="crs-watch050", MemSize=2048)
        self.server.control("POST", "/clock/advance", {"Seconds": 1})
        after = self.newest("MemUtil", [own], BEGAN + 3601)["crs-watch050"]
        self.assertAlmostEqual(before, 56_000 / 1024, delta=0.001)
        self.assertLess(after, before * 0.51)

    def test_nodes_and_proxies_have_series_of_their_own(self):
        """The list of nodes is asked once and kept; each node and proxy is asked for by its id."""
        self.server.control("POST", "/clock/advance", {"Seconds": 120})
        own = {"instanceid": "crs-watch050"}
        info = self.wire.call("DescribeInstanceNodeInfo", InstanceId=own["instanceid"], Limit=100, Offset=0)
        nodes = [{**own, "rnodeid": node["NodeId"]} for node in info["Redis"]]
        proxies = [{**own, "pnodeid": node["NodeId"]} for node in info["Proxy"]]
        self.assertEqual((len(nodes), len(proxies)), (2, 3))
        for node in nodes:
            self.assertEqual(self.newest("MemUsedNode", [node], BEGAN + 120)[own["instanceid"]], 502)
        shares = [self.newest("CommandsProxy", [proxy], BEGAN + 120)[own["instanceid"]] for proxy in proxies]
        self.assertAlmostEqual(sum(shares), 50, delta=0.1)
        again = self.wire.call("DescribeInstanceNodeInfo", InstanceId=own["instanceid"])
        self.assertEqual(again, {**info, "RequestId": again.get("RequestId")} if "RequestId" in again else info)

    def test_what_it_asks_wrongly_is_refused_and_the_rest_goes_on(self):
        """Metrics of commands are asked for the instance alone, and those calls fail; of nodes the
        ids would come from another action."""
        self.server.control("POST", "/clock/advance", {"Seconds": 120})
        for name in ("QpsCommand", "DelayTime", "MemUsedNode", "ConnectionsProxy"):
            with self.assertRaises(Refusal) as raised:
                self.newest(name, [{"instanceid": "crs-watch001"}], BEGAN + 120)
            self.assertEqual(raised.exception.code, "InvalidParameterValue")
        with self.assertRaises(Refusal) as raised:
            self.newest("MemUtil", [{"instanceid": "crs-watch001"}, {"instanceid": "crs-gone0000"}], BEGAN + 120)
        self.assertIn("the instance has been destroyed", str(raised.exception))
        self.assertEqual(len(self.newest("MemUtil", [{"instanceid": "crs-watch001"}], BEGAN + 120)), 1)
