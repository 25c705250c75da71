"""What delights when it is good, and what only hurts when it is bad."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmlab._checks import (
    names_of,
    require_columns,
    require_numbers,
    require_rows,
    require_truths,
    require_values,
)
from crmlab._regression import least_squares
from crmlab.errors import OutOfRangeError


def reward_penalty(
    answers: pd.DataFrame, *, drivers: Sequence[str], overall: str = "overall"
) -> pd.DataFrame:
    """Rewards and penalties of a service's parts: what better adds, and what worse takes.

    One weight per driver takes up and down to be alike. Here each has two: a "basic" part (基本型)
    hurts when bad and earns nothing when good, an "exciting" one (魅力型) the other way round, a
    "performance" part (期望型) does both, and a part for which neither shows is "unproven".

    Parameters
    ----------
    answers : DataFrame, one row per customer
        "<driver>_high", "<driver>_low" : 1 or True if better, or worse, than expected, else 0
        `overall` : numbers
    drivers : sequence of str
        Names without the endings.
    overall : str

    Returns
    -------
    DataFrame, one row per driver, in the order given
        driver : str
        reward, reward_low, reward_high : float64, points of the whole, with 95 % interval
        penalty, penalty_low, penalty_high : float64, points taken, above 0 where it hurts
        kind : str, "basic", "performance", "exciting" or "unproven"; an effect counts where its
            interval lies above 0

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    OutOfRangeError
        If the whole is no number, another column is not 1 and 0, or one never varies on its own.

    Source
    ------
    Kano et al. (1984); penalty-reward contrasts: Matzler and Sauerwein (2002),
    doi:10.1108/09564230210445078.

    See Also
    --------
    crmlab.loyalty.simulate.simulate_reactions : answers whose rewards and penalties are known.

    Examples
    --------
    >>> from crmlab.loyalty import simulate_reactions
    >>> answers, _ = simulate_reactions(3_000, seed=1)
    >>> reward_penalty(answers, drivers=["staff", "delivery", "gift"])[["driver", "kind"]]
         driver         kind
    0     staff  performance
    1  delivery        basic
    2      gift     exciting
    """
    names = names_of("drivers", drivers)
    if not names:
        raise OutOfRangeError("there is no driver; name at least one with drivers=…")
    columns = [f"{name}_{end}" for name in names for end in ("high", "low")]
    require_columns(answers, *columns, overall=overall)
    require_rows(answers)
    require_values(answers, *columns, overall)
    require_truths(answers, *columns)
    require_numbers(answers, overall)
    x, y = answers[columns].to_numpy("float64"), answers[overall].to_numpy("float64")
    x, y = x - x.mean(axis=0), y - y.mean()
    table = least_squares(x, y, names=columns, absorbed=1).table()
    up, down = table.iloc[::2].reset_index(drop=True), table.iloc[1::2].reset_index(drop=True)
    delights, hurts = up["low"] > 0, down["high"] < 0
    kind = np.select(
        [delights & hurts, hurts, delights], ["performance", "basic", "exciting"], "unproven"
    )
    return pd.DataFrame(
        {
            "driver": pd.Series(names, dtype="str"),
            "reward": up["coefficient"],
            "reward_low": up["low"],
            "reward_high": up["high"],
            "penalty": -down["coefficient"],
            "penalty_low": -down["high"],
            "penalty_high": -down["low"],
            "kind": pd.Series(kind, dtype="str"),
        }
    )
