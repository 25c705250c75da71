"""Altman's Z: five ratios, one number, and how early it warns."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from crmlab._checks import require_columns, require_key, require_truths
from crmlab.credit.lines import (
    ASSETS,
    CURRENT_ASSETS,
    CURRENT_LIABILITIES,
    KEYS,
    LIABILITIES,
    Statements,
    with_truth,
)
from crmlab.credit.measure.discrimination import auc
from crmlab.credit.measure.ratios import divided
from crmlab.errors import UnknownNameError

# Coefficients of the five ratios, and the two cuts: distress below, safe above.
_VARIANTS = {
    "1968": ((1.2, 1.4, 3.3, 0.6, 1.0), (1.81, 2.99)),
    "private": ((0.717, 0.847, 3.107, 0.420, 0.998), (1.23, 2.90)),
    "service": ((6.56, 3.26, 6.72, 1.05, 0.0), (1.10, 2.60)),
}


def altman_z(
    statements: pd.DataFrame,
    *,
    variant: Literal["1968", "private", "service"] = "private",
    market_value: str | None = None,
    unit: str = "cny",
) -> pd.DataFrame:
    """Return Altman's Z of every firm and year, and what it is made of.

    Z = a working capital / assets + b retained earnings / assets + c EBIT / assets
        + d value of equity / liabilities + e sales / assets

                       a      b      c      d      e    distress below  safe above
        1968        1.2    1.4    3.3    0.6    1.0              1.81        2.99
        private   0.717  0.847  3.107  0.420  0.998              1.23        2.90
        service    6.56   3.26   6.72   1.05      0              1.10        2.60

    Equity counts at its market value in 1968 and at its book value in the others. Where the
    statements have no line retained_earnings, all equity counts as retained.

    Parameters
    ----------
    statements : DataFrame, as `statement_faults` reads it
    variant : "1968" (listed manufacturers), "private" (1983) or "service" (1995)
    market_value : str, optional
        Column with the market value of equity, for "1968".
    unit : str
        Ending of the columns; "" for none.

    Returns
    -------
    DataFrame, one row per firm and year
        organisation_id : int64 or str; year : int64
        working_capital, retained, ebit, equity_value, sales : float64, the five ratios
        z : float64, missing where a ratio would be divided by zero
        zone : str, "distress", "grey", "safe", or "unknown"

    Raises
    ------
    MissingColumnsError
        If a line is missing, or the market value that "1968" needs.
    UnknownNameError
        If there is no such variant.

    Source
    ------
    Altman (1968), Journal of Finance 23(4), 589-609, doi:10.1111/j.1540-6261.1968.tb00843.x. The
    other two are in Altman (2000), Predicting Financial Distress of Companies: Revisiting the
    Z-Score and ZETA Models, New York University.

    Examples
    --------
    >>> from crmlab.credit import simulate_statements
    >>> altman_z(simulate_statements(1, seed=1))[["year", "z", "zone"]].round(2)
       year     z  zone
    0  2022  2.22  grey
    1  2023  2.44  grey
    2  2024  2.21  grey
    """
    if variant not in _VARIANTS:
        raise UnknownNameError.among("variant", variant, _VARIANTS)
    book = Statements(statements, unit=unit)
    if variant == "1968":
        require_columns(statements, market_value=market_value or "market_value")
        value = book.frame[market_value or "market_value"].astype("float64")
    else:
        value = book["equity"]
    assets, owed = book.total(*ASSETS), book.total(*LIABILITIES)
    retained = book["retained_earnings" if book.has("retained_earnings") else "equity"]
    parts = {
        "working_capital": divided(
            book.total(*CURRENT_ASSETS) - book.total(*CURRENT_LIABILITIES), assets
        ),
        "retained": divided(retained, assets),
        "ebit": divided(book["net_profit"] + book["tax"] + book["interest"], assets),
        "equity_value": divided(value, owed),
        "sales": divided(book["sales"], assets),
    }
    weights, (low, high) = _VARIANTS[variant]
    table = book.frame[[*KEYS]].assign(**parts)
    z = sum(weight * part for weight, part in zip(weights, parts.values(), strict=True))
    zone = np.select([z < low, z <= high, z > high], ["distress", "grey", "safe"], "unknown")
    return table.assign(z=z, zone=pd.Series(zone, table.index, dtype="str"))


def warning_by_year(
    scores: pd.DataFrame, defaults: pd.DataFrame, *, score: str = "z"
) -> pd.DataFrame:
    """Return how well a score of each year tells who defaults in the end.

    Parameters
    ----------
    scores : DataFrame, such as `altman_z` returns: organisation_id, year and the score
    defaults : DataFrame, one row per firm: organisation_id, and defaults, True or 1
    score : str
        Column with the score, higher is safer.

    Returns
    -------
    DataFrame, one row per year
        year : as given; firms, defaulted : int64; auc, low, high : float64, with the 95 % interval

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        If columns or values are missing, a firm stands twice in `defaults` or in a year, no firm is
        in both, or nobody or everybody defaults.

    Examples
    --------
    >>> scores = pd.DataFrame(
    ...     {"organisation_id": [1, 2, 3, 4], "year": 2023, "z": [3.1, 2.9, 1.2, 2.0]})
    >>> defaults = pd.DataFrame({"organisation_id": [1, 2, 3, 4], "defaults": [0, 0, 1, 0]})
    >>> warning_by_year(scores, defaults)[["year", "firms", "defaulted", "auc"]]
       year  firms  defaulted  auc
    0  2023      4          1  1.0
    """
    require_columns(scores, *KEYS, score)
    require_key(scores, *KEYS)
    both = with_truth(scores, defaults, "defaults")
    require_truths(defaults, "defaults")
    rows = []
    for year, group in both.dropna(subset=[score]).groupby("year"):
        found = auc(group, score=score, bad="defaults")
        count = {"firms": len(group), "defaulted": int(group["defaults"].sum())}
        rows.append({"year": year, **count, "auc": found.auc, "low": found.low, "high": found.high})
    return pd.DataFrame(rows)
