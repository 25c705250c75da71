"""What a yes or no forgets of the kinds of answers: in bits, and in money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlab._checks import (
    names_of,
    require_at_least,
    require_columns,
    require_key,
    require_numbers,
    require_truths,
    require_values,
)
from crmlab._groups import bincount, class_codes
from crmlab._intervals import Z
from crmlab.behaviour.measure.modes import mode_names
from crmlab.errors import BadRowsError, OutOfRangeError

_ROWS = 5


@dataclass(frozen=True)
class InformationLoss:
    """Bits that answers carry about an outcome, kept in all modes and collapsed to yes or no.

    modes, binary : float, mutual information in bits, corrected for small samples
    lost, low, high : float, what the collapse forgets, with its 95 % interval
    modes_as_counted, binary_as_counted : float, without the correction: too much
    outcome_bits : float, the entropy of the outcome, all there is to know
    patterns, customers : int
    """

    modes: float
    binary: float
    lost: float
    low: float
    high: float
    modes_as_counted: float
    binary_as_counted: float
    outcome_bits: float
    patterns: int
    customers: int


def information_loss(
    modes: pd.DataFrame, *, outcome: str, by: Sequence[str] | None = None
) -> InformationLoss:
    """Information about an outcome that is lost when modes are collapsed to yes or no.

    The mutual information of a table that is counted is too large: chance makes every table look
    related. Taken off is what the table would show on average if the outcomes were dealt anew among
    the customers (for the loss: among those who answered, and among those who did not). Where
    nothing is lost, nothing is shown on average, however few customers have a pattern. Where much
    is lost and a pattern holds a handful of customers, the loss is told too small: by a tenth at
    3.5 customers a pattern, a fourth at 2.5, nearly half at 1.8; its interval then misses.

    What is counted spreads as a chi-square that is not central, times 1 / 2n nats. The interval
    holds the losses from which what was seen lies less than 1.96 of *their* standard errors, as
    Wilson's of a share does: it stands near 0 too, where the usual one is too short. Where nothing
    is lost and most patterns hold one or two customers it is wider than it need be.

    Parameters
    ----------
    modes : DataFrame, one row per customer
        answered : True or False; a bool column for each mode; `outcome`, of whatever few values
    outcome : str
    by : list of columns, optional
        The modes; all columns of truth values besides `answered` and `outcome` when omitted.

    Returns
    -------
    InformationLoss

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    OutOfRangeError
        If there are no modes, a column of them holds no truth values or is the outcome, or the
        outcome has more values than a fifth of the customers, so that nothing can be counted.

    See Also
    --------
    mode_worth : what it was worth in money.

    Source
    ------
    Bias of what is counted: Paninski (2003), doi:10.1162/089976603321780272. What chance shows on
    average, in closed form: Vinh, Epps and Bailey (2010), Journal of Machine Learning Research 11,
    2837-2854.

    Examples
    --------
    >>> modes = pd.DataFrame({"answered": [True] * 80 + [False] * 80,
    ...     "menswear": [True] * 40 + [False] * 120, "next": ["m"] * 40 + ["w"] * 120})
    >>> loss = information_loss(modes, outcome="next")
    >>> round(loss.modes, 2), round(loss.binary, 2)
    (0.8, 0.31)
    """
    require_columns(modes, "answered", outcome=outcome)
    require_values(modes, "answered", outcome)
    require_truths(modes, "answered")
    names = mode_names(modes.drop(columns=[outcome]), "") if by is None else names_of("by", by)
    require_columns(modes, *names)
    require_truths(modes, *names)
    if outcome in names:
        raise OutOfRangeError(f"{outcome!r} is the outcome, and cannot be a mode too.")
    kinds = modes[outcome].nunique()
    if kinds > 1 and len(modes) < _ROWS * kinds:
        raise OutOfRangeError(
            f"{outcome} has {kinds} values in {len(modes)} rows; of each at least {_ROWS} are "
            "needed on average. Make classes of it first, with pd.cut, say."
        )
    pattern = class_codes(modes, ["answered", *names])
    result = class_codes(modes, [outcome])
    answered = modes["answered"].to_numpy(dtype=bool).astype(np.int64)
    coarse, coarse_luck = _information(answered, result)
    # What the pattern tells of the outcome beyond the yes or no, customer by customer.
    beyond, luck = np.zeros(len(modes)), 0.0
    for rows in (np.flatnonzero(answered == said) for said in (0, 1)):
        if len(rows):
            beyond[rows], dealt = _information(pattern[rows], result[rows])
            luck += dealt * len(rows) / len(modes)
    binary, lost = float(coarse.mean()) - coarse_luck, float(beyond.mean()) - luck
    low, high = _interval(beyond, luck)
    share = bincount(result) / len(result)
    return InformationLoss(
        modes=binary + lost,
        binary=binary,
        lost=lost,
        low=low,
        high=high,
        modes_as_counted=float(coarse.mean() + beyond.mean()),
        binary_as_counted=float(coarse.mean()),
        outcome_bits=float(-(share * np.log2(share)).sum()),
        patterns=int(pattern.max()) + 1,
        customers=len(modes),
    )


def _interval(beyond: np.ndarray, luck: float) -> tuple[float, float]:
    """Return the interval of the information lost, from each row's part of it as counted."""
    counted, unit = float(beyond.mean()), 1 / (2 * len(beyond) * np.log(2))
    if not luck:  # no pattern goes beyond a yes or no
        return counted, counted
    # How much wider or narrower the parts spread than a chi-square's; alike where little is lost.
    wide = float(beyond.var()) * np.log(2) / (2 * counted) if counted > 0 else 1.0
    lost, step = counted - luck, wide * Z**2 * unit
    spread = 4 * wide * unit * lost + (2 * wide * Z * unit) ** 2 + 2 * unit * luck
    reach = float(Z * np.sqrt(max(spread, 0.0)))
    return float(lost + 2 * step - reach), float(lost + 2 * step + reach)


