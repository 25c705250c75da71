"""Delimited text: which separator, where the column names stand, and the cells."""

# pyarrow.compute makes its functions on import, where no type checker sees them.
# pyright: reportAttributeAccessIssue=false

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from crmlab._words import N_, _
from crmlab.data._amounts import POINT
from crmlab.data._columns import HEADER_WITHIN, NEAR_TOP, NEEDED, Named, recognised
from crmlab.data._encoding import find_encoding
from crmlab.data._rest import Rest
from crmlab.data._source import Source, blaming
from crmlab.data._tables import Loaded, find_header
from crmlab.data.report import Guess, many
from crmlab.errors import OutOfRangeError, UnreadableFileError

SEPARATORS = {",": N_("comma"), "\t": N_("tab"), ";": N_("semicolon"), "|": N_("bar")}
_SAMPLE = 1 << 18
_BLOCK = 1 << 22
_END = "\x1e"  # no text holds it; if the last row is not this, a quote was never closed
_WORDS = pa.dictionary(pa.int32(), pa.string())
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?)?")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_INTEGER = re.compile(r"-?\d+")
_POINT = re.compile(POINT)
# What follows a table: remarks, or a second one with sums.
_REMARK = r"(?i)[\"'`\s]*(?:#|[-=*]{3,}|总|合计|共|小计|汇总|总计|(?:grand |sub)?total|sum)"
_WHOLE = re.compile(r"0|-?[1-9]\d{0,17}")


