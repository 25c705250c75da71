"""What promotions look like, and what their design does."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import Seed, stream_of
from crmlab._shapes import Simulated
from crmlab._words import N_
from crmlab.errors import OutOfRangeError

RESPONSE_DAYS = 14
# What each feature of a design adds to the lift, as a share of the average lift.
COLOURS = {N_("red"): 0.4, N_("blue"): 0.0, N_("green"): -0.4}
MEDIA = {N_("network"): 0.2, N_("TV"): 0.0, N_("radio"): 0.0, N_("newspaper"): -0.2}
HOURS = {9: -0.3, 12: 0.0, 15: 0.0, 20: 0.3}
# What a promotion can be, by the medium that carries it: no print on the radio.
TYPES = {
    "network": ("price cut", "sales event", "web advertisement", "telephone"),
    "TV": ("price cut", "sales event", "broadcast"),
    "radio": ("price cut", "sales event", "broadcast"),
    "newspaper": ("price cut", "sales event", "print"),
}
# CNY for a promotion and for each customer of the firm: median and spread of the logarithm.
FIXED, FIXED_SD = 0.4, 0.7
VARIABLE = (0.1, 0.2, 0.5, 1.0)
# Whom a promotion may be for, and what it should do with them.
AUDIENCES = {
    "all members": "Remind all members to come again",
    "lapsed customers": "Win lapsed customers back",
    "new customers": "Bring new customers to a second purchase",
    "big spenders": "Thank big spenders for staying",
}
# Why the firm chose a colour, a medium or an hour: what it hopes, whatever they then do.
REASONS = {
    "red": "to catch the eye", "blue": "to inspire trust", "green": "to look natural",
    "network": "to let them answer at once", "TV": "to show the goods in use",
    "radio": "to be heard on the way", "newspaper": "to be read at leisure",
    9: "before they shop", 12: "in their lunch break", 15: "in a quiet hour", 20: "after work",
}  # fmt: skip


def simulate_promotions(
    n: int,
    *,
    first_day: str = "2023-01-01",
    last_day: str = "2024-12-31",
    lift: float = 0.06,
    customers: int = 1_000,
    seed: Seed,
) -> Simulated:
    """Simulate `n` promotions spread over the days, and their lifts: see `simulate_campaigns`.

    Parameters
    ----------
    n : int, 0 or more
    first_day, last_day : str, "YYYY-MM-DD"
        All answers come within these days.
    lift : float in [0, 0.3]
    customers : int
        Customers of the firm, with whom the fixed cost grows: lognormal, median 0.40 CNY for
        each. A contact costs 0.10, 0.20, 0.50 or 1.00 CNY on top, all equally likely.
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, `Campaigns.promotions`
    truth : DataFrame, one row per promotion: promotion_id, lift

    Raises
    ------
    OutOfRangeError
        If `n` is below 0, `lift` lies outside [0, 0.3], or `seed` is no seed.
    """
    rng = stream_of(seed, "simulate_promotions")
    if n < 0:
        raise OutOfRangeError(f"promotions must be 0 or more; got {n!r}.")
    if not 0 <= lift <= 0.3:
        raise OutOfRangeError(f"lift must lie between 0 and 0.3; got {lift!r}.")
    first, last = np.datetime64(first_day, "D"), np.datetime64(last_day, "D")
    # Answers end within the days: the last promotion starts two weeks before.
    room = int((last - first).astype(int)) - RESPONSE_DAYS
    colour, medium, hour = (rng.choice([*table], n) for table in (COLOURS, MEDIA, HOURS))
    starts_at = rng.integers(0, max(room, 1), n).astype("m8[D]") + hour.astype("m8[h]")
    order = np.argsort(starts_at, kind="stable")
    colour, medium, hour, starts_at = (one[order] for one in (colour, medium, hour, starts_at))
    level, audience = rng.random(n), rng.choice([*AUDIENCES], n)
    kind = [TYPES[m][int(u * len(TYPES[m]))] for m, u in zip(medium.tolist(), level, strict=True)]
    fixed = customers * FIXED * rng.lognormal(0, FIXED_SD, n)
    paid = np.maximum(fixed.round(-1), 10.0), rng.choice(VARIABLE, n)
    added = [
        [table[key] for key in found.tolist()]
        for table, found in ((COLOURS, colour), (MEDIA, medium), (HOURS, hour))
    ]
    number = np.arange(1, n + 1)
    described = [f"{c} design at {h}:00" for c, h in zip(colour, hour, strict=True)]
    data = pd.DataFrame(
        {
            "promotion_id": number,
            "type": pd.Series(kind, dtype="str"),
            "description": pd.Series(described, dtype="str"),
            "medium": pd.Series(medium, dtype="str"),
            "colour": pd.Series(colour, dtype="str"),
            "audience": pd.Series(audience, dtype="str"),
            "intention": _intentions(audience, colour, medium, hour),
            "starts_at": first.astype("M8[us]") + starts_at,
            "fixed_cost_cny": paid[0],
            "variable_cost_cny": paid[1],
        }
    )
    lifts = lift * (1 + np.sum(added, axis=0)) if n else np.zeros(0)
    return Simulated(data, pd.DataFrame({"promotion_id": number, "lift": lifts}))


def _intentions(audience: np.ndarray, *design: np.ndarray) -> pd.Series:
    """Return what each promotion should do with its audience, and why with this design."""
    colour, medium, hour = design
    rows = zip(*(one.tolist() for one in (audience, colour, medium, hour)), strict=True)
    said = [
        f"{AUDIENCES[a]}: {c} {REASONS[c]}, {m} {REASONS[m]}, {h}:00 {REASONS[h]}."
        for a, c, m, h in rows
    ]
    return pd.Series(said, dtype="str")
