# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["slide"]
# # 16 · What did the famous companies do, and can we rebuild it?
#
# Every course on customers tells stories of famous firms. They are short, they end well, and nobody
# has seen the data. We take eleven of them. For each: what is told, what would have to be true for
# it, a world in which we know the truth, and the measure that tells the two apart.
#
# **Before you run anything, write down your guess:** type it in place of the three dots.
#
# 1. A supermarket: of customers away for over 12 weeks, 10% return. Which share returns at Hehua?
# 2. Shippers get a target: the next band of frequency. Which share of those with 4 to 7 parcels
#    reaches it *without* any voucher, if nobody changes?
# 3. Sales rose by 16%, sales per station by 36%. Which share of the stations was closed?

# %% [markdown] tags=["subslide"]
# You will be able to
#
# * tell a fact, a number on a slide, and a legend from each other (5 minutes);
# * say what would have to be true for a claim, and which data would refute it (36 minutes);
# * rebuild a case whose numbers are lost, and label it as what it is (7 minutes).
#
# *Needs chapters 00, 06, 07 and 09; the others help. Data: `famous_cases`, Hehua, and worlds made
# as we go. Firms named here are real unless it says otherwise; **every purchase, station and shoe
# below is invented**. What we say of real firms stands in the course or in a source at the end.*

# %%
from crmlab.classroom import check, guess, reveal

guess("16.a", ...)

# %%
guess("16.b", ...)

# %%
guess("16.c", ...)

# %% tags=["hide-input"]
from textwrap import fill

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from crmlab.data import load

# %% [markdown] minutes=5 tags=["slide"]
# ## The most famous case of all
#
# Young fathers who buy nappies on Friday also buy beer. So the shelves were moved together, and
# sales rose. You have heard it; in some versions the shop is the largest of the world.
#
# It is a *legend*. In 1992 a team looked at 1.2 million baskets of about 25 shops of Osco Drug.
# Their questions did find beer and nappies together between 5 and 7 p.m. No shelf was ever moved
# (Power 2002). A better question: how many such pairs does one find in baskets *without* any
# association?
# %% tags=["subslide"]
from crmlab.service import rules_by_chance, simulate_baskets

baskets, sealed_pairs = simulate_baskets(4_000, products=60, rules=2, seed=16)
loose = {"min_support": 0.002, "min_confidence": 0.05, "min_lift": 2.0}
tries = rules_by_chance(baskets, worlds=3, seed=16, **loose)
tries.round(1)

# %% [markdown] tags=["fragment"]
# World 0 is the data; in the other three the baskets were shuffled, so that nothing goes with
# anything. Rules come out all the same. Whoever tells the best one has a story, and nobody can say
# how many were looked at. Only `significant` counts the tries, and says so.

# %%
print(f"Planted: {len(sealed_pairs)} pairs.")
print(
    f"Told as a story: any of {tries['rules'][0]}; by chance alone {tries['rules'][1:].mean():.0f}."
)
print(f"Left when the tries are counted: {tries['significant'][0]}, each pair read both ways.")

# %% [markdown] tags=["subslide"]
# So every case of this chapter gets a card before it gets our trust. Here are eleven.

# %% [markdown] tags=["subslide"]
# | case | told of | what there is | at length in |
# |---|---|---|---|
# | beer and nappies | Osco Drug, a chain of chemists | a legend | [15](15_service.ipynb) |
# | supermarket | an unnamed supermarket | numbers of the course | [06](06_rfm.ipynb) |
# | FedEx | FedEx | numbers of the course | [06](06_rfm.ipynb) |
# | Shell Canada | Shell Canada | numbers of the course | [14](14_campaigns.ipynb) |
# | health products | an unnamed maker of health products | numbers of the course | [07](07_pyramid.ipynb) |
# | VIP retail | an unnamed retailer | numbers of the course | [09](09_members.ipynb) |
# | Amway | Amway (China) | numbers of the course | [04](04_database.ipynb) |
# | OK insurance | a fictional insurer of the course | numbers of the course | [13](13_accounts.ipynb) |
# | Nike | Nike | a title only | here |
# | Alibaba | Alibaba | a title only | [12](12_credit.ipynb) |
# | Dick's Supermarket | Dick's Supermarkets, Wisconsin | three phrases of the course | [15](15_service.ipynb) |

