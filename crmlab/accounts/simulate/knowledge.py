"""What we believe to know of a rival, checked later; and how long advantages last."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from crmlab._checks import (
    Seed,
    require_at_least,
    require_kind,
    require_positive,
    require_real,
    stream_of,
)
from crmlab._shapes import Simulated
from crmlab._words import N_
from crmlab.accounts.ladder import LEVELS, SOURCES
from crmlab.errors import OutOfRangeError, UnknownNameError

RELIABLE = {
    "competitor's staff": 0.5,
    "those who deal with it": 0.7,
    "media": 0.4,
    "direct observation": 0.9,
}
# What customers rate us above the rival, of points on one scale.
GAPS = {
    "low price": 0.8,
    "new product": -0.6,
    "service habits": 0.5,
    "own network": -1.0,
    "wide range": 0.0,
}
# Median years until a rival has copied it.
LIVES = {
    N_("low price"): 0.5,
    N_("new product"): 1.5,
    N_("service habits"): 4.0,
    N_("own network"): 8.0,
}


def simulate_knowledge(
    n: int, *, known: tuple[int, ...] = (1, 2, 4), chance: float = 0.25, seed: Seed
) -> Simulated:
    """Simulate `n` statements about a rival at each level, each checked by what came later.

    Model
    -----
    A statement answers a question with four answers, so one that rests on nothing is right with a
    chance of 0.25. At a level in `known` it is right with
        chance + (1 - chance) * reliability of its source,
    at any other with `chance`. Direct observation is most reliable (0.9), then those who deal with
    the rival (0.7), its own staff (0.5), media (0.4). Sources are as often.

    Parameters
    ----------
    n : int
        Statements at each level, at least 1.
    known : levels from 1 to 5
        With a gap at 3 by default: whoever knows level 4 and not 3 stands on level 2.
    chance : float in (0, 1)
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per statement
        statement_id, level : int64; source : str; chance : float64; right : bool
    truth : DataFrame, one row per level: level : int64; known : bool

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `chance` lies outside (0, 1), `known` holds anything but 1 to 5, or
        `seed` is no seed.

    See Also
    --------
    crmlab.accounts.measure.knowledge_level : on which level we stand.

    Examples
    --------
    >>> statements, truth = simulate_knowledge(40, seed=1)
    >>> truth["known"].tolist()
    [True, True, False, True, False]
    """
    require_real(chance=chance)
    rng = stream_of(seed, "simulate_knowledge")
    require_at_least("n", n, 1)
    if not 0 < chance < 1:
        raise OutOfRangeError(f"chance must lie in (0, 1); got {chance!r}.")
    if odd := sorted({*known} - {*LEVELS}):
        raise OutOfRangeError(f"known must hold levels of 1 to 5; got {odd}.")
    level = np.tile([*LEVELS], n)
    source = rng.integers(0, len(SOURCES), len(level))
    reliable = np.array([RELIABLE[name] for name in SOURCES])[source]
    right = np.where(np.isin(level, known), chance + (1 - chance) * reliable, chance)
    data = pd.DataFrame(
        {
            "statement_id": np.arange(1, len(level) + 1),
            "level": level,
            "source": pd.Series(np.array(SOURCES)[source], dtype="str"),
            "chance": chance,
            "right": rng.random(len(level)) < right,
        }
    )
    levels = np.array([*LEVELS])
    return Simulated(data, pd.DataFrame({"level": levels, "known": np.isin(levels, known)}))


def simulate_ratings(n: int, *, gaps: Mapping[str, float] | None = None, seed: Seed) -> Simulated:
    """Simulate `n` customers who rate us and a rival on each factor.

    Model
    -----
    Customer i gives the rival 5 + m_i + N(0, 0.7**2) and us 5 + m_i + gap + N(0, 0.7**2), where the
    mood m_i ~ N(0, 1) is theirs on all factors. So the two ratings go together, and their
    difference has the mean `gap` and a standard deviation of 0.7 * sqrt(2).

    Parameters
    ----------
    n : int
        Customers, at least 1.
    gaps : mapping of factor to float, optional
        Two factors better, two worse and one equal by default.
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per customer and factor
        customer_id : int64; factor : str; us, rival : float64
    truth : DataFrame, one row per factor: factor : str; gap : float64

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `gaps` are empty or hold a number that is not finite, or `seed` is no
        seed.

    See Also
    --------
    crmlab.accounts.measure.compare_factors : better, equal or worse.

    Examples
    --------
    >>> ratings, truth = simulate_ratings(100, seed=1)
    >>> len(ratings), truth["factor"].tolist()[-1]
    (500, 'wide range')
    """
    rng = stream_of(seed, "simulate_ratings")
    require_at_least("n", n, 1)
    gaps = GAPS if gaps is None else gaps
    require_kind("gaps", gaps, Mapping, "a mapping such as {'low price': 0.8}")
    gap = np.array([*gaps.values()], dtype="float64")
    if not gap.size or not np.isfinite(gap).all():
        raise OutOfRangeError(f"gaps must hold one finite number or more; got {gaps!r:.80}.")
    base = 5 + rng.normal(0, 1, (n, 1)) + rng.normal(0, 0.7, (2, n, gap.size))
    data = pd.DataFrame(
        {
            "customer_id": np.indices((n, gap.size))[0].ravel() + 1,
            "factor": pd.Series(np.tile([*gaps], n), dtype="str"),
            "us": (base[0] + gap).ravel(),
            "rival": base[1].ravel(),
        }
    )
    truth = pd.DataFrame({"factor": pd.Series([*gaps], dtype="str"), "gap": gap})
    return Simulated(data, truth)


def simulate_copies(
    n: int, *, lives: Mapping[str, float] | None = None, watched: float = 6.0, seed: Seed
) -> Simulated:
    """Simulate how long `n` past advantages of each factor lasted until a rival had copied them.

    Model
    -----
    An advantage lasts exponentially distributed years with the factor's median m, so after t years
    a share 2**(-t / m) is not yet copied. It began at a random moment of the last `watched` years;
    those not yet copied are still open (censored).

    Parameters
    ----------
    n : int
        Advantages of each factor, at least 1.
    lives : mapping of factor to median years above 0, optional
    watched : float above 0
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per advantage
        factor : str; years : float64, until copied or until today; copied : bool
    truth : DataFrame, one row per factor: factor : str; median_years : float64

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `watched` or one of `lives` is not above 0, `lives` names no factor, or
        `seed` is no seed.

    See Also
    --------
    crmlab.accounts.measure.persistence : variable or not, by the border of 2 to 3 years.

    Examples
    --------
    >>> copies, truth = simulate_copies(50, seed=1)
    >>> bool(copies["copied"].mean() < 1)
    True
    """
    rng = stream_of(seed, "simulate_copies")
    require_at_least("n", n, 1)
    require_positive("watched", watched)
    lives = LIVES if lives is None else lives
    require_kind("lives", lives, Mapping, "a mapping such as {'new product': 1.5}")
    if not lives:
        raise UnknownNameError("lives names no factor.")
    for name, median in lives.items():
        require_positive(f"the life of {name}", median)
    median = np.tile([*lives.values()], n)
    life = rng.exponential(median / np.log(2))
    seen = rng.uniform(0, watched, len(median))
    data = pd.DataFrame(
        {
            "factor": pd.Series(np.tile([*lives], n), dtype="str"),
            "years": np.minimum(life, seen),
            "copied": life <= seen,
        }
    )
    truth = {"factor": pd.Series([*lives], dtype="str"), "median_years": [*lives.values()]}
    return Simulated(data, pd.DataFrame(truth).astype({"median_years": "float64"}))
