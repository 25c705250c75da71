"""Who our competitors are: by what customers do, beyond what shares predict."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
from scipy.optimize import least_squares

from crmlab._checks import require_columns, require_numbers, require_rows, require_values
from crmlab._groups import bincount
from crmlab._intervals import Z
from crmlab._purchases import plain_ids, plain_values
from crmlab.accounts.measure.known import plain
from crmlab.errors import BadRowsError, OutOfRangeError


def duplication_of_purchase(
    choices: pd.DataFrame, *, customer: str = "customer_id", brand: str = "brand"
) -> pd.DataFrame:
    """Pairs of brands that share more buyers than their sizes predict (重复购买律): rivals.

    Every brand shares most of its buyers with the biggest brand, because that has most buyers. The
    law of duplication takes this off: of N buyers, n_x and n_y who bought x and y, there should be
    D n_x n_y / N who bought both, with one D for the whole market. D is estimated as the one that
    gets the sum of all pairs right. The index of a pair is what is there over what should be.

    Parameters
    ----------
    choices : DataFrame, one row per purchase: `customer`, `brand`
    customer, brand : str

    Returns
    -------
    DataFrame, one row per pair of brands, the surest rivals (highest `low`) first
        brand, rival : str, in alphabetical order
        buyers, rival_buyers, both : int64
        share_of_buyers : float64, of the brand's buyers who bought the rival as well
        expected : float64, buyers of both by the law
        index, low, high : float64; 1 is what sizes predict; 95 % interval (delta method over
            customers, on the log scale); missing where nobody bought both
        rivals : bool, whether low is above 1

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    OutOfRangeError
        If there are fewer than 3 brands (of two, nothing can be said), or nobody bought two.

    See Also
    --------
    switching_above_shares : the same of switches from one purchase to the next.
    target_overlap : the firm's view, who sells to the same people.
    crmlab.loyalty.model.NBDDirichlet : what else follows from a brand's share.

    Source
    ------
    Ehrenberg, Uncles and Goodhardt (2004), doi:10.1016/j.jbusres.2002.11.001.

    Examples
    --------
    >>> who = pd.Series([*range(6)] * 2, name="customer_id")
    >>> choices = pd.DataFrame({"customer_id": who, "brand": list("AAABBC" "BBCCAA")})
    >>> duplication_of_purchase(choices)[["brand", "rival", "both", "index"]].round(2)
      brand rival  both  index
    0     A     B     3   1.18
    1     A     C     2   1.04
    2     B     C     1   0.65
    """
    bought, names = _bought(choices, customer, brand)
    n, m = bought.shape
    buyers = bought.sum(axis=0)
    both = bought.T @ bought
    one, other = np.array([*combinations(range(m), 2)]).T
    base = buyers[one] * buyers[other] / n
    if not both[one, other].any():
        raise OutOfRangeError("nobody bought two brands, so none of them is chosen beside another.")
    law = both[one, other].sum() / base.sum()
    error = _log_errors(bought, one, other)
    count = both[one, other]
    with np.errstate(divide="ignore", invalid="ignore"):
        index = count / (law * base)
        reach = np.exp(Z * error)
        low, high = index / reach, index * reach
    low, high = np.where(count > 0, low, np.nan), np.where(count > 0, high, np.nan)
    found = pd.DataFrame(
        {
            "brand": names[one],
            "rival": names[other],
            "buyers": buyers[one].astype("int64"),
            "rival_buyers": buyers[other].astype("int64"),
            "both": count.astype("int64"),
            "share_of_buyers": count / buyers[one],
            "expected": law * base,
            "index": index,
            "low": low,
            "high": high,
            "rivals": low > 1,
        }
    ).astype({"brand": "str", "rival": "str"})
    return found.sort_values(
        ["low", "brand", "rival"], ascending=[False, True, True], ignore_index=True
    )


def switching_above_shares(switching: pd.DataFrame) -> pd.DataFrame:
    """Pairs between which customers switch more than the brands' sizes predict.

    Who leaves a brand goes to the biggest most often: raw switching always names it. Here the
    switches i -> j, without those who stayed, are laid beside a_i b_j with the same sums over rows
    and columns (quasi-independence, by iterative proportional fitting).

    Parameters
    ----------
    switching : DataFrame, as returned by `crmlab.loyalty.switching_matrix`
        from_brand, to_brand; steps : int64

    Returns
    -------
    DataFrame, one row per pair of brands, the highest index first
        brand, rival : as given, in alphabetical order
        switches : float64, both ways; expected : float64
        index : float64, the one over the other; missing where none is expected

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    OutOfRangeError
        If there are fewer than 4 brands, of which every table of switches would fit, or nobody
        switched.

    Source
    ------
    Goodman (1968), doi:10.1080/01621459.1968.10480914.

    Examples
    --------
    >>> rows = [(a, b, 30 if {a, b} == {"D", "E"} else 10) for a in "ABCDE" for b in "ABCDE"]
    >>> table = pd.DataFrame(rows, columns=["from_brand", "to_brand", "steps"])
    >>> switching_above_shares(table)[["brand", "rival", "index"]].head(1).round(2)
      brand rival  index
    0     D     E   1.37
    """
    require_columns(switching, "from_brand", "to_brand", "steps")
    require_rows(switching)
    require_values(switching, "from_brand", "to_brand", "steps")
    table = plain(switching, "from_brand", "to_brand", "steps")
    require_numbers(table, "steps")
    names = np.array(sorted({*table["from_brand"]} | {*table["to_brand"]}), dtype=object)
    m, at = len(names), pd.Index(names)
    if m < 4:
        raise OutOfRangeError(f"switching above shares needs 4 brands or more; got {[*names]}.")
    ends = (at.get_indexer(pd.Index(table[name])) for name in ("from_brand", "to_brand"))
    one, other = ends
    steps = bincount(one * m + other, table["steps"].to_numpy("float64"), m * m).reshape(m, m)
    np.fill_diagonal(steps, 0)
    if not steps.any():
        raise OutOfRangeError("nobody switched from one brand to another.")
    expected = _quasi_independent(steps)
    one, other = np.array([*combinations(range(m), 2)]).T
    seen, fitted = (each[one, other] + each[other, one] for each in (steps, expected))
    index = np.divide(seen, fitted, out=np.full(len(seen), np.nan), where=fitted > 0)
    found = pd.DataFrame({"brand": names[one], "rival": names[other]})
    found = found.assign(switches=seen, expected=fitted, index=index)
    return found.sort_values(
        ["index", "brand", "rival"], ascending=[False, True, True], ignore_index=True
    )


def target_overlap(
    choices: pd.DataFrame,
    *,
    by: str = "segment",
    customer: str = "customer_id",
    brand: str = "brand",
) -> pd.DataFrame:
    """How far two brands sell to the same people: the firm's view of competition.

    Parameters
    ----------
    choices : DataFrame, one row per purchase: `customer`, `brand`, `by`
    by : str
        Column of kinds of customers, one for each customer.
    customer, brand : str

    Returns
    -------
    DataFrame, one row per pair of brands, the largest overlap first
        brand, rival : str, in alphabetical order
        overlap : float64, sum over kinds of the smaller of both brands' shares of buyers: 1 where
            the profiles are the same, 0 where nobody could buy both

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, or a customer is of two kinds.
    OutOfRangeError
        If there are fewer than 2 brands.

    See Also
    --------
    duplication_of_purchase : the user's view, between which brands buyers hesitate.

    Examples
    --------
    >>> choices = pd.DataFrame({"customer_id": [1, 2, 3, 4], "brand": list("AABB"),
    ...     "segment": ["city", "country", "city", "city"]})
    >>> target_overlap(choices)["overlap"].tolist()
    [0.5]
    """
    require_columns(choices, by=by, customer=customer, brand=brand)
    require_rows(choices)
    require_values(choices, by, customer, brand)
    buyers = pd.DataFrame(
        {
            "who": plain_ids(choices[customer]),
            "what": plain_values(choices[brand]).astype("str"),
            "kind": plain_values(choices[by]).astype("str"),
        }
    ).drop_duplicates()
    kinds = buyers[["who", "kind"]].drop_duplicates()["who"]
    if kinds.duplicated().any():
        twice = kinds[kinds.duplicated()].head(10).tolist()
        raise BadRowsError(f"customers {twice} are of more than one {by}; choose one for each.")
    table = pd.crosstab(buyers["what"], buyers["kind"])
    names, profile = table.index.to_numpy(), table.to_numpy("float64")
    if len(names) < 2:
        raise OutOfRangeError("one brand alone overlaps with nobody.")
    profile = profile / profile.sum(axis=1, keepdims=True)
    one, other = np.array([*combinations(range(len(names)), 2)]).T
    overlap = np.minimum(profile[one], profile[other]).sum(axis=1).round(12)
    found = pd.DataFrame({"brand": names[one], "rival": names[other], "overlap": overlap})
    found = found.astype({"brand": "str", "rival": "str"})
    return found.sort_values(
        ["overlap", "brand", "rival"], ascending=[False, True, True], ignore_index=True
    )


def rival_map(pairs: pd.DataFrame) -> pd.DataFrame:
    """Map of brands (知觉图): rivals close together, by multidimensional scaling.

    The distance of two brands is the inverse of their index: twice as many common buyers as sizes
    predict are half the distance. The map is the one whose distances miss these least, in squares,
    from the classical map of Torgerson on.

    Parameters
    ----------
    pairs : DataFrame, as returned by `duplication_of_purchase`
        brand, rival; index : float64; every pair of brands once

    Returns
    -------
    DataFrame, one row per brand, in alphabetical order
        brand : str
        x, y : float64; the map may be turned and mirrored, so the brand farthest from the middle
            is put to the right, and of the others the farthest off the line above it
        stress : float64, alike in every row: Kruskal's, 0 where the map shows the distances
            exactly; 0.2 is a poor map

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column, a value or a pair is missing.
    OutOfRangeError
        If there are fewer than 3 brands.

    Source
    ------
    Torgerson (1952), doi:10.1007/BF02288916; Kruskal (1964), doi:10.1007/BF02289565.

    Examples
    --------
    >>> pairs = pd.DataFrame({"brand": ["A", "A", "B"], "rival": ["B", "C", "C"],
    ...     "index": [2.0, 0.5, 0.5]})
    >>> found = rival_map(pairs).set_index("brand")
    >>> a, b, c = found[["x", "y"]].to_numpy()
    >>> np.hypot(*(a - b)).round(2), np.hypot(*(a - c)).round(2)
    (np.float64(0.5), np.float64(2.0))
    """
    require_columns(pairs, "brand", "rival", "index")
    require_rows(pairs)
    require_values(pairs, "brand", "rival")
    table = plain(pairs, "brand", "rival", "index")
    require_numbers(table.dropna(subset=["index"]), "index")
    names = sorted({*table["brand"]} | {*table["rival"]})
    m, at = len(names), pd.Index(names)
    if m < 3:
        raise OutOfRangeError(f"a map needs 3 brands or more; got {names}.")
    one, other = (at.get_indexer(pd.Index(table[name])) for name in ("brand", "rival"))
    index = table["index"].to_numpy("float64")
    far = 1 / max(np.nanmin(np.where(index > 0, index, np.nan)) / 2, 1e-9)
    distance = np.full((m, m), np.nan)
    np.fill_diagonal(distance, 0)
    # Who shares nobody is twice as far as the farthest who share somebody.
    distance[one, other] = distance[other, one] = np.divide(
        1, index, out=np.full(len(index), far), where=index > 0
    )
    if np.isnan(distance).any():
        raise BadRowsError("some pairs of brands are missing; hand over every pair once.")
    middle = np.eye(m) - 1 / m
    values, vectors = np.linalg.eigh(-middle @ distance**2 @ middle / 2)
    order = np.argsort(values)[::-1][:2]
    start = vectors[:, order] * np.sqrt(np.maximum(values[order], 1e-6))
    i, j = np.triu_indices(m, 1)

    def misses(flat: np.ndarray) -> np.ndarray:
        xy = flat.reshape(m, 2)
        return np.hypot(*(xy[i] - xy[j]).T) - distance[i, j]

    best = least_squares(misses, start.ravel())
    stress = float(np.sqrt((best.fun**2).sum() / (distance[i, j] ** 2).sum()))
    xy = _turned(best.x.reshape(m, 2))
    found = {"brand": pd.Series(names, dtype="str"), "x": xy[:, 0], "y": xy[:, 1]}
    return pd.DataFrame({**found, "stress": stress})


def _turned(xy: np.ndarray) -> np.ndarray:
    """Return a map about its middle, the farthest brand to the right, the next above the line."""
    xy = xy - xy.mean(axis=0)
    far = xy[np.hypot(*xy.T).argmax()]
    angle = np.arctan2(far[1], far[0])
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    xy = xy @ turn
    return xy * [1, -1 if xy[np.abs(xy[:, 1]).argmax(), 1] < 0 else 1]


def _bought(choices: pd.DataFrame, customer: str, brand: str) -> tuple[np.ndarray, np.ndarray]:
    """Return who bought what, as a table of 0 and 1, and the brands' names."""
    require_columns(choices, customer=customer, brand=brand)
    require_rows(choices)
    require_values(choices, customer, brand)
    # In order of the ids, so that sums do not depend on the order of the rows.
    who = pd.factorize(plain_ids(choices[customer]), sort=True)[0]
    names, what = np.unique(plain_values(choices[brand]).astype("str"), return_inverse=True)
    if len(names) < 3:
        raise OutOfRangeError(
            f"{len(names)} brand(s) only: {[*names]}. What shares predict shows from 3 brands on."
        )
    size = (int(who.max()) + 1, len(names))
    bought = bincount(who * size[1] + what, minlength=size[0] * size[1]).reshape(size) > 0
    return bought.astype("float64"), names.astype(object)


