# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["slide"]
# # 07 · Who pays for the party?
#
# Hehua (荷华) throws an evening for its customers: a thousand of them, and the drinks are free.
# Somebody pays for it. It is not everybody.
#
# **Before you run anything, write down your guess:** three of them, each typed in place of the
# three dots below.
#
# You will be able to
#
# * cut customers into a pyramid and say what its tiers mean (8 minutes);
# * test the 80:20 rule on any file, and say what it depends on (14 minutes);
# * take the cost of serving off, and find the loyal customers who lose money (14 minutes);
# * follow customers from tier to tier, and tell change from luck (9 minutes).
#
# *Needs chapter 00. Data: `hehua_purchases`, simulated, seed 2024; the firm is fictional. Its truth
# stays sealed until the end.*

# %% [markdown]
# 1. What share of the money do the best 200 of the 1,000 customers bring? Type a share, such as
#    `"30%"`.

# %%
from crmlab.classroom import check, guess, reveal

guess("07.a", ...)

# %% [markdown]
# 2. How many of the 200 *most frequent* buyers cost Hehua more than they bring?

# %%
guess("07.b", ...)

# %% [markdown]
# 3. Of this year's best fifth, what share will still be among the best fifth next year?

# %%
guess("07.c", ...)

# %% [markdown] minutes=8 tags=["slide"]
# ## The customer pyramid
#
# Start from the receipts, and add up what each customer brought in two years. Refunds stand in the
# file with a minus sign, so they are taken off.

# %%
from crmlab.data import load

purchases = load("hehua_purchases")
spend = purchases.groupby("customer_id")["amount"].sum()
spend.describe().round(0)

# %% tags=["fragment"]
print(f"The mean is {spend.mean() / spend.median():.1f} times the median.")

# %% [markdown] tags=["fragment"]
# The mean (平均数) is far above the median (中位数): a few guests pay far more than the others.
#
# The *customer pyramid* (客户金字塔) ranks customers by spend and cuts the ranking in four: *VIP*
# (VIP客户) is the top 1%, *major* (主要客户) the rest of the top 5%, *ordinary* (普通客户) the rest
# of the top 20%, *small* (小客户) the other 80%.
#
# **Before you look:** four tiers, each smaller than the one below. Which tier brings most? Type its
# name, such as `"VIP"`.

# %%
guess("07.d", ...)

# %% tags=["subslide"] alt="Pyramid of four tiers: 800 small customers bring less than 150 ordinary"
import matplotlib.pyplot as plt

from crmlab.pyramid import plot_pyramid, pyramid

tiers = pyramid(spend)
_, ax = plt.subplots(figsize=(9, 4))
ax = plot_pyramid(tiers, ax=ax)

# %%
tiers.round({"spend": 0, "share_of_customers": 2, "share_of_spend": 3, "mean_spend": 0})

# %% tags=["fragment"]
by_tier = tiers.set_index("tier")
reveal("07.d", by_tier["spend"].idxmax())
times = by_tier.loc["VIP", "mean_spend"] / by_tier.loc["small", "mean_spend"]
print(f"One VIP brings as much as {times:.0f} small customers.")

# %% [markdown] tags=["subslide"]
# ### Two ways to say "the top 5%"
#
# Slides quote the tiers as "top 1%, 5%, 20%" and then count 10, 40, 150 and 800 heads. The first
# are *cumulative* cuts, the second *net* tiers: the 5% contains the 1%. Mix them up, and the
# numbers no longer add up to the whole.
#
# **Now you.** From two cumulative cuts to the heads of the tier between them. Complete the
# function: take the upper cut from the lower one, and multiply by the number of customers. The last
# line tries it: between 5% and 20% of 1,000 there are 150.


# %% tags=["solution"]
def heads_between(upper, lower, customers):
    return (lower - upper) * customers  # you type this


check("07.e", heads_between(0.05, 0.20, 1_000), 150)

# %% tags=["fragment"]
print(f"Of 2,000 customers, {heads_between(0.01, 0.05, 2_000):.0f} are major.")

# %%
two_ways = tiers[["tier", "customers", "share_of_spend"]].copy()
two_ways["customers_so_far"] = two_ways["customers"].cumsum()
two_ways["share_so_far"] = two_ways["share_of_spend"].cumsum()
two_ways.round(3)

