"""What looking at a trial early costs, and bounds that may be looked at."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_numbers,
    require_one_of,
    require_positive,
    require_real,
    require_rows,
    require_values,
)
from crmlab._groups import bincount
from crmlab._purchases import as_frame
from crmlab.campaigns.measure.power import require_alpha
from crmlab.errors import OutOfRangeError

_Z = NormalDist().inv_cdf
BOUNDS = ("pocock", "obrien-fleming")


def false_alarms(looks: int, *, z: float = _Z(0.975)) -> pd.DataFrame:
    """Chance of a false alarm when data are looked at again and again (偷看, peeking).

    Equal parts of the data come in before each look. Whoever calls a success at the first look
    beyond `z` standard errors has as many chances to be fooled as there are looks.

    Parameters
    ----------
    looks : int, at least 1
    z : float above 0

    Returns
    -------
    DataFrame, one row per look: look (int64); false_alarm (float64), at this look or before

    Raises
    ------
    OutOfRangeError
        If `looks` is below 1, or `z` is not above 0.

    See Also
    --------
    sequential_bounds : bounds that keep the promise.

    Source
    ------
    Armitage, McPherson and Rowe (1969), Repeated significance tests on accumulating data,
    doi:10.2307/2343787, whose recursion this is.

    Examples
    --------
    >>> false_alarms(5)["false_alarm"].round(3).tolist()
    [0.05, 0.083, 0.107, 0.126, 0.142]
    """
    require_at_least("looks", looks, 1)
    require_positive("z", z)
    never = _never_beyond(np.full(looks, float(z)))
    return pd.DataFrame({"look": np.arange(1, looks + 1), "false_alarm": 1 - never})


def sequential_bounds(looks: int, *, kind: str = "pocock", alpha: float = 0.05) -> pd.DataFrame:
    """Bounds for the test statistic at each look, so that all looks together keep `alpha`.

    Parameters
    ----------
    looks : int, at least 1
        Planned, with equal parts of the data before each.
    kind : "pocock" or "obrien-fleming"
        The same bound at each look, or one that is high at first and near the usual at the end.
    alpha : float in (0, 1)

    Returns
    -------
    DataFrame, one row per look
        look : int64
        bound : float64, stop where the statistic lies beyond it, on either side
        false_alarm : float64, chance to have stopped by then although there is no effect

    Raises
    ------
    OutOfRangeError
        If `looks` is below 1, `kind` is unknown, or `alpha` lies outside (0, 1).

    See Also
    --------
    crmlab.campaigns.plot.plot_peeking : draws what they prevent.

    Source
    ------
    Pocock (1977), doi:10.1093/biomet/64.2.191; O'Brien and Fleming (1979), doi:10.2307/2530245;
    constants as in Jennison and Turnbull (2000), Group sequential methods, tables 2.1 and 2.3.

    Examples
    --------
    >>> sequential_bounds(5)["bound"].round(3).tolist()
    [2.413, 2.413, 2.413, 2.413, 2.413]
    >>> sequential_bounds(5, kind="obrien-fleming")["bound"].round(2).tolist()
    [4.56, 3.23, 2.63, 2.28, 2.04]
    """
    require_real(alpha=alpha)
    require_at_least("looks", looks, 1)
    require_one_of("kind", kind, BOUNDS)
    require_alpha(alpha)
    bound = _scale(looks, kind, alpha) * _shape(looks, kind)
    return pd.DataFrame(
        {
            "look": np.arange(1, looks + 1),
            "bound": bound,
            "false_alarm": 1 - _never_beyond(bound),
        }
    )


def alarms_by_look(
    looks: pd.DataFrame, *, bounds: Sequence[float] | float = _Z(0.975)
) -> pd.DataFrame:
    """Share of tests that have lain beyond a bound at some look so far.

    Parameters
    ----------
    looks : DataFrame, one row per test and look: test; look, from 1; z, the statistic
    bounds : float above 0, or one for each look

    Returns
    -------
    DataFrame, one row per look
        look : int64
        tests, alarms : int64, tests, and those that called it a success by now
        share : float64

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, or a test has not all looks.
    OutOfRangeError
        If there are no rows, or a bound is missing or not above 0.

    Examples
    --------
    >>> looks = pd.DataFrame({"test": [1, 1, 2, 2], "look": [1, 2] * 2, "z": [2.5, 1.0, 0.3, 0.1]})
    >>> alarms_by_look(looks)["share"].tolist()
    [0.5, 0.5]
    """
    frame = as_frame(looks)
    require_columns(frame, "test", "look", "z")
    require_rows(frame)
    require_values(frame, "test", "look", "z")
    require_numbers(frame, "look", "z")
    table = frame.pivot_table(index="test", columns="look", values="z", sort=True)
    if table.size != len(frame) or table.isna().to_numpy().any():
        raise OutOfRangeError("each test needs each look once; look at frame.value_counts('look').")
    limit = np.broadcast_to(np.asarray(bounds, dtype="float64"), (table.shape[1],))
    if not (limit > 0).all():
        raise OutOfRangeError(f"bounds must lie above 0; got {[*map(float, limit)]}.")
    beyond = np.abs(table.to_numpy("float64")) > limit
    first = np.where(beyond.any(axis=1), beyond.argmax(axis=1), table.shape[1])
    alarms = bincount(first, minlength=table.shape[1] + 1)[:-1].cumsum()
    return pd.DataFrame(
        {
            "look": table.columns.to_numpy().astype(np.int64),
            "tests": np.full(table.shape[1], len(table), dtype=np.int64),
            "alarms": alarms,
            "share": alarms / len(table),
        }
    )


def _shape(looks: int, kind: str) -> np.ndarray:
    """Return how high the bound of each look is beside that of the last."""
    if kind == "pocock":
        return np.ones(looks)
    return np.sqrt(looks / np.arange(1, looks + 1))


@cache
def _scale(looks: int, kind: str, alpha: float) -> float:
    """Return the bound of the last look with which all looks together keep `alpha`."""
    single, shape = _Z(1 - alpha / 2), _shape(looks, kind)
    if looks == 1:
        return single
    most = 3 * single + 3
    scale: Any = brentq(lambda c: 1 - _never_beyond(c * shape)[-1] - alpha, single, most)
    return scale


def _never_beyond(bounds: np.ndarray) -> np.ndarray:
    """Return the chance to have stayed within the bounds up to each look, without an effect."""
    kept = np.empty(len(bounds))
    place = mass = np.zeros(0)
    for look, bound in enumerate(bounds, 1):
        edge = bound * np.sqrt(look)
        node, weight = _nodes(32 * int(np.ceil((30 + 3 * edge) / 32)))
        here = edge * node
        came = here[:, None] - place if look > 1 else here[:, None]
        density = np.exp(-(came**2) / 2) / np.sqrt(2 * np.pi)
        density = density @ mass if look > 1 else density[:, 0]
        place, mass = here, edge * weight * density
        kept[look - 1] = mass.sum()
    return kept


@cache
def _nodes(many: int) -> tuple[np.ndarray, np.ndarray]:
    """Return places and weights of Gauss and Legendre's rule on (-1, 1)."""
    return np.polynomial.legendre.leggauss(many)
