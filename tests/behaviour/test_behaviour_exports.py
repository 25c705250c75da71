"""crmlab.behaviour hands its names on, and simulating loads no drawing."""

import subprocess
import sys
from pathlib import Path

import pytest

from crmlab import behaviour

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", behaviour.__all__)
def test_every_name_is_there_and_listed(name):
    assert getattr(behaviour, name).__name__ == name
    assert name in dir(behaviour)


def test_simulating_loads_no_drawing_and_no_widgets():
    code = "from crmlab.behaviour import simulate_lines; import sys; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert "crmlab.behaviour.simulate" in run.stdout.split()
    assert not {"matplotlib", "seaborn", "ipywidgets"} & {*run.stdout.split()}
