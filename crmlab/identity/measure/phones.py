"""One way to write a telephone."""

from __future__ import annotations

import re

import pandas as pd

from crmlab.errors import OutOfRangeError
from crmlab.identity.measure.text import HAN, clean

_MOBILE = re.compile(r"(?:00)?(?:86)?(1[3-9]\d{9})")


def normalise_phone(phones: pd.Series, *, country: str = "86") -> pd.Series:
    """Telephones as +, country, number, and x with the extension where there is one.

    What programs did to a number is undone (13800138000.0); of several numbers in a cell the first
    is taken; what is no number, or lost its digits (1.38001E+10), is kept as the text it is.

    Parameters
    ----------
    phones : Series of str; a number without + or 00 in front is of `country`
    country : str of digits

    Returns
    -------
    Series of str, indexed as `phones`, missing stays missing

    Raises
    ------
    OutOfRangeError
        If `country` is no country code, or `phones` are floating-point numbers.

    Source
    ------
    Numbers are read by phonenumbers, the Python form of Google's libphonenumber.

    Examples
    --------
    >>> spelt = ["138 0013 8000", "0086-13800138000", "(010) 6552 9988 转 12", "+1-212-555-0100"]
    >>> normalise_phone(pd.Series(spelt)).tolist()
    ['+8613800138000', '+8613800138000', '+861065529988x12', '+12125550100']
    """
    region = _region(country)
    typed = clean(phones)
    made = {text: _phone(text, region) for text in typed.dropna().unique()}
    return typed.map(made).astype("str")


def _region(country: str) -> str:
    """Return a country that uses the code, or raise OutOfRangeError."""
    from phonenumbers import region_code_for_country_code

    known = re.fullmatch(r"[1-9]\d{0,2}", str(country), re.ASCII)
    region = region_code_for_country_code(int(country)) if known else "ZZ"
    if region == "ZZ":
        raise OutOfRangeError(f"country must be a code such as '86'; got {country!r}.")
    return region


def _phone(text: str, region: str) -> str:
    """Return a clean telephone in its normal form, or as it is if it is none."""
    from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, parse

    first = re.sub(r"(?<=\d)\.0+$", "", _first_number(text))
    body = re.sub(r"^[^0-9+]+(?=[^0-9+]*[0-9+])", "(" if first.startswith("(") else "", first)
    # What follows the first letter is the extension, however the word for it is spelt.
    number, said, extension = re.fullmatch(
        rf"([^a-z#{HAN}]*)([a-z#{HAN}]?)(.*)", body, re.DOTALL
    ).groups()  # pyright: ignore[reportOptionalMemberAccess]
    if said == "e" and re.fullmatch(r"\d(\.\d+)?", number):
        return text
    if not said and region == "CN" and (parts := re.fullmatch(r"(.*\d{7,8})-(\d{1,5})", number)):
        number, extension = parts.groups()
    digits = re.sub(r"\D", "", number)
    if region == "CN" and (mobile := _MOBILE.fullmatch(digits)):
        made = f"+86{mobile[1]}"
    else:
        try:
            made = format_number(parse(number, region), PhoneNumberFormat.E164)
        except NumberParseException:
            return text
    inner = re.sub(r"\D", "", extension)
    return f"{made}x{inner}" if inner else made


def _first_number(text: str) -> str:
    """Return the first of several telephones in a cell; a stroke may also part off an area code."""
    parts = [part for part in re.split(r"[/;,、|\n]|\bor\b|或", text) if part.strip()]
    whole = [part.strip() for part in parts if len(re.sub(r"\D", "", part)) >= 7]
    return whole[0] if len(whole) > 1 else text
