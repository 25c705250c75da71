"""Shares of a group against those of the base, as indices: 100 is the base."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import betainc, betaln, gammaln, logsumexp
from scipy.stats import false_discovery_control, hypergeom

from crmlab._checks import (
    names_of,
    require_columns,
    require_single,
    require_truths,
    require_values,
)
from crmlab._groups import bincount
from crmlab.errors import BadRowsError, OutOfRangeError

# How far shares of groups lie from those of the base, from nearly not to anywhere.
_UNLIKE = np.linspace(0.01, 0.99, 33)
_HALVINGS, _NOTHING = 30, 1e-12


def group_index(
    rows: pd.DataFrame,
    *,
    attributes: Sequence[str] | str,
    group: str = "in_group",
    customer: str | None = None,
) -> pd.DataFrame:
    """Shares of a group as an index against the base, 100 where they are alike, drawn towards 100.

    The index of a value is 100 times its share in the group over its share in the base, the group
    included. In a small group it is mostly luck. So it is *shrunk*: the share counted is mixed
    with that of the base, as if m customers like the base had been asked too. How many is learned
    from all values of the call together: the more the counted shares scatter beyond luck, the less
    is mixed in. The mean of the indices of an attribute, weighted by the base, is 100.

    Parameters
    ----------
    rows : DataFrame, one row per customer of the base, or several with `customer`
        The columns `attributes` (missing values are a value) and `group`, True or False.
    attributes : column, or list of them
    group : str
    customer : str, optional
        With several rows for a customer (purchases, say) their column: then rows of one customer
        are not taken for so many customers.

    Returns
    -------
    DataFrame, one row per value, in the order of the attributes and then of the values
        attribute, value : str
        rows : int64, of the group that have it
        share, base_share : float64
        index : float64, as counted
        shrunk, low, high : float64, with a 95 % interval that holds on average over the values,
            and seldom enough for one that stands out alone in a small group
        p_value, q_value : float64; the second over all values, as a false-discovery rate

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column is missing, or the group is empty or the whole base.
    OutOfRangeError
        If `group` holds no truth values, or `attributes` names none, or one twice.

    See Also
    --------
    understand : six questions about a group at once.

    Notes
    -----
    The count of a value is binomial, its share in groups Beta with mean p (that of the base) and
    size m; 1 / sqrt(m + 1) is uniform on (0, 1) before the data are seen, and summed over. A group
    that is a large part of the base counts as more customers, n / (1 - f), since its share and that
    of the base move together. Rows of one customer count as fewer, by the design effects of the
    group and of the others. The p value is hypergeometric; with `customer`, binomial in as many
    customers as the share is worth.

    Source
    ------
    Clayton and Kaldor (1987), doi:10.2307/2532003 (rates drawn towards the whole); Gelman (2006),
    doi:10.1214/06-BA117A (uniform on the scale of the spread); Rao and Scott (1992),
    doi:10.2307/2532311 (counts over the design effect of each group).

    Examples
    --------
    >>> base = pd.DataFrame({"city": ["A"] * 50 + ["B"] * 50})
    >>> base["in_group"] = [True] * 6 + [False] * 92 + [True] * 2
    >>> group_index(base, attributes="city")[["value", "share", "index", "shrunk"]].round(1)
      value  share  index  shrunk
    0     A    0.8  150.0   126.3
    1     B    0.2   50.0    73.7
    """
    names = names_of("attributes", attributes)
    if not names or len({*names}) < len(names):
        raise OutOfRangeError(f"attributes must name at least one column, each once; got {names}.")
    keys = [] if customer is None else [customer]
    require_columns(rows, *names, *keys, group=group)
    require_values(rows, *keys, group)
    require_single(rows, *names)
    require_truths(rows, group)
    inside = rows[group].to_numpy(dtype=bool)
    _require_part(inside)
    who = np.arange(len(rows)) if customer is None else pd.factorize(rows[customer])[0]
    parts = [_counts(rows[name], inside, who, customer is not None) for name in names]
    table = pd.concat(parts, keys=names, names=["attribute"]).reset_index("attribute")
    table = table.reset_index(drop=True).astype({"attribute": "str", "value": "str"})
    shrunk = _shrink(table["share"], table["base_share"], table["worth"])
    table = table.assign(**shrunk, q_value=false_discovery_control(table["p_value"]))
    columns = ["attribute", "value", "rows", "share", "base_share", "index", "shrunk", "low"]
    return table[[*columns, "high", "p_value", "q_value"]]


def _require_part(inside: np.ndarray) -> None:
    if not inside.any() or inside.all():
        what = "empty" if not inside.any() else "the whole base"
        raise BadRowsError(
            f"the group is {what} ({int(inside.sum())} of {len(inside)} rows), so there is nothing "
            "to compare. Choose another group."
        )


def _counts(
    column: pd.Series, inside: np.ndarray, who: np.ndarray, clustered: bool
) -> pd.DataFrame:
    """Return counts, shares, p value and the customers that a share is worth, for each value."""
    words = column.astype("str").where(column.notna(), "(missing)").astype("str")
    ordered = column.dtype.kind in "iufb"
    code, values = pd.factorize(words if not ordered else column, sort=True, use_na_sentinel=False)
    k, n, size = len(values), int(inside.sum()), len(inside)
    count, all_ = bincount(code[inside], minlength=k), bincount(code, minlength=k)
    share, base = count / n, all_ / size
    worth = np.full(k, n / (1 - n / size))
    if clustered:
        worth = _worth(code, who, inside, k)
        p_value = _binomial_p(share * worth, worth, base)
    else:
        above, below = hypergeom.sf(count - 1, size, all_, n), hypergeom.cdf(count, size, all_, n)
        p_value = np.minimum(2 * np.minimum(above, below), 1.0)
    names = pd.Series(values).astype("object").where(pd.notna(values), "(missing)")
    return pd.DataFrame(
        {
            "value": names.map(_word),
            "rows": count,
            "share": share,
            "base_share": base,
            "index": 100 * share / base,
            "worth": worth,
            "p_value": p_value,
        }
    )


def _binomial_p(x: np.ndarray, n: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Return twice the smaller tail of binomial counts, which need not be whole numbers."""
    above = np.where(x > 0, betainc(np.maximum(x, 1e-300), n - x + 1, p), 1.0)
    below = np.where(x < n, 1 - betainc(x + 1, np.maximum(n - x, 1e-300), p), 1.0)
    return np.minimum(2 * np.minimum(above, below), 1.0)


