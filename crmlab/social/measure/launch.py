"""What following does to buying: around the week of following, and as five ways have it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import t

from crmlab._checks import (
    day_of,
    require_at_least,
    require_columns,
    require_key,
    require_rows,
    require_truths,
    require_values,
)
from crmlab._groups import bincount
from crmlab._intervals import Z
from crmlab._purchases import house_purchases
from crmlab.errors import EmptyError
from crmlab.social.measure.known import NEVER, bought_by, days_of, known_fans

BEFORE_AFTER, LESS_OTHERS = "before and after", "before and after, less the others"
RECENT = 4


class Panel(NamedTuple):
    """Purchases of each customer in each week around the opening, and who then followed."""

    counts: np.ndarray
    follows: np.ndarray


def event_study(
    customers: pd.DataFrame,
    purchases: pd.DataFrame,
    *,
    opened_on: str | pd.Timestamp | None = None,
    weeks_before: int = 26,
    weeks_after: int = 26,
    customer: str = "customer_id",
    date: str = "date",
) -> pd.DataFrame:
    """Return purchases by week around following: of fans, of the others, and of others alike.

    The *others alike* are customers who did not follow and had bought as often as a fan in the last
    4 weeks and in the weeks before them; each fan is compared with all of these. They too fall back
    after a lucky month: what fans do beyond that is what following may have done.

    Parameters
    ----------
    customers : DataFrame, one row per customer
        customer_id; followed_on, in the week after `opened_on`, missing for who does not follow
    purchases : DataFrame: customer_id, date
    opened_on : date, default the first day on which somebody followed
        The event: week 0 begins on it.
    weeks_before : int, at least 5
    weeks_after : int, at least 1
        Weeks that the purchases must cover.
    customer, date : str
        Names of the columns of `purchases`.

    Returns
    -------
    DataFrame, one row per week
        week : int64, from -weeks_before to weeks_after - 1
        compared : int64, fans who have others alike; the rest bought as often as nobody else
        fans, others, alike : float64, purchases per customer in that week, of the fans compared
        gap, low, high : float64, fans less those alike, with a 95 % interval

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, OutOfRangeError
        If a column or value is missing, or a customer stands twice.
    EmptyError
        If nobody follows or everybody does, or no fan has others alike.

    See Also
    --------
    follow_effect : sums it up.
    crmlab.social.plot.plot_event_study : draws this frame.

    Source
    ------
    The dip before, and what comes of it: Ashenfelter (1978), doi:10.2307/1924332. Regression to the
    mean: Galton (1886), doi:10.2307/2841583.

    Examples
    --------
    >>> day = pd.to_datetime(["2024-02-01", None, None])
    >>> customers = pd.DataFrame({"customer_id": [1, 2, 3], "followed_on": day})
    >>> purchases = pd.DataFrame({"customer_id": [1, 2, 1], "date": pd.to_datetime(
    ...     ["2024-01-30", "2024-01-31", "2024-02-03"])})
    >>> table = event_study(customers, purchases, weeks_before=5, weeks_after=1)
    >>> table.tail(2)[["week", "fans", "others", "alike", "gap"]]
       week  fans  others  alike  gap
    4    -1   1.0     0.5    1.0  0.0
    5     0   1.0     0.0    0.0  1.0
    """
    require_at_least("weeks_before", weeks_before, RECENT + 1)
    require_at_least("weeks_after", weeks_after, 1)
    purchases = house_purchases(purchases, customer=customer, date=date)
    panel = _panel(customers, purchases, opened_on, weeks_before, weeks_after)
    gap, error, kept = _against_alike(panel, weeks_before)
    fans = panel.counts[kept].mean(axis=0)
    table = pd.DataFrame({"week": np.arange(-weeks_before, weeks_after)})
    return table.assign(
        compared=int(kept.sum()),
        fans=fans,
        others=panel.counts[~panel.follows].mean(axis=0),
        alike=fans - gap,
        gap=gap,
        low=gap - Z * error,
        high=gap + Z * error,
    )


def follow_effect(
    customers: pd.DataFrame,
    purchases: pd.DataFrame,
    *,
    opened_on: str | pd.Timestamp | None = None,
    weeks_before: int = 52,
    weeks_after: int = 26,
    customer: str = "customer_id",
    date: str = "date",
) -> pd.DataFrame:
    """Return how many purchases a week following brings, as five ways of comparing have it.

    *fans against others* after the opening; *before and after*, of fans alone, with the 4 weeks
    just before; the same *less the others*; fans against others *alike*, as in `event_study`; and
    *at random*: what the invitation did to purchases over what it did to following.

    Parameters
    ----------
    customers, purchases, opened_on, weeks_before, weeks_after, customer, date
        As in `event_study`. `customers` may have `invited` : bool, drawn at random

    Returns
    -------
    DataFrame, one row per way
        way : str
        fans : int64, who were compared: of the alike, those who have others alike
        effect, low, high : float64, purchases a week per customer, with a 95 % interval

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, OutOfRangeError, EmptyError
        As `event_study`.

    See Also
    --------
    crmlab.social.simulate.simulate_launch : a shop in which the effect is known.

    Source
    ------
    As `event_study` and `interaction_effect`.

    Examples
    --------
    >>> from crmlab.social.simulate import simulate_launch
    >>> launch = simulate_launch(400, seed=1)
    >>> follow_effect(launch.customers, launch.purchases)["way"].tolist()[:2]
    ['fans against others', 'before and after']
    """
    require_at_least("weeks_before", weeks_before, RECENT + 1)
    require_at_least("weeks_after", weeks_after, 1)
    purchases = house_purchases(purchases, customer=customer, date=date)
    panel = _panel(customers, purchases, opened_on, weeks_before, weeks_after)
    after = panel.counts[:, weeks_before:].mean(axis=1)
    lately = panel.counts[:, weeks_before - RECENT : weeks_before].mean(axis=1)
    follows, change = panel.follows, after - lately
    parts = _weights(panel, weeks_before)
    gap, error = _gap(after, *parts)
    rows = [
        _two("fans against others", after[follows], after[~follows]),
        _one(BEFORE_AFTER, change[follows]),
        _two(LESS_OTHERS, change[follows], change[~follows]),
        _row("fans against others alike", parts[1].sum(), gap, error, np.inf),
    ]
    if "invited" in customers:
        require_values(customers, "invited")
        require_truths(customers, "invited")
        rows.append(_wald("at random", customers["invited"].to_numpy(bool), follows, after))
    return pd.DataFrame(rows).astype({"way": "str"})


def _panel(
    customers: pd.DataFrame,
    purchases: pd.DataFrame,
    opened_on: str | pd.Timestamp | None,
    before: int,
    after: int,
) -> Panel:
    """Return purchases per customer and week around the opening."""
    require_columns(customers, "customer_id", "followed_on")
    require_rows(customers)
    require_key(customers, "customer_id")
    followed = days_of(customers, "followed_on")
    follows = followed < NEVER
    if not follows.any() or follows.all():
        word = "nobody" if not follows.any() else "everybody"
        raise EmptyError(f"{word} follows, so there is nobody to compare with.")
    first = int(followed.min())
    if opened_on is not None:
        first = int(day_of("opened_on", opened_on).astype("M8[D]").astype("int64"))
    ids = customers[["customer_id"]].rename(columns={"customer_id": "fan_id"})
    known = known_fans(ids.assign(followed_on=np.datetime64(first, "D").astype("M8[us]")))
    _, who, day = bought_by(known, purchases)
    week = (day - first) // 7 + before
    inside = (week >= 0) & (week < before + after)
    cell = who[inside] * (before + after) + week[inside]
    counts = bincount(cell, minlength=len(customers) * (before + after))
    return Panel(counts.reshape(len(customers), -1).astype("float64"), follows)


def _cells(panel: Panel, before: int) -> np.ndarray:
    """Return a number for each customer, equal for equal purchases lately and before."""
    lately = panel.counts[:, before - RECENT : before].sum(axis=1)
    earlier = panel.counts[:, : before - RECENT].sum(axis=1)
    return pd.factorize(lately * 1e6 + earlier)[0]


def _weights(panel: Panel, before: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return cells, the fans who have others alike, and the weight of each of the others."""
    cell = _cells(panel, before)
    size = int(cell.max()) + 1
    fans = bincount(cell[panel.follows], minlength=size)
    others = bincount(cell[~panel.follows], minlength=size)
    kept = panel.follows & (others[cell] > 0)
    if not kept.any():
        raise EmptyError("no fan has others alike: nobody else had bought as often before.")
    weight = np.where(panel.follows, 0.0, fans[cell] / np.maximum(others[cell], 1))
    return cell, kept, weight