# %% [markdown] tags=["fragment"]
# What "our top 5%" bring is the column `share_so_far`. What "our major customers" bring is
# `share_of_spend`. Both are right; a report must say which one it means.

# %% [markdown] tags=["subslide"]
# ### Move the cuts
#
# Where a tier ends is a choice, not a law. The sliders are the *net* sizes of the upper three.
#
# **Before you drag:** how large must the ordinary tier be before the small one brings almost
# nothing?

# %%
from crmlab.pyramid import explore_cuts

explore_cuts(spend)

# %% [markdown]
# On paper the sliders cannot move. Here is one setting: an ordinary tier of half the firm.

# %% tags=["subslide"] alt="An ordinary tier of half the firm: the small one brings almost nothing"
half = pyramid(spend, cuts=(0.01, 0.05, 0.55))
_, ax = plt.subplots(figsize=(9, 4))
ax = plot_pyramid(half, ax=ax)

# %%
half[["tier", "customers", "share_of_spend"]].round(3)

# %% [markdown] tags=["notes"]
# Ask for the budget of a gift: what would it cost to send one to every VIP, to every major
# customer? The left side of the picture is what the gift costs, the right side what there is to
# lose.

# %% [markdown] minutes=8 tags=["slide"]
# ## Does 80:20 hold here?
#
# "80% of the revenue comes from 20% of the customers" is the *80:20 rule* (80:20原理). It can be
# read two ways: which share do the top 20% bring, or how few bring 80%?

# %%
from crmlab.pyramid import concentration

found = concentration(spend)
reveal("07.a", found.share_of_top, form=".1%")
print(f"The top {found.top:.0%} bring {found.share_of_top:.1%} of the money.")
print(f"{found.share:.0%} of the money comes from {found.customers_for_share:.1%} of them.")

# %% [markdown] tags=["fragment"]
# It holds almost exactly. But 20% is one cut of many. Turn the question round: put everybody in a
# line, lowest spender first. What do the lowest half bring, or the lowest 80%?
#
# **Now you.** Complete the function: `lowest` holds what the lowest ones spent. Write its sum
# divided by the sum of everybody. The last line tries it on three customers who spent 6, 3 and 1:
# the lowest two bring 4 of 10.

# %% tags=["solution"]
import pandas as pd


def share_of_lowest(spend, part):
    lowest = spend.nsmallest(round(part * len(spend)))
    return lowest.sum() / spend.sum()  # you type this


check("07.f", share_of_lowest(pd.Series([6, 3, 1]), 2 / 3), 0.4)

# %% tags=["fragment"]
for part in (0.5, 0.8, 0.95, 0.99):
    print(f"The lowest {part:.0%} bring {share_of_lowest(spend, part):.1%}")

# %% [markdown] tags=["fragment"]
# The *Lorenz curve* (洛伦兹曲线) is this function, drawn for every part at once. If all spent the
# same, it would be the diagonal.
#
# **Before you look:** where on the curve is 80:20?

# %% tags=["subslide"] alt="Lorenz curve: its point for the top 20% stands on the rule"
from crmlab.pyramid import lorenz, plot_lorenz

curve = lorenz(spend)
_, ax = plt.subplots(figsize=(5, 5))
ax = plot_lorenz(curve, ax=ax)

# %%
curve.iloc[[500, 800, 950, 990, 1000]].round(3)

# %% [markdown] tags=["fragment"]
# At (80%, 20%): the lower 80% hold 20%, and the table has the numbers of your function. The area
# between curve and diagonal, doubled, is the *Gini coefficient* (基尼系数): 0 for equals, near 1
# for one who pays it all. Do all firms obey? CDNOW sold music on the web in 1997, and its file is
# real.

# %% tags=["subslide"]
music = load("cdnow").groupby("customer_id")["amount"].sum()
real = concentration(music)
print(f"CDNOW's top {real.top:.0%} bring {real.share_of_top:.1%}.")
print(f"Gini coefficient: CDNOW {real.gini:.2f}, Hehua {found.gini:.2f}")

# %% [markdown] tags=["fragment"]
# It does not obey, and that is the usual case: 339 listed firms had 67% on average (McCarthy and
# Winer 2019). We *built* Hehua to obey.
#
# ### What would it take?
#
# If spend is *lognormal* (对数正态分布), one number decides: *sigma*, the standard deviation
# (标准差) of log spend. Each rule of thumb needs its own. Mind that they count different things.

