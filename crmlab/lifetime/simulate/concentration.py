"""Tickets spread until a few customers bring the share of the spend that is asked for."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_columns,
    require_numbers,
    require_probability,
    require_rows,
    require_values,
)
from crmlab._groups import bincount
from crmlab.errors import BadRowsError, OutOfRangeError


class Spread(NamedTuple):
    """By which power tickets are spread around the middle of their logarithms."""

    power: float
    middle: float

    def times(self, mean_ticket: np.ndarray) -> np.ndarray:
        """Return by what the tickets of customers with these means are multiplied."""
        return np.exp(self.power * (np.log(mean_ticket) - self.middle))

    def then(self, other: Spread) -> Spread:
        """Return what spreads as both do, this one first."""
        power = self.power + other.power * (1 + self.power)
        shift = self.power * self.middle * (1 + other.power) + other.power * other.middle
        return Spread(power, shift / power if power else 0.0)


def concentrate(
    purchases: pd.DataFrame,
    customers: pd.DataFrame,
    *,
    share: float,
    until: pd.Timestamp | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return both frames with tickets spread so that the top 20 % bring a `share` of the spend.

    Each customer's mean ticket m and amounts are multiplied by (m / g)**k, where g is the
    geometric mean of the m; k is found by bisection, and is 0 where nothing changes. Amounts keep
    their law around each customer's own mean, and numbers of purchases stay as they are.

    Parameters
    ----------
    purchases : DataFrame with customer_id (1 to the number of customers) and amount
        Refunds count, as amounts below 0.
    customers : DataFrame with customer_id and mean_ticket, in the order of customer_id
    share : float in (0, 1]
    until : Timestamp, optional
        Day after which the spend does not count, though it is spread alike.

    Raises
    ------
    OutOfRangeError
        If no spread of tickets gives that share; the message says what can be had.
    MissingColumnsError, BadRowsError, EmptyError
        If a frame lacks a column, a value or rows, or a purchase is of no customer.

    Examples
    --------
    >>> bought = pd.DataFrame({"customer_id": [1, 2, 3, 4, 5], "amount": [50.0, 30, 20, 20, 10]})
    >>> customers = pd.DataFrame({"customer_id": bought["customer_id"]})
    >>> customers["mean_ticket"] = bought["amount"]
    >>> spread = concentrate(bought, customers, share=0.6)[0]["amount"]
    >>> float(round(spread.max() / spread.sum(), 3))
    0.6
    """
    money = ["amount"] if until is None else ["amount", "date"]
    require_columns(purchases, "customer_id", *money)
    require_columns(customers, "customer_id", "mean_ticket")
    require_rows(purchases)
    require_rows(customers)
    require_values(purchases, "customer_id", *money)
    require_values(customers, "customer_id", "mean_ticket")
    require_numbers(purchases, "customer_id", "amount")
    require_numbers(customers, "mean_ticket")
    if not purchases["customer_id"].between(1, len(customers)).all():
        raise BadRowsError(f"customer_id of a purchase must lie in 1 to {len(customers)}.")

    counted = purchases if until is None else purchases.loc[purchases["date"] <= until]
    spend = bincount(counted["customer_id"] - 1, counted["amount"], len(customers))
    mean_ticket = customers["mean_ticket"].to_numpy()
    times = spread_for(spend, mean_ticket, share=share).times(mean_ticket)
    amount = purchases["amount"].to_numpy() * times[purchases["customer_id"] - 1]
    whole = np.sign(amount) * np.maximum(np.abs(amount).round(2), 0.01)
    return purchases.assign(amount=whole), customers.assign(mean_ticket=mean_ticket * times)


def spread_for(spend: np.ndarray, mean_ticket: np.ndarray, *, share: float) -> Spread:
    """Return the spread with which the top 20 % bring a `share` of the spend: see `concentrate`."""
    require_probability("share", share)
    middle = float(np.log(mean_ticket).mean())
    ratio = np.log(mean_ticket) - middle
    top = max(1, round(0.2 * len(ratio)))

    def reached(power: float) -> float:
        scaled = np.sort(spend * np.exp(power * ratio))
        return scaled[-top:].sum() / scaled.sum()

    # Below -1 the usual ticket would be small for those who spend much: the share turns.
    low, high = -1.0, 5.0
    if not reached(low) <= share <= reached(high):
        raise OutOfRangeError(
            f"the top 20 % cannot bring {share:g} of the spend of these customers; between "
            f"{reached(low):.2f} and {reached(high):.2f} can be had."
        )
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if reached(middle) < share else (low, middle)
    return Spread(high, middle)
