# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["slide"]
# # 04 · What should we store about a customer, and how?
#
# A small shop keeps one big sheet. Each product of an order is a row, with the customer's name,
# phone and address beside it. The sheet has 200 orders and works well. Then three customers move.
#
# **Before you run anything, write down your guess:** type it in place of the three dots below.
#
# You will be able to
#
# * see why a sheet contradicts itself, and take it apart so that it cannot (11 minutes);
# * read and design a customer database: what is stored, and what refers to what (18 minutes);
# * ask it questions in SQL, and see why one answer is quick and another slow (12 minutes);
# * write one page about a customer, and say what does not belong on it (7 minutes);
# * say what must be stored about a promotion (3 minutes).
#
# *Needs a little Python and no SQL. Data: a simulated sheet, seed 3, and Hehua with 1,000
# customers, simulated, seed 2024. Everybody is invented; phone numbers and domains are reserved and
# reach nobody.*

# %% [markdown]
# 1. The shop later finds two addresses for each of the three. If it trusts the address that stands
#    on *more* rows, for how many of the three does it write to the right house?

# %%
from crmlab.classroom import check, guess, reveal

guess("04.a", ...)

# %% [markdown]
# 2. A firm has more than 7,000 purchases in its database. Customer 7 made two of them. To find
#    these two, how many rows must the database look at, if it is well built?

# %%
guess("04.b", ...)

# %% [markdown] minutes=11 tags=["slide"]
# ## Why does the sheet contradict itself?
#
# Here it is.

# %%
from crmlab.database import simulate_order_sheet

sheet, right = simulate_order_sheet(200, seed=3)
sheet.head(5)

# %% [markdown] tags=["fragment"]
# Nothing looks wrong, and the person who wrote it was careful. But further down some cells hold
# *two* products, so nobody can add up the prices. That is the first thing to mend: one value in a
# cell. The next table shows the four cells of one such row.

# %%
from crmlab.database import several_values, split_cells

double = several_values(sheet)
lines = split_cells(sheet, columns=["product", "category", "price_cny", "quantity"])
print(f"{double['row'].nunique()} rows held two products; {len(sheet)} rows became {len(lines)}")
double.head(4)

# %% [markdown] tags=["subslide"]
# Now the real trouble. The address of a customer stands on *every* order. If the sheet is right,
# each customer has one address. **Now you.** Complete the function, which counts the different
# addresses of each customer: group the rows by `"customer"`, take the column `"address"`, and count
# with `.nunique()`. The last lines try it on three orders: Bai gave two addresses, Chen one.

# %% tags=["solution"]
import pandas as pd


def addresses_of(rows):
    return rows.groupby("customer")["address"].nunique()  # you type this


three = pd.DataFrame({"customer": ["Bai", "Bai", "Chen"], "address": ["A", "B", "C"]})
check("04.c", addresses_of(three), pd.DataFrame({"customer": ["Bai", "Chen"], "address": [2, 1]}))

# %% tags=["fragment"]
how_many = addresses_of(lines)
moved = how_many.index[how_many > 1]
print("Customers with two addresses:", ", ".join(moved))

# %% [markdown] tags=["subslide"]
# There they are. The rule "who has the same name has the same address" is broken three times. Such
# a rule is called a *functional dependency* (函数依赖): the customer *determines* the address. The
# next function asks the sheet which rules it keeps, exactly or nearly. **Before you run it:** what
# should determine the price?

# %%
from crmlab.database import dependencies

dependencies(lines, most_columns=1).round(3)

# %% [markdown] tags=["fragment"]
# `error` is the smallest share of rows that you would have to change so that the rule holds;
# `tested` says how many rows could have broken it. Where `error` is small but not zero, either
# somebody made a mistake, or it never was a rule. The data cannot tell which: a phone has one
# owner, until a couple shares it. So we ask the shopkeeper, who confirms these. (The phone of an
# order follows from two of them: the order tells the customer, and the customer tells the phone.)

# %%
rules = {
    "order_id": ["date", "customer"],
    "customer": ["phone", "address"],
    "product": ["category", "price_cny"],
}

# %% [markdown] tags=["subslide"]
# `anomalies` shows where a rule is broken. This is an *update anomaly* (更新异常): one fact stands
# on many rows, and was changed on some of them only.

