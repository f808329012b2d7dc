"""Resources that set one thing of an instance: encryption, connections, the window, where it is
reached."""

from case import STANDARD, Case
from provider import needs

NETWORK = {"vpc_id": "vpc-settings", "subnet_id": "subnet-settings"}


class Settings(Case):
    def setUp(self):
        self.instance_id = self.provider.create({**STANDARD, **NETWORK, "name": self.id().rsplit(".")[-1][:40]})

    def read(self, action, **more):
        return self.provider.retried(action, InstanceId=self.instance_id, **more)

    def set_ssl(self, action):
        task_id = needs(self.read(action), "TaskId")["TaskId"]
        # 0 or below: there was nothing to do, and nothing is waited for.
        if task_id > 0:
            self.provider.wait_task(task_id)
        return needs(self.read("DescribeSSLStatus"), "SSLConfig")["SSLConfig"]

    def test_ssl_is_turned_on_and_off_and_may_be_so_already(self):
        self.assertFalse(self.set_ssl("CloseSSL"), "disabled on a fresh instance")
        self.assertTrue(self.set_ssl("OpenSSL"))
        self.assertTrue(self.set_ssl("OpenSSL"), "enabled again")
        self.assertFalse(self.set_ssl("CloseSSL"))

    def test_connections_and_bandwidth_are_read_back_and_may_be_repeated(self):
        for _ in range(2):
            answer = self.read("ModifyConnectionConfig", ClientLimit=20000, Bandwidth=20)
            self.provider.wait_task(needs(answer, "TaskId")["TaskId"])
            instance = self.provider.look(self.instance_id)
            self.assertEqual(instance["ClientLimit"], 20000)
            bandwidth = needs(self.read("DescribeBandwidthRange"), "BaseBandwidth", "AddBandwidth")
            self.assertEqual(bandwidth["AddBandwidth"], 20)
            total = instance["NetLimit"] * instance["RedisShardNum"] * 8
            self.assertEqual(total, (bandwidth["BaseBandwidth"] + 20) * instance["RedisShardNum"] * 8)

    def test_the_window_is_echoed(self):
        self.read("ModifyMaintenanceWindow", StartTime="17:00", EndTime="19:00")
        window = self.read("DescribeMaintenanceWindow")
        self.assertEqual((window["StartTime"], window["EndTime"]), ("17:00", "19:00"))

    def attached(self):
        groups = self.read("DescribeDBSecurityGroups", Product="redis")
        return {needs(group, "SecurityGroupId")["SecurityGroupId"] for group in needs(groups, "Groups")["Groups"]}

    def test_a_group_is_attached_again_and_taken_off(self):
        own = {"Product": "redis", "SecurityGroupId": "sg-local001", "InstanceIds": [self.instance_id]}
        # An instance that lists it has it already.
        for _ in range(2):
            self.provider.retried("AssociateSecurityGroups", **own)
            self.assertEqual(self.attached(), {"sg-local001"})
        self.provider.retried("DisassociateSecurityGroups", **own)
        self.assertEqual(self.attached(), set())

    def test_a_public_address_is_there_with_the_first_status_2(self):
        self.assertEqual(self.provider.look(self.instance_id)["WanAddress"], "")
        self.read("AllocateWanAddress")
        self.provider.wait_online(self.instance_id)
        self.assertIn(".sql.tencentcdb.com:", self.provider.look(self.instance_id)["WanAddress"])
        self.read("ReleaseWanAddress")
        self.provider.wait_online(self.instance_id)
        self.assertEqual(self.provider.look(self.instance_id)["WanAddress"], "")

    def test_address_and_port_are_there_with_the_first_status_2(self):
        self.read("ModifyNetworkConfig", Operation="changeVip", Vip="10.250.0.9", VPort=6390)
        self.provider.wait_online(self.instance_id)
        instance = self.provider.look(self.instance_id)
        self.assertEqual((instance["WanIp"], instance["Port"]), ("10.250.0.9", 6390))
        self.read("ModifyNetworkConfig", Operation="changeVpc", VpcId="vpc-other000", SubnetId="subnet-other000")
        self.provider.wait_online(self.instance_id)
        instance = self.provider.look(self.instance_id)
        self.assertEqual((instance["UniqVpcId"], instance["UniqSubnetId"]), ("vpc-other000", "subnet-other000"))
