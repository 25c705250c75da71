"""`crmlab course try`: every fault an author can make is told, all at once, without a traceback."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from crmlab.classroom.unseen import chapters_of_kit
from crmlab.cli import main
from crmlab.grading.tryout import try_out

ROOT = Path(__file__).parents[2]
GOOD = """# %% [markdown]
# # 91 · A small one

# %%
from crmlab.classroom import check, load_mine


# %% tags=["world"]
def world(seed):
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    data = pd.DataFrame({"spend": rng.gamma(2.0, 50.0, 20)})
    return data, {"mean": 100.0}


# %%
mine = load_mine("91")

# %% [markdown] objective="read a mean" own=true hint="Add up, and divide by how many."
# **91.1** What does a customer spend on average? As `average`.

# %% tags=["solution"]
average = mine["spend"].mean()

# %% wrong="mine['spend'].sum()" message="That is the total." truth="world['mean']"
check("91.1", average)

# %% [markdown] objective="add" minutes=1 hint="One more than one."
# **91.2** What is one and one? As `two`.

# %% tags=["solution"]
two = 1 + 1

# %% wrong="3" message="One too many."
check("91.2", two)
"""


@pytest.fixture
def tried(tmp_path):
    def tried(*changes, students=12):
        text = GOOD
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "91_small.py"
        path.write_text(text, encoding="utf-8")
        return try_out(path, students=students)

    return tried


def crmlab(*arguments):
    run = CliRunner().invoke(main, ["course", "try", *map(str, arguments)])
    assert run.exception is None or isinstance(run.exception, SystemExit), run.exception
    return run.exit_code, run.output


# by hand


def test_a_sound_source_has_no_fault_and_tells_its_answers(tried):
    found = tried()
    assert (found.faults, found.notes) == ([], [])
    assert [(row["question"], row["different"]) for row in found.rows] == [
        ("91.1", 12),
        ("91.2", 1),
    ]


def test_the_kits_own_exercises_have_no_fault():
    # One of each: with a world and open question, and the smallest.
    for chapter in ("00", "06"):
        assert try_out(chapters_of_kit()[chapter], students=3).faults == []


FAULTS = [
    ("own=true", "owm=true", "91.1: owm= is not known; did you mean own=?"),
    ("own=true", "own=true, points=2", "is no attribute; write name=value"),
    ("own=true", 'own="yes"', '91.1: own= should be true or false, not "yes"'),
    ("own=true", "own=true own=false", "own= stands twice in one line"),
    ("own=true", "points=0", "91.1: points= should be a number over 0, not 0"),
    ("own=true", "own=true wrong=", "wrong= is not followed by JSON"),
    (
        'message="That is',
        'own=true message="That is',
        "own= counts for nothing here; it belongs to",
    ),
    ('tags=["solution"]\ntwo', 'tags=["soluton"]\ntwo', "91.2: tags= should be a list of solution"),
    ("average = mine", "average := mine", "is no Python: invalid syntax"),
    ("# **91.2** What", "# 91.2 What", 'check("91.2", …) has no cell that asks it'),
    ("# %% [markdown]\n# # 91", "import os\n# %% [markdown]\n# # 91", "'import os' stands before"),
    ("rng = np", "1 / 0 #", "for 12 of 12 students the world of seed"),
    ("return data, {", "return data #", "does not run: ValueError: not enough values to unpack"),
    ("return data, {", "return [1], {", "returns (data, truth) with data a DataFrame, not list"),
    ("def world", "def word", "KeyError: 'world'"),
    ("default_rng(seed)", "default_rng()", "the world of one seed is another at each call"),
    ("default_rng(seed)", "default_rng(1)", "the world is the same for every student"),
    (
        'pd.DataFrame({"spend"',
        'pd.DataFrame(index=[*"ab" * 10], data={"spend"',
        "an index does not",
    ),
    ("average = mine", "average = 1 / 0 + mine", "91.1: the cell 'average = 1 / 0"),
    ("average = mine", "raise SystemExit\naverage = mine", "does not run: SystemExit"),
    ("average = mine", "average = load_mine\naverage.x = mine", "does not run: NotPlainError"),
    ('mine["spend"].mean()', 'float("nan")', "91.1: the answer is missing (NaN or None) for every"),
    ('mine["spend"].mean()', "7", "91.1: own=true, but the answer is the same for all 12 students"),
    (" own=true", "", "91.1: the answer differs between students, and one student's would be"),
    ("mine['spend'].sum()", "average", "91.1: wrong='average' is right for every student"),
    ("mine['spend'].sum()", "mine['sped']", "91.1: wrong=\"mine['sped']\" does not run: KeyError"),
    ("world['mean']", "world['men']", "91.1: truth=\"world['men']\" does not run: KeyError"),
    ('check("91.2", two)', 'check("91.2", 2)', "91.2: no answer can fail"),
    ('check("91.2", two)', 'check("91.2", 1 + bool(two))', "91.2: no answer can fail"),
    ("two = 1 + 1", "list.append(both := [], 2)", "91.2: the cell 'check"),
    ("two = 1 + 1", "mine['two'] = 2", "91.2: nobody can answer: the solution sets no name"),
]


@pytest.mark.parametrize(("old", "new", "fault"), FAULTS, ids=[fault for _, _, fault in FAULTS])
def test_each_fault_is_told(tried, old, new, fault):
    found = tried((old, new))
    assert any(fault in each for each in found.faults), found.faults


NOTES = [
    ("One more than one.", "It is 2.", "91.2: a hint or reply holds the answer, 2"),
    ("mine['spend'].sum()", "average if average > 100 else 1", "is right for"),
    ('"3" message="One', '["3", "1 + 2"] message=["x", "One', "two wrong answers are always the"),
    ("two = 1 + 1", "two = 1 + 1\n\n# %%\n1 / two", "91.2: before it is answered, '1 / two' stops"),
    ("# %% [markdown]\n# # 91", '# %% [markdown] language="de"\n# # 91', "does not speak 'de'"),
]


@pytest.mark.parametrize(("old", "new", "note"), NOTES, ids=[note for _, _, note in NOTES])
def test_what_may_be_meant_is_a_note(tried, old, new, note):
    after = [('One too many."', 'One too many."]')] if "1 + 2" in new else []
    found = tried((old, new), *after)
    assert found.faults == []
    assert any(note in each for each in found.notes), found.notes


def test_a_world_that_fails_for_some_is_counted(tried):
    found = tried(("rng = np", "assert seed % 2\n    rng = np"), students=20)
    (told,) = found.faults
    count = int(re.match(r"for (\d+) of 20 students the world of seed", told)[1])
    assert 0 < count < 20


def test_all_faults_are_told_at_once(tried):
    found = tried(
        ("default_rng(seed)", "default_rng()"),
        ('mine["spend"].mean()', "7"),
        ('check("91.2", two)', 'check("91.2", 2)'),
        ("world['mean']", "world['men']"),
        ('wrong="3"', 'wrong="three"'),
    )
    expected = ("at each call", "world['men']", "own=true, but", "'three'", "no answer can fail")
    said = "\n".join(found.faults)
    assert all(each in said for each in expected), said
    assert len(found.faults) == len(expected)


# the command


def test_the_worked_example_of_the_docs_runs_as_a_file_of_its_own(tmp_path):
    """What docs/instructors.md shows is copied as it stands."""
    docs = (ROOT / "docs" / "instructors.md").read_text(encoding="utf-8")
    (example,) = [text for text in re.findall(r"```python\n(.*?)```", docs, re.S) if "# %%" in text]
    name = re.search(r"`(06_\w+\.py)`", docs)[1]
    (tmp_path / name).write_text(example, encoding="utf-8")
    code, said = crmlab(tmp_path / name, "--notebook", tmp_path / "made" / "06.ipynb")
    assert code == 0, said
    assert "besides the 9 of 06_rfm" in said
    assert "Worth a look" not in said
    made = json.loads((tmp_path / "made" / "06.ipynb").read_text(encoding="utf-8"))
    text = "".join(line for cell in made["cells"] for line in cell["source"])
    assert "**06.10**" in text
    assert "**06.1**" in text
    alone = tmp_path / "alone" / name
    alone.parent.mkdir()
    first = example.replace("# %% [markdown]", "# %% [markdown] replace=true", 1)
    alone.write_text(first, encoding="utf-8")
    assert crmlab(alone)[0] == 0


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("my.py", GOOD.encode(), "rename it to 91_my.py"),
        ("91_x.py", b"\xff\xfe\x00", "is no text in UTF-8"),
        ("91_x.py", b"", "there is no question"),
        ("91_x.py", b"x = (", "'x = (' stands before the first # %%"),
        ("91_x.py", b"# %%\nx = (", "is no Python"),
        ("91_x.py", b"# %% [markdown]\n# **91.1** x\n", '91.1 needs one check("91.1", '),
        ("06_x.py", GOOD.replace("91", "06").encode(), "06.1 is asked by 06_rfm and by 06_x"),
        ("06_x.py", GOOD.replace("91", "06").encode(), "06_rfm and 06_x have a world each"),
    ],
)
def test_whatever_the_file_is_there_is_no_traceback(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    code, output = crmlab(tmp_path / name, "--students", 2)
    assert code == 1
    assert said in output


def test_a_file_that_is_not_there_or_is_a_folder_is_told(tmp_path):
    assert "No such file" in crmlab(tmp_path / "91_x.py")[1]
    (tmp_path / "91_y.py").mkdir()
    assert "cannot be read" in crmlab(tmp_path / "91_y.py")[1]