# %% tags=["subslide"]
names = ["80:20 of the slides", "a health-product firm", "good customers"]
rules = pd.DataFrame({"rule": names, "counts": ["revenue", "profit", "sales"]})
rules["top"], rules["share"] = [0.20, 0.24, 0.15], [0.80, 0.80, 0.75]

# %%
from crmlab.pyramid import lognormal_sigma, pareto_shape

pairs = [*zip(rules["top"], rules["share"], strict=True)]
rules["sigma_needed"] = [round(lognormal_sigma(*pair), 2) for pair in pairs]
rules["pareto_shape"] = [round(pareto_shape(*pair), 2) for pair in pairs]
rules

# %% tags=["subslide"]
import numpy as np

for name, money in {"Hehua": spend, "CDNOW": music}.items():
    print(f"{name}: sigma of log spend {np.log(money[money > 0]).std():.2f}")

# %% [markdown] tags=["fragment"]
# Three rules, one message: they all need about the same inequality. Hehua is nearly as unequal as
# 80:20 needs; CDNOW is not.
#
# A warning. It is tempting to draw 80:20 from Pareto's own law, of the shape in the last column.
#
# **Before you run it:** twenty samples of 20,000 customers from each law. How far apart will their
# top 20% be?

# %% tags=["subslide"]
from crmlab.pyramid import simulate_concentrated


def top_share(law, seed):
    """Return what the top 20% of a new sample hold."""
    sample = simulate_concentrated(20_000, distribution=law, seed=seed)
    return concentration(sample.data["spend"]).share_of_top


# %%
for law in ("lognormal", "pareto"):
    found_in = [top_share(law, seed) for seed in range(20)]
    print(f"{law:>9}: the top 20% hold {min(found_in):.0%} to {max(found_in):.0%}")

# %% [markdown] tags=["fragment"]
# Same law, same size, and the Pareto samples do not agree. Below shape 2 its variance (方差) is
# infinite: one single customer can move the share of all. A rule measured once in such a world says
# little.

# %% [markdown] minutes=6 tags=["slide"]
# ## How long did you look?
#
# Two years went into that pyramid. A manager might look at a month.
#
# **Before you run it:** does the share of the top 20% rise or fall when we look for a shorter time?
# Type `"rises"` or `"falls"`.

# %%
guess("07.g", ...)

# %%
from crmlab.pyramid import pyramid_by_period

months = [1, 3, 6, 12, 24]
looks = pyramid_by_period(purchases, months=months)
upper = looks[looks["tier"] != "small"].groupby("months")
by_look = upper[["customers", "share_of_spend"]].sum()
shares = by_look["share_of_spend"]
reveal("07.g", "falls" if shares.loc[1] < shares.loc[24] else "rises")
by_look.round(3)

# %% tags=["subslide"] alt="The longer the period, the smaller the small tier's share of spend"
from crmlab.pyramid import plot_pyramid_by_period

_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_pyramid_by_period(looks, ax=ax)

# %%
looks.pivot(index="months", columns="tier", values="share_of_spend").round(3)

# %% [markdown] tags=["fragment"]
# It falls: in one month nobody has had the time to come often. But look at `customers`, too. A
# month counts only those who bought in it. Now count *all* thousand, and give a zero to those who
# did not come.
#
# **Now you.** Complete the function. `spent.reindex(names)` gives each of the names a row, and
# `fill_value=0.0` inside the brackets puts 0 where `spent` has nothing. The last lines try it: Du
# did not come.


# %% tags=["solution"]
def with_zeros(spent, names):
    return spent.reindex(names, fill_value=0.0)  # you type this


came = pd.Series({"Bai": 6.0, "Chen": 3.0})
all_three = pd.Series({"Bai": 6.0, "Chen": 3.0, "Du": 0.0})
check("07.h", with_zeros(came, ["Bai", "Chen", "Du"]), all_three)


# %% tags=["subslide"]
def seen_in(length):
    """Return what each buyer of the last so many months spent."""
    start = purchases["date"].max() - pd.DateOffset(months=length)
    return purchases[purchases["date"] > start].groupby("customer_id")["amount"].sum()


# %% tags=["fragment"]
buyers = {length: seen_in(length) for length in months}
everybody = {length: with_zeros(who, spend.index) for length, who in buyers.items()}