# %%
cases = load("famous_cases").set_index("case")


def card(case):
    """Print what is told of a case, what is known, what it needs, and what would refute it."""
    for what in ["claim", "fact", "invented", "needs", "refuted_by", "still_open", "functions"]:
        print(fill(f"{what:>11}: {cases.loc[case, what]}", 76, subsequent_indent=" " * 13))


card("beer and nappies")

# %% [markdown] minutes=3 tags=["slide"]
# ## A supermarket: gone after twelve weeks?

# %%
card("supermarket")

# %% [markdown]
# First build a shop in which it is true. Then ask the same question at Hehua, whose customers buy
# cosmetics.

# %% tags=["subslide"]
from crmlab.rfm import return_probability, simulate_supermarket

hehua = load("hehua_purchases").query("amount > 0")
shop, _ = simulate_supermarket(2_000, seed=16)
shops = {"supermarket": shop, "Hehua": hehua}
back = pd.concat(
    {name: return_probability(bought, weeks=[12, 24]) for name, bought in shops.items()}
)
back.droplevel(1)[["weeks", "absences", "return_probability", "low", "high"]].round(2)

# %%
of_hehua = back.loc["Hehua", "return_probability"]
reveal("16.a", round(of_hehua[0], 2), form=".0%")

# %% [markdown] tags=["fragment"]
# The rule is right where it comes from. A firm that took it over as a fact about *customers* would
# give up half of its own who were only slow. A number on a slide is a fact about one firm, one
# trade and one window, until somebody has measured it twice.

# %% [markdown] minutes=5 tags=["slide"]
# ## FedEx: who reaches the target anyway?

# %%
card("FedEx")

# %% [markdown]
# The table is printed (chapter 06). What came of it is not: an account of such an analysis at FedEx
# says itself that its numbers were *disguised* (Old Skool Analytics 2013). So ask what a voucher has
# to beat. Take shippers who **never change**: each keeps a rate for ever. How many reach their target
# with no voucher at all?

# %% tags=["subslide"]
from crmlab.members import simulate_visits
from crmlab.rfm import fedex_rfm, growth_target

steady, _ = simulate_visits(
    3_000, mean_gap_days=26, spread=0.5, days=366, start="2024-01-01", seed=16
)
halves = fedex_rfm(steady, as_of="2024-12-31", periods=2)
parcels = halves.pivot(index="customer_id", columns="period", values="frequency")
parcels = parcels[parcels[1] > 0].rename(columns={1: "before", 2: "after"})
target = growth_target(parcels["before"])
reached = (parcels["after"] >= target["next_frequency"]).astype(float)
parcels["reached"] = reached.where(target["next_frequency"].notna())
by_band = parcels.groupby(target["band"]).mean().loc[["low", "normal", "high", "very high"]]
by_band.round(2)

# %%
reveal("16.b", round(by_band.loc["normal", "reached"], 2), form=".0%")

# %% [markdown] tags=["fragment"]
# The lowest band grows and the highest shrinks, and nobody has changed: who was counted low was
# partly unlucky (regression towards the mean, 回归均值). A manager who paid 20 dollars to the low
# band would have seen growth, and thanked the voucher. What it costs:

# %%
wasted = (parcels["reached"] * target["voucher_usd"]).groupby(target["band"]).sum()
for band in ["low", "normal", "high"]:
    print(f"{band:>7}: {wasted[band]:>6,.0f} dollars to those who would have come anyway")

# %% [markdown]
# Only vouchers for a random *half* of a band can tell. That is chapter 14.

