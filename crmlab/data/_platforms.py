"""Shops and payment services whose exports are known by the names of their columns."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crmlab._words import N_, _
from crmlab.data._columns import plain
from crmlab.data.report import Guess
from crmlab.errors import MissingColumnsError, UnknownNameError


@dataclass(frozen=True)
class Platform:
    """How the exports of one platform are read.

    title : what it is called
    known_by : columns that together no other export has; one of each line of alternatives
    roles : for each role its columns, best first; none at all says that there is none
    nobody : customers that are no one
    hint : what else a reader may want
    """

    title: str
    known_by: tuple[str, ...]
    roles: Mapping[str, tuple[str, ...]]
    nobody: tuple[str, ...] = ()
    hint: str = ""


PLATFORMS = {
    "shopify": Platform(
        "Shopify orders",
        ("Name", "Email", "Financial Status", "Lineitem name"),
        {
            "customer": ("Email",),
            "date": ("Created at", "Paid at"),
            "amount": ("Total",),
            "invoice": ("Name",),
        },
    ),
    "stripe": Platform(
        "Stripe payments",
        ("id", "Amount", "Amount Refunded", "Status"),
        {
            "customer": ("Customer ID", "Customer Email", "Customer Description"),
            "date": ("Created date (UTC)", "Created (UTC)", "Created"),
            "amount": ("Amount",),
            "invoice": (),
        },
    ),
    "woocommerce": Platform(
        "WooCommerce orders",
        ("order_id", "order_date", "order_total", "billing_email"),
        {
            "customer": ("customer_id", "customer_user", "billing_email"),
            "date": ("order_date",),
            "amount": ("order_total",),
            "invoice": ("order_id",),
        },
        nobody=("0",),
        hint=N_("; customer='billing_email' tells guests apart"),
    ),
    "square": Platform(
        "Square transactions",
        ("Gross Sales", "Net Sales", "Total Collected", "Transaction ID"),
        {
            "customer": ("Customer ID", "Customer Reference ID", "Customer Name"),
            "date": ("Date",),
            "amount": ("Net Sales",),
            "invoice": ("Transaction ID",),
        },
    ),
    "taobao": Platform(
        "Taobao orders",
        ("订单编号", "买家会员名", "买家实际支付金额"),
        {
            "customer": ("买家会员名",),
            "date": ("订单付款时间", "订单创建时间"),
            "amount": ("买家实际支付金额",),
            "invoice": ("订单编号",),
        },
    ),
    "jd": Platform(
        "JD orders",
        ("订单号", "下单帐号", "应付金额"),
        {
            "customer": ("下单帐号",),
            "date": ("下单时间", "付款确认时间"),
            "amount": ("应付金额", "订单金额"),
            "invoice": ("订单号",),
        },
    ),
    "youzan": Platform(
        "Youzan orders",
        ("订单号", "买家昵称", "订单实付金额"),
        {
            "customer": ("买家手机号", "买家昵称"),
            "date": ("买家付款时间", "订单创建时间"),
            "amount": ("订单实付金额",),
            "invoice": ("订单号",),
        },
    ),
    "wechat": Platform(
        "WeChat Pay bill of a merchant",
        ("交易时间", "微信订单号", "用户标识", "应结订单金额"),
        {
            "customer": ("用户标识",),
            "date": ("交易时间",),
            "amount": ("应结订单金额",),
            "invoice": (),
        },
    ),
    "alipay": Platform(
        "Alipay bill of a merchant",
        ("商户订单号", "商品名称", "对方账户|对方账号"),
        {
            "customer": ("对方账户", "对方账号"),
            "date": ("完成时间", "创建时间", "发生时间", "入账时间"),
            "amount": ("商家实收", "订单金额", "收入金额"),
            "invoice": (),
        },
    ),
}


def platform_of(
    names: Sequence[object], said: str | bool | None
) -> tuple[Platform | None, list[Guess]]:
    """Return the platform that a file with the columns `names` comes from, and that it is told.

    `said` names it, None finds it out and False does not look.

    Raises
    ------
    UnknownNameError
        If `said` is no platform.
    MissingColumnsError
        If the file has none of the columns of the platform that was said.
    """
    if said is False:
        return None, []
    bare = {plain(name) for name in names}
    if said is not None:
        if said not in PLATFORMS:
            raise UnknownNameError.among("platform", said, PLATFORMS)
        found = PLATFORMS[str(said)]
        lacking = [role for role in ("customer", "date", "amount") if not _has(found, role, bare)]
        if lacking:
            wanted = [found.roles[role][0] for role in lacking]
            raise MissingColumnsError(
                f"{found.title} have columns such as {wanted}, which are not here; the file has "
                f"{[*map(str, names)]}. Leave platform= out and name your own columns."
            )
        return found, []
    for one in PLATFORMS.values():
        if all(any(plain(way) in bare for way in known.split("|")) for known in one.known_by):
            why = _("by its columns; platform=False reads it as any other file") + _(one.hint)
            return one, [Guess(N_("platform"), one.title, why)]
    return None, []


def _has(platform: Platform, role: str, bare: set[str]) -> bool:
    return any(plain(name) in bare for name in platform.roles[role])


def overlaid(
    named: Mapping[str, Hashable | None], platform: Platform, names: Sequence[object]
) -> dict[str, Any]:
    """Return what the caller `named`, filled up with the columns of the platform that are there."""
    there = {plain(name): name for name in reversed(names)}
    filled = dict(named)
    if named["quantity"] and named["unit_price"]:
        filled["amount"] = named["amount"] or False
    for role, columns in platform.roles.items():
        if filled[role] is not None:
            continue
        found = [there[plain(column)] for column in columns if plain(column) in there]
        filled[role] = found[0] if found else None if columns else False
    return filled
