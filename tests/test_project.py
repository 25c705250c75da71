"""The project's own files agree with each other."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def bare(requirement):
    """'pandas>=3.0' and 'pandas==3.1.1' -> 'pandas', spelt as the package index compares names."""
    return re.split(r"[<>=!~;]", requirement)[0].lower().replace("_", "-")


def test_every_dependency_is_pinned_and_has_a_lower_bound():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {bare(line) for line in lines if "==" in line}
    extras = PROJECT["optional-dependencies"]
    wanted = [*PROJECT["dependencies"], *(name for extra in extras.values() for name in extra)]
    wanted = [name for name in wanted if not name.startswith("crmlab[")]
    assert all(">=" in requirement for requirement in wanted)
    assert {bare(requirement) for requirement in wanted} <= pinned


def test_the_constraints_name_no_index():
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^-", text, re.M)
