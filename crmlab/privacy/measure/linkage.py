"""Attacks that look a person up: in a list of names, in a group that is all alike, in hashes."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import numpy as np
import pandas as pd

from crmlab._checks import (
    names_of,
    require_at_least,
    require_columns,
    require_key,
    require_series,
    require_single,
    require_values,
)
from crmlab._groups import bincount, class_codes
from crmlab.privacy.measure.classes import columns_of


def linkage_attack(
    release: pd.DataFrame,
    known: pd.DataFrame,
    *,
    on: Sequence[str],
    record: str,
    person: str = "person_id",
    truth: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Who each record of a release is, looked up in a list of known people.

    A record that looks like exactly one of the known people is claimed to be that person. If the
    list is complete and both tables are right, every claim is; if the list lacks people, a person
    may be alone in it and not in town.

    Parameters
    ----------
    release : DataFrame, one row per record, without names
    known : DataFrame, one row per person, with the columns of `on` told as coarsely as in `release`
    on : sequence of str, columns of both
    record, person : str
        Columns that number the records of `release` and the people of `known`.
    truth : DataFrame with the columns `record` and `person`, optional
        Who each record really is; adds the column `correct`.

    Returns
    -------
    DataFrame, one row per record, in the order of `release`
        <record> : as in `release`
        candidates : int64, known people who look like it
        claim : as `person` in `known` (whole numbers as Int64), missing unless there is just one
        correct : bool, with `truth` only: claimed, and rightly

    Raises
    ------
    MissingColumnsError
        If a frame lacks one of the columns.
    BadRowsError
        If a person, or a record of `release` or `truth`, stands twice or has no number.
    OutOfRangeError
        If there are no records, no known people or no columns to link on.

    See Also
    --------
    homogeneity_attack : learns a secret without finding the record.

    Source
    ------
    Sweeney, L. (2000). Simple demographics often identify people uniquely. Carnegie Mellon
    University, Data Privacy Working Paper 3. Checked by Golle, P. (2006). Revisiting the uniqueness
    of simple demographics in the US population. WPES, 77-80. doi:10.1145/1179601.1179615

    Examples
    --------
    >>> release = pd.DataFrame({"record": [1, 2], "sex": ["F", "M"]})
    >>> known = pd.DataFrame({"person_id": [7, 8, 9], "sex": ["F", "M", "M"]})
    >>> linkage_attack(release, known, on=["sex"], record="record")
       record  candidates  claim
    0       1           1      7
    1       2           2   <NA>
    """
    columns = columns_of(release, names_of("on", on))
    columns_of(known, columns)
    require_key(release, record)
    require_key(known, person)

    theirs, ours = _codes_of_both(release, known, columns)
    candidates = bincount(ours, minlength=theirs.max() + 1)[theirs]
    one = known[person].set_axis(ours)
    one = one[~one.index.duplicated()].reindex(theirs)
    if one.dtype.kind in "iuf":
        one = one.astype("Int64")
    claims = pd.DataFrame({record: release[record].to_numpy(), "candidates": candidates})
    claims["claim"] = one.where(candidates == 1).array
    if truth is not None:
        require_columns(truth, record, person)
        require_key(truth, record)
        who = truth.set_index(record)[person].reindex(claims[record])
        claims["correct"] = claims["claim"].eq(who.to_numpy()).fillna(False).to_numpy("bool")
    return claims


