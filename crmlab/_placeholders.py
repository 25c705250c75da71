"""What people and programs write where nothing is known: one list for reading and for matching.

Each function takes one text and is meant for the distinct values of a column.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

# Characters of headings and remarks that Taiwan and Hong Kong write in another form.
_PAIRS = """
    會会 員员 編编 號号 訂订 單单 額额 顧顾 戶户 買买 實实 時时 間间 購购 類类 幣币 種种 狀状
    態态 總总 價价 數数 門门 關关 閉闭 銷销 帳账 賬账 國国 點点 項项 應应 別别 稱称 電电 話话
    機机 認认 證证 訪访 過过 臨临 無无 訊讯 東东 遞递 僅仅 與与 開开 發发 貨货 帐账 郵邮 賣卖
    鋪铺 費费 稅税 據据 級级 營营 業业 結结 處处 進进 刪删 廢废 敗败 測测 試试 審审 備备 註注
    產产 遊游 現现 記记 冊册 虛虚 擬拟 線线 網网 寶宝 簽签 對对
"""
_SAME = str.maketrans({pair[0]: pair[1] for pair in _PAIRS.split()})
_OTHER_FORM = str.maketrans({pair[1]: pair[0] for pair in _PAIRS.split()})
# What programs write in a cell with nothing in it; "(blank)" is a pivot table's word for it.
_BLANK = "- nan null \\n none n/a #n/a na nat <na> 无 空 (blank) (空白)"
BLANK = frozenset(_BLANK.split())
_NOTHING = """
    #null! #value! #ref! nil 没有 暂无 未知 不详 未填 未填写 未提供 保密 unknown unspecified
    not_available not_applicable not_provided not_given unbekannt inconnu
"""
NOTHING = BLANK | frozenset(_NOTHING.split())
_NOBODY = """
    guest guests guest_customer guest_user guest_buyer guest_checkout customer_guest visitor
    walk_in walkin walk_ins walk_in_customer walkin_customer walk_in_client walk_in_guest
    walk_in_sale cash cash_customer cash_client cash_sale cash_sales counter_customer counter_sale
    counter_sales over_the_counter otc anonymous anonymous_customer anonymous_user anonymised
    anonymized anonym anon unknown unknown_customer unknown_user unidentified unregistered
    unassigned not_registered not_provided not_given not_available not_applicable no_customer
    no_client no_name noname no_member non_member nonmember not_a_member no_account no_card
    general_customer generic_customer default_customer default_client default standard_customer
    one_time_customer one_off_customer pos_customer retail_customer store_customer dummy
    dummy_customer test test_customer test_user tester miscellaneous misc various sundry
    sundry_customer casual_customer passer_by other others pos invité
    gast gastkunde laufkunde laufkundschaft barkunde barverkauf diverse unbekannt anonyme
    inconnu client_de_passage client_comptoir client_divers cliente_mostrador consumidor_final
    publico_en_general cliente_varios cliente_generico invitado anonimo desconocido ospite
    散客 散户 游客 访客 过客 路人 过路客 匿名 匿名用户 匿名客户 匿名顾客 匿名会员 匿名买家 佚名
    无名氏 未知 未知客户 未知用户 未知顾客 不详 保密 未注册 未注册用户 未登记 未填写 未提供 非会员
    非会员顾客 非会员客户 非会员消费 无会员 无卡 普通顾客 普通客户 零售客户 零散客户 临时客户
    临时顾客 临时会员 现金客户 门店散客 到店散客 默认客户 默认会员 通用客户 虚拟会员 虚拟客户
    其他 其它 其他客户 测试 测试用户 测试会员 测试客户 一般客 ゲスト 匿名希望