# %%
from crmlab.database import anomalies

broken = anomalies(lines, rules)
broken.groupby(["dependent", "value"])["written"].unique().map(" | ".join).reset_index()

# %% [markdown] tags=["subslide"]
# Now your first guess. `mended` lets the majority of the rows decide; then we open the truth.

# %%
from crmlab.database import mended

decided = mended(lines, rules)
both = [rows.groupby("customer")["address"].first()[moved] for rows in (decided, right.sheet)]
address = pd.concat(both, axis=1, keys=["majority", "truth"])
address["right"] = address["majority"] == address["truth"]
reveal("04.a", address["right"].sum())
address

# %% [markdown] tags=["fragment"]
# Most of the letters go to the wrong house. The majority is no witness: it only tells which address
# somebody happened to leave on more rows. Nothing repairs this afterwards; only the customer knows.
# The lesson is not "clean your data" but "write each fact *once*".
#
# The sheet has two more faults that no cleaning can cure.

# %%
from crmlab.database import lost_facts

forgotten = lost_facts(decided, rules, by="order_id")
once = forgotten.groupby("determinant")["value"].nunique()
print(f"Known from one order only: {once['customer']} customers, {once['product']} product")
print("Never ordered, so nowhere to write them:", ", ".join(right.unwritten["customer"]))
forgotten[forgotten["determinant"] == "product"]

# %% [markdown] tags=["fragment"]
# Delete the one order of bath salts, and the shop no longer knows what they cost (*deletion
# anomaly*, 删除异常). Somebody who asked for a catalogue cannot be written down before buying
# (*insertion anomaly*, 插入异常).

# %% [markdown] tags=["subslide"]
# ### Each fact in one place
#
# A *key* (键) is what tells the rows apart: here the order and the product together. The *normal
# form* (范式) of a table says how well its facts are kept apart:
#
# * *first* (1NF): one value in a cell;
# * *second* (2NF): besides, every other column needs the *whole* key and not a part of it;
# * *third* (3NF): besides, no such column depends on another column that is no key.
#
# The sheet that we got was not even in the first. **Before you run it:** which form has it reached
# now, with one value in a cell? Type `"1NF"`, `"2NF"` or `"3NF"`.

# %%
guess("04.d", ...)

# %% tags=["fragment"]
from crmlab.database import normal_form

form = normal_form(lines, key=["order_id", "product"], dependencies=rules)
reveal("04.d", form.name)
print("\n".join(form.breaches["reason"]))

# %% [markdown]
# Each line names the remedy too: what determines something gets a table of its own.

# %%
from crmlab.database import decompose

tables = decompose(decided, key=["order_id", "product"], dependencies=rules)
for key, part in tables.items():
    print(f"{key:20}  {len(part):4} rows  {', '.join(part.columns)}")

# %% [markdown] tags=["fragment"]
# Four tables in *third normal form* (第三范式). An address now stands in one cell. A wrong one is
# still wrong, but to mend it is to write *once*. And nothing was lost: joined again, they are the
# rows that we took apart.

# %%
from crmlab.database import join_tables

again = join_tables(tables)[decided.columns]
same = again.equals(decided.sort_values(["order_id", "product"], ignore_index=True))
print("The same rows:", same)
print(f"Cells: {decided.size:,} before, {sum(part.size for part in tables.values()):,} after")

# %% [markdown] minutes=10 tags=["slide"]
# ## What should Hehua store?
#
# Now a real firm. The field sorts what is known about customers into three classes (客户数据分类):
# *descriptive data* (描述性数据: who they are), *promotion data* (促销性数据: what we did to them)
# and *transaction data* (交易型数据: what they did). Hehua's *data dictionary* (数据字典) lists
# each field with its type, unit, meaning and Chinese name.

# %%
from crmlab.company import load_company
from crmlab.dictionary import data_model

pd.set_option("display.max_colwidth", None)
company, truth = load_company()
fields = data_model()
fields.groupby("data_class").agg(tables=("table", "nunique"), fields=("field", "size"))

