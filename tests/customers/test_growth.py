"""decompose_growth and sales_change: effects that add up, in whatever order they are taken."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.customers import decompose_growth, sales_change, simulate_eras
from crmlab.data import load
from crmlab.errors import (
    AmbiguousError,
    BadRowsError,
    EmptyError,
    MissingColumnsError,
    OutOfRangeError,
)

FACTORS = ["market", "share", "spend"]
EFFECTS = ["customers", "mix", "frequency", "ticket", "refunds"]


def effects_of(table):
    return table.filter(like="_effect").sum(axis=1)


def in_one_order(first, second, order):
    """The effects if the factors change one after the other, in this order."""
    level, found = dict(first), {}
    for name in order:
        before = np.prod([*level.values()])
        level[name] = second[name]
        found[name] = np.prod([*level.values()]) - before
    return found


def log(*rows, names=("customer_id", "date", "amount", "channel")):
    frame = pd.DataFrame(rows, columns=[*names][: len(rows[0])])
    return frame.assign(date=pd.to_datetime(frame["date"]))


# by hand


def test_two_factors_share_what_they_do_together():
    # 10 -> 20 customers, 4 -> 6 each: 40 and 20 alone, 20 together, which is halved.
    years = pd.DataFrame({"year": [1, 2], "heads": [10.0, 20.0], "each": [4.0, 6.0]})
    row = decompose_growth(years, columns=["heads", "each"]).iloc[0]
    assert row[["change", "heads_effect", "each_effect"]].tolist() == [80.0, 50.0, 30.0]


def test_purchases_per_customer_and_ticket_by_hand():
    table = sales_change(
        log((1, "2024-01-05", 10.0), (2, "2024-01-31", 10.0), (1, "2024-02-01", 10.0),
            (1, "2024-02-29", 30.0), (1, "2024-02-29", -5.0)),
        months=1,
    )  # fmt: skip
    row = table.iloc[0]
    assert row[["before", "after", "customers_before", "customers_after"]].tolist() == [
        20,
        35,
        2,
        1,
    ]
    # 2 * 1 * 10 -> 1 * 2 * 20: one customer less, beside 10, 20, 20 or 40 for each of the others.
    assert row["customers_effect"] == pytest.approx(-(10 / 3 + 20 / 6 + 20 / 6 + 40 / 3))
    assert row["frequency_effect"] == pytest.approx(20 / 3 + 10 / 6 + 40 / 6 + 20 / 3)
    assert row["refunds_effect"] == -5
    assert effects_of(table).iloc[0] == pytest.approx(15, abs=1e-12)


def test_a_channel_that_opens_is_all_mix():
    table = sales_change(
        log((1, "2024-01-05", 10.0, "shop"), (1, "2024-02-29", 10.0, "shop"),
            (1, "2024-02-29", 7.0, "online")),
        by="channel", months=1,
    ).set_index("group")  # fmt: skip
    assert table.loc["online", ["mix_effect", "change"]].tolist() == pytest.approx([7.0, 7.0])
    assert table.loc["shop", "change"] == 0


def test_rows_without_a_channel_are_a_group_and_not_lost():
    table = sales_change(
        log((1, "2024-01-05", 10.0, "shop"), (1, "2024-02-29", 5.0, None)), by="channel", months=1
    )
    assert table["group"].tolist() == ["(unknown)", "shop", "(all)"]
    assert table["change"].tolist() == [5.0, -10.0, -5.0]


def test_a_group_with_nothing_but_refunds_has_no_effect_but_theirs():
    # Bought in the shop, brought back by post: "mail" has no frequency or ticket in either month.
    table = sales_change(
        log((1, "2024-01-05", 10.0, "shop"), (1, "2024-02-10", -4.0, "mail"),
            (1, "2024-02-29", 10.0, "shop")),
        by="channel", months=1,
    ).set_index("group")  # fmt: skip
    assert table.loc["mail"].filter(like="_effect").tolist() == [0, 0, 0, 0, -4]
    np.testing.assert_allclose(effects_of(table), table["change"], atol=1e-12)


# against the formula


@pytest.mark.curriculum("S05")
def test_effects_of_market_share_and_spend_sum_to_the_change_in_sales():
    for seed in range(20):
        years, _ = simulate_eras(noise=0.02, seed=seed)
        table = decompose_growth(years)
        # 1e-9 of the sales: they have sixteen digits.
        assert (np.abs(effects_of(table) - table["change"]) <= 1e-9 * table["after"]).all()
        np.testing.assert_allclose(table["change"], years["sales"].diff()[1:], rtol=1e-9)


@pytest.mark.curriculum("S05")
def test_the_crm_era_grows_though_its_share_shrinks_and_each_era_by_what_names_it():
    years, truth = simulate_eras(seed=1)
    table = decompose_growth(years).assign(era=truth["era"].iloc[1:].to_numpy())
    crm = table[table["era"] == "CRM"]
    assert (crm["change"] > 0).all()
    assert (crm["share_effect"] <= 0).all()
    assert (crm["spend_effect"] > crm["change"]).all()
    for era, factor in {"mass": "market", "target": "share"}.items():
        part = table[table["era"] == era]
        np.testing.assert_allclose(part[f"{factor}_effect"], part["change"], rtol=1e-9)


def test_each_effect_is_the_mean_over_all_orders():
    rng = np.random.default_rng(1)
    for _ in range(20):
        first, second = (dict(zip(FACTORS, rng.normal(5, 3, 3), strict=True)) for _ in range(2))
        frame = pd.DataFrame([first, second]).assign(year=[1, 2])
        row = decompose_growth(frame).iloc[0]
        every = [in_one_order(first, second, order) for order in permutations(FACTORS)]
        for name in FACTORS:
            mean = np.mean([found[name] for found in every])
            assert row[f"{name}_effect"] == pytest.approx(mean, abs=1e-9)


def test_the_order_of_columns_does_not_matter_and_backwards_is_the_opposite():
    years, _ = simulate_eras(noise=0.05, seed=3)
    table = decompose_growth(years)
    turned = decompose_growth(years, columns=["spend", "market", "share"])
    back = decompose_growth(years.assign(year=-years["year"])).iloc[::-1]
    for name in FACTORS:
        np.testing.assert_allclose(table[f"{name}_effect"], turned[f"{name}_effect"], rtol=1e-12)
        np.testing.assert_allclose(
            table[f"{name}_effect"], -back[f"{name}_effect"], rtol=1e-9, atol=1e-6
        )


def test_shapley_is_near_the_logarithmic_mean_where_that_exists():
    years, _ = simulate_eras(noise=0.02, seed=4)
    table = decompose_growth(years)
    before, after = years["sales"].to_numpy()[:-1], years["sales"].to_numpy()[1:]
    mean = (after - before) / np.log(after / before)
    for name in FACTORS:
        level = years[name].to_numpy()
        lmdi = mean * np.log(level[1:] / level[:-1])
        # They part by terms of third order in the changes, which are a tenth here.
        assert np.abs(table[f"{name}_effect"] - lmdi).max() < 1e-3 * after.max()


@pytest.mark.parametrize("by", [None, "channel", "store", "category"])
def test_rows_and_groups_add_up_on_hehua(by):
    table = sales_change(load("hehua_purchases"), by=by)
    np.testing.assert_allclose(effects_of(table), table["change"], atol=1e-6)
    if by:
        groups, whole = table.iloc[:-1], table.iloc[-1]
        for name in [*(f"{one}_effect" for one in EFFECTS), "before", "after", "change"]:
            assert groups[name].sum() == pytest.approx(whole[name], abs=1e-6)
    purchases = load("hehua_purchases")
    year = purchases["date"].dt.year
    net = purchases.groupby(year)["amount"].sum()
    assert table["change"].iloc[-1] == pytest.approx(net[2024] - net[2023])


# for any data


@given(st.lists(st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=3), min_size=2, max_size=6))
def test_effects_add_up_for_any_factors(rows):
    frame = pd.DataFrame(rows, columns=FACTORS).assign(year=range(len(rows)))
    table = decompose_growth(frame)
    size = 1 + np.abs(table[["before", "after"]]).max(axis=None)
    largest = max(1.0, np.abs(np.array(rows)).max() ** 3)
    assert (np.abs(effects_of(table) - table["change"]) <= 1e-12 * max(size, largest)).all()


# when misused


def test_a_period_that_stands_twice_is_refused():
    frame = pd.DataFrame({"year": [1, 1], "market": 1.0, "share": 1.0, "spend": 1.0})
    with pytest.raises(AmbiguousError, match="sum them up"):
        decompose_growth(frame)


def test_one_period_holds_no_change():
    with pytest.raises(EmptyError, match="at least 2"):
        decompose_growth(pd.DataFrame({"year": [1], "market": 1.0, "share": 1.0, "spend": 1.0}))


def test_a_period_that_the_file_holds_in_part_is_refused_with_a_remedy_that_leads_on():
    purchases = load("hehua_purchases")
    late = purchases[purchases["date"] >= "2023-06-15"]
    with pytest.raises(OutOfRangeError, match=r"Take fewer months="):
        sales_change(late)
    assert len(sales_change(late, months=6)) == 1


def test_periods_that_overlap_and_unknown_columns_are_refused():
    with pytest.raises(OutOfRangeError, match="overlap"):
        sales_change(load("hehua_purchases"), months=12, back=6)
    with pytest.raises(MissingColumnsError, match="shelf"):
        sales_change(load("hehua_purchases"), by="shelf")


def test_a_group_that_is_called_as_the_row_of_all_is_refused():
    rows = log((1, "2024-01-05", 10.0, "(all)"), (1, "2024-02-29", 10.0, "shop"))
    with pytest.raises(BadRowsError, match="Rename it first"):
        sales_change(rows, by="channel", months=1)
