"""promotion_coverage and simulate_visits: 63/70/78 % is a law of chance, not of members."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.errors import MissingColumnsError, OutOfRangeError
from crmlab.members import promotion_coverage, simulate_visits

DAYS = {"start": "2023-01-01", "as_of": "2024-12-30"}


def covered(n, *, seed, **world):
    visits, _ = simulate_visits(n, seed=seed, **world)
    return promotion_coverage(visits, members=n, **DAYS)


# by hand


def test_a_promotion_that_begins_after_one_visit_and_ends_before_the_next_is_missed():
    # Ten days, visits on the 3rd and the 8th; a promotion of 3 days can begin on 8 of them.
    dates = pd.to_datetime(["2024-01-03", "2024-01-08"])
    purchases = pd.DataFrame({"customer_id": 7, "date": dates, "amount": 5.0})
    found = promotion_coverage(purchases, days=[3], start="2024-01-01", as_of="2024-01-10")
    # It is missed from the 4th (4, 5, 6) and the 5th (5, 6, 7) on.
    assert found["covered"].tolist() == [6 / 8]


def test_who_never_comes_counts_where_the_number_of_cards_is_known():
    dates = pd.date_range("2024-01-01", periods=10)
    purchases = pd.DataFrame({"customer_id": 7, "date": dates, "amount": 5.0})
    assert promotion_coverage(purchases, days=[1])["covered"].tolist() == [1.0]
    assert promotion_coverage(purchases, days=[1], members=4)["covered"].tolist() == [0.25]


def test_the_rules_are_those_of_the_mean_gap():
    dates = pd.date_range("2024-01-01", periods=10, freq="10D")
    purchases = pd.DataFrame({"customer_id": 7, "date": dates, "amount": 5.0})
    found = promotion_coverage(purchases, start="2024-01-01", as_of="2024-04-09")
    assert found["poisson_rule"].round(2).tolist() == [0.63, 0.70, 0.78]
    assert found["erlang_rule"].round(2).tolist() == [0.73, 0.80, 0.88]


@settings(max_examples=40)
@given(st.sets(st.integers(0, 20), min_size=1), st.integers(1, 8))
def test_is_what_trying_every_day_gives(days, length):
    first = np.datetime64("2024-01-01")
    dates = (first + np.array(sorted(days))).astype("M8[us]")
    purchases = pd.DataFrame({"customer_id": 1, "date": dates, "amount": 1.0})
    found = promotion_coverage(purchases, days=[length], start=first, as_of=first + 20)
    tried = [bool(days & {*range(begin, begin + length)}) for begin in range(21 - length + 1)]
    assert found["covered"].iloc[0] == pytest.approx(np.mean(tried))


# against the formula


@pytest.mark.curriculum("S84")
@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(
    ("world", "expected"),
    [
        ({}, [0.63, 0.70, 0.78]),
        ({"shape": 2}, [0.73, 0.80, 0.88]),
        ({"spread": 1.0}, [0.50, 0.55, 0.60]),
    ],
    ids=["by chance, alike", "regular", "unlike"],
)
def test_the_share_that_shops_within_10_12_and_15_days(world, expected, seed):
    found = covered(1_000, seed=seed, **world)
    error = (found["high"] - found["low"]) / 2 / 1.96
    exact = {(): [1 - np.exp(-days / 10) for days in (10, 12, 15)]}
    exact["shape", 2] = [1 - (1 + days / 10) * np.exp(-days / 5) for days in (10, 12, 15)]
    exact["spread", 1.0] = [1 - 1 / (1 + days / 10) for days in (10, 12, 15)]
    truth = exact[next(iter(world.items()), ())]
    assert [round(share, 2) for share in truth] == pytest.approx(expected, abs=0.0051)
    assert (abs(found["covered"] - truth) <= 3 * error + 1e-4).all()
    # The mean gap is 10 days in each of these worlds, so the rule says the same in all of them:
    # unlike members' mean rate has a standard error of 3 %, which moves the rule by 0.012.
    assert found["poisson_rule"].tolist() == pytest.approx([0.63, 0.70, 0.78], abs=0.04)


@pytest.mark.parametrize("world", [{}, {"spread": 1.0}], ids=["alike", "unlike"])
def test_the_interval_holds_the_share_in_500_worlds(covers, few, world):
    truth = 1 - 1 / (1 + 1.2) if world else 1 - np.exp(-1.2)
    held = []
    for seed in few:
        visits, _ = simulate_visits(150, days=120, seed=seed, **world)
        found = promotion_coverage(
            visits, days=[12], members=150, start="2023-01-01", as_of="2023-04-30"
        ).iloc[0]
        held.append(found["low"] <= truth <= found["high"])
    covers(held, "members.promotion_coverage", "members unlike" if world else "members alike")


# simulate_visits, a test per sentence


@pytest.mark.parametrize("seed", range(20))
def test_members_visit_at_rates_of_their_own_with_the_mean_and_spread_that_were_asked_for(seed):
    visits, truth = simulate_visits(5_000, spread=0.5, ticket_spread=0.3, seed=seed)
    rate = 10 / truth["gap_days"]
    # A gamma number of mean 1 and variance 1/2; 3 standard errors at 5,000.
    assert rate.mean() == pytest.approx(1, abs=3 * (0.5 / 5_000) ** 0.5)
    assert truth["ticket"].mean() == pytest.approx(60, rel=3 * (np.expm1(0.3) / 5_000) ** 0.5)
    # Visits of 730 days; their variance is that of the rates and of chance.
    count = len(visits) / 5_000
    assert count == pytest.approx(73, abs=3 * ((73**2 / 2 + 73) / 5_000) ** 0.5)


@pytest.mark.parametrize(("shape", "variance"), [(1, 1.0), (2, 1 / 2)])
def test_gaps_are_erlang_and_the_record_opens_in_the_middle_of_one(shape, variance):
    visits, _ = simulate_visits(3_000, mean_gap_days=40, shape=shape, days=1_000, seed=9)
    first = visits.groupby("customer_id")["date"].min() - pd.Timestamp("2023-01-01")
    # The rest of a gap under way: (variance + mean**2) / (2 mean), here in whole days less a half.
    rest = 40 * (1 + variance) / 2
    assert first.dt.days.mean() + 0.5 == pytest.approx(rest, rel=3 * 1.1 / 3_000**0.5)


def test_same_seed_same_visits_and_two_simulators_of_one_seed_share_nothing():
    one, other = (simulate_visits(20, seed=3) for _ in range(2))
    pd.testing.assert_frame_equal(one.data, other.data)
    assert not one.data.equals(simulate_visits(20, seed=4).data)


# when misused


def test_refuses_promotions_and_records_that_do_not_fit():
    visits, _ = simulate_visits(20, days=30, seed=1)
    with pytest.raises(OutOfRangeError, match="every length must be 1 or more"):
        promotion_coverage(visits, days=[0])
    with pytest.raises(OutOfRangeError, match=r"the record has \d+ days; a promotion of 400"):
        promotion_coverage(visits, days=[400])
    with pytest.raises(OutOfRangeError, match="lies after the first purchase"):
        promotion_coverage(visits, start="2023-01-28")
    with pytest.raises(OutOfRangeError, match="members must be"):
        promotion_coverage(visits, members=2)
    with pytest.raises(OutOfRangeError, match="nobody bought"):
        promotion_coverage(visits.assign(amount=-1.0))
    with pytest.raises(MissingColumnsError, match="with date="):
        promotion_coverage(visits.drop(columns="date"))


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ({"n": 0}, "n must be 1 or more"),
        ({"shape": 0}, "shape must be 1 or more"),
        ({"spread": -1}, "spread must be a finite number of 0 or more"),
        ({"mean_gap_days": 0}, "mean_gap_days must be a finite number above 0"),
        ({"seed": None}, "seed must be"),
    ],
)
def test_refuses_worlds_outside_their_range(argument, message):
    with pytest.raises(ValueError, match=message):
        simulate_visits(**{"n": 5, "seed": 0} | argument)
