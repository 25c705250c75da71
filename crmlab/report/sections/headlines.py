"""Who bought, how often, for how much: the figures everybody asks for first."""

from __future__ import annotations

from crmlab.report.blocks import Card, Cards, Section
from crmlab.report.case import Case
from crmlab.report.words import count, day, days, share

ANCHOR, TITLE = "glance", "At a glance"


def section(case: Case) -> Section:
    """Return the headline figures of all customers together."""
    table, money = case.table, case.money
    customers, purchases = len(table), int(table["frequency"].sum())
    spend = table["monetary"].sum()
    again = int((table["frequency"] > 1).sum())
    length = (case.as_of - case.first).days + 1
    cards = [
        Card("Customers", count(customers), f"up to {day(case.as_of)}"),
        Card("Purchases", count(purchases), f"{purchases / customers:.2f} per customer"),
        Card("Net spend", money(spend), f"{money(spend / customers)} per customer"),
        Card("Average ticket", money(spend / purchases) if purchases else "–", "per purchase"),
        Card("Bought more than once", share(again / customers), count(again, "customer")),
        Card(
            "Days since last purchase",
            count(table["days_since_last"].median()),
            "median over customers",
        ),
    ]
    finding = (
        f"{count(customers, 'customer')} spent {money(spend)} within {days(length)}; "
        f"{share(again / customers)} bought more than once."
    )
    return Section(ANCHOR, TITLE, finding, [Cards(cards)])
