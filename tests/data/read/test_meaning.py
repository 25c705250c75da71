"""What a row is: its money, its status, what was paid back, and totals said twice."""

import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.data import read_purchases
from crmlab.data._money import SIGNS, code
from crmlab.data._status import meaning
from crmlab.errors import AmbiguousError, BadRowsError, CrmlabError, OutOfRangeError


def read(text, **said):
    return read_purchases(io.StringIO(text), **said)


def lines_of(reading):
    return "\n".join(map(str, reading.report.guesses))


def rows_of(reading, kind):
    found = reading.report.fault(kind)
    return [] if found is None else found.rows.tolist()


# several currencies

TWO = "customer,date,amount,{}\n1,2024-03-05,10,{}\n2,2024-03-06,1500,{}\n"


@pytest.mark.parametrize(
    ("heading", "first", "second"),
    [
        ("Currency", "EUR", "JPY"),
        ("币种", "CNY", "USD"),
        ("Währung", "€", "CHF"),
        ("order_currency", "eur", "usd"),
        ("幣別", "TWD", "HKD"),
        ("货币种类", "人民币", "美元"),
    ],
)
def test_several_currencies_in_a_column_are_refused_with_two_ways_on(heading, first, second):
    text = TWO.format(heading, first, second)
    with pytest.raises(AmbiguousError, match=rf"in 2 currencies, by the column '{heading}'"):
        read(text)
    assert read(text, currency=first).purchases["amount"].tolist() == [10]
    reading = read(text, rates={first: 1, second: 0.5})
    assert reading.purchases["amount"].tolist() == [10, 750]
    assert reading.report.currency == code(first)


def test_signs_in_cells_are_told_apart_like_codes_in_a_column():
    text = "customer,date,amount\n1,2024-03-05,10 €\n2,2024-03-06,¥1500\n3,2024-03-06,$7\n"
    with pytest.raises(AmbiguousError, match=r"3 currencies, by the signs in the cells"):
        read(text)
    reading = read(text, currency="EUR")
    assert reading.purchases["amount"].tolist() == [10]
    assert rows_of(reading, "other currency") == [3, 4]
    assert read(text, rates={"EUR": 1, "JPY": 0.01, "USD": 0.9}).report.amount == 10 + 15 + 6.3


def test_one_currency_is_told_and_nothing_else_changes():
    reading = read(TWO.format("Currency", "EUR", "EUR"))
    assert reading.report.amount == 1510
    assert "currency: EUR (by the column 'Currency')" in lines_of(reading)
    assert reading.report.currency == "EUR"


def test_what_is_no_sale_may_be_in_any_money():
    text = "user,date,sales,currency,status\n1,2024-03-05,10,EUR,paid\n2,2024-03-05,9,USD,void\n"
    assert read(text).report.amount == 10


def test_converted_amounts_are_not_in_the_currency_of_the_others():
    text = "customer,date,Converted Amount,Currency\n1,2024-03-05,10,EUR\n2,2024-03-06,1500,JPY\n"
    reading = read(text, amount="Converted Amount")
    assert reading.report.amount == 1510
    assert "currency column: Currency not used ('Converted Amount' is in other money" in lines_of(
        reading
    )


def test_a_sign_against_the_column_is_refused():
    text = "customer,date,amount,currency\n1,2024-03-05,€10,USD\n"
    with pytest.raises(AmbiguousError, match="bear the sign '€' where by the column 'currency'"):
        read(text)
    assert read(text, currency_column=False).report.currency == "€"
    assert read("customer,date,amount,currency\n1,2024-03-05,$10,CAD\n").report.currency == "CAD"


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"currency": "GBP"}, "currency='GBP' is not there; .* EUR in 1, JPY in 1"),
        ({"rates": {"EUR": 1}}, r"rates say nothing of \['JPY'\]"),
        ({"rates": {"EUR": 0}}, "must be a number above 0"),
        ({"rates": {"EUR": float("inf")}}, "must be a number above 0"),
        ({"rates": "EUR"}, "rates must be what one of each currency is worth"),
        ({"currency": "EUR", "rates": {"EUR": 1}}, "not both"),
        ({"currency": ""}, "must be a code such as 'EUR'"),
    ],
)
def test_a_currency_that_is_not_there_is_refused_with_those_that_are(said, message):
    with pytest.raises(OutOfRangeError, match=message):
        read(TWO.format("Currency", "EUR", "JPY"), **said)


def test_rates_where_nothing_names_a_currency_are_refused():
    with pytest.raises(AmbiguousError, match="currency_column=…, or leave rates out"):
        read("customer,date,amount\n1,2024-03-05,10\n", rates={"EUR": 1})
    said = read("customer,date,amount\n1,2024-03-05,10\n", currency="EUR")
    assert "currency: EUR (as said; nothing in the file names one)" in lines_of(said)


