"""Opening whatever a reader hands over: a path or an open file, packed or not."""

from __future__ import annotations

import bz2
import difflib
import gzip
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pyarrow as pa

from crmlab.errors import CrmlabError, UnreadableFileError

_BROKEN = (OSError, EOFError, RuntimeError, NotImplementedError, UnicodeError, KeyError, ValueError)
_BROKEN += (zlib.error, zipfile.BadZipFile, pa.ArrowException)
_WORKBOOK_PARTS = {"[Content_Types].xml", "content.xml"}
_PAGE = rb"\s*<(?:!--|!doctype|html|head|meta|body|style|div|table|\?xml)\b"


@dataclass(frozen=True)
class Source:
    """A named stream of bytes that can be opened again and again."""

    name: str
    open: Callable[[], AbstractContextManager[Any]]

    @contextmanager
    def seekable(self) -> Iterator[Any]:
        """Open the stream so that it can be read in any order."""
        with self.open() as stream:
            yield stream if stream.seekable() else BytesIO(stream.read())

    def head(self, size: int) -> bytes:
        """Return the first `size` bytes."""
        with self.open() as stream:
            return bytes(stream.read(size))


def _broken() -> tuple[type[Exception], ...]:
    """Return what libraries raise for a broken file; two of them are loaded for no other one."""
    from lzma import LZMAError

    from python_calamine import CalamineError

    return (*_BROKEN, LZMAError, CalamineError)


@contextmanager
def blaming(name: str) -> Iterator[None]:
    """Turn whatever a library says about a broken file into an UnreadableFileError."""
    try:
        yield
    except CrmlabError:
        raise
    except _broken() as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    except BaseException as error:
        # calamine is written in Rust: some damaged workbooks end in its panic.
        if type(error).__name__ != "PanicException":
            raise
        reason = "the workbook reader gave up"
    else:
        return
    raise UnreadableFileError(
        f"{name} cannot be read: {reason}. It may be damaged, cut short or locked by a password: "
        "open it in the program that made it and save it anew, as CSV in UTF-8 if in doubt."
    ) from None


def source_of(thing: Any) -> Source:
    """Return the Source behind a path or an open file, unpacked if it was compressed."""
    is_path = isinstance(thing, str | os.PathLike)
    name = str(thing) if is_path else str(getattr(thing, "name", "the open file"))
    with blaming(name):
        if is_path:
            return _unpacked(_on_disk(Path(os.fspath(thing)).expanduser()))
        data = thing.read()
        data = data.encode("utf-8") if isinstance(data, str) else bytes(data)
        return _unpacked(Source(name, _in_memory(data)))


def _on_disk(path: Path) -> Source:
    """Return the Source of a file, or say what is at `path` instead."""
    if path.is_dir():
        inside = sorted(entry.name for entry in path.iterdir())[:10]
        raise UnreadableFileError(f"{path} is a folder; name one file in it: {inside}.")
    if not path.exists():
        near = []
        if path.parent.is_dir():
            names = [entry.name for entry in path.parent.iterdir()]
            near = difflib.get_close_matches(path.name, names) or sorted(names)[:10]
        there = f"in {path.parent} there is {near}" if near else f"there is no {path.parent} either"
        raise UnreadableFileError(
            f"there is no file {path}; {there}. Nothing is fetched from a network: save a file "
            "from the web on this machine first."
        )
    if not path.stat().st_size:
        raise UnreadableFileError(f"{path} is empty: it has no bytes at all. Export it anew.")
    return Source(str(path), lambda: path.open("rb"))


def _in_memory(data: bytes) -> Callable[[], AbstractContextManager[Any]]:
    """Return an opener of `data`."""
    if not data:
        raise UnreadableFileError(
            "the open file has nothing left to read: rewind it with file.seek(0)."
        )
    return lambda: BytesIO(data)


@contextmanager
def _open_zip(stream: Any) -> Iterator[Any]:
    """Open the one file in a zip archive."""
    with zipfile.ZipFile(stream) as archive:
        names = [info.filename for info in archive.infolist() if not info.is_dir()]
        names = [name for name in names if not name.startswith(("__MACOSX/", "."))]
        if len(names) != 1:
            raise UnreadableFileError(
                f"the archive holds {len(names)} files, {names[:10]}; unpack it and name one."
            )
        with archive.open(names[0]) as inner:
            yield inner


def _open_zstd(stream: Any) -> Any:
    """Open a stream packed by Zstandard."""
    return pa.CompressedInputStream(pa.PythonFile(stream, mode="r"), "zstd")


def _open_xz(stream: Any) -> Any:
    """Open a stream packed by xz."""
    import lzma

    return lzma.open(stream)


_PACKED: dict[bytes, Callable[[Any], Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\x00": _open_xz,
    b"\x28\xb5\x2f\xfd": _open_zstd,
    b"PK\x03\x04": _open_zip,
    b"PK\x05\x06": _open_zip,  # an archive without files
}


def _unpacked(source: Source) -> Source:
    """Return what is inside `source`: a name may lie about packing, the first bytes do not."""
    head = source.head(8)
    for magic, opener in _PACKED.items():
        if head.startswith(magic) and not (magic.startswith(b"PK") and is_workbook(source)):
            return _unpacked(Source(source.name, _through(source, opener)))
    if not head:
        raise UnreadableFileError(f"{source.name} is empty: it has no bytes at all.")
    return source


def _through(source: Source, opener: Callable[[Any], Any]) -> Callable[[], Any]:
    """Return how to open `source` and then, with `opener`, what is packed in it."""

    @contextmanager
    def both() -> Iterator[Any]:
        with source.open() as outer, cast(Any, opener(outer)) as inner:
            yield inner

    return both


def is_page(source: Source) -> bool:
    """Return whether `source` is HTML or XML, which some shops export under the name .xls."""
    head = source.head(4096).replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    return bool(re.match(_PAGE, head, re.IGNORECASE))


def is_workbook(source: Source) -> bool:
    """Return whether `source` is an Excel or OpenDocument workbook."""
    head = source.head(8)
    if head.startswith(b"PK"):
        with source.seekable() as stream, zipfile.ZipFile(stream) as archive:
            return bool(_WORKBOOK_PARTS & {*archive.namelist()})
    return head == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
