"""What interviewers do to answers: what theirs have in common, and what they made up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import f as f_law
from scipy.stats import t

from crmlab._checks import (
    names_of,
    require_at_least,
    require_columns,
    require_numbers,
    require_real,
    require_rows,
    require_truths,
    require_values,
)
from crmlab._groups import bincount
from crmlab._purchases import plain_values
from crmlab.collection.estimate import Estimate
from crmlab.errors import OutOfRangeError

SIGNS = ("copies", "alike", "flat", "quick")


@dataclass(frozen=True)
class InterviewerEffect:
    """How much of the variance is the interviewers' doing, and what it does to the mean.

    rho, low, high : float, share of the variance and its 95% interval; by luck below 0
    mean : Estimate, with a standard error that knows of the interviewers
    """

    rho: float
    low: float
    high: float
    mean: Estimate


def interviewer_effect(
    answers: pd.DataFrame, *, answer: str = "answer", interviewer: str = "interviewer"
) -> InterviewerEffect:
    """Share of the variance that interviewers make, and the mean with its true standard error.

    Parameters
    ----------
    answers : DataFrame, one row per answer
        `answer` : number; `interviewer` : whose interview it was
    answer, interviewer : str
        Columns.

    Returns
    -------
    InterviewerEffect
        The mean's standard error is that of the interviewers' totals; its design effect is how
        many times larger the variance is than that of as many independent answers.

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    OutOfRangeError
        If there are fewer than 2 interviewers, nobody asked twice, or all answers are alike.

    Source
    ------
    Kish (1962), doi:10.1080/01621459.1962.10482153; analysis of variance with groups of unlike
    size: Searle, Casella and McCulloch (1992), Variance Components, chapter 3.

    Examples
    --------
    >>> answers = pd.DataFrame({"interviewer": [1, 1, 2, 2], "answer": [1.0, 3.0, 5.0, 7.0]})
    >>> found = interviewer_effect(answers)
    >>> round(found.rho, 2), found.mean.value, round(found.mean.standard_error, 2)
    (0.78, 4.0, 2.0)
    """
    require_columns(answers, answer=answer, interviewer=interviewer)
    require_rows(answers)
    require_values(answers, answer, interviewer)
    plain = pd.DataFrame({answer: plain_values(answers[answer])})
    require_numbers(plain, answer)
    y = plain[answer].to_numpy("float64")
    code, names = pd.factorize(plain_values(answers[interviewer]))
    n, k = len(y), len(names)
    require_at_least("the number of interviewers", k, 2)
    if n == k:
        raise OutOfRangeError(
            "every interviewer asked once, so nothing tells interviewers from people apart."
        )
    if np.ptp(y) == 0:
        raise OutOfRangeError(
            f"every {answer} is {y[0]:g}, so there is no variance of which interviewers could have "
            "a share. Look at another question."
        )
    size = bincount(code).astype("float64")
    middle = bincount(code, y) / size
    grand = float(y.mean())
    between = float((size * (middle - grand) ** 2).sum() / (k - 1))
    within = float(((y - middle[code]) ** 2).sum() / (n - k))
    typical = (n - (size**2).sum() / n) / (k - 1)
    ratio = between / within if within else np.inf
    ends = [ratio / f_law.ppf(at, k - 1, n - k) for at in (0.975, 0.025)]
    rho, low, high = ((one - 1) / (one - 1 + typical) if one < np.inf else 1.0
                      for one in (ratio, *ends))  # fmt: skip
    # Residual totals of the interviewers, as of a ratio.
    total = size * (middle - grand)
    variance = k / (k - 1) * float((total**2).sum()) / n**2
    plain_variance = float(y.var(ddof=1)) / n
    error = float(np.sqrt(variance))
    effect = variance / plain_variance if plain_variance else 1.0
    reach = float(t.ppf(0.975, k - 1)) * error
    mean = Estimate(grand, error, grand - reach, grand + reach, n, effect)
    return InterviewerEffect(float(rho), float(low), float(high), mean)


def fabrication_signs(
    interviews: pd.DataFrame,
    *,
    items: Sequence[str],
    interviewer: str = "interviewer",
    minutes: str | None = "minutes",
) -> pd.DataFrame:
    """Signs that interviews were made up, per interviewer, beside what is usual among them.

    Each sign is counted in units of its usual spread among interviewers (the median distance from
    the median, times 1.4826), so that one cheat does not hide another. A sign is a reason to call
    back, never a proof: see `innocent_share`.

    Parameters
    ----------
    interviews : DataFrame, one row per interview
        `interviewer`; the items, numbers; `minutes`, a number
    items : list of str
        Columns of the answers, at least 4.
    interviewer, minutes : str
        Columns; minutes=None if nobody took the time.

    Returns
    -------
    DataFrame, one row per interviewer, most suspicious first, then by interviewer
        interviewer : as given
        interviews : int64
        copies : float64, share of interviews that are another of theirs, but for a quarter of the
            answers
        alike : float64, mean share of equal answers between two of their interviews
        flat : float64, mean standard deviation of the answers within an interview
        quick : float64, median minutes; missing if not taken
        suspicion : float64, mean of the four signs in units of their spread, each from 0 to 10

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    OutOfRangeError
        If there are fewer than 4 items, fewer than 5 interviewers, or one with fewer than 5
        interviews: nothing could be called usual.

    Source
    ------
    Highest share of equal answers: Kuriakose and Robbins (2016), doi:10.3233/SJI-160978. Signs by
    interviewer: Bredl, Winker and Kötschau (2012), A statistical approach to detect interviewer
    falsification of survey data, Survey Methodology 38(1), 1-10.

    Examples
    --------
    >>> from crmlab.collection import simulate_interviews
    >>> interviews, truth = simulate_interviews(1_600, seed=1)
    >>> signs = fabrication_signs(interviews, items=[f"q{k}" for k in range(1, 13)])
    >>> signs.head(2)["interviewer"].isin(interviews["interviewer"][truth["cheat"]]).all()
    np.True_
    """
    items = names_of("items", items)
    if len(items) < 4:
        raise OutOfRangeError(f"at least 4 items tell sheets apart; got {items}.")
    named = {"interviewer": interviewer} | ({"minutes": minutes} if minutes is not None else {})
    require_columns(interviews, *items, **named)
    require_rows(interviews)
    require_values(interviews, *items, *named.values())
    plain = pd.DataFrame(
        {name: plain_values(interviews[name]) for name in [*items, *named.values()]}
    )
    require_numbers(plain, *items, *([minutes] if minutes is not None else []))
    code, names = pd.factorize(plain[interviewer], sort=True)
    size = bincount(code)
    require_at_least("the number of interviewers", len(names), 5)
    if size.min() < 5:
        few = [str(name) for name, many in zip(names, size, strict=True) if many < 5]
        raise OutOfRangeError(
            f"{few[:10]} have fewer than 5 interviews, too few for a sign. Leave them out, and "
            "call back all of theirs."
        )
    sheets = plain[items].to_numpy("float64")
    time = (
        plain[minutes].to_numpy("float64") if minutes is not None else np.full(len(plain), np.nan)
    )
    rows = []
    for at in range(len(names)):
        own = sheets[code == at]
        match = (own[:, None, :] == own[None, :, :]).mean(axis=2)
        n = len(own)
        alike = (match.sum() - n) / (n * (n - 1))
        np.fill_diagonal(match, 0)
        copies = (match.max(axis=1) >= 0.75).mean()
        rows.append((copies, alike, own.std(axis=1).mean(), np.median(time[code == at])))
    found = np.array(rows)
    sides = np.array([1.0, 1.0, -1.0, -1.0])  # flat and quick are suspicious when small
    signs = np.clip(_unusual(found) * sides, 0, 10)
    table = pd.DataFrame({"interviewer": names, "interviews": size})
    table[[*SIGNS]] = found
    used = signs if minutes is not None else signs[:, :3]
    table["suspicion"] = used.mean(axis=1)
    return table.sort_values(
        ["suspicion", "interviewer"], ascending=[False, True], ignore_index=True
    )


def _unusual(values: np.ndarray) -> np.ndarray:
    """Return how far each value lies from its column's median, in robust standard deviations."""
    middle = np.median(values, axis=0)
    spread = 1.4826 * np.median(np.abs(values - middle), axis=0)
    floor = np.array([0.05, 0.01, 0.02, 0.5])  # less than this nobody would call unusual
    return (values - middle) / np.fmax(spread, floor)


