"""months_before: by hand, and for any day against the calendar of pandas."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab._checks import months_before

DAYS = st.dates(pd.Timestamp("1990-01-01").date(), pd.Timestamp("2040-12-31").date()).map(
    np.datetime64
)
MONTHS = st.integers(1, 60)

# by hand


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        ("2024-01-15", 2, "2023-11-15"), ("2024-12-31", 12, "2023-12-31"),
        # the last day of a month goes to the last day of the earlier one
        ("2024-06-30", 1, "2024-05-31"), ("2024-02-29", 1, "2024-01-31"),
        ("2024-02-29", 12, "2023-02-28"), ("2025-02-28", 12, "2024-02-29"),
        ("2024-03-31", 1, "2024-02-29"), ("1998-06-30", 18, "1996-12-31"),
        # 28 February is the last day of 2023's, and not of 2024's
        ("2023-02-28", 1, "2023-01-31"), ("2024-02-28", 1, "2024-01-28"),
        # a day that the earlier month does not have
        ("2024-03-30", 1, "2024-02-29"), ("2023-03-29", 1, "2023-02-28"),
    ],
)  # fmt: skip
def test_goes_back_by_calendar_months(day, months, before):
    assert months_before(np.datetime64(day), months) == np.datetime64(before)


# for any day


@given(DAYS, MONTHS)
def test_agrees_with_pandas(day, months):
    moment = pd.Timestamp(day)
    step = pd.offsets.MonthEnd(months) if moment.is_month_end else pd.DateOffset(months=months)
    assert pd.Timestamp(months_before(day, months)) == moment - step


@given(DAYS, MONTHS)
def test_a_later_day_never_goes_back_further(day, months):
    assert months_before(day, months) <= months_before(day + 1, months)
