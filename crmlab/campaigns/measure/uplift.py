"""Whom a campaign moves: uplift curves with their uncertainty, and what lists earn."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import names_of, require_at_least, require_positive, require_real
from crmlab._groups import bincount
from crmlab._intervals import Z
from crmlab.campaigns.trial import arms_of
from crmlab.errors import OutOfRangeError


def uplift_curve(
    scored: pd.DataFrame,
    *,
    score: str = "score",
    outcome: str = "bought",
    treated: str = "treated",
    points: int = 50,
    customer: str = "customer_id",
) -> pd.DataFrame:
    """Uplift curve (增益曲线): what treating the best so many would add, by a trial among them.

    Parameters
    ----------
    scored : DataFrame, one row per customer of a trial whose groups were drawn at random
        `score`, the best highest; `outcome` : number, or True and False; `treated` : bool
    score, outcome, treated, customer : str
    points : int, at least 2
        Lengths of the list, evenly from nobody to all. Equal scores stay together.

    Returns
    -------
    DataFrame, one row per length, shortest first
        asked : int64, customers on the list
        share : float64, of all
        uplift : float64, treated less control among them; missing for nobody, or without both
        extra : float64, uplift times asked: what treating the list would add
        low, high : float64, the 95% interval of `extra`
        qini : float64, what it added among those who were treated: Radcliffe's curve

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError
        If a column or a value is missing or of the wrong kind, or a customer stands twice.
    OutOfRangeError
        If everybody or nobody was treated, or `points` is below 2.

    See Also
    --------
    qini : the area as one number.
    uplift_profit : in money.
    crmlab.campaigns.plot.plot_uplift : draws this frame.

    Source
    ------
    Radcliffe, N. J. (2007), Using control groups to target on predicted lift, Direct Marketing
    Analytics Journal 1, 14-21.

    Examples
    --------
    >>> scored = pd.DataFrame({"score": [4, 3, 2, 1], "treated": [True, False] * 2,
    ...                        "bought": [True, False, True, True]})
    >>> uplift_curve(scored, points=3)[["asked", "extra", "qini"]]
       asked  extra  qini
    0      0    0.0   0.0
    1      2    2.0   1.0
    2      4    2.0   1.0
    """
    require_at_least("points", points, 2)
    frame, arm, y = arms_of(scored, score, treated=treated, outcome=outcome, customer=customer)
    sums = _sums(frame[score].to_numpy("float64"), arm, y)
    at = _even(sums[0], points)
    asked, n, m, one, other, one_2, other_2 = (column[at] for column in sums)
    with np.errstate(divide="ignore", invalid="ignore"):
        uplift = one / n - other / m
        error = np.sqrt(_spread(n, one, one_2) / n + _spread(m, other, other_2) / m)
    extra = np.where(asked == 0, 0.0, uplift * asked)
    reach = np.where(asked == 0, 0.0, Z * error * asked)
    return pd.DataFrame(
        {
            "asked": asked.astype(np.int64),
            "share": asked / len(y),
            "uplift": uplift,
            "extra": extra,
            "low": extra - reach,
            "high": extra + reach,
            "qini": radcliffe(n, m, one, other),
        }
    )


def uplift_profit(
    scored: pd.DataFrame,
    *,
    scores: list[str] | str = "score",
    margin: float,
    contact: float = 0.0,
    discount: float = 0.0,
    outcome: str = "bought",
    treated: str = "treated",
    points: int = 50,
    customer: str = "customer_id",
) -> pd.DataFrame:
    """Profit of treating the best so many, the contact and the discount of sure buyers paid.

    Whoever is treated costs a contact; whoever then buys gets the discount, moved or not. So a list
    of k customers earns
        k * (margin * uplift - discount * P(buys | treated) - contact),
    measured among the treated and the control group of the same list.

    Parameters
    ----------
    scored : DataFrame, one row per customer, as in `uplift_curve`, with the columns of `scores`
    scores : str or list of str
        Columns to rank by, the best highest.
    margin : float above 0
        Of a purchase, or of a unit of the outcome.
    contact, discount : float of 0 or more
        What a contact costs, and what each purchase of a treated customer is reduced by.
    outcome, treated, points, customer
        As in `uplift_curve`.

    Returns
    -------
    DataFrame, one row per score and length
        by : str, the score
        asked : int64; share : float64
        profit, low, high : float64, with the 95% interval of each length alone

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, OutOfRangeError
        As `uplift_curve`; also if an amount is below 0.

    See Also
    --------
    crmlab.campaigns.plot.plot_uplift_profit : draws this frame.

    Examples
    --------
    >>> scored = pd.DataFrame({"score": [4, 3, 2, 1], "treated": [True, False] * 2,
    ...                        "bought": [True, False, True, True]})
    >>> uplift_profit(scored, margin=10, contact=1, discount=2, points=3)["profit"].tolist()
    [0.0, 14.0, 8.0]
    """
    require_real(contact=contact, discount=discount)
    require_at_least("points", points, 2)
    require_positive("margin", margin)
    for name, amount in (("contact", contact), ("discount", discount)):
        if not 0 <= amount < np.inf:
            raise OutOfRangeError(f"{name} must be a finite number of 0 or more; got {amount!r}.")
    names = names_of("scores", scores)
    frame, arm, y = arms_of(scored, *names, treated=treated, outcome=outcome, customer=customer)
    worth = y * np.where(arm, margin - discount, margin)
    parts = []
    for name in names:
        sums = _sums(frame[name].to_numpy("float64"), arm, worth)
        asked, n, m, one, other, one_2, other_2 = (
            column[_even(sums[0], points)] for column in sums
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            each = one / n - other / m - contact
            error = np.sqrt(_spread(n, one, one_2) / n + _spread(m, other, other_2) / m)
        profit, reach = (np.where(asked == 0, 0.0, asked * part) for part in (each, Z * error))
        table = {"asked": asked.astype(np.int64), "share": asked / len(y), "profit": profit}
        parts.append(pd.DataFrame({"by": name, **table, "low": profit - reach}))
        parts[-1]["high"] = profit + reach
    return pd.concat(parts, ignore_index=True).astype({"by": "str"})


def uplift_groups(
    scored: pd.DataFrame,
    *,
    score: str = "score",
    groups: int = 10,
    outcome: str = "bought",
    treated: str = "treated",
    customer: str = "customer_id",
) -> pd.DataFrame:
    """Uplift foretold beside uplift measured, in groups of falling score (分组校准).

    Parameters
    ----------
    scored, score, outcome, treated, customer
        As in `uplift_curve`; the score foretells the uplift itself.
    groups : int, at least 2

    Returns
    -------
    DataFrame, one row per group, the highest score first
        group : int64, from 1
        customers : int64
        foretold : float64, mean score
        uplift, low, high : float64, with the 95% interval

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, OutOfRangeError
        As `uplift_curve`; also if a group has fewer than 2 treated or 2 in the control group.

    Examples
    --------
    >>> scored = pd.DataFrame({"score": [0.9] * 4 + [0.1] * 4, "treated": [True, False] * 4,
    ...                        "bought": [True, False, True, False, True, True, False, True]})
    >>> uplift_groups(scored, groups=2)[["foretold", "uplift"]]
       foretold  uplift
    0       0.9     1.0
    1       0.1    -0.5
    """
    require_at_least("groups", groups, 2)
    frame, arm, y = arms_of(scored, score, treated=treated, outcome=outcome, customer=customer)
    value = frame[score].to_numpy("float64")
    rank = pd.Series(-value).rank(method="average").to_numpy()
    group = np.minimum((rank - 0.5) / len(y) * groups, groups - 1).astype(np.int64)
    group = pd.factorize(group, sort=True)[0]
    cell, count = 2 * group + arm, int(group.max()) + 1
    n, total, squares = (
        bincount(cell, weight, 2 * count).reshape(-1, 2) for weight in (y * 0 + 1, y, y**2)
    )
    if n.min() < 2:
        raise OutOfRangeError(
            f"a group has {int(n.min())} of one side; ask for fewer groups than {groups}."
        )
    mean = total / n
    error = np.sqrt((_spread(n, total, squares) / n).sum(axis=1))
    uplift = mean[:, 1] - mean[:, 0]
    return pd.DataFrame(
        {
            "group": np.arange(1, count + 1),
            "customers": n.sum(axis=1).astype(np.int64),
            "foretold": bincount(group, value, count) / n.sum(axis=1),
            "uplift": uplift,
            "low": uplift - Z * error,
            "high": uplift + Z * error,
        }
    )


def ranked(score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the order of falling scores, and the last place of each score in it."""
    order = np.argsort(-score)
    falling = score[order]
    return order, np.append(np.flatnonzero(falling[1:] != falling[:-1]), len(falling) - 1)


