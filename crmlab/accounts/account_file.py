"""The file of a key account (大客户档案): five headings, how complete they are, and a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from html import escape
from math import isfinite
from numbers import Real
from pathlib import Path
from typing import Any

import pandas as pd

from crmlab._checks import day_of
from crmlab._words import _
from crmlab.accounts.headings import HEADINGS, INDEX, LABELS, LIST, NUMBER, REMEDIES, TEXT
from crmlab.accounts.insurer import ACTIONS, FACTORS, INDICES, ok_swot
from crmlab.accounts.reading import read_account
from crmlab.accounts.swot import Swot, SwotItem
from crmlab.errors import BadRowsError, CrmlabError, MissingColumnsError

__all__ = ["AccountFile", "ok_account_file"]


@dataclass(frozen=True)
class AccountFile:
    """What is on file of one key account, under five headings.

    account : str, its name
    facts : mapping of heading to mapping of field to value, for company, finances, strategy and
        relationship; see `AccountFile.template` for the fields. What is left out, None, or empty
        is not known.
    swot : Swot
    updated_on : str, "YYYY-MM-DD", or ""

    Raises
    ------
    BadRowsError
        If headings or fields are none of these, or values of another kind; all are told at once,
        each with its place and what to do.

    Examples
    --------
    >>> found = AccountFile("Acme", {"relationship": {"owner": "Lin"}})
    >>> round(found.completeness, 3), found.missing["field"].tolist()[:2]
    (0.059, ['products', 'firm'])
    """

    account: str
    facts: Mapping[str, Mapping[str, Any]]
    swot: Swot = field(default_factory=Swot, repr=False)
    updated_on: str = ""

    def __post_init__(self) -> None:
        faults = [*_faults(self.account, self.facts), *_day_faults(self.updated_on)]
        if not isinstance(self.swot, Swot):
            faults.append(f"swot: a Swot is needed; got {type(self.swot).__name__}")
        if faults:
            raise BadRowsError(
                f"the file of {self.account or 'an account'} has {len(faults)} fault(s):\n"
                + "\n".join(faults)
            )

    @classmethod
    def read(cls, path: str | Path) -> AccountFile:
        """Read a file from YAML (.yaml, .yml) or Excel (.xlsx, .xls, .ods).

        YAML has the keys account, updated_on and the five headings; Excel a sheet for each heading
        with the columns field and value (several rows of one field make a list), the sheet swot
        with the columns of `SwotItem`, and the name of the account in a sheet account.

        Raises
        ------
        UnreadableFileError
            If the file is not there, of another kind, or broken; YAML is told with its line.
        BadRowsError
            If something in it is none of the fields, or of another kind; all are told at once.
        """
        return cls.of(read_account(Path(path)))

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> AccountFile:
        """Return the file of a mapping such as YAML gives; SWOT items are a list of mappings."""
        known = {"account", "updated_on", *HEADINGS}
        odd = [name for name in content if name not in known]
        faults = [_unknown("heading", str(name), [*HEADINGS]) for name in odd]
        swot, wrong = _swot(content.get("swot") or [])
        faults += wrong
        facts = {name: content.get(name) or {} for name in HEADINGS if name != "swot"}
        account, day = content.get("account") or "", str(content.get("updated_on") or "")
        faults += [*_faults(account, facts), *_day_faults(day)]
        if faults:
            raise BadRowsError(
                f"the file of {account or 'an account'} has {len(faults)} fault(s):\n"
                + "\n".join(faults)
            )
        return cls(account, facts, swot, day)

    @cached_property
    def fields(self) -> pd.DataFrame:
        """One row per field: heading, field, label, value : str; filled : bool."""
        rows = []
        for heading, names in HEADINGS.items():
            for name in names:
                text = self._text(heading, name)
                rows.append((heading, name, _(LABELS[name]), text, bool(text)))
        names = ["heading", "field", "label", "value"]
        return pd.DataFrame(rows, columns=[*names, "filled"]).astype(dict.fromkeys(names, "str"))

    @property
    def completeness(self) -> float:
        """Share of the fields that are filled, from 0 to 1."""
        return float(self.fields["filled"].mean())

    @property
    def by_heading(self) -> pd.DataFrame:
        """One row per heading: heading : str; fields, filled : int64; completeness : float64."""
        table = self.fields.groupby("heading", sort=False)["filled"].agg(
            fields="size", filled="sum"
        )
        table = table.reset_index().astype({"fields": "int64", "filled": "int64"})
        return table.assign(completeness=table["filled"] / table["fields"])

    @property
    def missing(self) -> pd.DataFrame:
        """The fields that are not filled, in order: heading, field, label, remedy : str."""
        gaps = self.fields.loc[~self.fields["filled"], ["heading", "field", "label"]]
        words = [_(REMEDIES.get(name, "")) for name in gaps["field"]]
        return gaps.assign(remedy=pd.Series(words, gaps.index, dtype="str")).reset_index(drop=True)

    def to_markdown(self) -> str:
        """Return the file as a page in Markdown."""
        lines = [f"# {_plain(self.account)}", "", self._summary(), ""]
        for heading, rows in self.fields.groupby("heading", sort=False):
            lines += [f"## {_(LABELS[str(heading)])}", ""]
            for row in rows.itertuples():
                lines.append(f"* **{row.label}**: {_plain(str(row.value)) or '–'}")
            lines.append("")
        return "\n".join(lines)

    def to_html(self) -> str:
        """Return the file as a page in HTML that stands alone."""
        parts = []
        for heading, rows in self.fields.groupby("heading", sort=False):
            cells = "".join(
                f"<dt>{escape(str(row.label))}</dt><dd{'' if row.filled else ' class=gap'}>"
                f"{escape(str(row.value)) or '–'}</dd>"
                for row in rows.itertuples()
            )
            parts.append(
                f"<section><h2>{escape(_(LABELS[str(heading)]))}</h2><dl>{cells}</dl></section>"
            )
        return _PAGE.format(
            name=escape(self.account), summary=escape(self._summary()), body="".join(parts)
        )

    def _repr_html_(self) -> str:
        page = self.to_html()
        return (
            page[page.index("<style>") : page.index("</style>") + 8]
            + page[page.index("<article>") : page.index("</body>")]
        )

    def _summary(self) -> str:
        said = _("{share:.0%} complete").format(share=self.completeness)
        day = self.updated_on
        return f"{said}; " + (_("as of {day}").format(day=day) if day else _("no date"))

    def _text(self, heading: str, name: str) -> str:
        """Return a field's value in words, "" where it is not known."""
        if heading == "swot":
            letter = name[0].upper()
            return "; ".join(
                f"{one.item}: {one.evidence} → {one.implication}"
                for one in self.swot
                if one.kind == letter
            )
        value = (self.facts.get(heading) or {}).get(name)
        if value is None:
            return ""
        if isinstance(value, Mapping):
            return "; ".join(f"{key} {number:g}" for key, number in value.items())
        if isinstance(value, (list, tuple)):
            return "; ".join(one.strip() for one in value if one.strip())
        return f"{value:,.0f}" if isinstance(value, Real) else str(value).strip()

    @staticmethod
    def template() -> str:
        """Return an empty file in YAML to be filled in."""
        lines = ["account: ", "updated_on: "]
        for heading, names in HEADINGS.items():
            lines.append(f"{heading}:")
            if heading == "swot":
                lines.append(
                    "  # - {item: O1, kind: O, side: external, evidence: …, implication: …,"
                )
                lines.append("  #    probability: 0.5, strength: 0.5}")
            else:
                lines += [f"  {name}:   # {kind}" for name, kind in names.items()]
        return "\n".join(lines) + "\n"


