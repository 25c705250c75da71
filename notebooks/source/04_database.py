# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["slide"]
# # 04 · What should we store about a customer, and how?
#
# A small shop keeps one big sheet: every order is a row, with the customer's name, phone and
# address, the product and its price. It has 200 orders and works well. Then three customers move.
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
# * find out which records are one person, and how sure that is (9 minutes);
# * write one page about a customer, and say what does not belong on it (6 minutes);
# * tell what a promotion cost from what it brought (5 minutes).
#
# *Needs nothing. Data: a simulated sheet, seed 3, and Hehua with 1,000 customers, seed 2024.
# Everybody is invented; phone numbers and domains are reserved and reach nobody.*

# %% tags=["hide-input"]
import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns

from crmlab.collection import simulate_records
from crmlab.company import load_company, simulate_tables
from crmlab.database import (
    Condition,
    DesignEffects,
    Diagram,
    add_index,
    anomalies,
    archive,
    build_query,
    card_fields,
    data_model,
    decompose,
    dependencies,
    drop_index,
    explain,
    explore_query,
    golden_quality,
    golden_records,
    join_tables,
    load_tables,
    lost_facts,
    loyal_customers,
    match_quality,
    match_records,
    mended,
    normal_form,
    open_database,
    personalised_service,
    plot_design_effects,
    plot_match_quality,
    plot_match_weights,
    promotion_answers,
    promotion_results,
    query_text,
    run_query,
    selling_card,
    several_values,
    simulate_order_sheet,
    split_cells,
    sql,
    upgrade,
    upsert,
    wallet,
)
from crmlab.database.migration.versions.v1 import V1
from crmlab.errors import BadRowsError, CrmlabError, NotAllowedError

company, truth = load_company()

# %% [markdown] minutes=8 tags=["slide"]
# ## Why does the sheet contradict itself?
#
# Here it is.

# %%
sheet, right = simulate_order_sheet(200, seed=3)
sheet.head(5)

# %% [markdown] tags=["fragment"]
# Nothing looks wrong, and whoever wrote it was careful. But some cells hold *two* products, so
# their prices cannot even be added up. That is the first thing to mend: one value in a cell.

# %%
double = several_values(sheet)
lines = split_cells(sheet, columns=["product", "category", "price_cny", "quantity"])
print(f"{double['row'].nunique()} rows held two products; {len(sheet)} rows became {len(lines)}")
double.head(4)

# %% [markdown] tags=["subslide"]
# Now the real trouble. A customer's address stands on *every* order. If the sheet is right, then
# whoever has the same name on two rows has the same address there: the customer *determines* the
# address. Such a rule is a *functional dependency* (函数依赖). We can ask the data which rules
# they keep, exactly or nearly.

# %%
found = dependencies(lines, most_columns=1)
found[found["error"] < 0.03].round(3)

# %% [markdown] tags=["fragment"]
# `error` is the share of rows that would have to be changed. Where it is zero, the rule holds.
# Where it is small but not zero, somebody broke a rule of the shop. (Data never prove a rule: that
# product determines price may be true only until the next price change.) These are the rules that
# the shopkeeper confirms:

# %%
rules = {
    "order_id": ["date", "customer"],
    "customer": ["phone", "address"],
    "product": ["category", "price_cny"],
}
broken = anomalies(lines, rules)
broken.groupby(["dependent", "value"])["written"].unique().map(" | ".join).reset_index()

# %% [markdown] tags=["subslide"]
# This is an *update anomaly* (更新异常): one fact stands on many rows, and was changed on some.
# Now your first guess. The majority of the rows decides, and then we open the truth.

# %%
decided = mended(lines, rules)
moved = broken.loc[broken["dependent"] == "address", "value"].unique()
address = pd.DataFrame(
    {
        "majority": decided.groupby("customer")["address"].first(),
        "truth": right.sheet.groupby("customer")["address"].first(),
    }
).loc[moved]
address.assign(right=address["majority"] == address["truth"])

# %% [markdown] tags=["fragment"]
# The majority is no witness: it only tells which address somebody happened to leave on more rows.
# No cleverness repairs this afterwards; only the customer knows. The lesson is not "clean your
# data" but "write each fact *once*".
#
# The sheet has two more faults that no cleaning can cure.

# %%
forgotten = lost_facts(decided, rules, by="order_id")
print("Known only from a single order:", forgotten["value"].nunique(), "customers and products")
print("Never ordered, so nowhere to write them:", ", ".join(right.unwritten["customer"]))
forgotten[forgotten["determinant"] == "product"]

# %% [markdown] tags=["fragment"]
# Delete the one order of bath salts, and the shop no longer knows what they cost (*deletion
# anomaly*, 删除异常). Somebody who asked for a catalogue cannot be written down before buying
# (*insertion anomaly*, 插入异常).

