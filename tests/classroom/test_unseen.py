"""Exercises of an instructor's own: added to the kit's or in their place, in any language."""

import pytest

from crmlab._words import speaking
from crmlab.classroom import bundle, check, hint, source
from crmlab.classroom.solve import solve
from crmlab.classroom.source import ExerciseError, find, read
from crmlab.classroom.strip import notebook_text
from crmlab.classroom.unseen import as_met, own_exercises, read_own

MORE = """# %% [markdown]
# # More

# %%
from crmlab.classroom import check

# %% [markdown] objective="add" hint="One more than one."
# **{name}** What is one and one? As `two`.

# %% tags=["solution"]
two = 1 + 1

# %%
check("{name}", two)
"""
WORLD = '\n# %% tags=["world"]\ndef world(seed):\n    return None, None\n'


@pytest.fixture
def mine(tmp_path):
    def mine(files):
        source.read.cache_clear()
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path

    return mine


def met(folder, chapter="06"):
    return as_met(chapter, own_exercises(folder)[chapter])


def more(name, beside=""):
    return MORE.format(name=name).replace("# %% [markdown]", f"# %% [markdown] {beside}", 1)


# by hand


def test_added_questions_come_last_and_are_solved_with_the_others(mine):
    made = met(mine({"06_a.py": more("06.10"), "06_b.py": more("06.11")}))
    assert made.name == "06_rfm"
    assert [*made.questions][-3:] == ["06.9", "06.10", "06.11"]
    mine_of_ann = bundle.own_data(made, "k" * 16, "ann")
    assert solve(made, mine_of_ann, only=["06.10"])["06.10"].answer.value == 2
    assert "**06.11**" in notebook_text(made)
    assert find("06").questions == {n: q for n, q in made.questions.items() if len(n) == 4}


def test_who_says_replace_takes_the_place_of_the_kit_and_others_are_added(mine):
    files = {"06_a.py": more("06.2"), "06_mine.py": more("06.1", "replace=true")}
    made = met(mine(files))
    assert (made.name, [*made.questions]) == ("06_mine", ["06.1", "06.2"])


def test_where_the_kit_has_no_chapter_the_first_stands_for_it(mine):
    made = met(mine({"91_a.py": more("91.1") + WORLD, "91_b.py": more("91.2")}), "91")
    assert (made.name, [*made.questions]) == ("91_a", ["91.1", "91.2"])


def test_a_file_of_the_kit_stands_for_itself():
    path = source.shipped("exercises") / "source" / "06_rfm.py"
    assert read_own(path) == (read(path), [*read(path).questions])


# in another language


def test_an_exercise_in_chinese_speaks_chinese_around_its_questions(
    mine, tmp_path, monkeypatch, capsys
):
    made = met(mine({"91_a.py": more("91.1", 'language="zh"')}), "91")
    assert (made.language, made.spoken) == ("zh", "zh")
    with speaking("zh"):
        expected = notebook_text(met(mine({"91_a.py": more("91.1")}), "91"))
    assert notebook_text(made) == expected
    assert "分" in expected
    for name, content in bundle.make("a course", "k" * 16, "ann", [made]).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    check("91.1", 2)
    hint("91.1")
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "91.1 · 正确。"
    assert "提示" in said[1]
    with speaking("en"):  # a reader's own choice comes first
        check("91.1", 2)
    assert capsys.readouterr().out == "91.1 · Right.\n"


def test_in_a_language_that_the_kit_does_not_speak_its_sentences_stay_english(mine):
    made = met(mine({"91_a.py": more("91.1", 'language="de"')}), "91")
    assert (made.language, made.spoken) == ("de", "en")
    assert "*1 point, about 3 minutes" in notebook_text(made)


# when misused


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"06_a.py": more("06.9")}, "06.9 is asked by 06_rfm and by 06_a; number yours from 06.10"),
        (
            {"06_a.py": more("06.10"), "06_b.py": more("06.10")},
            "06.10 is asked by 06_a and by 06_b",
        ),
        ({"06_a.py": more("06.10") + WORLD}, "06_rfm and 06_a have a world each"),
        (
            {f"06_{n}.py": more(f"06.{n}", "replace=true") for n in (1, 2)},
            "06_1 and 06_2 both replace the exercise of chapter 06",
        ),
        ({"06_a.py": "", "notes.py": "x = 1"}, r"06_a.py: there is no question(.|\n)*notes.py: "),
    ],
)
def test_what_does_not_go_together_is_named(mine, files, said):
    with pytest.raises(ExerciseError, match=said):
        met(mine(files))
