"""auc, roc_table, lift_table, score_quality, calibration and stability: how good a score is."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit
from scipy.stats import ks_2samp
from sklearn.metrics import brier_score_loss, roc_auc_score

from crmlab.credit import (
    auc,
    calibration,
    calibration_table,
    lift_table,
    roc_table,
    score_quality,
    simulate_applicants,
    stability,
    stability_by_month,
)
from crmlab.errors import (
    BadRowsError,
    CrmlabError,
    EmptyError,
    MissingColumnsError,
    OutOfRangeError,
    WrongTypeError,
)

FOUR = pd.DataFrame({"points": [4, 3, 2, 1], "defaults": [0, 0, 1, 0]})


def loans(rng, n=300, slope=1.0):
    x = rng.normal(size=n)
    return pd.DataFrame(
        {"points": -x, "chance": expit(x - 1.5), "defaults": rng.random(n) < expit(slope * x - 1.5)}
    )


def coarse(n, seed):
    """Applicants of the kit's own kind: a score of few values, chances that are true."""
    file, truth = simulate_applicants(n, seed=seed)
    return pd.DataFrame(
        {
            "points": -file["late_payments"],
            "chance": truth["default_probability"],
            "defaults": truth["defaults"],
        }
    )


# by hand


def test_of_three_pairs_two_are_in_order():
    found = auc(FOUR)
    assert found.auc == pytest.approx(2 / 3)
    assert found.gini == pytest.approx(1 / 3)
    assert found.ks == pytest.approx(2 / 3)
    assert (found.goods, found.bads) == (3, 1)


def test_the_curve_runs_from_nobody_to_everybody():
    curve = roc_table(FOUR)
    assert curve["refused_up_to"].tolist() == [-np.inf, 1, 2, 3, 4]
    assert curve["bads_caught"].tolist() == [0, 0, 1, 1, 1]
    np.testing.assert_allclose(curve["goods_refused"], [0, 1 / 3, 1 / 3, 2 / 3, 1])


def test_a_perfect_and_a_useless_score_have_intervals_that_are_no_points():
    perfect = auc(pd.DataFrame({"points": [1, 2, 3, 4], "defaults": [1, 1, 0, 0]}))
    assert (perfect.auc, perfect.high) == (1, 1)
    assert perfect.low < 1
    useless = auc(pd.DataFrame({"points": [1, 1], "defaults": [1, 0]}))
    assert useless.auc == 0.5
    assert useless.low < 0.05
    assert useless.high > 0.95


def test_calibration_groups_hold_forecast_and_outcome():
    table = calibration_table(
        pd.DataFrame({"chance": [0.1, 0.1, 0.5, 0.5], "defaults": [0, 0, 1, 0]}), groups=2
    )
    assert table["loans"].tolist() == [2, 2]
    assert table["forecast"].tolist() == [0.1, 0.5]
    assert table["happened"].tolist() == [0, 0.5]


def test_psi_of_two_halves_that_become_60_and_40():
    found = stability(pd.Series(list("ab") * 50), pd.Series(["a"] * 60 + ["b"] * 40)).iloc[0]
    assert found["psi"] == pytest.approx(0.1 * np.log(0.6 / 0.4), abs=1e-9)
    assert found["expected"] == pytest.approx(0.02)


def test_the_worst_half_holds_both_bads_and_equal_scores_stay_together():
    loans = pd.DataFrame({"points": [4, 3, 2, 1], "defaults": [0, 0, 1, 1]})
    table = lift_table(loans, groups=2)
    assert table["lift"].tolist() == [2, 0]
    assert table["share_of_loans"].tolist() == [0.5, 1]
    assert table["share_of_bads"].tolist() == [1, 1]
    equal = lift_table(loans.assign(points=1), groups=10)
    assert equal[["loans", "bads", "lift"]].to_numpy().tolist() == [[4, 2, 1]]


