"""Who pays for the party: the customer pyramid, and how concentrated spend is."""

from __future__ import annotations

from crmlab._words import N_, _
from crmlab.pyramid.measure import Concentration, concentration, lorenz, pyramid
from crmlab.pyramid.plot import plot_lorenz, plot_pyramid
from crmlab.report.blocks import Block, Card, Cards, Column, Note, Part, Section, Table
from crmlab.report.case import Case
from crmlab.report.pictures import picture
from crmlab.report.words import count, share

ANCHOR, TITLE = "pyramid", N_("Pyramid and concentration")


def section(case: Case) -> Section:
    """Return the pyramid of tiers and the Lorenz curve of net spend."""
    if case.is_small:
        return Section(ANCHOR, _(TITLE), case.too_few(_("a pyramid")))
    if not case.spend.sum() > 0:
        finding = _("Refunds outweigh purchases in this file, so nobody has a share of the spend.")
        return Section(ANCHOR, _(TITLE), finding)

    found = concentration(case.spend)
    finding = _(
        "The top {top} of customers bring {share_of_top} of the net spend; {share} of it comes "
        "from {customers_for_share} of them."
    ).format(
        top=share(found.top),
        share_of_top=share(found.share_of_top),
        share=share(found.share),
        customers_for_share=share(found.customers_for_share),
    )
    blocks = [
        *_pyramid(case),
        Part(_("How concentrated is the spend?"), _concentration(case, found)),
    ]
    return Section(ANCHOR, _(TITLE), finding, blocks)


def _pyramid(case: Case) -> list[Block]:
    tiers = pyramid(case.spend)
    best = tiers[tiers["customers"] > 0].iloc[0]
    alt = _(
        "Customer pyramid: {tier}, {share_of_customers} of customers, brings {share_of_spend} of "
        "the net spend; the tier small, {share_of_last} of customers, brings {spend_of_last}."
    ).format(
        tier=_(best["tier"]),
        share_of_customers=share(best["share_of_customers"]),
        share_of_spend=share(best["share_of_spend"]),
        share_of_last=share(tiers["share_of_customers"].iloc[-1]),
        spend_of_last=share(tiers["share_of_spend"].iloc[-1]),
    )
    caption = _("Each tier's headcount to the left, its net spend to the right.")
    columns = [
        Column(_("Tier"), tiers["tier"].map(_)),
        Column(_("Customers"), tiers["customers"].map(count), "number"),
        Column(_("Share of customers"), tiers["share_of_customers"], "share"),
        Column(_("Net spend"), tiers["spend"].map(case.money), "number"),
        Column(_("Share of spend"), tiers["share_of_spend"], "share"),
        Column(_("Mean spend"), tiers["mean_spend"].map(case.money), "number"),
    ]
    empty = tiers.loc[tiers["customers"] == 0, "tier"].tolist()
    nobody = _("With {customers} the cuts leave nobody in: {tiers}.").format(
        customers=count(len(case.spend), "customer"), tiers=_(", ").join(map(_, empty))
    )
    return [
        picture(lambda ax: plot_pyramid(tiers, ax=ax), alt=alt, caption=caption),
        Table(_("The pyramid, tier by tier, best customers first"), columns),
        *([Note(nobody)] if empty else []),
    ]


def _concentration(case: Case, found: Concentration) -> list[Block]:
    curve = lorenz(case.spend)
    alt = _(
        "Lorenz curve of net spend: the best {top} of customers hold {share_of_top} of it, Gini "
        "coefficient {gini:.2f}."
    ).format(top=share(found.top), share_of_top=share(found.share_of_top), gini=found.gini)
    caption = _(
        "Customers from the lowest spender to the highest; the further the curve hangs below the "
        "diagonal, the fewer customers carry the business."
    )
    cards = [
        Card(
            _("Share of the top {top}").format(top=share(found.top)),
            share(found.share_of_top),
            _("of the net spend"),
        ),
        Card(
            _("Customers for {share} of spend").format(share=share(found.share)),
            share(found.customers_for_share),
            count(found.customers_for_share * found.customers, "customer"),
        ),
        Card(
            _("Gini coefficient"), f"{found.gini:.2f}", _("0: all spend alike; 1: one spends all")
        ),
    ]
    negative = count(found.negative_customers, "customer")
    note = [
        Note(
            _("{negative} got more money back than they spent in this file.").format(
                negative=negative
            ),
            "Caution",
        )
    ]
    return [
        Cards(cards),
        picture(lambda ax: plot_lorenz(curve, ax=ax), alt=alt, caption=caption, size=(5.2, 4.4)),
        *(note if found.negative_customers else []),
    ]
