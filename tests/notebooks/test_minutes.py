"""The minutes that a chapter, its lecture plan, its exercise and the table of weeks tell agree."""

import re

import pandas as pd
import pytest

from crmlab._shipped import shipped
from crmlab.classroom.source import number_of, read
from crmlab.teaching.notebooks import read as chapter_of
from crmlab.teaching.notebooks import sources
from crmlab.teaching.plan import sections
from crmlab.teaching.registries import ROOT, minutes_of, weeks

SOURCES = sources()
each_chapter = pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
# What opens and closes a chapter belongs to no goal.
BESIDE_GOALS = 0.2


def text_of(source):
    return re.sub(r"\n# *", " ", source.read_text(encoding="utf-8"))


@each_chapter
def test_the_goals_of_a_chapter_take_what_its_plan_takes(source):
    """Each goal names its minutes; together they are nearly all, and never more."""
    text = text_of(source)
    goals = text[text.index("You will be able to") :].partition(" %% ")[0]
    said = sum(map(int, re.findall(r"\((\d+) minutes\)", goals)))
    assert (1 - BESIDE_GOALS) * minutes_of(source) <= said <= minutes_of(source)


@each_chapter
def test_the_plan_and_the_table_add_up_the_same_sections(source):
    chapter = chapter_of(source)
    for cell in chapter.cells:
        cell.metadata.setdefault("execution", {})
    assert sum(part.minutes for part in sections(chapter, name=source.stem)) == minutes_of(source)


@each_chapter
def test_a_chapter_tells_the_minutes_of_its_exercise_as_the_exercise_does(source):
    exercise = read(shipped("exercises") / "source" / source.name)
    asked = re.search(r"About (\d+) minutes", exercise.cells[0].text)[1]
    told = re.findall(rf"exercises/{source.stem}\.ipynb`[^()]*\((\d+) minutes", text_of(source))
    assert {*told} <= {asked}


def test_every_chapter_has_its_weeks_and_every_week_its_minutes():
    rows = pd.read_csv(ROOT / "docs" / "weeks.csv", dtype="str")
    taught = [each for row in rows["chapters"] for each in row.split()]
    parts = pd.Series([0.5 if ":" in each else 1.0 for each in taught])
    whole = parts.groupby([number_of(each) for each in taught]).sum()
    assert (whole == 1).all()
    assert {number_of(path.stem) for path in SOURCES} <= {*whole.index}
    assert len(rows) == 14
    shown = [line.split(" | ")[2] for line in weeks()[2:]]
    assert sum(float(each) for each in shown if each.strip()) == sum(map(minutes_of, SOURCES))
