"""What the provider tries again after, and what it gives up on."""

from case import MASTER_REPLICA, Case
from wire import Refusal


class Retry(Case):
    def faults(self, action, code, times):
        rule = {"Match": {"Action": action}, "Then": {"Code": code}, "Times": times}
        fault_id = self.server.control("POST", "/faults", rule)["Id"]
        # A rule that has fired as often as it should is gone already.
        self.addCleanup(lambda: self.server.send("DELETE", f"/_crs/faults/{fault_id}"))

    def test_throttled_and_busy_calls_are_made_again_and_succeed(self):
        for code in ("RequestLimitExceeded", "ResourceUnavailable.InstanceStatusAbnormal"):
            with self.subTest(code):
                self.faults("UpgradeInstance", code, 2)
                self.wire.made.clear()
                self.provider.retried("UpgradeInstance", InstanceId="crs-5qlrlhux", MemSize=self.next_size())
                self.assertEqual(self.wire.made, ["redis:UpgradeInstance"] * 3)
                self.provider.wait_changed("crs-5qlrlhux")

    sizes = iter((2048, 4096, 8192))

    def next_size(self):
        return next(self.sizes)

    def test_other_codes_are_not_tried_again(self):
        for code in ("FailedOperation.PayFailed", "InternalError", "InvalidParameterValue.SpecNotExist"):
            with self.subTest(code):
                self.faults("UpgradeInstance", code, 1)
                self.wire.made.clear()
                with self.assertRaises(Refusal) as refused:
                    self.provider.retried("UpgradeInstance", InstanceId="crs-5qlrlhux", MemSize=4096)
                self.assertEqual(refused.exception.code, code)
                self.assertEqual(self.wire.made, ["redis:UpgradeInstance"])

    def test_a_busy_instance_is_waited_for(self):
        instance_id = self.provider.create(MASTER_REPLICA)
        self.provider.retried("UpgradeInstance", InstanceId=instance_id, MemSize=4096)
        # The first flow ends once it has been seen, which nobody else does here.
        self.assertEqual(self.provider.look(instance_id)["Status"], 1)
        self.provider.retried("UpgradeInstance", InstanceId=instance_id, MemSize=8192)
        self.provider.wait_changed(instance_id)
        self.assertEqual(self.provider.look(instance_id)["RedisShardSize"], 8192)
