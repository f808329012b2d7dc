"""A network of one's own: VPC, subnet, security group and rules, an instance in it, and all of it
destroyed in Terraform's order."""

from case import STANDARD, ZONE, Case
from networks import Networks
from wire import Refusal

INGRESS = [
    {"Protocol": "TCP", "Port": "6379", "CidrBlock": "10.0.0.0/16", "Action": "ACCEPT"},
    {"CidrBlock": "0.0.0.0/0", "Action": "DROP"},
]
EGRESS = [{"Protocol": "ALL", "Port": "ALL", "CidrBlock": "0.0.0.0/0", "Action": "ACCEPT"}]


def told(rules):
    """What a rule set compares, protocols without their case."""
    return [(rule["Action"], rule["CidrBlock"], rule["Protocol"].lower(), rule["Port"]) for rule in rules]


class OwnNetwork(Case):
    def setUp(self):
        self.networks = Networks(self.provider)

    def refused(self, code, call, *arguments, **members):
        with self.assertRaises(Refusal) as refused:
            call(*arguments, **members)
        self.assertEqual(refused.exception.code, code)

    def test_a_network_an_instance_in_it_and_the_way_back(self):
        networks = self.networks
        vpc_id = networks.create_vpc("net-a", "10.0.0.0/16", {"env": "local"})
        vpc = networks.read_vpc(vpc_id)
        self.assertEqual((vpc["VpcName"], vpc["CidrBlock"], vpc["tags"]), ("net-a", "10.0.0.0/16", {"env": "local"}))
        subnet_id = networks.create_subnet(vpc_id, "sub-a", "10.0.1.0/24", ZONE, {"env": "local"})
        subnet = networks.read_subnet(subnet_id)
        self.assertEqual((subnet["Zone"], subnet["EnableBroadcast"], subnet["tags"]), (ZONE, False, {"env": "local"}))
        self.assertEqual(subnet["RouteTableId"], vpc["default_route_table_id"])
        group_id = networks.create_group("redis-a", tags={"env": "local"})
        group = networks.read_group(group_id)
        self.assertEqual((group["SecurityGroupDesc"], group["ProjectId"], group["tags"]), ("", "0", {"env": "local"}))
        networks.write_rules(group_id, Ingress=INGRESS, Egress=EGRESS)
        rules = networks.read_rules(group_id)
        self.assertEqual(told(rules["Ingress"]), [("ACCEPT", "10.0.0.0/16", "tcp", "6379"), ("DROP", "0.0.0.0/0", "all", "ALL")])
        self.assertEqual(told(rules["Egress"]), [("ACCEPT", "0.0.0.0/0", "all", "ALL")])

        config = {**STANDARD, "vpc_id": vpc_id, "subnet_id": subnet_id, "security_groups": [group_id]}
        instance_id = self.provider.create(config)
        self.assert_no_diff(instance_id, config)
        self.assertEqual(self.provider.look(instance_id)["WanIp"], "10.0.1.2")
        self.refused("ResourceInUse", self.wire.call, "DeleteSubnet", "vpc", SubnetId=subnet_id)
        self.refused("ResourceInUse", self.wire.call, "DeleteVpc", "vpc", VpcId=vpc_id)
        self.refused("ResourceInUse", self.wire.call, "DeleteSecurityGroup", "vpc", SecurityGroupId=group_id)

        networks.change_vpc(vpc_id, "net-b")
        self.assertEqual(networks.read_vpc(vpc_id)["VpcName"], "net-b")
        # Postpaid and without force_delete: the instance stays isolated, and its subnet is free.
        self.provider.destroy(instance_id)
        networks.write_rules(group_id, version="0")
        networks.delete_group(group_id)
        networks.vpc("DeleteSubnet", SubnetId=subnet_id)
        networks.vpc("DeleteVpc", VpcId=vpc_id)
        self.assertIsNone(networks.read_group(group_id))
        self.assertIsNone(networks.read_subnet(subnet_id))
        self.assertIsNone(networks.read_vpc(vpc_id))

    def test_a_rule_set_is_updated_in_place(self):
        networks, write = self.networks, self.networks.write_rules
        group_id = networks.create_group("rules")
        write(group_id, Ingress=INGRESS, Egress=EGRESS)
        more = [INGRESS[0], {"Protocol": "ICMP", "Port": "ALL", "CidrBlock": "10.0.0.0/8", "Action": "ACCEPT"}, INGRESS[1]]
        write(group_id, version="2", sort=True, Ingress=more, Egress=EGRESS)
        rules = networks.read_rules(group_id)
        self.assertEqual([rule["PolicyIndex"] for rule in rules["Ingress"]], [0, 1, 2])
        self.assertEqual(rules["Version"], "2")
        # A direction that becomes empty is taken out by places, then the other is written two versions on.
        self.wire.call(
            "DeleteSecurityGroupPolicies",
            "vpc",
            SecurityGroupId=group_id,
            SecurityGroupPolicySet={"Egress": [{"PolicyIndex": 0}]},
        )
        write(group_id, version="4", sort=True, Ingress=INGRESS)
        rules = networks.read_rules(group_id)
        self.assertEqual((told(rules["Egress"]), rules["Version"]), ([], "4"))
        write(group_id, version="0", sort=True)
        self.assertEqual(networks.read_rules(group_id)["Ingress"], [])
        networks.delete_group(group_id)

    def test_single_rules_are_found_by_what_they_say_and_taken_out(self):
        networks = self.networks
        group_id, clients_id = networks.create_group("by-rule"), networks.create_group("clients")
        one = {
            "PolicyIndex": 0,
            "Protocol": "TCP",
            "Port": "6379",
            "ServiceTemplate": {},
            "SecurityGroupId": clients_id,
            "AddressTemplate": {},
            "Action": "ACCEPT",
            "PolicyDescription": "",
        }
        rest = {"PolicyIndex": 1, "ServiceTemplate": {}, "CidrBlock": "0.0.0.0/0", "AddressTemplate": {}, "Action": "DROP"}
        for rule in (one, rest):
            networks.vpc("CreateSecurityGroupPolicies", SecurityGroupId=group_id, SecurityGroupPolicySet={"Ingress": [rule]})
        found = networks.read_rules(group_id)["Ingress"]
        self.assertEqual([rule["SecurityGroupId"] for rule in found], [clients_id, ""])
        self.refused("ResourceInUse", self.wire.call, "DeleteSecurityGroup", "vpc", SecurityGroupId=clients_id)
        for rule in ({"CidrBlock": "0.0.0.0/0", "Action": "DROP"}, {"Protocol": "TCP", "Port": "6379", "SecurityGroupId": clients_id, "Action": "ACCEPT"}):
            networks.vpc("DeleteSecurityGroupPolicies", SecurityGroupId=group_id, SecurityGroupPolicySet={"Ingress": [rule]})
        self.assertEqual(networks.read_rules(group_id)["Ingress"], [])
        networks.delete_group(group_id)
        networks.delete_group(clients_id)

    def test_a_lite_rule_keeps_the_direction_that_did_not_change(self):
        group_id = self.networks.create_group("lite")
        self.networks.write_rules(group_id, Ingress=INGRESS, Egress=EGRESS)
        self.networks.write_rules(group_id, Ingress=INGRESS[1:])
        rules = self.networks.read_rules(group_id)
        self.assertEqual((len(rules["Ingress"]), told(rules["Egress"])), (1, [("ACCEPT", "0.0.0.0/0", "all", "ALL")]))
        self.networks.delete_group(group_id)

    def test_a_subnet_gets_another_route_table_only_of_its_vpc(self):
        networks = self.networks
        ids = [networks.create_vpc(name, "10.1.0.0/16") for name in ("one", "two")]
        subnet_id = networks.create_subnet(ids[0], "sub", "10.1.1.0/24", ZONE)
        own, other = [networks.read_vpc(vpc_id)["default_route_table_id"] for vpc_id in ids]
        replace = lambda table: self.wire.call("ReplaceRouteTableAssociation", "vpc", RouteTableId=table, SubnetId=subnet_id)
        replace(own)
        self.refused("UnsupportedOperation.VpcMismatch", replace, other)
        for vpc_id in ids:
            networks.vpc("DeleteVpc", VpcId=vpc_id)
        self.assertIsNone(networks.read_subnet(subnet_id), "a VPC takes its empty subnets along")

    def test_data_sources_find_what_there_is(self):
        networks = self.networks
        vpc_id = networks.create_vpc("listed", "10.2.0.0/16", {"kind": "listed"})
        networks.create_subnet(vpc_id, "listed", "10.2.1.0/24", ZONE)
        zones = self.provider.retried("DescribeZones", "cvm")["ZoneSet"]
        product = self.provider.retried("DescribeZones", "api", Product="redis")["ZoneSet"]
        for found in (zones, product):
            self.assertIn((ZONE, "100003", "AVAILABLE"), [(zone["Zone"], zone["ZoneId"], zone["ZoneState"]) for zone in found])
        wanted = [{"Name": "tag:kind", "Values": ["listed"]}, {"Name": "is-default", "Values": ["false"]}]
        vpcs = networks.vpc("DescribeVpcs", Filters=wanted, Offset="0", Limit="100")
        self.assertEqual([vpc["VpcId"] for vpc in vpcs["VpcSet"]], [vpc_id])
        subnets = networks.vpc("DescribeSubnets", Filters=[{"Name": "cidr-block", "Values": ["10.2.1.0/24"]}])
        self.assertEqual(subnets["TotalCount"], 1)
        ids = [networks.create_group(f"listed-{at}") for at in range(3)]
        groups = networks.vpc("DescribeSecurityGroups", Offset="0", Limit="50")["SecurityGroupSet"]
        self.assertTrue({*ids} <= {group["SecurityGroupId"] for group in groups})
        rows = networks.vpc("DescribeSecurityGroupAssociationStatistics", SecurityGroupIds=ids)
        self.assertEqual(len(rows["SecurityGroupAssociationStatisticsSet"]), len(ids))
        networks.vpc("DeleteVpc", VpcId=vpc_id)
        for group_id in ids:
            networks.delete_group(group_id)
