"""known_purchases: any frame comes in, plain customers, days and numbers go out."""

from datetime import date
from decimal import Decimal

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from crmlab._purchases import known_purchases, plain_ids
from crmlab.errors import (
    CrmlabError,
    EmptyError,
    LaterRowsWarning,
    MissingColumnsError,
    UnknownNameError,
    WrongTypeError,
)
from crmlab.loyalty import wallet
from crmlab.members import quadrants, repurchase, repurchase_gaps, repurchase_summary
from crmlab.pyramid import pyramid_by_period
from crmlab.rfm import fedex_rfm, frequency_gap, holdout_response, return_probability, rfm

NAMES = {"customer": "customer_id", "date": "date", "amount": "amount"}
DAYS = pd.to_datetime(["2024-01-05", "2024-02-05", "2024-02-05", "2024-03-05", "2024-03-31"])
LOG = pd.DataFrame(
    {"customer_id": [1, 1, 2, 2, 1], "date": DAYS.astype("M8[us]"), "amount": [5.0, 7, 9, 11, 2]}
)
PEOPLE = pd.DataFrame({"customer_id": [1, 2], "category_spend_cny": [900.0, 80.0]})
MEASURES = {
    "rfm": rfm,
    "frequency_gap": frequency_gap,
    "holdout_response": lambda log, **names: holdout_response(log, split="2024-02-29", **names),
    "return_probability": lambda log, customer, date, amount: return_probability(
        log, weeks=1, customer=customer, date=date
    ),
    "fedex_rfm": lambda log, **names: fedex_rfm(log, periods=1, **names),
    "repurchase": repurchase,
    "repurchase_gaps": repurchase_gaps,
    "pyramid_by_period": lambda log, **names: pyramid_by_period(log, months=[1, 3], **names),
    "wallet": lambda log, **names: wallet(PEOPLE, log, **names),
}
every = pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)

# against the plain frame


@every
@pytest.mark.parametrize(
    "made",
    [
        pa.Table.from_pandas,
        lambda log: duckdb.sql("select * from log"),
        lambda log: log.convert_dtypes(),
        lambda log: log.copy().convert_dtypes(dtype_backend="pyarrow"),
        lambda log: log.astype({"customer_id": "float64"}),
        lambda log: log.astype({"customer_id": "category"}),
        lambda log: log.assign(date=log["date"].dt.date),
        lambda log: log.assign(amount=[Decimal(str(money)) for money in log["amount"]]),
        lambda log: log.set_index(pd.Index([7, 7, 7, 8, 8])),
    ],
    ids=[
        "arrow",
        "duckdb",
        "nullable",
        "arrow_dtypes",
        "float_ids",
        "categories",
        "dates",
        "decimals",
        "index",
    ],
)
def test_every_form_of_the_same_log_gives_the_same_frame(measure, made):
    pd.testing.assert_frame_equal(measure(made(LOG), **NAMES), measure(LOG, **NAMES))


@every
def test_every_measure_takes_columns_of_other_names_and_changes_nothing(measure):
    mine = {"customer_id": "member", "date": "day", "amount": "paid"}
    log = LOG.rename(columns=mine)
    before = log.copy()
    expected = measure(LOG, **NAMES)
    if measure is MEASURES["wallet"]:
        return  # its two frames share the name of the customer
    found = measure(log, customer="member", date="day", amount="paid")
    pd.testing.assert_frame_equal(found, expected)
    pd.testing.assert_frame_equal(log, before)


# by hand


def test_ids_are_whole_numbers_or_text():
    assert plain_ids(pd.Series([1.0, 2.0])).dtype == "int64"
    assert plain_ids(pd.Series([1, 2], dtype="Int64")).dtype == "int64"
    assert plain_ids(pd.Series([1, 2], dtype="int64[pyarrow]")).dtype == "int64"
    assert plain_ids(pd.Series([*"ab"], dtype="string[pyarrow]")).dtype == "str"
    assert plain_ids(pd.Series([*"ab"], dtype="category")).dtype == "str"


def test_later_rows_are_told_where_the_measure_was_called():
    with pytest.warns(LaterRowsWarning, match="1 row") as told:
        rfm(LOG, as_of="2024-03-30")
    assert told[0].filename == __file__


# when misused


@every
@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        ({"date": "2024-01-05"}, WrongTypeError, "date must hold dates"),
        ({"customer_id": [1.5, 2, 3, 4, 5]}, WrongTypeError, "text, or whole numbers"),
        ({"customer_id": [True] * 5}, WrongTypeError, "text, or whole numbers"),
    ],
)
def test_every_measure_refuses_the_wrong_kind_in_the_same_words(measure, change, kind, words):
    with pytest.raises(kind, match=words):
        measure(LOG.assign(**change), **NAMES)


@pytest.mark.parametrize("name", [name for name in MEASURES if name != "return_probability"])
@pytest.mark.parametrize("amount", [[*"57981"], [True] * 5, [np.inf] * 5])
def test_every_measure_of_money_refuses_what_is_no_number(name, amount):
    with pytest.raises(CrmlabError, match=r"amount must hold (finite )?numbers"):
        MEASURES[name](LOG.assign(amount=amount), **NAMES)


@every
def test_every_measure_refuses_an_empty_log_and_what_is_no_frame(measure):
    with pytest.raises(EmptyError, match="at least one"):
        measure(LOG.head(0), **NAMES)
    for other in (None, [1, 2], LOG["amount"], pa.array([1, 2])):
        with pytest.raises(WrongTypeError, match="a DataFrame is needed here"):
            measure(other, **NAMES)


@pytest.mark.parametrize(
    ("call", "python", "words"),
    [
        (lambda: rfm(None), TypeError, "a DataFrame is needed"),
        (lambda: rfm(LOG.head(0)), ValueError, "no rows"),
        (lambda: rfm(LOG[["date"]]), KeyError, "missing"),
        (lambda: known_purchases(LOG, **NAMES, as_of="2023-01-01"), ValueError, "lies before"),
    ],
)
def test_each_kind_of_error_is_what_python_calls_it_too(call, python, words):
    with pytest.raises(python, match=words) as caught:
        call()
    assert isinstance(caught.value, CrmlabError)


def test_an_unknown_word_names_the_near_one():
    with pytest.raises(UnknownNameError, match="Did you mean 'median'"):
        quadrants(repurchase(LOG), center="medain")


def test_numbers_that_are_text_are_not_added_up_as_text():
    members = repurchase(LOG).astype({"exposed_days": "str"})
    with pytest.raises(WrongTypeError, match="exposed_days must hold numbers; got str"):
        repurchase_summary(members)


def test_missing_columns_name_the_call_that_makes_them():
    with pytest.raises(MissingColumnsError, match="the frame that repurchase returns"):
        repurchase_summary(LOG)


def test_a_day_of_python_is_a_day():
    with pytest.warns(LaterRowsWarning):
        assert rfm(LOG, as_of=date(2024, 3, 30))["days_since_last"].to_list() == [54, 25]
