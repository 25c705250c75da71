"""How each number on the page is defined, and which function computes it."""

from __future__ import annotations

from crmlab._words import N_, _
from crmlab.pyramid.measure.tiers import TIER_CUTS, TIERS
from crmlab.report.blocks import Column, Part, Section, Table
from crmlab.report.case import Case
from crmlab.report.periods import LONGEST_MONTHS
from crmlab.report.words import day, share
from crmlab.rfm.measure import segment_guide

ANCHOR, TITLE = "definitions", N_("How each number is defined")


def section(case: Case) -> Section:
    """Return definitions of all figures, as this page computes them."""
    names, meanings, functions = zip(*_numbers(case), strict=True)
    numbers = Table(
        _("Numbers, in the order of the page"),
        [
            Column(_("Number"), names),
            Column(_("Definition"), meanings),
            Column(_("Function of crmlab"), functions),
        ],
    )
    guide = segment_guide()
    rules = guide["rule"].str.replace(" and ", ", ")
    segments = Table(
        _("Each customer is in exactly one segment"),
        [
            Column(_("Segment"), guide["segment"].map(_)),
            Column(_("Scores, each from 1 to 5"), rules),
        ],
    )
    finding = _("Every figure is of the end of {as_of}, of all customers in the file.").format(
        as_of=day(case.as_of)
    )
    blocks = [numbers, Part(_("Which scores make a segment"), [segments])]
    return Section(ANCHOR, _(TITLE), finding, blocks)


def _numbers(case: Case) -> list[tuple[str, str, str]]:
    cuts = ", ".join(share(cut) for cut in TIER_CUTS)
    return [
        (
            _("Rows, money in them"),
            _(
                "Rows of the file with a fault, and their amounts where they can be read; a row "
                "may have several faults."
            ),
            "crmlab.data.read_purchases",
        ),
        (_("Customers"), _("Distinct customer ids with any row."), "crmlab.rfm.rfm"),
        (
            _("Purchases"),
            _(
                "Rows with a positive amount, once the lines of one invoice are summed. Refunds "
                "and free items are no purchases."
            ),
            "crmlab.rfm.rfm",
        ),
        (
            _("Net spend, mean spend"),
            _("All amounts, refunds taken off; the mean is over customers."),
            "crmlab.rfm.rfm",
        ),
        (_("Average ticket"), _("Net spend divided by purchases."), "crmlab.rfm.rfm"),
        (_("Bought more than once"), _("Customers with two purchases or more."), "crmlab.rfm.rfm"),
        (
            _("Days since last purchase, last purchase"),
            _("Days from a customer's last purchase to {as_of}; 0 on that day.").format(
                as_of=day(case.as_of)
            ),
            "crmlab.rfm.rfm",
        ),
        (
            _("Recency, frequency and monetary score"),
            _(
                "1 to 5, higher is better: 1 + 5 × (rank − ½) ÷ customers, rounded down, with the "
                "middle rank for equals. Ranked by last purchase, purchases and net spend."
            ),
            "crmlab.rfm.rfm_scores",
        ),
        (
            _("Share of customers, share of spend"),
            _("Of all customers in the file; of the net spend of all of them."),
            "crmlab.rfm.segment_summary",
        ),
        (
            _("Pyramid tier"),
            _(
                "By rank of net spend: cumulative cuts at {cuts} of customers make {tiers}. Equal "
                "spend is ranked by id."
            ).format(cuts=cuts, tiers=_(", ").join(map(_, TIERS))),
            "crmlab.pyramid.pyramid",
        ),
        (
            _("Share of the top 20%"),
            _("Net spend of the 20% who spent most, divided by all net spend."),
            "crmlab.pyramid.concentration",
        ),
        (
            _("Customers for 80% of spend"),
            _("The fewest customers whose net spend makes 80% of the total."),
            "crmlab.pyramid.concentration",
        ),
        (
            _("Gini coefficient"),
            _("Twice the area between the Lorenz curve and the line of equal spend."),
            "crmlab.pyramid.concentration",
        ),
        (
            _("Returning customers, returns per customer"),
            _(
                "A return is a day with a purchase after an earlier one: the first purchase is "
                "none, several on one day are one. The mean is over all customers."
            ),
            "crmlab.members.repurchase",
        ),
        (
            _("Mean repurchase days"),
            _(
                "Mean days from one purchase day to the next, over gaps that ended in the period. "
                "Gaps still open are longer, so this mean is too short."
            ),
            "crmlab.members.repurchase_summary",
        ),
        (
            _("Days per return"),
            _("Days customers could have returned, divided by returns: open gaps count too."),
            "crmlab.members.repurchase_summary",
        ),
        (
            _("Quadrant"),
            _(
                "Returns a year and mean spend per return, each above its mean or not. Who did not "
                "return is low on both. Its share of spend is of what returning days brought."
            ),
            "crmlab.members.quadrant_summary",
        ),
        (
            _("Periods compared"),
            _(
                "The two longest equal spells of whole calendar months that end on the last day "
                "and fit the file, {most} months at most."
            ).format(most=LONGEST_MONTHS),
            "crmlab.report.write_report",
        ),
        (
            _("Moved up, stayed, moved down, lost, new"),
            _(
                "A customer's tier in the pyramid of each period. Lost: no purchase in the later "
                "one; new: none in the earlier one, though perhaps before."
            ),
            "crmlab.pyramid.migration",
        ),
        (
            _(
                "Buyers before, buyers after; change: number of customers, where they buy, "
                "purchases per customer, money per purchase, refunds"
            ),
            _(
                "Net sales are customers × share of them who buy in a group × purchases per such "
                "customer × money per purchase, plus refunds; each factor's effect is its Shapley "
                "value, so that they sum to the change. Without groups the second is 1."
            ),
            "crmlab.customers.sales_change",
        ),
        (
            _("Days since the last purchase"),
            _("The least and the most of the segment's customers, at the end of the file."),
            "crmlab.rfm.rfm",
        ),
        (
            _("Came back within half a year"),
            _(
                "Of those whom the same rules would have placed there half a year before the end "
                "of the file, the share who bought in that half-year; none where they were under "
                "30."
            ),
            "crmlab.rfm.holdout_response",
        ),
        (
            _("Silence usual for them"),
            _(
                "Share of the segment's customers whose silence has a chance of 5% or more if they "
                "still buy at their own pace."
            ),
            "crmlab.rfm.frequency_gap",
        ),
        (
            _("Usual gap"),
            _("Mean days from one purchase day of the customer to the next, over the whole file."),
            "crmlab.members.repurchase_gaps",
        ),
        (
            _("Expected purchases, expected spend, in 95 of 100 such years"),
            _(
                "Of the customers there are, in the next twelve months, by BG/NBD and gamma-gamma; "
                "the interval counts doubt about the model's numbers, and luck, not a change of "
                "the firm."
            ),
            "crmlab.lifetime.base_value",
        ),
        (
            _("Money at risk, chance to be gone"),
            _(
                "What the customer would bring in a year if surely still there, times the chance "
                "of not being there any more."
            ),
            "crmlab.lifetime.customer_value",
        ),
        (
            _("Spend so far, silent for"),
            _(
                "Net spend up to the last day; days since the last purchase. Overdue is a silence "
                "that 19 of 20 would not keep who still bought at the same pace."
            ),
            "crmlab.rfm.frequency_gap",
        ),
    ]
