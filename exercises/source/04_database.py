# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # 04 · Exercises: take your shop's sheet apart
#
# *About 40 minutes. Needs chapter 04. Data: the one big sheet of a shop of your own, and
# Hehua. Put your work in place of each `...`, run the cell, then run its
# check. `hint("04.1")` gives a hint, one more at each call.*

# %%
import pandas as pd

from crmlab.classroom import check, hint, load_mine, progress
from crmlab.company import load_company
from crmlab.database import (
    anomalies,
    decompose,
    dependencies,
    load_tables,
    mended,
    normal_form,
    open_database,
    simulate_order_sheet,
    split_cells,
    sql,
    upgrade,
)
from crmlab.loyalty import loyalty_index

cells = ["product", "category", "price_cny", "quantity"]


# %% tags=["world"]
def world(seed):
    from crmlab.database import simulate_order_sheet

    sheet, truth = simulate_order_sheet(150, moved=4, doubled=12, seed=seed)
    return sheet, truth.sheet


# %% [markdown]
# `mine` is the sheet of your shop. Handed out by
# a teacher, it is yours alone.

# %%
mine = load_mine("04")
mine.head(3)

# %% [markdown] points=1 minutes=3 objective="name the normal form of a table" hint=["Its key is student and course. Does every other column need both to be known?", "`normal_form(marks, key=[...], dependencies={...})` has a `name`."]
# **04.1** A school keeps this table. A student has one mark in each course, a course has one
# teacher, and a teacher has one room. Which is the *highest* normal form that the table reaches?
# One of `"1NF"`, `"2NF"` and `"3NF"`, as `form`.

# %%
marks = pd.DataFrame(
    {
        "student": ["Bai", "Bai", "Chen", "Chen"],
        "course": ["sales", "data", "sales", "law"],
        "mark": [81, 77, 90, 68],
        "teacher": ["Lin", "Wu", "Lin", "Lin"],
        "room": ["A2", "B7", "A2", "A2"],
    }
)
marks

# %% tags=["solution"]
rules = {"course": "teacher", "teacher": "room"}
form = normal_form(marks, key=["student", "course"], dependencies=rules).name

# %% wrong=["'2NF'", "'3NF'", "'none'"] message=["The teacher depends on the course alone, a part of the key.", "The teacher depends on the course alone, and the room on the teacher.", "Every cell has one value, and the key tells the rows apart. That is something."]
check("04.1", form)

# %% [markdown] points=2 minutes=5 own=true objective="find update anomalies in a sheet" hint=["First give each of two products in a cell a row of its own: `split_cells(mine, columns=cells)`.", "`anomalies(lines, {\"customer\": \"address\"})` lists the rows of each contradiction.", "Divide the rows of the contradictions by all rows of `lines`."]
# **04.2** Split the cells of *your* sheet that hold two products, as `lines`. A parcel is about to
# go out for each row of `lines`. Some belong to customers for whom the sheet has more than one
# address, so no row of theirs is safe. Which share of the rows of `lines` is that? A share from 0
# to 1, as `unsure`.

# %% tags=["solution"]
lines = split_cells(mine, columns=cells)
broken = anomalies(lines, {"customer": "address"})
unsure = len(broken) / len(lines)

# %% wrong=["len(broken)", "broken['value'].nunique() / lines['customer'].nunique()", "len(broken) / len(mine)", "dependencies(lines, columns=['customer', 'address'], max_error=0.5)['error'].iloc[0]"] message=["That is how many rows; the question asks for a share.", "That is the share of the customers; the question is about rows.", "You divided by the rows before the cells were split.", "That is the share of rows that would have to be changed. You do not know which: all rows of these customers are unsure."]
check("04.2", unsure)

# %% [markdown] points=2 minutes=6 own=true objective="decompose a sheet into third normal form" hint=["`decompose(facts, key=[\"order_id\", \"product\"], dependencies=rules)` gives a dict of tables.", "`part.size` is the number of cells of a table. Add them up.", "One minus the cells after, divided by the cells before."]
# **04.3** Take *your* `facts` below apart into third normal form, as `tables`, by `rules`. Count
# the cells before and after. Which share of the cells need not be written any more? A share from 0
# to 1, as `saved`.

