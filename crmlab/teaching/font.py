"""The font that travels with the package, for machines that have none that writes Chinese.

A part of Noto Sans CJK SC: the 3,755 common characters of GB 2312 and whatever else the course
writes. `make font` makes it from the font of the system.
"""

from __future__ import annotations

from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

import crmlab
from crmlab._theme import TRAVELS, TRAVELS_AS
from crmlab.errors import ChapterError
from crmlab.teaching.words import catalogue_file

ROOT = Path(crmlab.__file__).parents[1]
SYSTEM = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
_FAMILY = "Noto Sans CJK SC"
# Where the course writes Chinese, besides the catalogue of the package's words.
_TEXTS = (
    "crmlab/dictionary/*.yaml", "notebooks/source/*.py", "exercises/source/*.py",
    "exercises/quizzes/*.json", "README*.md", "docs/*.md",
)  # fmt: skip
# The copyright, the licence and where it stands must stay; the rest names another font.
_KEPT = {0, 7, 8, 13, 14}


def written() -> set[str]:
    """Return every character that the course writes."""
    files = [catalogue_file("zh"), *(file for each in _TEXTS for file in ROOT.glob(each))]
    return {letter for file in files for letter in file.read_text(encoding="utf-8")}


def common() -> set[str]:
    """Return the characters of the first level of GB 2312, nearly all that a text needs."""
    pairs = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    marks = "，。、；：？！“”‘’（）《》【】—…·￥％"
    return {*b"".join(pairs).decode("gb2312", "ignore"), *marks}


def build(source: Path = SYSTEM, to: Path = TRAVELS) -> Path:
    """Write the part of the font `source` that travels; return its path.

    Raises
    ------
    ChapterError
        If there is no such font.
    """
    if not source.exists():
        raise ChapterError(f"there is no {source}; type: sudo apt install fonts-noto-cjk")
    font = next(each for each in TTCollection(source) if _family(each) == _FAMILY)
    options = Options(hinting=False, layout_features=[], name_IDs=["*"], notdef_outline=True)
    part = Subsetter(options)
    part.populate(unicodes=map(ord, written() | common()))
    part.subset(font)
    names = font["name"]
    names.names = [each for each in names.names if each.nameID in _KEPT]
    for number, name in {1: TRAVELS_AS, 2: "Regular", 4: TRAVELS_AS, 6: "crmlabNotoSansSC"}.items():
        names.setName(name, number, 3, 1, 0x409)
    font["head"].modified = font["head"].created  # the same bytes at every build
    font.recalcTimestamp = False
    font.save(to)
    return to


def letters(font: Path = TRAVELS) -> set[str]:
    """Return the characters that a font can write."""
    return {*map(chr, TTFont(font).getBestCmap() or {})}


def _family(font: TTFont) -> str:
    return font["name"].getDebugName(1) or ""
