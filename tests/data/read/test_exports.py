"""Exports of shops and payment services, and files with more than a table in them."""

# ruff: noqa: E501 (exports have long lines)

import io

import pytest

from crmlab.data import read_purchases
from crmlab.data._platforms import PLATFORMS
from crmlab.errors import CrmlabError, MissingColumnsError, UnknownNameError

# The columns as the platforms write them; the people are invented.
SHOPIFY = """Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Refunded Amount
#1,ann@ex.org,paid,2024-03-05 09:50:26 +0200,fulfilled,EUR,75.00,2024-03-05 09:50:26 +0200,2,Cup,20.00,0.00
#1,ann@ex.org,,,,,,2024-03-05 09:50:26 +0200,1,Pot,30.00,
#2,bob@ex.org,refunded,2024-03-06 10:00:00 +0200,,EUR,40.00,2024-03-06 09:59:00 +0200,2,Cup,20.00,40.00
#3,ann@ex.org,voided,,,EUR,20.00,2024-04-01 09:59:00 +0200,1,Cup,20.00,0.00
"""
STRIPE = """id,Description,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Status,Customer ID
ch_1,,2024-03-05 09:50:26,75.00,0.00,eur,true,Paid,cus_A
ch_2,,2024-03-06 09:50:26,100.00,100.00,usd,true,Refunded,cus_B
ch_4,,2024-03-07 09:50:26,50.00,0.00,eur,false,Failed,cus_C
"""
WOOCOMMERCE = """order_id,order_number,order_date,status,order_total,order_currency,customer_id,billing_email
501,501,2024-03-05 10:00:00,completed,30.00,EUR,0,ann@ex.org
503,503,2024-03-07 10:00:00,processing,50.00,EUR,17,cy@ex.org
504,504,2024-03-08 10:00:00,cancelled,99.00,EUR,17,cy@ex.org
"""
SQUARE = """Date,Time,Gross Sales,Discounts,Net Sales,Tip,Total Collected,Transaction ID,Customer ID,Event Type
03/25/2024,14:22:10,"$1,200.00",$0.00,"$1,200.00",$0.00,"$1,200.00",TX1,CUS1,Payment
03/26/2024,09:01:10,($20.00),$0.00,($20.00),$0.00,($20.00),TX3,CUS1,Refund
"""
TAOBAO = '''"订单编号","买家会员名","总金额","买家实际支付金额","订单状态","订单创建时间","订单付款时间"
"=""3412345678901234567""","林小","68.00","68.00","交易成功","2024-03-05 10:00:00","2024-03-05 10:01:12"
"=""3412345678901234568""","阿福","130.00","0.00","交易关闭","2024-03-06 10:00:00",""
'''
JD = """订单号,商品ID,订购数量,下单时间,京东价,订单金额,结算金额,应付金额,订单状态,下单帐号
9001,1,1,2024-03-05 10:00:00,20.00,70.00,70.00,70.00,完成,jd_a
9001,2,1,2024-03-05 10:00:00,50.00,70.00,70.00,70.00,完成,jd_a
9002,1,2,2024-03-06 10:00:00,20.00,40.00,40.00,40.00,(删除)等待出库,jd_b
"""
YOUZAN = """订单号,订单状态,买家昵称,订单创建时间,买家付款时间,订单实付金额,订单已退款金额
E1,交易完成,小满,2024-03-05 10:00:00,2024-03-05 10:01:00,30.00,0.00
E2,交易关闭,阿福,2024-03-06 10:00:00,,0.00,0.00
E3,交易完成,小满,2024-03-07 10:00:00,2024-03-07 10:01:00,50.00,50.00
"""
WECHAT = """交易时间,商户号,微信订单号,用户标识,交易状态,货币种类,应结订单金额,退款金额
`2024-03-05 16:33:45,`190,`10040001,`oUaaa,`SUCCESS,`CNY,`10.00,`0.00
`2024-03-05 17:00:00,`190,`10040002,`oUbbb,`SUCCESS,`CNY,`25.50,`0.00
`2024-03-05 18:00:00,`190,`10040001,`oUaaa,`REFUND,`CNY,`0.00,`10.00
总交易单数,应结订单总金额,退款总金额
`3,`35.50,`10.00
"""
ALIPAY = """#支付宝业务明细查询
#账号：[2088000000000000]
#起始日期：[2024年03月01日 00:00:00]   终止日期：[2024年04月01日 00:00:00]
#-----------------------------------------业务明细列表----------------------------------------
支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,对方账户,订单金额（元）,商家实收（元）,备注
A1\t,M1\t,交易,茶,2024-03-05 10:00:00,2024-03-05 10:00:05,*小满(abc***@ex.org)\t,30.00,30.00,
A2\t,M2\t,退款,茶,2024-03-06 10:00:00,2024-03-06 10:00:05,*小满(abc***@ex.org)\t,-30.00,-30.00,
#-----------------------------------------业务明细列表结束------------------------------------
#业务明细列表合计，共2笔
"""
WORTH = {
    "shopify": (SHOPIFY, [75]),
    "stripe": (STRIPE, [75]),
    "woocommerce": (WOOCOMMERCE, [50]),
    "square": (SQUARE, [1200, -20]),
    "taobao": (TAOBAO, [68]),
    "jd": (JD, [70]),
    "youzan": (YOUZAN, [30]),
    "wechat": (WECHAT, [10, 25.5, -10]),
    "alipay": (ALIPAY, [30, -30]),
}


