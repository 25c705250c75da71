"""rolling_churn: closed cohorts, one window, and what a mixed one fakes."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab._checks import months_before
from crmlab.errors import (
    BadRowsError,
    LaterRowsWarning,
    MissingColumnsError,
    OutOfRangeError,
)
from crmlab.members import rolling_churn, simulate_visits


def bought(*rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "date", "amount"])
    return frame.astype({"date": "M8[us]", "amount": "float64"})


def block(first, n, day):
    ids = range(first, first + n)
    return pd.DataFrame({"customer_id": ids, "date": pd.Timestamp(day), "amount": 100.0})


# by hand


@pytest.mark.curriculum("S81")
def test_60_000_cards_of_which_40_000_return_lose_a_third_whoever_joins():
    parts = [block(0, 60_000, "2010-03-15"), block(0, 40_000, "2011-02-01")]
    alone = pd.concat([*parts, block(0, 1, "2009-07-01")])
    joined = pd.concat([alone, block(60_000, 30_000, "2011-01-10")])
    for purchases in (alone, joined):
        found = rolling_churn(purchases, window=12, as_of="2011-06-30").iloc[-1]
        assert (found["cohort"], found["returned"], found["lost"]) == (60_000, 40_000, 20_000)
        assert found["churn"] == pytest.approx(1 / 3)
        assert found["date"] == pd.Timestamp("2011-06-30")


def test_a_month_end_of_one_window_by_hand():
    purchases = bought(
        ("Ann", "2024-01-31", 5), ("Ann", "2024-02-29", 5), ("Bob", "2024-01-02", 5),
        ("Cy", "2024-02-01", 5), ("Cy", "2024-03-31", 5), ("Di", "2024-03-01", 5),
    )  # fmt: skip
    found = rolling_churn(purchases, window=1)
    assert found["date"].dt.strftime("%m-%d").tolist() == ["02-29", "03-31"]
    # January: Ann and Bob, Ann came back. February: Ann and Cy, Cy came back.
    assert found[["cohort", "returned", "lost"]].to_numpy().tolist() == [[2, 1, 1], [2, 1, 1]]


def test_refunds_and_free_items_are_no_purchase():
    purchases = bought((1, "2024-01-05", 5), (1, "2024-02-05", -5), (2, "2024-02-29", 0))
    assert rolling_churn(purchases, window=1)["churn"].tolist() == [1.0]


def test_an_empty_cohort_has_no_churn():
    purchases = bought((1, "2024-01-05", 5), (1, "2024-03-05", 5), (1, "2024-04-30", 5))
    found = rolling_churn(purchases, window=1)
    assert found["cohort"].tolist() == [1, 0, 1]
    assert np.isnan(found.loc[1, ["churn", "low", "high"]].to_numpy("float64")).all()


@pytest.mark.curriculum("S81")
def test_a_mixed_window_calls_those_lost_who_only_come_seldom():
    # Twice a year, every half year, and nobody ever leaves.
    days = pd.date_range("2021-01-10", "2023-12-10", freq="6MS") + pd.Timedelta(days=9)
    purchases = pd.concat([block(0, 100, day) for day in days])
    honest = rolling_churn(purchases, window=12, as_of="2023-12-31")
    mixed = rolling_churn(purchases, window=12, back_within=3, as_of="2023-12-31")
    assert (honest["churn"] == 0).all()
    assert mixed["churn"].max() == 1


# against an independent count


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 500)), min_size=1, max_size=60),
    st.integers(1, 4),
    st.data(),
)
def test_is_what_sets_of_customers_give(rows, window, data):
    purchases = bought(*[(c, np.datetime64("2022-11-20") + d, 1.0) for c, d in rows])
    back = data.draw(st.integers(1, window))
    last = purchases["date"].max().to_datetime64().astype("M8[D]")

    def who(after, until):
        lower, upper = (months_before(last, k).astype("M8[us]") for k in (after, until))
        upper = upper + np.timedelta64(1, "D")
        dates = purchases["date"].to_numpy()
        inside = (dates >= lower + np.timedelta64(1, "D")) & (dates < upper)
        return {*purchases["customer_id"][inside]}

    try:
        found = rolling_churn(purchases, window=window, back_within=back)
    except OutOfRangeError:
        return
    for place, row in enumerate(found[::-1].itertuples()):
        cohort = who(place + 2 * window, place + window)
        returned = cohort & who(place + window, place + window - back)
        assert (row.cohort, row.returned) == (len(cohort), len(returned))


def test_covers_the_true_loss_in_500_worlds_of_members_alike_and_unlike(covers, few):
    for spread in (0.0, 1.0):
        held = []
        for seed in few:
            rng = np.random.default_rng([seed, 81])
            # Each stays with a chance of its own; the mean is 0.7.
            stay = rng.beta(0.7 / 0.3, 1, 400) if spread else np.full(400, 0.7)
            back = rng.random(400) < stay
            first = block(0, 400, "2023-06-01")
            second = block(0, 400, "2024-02-01")[back]
            both = pd.concat([first, second, block(0, 1, "2023-01-01")])
            found = rolling_churn(both, as_of="2024-12-31").iloc[-1]
            held.append(found["low"] <= 0.3 <= found["high"])
        covers(held, "members.rolling_churn", "members unlike" if spread else "members alike")


# for any data


@settings(max_examples=20)
@given(st.randoms(use_true_random=False))
def test_row_order_and_the_kind_of_id_do_not_matter_and_the_input_is_untouched(random):
    purchases, _ = simulate_visits(30, mean_gap_days=60, days=800, seed=random.randrange(10**6))
    before = purchases.copy()
    mixed = purchases.sample(frac=1, random_state=random.randrange(10**6))
    found = rolling_churn(purchases)
    pd.testing.assert_frame_equal(found, rolling_churn(mixed))
    pd.testing.assert_frame_equal(purchases, before)
    for kind in ("str", "category", "Int64", "int64[pyarrow]"):
        other = mixed.assign(customer_id=mixed["customer_id"].astype(kind))
        pd.testing.assert_frame_equal(found, rolling_churn(other))


# when misused


def test_refuses_what_it_cannot_count():
    purchases = bought((1, "2024-01-05", 5), (1, "2024-03-05", 5))
    with pytest.raises(OutOfRangeError, match=r"two windows of 12 .* there are 3\. Take window=1"):
        rolling_churn(purchases)
    assert len(rolling_churn(purchases, window=1)) == 2
    with pytest.raises(OutOfRangeError, match="One month has no churn"):
        rolling_churn(purchases.head(1), window=1)
    with pytest.raises(OutOfRangeError, match="no longer than the window of 1 months; got 2"):
        rolling_churn(purchases, window=1, back_within=2)
    with pytest.raises(MissingColumnsError, match="with amount="):
        rolling_churn(purchases.drop(columns="amount"))
    with pytest.raises(BadRowsError, match="no date"):
        rolling_churn(bought((1, None, 5)))
    with pytest.raises(OutOfRangeError, match="no rows"):
        rolling_churn(purchases.head(0))
    with pytest.warns(LaterRowsWarning, match="1 row"):
        rolling_churn(purchases, window=1, as_of="2024-02-29")
