"""`crmlab lab`: the course on a reader's desk, and nothing of theirs ever overwritten."""

import os
import sys
import zipfile
from types import SimpleNamespace

import nbformat
import pytest
from click.testing import CliRunner
from nbformat.sign import NotebookNotary

import crmlab
from crmlab import _words
from crmlab._words import speaking
from crmlab.classroom import standing
from crmlab.cli import main
from crmlab.errors import CrmlabError, MissingToolError
from crmlab.teaching import lab


def notebook(said, *code):
    """The text of a built notebook: a line, and cells that were run."""
    cells = [nbformat.v4.new_markdown_cell(said)]
    for source, *tags in code:
        output = nbformat.v4.new_output("stream", text="The answer is here.")
        cells.append(nbformat.v4.new_code_cell(source, outputs=[output], execution_count=1))
        cells[-1].metadata["tags"] = tags
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    return nbformat.writes(nbformat.v4.new_notebook(cells=cells)) + "\n"


@pytest.fixture
def course(tmp_path, monkeypatch):
    """What ships: two chapters and an exercise, in a folder that a test may change."""
    shipped = tmp_path / "shipped"
    for name in ("notebooks/00_tour", "notebooks/06_rfm", "exercises/06_rfm"):
        path = shipped / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(notebook(f"{name}, first edition"), encoding="utf-8")
    (shipped / "notebooks" / "source").mkdir()
    monkeypatch.setattr(lab, "shipped", shipped.joinpath)
    return shipped


@pytest.fixture
def jupyter(monkeypatch):
    """A stand-in for JupyterLab: the list of arguments of every start."""
    starts = []
    app = SimpleNamespace(LabApp=SimpleNamespace(launch_instance=starts.append))
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", app)
    monkeypatch.setattr(lab, "trust", lambda: None)
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "theirs")
    return starts


def contents(folder):
    """Return the first line of every notebook in `folder`, except the originals kept aside."""
    files = [
        path for path in folder.rglob("*") if path.is_file() and lab.ORIGINALS not in path.parts
    ]
    return {path.relative_to(folder).as_posix(): first_line(path) for path in files}


def first_line(path):
    text = path.read_text(encoding="utf-8")
    return nbformat.reads(text, as_version=4).cells[0].source.partition("\n")[0]


def second_edition(course):
    path = course / "notebooks" / "06_rfm.ipynb"
    path.write_text(notebook("second edition"), encoding="utf-8")


# by hand


def test_chapters_and_exercises_are_copied_into_a_new_folder(course, tmp_path):
    mine = tmp_path / "a" / "new" / "folder"
    assert lab.copy_course(mine) == []
    assert contents(mine) == {
        "notebooks/00_tour.ipynb": "notebooks/00_tour, first edition",
        "notebooks/06_rfm.ipynb": "notebooks/06_rfm, first edition",
        "exercises/06_rfm.ipynb": "exercises/06_rfm, first edition",
        "START.ipynb": "# crmlab: start here",
    }


def test_a_chapter_is_handed_out_unrun_with_blanks_and_a_way_out(course, tmp_path):
    built = notebook(
        "# 06 · Who?",
        ("print(3)",),
        ("n = 1 + 1  # you type this\ncheck('06.a', n, 2)", "solution"),
    )
    (course / "notebooks" / "06_rfm.ipynb").write_text(built, encoding="utf-8")
    lab.copy_course(tmp_path / "mine")
    made = nbformat.read(tmp_path / "mine" / "notebooks" / "06_rfm.ipynb", as_version=4)
    nbformat.validate(made)
    _, plain, blank, way_out = made.cells
    assert [(cell.outputs, cell.execution_count) for cell in (plain, blank)] == [([], None)] * 2
    assert blank.source == "n = ...  # you type this\ncheck('06.a', n, 2)"
    assert "<summary>Stuck? One way to write it</summary>" in way_out.source
    assert "n = 1 + 1" in way_out.source
    lab.copy_course(tmp_path / "whole", with_outputs=True)
    assert (tmp_path / "whole" / "notebooks" / "06_rfm.ipynb").read_text(encoding="utf-8") == built


