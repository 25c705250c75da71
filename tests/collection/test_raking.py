"""Raking: weights that hold the margins, a variance that knows, and what weighting cannot mend."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.collection import POPULATION_MARGINS, Raking, simulate_survey
from crmlab.collection.simulate.survey import PLAIN
from crmlab.errors import (
    BadRowsError,
    CrmlabError,
    EmptyError,
    MissingColumnsError,
    OutOfRangeError,
)

BY_AGE = replace(PLAIN, by_age=0.6)
BY_SCORE = replace(PLAIN, by_score=0.4)


def answers_of(method, seed, n=800):
    return simulate_survey(n, method=method, seed=seed).data.dropna(subset=["answer"])


# by hand


def test_weights_of_one_margin_are_share_wanted_over_share_found():
    answers = pd.DataFrame({"age": ["old"] * 3 + ["young"], "says": [8.0, 8, 8, 4]})
    raked = Raking({"age": {"old": 0.5, "young": 0.5}}).fit(answers)
    assert raked.weights_.tolist() == pytest.approx([2 / 3] * 3 + [2])
    assert raked.mean(answers["says"]).value == pytest.approx(6)
    # Kish: 1 + the squared spread of the weights; 4 (3 (2/3)^2 + 4) / 16.
    assert raked.design_effect == pytest.approx(4 / 3)
    assert raked.effective_answers == pytest.approx(3)


def test_design_weights_are_kept_and_adjusted():
    answers = pd.DataFrame({"age": ["old", "old", "young"], "w": [1.0, 3.0, 1.0]})
    raked = Raking({"age": {"old": 0.5, "young": 0.5}}, weight="w").fit(answers)
    assert raked.weights_.tolist() == pytest.approx([0.375, 1.125, 1.5])


def test_two_columns_together_are_post_stratified():
    answers = pd.DataFrame({"a": ["x", "x", "y", "y"], "b": ["p", "q", "p", "q"]})
    shares = {("x", "p"): 0.1, ("x", "q"): 0.2, ("y", "p"): 0.3, ("y", "q"): 0.4}
    raked = Raking({("a", "b"): shares}).fit(answers)
    assert raked.weights_.tolist() == pytest.approx([0.4, 0.8, 1.2, 1.6])
    assert raked.summary()["group"].tolist() == ["x, p", "x, q", "y, p", "y, q"]


@pytest.mark.parametrize(
    "kind", ["uint8", "int16", "uint64", "Int64", "float64", "str", "category"]
)
def test_groups_may_be_numbers_of_any_kind(kind):
    answers = pd.DataFrame({"a": [1, 1, 2, 2, 1], "b": [9_000, 9_001, 9_000, 9_001, 9_000]})
    answers["b"] -= 0 if kind != "uint8" else 8_990
    answers = answers.astype(kind)
    raked = Raking({name: dict.fromkeys(answers[name], 0.5) for name in answers}).fit(answers)
    # Of weights u v within a table [[2, 1], [1, 1]] all halves: the odds ratio of 2 is kept.
    table = raked.weights_.groupby([answers["a"], answers["b"]], observed=True).sum()
    assert table.to_numpy() == pytest.approx(np.array([2**0.5, 1, 1, 2**0.5]) * 2.5 / (1 + 2**0.5))


def test_the_variance_of_post_stratification_is_the_textbook_one():
    # Within strata only: sum of W^2 s^2 / n, here with n / (n - 1) of the whole for each n_h - 1.
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"h": np.repeat(["a", "b"], [60, 140]), "y": rng.normal(0, 1, 200)})
    raked = Raking({"h": {"a": 0.5, "b": 0.5}}).fit(frame)
    within = frame.groupby("h")["y"].agg(["var", "size"])
    within["ss"] = within["var"] * (within["size"] - 1)
    book = 200 / 199 * (0.25 * within["ss"] / within["size"] ** 2).sum()
    assert raked.mean(frame["y"]).standard_error == pytest.approx(np.sqrt(book))


# against an independent package


def asked_of_svy(answers, method, **how):
    """Return estimate and standard error of svy 0.35, where it is installed: make .venv/.proof."""
    svy = pytest.importorskip("svy")
    polars = pytest.importorskip("polars")
    table = polars.DataFrame({name: answers[name].to_list() for name in answers})
    sample = getattr(svy.Sample(table, svy.Design(wgt="w")).weighting, method)(**how)
    (theirs,) = sample.estimation.mean("answer").estimates
    return theirs.est, theirs.se


@pytest.mark.parametrize("unlike", [False, True])
def test_weights_and_standard_error_are_those_of_the_package_svy(unlike):
    answers = answers_of(BY_AGE, 3, 1_500).reset_index(drop=True)
    answers["w"] = np.random.default_rng(7).uniform(0.5, 3, len(answers)) if unlike else 1.0
    found = Raking(POPULATION_MARGINS, weight="w").fit(answers).mean(answers["answer"])
    value, error = asked_of_svy(
        answers, "rake", shares=POPULATION_MARGINS, tol=1e-12, max_iter=1_000
    )
    assert found.value == pytest.approx(value, rel=1e-8)
    # With unlike design weights svy rakes with them, and leaves them out of the regression behind
    # its standard error: of one margin, its rake and its poststratify, which are one thing, differ.
    assert (found.standard_error == pytest.approx(error, rel=1e-8)) != unlike
    one = {"age_band": POPULATION_MARGINS["age_band"]}
    found = Raking(one, weight="w").fit(answers).mean(answers["answer"])
    value, error = asked_of_svy(answers, "poststratify", shares=one["age_band"], cells="age_band")
    assert (found.value, found.standard_error) == pytest.approx((value, error), rel=1e-8)


def test_the_standard_error_is_that_of_a_jackknife_that_rakes_anew():
    """Another way to the same variance: leave each answer out, rake again, and see the spread."""
    answers = answers_of(BY_AGE, 3, 300).reset_index(drop=True)
    n = len(answers)
    found = Raking(POPULATION_MARGINS).fit(answers).mean(answers["answer"])
    means = []
    for row in range(n):
        rest = answers.drop(index=row)
        means.append(Raking(POPULATION_MARGINS).fit(rest).mean(rest["answer"]).value)
    jackknife = np.sqrt((n - 1) / n * ((np.array(means) - np.mean(means)) ** 2).sum())
    # The two agree but for terms of order 1 / n: groups over answers, 6 of 150.
    assert found.standard_error == pytest.approx(jackknife, rel=0.06)


# against the truth


@pytest.mark.curriculum("S25")
def test_weighting_mends_what_age_alone_did_and_in_500_worlds_its_interval_holds(covers):
    held, plain, means, errors, naive = [], [], [], [], []
    for seed in range(500):
        answers = answers_of(BY_AGE, seed)
        raked = Raking(POPULATION_MARGINS).fit(answers)
        found = raked.mean(answers["answer"])
        held.append(found.low <= 60 <= found.high)
        plain.append(answers["answer"].mean())
        means.append(found.value)
        errors.append(found.standard_error)
        w = raked.weights_
        naive.append(np.sqrt((w**2 * (answers["answer"] - found.value) ** 2).sum()) / len(w))
    covers(held, "collection.Raking.mean", "the young answer less")
    assert np.mean(plain) > 61.2
    assert np.mean(means) == pytest.approx(60, abs=3 * np.std(means) / np.sqrt(500))
    # The standard error is that of the worlds: a deviation over 500 worlds is known to 3.2%.
    assert np.mean(errors) == pytest.approx(np.std(means), rel=0.1)
    # One that does not know of the raking is too wide: age explains a part of the answers.
    assert np.mean(naive) > 1.03 * np.mean(errors)


@pytest.mark.curriculum("S25")
def test_in_500_worlds_of_skewed_money_and_trimmed_weights_the_interval_holds(covers, few):
    held = []
    for seed in few:
        answers = answers_of(BY_AGE, seed, 1_200)
        raked = Raking(POPULATION_MARGINS, largest=3).fit(answers)
        assert raked.weights_.max() <= 3 * (1 + 1e-9)
        # Money goes with exp of the score: its mean is known in closed form.
        found = raked.mean(np.exp(answers["answer"] / 24))
        true = sum(
            share * np.exp((60 + points) / 24 + 0.125)
            for share, points in zip((0.3, 0.4, 0.3), (-5, 0, 5), strict=True)
        )
        held.append(found.low <= true <= found.high)
    covers(held, "collection.Raking.mean", "skewed money, weights of 3 at most")


@pytest.mark.curriculum("S25")
def test_weighting_cannot_mend_who_answers_because_of_the_answer_itself():
    means, held = [], []
    for seed in range(60):
        answers = answers_of(BY_SCORE, seed)
        found = Raking(POPULATION_MARGINS).fit(answers).mean(answers["answer"])
        means.append(found.value)
        held.append(found.low <= 60 <= found.high)
    middle, _ = BY_SCORE.selected(BY_SCORE.by_score)
    assert middle > 63
    # The bias is still there, and the interval as sure of itself as ever.
    assert np.mean(means) == pytest.approx(middle, abs=3 * np.std(means) / np.sqrt(60) + 0.05)
    assert np.mean(held) < 0.05


def test_the_mean_of_a_part_is_that_part_of_the_population():
    held = []
    for seed in range(150):
        answers = answers_of(BY_AGE, seed, 1_000)
        part = answers["city"] == "Wuhan"
        found = Raking(POPULATION_MARGINS).fit(answers).mean(answers["answer"], rows=part)
        assert found.answers == part.sum()
        held.append(found.low <= 60 <= found.high)
    assert np.mean(held) == pytest.approx(0.95, abs=3.3 * np.sqrt(0.0475 / 150))


# for any data


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=60),
       st.integers(0, 2**31))  # fmt: skip
def test_the_margins_hold_and_row_order_does_not_matter(rows, seed):
    every = [(a, b) for a in range(3) for b in range(3)]  # so that no cell is empty
    answers = pd.DataFrame(rows + every, columns=["a", "b"])
    rng = np.random.default_rng(seed)
    margins = {k: dict(enumerate(rng.dirichlet(np.full(3, 5.0)))) for k in "ab"}
    raked = Raking(margins).fit(answers)
    table = raked.summary()
    assert table["after"].to_numpy() == pytest.approx(table["wanted"].to_numpy(), abs=1e-9)
    assert raked.weights_.mean() == pytest.approx(1)
    mixed = answers.sample(frac=1, random_state=1)
    again = Raking(margins).fit(mixed).weights_
    assert again.loc[answers.index].to_numpy() == pytest.approx(raked.weights_.to_numpy())


@pytest.mark.parametrize("kind", ["str", "category", "int8", "Int64", "float64", "int64[pyarrow]"])
def test_columns_of_any_kind_are_weighted_alike(kind):
    codes = pd.Series([0, 0, 0, 1, 1, 2])
    groups = [str(k) if kind == "str" else k for k in range(3)]
    answers = pd.DataFrame({"a": codes.astype(kind)})
    raked = Raking({"a": dict(zip(groups, (0.2, 0.3, 0.5), strict=True))}).fit(answers)
    assert raked.weights_.tolist() == pytest.approx([0.4] * 3 + [0.9] * 2 + [3.0])


# when misused


GOOD = {"age": {"old": 0.5, "young": 0.5}}
TWO = pd.DataFrame({"age": ["old", "old", "young"], "sex": ["f", "m", "f"], "w": [1.0, 1, 1]})


@pytest.mark.parametrize(
    ("margins", "error", "message"),
    [
        ({}, EmptyError, "no margin to rake to"),
        ({"age": {}}, EmptyError, "'age' has no groups"),
        ({"age": {"old": 50, "young": 50}, "sex": {"f": 0.5, "m": 0.5}}, OutOfRangeError,
         "different populations: they add up to 'age' 100, 'sex' 1"),
        ({"age": {"old": 0.5, "young": 0.4}}, OutOfRangeError, "add up to 0.9, not to 1"),
        ({"age": {"old": -0.5, "young": 1.5}}, OutOfRangeError, "needs shares of 0 or more"),
    ],
)  # fmt: skip
def test_margins_that_are_none_are_refused(margins, error, message):
    with pytest.raises(error, match=message):
        Raking(margins)


def test_margins_that_do_not_fit_the_answers_are_refused_with_rows_and_remedy():
    with pytest.raises(BadRowsError, match=r"1 row\(s\) have a age .*: \[2\], such as \['99'\]"):
        Raking(GOOD).fit(TWO.assign(age=["old", "young", "99"]))
    with pytest.raises(BadRowsError, match=r"stands in no margin: \[1\].*unknown codes"):
        Raking(GOOD).fit(TWO.assign(age=["old", None, "young"]))
    with pytest.raises(OutOfRangeError, match=r"nobody who answered is \['child'\]"):
        Raking({"age": {"old": 0.4, "young": 0.4, "child": 0.2}}).fit(TWO)
    with pytest.raises(OutOfRangeError, match=r"cannot all hold .* still off by"):
        # All young are women: sex 10% women cannot hold beside age 50% young.
        Raking(GOOD | {"sex": {"f": 0.1, "m": 0.9}}).fit(TWO)
    with pytest.raises(MissingColumnsError, match="sex"):
        Raking(GOOD | {"sex": {"f": 0.5, "m": 0.5}}).fit(TWO.drop(columns="sex"))
    with pytest.raises(BadRowsError, match=r"1 row\(s\) have a w below 0: \[0\]"):
        Raking(GOOD, weight="w").fit(TWO.assign(w=[-1.0, 1, 1]))
    with pytest.raises(OutOfRangeError, match=r"no weights up to 1\.2 times the mean"):
        Raking({"age": {"old": 0.1, "young": 0.9}}, largest=1.2).fit(TWO)
    with pytest.raises(OutOfRangeError, match="a tuple of as many"):
        Raking({("age", "sex"): {"old": 1.0}}).fit(TWO)


def test_means_are_of_what_was_fitted():
    with pytest.raises(CrmlabError, match=r"call fit\(answers\) first"):
        Raking(GOOD).mean(TWO["w"])
    raked = Raking(GOOD).fit(TWO)
    with pytest.raises(OutOfRangeError, match="3 answers were weighted; got 2"):
        raked.mean(TWO["w"].head(2))
    with pytest.raises(BadRowsError, match="have no values"):
        raked.mean(TWO["w"].where(TWO["age"] == "old"))
    with pytest.raises(OutOfRangeError, match="some True"):
        raked.mean(TWO["w"], rows=TWO["age"] == "child")
    with pytest.raises(OutOfRangeError, match="largest must be above 1"):
        Raking(GOOD, largest=0.5)


def test_values_in_another_order_are_refused_and_sorting_them_alike_leads_on():
    answers = pd.DataFrame({"age": ["old"] * 3 + ["young"], "says": [8.0, 6, 7, 4]})
    raked = Raking({"age": {"old": 0.5, "young": 0.5}}).fit(answers)
    mixed = answers["says"].iloc[::-1]
    with pytest.raises(OutOfRangeError, match=r"in another order.*loc"):
        raked.mean(mixed)
    with pytest.raises(OutOfRangeError, match="in another order"):
        raked.mean(answers["says"], rows=(mixed > 5))
    assert raked.mean(mixed.loc[raked.weights_.index]).value == pytest.approx(5.5)
    # Where all that varies is known from the margins, nothing is left open.
    assert raked.mean((answers["age"] == "old") * 4.0 + 4).effective_answers > 1e6
