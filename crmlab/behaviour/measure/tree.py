"""A printed decision tree, and whether its numbers can be true together."""

from __future__ import annotations

import re
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_columns,
    require_key,
    require_numbers,
    require_real,
    require_single,
    require_values,
)
from crmlab.errors import BadRowsError, OutOfRangeError, UnknownNameError

ROUNDING = 0.005
_CONDITION = re.compile(r"(.+?)\s*(<=|>=|<|>)\s*(-?[\d,]*\.?\d+)\s*$")
_COLUMNS = ("box", "parent", "condition", "users", "others", "share")
# Parts that were rounded one by one may miss their sum by this much besides.
_EPSILON = 1e-9


def printed_tree() -> pd.DataFrame:
    """Return the five boxes of the course's decision tree of card users, as they are printed.

    Returns
    -------
    DataFrame, one row per box
        box : str
        parent : str, the box above as it is drawn; "" for the first
        condition : str
        users, others, share : float64; active credit-card users, all the rest (the heading says
            active users, the boxes non-holders: here a user holds a card and uses it), and the
            part of the box above
    """
    boxes = [
        ("all", "", "", 0.05, 0.95, 1.0),
        ("low balance", "all", "mean balance < 3,000", 0.02, 0.98, 0.8),
        ("high balance", "all", "mean balance >= 3,000", 0.18, 0.82, 0.2),
        ("few withdrawals", "high balance", "withdrawals a year < 20", 0.11, 0.99, 0.85),
        ("many withdrawals", "high balance", "withdrawals a year > 20", 0.25, 0.75, 0.15),
    ]
    return pd.DataFrame(boxes, columns=[*_COLUMNS])


def tree_check(boxes: pd.DataFrame, *, rounding: float = ROUNDING) -> pd.DataFrame:
    """Faults in the boxes of a decision tree: numbers that cannot be true together.

    Four questions are asked. Do users and others make 100% of each box (*complement*)? Do the
    children make the whole of their parent (*shares*)? Is the rate of a parent the mean of its
    children's, weighted by their shares (*mean*)? Do the conditions of brothers leave no value out,
    and none in two boxes (*condition*)? A printed number may be off by `rounding` either way; a
    fault is what no numbers so close to the printed ones could mend.

    Parameters
    ----------
    boxes : DataFrame, one row per box, such as returned by `printed_tree`
        box, parent : str; the parent of the first box is ""
        condition : str, "column < number" and the like; anything else is not read
        users, others : float, shares of the box
        share : float, part of the parent (1 for the first box)
    rounding : float of 0 or more
        Half a unit of the last printed place.

    Returns
    -------
    DataFrame, one row per fault; none for a sound tree
        box : str
        fault : str, complement, shares, mean or condition
        printed : float64
        low, high : float64, between which the printed number would have to lie (a condition: the
            values that are left out or belong to two)
        says : str, what is wrong and what would mend it

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, a box stands twice, or the boxes run in a circle.
    UnknownNameError
        If a parent is no box.
    OutOfRangeError
        If a share does not lie in [0, 1], or there is not one first box.

    Examples
    --------
    >>> tree_check(printed_tree())[["box", "fault", "printed"]]
                   box       fault  printed
    0  few withdrawals  complement     1.10
    1     high balance        mean     0.18
    2     high balance   condition    20.00
    """
    require_real(rounding=rounding)
    _require_tree(boxes, rounding)
    table = boxes.reset_index(drop=True)
    faults = [_complement(box, rounding) for box in table.to_dict("records")]
    for parent in table.to_dict("records"):
        children = table[table["parent"] == parent["box"]]
        if len(children):
            faults += [_shares(parent, children, rounding)]
            faults += [_mean(parent, children, rounding, table)]
            faults += _conditions(parent, children)
    found = [fault for fault in faults if fault]
    columns = ["box", "fault", "printed", "low", "high", "says"]
    kinds = dict.fromkeys(columns, "str") | dict.fromkeys(columns[2:5], "float64")
    return pd.DataFrame(found, columns=columns).astype(kinds)


def _require_tree(boxes: pd.DataFrame, rounding: float) -> None:
    require_columns(boxes, *_COLUMNS)
    require_values(boxes, *_COLUMNS)
    require_single(boxes, *_COLUMNS)
    require_key(boxes, "box")
    numbers = ["users", "others", "share"]
    require_numbers(boxes, *numbers)
    if not 0 <= rounding < 0.5:
        raise OutOfRangeError(f"rounding must lie in [0, 0.5); got {rounding!r}.")
    values = boxes[numbers].to_numpy("float64")
    if not ((values >= 0) & (values <= 1)).all():
        raise OutOfRangeError("users, others and share must be shares in [0, 1], not percent.")
    above = dict(zip(boxes["box"], boxes["parent"], strict=True))
    for parent in above.values():
        if parent != "" and parent not in above:
            raise UnknownNameError.among("box", parent, above)
    if [*above.values()].count("") != 1:
        raise OutOfRangeError("one box must be the first, with the parent ''.")
    for box in above:
        way = [box]
        while above[way[-1]] != "":
            way.append(above[way[-1]])
            if len(way) > len(above):
                raise BadRowsError(f"box {box!r} is above itself; give each its parent.")


