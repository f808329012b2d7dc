"""tencentcloud_redis_replicate_attachment: members of a group that is there, which no resource makes."""

from case import CLUSTER, Case
from wire import Refusal

MEMBER = {**CLUSTER, "type_id": 7, "mem_size": 4096, "shards": 1, "replicas": 1, "name": "member"}
GROUP = "crs-rpl-orfiwmn5"


class Attachment(Case):
    fixture = {"Accounts": [{
        "Balance": 100_000_000,
        "Credentials": [{"SecretId": "AKIDlocal", "SecretKey": "local"}],
        "ReplicationGroups": [{"GroupId": GROUP}],
    }]}

    def test_members_come_change_and_go(self):
        one, two, three = (self.provider.create(MEMBER) for _ in range(3))
        for _ in range(2):  # the group is empty again afterwards, and is taken anew
            self.provider.attach(GROUP, one, {one, two, three})
            self.assertEqual(self.provider.group(GROUP), (one, {one, two, three}))
            self.provider.reattach(GROUP, (one, {one, two, three}), (two, {one, two}))
            self.assertEqual(self.provider.group(GROUP), (two, {one, two}))
            self.provider.detach(GROUP)
            self.assertEqual(self.provider.group(GROUP), (None, set()))
        for instance_id in (one, two, three):
            self.assert_no_diff(instance_id, MEMBER)

    def test_a_group_that_is_not_there_is_refused_before_the_provider_ends(self):
        with self.assertRaises(Refusal) as refused:
            self.provider.detach("crs-rpl-gone0000")
        self.assertEqual(refused.exception.code, "InvalidParameterValue.ReplicationGroupNotExists")

    def test_another_size_is_refused(self):
        one, other = self.provider.create(MEMBER), self.provider.create({**MEMBER, "mem_size": 1024})
        self.provider.attach(GROUP, one, {one})
        with self.assertRaises(Refusal) as refused:
            self.provider.attach(GROUP, other, {other})
        self.assertEqual(refused.exception.code, "InvalidParameterValue.SpecNotExist")
        self.provider.detach(GROUP)