def test_lift_of_the_worst_tenth_counts_a_part_of_equal_scores():
    # Of 20 loans the worst two count: the lowest score, and a quarter of four equal ones.
    points = [1, 2, 2, 2, 2, *range(3, 18)]
    loans = pd.DataFrame({"points": points, "defaults": [1, 1, 1, 0, 0, *[0] * 13, 1, 0]})
    found = score_quality(loans, draws=100, seed=1).set_index("measure")
    assert found.loc["lift_of_worst_tenth", "value"] == pytest.approx((1 + 2 / 4) / 4 / 0.1)


def test_months_are_compared_with_those_before_and_the_alarm_knows_how_many_there_are():
    # Half own a home in the first month, 64 of 100 in the second, half again in the third.
    owners = {1: 50, 2: 64, 3: 50}
    home = [word for own in owners.values() for word in ["own"] * own + ["rent"] * (100 - own)]
    people = pd.DataFrame({"month": np.repeat([*owners], 100), "home": home})
    table = stability_by_month(people, column="home", until=1)
    alone = stability(people["home"][:100], people["home"][100:200]).iloc[0]
    assert table["month"].tolist() == [2, 3]
    assert table["people"].tolist() == [100, 100]
    assert table.loc[0, ["psi", "p_value"]].tolist() == alone[["psi", "p_value"]].tolist()
    assert table.loc[1, "psi"] == 0
    # 0.045 rings where one month is watched, and not where two are.
    assert table.loc[0, "p_value"] == pytest.approx(0.045, abs=5e-4)
    assert not table["alarm"].any()
    once = stability_by_month(people[people["month"] < 3], column="home", until=1)
    assert once["alarm"].tolist() == [True]


def test_missing_values_are_a_bin_of_their_own():
    before, after = pd.Series([1.0, 2.0, np.nan, np.nan]), pd.Series([1.0, 2.0, 1.0, 2.0])
    assert stability(before, after, bins=2)["bins"].item() == 3
    assert stability(before, after, bins=2)["psi"].item() > 0.5


# against the formula


def test_auc_ks_and_brier_are_those_of_scikit_learn_and_scipy():
    table = loans(np.random.default_rng(1)).round({"points": 1})
    bad = table["defaults"]
    found = auc(table)
    assert found.auc == pytest.approx(roc_auc_score(bad, -table["points"]))
    assert found.ks == pytest.approx(ks_2samp(table.points[bad], table.points[~bad]).statistic)
    assert calibration(table).brier == pytest.approx(brier_score_loss(bad, table["chance"]))


@pytest.mark.statsmodels
def test_the_calibration_line_is_that_of_statsmodels():
    import statsmodels.api as sm
    from scipy.special import logit

    table = loans(np.random.default_rng(2), n=2_000, slope=0.6)
    fit = sm.Logit(table["defaults"], sm.add_constant(logit(table["chance"]))).fit(disp=0)
    found = calibration(table)
    np.testing.assert_allclose([found.intercept, found.slope], fit.params, atol=1e-6)
    np.testing.assert_allclose([found.intercept_error, found.slope_error], fit.bse, rtol=1e-4)


@pytest.mark.parametrize("kind", ["smooth", "coarse"])
def test_the_interval_of_the_auc_covers_it_in_95_of_100_worlds(covers, few, kind):
    """DeLong's interval on a smooth score, and on one of few values with many ties."""
    rng, n = np.random.default_rng(126), 300
    make = coarse if kind == "coarse" else lambda rows, seed: loans(rng, rows)
    true, worlds = auc(make(1_000_000, 1)).auc, make(500 * n, 2)
    found = [auc(worlds[n * one : n * (one + 1)]) for one in few]
    for name in ("auc", "warning_by_year"):  # the second prints the first
        covers([one.low <= true <= one.high for one in found], f"credit.{name}", f"scores {kind}")


