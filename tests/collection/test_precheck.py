"""precheck and simulate_questionnaires: five patterns, in the order asked."""

import numpy as np
import pandas as pd
import pytest

from crmlab.collection import flag_curve, precheck, simulate_questionnaires
from crmlab.errors import (
    AmbiguousError,
    BadRowsError,
    EmptyError,
    MissingColumnsError,
    OutOfRangeError,
    UnknownNameError,
    WrongTypeError,
)

ITEMS = [f"q{k}" for k in range(1, 21)]
PAIRS = [(f"q{k}", f"q{k + 15}") for k in range(1, 6)]
FLAGS = {
    "incomplete": "incomplete",
    "no answer": "no_answer",
    "one-sided": "one_sided",
    "middle": "middle",
    "contradiction": "contradiction",
}
FOUR = ["a", "b", "c", "d"]
SHEETS = pd.DataFrame(
    [[5, 5, 5, 5], [1, 1, 1, 2], [3, 3, 3, 4], [5, None, None, 1], [5, 4, 2, None], [4, 2, 4, 1]],
    columns=FOUR,
)

# by hand


def test_six_sheets_with_their_reasons():
    found = precheck(
        SHEETS, items=FOUR, opposites=[("a", "d")], required=["d"], missing_share=0.5,
        least_contradictions=1,
    )  # fmt: skip
    assert found["reasons"].tolist() == [
        "one-sided: 4 of 4 alike in a row; contradiction: 1 opposites",
        "one-sided: 3 of 4 alike in a row; contradiction: 1 opposites",
        "middle: 75% in the middle",
        "incomplete: 50% not answered",
        "no answer to d",
        "",
    ]
    assert found["row"].tolist() == [0, 1, 2, 3, 4, 5]
    assert found["patterns"].tolist() == [2, 2, 1, 1, 1, 0]


def test_runs_are_those_of_the_order_asked_and_not_of_the_file():
    sheet = pd.DataFrame({"a": [5, 5], "b": [1, 1], "c": [5, 5], "d": [1, 1]})
    assert not precheck(sheet, items=FOUR)["one_sided"].any()
    assert precheck(sheet, items=FOUR, asked=["a", "c", "b", "d"])["longest_run"].eq(0.5).all()
    own = sheet.assign(asked=["a b c d", "a c b d"])
    assert precheck(own, items=FOUR, asked="asked")["longest_run"].tolist() == [0.25, 0.5]


def test_a_gap_ends_a_run_and_reversed_items_contradict_only_on_one_side():
    sheet = pd.DataFrame({"a": [5.0, 1], "b": [5, 1], "c": [None, 1], "d": [5, 5]})
    found = precheck(sheet, items=FOUR, opposites=[("a", "d")])
    assert found["longest_run"].tolist() == [0.5, 0.75]
    assert found["contradictions"].tolist() == [1, 0]


def test_one_answer_is_no_run_and_blank_text_no_answer():
    sheet = pd.DataFrame({"a": [5, 5, 5], "b": [1, 5, 1], "mail": ["x", "x", " "]})
    found = precheck(sheet, items=["a", "b"], required=["mail"])
    assert found["longest_run"].tolist() == [0.5, 1, 0.5]
    assert found["reasons"].tolist() == [
        "",
        "one-sided: 2 of 2 alike in a row",
        "no answer to mail",
    ]
    assert not precheck(sheet, items=["a"])["patterns"].any()


# against the truth


@pytest.mark.curriculum("S26")
@pytest.mark.parametrize("seed", range(20))
def test_five_patterns_are_found_with_recall_of_95_percent(seed):
    answers, truth = simulate_questionnaires(2_000, seed=seed)
    found = precheck(answers, items=ITEMS, asked="asked", opposites=PAIRS, required=["q3", "q5"])
    for pattern, flag in FLAGS.items():
        planted = (truth["pattern"] == pattern).to_numpy()
        assert found.loc[planted, flag].mean() >= 0.95
        if flag != "contradiction":
            assert found.loc[truth["pattern"] == "none", flag].mean() < 0.02
    # False alarms are known people: who means it ticks the ends, and half the time in a long run.
    devoted = (truth["pattern"] == "devoted").to_numpy()
    usual = (truth["pattern"] == "none").to_numpy()
    assert found.loc[devoted, "longest_run"].mean() > 2 * found.loc[usual, "longest_run"].mean()


