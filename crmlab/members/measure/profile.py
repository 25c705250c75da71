"""Is the base drifting, and how much of it has our own policy done."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import chi2

from crmlab._checks import (
    day_of,
    names_of,
    require_at_least,
    require_columns,
    require_days,
    require_probability,
    require_series,
    require_single,
    require_values,
)
from crmlab._groups import bincount
from crmlab.errors import BadRowsError, EmptyError, OutOfRangeError, WrongTypeError


def profile(members: pd.DataFrame, *, attributes: Sequence[str]) -> pd.DataFrame:
    """Shares of each value of each attribute: who the members are.

    Parameters
    ----------
    members : DataFrame, one row per member
        Missing values are a value of their own, "(missing)".
    attributes : columns of it

    Returns
    -------
    DataFrame, one row per attribute and value, values sorted
        attribute, value : str
        members : int64
        share : float64

    Raises
    ------
    MissingColumnsError, EmptyError
        If an attribute is no column, or there are no members.

    Examples
    --------
    >>> profile(pd.DataFrame({"gender": ["w", "w", "m", "w"]}), attributes=["gender"])
      attribute value  members  share
    0    gender     m        1   0.25
    1    gender     w        3   0.75
    """
    names = names_of("attributes", attributes)
    require_columns(members, *names)
    require_single(members, *names)
    if not len(members):
        raise EmptyError("there are no members; at least one is needed.")
    parts = []
    for name in names:
        counts = _words(members[name]).value_counts().sort_index()
        parts.append(pd.DataFrame({"attribute": name, "value": counts.index, "members": counts}))
    table = pd.concat(parts, ignore_index=True).astype({"attribute": "str", "value": "str"})
    return table.assign(share=table["members"] / len(members))


def stability_index(before: pd.Series, after: pd.Series) -> tuple[float, int, float]:
    """Return the population stability index of two columns, its degrees of freedom and its scale.

    PSI = sum of (q - p) ln(q / p) over the values, p and q their shares before and after; half a
    member is added to each value on both sides, so that an empty one is no infinity. Where
    nothing changed, PSI / scale follows a chi-square law of that freedom in large samples, with
    scale = 1 / n + 1 / m for n and m members: it is a sample size, not a size of change, that
    decides whether 0.1 is much.

    Parameters
    ----------
    before, after : Series, one value per member; any values that compare

    Raises
    ------
    WrongTypeError
        If one of them is no Series.
    EmptyError
        If one of the columns has no rows.

    Source
    ------
    Yurdakul and Naranjo (2020), Statistical properties of the population stability index,
    Journal of Risk Model Validation 14(4), 89-100, doi:10.21314/JRMV.2020.227.

    Examples
    --------
    >>> same = pd.Series(["a", "b"] * 100)
    >>> stability_index(same, same)
    (0.0, 1, 0.01)
    """
    require_series("before", before, "city")
    require_series("after", after, "city")
    counts = _counts(before, after)
    return (*_psi(counts), float((1 / counts.sum(axis=1)).sum()))


def profile_drift(
    members: pd.DataFrame,
    *,
    attributes: Sequence[str],
    baseline_until: str | pd.Timestamp,
    joined: str = "joined_on",
    level: float = 0.05,
) -> pd.DataFrame:
    """Compare the members who join in each later month with those of the baseline.

    Parameters
    ----------
    members : DataFrame, one row per member
        `joined` : datetime64, and the attributes; missing values count as a value
    attributes : columns
    baseline_until : date
        Last day of the baseline.
    joined : str
    level : float in (0, 1]
        Chance of a false alarm in a month in which nothing changed, all attributes together.

    Returns
    -------
    DataFrame, one row per month after the baseline and attribute
        month : datetime64[us], its first day
        attribute : str
        members : int64, who joined in it
        psi : float64, population stability index
        by_luck : float64, what PSI stays below in 95 of 100 months without any change
        chi_square, p_value : float64; Pearson's test that the two are alike
        drifted : bool, p_value below level / number of attributes

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column is missing, or somebody has no day of joining.
    OutOfRangeError
        If nobody joined up to `baseline_until`, or nobody after it.

    See Also
    --------
    stability_index : the law of PSI.
    drift_after_policy : what is left when our own rule is taken off.

    Source
    ------
    As `stability_index`; the test: Pearson (1900), doi:10.1080/14786440009463897.

    Examples
    --------
    >>> day = pd.to_datetime(["2024-01-15"] * 40 + ["2024-02-15"] * 40)
    >>> base = pd.DataFrame({"joined_on": day, "gender": ["w", "m"] * 20 + ["w"] * 40})
    >>> found = profile_drift(base, attributes=["gender"], baseline_until="2024-01-31")
    >>> found[["month", "attribute", "drifted"]]
           month attribute  drifted
    0 2024-02-01    gender     True
    """
    names = names_of("attributes", attributes)
    require_columns(members, *names, joined=joined)
    require_values(members, joined)
    require_days(members, joined)
    require_single(members, *names)
    require_probability("level", level)
    require_at_least("the number of attributes", len(names), 1)
    last = day_of("baseline_until", baseline_until)
    when = members[joined].to_numpy("M8[us]")
    old = when < last + 1
    if old.all() or not old.any():
        side = "after" if old.all() else "up to"
        raise OutOfRangeError(f"nobody joined {side} {last}; both sides need members.")

    before, later = members[old], members[~old]
    month = later[joined].to_numpy().astype("M8[M]").astype("M8[us]")
    rows = []
    for first, joiners in later.groupby(month, sort=True):
        for name in names:
            counts = _counts(before[name], joiners[name])
            psi, freedom = _psi(counts)
            luck = (1 / counts.sum(axis=1)).sum() * chi2.ppf(0.95, freedom) if freedom else 0.0
            square, chance = _pearson(counts)
            rows.append((first, name, len(joiners), psi, luck, square, chance))
    columns = ["month", "attribute", "members", "psi", "by_luck", "chi_square", "p_value"]
    table = pd.DataFrame(rows, columns=columns)
    table["month"] = table["month"].astype("M8[us]")
    table["drifted"] = table["p_value"] < level / len(names)
    return table.astype({"attribute": "str", "members": "int64"})


def drift_after_policy(
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    attributes: Sequence[str],
    admitted: pd.Series,
    draws: int = 1_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Split drift into what our own entry rule does, and what is left: real change.

    The rule is applied to the *old* base: each old member keeps a place with the probability
    `admitted` under the new rule. That base is what we would see if only the rule had changed.
    What the new members differ from it is not the rule's doing.

    Parameters
    ----------
    before, after : DataFrame, one row per member
        Who joined under the old rule, and under the new one.
    attributes : columns of both
    admitted : Series with the index of `before`, or array in its order, in [0, 1]
        Chance that the new rule would have admitted this member.
    draws, seed : int
        How many worlds without change are drawn to see what luck does, and their seed.

    Returns
    -------
    DataFrame, one row per attribute
        attribute : str
        psi : float64, of the old against the new members
        policy : float64, PSI of the old base against the old base under the new rule
        left : float64, PSI of the old base under the new rule against the new members
        left_by_luck : float64, what `left` stays below in 95% of worlds with the rule alone
        changed : bool, `left` above it

    Raises
    ------
    MissingColumnsError
        If an attribute is missing.
    OutOfRangeError
        If `admitted` is not one share for each old member, or admits nobody.
    BadRowsError
        If the index of `admitted` is not that of `before`.
    EmptyError
        If there are no members on one side.

    Examples
    --------
    Half of the old members are poor; the new rule admits none of them, and none came.

    >>> old = pd.DataFrame({"income": ["low", "high"] * 50})
    >>> new = pd.DataFrame({"income": ["high"] * 60})
    >>> admits = (old["income"] == "high").astype(float)
    >>> drift_after_policy(old, new, attributes=["income"], admitted=admits)["changed"].tolist()
    [False]
    """
    require_at_least("seed", seed, 0)
    names = names_of("attributes", attributes)
    for frame in (before, after):
        require_columns(frame, *names)
        require_single(frame, *names)
        if not len(frame):
            raise EmptyError("there are no members on one side; both sides need some.")
    require_at_least("draws", draws, 100)
    share = _shares(admitted, before)
    rng = np.random.default_rng(seed)
    rows = []
    for name in names:
        values = pd.factorize(pd.concat([_words(before[name]), _words(after[name])]))[0]
        k = int(values.max()) + 1
        old, new = values[: len(before)], values[len(before) :]
        ruled = bincount(old, share, k)
        counts = np.stack([bincount(old, minlength=k), ruled, bincount(new, minlength=k)])
        luck = _luck(rng, old, share, k, len(new), draws)
        left = _psi(counts[[1, 2]])[0]
        parts = _psi(counts[[0, 2]])[0], _psi(counts[[0, 1]])[0]
        rows.append((name, *parts, left, luck, left > luck))
    columns = ["attribute", "psi", "policy", "left", "left_by_luck", "changed"]
    return pd.DataFrame(rows, columns=columns).astype({"attribute": "str"})