def _information(one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, float]:
    """Return each row's part of the mutual information in bits, and what luck shows on average."""
    from sklearn.metrics.cluster import expected_mutual_information  # slow to load

    one, other = (np.unique(codes, return_inverse=True)[1] for codes in (one, other))
    n, k = len(one), int(other.max()) + 1
    cells = bincount(one * k + other, minlength=(int(one.max()) + 1) * k).reshape(-1, k)
    rows, columns = cells.sum(axis=1), cells.sum(axis=0)
    each = np.log2(cells[one, other] * n / (rows[one] * columns[other]))
    return each, float(expected_mutual_information(cells, n) / np.log(2))


def mode_worth(
    trial: pd.DataFrame,
    *,
    modes: Sequence[str],
    offer: str = "offer",
    margin: str = "margin_cny",
    answered: str = "answered",
    customer: str = "customer_id",
    least: int = 40,
) -> pd.DataFrame:
    """Worth of knowing the mode, knowing yes or no, and knowing nothing, from offers at random.

    For each pattern of answers the offer with the highest mean margin is chosen, in one half of the
    customers, and judged in the other half, and the other way round: the best of several means is
    lucky where it was chosen. Patterns that are too few for every offer are treated alike.

    Parameters
    ----------
    trial : DataFrame, one row per customer, the offer drawn at random
        `customer`, `offer`, `margin` (float, its cost taken off), `answered`, the columns `modes`
    modes : list of columns of True and False
    offer, margin, answered, customer : str
    least : int, at least 2
        Customers whom a pattern needs in each half and offer, or it joins the rest.

    Returns
    -------
    DataFrame, three rows: nothing, yes or no, modes
        known : str
        per_customer, low, high : float64, margin of the plan, with its 95 % interval
        gain, gain_low, gain_high : float64, over the row above; missing in the first

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, a customer stands twice, or an offer has fewer than
        `least` customers in a half.
    OutOfRangeError
        If there are fewer than two offers, or a column holds values of another kind.

    See Also
    --------
    crmlab.members.measure.added_value : the same question, of groups and treatments.

    Source
    ------
    Judging by the other half: Chernozhukov and others (2018), doi:10.1111/ectj.12097. Value of a
    plan from a lottery: Horvitz and Thompson (1952), doi:10.1080/01621459.1952.10483446.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> trial = pd.DataFrame({"customer_id": range(4_000), "answered": True,
    ...     "men": np.arange(4_000) % 2 == 0, "offer": rng.choice(["suit", "dress"], 4_000)})
    >>> trial["margin_cny"] = 10.0 * ((trial["offer"] == "suit") == trial["men"])
    >>> mode_worth(trial, modes=["men"])["per_customer"].round(0).tolist()
    [5.0, 5.0, 10.0]
    """
    names = names_of("modes", modes)
    columns = {"customer": customer, "offer": offer, "margin": margin, "answered": answered}
    require_columns(trial, *names, **columns)
    require_values(trial, *names, *columns.values())
    # Two rows of one customer would fall in both halves, and a plan be judged where it was made.
    require_key(trial, customer)
    require_truths(trial, *names, answered)
    require_numbers(trial, margin)
    require_at_least("least", least, 2)
    require_at_least("the number of customers", len(trial), 1)
    trial = trial.sort_values([offer, customer], kind="stable")
    arm, offers = pd.factorize(trial[offer], sort=True)
    require_at_least("the number of offers", len(offers), 2)
    half = np.arange(len(trial)) % 2
    if bincount(arm * 2 + half).min() < least:
        raise BadRowsError(f"an offer has fewer than {least} customers in a half; ask more.")
    money = trial[margin].to_numpy("float64")
    known = {
        "nothing": np.zeros(len(trial), dtype=np.int64),
        "yes or no": trial[answered].to_numpy(dtype=bool).astype(np.int64),
        "modes": class_codes(trial, [answered, *names]),
    }
    each = {
        name: _judged(_joined(code, arm, half, least), arm, half, money)
        for name, code in known.items()
    }
    rows, before = [], None
    for name, value in each.items():
        gain = (np.nan,) * 3 if before is None else _with_reach(value - before, arm * 2 + half)
        rows.append((name, *_with_reach(value, arm * 2 + half), *gain))
        before = value
    columns = ["known", "per_customer", "low", "high", "gain", "gain_low", "gain_high"]
    return pd.DataFrame(rows, columns=columns).astype({"known": "str"})