def _log_errors(bought: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the standard errors of log index of each pair, customers being the sample.

    The index is n_xy / n_x / n_y * (sum of n_x n_y over pairs) / (sum of n_xy over pairs).
    """
    buyers, n = bought.sum(axis=0), len(bought)
    total = buyers.sum()
    # The influence of a customer on the logs of the two sums.
    many = bought.sum(axis=1)
    all_pairs = (total**2 - (buyers**2).sum()) / 2
    on_base = (many * total - bought @ buyers) / all_pairs
    on_both = (many * (many - 1) / 2) / (many * (many - 1) / 2).sum()
    common = on_base - on_both
    errors = np.full(len(one), np.nan)
    for pair, (x, y) in enumerate(zip(one, other, strict=True)):
        both = bought[:, x] * bought[:, y]
        if both.any():
            moved = both / both.sum() - bought[:, x] / buyers[x] - bought[:, y] / buyers[y] + common
            errors[pair] = np.sqrt(((moved - moved.mean()) ** 2).sum() * n / max(n - 1, 1))
    return errors


def _quasi_independent(steps: np.ndarray, *, rounds: int = 2_000) -> np.ndarray:
    """Return a_i b_j off the diagonal with the sums of `steps` over rows and columns."""
    fitted = 1.0 - np.eye(len(steps))
    for _ in range(rounds):
        before = fitted.copy()
        for axis in (1, 0):
            have, want = (table.sum(axis=axis, keepdims=True) for table in (fitted, steps))
            fitted = fitted * np.divide(want, have, out=np.zeros_like(want), where=have > 0)
        if np.abs(fitted - before).max() < 1e-10 * steps.sum():
            break
    return fitted
