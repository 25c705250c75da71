"""Members who are contacted more or less often, at random: some answer, some leave for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_list, require_positive, stream_of
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

INTERVALS = (7, 14, 21, 28, 42, 56, 84)


@dataclass(frozen=True)
class Patience:
    """How members take being contacted, and what the firm earns: the numbers of the model.

    mean_gap_days : days between a member's purchases of their own accord
    answer : share who answer a contact after a long silence
    refresh_days : days in which interest comes back
    leave : share who leave for good at a contact right after another
    forgive_days : days in which a contact is forgiven
    margin : money per purchase; cost : money per contact
    """

    mean_gap_days: float = 60.0
    answer: float = 0.30
    refresh_days: float = 15.0
    leave: float = 0.15
    forgive_days: float = 10.0
    margin: float = 40.0
    cost: float = 1.0

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            require_positive(name, value)
        for name in ("answer", "leave"):
            if getattr(self, name) > 1:
                raise OutOfRangeError(f"{name} must be a share; got {getattr(self, name)!r}.")

    def expected(self, interval: np.ndarray, days: int) -> dict[str, np.ndarray]:
        """Return the closed forms of `simulate_contacts` for each interval, per member."""
        interval = np.asarray(interval, dtype="float64")
        most = days // interval
        loss = self.leave * np.exp(-interval / self.forgive_days)
        # Of a chance below 1e-16 one less it keeps nothing, and below 1e-308 there is none.
        left = -np.expm1(most * np.log1p(-loss))
        contacts = np.divide(left, loss, out=most.astype("float64"), where=loss > 0)
        active = interval * contacts + (days - most * interval) * (1 - left)
        answers = contacts * self.answer * (1 - np.exp(-interval / self.refresh_days))
        profit = self.margin * (answers + active / self.mean_gap_days) - self.cost * contacts
        return {"contacts": contacts, "left": left, "profit": profit}


def simulate_contacts(
    n: int,
    *,
    intervals: Sequence[int] = INTERVALS,
    patience: Patience | None = None,
    days: int = 364,
    seed: Seed,
) -> Simulated:
    """Simulate a test of how often to contact members, each one's interval drawn at random.

    Model
    -----
    A member is contacted every d days, d one of `intervals`, until they leave or the days are
    over. With the numbers of `Patience`: a contact is answered with a purchase with probability
        answer * (1 - exp(-d / refresh_days)),
    and after it the member leaves for good with probability q = leave * exp(-d / forgive_days).
    Until they leave, they also buy of their own accord, at a rate of 1 / mean_gap_days. With
    K = days // d and s = 1 - q, a member is contacted (1 - s**K) / q times on average, stays a
    member for d (1 - s**K) / q + (days - K d) s**K days, and leaves with probability 1 - s**K.
    Nothing in this ties the best interval to the mean gap.

    Parameters
    ----------
    n : int
        Members, at least 1.
    intervals : whole days, at least 1
    patience : Patience, by default `Patience()`
    days : int
        Length of the test, at least 1.
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per member
        customer_id, interval_days, contacts, answers, purchases : int64; purchases counts
            answers and those of their own accord
        left : bool
        member_days : int64, days in which they were a member
        profit : float64, margin of the purchases less the cost of the contacts
    truth : DataFrame, one row per interval
        interval_days : int64
        contacts, left, profit : float64, expected per member

    Raises
    ------
    OutOfRangeError
        If `n`, `days` or one of `intervals` is below 1, there are no `intervals`, or `seed` is no
        seed.

    See Also
    --------
    crmlab.members.measure.contact_test : reads such a test.

    Examples
    --------
    >>> data, truth = simulate_contacts(1_000, seed=1)
    >>> truth.loc[truth["profit"].idxmax(), "interval_days"]
    np.int64(28)
    """
    require_at_least("n", n, 1)
    require_at_least("days", days, 1)
    require_list("intervals", intervals, "[7, 14, 28]")
    for interval in intervals:
        require_at_least("every interval", interval, 1)
    arms = np.unique(np.array([*intervals], dtype=np.int64))
    if not arms.size:
        raise OutOfRangeError("intervals must hold at least one number of days.")
    patience = patience or Patience()
    rng = stream_of(seed, "simulate_contacts")

    interval = rng.choice(arms, n)
    leave = patience.leave * np.exp(-interval / patience.forgive_days)
    most = days // interval
    # The contact after which they leave is geometric.
    last = rng.geometric(np.maximum(leave, 1e-300))
    contacts = np.minimum(last, most)
    left = last <= most
    stayed = np.where(left, last * interval, days)
    chance = patience.answer * (1 - np.exp(-interval / patience.refresh_days))
    answers = rng.binomial(contacts, chance)
    purchases = answers + rng.poisson(stayed / patience.mean_gap_days)
    data = {
        "customer_id": np.arange(n),
        "interval_days": interval,
        "contacts": contacts,
        "answers": answers,
        "purchases": purchases,
        "left": left,
        "member_days": stayed,
        "profit": patience.margin * purchases - patience.cost * contacts,
    }
    truth = {"interval_days": arms, **patience.expected(arms, days)}
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))