class TextTable:
    """The Table of a text file; the whole file is decoded once before it is parsed."""

    def __init__(
        self, source: Source, named: Named, *, encoding: str | None, separator: str | None
    ) -> None:
        self._source = source
        found = find_encoding(source, encoding)
        self._encoding = found.value
        sample = _sample(source, found.value)
        self._separator, rows, why = _separate(source.name, sample, separator, named)
        header = find_header([row for row, _line in rows], named)
        self.names: Sequence[Any] = rows[header][0]
        self._skip = rows[header][1]
        self._body = [row for row, _line in rows[header + 1 :] if len(row) == len(self.names)]
        self.guesses = [
            found,
            Guess(N_("separator"), _(SEPARATORS.get(self._separator, repr(self._separator))), why),
        ]
        self.counted_from = _("column names in row {n}").format(n=self._skip)

    def load(self, places: dict[str, int], also: Sequence[int] = ()) -> Loaded:
        """Return the columns at `places`: typed if every cell is plain, else as words."""
        with blaming(self._source.name):
            if types := self._plain_types(places):
                try:
                    return self._load(places, types, also)
                except (pa.ArrowInvalid, _NotPlain):
                    pass  # some cell below is not plain: all are read as words
            return self._load(places, {}, also)

    def _plain_types(self, places: dict[str, int]) -> dict[str, pa.DataType]:
        """Return a type for each role whose cells look like plain numbers or dates so far."""
        plain = {
            "customer": (_WHOLE, pa.string()),
            "date": (_ISO_DAY, pa.timestamp("us")),
            "amount": (_NUMBER, pa.float64()),
        }
        if "amount" in places:
            cells = [row[places["amount"]] for row in self._body]
            if not any(_POINT.match(cell.lstrip("-")) for cell in cells):
                # Until some cell tells what a point means, only whole numbers are plain.
                plain["amount"] = (_INTEGER, pa.int64())
        return {
            role: kind
            for role, (pattern, kind) in plain.items()
            if role in places and all(pattern.fullmatch(row[places[role]]) for row in self._body)
        }

    def _load(
        self, places: dict[str, int], types: dict[str, pa.DataType], also: Sequence[int]
    ) -> Loaded:
        """Return the columns at `places`, those in `types` converted on the way."""
        torn: list[tuple[int, str]] = []
        columns: dict[str, list[pa.Array]] = {role: [] for role in places}
        others = [place for place in range(len(self.names)) if place not in places.values()]
        rest = Rest()
        more: dict[int, list[pa.Array]] = {place: [] for place in also}
        length = 0
        kinds = {places[role]: kind for role, kind in types.items()}
        for batch in self._batches(kinds, torn):
            for role, place in places.items():
                cells = batch.column(place)
                columns[role].append(_whole_numbers(cells) if cells.type == pa.string() else cells)
            if others:
                unasked = (pa.chunked_array([batch.column(place)]) for place in others)
                rest.add(unasked, batch.num_rows)
            for place in also:
                more[place].append(batch.column(place))
            length += batch.num_rows
        self._check_end(torn, length)
        below = _below(torn, self._skip + length + 1)
        if below:
            text = below[0][1][:40]
            self.guesses.append(
                Guess(
                    N_("below the table"),
                    many(len(below), "row"),
                    _("as {text!r}").format(text=text),
                )
            )
        loaded = {role: _joined(chunks) for role, chunks in columns.items()}
        return Loaded(
            loaded,
            length,
            self._skip + 1,
            torn,
            rest.digests(),
            rest.totals(),
            semicolons=self._separator == ";",
            also={place: _joined(chunks) for place, chunks in more.items()},
        )

    def _batches(
        self, kinds: dict[int, pa.DataType], torn: list[tuple[int, str]]
    ) -> Iterator[pa.RecordBatch]:
        """Yield the rows below the names in blocks; torn rows go to `torn`."""

        def set_aside(row: arrow_csv.InvalidRow) -> str:
            torn.append((row.number, row.text))
            return "skip"

        names = [str(place) for place in range(len(self.names))]
        with self._source.open() as stream:
            try:
                reader = arrow_csv.open_csv(
                    _Ended(stream, self._encoding, self._end()),
                    arrow_csv.ReadOptions(
                        use_threads=False,
                        block_size=_BLOCK,
                        skip_rows=self._skip,
                        column_names=names,
                    ),
                    arrow_csv.ParseOptions(
                        delimiter=self._separator,
                        newlines_in_values=True,
                        ignore_empty_lines=False,
                        invalid_row_handler=set_aside,
                    ),
                    arrow_csv.ConvertOptions(
                        column_types={
                            name: kinds.get(place, _WORDS) for place, name in enumerate(names)
                        },
                        null_values=[],
                    ),
                )
                yield from reader
            except pa.ArrowInvalid as error:
                if "straddling" not in str(error):
                    raise
                raise UnreadableFileError(
                    f"{self._source.name} has a line of more than {_BLOCK >> 20} MB: it is no "
                    'table, or a quotation mark (") opens a field and never closes it.'
                ) from None

    def _end(self) -> str:
        """Return the row written below the file; it has a wrong number of cells on purpose."""
        return _END if len(self.names) > 1 else f"{_END}{self._separator}{_END}"

    def _check_end(self, torn: list[tuple[int, str]], length: int) -> None:
        """Raise UnreadableFileError unless the last torn row is the one added at the end."""
        if torn and torn[-1][1] == self._end():
            torn.pop()
            return
        last = self._skip + length + len(torn)
        raise UnreadableFileError(
            f'{self._source.name}: row {last} opens a quotation mark (") that is never closed, so '
            "all rows below it would be lost. Close it, or double it if it belongs to the text."
        )


def _below(torn: list[tuple[int, str]], rows: int) -> list[tuple[int, str]]:
    """Take the rows below the table out of `torn` and return them: sums, or remarks after a #.

    `rows` is the number of the last row if none were torn.
    """
    last = rows + len(torn)
    start = len(torn)
    while start and torn[start - 1][0] == last - (len(torn) - start) - 1:
        start -= 1
    for place in range(start, len(torn)):
        if re.match(_REMARK, torn[place][1]):
            below = torn[place:]
            del torn[place:]
            return below
    return []


