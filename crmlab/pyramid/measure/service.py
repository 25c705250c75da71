"""What serving a customer costs, event by event."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_columns,
    require_numbers,
    require_once,
    require_probability,
    require_values,
)
from crmlab.errors import (
    BadRowsError,
    MixedCurrenciesError,
    OutOfRangeError,
    UnknownNameError,
)


def cost_to_serve(events: pd.DataFrame, tariff: pd.DataFrame) -> pd.DataFrame:
    """Cost of serving each customer: how often what happened, times what it costs.

    Costs of two currencies are refused, never added: 17 HKD per transaction and 25 USD per
    enquiry tell nothing about each other without a rate and a year. A tariff may name several
    currencies as long as the events of one call need only one of them.

    Parameters
    ----------
    events : DataFrame, one row per event, or per customer and kind of event with a `count`
        customer_id : any
        event : str, the kind
        count : number >= 0; optional, 1 when the column is missing
    tariff : DataFrame, one row per kind of event
        event : str
        cost : float >= 0, money per event
        currency : str

    Returns
    -------
    DataFrame, one row per customer with an event, sorted by customer_id
        customer_id : as in `events`
        events : float64, number of events
        cost : float64, in `currency`
        currency : str

    Raises
    ------
    MissingColumnsError
        If a frame lacks a column.
    BadRowsError
        If a row has no customer, event, count or cost, or an event has no cost or two.
    OutOfRangeError
        If a count or a cost is negative, or there are no events.
    MixedCurrenciesError
        If the events would add money of two currencies.

    See Also
    --------
    net_value : takes this frame.

    Source
    ------
    Activity-based costing: Kaplan, R. S. and Narayanan, V. G. (2001). Measuring and managing
    customer profitability. Journal of Cost Management 15(5), 5-15.

    Examples
    --------
    >>> tariff = pd.DataFrame({"event": ["transaction"], "cost": [17.0], "currency": ["HKD"]})
    >>> events = pd.DataFrame({"customer_id": [8], "event": ["transaction"], "count": [100]})
    >>> cost_to_serve(events, tariff)
       customer_id  events    cost currency
    0            8   100.0  1700.0      HKD
    """
    require_columns(events, "customer_id", "event")
    require_columns(tariff, "event", "cost", "currency")
    if events.empty:
        raise OutOfRangeError("there are no events; at least one is needed.")
    counted = events if "count" in events else events.assign(count=1)
    require_values(counted, "customer_id", "event", "count")
    require_values(tariff, "event", "cost", "currency")
    for frame, column in ((counted, "count"), (tariff, "cost")):
        require_numbers(frame, column)
        _require_not_negative(frame, column)
    code, kinds = pd.factorize(counted["event"])
    price, currency = _prices([*kinds], tariff)

    count = counted["count"].to_numpy("float64")
    cost = count * np.array([price[kind] for kind in kinds])[code]
    rows = {"customer_id": counted["customer_id"].to_numpy(), "events": count, "cost": cost}
    table = pd.DataFrame(rows).groupby("customer_id").agg("sum").reset_index()
    return table.assign(currency=currency)


def shift_events(events: pd.DataFrame, *, source: str, target: str, share: float) -> pd.DataFrame:
    """Return `events` after a share of one kind has moved to another, cheaper channel.

    Parameters
    ----------
    events : DataFrame, as for `cost_to_serve`
    source, target : str, kinds of event, such as "branch" and "online"
    share : float in (0, 1], of the events of `source` that move, of every customer alike

    Returns
    -------
    DataFrame, one row per customer, kind and part moved: customer_id, event, count (float64)

    Raises
    ------
    MissingColumnsError
        If `events` lacks customer_id or event.
    OutOfRangeError
        If `share` is no share.
    UnknownNameError
        If no event is of the kind `source`.

    Examples
    --------
    >>> events = pd.DataFrame({"customer_id": [8], "event": ["branch"], "count": [100]})
    >>> shift_events(events, source="branch", target="online", share=0.3)
       customer_id   event  count
    0            8  branch   70.0
    1            8  online   30.0
    """
    require_columns(events, "customer_id", "event")
    require_probability("share", share)
    kinds = sorted(events["event"].unique())
    if source not in kinds:
        raise UnknownNameError.among("event", source, kinds)

    counted = events if "count" in events else events.assign(count=1)
    counted = counted[["customer_id", "event", "count"]].astype({"count": "float64"})
    code, present = pd.factorize(events["event"])
    moves = code == [*present].index(source)
    part = np.where(moves, 1 - share, 1.0)
    stay = counted.assign(count=counted["count"] * part)
    moved = counted.assign(event=target, count=counted["count"] * share).loc[moves, :]
    return pd.concat([stay, moved], ignore_index=True)


def _prices(kinds: list[str], tariff: pd.DataFrame) -> tuple[dict[str, float], str]:
    """Return the cost of each of these `kinds` of event, and the one currency of them all."""
    used = tariff.loc[[event in kinds for event in tariff["event"]], :]
    free = sorted({*kinds} - {*used["event"]})
    if free:
        raise BadRowsError(
            f"the tariff has no cost for {free}; it names {sorted({*tariff['event']})}. "
            "Add a row for each, with cost 0 if it is free."
        )
    currencies = {*used["currency"]}
    if len(currencies) > 1:
        raise MixedCurrenciesError.of(currencies)
    require_once(used, "event", "the tariff")
    return dict(zip(used["event"], used["cost"], strict=True)), currencies.pop()


def _require_not_negative(frame: pd.DataFrame, column: str) -> None:
    rows = np.flatnonzero(frame[column].to_numpy("float64") < 0).tolist()
    if rows:
        raise OutOfRangeError(f"{column} must be 0 or more; it is not in rows {rows[:10]}.")