def _word(value: object) -> str:
    """Return a value as a word; whole numbers have no point, whatever column they come from."""
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)


def _worth(code: np.ndarray, who: np.ndarray, inside: np.ndarray, k: int) -> np.ndarray:
    """Return as how many customers each share of the group counts against that of the base.

    The group and the others have each a design effect of their own: the one counted in them, or
    what the likeness of a customer's rows in the whole base makes of so many rows to a customer,
    whichever is larger. A group of a few heavy buyers cannot tell the first by itself.
    """
    effect, besides = _effect(code, who, k)
    alike = np.clip((effect - 1) / max(besides, 1e-9), 0, 1)
    variance = np.zeros(k)
    for part in (inside, ~inside):
        own, more = _effect(code[part], who[part], k)
        variance += np.maximum(1 + alike * more, own) / part.sum()
    return 1 / (variance * (1 - inside.mean()) ** 2)


def _effect(code: np.ndarray, who: np.ndarray, k: int) -> tuple[np.ndarray, float]:
    """Return each share's variance over that of rows drawn one by one, and a row's other rows."""
    pair, times = np.unique(who * k + code, return_counts=True)
    each, rows = np.unique(who, return_counts=True)
    own = rows[np.searchsorted(each, pair // k)]
    place, share = pair % k, bincount(code, minlength=k) / len(code)
    squares = bincount(place, times.astype(float) ** 2, k)
    crossed = bincount(place, (times * own).astype(float), k)
    all_ = float((rows.astype(float) ** 2).sum())
    total = squares - 2 * share * crossed + share**2 * all_
    total = total * len(each) / max(len(each) - 1, 1)
    binomial = share * (1 - share) * len(code)
    # A value that few have says little by itself, and one that nobody has nothing.
    together = total.sum() / max(binomial.sum(), 1e-9)
    effect = np.divide(total, binomial, out=np.zeros(k), where=binomial > 0)
    return np.maximum(effect, together), all_ / len(code) - 1


def _shrink(share: pd.Series, base: pd.Series, worth: pd.Series) -> dict[str, np.ndarray]:
    """Return the shrunk index of each value and its interval, over all sizes of the mixture."""
    p, n = base.to_numpy(), worth.to_numpy()
    x = share.to_numpy() * n
    size = (1 / _UNLIKE**2 - 1)[:, None]
    prior = p * size, (1 - p) * size
    alone = p >= 1  # a value that everybody has says nothing
    a, b = np.where(alone, 1.0, prior[0]), np.where(alone, 1.0, prior[1])
    choose = gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1)
    log = np.where(alone, 0.0, choose + betaln(a + x, b + n - x) - betaln(a, b)).sum(axis=1)
    weight = np.exp(log - logsumexp(log))[:, None]
    mean = (weight * (a + x) / (a + b + n)).sum(axis=0)
    told = weight[:, 0] > _NOTHING
    weight, a, b = (one[told] for one in (weight, a, b))

    def quantile(level: float) -> np.ndarray:
        low, high = np.zeros(len(p)), np.ones(len(p))
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            below = (weight * betainc(a + x, b + n - x, middle)).sum(axis=0) < level
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return (low + high) / 2

    found = {"shrunk": mean, "low": quantile(0.025), "high": quantile(0.975)}
    return {name: np.where(alone, 100.0, 100 * one / p) for name, one in found.items()}
