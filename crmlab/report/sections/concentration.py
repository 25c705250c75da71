"""Who pays for the party: the customer pyramid, and how concentrated spend is."""

from __future__ import annotations

from crmlab.pyramid.measure import Concentration, concentration, lorenz, pyramid
from crmlab.pyramid.plot import plot_lorenz, plot_pyramid
from crmlab.report.blocks import Block, Card, Cards, Column, Note, Part, Section, Table
from crmlab.report.case import Case
from crmlab.report.pictures import picture
from crmlab.report.words import count, share

ANCHOR, TITLE = "pyramid", "Pyramid and concentration"


def section(case: Case) -> Section:
    """Return the pyramid of tiers and the Lorenz curve of net spend."""
    if case.is_small:
        return Section(ANCHOR, TITLE, case.too_few("a pyramid"))
    if not case.spend.sum() > 0:
        finding = "Refunds outweigh purchases in this file, so nobody has a share of the spend."
        return Section(ANCHOR, TITLE, finding)

    found = concentration(case.spend)
    finding = (
        f"The top {share(found.top)} of customers bring {share(found.share_of_top)} of the net "
        f"spend; {share(found.share)} of it comes from {share(found.customers_for_share)} of them."
    )
    blocks = [*_pyramid(case), Part("How concentrated is the spend?", _concentration(case, found))]
    return Section(ANCHOR, TITLE, finding, blocks)


def _pyramid(case: Case) -> list[Block]:
    tiers = pyramid(case.spend)
    best = tiers[tiers["customers"] > 0].iloc[0]
    alt = (
        f"Customer pyramid: {best['tier']}, {share(best['share_of_customers'])} of customers, "
        f"brings {share(best['share_of_spend'])} of the net spend; the tier small, "
        f"{share(tiers['share_of_customers'].iloc[-1])} of customers, brings "
        f"{share(tiers['share_of_spend'].iloc[-1])}."
    )
    caption = "Each tier's headcount to the left, its net spend to the right."
    columns = [
        Column("Tier", tiers["tier"]),
        Column("Customers", tiers["customers"].map(count), "number"),
        Column("Share of customers", tiers["share_of_customers"], "share"),
        Column("Net spend", tiers["spend"].map(case.money), "number"),
        Column("Share of spend", tiers["share_of_spend"], "share"),
        Column("Mean spend", tiers["mean_spend"].map(case.money), "number"),
    ]
    empty = tiers.loc[tiers["customers"] == 0, "tier"].tolist()
    nobody = f"With {count(len(case.spend), 'customer')} the cuts leave nobody in: "
    return [
        picture(lambda ax: plot_pyramid(tiers, ax=ax), alt=alt, caption=caption),
        Table("The pyramid, tier by tier, best customers first", columns),
        *([Note(f"{nobody}{', '.join(empty)}.")] if empty else []),
    ]


def _concentration(case: Case, found: Concentration) -> list[Block]:
    curve = lorenz(case.spend)
    alt = (
        f"Lorenz curve of net spend: the best {share(found.top)} of customers hold "
        f"{share(found.share_of_top)} of it, Gini coefficient {found.gini:.2f}."
    )
    caption = (
        "Customers from the lowest spender to the highest; the further the curve hangs below the "
        "diagonal, the fewer customers carry the business."
    )
    cards = [
        Card(f"Share of the top {share(found.top)}", share(found.share_of_top), "of the net spend"),
        Card(
            f"Customers for {share(found.share)} of spend",
            share(found.customers_for_share),
            count(found.customers_for_share * found.customers, "customer"),
        ),
        Card("Gini coefficient", f"{found.gini:.2f}", "0: all spend alike; 1: one spends all"),
    ]
    negative = count(found.negative_customers, "customer")
    note = [Note(f"{negative} got more money back than they spent in this file.", "Caution")]
    return [
        Cards(cards),
        picture(lambda ax: plot_lorenz(curve, ax=ax), alt=alt, caption=caption, size=(5.2, 4.4)),
        *(note if found.negative_customers else []),
    ]
