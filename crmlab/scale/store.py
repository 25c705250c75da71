"""The measures on a table of purchases too large for memory."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import ceil
from typing import Any

import numpy as np
import pandas as pd

from crmlab._checks import require_at_least, require_probability
from crmlab.errors import OutOfRangeError, UninformativeScoreWarning
from crmlab.pyramid.measure.inequality import Concentration
from crmlab.pyramid.measure.moves import LOST, NEW, migration
from crmlab.pyramid.measure.tiers import TIER_CUTS, headcount, tier_names
from crmlab.rfm.measure.scores import uninformative
from crmlab.rfm.measure.segments import rfm_segments
from crmlab.scale.members import MemberLog

__all__ = ["PurchaseStore"]

Day = str | None
Rules = Mapping[str, str] | None
Names = Sequence[str] | None


class PurchaseStore(MemberLog):
    """A table of purchases in an engine; each method is the measure of that name.

    Every method returns the columns and dtypes, and follows the definitions, of its pandas form,
    which its docstring names; integers are equal and ratios agree within 1e-9. Money counts in
    whole cents: an amount is rounded to the nearest one.

    `as_of`, `count`, `bins`, `segments`, `cuts`, `names`, `months`, `top` and `share` mean what
    they mean there.

    Parameters
    ----------
    engine : connection
        Of DuckDB, sqlite3 or psycopg, an engine or connection of SQLAlchemy, a Spark session, or
        what `duckdb_engine(connection)` and its like return.
    table : str
        Name of the table or view; dots part schema and table.
    customer, date, amount : str
        Columns of the table.

    Raises
    ------
    BadRowsError
        If rows have no customer, no date, an amount that is no finite number, or an id that is
        neither text nor a whole number; row and value of the first are shown.
    OutOfRangeError
        If there are no rows.
    """

    def query(self, name: str, *, as_of: Day = None, **asked: Any) -> str:
        """Return the SQL text of a measure with a row per customer, to make a table of it.

        `asked` are the arguments of its method. Tiers and segments stand in the text by number:
        tiers from 1, the best; segments from 0, in the order of their rules.

        Raises
        ------
        OutOfRangeError
            If `name` is no such measure, or as the method.
        """
        prepare = {
            "rfm": self._counted,
            "rfm_scores": self._scored,
            "rfm_segments": self._scored,
            "pyramid_tiers": self._marked,
            "repurchase_gaps": self._counted,
            "repurchase": self._in_period,
            "quadrants": self._in_period,
        }
        if name not in prepare:
            raise OutOfRangeError(f"a query makes one of {[*prepare]}; got {name!r}.")
        return self._query(name, **prepare[name](self._until(as_of), **asked))

    def rfm(self, *, as_of: Day = None, count: str = "purchases") -> pd.DataFrame:
        """Recency, frequency and money of each customer: `crmlab.rfm.measure.rfm`."""
        return self._frame("rfm", **self._counted(self._until(as_of), count=count))

    def rfm_scores(
        self, *, as_of: Day = None, count: str = "purchases", bins: int = 5
    ) -> pd.DataFrame:
        """Scores by rank and their digits: `crmlab.rfm.measure.rfm_scores`."""
        asked = self._scored(self._until(as_of), count=count, bins=bins)
        return _told(self._frame("rfm_scores", **asked))

    def rfm_segments(
        self, *, as_of: Day = None, count: str = "purchases", bins: int = 5, segments: Rules = None
    ) -> pd.DataFrame:
        """Segment of each customer by the scores: `crmlab.rfm.measure.rfm_segments`."""
        asked = self._scored(self._until(as_of), count=count, bins=bins, segments=segments)
        return _named(_told(self._frame("rfm_segments", **asked)), bins, segments)

    def segment_summary(
        self, *, as_of: Day = None, count: str = "purchases", bins: int = 5, segments: Rules = None
    ) -> pd.DataFrame:
        """Headcount and money of each segment: `crmlab.rfm.measure.segment_summary`."""
        asked = self._scored(self._until(as_of), count=count, bins=bins, segments=segments)
        found = _named(self._frame("segment_summary", **asked), bins, segments)
        return found.sort_values(["spend", "segment"], ascending=[False, True], ignore_index=True)

    def rfm_map(
        self, *, as_of: Day = None, count: str = "purchases", bins: int = 5
    ) -> pd.DataFrame:
        """Headcount and money by recency and frequency score: `crmlab.rfm.measure.rfm_map`."""
        asked = self._scored(self._until(as_of), count=count, bins=bins)
        return self._frame("rfm_map", **asked)

    def pyramid_tiers(
        self, *, as_of: Day = None, cuts: Sequence[float] = TIER_CUTS, names: Names = None
    ) -> pd.DataFrame:
        """Tier of each customer by net total: `crmlab.pyramid.measure.pyramid_tiers`."""
        tiers = tier_names(cuts, names)
        found = self._frame("pyramid_tiers", **self._marked(self._until(as_of), cuts=cuts))
        tier = found["place"].map(dict(enumerate(tiers, start=1))).astype("str")
        return found.drop(columns="place").assign(tier=tier)

    def pyramid(
        self, *, as_of: Day = None, cuts: Sequence[float] = TIER_CUTS, names: Names = None
    ) -> pd.DataFrame:
        """Headcount and money of each tier: `crmlab.pyramid.measure.pyramid`."""
        tiers = tier_names(cuts, names)
        asked = _with_money(self._marked(self._until(as_of), cuts=cuts))
        found = self._frame("pyramid", **asked).drop(columns="place")
        found.insert(0, "tier", pd.Series(tiers, dtype="str"))
        return found

    def lorenz(self, *, as_of: Day = None, points: int = 100) -> pd.DataFrame:
        """Lorenz curve at points + 1 places or fewer: `crmlab.pyramid.measure.lorenz`.

        The pandas form has a row per customer. Here stand its rows for all but the top
        0, 1/points, 2/points, … of the customers, rounded to heads as in `pyramid`; that is
        every row where there are no more customers than points.
        """
        require_at_least("points", points, 1)
        shares = [place / points for place in range(points)]
        asked = _with_money(self._marked(self._until(as_of), cuts=shares))
        asked["given"]["marks"] = asked["given"]["marks"].drop_duplicates("heads")
        return self._frame("lorenz", **asked)

    def concentration(
        self, *, as_of: Day = None, top: float = 0.20, share: float = 0.80
    ) -> Concentration:
        """Gini coefficient and 80:20 of the net totals: `crmlab.pyramid.measure.concentration`."""
        require_probability("top", top)
        require_probability("share", share)
        asked = _with_money(self._marked(self._until(as_of), cuts=[top]))
        asked["given"]["marks"] = asked["given"]["marks"].head(1)
        needed = ceil(Fraction(str(share)) * asked["cents"])
        found = self._frame("concentration", **asked, needed=needed)
        one = {str(name): column.item() for name, column in found.items()}
        return Concentration(**one, top=top, share=share)

    def migration(
        self,
        before: str,
        after: Day = None,
        *,
        months: int = 12,
        cuts: Sequence[float] = TIER_CUTS,
        names: Names = None,
    ) -> pd.DataFrame:
        """Count of moves between two periods: `crmlab.pyramid.measure.migration`.

        A period is the `months` calendar months up to the end of the day `before`, or `after`:
        by default the last day. Who is in one of them only is new, or lost.
        """
        order = tier_names(cuts, names)
        nobody = pd.DataFrame({"customer_id": [], "tier": []}, dtype="str")
        table = migration(nobody, nobody, tiers=order)
        last = [self._day("before", before), self._until(after)]
        if not last[0] < last[1]:
            raise OutOfRangeError(f"before must be the earlier day; got {before} and {after}.")
        start = [self._start(day, months) for day in last]
        periods = pd.DataFrame({"period": [1, 2], "start": start, "last": last})
        heads = self._frame("period_base", given={"periods": periods})["customers"].tolist()
        if len(heads) < 2:
            raise OutOfRangeError(f"nobody bought in one of the periods of {months} month(s).")
        marks = pd.concat([_marks(cuts, n) for n in heads], keys=[1, 2], names=["period"])
        given = {"periods": periods, "period_marks": marks.reset_index("period")}
        return _moved(table, self._frame("migration", given=given), order)

    def _counted(self, day: int, *, count: str = "purchases") -> dict[str, Any]:
        return {"as_of": day, "count": count}

    def _scored(
        self, day: int, *, count: str = "purchases", bins: int = 5, segments: Rules = None
    ) -> dict[str, Any]:
        """Return what blocks on scores need: the segment of each combination, as a number."""
        require_at_least("bins", bins, 2)
        if bins > 9:
            raise OutOfRangeError(f"digits hold scores up to 9; got bins={bins}.")
        cells = _cells(bins, segments)
        given = {"cells": cells.assign(segment=pd.factorize(cells["segment"])[0])}
        return {"as_of": day, "count": count, "bins": bins, "given": given}

    def _marked(self, day: int, *, cuts: Sequence[float] = TIER_CUTS) -> dict[str, Any]:
        """Return what blocks on ranks need: the heads down to each cut, and what all spent."""
        base = self._frame("base", as_of=day)
        customers, cents = base["customers"].item(), base["cents"].item()
        given = {"marks": _marks(cuts, customers)}
        return {"as_of": day, "customers": customers, "cents": cents, "given": given}


def _marks(cuts: Sequence[float], customers: int) -> pd.DataFrame:
    """Return the heads down to each cut, and all of them last."""
    heads = [*(headcount(cut, customers) for cut in cuts), customers]
    return pd.DataFrame({"place": np.arange(1, len(heads) + 1), "heads": heads})


def _with_money(asked: dict[str, Any]) -> dict[str, Any]:
    """Return `asked` if customers spent more than nothing together."""
    if not asked["cents"] > 0:
        total = asked["cents"] / 100
        raise OutOfRangeError(f"shares of spend need a total above 0; it is {total:g}.")
    return asked


def _cells(bins: int, segments: Rules) -> pd.DataFrame:
    """Return every combination of scores with its segment, as the pandas form gives it."""
    scores = list(product(range(1, bins + 1), repeat=3))
    cells = pd.DataFrame(scores, columns=["recency_score", "frequency_score", "monetary_score"])
    return rfm_segments(cells, segments=segments, bins=bins)


def _told(found: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with scores; warn as the pandas form does of those that tell little."""
    if told := uninformative(found):
        warnings.warn(" ".join(told), UninformativeScoreWarning, stacklevel=3)
    return found


def _named(found: pd.DataFrame, bins: int, segments: Rules) -> pd.DataFrame:
    """Return a frame with the names of its segments instead of their numbers."""
    names = dict(enumerate(_cells(bins, segments)["segment"].unique()))
    return found.assign(segment=found["segment"].map(names).astype("str"))


def _moved(table: pd.DataFrame, found: pd.DataFrame, order: Sequence[str]) -> pd.DataFrame:
    """Return the `table` of every move with the customers who are `found` to have made it."""
    before, after = (dict(enumerate([absent, *order])) for absent in (NEW, LOST))
    moves = [found["before"].map(before), found["after"].map(after)]
    counts = pd.Series(found["customers"].to_numpy(), pd.MultiIndex.from_arrays(moves))
    every = pd.MultiIndex.from_frame(table[["before", "after"]])
    customers = counts.reindex(every, fill_value=0).to_numpy()
    size = table.assign(customers=customers).groupby("before")["customers"].transform("sum")
    return table.assign(customers=customers, share_of_before=customers / size)