# %% tags=["fragment"]
shares = pd.DataFrame({"buyers": {length: len(who) for length, who in buyers.items()}})
for name, people in {"top_20_of_buyers": buyers, "top_20_of_all": everybody}.items():
    shares[name] = [concentration(who).share_of_top for who in people.values()]
shares.rename_axis("months").round(3)

# %% [markdown] tags=["subslide"]
# From the same receipts, "the top 20%" bring a good part or nearly everything. Short looks are
# *less* concentrated among buyers and *more* among all. So "80:20 holds" is not a fact about a
# firm. It is a fact about a firm, a period, and who counts as a customer.
#
# Does a short look at least find the same people? `same_tier` is the share of each tier that
# stands there over two years as well. (The VIPs of a month are a handful; trust the other columns.)

# %% tags=["fragment"]
looks.pivot(index="months", columns="tier", values="same_tier").round(2)

# %% [markdown] tags=["notes"]
# A good place to stop and vote: which period should decide who gets the gold card? Long looks are
# steady and slow; short looks notice change and mistake luck for it. The last part comes back to
# it.

# %% [markdown] minutes=14 tags=["slide"]
# ## What is left of the money
#
# Spend is not profit. Goods cost money, and so does *serving* the customer (客服成本). The field
# quotes two *tariffs* (收费标准), lists of what each event costs: a bank's transaction at the
# counter, and a card company's enquiry.

# %%
tariffs = load("service_tariffs")[["firm", "event", "cost", "currency"]]
tariffs

# %% [markdown] tags=["fragment"]
# A customer with 100 transactions, and one with 4 enquiries: which one costs more?

# %% tags=["subslide"]
from crmlab.pyramid import cost_to_serve

counts = {"customer_id": ["Ann", "Bob"], "event": ["transaction", "enquiry"], "count": [100, 4]}
asked = pd.DataFrame(counts)

for _, one in asked.groupby("customer_id"):
    print(cost_to_serve(one, tariffs).to_string(index=False))

# %% tags=["fragment"]
from crmlab.errors import MixedCurrenciesError

try:
    cost_to_serve(asked, tariffs)
except MixedCurrenciesError as refusal:
    print(refusal)

# %% [markdown] tags=["fragment"]
# Nobody can say. One cost is in Hong Kong dollars, the other in US dollars, and the slide names
# neither a year nor an exchange rate. The two costs added up would be a number without a meaning.
# So crmlab refuses.
#
# ### Hehua's tariff
#
# Hehua must know its own. The next cell holds *our assumptions* for one year: the *margin* (毛利),
# as a share of spend; the *upkeep* (维护成本), what keeping a customer costs; the *acquisition
# cost* (获客成本), what winning one costs; and four costs of serving. Change them and run on.

# %% tags=["subslide"]
margin_rate, upkeep, acquisition_cost = 0.35, 10.0, 50.0
costs = {"shop purchase": 12.0, "online purchase": 9.0, "refund": 25.0, "enquiry": 20.0}
tariff = pd.DataFrame({"event": [*costs], "cost": [*costs.values()], "currency": "CNY"})

# %% [markdown] tags=["fragment"]
# Winning a customer is put at five times keeping one for a year, as the 1:5 rule says. What did
# each customer ask of the firm? Purchases and refunds stand in the receipts, calls in the card
# file. `net_value` works with one year, and the files cover two, so the counts are halved.

# %% tags=["fragment"]
kind = np.where(purchases["amount"] < 0, "refund", purchases["channel"] + " purchase")
handled = purchases.assign(event=kind).value_counts(["customer_id", "event"])

# %% tags=["fragment"]
calls = load("hehua_customers").rename(columns={"enquiries": "count"}).assign(event="enquiry")
events = pd.concat([handled.reset_index(), calls[["customer_id", "event", "count"]]])
events["count"] /= 2
events.groupby("event")["count"].sum().round(0)

# %% [markdown] tags=["subslide"]
# *Net value* (净价值) is margin, less service, less upkeep, less a yearly part of what it cost to
# win them. We spread that cost over five years, so a fifth of it counts each year: if one customer
# in five leaves each year, they stay five years on average.
#
# **Now you.** Complete the function: from the margin take the service, the upkeep, and a fifth of
# the acquisition cost. The last line tries it: of a margin of 100, 50 are left.


