"""Sentences about trade: purchases, lines, payments, deliveries, returns, and what comes after."""

from __future__ import annotations

import pandas as pd

from crmlab.company.audit.books import Books, at, teller
from crmlab.company.calendar import FIRST_DAY, LAST_DAY

SENTENCES, says = teller()


@says("Every customer has bought.", "people")
def _(b: Books) -> pd.DataFrame:
    return b.people[~b.people["customer_id"].isin(b.bought["customer_id"])]


@says("All purchases lie within the window.", "purchases")
def _(b: Books) -> pd.DataFrame:
    return b.purchases[~b.purchases["date"].between(FIRST_DAY, LAST_DAY)]


@says("Nothing in any table happens after the window.", "purchases")
def _(b: Books) -> pd.DataFrame:
    seen = [name for name in b.tables if not name.startswith("truth_")]
    late = [
        (name, column)
        for name in seen
        for column, days in b.tables[name].select_dtypes("datetime").items()
        if (days >= LAST_DAY + pd.Timedelta(days=1)).any()
    ]
    return pd.DataFrame(late, columns=["table", "column"])


@says("Online purchases stand at the web shop, the others in a city's shop.", "purchases")
def _(b: Books) -> pd.DataFrame:
    online = b.purchases["channel"] == "online"
    return b.purchases[online != (b.purchases["store"] == "web shop")]


@says("Lines add up to the amount of their purchase.", "lines")
def _(b: Books) -> pd.DataFrame:
    total = b.lines.groupby("purchase_id")["amount_cny"].sum()
    amount = b.bought.set_index("purchase_id")["amount"]
    return b.bought[~((amount - total.reindex(amount.index)).abs() <= 0.005).to_numpy()]


@says("A line's amount is its quantity times the list price, less the discount.", "lines")
def _(b: Books) -> pd.DataFrame:
    said = b.lines["quantity"] * b.lines["list_price_cny"] - b.lines["discount_cny"]
    return b.lines[(said - b.lines["amount_cny"]).abs() > 0.005]


@says("Lines are of their purchase's category, at the list price of that day.", "lines")
def _(b: Books) -> pd.DataFrame:
    rows = b.lines.merge(b.bought[["purchase_id", "date", "category"]]).sort_values("date")
    rows = pd.merge_asof(
        rows, b.prices.sort_values("valid_from"), left_on="date", right_on="valid_from",
        by="product_id",
    )  # fmt: skip
    kind = at(rows["product_id"], b.products.set_index("product_id")["category"])
    return rows[(rows["list_price_cny"] != rows["price_cny"]) | (kind != rows["category"])]


@says("Prices are above 0 and no dearer than twice the quarter before.", "prices")
def _(b: Books) -> pd.DataFrame:
    rows = b.prices.sort_values(["product_id", "valid_from"])
    before = rows.groupby("product_id")["price_cny"].shift()
    return rows[(rows["price_cny"] <= 0) | (rows["price_cny"] > 2 * before)]


@says("Everything bought or given back is paid on its day, to the fen.", "payments")
def _(b: Books) -> pd.DataFrame:
    rows = b.purchases.merge(b.payments, on="purchase_id", how="left")
    wrong = (rows["paid_on"] != rows["date"]) | ((rows["amount"] - rows["amount_cny"]).abs() > 5e-3)
    return rows[wrong]


@says("Nobody pays cash online.", "payments")
def _(b: Books) -> pd.DataFrame:
    rows = b.payments.merge(b.purchases[["purchase_id", "channel"]])
    return rows[(rows["channel"] == "online") & (rows["method"] == "cash")]


@says("Refunds go back the way they came.", "returns")
def _(b: Books) -> pd.DataFrame:
    method = b.payments.set_index("purchase_id")["method"]
    back, paid = (at(b.returns[name], method) for name in ("refund_id", "purchase_id"))
    return b.returns[back != paid]


@says("Online purchases, and only they, are delivered, to the customer's home.", "deliveries")
def _(b: Books) -> pd.DataFrame:
    rows = b.deliveries.merge(b.purchases, how="left").merge(b.people, how="left")
    return rows[(rows["channel"] != "online") | (rows["address_id"] != rows["household_id"])]


@says("Parcels are sent after the purchase and arrive after they were sent.", "deliveries")
def _(b: Books) -> pd.DataFrame:
    rows = b.deliveries.merge(b.purchases, how="left")
    wrong = (rows["sent_on"] < rows["date"]) | (rows["arrived_on"] <= rows["sent_on"])
    return rows[wrong]


