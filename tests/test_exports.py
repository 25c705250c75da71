"""Every topic and shared room hands its names on, and loads a verb only when a name is used."""

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import crmlab

ROOT = Path(crmlab.__file__).parents[1]
ROOMS = sorted(path.parent.name for path in (ROOT / "crmlab").glob("*/__init__.pyi"))
NAMES = [(room, name) for room in ROOMS for name in import_module(f"crmlab.{room}").__all__]
VERBS = ("simulate", "measure", "model", "plot", "explore")
SHOWN = [
    (room, verb) for room in ROOMS for verb in VERBS if [*(ROOT / "crmlab" / room).glob(f"{verb}*")]
]
# The shapes that simulators return have attributes, not uses; streams are for the firm.
INNER = ("Simulated", "Log", "Refunds", "purchase_log", "refunded_rows")
DRAWING = {"matplotlib", "seaborn", "ipywidgets"}
# 45 MiB and a second that the tables of the firm do without.
FITTING = {"scipy.stats", "scipy.optimize", "scipy.signal", "sklearn"}
HEAVY = DRAWING | {"numpy", "pandas", "scipy", "sklearn", "pyarrow"}

# What few use, or a browser does not carry: imported where it is used. The database is its place
# for sqlalchemy.
LATE = ["lzma", "python_calamine", "rapidfuzz", "alembic", "sqlalchemy"]

# One fresh process tells what each step loads.
STEPS = """
import json, sys
from importlib import import_module
rooms, names, late = json.loads(sys.argv[1])
sys.modules.update(dict.fromkeys(late))  # whoever imports one of these now is refused
seen = {"import crmlab": import_module("crmlab") and [*sys.modules]}
for room in rooms:
    import_module("crmlab." + room)
seen["import the topics"] = [*sys.modules]
import_module("crmlab.company").write_company
seen["write the firm"] = [*sys.modules]
for room, name in names:
    if room == "database" and sys.modules["sqlalchemy"] is None:
        del sys.modules["sqlalchemy"]
    getattr(import_module("crmlab." + room), name)
seen["compute"] = [*sys.modules]
print(json.dumps(seen))
"""


@pytest.fixture(scope="module")
def seen():
    """The modules that are loaded after each step of a fresh process."""
    computing = [
        (room, name)
        for room, name in NAMES
        if not {"plot", "explore"} & {*where(room, name).split(".")[2:]}
        and room not in ("report", "classroom", "grading")
    ]
    computing.sort(key=lambda name: name[0] == "database")
    asked = json.dumps([ROOMS, computing, LATE])
    command = [sys.executable, "-c", STEPS, asked]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert run.returncode == 0, run.stderr
    return {step: {*modules} for step, modules in json.loads(run.stdout).items()}


def where(room, name):
    """Return the module that the stub of `room` takes `name` from."""
    stub = (ROOT / "crmlab" / room / "__init__.pyi").read_text(encoding="utf-8")
    (line,) = (line for line in stub.splitlines() if line.endswith(f" import {name} as {name}"))
    return f"crmlab.{room}{line.split()[1]}"


@pytest.mark.parametrize(("room", "name"), NAMES)
def test_every_name_is_there_and_listed(room, name):
    module = import_module(f"crmlab.{room}")
    assert getattr(getattr(module, name), "__name__", name) == name  # a constant has none
    assert name in dir(module)


@pytest.mark.parametrize(("room", "verb"), SHOWN)
def test_what_a_verb_shows_is_what_the_topic_hands_on(room, verb):
    module, place = import_module(f"crmlab.{room}.{verb}"), f"crmlab.{room}.{verb}"
    shown = {
        name
        for name, thing in vars(module).items()
        if callable(thing) and not name.startswith(("_", *INNER)) and place in thing.__module__
    }
    assert shown <= {*import_module(f"crmlab.{room}").__all__}


def test_an_unknown_name_is_an_ordinary_attribute_error():
    with pytest.raises(AttributeError, match="recency"):
        import_module("crmlab.rfm").recency  # noqa: B018


@pytest.mark.parametrize("step", ["import crmlab", "import the topics"])
def test_importing_loads_no_heavy_library(seen, step):
    assert "crmlab" in seen[step]
    assert not HEAVY & seen[step]


def test_computing_loads_no_drawing_and_no_widgets(seen):
    assert {"pandas", "crmlab.rfm.measure"} <= seen["compute"]
    assert not DRAWING & seen["compute"]


def test_the_firm_is_written_without_libraries_that_fit(seen):
    assert {"pyarrow", "crmlab.company.export"} <= seen["write the firm"]
    assert not FITTING & seen["write the firm"]
