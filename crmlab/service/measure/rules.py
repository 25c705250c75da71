"""Rules between products: how strong they are, and how many would look strong by chance."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
from scipy.stats import binom

from crmlab._checks import Seed, require_at_least, require_positive, require_probability, stream_of
from crmlab._groups import bincount
from crmlab.service.measure.baskets import Baskets, as_baskets, grown

# So many rounds fit the margins to a thousandth and better.
_ROUNDS = 60


def association_rules(
    lines: pd.DataFrame,
    *,
    min_support: float = 0.01,
    min_confidence: float = 0.2,
    max_length: int | None = None,
    prior: float = 10.0,
    basket: str = "basket_id",
    product: str = "product",
) -> pd.DataFrame:
    """Rules "who takes A also takes B", B one product, each with its strength and its test.

    Both thresholds are compared in whole numbers of baskets, as they were typed. The test holds the
    margins: how large each basket is, and how popular each product. A large basket holds more of
    everything, so each basket with A has a chance of B by its own size (Rasch's model, fitted to
    the margins), and so many with B or more are improbable to that degree. All rules that could
    have been found count as tries: every frequent A with every frequent product outside it.

    Parameters
    ----------
    lines : DataFrame, one row per product in a basket: `basket`, `product`
    min_support : float in (0, 1], share of the baskets that must hold A and B
    min_confidence : float in (0, 1], share of the baskets with A that must hold B
    max_length : int of 2 or more, optional
        Most products in a rule, A and B together.
    prior : float, above 0
        As in `basket_pairs`.
    basket, product : str

    Returns
    -------
    DataFrame, the highest `shrunk_lift` first
        antecedent : tuple of products, in order
        consequent : a product
        together : int64, baskets with A and B
        support : float64, together as a share of all baskets
        confidence : float64, together as a share of the baskets with A
        lift : float64, confidence over the share of all baskets that hold B
        conviction : float64, (1 - share of B) / (1 - confidence); infinite where B is always there
        shrunk_lift : float64, (together + prior) / (expected + prior)
        by_chance : float64, baskets with A and B to expect from sizes and popularity alone
        p_value : float64, chance of so many together or more, if that were all
        q_value : float64, the share of false discoveries among the rules with a p no higher
            (Benjamini and Hochberg)
        tries : int64, the rules that could have been found

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    OutOfRangeError
        If `min_confidence` lies outside (0, 1], `max_length` is below 2, `prior` is not above 0, or
        as `frequent_sets`.

    See Also
    --------
    rules_by_chance : how many rules the same thresholds find where nothing belongs together.

    Source
    ------
    Agrawal, Imielinski and Swami (1993), doi:10.1145/170035.170072; conviction: Brin, Motwani,
    Ullman and Tsur (1997), doi:10.1145/253260.253325; tests of rules and what they must count:
    Webb (2007), doi:10.1007/s10994-007-5006-x; false discoveries: Benjamini and Hochberg (1995),
    doi:10.1111/j.2517-6161.1995.tb02031.x. Chances that differ spread a count less than equal ones
    do, so the binomial is on the safe side: Hoeffding (1956), doi:10.1214/aoms/1177728178.

    Examples
    --------
    >>> lines = pd.DataFrame({"basket_id": [1, 1, 2, 2, 3, 4],
    ...                       "product": ["tea", "cup", "tea", "cup", "tea", "ink"]})
    >>> rules = association_rules(lines, min_support=0.5, min_confidence=0.5)
    >>> rules[["antecedent", "consequent", "confidence", "lift"]].round(2)
      antecedent consequent  confidence  lift
    0     (cup,)        tea        1.00  1.33
    1     (tea,)        cup        0.67  1.33
    """
    require_probability("min_confidence", min_confidence)
    require_positive("prior", prior)
    if max_length is not None:
        require_at_least("max_length", max_length, 2)
    held = as_baskets(lines, basket=basket, product=product)
    table, tries = _found(held, min_support, min_confidence, max_length)
    n = len(held.baskets)
    a, b, both = (table[name].to_numpy("int64") for name in ("with_a", "with_b", "together"))
    expected = a * b / n
    by_chance = table["by_chance"].to_numpy("float64")
    p_value = binom.sf(both - 1, a, np.minimum(by_chance / a, 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        conviction = np.where(both == a, np.inf, (1 - b / n) / (1 - both / a))
    made = table[["antecedent", "consequent"]].assign(
        together=both,
        support=both / n,
        confidence=both / a,
        lift=both / expected,
        conviction=conviction,
        shrunk_lift=(both + prior) / (expected + prior),
        by_chance=by_chance,
        p_value=p_value,
        q_value=_false_discoveries(p_value, tries),
        tries=tries,
    )
    order = ["shrunk_lift", "antecedent", "consequent"]
    return made.sort_values(order, ascending=[False, True, True], ignore_index=True)


def _found(
    held: Baskets, min_support: float, min_confidence: float, max_length: int | None
) -> tuple[pd.DataFrame, int]:
    """Return the rules over both thresholds with their counts, and how many there could be."""
    levels = grown(held, min_support=min_support, max_length=max_length, sizes=True)
    chances = _chances(held)
    counted = {
        tuple(one): (int(count), spread)
        for sets, counts, spreads in levels
        for one, count, spread in zip(sets.tolist(), counts, spreads, strict=True)
    }
    share = Fraction(str(min_confidence))
    rows = []
    for one, (both, _) in counted.items():
        for place, b in enumerate(one):
            a = one[:place] + one[place + 1 :]
            if not a or both * share.denominator < share.numerator * counted[a][0]:
                continue
            # Of a basket of this size, A has taken its places.
            rest = counted[a][1][len(a) :]
            expected = rest @ chances[: len(rest), b]
            names = tuple(held.products[[*a]].tolist()), held.products[b]
            rows.append((*names, both, counted[a][0], counted[(b,)][0], expected))
    columns = ["antecedent", "consequent", "together", "with_a", "with_b", "by_chance"]
    products = len(levels[0][0]) if levels else 0
    longest = max_length or len(levels) + 1
    tries = sum(
        len(sets) * (products - sets.shape[1]) for sets, *_ in levels if sets.shape[1] < longest
    )
    return pd.DataFrame(rows, columns=columns), tries


def _chances(held: Baskets) -> np.ndarray:
    """Return the chance that a basket of each size (row, from 0) holds each product (column).

    The chance is x * w / (1 + x * w), x by size and w by product, such that the sums over baskets
    and over products are those of the data.
    """
    size = np.diff(held.matrix.indptr)
    many = bincount(size)[:, None]
    sizes = np.arange(len(many), dtype=float)[:, None]
    # A basket that holds every product leaves no odds; half a product less does.
    sizes = np.minimum(sizes, len(held.products) - 0.5)
    popular = bincount(held.matrix.indices, minlength=len(held.products)).astype(float)
    popular = np.minimum(popular, len(size) - 0.5)
    w, x = popular / popular.sum(), sizes.copy()
    for _ in range(_ROUNDS):
        x = sizes / (w / (1 + x * w)).sum(axis=1, keepdims=True)
        w = popular / (many * x / (1 + x * w)).sum(axis=0)
    return x * w / (1 + x * w)


def _false_discoveries(p_value: np.ndarray, tries: int) -> np.ndarray:
    """Return Benjamini and Hochberg's q where `tries` were made and these came out."""
    order = np.argsort(p_value)
    q = p_value[order] * tries / np.arange(1, len(order) + 1)
    found = np.empty(len(order))
    found[order] = np.minimum(np.minimum.accumulate(q[::-1])[::-1], 1)
    return found