# %%
rules = {"order_id": ["date", "customer"], "customer": "phone", "product": "price_cny"}
facts = split_cells(mine, columns=cells).drop(columns=["address", "category"])
facts.head(2)

# %% tags=["solution"]
tables = decompose(facts, key=["order_id", "product"], dependencies=rules)
saved = 1 - sum(part.size for part in tables.values()) / facts.size

# %% wrong=["1 - saved", "facts.size - sum(part.size for part in tables.values())", "facts.size / sum(part.size for part in tables.values()) - 1", "1 - sum(len(part) for part in tables.values()) / len(facts)"] message=["That is the share that is still written.", "That is how many cells; the question asks for a share.", "You divided by the cells after. Divide by the cells before.", "You counted rows. Count cells."]
check("04.3", saved)

# %% [markdown]
# Here are your four tables in a database.

# %%
shop = open_database(":memory:")
parts = decompose(facts, key=["order_id", "product"], dependencies=rules)
names = ["orders", "customers", "products", "lines"]
for name, part in zip(names, parts.values(), strict=True):
    part.to_sql(name, shop, index=False)
    print(f"{name:10} {', '.join(part.columns)}")

# %% [markdown] points=3 minutes=7 own=true objective="join two tables and group in SQL" hint=["The price stands in `products`, the pieces in `lines`: join them where the product is the same.", "`sum(quantity * price_cny)` for each product: `group by`.", "The answer of `sql` is a frame: divide its largest value by its sum."]
# **04.4** Ask *your* `shop` in SQL. A product brings in its price times the pieces sold. Which
# share of the money from all products comes from the one that brings in most? A share from 0 to 1,
# as `best`.

# %% tags=["solution"]
money = sql(
    shop,
    """
    select lines.product, sum(quantity * price_cny) as money, sum(quantity) as pieces
    from lines
    join products on products.product = lines.product
    group by lines.product
    """,
)
best = money["money"].max() / money["money"].sum()

# %% wrong=["money['money'].max()", "money['pieces'].max() / money['pieces'].sum()", "facts.assign(m=facts['price_cny']).groupby('product')['m'].sum().max() / facts['price_cny'].sum()"] message=["That is in CNY. Divide by the money of all products.", "Those are shares of the pieces. Multiply each by its own price; a join without its condition, `on products.product = lines.product`, multiplies it by the prices of all products.", "You forgot the quantity: three creams bring three times as much as one."]
check("04.4", best)

# %% [markdown] points=2 minutes=6 objective="find the join that counts twice" hint=["Ask for one purchase: `where purchases.purchase_id = 1`. How many rows does the colleague's question give?", "A purchase has several lines, so the join repeats its amount. Is `lines` needed at all?", "`amount > 0` leaves the refunds out."]
# **04.5 Find the error.** A colleague wants to know for how much Hehua sold online, refunds left
# out (they are the purchases with a negative amount), and asks as below. Find the mistake. The
# right number, in CNY, as `sold`.

# %%
company, _ = load_company()
hehua = open_database(":memory:")
upgrade(hehua)
wanted = ["addresses", "households", "people", "products", "purchases", "lines"]
loaded = load_tables(hehua, {name: getattr(company, name) for name in wanted})
colleague = sql(
    hehua,
    """
    select sum(purchases.amount) as sold
    from purchases
    join lines on lines.purchase_id = purchases.purchase_id
    where channel = 'online' and amount > 0
    """,
)["sold"].item()
print(f"The colleague's number: {colleague:,.2f} CNY")

# %% tags=["solution"]
sold = sql(
    hehua,
    """
    select sum(amount) as sold from purchases where channel = 'online' and amount > 0
    """,
)["sold"].item()

