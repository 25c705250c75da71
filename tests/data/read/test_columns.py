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


# which column, by the words in its name


@pytest.mark.parametrize(
    ("names", "roles"),
    [
        (["Date", "Customer Name", "Register", "User", "Total"], {"customer": "Customer Name"}),
        (["customer_id", "customer_unique_id", "day", "spend"], {"customer": "customer_unique_id"}),
        (["客户姓名", "日期", "金额"], {"customer": "客户姓名"}),
        (["姓名", "日期", "金额"], {"customer": "姓名"}),
        (["會員編號", "訂單日期", "訂單金額"], dict.fromkeys(("customer", "date", "amount"))),
        (["下单帐号", "下单时间", "订单实付金额"], dict.fromkeys(("customer", "date", "amount"))),
        (["用户标识", "交易时间", "应结订单金额"], dict.fromkeys(("customer", "date", "amount"))),
        (["Email", "Created", "Amount"], dict.fromkeys(("customer", "date", "amount"))),
        (["Kundennummer", "Bestelldatum", "Gesamtbetrag"], dict.fromkeys(("customer", "date"))),
        (["顧客番号", "日付", "金額"], dict.fromkeys(("customer", "date", "amount"))),
        (["our_customer_ref", "date", "amount"], {"customer": "our_customer_ref"}),
        (["client", "orderPlacedDate", "amount"], {"date": "orderPlacedDate"}),
        (["会员登记号", "消费的日期", "本次金额"], dict.fromkeys(("customer", "date", "amount"))),
        (["Kundenreferenz", "Datum", "Netto Umsatz"], {"amount": "Netto Umsatz"}),
    ],
)  # fmt: skip
def test_the_column_is_found_that_a_person_would_take(names, roles):
    found, _ = matched(names)
    for place, (role, name) in enumerate(roles.items()):
        assert found[role] == (name or names[place])


def test_a_word_within_a_name_is_a_guess_that_is_told():
    _, guesses = matched(["our_customer_ref", "date", "amount"])
    assert guesses == [
        "customer column: our_customer_ref (a word in its name says so; see customer=)"
    ]


@pytest.mark.parametrize(
    "name",
    ["customer_type", "member_since", "会员等级", "客户地址", "Kundengruppe", "customer notes"],
)
def test_what_is_said_of_a_customer_is_no_customer(name):
    with pytest.raises(MissingColumnsError, match="no column looks like the customer"):
        matched([name, "date", "amount"])


@pytest.mark.parametrize(
    "name", ["date_of_birth", "delivery_date", "last_updated_time", "注册时间"]
)
def test_the_day_of_something_else_is_no_day_of_a_purchase(name):
    with pytest.raises(MissingColumnsError, match="no column looks like the date"):
        matched([name, "customer", "amount"])


def test_several_names_with_such_a_word_are_refused_and_named():
    with pytest.raises(AmbiguousError, match=r"\['our_client_a', 'our_client_b'\] could each be"):
        matched(["our_client_a", "our_client_b", "date", "amount"])


def test_customers_by_name_are_told_to_be_so():
    for name in ("Customer Name", "客户姓名", "Kundenname"):
        assert "customers: told apart by name" in str(matched([name, "date", "amount"])[1])
    assert matched(["customer_id", "date", "amount"])[1] == []


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
        "unit_price=…). Did you mean customer='custmer_id'? Column names are looked for "
        "in the first 1,000 rows."
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
