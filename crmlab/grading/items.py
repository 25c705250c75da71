"""Item analysis: how hard each question was, how well it tells, and what went wrong."""

from __future__ import annotations

from textwrap import wrap

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from crmlab._theme import PALETTE, dress
from crmlab._words import N_, _

_MOST_BARS = 5
_WORDS = {
    "right": N_("right"),
    "missing": N_("no answer"),
    "unlike": N_("other content"),
    "refused": N_("not a plain answer"),
    "ungraded": N_("could not be graded"),
}


def item_analysis(book: pd.DataFrame) -> pd.DataFrame:
    """Return one row per question: its difficulty and its discrimination.

    Parameters
    ----------
    book : DataFrame, as `gradebook` returns
        Students who handed nothing in count as missing; open answers not read yet are left out,
        and a question of which some wait counts in nobody's total.

    Returns
    -------
    DataFrame, sorted by question
        assignment, question : str
        students : int64, who handed the chapter in
        difficulty : float in [0, 1], mean share of the points; near 1 is easy
        discrimination : float in [-1, 1], correlation of the share with the points earned in all
            other questions of the chapter of which none waits; NaN where one of them does not vary

    Source
    ------
    Henrysson (1963), Correction of item-total correlations in item analysis,
    doi:10.1007/BF02289618: the question itself is left out of the total.
    """
    handed_in = book[book["timestamp"] != ""]
    waits = handed_in["question"].isin(handed_in.loc[handed_in["kind"] == "open", "question"])
    read = handed_in.assign(counts=handed_in["raw_score"].mask(waits, 0.0))
    raw = read[read["kind"] != "open"]
    raw = raw.assign(share=raw["raw_score"] / raw["max_score"])
    total = raw.groupby(["assignment", "student_id"])["counts"].transform("sum")
    raw = raw.assign(rest=total - raw["counts"])
    rows = []
    for (assignment, question), each in raw.groupby(["assignment", "question"]):
        varies = (each[["share", "rest"]].max() > each[["share", "rest"]].min()).all()
        rows.append(
            {
                "assignment": assignment,
                "question": question,
                "students": len(each),
                "difficulty": each["share"].mean(),
                "discrimination": each["share"].corr(each["rest"]) if varies else float("nan"),
            }
        )
    names = ["assignment", "question", "students", "difficulty", "discrimination"]
    return pd.DataFrame(rows, columns=names)


def common_outcomes(book: pd.DataFrame) -> pd.DataFrame:
    """Return what happened at each question, commonest first.

    Returns
    -------
    DataFrame
        assignment, question : str
        outcome : str, "right", or what the wrong answers have in common
        students : int64
    """
    read = book[book["timestamp"] != ""]
    # A comment on an essay is for its writer; here its level counts.
    level = read["reply"].str.partition("\n")[0].where(read["kind"] == "read")
    worded = (
        read["kind"]
        .map({kind: _(word) for kind, word in _WORDS.items()})
        .fillna(level)
        .fillna(read["reply"])
    )
    # Where data are shared, an answer nobody foresaw is worth showing as it is.
    often = read.groupby(["question", "answer"])["answer"].transform("size") > 1
    worded = worded.mask(
        (read["kind"] == "unlike") & often, _("answered") + " " + read["answer"].str[:40]
    )
    counted = read.assign(outcome=worded).groupby(["assignment", "question", "outcome"]).size()
    table = counted.rename("students").reset_index()
    order = ["assignment", "question", "students", "outcome"]
    return table.sort_values(order, ascending=[True, True, False, True], ignore_index=True)


def draw_outcomes(outcomes: pd.DataFrame) -> Figure:
    """Return a bar per outcome of one question: right ones hatched, the wrong ones below."""
    shown = outcomes.head(_MOST_BARS).iloc[::-1]
    figure = Figure(figsize=(7, 0.5 * len(shown) + 0.8), dpi=100, layout="constrained")
    ax = figure.subplots()
    labels = [_wrapped(text) for text in shown["outcome"]]
    right = shown["outcome"] == _("right")
    places = range(len(shown))  # two outcomes may begin with the same words
    bars = ax.barh(
        places, shown["students"], color=[PALETTE[2] if r else PALETTE[5] for r in right]
    )
    ax.set_yticks(places, labels, parse_math=False)  # a student's $ is no formula
    for bar, is_right in zip(bars, right, strict=True):
        bar.set_hatch("//" if is_right else "")
        bar.set_edgecolor("white")
    ax.bar_label(bars, padding=3)
    ax.margins(x=0.1)
    ax.set(xlabel=_("Students"))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.spines[["top", "right"]].set_visible(False)
    dress(ax)
    return figure


def _wrapped(text: str) -> str:
    """Return a label of at most two lines."""
    return "\n".join(wrap(text, 42, max_lines=2, placeholder=" …"))
