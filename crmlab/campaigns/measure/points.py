"""What baskets earn when several offers of points meet."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_columns,
    require_numbers,
    require_one_of,
    require_positive,
    require_rows,
    require_truths,
    require_values,
)
from crmlab._purchases import as_frame
from crmlab.errors import BadRowsError, OutOfRangeError, WrongTypeError

# The four offers of the course's case of Shell Canada, by the column that says who meets them.
OFFERS = {"more_fuel": 2.0, "fuel_and_shop": 2.0, "new_address": 2.0, "reopening": 3.0}
WAYS = ("most", "add", "multiply")


def basket_points(
    baskets: pd.DataFrame,
    *,
    offers: Mapping[str, float] = OFFERS,
    combine: str = "most",
    spend: str = "spend",
    per_point: float = 1.0,
) -> pd.DataFrame:
    """Points (积分) of each basket, where it may meet several offers at once.

    Parameters
    ----------
    baskets : DataFrame, one row per basket
        `spend` : number of 0 or more; for each offer a column of True and False
    offers : mapping of column to multiple, each 1 or more
        By default those of Shell Canada: double points for more fuel than usual, for fuel and shop
        together, and at a station's new address, triple ones at a reopening.
    combine : "most", "add" or "multiply"
        The best offer alone; the extra of all (2x and 3x make 4x); or all one upon the other (6x).
    spend : str
    per_point : float above 0
        Spend for a point; a part of one earns nothing.

    Returns
    -------
    DataFrame, the rows of `baskets` in their order, with
        multiple : float64
        base_points, points : int64, without and with the offers

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError
        If a column or a value is missing, spend is below 0, or an offer's column holds neither
        True nor False.
    OutOfRangeError
        If there are no offers, a multiple is below 1, or `combine` is unknown.

    Examples
    --------
    >>> baskets = pd.DataFrame({"spend": [40.0, 40.0], "more_fuel": [True, True],
    ...                         "reopening": [False, True]})
    >>> offers = {"more_fuel": 2, "reopening": 3}
    >>> [basket_points(baskets, offers=offers, combine=way)["points"].tolist()
    ...  for way in ("most", "add", "multiply")]
    [[80, 120], [80, 160], [80, 240]]
    """
    frame = as_frame(baskets)
    if not isinstance(offers, Mapping) or not offers:
        raise WrongTypeError(
            f"offers must be a mapping such as {{'reopening': 3}}; got {offers!r}."
        )
    require_one_of("combine", combine, WAYS)
    require_positive("per_point", per_point)
    require_columns(frame, *offers, spend=spend)
    require_rows(frame)
    require_values(frame, *offers, spend)
    require_numbers(frame, spend)
    require_truths(frame, *offers)
    multiple = np.array([*offers.values()], dtype="float64")
    if not (np.isfinite(multiple) & (multiple >= 1)).all():
        raise OutOfRangeError(f"a multiple must be 1 or more; got {dict(offers)}.")
    money = frame[spend].to_numpy("float64")
    below = np.flatnonzero(money < 0)
    if below.size:
        raise BadRowsError(
            f"{below.size} basket(s) have a {spend} below 0: {below[:10].tolist()}. Take the "
            "points of a refund back from the basket that earned them."
        )
    met = np.stack([frame[name].to_numpy().astype(bool) for name in offers], axis=1)
    each = np.where(met, multiple, 1.0)
    times = {
        "most": each.max(axis=1),
        "add": 1 + (each - 1).sum(axis=1),
        "multiply": each.prod(axis=1),
    }[combine]
    base = np.floor(money / per_point + 1e-9)
    points = np.rint(base * times).astype(np.int64)
    return frame.assign(multiple=times, base_points=base.astype(np.int64), points=points)
