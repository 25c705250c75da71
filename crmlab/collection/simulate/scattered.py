"""Facts about the same customers in four files: old ones, second-hand ones, and gaps."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_positive, require_real, stream_of
from crmlab.collection.shapes import Scattered
from crmlab.errors import OutOfRangeError

AS_OF = np.datetime64("2024-12-31")
YEAR = 365.25
# How often a year a fact changes.
CHANGES = {"phone": 0.15, "address": 0.1, "employer": 0.25}


class File(NamedTuple):
    """One file: share of the customers in it, oldest record in years, share told first-hand."""

    covers: float
    years: float
    first_hand: float
    also: str = ""


FILES = {
    "till": File(0.9, 6.0, 0.7, "spend"),
    "web shop": File(0.6, 3.0, 0.95),
    "service desk": File(0.4, 1.5, 0.85),
    "survey": File(0.3, 0.5, 1.0, "budget"),
}


def simulate_scattered(
    n: int, *, garbled: float = 0.05, changes: float = 1.0, seed: Seed
) -> Scattered:
    """Simulate what four files know about `n` customers, and what is true by the end of 2024.

    Model
    -----
    A customer's phone, address and employer change as a Poisson process, .15, .1 and .25 times a
    year, times `changes`. Each file of `FILES` holds a customer with its own probability and wrote
    all three down on one day, uniform over its last years. A record is first-hand with the
    file's probability, else copied from elsewhere, and what is copied is garbled with probability
    `garbled`: then it is nobody's. A record from t years ago still holds with probability
    exp(-rate t). The till also knows the yearly `spend` here, the survey the yearly `budget` for
    such goods; only together they give the share of wallet, and who buys more next year depends on
    nothing else: with probability 1 - share.

    Parameters
    ----------
    n : int
        Customers, at least 1.
    garbled : float in [0, 1]
    changes : float above 0
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per fact in a file
        row_id, customer_id : int64
        file, field, value : str; the value of spend and budget is a number as text, yuan
        recorded_on : datetime64[us]
        first_hand : bool
    truth : DataFrame, one row per fact in a file, keyed like `data`
        row_id : int64
        stale : bool, the fact has changed since
        garbled : bool
    customers : DataFrame, one row per customer
        customer_id : int64; share_of_wallet : float64; buys_more : bool, next year

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `garbled` lies outside [0, 1], `changes` is not above 0, or `seed` is no
        seed.

    Examples
    --------
    >>> data, truth, customers = simulate_scattered(1_000, seed=1)
    >>> float(truth["stale"][data["field"] == "employer"].mean().round(2))
    0.32
    """
    require_real(garbled=garbled)
    require_at_least("n", n, 1)
    require_positive("changes", changes)
    if not 0 <= garbled <= 1:
        raise OutOfRangeError(f"garbled must lie in [0, 1]; got {garbled!r}.")
    rng = stream_of(seed, "simulate_scattered")
    customer = np.arange(1, n + 1)
    budget = np.exp(rng.normal(np.log(3_000), 0.6, n))
    share = rng.beta(2, 2, n)
    amounts = {"spend": budget * share, "budget": budget}
    parts = []
    # Versions are counted back from today: version 0 is true now.
    longest = max(file.years for file in FILES.values())
    events = {field: _ages(rng, n, rate * changes, longest) for field, rate in CHANGES.items()}
    for name, file in FILES.items():
        here = np.flatnonzero(rng.random(n) < file.covers)
        age = rng.uniform(0, file.years, len(here))
        first_hand = rng.random(len(here)) < file.first_hand
        for field, ages in events.items():
            version = (ages[here] < age[:, None]).sum(axis=1)
            wrong = ~first_hand & (rng.random(len(here)) < garbled)
            value = [
                f"{field} {who}-{'?' if bad else chr(97 + old % 26)}{'' if not bad else name[0]}"
                for who, old, bad in zip(customer[here].tolist(), version.tolist(), wrong.tolist(),
                                         strict=True)
            ]  # fmt: skip
            parts.append(_part(name, field, customer[here], value, age, first_hand, version > 0,
                               wrong))  # fmt: skip
        if file.also:
            value = [f"{amount:.2f}" for amount in amounts[file.also][here].tolist()]
            never = np.zeros(len(here), dtype=bool)
            parts.append(_part(name, file.also, customer[here], value, age, first_hand, never,
                               never))  # fmt: skip
    rows = pd.concat(parts, ignore_index=True)
    rows = rows.sort_values(["customer_id", "file", "field"], ignore_index=True)
    rows.insert(0, "row_id", np.arange(1, len(rows) + 1))
    return Scattered(
        rows.drop(columns=["stale", "garbled"]),
        rows[["row_id", "stale", "garbled"]].copy(),
        pd.DataFrame(
            {
                "customer_id": customer,
                "share_of_wallet": share,
                "buys_more": rng.random(n) < 1 - share,
            }
        ),
    )


def _ages(rng: np.random.Generator, n: int, rate: float, longest: float) -> np.ndarray:
    """Return how many years ago each customer's fact changed, newest first, back to `longest`."""
    most = int(rate * longest + 8 * np.sqrt(rate * longest) + 8)
    return np.cumsum(rng.exponential(1 / rate, (n, most)), axis=1)


def _part(
    file: str,
    field: str,
    customer: np.ndarray,
    value: list[str],
    age: np.ndarray,
    first_hand: np.ndarray,
    stale: np.ndarray,
    garbled: np.ndarray,
) -> pd.DataFrame:
    day = AS_OF - np.floor(age * YEAR).astype("m8[D]")
    made = {
        "customer_id": customer,
        "file": file,
        "field": field,
        "value": value,
        "recorded_on": day.astype("M8[us]"),
        "first_hand": first_hand,
        "stale": stale,
        "garbled": garbled,
    }
    return pd.DataFrame(made).astype({"file": "str", "field": "str", "value": "str"})
