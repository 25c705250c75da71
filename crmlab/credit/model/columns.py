"""One column of a credit file, its bins and their weights of evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from crmlab._groups import bincount
from crmlab.credit.model.cuts import Trend, best_bins
from crmlab.errors import BadRowsError, WrongTypeError

# Added to the goods and to the bads of a bin that may hold none of them: missing and special.
HALF = 0.5
# Goods, and bads, that a category must be expected to hold to be one of its own, unless it holds
# the least share. Names that say nothing then have an information value of 1 / 50 at most.
OWN = 50
# Rare categories that are still named one by one.
NAMED = 4


@dataclass(frozen=True)
class Column:
    """The fitted bins of one column, in the order of the `table`; the last one is for missing."""

    name: str
    cuts: np.ndarray  # upper edge of each numeric bin but the last; the edge is inside
    groups: dict[Any, int] = field(default_factory=dict)  # bin of each category
    special: dict[Any, int] = field(default_factory=dict)  # bin of each special value
    words: list[str] = field(default_factory=list)
    goods: np.ndarray = field(default_factory=lambda: np.zeros(0))
    bads: np.ndarray = field(default_factory=lambda: np.zeros(0))
    woe: np.ndarray = field(default_factory=lambda: np.zeros(0))
    iv: np.ndarray = field(default_factory=lambda: np.zeros(0))

    def codes(self, values: pd.Series) -> np.ndarray:
        """Return the bin of each value; minus 1 for a category never seen, which is no evidence."""
        code = np.full(len(values), len(self.words) - 1, dtype=np.intp)
        missing = values.isna().to_numpy()
        if self.groups:
            found = values[~missing].map(self.groups)
            code[~missing] = found.fillna(-1).to_numpy("int64")
        else:
            number = values.to_numpy("float64", na_value=np.nan)[~missing]
            code[~missing] = np.searchsorted(self.cuts, number, side="left")
        for value, place in self.special.items():
            code[(values == value).fillna(False).to_numpy("bool")] = place
        return code

    def weights(self, values: pd.Series) -> np.ndarray:
        """Return the weight of evidence of each value."""
        return np.append(self.woe, 0.0)[self.codes(values)]

    def table(self) -> pd.DataFrame:
        """Return one row per bin: what it holds and what it is worth."""
        rows = self.goods + self.bads
        facts = {
            "column": self.name,
            "bin": self.words,
            "goods": self.goods.astype("int64"),
            "bads": self.bads.astype("int64"),
            "share": rows / rows.sum(),
            "bad_rate": np.divide(self.bads, rows, np.full(len(rows), np.nan), where=rows > 0),
            "woe": self.woe,
            "iv": self.iv,
        }
        return pd.DataFrame(facts)


def is_number(values: pd.Series) -> bool:
    """Return whether a column is ordered by its numbers; truth values are categories."""
    kind = values.dtype
    return pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind)


def fit_column(
    values: pd.Series,
    bad: np.ndarray,
    *,
    special: Sequence[Any],
    prebins: int,
    max_bins: int,
    min_share: float,
    trend: Trend,
) -> Column:
    """Return the most informative bins of `values`; `bad` is 1 for a bad and 0 for a good."""
    _require_kind(values, special, prebins)
    is_special = values.isin(list(special)).to_numpy("bool")
    missing = values.isna().to_numpy()
    plain = ~(is_special | missing)
    kept, their_bad = values[plain], bad[plain]
    least = min_share * len(values)
    if is_number(values):
        column = _numeric(kept, their_bad, prebins, max_bins, least, trend)
    else:
        column = _categorical(kept, their_bad, prebins, max_bins, least)
    words = [*column.words]
    places = {value: len(words) + place for place, value in enumerate(special)}
    words += [f"= {value}" for value in special] + ["missing"]
    return _weighed(replace(column, special=places, words=words), values, bad)


def _require_kind(values: pd.Series, special: Sequence[Any], prebins: int) -> None:
    """Raise if numbers are written as text: special values of numbers, or amounts.

    Numbers that come again, twice each in the mean, may be codes, and are categories; more
    different ones would be learned by heart.
    """
    texts = [value for value in special if isinstance(value, str)]
    if is_number(values):
        if texts:
            raise WrongTypeError(
                f"{values.name} holds numbers, which are never equal to the special value(s) "
                f"{texts}. Write numbers: special={{{values.name!r}: [-1]}}, say"
            )
        return
    names = pd.Series(values.dropna().unique()).astype("str")
    many = len(names) > max(prebins, values.notna().sum() / 2)
    if many and pd.to_numeric(names, errors="coerce").notna().all():
        raise BadRowsError(
            f"{values.name} holds {len(names)} different numbers as text, each of which would be "
            f"a category. Convert it first: pd.to_numeric(frame[{values.name!r}]). If they are "
            "codes, join the rare ones to a name such as 'other'."
        )


def cut_column(values: pd.Series, bad: np.ndarray, cuts: np.ndarray) -> Column:
    """Return the bins of a number that is cut at `cuts`; the last bin is for missing values."""
    words = [*_intervals(cuts), "missing"]
    return _weighed(Column(str(values.name), cuts, words=words), values, bad)


def _weighed(column: Column, values: pd.Series, bad: np.ndarray) -> Column:
    """Return the column with counts, weights of evidence and information value of each bin.

    A bin without rows has no evidence: 0. One with goods or bads only gets half a row of each.
    """
    code, n = column.codes(values), len(column.words)
    bads = bincount(code, bad, minlength=n)
    goods = bincount(code, minlength=n) - bads
    empty = goods + bads == 0
    add = HALF * (~empty & ((goods == 0) | (bads == 0)))
    share_good = np.where(empty, 1.0, (goods + add) / goods.sum())
    share_bad = np.where(empty, 1.0, (bads + add) / bads.sum())
    woe = np.log(share_good / share_bad)
    return replace(column, goods=goods, bads=bads, woe=woe, iv=(share_good - share_bad) * woe)


def _numeric(
    values: pd.Series, bad: np.ndarray, prebins: int, max_bins: int, least: float, trend: Trend
) -> Column:
    """Return bins of a number: quantiles first, then the best way to join them."""
    number = values.to_numpy("float64", na_value=np.nan)
    cuts = _quantiles(number, prebins)
    code = np.searchsorted(cuts, number, side="left")
    bads = bincount(code, bad, minlength=len(cuts) + 1)
    goods = bincount(code, minlength=len(cuts) + 1) - bads
    ends = best_bins(goods, bads, max_bins=max_bins, least=least, trend=trend)
    kept = cuts[np.array(ends[:-1], dtype=np.intp) - 1] if len(ends) > 1 else cuts[:0]
    return Column(str(values.name), kept, words=_intervals(kept))


def _quantiles(number: np.ndarray, prebins: int) -> np.ndarray:
    """Return up to prebins - 1 different values, each the upper edge of about as many rows."""
    if not number.size:
        return number
    place = np.ceil(np.arange(1, prebins) * number.size / prebins).astype(np.intp) - 1
    place = np.unique(np.maximum(place, 0))
    edges = np.unique(np.partition(number, place)[place])
    return edges[edges < number.max()]


def _intervals(cuts: np.ndarray) -> list[str]:
    """Return the bins' names: each holds its upper edge."""
    edge = [f"{cut:.6g}" for cut in cuts]
    if len({*edge}) < len(edge):  # so near that six digits do not tell them apart
        edge = [repr(float(cut)) for cut in cuts]
    if not edge:
        return ["all values"]
    middle = [f"{low} to {high}" for low, high in pairwise(edge)]
    return [f"up to {edge[0]}", *middle, f"above {edge[-1]}"]


