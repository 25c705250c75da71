"""Scores for an early warning, by a model, by a rule, and by a classifier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from crmlab._checks import day_of, require_list, require_real
from crmlab._purchases import known_purchases
from crmlab.errors import EmptyError, OutOfRangeError
from crmlab.lifetime.measure import buying_history
from crmlab.lifetime.model.bgnbd import BGNBD

METHODS = ("p_alive", "own_gap", "classifier")


def warning_scores(
    purchases: pd.DataFrame,
    *,
    days: Sequence[str | pd.Timestamp],
    method: Literal["p_alive", "own_gap", "classifier"] = "p_alive",
    quiet_weeks: float = 8,
    least_repeats: int = 3,
    lost_gaps: float = 3,
    customer: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
) -> pd.DataFrame:
    """Score customers on several days by how near to leaving they seem, from the days before only.

    * "p_alive": one less the chance to be alive by `BGNBD`, fitted at the first day. A long silence
      counts by the customer's own pace, drawn to that of all where little is known.
    * "own_gap": the silence over the customer's own mean gap, the rule of thumb.
    * "classifier": a logistic regression on silence, gaps, repeats and age, trained to tell who
      bought nothing in `quiet_weeks`, on days so long before the first one that all was over.

    Parameters
    ----------
    purchases : DataFrame, one row per purchase
        Read only; row order does not matter.
    days : dates, rising, on which the scores are wanted
    method : {"p_alive", "own_gap", "classifier"}
    quiet_weeks : float
    least_repeats : int
        Customers with fewer repeats have no rhythm yet, and no score.
    lost_gaps : float
        Who has been silent for more of their own gaps is lost already, and nobody to warn of.
    customer, date, amount : str
        Columns, as for `buying_history`.

    Returns
    -------
    DataFrame, one row per day and customer with enough repeats who is not lost
        customer_id : as in `purchases`
        date : datetime64[us]
        score : float64, higher is nearer to leaving
        silence_gaps : float64, days of silence over the own mean gap

    Raises
    ------
    CrmlabError
        If a column is missing, a day cannot be read, the method is unknown, or on no day there is
        anybody to score.

    Examples
    --------
    >>> from crmlab.lifetime import simulate_fading
    >>> purchases = simulate_fading(200, seed=1).data
    >>> found = warning_scores(purchases, days=["2024-06-30"], method="own_gap")
    >>> found[["customer_id", "score"]].head(2)
       customer_id     score
    0            0  0.720670
    1           10  2.041379
    """
    require_real(quiet_weeks=quiet_weeks, least_repeats=least_repeats, lost_gaps=lost_gaps)
    columns = {"customer": customer, "date": date, "amount": amount}
    purchases, _ = known_purchases(purchases, **columns)
    purchases = purchases[[customer, date, amount]].set_axis(
        ["customer_id", "date", "amount"], axis=1
    )
    require_list("days", days, '["2024-01-07", "2024-01-14"]')
    if method not in METHODS:
        raise OutOfRangeError(f"method must be one of {[*METHODS]}; got {method!r}.")
    wanted = np.array([day_of("days", day) for day in days])
    if not len(wanted) or not (np.diff(wanted).astype(int) > 0).all():
        raise OutOfRangeError(f"days must be one or more dates that rise; got {[*days]!r:.60}.")

    snapshots = [_snapshot(purchases, day, least_repeats, lost_gaps) for day in wanted]
    if not any(len(snapshot) for snapshot in snapshots):
        raise EmptyError(f"nobody has {least_repeats} repeats on any of these days.")
    if method == "p_alive":
        known = purchases[purchases["date"].to_numpy("M8[D]") <= wanted[0]]
        model = BGNBD().fit(buying_history(known, as_of=pd.Timestamp(wanted[0])))
        scored = [1 - model.predict(one)["p_alive"].to_numpy() for one in snapshots]
    elif method == "own_gap":
        scored = [one["silence_gaps"].to_numpy() for one in snapshots]
    else:
        model = _classifier(purchases, wanted[0], quiet_weeks, least_repeats, lost_gaps)
        scored = [model.predict_proba(_features(one))[:, 1] for one in snapshots]
    shown = ["customer_id", "date", "silence_gaps"]
    tables = [one[shown].assign(score=score) for one, score in zip(snapshots, scored, strict=True)]
    table = pd.concat(tables, ignore_index=True)
    return table[["customer_id", "date", "score", "silence_gaps"]]


def _snapshot(purchases: pd.DataFrame, day: np.datetime64, least: int, lost: float) -> pd.DataFrame:
    """Return the history of each customer with a rhythm as it was known on a day."""
    known = purchases[purchases["date"].to_numpy("M8[D]") <= day]
    if not len(known):
        return pd.DataFrame(columns=["customer_id", "date", "silence_gaps"])
    table = buying_history(known, as_of=pd.Timestamp(day))
    table = table[table["repeats"] >= max(least, 1)]
    gap = table["age_at_last"] / table["repeats"]
    silence = (table["age"] - table["age_at_last"]) / gap
    table = table.assign(date=pd.Timestamp(day).as_unit("us"), gap=gap, silence_gaps=silence)
    return table[silence <= lost + 1e-9].reset_index(drop=True)


def _features(snapshot: pd.DataFrame) -> np.ndarray:
    silent = snapshot["age"] - snapshot["age_at_last"]
    logs = [np.log1p(snapshot[c]) for c in ("repeats", "age", "gap", "silence_gaps")]
    return np.column_stack([*logs, np.log1p(silent)])


def _classifier(
    purchases: pd.DataFrame, first: np.datetime64, quiet: float, least: int, lost: float
):
    """Return a classifier of silence ahead, trained on what was over before the first day."""
    ahead = np.timedelta64(int(quiet * 7), "D")
    when = purchases["date"].to_numpy("M8[D]")
    xs, ys = [], []
    for back in range(4):
        day = first - ahead - np.timedelta64(28 * back, "D")
        snapshot = _snapshot(purchases, day, least, lost)
        if not len(snapshot):
            continue
        later = purchases.loc[(when > day) & (when <= day + ahead), "customer_id"]
        xs.append(_features(snapshot))
        ys.append(~snapshot["customer_id"].isin(later.unique()).to_numpy())
    y = np.concatenate(ys) if ys else np.empty(0, dtype=bool)
    if not y.any() or y.all():
        raise EmptyError("before the first day nobody fell silent, or all did; nothing to learn.")
    return make_pipeline(StandardScaler(), LogisticRegression()).fit(np.concatenate(xs), y)