# %% [markdown] minutes=5 tags=["slide"]
# ## Shell Canada: three numbers that must agree

# %%
card("Shell Canada")

# %% [markdown] tags=["fragment"]
# Three printed numbers leave two unknowns. Sales per station rise when sales rise, and when stations
# are closed. **Now you:** if all sales are 1.16 times the old ones, and the sales of a station 1.36
# times, which share of the stations is closed?

# %% tags=["solution"]
closed = 1 - 1.16 / 1.36  # you type this

check("16.d", closed, 1 - 1.16 / 1.36)

# %%
reveal("16.c", round(1 - 1.16 / 1.36, 3), form=".1%")

# %% [markdown] tags=["subslide"]
# Two later accounts, one by the head of the firm that ran the points and one that quotes his colleague,
# say that the network was to shrink by a fifth (Pearson 2012, Morden 2013). Then 16% more sales are more per station than
# "36%"; the slide did say "or more". And how much of it needs no programme at all?

# %%
rows = {}
for share in (1 - 1.16 / 1.36, 0.20):
    rows[f"{share:.1%} closed"] = {
        "sales +16%": 1.16 / (1 - share) - 1,
        "sales unchanged": 1 / (1 - share) - 1,
    }
per_station = pd.DataFrame(rows).T.rename_axis("growth per station, if")
per_station.round(2)

# %% [markdown] tags=["fragment"]
# If sales merely *stayed*, each remaining station would sell a sixth to a quarter more: that part of
# the 36% is arithmetic. And which stations close? Not just any. Below are two chains. In both the *weakest*
# close. One is planted with the figures as told; the other loses what its closed stations sold, and
# does nothing else.

# %% tags=["subslide"]
from crmlab.campaigns import simulate_stations, site_change

chains = {
    "as told": simulate_stations(300, seed=16).data,
    "only closed": simulate_stations(300, lift=0.0, kept=0.0, seed=16).data,
}
changes = {name: site_change(chain).set_index("quantity") for name, chain in chains.items()}
changed = pd.concat(changes)["change"].unstack(0)
changed.loc[["sites", "sales", "sales per site", "same sites"], [*chains]].round(2)

# %%
survivors, same = changed.loc["sales per site", "only closed"], changed.loc["same sites", "as told"]
print(f"Only closed: nobody sold a litre more, and the mean station rose by {survivors:.0%}.")
print(f"As told: the stations that stayed sold {same:.0%} more, not 36%.")

# %% [markdown] tags=["fragment"]
# *Survivors* always look better than the whole. So ask for the sales of the *same* stations, which
# are not on the slide ([chapter 14](14_campaigns.ipynb) takes them apart), and for total sales: 16%,
# and that one needs a reason. The market may be one:

# %%
for growth in (0.00, 0.05, 0.10):
    before = 0.02 / (1.16 / (1 + growth) - 1)
    print(f"market {growth:+.0%}: a share of {before:.1%} before, {before + 0.02:.1%} after")

# %% [markdown]
# Two points more of the market fix what the share must have been, once the market's growth is known.
# It is not on the slide. A single table of the industry would settle it.

# %% [markdown] minutes=3 tags=["slide"]
# ## Health products: 24% bring 80%

# %%
card("health products")

# %% [markdown]
# (Hehua counts what customers pay, and not the profit.) **Before you look:** take its last month, quarter,
# half-year, year, two years. Which share of those who bought brings 80% of the money? Does it rise, fall or
# stay?

# %% tags=["subslide"]
from crmlab.pyramid import concentration

rows = {}
for months in (1, 3, 6, 12, 24):
    since = pd.Timestamp("2024-12-31") - pd.DateOffset(months=months)
    spend = hehua[hehua["date"] > since].groupby("customer_id")["amount"].sum()
    everybody = spend.reindex(range(1, 1_001), fill_value=0)
    rows[months] = {
        "buyers": len(spend),
        "of_buyers": concentration(spend).customers_for_share,
        "of_all_customers": concentration(everybody).customers_for_share,
    }
