"""What stands in a cell of a survey: a number on a scale, words of one, or no answer."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

# Words of agreement and satisfaction, from the lowest to the highest, by how many there are.
_LADDERS = (
    ("strongly disagree", "disagree", "neutral", "agree", "strongly agree"),
    ("strongly disagree", "disagree", "neither agree nor disagree", "agree", "strongly agree"),
    ("very dissatisfied", "dissatisfied", "neutral", "satisfied", "very satisfied"),
    ("strongly disagree", "disagree", "somewhat disagree", "neutral", "somewhat agree", "agree",
     "strongly agree"),
    ("非常不同意", "不同意", "一般", "同意", "非常同意"),
    ("非常不同意", "不同意", "中立", "同意", "非常同意"),
    ("完全不同意", "不同意", "不确定", "同意", "完全同意"),
    ("很不同意", "不同意", "一般", "同意", "很同意"),
    ("非常不满意", "不满意", "一般", "满意", "非常满意"),
    ("很不满意", "不满意", "一般", "满意", "很满意"),
    ("非常不同意", "不同意", "比较不同意", "一般", "比较同意", "同意", "非常同意"),
)  # fmt: skip
_UNKNOWN = {
    "don't know", "dont know", "do not know", "dk", "not sure", "unsure", "no opinion", "n/a", "na",
    "not applicable", "refused", "prefer not to say", "prefer not to answer", "不知道", "不清楚",
    "说不清", "不好说", "不适用", "拒答", "拒绝回答", "无意见", "不了解", "跳过", "(跳过)", "(空)",
}  # fmt: skip
# Traditional characters of ladders and headings, as the simplified ones.
_SIMPLE = str.maketrans(
    "滿說確較無見絕號編時間適瞭開來學歷職業齡別", "满说确较无见绝号编时间适了开来学历职业龄别"
)
_LED = re.compile(r"(-?\d{1,3})(?:[.,]0+)?\s*(?:分|points?)?\s*(?:[-–—=.:、)(]\s*\D.*)?")
_TRAILED = re.compile(r"\D.*\(\s*(-?\d{1,3})\s*\)")

DONT_KNOW = "don't know"


def written(cell: Any) -> str:
    """Return a cell as a person sees it; a workbook holds 7 as 7.0."""
    if cell is None or (isinstance(cell, float) and cell != cell):
        return ""
    return str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).strip()


def folded(cell: Any) -> str:
    """Return a cell in one width, one script and without capitals."""
    text = unicodedata.normalize("NFKC", written(cell)).replace("’", "'").strip()
    return re.sub(r"\s+", " ", text).casefold().translate(_SIMPLE)


def read_cell(text: str, dont_know: frozenset[str]) -> int | str | None:
    """Return a number, DONT_KNOW, None for nothing, or the folded text as it is."""
    if not text:
        return None
    if text in dont_know or text in _UNKNOWN:
        return DONT_KNOW
    found = _LED.fullmatch(text) or _TRAILED.fullmatch(text)
    return int(found[1]) if found else text


def ladder_of(words: set[str], points: int | None = None) -> dict[str, int]:
    """Return the number of each word of the ladder (of so many points) on which most words stand.

    A longer ladder is taken only if more words stand on it; empty where none stands on any.
    """
    of_length = [ladder for ladder in _LADDERS if points in (None, len(ladder))]
    best = max(of_length, key=lambda one: (len(words & {*one}), -len(one)), default=())
    return {word: at for at, word in enumerate(best, 1)} if words & {*best} else {}
