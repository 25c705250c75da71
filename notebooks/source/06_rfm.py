# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["slide"]
# # 06 · Who will buy again?
#
# New Year's Eve at Hehua (荷华). In the drawer lie 200 hand-written cards, and there are 1,000
# customers. A card is worth its stamp only if its reader will still be a customer next summer.
#
# **Before you run anything, write down your guess:** there are three, each typed in place of the
# three dots below.

# %% [markdown] tags=["subslide"]
# You will be able to
#
# * boil a purchase file down to recency, frequency and money, and score it (12 minutes);
# * name segments that leave nobody out, and say what to do for each (5 minutes);
# * test on past data whether a score forecasts anything, and choose where to stop (15 minutes);
# * tell a silent customer from a lost one (7 minutes);
# * see where the famous scorecards are ambiguous (7 minutes);
# * and, when the truth is opened, judge your own forecast (4 minutes).
#
# *Needs chapter 00. Data: `hehua_purchases`, simulated, seed 2024; the firm is fictional. What its
# customers do next year is known, and stays sealed until the end.*

# %% [markdown]
# 1. Who makes the best list of 200: those who bought *last*, those who buy *most often*, or those
#    who have spent *most*? Type `"last"`, `"often"` or `"most"`.

# %%
from crmlab.classroom import check, guess, reveal

guess("06.a", ...)

# %% [markdown]
# 2. How many of the 200 on your list will buy in the next six months?

# %%
guess("06.b", ...)

# %% [markdown]
# 3. A supermarket has not seen a customer for twelve weeks. With what chance does she come back?
#    Type a share, such as `"50%"`.

# %%
guess("06.c", ...)

# %% [markdown] minutes=5 tags=["slide"]
# ## Four customers, four winners
#
# A training slide shows the year 2003 of four customers, a cross for every
# purchase, and asks: *who is the top customer?* **Before you read on, choose one.** The larger the
# dot, the larger the purchase.

# %% tags=["subslide"] alt="Purchases in 2003: C has six dots, D two large ones, A the last"
import matplotlib.pyplot as plt

from crmlab.rfm import four_customers, plot_timelines

four = four_customers()
_, ax = plt.subplots(figsize=(8, 3))
ax = plot_timelines(four, as_of="2003-12-31", ax=ax)

# %%
from crmlab.rfm import rfm

table = rfm(four, as_of="2003-12-31")
table

# %% [markdown] tags=["subslide"]
# Five numbers per customer. *Recency* (最近一次消费) is `days_since_last`, counted to the end of
# the day we ask, so it is 0 on the day itself. *Frequency* (消费频率) counts purchases, *monetary
# value* (消费金额) adds them up, and the *ticket* (客单价) divides the one by the other.

# %% tags=["fragment"]
by = table.set_index("customer_id")
print("bought last:  ", by["days_since_last"].idxmin())
print("most often:   ", by["frequency"].idxmax())
print("most money:   ", by["monetary"].idxmax())
print("largest ticket:", by["ticket"].idxmax())

# %% [markdown] tags=["subslide"]
# Four questions, four winners. "The top customer" is not a property of a customer; it is a property
# of a question.
#
# It is also a property of the slide, which can be read in two ways. Is "$400" the total of the
# year, or the price of each purchase? We took the total. **Before you run it:** who is no longer
# first if it was each purchase?

# %%
each = rfm(four_customers(dollars="purchase"), as_of="2003-12-31").set_index("customer_id")
print("most money:    ", each["monetary"].idxmax())
print("largest ticket:", each["ticket"].idxmax())

# %% [markdown] tags=["fragment"]
# D is first in nothing now. (Where the crosses stood is lost as well; the dates are ours, and
# `four_customers` takes yours.)
#
# To rank customers we need one number, the *RFM score* (RFM分数). First each dimension becomes a
# *score*, higher is better; then a function F(R, F, M) makes one number of the three. A weighted
# mean is the simplest. **Before you drag:** can you make A win? And D?

# %%
from crmlab.rfm import explore_weights

explore_weights(table)

# %% [markdown]
# On paper the sliders cannot move. Here is one setting: money counts as much as the other two
# together.

# %% tags=["subslide"] alt="Weighted scores of the four: with money counting half, B is ahead"
from crmlab.rfm import plot_weighted_scores, rfm_scores

weights = {"recency": 1, "frequency": 1, "monetary": 2}
weighted = rfm_scores(table, bins=4, combine=weights)
_, ax = plt.subplots(figsize=(8, 3))
ax = plot_weighted_scores(weighted, weights=weights, ax=ax)

# %%
weighted[["customer_id", "recency_score", "frequency_score", "monetary_score", "rfm_score"]]

# %% [markdown] tags=["notes"]
# Let the class vote for the top customer before the table is shown, and once more after it. D wins
# with recency and money alike and frequency at nothing: fair for a shop of furniture, unfair for a
# bakery. Weights are opinions about the trade; ask whose they are.

# %% [markdown] minutes=7 tags=["slide"]
# ## A thousand customers
#
# Hehua's file has two years of purchases, and some refunds.

# %%
from crmlab.data import load

purchases = load("hehua_purchases")
returned = (purchases["amount"] < 0).sum()
print(f"{len(purchases):,} rows, {returned} of them refunds")
purchases.head(3)

