"""effective_cards and opening_rate: cards in use, asleep, and opened."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.errors import BadRowsError, EmptyError, MissingColumnsError, OutOfRangeError
from crmlab.members import effective_cards, opening_rate, rolling_churn, simulate_visits


def bought(*rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "date", "amount"])
    return frame.astype({"date": "M8[us]", "amount": "float64"})


PURCHASES = bought(
    ("Ann", "2024-01-15", 90), ("Ann", "2024-03-31", 20), ("Bob", "2024-02-10", 60),
    ("Bob", "2024-02-20", 50), ("Cy", "2024-01-02", 200), ("Cy", "2024-03-05", -150),
)  # fmt: skip

# by hand


def test_a_purchase_in_the_window_makes_a_card_effective():
    found = effective_cards(PURCHASES, windows=[1, 3])
    expected = pd.DataFrame(
        {
            "date": pd.to_datetime(["2024-03-31", "2024-01-31", "2024-02-29", "2024-03-31"]),
            "window_months": [3, 1, 1, 1],
            "cards": [3, 2, 3, 3],
            "effective": [3, 2, 1, 1],
            "dormant": [0, 0, 2, 2],
        }
    ).astype({"date": "M8[us]"})
    pd.testing.assert_frame_equal(found.drop(columns="share_effective"), expected)
    assert found["share_effective"].round(2).tolist() == [1, 1, 0.33, 0.33]


def test_an_amount_in_the_window_is_net_of_refunds_and_reached_to_the_cent():
    found = effective_cards(PURCHASES, windows=[3], min_amount=110.0)
    # Ann has 110.00, Bob 110.00, Cy 50.00 after the refund.
    assert found["effective"].tolist() == [2]
    assert effective_cards(PURCHASES, windows=[3], min_amount=110.01)["effective"].tolist() == [0]


def test_a_window_longer_than_the_data_has_no_row():
    assert effective_cards(PURCHASES, windows=[4]).empty
    assert [*effective_cards(PURCHASES, windows=[4]).columns][:2] == ["date", "window_months"]


@pytest.mark.parametrize("months", [126, 127, 128, 260])
def test_decades_are_counted_as_right_as_months(months):
    # Numbers of one byte end at 127; a table of more months must grow.
    ends = pd.date_range("2000-01-31", periods=months, freq="ME")
    every = pd.DataFrame({"customer_id": 1, "date": ends, "amount": 5.0})
    twice = pd.DataFrame({"customer_id": 2, "date": ends[[0, -1]], "amount": 5.0})
    found = effective_cards(pd.concat([every, twice]), windows=[3, months])
    assert found["effective"].tolist() == [2] + [2] + [1] * (months - 4) + [2]
    # Of two windows of one month each, the second of customer 2 never follows the first.
    churn = rolling_churn(pd.concat([every, twice]), window=1)
    assert churn["lost"].tolist() == [1] + [0] * (months - 2)


@pytest.mark.curriculum("S80")
@pytest.mark.parametrize("seed", range(20))
def test_12_months_count_no_fewer_cards_than_6_and_6_no_fewer_than_3(seed):
    visits, _ = simulate_visits(2_000, mean_gap_days=120, spread=1.0, seed=seed)
    found = effective_cards(visits).pivot(index="date", columns="window_months", values="effective")
    whole = found.dropna()
    assert len(whole) == 13
    # Strictly, here: with gaps of 120 days many cards sleep for 3 months, and few for 12.
    assert (whole[12] > whole[6]).all()
    assert (whole[6] > whole[3]).all()


@pytest.mark.curriculum("S80")
@pytest.mark.parametrize("seed", range(20))
def test_the_share_in_use_is_the_chance_to_buy_within_the_window(seed):
    visits, truth = simulate_visits(4_000, mean_gap_days=120, spread=1.0, seed=seed)
    found = effective_cards(visits, as_of="2024-12-31").groupby("window_months").last()
    for months, days in ((12, 366), (6, 184), (3, 92)):
        # 1 - (1 + days / gap) ** -1 of all members; 3 standard errors at 4,000.
        share = 1 - 1 / (1 + days / 120)
        error = 3 * (share * (1 - share) / len(truth)) ** 0.5
        assert found.loc[months, "effective"] / len(truth) == pytest.approx(share, abs=error)


# for any data


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.integers(1, 5))
def test_row_order_does_not_matter_and_cards_add_up(seed, window):
    visits, _ = simulate_visits(20, mean_gap_days=70, days=300, seed=seed)
    mixed = visits.sample(frac=1, random_state=seed)
    for least in (None, 150.0):
        found = effective_cards(visits, windows=[window], min_amount=least)
        pd.testing.assert_frame_equal(
            found, effective_cards(mixed, windows=[window], min_amount=least)
        )
        assert (found["effective"] + found["dormant"] == found["cards"]).all()
        assert found["cards"].is_monotonic_increasing
        assert found["cards"].iloc[-1] == visits["customer_id"].nunique()


# opening_rate


@pytest.mark.curriculum("S79")
def test_200_new_cards_of_1_000_buyers_are_20_percent():
    day = pd.Timestamp("2024-03-05")
    buyers = pd.DataFrame(
        {"customer_id": range(1_000), "date": day, "amount": 1.0, "store": "shop 1"}
    )
    cards = pd.DataFrame({"customer_id": range(200), "opened_on": day, "store": "shop 1"})
    found = opening_rate(buyers, cards).iloc[0]
    assert (found["buyers"], found["new_cards"], found["opening_rate"]) == (1_000, 200, 0.2)
    assert found["low"] == pytest.approx(0.1764, abs=1e-4)  # Wilson, by hand


@pytest.mark.curriculum("S79")
def test_the_rate_falls_as_customers_fill_up_with_cards_though_the_push_is_the_same():
    # The same ten come each month; every month half of those without a card open one.
    months = pd.date_range("2024-01-10", periods=3, freq="MS") + pd.Timedelta(days=9)
    bought = pd.concat(
        pd.DataFrame({"customer_id": range(8), "date": day, "amount": 1.0, "store": 1})
        for day in months
    )
    opened = [months[0]] * 4 + [months[1]] * 2 + [months[2]]
    cards = pd.DataFrame({"customer_id": range(7), "opened_on": opened, "store": 1})
    found = opening_rate(bought, cards)
    assert found["opening_rate"].tolist() == [0.5, 0.25, 0.125]
    assert found["could_open"].tolist() == [8, 4, 2]
    assert found["conversion"].tolist() == [0.5, 0.5, 0.5]


def test_all_stores_together_count_a_customer_once():
    day = pd.Timestamp("2024-03-05")
    bought = pd.DataFrame(
        {"customer_id": [1, 1, 2], "date": day, "amount": 1.0, "store": ["a", "b", "a"]}
    )
    cards = pd.DataFrame({"customer_id": [1], "opened_on": day, "store": ["b"]})
    assert opening_rate(bought, cards, by=None)["buyers"].tolist() == [2]
    assert opening_rate(bought, cards)["opening_rate"].tolist() == [0, 1]


def test_who_only_gave_something_back_is_no_buyer():
    day = pd.Timestamp("2024-03-05")
    money = [0.01, 0.0, -9.0, 20.0, -20.0]  # a fen, a gift, a refund, and a purchase taken back
    rows = pd.DataFrame({"customer_id": [1, 2, 3, 4, 4], "date": day, "amount": money})
    card = pd.DataFrame({"customer_id": [1], "opened_on": day})
    assert opening_rate(rows, card, by=None)["buyers"].tolist() == [2]
    known = rows.drop(columns="amount")
    assert opening_rate(known, card, by=None, amount=None)["buyers"].tolist() == [4]
    with pytest.raises(MissingColumnsError, match="amount"):
        opening_rate(known, card, by=None)
    with pytest.raises(BadRowsError, match="bought nothing there in that month"):
        opening_rate(rows, card.assign(customer_id=3), by=None)
    with pytest.raises(EmptyError, match="nobody bought"):
        opening_rate(rows[rows["amount"] <= 0], card.head(0), by=None)


# when misused


def test_refuses_windows_and_amounts_that_are_none():
    for windows, word in ((0, "must be a list"), ([0], "must be 1 or more"), ([2.5], "whole")):
        with pytest.raises(ValueError, match=word):
            effective_cards(PURCHASES, windows=windows)
    with pytest.raises(OutOfRangeError, match=r"min_amount must be 0\.01 or more"):
        effective_cards(PURCHASES, min_amount=0.001)


def test_refuses_cards_that_have_no_buyer_and_buyers_with_two_cards():
    day = pd.Timestamp("2024-03-05")
    bought = pd.DataFrame({"customer_id": [1, 2], "date": day, "amount": 1.0, "store": "a"})
    card = pd.DataFrame({"customer_id": [3], "opened_on": day, "store": "a"})
    with pytest.raises(BadRowsError, match=r"1 card\(s\) were opened by somebody who bought"):
        opening_rate(bought, card)
    with pytest.raises(BadRowsError, match="more than one card"):
        opening_rate(bought, pd.concat([card, card]))
    with pytest.raises(EmptyError, match="nobody bought"):
        opening_rate(bought.head(0), card.head(0))
    with pytest.raises(MissingColumnsError, match="store"):
        opening_rate(bought.drop(columns="store"), card)
