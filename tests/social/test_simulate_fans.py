"""simulate_fans and simulate_referrals: every sentence of their docstrings, as a test."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.errors import OutOfRangeError
from crmlab.social import simulate_fans, simulate_referrals

N = 20_000
END = pd.Timestamp("2024-12-30")


@pytest.fixture(scope="module")
def world():
    return simulate_fans(N, seed=61)


def near(share, expected, n):
    """Three standard errors of a share at n."""
    return share == pytest.approx(expected, abs=3 * np.sqrt(expected * (1 - expected) / n))


def spells(world):
    """Days each fan followed: from following to leaving, and from returning to the end."""
    events = world.follows.pivot_table(
        index="fan_id", columns="event", values="on_day", aggfunc="first"
    )
    until = END + pd.Timedelta(days=1)
    first = (events["unfollow"].fillna(until) - events["follow"]).dt.days
    return first + (until - events["return"].fillna(until)).dt.days


# what hangs together


def test_everybody_follows_once_leaves_at_most_once_and_returns_only_then(world):
    days = world.follows.pivot(index="fan_id", columns="event", values="on_day")
    assert days["follow"].notna().all()
    assert [*days.index] == [*world.fans["fan_id"]]
    assert (days["follow"].to_numpy() == world.fans["followed_on"].to_numpy()).all()
    gone = days.dropna(subset=["unfollow"])
    assert (gone["unfollow"] > gone["follow"]).all()
    back = days.dropna(subset=["return"])
    assert (back["return"] - back["unfollow"]).dt.days.between(1, 60).all()
    assert world.follows["on_day"].max() <= END


def test_nobody_interacts_while_away(world):
    events = world.follows.pivot(index="fan_id", columns="event", values="on_day")
    rows = world.interactions.join(events, on="fan_id")
    away = (rows["on_day"] >= rows["unfollow"]) & ~(rows["on_day"] >= rows["return"])
    assert not away.any()
    assert (rows["on_day"] >= rows["follow"]).all()
    assert rows["on_day"].max() <= END


# what is planted


def test_half_of_the_customers_follow_after_60_days_on_average(world):
    # Nearly nobody waits longer than the 730 days: exp(-730 / 60) is 5 in a million.
    assert near(len(world.fans) / N, 0.5, N)
    wait = (world.fans["followed_on"] - pd.Timestamp("2023-01-01")).dt.days
    # Whole days of an exponential time: the floor takes half a day.
    assert wait.mean() == pytest.approx(59.5, abs=3 * 60 / np.sqrt(len(wait)))


@pytest.mark.curriculum("S29")
def test_motives_have_their_shares_and_their_rates_of_leaving(world):
    planted = {"old customer": (0.35, 900), "offer": (0.30, 90), "content": (0.20, 600),
               "friends": (0.15, 400)}  # fmt: skip
    left = world.follows[world.follows["event"] == "unfollow"].set_index("fan_id")["on_day"]
    fans = world.fans.set_index("fan_id")
    watched = left.reindex(fans.index).fillna(END + pd.Timedelta(days=1)) - fans["followed_on"]
    watched = watched.dt.days
    for motive, (share, mean) in planted.items():
        rows = fans["motive"] == motive
        assert near(rows.mean(), share, len(fans))
        # Leaving falls on the first day at the earliest: whole days, the first one apart. A
        # geometric time: events over days at risk, with a relative error of 1 / sqrt(events).
        events = left.index.isin(fans.index[rows]).sum()
        hazard = events / (watched[rows].sum() - events)
        assert hazard == pytest.approx(np.expm1(1 / mean), rel=3 / np.sqrt(events))


def test_one_in_five_who_left_returns(world):
    events = world.follows.groupby(["event", "fan_id"])["on_day"].first()
    left = events["unfollow"]
    seen = left[left <= END - pd.Timedelta(days=60)].index
    assert near(seen.isin(events["return"].index).mean(), 0.2, len(seen))


def test_fans_interact_at_their_own_rate_while_they_follow(world):
    truth = world.truth.set_index("fan_id")
    expected = (truth["interactions_per_week"] * spells(world) / 7).sum()
    assert len(world.interactions) == pytest.approx(expected, abs=3 * np.sqrt(expected))
    warmth = truth["interactions_per_week"] / (0.8 * np.sqrt(truth["rate_per_week"]))
    # Gamma(2, 1/2) has variance 1/2.
    assert warmth.mean() == pytest.approx(1, abs=3 * np.sqrt(0.5 / len(truth)))


@pytest.mark.curriculum("S30")
def test_interaction_goes_with_purchases_and_has_no_effect_on_them(world):
    rng = np.random.default_rng(1)
    truth = world.truth.set_index("fan_id")
    bought = rng.poisson(truth["rate_per_week"] * 52)
    weekly = world.interactions.groupby("fan_id").size().reindex(truth.index, fill_value=0)
    weekly = (weekly / spells(world)).to_numpy() * 7
    n = len(truth)
    raw = np.corrcoef(weekly, bought)[0, 1]
    assert raw > 10 / np.sqrt(n)
    # Given the hidden rate nothing is left: what it explains of the two is taken off, the
    # purchases in units of their own Poisson error, so that the standard error is 1 / sqrt(n).
    expected = truth["rate_per_week"].to_numpy() * 52
    left = (bought - expected) / np.sqrt(expected)
    other = weekly - 0.8 * np.sqrt(truth["rate_per_week"].to_numpy())
    assert abs(np.corrcoef(left, other)[0, 1]) < 3 / np.sqrt(n)


# referrals


CUSTOMERS = pd.DataFrame(
    {"customer_id": np.arange(7, 10_007), "joined_on": pd.date_range("2023-01-01", periods=10_000)}
).astype({"joined_on": "M8[us]"})


@pytest.mark.curriculum("S10")
def test_the_share_brought_is_exact_and_all_are_brought_by_an_earlier_customer():
    rows = simulate_referrals(CUSTOMERS, share=0.6, seed=1)
    assert len(rows) == 6_000
    assert (rows["referred_by"] < rows["customer_id"]).all()
    assert rows["referred_by"].min() == 7
    assert rows["customer_id"].is_monotonic_increasing
    assert rows["customer_id"].is_unique
    joined = CUSTOMERS.set_index("customer_id")["joined_on"]
    assert (rows["referred_on"].to_numpy() == joined[rows["customer_id"]].to_numpy()).all()
    # Uniform over those before: position over own position has mean 1/2, variance 1/12.
    place = (rows["referred_by"] - 7 + 0.5) / (rows["customer_id"] - 7)
    assert place.mean() == pytest.approx(0.5, abs=3 * np.sqrt(1 / 12 / 6_000))


@pytest.mark.curriculum("S32")
def test_reasons_have_their_shares():
    rows = simulate_referrals(CUSTOMERS, share=0.6, seed=2)
    for reason, share in {"content": 0.3, "campaign": 0.5, "other": 0.2}.items():
        assert near((rows["reason"] == reason).mean(), share, len(rows))


# for any data


@settings(max_examples=15)
@given(st.integers(1, 40), st.floats(0, 1))
def test_any_number_gives_the_same_fans_and_referrals_again(n, share):
    one, same = (simulate_fans(n, share=share, seed=n) for _ in range(2))
    for left, right in zip(one, same, strict=True):
        pd.testing.assert_frame_equal(left, right)
    rows = simulate_referrals(CUSTOMERS.head(n), share=share, seed=n)
    assert len(rows) == min(round(share * n), n - 1)


# when misused


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ({"n": 0}, "n must be 1 or more; got 0"),
        ({"n_days": 0}, "n_days must be 1 or more; got 0"),
        ({"share": 50}, r"share must lie in \[0, 1\], a share not a percent; got 50"),
    ],
)
def test_refuses_what_is_outside_its_range(argument, message):
    with pytest.raises(OutOfRangeError, match=message):
        simulate_fans(**{"n": 5, "seed": 0} | argument)


def test_referrals_refuse_a_percent():
    with pytest.raises(OutOfRangeError, match="share must lie in"):
        simulate_referrals(CUSTOMERS, share=60, seed=0)
