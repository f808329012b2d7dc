"""What the Terraform provider does with VPCs, subnets, security groups and their rules, call by call,
and what it counts on."""

from provider import needs, polls
from wire import REGION, Refusal

PAGE = {"Offset": "0", "Limit": "100"}
# Members that are read without looking.
VPC = "VpcId VpcName CidrBlock IsDefault EnableMulticast CreatedTime".split()
SUBNET = (
    "VpcId SubnetId SubnetName CidrBlock IsDefault EnableBroadcast Zone RouteTableId CreatedTime "
    "AvailableIpAddressCount CdcId"
).split()
TABLE = "VpcId RouteTableId RouteTableName Main CreatedTime".split()
GROUP = "SecurityGroupId SecurityGroupName SecurityGroupDesc ProjectId CreatedTime".split()
POLICY = "Action CidrBlock Ipv6CidrBlock SecurityGroupId AddressTemplate ServiceTemplate Port Protocol".split()
USED_BY = "CVM CDB ENI CLB SG".split()


def filters(**values):
    names = {name.replace("_", "-"): value for name, value in values.items()}
    return [{"Name": name, "Values": [value]} for name, value in names.items()]


class Networks:
    def __init__(self, provider):
        self._retried = provider.retried
        self._once = provider.wire.call

    def vpc(self, action, **members):
        return self._retried(action, "vpc", **members)

    def tags(self, service, prefix, resource_id):
        answer = self._retried(
            "DescribeResourceTagsByResourceIds",
            "tag",
            ServiceType=service,
            ResourcePrefix=prefix,
            ResourceIds=[resource_id],
            ResourceRegion=REGION,
            Offset=0,
            Limit=20,
        )
        rows = needs(answer, "Tags")["Tags"]
        return {needs(row, "ResourceId", "TagKey", "TagValue")["TagKey"]: row["TagValue"] for row in rows}

    def set_tags(self, service, prefix, resource_id, tags):
        self._retried(
            "ModifyResourceTags",
            "tag",
            Resource=f"qcs::{service}:{REGION}:uin/:{prefix}/{resource_id}",
            ReplaceTags=[{"TagKey": key, "TagValue": value} for key, value in tags.items()],
            DeleteTags=[],
        )

    # -- tencentcloud_vpc

    def create_vpc(self, name, cidr, tags=None, **more):
        given = {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]} if tags else {}
        answer = self.vpc(
            "CreateVpc",
            VpcName=name,
            CidrBlock=cidr,
            EnableMulticast="false",
            EnableRouteVpcPublish=False,
            EnableRouteVpcPublishIpv6=False,
            **given,
            **more,
        )
        made = needs(needs(answer, "Vpc")["Vpc"], "VpcId", "IsDefault")
        return made["VpcId"]

    def read_vpc(self, vpc_id):
        """`None` if it is gone. Its tags are read here, and not at the tag service."""
        answer = needs(self.vpc("DescribeVpcs", Filters=filters(vpc_id=vpc_id), **PAGE), "TotalCount", "VpcSet")
        if not answer["VpcSet"]:
            return None
        vpc = needs(answer["VpcSet"][0], *VPC)
        tables = self.vpc(
            "DescribeRouteTables",
            Filters=[*filters(vpc_id=vpc_id), {"Name": "association.main", "Values": ["true"]}],
            **PAGE,
        )
        assert needs(tables, "TotalCount")["TotalCount"] == 1, tables
        table = needs(tables["RouteTableSet"][0], *TABLE)
        tags = {needs(tag, "Key", "Value")["Key"]: tag["Value"] for tag in vpc["TagSet"]}
        return {**vpc, "tags": tags, "default_route_table_id": table["RouteTableId"]}

    def change_vpc(self, vpc_id, name):
        self.vpc(
            "ModifyVpcAttribute",
            VpcId=vpc_id,
            VpcName=name,
            EnableMulticast="false",
            EnableRouteVpcPublish=False,
            EnableRouteVpcPublishIpv6=False,
        )

    # -- tencentcloud_subnet

    def create_subnet(self, vpc_id, name, cidr, zone, tags=None):
        given = {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]} if tags else {}
        answer = self.vpc("CreateSubnet", VpcId=vpc_id, SubnetName=name, CidrBlock=cidr, Zone=zone, **given)
        subnet_id = needs(needs(answer, "Subnet")["Subnet"], "SubnetId")["SubnetId"]
        self.vpc("ModifySubnetAttribute", SubnetId=subnet_id, SubnetName=name, EnableBroadcast="false")
        if tags:
            self.set_tags("vpc", "subnet", subnet_id, tags)
        return subnet_id

    def read_subnet(self, subnet_id):
        answer = self.vpc("DescribeSubnets", Filters=filters(subnet_id=subnet_id), **PAGE)
        if not needs(answer, "TotalCount", "SubnetSet")["SubnetSet"]:
            return None
        subnet = needs(answer["SubnetSet"][0], *SUBNET)
        return {**subnet, "tags": self.tags("vpc", "subnet", subnet_id)}

    # -- tencentcloud_security_group

    def create_group(self, name, description="", tags=None):
        given = {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]} if tags else {}
        answer = self.vpc("CreateSecurityGroup", GroupName=name, GroupDescription=description, **given)
        group_id = needs(needs(answer, "SecurityGroup")["SecurityGroup"], "SecurityGroupId")["SecurityGroupId"]
        if tags:
            self.set_tags("cvm", "sg", group_id, tags)
        return group_id

    def read_group(self, group_id):
        try:
            answer = self.vpc("DescribeSecurityGroups", SecurityGroupIds=[group_id])
        except Refusal as refusal:
            assert refusal.code == "ResourceNotFound", refusal
            return None
        group = needs(answer["SecurityGroupSet"][0], *GROUP)
        int(group["ProjectId"])
        return {**group, "tags": self.tags("cvm", "sg", group_id)}

    def delete_group(self, group_id):
        for _ in polls():
            answer = self.vpc("DescribeSecurityGroupAssociationStatistics", SecurityGroupIds=[group_id])
            rows = answer["SecurityGroupAssociationStatisticsSet"]
            assert len(rows) == 1, rows
            if not any(needs(rows[0], "SecurityGroupId", *USED_BY)[name] for name in USED_BY):
                break
        self.vpc("DeleteSecurityGroup", SecurityGroupId=group_id)

    # -- rules: nothing of a rule set is tried again

    def write_rules(self, group_id, version=None, sort=False, **directions):
        members = {"SortPolicys": True} if sort else {}
        rules = {"Version": version} if version else {}
        rules |= {direction: rows for direction, rows in directions.items() if rows}
        self._once(
            "ModifySecurityGroupPolicies", "vpc", SecurityGroupId=group_id, SecurityGroupPolicySet=rules, **members
        )

    def read_rules(self, group_id):
        answer = self._once("DescribeSecurityGroupPolicies", "vpc", SecurityGroupId=group_id)
        rules = needs(needs(answer, "SecurityGroupPolicySet")["SecurityGroupPolicySet"], "Version")
        int(rules["Version"])
        for rule in rules["Ingress"] + rules["Egress"]:
            needs(rule, *POLICY)
            needs(rule["AddressTemplate"], "AddressId", "AddressGroupId")
            needs(rule["ServiceTemplate"], "ServiceId", "ServiceGroupId")
            assert rule["Action"] in ("ACCEPT", "DROP"), rule
        return rules
