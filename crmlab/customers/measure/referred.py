"""Whether being brought helps: as it looks, adjusted, and by a trial."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import t

from crmlab._checks import (
    require_columns,
    require_numbers,
    require_rows,
    require_values,
)
from crmlab._regression import least_squares
from crmlab.errors import OutOfRangeError

TOLD, LETTER = "named, told by the friend", "named, told by a letter"


def referral_effect(
    customers: pd.DataFrame,
    *,
    value: str = "spend_cny",
    before: str = "first_basket_cny",
    route: str = "route",
) -> pd.DataFrame:
    """Effect of being told by a friend on the log of `value`: raw, adjusted, and at random.

    *raw* compares who was referred with who came alone. *adjusted* does so among customers with
    like values of `before`, seen before the friend could matter (regression of logs). *at random*
    compares those whom friends named and, at random, told, with those whom friends named and a
    letter told: the same sort of people, so that only the telling differs.

    Parameters
    ----------
    customers : DataFrame, one row per customer
        `value`, `before` : float above 0
        `route` : str, "alone", "referred", and the two of the trial where there was one
    value, before, route : str
        Names of the columns.

    Returns
    -------
    DataFrame, one row per way of comparing
        way : str, "raw", "adjusted", "at random"
        told, others : int64, customers
        effect, low, high : float64, in the log of value, 95 % interval; .1 is about 10 %
            more. NaN without two customers a side

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, OutOfRangeError, EmptyError
        If a column or value is missing, or a value is not above 0.

    See Also
    --------
    crmlab.customers.simulate.simulate_referred : two worlds in which the truth is known.
    crmlab.customers.plot.plot_referral_effect : draws this frame.

    Source
    ------
    Schmitt, Skiera and Van den Bulte (2011), Referral programs and customer value, Journal of
    Marketing 75(1), 46-59, doi:10.1509/jmkg.75.1.46, find 16 % more after adjusting.

    Examples
    --------
    >>> people = pd.DataFrame({"route": ["alone"] * 3 + ["referred"] * 3,
    ...     "first_basket_cny": [10.0, 20, 40, 20, 40, 80],
    ...     "spend_cny": [100.0, 210, 390, 200, 390, 810]})
    >>> referral_effect(people)["effect"].round(2).tolist()[:2]
    [0.68, -0.01]
    """
    require_columns(customers, value=value, before=before, route=route)
    require_rows(customers)
    require_values(customers, value, before, route)
    require_numbers(customers, value, before)
    for name in (value, before):
        low = np.flatnonzero(~(customers[name] > 0))
        if low.size:
            raise OutOfRangeError(
                f"{name} must be above 0, since logarithms are taken; row(s) "
                f"{low[:10].tolist()} are not. Leave out who bought nothing, and say so."
            )
    y, x = (np.log(customers[name].to_numpy("float64")) for name in (value, before))
    way = customers[route].astype("str").to_numpy()
    field = (way == "referred") | (way == "alone")
    trial = (way == TOLD) | (way == LETTER)
    rows = [
        _compared("raw", y[field], way[field] == "referred"),
        _compared("adjusted", y[field], way[field] == "referred", x[field]),
        _compared("at random", y[trial], way[trial] == TOLD),
    ]
    return pd.DataFrame(rows).astype({"way": "str"})


def _compared(way: str, y: np.ndarray, told: np.ndarray, *other: np.ndarray) -> dict[str, object]:
    """Return a row: the effect of `told`, among those alike in `other`."""
    row: dict[str, object] = {"way": way, "told": int(told.sum()), "others": int((~told).sum())}
    if min(told.sum(), (~told).sum()) < 2:
        return row | dict.fromkeys(("effect", "low", "high"), np.nan)
    unlike = [one for one in other if np.ptp(one) > 0]  # what all have alike adjusts nothing
    x = np.column_stack([np.ones(len(y)), told, *unlike])
    # Each row a cluster of its own: the spread may differ between the sides.
    fit = least_squares(
        x, y, names=["all", "told", "before"][: x.shape[1]], clusters=np.arange(len(y))
    )
    effect = float(fit.coefficients[1])
    reach = float(t.ppf(0.975, fit.freedom) * np.sqrt(fit.covariance[1, 1]))
    return row | {"effect": effect, "low": effect - reach, "high": effect + reach}
