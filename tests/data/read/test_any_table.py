"""Tables of any columns and cells: each is read, or refused in words."""

import io

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.data import read_purchases
from crmlab.errors import CrmlabError

HEADINGS = [
    *("Customer ID", "Customer Name", "Email", "Date", "Created at", "Cancelled at", "Amount"),
    *("Total", "Refunded Amount", "Refunded", "Currency", "Converted Amount", "Status", "Type"),
    *(
        "Captured",
        "Quantity",
        "Price",
        "Order ID",
        "退款金额",
        "订单状态",
        "币种",
        "State",
        "Discount",
    ),
]
TEXTS = [
    *("", "7", "8", "0", "-1", "Guest", "a@b.org", "A@b.org", "2024-03-05", "05/03/24", "1.5"),
    *("25/03/2024", "1,234.50", "-3", "€5", "$6", "EUR", "usd", "paid", "void", "refunded", "true"),
    *("部分退款", "no", "1001.0", '="12"', "`x", "total", "合计", "nan", "12.-"),
]
TYPED = [pd.Timestamp("2024-05-03"), pd.Timestamp("2024-05-23"), True, 3, 2.5, np.inf, pd.NaT, None]
SAID = {
    "unreadable": st.just("drop"),
    "no_sale": st.sampled_from(["keep", "refuse"]),
    "currency": st.just("EUR"),
    "order_totals": st.booleans(),
    "nobody": st.just(["7"]),
    "swapped": st.booleans(),
}
SURE = {
    "Customer ID": ["7", "8", "A"],
    "Date": ["2024-03-05", "2024-04-25"],
    "Amount": ["10", "20"],
}


@st.composite
def tables(draw, cells):
    rows = draw(st.integers(0, 6))
    names = draw(st.lists(st.sampled_from(HEADINGS), unique=True, max_size=7))
    column = st.lists(st.sampled_from(cells), min_size=rows, max_size=rows)
    table = {name: draw(column) for name in names}
    for name, some in SURE.items():
        if draw(st.booleans()):
            table[name] = draw(st.lists(st.sampled_from(some), min_size=rows, max_size=rows))
    return pd.DataFrame(table, dtype=object)


def is_read_or_refused(source, said):
    try:
        purchases, report = read_purchases(source, **said)
    except CrmlabError:
        return
    assert purchases[["customer_id", "date", "amount"]].notna().all(axis=None)
    assert str(report)


# for any data


@settings(max_examples=60)
@given(tables(TEXTS), st.fixed_dictionaries({}, optional=SAID))
def test_any_text_is_read_or_refused(table, said):
    is_read_or_refused(io.StringIO(table.to_csv(index=False)), said)


@settings(max_examples=60)
@given(tables(TEXTS + TYPED), st.fixed_dictionaries({}, optional=SAID))
def test_any_frame_is_read_or_refused(table, said):
    is_read_or_refused(table, said)