@pytest.mark.parametrize("sign", sorted(SIGNS))
def test_every_sign_is_read_before_and_behind_the_number(sign):
    for written in (f"{sign}1200.50", f"1200.50 {sign}", f"{sign} 1200.50"):
        reading = read(f'customer,date,amount\n1,2024-03-05,"{written}"\n')
        assert (reading.report.amount, reading.report.currency) == (1200.5, sign)


# no sale


@pytest.mark.parametrize(
    ("word", "what"),
    [
        *((word, "no sale") for word in (
            "Cancelled", "canceled", "voided", "Failed", "pending", "交易关闭", "已取消", "on-hold",
            "(删除)等待出库", "等待买家付款", "待付款", "storniert", "Payment failed", "REVOKED",
            "作废", "unpaid", "交易關閉", "キャンセル", "declined", "expired", "annulé", "草稿",
            "Payment error", "General Withdrawal", "支付异常", "flagged as fraud", "提现",
        )),
        *((word, "money back") for word in (
            "refunded", "Returned", "退款成功", "已退款", "REFUND", "Refund", "erstattet", "退貨",
            "chargeback", "remboursé", "全额退款",
        )),
        *((word, "sale") for word in (
            "paid", "completed", "Processing", "delivered", "交易成功", "已发货", "未取消",
            "not cancelled", "退款关闭", "refund failed", "未退款", "no refund", "等待出库",
            "Awaiting shipment", "bezahlt", "SUCCESS", "partially_paid", "正常", "unfulfilled",
            "无售后或售后取消", "售后关闭", "-", "`", "退款已撤销", "refund request declined",
        )),
        *((word, "part of the money back") for word in ("partially_refunded", "部分退款")),
        *((word, "money asked back") for word in (
            "退款中", "退款申请中", "refund requested", "Return pending", "退款待处理",
            "退货处理中", "refund in progress",
        )),
        *((word, None) for word in ("won", "A", "closed", "换货", "gold member", "售后完成")),
    ],
)  # fmt: skip
def test_a_word_of_status_is_known_for_what_it_says(word, what):
    assert meaning(word) == what


def test_rows_that_are_no_sale_are_set_aside_and_counted_with_samples():
    text = (
        "customer,date,amount,status\n1,2024-03-05,10,paid\n2,,99,已取消\n3,2024-03-07,x,voided\n"
    )
    reading = read(text)
    assert reading.purchases["amount"].tolist() == [10]
    fault = reading.report.fault("no sale")
    assert (fault.treatment, fault.rows.tolist(), fault.amount) == ("dropped", [3, 4], 99)
    assert fault.samples[0] == "2, 已取消: 99.00"
    with pytest.raises(BadRowsError, match=r"2 rows with no sale: 3 .*Remedy: no_sale='drop'"):
        read(text, no_sale="refuse")
    kept = read(text, no_sale="keep", unreadable="drop")
    assert kept.report.fault("no sale").treatment == "kept"
    assert kept.report.amount == 10


def test_a_status_on_the_first_line_of_an_order_holds_for_all_its_lines():
    text = (
        "order_id,customer,date,amount,Financial Status\nA,1,2024-03-05,10,refunded\n"
        "A,1,2024-03-05,5,\nB,1,2024-03-06,7,paid\nB,1,2024-03-06,2,\n"
    )
    reading = read(text)
    assert reading.purchases["amount"].tolist() == [9]
    assert rows_of(reading, "no sale") == [2, 3]


def test_a_status_that_nobody_knows_is_named_with_its_values_and_counts():
    text = (
        "customer,date,amount,status\n"
        "1,2024-03-05,10,blue\n2,2024-03-05,1,green\n3,2024-03-05,2,blue\n"
    )
    reading = read(text)
    assert reading.report.amount == 13
    assert "status column status: not used (nobody knows blue 2, green 1)" in lines_of(reading)
    mixed = read(text.replace("green", "void"))
    assert mixed.report.amount == 12
    assert "some words taken for sales (nobody knows blue 2)" in lines_of(mixed)