def ok_account_file() -> AccountFile:
    """Return the file of OK as the deck has it: no number under finances, no relationship.

    The chances and strengths of its SWOT are ours, since the deck has none.

    Examples
    --------
    >>> ok_account_file().by_heading["filled"].tolist()
    [5, 0, 4, 2, 0]
    """
    table = ok_swot().drop(columns="level").assign(probability=0.5, strength=0.5)
    ok = {name: values[0] for name, values in INDICES.items()}
    company = {
        "products": "varied insurance; the deck's list of phone firms belongs to another case",
        "firm": "part of a large group: head office, some regional offices, ambitious young "
        "commercial managers, conservative logistics managers",
        "mission": "varied insurance, one-stop purchase, best service in its field",
        "year_goals": [
            "develop life and pension products",
            "advertise",
            "better appearance of distribution staff",
            "target educated young people and the middle class",
        ],
        "indices": ok,
    }
    strategy = {"success_factors": [*FACTORS], "actions": [*ACTIONS]}
    facts = {"company": company, "strategy": strategy}
    return AccountFile("OK insurance", facts, Swot.from_frame(table))


def _faults(account: object, facts: object) -> list[str]:
    """Return what is wrong with the facts of a file, each with its place."""
    faults = []
    if not isinstance(account, str) or not account.strip():
        faults.append("account: a name is needed, in words")
    if not isinstance(facts, Mapping):
        return [*faults, f"the headings must be a mapping; got {type(facts).__name__}"]
    for heading, values in facts.items():
        names = HEADINGS.get(str(heading))
        if names is None or heading == "swot":
            faults.append(_unknown("heading", str(heading), [*HEADINGS]))
        elif not isinstance(values, Mapping):
            faults.append(
                f"{heading}: fields are needed, such as {next(iter(names))}; got {values!r:.40}"
            )
        else:
            for name, value in values.items():
                fault = _fault(str(name), value, names)
                faults += [f"{heading} > {fault}"] if fault else []
    return faults


