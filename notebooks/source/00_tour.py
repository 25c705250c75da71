# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["slide"]
# # 00 · What can one purchase file tell us?
#
# Hehua (荷华), a small firm that sells cosmetics and household goods, has a thousand customers and
# two years of receipts. This tour reads three things in each: who bought, when, and for how much.
#
# You will be able to
#
# * read a purchase file, ours or your own, and see what was found in it (2 minutes);
# * show who brings the money, and move the lines between the tiers yourself (3 minutes);
# * sort customers by how they buy (3 minutes);
# * check such a forecast against what really happened (2 minutes).
#
# *Needs nothing. Data: `hehua_purchases`, simulated, seed 2024. The firm is fictional.*

# %% [markdown]
# ## First: how to use this page
#
# The grey boxes are *cells*. Click into one and press **Shift+Enter**: it runs, and what comes out
# stands below it. `[*]` at its left says that it is still running, a number that it has run. Go
# through the page from top to bottom, one cell after the other. Try it now:

# %%
print("This cell has run.")

# %% [markdown]
# * **When a cell fails**, red lines appear. Read the last one: it says what is wrong and often what
#   to do. Mend the cell and run it again. Nothing can break.
# * **When you skipped a cell**, a later one fails because it needs what you skipped: the last line
#   begins with `NameError`. Go back up, run what you left out, and come down again.
# * **When all is in a muddle**, choose *Restart Kernel and Run up to Selected Cell* in the menu
#   *Kernel*. It forgets everything and runs all cells above afresh.
#
# Now two guesses. **Before you run anything else, write down your guess:** type it in place of the
# three dots, and run the cell.
#
# 1. How many of the thousand customers bring 80% of the money?

# %%
from crmlab.classroom import check, guess, reveal

guess("00.a", ...)

# %% [markdown]
# 2. Who is more likely to buy again in the next half-year: the 200 customers who *spent most*, or
#    the 200 who *bought last*? Type `"spent most"` or `"bought last"`, with the quotes.

# %%
guess("00.b", ...)

# %% [markdown] minutes=2 tags=["slide"]
# ## One file in
#
# Run the cell as it stands to use Hehua's file. To use your own, put its path in place of
# `load(…)`, such as `my_file = "sales.xlsx"`. It needs three columns: customer, date, amount.

# %%
from crmlab.data import load, read_purchases

my_file = load("hehua_purchases")
purchases, report = read_purchases(my_file)
report

# %% [markdown]
# The report says how the file was read and what looked odd. It found more columns than the three:
# the channel, the store, the category. This tour does not use them. The odd rows are refunds. They
# are kept, with their minus sign, because money that went back was never earned.

# %% tags=["fragment"]
purchases[["customer_id", "date", "amount"]].head(3)

# %% [markdown] minutes=3 tags=["slide"]
# ## Who brings the money?
#
# Add up what each customer brought, rank them, and cut the ranking into tiers. This is the
# *customer pyramid* (客户金字塔): the top 1% are the VIPs, then everybody down to the top 5%, then
# down to the top 20%, then all the rest.

# %%
from crmlab.pyramid import pyramid

spend = purchases.groupby("customer_id")["amount"].sum()
tiers = pyramid(spend)

# %% [markdown] tags=["fragment"]
# **Before you look:** sketch the four tiers on paper, the number of people to the left and their
# money to the right. Is the money a pyramid too?

# %% tags=["subslide"] alt="Four tiers: people widen to the bottom, money does not"
import matplotlib.pyplot as plt

from crmlab.pyramid import plot_pyramid

_, ax = plt.subplots(figsize=(9, 4))
ax = plot_pyramid(tiers, ax=ax)

# %%
tiers[["tier", "customers", "spend", "share_of_customers", "share_of_spend"]].round(3)

