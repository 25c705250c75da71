"""What matters and is not yet good: importance beside performance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_columns, stream_of
from crmlab._intervals import Z
from crmlab.errors import OutOfRangeError
from crmlab.loyalty.measure.drivers import rated

NAMES = {
    (True, True): "keep up",
    (True, False): "concentrate here",
    (False, True): "possible overkill",
    (False, False): "low priority",
}


def importance_performance(
    answers: pd.DataFrame,
    *,
    drivers: Sequence[str] | None = None,
    overall: str = "overall",
    reliability: Mapping[str, float] | None = None,
    resamples: int = 200,
    seed: Seed,
) -> pd.DataFrame:
    """Importance-performance map (重要性—绩效分析): a driver's weight beside its mean rating.

    The lines between the four fields are the means of all drivers. A driver near a line changes
    fields with the next sample; `certainty` is how often it stayed in bootstrap samples.

    Ratings that a customer would not repeat make a weight too small, and lend what it lacks to
    drivers that go together with it. Where their `reliability` is known, from asking twice, the
    weights are corrected.

    Parameters
    ----------
    answers : DataFrame, one row per customer: the drivers and the whole, as numbers
    drivers : sequence of str, optional
        Columns; every column but the whole and customer_id when omitted. At least 2.
    overall : str
    reliability : mapping of driver to float in (0, 1], optional
        Correlation of a rating with itself when asked again; 1 where nothing is said.
    resamples : int, at least 20
    seed : int, SeedSequence or Generator

    Returns
    -------
    DataFrame, one row per driver, in the order of the columns
        driver : str
        performance, performance_low, performance_high : float64, mean rating
        importance, importance_low, importance_high : float64, weight; both with a 95 % interval
            from the bootstrap's standard error
        field : str, "keep up", "concentrate here", "possible overkill" or "low priority"
        certainty : float64, share of samples in which the driver lies in that field

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column is not there, or a row has no value.
    OutOfRangeError
        If a column holds no numbers, drivers repeat each other, or a reliability is impossible.

    Source
    ------
    Martilla and James (1977), doi:10.1177/002224297704100112. Errors in the ratings: Fuller
    (1987), Measurement Error Models, chapter 2.

    Examples
    --------
    >>> from crmlab.loyalty import simulate_satisfaction
    >>> answers, _ = simulate_satisfaction(400, seed=1)
    >>> answers["staff"] = (answers["staff"] - 2).clip(lower=1)
    >>> table = importance_performance(answers, seed=1)
    >>> table.loc[table["field"] == "concentrate here", "driver"].tolist()
    ['staff']
    """
    chosen, x, y = rated(answers, drivers, overall)
    require_at_least("the number of drivers", len(chosen), 2)
    require_at_least("resamples", resamples, 20)
    rng = stream_of(seed)
    alike = dict.fromkeys(chosen, 1.0) | {**(reliability or {})}
    require_columns(answers, *alike)
    doubt = np.array([1 - alike[name] for name in chosen], dtype="float64")
    if not ((doubt >= 0) & (doubt < 1)).all() or len(alike) > len(chosen):
        raise OutOfRangeError(
            f"reliability must be in (0, 1] for drivers among {chosen}; got {reliability!r}."
        )
    level = answers[chosen].to_numpy("float64").mean(axis=0)
    columns, n, q = np.column_stack([x, y]), len(x), len(chosen)

    found = np.empty((resamples + 1, 2, q))
    for draw in range(resamples + 1):
        count = np.ones(n) if not draw else rng.multinomial(n, np.full(n, 1 / n)).astype("float64")
        mean = count @ columns / n
        spread = (columns * count[:, None]).T @ columns / n - np.outer(mean, mean)
        inner = spread[:q, :q] - np.diag(doubt * np.diag(spread)[:q])
        unit = np.sqrt(np.maximum(np.diag(spread)[:q], 1e-300))
        if not draw and np.linalg.eigvalsh(inner / np.outer(unit, unit))[0] < 1e-9:
            raise OutOfRangeError(
                "the drivers cannot be told apart: some repeat others, or are less reliable than "
                "their correlations allow. Leave one out, or measure the reliability anew."
            )
        found[draw] = level + mean[:q], _solved(inner, spread[:q, q], unit)
    high = found > found.mean(axis=2, keepdims=True)
    stayed = (high[1:] == high[0]).all(axis=1).mean(axis=0)
    (performance, importance), error = found[0], found[1:].std(axis=0, ddof=1)
    fields = [NAMES[bool(i), bool(p)] for p, i in zip(*high[0], strict=True)]
    return pd.DataFrame(
        {
            "driver": pd.Series(chosen, dtype="str"),
            "performance": performance,
            "performance_low": performance - Z * error[0],
            "performance_high": performance + Z * error[0],
            "importance": importance,
            "importance_low": importance - Z * error[1],
            "importance_high": importance + Z * error[1],
            "field": pd.Series(fields, dtype="str"),
            "certainty": stayed,
        }
    )


def _solved(inner: np.ndarray, outer: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """Return the weights, whatever the units of the drivers are."""
    scaled = np.linalg.lstsq(inner / np.outer(unit, unit), outer / unit, rcond=None)[0]
    return scaled / unit