@pytest.mark.parametrize("kind", ["smooth", "coarse"])
def test_bootstrap_intervals_cover_in_95_of_100_worlds(covers, few, kind):
    """Every measure at once: 500 worlds of 500 loans, 200 draws each (a few seconds)."""
    rng, n = np.random.default_rng(12), 500
    make = coarse if kind == "coarse" else lambda rows, seed: loans(rng, rows)
    big, worlds = make(1_000_000, 3), make(500 * n, 4)
    line = calibration(big)
    worst = np.interp(0.1, *lift_curve(big))
    true = {
        "auc": auc(big).auc,
        "gini": auc(big).gini,
        "lift_of_worst_tenth": worst / 0.1,
        "brier": line.brier,
        "calibration_slope": line.slope,
        "calibration_intercept": line.intercept,
    }
    held = []
    for one in few:
        world = worlds[n * one : n * (one + 1)]
        found = score_quality(world, chance="chance", draws=200, seed=one)
        wanted = found["measure"].map(true)
        held.append((found["low"] <= wanted) & (wanted <= found["high"]))
    for part, each in zip(true, np.transpose(held), strict=True):
        covers(each, "credit.score_quality", f"scores {kind}", part=part)


def lift_curve(table):
    """Return shares of all loans and of all bads, score by score from the lowest."""
    by = table.groupby("points")["defaults"].agg(["size", "sum"]).cumsum()
    return np.append(0, by["size"] / len(table)), np.append(0, by["sum"] / by["sum"].iloc[-1])


def test_values_of_the_bootstrap_are_those_of_auc_and_calibration():
    table = loans(np.random.default_rng(5)).round({"points": 1})
    found = score_quality(table, chance="chance", draws=100, seed=1).set_index("measure")["value"]
    line = calibration(table)
    wanted = [auc(table).auc, auc(table).gini, line.brier, line.slope, line.intercept]
    names = ["auc", "gini", "brier", "calibration_slope", "calibration_intercept"]
    np.testing.assert_allclose(found[names], wanted, atol=1e-9)


def test_bootstrap_and_delong_agree_on_the_width_of_the_interval():
    table = loans(np.random.default_rng(6), n=3_000)
    drawn = score_quality(table, draws=2_000, seed=1).iloc[0]
    known = auc(table)
    # 2,000 draws give the ends of an interval to some five percent of its width.
    assert drawn["high"] - drawn["low"] == pytest.approx(known.high - known.low, rel=0.1)


def test_psi_by_month_rings_in_no_more_than_5_of_100_files_where_nothing_changes():
    rings = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        people = pd.DataFrame({"month": rng.integers(1, 19, 6_000), "x": rng.normal(size=6_000)})
        rings += stability_by_month(people, column="x", until=12)["alarm"].any()
    # 5 % of 200 and three standard errors above it.
    assert rings <= 10 + 3 * np.sqrt(200 * 0.05 * 0.95)


@pytest.mark.parametrize(("n", "m", "kind"), [(2_000, 500, "even"), (500, 2_000, "skewed")])
def test_psi_exceeds_its_limit_in_5_of_100_worlds_where_nothing_has_changed(n, m, kind):
    rng = np.random.default_rng(90)
    draw = rng.normal if kind == "even" else rng.exponential
    # The limit is an approximation for large samples: bins are cut at quantiles of the first.
    values = [draw(size=n + m) for _ in range(500)]
    found = [stability(pd.Series(one[:n]), pd.Series(one[n:])).iloc[0] for one in values]
    assert 0.018 <= np.mean([one["psi"] > one["limit"] for one in found]) <= 0.082
    mean = np.mean([one["psi"] for one in found])
    spread = np.std([one["psi"] for one in found]) / np.sqrt(500)
    assert mean == pytest.approx(found[0]["expected"], abs=3 * spread + 0.05 * mean)


def test_true_chances_have_slope_1_and_extreme_ones_less():
    rng = np.random.default_rng(3)
    true, flat = loans(rng, 50_000), loans(rng, 50_000, slope=0.5)
    found = calibration(true)
    assert found.slope == pytest.approx(1, abs=3 * found.slope_error)
    assert found.intercept == pytest.approx(0, abs=3 * found.intercept_error)
    found = calibration(flat)
    assert found.slope == pytest.approx(0.5, abs=3 * found.slope_error)


