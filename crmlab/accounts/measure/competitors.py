"""Who our competitors are: by what customers do, beyond what shares predict."""

from __future__ import annotations

from itertools import combinations
from statistics import NormalDist

import numpy as np
import pandas as pd

from crmlab._checks import require_columns, require_rows, require_values
from crmlab._groups import bincount
from crmlab._intervals import Z
from crmlab._purchases import plain_ids, plain_values
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
        rivals : bool, whether it is above 1 for sure, with a limit corrected for so many pairs
            (Bonferroni)

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
    strict = NormalDist().inv_cdf(1 - 0.025 / len(one))
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
            "rivals": np.nan_to_num(index / np.exp(strict * error)) > 1,
        }
    ).astype({"brand": "str", "rival": "str"})
    return found.sort_values(
        ["low", "brand", "rival"], ascending=[False, True, True], ignore_index=True
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
    ).drop_duplicates(ignore_index=True)
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
