"""Who moved up, down, in and out between the last two periods."""

from __future__ import annotations

import pandas as pd

from crmlab.pyramid.measure import migration, pyramid_tiers
from crmlab.pyramid.plot import plot_migration
from crmlab.report.blocks import Block, Card, Cards, Column, Section, Table, Text
from crmlab.report.case import ENOUGH_CUSTOMERS, Case
from crmlab.report.periods import LONGEST_MONTHS, Periods, last_two_periods
from crmlab.report.pictures import picture
from crmlab.report.words import count, day, months, share

ANCHOR, TITLE = "migration", "Migration between periods"


def section(case: Case) -> Section:
    """Return the moves between the pyramids of the last two periods of equal length."""
    periods = last_two_periods(case.first, case.as_of)
    if periods is None:
        finding = (
            "Too short for a comparison of two periods: it takes two months, and this file "
            f"reaches from {day(case.first)} to {day(case.as_of)}."
        )
        return Section(ANCHOR, TITLE, finding)
    before = spend_within(case.purchases, periods.start, periods.middle)
    after = spend_within(case.purchases, periods.middle, periods.end)
    if min(len(before), len(after)) < ENOUGH_CUSTOMERS:
        finding = (
            f"Too few customers for two pyramids: it takes {ENOUGH_CUSTOMERS} in each period, and "
            f"{len(before)} bought in the earlier {months(periods.months)}, "
            f"{len(after)} in the later."
        )
        return Section(ANCHOR, TITLE, finding)

    moves = migration(pyramid_tiers(before), pyramid_tiers(after))
    totals = moves.groupby("movement")["customers"].sum()
    finding = (
        f"Of {count(len(before), 'customer')} in the earlier {months(periods.months)}, "
        f"{share(totals['lost'] / len(before))} bought nothing in the later; "
        f"{_came_in(totals['new'])}."
    )
    return Section(ANCHOR, TITLE, finding, _blocks(periods, moves, totals))


def spend_within(purchases: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> pd.Series:
    """Return net spend after the day `start`, up to the day `end`, of each who bought then."""
    day_of = purchases["date"].dt.normalize()
    rows = purchases[(day_of > start) & (day_of <= end)]
    buyers = rows.loc[rows["amount"] > 0, "customer_id"]
    return rows[rows["customer_id"].isin(buyers)].groupby("customer_id")["amount"].sum()


def _came_in(new: int) -> str:
    # Some may have bought before the earlier period: they are back, and no new customers.
    return f"{count(new, 'other')} came in" if new else "nobody else came in"


def _blocks(periods: Periods, moves: pd.DataFrame, totals: pd.Series) -> list[Block]:
    one = pd.Timedelta(days=1)
    how = (
        f"The earlier period runs from {day(periods.start + one)} to {day(periods.middle)}, the "
        f"later from {day(periods.middle + one)} to {day(periods.end)}: the longest two equal "
        f"spells of whole months that the file holds, {LONGEST_MONTHS} months at most. Each "
        "period has a pyramid of its own. Tiers are ranks, so whoever rises pushes another down."
    )
    was_there = totals.sum() - totals["new"]
    cards = [
        Card(label, count(totals[key]), f"{share(totals[key] / was_there)} of the earlier period")
        for label, key in [
            ("Moved up", "up"),
            ("Stayed", "stayed"),
            ("Moved down", "down"),
            ("Lost", "lost"),
        ]
    ]
    alt = (
        f"Moves between tiers: {count(totals['up'])} up, {count(totals['down'])} down, "
        f"{count(totals['stayed'])} stayed, {count(totals['lost'])} lost, "
        f"{count(totals['new'])} new."
    )
    caption = "Rows: tier in the earlier period. Columns: tier in the later one."
    grid = moves.pivot(index="before", columns="after", values="customers")
    grid = grid.reindex(index=moves["before"].unique(), columns=moves["after"].unique())
    words = grid.map(lambda n: "–" if pd.isna(n) else count(n))
    later = [Column(f"Later: {tier}", words[tier], "number") for tier in words]
    return [
        Text([how]),
        Cards(cards),
        picture(lambda ax: plot_migration(moves, ax=ax), alt=alt, caption=caption),
        Table(
            "Customers by tier in the earlier and the later period",
            [Column("Earlier period", words.index), *later],
        ),
    ]