windows = pd.DataFrame(rows).T.rename_axis("months").astype({"buyers": "int64"})
windows.round(2)

# %% [markdown] tags=["fragment"]
# The same firm, the same customers. One column falls with the window, the other rises, and the
# slide's 24% lies between two rows of the first. A rule like 80:20 says little until the window and
# the list of customers are named; its true value needs a model (Schmittlein, Cooper and Morrison
# 1993).

# %% [markdown] minutes=4 tags=["slide"]
# ## VIP retail: a third is lost

# %%
card("VIP retail")

# %% [markdown]
# How does a club look in which **nobody ever leaves**? Members buy at random, on average every m
# days. Then the chance to see nothing of a member in 365 days is exp(-365 / m). **Now you:** at which
# m would a club that loses nobody report a churn of one third? (`np.log` is the natural logarithm.)

# %% tags=["solution"]
slow_gap = -365 / np.log(1 / 3)  # you type this

check("16.e", slow_gap, -365 / np.log(1 / 3))

# %% tags=["subslide"]
from crmlab.members import rolling_churn

gap = -365 / np.log(1 / 3)
loyal, _ = simulate_visits(60_000, mean_gap_days=gap, days=731, seed=16)
churn = rolling_churn(loyal, window=12).iloc[-1]
print(f"Members buy every {gap:.0f} days, for ever.")
print(
    f"Churn by the 12-month window: {churn['churn']:.1%}, {churn['low']:.1%} to {churn['high']:.1%}"
)

# %% [markdown] tags=["fragment"]
# The third on the slide may be people who left, or people who buy once in eleven months. Within one
# window nothing tells them apart. What does: look one window further. Of those who left, nobody will be back.
# How many of the slow?

# %%
third, _ = simulate_visits(60_000, mean_gap_days=gap, days=1_096, seed=16)
by_year = third.groupby(third["date"].dt.year)["customer_id"].agg(set)
missing = by_year[2023] - by_year[2024]
back = len(missing & by_year[2025]) / len(missing)
print(f"Missing in 2024: {len(missing):,}, of whom {back:.0%} buy in 2025")

# %% [markdown] minutes=4 tags=["slide"]
# ## Amway: a card that knows the family

# %%
card("Amway")

# %% [markdown]
# The course lists what stands on the customer card (顾客资料卡): family, health, temper, taboos, and
# the friends who were named. In an invented town, who stands on the cards, and who was asked?

# %% tags=["subslide"]
from crmlab.database import card_fields, simulate_direct_selling

town, _ = simulate_direct_selling(1_500, seed=16)
cards, fields = town.cards, card_fields()
relatives = cards["family_members"].fillna(0).astype("int64")
print(f"{len(cards):,} customers have a card. It tells of {relatives.sum():,} relatives")
print(f"and {cards['friends_named'].sum():,.0f} friends; no field says whether they were asked.")
print(f"Fields without a named need: {(fields['needed'] == '').sum()} of {len(fields)}")

# %%
fields[fields["needed"] == ""][["field", "meaning_zh", "is_sensitive"]]

# %% [markdown] tags=["fragment"]
# Medical history is among them, and in this town no purchase hangs on it. Next: does a card really
# "reach on to relatives and friends"?

# %% tags=["subslide"]
from crmlab.social import reach_through_network

reach = reach_through_network(
    town.referrals, steps=2, family=relatives.set_axis(cards["customer_id"])
)
friends = reach["friends"].sort_values(ascending=False)
tenth = len(friends) // 10
print(f"Half of the customers lead to {friends.median():.0f} friends within two steps.")
print(f"A tenth of them lead to {friends.iloc[:tenth].sum() / friends.sum():.0%} of all.")

# %% [markdown] tags=["fragment"]
# The mean is a story about a few. For most customers the longer card is a cost and a risk (chapter
# 05), and only a trial could say what it earns: short cards and long cards, given out at random.

