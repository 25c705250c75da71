"""Which parts of a service make customers satisfied, and with what weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import t

from crmlab._checks import (
    names_of,
    require_columns,
    require_numbers,
    require_rows,
    require_values,
)
from crmlab._regression import least_squares
from crmlab.errors import OutOfRangeError


def satisfaction_drivers(
    answers: pd.DataFrame, *, drivers: Sequence[str] | None = None, overall: str = "overall"
) -> pd.DataFrame:
    """Weights of the drivers of satisfaction (满意度驱动因素), by regression of the whole on them.

    A weight says by how much the whole rises when customers rate this driver one higher, and all
    others the same. A driver that merely goes together with the others has a high correlation and
    a small weight. The weights explain the answers; that mending a driver would raise the
    whole they cannot prove.

    Parameters
    ----------
    answers : DataFrame, one row per customer: the drivers and the whole, as numbers
    drivers : sequence of str, optional
        Columns to weigh; every column but the whole and customer_id when omitted.
    overall : str
        Column of the satisfaction with the whole.

    Returns
    -------
    DataFrame, one row per driver, heaviest first, of equals in the order given
        driver : str
        weight, standard_error, low, high : float64, points of the whole for a point of the
            driver, with the 95 % interval
        share, share_low, share_high : float64, of the sum of all weights, with its 95 % interval
            (delta method); NaN where the sum is not above 0
        correlation : float64, with the whole, the other drivers left aside; NaN for a driver
            all rate alike

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column is not there, or a row has no value.
    OutOfRangeError
        If a column holds no numbers, a driver is the whole itself or never varies on its own, or
        there are too few answers.

    See Also
    --------
    crmlab.loyalty.simulate_satisfaction : answers whose weights are known.
    crmlab.loyalty.plot.plot_satisfaction_drivers : draws this frame.

    Source
    ------
    Ordinary least squares, as in Greene, W. H. (2018), Econometric Analysis, 8th ed., chapter 4.

    Examples
    --------
    >>> answers = pd.DataFrame({"staff": [1, 2, 3, 4, 5], "price": [2, 1, 3, 1, 2]})
    >>> answers["overall"] = 0.8 * answers["staff"] + 0.2 * answers["price"]
    >>> satisfaction_drivers(answers)[["driver", "weight", "share"]].round(3)
      driver  weight  share
    0  staff     0.8    0.8
    1  price     0.2    0.2
    """
    chosen, x, y = rated(answers, drivers, overall)
    fit = least_squares(x, y, names=chosen, absorbed=1)
    weight, total = fit.coefficients, fit.coefficients.sum()
    if total <= 0:
        total = np.nan
    share = weight / total
    change = (np.eye(len(weight)) - share[:, None]) / total
    error = np.sqrt(np.einsum("ij,jk,ik->i", change, fit.covariance, change))
    reach = t.ppf(0.975, fit.freedom) * error
    size = np.sqrt((x**2).sum(axis=0) * (y @ y))
    table = fit.table().rename(columns={"coefficient": "weight"})
    table.insert(0, "driver", pd.Series(chosen, dtype="str"))
    table = table.assign(
        share=share,
        share_low=share - reach,
        share_high=share + reach,
        correlation=np.divide(x.T @ y, size, out=np.full(len(size), np.nan), where=size > 0),
    )
    return table.sort_values("weight", ascending=False, kind="stable", ignore_index=True)


def rated(
    answers: pd.DataFrame, drivers: Sequence[str] | None, overall: str
) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Return the drivers' names, their ratings and the whole, each less its mean."""
    require_columns(answers, overall=overall)
    chosen = [one for one in answers.columns if one not in (overall, "customer_id")]
    chosen = chosen if drivers is None else names_of("drivers", drivers)
    if not chosen:
        raise OutOfRangeError("there is no driver; name at least one column with drivers=…")
    if overall in chosen:
        raise OutOfRangeError(
            f"{overall} is the whole, which would explain itself; leave it out of drivers=…"
        )
    require_columns(answers, *chosen)
    require_rows(answers)
    require_values(answers, overall, *chosen)
    require_numbers(answers, overall, *chosen)
    x, y = answers[chosen].to_numpy("float64"), answers[overall].to_numpy("float64")
    return chosen, x - x.mean(axis=0), y - y.mean()
