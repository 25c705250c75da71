"""A reader's own purchases: any common file in, one tidy frame and a report out."""

from __future__ import annotations

import os
from collections.abc import Collection, Hashable, Mapping
from typing import Any, Literal

import pandas as pd

from crmlab._checks import require_list
from crmlab._words import _
from crmlab.data._columns import Named, match
from crmlab.data._faults import require_treatment
from crmlab.data._lines import parse
from crmlab.data._money import require_money
from crmlab.data._places import find_places
from crmlab.data._platforms import overlaid, platform_of
from crmlab.data._said import Said
from crmlab.data._settle import Settlement
from crmlab.data._source import blaming, is_page, is_workbook, source_of
from crmlab.data._tables import Table, frame_table, parquet_table, suspecting, workbook_table
from crmlab.data._text import TextTable
from crmlab.data.report import PurchaseReport, Reading
from crmlab.errors import OutOfRangeError, UnreadableFileError

__all__ = ["read_purchases"]

Treatment = Literal["keep", "drop", "refuse"]
Column = Hashable | None


def read_purchases(
    source: Any,
    *,
    platform: str | Literal[False] | None = None,
    customer: Column = None,
    date: Column = None,
    amount: Column = None,
    quantity: Column = None,
    unit_price: Column = None,
    invoice: Column = None,
    channel: Column = None,
    store: Column = None,
    category: Column = None,
    status: Column = None,
    refunded: Column = None,
    currency_column: Column = None,
    currency: str | None = None,
    rates: Mapping[str, float] | None = None,
    order_totals: bool | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    sheet: str | int | None = None,
    decimal: str | None = None,
    day_first: bool | None = None,
    date_format: str | None = None,
    swapped: bool | None = None,
    refunds: Treatment = "keep",
    zero_amounts: Treatment = "keep",
    duplicates: Treatment = "keep",
    future: Treatment = "keep",
    suspect_dates: Treatment = "keep",
    no_customer: Treatment = "drop",
    nobody: Collection[object] | None = None,
    no_sale: Treatment = "drop",
    totals: Treatment = "drop",
    unreadable: Treatment = "refuse",
    today: Any = None,
) -> Reading:
    r"""Return the purchases in a file or frame, one row each, and a report on what was found.

    Whatever the file does not say (encoding, separator, column names, date order, decimal
    mark) is guessed, told in the report, and can be said here instead.

    Parameters
    ----------
    source : path, open file or DataFrame
        Delimited text, Excel (.xlsx, .xls), OpenDocument or Parquet, as it is or packed
        (gzip, bzip2, xz, Zstandard, a zip of one file). The content decides, not the name.
    platform : str
        "shopify", "stripe", "woocommerce", "square", "taobao", "jd", "youzan", "wechat" or
        "alipay": whose export it is. Found by its column names if not said; False does not look.
    customer, date, amount, quantity, unit_price, invoice, channel, store, category : column name
        None searches common English and Chinese names, ignoring case, spaces, signs, width and
        brackets; False says that there is no such column. Without an amount it is quantity
        times unit price; so it is if both are named and the amount is not. Lines of one
        customer that share an invoice number are summed to one purchase.
    status, refunded, currency_column : column name
        What a row is (paid, cancelled, 交易关闭, …), what was paid back of its amount, and which
        money it is in. None searches as above, False says that there is no such column.
    currency : str
        "EUR", say: of several currencies in the file keep the rows of this one.
    rates : dict
        What one of each currency is worth, {"EUR": 1, "USD": 0.92} say; all are then converted.
    order_totals : bool
        Whether the amount is the total of the order, repeated on each of its lines, and is taken
        once. If not said, the lines tell, and the report says so.
    encoding, separator : str
        Of text; among UTF-8, UTF-16, GB18030 and Windows-1252, and , tab ; | if not said.
    sheet : str or int
        Of a workbook, an int counts from 0; the one that names most columns if not said.
    decimal : "." or ","
        The mark before the cents. If not said and no cell tells, 1,234 is taken for a thousand
        and 1.234 for a fraction, and the report says so; between semicolons 1.234 is refused.
    day_first : bool
        Whether 05/03/2024 is the fifth of March.
    date_format : str
        As of `datetime.strptime`, "%d/%m/%y" say; then no other form is read, but for a time
        behind the day.
    swapped : bool
        Whether real dates beside text dates have day and month exchanged, as where Excel read
        05/03/2024 as the third of May and left 25/03/2024 as text.
    refunds, zero_amounts, duplicates, future, suspect_dates : "keep", "drop" or "refuse"
        What to do with purchases below or at zero, rows equal to an earlier one in every
        column of the file, rows after `today`, and rows on days that programs fill in
        (1900-01-01, 1970-01-01) years before all others; all are counted in the report.
    no_customer : "drop" or "refuse"
        Rows without a customer are set aside and counted.
    nobody : list of ids
        Who is no customer. If not said: words such as Guest, Walk-in or 散客, and ids such as
        0 or -1 where they have far more rows than anybody else. [] takes everyone for one.
    no_sale : "drop", "refuse" or "keep"
        Rows that a status says are no sale: cancelled, voided, failed, pending, refunded in full.
    totals : "drop", "refuse" or "keep"
        Rows that sum up others: "total", "sum", "小计", "合计" or the like in place of the
        customer or date, or anywhere in a row without a customer. They are set aside and
        counted; "keep" if it is a customer's name.
    unreadable : "refuse" or "drop"
        Rows whose date or amount is missing or cannot be read (years lie between 1900 and
        9999), or that are torn (too many or too few cells). Refused, all are listed at once in
        one error.
    today : date
        The last day that is not in the future; the day it is now if not said.

    Returns
    -------
    purchases : DataFrame, one row per purchase in the order of the file, index 0 to n - 1
        customer_id : int64 if each is a whole number without leading zeros, else str, as a
            person sees it (no unseen marks, no full width, 1001.0 is 1001); numbers too long
            for a float stay text
        date : datetime64[us], clock time as written (a zone is not applied); of the earliest
            line where lines are summed
        amount : float64, net of what the rows say
        purchase_id : int64 or str, the invoice number where there is such a column; NaN in
            rows without one, each a purchase of its own
        channel, store, category : str, of the first line, where there is such a column
    report : PurchaseReport
        Counts, row numbers and samples per kind of fault, and what was guessed.

    Raises
    ------
    UnreadableFileError
        If there is no such file, or it is damaged or no table.
    MissingColumnsError
        If no column is known to be the customer, date or amount.
    AmbiguousError
        If two columns, date orders, decimal marks or currencies are possible.
    BadRowsError
        If rows are refused; its `table` has one row per refused row and fault.
    OutOfRangeError
        If what shall be done with a fault is none of the words above, `decimal` no mark,
        `separator` more than one character, `date_format` without a %, `today` no date, `nobody`
        no list, `currency` not in the file, or a rate missing or not above 0; if `currency` and
        `rates` are both said, or `encoding`, `separator` or `sheet` where the source has none.

    Examples
    --------
    >>> from io import StringIO
    >>> purchases, report = read_purchases(StringIO(
    ...     "会员号;消费日期;金额\n7;2024年3月5日;¥1,200.50\n8;2024年3月6日;(30.00)\n"
    ... ))
    >>> purchases
       customer_id       date  amount
    0            7 2024-03-05  1200.5
    1            8 2024-03-06   -30.0
    >>> print(report.fault("refund"))
    refund: 1 kept, row 3, such as 8 on 2024-03-06: -30.00
    """
    named: Named = {
        "customer": customer,
        "date": date,
        "amount": amount,
        "quantity": quantity,
        "unit_price": unit_price,
        "invoice": invoice,
        "channel": channel,
        "store": store,
        "category": category,
    }
    meant = {"status": status, "refunded": refunded, "currency_column": currency_column}
    treatments = _treatments(
        no_sale=no_sale,
        refunds=refunds,
        zero_amounts=zero_amounts,
        duplicates=duplicates,
        future=future,
        suspect_dates=suspect_dates,
        no_customer=no_customer,
        totals=totals,
        unreadable=unreadable,
    )
    _require_spelling(decimal, day_first, date_format, swapped)
    require_money(currency, rates)
    if nobody is not None:
        require_list("nobody", nobody, "['0', 'Guest']")
    last_day = _day(today)

    table, name = _table(source, named, encoding=encoding, separator=separator, sheet=sheet)
    known, from_names = platform_of(table.names, platform)
    if known:
        named = overlaid(named, known, table.names)
    with suspecting(table):
        places, chosen = match(table.names, named)
    further, told = find_places(table.names, places, meant)
    loaded = table.load(places, further.every)
    loaded.names, loaded.taken, loaded.places = table.names, places, further
    loaded.nobody = known.nobody if known else ()
    if not loaded.length + len(loaded.torn):
        raise UnreadableFileError(f"{name} has column names but no rows below them.")
    said = Said(
        day_first=day_first,
        date_format=date_format,
        swapped=swapped,
        today=last_day,
        decimal=decimal,
        keep_totals=totals == "keep",
        nobody=nobody,
        no_sale=no_sale,
        order_totals=order_totals,
        currency=currency,
        rates=rates,
    )
    lines = parse(loaded, said)
    settlement = Settlement(loaded, lines, treatments, said)
    purchases = settlement.purchases(last_day, name, table.counted_from)

    days: Any = purchases["date"]
    report = PurchaseReport(
        source=name,
        rows=loaded.length + len(loaded.torn) - len(lines.blank),
        blank_rows=len(lines.blank),
        purchases=len(purchases),
        customers=len(purchases["customer_id"].unique()),
        first_date=days.min(),
        last_date=days.max(),
        amount=float(purchases["amount"].to_numpy().sum()),
        columns={_OURS.get(role, role): str(table.names[at]) for role, at in places.items()},
        guesses=(*table.guesses, *from_names, *chosen, *told, *lines.guesses, *settlement.guesses),
        faults=tuple(settlement.faults),
        counted_from=table.counted_from,
        currency=lines.currency,
    )
    return Reading(purchases, report)


