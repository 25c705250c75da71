"""test_chapters notices what it should: breaches planted in a tiny chapter that has none."""

import json
import runpy
import shutil
from pathlib import Path

import pytest

faults = runpy.run_path(str(Path(__file__).with_name("test_chapters.py")))["faults"]

# What is planted in the source and in the notebooks alike: the text to replace, its replacement.
IN_BOTH = {
    "does not begin with its number and a question": ("How long is a line?", "Lines."),
    "does not begin with its number": ("# 01 ·", "# 02 ·"),
    "write down your guess": ("**Before you run anything, write down your guess.**", "Run it."),
    "Your turn": ("## Your turn", "## Exercise"),
    "What you saw": ("## What you saw", "## The end"),
    "alternative text": ("Let somebody say it aloud.", "![](line.png)"),
}
IN_SOURCE = {
    "differs from its source": ("steps = 3", "steps = 4"),
    "differs from its source;": ("# ## Count first", "# ## Count last"),
    "gives no section its minutes": ("minutes=5", ""),
    "the tag 'nodes', which nobody reads": ('"notes"', '"nodes"'),
    "says minute=…": ("minutes=5", "minute=5"),
    "should be ['01.a', '01.b', '01.c']": ('reveal("01.a"', 'reveal("01.z"'),
    "01.a is guess, not a guess and its reveal": ('reveal("01.a", steps)', ""),
    "has the places to type ['02.a'": ('"01.a", ...', '"02.a", ...'),
    "ends the statement that a reader writes": ("  # you type this", ""),
    "lacks a check with the value": ("back(3), 6", "back(3)"),
    "imports 9 names; at most 8": (
        "steps = 3",
        "from math import e, pi, tau, cos, sin, tan, exp, log, nan",
    ),
    "ends with ';'": ('steps.")', 'steps.");'),
    "and be of its kind": ('# %% tags=["hide', '# %% lang="zh" tags=["hide'),
    "come right after the English": (
        '[markdown] lang="zh"',
        '[markdown] lang="zh"\n# 一\n\n# %% [markdown] lang="zh"',
    ),
    "the code above it but for the words": ('steps = 3\nprint(f"走', 'steps = 4\nprint(f"走'),
    "translates an older text": ("# Let somebody", "# Let anybody"),
    "'Let somebody say it aloud.' has no zh twin": (
        '# %% [markdown] lang="zh" of="2ef8a003"\n# 请一位同学大声说出来。',
        "",
    ),
    "has 1 alt=… and 0 alt_zh=…": (' alt_zh="一条下降的线"', ""),
    "lacks '写下你的猜测'": ("**运行任何代码之前，先写下你的猜测。**", "运行吧。"),
}


def copied(tiny, folder):
    """Return the source of a copy of the tiny course that may be spoilt."""
    shutil.copytree(tiny.parents[1], folder / "notebooks")
    return folder / "notebooks" / "source" / tiny.name


