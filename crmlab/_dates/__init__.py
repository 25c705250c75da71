"""Dates as people and programs write them; the order of day and month is one for a column."""

# pyarrow.compute makes its functions on import, where no type checker sees them.
# pyright: reportAttributeAccessIssue=false

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from crmlab._cells import Guess, Parsed, Words, is_text, normal, own, words
from crmlab._dates.short_years import century
from crmlab._dates.short_years import ordered as short_years
from crmlab._dates.swapped import unswapped
from crmlab._words import N_, _
from crmlab.errors import AmbiguousError

# A year before is a placeholder or a slip; one after has no four digits.
EARLIEST, LATEST = np.datetime64("1900-01-01", "us"), np.datetime64("10000-01-01", "us")
_NAT = np.datetime64("NaT", "us")
_MONTHS = [
    *("jan january januar jän jänner", "feb february februar", "mar march mär märz maerz mrz"),
    *("apr april", "may mai", "jun june juni", "jul july juli", "aug august"),
    *("sep sept september", "oct october okt oktober", "nov november"),
    "dec december dez dezember",
]
_MONTH_OF = {name: month for month, names in enumerate(_MONTHS, 1) for name in names.split()}
_NAME = r"(?P<name>[A-Za-zäÄ]{3,9})"
_TIME = (
    r"(?:,?[T ]*(?P<half>上午|下午|晚上|中午|凌晨)? *(?P<H>\d{1,2})[:时点](?P<M>\d{1,2})"
    r"(?:[:分](?P<S>\d{1,2})(?:[.,](?P<f>\d{1,9}))?秒?)?分?"
    r" *(?P<pm>[AaPp]\.?[Mm]\.?)? *(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_FORMS = {
    "ymd": r"(?P<y>\d{4}) *[-/.年] *(?P<m>\d{1,2}) *[-/.月] *(?P<d>\d{1,2})(?: *日)?",
    "compact": r"(?P<y>(?:19|[2-9]\d)\d\d)-?(?P<m>\d\d)-?(?P<d>\d\d)",
    "either": r"(?P<d>\d{1,2})(?P<dot>[-/.])(?P<m>\d{1,2})[-/.](?P<y>\d{4})",
    "dmy": rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?[-/ ]*{_NAME}\.?[-/, ]*(?P<y>\d{{4}})",
    "mdy": rf"{_NAME}\.?[-/ ]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[-/, ]+(?P<y>\d{{4}})",
    "ynd": rf"(?P<y>\d{{4}})[-/ ]*{_NAME}\.?[-/ ]*(?P<d>\d{{1,2}})",
    "short ymd": r"(?P<y>\d\d) *年 *(?P<m>\d{1,2}) *月 *(?P<d>\d{1,2})(?: *日)?",
    "short dmy": rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?[-/ ]*{_NAME}\.?[-/, ]*'?(?P<y>\d\d)",
    "short mdy": rf"{_NAME}\.?[-/ ]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[-/,] *'?(?P<y>\d\d)",
    "short": r"(?P<d>\d{1,2})(?P<dot>[-/.])(?P<m>\d{1,2})[-/.](?P<y>\d{1,2})",
}
_ISO_TIMED = f"^{_FORMS['ymd']}{_TIME}$"
_RUN = r"(?P<y>(?:19|[2-9]\d)\d\d)(?P<m>\d\d)(?P<d>\d\d)T?(?P<H>\d\d)(?P<M>\d\d)(?P<S>\d\d)"
_SERIAL = r"[2-7]\d{4}(?:\.\d+)?"


def dates(
    column: pa.ChunkedArray,
    *,
    day_first: bool | None,
    date_format: str | None,
    swapped: bool | None = None,
    today: pd.Timestamp | None = None,
) -> tuple[Parsed, list[Guess]]:
    """Return the clock times in `column` as datetime64[us], and what was guessed.

    A zone is not applied: the clock time stays as it was written. Excel's day numbers count
    from 1899-12-30, so that 45356 is 2024-03-05. Of years with two digits 69 is 1969 and 68 is
    2068; no date is in the future (after `today`) if another order of its parts is not.

    Raises
    ------
    AmbiguousError
        If days and months cannot be told apart, or if some rows write the day first and others
        the month, and `day_first` does not choose; and if text and real dates lie beside each
        other as where Excel read a part of them wrongly, and `swapped` does not choose.
    """
    if not is_text(column) and not date_format:
        return _typed(column)

    text = words(column if is_text(column) else column.cast(pa.string()))
    if date_format:
        values, guesses = _by_format(text, date_format), []
    else:
        now = np.datetime64(pd.Timestamp.now() if today is None else today, "D")
        values, guesses = _read_words(text, day_first, swapped, now)
    values[(values < EARLIEST) | (values >= LATEST)] = _NAT
    spread = text.spread(values, _NAT)
    empty = np.flatnonzero(text.codes < 0)
    unreadable = np.flatnonzero(np.isnat(spread) & (text.codes >= 0))
    return Parsed(spread, empty, unreadable, text.written(unreadable)), guesses


