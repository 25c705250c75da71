"""What a chain sells in all, per site, and at the same sites, before a programme and after."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import require_key, require_real
from crmlab.campaigns.measure.panel import panel_of
from crmlab.errors import OutOfRangeError


def site_change(
    panel: pd.DataFrame,
    *,
    market_share: float | None = None,
    outcome: str = "sales",
    treated: str = "chain",
    unit: str = "station_id",
    week: str = "week",
) -> pd.DataFrame:
    """Change of a chain's sales, in all, per site, and at the same sites, from before week 0.

    Per site and at the same site are two things. Close the weak ones, and the mean site is larger
    without any site having sold more (组合效应, a change of the mix).

    Parameters
    ----------
    panel : DataFrame, as in `event_study`, closed sites without rows after they closed
    market_share : float in (0, 1), optional
        Of the chain before, in its market, which changes as the others do.
    outcome, treated, unit, week : str

    Returns
    -------
    DataFrame, one row per quantity
        quantity : str
            "sales"         of the chain, per week
            "sites"         open at the end, as against those at the beginning
            "sales per site"   mean of the open ones
            "same sites"    sales of the sites that stayed
            "mix"           sales per site less same sites, as a ratio: who is left
            "others"        sales of the others
            "market share"  in points, if `market_share` is given
        before, after, change : float64; change is a share, and a difference for the market share
        beyond : float64, change of sales beyond that of the others; missing without them, and where
            it means nothing

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError
        As `event_study`.
    OutOfRangeError
        If there is no week before 0 or from it on, no site stays, or `market_share` is no share.

    Examples
    --------
    >>> weeks = pd.DataFrame({"station_id": [1, 1, 2, 3, 3], "week": [-1, 0, -1, -1, 0],
    ...     "chain": [True, True, True, False, False], "sales": [15.0, 15, 5, 9, 9]})
    >>> site_change(weeks)[["quantity", "change"]].round(2)
             quantity  change
    0           sales   -0.25
    1           sites   -0.50
    2  sales per site    0.50
    3      same sites    0.00
    4             mix    0.50
    5          others    0.00
    """
    if market_share is not None:
        require_real(market_share=market_share)
    frame, _ = panel_of(panel, outcome, False, treated, unit=unit, week=week)
    require_key(frame, unit, week)
    if market_share is not None and not 0 < market_share < 1:
        raise OutOfRangeError(f"market_share must lie between 0 and 1; got {market_share!r}.")
    own = frame[treated].to_numpy().astype(bool)
    late = frame[week].to_numpy("float64") >= 0
    if not (own & late).any() or not (own & ~late).any():
        raise OutOfRangeError(
            f"the chain needs weeks before week 0 and from it on; it has {(own & ~late).sum()} and "
            f"{(own & late).sum()} rows."
        )
    chain, others = frame[own], frame[~own]
    stays = {*chain.loc[chain[week] >= 0, unit]} & {*chain.loc[chain[week] < 0, unit]}
    if not stays:
        raise OutOfRangeError("no site is there both before and after, so none can be compared.")
    total = _weekly(chain, outcome, week)
    open_ = [
        chain.loc[chain[week] < 0, unit].nunique(),
        chain.loc[chain[week] >= 0, unit].nunique(),
    ]
    same = _weekly(chain[chain[unit].isin(stays)], outcome, week)
    rows = {
        "sales": total,
        "sites": (float(open_[0]), float(open_[1])),
        "sales per site": (total[0] / open_[0], total[1] / open_[1]),
        "same sites": (same[0] / len(stays), same[1] / len(stays)),
    }
    change = {name: late / early - 1 for name, (early, late) in rows.items()}
    ratio = (1 + change["sales per site"]) / (1 + change["same sites"])
    rows["mix"], change["mix"] = (1.0, ratio), ratio - 1
    if len(others):
        rows["others"] = _weekly(others, outcome, week)
        change["others"] = rows["others"][1] / rows["others"][0] - 1
    if market_share is not None:
        grown = (1 + change["sales"]) / (1 + change.get("others", 0.0))
        rows["market share"] = (market_share, market_share * grown)
        change["market share"] = market_share * (grown - 1)
    table = pd.DataFrame(rows, index=["before", "after"], dtype="float64").T
    table = table.rename_axis("quantity").reset_index().astype({"quantity": "str"})
    market = 1 + change.get("others", np.nan)
    beyond = {
        name: (1 + change[name]) / market - 1 for name in ("sales", "sales per site", "same sites")
    }
    return table.assign(
        change=[float(change[name]) for name in table["quantity"]],
        beyond=[float(beyond.get(name, np.nan)) for name in table["quantity"]],
    )


def _weekly(frame: pd.DataFrame, outcome: str, week: str) -> tuple[float, float]:
    """Return the sales per week, before week 0 and from it on."""
    by_week = frame.groupby(week)[outcome].sum()
    late = by_week.index.to_numpy("float64") >= 0
    return float(by_week[~late].mean()), float(by_week[late].mean())