def shuffled_baskets(
    lines: pd.DataFrame,
    *,
    seed: Seed,
    rounds: int = 40,
    basket: str = "basket_id",
    product: str = "product",
) -> pd.DataFrame:
    """Baskets as large, and products as popular, as in `lines`, and otherwise by chance.

    In each round lines are paired at random, and a pair exchanges its products wherever both
    baskets lack what they would get. Every arrangement with these margins is then equally likely,
    once enough rounds have mixed them.

    Parameters
    ----------
    lines : DataFrame, one row per product in a basket: `basket`, `product`
    seed : int, SeedSequence or Generator
    rounds : int, at least 1
    basket, product : str

    Returns
    -------
    DataFrame, one row per product in a basket: `basket`, `product`

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    OutOfRangeError
        If there are no lines, `rounds` is below 1, or `seed` is no seed.

    Source
    ------
    Gionis, Mannila, Mielikäinen and Tsaparas (2007), doi:10.1145/1297332.1297338.

    Examples
    --------
    >>> lines = pd.DataFrame({"basket_id": [1, 2, 2], "product": ["tea", "tea", "cup"]})
    >>> shuffled_baskets(lines, seed=1)["product"].value_counts().to_dict()
    {'tea': 2, 'cup': 1}
    """
    require_at_least("rounds", rounds, 1)
    held = as_baskets(lines, basket=basket, product=product)
    row, item = _places(held)
    item = _mixed(row, item, len(held.products), rounds, stream_of(seed))
    table = pd.DataFrame({basket: held.baskets[row], product: held.products[item]})
    return table.sort_values([basket, product], ignore_index=True)