def test_the_way_out_of_a_chinese_chapter_is_in_chinese(course, tmp_path, monkeypatch):
    built = notebook("# 06 · 谁？", ("n = 2  # 由你来写\ncheck('06.a', n, 2)", "solution"))
    (course / "notebooks" / "06_rfm.zh.ipynb").write_text(built, encoding="utf-8")
    with speaking("zh"):
        lab.copy_course(tmp_path / "mine")
    copied = tmp_path / "mine" / "notebooks" / "06_rfm.zh.ipynb"
    _, blank, way_out = nbformat.read(copied, as_version=4).cells
    assert blank.source == "n = ...  # 由你来写\ncheck('06.a', n, 2)"
    assert "<summary>想不出来" in way_out.source


# the start page


def test_the_start_page_lists_what_is_there_and_how_far_one_is(course, tmp_path):
    mine = tmp_path / "mine"
    chapter = notebook("# 06 · Who?", ('guess("06.a", ...)',), ('guess("06.b", ...)',))
    chapter = chapter.replace('"metadata": {}', '"metadata": {"minutes": 40}', 1)
    (course / "notebooks" / "06_rfm.ipynb").write_text(chapter, encoding="utf-8")
    exercise = notebook("# 06 · Exercises", ('check("06.1", n)',), ('check("06.2", n)',))
    (course / "exercises" / "06_rfm.ipynb").write_text(exercise, encoding="utf-8")
    lab.copy_course(mine)
    page = nbformat.read(mine / "START.ipynb", as_version=4)
    nbformat.validate(page)
    row = "| [06_rfm](notebooks/06_rfm.ipynb) | Who? | 40 | [exercise 06](exercises/06_rfm.ipynb) |"
    assert row in page.cells[0].source
    assert "| [00_tour](notebooks/00_tour.ipynb) |  |  |  |" in page.cells[0].source
    assert standing(mine).to_numpy().tolist() == [
        ["00_tour", "", ""],
        ["06_rfm", "0 of 2", "0 of 2"],
    ]

    typed = '{"06.b": [{"on": "2026-01-01", "typed": [3]}]}'
    (mine / "notebooks" / "crmlab-guesses.json").write_text(typed, encoding="utf-8")
    met = '{"06.1": {"right": true}, "06.2": {"tries": 1}}'
    (mine / "exercises" / "crmlab-progress.json").write_text(met, encoding="utf-8")
    assert standing(mine).iloc[1].tolist() == ["06_rfm", "1 of 2", "1 of 2"]
    lab.copy_course(mine)
    shown = nbformat.read(mine / "START.ipynb", as_version=4).cells[2].outputs[0].data
    assert "1 of 2" in shown["text/plain"]


def test_each_chapter_comes_in_the_language_asked_for_where_there_is_one(course, tmp_path):
    mine = tmp_path / "mine"
    (course / "notebooks" / "00_tour.zh.ipynb").write_text(notebook("# 00 · 看什么？"), "utf-8")
    lab.copy_course(tmp_path / "english")
    assert "notebooks/00_tour.zh.ipynb" not in contents(tmp_path / "english")
    with speaking("zh"):
        lab.copy_course(mine)
        assert "--LabApp.default_url=/lab/tree/START.zh.ipynb" in lab.arguments(
            mine, browser=True, port=None
        )
    assert [*contents(mine)] == [
        "START.zh.ipynb",
        "exercises/06_rfm.ipynb",
        "notebooks/00_tour.zh.ipynb",
        "notebooks/06_rfm.ipynb",
    ]
    start = nbformat.read(mine / "START.zh.ipynb", as_version=4)
    assert "# crmlab：从这里开始" in start.cells[0].source
    assert "| [00_tour.zh](notebooks/00_tour.zh.ipynb) | 看什么？ |" in start.cells[0].source
    assert "[练习 06](exercises/06_rfm.ipynb)" in start.cells[0].source
    assert "<th>已做对的题目</th>" in start.cells[2].outputs[0].data["text/html"]


