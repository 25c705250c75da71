"""One number for how well a score tells whom a campaign moves, and whether it may be luck."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, stream_of
from crmlab._groups import bincount
from crmlab.campaigns.measure.uplift import at_ends, radcliffe, ranked
from crmlab.campaigns.trial import arms_of
from crmlab.errors import OutOfRangeError

_GROUPS = 100


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


def qini_coefficient(score: np.ndarray, arm: np.ndarray, y: np.ndarray) -> float:
    """Return the Qini coefficient alone: `y` is 1.0 or 0.0, `arm` says who was treated."""
    one, every, n = np.count_nonzero(arm & (y > 0)), np.count_nonzero(y), np.count_nonzero(arm)
    total = np.array([[len(y) - n - every + one, every - one], [n - one, one]], dtype="float64")
    return float(_qini_area(score, arm, y) / _perfect(total[None, None])[0])


def _qini_area(score: np.ndarray, arm: np.ndarray, y: np.ndarray) -> float:
    """Return the area of outcomes that are 1.0 or 0.0, in whole numbers as far as they go."""
    code, last = _falling(score, 2 * arm.view(np.int8) + y.astype(np.int8))
    n, one, every = (
        at_ends(flags.cumsum(dtype=np.float64), last) for flags in (code >> 1, code == 3, code & 1)
    )
    m = last + 1.0 - n
    scale = np.divide(n, m, out=np.zeros_like(m), where=m > 0)
    curve = one - (every - one) * scale
    step = np.diff(last, prepend=-1) if len(last) < len(code) else 1.0
    # By the rule of trapezia from (0, 0), less the triangle under the straight line.
    return float((curve * step).sum() - _half(curve, step) - curve[-1] * len(code) / 2)


def _falling(score: np.ndarray, code: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return codes of 0 to 3 by falling score, and the last place of each score in them.

    Whole numbers are sorted four times as fast as places are: the bits of a score, in the order of
    the scores, of which the last two make room for the code. Where any two scores are equal, or
    differ in those two bits alone, places are sorted after all.
    """
    bits = (score + 0.0).view(np.int64)  # -0.0 becomes 0.0
    bits ^= (bits >> 63) & np.iinfo(np.int64).max  # of numbers below 0 the bits rise as they fall
    bits = (bits & ~3) | code
    bits.sort()
    bits = bits[::-1]
    if ((bits[1:] ^ bits[:-1]) >> 2).all():
        return (bits & 3).astype(np.int8), np.arange(len(bits))
    order, last = ranked(score)
    return code[order], last


def _half(curve: np.ndarray, step: np.ndarray | float) -> float:
    """Return half of what the curve rises at each step, times the step."""
    if isinstance(step, float):
        return float(curve[-1] / 2)
    return float((np.diff(curve, prepend=0.0) * step).sum() / 2)


def _area(
    asked: np.ndarray, n: np.ndarray, m: np.ndarray, one: np.ndarray, other: np.ndarray
) -> np.ndarray:
    """Return the area between Radcliffe's curve and the straight line, along the last axis."""
    curve = radcliffe(n, m, one, other)
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
