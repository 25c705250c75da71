"""Where customers and facts about them come from: fourteen methods, four channels, two sides."""

from __future__ import annotations

from typing import NamedTuple

from crmlab._words import N_

__all__ = ["FIRM_CHANNELS", "INTEL_SOURCES", "LEAD_METHODS"]


class LeadMethod(NamedTuple):
    """One of the fourteen ways to find customers.

    chinese : str; source : "own" or "third party"
    cost : yuan per lead, in the simulated worlds
    needs_consent : bool, whether a person must have agreed before their data may be used so
    """

    chinese: str
    source: str
    cost: float
    needs_consent: bool


_OWN, _THIRD = "own", "third party"
LEAD_METHODS = {
    N_("direct purchase"): LeadMethod("直接购买", _THIRD, 2.0, True),
    N_("original records"): LeadMethod("原始记录", _OWN, 1.0, False),
    N_("endless chain"): LeadMethod("无限连锁", _OWN, 6.0, True),
    N_("newly added records"): LeadMethod("新增记录", _OWN, 1.5, False),
    N_("acquaintances"): LeadMethod("熟人", _OWN, 5.0, True),
    N_("name-list search"): LeadMethod("名单寻找", _THIRD, 3.0, True),
    N_("mutual benefit"): LeadMethod("互利互惠", _THIRD, 4.0, True),
    N_("newspapers and directories"): LeadMethod("报刊名册", _THIRD, 2.5, True),
    N_("enquiry records"): LeadMethod("询问记录", _OWN, 1.0, False),
    N_("direct visits"): LeadMethod("直接访问", _OWN, 25.0, False),
    N_("feedback"): LeadMethod("反馈信息", _OWN, 2.0, False),
    N_("social relations"): LeadMethod("社会关系", _OWN, 8.0, True),
    N_("repeat sales"): LeadMethod("重复销售", _OWN, 3.0, False),
    N_("electronic networks"): LeadMethod("电子网络", _THIRD, 0.5, True),
}


class IntelSource(NamedTuple):
    """One source of facts about a key account.

    channel : one of the firm's four channels, or "" for material that a person gathers
    side : "firm", "public" or "inside"
    knows : share of the facts it reports; right : share of these that are right
    """

    channel: str
    side: str
    knows: float
    right: float


FIRM_CHANNELS = (
    N_("existing customers"),
    N_("street sweep"),
    N_("social forces"),
    N_("market survey"),
)
INTEL_SOURCES = {
    N_("existing customers"): IntelSource(FIRM_CHANNELS[0], "firm", 0.9, 0.72),
    N_("street sweep"): IntelSource(FIRM_CHANNELS[1], "firm", 0.5, 0.5),
    N_("social forces"): IntelSource(FIRM_CHANNELS[2], "firm", 0.4, 0.65),
    N_("market survey"): IntelSource(FIRM_CHANNELS[3], "firm", 0.5, 0.7),
    N_("annual reports"): IntelSource("", "public", 0.6, 0.8),
    N_("websites"): IntelSource("", "public", 0.8, 0.6),
    N_("advertisements"): IntelSource("", "public", 0.5, 0.4),
    N_("engineers"): IntelSource("", "inside", 0.5, 0.85),
    N_("retired managers"): IntelSource("", "inside", 0.4, 0.55),
    N_("suppliers"): IntelSource("", "inside", 0.5, 0.68),
}