def test_a_chapter_in_two_languages_is_one_and_newer_copies_are_none(course, tmp_path):
    mine = tmp_path / "mine"
    (course / "notebooks" / "00_tour.zh.ipynb").write_text(notebook("# 00 · 看什么？"), "utf-8")
    asked = notebook("# 06 · 练习", ('check("06.1", n)',))
    (course / "exercises" / "06_rfm.zh.ipynb").write_text(asked, "utf-8")
    for spoken in ("en", "zh"):
        with speaking(spoken):
            lab.copy_course(mine)
    second_edition(course)
    lab.copy_course(mine)
    assert standing(mine)["chapter"].tolist() == ["00_tour", "06_rfm"]
    (mine / "exercises" / "06_rfm.ipynb").unlink()
    assert standing(mine)["questions met"].tolist() == ["", "0 of 1"]


def test_a_chapter_that_its_reader_spoilt_is_listed_all_the_same(course, tmp_path):
    mine = tmp_path / "mine"
    lab.copy_course(mine)
    (mine / "notebooks" / "06_rfm.ipynb").write_text("{", encoding="utf-8")
    assert len(lab.copy_course(mine)) == 0
    assert "06_rfm" in (mine / "START.ipynb").read_text(encoding="utf-8")


@pytest.mark.parametrize("theirs", ["my own", "[]", '{"metadata": {}}'])
def test_a_start_page_of_the_readers_own_stays(theirs, course, tmp_path):
    (tmp_path / "START.ipynb").write_text(theirs, encoding="utf-8")
    (told,) = lab.copy_course(tmp_path)
    assert told.startswith("START.ipynb is yours and stays")
    assert (tmp_path / "START.ipynb").read_text(encoding="utf-8") == theirs


def test_work_stays_as_it_is_and_nothing_is_said_while_nothing_is_new(course, tmp_path):
    lab.copy_course(tmp_path / "mine")
    (tmp_path / "mine" / "notebooks" / "06_rfm.ipynb").write_text(notebook("my notes"), "utf-8")
    before = contents(tmp_path / "mine")
    assert lab.copy_course(tmp_path / "mine") == []
    assert contents(tmp_path / "mine") == before


def test_a_newer_chapter_is_put_beside_the_readers_own_and_told_once(course, tmp_path):
    mine = tmp_path / "mine"
    lab.copy_course(mine)
    (mine / "notebooks" / "06_rfm.ipynb").write_text(notebook("my notes"), "utf-8")
    second_edition(course)
    new = f"06_rfm.crmlab-{crmlab.__version__}.ipynb"
    told = f"notebooks/06_rfm.ipynb is yours and stays; the new version is {new} beside it."
    assert lab.copy_course(mine) == [told]
    assert contents(mine)["notebooks/06_rfm.ipynb"] == "my notes"
    assert contents(mine)[f"notebooks/{new}"] == "second edition"
    assert lab.copy_course(mine) == []


def test_a_file_of_the_same_name_that_was_never_handed_out_stays_too(course, tmp_path):
    mine = tmp_path / "mine"
    (mine / "notebooks").mkdir(parents=True)
    new = mine / "notebooks" / f"06_rfm.crmlab-{crmlab.__version__}.ipynb"
    for path in (mine / "notebooks" / "06_rfm.ipynb", new):
        path.write_text(notebook("mine all along"), encoding="utf-8")
    assert len(lab.copy_course(mine)) == 1
    assert contents(mine)["notebooks/06_rfm.ipynb"] == "mine all along"
    assert first_line(new) == "mine all along"


