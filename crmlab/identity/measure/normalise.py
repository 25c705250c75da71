"""One way to write a name, a telephone, an e-mail address, a date or an address."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

import pandas as pd

from crmlab._cells import arrow_of
from crmlab._checks import require_columns
from crmlab._dates import dates as read_dates
from crmlab._placeholders import is_no_address, is_no_day, is_no_email, is_no_number, is_nobody
from crmlab.errors import UnknownNameError
from crmlab.identity.measure.phones import normalise_phone
from crmlab.identity.measure.text import HAN, clean, require_series

# These providers put mail for a.b+c@ into the box of ab@; others need not.
DOTLESS = ("gmail.com", "googlemail.com")
# Characters that as a family name are read otherwise than elsewhere; GB/T 28039-2011 spells names.
FAMILY_NAMES = {"曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha"}
FAMILY_NAMES |= {"朴": "piao", "盖": "ge", "乐": "yue", "尉迟": "yuchi", "万俟": "moqi"}


def normalise_name(names: pd.Series) -> pd.Series:
    """Names in one width and case, with single spaces; Chinese stays Chinese.

    Parameters
    ----------
    names : Series of str

    Returns
    -------
    Series of str, indexed as `names`, missing where there is no name

    See Also
    --------
    spoken_name : the same name in Latin letters.

    Examples
    --------
    >>> normalise_name(pd.Series(["Ｌｉ  Na ", "李 娜", " "])).tolist()
    ['li na', '李娜', nan]
    """
    return _without_spaces_in_chinese(clean(names))


def spoken_name(names: pd.Series) -> pd.Series:
    """Names as they sound, in Latin letters without marks, so that 李娜 can meet Li Na.

    Chinese characters are read as Mandarin by pypinyin, a few of them otherwise when they stand
    first, as a family name. Names that sound alike become one: 张伟 and 章伟 do.

    Parameters
    ----------
    names : Series of str

    Returns
    -------
    Series of str, indexed as `names`; the words keep their order, missing stays missing

    Examples
    --------
    >>> spoken_name(pd.Series(["李娜", "Na Li", "曾吕", "Lü Zeng"])).tolist()
    ['lina', 'na li', 'zenglu', 'lu zeng']
    """
    typed = normalise_name(names)
    spoken = {name: _spoken(name) for name in typed.dropna().unique()}
    return typed.map(spoken).astype("str")


def normalise_email(emails: pd.Series) -> pd.Series:
    """E-mail addresses in small letters without spaces, and without the dots that do not count.

    Only Gmail is known to ignore dots and what follows a plus; elsewhere they tell boxes apart.

    Parameters
    ----------
    emails : Series of str

    Returns
    -------
    Series of str, indexed as `emails`, missing stays missing

    Examples
    --------
    >>> normalise_email(pd.Series(["Li.Na+shop@Gmail.com", "mailto:Li.Na@Example.org"])).tolist()
    ['lina@gmail.com', 'li.na@example.org']
    """
    typed = clean(emails).str.replace(r"\s+", "", regex=True)
    typed = typed.str.replace(r"^(mailto:)+", "", regex=True)
    box, domain = (
        typed.str.replace(r"@[^@]*$", "", regex=True),
        typed.str.replace(r"^.*@", "", regex=True),
    )
    bare = box.str.replace(r"\+.*$", "", regex=True).str.replace(".", "", regex=False)
    dotless = domain.isin(DOTLESS) & typed.str.contains("@").eq(True) & bare.ne("")
    made = typed.where(~dotless, bare + "@gmail.com")
    return made.where(made.ne("")).astype("str")


def normalise_date(dates: pd.Series, *, day_first: bool | None = None) -> pd.Series:
    """Dates as YYYY-MM-DD, from several spellings; what is no date is kept as text.

    They are read as `read_purchases` reads them, but each for itself, and only from 1900 on and
    where the year stands there with four digits.

    Parameters
    ----------
    dates : Series of str, or of datetime64
    day_first : bool, optional
        Whether 3/4/1990 is 3 April (True) or March 4 (False). When omitted, only dates that can be
        read in one way, such as 13/4/1990, are read, and the others kept as text.

    Returns
    -------
    Series of str, indexed as `dates`, missing stays missing

    Examples
    --------
    >>> spelt = pd.Series(["1990年1月2日", "19900102", "13/4/1990", "3/4/1990", "1990-02-30"])
    >>> normalise_date(spelt).tolist()
    ['1990-01-02', '1990-01-02', '1990-04-13', '3/4/1990', '1990-02-30']
    """
    require_series(dates)
    if dates.dtype.kind == "M":
        return dates.dt.strftime("%Y-%m-%d").astype("str")
    typed = clean(dates)
    read = _days(dates, day_first is not False)
    if day_first is None:
        other = _days(dates, False)
        read = read.fillna(other).where(read.isna() | other.isna() | read.eq(other))
    years = zip(read.str[:4], typed, strict=True)
    there = [pd.notna(year) and year in text for year, text in years]
    return read.where(pd.Series(there, dates.index, dtype=bool), typed)


def _days(dates: pd.Series, day_first: bool) -> pd.Series:
    """Return the days that stand in texts, as YYYY-MM-DD, missing where no day does."""
    found, _ = read_dates(
        arrow_of(dates.astype("str")), day_first=day_first, date_format=None, swapped=False
    )
    days = pd.DatetimeIndex(found.cells).strftime("%Y-%m-%d")
    return pd.Series(days, dtype="str").set_axis(dates.index)


def normalise_address(addresses: pd.Series) -> pd.Series:
    """Addresses in one width and case, without punctuation, and without spaces beside Chinese.

    Parameters
    ----------
    addresses : Series of str

    Returns
    -------
    Series of str, indexed as `addresses`, missing stays missing

    Examples
    --------
    >>> normalise_address(pd.Series(["杭州市 子虚路７号，2 栋", "Room 7,  Zixu Road"])).tolist()
    ['杭州市子虚路7号2栋', 'room 7 zixu road']
    """
    words = clean(addresses).str.replace(r"[,，.。;；:、()\s]+", " ", regex=True).str.strip()
    made = _without_spaces_in_chinese(words)
    return made.where(made.ne("")).astype("str")


NORMALISERS: Mapping[str, Callable[[pd.Series], pd.Series]] = MappingProxyType(
    {
        "name": normalise_name,
        "phone": normalise_phone,
        "email": normalise_email,
        "date": normalise_date,
        "address": normalise_address,
    }
)
PLACEHOLDERS: Mapping[str, Callable[[object], bool]] = MappingProxyType(
    {
        "name": is_nobody,
        "phone": is_no_number,
        "email": is_no_email,
        "date": is_no_day,
        "address": is_no_address,
    }
)
KINDS: Mapping[str, str] = MappingProxyType(
    {"name": "name", "phone": "phone", "email": "email", "birth_date": "date", "address": "address"}
)


def normalise_records(records: pd.DataFrame, *, kinds: Mapping[str, str] = KINDS) -> pd.DataFrame:
    """Give back the records with each field once more, in its normal form.

    Parameters
    ----------
    records : DataFrame, one row per record
    kinds : mapping of column to its kind: name, phone, email, date or address

    Returns
    -------
    DataFrame, `records` and for each of `kinds` a column
        <column>_normal : str, missing where the field is empty or holds what people and programs
            write where nothing is known, such as N/A, noemail@shop.com, 1900-01-01 or 自提: two
            strangers do not agree in it
    and for a name
        <column>_spoken : str, in Latin letters, see `spoken_name`
        <column>_letters : str, the letters of that in alphabetical order: the same whichever of
            family and given name comes first

    Raises
    ------
    MissingColumnsError
        If `records` lacks one of the columns.
    UnknownNameError
        If a kind is none of those above.

    Examples
    --------
    >>> records = pd.DataFrame({"phone": ["138 0013 8000", "+86 13800138000"]})
    >>> normalise_records(records, kinds={"phone": "phone"})
                 phone    phone_normal
    0    138 0013 8000  +8613800138000
    1  +86 13800138000  +8613800138000
    """
    require_columns(records, *kinds)
    made = {}
    for column, kind in kinds.items():
        normal = normaliser(kind)(records[column])
        known = normal.notna() & ~_told(records[column], kind) & ~_told(normal, kind)
        made[f"{column}_normal"] = normal.where(known)
        if kind == "name":
            spoken = spoken_name(records[column]).where(known)
            made[f"{column}_spoken"] = spoken
            letters = {name: "".join(sorted(name)).strip() for name in spoken.dropna().unique()}
            made[f"{column}_letters"] = spoken.map(letters).astype("str")
    return records.assign(**made)


def normaliser(kind: str) -> Callable[[pd.Series], pd.Series]:
    """Return the function that normalises a kind of field, or raise UnknownNameError."""
    if kind not in NORMALISERS:
        raise UnknownNameError.among("kind of field", kind, NORMALISERS)
    return NORMALISERS[kind]


def _told(values: pd.Series, kind: str) -> pd.Series:
    """Return which values of a field are written where nothing is known."""
    told = {one: PLACEHOLDERS[kind](one) for one in values.dropna().unique()}
    return values.map(told).eq(True)


def _without_spaces_in_chinese(text: pd.Series) -> pd.Series:
    """Return texts without the spaces before or after a Chinese character."""
    spaced = rf"([{HAN}]) +"
    return text.str.replace(spaced, r"\1", regex=True).str.replace(
        rf" +([{HAN}])", r"\1", regex=True
    )


def _spoken(name: str) -> str:
    """Return a clean name in Latin letters and digits."""
    family = next((said for said in (name[:2], name[:1]) if said in FAMILY_NAMES), "")
    rest = "".join(_syllable(one) for one in name[len(family) :])
    letters = unicodedata.normalize("NFKD", FAMILY_NAMES.get(family, "") + rest)
    return " ".join("".join(one for one in letters if one.isalnum() or one == " ").split())


@cache
def _syllable(one: str) -> str:
    """Return how a Chinese character is read; any other one is itself."""
    if not re.match(f"[{HAN}]", one):
        return one
    from pypinyin import lazy_pinyin  # its tables take a while to load

    return lazy_pinyin(one, v_to_u=True)[0]
