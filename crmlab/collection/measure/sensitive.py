"""What a question that people lie about tells, when it is asked so that nobody is exposed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_columns,
    require_numbers,
    require_one_of,
    require_real,
    require_rows,
    require_truths,
    require_values,
)
from crmlab._intervals import Z, wilson
from crmlab._purchases import plain_values
from crmlab.collection.estimate import Estimate
from crmlab.errors import BadRowsError, OutOfRangeError

_DESIGNS = ("direct", "randomised", "list")


def sensitive_share(
    answers: pd.DataFrame,
    *,
    design: str,
    forced_yes: float = 1 / 6,
    forced_no: float = 1 / 6,
    answer: str = "answer",
    with_item: str = "with_item",
) -> Estimate:
    """Share of the people who have a trait, from answers that protect them.

    Parameters
    ----------
    answers : DataFrame, one row per person
        `answer` : 1 for yes and 0 for no; for a list the count; `with_item` : bool, for a list
    design : str
        "direct"      the share of yes
        "randomised"  a die made a share `forced_yes` say yes and `forced_no` say no: the share of
                      yes, less the forced ones, over those who were free
        "list"        mean count with the trait in the list less mean count without it
    forced_yes, forced_no : float in [0, 1), together below 1
    answer, with_item : str
        Columns.

    Returns
    -------
    Estimate
        The interval is Wilson's of the yes, less the forced ones, so nobody of ten is not taken
        for certainly nobody; for a list it is that of two means. The design effect is the price:
        how many times more answers it takes than a direct question that everybody answered truly.
        The estimate may lie outside 0 to 1; then the sample is too small, and cutting it off would
        bias it.

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, or an answer is none of 0 and 1.
    OutOfRangeError
        If the shares forced leave nobody free, or a side of the list is empty.

    Source
    ------
    Warner (1965), doi:10.1080/01621459.1965.10480775; forced answers: Boruch (1971),
    Assuring confidentiality of responses in social research, The American Sociologist 6, 308-311.
    List: Blair and Imai (2012), doi:10.1093/pan/mpr048.

    See Also
    --------
    crmlab.collection.simulate.simulate_sensitive : people whose trait is known.

    Examples
    --------
    >>> answers = pd.DataFrame({"answer": [1] * 40 + [0] * 60})
    >>> found = sensitive_share(answers, design="randomised")
    >>> round(found.value, 2), round(found.standard_error, 3)
    (0.35, 0.073)
    """
    require_real(forced_yes=forced_yes, forced_no=forced_no)
    require_one_of("design", design, _DESIGNS)
    named = {"answer": answer} | ({"with_item": with_item} if design == "list" else {})
    require_columns(answers, **named)
    require_rows(answers)
    require_values(answers, *named.values())
    plain = pd.DataFrame({key: plain_values(answers[column]) for key, column in named.items()})
    if plain["answer"].dtype == bool:
        plain["answer"] = plain["answer"].astype("int64")
    require_numbers(plain, "answer")
    y = plain["answer"].to_numpy("float64")
    if design == "list":
        require_truths(plain, "with_item")
        return _of_lists(y, plain["with_item"].to_numpy(bool))
    strange = np.flatnonzero((y != 0) & (y != 1))
    if strange.size:
        raise BadRowsError(
            f"{strange.size} row(s) hold neither 1 (yes) nor 0 (no): {strange[:10].tolist()}. Set "
            "'don't know' aside first, and say how many there were."
        )
    yes, no = (forced_yes, forced_no) if design == "randomised" else (0.0, 0.0)
    free = 1 - yes - no
    if not (0 <= yes < 1 and 0 <= no < 1 and free > 0):
        raise OutOfRangeError(
            f"forced_yes and forced_no must leave somebody free to say what is true; got {yes!r} "
            f"and {no!r}."
        )
    said = float(y.mean())
    share = (said - yes) / free
    variance = said * (1 - said) / len(y) / free**2
    low, high = ((float(end) - yes) / free for end in wilson(y.sum(), len(y)))
    return _estimate(share, variance, len(y), low, high)


def _of_lists(y: np.ndarray, with_item: np.ndarray) -> Estimate:
    """Return the difference of the mean counts, as a share."""
    one, other = y[with_item], y[~with_item]
    if len(one) < 2 or len(other) < 2:
        raise OutOfRangeError(
            f"{len(one)} people had the trait in their list and {len(other)} had not; at least 2 "
            "of each are needed."
        )
    variance = one.var(ddof=1) / len(one) + other.var(ddof=1) / len(other)
    share, reach = float(one.mean() - other.mean()), Z * float(np.sqrt(variance))
    return _estimate(share, float(variance), len(y), share - reach, share + reach)


def _estimate(share: float, variance: float, n: int, low: float, high: float) -> Estimate:
    inside = min(max(share, 1 / (2 * n)), 1 - 1 / (2 * n))
    price = variance * n / (inside * (1 - inside))
    return Estimate(share, float(np.sqrt(variance)), low, high, n, price)
