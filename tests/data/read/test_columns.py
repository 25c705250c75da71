"""Which column holds what: by hand, for any data, and when misused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.data._columns import KNOWN, match, plain
from crmlab.errors import AmbiguousError, MissingColumnsError

NOTHING_SAID = dict.fromkeys(KNOWN)


def matched(names, **said):
    places, guesses = match(names, NOTHING_SAID | said)
    return {role: names[place] for role, place in places.items()}, [*map(str, guesses)]


# by hand


@pytest.mark.parametrize(
    "names",
    [
        ["customer_id", "date", "amount"],
        ["CustomerID", "InvoiceDate", "Total"],
        ["Customer ID", "Order Date", "Sales"],
        ["CUSTOMER-ID", "order_date", "Revenue (CNY)"],
        ["card_no", "Transaction Date", "Amount Paid"],
        ["会员号", "消费日期", "金额"],
        ["会员卡号", "交易时间", "实付金额（元）"],
        ["客户编号", "下单时间", "消费金额[元]"],
        ["顾客", "日期", "销售额"],
        ["ＣｕｓｔｏｍｅｒＩＤ", "Ｄａｔｅ", "Ａｍｏｕｎｔ"],
        [" 会员 号 ", "消费_日期", "【含税】金额"],
    ],
)
def test_common_names_are_known(names):
    roles, guesses = matched(names)
    assert roles == dict(zip(("customer", "date", "amount"), names, strict=True))
    assert guesses == []


def test_online_retail_has_quantity_and_price_and_invoice():
    names = "InvoiceNo StockCode Description Quantity InvoiceDate UnitPrice CustomerID Country"
    assert matched(names.split())[0] == {
        "customer": "CustomerID",
        "date": "InvoiceDate",
        "quantity": "Quantity",
        "unit_price": "UnitPrice",
        "invoice": "InvoiceNo",
    }


def test_an_amount_makes_quantity_and_price_needless_unless_both_are_named():
    names = ["会员号", "日期", "金额", "数量", "单价"]
    assert [*matched(names)[0]] == ["customer", "date", "amount"]
    assert [*matched(names, quantity="数量", unit_price="单价")[0]] == [
        "customer", "date", "quantity", "unit_price",
    ]  # fmt: skip
    assert "amount" in matched(names, amount="金额", quantity="数量", unit_price="单价")[0]
    assert "amount" not in matched(names, amount=False)[0]


def test_of_two_known_names_the_better_one_is_taken_and_that_is_told():
    roles, guesses = matched(["会员号", "日期", "应付金额", "实付金额"])
    assert roles["amount"] == "实付金额"
    assert guesses == ["amount column: 实付金额 (rather than ['应付金额']; see amount=)"]


def test_a_caller_names_a_column_in_any_spelling_or_none_at_all():
    names = ["who", "when", "how much", 3]
    roles, _ = matched(names, customer="who", date="WHEN", amount="how_much", store=3)
    assert roles == {"customer": "who", "date": "when", "amount": "how much", "store": 3}
    assert "store" not in matched(["客户", "日期", "金额", "门店"], store=False)[0]


def test_an_exact_name_wins_over_one_that_differs_in_spelling():
    roles, _ = matched(["ID", "id", "date", "amount"], customer="id")
    assert roles["customer"] == "id"


def test_a_name_that_is_all_brackets_still_counts():
    assert plain("(金额)") == "金额"


# for any data


@given(st.sampled_from([*KNOWN]), st.data())
def test_every_known_name_is_found_in_any_case_and_spacing(role, data):
    name = data.draw(st.sampled_from(KNOWN[role]))
    spelled = data.draw(st.sampled_from([str.upper, str.title, lambda text: f" {text}_ "]))(name)
    others = {"customer": "customer_id", "date": "date", "amount": "amount"}
    names = [spelled, *(known for other, known in others.items() if other != role)]
    if role in ("quantity", "unit_price"):
        names = [spelled, "customer_id", "date", "qty" if role == "unit_price" else "price"]
    assert matched(names)[0][role] == spelled


@given(st.lists(st.text(max_size=8)))
def test_any_names_are_matched_or_refused(names):
    try:
        roles, _ = matched(names)
    except (AmbiguousError, MissingColumnsError):
        return
    assert {"customer", "date"} <= {*roles}


# when misused


def test_a_missing_column_is_told_with_what_is_there_and_a_near_name():
    with pytest.raises(MissingColumnsError) as error:
        matched(["custmer_id", "date", "colour"])
    assert str(error.value) == (
        "no column looks like the customer or the amount; the file has ['custmer_id', 'date', "
        "'colour']. Name your own columns with customer=…, amount=… (or quantity=… and "
        "unit_price=…). Did you mean customer='custmer_id'? The first row must hold column names."
    )


def test_a_name_that_is_not_there_is_told_with_the_nearest_one():
    with pytest.raises(MissingColumnsError, match=r"customer='card' names .* customer='cards'\?"):
        matched(["cards", "date", "amount"], customer="card")
    with pytest.raises(MissingColumnsError, match=r"has \['date', 'amount'\]\.$"):
        matched(["date", "amount"], customer="card")


@pytest.mark.parametrize("names", [["date", "date"], ["Date", "d_a_t_e"]])
def test_names_that_say_the_same_are_refused(names):
    with pytest.raises(AmbiguousError, match="could both be the date; name one with date="):
        matched(["customer", "amount", *names])


def test_a_name_given_twice_in_the_file_is_refused_when_asked_for():
    with pytest.raises(AmbiguousError, match="2 columns are called 'x'"):
        matched(["customer", "amount", "x", "x"], date="x")


def test_without_an_amount_both_factors_are_needed():
    with pytest.raises(MissingColumnsError, match="no column looks like the amount"):
        matched(["customer", "date", "quantity"])
