"""Two worlds of one seed: what differs between them is what their scenarios caused."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from crmlab._checks import Seed
from crmlab._groups import bincount
from crmlab.company.firm import Company, CompanyTruth, simulate_company
from crmlab.company.scenario import Scenario
from crmlab.company.streams import key_of

__all__ = ["PairedWorlds", "paired"]


class PairedWorlds(NamedTuple):
    """Two worlds with their truth, and what the second has more than the first, by customer.

    one, other  (Company, CompanyTruth)
    difference  DataFrame, one row per customer: customer_id; purchases (refunds apart) and
                spend_cny within the window, future_purchases and future_spend_cny after it
    """

    one: tuple[Company, CompanyTruth]
    other: tuple[Company, CompanyTruth]
    difference: pd.DataFrame


def paired(
    one: Scenario | Mapping[str, Any] | str | Path,
    other: Scenario | Mapping[str, Any] | str | Path,
    *,
    n: int = 1_000,
    seed: Seed,
) -> PairedWorlds:
    """Simulate two scenarios with the same customers and the same luck.

    Every decision in a world belongs to a customer or a purchase and has a number of its own, so
    the worlds differ in nothing but what follows from the difference of their scenarios. The sum
    of `difference` is the effect of the change on this firm, without an error of sampling.

    Parameters
    ----------
    one, other : Scenario, or as in `simulate_company`
    n : int
        Customers of both.
    seed : int, SeedSequence or Generator
        Same seed, same pair.

    Raises
    ------
    OutOfRangeError
        As `simulate_company`.

    Examples
    --------
    >>> pair = paired({"promotion_lift": 0.0}, Scenario(), n=100, seed=1)
    >>> bool(pair.difference["spend_cny"].sum() > 0)
    True
    """
    number = key_of(seed)
    first = simulate_company(n, seed=number, scenario=one)
    second = simulate_company(n, seed=number, scenario=other)
    before, after = _by_customer(*first), _by_customer(*second)
    columns = before.columns[1:]
    difference = before[["customer_id"]].join((after[columns] - before[columns]).round(2))
    return PairedWorlds(first, second, difference)


def _by_customer(company: Company, truth: CompanyTruth) -> pd.DataFrame:
    """Return what each customer buys, within the window and after it."""
    log, people = company.purchases, truth.customers
    row, n = log["customer_id"].to_numpy() - 1, len(people)
    bought = log["amount"].to_numpy() > 0
    future = ["future_purchases", "future_spend_cny"]
    counted = people[["customer_id", *future]].assign(
        purchases=bincount(row[bought], minlength=n),
        spend_cny=bincount(row, log["amount"], n).round(2),
    )
    return counted[["customer_id", "purchases", "spend_cny", *future]]
