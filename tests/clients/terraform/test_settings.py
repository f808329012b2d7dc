"""Accounts, parameters and their templates, connections, window, security groups and encryption of an
instance, a resource each."""

import life

INSTANCE = "tencentcloud_redis_instance.this"
RECORDS = "data.tencentcloud_redis_param_records.this"
TASKS = "data.tencentcloud_redis_instance_task_list.params"
WRITER = {"password": "Writer#2027", "routes": ["master"], "privilege": "rw", "remark": "the orders"}
PARAMS = {"maxmemory-policy": "allkeys-lru", "notify-keyspace-events": '""', "timeout": "3600"}


class Settings(life.OneLife):
    FOLDER = "settings"
    FIRST = {
        "template": {"name": "busy", "description": "looks often", "hz": "20"},
        "applied": "first",
        "writer": WRITER,
        "params": PARAMS,
        "clients": 20000,
        "bandwidth": 20,
        "window": ["17:00", "19:00"],
        "group": "sg-local001",
        "encrypted": "disabled",
    }
    CHANGES = [
        # Everything at once that has a resource of its own.
        {
            "template": {"name": "busier", "description": "", "hz": "30"},
            "writer": {**WRITER, "routes": ["master", "replication"], "privilege": "r", "remark": "no more orders"},
            "params": {**PARAMS, "notify-keyspace-events": "eK", "timeout": "120"},
            "clients": 30000,
            "bandwidth": 0,
            "window": ["01:00", "04:00"],
            "group": "sg-local002",
            "encrypted": "enabled",
        },
        {"writer": {**WRITER, "password": "Another#2027"}, "encrypted": "disabled", "params": {**PARAMS, "hz": "17"}},
        # A parameter that is no longer configured stays what it was; a template sets all it has.
        {"applied": "copy", "params": {"timeout": "60"}},
    ]
    IMPORTED = {
        INSTANCE: True,
        "tencentcloud_redis_param_template.first": True,
        "tencentcloud_redis_param_template.copy": True,
        "tencentcloud_redis_account.writer": True,
        "tencentcloud_redis_account.reader": True,
        "tencentcloud_redis_param.this": True,
        "tencentcloud_redis_connection_config.this": False,
        "tencentcloud_redis_maintenance_window.this": False,
        "tencentcloud_redis_security_group_attachment.more": False,
        "tencentcloud_redis_ssl.this": False,
    }

    def seen(self, variables, state):
        read = lambda action, **more: self.server.api(action, InstanceId=state[INSTANCE]["id"], **more)
        accounts = {row["AccountName"]: row for row in read("DescribeInstanceAccount", Limit=20, Offset=0)["Accounts"]}
        self.assertEqual(accounts.keys(), {"root", "orders_rw", "reports"})
        writer = accounts["orders_rw"]
        found = [sorted(writer["ReadonlyPolicy"]), writer["Privilege"], writer["Remark"], writer["Status"]]
        self.assertEqual(found, [variables["writer"][key] for key in ("routes", "privilege", "remark")] + [2])
        lists = read("DescribeInstanceParams")
        values = {
            row["ParamName"]: row["CurrentValue"]
            for kind in ("InstanceEnumParam", "InstanceIntegerParam", "InstanceTextParam", "InstanceMultiParam")
            for row in lists[kind]
        }
        self.assertEqual({name: values[name] for name in variables["params"]}, variables["params"])
        self.assertEqual(values["replica-lazy-flush"], "no", "by either template")
        records = state[RECORDS]["instance_param_history"]
        self.assertEqual({row["status"] for row in records}, {2})
        newest = records[0]
        self.assertEqual(newest["new_value"], values[newest["param_name"]])
        self.assertEqual({task["task_type"] for task in state[TASKS]["tasks"]}, {"034"})
        window = read("DescribeMaintenanceWindow")
        self.assertEqual([window["StartTime"], window["EndTime"]], variables["window"])
        shown = self.shown(state[INSTANCE]["id"])
        self.assertEqual((shown["ClientLimit"], shown["Status"]), (variables["clients"], 2))
        self.assertEqual(read("DescribeBandwidthRange")["AddBandwidth"], variables["bandwidth"])
        self.assertEqual(read("DescribeSSLStatus")["SSLConfig"], variables["encrypted"] == "enabled")
        bound = read("DescribeDBSecurityGroups", Product="redis")["Groups"]
        self.assertEqual({group["SecurityGroupId"] for group in bound}, {"sg-local000", variables["group"]})

    def left(self, state):
        self.assertIsNone(self.shown(state[INSTANCE]["id"]))
        account = self.server.control("GET", "/state")["Accounts"][0]
        self.assertEqual(account.get("ParamTemplates", []), [])
