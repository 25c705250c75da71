"""A question that people lie about, asked in three ways."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_one_of, require_real, stream_of
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

DESIGNS = ("direct", "randomised", "list")


def simulate_sensitive(
    n: int,
    *,
    design: str = "direct",
    share: float = 0.2,
    lie: float = 0.5,
    forced: float = 1 / 6,
    items: int = 4,
    seed: Seed,
) -> Simulated:
    """Simulate answers to a question that people are ashamed of: who has it, and what they say.

    Model
    -----
    A person has the trait with probability `share`.
        direct       who has it says so, but for a share `lie`; nobody else says so
        randomised   by a die that nobody else sees, a share `forced` must say yes, a share `forced`
                     must say no, and the others say what is true
        list         half the people count how many of `items` harmless statements hold for them
                     (each with probability .5), the others of these and the trait

    Parameters
    ----------
    n : int
        People, at least 1.
    design : "direct", "randomised" or "list"
    share, lie : float in [0, 1]
    forced : float in [0, .5)
    items : int, at least 1
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per person
        person_id : int64
        answer : int64; 1 is yes, and for a list the count
        with_item : bool, whether the list had the trait in it; True for the other designs
    truth : DataFrame, one row per person: person_id : int64; trait : bool

    Raises
    ------
    UnknownNameError
        If there is no such design.
    OutOfRangeError
        If `n` or `items` is below 1, `share` or `lie` lies outside [0, 1], `forced` outside
        [0, .5), or `seed` is no seed.

    See Also
    --------
    crmlab.collection.measure.sensitive_share : what share the answers tell.

    Examples
    --------
    >>> data, truth = simulate_sensitive(1_000, design="direct", seed=1)
    >>> float(data["answer"].mean()), float(truth["trait"].mean())
    (0.095, 0.207)
    """
    require_real(share=share, lie=lie, forced=forced)
    require_at_least("n", n, 1)
    require_at_least("items", items, 1)
    require_one_of("design", design, DESIGNS)
    for name, value, most in (("share", share, 1), ("lie", lie, 1), ("forced", forced, 0.4999)):
        if not 0 <= value <= most:
            raise OutOfRangeError(f"{name} must lie in [0, {most}]; got {value!r}.")
    rng = stream_of(seed, "simulate_sensitive")
    trait = rng.random(n) < share
    level = rng.random(n)
    with_item = np.ones(n, dtype=bool)
    if design == "direct":
        answer = trait & (level >= lie)
    elif design == "randomised":
        answer = np.where(level < forced, True, np.where(level < 2 * forced, False, trait))
    else:
        with_item = rng.permutation(n) % 2 == 0
        answer = rng.binomial(items, 0.5, n) + trait * with_item
    person = np.arange(1, n + 1)
    data = {"person_id": person, "answer": answer.astype(np.int64), "with_item": with_item}
    return Simulated(pd.DataFrame(data), pd.DataFrame({"person_id": person, "trait": trait}))