def homogeneity_attack(
    release: pd.DataFrame,
    known: pd.DataFrame,
    *,
    on: Sequence[str],
    sensitive: str,
    person: str = "person_id",
) -> pd.DataFrame:
    """Secrets learned about people known to stand in a release, though nobody finds their record.

    Where all records that a person may be share one sensitive value, the person has it.

    Parameters
    ----------
    release : DataFrame, one row per record
    known : DataFrame, one row per person, with the columns of `on` told as coarsely as in `release`
    on : sequence of str, columns of both
    sensitive : str, column of `release`
    person : str, column of `known`

    Returns
    -------
    DataFrame, one row per known person, in the order of `known`
        <person> : as in `known`
        candidates : int64, records that look like the person
        values : int64, different sensitive values among them
        learned : as `sensitive`, missing unless there is just one value

    Raises
    ------
    MissingColumnsError
        If a frame lacks one of the columns.
    BadRowsError
        If a person stands twice, or a record has no sensitive value.
    OutOfRangeError
        If there are no records, no known people or no columns to look at.

    See Also
    --------
    l_diversity : is 1 where this attack learns something.

    Source
    ------
    Machanavajjhala, A. et al. (2007). l-diversity. doi:10.1145/1217299.1217302

    Examples
    --------
    >>> release = pd.DataFrame({"sex": ["F", "F", "M", "M"], "note": ["a", "a", "a", "b"]})
    >>> known = pd.DataFrame({"person_id": [7, 8], "sex": ["F", "M"]})
    >>> homogeneity_attack(release, known, on=["sex"], sensitive="note")["learned"].tolist()
    ['a', nan]
    """
    columns = columns_of(release, names_of("on", on))
    columns_of(known, columns)
    require_columns(release, sensitive)
    require_values(release, sensitive)
    require_single(release, sensitive)
    require_key(known, person)

    theirs, ours = _codes_of_both(release, known, columns)
    groups = release[sensitive].groupby(theirs)
    found = pd.DataFrame({"people": groups.size(), "values": groups.nunique()})
    found = found.reindex(ours, fill_value=0)
    alike = found["values"].to_numpy() == 1
    return pd.DataFrame(
        {
            person: known[person].to_numpy(),
            "candidates": found["people"].to_numpy(),
            "values": found["values"].to_numpy(),
            "learned": groups.first().reindex(ours).where(alike).array,
        }
    )


def plain_hash(values: pd.Series, *, salt: str = "") -> pd.Series:
    """SHA-256 of each value after a salt that everybody may know: what not to do.

    Parameters
    ----------
    values : Series, without missing values
    salt : str, written before each value

    Returns
    -------
    Series of str, 64 hexadecimal digits, indexed as `values`

    Raises
    ------
    BadRowsError
        If a value is missing, or a list.
    OutOfRangeError
        If `values` are no Series.

    See Also
    --------
    dictionary_attack : undoes it.
    crmlab.privacy.vault.pseudonymise : what to do instead.

    Examples
    --------
    >>> plain_hash(pd.Series(["+1-212-555-0100"])).str[:8].tolist()
    ['a5c056fc']
    """
    _require_series("values", values)
    hashes = [sha256(f"{salt}{value}".encode()).hexdigest() for value in values]
    return pd.Series(hashes, values.index, dtype="str", name=values.name)


def dictionary_attack(tokens: pd.Series, candidates: pd.Series, *, salt: str = "") -> pd.DataFrame:
    """Undo plain hashes by hashing every value there can be.

    Parameters
    ----------
    tokens : Series of str, what was released
    candidates : Series, every value that may stand behind a token, such as all phone numbers
    salt : str, the public salt, if there is one

    Returns
    -------
    DataFrame, one row per token, in the order of `tokens`
        token : str
        guess : as `candidates`, missing where no candidate fits

    Raises
    ------
    BadRowsError
        If a token or a candidate is missing, or a list.
    OutOfRangeError
        If there are no tokens or no candidates, or they are no Series.

    See Also
    --------
    crmlab.privacy.vault.pseudonymise : tokens that this attack cannot undo.

    Examples
    --------
    >>> phones = pd.Series(["+1-212-555-0100", "+1-212-555-0101"])
    >>> dictionary_attack(plain_hash(phones.tail(1)), phones)["guess"].tolist()
    ['+1-212-555-0101']
    """
    _require_series("tokens", tokens)
    _require_series("candidates", candidates)
    require_at_least("the number of tokens", len(tokens), 1)
    require_at_least("the number of candidates", len(candidates), 1)
    book = candidates.drop_duplicates()
    book = pd.Series(book.array, plain_hash(book, salt=salt).array)
    return pd.DataFrame(
        {"token": tokens.to_numpy(), "guess": book.reindex(tokens.to_numpy()).array}
    )


def _codes_of_both(
    release: pd.DataFrame, known: pd.DataFrame, columns: list[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the class of each record and of each known person, numbered alike."""
    both = pd.concat([release[columns], known[columns]], ignore_index=True)
    codes = class_codes(both, columns)
    return codes[: len(release)], codes[len(release) :]


def _require_series(name: str, values: pd.Series) -> None:
    """Raise unless `values` are a Series of single values, none of them missing."""
    require_series(name, values, "phone")
    require_values(values.to_frame(name), name)
    require_single(values.to_frame(name), name)
