"""A panel of shoppers, of whom some belong to a group whose averages are published."""

from __future__ import annotations

import pandas as pd

from crmlab._checks import Seed, require_at_least, stream_of
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError


def simulate_panel(n: int, *, members: int, products: int = 500, seed: Seed) -> Simulated:
    """Simulate who bought which product, and who belongs to the group nobody may know.

    Model
    -----
    share_j    ~ Uniform(0.1, 0.9) for each product j
    bought_ij  ~ Bernoulli(share_j), independent; members are drawn without regard to it
    So membership shows in nothing but the group's own averages: `membership_attack` scores a
    member 's_j = share_j (1 - share_j)' higher than an outsider, per product, over `members`.

    Parameters
    ----------
    n : int
        People in the panel.
    members : int
        Members of the group, 1 to n - 1.
    products : int
        Products, at least 1.
    seed : int, SeedSequence or Generator
        Same seed, same panel.

    Returns
    -------
    data : DataFrame, one row per person and a column per product, index person_id (int64)
        p0001, p0002, … : bool, whether bought
    truth : DataFrame, one row per person
        person_id : int64
        member : bool

    Raises
    ------
    OutOfRangeError
        If `members` does not lie in 1 to n - 1, or there are no products.

    See Also
    --------
    crmlab.privacy.measure.membership_attack : finds the members.

    Examples
    --------
    >>> panel, truth = simulate_panel(6, members=2, products=3, seed=5)
    >>> panel.shape, truth["member"].sum()
    ((6, 3), np.int64(2))
    """
    rng = stream_of(seed)
    require_at_least("products", products, 1)
    require_at_least("n", n, 2)
    if members not in range(1, n):
        raise OutOfRangeError(f"members must lie in 1 to n - 1 = {n - 1}; got {members!r}.")

    share = rng.uniform(0.1, 0.9, products)
    people = pd.RangeIndex(1, n + 1, name="person_id")
    names = [f"p{number:04d}" for number in range(1, products + 1)]
    bought = pd.DataFrame(rng.random((n, products)) < share, index=people, columns=names)
    member = rng.permutation(n) < members
    return Simulated(bought, pd.DataFrame({"person_id": people.to_numpy(), "member": member}))