# %%
hehua = rfm(purchases)
hehua.head(3)

# %% [markdown] tags=["fragment"]
# A refund lowers `monetary`, but it is not a purchase: it adds nothing to `frequency`, and bringing
# something back does not make anybody a *recent buyer*. Try it with a spreadsheet's "last date" and
# see how many customers look fresher than they are:

# %% tags=["fragment"]
last_row = purchases.groupby("customer_id")["date"].max()
by_row = (purchases["date"].max() - last_row).dt.days
print((by_row.to_numpy() < hehua["days_since_last"].to_numpy()).sum(), "customers look fresher")

# %% [markdown] tags=["subslide"]
# Now the scores. Rank the customers, the lowest first, and cut the ranking into fifths: the lowest
# fifth gets 1, the highest 5. For n customers that is 1 + 5 × (rank - ½) // n, where // divides and
# throws the rest away.
#
# **Now you.** Complete the function with this formula: `rank` holds the ranks, `len(values)` is n.
# The last lines try it on ten customers, two for each score.

# %% tags=["solution"]
import pandas as pd


def fifths(values):
    rank = values.rank()
    return 1 + 5 * (rank - 0.5) // len(values)  # you type this


ten = pd.Series([10, 20, 30, 40, 50, 60, 70, 80, 90, 100])
check("06.d", fifths(ten), pd.Series([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]))

# %% [markdown] tags=["fragment"]
# Whoever bought last should score highest, so the days count with a minus. `rfm_scores` scores all
# three dimensions in one call. **Before you run it:** how many customers have frequency score 1?

# %%
guess("06.e", ...)

# %%
import numpy as np

scores = rfm_scores(hehua)
ours = fifths(-hehua["days_since_last"])
print("As by our function:", np.array_equal(ours, scores["recency_score"]))
reveal("06.e", (scores["frequency_score"] == 1).sum())
dimensions = ["recency", "frequency", "monetary"]
pd.DataFrame({name: scores[f"{name}_score"].value_counts().sort_index() for name in dimensions})

# %% [markdown] tags=["fragment"]
# Not fifths! Look at the frequencies themselves.

# %%
once = (hehua["frequency"] == 1).mean()
print(f"{once:.0%} of the customers bought exactly once.")

# %% [markdown] tags=["subslide"]
# They are equal, so they get the same score, that of the middle rank among them. (The lowest rank
# would put everybody at the bottom where all are alike.) Many programs cut fifths "exactly" and let
# the order of the rows decide between equals. **Before you run it:** if the same file comes sorted
# the other way round, how many customers then change their frequency score?

# %%
guess("06.f", ...)


# %%
def exact_fifths(values, bins):
    """Cut into equal fifths; among equals, the row that comes first is the lower one."""
    place = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    return 1 + bins * place // len(values)


one_way = rfm_scores(hehua, method=exact_fifths)["frequency_score"]
other_way = rfm_scores(hehua[::-1], method=exact_fifths)["frequency_score"].sort_index()
reveal("06.f", (one_way != other_way).sum())
print(f"Exact fifths: {(one_way != other_way).sum()} customers change their score.")
again = rfm_scores(hehua[::-1])["frequency_score"].sort_index()
print(f"Middle rank:  {(again != scores['frequency_score']).sum()} change it.")

# %% [markdown] tags=["fragment"]
# A score that depends on how a file was sorted says nothing about a customer.
#
# The three digits side by side, 543 for instance, are the classic RFM score. As a *number* it is
# mostly recency: 511 beats 455. Keep that in mind for later.
#
# The map shows two of the three. **Before you look:** which corner will be crowded, and which two
# will be nearly empty?

# %% tags=["subslide"] alt="Recency by frequency score: most customers at two ends of a diagonal"
from crmlab.rfm import plot_rfm_map, rfm_map

cells = rfm_map(scores)
_, ax = plt.subplots(figsize=(7, 4.5))
ax = plot_rfm_map(cells, ax=ax)

# %%
corners = cells.query("recency_score in [1, 5] and frequency_score in [1, 5]")
corners[["recency_score", "frequency_score", "customers", "spend"]].round(0)

# %% [markdown] tags=["subslide"]
# The crowd is on the diagonal. Who comes often has, at any moment, probably been here lately; who
# came once probably long ago. R and F are not two independent facts.
#
# The corner at the top left is small, and it is the most interesting one: they *used* to come
# often.
#
# **Now you.** Complete the function: it says of each customer whether the frequency score is 4 or
# more *and* the recency score 2 or less. Write each comparison in brackets, and `&` between them.
# The last lines try it: the first customer has fallen silent, the second has not.


# %% tags=["solution"]
def fell_silent(recency, frequency):
    return (recency <= 2) & (frequency >= 4)  # you type this


check("06.g", fell_silent(pd.Series([1, 5]), pd.Series([5, 5])), pd.Series([True, False]))

# %% tags=["fragment"]
silent = fell_silent(scores["recency_score"], scores["frequency_score"])
print(f"{silent.sum()} customers came often and have fallen silent.")

