"""Facts about accounts as several sources tell them, right or wrong."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab._shapes import Simulated
from crmlab._words import N_
from crmlab.collection.sources import INTEL_SOURCES
from crmlab.errors import OutOfRangeError

FIELDS = (N_("buyer"), N_("supplier"), N_("budget"), N_("renewal"))


def simulate_intel(n: int, *, values: int = 6, copied: float = 0.0, seed: Seed) -> Simulated:
    """Simulate what ten sources say about `n` accounts: four facts each, some of them wrong.

    Model
    -----
    A fact has one of `values` values, all equally likely. A source of `INTEL_SOURCES` reports a
    fact with its probability `knows`; what it reports is right with its probability `right`, else
    one of the other values at random. With probability `copied` an advertisement repeats what the
    website says, where that says anything, instead of finding out itself: then the two are wrong
    together.

    Parameters
    ----------
    n : int
        Accounts, at least 1.
    values : int, at least 2
    copied : float in [0, 1]
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per report
        account_id : int64
        field, source, channel, side, value : str; channel is empty where no channel of the firm
            brought it
    truth : DataFrame, one row per fact
        account_id : int64
        field, value : str

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `values` below 2, `copied` lies outside [0, 1], or `seed` is no seed.

    See Also
    --------
    crmlab.collection.model.SourceFusion : learns which source can be believed.

    Examples
    --------
    >>> data, truth = simulate_intel(1_200, seed=1)
    >>> data.groupby("source")["account_id"].nunique()["existing customers"]
    np.int64(1200)
    """
    require_real(copied=copied)
    require_at_least("n", n, 1)
    require_at_least("values", values, 2)
    if not 0 <= copied <= 1:
        raise OutOfRangeError(f"copied must lie in [0, 1]; got {copied!r}.")
    rng = stream_of(seed, "simulate_intel")
    facts = n * len(FIELDS)
    true = rng.integers(0, values, facts)
    said = {}
    for name, source in INTEL_SOURCES.items():
        wrong = (true + rng.integers(1, values, facts)) % values
        told = np.where(rng.random(facts) < source.right, true, wrong)
        said[name] = np.where(rng.random(facts) < source.knows, told, -1)
    web, advert = said["websites"], said["advertisements"]
    repeats = (rng.random(facts) < copied) & (web >= 0) & (advert >= 0)
    said["advertisements"] = np.where(repeats, web, advert)

    account = np.arange(facts) // len(FIELDS) + 1
    field = np.array(FIELDS)[np.arange(facts) % len(FIELDS)]
    words = np.array([f"value {one}" for one in range(1, values + 1)])
    parts = []
    for name, source in INTEL_SOURCES.items():
        rows = np.flatnonzero(said[name] >= 0)
        part = {
            "account_id": account[rows],
            "field": field[rows],
            "source": name,
            "channel": source.channel,
            "side": source.side,
            "value": words[said[name][rows]],
        }
        parts.append(pd.DataFrame(part))
    text = dict.fromkeys(("field", "source", "channel", "side", "value"), "str")
    data = pd.concat(parts, ignore_index=True).astype(text)
    data = data.sort_values(["account_id", "field", "source"], ignore_index=True)
    truth = pd.DataFrame({"account_id": account, "field": field, "value": words[true]})
    return Simulated(data, truth.astype({"field": "str", "value": "str"}))
