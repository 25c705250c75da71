"""Stages of a customer's life, counted: how many are in each, who goes where, what is mistaken."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_columns,
    require_key,
    require_list,
    require_numbers,
    require_one_of,
    require_real,
    require_rows,
    require_values,
)
from crmlab._groups import bincount, repeat
from crmlab.errors import BadRowsError, OutOfRangeError

STAGES = ("acquisition", "growth", "maturity", "decline", "termination")
NEW, GONE = "new", "not seen"
_ROWS = ("customer_id", "month")


def stage_shares(stages: pd.DataFrame) -> pd.DataFrame:
    """Share of customers in each stage, month by month.

    Parameters
    ----------
    stages : DataFrame, one row per customer and month
        month : whole numbers; stage : str, one of the five

    Returns
    -------
    DataFrame, one row per month and stage, in their order
        month : as given; stage : str
        customers : int64; share : float64, of the month's customers

    Raises
    ------
    MissingColumnsError, BadRowsError, EmptyError
        If a column or value is missing, a stage is none of the five, or there are no rows.

    See Also
    --------
    crmlab.customers.plot.plot_stage_shares : draws this frame.

    Examples
    --------
    >>> stages = pd.DataFrame({"month": [1, 1], "stage": ["growth", "decline"]})
    >>> stage_shares(stages).query("customers > 0")["share"].tolist()
    [0.5, 0.5]
    """
    require_columns(stages, "month", "stage")
    require_rows(stages)
    require_values(stages, "month", "stage")
    code = stage_codes(stages["stage"])
    month, months = pd.factorize(stages["month"], sort=True)
    count = bincount(month * 5 + code, minlength=5 * len(months)).reshape(-1, 5)
    return pd.DataFrame(
        {
            "month": repeat(np.asarray(months), 5),
            "stage": pd.Series(np.tile(np.array(STAGES), len(months)), dtype="str"),
            "customers": count.ravel(),
            "share": (count / count.sum(axis=1, keepdims=True)).ravel(),
        }
    )


def stage_flow(stages: pd.DataFrame, *, months: Sequence[int]) -> pd.DataFrame:
    """Count who went from which stage to which between some months, newcomers too.

    Parameters
    ----------
    stages : DataFrame, one row per customer and month
        customer_id, month; stage : str, one of the five
    months : sequence of two or more months, in order

    Returns
    -------
    DataFrame, one row per step between two of the months, stage before and stage after; the five
    in their order, and "new" before for who was not there yet, "not seen" after for who is not
    any more
        from_month, to_month : int64
        from_stage, to_stage : str
        customers : int64, above 0

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or value is missing, a customer has a month twice, or a stage is none of the
        five.
    OutOfRangeError
        If there are fewer than two months, they are not in order, or nobody is there in one.

    See Also
    --------
    crmlab.customers.plot.plot_stage_flow : draws this frame.

    Examples
    --------
    >>> stages = pd.DataFrame({"customer_id": [1, 1, 2], "month": [1, 2, 2],
    ...                        "stage": ["growth", "decline", "growth"]})
    >>> stage_flow(stages, months=[1, 2])[["from_stage", "to_stage"]].to_numpy().tolist()
    [['growth', 'decline'], ['new', 'growth']]
    """
    require_columns(stages, "stage")
    require_key(stages, *_ROWS)
    require_values(stages, "stage")
    require_list("months", months, "[12, 24, 36]")
    chosen = [*months]
    there = {*stages["month"]}
    if len(chosen) < 2 or chosen != sorted({*chosen}) or not {*chosen} <= there:
        raise OutOfRangeError(
            f"months must be two or more of those of the frame, {min(there, default=0)} to "
            f"{max(there, default=0)}, in order; got {chosen}."
        )
    code = pd.Series(stage_codes(stages["stage"]).astype("int64"), index=stages.index)
    when = [
        pd.Series(
            code[stages["month"] == month].to_numpy(),
            stages.loc[stages["month"] == month, "customer_id"],
        )
        for month in chosen
    ]
    rows = []
    for one, other, first, second in zip(chosen[:-1], chosen[1:], when[:-1], when[1:], strict=True):
        both = pd.concat([first, second], axis=1, keys=["from", "to"]).fillna(5).astype("int64")
        count = both.value_counts().sort_index()
        for (before, after), customers in count.items():  # pyright: ignore[reportGeneralTypeIssues]
            labels = [*STAGES, NEW][before], [*STAGES, GONE][after]
            rows.append((one, other, *labels, int(customers)))
    names = ["from_month", "to_month", "from_stage", "to_stage", "customers"]
    table = pd.DataFrame(rows, columns=names)
    return table.astype({"from_stage": "str", "to_stage": "str"})


def stage_confusion(found: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Count the customer months of each true stage that rules gave each stage.

    Parameters
    ----------
    found, truth : DataFrame, one row per customer and month, the same in both
        customer_id, month; stage : str, one of the five

    Returns
    -------
    DataFrame, one row per true stage and stage found, in their order
        true_stage, found_stage : str
        customer_months : int64
        recall : float64, of the true stage; NaN without any
        precision : float64, of the stage found; NaN without any

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or value is missing, a stage is none of the five, or the rows differ.

    See Also
    --------
    misjudged_cost : what it costs.
    crmlab.customers.plot.plot_stage_confusion : draws this frame.

    Examples
    --------
    >>> truth = pd.DataFrame({"customer_id": 1, "month": [1, 2], "stage": ["decline", "decline"]})
    >>> found = truth.assign(stage=["decline", "maturity"])
    >>> stage_confusion(found, truth).query("customer_months > 0")["recall"].tolist()
    [0.5, 0.5]
    """
    codes = []
    for frame in (found, truth):
        require_columns(frame, "stage")
        require_key(frame, *_ROWS)
        require_values(frame, "stage")
        codes.append(
            pd.Series(stage_codes(frame["stage"]), pd.MultiIndex.from_frame(frame[[*_ROWS]]))
        )
    left, right = codes
    both = left.reindex(right.index)
    if len(left) != len(right) or both.isna().any():
        raise BadRowsError(
            f"found has {len(left)} rows and truth {len(right)}, and not the same customers and "
            "months. Merge them on customer_id and month, and keep what stands in both."
        )

    count = bincount(right.to_numpy() * 5 + both.to_numpy("int64"), minlength=25).reshape(5, 5)
    with np.errstate(invalid="ignore"):
        recall, precision = count / count.sum(axis=1, keepdims=True), count / count.sum(axis=0)
    return pd.DataFrame(
        {
            "true_stage": pd.Series(repeat(np.array(STAGES), 5), dtype="str"),
            "found_stage": pd.Series(np.tile(np.array(STAGES), 5), dtype="str"),
            "customer_months": count.ravel(),
            "recall": recall.ravel(),
            "precision": precision.ravel(),
        }
    )


