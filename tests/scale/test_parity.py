"""Every measure in SQL, on every engine, is its pandas form: integers equal, ratios to 1e-9."""

import datetime
import re
from dataclasses import asdict
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crmlab._checks import months_before
from crmlab.data import load
from crmlab.errors import OutOfRangeError, UninformativeScoreWarning
from crmlab.members import (
    effective_cards,
    quadrants,
    repurchase,
    repurchase_gaps,
    rolling_churn,
)
from crmlab.pyramid import concentration, lorenz, migration, pyramid, pyramid_tiers
from crmlab.pyramid.measure.tiers import headcount
from crmlab.rfm import rfm, rfm_map, rfm_scores, rfm_segments, segment_summary
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


# Few customers often share a value; that both forms say so is a test below.
pytestmark = pytest.mark.filterwarnings("ignore::crmlab.errors.UninformativeScoreWarning")


def scores(purchases, count="purchases", bins=5):
    return rfm_scores(rfm(purchases, count=count), bins=bins)


def curve(purchases, points):
    """The rows of the Lorenz curve for all but the top 0, 1/points, … of the customers."""
    whole = lorenz(spend(purchases))
    n = len(whole) - 1
    heads = {n, *(n - headcount(place / points, n) for place in range(points))} | {0}
    return whole.iloc[sorted(heads)].reset_index(drop=True)


def as_frame(found):
    return pd.DataFrame([asdict(found)])


