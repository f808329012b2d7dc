"""A console's and a manager's way of asking, as their public code does: what is slow, hot and big of each instance. The
Terraform provider has no data source on these actions."""

from case import Case

DAY = "2027-01-02"


class Consoles(Case):
    fixture = {
        "Clock": {"Mode": "manual", "Now": "2027-01-01T16:00:00Z"},
        "Accounts": [
            {
                "Instances": [
                    {"InstanceId": "crs-console0", "TypeId": 15, "MemSize": 1024, "Createtime": "2026-12-01 00:00:00",
                     "Workload": {
                         "Commands": [{"Cmd": "get", "PerMinute": 600, "Micros": 300},
                                      {"Cmd": "eval", "EveryMinutes": 30, "Micros": 700000, "Line": "eval sum {n}"}],
                         "Keys": [{"Key": "user:1", "Type": "hash", "Bytes": 9000000, "PerMinute": 60},
                                  {"Key": "page", "Type": "string", "Bytes": 100}],
                         "Clients": [{"Ip": "10.0.0.5", "Conns": 3}]}},
                    {"InstanceId": "crs-console1", "TypeId": 15, "MemSize": 1024, "Createtime": "2026-12-01 00:00:00"},
                ],
            }
        ],
    }

    def ask(self, action, **members):
        return self.wire.call(action, **members)

    def test_a_console_reads_lists_and_sorts_them_itself(self):
        for own, commands in [("crs-console0", 2), ("crs-console1", 0)]:
            shown = self.ask("DescribeInstances", InstanceIds=[own], Limit=20)
            self.assertEqual(shown["TotalCount"], 1)
            data = {
                name: self.ask(f"DescribeInstanceMonitor{name}", InstanceId=own, **more)["Data"]
                for name, more in [
                    ("HotKey", {"SpanType": 4}),
                    ("TopNCmd", {"SpanType": 4}),
                    ("TopNCmdTook", {"SpanType": 4}),
                    ("TookDist", {"SpanType": 4, "Date": DAY}),
                    ("SIP", {}),
                    ("BigKey", {"ReqType": 2, "Date": DAY}),
                ]
            }
            for name, rows in data.items():
                # A null would end the console.
                self.assertIsInstance(rows, list, name)
            took = sorted(data["TopNCmdTook"], key=lambda row: row["Took"], reverse=True)[:10]
            counts = sorted(data["TopNCmd"], key=lambda row: row["Count"], reverse=True)[:10]
            self.assertEqual((len(took), len(counts)), (commands, commands))
            self.assertEqual(sum(row["Count"] for row in counts), sum(row["Size"] for row in data["TookDist"]))
            slow = self.ask("DescribeSlowLog", InstanceId=own, BeginTime="2027-01-01 00:00:00",
                            EndTime="2027-01-02 00:00:00", Limit=50, Role="master")
            rows = sorted(slow["InstanceSlowlogDetail"], key=lambda row: row["Duration"], reverse=True)
            self.assertEqual(len(rows), 48 if commands else 0)
            if rows:
                self.assertEqual([row["Cmd"] for row in counts], ["get", "eval"])
                self.assertEqual([row["Cmd"] for row in took], ["get", "eval"])
                self.assertEqual(rows[0]["Duration"], 700)
                self.assertEqual([row["Key"] for row in data["BigKey"]], ["user:1", "page"])
                self.assertEqual(data["HotKey"][0]["Count"], 60 * 1440)

    def test_a_manager_reads_the_last_day_without_a_limit(self):
        page = self.ask("DescribeInstances")
        for instance in page["InstanceSet"]:
            own = instance["InstanceId"]
            hot = self.ask("DescribeInstanceMonitorHotKey", InstanceId=own, SpanType=1)["Data"]
            span = {"BeginTime": "2027-01-01 00:00:00", "EndTime": "2027-01-02 00:00:00"}
            slow = self.ask("DescribeSlowLog", InstanceId=own, **span)
            proxied = self.ask("DescribeProxySlowLog", InstanceId=own, **span)
            self.assertEqual(slow["InstanceSlowlogDetail"], slow["InstanceSlowLogDetail"])
            wanted = (1, 48, 20) if own == "crs-console0" else (0, 0, 0)
            found = (len(hot), slow["TotalCount"], len(slow["InstanceSlowlogDetail"]))
            self.assertEqual(found, wanted)
            self.assertEqual(proxied["TotalCount"], slow["TotalCount"])