# %% [markdown] tags=["subslide"]
# ### Six blocks about a person, five about a firm
#
# What is known of a person (个人客户信息模型) comes in six blocks, what is known of an organisation
# (团体客户信息模型) in five. **Before you run it:** a firm has an address, an industry, a credit
# grade, a problem or two. How many fields of its file are about single *people* who work there?

# %%
guess("04.e", ...)

# %% tags=["fragment"]
blocks = fields[fields["block"] != ""]
of_a_firm = blocks["table"].isin(["organisations", "offices"])
model = of_a_firm.map({True: "organisation", False: "person"}).rename("model")
sizes = blocks.groupby([model, "block"]).size()
reveal("04.e", sizes["organisation", "people"].item())
sizes.rename("fields").reset_index()

# %% [markdown] tags=["fragment"]
# Contact, decision-maker, senior manager, purchasing manager, their age, character and interests: a
# firm does not buy, people do. And no block is out of date sooner, for all that is known of a
# manager is wrong on the day when somebody else has the job.
#
# Now one block of a person in full.

# %%
fields.query("table == 'people' and block == 'credit'")[["field", "unit", "meaning", "meaning_zh"]]

# %% [markdown] tags=["fragment"]
# Look at the customer type: existing, potential or lost. Hehua calls customers lost when they have
# bought nothing for a year. **Before you run it:** of 100 customers whom the table calls
# *existing*, how many have in truth left for good?

# %%
guess("04.f", ...)

# %% tags=["fragment"]
who = company.people.merge(truth.customers[["customer_id", "dropped_out_on"]])
who["left"] = who["dropped_out_on"].notna()
gone = who.groupby("customer_type")["left"].agg(customers="size", left="sum", share="mean")
reveal("04.f", round(100 * gone.loc["existing", "share"]))
gone.round(2)

# %% [markdown] tags=["fragment"]
# Nobody says goodbye, so the field is a rule of thumb and no fact: it calls people existing who
# left last month, and people lost who buy seldom. A good dictionary says which fields are seen and
# which are guessed. (Chapter 10 guesses better.)
#
# The other blocks go down to blood type and the reason for leaving the last job. The course's
# material asks for them all. The question is not whether a field *could* be useful, but for what
# purpose it is needed. Blood type, medical history and bank card stay empty at Hehua.

# %% [markdown] minutes=4 tags=["subslide"]
# ### Who sends goods back?
#
# Transaction data (客户交易型数据) are what customers did: purchases, and what came after them.
# Here is one customer's account. Each refund knows *which* purchase it gives back, and
# `cumulative_amount` (累计金额) is the running sum.

# %%
from crmlab.behaviour import cumulative_amount, return_rate

account = cumulative_amount(company.purchases, company.returns)
account.query("customer_id == 556").head(8)[
    ["date", "purchase_id", "event", "amount", "cumulative_amount"]
]

# %% [markdown] tags=["fragment"]
# Because a refund is linked, it can be counted where the goods were *sold*. Here is the share of
# purchases that came back, with its interval. A manager reads: "The web shop brings returns. Close
# it?" **Before you go on:** what else could explain it?

# %%
return_rate(company.purchases, company.returns, by="channel").round(3)

# %% [markdown] tags=["subslide"]
# The truth knows the *price hunters* (价格猎手) among the customers, who wait for reductions. We
# ask the same of them and of all others.

# %%
hunters = truth.customers.query("persona == 'price hunter'")["customer_id"]
sold = company.purchases.copy()
is_hunter = sold["customer_id"].isin(hunters)
sold["who"] = is_hunter.map({True: "price hunters", False: "others"}) + ", " + sold["channel"]
return_rate(sold, company.returns, by="who").round(3)

# %% [markdown] tags=["fragment"]
# In neither group is there a difference that chance could not make, and of the others *less* comes
# back from the web shop. Price hunters send more back wherever they buy, and nearly half of what
# the web shop sells, it sells to them. To close it would move the returns to the shops. (A whole
# that says something else than each of its parts is *Simpson's paradox*, 辛普森悖论.) The answer
# needed three tables joined by keys: purchases, returns and people. So let us draw the keys.

# %% [markdown] tags=["subslide"]
# An *entity-relationship diagram* (实体关系图, ER 图) shows what refers to what. A *primary key*
# (主键) names a row; a *foreign key* (外键) points at a row of another table.
#
# **Before you look:** of the nine tables below, which one has the most connections? (`lines` are
# the lines of a bill.) Type its name, such as `"cards"`.

