"""What a campaign changed, by its control group, and whether the groups are what was drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import binomtest, t

from crmlab._checks import (
    Seed,
    require_columns,
    require_key,
    require_real,
    require_values,
    stream_of,
)
from crmlab._groups import bincount, class_codes
from crmlab._purchases import as_frame
from crmlab.campaigns.trial import arms_of, require_order
from crmlab.errors import OutOfRangeError


def treatment_effect(
    trial: pd.DataFrame,
    *,
    outcome: str = "spend",
    treated: str = "treated",
    before: str | None = None,
    strata: str | None = None,
    store: str | None = None,
    customer: str = "customer_id",
) -> pd.DataFrame:
    """Effect of a campaign (干预效果): treated less control, with its 95% interval.

    Parameters
    ----------
    trial : DataFrame, one row per customer
        `treated` : bool, drawn at random; `outcome` : number, or True and False; the columns
        `before`, `strata`, `store` where they are named. Where there is a column `customer`,
        nobody may stand in it twice.
    outcome, treated, customer : str
    before : str, optional
        The outcome of a time before the campaign: what it foretells is taken out (CUPED).
    strata : str, optional
        A column within whose values the groups were drawn: differences are taken within, and
        averaged by size.
    store : str, optional
        A column of what was drawn as a whole, such as stores: then a store counts once.

    Returns
    -------
    DataFrame, one row per way
        way : str; "difference", and "cuped", "strata", "store" where asked for
        treated, control : int64, customers (stores) compared
        treated_mean, control_mean, effect, standard_error, low, high : float64
        relative : float64, effect as a share of the control's mean

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError
        If a column or a value is missing, holds no numbers, or somebody is in both groups.
    OutOfRangeError
        If everybody or nobody was treated, a group or a stratum has fewer than 2, or a store was
        treated in part.

    See Also
    --------
    crmlab.campaigns.plot.plot_treatment_effect : draws this frame.
    sample_ratio : ask it first.

    Source
    ------
    Unequal variances: Welch (1947), doi:10.1093/biomet/34.1-2.28. CUPED: Deng, Xu, Kohavi and
    Walker (2013), Improving the sensitivity of online controlled experiments by utilizing
    pre-experiment data, doi:10.1145/2433396.2433413.

    Examples
    --------
    >>> trial = pd.DataFrame({"treated": [True, True, True, False, False, False],
    ...                       "spend": [5.0, 7.0, 9.0, 4.0, 5.0, 6.0]})
    >>> treatment_effect(trial)[["way", "treated_mean", "control_mean", "effect"]]
              way  treated_mean  control_mean  effect
    0  difference           7.0           5.0     2.0
    """
    also = [] if before is None else [before]
    frame, arm, y = arms_of(trial, *also, treated=treated, outcome=outcome, customer=customer)
    rows = [_row("difference", y, arm)]
    if before is not None:
        rows.append(_row("cuped", _without(frame[before].to_numpy("float64"), y, arm), arm, lost=1))
    if strata is not None:
        rows.append(_stratified(frame, strata, y, arm))
    if store is not None:
        rows.append(_row("store", *_by_store(frame, store, y, arm)))
    table = pd.DataFrame(rows)
    return table.astype({"way": "str", "treated": "int64", "control": "int64"})


@dataclass(frozen=True)
class SampleRatio:
    """Whether as many were treated as were to be drawn."""

    treated: int
    control: int
    wanted: float
    p_value: float

    @property
    def is_mismatch(self) -> bool:
        """Whether chance alone would split so unequally less than once in a thousand trials."""
        return self.p_value < 0.001


def sample_ratio(
    trial: pd.DataFrame,
    *,
    share: float = 0.5,
    treated: str = "treated",
    customer: str = "customer_id",
    assigned_on: str | None = None,
    contacted_on: str | None = None,
) -> SampleRatio:
    """Return whether the groups have the sizes that were drawn: the first thing to ask of a trial.

    Where far more or fewer are treated than was meant (样本比例失衡), somebody is missing, and not
    at random: the effect cannot be trusted, however sure it looks.

    Parameters
    ----------
    trial : DataFrame, one row per customer
        `treated` : bool; where there is a column `customer`, nobody may stand in it twice
    share : float in (0, 1)
        Of the customers who were to be treated.
    treated, customer : str
    assigned_on, contacted_on : str, optional
        Columns of days; both or neither. Who was contacted before being assigned, or though in the
        control group, is an error.

    Returns
    -------
    SampleRatio
        treated, control : int; wanted : float, the share that was to be treated
        p_value : float, exact; is_mismatch : bool, below 0.001

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError
        As `treatment_effect`; also if somebody was contacted before being assigned.
    OutOfRangeError
        If everybody or nobody was treated, or `share` lies outside (0, 1).

    Source
    ------
    Fabijan and others (2019), Diagnosing sample ratio mismatch in online controlled experiments,
    doi:10.1145/3292500.3330722.

    Examples
    --------
    >>> trial = pd.DataFrame({"treated": [True] * 5_300 + [False] * 4_700})
    >>> sample_ratio(trial).is_mismatch
    True
    """
    require_real(share=share)
    if not 0 < share < 1:
        raise OutOfRangeError(f"share must lie between 0 and 1, not a percent; got {share!r}.")
    if (assigned_on is None) != (contacted_on is None):
        raise OutOfRangeError("name both assigned_on=… and contacted_on=…, or neither.")
    frame, arm, _ = arms_of(trial, treated=treated, customer=customer, least=1)
    if assigned_on is not None and contacted_on is not None:
        require_order(frame, assigned_on, contacted_on, arm)
    found = int(arm.sum())
    p = binomtest(found, len(arm), share).pvalue
    return SampleRatio(found, len(arm) - found, share, float(p))


def assign_groups(
    customers: pd.DataFrame,
    *,
    share: float = 0.5,
    strata: str | None = None,
    customer: str = "customer_id",
    seed: Seed,
) -> pd.DataFrame:
    """Return who is to be treated, drawn at random, within strata if there are some (分层随机分组).

    Of each stratum exactly the `share` is treated, rounded up or down at random, so that groups
    are alike in it not only on average. Row order does not matter.

    Parameters
    ----------
    customers : DataFrame, one row per customer: `customer`, and `strata` if it is named
    share : float in (0, 1)
    strata, customer : str
    seed : int, SeedSequence or Generator

    Returns
    -------
    DataFrame, the rows as given: `customer`, `strata` if it is named, and treated : bool

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, or a customer stands twice.
    OutOfRangeError
        If `share` lies outside (0, 1), `seed` is no seed, or a group is left empty.

    Examples
    --------
    >>> people = pd.DataFrame({"customer_id": range(8), "city": ["A"] * 4 + ["B"] * 4})
    >>> drawn = assign_groups(people, strata="city", seed=1)
    >>> drawn.groupby("city")["treated"].sum().tolist()
    [2, 2]
    """
    require_real(share=share)
    frame = as_frame(customers)
    named = {"customer": customer} | ({} if strata is None else {"strata": strata})
    require_columns(frame, **named)
    require_values(frame, *named.values())
    require_key(frame, customer)
    if not 0 < share < 1:
        raise OutOfRangeError(f"share must lie between 0 and 1, not a percent; got {share!r}.")
    rng = stream_of(seed, "assign_groups")
    sorted_ = frame[[*named.values()]].sort_values([*reversed(named.values())], kind="stable")
    code = class_codes(sorted_, [] if strata is None else [strata])
    size = bincount(code)
    many = np.floor(share * size + rng.random(len(size)))
    order = np.lexsort((rng.random(len(code)), code))
    place = np.empty(len(code), dtype=np.int64)
    place[order] = np.arange(len(code)) - (size.cumsum() - size)[code[order]]
    drawn = pd.Series(place < many[code], index=sorted_.index)
    result = frame[[*named.values()]].assign(
        treated=drawn.reindex(frame.index).to_numpy(dtype=bool)
    )
    if result["treated"].nunique() < 2:
        raise OutOfRangeError(
            f"{len(frame)} customers are too few to split by {share:g}: one group is empty."
        )
    return result


def _row(way: str, y: np.ndarray, arm: np.ndarray, *, lost: int = 0) -> dict[str, Any]:
    """Return the difference of the arms' means with Welch's interval."""
    one, other = y[arm], y[~arm]
    parts = np.array([one.var(ddof=1) / len(one), other.var(ddof=1) / len(other)])
    free = np.array([len(one), len(other)]) - 1.0
    error = float(np.sqrt(parts.sum()))
    df = parts.sum() ** 2 / (parts**2 / free).sum() - lost if error else np.inf
    return _told(way, len(one), len(other), one.mean(), other.mean(), error, max(df, 1.0))


def _told(
    way: str, n: int, m: int, one: float, other: float, error: float, df: float
) -> dict[str, Any]:
    """Return a row of the result."""
    effect, reach = one - other, float(t.ppf(0.975, df)) * error
    return {
        "way": way,
        "treated": n,
        "control": m,
        "treated_mean": one,
        "control_mean": other,
        "effect": effect,
        "standard_error": error,
        "low": effect - reach,
        "high": effect + reach,
        "relative": effect / other if other else np.nan,
    }


def _without(x: np.ndarray, y: np.ndarray, arm: np.ndarray) -> np.ndarray:
    """Return the outcome less what `x` foretells of it, alike in both arms."""
    centred, rest = x.copy(), y.copy()
    for part in (arm, ~arm):
        centred[part] -= x[part].mean()
        rest[part] -= y[part].mean()
    spread = centred @ centred
    slope = centred @ rest / spread if spread > 0 else 0.0
    return y - slope * (x - x.mean())


def _stratified(frame: pd.DataFrame, strata: str, y: np.ndarray, arm: np.ndarray) -> dict[str, Any]:
    """Return the difference within strata, averaged by their sizes."""
    require_columns(frame, strata=strata)
    require_values(frame, strata)
    code, names = pd.factorize(frame[strata])
    cells = 2 * code + arm
    size = bincount(cells, minlength=2 * len(names)).reshape(-1, 2).astype("float64")
    thin = np.flatnonzero(size.min(axis=1) < 2)
    if thin.size:
        raise OutOfRangeError(
            f"{thin.size} value(s) of {strata} have fewer than 2 treated or 2 in the control "
            f"group: {[str(names[k]) for k in thin[:10]]}. Join them with others."
        )
    mean = bincount(cells, y, 2 * len(names)).reshape(-1, 2) / size
    apart = y - mean[code, arm.astype(int)]
    part = bincount(cells, apart**2, 2 * len(names)).reshape(-1, 2) / (size - 1) / size
    weight = size.sum(axis=1) / size.sum()
    both = weight @ mean
    error = np.sqrt(weight**2 @ part.sum(axis=1))
    spread = (weight[:, None] ** 2 * part) ** 2 / (size - 1)
    df = error**4 / spread.sum() if error else np.inf
    return _told("strata", int(arm.sum()), int((~arm).sum()), both[1], both[0], error, max(df, 1.0))


def _by_store(
    frame: pd.DataFrame, store: str, y: np.ndarray, arm: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean of each store, and whether it was treated."""
    require_columns(frame, store=store)
    require_values(frame, store)
    code, names = pd.factorize(frame[store])
    size = bincount(code)
    some = bincount(code, arm.astype("float64"))
    torn = np.flatnonzero((some > 0) & (some < size))
    if torn.size:
        raise OutOfRangeError(
            f"{torn.size} value(s) of {store} were treated in part: "
            f"{[str(names[k]) for k in torn[:10]]}. What is drawn as a whole is treated as a whole."
        )
    treated = some > 0
    if min(treated.sum(), (~treated).sum()) < 2:
        raise OutOfRangeError(
            f"{treated.sum()} treated and {(~treated).sum()} other values of {store}; at least 2 "
            "of each are needed."
        )
    return bincount(code, y) / size, treated
