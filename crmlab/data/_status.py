"""What a status says of a row: that it is a sale, no sale, money back, or nothing known."""

from __future__ import annotations

import re
import unicodedata

from crmlab._placeholders import simplified

SALE, NO_SALE, BACK, PART_BACK = "sale", "no sale", "money back", "part of the money back"
ASKED = "money asked back"

_REFUND = (
    r"refund|\breturn|charge ?back|money ?back|credit note|credited|退款|退货|退单|退回|已退|"
    r"返金|返品|r[uü]ckerstatt|erstattet|gutschrift|retoure|rembours|reembols|devuelt|"
    r"devoluci|rimbors|\breso\b"
)
_UNDONE = (
    r"fail|cancel|reject|declin|denied|clos|\bno\b|\bnot\b|none|失败|关闭|撤销|拒绝|取消|无|未|"
)
_UNDONE += r"没有|否"
_UNDER_WAY = r"pending|request|appl(?:y|ied)|open|process|await|waiting|progress|under review|"
_UNDER_WAY += r"申请|处理|审核|等待|待|进行|^中|中$"
_PART = r"partial|part[ _-]|teil|partiel|parcial|部分|部份"
_NO_SALE = (
    r"cancel|void|fail|declin|reject|denied|expired|abandon|delet|draft|pending|await|unpaid|"
    r"not[ _-]?paid|on[ _-]?hold|incomplete|uncaptured|not[ _-]?captured|\berror\b|fraud|"
    r"withdraw|payout|"
    r"authori[sz]ed|requires[ _]|"
    r"blocked|trash|disput|revers|revok|\btest|quot(?:e|ation)\b|estimate|"
    r"no[ _-]?sale|invalid|not ?pay|"
    r"stornier|storno|annul|abgebrochen|abgelehnt|fehlgeschlagen|ausstehend|"
    r"unbezahlt|offen|entwurf|"
    r"échou|en attente|impay|brouillon|pendient|rechazad|fallid|anulad|scadut|in attesa|"
    r"取消|关闭|作废|失败|删除|撤销|冲正|待付|未付|待支付|未支付|等待买家付款|等待付款|待买家付款|超时|拒收|拒绝|"
    r"无效|草稿|挂单|废单|测试|过期|已撤|退订|未成交|未完成|流单|支付中|付款中|付款异常|支付异常|提现|"
    r"キャンセル|取り消し|未入金|失效"
)
_NEGATED = (
    r"\b(?:not?|non|never|un)[ _-]?(?:yet[ _])?(?:cancel|void|delet|revers|test|reject|expired)|"
)
_NEGATED += r"(?:pending|await\w*|waiting(?: for)?)[ -]?(?:ship|fulfil|pick|deliver|dispatch|coll)|"
_NEGATED += r"(?:未|没有|无|非|不)(?:取消|关闭|作废|删除|撤销|冲正|测试)|正常"
_SALE = (
    r"paid|complet|success|succeed|settled|captured|shipped|deliver|fulfil|processing|approved|"
    r"\bok\b|\bdone\b|invoiced|\bsales?\b|sold|payment|charge|purchase|finish|confirm|dispatch|"
    r"received|accepted|cleared|collected|posted|in[ _]transit|ready|picked|packed|"
    r"bezahlt|abgeschlossen|versand|geliefert|erledigt|verkauf|zugestellt|pay[ée]|"
    r"livr|expédi|termin|"
    r"pagad|completad|enviad|entregad|venta|vente|pagat|conseg|spedit|vendita|"
    r"成功|完成|完了|已付|已支付|付款|发货|签收|收货|出库|评价|结算|正常|有效|核销|自提|入金|発送|销售|消费|"
    r"购买|收款|支付|已发|配送|已确认|買い上げ|売上"
)
TRUE = {"true", "yes", "y", "1", "t", "是", "真", "√", "x", "ja", "oui", "si", "sí", "有"}
FALSE = {"false", "no", "n", "0", "f", "否", "假", "×", "nein", "non", "无", "-", ""}


def meaning(word: str) -> str | None:
    """Return what `word` says of a row, None if it is not known.

    Examples
    --------
    >>> meaning("Cancelled by buyer"), meaning("交易成功"), meaning("partially_refunded")
    ('no sale', 'sale', 'part of the money back')
    >>> meaning("退款关闭"), meaning("refund failed"), meaning("won")
    ('sale', 'sale', None)
    >>> meaning("退款中"), meaning("return requested"), meaning("无售后"), meaning("售后完成")
    ('money asked back', 'money asked back', 'sale', None)
    """
    text = simplified(unicodedata.normalize("NFKC", word).casefold()).replace("_", " ")
    if not re.search(r"\w", text):  # a dash, say
        return SALE
    if re.search(_REFUND, text):
        rest = re.sub(_REFUND, " ", text).strip()
        if re.search(_UNDONE, rest) or re.search(r"\b(?:un|not? |non)", text):
            return SALE
        if re.search(_UNDER_WAY, rest):
            return ASKED
        return PART_BACK if re.search(_PART, text) else BACK
    if "售后" in text:  # service after the sale: money may go back, or goods be exchanged
        return SALE if re.search(_UNDONE, text) else None
    if re.search(_NEGATED, text):
        return SALE
    if re.search(_NO_SALE, text):
        return NO_SALE
    return SALE if re.search(_SALE, text) else None
