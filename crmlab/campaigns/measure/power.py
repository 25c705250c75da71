"""How many customers a trial needs to find an effect that is there."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import ndtr

from crmlab._checks import require_at_least, require_list, require_positive, require_real
from crmlab.errors import OutOfRangeError

_Z = NormalDist().inv_cdf


def power_curve(
    customers: Iterable[int],
    *,
    effect: float,
    rate: float | None = None,
    sd: float | None = None,
    control: float = 0.5,
    correlation: float = 0.0,
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Power (检验功效) of trials of these sizes: the chance to find an effect that is there.

    Parameters
    ----------
    customers : whole numbers, treated and control together, each at least 4
    effect : float, not 0
        What the campaign adds: to the share who buy, or to the mean.
    rate : float in (0, 1)
        Share of the control group who buy; for money give `sd` instead.
    sd : float above 0
        Standard deviation of the outcome among customers.
    control : float in (0, 1)
        Share of the customers in the control group.
    correlation : float in (-1, 1)
        Of the outcome with what stands before it: CUPED leaves 1 - correlation**2 of the variance.
    alpha : float in (0, 1)
        Chance of a false alarm, two-sided.

    Returns
    -------
    DataFrame, one row per size
        customers : int64
        standard_error, power : float64
        least_effect : float64, what would be found with a power of 80%

    Raises
    ------
    OutOfRangeError
        If a number of `customers` is below 4; `effect` is 0 or not finite; not exactly one of
        `rate` and `sd` is given; `sd` is not above 0; `rate`, `rate + effect`, `control` or `alpha`
        lies outside (0, 1); or `correlation` outside (-1, 1).

    See Also
    --------
    trial_size : the other way round.
    crmlab.campaigns.plot.plot_power_curve : draws this frame.

    Source
    ------
    Normal approximation: Cohen (1988), Statistical power analysis for the behavioral sciences.

    Examples
    --------
    >>> power_curve([1_000, 4_000], effect=0.05, rate=0.2)[["customers", "power"]].round(2)
       customers  power
    0       1000   0.47
    1       4000   0.97
    """
    require_real(effect=effect, control=control, correlation=correlation, alpha=alpha)
    if rate is not None:
        require_real(rate=rate)
    require_list("customers", customers, "[1_000, 4_000]")
    n = [*customers]
    for size in n:
        require_at_least("every number of customers", size, 4)
    each = _variance_each(effect, rate, sd, control, correlation)
    require_alpha(alpha)
    error = np.sqrt(each / np.array(n, dtype="float64"))
    z = _Z(1 - alpha / 2)
    power = ndtr(abs(effect) / error - z) + ndtr(-abs(effect) / error - z)
    return pd.DataFrame(
        {
            "customers": np.array(n, dtype=np.int64),
            "standard_error": error,
            "power": power,
            "least_effect": (z + _Z(0.8)) * error,
        }
    )


def trial_size(
    *,
    effect: float,
    rate: float | None = None,
    sd: float | None = None,
    power: float = 0.8,
    control: float = 0.5,
    correlation: float = 0.0,
    alpha: float = 0.05,
) -> int:
    """Return how many customers a trial needs, treated and control together (样本量).

    Parameters
    ----------
    effect, rate, sd, control, correlation, alpha
        As in `power_curve`.
    power : float in (0, 1)
        Chance to find the effect.

    Raises
    ------
    OutOfRangeError
        As `power_curve`; also if `power` lies outside (alpha, 1).

    Examples
    --------
    >>> trial_size(effect=0.05, rate=0.2)
    2182
    """
    require_real(effect=effect, power=power, control=control, correlation=correlation, alpha=alpha)
    if rate is not None:
        require_real(rate=rate)
    each = _variance_each(effect, rate, sd, control, correlation)
    require_alpha(alpha)
    if not alpha < power < 1:
        raise OutOfRangeError(f"power must lie between alpha and 1; got {power!r}.")
    z = _Z(1 - alpha / 2)
    # The other side of the test adds to the power where that is low: solved, not approximated.
    most = z + _Z(power) + 1
    far: Any = brentq(lambda d: ndtr(d - z) + ndtr(-d - z) - power, 0, most)
    return int(np.ceil(each * (far / effect) ** 2 - 1e-9))


def _variance_each(
    effect: float, rate: float | None, sd: float | None, control: float, correlation: float
) -> float:
    """Return the variance of the estimated effect, times the customers of the whole trial."""
    if not np.isfinite(effect) or effect == 0:
        raise OutOfRangeError(f"effect must be a finite number other than 0; got {effect!r}.")
    if (rate is None) == (sd is None):
        raise OutOfRangeError("give rate=… for a share of buyers, or sd=… for money; one of them.")
    if not 0 < control < 1:
        raise OutOfRangeError(f"control must lie between 0 and 1, not a percent; got {control!r}.")
    if not -1 < correlation < 1:
        raise OutOfRangeError(f"correlation must lie between -1 and 1; got {correlation!r}.")
    if rate is not None:
        if not 0 < rate < 1 or not 0 < rate + effect < 1:
            raise OutOfRangeError(
                f"rate and rate + effect must lie between 0 and 1; got {rate!r} and {effect!r}."
            )
        parts = (rate + effect) * (1 - rate - effect), rate * (1 - rate)
    else:
        require_positive("sd", sd)  # pyright: ignore[reportArgumentType]
        parts = (sd**2, sd**2)  # pyright: ignore[reportOptionalOperand]
    return (parts[0] / (1 - control) + parts[1] / control) * (1 - correlation**2)


def require_alpha(alpha: float) -> None:
    """Raise OutOfRangeError unless `alpha` is a chance."""
    if not 0 < alpha < 1:
        raise OutOfRangeError(f"alpha must lie between 0 and 1, not a percent; got {alpha!r}.")
