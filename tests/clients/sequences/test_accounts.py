"""tencentcloud_redis_account and the password policy: made, read, changed, made side by side, gone."""

from accounts import Accounts
from case import MASTER_REPLICA, STANDARD, Case
from wire import Refusal

STRICT = {"Enabled": True, "MinLetterCount": 2, "MinDigitCount": 2, "MinSpecialCount": 1, "MinLength": 10}


class InstanceAccounts(Case):
    def setUp(self):
        self.accounts = Accounts(self.provider)

    def config(self, instance_id, name="app_rw", **more):
        return {
            "instance_id": instance_id,
            "account_name": name,
            "account_password": "test1234",
            "readonly_policy": ["master"],
            "privilege": "r",
            **more,
        }

    def assert_reads_back(self, config):
        wanted = {"remark": "", **config}
        del wanted["account_password"]
        self.assertEqual(self.accounts.read(config), wanted)

    def refused(self, code, call, *arguments, **members):
        with self.assertRaises(Refusal) as refused:
            call(*arguments, **members)
        self.assertEqual(refused.exception.code, code)

    def test_an_account_is_made_changed_and_gone(self):
        config = self.config(self.provider.create(STANDARD))
        self.accounts.create(config)
        self.assert_reads_back(config)
        config = self.accounts.update(config, privilege="rw")
        config = self.accounts.update(config, remark="应用", account_password="test5678")
        self.assert_reads_back(config)
        # Values that are so already are sent as well.
        config = self.accounts.update(config)
        self.assert_reads_back(config)
        self.accounts.delete(config)
        self.assertIsNone(self.accounts.read(config))

    def test_several_are_made_side_by_side(self):
        instance_id = self.provider.create(STANDARD)
        configs = [self.config(instance_id, f"app-{at}") for at in range(4)]
        tasks = [self.accounts.begin(config) for config in configs]
        for config, task_id in zip(configs, tasks):
            self.accounts.wait(config, task_id)
            self.assert_reads_back(config)
        for config in configs:
            self.accounts.delete(config)

    def test_more_than_a_page_of_them_are_found(self):
        instance_id = self.provider.create(STANDARD)
        configs = [self.config(instance_id, f"many-{at}") for at in range(51)]
        for config in configs:
            self.accounts.begin(config)
        self.accounts.wait(configs[-1], self.accounts.begin(self.config(instance_id, "last")))
        self.assert_reads_back(configs[-1])

    def test_the_route_of_root_alone_is_changed(self):
        instance_id = self.provider.create({**STANDARD, "replicas_read_only": True})
        root = self.config(instance_id, "root", privilege="rw", readonly_policy=["master", "replication"])
        root = self.accounts.update(root)
        self.assertEqual(self.accounts.read(root)["readonly_policy"], ["master", "replication"])

    def test_an_edition_without_accounts_says_so(self):
        config = self.config(self.provider.create(MASTER_REPLICA))
        self.refused("FailedOperation.UnSupportError", self.accounts.begin, config)

    def test_a_policy_is_read_back_and_holds(self):
        instance_id = self.provider.create(STANDARD)
        sent, found = self.accounts.set_policy(instance_id, STRICT)
        self.assertEqual(sent, found)
        self.refused("InvalidParameterValue", self.accounts.begin, self.config(instance_id))
        self.refused(
            "InvalidParameterValue.PasswordRuleError", self.provider.change_password, instance_id, password="test1234"
        )
        self.provider.change_password(instance_id, password="Other#Pass22")
        # Not enabled and nothing configured: what is read back is what was sent.
        sent, found = self.accounts.set_policy(instance_id, {"Enabled": False})
        self.assertEqual(sent, found)
        self.provider.change_password(instance_id, password="test1234")
