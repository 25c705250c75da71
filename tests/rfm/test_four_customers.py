"""four_customers: the slide's table, whatever the lost positions were."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.errors import OutOfRangeError
from crmlab.rfm import four_customers


def summary(purchases):
    by_customer = purchases.groupby("customer_id")["amount"]
    return by_customer.agg(["count", "sum", "mean"])


# by hand


@pytest.mark.curriculum("S58")
def test_counts_are_4_4_6_2_and_totals_100_400_150_300():
    table = summary(four_customers())
    assert table["count"].to_dict() == {"A": 4, "B": 4, "C": 6, "D": 2}
    assert table["sum"].to_dict() == {"A": 100, "B": 400, "C": 150, "D": 300}


@pytest.mark.curriculum("S58")
def test_frequency_is_led_by_c_the_total_by_b_and_the_ticket_by_d_at_150():
    table = summary(four_customers())
    assert table.idxmax().to_dict() == {"count": "C", "sum": "B", "mean": "D"}
    assert table["mean"].max() == 150


def test_by_default_a_bought_last_so_that_everybody_has_a_claim():
    purchases = four_customers()
    assert purchases.loc[purchases["date"].idxmax(), "customer_id"] == "A"


def test_columns_have_the_documented_dtypes():
    dtypes = four_customers().dtypes.astype(str).to_dict()
    assert dtypes == {"customer_id": "str", "date": "datetime64[us]", "amount": "float64"}


def test_the_dollars_may_be_read_as_those_of_each_purchase():
    table = summary(four_customers(dollars="purchase"))
    assert table["sum"].to_dict() == {"A": 400, "B": 1600, "C": 900, "D": 600}


# for any data

days = st.dates(pd.Timestamp("2003-01-01").date(), pd.Timestamp("2003-12-31").date())


@given(st.lists(days, min_size=1, max_size=9))
def test_wherever_c_s_crosses_stood_they_share_150_dollars_in_order(dates):
    purchases = four_customers({"C": [str(day) for day in dates]})
    crosses = purchases.query("customer_id == 'C'")
    assert crosses["date"].dt.date.to_list() == sorted(dates)
    assert crosses["amount"].sum() == pytest.approx(150)
    default = four_customers()
    others = default[default["customer_id"] != "C"].reset_index(drop=True)
    kept = purchases[purchases["customer_id"] != "C"].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, others)


# when misused


@pytest.mark.parametrize(
    ("positions", "words"),
    [
        ({"E": ["2003-01-01"]}, r"positions name \['E'\]; the four are"),
        ({"A": ["2004-01-01"]}, r"positions of A must be dates of 2003, .* got \['2004-01-01'\]"),
        ({"A": ["2002-12-31"]}, "must be dates of 2003"),
        ({"A": []}, r"at least one; got \[\]"),
        ({"A": ["spring"]}, "positions of A must be dates of 2003"),
    ],
)
def test_refuses_strangers_and_other_years(positions, words):
    with pytest.raises(OutOfRangeError, match=words):
        four_customers(positions)


def test_refuses_a_third_meaning_of_dollars():
    with pytest.raises(
        OutOfRangeError, match=r"dollars must be one of .'year', 'purchase'.; got 'month'"
    ):
        four_customers(dollars="month")