"""
NOBODY = frozenset(_NOBODY.split())
NOBODY |= frozenset(word.translate(_OTHER_FORM) for word in NOBODY)
# example.com is no placeholder: it is where fictional people live, ours too (RFC 2606).
NO_MAIL = (
    r"(?:no|none|null|na|n\.?a|test|dummy|fake|unknown|nobody|noreply|no-reply|noemail|no-?e?mail|"
    r"nomail|donotreply|anonymous|guest|walk-?in|kein|keine|invalid|example|xxx*|aaa*|asdf\w*|"
    r"abc|1234?5?6?7?8?9?0?|0+|1+)(?:[._-]?e?mail)?\d{0,3}@.*|"
    r".*@(?:test|invalid|localhost|none|noemail|nomail|no|na|null|xxx*)(?:\.\w+)*|.*@email"
)
_NO_MAIL = re.compile(NO_MAIL)
_NO_ADDRESS = re.compile(
    r"(?:门店|到店|上门|店内|用户|客户)?自(?:提|取)(?:点|柜)?|到店|堂食|外带|打包|pick ?up|"
    r"(?:in )?store ?pick ?up|collect(?:ion)?|click and collect|take ?away|take ?out|dine ?in|"
    r"abholung|selbstabholer|same|as above|see above|同上|test|测试|address|地址|x+"
)
# The zeros of Excel, Unix, the Mac, Windows and SQL Server, and what forms are filled with.
PLACEHOLDER_DAYS = frozenset(
    {
        *(date(1899, 12, day) for day in (30, 31)),
        *(date(1900, 1, day) for day in (1, 2)),
        *(date(1904, 1, day) for day in (1, 2)),
        *(date(1970, 1, day) for day in (1, 2)),
        *(date(year, 1, 1) for year in (1, 1601, 1753, 1800, 1901, 2099)),
        *(date(year, 12, 31) for year in (1969, 2099, 2999, 9999)),
        *(date(1111, 11, 11), date(9999, 1, 1)),
    }
)


def simplified(text: str) -> str:
    """Return `text` with the traditional characters of headings as simplified ones."""
    return text.translate(_SAME)


def folded(text: object) -> str:
    """Return `text` in the form in which the lists above hold it.

    Width, case, marks that nobody sees and traditional characters do not count; blanks and
    signs between words become one underscore.

    Examples
    --------
    >>> folded(" Walk-In  Customer "), folded("會員")
    ('walk_in_customer', '会员')
    """
    plain = unicodedata.normalize("NFKC", str(text)).casefold()
    plain = "".join(mark for mark in plain if unicodedata.category(mark) != "Cf")
    return simplified(re.sub(r"[\W_]+", "_", plain).strip("_"))


def is_nothing(text: object) -> bool:
    """Return whether `text` says that nothing is known.

    Examples
    --------
    >>> is_nothing("N/A"), is_nothing(" - "), is_nothing("未提供"), is_nothing("Nan Li")
    (True, True, True, False)
    """
    plain = unicodedata.normalize("NFKC", str(text)).casefold().strip()
    return not folded(text) or plain in NOTHING or folded(text) in NOTHING


def is_nobody(text: object) -> bool:
    """Return whether `text`, in the place of a customer, stands for no one in particular.

    Examples
    --------
    >>> is_nobody("Walk-in"), is_nobody("散客"), is_nobody("Guest, Ann")
    (True, True, False)
    """
    return is_nothing(text) or folded(text) in NOBODY


def is_no_number(text: object) -> bool:
    """Return whether `text`, in the place of a telephone or card number, is a placeholder.

    One digit repeated is, and so are the digits in order.

    Examples
    --------
    >>> is_no_number("000-0000"), is_no_number("1234567890"), is_no_number("13800138000")
    (True, True, False)
    """
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", str(text)))
    in_order = digits in "01234567890123456789" or digits in "98765432109876543210"
    return is_nobody(text) or len({*digits}) <= 1 or (len(digits) > 3 and in_order)


def is_no_email(text: object) -> bool:
    """Return whether `text`, in the place of an e-mail address, reaches nobody.

    Examples
    --------
    >>> is_no_email("noemail@shop.com"), is_no_email("N/A"), is_no_email("ann@shop.com")
    (True, True, False)
    """
    plain = unicodedata.normalize("NFKC", str(text)).casefold().strip()
    return is_nobody(text) or "@" not in plain or bool(_NO_MAIL.fullmatch(plain))


def is_no_address(text: object) -> bool:
    """Return whether `text`, in the place of an address, is where nobody lives.

    Examples
    --------
    >>> is_no_address("自提"), is_no_address("Store pick-up"), is_no_address("5 Elm Street")
    (True, True, False)
    """
    return is_nobody(text) or bool(_NO_ADDRESS.fullmatch(folded(text).replace("_", " ")))


def is_no_day(day: object) -> bool:
    """Return whether `day` (a date, Timestamp or ISO text) is one that programs fill in.

    Examples
    --------
    >>> is_no_day("1900-01-01"), is_no_day("1984-05-06")
    (True, False)
    """
    return str(day)[:10] in {str(known) for known in PLACEHOLDER_DAYS}