# %% [markdown] tags=["subslide"]
# ### Each fact in one place
#
# What determines something gets a table of its own. The *normal form* (范式) of a table says how
# far it is from that, and why.

# %%
form = normal_form(lines, key=["order_id", "product"], dependencies=rules)
print("The sheet, one value in a cell:", form.name)
print("\n".join(form.breaches["reason"]))

# %%
tables = decompose(decided, key=["order_id", "product"], dependencies=rules)
for key, part in tables.items():
    print(f"{key:20}  {len(part):4} rows  {', '.join(part.columns)}")

# %% [markdown] tags=["fragment"]
# Four tables in *third normal form* (第三范式). An address now stands in one cell. Nothing was
# lost: joined again, they are the sheet.

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

# %%
fields.query("table == 'people' and block == 'credit'")[["field", "unit", "meaning", "meaning_zh"]]

# %% [markdown] tags=["fragment"]
# That is one of six blocks about a person; the others go down to blood type and the reason for
# leaving the last job. The course's material asks for them all. The question is not whether a
# field *could* be useful, but for what purpose it is needed: chapter 05 leaves the sensitive ones
# empty.

# %% [markdown] tags=["subslide"]
# An *entity-relationship diagram* (实体关系图, ER 图) shows what refers to what. A *primary key*
# (主键) names a row; a *foreign key* (外键) points at a row of another table.
#
# **Before you look:** which table will the most lines lead to?

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

# %% [markdown] minutes=4 tags=["subslide"]
# ## A store that says no
#
# A *database* (数据库) differs from a sheet in one thing above all: it refuses. Ours is SQLite,
# one file, here in memory; `postgresql://…` in its place would be a server.

# %%
database = open_database(":memory:")
upgrade(database)
rows = load_tables(database, vars(company))
print(f"{sum(rows.values()):,} rows in {len(rows)} tables")

# %% [markdown]
# **Before you run it:** a till sends a purchase of a customer whom nobody knows, and then the
# service desk sends a rating of 9 on a scale from 1 to 5. What should happen to the rest of the
# parcel?

# %% tags=["fragment"]
purchase = company.purchases.tail(3).assign(purchase_id=[900_001, 900_002, 900_003])
purchase["customer_id"] = [1, 2, 99_999]
rating = company.ratings.tail(1).assign(product=9)
for table, parcel in (("purchases", purchase), ("ratings", rating)):
    try:
        upsert(database, table, parcel)
    except BadRowsError as refusal:
        print(f"{refusal}\n")

# %% [markdown] tags=["fragment"]
# Two of the three purchases were fine, and they are not in the database either: a *transaction*
# (事务) happens whole or not at all. A half-loaded parcel would be worse than none, because nobody
# would know which half.

# %%
sql(database, "select count(*) as purchases from purchases where purchase_id > 900000")

# %% [markdown] tags=["subslide"]
# ### Start small, and grow without loss
#
# The field's advice is to "start small and useful, learn, evaluate, improve". Then the design will
# change while customers are in it. Here is the firm's first database, two tables, and its
# *migration* (迁移) to the whole design.

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
# Every customer and every purchase is still there, and people who gave the same house share one
# household now.

# %% [markdown] minutes=8 tags=["slide"]
# ## How do I ask it?
#
# In SQL. Read it aloud: *select* these columns *from* this table *where* this holds. Run the cell,
# then change it: the shops instead of the web, ten rows instead of five, the other order.

# %%
sql(
    database,
    """
    select people.name, count(*) as purchases, round(sum(amount), 2) as spend_cny
    from purchases
    join people on people.customer_id = purchases.customer_id
    where channel = 'online'
    group by people.customer_id, people.name
    order by spend_cny desc
    limit 5
    """,
)

# %% [markdown] tags=["fragment"]
# You cannot break anything: `sql` only reads. And a mistake has an answer.

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
# *injection* (SQL 注入), and it has emptied real customer databases.

# %% [markdown] tags=["subslide"]
# ### Choose, and read the SQL
#
# **Before you touch it:** which city spends most per purchase? Set the table to `purchases`, group
# by city, and take the mean of the amount. Then read the `JOIN` lines: how many tables away is the
# city?

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

# %% [markdown] minutes=3 tags=["subslide"]
# ### Why is one question quick and another slow?
#
# "What did customer 7 buy?" There are 7,354 purchases. **Before you run it:** how many rows must
# the database look at?

# %%
asked = "select date, amount from purchases where customer_id = :who"
drop_index(database, "purchases", "customer_id", "date")
without = explain(database, asked, who=7)
add_index(database, "purchases", "customer_id", "date")
pd.concat({"without index": without, "with index": explain(database, asked, who=7)})

# %% [markdown] tags=["fragment"]
# An *index* (索引) is what it is in a book: sorted, with page numbers. Without it every page is
# turned. At 7,000 rows you do not feel it; at 7 million you do. An index costs something too: each
# new purchase must be sorted into it.