@pytest.mark.curriculum("S26")
def test_in_the_order_of_the_file_the_devoted_are_accused_and_the_careless_escape():
    answers, truth = simulate_questionnaires(4_000, seed=26)
    curves, accused = {}, {}
    for asked in ("asked", None):
        found = precheck(answers, items=ITEMS, asked=asked)
        found["careless"] = (truth["pattern"] == "one-sided").to_numpy()
        curves[asked] = flag_curve(found, score="longest_run", truth="careless")
        accused[asked] = found.loc[truth["pattern"] == "devoted", "one_sided"].mean()
    assert accused["asked"] < 0.2
    assert accused[None] > 0.9
    at = {asked: curve[curve["recall"] >= 0.95].iloc[0] for asked, curve in curves.items()}
    assert at["asked"]["precision"] > 0.6
    assert at[None]["precision"] < 0.2


# simulate_questionnaires


def test_patterns_have_their_shares_and_the_usual_person_contradicts_nobody():
    answers, truth = simulate_questionnaires(20_000, careless=0.04, devoted=0.1, seed=1)
    found = truth["pattern"].value_counts(normalize=True)
    for pattern in FLAGS:
        assert found[pattern] == pytest.approx(0.04, abs=3.5 * np.sqrt(0.04 * 0.96 / 20_000))
    usual = answers[truth["pattern"] == "none"]
    for one, other in PAIRS:
        assert usual[one].corr(usual[other]) < -0.5
    assert {tuple(sorted(text.split())) for text in answers["asked"]} == {tuple(sorted(ITEMS))}
    stored = simulate_questionnaires(5, mixed=False, seed=1).data["asked"]
    assert stored.eq(" ".join(ITEMS)).all()


# when misused


def test_scales_that_mix_1_5_and_0_10_are_refused_with_items_and_rows():
    answers, _ = simulate_questionnaires(100, careless=0, devoted=0, seed=2)
    mixed = answers.assign(q4=answers["q4"] * 2, q9=answers["q9"] * 2)
    with pytest.raises(AmbiguousError, match=r"most on 1-5, but \{'q4': \(2, 10\), 'q9'.*rows \["):
        precheck(mixed, items=ITEMS)
    # Following the remedy leads on: each scale apart.
    rest = [name for name in ITEMS if name not in ("q4", "q9")]
    assert len(precheck(mixed, items=rest)) == 100
    assert len(precheck(mixed, items=["q4", "q9"], scale=(0, 10))) == 100


def test_codes_outside_the_scale_are_refused_with_rows():
    with pytest.raises(BadRowsError, match=r"1 row\(s\) hold answers outside the scale 1-5: \[2\]"):
        precheck(SHEETS.assign(b=[5, 1, 99, None, 4, 2]), items=FOUR)
    cleaned = SHEETS.assign(b=[5, 1, 99, None, 4, 2]).replace(99, float("nan"))
    assert len(precheck(cleaned, items=FOUR)) == 6


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"items": ["a", "z"]}, MissingColumnsError, "z"),
        ({"scale": (5, 1)}, OutOfRangeError, "scale must be its two ends"),
        ({"scale": 5}, OutOfRangeError, "scale must be its two ends"),
        ({"opposites": [("a", "z")]}, UnknownNameError, "no item 'z'"),
        ({"opposites": ["ab"]}, OutOfRangeError, "must be pairs of items"),
        ({"asked": ["a", "b"]}, OutOfRangeError, "every item once"),
        ({"run_share": 2}, OutOfRangeError, "run_share must lie in"),
        ({"opposites": [("a", "a")]}, OutOfRangeError, "'a' cannot be its own opposite"),
        ({"items": ["a", "b", "a"]}, OutOfRangeError, r"\['a'\] stand more than once"),
        ({"items": []}, EmptyError, "names no column"),
        ({"asked": "order"}, MissingColumnsError, "asked="),
    ],
)
def test_refuses_what_cannot_be(options, error, message):
    with pytest.raises(error, match=message):
        precheck(SHEETS, **{"items": FOUR} | options)


def test_text_and_orders_that_lack_items_are_refused():
    with pytest.raises(WrongTypeError, match=r"a holds text.*read_survey"):
        precheck(SHEETS.assign(a="agree"), items=FOUR)
    with pytest.raises(BadRowsError, match=r"1 row\(s\) do not hold every item once in asked: \[5"):
        precheck(SHEETS.assign(asked=["a b c d"] * 5 + ["a b c"]), items=FOUR, asked="asked")
    with pytest.raises(OutOfRangeError, match="5 \\* careless"):
        simulate_questionnaires(5, careless=0.3, seed=1)