# %% [markdown] minutes=2 tags=["slide"]
# ## OK insurance: one word, two firms

# %%
card("OK insurance")

# %%
from crmlab.accounts import ok_indices, share_readings, strategy_trace

readings = share_readings(ok_indices())
columns = ["reading", "firm", "share_before", "share_now", "growth", "margin_before", "margin_now"]
readings[columns].round(3)

# %% [markdown] tags=["fragment"]
# Is "growth of share 12%" a share of the share, or twelve points? As points, OK would have grown
# fivefold in a year, from a margin that nobody else comes near. So it is the first; and a case that
# looked like a table is an exercise in reading one word. Chapter 13 goes on. One line remains:

# %%
for weakness in strategy_trace().query("gap").itertuples():
    print(f"{weakness.weakness}: no action of the year serves {weakness.unserved!r}.")

# %% [markdown] minutes=3 tags=["slide"]
# ## Nike: a title, and no number
#
# Of two firms the course has no more than a title. It would be easy to fill it in. We do not: the
# brand below is fictional, and so is its app.

# %%
card("Nike")

# %% [markdown]
# The app meets shoes in the middle of their lives: the pair on the feet is worn already. **Before you
# look:** three analysts ask after how many kilometres half of the pairs are replaced. One takes all pairs,
# from their first kilometre. One takes only pairs that were new when the app came, and of these those that
# are replaced by now. One counts each pair from the kilometre at which the app first saw it. Who is right?

# %% tags=["subslide"]
from crmlab.lifetime import kaplan_meier, simulate_running_shoes, survival_quantiles

shoes, _ = simulate_running_shoes(3_000, wear=(3.0, 700.0), seed=16)
kilometres = {"duration": "km", "ended": "replaced"}
fresh = shoes[(shoes["km_at_install"] == 0) & shoes["replaced"]]
curve = kaplan_meier(shoes, **kilometres)
entered = kaplan_meier(shoes, entry="km_at_install", **kilometres)
answers = {
    "all pairs": survival_quantiles(curve)["time"].item(),
    "new to the app, and replaced": fresh["km"].median(),
    "counted from entry": survival_quantiles(entered)["time"].item(),
}
pd.Series(answers).round(0).to_frame("median km")

# %% [markdown] tags=["fragment"]
# Planted are 700. All pairs are too many kilometres: a pair that lasts is met more often. The new and
# replaced are too few: of the new pairs only the short-lived have ended yet. Two honest analysts, one app,
# and nobody had to lie.

# %%
long, short, right = pd.Series(answers) / 700 - 1
print(f"All pairs: {long:+.0%}. New and replaced: {short:+.0%}. From entry: {right:+.1%}.")

# %% [markdown] minutes=3 tags=["slide"]
# ## Alibaba: who are the best sellers?

# %%
card("Alibaba")

# %% [markdown]
# Our marketplace is fictional. It lends to the sellers with most orders. A fifth of its sellers buys
# from itself by a ring of accounts (刷单). How many of the hundred busiest are such?

# %% tags=["subslide"]
from crmlab.credit import find_rings, seller_features, simulate_sellers

market = simulate_sellers(800, in_rings=0.2, seed=16)


def busiest(market, without=None):
    """Return the hundred sellers with most orders, and who they are."""
    seen = seller_features(market.orders, without=without).nlargest(100, "orders")
    seen = seen[["seller_id"]].merge(market.sellers).merge(market.truth)
    return seen.assign(who=np.where(seen["ring"] > 0, "fakers", "honest"))


counted = {"sellers": "size", "do_not_repay": "mean"}
busiest(market).groupby("who")["defaults"].agg(**counted).round(2)

# %% [markdown] tags=["fragment"]
# The fakers are more than their fifth, and repay worse. A bank would not know who they are. But accounts of
# a ring buy at the same sellers and nowhere else; without what these accounts bought, who is busy?

