"""Who moved up, down, in and out between the last two periods."""

from __future__ import annotations

import pandas as pd

from crmlab._words import N_, _, ngettext
from crmlab.pyramid.measure import migration, pyramid_tiers
from crmlab.pyramid.plot import plot_migration
from crmlab.report.blocks import Block, Card, Cards, Column, Section, Table, Text
from crmlab.report.case import ENOUGH_CUSTOMERS, Case
from crmlab.report.periods import LONGEST_MONTHS, Periods, last_two_periods, too_short
from crmlab.report.pictures import picture
from crmlab.report.words import count, day, months, share

ANCHOR, TITLE = "migration", N_("Migration between periods")


def section(case: Case) -> Section:
    """Return the moves between the pyramids of the last two periods of equal length."""
    periods = last_two_periods(case.first, case.as_of)
    if periods is None:
        return Section(ANCHOR, _(TITLE), too_short(case.first, case.as_of))
    before = spend_within(case.purchases, periods.start, periods.middle)
    after = spend_within(case.purchases, periods.middle, periods.end)
    if min(len(before), len(after)) < ENOUGH_CUSTOMERS:
        finding = _(
            "Too few customers for two pyramids: it takes {least} in each period, and "
            "{before} bought in the earlier {months}, {after} in the later."
        ).format(
            least=ENOUGH_CUSTOMERS,
            before=len(before),
            months=months(periods.months),
            after=len(after),
        )
        return Section(ANCHOR, _(TITLE), finding)

    moves = migration(pyramid_tiers(before), pyramid_tiers(after))
    totals = moves.groupby("movement")["customers"].sum()
    finding = _(
        "Of {before} in the earlier {months}, {lost} bought nothing in the later; {came_in}."
    ).format(
        before=count(len(before), "customer"),
        months=months(periods.months),
        lost=share(totals["lost"] / len(before)),
        came_in=_came_in(totals["new"]),
    )
    return Section(ANCHOR, _(TITLE), finding, _blocks(periods, moves, totals))


def spend_within(purchases: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> pd.Series:
    """Return net spend after the day `start`, up to the day `end`, of each who bought then."""
    day_of = purchases["date"].dt.normalize()
    rows = purchases[(day_of > start) & (day_of <= end)]
    buyers = rows.loc[rows["amount"] > 0, "customer_id"]
    return rows[rows["customer_id"].isin(buyers)].groupby("customer_id")["amount"].sum()


def _came_in(new: int) -> str:
    # Some may have bought before the earlier period: they are back, and no new customers.
    if not new:
        return _("nobody else came in")
    return ngettext("{new} other came in", "{new} others came in", new).format(new=count(new))


def _blocks(periods: Periods, moves: pd.DataFrame, totals: pd.Series) -> list[Block]:
    one = pd.Timedelta(days=1)
    how = _(
        "The earlier period runs from {start} to {middle}, the later from {next_day} to {end}: the "
        "longest two equal spells of whole months that the file holds, {most} months at "
        "most. Each period has a pyramid of its own. Tiers are ranks, so whoever rises pushes "
        "another down."
    ).format(
        start=day(periods.start + one),
        middle=day(periods.middle),
        next_day=day(periods.middle + one),
        end=day(periods.end),
        most=LONGEST_MONTHS,
    )
    was_there = totals.sum() - totals["new"]
    cards = [
        Card(
            label,
            count(totals[key]),
            _("{totals} of the earlier period").format(totals=share(totals[key] / was_there)),
        )
        for label, key in [
            (_("Moved up"), "up"),
            (_("Stayed"), "stayed"),
            (_("Moved down"), "down"),
            (_("Lost"), "lost"),
        ]
    ]
    alt = _(
        "Moves between tiers: {up} up, {down} down, {stayed} stayed, {lost} lost, {new} new."
    ).format(
        up=count(totals["up"]),
        down=count(totals["down"]),
        stayed=count(totals["stayed"]),
        lost=count(totals["lost"]),
        new=count(totals["new"]),
    )
    caption = _("Rows: tier in the earlier period. Columns: tier in the later one.")
    grid = moves.pivot(index="before", columns="after", values="customers")
    grid = grid.reindex(index=moves["before"].unique(), columns=moves["after"].unique())
    words = grid.map(lambda n: "–" if pd.isna(n) else count(n))
    later = [
        Column(_("Later: {tier}").format(tier=_(str(tier))), words[tier], "number")
        for tier in words
    ]
    return [
        Text([how]),
        Cards(cards),
        picture(lambda ax: plot_migration(moves, ax=ax), alt=alt, caption=caption),
        Table(
            _("Customers by tier in the earlier and the later period"),
            [Column(_("Earlier period"), words.index.map(_)), *later],
        ),
    ]
