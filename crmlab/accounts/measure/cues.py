"""Whether a cue of experience brings leads that are better than chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import fisher_exact

from crmlab._checks import require_columns, require_days, require_rows, require_truths
from crmlab._groups import bincount
from crmlab._intervals import wilson
from crmlab._purchases import plain_values
from crmlab.accounts.cues import CUES, NO_CUE
from crmlab.errors import BadRowsError, OutOfRangeError


def cue_hit_rates(leads: pd.DataFrame, *, cue: str = "cue", hit: str = "hit") -> pd.DataFrame:
    """Hit rates of the seven cues of experience analysis (经验分析法), against calls at random.

    A rate says little alone: some accounts would have asked anyway. So each cue is tested against
    the leads that follow no cue, by Fisher's exact test, one-sided. Seven tests find a cue by luck
    three times in ten; Holm's correction holds that to one in twenty.

    Parameters
    ----------
    leads : DataFrame, one row per lead
        `cue` : str, one of the seven, or "at random"; `hit` : True or False
    cue, hit : str
        Names of the columns.

    Returns
    -------
    DataFrame, one row per cue, in the course's order, then "at random"
        cue : str; leads, hits : int64
        rate, low, high : float64, hit rate with Wilson's 95 % interval; missing without leads
        lift : float64, the rate over that of calls at random; 1 for these
        p : float64, corrected chance of so many hits if the cue told nothing
        better : bool, p below 0.05

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column is missing, or a lead's cue is missing or none of these: each lead has one.
    OutOfRangeError
        If there are no leads at random, or no hit is True or False.

    Source
    ------
    Holm (1979), A simple sequentially rejective multiple test procedure, Scandinavian Journal of
    Statistics 6, 65-70.

    Examples
    --------
    >>> leads = pd.DataFrame({"cue": ["customers' opinions"] * 20 + ["at random"] * 20,
    ...     "hit": [True] * 12 + [False] * 8 + [True] * 2 + [False] * 18})
    >>> found = cue_hit_rates(leads).set_index("cue")
    >>> found.loc["customers' opinions", ["hits", "rate", "lift"]].astype(float).round(1).tolist()
    [12.0, 0.6, 6.0]
    """
    require_columns(leads, cue=cue, hit=hit)
    require_rows(leads)
    require_truths(leads, hit)
    known = [*CUES, NO_CUE]
    code = pd.Index(known).get_indexer(pd.Index(plain_values(leads[cue])))
    if (code < 0).any():
        rows = np.flatnonzero(code < 0)
        odd = [*dict.fromkeys(leads[cue].iloc[rows[:10]].astype("object"))]
        raise BadRowsError(
            f"{rows.size} row(s) have no cue that is known: {rows[:10].tolist()} hold {odd}. "
            f"Each lead has one of {known}."
        )
    hits = leads[hit].to_numpy("float64")
    n, won = bincount(code, minlength=8), bincount(code, hits, minlength=8).astype("int64")
    if not n[-1]:
        raise OutOfRangeError(
            f"there are no leads {NO_CUE!r}, so nobody can say what chance would bring. Call some "
            "accounts that no cue names, drawn at random."
        )
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = won / n
        low, high = wilson(won, n)
        lift = rate / rate[-1]
    lift[-1] = 1.0
    raw = [_one_sided(won[i], n[i], won[-1], n[-1]) for i in range(len(CUES))]
    p = np.r_[_holm(np.array(raw), n[:-1] > 0), np.nan]
    return pd.DataFrame(
        {
            "cue": pd.Series(known, dtype="str"),
            "leads": n,
            "hits": won,
            "rate": rate,
            "low": low,
            "high": high,
            "lift": lift,
            "p": p,
            "better": p < 0.05,
        }
    )


def cue_calendar(leads: pd.DataFrame, *, cue: str = "cue", date: str = "date") -> pd.DataFrame:
    """Leads by cue and month: when each cue keeps the salespeople busy.

    Parameters
    ----------
    leads : DataFrame, one row per lead: `cue` : str; `date` : datetime64

    Returns
    -------
    DataFrame, one row per cue that occurs and month from the first to the last
        cue : str; month : datetime64, its first day; leads : int64

    Raises
    ------
    MissingColumnsError, EmptyError, OutOfRangeError
        If a column is missing, there are no rows, or dates are none.

    Examples
    --------
    >>> leads = pd.DataFrame({"cue": ["at random", "at random"],
    ...     "date": pd.to_datetime(["2024-01-05", "2024-03-01"])})
    >>> cue_calendar(leads)["leads"].tolist()
    [1, 0, 1]
    """
    require_columns(leads, cue=cue, date=date)
    require_rows(leads)
    days = plain_values(leads[date])
    require_days(leads.assign(**{date: days}), date)
    if days.isna().any() or leads[cue].isna().any():
        raise BadRowsError("some leads have no cue or no date; set them aside: leads.dropna()")
    month = days.to_numpy("M8[M]")
    months = np.arange(month.min(), month.max() + 1)
    names, code = np.unique(leads[cue].astype("str"), return_inverse=True)
    at = code * len(months) + (month - months[0]).astype(np.int64)
    whole = pd.MultiIndex.from_product([names, months.astype("M8[us]")], names=["cue", "month"])
    count = bincount(at, minlength=len(whole))
    return whole.to_frame(index=False).astype({"cue": "str"}).assign(leads=count)


def _one_sided(hits: int, n: int, base_hits: int, base_n: int) -> float:
    """Return Fisher's chance of so many hits or more among `n`, if both rates are one."""
    if not n:
        return 1.0
    table = [[hits, n - hits], [base_hits, base_n - base_hits]]
    return float(fisher_exact(table, alternative="greater").pvalue)  # pyright: ignore[reportAttributeAccessIssue]


def _holm(p: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """Return p values corrected for how many there are; what is not counted stays missing."""
    found = np.full(len(p), np.nan)
    places = np.flatnonzero(counted)
    order = places[np.argsort(p[places], kind="stable")]
    steps = p[order] * (len(order) - np.arange(len(order)))
    found[order] = np.minimum(np.maximum.accumulate(steps), 1) if len(order) else steps
    return found