def is_written_as_date(text: str) -> bool:
    """Return whether `text` has the form of a date, be there such a day or not."""
    plain = unicodedata.normalize("NFKC", text)
    forms = [*(form + _TIME for form in _FORMS.values()), _RUN]
    return any(re.fullmatch(form, plain) for form in forms)


def _typed(column: pa.ChunkedArray) -> tuple[Parsed, list[Guess]]:
    """Return the dates of a column of times or numbers."""
    guesses = []
    if pa.types.is_timestamp(column.type) and column.type.tz:
        guesses.append(
            Guess(N_("time zone"), column.type.tz, _("clock times kept as they stand there"))
        )
        column = pc.local_timestamp(column)
    if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type):
        values = own(column.cast(pa.timestamp("us"), safe=False))
    else:
        values = _numbers(column.cast(pa.float64(), safe=False).to_numpy())
        guesses.append(Guess(N_("dates"), _("numbers"), _("as 20240305 or as Excel's day numbers")))
    outside = (values < EARLIEST) | (values >= LATEST)
    if outside.any():
        values = np.where(outside, _NAT, values)
    empty = np.flatnonzero(column.is_null().to_numpy())
    unreadable = np.setdiff1d(np.flatnonzero(np.isnat(values)), empty, assume_unique=True)
    # Taking even nothing would first join the chunks.
    taken = column.take(pa.array(unreadable)).to_pylist() if unreadable.size else []
    written = [str(cell) for cell in taken]
    return Parsed(values, empty, unreadable, written), guesses


