"""simulate_lines and its draws: every sentence of their docstrings, as a test."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.behaviour import simulate_deliveries, simulate_lines, simulate_payments
from crmlab.errors import MissingColumnsError, OutOfRangeError

N = 60_000


def bought(amounts, *, days=700):
    n = len(amounts)
    return pd.DataFrame(
        {
            "purchase_id": np.arange(11, 11 + n),
            "date": pd.Timestamp("2023-01-01") + pd.to_timedelta(np.arange(n) % days, unit="D"),
            "amount": np.round(amounts, 2),
            "category": pd.Series(np.array(["soap", "cream"])[np.arange(n) % 2], dtype="str"),
        }
    ).astype({"date": "M8[us]"})


BOUGHT = bought(np.random.default_rng(1).gamma(4, 30, N) + 0.01)


@pytest.fixture(scope="module")
def world():
    return simulate_lines(BOUGHT, seed=41)


# what hangs together


def test_the_lines_of_a_purchase_add_up_to_its_amount_to_the_fen(world):
    total = world.lines.groupby("purchase_id")["amount_cny"].sum()
    assert [*total.index] == [*BOUGHT["purchase_id"]]
    assert np.allclose(total, BOUGHT["amount"], atol=1e-9, rtol=0)


def test_quantity_times_list_price_less_discount_is_the_amount(world):
    lines = world.lines
    paid = lines["quantity"] * lines["list_price_cny"] - lines["discount_cny"]
    assert np.allclose(paid, lines["amount_cny"], atol=1e-9, rtol=0)
    assert (lines["discount_cny"] >= 0).all()
    assert (lines["amount_cny"] > 0).all()
    # Packs cost a quarter more from size to size: above the smallest, a discount is under 20 %.
    above = lines["amount_cny"] > 10
    share = lines["discount_cny"] / (lines["quantity"] * lines["list_price_cny"])
    assert share[above].max() < 0.2 + 1e-3


def test_the_list_price_is_the_one_that_stood_on_the_day(world):
    rows = world.lines.merge(BOUGHT, on="purchase_id").sort_values("date", kind="stable")
    prices = world.prices.sort_values("valid_from", kind="stable")
    rows = pd.merge_asof(rows, prices, left_on="date", right_on="valid_from", by="product_id")
    assert (rows["list_price_cny"] == rows["price_cny"]).all()


def test_lines_are_of_the_category_of_their_purchase(world):
    rows = world.lines.merge(BOUGHT, on="purchase_id").merge(world.products, on="product_id")
    assert len(rows) == len(world.lines)
    assert (rows["category_x"] == rows["category_y"]).all()
    assert len(world.products) == 2 * 5 * 40


def test_one_two_or_three_lines_have_their_shares(world):
    count = world.lines.groupby("purchase_id").size()
    for lines, share in {1: 0.5, 2: 0.3, 3: 0.2}.items():
        error = 3 * np.sqrt(share * (1 - share) / N)
        assert (count == lines).mean() == pytest.approx(share, abs=error)


def test_payments_are_of_the_amount_on_the_day_and_mobile_in_six_of_ten():
    paid = simulate_payments(BOUGHT, seed=1)
    assert (paid["amount_cny"] == BOUGHT["amount"]).all()
    assert (paid["paid_on"] == BOUGHT["date"]).all()
    error = 3 * np.sqrt(0.6 * 0.4 / N)
    assert (paid["method"] == "mobile").mean() == pytest.approx(0.6, abs=error)


def test_deliveries_are_sent_within_two_days_and_take_1_plus_poisson_3():
    sent = simulate_deliveries(BOUGHT, address_id=np.arange(N), seed=1)
    assert [*sent["address_id"]] == [*range(N)]
    assert {*(sent["sent_on"] - BOUGHT["date"]).dt.days} == {0, 1, 2}
    days = (sent["arrived_on"] - sent["sent_on"]).dt.days
    assert days.min() == 1
    assert days.mean() == pytest.approx(4, abs=3 * np.sqrt(3 / N))


# what is planted


@pytest.mark.parametrize("elasticity", [0.0, -1.5, -4.0])
def test_the_elasticity_is_the_slope_of_log_odds_on_log_prices(elasticity):
    world = simulate_lines(BOUGHT, elasticity=elasticity, seed=42)
    rows = world.lines.merge(BOUGHT, on="purchase_id").merge(world.products, on="product_id")
    quarter = rows["date"].dt.to_period("Q")
    count = rows.groupby([quarter, "category_x", "brand"]).size().unstack()
    smallest = world.products[world.products["size"] == 20]
    price = world.prices.merge(smallest, on="product_id")
    price = price.pivot_table(
        index=[price["valid_from"].dt.to_period("Q"), "category"], columns="brand",
        values="price_cny",
    ).loc[count.index]  # fmt: skip
    slopes, weights = [], []
    for one in "BCDE":
        y = np.log(count[f"brand {one}"] / count["brand A"])
        x = np.log(price[f"brand {one}"] / price["brand A"])
        weight = 1 / (1 / count[f"brand {one}"] + 1 / count["brand A"])
        # Each category has an intercept of its own: weighted least squares within categories.
        by = y.index.get_level_values(1)
        x = x - ((x * weight).groupby(by).sum() / weight.groupby(by).sum()).reindex(by).to_numpy()
        slopes.append((weight * x * y).sum() / (weight * x * x).sum())
        weights.append((weight * x * x).sum())
    found = np.average(slopes, weights=weights)
    # The four share brand A: their errors correlate by at most one half each, so the variance
    # of the mean is at most 1 + 3 / 2 times that of independent slopes.
    error = np.sqrt(2.5 / np.sum(weights))
    assert found == pytest.approx(elasticity, abs=3 * error)


def test_at_equal_prices_brands_are_chosen_by_their_appeal():
    world = simulate_lines(BOUGHT, elasticity=0.0, seed=43)
    rows = world.lines.merge(world.products, on="product_id")
    count = rows.groupby(["category", "brand"]).size()
    appeal = world.truth.set_index(["category", "brand"])["appeal"]
    odds = np.exp(appeal)
    expected = odds / odds.groupby("category").transform("sum")
    n = count.groupby("category").transform("sum")
    # Ten shares are judged together: chi-square with 2 * 4 degrees of freedom.
    chi_square = ((count - n * expected) ** 2 / (n * expected)).sum()
    assert chi_square < 8 + 3 * np.sqrt(2 * 8)


# for any data


@settings(max_examples=30)
@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=9), st.integers(0, 99))
def test_any_amount_from_one_fen_up_becomes_lines(fen, seed):
    purchases = bought(np.array(fen) / 100)
    lines = simulate_lines(purchases, seed=seed).lines
    total = lines.groupby("purchase_id")["amount_cny"].sum().to_numpy()
    assert np.allclose(total * 100, fen, rtol=1e-12)
    assert (lines["discount_cny"] >= 0).all()
    pd.testing.assert_frame_equal(lines, simulate_lines(purchases, seed=seed).lines)


# when misused


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ({"elasticity": 1.0}, "elasticity must be a finite number up to 0; got 1.0"),
        ({"purchases": BOUGHT.head(0)}, "the number of purchases must be 1 or more"),
        ({"purchases": bought([-5.0])}, "leave refunds out"),
    ],
)
def test_refuses_what_is_outside_its_range(argument, message):
    with pytest.raises(OutOfRangeError, match=message):
        simulate_lines(**{"purchases": BOUGHT.head(), "seed": 0} | argument)


def test_purchases_without_a_category_are_refused():
    with pytest.raises(MissingColumnsError, match="category"):
        simulate_lines(BOUGHT.drop(columns="category"), seed=0)
