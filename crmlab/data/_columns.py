"""Which column holds what, by the names that English and Chinese files give them."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Hashable, Mapping, Sequence

from crmlab._placeholders import simplified
from crmlab.data.report import Guess
from crmlab.errors import AmbiguousError, MissingColumnsError

# Best first: of two columns that both could hold the amount, the earlier name wins.
_NAMES = """
customer: customer_id customer_no customer_number customer_code customer_key client_id client_no
    member_id member_no card_no card_number card_id user_id buyer_id shopper_id household_id
    household_key account_id cust_id cust_no customer client member user buyer shopper kundennr
    kunde 会员号 会员编号 会员id 会员卡号 会员代码 客户编号 客户号 客户id 客户代码 顾客编号 顾客号
    顾客id 用户id 用户编号 买家id 卡号 客户 会员 顾客 用户 买家 买家会员名 会员名 客户名称
    买家昵称 手机号
date: date purchase_date transaction_date invoice_date order_date sale_date sales_date
    payment_date pay_date pay_time purchased_on purchased_at ordered_at order_time order_datetime
    transaction_datetime invoice_datetime purchase_time transaction_time purchase_datetime
    order_purchase_timestamp trans_date txn_date created_at datetime timestamp day time datum
    消费日期 购买日期 交易日期 订单日期 销售日期 下单日期 付款日期 支付日期 消费时间 购买时间
    交易时间 下单时间 付款时间 支付时间 订单付款时间 成交时间 订单创建时间 创建时间 订单时间
    销售时间 开票日期 日期 时间
amount: amount net_amount purchase_amount transaction_amount order_amount sale_amount sales_amount
    paid_amount payment_amount amount_paid payment_value total_amount amount_total total_price
    total_sales line_total order_total invoice_total grand_total total sales sale_value
    sales_value net_sales revenue turnover spend spent value dollars amt betrag umsatz montant
    实付金额 实收金额 买家实际支付金额 实际支付金额 支付金额 付款金额 消费金额 购买金额 交易金额
    成交金额 订单金额 销售金额 销售额 消费额 成交额 总金额 金额 总价 合计 应付金额
quantity: quantity qty units quantity_ordered number_of_items items count 数量 购买数量 销售数量
    件数
unit_price: unit_price price price_each item_price price_per_unit selling_price 单价 商品单价
    成交价 售价 价格
invoice: invoice_no invoice_number invoice_id invoice order_id order_no order_number
    transaction_id transaction_no receipt_no receipt_id receipt_number purchase_id basket_id
    ticket_no bill_no receipt 订单号 订单编号 小票号 小票编号 流水号 交易号 交易流水号 单号 单据号
    发票号
channel: channel sales_channel order_channel 渠道 销售渠道 购买渠道
store: store store_id store_name shop shop_id branch outlet 门店 店铺 门店名称 店铺名称 分店
    门店编号