# %% [markdown] minutes=5 tags=["slide"]
# ## Names for the cells
#
# Nobody can plan 125 campaigns. *Segmentation* (客户细分) gathers customers who deserve the same
# treatment. In Chinese textbooks each dimension is simply high or low, which makes eight segments,
# and every one has a name that says what to do. Frequency and money are *high* above the middle
# score, recency from the middle on: silence is said of the longest absent only.

# %%
from crmlab.rfm import segment_guide

guide = segment_guide()
guide[["segment", "chinese", "rule"]]

# %%
for row in guide.itertuples():
    print(f"{row.segment}: {row.advice}")

# %% [markdown] tags=["subslide"]
# **Before you look:** the *champions* (重要价值客户) are high on all three. What share of the
# customers are they, and what share of the money do they bring? Type the second one.

# %%
guess("06.h", ...)

# %% tags=["subslide"] alt="Eight segments: champions, a quarter of the heads, bring most money"
from crmlab.rfm import plot_segments, rfm_segments, segment_summary

segments = rfm_segments(scores)
summary = segment_summary(segments)
_, ax = plt.subplots(figsize=(8, 5))
ax = plot_segments(summary, ax=ax)

# %%
best = summary.set_index("segment").loc["champions"]
reveal("06.h", best["share_of_spend"], form=".0%")
print(f"Champions: {best['customers'] / len(scores):.0%} of the customers")
summary[["segment", "customers", "share_of_spend", "median_days_since_last"]].round(2)

# %% [markdown] tags=["subslide"]
# You can bring names of your own. A set of rules is only useful if everybody gets exactly one name,
# so crmlab checks all 125 cells before it names anybody:

# %%
from crmlab.errors import CrmlabError

mine = {
    "hot": "recency >= 4",
    "cold": "recency < 4 and not (recency == 1 and frequency == 1 and monetary == 1)",
    "whale": "recency == 5 and frequency == 1 and monetary == 5",
}
try:
    rfm_segments(scores, segments=mine)
except CrmlabError as refusal:
    print(refusal)

# %% [markdown] tags=["fragment"]
# Two mistakes: the coldest cell has no name, and a whale is hot as well. In a spreadsheet both stay
# silent: the first customers vanish from the plan, the others get two letters.

# %% [markdown] tags=["notes"]
# Ask who would phone the "lost big spenders", and what it would cost. Then keep the question: the
# last part of the chapter shows how many of them are really lost.

# %% [markdown] minutes=9 tags=["slide"]
# ## Do recent buyers respond best?
#
# The training slides make three claims: recent buyers respond best; frequent buyers respond better;
# big spenders respond better. Claims about the future can be tested on the past. Go back to 30 June
# 2024, look only at what was known *then*, and compare with the six months after. That is a
# *holdout* (留出样本).

# %%
from crmlab.rfm import holdout_response

known = rfm_scores(holdout_response(purchases, split="2024-06-30"))
base = known["responded"].mean()
print(f"{len(known)} customers were known by then; {base:.0%} bought in the next six months.")
known[["customer_id", "days_since_last", "frequency", "monetary", "responded"]].head(3)

# %% [markdown] tags=["subslide"]
# **Before you run it:** of the customers with recency score 5, which share bought again? And of
# those with score 1? Type both, in square brackets: `["50%", "50%"]`.

# %%
guess("06.i", ...)

# %%
rates = {name: known.groupby(f"{name}_score")["responded"].mean() for name in dimensions}
rates = pd.DataFrame(rates).rename_axis("score")
reveal("06.i", [rates.loc[5, "recency"], rates.loc[1, "recency"]], form=".0%")
rates.round(2)

# %% tags=["fragment"]
for name in dimensions:
    print(f"{name}: from {rates.loc[1, name]:.0%} up to {rates.loc[5, name]:.0%}")

# %% [markdown] tags=["subslide"]
# All three claims hold here, recency most strongly. But frequent buyers are recent buyers too:
# which of the two makes the difference? Read the next table along a row (same frequency), then down
# a column (same recency). Cells with fewer than ten customers are left out.

# %% tags=["subslide"]
both = known.pivot_table(
    index="frequency_score", columns="recency_score", values="responded", aggfunc=["mean", "size"]
)
both["mean"].where(both["size"] >= 10).sort_index(ascending=False).round(2)

# %% [markdown] tags=["fragment"]
# Along the rows recency makes a large difference, whatever the frequency. In the columns on the
# right, frequency helps too. In the first column, the longest absent, it does not: somebody who
# came often and has fallen silent is, if anything, *more* surely gone than somebody who never came
# often. We come back to that.

# %% [markdown] tags=["subslide"]
# ### By tenths
#
# Line everybody up by the RFM score and cut the line in ten. In the picture, the grey band is where
# a group would lie whose members are chosen at random. **Before you look:** how many of the ten
# tenths lie inside it?

# %%
guess("06.j", ...)

# %% tags=["subslide"] alt="Response by tenth: three far above chance, two inside, five below"
from crmlab.rfm import decile_table, plot_deciles

tenths = decile_table(known)
_, ax = plt.subplots(figsize=(8, 3.6))
ax = plot_deciles(tenths, ax=ax)

# %%
tenths[["decile", "customers", "response_rate", "low", "high", "lift", "share_reached"]].round(2)

