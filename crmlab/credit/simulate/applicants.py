"""People who ask for credit: what they say, what the bank does, and who would repay."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

HOMES = ("owner", "family", "rents")
JOBS = ("official", "teacher", "engineer", "clerk", "worker", "driver", "trader", "casual")
DISTRICTS = ("lakeside", "old town", "harbour", "station", "north", "mill")
MONTHS, RECESSION_FROM = 24, 19
NO_CARD = -1.0
# What each adds to the log odds of default.
_HOME_RISK = np.array([-0.5, 0.0, 0.4])
_JOB_RISK = np.array([-0.6, -0.5, -0.3, 0.0, 0.1, 0.3, 0.5, 0.7])
_OFFICER, _CHARACTER, _PER_LATE, _PER_USE = 0.8, 0.6, 0.55, 1.6


def simulate_applicants(
    n: int,
    *,
    default_rate: float = 0.15,
    approved: float = 1.0,
    group_gap: float = 0.5,
    recession: float = 0.0,
    seed: Seed,
) -> Simulated:
    """Applications for consumer credit over two years, with the end of every loan.

    Model
    -----
    character ~ N(0, 1) shows in the number of late payments ~ Poisson(exp(-0.7 - 0.6 character))
    and, beyond all that the file says, in an officer's impression = character + N(0, 1). Income
    is lognormal (median 6,500 CNY a month, sigma 0.5), 5 % do not state it. Debts over income are
    Beta(2, 4). Four in five have a card, used to a share that is Beta(1.5, 2.5); the others say -1.
    With age a, x = late payments, u = use (0.3 without a card), d = debts over income,
        logit p = b + 0.55 x + 1.6 u + 1.5 d - 0.8 ln(income / 6500)
                  + 0.03 |a - 45| + home + job - 0.6 character + group gap (group B)
                  + recession (from month 19)
    homes -0.5, 0, 0.4 (owner, family, rents); jobs from -0.6 (official) to 0.7 (casual); b is
    such that the mean of p without a recession is `default_rate`. A third is of group B and
    lives in the three northern districts four times in five; of the others one in five does.
    Defaults are Bernoulli(p), independent.

    The bank's old rule approves the share `approved` with the lowest
        0.55 x + 1.6 u + 1.5 d - 0.8 impression + N(0, 0.5).
    The file holds the end of approved loans only; the truth holds all of them.

    Parameters
    ----------
    n : int
        At least 1.
    default_rate : float in [0.01, 0.5]
    approved : float in (0, 1]
    group_gap, recession : float in [-3, 3], log odds
    seed : int, SeedSequence or Generator
        Same seed, same applicants.

    Returns
    -------
    data : DataFrame, one row per applicant
        applicant_id, month (1 to 24), age_years, late_payments : int64
        income_cny, debt_to_income, card_use, amount_cny : float64; income may be missing, card use
            is -1 without a card
        home, job, district, group : str
        approved : bool
        defaults : float64, 1 or 0; missing where the loan was refused
    truth : DataFrame, one row per applicant
        applicant_id; default_probability, character : float64; defaults : bool

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `default_rate` lies outside [0.01, 0.5], `approved` outside (0, 1],
        `group_gap` or `recession` outside [-3, 3], or `seed` is no seed.

    Examples
    --------
    >>> file, truth = simulate_applicants(1_000, approved=0.6, seed=1)
    >>> int(file["approved"].sum()), int(file["defaults"].isna().sum())
    (600, 400)
    """
    require_real(
        default_rate=default_rate, approved=approved, group_gap=group_gap, recession=recession
    )
    require_at_least("n", n, 1)
    if not 0.01 <= default_rate <= 0.5 or not 0 < approved <= 1:
        raise OutOfRangeError("default_rate must lie in [0.01, 0.5], and approved in (0, 1].")
    if not (abs(group_gap) <= 3 and abs(recession) <= 3):
        raise OutOfRangeError("group_gap and recession must lie in [-3, 3], log odds.")
    rng = stream_of(seed, "simulate_applicants")
    character = rng.normal(size=n)
    file, income, use = _file(rng, n, character)

    seen = _PER_LATE * file["late_payments"] + _PER_USE * use + 1.5 * file["debt_to_income"]
    risk = seen - 0.8 * np.log(income / 6_500) + 0.03 * (file["age_years"] - 45).abs()
    risk += _HOME_RISK[pd.Categorical(file["home"], HOMES).codes]
    risk += _JOB_RISK[pd.Categorical(file["job"], JOBS).codes]
    risk += group_gap * (file["group"] == "B") - _CHARACTER * character
    later = recession * (file["month"] >= RECESSION_FROM)
    chance = expit(risk + intercept_for(risk.to_numpy(), default_rate) + later)
    defaults = rng.random(n) < chance

    judged = seen - _OFFICER * (character + rng.normal(size=n)) + rng.normal(0, 0.5, n)
    lent = judged.rank(method="first").to_numpy() <= np.floor(approved * n + 0.5)
    file = file.assign(approved=lent, defaults=np.where(lent, defaults, np.nan))
    truth = {"applicant_id": file["applicant_id"], "default_probability": chance}
    return Simulated(file, pd.DataFrame(truth | {"character": character, "defaults": defaults}))


def _file(
    rng: np.random.Generator, n: int, character: np.ndarray
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Return what applicants state, their true income, and the use of a card that counts."""
    income = 6_500 * rng.lognormal(0, 0.5, n)
    use = rng.beta(1.5, 2.5, n)
    has_card = rng.random(n) < 0.8
    is_b = rng.random(n) < 1 / 3
    north = rng.random(n) < np.where(is_b, 0.8, 0.2)
    place = rng.integers(0, 3, n) + 3 * north
    file = pd.DataFrame(
        {
            "applicant_id": np.arange(1, n + 1),
            "month": rng.integers(1, MONTHS + 1, n),
            "age_years": rng.integers(20, 71, n),
            "late_payments": rng.poisson(np.exp(-0.7 - 0.6 * character)),
            "income_cny": np.where(rng.random(n) < 0.05, np.nan, income.round(-1)),
            "debt_to_income": rng.beta(2, 4, n).round(3),
            "card_use": np.where(has_card, use.round(3), NO_CARD),
            "amount_cny": (1_000 * rng.lognormal(3, 0.6, n)).round(-2),
            "home": pd.Series(np.array(HOMES)[rng.choice(3, n, p=[0.5, 0.2, 0.3])], dtype="str"),
            "job": pd.Series(np.array(JOBS)[rng.integers(0, 8, n)], dtype="str"),
            "district": pd.Series(np.array(DISTRICTS)[place], dtype="str"),
            "group": pd.Series(np.where(is_b, "B", "A"), dtype="str"),
        }
    )
    return file, income, np.where(has_card, use, 0.3)


def intercept_for(risk: np.ndarray, rate: float) -> float:
    """Return what must be added to log odds so that the mean chance is `rate`."""
    from scipy.optimize import brentq  # slow to load, and the firm's tables do without

    def gap(added: float) -> float:
        return float(expit(risk + added).mean()) - rate

    middle = float(logit(rate)) - float(risk.mean())
    return float(brentq(gap, middle - 30, middle + 30))  # pyright: ignore[reportArgumentType]