def _categorical(
    values: pd.Series, bad: np.ndarray, prebins: int, max_bins: int, least: float
) -> Column:
    """Return groups of categories, joined in the order of their bad rates, safest first.

    Rare ones are put together beforehand, whatever their ends were: else an end would be learned
    by heart from the name of its row.
    """
    codes, names = pd.factorize(values, sort=False)
    order = sorted(range(len(names)), key=lambda place: str(names[place]))
    total = bincount(codes, minlength=len(names))[order]
    bads = bincount(codes, bad, minlength=len(names))[order]
    names = [names[place] for place in order]
    if not names:
        return Column(str(values.name), np.zeros(0), words=["all values"])
    fewer = min(bad.mean(), 1 - bad.mean())
    is_rare = (total < least) & (total * fewer < OWN)
    unit = np.where(is_rare, (~is_rare).sum(), np.cumsum(~is_rare) - 1)
    ends, place = _joined(bincount(unit, total), bincount(unit, bads), prebins, max_bins, least)
    groups = {name: int(place[at]) for name, at in zip(names, unit, strict=True)}
    words = [_named(groups, dict(zip(names, is_rare, strict=True)), bin_) for bin_ in range(ends)]
    return Column(str(values.name), np.zeros(0), groups, words=words)


def _joined(
    total: np.ndarray, bads: np.ndarray, prebins: int, max_bins: int, least: float
) -> tuple[int, np.ndarray]:
    """Return how many bins there are, and the bin of each category."""
    by_rate = np.argsort((bads + HALF) / (total + 2 * HALF), kind="stable")
    # Of very many categories neighbours are put together before, as quantiles of a number are.
    group = np.arange(len(total))
    if len(total) > prebins:
        middle = (np.cumsum(total[by_rate]) - total[by_rate] / 2) / total.sum()
        group = np.unique((middle * prebins).astype(np.intp), return_inverse=True)[1]
    bad_of = bincount(group, bads[by_rate])
    good_of = bincount(group, total[by_rate]) - bad_of
    ends = best_bins(good_of, bad_of, max_bins=max_bins, least=least, trend="free")
    place = np.empty(len(total), dtype=np.intp)
    place[by_rate] = np.searchsorted(np.array(ends), group, side="right")
    return len(ends), place


def _named(groups: dict[Any, int], is_rare: dict[Any, bool], bin_: int) -> str:
    """Return the categories of a bin; rare ones are counted where there are many."""
    names = [name for name, place in groups.items() if place == bin_]
    rare = [str(name) for name in names if is_rare[name]]
    own = [str(name) for name in names if not is_rare[name]]
    return ", ".join(own + (rare if len(rare) <= NAMED else [f"{len(rare)} rare ones"]))