# %%
guess("04.g", ...)

# %% tags=["subslide", "hide-input"] alt="People in the middle, joined to home, card and purchases"
from crmlab.database import Diagram

bought = ["cards", "purchases", "lines", "products"]
contacted = ["promotions", "targets"]
diagram = Diagram(["addresses", "households", "people", *bought, *contacted])
diagram

# %% tags=["fragment"]
ends = diagram.relations[["table", "refers_to"]].melt()["value"]
reveal("04.g", ends.value_counts().idxmax())

# %% [markdown] tags=["fragment"]
# Follow the line from `people` to `purchases`: two strokes at `people` say *exactly one*, the fork
# at `purchases` says *any number*. So each purchase belongs to one person, and a person has any
# number of purchases. A purchase holds no address: the way to it leads through person and
# household.
#
# **Now you.** Which column of `people` is the foreign key that points at `households`? Write its
# name in quotes.

# %% tags=["solution"]
points_at_home = "household_id"  # you type this
keys = diagram.relations.query("table == 'people' and refers_to == 'households'")
check("04.h", points_at_home, keys["columns"].item())

# %% [markdown] minutes=4 tags=["subslide"]
# ## A store that says no
#
# A *database* (数据库) differs from a sheet in one thing above all: it refuses. Ours is SQLite: a
# whole database in one file, or, as here, in memory. `upgrade` makes the empty tables, and
# `load_tables` fills them.

# %%
from crmlab.database import load_tables, open_database, upgrade

database = open_database(":memory:")
upgrade(database)
rows = load_tables(database, vars(company))
print(f"{sum(rows.values()):,} rows in {len(rows)} tables")

# %% [markdown]
# A till sends three purchases in one *batch* (一批). One of them is by a customer whom nobody
# knows. Then the service desk sends a rating of 9 on a scale from 1 to 5. **Before you run it:**
# how many of the three purchases will be stored?

# %%
guess("04.i", ...)

# %% tags=["fragment"]
from crmlab.database import upsert
from crmlab.errors import CrmlabError

purchase = company.purchases.tail(3).assign(purchase_id=[900_001, 900_002, 900_003])
purchase["customer_id"] = [1, 2, 99_999]
rating = company.ratings.tail(1).assign(product=9)
for table, batch in (("purchases", purchase), ("ratings", rating)):
    try:
        upsert(database, table, batch)
    except CrmlabError as refusal:
        print(f"{refusal}\n")

# %% tags=["fragment"]
from crmlab.database import sql

stored = sql(database, "select count(*) as n from purchases where purchase_id > 900000")
reveal("04.i", stored["n"].item())

# %% [markdown] tags=["fragment"]
# (Rows count from 0, so row 2 is the third.) The two good purchases are not stored either: a
# *transaction* (事务) happens whole or not at all. Half a batch would be worse than none, because
# nobody would know which half.

# %% [markdown] tags=["subslide"]
# ### Start small, and grow without loss
#
# The course has four rules for building a customer database (构建客户数据库):
#
# 1. foresee what will be asked, also about what follows a purchase;
# 2. design each part with care, but leave room;
# 3. start small and useful, learn, evaluate, improve;
# 4. let many departments take part, so that all is collected and all understand it.
#
# By rule 3 the design changes while customers are in it. Here is Hehua's first database, of two
# tables, and its *migration* (迁移) to the whole design. **Will a row get lost?**

# %%
from crmlab.database.migration.versions.v1 import V1

small = open_database(":memory:")
upgrade(small, to=1)
homes = company.households[["household_id", "address_id"]].merge(company.addresses)
people = company.people.merge(homes).rename(columns={"line": "address"})
customers = people[
    ["customer_id", "name", "phone", "email", "birth_date", "city", "address", "postcode"]
]
load_tables(small, {"customers": customers, "purchases": company.purchases}, metadata=V1)
grown = upgrade(small)
grown.query("rows_before > 0 or rows_after > 0").drop(columns="version")

# %% [markdown] tags=["fragment"]
# None. `customers` was taken apart as the sheet was: each person once, and people who gave the same
# house now share one household and one address.

