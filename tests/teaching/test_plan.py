"""The lecture plan: from what a chapter and its exercise say, and how long its cells run."""

import re

import pytest

from crmlab.classroom import guess
from crmlab.errors import ChapterError
from crmlab.teaching import plan
from crmlab.teaching.notebooks import in_language, sources

CHAPTER = """# %% [markdown]
# # 90 · Who comes back?
#
# **Before you run anything, write down your guess:**
#
# 1. how many?
# 2. how soon?
#
# Then read on.

# %% [markdown] minutes=4
# ## Look
#
# Some text.

# %%
import time
time.sleep(2)

# %% [markdown]
# Two bars differ. **Before you look:** which bar
# is the longest?

# %% [markdown] tags=["notes"]
# Wait for three answers.

# %% [markdown] minutes=2.5
# ## Judge
"""

EXERCISE = """# %% [markdown] objective="count returns" minutes=3
# **90.1** How many? Call it `n`.

# %% tags=["solution"]
n = 3

# %% wrong="n + 1" message="The first purchase is no return."
check("90.1", n)
"""


@pytest.fixture
def source(tmp_path):
    """A small chapter in a course of its own, without an exercise."""
    source = tmp_path / "notebooks" / "source" / "90_back.py"
    source.parent.mkdir(parents=True)
    source.write_text(CHAPTER, encoding="utf-8")
    return source


def written(source):
    """The plan's text, from the chapter as it is written and not run."""
    parts = plan.sections(plan.read(source), name=source.stem)
    return "\n".join(plan.page(parts, title="Who?", stumble=plan.asked_in(source)))


# by hand


def test_sections_follow_each_other_on_the_clock(source):
    text = written(source)
    assert text.startswith("# Who?\n\n6.5 minutes, ")
    assert "| 0 | 4 | Look | 0 s |" in text
    assert "| 4 | 2.5 | Judge | 0 s |" in text


def test_says_what_to_ask_and_what_to_say_and_where(source):
    look, judge = written(source).split("## Look")[1].split("## Judge")
    guess = "write down your guess:** 1. how many? 2. how soon?\n"
    assert look.index(guess) < look.index("* **Ask.** **Before you look:** which bar is the lon")
    assert "* **Say.** Wait for three answers." in look
    assert "Then read on" not in look
    assert "Ask" not in judge


@pytest.mark.parametrize("source", sources(()), ids=lambda path: path.stem)
def test_no_question_of_a_chapter_is_lost_wherever_it_stands_in_its_paragraph(source):
    chapter = in_language(plan.read(source), "en")
    text = "\n\n".join(cell.source for cell in chapter.cells if cell.cell_type == "markdown")
    asked = [line for part in plan.sections(chapter, name=source.stem) for line in part.ask]
    assert len(re.findall(r"\*\*Before\s+you", "\n".join(asked))) == len(
        re.findall(r"\*\*Before\s+you", text)
    )
    assert asked


def test_students_stumble_where_the_exercise_knows_a_wrong_answer(source):
    assert "stumble" not in written(source)
    exercise = source.parents[2] / "exercises" / "source" / source.name
    exercise.parent.mkdir(parents=True)
    exercise.write_text(EXERCISE, encoding="utf-8")
    text = written(source)
    assert "## Where students stumble (3 minutes of exercises)" in text
    assert "* **90.1** count returns\n  * `n + 1`: The first purchase is no return." in text


def test_the_written_plan_has_the_chapters_question_and_measured_times(source, tmp_path):
    text = plan.build(source, folder=tmp_path / "plans").read_text(encoding="utf-8")
    assert text.startswith("# 90 · Who comes back?\n\n6.5 minutes, ")
    look = re.search(r"\| Look \| (\d+) s \|", text)
    assert 2 <= int(look[1]) < 60  # the cell sleeps for two seconds
    assert "| Judge | 0 s |" in text


def test_says_what_was_guessed_in_earlier_runs(source, tmp_path, monkeypatch):
    for folder, typed in {"ann": ["20%"], "bob/notebooks": [0.4, 0.3], ".": ["many"]}.items():
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        monkeypatch.chdir(tmp_path / folder)
        guess("90.a", *typed)
        guess("91.a", 5)
    guessed = plan.guessed_in(tmp_path)
    assert [*plan.spreads(guessed, chapter="90")] == [
        "## What was guessed in earlier runs\n",
        "* **90.a** 0.3 in the middle of 3, from 0.2 to 0.4; many: 1",
        "",
    ]
    built = plan.build(source, folder=tmp_path / "plans", guessed=guessed)
    assert "90.a" in built.read_text(encoding="utf-8")
    assert [*plan.spreads(guessed, chapter="92")] == [""]


# when misused


def test_a_chapter_without_minutes_is_refused_by_name(source):
    source.write_text("# %% [markdown]\n# # 90 · Who?", encoding="utf-8")
    with pytest.raises(ChapterError, match="90_back has no section with its minutes"):
        written(source)
