"""How alike two records are, field by field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlab._checks import require_columns, require_key, require_list, require_one_of
from crmlab.errors import BadRowsError, OutOfRangeError, UnknownNameError, WrongTypeError
from crmlab.identity.measure.ids import codes, positions

SCORERS = {"jaro_winkler": "JaroWinkler", "osa": "OSA"}  # as rapidfuzz calls them
_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class Comparison:
    """How one field is compared.

    field : str, what the result is called
    column : str, column of the normalised records
    method : str
        "osa": 1 - edits / letters of the longer text, where an edit leaves out, adds or replaces a
        letter, or swaps two neighbours (optimal string alignment)
        "jaro_winkler": for short texts, where a common beginning counts more
        "name": Jaro-Winkler of the letters, whichever of family and given name comes first
    levels : decreasing similarities in (0, 1]
        Level len(levels) reaches the first, 1 only the last, 0 none of them.
    """

    field: str
    column: str
    method: str
    levels: tuple[float, ...]

    def __post_init__(self) -> None:
        if self.method not in {*SCORERS, "name"}:
            raise UnknownNameError.among("method", self.method, [*SCORERS, "name"])
        falling = all(a > b for a, b in zip(self.levels, self.levels[1:], strict=False))
        if not self.levels or not falling or not all(0 < one <= 1 for one in self.levels):
            raise OutOfRangeError(
                f"levels must fall within (0, 1], such as (1.0, 0.9); got {self.levels!r}."
            )


COMPARISONS = (
    Comparison("name", "name_spoken", "name", (1.0, 0.9)),
    Comparison("phone", "phone_normal", "osa", (1.0, 0.85)),
    Comparison("email", "email_normal", "osa", (1.0, 0.9)),
    Comparison("birth_date", "birth_date_normal", "osa", (1.0, 0.8)),
    Comparison("address", "address_normal", "osa", (1.0, 0.85)),
)


def compare_pairs(
    records: pd.DataFrame,
    pairs: pd.DataFrame,
    *,
    comparisons: Sequence[Comparison] = COMPARISONS,
    record: str = "record_id",
) -> pd.DataFrame:
    """Level of agreement of each pair in each field.

    Parameters
    ----------
    records : DataFrame, one row per record, as returned by `normalise_records`
    pairs : DataFrame, one row per pair, with left and right as returned by `candidate_pairs`
    comparisons : sequence of Comparison
    record : str, column that numbers the records

    Returns
    -------
    DataFrame, one row per pair, in the order of `pairs`
        left, right : as in `pairs`
        <field> : int8, the level reached, 0 for none, -1 where a record has no value:
            what is missing is neither equal nor different

    Raises
    ------
    MissingColumnsError
        If a frame lacks a column.
    BadRowsError
        If a record has no number or stands twice, or a pair names a record that is not there.
    OutOfRangeError
        If `comparisons` are none.

    See Also
    --------
    crmlab.identity.model.Matcher : learns what each level is worth.

    Source
    ------
    Winkler, W. E. (1990). String comparator metrics and enhanced decision rules in the
    Fellegi-Sunter model of record linkage. Proceedings of the Section on Survey Research Methods,
    American Statistical Association, 354-359.

    Examples
    --------
    >>> records = pd.DataFrame({"record_id": [1, 2], "name_spoken": ["na li", "lina"]})
    >>> names = Comparison("name", "name_spoken", "name", (1.0, 0.9))
    >>> compare_pairs(records, pd.DataFrame({"left": [1], "right": [2]}), comparisons=[names])
       left  right  name
    0     1      2     2
    """
    if not comparisons or not all(isinstance(one, Comparison) for one in comparisons):
        raise OutOfRangeError(
            "comparisons must be a list of Comparison, with one or more of them; "
            f"got {comparisons!r}."
        )
    columns = [one.column for one in comparisons]
    require_columns(records, *columns, record=record)
    require_columns(pairs, "left", "right")
    require_key(records, record)

    left, right = (positions(records[record], pairs[side]) for side in ("left", "right"))
    made = {"left": pairs["left"].array, "right": pairs["right"].array}
    for one in comparisons:
        made[one.field] = _levels(records[one.column], left, right, one)
    return pd.DataFrame(made)


def similarity(left: Sequence[str], right: Sequence[str], *, method: str) -> np.ndarray:
    """Similarity in [0, 1] of texts, one pair at a time: see `Comparison`.

    Parameters
    ----------
    left, right : sequence of str, equally long
    method : str, one of the methods of `Comparison`

    Examples
    --------
    >>> similarity(["13800138000"], ["13800138900"], method="osa").round(2).tolist()
    [0.91]
    """
    require_one_of("method", method, ("name", *SCORERS))
    for name, side in (("left", left), ("right", right)):
        require_list(name, side, "['Li Hua']")
        if not all(isinstance(text, str) for text in side):
            raise WrongTypeError(f"{name} must hold texts; put '' where there is none.")
    if len(left) != len(right):
        raise BadRowsError(f"left has {len(left)} texts, right {len(right)}; pairs are compared.")
    return _similarity(left, right, method)


def _similarity(left: Sequence[str], right: Sequence[str], method: str) -> np.ndarray:
    """Return the similarity of texts that are known to be some."""
    if method != "name":
        from rapidfuzz import distance, process

        scorer = getattr(distance, SCORERS[method]).normalized_similarity
        return process.cpdist(left, right, scorer=scorer, dtype=np.float64)
    plain = [[name.replace(" ", "") for name in side] for side in (left, right)]
    turned = [[_turned(name) for name in side] for side in (left, right)]
    ways = [(plain[0], plain[1]), (turned[0], plain[1]), (plain[0], turned[1])]
    return np.max([_similarity(*way, "jaro_winkler") for way in ways], axis=0)


def _turned(name: str) -> str:
    """Return the letters of a name with its last word first."""
    first, _, last = name.rpartition(" ")
    return (last + first).replace(" ", "")


def _levels(values: pd.Series, left: np.ndarray, right: np.ndarray, one: Comparison) -> np.ndarray:
    """Return the level of agreement of the values at `left` and at `right`."""
    code = codes(values)
    known = values.dropna().drop_duplicates().to_numpy(dtype=object)
    a, b = code[left], code[right]
    level = np.where((a < 0) | (b < 0), -1, len(one.levels)).astype("int8")
    differ = np.flatnonzero((a != b) & (level >= 0))
    for part in np.array_split(differ, len(differ) // _AT_ONCE + 1):
        alike = _similarity(known[a[part]], known[b[part]], one.method)
        level[part] = sum(alike >= least for least in one.levels)
    return level