def _joined(chunks: list[pa.Array]) -> pa.ChunkedArray:
    """Return the blocks of one column as one."""
    return pa.chunked_array(chunks) if chunks else pa.chunked_array([], _WORDS)


class _NotPlain(Exception):
    """A cell that looked like a whole number would not be written the same way again."""


def _whole_numbers(cells: pa.Array) -> pa.Array:
    """Return text as int64, if it is what those numbers are written as."""
    padded = pc.or_(pc.starts_with(cells, "0"), pc.starts_with(cells, "-0"))
    if pc.any(pc.and_(padded, pc.not_equal(cells, "0"))).as_py():
        raise _NotPlain
    return cells.cast(pa.int64())


class _Ended:
    """A binary stream in UTF-8 with one row more at its end."""

    closed = False

    def __init__(self, stream: Any, encoding: str, end: str) -> None:
        if encoding not in ("utf-8", "utf-8-sig"):
            file = pa.PythonFile(stream, mode="r")
            stream = pa.transcoding_input_stream(file, encoding, "utf-8")
        self._stream, self._last, self._end = stream, b"\n", end.encode()

    def read(self, size: int) -> Any:
        """Return the next bytes, in memory that Arrow gives back as soon as it has parsed them."""
        block = pa.allocate_buffer(size)
        view, got = memoryview(block).cast("B"), 0
        while got < size and (more := self._stream.readinto(view[got:])):
            got += more
        self._last = bytes(view[got - 1 : got]) or self._last
        end = b"\n" * (self._last not in b"\r\n") + self._end + b"\n"
        if self._end and len(end) <= size - got:
            view[got : got + len(end)] = end
            got, self._end = got + len(end), b""
        return block[:got]

    def close(self) -> None:
        """Leave closing to whoever opened the stream."""


def _sample(source: Source, encoding: str) -> str:
    """Return the first lines of the text."""
    head = source.head(_SAMPLE)
    text = codecs.getincrementaldecoder(encoding)().decode(head).removeprefix("\ufeff")
    if len(head) == _SAMPLE:
        text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1] or text
    return text


def _separate(
    name: str, sample: str, given: str | None, named: Named
) -> tuple[str, list[tuple[list[str], int]], str]:
    """Return the separator, the sample's rows each with its last line's number, and why."""
    declared = re.match(r'"?sep=(.)"?[\r\n]', sample)
    if given is not None:
        if not (
            isinstance(given, str) and len(given) == 1 and given.isascii() and given not in '"\r\n'
        ):
            raise OutOfRangeError(
                f"separator={given!r} must be one character, such as ',', ';' or '\\t'."
            )
        candidates, why = [given], _("given")
    elif declared:
        candidates, why = [declared[1]], _("the first line says so")
    else:
        candidates, why = [*SEPARATORS], _("it splits the column names best")

    parsed = {mark: _rows(sample, mark) for mark in candidates}

    def names_found(mark: str) -> tuple[int, int]:
        head = [row for row, _line in parsed[mark][:within]]
        if not head:
            return -1, 0
        row = head[find_header(head, named)]
        return recognised(row, named), len(row)

    if not any(parsed.values()):
        raise UnreadableFileError(
            f'{name} has no rows of a table: it is blank, or a quotation mark (") opens a field '
            "near its top and never closes it."
        )
    within = NEAR_TOP
    best = max(candidates, key=names_found)
    if names_found(best)[0] < len(NEEDED):  # only then is it worth looking further down
        within = HEADER_WITHIN
        best = max(candidates, key=names_found)
    return best, parsed[best], why


def _rows(sample: str, mark: str) -> list[tuple[list[str], int]]:
    """Return the rows of `sample` split at `mark`, with the number of the line each ends on."""
    reader = csv.reader(StringIO(sample, newline=""), delimiter=mark)
    try:
        return [(row, reader.line_num) for row in reader if row]
    except csv.Error:  # a field too long to be one
        return []
