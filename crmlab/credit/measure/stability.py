"""Whether the people who ask have changed: the population stability index."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import chi2

from crmlab._checks import (
    require_alike,
    require_at_least,
    require_columns,
    require_numbers,
    require_real,
    require_values,
)
from crmlab._groups import bincount
from crmlab.errors import EmptyError, OutOfRangeError, WrongTypeError


def stability(before: pd.Series, after: pd.Series, *, bins: int = 10) -> pd.DataFrame:
    """Return the population stability index (PSI) of a column, and what chance alone would give.

    PSI = sum of (b - a) ln(b / a) over the bins, a and b the shares before and after; 0.5 is
    added to the counts of a bin that one side lacks. Nothing having changed, PSI is about
    (1 / n + 1 / m) times a chi-square with one degree less than there are bins: the rule of thumb
    of 0.1 is far too high for large files and too low for small ones.

    Parameters
    ----------
    before, after : Series of numbers or words; missing values are a bin of their own
    bins : int, 2 or more
        Quantiles of `before`, for numbers.

    Returns
    -------
    DataFrame, one row
        psi : float64
        expected, limit : float64, mean and 95 % quantile of PSI if nothing has changed
        p_value : float64
        bins : int64

    Raises
    ------
    WrongTypeError
        If one of the two is no Series, or one holds numbers and the other words.
    OutOfRangeError
        If one of the two is empty, or `bins` is below 2.

    Source
    ------
    Yurdakul and Naranjo (2020), Journal of Risk Model Validation 14(4), 89-100,
    doi:10.21314/JRMV.2020.227.

    Examples
    --------
    >>> half = pd.Series(["a"] * 50 + ["b"] * 50)
    >>> stability(half, pd.Series(["a"] * 60 + ["b"] * 40))["psi"].round(4).item()
    0.0405
    """
    require_at_least("bins", bins, 2)
    for name, one in (("before", before), ("after", after)):
        if not isinstance(one, pd.Series):
            raise WrongTypeError(f"{name} must be a Series; got {type(one).__name__}.")
        if one.empty:
            raise OutOfRangeError(f"{name} is empty; at least one value is needed.")
    require_alike(str(before.name or "the column"), before.dropna(), after.dropna())
    a, b = _counts(before, after, bins)
    n, m, k = a.sum(), b.sum(), len(a)
    lacking = (a == 0) | (b == 0)
    share_a, share_b = (a + 0.5 * lacking) / n, (b + 0.5 * lacking) / m
    psi = float(((share_b - share_a) * np.log(share_b / share_a)).sum())
    scale = 1 / n + 1 / m
    limit = scale * chi2.ppf(0.95, k - 1) if k > 1 else 0.0
    p_value = chi2.sf(psi / scale, k - 1) if k > 1 else 1.0
    facts = {"psi": psi, "expected": scale * (k - 1), "limit": limit, "p_value": p_value, "bins": k}
    return pd.DataFrame([facts])


def _counts(before: pd.Series, after: pd.Series, bins: int) -> tuple[np.ndarray, np.ndarray]:
    """Return how many of each lie in each bin that has any."""
    both = pd.concat([before, after], ignore_index=True)
    if pd.api.types.is_numeric_dtype(both) and not pd.api.types.is_bool_dtype(both):
        number = before.dropna().to_numpy("float64")
        at = np.arange(1, bins) / bins
        cuts = np.unique(np.quantile(number, at, method="inverted_cdf")) if len(number) else []
        code = np.searchsorted(cuts, both.to_numpy("float64", na_value=np.nan), side="left")
        code = np.where(both.isna(), len(cuts) + 1, code)
    else:
        code = pd.factorize(both, use_na_sentinel=False)[0]
    size = code.max() + 1
    a = bincount(code[: len(before)], minlength=size)
    b = bincount(code[len(before) :], minlength=size)
    return a[a + b > 0], b[a + b > 0]


def stability_by_month(
    people: pd.DataFrame, *, column: str, until: int, month: str = "month", bins: int = 10
) -> pd.DataFrame:
    """Return the population stability index of each later month against the months before.

    Each month's PSI is that of `stability`, with bins and shares of all rows up to `until`. A
    month's limit is passed by chance once in twenty months; the alarm rings below a p-value of
    0.05 over the number of months, so that in a file where nothing changes it rings once in twenty
    files, or less often.

    Parameters
    ----------
    people : DataFrame, one row per applicant: a month and the column to watch
    column : str
        Numbers or words, such as the score or an answer; missing values are a bin of their own.
    until : int
        The last month that people are compared with.
    month : str
        Column with whole numbers that rise with time.
    bins : int, 2 or more
        Quantiles of the months before, for numbers.

    Returns
    -------
    DataFrame, one row per month after `until` that has rows
        month : int64
        people : int64, rows of the month
        psi, expected, limit, p_value : float64, as `stability`
        alarm : bool

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError
        If a column or a month is missing, or a month is no number.
    EmptyError
        If there are no rows up to `until`, or none after it.
    OutOfRangeError
        If `bins` is below 2.

    Examples
    --------
    >>> people = pd.DataFrame({"month": [1] * 100 + [2] * 100, "home": ["own", "rent"] * 100})
    >>> people.loc[100:150, "home"] = "rent"
    >>> stability_by_month(people, column="home", until=1)[["month", "people", "psi", "alarm"]]
       month  people       psi  alarm
    0      2     100  0.299697   True
    """
    require_real(until=until)
    require_columns(people, column=column, month=month)
    require_values(people, month)
    require_numbers(people, month)
    when = people[month].to_numpy("float64")
    before, later = people.loc[when <= until, column], np.unique(when[when > until])
    if before.empty or not later.size:
        raise EmptyError(
            f"rows up to {month} {until} and after it are needed; {len(before)} are before it, and "
            f"{len(people) - len(before)} after. Choose another `until`."
        )
    rows = []
    for one in later:
        after = people.loc[when == one, column]
        found = stability(before, after, bins=bins).iloc[0]
        facts = found[["psi", "expected", "limit", "p_value"]].to_dict()
        alarm = bool(found["p_value"] < 0.05 / later.size)
        rows.append({"month": int(one), "people": len(after), **facts, "alarm": alarm})
    return pd.DataFrame(rows)
