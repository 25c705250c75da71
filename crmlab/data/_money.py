"""Which money an amount is in: its signs and codes, and what to do with several."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from numbers import Real
from typing import Any

import numpy as np

from crmlab._placeholders import simplified
from crmlab._words import _
from crmlab.data._totals import NONE, Marked
from crmlab.data.report import Guess
from crmlab.errors import AmbiguousError, OutOfRangeError

# How each money is written beside amounts; a code or word of letters in any case.
SIGNS = {
    "¥": r"¥|元整?|圆|人民币|CN¥|CNY|RMB",
    "$": r"US\$|USD|\$",
    "€": r"€|EUR|Euro",
    "£": r"£|GBP",
    "HK$": r"HK\$|HKD|港币|港元",
    "NT$": r"NT\$|TWD|新台币|新臺幣",
    "A$": r"AU?\$|AUD",
    "C$": r"CA?\$|CAD",
    "S$": r"S\$|SGD",
    "NZ$": r"NZ\$|NZD",
    "R$": r"R\$|BRL",
    "MX$": r"MX\$|MXN",
    "JP¥": r"JP¥|JPY|円|日元",
    "₩": r"₩|KRW|원",
    "₹": r"₹|INR|Rs\.?",
    "CHF": r"CHF|SFr\.?|Fr\.",
    "kr": r"kr\.?|SEK|NOK|DKK|ISK",
    "zł": r"zł|PLN",
    "Kč": r"Kč|CZK",
    "Ft": r"Ft\.?|HUF",
    "RM": r"RM|MYR",
    "Rp": r"Rp\.?|IDR",
    "₽": r"₽|RUB|руб\.?|р\.",
    "₺": r"₺|TRY|TL",
    "₫": r"₫|VND|đ",
    "₱": r"₱|PHP",
    "฿": r"฿|THB",
    "₴": r"₴|UAH|грн\.?",
    "lei": r"lei|RON",
    "лв": r"лв\.?|BGN",
    "₪": r"₪|ILS",
    "R": r"ZAR|R",
    "₦": r"₦|NGN",
    "AED": r"AED|د\.إ",
    "SAR": "SAR",
    "S/": r"S/\.?|PEN",
}
# One money under several names; a sign that several share stands for each of them.
_SAME = {
    "¥": {"¥", "CNY", "JPY"}, "$": {"$", "USD", "AUD", "CAD", "SGD", "HKD", "MXN", "NZD", "TWD"},
    "€": {"€", "EUR"}, "£": {"£", "GBP"}, "HK$": {"HKD"}, "NT$": {"TWD"}, "A$": {"AUD"},
    "C$": {"CAD"}, "S$": {"SGD"}, "NZ$": {"NZD"}, "R$": {"BRL"}, "MX$": {"MXN"}, "JP¥": {"JPY"},
    "₩": {"KRW"}, "₹": {"INR"}, "kr": {"SEK", "NOK", "DKK", "ISK"}, "zł": {"PLN"}, "Kč": {"CZK"},
    "Ft": {"HUF"}, "RM": {"MYR"}, "Rp": {"IDR"}, "₽": {"RUB"}, "₺": {"TRY"}, "₫": {"VND"},
    "₱": {"PHP"}, "฿": {"THB"}, "₴": {"UAH"}, "lei": {"RON"}, "лв": {"BGN"}, "₪": {"ILS"},
    "R": {"ZAR"}, "₦": {"NGN"}, "S/": {"PEN"},
}  # fmt: skip
_WORDS = {
    "人民币": "CNY", "RMB": "CNY", "元": "CNY", "美元": "USD", "美金": "USD", "欧元": "EUR",
    "日元": "JPY", "日圆": "JPY", "円": "JPY", "港币": "HKD", "港元": "HKD", "英镑": "GBP",
    "新台币": "TWD", "台币": "TWD", "澳元": "AUD", "加元": "CAD", "新加坡元": "SGD", "韩元": "KRW",
    "EURO": "EUR", "US$": "USD", "CNH": "CNY", "STERLING": "GBP", "US DOLLAR": "USD",
}  # fmt: skip


def code(text: object) -> str:
    """Return the name of a currency in one spelling: 'eur ' and 'Euro' are 'EUR'.

    Examples
    --------
    >>> code(" eur"), code("人民币"), code("€"), code("R$")
    ('EUR', 'CNY', '€', 'R$')
    """
    plain = simplified(unicodedata.normalize("NFKC", str(text)).strip())
    plain = _WORDS.get(plain.upper(), plain)
    return plain.upper() if re.fullmatch(r"[A-Za-z]{3}", plain) else plain


def is_known(text: object) -> bool:
    """Return whether `text` is the sign or looks like the code of a currency."""
    one = code(text)
    return one in SIGNS or bool(re.fullmatch("[A-Z]{3}", one))


def same(one: str, other: str) -> bool:
    """Return whether two names may be of one currency."""
    return bool(_SAME.get(one, {one}) & _SAME.get(other, {other}))


@dataclass(frozen=True)
class Money:
    """The currencies of the rows: which of `names` each row is in (-1: not said), and where.

    The `column` says it, or if there is none, the signs in the cells do.
    """

    names: list[str]
    codes: np.ndarray
    column: str | None = None

    @property
    def where(self) -> str:
        """What says the currencies, as an error puts it."""
        if self.column is None:
            return "by the signs in the cells"
        return f"by the column {self.column!r}"

    @property
    def told(self) -> str:
        """What says the currencies, in the reader's language."""
        if self.column is None:
            return _("by the signs in the cells")
        return _("by the column {column!r}").format(column=self.column)


