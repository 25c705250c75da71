"""Can we believe the data: how the file was read, and what was wrong with it."""

from __future__ import annotations

from crmlab.data.report import Fault
from crmlab.report.blocks import Block, Column, Note, Part, Section, Table, Text
from crmlab.report.case import Case
from crmlab.report.words import count, day, visible

ANCHOR, TITLE = "quality", "Data quality"
_FIRST_ROWS = 5


def section(case: Case) -> Section:
    """Return what `read_purchases` reported, and the purchases left out of the figures."""
    reading = case.reading
    blocks: list[Block] = []
    if case.later:
        left_out = f"{count(case.later, 'purchase')} after {day(case.as_of)}"
        blocks.append(Note(f"Left out of every figure: {left_out}.", "Caution"))
    blocks += _faults(case) if reading.faults else []
    blocks += [Part("How the file was read", _understood(case))]
    return Section(ANCHOR, TITLE, _finding(case), blocks)


def _finding(case: Case) -> str:
    reading = case.reading
    refunds = ", refunds included" if reading.fault("refund") else ""
    made = f"{count(reading.purchases, 'purchase')}{refunds}"
    read = f"{count(reading.rows, 'row')} read, made into {made}"
    if not reading.faults:
        return f"{read}; no faults found."
    kinds = count(len(reading.faults), "kind of row deserves", "kinds of rows deserve")
    dropped = sum(fault.count for fault in reading.faults if fault.treatment == "dropped")
    left_out = f"{count(dropped, 'row')} left out" if dropped else "nothing left out"
    return f"{read}; {kinds} a look, {left_out}."


def _faults(case: Case) -> list[Block]:
    faults = case.reading.faults
    columns = [
        Column("Fault", [fault.kind for fault in faults]),
        Column("Rows", [count(fault.count) for fault in faults], "number"),
        Column("Treatment", [fault.treatment for fault in faults]),
        Column("Money in them", [case.money(fault.amount) for fault in faults], "number"),
        Column("Row numbers", [_first_rows(fault) for fault in faults]),
    ]
    if case.show_ids:
        samples = [", ".join(map(visible, fault.samples)) for fault in faults]
        columns.append(Column("As written in the file", samples, "name"))
    caption = f"What deserves a look, and what was done about it ({case.reading.counted_from})"
    return [Table(caption, columns)]


def _first_rows(fault: Fault) -> str:
    more = ", …" if fault.count > _FIRST_ROWS else ""
    return ", ".join(str(row) for row in fault.rows[:_FIRST_ROWS]) + more


def _understood(case: Case) -> list[Block]:
    reading = case.reading
    names = [
        Column("Meaning", [*reading.columns]),
        Column("Column", [visible(name) for name in reading.columns.values()], "name"),
    ]
    guesses = [
        Column("Guess", [guess.what for guess in reading.guesses]),
        Column("Read as", [visible(guess.value) for guess in reading.guesses], "name"),
        Column("Why", [visible(guess.why, longest=300) for guess in reading.guesses], "name"),
    ]
    blocks: list[Block] = [Table("Columns of the file", names)]
    if reading.guesses:
        blocks.append(Table("What the file did not say", guesses))
    if reading.blank_rows:
        blocks.append(Text([f"{count(reading.blank_rows, 'blank row')} left out."]))
    return blocks