# %% [markdown]
# The people make a pyramid; the money does not, and the broad bottom is one of its short bars.
#
# **Now you.** Which share of the money do the best customers bring? Complete the function: `best`
# holds what the best ones spent, `spend` what everybody spent. Write the sum of the one divided by
# the sum of the other; `spend.sum()` is a sum. The last line tries it on three customers who spent
# 6, 3 and 1: the best one brings 6 of 10, a share of 0.6.

# %% tags=["solution"]
import pandas as pd


def share_of_best(spend, heads):
    best = spend.nlargest(heads)
    return best.sum() / spend.sum()  # you type this


check("00.c", share_of_best(pd.Series([6, 3, 1]), 1), 0.6)

# %% [markdown] tags=["subslide"]
# The best 200 are the top 20% of Hehua's thousand. And how many does it take for 80% of the money?

# %% tags=["fragment"]
print(f"The best 200 customers bring {share_of_best(spend, 200):.0%} of the money.")

# %% tags=["fragment"]
from crmlab.pyramid import concentration

found = concentration(spend, share=0.8)
reveal("00.a", round(found.customers_for_share * found.customers))

# %% [markdown] tags=["fragment"]
# A fifth of the customers, four fifths of the money: this is the *80:20 rule* (二八定律). We built
# Hehua to obey it; real firms need not, and chapter 07 shows what it takes.

# %% [markdown] tags=["subslide"]
# ## Move the line yourself
#
# Where a tier ends is your choice. **Before you drag `vip` from 1% to 5%:** will five times as many
# VIPs bring five times the money?

# %%
from crmlab.pyramid import explore_cuts

explore_cuts(spend)

# %% [markdown]
# On paper the sliders cannot move, so here is that setting. The sliders are *net*: each is the size
# of one tier, 5%, 4% and 15%. The cuts of `pyramid` are *cumulative*: the sizes summed up from the
# top.

# %%
cuts = [0.05, 0.05 + 0.04, 0.05 + 0.04 + 0.15]
print("Cuts: " + ", ".join(f"{cut:.0%}" for cut in cuts))

# %% tags=["subslide"] alt="Five times the VIPs: their bar of money grows, but not five times"
wider = pyramid(spend, cuts=cuts)
_, ax = plt.subplots(figsize=(9, 4))
ax = plot_pyramid(wider, ax=ax)

# %% tags=["fragment"]
times = wider["spend"].iloc[0] / tiers["spend"].iloc[0]
print(f"Five times the VIPs bring {times:.1f} times the money.")

# %% [markdown] tags=["fragment"]
# Less than five: every place further down the ranking brings less than the one above it.

# %% [markdown] tags=["notes"]
# Ask the class where *they* would draw the VIP line, and what they would give a VIP. The cost of a
# gift grows with the number of VIPs; what they bring grows more slowly.

# %% [markdown] minutes=3 tags=["slide"]
# ## Who will buy again?
#
# The pyramid looks back. For a look ahead the field asks three things of each customer: *recency*
# (最近一次消费), the days since the last purchase; *frequency* (消费频率), how many purchases;
# *monetary* (消费金额), how much in all.

# %% tags=["fragment"]
from crmlab.rfm import rfm

table = rfm(purchases)
table[["customer_id", "days_since_last", "frequency", "monetary"]].head(3)

# %% [markdown] tags=["subslide"]
# Days, counts and money do not compare, so each is scored from 1 to 5, about a fifth of the
# customers each, and 5 is always good. Two of the three scores make a map.

# %%
from crmlab.rfm import rfm_map, rfm_scores

scores = rfm_scores(table)
cells = rfm_map(scores)

# %% [markdown] tags=["fragment"]
# **Before you look:** the top right corner buys often and was here lately. Who stands in the top
# *left* corner, and what would you say to them?

# %% tags=["subslide"] alt="Customers by recency and frequency score: most in two corners"
from crmlab.rfm import plot_rfm_map

_, ax = plt.subplots(figsize=(7, 5))
ax = plot_rfm_map(cells, ax=ax)

