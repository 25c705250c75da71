"""The whole page: reads the purchases, tells the story section by section, writes the file."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from crmlab._checks import rows_until
from crmlab._words import N_, _
from crmlab.data._money import is_known
from crmlab.data.read import read_purchases
from crmlab.errors import CrmlabError, LaterRowsWarning
from crmlab.report.case import Case
from crmlab.report.pseudonyms import pseudonyms
from crmlab.report.render import MARK, render
from crmlab.report.sections import SECTIONS
from crmlab.report.words import Money, day, visible

__all__ = ["report_page", "write_report"]

STEPS = (N_("Reading"), *(section.TITLE for section in SECTIONS), N_("Writing"))


def report_page(
    purchases: Any,
    *,
    title: str | None = None,
    currency: str = "",
    as_of: str | pd.Timestamp | None = None,
    show_ids: bool = False,
    progress: Callable[[str], object] = lambda step: None,
    **reading: Any,
) -> str:
    """Return one self-contained HTML page on a reader's own purchases.

    The page shows headline figures, what reading found wrong with the data, the RFM map and
    segments, the pyramid and concentration, members in four quadrants, the moves between the
    last two periods, customers to act on, a glossary and how each number is defined. A section
    the data cannot fill says so. The same purchases always give the same page.

    Parameters
    ----------
    purchases : path, open file or DataFrame
        As `crmlab.data.read_purchases` takes it.
    title : str, optional
        Heading of the page; the name of the file when omitted.
    currency : str
        Label before each amount, such as "CNY"; the file's own currency when omitted. Of several
        currencies in the file, the one whose rows are read.
    as_of : date, optional
        Day all figures are of. Later purchases are left out, and the page says how many. When
        omitted, the last day in the data that is not in the future.
    show_ids : bool
        Show customer ids, and samples of faulty rows, as the file has them. Otherwise the page
        has pseudonyms, and of faulty rows only their numbers.
    progress : callable
        Called with the name of each of `STEPS` as it begins.
    **reading
        Handed to `crmlab.data.read_purchases`: names of columns, order of dates, and so on.

    Returns
    -------
    str
        A page that fetches nothing and runs no script.

    Raises
    ------
    CrmlabError
        If the purchases cannot be read, or none is left by `as_of`.

    See Also
    --------
    write_report : the same into a file.

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": [1, 2], "date": ["2024-01-31", "2024-02-01"],
    ...                     "amount": [10.0, 20.0]})
    >>> page = report_page(log, title="Two customers")
    >>> "<h1><bdi>Two customers</bdi></h1>" in page
    True
    """
    progress(STEPS[0])
    if is_known(currency):
        reading = {"currency": currency, **reading}
    case = _case(purchases, currency, as_of, show_ids, reading)
    sections = []
    for room in SECTIONS:
        progress(room.TITLE)
        sections.append(room.section(case))
    progress(STEPS[-1])
    source = visible(Path(case.reading.source).name)  # where the file lies is nobody's business
    named = not isinstance(purchases, pd.DataFrame)
    return render(
        sections,
        title=visible(title) if title else source if named else _("Customers"),
        period=_("Purchases from {first} to {last}").format(
            first=day(case.first), last=day(case.as_of)
        ),
        source=source,
    )


def write_report(
    purchases: Any, path: str | Path = "report.html", *, force: bool = False, **options: Any
) -> Path:
    """Write the page of `report_page` to `path` and return the path.

    An earlier report is replaced once the new one is whole. Any other file is kept unless `force`
    says otherwise, and the file the purchases come from is kept in any case.

    Parameters
    ----------
    purchases, options
        As `report_page` takes them.
    path : path
        The file to write; its folder must exist.
    force : bool
        Replace whatever stands at `path`.

    Raises
    ------
    CrmlabError
        As `report_page`, or if `path` cannot or must not be written.
    """
    path = Path(path)
    require_writable(path, purchases, force)
    page = report_page(purchases, **options)
    try:
        replace_file(path, page)
    except OSError as error:
        raise CrmlabError(
            f"{path} cannot be written: {error.strerror}. What stood there before still does."
        ) from error
    return path


def replace_file(path: Path, page: str) -> None:
    """Write the page beside `path`, and only when it is whole put it there."""
    place = path.resolve()  # a link stays one
    if place.exists() and not place.is_file():  # a pipe or the like has no earlier page
        place.write_text(page, encoding="utf-8", newline="\n")
        return
    beside = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        with beside.open("w", encoding="utf-8", newline="\n") as file:
            file.write(page)
            file.flush()
            os.fsync(file.fileno())  # some disks say only now that they are full
        if place.exists():
            shutil.copymode(place, beside)
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)


def _case(
    source: Any,
    currency: str,
    as_of: str | pd.Timestamp | None,
    show_ids: bool,
    reading: dict[str, Any],
) -> Case:
    """Read the purchases and cut them at the day asked about."""
    purchases, found = read_purchases(source, **reading)
    if as_of is None:
        as_of = _last_day(purchases["date"], reading.get("today"))
    with warnings.catch_warnings():  # the page itself says how many are left out
        warnings.simplefilter("ignore", LaterRowsWarning)
        known, last = rows_until(purchases, "date", as_of)
    money = Money(visible(currency or found.currency))
    name = visible if show_ids else pseudonyms(purchases)
    later = len(purchases) - len(known)
    return Case(known, found, pd.Timestamp(last), later, money, name, show_ids)


def _last_day(dates: pd.Series, today: Any) -> pd.Timestamp | None:
    """Return the last of `dates` that is not in the future; the very last if all are."""
    now = pd.Timestamp.now() if today is None else pd.Timestamp(today).tz_localize(None)
    past = dates[dates < now.normalize() + pd.Timedelta(days=1)]
    return (past if len(past) else dates).max() if len(dates) else None


def require_writable(path: Path, source: Any, force: bool) -> None:
    """Raise CrmlabError if writing to `path` would fail, or destroy what is no report."""
    if not path.parent.is_dir():
        raise CrmlabError(f"the folder {path.parent} does not exist. Make it first.")
    if path.is_dir():
        raise CrmlabError(f"{path} is a folder. Name a file in it: {path / 'report.html'}")
    if not path.exists():
        return
    is_path = isinstance(source, str | os.PathLike)
    if is_path and Path(source).exists() and path.samefile(source):
        raise CrmlabError(f"{path} is the file of purchases itself. Name another with -o.")
    if not force and not _is_report(path):
        raise CrmlabError(
            f"{path} exists and is no crmlab report. Name another file, or say --force "
            "(force=True) to replace it."
        )


def _is_report(path: Path) -> bool:
    """Return whether an earlier run wrote `path`; what cannot be read is not known to be one."""
    try:
        with path.open("rb") as file:
            return MARK in file.read(1_000)
    except OSError:
        return False
