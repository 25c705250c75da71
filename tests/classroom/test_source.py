"""Exercise sources: read as jupytext reads them, and refused with every fault at once."""

from pathlib import Path

import jupytext
import pytest

from crmlab.classroom.source import ExerciseError, Question, Trap, cells_of, find
from crmlab.classroom.strip import stripped

ROOT = Path(__file__).parents[2]
SOURCES = [
    *sorted((ROOT / "exercises" / "source").glob("*.py")),
    ROOT / "tests" / "exercises" / "source" / "90_shop.py",
]
GOOD = """# %% [markdown] objective="count" points=2
# **91.1** How many? Call it `many`.

# %% tags=["solution"]
many = 3

# %% wrong="many + 1" message="One too many."
check("91.1", many)
"""

# by hand


def test_a_question_is_gathered_from_its_cells(written):
    assert written(GOOD).questions["91.1"] == Question(
        name="91.1",
        prompt="**91.1** How many? Call it `many`.",
        asks="many",
        points=2,
        objective="count",
        traps=(Trap("many + 1", "One too many."),),
    )


def test_hints_traps_and_rubric_may_be_one_text_or_several(shop, written):
    assert shop.questions["90.1"].hints == ("Which column is money?", "A mean has one line.")
    assert shop.questions["90.2"].hints == ("Divide by everything.",)
    assert [trap.message for trap in shop.questions["90.1"].traps] == [
        "That is the total.",
        "That is the median.",
    ]
    assert len(shop.questions["90.4"].rubric) == 3
    assert shop.points == 7
    assert shop.chapter == "90"
    assert shop.title == "90 · Exercises: a shop in ten lines"
    assert written(GOOD).title == "91_small"


# against jupytext


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_it_reads_what_jupytext_reads(path):
    text = path.read_text(encoding="utf-8")
    mine = [(cell.kind, cell.text, cell.meta) for cell in cells_of(text)]
    theirs = jupytext.reads(text, fmt="py:percent").cells
    assert mine == [(cell.cell_type, cell.source, {**cell.metadata}) for cell in theirs]


# what a student gets


def test_the_solution_gives_way_to_the_names_that_the_check_reads(shop):
    cells = ["".join(cell["source"]) for cell in stripped(shop)["cells"]]
    assert "mean_spend = ...  # your answer" in cells
    assert "total" not in "".join(cells)
    assert "def world" not in "".join(cells)


def test_several_solution_cells_leave_one_place(written):
    twice = GOOD.replace("# %% wrong", '# %% tags=["solution"]\nmany += 0\n\n# %% wrong')
    cells = stripped(written(twice))["cells"]
    assert [cell["cell_type"] for cell in cells] == ["markdown", "code", "code"]
    assert cells[1]["source"] == ["many = ...  # your answer"]


def test_hints_and_traps_do_not_travel_in_the_notebook(shop):
    assert all(cell["metadata"] == {} for cell in stripped(shop)["cells"])


# when misused


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('check("91.1", many)', "pass", r'91.1 needs one check\("91.1", …\), it has 0'),
        ('check("91.1", many)', 'check("91.1", many); check("91.1", 2)', "it has 2"),
        ('tags=["solution"]', "", "91.1 has no cell tagged solution"),
        (' message="One too many."', "", "91.1 has 1 wrong answers and 0 messages"),
        ('objective="count"', "", "91.1 has no objective"),
        ("points=2", 'hint=["a", "b", "c", "d"]', "91.1 has 4 hints; 3 at most"),
        ("points=2", 'rubric=["a", "b"]', "91.1's rubric has 2 levels, not 3"),
        ("**91.1**", "**92.1**", "92.1 does not belong to chapter 91"),
        ("**91.1**", "91.1", "there is no question"),
        ("points=2", "points=two", "points= is not followed by JSON"),
    ],
)
def test_every_fault_is_named(written, old, new, fault):
    with pytest.raises(ExerciseError, match=fault):
        written(GOOD.replace(old, new))


def test_a_question_asked_twice_is_named(written):
    with pytest.raises(ExerciseError, match=r"91.1 is asked 2 times; .*it has 2"):
        written(GOOD + GOOD)


def test_a_chapter_without_exercise_says_which_there_are():
    with pytest.raises(ExerciseError, match=r"no exercise for chapter '89'; there are \["):
        find("89")