def _complement(box: dict[Any, Any], rounding: float) -> tuple | None:
    """Return the fault of a box whose users and others are not all."""
    users, others = box["users"], box["others"]
    total, room = users + others, 2 * rounding + _EPSILON
    if abs(total - 1) <= room:
        return None
    says = (
        f"users {users:.0%} and others {others:.0%} make {total:.0%}: "
        f"it is {1 - others:.0%} users, or {1 - users:.0%} others"
    )
    return box["box"], "complement", total, 1 - 2 * rounding, 1 + 2 * rounding, says


def _shares(parent: dict[Any, Any], children: pd.DataFrame, rounding: float) -> tuple | None:
    """Return the fault of children that are more or less than their parent."""
    total, room = children["share"].sum(), len(children) * rounding
    if abs(total - 1) <= room + _EPSILON:
        return None
    says = f"the boxes below are {total:.0%} of it, not 100%"
    return parent["box"], "shares", total, 1 - room, 1 + room, says


def _mean(
    parent: dict[Any, Any], children: pd.DataFrame, rounding: float, table: pd.DataFrame
) -> tuple | None:
    """Return the fault of a parent whose rate is not the mean of its children's."""
    if not children["share"].sum():
        return None  # which is a fault of the shares
    low, high = _possible_mean(children, rounding)
    rate = parent["users"]
    if low <= rate + rounding + _EPSILON and high >= rate - rounding - _EPSILON:
        return None
    mean = np.average(children["users"], weights=children["share"])
    says = f"the boxes below it have {mean:.1%} users on average, not {rate:.0%}"
    others = table[(table["box"] != parent["box"]) & ~table["box"].isin(children["box"])]
    fits = others["users"].between(low - rounding - _EPSILON, high + rounding + _EPSILON)
    if fits.any():
        says += f": they would fit {' or '.join(map(repr, others.loc[fits, 'box']))}"
    return parent["box"], "mean", rate, low, high, says


def _possible_mean(children: pd.DataFrame, rounding: float) -> tuple[float, float]:
    """Return the least and the largest mean rate that rates and shares so close could have.

    The extremes give the room in the shares to the boxes with the lowest, or highest, rates.
    """
    rate, share = children["users"].to_numpy(float), children["share"].to_numpy(float)
    ends = []
    for sign in (-1, 1):
        moved = np.clip(rate + sign * rounding, 0, 1)
        order = np.argsort(-sign * moved)
        weight = np.clip(share - rounding, 0, 1)[order]
        room = np.clip(share + rounding, 0, 1)[order] - weight
        left = max(1 - weight.sum(), 0.0)
        for place in range(len(order)):
            add = min(room[place], left)
            weight[place] += add
            left -= add
        ends.append(float(np.average(moved[order], weights=weight)))
    return ends[0], ends[1]


def _conditions(parent: dict[Any, Any], children: pd.DataFrame) -> list[tuple]:
    """Return the values that two brothers leave out, or both hold."""
    faults = []
    for one, other in combinations(children["condition"], 2):
        read = [_CONDITION.match(str(each)) for each in (one, other)]
        if not read[0] or not read[1] or read[0][1] != read[1][1]:
            continue
        # Below an edge or above it; the one that starts lower comes first.
        sides = sorted((each[2], float(each[3].replace(",", ""))) for each in read if each)
        found = _overlap(*sides, alone=len(children) == 2)
        if found:
            low, high, where = found
            says = f"{read[0][1]} {where}: write < and >= of one number"
            faults.append((parent["box"], "condition", sides[1][1], low, high, says))
    return faults


def _overlap(
    one: tuple[str, float], other: tuple[str, float], *, alone: bool
) -> tuple[float, float, str] | None:
    """Return the values, and words for them, that two half-lines both hold or leave out.

    A third box may hold what two leave out; so that counts where they are `alone`.
    """
    (sign, edge), (other_sign, other_edge) = one, other
    if sign[0] == other_sign[0]:
        low, high = (-np.inf, min(edge, other_edge)) if sign[0] == "<" else (
            max(edge, other_edge), np.inf)  # fmt: skip
        return low, high, f"{sign[0]} {(high if sign[0] == '<' else low):,g} belongs to two boxes"
    low, high = min(edge, other_edge), max(edge, other_edge)
    between = f"from {low:,g} to {high:,g}" if low < high else f"of exactly {low:,g}"
    closed = len(sign) + len(other_sign) - 2
    if edge > other_edge or (low == high and closed == 2):
        return low, high, f"{between} belongs to two boxes"
    if alone and (edge < other_edge or closed == 0):
        return low, high, f"{between} belongs to no box"
    return None
