"""Whether an effect lasts: week by week."""

from __future__ import annotations

import pandas as pd

from crmlab._checks import (
    require_columns,
    require_key,
    require_numbers,
    require_rows,
    require_values,
)
from crmlab._purchases import as_frame, plain_values
from crmlab.campaigns.measure.effect import treatment_effect


def effect_by_week(
    trial: pd.DataFrame,
    *,
    outcome: str = "spend",
    treated: str = "treated",
    week: str = "week",
    customer: str = "customer_id",
) -> pd.DataFrame:
    """Effect of a campaign in each week, and of all weeks so far: novelty wears off (新奇效应).

    Parameters
    ----------
    trial : DataFrame, one row per customer and week
        `customer`; `week` : number; `treated` : bool; `outcome` : number
    outcome, treated, week, customer : str

    Returns
    -------
    DataFrame, one row per week, by week
        week : as given
        effect, standard_error, low, high : float64, with the 95% interval of each week alone
        so_far : float64, mean effect of the weeks up to this one: what a short test reports

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, OutOfRangeError
        As `treatment_effect`; also if a customer has a week twice.

    See Also
    --------
    crmlab.campaigns.plot.plot_effect_by_week : draws this frame.

    Examples
    --------
    >>> trial = pd.DataFrame({"customer_id": [1, 2, 3, 4] * 2, "week": [0] * 4 + [1] * 4,
    ...     "treated": [True, True, False, False] * 2, "spend": [9.0, 7, 2, 2, 5, 3, 2, 2]})
    >>> effect_by_week(trial)[["week", "effect", "so_far"]]
       week  effect  so_far
    0     0     6.0     6.0
    1     1     2.0     4.0
    """
    frame = as_frame(trial)
    require_columns(frame, outcome=outcome, treated=treated, week=week, customer=customer)
    require_rows(frame)
    require_values(frame, outcome, treated, week, customer)
    frame = frame.assign(**{week: plain_values(frame[week])})
    require_numbers(frame, week)
    require_key(frame, customer, week)
    names = {"outcome": outcome, "treated": treated, "customer": customer}
    rows = [
        treatment_effect(part, **names).assign(week=number)
        for number, part in frame.groupby(week, sort=True)
    ]
    table = pd.concat(rows, ignore_index=True)
    table = table[["week", "effect", "standard_error", "low", "high"]]
    return table.assign(so_far=table["effect"].expanding().mean())
