"""Which columns say what a row is: their names promise it."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from crmlab._placeholders import folded
from crmlab._words import N_, _
from crmlab.data._columns import known_column, named_column, plain
from crmlab.data.report import Guess

_CURRENCY = r"currency(?!.*(?:rate|symbol))|^ccy$|^curr?$|币种|币别|货币(?!.*(?:汇率|符号))|"
_CURRENCY += r"w[äa]e?hr(?:un)?g|^devise$|^moneda$|^moeda$|^valuta$|^waluta$|通货"
_REFUNDED = (
    r"^(?:total|order|amount|sum|net|gross|partial)?refund(?:s|ed)?(?:amount|total|value|sum)?$|"
    r"^(?:amount|total|value)refunded|^refunded(?:amount|total)|^returned(?:amount|value)$|"
    r"^(?:订单|累计|实际|已|部分)*退(?:款|货)(?:总)?(?:金额|额|总额)$|^成功退款$|^实退金额$|^退款$|"
    r"^(?:rück)?erstattung(?:sbetrag)?$|^montantrembours|^importereembols|^返金额$"
)
_ASKED = r"申请|request|reason|status|date|time|手续费|fee|券|id$|no$|number|状态|原因|时间|编号"
_STATUS = r"status|状态|statut|^estado$|^stato$|ステータス|^zustand$|"
_STATUS += r"^(?:payment|order|transaction|sale|financial|refund|invoice)state$"
_OF_OTHERS = (
    r"fulfil|ship|deliver|发货|物流|配送|versand|liefer|tax|stock|inventory|库存|email|mail|account|"
    r"loyalty|subscri|customer|client|member|会员|客户|用户|顾客|买家等级|marital|婚|credit|评价|发票|"
    r"print|打印|sync|vip|employ|card|卡|item"
)
_TYPE = (
    r"^(?:event|transaction|txn|trans|record|row|line|entry|order|sales?|document|doc|receipt|payment|"
    r"operation|activity|ticket|invoice|bill)?(?:type|kind)$|"
    r"^(?:交易|业务|单据|订单|记录|账单|销售|收支|流水)?类型$|^(?:beleg|vorgangs|transaktions|zahlungs|umsatz|buchungs)art$|^收支$|"
    r"^事件$|^event$|^action$|^sale(?:or)?return$"
)
NEGATIVE = (
    r"^(?:is|was|fully)?(?:cancell?ed|voided|void|deleted|refunded|returned|disputed|"
    r"test|testmode|testorder)$|"
)
NEGATIVE += r"^(?:是否)?(?:已)?(?:取消|作废|退款|退货|删除|关闭|测试)(?:标志|标记)?$|^storniert$"
_POSITIVE = r"^(?:is|was)?(?:paid|captured|livemode|valid|completed|successful|success)$|"
_POSITIVE += r"^(?:是否)?(?:已)?(?:付款|支付|有效|完成|成功)(?:标志|标记)?$|^bezahlt$"
_WHEN = r"^(?:order)?(?:cancell?|void|delet)(?:ed|ation|ing)?(?:at|on|date|time)$|"
_WHEN += r"^(?:订单)?(?:取消|作废|删除)(?:时间|日期)$|^storn(?:odatum|iertam)$"
_PROMISES = (
    r"currency|币|refund|退|status|状态|cancel|void|取消|作废|discount|折扣|优惠|shipping|运费|"
)
_PROMISES += r"freight|\btax|税|\btip|小费|exchange_rate|汇率|test"
_LISTED = 5


@dataclass
class Places:
    """Which columns, by number, say what: each kind may have several but for the money's."""

    currency: int | None = None
    refunded: int | None = None
    status: list[int] = field(default_factory=list)
    kind: list[int] = field(default_factory=list)
    flag: list[int] = field(default_factory=list)
    when: list[int] = field(default_factory=list)
    quantity: int | None = None
    unit_price: int | None = None
    net: bool = False  # of what was paid back, as the name of the amount says

    @property
    def every(self) -> list[int]:
        """Return all of them."""
        single = [self.currency, self.refunded, self.quantity, self.unit_price]
        several = [*self.status, *self.kind, *self.flag, *self.when]
        return [*dict.fromkeys([*(one for one in single if one is not None), *several])]


