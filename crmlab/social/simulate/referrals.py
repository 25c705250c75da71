"""Who brought whom to the firm, and what for."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._chance import Chance
from crmlab._checks import Seed, require_columns, stream_of
from crmlab.social.simulate.fans import require_share, words_at

REASONS = {"content": 0.3, "campaign": 0.5, "other": 0.2}
PAST = ("gone_on", "failed_on", "followed_on", "unfollowed_on", "returned_on")
CONTENT_OF_FANS, FANS_BRING, SORE_BRING, FAMILIAR = 0.6, 3.0, 0.3, 180.0
# Days are parted by this many, so that a customer and a day are one number.
SPAN = 100_000
MOST, TRIES = 1.1 * FANS_BRING, 128


def simulate_referrals(
    customers: pd.DataFrame,
    *,
    purchases: pd.DataFrame | None = None,
    share: float = 0.3,
    seed: Seed,
) -> pd.DataFrame:
    """Return who was brought by whom: exactly the rounded `share` of the new customers.

    Nobody is brought on a day when no earlier customer is still there.

    Model
    -----
    Those brought are drawn at random among all but the first to join; each was brought by one of
    those who joined before, all equally likely, for content .3, a campaign .5 or another reason .2.
    Where customers have a past, only those still there can bring others, and do so with weight
        (0.1 + min(tenure, 180 days) / 180 days) * 0.3 after a failed purchase * 3 while a fan
    where the tenure is the time from joining to the last of the `purchases` before that day, so
    that who came once brings few. Then only fans bring somebody for content (.6 of whom they
    bring); the rest of the reasons keep their proportion.

    Parameters
    ----------
    customers : DataFrame, one row per customer, in the order of joining: customer_id, joined_on
        And, with purchases, the days from when (NaT: never) they are gone, had a failure, began
        to follow, ceased to and returned: gone_on, failed_on, followed_on, unfollowed_on and
        returned_on.
    purchases : DataFrame with customer_id and date, optional
    share : float in [0, 1]
    seed : int, SeedSequence or Generator

    Returns
    -------
    DataFrame, one row per customer who was brought, in the order of joining
        customer_id, referred_by : int64
        referred_on : datetime64[us], the day of joining
        reason : str

    Raises
    ------
    OutOfRangeError
        If `share` is no share, or `seed` is no seed.
    MissingColumnsError
        If a column is missing.
    """
    require_columns(customers, "customer_id", "joined_on")
    past = () if purchases is None else PAST
    require_columns(customers, *past)
    require_share("share", share)
    chance = Chance(stream_of(seed, "simulate_referrals"))
    n, number = len(customers), customers["customer_id"].to_numpy()
    brought = np.sort(1 + chance("brought", number[1:]).argsort()[: round(share * n)])
    days = {name: _or_never(customers[name]) for name in ("joined_on", *past)}
    log = None if purchases is None else _bought(number, purchases)
    by = _referrers(chance, number, brought, days, log)
    brought, by = brought[by >= 0], by[by >= 0]
    today, place = days["joined_on"][brought], [*REASONS]
    reason = chance.place("reason", number[brought], REASONS.values())
    if past:
        fan = _follows(by, today, days)
        kinds = (CONTENT_OF_FANS, 1 - CONTENT_OF_FANS), (0.0, 1.0)
        content = [chance.place("content", number[brought], kind) == 0 for kind in kinds]
        rest = REASONS["campaign"], REASONS["other"]
        other = 1 + chance.place("reason", number[brought], rest)
        reason = np.where(np.where(fan, *content), place.index("content"), other)
    return pd.DataFrame(
        {
            "customer_id": number[brought],
            "referred_by": number[by],
            "referred_on": customers["joined_on"].to_numpy("M8[us]")[brought],
            "reason": words_at(place, reason),
        }
    )


def _bought(number: np.ndarray, purchases: pd.DataFrame) -> np.ndarray:
    """Return who bought on which day as one number, sorted."""
    row = pd.Index(number).get_indexer(pd.Index(purchases["customer_id"]))
    return np.sort(row * SPAN + purchases["date"].to_numpy("M8[D]").astype(np.int64))


def _follows(one: np.ndarray, today: np.ndarray, days: dict[str, np.ndarray]) -> np.ndarray:
    """Return whether each follows the account on the day."""
    away = (days["unfollowed_on"][one] <= today) & (days["returned_on"][one] > today)
    return (days["followed_on"][one] <= today) & ~away


def _referrers(
    chance: Chance,
    number: np.ndarray,
    brought: np.ndarray,
    days: dict[str, np.ndarray],
    log: np.ndarray | None,
) -> np.ndarray:
    """Return who brought each, -1 for nobody: earlier customers are proposed until one is taken."""
    by, open_ = np.full(len(brought), -1), np.arange(len(brought))
    for turn in range(TRIES):
        if not len(open_):
            break
        late = brought[open_]
        key = number[late] * TRIES + turn
        one = np.floor(chance("by", key) * late).astype(np.int64)
        takes = chance("accepts", key) * MOST < _weight(one, days["joined_on"][late], days, log)
        by[open_[takes]] = one[takes]
        open_ = open_[~takes]
    # Hardly anybody is left: the last to have joined who is still there, if anybody is.
    for place in open_.tolist():
        late = np.full(brought[place], brought[place])
        there = _weight(np.arange(brought[place]), days["joined_on"][late], days, log) > 0
        by[place] = np.flatnonzero(there)[-1] if there.any() else -1
    return by


def _weight(
    one: np.ndarray, today: np.ndarray, days: dict[str, np.ndarray], log: np.ndarray | None
) -> np.ndarray:
    """Return how likely each is to bring somebody on the day."""
    if log is None:
        return np.full(len(one), MOST)
    # Everybody has bought on joining, so there is a purchase to be found.
    place = np.searchsorted(log, one * SPAN + today.astype(np.int64), side="right") - 1
    tenure = log[place] % SPAN - days["joined_on"][one].astype(np.int64)
    weight = 0.1 + np.minimum(tenure, FAMILIAR) / FAMILIAR
    weight *= np.where(_follows(one, today, days), FANS_BRING, 1.0)
    weight *= np.where(days["failed_on"][one] < today, SORE_BRING, 1.0)
    return np.where(days["gone_on"][one] < today, 0.0, weight)


def _or_never(day: pd.Series) -> np.ndarray:
    """Return the days of a column, with one too far to come where there is none."""
    days = day.to_numpy("M8[D]")
    return np.where(np.isnat(days), np.datetime64("2150-01-01"), days)
