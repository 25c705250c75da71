"""Which products extend which: in one purchase, of one customer, or within a circle."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.stats import false_discovery_control, poisson

from crmlab._checks import require_columns, require_rows, require_values
from crmlab._purchases import as_frame, plain_values
from crmlab.errors import BadRowsError

# A pair that is expected so often has a median near its mean.
_FEW = 5
KINDS = ("matching", "allied", "shared")


def extension_products(
    lines: pd.DataFrame,
    *,
    basket: str = "basket_id",
    customer: str = "customer_id",
    circle: str = "circle_id",
    product: str = "product",
) -> pd.DataFrame:
    """Pairs of products that go together, told by where they meet.

    matching  in one purchase (camera and case): pairs counted by purchase;
    allied    with one customer, never in one purchase (phone and insurance): by customer;
    shared    with two members of one circle (the same plan): by pairs of members.
    Busy customers buy more of everything, so pairs of all kinds meet more often than by chance.
    What is expected is therefore chance, times what the middle one of all pairs meets more often;
    where a usual pair is expected fewer than five times, or never meets, times what all pairs meet
    more often.

    Parameters
    ----------
    lines : DataFrame, one row per product in a purchase
        `basket`, `customer`, `circle` (of friends or relatives), `product`; a basket is of one
        customer, a customer of one circle
    basket, customer, circle, product : str

    Returns
    -------
    DataFrame, one row per kind and pair, the lowest q first, then the highest lift; no pair is
    shared where no circle has two members
        kind : str
        product, extension : as given, in order; the same product twice is shared only
        together : int64, how often they met in this way
        expected : float64
        lift : float64
        q_value : float64, the share of false discoveries among pairs with a q no higher

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, or a basket or customer belongs to two.
    OutOfRangeError
        If there are no lines.

    Examples
    --------
    >>> from crmlab.service.simulate import simulate_extensions
    >>> lines, planted = simulate_extensions(500, seed=1)
    >>> found = extension_products(lines)
    >>> found.loc[found["product"] == "camera", ["kind", "extension"]].values[0].tolist()
    ['matching', 'case']
    """
    lines = as_frame(lines)
    require_columns(lines, basket=basket, customer=customer, circle=circle, product=product)
    require_rows(lines)
    require_values(lines, basket, customer, circle, product)
    code, names = {}, {}
    for name in (basket, customer, circle, product):
        code[name], names[name] = pd.factorize(plain_values(lines[name]), sort=True)
    for fine, coarse in ((basket, customer), (customer, circle)):
        pairs = np.unique(np.stack([code[fine], code[coarse]]), axis=1)
        if pairs.shape[1] > len(names[fine]):
            raise BadRowsError(f"some values of {fine!r} belong to two of {coarse!r}.")
    of_basket, of_customer = (
        _ones(code[unit], code[product], (len(names[unit]), len(names[product])))
        for unit in (basket, customer)
    )
    owner = np.zeros(len(names[basket]), np.int64)
    owner[code[basket]] = code[customer]
    home = np.zeros(len(names[customer]), np.int64)
    home[code[customer]] = code[circle]
    together, expected = {}, {}
    alone = np.asarray(of_basket.sum(axis=0), dtype="float64")
    together["matching"] = (of_basket.T @ of_basket).toarray()
    expected["matching"] = np.outer(alone, alone) / of_basket.shape[0]
    has = np.asarray(of_customer.sum(axis=0), dtype="float64")
    together["allied"] = (of_customer.T @ of_customer).toarray() - _with_both(of_basket, owner)
    expected["allied"] = np.outer(has, has) / of_customer.shape[0]
    # Pairs of two members: all pairs of a circle's purchases, less those of one member.
    many: Any = csr_array((np.ones(len(home), np.int64), (home, np.arange(len(home)))))
    sums = many @ of_customer
    ordered = (sums.T @ sums - of_customer.T @ of_customer).toarray()
    together["shared"] = np.where(np.eye(len(has)) > 0, ordered // 2, ordered)
    size = np.asarray(many.sum(axis=1), dtype="float64")
    met = (size * (size - 1)).sum() / len(home) ** 2
    expected["shared"] = np.outer(has, has) * met * np.where(np.eye(len(has)) > 0, 0.5, 1.0)
    rows = [_rows(kind, together[kind], expected[kind], names[product]) for kind in KINDS]
    table = pd.concat(rows, ignore_index=True)
    p_value = poisson.sf(table["together"] - 1, table["expected"])
    table = table.assign(q_value=false_discovery_control(p_value) if len(table) else p_value)
    order = ["q_value", "lift", "kind", "product", "extension"]
    return table.sort_values(order, ascending=[True, False, True, True, True], ignore_index=True)


def _ones(row: np.ndarray, column: np.ndarray, shape: tuple[int, int]) -> Any:
    """Return the matrix with a one wherever row and column meet."""
    matrix = csr_array((np.ones(len(row), np.int64), (row, column)), shape)
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix


def _with_both(of_basket: Any, owner: np.ndarray) -> np.ndarray:
    """Return for each pair of products how many customers ever had both in one basket."""
    products = of_basket.shape[1]
    size = np.diff(of_basket.indptr)
    found = [np.empty(0, np.int64)]
    for many in np.unique(size[size > 1]):
        which = np.flatnonzero(size == many)
        held = of_basket.indices[of_basket.indptr[which][:, None] + np.arange(many)]
        pair = held[:, :, None].astype(np.int64) * products + held[:, None, :]
        found.append((owner[which][:, None, None] * products**2 + pair).ravel())
    cells = np.unique(np.concatenate(found)) % products**2
    counts = np.zeros(products**2, np.int64)
    np.add.at(counts, cells, 1)
    counts = counts.reshape(products, products)
    np.fill_diagonal(counts, 0)
    return counts


def _rows(kind: str, together: np.ndarray, expected: np.ndarray, names: np.ndarray) -> pd.DataFrame:
    """Return one row per pair of a kind, with what is expected of a usual pair."""
    one, other = np.triu_indices(len(names), 0 if kind == "shared" else 1)
    met, chance = together[one, other], expected[one, other]
    if not chance.sum():
        one, other, met, chance = one[:0], other[:0], met[:0], chance[:0]
    else:
        # The middle of small counts is 0 or near it, and anything that met would look like more.
        usual = np.median(met / chance) if np.median(chance) >= _FEW else 0.0
        chance = chance * (usual or met.sum() / chance.sum())
    return pd.DataFrame(
        {
            "kind": pd.Series([kind] * len(one), dtype="str"),
            "product": np.asarray(names)[one],
            "extension": np.asarray(names)[other],
            "together": met.astype(np.int64),
            "expected": chance,
            "lift": met / np.maximum(chance, 1e-300),
        }
    )
