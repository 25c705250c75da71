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
# **Before you run anything, write down your guess:**
#
# 1. The shop later finds two addresses for each of the three. If it trusts the address that stands
#    on *more* rows, for how many of the three does it write to the right house?
# 2. Hehua's till, web shop and service desk together hold almost 1,900 records of people. How many
#    *customers* are that?
#
# You will be able to
#
# * see why a sheet contradicts itself, and take it apart so that it cannot (8 minutes);
# * read and design a customer database: what is stored, and what refers to what (10 minutes);
# * ask it questions in SQL, and see why one answer is quick and another slow (11 minutes);
# * find out which records are one person, and how sure that is (10 minutes);
# * write one page about a customer, and say what does not belong on it (6 minutes);
# * tell what a promotion cost from what it brought (5 minutes).
#
# *Needs a little Python and no SQL. Data: a simulated sheet, seed 3, and Hehua with 1,000
# customers, seed 2024. Everybody is invented; phone numbers and domains are reserved and reach
# nobody.*

# %% tags=["hide-input"]
import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns

from crmlab.campaigns import (
    DesignEffects,
    plot_design_effects,
    promotion_answers,
    promotion_results,
)
from crmlab.campaigns.simulate.designs import COLOURS, HOURS, MEDIA
from crmlab.collection import simulate_records
from crmlab.company import load_company, simulate_tables
from crmlab.customers import needs_and_wants, want_value
from crmlab.database import (
    Condition,
    Diagram,
    add_index,
    anomalies,
    archive,
    build_query,
    card_fields,
    decompose,
    dependencies,
    drop_index,
    explain,
    explore_query,
    join_tables,
    load_tables,
    lost_facts,
    loyal_customers,
    mended,
    normal_form,
    open_database,
    personalised_service,
    query_text,
    run_query,
    selling_card,
    several_values,
    simulate_order_sheet,
    split_cells,
    sql,
    upgrade,
    upsert,
)
from crmlab.database.migration.versions.v1 import V1
from crmlab.dictionary import data_model
from crmlab.errors import BadRowsError, CrmlabError, NotAllowedError
from crmlab.identity import (
    golden_quality,
    golden_records,
    identification_steps,
    match_quality,
    match_records,
    plot_match_quality,
    plot_match_weights,
)
from crmlab.loyalty import loyalty_index, wallet

pd.set_option("display.max_colwidth", None)
company, truth = load_company()

# %% [markdown] minutes=8 tags=["slide"]
# ## Why does the sheet contradict itself?
#
# Here it is.

# %%
sheet, right = simulate_order_sheet(200, seed=3)
sheet.head(5)

# %% [markdown] tags=["fragment"]
# Nothing looks wrong here, and whoever wrote it was careful. But further down some cells hold *two*
# products, so the prices cannot even be added up. That is the first thing to mend: one value in a
# cell. These four cells are one such row.

# %%
double = several_values(sheet)
lines = split_cells(sheet, columns=["product", "category", "price_cny", "quantity"])
print(f"{double['row'].nunique()} rows held two products; {len(sheet)} rows became {len(lines)}")
double.head(4)

# %% [markdown] tags=["subslide"]
# Now the real trouble. A customer's address stands on *every* order. If the sheet is right, then
# whoever has the same name on two rows has the same address there: the customer *determines* the
# address. Such a rule is a *functional dependency* (函数依赖). We can ask the data which rules
# they keep, exactly or nearly. **Before you run it:** what should determine the price?

# %%
dependencies(lines, most_columns=1).round(3)

# %% [markdown] tags=["fragment"]
# `error` is the smallest share of rows that would have to be changed; `tested` rows could have
# contradicted the rule. Where `error` is small but not zero, somebody broke a rule, or it never was
# one. Data cannot tell: a phone has one owner until a couple shares it. These are the rules that
# the shopkeeper confirms. (An order's phone follows from them: order, then customer, then phone.)

# %%
rules = {
    "order_id": ["date", "customer"],
    "customer": ["phone", "address"],
    "product": ["category", "price_cny"],
}
broken = anomalies(lines, rules)
broken.groupby(["dependent", "value"])["written"].unique().map(" | ".join).reset_index()