def _numbers(values: np.ndarray) -> np.ndarray:
    """Return the dates behind numbers: 20240305, or days as Excel counts them."""
    compact = (values >= 19000101) & (values <= 99991231) & (values % 1 == 0)
    serial = (values >= 20000) & (values < 80000)
    whole = np.where(compact, values, 0).astype(np.int64)
    days = _days(whole // 10000, whole // 100 % 100, whole % 100).astype("M8[us]")
    # To the millisecond: that is as fine as a day number of Excel can be.
    millis = np.rint(np.where(serial, values, 0) * 86_400_000).astype("m8[ms]")
    return np.where(serial, np.datetime64("1899-12-30", "us") + millis, days)


def _days(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Return calendar days; NaT where there is no such day."""
    fits = (month >= 1) & (month <= 12) & (day >= 1)
    months = np.where(fits, (year - 1970) * 12 + month - 1, 0).astype("M8[M]")
    days = months.astype("M8[D]") + (day - 1)
    return np.where(fits & (days.astype("M8[M]") == months), days, np.datetime64("NaT", "D"))


def _by_format(text: Words, date_format: str) -> np.ndarray:
    """Return the dates of the distinct words under a strptime format.

    If the format says nothing of a time, one that follows the day is read too.
    """
    values = np.full(len(text.distinct), _NAT)
    bare_day = not re.search("%[HIMSfpTXcsz]", date_format)
    for place, word in enumerate(text.distinct.to_pylist()):
        day, hour = word, ""
        if bare_day and (timed := re.fullmatch(r"(.*\w),?[T ]+(\d{1,2}[:时点].*)", word)):
            day, hour = timed.groups()
        for written, clock in ((word, ""), (day, hour)):
            try:
                found = datetime.strptime(written, date_format).replace(tzinfo=None)
            except (ValueError, OverflowError):
                continue
            values[place] = _with_time(found, clock)
            break
    return values


def _with_time(day: datetime, hour: str) -> np.datetime64:
    """Return a day with the time that stands behind it, NaT if that is none."""
    if not hour:
        return np.datetime64(day, "us")
    parts = pc.extract_regex(pa.array([f"{day:%Y}-{day.month}-{day.day} {hour}"]), _ISO_TIMED)
    return _Parts(parts).moments()[0] if parts[0].is_valid else _NAT


def _read_words(
    text: Words, day_first: bool | None, swapped: bool | None, today: np.datetime64
) -> tuple[np.ndarray, list[Guess]]:
    """Return the dates of the distinct words, and what was guessed."""
    written = normal(text.distinct)
    # Programs that hold numbers as floats write 20240305 as 20240305.0.
    written = pc.replace_substring_regex(written, r"^(\d{8}|\d{14})\.0+$", r"\1")
    values = np.full(len(written), _NAT)
    ordered = np.zeros(len(written), dtype=bool)  # by day_first, not by their form
    guesses: list[Guess] = []
    zoned = 0
    for form, pattern in _FORMS.items():
        left = np.flatnonzero(np.isnat(values))
        if not left.size:
            break
        words_left = written if left.size == len(written) else written.take(pa.array(left))
        parts = pc.extract_regex(words_left, f"^{pattern}{_TIME}$")
        places = np.flatnonzero(parts.is_valid().to_numpy(zero_copy_only=False))
        if not places.size:
            continue
        hits = left[places]
        found, here = _Parts(parts.take(pa.array(places))), written.take(pa.array(hits))
        if form == "either":
            day_first = _day_first(found, here, day_first, guesses)
            found = found.ordered(day_first)
        ordered[hits] = form in ("either", "short")
        if form == "short":
            values[hits] = _two_digits(found, here, day_first, today, guesses)
        else:
            values[hits] = found.moments(short=form.startswith("short"))
        if form.startswith("short ") and hits.size:
            day = values[hits[0]].astype("M8[D]")
            why = _("{written} is {day}").format(written=here[0].as_py(), day=day)
            guesses.append(Guess(N_("two-digit years"), _("read"), why))
        zoned += found.zoned()
    left = np.flatnonzero(np.isnat(values))
    values[left] = _rest(written.take(pa.array(left)), guesses)
    values = unswapped(values, ordered, written, swapped, guesses)
    if zoned:
        guesses.append(
            Guess("time zone", _("as written"), _("clock times kept, zones not applied"))
        )
    return values, guesses


def _rest(written: pa.StringArray, guesses: list[Guess]) -> np.ndarray:
    """Return the dates of words in the two forms that are digits only."""
    values = np.full(len(written), _NAT)
    parts = pc.extract_regex(written, f"^{_RUN}$")
    hits = np.flatnonzero(parts.is_valid().to_numpy(zero_copy_only=False))
    values[hits] = _Parts(parts.take(pa.array(hits))).moments()
    hits = np.flatnonzero(
        pc.match_substring_regex(written, f"^{_SERIAL}$").to_numpy(zero_copy_only=False)
    )
    if hits.size:
        serials = written.take(pa.array(hits)).cast(pa.float64()).to_numpy()
        values[hits] = _numbers(serials)
        guesses.append(
            Guess("dates", _("Excel's day numbers"), _("five digits, as Excel counts days"))
        )
    return values


class _Parts:
    """The named pieces of dates that one pattern matched."""

    def __init__(self, parts: pa.StructArray) -> None:
        self.names = [field.name for field in parts.type]
        self.fields = dict(zip(self.names, parts.flatten(), strict=True))

    def number(self, name: str) -> np.ndarray:
        """Return a piece as int64, 0 where it is not there."""
        digits = pc.if_else(pc.equal(self.fields[name], ""), "0", self.fields[name])
        return digits.cast(pa.int64()).to_numpy()

    def two_digits(self, name: str) -> bool:
        """Return whether a piece has two digits everywhere."""
        return bool(pc.all(pc.equal(pc.utf8_length(self.fields[name]), 2)).as_py())

    def ordered(self, day_first: bool) -> _Parts:
        """Return self with day and month exchanged unless `day_first`."""
        if not day_first:
            self.fields["d"], self.fields["m"] = self.fields["m"], self.fields["d"]
        return self

    def zoned(self) -> int:
        """Return how many of the dates name a zone."""
        return int(pc.sum(pc.not_equal(self.fields["zone"], "")).as_py() or 0)

    def _month(self) -> np.ndarray:
        """Return the month, from its name if it is one."""
        if "name" not in self.fields:
            return self.number("m")
        names, which = pa.array([*_MONTH_OF]), np.array([*_MONTH_OF.values(), 0])
        place = pc.index_in(pc.utf8_lower(self.fields["name"]), names)
        return which[pc.fill_null(place, -1).to_numpy(zero_copy_only=False)]

    def _hour(self) -> np.ndarray:
        """Return the hour of a day of 24; -1 where there is no such hour."""
        hour = self.number("H")
        if "pm" not in self.fields:
            return np.where(hour < 24, hour, -1)
        said = pc.binary_join_element_wise(self.fields["half"], self.fields["pm"], "")
        said = pc.utf8_lower(said)
        after = pc.match_substring_regex(said, "^(?:下午|晚上|p)").to_numpy(zero_copy_only=False)
        noon = pc.match_substring_regex(said, "^中午").to_numpy(zero_copy_only=False)
        before = pc.match_substring_regex(said, "^(?:上午|凌晨|a)").to_numpy(zero_copy_only=False)
        shifted = np.where((after & (hour < 12)) | (noon & (hour < 11)), hour + 12, hour)
        shifted = np.where(before & (hour == 12), 0, shifted)
        return np.where(shifted < 24, shifted, -1)

    def moments(self, *, short: bool = False) -> np.ndarray:
        """Return datetime64[us]; NaT where there is no such day or hour; years may be short."""
        year = self.number("y")
        return self.clock(_days(century(year) if short else year, self._month(), self.number("d")))

    def clock(self, days: np.ndarray) -> np.ndarray:
        """Return datetime64[us] of calendar days; NaT where there is no such hour."""
        hour, minute, second = self._hour(), self.number("M"), self.number("S")
        micros = np.zeros(len(days), dtype=np.int64)
        if "f" in self.fields:
            six = pc.utf8_slice_codeunits(pc.utf8_rpad(self.fields["f"], 6, "0"), 0, 6)
            micros = six.cast(pa.int64()).to_numpy()
        clock = ((hour * 60 + minute) * 60 + second) * 1_000_000 + micros
        fits = (hour >= 0) & (minute < 60) & (second < 60)
        return np.where(fits, days.astype("M8[us]") + clock, _NAT)


def _two_digits(
    found: _Parts,
    written: pa.StringArray,
    day_first: bool | None,
    today: np.datetime64,
    guesses: list[Guess],
) -> np.ndarray:
    """Return the moments of dates such as 25/03/24; NaT where no order fits all of them."""
    parts = found.number("d"), found.number("m"), found.number("y")
    marks = {*found.fields["dot"].to_pylist()}
    sound = np.count_nonzero(parts, axis=0) > 1  # 00/00/00 tells nothing of the others
    days = np.full(len(sound), np.datetime64("NaT", "D"))
    one, two, three = (part[sound] for part in parts)
    read = short_years(
        (one, two, three),
        marks,
        written.filter(pa.array(sound)),
        day_first,
        widths=(found.two_digits("d"), found.two_digits("y")),
        today=today,
        days=_days,
        guesses=guesses,
    )
    if read is not None:
        days[sound] = read
    return found.clock(days)


def _day_first(
    found: _Parts, written: pa.StringArray, day_first: bool | None, guesses: list[Guess]
) -> bool:
    """Return whether dates such as 05/03/2024 begin with the day, decided by the whole column."""
    if day_first is not None:
        return day_first
    first, second = found.number("d"), found.number("m")
    day, month = np.flatnonzero(first > 12), np.flatnonzero(second > 12)
    if day.size and month.size:
        raise AmbiguousError(
            f"dates such as {written[int(day[0])].as_py()!r} begin with the day, others such as "
            f"{written[int(month[0])].as_py()!r} with the month. Set day_first=True or "
            "day_first=False; the dates that do not fit are then listed."
        )
    if day.size or month.size:
        which = written[int((day if day.size else month)[0])].as_py()
        order = _("day first") if day.size else _("month first")
        guesses.append(Guess("dates", order, _("as in {example}").format(example=which)))
        return bool(day.size)
    if pc.all(pc.equal(found.fields["dot"], ".")).as_py():
        guesses.append(Guess("dates", _("day first"), _("dates with dots are written so")))
        return True
    if (first == second).all():
        return True
    example = written[int(np.flatnonzero(first != second)[0])].as_py()
    raise AmbiguousError(
        f"dates such as {example!r} could begin with the day or with the month: no number in that "
        "place is above 12. Set day_first=True if the day comes first, day_first=False if the "
        "month does."
    )
