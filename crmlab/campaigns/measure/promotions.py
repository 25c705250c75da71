"""What promotions cost, whom they made buy, and at which hour they work."""

from __future__ import annotations

from typing import overload

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_columns,
    require_days,
    require_numbers,
    require_once,
    require_truths,
    require_values,
)
from crmlab._intervals import difference
from crmlab.dictionary import schemas
from crmlab.errors import BadRowsError, OutOfRangeError, UnknownNameError

KEYS = ["promotion_id", "customer_id"]


@overload
def promotion_cost(fixed_cny: float, variable_cny: float, units: float) -> float: ...
@overload
def promotion_cost(
    fixed_cny: pd.Series | float, variable_cny: pd.Series | float, units: pd.Series
) -> pd.Series: ...
def promotion_cost(fixed_cny, variable_cny, units):
    """Cost of a promotion in all: fixed + variable * units, for numbers or Series.

    Parameters
    ----------
    fixed_cny, variable_cny : number or Series, at least 0; the cost of the whole, and of a unit
    units : number or Series, at least 0; letters, coupons or pieces

    Raises
    ------
    OutOfRangeError
        If a number is missing or below 0.

    Examples
    --------
    >>> promotion_cost(8_000.0, 0.5, 1_200.0)
    8600.0
    """
    for name, value in (("fixed", fixed_cny), ("variable", variable_cny), ("units", units)):
        numbers = pd.to_numeric(pd.Series(value), errors="coerce")
        if isinstance(value, (str, list)) or value is None or not (numbers >= 0).all():
            raise OutOfRangeError(f"{name} must be 0 or more everywhere; got {value!r}.")
    return fixed_cny + variable_cny * units