# %% wrong=["colleague", "sql(hehua, \"select sum(amount) as sold from purchases where channel = 'online'\")['sold'].item()", "sql(hehua, 'select sum(amount) as sold from purchases where amount > 0')['sold'].item()", "sql(hehua, \"select count(*) as n from purchases where channel = 'online' and amount > 0\")['n'].item()"] message=["That is the colleague's number.", "Nearly: the refunds are still taken off.", "That is for all channels.", "That is how many purchases; the question asks for how much money."]
check("04.5", sold)

# %% [markdown]
# Joining to a table with several rows for each of ours repeats our rows. Whatever is summed after
# that is too large, and nothing warns you.

# %% [markdown] points=1 minutes=2 objective="compute a loyalty index" hint=["The index is our share of *all* that the customer spends.", "Take the spending elsewhere and ours together."]
# **04.6** A customer spends 420 yuan a year with us and 1,500 with others. What is the loyalty
# index? A share from 0 to 1, as `loyalty`.

# %% tags=["solution"]
loyalty = loyalty_index(420, 420 + 1_500)

# %% wrong=["420 / 1_500", "1 - loyalty", "1_500 / 420"] message=["You left our own 420 out of the whole.", "That is the potential index: the share that others have.", "Turn it round, and think of the whole."]
check("04.6", loyalty)

# %% [markdown] points=2 minutes=5 objective="check a rule of thumb against the truth" hint=["`mended(town, {\"customer\": \"address\"})` lets the majority decide.", "Compare, for each customer in `moved`, the first address in the result with the first in `sealed_sheet`.", "`.groupby(\"customer\")[\"address\"].first().loc[moved]`"]
# **04.7 Is it true? Decide, then open the truth.** "The address on most rows is the right one." In a
# larger shop many customers moved. Let the majority decide. For which share of these customers (`moved`) is the decided
# address the true one? Where two addresses are equally frequent, nothing is decided: take the
# address that stands first. A share from 0 to 1, as `luck`.

# %%
big, opened = simulate_order_sheet(4_000, moved=200, doubled=0, seed=11)
town, sealed_sheet = big, opened.sheet
moved = anomalies(town, {"customer": "address"})["value"].unique()
print(f"{len(moved)} customers with two addresses")

# %% tags=["solution"]
decided = mended(town, {"customer": "address"}).groupby("customer")["address"].first().loc[moved]
true = sealed_sheet.groupby("customer")["address"].first().loc[moved]
luck = (decided == true).mean()

# %% wrong=["1 - luck", "(decided == true).sum()", "(mended(town, {'customer': 'address'})['address'] == sealed_sheet['address']).mean()"] message=["That is the share of those where it is wrong.", "That is how many; the question asks for a share.", "That is the share of rows, of all customers; the question is about the customers who moved."]
check("04.7", luck)

# %% [markdown]
# A rule of thumb that is right about as often as a coin is no rule. Write the address once.

# %% [markdown] points=4 minutes=8 objective="decide what to store about a customer" rubric=["Names fields, without a reason for them.", "Gives a purpose for each field kept and for each left out, and says where a fact is stored once.", "Also says what is refused or masked, how the design may grow, and what would change the mind."] hint="What would the shop do differently tomorrow if it knew this? Who may see it? In how many places is it written?"
# **04.8 Judge.** Your shop wants to leave its sheet. A salesperson asks to store for each customer:
# phone, address, birthday, income, medical history, the spouse's hobby, and the last ten purchases
# in one cell. What do you store, in which tables, and what not? Four to eight sentences in quotes,
# as `judgement`. Your teacher reads this one.

# %% tags=["solution"]
judgement = """Customers with phone and address, since parcels go there, each once, in a table of its
own; the birthday too, if customers agreed to be congratulated. Purchases stay in orders and lines that
refer to the customer and the product: ten in a cell could be neither summed nor checked (04.2, 04.4).
Income and medical history serve no purpose of the shop: they are left out, and if one came up they
would be masked, with a log of who looked. The spouse's hobby is somebody else's business. The design
can grow by a table, and a migration keeps every row; a purpose that customers agree to would change
my mind about a field."""

# %%
check("04.8", judgement)

# %%
progress()
