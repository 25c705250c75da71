"""What a reader can do about rows that are refused."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crmlab.data._dates import is_written_as_date

_REMEDIES = {
    "unreadable amount": "mend them, set decimal=…, or leave them out with unreadable='drop'",
    "torn row": "give them as many cells as there are column names, or leave them out with "
    "unreadable='drop'",
    "no customer": "no_customer='drop' sets them aside",
    "totals row": "totals='drop' sets them aside, totals='keep' takes the word for a customer",
    "no sale": "no_sale='drop' sets them aside, no_sale='keep' counts them",
    "duplicate": "duplicates='keep' or 'drop'",
    "future date": "future='keep' or 'drop', or say which day it is with today=…",
    "refund": "refunds='keep' or 'drop'",
    "zero amount": "zero_amounts='keep' or 'drop'",
}
_LOOKED_AT = 1000
_UNIX = re.compile(r"\d{10}(\d{3})?(?:\.\d+)?")
_SHORT_YEAR = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}(?: .*)?")


def remedy(kind: str, written: Sequence[str]) -> str:
    """Return what to do about rows of `kind` in which `written` stands."""
    if kind != "unreadable date":
        return _REMEDIES[kind]
    fitting = dict.fromkeys(_for_date(text) for text in written[:_LOOKED_AT])
    return "; ".join([*fitting, "or leave them out with unreadable='drop'"])


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
    if _SHORT_YEAR.fullmatch(text):
        return "write years with four digits, or say date_format='%d/%m/%y'"
    if is_written_as_date(text):
        return (
            "mend days that no calendar has, that lie before 1900, or that are not in the order "
            "or form of the others"
        )
    return "mend what is no date, or say how dates are written with date_format='%d/%m/%Y'"