@says("All that was bought online a fortnight before the end was sent.", "deliveries")
def _(b: Books) -> pd.DataFrame:
    old = b.bought[b.bought["date"] < LAST_DAY - pd.Timedelta(days=14)]
    old = old[old["channel"] == "online"]
    return old[~old["purchase_id"].isin(b.deliveries["purchase_id"])]


@says("Nothing is given back before it has arrived.", "returns")
def _(b: Books) -> pd.DataFrame:
    came = at(b.returns["purchase_id"], b.arrival)
    return b.returns[~(b.returns["returned_on"] > came)]


@says("A purchase is given back once, in full, by who bought it.", "returns")
def _(b: Books) -> pd.DataFrame:
    rows = b.returns.merge(b.bought, on="purchase_id", how="left", suffixes=("", "_of"))
    wrong = (rows["amount_cny"] - rows["amount"]).abs() > 0.005
    wrong |= rows["customer_id"] != rows["customer_id_of"]
    return rows[wrong | rows["purchase_id"].duplicated()]


@says("Every refund is a return, and every return a refund.", "returns")
def _(b: Books) -> pd.DataFrame:
    back = b.purchases.loc[b.purchases["amount"] < 0, ["purchase_id"]]
    said = b.returns[["refund_id", "purchase_id"]]
    parts = back[~back["purchase_id"].isin(said["refund_id"])], said[~said["refund_id"].isin(
        back["purchase_id"])]  # fmt: skip
    return pd.concat(parts)


@says("Nobody rates what has not arrived.", "ratings")
def _(b: Books) -> pd.DataFrame:
    return b.ratings[~(b.ratings["rated_on"] >= at(b.ratings["purchase_id"], b.arrival))]


@says("Nobody complains of what has not arrived.", "complaints")
def _(b: Books) -> pd.DataFrame:
    came = at(b.complaints["purchase_id"], b.arrival)
    return b.complaints[~(b.complaints["complained_on"] >= came)]


@says("Nobody complains that goods carried home came late.", "complaints")
def _(b: Books) -> pd.DataFrame:
    rows = b.complaints.merge(b.purchases[["purchase_id", "channel"]])
    return rows[(rows["channel"] == "shop") & (rows["cause"] == "late")]


@says("Nobody complains of a purchase whose service held.", "complaints")
def _(b: Books) -> pd.DataFrame:
    failed = b.truth_purchases.set_index("purchase_id")["failed"]
    return b.complaints[~at(b.complaints["purchase_id"], failed).fillna(False)]


@says("Every complaint is a contact of its customer on that day.", "complaints")
def _(b: Books) -> pd.DataFrame:
    keys = ["customer_id", "purchase_id", "contacted_on"]
    said = b.complaints.rename(columns={"complained_on": "contacted_on"})
    found = said[keys].merge(b.contacts[keys].drop_duplicates(), how="left", indicator=True)
    return b.complaints[(found["_merge"] != "both").to_numpy()]


@says("Ratings, complaints and contacts are of the customer who bought.", "contacts")
def _(b: Books) -> pd.DataFrame:
    who = b.purchases.set_index("purchase_id")["customer_id"]
    parts = [
        rows.loc[at(rows["purchase_id"], who) != rows["customer_id"], ["purchase_id"]]
        for rows in (b.ratings, b.complaints, b.contacts)
    ]
    return pd.concat(parts)


@says("Contacts cost what their channel costs, and never precede the purchase.", "contacts")
def _(b: Books) -> pd.DataFrame:
    cost = at(b.contacts["channel"], b.tariffs.set_index("channel")["cost_cny"])
    bought = at(b.contacts["purchase_id"], b.purchases.set_index("purchase_id")["date"])
    return b.contacts[(cost != b.contacts["cost_cny"]) | (b.contacts["contacted_on"] < bought)]


@says("Who has left buys no more, but may send back.", "purchases")
def _(b: Books) -> pd.DataFrame:
    return b.bought[b.bought["date"] > at(b.bought["customer_id"], b.gone)]


@says("Who left for a failure left on the day of a purchase that failed.", "purchases")
def _(b: Books) -> pd.DataFrame:
    left = b.truth_customers[b.truth_customers["left_for"] == "service failure"]
    sore = b.bought.merge(b.truth_purchases[b.truth_purchases["leaves"]], on="purchase_id")
    first = at(left["customer_id"], sore.groupby("customer_id")["date"].min())
    return left[first != left["dropped_out_on"]]
