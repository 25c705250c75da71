"""Signs of window dressing: closing against average balances, accruals, first digits."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import chi2

from crmlab._checks import (
    require_alike,
    require_columns,
    require_key,
    require_numbers,
    require_once,
    require_real,
    require_series,
    require_truths,
    require_values,
)
from crmlab._groups import bincount
from crmlab.credit.lines import with_truth
from crmlab.credit.measure.ratios import divided
from crmlab.errors import BadRowsError, EmptyError, OutOfRangeError

# Of first digits 1 to 9, by Benford (1938).
BENFORD = np.log10(1 + 1 / np.arange(1, 10))
SIGNS = ("closing", "accruals", "digits")
_MONEY = ("sales", "net_profit", "operating_cash", "cash", "receivables", "inventory")
_MONEY += ("payables", "short_debt")


def dressing_signs(
    quarters: pd.DataFrame,
    invoices: pd.DataFrame,
    *,
    closing: float = 1.1,
    accruals: float = 0.02,
    p_value: float = 0.001,
) -> pd.DataFrame:
    """Return three signs of window dressing for each firm; none of them is a proof.

    closing   the current ratio of the year's last quarter over the mean of all four, mean of the
              years, is above `closing`: the day of the balance sheet is not like other days. So
              it is with an honest season.
    accruals  net profit less operating cash, as a share of mean current assets a year, is above
              `accruals`: profit that nobody has paid.
    digits    the first digits of the invoices are not those of Benford's law (chi-square with
              eight degrees of freedom), with a chance below `p_value`.

    Parameters
    ----------
    quarters : DataFrame, one row per firm and quarter
        organisation_id, year, quarter, and sales, net_profit, operating_cash, cash, receivables,
        inventory, payables, short_debt with the ending _cny
    invoices : DataFrame: organisation_id, amount_cny above 0
    closing, accruals, p_value : float
        Where the signs begin.

    Returns
    -------
    DataFrame, one row per firm, by organisation_id
        organisation_id : as given
        closing_over_average, accrual_share : float64; digits_p : float64, missing without invoices
        closing, accruals, digits : bool; signs : int64, how many

    Raises
    ------
    MissingColumnsError, BadRowsError, EmptyError, OutOfRangeError
        If a column, a value or every row is missing, or no number; if a year of a firm has not its
        four quarters, each once; if an invoice is not above 0; or if firms are numbers in one frame
        and text in the other.

    Source
    ------
    Nigrini (2012), Benford's Law, Wiley, ISBN 978-1-118-15285-0; Sloan (1996), The Accounting
    Review 71(3), 289-315, for accruals.

    Examples
    --------
    >>> from crmlab.credit.simulate import simulate_dressing
    >>> quarters, invoices, truth = simulate_dressing(50, seed=1)
    >>> dressing_signs(quarters, invoices)[["closing", "accruals", "digits"]].sum()
    closing     6
    accruals    6
    digits      1
    dtype: int64
    """
    require_real(closing=closing, accruals=accruals, p_value=p_value)
    money = [f"{name}_cny" for name in _MONEY]
    require_columns(quarters, "organisation_id", "year", "quarter", *money)
    require_columns(invoices, "organisation_id", "amount_cny")
    require_values(quarters, "organisation_id", "year", "quarter", *money)
    require_numbers(quarters, "quarter", *money)
    require_values(invoices, "organisation_id", "amount_cny")
    require_numbers(invoices, "amount_cny")
    if quarters.empty:
        raise EmptyError("there are no quarters; at least one year is needed.")
    require_alike("organisation_id", quarters["organisation_id"], invoices["organisation_id"])
    _require_years(quarters)
    wrong = np.flatnonzero((invoices["amount_cny"] <= 0).to_numpy("bool")).tolist()
    if wrong:
        raise OutOfRangeError(
            f"amount_cny of an invoice must be above 0; it is not in row(s) {wrong[:10]}. Set "
            "credit notes aside first: invoices[invoices['amount_cny'] > 0]"
        )
    current = quarters[["cash_cny", "receivables_cny", "inventory_cny"]].sum(axis=1)
    due = quarters[["payables_cny", "short_debt_cny"]].sum(axis=1)
    book = quarters[["organisation_id", "year", "quarter"]].assign(
        ratio=divided(current, due),
        current=current,
        unpaid=quarters["net_profit_cny"] - quarters["operating_cash_cny"],
    )
    book = book.sort_values(["organisation_id", "year", "quarter"], kind="stable")
    year = book.groupby(["organisation_id", "year"])
    yearly = pd.DataFrame(
        {
            "over": year["ratio"].last() / year["ratio"].mean(),
            "unpaid": year["unpaid"].sum() / year["current"].mean(),
        }
    )
    firm = yearly.groupby("organisation_id").mean()
    digits = invoices.groupby("organisation_id")["amount_cny"].apply(benford_p)
    table = pd.DataFrame(
        {
            "closing_over_average": firm["over"],
            "accrual_share": firm["unpaid"],
            "digits_p": digits.reindex(firm.index),
        }
    )
    table["closing"] = table["closing_over_average"] > closing
    table["accruals"] = table["accrual_share"] > accruals
    table["digits"] = table["digits_p"] < p_value
    table["signs"] = table[[*SIGNS]].sum(axis=1)
    return table.rename_axis("organisation_id").reset_index()


def _require_years(quarters: pd.DataFrame) -> None:
    """Raise BadRowsError unless each year of a firm has the quarters 1 to 4, each once."""
    require_key(quarters, "organisation_id", "year", "quarter")
    year = quarters["quarter"].groupby([quarters["organisation_id"], quarters["year"]])
    found = year.agg(["size", "min", "max"])
    whole = (found["size"] == 4) & (found["min"] == 1) & (found["max"] == 4)
    if not whole.all() or not quarters["quarter"].isin([1, 2, 3, 4]).all():
        shown = [tuple(one) for one in found.index[~whole][:5].tolist()]
        raise BadRowsError(
            f"{int((~whole).sum())} year(s) of a firm have not the quarters 1 to 4: {shown}. "
            "Without the last one no year has closed; set such years aside first."
        )


def benford_p(amounts: pd.Series) -> float:
    """Return the chance of first digits so unlike Benford's law, if they follow it.

    Parameters
    ----------
    amounts : Series of numbers; the first digit of each that is above 0 counts

    Raises
    ------
    WrongTypeError
        If they are no Series of numbers.
    OutOfRangeError
        If one is infinite.

    Examples
    --------
    >>> round(benford_p(pd.Series([1.5] * 30 + [9.0] * 70)), 3)
    0.0
    """
    require_series("amounts", amounts, "amount")
    require_numbers(amounts.to_frame("amounts"), "amounts")
    value = amounts.to_numpy("float64", na_value=np.nan)
    value = value[value > 0]
    if not value.size:
        return float("nan")
    # A power of ten itself may come out a hair below 1.
    lead = value / 10 ** np.floor(np.log10(value) + 1e-12)
    count = bincount(np.floor(lead + 1e-9).astype("int64").clip(1, 9), minlength=10)[1:]
    wanted = BENFORD * value.size
    return float(chi2.sf(((count - wanted) ** 2 / wanted).sum(), 8))


def alarm_table(signs: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Return for each sign how many dressers it finds, and how many honest firms it accuses.

    Parameters
    ----------
    signs : DataFrame, as returned by `dressing_signs`
    truth : DataFrame: organisation_id; dresses, seasonal : bool

    Returns
    -------
    DataFrame, one row per sign, then "two or more"
        sign : str
        found, dressers : int64
        false_alarms, honest : int64; false_seasonal : int64, of those with a season

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        If a column is missing or not true or false, a firm stands twice, or no firm is in both.

    Examples
    --------
    >>> signs = pd.DataFrame(
    ...     {"organisation_id": [1, 2, 3], "closing": [True, True, False],
    ...      "accruals": [True, False, False], "digits": False, "signs": [2, 1, 0]})
    >>> truth = pd.DataFrame(
    ...     {"organisation_id": [1, 2, 3], "dresses": [True, False, False],
    ...      "seasonal": [False, True, True]})
    >>> alarm_table(signs, truth)[["sign", "found", "dressers", "false_alarms", "honest"]]
              sign  found  dressers  false_alarms  honest
    0      closing      1         1             1       2
    1     accruals      1         1             0       2
    2       digits      0         1             0       2
    3  two or more      1         1             0       2
    """
    require_columns(signs, "organisation_id", "signs", *SIGNS)
    require_columns(truth, "organisation_id", "dresses", "seasonal")
    require_truths(truth, "dresses", "seasonal")
    require_once(signs, "organisation_id", "signs")
    both = with_truth(signs, truth, "dresses", "seasonal")
    both["two or more"] = both["signs"] >= 2
    dresses, season = both["dresses"].to_numpy("bool"), both["seasonal"].to_numpy("bool")
    rows = []
    for sign in (*SIGNS, "two or more"):
        is_ = both[sign].to_numpy("bool")
        counts = (is_ & dresses, dresses, is_ & ~dresses, ~dresses, is_ & ~dresses & season)
        rows.append((sign, *(int(one.sum()) for one in counts)))
    columns = ["sign", "found", "dressers", "false_alarms", "honest", "false_seasonal"]
    return pd.DataFrame(rows, columns=columns).astype({"sign": "str"})