# %% [markdown] tags=["subslide"]
# This is an *update anomaly* (更新异常): one fact stands on many rows, and was changed on some of
# them only. Now your first guess. The majority of the rows decides, and then we open the truth.

# %%
decided = mended(lines, rules)
moved = broken.query("dependent == 'address'")["value"].unique()
both = [rows.groupby("customer")["address"].first()[moved] for rows in (decided, right.sheet)]
address = pd.concat(both, axis=1, keys=["majority", "truth"])
address.assign(right=address["majority"] == address["truth"])

# %% [markdown] tags=["fragment"]
# Two of three letters go to the wrong house. The majority is no witness: it only tells which
# address somebody happened to leave on more rows. No cleverness repairs this afterwards; only the
# customer knows. The lesson is not "clean your data" but "write each fact *once*".
#
# The sheet has two more faults that no cleaning can cure.

# %%
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
# As we got it, the sheet was not even in the first. **Before you run it:** which has it reached
# now?

# %%
form = normal_form(lines, key=["order_id", "product"], dependencies=rules)
print("The sheet, one value in a cell:", form.name)
print("\n".join(form.breaches["reason"]))

# %% [markdown]
# The remedy can be read off: what determines something gets a table of its own.

# %%
tables = decompose(decided, key=["order_id", "product"], dependencies=rules)
for key, part in tables.items():
    print(f"{key:20}  {len(part):4} rows  {', '.join(part.columns)}")

# %% [markdown] tags=["fragment"]
# Four tables in *third normal form* (第三范式). An address now stands in one cell. A wrong one is
# still wrong, but to mend it is to write *once*. And nothing was lost: joined again, they are the
# rows that we took apart.

# %%
again = join_tables(tables)[decided.columns]
same = again.equals(decided.sort_values(["order_id", "product"], ignore_index=True))
print("The same rows:", same)
print(f"Cells: {decided.size:,} before, {sum(part.size for part in tables.values()):,} after")

# %% [markdown] minutes=6 tags=["slide"]
# ## What should Hehua store?
#
# Now a real firm. The field sorts what is known about customers into three classes (客户数据分类):
# *descriptive data* (描述性数据: who they are), *promotion data* (促销性数据: what we did to them)
# and *transaction data* (交易型数据: what they did). Hehua's *data dictionary* (数据字典) lists
# each field with its type, unit, meaning and Chinese name.

# %%
fields = data_model()
fields.groupby("data_class").agg(tables=("table", "nunique"), fields=("field", "size"))

# %% [markdown]
# What is known of a person, and of an organisation, comes in blocks. Then one block in full.

# %%
of_whom = fields[fields["table"].isin(["people", "organisations"])].groupby("table")
of_whom["block"].unique().map(", ".join).to_frame()

# %%
fields.query("table == 'people' and block == 'credit'")[["field", "unit", "meaning", "meaning_zh"]]

# %% [markdown] tags=["fragment"]
# The other blocks go down to blood type and the reason for leaving the last job. The course's
# material asks for them all. The question is not whether a field *could* be useful, but for what
# purpose it is needed. Blood type, medical history and bank card stay empty at Hehua.

# %% [markdown] tags=["subslide"]
# An *entity-relationship diagram* (实体关系图, ER 图) shows what refers to what. A *primary key*
# (主键) names a row; a *foreign key* (外键) points at a row of another table.
#
# **Before you look:** which table will have the most connections? (`lines` are the lines of a
# bill.)

# %% tags=["subslide", "hide-input"] alt="People in the middle, joined to home, card and purchases"
Diagram(
    [
        "addresses",
        "households",
        "people",
        "cards",
        "purchases",
        "lines",
        "products",
        "promotions",
        "targets",
    ]
)

# %% [markdown] tags=["fragment"]
# `people`. Follow the line to `purchases`: two strokes at `people` say *exactly one*, the fork at
# `purchases` says *any number*. So each purchase belongs to one person, and a person has any number
# of purchases. No purchase holds an address: the way to it leads through person and household.

