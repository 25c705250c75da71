"""The names that files give their columns: English, Chinese, German and a few others."""

from __future__ import annotations

import re

# Best first: of two columns that both could hold the amount, the earlier name wins. Traditional
# characters count as simplified ones.
_NAMES = """
customer: customer_unique_id customer_id customer_no customer_number customer_code customer_key
    client_id client_no member_id member_no card_no card_number card_id buyer_id shopper_id
    household_id household_key account_id cust_id cust_no user_id open_id customer client member
    buyer shopper kundennummer kundennr kunden_id kunde 会员号 会员编号 会员id 会员卡号 会员代码
    客户编号 客户号 客户id 客户代码 顾客编号 顾客号 顾客id 顾客番号 会员番号 お客様番号 用户id
    用户编号 用户标识 买家id 卡号 下单账号 买家账号 会员账号 客户账号 用户账号 会员 顾客 客户
    买家 用户 会员名 买家会员名 customer_email billing_email buyer_email email_address email
    e_mail customer_name client_name buyer_name member_name full_name billing_name kundenname
    cliente id_cliente 客户姓名 客户名称 会员姓名 顾客姓名 买家姓名 姓名 买家昵称 手机号 手机号码
    会员手机 customer_phone phone mobile 联系电话 клиент покупатель user username
    对方账户 对方账号 交易对方
date: date purchase_date transaction_date invoice_date order_date sale_date sales_date
    payment_date pay_date pay_time purchased_on purchased_at ordered_at order_time order_datetime
    transaction_datetime invoice_datetime purchase_time transaction_time purchase_datetime
    order_purchase_timestamp trans_date txn_date paid_at created_at created_date created_on
    date_created created create_time date_ordered date_of_purchase datetime timestamp day time
    datum bestelldatum rechnungsdatum kaufdatum belegdatum buchungsdatum fecha дата 消费日期
    购买日期 交易日期 订单日期 销售日期 下单日期 付款日期 支付日期 消费时间 购买时间 交易时间
    下单时间 付款时间 支付时间 订单付款时间 买家付款时间 成交时间 订单创建时间 交易创建时间
    创建时间 订单时间 销售时间 开票日期 发生时间 入账时间 日付 注文日 购入日 売上日 日期 时间
amount: amount net_amount purchase_amount transaction_amount order_amount sale_amount
    sales_amount paid_amount payment_amount amount_paid payment_value total_amount amount_total
    total_price total_paid total_sales line_total order_total order_value invoice_total
    grand_total order_total_amount item_total total sales sale_value sales_value net_sales
    revenue turnover spend spent value dollars amt betrag gesamtbetrag rechnungsbetrag
    umsatz gesamtpreis gesamtsumme summe montant
    importe сумма 实付金额 实收金额 订单实付金额 买家实际支付金额 实际支付金额 应结订单金额
    实付款 支付金额 付款金额 消费金额 购买金额 交易金额 成交金额 订单金额 销售金额 销售额 消费额
    成交额 总金额 金额 总价 合计 应付金额 购入金额 売上 收入金额 gross
quantity: quantity qty units quantity_ordered number_of_items lineitem_quantity item_quantity
    items count menge anzahl stückzahl 数量 购买数量 销售数量 订购数量 商品数量 宝贝数量 件数
unit_price: unit_price price price_each item_price lineitem_price item_cost price_per_unit
    selling_price einzelpreis stückpreis preis 单价 商品单价 成交价 售价 京东价 价格
invoice: invoice_no invoice_number invoice_id invoice order_id order_no order_number
    transaction_id transaction_no receipt_no receipt_id receipt_number purchase_id basket_id
    ticket_no bill_no receipt bestellnummer bestellnr rechnungsnummer rechnungsnr belegnummer
    bonnr 订单号 订单编号 小票号 小票编号 流水号 交易号 交易流水号 单号 单据号 发票号 注文番号
channel: channel sales_channel order_channel 渠道 销售渠道 购买渠道
store: store store_id store_name shop shop_id branch outlet filiale 门店 店铺 门店名称 店铺名称
    分店 门店编号
category: category product_category department product_line 品类 类别 商品类别 商品分类 分类 类目
"""
KNOWN = {
    role: [*dict.fromkeys(names.split())]
    for role, names in re.findall(r"^(\w+):((?:.|\n(?= ))*)", _NAMES, re.M)
}

# A name of several words that holds one of the first is taken if it holds none of the second.
WITHIN = {
    "customer": (
        r"(?:^|_)(?:customer|client|member|buyer|shopper|cust|kunden?\w*|cardholder)(?:_|$)|"
        r"(?:^|_)guest_name$|(?:^|_)e_?mail(?:_|$)|会员|客户|顾客|买家|用户|邮箱",
        r"type|segment|group|city|state|country|zip|post|address|age|gender|sex|since|notes?$|"
        r"service|rating|level|tier|count|(?:^|_)ip|agent|market|accept|birth|points|balance|value|"
        r"status|phone|discount|order|seit|gruppe|typ$|ort$|plz|region|adress|"
        r"amount|total|paid|price|date|time|message|shop|store|seller|merchant|staff|employee|sent|"
        r"类型|等级|级别|地址|备注|留言|积分|状态|分组|来源|性别|生日|城市|注册|标签|余额|数$|类别|"
        r"金额|实付|应付|优惠|折扣|时间|日期|服务|评价",
    ),
    "date": (
        r"(?:^|_)(?:date|datum|datetime|timestamp|time|fecha)(?:_|$)|\w+datum$|日期|时间|日付",
        r"birth|dob|expir|due|deliver|ship|estimat|updat|modif|refund|cancel|since|regist|sign|join|"
        r"carrier|limit|zone|first|last|geburt|liefer|fällig|ablauf|"
        r"生日|出生|到期|发货|更新|修改|退款|取消|注册|入会|完成|结束|关闭|签收|收货|确认",
    ),
    "amount": (
        r"(?:^|_)(?:amount|total|revenue|sales|spend|payment|paid)(?:_|$)|umsatz$|summe$|"
        r"betrag(?:_|$)|"
        r"金额|总额|实付|销售额|消费额",
        r"tax|vat|discount|ship|tip|fee|refund|quantity|qty|count|(?:^|_)id|points|balance|cost|"
        r"profit|margin|weight|unit|date|time|number|rate|percent|method|type|status|items|rabatt|"
        r"steuer|versand|trinkgeld|gebühr|退|优惠|折扣|税|运费|手续|余额|积分|成本|红包|券|申请|单价",
    ),
}
BY_NAME = (
    r"(?:^|_)(?:full_?|last_?|billing_?|buyer_?|customer_?|client_?|member_?)?name$|kundenname|"
)
BY_NAME += r"姓名|昵称|名称|收货人|联系人"