def test_a_chapter_that_the_reader_removed_comes_back(course, tmp_path):
    lab.copy_course(tmp_path / "mine")
    (tmp_path / "mine" / "notebooks" / "00_tour.ipynb").unlink()
    lab.copy_course(tmp_path / "mine")
    assert "notebooks/00_tour.ipynb" in contents(tmp_path / "mine")


def test_jupyterlab_opens_the_start_page(course, tmp_path):
    lab.copy_course(tmp_path / "mine")
    given = lab.arguments(tmp_path / "mine", browser=True, port=None)
    assert "--LabApp.default_url=/lab/tree/START.ipynb" in given


def test_a_checkout_without_one_opens_the_first_chapter(course):
    given = lab.arguments(course, browser=True, port=None)
    assert f"--ServerApp.root_dir={course.resolve()}" in given
    assert "--LabApp.default_url=/lab/tree/notebooks/00_tour.ipynb" in given
    assert "--no-browser" not in given


def test_a_folder_without_chapters_opens_all_the_same(tmp_path):
    given = lab.arguments(tmp_path, browser=False, port=8890)
    assert "--LabApp.default_url=/lab" in given
    assert {"--no-browser", "--port=8890"} <= {*given}


@pytest.mark.parametrize(("user", "allowed"), [(0, True), (1000, False)])
def test_only_root_is_allowed_as_root(user, allowed, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: user, raising=False)
    assert ("--allow-root" in lab.arguments(tmp_path, browser=True, port=None)) is allowed


def test_windows_knows_no_root(tmp_path, monkeypatch):
    monkeypatch.delattr(os, "geteuid", raising=False)
    assert "--allow-root" not in lab.arguments(tmp_path, browser=True, port=None)


def test_our_own_notebooks_are_trusted_and_changed_ones_are_not(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(lab, "shipped", lambda room: tiny.parents[2] / room)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))
    notebook = nbformat.read(tiny.parents[1] / "01_tiny.ipynb", as_version=4)
    assert not NotebookNotary().check_signature(notebook)
    lab.trust()
    assert NotebookNotary().check_signature(notebook)
    notebook.cells[1].outputs = [nbformat.v4.new_output("display_data", {"text/html": "<script>"})]
    assert not NotebookNotary().check_signature(notebook)


# on the command line


