"""Questionnaires that were not filled in with care: five patterns, with reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from crmlab._checks import (
    names_of,
    require_columns,
    require_numbers,
    require_probability,
    require_real,
    require_rows,
)
from crmlab._purchases import plain_values
from crmlab.errors import (
    AmbiguousError,
    BadRowsError,
    EmptyError,
    OutOfRangeError,
    UnknownNameError,
    WrongTypeError,
)

PATTERN_COLUMNS = ("incomplete", "no_answer", "one_sided", "middle", "contradiction")


def precheck(
    answers: pd.DataFrame,
    *,
    items: Sequence[str],
    scale: tuple[int, int] = (1, 5),
    asked: str | Sequence[str] | None = None,
    opposites: Iterable[tuple[str, str]] = (),
    required: Sequence[str] = (),
    missing_share: float = 0.25,
    run_share: float = 0.5,
    middle_share: float = 0.75,
    least_contradictions: int = 2,
) -> pd.DataFrame:
    """Flag questionnaires by five patterns, each with its reason and row.

    A flag is a reason to look, not to throw away: people who mean it answer all alike too.

    Parameters
    ----------
    answers : DataFrame, one row per questionnaire
        The items, numbers on the scale or missing.
    items : list of str
        Columns of the statements, all on one scale.
    scale : (int, int)
        Its ends.
    asked : str or list of str, optional
        In which order the items were asked: a column that holds their names parted by blanks, row
        by row, or one list for all. By default in the order of `items`. Runs of equal answers are
        looked for in the order *asked*: in the file items stand as somebody stored them.
    opposites : pairs of items that say the opposite of each other
    required : list of str
        Items whose lack alone is flagged as "no answer".
    missing_share, run_share, middle_share : float in (0, 1]
        From which share of the items on a questionnaire is incomplete, one-sided (so many equal
        answers beside the middle, two at least, one after another), or in the middle.
    least_contradictions : int
        Pairs of opposites that are both agreed or both disagreed to; less than 1 counts as 1.

    Returns
    -------
    DataFrame, one row per questionnaire, with the index of `answers`
        row : int64, counted from 0
        incomplete, no_answer, one_sided, middle, contradiction : bool
        missing, middle_answers : float64, share of the items
        longest_run : float64, share of the items that stand alike beside the middle in a row
        contradictions : int64, pairs
        patterns : int64, how many of the five
        reasons : str, empty where there is none

    Raises
    ------
    MissingColumnsError
        If a column is missing.
    AmbiguousError
        If items are on scales of different length, such as 1-5 and 0-10.
    BadRowsError
        If an answer lies outside the scale, or an order asked leaves out an item.
    OutOfRangeError
        If `missing_share`, `run_share` or `middle_share` lies outside (0, 1], `scale` does not
        rise, an item stands twice or is its own opposite, or a list `asked` leaves one out.
    EmptyError
        If there are no items.

    Source
    ------
    Runs of equal answers: Curran (2016), doi:10.1016/j.jesp.2015.07.006; Meade and Craig (2012),
    doi:10.1037/a0028085. The five patterns are this course's.

    See Also
    --------
    crmlab.data.read_survey : reads a file of your own.
    crmlab.collection.measure.flag_curve : how often the flags are right.

    Examples
    --------
    >>> answers = pd.DataFrame({"q1": [5, 4], "q2": [5, 2], "q3": [5, 4], "q4": [5, 1]})
    >>> precheck(answers, items=["q1", "q2", "q3", "q4"], opposites=[("q1", "q4")],
    ...     least_contradictions=1)[["row", "patterns", "reasons"]]
       row  patterns                                            reasons
    0    0         2  one-sided: 4 of 4 alike in a row; contradictio...
    1    1         0
    """
    require_real(least_contradictions=least_contradictions)
    items = names_of("items", items)
    required = names_of("required", required)
    if not items:
        raise EmptyError("items=[] names no column. Name those that hold answers.")
    twice = sorted({str(one) for one in items if items.count(one) > 1})
    if twice:
        raise OutOfRangeError(f"items must name each column once; {twice} stand more than once.")
    low, high = _ends(scale)
    order_column = asked if isinstance(asked, str) else None
    require_columns(answers, *items, *required, **({"asked": order_column} if order_column else {}))
    require_rows(answers)
    for name, share in (("missing_share", missing_share), ("run_share", run_share),
                        ("middle_share", middle_share)):  # fmt: skip
        require_probability(name, share)
    plain = pd.DataFrame({name: plain_values(answers[name]) for name in [*items, *required]})
    _require_scale(plain, items, low, high)
    pairs = [_pair(pair, items) for pair in opposites]

    given = plain[items].to_numpy("float64")
    order = _order(answers, items, asked)
    centre = (low + high) / 2
    has = ~np.isnan(given)
    missing = 1 - has.mean(axis=1)
    lacking = _lacking(plain, required)
    run = _longest_run(np.take_along_axis(given, order, axis=1), centre)
    in_middle = (given == centre).sum(axis=1) / len(items)
    against = _contradictions(plain, pairs, centre)
    k = len(items)
    flags = {
        "incomplete": missing >= missing_share,
        "no_answer": np.array([*map(bool, lacking)]) & (missing < missing_share),
        "one_sided": (run >= 2) & (run / k >= run_share),
        "middle": in_middle >= middle_share,
        "contradiction": against >= max(least_contradictions, 1),
    }
    said = [
        (flags["incomplete"], [f"incomplete: {m:.0%} not answered" for m in missing.tolist()]),
        (flags["no_answer"], lacking),
        (flags["one_sided"], [f"one-sided: {r} of {k} alike in a row" for r in run.tolist()]),
        (flags["middle"], [f"middle: {m:.0%} in the middle" for m in in_middle.tolist()]),
        (flags["contradiction"], [f"contradiction: {c} opposites" for c in against.tolist()]),
    ]
    reasons = [
        "; ".join(words[row] for flag, words in said if flag[row]) for row in range(len(given))
    ]
    return pd.DataFrame(
        {
            "row": np.arange(len(given)),
            **flags,
            "missing": missing,
            "longest_run": run / k,
            "middle_answers": in_middle,
            "contradictions": against,
            "patterns": np.sum([*flags.values()], axis=0).astype("int64"),
            "reasons": pd.array(reasons, dtype="str"),
        },
        index=answers.index,
    )


def _ends(scale: tuple[int, int]) -> tuple[float, float]:
    try:
        low, high = scale
        if low < high:
            return float(low), float(high)
    except (TypeError, ValueError):
        pass
    raise OutOfRangeError(f"scale must be its two ends, such as (1, 5); got {scale!r}.")


def _require_scale(plain: pd.DataFrame, items: list[str], low: float, high: float) -> None:
    """Raise unless every answer lies on the scale."""
    for item in items:
        if not pd.api.types.is_numeric_dtype(plain[item]):
            raise WrongTypeError(
                f"{item} holds text. Turn answers into numbers first, or let "
                "crmlab.data.read_survey read the file."
            )
        require_numbers(plain.dropna(subset=[item]), item)
    outside = (plain[items] < low) | (plain[items] > high)
    if not outside.to_numpy().any():
        return
    beyond = [item for item in items if outside[item].any()]
    rows = np.flatnonzero(outside.any(axis=1).to_numpy())
    # A code such as 99 is one value; a longer scale brings several, or ends at 10.
    several = all(
        plain[item].max() <= 10 or plain.loc[outside[item], item].nunique() > 3 for item in beyond
    )
    if several and len(beyond) < len(items):
        ends = {item: (int(plain[item].min()), int(plain[item].max())) for item in beyond}
        raise AmbiguousError(
            f"these items are on different scales: most on {low:g}-{high:g}, but {ends}, in rows "
            f"{rows[:10].tolist()} for instance. Check them apart, each with its own scale=, or "
            "bring them to one scale first."
        )
    codes = sorted({*plain[beyond].to_numpy()[outside[beyond].to_numpy()].tolist()})
    raise BadRowsError(
        f"{rows.size} row(s) hold answers outside the scale {low:g}-{high:g}: {rows[:10].tolist()} "
        f"(in {beyond[:5]}: {codes[:5]}). Say the right scale=, or set codes such as 99 for "
        "'don't know' to missing first: frame.replace(99, float('nan'))"
    )


def _pair(pair: object, items: list[str]) -> tuple[str, str]:
    if isinstance(pair, str) or not isinstance(pair, Sequence) or len(pair) != 2:
        raise OutOfRangeError(f"opposites must be pairs of items, ('q1', 'q9') say; got {pair!r}.")
    for one in pair:
        if one not in items:
            raise UnknownNameError.among("item", one, items)
    if pair[0] == pair[1]:
        raise OutOfRangeError(f"{pair[0]!r} cannot be its own opposite.")
    return pair[0], pair[1]


def _order(
    answers: pd.DataFrame, items: list[str], asked: str | Sequence[str] | None
) -> np.ndarray:
    """Return for each row the places of the items in the order in which they were asked."""
    place = {name: at for at, name in enumerate(items)}
    if asked is None:
        return np.tile(np.arange(len(items)), (len(answers), 1))
    if not isinstance(asked, str):
        one = [place[name] for name in asked if name in place]
        if sorted(one) != [*range(len(items))]:
            raise OutOfRangeError("asked must hold every item once, in the order asked.")
        return np.tile(one, (len(answers), 1))
    orders, wrong = [], []
    for row, text in enumerate(answers[asked].astype("str").tolist()):
        one = [place[name] for name in text.split() if name in place]
        if sorted(one) != [*range(len(items))]:
            wrong.append(row)
            one = [*range(len(items))]
        orders.append(one)
    if wrong:
        raise BadRowsError(
            f"{len(wrong)} row(s) do not hold every item once in {asked}: {wrong[:10]}. Write the "
            "names of all items in the order asked, parted by blanks."
        )
    return np.array(orders)


def _longest_run(given: np.ndarray, centre: float) -> np.ndarray:
    """Return the longest run of equal answers beside the middle; a gap ends a run."""
    longest = now = np.where(np.isnan(given[:, 0]) | (given[:, 0] == centre), 0, 1)
    for k in range(1, given.shape[1]):
        counts = ~np.isnan(given[:, k]) & (given[:, k] != centre)
        same = counts & (given[:, k] == given[:, k - 1])
        now = np.where(same, now + 1, np.where(counts, 1, 0))
        longest = np.maximum(longest, now)
    return longest


def _contradictions(plain: pd.DataFrame, pairs: list[tuple[str, str]], centre: float) -> np.ndarray:
    """Return how many pairs of opposites are on one side of the middle."""
    found = np.zeros(len(plain), dtype=np.int64)
    for one, other in pairs:
        a, b = (plain[name].to_numpy("float64") - centre for name in (one, other))
        found += (a * b > 0).astype(np.int64)
    return found


def _lacking(plain: pd.DataFrame, required: list[str]) -> list[str]:
    """Return for each row which required answers it lacks, in words; blank text is none."""
    blank = plain[required].map(lambda cell: isinstance(cell, str) and not cell.strip())
    empty = (plain[required].isna() | blank).to_numpy(bool)
    names = np.array(required, dtype=object)
    return [f"no answer to {', '.join(names[row])}" if row.any() else "" for row in empty]