# %% [markdown] minutes=9 tags=["slide"]
# ## How do I ask it?
#
# In SQL. Read it aloud: *select* these columns *from* this table; *join* to each purchase the
# person with the same number; keep the rows *where* this holds; make one *group* of each customer,
# in which we count and sum; *order* by money, largest first (`desc`); *limit* the answer to five.
# (A refund is a purchase with a negative amount, so `amount > 0` leaves it out.)
#
# Run the cell, then change it: `'shop'` instead of `'online'`, ten rows, the smallest first.

# %%
sql(
    database,
    """
    select people.name, count(*) as purchases, round(sum(amount), 2) as spend_cny
    from purchases
    join people on people.customer_id = purchases.customer_id
    where channel = 'online' and amount > 0
    group by people.customer_id, people.name
    order by spend_cny desc
    limit 5
    """,
)

# %% [markdown] tags=["fragment"]
# You cannot break anything: `sql` only reads. And a mistake gets an answer that says what is wrong.

# %%
for text in ("select nam from people", "delete from people"):
    try:
        sql(database, text)
    except CrmlabError as refusal:
        print(str(refusal)[:100], "…")

# %% [markdown] tags=["subslide"]
# **Now you.** How many purchases were made online? Write a question that counts the rows of
# `purchases` `where channel = 'online'`. Look above for how to count. If you name the count, as in
# `count(*) as n`, then `sql(database, "...")["n"].item()` is the number itself.

# %% tags=["solution"]
online = "select count(*) as n from purchases where channel = 'online'"
bought_online = sql(database, online)["n"].item()  # you type this
check("04.j", bought_online, int((company.purchases["channel"] == "online").sum()))

# %% [markdown] tags=["subslide"]
# A value that comes from outside, from a form on a web page say, never goes *into* the text. It
# travels beside it, as a *parameter* (参数). **Before you run it:** what would happen if the name
# below were pasted into the question?

# %%
name = "x' or '1'='1"
pasted = sql(database, f"select count(*) as found from people where name = '{name}'")
beside = sql(database, "select count(*) as found from people where name = :name", name=name)
print("Pasted:", pasted["found"].item(), "people.  As a parameter:", beside["found"].item())

# %% [markdown] tags=["fragment"]
# Pasted, the name became part of the question, and "or '1'='1'" is true for everybody. This is an
# *injection* (SQL 注入). Real customer lists have been stolen in this way.

# %% [markdown] tags=["subslide"]
# ### Choose, and read the SQL
#
# **Before you touch it:** in which customers' city is the mean purchase largest? Leave the table at
# `purchases`, set *where* to `amount` > 0, group by `addresses.city` (a `store` is where they
# bought), and take the total `mean amount`. Then read the `JOIN` lines: how many tables away from
# the purchase is the city?

# %%
from crmlab.database import explore_query

explore_query(database)

# %% [markdown]
# On paper nothing moves, so here is that question as somebody would write it by hand.

# %%
answer = sql(
    database,
    """
    select addresses.city, count(*) as purchases, avg(purchases.amount) as mean_cny
    from purchases
    join people on people.customer_id = purchases.customer_id
    join households on households.household_id = people.household_id
    join addresses on addresses.address_id = households.address_id
    where purchases.amount > 0
    group by addresses.city
    order by mean_cny
    """,
)

# %% tags=["hide-input", "subslide"] alt="Bars of five cities; Wuhan spends most per purchase"
bars = answer.set_index("city")["mean_cny"].plot.barh(figsize=(9, 3.5), color="#0072B2")
_ = bars.set(xlabel="Mean purchase (CNY)", ylabel="")

# %%
answer.round(2)

# %% [markdown]
# Three joins: from the purchase to the person, to the household, to the address. (The widget writes
# `LEFT JOIN`, which keeps a purchase even where the way breaks off, and `:amount_1` is a
# parameter.) A database says *what*. It does not say why, or whether such a difference is chance.

# %% [markdown] minutes=3 tags=["subslide"]
# ### Why is one question quick and another slow?
#
# "What did customer 7 buy?" We ask twice: without and with what is called an *index* (索引). Your
# second guess is about to meet the truth. `rows_visited` says how many rows the database looks at.

