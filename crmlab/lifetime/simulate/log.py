"""The story of `simulate_purchases` as arrays, for those who draw millions of purchases."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv, gammaincinv

from crmlab._checks import require_at_least, require_positive, require_probability
from crmlab._groups import repeat
from crmlab.errors import OutOfRangeError


class Log(NamedTuple):
    """Every purchase, and what drives each customer; days are counted from the first one.

    customer, day  int64, one for each purchase, by both
    amount         float64, money to cents, one for each purchase
    joined         int64, day of each customer's first purchase
    per_week, chance, mean_ticket  float64, the customers' hidden traits
    dropped        bool, whether the customer dropped out within the window
    """

    customer: np.ndarray
    day: np.ndarray
    amount: np.ndarray
    joined: np.ndarray
    per_week: np.ndarray
    chance: np.ndarray
    mean_ticket: np.ndarray
    dropped: np.ndarray


class Refunds(NamedTuple):
    """Which rows are given back, and how many days later."""

    row: np.ndarray
    days_later: np.ndarray


def purchase_log(
    rng: np.random.Generator,
    n: int,
    *,
    rate: tuple[float, float],
    dropout: tuple[float, float],
    ticket: tuple[float, float, float],
    n_days: int,
    joining_days: int,
    season: ArrayLike | None = None,
    stratified: bool = False,
    stays: bool = False,
) -> Log:
    """Return the purchases of `simulate_purchases`, by the same model and with the same errors.

    With `stays` nobody drops out: all is there that each customer would ever buy, and no number
    that is drawn depends on the law of dropping out but the customers' own chances.
    """
    require_at_least("n", n, 1)
    require_at_least("joining_days", joining_days, 1)
    require_at_least("n_days", n_days, joining_days)
    for name, value in (("rate", rate), ("dropout", dropout), ("ticket", ticket)):
        for parameter in value:
            require_positive(f"every parameter of {name}", parameter)
    busy_until = _clock(season, n_days)

    per_week, chance, nu, joined = _traits(rng, n, rate, dropout, ticket, stratified)
    joined *= joining_days
    customer, day, dropped = _purchase_days(
        rng, joined, per_week / 7, np.zeros(n) if stays else chance, busy_until
    )
    amount = np.maximum(rng.gamma(ticket[0], size=len(day)) / nu[customer], 0.01).round(2)
    joined_on = joined.astype(np.int64)
    return Log(customer, day, amount, joined_on, per_week, chance, ticket[0] / nu, dropped)


def refunded_rows(rng: np.random.Generator, n: int, *, share: float, within_days: int) -> Refunds:
    """Return which of `n` purchases are given back, and when: see `simulate_refunds`."""
    require_probability("share", share)
    require_at_least("within_days", within_days, 1)
    row = np.flatnonzero(rng.random(n) < share)
    return Refunds(row, rng.integers(1, within_days, len(row), endpoint=True))


def _clock(season: ArrayLike | None, n_days: int) -> np.ndarray:
    """Return the busyness summed up to the start of each day, and to the window's end."""
    weights = np.ones(n_days) if season is None else np.asarray(season, dtype=float)
    if weights.shape != (n_days,) or not (weights >= 0).all():
        raise OutOfRangeError(
            f"season must be {n_days} numbers of 0 or more, one for each day; got "
            f"{weights.size}, the smallest {weights.min(initial=np.inf):g}."
        )
    return np.concatenate([[0.0], weights.cumsum()])


def _traits(
    rng: np.random.Generator,
    n: int,
    rate: tuple[float, float],
    dropout: tuple[float, float],
    ticket: tuple[float, float, float],
    stratified: bool,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return each customer's weekly rate, dropout probability, scale of amounts, joining in (0, 1).

    Stratified, each is the inverse of its law at levels of which every n-th part holds one.
    """
    (r, alpha), (a, b), (_, q, v) = rate, dropout, ticket
    if not stratified:
        return rng.gamma(r, 1 / alpha, n), rng.beta(a, b, n), rng.gamma(q, 1 / v, n), rng.random(n)
    pace, loss, size, joined = ((rng.permutation(n) + rng.random(n)) / n for _ in range(4))
    return gammaincinv(r, pace) / alpha, betaincinv(a, b, loss), gammaincinv(q, size) / v, joined


def _purchase_days(
    rng: np.random.Generator,
    joined: np.ndarray,
    per_day: np.ndarray,
    chance: np.ndarray,
    busy_until: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return customer and day of every purchase, and who dropped out.

    Given their number, the times of a Poisson process are uniform; a customer makes the first
    few of them, up to the one after which they drop out.
    """
    n, days = len(joined), np.arange(len(busy_until))
    since = np.interp(joined, days, busy_until)
    span = busy_until[-1] - since
    would_make = rng.poisson(per_day * span)
    never = np.full(n, np.iinfo(np.int64).max)
    last_made = rng.geometric(np.maximum(chance, 1e-12)) if chance.any() else never
    makes = np.minimum(would_make, last_made)

    owner = repeat(np.arange(n), would_make)
    # One sort puts every customer's uniforms in order.
    level = np.sort(owner + rng.random(len(owner))) - owner
    if last_made is not never:
        place = np.arange(len(owner)) - repeat(np.cumsum(would_make) - would_make, would_make)
        made = place < makes[owner]
        owner, level = owner[made], level[made]

    customer = repeat(np.arange(n, dtype=np.int64), makes + 1)
    time = np.empty(len(customer))
    time[np.cumsum(makes + 1) - makes - 1] = joined
    # Before a repeat purchase stand the first ones of its owner and of all before.
    repeats = np.arange(1, len(owner) + 1) + owner
    time[repeats] = _times(since[owner] + level * span[owner], busy_until)
    # Rounding may carry a time to the very end of the window, which is the next day.
    return customer, np.minimum(time.astype(np.int64), len(days) - 2), last_made <= would_make


def _times(busy: np.ndarray, busy_until: np.ndarray) -> np.ndarray:
    """Return the times, in days, at which the busyness has come to `busy`, as `np.interp` does.

    A fine grid says where to look, several times as fast as a search for each, unless some days
    are so quiet that two of them begin in one of its cells.
    """
    days, cells = len(busy_until) - 1, 4 * (len(busy_until) - 1)
    width, step = busy_until[-1] / cells, np.diff(busy_until)
    if step.min() <= width:
        return np.interp(busy, busy_until, np.arange(days + 1))
    grid = np.searchsorted(busy_until, np.arange(cells) * width, side="right") - 1
    day = grid[np.minimum((busy / width).astype(np.int32), cells - 1)]
    day += busy >= busy_until[day + 1]
    day = np.minimum(day, days - 1)
    return (busy - busy_until[day]) * (1 / step)[day] + day