def settled(
    money: Money, amount: np.ndarray, rows: np.ndarray, currency: str | None, rates: Any
) -> tuple[Marked, np.ndarray, list[Guess]]:
    """Return the rows in other money, the amounts in one, and what to tell.

    Only `rows` count: what is no sale may be in any money.

    Raises
    ------
    AmbiguousError
        If there are several currencies, and neither `currency` nor `rates` is said.
    OutOfRangeError
        If `currency` is not there, or `rates` lack one that is.
    """
    codes, counts = np.unique(money.codes[rows], return_counts=True)
    there = {money.names[one]: int(n) for one, n in zip(codes, counts, strict=True) if one >= 0}
    if rates is not None:
        return _converted(money, amount, rows, there, rates)
    if currency is not None:
        return _kept(money, amount, rows, there, code(currency))
    if len(there) > 1:
        raise AmbiguousError(_several(there, money.where))
    if not there:
        return NONE, amount, []
    return NONE, amount, [Guess("currency", next(iter(there)), money.told)]


def _listed(there: Mapping[str, int]) -> str:
    """Return currencies with the number of their rows, most first."""
    return ", ".join(
        f"{name} in {n:,}" for name, n in sorted(there.items(), key=lambda one: -one[1])
    )


def _several(there: Mapping[str, int], where: str) -> str:
    """Word the refusal of several currencies."""
    most, other = sorted(there, key=lambda name: -there[name])[:2]
    return (
        f"the amounts are in {len(there)} currencies, {where}: {_listed(there)} row(s); amounts of "
        f"different money cannot be added. Keep the rows of one with currency={most!r}, or convert "
        f"them with rates={{{most!r}: 1, {other!r}: 0.5, …}}, where 0.5 stands for what one "
        f"{other} is in {most}."
    )


def _kept(
    money: Money, amount: np.ndarray, rows: np.ndarray, there: Mapping[str, int], wanted: str
) -> tuple[Marked, np.ndarray, list[Guess]]:
    """Return the rows in other money than `wanted`."""
    fitting = [place for place, name in enumerate(money.names) if name == wanted]
    fitting = fitting or [place for place, name in enumerate(money.names) if same(name, wanted)]
    if there and not {money.names[place] for place in fitting} & {*there}:
        raise OutOfRangeError(
            f"currency={wanted!r} is not there; by {money.where} the rows are in {_listed(there)}."
        )
    if not there:
        return NONE, amount, []
    out = rows[np.isin(money.codes[rows], fitting, invert=True)]
    words = [money.names[one] if one >= 0 else "no currency" for one in money.codes[out].tolist()]
    return (
        (out, words),
        amount,
        [Guess("currency", wanted, _("kept alone, {where}").format(where=money.told))],
    )


def _converted(
    money: Money, amount: np.ndarray, rows: np.ndarray, there: Mapping[str, int], rates: Any
) -> tuple[Marked, np.ndarray, list[Guess]]:
    """Return the amounts in one money, by `rates`."""
    known = {code(name): rate for name, rate in rates.items()}
    factors = np.full(len(money.names) + 1, np.nan)
    for place, name in enumerate(money.names):
        fitting = [known[name]] if name in known else [known[k] for k in known if same(k, name)]
        if fitting:
            factors[place] = float(fitting[0])
    lacking = [name for name in there if np.isnan(factors[money.names.index(name)])]
    if lacking:
        raise OutOfRangeError(
            f"rates say nothing of {lacking}; by {money.where} the rows are in {_listed(there)}. "
            "Give each a rate, 1 for the money to convert to."
        )
    lost = rows[money.codes[rows] < 0]
    of_row = factors[money.codes]
    said = ", ".join(f"1 {name} = {factors[money.names.index(name)]:g}" for name in there)
    guess = Guess("currency", _("converted"), f"{said}; {money.told}")
    return (
        (lost, ["no currency"] * len(lost)),
        amount * np.where(np.isnan(of_row), 1, of_row),
        [guess],
    )


def require_money(currency: Any, rates: Any) -> None:
    """Raise OutOfRangeError unless the arguments on money have values they can have."""
    if currency is not None and (not isinstance(currency, str) or not currency.strip()):
        raise OutOfRangeError(f"currency must be a code such as 'EUR'; got {currency!r}.")
    if rates is None:
        return
    if not isinstance(rates, Mapping) or not rates:
        raise OutOfRangeError(
            f"rates must be what one of each currency is worth, as in {{'EUR': 1, 'USD': 0.92}}; "
            f"got {rates!r}."
        )
    for name, rate in rates.items():
        if not isinstance(rate, Real) or not isfinite(rate) or not float(rate) > 0:
            raise OutOfRangeError(f"rates[{name!r}] must be a number above 0; got {rate!r}.")
    if currency is not None:
        raise OutOfRangeError("say currency= to keep one, or rates= to convert; not both.")
