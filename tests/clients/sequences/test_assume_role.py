"""The block `assume_role` of the provider: one call of sts, and then the role's key for everything."""

import json

from case import STANDARD, Case
from wire import SECRET_ID, SECRET_KEY, Refusal

ROLE = "qcs::cam::uin/100000000001:roleName/ci"


def policy(*actions):
    """As a configuration has it: with blanks, which the provider writes as `+`."""
    statement = {"effect": "allow", "action": list(actions), "resource": "*"}
    return json.dumps({"version": "2.0", "statement": [statement]}, indent=2)


class AssumeRole(Case):
    def setUp(self):
        self.wire.key_pair, self.wire.token = (SECRET_ID, SECRET_KEY), None
        self.wire.made.clear()

    def test_a_role_makes_and_reads_an_instance(self):
        self.provider.assume_role(ROLE, "tests", 3600)
        self.assertEqual(self.wire.made, ["sts:AssumeRole"])
        self.assertTrue(self.wire.token)
        instance_id = self.provider.create(STANDARD)
        self.assert_no_diff(instance_id, STANDARD)

    def test_its_policy_holds(self):
        self.provider.assume_role(ROLE, "tests", 7200, policy("redis:Describe*", "region:*"))
        self.provider.zone_ids()
        self.assertIsNone(self.provider.look("crs-notthere"))
        with self.assertRaises(Refusal) as refused:
            self.provider.create(STANDARD)
        self.assertEqual(refused.exception.code, "UnauthorizedOperation.NoCAMAuthed")

    def test_a_role_of_another_account_is_not_asked_for_again(self):
        with self.assertRaises(Refusal) as refused:
            self.provider.assume_role("qcs::cam::uin/100012345678:roleName/ci", "tests", 3600)
        self.assertEqual(refused.exception.code, "ResourceNotFound.RoleNotFound")
        self.assertEqual(self.wire.made, ["sts:AssumeRole"])

    def test_without_its_token_the_key_is_refused(self):
        self.provider.assume_role(ROLE, "tests", 3600)
        self.wire.token = None
        with self.assertRaises(Refusal) as refused:
            self.provider.zone_ids()
        self.assertEqual(refused.exception.code, "AuthFailure.TokenFailure")
