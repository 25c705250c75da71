"""Wallets of customers split over firms, as one of them turns to its best customers."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit, ndtri

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab._groups import repeat
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

FIRMS = ("A", "B", "C", "others")
# Which parts of what A does not get, on average, go to the others.
RIVALS = (0.40, 0.25, 0.35)
SIGMA = 1.711  # lognormal: 15 % of the customers have 75 % of the money
GOOD, BASE, UNLIKE = 0.15, -0.85, 0.5
DIP_MONTHS, KEPT, WOBBLE, SHOCK, PASSES = 3, 0.9, 0.7, 0.45, 6.0
GROUPS = ("good, contacted", "good, left alone", "small")


def simulate_wallets(
    n: int,
    *,
    months: int = 36,
    start: int = 7,
    effect: float = 0.8,
    neglect: float = 1.0,
    luck: bool = False,
    contacted: float = 0.5,
    seed: Seed,
) -> Simulated:
    """Simulate what `n` customers spend with firms A, B, C and others, month by month.

    Model
    -----
    A customer's category spend is lognormal with sigma 1.711, drawn as stratified quantiles, so
    that 15 % of the customers have 75 % of the money; a month's is that times Gamma(4) / 4. The
    share that A gets has the logit
        b + z,    b ~ N(-.85, .5^2),    z an AR(1) noise with memory .9
    and spread .7 (.1 without luck).
    The rest is split over B, C and others as .40, .25, .35, times exp(.5 N(0, 1)) each.

    From the month `start` on A turns to its *good* customers, `contacted` of them, at random. The
    logit of a contacted one rises in a line, by `effect` up to the last month; that of a small
    customer falls by `neglect` within three months, and stays. So A's market share dips, then
    recovers and passes what it was, while its share in good wallets rises all the time. The good
    are the 15 % of customers who brought A most before.

    With `luck` nothing that A does has an effect (`effect` and `neglect` are 0 then). All of A's
    logits fall by .45 in the month `start` and come back, exp(-t / 6 months); and the good are, of
    the 30 % who spend most, the half in whose wallets A's share was lowest in the three
    months before. The two lines look much the same; the good who were left alone tell.

    Parameters
    ----------
    n : int, at least 20
    months : int, at least start + 6
    start : int, at least 4
    effect, neglect : float, in the logit of the share
    luck : bool
    contacted : float in [0, 1], share of the good who are contacted, at random
    seed : int, SeedSequence or Generator
        Same seed, same customers.

    Returns
    -------
    data : DataFrame, one row per customer and month, by both
        customer_id, month : int64, both from 1
        group : str, "good, contacted", "good, left alone" or "small"
        A, B, C, others : float64, CNY
    truth : DataFrame, one row per customer
        customer_id : int64
        share_before, share_after : float64, A's true share in the wallet before the start and in
            the last month, without the noise

    Raises
    ------
    OutOfRangeError
        If `n` is below 20, `start` below 4, `months` below start + 6, `effect` or `neglect` is not
        finite, `contacted` lies outside [0, 1], or `seed` is no seed.

    See Also
    --------
    crmlab.customers.measure.share_paths : the lines.
    crmlab.customers.measure.wallet_effect : contacted against left alone.

    Examples
    --------
    >>> data, truth = simulate_wallets(100, seed=1)
    >>> data["group"].nunique(), len(data)
    (3, 3600)
    """
    require_real(effect=effect, neglect=neglect, contacted=contacted)
    require_at_least("n", n, 20)
    require_at_least("start", start, 4)
    require_at_least("months", months, start + 6)
    if not (np.isfinite(effect) and np.isfinite(neglect) and 0 <= contacted <= 1):
        raise OutOfRangeError("effect and neglect must be finite, contacted a share in [0, 1].")
    rng = stream_of(seed, "simulate_wallets")
    wallet = np.exp(SIGMA * ndtri((rng.permutation(n) + 0.5) / n) + 5)
    base = rng.normal(BASE, UNLIKE, n)
    wobble = _wobble(rng, n, months, WOBBLE if luck else 0.1)
    month = np.arange(1, months + 1)
    since = month - start
    shock = np.where(since >= 0, -SHOCK * np.exp(-since / PASSES), 0.0) if luck else 0.0
    spend = wallet[:, None] * rng.gamma(4, 1 / 4, (n, months))
    logit = base[:, None] + wobble + shock
    good = _worst(wallet, expit(logit), start) if luck else _best(spend * expit(logit), start)
    lot = good[rng.permutation(len(good))]
    group = np.full(n, 2)
    group[lot] = (np.arange(len(lot)) >= round(contacted * len(lot))).astype("int64")
    rise = np.clip((since + 1) / (months - start + 1), 0, 1)
    fall = np.clip((since + 1) / DIP_MONTHS, 0, 1)
    pushed = np.array([effect, 0.0, 0.0])[group] * (not luck)
    dropped = np.array([0.0, 0.0, neglect])[group] * (not luck)
    share = expit(logit + pushed[:, None] * rise - dropped[:, None] * fall)
    parts = np.array(RIVALS) * np.exp(0.5 * rng.normal(size=(n, 3)))
    parts /= parts.sum(axis=1, keepdims=True)
    rest = (spend * (1 - share))[:, :, None] * parts[:, None, :]
    number = np.arange(1, n + 1)
    data = pd.DataFrame(
        {
            "customer_id": repeat(number, months),
            "month": np.tile(month, n),
            "group": pd.Series(np.array(GROUPS)[repeat(group, months)], dtype="str"),
            "A": (spend * share).ravel().round(2),
            **{name: rest[:, :, k].ravel().round(2) for k, name in enumerate(FIRMS[1:])},
        }
    )
    last = base + pushed * rise[-1] - dropped * fall[-1]
    truth = {"customer_id": number, "share_before": expit(base), "share_after": expit(last)}
    return Simulated(data, pd.DataFrame(truth))


def _wobble(rng: np.random.Generator, n: int, months: int, spread: float) -> np.ndarray:
    """Return noise of this spread that keeps nine tenths of itself from month to month."""
    steps = rng.normal(size=(n, months))
    steps[:, 1:] *= np.sqrt(1 - KEPT**2)
    for month in range(1, months):
        steps[:, month] += KEPT * steps[:, month - 1]
    return spread * steps


def _best(ours: np.ndarray, start: int) -> np.ndarray:
    """Return the rows of the 15 % who brought us most before the start."""
    count = round(GOOD * len(ours))
    return np.argsort(-ours[:, : start - 1].sum(axis=1), kind="stable")[:count]


def _worst(wallet: np.ndarray, share: np.ndarray, start: int) -> np.ndarray:
    """Return, of the 30 % with the largest wallets, the half with our lowest share just before."""
    count = round(GOOD * len(wallet))
    large = np.argsort(-wallet, kind="stable")[: 2 * count]
    recent = share[large, start - 4 : start - 1].mean(axis=1)
    return large[np.argsort(recent, kind="stable")[:count]]
