"""The week in which an account opens: who follows, and what everybody bought before and after."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab._groups import bincount, repeat
from crmlab.errors import OutOfRangeError

OPENS = np.datetime64("2024-01-01")
SHAPE, MEAN = 1.5, 0.25
RECENT = 4


class Launch(NamedTuple):
    """The customers of a shop, their purchases, and what only the simulator knows."""

    customers: pd.DataFrame
    purchases: pd.DataFrame
    truth: pd.DataFrame


def simulate_launch(
    n: int,
    *,
    effect: float = 0.0,
    drawn: float = 0.2,
    invited: float = 0.5,
    weeks_before: int = 52,
    weeks_after: int = 26,
    seed: Seed,
) -> Launch:
    """Simulate `n` customers before and after a shop opens its account, in one week.

    Model
    -----
    A customer buys in a week a Poisson number of times, of mean rate ~ Gamma(1.5), .25 a week on
    average. In the week of the opening each follows with the chance
        1 - exp(-(.05 + drawn * purchases of the last 4 weeks + invited if invited))
    where a half, drawn at random, is invited at the till. Who follows buys from then on at
    rate + effect. So fans are those who buy much, *and* those who have just bought more than they
    usually do: after that week the second have nothing to repeat it by.

    Parameters
    ----------
    n : int, at least 1
    effect : float, 0 or more
        Purchases a week that following causes.
    drawn, invited : float, 0 or more
    weeks_before, weeks_after : int, at least 4 and 1
        The account opens on 2024-01-01, a Monday.
    seed : int, SeedSequence or Generator
        Same seed, same customers.

    Returns
    -------
    customers : DataFrame: customer_id; invited : bool; followed_on : datetime64[us], a day of the
        week of the opening, missing for who does not follow
    purchases : DataFrame: customer_id, date, by customer and date
    truth : DataFrame: customer_id; rate_per_week : float64, without the effect

    Raises
    ------
    OutOfRangeError
        If `n` or `weeks_after` is below 1, `weeks_before` below 4, `effect`, `drawn` or `invited`
        below 0, or `seed` is no seed.

    See Also
    --------
    crmlab.social.measure.event_study, crmlab.social.measure.follow_effect

    Examples
    --------
    >>> launch = simulate_launch(1_000, seed=1)
    >>> len(launch.customers)
    1000
    """
    require_real(effect=effect, drawn=drawn, invited=invited)
    require_at_least("n", n, 1)
    require_at_least("weeks_before", weeks_before, RECENT)
    require_at_least("weeks_after", weeks_after, 1)
    for name, value in {"effect": effect, "drawn": drawn, "invited": invited}.items():
        if not 0 <= value < np.inf:
            raise OutOfRangeError(f"{name} must be 0 or more; got {value!r}.")
    rng = stream_of(seed, "simulate_launch")
    rate = rng.gamma(SHAPE, MEAN / SHAPE, n)
    before = _bought(rng, rate, -weeks_before, 0)
    lately = bincount(before[0][before[1] >= -7 * RECENT], minlength=n)
    asked = rng.permutation(n) % 2 == 0
    hazard = 0.05 + drawn * lately + invited * asked
    follows = rng.random(n) < -np.expm1(-hazard)
    day = rng.integers(0, 7, n)
    after = _bought(rng, rate, 0, weeks_after)
    extra = _bought(rng, effect * follows, 0, weeks_after)
    who, when = (np.concatenate(parts) for parts in zip(before, after, extra, strict=True))
    order = np.lexsort([when, who])
    number = np.arange(1, n + 1)
    followed = pd.Series((OPENS + day.astype("m8[D]")).astype("M8[us]")).where(follows)
    customers = {"customer_id": number, "invited": asked, "followed_on": followed}
    dates = (OPENS + when[order].astype("m8[D]")).astype("M8[us]")
    return Launch(
        pd.DataFrame(customers),
        pd.DataFrame({"customer_id": number[who[order]], "date": dates}),
        pd.DataFrame({"customer_id": number, "rate_per_week": rate}),
    )


def _bought(
    rng: np.random.Generator, rate: np.ndarray, begin: int, end: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return who bought, and on which day from the opening, in the weeks from begin to end."""
    who = repeat(np.arange(len(rate)), rng.poisson(rate * (end - begin)))
    return who, rng.integers(7 * begin, 7 * end, len(who))
