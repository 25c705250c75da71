# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # 00 · Exercises: what can one purchase file tell us?
#
# *About 30 minutes. Needs chapter 00. Data: Hehua, and a small shop of your own. Put your
# work in place of each `...`, run the cell, then run its check. `hint("00.1")` gives a hint, one
# more at each call.*

# %%
from crmlab.classroom import check, hint, load_mine, progress
from crmlab.data import load
from crmlab.pyramid import concentration, pyramid
from crmlab.rfm import rfm, rfm_scores, rfm_segments


# %% tags=["world"]
def world(seed):
    from crmlab.lifetime import simulate_purchases

    return simulate_purchases(250, rate=(0.8, 4.0), dropout=(0.8, 4.0), seed=seed)


# %% [markdown]
# `mine` holds the purchases of your shop: one row per purchase. Handed out
# by a teacher, it is yours alone.

# %%
mine = load_mine("00")
mine.head(3)

# %% [markdown] points=1 minutes=2 objective="read how many customers a file holds" hint=["One row is a purchase, not a customer.", "`nunique` counts different values."]
# **00.1** How many customers does Hehua's file hold? A number, as `customers`.

# %%
purchases = load("hehua_purchases")
purchases.head(3)

# %% tags=["solution"]
customers = purchases["customer_id"].nunique()

# %% wrong="len(purchases)" message="Those are the rows: one customer has many."
check("00.1", customers)

# %% [markdown] points=1 minutes=3 objective="find the refunds in a file" hint=["What sign does money have that went back?", "A comparison of a column is True or False in each row, and `mean` of that is a share."]
# **00.2** Which share of the rows are *refunds*? A share from 0 to 1, as `refunds`.

# %% tags=["solution"]
refunds = (purchases["amount"] < 0).mean()

# %% wrong=["(purchases['amount'] < 0).sum()", "-purchases.loc[purchases['amount'] < 0, 'amount'].sum() / purchases['amount'].sum()"] message=["That is how many, not which share.", "That is their share of the money; the question is about rows."]
check("00.2", refunds)

# %% [markdown] points=2 minutes=4 objective="build a customer pyramid" hint=["First what each customer spent in all: `groupby` and `sum`.", "`pyramid` makes the tiers; keep two of its columns."]
# **00.3** Which share of Hehua's spend does each tier bring? A table with the columns `tier` and
# `share_of_spend`, as `tiers`.

# %% tags=["solution"]
spend = purchases.groupby("customer_id")["amount"].sum()
tiers = pyramid(spend)[["tier", "share_of_spend"]]

# %% wrong="pyramid(purchases['amount'])[['tier', 'share_of_spend']]" message="Those are tiers of receipts. Add up by customer first."
check("00.3", tiers)

# %% [markdown] points=2 minutes=4 own=true objective="measure concentration in a file of your own" hint=["The spend of each customer of `mine` comes first.", "`concentration(...)` has `share_of_top`."]
# **00.4** In *your* shop: which share of the money comes from the top 20% of the customers? A share,
# as `top`.

# %% tags=["solution"]
found = concentration(mine.groupby("customer_id")["amount"].sum())
top = found.share_of_top

# %% wrong=["found.customers_for_share", "concentration(mine['amount'].reset_index(drop=True)).share_of_top"] message=["That is the share of customers who bring 80%.", "Those are receipts. Add up by customer first."]
check("00.4", top)

# %% [markdown] points=2 minutes=5 own=true objective="compute recency, and read who went silent" hint=["`rfm(mine)` gives the days since the last purchase.", "Half a year is 180 days; more than that counts."]
# **00.5** In *your* shop: which share of the customers has not bought for *more than* 180 days, at
# the end of the file? A share, as `silent`.

# %% tags=["solution"]
own_table = rfm(mine)
silent = (own_table["days_since_last"] > 180).mean()

# %% wrong=["(own_table['days_since_last'] <= 180).mean()", "(own_table['tenure_days'] > 180).mean()"] message=["Those are the ones who did buy.", "That counts from the first purchase."]
check("00.5", silent)

# %% [markdown] points=2 minutes=5 objective="find the error in a colleague's average" hint=["Which customers does the colleague's mean count more than once?", "A mean over rows weighs a customer by the number of purchases."]
# **00.6 Find the error.** "What does a customer spend on average?" A colleague answers with the mean
# of the column `amount`. Find the mistake, and call the right mean `mended`.

# %%
colleague = purchases["amount"].mean()
print(f"The colleague's mean: {colleague:.2f} CNY")

# %% tags=["solution"]
mended = purchases.groupby("customer_id")["amount"].sum().mean()

# %% wrong=["colleague", "purchases.groupby('customer_id')['amount'].mean().mean()", "purchases.groupby('customer_id')['amount'].sum().median()"] message=["That is what a receipt brings, not a customer.", "That is a customer's mean receipt.", "That is the median."]
check("00.6", mended)

# %% [markdown] points=2 minutes=5 objective="forecast, and check against what happened" hint=["`segments` has one row per customer.", "Compare the column `segment` with \"asleep\"; the mean of True and False is a share."]
# **00.7 Guess, then open the truth.** Which share of Hehua's customers is *asleep*, by its segment? A
# share, as `asleep`. And before you run the cell after the check: which part of them has really left?

# %%
segments = rfm_segments(rfm_scores(rfm(purchases)))
segments[["customer_id", "days_since_last", "frequency", "segment"]].head(3)

# %% tags=["solution"]
asleep = (segments["segment"] == "asleep").mean()

# %% wrong="(segments['segment'] == 'asleep').sum()" message="That is how many, not which share."
check("00.7", asleep)

# %%
opened = segments.merge(load("hehua_truth"), on="customer_id").query("segment == 'asleep'")
print(f"Of the customers asleep, {opened['dropped_out_on'].notna().mean():.0%} had left.")

# %% [markdown] points=3 minutes=6 objective="say what a file can and cannot show" rubric=["Says something true about the file, without a number.", "Uses a number of this notebook to say what the file shows.", "Also says what the file cannot show, why, and what else one would have to know."] hint="What did the truth say in 00.7 that the file did not?"
# **00.8 Judge.** "Whoever has not bought for half a year is lost." What does your notebook say about
# it? Two to five sentences in quotes, as `judgement`. Your teacher reads this one.

# %% tags=["solution"]
judgement = """In my shop a good part has been silent for more than half a year. At Hehua most of the
customers asleep had not left: they buy once in many years. A file shows silence, not its reason. To
know who is lost one has to wait longer, or to ask."""

# %%
check("00.8", judgement)

# %%
progress()