def at_ends(values: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Return the values at these places, which are all where no two scores are equal."""
    return values if len(last) == len(values) else values[last]


def _sums(score: np.ndarray, arm: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return running counts and sums by falling score, one entry per score, zeros first.

    They are: customers, treated, control, outcomes of the treated and of the control, and the
    squared outcomes of both.
    """
    order, last = ranked(score)
    w, v = arm[order], y[order]

    def run(values: np.ndarray) -> np.ndarray:
        return np.append(0.0, at_ends(values.cumsum(dtype="float64"), last))

    asked, n = np.append(0.0, last + 1.0), run(w)
    one, every = run(np.where(w, v, 0.0)), run(v)
    one_2, every_2 = run(np.where(w, v**2, 0.0)), run(v**2)
    return asked, n, asked - n, one, every - one, one_2, every_2 - one_2


def _even(asked: np.ndarray, points: int) -> np.ndarray:
    """Return the places of `asked` nearest to even lengths, each once."""
    wanted = np.linspace(0, asked[-1], points)
    right = np.searchsorted(asked, wanted).clip(1, len(asked) - 1)
    left_is_nearer = wanted - asked[right - 1] <= asked[right] - wanted
    return np.unique(right - left_is_nearer)


def _spread(n: np.ndarray, total: np.ndarray, squares: np.ndarray) -> np.ndarray:
    """Return the variance of n values with this sum and sum of squares; missing below 2."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(n > 1, np.maximum(squares - total**2 / n, 0) / (n - 1), np.nan)


def radcliffe(n: np.ndarray, m: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return what treatment added among the treated, the control group scaled to their number."""
    return one - other * np.divide(n, m, out=np.zeros_like(m), where=m > 0)
