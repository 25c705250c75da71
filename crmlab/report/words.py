"""Numbers as a reader says them, and text from a file made safe to look at."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import pandas as pd

from crmlab._words import ENGLISH, N_, _, language

_MONTHS = (
    *(N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June")),
    *(N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December")),
)  # the page is in its own language, whatever the reader's machine speaks
# Marks that turn the direction of what follows: on the page they are named, not obeyed.
_TURNS = {0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}


def visible(text: object, *, longest: int = 80) -> str:
    """Return `text` with control and direction marks spelt out, cut at `longest` characters.

    Examples
    --------
    >>> visible("evil" + chr(0x202E) + "fdp.exe")
    'evil‹U+202E›fdp.exe'
    >>> visible("a" * 100, longest=5)
    'aaaa…'
    """
    whole = str(text)
    cut = whole if len(whole) <= longest else whole[: longest - 1] + "…"
    return "".join(_spelt(mark) for mark in cut)


def _spelt(mark: str) -> str:
    hidden = ord(mark) in _TURNS or unicodedata.category(mark) in {"Cc", "Cs", "Cn"}
    return f"‹U+{ord(mark):04X}›" if hidden else mark


def count(number: float, one: str = "", many: str = "") -> str:
    """Return a whole number with thousands separators, and its noun in the right form.

    Examples
    --------
    >>> count(23570), count(1, "customer"), count(2, "customer"), count(0, "day out", "days out")
    ('23,570', '1 customer', '2 customers', '0 days out')
    """
    noun = one if number == 1 else many or (one and f"{one}s")
    if language() != ENGLISH:  # which has no plural: one word stands for both
        noun = _(one)
    return f"{number:,.0f} {noun}".rstrip()


def share(part: float) -> str:
    """Return a share in 0-1 as percent; what is not quite nothing or all never reads so.

    Examples
    --------
    >>> share(0.5), share(0.123), share(0.0004), share(0.9999), share(0), share(1)
    ('50%', '12%', 'under 1%', 'over 99%', '0%', '100%')
    """
    if pd.isna(part):
        return "–"
    if 0 < part <= 0.005:  # a half is rounded to the even number, which is none
        return _("under 1%")
    if 0.995 <= part < 1:
        return _("over 99%")
    return f"{part:.0%}"


def day(moment: pd.Timestamp) -> str:
    """Return a day with its month spelt out, which every country reads alike.

    Examples
    --------
    >>> day(pd.Timestamp("2024-03-05"))
    '5 March 2024'
    """
    month = _(_MONTHS[moment.month - 1])
    return _("{day} {month} {year}").format(day=moment.day, month=month, year=moment.year)


def days(number: float) -> str:
    """Return a length of time: whole days, or one decimal below ten.

    Examples
    --------
    >>> days(1), days(13.333), days(2.5)
    ('1 day', '13 days', '2.5 days')
    """
    if pd.isna(number):
        return "–"
    if number < 10 and number != round(number):
        return _("{number:.1f} days").format(number=number)
    return count(round(number), "day")


def months(number: int) -> str:
    """Return a spell of months as it reads after "the last" or "the earlier".

    Examples
    --------
    >>> months(1), months(9)
    ('month', '9 months')
    """
    return _("month") if number == 1 else _("{number} months").format(number=number)


def ago(number: float) -> str:
    """Return how long ago something was, in days.

    Examples
    --------
    >>> ago(0), ago(1), ago(45.0)
    ('today', '1 day ago', '45 days ago')
    """
    return _("today") if number == 0 else _("{days} ago").format(days=days(number))


@dataclass(frozen=True)
class Money:
    """Writes amounts, with the reader's currency label where there is one."""

    label: str = ""

    def __call__(self, amount: float) -> str:
        """Return `amount` to the cent below 100, whole from there on.

        Examples
        --------
        >>> Money("CNY")(1234.5), Money()(3.456), Money("CNY")(-20)
        ('CNY 1,234', '3.46', 'CNY −20.00')
        """
        if pd.isna(amount):
            return "–"
        digits = f"{abs(amount):,.2f}" if abs(amount) < 99.995 else f"{abs(amount):,.0f}"
        sign = "−" if amount < 0 else ""
        return f"{self.label} {sign}{digits}".lstrip()
