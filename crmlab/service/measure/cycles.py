"""When each household will need each category again, and the list it gets for the week."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import gamma

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_numbers,
    require_positive,
    require_rows,
    require_values,
)
from crmlab._groups import bincount
from crmlab._intervals import Z
from crmlab._purchases import as_frame, known_purchases, plain_ids, plain_values
from crmlab.errors import BadRowsError, EmptyError, UnknownNameError


def purchase_cycles(
    purchases: pd.DataFrame,
    *,
    within_days: int = 7,
    prior: float = 3.0,
    as_of: str | pd.Timestamp | None = None,
    customer: str = "household_id",
    date: str = "date",
    category: str = "category",
) -> pd.DataFrame:
    """Rhythm of each household in each category, and whether the next purchase is due.

    The mean gap of a household counts as if it had `prior` more gaps of the category's usual
    length, so that one odd gap is no rhythm yet. The days between purchases are taken to be Gamma
    with that mean; the shape, how regular households are, is estimated from all their gaps. Gaps
    below a day cannot be seen, so pure chance looks a little regular. Nobody is taken to leave: who
    has long been gone looks due, and belongs left out first.

    Parameters
    ----------
    purchases : DataFrame, one row per household, category and day: `customer`, `date`, `category`
        Two purchases of a category on one day are one.
    within_days : int, at least 1
    prior : float, above 0
    as_of : date, default the last day in the data
    customer, date, category : str

    Returns
    -------
    DataFrame, one row per household and category it bought
        household_id, category : as given, under their own names
        purchases : int64, days on which it was bought
        last : datetime64[us]
        age_days : float64, days since then
        mean_gap_days : float64
        next_on : datetime64[us], last and the mean gap
        due : float64, chance to be bought in the next `within_days` days
        regularity : float64, the shape, the same in all rows; 1 is pure chance

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    OutOfRangeError
        If there are no purchases, no category was bought twice by anybody, `within_days` is below
        1, or `prior` is not above 0.

    See Also
    --------
    offer_list : the list for the week.

    Source
    ------
    Gamma gaps of households: Chatfield and Goodhardt (1973), doi:10.1080/01621459.1973.10481426.

    Examples
    --------
    >>> bought = pd.DataFrame({"household_id": 1, "category": "milk",
    ...     "date": pd.to_datetime(["2024-01-01", "2024-01-08", "2024-01-15", "2024-01-23"])})
    >>> purchase_cycles(bought)["mean_gap_days"].round(2).tolist()
    [7.33]
    """
    require_at_least("within_days", within_days, 1)
    require_positive("prior", prior)
    bought, day = known_purchases(purchases, category, as_of=as_of, customer=customer, date=date)
    number, kinds = pd.factorize(plain_values(bought[category]), sort=True)
    who, ids = pd.factorize(bought[customer], sort=True)
    cell = who * len(kinds) + number
    when = bought[date].to_numpy("M8[D]").astype(np.int64)
    order = np.lexsort((when, cell))
    cell, when = cell[order], when[order]
    fresh = np.r_[True, (cell[1:] != cell[:-1]) | (when[1:] != when[:-1])]
    cell, when = cell[fresh], when[fresh]
    follows = np.r_[False, cell[1:] == cell[:-1]]
    gap = np.diff(when, prepend=when[0])[follows].astype("float64")
    if not len(gap):
        raise EmptyError(
            "no household bought any category on two days, so there is no rhythm. Take a longer "
            "record, or coarser categories."
        )
    cells, code = np.unique(cell, return_inverse=True)
    gaps = bincount(code[follows], minlength=len(cells))
    sums = bincount(code[follows], gap, len(cells))
    kind = cells % len(kinds)
    usual = _usual(gaps, sums, kind, len(kinds))[kind]
    mean = (sums + prior * usual) / (gaps + prior)
    shape = _shape(gap, code[follows], gaps, sums)
    last = np.empty(len(cells), np.int64)
    last[code] = when  # later rows of a cell stand later, and win
    age = (day.astype("M8[D]").astype(np.int64) - last).astype("float64")
    law = gamma(shape, scale=mean / shape)
    # The last purchase was made at some hour of its day, half a day from its end on average.
    due = 1 - law.sf(age + 0.5 + within_days) / np.maximum(law.sf(age + 0.5), 1e-300)
    last_day = last.astype("M8[D]").astype("M8[us]")
    return pd.DataFrame(
        {
            customer: np.asarray(ids)[cells // len(kinds)],
            category: np.asarray(kinds)[kind],
            "purchases": gaps + 1,
            "last": last_day,
            "age_days": age,
            "mean_gap_days": mean,
            "next_on": last_day + np.rint(mean).astype("m8[D]"),
            "due": np.clip(due, 0, 1),
            "regularity": shape,
        }
    )


def _usual(gaps: np.ndarray, sums: np.ndarray, kind: np.ndarray, kinds: int) -> np.ndarray:
    """Return the mean of households' mean gaps by category; that of all where none came back."""
    again = gaps > 0
    own = sums[again] / gaps[again]
    many = bincount(kind[again], minlength=kinds)
    total = bincount(kind[again], own, kinds)
    return np.where(many > 0, total / np.maximum(many, 1), own.mean())


