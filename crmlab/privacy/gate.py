"""Who may ask for what: purpose, minimisation, consent, retention, and a log of every question."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from crmlab._checks import (
    day_of,
    months_before,
    names_of,
    require_at_least,
    require_callable,
    require_columns,
    require_days,
    require_kind,
    require_list,
    require_values,
)
from crmlab.errors import NotAllowedError, OutOfRangeError

__all__ = ["Gate", "Policy"]

# What the course's material allows customer data for (信息只用于市场定位或评估).
PURPOSES = ("positioning", "evaluation")
_LOG = ["asked_at", "who", "purpose", "columns", "rows", "allowed", "why"]


@dataclass(frozen=True)
class Policy:
    """Rules for one table, written down before anybody asks.

    purposes : mapping of each allowed purpose to the columns that it needs
    sensitive : columns that are never handed out, whatever the purpose says
    keep_months : int, calendar months after which a person not seen is due for deletion

    Raises OutOfRangeError for a purpose other than positioning or evaluation, for a purpose that
    needs a sensitive column, for columns that stand in no list, and for fewer than 1 month.
    """

    purposes: Mapping[str, Sequence[str]]
    sensitive: Sequence[str] = ()
    keep_months: int = 36

    def __post_init__(self) -> None:
        require_at_least("keep_months", self.keep_months, 1)
        require_kind("purposes", self.purposes, Mapping, "a dict such as {'evaluation': ['age']}")
        require_list("sensitive", self.sensitive, "['medical_note']")
        for purpose, columns in self.purposes.items():
            if purpose not in PURPOSES:
                raise OutOfRangeError(
                    f"customer data are kept for {[*PURPOSES]} only; {purpose!r} is neither."
                )
            require_list(f"what {purpose} needs", columns, "['age']")
            secret = sorted({*columns} & {*self.sensitive})
            if secret:
                raise OutOfRangeError(f"{purpose} cannot need {secret}: they are sensitive.")


class Gate:
    """Stands before a table, hands out what the policy allows, and writes down who asked for what.

    Parameters
    ----------
    people : DataFrame, one row per person
    policy : Policy
    consents : DataFrame
        customer_id (as `id`), purpose, given_on, withdrawn_on (NaT while it stands)
    as_of : date, the day on which consent and retention are judged
    id, last_seen : str, columns of `people`
    log_file : path, optional
        Each question is also appended there, a JSON object per line.
    clock : callable -> Timestamp
        The time that the log writes down.

    Raises
    ------
    MissingColumnsError
        If `people` lacks the id, the day last seen or a column of the policy, or `consents` one of
        its own.
    BadRowsError
        If a person has no number or was never seen.
    OutOfRangeError
        If `as_of` is no date, or `policy`, `log_file` or `clock` is not what it should be, or a
        column of days holds none.

    See Also
    --------
    crmlab.privacy.vault.Vault : takes the names away from what the gate hands out.

    Examples
    --------
    >>> people = pd.DataFrame({"customer_id": [7], "age": [40], "last_seen_on": ["2024-06-01"]})
    >>> people["last_seen_on"] = pd.to_datetime(people["last_seen_on"])
    >>> consents = pd.DataFrame(columns=["customer_id", "purpose", "given_on", "withdrawn_on"])
    >>> gate = Gate(people, Policy({"evaluation": ["age"]}), consents=consents, as_of="2025-01-01")
    >>> gate.ask(["age"], purpose="resale", who="Ann")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    crmlab.errors.NotAllowedError: purpose 'resale' is not allowed; ...
    """

    def __init__(
        self,
        people: pd.DataFrame,
        policy: Policy,
        *,
        consents: pd.DataFrame,
        as_of: str | pd.Timestamp,
        id: str = "customer_id",
        last_seen: str = "last_seen_on",
        log_file: str | Path | None = None,
        clock: Callable[[], pd.Timestamp] = pd.Timestamp.now,
    ) -> None:
        require_kind("policy", policy, Policy, "a Policy, such as Policy({'evaluation': ['age']})")
        require_callable("clock", clock, "such as pd.Timestamp.now")
        require_kind("log_file", log_file or "", (str, os.PathLike), "a path, such as 'log.jsonl'")
        needed = {column for columns in policy.purposes.values() for column in columns}
        require_columns(people, *needed, id=id, last_seen=last_seen)
        require_columns(consents, id, "purpose", "given_on", "withdrawn_on")
        require_values(people, id, last_seen)
        require_days(people, last_seen)
        for column in ("given_on", "withdrawn_on"):
            _days(consents, column)
        self._people, self._policy, self._consents = people, policy, consents
        self._day, self._id, self._last_seen = day_of("as_of", as_of), id, last_seen
        self._log: list[dict[str, object]] = []
        self._file = Path(log_file) if log_file else None
        self._clock = clock

    @property
    def log(self) -> pd.DataFrame:
        """One row per question, answered or refused.

        asked_at (datetime64), who, purpose, columns (str, joined by ", "), rows (int64, handed
        out), allowed (bool), why (str)
        """
        kinds = {"asked_at": "datetime64[us]", "rows": "int64", "allowed": "bool"}
        words = dict.fromkeys(["who", "purpose", "columns", "why"], "str")
        return pd.DataFrame(self._log, columns=_LOG).astype(kinds | words)

    def ask(self, columns: Sequence[str], *, purpose: str, who: str) -> pd.DataFrame:
        """Return the id and `columns` of those who agreed to the purpose and may still be kept.

        Parameters
        ----------
        columns : sequence of str, no more than the purpose needs
        purpose : str
        who : str, who asks

        Returns
        -------
        DataFrame, one row per person, in the order of the table

        Raises
        ------
        NotAllowedError
            If nobody says who asks, the purpose is not allowed, a column is sensitive or not
            needed for it, or nobody agreed. The log has the question and the reason.
        OutOfRangeError
            If `columns` or `purpose` cannot be names.
        """
        wanted = names_of("columns", columns)
        require_kind("purpose", purpose, str, "a text, such as 'evaluation'")

        refusal = self._refusal(wanted, purpose, who)
        allowed = self._agreed(purpose) & ~self._expired()
        if not refusal and not allowed.any():
            refusal = f"nobody whose data may still be kept has agreed to {purpose}."
        self._write(who, purpose, wanted, 0 if refusal else int(allowed.sum()), refusal)
        if refusal:
            raise NotAllowedError(refusal)
        return self._people.loc[allowed, [self._id, *wanted]].reset_index(drop=True)

    def due_for_deletion(self) -> pd.DataFrame:
        """Return the id and the day last seen of everybody whose time is up, by id."""
        rows = self._people.loc[self._expired(), [self._id, self._last_seen]]
        return rows.sort_values(self._id, ignore_index=True)

    def _refusal(self, columns: list[str], purpose: str, who: str) -> str:
        """Return why the question is refused, or nothing."""
        if not str(who).strip():
            return "nobody says who asks; name a person with who=…"
        if purpose not in self._policy.purposes:
            told = [*self._policy.purposes]
            return f"purpose {purpose!r} is not allowed; customers were told {told}."
        if secret := [one for one in columns if one in self._policy.sensitive]:
            return f"{secret} are sensitive and are not handed out for any purpose."
        needed = [*self._policy.purposes[purpose]]
        if extra := [one for one in columns if one not in needed]:
            return f"{purpose} does not need {extra}; it needs {needed} (data minimisation)."
        return ""

    def _agreed(self, purpose: str) -> pd.Series:
        """Return whether each person has agreed to the purpose, and not withdrawn, by the day."""
        yes = self._consents.loc[self._consents["purpose"] == purpose, :]
        given = _days(yes, "given_on") < self._day + 1
        standing = ~(_days(yes, "withdrawn_on") < self._day + 1)
        return self._people[self._id].isin(yes.loc[given & standing, self._id])

    def _expired(self) -> pd.Series:
        """Return whether each person was last seen before the months that the policy keeps."""
        return self._people[self._last_seen] < months_before(self._day, self._policy.keep_months)

    def _write(self, who: str, purpose: str, columns: list[str], rows: int, why: str) -> None:
        """Write a question down, in the log and in its file."""
        entry = {
            "asked_at": self._clock(),
            "who": str(who),
            "purpose": purpose,
            "columns": ", ".join(map(str, columns)),
            "rows": rows,
            "allowed": not why,
            "why": why or "allowed",
        }
        self._log.append(entry)
        if self._file:
            with self._file.open("a", encoding="utf-8") as file:
                line = entry | {"asked_at": str(entry["asked_at"])}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _days(consents: pd.DataFrame, column: str) -> pd.Series:
    """Return a column of consents as dates, or raise OutOfRangeError if it holds others."""
    try:
        found = pd.to_datetime(consents[column])
    except (TypeError, ValueError) as error:
        raise OutOfRangeError(f"{column} must hold dates such as '2024-06-30'; {error}") from error
    require_days(found.to_frame(column), column)
    return found
