"""Who moved up, down, in and out between two pyramids."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import pandas as pd
from pandas.api.types import is_numeric_dtype

from crmlab._checks import require_columns, require_values
from crmlab._words import N_
from crmlab.errors import BadRowsError, CrmlabError
from crmlab.pyramid.measure.tiers import METALS, TIERS

NEW, LOST = N_("new"), N_("lost")


def migration(
    before: pd.DataFrame, after: pd.DataFrame, *, tiers: Sequence[str] | None = None
) -> pd.DataFrame:
    """Count the moves between the tiers of two periods: up, down, stayed, new and lost.

    New means absent from the first period, lost absent from the second; a customer who
    comes back after a longer pause is new here. Tiers are ranks, so who rises pushes
    somebody down, and a shrinking firm still has its top 1 %.

    Parameters
    ----------
    before, after : DataFrame, one row per customer, as returned by `pyramid_tiers`
        customer_id : the same kind of id in both
        tier : str
    tiers : str, best tier first; optional
        Needed only if the tiers bear names of your own.

    Returns
    -------
    DataFrame, one row per possible move (zeros too), best tiers first
        before : str, a tier or "new"
        after : str, a tier or "lost"
        movement : str, one of up, down, stayed, new, lost
        customers : int64
        share_of_before : float64, of the row's `before`, so each tier's rows sum to 1; NaN if
            nobody was there

    Raises
    ------
    MissingColumnsError
        If a frame lacks one of the two columns.
    BadRowsError
        If a customer has no id, no tier, or more than one row.
    CrmlabError
        If the order of the tiers is not known, or the ids of the frames are of two kinds.

    See Also
    --------
    crmlab.pyramid.plot.plot_migration : draws this frame.

    Source
    ------
    That customers move up, down, in and out of the tiers is this course's field rule; the table
    is a plain count of those who do.

    Examples
    --------
    >>> before = pd.DataFrame({"customer_id": [1, 2], "tier": ["VIP", "small"]})
    >>> after = pd.DataFrame({"customer_id": [2, 3], "tier": ["VIP", "small"]})
    >>> migration(before, after).query("customers > 0")
       before  after movement  customers  share_of_before
    4     VIP   lost     lost          1              1.0
    15  small    VIP       up          1              1.0
    23    new  small      new          1              1.0
    """
    for frame in (before, after):
        require_columns(frame, "customer_id", "tier")
        require_values(frame, "customer_id", "tier")
        _require_one_row_each(frame)
    _require_same_kind(before, after)
    order = _order({*before["tier"].unique(), *after["tier"].unique()}, tiers)

    moves = pd.DataFrame(
        {
            "before": before.set_index("customer_id")["tier"].astype("str"),
            "after": after.set_index("customer_id")["tier"].astype("str"),
        }
    ).fillna({"before": NEW, "after": LOST})
    every = [pair for pair in product([*order, NEW], [*order, LOST]) if pair != (NEW, LOST)]
    index = pd.MultiIndex.from_tuples(every, names=["before", "after"])
    counts = moves.value_counts(["before", "after"]).reindex(index, fill_value=0)

    table = counts.to_frame("customers").reset_index()
    size = table.groupby("before")["customers"].transform("sum")
    table["share_of_before"] = table["customers"] / size
    table.insert(2, "movement", [_movement(order, *pair) for pair in every])
    return table


def _movement(order: Sequence[str], before: str, after: str) -> str:
    if before == NEW or after == LOST:
        return NEW if before == NEW else LOST
    step = order.index(before) - order.index(after)
    return "stayed" if step == 0 else "up" if step > 0 else "down"


def _order(present: set[str], tiers: Sequence[str] | None) -> list[str]:
    """Return all tiers, best first: the caller's, or those of the two pyramids of the field."""
    for order in [tiers] if tiers is not None else [TIERS, METALS]:
        reserved = {NEW, LOST} & {*order}
        if reserved or len({*order}) != len(order):
            raise CrmlabError(f"tiers need different names, and not {NEW!r} or {LOST!r}: {order}.")
        if present <= {*order}:
            return [*order]
    raise CrmlabError(
        f"which tier is higher? The frames hold {sorted(present)}. "
        "Name all of them, best first, with tiers=…"
    )


def _require_one_row_each(frame: pd.DataFrame) -> None:
    twice = frame.loc[frame["customer_id"].duplicated(), "customer_id"].unique().tolist()
    if twice:
        raise BadRowsError(
            f"{len(twice)} customer(s) have more than one row: {twice[:10]}. "
            "Hand over one row per customer, as pyramid_tiers returns them."
        )


def _require_same_kind(before: pd.DataFrame, after: pd.DataFrame) -> None:
    kinds = [frame["customer_id"].dtype for frame in (before, after) if len(frame)]
    if len({is_numeric_dtype(kind) for kind in kinds}) > 1:
        raise CrmlabError(
            f"customer_id is {kinds[0]} before and {kinds[1]} after, so nobody could be "
            "found again. Make both the same: frame.astype({'customer_id': 'str'})"
        )
