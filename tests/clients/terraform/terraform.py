"""Drives Terraform in a folder of its own, and finds the provider."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.append(str(HERE.parent / "common"))

from server import clean_environment  # noqa: E402

SOURCE = "tencentcloudstack/tencentcloud"
MODULE = "github.com/tencentcloudstack/terraform-provider-tencentcloud"
VERSION = "v1.83.25"
NAME = "terraform-provider-tencentcloud"
# What `plan -detailed-exitcode` answers.
EMPTY, FAILED, CHANGES = 0, 1, 2


class Missing(Exception):
    """Something that the suite cannot do without."""


def provider():
    """The folder that holds the provider's binary, built if need be."""
    given = os.environ.get("CRS_LOCAL_TERRAFORM_PROVIDER")
    if given:
        path = pathlib.Path(given).resolve()
        if not os.access(path, os.X_OK) or path.is_dir():
            raise Missing(f"CRS_LOCAL_TERRAFORM_PROVIDER={given} is no executable file")
        if not path.name.startswith(NAME):
            raise Missing(f"CRS_LOCAL_TERRAFORM_PROVIDER={given}: the file's name must begin with {NAME}")
        return path.parent
    folder = pathlib.Path(os.environ["CRS_LOCAL_TERRAFORM_CACHE"]) / VERSION
    if not (folder / NAME).exists():
        if not shutil.which("go"):
            raise Missing("go is missing, and CRS_LOCAL_TERRAFORM_PROVIDER names no binary")
        environment = {**os.environ, "GOBIN": str(folder)}
        built = subprocess.run(
            ["go", "install", f"{MODULE}@{VERSION}"], env=environment, capture_output=True, text=True
        )
        if built.returncode:
            raise Missing(
                f"the provider cannot be built: {built.stderr.strip()}\n"
                "Give a binary that is built as CRS_LOCAL_TERRAFORM_PROVIDER."
            )
    return folder


class Terraform:
    """A copy of a configuration, with a state of its own; use it in a `with`."""

    def __init__(self, configuration, provider_folder=None, environment=None):
        self._configuration = configuration
        self._environment = {
            **clean_environment(),
            # It would ask for newer versions of itself.
            "CHECKPOINT_DISABLE": "1",
            "TF_IN_AUTOMATION": "1",
            **(environment or {}),
        }
        self._provider_folder = provider_folder

    def __enter__(self):
        self._temporary = tempfile.TemporaryDirectory()
        folder = pathlib.Path(self._temporary.name)
        self.folder = folder / "configuration"
        shutil.copytree(self._configuration, self.folder)
        settings = folder / "terraform.rc"
        lines = ["disable_checkpoint = true\n"]
        if self._provider_folder:
            # The binary is used as it is: nothing is fetched, nothing need be initialised.
            overrides = f'"{SOURCE}" = "{self._provider_folder}"'
            lines.append(f"provider_installation {{\n  dev_overrides {{\n    {overrides}\n  }}\n}}\n")
        settings.write_text("".join(lines))
        self._environment["TF_CLI_CONFIG_FILE"] = str(settings)
        return self

    def __exit__(self, *_):
        self._temporary.cleanup()

    def run(self, *arguments, patience_s=900):
        """Answers exit code and what was printed."""
        done = subprocess.run(
            [os.environ["CRS_LOCAL_TERRAFORM"], *map(str, arguments)],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=patience_s,
        )
        return done.returncode, done.stdout

    def must(self, *arguments):
        code, printed = self.run(*arguments)
        assert code == 0, f"terraform {' '.join(map(str, arguments))}: exit code {code}\n{printed}"
        return printed

    def _give(self, variables):
        # A flag could not say null.
        (self.folder / "given.auto.tfvars.json").write_text(json.dumps(variables))

    def apply(self, variables):
        """What it says it did: how many resources were `imported`, `added`, `changed`, `destroyed`."""
        self._give(variables)
        printed = self.must("apply", "-auto-approve", "-input=false", "-no-color")
        said = re.search(r"^Apply complete! Resources: (.*)\.$", printed, re.MULTILINE)
        assert said, f"terraform apply says nothing of what it did:\n{printed}"
        return Counter({word: int(number) for number, word in (part.split() for part in said[1].split(", "))})

    def plan(self, variables):
        """EMPTY or CHANGES, and what was printed."""
        self._give(variables)
        code, printed = self.run("plan", "-detailed-exitcode", "-input=false", "-no-color")
        assert code in (EMPTY, CHANGES), f"terraform plan: exit code {code}\n{printed}"
        return code, printed

    def destroy(self, variables):
        self._give(variables)
        return self.must("destroy", "-auto-approve", "-input=false", "-no-color")

    def import_again(self, addresses, variables):
        """Forgets these resources and finds them again by their ids, all in one; what the apply did."""
        ids = {address: self.state()[address]["id"] for address in addresses}
        self.must("state", "rm", *addresses)
        blocks = [f"import {{\n  to = {address}\n  id = {json.dumps(known)}\n}}\n" for address, known in ids.items()]
        wanted = self.folder / "imported.tf"
        wanted.write_text("".join(blocks))
        done = self.apply(variables)
        wanted.unlink()
        return done

    def schema(self):
        """What the provider says of its `resource_schemas` and `data_source_schemas`, by name."""
        schemas = json.loads(self.must("providers", "schema", "-json"))["provider_schemas"]
        return next(schema for name, schema in schemas.items() if name.endswith(SOURCE))

    def state(self):
        """The attributes of each resource, by address. Needs no provider, so it costs next to nothing."""
        pulled = json.loads(self.must("state", "pull"))
        found = {}
        for resource in pulled["resources"]:
            data = "data." if resource["mode"] == "data" else ""
            for instance in resource["instances"]:
                place = f"[{json.dumps(instance['index_key'])}]" if "index_key" in instance else ""
                found[f"{data}{resource['type']}.{resource['name']}{place}"] = instance["attributes"]
        return found


def change_one_by_one(terraform, variables, changes, seen):
    """Applies, finds the plan empty, and does so again after each change. `seen(variables)` looks at
    what came of it."""
    variables = dict(variables)
    for change in ({}, *changes):
        variables |= change
        done = terraform.apply(variables)
        assert any(done.values()), f"{change or 'the first apply'} changes nothing"
        code, printed = terraform.plan(variables)
        assert code == EMPTY, f"after {change or 'the first apply'} the plan is not empty:\n{printed}"
        seen(variables)
    return variables
