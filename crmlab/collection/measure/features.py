"""Four features of customer information: how fresh, scattered, indirect, and what joins make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.optimize import minimize

from crmlab._checks import (
    require_columns,
    require_kind,
    require_list,
    require_truths,
    require_values,
    rows_until,
)
from crmlab._groups import class_codes
from crmlab._purchases import plain_days, plain_ids, plain_values
from crmlab.errors import EmptyError, OutOfRangeError, UnknownNameError

_YEAR = 365.25
_COLUMNS = ("customer_id", "file", "field", "value", "recorded_on", "first_hand")


def change_rates(facts: pd.DataFrame, *, as_of: str | pd.Timestamp | None = None) -> pd.DataFrame:
    """How often a year each kind of fact changes, learnt from records of different age.

    Two first-hand records of one customer, t years apart, agree with probability exp(-rate t - a):
    the longer apart, the less. `a` is what they differ by on the same day.

    Parameters
    ----------
    facts : DataFrame, one row per fact in a file
        customer_id; file, field, value : str; recorded_on : dates; first_hand : bool
    as_of : date, default the last day in the data

    Returns
    -------
    DataFrame, one row per field that stands twice for anybody, by name
        field : str
        pairs : int64, pairs of records
        rate, standard_error : float64, changes per year; missing where all records of a field that
            stand twice are of one day, which tells nothing of time
        half_life_years : float64, after which half have changed; infinite at a rate of 0

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    EmptyError
        If no fact stands in two files.

    See Also
    --------
    crmlab.collection.measure.freshness : how probable it is that each fact still holds.

    Examples
    --------
    >>> from crmlab.collection import simulate_scattered
    >>> facts = simulate_scattered(2_000, seed=1).data
    >>> change_rates(facts)[["field", "rate"]].round(2)
          field  rate
    0   address  0.09
    1  employer  0.26
    2     phone  0.15
    """
    facts, _ = _facts(facts, as_of)
    told = facts[facts["first_hand"]].sort_values(["recorded_on", "file"], kind="stable")
    code = class_codes(told, ["customer_id", "field"])
    told = told.assign(code=code, value=class_codes(told, ["value"]))
    pairs = told.groupby("code").agg(
        field=("field", "first"), first=("value", "first"), last=("value", "last"),
        begin=("recorded_on", "min"), end=("recorded_on", "max"), n=("value", "size"),
    )  # fmt: skip
    pairs = pairs[pairs["n"] > 1]
    if not len(pairs):
        raise EmptyError(
            "no fact stands first-hand in two files, so nothing tells how fast facts age. Put the "
            "files of several systems under each other."
        )
    years = (pairs["end"] - pairs["begin"]).dt.total_seconds() / 86_400 / _YEAR
    rows = []
    for field, group in pairs.assign(years=years).groupby("field", sort=True):
        same = (group["first"] == group["last"]).to_numpy()
        rate, error = _rate(group["years"].to_numpy("float64"), same)
        half = np.log(2) / rate if rate else np.inf
        rows.append((field, len(group), rate, error, half))
    columns = ["field", "pairs", "rate", "standard_error", "half_life_years"]
    return pd.DataFrame(rows, columns=columns).astype({"field": "str"})


def _rate(years: np.ndarray, same: np.ndarray) -> tuple[float, float]:
    """Return the rate of change and its standard error, by maximum likelihood."""
    if not years.any():
        return np.nan, np.nan
    if same.all():
        return 0.0, 3 / max(years.sum(), 1e-9)

    def loss(at: np.ndarray) -> float:
        chance = np.exp(-np.exp(at[0]) * years - np.exp(at[1]))
        return -float(
            np.log(np.maximum(chance[same], 1e-300)).sum()
            + np.log(np.maximum(1 - chance[~same], 1e-300)).sum()
        )

    start = max((~same).mean(), 1e-3) / max(years.mean(), 1e-6)
    at = minimize(loss, [np.log(start), np.log(1e-2)], method="Nelder-Mead").x
    rate, own = np.exp(at[0]), np.exp(at[1])
    chance = np.clip(np.exp(-rate * years - own), 1e-12, 1 - 1e-12)
    weight = chance / (1 - chance)
    known = np.array(
        [
            [(weight * years**2).sum(), (weight * years).sum()],
            [(weight * years).sum(), weight.sum()],
        ]
    )
    spread = np.linalg.pinv(known)
    return float(rate), float(np.sqrt(max(spread[0, 0], 0)))


def freshness(
    facts: pd.DataFrame,
    *,
    rates: Mapping[str, float] | None = None,
    as_of: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """For each fact, how probable it is that it still holds, and whether a newer one contradicts.

    Parameters
    ----------
    facts : DataFrame, as `change_rates` reads it
    rates : dict from field to changes per year, optional
        0 or more. Learnt by `change_rates` when omitted; a field that nobody can learn is taken to
        stay.
    as_of : date, default the last day in the data

    Returns
    -------
    DataFrame, one row per fact, with the index of `facts`
        age_years : float64, since it was written down
        fresh : float64, exp(-rate * age)
        contradicted : bool, a newer first-hand record of the customer says something else

    Raises
    ------
    MissingColumnsError, BadRowsError, EmptyError
        As `change_rates`.
    OutOfRangeError
        If a rate is below 0.

    Examples
    --------
    >>> facts = pd.DataFrame({"customer_id": [1, 1], "file": ["till", "web shop"],
    ...     "field": "phone", "value": ["12", "34"], "first_hand": True,
    ...     "recorded_on": pd.to_datetime(["2020-12-31", "2024-12-31"])})
    >>> freshness(facts, rates={"phone": 0.25}).round(2)
       age_years  fresh  contradicted
    0        4.0   0.37          True
    1        0.0   1.00         False
    """
    facts, day = _facts(facts, as_of)
    if rates is None:
        learnt = change_rates(facts, as_of=pd.Timestamp(day)).dropna(subset=["rate"])
        rates = dict(zip(learnt["field"], learnt["rate"], strict=True))
    require_kind("rates", rates, Mapping, "a dict such as {'phone': 0.15}")
    wrong = {field: rate for field, rate in rates.items() if not 0 <= rate < np.inf}
    if wrong:
        raise OutOfRangeError(f"a rate of change is 0 or more a year; got {wrong}.")
    age = (day - facts["recorded_on"].to_numpy("M8[D]")).astype(np.int64) / _YEAR
    rate = facts["field"].map(dict(rates)).fillna(0.0).to_numpy("float64")
    code = class_codes(facts, ["customer_id", "field"])
    words = class_codes(facts, ["value"])
    recorded = facts["recorded_on"].to_numpy("M8[D]").astype(np.int64)
    told = facts["first_hand"].to_numpy(bool)
    newest = np.full(code.max() + 1, np.iinfo(np.int64).min)
    np.maximum.at(newest, code[told], recorded[told])
    says = np.full(code.max() + 1, -1)
    is_newest = told & (recorded == newest[code])
    says[code[is_newest]] = words[is_newest]
    contradicted = (recorded < newest[code]) & (says[code] != words)
    table = {"age_years": age, "fresh": np.exp(-rate * age), "contradicted": contradicted}
    return pd.DataFrame(table, index=facts.index)


def information_scores(
    facts: pd.DataFrame,
    *,
    makes: Mapping[str, Sequence[str]] | None = None,
    as_of: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Score each file, and all together, by the four features of information, from 0 to 1.

    Parameters
    ----------
    facts : DataFrame, as `change_rates` reads it
    makes : dict from a new fact to the fields it is made of, optional
        Such as {"share_of_wallet": ["spend", "budget"]}.
    as_of : date, default the last day in the data

    Returns
    -------
    DataFrame, one row per file, by name, and a last one "together"
        file : str
        facts : int64
        freshness : float64, mean probability that a fact of the file still holds (时间性)
        coverage : float64, share of all customers and fields that it knows; the less each file has
            beside "together", the more scattered is the information (分散性)
        first_hand : float64, share of its facts that nobody passed on (间接性 is what is missing)
        re_creation : float64, share of all customers of whom a new fact can be made that cannot
            without this file; for "together", of whom any can be made (再创性); missing without
            `makes`

    Raises
    ------
    MissingColumnsError, BadRowsError, EmptyError
        As `change_rates`.
    UnknownNameError
        If `makes` names a field that no file has.

    See Also
    --------
    crmlab.collection.plot.plot_information_scores : draws this frame.

    Examples
    --------
    >>> from crmlab.collection import simulate_scattered
    >>> facts = simulate_scattered(1_000, seed=1).data
    >>> scores = information_scores(facts, makes={"share_of_wallet": ["spend", "budget"]})
    >>> scores[["file", "freshness", "coverage", "re_creation"]].round(2)
               file  freshness  coverage  re_creation
    0  service desk       0.89      0.24         0.00
    1        survey       0.97      0.26         0.29
    2          till       0.74      0.74         0.29
    3      web shop       0.79      0.37         0.00
    4      together       0.81      0.85         0.29
    """
    facts, day = _facts(facts, as_of)
    facts = facts.reset_index(drop=True)
    fresh = freshness(facts, as_of=pd.Timestamp(day))["fresh"]
    customers, fields = facts["customer_id"].nunique(), [*facts["field"].unique()]
    makes = {} if makes is None else makes
    require_kind("makes", makes, Mapping, "a dict such as {'share_of_wallet': ['spend', 'budget']}")
    for name, parts in makes.items():
        require_list(f"makes[{name!r}]", parts, "['spend', 'budget']")
        if not len(parts):
            raise EmptyError(f"makes[{name!r}] is made of no field. Name those it takes.")
        for part in parts:
            if part not in fields:
                raise UnknownNameError.among("field", part, fields)
    made = _makeable(facts, makes)
    rows = []
    for file, part in [*facts.groupby("file", sort=True), ("together", facts)]:
        known = len(part.drop_duplicates(["customer_id", "field"]))
        lost = np.nan
        if makes:
            without = facts[facts["file"] != file]
            kept = set() if file == "together" else _makeable(without, makes)
            lost = len({who for who, _name in made - kept}) / customers
        rows.append(
            (file, len(part), fresh[part.index].mean(), known / (customers * len(fields)),
             part["first_hand"].mean(), lost)
        )  # fmt: skip
    columns = ["file", "facts", "freshness", "coverage", "first_hand", "re_creation"]
    return pd.DataFrame(rows, columns=columns).astype({"file": "str"})


