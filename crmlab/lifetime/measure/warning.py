"""Early warning: who is about to leave, with a fixed number of alarms, and how good they are."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_alike,
    require_at_least,
    require_columns,
    require_days,
    require_numbers,
    require_once,
    require_values,
)
from crmlab._intervals import wilson
from crmlab.errors import BadRowsError, EmptyError, OutOfRangeError


def raise_alarms(scores: pd.DataFrame, *, budget: int, score: str = "score") -> pd.DataFrame:
    """Pick the customers with the highest scores of each day, as many as can be called.

    Each customer is called once. Equal scores are called in order of customer_id. Two scores
    that are given the same budget can be compared; two thresholds cannot.

    Parameters
    ----------
    scores : DataFrame, one row per customer and day
        customer_id, date, and the score, higher for who seems nearer to leaving
    budget : int, alarms of each day
    score : str, column

    Returns
    -------
    DataFrame, one row per alarm, by date, highest score first
        customer_id : as in `scores`
        date : as in `scores`
        score : float64

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        If a column or value is missing, or is of the wrong kind, a customer has two scores on a
        day, or `budget` is below 1.
    EmptyError
        If there are no rows.

    See Also
    --------
    alarm_quality : how many were right, and how early.

    Examples
    --------
    >>> scores = pd.DataFrame({"customer_id": [*"ABAB"], "score": [3.0, 1, 4, 2],
    ...     "date": pd.to_datetime(["2024-01-01"] * 2 + ["2024-01-08"] * 2)})
    >>> raise_alarms(scores, budget=1)
      customer_id       date  score
    0           A 2024-01-01    3.0
    1           B 2024-01-08    2.0
    """
    require_columns(scores, "customer_id", "date", score=score)
    require_values(scores, "customer_id", "date", score)
    require_days(scores, "date")
    require_numbers(scores, score)
    require_at_least("budget", budget, 1)
    if not len(scores):
        raise EmptyError("there are no scores.")
    table = scores[["customer_id", "date", score]].rename(columns={score: "score"})
    table = table.astype({"score": "float64"}).assign(_day=table["date"].dt.floor("D"))
    if twice := int(table.duplicated(["customer_id", "_day"]).sum()):
        raise BadRowsError(
            f"{twice} score(s) are a further one of the same customer and day. Keep one of each: "
            "scores[~scores.assign(day=scores['date'].dt.floor('D'))"
            ".duplicated(['customer_id', 'day'], keep='last')]"
        )
    table = table.sort_values(["_day", "score", "customer_id"], ascending=[True, False, True])
    called: set = set()
    days = []
    for _, day in table.groupby("_day", sort=True):
        fresh = day[~day["customer_id"].isin(called)].head(budget)
        called.update(fresh["customer_id"])
        days.append(fresh)
    return pd.concat(days, ignore_index=True).drop(columns="_day")


def alarm_quality(
    alarms: pd.DataFrame,
    truth: pd.DataFrame,
    *,
    fades: str = "fades_on",
    leaves: str = "leaves_on",
    gap: str = "gap_days",
) -> pd.DataFrame:
    """Precision and lead time of alarms, beside the hidden days on which customers fade and leave.

    An alarm is right if the customer has begun to fade by then, or has left, and in time if it
    comes before the customer leaves. The lead is the time from the alarm to leaving, in the
    customer's own gaps: three weeks are long for a daily coffee, and nothing for a winter coat.

    Parameters
    ----------
    alarms : DataFrame, as `raise_alarms` returns it
    truth : DataFrame, one row per customer
        customer_id, days of fading and leaving, and the customer's gap in days
    fades, leaves, gap : str, columns of `truth`

    Returns
    -------
    DataFrame, one row
        alarms : int64
        precision, low, high : float64, share of right ones, with Wilson's 95% interval
        in_time : float64, share of all alarms that are right and come before the customer leaves
        mean_lead_gaps, median_lead_gaps : float64, of the right ones; below 0 it is a delay
        standard_error : float64, of the mean lead

    Raises
    ------
    MissingColumnsError, BadRowsError, EmptyError
        If a column is missing, an alarm is for an unknown customer, a customer is in `truth`
        twice, or there is no alarm.
    WrongTypeError, OutOfRangeError
        If a day is no date, or a gap not above 0.

    Examples
    --------
    >>> alarms = pd.DataFrame({"customer_id": [1, 2], "date": pd.to_datetime(["2024-02-01"] * 2)})
    >>> truth = pd.DataFrame({"customer_id": [1, 2], "gap_days": 10.0,
    ...     "fades_on": pd.to_datetime(["2024-01-10", "2024-05-01"]),
    ...     "leaves_on": pd.to_datetime(["2024-02-21", "2024-06-01"])})
    >>> alarm_quality(alarms, truth)[["alarms", "precision", "in_time", "mean_lead_gaps"]]
       alarms  precision  in_time  mean_lead_gaps
    0       2        0.5      0.5             2.0
    """
    require_columns(alarms, "customer_id", "date")
    require_columns(truth, "customer_id", fades=fades, leaves=leaves, gap=gap)
    require_days(alarms, "date")
    require_days(truth, fades, leaves)
    require_once(truth, "customer_id", "truth")
    if not len(alarms):
        raise EmptyError("there are no alarms.")
    require_alike("customer_id", alarms["customer_id"], truth["customer_id"])
    known = truth.set_index("customer_id")[[fades, leaves, gap]]
    table = alarms[["customer_id", "date"]].join(known, on="customer_id")
    require_values(table, fades, leaves, gap)
    require_numbers(table, gap)
    if not (table[gap] > 0).all():
        raise OutOfRangeError(f"{gap} must be above 0, since leads are counted in gaps.")
    right = (table["date"] >= table[fades]).to_numpy()
    lead = ((table[leaves] - table["date"]).dt.days / table[gap]).to_numpy()
    low, high = wilson(right.sum(), len(table))
    of = lead[right]
    some = len(of) > 1
    return pd.DataFrame(
        {
            "alarms": [len(table)],
            "precision": right.mean(),
            "low": float(low),
            "high": float(high),
            "in_time": (right & (lead > 0)).mean(),
            "mean_lead_gaps": of.mean() if len(of) else np.nan,
            "median_lead_gaps": np.median(of) if len(of) else np.nan,
            "standard_error": of.std(ddof=1) / np.sqrt(len(of)) if some else np.nan,
        }
    )