def _shape(gap: np.ndarray, code: np.ndarray, gaps: np.ndarray, sums: np.ndarray) -> float:
    """Return the Gamma shape of gaps around their own means: 1 / the squared variation."""
    some = gaps[code] > 1
    if not some.any():
        return 1.0
    mean = sums[code[some]] / gaps[code[some]]
    # A mean of g gaps takes a part 1 / g of their variation out.
    variation = ((gap[some] / mean - 1) ** 2).sum() / (1 - 1 / gaps[code[some]]).sum()
    return float(np.clip(1 / max(variation, 1e-9), 0.1, 1_000))


def offer_list(
    cycles: pd.DataFrame,
    *,
    k: int = 3,
    value: str | None = None,
    customer: str = "household_id",
    category: str = "category",
) -> pd.DataFrame:
    """Exactly `k` categories for each household, those most likely to be needed in the week.

    A household that never bought so many gets what most households buy, told in `why`.

    Parameters
    ----------
    cycles : DataFrame, as returned by `purchase_cycles`
    k : int, at least 1
    value : str, optional
        A column of `cycles`, such as a price, by which the chance is multiplied.
    customer, category : str

    Returns
    -------
    DataFrame, `k` rows per household, best first
        household_id, category : as given, under their own names
        rank : int64, from 1
        score : float64, the chance, times the value; 0 for what was never bought
        why : str, "due" or "popular"

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, a chance lies outside 0-1, a value is below 0, or a
        category of a household stands twice.
    OutOfRangeError
        If `k` is below 1, or above the number of categories.

    Examples
    --------
    >>> cycles = pd.DataFrame({"household_id": [1, 1, 2], "category": ["tea", "rice", "rice"],
    ...     "due": [0.2, 0.7, 0.1]})
    >>> offer_list(cycles, k=2)["why"].tolist()
    ['due', 'due', 'due', 'popular']
    """
    cycles = as_frame(cycles)
    also = () if value is None else (value,)
    require_columns(cycles, "due", *also, customer=customer, category=category)
    require_rows(cycles)
    require_values(cycles, customer, category, "due", *also)
    require_at_least("k", k, 1)
    cycles = cycles.assign(**{name: plain_values(cycles[name]) for name in ("due", *also)})
    require_numbers(cycles, "due", *also)
    _require_offers(cycles, [customer, category], value)
    who, ids = pd.factorize(plain_ids(cycles[customer]), sort=True)
    kind, kinds = pd.factorize(plain_values(cycles[category]), sort=True)
    if k > len(kinds):
        raise UnknownNameError(
            f"k={k} categories cannot be offered; there are {len(kinds)}: {[*kinds][:10]}."
        )
    score = np.full((len(ids), len(kinds)), -1.0)
    worth = 1.0 if value is None else cycles[value].to_numpy("float64")
    score[who, kind] = cycles["due"].to_numpy("float64") * worth
    buyers = bincount(kind, minlength=len(kinds))
    order = np.lexsort((np.broadcast_to(-buyers, score.shape), -score.round(9)), axis=1)[:, :k]
    best = np.take_along_axis(score, order, axis=1).ravel()
    return pd.DataFrame(
        {
            customer: np.asarray(ids)[np.arange(len(best)) // k],
            "rank": np.arange(len(best)) % k + 1,
            category: np.asarray(kinds)[order.ravel()],
            "score": np.maximum(best, 0),
            "why": pd.Series(np.where(best < 0, "popular", "due"), dtype="str"),
        }
    )


def _require_offers(cycles: pd.DataFrame, keys: list[str], value: str | None) -> None:
    """Raise unless there is one chance for each household and category, and no loss to offer."""
    twice = cycles.duplicated(keys).sum()
    if twice:
        raise BadRowsError(f"{twice} row(s) repeat a category of a household; keep one of each.")
    if not cycles["due"].between(0, 1).all():
        raise BadRowsError("due must be a chance in every row, from 0 to 1, a share not a percent.")
    if value is not None and (cycles[value] < 0).any():
        raise BadRowsError(
            f"{(cycles[value] < 0).sum()} row(s) have a {value} below 0; what loses is not "
            "offered. Leave these rows out."
        )


def list_lift(
    mailing: pd.DataFrame, *, against: str = "leaflet", arm: str = "arm", spend: str = "spend"
) -> pd.DataFrame:
    """Mean spend by kind of list, and how much more it is than with another list.

    Parameters
    ----------
    mailing : DataFrame, one row per household: `arm`, drawn at random, and `spend`
    against : str
        The arm to compare with.
    arm, spend : str

    Returns
    -------
    DataFrame, one row per arm
        arm : str
        households : int64
        mean_spend, standard_error : float64
        lift, low, high : float64, mean spend over that of `against`, less 1, with its 95% interval
            (of the log of the ratio)

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    OutOfRangeError
        If there is no arm `against`, nobody in an arm spent anything, or it has one household.

    Examples
    --------
    >>> mailing = pd.DataFrame({"arm": ["list", "leaflet"] * 2, "spend": [10.0, 8, 14, 12]})
    >>> list_lift(mailing)[["arm", "mean_spend", "lift"]]
           arm  mean_spend  lift
    0  leaflet        10.0   0.0
    1     list        12.0   0.2
    """
    mailing = as_frame(mailing)
    require_columns(mailing, arm=arm, spend=spend)
    require_rows(mailing)
    require_values(mailing, arm, spend)
    mailing = mailing.assign(**{spend: plain_values(mailing[spend])})
    require_numbers(mailing, spend)
    code, arms = pd.factorize(mailing[arm].astype("str"), sort=True)
    if against not in arms:
        raise UnknownNameError.among("arm", against, [*arms])
    money = mailing[spend].to_numpy("float64")
    n = bincount(code)
    mean = bincount(code, money) / n
    if n.min() < 2 or mean.min() <= 0:
        raise EmptyError(
            f"every arm needs two households and some spend; households by arm are "
            f"{dict(zip(map(str, arms), n.tolist(), strict=True))}, mean spend "
            f"{mean.round(2).tolist()}."
        )
    error = np.sqrt(bincount(code, (money - mean[code]) ** 2) / (n - 1) / n)
    base = int(np.flatnonzero(arms == against)[0])
    ratio = mean / mean[base]
    reach = Z * np.sqrt((error / mean) ** 2 + (error[base] / mean[base]) ** 2)
    reach[base] = 0
    return pd.DataFrame(
        {
            "arm": np.asarray(arms),
            "households": n,
            "mean_spend": mean,
            "standard_error": error,
            "lift": ratio - 1,
            "low": ratio * np.exp(-reach) - 1,
            "high": ratio * np.exp(reach) - 1,
        }
    )
