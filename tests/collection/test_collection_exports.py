"""crmlab.collection hands its names on, and simulating loads no drawing."""

import subprocess
import sys
from pathlib import Path

import pytest

from crmlab import collection

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", collection.__all__)
def test_every_name_is_there_and_listed(name):
    assert getattr(collection, name).__name__ == name
    assert name in dir(collection)


def test_simulating_loads_no_drawing_and_no_widgets():
    code = "from crmlab.collection import simulate_records; import sys; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert "crmlab.collection.simulate" in run.stdout.split()
    assert not {"matplotlib", "seaborn", "ipywidgets"} & {*run.stdout.split()}