# %%
from crmlab.database import add_index, drop_index, explain

question = "select date, amount from purchases where customer_id = :who"
drop_index(database, "purchases", "customer_id", "date")
without = explain(database, question, who=7)
add_index(database, "purchases", "customer_id", "date")
indexed = explain(database, question, who=7)
reveal("04.b", indexed["rows_visited"].item())
pd.concat({"without index": without, "with index": indexed})

# %% [markdown] tags=["fragment"]
# It works like the index of a book: sorted, with page numbers. Without it you turn every page. With
# thousands of rows you do not feel the difference, with millions you do. An index costs something
# too: it takes up room, and each new purchase must be sorted into it.

# %% [markdown] minutes=7 tags=["slide"]
# ## What stands on one customer's page?
#
# A *customer archive* (客户档案) is everything about one customer on one page, with what is missing
# and how old it is. **Before you look:** should such a page be 100% complete?

# %%
from crmlab.database import archive

archive(database, 286)

# %% [markdown] tags=["fragment"]
# What would make it complete? A fax, which hardly anybody has any more. To count filled fields
# rewards the firm that asks for everything. So ask the other way round: what is
# each field *needed* for? The sellers of Amway (安利) go from person to person and keep a *customer
# card* (顾客资料卡). These are the fields of it for which we found no need.

# %%
from crmlab.database import card_fields

card = card_fields()
card[card["needed"] == ""][["field", "block", "meaning_zh", "is_sensitive"]]

# %% [markdown] tags=["subslide"]
# You may find a need for one of them: then write it down, and ask the customer. Her page
# showed her income to whoever looked. On the card, sensitive fields are masked. Whoever wants to
# see one must give a name and a purpose, and the log keeps both, allowed or refused.

# %%
from crmlab.database import selling_card

log = []
wish = {"reveal": ["income_cny"], "who": "Lin", "audit": log}
selling_card(database, 286, purpose="research", **wish)
try:
    selling_card(database, 7, purpose="research", **wish)
except CrmlabError as refusal:
    print("Refused:", refusal)
pd.DataFrame(log)

# %% [markdown] tags=["subslide"]
# ### How loyal is a customer?
#
# One customer spends 300 yuan with us in a year. Is that much? It depends on what they spend
# with others. The *loyalty index* (忠诚度指数) is our share of all that they spend, the *potential
# index* (潜在消费指数) is the rest.
#
# **Now you.** Complete the function. The last line tries it: 300 with us and 700 elsewhere.


# %% tags=["solution"]
def loyalty(ours, elsewhere):
    return ours / (ours + elsewhere)  # you type this


check("04.k", loyalty(300, 700), 0.3)

# %% [markdown] tags=["fragment"]
# The function takes whole columns too. `wallet` holds what each customer spends a year with us, and
# what they *say* they spend in all.

# %% tags=["fragment"]
from crmlab.loyalty import wallet

purse = wallet(company.people, company.purchases)
index = loyalty(purse["spend_per_year"], purse["total_per_year"] - purse["spend_per_year"])
print(f"Mean {index.mean():.3f}; in truth {truth.customers['wallet_share'].mean():.3f}")

# %% tags=["subslide"]
from crmlab.database import loyal_customers

loyal_customers(database).head(5)[["name", "loyalty_index", "repeats", "spend_cny"]]

# %% [markdown] tags=["fragment"]
# Look for a customer who spent little here, but almost nothing elsewhere: a list by money would
# never show that person. (An index of exactly 1 deserves doubt: some people say that they spend
# less in all than we sold them.)
#
# And whom should we contact next, about what? Who does not agree, or no longer, is not contacted.

# %%
from crmlab.database import personalised_service

contacts = pd.DataFrame([vars(personalised_service(database, who)) for who in (286, 459)])
contacts.drop(columns="products")

# %% [markdown] tags=["fragment"]
# That was the last of five features which the course asks of a customer database
# (客户数据库的特点). It is one system to manage and query (`sql`), its structure holds
# relationships (`Diagram`), it recognises the loyal (`loyal_customers`), it is a reference on how
# people buy (`explore_query`), and it serves each of them personally (`personalised_service`).