# %% [markdown] minutes=4 tags=["subslide"]
# ## A store that says no
#
# A *database* (数据库) differs from a sheet in one thing above all: it refuses. Ours is SQLite: a
# whole database in one file, or, as here, in memory. `upgrade` makes the empty tables, and
# `load_tables` fills them.

# %%
database = open_database(":memory:")
upgrade(database)
rows = load_tables(database, vars(company))
print(f"{sum(rows.values()):,} rows in {len(rows)} tables")

# %% [markdown]
# A till sends three purchases in one *batch* (一批); one is of a customer whom nobody knows. Then
# the service desk sends a rating of 9 on a scale from 1 to 5. **Before you run it:** what should
# happen to the two good purchases?

# %% tags=["fragment"]
purchase = company.purchases.tail(3).assign(purchase_id=[900_001, 900_002, 900_003])
purchase["customer_id"] = [1, 2, 99_999]
rating = company.ratings.tail(1).assign(product=9)
for table, batch in (("purchases", purchase), ("ratings", rating)):
    try:
        upsert(database, table, batch)
    except BadRowsError as refusal:
        print(f"{refusal}\n")

# %% [markdown] tags=["fragment"]
# (Rows count from 0, so row 2 is the third.) The two good purchases are not in the database
# either: a *transaction* (事务) happens whole or not at all. Half a batch would be worse than none,
# because nobody would know which half.

# %%
sql(database, "select count(*) as purchases from purchases where purchase_id > 900000")

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

# %% [markdown] minutes=8 tags=["slide"]
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
# You cannot break anything: `sql` only reads. And a mistake gets an answer.

# %%
for text in ("select nam from people", "delete from people"):
    try:
        sql(database, text)
    except CrmlabError as refusal:
        print(str(refusal)[:100], "…")

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
explore_query(database)

# %% [markdown]
# On paper nothing moves, so here is that setting.

# %%
question = build_query(
    "purchases",
    where=[Condition("amount", ">", 0)],
    group_by=["addresses.city"],
    totals=["count", "mean amount"],
    order_by=["-mean_amount"],
)
print(query_text(question)[0])

# %% alt="Bars of the five cities; Hangzhou spends most per purchase, Xi'an least"
answer = run_query(database, question)
_, ax = plt.subplots(figsize=(7, 2.5))
ax = sns.barplot(answer, x="mean_amount", y="city", color="#0072B2", ax=ax)
_ = ax.set(xlabel="Mean purchase (CNY)", ylabel="")

# %%
answer.round(2)

# %% [markdown]
# Three joins: purchase, person, household, address. (`LEFT JOIN` keeps a purchase even where the
# way breaks off. `:amount_1` is a parameter: our 0 travels beside the text.)
#
# Hangzhou first. A database says *what*, and not why, nor whether such a gap is chance.

# %% [markdown] minutes=3 tags=["subslide"]
# ### Why is one question quick and another slow?
#
# "What did customer 7 buy?" We ask twice, without and with what is called an *index* (索引).
# **Before you run it:** how many of the thousands of rows must the database look at, each time?

# %%
asked = "select date, amount from purchases where customer_id = :who"
drop_index(database, "purchases", "customer_id", "date")
without = explain(database, asked, who=7)
add_index(database, "purchases", "customer_id", "date")
pd.concat({"without index": without, "with index": explain(database, asked, who=7)})

# %% [markdown] tags=["fragment"]
# An index is what it is in a book: sorted, with page numbers. Without it every page is
# turned. With thousands of rows you do not feel it; with millions you do. An index costs something
# too: it takes up room, and each new purchase must be sorted into it.

# %% [markdown] minutes=10 tags=["slide"]
# ## Which records are one person?
#
# *Customer identification* (客户识别) is to recognise the same customer at every contact, and to
# know what they need and what they are worth. It has five steps:

# %%
identification_steps()[["step", "step_zh", "question"]]

# %% [markdown] tags=["fragment"]
# The third is the hardest. The till, the web shop and the service desk each keep a list of their
# own. The next table is *one* person. **Which fields will be equal in all three records?**

