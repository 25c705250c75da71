"""simulate_cards: every sentence of its docstring, as a test."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.errors import MissingColumnsError, OutOfRangeError
from crmlab.members import simulate_cards

N = 40_000


@pytest.fixture(scope="module")
def world():
    return simulate_cards(N, seed=51)


# by hand


def test_a_card_is_opened_with_the_first_purchase_in_its_store_under_the_policy_of_that_day():
    customers = pd.DataFrame(
        {
            "customer_id": [5, 9],
            "joined_on": pd.to_datetime(["2023-12-31", "2024-01-01"]),
            "store": pd.Series(["Wuhan", "web shop"], dtype="str"),
        }
    ).astype({"joined_on": "M8[us]"})
    cards = simulate_cards(customers, rates=(1.0, 1.0), seed=0).cards
    expected = customers.rename(columns={"joined_on": "opened_on"}).assign(policy_id=[1, 2])
    pd.testing.assert_frame_equal(cards[expected.columns], expected)
    assert cards["card_id"].is_unique


# what is planted


def test_the_opening_rate_is_that_of_the_policy(world):
    late = world.cards["opened_on"] >= "2024-01-01"
    assert (world.cards["policy_id"] == 1 + late).all()
    # Joining is even over 731 days, 365 of them under the first policy.
    for policy, rate, days in ((1, 0.6, 365), (2, 0.4, 366)):
        share = days / 731 * rate
        error = 3 * np.sqrt(share * (1 - share) / N)
        assert (world.cards["policy_id"] == policy).sum() / N == pytest.approx(share, abs=error)


def test_a_third_of_those_who_opened_would_not_have_under_the_harder_policy(world):
    early = world.cards.loc[world.cards["policy_id"] == 1, "customer_id"]
    reluctance = world.truth.set_index("customer_id")["reluctance"][early]
    error = 3 * np.sqrt(2 / 9 / len(early))
    assert (reluctance >= 0.4).mean() == pytest.approx(1 / 3, abs=error)


def test_the_harder_policy_keeps_out_only_the_more_reluctant(world):
    opened = world.truth["customer_id"].isin(world.cards["customer_id"])
    assert world.truth.loc[opened, "reluctance"].max() < 0.6
    assert (opened | (world.truth["reluctance"] >= 0.4)).all()


# for any data


@settings(max_examples=15)
@given(st.integers(1, 50), st.floats(0, 1), st.floats(0, 1))
def test_same_seed_same_cards_and_nobody_has_two(n, first, second):
    one, same = (simulate_cards(n, rates=(first, second), seed=n) for _ in range(2))
    pd.testing.assert_frame_equal(one.cards, same.cards)
    assert one.cards["customer_id"].is_unique
    assert [*one.truth["customer_id"]] == [*range(1, n + 1)]


# when misused


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ({"n": 0}, "n must be 1 or more; got 0"),
        ({"rates": (60, 0.4)}, r"rates must be shares in \[0, 1\]; got 60"),
    ],
)
def test_refuses_what_is_outside_its_range(argument, message):
    with pytest.raises(OutOfRangeError, match=message):
        simulate_cards(**{"n": 5, "seed": 0} | argument)


def test_customers_without_a_store_are_refused():
    with pytest.raises(MissingColumnsError, match="store"):
        simulate_cards(pd.DataFrame({"customer_id": [1], "joined_on": [0]}), seed=0)
