"""What the Terraform provider does with Redis accounts and the password policy, call by call, and what it counts on."""

from provider import needs, polls

PAGE = 50
READY = 2


class Accounts:
    def __init__(self, provider):
        self._provider = provider
        self._call = provider.retried

    # -- tencentcloud_redis_account

    def look(self, instance_id, name):
        """DescribeInstanceAccount page by page, until a short one; `None` if it is not there."""
        offset = 0
        while True:
            answer = self._call("DescribeInstanceAccount", InstanceId=instance_id, Limit=PAGE, Offset=offset)
            rows = [needs(row, "AccountName") for row in needs(answer, "Accounts")["Accounts"]]
            for row in rows:
                if row["AccountName"] == name:
                    return needs(row, "Status", "InstanceId", "Privilege", "ReadonlyPolicy")
            if len(rows) < PAGE:
                return None
            offset += PAGE

    def _wait_ready(self, instance_id, name):
        for _ in polls():
            account = self.look(instance_id, name)
            if account and account["Status"] == READY:
                return

    def begin(self, config):
        """The call that makes one; the task that it hands out."""
        answer = self._call(
            "CreateInstanceAccount",
            InstanceId=config["instance_id"],
            AccountName=config["account_name"],
            AccountPassword=config["account_password"],
            ReadonlyPolicy=config["readonly_policy"],
            Privilege=config["privilege"],
            **({"Remark": config["remark"]} if config.get("remark") else {}),
        )
        return needs(answer, "TaskId")["TaskId"]

    def wait(self, config, task_id):
        self._provider.wait_task(task_id)
        self._wait_ready(config["instance_id"], config["account_name"])

    def create(self, config):
        self.wait(config, self.begin(config))

    def read(self, config):
        account = self.look(config["instance_id"], config["account_name"])
        if account is None:
            return None
        return {
            "instance_id": account["InstanceId"],
            "account_name": account["AccountName"],
            "readonly_policy": sorted(account["ReadonlyPolicy"]),
            "privilege": account["Privilege"],
            "remark": account.get("Remark", ""),
        }

    def update(self, config, **changed):
        """Route and privilege go along always, password and remark if they changed."""
        config = {**config, **changed}
        more = {"account_password": "AccountPassword", "remark": "Remark"}
        answer = self._call(
            "ModifyInstanceAccount",
            InstanceId=config["instance_id"],
            AccountName=config["account_name"],
            ReadonlyPolicy=config["readonly_policy"],
            Privilege=config["privilege"],
            **{member: changed[key] for key, member in more.items() if changed.get(key)},
        )
        self.wait(config, needs(answer, "TaskId")["TaskId"])
        return config

    def delete(self, config):
        members = {"InstanceId": config["instance_id"], "AccountName": config["account_name"]}
        answer = self._call("DeleteInstanceAccount", **members)
        self._provider.wait_task(needs(answer, "TaskId")["TaskId"])

    # -- tencentcloud_redis_instance_password_policy_config

    def set_policy(self, instance_id, policy):
        """Members that are not configured are sent as 0."""
        names = ("MinLetterCount", "MinDigitCount", "MinSpecialCount", "MinLength")
        sent = {"Enabled": policy["Enabled"], **{name: policy.get(name, 0) for name in names}}
        self._call("ModifyInstancePasswordPolicy", InstanceId=instance_id, PasswordPolicy=sent)
        answer = self._call("DescribeInstancePasswordPolicy", InstanceId=instance_id)
        found = needs(answer, "PasswordPolicy")["PasswordPolicy"]
        return sent, needs(found, "Enabled", *names)
