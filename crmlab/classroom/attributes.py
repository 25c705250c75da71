"""What may stand beside a cell of an exercise: each attribute, where it belongs, and its form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from crmlab.classroom import twins

_KEY = re.compile(r"\s*(\w+)=")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")
TAGS = ("solution", "world")


def _texts(value: Any) -> bool:
    """Return whether a value is a text, or some of them."""
    many = value if isinstance(value, list) else [value]
    return all(isinstance(each, str) and each.strip() for each in many)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def _share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _digits(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 2 <= value <= 10


def _tags(value: Any) -> bool:
    return isinstance(value, list) and all(each in TAGS for each in value)


def _language(value: Any) -> bool:
    return isinstance(value, str) and bool(_LANGUAGE.fullmatch(value))


_A_TEXT, _SOME_TEXTS = (_text, "a text"), (_texts, "a text or a list of them")
_A_SHARE, _FLAG = (_share, "a number from 0 to 1"), (_flag, "true or false")
_A_NUMBER = (_number, "a number over 0")
# Where an attribute counts, and how it is written; elsewhere nobody would read it.
_ANYWHERE = {
    "tags": (_tags, f'a list of {" and ".join(TAGS)}, such as ["solution"]'),
    "lang": (_language, 'a language such as "zh"'),
    "of": _A_TEXT,
    "alt": _A_TEXT,
}
_FILE = {"language": (_language, 'a language such as "zh"'), "replace": _FLAG}
_ASKING = {
    "points": _A_NUMBER,
    "minutes": _A_NUMBER,
    "objective": _A_TEXT,
    "digits": (_digits, "a whole number from 2 to 10"),
    "own": _FLAG,
    "rounded": _A_SHARE,
    "unit": _A_SHARE,
    "hint": _SOME_TEXTS,
    "rubric": _SOME_TEXTS,
}
_WITHIN = {
    "wrong": _SOME_TEXTS,
    "message": _SOME_TEXTS,
    **dict.fromkeys(("truth", "low", "high"), _A_TEXT),
}
_ALL = {**_ANYWHERE, **_FILE, **_ASKING, **_WITHIN}
_PLACES = (
    (_FILE, "the first cell of the file"),
    (_ASKING, "the cell that asks a question"),
    (_WITHIN, "a cell of a question, best the one with its check"),
)


def read_attributes(text: str, faults: list[str]) -> dict[str, Any]:
    """Return what `key=json key=json` says; append to `faults` what cannot be read."""
    meta, decoder = {}, json.JSONDecoder()
    while key := _KEY.match(text):
        name = key[1]
        try:
            value, end = decoder.raw_decode(text, key.end())
        except json.JSONDecodeError:
            faults.append(f"{name}= is not followed by JSON: {text.strip()}")
            return meta
        if name in meta:
            faults.append(f"{name}= stands twice in one line")
        meta[name], text = value, text[end:]
    if text.strip():
        faults.append(f"{text.strip()!r} is no attribute; write name=value, a blank between them")
    return meta


def misused(meta: Mapping[str, Any], where: str, *, first: bool, asks: bool) -> Iterator[str]:
    """Yield what is wrong with the attributes of one cell.

    Parameters
    ----------
    where : str
        How to tell the author which cell is meant: the number of its question, or its first
        words. Empty for a cell that belongs to no question.
    first, asks : bool
        Whether it is the first cell of the file, and whether it asks a question.
    """
    for key, value in meta.items():
        name, _, language = key.rpartition("_")
        if name not in twins.BESIDE or not _LANGUAGE.fullmatch(language):
            name = key
        if name not in _ALL:
            near = get_close_matches(name, _ALL, n=1)
            advice = f"did you mean {near[0]}=?" if near else f"known are {', '.join(_ALL)}"
            yield f"{where}: {key}= is not known; {advice}"
            continue
        fits, form = _ALL[name]
        if not fits(value):
            yield f"{where}: {key}= should be {form}, not {json.dumps(value, ensure_ascii=False)}"
        counts = {**_ANYWHERE, **(_FILE if first else {}), **(_ASKING if asks else {})}
        if re.match(r"\d\d", where):
            counts |= _WITHIN
        if name not in counts:
            place = next(place for names, place in _PLACES if name in names)
            yield f"{where}: {key}= counts for nothing here; it belongs to {place}"
