"""Whom to speak to first: the customers worth most in the segments that call for action."""

from __future__ import annotations

import pandas as pd

from crmlab._words import N_, _, ngettext
from crmlab.report.blocks import Block, Column, Note, Part, Section, Table, Text
from crmlab.report.case import Case
from crmlab.report.words import ago, count, days, share
from crmlab.rfm.measure import segment_guide

ANCHOR, TITLE = "act", N_("Customers to act on")
# Of the segments that spend much, the most urgent first.
_URGENT = (N_("slipping away"), N_("lost big spenders"), N_("big occasional"), "champions")
_EACH = 10


def section(case: Case) -> Section:
    """Return the biggest spenders of each segment that should not be left to a mass mailing."""
    if case.is_small:
        return Section(ANCHOR, _(TITLE), case.too_few(_("segments to choose from")))
    chosen = [_biggest(case.segments, segment) for segment in _URGENT]
    all_of_them = pd.concat(chosen)
    customers, spend = len(all_of_them), all_of_them["monetary"].sum()
    if not customers:
        return Section(
            ANCHOR, _(TITLE), _("Nobody is in a segment that calls for personal contact.")
        )
    finding = ngettext(
        "Start with this {customers}, {share} of all, who spent {spend} so far.",
        "Start with these {customers}, {share} of all, who spent {spend} so far.",
        customers,
    ).format(
        customers=count(customers, "customer"),
        share=share(customers / len(case.table)),
        spend=case.money(spend),
    )
    usual = case.gaps[case.gaps["returned"]].groupby("customer_id")["gap_days"].mean()
    guide = segment_guide().set_index("segment")["advice"]
    blocks: list[Block] = [
        Part(_heading(segment), [Text([_(guide[segment])]), _table(case, segment, rows, usual)])
        for segment, rows in zip(_URGENT, chosen, strict=True)
        if len(rows)
    ]
    return Section(ANCHOR, _(TITLE), finding, [*_about_names(case), *blocks])


def _biggest(segments: pd.DataFrame, segment: str) -> pd.DataFrame:
    """Return the customers of `segment` who spent most, ties by id."""
    rows = segments[(segments["segment"] == segment) & (segments["frequency"] > 0)]
    return rows.sort_values(["monetary", "customer_id"], ascending=[False, True]).head(_EACH)


def _heading(segment: str) -> str:
    name = _(segment)
    return f"{name[:1].upper()}{name[1:]}"


def _about_names(case: Case) -> list[Block]:
    if case.show_ids:
        return []
    text = _(
        "Names such as C-7QF2-MXA4 are pseudonyms: the same customer has the same one wherever "
        "this page names them, and without the file nobody can work out the id. The figures beside "
        "them are real, so treat the page as confidential all the same. “crmlab report --show-ids” "
        "writes your own ids instead."
    )
    return [Note(text)]


def _table(case: Case, segment: str, rows: pd.DataFrame, usual: pd.Series) -> Table:
    columns = [
        Column(_("Customer"), rows["customer_id"].map(case.name), "name"),
        Column(_("Net spend"), rows["monetary"].map(case.money), "number"),
        Column(_("Purchases"), rows["frequency"].map(count), "number"),
        Column(_("Average ticket"), rows["ticket"].map(case.money), "number"),
        Column(_("Last purchase"), rows["days_since_last"].map(ago), "number"),
        Column(_("Usual gap"), rows["customer_id"].map(usual).map(days), "number"),
    ]
    of_all = count((case.segments["segment"] == segment).sum())
    return Table(
        _("The {rows} of {of_all} “{segment}” who spent most").format(
            rows=len(rows), of_all=of_all, segment=_(segment)
        ),
        columns,
    )