def _gap(
    values: np.ndarray, cell: np.ndarray, kept: np.ndarray, weight: np.ndarray
) -> tuple[float, float]:
    """Return the mean of fans less those alike, and its standard error."""
    other = weight > 0
    size = int(cell.max()) + 1
    count = np.maximum(bincount(cell[other], minlength=size), 1)
    mean = bincount(cell[other], values[other], size) / count
    mine = values[kept] - mean[cell[kept]]
    theirs = (values - mean[cell])[other]
    # What a cell's mean takes of each of its few, given back.
    theirs = theirs * np.sqrt(count / np.maximum(count - 1, 1))[cell[other]] * weight[other]
    square = ((mine - mine.mean()) ** 2).sum() + (theirs**2).sum()
    return float(mine.mean()), float(np.sqrt(square) / kept.sum())


def _against_alike(panel: Panel, before: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gap in each week, its error, and which fans were compared."""
    parts = _weights(panel, before)
    found = [_gap(column, *parts) for column in panel.counts.T]
    gap, error = np.array(found).T
    return gap, error, parts[1]


def _row(way: str, fans: int, effect: float, error: float, freedom: float) -> dict[str, object]:
    reach = float(t.ppf(0.975, freedom)) * error if freedom > 0 else np.nan
    ends = {"low": effect - reach, "high": effect + reach}
    return {"way": way, "fans": int(fans), "effect": effect, **ends}


def _one(way: str, values: np.ndarray) -> dict[str, object]:
    error = float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else np.nan
    return _row(way, len(values), float(values.mean()), error, len(values) - 1)


def _two(way: str, mine: np.ndarray, theirs: np.ndarray) -> dict[str, object]:
    gap = float(mine.mean() - theirs.mean())
    if min(len(mine), len(theirs)) < 2:
        return _row(way, len(mine), gap, np.nan, 0)
    error = float(np.hypot(*(one.std(ddof=1) / np.sqrt(len(one)) for one in (mine, theirs))))
    return _row(way, len(mine), gap, error, len(mine) + len(theirs) - 2)


def _wald(way: str, lot: np.ndarray, follows: np.ndarray, after: np.ndarray) -> dict[str, object]:
    """Return what the lot did to `after` over what it did to following."""
    side = lot - lot.mean()
    moved = float(side @ follows)
    if abs(moved) < 1e-12:
        return _row(way, follows.sum(), np.nan, np.nan, 0)
    effect = float(side @ after) / moved
    left = after - after.mean() - effect * (follows - follows.mean())
    error = float(np.sqrt(((side * left) ** 2).sum()) / abs(moved))
    return _row(way, follows.sum(), effect, error, len(after) - 2)