# %% tags=["solution"]
def left_over(margin, service, upkeep, acquisition_cost):
    return margin - service - upkeep - acquisition_cost / 5  # you type this


check("07.i", left_over(100, service=30, upkeep=10, acquisition_cost=50), 50)

# %% [markdown] tags=["fragment"]
# `net_value` does the same for every customer, once `cost_to_serve` has priced all their events.

# %%
from crmlab.pyramid import net_value

accounts = pd.DataFrame({"customer_id": spend.index, "spend": spend.to_numpy() / 2})
accounts["margin"] = accounts["spend"] * margin_rate
accounts["upkeep"], accounts["acquisition_cost"] = upkeep, acquisition_cost
net = net_value(accounts, cost_to_serve(events, tariff))
value = net.set_index("customer_id")["net_value"]
ours = left_over(net["margin"], net["service"], upkeep, acquisition_cost)
print("As by our function:", np.allclose(ours, net["net_value"]))

# %% tags=["fragment"]
totals = net[["margin", "service", "upkeep", "acquisition", "net_value"]].sum()
print(totals.round(0).to_string())
print(f"\nCustomers who cost more than they bring: {(value < 0).mean():.0%}")

# %% [markdown] tags=["fragment"]
# The parts add up: the total margin less all costs is the total net value. And many of the guests
# cost more than they bring.
#
# Put the customers in a line again, most valuable first.
#
# **Before you look:** which shape will the curve of the cumulated value (累计净价值) have, if the
# last ones cost money?

# %% tags=["subslide"] alt="Whale curve: up above the total, and back over the losers"
from crmlab.pyramid import plot_whale_curve, whale_curve

whale = whale_curve(value)
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_whale_curve(whale, ax=ax)

# %%
whale.iloc[[0, 10, 50, 200, 500, 800, 1000]].round(3)

# %% [markdown] tags=["fragment"]
# It is called a *whale curve* (鲸鱼曲线), because it looks like the back of a whale. The dotted
# line is the total of all customers. What stands above it is value that was earned by the first
# customers, and lost again by the last.

# %% [markdown] tags=["subslide"]
# ### Metals instead of ranks
#
# A second pyramid sorts by profit into *platinum* (白金), *gold* (黄金), *silver* (白银), *iron*
# (钢铁) and *lead* (重铅). The slide gives no cut-offs, and prints its boxes in another order; we
# take 1, 4, 15, 60 and 20% of the heads. And whoever loses money is lead, however many they are.

# %% tags=["fragment"] alt="Five metals by profit: lead is the largest tier and loses"
from crmlab.pyramid import metal_pyramid

metals = metal_pyramid(value)
_, ax = plt.subplots(figsize=(9, 4.5))
ax = plot_pyramid(metals, ax=ax)

# %%
metals[["tier", "customers", "profit", "share_of_profit", "mean_profit"]].round(2)

# %% [markdown] tags=["subslide"]
# Are the best buyers the best customers? Lay one pyramid over the other.

# %%
from crmlab.pyramid import metal_tiers, pyramid_tiers

both = pyramid_tiers(spend).merge(metal_tiers(value), on="customer_id", suffixes=("", "_metal"))
order = ["platinum", "gold", "silver", "iron", "lead"]
overlap = pd.crosstab(both["tier"], both["tier_metal"]).reindex(index=tiers["tier"], columns=order)
overlap

# %% [markdown] tags=["fragment"]
# At the top they nearly agree: big spenders bring profit here. The surprise is elsewhere. Take the
# 200 who buy *most often*, whom any stamp card rewards, and look at your second guess.

# %% tags=["subslide"]
visits = purchases[purchases["amount"] > 0].groupby("customer_id").size()
loyal = visits.nlargest(200).index
at_a_loss = net[net["customer_id"].isin(loyal) & (net["net_value"] < 0)]
reveal("07.b", len(at_a_loss))
print(f"Of the 200 most frequent buyers, {len(at_a_loss)} lose money for Hehua.")

# %% tags=["fragment"]
seen = net.set_index("customer_id").loc[loyal].assign(visits_a_year=visits / 2)
seen["loses_money"] = seen["net_value"] < 0
seen.groupby("loses_money")[["visits_a_year", "spend", "service", "net_value"]].mean().round(0)

