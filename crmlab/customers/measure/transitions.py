"""From stage to stage: the chances, what they mean for a life, and whether the past counts too."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import chi2

from crmlab._checks import (
    require_columns,
    require_rows,
    require_values,
)
from crmlab._groups import bincount, repeat
from crmlab._intervals import wilson
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
