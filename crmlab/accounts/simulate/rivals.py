"""Choices among brands two of which are rivals, and two others only look like rivals."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab.errors import OutOfRangeError
from crmlab.loyalty.simulate import simulate_choices

BRANDS = {
    "Amber": 0.30,
    "Birch": 0.22,
    "Coral": 0.16,
    "Dune": 0.12,
    "Elm": 0.11,
    "Fern": 0.09,
}
RIVALS, LOOKALIKES = ("Dune", "Fern"), ("Coral", "Elm")
SEGMENTS = {"city": 0.5, "country": 0.5}
TILT = 2.0  # how much more the lookalikes' customers are found in the city


class Rivals(NamedTuple):
    """Choices as a panel sees them, and how each pair of brands was planted."""

    data: pd.DataFrame
    truth: pd.DataFrame


def simulate_rivals(
    n: int, *, closeness: float = 0.6, alike: float = 1.5, purchases: float = 8.0, seed: Seed
) -> Rivals:
    """Simulate choices among six brands, with one pair of rivals and one pair of lookalikes.

    Model
    -----
    Customers choose as in `crmlab.loyalty.simulate_choices`, by a taste that is Dirichlet
    distributed, among groups of brands: the two rivals are one group, the two lookalikes are
    another, Amber and Birch stand alone. Inside the rivals' group a customer takes Dune with a
    chance of `closeness` at each purchase by the lot of their shares, so the two are exchanged for
    each other, and otherwise by a lot drawn once for the customer. Inside the lookalikes' group
    the lot is drawn once and for all. The lookalikes' share is twice as large in the city as in
    the country: both sell to the same people, who never hesitate between them.

    So *who buys one also buys the other* more often than shares predict for the rivals alone, and
    *who they sell to* is alike for the lookalikes. The largest brand, Amber, is nobody's rival.

    Parameters
    ----------
    n : int
        Customers, at least 2; half of them in the city.
    closeness : float in [0, 1]
        0 plants no rivals: the pair is then chosen like the lookalikes.
    alike, purchases : float above 0
        As in `crmlab.loyalty.simulate_choices`.
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per purchase
        customer_id, occasion : int64; segment, brand : str
    truth : DataFrame, one row per pair of brands: brand, rival : str; planted : str, "rivals",
        "lookalikes" or "neither"

    Raises
    ------
    OutOfRangeError
        If `n` is below 2, `closeness` lies outside [0, 1], `alike` or `purchases` is not above 0,
        or `seed` is no seed.

    See Also
    --------
    crmlab.accounts.measure.duplication_of_purchase : finds the rivals.
    crmlab.accounts.measure.target_overlap : finds the lookalikes.

    Examples
    --------
    >>> choices, truth = simulate_rivals(1_000, seed=1)
    >>> truth.loc[truth["planted"] == "rivals", ["brand", "rival"]].to_numpy().tolist()
    [['Dune', 'Fern']]
    """
    require_real(closeness=closeness)
    rng = stream_of(seed, "simulate_rivals")
    require_at_least("n", n, 2)
    if not 0 <= closeness <= 1:
        raise OutOfRangeError(f"closeness must be a share in [0, 1]; got {closeness!r}.")
    pair, looks = (sum(BRANDS[name] for name in names) for names in (RIVALS, LOOKALIKES))
    alone = {name: BRANDS[name] for name in BRANDS if name not in (*RIVALS, *LOOKALIKES)}
    parts, before = [], 0
    city = n // 2
    for segment, size, tilt in (("city", city, TILT), ("country", n - city, 1 / TILT)):
        shares = {**alone, "rivals": pair, "lookalikes": looks * tilt}
        found = simulate_choices(size, shares=shares, alike=alike, purchases=purchases, seed=rng)
        data = found.data.assign(segment=segment)
        parts.append(data.assign(customer_id=data["customer_id"] + before))
        before += size
    data = pd.concat(parts, ignore_index=True)
    who = data["customer_id"].to_numpy()
    each = data["brand"].to_numpy(dtype=object)
    once, anew = rng.random((2, n + 1)), rng.random(len(data))
    for number, (group, names, fresh) in enumerate(
        [
            ("rivals", RIVALS, rng.random(len(data)) < closeness),
            ("lookalikes", LOOKALIKES, np.zeros(len(data), dtype=bool)),
        ]
    ):
        first = BRANDS[names[0]] / (BRANDS[names[0]] + BRANDS[names[1]])
        level = np.where(fresh, anew, once[number][who])
        inside = each == group
        each[inside] = np.where(level[inside] < first, *names)
    data = data.assign(brand=pd.Series(each, dtype="str"), segment=data["segment"].astype("str"))
    return Rivals(data[["customer_id", "occasion", "segment", "brand"]], _planted())


def _planted() -> pd.DataFrame:
    """Return how each pair of brands was planted."""
    names, kinds = [*BRANDS], {RIVALS: "rivals", LOOKALIKES: "lookalikes"}
    rows = [
        (one, other, kinds.get((one, other), "neither"))
        for number, one in enumerate(names)
        for other in names[number + 1 :]
    ]
    return pd.DataFrame(rows, columns=["brand", "rival", "planted"], dtype="str")
