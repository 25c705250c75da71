"""crmlab.lifetime hands its names on, and loads a verb only when one of its names is used."""

import subprocess
import sys
from pathlib import Path

import pytest

from crmlab import lifetime

ROOT = Path(__file__).parents[2]
HEAVY = {"matplotlib", "seaborn", "ipywidgets"}


@pytest.mark.parametrize("name", lifetime.__all__)
def test_every_name_is_there_and_listed(name):
    assert getattr(lifetime, name).__name__ == name
    assert name in dir(lifetime)


def test_simulating_loads_no_drawing_and_no_widgets():
    code = "from crmlab.lifetime import simulate_purchases; import sys; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert "crmlab.lifetime.simulate" in run.stdout.split()
    assert not HEAVY & {*run.stdout.split()}
