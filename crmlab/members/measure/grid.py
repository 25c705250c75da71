"""Four quadrants of members: how often they return, against what they spend then."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_alike,
    require_at_least,
    require_columns,
    require_numbers,
    require_one_of,
    require_values,
)
from crmlab._groups import repeat
from crmlab.errors import BadRowsError
from crmlab.members.strategies import QUADRANTS, STRATEGIES


def quadrants(members: pd.DataFrame, *, center: str = "mean") -> pd.DataFrame:
    """Quadrant of each member: how often they return against what they spend then.

    High means strictly above the line. The lines stand at the mean or the median: of
    `returns_per_year` over all members, of `spend_per_return` over those who returned. Who
    never returned has no spend per return and is low on both.

    Parameters
    ----------
    members : DataFrame, as returned by `repurchase`
        returns_per_year : float64
        spend_per_return : float64, NaN for who did not return
    center : "mean" or "median"
        One very large customer moves a mean, and with it everybody else's quadrant.

    Returns
    -------
    DataFrame, the same rows and columns, and
        frequency_line, ticket_line : float64, where the lines stand (the same in every row)
        quadrant : int64, 1 both high, 2 rare but large, 3 both low, 4 often but small: counted
            as in mathematics, against the clock from the upper right
        quadrant_name : str

    Raises
    ------
    MissingColumnsError
        If `members` lacks one of the two columns.
    OutOfRangeError
        If `center` is neither, or there are no members.
    BadRowsError
        If a member has no returns_per_year.

    See Also
    --------
    quadrant_summary : headcount, money and strategy of each quadrant.
    crmlab.members.plot.plot_quadrants : draws this frame.

    Source
    ------
    Four quadrants with the lines at the means are this course's field rule; the median is a
    choice of crmlab, against one very large customer.

    Examples
    --------
    >>> members = pd.DataFrame(
    ...     {"returns_per_year": [9.0, 1, 0, 8], "spend_per_return": [90.0, 80, None, 10]}
    ... )
    >>> quadrants(members)["quadrant_name"].tolist()
    ['gold', 'rare but large', 'both low', 'often but small']
    """
    require_columns(members, "returns_per_year", "spend_per_return")
    require_values(members, "returns_per_year")
    require_at_least("the number of members", len(members), 1)
    require_one_of("center", center, ("mean", "median"))
    require_numbers(members, "returns_per_year")
    require_numbers(members.dropna(subset=["spend_per_return"]), "spend_per_return")

    lines = members[["returns_per_year", "spend_per_return"]].astype("float64").agg(center)
    often, large = (_above(members[name], line) for name, line in lines.items())
    quadrant = np.select([often & large, ~often & large, ~often & ~large], [1, 2, 3], 4)
    return members.assign(
        frequency_line=lines["returns_per_year"],
        ticket_line=lines["spend_per_return"],
        quadrant=quadrant.astype("int64"),
        quadrant_name=pd.Series(quadrant, members.index).map(QUADRANTS).astype("str"),
    )


def _above(values: pd.Series, line: float) -> np.ndarray:
    """Return which values lie above the line; the last digit of a mean is chance, on any engine."""
    return values.to_numpy("float64", na_value=np.nan) - line > 1e-12 * abs(line)


def quadrant_summary(placed: pd.DataFrame) -> pd.DataFrame:
    """Headcount, returns, money and strategy of each quadrant.

    Parameters
    ----------
    placed : DataFrame, as returned by `quadrants` on the result of `repurchase`

    Returns
    -------
    DataFrame, one row per quadrant, 1 to 4; a quadrant may be empty
        quadrant : int64
        name : str
        customers : int64, sums to the number of members
        share_of_customers : float64
        returns : int64
        spend : float64, money of all returning days in the period
        share_of_spend : float64; NaN if nobody returned
        strategy : str

    Raises
    ------
    MissingColumnsError
        If `placed` lacks one of the columns.

    Source
    ------
    The gold members' "no special contact" is this course's field rule; that concentrating on
    the top pays is the pyramid's. The strategy here keeps both: no extra contact, protection.

    Examples
    --------
    >>> placed = pd.DataFrame(
    ...     {"quadrant": [1, 3], "returns": [5, 0], "spend_per_return": [80.0, None]}
    ... )
    >>> quadrant_summary(placed)[["name", "customers", "spend"]]
                  name  customers  spend
    0             gold          1  400.0
    1   rare but large          0    0.0
    2         both low          1    0.0
    3  often but small          0    0.0
    """
    require_columns(placed, "quadrant", "returns", "spend_per_return")
    require_numbers(placed, "quadrant", "returns")
    require_numbers(placed.dropna(subset=["spend_per_return"]), "spend_per_return")

    spent = placed[["quadrant", "returns"]].assign(
        spend=placed["returns"] * placed["spend_per_return"].fillna(0.0), customers=1
    )
    table = spent.groupby("quadrant").agg("sum").reindex([*QUADRANTS], fill_value=0)
    heads, money = table["customers"].to_numpy(), table["spend"].to_numpy("float64")
    return pd.DataFrame(
        {
            "quadrant": [*QUADRANTS],
            "name": [*QUADRANTS.values()],
            "customers": heads,
            "share_of_customers": heads / max(len(placed), 1),
            "returns": table["returns"].to_numpy(),
            "spend": money,
            "share_of_spend": money / (money.sum() or np.nan),
            "strategy": [*STRATEGIES.values()],
        }
    )


def quadrant_flow(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Count the members who moved from quadrant to quadrant between two periods.

    A move is no change of a member: whoever stood above a line was partly lucky, and luck does
    not repeat. Compare with a world in which nobody changes before a reason is looked for.

    Parameters
    ----------
    before, after : DataFrame, as returned by `quadrants`, one row per member
        customer_id, quadrant

    Returns
    -------
    DataFrame, one row per pair of quadrants, zeros too
        before, after : int64, 1 to 4; 0 for who is absent from that period
        members : int64
        share_of_before : float64; NaN where nobody was

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a frame lacks a column or a value, has a member twice, or a quadrant that is none.

    See Also
    --------
    crmlab.members.plot.plot_quadrant_flow : draws this frame.

    Examples
    --------
    >>> before = pd.DataFrame({"customer_id": [1, 2, 3], "quadrant": [1, 1, 3]})
    >>> after = pd.DataFrame({"customer_id": [1, 2, 4], "quadrant": [1, 4, 3]})
    >>> quadrant_flow(before, after).query("members > 0")
        before  after  members  share_of_before
    2        0      3        1              1.0
    5        1      1        1              0.5
    8        1      4        1              0.5
    14       3      0        1              1.0
    """
    for frame in (before, after):
        require_columns(frame, "customer_id", "quadrant")
        require_values(frame, "customer_id", "quadrant")
        twice = frame.loc[frame["customer_id"].duplicated(), "customer_id"].unique().tolist()
        if twice:
            raise BadRowsError(f"{len(twice)} member(s) have more than one row: {twice[:10]}.")
        strange = frame.loc[~frame["quadrant"].isin([*QUADRANTS]), "quadrant"].unique().tolist()
        if strange:
            raise BadRowsError(
                f"a quadrant is 1, 2, 3 or 4, as `quadrants` has it; got {strange[:5]}."
            )
    require_alike("customer_id", before["customer_id"], after["customer_id"])
    columns = ["customer_id", "quadrant"]
    both = before[columns].merge(
        after[columns], "outer", on="customer_id", suffixes=("_before", "_after")
    )
    pair = both.drop(columns="customer_id").fillna(0).astype("int64")
    counts = np.zeros((5, 5), dtype=np.int64)
    np.add.at(counts, (pair["quadrant_before"], pair["quadrant_after"]), 1)
    grid = pd.MultiIndex.from_product([range(5), range(5)], names=["before", "after"])
    table = grid.to_frame(index=False).astype("int64").assign(members=counts.ravel())
    size = repeat(counts.sum(axis=1), 5)
    table["share_of_before"] = table["members"] / np.where(size > 0, size, np.nan)
    return table[(table["before"] > 0) | (table["after"] > 0)].reset_index(drop=True)
