"""The year ahead on the page: the models' own figures, and words where there are none."""

import warnings

import numpy as np
import pandas as pd
import pytest

from crmlab.data import load
from crmlab.lifetime import (
    BGNBD,
    GammaGamma,
    base_value,
    buying_history,
    cohort_table,
    customer_value,
    simulate_purchases,
)

pytestmark = pytest.mark.filterwarnings("ignore::crmlab.errors.UninformativeScoreWarning")


@pytest.fixture(scope="module")
def models():
    history = buying_history(load("cdnow"))
    return history, {"model": BGNBD().fit(history), "spend": GammaGamma().fit(history)}


# by hand


def test_the_overdue_are_judged_by_their_own_rhythm(report, log):
    # All have been silent since 30 June; who came weekly is overdue, who came quarterly is not.
    weekly = [(1, day, 10.0) for day in pd.date_range("2024-01-01", "2024-06-30", freq="7D")]
    rarely = [(2, day, 90.0) for day in pd.to_datetime(["2024-01-01", "2024-04-01", "2024-06-30"])]
    others = [(n, pd.Timestamp("2024-09-30"), 1.0) for n in range(3, 9)]
    page = report(log(weekly + rarely + others), show_ids=True)
    late = page.table("Silent for unusually long")
    assert [*late.index] == ["1"]
    assert late.loc["1"].tolist() == ["260", "7 days", "98 days"]
    assert "same pace: 1 customer." in page.text("outlook")


# the models' own figures


def test_expected_purchases_and_spend_have_the_intervals_of_base_value(cdnow_page, models):
    history, both = models
    rows = base_value(history, discount=0.0, of="outcome", seed=10, **both)
    rows = rows.set_index("quantity").round()
    assert (
        cdnow_page.card("outlook", "Expected purchases")
        == f"{rows.loc['purchases', 'estimate']:,.0f}"
    )
    assert cdnow_page.card("outlook", "Expected spend") == f"{rows.loc['value', 'estimate']:,.0f}"
    for name in ("purchases", "value"):
        low, high = rows.loc[name, ["low", "high"]]
        assert f"{low:,.0f} to {high:,.0f}" in cdnow_page.text("outlook")


def test_the_ten_largest_risks_are_those_of_customer_value(cdnow_page, models):
    history, both = models
    each = customer_value(history, discount=0.0, **both)
    each = each[each["p_alive"] > 0.05].nlargest(10, "at_risk")
    risks = cdnow_page.table("Where most money would be lost")
    assert [*risks.index] == [str(number) for number in each["customer_id"]]
    assert risks["Money at risk"].tolist()[0] == f"{each['at_risk'].iloc[0]:,.0f}"


def test_the_cohort_picture_says_what_the_table_holds(cdnow_page):
    table = cohort_table(load("cdnow"), period="month")
    second = table[table["complete"] & (table["age"] == 1)]
    share = second["active"].sum() / second["customers"].sum()
    assert any(f"a month later it is {share:.0%}" in alt for alt in cdnow_page.alts("outlook"))


# words where there are no figures


def no_forecast(page):
    text = page.text("outlook")
    assert "Expected spend" not in text
    assert page.finding("outlook") == "From this file the year ahead cannot be foretold."
    return text


def test_a_short_history_ends_in_words(report):
    page = report(simulate_purchases(300, n_days=90, seed=1).data)
    assert "covers 89 days, and it takes 182" in no_forecast(page)


def test_single_purchases_end_in_words(report, log):
    days = pd.date_range("2024-01-01", periods=60, freq="7D")
    page = report(log([(n, day, 10.0) for n, day in enumerate(days)]))
    assert "0 customers came back on another day, and it takes 50" in no_forecast(page)
    assert "Nobody who came back before has been silent" in page.text("outlook")


def test_empty_months_and_ties_end_in_words(report, log):
    # All buy on the same four days; between them lie ten months without a purchase.
    days = pd.to_datetime(["2023-01-10", "2023-01-20", "2023-12-05", "2023-12-15"])
    page = report(log([(n, day, 10.0) for n in range(60) for day in days]))
    assert "leave the pace or the loyalty of the customers open" in no_forecast(page)
    assert "nan" not in page.text("outlook").lower()


def test_refunds_alone_end_in_words(report, log):
    days = pd.date_range("2024-01-01", periods=40, freq="7D")
    text = report(log([(n, day, -5.0) for n, day in enumerate(days)])).text("outlook")
    assert "0 customers in the file bought" in text


def test_a_year_that_broke_off_is_not_foretold(report):
    # In the last quarter of the file a rival opened: nine of ten purchases are gone.
    purchases = simulate_purchases(1_000, rate=(2, 8), n_days=500, seed=3).data
    late = purchases["date"] > purchases["date"].min() + pd.Timedelta(375, "D")
    kept = ~late | (np.random.default_rng(1).random(len(purchases)) < 0.1)
    page = report(purchases[kept])
    assert "tried on the last quarter of the file, it was off by" in no_forecast(page)


def test_spend_that_goes_with_frequency_is_not_forced_into_a_value(report):
    purchases = simulate_purchases(1_000, rate=(2, 8), n_days=500, seed=4).data
    often = purchases["customer_id"].map(purchases["customer_id"].value_counts())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        page = report(purchases.assign(amount=purchases["amount"] * often**1.5))
    assert "spend goes with frequency" in no_forecast(page)