# %% [markdown] minutes=3 tags=["slide"]
# ## What must we store about a promotion?
#
# Promotion data belong to the database as well: type, medium, colour, hour, cost, and who was
# contacted. What is most often forgotten is *who was held out*: people chosen at random whom nobody
# contacts. First what most firms know, the cost of each answer, in yuan:

# %%
from crmlab.campaigns import promotion_answers, promotion_results

answers = promotion_answers(company.promotions, company.targets, company.responses)
results = promotion_results(answers, by="type").set_index("type").round(0)
results[["responses", "cost_per_response_cny"]]

# %% [markdown] tags=["fragment"]
# **Before you look:** read the line of the sales events. What did they cost for each purchase that
# was made *because* of them? Type a number of yuan.

# %%
guess("04.l", ...)

# %% tags=["fragment"]
reveal("04.l", results.loc["sales event", "cost_per_extra_cny"])
results[["responses", "extra_purchases", "cost_per_response_cny", "cost_per_extra_cny"]]

# %% [markdown] tags=["fragment"]
# Much more. Many who answered would have bought anyway, as those held out did. Only the *extra*
# purchases are the work of the promotion, and without a group held out nobody can count them. (By
# telephone those held out bought as often: it has no extra purchase to be paid for.) How
# sure such numbers are, and which design works, is the subject of chapter 14.

# %% [markdown]
# ## Your turn
#
# `exercises/04_database.ipynb` has a sheet of your own. Or here and now:
#
# 1. Change the SQL above: which five customers got the most money back? (A refund is below zero.)
# 2. A salesperson wants a column "religion" in `people`. Write the purpose it would serve. Which
#    of the four building rules helps you to answer?
# 3. `customer_card(database, 286)` from `crmlab.database` has the five blocks that a firm should
#    record: value, needs, behaviour, satisfaction, concerns (记录客户信息). Which of its lines are
#    empty, and what would you do about them?
# 4. `complaint_to_churn(company.purchases, company.complaints)` from `crmlab.service` asks of
#    purchases and of customers whether a complaint drives people away. Why do the two answers
#    differ? (Who has the most occasions to complain?)
#
# **Recall, without scrolling up:**
#
# * Which three anomalies does a big sheet have?
# * What does a foreign key do?
# * What does an index cost?

# %% [markdown] tags=["slide"]
# ## What you saw
#
# * Write each fact once, and let the database refuse what cannot be. Cleaning afterwards guesses.
# * A question in SQL goes from table to table along the keys, and an index makes it quick.
# * A page that is 100% complete is no aim: a field needs a purpose. And a promotion needs people
#   who were held out, or nobody knows what it brought.
#
# **To carry away:** which fact does your firm write in two places today?

# %% [markdown]
# Five questions to see what stayed. Choose with the mouse, or with Tab and the arrow keys.

# %%
from crmlab.classroom import quiz

quiz("04")

# %% [markdown]
# *Functions used:* `simulate_order_sheet`, `several_values`, `split_cells`, `dependencies`,
# `anomalies`, `mended`, `lost_facts`, `normal_form`, `decompose`, `join_tables`, `data_model`,
# `cumulative_amount`, `return_rate`, `Diagram`, `open_database`, `upgrade`, `load_tables`, `upsert`, `sql`, `explore_query`,
# `drop_index`, `explain`, `add_index`, `archive`, `card_fields`, `selling_card`, `wallet`,
# `loyal_customers`, `personalised_service`, `promotion_answers`, `promotion_results`.
#
# *Sources:* Codd, E. F. (1970). A relational model of data for large shared data banks.
# doi:10.1145/362384.362685. Bernstein, P. A. (1976). Synthesizing third normal form relations.
# doi:10.1145/320493.320489. Kent, W. (1983). A simple guide to five normal forms.
# doi:10.1145/358024.358054. Kivinen, J. and Mannila, H. (1995). Approximate inference of
# functional dependencies. doi:10.1016/0304-3975(95)00028-U. Chen, P. P.-S. (1976). The
# entity-relationship model. doi:10.1145/320434.320440. Simpson, E. H. (1951). The interpretation of
# interaction in contingency tables. doi:10.1111/j.2517-6161.1951.tb00088.x. The customer model, the database's features
# and rules, and the customer card follow the course's own material.
