"""The measures of members on a table of purchases too large for memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from crmlab._checks import require_at_least
from crmlab.members.measure.cards import WINDOWS, card_spans, card_table
from crmlab.members.measure.churn import back_months, churn_table, require_length
from crmlab.members.measure.grid import QUADRANTS
from crmlab.members.measure.months import month_ends
from crmlab.scale.log import EPOCH, PurchaseLog


class MemberLog(PurchaseLog):
    """Purchases in an engine, with the measures of `crmlab.members`: see `PurchaseStore`."""

    def repurchase_gaps(self, *, as_of: str | None = None) -> pd.DataFrame:
        """Days from each purchase day to the next: `crmlab.members.measure.repurchase_gaps`."""
        return self._frame("repurchase_gaps", as_of=self._until(as_of))

    def repurchase(self, *, as_of: str | None = None, months: int = 12) -> pd.DataFrame:
        """Gaps and returns of each member: `crmlab.members.measure.repurchase`."""
        return self._frame("repurchase", **self._in_period(self._until(as_of), months=months))

    def quadrants(self, *, as_of: str | None = None, months: int = 12) -> pd.DataFrame:
        """Quadrant of each member, lines at the means: `crmlab.members.measure.quadrants`."""
        placed = self._frame("quadrants", **self._in_period(self._until(as_of), months=months))
        return placed.assign(quadrant_name=placed["quadrant"].map(QUADRANTS).astype("str"))

    def rolling_churn(
        self, *, as_of: str | None = None, window: int = 12, back_within: int | None = None
    ) -> pd.DataFrame:
        """Loss of effective cards at every month end: `crmlab.members.measure.rolling_churn`."""
        require_at_least("window", window, 1)
        back = back_months(window, back_within)
        day = self._until(as_of)
        ends = self._month_ends(day)
        require_length(len(ends), window)
        places = np.arange(2 * window - 1, len(ends))
        given = _months(ends) | {"churn_ends": pd.DataFrame({"place": places})}
        found = self._frame("rolling_churn", given=given, window=window, back=back)
        counts = found["cohort"].to_numpy(), found["returned"].to_numpy()
        return churn_table(ends[places], *counts, window=window, back=back)

    def effective_cards(
        self,
        *,
        as_of: str | None = None,
        windows: Sequence[int] = WINDOWS,
        min_amount: float | None = None,
    ) -> pd.DataFrame:
        """Cards in use at every month end: `crmlab.members.measure.effective_cards`."""
        spans = card_spans(windows, min_amount)
        ends = self._month_ends(self._until(as_of))
        given = _months(ends)
        cards = self._frame("known_cards", given=given)["cards"].to_numpy()
        places = {span: np.arange(span - 1, len(ends)) for span in spans}
        rows = [(span, place) for span, some in places.items() for place in some]
        tables = [card_table(ends[:0], cards[:0], cards[:0], 1)]
        if rows:
            given["card_windows"] = pd.DataFrame(rows, columns=["span", "place"])
            cents = 0 if min_amount is None else round(min_amount * 100)
            found = self._frame("effective_cards", given=given, cents=cents)
            for span, some in places.items():
                used = found.loc[found["span"] == span, "effective"].to_numpy()
                tables.append(card_table(ends[some], cards[some], used, span))
        return pd.concat(tables, ignore_index=True)

    def _month_ends(self, day: int) -> np.ndarray:
        """Return the last day of every month from the first row's to the one up to `day`."""
        return month_ends(EPOCH + day, EPOCH + self._first_day)

    def _in_period(self, day: int, *, months: int = 12) -> dict[str, Any]:
        return {"as_of": day, "start": self._start(day, months), "months": months}


def _months(ends: np.ndarray) -> dict[str, pd.DataFrame]:
    """Return the months as a table: place, the day before the first, the last day."""
    last = (ends - EPOCH).astype("int64")
    # The first month is as long as need be: nothing lies before it.
    start = np.append(np.iinfo(np.int32).min, last[:-1])
    return {"month_ends": pd.DataFrame({"place": range(len(last)), "start": start, "last": last})}
