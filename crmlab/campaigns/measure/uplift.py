"""Whom a campaign moves: uplift and Qini curves with their uncertainty, and what lists earn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlab._checks import Seed, names_of, require_at_least, require_positive, stream_of
from crmlab._groups import bincount
from crmlab._intervals import Z
from crmlab.campaigns.trial import arms_of
from crmlab.errors import OutOfRangeError

_GROUPS = 100


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
            "qini": _radcliffe(n, m, one, other),
        }
    )


@dataclass(frozen=True)
class Qini:
    """Area between the Qini curve and the line of a random list, with its uncertainty."""

    area: float
    coefficient: float
    low: float
    high: float
    noise: float
    p_value: float


def qini(
    scored: pd.DataFrame,
    *,
    score: str = "score",
    outcome: str = "bought",
    treated: str = "treated",
    draws: int = 500,
    customer: str = "customer_id",
    seed: Seed,
) -> Qini:
    """Return the Qini coefficient (基尼式增益系数) of a score, with its 95% interval.

    The area between the curve and a straight line, over that of a score that knows every answer.
    A score that is noise has an area too, one as often above the line as below it: `noise` is the
    width of what such scores reach, in the same unit, and `p_value` how often they reach further.

    Parameters
    ----------
    scored, score, outcome, treated, customer
        As in `uplift_curve`; here outcomes are True and False, or 1 and 0.
    draws : int, at least 50
        Resampled worlds behind the interval, and scores that are noise.
    seed : int, SeedSequence or Generator

    Returns
    -------
    Qini
        area : float, extra responders among the treated times customers
        coefficient, low, high : float
        noise : float, what 95% of scores that are noise stay within, on either side
        p_value : float, two-sided

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError
        As `uplift_curve`.
    OutOfRangeError
        As `uplift_curve`; also if an outcome is neither 0 nor 1, or nobody or everybody responds.

    Source
    ------
    As `uplift_curve`; scaled as in scikit-uplift's `qini_auc_score`, which it equals. The interval
    resamples customers in a hundred groups of rising score (Efron and Tibshirani 1993).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> scored = pd.DataFrame({"score": rng.random(4_000), "treated": rng.random(4_000) < 0.5})
    >>> scored["bought"] = rng.random(4_000) < scored["score"] * (0.2 + 0.3 * scored["treated"])
    >>> found = qini(scored, seed=1)
    >>> found.low > 0, found.p_value < 0.05
    (True, True)
    """
    require_at_least("draws", draws, 50)
    frame, arm, y = arms_of(scored, score, treated=treated, outcome=outcome, customer=customer)
    if not np.isin(y, [0, 1]).all() or y.min() == y.max():
        raise OutOfRangeError(
            f"{outcome} must be True for some and False for others, or 1 and 0, for Qini."
        )
    rng = stream_of(seed, "qini")
    value = frame[score].to_numpy("float64")
    area = _qini_area(value, arm, y)
    cells = _cells(value, arm, y)
    coefficient = float(area / _perfect(cells[None])[0])
    drawn = rng.poisson(cells, (draws, *cells.shape)).astype("float64")
    apart = _coefficients(drawn) - _coefficients(cells[None])[0]
    low, high = coefficient + np.nanquantile(apart, [0.025, 0.975])
    shares = np.full(len(cells), 1 / len(cells))
    mixed = rng.multinomial(cells.sum(axis=0).astype(np.int64), shares, (draws, 2, 2))
    noise = np.abs(_coefficients(np.moveaxis(mixed, 3, 1).astype("float64")))
    noise = noise[np.isfinite(noise)]
    return Qini(
        area=float(area),
        coefficient=coefficient,
        low=float(low),
        high=float(high),
        noise=float(np.quantile(noise, 0.95)),
        p_value=float((1 + (noise >= abs(coefficient)).sum()) / (1 + len(noise))),
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


def qini_coefficient(score: np.ndarray, arm: np.ndarray, y: np.ndarray) -> float:
    """Return the Qini coefficient alone: `y` is 1.0 or 0.0, `arm` says who was treated."""
    one, every, n = np.count_nonzero(arm & (y > 0)), np.count_nonzero(y), np.count_nonzero(arm)
    total = np.array([[len(y) - n - every + one, every - one], [n - one, one]], dtype="float64")
    return float(_qini_area(score, arm, y) / _perfect(total[None, None])[0])


def _qini_area(score: np.ndarray, arm: np.ndarray, y: np.ndarray) -> float:
    """Return the area of outcomes that are 1.0 or 0.0, in whole numbers as far as they go."""
    order, last = _ranked(score)
    code = (2 * arm.view(np.int8) + y.astype(np.int8))[order]
    n, one, every = (
        _at(flags.cumsum(dtype=np.float64), last) for flags in (code >> 1, code == 3, code & 1)
    )
    m = last + 1.0 - n
    scale = np.divide(n, m, out=np.zeros_like(m), where=m > 0)
    curve = one - (every - one) * scale
    step = np.diff(last, prepend=-1) if len(last) < len(code) else 1.0
    # By the rule of trapezia from (0, 0), less the triangle under the straight line.
    return float((curve * step).sum() - _half(curve, step) - curve[-1] * len(code) / 2)


def _half(curve: np.ndarray, step: np.ndarray | float) -> float:
    """Return half of what the curve rises at each step, times the step."""
    if isinstance(step, float):
        return float(curve[-1] / 2)
    return float((np.diff(curve, prepend=0.0) * step).sum() / 2)


def _ranked(score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the order of falling scores, and the last place of each score in it."""
    order = np.argsort(-score)
    ranked = score[order]
    return order, np.append(np.flatnonzero(ranked[1:] != ranked[:-1]), len(ranked) - 1)


