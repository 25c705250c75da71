"""lending_table, swap_set and credit_grades: what lending earns."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.tree import DecisionTreeClassifier

from crmlab.credit import (
    Scorecard,
    compare_scores,
    credit_grades,
    five_c,
    lending_table,
    simulate_files,
    swap_set,
)
from crmlab.errors import (
    BadRowsError,
    CrmlabError,
    EmptyError,
    MissingColumnsError,
    OutOfRangeError,
)

LOANS = pd.DataFrame(
    {"points": [620, 600, 600, 580], "defaults": [0, 0, 1, 1], "cny": [100.0, 50.0, 20.0, 10.0]}
)

# by hand


def test_a_good_loan_earns_its_interest_and_a_bad_one_loses_its_share():
    table = lending_table(LOANS, interest=0.1, loss_given_default=0.5, amount="cny")
    assert table["cutoff"].tolist() == [np.inf, 620, 600, 580]
    assert table["approved"].tolist() == [0, 1, 3, 4]
    # 100 x .1; + 50 x .1 - 20 x .5; - 10 x .5
    assert table["profit"].tolist() == [0, 10, 5, 0]
    assert table["best"].tolist() == [False, True, False, False]
    np.testing.assert_allclose(table["default_rate"], [np.nan, 0, 1 / 3, 1 / 2])


def test_nobody_gets_a_loan_where_every_one_loses():
    table = lending_table(LOANS.assign(defaults=1), interest=0.1, loss_given_default=0.5)
    assert table.loc[table["best"], "approved"].item() == 0


def test_swapped_in_and_out_are_the_two_corners():
    loans = pd.DataFrame({"a": [4, 3, 2, 1], "b": [4, 1, 3, 2], "defaults": [0, 1, 0, 1]})
    groups = swap_set(loans, old="a", new="b", share=0.5).set_index("group")
    assert groups["applicants"].to_dict() == {
        "both": 1,
        "swapped in": 1,
        "swapped out": 1,
        "neither": 1,
    }
    assert groups["default_rate"].to_dict() == {
        "both": 0,
        "swapped in": 0,
        "swapped out": 1,
        "neither": 1,
    }


def test_equal_applicants_at_the_border_count_in_part():
    loans = pd.DataFrame({"a": [1, 1], "b": [1, 1], "defaults": [0, 1]})
    groups = swap_set(loans, old="a", new="b", share=0.5).set_index("group")
    assert groups["applicants"].tolist() == [1, 0, 0, 1]
    assert groups.loc["both", "default_rate"] == 0.5


def test_the_price_covers_what_is_lost_and_what_it_costs():
    graded = credit_grades(
        pd.Series([0.005, 0.01, 0.2], index=["x", "y", "z"]),
        loss_given_default=0.5,
        funding=0.03,
        margin=0.01,
    )
    assert graded["grade"].to_dict() == {"x": "A", "y": "A", "z": "E"}
    for p, price in [(0.0075, graded.loc["x", "price"]), (0.2, graded.loc["z", "price"])]:
        assert (1 - p) * price - p * 0.5 == pytest.approx(0.04)


# against the formula


def test_the_best_cutoff_lies_where_the_chance_is_interest_over_interest_and_loss():
    rng = np.random.default_rng(1212)
    p = rng.beta(1, 6, 200_000)
    loans = pd.DataFrame({"points": -p.round(3), "defaults": rng.random(200_000) < p})
    table = lending_table(loans, interest=0.1, loss_given_default=0.4)
    best = -table.loc[table["best"], "cutoff"].item()
    # Near the optimum the curve is flat: 3 standard errors of the profit allow about 0.03 of p.
    assert best == pytest.approx(0.1 / 0.5, abs=0.03)


def test_scores_on_one_truth_are_compared_in_money_and_none_earns_more_than_the_truth():
    """Expert, logistic, tree and boosting on the same firms, against the true chances."""
    earned = []
    for seed in range(5):
        files, truth = simulate_files(4_000, seed=seed)
        grades = files[["character", "capacity", "capital", "collateral", "conditions"]]
        seen, new = slice(0, 2_000), slice(2_000, None)
        told = truth.iloc[new][["defaults"]].assign(
            expert=five_c(files)["score"].iloc[new], truth=-truth["default_probability"].iloc[new]
        )
        judges = {
            "scorecard": Scorecard(),
            "tree": DecisionTreeClassifier(max_depth=3, random_state=0),
            "boosting": HistGradientBoostingClassifier(max_iter=30, random_state=0),
        }
        for name, judge in judges.items():
            judge.fit(grades.iloc[seen], truth["defaults"].iloc[seen])
            told[name] = -judge.predict_proba(grades.iloc[new])[:, 1]
        names = ["truth", "expert", *judges]
        table = compare_scores(told, scores=names, interest=0.1, loss_given_default=0.5)
        assert table["auc"].idxmax() == 0
        earned.append(table.set_index("score")["profit"])
        alone = lending_table(told, interest=0.1, loss_given_default=0.5, score="expert")
        assert earned[-1]["expert"] == alone["profit"].max()
    mean = pd.concat(earned, axis=1).mean(axis=1)
    assert mean.idxmax() == "truth"
    assert mean["scorecard"] > mean["tree"]


# for any data


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.booleans()), min_size=1),
    st.floats(0.01, 1),
)
def test_the_four_groups_are_everybody_and_both_scores_lend_to_as_many(rows, share):
    loans = pd.DataFrame(rows, columns=["a", "b", "defaults"])
    count = swap_set(loans, old="a", new="b", share=share).set_index("group")["applicants"]
    assert count.sum() == pytest.approx(len(loans))
    assert count["swapped in"] == pytest.approx(count["swapped out"])
    assert count["both"] + count["swapped in"] == pytest.approx(np.floor(share * len(loans) + 0.5))


@given(st.permutations(range(4)))
def test_the_order_of_the_rows_never_matters(order):
    settings = {"interest": 0.1, "loss_given_default": 0.5, "amount": "cny"}
    pd.testing.assert_frame_equal(
        lending_table(LOANS.iloc[order], **settings), lending_table(LOANS, **settings)
    )


# when misused


@pytest.mark.parametrize(
    ("loans", "settings", "error"),
    [
        (LOANS.drop(columns="points"), {}, MissingColumnsError),
        (LOANS.assign(defaults=[0, 1, np.nan, 0]), {}, BadRowsError),
        (LOANS.assign(defaults=[0, 1, 2, 0]), {}, OutOfRangeError),
        (LOANS.assign(points="high"), {}, CrmlabError),
        (LOANS.iloc[:0], {}, EmptyError),
        (LOANS, {"interest": 0}, OutOfRangeError),
        (LOANS, {"loss_given_default": 40}, OutOfRangeError),
        (LOANS.assign(cny=-1.0), {"amount": "cny"}, OutOfRangeError),
    ],
)
def test_loans_that_cannot_be_judged_are_refused(loans, settings, error):
    with pytest.raises(error):
        lending_table(loans, **({"interest": 0.1, "loss_given_default": 0.5} | settings))


@pytest.mark.parametrize(
    ("chances", "settings"),
    [
        ([0.1], {}),
        (pd.Series([1.0]), {}),
        (pd.Series([np.nan]), {}),
        (pd.Series([0.1]), {"bounds": [0.2, 0.1]}),
        (pd.Series([0.1]), {"bounds": []}),
        (pd.Series([0.1]), {"loss_given_default": 2}),
        (pd.Series([0.1]), {"funding": np.nan}),
    ],
)
def test_chances_that_cannot_be_graded_are_refused(chances, settings):
    with pytest.raises(CrmlabError):
        credit_grades(chances, **({"loss_given_default": 0.5, "funding": 0.03} | settings))


def test_a_share_of_nobody_is_refused():
    with pytest.raises(OutOfRangeError):
        swap_set(LOANS.assign(other=1), old="points", new="other", share=0)
    with pytest.raises(EmptyError):
        swap_set(LOANS.iloc[:0].assign(other=1), old="points", new="other", share=0.5)
