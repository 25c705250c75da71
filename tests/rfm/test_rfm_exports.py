"""crmlab.rfm hands its names on, and loads a verb only when one of its names is used."""

import subprocess
import sys
from pathlib import Path

import pytest

from crmlab import rfm

ROOT = Path(__file__).parents[2]
DRAWING = {"matplotlib", "seaborn", "ipywidgets"}
HEAVY = DRAWING | {"numpy", "pandas", "scipy", "sklearn", "pyarrow"}


def loaded(code):
    """Return the names of all modules that `code` loads in a fresh process."""
    command = [sys.executable, "-c", f"{code}; import sys; print(*sys.modules)"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    return {*run.stdout.split()}


@pytest.mark.parametrize("name", rfm.__all__)
def test_every_name_is_there_and_listed(name):
    assert getattr(rfm, name).__name__ == name
    assert name in dir(rfm)


def test_an_unknown_name_is_an_ordinary_attribute_error():
    with pytest.raises(AttributeError, match="recency"):
        rfm.recency  # noqa: B018  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize("verb", ["measure", "plot", "simulate", "explore", "model"])
def test_what_a_verb_shows_is_what_the_topic_hands_on(verb):
    module = __import__(f"crmlab.rfm.{verb}", fromlist=["*"])
    shown = {
        name
        for name, thing in vars(module).items()
        if callable(thing) and not name.startswith("_") and f"rfm.{verb}" in thing.__module__
    }
    assert shown <= {*rfm.__all__}


@pytest.mark.parametrize("code", ["import crmlab", "import crmlab.rfm"])
def test_importing_loads_no_heavy_library(code):
    found = loaded(code)
    assert "crmlab" in found
    assert not HEAVY & found


@pytest.mark.parametrize("name", ["rfm", "rfm_scores", "simulate_response"])
def test_computing_loads_no_drawing_and_no_widgets(name):
    found = loaded(f"from crmlab.rfm import {name}")
    assert "pandas" in found
    assert not DRAWING & found