# %% [markdown] minutes=9 tags=["slide"]
# ## Which records are one person?
#
# *Customer identification* (客户识别) is to recognise the same customer at every contact. The
# till, the web shop and the service desk each keep a list of their own. This is one person:

# %%
records = company.records
hers = truth.records.query("customer_id == 644")["record_id"]
records[records["record_id"].isin(hers)]

# %% [markdown] tags=["fragment"]
# A name in two scripts and once misspelt, a phone she no longer has, two phones missing, an
# address with a letter doubled, and another from before she moved. No field is equal in all three
# but the e-mail and the birth date. A first try: the same phone is the same person.

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
weights.pivot(index="field", columns="level", values="weight").round(1)[[2, 1, 0]]

# %% [markdown] tags=["fragment"]
# Level 2 is equal, 1 nearly equal, 0 different. A weight of 3 multiplies the odds that it is the
# same person by 2³ = 8. An equal address says little, because a family has the same; a different
# one says little too, because people move. A different birth date says much: nobody moves out of
# one. And do you see why a *nearly* equal address says more than an equal one? These weights come
# from the records alone, without any truth: a pair that agrees in four fields teaches what
# agreement in the fifth is worth (Fellegi and Sunter, 1969).

# %% [markdown] tags=["subslide"]
# Two of her records, field by field. The *prior* is what holds for any two records that were worth
# comparing; a missing phone says nothing.

# %%
between = matched.pairs["left"].isin(hers) & matched.pairs["right"].isin(hers)
explained = matched.matcher.explain(matched.pairs[between].iloc[0])
explained.round(1)

# %% alt="Bars from the start to the sum of weights; e-mail and birth date lift it above the line"
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_match_weights(explained, ax=ax)

# %% [markdown] tags=["subslide"]
# Now your second guess, and the truth.

# %%
found = match_quality(matched.people, truth.records)
print(f"{len(records):,} records, {matched.people['person_id'].nunique()} people found")
known = truth.records["customer_id"].nunique()
print(f"{known} in truth; {len(company.people) - known} customers stand in no list")
print(f"precision {found.precision:.3f}, recall {found.recall:.3f}, F1 {found.f1:.3f}")

# %% [markdown] tags=["fragment"]
# Five fields together are strong, even where 5% of all cells have a letter wrong. (Whoever stands
# in no list is found by no method.) What if the lists were worse?

# %% tags=["subslide"]
rows = []
for share in (0, 0.05, 0.1, 0.2, 0.3, 0.4):
    worse, who = simulate_records(400, edit_share=share, seed=1)
    quality = match_quality(match_records(worse).people, who)
    rows.append({"edit_share": share, **vars(quality)})
quality = pd.DataFrame(rows)[["edit_share", "precision", "recall", "f1"]]

# %% [markdown]
# **Before you look:** at which share of misspelt cells does it fall below 0.95?

# %% tags=["subslide"] alt="F1 stays above 0.95 up to a tenth of misspelt cells, then falls"
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_match_quality(quality, target=0.95, ax=ax)

# %%
quality.round(3)

# %% [markdown] tags=["subslide"]
# ### One golden record
#
# Three records of one person must become one, the *golden record* (黄金记录): for each field the
# best value, and where it comes from. A rule decides, here the most frequent value and then the
# most recent.

# %%
golden = golden_records(records, matched.people)
person = matched.people.set_index("record_id").loc[hers.iloc[0], "person_id"]
golden.query("person_id == @person")[["field", "value", "system", "updated_on", "others"]]

# %% [markdown] tags=["fragment"]
# Looks good, does it not? The truth is less kind:

# %%
people.query("customer_id == 644")[["name", "phone", "email", "birth_date", "address"]]

# %% [markdown] tags=["fragment"]
# Her newest record has an address that she left long ago, and the two records with the right
# street do not outvote it, because one is misspelt. Her only phone number is dead; no rule can
# know that. How good is the golden record for everybody?

# %%
golden_quality(golden, records, truth.records, people).round(3)

# %% [markdown] tags=["fragment"]
# `before` is the share of true values in the lists, `after` in the golden records. All five fields
# gain, none is perfect: two wrong spellings outvote a right one, and somebody who stands in one
# list has nobody to outvote it.
#
# Chapter 05 said that two tables must never meet. Here we joined three. Both are right:
# identification needs a *purpose* that the customer agreed to; without one the lists stay apart.

# %% [markdown] minutes=6 tags=["slide"]
# ## What stands on one customer's page?
#
# A *customer archive* (客户档案) is everything about one customer on one page, with what is
# missing and how old it is.

# %%
archive(database, 644)

