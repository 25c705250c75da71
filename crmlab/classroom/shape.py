"""What is wrong with the form of an answer: a list for a number, a column or a row too many."""

from __future__ import annotations

from crmlab._words import N_, _, ngettext, sentences
from crmlab.classroom.plain import Plain

_A = {
    "number": N_("a number"),
    "text": N_("a text"),
    "flag": N_("a True or False"),
    "nothing": N_("a None"),
    "list": N_("a list"),
    "table": N_("a table"),
}


_YOUR = {"list": N_("your list"), "table": N_("your table")}


def misshapen(answer: Plain, *, kind: str, columns: tuple[str, ...], rows: int) -> str:
    """Return what is wrong with the form of `answer`, where another is asked for, or nothing."""
    if answer.kind != kind:
        said = _("the question asks for {wanted}, and yours is {given}.")
        said = said.format(wanted=_(_A[kind]), given=_given(answer))
        return sentences(said, _advice(answer, kind))
    if answer.columns != columns:
        said = _("the columns should be {wanted}; yours are {given}.")
        return said.format(wanted=[*columns], given=[*answer.columns])
    n = len(answer.rows)
    if n != rows:
        said = (
            ngettext(
                "{yours} has {n} row, more than it should.",
                "{yours} has {n} rows, more than it should.",
                n,
            )
            if n > rows
            else ngettext(
                "{yours} has {n} row, fewer than it should.",
                "{yours} has {n} rows, fewer than it should.",
                n,
            )
        )
        return said.format(yours=_(_YOUR[kind]), n=n)
    return ""


def _given(answer: Plain) -> str:
    """Return what an answer is, in words."""
    if answer.kind == "nothing":
        return _("empty: None, or a missing value (nan)")
    return _("infinite") if _is_infinite(answer) else _(_A[answer.kind])


def _is_infinite(answer: Plain) -> bool:
    return answer.kind == "text" and answer.value in ("inf", "-inf")


def _advice(answer: Plain, wanted: str) -> str:
    """Return what to do about an answer of another kind, where one thing is the likely one."""
    if _is_infinite(answer):
        return _("Was something divided by zero?")
    if answer.kind in ("list", "table") and wanted in ("number", "text", "flag"):
        if len(answer.rows) == 1:
            return _("Take the value out of it: .iloc[0] of a Series, [0] of a list.")
    elif wanted == "number" and answer.kind == "text":
        return _('Type it in digits: 0.5, or "50%".')
    return ""
