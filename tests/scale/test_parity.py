"""Every measure in SQL, on every engine, is its pandas form: integers equal, ratios to 1e-9."""

import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crmlab.data import load
from crmlab.errors import OutOfRangeError
from crmlab.members import quadrants, repurchase, repurchase_gaps
from crmlab.pyramid import pyramid, pyramid_tiers
from crmlab.rfm import rfm, rfm_scores
from crmlab.scale import PurchaseStore

DAYS = st.dates(datetime.date(2022, 12, 25), datetime.date(2024, 3, 1))
# Amounts of few values, so that customers tie; refunds and free items among them.
CENTS = st.sampled_from([-500, -1, 0, 1, 250, 500, 1_000, 99_999])
NUMBERS = st.integers(-3, 40)
TEXTS = st.text(alphabet="aBc1é张", min_size=1, max_size=2)


@st.composite
def logs(draw):
    """A small log of purchases, of customers that are all numbers or all text."""
    ids = draw(st.sampled_from([NUMBERS, TEXTS]))
    rows = draw(st.lists(st.tuples(ids, DAYS, CENTS), min_size=1, max_size=40))
    log = pd.DataFrame(rows, columns=["customer_id", "date", "amount"])
    return log.astype({"date": "M8[us]"}).assign(amount=log["amount"] / 100)


def spend(purchases):
    return rfm(purchases).set_index("customer_id")["monetary"]


MEASURES = {
    "rfm": (PurchaseStore.rfm, rfm),
    "rfm_by_days": (
        lambda store: store.rfm(count="days"),
        lambda purchases: rfm(purchases, count="days"),
    ),
    "rfm_scores": (PurchaseStore.rfm_scores, lambda purchases: rfm_scores(rfm(purchases))),
    "rfm_scores, three bins": (
        lambda store: store.rfm_scores(bins=3),
        lambda purchases: rfm_scores(rfm(purchases), bins=3),
    ),
    "pyramid_tiers": (
        PurchaseStore.pyramid_tiers,
        lambda purchases: pyramid_tiers(spend(purchases)),
    ),
    "pyramid_tiers, cuts at halves": (
        lambda store: store.pyramid_tiers(cuts=(0.125, 0.5)),
        lambda purchases: pyramid_tiers(spend(purchases), cuts=(0.125, 0.5)),
    ),
    "repurchase_gaps": (PurchaseStore.repurchase_gaps, repurchase_gaps),
    "repurchase": (PurchaseStore.repurchase, repurchase),
    "repurchase, one month": (
        lambda store: store.repurchase(months=1),
        lambda purchases: repurchase(purchases, months=1),
    ),
}

ONLY_A_REFUND = pd.DataFrame({"customer_id": [3], "date": ["2024-01-31"], "amount": [-5.0]})
ONLY_A_REFUND = ONLY_A_REFUND.astype({"date": "M8[us]"})


def opened(table, purchases):
    engine, fill = table
    fill(purchases)
    return PurchaseStore(engine, "purchases")


@pytest.mark.parametrize(("in_sql", "in_pandas"), MEASURES.values(), ids=MEASURES)
@settings(max_examples=12)
@given(purchases=logs())
@example(purchases=ONLY_A_REFUND)
def test_gives_the_frame_of_the_pandas_form(table, in_sql, in_pandas, purchases):
    found = in_sql(opened(table, purchases))
    pd.testing.assert_frame_equal(found, in_pandas(purchases), rtol=1e-9, atol=1e-9)


@settings(max_examples=12)
@given(purchases=logs())
def test_gives_the_pyramid_or_refuses_it_as_the_pandas_form_does(table, purchases):
    store = opened(table, purchases)
    try:
        expected = pyramid(spend(purchases), cuts=(0.1, 0.5))
    except OutOfRangeError:
        with pytest.raises(OutOfRangeError, match="total above 0"):
            store.pyramid(cuts=(0.1, 0.5))
    else:
        found = store.pyramid(cuts=(0.1, 0.5))
        pd.testing.assert_frame_equal(found, expected, rtol=1e-9, atol=1e-9)


@settings(max_examples=12)
@given(purchases=logs())
def test_places_members_in_the_quadrants_of_the_pandas_form(table, purchases):
    found, expected = opened(table, purchases).quadrants(), quadrants(repurchase(purchases))
    # A member on a line may fall to either side: the mean's last digit depends on the engine.
    on_line = np.isclose(expected["returns_per_year"], expected["frequency_line"], rtol=1e-9)
    on_line |= np.isclose(expected["spend_per_return"], expected["ticket_line"], rtol=1e-9)
    placed = ["quadrant", "quadrant_name"]
    pd.testing.assert_frame_equal(
        found.drop(columns=placed), expected.drop(columns=placed), rtol=1e-9
    )
    pd.testing.assert_frame_equal(found.loc[~on_line, placed], expected.loc[~on_line, placed])


@pytest.mark.curriculum("S66")
def test_a_thousand_customers_of_hehua_make_10_40_150_800(table):
    store = opened(table, load("hehua_purchases")[["customer_id", "date", "amount"]])
    assert store.pyramid()["customers"].tolist() == [10, 40, 150, 800]


@pytest.mark.filterwarnings("ignore::crmlab.errors.LaterRowsWarning")
def test_an_earlier_day_means_the_same_everywhere(table):
    purchases = load("hehua_purchases")[["customer_id", "date", "amount"]]
    store = opened(table, purchases)
    found, expected = store.rfm(as_of="2024-02-29"), rfm(purchases, as_of="2024-02-29")
    pd.testing.assert_frame_equal(found, expected, rtol=1e-9)
    found = store.repurchase(as_of="2024-02-29", months=6)
    expected = repurchase(purchases, as_of="2024-02-29", months=6)
    pd.testing.assert_frame_equal(found, expected, rtol=1e-9)
