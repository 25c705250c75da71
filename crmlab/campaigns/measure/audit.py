"""How far a firm is: twelve duties scored by raters, seven elements as they are and should be."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import t

from crmlab._checks import (
    require_columns,
    require_key,
    require_numbers,
    require_rows,
    require_values,
)
from crmlab._purchases import as_frame, plain_values
from crmlab.campaigns.management import ACTIONS, DUTIES, ELEMENTS, HELPS
from crmlab.errors import BadRowsError, UnknownNameError

_SERVES = {duty: [h for h, (_, duties, _) in enumerate(HELPS.values(), 1) if duty in duties]
           for duty in range(1, len(DUTIES) + 1)}  # fmt: skip


def maturity_audit(scores: pd.DataFrame) -> pd.DataFrame:
    """Maturity of the twelve duties (成熟度评估), by those who are judged and by others.

    Parameters
    ----------
    scores : DataFrame, one row per rater and duty
        rater; department, the action that the rater works for; duty, 1 to 12; score, 0 to 4

    Returns
    -------
    DataFrame, one row per duty that was scored
        duty : int64; name, action : str
        raters : int64
        by_all, by_own, by_others : float64, mean score of all raters, of those whose own action
            it is, and of the others; missing without any
        low, high : float64, the 95% interval of `by_others`
        priority : int64, 1 for the lowest score by others; ties go by number
        helps : str, numbers of what CRM can help with it, "" where nothing can

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, a rater scores a duty twice, or a score is none.
    OutOfRangeError
        If there are no rows, or a duty or department is unknown.

    See Also
    --------
    crmlab.campaigns.management.crm_table : the duties and the helps.
    crmlab.campaigns.plot.plot_maturity : draws this frame.

    Examples
    --------
    >>> scores = pd.DataFrame({"rater": [1, 2, 3], "department": ["learn to retain"] * 2 +
    ...     ["right customers"], "duty": 12, "score": [4, 3, 1]})
    >>> maturity_audit(scores)[["name", "by_own", "by_others"]]
                                  name  by_own  by_others
    0  top management watches movement     3.5        1.0
    """
    frame = _scores(scores, "rater", "department", "duty", score=("score",))
    require_key(frame, "rater", "duty")
    strange = {*frame["duty"]} - {*range(1, len(DUTIES) + 1)}
    if strange:
        raise UnknownNameError.among("duty", sorted(strange)[0], map(str, range(1, 13)))
    away = {*frame["department"].astype("str")} - {*ACTIONS}
    if away:
        raise UnknownNameError.among("department", sorted(away)[0], ACTIONS)
    actions = np.array(ACTIONS)[[*DUTIES.values()]]
    own = frame["department"].astype("str").to_numpy() == actions[frame["duty"].to_numpy(int) - 1]
    rows = []
    for duty, part in frame.assign(_own=own).groupby("duty", sort=True):
        others = part.loc[~part["_own"], "score"].to_numpy("float64")
        mine = part.loc[part["_own"], "score"].to_numpy("float64")
        low, high = _reach(others)
        number = int(duty)  # pyright: ignore[reportArgumentType]
        rows.append(
            {
                "duty": number,
                "name": [*DUTIES][number - 1],
                "action": str(actions[number - 1]),
                "raters": len(part),
                "by_all": float(part["score"].mean()),
                "by_own": float(mine.mean()) if len(mine) else np.nan,
                "by_others": float(others.mean()) if len(others) else np.nan,
                "low": low,
                "high": high,
            }
        )
    table = pd.DataFrame(rows).astype({"name": "str", "action": "str"})
    order = np.lexsort((table["duty"], table["by_others"]))
    place = np.empty(len(table), dtype=np.int64)
    place[order] = np.arange(1, len(table) + 1)
    helps = [", ".join(map(str, _SERVES[duty])) for duty in table["duty"]]
    return table.assign(priority=place, helps=pd.Series(helps, dtype="str"))


def gap_7s(scores: pd.DataFrame) -> pd.DataFrame:
    """Gap of the seven elements (组织七要素): target less current, with its interval over raters.

    Parameters
    ----------
    scores : DataFrame, one row per rater and element
        rater; element, one of the seven; current, target : 0 to 4

    Returns
    -------
    DataFrame, one row per element, the widest gap first
        element, kind : str, "hard" or "soft"
        raters : int64
        current, target, gap : float64, means
        low, high : float64, the 95% interval of the gap; missing with one rater

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, a rater scores an element twice, or a score is none.
    OutOfRangeError
        If there are no rows, or an element is unknown.

    See Also
    --------
    crmlab.campaigns.plot.plot_gap_7s : draws this frame.

    Source
    ------
    Waterman, Peters and Phillips (1980), doi:10.1016/0007-6813(80)90027-0.

    Examples
    --------
    >>> scores = pd.DataFrame({"rater": [1, 2, 1, 2], "element": ["staff"] * 2 + ["style"] * 2,
    ...                        "current": [2, 2, 1, 2], "target": [3, 3, 3, 4]})
    >>> gap_7s(scores)[["element", "kind", "gap"]]
      element  kind  gap
    0   style  soft  2.0
    1   staff  soft  1.0
    """
    frame = _scores(scores, "rater", "element", score=("current", "target"))
    require_key(frame, "rater", "element")
    strange = {*frame["element"].astype("str")} - {*ELEMENTS}
    if strange:
        raise UnknownNameError.among("element", sorted(strange)[0], [*ELEMENTS])
    frame = frame.assign(gap=frame["target"] - frame["current"])
    rows = []
    for element, part in frame.groupby("element", sort=True):
        low, high = _reach(part["gap"].to_numpy("float64"))
        means = part[["current", "target", "gap"]].mean().to_dict()
        kind = ELEMENTS[str(element)]
        row = {"element": str(element), "kind": kind, "raters": len(part), **means}
        rows.append(row | {"low": low, "high": high})
    table = pd.DataFrame(rows).astype({"element": "str", "kind": "str"})
    return table.sort_values(["gap", "element"], ascending=[False, True], ignore_index=True)


def _scores(scores: pd.DataFrame, *keys: str, score: tuple[str, ...]) -> pd.DataFrame:
    """Return scores, checked: whole numbers from 0 to 4."""
    frame = as_frame(scores)
    require_columns(frame, *keys, *score)
    require_rows(frame)
    require_values(frame, *keys, *score)
    frame = frame.copy(deep=False)
    for name in (*keys, *score):
        frame[name] = plain_values(frame[name])
    require_numbers(frame, *score, *(["duty"] if "duty" in keys else []))
    for name in score:
        wrong = np.flatnonzero(~frame[name].isin([0, 1, 2, 3, 4]))
        if wrong.size:
            raise BadRowsError(
                f"{wrong.size} row(s) have a {name} that is none of 0, 1, 2, 3, 4: "
                f"{wrong[:10].tolist()}. Bring other scales to this one first."
            )
    return frame


def _reach(values: np.ndarray) -> tuple[float, float]:
    """Return the interval of a mean over raters; missing below 2 of them."""
    n = len(values)
    if n < 2:
        return np.nan, np.nan
    reach = t.ppf(0.975, n - 1) * values.std(ddof=1) / np.sqrt(n)
    return float(values.mean() - reach), float(values.mean() + reach)
