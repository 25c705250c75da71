"""Solutions run on each student's data; keys and bundles are made of what comes out."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from crmlab.classroom import bundle
from crmlab.classroom.bundle import own_data
from crmlab.classroom.judge import Key, judge, key_of
from crmlab.classroom.plain import plain
from crmlab.classroom.solve import Solved, seed_of, solve, world
from crmlab.classroom.source import ExerciseError, Question

KEY = "a key that nobody knows"
SMALL = """# %% [markdown] objective="count"
# **91.1** How many? Call it `many`.

# %% tags=["solution"]
many = {many}

# %% wrong={wrong} message={wrong}
from crmlab.classroom import check
check("91.1", many)
"""


@pytest.fixture
def mine(shop):
    return own_data(shop, KEY, "ann")


@pytest.fixture
def solved(shop, mine):
    return solve(shop, mine)


# by hand


def test_answers_come_from_the_data_handed_over(solved, mine):
    assert solved["90.1"].answer.value == pytest.approx(mine["spend"].mean())
    assert [wrong.value for wrong, _ in solved["90.1"].traps] == pytest.approx(
        [mine["spend"].sum(), mine["spend"].median()]
    )
    assert [*solved] == ["90.1", "90.2", "90.3", "90.4"]


def test_only_the_questions_asked_for_are_solved(shop, mine):
    assert [*solve(shop, mine, only={"90.2"})] == ["90.2"]


def test_every_student_has_other_data_and_always_the_same(shop, mine):
    pd.testing.assert_frame_equal(own_data(shop, KEY, "ann"), mine)
    assert not own_data(shop, KEY, "bob").equals(mine)
    assert not own_data(shop, KEY + ".", "ann").equals(mine)
    assert len({seed_of(KEY, student, "90") for student in map(str, range(1_000))}) == 1_000


def test_data_and_truth_come_together(shop):
    data, truth = world(shop, 1)
    assert len(data) == 40
    assert truth["mean_spend"].item() == 100


def test_an_exercise_without_a_world_has_no_own_data(written):
    small = written(SMALL.format(many=3, wrong="[]"))
    assert own_data(small, KEY, "ann") is None
    assert solve(small, None)["91.1"].answer == plain(3)
    with pytest.raises(ExerciseError, match="no cell tagged world"):
        world(small, 1)


def test_a_solution_that_does_not_run_is_named(written):
    with pytest.raises(
        ExerciseError, match=r"91_small: 91.1: the cell .* does not run: ZeroDivisionError"
    ):
        solve(written(SMALL.format(many="1 / 0", wrong="[]")), None)
    asks = SMALL.format(many="__import__('crmlab.classroom').classroom.load_mine('91')", wrong="[]")
    with pytest.raises(ExerciseError, match="91 has no data of your own"):
        solve(written(asks, "91_other.py"), None)


def test_solving_prints_nothing(shop, mine, written, capsys):
    solve(written(SMALL.format(many="print('the truth') or 3", wrong="[]")), None)
    assert capsys.readouterr().out == ""


# what a check says


@pytest.mark.parametrize("salt", ["", "salt"])
@pytest.mark.parametrize(
    ("question", "answer", "kind", "reply"),
    [
        ("90.1", lambda d: d["spend"].mean(), "right", "Right."),
        ("90.1", lambda d: d["spend"].mean() * 1.00001, "right", "Right."),
        ("90.1", lambda d: d["spend"].sum(), "trap", "That is the total."),
        ("90.1", lambda d: d["spend"].mean() * 100, "unit", "100 times the answer"),
        ("90.1", lambda d: d["spend"].mean() / 100, "unit", "a hundredth"),
        ("90.1", lambda d: d["spend"].mean() * 1000, "unit", "1,000 times"),
        ("90.1", lambda d: d["spend"].mean() / 1000, "unit", "a thousandth"),
        ("90.1", lambda d: -d["spend"].mean(), "turned", "the sign is not"),
        ("90.1", lambda d: 1 - d["spend"].mean(), "turned", "one minus the answer"),
        ("90.1", lambda d: 1 / d["spend"].mean(), "turned", "one over the answer"),
        ("90.1", lambda d: d["spend"].mean() + 7, "unlike", "a number is what is asked for"),
        ("90.1", lambda d: 0, "unlike", "a number"),
        ("90.1", lambda d: d["spend"], "shape", "asks for a number, and yours is a table"),
        ("90.2", lambda d: d, "shape", r"columns should be \['share', 'tier'\]"),
        ("90.2", lambda d: shares(d).head(1), "shape", "has 1 row, fewer than it should"),
        ("90.2", lambda d: pd.concat([shares(d)] * 2), "shape", "has 4 rows, more"),
        ("90.2", lambda d: shares(d).iloc[::-1], "right", "Right."),
        (
            "90.2",
            lambda d: shares(d).assign(share=0.5),
            "unlike",
            "the table has the right columns",
        ),
        ("90.3", lambda d: "GOLD", "right", "Right."),
        ("90.3", lambda d: "lead", "unlike", "a text is what"),
        ("90.3", lambda d: None, "shape", "asks for a text, and yours is empty: None"),
    ],
)
def test_each_kind_of_wrong_has_its_reply(solved, mine, salt, question, answer, kind, reply):
    verdict = judge(plain(answer(mine)), key_of(solved[question], salt=salt))
    assert verdict.kind == kind
    assert re.search(reply, verdict.reply)
    assert verdict.right == (kind == "right")


def shares(data):
    total = data.groupby("tier")["spend"].sum()
    return (total / total.sum()).rename("share").reset_index()


@pytest.mark.parametrize("salt", ["", "salt"])
def test_a_number_rounded_too_far_is_told_so(written, salt):
    key = key_of(solve(written(SMALL.format(many="5 / 3", wrong="[]")), None)["91.1"], salt=salt)
    assert judge(plain(1.67), key).kind == "rounded"
    assert judge(plain(1.7), key).kind == "rounded"
    # One digit may be a guess, and earns nothing.
    assert judge(plain(2), key).kind == "short"
    assert judge(plain(1.667), key).right


@pytest.mark.parametrize("rounded", [172.0, 173.0, 170.0, 0.173, 17_300.0])
def test_a_half_may_be_rounded_up_as_people_do_or_to_an_even_digit_as_python_does(rounded):
    key = key_of(Solved(Question("91.1", "", "many"), plain(172.5), (), {}))
    assert judge(plain(rounded), key).kind in {"rounded", "unit"}


# Every rounding that a student may choose, in every unit: what is not right yet is told as such.
UNITS = {"as asked": 1, "percent": 100, "a hundredth": 0.01, "thousands": 0.001, "mills": 1000}


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("value", [0.03912, 0.8713, 0.2347, 2.7182818, 203.4567, 48_151.6234])
def test_every_rounding_in_every_unit_has_its_reply(value, unit):
    key = key_of(Solved(Question("91.1", "", ""), plain(value), (), {}))
    there = value * UNITS[unit]
    made = [round(there, decimals) for decimals in range(1, 6)]
    made += [float(f"{there:.{digits}e}") for digits in range(1, 4)]
    for typed in filter(None, made):
        # Rounded so little that it cannot be told from the answer, it counts as the answer.
        wanted = {"right", "rounded"} if unit == "as asked" else {"unit"}
        said = judge(plain(typed), key)
        if len(f"{typed:.9e}".partition("e")[0].replace(".", "").strip("0")) == 1:
            # One digit is told the same, but may be a guess and earns nothing.
            assert said.kind == "short", typed
            assert re.search("right so far" if unit == "as asked" else "the answer", said.reply)
        else:
            assert said.kind in wanted, typed


@pytest.mark.parametrize(
    ("exact", "typed", "kind"),
    [
        # Rounded to three digits first, and then to two.
        (0.4546, 0.46, "rounded"),
        # Rounded up and down in the third digit; in the second it is another number.
        (0.4833, 0.484, "rounded"),
        (0.2167, 0.216, "rounded"),
        (0.1034, 0.11, "unlike"),
        (0.4833, 48.4, "unit"),
        (0.4723, 0.5, "short"),
        (172.5, 200, "short"),
        # Rounded to a whole number, however large; a small one is another number.
        (1_621_654.70, 1_621_655, "rounded"),
        (1_621_654.70, 1_621_654, "rounded"),
        (1_621_654.70, 1_621_656, "unlike"),
        (1_621_654.70, 1_621_655.7, "right"),
        (0.71, 1, "unlike"),
        # Where a whole number is asked for.
        (2183, 2182.3, "rounded"),
        (2183, 2184, "turned"),
        (2183, 2185, "unlike"),
        (3, 4, "unlike"),
    ],
)
@pytest.mark.parametrize("salt", ["", "salt"])
def test_who_rounds_twice_or_up_is_told_so(exact, typed, kind, salt):
    key = key_of(Solved(Question("91.1", "", ""), plain(exact), (), {}), salt=salt)
    assert judge(plain(typed), key).kind == kind


@pytest.mark.parametrize("asked", ["A share, as `x`.", "写出比例，记作 `x`。"])
def test_a_share_is_spoken_of_where_one_is_asked(asked):
    share = key_of(Solved(Question("91.1", asked, ""), plain(0.0349), (), {}))
    other = key_of(Solved(Question("91.1", "By how much?", ""), plain(0.0349), (), {}))
    for typed, said in [(3.49, "A share runs"), (0.9651, "share of all"), (3.5, "A share runs")]:
        assert said in judge(plain(typed), share).reply
        assert "a share runs" not in judge(plain(typed), other).reply.lower()
        assert "share of all" not in judge(plain(typed), other).reply


@pytest.mark.parametrize("salt", ["", "salt"])
@pytest.mark.parametrize(
    ("exact", "typed", "kind", "reply"),
    [
        (0.4833, "48.33%", "right", "Right."),
        (0.4833, "４８．３３％", "right", "Right."),
        (1200, "1,200", "right", "Right."),
        (300, "¥300", "right", "Right."),
        (0.4833, "48%", "rounded", '"48%" is read as 0.48: right so far'),
        (48.33, "48.33%", "unit", "Is it a share or a percent"),
        (0.4833, "about half", "shape", 'Type it in digits: 0.5, or "50%".'),
        (0.4833, float("inf"), "shape", "yours is infinite. Was something divided by zero"),
        (0.4833, float("nan"), "shape", "yours is empty: None, or a missing value (nan)"),
        (0.4833, [0.4833], "shape", "Take the value out of it"),
        ("D", "50%", "unlike", "a text is what is asked for"),
        ([0.5, 0.25], ["50%", "25%"], "right", "Right."),
        ([0.5, 0.25], [50, 25.0], "unlike", "not all that is in it is right"),
        ([0.513, 0.25], [51.3, 25.0], "unit", "100 times"),
        ([0.5133, 0.25], [51.3, 25.0], "unit", "And it is rounded"),
    ],
)
def test_an_answer_may_be_typed_as_people_write_numbers(exact, typed, kind, reply, salt):
    key = key_of(Solved(Question("91.1", "", ""), plain(exact), (), {}), salt=salt)
    verdict = judge(plain(typed), key)
    assert verdict.kind == kind
    assert reply in verdict.reply


def test_a_table_in_percent_is_told_so(solved, mine):
    key = key_of(solved["90.2"])
    percent = shares(mine).assign(share=shares(mine)["share"] * 100)
    assert judge(plain(percent), key).kind == "unit"
    assert judge(plain(percent.round(1)), key).kind == "unit"
    # A whole column of counts beside it stays what it is.
    both = shares(mine).assign(n=[3, 4])
    key = key_of(Solved(Question("91.1", "", ""), plain(both), (), {}))
    assert judge(plain(percent.assign(n=[3, 4])), key).kind == "unit"


@pytest.mark.parametrize(("decimals", "kind"), [(1, "short"), (2, "rounded"), (3, "rounded")])
def test_a_table_rounded_too_far_is_told_so(solved, mine, decimals, kind):
    verdict = judge(plain(shares(mine).round(decimals)), key_of(solved["90.2"]))
    assert verdict.kind == kind
    assert "right so far" in verdict.reply


def test_a_table_of_amounts_rounded_to_whole_numbers_is_told_so():
    yuan = pd.DataFrame({"tier": ["gold", "lead"], "cny": [12_345.67, 180.25]})
    key = key_of(Solved(Question("91.1", "", ""), plain(yuan), (), {}))
    assert judge(plain(yuan.round()), key).kind == "rounded"
    assert judge(plain(yuan.assign(cny=yuan["cny"].round() + 1)), key).kind == "unlike"
    # Beside a share nothing is left of it.
    both = yuan.assign(share=[0.986, 0.014])
    key = key_of(Solved(Question("91.1", "", ""), plain(both), (), {}))
    assert judge(plain(both.round()), key).kind == "unlike"


def test_a_slides_number_that_the_exercise_refutes_is_no_rounding(written):
    small = written(SMALL.format(many="0.0967123", wrong='["0.1"]'))
    key = key_of(solve(small, None)["91.1"])
    for typed in (0.1, 10, "10%", "0.10"):
        assert judge(plain(typed), key).kind == "trap"
    assert judge(plain(9.7), key).kind == "unit"


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        (0.04, "short"),
        (0.0391, "short"),
        (0.0477, "short"),
        (0.04012, "unlike"),
        (0.03912, "right"),
    ],
)
def test_a_released_check_says_that_it_cannot_tell(typed, kind):
    solved = Solved(Question("91.1", "", ""), plain(0.03912), (), {})
    key = key_of(solved, salt="salt", with_rough=False)
    assert judge(plain(typed), key).kind == kind


def test_a_whole_number_is_never_too_short():
    solved = Solved(Question("91.1", "", ""), plain(30), (), {})
    key = key_of(solved, salt="salt", with_rough=False)
    assert judge(plain(31), key).kind == "unlike"


def test_what_is_nearly_right_earns_a_part():
    usual, strict = Question("91.1", "", ""), Question("91.1", "", "", rounded=0.0)
    assert usual.earns("right") == strict.earns("right") == 1
    assert usual.earns("rounded") == pytest.approx(2 / 3)
    assert usual.earns("unit") == strict.earns("unit") == pytest.approx(1 / 3)
    assert {usual.earns(kind) for kind in ("turned", "trap", "short", "unlike", "shape")} == {0}
    assert strict.earns("rounded") == 0


def test_a_trap_that_happens_to_be_right_is_no_trap(written):
    small = written(SMALL.format(many=3, wrong='["many", "many + 1"]'))
    key = key_of(solve(small, None)["91.1"])
    assert [message for _, message in key.traps] == ["many + 1"]
    assert judge(plain(3), key).right
    assert judge(plain(4), key).reply == "many + 1"


# what travels


def test_a_bundle_holds_neither_answer_nor_solution_nor_key(shop, solved, mine):
    files = bundle.make("a course", KEY, "ann", [shop])
    text = files["data/90.json"].decode()
    assert sorted(files) == [bundle.NAME, "data/90.json", "data/90.parquet"]
    about = {"version": 2, "course": "a course", "student": "ann"}
    assert json.loads(files[bundle.NAME]) == about
    for secret in (KEY, "groupby", f"{solved['90.1'].answer.value:.4g}", "gold", "control group"):
        assert secret not in text
    assert files == bundle.make("a course", KEY, "ann", [shop])


def test_a_key_survives_json(solved):
    key = key_of(solved["90.1"], salt="salt")
    assert Key.from_json(json.loads(json.dumps(key.to_json()))) == key


def test_the_same_answer_is_sealed_otherwise_for_another_student(shop):
    tasks = [
        json.loads(bundle.make("a course", KEY, student, [shop])["data/90.json"])["tasks"]
        for student in ("ann", "bob")
    ]
    ann, bob = (task["90.3"]["key"]["right"] for task in tasks)
    assert ann != bob


def test_own_answers_vary_and_are_never_degenerate(shop):
    found = [
        solve(shop, own_data(shop, KEY, str(student)), only={"90.1"})["90.1"]
        for student in range(100)
    ]
    values = np.array([each.answer.value for each in found])
    assert len(set(values.round(2))) > 95
    assert (values > 0).all()
    assert all(len(key_of(each).traps) == 2 for each in found)
