"""Retention arithmetic and the shifted beta-geometric: published results, rows, and misuse."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import betaln

from crmlab.errors import BadRowsError, CrmlabError, OutOfRangeError
from crmlab.lifetime import (
    ShiftedBetaGeometric,
    budget_split,
    expected_life,
    naive_projections,
    retention_gain,
    retention_value,
    value_elasticity,
)

# Percent still there after each year: Fader and Hardie (2007), two segments of one firm.
HIGH_END = [100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1, 46.8, 44.5, 42.7, 40.9, 39.4]
REGULAR = [100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1, 22.3, 20.7, 19.4, 18.3, 17.3]


def survivors(percent, upto=7):
    return pd.DataFrame(
        {"period": range(upto + 1), "customers": 10 * np.array(percent[: upto + 1])}
    )


def cohort(n, alpha, beta, periods, rng):
    leaves = rng.geometric(rng.beta(alpha, beta, n))
    there = [(leaves > t).sum() for t in range(periods + 1)]
    return pd.DataFrame({"period": range(periods + 1), "customers": there})


# by hand


@pytest.mark.curriculum("S14")
def test_twenty_percent_is_five_years_on_average_and_a_third_is_left_after_them():
    table = expected_life([0.20, 0.15])
    assert table["mean_life"].round(2).tolist() == [5.00, 6.67]
    assert table["mean_life"].diff().round(2).iloc[1] == 1.67
    assert round(table.loc[0, "survivors"], 3) == 0.328


@pytest.mark.curriculum("S08")
def test_five_points_less_churn_give_25_to_85_percent_by_margin_discount_and_acquisition():
    assert round(retention_gain(0.20).loc[0, "gain"], 3) == 0.275
    assert round(retention_gain(0.10).loc[0, "gain"], 3) == 0.407
    # 90 -> 95 % less an acquisition cost of 2.35 margins: 85 % to half a point.
    gain = retention_gain(0.10, margin=1, acquisition=2.35).loc[0, "gain"]
    assert gain == pytest.approx(0.85, abs=0.005)


def test_both_readings_of_five_percent_differ_by_several_times():
    table = retention_gain(0.20).set_index("reading")
    assert table.loc["points", "churn_after"] == pytest.approx(0.15)
    assert table.loc["relative", "churn_after"] == pytest.approx(0.19)
    assert table.loc["points", "gain"] > 5 * table.loc["relative", "gain"]


def test_without_churn_left_the_value_is_a_perpetuity():
    assert retention_gain(0.05, discount=0.10).loc[0, "value_after"] == pytest.approx(1 / 0.10)


# against published results


@pytest.mark.parametrize(("retention", "published"), [(0.7, 2.7), (0.8, 3.5), (0.9, 5.1)])
def test_elasticities_are_those_of_gupta_lehmann_and_stuart_2004(retention, published):
    assert round(value_elasticity(retention, discount=0.12), 1) == published
    # And the slope of the value: a hundredth of a percent more retention.
    up = retention_value(retention * 1.0001, discount=0.12)
    rise = (up / retention_value(retention, discount=0.12) - 1) / 0.0001
    assert rise == pytest.approx(value_elasticity(retention, discount=0.12), rel=2e-3)


def test_sbg_of_the_high_end_is_that_of_fader_and_hardie_2007():
    model = ShiftedBetaGeometric().fit(survivors(HIGH_END))
    assert model.parameters_.round(3).tolist() == [0.668, 3.806]
    assert round(model.log_likelihood_, 1) == -1611.2


def test_sbg_of_the_regular_segment_is_that_of_fader_and_hardie_2007():
    model = ShiftedBetaGeometric().fit(survivors(REGULAR))
    assert model.parameters_.round(3).tolist() == [0.704, 1.182]


@pytest.mark.parametrize(("percent", "within"), [(HIGH_END, 0.02), (REGULAR, 0.02)])
def test_five_years_ahead_sbg_is_nearer_than_every_naive_curve(percent, within):
    ahead = range(8, 13)
    truth = np.array(percent[8:13]) / 100
    fitted = ShiftedBetaGeometric().fit(survivors(percent)).predict(ahead)["survival"]
    off = np.abs(fitted.to_numpy() - truth).max()
    assert off < within
    naive = naive_projections(survivors(percent), periods=ahead)
    for _, curve in naive.groupby("curve"):
        assert np.abs(curve["survival"].to_numpy() - truth).max() > 3 * off


def test_residual_lifetime_is_the_sum_of_its_series():
    model = ShiftedBetaGeometric.known(alpha=0.668, beta=3.806)
    t = np.arange(0, 20_000)
    survival = np.exp(betaln(0.668, 3.806 + 3 + t) - betaln(0.668, 3.806 + 2))
    slow = (survival * 1.1 ** -t.astype(float)).sum()
    assert model.residual_lifetime(3, discount=0.10) == pytest.approx(slow, rel=1e-9)


def test_retention_of_a_cohort_rises_though_nobody_changes():
    table = cohort(50_000, 0.668, 3.806, 8, np.random.default_rng(1))
    retention = table["customers"].pct_change().dropna() + 1
    assert retention.is_monotonic_increasing
    expected = ShiftedBetaGeometric.known(alpha=0.668, beta=3.806).predict(range(1, 9))
    # 3 standard errors of a share at n of 25,000 or more.
    np.testing.assert_allclose(retention, expected["retention"], atol=3 * np.sqrt(0.15 / 25_000))


@pytest.mark.parametrize("law", [(0.668, 3.806), (0.3, 1.2)])
def test_the_intervals_of_a_projection_and_its_law_hold_the_truth_in_95_of_100_worlds(
    covers, few, law
):
    # 500 worlds of 500 customers seen for seven periods, projected to twelve; seed fixed before.
    rng = np.random.default_rng(2024)
    truth = np.exp(betaln(law[0], law[1] + 12) - betaln(*law))
    ahead, found = [], []
    for _ in few:
        model = ShiftedBetaGeometric().fit(cohort(500, *law, 7, rng))
        row = model.predict([12]).iloc[0]
        ahead.append(row["low"] < truth < row["high"])
        table = model.summary()
        found.append((table["low"] < [*law]) & ([*law] < table["high"]))
    regime = "many leave at once" if law[0] < 0.5 else "fewer leave at once"
    covers(ahead, "lifetime.ShiftedBetaGeometric.predict", regime)
    for part, held in zip(("alpha", "beta"), np.transpose(found), strict=True):
        covers(held, "lifetime.ShiftedBetaGeometric.summary", regime, part=part)


def test_sbg_recovers_the_truth_over_twenty_seeds():
    truth, scores = np.log([0.668, 3.806]), []
    for seed in range(20):
        found = ShiftedBetaGeometric().fit(
            cohort(2_000, 0.668, 3.806, 10, np.random.default_rng(seed))
        )
        error = np.sqrt(np.diag(found.estimates_.covariance))
        scores.append((found.estimates_.logs - truth) / error)
    assert np.abs(np.mean(scores, axis=0)).max() < 3 / np.sqrt(20)


# when misused


def test_customers_of_a_cohort_cannot_become_more():
    with pytest.raises(BadRowsError, match="become more"):
        ShiftedBetaGeometric().fit(pd.DataFrame({"period": [0, 1, 2], "customers": [9, 5, 6]}))


@pytest.mark.parametrize(
    ("customers", "words"),
    [([9, 9, 9], "nobody left"), ([9, 3, 0], "end the table"), ([9, 8], "periods")],
)
def test_tables_that_say_nothing_are_refused(customers, words):
    table = pd.DataFrame({"period": range(len(customers)), "customers": customers})
    with pytest.raises(OutOfRangeError, match=words):
        ShiftedBetaGeometric().fit(table)


def test_a_missing_period_is_refused():
    with pytest.raises(BadRowsError, match="0, 1, 2"):
        ShiftedBetaGeometric().fit(pd.DataFrame({"period": [0, 2, 3], "customers": [9, 5, 3]}))


@pytest.mark.parametrize(
    "ask",
    [
        lambda: expected_life([20]),
        lambda: expected_life("0.2"),
        lambda: retention_value(1.0),
        lambda: retention_value(0.8, discount=0),
        lambda: retention_value(0.8, discount=10),
        lambda: budget_split(discount=10),
        lambda: retention_gain(0.03),
        lambda: retention_gain(5),
    ],
)
def test_percents_and_impossible_rates_are_refused(ask):
    with pytest.raises(CrmlabError):
        ask()


def test_shares_in_place_of_customers_are_refused_since_they_say_nothing_of_how_many():
    shares = survivors(HIGH_END).assign(customers=np.array(HIGH_END[:8]) / 100)
    with pytest.raises(OutOfRangeError, match="as shares do"):
        ShiftedBetaGeometric().fit(shares)
    lines = [naive_projections(one, periods=[9]) for one in (shares, survivors(HIGH_END))]
    pd.testing.assert_frame_equal(*lines)  # a line needs no number of customers
    ShiftedBetaGeometric().fit(shares.assign(customers=shares["customers"] * 2))


def test_a_period_between_two_is_refused():
    model = ShiftedBetaGeometric.known(alpha=0.668, beta=3.806)
    assert model.predict([2.0])["period"].tolist() == [2]
    with pytest.raises(OutOfRangeError, match="whole numbers"):
        model.predict([1.9])
    with pytest.raises(OutOfRangeError, match="whole numbers"):
        naive_projections(survivors(HIGH_END), periods=[1.9])
