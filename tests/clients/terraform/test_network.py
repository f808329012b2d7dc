"""A network of one's own with the provider itself: applied, changed, imported, destroyed, an instance
in it that moves about."""

import life

INSTANCE = "tencentcloud_redis_instance.this"
RULES = "tencentcloud_security_group_rule_set.this"


class Network(life.OneLife):
    FOLDER = "network"
    CHANGES = [
        {"name": "renamed"},
        {"tags": {"env": "test", "owner": "b"}, "dns_servers": ["119.29.29.29"], "ports": ["6379", "6390", "6380"]},
        {"ports": ["6379"]},
        {"lets_out": False, "sources": ["DROP#0.0.0.0/0#ALL#ALL"]},
        {"groups": ["clients", "rules"]},
        {"groups": ["clients"]},
        # An instance is told of one move at a time.
        {"moves": "changeVip", "ip": "10.0.1.77"},
        {"moves": "changeVPort", "port": 6380, "password": None},
        {"moves": "changeVpc", "subnet": "second", "ip": None},
        {"public": "open", "password": "Local#Pass2"},
        {"public": "close"},
    ]
    IMPORTED = {
        "tencentcloud_vpc.this": False,
        "tencentcloud_subnet.this": False,
        "tencentcloud_security_group.this": False,
        RULES: False,
        "tencentcloud_security_group_lite_rule.clients": False,
        # Its password is nowhere told.
        INSTANCE: True,
    }
    LEFT_OUT = {
        "tencentcloud_subnet.second": "it is made as the first",
        "tencentcloud_route_table_association.this": "no part of Redis",
        "tencentcloud_security_group.clients": "it is made as the first",
        "tencentcloud_security_group.single": "it is made as the first",
        "tencentcloud_security_group_rule.from_clients": "no part of Redis",
        "tencentcloud_security_group_rule.rest": "no part of Redis",
    }

    def seen(self, variables, state):
        shown = self.shown(state[INSTANCE]["id"])
        self.assertEqual(shown["UniqVpcId"], state["tencentcloud_vpc.this"]["id"])
        second = variables.get("subnet") == "second"
        self.assertEqual(shown["UniqSubnetId"], state[f"tencentcloud_subnet.{'second' if second else 'this'}"]["id"])
        address = "10.0.2.2" if second else variables.get("ip") or "10.0.1.2"
        self.assertEqual((shown["WanIp"], shown["Port"]), (address, variables.get("port", 6379)))
        self.assertEqual(shown["NoAuth"], variables.get("password", "") is None)
        self.assertEqual(shown["WanAddress"] != "", variables.get("public") == "open")
        self.assertEqual(len(state[RULES]["egress"]), 1 if variables.get("lets_out", True) else 0)
        bound = self.server.api("DescribeInstanceSecurityGroup", InstanceIds=[shown["InstanceId"]])
        bound = bound["InstanceSecurityGroupsDetail"][0]["SecurityGroupDetails"]
        groups = {"rules": "this", "clients": "clients"}
        wanted = {state[f"tencentcloud_security_group.{groups[name]}"]["id"] for name in variables.get("groups", ["rules"])}
        self.assertEqual({group["SecurityGroupId"] for group in bound}, wanted)

    def left(self, state):
        # The instance is isolated, and everything else is gone.
        self.assertEqual(self.shown(state[INSTANCE]["id"])["Status"], -3)
        account = self.server.control("GET", "/state")["Accounts"][0]
        for kind in ("Vpcs", "Subnets", "RouteTables", "SecurityGroups"):
            self.assertEqual(account.get(kind, []), [], kind)
