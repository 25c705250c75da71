"""How much of the differences in satisfaction each driver explains."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import cache
from math import factorial

import numpy as np
import pandas as pd
from scipy.special import expit

from crmlab._checks import Seed, require_at_least, stream_of
from crmlab._intervals import Z
from crmlab.errors import CorrelatedDriversWarning, OutOfRangeError
from crmlab.loyalty.measure.drivers import rated

MOST = 16
MOST_ALIKE = 5.0


def driver_importance(
    answers: pd.DataFrame,
    *,
    drivers: Sequence[str] | None = None,
    overall: str = "overall",
    resamples: int = 200,
    seed: Seed | None = None,
) -> pd.DataFrame:
    """Shares of R squared that the drivers explain, by Shapley's rule (LMG, 夏普利值).

    What a driver adds to R squared depends on which others are in the regression already; the
    average over all orders is its importance. Only correlations enter, so units do not matter.
    Importance is no weight: drivers that go together share what they explain, and one that does
    nothing gets a part of what its company explains. A weight says what a change would do;
    an importance says whose differences go with differences in the whole.

    Parameters
    ----------
    answers : DataFrame, one row per customer: the drivers and the whole, as numbers
    drivers : sequence of str, optional
        At most 16 columns; every column but the whole and customer_id when omitted.
    overall : str
    resamples : int, 0 or more
        Bootstrap samples for the intervals; 0 for none.
    seed : int, SeedSequence or Generator
        Needed for the intervals.

    Returns
    -------
    DataFrame, one row per driver, most important first
        driver : str
        r_squared : float64, the part of R squared; all parts add up to that of the regression
        share, share_low, share_high : float64, of R squared, with a 95 % interval from the
            bootstrap's standard error of the log odds; a driver whose true share is 0 is not in it
        correlation : float64, with the whole
        vif : float64, variance inflation by the other drivers: 1 if they are unrelated

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column is not there, or a row has no value.
    OutOfRangeError
        If a column holds no numbers or one value, drivers repeat each other, or there are more
        than 16.

    Warns
    -----
    CorrelatedDriversWarning
        If a `vif` exceeds 5: the data can hardly tell those drivers apart.

    See Also
    --------
    satisfaction_drivers : the weights.

    Source
    ------
    Lindeman, Merenda and Gold (1980), Introduction to Bivariate and Multivariate Analysis; as in
    Grömping (2006), doi:10.18637/jss.v017.i01. Shapley (1953), doi:10.1515/9781400881970-018.

    Examples
    --------
    >>> answers = pd.DataFrame({"staff": [1, 2, 3, 4, 5], "price": [2, 1, 3, 1, 2]})
    >>> answers["overall"] = 0.8 * answers["staff"] + 0.2 * answers["price"]
    >>> driver_importance(answers, resamples=0)[["driver", "share", "vif"]].round(2)
      driver  share  vif
    0  staff   0.98  1.0
    1  price   0.02  1.0
    """
    chosen, x, y = rated(answers, drivers, overall)
    if len(chosen) > MOST:
        raise OutOfRangeError(
            f"{len(chosen)} drivers have 2**{len(chosen)} sets; at most {MOST} can be weighed. "
            "Join those that mean the same, or name fewer with drivers=…"
        )
    require_at_least("resamples", resamples, 0)
    rng = stream_of(seed) if resamples else None  # pyright: ignore[reportArgumentType]
    columns = np.column_stack([x, y])
    names = np.array([*chosen, overall], dtype=object)
    flat = names[np.ptp(columns, axis=0) == 0].tolist()
    if flat:
        raise OutOfRangeError(f"{flat} have one value in all rows, so nothing goes with them.")

    correlation = np.corrcoef(columns.T)
    inner = correlation[:-1, :-1]
    if np.linalg.eigvalsh(inner)[0] < 1e-9:
        raise OutOfRangeError(
            "some drivers repeat what others say, so that their parts cannot be told. Leave out "
            f"one of them; there are {chosen}."
        )
    vif = np.diag(np.linalg.inv(inner))
    alike = [name for name, one in zip(chosen, vif, strict=True) if one > MOST_ALIKE]
    if alike:
        warnings.warn(
            f"{alike} go together with the other drivers so closely that the data hardly tell them "
            f"apart (vif up to {vif.max():.0f}). Join some to one, or ask more customers.",
            CorrelatedDriversWarning,
            stacklevel=2,
        )
    parts = lmg(correlation)
    table = pd.DataFrame(
        {
            "driver": pd.Series(chosen, dtype="str"),
            "r_squared": parts,
            "share": parts / parts.sum(),
            "share_low": np.nan,
            "share_high": np.nan,
            "correlation": correlation[:-1, -1],
            "vif": vif,
        }
    )
    if rng is not None:
        drawn = _resampled(columns, resamples, rng)
        again = lmg(drawn)
        again = _logit(again / again.sum(axis=1, keepdims=True))
        middle, reach = _logit(parts / parts.sum()), Z * again.std(axis=0, ddof=1)
        table["share_low"], table["share_high"] = expit([middle - reach, middle + reach])
    return table.sort_values("share", ascending=False, kind="stable", ignore_index=True)


def lmg(correlation: np.ndarray) -> np.ndarray:
    """Return each driver's part of R squared from correlation matrices (..., q + 1, q + 1).

    The outcome is last.
    """
    *many, width, _ = correlation.shape
    q = width - 1
    # For each set of the drivers so far: R squared, and what it leaves of the others' correlations.
    rest, r2 = correlation.reshape(-1, 1, width, width), np.zeros((1, 1))
    for _ in range(q):
        lead = rest[..., 0, :]
        pivot, others = lead[..., 0], rest[..., 1:, 1:]
        taken = lead[..., 1:, None] * (lead[..., None, 1:] / pivot[..., None, None])
        rest = np.concatenate([others, others - taken], axis=1)
        r2 = np.concatenate([r2 + 0 * pivot, r2 + lead[..., -1] ** 2 / pivot], axis=1)
    parts = np.empty((len(r2), q))
    weight = _weights(q)
    for driver in range(q):
        without = _without(q, driver)
        gain = r2[:, without | 1 << driver] - r2[:, without]
        parts[:, driver] = gain @ weight[driver]
    return parts.reshape(*many, q)


@cache
def _without(q: int, driver: int) -> np.ndarray:
    """Return the numbers of all sets that lack a driver."""
    index = np.arange(1 << q, dtype=np.intp)
    return index[(index >> driver) & 1 == 0]


@cache
def _weights(q: int) -> list[np.ndarray]:
    """Return the share of orders in which each set stands before each driver."""
    share = np.array(
        [factorial(k) * factorial(q - k - 1) / factorial(q) for k in range(q)], dtype="float64"
    )
    size = np.array([int(one).bit_count() for one in range(1 << q)], np.intp)
    return [share[size[_without(q, driver)]] for driver in range(q)]


def _logit(share: np.ndarray) -> np.ndarray:
    share = np.clip(share, 1e-9, 1 - 1e-9)
    return np.log(share / (1 - share))


def _resampled(columns: np.ndarray, resamples: int, rng: np.random.Generator) -> np.ndarray:
    """Return the correlation matrices of bootstrap samples of the rows."""
    n = len(columns)
    found = np.empty((resamples, columns.shape[1], columns.shape[1]))
    done = 0
    while done < resamples:
        count = rng.multinomial(n, np.full(n, 1 / n)).astype("float64")
        mean = count @ columns / n
        spread = (columns * count[:, None]).T @ columns / n - np.outer(mean, mean)
        size = np.sqrt(np.diag(spread))
        # A sample in which a rating never varies says nothing; draw again.
        if (size > 1e-9).all():
            found[done] = spread / np.outer(size, size)
            if np.linalg.eigvalsh(found[done, :-1, :-1])[0] > 1e-9:
                done += 1
    return found
