"""Members of four quadrants who are treated at random, with effects that we choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_positive, stream_of
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError
from crmlab.members.strategies import QUADRANTS

SHARES = (0.2, 0.2, 0.4, 0.2)
# What a year of a treatment adds to the margin of a member of each quadrant, its cost taken off.
EFFECTS = {
    "nothing": (0.0, 0.0, 0.0, 0.0),
    "contact": (-10.0, 20.0, -4.0, -6.0),
    "upsell": (2.0, -3.0, -4.0, 15.0),
    "protect": (12.0, -5.0, -5.0, -5.0),
}
_MARGIN = np.array([160.0, 70.0, 15.0, 60.0])


def simulate_treatments(
    n: int,
    *,
    shares: Sequence[float] = SHARES,
    effects: Mapping[str, Sequence[float]] = EFFECTS,
    noise: float = 0.6,
    seed: Seed,
) -> Simulated:
    """Simulate a year in which each member of a club is treated in one way, drawn at random.

    Model
    -----
    A member stands in quadrant q with the probability `shares`; the record of the year before
    says in which. One of the treatments is drawn at random. The margin of the year is
        m_q * G + effect[treatment][q],    m = 160, 70, 15, 60,
    G a gamma number of mean 1 and coefficient of variation `noise`. If all are treated alike, the
    best treatment brings max over t of sum over q of shares_q * effect[t][q]; if each quadrant
    has its own, sum over q of shares_q * max over t of effect[t][q]. The difference is what the
    records are worth, the *added value* of the card.

    Parameters
    ----------
    n : int
        Members, at least 1.
    shares : four shares that sum to 1
    effects : mapping of treatment to four numbers, money per member and year
    noise : float above 0
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per member
        customer_id : int64
        quadrant : int64, 1 to 4
        treatment : str
        margin : float64, money of the year, the cost of the treatment taken off
    truth : DataFrame, one row per quadrant and treatment
        quadrant : int64; name : str; treatment : str
        share : float64, of members
        effect : float64, money per member

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `noise` is not above 0, `shares` are not four that sum to 1, `effects`
        not four finite numbers for each treatment, or `seed` is no seed.

    See Also
    --------
    crmlab.members.measure.added_value : measures what the records are worth.

    Examples
    --------
    >>> data, truth = simulate_treatments(1_000, seed=1)
    >>> best = truth.loc[truth.groupby("quadrant")["effect"].idxmax()]
    >>> best["treatment"].tolist()
    ['protect', 'contact', 'nothing', 'upsell']
    """
    require_at_least("n", n, 1)
    require_positive("noise", noise)
    share = np.array([*shares], dtype="float64")
    if share.shape != (4,) or not (share >= 0).all() or abs(share.sum() - 1) > 1e-9:
        raise OutOfRangeError(f"shares must be four that sum to 1; got {shares!r}.")
    added = np.array([*effects.values()], dtype="float64")
    if added.ndim != 2 or added.shape[1] != 4 or not np.isfinite(added).all():
        raise OutOfRangeError("effects must hold four finite numbers for each treatment.")
    rng = stream_of(seed, "simulate_treatments")

    place = rng.choice(4, n, p=share)
    arm = rng.integers(0, len(added), n)
    base = _MARGIN[place] * rng.gamma(noise**-2, noise**2, n)
    names = np.array([*effects])
    data = {
        "customer_id": np.arange(n),
        "quadrant": place + 1,
        "treatment": pd.Series(names[arm], dtype="str"),
        "margin": base + added[arm, place],
    }
    grid = pd.MultiIndex.from_product([[*QUADRANTS], [*effects]], names=["quadrant", "treatment"])
    truth = grid.to_frame(index=False).astype({"treatment": "str"})
    truth.insert(1, "name", truth["quadrant"].map(QUADRANTS).astype("str"))
    truth = truth.assign(share=share[truth["quadrant"] - 1], effect=added.T.ravel())
    return Simulated(pd.DataFrame(data), truth)
