"""What is measured once and read by every section of the page."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from crmlab._words import _
from crmlab.data.report import PurchaseReport
from crmlab.errors import UninformativeScoreWarning
from crmlab.members.measure import repurchase_gaps
from crmlab.report.words import Money, count
from crmlab.rfm.measure import rfm, rfm_scores, rfm_segments

# The top 20 % of fewer customers is nobody, and they cannot fill five score classes.
ENOUGH_CUSTOMERS = 5


@dataclass(frozen=True)
class Case:
    """A reader's purchases up to one day, and how to write what is found in them.

    purchases : one row per purchase, none later than `as_of`
    reading : what reading them found
    as_of : the day all figures are of
    later : how many purchases after that day are left out
    money : writes an amount
    name : writes a customer id, or its pseudonym
    show_ids : whether ids, and faulty cells that may hold some, may be shown
    """

    purchases: pd.DataFrame
    reading: PurchaseReport
    as_of: pd.Timestamp
    later: int
    money: Money
    name: Callable[[object], str]
    show_ids: bool

    @cached_property
    def first(self) -> pd.Timestamp:
        """The day of the first purchase."""
        return self.purchases["date"].min().normalize()

    @cached_property
    def table(self) -> pd.DataFrame:
        """`rfm` of every customer."""
        return rfm(self.purchases, as_of=self.as_of)

    @cached_property
    def spend(self) -> pd.Series:
        """Net spend by customer id."""
        return self.table.set_index("customer_id")["monetary"]

    @cached_property
    def segments(self) -> pd.DataFrame:
        """`rfm_segments` of every customer, by quintile scores."""
        with warnings.catch_warnings():  # the page itself says which score tells little
            warnings.simplefilter("ignore", UninformativeScoreWarning)
            return rfm_segments(rfm_scores(self.table))

    @cached_property
    def gaps(self) -> pd.DataFrame:
        """`repurchase_gaps` of every customer."""
        return repurchase_gaps(self.purchases, as_of=self.as_of)

    @cached_property
    def buyers(self) -> int:
        """How many customers have a purchase, and not only refunds or free items."""
        return int((self.table["frequency"] > 0).sum())

    @property
    def is_small(self) -> bool:
        """Whether too few customers bought to compare them with each other."""
        return self.buyers < ENOUGH_CUSTOMERS

    def too_few(self, purpose: str) -> str:
        """Say that too few customers bought for `purpose`."""
        have = count(self.buyers, "customer")
        return _("Too few for {purpose}: {have} in the file bought, it takes {least}.").format(
            purpose=purpose, have=have, least=ENOUGH_CUSTOMERS
        )
