"""Names pairs of notebooks whose code is too alike for two people working alone.

Names, numbers and layout do not count: code is read as a sequence of kinds of words, cut into
overlapping pieces, and a few pieces of each stretch are kept by winnowing. Pieces that were
handed out, that the model solution has, or that a good part of the class wrote too, say nothing
about a pair.
"""

from __future__ import annotations

import io
import keyword
import tokenize
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import combinations
from zlib import crc32

import pandas as pd

_PIECE, _WINDOW = 12, 4
# Short answers coincide by themselves; a few shared lines are no sign.
_FEWEST = 20
# Of each notebook: an honest one is far shorter, and a class is compared in seconds.
_MOST_CODE = 100_000
_SKIPPED = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
    tokenize.ENCODING,
}
_SAID = {tokenize.NUMBER: "0", tokenize.STRING: "''"}


def similar_pairs(
    notebooks: Mapping[str, Iterable[str]],
    handed_out: Iterable[str] = (),
    *,
    alike: float = 0.8,
    common: float = 0.5,
) -> pd.DataFrame:
    """Return the pairs of students whose code is too alike, most alike first.

    Parameters
    ----------
    notebooks : mapping of student to code cells
    handed_out : iterable of str
        Cells that say nothing: what everybody was given, and the model solution.
    alike : float
        Pairs at least this similar are named.
    common : float
        Pieces in more than this share of the notebooks count as everybody's, in a class of four
        or more.

    Returns
    -------
    DataFrame
        first, second : str, student ids, in order
        similarity : float in [0, 1], pieces in both over pieces in either
        pieces : int64, how many they share

    Source
    ------
    Schleimer, Wilkerson and Aiken (2003), Winnowing: local algorithms for document
    fingerprinting, doi:10.1145/872757.872770.
    """
    given = pieces_of(handed_out)
    each = {student: pieces_of(cells) - given for student, cells in notebooks.items()}
    counts = Counter(piece for pieces in each.values() for piece in pieces)
    most = max(3, common * len(each)) if len(each) > 3 else len(each)
    usual = {piece for piece, count in counts.items() if count > most}
    each = {student: pieces - usual for student, pieces in sorted(each.items())}
    rows = []
    for (first, mine), (second, theirs) in combinations(each.items(), 2):
        shared = len(mine & theirs)
        if shared >= _FEWEST and shared >= alike * len(mine | theirs):
            rows.append((first, second, shared / len(mine | theirs), shared))
    table = pd.DataFrame(rows, columns=["first", "second", "similarity", "pieces"])
    order = ["similarity", "first", "second"]
    return table.sort_values(order, ascending=[False, True, True], ignore_index=True)


def pieces_of(cells: Iterable[str]) -> set[int]:
    """Return the fingerprints of code cells: the least hash of every window of pieces.

    Of each notebook the first 100,000 characters count.
    """
    found: set[int] = set()
    room = _MOST_CODE
    for cell in cells:
        words = _words(_python(cell[:room]))
        room = max(0, room - len(cell))
        hashes = [
            crc32(" ".join(words[start : start + _PIECE]).encode())
            for start in range(len(words) - _PIECE + 1)
        ]
        ends = range(max(1, len(hashes) - _WINDOW + 1)) if hashes else ()
        found.update(min(hashes[start : start + _WINDOW]) for start in ends)
    return found


def _python(code: str) -> str:
    """Return code without the lines that only Jupyter understands: they would end its reading."""
    lines = code.split("\n")
    return "\n".join(
        "" if line.lstrip().startswith(("%", "!", "?")) or line.rstrip().endswith("?") else line
        for line in lines
    )


def _words(code: str) -> list[str]:
    """Return code as kinds of words; names of attributes stay, other names become one.

    Code that cannot be read to its end counts as far as it can.
    """
    words: list[str] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type in _SKIPPED:
                continue
            if token.type == tokenize.NAME and not keyword.iskeyword(token.string):
                words.append(token.string if words[-1:] == ["."] else "name")
            else:
                words.append(_SAID.get(token.type, token.string))
    except (tokenize.TokenError, SyntaxError, ValueError):
        pass
    return words
