"""simulate_supermarket: every sentence of its docstring, as a test."""

import numpy as np
import pandas as pd
import pytest

from crmlab.errors import OutOfRangeError
from crmlab.rfm import simulate_supermarket
from crmlab.rfm.simulate.supermarket import _gap_days


def still_away(weeks, lapse):
    """S(w) of the docstring, written out."""
    rhythm = np.log(9 * (1 - lapse) / lapse) / 12
    if weeks <= 12:
        return lapse + (1 - lapse) * np.exp(-rhythm * weeks)
    chance = 1.2 / weeks if weeks <= 24 else 0.05 * (52 - weeks) / 28
    return lapse / (1 - chance)


# by hand


def test_columns_have_the_documented_dtypes():
    visits, truth = simulate_supermarket(9, seed=0)
    expected = {"customer_id": "int64", "date": "datetime64[us]", "amount": "float64"}
    assert visits.dtypes.astype(str).to_dict() == expected
    expected = {"customer_id": "int64", "lapsed_on": "datetime64[us]"}
    assert truth.dtypes.astype(str).to_dict() == expected


def test_who_lapsed_was_last_seen_on_that_day_and_the_others_come_later_still():
    visits, truth = simulate_supermarket(2_000, weeks=60, seed=1)
    last = visits.groupby("customer_id")["date"].max().to_numpy()
    lapsed = truth["lapsed_on"].notna()
    assert 0 < lapsed.mean() < 1
    assert (truth["lapsed_on"][lapsed] == last[lapsed]).all()
    # Who has not lapsed by the end returns within 52 weeks, so was seen in the last 52 of the 60.
    assert (last[~lapsed] > visits["date"].min() + pd.Timedelta(weeks=7)).all()


# against the formula


@pytest.mark.curriculum("S59")
@pytest.mark.parametrize("lapse", [0.01, 0.05, 0.3])
def test_exactly_the_lapse_over_90_percent_is_away_for_12_weeks_and_over_95_for_24(lapse):
    # Invert S on a grid that is exact: a gap exceeds w weeks if and only if its S is below S(w).
    for weeks, chance in ((12, 0.10), (24, 0.05)):
        bound = lapse / (1 - chance)
        below, above = _gap_days(np.array([bound * (1 - 1e-6), bound * (1 + 1e-6)]), lapse=lapse)
        assert below == 7 * weeks + 1
        assert above == 7 * weeks


@pytest.mark.parametrize("lapse", [0.01, 0.05, 0.3])
@pytest.mark.parametrize("weeks", [1, 5, 12, 13, 18, 24, 25, 40, 51])
def test_gaps_outlast_each_week_as_often_as_the_law_says(lapse, weeks):
    n = 100_000
    returning = _gap_days(np.random.default_rng(2).uniform(lapse, 1, n), lapse=lapse)
    share = (still_away(weeks, lapse) - lapse) / (1 - lapse)
    # 3 standard errors of a share at n.
    tolerance = 3 * np.sqrt(share * (1 - share) / n)
    assert (returning > 7 * weeks).mean() == pytest.approx(share, abs=tolerance)


@pytest.mark.curriculum("S59")
def test_returns_happen_within_52_weeks_or_never_and_a_day_later_at_the_soonest():
    visits = simulate_supermarket(3_000, weeks=400, seed=3).data
    gaps = visits.groupby("customer_id")["date"].diff().dt.days.dropna()
    assert gaps.min() == 1
    assert 350 < gaps.max() <= 364


def test_a_visit_is_the_last_with_the_chance_asked_for():
    n, lapse = 20_000, 0.2
    visits, truth = simulate_supermarket(n, lapse=lapse, weeks=1_000, seed=4)
    done = truth["customer_id"][truth["lapsed_on"].notna()]
    counts = visits["customer_id"].value_counts().loc[done]
    # Geometric: mean 1 / lapse, variance (1 - lapse) / lapse**2. Fewer than 0.5% of customers
    # are cut off by the window; those are late comers, whatever their count.
    error = 3 * np.sqrt((1 - lapse) / lapse**2 / len(counts))
    assert len(counts) > 0.97 * n
    assert counts.mean() == pytest.approx(1 / lapse, abs=error)


def test_baskets_have_median_120_and_sigma_0_6():
    amounts = np.log(simulate_supermarket(2_000, seed=5).data["amount"])
    n = len(amounts)
    # 3 standard errors of a mean and of a standard deviation of n normal values.
    assert amounts.mean() == pytest.approx(np.log(120), abs=3 * 0.6 / np.sqrt(n))
    assert amounts.std() == pytest.approx(0.6, abs=3 * 0.6 / np.sqrt(2 * n))


# for any data


def test_same_seed_same_frames():
    one, other = (simulate_supermarket(20, seed=4) for _ in range(2))
    pd.testing.assert_frame_equal(one.data, other.data)
    pd.testing.assert_frame_equal(one.truth, other.truth)


def test_first_visits_spread_over_the_window_and_none_lies_outside():
    visits = simulate_supermarket(2_000, lapse=0.5, weeks=10, start="2024-01-01", seed=0).data
    first = visits.groupby("customer_id")["date"].min()
    assert visits["date"].between("2024-01-01", "2024-03-10").all()
    assert first.nunique() == 70
    assert visits.groupby("customer_id").ngroups == 2_000


def test_a_short_window_never_cuts_a_visit_that_lies_inside_it():
    # With a tiny lapse the number of visits is capped; the busiest may come every day.
    visits = simulate_supermarket(500, lapse=1e-6, weeks=2, seed=0).data
    gaps = visits.groupby("customer_id")["date"].diff().dt.days.dropna()
    assert gaps.min() == 1
    assert not visits.duplicated(["customer_id", "date"]).any()


# when misused


@pytest.mark.parametrize("lapse", [0, -0.1, 0.9, 5])
def test_refuses_a_lapse_that_leaves_no_law(lapse):
    with pytest.raises(OutOfRangeError, match=r"lapse must lie in \(0, 0.9\)"):
        simulate_supermarket(1, lapse=lapse, seed=0)


def test_refuses_an_empty_world():
    with pytest.raises(OutOfRangeError, match="weeks must be 1 or more; got 0"):
        simulate_supermarket(1, weeks=0, seed=0)
    with pytest.raises(OutOfRangeError, match="n must be 1 or more; got 0"):
        simulate_supermarket(0, seed=0)