_OURS = {"customer": "customer_id", "invoice": "purchase_id"}


def _treatments(**said: str) -> dict[str, str]:
    """Return what to do with each kind of fault, as the arguments say."""
    for argument in said.keys() - {"no_customer", "unreadable"}:
        require_treatment(argument, said[argument], "keep", "drop", "refuse")
    # A purchase needs a customer, a date and an amount: rows without cannot be kept.
    require_treatment("no_customer", said["no_customer"], "drop", "refuse")
    require_treatment("unreadable", said["unreadable"], "drop", "refuse")
    return {
        "refund": said["refunds"],
        "zero amount": said["zero_amounts"],
        "duplicate": said["duplicates"],
        "future date": said["future"],
        "suspect date": said["suspect_dates"],
        "no customer": said["no_customer"],
        "no sale": said["no_sale"],
        "other currency": "drop",
        "totals row": said["totals"],
        "unreadable date": said["unreadable"],
        "unreadable amount": said["unreadable"],
        "torn row": said["unreadable"],
    }


def _require_spelling(decimal: Any, day_first: Any, date_format: Any, swapped: Any) -> None:
    """Raise OutOfRangeError unless the arguments on spelling have a value they can have."""
    if decimal not in (None, ".", ","):
        raise OutOfRangeError(f"decimal must be '.' or ','; got {decimal!r}.")
    for name, value in {"day_first": day_first, "swapped": swapped}.items():
        if value not in (None, True, False):
            raise OutOfRangeError(f"{name} must be True or False; got {value!r}.")
    if date_format is not None and "%" not in str(date_format):
        raise OutOfRangeError(
            f"date_format={date_format!r} has no part such as %Y, %m or %d; "
            "write 05/03/24 as '%d/%m/%y', say."
        )


