"""How often members come back, after how long, and the four quadrants they stand in."""

from __future__ import annotations

import pandas as pd

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

ANCHOR, TITLE = "members", "Return and repurchase"


def section(case: Case) -> Section:
    """Return the repurchase interval and the four quadrants of the last months of the file."""
    if case.is_small:
        return Section(ANCHOR, TITLE, case.too_few("quadrants"))

    held = max(months_held(case.first, case.as_of), 1)
    spell = months(held)
    members = repurchase(case.purchases, months=held, as_of=case.as_of)
    found = repurchase_summary(members)
    if not found.returns:
        finding = f"Nobody came back on another day in the last {spell}, so there are no intervals."
        return Section(ANCHOR, TITLE, finding)
    finding = (
        f"{share(found.returning / found.members)} of customers came back to buy in the last "
        f"{spell}, on average {days(found.mean_gap_days)} after the purchase before."
    )
    blocks = [
        _cards(found, spell),
        Part("How long until they come back?", _interval(case, found)),
        Part("Four quadrants: how often against how much", _quadrants(case, members)),
    ]
    return Section(ANCHOR, TITLE, finding, blocks)


def _cards(found: Repurchase, spell: str) -> Cards:
    return Cards(
        [
            Card("Returning customers", count(found.returning), f"in the last {spell}"),
            Card(
                "Returns per customer", f"{found.returns_per_member:.2f}", "mean over all customers"
            ),
            Card("Mean repurchase days", days(found.mean_gap_days), "of the gaps that ended"),
            Card("Days per return", days(found.days_per_return), "gaps still open count too"),
        ]
    )


def _interval(case: Case, found: Repurchase) -> list[Block]:
    gaps = case.gaps
    closed = gaps.loc[gaps["returned"], "gap_days"]
    half, most = closed.quantile([0.5, 0.9])
    alt = (
        f"Days from one purchase to the next: half of the {count(len(closed), 'gap')} that ended "
        f"did so within {days(half)}, nine in ten within "
        f"{days(most)}; {count((~gaps['returned']).sum(), 'gap')} still open."
    )
    caption = (
        "Contact should keep the customers' own rhythm: a message long before the usual gap is "
        "over disturbs, one long after it comes too late."
    )
    return [picture(lambda ax: plot_repurchase(gaps, ax=ax), alt=alt, caption=caption)]


def _quadrants(case: Case, members: pd.DataFrame) -> list[Block]:
    placed = quadrants(members)
    summary = quadrant_summary(placed)
    line = placed.iloc[0]
    gold = summary.iloc[0]
    alt = (
        f"Customers by returns a year and spend per return, with lines at the means: the gold "
        f"quadrant, high on both, holds {count(gold['customers'], 'customer')} "
        f"({share(gold['share_of_customers'])}) and {share(gold['share_of_spend'])} of the spend "
        "of returning days."
    )
    caption = (
        f"The lines stand at {line['frequency_line']:.2f} returns a year and "
        f"{case.money(line['ticket_line'])} per return; high means above the line."
    )
    columns = [
        Column("Quadrant", summary["quadrant"].astype("str") + " " + summary["name"]),
        Column("Customers", summary["customers"].map(count), "number"),
        Column("Share of customers", summary["share_of_customers"], "share"),
        Column("Share of spend", summary["share_of_spend"], "share"),
        Column("What to do", summary["strategy"].map(_sentence)),
    ]
    unseen = int(members["spend_per_return"].isna().sum())
    text = f"In quadrant 3 {count(unseen, 'customer')} did not return in the period at all."
    return [
        picture(lambda ax: plot_quadrants(placed, ax=ax), alt=alt, caption=caption),
        Table("The four quadrants, and what to do in each", columns),
        *([Text([text])] if unseen else []),
    ]


def _sentence(phrase: str) -> str:
    return f"{phrase[:1].upper()}{phrase[1:]}."
