"""The life of a configuration: applied, changed again and again, its plan empty after each apply,
imported and destroyed."""

import unittest

from terraform import EMPTY, HERE, Terraform, change_one_by_one, provider
from server import Server

CREDENTIALS = {
    "TENCENTCLOUD_SECRET_ID": "AKIDlocal",
    "TENCENTCLOUD_SECRET_KEY": "local",
    "TENCENTCLOUD_REGION": "ap-guangzhou",
    "TENCENTCLOUD_PROTOCOL": "HTTP",
    # Minutes, so that what does not work is known soon.
    "TENCENTCLOUD_READ_RETRY_TIMEOUT": "1",
    "TENCENTCLOUD_WRITE_RETRY_TIMEOUT": "1",
}


# Why a resource is not imported.
NO_IMPORT = "the provider imports none"
ID_ALONE = "an import knows its id alone, so it would be done again"


class Life(unittest.TestCase):
    # A fixture that the server starts with.
    SEED = None
    # What is not imported, and why.
    LEFT_OUT = {}

    @classmethod
    def setUpClass(cls):
        cls.provider = provider()

    def setUp(self):
        seeded = ["--fixture", self.SEED] if self.SEED else []
        self.server = self.enterContext(Server("--flow-time", "300ms", *seeded))
        self.proxied = {"HTTP_PROXY": self.server.url}

    def seen(self, variables, state):
        """Looks, after each apply, at what the provider's own reads do not tell."""

    def left(self, state):
        """Looks at what is left once all is destroyed that the state knew."""

    def live(self, folder, environment, variables, changes, imported):
        with Terraform(folder, self.provider, {**CREDENTIALS, **environment}) as terraform:
            look = lambda wanted: self.seen(wanted, terraform.state())
            last = change_one_by_one(terraform, variables, changes, look)
            if imported:
                done = terraform.import_again([*imported], last)
                written = sum(imported.values())
                self.assertEqual(done, {"imported": len(imported), "changed": written, "added": 0, "destroyed": 0})
                self.assertEqual(terraform.plan(last)[0], EMPTY, "the plan after the import")
                look(last)
            known = terraform.state()
            managed = {address for address in known if not address.startswith("data.")}
            self.assertEqual(managed, {*imported, *self.LEFT_OUT}, "what is imported, and what is said not to be")
            terraform.destroy(last)
            self.assertEqual(terraform.state(), {})
        self.left(known)

    def shown(self, instance_id):
        answer = self.server.api("DescribeInstances", InstanceId=instance_id)
        return answer["InstanceSet"][0] if answer["InstanceSet"] else None


class OneLife(Life):
    """A folder beside this file that has one life, by the lists of its class."""

    FOLDER = None
    FIRST = {}
    # Variables, each set changed after the one before.
    CHANGES = []
    # What can be imported, and whether the configuration then writes again what no read tells.
    IMPORTED = {}

    def test_life(self):
        self.live(HERE / self.FOLDER, self.proxied, self.FIRST, self.CHANGES, self.IMPORTED)
