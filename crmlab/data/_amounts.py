"""Money as people and programs write it; what a comma means is one for a column."""

# pyarrow.compute makes its functions on import, where no type checker sees them.
# pyright: reportAttributeAccessIssue=false

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crmlab._cells import Parsed, Words, is_text, normal, own, words
from crmlab._words import N_, _
from crmlab.data._money import SIGNS
from crmlab.data.report import Guess
from crmlab.errors import AmbiguousError

_LONGEST_FIRST = sorted("|".join(SIGNS.values()).split("|"), key=len, reverse=True)
_SIGN = rf"(?i:{'|'.join(_LONGEST_FIRST)})"
_GROUPS = {
    ".": r"(?:\d+|\d{1,3}(?:,\d{2,3})*,\d{3}|\d{1,3}(?:[ ']\d{3})+)?(?:\.\d*)?",
    ",": r"(?:\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?:[ ']\d{3})+)?(?:,\d*)?",
}
_PIECES = r"^(?P<sign>[-+(]?) *(?P<body>[\d.,' ]*\d[\d.,' eE+-]*?) *(?P<end>[-)]?)$"
_POWER = r"(?:[eE][+-]?\d{1,3})?"


def amounts(
    column: pa.ChunkedArray,
    *,
    decimal: str | None,
    what: str = "amounts",
    semicolons: bool = False,
) -> tuple[Parsed, list[Guess]]:
    """Return the numbers in `column` as float64, and what was guessed.

    Currency signs and blanks go; brackets and a minus on either side mean less than zero.
    Between `semicolons` a decimal comma is usual, so that 1.200 is no safe 1.2 there.

    Raises
    ------
    AmbiguousError
        If some cells need a decimal comma and others a decimal point, or if nothing tells which.
    """
    if not is_text(column):
        return _typed(column), []

    text = words(column)
    bare = normal(text.distinct)
    bare = pc.replace_substring_regex(bare, "[−–—]", "-")
    bare = pc.replace_substring_regex(bare, "[’‘ʼ´]", "'")
    bare, signs, guesses = _currency(bare)
    # Where 12.50 is common, 12.- and 12,- are twelve and no cents.
    bare = pc.replace_substring_regex(bare, r"(\d)[.,] ?-+$", r"\1")
    parts = pc.extract_regex(bare, _PIECES)
    sign, body, end = parts.flatten()
    bracket = pc.equal(sign, "(")
    sound = pc.and_(
        pc.equal(bracket, pc.equal(end, ")")),
        pc.or_(pc.equal(sign, ""), pc.or_(pc.not_equal(end, "-"), False)),
    )
    whole = signs is not None and {*signs.dictionary.to_pylist()} <= _WITHOUT_CENTS
    mark = decimal or _decimal(body, guesses, what, semicolons, whole=whole)
    plain = pc.match_substring_regex(body, f"^{_GROUPS[mark]}{_POWER}$")
    fits = pc.fill_null(pc.and_(pc.and_(plain, sound), parts.is_valid()), False)
    digits = pc.replace_substring_regex(body, f"[^0-9eE+{re.escape(mark)}-]", "")
    digits = pc.replace_substring(digits, mark, ".")
    number = pc.if_else(fits, digits, pa.scalar(None, pa.string())).cast(pa.float64())
    below = pc.or_(pc.equal(sign, "-"), pc.or_(bracket, pc.equal(end, "-")))
    signed = pc.if_else(below, pc.negate(number), number)
    values = pc.fill_null(signed, np.nan).to_numpy(zero_copy_only=False).copy()
    values[~np.isfinite(values)] = np.nan
    spread = text.spread(values, np.nan)
    empty = np.flatnonzero(text.codes < 0)
    unreadable = np.flatnonzero(np.isnan(spread) & (text.codes >= 0))
    found = Parsed(spread, empty, unreadable, text.written(unreadable))
    if signs is None:
        return found, guesses
    return replace(found, signs=Words(signs.dictionary, _of_rows(signs, text))), guesses


def _of_rows(signs: pa.DictionaryArray, text: Words) -> np.ndarray:
    """Return for each row which sign it bears, -1 for none."""
    return text.spread(pc.fill_null(signs.indices, -1).to_numpy(zero_copy_only=False), -1)


def fits(text: str, mark: str) -> bool:
    """Return whether `text` is an amount if `mark` stands before the cents."""
    return bool(re.fullmatch(rf"-?{_GROUPS[mark]}", text))


def _typed(column: pa.ChunkedArray) -> Parsed:
    """Return the numbers of a column that holds numbers already."""
    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        written = [str(cell) for cell in column.to_pylist()]
        everything = np.arange(len(written))
        return Parsed(np.full(len(written), np.nan), everything[:0], everything, written)
    empty = np.flatnonzero(column.is_null().to_numpy())
    values = own(column.cast(pa.float64(), safe=False))
    finite = np.isfinite(values)
    if finite.all():
        return Parsed(values, empty, empty, [])
    nan = np.flatnonzero(np.isnan(values))
    endless = np.flatnonzero(np.isinf(values))
    values = np.where(finite, values, np.nan)
    return Parsed(values, nan, endless, [str(cell) for cell in column.take(endless).to_pylist()])


