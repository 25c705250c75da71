"""Raters who read the same facts, and comparisons of weights, with planted errors."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_kind, require_positive, stream_of
from crmlab._shapes import Simulated
from crmlab.accounts.insurer import FACTORS
from crmlab.accounts.swot import KINDS
from crmlab.errors import OutOfRangeError


def simulate_raters(
    n: int,
    *,
    skills: tuple[float, float] = (0.9, 0.8),
    kinds: Mapping[str, str] | None = None,
    seed: Seed,
) -> Simulated:
    """Simulate two raters who sort `n` facts into opportunity, threat, strength and weakness.

    Model
    -----
    A fact is one of the four kinds, each as likely. A rater sees which with a chance of their
    skill, and else names any of the four by chance. So the two agree on a share of
    a b + (1 - a b) / 4 of the facts, and Cohen's kappa is a b. Each also rates the probability as
    q + N(0, 0.1**2), cut to 0 and 1, where q ~ Uniform(0, 1).

    Parameters
    ----------
    n : int
        Facts, at least 1.
    skills : (float, float) in [0, 1]
    kinds : mapping of item to "O", "T", "S" or "W", optional
        The facts themselves, `n` of them, such as the items of `ok_swot`; drawn when omitted.
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per fact
        item : str; first, second : str, the kind that each rater names, "O", "T", "S" or "W"
        first_probability, second_probability : float64
    truth : DataFrame, one row per fact: item, kind : str; probability : float64

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `skills` are not two shares in [0, 1], `kinds` are not `n` of these four,
        or `seed` is no seed.

    See Also
    --------
    crmlab.accounts.measure.swot_agreement : kappa, and who disagrees where.

    Examples
    --------
    >>> ratings, truth = simulate_raters(2_000, skills=(1, 1), seed=1)
    >>> bool((ratings["first"] == truth["kind"]).all())
    True
    """
    rng = stream_of(seed, "simulate_raters")
    require_at_least("n", n, 1)
    if len(skills) != 2:
        raise OutOfRangeError(f"skills must be two, one of each rater; got {skills!r:.60}.")
    for skill in skills:
        if not 0 <= skill <= 1:
            raise OutOfRangeError(f"skills must be shares in [0, 1]; got {skill!r}.")
    names, kind = np.array([*KINDS]), rng.integers(0, 4, n)
    chance = rng.random(n)
    item = pd.Series([f"fact {i + 1}" for i in range(n)], dtype="str")
    if kinds is not None:
        require_kind("kinds", kinds, Mapping, "a mapping such as {'O1': 'O'}")
        if len(kinds) != n or not {*kinds.values()} <= {*KINDS}:
            raise OutOfRangeError(
                f"kinds must hold n={n} items, each one of {[*KINDS]}; got {len(kinds)}, of "
                f"{sorted({str(value) for value in kinds.values()})[:6]}."
            )
        item = pd.Series([*kinds], dtype="str")
        kind = np.array([[*KINDS].index(value) for value in kinds.values()])
    data: dict[str, pd.Series] = {"item": item}
    for name, skill in zip(("first", "second"), skills, strict=True):
        named = np.where(rng.random(n) < skill, kind, rng.integers(0, 4, n))
        data[name] = pd.Series(names[named], dtype="str")
    for name in ("first", "second"):
        rated = np.clip(chance + rng.normal(0, 0.1, n), 0, 1)
        data[f"{name}_probability"] = pd.Series(rated)
    truth = {"item": item, "kind": pd.Series(names[kind], dtype="str"), "probability": chance}
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))


def simulate_comparisons(
    n: int,
    *,
    weights: Mapping[str, float] | None = None,
    spread: float = 0.2,
    seed: Seed,
) -> Simulated:
    """Simulate what `n` judges say when they compare things in pairs.

    Model
    -----
    Thing i has weight w_i, and a judge says that i weighs
        r_ij = w_i / w_j * exp(N(0, spread**2))
    times what j weighs, and is asked once for each pair. The geometric mean of a row of one
    judge's table misses log w_i by a standard deviation of spread * sqrt(m - 1) / m for m things.

    Parameters
    ----------
    n : int
        Judges, at least 1.
    weights : mapping of thing to float above 0, optional
        At least two; scaled to a sum of 1. OK's four success factors by default.
    spread : float above 0
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per judge and pair
        judge_id : int64; first, second : str; ratio : float64, how many times as heavy the first is
    truth : DataFrame, one row per thing: item : str; weight : float64

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `spread` or a weight is not above 0, there are fewer than two `weights`,
        or `seed` is no seed.

    See Also
    --------
    crmlab.accounts.measure.ahp_weights : finds the weights, and whether a judge is consistent.

    Examples
    --------
    >>> comparisons, truth = simulate_comparisons(1, seed=1)
    >>> len(comparisons), truth["weight"].round(1).tolist()
    (6, [0.4, 0.3, 0.2, 0.1])
    """
    rng = stream_of(seed, "simulate_comparisons")
    require_at_least("n", n, 1)
    require_positive("spread", spread)
    if weights is None:
        weights = dict(zip(FACTORS, (0.4, 0.3, 0.2, 0.1), strict=True))
    require_kind("weights", weights, Mapping, "a mapping such as {'price': 2, 'service': 1}")
    require_at_least("the number of things", len(weights), 2)
    for name, weight in weights.items():
        require_positive(f"the weight of {name}", weight)
    names = [*map(str, weights)]
    weight = np.array([*weights.values()], dtype="float64")
    weight = weight / weight.sum()
    pairs = np.array([*combinations(range(len(names)), 2)])
    noise = rng.normal(0, spread, (n, len(pairs)))
    ratio = (weight[pairs[:, 0]] / weight[pairs[:, 1]]) * np.exp(noise)
    label = np.array(names, dtype=object)
    data = pd.DataFrame(
        {
            "judge_id": np.indices(ratio.shape)[0].ravel() + 1,
            "first": pd.Series(np.tile(label[pairs[:, 0]], n), dtype="str"),
            "second": pd.Series(np.tile(label[pairs[:, 1]], n), dtype="str"),
            "ratio": ratio.ravel(),
        }
    )
    truth = pd.DataFrame({"item": pd.Series(names, dtype="str"), "weight": weight})
    return Simulated(data, truth)
