"""Baskets in which a few rules are planted, among products that have nothing to do with them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_probability, require_real, stream_of
from crmlab._groups import repeat
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

# Popularity falls with the rank of a product to this power; the head is for nobody's rule.
_FALL, _FROM, _UNTIL = 0.8, 0.1, 0.6


def simulate_baskets(
    n: int,
    *,
    products: int = 100,
    rules: int = 4,
    strength: float = 0.3,
    mean_picks: float = 6.0,
    spread: float = 0.6,
    seed: Seed,
) -> Simulated:
    """Simulate baskets in which `rules` pairs of products belong together, and no others do.

    Model
    -----
    The product of popularity rank r is picked with probability q_r ~ r**-0.8. A basket has
    1 + Poisson((mean_picks - 1) * t) picks, where t ~ Gamma with mean 1 and deviation `spread`;
    what is picked twice counts once. Then for each planted rule A -> B, a basket with A and
    without B gets B with probability `strength`. With k = 1 / spread**2 and
        h(q) = (1 - q) * (1 + (mean_picks - 1) * q / k) ** -k
    the share of baskets without a product is h(q), without two of them h(q + q'). So before
    planting P(A) = 1 - h(a) and P(AB) = 1 - h(a) - h(b) + h(a + b); planting adds
    strength * (P(A) - P(AB)) to P(AB) and to P(B), which gives `confidence` and `lift`.

    Parameters
    ----------
    n : int, at least 1
    products : int, at least 2
    rules : int, 0 or more; each takes two products of its own, of middling popularity
    strength : float in (0, 1]
    mean_picks : float, at least 1
    spread : float, above 0
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per product in a basket: basket_id (int64), product (str, "P001" is
        the most popular)
    truth : DataFrame, one row per planted rule: antecedent, consequent, confidence, lift

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `products` below 2, `rules` below 0, `strength` lies outside (0, 1],
        `mean_picks` is below 1, `spread` not above 0, there are too few products for so many rules,
        or `seed` is no seed.

    Examples
    --------
    >>> lines, planted = simulate_baskets(1_000, rules=2, seed=1)
    >>> planted.columns.tolist(), int(lines["basket_id"].nunique())
    (['antecedent', 'consequent', 'confidence', 'lift'], 1000)
    """
    require_real(mean_picks=mean_picks, spread=spread)
    require_at_least("n", n, 1)
    require_at_least("products", products, 2)
    require_at_least("rules", rules, 0)
    require_probability("strength", strength)
    if not 1 <= mean_picks < np.inf:
        raise OutOfRangeError(f"mean_picks must be a number of 1 or more; got {mean_picks!r}.")
    if not 0 < spread < np.inf:
        raise OutOfRangeError(f"spread must be a number above 0; got {spread!r}.")
    first, last = int(_FROM * products), max(int(_UNTIL * products), 2)
    if 2 * rules > last - first:
        raise OutOfRangeError(
            f"{rules} rules need {2 * rules} products of middling popularity; of {products} there "
            f"are {last - first}. Take more products, or fewer rules."
        )
    rng = stream_of(seed, "simulate_baskets")
    share = np.arange(1, products + 1) ** -_FALL
    share /= share.sum()
    size = rng.gamma(spread**-2, spread**2, n)
    picks = 1 + rng.poisson((mean_picks - 1) * size)
    basket = repeat(np.arange(n), picks)
    item = np.searchsorted(np.cumsum(share)[:-1], rng.random(len(basket)), side="right")
    pairs = first + rng.permutation(last - first)[: 2 * rules].reshape(rules, 2)
    leads = np.full(products, -1)
    leads[pairs[:, 0]] = pairs[:, 1]
    cell = _once(basket * products + item)
    led = cell[leads[cell % products] >= 0]
    led = led[rng.random(len(led)) < strength]
    cell = _once(np.concatenate([cell, led - led % products + leads[led % products]]))
    names = np.array([f"P{number:03d}" for number in range(1, products + 1)])
    data = {
        "basket_id": cell // products,
        "product": pd.Series(names[cell % products], dtype="str"),
    }
    planted = _planted(share[pairs[:, 0]], share[pairs[:, 1]], strength, mean_picks - 1, spread**-2)
    ends = {
        side: pd.Series(names[pairs[:, place]], dtype="str")
        for place, side in enumerate(("antecedent", "consequent"))
    }
    return Simulated(pd.DataFrame(data), pd.DataFrame(ends | planted))


def _once(numbers: np.ndarray) -> np.ndarray:
    """Return each number once, in order."""
    numbers = np.sort(numbers)
    return numbers[np.r_[True, numbers[1:] != numbers[:-1]]]


def _planted(
    a: np.ndarray, b: np.ndarray, strength: float, more: float, k: float
) -> dict[str, np.ndarray]:
    """Return confidence and lift of the rules from products of share `a` to those of `b`."""

    def without(q: np.ndarray) -> np.ndarray:
        return (1 - q) * (1 + more * q / k) ** -k

    both = 1 - without(a) - without(b) + without(a + b)
    added = strength * (1 - without(a) - both)
    confidence = (both + added) / (1 - without(a))
    return {"confidence": confidence, "lift": confidence / (1 - without(b) + added)}