def promotion_answers(
    promotions: pd.DataFrame, targets: pd.DataFrame, responses: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Who was drawn for which promotion, its design, and whether they bought within 14 days.

    Parameters
    ----------
    promotions : DataFrame, one row per promotion
        promotion_id, starts_at; all other columns are handed on. `type` and `medium`, where they
        are there, must be among the 6 types and 4 media of the dictionary.
    targets : DataFrame, one row per promotion and customer
        promotion_id, customer_id, held_out (bool); and `bought` where there are no `responses`
    responses : DataFrame, optional
        promotion_id, customer_id of those who bought

    Returns
    -------
    DataFrame, one row per target, by promotion and customer
        promotion_id, customer_id, held_out, bought (bool), the columns of `promotions`, and
        hour : int64, the hour at which the promotion starts

    Raises
    ------
    MissingColumnsError, BadRowsError, UnknownNameError
        If a frame lacks a column, a promotion or a pair stands twice or is not there, or a type
        or medium is unknown.

    See Also
    --------
    promotion_results, response_by_hour, crmlab.campaigns.model.DesignEffects : take this frame.

    Examples
    --------
    >>> promotions = pd.DataFrame(
    ...     {"promotion_id": [1], "starts_at": pd.to_datetime(["2024-05-01 18:00"])})
    >>> targets = pd.DataFrame(
    ...     {"promotion_id": 1, "customer_id": [7, 8], "held_out": [False, True],
    ...      "bought": [True, False]})
    >>> promotion_answers(promotions, targets)[["customer_id", "held_out", "bought", "hour"]]
       customer_id  held_out  bought  hour
    0            7     False    True    18
    1            8      True   False    18
    """
    require_columns(promotions, "promotion_id", "starts_at")
    require_columns(targets, *KEYS, "held_out", *(["bought"] if responses is None else []))
    require_once(promotions, "promotion_id", "promotions")
    require_days(promotions, "starts_at")
    require_values(promotions, "starts_at")
    require_truths(targets, "held_out", *(["bought"] if responses is None else []))
    for column in sorted({"type", "medium"} & {*promotions.columns}):
        require_columns(promotions, column)
        known = _known(column)
        for value in promotions[column].unique():
            if value not in known:
                raise UnknownNameError.among(column, value, known)
    if targets.duplicated(KEYS).any():
        rows = np.flatnonzero(targets.duplicated(KEYS))[:10].tolist()
        raise BadRowsError(f"targets: rows {rows} draw a customer twice for one promotion.")
    _require_known(targets["promotion_id"], promotions["promotion_id"], "promotions")

    table = targets[[*KEYS, "held_out"]].copy()
    if responses is None:
        table["bought"] = targets["bought"].to_numpy(dtype=bool)
    else:
        require_columns(responses, *KEYS)
        pairs = pd.MultiIndex.from_frame(targets[KEYS])
        answered = pd.MultiIndex.from_frame(responses[KEYS])
        _require_known(answered, pairs, "targets")
        table["bought"] = pairs.isin(answered)
    design = promotions.assign(hour=promotions["starts_at"].dt.hour.astype("int64"))
    table = table.merge(design, on="promotion_id", how="left")
    return table.sort_values(KEYS, ignore_index=True)


def promotion_results(answers: pd.DataFrame, *, by: str = "promotion_id") -> pd.DataFrame:
    """Cost of promotions, per contact, per answer, and per purchase they really caused.

    Many who answer would have bought anyway; how many, those held out show. So the extra
    purchases of a promotion are contacts * (share of the contacted who bought - share of the held
    out who did), with a 95 % interval; groups add up their promotions. Where a promotion has nobody
    held out, what it and its group caused cannot be known (NaN).

    Parameters
    ----------
    answers : DataFrame, as returned by `promotion_answers`
        promotion_id, held_out, bought, fixed_cost_cny, variable_cost_cny, and the column `by`
    by : str
        Any column of the promotions: "promotion_id", "type", "medium", "colour", "hour", …

    Returns
    -------
    DataFrame, one row per value of `by`, sorted by it
        the column `by`
        promotions, contacts, responses, held_out : int64; responses are purchases of the contacted
        response_rate, held_out_rate : float64 in [0, 1]
        cost_cny : float64, fixed + variable * contacts
        cost_per_contact_cny, cost_per_response_cny : float64, NaN without any
        extra_purchases, extra_low, extra_high : float64
        cost_per_extra_cny : float64, NaN where the extra purchases are not above 0

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        If `answers` lacks a column, or a cost is missing or no number of 0 or more.

    Source
    ------
    The interval of a difference of two shares: Newcombe, R. G. (1998). Interval estimation for the
    difference between independent proportions: comparison of eleven methods. Statistics in Medicine
    17(8), 873-890 (method 10). The weighing of several promotions is ours.

    Examples
    --------
    >>> answers = pd.DataFrame({
    ...     "promotion_id": 1, "held_out": [False] * 4 + [True] * 2, "fixed_cost_cny": 90.0,
    ...     "variable_cost_cny": 2.5, "bought": [True, True, True, False, True, False]})
    >>> promotion_results(answers).iloc[0][["cost_cny", "responses", "extra_purchases"]].tolist()
    [100.0, 3.0, 1.0]
    """
    money = ["fixed_cost_cny", "variable_cost_cny"]
    require_columns(answers, "promotion_id", "held_out", "bought", *money, by=by)
    require_values(answers, "promotion_id", "held_out", "bought", *money, by)
    require_truths(answers, "held_out", "bought")
    require_numbers(answers, *money)

    each = _counted(answers, ["promotion_id"])
    first = answers.drop_duplicates("promotion_id").set_index("promotion_id")
    fixed, variable = (first[name].reindex(each.index).astype("float64") for name in money)
    each["cost_cny"] = promotion_cost(fixed, variable, each["contacts"].astype("float64"))
    off = each["bought_anyway"] / _some(each["held_out"])
    each["extra_purchases"] = each["responses"] - each["contacts"] * off
    # What the shares of the held out weigh together: many contacts on few held out weigh little.
    each["weight"] = each["contacts"] ** 2 / _some(each["held_out"])
    each["anyway"] = each["contacts"] * off
    each["group"] = first[by].reindex(each.index) if by != "promotion_id" else each.index
    total = each.groupby("group").sum(skipna=False)
    count = ["contacts", "responses", "held_out", "bought_anyway"]
    total[count] = total[count].astype("int64")
    extra = total["extra_purchases"]
    below, above = _reach(total)
    table = pd.DataFrame(
        {
            "promotions": each.groupby("group").size(),
            **{name: total[name] for name in count[:3]},
            "response_rate": total["responses"] / _some(total["contacts"]),
            "held_out_rate": total["bought_anyway"] / _some(total["held_out"]),
            "cost_cny": total["cost_cny"],
            "cost_per_contact_cny": total["cost_cny"] / _some(total["contacts"]),
            "cost_per_response_cny": total["cost_cny"] / _some(total["responses"]),
            "extra_purchases": extra,
            "extra_low": extra - below,
            "extra_high": extra + above,
            "cost_per_extra_cny": total["cost_cny"] / _some(extra),
        }
    )
    return table.rename_axis(by).reset_index()


def response_by_hour(answers: pd.DataFrame, *, by: str = "type") -> pd.DataFrame:
    """Answers by the hour of contact, for each type (or medium, or colour).

    Parameters
    ----------
    answers : DataFrame, as returned by `promotion_answers`
        hour, held_out, bought, and the column `by`
    by : str

    Returns
    -------
    DataFrame, one row per value of `by` and hour that was tried, sorted by both
        the column `by` and hour
        contacts, responses, held_out : int64
        response_rate : float64, share of the contacted who bought
        held_out_rate : float64, share of the held out who did, NaN if there are none
        lift : float64, the difference: what the contact itself changed

    Raises
    ------
    MissingColumnsError, BadRowsError
        If `answers` lacks a column, or a row a value.

    See Also
    --------
    crmlab.campaigns.plot.plot_response_by_hour : draws this frame.

    Examples
    --------
    >>> answers = pd.DataFrame({"type": "print", "hour": 9, "held_out": [False, False, True],
    ...                         "bought": [True, False, False]})
    >>> response_by_hour(answers)[["type", "hour", "contacts", "response_rate", "lift"]]
        type  hour  contacts  response_rate  lift
    0  print     9         2            0.5   0.5
    """
    require_columns(answers, "hour", "held_out", "bought", by=by)
    require_values(answers, "hour", "held_out", "bought", by)
    require_truths(answers, "held_out", "bought")

    table = _counted(answers, [by, "hour"])
    table["response_rate"] = table["responses"] / _some(table["contacts"])
    table["held_out_rate"] = table.pop("bought_anyway") / _some(table["held_out"])
    table["lift"] = table["response_rate"] - table["held_out_rate"]
    return table.reset_index()


def _counted(answers: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return contacts, their purchases, held out and theirs, for each value of `by`."""
    held, bought = (answers[name].to_numpy(dtype=bool) for name in ("held_out", "bought"))
    flags = {
        "contacts": ~held,
        "responses": ~held & bought,
        "held_out": held,
        "bought_anyway": held & bought,
    }
    counted = answers[by].assign(**flags).groupby(by).sum()
    return counted.astype("int64")


def _reach(total: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return how far the extra purchases of a group may lie below and above what was found.

    Each of the two shares lies in Wilson's interval; the distances of both to its ends add up as
    those of independent numbers do. NaN where somebody was contacted without anybody held out.
    """
    contacts = _some(total["contacts"])
    worth = contacts**2 / total["weight"]  # so many held out of one promotion tell as much
    told, anyway = total["responses"] / contacts, total["anyway"] / contacts
    low, high = difference(total["responses"], contacts, anyway * worth, worth)
    return contacts * (told - anyway - low), contacts * (high - told + anyway)


def _some(count: pd.Series) -> pd.Series:
    """Return `count` where it is above 0, and NaN elsewhere."""
    return count.where(count > 0)


def _known(column: str) -> list[str]:
    """Return the values that the dictionary allows in a column of promotions."""
    fields = {field["name"]: field for field in schemas()["promotions"]["fields"]}
    return fields[column]["constraints"]["enum"]


def _require_known(found: pd.Series | pd.MultiIndex, known: object, where: str) -> None:
    """Raise BadRowsError if one of `found` is not in `known`."""
    strange = found[~found.isin(known)]  # pyright: ignore[reportArgumentType]
    if len(strange):
        some = [*dict.fromkeys(strange.tolist())][:10]
        raise BadRowsError(f"{len(strange)} row(s) have a key that is not in {where}: {some}.")