# Of shops without a preset: what is bought by whom, or what the error says.
ODD = {
    "etsy": (
        """Sale Date,Item Name,Buyer,Quantity,Price,Discount Amount,Item Total,Currency,Order ID
03/05/24,Cup,ann,2,10.00,0.00,20.00,EUR,9001
03/05/24,Pot,ann,1,30.00,0.00,30.00,EUR,9001
03/25/24,Pot,bob,1,30.00,3.00,27.00,EUR,9002
""",
        {"ann": 50, "bob": 27},
    ),
    "ebay": (
        """Sales Record Number,Order Number,Buyer Username,Buyer Email,Quantity,Sold For,Total Price,Sale Date
101,24-1,annex,ann@ex.org,1,£20.00,£23.00,Mar-05-24
102,24-2,bobwhy,bob@ex.org,1,£30.00,£33.00,Mar-25-24
""",
        {"ann@ex.org": 23, "bob@ex.org": 33},
    ),
    "wix": (
        """Order number,Date created,Time,Contact email,Recipient name,Item,Qty,Price,Total,Currency,Payment status,Refunded amount
1,"Mar 5, 2024",9:50 AM,ann@ex.org,Ann,Cup,2,20.00,45.00,EUR,Paid,0.00
2,"Mar 6, 2024",9:50 AM,bob@ex.org,Bob,Pot,1,30.00,30.00,EUR,Partially refunded,10.00
3,"Mar 7, 2024",9:50 AM,ann@ex.org,Ann,Pot,1,30.00,30.00,EUR,Unpaid,0.00
""",
        {"ann@ex.org": 45, "bob@ex.org": 20},
    ),
    "prestashop": (
        """ID;Reference;Customer;Total;Payment;Status;Date
1;XKB;J. DOE;$61.80;Payment by check;Canceled;03/25/2024 10:23:35
2;OHS;J. DOE;$69.90;Payment by check;Awaiting check payment;03/25/2024 10:23:35
3;UOY;A. EX;$14.90;Payment by check;Payment accepted;03/26/2024 10:23:35
4;FFA;A. EX;$14.90;Payment by check;Payment error;03/26/2024 10:23:35
""",
        {"A. EX": 14.9},
    ),
    "a ledger of SAP": (
        """Kunde;Buchungsdatum;Belegnummer;Betrag in Hauswährung;Währg
0000100001;05.03.2024;9001;1.250,00;EUR
0000100001;06.03.2024;9002;30,00-;EUR
0000100002;07.03.2024;9003;20,00;EUR
""",
        {"0000100001": 1220, "0000100002": 20},
    ),
    "sumup": (
        """E-Mail;Datum;Transaktions-ID;Zahlungsart;Status;Betrag inkl. MwSt.;Trinkgeldbetrag;Währung
ann@ex.org;05.03.2024, 10:00;T1;Umsatz;Erfolgreich;75,00;0;EUR
bob@ex.org;06.03.2024, 10:00;T2;Umsatz;Storniert;40,00;0;EUR
ann@ex.org;07.03.2024, 10:00;T3;Rückerstattung;Erfolgreich;25,00;0;EUR
""",
        {"ann@ex.org": 50},
    ),
    "meituan": (
        """订单编号,下单时间,订单状态,顾客姓名,配送费,订单实付,退款状态,部分退款金额
A1,2024-03-05 12:00:00,已完成,林,5.00,35.00,,0
A2,2024-03-06 12:00:00,已取消,周,5.00,35.00,,0
A3,2024-03-07 12:00:00,已完成,林,5.00,45.00,部分退款,10.00
""",
        {"林": 70},
    ),
    "pinduoduo": (
        """商品,订单号,订单状态,商品总价(元),用户实付金额(元),商家实收金额(元),支付时间,收货人,售后状态
茶杯,"1	","已发货，待收货",20.00,20.00,20.00,"2024-03-05 10:00:00	",林,无售后或售后取消
茶壶,"2	","未发货，退款成功",50.00,50.00,50.00,"2024-03-06 10:00:00	",周,退款成功
""",
        "could each be the amount",
    ),
    "paypal": (
        """Date,Name,Type,Status,Currency,Gross,Net,From Email Address,To Email Address,Transaction ID
25/03/2024,Ann,Website Payment,Completed,EUR,50.00,48.50,ann@ex.org,shop@ex.org,T1
26/03/2024,Ann,Payment Refund,Completed,EUR,-50.00,-48.50,shop@ex.org,ann@ex.org,T2
""",
        "no column looks like the customer",
    ),
}


@pytest.mark.parametrize("shop", [*ODD])
def test_the_export_of_a_shop_that_nobody_described_is_read_as_it_is_meant_or_refused(shop):
    text, meant = ODD[shop]
    if isinstance(meant, str):
        with pytest.raises(CrmlabError, match=meant):
            read(text)
        return
    bought = read(text).purchases.groupby("customer_id")["amount"].sum()
    assert bought.round(2).to_dict() == meant


