"""How well we know a rival, where we are better, and how long that lasts."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import t as student

from crmlab._checks import (
    require_columns,
    require_numbers,
    require_rows,
    require_values,
)
from crmlab.accounts.measure.known import plain
from crmlab.errors import BadRowsError, OutOfRangeError
from crmlab.lifetime.measure.survival import kaplan_meier

# (better, lasts) -> the cell of the second tool.
CELLS = {
    (True, True): "competitive advantage",
    (True, False): "temporary strength",
    (False, True): "hard-to-change weakness",
    (False, False): "temporary weakness",
}


def compare_factors(ratings: pd.DataFrame, *, tolerance: float = 0.2) -> pd.DataFrame:
    """Compare us with a rival factor by factor (强/平/弱): better, equal or worse.

    Customers rate both. A factor is better or worse if the mean difference is beyond the
    tolerance, else equal: the three columns share all factors among them. It is *sure* if the
    whole 95 % interval lies in that column.

    Parameters
    ----------
    ratings : DataFrame, one row per customer and factor: factor : str; us, rival : float64
    tolerance : float, 0 or more
        Difference that nobody would notice.

    Returns
    -------
    DataFrame, one row per factor, the best first
        factor : str; customers : int64
        difference, low, high : float64, us less rival, with Student's interval of pairs
        standing : str, "better", "equal" or "worse"; sure : bool

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, or a factor has one rating only.
    OutOfRangeError
        If the tolerance is below 0.

    Examples
    --------
    >>> ratings = pd.DataFrame({"factor": ["price"] * 3 + ["range"] * 3,
    ...     "us": [4.0, 5, 4, 2, 3, 2], "rival": [3.0, 3, 3, 2, 3, 3]})
    >>> compare_factors(ratings)[["factor", "difference", "standing"]].round(2)
      factor  difference standing
    0  price        1.33   better
    1  range       -0.33    worse
    """
    require_columns(ratings, "factor", "us", "rival")
    require_rows(ratings)
    require_values(ratings, "factor", "us", "rival")
    table = plain(ratings, "factor", "us", "rival")
    require_numbers(table, "us", "rival")
    if not isinstance(tolerance, (int, float)) or not 0 <= tolerance < np.inf:
        raise OutOfRangeError(f"tolerance must be a number of 0 or more; got {tolerance!r}.")
    # 5 less 4.8 is a little more than 0.2 in floating point, and no more on paper.
    table = table.assign(gap=(table["us"] - table["rival"]).round(9))
    found = table.groupby("factor", sort=True)["gap"].agg(["size", "mean", "std"])
    if (found["size"] < 2).any():
        alone = found.index[found["size"] < 2].tolist()
        raise BadRowsError(f"{alone} have one rating; two customers are needed for an interval.")
    reach = student.ppf(0.975, found["size"] - 1) * found["std"] / found["size"] ** 0.5
    low, mean, high = ((found["mean"] + sign * reach).round(9) for sign in (-1, 0, 1))
    better, worse = mean > tolerance, mean < -tolerance
    sure = np.select(
        [better, worse],
        [low > tolerance, high < -tolerance],
        (low >= -tolerance) & (high <= tolerance),
    )
    table = pd.DataFrame(
        {
            "factor": pd.Series([*found.index], dtype="str"),
            "customers": found["size"].to_numpy("int64"),
            "difference": mean.to_numpy(),
            "low": low.to_numpy(),
            "high": high.to_numpy(),
            "standing": pd.Series(
                np.select([better, worse], ["better", "worse"], "equal"), dtype="str"
            ),
            "sure": sure.astype("bool"),
        }
    )
    return table.sort_values(["difference", "factor"], ascending=[False, True], ignore_index=True)


def persistence(
    compared: pd.DataFrame, copies: pd.DataFrame, *, border: tuple[float, float] = (2.0, 3.0)
) -> pd.DataFrame:
    """Return how advantages persist (优势的维持与演变): four cells, 2 to 3 years as the border.

    How long it takes to copy a factor is measured from past advantages, those still open included
    (Kaplan and Meier). A factor *lasts* if more than half of its advantages were not yet copied
    after the later border, and is *variable* if half or more were by the earlier one; between the
    two it is told as being on the border, and put by the middle of both.

    Parameters
    ----------
    compared : DataFrame, as returned by `compare_factors`
        factor : str; standing : str. Equal factors have no cell and are left out.
    copies : DataFrame, one row per past advantage, ours or the rival's
        factor : str; years : float64, until copied or until today; copied : bool
    border : (float, float)
        Years, the earlier first.

    Returns
    -------
    DataFrame, one row per factor that is better or worse, in their order
        factor, standing : str
        open_early, open_late : float64, share not yet copied at each border; missing where nothing
            was watched so long
        advantages : int64
        cell : str, "competitive advantage", "temporary strength", "hard-to-change weakness" or
            "temporary weakness"; missing where nothing was watched up to the earlier border
        on_border : bool

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, a standing is none, or a factor has no past advantages.
    OutOfRangeError
        If the border is none.

    See Also
    --------
    crmlab.lifetime.measure.kaplan_meier : the curve.

    Examples
    --------
    >>> compared = pd.DataFrame({"factor": ["price", "network"], "standing": ["better", "worse"]})
    >>> copies = pd.DataFrame({"factor": ["price"] * 3 + ["network"] * 3, "copied": True,
    ...     "years": [0.5, 1, 4, 5, 6, 1]})
    >>> persistence(compared, copies)["cell"].tolist()
    ['temporary strength', 'hard-to-change weakness']
    """
    require_columns(compared, "factor", "standing")
    require_rows(compared)
    require_values(compared, "factor", "standing")
    require_columns(copies, "factor", "years", "copied")
    require_values(copies, "factor", "years", "copied")
    early, late = border
    if not 0 < early <= late < np.inf:
        raise OutOfRangeError(f"border must be years, the earlier first; got {border!r}.")
    table = plain(compared, "factor", "standing")
    odd = sorted({*table["standing"]} - {"better", "equal", "worse"})
    if odd:
        raise BadRowsError(f"standing holds {odd}; it is 'better', 'equal' or 'worse'.")
    table = table[table["standing"] != "equal"].reset_index(drop=True)
    past = plain(copies, "factor", "years", "copied")
    lost = sorted({*table["factor"]} - {*past["factor"]})
    if lost:
        raise BadRowsError(f"no past advantage tells how long {lost} take to copy.")
    curves = kaplan_meier(past, duration="years", ended="copied", by="factor")
    rows = []
    for factor, standing in table.itertuples(index=False):
        mine = curves[curves["factor"] == factor]
        at = [_open_at(mine, year) for year in (early, (early + late) / 2, late)]
        lasts = _known_first(at[1], at[0], at[2]) > 0.5
        sure = at[0] <= 0.5 or at[2] > 0.5
        cell = None if np.isnan(at).all() else CELLS[standing == "better", bool(lasts)]
        count = int((past["factor"] == factor).sum())
        rows.append((factor, standing, at[0], at[2], count, cell, not sure))
    names = ["factor", "standing", "open_early", "open_late", "advantages", "cell", "on_border"]
    return pd.DataFrame(rows, columns=names).astype(
        {"factor": "str", "standing": "str", "cell": "str", "on_border": "bool"}
    )


def _open_at(curve: pd.DataFrame, year: float) -> float:
    """Return the share not yet copied after so many years, if anything was watched so long."""
    if curve["time"].max() < year and curve["survival"].iloc[-1] > 0:
        return float("nan")
    # A product of shares that is a half on paper may be a little more or less.
    return round(float(curve.loc[curve["time"] <= year, "survival"].iloc[-1]), 9)


def _known_first(*values: float) -> float:
    """Return the first of some numbers that is known; 0 if none is."""
    return next((value for value in values if not np.isnan(value)), 0.0)
