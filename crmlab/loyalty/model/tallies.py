"""Purchases by customer and brand: counted, left out in groups, and what they say of a law."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.stats import t

from crmlab._checks import require_columns, require_values
from crmlab._groups import bincount
from crmlab._purchases import plain_ids
from crmlab.errors import EmptyError, OutOfRangeError


def counted(choices: pd.DataFrame, customers: int | None) -> tuple[np.ndarray, pd.Index, int]:
    """Return purchases by customer and brand, the brands' names, and how many could buy."""
    require_columns(choices, "customer_id", "brand")
    if not len(choices):
        raise EmptyError("there are no purchases; at least one is needed.")
    require_values(choices, "customer_id", "brand")
    who, ids = pd.factorize(plain_ids(choices["customer_id"]), sort=True)
    what, names = pd.factorize(choices["brand"], sort=True)
    size = (len(ids), len(names))
    table = bincount(who * size[1] + what, minlength=size[0] * size[1]).reshape(size)
    if customers is not None and customers < len(ids):
        raise OutOfRangeError(
            f"{len(ids)} customers have a purchase, so customers={customers} cannot be all who "
            "could buy."
        )
    index = pd.Index(names.astype("str") if names.dtype == "category" else names, name="brand")
    return table.astype("float64"), index, customers or len(ids)


def left_out(table: np.ndarray, customers: int, folds: int) -> Iterator[tuple[np.ndarray, int]]:
    """Yield the table and the customers without one of so many groups of them, each in turn.

    The groups are drawn by a lottery that is the same for the same purchases.
    """
    if len(table) < folds:
        raise OutOfRangeError(f"{len(table)} buyers cannot be left out in {folds} groups.")
    # Who bought alike is alike, so that neither ids nor the order of rows matter.
    table = table[np.lexsort(table.T)]
    # Those without a purchase draw too: how many they are is luck, and belongs to the interval. One
    # lottery for all data would be kind or unkind to all of them alike.
    lottery = np.random.default_rng([customers, int(table.sum())])
    fold = lottery.permutation(customers) % folds
    for one in range(folds):
        stays = fold != one
        yield table[stays[: len(table)]], int(stays.sum())


def reach_of(left: np.ndarray) -> np.ndarray:
    """Return half the width of a 95 % interval from values with each group left out (jackknife)."""
    folds = len(left)
    spread = np.sqrt((folds - 1) / folds * ((left - left.mean(axis=0)) ** 2).sum(axis=0))
    return t.ppf(0.975, folds - 1) * spread


def shape_of(total: np.ndarray, customers: int, mean: float) -> float:
    """Return K by maximum likelihood, infinite where customers are no less alike than chance."""
    upto = _at_least(total, customers)
    k = np.arange(len(upto))
    if (total**2).sum() / customers - mean**2 <= mean:
        return float("inf")

    def slope(log_k: float) -> float:
        one = np.exp(log_k)
        return one * (upto @ (1 / (one + k)) - customers * np.log1p(mean / one))

    # The slope ends above 0 where customers are alike, and is then no root.
    return float("inf") if slope(12.0) > 0 else float(np.exp(root(slope, -12.0, 12.0)))


def alikeness(table: np.ndarray, total: np.ndarray, share: np.ndarray) -> float:
    """Return S by maximum likelihood of the Dirichlet-multinomial."""
    if (table.max(axis=1) == total).all():
        raise OutOfRangeError(
            "nobody bought two brands, so every brand is perfectly loyal and there is no norm."
        )
    upto = [_at_least(table[:, one], len(table)) for one in range(len(share))]
    whole = _at_least(total, len(table))

    def slope(log_s: float) -> float:
        s = np.exp(log_s)
        found = sum(
            m * (seen @ (1 / (s * m + np.arange(len(seen)))))
            for m, seen in zip(share, upto, strict=True)
        )
        return s * (found - whole @ (1 / (s + np.arange(len(whole)))))

    if slope(9.0) > 0:
        return float(np.exp(9.0))
    return float(np.exp(root(slope, -9.0, 9.0)))


def _at_least(counts: np.ndarray, customers: int) -> np.ndarray:
    """Return how many customers have more than 0, 1, 2, … purchases."""
    many = bincount(counts.astype(np.intp))
    return many[::-1].cumsum()[::-1][1:].astype("float64")


def root(function, low: float, high: float) -> float:
    """Return where a function is 0, in words where it is not."""
    if function(low) * function(high) > 0:
        raise OutOfRangeError(
            "no Dirichlet fits these numbers: a penetration is impossible for its share."
        )
    return brentq(function, low, high, xtol=1e-10)  # pyright: ignore[reportReturnType]
