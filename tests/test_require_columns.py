"""require_columns: every column there, and there once, in something that has columns."""

import pandas as pd
import pytest

from crmlab._checks import require_columns
from crmlab.errors import AmbiguousError, MissingColumnsError, OutOfRangeError
from crmlab.rfm import rfm

FRAME = pd.DataFrame({"customer_id": ["A"], "amount": [1.0], "note": ["x"]})


def test_a_column_that_nobody_reads_may_be_there_twice():
    require_columns(pd.concat([FRAME, FRAME[["note"]]], axis=1), "customer_id", amount="amount")


@pytest.mark.parametrize("column", ["customer_id", "date", "amount"])
def test_a_column_that_is_there_twice_is_named_with_the_remedy(column):
    log = FRAME.assign(date=pd.Timestamp("2024-01-01"))
    twice = pd.concat([log, log[[column]]], axis=1)
    with pytest.raises(AmbiguousError, match=rf"more than one column is called \['{column}'\]"):
        rfm(twice)
    assert len(rfm(twice.loc[:, ~twice.columns.duplicated()])) == 1


def test_missing_columns_come_first_and_name_the_argument():
    with pytest.raises(MissingColumnsError, match=r"missing \['date'\]; .* with date=…"):
        require_columns(FRAME, "customer_id", date="date")


@pytest.mark.parametrize("other", [[1, 2], FRAME["amount"], None])
def test_what_is_no_frame_is_named(other):
    with pytest.raises(
        OutOfRangeError, match=f"a DataFrame is needed here; got {type(other).__name__}"
    ):
        rfm(other)


def test_a_list_where_one_column_is_named_is_told():
    with pytest.raises(OutOfRangeError, match=r"one column at a time is named here; got \['x'\]"):
        require_columns(FRAME, by=["x"])


def test_names_of_several_kinds_are_missed_in_words():
    with pytest.raises(MissingColumnsError, match=r"missing \[3, None, 'zip'\]"):
        require_columns(pd.DataFrame({"age": [1]}), "zip", None, 3)
