"""Sentences about the firm: promotions, fans, referrals, sellers, organisations, loans, records."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab.campaigns.simulate.designs import TYPES
from crmlab.company.audit.books import Books, at, teller
from crmlab.company.calendar import LAST_DAY

SENTENCES, says = teller()


@says("A promotion's type fits its medium: no print on the radio.", "promotions")
def _(b: Books) -> pd.DataFrame:
    pairs = zip(b.promotions["medium"], b.promotions["type"], strict=True)
    return b.promotions[[kind not in TYPES[medium] for medium, kind in pairs]]


@says("A promotion's fixed cost is at most 10 CNY for each customer of the firm.", "promotions")
def _(b: Books) -> pd.DataFrame:
    return b.promotions[b.promotions["fixed_cost_cny"] > 10 * max(len(b.people), 2)]


@says("Answers to every promotion end within the window.", "promotions")
def _(b: Books) -> pd.DataFrame:
    return b.promotions[b.promotions["starts_at"] >= LAST_DAY - pd.Timedelta(days=12)]


@says("Nobody is drawn for a promotion without a standing consent to marketing.", "targets")
def _(b: Books) -> pd.DataFrame:
    consents = b.consents[b.consents["purpose"] == "marketing"]
    rows = b.targets.merge(consents, on="customer_id", how="left")
    wrong = rows["given_on"].isna() | (rows["given_on"] > rows["starts_at"])
    return rows[wrong | (rows["withdrawn_on"] <= rows["starts_at"])]


def _of(b: Books, audience: str) -> pd.DataFrame:
    """Return the targets of the promotions for an audience."""
    design = b.promotions.set_index("promotion_id")["audience"]
    return b.targets[at(b.targets["promotion_id"], design) == audience]


@says("Promotions for new customers reach those who joined within 180 days.", "targets")
def _(b: Books) -> pd.DataFrame:
    rows = _of(b, "new customers")
    days = (rows["starts_at"].dt.floor("D") - at(rows["customer_id"], b.first)).dt.days
    return rows[~days.between(0, 180)]


@says("Promotions for lapsed customers reach nobody who bought within 90 days.", "targets")
def _(b: Books) -> pd.DataFrame:
    rows = _of(b, "lapsed customers")
    rows = rows.assign(day=rows["starts_at"].dt.floor("D"))
    log = b.bought[["customer_id", "date"]].sort_values("date")
    found = pd.merge_asof(
        rows.sort_values("day"), log, left_on="day", right_on="date", by="customer_id",
        allow_exact_matches=False,
    )  # fmt: skip
    days = (found["day"] - found["date"]).dt.days
    return found[~(days > 90)]


@says("Promotions for big spenders reach nobody who has spent less than 800 CNY.", "targets")
def _(b: Books) -> pd.DataFrame:
    rows = _of(b, "big spenders").sort_values("starts_at")
    rows = rows.assign(day=rows["starts_at"].dt.floor("D"))
    log = b.bought[["customer_id", "date", "amount"]].sort_values("date", kind="stable")
    log = log.assign(spent=log.groupby("customer_id")["amount"].cumsum())
    found = pd.merge_asof(
        rows, log, left_on="day", right_on="date", by="customer_id", allow_exact_matches=False
    )
    return found[~(found["spent"] >= 799.995)]


@says("Contacts are answered within 14 days, by the customer's own purchase.", "responses")
def _(b: Books) -> pd.DataFrame:
    rows = b.responses.merge(b.targets, on=["promotion_id", "customer_id"], how="left")
    bought = b.bought[["purchase_id", "customer_id", "date"]]
    rows = rows.merge(bought, on="purchase_id", how="left")
    days = (rows["bought_on"] - rows["starts_at"].dt.floor("D")).dt.days
    wrong = ~days.between(0, 13) | (rows["date"] != rows["bought_on"])
    return rows[wrong | (rows["customer_id_x"] != rows["customer_id_y"])]


@says("Who was held out, or had left, cannot have been moved by the promotion.", "targets")
def _(b: Books) -> pd.DataFrame:
    held = b.targets["held_out"].to_numpy()
    start, gone = b.targets["starts_at"], at(b.targets["customer_id"], b.gone)
    none = held | (gone < start.dt.floor("D")).to_numpy()
    hidden = b.truth_targets
    return hidden[none & ((hidden["response_probability"] > 0) | hidden["caused"]).to_numpy()]


@says("Every purchase that a promotion caused is of a contact that did.", "targets")
def _(b: Books) -> pd.DataFrame:
    keys = ["promotion_id", "customer_id"]
    caused = b.bought.merge(b.truth_purchases[b.truth_purchases["promotion_id"] > 0])
    found = caused[keys].merge(b.truth_targets[b.truth_targets["caused"]][keys], how="left",
                               indicator=True)  # fmt: skip
    return caused[(found["_merge"] != "both").to_numpy() | caused.duplicated(keys).to_numpy()]


@says("Fans follow after joining, and while they are customers.", "fans")
def _(b: Books) -> pd.DataFrame:
    number = b.fans["customer_id"]
    early = b.fans["followed_on"] < at(number, b.first)
    return b.fans[early | (b.fans["followed_on"] > at(number, b.gone))]


def _events(b: Books) -> pd.DataFrame:
    """Return the days on which each fan followed, left and returned, beside each other."""
    rows = b.follows.pivot(index="fan_id", columns="event", values="on_day")
    return rows.reindex(columns=["follow", "unfollow", "return"]).astype("M8[us]")


@says("Fans follow first, leave later and return after that.", "follows")
def _(b: Books) -> pd.DataFrame:
    rows = _events(b)
    wrong = (rows["unfollow"] < rows["follow"]) | (rows["return"] <= rows["unfollow"])
    return rows[wrong | rows["follow"].isna() | (rows["return"].notna() & rows["unfollow"].isna())]


@says("Fans interact only while they follow and are customers.", "interactions")
def _(b: Books) -> pd.DataFrame:
    rows = _events(b)
    rows = b.interactions.join(rows, on="fan_id")
    away = (rows["on_day"] >= rows["unfollow"]) & ~(rows["on_day"] >= rows["return"])
    gone = rows["on_day"] > at(rows["fan_id"], b.gone)
    return b.interactions[((rows["on_day"] < rows["follow"]) | away | gone).to_numpy()]


@says("Nobody is brought by themselves, or by who joined later.", "referrals")
def _(b: Books) -> pd.DataFrame:
    by, on = at(b.referrals["referred_by"], b.first), b.referrals["referred_on"]
    return b.referrals[(by > on) | (b.referrals["referred_by"] == b.referrals["customer_id"])]


@says("Customers are referred on the day they join.", "referrals")
def _(b: Books) -> pd.DataFrame:
    return b.referrals[at(b.referrals["customer_id"], b.first) != b.referrals["referred_on"]]


@says("Who refers somebody is a customer on that day.", "referrals")
def _(b: Books) -> pd.DataFrame:
    return b.referrals[at(b.referrals["referred_by"], b.gone) < b.referrals["referred_on"]]


@says("Whoever was brought for content was brought by a fan.", "referrals")
def _(b: Books) -> pd.DataFrame:
    since = b.fans.set_index("customer_id")["followed_on"]
    rows = b.referrals[b.referrals["reason"] == "content"]
    return rows[~(at(rows["referred_by"], since) <= rows["referred_on"])]


@says("Sellers are customers who began after joining.", "sellers")
def _(b: Books) -> pd.DataFrame:
    return b.sellers[~(b.sellers["started_on"] >= at(b.sellers["customer_id"], b.first))]


@says("Sellers begin, and serve whom they do, while both are customers.", "sellers")
def _(b: Books) -> pd.DataFrame:
    sellers, served = b.sellers, b.seller_customers
    late = sellers[sellers["started_on"] > at(sellers["customer_id"], b.gone)]
    until = at(served["customer_id"], b.gone), at(served["seller_id"], b.gone)
    gone = (served["since"] > until[0]) | (served["since"] > until[1])
    return pd.concat([late, served[gone]])


@says("Recruits began after who recruited them, and the chain has no circle.", "recruits")
def _(b: Books) -> pd.DataFrame:
    start = b.sellers.set_index("seller_id")["started_on"]
    mine, theirs = (at(b.recruits[name], start) for name in ("seller_id", "recruited_by"))
    by = b.recruits.set_index("seller_id")["recruited_by"]
    # Who stands above whom, one, two, four, eight … steps up: at last nobody, but in a circle.
    above = b.recruits["recruited_by"]
    for _ in range(len(by).bit_length()):
        above, by = at(above, by), at(by, by)
    return b.recruits[(mine < theirs) | above.notna()]


@says("Nobody who sells is served by another seller, and service begins after both.", "sellers")
def _(b: Books) -> pd.DataFrame:
    rows = b.seller_customers
    start = at(rows["seller_id"], b.sellers.set_index("seller_id")["started_on"])
    early = (rows["since"] < start) | (rows["since"] < at(rows["customer_id"], b.first))
    return rows[early | rows["customer_id"].isin(b.sellers["customer_id"])]


@says("Assets are liabilities and equity, to the fen.", "statements")
def _(b: Books) -> pd.DataFrame:
    s = b.statements
    have = [f"{name}_cny" for name in ("cash", "receivables", "inventory", "fixed_assets")]
    owe = [f"{name}_cny" for name in ("payables", "short_debt", "long_debt", "equity")]
    return s[(s[have].sum(axis=1) - s[owe].sum(axis=1)).abs() > 0.005]


@says("Cash flows tie opening to closing cash, and one year to the next.", "statements")
def _(b: Books) -> pd.DataFrame:
    s = b.statements.sort_values(["organisation_id", "year"])
    names = [f"{name}_cash_cny" for name in ("operating", "investing", "financing")]
    flows = s[names].sum(axis=1)
    before = s.groupby("organisation_id")["cash_cny"].shift()
    apart = (s["opening_cash_cny"] + flows - s["cash_cny"]).abs() > 0.02
    return s[apart | ((before - s["opening_cash_cny"]).abs() > 0.005)]


@says("Profit is sales less all costs, to the fen.", "statements")
def _(b: Books) -> pd.DataFrame:
    s = b.statements
    names = ("cost_of_sales", "expenses", "depreciation", "interest", "tax", "net_profit")
    parts = s[[f"{name}_cny" for name in names]].sum(axis=1)
    return s[(s["sales_cny"] - parts).abs() > 0.02]


@says("Loans bear interest: what falls due is more than what was lent.", "loans")
def _(b: Books) -> pd.DataFrame:
    due = b.repayments.groupby("loan_id")["due_cny"].sum()
    return b.loans[at(b.loans["loan_id"], due) <= b.loans["amount_cny"]]


@says("Instalments are paid when due or later, in full or not at all.", "repayments")
def _(b: Books) -> pd.DataFrame:
    r = b.repayments
    paid = r["paid_on"].notna()
    wrong = (r["paid_on"] < r["due_on"]) | (r["due_on"] > LAST_DAY)
    return r[wrong | (paid & (r["paid_cny"] != r["due_cny"])) | (~paid & (r["paid_cny"] != 0))]


@says("Who defaults pays nothing from that month on; the others pay all.", "repayments")
def _(b: Books) -> pd.DataFrame:
    stops = at(b.repayments["loan_id"], b.truth_loans.set_index("loan_id")["stops_in_month"])
    pays = (stops == 0) | (b.repayments["month"] < stops)
    # What was paid after the end is not seen.
    late = b.repayments["due_on"] > LAST_DAY - pd.Timedelta(days=40)
    return b.repayments[(b.repayments["paid_on"].notna() != pays) & ~(late & pays)]


@says("Organisations order for what their file says they bought in 2024.", "orders")
def _(b: Books) -> pd.DataFrame:
    year = b.orders[b.orders["ordered_on"].dt.year == 2024]
    spend = year.groupby("organisation_id")["amount_cny"].sum()
    there = at(b.organisations["organisation_id"], spend).fillna(0.0)
    return b.organisations[(there - b.organisations["sales_results_cny"]).abs() > 0.01]


@says("Orders are paid after they were placed.", "orders")
def _(b: Books) -> pd.DataFrame:
    return b.orders[b.orders["paid_on"] < b.orders["ordered_on"]]


@says("No record was written before its customer joined.", "records")
def _(b: Books) -> pd.DataFrame:
    who = at(b.records["record_id"], b.truth_records.set_index("record_id")["customer_id"])
    return b.records[b.records["updated_on"] < at(who, b.first)]


@says("Who has bought online stands in the web shop's records.", "records")
def _(b: Books) -> pd.DataFrame:
    who = at(b.records["record_id"], b.truth_records.set_index("record_id")["customer_id"])
    there = {*who[b.records["system"] == "web shop"]}
    online = b.bought[b.bought["channel"] == "online"].drop_duplicates("customer_id")
    return online[~online["customer_id"].isin(there)]


@says("Who has called stands in the service desk's records.", "records")
def _(b: Books) -> pd.DataFrame:
    who = at(b.records["record_id"], b.truth_records.set_index("record_id")["customer_id"])
    there = {*who[b.records["system"] == "service desk"]}
    callers = b.contacts.drop_duplicates("customer_id")
    return callers[~callers["customer_id"].isin(there)]


@says("A person stands in a system at most twice.", "records")
def _(b: Books) -> pd.DataFrame:
    who = b.truth_records[["record_id", "customer_id"]].merge(b.records)
    size = who.groupby(["customer_id", "system"])["record_id"].transform("size")
    return who[size > 2]


@says("A field that is missing is empty, and only such a one.", "records")
def _(b: Books) -> pd.DataFrame:
    rows = b.truth_records.merge(b.records)
    wrong = np.zeros(len(rows), dtype=bool)
    for field in ("name", "phone", "email", "birth_date", "address"):
        said = rows["missing"].str.split().apply(lambda names, field=field: field in names)
        wrong |= (rows[field].isna() != said).to_numpy()
    return rows[wrong]