def test_calibration_drifts_after_a_recession_and_only_then():
    for seed in range(20):
        file, truth = simulate_applicants(6_000, recession=0.8, seed=seed)
        known = file.assign(chance=truth["default_probability"])
        calm = known["month"] < 19
        # A forecast that knows no recession: the true chance less what it adds.
        odds = known["chance"] / (1 - known["chance"]) / np.where(calm, 1, np.exp(0.8))
        known["chance"] = odds / (1 + odds)
        before, after = calibration(known[calm]), calibration(known[~calm])
        assert abs(before.intercept) < 3.5 * before.intercept_error
        assert after.happened - after.forecast > 0.05


# for any data


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=30))
def test_the_area_under_the_curve_is_the_area_under_the_curve(rows):
    table = pd.DataFrame(rows, columns=["points", "defaults"])
    if table["defaults"].nunique() < 2:
        return
    curve = roc_table(table)
    assert np.trapezoid(curve["bads_caught"], curve["goods_refused"]) == pytest.approx(
        auc(table).auc
    )
    assert 0 <= auc(table).low <= auc(table).auc <= auc(table).high <= 1


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=30))
def test_lifts_average_to_one_and_the_order_of_the_rows_never_matters(rows):
    table = pd.DataFrame(rows, columns=["points", "defaults"])
    if table["defaults"].nunique() < 2:
        return
    lift = lift_table(table)
    assert np.average(lift["lift"], weights=lift["loans"]) == pytest.approx(1)
    assert (lift["low"] <= lift["lift"] + 1e-12).all()
    assert (lift["lift"] <= lift["high"] + 1e-12).all()
    pd.testing.assert_frame_equal(lift, lift_table(table[::-1]))


# when misused


@pytest.mark.parametrize(
    ("table", "error"),
    [
        (FOUR.drop(columns="points"), MissingColumnsError),
        (FOUR.assign(defaults=0), OutOfRangeError),
        (FOUR.assign(defaults=[0, 1, 2, 0]), OutOfRangeError),
        (FOUR.assign(points=[1, 2, np.nan, 3]), BadRowsError),
        (FOUR.iloc[:0], CrmlabError),
    ],
)
def test_scores_that_cannot_be_judged_are_refused(table, error):
    for judge in (auc, roc_table, lift_table, lambda wrong: score_quality(wrong, seed=1)):
        with pytest.raises(error):
            judge(table)


def test_draws_and_months_that_cannot_be_are_refused():
    with pytest.raises(OutOfRangeError):
        score_quality(FOUR, draws=10, seed=1)
    with pytest.raises(OutOfRangeError):
        score_quality(FOUR, seed=None)
    people = pd.DataFrame({"month": [1, 1, 2], "home": ["own", "rent", "own"]})
    for until in (0, 2):
        with pytest.raises(EmptyError, match="until"):
            stability_by_month(people, column="home", until=until)
    with pytest.raises(BadRowsError):
        stability_by_month(people.assign(month=[1, None, 2]), column="home", until=1)
    with pytest.raises(WrongTypeError):
        stability_by_month(people.astype("str"), column="home", until=1)


def test_chances_that_are_none_are_refused():
    for chance in (1.5, -0.1, np.nan):
        with pytest.raises(CrmlabError):
            calibration_table(FOUR.assign(chance=chance))
    with pytest.raises(OutOfRangeError):
        calibration(FOUR.assign(chance=0.5, defaults=0))
    for before, after, bins in [([1], pd.Series([1]), 5), (pd.Series([]), pd.Series([1]), 5)]:
        with pytest.raises(CrmlabError):
            stability(before, after, bins=bins)
    with pytest.raises(OutOfRangeError):
        stability(pd.Series([1]), pd.Series([1]), bins=1)