@pytest.mark.parametrize("heading", ["会员状态", "Fulfillment Status", "Member Status", "物流状态"])
def test_the_status_of_a_parcel_or_a_person_says_nothing_of_a_sale(heading):
    text = f"customer,date,amount,{heading}\n1,2024-03-05,10,pending\n"
    reading = read(text)
    assert reading.report.amount == 10
    assert f"not used: {heading}" in lines_of(reading)


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Cancelled", ["no", "yes"]), ("is_void", ["0", "1"]), ("Captured", ["true", "false"]),
        ("Cancelled at", ["", "2024-03-06"]), ("是否取消", ["否", "是"]),
        ("取消时间", ["", "2024-03-06"]),
        ("Refunded", ["False", "True"]), ("Test", ["N", "Y"]),
    ],
)  # fmt: skip
def test_a_yes_or_a_moment_under_such_a_heading_says_no_sale(heading, cells):
    rows = "".join(f"{n},2024-03-05,{10 + n},{cell}\n" for n, cell in enumerate(cells, start=1))
    reading = read(f"customer,date,amount,{heading}\n{rows}")
    assert reading.purchases["amount"].tolist() == [11]
    assert f"2, {heading}: {cells[1]}" in reading.report.fault("no sale").samples[0]


# money paid back


@pytest.mark.parametrize(
    "heading", ["Refunded Amount", "退款金额", "Amount Refunded", "订单已退款金额"]
)
def test_what_was_paid_back_lowers_the_amount_and_all_of_it_is_no_sale(heading):
    text = f"user,date,sales,{heading}\n1,2024-03-05,10,\n2,2024-03-06,99,99\n3,2024-03-06,30,-5\n"
    reading = read(text)
    assert reading.purchases["amount"].tolist() == [10, 25]
    assert rows_of(reading, "no sale") == [3]
    assert f"refunds: {heading} taken off the amount (104.00 of 2 rows" in lines_of(reading)
    assert read(text, refunded=False).report.amount == 139


def test_a_net_amount_has_no_refund_taken_off_twice():
    reading = read("customer,date,Net Sales,Refunds\n1,2024-03-05,10,4\n")
    assert reading.report.amount == 10
    assert "Refunds not taken off ('Net Sales' is net of it by its name" in lines_of(reading)


def test_a_row_that_is_itself_a_refund_lies_below_zero():
    text = "customer,date,amount,Event Type\n1,2024-03-05,10,Payment\n1,2024-03-06,4,Refund\n"
    reading = read(text)
    assert reading.purchases["amount"].tolist() == [10, -4]
    assert "refunds: 1 row taken off (their type says refund" in lines_of(reading)
    already = read(text.replace(",4,", ",-4,"))
    assert already.purchases["amount"].tolist() == [10, -4]


def test_a_refund_of_its_own_row_in_a_status_stays_below_zero():
    text = (
        "customer,date,amount,退款金额,交易状态\n"
        "1,2024-03-05,10,0,SUCCESS\n1,2024-03-06,0,10,REFUND\n"
    )
    assert read(text).purchases["amount"].tolist() == [10, -10]
    text = "customer,date,amount,status\n1,2024-03-05,10,paid\n1,2024-03-06,-10,refunded\n"
    assert read(text).purchases["amount"].tolist() == [10, -10]


def test_a_part_paid_back_that_stands_nowhere_is_told():
    reading = read("customer,date,amount,status\n1,2024-03-05,10,partially_refunded\n")
    assert reading.report.amount == 10
    assert "refunded in part: 1 row" in lines_of(reading)


def test_money_that_is_asked_back_still_counts_and_is_told():
    text = "customer,date,amount,订单状态\n1,2024-03-05,10,交易成功\n2,2024-03-05,7,退款中\n"
    reading = read(text)
    assert reading.report.amount == 17
    assert "refunds under way: 1 row (退款中 1 by 订单状态" in lines_of(reading)


def test_of_two_columns_of_refunds_the_amount_counts_and_not_the_yes_or_no():
    text = (
        "customer,date,sales,Refunded?,Partial Refund ($)\n"
        "1,2024-03-05,30,0,0\n2,2024-03-05,30,1,0\n3,2024-03-05,30,1,10\n"
    )
    reading = read(text)
    assert reading.purchases["amount"].tolist() == [30, 20]
    assert rows_of(reading, "no sale") == [3]


def test_a_part_paid_back_is_no_news_where_the_amount_is_net_of_it():
    text = "customer,date,Net amount,Refunded amount,Payment status\n"
    reading = read(f"{text}1,2024-03-05,20,10,Partially refunded\n")
    assert reading.report.amount == 20
    assert "refunded in part" not in lines_of(reading)


def test_what_went_out_of_a_ledger_was_not_sold():
    text = "交易对方,交易时间,金额(元),收/支\n林,2024-03-05,40,收入\n超市,2024-03-06,10,支出\n"
    reading = read(f"{text}余额宝,2024-03-07,99,不计收支\n")
    assert reading.purchases["amount"].tolist() == [40]
    assert rows_of(reading, "no sale") == [3, 4]


# totals that are said on every line

