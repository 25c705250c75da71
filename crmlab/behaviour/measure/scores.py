"""Several forecasts of one outcome side by side."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import names_of, require_columns, require_real, require_truths, require_values
from crmlab.credit.measure import auc, calibration
from crmlab.errors import OutOfRangeError


def score_table(
    scored: pd.DataFrame, *, outcome: str, chances: list[str], top: float = 0.1
) -> pd.DataFrame:
    """Several forecasts of one outcome side by side: do they rank, are they true, what do they win.

    Parameters
    ----------
    scored : DataFrame, one row per customer: `outcome`, True or False, and the columns `chances`
    outcome : str
    chances : list of columns, each with chances in [0, 1]
    top : float in (0, 1)
        The share of customers for whom the lift is told.

    Returns
    -------
    DataFrame, one row per forecast
        forecast : str
        auc, auc_low, auc_high : float64, with DeLong's 95 % interval
        slope, slope_error : float64, of the calibration; 1 where chances are true
        brier : float64
        lift : float64, rate of the `top` share over that of all; of customers who have one chance
            at its border, as many as fit, at their mean rate

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    OutOfRangeError
        If `top` lies outside (0, 1), a chance outside [0, 1], or everybody or nobody has the
        outcome.

    See Also
    --------
    crmlab.credit.measure.auc, crmlab.credit.measure.calibration : each by itself.

    Examples
    --------
    >>> scored = pd.DataFrame({"buys": [1, 1, 0, 1, 0, 0, 0, 1, 0, 0], "good": np.r_[9:-1:-1] / 10})
    >>> score_table(scored, outcome="buys", chances=["good"])[["forecast", "auc"]].round(2)
      forecast   auc
    0     good  0.79
    """
    require_real(top=top)
    require_columns(scored, outcome=outcome)
    require_values(scored, outcome)
    require_truths(scored, outcome)
    if not 0 < top < 1:
        raise OutOfRangeError(f"top must lie in (0, 1); got {top!r}.")
    happened = scored[outcome].to_numpy(dtype=bool)
    rows = []
    for name in names_of("chances", chances):
        fit = calibration(scored, chance=name, bad=outcome)
        # There a high score is safe; here a high chance is.
        area = auc(pd.DataFrame({"points": scored[name], "defaults": ~happened}))
        first = _first_rate(scored[name].to_numpy(float), happened, top)
        line = (area.auc, area.low, area.high, fit.slope, fit.slope_error, fit.brier)
        rows.append((name, *line, first / happened.mean()))
    columns = ["forecast", "auc", "auc_low", "auc_high", "slope", "slope_error", "brier", "lift"]
    return pd.DataFrame(rows, columns=columns).astype({"forecast": "str"})


def _first_rate(chance: np.ndarray, happened: np.ndarray, top: float) -> float:
    """Return the rate among the highest chances, whatever the order of rows that are tied."""
    room = max(round(top * len(chance)), 1)
    edge = np.sort(chance)[-room]
    above, tied = chance > edge, chance == edge
    return (happened[above].sum() + (room - above.sum()) * happened[tied].mean()) / room