# %% [markdown] tags=["fragment"]
# The two groups come about equally often. One buys little each time, and every visit, refund and
# call costs its fixed sum. Loyalty was counted in visits; money was not.
#
# **Before you look:** draw margin upwards and cost to the right. Where is the *break-even* line
# (盈亏平衡线), on which margin and cost are equal?

# %% tags=["subslide"] alt="Margin against cost: crosses stand below the break-even line"
from crmlab.pyramid import plot_value_cost, value_cost

quadrants = value_cost(net)
_, ax = plt.subplots(figsize=(8, 5))
ax = plot_value_cost(quadrants, ax=ax)

# %%
quadrants.groupby("kind")["net_value"].agg(["size", "sum", "mean"]).round(0)

# %% [markdown] tags=["fragment"]
# The two grey lines, the medians, make four kinds (Shapiro and others 1987). *Passive* customers
# pay much and cost little; *aggressive* ones pay little and cost much. *Carriage trade*, an old
# word for guests so rich that they came in a carriage of their own, pay much and cost much;
# *bargain basement*, the lowest floor of a store with the lowest prices, pay little and cost
# little. Most crosses do nothing wrong: they are small, and their margin does not pay for the costs
# that everybody has.

# %% [markdown] tags=["subslide"]
# ### Move the tariff
#
# Throwing customers out is one answer. A cheaper way to serve them is another. Suppose six of ten
# calls could be answered by a web page at a tenth of the cost.

# %%
from crmlab.pyramid import shift_events

shifted = shift_events(events, source="enquiry", target="web page", share=0.6)
cheaper = pd.concat(
    [tariff, pd.DataFrame({"event": ["web page"], "cost": [2.0], "currency": ["CNY"]})]
)

# %%
after_shift = net_value(accounts, cost_to_serve(shifted, cheaper))["net_value"]
print(f"Net value: {value.sum():,.0f} before, {after_shift.sum():,.0f} after")
print(f"Losing money: {(value < 0).sum()} before, {(after_shift < 0).sum()} after")

# %% [markdown] tags=["fragment"]
# More profit, but few customers cross the break-even line.
#
# **Before you drag:** which of the four costs moves the most customers across, if it is halved?
# Type its name, such as `"refund"`.

# %%
guess("07.j", ...)

# %%
from crmlab.pyramid import explore_tariffs

explore_tariffs(accounts, events, tariff)

# %% [markdown]
# On paper, one setting: a purchase in the shop is handled for half the cost.

# %% tags=["subslide"] alt="Whale curve with cheaper shop handling: a flatter hump, a higher end"
half_price = tariff.assign(cost=tariff["cost"].where(tariff["event"] != "shop purchase", 6.0))
at_half = net_value(accounts, cost_to_serve(events, half_price)).set_index("customer_id")
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_whale_curve(whale_curve(at_half["net_value"]), ax=ax)


# %% tags=["subslide"]
def value_at_half(event):
    """Return the net value of each customer if this event costs half."""
    cost = tariff["cost"].where(tariff["event"] != event, tariff["cost"] / 2)
    return net_value(accounts, cost_to_serve(events, tariff.assign(cost=cost)))["net_value"]


# %%
of_losers = events[events["customer_id"].isin(value.index[value < 0])]
counted = of_losers.groupby("event")["count"].sum()
answer = pd.DataFrame({"cost": costs, "events_of_losers": counted})
answer["still_lose_money"] = [(value_at_half(event) < 0).sum() for event in answer.index]
answer["moved_across"] = (value < 0).sum() - answer["still_lose_money"]
reveal("07.j", answer["moved_across"].idxmax())
answer.sort_values("moved_across", ascending=False).round(0)

# %% [markdown] tags=["fragment"]
# Each row halves one of the four costs. The online purchase moves the most customers, though it is
# the cheapest of the four: those who lose money buy mostly online. A refund costs most and moves
# the fewest, because it is rare.

# %% tags=["fragment"]
unserved = net["margin"] - net["upkeep"] - net["acquisition"]
print(f"Losing money if service were free: {(unserved < 0).sum()}")

# %% [markdown] tags=["fragment"]
# No tariff moves many. Most of the losers are so small that keeping and winning them costs more
# than they bring, before anybody has served them. A web page does not help there; a second purchase
# does.