def _luck(
    rng: np.random.Generator, old: np.ndarray, share: np.ndarray, k: int, new: int, draws: int
) -> float:
    """Return the 95% point of `left` when both bases are drawn anew and only the rule changed."""
    cells = bincount(old, minlength=k)
    each = bincount(old, share, k) / np.maximum(cells, 1)
    bases = rng.multinomial(len(old), cells / cells.sum(), draws) * each
    ruled = cells * each
    comers = rng.multinomial(new, ruled / ruled.sum(), draws)
    return float(np.quantile(_index(bases, comers), 0.95))


def _shares(admitted: pd.Series, before: pd.DataFrame) -> np.ndarray:
    if not isinstance(admitted, (pd.Series, np.ndarray)):
        raise WrongTypeError(f"admitted must be a Series; got {type(admitted).__name__}.")
    share, n = np.asarray(admitted, dtype="float64"), len(before)
    if (
        len(share) == n
        and isinstance(admitted, pd.Series)
        and not admitted.index.equals(before.index)
    ):
        raise BadRowsError(
            "admitted has another index than the old members, so whose share is whose is open. "
            "Where its rows stand in their order, give admitted.to_numpy(); else "
            "admitted.reindex(before.index)."
        )
    if share.shape != (n,) or not ((share >= 0) & (share <= 1)).all():
        raise OutOfRangeError(f"admitted must be {n} shares in [0, 1], one for each old member.")
    if not share.sum():
        raise OutOfRangeError("admitted lets nobody in, so there is no base to compare with.")
    return share