def test_the_command_copies_tells_and_opens(course, jupyter, tmp_path):
    done = CliRunner().invoke(main, ["lab", str(tmp_path / "mine"), "--no-browser", "--port", "9"])
    assert done.output == f"The course is in {tmp_path / 'mine'}\n"
    (given,) = jupyter
    assert {"--no-browser", "--port=9"} <= {*given}
    ours, theirs = os.environ["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert (lab.Path(ours) / "labconfig" / "default_setting_overrides.json").exists()
    assert theirs == "theirs"


def test_copying_alone_opens_nothing(course, jupyter, tmp_path):
    CliRunner().invoke(main, ["lab", str(tmp_path / "mine"), "--copy-only"])
    assert jupyter == []
    assert contents(tmp_path / "mine")


def test_a_checkout_opens_its_own_chapters(course, jupyter, tmp_path):
    done = CliRunner().invoke(main, ["lab", "--here"])
    assert done.output == ""
    assert f"--ServerApp.root_dir={course.resolve()}" in jupyter[0]


def test_the_command_speaks_the_language_asked_for(course, jupyter, tmp_path, monkeypatch):
    monkeypatch.setattr(_words, "_told", [])
    CliRunner().invoke(main, ["lab", str(tmp_path / "mine"), "--copy-only", "--lang", "zh"])
    assert "START.zh.ipynb" in contents(tmp_path / "mine")


# when misused


def test_an_installed_crmlab_has_no_chapters_to_write_into(monkeypatch):
    inside = lab.Path(crmlab.__file__).parent / "shipped"
    monkeypatch.setattr(lab, "shipped", inside.joinpath)
    with pytest.raises(CrmlabError, match=r"--here is for a checkout of crmlab\. Name a folder"):
        lab.checkout()


def test_without_jupyterlab_one_line_says_what_to_type(course, tmp_path, monkeypatch):
    monkeypatch.setattr(lab, "find_spec", lambda name: None)
    with pytest.raises(MissingToolError, match="Type: python -m pip install jupyterlab"):
        lab.jupyterlab(tmp_path)
    done = CliRunner().invoke(main, ["lab", str(tmp_path / "mine")])
    assert done.exit_code == 1
    assert done.output.splitlines()[-1].startswith("Error: JupyterLab is not installed.")


def test_a_place_that_cannot_be_written_to_is_named(course, tmp_path):
    file = tmp_path / "file"
    file.write_text("not a folder", encoding="utf-8")
    with pytest.raises(
        CrmlabError, match=r"cannot copy the course into .*file.* crmlab lab FOLDER"
    ):
        lab.copy_course(file)
    with pytest.raises(CrmlabError, match="cannot copy the course into"):
        lab.copy_course(file / "below")


@pytest.fixture
def handed_out(tmp_path):
    def pack(**files):
        path = tmp_path / "ann.zip"
        with zipfile.ZipFile(path, "w") as file:
            for name, text in {"crmlab-bundle": "{}", **files}.items():
                file.writestr(f"ann/{name}.{'json' if 'bundle' in name else 'ipynb'}", text)
        return path

    return pack


def test_what_a_teacher_handed_out_is_unpacked_and_no_work_is_overwritten(handed_out, tmp_path):
    desk = tmp_path / "desk"
    assert lab.unpack(handed_out(**{"06_rfm": "blank"}), desk) == []
    (desk / "ann" / "06_rfm.ipynb").write_text("my work", encoding="utf-8")
    told = "ann/06_rfm.ipynb is yours and stays; the new one is 06_rfm (2).ipynb beside it."
    for _ in range(2):
        assert lab.unpack(handed_out(**{"06_rfm": "blank", "07_pyramid": "b"}), desk) == [told]
    assert lab.unpack(handed_out(**{"06_rfm": "newer"}), desk) == [told.replace("(2)", "(3)")]
    there = {path.name: path.read_text(encoding="utf-8") for path in desk.rglob("*.ipynb")}
    assert there == {
        "06_rfm.ipynb": "my work",
        "06_rfm (2).ipynb": "blank",
        "06_rfm (3).ipynb": "newer",
        "07_pyramid.ipynb": "b",
    }


def test_a_zip_that_was_packed_again_on_windows_is_unpacked_too(handed_out, tmp_path):
    path = tmp_path / "again.zip"
    with (
        zipfile.ZipFile(handed_out(**{"06_rfm": "blank"})) as old,
        zipfile.ZipFile(path, "w") as new,
    ):
        new.writestr("ann/", "")
        for name in old.namelist():
            new.writestr(name.replace("/", "\\"), old.read(name))
    assert lab.unpack(path, tmp_path / "desk") == []
    assert (tmp_path / "desk" / "ann" / "06_rfm.ipynb").read_text(encoding="utf-8") == "blank"


@pytest.mark.parametrize("name", ["../out", "/out", "x/../../out", "c:/out", "..\\out"])
def test_a_zip_that_climbs_out_of_its_folder_is_refused(handed_out, tmp_path, name):
    path = handed_out()
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(name, "x")
    with pytest.raises(CrmlabError, match="not what a teacher handed out"):
        lab.unpack(path, tmp_path / "desk")
    assert not (tmp_path / "desk").exists()


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04", b"nonsense"])
def test_a_broken_zip_is_told(tmp_path, raw):
    (tmp_path / "ann.zip").write_bytes(raw)
    with pytest.raises(CrmlabError, match="cannot be unpacked"):
        lab.unpack(tmp_path / "ann.zip", tmp_path)