def test_the_customer_is_never_a_column_of_money_and_no_day_is_offered_for_an_amount():
    text, _ = ODD["pinduoduo"]
    with pytest.raises(CrmlabError, match="no column looks like the customer"):
        read(text.replace("收货人", "件"), amount="商家实收金额(元)")
    with pytest.raises(MissingColumnsError) as error:
        read("payments-date,buyer-email,item-cost\n2024-03-05,a@b.org,1\n")
    assert "Did you mean" not in str(error.value)


def read(text, **said):
    return read_purchases(io.StringIO(text), **said)


def guesses_of(reading):
    return "\n".join(map(str, reading.report.guesses))


# presets


@pytest.mark.parametrize("platform", [*PLATFORMS])
def test_an_export_is_known_by_its_columns_and_read_as_it_is_meant(platform):
    text, worth = WORTH[platform]
    reading = read(text)
    assert reading.purchases["amount"].tolist() == worth
    assert f"platform: {PLATFORMS[platform].title} (by its columns" in guesses_of(reading)
    said = read(text, platform=platform)
    assert said.purchases.equals(reading.purchases)


def test_what_a_caller_names_comes_before_what_the_platform_has():
    reading = read(WOOCOMMERCE, customer="billing_email")
    assert reading.purchases["customer_id"].tolist() == ["ann@ex.org", "cy@ex.org"]
    assert read(SQUARE, amount="Total Collected").purchases["amount"].tolist() == [1200, -20]


def test_guests_of_a_shop_are_no_customers_and_another_column_is_named():
    reading = read(WOOCOMMERCE)
    assert reading.report.fault("no customer").rows.tolist() == [2]
    assert "customer='billing_email' tells guests apart" in guesses_of(reading)


def test_a_platform_that_is_not_looked_for_is_not_told():
    assert "platform" not in guesses_of(read(JD, platform=False))


# lines above and below the table


@pytest.mark.parametrize("above", [1, 19, 20, 60, 400])
def test_lines_above_the_column_names_are_passed_over_however_many(above):
    text = "".join(f"Report of our shop, line {n}\n" for n in range(above))
    reading = read(f"{text}customer,date,amount\n7,2024-03-05,1\n")
    assert reading.report.amount == 1


def test_column_names_too_far_down_are_told_with_how_far_was_looked():
    text = "".join(f"line {n}\n" for n in range(1200))
    with pytest.raises(MissingColumnsError, match="looked for in the first 1,000 rows"):
        read(f"{text}customer,date,amount\n7,2024-03-05,1\n")


@pytest.mark.parametrize(
    "below", ["合计,3\n", "# end\n", "Total: 3\nprinted by Kim\n", "总数,总额\n2,3\n"]
)
def test_lines_below_the_table_are_passed_over_and_told(below):
    reading = read(f"customer,date,amount\n7,2024-03-05,1\n8,2024-03-05,2\n{below}")
    assert reading.report.amount == 3
    assert "below the table: " in guesses_of(reading)


def test_a_torn_row_in_the_middle_or_of_another_kind_is_refused_as_before():
    for text in ("# note\n7,2024-03-05,1\n", "8,x\n"):
        with pytest.raises(CrmlabError, match="torn row"):
            read(f"customer,date,amount\n7,2024-03-05,1\n{text}")


# encodings


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("big5", "會員編號,日期,金額"),
        ("shift_jis", "顧客番号,日付,金額"),
        ("gb18030", "会员编号,日期,金额"),
        ("cp1251", "клиент,дата,сумма"),
        ("cp1252", "Kunde,Datum,Betrag,Währung"),
    ],
)
def test_an_encoding_is_known_by_the_column_names_and_told(encoding, names, tmp_path):
    more = ",EUR" if names.endswith("Währung") else ""
    path = tmp_path / "a.csv"
    path.write_bytes(f"{names}\n7,2024-03-05,1{more}\n".encode(encoding))
    reading = read_purchases(path)
    assert reading.report.amount == 1
    assert "encoding: " in guesses_of(reading)


@pytest.mark.parametrize(
    ("encoding", "names"), [("big5", "甲乙,丙丁,戊己"), ("cp1251", "кто,день,цена")]
)
def test_where_no_name_is_known_the_guess_is_named_with_what_to_say(encoding, names, tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(f"{names}\n7,2024-03-05,1\n".encode(encoding))
    with pytest.raises(
        MissingColumnsError, match=r"was read as \w+ \(.*name another with encoding="
    ):
        read_purchases(path)
    who, when, what = names.split(",")
    said = {"customer": who, "date": when, "amount": what}
    assert read_purchases(path, encoding=encoding, **said).report.amount == 1


# when misused


def test_a_platform_nobody_knows_or_that_does_not_fit_is_refused():
    with pytest.raises(UnknownNameError, match="there is no platform 'shop'"):
        read(JD, platform="shop")
    with pytest.raises(MissingColumnsError, match="Shopify orders have columns such as"):
        read(JD, platform="shopify")
