"""Researcher mode: an exercise's own-data questions over many worlds, beside their truth."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from crmlab._theme import PALETTE, dress
from crmlab.classroom.solve import solve, world
from crmlab.classroom.source import Exercise, ExerciseError
from crmlab.grading.crew import spread

COLUMNS = ["seed", "question", "answer", "truth", "low", "high"]
_BATCH = 20


def own_questions(exercise: Exercise) -> list[str]:
    """Return the own-data questions of an exercise whose answers are numbers."""
    own = [name for name, question in exercise.questions.items() if question.own]
    if not own:
        raise ExerciseError(f"{exercise.name} asks nothing about own data, so it cannot be studied")
    return own


def answers(exercise: Exercise, seeds: Sequence[int]) -> pd.DataFrame:
    """Return the answer to each own-data question in each world, with its truth and interval.

    Returns
    -------
    DataFrame, one row per world and question that asks for a number
        seed : int64
        question : str
        answer, truth, low, high : float64, missing where the source names none
    """
    own, rows = own_questions(exercise), []
    for seed in seeds:
        solved = solve(exercise, world(exercise, seed).data, only=own, with_traps=False)
        for name, each in solved.items():
            if each.answer.kind == "number":
                row = {"seed": seed, "question": name, "answer": each.answer.value}
                rows.append(row | each.study)
    return pd.DataFrame(rows, columns=COLUMNS)


def study(exercise: Exercise, path: Path, *, worlds: int, jobs: int | None = None) -> Iterator[int]:
    """Add the answers in worlds 0 to `worlds` - 1 to the CSV at `path`; yield how many came in.

    Worlds that stand there already are not computed again, so that a run goes on where it
    stopped.
    """
    done = read_answers(path) if path.is_file() else pd.DataFrame(columns=COLUMNS)
    left = sorted({*range(worlds)} - {*done["seed"]})
    yield worlds - len(left)
    batches = [left[start : start + _BATCH] for start in range(0, len(left), _BATCH)]
    path.parent.mkdir(parents=True, exist_ok=True)
    jobs = min(jobs or os.cpu_count() or 1, max(1, len(batches)))
    for _, found in spread(partial(answers, exercise), batches, jobs=jobs):
        if isinstance(found, Exception):
            raise found
        done = found if done.empty else pd.concat([done, found])
        done = done.sort_values(["seed", "question"], ignore_index=True)
        new = path.with_suffix(".new")
        done.to_csv(new, index=False, encoding="utf-8")
        new.replace(path)
        yield found["seed"].nunique()


def read_answers(path: Path) -> pd.DataFrame:
    """Return the answers that `study` wrote."""
    return pd.read_csv(path, dtype={"question": "str"}, encoding="utf-8")


def summary(found: pd.DataFrame) -> pd.DataFrame:
    """Return the distribution of each question's answer, its bias, and its interval's coverage.

    Parameters
    ----------
    found : DataFrame, as `answers` returns

    Returns
    -------
    DataFrame, one row per question
        question : str
        worlds : int64
        mean, sd, q05, q50, q95 : float64, of the answer
        truth : float64, mean of the truth
        bias, bias_se : float64, mean of answer less truth, and its standard error
        coverage, coverage_se : float64, share of worlds whose interval holds the truth
    """
    rows = []
    for name, each in found.groupby("question"):
        off = each["answer"] - each["truth"]
        held = each["truth"].between(each["low"], each["high"]).where(each["low"].notna())
        coverage = float(held.astype("float64").mean())
        low, middle, high = each["answer"].quantile([0.05, 0.5, 0.95])
        rows.append(
            {
                "question": name,
                "worlds": len(each),
                "mean": each["answer"].mean(),
                "sd": each["answer"].std(),
                "q05": low,
                "q50": middle,
                "q95": high,
                "truth": each["truth"].mean(),
                "bias": off.mean(),
                "bias_se": off.std() / np.sqrt(len(each)),
                "coverage": coverage,
                "coverage_se": float(np.sqrt(coverage * (1 - coverage) / len(each))),
            }
        )
    return pd.DataFrame(rows)


def draw_study(found: pd.DataFrame) -> Figure:
    """Return a histogram of each question's answers, the truth a dashed line."""
    names = sorted(found["question"].unique())
    figure = Figure(figsize=(7, 2.6 * len(names)), dpi=100, layout="constrained")
    axes = figure.subplots(len(names), squeeze=False)[:, 0]
    for ax, name in zip(axes, names, strict=True):
        each = found[found["question"] == name]
        ax.hist(each["answer"], bins=30, color=PALETTE[4], edgecolor="white")
        ax.axvline(each["answer"].mean(), color=PALETTE[6], label="mean answer")
        if each["truth"].notna().any():
            ax.axvline(each["truth"].mean(), color=PALETTE[5], linestyle="--", label="truth")
        ax.set(xlabel=f"Answer to {name}", ylabel="Worlds")
        ax.legend(frameon=False)
        ax.spines[["top", "right"]].set_visible(False)
        dress(ax)
    return figure