def innocent_share(base_rate: float, *, recall: float, false_alarm: float) -> float:
    """Share of the innocent among those who are accused.

    Parameters
    ----------
    base_rate : float, share of cheats among all
    recall : float, share of the cheats who are accused
    false_alarm : float, share of the honest who are accused

    Returns
    -------
    float
        (1 - base) false / ((1 - base) false + base recall), the rule of Bayes.

    Raises
    ------
    OutOfRangeError
        If `base_rate`, `recall` or `false_alarm` lies outside [0, 1], or nobody is accused.

    Examples
    --------
    >>> round(innocent_share(0.02, recall=0.95, false_alarm=0.05), 2)
    0.72
    """
    require_real(base_rate=base_rate, recall=recall, false_alarm=false_alarm)
    for name, value in (("base_rate", base_rate), ("recall", recall), ("false_alarm", false_alarm)):
        if not 0 <= value <= 1:
            raise OutOfRangeError(f"{name} must be a share from 0 to 1; got {value!r}.")
    honest, cheats = (1 - base_rate) * false_alarm, base_rate * recall
    if honest + cheats == 0:
        raise OutOfRangeError("nobody is accused with these numbers, so there is no share of them.")
    return honest / (honest + cheats)


def flag_curve(scores: pd.DataFrame, *, score: str, truth: str) -> pd.DataFrame:
    """Precision and recall of flagging everybody from a score on, for every such line.

    Parameters
    ----------
    scores : DataFrame, one row per thing that is flagged or not
        `score` : number, higher is more suspicious; `truth` : bool, whether rightly so
    score, truth : str
        Columns.

    Returns
    -------
    DataFrame, one row per value of the score, highest first
        line : float64, the score from which on is flagged
        flagged, right : int64
        precision, recall, false_alarm : float64; right over flagged, right over all true ones,
            wrongly flagged over all that are not

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    OutOfRangeError
        If all are true, or none.

    See Also
    --------
    crmlab.collection.plot.plot_flag_curve : draws this frame.

    Examples
    --------
    >>> scores = pd.DataFrame({"suspicion": [3.0, 2.0, 1.0], "cheat": [True, False, True]})
    >>> flag_curve(scores, score="suspicion", truth="cheat")[["line", "precision", "recall"]]
       line  precision  recall
    0   3.0   1.000000     0.5
    1   2.0   0.500000     0.5
    2   1.0   0.666667     1.0
    """
    require_columns(scores, score=score, truth=truth)
    require_rows(scores)
    require_values(scores, score, truth)
    plain = pd.DataFrame({name: plain_values(scores[name]) for name in (score, truth)})
    require_numbers(plain, score)
    require_truths(plain, truth)
    is_true = plain[truth].to_numpy(bool)
    if is_true.all() or not is_true.any():
        raise OutOfRangeError(
            f"{truth} is the same in every row, so nothing can be told apart. Both are needed."
        )
    level, inverse = np.unique(-plain[score].to_numpy("float64"), return_inverse=True)
    flagged = np.cumsum(bincount(inverse))
    right = np.cumsum(bincount(inverse, is_true.astype("float64")))
    return pd.DataFrame(
        {
            "line": -level,
            "flagged": flagged,
            "right": right.astype("int64"),
            "precision": right / flagged,
            "recall": right / is_true.sum(),
            "false_alarm": (flagged - right) / (~is_true).sum(),
        }
    )
