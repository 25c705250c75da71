"""Leads by the cue that brought them, with planted hit rates."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_kind, require_real, stream_of
from crmlab._shapes import Simulated
from crmlab.accounts.cues import CUES, NO_CUE
from crmlab.errors import OutOfRangeError, UnknownNameError

HITS = {
    "major festivals": 0.10,
    "government activities": 0.10,
    "local resource strengths": 0.10,
    "the firm's development": 0.25,
    "competitors' shortcomings": 0.18,
    "customers' opinions": 0.30,
    "business linkages": 0.10,
}


def simulate_leads(
    n: int, *, hits: Mapping[str, float] | None = None, base: float = 0.10, seed: Seed
) -> Simulated:
    """Simulate leads of the experience analysis (经验分析法), and calls on accounts at random.

    Model
    -----
    A quarter of the leads has no cue: accounts that were called at random. The others follow one of
    seven cues, each equally often. A lead is a hit (the account asks for an offer within a
    quarter) with a chance of `hits[cue]`, and of `base` without a cue. A cue whose chance is
    `base` tells nothing.

    Parameters
    ----------
    n : int
        Leads, at least 1.
    hits : mapping of cue to chance in [0, 1], optional
        For all seven cues, or those that shall differ from the default.
    base : float in [0, 1]
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per lead
        lead_id : int64
        cue : str, one of the seven, or "at random"
        date : datetime64, a day of 2024
        hit : bool
        value_cny : float64, of the offer; 0 without one
    truth : DataFrame, one row per cue: cue : str; chance : float64; works : bool, above `base`

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, a chance of `hits` or `base` lies outside [0, 1], a cue is none of the
        seven, or `seed` is no seed.

    See Also
    --------
    crmlab.accounts.measure.cue_hit_rates : finds out which cue works.

    Examples
    --------
    >>> leads, truth = simulate_leads(1_000, seed=1)
    >>> leads["cue"].nunique(), int(truth["works"].sum())
    (8, 3)
    """
    require_real(base=base)
    rng = stream_of(seed, "simulate_leads")
    require_at_least("n", n, 1)
    require_kind("hits", hits or {}, Mapping, "a mapping such as {'major festivals': 0.2}")
    chances = {**HITS, **(hits or {})}
    for cue, chance in {**chances, "base": base}.items():
        if cue not in {*CUES, "base"}:
            raise UnknownNameError.among("cue", cue, CUES)
        if not 0 <= chance <= 1:
            raise OutOfRangeError(f"the chance of {cue!r} must be in [0, 1]; got {chance!r}.")
    names = np.array([*CUES, NO_CUE])
    chance = np.array([*(chances[cue] for cue in CUES), base])
    which = np.where(rng.random(n) < 0.25, len(CUES), rng.integers(0, len(CUES), n))
    hit = rng.random(n) < chance[which]
    data = pd.DataFrame(
        {
            "lead_id": np.arange(1, n + 1),
            "cue": pd.Series(names[which], dtype="str"),
            "date": np.datetime64("2024-01-01", "us") + rng.integers(0, 366, n).astype("m8[D]"),
            "hit": hit,
            "value_cny": np.where(hit, np.exp(rng.normal(10, 1, n)), 0.0),
        }
    )
    truth = pd.DataFrame({"cue": pd.Series([*CUES], dtype="str"), "chance": chance[:-1]})
    return Simulated(data, truth.assign(works=truth["chance"] > base))
