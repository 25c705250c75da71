"""rows_until: the day asked about is whole, later rows are counted, bad dates are refused."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlab._checks import day_of, rows_until
from crmlab.errors import AmbiguousError, LaterRowsWarning, OutOfRangeError

ROWS = pd.DataFrame({"date": pd.to_datetime(["2024-01-01 23:59", "2024-01-02 05:00"])})


def test_by_default_the_last_day_in_the_data_counts_to_its_end():
    rows, day = rows_until(ROWS, "date")
    pd.testing.assert_frame_equal(rows, ROWS)
    assert str(day) == "2024-01-02"


def test_later_rows_are_left_out_and_counted():
    with pytest.warns(LaterRowsWarning, match=r"1 row\(s\) after 2024-01-01 are left out"):
        rows, day = rows_until(ROWS, "date", "2024-01-01")
    assert rows.index.to_list() == [0]
    assert str(day) == "2024-01-01"


@pytest.mark.parametrize(
    ("rows", "as_of", "words"),
    [
        (ROWS.head(0), None, "there are no rows"),
        (ROWS, "2023-12-31", "lies before the first row"),
        (ROWS, "soon", "as_of must be a date such as '2024-06-30'; got 'soon'"),
        (ROWS.astype(str), None, r"got str. Convert it first: pd.to_datetime\(frame\['date'\]\)"),
        (ROWS, 20240101, "as_of must be a date such as '2024-06-30'; got 20240101"),
        (
            ROWS,
            pd.Timestamp("2024-01-02", tz="Asia/Shanghai"),
            "without a time zone; .* as_of='2024-01-02'",
        ),
        (ROWS, pd.NaT, "as_of must be a date such as '2024-06-30'; got NaT"),
        (
            ROWS["date"].dt.tz_localize("UTC").to_frame(),
            None,
            r"got datetime64\[us, UTC\]. Convert it first: frame\['date'\].dt.tz_localize\(None\)",
        ),
    ],
)
def test_refuses_what_has_no_last_day(rows, as_of, words):
    with pytest.raises(OutOfRangeError, match=words):
        rows_until(rows, "date", as_of)


@pytest.mark.parametrize(
    "day", ["05/03/2024", "2024-06", "today", "2024", np.datetime64("2024-06")]
)
def test_a_day_that_can_be_read_in_two_ways_is_refused_with_a_form_that_cannot(day):
    with pytest.raises(AmbiguousError, match="Write year, month and day: as_of='2024-06-30'"):
        day_of("as_of", day)


@pytest.mark.parametrize(
    "day",
    [
        "2024-06-30",
        "2024-06-30 14:22",
        "20240630",
        date(2024, 6, 30),
        pd.Timestamp(2024, 6, 30, 9),
    ],
)
def test_a_day_is_iso_text_a_date_or_a_timestamp(day):
    assert day_of("as_of", day) == np.datetime64("2024-06-30")
