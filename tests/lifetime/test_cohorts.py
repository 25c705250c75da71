"""cohort_table and calibration: by hand, against a slow form, and misused."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.errors import CrmlabError, EmptyError, OutOfRangeError
from crmlab.lifetime import (
    buying_history,
    calibration,
    cohort_table,
    holdout_table,
    simulate_purchases,
    warning_scores,
)

# by hand


def log(rows):
    table = pd.DataFrame(rows, columns=["customer_id", "date", "amount"])
    return table.assign(date=pd.to_datetime(table["date"]))


def test_a_refund_lowers_the_money_and_is_no_activity():
    table = cohort_table(log([("A", "2024-01-05", 10.0), ("A", "2024-02-05", -4.0)]))
    assert table["active"].tolist() == [1, 0]
    assert table["revenue"].tolist() == [10.0, -4.0]


def test_an_age_is_complete_only_when_its_period_is_over():
    purchases = log([("A", "2024-01-05", 10.0), ("B", "2024-02-29", 5.0)])
    assert cohort_table(purchases)["complete"].all()  # 29 February is a month's end
    early = cohort_table(log([("A", "2024-01-05", 10.0), ("B", "2024-02-28", 5.0)]))
    assert early["complete"].tolist() == [True, False, False]


def test_months_without_a_new_customer_have_no_cohort_and_ages_without_a_purchase_have_a_row():
    table = cohort_table(log([("A", "2024-01-05", 1.0), ("B", "2024-04-05", 1.0)]))
    assert table["cohort"].dt.month.unique().tolist() == [1, 4]
    assert table["active"].tolist() == [1, 0, 0, 0, 1]


def test_only_refunds_make_no_cohort():
    purchases = log([("A", "2024-01-05", 9.0), ("B", "2024-01-09", -9.0)])
    assert cohort_table(purchases)["customers"].tolist() == [1]
    with pytest.raises(EmptyError):
        cohort_table(purchases.query("amount < 0"))


# against a slow form


@pytest.mark.parametrize("period", ["month", "quarter", "year"])
def test_it_is_a_groupby_of_pandas(period):
    purchases = simulate_purchases(400, rate=(1, 3), n_days=800, seed=3).data
    letter = {"month": "M", "quarter": "Q", "year": "Y"}[period]
    when = purchases["date"].dt.to_period(letter)
    first = when.groupby(purchases["customer_id"]).transform("min")
    age = (when.astype("int64") - first.astype("int64")).rename("age")
    slow = purchases.groupby([first.rename("cohort"), age])
    slow = slow.agg(active=("customer_id", "nunique"), revenue=("amount", "sum")).reset_index()
    fast = cohort_table(purchases, period=period).query("active > 0").reset_index(drop=True)
    assert (fast["cohort"] == slow["cohort"].dt.to_timestamp()).all()
    assert (fast["age"] == slow["age"]).all()
    assert (fast["active"] == slow["active"]).all()
    np.testing.assert_allclose(fast["revenue"], slow["revenue"])


# for any data

rows = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 200), st.integers(-5, 20)), min_size=1, max_size=40
).filter(lambda found: any(amount > 0 for *_, amount in found))


@given(rows)
def test_everybody_is_in_one_cohort_and_row_order_does_not_matter(found):
    table = pd.DataFrame(found, columns=["customer_id", "day", "amount"])
    table["date"] = pd.Timestamp("2024-01-15") + pd.to_timedelta(table["day"], unit="D")
    cohorts = cohort_table(table)
    buyers = table.loc[table["amount"] > 0, "customer_id"].nunique()
    assert cohorts.query("age == 0")["customers"].sum() == buyers
    assert (cohorts.query("age == 0")["retention"] == 1).all()
    assert cohorts["retention"].between(0, 1).all()
    pd.testing.assert_frame_equal(
        cohorts, cohort_table(table.iloc[::-1].set_index([[1] * len(table)]))
    )


def test_equal_chances_stay_in_one_group():
    forecasts = pd.DataFrame({"p_alive": [1.0] * 15 + [0.2] * 5, "alive": [1] * 20})
    table = calibration(forecasts, groups=10)
    assert table["customers"].tolist() == [5, 15]
    assert table["share"].tolist() == [1, 1]


def test_holdout_groups_end_in_most_and_above():
    forecasts = pd.DataFrame(
        {"repeats": [0, 8, 12], "expected_purchases": 1.0, "bought": [0, 1, 3]}
    )
    table = holdout_table(forecasts, most=8)
    assert table["repeats"].tolist() == [0, 8]
    assert table["bought"].tolist() == [0, 2]


# when misused


def test_words_that_are_no_period_and_chances_that_are_none_are_refused():
    purchases = log([("A", "2024-01-05", 10.0)])
    with pytest.raises(OutOfRangeError, match="period"):
        cohort_table(purchases, period="week")
    with pytest.raises(CrmlabError, match="dates"):
        cohort_table(purchases.assign(date="2024"))
    with pytest.raises(OutOfRangeError, match="0 to 1"):
        calibration(pd.DataFrame({"p_alive": [50.0], "alive": [1]}), groups=1)


@pytest.mark.parametrize(
    "kind",
    [
        {"customer_id": "category"},
        {"customer_id": "Int64", "amount": "Float64"},
        {"customer_id": "float64"},
        {"date": "object", "amount": "object"},
    ],
)
def test_a_file_of_other_kinds_gives_the_same_cohorts_histories_and_scores(kind):
    purchases = simulate_purchases(100, rate=(1, 4), n_days=300, seed=1).data
    other = purchases.copy()
    for name, dtype in kind.items():
        made = {
            "date": lambda days: [day.date() for day in days],
            "amount": lambda money: [Decimal(str(amount)) for amount in money],
        }
        column = made[name](other[name]) if dtype == "object" else other[name].astype(dtype)
        other[name] = pd.Series(column, dtype=dtype)
    names = {"customer": "kunde", "date": "tag", "amount": "betrag"}
    other = other.set_axis([*names.values()], axis=1).set_axis([0] * len(other))
    days = ["2024-09-01"]
    measures = {cohort_table: {}, buying_history: {}, warning_scores: {"days": days}}
    for measure, options in measures.items():
        expected = measure(purchases, **options)
        pd.testing.assert_frame_equal(measure(other, **names, **options), expected)


@pytest.mark.parametrize("repeats", [-1, 0.5])
def test_repeats_that_cannot_be_counted_are_refused(repeats):
    forecasts = pd.DataFrame({"repeats": [0.0, 9], "expected_purchases": 1.0, "bought": 1})
    assert holdout_table(forecasts)["repeats"].tolist() == [0, 7]
    with pytest.raises(OutOfRangeError, match="repeats are counted"):
        holdout_table(forecasts.assign(repeats=[repeats, 9]))
