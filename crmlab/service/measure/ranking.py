"""How good suggestions are: whether they hit, how high, how many products they show."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    day_of,
    require_alike,
    require_columns,
    require_days,
    require_numbers,
    require_rows,
    require_values,
)
from crmlab._groups import bincount
from crmlab._intervals import wilson
from crmlab._purchases import as_frame, plain_days, plain_ids, plain_values
from crmlab.errors import BadRowsError, EmptyError

_TOP = 0.1


def ranking_quality(
    suggested: pd.DataFrame,
    later: pd.DataFrame,
    before: pd.DataFrame,
    *,
    customer: str = "customer_id",
    product: str = "product",
) -> pd.DataFrame:
    """Quality of suggestions, judged by what their customers bought later.

    Parameters
    ----------
    suggested : DataFrame, one row per suggestion: `customer`, `product`, rank (from 1)
    later : DataFrame, one row per purchase after: `customer`, `product`
        Judged are the customers who stand in both.
    before : DataFrame, one row per purchase before: `customer`, `product`
    customer, product : str

    Returns
    -------
    DataFrame, one row
        customers : int64, judged
        hit_rate, low, high : float64, share with a hit among the suggestions, 95% interval
        ndcg : float64, hits count 1 / log2(1 + rank), as a share of the best possible
        coverage : float64, share of the products bought before that anybody was shown
        novelty : float64, bits: mean of -log2(share of the buyers who had it before)
        from_top : float64, share of the suggestions among the tenth of products that is most
            popular; above the share of their purchases, it is a popularity bias
        bought_from_top : float64, share of the later purchases among them
        new_customers : int64, of those judged, who bought nothing before
        new_hit_rate : float64, among these (missing where there are none)

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, a rank is below 1, or a product is suggested twice.
    OutOfRangeError
        If a frame has no rows, ids are numbers in one and text in another, or nobody stands in both
        of the first two.

    Source
    ------
    Jarvelin and Kekalainen (2002), doi:10.1145/582415.582418; novelty and coverage: Castells,
    Hurley and Vargas (2015), doi:10.1007/978-1-4899-7637-6_26.

    Examples
    --------
    >>> suggested = pd.DataFrame({"customer_id": [1, 1, 2, 2], "product": ["a", "b", "a", "c"],
    ...     "rank": [1, 2, 1, 2]})
    >>> later = pd.DataFrame({"customer_id": [1, 2], "product": ["b", "d"]})
    >>> before = pd.DataFrame({"customer_id": [1, 2, 2], "product": ["c", "a", "b"]})
    >>> float(ranking_quality(suggested, later, before)["hit_rate"].iloc[0])
    0.5
    """
    suggested, later, before = map(as_frame, (suggested, later, before))
    for frame in (suggested, later, before):
        require_columns(frame, customer=customer, product=product)
        require_rows(frame)
    require_columns(suggested, "rank")
    require_values(later, customer, product)
    require_values(before, customer, product)
    suggested = suggested.dropna(subset=[product]).assign(
        rank=lambda one: plain_values(one["rank"])
    )
    require_numbers(suggested, "rank")
    keys = [customer, product]
    suggested, later, before = (
        frame.assign(
            **{customer: plain_ids(frame[customer]), product: plain_values(frame[product])}
        )
        for frame in (suggested, later[keys], before[keys])
    )
    _require_ranks(suggested, keys)
    for name in keys:
        for frame in (later, before):
            require_alike(name, suggested[name], frame[name])
    later = later.drop_duplicates()
    judged = pd.Index(np.intersect1d(suggested[customer].unique(), later[customer].unique()))
    if not len(judged):
        raise EmptyError(
            "nobody who got suggestions bought anything later, so nothing can be judged. Look at "
            "the ids of both frames, and at the days of the split."
        )
    shown = suggested[suggested[customer].isin(judged)]
    gain = 1 / np.log2(1 + shown["rank"].to_numpy("float64"))
    hit = shown.merge(later, "left", on=keys, indicator="found")["found"].eq("both").to_numpy()
    code = judged.get_indexer(pd.Index(shown[customer]))
    hits = bincount(code, hit) > 0
    wanted = later[customer].map(pd.Series(np.arange(len(judged)), judged)).dropna().astype(int)
    best = np.cumsum(1 / np.log2(2 + np.arange(int(shown["rank"].max()))))
    possible = best[np.minimum(bincount(wanted, minlength=len(judged)), len(best)) - 1]
    low, high = wilson(hits.sum(), len(judged))
    counts = before.drop_duplicates()[product].value_counts().sort_index()
    counts = counts.sort_values(ascending=False, kind="stable")
    top = counts.index[: max(round(_TOP * len(counts)), 1)]
    share = shown[product].map(counts / before[customer].nunique())
    new = ~judged.isin(before[customer])
    return pd.DataFrame(
        {
            "customers": [len(judged)],
            "hit_rate": hits.mean(),
            "low": float(low),
            "high": float(high),
            "ndcg": (bincount(code, hit * gain) / possible).mean(),
            "coverage": shown[product].isin(counts.index)[~shown[product].duplicated()].sum()
            / len(counts),
            "novelty": -np.log2(share.dropna()).mean(),
            "from_top": shown[product].isin(top).mean(),
            "bought_from_top": later[product].isin(top).mean(),
            "new_customers": int(new.sum()),
            "new_hit_rate": hits[new].mean() if new.any() else np.nan,
        }
    )


def _require_ranks(suggested: pd.DataFrame, keys: list[str]) -> None:
    """Raise unless ranks count from 1, and nobody is shown a product twice."""
    low, twice = (suggested["rank"] < 1).sum(), suggested.duplicated(keys).sum()
    if low or twice:
        raise BadRowsError(
            f"{low} suggestion(s) have a rank below 1, and {twice} show their customer a product "
            "again. Ranks count from 1, each product once."
        )


def parted(
    purchases: pd.DataFrame,
    split_on: str | pd.Timestamp,
    *,
    date: str,
    customer: str,
    product: str,
    again: bool = False,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what was bought before a day, and from it on what was new, or all, `again`."""
    keys = [customer, product]
    require_columns(purchases, *keys, date)
    require_values(purchases, *keys, date)
    purchases = purchases.assign(**{date: plain_days(purchases[date])})
    require_days(purchases, date)
    after = purchases[date].to_numpy() >= day_of("split_on", split_on)
    before = purchases.loc[~after]
    later = purchases.loc[after, keys].drop_duplicates()
    later = later.merge(before[keys].drop_duplicates(), "left", on=keys, indicator="_found")
    later = later.loc[again | (later["_found"] == "left_only"), keys]
    if not len(before) or not len(later):
        raise EmptyError(
            f"before {split_on} there are {len(before)} purchases, and {len(later)} new ones from "
            "it on; both are needed. Choose a day within the record."
        )
    return before, later