def _day(today: Any) -> pd.Timestamp:
    """Return the last day that is not in the future."""
    try:
        day = pd.Timestamp.now() if today is None else pd.Timestamp(today)
    except (ValueError, TypeError):
        day = pd.NaT
    if isinstance(day, pd.Timestamp):
        return day.tz_localize(None)
    raise OutOfRangeError(f"today={today!r} is no date; write it as '2024-03-05'.")


def _table(
    source: Any, named: Named, *, encoding: str | None, separator: str | None, sheet: Any
) -> tuple[Table, str]:
    """Return the Table behind `source`, and how to call it in a sentence."""
    text = {"encoding": encoding, "separator": separator}
    if isinstance(source, pd.DataFrame):
        _unasked("a DataFrame", sheet=sheet, **text)
        return frame_table(source), _("the frame")
    if not isinstance(source, str | os.PathLike) and not hasattr(source, "read"):
        raise UnreadableFileError(
            f"read_purchases takes a path, an open file or a DataFrame; got {type(source)}."
        )
    opened = source_of(source)
    with blaming(opened.name):
        if opened.head(4) == b"PAR1":
            _unasked(f"{opened.name}, a Parquet file,", sheet=sheet, **text)
            return parquet_table(opened), opened.name
        if is_workbook(opened):
            _unasked(f"{opened.name}, a workbook,", **text)
            return workbook_table(opened, named, sheet), opened.name
        if is_page(opened):
            raise UnreadableFileError(
                f"{opened.name} is a web page (HTML or XML), whatever its name says. Open it in "
                "Excel and save it as an Excel workbook (.xlsx)."
            )
        _unasked(f"{opened.name}, a text file,", sheet=sheet)
        return TextTable(opened, named, **text), opened.name


def _unasked(what: str, **said: object) -> None:
    """Raise OutOfRangeError if an argument is `said` that means nothing for `what`."""
    for argument, value in said.items():
        if value is not None:
            raise OutOfRangeError(
                f"{argument}={value!r} means nothing for {what} which has no {argument}; "
                "leave it out."
            )
