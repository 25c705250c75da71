"""Rates of leaving by age, and durations made of dates."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.stats import chi2

from crmlab._checks import (
    day_of,
    require_columns,
    require_days,
    require_numbers,
    require_truths,
    require_values,
)
from crmlab._groups import bincount
from crmlab.errors import AmbiguousError, BadRowsError, EmptyError, OutOfRangeError
from crmlab.lifetime.measure.durations import require_order


def observed_durations(
    contracts: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp,
    start: str = "started_on",
    end: str = "left_on",
    seen_from: str | None = None,
) -> pd.DataFrame:
    """Days that contracts have lasted by a day, and whether they have ended, from their dates.

    Parameters
    ----------
    contracts : DataFrame, one row per contract
        Read only; its other columns stay.
    as_of : date
        The last day anybody looked. Ends after it are not known yet.
    start, end : str
        Columns of dates; `end` is missing for who has not left.
    seen_from : str, optional
        Column of the day from which a contract is in the record, where that is later.

    Returns
    -------
    DataFrame, the rows of `contracts` that began before `as_of`, with
        duration : int64, days from the start to the end or to `as_of`
        ended : bool
        entry : int64, days from the start to the first record; only with `seen_from`

    Raises
    ------
    MissingColumnsError, OutOfRangeError
        If a column is missing or holds no dates.
    BadRowsError
        If a start is missing, or an end lies before its start.

    Examples
    --------
    >>> contracts = pd.DataFrame({"started_on": pd.to_datetime(["2024-01-01", "2024-02-01"]),
    ...     "left_on": pd.to_datetime(["2024-01-31", None])})
    >>> observed_durations(contracts, as_of="2024-03-01")[["duration", "ended"]]
       duration  ended
    0        30   True
    1        29  False
    """
    names = {"start": start, "end": end} | ({"seen_from": seen_from} if seen_from else {})
    require_columns(contracts, **names)
    require_days(contracts, *names.values())
    require_values(contracts, start, *([seen_from] if seen_from else []))
    last = day_of("as_of", as_of)
    began, ended = (contracts[name].to_numpy("M8[D]") for name in (start, end))
    wrong = np.flatnonzero(ended < began)
    if wrong.size:
        raise BadRowsError(f"{wrong.size} row(s) end before they start: {wrong[:10].tolist()}.")
    kept = began < last
    happened = ~np.isnat(ended) & (ended <= last)
    until = np.where(happened, ended, last)
    table = contracts.assign(duration=(until - began).astype(np.int64), ended=happened)
    if seen_from:
        seen = contracts[seen_from].to_numpy("M8[D]")
        table["entry"] = np.maximum((seen - began).astype(np.int64), 0)
        kept &= table["entry"].to_numpy() < table["duration"].to_numpy()
    return table[kept]


def hazard_by_age(
    durations: pd.DataFrame,
    *,
    cuts: Sequence[float],
    duration: str = "duration",
    ended: str = "ended",
    entry: str | None = None,
) -> pd.DataFrame:
    """Rate of leaving in each band of age: ends over the time spent in it.

    Parameters
    ----------
    durations : DataFrame, as for `kaplan_meier`
    cuts : ages at which bands begin after the first, rising above 0, in the unit of `duration`
    duration, ended, entry : str, as for `kaplan_meier`

    Returns
    -------
    DataFrame, one row per band
        age_from, age_to : float64; the last band is open
        exposure : float64, time spent in it by all
        ended : int64
        hazard : float64, ended / exposure; missing where nobody was there
        low, high : float64, exact 95% interval of a Poisson count

    Raises
    ------
    MissingColumnsError, BadRowsError, EmptyError, OutOfRangeError
        As `kaplan_meier`; also if the cuts do not rise above 0.

    Source
    ------
    Garwood (1936), doi:10.1093/biomet/28.3-4.437.

    Examples
    --------
    >>> durations = pd.DataFrame({"duration": [2.0, 6.0, 10.0], "ended": [True, True, False]})
    >>> hazard_by_age(durations, cuts=[5])[["age_from", "exposure", "ended", "hazard"]].round(3)
       age_from  exposure  ended  hazard
    0       0.0      12.0      1   0.083
    1       5.0       6.0      1   0.167
    """
    named = {"duration": duration, "ended": ended} | ({"entry": entry} if entry else {})
    require_columns(durations, **named)
    require_values(durations, *named.values())
    require_numbers(durations, duration, *([entry] if entry else []))
    require_truths(durations, ended)
    if not len(durations):
        raise EmptyError("there are no durations; one row per customer is needed.")
    edges = np.array([0.0, *cuts, np.inf])
    if not (np.diff(edges) > 0).all():
        raise OutOfRangeError(f"cuts must be ages that rise above 0; got {[*cuts]}.")
    left = durations[duration].to_numpy("float64")
    came = durations[entry].to_numpy("float64") if entry else np.zeros(len(left))
    require_order(left, came if entry else None, duration, entry)
    happened = durations[ended].to_numpy(bool)
    exposure = np.array(
        [np.maximum(np.minimum(left, b) - np.maximum(came, a), 0).sum() for a, b in pairwise(edges)]
    )
    # An end at a cut ends the band before it, as the time up to it was spent there.
    band = np.searchsorted(edges[1:], left[happened], side="left")
    count = bincount(band, minlength=len(exposure))
    spent = np.where(exposure > 0, exposure, np.nan)
    return pd.DataFrame(
        {
            "age_from": edges[:-1],
            "age_to": edges[1:],
            "exposure": exposure,
            "ended": count,
            "hazard": count / spent,
            "low": np.where(count > 0, chi2.ppf(0.025, 2 * np.maximum(count, 1)), 0) / 2 / spent,
            "high": chi2.ppf(0.975, 2 * count + 2) / 2 / spent,
        }
    )


def episodes(
    durations: pd.DataFrame,
    *,
    change: str,
    duration: str = "duration",
    ended: str = "ended",
    entry: str | None = None,
) -> pd.DataFrame:
    """Cut each duration in two where something changed: before it, and after.

    Who gets a gold card after ten months was a customer without one for ten months, and counts so
    until then. Both pieces go together into `kaplan_meier(…, entry="entry", by="changed")` or
    `CoxModel`.

    Parameters
    ----------
    durations : DataFrame, one row per customer
        Read only; its other columns stay.
    change : str
        Column of the time of the change, missing where there was none; a change at or after
        the end is none, and one at or before the entry leaves a single piece, after it.
    duration, ended, entry : str
        Columns, as for `kaplan_meier`.

    Returns
    -------
    DataFrame, one or two rows per customer, in their order
        the columns of `durations`, and
        entry : float64, when the piece begins
        changed : bool, whether it lies after the change
        where a piece ends at the change, its duration does, and `ended` is False

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        If a column is missing, a duration has no value or cannot be, or a change lies before 0.
    AmbiguousError
        If a column of `durations` would be lost, such as an `entry` that is not named.

    Source
    ------
    Simon and Makuch (1984), Statistics in Medicine 3(1), 35-44.

    Examples
    --------
    >>> customers = pd.DataFrame(
    ...     {"duration": [9.0, 20.0], "ended": [True, True], "gold_after": [None, 10.0]})
    >>> episodes(customers, change="gold_after")[["entry", "duration", "ended", "changed"]]
       entry  duration  ended  changed
    0    0.0       9.0   True    False
    1    0.0      10.0  False    False
    2   10.0      20.0   True     True
    """
    named = {"duration": duration, "ended": ended} | ({"entry": entry} if entry else {})
    require_columns(durations, change=change, **named)
    require_values(durations, *named.values())
    require_numbers(durations, duration, *([entry] if entry else []))
    require_truths(durations, ended)
    if lost := sorted(({"entry", "changed"} - {entry}) & {*durations.columns}):
        raise AmbiguousError(
            f"the columns {lost} are there already, and would be written over. If rows were "
            "watched from there on only, say entry='entry'; else rename or drop them."
        )
    if durations[change].notna().any():
        require_numbers(durations.dropna(subset=[change]), change)
    when = durations[change].to_numpy("float64", na_value=np.nan)
    left = durations[duration].to_numpy("float64")
    came = durations[entry].to_numpy("float64") if entry else np.zeros(len(left))
    if len(left):
        require_order(left, came if entry else None, duration, entry)
    if (when < 0).any():
        raise OutOfRangeError(f"{change} lies before 0 for {int((when < 0).sum())} row(s).")
    changes = when < left
    before, after = changes & (when > came), changes
    first = durations[~changes | before].assign(
        entry=came[~changes | before],
        changed=False,
        **{
            duration: np.where(changes, when, left)[~changes | before],
            ended: (durations[ended].to_numpy(bool) & ~changes)[~changes | before],
        },
    )
    second = durations[after].assign(
        entry=np.maximum(when, came)[after],
        changed=True,
        **{ended: durations[ended].to_numpy(bool)[after]},
    )
    order = np.concatenate([np.flatnonzero(~changes | before), np.flatnonzero(after)])
    table = pd.concat([first, second.astype({duration: "float64"})], ignore_index=True)
    return table.iloc[np.argsort(order, kind="stable")].reset_index(drop=True)
