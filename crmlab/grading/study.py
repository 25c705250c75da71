"""Researcher mode: an exercise's own-data questions over many worlds, beside their truth."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

import crmlab
from crmlab._theme import PALETTE, dress
from crmlab.classroom.solve import solve, world
from crmlab.classroom.source import Exercise, ExerciseError
from crmlab.grading.crew import spread

COLUMNS = ["seed", "question", "answer", "truth", "low", "high"]
_BATCH = 20
# What the rows of a file were computed from.
_SOURCE = "source"


def own_questions(exercise: Exercise, among: Collection[str] = ()) -> list[str]:
    """Return the own-data questions of an exercise, or those `among` some."""
    asked = [name for name in exercise.questions if not among or name in among]
    own = [name for name in asked if exercise.questions[name].own]
    if not own:
        raise ExerciseError(f"{exercise.name} asks nothing about own data, so it cannot be studied")
    return own


def answers(
    exercise: Exercise, seeds: Sequence[int], *, among: Collection[str] = ()
) -> pd.DataFrame:
    """Return the answer to each own-data question in each world, with its truth and interval.

    Returns
    -------
    DataFrame, one row per world and question that asks for a number
        seed : int64
        question : str
        answer, truth, low, high : float64, missing where there is none in this world, or where
            the source names none
    """
    own, rows = own_questions(exercise, among), []
    for seed in seeds:
        drawn = world(exercise, seed)
        solved = solve(exercise, drawn.data, only=own, with_traps=False, truth=drawn.truth)
        for name, each in solved.items():
            if each.answer.kind in ("number", "nothing"):
                row = {"seed": seed, "question": name, "answer": each.answer.value}
                rows.append(row | each.study)
    found = pd.DataFrame(rows, columns=COLUMNS)
    return found.astype(dict.fromkeys(COLUMNS[2:], "float64"))


def fingerprint(exercise: Exercise, among: Collection[str] = ()) -> str:
    """Return what the answers of a study depend on, in a few letters."""
    depends = (crmlab.__version__, repr(exercise.cells), *sorted(among))
    return sha256("\0".join(depends).encode()).hexdigest()[:12]


def study(
    exercise: Exercise,
    path: Path,
    *,
    worlds: int,
    among: Collection[str] = (),
    jobs: int | None = None,
) -> Iterator[int]:
    """Add the answers in worlds 0 to `worlds` - 1 to the CSV at `path`; yield how many came in.

    Worlds that stand there already are not computed again, so that a run goes on where it
    stopped; those of another source, or of another version of the kit, are.
    """
    mark = fingerprint(exercise, among)
    done = read_answers(path, mark) if path.is_file() else pd.DataFrame(columns=COLUMNS)
    left = sorted({*range(worlds)} - {*done["seed"]})
    yield worlds - len(left)
    batches = [left[start : start + _BATCH] for start in range(0, len(left), _BATCH)]
    path.parent.mkdir(parents=True, exist_ok=True)
    jobs = min(jobs or os.cpu_count() or 1, max(1, len(batches)))
    run = partial(answers, exercise, among=among)
    for batch, found in spread(run, batches, jobs=jobs):
        if isinstance(found, Exception):
            raise found
        done = found if done.empty else pd.concat([done, found])
        done = done.sort_values(["seed", "question"], ignore_index=True)
        new = path.with_suffix(".new")
        done.assign(**{_SOURCE: mark}).to_csv(new, index=False, encoding="utf-8")
        new.replace(path)
        yield len(batch)


def read_answers(path: Path, mark: str = "") -> pd.DataFrame:
    """Return the answers that `study` wrote; with a `mark`, those of that fingerprint alone."""
    text = {"question": "str", _SOURCE: "str"}
    found = pd.read_csv(path, dtype=text, encoding="utf-8")
    if mark:
        found = found[found[_SOURCE] == mark] if _SOURCE in found else found.iloc[:0]
    return found[COLUMNS].reset_index(drop=True)


def summary(found: pd.DataFrame) -> pd.DataFrame:
    """Return the distribution of each question's answer, its bias, and its interval's coverage.

    Parameters
    ----------
    found : DataFrame, as `answers` returns

    Returns
    -------
    DataFrame, one row per question
        question : str
        worlds, answered : int64, worlds, and those in which there is an answer
        mean, sd, q05, q50, q95 : float64, of the answer
        truths : int64, worlds with an answer and a truth; the next three are over these
        truth : float64, mean of the truth
        bias, bias_se : float64, mean of answer less truth, and its standard error
        intervals : int64, worlds with a truth and an interval; the next two are over these
        coverage, coverage_se : float64, share of worlds whose interval holds the truth
    """
    return pd.DataFrame([_summed(str(name), each) for name, each in found.groupby("question")])


def _summed(name: str, each: pd.DataFrame) -> dict[str, object]:
    """Return the summary of one question."""
    answered = each["answer"].dropna()
    low, middle, high = answered.quantile([0.05, 0.5, 0.95])
    known = each.dropna(subset=["answer", "truth"])
    off = known["answer"] - known["truth"]
    whole = each.dropna(subset=["truth", "low", "high"])
    held = whole["truth"].between(whole["low"], whole["high"])
    coverage = float(held.mean()) if len(held) else float("nan")
    spread_of = float(np.sqrt(coverage * (1 - coverage) / max(1, len(held))))
    return {
        "question": name,
        "worlds": len(each),
        "answered": len(answered),
        "mean": answered.mean(),
        "sd": answered.std(),
        "q05": low,
        "q50": middle,
        "q95": high,
        "truths": len(known),
        "truth": known["truth"].mean(),
        "bias": off.mean(),
        "bias_se": off.std() / np.sqrt(max(1, len(off))),
        "intervals": len(held),
        "coverage": coverage,
        "coverage_se": spread_of,
    }


def draw_study(found: pd.DataFrame) -> Figure:
    """Return a histogram of each question's answers, the truth a dashed line."""
    names = sorted(found["question"].unique())
    figure = Figure(figsize=(7, 2.6 * len(names)), dpi=100, layout="constrained")
    axes = figure.subplots(len(names), squeeze=False)[:, 0]
    for ax, name in zip(axes, names, strict=True):
        each = found[found["question"] == name]
        ax.hist(each["answer"].dropna(), bins=30, color=PALETTE[4], edgecolor="white")
        ax.axvline(each["answer"].mean(), color=PALETTE[6], label="mean answer")
        if each["truth"].notna().any():
            ax.axvline(each["truth"].mean(), color=PALETTE[5], linestyle="--", label="truth")
        ax.set(xlabel=f"Answer to {name}", ylabel="Worlds")
        ax.legend(frameon=False)
        ax.spines[["top", "right"]].set_visible(False)
        dress(ax)
    return figure
