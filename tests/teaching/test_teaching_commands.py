"""`python -m crmlab.teaching`: each command calls its room and says what it wrote."""

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from crmlab import cli, language
from crmlab.teaching import __main__, datasets, exercises, gallery, notebooks, plan


@pytest.fixture
def tiny_only(tiny, monkeypatch):
    """The commands see the tiny chapter and no other."""
    chosen = notebooks.sources

    def sources(names):
        return chosen(names, folder=tiny.parents[1])

    monkeypatch.setattr(notebooks, "sources", sources)
    return tiny


def run(*arguments):
    return (
        CliRunner().invoke(__main__.main, arguments, catch_exceptions=False).output.split("\n")[:-1]
    )


def test_notebooks_are_built_in_every_language(tiny_only, monkeypatch):
    built = []

    def build(source, language):
        return built.append(language) or [source]

    monkeypatch.setattr(notebooks, "build", build)
    assert run("notebooks", "01") == [str(tiny_only)]
    run("notebooks", "01", "--lang", "zh")
    assert built == [None, "zh"]


def test_slides_are_built_of_every_notebook(tiny_only, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    names = ["01_tiny.slides.html", "01_tiny.zh.slides.html"]
    assert [Path(line).name for line in run("slides")] == names
    assert sorted(path.name for path in (tmp_path / "build" / "slides").iterdir()) == names
    assert [Path(line).name for line in run("slides", "--lang", "zh")] == names[1:]


def test_an_instructor_gets_slides_where_they_say(tiny_only, tmp_path):
    said = CliRunner().invoke(cli.main, ["course", "slides", "01", "--out", str(tmp_path)])
    names = ["01_tiny.slides.html", "01_tiny.zh.slides.html"]
    assert [Path(line).name for line in said.output.split()] == names
    assert sorted(path.name for path in tmp_path.iterdir()) == names


def test_an_instructor_gets_plans_where_they_say(tiny_only, tmp_path):
    out = tmp_path / "mine"
    asked = ["course", "plans", "01", "--out", str(out), "--lang", "zh"]
    said = CliRunner().invoke(cli.main, asked)
    assert said.output.split() == [str(out / "01_tiny.zh.md")]
    assert (out / "01_tiny.zh.md").read_text(encoding="utf-8").startswith("# ")


@pytest.mark.parametrize("what", ["slides", "plans"])
def test_an_instructor_without_the_builders_is_told_what_to_type(what, monkeypatch):
    monkeypatch.setattr(cli, "find_spec", lambda name: None)
    said = CliRunner().invoke(cli.main, ["course", what])
    assert said.exit_code == 1
    assert "Type: python -m pip install jupytext" in said.output


def test_plans_are_written_for_every_chapter(tiny_only, monkeypatch):
    found = {"here": {"01.a": [3]}}
    monkeypatch.setattr(plan, "guessed_in", lambda folder: found[folder.name])
    monkeypatch.setattr(
        plan, "build", lambda source, guessed: f"{source.stem} in {language()}: {guessed}"
    )
    assert run("plans", "01", "--guesses", "here") == ["01_tiny in en: {'01.a': [3]}"]
    assert run("plans", "--guesses", "here", "--lang", "zh") == ["01_tiny in zh: {'01.a': [3]}"]
    assert language() == "en"


def test_exercises_are_built_by_name(monkeypatch):
    monkeypatch.setattr(exercises, "build", lambda names, language: [*names, str(language)])
    assert run("exercises", "06", "07") == ["06", "07", "None"]
    assert run("exercises", "06", "--lang", "zh") == ["06", "zh"]


def test_data_sets_are_made_anew(monkeypatch):
    monkeypatch.setattr(datasets, "main", lambda: print("datasets/hehua.csv"))
    assert run("datasets") == ["datasets/hehua.csv"]


def test_the_gallery_says_where_to_look(monkeypatch):
    monkeypatch.setattr(gallery, "draw_all", lambda: Path("somewhere/index.html"))
    assert run("gallery") == ["Look at them all in somewhere/index.html"]


def test_an_unknown_chapter_is_one_line_and_no_traceback(tiny_only, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["teaching", "notebooks", "77"])
    with pytest.raises(SystemExit) as stopped:
        __main__.run()
    assert stopped.value.code == "Error: notebooks/source has no '77'; it has 01_tiny."
