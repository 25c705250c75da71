"""Who joins the club, month by month: a policy keeps some out, and the market changes by itself."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab._groups import repeat
from crmlab._shapes import Simulated
from crmlab._words import N_
from crmlab.errors import OutOfRangeError

AGES = (N_("under 25"), "25-34", "35-44", "45-54", N_("55 and over"))
INCOMES = ("low", "middle", "high")
OCCUPATIONS = ("student", "clerk", "skilled", "manager", "retired")
REGIONS = ("north", "east", "south", "west")
STORES = ("shop 1", "shop 2", "shop 3", "web shop")
ATTRIBUTES = ("gender", "age_band", "region", "occupation", "income_band", "opened_in")

_AGE = np.array([0.20, 0.32, 0.24, 0.15, 0.09])
# By age: how incomes and occupations are spread.
_INCOME = np.array(
    [[0.6, 0.35, 0.05], [0.3, 0.5, 0.2], [0.25, 0.5, 0.25], [0.25, 0.5, 0.25], [0.45, 0.4, 0.15]]
)
_WORK = np.array(
    [
        [0.70, 0.20, 0.09, 0.01, 0.00],
        [0.08, 0.45, 0.32, 0.15, 0.00],
        [0.00, 0.38, 0.37, 0.25, 0.00],
        [0.00, 0.35, 0.35, 0.27, 0.03],
        [0.00, 0.08, 0.12, 0.10, 0.70],
    ]
)
_REGION = np.array([0.2, 0.4, 0.25, 0.15])
_STORE = np.array([0.3, 0.25, 0.2, 0.25])


def simulate_members(
    n: int,
    *,
    months: int = 24,
    policy_from: int | None = 13,
    admitted_low: float = 0.3,
    change_from: int | None = None,
    change: float = 0.05,
    start: str = "2023-01",
    seed: Seed,
) -> Simulated:
    """Simulate who joins a cosmetics brand's club, before and after a harder entry rule.

    Model
    -----
    Each month `n` people ask for a card. Income and occupation depend on age; gender
    (85 % women), region and store are independent of everything. From month `policy_from` on, of
    those with a low income only a share `admitted_low` gets a card. From month `change_from` on,
    the market grows younger by itself: the odds of the youngest against the oldest of the five
    age bands are multiplied by exp(4 * change) each month, those between in proportion. So the
    policy moves income, and with it age and occupation; the change moves age, and with it income
    and occupation; neither touches gender, region and store.

    Parameters
    ----------
    n : int
        People who ask each month, at least 1.
    months : int, at least 1
    policy_from, change_from : int, month from 1, or None for never
    admitted_low : float in [0, 1]
    change : float
        0 or more.
    start : str, "YYYY-MM"
        The first month.
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per member who got a card, by month
        customer_id : int64
        joined_on : datetime64[us]
        gender, age_band, region, occupation, income_band, opened_in : str
    truth : DataFrame, one row per person who asked, those refused included
        customer_id : int64
        month : int64, from 1
        admitted : bool
        policy, changing : bool, whether the rule was in force, and the market on the move

    Raises
    ------
    OutOfRangeError
        If `n`, `months`, `policy_from` or `change_from` is below 1, `admitted_low` lies outside
        [0, 1], `change` is below 0, `start` is no month, or `seed` is no seed.

    See Also
    --------
    crmlab.members.measure.profile_drift : tells drift from luck.

    Examples
    --------
    >>> data, truth = simulate_members(100, months=2, policy_from=2, admitted_low=0, seed=1)
    >>> data.loc[data["joined_on"] >= "2023-02-01", "income_band"].eq("low").any()
    np.False_
    """
    require_real(admitted_low=admitted_low, change=change)
    require_at_least("n", n, 1)
    require_at_least("months", months, 1)
    for name, value in (("policy_from", policy_from), ("change_from", change_from)):
        if value is not None:
            require_at_least(name, value, 1)
    if not 0 <= admitted_low <= 1:
        raise OutOfRangeError(f"admitted_low must be a share in [0, 1]; got {admitted_low!r}.")
    if not 0 <= change < np.inf:
        raise OutOfRangeError(f"change must be a finite number of 0 or more; got {change!r}.")
    first = _month(start)
    rng = stream_of(seed, "simulate_members")

    total, month = n * months, repeat(np.arange(1, months + 1), n)
    never = months + 1
    steps = np.maximum(month - (change_from or never) + 1, 0)
    age = _pick(rng, _AGE * np.exp(-change * steps[:, None] * np.arange(5)))
    income = _pick(rng, _INCOME[age])
    person = {
        "gender": np.where(rng.random(total) < 0.85, "woman", "man"),
        "age_band": np.array(AGES)[age],
        "region": np.array(REGIONS)[rng.choice(4, total, p=_REGION)],
        "occupation": np.array(OCCUPATIONS)[_pick(rng, _WORK[age])],
        "income_band": np.array(INCOMES)[income],
        "opened_in": np.array(STORES)[rng.choice(4, total, p=_STORE)],
    }
    policy = month >= (policy_from or never)
    admitted = ~policy | (income > 0) | (rng.random(total) < admitted_low)
    begins = (first + month - 1).astype("M8[D]")
    length = ((first + month).astype("M8[D]") - begins).astype("int64")
    joined = begins + np.floor(rng.random(total) * length).astype("int64")
    data = pd.DataFrame(
        {"customer_id": np.arange(1, total + 1), "joined_on": joined.astype("M8[us]")}
    )
    data = data.assign(**{name: pd.Series(words, dtype="str") for name, words in person.items()})
    truth = pd.DataFrame(
        {
            "customer_id": np.arange(1, total + 1),
            "month": month,
            "admitted": admitted,
            "policy": policy,
            "changing": month >= (change_from or never),
        }
    )
    return Simulated(data[admitted].reset_index(drop=True), truth)


def _month(start: str) -> np.datetime64:
    try:
        return np.datetime64(start, "M")
    except (TypeError, ValueError) as error:
        raise OutOfRangeError(f"start must be a month such as '2023-01'; got {start!r}.") from error


def _pick(rng: np.random.Generator, weights: np.ndarray) -> np.ndarray:
    """Return one column for each row of `weights`, at random."""
    upto = weights.cumsum(axis=1)
    return (rng.random((len(weights), 1)) * upto[:, -1:] >= upto[:, :-1]).sum(axis=1)