def _at(values: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Return the values at these places, which are all where no two scores are equal."""
    return values if len(last) == len(values) else values[last]


def _sums(score: np.ndarray, arm: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return running counts and sums by falling score, one entry per score, zeros first.

    They are: customers, treated, control, outcomes of the treated and of the control, and the
    squared outcomes of both.
    """
    order, last = _ranked(score)
    w, v = arm[order], y[order]

    def run(values: np.ndarray) -> np.ndarray:
        return np.append(0.0, _at(values.cumsum(dtype="float64"), last))

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


def _radcliffe(n: np.ndarray, m: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return what treatment added among the treated, the control group scaled to their number."""
    return one - other * np.divide(n, m, out=np.zeros_like(m), where=m > 0)


def _area(
    asked: np.ndarray, n: np.ndarray, m: np.ndarray, one: np.ndarray, other: np.ndarray
) -> np.ndarray:
    """Return the area between Radcliffe's curve and the straight line, along the last axis."""
    curve = _radcliffe(n, m, one, other)
    return np.trapezoid(curve, asked, axis=-1) - curve[..., -1] * asked[..., -1] / 2


def _cells(score: np.ndarray, arm: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return how many are in each group of falling score, by arm and outcome."""
    rank = pd.Series(-score).rank(method="average").to_numpy()
    group = np.minimum((rank - 0.5) / len(y) * _GROUPS, _GROUPS - 1).astype(np.int64)
    code = 4 * group + 2 * arm + y.astype(np.int64)
    return bincount(code, minlength=4 * _GROUPS).reshape(_GROUPS, 2, 2).astype("float64")


def _coefficients(cells: np.ndarray) -> np.ndarray:
    """Return the Qini coefficient of each world of cells: worlds, groups, arms, outcomes."""
    with np.errstate(divide="ignore", invalid="ignore"):  # of few customers, all may respond
        return _areas(cells) / _perfect(cells)


def _areas(cells: np.ndarray) -> np.ndarray:
    """Return the area of each world of cells."""
    run = np.concatenate([np.zeros_like(cells[:, :1]), cells.cumsum(axis=1)], axis=1)
    control, treated = run[:, :, 0], run[:, :, 1]
    n, m = treated.sum(axis=2), control.sum(axis=2)
    return _area(n + m, n, m, treated[..., 1], control[..., 1])


def _perfect(cells: np.ndarray) -> np.ndarray:
    """Return the area of a score that knows it all: responders treated first, in control last."""
    total = cells.sum(axis=1)
    best = np.zeros((len(cells), 3, 2, 2))
    best[:, 0, 1, 1], best[:, 1, :, 0], best[:, 2, 0, 1] = (
        total[:, 1, 1],
        total[:, :, 0],
        total[:, 0, 1],
    )
    return _areas(best)
