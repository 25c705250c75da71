"""The chance to be alive over time, and over all histories a customer could have."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from crmlab._checks import (
    numbers_of,
    require_at_least,
    require_kind,
    require_list,
    require_positive,
)
from crmlab._groups import repeat
from crmlab.errors import EmptyError, OutOfRangeError
from crmlab.lifetime.model.btyd import BuyTillYouDie


def alive_over_time(
    model: BuyTillYouDie, *, weeks: Iterable[float], until: float, step: float = 1
) -> pd.DataFrame:
    """Return the chance to be alive of one customer as it was known, week by week.

    Parameters
    ----------
    model : fitted, or with known parameters
    weeks : float, ages of the repeat purchases in weeks, above 0, in any order
    until : float, last age to look at, in weeks
    step : float, weeks from look to look

    Returns
    -------
    DataFrame, one row per look, and one just after each purchase
        week : float64, age of the customer
        p_alive : float64 in [0, 1]
        purchase : bool, whether the row is that of a purchase

    Raises
    ------
    OutOfRangeError
        If a purchase lies not above 0, or `until` or `step` is not positive.

    See Also
    --------
    crmlab.lifetime.plot.plot_alive : draws this frame.

    Examples
    --------
    >>> from crmlab.lifetime import BGNBD
    >>> model = BGNBD.known(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> alive_over_time(model, weeks=[2], until=4, step=2).round(2)
       week  p_alive  purchase
    0   0.0     1.00     False
    1   2.0     0.75      True
    2   4.0     0.69     False
    """
    require_positive("until", until)
    require_positive("step", step)
    require_list("weeks", weeks, "[2, 5]")
    require_kind("model", model, BuyTillYouDie, "a model of lifetimes, such as BGNBD()")
    bought = np.sort(numbers_of("weeks", weeks))
    if bought.size and not (bought > 0).all():
        raise OutOfRangeError(f"repeat purchases come at ages above 0; got {bought[:5].tolist()}.")
    bought = bought[bought <= until]
    looks = np.unique(np.concatenate([np.arange(0, until + step / 2, step), bought]))
    looks = looks[looks <= until]
    repeats = np.searchsorted(bought, looks, side="right")
    last = np.where(repeats > 0, np.append(0.0, bought)[repeats], 0.0)
    history = pd.DataFrame({"repeats": repeats, "age_at_last": last, "age": looks})
    alive = model.predict(history, weeks=1)["p_alive"].to_numpy()
    return pd.DataFrame({"week": looks, "p_alive": alive, "purchase": np.isin(looks, bought)})


def frequency_recency(
    model: BuyTillYouDie, *, age: float, most: int, weeks: float = 52
) -> pd.DataFrame:
    """Return what the model says of every history that customers of one age could have.

    Parameters
    ----------
    model : fitted, or with known parameters
    age : float, weeks since the first purchase
    most : int, repeats of the busiest customer
    weeks : float, how far to look ahead

    Returns
    -------
    DataFrame, one row per number of repeats and whole week of the last one
        repeats : int64, 1 to `most`
        age_at_last : float64, weeks
        p_alive, expected_purchases : float64

    See Also
    --------
    crmlab.lifetime.plot.plot_frequency_recency : draws this frame.

    Examples
    --------
    >>> from crmlab.lifetime import BGNBD
    >>> model = BGNBD.known(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> frequency_recency(model, age=2, most=1).round(2)
       repeats  age_at_last  p_alive  expected_purchases
    0        1          1.0     0.71                3.49
    1        1          2.0     0.75                3.69
    """
    require_kind("model", model, BuyTillYouDie, "a model of lifetimes, such as BGNBD()")
    require_at_least("most", most, 1)
    require_positive("age", age)
    last = np.arange(1, int(age) + 1, dtype="float64")
    if not last.size:
        raise EmptyError("an age below one week has no whole weeks to show.")
    repeats = np.arange(1, most + 1)
    grid = pd.DataFrame(
        {"repeats": repeat(repeats, len(last)), "age_at_last": np.tile(last, most), "age": age}
    )
    return grid[["repeats", "age_at_last"]].join(model.predict(grid, weeks=weeks))