def _words(column: pd.Series) -> pd.Series:
    """Return a column as text, the missing ones as a value of their own."""
    words = column.astype("str")
    values = getattr(column.dtype, "categories", column)
    if pd.api.types.infer_dtype(values, skipna=True) in ("floating", "mixed-integer-float"):
        # A whole number is the same value where a hole elsewhere made its column floats.
        words = words.str.removesuffix(".0")
    return words.where(column.notna(), "(missing)").astype("str")


def _counts(before: pd.Series, after: pd.Series) -> np.ndarray:
    """Return the members of each value, before and after, in two rows."""
    if not len(before) or not len(after):
        raise EmptyError("there are no members on one side; both sides need some.")
    codes = pd.factorize(pd.concat([_words(before), _words(after)]))[0]
    k = int(codes.max()) + 1
    parts = codes[: len(before)], codes[len(before) :]
    return np.stack([bincount(part, minlength=k) for part in parts]).astype("float64")


def _index(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return PSI along the last axis of counts."""
    p, q = before + 0.5, after + 0.5
    p, q = p / p.sum(axis=-1, keepdims=True), q / q.sum(axis=-1, keepdims=True)
    return ((q - p) * np.log(q / p)).sum(axis=-1)


def _psi(counts: np.ndarray) -> tuple[float, int]:
    """Return the index of two rows of counts, and its degrees of freedom."""
    return float(_index(counts[0], counts[1])), counts.shape[1] - 1


def _pearson(counts: np.ndarray) -> tuple[float, float]:
    """Return Pearson's chi-square of two rows of counts, and its p value."""
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / counts.sum()
    square = float(((counts - expected) ** 2 / expected).sum())
    freedom = counts.shape[1] - 1
    return square, float(chi2.sf(square, freedom)) if freedom else 1.0