def _makeable(facts: pd.DataFrame, makes: Mapping[str, Sequence[str]]) -> set[tuple[object, str]]:
    """Return the customers, and the new facts that can be made of them."""
    have = {field: {*group["customer_id"]} for field, group in facts.groupby("field", sort=False)}
    return {
        (who, name)
        for name, parts in makes.items()
        for who in set.intersection(*[have.get(part, set()) for part in parts])
    }


def join_facts(
    facts: pd.DataFrame, *, fields: Sequence[str], as_of: str | pd.Timestamp | None = None
) -> pd.DataFrame:
    """One row per customer: the newest value of each field, first-hand where there is such a one.

    Parameters
    ----------
    facts : DataFrame, as `change_rates` reads it
    fields : list of str
    as_of : date, default the last day in the data

    Returns
    -------
    DataFrame, one row per customer of whom every field is known, by customer_id
        customer_id; one column per field : as given, numbers where every value is one

    Raises
    ------
    MissingColumnsError, BadRowsError
        As `change_rates`.
    UnknownNameError
        If no file has a field.
    EmptyError
        If `fields` names none.

    Examples
    --------
    >>> facts = pd.DataFrame({"customer_id": [1, 1], "file": ["till", "survey"],
    ...     "field": ["spend", "budget"], "value": ["40", "100"], "first_hand": True,
    ...     "recorded_on": pd.to_datetime(["2024-12-30", "2024-12-31"])})
    >>> join_facts(facts, fields=["spend", "budget"])
       customer_id  spend  budget
    0            1     40     100
    """
    require_list("fields", fields, "['spend', 'budget']")
    fields = [*dict.fromkeys(fields)]
    if not fields:
        raise EmptyError("fields=[] names nothing to join. Name a field, such as 'spend'.")
    facts, _ = _facts(facts, as_of)
    for one in fields:
        if one not in {*facts["field"]}:
            raise UnknownNameError.among("field", one, sorted(facts["field"].unique()))
    wanted = facts[facts["field"].isin([*fields])]
    wanted = wanted.sort_values(
        ["first_hand", "recorded_on", "file"], kind="stable", ascending=[False, False, True]
    ).drop_duplicates(["customer_id", "field"])
    wide = wanted.pivot(index="customer_id", columns="field", values="value")[[*fields]].dropna()
    for name in fields:
        numbers = pd.to_numeric(wide[name], errors="coerce")
        wide[name] = wide[name] if numbers.isna().any() else numbers
    return wide.rename_axis(columns=None).reset_index()


def _facts(
    facts: pd.DataFrame, as_of: str | pd.Timestamp | None
) -> tuple[pd.DataFrame, np.datetime64]:
    """Return facts whose columns are there and plain, up to the day, and the day."""
    require_columns(facts, *_COLUMNS)
    require_values(facts, *_COLUMNS)
    plain = {name: plain_values(facts[name]) for name in ("file", "field", "value", "first_hand")}
    facts = facts[[*_COLUMNS]].assign(
        customer_id=plain_ids(facts["customer_id"]),
        recorded_on=plain_days(facts["recorded_on"]),
        **plain,
    )
    require_truths(facts, "first_hand")
    facts["first_hand"] = facts["first_hand"].astype(bool)
    return rows_until(facts, "recorded_on", as_of, stacklevel=4)
