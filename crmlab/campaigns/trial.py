"""What a trial with a control group must hold before anything is computed from it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_columns,
    require_days,
    require_numbers,
    require_rows,
    require_truths,
    require_values,
)
from crmlab._purchases import as_frame, plain_days, plain_values
from crmlab.errors import BadRowsError, OutOfRangeError


class Arms(NamedTuple):
    """A trial as numbers: the frame, who was treated, and an outcome of each."""

    frame: pd.DataFrame
    treated: np.ndarray
    outcome: np.ndarray


def arms_of(
    trial: Any,
    *also: str,
    treated: str,
    outcome: str | None = None,
    customer: str = "customer_id",
    least: int = 2,
) -> Arms:
    """Return a trial, checked: both arms are there, nobody is in both, outcomes are numbers.

    `also` are further columns, which must hold numbers. Without an `outcome` it is all 0.
    """
    frame = as_frame(trial)
    named = {"treated": treated} | ({} if outcome is None else {"outcome": outcome})
    require_columns(frame, *also, **named)
    require_rows(frame)
    columns = [*dict.fromkeys([*also, *named.values()])]
    require_values(frame, *columns)
    frame = frame.copy(deep=False)
    for name in columns:
        frame[name] = plain_values(frame[name])
        if frame[name].dtype == bool and name != treated:
            frame[name] = frame[name].astype("float64")
    require_truths(frame, treated)
    require_numbers(frame, *(name for name in columns if name != treated))
    is_treated = frame[treated].to_numpy().astype(bool)
    _require_both(is_treated, treated, least)
    if customer in frame.columns:
        _require_apart(frame[customer], is_treated, customer)
    values = np.zeros(len(frame)) if outcome is None else frame[outcome].to_numpy("float64")
    return Arms(frame, is_treated, values)


def require_order(frame: pd.DataFrame, assigned: str, contacted: str, treated: np.ndarray) -> None:
    """Raise BadRowsError where somebody was contacted before being assigned, or though left out."""
    require_columns(frame, assigned_on=assigned, contacted_on=contacted)
    require_values(frame, assigned)
    days = pd.DataFrame({name: plain_days(frame[name]) for name in (assigned, contacted)})
    require_days(days, assigned, contacted)
    early = np.flatnonzero((days[contacted] < days[assigned]).to_numpy())
    if early.size:
        raise BadRowsError(
            f"{early.size} row(s) were contacted ({contacted}) before they were assigned "
            f"({assigned}): {early[:10].tolist()}. Whoever was chosen for what happened before is "
            "not drawn at random; leave such rows out on both sides, or assign anew."
        )
    leaked = np.flatnonzero(days[contacted].notna().to_numpy() & ~treated)
    if leaked.size:
        raise BadRowsError(
            f"{leaked.size} row(s) of the control group were contacted ({contacted}): "
            f"{leaked[:10].tolist()}. Compare by what was assigned, and find out who wrote to them."
        )


def _require_both(treated: np.ndarray, name: str, least: int) -> None:
    """Raise OutOfRangeError unless both arms hold at least `least` rows."""
    there = int(treated.sum())
    left = len(treated) - there
    if min(there, left) == 0:
        what = "control group is empty" if not left else "treated group is empty"
        raise OutOfRangeError(
            f"the {what}: {name} is the same in all {len(treated)} rows. Without both nobody can "
            "say what would have happened anyway; draw a control group before the next campaign."
        )
    if min(there, left) < least:
        raise OutOfRangeError(
            f"{there} treated and {left} in the control group; at least {least} of each are needed."
        )


def _require_apart(ids: pd.Series, treated: np.ndarray, name: str) -> None:
    """Raise BadRowsError if a customer stands in both arms, or twice in one."""
    both = sorted({*ids[treated]} & {*ids[~treated]}, key=str)
    if both:
        raise BadRowsError(
            f"{len(both)} value(s) of {name} are in treatment and control at once: {both[:10]}. "
            "Find out which they were drawn for, and keep that row."
        )
    twice = ids[ids.duplicated()]
    if len(twice):
        raise BadRowsError(
            f"{twice.nunique()} value(s) of {name} stand more than once: "
            f"{[*dict.fromkeys(twice)][:10]}. Sum up each customer first, one row each."
        )
