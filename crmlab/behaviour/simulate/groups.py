"""Customers in several behaviour groups: groups that overlap by habit, and two that interact."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from crmlab._checks import Seed, require_at_least, require_positive, stream_of
from crmlab._shapes import Simulated
from crmlab._words import N_

ACTIVE = N_("bought last month")
NEW, CHEAP = N_("bought new styles"), N_("bought under 50 yuan")
_MORE = (
    N_("used a coupon"),
    N_("came at night"),
    N_("bought a gift"),
    N_("returned something"),
    N_("asked for help"),
    N_("wrote a review"),
    N_("came with a child"),
    N_("paid by phone"),
    N_("bought online"),
    N_("bought a set"),
    N_("took a sample"),
    N_("scanned a poster"),
    N_("came on a sale day"),
    N_("changed the address"),
    N_("bought skin care"),
    N_("bought hair care"),
    N_("bought make-up"),
    N_("bought perfume"),
)


def simulate_groups(n: int, *, groups: int = 20, odds_ratio: float = 1.5, seed: Seed) -> Simulated:
    """Simulate who belongs to which behaviour groups, and the profit of each customer.

    Model
    -----
    Half of the customers bought last month: the active ones. To any other group k an active
    customer belongs with log odds a_k + 2, another one with a_k, where a_k is such that the group
    holds 2% to 6% of those who are not active, 12% in two groups. Given activity the groups are
    independent, so all of them *overlap*: whoever is in one is likely to be active, and so to be in
    the next. The two groups also *interact*: "bought new styles" multiplies the odds of "bought
    under 50 yuan" by `odds_ratio`, whatever else is known. As a log-linear model:
        [each group x active] + [these two]

    The profit is 20, more by 30 in the first of the two, more by 10 in the second, and less by 25
    in both (bargain hunters who buy the new only when it is cheap); plus noise of 40.

    Parameters
    ----------
    n : int, at least 1
    groups : int, 3 to 21
        Columns, the active ones included.
    odds_ratio : float above 0
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per customer
        customer_id : int64
        profit_cny : float64
        and a bool column for each group, called in words
    truth : DataFrame, one row per pair of groups
        group_a, group_b : str
        log_odds : float64, of the interaction; 0 where there is mere overlap

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `groups` lies outside 3 to 21, `odds_ratio` is not above 0, or `seed` is
        no seed.

    See Also
    --------
    crmlab.behaviour.measure.group_interactions : tells the one from the other.

    Examples
    --------
    >>> data, truth = simulate_groups(1_000, groups=5, seed=1)
    >>> truth[truth["log_odds"] > 0]["group_b"].tolist()[-1]
    'bought under 50 yuan'
    """
    require_at_least("n", n, 1)
    require_at_least("groups", groups, 3)
    names = [ACTIVE, NEW, CHEAP, *_MORE]
    require_at_least("21 - groups", len(names) - groups, 0)
    require_positive("odds_ratio", odds_ratio)
    rng = stream_of(seed, "simulate_groups")

    names = names[:groups]
    active = rng.permutation(np.arange(n) < round(n / 2))
    level = logit(rng.uniform(0.02, 0.06, groups))
    level[1:3] = logit(0.12)
    chance = expit(level + _PULL * active[:, None])
    belongs = rng.random((n, groups)) < chance
    belongs[:, 0] = active
    # The odds of the second depend on the first, given activity, by the same factor everywhere.
    odds = chance[:, 2] / (1 - chance[:, 2]) * np.where(belongs[:, 1], odds_ratio, 1.0)
    belongs[:, 2] = rng.random(n) < odds / (1 + odds)
    first, second = belongs[:, 1], belongs[:, 2]
    profit = 20 + 30.0 * first + 10 * second - 25 * (first & second) + rng.normal(0, 40, n)
    ids = np.arange(1, n + 1)
    data = {"customer_id": ids, "profit_cny": profit.round(2)}
    data |= {name: belongs[:, k] for k, name in enumerate(names)}

    one, other = np.triu_indices(groups, 1)
    planted = np.where(one == 0, _PULL, 0.0)
    planted[(one == 1) & (other == 2)] = np.log(odds_ratio)
    # That the second is missing speaks against the first, and more so among the active.
    without = 1 / (1 + np.exp(level[2] + _PULL * np.arange(2))[:, None] * [1, odds_ratio])
    planted[0] += np.log(without[1, 1] * without[0, 0] / (without[1, 0] * without[0, 1]))
    named = pd.Series(names, dtype="str")
    pairs = {
        "group_a": named[one].to_numpy(),
        "group_b": named[other].to_numpy(),
        "log_odds": planted,
    }
    return Simulated(
        pd.DataFrame(data), pd.DataFrame(pairs).astype({"group_a": "str", "group_b": "str"})
    )


_PULL = 2.0
