"""gap_survival, gap_length and repurchase_by_month: the last gap is censored."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.errors import BadRowsError, EmptyError, MissingColumnsError, OutOfRangeError
from crmlab.members import (
    gap_length,
    gap_survival,
    repurchase_by_month,
    repurchase_gaps,
    simulate_visits,
)


def gaps_of(*rows):
    return pd.DataFrame(rows, columns=["customer_id", "gap_days", "returned"])


# by hand


def test_open_gaps_count_for_as_long_as_they_were_watched():
    found = gap_survival(gaps_of((1, 10, True), (2, 20, False), (3, 20, True), (4, 40, True)))
    assert found["days"].tolist() == [0, 10, 20, 40]
    assert found["at_risk"].tolist() == [4, 4, 3, 1]
    assert found["waiting"].tolist() == pytest.approx([1, 3 / 4, 3 / 4 * 2 / 3, 0])


def test_the_mean_is_the_area_under_the_curve_up_to_the_horizon():
    gaps = gaps_of((1, 10, True), (2, 20, False), (3, 20, True), (4, 40, True))
    found = gap_length(gaps, horizon_days=40)
    # 1 for 10 days, 3/4 for 10, 1/2 for 20.
    assert found.mean == pytest.approx(10 + 7.5 + 10)
    assert found.mean_of_seen == pytest.approx(70 / 3)
    assert gap_length(gaps, horizon_days=15).mean == pytest.approx(10 + 3.75)


def test_one_member_has_no_interval():
    found = gap_length(gaps_of((1, 10, True), (1, 10, True)), horizon_days=10)
    assert found.mean == 10
    assert np.isnan([found.low, found.high]).all()


def test_months_count_returns_and_the_gaps_that_ended_in_them():
    dates = pd.to_datetime(["2024-01-01", "2024-01-11", "2024-02-10", "2024-02-20"])
    purchases = pd.DataFrame({"customer_id": [7, 7, 7, 8], "date": dates, "amount": 5.0})
    found = repurchase_by_month(purchases, as_of="2024-03-31")
    assert found["members"].tolist() == [1, 2, 2]
    assert found["returns"].tolist() == [1, 1, 0]
    assert found["returns_per_member"].tolist() == [1, 0.5, 0]
    assert found["mean_gap_days"].tolist()[:2] == [10, 30]
    assert np.isnan(found["mean_gap_days"].iloc[2])


# against the formula


def test_agrees_with_the_area_by_plain_sums():
    visits, _ = simulate_visits(200, mean_gap_days=40, spread=1, days=300, seed=4)
    gaps = repurchase_gaps(visits)
    curve = gap_survival(gaps)
    days = np.arange(120)
    place = np.searchsorted(curve["days"], days, side="right") - 1
    area = curve["waiting"].to_numpy()[place].sum()
    assert gap_length(gaps, horizon_days=120).mean == pytest.approx(area)


@pytest.mark.curriculum("S82")
@pytest.mark.parametrize("seed", range(20))
def test_the_mean_of_the_seen_gaps_is_too_short_and_the_curve_mends_it(seed):
    # New members of one year, whose gaps are exponential with mean 100, alike.
    rng = np.random.default_rng([seed, 82])
    gaps = members_of_a_year(rng, np.full(4_000, 100.0))
    found = gap_length(gaps, horizon_days=300)
    truth = mean_of_days(100, 300)
    error = (found.high - found.low) / 2 / 2.01
    assert found.mean == pytest.approx(truth, abs=3 * error)
    assert error < 3
    assert found.mean_of_seen < 0.85 * truth


@pytest.mark.parametrize("unlike", [False, True])
def test_the_interval_holds_the_mean_in_500_worlds(covers, few, unlike):
    held = []
    for seed in few:
        rng = np.random.default_rng([seed, 820])
        # A member's first gap only, so that the truth has a closed form: a mixture of two.
        means = np.where(rng.random(600) < 0.5, 30.0, 170.0) if unlike else np.full(600, 100.0)
        gaps = members_of_a_year(rng, means).drop_duplicates("customer_id")
        found = gap_length(gaps, horizon_days=200)
        parts = (30, 170) if unlike else (100, 100)
        truth = np.mean([mean_of_days(mean, 200) for mean in parts])
        held.append(found.low <= truth <= found.high)
    covers(held, "members.gap_length", "members unlike" if unlike else "members alike")


def members_of_a_year(rng, means):
    """Gaps of members who join on day 0 and are watched for 365 days, in whole days."""
    who, when, rows = np.arange(len(means)), np.zeros(len(means)), []
    while who.size:
        gap = np.ceil(rng.exponential(means[who]))
        ended = when + gap <= 365
        rows.append((who, np.where(ended, gap, 365 - when), ended))
        who, when = who[ended], (when + gap)[ended]
    member, days, ended = (np.concatenate(each) for each in zip(*rows, strict=True))
    frame = {"customer_id": member, "gap_days": days.astype("int64"), "returned": ended}
    return pd.DataFrame(frame)


def mean_of_days(mean, horizon):
    """Mean of a gap rounded up to whole days, counted up to the horizon: sum of exp(-d / mean)."""
    return np.exp(-np.arange(horizon) / mean).sum()


# for any data

rows = st.tuples(st.integers(0, 5), st.integers(1, 30), st.booleans())


@settings(max_examples=50)
@given(st.lists(rows, min_size=1, max_size=30), st.integers(0, 100))
def test_row_order_does_not_matter_and_the_mean_lies_within_the_horizon(some, seed):
    gaps = gaps_of(*some)
    horizon = max(int(gaps["gap_days"].max()), 1)
    found = gap_length(gaps, horizon_days=horizon)
    mixed = gap_length(gaps.sample(frac=1, random_state=seed), horizon_days=horizon)
    assert found.mean == pytest.approx(mixed.mean)
    assert 0 <= found.mean <= horizon
    if gaps["returned"].any():
        assert found.mean >= gaps.loc[gaps["returned"], "gap_days"].min() - 1e-9


# when misused


def test_refuses_a_horizon_nobody_was_watched_for():
    gaps = gaps_of((1, 10, True), (2, 20, False))
    with pytest.raises(OutOfRangeError, match=r"for more than 20 days.*horizon_days=20 or less"):
        gap_length(gaps, horizon_days=21)
    assert gap_length(gaps, horizon_days=20).mean == 15
    with pytest.raises(OutOfRangeError, match="no gap was watched for a day yet"):
        gap_length(gaps_of((1, 0, False)), horizon_days=1)
    with pytest.raises(OutOfRangeError, match="horizon_days must be 1 or more"):
        gap_length(gaps, horizon_days=0)


def test_refuses_what_are_no_gaps():
    gaps = gaps_of((1, 10, True))
    with pytest.raises(MissingColumnsError, match="returned"):
        gap_length(gaps.drop(columns="returned"), horizon_days=5)
    with pytest.raises(EmptyError):
        gap_length(gaps.head(0), horizon_days=5)
    with pytest.raises(EmptyError):
        gap_survival(gaps.head(0))
    with pytest.raises(BadRowsError):
        gap_length(gaps.assign(gap_days=np.nan), horizon_days=5)
    with pytest.raises(EmptyError, match="nobody bought"):
        repurchase_by_month(
            pd.DataFrame({"customer_id": [1], "date": pd.to_datetime(["2024-01-01"]), "amount": -1})
        )


# in many worlds


def curves(worlds, seed, *, members, spread):
    """Yield, for each world of so many members, the curve of how long they wait."""
    visits, _ = simulate_visits(
        worlds * members, mean_gap_days=40, days=300, spread=spread, seed=seed
    )
    end = visits["date"].min() + np.timedelta64(299, "D")
    gaps = repurchase_gaps(visits, as_of=end)
    place = gaps["customer_id"] - gaps["customer_id"].min()
    yield from (gap_survival(world) for _, world in gaps.groupby(place // members))


@pytest.mark.slow
@pytest.mark.parametrize("spread", [0.0, 1.0], ids=["members alike", "members unlike"])
def test_the_interval_of_the_curve_holds_in_500_worlds(covers, few, spread):
    """The truth is that of 60,000 other members, on days 20 and 60 of a mean gap of 40."""

    def at(curve):
        return curve.set_index("days").reindex([20, 60], method="ffill")

    truth = at(next(curves(1, 1_000_000, members=60_000, spread=spread)))["waiting"].to_numpy()
    worlds = curves(500, 2026, members=150, spread=spread)
    found = [at(curve) for _, curve in zip(few, worlds, strict=False)]
    held = [((one["low"] <= truth) & (truth <= one["high"])).to_numpy() for one in found]
    regime = "members unlike" if spread else "members alike"
    for day, each in zip((20, 60), np.transpose(held), strict=True):
        covers(each, "members.gap_survival", regime, part=f"day {day}")


def test_gaps_in_parts_of_days_are_refused_and_one_member_has_no_interval():
    gaps = gaps_of((1, 10, True), (1, 20, True), (1, 20, False))
    curve = gap_survival(gaps)
    assert curve["waiting"].round(3).tolist() == [1.0, 0.667, 0.333]
    assert curve[["low", "high"]].isna().all(axis=None)
    with pytest.raises(BadRowsError, match=r"whole days; got \[10\.5\]"):
        gap_survival(gaps.assign(gap_days=[10.5, 20, 20]))


def test_gaps_below_nothing_are_refused():
    gaps = gaps_of((1, 10, True), (2, 0, True), (3, 30, False))
    assert gap_length(gaps, horizon_days=20).mean == pytest.approx(10)
    gaps.loc[1, "gap_days"] = -3
    for measure in (gap_survival, lambda table: gap_length(table, horizon_days=20)):
        with pytest.raises(BadRowsError, match="gap_days below 0"):
            measure(gaps)
