"""What changed, and why: the page's effects add up to its change, for all and for each group."""

import re

import pytest


def number(cell):
    return float(cell.replace("−", "-").replace(",", "").replace("+", ""))


@pytest.fixture
def shop(log):
    """Two months in which the shop shrinks and an online channel opens."""
    rows = [(i, "2024-01-01", 10.0) for i in range(20)]
    rows += [(i, "2024-01-31", 20.0) for i in range(10)]
    rows += [(i, "2024-02-29", 30.0 + i) for i in range(5, 25)] + [(7, "2024-02-10", -12.0)]
    return log(rows).assign(channel=["shop"] * 30 + ["online"] * 10 + ["shop"] * 11)


def test_the_effects_of_each_row_add_up_and_the_groups_to_all(report, shop):
    page = report(shop)
    assert page.finding("change").startswith("Net sales rose from 400 to 878; ")
    table = page.table("By channel").map(number)
    effects = table.columns[3:]
    assert len(effects) == 5
    # Each is rounded to a whole or to cents.
    assert (table[effects].sum(axis=1) - table["Change"]).abs().max() <= 2.5
    assert table.loc["all", "Change"] == 478
    assert table.loc["all", "refunds"] == -12
    assert abs(table.loc[["online", "shop"], "Change"].sum() - 478) <= 1
    assert table.loc["all", ["Buyers before", "Buyers after"]].tolist() == [20, 20]


def test_a_page_without_groups_has_no_mix_and_says_that_it_may_be_the_season(report, shop):
    page = report(shop.drop(columns="channel"))
    assert "where they buy" not in page.text("change")
    assert "may be the season" in page.text("change")
    assert re.search(r"to the cent", page.text("change"))


def test_few_customers_are_not_compared(report, log):
    page = report(log([(1, "2024-01-01", 5.0), (1, "2024-02-29", 9.0)]))
    assert page.finding("change").startswith("Too few customers: it takes 5")


def test_a_fall_is_called_one(report, shop):
    turned = shop.assign(
        date=shop["date"].map(
            {
                "2024-01-01": "2024-02-20",
                "2024-01-31": "2024-02-29",
                "2024-02-29": "2024-01-31",
                "2024-02-10": "2024-01-01",
            }
        )
    )
    assert report(turned).finding("change").startswith("Net sales fell from 878 to 400; ")


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (8.0, r"Net sales rose from 300 to 320; the (number of customers|purchases per c\w+) did"),
        (7.0, r"Net sales fell from 300 to 280; the money per purchase did most: −"),
        (7.5, r"Net sales stayed at 300; the money per purchase moved them most, −"),
    ],
)
def test_what_went_the_other_way_is_not_what_did_most(report, log, amount, said):
    """Twice the customers come twice as often, and spend a quarter at a time, more or less."""
    rows = [(i, "2024-01-15", 30.0) for i in range(10)]
    rows += [(i, day, amount) for i in range(20) for day in ("2024-02-10", "2024-02-29")]
    rows += [(0, "2024-01-01", 0.0)]
    assert re.match(said, report(log(rows)).finding("change"))
