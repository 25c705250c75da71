"""What changed between the last two periods, and why: customers, purchases, ticket, and mix."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._words import N_, _
from crmlab.customers.measure import sales_change
from crmlab.customers.plot import plot_sales_change
from crmlab.errors import EmptyError
from crmlab.report.blocks import Block, Column, Note, Section, Table, Text
from crmlab.report.case import ENOUGH_CUSTOMERS, Case
from crmlab.report.periods import LONGEST_MONTHS, Periods, last_two_periods, too_short
from crmlab.report.pictures import picture
from crmlab.report.words import Money, count, day, months, visible

ANCHOR, TITLE = "change", N_("What changed, and why")
_BY = (("channel", N_("By channel")), ("store", N_("By store")), ("category", N_("By category")))
_MOST_GROUPS = 20
_EFFECTS = {
    "customers_effect": N_("number of customers"),
    "mix_effect": N_("where they buy"),
    "frequency_effect": N_("purchases per customer"),
    "ticket_effect": N_("money per purchase"),
    "refunds_effect": N_("refunds"),
}


def section(case: Case) -> Section:
    """Return the change of net sales between the last two periods, split so that it adds up."""
    periods = last_two_periods(case.first, case.as_of)
    if periods is None:
        return Section(ANCHOR, _(TITLE), too_short(case.first, case.as_of))
    try:
        whole = sales_change(case.purchases, months=periods.months, as_of=case.as_of)
    except EmptyError:
        return Section(ANCHOR, _(TITLE), _("In one of the last two periods nobody bought."))
    row = whole.iloc[0]
    if min(row["customers_before"], row["customers_after"]) < ENOUGH_CUSTOMERS:
        finding = _(
            "Too few customers: it takes {least} in each period, and {before} bought in the "
            "earlier {months}, {after} in the later."
        ).format(
            least=ENOUGH_CUSTOMERS,
            before=row["customers_before"],
            months=months(periods.months),
            after=row["customers_after"],
        )
        return Section(ANCHOR, _(TITLE), finding)
    return Section(ANCHOR, _(TITLE), _finding(row, case.money), _blocks(case, periods, whole))


def _finding(row: pd.Series, money: Money) -> str:
    """Return the change and what did most of it, in one sentence."""
    change = float(row["change"])
    effects = {name: float(row[name]) for name in _EFFECTS if row[name]}
    said = {"before": money(row["before"]), "after": money(row["after"])}
    if not effects:
        return _("Net sales stayed at {after}, and so did all behind them.").format(**said)
    # What went the other way did not do most of it, however large it is.
    most = max(effects, key=lambda name: effects[name] * np.sign(change) or abs(effects[name]))
    said |= {"most": _(_EFFECTS[most]), "effect": _signed(effects[most], money)}
    if change > 0:
        form = _("Net sales rose from {before} to {after}; the {most} did most: {effect}.")
    elif change < 0:
        form = _("Net sales fell from {before} to {after}; the {most} did most: {effect}.")
    else:
        form = _("Net sales stayed at {after}; the {most} moved them most, {effect}, and the rest "
                 "moved them back.")  # fmt: skip
    return form.format(**said)


def _blocks(case: Case, periods: Periods, whole: pd.DataFrame) -> list[Block]:
    """Return how it is split, the picture, and a table for all and for each known grouping."""
    one, money = pd.Timedelta(days=1), case.money
    how = _(
        "The earlier period runs from {start} to {middle}, the later from {next_day} to {end}. Net "
        "sales are customers × purchases per customer × money per purchase, less refunds. Each "
        "effect is averaged over all orders in which these may have changed, so that together they "
        "are the change, to the cent. It is arithmetic: why customers came or went, it cannot say."
    ).format(
        start=day(periods.start + one),
        middle=day(periods.middle),
        next_day=day(periods.middle + one),
        end=day(periods.end),
    )
    row = whole.iloc[0]
    said = [
        f"{_(words)} {_signed(row[name], money)}" for name, words in _EFFECTS.items() if row[name]
    ]
    alt = _("Net sales from {before} to {after}: {effects}.").format(
        before=money(row["before"]), after=money(row["after"]), effects=_(", ").join(said)
    )
    caption = _("Left: the earlier period. Right: the later one. Between them, each effect.")
    blocks: list[Block] = [Text([how])]
    if periods.months < LONGEST_MONTHS:
        season = _(
            "The two periods are different months of the year, so a part of the change may be the "
            "season."
        )
        blocks.append(Note(season))
    blocks.append(
        picture(
            lambda ax: plot_sales_change(whole, ax=ax), alt=alt, caption=caption, size=(6.8, 4.0)
        )
    )
    blocks.append(_table(_("All customers"), whole, money, groups=False))
    for column, words in _BY:
        if column in case.purchases and 2 <= case.purchases[column].nunique() <= _MOST_GROUPS:
            terms = {"months": periods.months, "as_of": case.as_of}
            split = sales_change(case.purchases, by=column, **terms)
            blocks.append(_table(_(words), split, money, groups=True))
    return blocks


def _table(caption: str, table: pd.DataFrame, money: Money, *, groups: bool) -> Table:
    """Return the effects of each group; without groups there is no mix."""
    names = [_("all") if one == "(all)" else visible(one) for one in table["group"]]
    effects = [name for name in _EFFECTS if groups or name != "mix_effect"]
    heads = [Column(_("Group"), names, "name")] if groups else [Column(_("Customers"), names)]
    counted = [
        Column(_("Buyers before"), [count(n) for n in table["customers_before"]], "number"),
        Column(_("Buyers after"), [count(n) for n in table["customers_after"]], "number"),
    ]
    sums = [Column(_("Change"), [_signed(x, money) for x in table["change"]], "number")]
    sums += [
        Column(_(_EFFECTS[name]), [_signed(x, money) for x in table[name]], "number")
        for name in effects
    ]
    return Table(caption, [*heads, *counted, *sums])


def _signed(amount: float, money: Money) -> str:
    """Return money with its sign, also where it is above zero."""
    return f"+{money(amount)}" if amount > 0 else money(amount)
