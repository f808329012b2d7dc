"""What the Terraform provider does with an instance, call by call, and what it counts on.

The provider reads many members without looking whether they are there, and ends with a panic where
one is not; `needs` stands for that."""

import time
import urllib.parse

from wire import REGION, Refusal

# Codes that the provider tries again after, by the whole code or what stands before its first dot.
RETRIED = {
    "ClientError.NetworkError",
    "ClientError.HttpStatusCodeError",
    "RequestLimitExceeded",
    "ResourceInUse",
    "ResourceUnavailable",
    "ResourceBusy",
}
# Seconds between polls. Terraform begins so and goes on to 10 s; none of these flows takes so long.
PAUSES = (0.04, 0.5, 0.5, 1, 1, 1, 2, 2, 2, 4, 4)
STATUSES = {0, 1, 2, -2, -3}
PROCESSING, ONLINE = {0, 1}, 2
DELETED = {-2, -3}
# Members of InstanceSet that the resource or the data source reads without looking.
NEEDED = (
    "Status InstanceName ZoneId SlaveReadWeight NoAuth BillingMode Type Createtime WanIp RedisShardSize "
    "RedisShardNum RedisReplicasNum Port ProjectId InstanceId UniqSubnetId UniqVpcId"
).split()


class Panic(AssertionError):
    """The provider would have ended with a nil dereference."""


def needs(found, *members):
    for member in members:
        if found.get(member) is None:
            raise Panic(f"{member} is missing in {found}")
    return found


def polls():
    """Ends the loop by itself when the provider would still wait."""
    for pause in PAUSES:
        time.sleep(pause)
        yield
    raise AssertionError("the provider would wait on")


