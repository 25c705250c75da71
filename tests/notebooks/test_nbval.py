"""What strict nbval compares and what it lets pass: why chapters are written, and guarded, so."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
PNG = "iVBORw0KGgo="
SETUP = "import ipywidgets as w\nfrom IPython.display import Image, display\n"


def text(said):
    return nbformat.v4.new_output("stream", text=said)


def result(said, **others):
    return nbformat.v4.new_output("execute_result", data={"text/plain": said, **others})


# A cell, what is stored of it, and whether strict nbval finds fault with that.
CELLS = {
    "the setup": (SETUP, [], False),
    "a number as it is": ("print(3)", [text("3\n")], False),
    "a number that was another": ("print(4)", [text("3\n")], True),
    "a cell that was never run": ("print(5)", None, False),
    "a picture that was another": (
        "Image(data=bytes.fromhex('89504e470d0a1a0a'))",
        [result("<IPython.core.display.Image object>", **{"image/png": PNG})],
        False,
    ),
    "an output that only Jupyter hides": ("6;", [], True),
    "a widget that observes": (
        "w.VBox([w.IntSlider(value=3), w.HTML(value='picture')])",
        [result("VBox(children=(IntSlider(value=3), HTML(value='picture')))")],
        False,
    ),
    "a widget that interacts": (
        "w.interactive(print, steps=3)",
        [result("interactive(children=(IntSlider(value=3, description='steps'), Output()))")],
        True,
    ),
}


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    """The names of the cells with which strict nbval finds fault."""
    folder = tmp_path_factory.mktemp("stored")
    notebook = nbformat.v4.new_notebook()
    for number, (code, outputs, _) in enumerate(CELLS.values(), 1):
        run = {} if outputs is None else {"execution_count": number}
        notebook.cells.append(nbformat.v4.new_code_cell(code, outputs=outputs or [], **run))
    nbformat.write(notebook, folder / "stored.ipynb")
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q", "-rf"]
    command += ["--config-file", ROOT / "pyproject.toml", "--rootdir", folder, folder]
    said = subprocess.run(
        [*map(str, command)], cwd=folder, capture_output=True, encoding="utf-8", check=False
    ).stdout
    assert re.search(r"\d+ failed, \d+ passed", said), said
    return {[*CELLS][int(number)] for number in re.findall(r"^FAILED .*::Cell (\d+)", said, re.M)}


@pytest.mark.parametrize("name", CELLS)
def test_strict_nbval_and(name, faulty):
    assert (name in faulty) is CELLS[name][2]