# %% [markdown] tags=["notes"]
# The costs are assumptions of this chapter. The lesson is not the number of losers; it is that the
# answer depends on a table which most firms have never written down.

# %% [markdown] minutes=6 tags=["slide"]
# ## Up and down
#
# Nobody stays in a tier for ever. Cut one pyramid for each year, and follow the people: who rose
# (客户升级), who fell (客户降级), who is new and who was lost?

# %%
from crmlab.pyramid import migration

years = {
    year: pyramid_tiers(part.groupby("customer_id")["amount"].sum())
    for year, part in purchases.groupby(purchases["date"].dt.year)
}
moves = migration(years[2023], years[2024])

# %% [markdown] tags=["fragment"]
# **Before you look:** read a row from left to right: where did 2023's VIPs go?

# %% tags=["subslide"] alt="Moves from 2023 tiers to 2024 tiers: most stay small or leave; few rise"
from crmlab.pyramid import plot_migration

_, ax = plt.subplots(figsize=(8, 5))
ax = plot_migration(moves, ax=ax)

# %%
moves.pivot(index="before", columns="after", values="customers").loc[
    moves["before"].unique(), moves["after"].unique()
]

# %% [markdown] tags=["subslide"]
# How many of the best fifth stayed there? **Now you.** Complete the function. `before` and `after`
# are sets of customers; `before & after` are those who are in both, and `len(...)` counts. Which
# share of `before` is still there? The last line tries it: of Bai and Chen, Chen is left.


# %% tags=["solution"]
def still_there(before, after):
    return len(before & after) / len(before)  # you type this


check("07.k", still_there({"Bai", "Chen"}, {"Chen", "Du"}), 0.5)

# %% tags=["fragment"]
best = [{*year.query("tier != 'small'")["customer_id"]} for year in years.values()]
reveal("07.c", still_there(*best), form=".0%")
movement = moves.groupby("movement")["customers"].sum()
print(movement.to_string())

# %% [markdown] tags=["fragment"]
# So much for the gold card for life. Note that up and down nearly balance. Tiers are ranks: who
# rises takes the place of somebody else.
#
# ### Is it change, or luck?
#
# Somebody in the meeting will now explain why *these* customers rose. Compare with a world in which
# **nobody's habit changes**: spend is habit plus the luck of the year. We give it Hehua's numbers:
# as many customers, as many lost and new, and the same likeness of the two years.

# %% tags=["subslide"]
first, second = (frame.set_index("customer_id")["spend"] for frame in years.values())
stayed = pd.concat([first, second], axis=1, join="inner")
stayed = np.log(stayed[(stayed > 0).all(axis=1)])

# %%
likeness = stayed.corr().iloc[0, 1]
print(f"Correlation of the two years' log spend: {likeness:.2f}")

# %% tags=["subslide"]
from crmlab.pyramid import simulate_two_periods

alike = {"share": concentration(first).share_of_top, "persistence": likeness}
turnover = {way: movement[way] / len(first) for way in ("lost", "new")}
calm, _ = simulate_two_periods(len(first), **alike, **turnover, seed=7)

# %%
periods = calm.set_index("customer_id").groupby("period")["spend"]
luck = migration(*(pyramid_tiers(part) for _, part in periods))
luck = luck.groupby("movement")["customers"].sum()
pd.DataFrame({"Hehua": movement, "habit and luck": luck})

# %% [markdown] tags=["subslide"]
# The tables are hard to tell apart. In the world on the right nobody changed, and still dozens rose
# and dozens fell. Whoever is on top was also lucky, and luck does not repeat: *regression towards
# the mean* (回归均值). So a table of moves cannot show that a campaign lifted anybody. That takes a
# *control group* (对照组; chapter 14).

# %% [markdown] tags=["notes"]
# Let the class invent a reason why the small customers who became VIPs did so. Then say that in the
# simulated world the same happened for no reason.

# %% [markdown] minutes=3 tags=["slide"]
# ## Open the truth
#
# Hehua is simulated, so somebody knows what kind of customer each one is, and who has left without
# a word.
#
# **Before you break the seal:** who are the frequent buyers that lose money?

# %%
truth = load("hehua_truth").set_index("customer_id")
persona = truth["persona"]
pd.crosstab(persona, both.set_index("customer_id")["tier_metal"])[order]

