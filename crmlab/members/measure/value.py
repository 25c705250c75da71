"""What the records of the card are worth: treating members by them against treating all alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_numbers,
    require_once,
    require_values,
)
from crmlab._groups import bincount
from crmlab.errors import OutOfRangeError


@dataclass(frozen=True)
class AddedValue:
    """What `added_value` returns, money per member.

    uniform : str, the treatment that is best for all
    uniform_margin : float, its mean margin
    gain, low, high : float, what treating by group adds to it, with a 95% interval
    optimistic_gain : float, the same judged on the members who chose the treatments: too large
    plan : DataFrame, one row per group: group, treatment, members, margin
    """

    uniform: str
    uniform_margin: float
    gain: float
    low: float
    high: float
    optimistic_gain: float
    plan: pd.DataFrame


def added_value(
    trial: pd.DataFrame,
    *,
    group: str = "quadrant",
    treatment: str = "treatment",
    margin: str = "margin",
    customer: str = "customer_id",
) -> AddedValue:
    """Gain of a treatment for each group over the best treatment for all, from a randomised trial.

    Whoever picks the best of several means picks luck as well. So the members are cut into two
    halves (every second one of each group and treatment, by customer id): each half is judged
    by the plan that the *other* half chose. Where treatments are hardly apart the halves may
    choose lesser plans; the gain is then theirs, not that of the best plan there is.

    Parameters
    ----------
    trial : DataFrame, one row per member, the treatment drawn at random
        `group`, `treatment`, `margin` (its cost taken off) and `customer`
    group, treatment, margin, customer : str
        Columns.

    Returns
    -------
    AddedValue

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, or a member is there twice.
    OutOfRangeError
        If there are fewer than 2 treatments, or fewer than 4 members of a group with one of them.

    See Also
    --------
    crmlab.members.simulate.simulate_treatments : a trial with a planted gain.

    Source
    ------
    Reading "added value" (附加价值) as the gain of knowing is crmlab's: the course names it
    without a measure. Judging by the other half: Chernozhukov and others (2018),
    doi:10.1111/ectj.12097.

    Examples
    --------
    >>> from crmlab.members.simulate import simulate_treatments
    >>> trial, truth = simulate_treatments(20_000, seed=1)
    >>> found = added_value(trial)
    >>> found.low < 8.2 < found.high
    True
    """
    columns = {"group": group, "treatment": treatment, "margin": margin, "customer": customer}
    require_columns(trial, **columns)
    require_values(trial, *columns.values())
    require_numbers(trial, margin)
    require_once(trial, customer, "the trial")
    require_at_least("the number of members", len(trial), 1)
    ordered = trial.sort_values(customer, kind="stable")
    groups, names = pd.factorize(ordered[group], sort=True)
    arms, kinds = pd.factorize(ordered[treatment], sort=True)
    require_at_least("the number of treatments", len(kinds), 2)
    cell = groups * len(kinds) + arms
    shape = len(names), len(kinds)
    size = bincount(cell, minlength=len(names) * len(kinds))
    if size.min() < 4:
        g, a = divmod(int(size.argmin()), len(kinds))
        raise OutOfRangeError(
            f"only {size.min()} member(s) of {group} {names[g]} had {kinds[a]!r}; each group "
            "needs at least 4 with each treatment. Join small groups first."
        )
    money = ordered[margin].to_numpy("float64")
    half = pd.Series(cell).groupby(cell).cumcount().to_numpy() % 2
    share = bincount(groups) / len(groups)

    halves = [_cells(cell[half == one], money[half == one], shape) for one in (0, 1)]
    found = [_judge(halves[1 - one][0], *halves[one], share) for one in (0, 1)]
    by_group = np.mean([each[0] for each in found], axis=0)
    gain = float(share @ by_group)
    # The members are a sample as well: their shares of the groups vary, not the money alone.
    of_shares = (share @ by_group**2 - gain**2) / len(groups)
    error = float(np.sqrt(sum(each[1] for each in found) / 4 + of_shares))
    mean = _cells(cell, money, shape)[0]
    best = mean.argmax(axis=1)
    overall = share @ mean
    plan = pd.DataFrame(
        {
            "group": names,
            "treatment": pd.Series(np.asarray(kinds)[best], dtype="str"),
            "members": bincount(groups).astype("int64"),
            "margin": mean[np.arange(len(names)), best],
        }
    )
    reach = norm.ppf(0.975) * error
    return AddedValue(
        uniform=str(kinds[int(overall.argmax())]),
        uniform_margin=float(overall.max()),
        gain=gain,
        low=float(gain - reach),
        high=float(gain + reach),
        optimistic_gain=float(share @ mean.max(axis=1) - overall.max()),
        plan=plan,
    )


def _cells(
    cell: np.ndarray, money: np.ndarray, shape: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean of each group and treatment, and the variance of that mean."""
    n = bincount(cell, minlength=shape[0] * shape[1])
    mean = bincount(cell, money, minlength=len(n)) / n
    square = bincount(cell, (money - mean[cell]) ** 2, minlength=len(n))
    return mean.reshape(shape), (square / (n - 1) / n).reshape(shape)


def _judge(
    chosen_by: np.ndarray, mean: np.ndarray, variance: np.ndarray, share: np.ndarray
) -> tuple[np.ndarray, float]:
    """Return each group's gain by a plan that other members chose, and the variance of the mean."""
    one, own = int((share @ chosen_by).argmax()), chosen_by.argmax(axis=1)
    row = np.arange(len(share))
    differs = own != one
    spread = variance[row, own] + variance[:, one]
    return mean[row, own] - mean[:, one], float((share**2 * spread) @ differs)
