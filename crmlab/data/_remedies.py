"""What a reader can do about rows that are refused: each of these, followed, leads on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crmlab._dates import is_written_as_date
from crmlab._words import N_
from crmlab.data._amounts import fits

_REMEDIES = {
    N_("torn row"): "give them as many cells as there are column names, or leave them out with "
    "unreadable='drop'",
    N_("no customer"): "no_customer='drop' sets them aside",
    N_("totals row"): "totals='drop' sets them aside, totals='keep' takes the word for a customer",
    N_("no sale"): "no_sale='drop' sets them aside, no_sale='keep' counts them",
    N_("duplicate"): "duplicates='keep' or 'drop'",
    N_("future date"): "future='keep' or 'drop', or say which day it is with today=…",
    N_("suspect date"): "suspect_dates='keep' or 'drop'",
    N_("refund"): "refunds='keep' or 'drop'",
    N_("zero amount"): "zero_amounts='keep' or 'drop'",
}
_LOOKED_AT = 1000
_UNIX = re.compile(r"\d{10}(\d{3})?(?:\.\d+)?")
_DROP = "or leave them out with unreadable='drop'"
# Forms of dates that are not read unasked: something else could look like them.
_FORMATS = (
    *("%d/%m/%y", "%m/%d/%y", "%y/%m/%d", "%d.%m.%y", "%y.%m.%d", "%d-%m-%y", "%y-%m-%d"),
    *("%a, %d %b %Y", "%a %d %b %Y", "%A, %d %B %Y", "%A, %B %d, %Y", "%a, %b %d, %Y"),
    *("%a %b %d %H:%M:%S %Y", "%a, %d %b %Y %H:%M:%S %z", "%d %b %y", "%b %d %y"),
    *("%Y-%b-%d", "%Y %b %d", "%Y %B %d", "%Y/%j", "%Y-%j", "%Y-%m", "%m/%Y", "%b %Y", "%B %Y"),
    *("%d%m%Y", "%m%d%Y", "%y%m%d", "%d%m%y", "%d/%b/%Y:%H:%M:%S %z", "%Y%m%d%H%M", "%Y"),
)


@dataclass(frozen=True)
class Circumstances:
    """What else is known where rows are refused.

    rows : how many there are in all
    factors : the columns of quantity and price, where there are both beside the amount
    asked : whether the caller said how dates are written
    decimal : the mark that the caller said
    """

    rows: int
    factors: tuple[str, str] | None = None
    asked: bool = False
    decimal: str | None = None


def remedy(kind: str, written: Sequence[str], known: Circumstances) -> str:
    """Return what to do about rows of `kind` in which `written` stands."""
    looked_at = written[:_LOOKED_AT]
    if kind == N_("unreadable amount"):
        return "; ".join([*dict.fromkeys(_for_amounts(looked_at, known)), _DROP])
    if kind != N_("unreadable date"):
        return _REMEDIES[kind]
    if known.asked:
        return f"mend what is not in the form of date_format, or leave it unsaid; {_DROP}"
    if len(written) == known.rows and (form := _format_of(looked_at)):
        return f"say how dates are written, date_format={form!r}; {_DROP}"
    return "; ".join([*dict.fromkeys(_for_date(text) for text in looked_at), _DROP])


def _for_amounts(written: Sequence[str], known: Circumstances) -> list[str]:
    """Return what to do about cells that hold no amount."""
    ways = []
    if known.factors and not any(written):
        quantity, price = known.factors
        ways.append(f"say quantity={quantity!r}, unit_price={price!r} to multiply them")
    elif not all(written):
        ways.append("fill in the empty cells")
    other = "," if known.decimal == "." else "."
    if known.decimal and len(written) == known.rows and all(fits(one, other) for one in written):
        ways.append(f"say decimal={other!r}")
    elif any(written):
        ways.append("mend what is no amount")
    return ways


def _format_of(written: Sequence[str]) -> str | None:
    """Return the one form of strptime in which all are dates that can be, None if several."""
    found = [form for form in _FORMATS if all(_reads(text, form) for text in written)]
    return found[0] if len(found) == 1 else None


def _reads(text: str, form: str) -> bool:
    try:
        return 1900 <= datetime.strptime(text, form).year <= 2100
    except ValueError:
        return False


def _for_date(text: str) -> str:
    """Return what to do about one cell that holds no date."""
    if not text:
        return "fill in the empty cells"
    if unix := _UNIX.fullmatch(text):
        what, unit = ("milliseconds", "ms") if unix[1] else ("seconds", "s")
        return (
            f"turn {what} since 1970 into days before reading, in pandas with "
            f"pd.to_datetime(column, unit='{unit}')"
        )
    if is_written_as_date(text):
        return (
            "mend days that no calendar has, that lie before 1900, or that are not in the order "
            "or form of the others"
        )
    return "mend what is no date"