# %%
rings = find_rings(market.orders)
clean = busiest(market, without=rings.buyers["buyer_id"])
clean.groupby("who")["defaults"].agg(**counted).round(2)

# %% [markdown] tags=["fragment"]
# Now the fakers have about their fifth. Is the list safer? One who repays more or less, of a hundred, may be
# luck. So take five markets.

# %%
rows = {}
for seed in range(16, 21):
    one = simulate_sellers(800, in_rings=0.2, seed=seed)
    clean = busiest(one, without=find_rings(one.orders).buyers["buyer_id"])
    lists = {"all sellers": one.sellers, "busiest": busiest(one), "busiest, cleaned": clean}
    lists["fakers of these"] = clean[clean["who"] == "fakers"]
    rows[seed] = {name: each["defaults"].mean() for name, each in lists.items()}
pd.DataFrame(rows).mean(axis=1).round(3).to_frame("do not repay, mean of five markets")

# %% [markdown] tags=["fragment"]
# A little safer, and far from safe: the fakers who are left are busy with real orders too, and repay no
# better for it. First who wrote the data, then what they say: that is step by step.

# %% [markdown] minutes=4 tags=["slide"]
# ## Dick's Supermarket: was it the timing?

# %%
card("Dick's Supermarket")

# %% [markdown]
# Chapter 15 built a weekly list for each household, timed to its rhythm, and it beat the leaflet. But
# the list knows two things: *what* a household buys, and *when*. **Before you look:** which of the two
# sells? Here is a second list, which does not look at the calendar.

# %% tags=["subslide"]
from crmlab.service import list_lift, offer_list, purchase_cycles, simulate_grocer, simulate_mailing

bought, homes = simulate_grocer(900, days=182, seed=16)
prices = homes[["household_id", "category", "price"]]
rhythm = purchase_cycles(bought, as_of="2024-06-30").merge(prices)
whenever = rhythm.assign(due=1 - np.exp(-7 / rhythm["mean_gap_days"]))
popular = bought["category"].value_counts().index[:4]

# %% tags=["subslide"]
arms = {
    "timed list": offer_list(rhythm, k=4, value="price"),
    "own list": offer_list(whenever, k=4, value="price"),
    "leaflet": prices[prices["category"].isin(popular)],
}
offers = pd.concat([table.assign(arm=arm) for arm, table in arms.items()])
answers, sealed_spend = simulate_mailing(offers, households=homes, seed=16)
list_lift(answers)[["arm", "households", "lift", "low", "high"]].round(3)

# %%
planted = sealed_spend.groupby("arm")["expected_spend"].mean()
planted = (planted / planted["leaflet"] - 1).drop("leaflet")
planted.round(3).to_frame("planted lift over the leaflet")

# %% [markdown] tags=["fragment"]
# Both lists beat the leaflet. But most of the lift comes from knowing *what* each household buys, and
# little from *when*; and the trial, with these few households, cannot tell the two lists apart. A
# success is no proof of the reason that is told with it.

# %%
print(f"Of {planted['timed list']:.1%}, {planted['own list']:.1%} need no calendar.")

# %% [markdown] minutes=7 tags=["slide"]
# ## Six pictures that are lost
#
# The course once had six more pictures. Their captions are left, and the sentences around them. Here
# they are drawn anew, from invented data. **A picture that is made up says so on its face**: whoever
# passes it on passes the label on too.
#
# *Figure 3.1, the customer pyramid.* The course says: of 1,000 customers 10 are VIP, 40 major, 150
# ordinary, 800 small.

# %% tags=["subslide"] alt="Synthetic: a pyramid of four tiers, 10, 40, 150 and 800 customers"
from crmlab.pyramid import plot_pyramid, pyramid, simulate_concentrated

spenders, _ = simulate_concentrated(1_000, stratified=True, seed=16)
tiers = pyramid(spenders)
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_pyramid(tiers, ax=ax)
title = ax.set_title("Synthetic: simulate_concentrated, seed 16")

