"""What a firm sees of its customers on the day a promotion starts: who is new, lapsed, or big."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._groups import bincount

# Days are parted by this many, so that a customer and a day are one number.
SPAN = 100_000
NEW_DAYS, LAPSED_DAYS, BIG_SPEND = 180, 90, 800.0


class Seen:
    """Who has bought what until a day, of their own accord and for promotions."""

    def __init__(self, customers: pd.DataFrame, history: pd.DataFrame) -> None:
        n = len(customers)
        self.joined = customers["joined_on"].to_numpy("M8[D]").astype(np.int64)
        row = pd.Index(customers["customer_id"]).get_indexer(pd.Index(history["customer_id"]))
        key = row * SPAN + history["date"].to_numpy("M8[D]").astype(np.int64)
        # Sorted in no time where the history stands by customer and day already.
        order = np.argsort(key, kind="stable")
        self.key = key[order]
        # In cents, so that a sum is what it is whatever stands before it.
        cents = np.rint(history["amount"].to_numpy()[order] * 100).astype(np.int64)
        self.spent = np.append(0, cents.cumsum())
        count = bincount(row, minlength=n)
        self.first = count.cumsum() - count
        self.last_caused, self.more = np.full(n, -SPAN), np.zeros(n, dtype=np.int64)
        kinds = {"row": "int64", "day": "M8[us]", "amount": "float64", "sore": "bool"}
        self.due = {name: np.empty(0, dtype=kind) for name, kind in kinds.items()}

    def is_new(self, start: np.datetime64) -> np.ndarray:
        """Return which customers have joined not long before a promotion starts."""
        today = start.astype("M8[D]").astype(np.int64)
        return (self.joined < today) & (self.joined >= today - NEW_DAYS)

    def audience(
        self, audience: str, start: np.datetime64, alive: np.ndarray, row: np.ndarray
    ) -> np.ndarray:
        """Return which of the customers in `row` are those a promotion that starts then is for."""
        today = start.astype("M8[D]").astype(np.int64)
        if audience not in ("big spenders", "lapsed customers"):
            return np.ones(len(row), dtype=bool)
        left = alive[row].astype("M8[D]").astype(np.int64)
        first = self.first[row]
        place = np.searchsorted(self.key, np.minimum(today - 1, left) + row * SPAN, side="right")
        if audience == "big spenders":
            return self.spent[place] - self.spent[first] + self.more[row] >= BIG_SPEND * 100
        last = np.where(place > first, self.key[place - 1] % SPAN, -SPAN)
        last = np.maximum(last, self.last_caused[row])
        return (place > first) & (last < today - LAPSED_DAYS)

    def expect(self, *columns: np.ndarray) -> None:
        """Note purchases that a promotion will have caused: row, day, amount, and who leaves."""
        self.due = {
            name: np.concatenate([column, more])
            for (name, column), more in zip(self.due.items(), columns, strict=True)
        }

    def until(self, start: np.datetime64, alive: np.ndarray) -> None:
        """Note what was bought before the day of `start`, and in `alive` who has left for it."""
        now = self.due["day"] < start.astype("M8[D]")
        past = {name: column[now] for name, column in self.due.items()}
        self.due = {name: column[~now] for name, column in self.due.items()}
        sore = past["sore"]
        np.minimum.at(alive, past["row"][sore], past["day"][sore])
        done = past["day"] <= alive[past["row"]]
        row, days = past["row"][done], past["day"][done].astype("M8[D]").astype(np.int64)
        np.maximum.at(self.last_caused, row, days)
        np.add.at(self.more, row, np.rint(past["amount"][done] * 100).astype(np.int64))
