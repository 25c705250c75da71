"""Building notebooks: what a reader gets is executed, described, and the same at every build."""

from base64 import b64decode
from io import BytesIO

import nbformat
import pytest
from PIL import Image

from crmlab.errors import ChapterError
from crmlab.teaching import notebooks
from crmlab.teaching.slides import WIDGET

HEAD = "# %% [markdown]\n# # 02 · Is this a chapter?\n\n"


@pytest.fixture
def write(tmp_path):
    """Writes a source into a course of its own, and gives its path back."""

    def write(text, name="02_other"):
        source = tmp_path / "notebooks" / "source" / f"{name}.py"
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text(HEAD + text, encoding="utf-8")
        return source

    return write


@pytest.fixture(scope="module")
def english(tiny):
    return nbformat.read(notebooks.notebooks_of(tiny)[0], as_version=4)


@pytest.fixture(scope="module")
def chinese(tiny):
    return nbformat.read(notebooks.notebooks_of(tiny)[1], as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


# by hand


def test_the_notebook_knows_the_language_and_nothing_of_the_machine(english):
    assert english.metadata.kernelspec == {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    assert english.metadata.language_info == {"file_extension": ".py", "name": "python"}
    assert {*english.metadata} == {"kernelspec", "language_info", "widgets"}


def test_cells_are_executed_and_keep_their_tags_and_minutes(english):
    assert [cell.execution_count for cell in code(english)] == [*range(1, 10)]
    assert code(english)[1].outputs[0].text == "It takes 3 steps.\n"
    assert code(english)[1].metadata == {"tags": ["fragment"]}
    assert english.cells[2].metadata == {"minutes": 5, "tags": ["slide"]}


def test_code_that_only_decorates_is_folded(english):
    folded = ["jupyter" in cell.metadata for cell in code(english)]
    assert folded == [True, False, False, False, False, True, False, False, False]
    assert code(english)[0].metadata.jupyter == {"source_hidden": True}


def test_a_note_to_the_lecturer_opens_with_a_click(english):
    (note,) = [cell for cell in english.cells if "aloud" in cell.source]
    assert note.source == (
        "<details><summary>For the lecturer</summary>\n\nLet somebody say it aloud.\n\n</details>"
    )
    assert notebooks.unfolded(note.source) == "Let somebody say it aloud."
    assert notebooks.unfolded("A <details> of its own.") == "A <details> of its own."


def test_a_picture_has_its_alternative_text_100_dpi_and_few_colours(english):
    (output,) = code(english)[3].outputs
    assert output.metadata["image/png"] == {"alt": "A line that rises from left to right"}
    picture = Image.open(BytesIO(b64decode(output.data["image/png"])))
    assert picture.info["dpi"] == pytest.approx((100, 100), abs=0.1)
    assert picture.mode == "P"
    # What was transparent is white paper.
    assert picture.convert("RGB").getpixel((0, 0)) == (255, 255, 255)


def test_a_widget_is_shown_before_anything_runs(english):
    (states,) = english.metadata.widgets.values()
    model = code(english)[4].outputs[0].data[WIDGET]["model_id"]
    assert states["state"][model]["model_name"] == "VBoxModel"
    assert [*states["state"]] == [f"{number:032x}" for number in range(len(states["state"]))]


def test_the_chinese_notebook_has_its_own_text_and_is_run_in_chinese(english, chinese):
    assert "一条线有多长" in chinese.cells[0].source
    assert "一条线有多长" not in nbformat.writes(english)
    note = [cell.cell_type == "markdown" and "aloud" in cell.source for cell in english.cells]
    assert chinese.cells[note.index(True)].source.startswith("<details><summary>给讲师</summary>")
    assert [cell.id for cell in chinese.cells] == [cell.id for cell in english.cells]
    assert code(chinese)[1].outputs[0].text == "走了 3 步。\n"
    assert code(chinese)[7].outputs[0].text == "01.a · 真实答案：3（你没有写下猜测）\n"
    assert code(chinese)[8].source.splitlines()[1] == "    return 2 * steps  # 由你来写"
    assert code(chinese)[3].outputs[0].metadata["image/png"] == {"alt": "一条从左到右上升的线"}
    assert "alt_zh" not in code(chinese)[3].metadata


def test_the_lines_of_a_chinese_paragraph_are_joined(chinese):
    said = [cell.source for cell in chinese.cells]
    assert "把函数补完，再拿一条数得清的线来试，看看对不对。" in said


def test_one_language_can_be_built_alone(tiny, monkeypatch):
    run = []
    monkeypatch.setattr(notebooks, "execute", lambda *_, language, **__: run.append(language))
    monkeypatch.setattr(notebooks.nbformat, "write", lambda *_: None)
    assert [path.name for path in notebooks.build(tiny, "zh")] == ["01_tiny.zh.ipynb"]
    assert run == ["zh"]
    assert [path.name for path in notebooks.build(tiny, "en")] == ["01_tiny.ipynb"]


def test_a_letter_that_no_font_has_is_told_in_the_notebook(write):
    source = write('# %%\nimport matplotlib.pyplot as plt\nplt.title("\ue123");\n')
    (path,) = notebooks.build(source)
    told = [output.get("text", "") for output in code(nbformat.read(path, as_version=4))[0].outputs]
    assert any("Glyph 57635" in text for text in told)


def test_a_chapter_without_chinese_cells_has_no_chinese_notebook(write):
    source = write("# %%\n1 + 1\n")
    assert [path.name for path in notebooks.build(source)] == ["02_other.ipynb"]


# for any chapter


def test_building_again_gives_the_same_bytes(tiny):
    before = [path.read_bytes() for path in notebooks.notebooks_of(tiny)]
    assert [path.read_bytes() for path in notebooks.build(tiny)] == before


def test_equal_cells_have_different_ids(write):
    chapter = notebooks.read(write("# %%\n1\n\n# %%\n1\n"))
    notebooks.finish(chapter)
    assert len({cell.id for cell in chapter.cells}) == len(chapter.cells)


def test_cells_run_in_the_folder_of_the_notebook(write):
    source = write("# %%\nfrom pathlib import Path\n\nprint(Path.cwd().name)\n")
    (path,) = notebooks.build(source)
    assert code(nbformat.read(path, as_version=4))[0].outputs[0].text == "notebooks\n"


# when misused


def test_a_failing_cell_stops_the_build_with_chapter_cell_and_traceback(write):
    source = write("# %%\n1\n\n# %%\nlost = {}\nlost['Ann']\n")
    with pytest.raises(ChapterError, match=r"(?s)02_other, code cell 2.*lost\['Ann'\].*KeyError"):
        notebooks.build(source)
    assert not notebooks.notebooks_of(source)[0].exists()


def test_a_chinese_cell_without_an_english_one_is_named(write):
    source = write('# %%\n1\n\n# %% [markdown] lang="zh"\n# 单独一格\n')
    with pytest.raises(
        ChapterError, match=r"02_other\.py: the zh cell '单独一格' must come right after"
    ):
        notebooks.read(source)


def test_names_may_be_short_and_unknown_ones_are_listed_with_those_there(write):
    folder = write("").parents[1]
    other = write("", name="03_third")
    assert notebooks.sources(["03"], folder=folder) == [other]
    assert len(notebooks.sources(folder=folder)) == 2
    with pytest.raises(ChapterError, match=r"no '09'; it has 02_other, 03_third\."):
        notebooks.sources(["02", "09"], folder=folder)