def _joined(code: np.ndarray, arm: np.ndarray, half: np.ndarray, least: int) -> np.ndarray:
    """Return codes in which patterns too small for some offer and half are one: the last."""
    k = int(code.max()) + 1
    arms = int(arm.max()) + 1
    cells = bincount((code * arms + arm) * 2 + half, minlength=k * arms * 2).reshape(k, -1)
    return np.where((cells.min(axis=1) >= least)[code], code, k)


def _judged(code: np.ndarray, arm: np.ndarray, half: np.ndarray, money: np.ndarray) -> np.ndarray:
    """Return what each customer stands for when a half's plan is judged by the other half."""
    k, arms = int(code.max()) + 1, int(arm.max()) + 1
    cell = (half * k + code) * arms + arm
    count = bincount(cell, minlength=2 * k * arms).reshape(2, k, arms)
    total = bincount(cell, money, 2 * k * arms).reshape(2, k, arms)
    # The rest of a half may lack an offer; it then takes what is best for all.
    thin = (count == 0).any(axis=2)[..., None]
    whole = total.sum(axis=1, keepdims=True) / count.sum(axis=1, keepdims=True)
    best = np.where(thin, whole, total / np.maximum(count, 1)).argmax(axis=2)
    followed = best[1 - half, code] == arm
    drawn = bincount(arm, minlength=arms) / len(arm)
    return money * followed / drawn[arm]


def _with_reach(each: np.ndarray, cell: np.ndarray) -> tuple[float, float, float]:
    """Return the mean and its interval; `cell` is the offer and half of each customer.

    How many were drawn for each is known, so only the spread within an offer and half is luck.
    """
    size = bincount(cell).astype("float64")
    middle = bincount(cell, each) / size
    squares = bincount(cell, (each - middle[cell]) ** 2)
    mean, reach = each.mean(), Z * np.sqrt((squares * size / (size - 1)).sum()) / len(each)
    return float(mean), float(mean - reach), float(mean + reach)