# %% tags=["subslide"]
hunters = (persona[at_a_loss["customer_id"]] == "price hunter").mean()
print(f"Frequent and losing money: {hunters:.0%} are price hunters.")
print(f"Price hunters below zero: {(value[persona == 'price hunter'] < 0).mean():.0%}")

# %% [markdown] tags=["fragment"]
# The net value has found them without being told: they come for the offer, return it, and call. The
# pyramid by spend has no place for them: there, most are simply small.
#
# And those who fell out of the best fifth: bad luck, or gone?

# %% tags=["subslide"]
was_best = years[2023].query("tier != 'small'")["customer_id"]
now = years[2024].set_index("customer_id")["tier"].reindex(was_best).fillna("lost")
fate = pd.DataFrame({"in_2024": now.where(now.isin(["small", "lost"]), "still best")})
fate["had_left"] = truth["dropped_out_on"].reindex(was_best).notna()
fate.groupby("in_2024")["had_left"].agg(customers="size", share_who_had_left="mean").round(2)

# %% [markdown] tags=["fragment"]
# So the world of habit and luck was not the whole story: behind many falls there was a customer who
# really left. The table of moves looks the same either way. To see who has left you need more than
# two totals: the dates between them. That is chapter 06.
#
# ## Your turn
#
# `exercises/07_pyramid.ipynb`, nine questions on a firm of your own (45 minutes). Or here and now:
# set `margin_rate` to 0.5 and run on from there. Who changes metal, and who never will?

# %% [markdown] tags=["slide"]
# ## What you saw
#
# * People make a pyramid; money does not. Cuts are cumulative, tiers are net.
# * 80:20 is a fact about a firm, a period and who is counted, and not a law.
# * Frequent is not profitable. Take the cost of serving off before you call anybody loyal.
# * Tiers trade places by luck alone. A move is a question, never yet an answer.
#
# **Recall, without scrolling up:**
#
# 1. A firm has 2,000 customers. How many are *major*?
# 2. Why does the share of the top 20% *fall* for a short look, and *rise* when all are counted?
# 3. What does the height of the whale above its end measure?
# 4. Why do "up" and "down" nearly balance in a pyramid of ranks?
#
# **To carry away:** which cost would your own firm have to write down first?

# %% [markdown]
# Five more, which answer back. Choose with the mouse, or with Tab and the arrow keys.

# %%
from crmlab.classroom import quiz

quiz("07")

# %% [markdown]
# *Functions used:* `pyramid`, `pyramid_tiers`, `metal_pyramid`, `metal_tiers`, `concentration`,
# `lorenz`, `lognormal_sigma`, `pareto_shape`, `pyramid_by_period`, `cost_to_serve`, `shift_events`,
# `net_value`, `whale_curve`, `value_cost`, `migration`, their `plot_…`, `explore_cuts`,
# `explore_tariffs`, `simulate_concentrated`, `simulate_two_periods`.
#
# *Sources:*
#
# * Zeithaml, V. A., Rust, R. T. and Lemon, K. N. (2001). The customer pyramid: creating and serving
#   profitable customers. California Management Review 43(4), 118-142. doi:10.2307/41166104
# * McCarthy, D. M. and Winer, R. S. (2019). The Pareto rule in marketing revisited: is it 80/20 or
#   70/20? Marketing Letters 30, 139-150. doi:10.1007/s11002-019-09490-y
# * Schmittlein, D. C., Cooper, L. G. and Morrison, D. G. (1993). Truth in concentration in the land
#   of (80/20) laws. Marketing Science 12(2), 167-183. doi:10.1287/mksc.12.2.167
# * Kaplan, R. S. and Narayanan, V. G. (2001). Measuring and managing customer profitability.
#   Journal of Cost Management 15(5), 5-15.
# * Shapiro, B. P., Rangan, V. K., Moriarty, R. T. and Ross, E. B. (1987). Manage customers for
#   profits (not just sales). Harvard Business Review 65(5), 101-108.
# * Reinartz, W. J. and Kumar, V. (2000). On the profitability of long-life customers in a
#   noncontractual setting. Journal of Marketing 64(4), 17-35. doi:10.1509/jmkg.64.4.17.18077
# * CDNOW: Fader, P. S. and Hardie, B. G. S. (2001). Forecasting repeat sales at CDNOW: a case
#   study. Interfaces 31(3), S94-S107. doi:10.1287/inte.31.3s.94.9683
