"""What a printed table of indices implies, under either reading of growth."""

from __future__ import annotations

from numbers import Real

import numpy as np
import pandas as pd

from crmlab._checks import require_columns, require_key, require_numbers, require_values
from crmlab.accounts.insurer import ok_strategy
from crmlab.accounts.measure.known import plain
from crmlab.errors import BadRowsError, OutOfRangeError

READINGS = ("relative", "points")


def share_readings(indices: pd.DataFrame, *, market_growth: float = 0.0) -> pd.DataFrame:
    """Last year's shares under both readings of "growth of share", and what each implies.

    "Share 15 %, growth 12 %" is 12 % of the old share (*relative*: it was 13.4 %) or 12 points
    (*points*: it was 3 %). Each reading fixes last year's shares, what all the others together had
    and lost, and, with the growth of profit, last year's margin: a reading that asks for a margin
    nobody has is the wrong one.

    Parameters
    ----------
    indices : DataFrame, one row per firm
        firm : str; market_share, profit_margin, share_growth, profit_growth : float64, shares
    market_growth : float above -1
        Growth of the whole market's sales, which the printed table does not tell.

    Returns
    -------
    DataFrame, one row per reading and firm, "others" last
        reading : str, "relative" or "points"; firm : str
        share_before, share_now : float64
        change_points : float64, the one less the other; growth : float64, relative
        margin_before, margin_now : float64; missing for others
        possible : bool, alike within a reading: no share before is below 0 and together they are 1

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, a firm stands twice or is called "others", shares are
        more than 1 together, or a margin is above 1.
    OutOfRangeError
        If `market_growth` is -1 or less, or infinite.

    See Also
    --------
    crmlab.accounts.ok_indices : the table of the course.

    Examples
    --------
    >>> from crmlab.accounts import ok_indices
    >>> found = share_readings(ok_indices())
    >>> found[found["reading"] == "relative"]["share_before"].round(3).tolist()
    [0.134, 0.337, 0.388, 0.141]
    >>> found[found["reading"] == "points"]["share_before"].round(3).tolist()
    [0.03, 0.31, 0.37, 0.29]
    """
    numbers = ["market_share", "profit_margin", "share_growth", "profit_growth"]
    require_columns(indices, "firm", *numbers)
    require_key(indices, "firm")
    table = plain(indices, "firm", *numbers)
    require_values(table, *numbers)
    require_numbers(table, *numbers)
    if not isinstance(market_growth, Real) or not -1 < market_growth < np.inf:
        raise OutOfRangeError(f"market_growth must be above -1, a share; got {market_growth!r}.")
    if (table["firm"].astype("str") == "others").any():
        raise BadRowsError("no firm may be called 'others': that is who is not in the table.")
    now, margin, grown, profit = (table[name].to_numpy("float64") for name in numbers)
    # Shares add up in floating point, so a sum of 1 on paper may be a little more.
    if (now < 0).any() or (now > 1).any() or now.sum() > 1 + 1e-9:
        raise BadRowsError(
            f"market shares must lie in 0 to 1 and be 1 at most together; they are {now.tolist()}. "
            "A percent is a share here: 15 % is 0.15."
        )
    if (margin > 1).any():
        raise BadRowsError(
            f"no firm earns more than it sells: profit margins must be 1 at most; they are "
            f"{margin.tolist()}. A percent is a share here: 5 % is 0.05."
        )
    if (grown <= -1).any() or (profit <= -1).any():
        raise BadRowsError("share_growth and profit_growth must be above -1.")
    parts = []
    for reading in READINGS:
        before = now / (1 + grown) if reading == "relative" else now - grown
        shares = np.r_[before, 1 - before.sum()], np.r_[now, max(1 - now.sum(), 0.0)]
        with np.errstate(divide="ignore", invalid="ignore"):
            sales = np.where(before > 0, now * (1 + market_growth) / before, np.nan)
            growth = np.where(shares[0] > 0, shares[1] / shares[0] - 1, np.nan)
        parts.append(
            pd.DataFrame(
                {
                    "reading": reading,
                    "firm": [*table["firm"].astype("str"), "others"],
                    "share_before": shares[0],
                    "share_now": shares[1],
                    "change_points": shares[1] - shares[0],
                    "growth": growth,
                    "margin_before": np.r_[margin * sales / (1 + profit), np.nan],
                    "margin_now": np.r_[margin, np.nan],
                    "possible": bool((shares[0] >= -1e-9).all()),
                }
            )
        )
    return pd.concat(parts, ignore_index=True).astype({"reading": "str", "firm": "str"})


def strategy_trace(links: pd.DataFrame | None = None) -> pd.DataFrame:
    """Trace each weakness to the success factors that answer it, and to actions that serve these.

    Parameters
    ----------
    links : DataFrame, optional
        One row per link, source, target : str; kind : str, "answers" (weakness -> success factor)
        or "serves" (success factor -> action). OK's by default.

    Returns
    -------
    DataFrame, one row per weakness, in alphabetical order
        weakness : str
        factors, actions : str, names with commas; "" for none
        unserved : str, its factors that no action serves
        gap : bool, whether no action reaches the weakness at all

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, or a kind is neither.
    OutOfRangeError
        If no weakness has a link: a trace begins with one.

    Examples
    --------
    >>> found = strategy_trace()
    >>> found[found["gap"]][["weakness", "unserved"]].to_numpy().tolist()
    [['W3', 'managers who cooperate']]
    """
    links = ok_strategy() if links is None else links
    require_columns(links, "source", "target", "kind")
    require_values(links, "source", "target", "kind")
    table = plain(links, "source", "target", "kind").astype("str")
    odd = np.flatnonzero(~table["kind"].isin(["answers", "serves"]))
    if odd.size:
        raise BadRowsError(
            f"{odd.size} row(s) are neither 'answers' nor 'serves': {odd[:10].tolist()}."
        )
    answers, serves = (table[table["kind"] == kind] for kind in ("answers", "serves"))
    if answers.empty:
        raise OutOfRangeError("no weakness is linked to a factor: add a row of kind 'answers'.")
    served = serves.groupby("source")["target"].agg(lambda names: sorted({*names})).to_dict()
    rows = []
    for weakness, factors in answers.groupby("source")["target"]:
        names = sorted({*factors})
        actions = sorted({action for name in names for action in served.get(name, [])})
        bare = [name for name in names if name not in served]
        rows.append((weakness, ", ".join(names), ", ".join(actions), ", ".join(bare), not actions))
    texts = ["weakness", "factors", "actions", "unserved"]
    return pd.DataFrame(rows, columns=[*texts, "gap"]).astype(dict.fromkeys(texts, "str"))
