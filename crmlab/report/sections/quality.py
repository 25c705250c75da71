"""Can we believe the data: how the file was read, and what was wrong with it."""

from __future__ import annotations

from crmlab._words import N_, _, heading
from crmlab.data.report import Fault
from crmlab.report.blocks import Block, Column, Note, Part, Section, Table, Text
from crmlab.report.case import Case
from crmlab.report.words import count, day, visible

ANCHOR, TITLE = "quality", N_("Data quality")
_FIRST_ROWS = 5


def section(case: Case) -> Section:
    """Return what `read_purchases` reported, and the purchases left out of the figures."""
    reading = case.reading
    blocks: list[Block] = []
    if case.later:
        left_out = _("{later} after {as_of}").format(
            later=count(case.later, "purchase"), as_of=day(case.as_of)
        )
        blocks.append(
            Note(_("Left out of every figure: {left_out}.").format(left_out=left_out), "Caution")
        )
    blocks += _faults(case) if reading.faults else []
    blocks += [Part(_("How the file was read"), _understood(case))]
    return Section(ANCHOR, _(TITLE), _finding(case), blocks)


def _finding(case: Case) -> str:
    reading = case.reading
    refunds = _(", refunds included") if reading.fault("refund") else ""
    made = count(reading.purchases, "purchase") + refunds
    read = _("{rows} read, made into {made}").format(rows=count(reading.rows, "row"), made=made)
    if not reading.faults:
        return _("{read}; no faults found.").format(read=read)
    kinds = count(len(reading.faults), "kind of row deserves", "kinds of rows deserve")
    dropped = sum(fault.count for fault in reading.faults if fault.treatment == "dropped")
    left_out = (
        _("{dropped} left out").format(dropped=count(dropped, "row"))
        if dropped
        else _("nothing left out")
    )
    return _("{read}; {kinds} a look, {left_out}.").format(
        read=read, kinds=kinds, left_out=left_out
    )


def _faults(case: Case) -> list[Block]:
    faults = case.reading.faults
    columns = [
        Column(_("Fault"), [_(fault.kind) for fault in faults]),
        Column(_("Rows"), [count(fault.count) for fault in faults], "number"),
        Column(_("Treatment"), [_(fault.treatment) for fault in faults]),
        Column(_("Money in them"), [case.money(fault.amount) for fault in faults], "number"),
        Column(_("Row numbers"), [_first_rows(fault) for fault in faults]),
    ]
    if case.show_ids:
        samples = [", ".join(map(visible, fault.samples)) for fault in faults]
        columns.append(Column(_("As written in the file"), samples, "name"))
    caption = _("What deserves a look, and what was done about it ({counted_from})").format(
        counted_from=case.reading.counted_from
    )
    return [Table(caption, columns)]


def _first_rows(fault: Fault) -> str:
    more = ", …" if fault.count > _FIRST_ROWS else ""
    return ", ".join(str(row) for row in fault.rows[:_FIRST_ROWS]) + more


def _understood(case: Case) -> list[Block]:
    reading = case.reading
    names = [
        Column(_("Meaning"), [heading(meaning) for meaning in reading.columns]),
        Column(_("Column"), [visible(name) for name in reading.columns.values()], "name"),
    ]
    guesses = [
        Column(_("Guess"), [_(guess.what) for guess in reading.guesses]),
        Column(_("Read as"), [visible(guess.value) for guess in reading.guesses], "name"),
        Column(_("Why"), [visible(guess.why, longest=300) for guess in reading.guesses], "name"),
    ]
    blocks: list[Block] = [Table(_("Columns of the file"), names)]
    if reading.guesses:
        blocks.append(Table(_("What the file did not say"), guesses))
    if reading.blank_rows:
        blocks.append(
            Text(
                [
                    _("{blank_rows} left out.").format(
                        blank_rows=count(reading.blank_rows, "blank row")
                    )
                ]
            )
        )
    return blocks
