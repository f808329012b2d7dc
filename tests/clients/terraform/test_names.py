"""Every resource and data source of the provider's Redis part stands in a configuration."""

import re
import unittest

from terraform import HERE, Terraform, provider

OURS = "tencentcloud_redis_"


class Names(unittest.TestCase):
    def test_none_is_forgotten(self):
        with Terraform(HERE / "instance", provider()) as terraform:
            schema = terraform.schema()
        kinds = {"resource": schema["resource_schemas"], "data": schema["data_source_schemas"]}
        known = {(kind, name) for kind, names in kinds.items() for name in names if name.startswith(OURS)}
        self.assertGreaterEqual(len(known), 33)
        texts = [main.read_text() for main in HERE.glob("*/main.tf")]
        stated = {found for text in texts for found in re.findall(r'^(resource|data) "(\w+)"', text, re.MULTILINE)}
        self.assertEqual(known - stated, set())
