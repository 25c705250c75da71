"""The words of the page, in English and Chinese."""

from __future__ import annotations

from dataclasses import replace

from crmlab._words import N_, _
from crmlab.report.blocks import Section, Term, Terms
from crmlab.report.case import Case

ANCHOR, TITLE = "glossary", N_("Glossary")
_TERMS = (
    Term("average ticket", "客单价", N_("Money per purchase.")),
    Term("concentration", "集中度", N_("How far the spend rests on few customers.")),
    Term("customer pyramid", "客户金字塔", N_("Customers in tiers by rank of spend, few on top.")),
    Term("downgrade", "降级", N_("A move to a lower tier from one period to the next.")),
    Term(
        "four quadrants",
        "四象限",
        N_(
            "Members by how often they return and how much they spend each time, above or below "
            "the line."
        ),
    ),
    Term("frequency", "消费频率", N_("How often a customer bought.")),
    Term(
        "Gini coefficient",
        "基尼系数",
        N_(
            "Concentration as one number: 0 when all spend the same, towards 1 when one customer "
            "spends everything."
        ),
    ),
    Term(
        "lost customer",
        "流失客户",
        N_("Bought in the earlier period and not in the later one."),
    ),
    Term("major customer", "主要客户", N_("The rest of the top 5% by spend, below the VIPs.")),
    Term("mean repurchase days", "平均回购天数", N_("Mean days between a purchase and the next.")),
    Term("member", "会员", N_("A customer who can be recognised at each purchase.")),
    Term("migration", "客户转型", N_("Moves of customers between tiers, in and out.")),
    Term("monetary value", "消费金额", N_("What a customer spent, refunds taken off.")),
    Term("ordinary customer", "普通客户", N_("The rest of the top 20% by spend.")),
    Term(
        "pseudonym",
        "假名",
        N_("A name that stands for an id: the same customer always has the same one on this page."),
    ),
    Term("recency", "最近一次消费", N_("How long ago a customer last bought.")),
    Term(
        "repurchase frequency",
        "回购频率",
        N_("Returns to buy again: the first purchase is none."),
    ),
    Term(
        "RFM score",
        "RFM分数",
        N_("Recency, frequency and monetary scores, one digit each."),
    ),
    Term("segment", "客户细分", N_("Customers alike in their scores, who can be treated alike.")),
    Term("small customer", "小客户", N_("The other 80% by spend.")),
    Term("upgrade", "升级", N_("A move to a higher tier from one period to the next.")),
    Term("VIP customer", "VIP客户", N_("The top 1% by spend.")),
)


def section(case: Case) -> Section:
    """Return the glossary."""
    finding = _("{n} words of this page, in English and Chinese.").format(n=len(_TERMS))
    return Section(
        ANCHOR,
        _(TITLE),
        finding,
        [Terms([replace(term, meaning=_(term.meaning)) for term in _TERMS])],
    )
