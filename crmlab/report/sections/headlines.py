"""Who bought, how often, for how much: the figures everybody asks for first."""

from __future__ import annotations

from crmlab._words import N_, _
from crmlab.report.blocks import Card, Cards, Section
from crmlab.report.case import Case
from crmlab.report.words import count, day, days, share

ANCHOR, TITLE = "glance", N_("At a glance")


def section(case: Case) -> Section:
    """Return the headline figures of all customers together."""
    table, money = case.table, case.money
    customers, purchases = len(table), int(table["frequency"].sum())
    spend = table["monetary"].sum()
    again = int((table["frequency"] > 1).sum())
    length = (case.as_of - case.first).days + 1
    cards = [
        Card(_("Customers"), count(customers), _("up to {as_of}").format(as_of=day(case.as_of))),
        Card(
            _("Purchases"),
            count(purchases),
            _("{purchases:.2f} per customer").format(purchases=purchases / customers),
        ),
        Card(
            _("Net spend"),
            money(spend),
            _("{spend} per customer").format(spend=money(spend / customers)),
        ),
        Card(
            _("Average ticket"), money(spend / purchases) if purchases else "–", _("per purchase")
        ),
        Card(_("Bought more than once"), share(again / customers), count(again, "customer")),
        Card(
            _("Days since last purchase"),
            count(table["days_since_last"].median()),
            _("median over customers"),
        ),
    ]
    finding = _("{customers} spent {spend} within {length}; {again} bought more than once.").format(
        customers=count(customers, "customer"),
        spend=money(spend),
        length=days(length),
        again=share(again / customers),
    )
    return Section(ANCHOR, _(TITLE), finding, [Cards(cards)])
