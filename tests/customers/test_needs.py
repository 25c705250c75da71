"""needs_and_wants: what was needed, and what was paid above it to have it as wished."""

import numpy as np
import pandas as pd
import pytest

from crmlab.behaviour.simulate import simulate_lines
from crmlab.company import load_company
from crmlab.customers import needs_and_wants, want_value
from crmlab.errors import BadRowsError, MissingColumnsError, OutOfRangeError

PRODUCTS = pd.DataFrame(
    {
        "product_id": [1, 2, 3],
        "category": ["soap", "soap", "soap"],
        "brand": ["A", "B", "A"],
        "size": [1, 1, 2],
    }
)
DAYS = pd.to_datetime(["2024-01-01", "2024-04-01"])
PRICES = pd.DataFrame(
    {
        "product_id": [1, 2, 3, 1],
        "valid_from": [DAYS[0], DAYS[0], DAYS[0], DAYS[1]],
        "price_cny": [5.0, 8.0, 9.0, 10.0],
    }
)
BOUGHT = pd.DataFrame(
    {
        "purchase_id": [1, 2],
        "customer_id": [7, 8],
        "date": pd.to_datetime(["2024-03-31", "2024-04-01"]),
    }
)
LINES = pd.DataFrame(
    {
        "line_id": [3, 1, 2],
        "purchase_id": [2, 1, 2],
        "product_id": [1, 2, 3],
        "quantity": [1, 2, 1],
        "amount_cny": [10.0, 15.0, 9.0],
    }
)


def firm():
    company, _ = load_company()
    return company.lines, company.products, company.prices, company.purchases


# by hand


@pytest.mark.curriculum("S50")
def test_the_value_of_a_want_is_that_of_the_need_and_what_is_added():
    table = needs_and_wants(LINES, PRODUCTS, PRICES, BOUGHT)
    assert table["line_id"].tolist() == [1, 2, 3]
    # March: two of brand B at 8, where A asks 5. April: A's price has risen to 10, B still asks 8.
    assert table["want_cny"].tolist() == [16.0, 9.0, 10.0]
    assert table["need_cny"].tolist() == [10.0, 9.0, 8.0]
    assert table["added_cny"].tolist() == [6.0, 0.0, 2.0]
    assert table["discount_cny"].tolist() == [1.0, 0.0, 0.0]
    by_brand = want_value(table, by="brand").set_index("brand")
    assert by_brand.loc["A", ["want_cny", "added_cny"]].tolist() == [19.0, 2.0]
    assert by_brand.loc["B", "added_share"] == 6 / 16


# against the formula


@pytest.mark.curriculum("S50")
def test_in_the_firm_want_is_need_plus_added_and_the_discounts_are_its_own():
    lines, products, prices, purchases = firm()
    table = needs_and_wants(lines, products, prices, purchases)
    assert len(table) == len(lines)
    np.testing.assert_allclose(table["want_cny"], table["need_cny"] + table["added_cny"], atol=0.01)
    np.testing.assert_allclose(table["paid_cny"], table["want_cny"] - table["discount_cny"])
    own = lines.sort_values("line_id")["discount_cny"]
    np.testing.assert_allclose(table["discount_cny"], own, atol=1e-6)
    assert table["added_cny"].min() == 0


@pytest.mark.parametrize("elasticity", [0.0, -5.0])
def test_the_added_value_is_that_of_the_planted_choice_of_brands(elasticity):
    n = 20_000
    rng = np.random.default_rng(121)
    bought = pd.DataFrame({"purchase_id": np.arange(n), "customer_id": 1, "category": "soap"})
    bought["date"] = pd.Timestamp("2024-02-01")
    bought["amount"] = rng.uniform(50, 500, n).round(2)
    made = simulate_lines(bought, elasticity=elasticity, seed=123)
    table = needs_and_wants(made.lines, made.products, made.prices, bought)
    # One quarter, so five price levels; brands are chosen with exp(appeal + elasticity log price).
    # A brand's first size costs 5 times its level, to the fen: levels are known to 0.2 %.
    first = made.products[made.products["size"] == 40].merge(made.prices, on="product_id")
    level = first.set_index("brand")["price_cny"]
    appeal = made.truth.set_index("brand")["appeal"]
    odds = np.exp(appeal + elasticity * np.log(level))
    chance = odds / odds.sum()
    premium = level / level.min() - 1
    expected = (chance * premium).sum()
    spread = np.sqrt((chance * premium**2).sum() - expected**2)
    seen = table["added_cny"] / table["need_cny"]
    # 3 standard errors, and a fen in the cheapest packs of 5 CNY and more.
    tolerance = 3 * spread / np.sqrt(len(table)) + 0.002
    assert seen.mean() == pytest.approx(expected, abs=tolerance)


# for any data


def test_row_order_does_not_matter_and_nothing_is_changed():
    frames = [LINES, PRODUCTS, PRICES, BOUGHT]
    before = [frame.copy() for frame in frames]
    one = needs_and_wants(*frames)
    other = needs_and_wants(*(frame.iloc[::-1] for frame in frames))
    pd.testing.assert_frame_equal(one, other)
    for frame, old in zip(frames, before, strict=True):
        pd.testing.assert_frame_equal(frame, old)


# when misused


def test_refuses_what_has_no_price_product_or_purchase():
    early = BOUGHT.assign(date=pd.Timestamp("2023-12-31"))
    with pytest.raises(BadRowsError, match=r"no price on their day: line_id \[1, 2, 3\]"):
        needs_and_wants(LINES, PRODUCTS, PRICES, early)
    with pytest.raises(BadRowsError, match=r"unknown product_id: line_id \[2\]"):
        needs_and_wants(LINES, PRODUCTS.head(2), PRICES, BOUGHT)
    with pytest.raises(BadRowsError, match="unknown purchase_id"):
        needs_and_wants(LINES, PRODUCTS, PRICES, BOUGHT.head(1))
    with pytest.raises(BadRowsError, match=r"prices: rows \[4, 5, 6, 7\] repeat"):
        needs_and_wants(LINES, PRODUCTS, pd.concat([PRICES, PRICES]), BOUGHT)
    with pytest.raises(MissingColumnsError, match="'quantity'"):
        needs_and_wants(LINES.drop(columns="quantity"), PRODUCTS, PRICES, BOUGHT)
    with pytest.raises(MissingColumnsError, match="by=…"):
        want_value(needs_and_wants(LINES, PRODUCTS, PRICES, BOUGHT), by="mood")
    with pytest.raises(BadRowsError, match=r"1 row\(s\) have no category"):
        needs_and_wants(
            LINES, PRODUCTS.assign(category=[None, *PRODUCTS["category"][1:]]), PRICES, BOUGHT
        )
    with pytest.raises(BadRowsError, match=r"line\(s\) have no price on their day"):
        needs_and_wants(LINES, PRODUCTS, PRICES.head(0), BOUGHT)
    with pytest.raises(OutOfRangeError, match="date must hold dates"):
        needs_and_wants(LINES, PRODUCTS, PRICES, BOUGHT.assign(date="2024-01-01"))
    split = needs_and_wants(LINES, PRODUCTS, PRICES, BOUGHT)
    with pytest.raises(OutOfRangeError, match="want_cny must hold numbers"):
        want_value(split.assign(want_cny="8"))
    typed = [frame.convert_dtypes() for frame in (LINES, PRODUCTS, PRICES, BOUGHT)]
    found = needs_and_wants(*typed)
    pd.testing.assert_frame_equal(found, split, check_dtype=False)