ITEMS = "order_id,customer,date,Order Total,quantity,price\n"


def test_a_total_on_every_line_is_taken_once():
    text = ITEMS + "1,7,2024-03-05,70,1,20\n1,7,2024-03-05,70,1,50\n2,8,2024-03-06,40,2,20\n"
    reading = read(text)
    assert reading.purchases["amount"].tolist() == [70, 40]
    assert "order totals: taken once (1 line of 1 order" in lines_of(reading)
    assert read(text, order_totals=False).purchases["amount"].tolist() == [140, 40]


def test_two_lines_that_really_cost_the_same_stay_two():
    reading = read(ITEMS + "1,7,2024-03-05,20,1,20\n1,7,2024-03-05,20,1,20\n")
    assert reading.purchases["amount"].tolist() == [40]
    text = "order_id,customer,date,amount\n1,7,2024-03-05,20\n1,7,2024-03-05,20\n2,7,2024-03-06,3\n"
    reading = read(text)
    assert reading.purchases["amount"].tolist() == [40, 3]
    assert "order totals: perhaps repeated" in lines_of(reading)
    assert read(text, order_totals=True).purchases["amount"].tolist() == [20, 3]


def test_a_total_with_shipping_on_every_line_is_taken_once():
    text = ITEMS + "1,7,2024-03-05,75,1,20\n1,7,2024-03-05,75,1,50\n2,8,2024-03-06,40,2,20\n"
    assert read(text).purchases["amount"].tolist() == [75, 40]


def test_a_header_line_and_a_payment_line_add_nothing_to_the_items():
    text = (
        "receipt_no,customer,date,amount\n1,7,2024-03-05,70\n1,7,2024-03-05,20\n1,7,2024-03-05,50\n"
        "1,7,2024-03-05,70\n2,8,2024-03-06,9\n2,8,2024-03-06,4\n2,8,2024-03-06,5\n"
    )
    assert read(text).purchases["amount"].tolist() == [70, 9]


def test_lines_without_an_amount_belong_to_the_line_that_has_it():
    text = "order_id,customer,date,Total\n1,7,2024-03-05,70\n1,7,2024-03-05,\n2,7,2024-03-06,\n"
    with pytest.raises(BadRowsError, match="1 row with unreadable amount: 4"):
        read(text)
    reading = read(text, unreadable="drop")
    assert reading.purchases["amount"].tolist() == [70]
    assert "lines without amount: 1 passed over" in lines_of(reading)


# for any data

amounts = st.integers(1, 9_999).map(lambda cents: cents / 100)
orders = st.lists(st.lists(amounts, min_size=1, max_size=4), min_size=1, max_size=6)


@given(orders)
def test_lines_and_repeated_totals_of_the_same_orders_are_worth_the_same(bought):
    rows = [(n, price) for n, prices in enumerate(bought) for price in prices]
    order, price = zip(*rows, strict=True)
    frame = pd.DataFrame(
        {"order_id": order, "customer": 7, "date": "2024-03-05", "quantity": 1, "price": price}
    )
    total = frame.groupby("order_id")["price"].transform("sum").round(2)
    by_line = read_purchases(frame.assign(amount=frame["price"]))
    by_total = read_purchases(frame.assign(amount=total))
    right = total[~frame["order_id"].duplicated()].to_numpy()
    np.testing.assert_allclose(by_line.purchases["amount"], right)
    np.testing.assert_allclose(by_total.purchases["amount"], right)


@given(
    st.lists(
        st.sampled_from(["paid", "void", "refunded", "won", "", "已取消", "部分退款"]), min_size=1
    ),
    st.sampled_from(["keep", "drop"]),
)
def test_every_row_is_a_purchase_or_counted_as_no_sale(words, no_sale):
    frame = pd.DataFrame(
        {"customer": 7, "date": "2024-03-05", "amount": range(1, len(words) + 1), "status": words}
    )
    reading = read_purchases(frame, no_sale=no_sale)
    out = rows_of(reading, "no sale")
    assert out == [n for n, word in enumerate(words) if word in ("void", "refunded", "已取消")]
    assert len(reading.purchases) == len(words) - (len(out) if no_sale == "drop" else 0)


# when misused


def test_a_column_of_meaning_that_is_not_there_is_told():
    with pytest.raises(CrmlabError, match="status='state' names no column"):
        read("customer,date,amount\n1,2024-03-05,1\n", status="state")
    named = "customer,date,amount,stage\n1,2024-03-05,1,void\n2,2024-03-05,2,ok\n"
    assert read(named, status="stage").report.amount == 2
    plain = "customer,date,amount,status\n1,2024-03-05,1,void\n"
    assert read(plain, status=False).report.amount == 1
