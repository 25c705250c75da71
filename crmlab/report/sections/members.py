"""How often members come back, after how long, and the four quadrants they stand in."""

from __future__ import annotations

import pandas as pd

from crmlab._words import N_, _
from crmlab.members.measure import (
    Repurchase,
    quadrant_summary,
    quadrants,
    repurchase,
    repurchase_summary,
)
from crmlab.members.plot import plot_quadrants, plot_repurchase
from crmlab.report.blocks import Block, Card, Cards, Column, Part, Section, Table, Text
from crmlab.report.case import Case
from crmlab.report.periods import months_held
from crmlab.report.pictures import picture
from crmlab.report.words import count, days, months, share

ANCHOR, TITLE = "members", N_("Return and repurchase")


def section(case: Case) -> Section:
    """Return the repurchase interval and the four quadrants of the last months of the file."""
    if case.is_small:
        return Section(ANCHOR, _(TITLE), case.too_few("quadrants"))

    held = max(months_held(case.first, case.as_of), 1)
    spell = months(held)
    members = repurchase(case.purchases, months=held, as_of=case.as_of)
    found = repurchase_summary(members)
    if not found.returns:
        finding = _(
            "Nobody came back on another day in the last {spell}, so there are no intervals."
        ).format(spell=spell)
        return Section(ANCHOR, _(TITLE), finding)
    finding = _(
        "{returning} of customers came back to buy in the last {spell}, on average {mean_gap_days} "
        "after the purchase before."
    ).format(
        returning=share(found.returning / found.members),
        spell=spell,
        mean_gap_days=days(found.mean_gap_days),
    )
    blocks = [
        _cards(found, spell),
        Part(_("How long until they come back?"), _interval(case, found)),
        Part(_("Four quadrants: how often against how much"), _quadrants(case, members)),
    ]
    return Section(ANCHOR, _(TITLE), finding, blocks)


def _cards(found: Repurchase, spell: str) -> Cards:
    return Cards(
        [
            Card(
                _("Returning customers"),
                count(found.returning),
                _("in the last {spell}").format(spell=spell),
            ),
            Card(
                _("Returns per customer"),
                f"{found.returns_per_member:.2f}",
                _("mean over all customers"),
            ),
            Card(_("Mean repurchase days"), days(found.mean_gap_days), _("of the gaps that ended")),
            Card(_("Days per return"), days(found.days_per_return), _("gaps still open count too")),
        ]
    )


def _interval(case: Case, found: Repurchase) -> list[Block]:
    gaps = case.gaps
    closed = gaps.loc[gaps["returned"], "gap_days"]
    half, most = closed.quantile([0.5, 0.9])
    alt = _(
        "Days from one purchase to the next: half of the {closed} that ended did so within {half}, "
        "nine in ten within {most}; {returned} still open."
    ).format(
        closed=count(len(closed), "gap"),
        half=days(half),
        most=days(most),
        returned=count((~gaps["returned"]).sum(), "gap"),
    )
    caption = _(
        "Contact should keep the customers' own rhythm: a message long before the usual gap is "
        "over disturbs, one long after it comes too late."
    )
    return [picture(lambda ax: plot_repurchase(gaps, ax=ax), alt=alt, caption=caption)]


def _quadrants(case: Case, members: pd.DataFrame) -> list[Block]:
    placed = quadrants(members)
    summary = quadrant_summary(placed)
    line = placed.iloc[0]
    gold = summary.iloc[0]
    alt = _(
        "Customers by returns a year and spend per return, with lines at the means: the gold "
        "quadrant, high on both, holds {customers} ({share_of_customers}) and {share_of_spend} of "
        "the spend of returning days."
    ).format(
        customers=count(gold["customers"], "customer"),
        share_of_customers=share(gold["share_of_customers"]),
        share_of_spend=share(gold["share_of_spend"]),
    )
    caption = _(
        "The lines stand at {frequency_line:.2f} returns a year and {ticket_line} per return; high "
        "means above the line."
    ).format(frequency_line=line["frequency_line"], ticket_line=case.money(line["ticket_line"]))
    columns = [
        Column(_("Quadrant"), summary["quadrant"].astype("str") + " " + summary["name"].map(_)),
        Column(_("Customers"), summary["customers"].map(count), "number"),
        Column(_("Share of customers"), summary["share_of_customers"], "share"),
        Column(_("Share of spend"), summary["share_of_spend"], "share"),
        Column(_("What to do"), summary["strategy"].map(_sentence)),
    ]
    unseen = int(members["spend_per_return"].isna().sum())
    text = _("In quadrant 3 {unseen} did not return in the period at all.").format(
        unseen=count(unseen, "customer")
    )
    return [
        picture(lambda ax: plot_quadrants(placed, ax=ax), alt=alt, caption=caption),
        Table(_("The four quadrants, and what to do in each"), columns),
        *([Text([text])] if unseen else []),
    ]


def _sentence(phrase: str) -> str:
    said = _(phrase)
    return f"{said[:1].upper()}{said[1:]}" + _(".")