category: category product_category department product_line 品类 类别 商品类别 商品分类 分类 类目
"""
KNOWN = {
    role: names.split() for role, names in re.findall(r"^(\w+):((?:.|\n(?= ))*)", _NAMES, re.M)
}
NEEDED = ("customer", "date", "amount")
Named = Mapping[str, Hashable | None]


def plain(name: object) -> str:
    """Return `name` without case, spaces, signs, width, or what stands in brackets."""
    text = simplified(unicodedata.normalize("NFKC", str(name)).casefold())
    bare = re.sub(r"\(.*?\)|\[.*?\]|【.*?】", "", text)
    return re.sub(r"[\W_]+", "", bare) or re.sub(r"[\W_]+", "", text)


_RANK = {
    role: {plain(name): rank for rank, name in reversed([*enumerate(names)])}
    for role, names in KNOWN.items()
}


def recognised(names: Sequence[object], named: Named) -> int:
    """Return how many roles the columns `names` could fill: the header row fills most."""
    asked = {plain(name) for name in named.values() if isinstance(name, Hashable) and name}
    bare = {plain(name) for name in names}
    return len(bare & asked) + sum(not bare.isdisjoint(known) for known in _RANK.values())


def match(names: Sequence[object], named: Named) -> tuple[dict[str, int], list[Guess]]:
    """Return which column fills each role, and what had to be guessed for it.

    Parameters
    ----------
    names : the columns that are there
    named : for each role what the caller said: a column, None to search, False for none

    Raises
    ------
    MissingColumnsError
        If customer or date is missing, or amount and what it could be computed from.
    AmbiguousError
        If two columns bear the same name, or names that differ in spelling only.
    """
    places: dict[str, int] = {}
    guesses: list[Guess] = []
    for role, name in named.items():
        if name is None:
            place = _search(names, role, guesses)
        else:
            place = None if name is False else named_column(names, role, name)
        if place is not None:
            places[role] = place
    _drop_what_is_not_needed(places, named)
    missing = [role for role in NEEDED if role not in places]
    if missing == ["amount"] and {"quantity", "unit_price"} <= {*places}:
        missing = []
    if missing:
        raise _missing(names, missing, taken=places)
    return places, guesses


def _drop_what_is_not_needed(places: dict[str, int], named: Named) -> None:
    """Compute the amount only if there is none, or if the caller named both factors."""
    both_named = named["quantity"] and named["unit_price"] and not named["amount"]
    if both_named:
        places.pop("amount", None)
    if "amount" in places:
        places.pop("quantity", None)
        places.pop("unit_price", None)


def _search(names: Sequence[object], role: str, guesses: list[Guess]) -> int | None:
    """Return the place of the column with the best known name for `role`."""
    ranks = _RANK[role]
    found = sorted(
        (ranks[bare], place) for place, bare in enumerate(map(plain, names)) if bare in ranks
    )
    if not found:
        return None
    rank, place = found[0]
    if len(found) > 1:
        alike = [str(names[other]) for _, other in found]
        if found[1][0] == rank:
            raise AmbiguousError(
                f"the columns {alike} could both be the {role}; name one with {role}=…, "
                "and give columns of the same name different ones."
            )
        guesses.append(
            Guess(f"{role} column", str(names[place]), f"rather than {alike[1:]}; see {role}=")
        )
    return place


def known_column(names: Sequence[object], role: str) -> int | None:
    """Return the one column with a known name for `role`, None if there is none or several."""
    found = [place for place, bare in enumerate(map(plain, names)) if bare in _RANK[role]]
    return found[0] if len(found) == 1 else None


def named_column(names: Sequence[object], role: str, name: Hashable) -> int:
    """Return the place of the column a caller named."""
    same = [place for place, there in enumerate(names) if there == name]
    same = same or [place for place, there in enumerate(names) if plain(there) == plain(name)]
    if len(same) == 1:
        return same[0]
    if same:
        raise AmbiguousError(
            f"{len(same)} columns are called {name!r}; give them different names in the file."
        )
    near = difflib.get_close_matches(str(name), [*map(str, names)], n=1)
    hint = f" Did you mean {role}={near[0]!r}?" if near else ""
    raise MissingColumnsError(
        f"{role}={name!r} names no column; the file has {_shown(names)}.{hint}"
    )


def _shown(names: Sequence[object]) -> list[str]:
    """Return the names of the columns, cut to a readable length."""
    shown = [text if len(text) <= 60 else f"{text[:59]}…" for text in map(str, names[:40])]
    return shown + ["…"] * (len(names) > 40)


def _missing(
    names: Sequence[object], roles: list[str], taken: dict[str, int]
) -> MissingColumnsError:
    """Word the error for `roles` that no column fills, with the nearest names."""
    free = {
        plain(name): str(name) for place, name in enumerate(names) if place not in taken.values()
    }
    hints = []
    for role in roles:
        for known in map(plain, KNOWN[role]):
            if near := difflib.get_close_matches(known, free, n=1, cutoff=0.75):
                hints.append(f"{role}={free[near[0]]!r}")
                break
    arguments = ", ".join(f"{role}=…" for role in roles)
    also = " (or quantity=… and unit_price=…)" if "amount" in roles else ""
    near = f" Did you mean {', '.join(hints)}?" if hints else ""
    return MissingColumnsError(
        f"no column looks like the {' or the '.join(roles)}; the file has "
        f"{_shown(names)}. Name your own columns with {arguments}{also}.{near} "
        "The first row must hold column names."
    )