# %%
records = company.records
hers = truth.records.query("customer_id == 644")["record_id"]
records[records["record_id"].isin(hers)]

# %% [markdown] tags=["fragment"]
# The e-mail and the birth date, and nothing else: the name is in two scripts and once misspelt (Mai
# for Mei), two phones are missing and the third is old, one address has a letter doubled, and
# another is from before she moved. A first try: the same phone is the same person. **What share of
# the true pairs will that find?**

# %%
naive = records[["record_id"]].copy()
naive["person_id"] = records["phone"].fillna(records["record_id"].astype("str")).factorize()[0]
guess = match_quality(naive, truth.records)
print(f"{len(records):,} records, by phone {naive['person_id'].nunique():,} people")
print(f"precision {guess.precision:.2f}, recall {guess.recall:.2f}, F1 {guess.f1:.2f}")

# %% [markdown] tags=["fragment"]
# *Precision* (查准率): of the pairs that we joined, how many are right. *Recall* (查全率): of the
# true pairs, how many we joined. *F1* is between the two, nearer to the smaller. Whoever is joined
# by phone is one person; but every fourth true pair is missed.

# %% [markdown] tags=["subslide"]
# Better: let every field speak, with the weight it deserves. **Before you look:** which field
# should count more when it is *equal*, the birth date or the e-mail? And when it *differs*, the
# address or the birth date?

# %%
matched = match_records(records)
weights = matched.matcher.summary()
every = len(records) * (len(records) - 1) // 2
print(f"{len(matched.pairs):,} pairs compared, of {every:,}")
weights.pivot(index="field", columns="level", values="weight").round(1)[[2, 1, 0]]

# %% [markdown] tags=["fragment"]
# Level 2 is equal, 1 nearly equal, 0 different. A weight of 3 multiplies the *odds* (胜算) that it
# is one person by 2³ = 8, and −3 divides them by 8. The weights come from the records alone,
# without any truth: a pair that agrees in four fields teaches what agreement in the fifth is worth
# (Fellegi and Sunter, 1969).
#
# Why does an equal birth date count so little? Nobody compares millions of pairs, so only those
# that agree in *something* were taken. Two strangers are among them because they share a birthday,
# or two of a family because they share an address: so these two tell little. When they differ, it
# is otherwise. People move, but nobody moves out of a birth date. And do you see why a *nearly*
# equal address says more than an equal one? (A family shares it to the letter. A slip of the pen
# belongs to one person.)

# %% [markdown] tags=["subslide"]
# Two of her records, field by field. The *prior* (先验; in the picture "any pair") is where every
# compared pair starts; a missing phone says nothing (level −1: nothing to compare). **Before you
# look:** does her misspelt name speak for one person, or against?

# %%
between = matched.pairs["left"].isin(hers) & matched.pairs["right"].isin(hers)
explained = matched.matcher.explain(matched.pairs[between].iloc[0])
print(f"Odds of one person: {2 ** explained['total'].iloc[-1]:,.0f} to 1")
explained.round(1)

# %% alt="Bars from the start to the sum of weights; e-mail and birth date lift it above the line"
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_match_weights(explained, ax=ax)

# %% [markdown] tags=["subslide"]
# For it: each bar starts where the one above ended, and every step of 1 doubles the odds. (That is
# right if the fields go wrong independently of each other.) Now your second guess, and the truth.

# %%
found = match_quality(matched.people, truth.records)
print(f"{len(records):,} records, {matched.people['person_id'].nunique()} people found")
known = truth.records["customer_id"].nunique()
print(f"{known} in truth; {len(company.people) - known} customers stand in no list")
print(f"precision {found.precision:.3f}, recall {found.recall:.3f}, F1 {found.f1:.3f}")

# %% [markdown] tags=["fragment"]
# Half as many people as records, and five fields together find them all, even with a letter wrong
# in one cell of twenty. (There were as many households above: a coincidence.) What if the three
# lists of the same people were typed worse?

