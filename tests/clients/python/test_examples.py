"""What examples/ has for Python, run as its readers run it, with the binary under test in the released one's place."""

import os
import subprocess
import sys

import pytest
import yaml
from server import ROOT, binary, clean_environment

AUTOSCALER = ROOT / "examples" / "autoscaler"
PYTHON = ROOT / "examples" / "python"
CI = ROOT / "examples" / "ci"


@pytest.fixture
def path(tmp_path):
    """An environment whose PATH begins with `crs-local` and the suite's own pytest."""
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "crs-local").symlink_to(binary())
    pytest_here = tools / "pytest"
    pytest_here.write_text(f'#!/bin/sh\nexec {sys.executable} -B -m pytest -p no:cacheprovider "$@"\n')
    pytest_here.chmod(0o755)
    environment = clean_environment()
    return {**environment, "PATH": f"{tools}{os.pathsep}{environment['PATH']}"}


def passes(command, environment, folder=PYTHON, count=3):
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{count} passed" in done.stdout, done.stdout
    return done


def test_the_fixture_starts_a_server(path):
    passes(["pytest"], path)


def test_the_fixture_takes_the_server_that_runs_the_tests(path):
    done = passes(["crs-local", "run", "--", "pytest"], {**path, "CRS_LOCAL_BIN": "/nowhere"})
    assert "crs-local listening on " in done.stderr


def test_tests_beside_each_other_share_the_server(path):
    passes(["crs-local", "run", "--", "pytest", "-n", "3"], path)


def test_the_scaler_holds(path, capsys):
    done = passes(["pytest"], path, AUTOSCALER, count=45)
    with capsys.disabled():
        print(f"\nexamples/autoscaler: {done.stdout.splitlines()[-1]}")


def test_the_scaler_takes_the_server_that_runs_the_tests(path):
    passes(["crs-local", "run", "--rate-limit", "off", "--", "pytest", "-k", "day or twice"], path, AUTOSCALER, count=6)


def test_the_makefile_runs_the_tests(path):
    passes(["make", "-f", str(CI / "Makefile"), "test"], path)


def test_the_makefile_fails_where_the_tests_do(path):
    command = ["make", "-f", str(CI / "Makefile"), "test", "TESTS=false"]
    done = subprocess.run(command, cwd=PYTHON, env=path, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0, done.stderr


def test_the_job_runs_the_tests(path):
    workflow = yaml.safe_load((CI / "github-actions.yml").read_text())
    steps = {step["name"]: step for step in workflow["jobs"]["test"]["steps"] if "name" in step}
    assert list(steps) == ["Install the tests", "Install crs-local", "Test"]
    passes(["bash", "-e", "-c", steps["Test"]["run"]], path)


def test_the_job_installs_what_a_release_holds(path, tmp_path):
    workflow = yaml.safe_load((CI / "github-actions.yml").read_text())
    step = next(step for step in workflow["jobs"]["test"]["steps"] if step.get("name") == "Install crs-local")
    version = subprocess.run([binary(), "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    assert workflow["env"]["CRS_LOCAL_VERSION"] == version
    # What release/build makes, in a `gh` of our own.
    name = f"crs-local-{version}-x86_64-linux"
    released = tmp_path / "released"
    (released / name).mkdir(parents=True)
    (released / name / "crs-local").write_text("#!/bin/sh\necho installed\n")
    (released / name / "crs-local").chmod(0o755)
    archive = f"cd {released} && tar -czf {name}.tar.gz {name} && sha256sum {name}.tar.gz >{name}.tar.gz.sha256"
    subprocess.run(["sh", "-c", archive], check=True)
    gh = tmp_path / "bin" / "gh"
    gh.write_text(f"#!/bin/sh\ncp {released}/*.tar.gz* .\n")
    gh.chmod(0o755)
    work = tmp_path / "work"
    work.mkdir()
    environment = {**path, **workflow["env"], "GITHUB_PATH": str(tmp_path / "github-path")}
    done = subprocess.run(["bash", "-e", "-c", step["run"]], cwd=work, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "github-path").read_text() == f"{work}\n"
    assert subprocess.run([work / "crs-local"], capture_output=True, text=True).stdout == "installed\n"
