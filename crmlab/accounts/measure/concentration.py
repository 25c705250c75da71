"""What the loss of one account does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlab._checks import (
    Seed,
    require_at_least,
    require_probability,
    stream_of,
)
from crmlab.accounts.measure.known import known_accounts
from crmlab.errors import OutOfRangeError


@dataclass(frozen=True)
class ConcentrationRisk:
    """What the loss of one account does to sales.

    top_share : float, of the largest account; top_account : int or str
    effective : float, number of equal accounts that would be as concentrated (1 / HHI)
    expected_loss : float, share of sales lost in a year on average
    bad_year_loss : float, share that is lost or more in one year of twenty
    bad_year_if_equal : float, the same for as many accounts of equal size
    """

    top_account: int | str
    top_share: float
    effective: float
    expected_loss: float
    bad_year_loss: float
    bad_year_if_equal: float


def concentration_risk(
    accounts: pd.DataFrame, *, leave: float = 0.1, draws: int = 20_000, seed: Seed
) -> ConcentrationRisk:
    """Concentration risk (客户集中度风险): what the loss of large accounts does to a year's sales.

    Each account leaves within the year with the same chance, independently. The mean loss does
    not depend on who is large; a bad year does.

    Parameters
    ----------
    accounts : DataFrame, one row per account: account_id; sales_cny : float64
    leave : float in (0, 1]
    draws : int, at least 100
    seed : int, SeedSequence or Generator

    Returns
    -------
    ConcentrationRisk

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, an id stands twice, or sales are below 0.
    OutOfRangeError
        If there are no sales, `leave` lies outside (0, 1], `draws` is below 100, or `seed` is no
        seed.

    See Also
    --------
    crmlab.pyramid.measure.concentration : Gini and shares of the top, of many customers.

    Source
    ------
    Hirschman (1964), The paternity of an index, American Economic Review 54, 761.

    Examples
    --------
    >>> accounts = pd.DataFrame({"account_id": [1, 2, 3], "sales_cny": [80.0, 10.0, 10.0]})
    >>> found = concentration_risk(accounts, seed=1)
    >>> found.top_share, round(found.effective, 2), round(found.bad_year_loss, 2)
    (0.8, 1.52, 0.8)
    """
    table = known_accounts(accounts, "sales_cny").sort_values("account_id", ignore_index=True)
    require_probability("leave", leave)
    require_at_least("draws", draws, 100)
    sales = table["sales_cny"].to_numpy("float64")
    if not sales.sum() > 0:
        raise OutOfRangeError("there are no sales, so none can be lost.")
    share = sales / sales.sum()
    rng = stream_of(seed, "concentration_risk")
    lost, equal = np.empty(draws), np.empty(draws)
    for begin in range(0, draws, 2_000):  # blocks, so that many accounts need little memory
        part = slice(begin, min(begin + 2_000, draws))
        gone = rng.random((part.stop - begin, len(share))) < leave
        lost[part], equal[part] = gone @ share, gone.mean(axis=1)
    top = int(share.argmax())
    bad, bad_equal = (float(np.quantile(each, 0.95)) for each in (lost, equal))
    return ConcentrationRisk(
        top_account=table["account_id"].tolist()[top],
        top_share=float(share[top]),
        effective=float(1 / (share**2).sum()),
        expected_loss=float(leave),
        bad_year_loss=bad,
        bad_year_if_equal=bad_equal,
    )