# %% [markdown] tags=["fragment"]
# 88% complete. What would make it 100%? The hobby of the husband of a woman who is not married. A
# share of filled fields rewards whoever asks for everything. So ask the other way round: what is
# each field *needed* for? Amway's sellers keep a *customer card* (顾客资料卡); here are its
# fields.

# %%
asked_for = card_fields()
asked_for[asked_for["needed"] == ""][["field", "block", "meaning_zh", "is_sensitive"]]

# %% [markdown] tags=["subslide"]
# Nobody could say what a seller needs these for. On the card of our database what is sensitive is
# masked, and whoever wants to see it must give a name and a purpose.

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
# ### What is a customer loyal to?
#
# One customer spends 300 with us in a year. Is that much? It depends on what they spend in all:
# the *loyalty index* (忠诚度指数) is our share of it, the *potential index* (潜在消费指数) the
# rest.

# %%
purse = wallet(company.people, company.purchases)
mean, true = purse["loyalty_index"].mean(), truth.customers["wallet_share"].mean()
print(f"Mean loyalty index {mean:.3f}; in truth {true:.3f}")
loyal_customers(database).head(5)

# %% [markdown] tags=["fragment"]
# And whom should we contact next, about what? Whoever has not agreed is not contacted, and the
# answer says so.

# %%
pd.DataFrame([vars(personalised_service(database, customer)) for customer in (644, 7)])

# %% [markdown] minutes=5 tags=["slide"]
# ## What did a promotion cost, and what did it bring?
#
# Promotion data belong to the database as well: type, medium, colour, hour, *fixed and variable
# cost*, who was contacted, and, most important and most often forgotten, *who was held out*.

# %%
answers = promotion_answers(company.promotions, company.targets, company.responses)
bought_back = promotion_results(answers, by="type")
columns = ["type", "contacts", "responses", "cost_per_response_cny", "cost_per_extra_cny"]
bought_back[columns].round(0)

# %% [markdown] tags=["fragment"]
# An answer seems to cost three or four hundred yuan. But many who answered would have bought
# anyway: those held out did. An *extra* purchase costs several times as much, and for one type the
# number cannot even be told, since in one of its promotions nobody was held out.
#
# Which *design* works? A promotion is red and on the radio and at noon, all at once; a regression
# tells them apart. A thousand customers are too few for that, so take a world of 20,000.

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

# %%
effects[["feature", "level", "effect", "low", "high"]].round(3)

# %% [markdown] tags=["fragment"]
# Now the truth. The simulator planted a *lift* for each promotion: the chance that a contact makes
# a customer buy who is still a customer.

# %%
planted = large["promotions"].merge(large["truth_promotions"])
planted.groupby("colour")["lift"].agg(["mean", "size"]).round(3)

# %% [markdown] tags=["fragment"]
# The order is right, red before blue before green. The measured effects are smaller than the
# planted ones, since some of those contacted had left for good, and a contact with them changes
# nothing.

# %% [markdown]
# ## Your turn
#
# `exercises/04_database.ipynb` has a sheet and lists of your own. Or here and now:
#
# 1. Change the SQL above: which five customers returned most, and what share of their purchases?
# 2. A salesperson wants a column "religion" in `people`. Write the purpose it would serve. Which
#    of the four building rules helps you to answer?
# 3. Raise `stale_share` in `simulate_records` to 0.3. Which weight changes most, and why?
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
# * A page that is 100% complete is no aim. A field needs a purpose, and a promotion people held
#   out.
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
# `match_quality`, `match_records`, `plot_match_weights`, `plot_match_quality`, `golden_records`,
# `golden_quality`, `archive`, `card_fields`, `selling_card`, `wallet`, `loyal_customers`,
# `personalised_service`, `promotion_answers`, `promotion_results`, `DesignEffects`,
# `plot_design_effects`.
#
# *Sources:* Codd, E. F. (1970). A relational model of data for large shared data banks.
# doi:10.1145/362384.362685. Bernstein, P. A. (1976). Synthesizing third normal form relations.
# doi:10.1145/320493.320489. Kivinen, J. and Mannila, H. (1995). Approximate inference of
# functional dependencies. doi:10.1016/0304-3975(95)00028-U. Chen, P. P.-S. (1976). The
# entity-relationship model. doi:10.1145/320434.320440. Fellegi, I. P. and Sunter, A. B. (1969). A
# theory for record linkage. doi:10.1080/01621459.1969.10501049. Dempster, A. P., Laird, N. M. and
# Rubin, D. B. (1977). The EM algorithm. doi:10.1111/j.2517-6161.1977.tb01600.x. Agresti, A. and
# Caffo, B. (2000). doi:10.1080/00031305.2000.10474560. Liang, K.-Y. and Zeger, S. L. (1986).
# doi:10.1093/biomet/73.1.13. The customer model, the database's features and rules, and the
# customer card follow the course's own material.
