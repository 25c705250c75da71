"""second_purchase, season_index, channel_mix."""

import numpy as np
import pandas as pd
import pytest

from crmlab.errors import EmptyError, MissingColumnsError, OutOfRangeError
from crmlab.lifetime import simulate_purchases
from crmlab.service import (
    ItemRecommender,
    association_rules,
    basket_pairs,
    channel_mix,
    purchase_cycles,
    season_index,
    second_purchase,
)

BOUGHT = pd.DataFrame(
    {
        "customer_id": [1, 1, 1, 2, 3, 3, 4],
        "date": pd.to_datetime(["2024-01-01"] * 2 + ["2024-01-11", "2024-01-05"]).append(
            pd.to_datetime(["2024-01-02", "2024-01-22", "2024-04-01"])
        ),
        "category": ["tea", "tea", "cup", "tea", "ink", "ink", "ink"],
        "channel": ["shop", "shop", "online", "shop", "online", "online", "shop"],
    }
)


# by hand


def test_who_came_back_is_counted_on_a_later_day_and_with_the_same_time_for_all():
    found = second_purchase(BOUGHT, within_days=30).set_index("first")
    # Customer 4 began on the last day: nobody can say yet.
    assert found["customers"].to_dict() == {"ink": 1, "tea": 2, "all": 3}
    assert found["returned"].to_dict() == {"ink": 1, "tea": 1, "all": 2}
    assert found.loc["tea", ["median_days", "next", "same"]].tolist() == [10, "cup", 0]
    assert found.loc["ink", ["median_days", "next", "same"]].tolist() == [20, "ink", 1]
    short = second_purchase(BOUGHT, within_days=15, by=None)
    assert short[["first", "customers", "returned"]].to_numpy().tolist() == [["all", 3, 1]]
    mixed = second_purchase(BOUGHT.sample(frac=1, random_state=1), within_days=30)
    pd.testing.assert_frame_equal(found, mixed.set_index("first"))


def test_the_mix_of_channels_by_turn():
    found = channel_mix(BOUGHT).set_index("channel")
    assert found["purchases"].to_dict() == {"online": 3, "shop": 4}
    assert found.loc["shop", ["first", "second", "later"]].tolist() == [3 / 4, 1 / 2, 0]
    assert found.loc["online", "only"] == 1 / 2
    assert found.loc["shop", "only"] == 2 / 3


def test_a_season_is_told_from_whole_years():
    days = pd.date_range("2023-11-01", "2024-12-31")
    often = days.repeat(np.where(days.month == 12, 3, 1))
    bought = pd.DataFrame({"customer_id": np.arange(len(often)) % 50, "date": often})
    found = season_index(bought).set_index("month")
    # Of 366 days 31 count three times; December 2023 lies outside the last whole year.
    mean = (366 + 2 * 31) / 366
    assert found.loc[12, "purchases"] == 93
    assert found.loc[12, "index"] == pytest.approx(300 / mean)
    assert found.loc[6, "index"] == pytest.approx(100 / mean)


# against the formula


def test_intervals_of_months_without_a_season_hold_100():
    held = []
    for seed in range(60):
        bought, _ = simulate_purchases(150, seed=seed)
        # Days at random, whoever buys how much: no month is a season.
        rng = np.random.default_rng(seed)
        days = np.datetime64("2024-01-01") + rng.integers(0, 366, len(bought))
        days[0] = np.datetime64("2024-01-01")
        found = season_index(bought.assign(date=days.astype("M8[us]")), as_of="2024-12-31")
        held += ((found["low"] <= 100) & (found["high"] >= 100)).tolist()
    # 720 months, 3.3 standard errors.
    assert abs(np.mean(held) - 0.95) < 3.3 * np.sqrt(0.95 * 0.05 / len(held)) + 0.005


# when misused


def test_refuses_records_that_are_too_short():
    with pytest.raises(OutOfRangeError, match="no first purchase lies 900 days before"):
        second_purchase(BOUGHT, within_days=900)
    with pytest.raises(OutOfRangeError, match="less than a whole year"):
        season_index(BOUGHT)
    with pytest.raises(OutOfRangeError, match="by must be one of"):
        season_index(BOUGHT, by="hour")
    with pytest.raises(MissingColumnsError, match="channel"):
        channel_mix(BOUGHT.drop(columns="channel"))
    with pytest.raises(OutOfRangeError, match="within_days"):
        second_purchase(BOUGHT, within_days=0)


def test_of_several_first_purchases_on_one_day_the_earliest_counts():
    times = pd.to_datetime(["2024-01-01 18:00", "2024-01-01 09:00", "2024-06-30 12:00"])
    bought = pd.DataFrame({"customer_id": [1, 1, 2], "date": times, "category": ["a", "b", "c"]})
    assert second_purchase(bought)["first"].tolist() == ["b", "all"]
    # At one moment the first in order, however the rows are sorted.
    same = bought.assign(date=times[[0, 0, 2]])
    for rows in (same, same[::-1]):
        assert second_purchase(rows)["first"].tolist() == ["a", "all"]


def test_a_month_in_which_nothing_was_bought_has_no_interval():
    days = pd.date_range("2024-01-01", "2024-12-31")
    bought = pd.DataFrame({"customer_id": np.arange(366) % 5, "date": days})
    found = season_index(bought[days.month != 8], as_of="2024-12-31").set_index("month")
    assert found.loc[8, ["purchases", "index"]].tolist() == [0, 0]
    assert found.loc[8, ["low", "high"]].isna().all()
    assert found.drop(8)[["low", "high"]].notna().all(axis=None)


def test_whole_years_in_which_nothing_was_bought_have_no_season():
    bought = pd.DataFrame({"customer_id": [1, 2], "date": pd.Timestamp("2022-06-01")})
    with pytest.raises(EmptyError, match="nothing was bought in the 365 days up to 2023-12-31"):
        season_index(bought, as_of="2023-12-31")


def test_one_basket_per_customer_is_no_habit():
    lines = pd.DataFrame(
        {"customer_id": range(30), "basket_id": range(30), "product": [*"abc"] * 10, "amount": 5.0}
    ).assign(date=pd.Timestamp("2024-01-05"))
    # Nobody came back, which is an answer; a rhythm there is none; baskets of one hold no pair.
    again = second_purchase(lines, by=None, as_of="2024-06-30").iloc[-1]
    assert (again["customers"], again["returned"]) == (30, 0)
    assert again["low"] == pytest.approx(0)
    with pytest.raises(EmptyError, match="on two days, so there is no rhythm"):
        purchase_cycles(
            lines.rename(columns={"customer_id": "household_id", "product": "category"}),
            as_of="2024-06-30",
        )
    assert basket_pairs(lines).empty
    assert association_rules(lines, min_support=0.01).empty
    told = ItemRecommender().fit(lines).recommend([1], k=2)
    assert told["why"].tolist() == ["popular", "popular"]