# %% tags=["subslide"]
usual = {"stale_share": 0.05, "missing_share": 0.05, "duplicate_share": 0.03}
rows = []
for share in (0, 0.05, 0.1, 0.2, 0.3, 0.4):
    worse, who = simulate_records(people, edit_share=share, **usual, seed=1)
    quality = match_quality(match_records(worse).people, who)
    rows.append({"edit_share": share, **vars(quality)})
quality = pd.DataFrame(rows)[["edit_share", "precision", "recall", "f1"]]

# %% [markdown]
# **Before you look:** at which share of misspelt cells does F1 fall below 0.95? And which falls
# first, precision or recall?

# %% tags=["subslide"] alt="F1 falls below 0.95 after 0.3 misspelt; precision stays, recall falls"
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_match_quality(quality, target=0.95, ax=ax)

# %%
quality.round(3)

# %% [markdown] tags=["fragment"]
# Only beyond three cells in ten. Recall falls, precision does not: nobody is taken for somebody
# else, but more and more people are counted twice. (It can be the other way round where people
# resemble each other more: see the exercise.)

# %% [markdown] tags=["subslide"]
# ### One golden record
#
# Three records of one person must become one, the *golden record* (黄金记录): for each field the
# best value, and where it comes from. A rule decides, here the most frequent value and, among
# equals, the most recent. **Before you look:** which of her three addresses will that be?

# %%
golden = golden_records(records, matched.people)
person = matched.people.set_index("record_id").loc[hers.iloc[0], "person_id"]
golden.query("person_id == @person")[["field", "value", "system", "updated_on", "others"]]

# %% [markdown] tags=["fragment"]
# Looks good, does it not? The truth is less kind:

# %%
people.query("customer_id == 644")[["name", "phone", "email", "birth_date", "address"]]

# %% [markdown] tags=["fragment"]
# Her newest record has an address that she has left, and the two with the right street do not
# outvote it, because one of them is misspelt. The only phone number in the lists is an old one; no
# rule can know that. How good is the golden record for everybody?

# %%
golden_quality(golden, records, truth.records, people).round(3)

# %% [markdown] tags=["fragment"]
# `before` is the share of true values among those in the lists, `after` among those in the golden
# records; the other two columns say how many are not empty. All five fields gain, none is perfect:
# where all the records differ the newest wins, right or wrong, and somebody who stands in one list
# has nothing to compare it with.
#
# One warning. Chapter 05 will show two tables that must never meet. Here we joined three. Both are
# right: identification needs a *purpose* that the customer agreed to; without one the lists stay
# apart.

# %% [markdown] minutes=6 tags=["slide"]
# ## What stands on one customer's page?
#
# A *customer archive* (客户档案) is everything about one customer on one page, with what is
# missing and how old it is. **Before you look:** should such a page be 100% complete?

# %%
archive(database, 644)

# %% [markdown] tags=["fragment"]
# What would make it 100%? A fax, and the hobby of the husband of a woman who is not married. A
# share of filled fields rewards whoever asks for everything. So ask the other way round: what is
# each field *needed* for? The sellers of Amway (安利) go from person to person and keep a *customer
# card* (顾客资料卡). These are the fields of it for which we found no need.

# %%
asked_for = card_fields()
asked_for[asked_for["needed"] == ""][["field", "block", "meaning_zh", "is_sensitive"]]

# %% [markdown] tags=["subslide"]
# You may find a need for one of them: then write it down, and ask the customer. The page above
# showed her income to whoever looked. On the card what is sensitive is masked, and whoever wants
# to see it must give a name and a purpose.

# %%
log = []
wish = {"reveal": ["income_cny"], "who": "Lin", "audit": log}
selling_card(database, 644, purpose="research", **wish)
try:
    selling_card(database, 7, purpose="research", **wish)
except NotAllowedError as refusal:
    print("Refused:", refusal)
pd.DataFrame(log)

# %% [markdown] tags=["subslide"]
# Allowed or refused, the log keeps it.
#
# ### How loyal is a customer, and to what?
#
# One customer spends 300 with us in a year. Is that much? It depends on what they spend in all, say
# 1,000: the *loyalty index* (忠诚度指数) is our share of it, the *potential index* (潜在消费指数)
# the rest.

