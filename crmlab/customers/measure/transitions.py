"""From stage to stage: the chances, what they mean for a life, and whether the past counts too."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import chi2

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_numbers,
    require_rows,
    require_values,
)
from crmlab._groups import bincount, repeat
from crmlab._intervals import Z, wilson
from crmlab.customers.measure.stages import STAGES, stage_codes, whole_months
from crmlab.errors import BadRowsError, OutOfRangeError


@dataclass(frozen=True)
class MarkovOrder:
    """Whether the month before the last one matters too: a likelihood ratio test.

    statistic : twice the gain in log likelihood by looking two months back
    freedom : degrees of freedom
    p_value : chance of a gain as large if one month back says it all
    """

    statistic: float
    freedom: int
    p_value: float


def transition_matrix(
    stages: pd.DataFrame,
    *,
    customer: str = "customer_id",
    month: str = "month",
    stage: str = "stage",
) -> pd.DataFrame:
    """Chances to be in each stage next month, by the stage of this one.

    Every month of a customer but the last seen is a step. The last stay is cut off by the end of
    the file (right-censored): it counts for the months that it was seen to last, and for no step
    out, so nothing is biased as long as the file ends for all alike. A month that was not seen
    parts the steps before it from those after it.

    Parameters
    ----------
    stages : DataFrame, one row per customer and month
        `customer`; `month` : whole numbers; `stage` : str, or categories, one of the five
    customer, month, stage : str
        Names of the columns.

    Returns
    -------
    DataFrame, 25 rows, by from_stage and to_stage in the order of the five
        from_stage, to_stage : str
        steps : int64
        share : float64, of the steps from this stage; NaN where there are none
        low, high : float64, Wilson's 95 % interval; as of steps that forget (see `markov_order`)

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError
        If a column or value is missing, months are no whole numbers, a stage is none of the five,
        or a customer has a month twice.
    OutOfRangeError
        If nobody was seen in two months that follow each other.

    See Also
    --------
    expected_time, steps_ahead : what the chances lead to.
    crmlab.loyalty.measure.switching_matrix : the same for brands, by customers as clusters.

    Examples
    --------
    >>> stages = pd.DataFrame({"customer_id": [1, 1, 1, 2], "month": [1, 2, 3, 1],
    ...                        "stage": ["growth", "growth", "decline", "growth"]})
    >>> transition_matrix(stages).query("steps > 0")[["to_stage", "steps", "share"]]
      to_stage  steps  share
    6   growth      1    0.5
    8  decline      1    0.5
    """
    code, follows = _steps(stages, customer, month, stage)
    pair = code[:-1] * np.int8(5) + code[1:]
    pair[~follows] = 25  # a last box, which is thrown away
    steps = bincount(pair, minlength=26)[:25].reshape(5, 5)
    if not steps.sum():
        raise OutOfRangeError("nobody was seen in two months that follow each other.")

    total = steps.sum(axis=1, keepdims=True)
    share = np.divide(steps, total, out=np.full((5, 5), np.nan), where=total > 0)
    low, high = wilson(steps, np.where(total > 0, total, np.nan))
    return pd.DataFrame(
        {
            "from_stage": pd.Series(repeat(np.array(STAGES), 5), dtype="str"),
            "to_stage": pd.Series(np.tile(np.array(STAGES), 5), dtype="str"),
            "steps": steps.ravel(),
            "share": share.ravel(),
            "low": low.ravel(),
            "high": high.ravel(),
        }
    )


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


def markov_order(
    stages: pd.DataFrame,
    *,
    customer: str = "customer_id",
    month: str = "month",
    stage: str = "stage",
) -> MarkovOrder:
    """Test whether this month's stage says all about the next, or the one before matters too.

    A chain of first order is compared with one of second order by their likelihoods, over months
    that come in threes. Customers who are unlike show as memory as well: who is of a restless sort
    was restless before. So a small p-value says that one matrix for all is not the whole story,
    and not which of the two reasons it is.

    Parameters
    ----------
    stages, customer, month, stage
        As in `transition_matrix`.

    Returns
    -------
    MarkovOrder

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError
        As `transition_matrix`.
    OutOfRangeError
        If no stage was reached from two others and left for two, so that there is nothing to test.

    Source
    ------
    Anderson and Goodman (1957), Statistical inference about Markov chains, Annals of Mathematical
    Statistics 28(1), 89-110, doi:10.1214/aoms/1177707039.

    Examples
    --------
    >>> stages = pd.DataFrame({"customer_id": np.repeat(range(8), 3), "month": [1, 2, 3] * 8,
    ...     "stage": ["growth", "maturity", "growth"] * 4 + ["decline", "maturity", "decline"] * 4})
    >>> markov_order(stages).p_value < 0.01
    True
    """
    code, follows = _steps(stages, customer, month, stage)
    three = follows[1:] & follows[:-1]
    key = code[:-2].astype(np.int64) * 25 + code[1:-1] * np.int64(5) + code[2:]
    count = bincount(key[three], minlength=125).reshape(5, 5, 5).astype("float64")
    statistic, freedom = 0.0, 0
    for now in range(5):
        table = count[:, now, :]
        table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
        if min(table.shape) < 2:
            continue
        expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
        seen = table > 0
        statistic += 2 * float((table[seen] * np.log(table[seen] / expected[seen])).sum())
        freedom += (table.shape[0] - 1) * (table.shape[1] - 1)
    if not freedom:
        raise OutOfRangeError(
            "no stage was reached from two stages and left for two; watch more customers, or for "
            "at least three months."
        )
    return MarkovOrder(statistic, freedom, float(chi2.sf(statistic, freedom)))


def _steps(
    stages: pd.DataFrame, customer: str, month: str, stage: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return stages as numbers, by customer and month, and whether each row but the first follows.

    It follows the row before if that is the same customer's month before.
    """
    require_columns(stages, customer=customer, month=month, stage=stage)
    require_rows(stages)
    require_values(stages, customer, month, stage)
    code = stage_codes(stages[stage]).astype(np.int8, copy=False)
    who = stages[customer]
    who = who.to_numpy() if who.dtype == np.int64 else pd.factorize(who, sort=True)[0]
    when = stages[month].to_numpy()
    if when.dtype != np.int64:
        when = whole_months(stages, month)
    same, gap = who[1:] == who[:-1], when[1:] - when[:-1]
    if not np.where(same, gap > 0, who[1:] > who[:-1]).all():
        order = np.lexsort([when, who])
        code, who, when = code[order], who[order], when[order]
        same, gap = who[1:] == who[:-1], when[1:] - when[:-1]
        twice = order[1:][same & (gap == 0)]
        if twice.size:
            raise BadRowsError(
                f"{len(twice)} row(s) repeat a month of their customer: {twice[:10].tolist()}. "
                f"Keep one stage for each: frame.drop_duplicates([{customer!r}, {month!r}])"
            )
    return code, same & (gap == 1)


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