# %%
tiers[["tier", "customers", "share_of_spend"]].round(2)

# %% [markdown] tags=["subslide"]
# *The five-metal pyramid.* The course says: from platinum to lead, from most to least profitable; it
# gives no cut-offs. Ours are 1, 4, 15, 60 and 20% of the heads; whoever loses money is lead, however many these are.

# %% alt="Synthetic: five metals by profit; lead loses money"
from crmlab.pyramid import cost_to_serve, metal_pyramid, net_value, simulate_service

served, _ = simulate_service(1_000, seed=16)
profit = net_value(served.accounts, cost_to_serve(served.events, served.tariff))
metals = metal_pyramid(profit)
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_pyramid(metals, ax=ax)
title = ax.set_title("Synthetic: simulate_service, seed 16")

# %%
metals[["tier", "customers", "mean_profit"]].round(0)

# %% [markdown] tags=["subslide"]
# *The score chart of FedEx.* The course says: the score of four groups over four half-years: revived,
# high growth, fading, and the top tenth.

# %% alt="Synthetic: four courses; one falls and rises, one rises, one falls, one stays"
from crmlab.rfm import plot_trajectories, simulate_shippers, trajectories

shipments, shippers = simulate_shippers(400, seed=16)
scored = fedex_rfm(shipments, as_of="2024-12-31")
courses = trajectories(scored, shippers[["customer_id", "group"]])
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_trajectories(courses, ax=ax)
title = ax.set_title("Synthetic: simulate_shippers, seed 16")

# %%
courses.pivot(index="group", columns="period", values="mean").round(1)

# %% [markdown] tags=["subslide"]
# *The VIP report of a cosmetics brand.* The course says: gender, age, region, occupation, income and
# place of opening; has the base drifted?

# %% alt="Synthetic: ages before and after a new rule, back to back"
from crmlab.members import plot_profile, profile, simulate_members

club, _ = simulate_members(2_000, policy_from=13, change_from=13, change=0.08, seed=16)
late = club["joined_on"] >= "2024-01-01"
before, after = (profile(club[side], attributes=["age_band"]) for side in (~late, late))
ages = ["under 25", "25-34", "35-44", "45-54", "55 and over"]
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_profile(before, after, attribute="age_band", order=ages, ax=ax)
title = ax.set_title("Synthetic: simulate_members, seed 16")

# %% [markdown]
# Drawn is age. Which of the six have drifted, by the last month?

# %%
from crmlab.members import profile_drift

six = ["gender", "age_band", "region", "occupation", "income_band", "opened_in"]
drift = profile_drift(club, attributes=six, baseline_until="2023-12-31")
drift[drift["month"] == "2024-12-01"][["attribute", "psi", "by_luck", "drifted"]].round(3)

# %% [markdown] tags=["subslide"]
# *The repurchase chart.* The course says: how often members return, and after how many days; the two
# complement each other.

# %% alt="Synthetic: returns per member and mean days between, month by month"
from crmlab.members import plot_repurchase_by_month, repurchase_by_month

members, _ = simulate_visits(
    1_000, mean_gap_days=60, spread=0.4, ticket_spread=0.2, days=731, seed=16
)
months = repurchase_by_month(members)
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_repurchase_by_month(months, ax=ax)
title = ax.set_title("Synthetic: simulate_visits, seed 16")

# %%
shown = months.iloc[[1, 6, 12, 23]].set_index("month")
shown[["returns_per_member", "mean_gap_days"]].round(2)

# %% [markdown] tags=["subslide"]
# *The quadrants of VIPs.* The course says: returns a year across, spend per return upwards, lines at
# the means; gold is the upper right.

# %% alt="Synthetic: members by returns and spend, a red cross at the means"
from crmlab.members import plot_quadrants, quadrant_summary, quadrants, repurchase

placed = quadrants(repurchase(members))
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_quadrants(placed, ax=ax)
title = ax.set_title("Synthetic: simulate_visits, seed 16")

