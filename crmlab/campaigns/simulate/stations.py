"""Stations of a chain, some of which close while a programme begins, beside those of others."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri

from crmlab._checks import Seed, require_at_least, require_one_of, require_real, stream_of
from crmlab._groups import repeat
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

# The mean of the better half of lognormal sizes is 2 * Phi(SPREAD) times the mean of all: 1.36.
SPREAD = float(ndtri(0.68))
CLOSED = 1 - 1.16 / 1.36


def simulate_stations(
    n: int,
    *,
    others: int | None = None,
    weeks: int = 26,
    growth: float = 0.16,
    lift: float | None = None,
    closed: float = CLOSED,
    closes: str = "weakest",
    kept: float = 0.5,
    market: float = 0.0,
    drift: float = 0.0,
    noise: float = 0.1,
    seed: Seed,
) -> Simulated:
    """Simulate a chain of stations that closes some and begins a programme, as Shell Canada did.

    Model
    -----
    Station i of the chain has the size s_i = exp(a z_i - a**2 / 2), mean 1, with z_i standard
    normal, drawn stratified, and a = 0.468, so that the better half is 1.36 times as large as the
    mean of all. In week 0 the `closed` share of stations closes: the weakest, or any. Of what those
    sold, `kept` moves to stations of the chain that stay, in proportion to their size. With w the
    share of sales that the closed ones had, the sales of who stays change by
        lift + kept * w / (1 - w),   by default lift = (1 + growth - kept * w) / (1 - w) - 1,
    so that the chain sells 1 + growth times as much as before, and (1 + growth) / (1 - closed)
    times as much per station, the market's own growth apart. With a `lift` of 0 and nothing kept,
    the programme does nothing at all; closing the weakest half then makes the mean station 1.36
    times as large. Sales of station i in week t are
        s_i * (1 + market * [t >= 0]) * season_t * (1 + drift * t) * (1 + change_i * [t >= 0]) * e,
    `drift` of the chain alone: trends that are not parallel; season_t is the same everywhere, and
    as high before week 0 as after;
    log e ~ Normal(-noise**2 / 2, noise). The other stations, of rivals in cities without the
    chain, have neither drift nor change.

    Parameters
    ----------
    n : int, at least 4
        Stations of the chain.
    others : int, optional
        Stations of rivals; as many as the chain has by default.
    weeks : int, at least 2
        Before and after the closures, each.
    growth, market : float above -1
    lift : float above -1, optional
        What the programme does to the stations that stay, in place of `growth`.
    closed, kept : float in [0, 1)
    closes : "weakest" or "any"
    drift : float
        Per week, as a share of a station's sales in week 0, which it must not drive below 0.
    noise : float of 0 or more
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per station and week in which it is open
        station_id : int64
        chain : bool, of the chain, and not of a rival
        week : int64, from -weeks to weeks - 1
        sales : float64, in units of an average station's week
    truth : DataFrame, one row per station of the chain
        station_id : int64
        size : float64
        closed : bool
        lift, moved : float64, shares of its sales that the programme adds, and that came from
            closed stations; 0 where it closed itself

    Raises
    ------
    OutOfRangeError
        If `n` is below 4, `weeks` below 2, `others` or `noise` below 0; `growth`, `market` or
        `lift` is not above -1; `closed` or `kept` lies outside [0, 1); `drift` drives sales below 0
        within `weeks`; `closes` is unknown; or `seed` is no seed.

    See Also
    --------
    crmlab.campaigns.measure.site_change : what happened to the chain and per station.
    crmlab.campaigns.measure.event_study : what the programme did, beside the others.

    Notes
    -----
    +16 % sales, +2 points of the market and +36 % per station are the course's figures of Shell
    Canada (壳牌加拿大); sizes, weeks and rivals are invented.

    Examples
    --------
    >>> data, truth = simulate_stations(100, seed=1)
    >>> int(truth["closed"].sum())
    15
    """
    require_real(growth=growth, closed=closed, kept=kept, market=market, drift=drift, noise=noise)
    if lift is not None:
        require_real(lift=lift)
    require_at_least("n", n, 4)
    others = n if others is None else others
    require_at_least("others", others, 0)
    require_at_least("weeks", weeks, 2)
    require_one_of("closes", closes, ("weakest", "any"))
    for name, share in (("closed", closed), ("kept", kept)):
        if not 0 <= share < 1:
            raise OutOfRangeError(f"{name} must lie in [0, 1), not a percent; got {share!r}.")
    for name, value in (("growth", growth), ("market", market), ("lift", lift or 0.0)):
        if not -1 < value < np.inf:
            raise OutOfRangeError(f"{name} must be a finite number above -1; got {value!r}.")
    if not 0 <= noise < np.inf or abs(drift) * weeks >= 1:
        raise OutOfRangeError(
            f"noise must be 0 or more, and drift times weeks below 1; got {noise!r}, {drift!r}."
        )
    rng = stream_of(seed, "simulate_stations")
    size = _sizes(n, rng)
    gone = np.zeros(n, dtype=bool)
    order = np.argsort(size) if closes == "weakest" else rng.permutation(n)
    gone[order[: round(closed * n)]] = True
    share = size[gone].sum() / size.sum()
    moved = kept * share / (1 - share)
    own = (1 + growth) / (1 - share) - 1 - moved if lift is None else lift
    change = np.where(gone, 0.0, own + moved)
    rival = _sizes(others, rng)
    week = np.arange(-weeks, weeks)
    season = 1 + 0.05 * np.sin(2 * np.pi * week / weeks + rng.uniform(0, 2 * np.pi))
    after = week >= 0
    level = np.concatenate([size, rival])[:, None] * season * (1 + market * after)
    level[:n] *= (1 + drift * week) * (1 + change[:, None] * after)
    level *= rng.lognormal(-(noise**2) / 2, noise, level.shape) if noise else 1.0
    is_open = np.ones(level.shape, dtype=bool)
    is_open[:n] = ~(gone[:, None] & after)
    station = np.arange(1, n + others + 1)
    data = pd.DataFrame(
        {
            "station_id": repeat(station, len(week)),
            "chain": repeat(station <= n, len(week)),
            "week": np.tile(week, len(station)),
            "sales": level.ravel(),
        }
    )[is_open.ravel()].reset_index(drop=True)
    truth = pd.DataFrame({"station_id": station[:n], "size": size, "closed": gone})
    truth = truth.assign(lift=np.where(gone, 0.0, own), moved=np.where(gone, 0.0, moved))
    return Simulated(data, truth)


def _sizes(n: int, rng: np.random.Generator) -> np.ndarray:
    """Return lognormal sizes of mean 1: one from each n-th part, in any order."""
    z = ndtri((rng.permutation(n) + rng.random(n)) / n) if n else np.zeros(0)
    return np.exp(SPREAD * z - SPREAD**2 / 2)
