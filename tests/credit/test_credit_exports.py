"""crmlab.credit hands its names on, and simulating loads no drawing."""

import subprocess
import sys
from pathlib import Path

import pytest

from crmlab import credit

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", credit.__all__)
def test_every_name_is_there_and_listed(name):
    assert getattr(credit, name).__name__ == name
    assert name in dir(credit)


def test_simulating_loads_no_drawing_and_no_widgets():
    code = "from crmlab.credit import simulate_statements; import sys; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert "crmlab.credit.simulate" in run.stdout.split()
    assert not {"matplotlib", "seaborn", "ipywidgets"} & {*run.stdout.split()}