# %%
quadrant_summary(placed)[["quadrant", "name", "customers", "share_of_spend"]].round(2)

# %% [markdown] tags=["fragment"]
# They look convincing, and show nothing: each is what its simulator was told. In the repurchase chart
# over the months the days between purchases grow, though nobody changed: long gaps had no time to end.
# A picture is an argument only with its data.
#
# How much do the cuts of the first picture matter? Move them.

# %%
from crmlab.pyramid import explore_cuts

explore_cuts(spenders)

# %% [markdown]
# On paper, wider cuts: the top 2, 10 and 40% of the same customers.

# %% tags=["subslide"] alt="Synthetic: a pyramid with wider cuts; the top three tiers hold nearly all"
wide = pyramid(spenders, cuts=(0.02, 0.10, 0.40))
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_pyramid(wide, ax=ax)
title = ax.set_title("Synthetic: simulate_concentrated, seed 16")

# %%
wide[["tier", "customers", "share_of_spend"]].round(2)

# %% [markdown]
# ## Your turn
#
# `exercises/16_cases.ipynb`, ten quick calls across the whole course (45 minutes). Or here and now:
# take a success story of a firm you know, and write its card.

# %% [markdown] tags=["slide"]
# ## What you saw
#
# * A number on a slide belongs to one firm, one window and one list of customers.
# * Ask what a claim has to beat: chance, those who come anyway, survivors, people who never left.
# * Where there is only a title, say so. What is rebuilt is labelled, in the picture itself.
#
# **Recall, without scrolling up:**
#
# 1. Why does the lowest band of shippers grow when nobody changes?
# 2. Which of Shell's three numbers needs a reason, and which is partly arithmetic?
# 3. What tells a club that loses members from one whose members are slow?
# 4. Why do all pairs mislead, and why do those that were new to the app and are replaced?
#
# **To carry away:** which success story of your own firm has never been compared with what would have
# happened anyway?

# %% [markdown]
# Five more, which answer back. Choose with the mouse, or with Tab and the arrow keys.

# %%
from crmlab.classroom import quiz

quiz("16")

# %% [markdown]
# *Functions used:* `rules_by_chance`, `return_probability`, `fedex_rfm`, `growth_target`,
# `site_change`, `concentration`, `rolling_churn`, `card_fields`, `reach_through_network`, `share_readings`,
# `strategy_trace`, `kaplan_meier`, `survival_quantiles`, `find_rings`, `seller_features`,
# `purchase_cycles`, `offer_list`, `list_lift`, `pyramid`, `metal_pyramid`, `trajectories`, `profile`,
# `profile_drift`,
# `repurchase_by_month`, `quadrants`, six `plot_…`, `explore_cuts`, and twelve `simulate_…`.
#
# *Sources:*
#
# * The numbers of the cases are the course's. Those of Nike and Alibaba would be ours, so there are
#   none.
# * Power, D. J. (2002). What is the "true story" about using data mining to identify a relation
#   between sales of beer and diapers? DSS News 3(23), 10 November.
# * Old Skool Analytics (2013). mentalmarketer.blog, 27 July. (An account of migration by RFM at
#   FedEx; we do not know whether the course's chart comes from it.)
# * Morden, P. (2013). Match Point. Ivey InTouch, December. Pearson, B. (2012). The Loyalty Leap.
#   Portfolio, read in a summary by getAbstract. (Both tell of Shell Canada from the side of the firm
#   that ran the points.)
# * Schmittlein, D. C., Cooper, L. G. and Morrison, D. G. (1993). Truth in concentration in the land
#   of (80/20) laws. Marketing Science 12(2), 167-183. doi:10.1287/mksc.12.2.167
# * Robb, K. (2003), in Your Views, MorningNewsBeat, 28 January. (The former manager of Dick's.)
# * Cox, D. R. (1969). Some sampling problems in technology. In New Developments in Survey Sampling,
#   506-527. (Why what lasts is met more often.)
