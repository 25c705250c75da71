"""The tables of a world as an auditor reads them, and what a sentence is."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab.company.calendar import LAST_DAY
from crmlab.company.scenario import Scenario


class Books:
    """All tables by name, those of the truth with "truth_" before; and the scenario if known."""

    def __init__(self, tables: dict[str, pd.DataFrame], scenario: Scenario | None) -> None:
        self.tables, self.scenario = tables, scenario

    def __getattr__(self, name: str) -> pd.DataFrame:
        """Return a table; a KeyError tells that a sentence cannot be checked without it."""
        if name.startswith("__"):
            raise AttributeError(name)
        return self.tables[name]

    @cached_property
    def bought(self) -> pd.DataFrame:
        """Purchases without refunds."""
        return self.purchases.loc[self.purchases["amount"] > 0]

    @cached_property
    def first(self) -> pd.Series:
        """Day of each customer's first purchase."""
        return self.bought.groupby("customer_id")["date"].min()

    @cached_property
    def arrival(self) -> pd.Series:
        """Day on which each purchase was in the customer's hands; NaT if after the window."""
        day = self.bought.set_index("purchase_id")["date"].copy()
        sent = self.bought.loc[self.bought["channel"] == "online", "purchase_id"]
        came = self.deliveries.set_index("purchase_id")["arrived_on"].reindex(sent)
        day.loc[sent] = came.to_numpy()
        return day

    @cached_property
    def age(self) -> pd.Series:
        """Age of each customer at the end of the window, in years."""
        born = self.people.set_index("customer_id")["birth_date"]
        return (LAST_DAY - born).dt.days / 365.25

    @cached_property
    def gone(self) -> pd.Series:
        """Day on which each customer left, NaT when still there."""
        return self.truth_customers.set_index("customer_id")["dropped_out_on"]


class Law(NamedTuple):
    """What is found beside what is expected, and the standard error of what is found."""

    found: float
    expected: float
    error: float

    @property
    def z(self) -> float:
        """Return by how many standard errors it is off."""
        return (self.found - self.expected) / self.error if self.error > 0 else 0.0


class Sentence(NamedTuple):
    """A sentence, and what gives the rows that break it, or a `Law`."""

    said: str
    table: str
    look: Callable[[Books], pd.DataFrame | Law | None]


def at(keys: pd.Series, table: pd.Series) -> pd.Series:
    """Return what a table says at each key, beside the keys; nothing where it says nothing."""
    return pd.Series(table.reindex(keys).array, index=keys.index)


def share(mask: pd.Series | np.ndarray, expected: float) -> Law:
    """Return the law of a share of independent rows."""
    n = max(len(mask), 1)
    return Law(float(np.mean(mask)), expected, float(np.sqrt(expected * (1 - expected) / n)))


def teller() -> tuple[list[Sentence], Callable]:
    """Return a list of sentences, and the decorator that adds one to it."""
    sentences: list[Sentence] = []

    def says(said: str, table: str) -> Callable:
        def add(look: Callable) -> Callable:
            sentences.append(Sentence(said, table, look))
            return look

        return add

    return sentences, says
