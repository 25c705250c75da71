"""crmlab.members hands its names on, and loads a verb only when one of its names is used."""

import subprocess
import sys
from pathlib import Path

import pytest

from crmlab import members
from crmlab.members.strategies import QUADRANTS, STRATEGIES

ROOT = Path(__file__).parents[2]
HEAVY = {"matplotlib", "seaborn", "ipywidgets"}


@pytest.mark.parametrize("name", members.__all__)
def test_every_name_is_there_and_listed(name):
    assert getattr(members, name).__name__ == name
    assert name in dir(members)


def test_computing_loads_no_drawing_and_no_widgets():
    code = "from crmlab.members import repurchase; import sys; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert "crmlab" in run.stdout.split()
    assert not HEAVY & {*run.stdout.split()}


def test_every_quadrant_has_a_name_and_a_strategy():
    assert [*QUADRANTS] == [*STRATEGIES] == [1, 2, 3, 4]
