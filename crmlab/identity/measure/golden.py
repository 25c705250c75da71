"""One record per person, and where each of its values comes from."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from crmlab._checks import (
    require_alike,
    require_columns,
    require_days,
    require_key,
    require_kind,
    require_values,
)
from crmlab.errors import OutOfRangeError, UnknownNameError, WrongTypeError
from crmlab.identity.measure.ids import positions
from crmlab.identity.measure.normalise import KINDS, normaliser, spoken_name

# A rule reads the values of one field, one row each, and says how good each is: more is better.
Rule = Callable[[pd.DataFrame], pd.Series]


def most_recent(values: pd.DataFrame) -> pd.Series:
    """Prefer the value that was changed last.

    Parameters
    ----------
    values : DataFrame as `golden_records` hands it to a rule: updated_on

    Raises
    ------
    MissingColumnsError
        If it has no updated_on.

    Examples
    --------
    >>> values = pd.DataFrame({"updated_on": pd.to_datetime(["2024-01-01", "2024-03-01"])})
    >>> most_recent(values).tolist()
    [1.0, 2.0]
    """
    require_columns(values, "updated_on")
    require_days(values, "updated_on")
    return values["updated_on"].rank()


def most_frequent(values: pd.DataFrame) -> pd.Series:
    """Prefer the value that most records of the person have.

    Parameters
    ----------
    values : DataFrame as `golden_records` hands it to a rule: person_id, same, record_id

    Raises
    ------
    MissingColumnsError
        If it lacks one of the three.

    Examples
    --------
    >>> values = pd.DataFrame({"person_id": 1, "same": [*"aab"], "record_id": [1, 2, 3]})
    >>> most_frequent(values).tolist()
    [2, 2, 1]
    """
    require_columns(values, "person_id", "same", "record_id")
    return values.groupby(["person_id", "same"])["record_id"].transform("size")


def longest(values: pd.DataFrame) -> pd.Series:
    """Prefer the value with most letters.

    Parameters
    ----------
    values : DataFrame as `golden_records` hands it to a rule: value

    Raises
    ------
    MissingColumnsError
        If it has no value.

    Examples
    --------
    >>> values = pd.DataFrame({"value": ["Li", "Li Hua"]})
    >>> longest(values).tolist()
    [2, 6]
    """
    require_columns(values, "value")
    return values["value"].str.len()


def fits(pattern: str) -> Rule:
    """Return the rule that prefers a value whose normal form is like the regular expression.

    Parameters
    ----------
    pattern : str, a regular expression

    Raises
    ------
    OutOfRangeError
        If it is none.

    Examples
    --------
    >>> fits("1[0-9]{10}")(pd.DataFrame({"same": ["13912345678", "139"]})).tolist()
    [1, 0]
    """
    require_kind("pattern", pattern, str, "a text such as '1[0-9]{10}'")
    try:
        re.compile(pattern)
    except re.error as error:
        raise OutOfRangeError(f"pattern {pattern!r} is no regular expression: {error}.") from error

    def fitting(values: pd.DataFrame) -> pd.Series:
        return values["same"].str.fullmatch(pattern).astype("int64")

    fitting.__name__ = f"fits {pattern}"
    return fitting


def trusted(*systems: str) -> Rule:
    """Return the rule that prefers the systems named first; those not named come last.

    Parameters
    ----------
    *systems : str, names of systems, the most trusted first

    Raises
    ------
    OutOfRangeError
        If none is named.

    Examples
    --------
    >>> trusted("till", "app")(pd.DataFrame({"system": ["app", "till", "web"]})).tolist()
    [-1.0, 0.0, -2.0]
    """
    if not systems:
        raise OutOfRangeError("name the systems that are trusted, the best first.")
    for system in systems:
        require_kind("every system", system, str, "a name, such as 'till'")

    def trusted_system(values: pd.DataFrame) -> pd.Series:
        order = {name: -place for place, name in enumerate(systems)}
        return values["system"].map(order).fillna(-len(systems))

    trusted_system.__name__ = "trusted: " + ", ".join(systems)
    return trusted_system


# What is no date or no e-mail address loses; then the records vote, and the latest decides a draw.
RULES: Mapping[str, Sequence[Rule]] = MappingProxyType(
    {
        "name": (most_frequent, most_recent),
        "phone": (most_frequent, most_recent),
        "email": (fits(r"[^@]+@[^@]+\.[a-z]+"), most_frequent, most_recent),
        "birth_date": (fits(r"\d{4}-\d{2}-\d{2}"), most_frequent, most_recent),
        "address": (most_frequent, most_recent),
    }
)


def golden_records(
    records: pd.DataFrame,
    people: pd.DataFrame,
    *,
    rules: Mapping[str, Sequence[Rule]] = RULES,
    kinds: Mapping[str, str] = KINDS,
    record: str = "record_id",
    system: str = "system",
    updated_on: str = "updated_on",
) -> pd.DataFrame:
    """Best value of each field of each person, with its source, its rule and its rivals.

    The rules of a field are asked in turn; what the first leaves undecided goes to the second.
    Where all are at one, the later value wins, then the smaller record number.

    Parameters
    ----------
    records : DataFrame, one row per record, as it was typed
    people : DataFrame, one row per record, with `record` and person_id
    rules : mapping of field to its rules
        most_recent, most_frequent, longest, fits(…), trusted(…), or a function of yours, which gets
        one row per value with person_id, record_id, system, updated_on, value and same (equal for
        values that differ in writing only) and returns a number for each, more is better.
    kinds : mapping of field to kind, see `normalise_records`
    record, system, updated_on : str, columns of `records`

    Returns
    -------
    DataFrame, one row per person and field that any of the records has a value for, sorted
        person_id : as in `people`
        field : str, in the order of `rules`
        value : str, as it was typed
        record_id, system, updated_on : where it comes from
        rule : str, the rules of the field
        records : int64, records of the person with a value
        values : int64, different ones; names that sound alike, and what differs in spaces, case or
            spelling of a date or number, count as the same. More than one is a conflict.
        others : str, the other values, joined by " | "; missing when there is none

    Raises
    ------
    MissingColumnsError
        If a frame lacks a column.
    BadRowsError
        If a record stands twice, has no person, or lies in one frame only.
    UnknownNameError
        If a field has no kind.
    WrongTypeError
        If a rule returns anything but a number for each value.

    Examples
    --------
    >>> records = pd.DataFrame({"record_id": [1, 2], "system": ["till", "web shop"],
    ...     "phone": ["138 0013 8000", "13800138001"],
    ...     "updated_on": pd.to_datetime(["2023-05-01", "2024-05-01"])})
    >>> people = pd.DataFrame({"record_id": [1, 2], "person_id": [1, 1]})
    >>> golden = golden_records(records, people, rules={"phone": [most_recent]})
    >>> golden[["value", "system", "values", "others"]]
             value    system  values         others
    0  13800138001  web shop       2  138 0013 8000
    """
    fields = [*rules]
    require_columns(records, *fields, record=record, system=system, updated_on=updated_on)
    require_columns(people, record, "person_id")
    require_key(records, record)
    require_key(people, record)
    require_values(people, "person_id")
    positions(people[record], records[record])
    positions(records[record], people[record])
    if unknown := [field for field in fields if field not in kinds]:
        raise UnknownNameError.among("kind for the field", unknown[0], kinds)

    named = {record: "record_id", system: "system", updated_on: "updated_on"}
    base = records.rename(columns=named)
    numbers = people.set_index(record)["person_id"]
    base["person_id"] = numbers.reindex(base["record_id"]).array
    parts = [_best(base, field, rules[field], kinds[field]) for field in fields]
    order = {field: place for place, field in enumerate(fields)}
    golden = pd.concat(parts, ignore_index=True)
    golden = golden.sort_values(
        ["person_id", "field"], key=lambda by: by.map(order) if by.name == "field" else by
    )
    return golden.reset_index(drop=True)


def golden_quality(
    golden: pd.DataFrame,
    records: pd.DataFrame,
    truth: pd.DataFrame,
    customers: pd.DataFrame,
    *,
    kinds: Mapping[str, str] = KINDS,
    record: str = "record_id",
    customer: str = "customer_id",
) -> pd.DataFrame:
    """Share of values that are true, in all records and in the golden ones.

    Values are compared in their normal form, names by their sound. A golden value belongs to the
    customer whose record it was taken from.

    Parameters
    ----------
    golden : DataFrame, as returned by `golden_records`
    records : DataFrame, one row per record, as it was typed
    truth : DataFrame, one row per record, with `record` and `customer`
    customers : DataFrame, one row per customer, with `customer` and the true fields
    kinds : mapping of field to kind
    record, customer : str, columns

    Returns
    -------
    DataFrame, one row per field
        field : str
        before, after : float64 in [0, 1], share of true values among all that are there, in the
            records and in the golden ones
        filled_before, filled_after : float64 in [0, 1], share of records and of golden records
            that have a value

    Raises
    ------
    MissingColumnsError
        If a frame lacks a column.
    BadRowsError
        If a record or a customer stands twice.
    WrongTypeError
        If records or customers are numbers in one frame and text in another.

    Examples
    --------
    >>> records = pd.DataFrame(
    ...     {"record_id": [1, 2], "system": ["shop", "card"], "phone": ["13800138000", "138"],
    ...      "updated_on": pd.to_datetime(["2024-01-01", "2024-02-01"])})
    >>> people = pd.DataFrame({"record_id": [1, 2], "person_id": 0})
    >>> golden = golden_records(records, people, rules={"phone": [longest]})
    >>> truth = pd.DataFrame({"record_id": [1, 2], "customer_id": 7})
    >>> customers = pd.DataFrame({"customer_id": [7], "phone": ["13800138000"]})
    >>> golden_quality(golden, records, truth, customers)[["field", "before", "after"]]
       field  before  after
    0  phone     0.5    1.0
    """
    require_columns(golden, "person_id", "field", "value", "record_id")
    fields = [field for field in kinds if field in {*golden["field"]}]
    require_columns(records, record, *fields)
    require_columns(customers, customer, *fields)
    for frame, key in ((records, record), (truth, record), (customers, customer)):
        require_key(frame, key)
    require_alike(record, golden["record_id"], records[record])
    require_alike(record, truth[record], records[record])
    require_alike(customer, truth[customer], customers[customer])
    who = truth.set_index(record)[customer]
    people = golden["person_id"].nunique()
    rows = []
    for field in fields:
        same = _same(kinds[field])
        true = same(customers.set_index(customer)[field])
        typed = records.set_index(record)[field].dropna()
        chosen = golden[golden["field"] == field].set_index("record_id")["value"]
        right = [
            (same(values).to_numpy() == true.reindex(who.reindex(values.index)).to_numpy()).mean()
            for values in (typed, chosen)
        ]
        rows.append((field, *right, len(typed) / len(records), len(chosen) / people))
    columns = ["field", "before", "after", "filled_before", "filled_after"]
    return pd.DataFrame(rows, columns=columns).astype({"field": "str"})


def _ranked(rule: Rule, values: pd.DataFrame) -> pd.Series:
    """Return how good a rule finds each value, or raise if what it says is no number for each."""
    said = rule(values)
    fits = isinstance(said, pd.Series) and said.index.equals(values.index)
    if not fits or not pd.api.types.is_numeric_dtype(said) or said.isna().any():
        name = getattr(rule, "__name__", "a rule")
        raise WrongTypeError(
            f"{name} must return a Series with a number for each of the {len(values)} values, "
            f"indexed as they are; got {type(said).__name__}"
            + (f" of {said.dtype}, {len(said)} long." if isinstance(said, pd.Series) else ".")
        )
    return said


def _best(base: pd.DataFrame, field: str, rules: Sequence[Rule], kind: str) -> pd.DataFrame:
    """Return the best value of one field for each person, with its source and its rivals."""
    values = base[["person_id", "record_id", "system", "updated_on"]].assign(
        value=base[field], same=_same(kind)(base[field])
    )
    values = values.dropna(subset=["same"])
    scores = [f"score {number}" for number in range(len(rules))]
    for name, rule in zip(scores, rules, strict=True):
        values[name] = _ranked(rule, values)
    values = values.sort_values(
        ["person_id", *scores, "updated_on", "record_id"],
        ascending=[True, *[False] * len(scores), False, True],
    )
    groups = values.groupby("person_id", sort=True)
    best = groups.head(1)[["person_id", "value", "record_id", "system", "updated_on"]]
    best.insert(1, "field", field)
    best["rule"] = ", ".join(rule.__name__ for rule in rules)
    best["records"] = groups.size().to_numpy()
    best["values"] = groups["same"].nunique().to_numpy()
    rivals = values.drop_duplicates(["person_id", "same"])
    rivals = rivals[rivals.duplicated("person_id")]
    others = rivals.astype({"value": "str"}).groupby("person_id")["value"].agg(" | ".join)
    best["others"] = best["person_id"].map(others).astype("str")
    return best.astype({"field": "str", "rule": "str", "value": "str"})


def _same(kind: str) -> Callable[[pd.Series], pd.Series]:
    """Return what makes values equal that differ in writing only."""
    if kind != "name":
        return normaliser(kind)

    def letters(names: pd.Series) -> pd.Series:
        spoken = spoken_name(names)
        one = {name: "".join(sorted(name)).strip() for name in spoken.dropna().unique()}
        return spoken.map(one).astype("str")

    return letters
