"""Are these statements statements? Every fault named by firm, year and line."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import require_positive
from crmlab.credit.lines import (
    ASSETS,
    CASH_FLOWS,
    COSTS,
    KEYS,
    LIABILITIES,
    NAMES,
    Statements,
)
from crmlab.errors import BadRowsError

_NEVER_NEGATIVE = ("sales", *COSTS, "dividends", *ASSETS, *LIABILITIES)
# A thousand (千元) and ten thousand (万元): units in which statements are printed.
_UNITS = (1_000, 10_000)


def statement_faults(
    statements: pd.DataFrame, *, unit: str = "cny", tolerance: float = 0.015
) -> pd.DataFrame:
    """Return what is wrong with statements, one row per fault; no rows if nothing is.

    Checked are: missing values; lines that cannot be negative; one row per firm and year, and no
    year missing between; assets = liabilities + equity; sales - costs - tax = net profit; closing
    cash = opening cash + the three flows, and opening cash = last year's cash; and whether two
    sides, or two years, differ by a factor of 1,000 or 10,000, which is another unit (千元, 万元).

    Parameters
    ----------
    statements : DataFrame, one row per firm and year
        organisation_id, year, and the lines of `read_statements` with the ending of `unit`;
        other assets and liabilities, dividends and the cash flow may be left out
    unit : str
        Ending of the columns; "" for none.
    tolerance : float above 0
        Difference that rounding explains, in the unit of the statements.

    Returns
    -------
    DataFrame, by firm, year and line
        organisation_id : int64 or str; year : int64
        line : str, the line or sum that is wrong
        fault : str, "missing", "negative", "twice", "gap", "balance", "income", "cash", "unit"
        message : str, in words

    Raises
    ------
    MissingColumnsError
        If a line is missing that cannot be left out.
    EmptyError
        If there are no rows.

    Examples
    --------
    >>> from crmlab.credit import simulate_statements
    >>> table = simulate_statements(2, seed=1)
    >>> len(statement_faults(table))
    0
    >>> table.loc[0, "cash_cny"] += 500
    >>> statement_faults(table)["fault"].tolist()
    ['cash', 'balance', 'cash']
    """
    require_positive("tolerance", tolerance)
    book = Statements(statements, unit=unit)
    lines = [line for line in NAMES if line not in KEYS]
    book.require(*(set(_NEVER_NEGATIVE) | {"equity", "tax", "net_profit"}))
    there = [line for line in lines if book.has(line)]
    found = [*_missing(book, there), *_negative(book), *_years(book), *_sums(book, tolerance)]
    columns = [*KEYS, "line", "fault", "message"]
    table = pd.DataFrame([dict(zip(columns, row, strict=True)) for row in found], columns=columns)
    return table.sort_values(columns[:4], ignore_index=True, kind="stable")


def require_sound(statements: pd.DataFrame, *, unit: str = "cny") -> None:
    """Raise BadRowsError with every fault in words, and in its `table`, if there is any."""
    faults = statement_faults(statements, unit=unit)
    if faults.empty:
        return
    shown = "; ".join(faults["message"].head(5))
    more = f"; and {len(faults) - 5} more" if len(faults) > 5 else ""
    error = BadRowsError(
        f"{len(faults)} fault(s) in the statements: {shown}{more}. List all of them with "
        "statement_faults(statements), or go on all the same with faults='keep'."
    )
    error.table = faults
    raise error


def _row(book: Statements, place: int | np.intp, line: str, fault: str, words: str) -> tuple:
    firm, year = (book.frame[key].iloc[place] for key in KEYS)
    return firm, year, line, fault, f"firm {firm}, {year}, {line}: {words}"


def _missing(book: Statements, lines: list[str]) -> list[tuple]:
    return [
        _row(book, place, line, "missing", "there is no value")
        for line in lines
        for place in np.flatnonzero(book[line].isna())
    ]


def _negative(book: Statements) -> list[tuple]:
    return [
        _row(book, place, line, "negative", f"{book[line][place]:,.2f} cannot be negative")
        for line in _NEVER_NEGATIVE
        for place in np.flatnonzero(book[line] < 0)
    ]


def _years(book: Statements) -> list[tuple]:
    firm, year = (book.frame[key] for key in KEYS)
    step = (year - year.shift()).where(firm == firm.shift())
    found = [
        _row(book, place, "year", "twice", "this year stands there twice")
        for place in np.flatnonzero(step == 0)
    ]
    found += [
        _row(book, place, "year", "gap", f"{int(step[place]) - 1} year(s) before it are missing")
        for place in np.flatnonzero(step > 1)
    ]
    for line in ("sales", "equity"):
        grown = (book[line] / book.before(book[line])).abs()
        for place in np.flatnonzero(_is_unit(grown) | _is_unit(1 / grown.replace(0, np.nan))):
            words = f"{max(grown[place], 1 / grown[place]):,.0f} times the year before or after it"
            found.append(_row(book, place, line, "unit", f"{words}: 千元 or 万元?"))
    return found


def _is_unit(ratio: pd.Series) -> pd.Series:
    near = [ratio.between(unit / 3, unit * 3) for unit in _UNITS]
    return near[0] | near[1]


def _sums(book: Statements, tolerance: float) -> list[tuple]:
    """Return what does not add up."""
    assets, claims = book.total(*ASSETS), book.total(*LIABILITIES, "equity")
    profit = book["sales"] - book.total(*COSTS) - book["tax"]
    checks = [
        ("total assets", "balance", assets, claims, "liabilities and equity"),
        ("net_profit", "income", book["net_profit"], profit, "sales less costs and tax"),
    ]
    if all(book.has(line) for line in (*CASH_FLOWS, "opening_cash")):
        moved = book["opening_cash"] + book.total(*CASH_FLOWS)
        last = book.before(book["cash"])
        checks += [
            ("cash", "cash", book["cash"], moved, "opening cash and flows"),
            ("opening_cash", "cash", book["opening_cash"], last, "cash of the year before"),
        ]
    found = []
    for line, fault, is_, should_be, of_what in checks:
        # Missing lines are told already, and a first year has no year before it.
        for place in np.flatnonzero((is_ - should_be).abs() > tolerance):
            one, other = is_[place], should_be[place]
            words = f"{one:,.2f}, against {other:,.2f} by {of_what}"
            ratio = pd.Series([one / other if other else np.nan])
            if fault == "balance" and (_near(ratio) or _near(1 / ratio)):
                words += ": another unit, 千元 or 万元?"
            found.append(_row(book, place, line, fault, words))
    return found


def _near(ratio: pd.Series) -> bool:
    return any(abs(ratio.iloc[0] / unit - 1) < 0.01 for unit in _UNITS)