def _day_faults(day: object) -> list[str]:
    """Return what is wrong with the day of a file, which may be left out."""
    try:
        good = day == "" or day == str(day_of("updated_on", day))  # pyright: ignore[reportArgumentType]
    except CrmlabError:
        good = False
    return [] if good else [f"updated_on: a day such as '2024-06-30' is needed; got {day!r:.60}"]


def _swot(items: Any) -> tuple[Swot, list[str]]:
    """Return a SWOT of items such as YAML gives, and what is wrong with them."""
    if not isinstance(items, (list, tuple)) or not all(isinstance(one, Mapping) for one in items):
        return Swot(), ["swot: a list of items is needed, each with its item, kind, side, …"]
    known = [*SwotItem.__dataclass_fields__]
    odd = [*dict.fromkeys(str(name) for one in items for name in one if name not in known)]
    faults = [f"swot > {_unknown('field', name, known)}" for name in odd]
    if not items:
        return Swot(), []
    table = pd.DataFrame([*items])
    # Who says nothing about how unsure a score is means that it is certain, as in SwotItem.
    unsaid = {name: 0.0 for name in ("probability_sd", "strength_sd") if name in table}
    try:
        return Swot.from_frame(table.fillna(unsaid)), faults
    except (BadRowsError, MissingColumnsError) as fault:
        return Swot(), [*faults, f"swot: {fault}"]


def _fault(name: str, value: Any, names: Mapping[str, str]) -> str:
    """Return what is wrong with one field, or ""."""
    kind = names.get(name)
    if kind is None:
        return _unknown("field", name, [*names])
    if value is None or (isinstance(value, str) and not value.strip()):
        return ""
    good = {
        TEXT: isinstance(value, str),
        NUMBER: _is_number(value),
        INDEX: isinstance(value, Mapping) and all(_is_number(one) for one in value.values()),
        LIST: isinstance(value, (list, tuple)) and all(isinstance(one, str) for one in value),
    }[kind]
    return "" if good else f"{name}: a {kind} is needed; got {value!r:.60}"


def _unknown(what: str, name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, 1)
    meant = f" Did you mean {near[0]}?" if near else ""
    return f"{name}: there is no such {what}.{meant} There are {known}"


def _is_number(value: object) -> bool:
    if not isinstance(value, Real) or isinstance(value, bool):
        return False
    try:
        return isfinite(value)
    except OverflowError:  # a whole number of 400 digits
        return False


def _plain(text: str) -> str:
    """Return a text that Markdown shows as it is, on one line."""
    line = " ".join(text.split())
    for mark in "\\`*_{}[]<>#|&~$":
        line = line.replace(mark, f"\\{mark}")
    return line


_PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{name}</title>
<style>
.account-file {{ font: 15px/1.5 system-ui, sans-serif; max-width: 46em; margin: 1em auto; }}
.account-file h2 {{ font-size: 1.1em; border-bottom: 1px solid #999; margin: 1.2em 0 .4em; }}
.account-file dl {{ display: grid; grid-template-columns: 14em 1fr; gap: .3em 1em; margin: 0; }}
.account-file dt {{ font-weight: 600; }}
.account-file dd {{ margin: 0; }}
.account-file dd.gap {{ color: #a33; }}
</style></head>
<body><article><div class="account-file"><h1>{name}</h1><p>{summary}</p>
{body}</div></article></body>
</html>
"""