def _currency(
    bare: pa.StringArray,
) -> tuple[pa.StringArray, pa.DictionaryArray | None, list[Guess]]:
    """Return words without signs of currency, which sign each bore, and the one if all agree."""
    around = pc.replace_substring_regex(bare, r"[\d.,' ()+-]+", "")
    known = {}
    for text in around.unique().to_pylist():
        for name, pattern in SIGNS.items():
            if text and re.fullmatch(rf"(?:{_dotless(pattern)})+", text, re.IGNORECASE):
                known.setdefault(text, name)
    if not known:
        return bare, None, []
    place = pc.index_in(around, value_set=pa.array([*known]))
    names = pa.array([*dict.fromkeys(known.values())])
    which = pa.array([names.to_pylist().index(name) for name in known.values()], pa.int32())
    signs = pa.DictionaryArray.from_arrays(which.take(place), names)
    without = pc.utf8_trim_whitespace(pc.replace_substring_regex(bare, _SIGN, ""))
    bare_of = pc.if_else(pc.is_valid(place), without, bare)
    if len(names) > 1:
        return bare_of, signs, []
    example = bare.filter(pc.is_valid(place))[0].as_py()
    return (
        bare_of,
        signs,
        [Guess(N_("currency"), names[0].as_py(), _("as in {example}").format(example=example))],
    )


def _dotless(pattern: str) -> str:
    """Return a pattern for signs whose points are gone."""
    return pattern.replace(r"\.?", "").replace(r"\.", "")


# A mark is decimal if it comes last of two kinds, or if what follows is not three digits,
# or if what stands before is no group of one to three digits.
_DECIMAL = (
    r"^(?:.*[{other}' ]\d{{3}}{mark}\d*$|^\d*{mark}(?:\d{{0,2}}|\d{{4,}})$"
    r"|^(?:0|\d{{4,}}|){mark}\d{{3}}$)"
)
POINT, COMMA = _DECIMAL.format(mark="[.]", other=","), _DECIMAL.format(mark=",", other=".")


_WITHOUT_CENTS = {"₫", "Rp", "₩", "JP¥"}


def _decimal(
    body: pa.StringArray, guesses: list[Guess], what: str, semicolons: bool, *, whole: bool
) -> str:
    """Return the decimal mark of the column, by the cells that leave no doubt.

    Where all amounts are `whole`, as of a currency without cents, 120.000 is no fraction.
    """

    def example(pattern: str) -> str | None:
        hits = body.filter(pc.fill_null(pc.match_substring_regex(body, pattern), False))
        return hits[0].as_py() if len(hits) else None

    point, comma = example(POINT), example(COMMA)
    if point and comma:
        raise AmbiguousError(
            f"{what} such as {point!r} need a decimal point, others such as {comma!r} a decimal "
            "comma. Set decimal='.' or decimal=','; the cells that do not fit are then listed."
        )
    if comma:
        guesses.append(
            Guess(N_("decimal mark"), _("comma"), _("as in {example}").format(example=comma))
        )
        return ","
    if point:
        return "."
    if grouped_by_points := example(r"^\d{1,3}(?:[.]\d{3}){2,}$"):
        why = _("points group, as in {example}").format(example=grouped_by_points)
        guesses.append(Guess("decimal mark", _("comma"), why))
        return ","
    if whole and (grouped := example(r"^\d{1,3}[.]\d{3}$")) and not example(","):
        why = _("{example} is in money without cents").format(example=grouped)
        guesses.append(Guess("decimal mark", _("comma"), why))
        return ","
    if not example(r"^\d{1,3}(?:,\d{3}){2,}$"):
        lone = example(r"^\d{1,3}[.]\d{3}$"), example(r"^\d{1,3},\d{3}$")
        guesses += _doubtful(*lone, what, semicolons)
    return "."


def _doubtful(
    with_point: str | None, with_comma: str | None, what: str, semicolons: bool
) -> list[Guess]:
    """Return how 1.234 and 1,234 are read where no other cell tells, or refuse to read them."""
    if with_point and (with_comma or semicolons):
        both = f" and {with_comma!r}" if with_comma else ""
        whole = with_point.replace(".", "")
        raise AmbiguousError(
            f"{what} such as {with_point!r}{both} can be read in two ways, and no other cell tells "
            f"which. Set decimal=',' if {with_point!r} is {whole}, decimal='.' if it is "
            f"{float(with_point):g}."
        )
    if with_point:
        why = _("{written} is read as {number}; else set decimal=','")
        why = why.format(written=with_point, number=f"{float(with_point):g}")
        return [Guess("decimal mark", _("point"), why)]
    if with_comma:
        why = _("{written} is read as {number}; else set decimal=','")
        why = why.format(written=with_comma, number=with_comma.replace(",", ""))
        return [Guess(N_("thousands separator"), _("comma"), why)]
    return []
