"""crmlab.privacy hands its names on, and loads a verb only when one of its names is used."""

import subprocess
import sys
from pathlib import Path

import pytest

from crmlab import privacy

ROOT = Path(__file__).parents[2]
HEAVY = {"matplotlib", "seaborn", "ipywidgets"}


@pytest.mark.parametrize("name", privacy.__all__)
def test_every_name_is_there_and_listed(name):
    assert getattr(privacy, name).__name__ == name
    assert name in dir(privacy)


@pytest.mark.parametrize("name", ["k_anonymity", "Mondrian", "Vault", "simulate_people"])
def test_computing_loads_no_drawing_and_no_widgets(name):
    code = f"from crmlab.privacy import {name}; import sys; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert "crmlab" in run.stdout.split()
    assert not HEAVY & {*run.stdout.split()}
