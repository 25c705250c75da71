"""What the chances of a chain lead to: time in each stage, and the months ahead."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_numbers,
    require_rows,
    require_values,
)
from crmlab._groups import bincount, repeat
from crmlab._intervals import Z
from crmlab.customers.measure.stages import STAGES
from crmlab.errors import BadRowsError, OutOfRangeError


def expected_time(transitions: pd.DataFrame, *, end: str = "termination") -> pd.DataFrame:
    """Months that a customer is expected to spend in each stage before the end, by where they are.

    With the chances Q among the stages before the end these are the entries of (I - Q)^-1, the
    month that has begun included. The interval is by the delta method on the scale of ratios, each
    row of chances a multinomial share of its steps.

    Parameters
    ----------
    transitions : DataFrame, as returned by `transition_matrix`
        from_stage, to_stage : str; steps : int64
    end : str, the stage that is not left

    Returns
    -------
    DataFrame, one row per pair of stages before the end, and "(all)" for the whole life
        from_stage, in_stage : str
        months, low, high : float64, 95 % interval

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError
        If a column or value is missing or no number, or steps are below 0.
    OutOfRangeError
        If the end cannot be reached from a stage that was seen, so that the time has no end, or
        steps lead to a stage before the end of which nobody knows how it goes on.

    Examples
    --------
    >>> pairs = [("decline", "decline", 75), ("decline", "termination", 25)]
    >>> chain = pd.DataFrame(pairs, columns=["from_stage", "to_stage", "steps"])
    >>> expected_time(chain)["months"].tolist()
    [4.0, 4.0]
    """
    steps, names = _counted(transitions)
    keep = [k for k, name in enumerate(names) if name != end and steps[k].sum()]
    total = steps[keep].sum(axis=1)
    chain = steps[keep] / total[:, None]
    inside = chain[:, keep]
    reach = np.linalg.matrix_power((inside > 0) + np.eye(len(keep)), max(len(keep), 1)) > 0
    leaves = chain[:, names.index(end)] > 0 if end in names else np.zeros(len(keep), dtype=bool)
    lost = [names[k] for k, row in zip(keep, reach, strict=True) if not (row & leaves).any()]
    if lost or not keep:
        raise OutOfRangeError(
            f"from {lost or names} no step leads to {end!r}, so the expected time has no end. "
            "Watch for longer, or name the last stage with end=…"
        )
    open_ = [k for k, name in enumerate(names) if name != end and k not in keep]
    unknown = [names[k] for k in open_ if steps[:, k].any()]
    if unknown:
        raise OutOfRangeError(
            f"nobody was seen a month after {unknown}, so nobody knows how long it lasts. Watch "
            "for longer, or leave out the steps that lead there."
        )
    time = np.linalg.inv(np.eye(len(keep)) - inside)
    rows = []
    goals = np.column_stack([time, time.sum(axis=1)])
    labels = [*(names[k] for k in keep), "(all)"]
    for place, label in enumerate(labels):
        value = np.zeros(len(names))
        value[keep] = goals[:, place]
        spread = chain @ value**2 - (chain @ value) ** 2
        error = np.sqrt(time**2 @ (np.maximum(spread, 0) / total))
        for start, months, miss in zip(keep, goals[:, place], error, strict=True):
            row = {"from_stage": names[start], "in_stage": label, "months": months}
            reach = np.exp(Z * miss / months) if months else 1.0
            rows.append(row | {"low": months / reach, "high": months * reach})
    table = pd.DataFrame(rows).astype({"from_stage": "str", "in_stage": "str"})
    order = {name: place for place, name in enumerate([*names, "(all)"])}
    by = [table[name].map(order) for name in ("in_stage", "from_stage")]
    return table.iloc[np.lexsort(by)].reset_index(drop=True)


def steps_ahead(transitions: pd.DataFrame, start: pd.Series, *, months: int) -> pd.DataFrame:
    """Share of customers in each stage in each of the coming months, if nothing changes.

    Parameters
    ----------
    transitions : DataFrame, as returned by `transition_matrix`
        from_stage, to_stage : str; steps : int64
    start : Series of customers in each stage now, indexed by stage
    months : int, at least 1

    Returns
    -------
    DataFrame, one row per month from 0 and stage
        month : int64; stage : str
        customers, share : float64

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, OutOfRangeError
        If a column or value is missing, `start` holds other stages, one twice, or numbers below 0,
        `months` is below 1, or a stage that customers are in was never seen to be followed by
        another month.

    Examples
    --------
    >>> pairs = [("decline", "decline", 75), ("decline", "termination", 25),
    ...          ("termination", "termination", 9)]
    >>> chain = pd.DataFrame(pairs, columns=["from_stage", "to_stage", "steps"])
    >>> steps_ahead(chain, pd.Series({"decline": 100}), months=2)["customers"].tolist()[::2]
    [100.0, 75.0, 56.25]
    """
    require_at_least("months", months, 1)
    steps, names = _counted(transitions)
    known = isinstance(start, pd.Series) and {*start.index} <= {*names}
    if not known or start.index.has_duplicates:
        raise OutOfRangeError(f"start must be a Series indexed by stages of {names}, each once.")
    now = start.reindex(names, fill_value=0).to_numpy("float64")
    if not ((now >= 0) & (now < np.inf)).all() or not now.sum():
        raise OutOfRangeError("start must hold numbers of 0 or more, and not only zeros.")
    total = steps.sum(axis=1, keepdims=True)
    # Nobody is in a stage without steps, or the chain is not known.
    chain = np.divide(steps, total, out=np.zeros_like(steps), where=total > 0)
    path = [now]
    for _ in range(months):
        unknown = [name for name, n, t in zip(names, path[-1], total, strict=True) if n and not t]
        if unknown:
            raise OutOfRangeError(f"nobody was seen a month after {unknown}, so nobody knows.")
        path.append(path[-1] @ chain)
    table = np.array(path)
    return pd.DataFrame(
        {
            "month": repeat(np.arange(months + 1), len(names)),
            "stage": pd.Series(np.tile(np.array(names), months + 1), dtype="str"),
            "customers": table.ravel(),
            "share": (table / table.sum(axis=1, keepdims=True)).ravel(),
        }
    )


def _counted(transitions: pd.DataFrame) -> tuple[np.ndarray, list[str]]:
    """Return steps between stages as a square, and the names in order."""
    require_columns(transitions, "from_stage", "to_stage", "steps")
    require_rows(transitions)
    require_values(transitions, "from_stage", "to_stage", "steps")
    require_numbers(transitions, "steps")
    if (transitions["steps"] < 0).any():
        rows = np.flatnonzero(transitions["steps"] < 0)
        raise BadRowsError(f"row(s) {rows[:10].tolist()} have steps below 0; they are counts.")
    found = {*transitions["from_stage"].astype("str"), *transitions["to_stage"].astype("str")}
    names = [name for name in STAGES if name in found] + sorted(found - {*STAGES})
    places = {name: place for place, name in enumerate(names)}
    row, column = (
        transitions[name].astype("str").map(places).to_numpy("int64")
        for name in ("from_stage", "to_stage")
    )
    size = len(names)
    steps = bincount(row * size + column, transitions["steps"].to_numpy("float64"), size * size)
    return steps.reshape(size, size), names