# %% tags=["subslide"]
inside = tenths["response_rate"].between(tenths["random_low"], tenths["random_high"]).sum()
reveal("06.j", inside)
fifth = tenths.loc[1, "share_reached"]
print(f"{inside} of the 10 tenths could be luck.")
print(f"The top fifth holds {fifth:.0%} of those who bought again.")

# %% [markdown] tags=["fragment"]
# *Lift* (提升度) is the response of a group over the response of all; 1 is chance.
#
# **Now you.** Complete the function. `group` and `everybody` hold a 1 for who responded and a 0 for
# who did not, so `.mean()` is the share who responded. The last lines try it: half of the group
# responded, and a quarter of all.


# %% tags=["solution"]
def lift(group, everybody):
    return group.mean() / everybody.mean()  # you type this


check("06.k", lift(pd.Series([1, 0]), pd.Series([1, 0, 0, 0])), 2)

# %% tags=["fragment"]
top_fifth = known.nlargest(len(known) // 5, "rfm_score")["responded"]
print(f"Lift of the top fifth: {lift(top_fifth, known['responded']):.2f}")
print(f"The most it could be: {1 / base:.2f}, if all of them had responded")

# %% [markdown] tags=["fragment"]
# The top fifth reaches about twice as many as a fifth chosen at random, and nowhere near "80% from
# 20%". It could not: so many bought again that a fifth of the list cannot hold more than half of
# them.

# %% [markdown] tags=["subslide"]
# ### Against the naive rule
#
# Beating chance is easy. Most firms already have a rule, *write to the top spenders*, and the score
# must beat that. Four lists, each of the best fifth:

# %% tags=["subslide"] alt="Buyers reached by four rules: score and recency above money"
from crmlab.rfm import plot_gains

known["latest"] = -known["days_since_last"]
rules = ["rfm_score", "latest", "frequency", "monetary"]
gains = pd.concat([decile_table(known, score=rule) for rule in rules])
_, ax = plt.subplots(figsize=(6.5, 4.2))
ax = plot_gains(gains, ax=ax)

# %%
from crmlab.rfm import compare_scores

compared = compare_scores(known, scores=rules, against="monetary", depth=0.2, seed=1)
columns = ["score", "response_rate", "lift", "difference", "difference_low", "difference_high"]
compared[columns].round(2)

# %% tags=["subslide"]
for row in compared[:-1].itertuples():
    sure = "better" if row.difference_low > 0 else "perhaps no better"
    words = f"{row.difference_low:+.0%} to {row.difference_high:+.0%}"
    print(f"{row.score}: {sure} than top spenders ({words} of the list, by the interval)")

# %% [markdown] tags=["fragment"]
# Two lessons. One column, "who bought last", does as well as all three digits: the score is mostly
# recency, remember 511 and 455. Studies of real firms found the same, that a manager's simple
# recency rule is hard to beat (Wübben and Wangenheim 2008). And without the interval we would have
# praised frequency for a gain that may be luck.

# %% [markdown] tags=["subslide"]
# ### Frequent, so satisfied?
#
# The slide goes on: frequent buyers are "the most satisfied and loyal" as well. A purchase file
# holds no satisfaction, so no purchase file can show it. Here is a town in which the claim fails;
# somebody asked 3,000 customers, and our function scores them. **Before you look:** where do the
# most frequent fifth stand?

# %%
from crmlab.rfm import simulate_captive

town, town_truth = simulate_captive(3_000, seed=6)
town["frequency_score"] = fifths(town["purchases"]).astype(int)
town.groupby("frequency_score")["satisfaction"].mean().round(1)

# %% tags=["fragment"]
town = town.merge(town_truth, on="customer_id")
town.groupby("frequency_score")[["captive", "would_leave"]].mean().round(2)

# %% [markdown] tags=["fragment"]
# The most frequent are *captive*: they have no other shop. They buy often, they are the least
# satisfied, and most would leave if a rival opened. Frequency forecasts purchases. It does not
# measure love.

# %% [markdown] tags=["subslide"]
# ### What "response" means here
#
# Nobody wrote to Hehua's customers in these six months. They bought by themselves. So the tenths
# forecast *buying*; they do not say what a card *adds*.

# %% tags=["fragment"]
print(f"Of the top tenth, {tenths.loc[0, 'response_rate']:.0%} bought without any card.")

# %% [markdown] tags=["fragment"]
# They may need no card at all. What a contact changes, only a *control group* (对照组) can tell:
# chapter 14.

# %% [markdown] tags=["notes"]
# This is the sentence to leave the class with: a list that responds well is not yet a list that
# responds *to you*.

# %% [markdown] minutes=6 tags=["slide"]
# ## Where to stop
#
# A score makes a list; money says where to end it. Say a contact costs 12 yuan and a buyer brings a
# margin of 30. Both numbers are *ours*: change them. **Before you drag:** at which share of the
# list will the profit be highest?

# %%
guess("06.l", ...)

# %%
from crmlab.rfm import explore_cutoff

explore_cutoff(known, margin=30, cost=12)

# %% [markdown]
# On paper, one setting: stop after a fifth, as the boss always did.

# %% tags=["subslide"] alt="Profit rises to a stop near half of the list and falls after it"
from crmlab.rfm import cutoff_table, plot_cutoff

margin, cost = 30, 12
cutoffs = cutoff_table(known, margin=margin, cost=cost)
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_cutoff(cutoffs, share_contacted=0.2, ax=ax)

# %%
reveal("06.l", cutoffs.loc[cutoffs["profit"].idxmax(), "share_contacted"], form=".0%")
stops = cutoffs.iloc[[0, 20, cutoffs["profit"].argmax(), 100]]
stops[["share_contacted", "contacted", "responders", "profit"]].round(2)

# %% [markdown] tags=["subslide"]
# Going on is right as long as the next group earns more than it costs. Of 100 contacts at 12 yuan,
# how many must buy, each for a margin of 30? That share is the *break-even* response (盈亏平衡).
#
# **Now you.** Complete the function: which share must buy, so that margin and cost are equal?


# %% tags=["solution"]
def break_even(cost, margin):
    return cost / margin  # you type this


check("06.m", break_even(cost=12, margin=30), 0.4)

# %% tags=["fragment"]
print(f"Break-even response: {break_even(cost, margin):.0%}")
worth = tenths.loc[tenths["response_rate"] > break_even(cost, margin), "decile"]
print(f"Tenths above it: {worth.min()} to {worth.max()}")

# %% [markdown] tags=["fragment"]
# Two warnings. The best stop was chosen on the very customers it is judged by, so it flatters
# itself a little: choose it on one half-year, use it on the next. And it books every purchase as if
# the contact had caused it.

# %% [markdown] minutes=7 tags=["slide"]
# ## Silent, or gone?
#
# A supermarket's rule: a customer who has been away for *more than 12 weeks* returns with chance
# 10%; after *24 weeks* with 5%. Your third guess is about to meet it.
#
# We built a supermarket that obeys, and watch 1,000 of its customers for three years.

# %%
from crmlab.rfm import return_probability, simulate_supermarket

visits, shop_truth = simulate_supermarket(1_000, seed=6)
weeks = [1, *range(2, 49, 2)]
returns = return_probability(visits, weeks=weeks)
after_12 = returns.set_index("weeks").loc[12, "return_probability"]
reveal("06.c", after_12, form=".0%")
returns.query("weeks in [2, 6, 12, 24, 36]")[
    ["weeks", "absences", "returned", "return_probability", "low", "high"]
].round(3)

# %% tags=["subslide"] alt="Chance to return by weeks away, through 10% at 12 and 5% at 24"
from crmlab.rfm import plot_return_probability

_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_return_probability(returns, ax=ax)

# %% [markdown] tags=["subslide"]
# Both points of the slide lie on one curve, 1.2 / weeks, drawn between them only, since the slide
# says nothing outside. Two things are hidden in the word "returns".
#
# *When?* The slide does not say whether it means ever, or soon. **Before you run it:** how much is
# left of the 10% if she must return within the *next* 12 weeks? Type a share, such as `"8%"`.

# %%
guess("06.n", ...)

# %% tags=["subslide"]
soon = return_probability(visits, weeks=[12, 24], horizon_weeks=12)
within = soon.loc[0, "return_probability"]
reveal("06.n", within, form=".1%")
print(f"{within / after_12:.0%} of those who ever return do so in the next 12 weeks.")
soon[["weeks", "horizon_weeks", "return_probability", "low", "high"]].round(3)

# %% [markdown] tags=["fragment"]
# About half. Say the horizon when you quote such a number.

# %% [markdown] tags=["subslide"]
# *Whose?* Absences that are still open on the last day are neither returns nor losses. Counting
# them as losses would push the chance down; `return_probability` counts them as long as they were
# watched, and no longer. And the rule belongs to a shop that people visit every week. Hehua sells
# cosmetics:

# %%
own = return_probability(purchases[purchases["amount"] > 0], weeks=[12, 24])
own[["weeks", "absences", "return_probability", "low", "high"]].round(2)

# %% [markdown] tags=["fragment"]
# Twelve weeks of silence mean little here. What counts as long depends on the shop, and within the
# shop on the customer.

# %% [markdown] tags=["subslide"]
# ### Measured by their own rhythm
#
# Two customers buy less often than one would expect (消费频率低于预期). One has always come slowly:
# there is *room* to sell more. The other used to come every ten days and has been silent for a
# hundred: a sign of *churn* (客户流失). How unusual is a silence? Suppose nothing has changed. Then
# somebody who came x times in t days is silent for s days or longer with the chance (t / (t +
# s))^x.
#
# **Now you.** Complete the function. In Python, `**` is "to the power of". The last line tries it:
# who came twice in 100 days is silent for 100 more with chance ½ × ½.


# %% tags=["solution"]
def silence_chance(times, days, silent_days):
    return (days / (days + silent_days)) ** times  # you type this


check("06.o", silence_chance(2, 100, 100), 0.25)

# %% tags=["fragment"]
print(f"Every ten days for a year, then 100 days silent: {silence_chance(36, 360, 100):.6f}")
print(f"Twice a year, then 100 days silent:              {silence_chance(2, 360, 100):.2f}")

# %% [markdown] tags=["fragment"]
# The first silence can hardly be chance; the second says nothing. `frequency_gap` does this for
# every customer, and reads churn where the chance is below 5%.

# %% tags=["subslide"]
from crmlab.rfm import frequency_gap

gap = frequency_gap(purchases)
gap["reading"].value_counts().to_frame()

# %% [markdown] tags=["fragment"]
# Eight of them, each silent for a hundred days or more, but fewer than two hundred. **Before you
# read the table below the picture:** which four have left?

# %% tags=["subslide"] alt="Eight timelines: four dense, four sparse, all now silent"
alike = gap[gap["days_since_last"].between(100, 200)]
alike = alike[alike["frequency"] >= 4]
slow = alike[alike["reading"] == "room"].nlargest(4, "usual_gap_days")
quick = alike[alike["reading"] == "churn"].nsmallest(4, "silence_chance")
eight = pd.concat([quick, slow])
_, ax = plt.subplots(figsize=(8, 3.5))
theirs = purchases[purchases["customer_id"].isin(eight["customer_id"])]
ax = plot_timelines(theirs, as_of=purchases["date"].max(), ax=ax)

# %%
columns = ["customer_id", "usual_gap_days", "days_since_last", "silence_chance", "reading"]
eight.sort_values("customer_id")[columns].round(3)

# %% [markdown] tags=["fragment"]
# The same silence is an alarm on one line and business as usual on another. RFM's recency cannot
# tell them apart: it counts days, not rhythms. Who bought only once has no rhythm at all, and the
# function says *unknown* instead of guessing.

# %% [markdown] tags=["notes"]
# Chapter 10 turns the same idea into a model that gives every customer a probability to be alive.

# %% [markdown] minutes=7 tags=["slide"]
# ## Four famous scorecards, read closely
#
# ### Business customers
#
# "RFM for business customers" is a table of five criteria with weights.

# %%
criteria = load("b2b_weights")[["criterion", "criterion_zh", "weight"]]
criteria

# %% [markdown] tags=["fragment"]
# **Now you.** A firm has the grades 5, 4, 3, 2 and 1. Complete the function that weighs them:
# multiply the grades by the weights, and take the sum of it all. The last line tries it on two
# grades.


# %% tags=["solution"]
def weighed(grades, weights):
    return (grades * weights).sum()  # you type this


check("06.p", weighed(pd.Series([5, 1]), pd.Series([0.75, 0.25])), 4)

# %% tags=["fragment"]
firm = weighed(pd.Series([5, 4, 3, 2, 1]), criteria["weight"])
print(f"The firm has {firm:.2f} of 5 points.")

# %% [markdown] tags=["fragment"]
# Nothing in it asks when the customer last bought. It is a good scorecard, but it is not RFM.
#
# Somebody chose those weights. Take forty firms with grades chosen at random. **Before you look:**
# if one weight moves by ten points, how many of the forty places does a firm move?

# %%
guess("06.q", ...)

# %% tags=["subslide"] alt="Tornado: places customers move when one weight changes by ten points"
from crmlab.rfm import plot_rank_stability, rank_stability

forty = np.random.default_rng(6).integers(1, 6, (40, 5))
weights = criteria.set_index("criterion")["weight"]
stability = rank_stability(
    pd.DataFrame(forty, columns=weights.index), weights=weights.to_dict(), change=0.10
)
_, ax = plt.subplots(figsize=(8, 3.5))
ax = plot_rank_stability(stability, ax=ax)

# %%
stability[["criterion", "direction", "weight", "mean_move", "same_leaders"]].round(2)

# %% tags=["fragment"]
move, kept = stability["mean_move"].mean(), stability["same_leaders"].mean()
reveal("06.q", move, form=".1f")
print(f"On average {move:.1f} places; the same customer leads in {kept:.0%} of the changes.")

# %% [markdown] tags=["slide"]
# ### A parcel service
#
# FedEx (联邦快递) looks at half-years: R is 1 if the last parcel went in the first quarter of the
# half-year, and 2 if it went in the second. Is 2 better, as the newer one, or is 1, as a rank? F is
# "total shipments": how many, or how much? The slide leaves both open; crmlab asks you, and counts
# parcels.

# %%
from crmlab.rfm import fedex_rfm, simulate_shippers

shipments, shipper_truth = simulate_shippers(300, seed=6)
halves = fedex_rfm(shipments)
halves["read_as_rank"] = fedex_rfm(shipments, recency_code="rank")["recency"]
last = halves[halves["period"] == 4].drop_duplicates("recency").sort_values("recency")
last[["last_shipment", "recency", "read_as_rank", "frequency", "monetary"]]

# %% [markdown] tags=["fragment"]
# Read one way, more is better; read the other way, less. Whoever averages such codes without asking
# has a good chance of rewarding the wrong half.

# %% [markdown] tags=["fragment"]
# What the scores are for: four groups, *revived* (再生), *high growth* (高增长), *fading* (消逝群)
# and the top 10%.

# %% tags=["subslide"] alt="Four half-years: revived falls and rises, fading falls, growth rises"
from crmlab.rfm import plot_trajectories, trajectories, trajectory_group

groups = trajectory_group(halves)
courses = trajectories(halves, groups)
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_trajectories(courses[courses["group"] != "other"], ax=ax)

# %%
courses.pivot(index="group", columns="period", values="mean").round(1)

# %% tags=["fragment"]
right = groups.merge(shipper_truth, on="customer_id")
print(f"Right group: {(right['group_x'] == right['group_y']).mean():.0%} of the shippers")

# %% [markdown] tags=["subslide"]
# Another table gives each band of frequency a growth target and a cash voucher (现金礼券). Where do
# "33% to 300%" come from? They are the step to the next band:

# %%
from crmlab.rfm import growth_target

steps = growth_target(pd.Series([1, 3, 4, 7, 8, 10, 11]))
steps[["frequency", "band", "next_frequency", "growth", "voucher_usd"]].round(3)

# %%
printed = load("fedex_targets")[["frequency", "growth_low", "growth_high", "voucher_usd", "tool"]]
printed

# %% [markdown] tags=["fragment"]
# From 7 to 8 is 14.3%, printed as 15%: rounded up. And the very frequent get "a thank-you
# letter???" (答谢信), question marks included. Good question. It takes an experiment: half of them,
# chosen at random, get the letter.

# %%
from crmlab.rfm import promotion_roi, simulate_letter

outcomes, _ = simulate_letter(2_000, seed=6)
letter = promotion_roi(outcomes, cost=3.0)
sure = f"{letter.uplift_low:.2f} to {letter.uplift_high:.2f}"
print(f"A letter for $3 adds ${letter.uplift:.2f} of margin ({sure})")
print(f"Return: {letter.roi:.0%} ({letter.roi_low:.0%} to {letter.roi_high:.0%})")

# %% [markdown] tags=["slide"]
# ### Telecom
#
# A telecom firm knows more than RFM: charges (话费量), usage, payments, credit, service,
# registrations. *Clustering* (聚类) puts customers that are alike into groups, without being told
# which. **Before you run it:** there are four true segments; how well do six variables find them,
# and how well do recency, frequency and money? Each row of the tables is a true segment, each
# column a group.

# %%
from crmlab.rfm import CustomerClusters, simulate_telecom

subscribers, sub_truth = simulate_telecom(600, seed=6)
six = [name for name in subscribers if name not in ("customer_id", "days_since_last")]
views = {"six variables": six, "RFM": ["days_since_last", "usage_minutes", "charges_cny"]}
for view, columns in views.items():
    found = CustomerClusters(4, columns=columns).fit(subscribers).labels_
    print(pd.crosstab(sub_truth["segment"], found.rename(view)).to_string(), "\n")

# %% [markdown] tags=["fragment"]
# The six variables find the four. Recency, usage and money tell heavy from light, and mix the rest:
# they cannot see who pays late or who is curious.

# %% [markdown] tags=["subslide"]
# ### Three angles
#
# One can also segment by *external attributes* (外在属性: region, kind of firm), by *internal*
# ones (内在属性: age, income), or by *behaviour* (消费行为), as RFM does. Behaviour has a limit of
# its own:

# %%
from crmlab.rfm import segment, simulate_segments

people, _ = simulate_segments(200, angle="behaviour", prospects=0.1, seed=6)
try:
    segment(people, angle="behaviour")
except CrmlabError as refusal:
    print(str(refusal).partition(":")[0])

# %% [markdown] tags=["fragment"]
# Who has not bought yet has no behaviour. For prospects only the other two angles are left.

# %% [markdown] minutes=4 tags=["slide"]
# ## Open the truth
#
# Back to New Year's Eve and the 200 cards. The seal holds what the thousand customers do in the
# half-year after. Look at your first two guesses once more, then break it.

# %%
truth = load("hehua_truth")
today = segments.merge(truth, on="customer_id")
today["responded"] = (today["future_purchases"] > 0).astype(int)
today["latest"] = -today["days_since_last"]
print(f"{today['responded'].mean():.0%} of all customers buy again by the end of June.")

# %% tags=["fragment"]
final = compare_scores(today, scores=rules, against="monetary", depth=0.2, seed=1)
final["cards"] = 200
lists = final.set_index("score")["responders"][["latest", "frequency", "monetary"]].round()
lists.index = ["last", "often", "most"]
reveal("06.a", lists.idxmax())
reveal("06.b", lists.to_dict())
final[["score", "cards", "responders", "response_rate", "low", "high"]].round(
    {"responders": 0, "response_rate": 2, "low": 2, "high": 2}
)

# %% [markdown] tags=["subslide"]
# (Customers of equal score at the limit of 200 count in part; that is why responders were rounded.)
# The rehearsal of last summer gave the same order, and rates a few points higher. That is what a
# holdout is for: we knew which list to take before the seal was broken.
#
# And the segments, whose names sounded so sure?

# %% tags=["subslide"]
today["had_left"] = today["dropped_out_on"].notna()
fate = today.groupby("segment").agg(
    customers=("had_left", "size"),
    had_left=("had_left", "mean"),
    buy_again=("responded", "mean"),
    next_spend_cny=("future_spend_cny", "mean"),
)
fate.sort_values("buy_again", ascending=False).round(2)

# %% [markdown] tags=["subslide"]
# "Slipping away" is a kind name: they have all gone. But among the "lost big spenders" some have
# *not* left. Who are they?

# %% tags=["subslide"]
quiet = today[(today["segment"] == "lost big spenders") & ~today["had_left"]]
quiet["persona"].value_counts().to_frame()

# %% tags=["fragment"]
print(f"{len(quiet)} of {(today['segment'] == 'lost big spenders').sum()} were only quiet,")
print(f"and spend {quiet['future_spend_cny'].mean():,.0f} CNY a head in the next half-year.")

# %% [markdown] tags=["fragment"]
# Most of them buy rarely and much; silence *is* their rhythm. Many days since the last purchase
# made them look lost. And some champions had left already, too lately for their recency to show
# it: the table of segments, under `had_left`, says which share. A line drawn later would give fewer champions who have gone,
# and more lost ones who have not: `segments=` takes yours. Did `frequency_gap`, which knows
# rhythms, do better than the segment's name?

# %% tags=["subslide"]
readings = gap.merge(truth, on="customer_id")
readings["had_left"] = readings["dropped_out_on"].notna()
readings["buy_again"] = readings["future_purchases"] > 0
fates = readings.groupby("reading")[["had_left", "buy_again"]].mean()
for reading in ("churn", "room"):
    print(f"Read as {reading}: {fates.loc[reading, 'had_left']:.0%} had left.")
fates.round(2)

# %% [markdown] tags=["fragment"]
# When it says churn, it is mostly right; it finds even heavy buyers, whose *frequency* still looks
# fine. But more than a third of those under *room* have left too. They bought two or three times,
# and that is hardly a rhythm that a silence could break. And the *unknown*, who bought once? In
# Hehua's truth nobody leaves before a second visit, so none of them "left", and hardly any buys
# again. The first purchase made them buyers, not customers.

# %% [markdown] tags=["subslide"]
# And your eight lines?

# %%
their_fates = (
    eight[["customer_id", "reading"]].merge(truth, on="customer_id").sort_values("customer_id")
)
their_fates[["customer_id", "reading", "persona", "dropped_out_on", "future_purchases"]]

# %% [markdown] tags=["fragment"]
# The four read as churn had all left. Of the four with room, some bought again, and one had left
# too, unseen. A reading is a bet with good odds, not a verdict.

# %% [markdown]
# ## Your turn
#
# `exercises/06_rfm.ipynb`, nine questions, some of them on a supermarket of your own (45 minutes).
# Or here and now: set `split="2023-12-31"` in the holdout and run on from there. Does the order of
# the four rules hold?

# %% [markdown] tags=["slide"]
# ## What you saw
#
# * "Best customer" is a question: last, often, most, or largest each. Equal customers get equal
#   scores.
# * A forecast is tested on a holdout, against chance *and* against the rule you already have.
# * Recency forecasts best here, and a single column does as well as three digits.
# * Silence is measured by the customer's own rhythm. And a purchase that would have come anyway is
#   no success of the card.
#
# **Recall, without scrolling up:**
#
# 1. Why are there not 200 customers in each frequency score?
# 2. Customer 511 or customer 455: who ranks higher by the digits, and would you agree?
# 3. What do the grey band and the bars of the deciles each say?
# 4. Ten percent return after twelve weeks. Which two questions do you ask back?
# 5. Two customers have been silent for 100 days. When is only one of them worrying?
#
# **To carry away:** which of your own customers would get a card *because* they have been silent?

# %% [markdown]
# Five more, which answer back. Choose with the mouse, or with Tab and the arrow keys.

# %%
from crmlab.classroom import quiz

quiz("06")

# %% [markdown]
# *Functions used:* `rfm`, `rfm_scores`, `rfm_map`, `rfm_segments`, `segment_guide`,
# `segment_summary`, `holdout_response`, `decile_table`, `compare_scores`, `cutoff_table`,
# `return_probability`, `frequency_gap`, `rank_stability`, `fedex_rfm`,
# `trajectory_group`, `trajectories`, `growth_target`, `promotion_roi`, `CustomerClusters`,
# `segment`, their `plot_…`, `explore_weights`, `explore_cutoff`, and the simulators.
#
# *Sources:*
#
# * Hughes, A. M. (1994). Strategic Database Marketing. Chicago: Probus.
# * Fader, P. S., Hardie, B. G. S. and Lee, K. L. (2005). RFM and CLV: using iso-value curves for
#   customer base analysis. Journal of Marketing Research 42(4), 415-430.
#   doi:10.1509/jmkr.2005.42.4.415
# * Wübben, M. and Wangenheim, F. v. (2008). Instant customer base analysis: managerial heuristics
#   often "get it right". Journal of Marketing 72(3), 82-93. doi:10.1509/jmkg.72.3.82
# * Reinartz, W. and Kumar, V. (2002). The mismanagement of customer loyalty. Harvard Business
#   Review 80(7), 86-94.
# * Kaplan, E. L. and Meier, P. (1958). Nonparametric estimation from incomplete observations.
#   Journal of the American Statistical Association 53, 457-481.
#   doi:10.1080/01621459.1958.10501452
# * Efron, B. (1979). Bootstrap methods: another look at the jackknife. Annals of Statistics 7(1),
#   1-26. doi:10.1214/aos/1176344552
