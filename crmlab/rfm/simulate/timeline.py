"""Four customers, one year, and four answers to the question who is best."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import numpy as np
import pandas as pd

from crmlab._checks import require_kind, require_one_of
from crmlab.errors import OutOfRangeError

DOLLARS = {"A": 100.0, "B": 400.0, "C": 150.0, "D": 300.0}
POSITIONS = {
    "A": ("2003-02-21", "2003-05-30", "2003-09-12", "2003-12-19"),
    "B": ("2003-01-10", "2003-03-07", "2003-05-02", "2003-06-27"),
    "C": ("2003-01-24", "2003-03-14", "2003-05-09", "2003-06-20", "2003-08-01", "2003-09-26"),
    "D": ("2003-04-11", "2003-10-31"),
}
_FIRST_DAY, _LAST_DAY = np.datetime64("2003-01-01"), np.datetime64("2003-12-31")


def four_customers(
    positions: Mapping[str, Iterable[str]] | None = None,
    *,
    dollars: Literal["year", "purchase"] = "year",
) -> pd.DataFrame:
    """Purchases of the customers A, B, C and D in 2003.

    The course shows a line per customer with a cross for each purchase, 4, 4, 6 and 2 of
    them, and beside it $100, $400, $150 and $300. Where the crosses stood is lost, so their
    dates are an input. The default dates give every customer one claim to be the best: A
    bought last, B spent most, C came most often, D has the largest ticket.

    Parameters
    ----------
    positions : mapping of customer to dates, optional
        Dates of 2003 for any of "A", "B", "C", "D"; whoever is not named keeps the default.
    dollars : {"year", "purchase"}
        What the dollars beside a line mean: the total of the year, shared evenly among the
        purchases, or the amount of each purchase.

    Returns
    -------
    DataFrame, one row per purchase, sorted by customer and date
        customer_id : str
        date : datetime64[us]
        amount : float64, in dollars

    Raises
    ------
    OutOfRangeError
        If a customer is not one of the four, has no purchase, or a date is not in 2003; or if
        `dollars` is neither of its two words.

    See Also
    --------
    crmlab.rfm.measure.rfm : recency, frequency and money of each.

    Examples
    --------
    >>> four_customers({"D": ["2003-04-01", "2003-04-02"]}).tail(2)
       customer_id       date  amount
    14           D 2003-04-01   150.0
    15           D 2003-04-02   150.0
    """
    require_one_of("dollars", dollars, ("year", "purchase"))
    if positions is not None:
        require_kind("positions", positions, Mapping, "a dict: {'D': ['2003-04-01']}")
    strangers = sorted({*(positions or {})} - {*POSITIONS})
    if strangers:
        raise OutOfRangeError(f"positions name {strangers}; the four are {[*POSITIONS]}.")

    chosen = {**POSITIONS, **(positions or {})}
    return pd.concat(
        [_purchases(customer, chosen[customer], dollars) for customer in POSITIONS],
        ignore_index=True,
    )


def _purchases(customer: str, dates: Iterable[str], dollars: str) -> pd.DataFrame:
    """Return the purchases of one customer, in order of their dates."""
    found = [*dates]
    days = pd.to_datetime(found, errors="coerce").sort_values()
    if days.empty or not ((days >= _FIRST_DAY) & (days <= _LAST_DAY)).all():
        raise OutOfRangeError(
            f"positions of {customer} must be dates of 2003, at least one; got {found}."
        )
    share = len(days) if dollars == "year" else 1
    columns = {"customer_id": customer, "date": days, "amount": DOLLARS[customer] / share}
    return pd.DataFrame(columns).astype({"date": "datetime64[us]"})