class Provider:
    def __init__(self, wire):
        self.wire = wire

    def retried(self, action, service="redis", **members):
        """A call as the provider makes it: tried again after some codes, not after others."""
        for pause in (0.5, 0.5, 1, 2, None):
            try:
                return self.wire.call(action, service, **members)
            except Refusal as refusal:
                label = refusal.code.split(".")[0]
                if pause is None or not {refusal.code, label} & RETRIED:
                    raise
            time.sleep(pause)
        raise AssertionError("unreachable")

    # -- when it is configured

    def assume_role(self, role_arn, session_name, session_duration, policy=""):
        """The block `assume_role`: from then on every call is signed with the role's key."""
        members = {"RoleArn": role_arn, "RoleSessionName": session_name, "DurationSeconds": session_duration}
        if policy:
            members["Policy"] = urllib.parse.quote_plus(policy)
        answer = self.retried("AssumeRole", "sts", **members)
        key = needs(needs(answer, "Credentials")["Credentials"], "TmpSecretId", "TmpSecretKey", "Token")
        self.wire.key_pair, self.wire.token = (key["TmpSecretId"], key["TmpSecretKey"]), key["Token"]

    # -- what others need

    def zone_of_resource(self, name, type_id, shards, replicas):
        """The resource's check before it orders: what is sold in the zone. Answers the zone's id."""
        products = self.retried("DescribeProductInfo")
        regions = needs(products, "RegionSet")["RegionSet"]
        region = next(region for region in regions if needs(region, "RegionId", "ZoneSet")["RegionId"] == REGION)
        zone = next(zone for zone in region["ZoneSet"] if needs(zone, "ZoneName")["ZoneName"] == name)
        assert needs(zone, "IsSaleout", "ProductSet")["IsSaleout"] is False
        rows = [row for row in zone["ProductSet"] if needs(row, "Type", "ShardNum", "ReplicaNum")["Type"] == type_id]
        assert rows, f"{type_id} is not sold in {name}"
        assert all(str(shards) in row["ShardNum"] for row in rows), rows
        assert all(str(replicas) in row["ReplicaNum"] for row in rows), rows
        return self.zone_ids()[name]

    def zone_ids(self):
        """Zone names and numbers, from the region service: the numbers come as text."""
        zones = self.retried("DescribeZones", "region", Product="redis")
        return {needs(zone, "Zone", "ZoneId")["Zone"]: int(zone["ZoneId"]) for zone in zones["ZoneSet"]}

    def look(self, instance_id):
        """DescribeInstances of one; `None` if it is not there."""
        answer = needs(self.retried("DescribeInstances", InstanceId=instance_id), "TotalCount", "InstanceSet")
        if not answer["InstanceSet"]:
            assert answer["TotalCount"] == 0
            return None
        assert answer["TotalCount"] == 1 and len(answer["InstanceSet"]) == 1, answer
        instance = needs(answer["InstanceSet"][0], *NEEDED)
        assert instance["Status"] in STATUSES, f"unknown status {instance['Status']}"
        for node in instance.get("NodeSet") or []:
            needs(node, "NodeType", "NodeId", "ZoneId")
        for tag in instance.get("InstanceTags") or []:
            needs(tag, "TagKey", "TagValue")
        return instance

    def wait_online(self, instance_id):
        for _ in polls():
            instance = self.look(instance_id)
            assert instance, "not exist: the provider does not try again"
            if instance["Status"] == ONLINE:
                return instance
            assert instance["Status"] in PROCESSING, instance["Status"]

    def wait_changed(self, instance_id):
        """Insists on seeing a status other than 2 first: a change that is done at once is never seen."""
        begun = False
        for _ in polls():
            status = self.look(instance_id)["Status"]
            begun = begun or status != ONLINE
            if begun and status not in PROCESSING:
                assert status == ONLINE, status
                return

    def wait_task(self, task_id):
        assert isinstance(task_id, int) and task_id > 0, task_id
        for _ in polls():
            status = needs(self.retried("DescribeTaskInfo", TaskId=task_id), "Status")["Status"]
            if status == "succeed":
                return
            assert status in ("preparing", "running"), f"redis task exe fail: {status}"

    def wait_deleted(self, instance_id):
        for _ in polls():
            instance = self.look(instance_id)
            if instance is None or instance["Status"] in DELETED:
                return

    # -- the resource

    def create(self, config):
        nodes = config.get("replica_zone_ids", [])
        zone_id = self.zone_of_resource(
            config["availability_zone"], config["type_id"], config.get("shards", 1), config["replicas"]
        )
        order = {
            "ZoneId": zone_id,
            "TypeId": config["type_id"],
            "MemSize": config["mem_size"],
            "GoodsNum": 1,
            "Period": config.get("prepaid_period", 1),
            "BillingMode": config.get("billing_mode", 0),
            "RedisShardNum": config.get("shards", 1),
            "RedisReplicasNum": config["replicas"],
            "InstanceName": config["name"],
            "Password": "Local#Pass1",
            "VPort": 6379,
            "ProjectId": 0,
            "NoAuth": False,
        }
        if "vpc_id" in config:
            order |= {"VpcId": config["vpc_id"], "SubnetId": config["subnet_id"]}
        if config.get("replicas_read_only"):
            order["ReplicasReadonly"] = True
        if config.get("security_groups"):
            order["SecurityGroupIdList"] = config["security_groups"]
        if nodes:
            master = [{"NodeType": 0, "ZoneId": zone_id}]
            order["NodeSet"] = master + [{"NodeType": 1, "ZoneId": zone} for zone in nodes]
        # The order is not tried again: it could be made twice.
        answer = needs(self.wire.call("CreateInstances", **order), "InstanceIds")
        assert answer["InstanceIds"], "redis api CreateInstances return empty redis id"
        instance_id = answer["InstanceIds"][0]
        first = self.look(instance_id)
        assert first, "not exist: a new instance must be listed at once"
        assert first["Status"] in PROCESSING | {ONLINE}, first["Status"]
        self.wait_online(instance_id)
        if config.get("tags"):
            self.change_tags(instance_id, {}, config["tags"])
        return instance_id

    def read(self, instance_id):
        """Refresh: what becomes the resource's state; `None` if it is to be forgotten."""
        instance = self.look(instance_id)
        assert instance, "Fail to get info from redis: a vanished instance is an error"
        if instance["Status"] in DELETED:
            return None
        names = {number: name for name, number in self.zone_ids().items()}
        assert instance["ZoneId"] in names, "this redis zone is not support yet"
        state = {
            "name": instance["InstanceName"],
            "availability_zone": names[instance["ZoneId"]],
            "type_id": instance["Type"],
            "mem_size": instance["RedisShardSize"],
            "shards": instance["RedisShardNum"],
            "replicas": instance["RedisReplicasNum"],
            "billing_mode": instance["BillingMode"],
            "project_id": instance["ProjectId"],
            "no_auth": instance["NoAuth"],
            "port": instance["Port"],
            "replicas_read_only": instance["SlaveReadWeight"] == 100,
        }
        if nodes := instance.get("NodeSet"):
            state["replicas"] = len(nodes) - 1
            state["replica_zone_ids"] = sorted(node["ZoneId"] for node in nodes if node["NodeType"] == 1)
        if instance["UniqVpcId"]:
            state |= {"vpc_id": instance["UniqVpcId"], "subnet_id": instance["UniqSubnetId"]}
            groups = self.retried("DescribeInstanceSecurityGroup", InstanceIds=[instance_id])
            details = needs(groups, "InstanceSecurityGroupsDetail")["InstanceSecurityGroupsDetail"]
            of_instance = [detail for detail in details if needs(detail, "InstanceId")["InstanceId"] == instance_id]
            state["security_groups"] = [
                needs(group, "SecurityGroupId")["SecurityGroupId"]
                for detail in of_instance
                for group in detail["SecurityGroupDetails"] or []
            ]
        state["tags"] = self.tags(instance_id)
        return state

    def tags(self, instance_id):
        answer = self.retried(
            "DescribeResourceTagsByResourceIds",
            "tag",
            ServiceType="redis",
            ResourcePrefix="instance",
            ResourceIds=[instance_id],
            ResourceRegion=REGION,
        )
        rows = needs(answer, "Tags")["Tags"]
        assert all(needs(row, "ResourceId")["ResourceId"] == instance_id for row in rows), rows
        return {needs(row, "TagKey", "TagValue")["TagKey"]: row["TagValue"] for row in rows}

    def change_tags(self, instance_id, before, after):
        self.retried(
            "ModifyResourceTags",
            "tag",
            Resource=f"qcs::redis:{REGION}:uin/:instance/{instance_id}",
            ReplaceTags=[
                {"TagKey": key, "TagValue": value} for key, value in after.items() if before.get(key) != value
            ],
            DeleteTags=[{"TagKey": key} for key in before if key not in after],
        )

    def scale(self, instance_id, mem_size, shards=None, replicas=None, **more):
        """Memory, shards or replicas."""
        change = {"InstanceId": instance_id, "MemSize": mem_size, **more}
        if shards is not None:
            change["RedisShardNum"] = shards
        if replicas is not None:
            change["RedisReplicasNum"] = replicas
        answer = self.retried("UpgradeInstance", **change)
        assert needs(answer, "DealId")["DealId"]
        self.wait_changed(instance_id)

    def rename(self, instance_id, name):
        self.retried("ModifyInstance", Operation="rename", InstanceIds=[instance_id], InstanceNames=[name])

    def move_to_project(self, instance_id, project_id):
        self.retried("ModifyInstance", Operation="modifyProject", InstanceIds=[instance_id], ProjectId=project_id)

    def change_password(self, instance_id, password=None, no_auth=None):
        change = {"InstanceId": instance_id}
        if no_auth is not None:
            change["NoAuth"] = no_auth
        if password is not None:
            change["Password"] = password
        self.wait_task(needs(self.retried("ResetPassword", **change), "TaskId")["TaskId"])

    def change_charge_type(self, instance_id, charge_type, months):
        change = {"InstanceIds": [instance_id], "InstanceChargeType": charge_type}
        if charge_type == "PREPAID":
            change["Period"] = months
        answer = self.retried("ModifyInstanceChargeType", **change)
        assert not answer.get("FailedInstanceIds"), answer
        self.wait_online(instance_id)

    def move(self, instance_id, zone_id, replica_zone_ids):
        """To other zones, each node named by the number it has."""
        nodes = self.look(instance_id)["NodeSet"]
        wanted = [(0, zone_id)] + [(1, zone) for zone in replica_zone_ids]
        node_set = []
        for role, zone in wanted:
            known = next(node for node in nodes if node["NodeType"] == role)
            nodes.remove(known)
            node_set.append({"NodeType": role, "NodeId": known["NodeId"], "ZoneId": zone})
        answer = self.retried("ModifyInstanceAvailabilityZones", InstanceId=instance_id, SwitchOption=2, NodeSet=node_set)
        assert needs(answer, "TaskId")["TaskId"] > 0
        self.wait_changed(instance_id)

    def destroy(self, instance_id, force_delete=False):
        instance = self.look(instance_id)
        if instance is None or instance["Status"] in DELETED:
            return
        if instance["BillingMode"] == 0:
            answer = self.retried("DestroyPostpaidInstance", InstanceId=instance_id)
            self.wait_task(needs(answer, "TaskId")["TaskId"])
        else:
            answer = self.retried("DestroyPrepaidInstance", InstanceId=instance_id)
            assert needs(answer, "DealId")["DealId"]
        self.wait_deleted(instance_id)
        if force_delete:
            self.clean_up(instance_id)

    def clean_up(self, instance_id):
        answer = self.retried("CleanUpInstance", InstanceId=instance_id)
        # Its task is read when the instance is gone.
        self.wait_task(needs(answer, "TaskId")["TaskId"])

    # -- data sources

    def list_instances(self, **filters):
        """tencentcloud_redis_instances: pages of two, until TotalCount says that all were seen."""
        found, offset, limit = [], 0, 2
        while True:
            answer = self.retried("DescribeInstances", Limit=limit, Offset=offset, **filters)
            total = needs(answer, "TotalCount")["TotalCount"]
            found += [needs(instance, *NEEDED) for instance in answer["InstanceSet"]]
            offset += limit
            if total - offset < 0:
                names = {number: name for name, number in self.zone_ids().items()}
                return [(instance, names[instance["ZoneId"]]) for instance in found]

    def zone_config(self, type_id=None):
        """tencentcloud_redis_zone_config: matches zones by ZoneId, which here is their name."""
        products = self.retried("DescribeProductInfo")
        region = next(region for region in products["RegionSet"] if region["RegionId"] == REGION)
        rows = []
        for zone in region["ZoneSet"]:
            if needs(zone, "ZoneId", "IsSaleout", "ProductSet")["IsSaleout"]:
                continue
            for row in zone["ProductSet"]:
                needs(row, "Type", "Saleout", "TotalSize", "ShardSize", "ShardNum", "ReplicaNum", "PayMode")
                if row["Saleout"] or (type_id is not None and row["Type"] != type_id):
                    continue
                rows.append(
                    {
                        "zone": zone["ZoneId"],
                        "type_id": row["Type"],
                        # Sizes come in GB, as text.
                        "shard_memories": [int(float(size) * 1024) for size in row["ShardSize"]],
                        "shard_nums": [int(number) for number in row["ShardNum"]],
                        "replicas_nums": [int(number) for number in row["ReplicaNum"]],
                    }
                )
        return rows

    def list_tasks(self, instance_id):
        """tencentcloud_redis_instance_task_list: pages of 20, until one is not full."""
        tasks = []
        while True:
            answer = self.retried("DescribeTaskList", InstanceId=instance_id, Limit=20, Offset=len(tasks))
            tasks += needs(answer, "Tasks")["Tasks"]
            if len(answer["Tasks"]) < 20:
                return tasks

    def list_clusters(self, **filters):
        """tencentcloud_redis_clusters: pages of 20, until one is not full."""
        clusters = []
        while True:
            answer = self.retried("DescribeRedisClusters", Limit=20, Offset=len(clusters), **filters)
            clusters += needs(answer, "Resources")["Resources"]
            if len(answer["Resources"]) < 20:
                return clusters

    # -- redis_param and redis_param_template

    def params(self, instance_id):
        """Every parameter that is listed, by name."""
        answer = self.retried("DescribeInstanceParams", InstanceId=instance_id)
        lists = ("InstanceEnumParam", "InstanceIntegerParam", "InstanceTextParam", "InstanceMultiParam")
        rows = [row for name in lists for row in needs(answer, name)[name]]
        return {needs(row, "ParamName", "CurrentValue")["ParamName"]: row["CurrentValue"] for row in rows}

    def set_params(self, instance_id, wanted):
        """Create and update: only what differs is sent, and nothing where nothing does."""
        found = self.params(instance_id)
        assert wanted.keys() <= found.keys(), wanted.keys() - found.keys()
        changed = [{"Key": key, "Value": value} for key, value in wanted.items() if found[key] != value]
        if not changed:
            return 0
        answer = self.retried("ModifyInstanceParams", InstanceId=instance_id, InstanceParams=changed)
        self.wait_task(needs(answer, "TaskId")["TaskId"])
        return len(changed)

    def param_records(self, instance_id):
        """The data source: pages of 20 until a short one."""
        rows, offset = [], 0
        while True:
            page = self.retried("DescribeInstanceParamRecords", InstanceId=instance_id, Limit=20, Offset=offset)
            rows += page["InstanceParamHistory"]
            if len(page["InstanceParamHistory"]) < 20:
                return rows
            offset += 20

    def template(self, template_id):
        """Refresh of a template: its name, its description, its type and all values."""
        answer = self.retried("DescribeParamTemplateInfo", TemplateId=template_id)
        needs(answer, "Name", "ProductType", "Items")
        values = {needs(item, "Name", "CurrentValue")["Name"]: item["CurrentValue"] for item in answer["Items"]}
        return answer["Name"], answer["Description"], answer["ProductType"], values

    # -- redis_replicate_attachment

    def group(self, group_id):
        """Refresh: the one that writes, and all members; `None` if the group is to be made anew."""
        answer = self.retried("DescribeReplicationGroup", GroupId=group_id, Offset=0, Limit=20)
        if not answer["Groups"]:
            return None
        members = [needs(one, "Role", "InstanceId") for one in needs(answer["Groups"][0], "Instances")["Instances"]]
        masters = [one["InstanceId"] for one in members if one["Role"] == "rw"]
        return (masters or [None])[-1], {one["InstanceId"] for one in members}

    def _of_group(self, action, group_id, instance_id, **members):
        answer = self.retried(action, GroupId=group_id, InstanceId=instance_id, **members)
        if needs(answer, "TaskId")["TaskId"] > 0:
            self.wait_task(answer["TaskId"])

    def attach(self, group_id, master_id, instance_ids):
        """Create: the one that writes first, then the others one by one."""
        self._of_group("AddReplicationInstance", group_id, master_id, InstanceRole="rw")
        for instance_id in sorted(instance_ids - {master_id}):
            self._of_group("AddReplicationInstance", group_id, instance_id, InstanceRole="r")

    def reattach(self, group_id, before, after):
        """Update: who writes, then who comes, then who goes."""
        (was_master, were), (master_id, instance_ids) = before, after
        if was_master != master_id:
            self._of_group("ChangeMasterInstance", group_id, master_id)
        for instance_id in sorted(instance_ids - were):
            self._of_group("AddReplicationInstance", group_id, instance_id, InstanceRole="r")
        for instance_id in sorted(were - instance_ids):
            self._of_group("RemoveReplicationInstance", group_id, instance_id, SyncType=False)

    def detach(self, group_id):
        """Delete: all that read, and the one that writes last. A group that is gone ends the provider."""
        group = self.group(group_id)
        if group is None:
            raise Panic("the group is gone")
        master_id, instance_ids = group
        for instance_id in sorted(instance_ids, key=lambda one: one == master_id):
            self._of_group("RemoveReplicationInstance", group_id, instance_id, SyncType=False)