def replace(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text, path
    path.write_text(text.replace(old, new), encoding="utf-8")


def in_notebook(source, change, ending=""):
    """Change the English notebook, or a translated one: `change` gets its parsed form."""
    path = source.parents[1] / f"{source.stem}{ending}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    change(notebook)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def code(notebook, number):
    """Return a code cell by the number it ran under."""
    return next(cell for cell in notebook["cells"] if cell.get("execution_count") == number)


def prints(text):
    """Return a change that lets the second code cell print `text`."""
    return lambda notebook: code(notebook, 2)["outputs"][0].update(text=[text])


def is_null(notebook):
    code(notebook, 3)["execution_count"] = None


def out_of_order(notebook):
    code(notebook, 3)["execution_count"] = 9


def timed(notebook):
    code(notebook, 3)["metadata"]["execution"] = {"iopub.status.busy": "2026-01-01T00:00:00Z"}


def warns(notebook):
    code(notebook, 2)["outputs"][0]["name"] = "stderr"


def fails(notebook):
    error = {"output_type": "error", "ename": "KeyError", "evalue": "", "traceback": []}
    code(notebook, 2)["outputs"] = [error]


def undescribed(notebook):
    code(notebook, 4)["outputs"][0]["metadata"] = {}


def pictureless(notebook):
    code(notebook, 4)["outputs"] = []


def lonely(notebook):
    code(notebook, 6).update(outputs=[])
    code(notebook, 6)["metadata"].pop("alt")


def undescribed_in_a_widget(notebook):
    (states,) = notebook["metadata"]["widgets"].values()
    (html,) = [s for s in states["state"].values() if s["model_name"] == "HTMLModel"]
    html["state"]["value"] = '<img src="data:image/png;base64,">'


def heavy(notebook):
    code(notebook, 2)["outputs"][0]["text"] = ["long " * 200_000]


IN_NOTEBOOK = {
    "not run once each": is_null,
    "from top to bottom": out_of_order,
    "times at which they ran": timed,
    "an error or a warning": warns,
    "shows an error": fails,
    "a memory address": prints("<Figure at 0x7f3a5c>"),
    "a path": prints("Read /home/ann/purchases.csv"),
    "shows a path": prints(r"Read C:\Users\ann\purchases.csv"),
    "a running time": prints("It took 12 ms"),
    "running time": prints("Wall time: 2 s"),
    "a picture without the other": undescribed,
    "alt=… or a picture": pictureless,
    "has no alternative text": undescribed_in_a_widget,
    "has no picture soon after it": lonely,
    "bytes; at most 1,000,000": heavy,
}


def starred(notebook):
    for cell in notebook["cells"]:
        cell["source"] = [line.replace("。**", "。**然后") for line in cell["source"]]


def untranslated(notebook):
    code(notebook, 2)["outputs"][0].update(text=["It takes 3 steps."])


def without_a_cell(notebook):
    code(notebook, 2)["id"] = "another"


def moved(notebook):
    (states,) = notebook["metadata"]["widgets"].values()
    (slider,) = [s for s in states["state"].values() if s["model_name"] == "IntSliderModel"]
    slider["state"]["value"] = 4


def framed(*columns):
    head = "".join(f"<th>{name}</th>" for name in columns)
    html = f"<table><thead><tr><th></th>{head}</tr><tr><th>金额</th></tr></thead></table>"
    output = {"output_type": "display_data", "metadata": {}, "data": {"text/html": html}}
    return lambda notebook: code(notebook, 2)["outputs"].append(output)


IN_CHINESE = {
    "shows other numbers": prints("走了 4 步。"),
    "says 'It takes 3 steps.'": untranslated,
    "has a star that stresses nothing": starred,
    "is not the cell": without_a_cell,
    "a widget stands elsewhere": moved,
    "shows []": pictureless,
}


def test_a_clean_chapter_passes(tiny):
    assert faults(tiny) == []


@pytest.mark.parametrize(("word", "planted"), IN_BOTH.items(), ids=IN_BOTH)
def test_notices_in_source_and_notebook(word, planted, tiny, tmp_path):
    source = copied(tiny, tmp_path)
    for path in (source, source.parents[1] / "01_tiny.ipynb"):
        replace(path, *planted)
    assert any(word in fault for fault in faults(source))


@pytest.mark.parametrize(("word", "planted"), IN_SOURCE.items(), ids=IN_SOURCE)
def test_notices_in_the_source(word, planted, tiny, tmp_path):
    source = copied(tiny, tmp_path)
    replace(source, *planted)
    assert any(word in fault for fault in faults(source))


@pytest.mark.parametrize(("word", "change"), IN_NOTEBOOK.items(), ids=IN_NOTEBOOK)
def test_notices_in_the_notebook(word, change, tiny, tmp_path):
    source = copied(tiny, tmp_path)
    in_notebook(source, change)
    assert any(word in fault for fault in faults(source))


@pytest.mark.parametrize(("word", "change"), IN_CHINESE.items(), ids=IN_CHINESE)
def test_notices_in_the_chinese_notebook(word, change, tiny, tmp_path):
    source = copied(tiny, tmp_path)
    in_notebook(source, change, ".zh")
    assert any(word in fault for fault in faults(source))


def test_notices_a_table_with_other_columns(tiny, tmp_path):
    source = copied(tiny, tmp_path)
    in_notebook(source, framed("customers", "spend"))
    in_notebook(source, framed("customers", "spend"), ".zh")
    assert faults(source) == []
    in_notebook(source, framed("people"))
    in_notebook(source, framed("heads"), ".zh")
    assert any("has the columns" in fault for fault in faults(source))


def test_notices_a_notebook_that_was_never_built(tiny, tmp_path):
    source = copied(tiny, tmp_path)
    (source.parents[1] / "01_tiny.zh.ipynb").unlink()
    assert faults(source) == ["01_tiny.zh.ipynb is not built; type: make notebooks"]
