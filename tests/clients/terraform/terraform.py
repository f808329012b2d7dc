"""Drives Terraform in a folder of its own, and finds the provider."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

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

    def apply(self, variables):
        return self.must("apply", "-auto-approve", "-input=false", "-no-color", *flags(variables))

    def plan(self, variables):
        """EMPTY or CHANGES, and what was printed."""
        code, printed = self.run("plan", "-detailed-exitcode", "-input=false", "-no-color", *flags(variables))
        assert code in (EMPTY, CHANGES), f"terraform plan: exit code {code}\n{printed}"
        return code, printed

    def planned_actions(self, variables):
        """What a plan would do, by address: `update`, `delete`, …; nothing is left out but `no-op`."""
        self.must("plan", "-input=false", "-no-color", "-out=plan", *flags(variables))
        plan = json.loads(self.must("show", "-json", "plan"))
        changes = {change["address"]: change["change"]["actions"] for change in plan.get("resource_changes", [])}
        return {address: actions for address, actions in changes.items() if actions != ["no-op"]}

    def destroy(self, variables):
        return self.must("destroy", "-auto-approve", "-input=false", "-no-color", *flags(variables))

    def state(self):
        """The attributes of each resource, by address."""
        shown = json.loads(self.must("show", "-json"))
        resources = shown.get("values", {}).get("root_module", {}).get("resources", [])
        return {resource["address"]: resource["values"] for resource in resources}


def flags(variables):
    return [f"-var={name}={value if isinstance(value, str) else json.dumps(value)}" for name, value in variables.items()]


def change_one_by_one(terraform, variables, changes, seen):
    """Applies, finds the plan empty, and does so again after each change. `seen(variables)` looks at
    what came of it."""
    variables = dict(variables)
    for change in ({}, *changes):
        if change:
            variables |= change
            code, printed = terraform.plan(variables)
            assert code == CHANGES, f"{change} plans nothing:\n{printed}"
        terraform.apply(variables)
        code, printed = terraform.plan(variables)
        assert code == EMPTY, f"after {change or 'the first apply'} the plan is not empty:\n{printed}"
        seen(variables)
    return variables