# %%
cells.pivot(index="frequency_score", columns="recency_score", values="customers")[::-1]

# %% [markdown] tags=["fragment"]
# In the top left corner stand people who bought often and then stopped. They are very few, but
# towards the middle of the top two rows there are more whose last purchase was some time ago. They
# used to be good: call them first. The bottom row holds more than its fifth, because very many
# bought just once, and equal customers get equal scores.

# %% [markdown] tags=["subslide"]
# With the third score, money, the map falls into eight named *segments* (客户细分). One of them,
# *slipping away*, is wider than the corner: all who score 4 or 5 for frequency and for money, and
# only 1 or 2 for recency.

# %% tags=["fragment"]
from crmlab.rfm import rfm_segments, segment_summary

segments = rfm_segments(scores)
summary = segment_summary(segments)
summary[["segment", "customers", "share_of_spend", "median_days_since_last"]].round(2)

# %% [markdown] minutes=2 tags=["slide"]
# ## Open the truth
#
# Everything so far can be done with your own file. This cannot: Hehua is simulated, so we know what
# each customer did in the half-year *after* the file ends, and who had left without a word.
#
# Your second guess is about to meet it.

# %%
truth = load("hehua_truth")
future = segments.merge(truth, on="customer_id")
future["bought_again"] = future["future_purchases"] > 0
spent_most = future.nlargest(200, "monetary")
bought_last = future.nsmallest(200, "days_since_last")

# %% tags=["fragment"]
bets = {"everybody": future, "spent most": spent_most, "bought last": bought_last}
came = {name: customers["bought_again"].mean() for name, customers in bets.items()}
print(pd.Series(came).round(2).to_string())
reveal("00.b", max(came, key=came.get))

# %% [markdown] tags=["fragment"]
# Money says who *was* good; recency says who is still there. Both groups are far above everybody's
# share, and recent buyers beat big spenders. How did the segments do?

# %% tags=["subslide"]
future["had_left"] = future["dropped_out_on"].notna()
forecast = future.groupby("segment")[["bought_again", "had_left"]].mean()
forecast.sort_values("bought_again", ascending=False).round(2)

# %% [markdown] tags=["fragment"]
# Champions and small regulars came back, as their names promise. Two rows need a second look. Of
# the customers *slipping away*, the ones to call first, all had already left: that call had to
# come earlier. And hardly anybody *asleep* came back, yet most of them have not left. They buy once
# in many years. A file shows that somebody is silent; it does not show why.

# %% [markdown]
# ## Your turn
#
# Go back to `my_file = …`, put in a file of your own and run the notebook as far as "Open the
# truth". Then chapter 06 asks who will buy again, and chapter 07 who brings the money, both in more
# detail.

# %% [markdown] tags=["slide"]
# ## What you saw
#
# * Three columns are enough for a pyramid and a map of your customers.
# * A small part of the customers brings most of the money, and where "VIP" ends is your choice.
# * The date of the last purchase predicts the next one better than the sum of all before.
#
# **To carry away:** which of your own customers are slipping away today?

# %% [markdown]
# Five questions to see what stayed. Choose with the mouse, or with Tab and the arrow keys; each
# option says why.

# %%
from crmlab.classroom import quiz

quiz("00")

# %% [markdown]
# *Functions used:* `load`, `read_purchases`, `pyramid`, `concentration`, `plot_pyramid`,
# `explore_cuts`, `rfm`, `rfm_scores`, `rfm_map`, `plot_rfm_map`, `rfm_segments`, `segment_summary`.
#
# *Sources:* Hughes, A. M. (1994). Strategic Database Marketing. Probus (scores by fifths).
# Fader, P. S., Hardie, B. G. S. and Lee, K. L. (2005). "Counting your customers" the easy way.
# Marketing Science 24(2), 275-284. doi:10.1287/mksc.1040.0098 (how Hehua's customers live).