def misjudged_cost(
    confusion: pd.DataFrame, *, stage: str = "decline", offer_cost: float, saved: float
) -> pd.DataFrame:
    """Earnings of an offer to everybody in one stage, by rule and if the truth were known.

    An offer costs `offer_cost`, and brings `saved` where the customer is truly in the stage.

    Parameters
    ----------
    confusion : DataFrame, as returned by `stage_confusion`
        true_stage, found_stage : str; customer_months : int64
    stage : str, one of the five
    offer_cost, saved : float, money for each customer and month, 0 or more

    Returns
    -------
    DataFrame, one row per kind
        kind : str, "offer right", "offer wasted", "chance missed", "by rule", "truth known"
        customer_months : int64, offers, or those who should have had one
        money : float64; "chance missed" is what was forgone

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError
        If a column or value is missing or no number, a count is below 0, or a stage is none of the
        five.
    UnknownNameError, OutOfRangeError
        If the stage is none of the five, or a number below 0.

    Examples
    --------
    >>> confusion = pd.DataFrame({"true_stage": ["decline", "decline", "maturity"],
    ...     "found_stage": ["decline", "maturity", "decline"], "customer_months": [10, 5, 20]})
    >>> misjudged_cost(confusion, offer_cost=10, saved=50)["money"].tolist()
    [400.0, -200.0, -200.0, 200.0, 600.0]
    """
    require_real(offer_cost=offer_cost, saved=saved)
    require_columns(confusion, "true_stage", "found_stage", "customer_months")
    require_values(confusion, "true_stage", "found_stage", "customer_months")
    require_numbers(confusion, "customer_months")
    if (confusion["customer_months"] < 0).any():
        raise BadRowsError("customer_months are counts; some are below 0.")
    for side in ("true", "found"):
        stage_codes(confusion[f"{side}_stage"])
    require_one_of("stage", stage, STAGES)
    if not (0 <= offer_cost < np.inf and 0 <= saved < np.inf):
        raise OutOfRangeError("offer_cost and saved must be finite, 0 or more.")
    is_true, is_found = (confusion[f"{side}_stage"] == stage for side in ("true", "found"))
    count = confusion["customer_months"]
    right, wasted, missed = (
        int(count[which].sum())
        for which in (is_true & is_found, ~is_true & is_found, is_true & ~is_found)
    )
    gain = float(saved - offer_cost)
    rows = [
        ("offer right", right, right * gain),
        ("offer wasted", wasted, -wasted * float(offer_cost)),
        ("chance missed", missed, -missed * gain),
        ("by rule", right + wasted, right * gain - wasted * float(offer_cost)),
        ("truth known", right + missed, (right + missed) * gain),
    ]
    table = pd.DataFrame(rows, columns=["kind", "customer_months", "money"])
    return table.astype({"kind": "str"})


def whole_months(frame: pd.DataFrame, month: str = "month") -> np.ndarray:
    """Return the months of `frame` as int64, or raise BadRowsError if they are not whole."""
    require_numbers(frame, month)
    months = frame[month].to_numpy("float64")
    odd = np.flatnonzero(months != np.floor(months))
    if odd.size:
        raise BadRowsError(f"{month} must hold whole numbers; row(s) {odd[:10].tolist()} do not.")
    return months.astype("int64")


def stage_codes(stage: pd.Series) -> np.ndarray:
    """Return stages as numbers 0 to 4, or raise BadRowsError for other words."""
    if isinstance(stage.dtype, pd.CategoricalDtype) and [*stage.cat.categories] == [*STAGES]:
        code = stage.cat.codes.to_numpy()
    else:
        word, words = pd.factorize(stage.astype("str"))
        code = pd.Index(STAGES).get_indexer(pd.Index(words))[word].astype(np.int8)
    if (code < 0).any():
        rows = np.flatnonzero(code < 0)
        words = sorted({*stage.iloc[rows].astype("str")})[:5]
        raise BadRowsError(
            f"{len(rows)} row(s) have a stage other than {[*STAGES]}: {words} in row(s) "
            f"{rows[:10].tolist()}. Rename them first: frame['stage'].replace({{…}})"
        )
    return code
