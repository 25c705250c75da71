"""Sentences about people: ages and roles that can be, homes, consents, cards."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab.company.audit.books import Books, at, teller

SENTENCES, says = teller()


@says("Everybody is 18 to 80 years old on joining.", "people")
def _(b: Books) -> pd.DataFrame:
    joined = at(b.people["customer_id"], b.first)
    age = (joined - b.people["birth_date"]).dt.days / 365.25
    return b.people[(age < 17.99) | (age > 80.01)]


@says("No hundredth of the customers has one and the same age on joining.", "people")
def _(b: Books) -> pd.DataFrame:
    joined = at(b.people["customer_id"], b.first)
    days = (joined - b.people["birth_date"]).dt.days
    often = days.map(days.value_counts()) > max(5, 0.01 * len(days))
    return b.people[often]


@says("Nobody retired is under 55.", "people")
def _(b: Books) -> pd.DataFrame:
    age = at(b.people["customer_id"], b.age)
    return b.people[(b.people["job_type"] == "retired") & (age < 55)]


@says("The retired, and only they, have no employer, post or tenure.", "people")
def _(b: Books) -> pd.DataFrame:
    retired = b.people["job_type"] == "retired"
    none = b.people[["employer", "workplace", "post", "tenure_years"]].isna()
    return b.people[(none.any(axis=1) != retired) | (none.all(axis=1) != retired)]


@says("Nobody has worked since before the age of 18.", "people")
def _(b: Books) -> pd.DataFrame:
    age = at(b.people["customer_id"], b.age)
    return b.people[b.people["tenure_years"] > age - 18]


@says("Nobody under 21 has been to college.", "people")
def _(b: Books) -> pd.DataFrame:
    age = at(b.people["customer_id"], b.age)
    return b.people[b.people["education"].isin(["college", "postgraduate"]) & (age < 21)]


@says("Nobody under 25 leads or directs.", "people")
def _(b: Books) -> pd.DataFrame:
    age = at(b.people["customer_id"], b.age)
    return b.people[b.people["post"].isin(["lead", "director"]) & (age < 25)]


@says("Nobody married is under 22.", "people")
def _(b: Books) -> pd.DataFrame:
    age = at(b.people["customer_id"], b.age)
    return b.people[(b.people["marital_status"] == "married") & (age < 21.99)]


@says("At most two customers live in one home, and they are married.", "people")
def _(b: Books) -> pd.DataFrame:
    size = b.people.groupby("household_id")["customer_id"].transform("size")
    wrong = (size == 2) & (b.people["marital_status"] != "married")
    return b.people[(size > 2) | wrong]


@says("Spouses are born within twenty years of each other.", "households")
def _(b: Books) -> pd.DataFrame:
    head = b.people.set_index("customer_id")["birth_date"]
    apart = at(b.households["household_id"], head) - b.households["spouse_birth_date"]
    return b.households[apart.abs() > pd.Timedelta(days=20 * 365.25)]


@says("The income of a home is that of its customers.", "households")
def _(b: Books) -> pd.DataFrame:
    total = b.people.groupby("household_id")["income_cny"].sum()
    there = at(b.households["household_id"], total)
    return b.households[(there - b.households["income_cny"]).abs() > 0.01]


@says("Homes have as many members as their couple, children and parents make.", "households")
def _(b: Books) -> pd.DataFrame:
    state = b.people.set_index("customer_id")["marital_status"]
    couple = (at(b.households["household_id"], state) == "married").astype(int)
    parents = 2 * b.households["lives_with_parents"].astype(int)
    return b.households[1 + couple + b.households["children"] + parents != b.households["members"]]


@says("Who has children lives with a spouse and is 20 or older.", "households")
def _(b: Books) -> pd.DataFrame:
    state = b.people.set_index("customer_id")["marital_status"]
    home, has = b.households["household_id"], b.households["children"] > 0
    return b.households[has & ((at(home, state) != "married") | (at(home, b.age) < 20))]


@says("Children are under 19, and their parents were 18 or older at their birth.", "children")
def _(b: Books) -> pd.DataFrame:
    age = (pd.Timestamp("2024-12-31") - b.children["birth_date"]).dt.days / 365.25
    oldest = b.people.assign(age=at(b.people["customer_id"], b.age))
    youngest = oldest.groupby("household_id")["age"].min()
    at_birth = at(b.children["household_id"], youngest) - age
    return b.children[(age > 19) | (age < 0) | (at_birth < 18)]


@says("Siblings are born nine months apart or more.", "children")
def _(b: Books) -> pd.DataFrame:
    rows = b.children.sort_values(["household_id", "birth_date"])
    apart = rows.groupby("household_id")["birth_date"].diff()
    return rows[apart < pd.Timedelta(days=270)]


@says("Consents are given on joining and withdrawn later, if at all.", "consents")
def _(b: Books) -> pd.DataFrame:
    joined = at(b.consents["customer_id"], b.first)
    early = b.consents["withdrawn_on"] <= b.consents["given_on"]
    return b.consents[early | (b.consents["given_on"] != joined)]


@says("Cards are opened with the first purchase, in its store, under its policy.", "cards")
def _(b: Books) -> pd.DataFrame:
    first = b.bought.drop_duplicates("customer_id").set_index("customer_id")
    rows, first = b.cards, first.reindex(b.cards["customer_id"])
    begins = b.policies.set_index("policy_id")["valid_from"]
    wrong = (rows["opened_on"] != first["date"].array) | (rows["store"] != first["store"].array)
    return b.cards[(wrong | (rows["opened_on"] < at(rows["policy_id"], begins))).to_numpy()]


@says("What customers say to spend in the category is at least what they spend with us.", "people")
def _(b: Books) -> pd.DataFrame:
    return b.people[~b.people["loyalty_index"].between(0, 1)]


@says("The loyalty and potential indices add up to 1.", "people")
def _(b: Books) -> pd.DataFrame:
    total = b.people["loyalty_index"] + b.people["potential_index"]
    return b.people[~np.isclose(total, 1)]


@says("Who bought within the last year is not called lost, and the others are.", "people")
def _(b: Books) -> pd.DataFrame:
    last = at(b.people["customer_id"], b.bought.groupby("customer_id")["date"].max())
    lost = (pd.Timestamp("2024-12-31") - last).dt.days > 365
    return b.people[(b.people["customer_type"] == "lost") != lost]
