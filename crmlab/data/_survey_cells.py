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
_LED = re.compile(r"(-?\d{1,3})(?:\.0+)?\s*(?:分|points?)?\s*(?:[-–—=.:、)(]\s*\D.*)?")
_TRAILED = re.compile(r"\D.*\(\s*(-?\d{1,3})\s*\)")

DONT_KNOW = "don't know"


def folded(cell: Any) -> str:
    """Return a cell as a person sees it, in one width and without capitals."""
    if cell is None or (isinstance(cell, float) and cell != cell):
        return ""
    if isinstance(cell, float) and cell == int(cell):
        cell = int(cell)
    text = unicodedata.normalize("NFKC", str(cell)).replace("’", "'").strip()
    return re.sub(r"\s+", " ", text).casefold()


def read_cell(text: str, dont_know: frozenset[str]) -> int | str | None:
    """Return a number, DONT_KNOW, None for nothing, or the folded text as it is."""
    if not text:
        return None
    if text in dont_know or text in _UNKNOWN:
        return DONT_KNOW
    found = _LED.fullmatch(text) or _TRAILED.fullmatch(text)
    return int(found[1]) if found else text


def ladder_of(words: set[str]) -> dict[str, int] | None:
    """Return the number of each word, if all stand on one ladder; a longer one only if needed."""
    fitting = [ladder for ladder in _LADDERS if words <= {*ladder}]
    if not words or not fitting:
        return None
    best = min(fitting, key=len)
    return {word: at for at, word in enumerate(best, 1)}
