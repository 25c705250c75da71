"""The project's own files agree with each other."""

import os
import re
import runpy
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def bare(requirement):
    """'pandas>=3.0' and 'pandas==3.1.1' -> 'pandas', spelt as the package index compares names."""
    return re.split(r"[\[<>=!~;]", requirement)[0].lower().replace("_", "-")


def test_every_dependency_is_pinned_and_has_a_lower_bound():
    lines = read("constraints.txt").splitlines()
    pinned = {bare(line) for line in lines if "==" in line}
    wanted = [*PROJECT["dependencies"], *(name for extra in EXTRAS.values() for name in extra)]
    wanted = [name for name in wanted if not name.startswith("crmlab[")]
    assert all(">=" in requirement for requirement in wanted)
    assert {bare(requirement) for requirement in wanted} <= pinned


def test_the_constraints_name_no_index():
    text = read("constraints.txt")
    assert "://" not in text
    assert not re.search(r"^-", text, re.M)


def test_conda_readers_get_what_pip_readers_get_and_the_means_to_check_it():
    environment = yaml.safe_load(read("environment.yml"))["dependencies"]
    (nbval,) = [name for name in EXTRAS["dev"] if bare(name) == "nbval"]
    wanted = {*PROJECT["dependencies"], *EXTRAS["lab"], nbval}
    wanted |= {f"python{PROJECT['requires-python']}", "pip"}
    assert {name for name in environment if isinstance(name, str)} == wanted
    assert environment[-1] == {"pip": ["--editable ."]}


def test_the_oldest_versions_are_the_lower_bounds_and_not_above_the_pinned_ones():
    oldest = runpy.run_path(str(ROOT / "tests" / "oldest.py"))["oldest"](PROJECT)
    assert "pandas==3.0.2" in oldest
    assert {bare(name) for name in PROJECT["dependencies"]} <= {bare(name) for name in oldest}
    pinned = dict(line.split("==") for line in read("constraints.txt").split("\n") if "==" in line)
    pinned = {bare(name): Version(version) for name, version in pinned.items()}
    above = [line for line in oldest if Version(line.split("==")[1]) > pinned[bare(line)]]
    assert above == []
    # pip takes a constraint only without extras.
    assert all(Requirement(line).specifier and not Requirement(line).extras for line in oldest)


def test_make_help_lists_every_target_with_its_line():
    text = read("Makefile")
    targets = {*re.search(r"^\.PHONY: (.*)$", text, re.M)[1].split()}
    listed = run_make("help").stdout
    assert {*re.findall(r"^  make (\S+) +\S", listed, re.M)} == targets
    assert targets == {*re.findall(r"^([a-z-]+):", text, re.M)}
    assert run_make().stdout == listed


def run_make(*arguments):
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"MAKEFLAGS": ""},
        check=False,
    )


@pytest.mark.parametrize(
    ("script", "word"),
    [
        (None, "  sudo apt install python3 python3-venv"),
        ("exit 1", "crmlab needs Python 3.11 or newer; name one with: make PYTHON="),
        ('[ "$1" = -c ]', "  sudo apt install python3-venv"),
    ],
    ids=["no Python", "a Python too old", "a Python without venv"],
)
def test_what_python_lacks_is_said_with_the_line_to_type(script, word, tmp_path):
    python = tmp_path / "python"
    if script:
        python.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        python.chmod(0o755)
    venv = tmp_path / "venv"
    said = run_make(f"PYTHON={python}", f"VENV={venv}", f"{venv}/bin/python")
    assert said.returncode != 0
    assert word in said.stdout
    assert not venv.exists()


@pytest.mark.slow  # it starts pytest twice, which a commit need not wait for
@pytest.mark.parametrize(("ci", "outcome"), [("", "1 skipped"), ("true", "1 error")])
def test_a_missing_tool_is_one_line_and_a_skip_and_in_ci_a_failure(ci, outcome, tmp_path):
    (tmp_path / "test_browser.py").write_text(
        "import pytest\n\n@pytest.mark.browser\ndef test_page(): ...\n", encoding="utf-8"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest"]
    command += ["--config-file", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path)]
    said = subprocess.run(
        [*command, "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"CI": ci, "PATH": "", "PYTHONPATH": str(ROOT)},
        check=False,
    ).stdout
    assert f"{outcome} in" in said
    assert (
        said.count("Chromium is missing; on Debian or Ubuntu type: sudo apt install chromium") > 0
    )


def test_ci_types_what_the_readme_says():
    assert read(".ci/run").rstrip().split("\n")[-1] == "exec make test"
    assert "    make test" in read("README.md")


def test_each_hook_of_a_commit_is_a_program_of_our_own_environment():
    (repository,) = yaml.safe_load(read(".pre-commit-config.yaml"))["repos"]
    assert repository["repo"] == "local"
    for hook in repository["hooks"]:
        program = hook["entry"].split()[0]
        assert program.startswith(".venv/bin/")
        assert shutil.which(Path(program).name, path=str(Path(sys.executable).parent))