# %%
purse = wallet(company.people, company.purchases)
mean, true = purse["loyalty_index"].mean(), truth.customers["wallet_share"].mean()
print(f"300 of 1,000: {loyalty_index(300, 1_000)}. Mean {mean:.3f}; in truth {true:.3f}")
loyal_customers(database).head(5)

# %% [markdown] tags=["fragment"]
# The fourth spent little, but almost nothing of it elsewhere: a list by money would never show that
# customer. (An index of exactly 1 deserves doubt: customers *say* what they spend in all, and some
# say less than we sold them.)
#
# Loyal to what? A *need* (需要) is indispensable: clean hair. A *want* (需求) is how we wish it
# met: by *this* brand. Let the cheapest pack of that kind and size be the need.

# %%
split = needs_and_wants(company.lines, company.products, company.prices, company.purchases)
want_value(split)[["category", "need_cny", "added_cny", "want_cny", "added_share"]].round(2)

# %% [markdown] tags=["fragment"]
# Want is need plus added value: of what people choose, a tenth or a little more is beyond the need.
# And whom should we contact next, about what? Whoever has not agreed is not contacted.

# %%
contacts = pd.DataFrame([vars(personalised_service(database, who)) for who in (644, 7)])
contacts.drop(columns="products")

# %% [markdown] tags=["fragment"]
# That was the last of five features which the course asks of a customer database
# (客户数据库的特点). It is one system to manage and query (`sql`), its structure holds
# relationships (`Diagram`), it recognises the loyal (`loyal_customers`), it is a reference on how
# people buy (`explore_query`), and it serves each of them personally (`personalised_service`).

# %% [markdown] minutes=5 tags=["slide"]
# ## What did a promotion cost, and what did it bring?
#
# Promotion data belong to the database as well: type, medium, colour, hour, cost (fixed, and
# variable for each contact), who was contacted, and, most often forgotten, *who was held out*:
# chosen by lot and left in peace. **Before you run it:** does a purchase that a promotion *caused*
# cost more than an answer to it, or less?

# %%
answers = promotion_answers(company.promotions, company.targets, company.responses)
results = promotion_results(answers, by="type").set_index("type").round(0)
results[["responses", "extra_purchases", "extra_low", "extra_high"]].join(
    results[["cost_per_response_cny", "cost_per_extra_cny"]]
)

# %% [markdown] tags=["fragment"]
# Much more. An answer seems to cost three or four hundred yuan, but many who answered would have
# bought anyway, as those held out did. Only *extra* purchases are the promotion's work. How many
# there were lies, with 95% confidence, between `extra_low` and `extra_high`: above zero only for
# broadcasts. Of the others we cannot even say that they brought anything. For sales events there is
# no number at all, since in one of them nobody was held out.
#
# Which *design* works? A promotion is red and on the radio and at noon, all at once; a *regression*
# (回归) tells them apart. A thousand customers are too few for that, so take a world of 20,000.

# %% tags=["subslide"]
large = simulate_tables(
    20_000, seed=4, tables=["promotions", "targets", "responses", "truth_promotions"]
)
answers = promotion_answers(large["promotions"], large["targets"], large["responses"])
effects = DesignEffects().fit(answers).summary()

# %% [markdown]
# **Before you look:** which colour, and which hour?

# %% tags=["subslide"] alt="Red and noon lie above zero, green and newspapers below"
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_design_effects(effects, ax=ax)

# %% [markdown] tags=["fragment"]
# A diamond is the level that the others are compared with; a bar is the 95% interval. So: red, and
# at noon? Now the truth. The simulator planted which share of the base (what a contact of the
# compared design brings) each level adds or takes away; here it is, times the base measured.

# %%
share = COLOURS | MEDIA | {str(hour): value for hour, value in HOURS.items()} | {"base": 1.0}
planted = effects["level"].map(share) * effects["effect"].iloc[0]
print(f"Chance that at least one of eight such intervals misses: about {1 - 0.95**8:.0%}")
effects[["feature", "level", "effect", "low", "high"]].assign(planted=planted).round(3)

