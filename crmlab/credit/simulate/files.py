"""Credit files of firms, as an analyst writes them: five C's, five P's, six aspects."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from crmlab._checks import Seed, require_at_least, require_columns, require_real, stream_of
from crmlab._shapes import Simulated
from crmlab.credit.simulate.applicants import intercept_for
from crmlab.errors import OutOfRangeError

FIVE_C = ("character", "capacity", "capital", "collateral", "conditions")
GATES = ("licensed", "marketable_product", "profitable", "basic_account", "pledge_or_guarantor")
SIX_A = ("economic", "technical", "managerial", "organisational", "commercial", "financial")
PURPOSES = ("production", "debt or tax", "equity or losses")
# Log odds of default that a standard deviation of each C takes off, and that a purpose adds.
_WEIGHT = np.array([0.9, 0.8, 0.6, 0.4, 0.3])
_PURPOSE_RISK = np.array([0.0, 0.5, 1.0])
# Which C's an aspect of the 6A looks at.
_ASPECT = np.array(
    [
        [0, 0.2, 0, 0, 0.8],
        [0, 0.7, 0, 0, 0.3],
        [0.7, 0.3, 0, 0, 0],
        [0.5, 0.5, 0, 0, 0],
        [0, 0.5, 0, 0, 0.5],
        [0, 0.3, 0.5, 0.2, 0],
    ]
)


def simulate_files(
    n: int, *, default_rate: float = 0.1, noise: float = 0.5, seed: Seed
) -> Simulated:
    """Credit files of firms whose five C's decide who defaults.

    Model
    -----
    The five C's of a firm are N(0, 1) with correlation 0.3. With purpose 0, 0.5 or 1,
        logit p = b - 0.9 character - 0.8 capacity - 0.6 capital - 0.4 collateral
                  - 0.3 conditions + purpose
    and b such that the mean of p is `default_rate`; defaults are Bernoulli(p). An analyst grades
    each C as 5.5 + 2 (C + `noise` e), e ~ N(0, 1), rounded and cut to 1 to 10, and each of the
    six aspects alike from the C's it looks at; one aspect in twenty is missing. A gate is failed
    with chance 0.03; `profitable` where capacity is below -1.6, `pledge_or_guarantor` where
    collateral is, each after noise. The current ratio is exp(0.4 + 0.3 (capital + e)).

    Parameters
    ----------
    n : int
        At least 1.
    default_rate : float in [0.01, 0.5]
    noise : float, 0 or more
    seed : int, SeedSequence or Generator
        Same seed, same files.

    Returns
    -------
    data : DataFrame, one row per firm
        organisation_id : int64
        the five C's : int64, 1 to 10
        the five gates : bool; purpose : str
        the six aspects : float64, 1 to 10 or missing
        current_ratio, cash_coverage : float64
    truth : DataFrame, one row per firm
        organisation_id; default_probability : float64; defaults : bool
        the five C's themselves : float64

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `default_rate` lies outside [0.01, 0.5], `noise` is below 0, or `seed` is
        no seed.

    Examples
    --------
    >>> files, truth = simulate_files(100, seed=1)
    >>> bool(files[[*FIVE_C]].stack().between(1, 10).all())
    True
    """
    require_real(default_rate=default_rate, noise=noise)
    require_at_least("n", n, 1)
    if not 0.01 <= default_rate <= 0.5 or not 0 <= noise < np.inf:
        raise OutOfRangeError("default_rate must lie in [0.01, 0.5], and noise must be 0 or more.")
    rng = stream_of(seed, "simulate_files")
    factors = (np.sqrt(0.3) * rng.normal(size=(n, 1))) + np.sqrt(0.7) * rng.normal(size=(n, 5))
    purpose = rng.choice(3, n, p=[0.7, 0.2, 0.1])
    risk = _PURPOSE_RISK[purpose] - factors @ _WEIGHT
    chance = expit(risk + intercept_for(risk, default_rate))

    def seen(values: np.ndarray) -> np.ndarray:
        return values + noise * rng.normal(size=values.shape)

    files = pd.DataFrame({"organisation_id": np.arange(1, n + 1)})
    files[[*FIVE_C]] = _grades(seen(factors)).astype("int64")
    lacking = rng.random((n, len(GATES))) < 0.03
    lacking[:, 2] |= seen(factors[:, 1]) < -1.6
    lacking[:, 4] |= seen(factors[:, 3]) < -1.6
    files[[*GATES]] = ~lacking
    files["purpose"] = pd.Series(np.array(PURPOSES)[purpose], dtype="str")
    aspects = _grades(seen(factors @ _ASPECT.T / np.linalg.norm(_ASPECT, axis=1)))
    files[[*SIX_A]] = np.where(rng.random((n, len(SIX_A))) < 0.05, np.nan, aspects)
    files["current_ratio"] = np.exp(0.4 + 0.3 * seen(factors[:, 2])).round(2)
    files["cash_coverage"] = (0.2 + 0.15 * seen(factors[:, 1])).round(2)
    truth = files[["organisation_id"]].assign(default_probability=chance)
    truth["defaults"] = rng.random(n) < chance
    truth[[*FIVE_C]] = factors
    return Simulated(files, truth)


def _grades(values: np.ndarray) -> np.ndarray:
    return np.rint(5.5 + 2 * values).clip(1, 10)


def simulate_raters(
    files: pd.DataFrame, *, raters: int = 3, noise: float = 0.7, seed: Seed
) -> Simulated:
    """Grades that several raters give to the same firms, each with a taste of their own.

    Model
    -----
    merit = weighted five C's of the file, standardised. Rater k grades merit + severity_k +
    `noise` e with e ~ N(0, 1), cut into five grades at the normal quintiles: 5 is the best.
    Severities are N(0, `noise` / 2) around 0.

    Parameters
    ----------
    files : DataFrame of at least two firms, as `simulate_files` makes them
    raters : int, 2 or more
    noise : float, 0 or more
    seed : int, SeedSequence or Generator
        Same seed, same grades.

    Returns
    -------
    data : DataFrame: organisation_id, and rater_1, rater_2, … : int64, 1 to 5
    truth : DataFrame: rater : str, severity : float64

    Raises
    ------
    OutOfRangeError
        If there are fewer than two firms or `raters`, `noise` is below 0, or `seed` is no seed.
    MissingColumnsError
        If a C is missing.
    """
    require_columns(files, "organisation_id", *FIVE_C)
    require_at_least("raters", raters, 2)
    require_at_least("number of files", len(files), 2)
    if not 0 <= noise < np.inf:
        raise OutOfRangeError(f"noise must be 0 or more; got {noise!r}.")
    rng = stream_of(seed, "simulate_raters")
    merit = files[[*FIVE_C]].to_numpy("float64") @ _WEIGHT
    merit = (merit - merit.mean()) / max(merit.std(), 1e-12)
    severity = rng.normal(0, noise / 2, raters)
    seen = merit[:, None] + severity + noise * rng.normal(size=(len(files), raters))
    cuts = np.array([-0.8416, -0.2533, 0.2533, 0.8416]) * np.sqrt(1 + noise**2)
    names = [f"rater_{number}" for number in range(1, raters + 1)]
    grades = pd.DataFrame(np.searchsorted(cuts, seen) + 1, columns=names)
    grades.insert(0, "organisation_id", files["organisation_id"].to_numpy())
    return Simulated(grades, pd.DataFrame({"rater": names, "severity": severity}))


# What the files say on the other items of the 5P; None where nobody has looked.
_OF_THREE = {
    "honesty": [9, 6, 6], "broken_faith": [False, False, True], "willingness": [9, None, 5],
    "operator_ability": [8, None, 6], "project_feasible": [True, None, None],
    "industry_supported": [True, None, None], "debt_in_order": [None, None, False],
    "cash_left_cny": [240_000.0, -1_900_000.0, None], "quick_ratio": [1.1, 0.5, 1.2],
    "receivable_turnover": [12.0, 2.6, 6.0], "inventory_turnover": [9.0, 3.1, 5.0],
    "debt_to_assets": [0.4, 0.78, 0.5], "profit_margin": [0.08, 0.01, 0.04],
    "guarantor": [None, 7, 8], "industry_policy": [7, 7, 4], "competitiveness": [6, None, 5],
    "life_cycle": [7, None, 4], "new_products": [None, None, 3],
    "risk_foreseen": [False, None, True],
}  # fmt: skip


def three_files() -> pd.DataFrame:
    """Return the three loan files that chapter 12 judges by hand; the firms are fictional.

    Returns
    -------
    DataFrame, as the data of `simulate_files`, with firm : str and story : str; the other items of
        the 5P as far as somebody has looked (see `five_p_items`); and what became of the loan,
        defaults : bool
    """
    rows = [
        ("Jade Noodle", "A family restaurant of 20 years wants a second oven line.",
         (9, 8, 6, 5, 7), (True,) * 5, "production", (8, 8, 9, 7, 8, 6), 1.6, 0.35, False),
        ("Golden Gate Trading", "Fast growth, fine office; the loan replaces its owner's money.",
         (5, 6, 3, 8, 8), (True,) * 5, "equity or losses", (8, 6, 4, 5, 7, None), 0.9, 0.05, True),
        ("Red Bridge Textiles", "Good pledges, but the licence ran out in spring.",
         (6, 5, 7, 9, 5), (False, True, True, True, True), "debt or tax",
         (6, 6, 6, 5, 5, 7), 1.8, 0.15, True),
    ]  # fmt: skip
    return (
        pd.DataFrame(
            [
                {"organisation_id": number, "firm": name, "story": story}
                | dict(zip(FIVE_C, grades, strict=True))
                | dict(zip(GATES, gates, strict=True))
                | {"purpose": purpose}
                | dict(zip(SIX_A, aspects, strict=True))
                | {"current_ratio": current, "cash_coverage": coverage, "defaults": lost}
                for number, (
                    name,
                    story,
                    grades,
                    gates,
                    purpose,
                    aspects,
                    current,
                    coverage,
                    lost,
                ) in enumerate(rows, 1)
            ]
        )
        .astype(dict.fromkeys(SIX_A, "float64"))
        .assign(**_OF_THREE)
    )
