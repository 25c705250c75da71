"""Which encoding a text file is written in."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

from charset_normalizer import from_bytes

from crmlab._words import N_, _
from crmlab.data._columns import recognised
from crmlab.data._source import Source
from crmlab.data.report import Guess
from crmlab.errors import OutOfRangeError, UnreadableFileError

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_OTHERS = ("gb18030", "big5", "cp932", "cp1251", "cp1252")
_CHUNK = 1 << 20
_SAMPLE = 1 << 16


def find_encoding(source: Source, given: str | None) -> Guess:
    """Return the encoding of `source`, as `given` or guessed; the whole file decodes with it."""
    if given is not None:
        return _given(source, given)

    head = source.head(4096)
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            return _checked(
                source, Guess(N_("encoding"), encoding, _("the file begins with its mark"))
            )
    if wide := _wide(head):
        return _checked(source, Guess("encoding", wide, _("every other byte is zero")))
    sample = _beyond_ascii(source)
    if not (trouble := _trouble(source, "utf-8")):
        # The yuan sign of GB18030 is, byte for byte, a letter of the Komi language in UTF-8.
        if {*sample.decode("utf-8", "ignore")} - {*map(chr, range(128))} == {"\u052a"}:
            return Guess("encoding", "gb18030", _("its only letter beyond ASCII is 元"))
        return Guess("encoding", "utf-8", _("every byte fits"))

    named = _by_names(head, _OTHERS)
    if named and not _trouble(source, named):
        return Guess("encoding", named, _("only in it the column names are known words"))
    fitting = [name for name in _OTHERS if not _trouble(source, name)]
    if not fitting:
        raise UnreadableFileError(
            f"{source.name} is in no encoding tried (UTF-8, UTF-16, GB18030, Big5, Shift-JIS, "
            f"Windows-1251, Windows-1252): "
            f"as UTF-8 it fails at {trouble}. If one program wrote it all, name its encoding with "
            "encoding='euc_kr', say; else save it anew as CSV in UTF-8."
        )
    if _in_pairs(sample):
        return Guess("encoding", "gb18030", _("its letters are pairs of bytes, as in Chinese"))
    # Windows-1252 takes nearly any byte, so where both fit a library weighs the words.
    best = from_bytes(sample, cp_isolation=fitting).best()
    return Guess(
        "encoding", best.encoding if best else fitting[0], _("the text makes most sense in it")
    )


def _by_names(head: bytes, fitting: Sequence[str]) -> str | None:
    """Return the one encoding in which most column names are known, None if several are alike."""
    counts = {}
    for name in fitting:
        text = codecs.getincrementaldecoder(name)(errors="replace").decode(head)
        counts[name] = max(
            recognised(re.split(r"[,;\t|]", row), {}) for row in [*text.splitlines()[:50], ""]
        )
    most = max(counts.values())
    best = [name for name, count in counts.items() if count == most]
    return best[0] if most and len(best) == 1 else None


def _in_pairs(sample: bytes) -> bool:
    """Return whether `sample` is in GB2312, whose letters are pairs of bytes beyond ASCII."""
    try:
        codecs.getincrementaldecoder("gb2312")().decode(sample)
    except UnicodeError:
        return False
    return True


def _given(source: Source, given: str) -> Guess:
    """Return the encoding a caller named, or say that it is unknown or does not fit."""
    try:
        name = codecs.lookup(given).name
        "a".encode(name)
    except (LookupError, TypeError, ValueError):
        raise OutOfRangeError(
            f"encoding={given!r} is no encoding Python knows; "
            "try 'utf-8', 'gb18030', 'cp1252', 'utf-16' or 'big5'."
        ) from None
    return _checked(source, Guess("encoding", name, _("given")))


def _checked(source: Source, guess: Guess) -> Guess:
    """Return `guess` if the whole file decodes with it."""
    if trouble := _trouble(source, guess.value):
        raise UnreadableFileError(
            f"{source.name} does not decode as {guess.value} ({guess.why}): it fails at {trouble}. "
            "Name another encoding with encoding=…, or save the file anew as CSV in UTF-8."
        )
    return guess


def _wide(head: bytes) -> str | None:
    """Return the form of UTF-16 that `head` is in without saying so, if it is."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < len(head) / 8:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _trouble(source: Source, encoding: str) -> str | None:
    """Return where `source` stops being text in `encoding`; None if nowhere."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with source.open() as stream:
        while True:
            chunk = stream.read(_CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeError as error:
                return f"line {line + chunk[: getattr(error, 'start', 0)].count(10)}"
            if "\0" in text:
                line += text[: text.index("\0")].count("\n")
                return f"line {line}, which holds a zero byte, as no text does"
            if not chunk:
                return None
            line += text.count("\n")


def _beyond_ascii(source: Source) -> bytes:
    """Return some lines of `source` that hold more than ASCII, where encodings differ."""
    kept, size = [], 0
    with source.open() as stream:
        while size < _SAMPLE and (chunk := stream.read(_CHUNK)):
            if chunk.isascii():
                continue
            lines = [line for line in chunk.split(b"\n") if not line.isascii()]
            kept += lines
            size += sum(map(len, lines))
    return b"\n".join(kept)[:_SAMPLE]