# %% [markdown] tags=["fragment"]
# Red before blue before green: right. But at noon *nothing* was planted, and the interval lies
# above zero. That is no fault of the method: each interval misses one time in twenty, and here are
# eight. Whoever looks at many things finds something. Test noon once more before you believe it.

# %% [markdown]
# ## Your turn
#
# `exercises/04_database.ipynb` has a sheet and lists of your own. Or here and now:
#
# 1. Change the SQL above: which five customers got the most money back? (A refund is below zero.)
# 2. A salesperson wants a column "religion" in `people`. Write the purpose it would serve. Which
#    of the four building rules helps you to answer?
# 3. Where the lists are made worse, keep one share of 0.05 and look at
#    `match_records(worse).matcher.summary()`. Then raise `stale_share` to 0.3 and look again. Which
#    *two* fields now say less when they differ (level 0), and why?
# 4. `customer_card(database, 644)` has the five blocks that a firm should record: value, needs,
#    behaviour, satisfaction, concerns (记录客户信息). Which of its lines are empty, and what would
#    you do about them?
# 5. `relationship_types(quarterly_profit(company.purchases, margin=0.3))` sorts customers into
#    transactional ones (交易型) and three kinds of relation (关系型). How many are fading?
# 6. `complaint_to_churn(company.purchases, company.complaints)` asks of purchases and of customers
#    whether a complaint drives people away. Why do the two answers differ? (Who has the most
#    occasions to complain?)
# 7. `prospect_principles()` lists six principles for judging who may become a customer. Which of
#    them could your firm measure today?
#
# (Import first: `customer_card` from `crmlab.database`, the functions of 5 and 7 from
# `crmlab.customers`, that of 6 from `crmlab.service`.)
#
# **Recall, without scrolling up:**
#
# * Which three anomalies does a big sheet have?
# * Why is a different birth date worth more than a different address?
# * What does an index cost?

# %% [markdown] tags=["slide"]
# ## What you saw
#
# * Write each fact once, and let the database refuse what cannot be. Cleaning afterwards guesses.
# * Five fields together find a person where no single one does, and the records themselves teach
#   their weights.
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
# `Diagram`, `open_database`, `upgrade`, `load_tables`, `upsert`, `sql`, `explore_query`,
# `build_query`, `Condition`, `query_text`, `run_query`, `drop_index`, `explain`, `add_index`,
# `identification_steps`, `match_quality`, `match_records`, `plot_match_weights`,
# `plot_match_quality`, `golden_records`, `golden_quality`, `archive`, `card_fields`,
# `selling_card`, `wallet`, `loyalty_index`, `loyal_customers`, `needs_and_wants`, `want_value`,
# `personalised_service`, `promotion_answers`, `promotion_results`, `DesignEffects`,
# `plot_design_effects`.
#
# *Sources:* Codd, E. F. (1970). A relational model of data for large shared data banks.
# doi:10.1145/362384.362685. Bernstein, P. A. (1976). Synthesizing third normal form relations.
# doi:10.1145/320493.320489. Kent, W. (1983). A simple guide to five normal forms.
# doi:10.1145/358024.358054. Kivinen, J. and Mannila, H. (1995). Approximate inference of
# functional dependencies. doi:10.1016/0304-3975(95)00028-U. Chen, P. P.-S. (1976). The
# entity-relationship model. doi:10.1145/320434.320440. Fellegi, I. P. and Sunter, A. B. (1969). A
# theory for record linkage. doi:10.1080/01621459.1969.10501049. Dempster, A. P., Laird, N. M. and
# Rubin, D. B. (1977). The EM algorithm. doi:10.1111/j.2517-6161.1977.tb01600.x. Agresti, A. and
# Caffo, B. (2000). doi:10.1080/00031305.2000.10474560. Liang, K.-Y. and Zeger, S. L. (1986).
# doi:10.1093/biomet/73.1.13. The customer model, the database's features and rules, and the
# customer card follow the course's own material.
