"""One best value per fact, from sources whose reliability nobody told."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_columns,
    require_rows,
    require_single,
    require_values,
)
from crmlab._groups import bincount, class_codes
from crmlab._intervals import wilson
from crmlab._purchases import plain_values
from crmlab.errors import BadRowsError, CrmlabError, OutOfRangeError

_ROUNDS, _CLOSE = 500, 1e-9


class SourceFusion:
    """What is true, by sources that contradict each other, each weighed by what it is worth.

    A source is right with a probability of its own, and when it is wrong it names any of the other
    values alike. Who agrees with those that are mostly right is mostly right: values and
    reliabilities are found together by expectation and maximisation. Sources must err on their own:
    two that copy from each other seem to confirm each other, and `agreement` shows it.

    Parameters
    ----------
    account, field, source, value : str
        Columns. A fact is one field of one account.
    values : int, optional
        How many values a fact can have; by default as many as occur in its field.

    Attributes
    ----------
    reliability_ : Series of float64, by source: how probable it is that a report is right
    rounds_ : int

    Source
    ------
    Dawid and Skene (1979), doi:10.2307/2346806, with one reliability per source.

    See Also
    --------
    crmlab.collection.simulate.simulate_intel : reports whose truth is known.

    Examples
    --------
    >>> from crmlab.collection import simulate_intel
    >>> reports, truth = simulate_intel(500, seed=1)
    >>> fused = SourceFusion().fit(reports)
    >>> fused.summary().head(2)[["source", "reliability"]].round(2)
               source  reliability
    0       engineers         0.84
    1  annual reports         0.79
    """

    reliability_: pd.Series

    def __init__(
        self,
        *,
        account: str = "account_id",
        field: str = "field",
        source: str = "source",
        value: str = "value",
        values: int | None = None,
    ) -> None:
        self.columns = {"account": account, "field": field, "source": source, "value": value}
        if values is not None and not values >= 2:
            raise OutOfRangeError(f"values must be 2 or more; got {values!r}.")
        self.values = values

    def fit(self, reports: pd.DataFrame) -> SourceFusion:
        """Learn how far each source can be believed.

        Parameters
        ----------
        reports : DataFrame, one row per report
            The four columns; a source tells each fact once.

        Raises
        ------
        MissingColumnsError
            If a column is missing.
        BadRowsError
            If a cell is empty, or a source tells one fact twice.
        OutOfRangeError
            If there are fewer than 3 sources: two that contradict each other are as good. If a
            field has more values than `values` says.
        """
        require_columns(reports, **self.columns)
        require_rows(reports)
        names = [*self.columns.values()]
        require_single(reports, *names)
        require_values(reports, *names)
        frame = pd.DataFrame({key: plain_values(reports[c]) for key, c in self.columns.items()})
        source, known = pd.factorize(frame["source"], sort=True)
        if len(known) < 3:
            raise OutOfRangeError(
                f"{len(known)} source(s): {[*map(str, known)]}. With fewer than 3 nobody can tell "
                "who is wrong. Add another, or decide by hand."
            )
        fact = class_codes(frame, ["account", "field"])
        twice = np.flatnonzero(pd.DataFrame({"f": fact, "s": source}).duplicated().to_numpy())
        if twice.size:
            raise BadRowsError(
                f"{twice.size} row(s) tell a fact that the same source has told already: "
                f"{twice[:10].tolist()}. Keep the newest of each, or name two sources."
            )
        claim = class_codes(frame.assign(fact=fact), ["fact", "value"])
        many = frame.groupby("field")["value"].nunique().clip(lower=2)
        if self.values is not None and many.max() > self.values:
            raise OutOfRangeError(
                f"values={self.values}, but {many.idxmax()!r} has {many.max()} of them. Say how "
                "many a fact can have, or leave values= out."
            )
        choices = frame["field"].map(many).to_numpy("float64")
        if self.values is not None:
            choices = np.full(len(frame), float(self.values))
        self._learn(fact, claim, source, choices, len(known))
        self.reliability_ = pd.Series(self._right, index=pd.Index(known, name="source"))
        first = pd.Series(claim).drop_duplicates().index.to_numpy()
        order = np.argsort(claim[first])
        self._claims = frame.iloc[first[order]].assign(
            fact=fact[first[order]], chance=self._chance, reports=bincount(claim)
        )
        self._reports = bincount(source)
        self._frame = frame.assign(fact=fact, chance=self._chance[claim])
        return self

    def _learn(
        self, fact: np.ndarray, claim: np.ndarray, source: np.ndarray, choices: np.ndarray, n: int
    ) -> None:
        """Find reliabilities and the chance of each claimed value, in turns."""
        of_claim = np.zeros(claim.max() + 1, dtype=np.int64)
        of_claim[claim] = fact
        right, chance = np.full(n, 0.7), np.zeros(len(of_claim))
        told = bincount(source)
        most = np.zeros(fact.max() + 1)
        np.maximum.at(most, fact, choices)
        silent = np.maximum(most - bincount(of_claim), 0)  # values that nobody named
        for self.rounds_ in range(1, _ROUNDS + 1):
            weight = np.log(right[source] * (choices - 1) / (1 - right[source]))
            level = bincount(claim, weight)
            top = np.zeros(len(most))
            np.maximum.at(top, of_claim, level)
            lift = np.exp(level - top[of_claim])
            total = bincount(of_claim, lift, minlength=len(most)) + silent * np.exp(-top)
            chance = lift / total[of_claim]
            # Half a report right and half one wrong keeps a source off certainty.
            new = (bincount(source, chance[claim], minlength=n) + 0.5) / (told + 1)
            step, right = float(np.abs(new - right).max()), new
            if step < _CLOSE:
                break
        self._right, self._chance = right, chance

    def predict(self) -> pd.DataFrame:
        """Return the best value of each fact.

        account, field : as given; value : as given; confidence : float64, how probable it is;
        reports : int64, how many sources name it
        """
        self._ready()
        best = self._claims.sort_values(
            ["fact", "chance", "value"], ascending=[True, False, True], kind="stable"
        ).drop_duplicates("fact")
        made = {self.columns[key]: best[key].to_numpy() for key in ("account", "field", "value")}
        table = pd.DataFrame({**made, "confidence": best["chance"].to_numpy()})
        table["reports"] = best["reports"].to_numpy()
        keys = [self.columns["account"], self.columns["field"]]
        return table.sort_values(keys, ignore_index=True)

    def summary(self) -> pd.DataFrame:
        """Return per source how far it can be believed, most reliable first.

        source : str; reports : int64; reliability, low, high : float64, 95 % (Wilson, as if it
        were known which reports are right)
        """
        self._ready()
        low, high = wilson(self._right * self._reports, self._reports)
        table = pd.DataFrame(
            {
                "source": pd.Series([*map(str, self.reliability_.index)], dtype="str"),
                "reports": self._reports,
                "reliability": self.reliability_.to_numpy(),
                "low": low,
                "high": high,
            }
        )
        return table.sort_values(["reliability", "source"], ascending=[False, True],
                                 ignore_index=True)  # fmt: skip

    def agreement(self) -> pd.DataFrame:
        """Return for each pair of sources how often they agree where both are wrong.

        Those who err on their own agree in errors as seldom as two wrong values meet by chance.

        source, other : str; both_wrong : float64, facts that both got wrong, as far as known;
        same_error : float64, share of them in which they say the same; by_chance : float64
        """
        self._ready()
        frame = self._frame
        pairs = frame.merge(frame, on="fact", suffixes=("", "_2"))
        pairs = pairs[pairs["source"] < pairs["source_2"]]
        same = pairs["value"] == pairs["value_2"]
        # Where they say the same, both are wrong unless it is true; else unless one of them is.
        wrong = (1 - pairs["chance"]).where(same, 1 - pairs["chance"] - pairs["chance_2"])
        many = self.values or int(frame.groupby("field")["value"].nunique().max())
        pairs = pairs.assign(wrong=wrong.clip(lower=0), same=(wrong * same).clip(lower=0))
        found = pairs.groupby(["source", "source_2"], as_index=False)[["wrong", "same"]].sum()
        return pd.DataFrame(
            {
                "source": found["source"],
                "other": found["source_2"],
                "both_wrong": found["wrong"],
                "same_error": found["same"] / found["wrong"].clip(lower=1e-12),
                "by_chance": 1 / max(many - 1, 1),
            }
        ).sort_values("same_error", ascending=False, ignore_index=True)

    def _ready(self) -> None:
        if not hasattr(self, "reliability_"):
            raise CrmlabError("nothing is learnt yet; call fit(reports) first.")
