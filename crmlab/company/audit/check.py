"""check_company: every sentence at once, over a world in memory."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import pandas as pd

from crmlab.company.audit import firm, laws, people, trade
from crmlab.company.audit.books import Books, Sentence
from crmlab.company.block import TRUTH
from crmlab.company.export import MANIFEST, manifest_of
from crmlab.company.firm import Company, CompanyTruth
from crmlab.company.scenario import Scenario
from crmlab.company.shipped import read_package
from crmlab.dictionary import faults

RULES = (*people.SENTENCES, *trade.SENTENCES, *firm.SENTENCES)
LAWS = tuple(laws.SENTENCES)


@dataclass(frozen=True)
class Audit:
    """What an auditor found.

    sentences  DataFrame, one row per sentence: table, sentence, kind ("dictionary", "rule", or
               "law": within three standard errors), broken (int64, rows that break it), and for
               a law found, expected and z
    broken     dict of the rows that break each sentence, by sentence
    unread     sentences that could not be checked, since a table or the scenario is missing, or
               does not keep to the dictionary
    """

    sentences: pd.DataFrame
    broken: dict[str, pd.DataFrame]
    unread: tuple[str, ...]

    def __bool__(self) -> bool:
        """Return whether every sentence holds."""
        return not self.broken

    def __str__(self) -> str:
        """Return what does not hold, each sentence with the first rows that break it."""
        head = f"{len(self.sentences) - len(self.broken)} of {len(self.sentences)} sentences hold."
        parts = [
            f"Broken by {len(rows)} row(s): {said}\n{rows.head(3).to_string(max_cols=8)}"
            for said, rows in self.broken.items()
        ]
        if self.unread:
            parts.append(
                f"{len(self.unread)} could not be checked without what is missing or broken."
            )
        return "\n".join([head, *parts])


def check_company(
    company: Company, truth: CompanyTruth | None = None, scenario: Scenario | None = None
) -> Audit:
    """Check a world against what must hold in every believable one.

    Parameters
    ----------
    company : Company
        A simulated world, a shipped one, or one that you have changed.
    truth : CompanyTruth, optional
        Without it, what only the truth knows is not checked.
    scenario : Scenario, optional
        Without it, shares are not compared with the scenario.

    Returns
    -------
    Audit
        True when every sentence holds; printed, it says which do not.

    Examples
    --------
    >>> from crmlab.company import load_company
    >>> audit = check_company(*load_company())
    >>> len(audit.sentences) > 100
    True
    """
    tables = {spec.name: getattr(company, spec.name) for spec in fields(company)}
    if truth is not None:
        tables |= {TRUTH + spec.name: getattr(truth, spec.name) for spec in fields(truth)}
    return check_tables(tables, scenario)


def check_tables(tables: dict[str, pd.DataFrame], scenario: Scenario | None = None) -> Audit:
    """Check the tables of a world by name, those of the truth with "truth_" before."""
    books, rows, broken, unread = Books(tables, scenario), [], {}, []
    found = faults(tables)
    for name in tables:
        said = f"The table {name} keeps to the dictionary: keys, references, types and ranges."
        bad = found[found["table"] == name]
        rows.append((name, said, "dictionary", int(bad["rows"].sum()), None, None, None))
        if len(bad):
            broken[said] = bad
    for kind, sentences in (("rule", RULES), ("law", LAWS)):
        for one in sentences:
            try:
                seen = _look(one, books)
            except KeyError:
                unread.append(one.said)
                continue
            except (IndexError, TypeError, ValueError):
                # What does not keep to the dictionary may be past reading; else the bug is ours.
                if found.empty:
                    raise
                unread.append(one.said)
                continue
            rows.append((one.table, one.said, kind, *seen[1:]))
            if len(seen[0]):
                broken[one.said] = seen[0]
    columns = ["table", "sentence", "kind", "broken", "found", "expected", "z"]
    table = pd.DataFrame(rows, columns=columns).astype({"broken": "int64"})
    return Audit(table, broken, tuple(unread))


def check_folder(folder: str | Path) -> Audit:
    """Check the world in a folder: one of `write_company`, or a data package such as the shipped.

    Raises
    ------
    UnreadableFileError
        If the folder holds no whole world.
    """
    folder = Path(folder)
    if (folder / "datapackage.json").exists() and not (folder / MANIFEST).exists():
        return check_tables(read_package(folder), Scenario())
    said = manifest_of(folder)
    rows, known = said["rows"], {spec.name for spec in fields(Scenario)}
    tables = {name: pd.read_parquet(folder / name) for name in rows if (folder / name).exists()}
    # A subclass of Scenario may have added parameters of its own.
    scenario = {name: value for name, value in said["world"]["scenario"].items() if name in known}
    return check_tables(tables, Scenario(**scenario))


def _look(one: Sentence, books: Books) -> tuple:
    """Return the rows that break a sentence, how many, and for a law what was found."""
    seen = one.look(books)
    if seen is None or isinstance(seen, pd.DataFrame):
        seen = pd.DataFrame() if seen is None else seen
        return seen, len(seen), None, None, None
    off = abs(seen.z) > 3
    told = pd.DataFrame([{**seen._asdict(), "z": seen.z}] if off else [])
    return told, int(off), seen.found, seen.expected, seen.z