def two_days(purchases):
    """A day of purchases, and a later one."""
    days = sorted(purchases["date"].unique())
    return days[len(days) // 3], days[-1]


def moves(purchases, months):
    parts = []
    for day in two_days(purchases):
        start = months_before(np.datetime64(day, "D"), months)
        inside = purchases["date"].between(start, day, inclusive="right")
        parts.append(pyramid_tiers(spend(purchases[inside]), cuts=(0.2, 0.5), names="ABC"))
    return migration(*parts, tiers="ABC")


RULES = {"two": "recency == 2 and monetary == 2", "other": "recency == 1 or monetary == 1"}
MEASURES = {
    "rfm": (PurchaseStore.rfm, rfm),
    "rfm, days": (lambda store: store.rfm(count="days"), lambda p: rfm(p, count="days")),
    "rfm_scores": (PurchaseStore.rfm_scores, scores),
    "rfm_scores, three bins of days": (
        lambda store: store.rfm_scores(count="days", bins=3),
        lambda p: scores(p, count="days", bins=3),
    ),
    "rfm_segments": (PurchaseStore.rfm_segments, lambda p: rfm_segments(scores(p))),
    "rfm_segments, own rules": (
        lambda store: store.rfm_segments(count="days", bins=2, segments=RULES),
        lambda p: rfm_segments(scores(p, count="days", bins=2), segments=RULES, bins=2),
    ),
    "segment_summary": (
        PurchaseStore.segment_summary,
        lambda p: segment_summary(rfm_segments(scores(p))),
    ),
    "segment_summary, own rules": (
        lambda store: store.segment_summary(count="days", bins=2, segments=RULES),
        lambda p: segment_summary(
            rfm_segments(scores(p, count="days", bins=2), segments=RULES, bins=2)
        ),
    ),
    "rfm_map": (PurchaseStore.rfm_map, lambda p: rfm_map(scores(p))),
    "rfm_map, two bins of days": (
        lambda store: store.rfm_map(count="days", bins=2),
        lambda p: rfm_map(scores(p, count="days", bins=2), bins=2),
    ),
    "pyramid_tiers": (PurchaseStore.pyramid_tiers, lambda p: pyramid_tiers(spend(p))),
    "pyramid_tiers, cuts at halves": (
        lambda store: store.pyramid_tiers(cuts=(0.125, 0.5)),
        lambda p: pyramid_tiers(spend(p), cuts=(0.125, 0.5)),
    ),
    "pyramid": (PurchaseStore.pyramid, lambda p: pyramid(spend(p))),
    "pyramid, cuts without end": (
        lambda store: store.pyramid(cuts=(1 / 6, 1 / 3)),
        lambda p: pyramid(spend(p), cuts=(1 / 6, 1 / 3)),
    ),
    "lorenz": (PurchaseStore.lorenz, lambda p: lorenz(spend(p))),
    "lorenz, four points": (lambda store: store.lorenz(points=4), lambda p: curve(p, 4)),
    "concentration": (
        lambda store: as_frame(store.concentration()),
        lambda p: as_frame(concentration(spend(p))),
    ),
    "concentration, a third of the spend": (
        lambda store: as_frame(store.concentration(top=1, share=1 / 3)),
        lambda p: as_frame(concentration(spend(p), top=1, share=1 / 3)),
    ),
    "repurchase_gaps": (PurchaseStore.repurchase_gaps, repurchase_gaps),
    "repurchase": (PurchaseStore.repurchase, repurchase),
    "repurchase, one month": (
        lambda store: store.repurchase(months=1),
        lambda p: repurchase(p, months=1),
    ),
    "rolling_churn, two months": (
        lambda store: store.rolling_churn(window=2),
        lambda p: rolling_churn(p, window=2),
    ),
    "rolling_churn, mixed": (
        lambda store: store.rolling_churn(window=4, back_within=1),
        lambda p: rolling_churn(p, window=4, back_within=1),
    ),
    "effective_cards": (PurchaseStore.effective_cards, effective_cards),
    "effective_cards, by money": (
        lambda store: store.effective_cards(windows=[1, 3], min_amount=7.5),
        lambda p: effective_cards(p, windows=[1, 3], min_amount=7.5),
    ),
}

ONLY_A_REFUND = pd.DataFrame({"customer_id": [3], "date": ["2024-01-31"], "amount": [-5.0]})
ONLY_A_REFUND = ONLY_A_REFUND.astype({"date": "M8[us]"})


def opened(table, purchases):
    engine, fill, _ = table
    fill(purchases)
    return PurchaseStore(engine, "purchases")


def for_any_log(table, check):
    """Check a store and the purchases in it, for as many logs as its engine has time for."""

    @settings(max_examples=table[-1])
    @given(purchases=logs())
    @example(purchases=ONLY_A_REFUND)
    def checked(purchases):
        check(opened(table, purchases), purchases)

    checked()


def agree(in_sql, in_pandas):
    """Compare two frames yet to be made, or their refusals."""
    try:
        expected = in_pandas()
    except OutOfRangeError as error:
        with pytest.raises(OutOfRangeError, match=str(error)[:25]):
            in_sql()
    else:
        pd.testing.assert_frame_equal(in_sql(), expected, rtol=1e-9, atol=1e-9)


def test_every_measure_gives_the_frame_of_its_pandas_form_or_refuses_as_it_does(table):
    def check(store, purchases):
        for name, (in_sql, in_pandas) in MEASURES.items():
            try:
                agree(partial(in_sql, store), partial(in_pandas, purchases))
            except BaseException as error:
                error.add_note(f"in the measure {name}")
                raise

    for_any_log(table, check)


@pytest.mark.parametrize("months", [1, 12])
def test_counts_the_moves_between_two_days(table, months):
    def check(store, purchases):
        before, after = two_days(purchases)
        if before < after:
            expected = moves(purchases, months)
            found = store.migration(before, after, months=months, cuts=(0.2, 0.5), names="ABC")
            pd.testing.assert_frame_equal(found, expected, rtol=1e-9)

    for_any_log(table, check)


def test_places_members_in_the_quadrants_of_the_pandas_form(table):
    def check(store, purchases):
        found, expected = store.quadrants(), quadrants(repurchase(purchases))
        # A member on a line may fall to either side: the mean's last digit depends on the engine.
        on_line = np.isclose(expected["returns_per_year"], expected["frequency_line"], rtol=1e-9)
        on_line |= np.isclose(expected["spend_per_return"], expected["ticket_line"], rtol=1e-9)
        placed = ["quadrant", "quadrant_name"]
        pd.testing.assert_frame_equal(
            found.drop(columns=placed), expected.drop(columns=placed), rtol=1e-9
        )
        pd.testing.assert_frame_equal(found.loc[~on_line, placed], expected.loc[~on_line, placed])

    for_any_log(table, check)


@pytest.mark.curriculum("S66")
def test_a_thousand_customers_of_hehua_make_10_40_150_800(table):
    store = opened(table, load("hehua_purchases")[["customer_id", "date", "amount"]])
    assert store.pyramid()["customers"].tolist() == [10, 40, 150, 800]


@pytest.mark.filterwarnings("default::crmlab.errors.UninformativeScoreWarning")
@pytest.mark.parametrize("measure", ["rfm_scores", "rfm_segments"])
def test_tells_as_the_pandas_form_does_that_most_customers_share_a_value(table, measure):
    days = pd.to_datetime(["2024-01-01", "2024-01-02", "2024-01-02"]).astype("M8[us]")
    log = pd.DataFrame({"customer_id": [1, 2, 3], "date": days, "amount": [1.0, 2.0, 3.0]})
    with pytest.warns(UninformativeScoreWarning) as told:
        scores(log)
    with pytest.warns(UninformativeScoreWarning, match=re.escape(str(told[0].message))):
        getattr(opened(table, log), measure)()


@pytest.mark.filterwarnings("ignore::crmlab.errors.LaterRowsWarning")
def test_an_earlier_day_means_the_same_everywhere(table):
    purchases = load("hehua_purchases")[["customer_id", "date", "amount"]]
    store = opened(table, purchases)
    found, expected = store.rfm(as_of="2024-02-29"), rfm(purchases, as_of="2024-02-29")
    pd.testing.assert_frame_equal(found, expected, rtol=1e-9)
    found = store.repurchase(as_of="2024-02-29", months=6)
    expected = repurchase(purchases, as_of="2024-02-29", months=6)
    pd.testing.assert_frame_equal(found, expected, rtol=1e-9)