def _places(held: Baskets) -> tuple[np.ndarray, np.ndarray]:
    """Return the basket and the product of each line, as codes."""
    coo = held.matrix.tocoo()
    row, item = coo.coords
    return row.astype(np.int64), item.astype(np.int64)


def _mixed(
    row: np.ndarray, item: np.ndarray, products: int, rounds: int, rng: np.random.Generator
) -> np.ndarray:
    """Return the product of each line after so many rounds of exchanges.

    Two lines exchange only if none of their four cells, those they hold and those they would get,
    is a cell of another pair: then an exchange and its reverse are equally likely.
    """
    item = item.copy()
    for _ in range(rounds):
        order = rng.permutation(len(row))
        # About half of the pairs rest, or some arrangements would never be reached.
        half = rng.binomial(len(row) // 2, 0.5)
        one, other, rest = order[:half], order[half : 2 * half], order[2 * half :]
        cells = np.concatenate(
            [
                row[one] * products + item[one],
                row[other] * products + item[other],
                row[one] * products + item[other],
                row[other] * products + item[one],
                row[rest] * products + item[rest],
            ]
        )
        _, code = np.unique(cells, return_inverse=True)
        alone = (bincount(code) == 1)[code][: 4 * half].reshape(4, half).all(axis=0)
        first, second = one[alone], other[alone]
        item[first], item[second] = item[second], item[first]
    return item


def rules_by_chance(
    lines: pd.DataFrame,
    *,
    worlds: int = 20,
    seed: Seed,
    min_support: float = 0.01,
    min_confidence: float = 0.2,
    max_length: int | None = 2,
    min_lift: float = 1.0,
    rounds: int = 40,
    basket: str = "basket_id",
    product: str = "product",
) -> pd.DataFrame:
    """How many rules pass the same thresholds in the data, and in worlds without any association.

    The worlds are those of `shuffled_baskets`: sizes of baskets and popularity of products stay.

    Parameters
    ----------
    lines : DataFrame, one row per product in a basket: `basket`, `product`
    worlds : int, at least 1
    seed : int, SeedSequence or Generator
    min_support, min_confidence, max_length : as in `association_rules`
    min_lift : float, above 0
    rounds : int
        Rounds of exchanges before the first world; a quarter of them lie between two worlds.
    basket, product : str

    Returns
    -------
    DataFrame, one row for the data and one per world
        world : int64, 0 for the data
        rules : int64, how many pass all thresholds
        significant : int64, how many of these have a q_value of 0.05 or less
        strongest : float64, the highest lift among them (missing where there are none)

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    OutOfRangeError
        If `worlds` or `rounds` is below 1, `min_lift` is not above 0, `seed` is no seed, or as
        `association_rules`.

    Examples
    --------
    >>> from crmlab.service.simulate import simulate_baskets
    >>> lines, _ = simulate_baskets(500, rules=2, strength=0.6, seed=1)
    >>> lines["basket_id"] = "B" + lines["basket_id"].astype("str")
    >>> rules_by_chance(lines, worlds=1, seed=1)["significant"].tolist()
    [4, 0]
    """
    require_at_least("worlds", worlds, 1)
    require_at_least("rounds", rounds, 1)
    require_positive("min_lift", min_lift)
    rng = stream_of(seed)
    held = as_baskets(lines, basket=basket, product=product)
    row, item = _places(held)
    rows = []
    for world in range(worlds + 1):
        if world:
            item = _mixed(
                row, item, len(held.products), rounds if world == 1 else -(-rounds // 4), rng
            )
        rules = association_rules(
            pd.DataFrame({basket: row, product: item}),
            min_support=min_support,
            min_confidence=min_confidence,
            max_length=max_length,
            basket=basket,
            product=product,
        )
        rules = rules[rules["lift"] >= min_lift]
        passed = int((rules["q_value"] <= 0.05).sum())
        rows.append((world, len(rules), passed, rules["lift"].max()))
    return pd.DataFrame(rows, columns=["world", "rules", "significant", "strongest"])
