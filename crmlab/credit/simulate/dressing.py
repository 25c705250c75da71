"""Firms with a season, and some that dress their windows for the day of the balance sheet."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab._groups import repeat
from crmlab.errors import OutOfRangeError

# The last quarter is high season for who has one: sales, and what is bound in stock.
SEASON = np.array([0.8, 0.9, 1.0, 1.3])
YEARS, INVOICES = 3, 400


class Dressing(NamedTuple):
    """Quarterly balances, invoices, and who dresses (truth)."""

    quarters: pd.DataFrame
    invoices: pd.DataFrame
    truth: pd.DataFrame


def simulate_dressing(
    n: int, *, dressers: float = 0.1, seasonal: float = 0.3, strength: float = 1.0, seed: Seed
) -> Dressing:
    """Simulate three years of quarterly balances of firms, some of which dress their windows.

    Model
    -----
    Quarterly sales are lognormal (15, 1) times N(1, 0.05), and in a seasonal firm times 0.8, 0.9,
    1.0, 1.3 over the year. At a quarter's end receivables are 50, inventory 60 and payables 45
    days of the quarter's sales, each times a lognormal of sigma 0.1; in a seasonal firm stock is
    sold out after the season, and the takings pay off debt: in the last quarter inventory is 0.4,
    and short debt 0.5, times that. Cash is 0.1 of a
    usual quarter's sales, debt due within a year 0.5 of them. Net profit is 0.04 of sales;
    operating cash is profit plus 0.02 of sales less the growth of receivables and inventory over
    that of payables, plus N(0, 0.01) of a usual quarter's sales.

    A dresser does three things in each last quarter, in the measure s = `strength`: it pays off
    0.5 s of its short debt for a week out of cash and receivables sold; it books 0.15 s of the
    quarter's sales that nobody has paid as sales, receivables and profit; and a share of 0.12 s
    of its 400 invoices is invented, of amounts spread evenly from 500 to 1,000. True invoices are
    lognormal over several powers of ten, and so follow Benford's law.

    Parameters
    ----------
    n : int
        At least 1.
    dressers, seasonal : float in [0, 1], independent shares
    strength : float in [0, 2]
    seed : int, SeedSequence or Generator
        Same seed, same firms.

    Returns
    -------
    quarters : DataFrame, one row per firm and quarter
        organisation_id, year, quarter : int64
        sales_cny, net_profit_cny, operating_cash_cny : float64, of the quarter
        cash_cny, receivables_cny, inventory_cny, payables_cny, short_debt_cny : float64, at its end
    invoices : DataFrame: organisation_id; amount_cny : float64
    truth : DataFrame: organisation_id; dresses, seasonal : bool

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `dressers` or `seasonal` lies outside [0, 1], `strength` outside [0, 2],
        or `seed` is no seed.

    Examples
    --------
    >>> quarters, invoices, truth = simulate_dressing(10, seed=1)
    >>> len(quarters), len(invoices)
    (120, 4000)
    """
    require_real(dressers=dressers, seasonal=seasonal, strength=strength)
    require_at_least("n", n, 1)
    if not (0 <= dressers <= 1 and 0 <= seasonal <= 1 and 0 <= strength <= 2):
        raise OutOfRangeError("shares must lie in [0, 1], and strength in [0, 2].")
    rng = stream_of(seed, "simulate_dressing")
    dresses, has_season = rng.random(n) < dressers, rng.random(n) < seasonal
    usual = np.exp(rng.normal(15, 1, n))[:, None]
    shape = (n, 4 * YEARS)
    last = np.arange(4 * YEARS) % 4 == 3
    season = np.where(has_season[:, None], np.tile(SEASON, YEARS), 1.0)
    sales = usual * season * rng.normal(1, 0.05, shape).clip(0.5)
    invented = np.where(dresses[:, None] & last, 0.15 * strength * sales, 0.0)

    def held(days: float) -> np.ndarray:
        return sales * days / 91 * rng.lognormal(0, 0.1, shape)

    receivables, inventory, payables = held(50), held(60), held(45)
    inventory *= np.where(has_season[:, None] & last, 0.4, 1.0)
    bound = receivables + inventory - payables
    growth = np.diff(bound, axis=1, prepend=bound[:, :1])
    profit = 0.04 * sales
    operating = profit + 0.02 * sales - growth + usual * rng.normal(0, 0.01, shape)
    cash, debt = np.tile(0.1 * usual, 12), np.tile(0.5 * usual, 12)
    debt *= np.where(has_season[:, None] & last, 0.5, 1.0)
    paid = np.where(dresses[:, None] & last, 0.5 * strength * debt, 0.0).clip(0, debt)
    from_cash = np.minimum(paid, 0.5 * cash)
    amounts = {
        "sales": sales + invented,
        "net_profit": profit + invented,
        "operating_cash": operating,
        "cash": cash - from_cash,
        "receivables": receivables + invented - np.minimum(paid - from_cash, 0.6 * receivables),
        "inventory": inventory,
        "payables": payables,
        "short_debt": debt - paid,
    }
    number, when = repeat(np.arange(1, n + 1), 4 * YEARS), np.tile(np.arange(4 * YEARS), n)
    quarters = pd.DataFrame({"organisation_id": number, "year": 2022 + when // 4})
    quarters["quarter"] = when % 4 + 1
    for name, values in amounts.items():
        quarters[f"{name}_cny"] = values.ravel().round(2)
    truth = {"organisation_id": np.arange(1, n + 1), "dresses": dresses, "seasonal": has_season}
    return Dressing(quarters, _invoices(rng, dresses, strength), pd.DataFrame(truth))


def _invoices(rng: np.random.Generator, dresses: np.ndarray, strength: float) -> pd.DataFrame:
    n = len(dresses)
    amount = rng.lognormal(7, 1.8, (n, INVOICES))
    false = dresses[:, None] & (rng.random((n, INVOICES)) < 0.12 * strength)
    amount = np.where(false, rng.uniform(500, 1_000, (n, INVOICES)), amount).clip(0.01)
    number = repeat(np.arange(1, n + 1), INVOICES)
    return pd.DataFrame({"organisation_id": number, "amount_cny": amount.ravel().round(2)})