def find_places(
    names: Sequence[object], taken: Mapping[str, int], said: Mapping[str, Hashable | None]
) -> tuple[Places, list[Guess]]:
    """Return the columns among `names` that say what a row is, and what had to be guessed.

    `taken` are columns with another role; `said` what a caller says of "status", "refunded"
    and "currency_column": a column, None to search, False for none.
    """
    bare = {at: plain(name) for at, name in enumerate(names) if at not in taken.values()}
    found = Places()
    guesses: list[Guess] = []

    def named(role: str) -> int | None:
        name = said.get(role)
        return named_column(names, role, name) if name not in (None, False) else None

    def search(role: str, pattern: str, but: str = "^$") -> list[int]:
        if said.get(role) is not None:
            return []
        return [
            at for at, name in bare.items() if re.search(pattern, name) and not re.search(but, name)
        ]

    found.status = search("status", _STATUS, _OF_OTHERS)
    if (at := named("status")) is not None:
        found.status = [at]
    found.kind = search("status", _TYPE)
    found.flag = search("status", f"{NEGATIVE}|{_POSITIVE}")
    found.when = search("status", _WHEN)
    amount = str(names[taken["amount"]]) if "amount" in taken else ""
    found.refunded = named("refunded")
    backs = search("refunded", _REFUNDED, _ASKED)
    # What has the name of a yes or no is an amount only where nothing else is.
    backs = [at for at in backs if at not in found.flag] or backs
    if backs and found.refunded is None:
        found.refunded = _refund_column(names, backs, amount, guesses)
        found.net = found.refunded is None
    found.quantity = known_column(names, "quantity")
    found.unit_price = known_column(names, "unit_price")
    found.currency = named("currency_column")
    if found.currency is None:
        found.currency = _currency_column(
            names, search("currency_column", _CURRENCY), amount, guesses
        )
    return found, guesses


def _refund_column(
    names: Sequence[object], places: list[int], amount: str, guesses: list[Guess]
) -> int | None:
    """Return the column of what was paid back, if the amount is not net of it already."""
    if re.search(r"(?:^|_)net(?:to)?(?:_|$)|净|after_(?:refund|return)s?", folded(amount)):
        why = _("{amount!r} is net of it by its name; if not, say refunded={column!r}")
        why = why.format(amount=amount, column=str(names[places[0]]))
        value = _("{column} not taken off").format(column=names[places[0]])
        guesses.append(Guess(N_("refund column"), value, why))
        return None
    fitting = [at for at in places if _other_money(names[at]) == _other_money(amount)]
    if not fitting:
        why = _("{amount!r} is in other money by its name; if not, see refunded=")
        value = _("{column} not taken off").format(column=names[places[0]])
        guesses.append(Guess("refund column", value, why.format(amount=amount)))
        return None
    places = fitting
    if len(places) > 1:
        others = [str(names[at]) for at in places[1:]]
        guesses.append(
            Guess(
                "refund column",
                str(names[places[0]]),
                _("rather than {others}; see {role}=").format(others=others, role="refunded"),
            )
        )
    return places[0]


_OTHER_MONEY = (
    r"(?:^|_)(convert\w*|settle\w*|payout|base|local|home|presentment|折合|本币|结算)(?:_|$)"
)


def _other_money(name: object) -> str | None:
    """Return the word in a name that says that an amount was converted."""
    return hit[1] if (hit := re.search(_OTHER_MONEY, folded(name))) else None


def _currency_column(
    names: Sequence[object], places: list[int], amount: str, guesses: list[Guess]
) -> int | None:
    """Return the column with the currency of the column `amount`."""
    fitting = [at for at in places if _other_money(names[at]) == _other_money(amount)]
    if places and not fitting:
        shown = [str(names[at]) for at in places]
        why = _("{amount!r} is in other money by its name; if not, see currency_column=")
        value = _("{columns} not used").format(columns=", ".join(shown))
        guesses.append(Guess(N_("currency column"), value, why.format(amount=amount)))
    if len(fitting) > 1:
        others = [str(names[at]) for at in fitting[1:]]
        why = _("rather than {others}; see {role}=").format(others=others, role="currency_column")
        guesses.append(Guess("currency column", str(names[fitting[0]]), why))
    return fitting[0] if fitting else None


def unused(names: Sequence[object], used: set[int]) -> list[Guess]:
    """Name once the columns whose names promise that they say what a row is or costs."""
    left = [
        str(name)[:40]
        for at, name in enumerate(names)
        if at not in used and re.search(_PROMISES, folded(name))
    ]
    if not left:
        return []
    value = ", ".join(left[:_LISTED])
    if left[_LISTED:]:
        value = _("{columns} and {n} more").format(columns=value, n=len(left) - _LISTED)
    return [Guess(N_("not used"), value, _("columns whose names promise meaning"))]
