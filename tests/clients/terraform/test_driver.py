"""What can be proved without the provider: that Terraform runs, that the configurations are its
language, and that the driver tells an empty plan from one with changes."""

import os
import pathlib
import unittest
from unittest import mock

from terraform import CHANGES, EMPTY, HERE, NAME, ROOT, Missing, Terraform, change_one_by_one, provider

ADDRESS = "terraform_data.this"
CONFIGURATIONS = [ROOT / "examples" / "terraform", *(main.parent for main in HERE.glob("*/main.tf"))]


class Driver(unittest.TestCase):
    def setUp(self):
        self.terraform = self.enterContext(Terraform(HERE / "driver"))

    def test_terraform_runs_and_says_its_version(self):
        self.assertRegex(self.terraform.must("version"), r"^Terraform v1\.")

    def test_the_configurations_are_formatted_as_terraform_formats(self):
        for configuration in CONFIGURATIONS:
            with self.subTest(str(configuration)), Terraform(configuration) as terraform:
                self.assertEqual(terraform.must("fmt", "-check", "-diff", "-recursive"), "")

    def test_a_folder_that_is_not_formatted_is_noticed(self):
        (self.terraform.folder / "main.tf").write_text('variable   "a" {}\n')
        code, printed = self.terraform.run("fmt", "-check")
        self.assertEqual((code, printed.strip()), (3, "main.tf"))

    def test_a_configuration_is_validated(self):
        self.terraform.must("init", "-input=false")
        self.assertIn("Success", self.terraform.must("validate", "-no-color"))
        with (self.terraform.folder / "main.tf").open("a") as main:
            main.write('resource "terraform_data" "wrong" { colour = 1 }\n')
        code, printed = self.terraform.run("validate", "-no-color")
        self.assertEqual(code, 1)
        self.assertIn("colour", printed)

    def test_each_change_is_applied_and_planned_away(self):
        self.terraform.must("init", "-input=false")
        seen = []

        def look(variables):
            shown = self.terraform.state()[ADDRESS]["input"]["value"]
            self.assertEqual(shown["size"], variables["size"])
            seen.append(shown["size"])

        last = change_one_by_one(self.terraform, {"size": 1}, [{"size": 2}, {"tags": {"a": "b"}}, {"size": 3}], look)
        self.assertEqual(seen, [1, 2, 2, 3])
        self.assertEqual(last, {"size": 3, "tags": {"a": "b"}})
        self.assertEqual(self.terraform.plan(last)[0], EMPTY)
        self.assertEqual(self.terraform.plan({"size": 9})[0], CHANGES)
        self.terraform.destroy(last)
        self.assertEqual(self.terraform.state(), {})

    def test_a_change_that_changes_nothing_is_a_fault(self):
        self.terraform.must("init", "-input=false")
        with self.assertRaisesRegex(AssertionError, "changes nothing"):
            change_one_by_one(self.terraform, {"size": 1}, [{"size": 1}], lambda _: None)

    def test_what_was_forgotten_is_imported(self):
        self.terraform.must("init", "-input=false")
        self.terraform.apply({"size": 1})
        known = self.terraform.state()[ADDRESS]["id"]
        done = self.terraform.import_again([ADDRESS], {"size": 1})
        # What it was made of is not to be read back, so it is written again.
        self.assertEqual(done, {"imported": 1, "changed": 1, "added": 0, "destroyed": 0})
        self.assertEqual(self.terraform.state()[ADDRESS]["id"], known)
        self.assertEqual(self.terraform.plan({"size": 1})[0], EMPTY)

    def test_a_failure_of_terraform_is_told_with_what_it_printed(self):
        with self.assertRaisesRegex(AssertionError, "exit code 1\n(.|\n)*No value for required variable"):
            self.terraform.must("init", "-input=false")
            self.terraform.apply({})


class Provider(unittest.TestCase):
    """How a given binary is found, or missed. No binary is run."""

    def given(self, path):
        return mock.patch.dict(os.environ, {"CRS_LOCAL_TERRAFORM_PROVIDER": str(path)})

    def test_a_binary_that_is_given_is_used_where_it_lies(self):
        terraform = self.enterContext(Terraform(HERE / "driver"))
        binary = terraform.folder / f"{NAME}_v1"
        binary.write_text("#!/bin/sh\n")
        with self.given(binary), self.assertRaisesRegex(Missing, "no executable file"):
            provider()
        binary.chmod(0o755)
        with self.given(binary):
            self.assertEqual(provider(), binary.parent.resolve())
        elsewhere = pathlib.Path(binary.with_name("other"))
        binary.rename(elsewhere)
        with self.given(elsewhere), self.assertRaisesRegex(Missing, "must begin with"):
            provider()

    def test_an_override_leads_terraform_to_the_folder(self):
        # A binary that is no provider: Terraform must come as far as starting it.
        folder = self.enterContext(Terraform(HERE / "driver")).folder
        binary = folder / NAME
        binary.write_text("#!/bin/sh\necho started >&2\nexit 1\n")
        binary.chmod(0o755)
        with Terraform(HERE / "instance", provider_folder=folder) as terraform:
            code, printed = terraform.run("validate", "-no-color")
        self.assertEqual(code, 1)
        self.assertIn("development overrides are in effect", printed)
        self.assertNotIn("Could not retrieve the list of available versions", printed)
