# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["slide"]
# # 01 · Who is a customer, and what is one worth keeping?
#
# Two managers of Hehua (荷华) count its customers, on one list and by one set of definitions, and
# come to different numbers. Then both say that winning a customer costs five times as much as
# keeping one.
#
# **Before you run anything, write down your guess:** type it in place of the three dots.
#
# 1. Two people label the same sixty parties by the same definitions: customer, only a *potential*
#    customer, or none. On how many of them do they disagree?
# 2. A sale to a stranger costs five times as much as a sale to a customer. What does one more
#    contact *with a customer* bring, in yuan, if a sale earns 100 and a contact costs 20?
# 3. Customers whom a friend brought spend half as much again as others. How much of that did the
#    friend cause? (0.1 is 10%.)

# %% [markdown] tags=["subslide"]
# You will be able to
#
# * tell consumer, customer and client apart, and say how far a count rests on the words (8
#   minutes);
# * close a stock and flow of customers to zero, and split a change of sales (10 minutes);
# * weigh winning against keeping by what a contact *adds* (9 minutes);
# * see through referrals and market shares that look too good (10 minutes);
# * follow a life through five stages, and price the mistakes of rules (9 minutes);
# * name the function that measures each benefit of CRM (2 minutes).
#
# *Needs nothing. Data: the twelve `vignettes`, `hehua_purchases` (seed 2024), and worlds made as we
# go; the firm is fictional.*

# %%
from crmlab.classroom import check, guess, reveal

guess("01.a", ...)

# %%
guess("01.b", ...)

# %%
guess("01.c", ...)

# %% tags=["hide-input"]
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from crmlab.data import load

# %% [markdown] minutes=8 tags=["slide"]
# ## Three words, six questions
#
# A *consumer* (消费者) uses things for living. A *customer* (顾客) buys or might: *actual*
# (现实顾客) who has traded, *potential* (潜在顾客) who has the need or the means and has not. A
# *client* (客户), in CRM, is an outside party that the firm serves. Six yes-or-no questions settle
# each word.
#
# Twelve short stories. **Before you look at the labels**, say of each: customer, or not?

# %%
stories = load("vignettes").rename(columns={"vignette_id": "party_id"})
pd.set_option("display.max_colwidth", 90)
stories[["text"]]

# %% tags=["subslide"]
from crmlab.customers import classify_party

labels = classify_party(stories)
labels[["status", "side", "client_type", "is_consumer", "is_customer", "is_client"]]

# %% [markdown] tags=["fragment"]
# The tax office is no customer and still a client. The girl is a consumer who has never paid. The
# man with the gift is a customer who consumes nothing. (One slide says that a consumer uses goods
# for *production*; it means *living*, 生活. The same slide puts "consumer" into the picture of
# clients, where it is one of four *types*: 中间, 公利, 消费 and 企业客户.)
#
# **Now you.** When is somebody a *potential* customer? Complete the function with `need`, `means`
# and `transacted`, each True or False.

# %% tags=["solution"]


def is_potential(need, means, transacted):
    return (need or means) and not transacted  # you type this


check("01.d", is_potential(True, False, False), True)

# %% [markdown]
# Turn the six flags yourself. What becomes of a person who is *inside* and trades?

# %%
from crmlab.customers import explore_party

explore_party()

# %% [markdown]
# On paper, sixty parties of Hehua's town, half of them hard to label.

# %% tags=["subslide"] alt="Three circles: consumers lie inside customers, clients cross them"
from crmlab.customers import party_sets, plot_party_sets, simulate_parties

parties, sealed_parties = simulate_parties(60, messy=0.5, seed=1)
_, ax = plt.subplots(figsize=(6, 5))
ax = plot_party_sets(party_sets(classify_party(parties)), ax=ax)

# %%
party_sets(classify_party(parties)).query("parties > 0").iloc[:, :4]

# %% [markdown] tags=["subslide"]
# ### Two people, one list
#
# The definitions leave four things open. Does the wish alone make a potential customer? Does a
# gift? Is our cashier, who buys a cream, outside? Is a state shop a public body or a reseller?
# Amy reads the definitions as the course does, Bo more strictly, and both slip now and then.

# %%
from crmlab.customers import Reading, rater_kappa, simulate_slips

strict = Reading("need and means", trade_needs_need=True, staff="external", both="intermediate")
words = ["party_id", "status", "side", "client_type"]
amy, _ = simulate_slips(classify_party(parties)[words], slip=0.03, seed=1)
bo, _ = simulate_slips(classify_party(parties, reading=strict)[words], slip=0.03, seed=2)
kappa = rater_kappa(amy, bo)
kappa.round(2)

# %%
reveal("01.a", int(kappa.loc[0, "disagree"]))

# %% [markdown] tags=["fragment"]
# *Kappa* (卡帕系数) is the agreement beyond chance: 1 is perfect, 0 is what two coins reach.
# Whether somebody stands inside or outside is agreed in most cases and still has the lowest kappa:
# nearly everybody is outside, so that chance alone agrees on most.
#
# By how much does "our number of customers" change? Turn one switch at a time.

# %% tags=["fragment"]
from crmlab.customers import count_by_reading

readings = {
    "the course's": Reading(),
    "needs and can pay": Reading(potential="need and means"),
    "gifts do not count": Reading(trade_needs_need=True),
    "staff is outside": Reading(staff="external"),
    "all of Bo's": strict,
}
counted = count_by_reading(parties, readings)
counted.drop(columns="relabelled").round(2)

# %% [markdown] tags=["fragment"]
# The same sixty parties. Whoever reports a number of customers should say by which words; nothing
# else in this table changed.

# %% [markdown] minutes=4 tags=["slide"]
# ## Where did they come from, where did they go?
#
# For the rest of the chapter a customer is *who bought within six months*. Then the stock must
# close like a bank account: those at the start, plus new, plus won back, less lost, are those at
# the end. **Before you look:** which share of the customers leaves in a month?

# %%
from crmlab.customers import customer_flow, plot_customer_flow

purchases = load("hehua_purchases")
flow = customer_flow(purchases, window=6, step=3)
flow[["to_day", "start", "new", "won_back", "lost", "end"]]

# %% tags=["subslide"] alt="New and won-back customers above zero, lost below, the stock a line"
monthly = customer_flow(purchases, window=6)
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_customer_flow(monthly, ax=ax)

# %% [markdown] tags=["fragment"]
# **Now you.** Does it close? Add up the columns of `flow`; what is left over, in all?

# %% tags=["solution"]
came, went = flow["new"] + flow["won_back"], flow["lost"]
gap = (flow["start"] + came - went - flow["end"]).abs().sum()  # you type this

check("01.e", gap, 0)

# %% [markdown] tags=["fragment"]
# At the end the stock hardly moves, and still people come and go. How many leave in a month?

# %%
leave = monthly["lost"].sum() / monthly["start"].sum()
print(f"{leave:.0%} of the customers, every month; one in {1 / leave:.0f}")

# %% [markdown]
# "We have 500 customers" hides how many different people that was.

# %% [markdown] minutes=6 tags=["slide"]
# ## What changed, and why?
#
# A course divides marketing into three eras. In *mass* marketing (大众营销) the market grew, and
# we with it. In *target* marketing (目标营销) the market was flat: who grew took share. In *CRM*
# neither need grow: sales come from the customers one has. Sales are market × share × spend.
# **Before you look:** how would a firm see from its sales which era it lives in?

# %%
from crmlab.customers import decompose_growth, plot_growth, simulate_eras

years, sealed_eras = simulate_eras(years=4, noise=0.01, seed=5)
growth = decompose_growth(years)

# %% tags=["subslide"] alt="Stacked bars: market, then share, then spend carries the growth"
_, ax = plt.subplots(figsize=(9, 4.5))
ax = plot_growth(growth, ax=ax)

# %%
money = growth.set_index("to_period")[["change", "market_effect", "share_effect", "spend_effect"]]
thousands = (money / 1e3).round(0).astype("int64")
thousands.iloc[[0, 4, 8]]

# %% [markdown] tags=["fragment"]
# In thousands, at the first step of each era. If customers and spend both grow, who gets what they did *together*? It depends on which one is
# taken first. `decompose_growth` takes every order and averages: the *Shapley value* (夏普利值).
#
# **Now you.** 10 customers spend 4 each; a year later 20 spend 6. Taken first, what do the
# customers add? Taken last? The fair effect is the mean of both.

# %% tags=["solution"]
first, last = (20 - 10) * 4, (20 - 10) * 6
fair = (first + last) / 2  # you type this

check("01.f", fair, 50)

# %% [markdown] tags=["subslide"]
# ### The same for a file of purchases
#
# Sales are customers × purchases per customer × ticket (客单价). With channels there is a *mix*
# too: where customers buy.

# %%
from crmlab.customers import plot_sales_change, sales_change

change = sales_change(purchases, by="channel")

# %% tags=["subslide"] alt="Waterfall of sales from 2023 to 2024; purchases per customer do most"
_, ax = plt.subplots(figsize=(9, 4.5))
ax = plot_sales_change(change, ax=ax)

# %%
effects = ["customers_effect", "mix_effect", "frequency_effect", "ticket_effect", "refunds_effect"]
change.set_index("group")[["change", *effects]].round(0).astype("int64")

# %% [markdown] tags=["fragment"]
# They add up to the yuan. But *why* is a large word. Did customers buy more often? Hehua opened in
# 2023: most customers were there for a part of that year only. The split is arithmetic, and the
# reason must be found by somebody who knows the firm. `crmlab report` draws this page for your
# file.

# %% [markdown] minutes=9 tags=["slide"]
# ## Is it really 1 to 5?
#
# "Winning costs five times as much as keeping." A slide adds that 15 of 100 contacts with strangers
# sell, and 50 of 100 with customers. Take 10,000 of each; a contact with a stranger takes half as
# long again, so it costs 30 and not 20.

# %%
from crmlab.customers import contact_yield, cost_ratio, simulate_selling

people, sealed_selling = simulate_selling(10_000, control=0.4, seed=7)
sold = contact_yield(people)
sold[["group", "contacts", "success", "contacts_per_sale", "cost_per_sale"]].round(2)

# %%
ratio = cost_ratio(people)
print(f"{ratio.ratio:.1f} to 1, interval {ratio.low:.1f} to {ratio.high:.1f}")

# %% [markdown] tags=["fragment"]
# So the rule holds here. It is a cost *per head*. It says nothing about what a contact *adds*. To
# know that, four in ten of each group were left alone, at random.
#
# **Before you run it:** where would you send the next salesperson?

# %% tags=["subslide"] alt="A sale to a stranger costs more; only contacts with strangers add"
from crmlab.customers import plot_contact_yield

_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_contact_yield(sold, ax=ax)

# %%
added = sold.set_index("group")[["adds", "adds_low", "adds_high"]]
added.round(1)

# %%
reveal("01.b", round(float(added.loc["existing", "adds"])))

# %% [markdown] tags=["fragment"]
# A contact with a customer *loses* money, though a sale to one is cheap. Break the seal.

# %%
bought = people["sold"] & people["contacted"]
anyway = sealed_selling["buys_anyway"][bought].groupby(people["group"]).mean()
anyway.round(2).to_frame("would have bought anyway")

# %% [markdown] tags=["subslide"]
# Most customers who bought after a contact would have bought without it. Chapter 14 builds on this
# thought.
#
# ### How much on winning, how much on keeping?
#
# Each further yuan brings less. Blattberg and Deighton (1996) ask: what share could be won at *any*
# price (the ceiling), and how fast is it reached? Do not ask a manager if you can test: here the firm
# spent a sum drawn at random on each of 1,500 people.

# %%
from crmlab.customers import SpendingResponse, simulate_spending

win_test, sealed_win = simulate_spending(1_500, ceiling=0.4, steepness=0.05, seed=8)
keep_test, sealed_keep = simulate_spending(1_500, ceiling=0.7, steepness=0.1, seed=9)
win, keep = (SpendingResponse().fit(one) for one in (win_test, keep_test))
win.summary().round(3)

# %%
from crmlab.customers import best_budget

best = best_budget(win=win.returns_, keep=keep.returns_, margin=100)
print(f"Spend {best.win_spend:.0f} on each prospect, {best.keep_spend:.0f} on each customer:")
print(f"{best.won:.0%} are won, {best.kept:.0%} kept; a win costs {best.cost_per_win:.0f}.")
print(f"A win costs {best.cost_per_win / best.cost_per_keep:.1f} times as much as keeping one.")

# %% [markdown] tags=["fragment"]
# At the *best* budget winning is only about twice as dear. The ratio is a result of what one
# spends, and not a law. Move ceilings and costs: when does the whole budget belong to keeping?

# %%
from crmlab.customers import explore_returns

explore_returns()

# %% [markdown]
# On paper, the setting that was tested: 20,000 yuan, 2,000 prospects, 1,000 customers.

# %% tags=["subslide"] alt="The value of a budget peaks with about seven tenths of it on keeping"
from crmlab.customers import budget_curve, plot_budget_curve

terms = {"prospects": 2_000, "customers": 1_000, "margin": 100}
curve = budget_curve(budget=20_000, win=win.returns_, keep=keep.returns_, **terms)
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_budget_curve(curve, ax=ax)

# %%
top = curve[curve["is_best"]][["share_keeping", "won", "kept", "profit"]]
top.round(2).set_index("share_keeping").round(0).astype("int64")

# %% [markdown] minutes=5 tags=["slide"]
# ## Do friends bring better customers?
#
# "60% of new customers come from referrals" (推荐), says a slide. At Hehua?

# %%
from crmlab.company import load_company
from crmlab.customers import brought_by_generation, referral_share, referral_tree

firm, _ = load_company()
by = firm.referrals.set_index("customer_id")["referred_by"]
clients = load("hehua_customers")[["customer_id", "joined_on"]]
clients["referred_by"] = clients["customer_id"].map(by).astype("Int64")
spent = purchases.groupby("customer_id")["amount"].sum()
clients["spend"] = clients["customer_id"].map(spent).fillna(0.0)
referral_share(clients).set_index("month").loc[["2023-01-01", "2023-02-01", "2024-06-01"]].round(2)

# %%
print(f"Brought by a customer: {clients['referred_by'].notna().mean():.0%} of all")
generations = brought_by_generation(referral_tree(clients, value="spend"))
generations[["generation", "customers", "brought_per_customer", "own", "with_direct"]].round(2)

# %% tags=["subslide"] alt="Six generations bring about alike, the last two less; intervals widen"
from crmlab.customers import plot_brought

_, ax = plt.subplots(figsize=(8, 4))
ax = plot_brought(generations, ax=ax)

# %% [markdown] tags=["fragment"]
# The first generations bring alike; of the later ones the intervals say little, and they had less
# time. Counted with those they brought, customers whom nobody brought (generation 0) are worth more
# than half as much again: a value that each of the brought counts once more, so do not add it up.
#
# Now a shop whose referred customers spend far more. **Before you look:** does the friend do it?

# %%
from crmlab.customers import plot_referral_effect, referral_effect, simulate_referred

shop, sealed_shop = simulate_referred(20_000, effect=0.0, seed=10)
told = referral_effect(shop)
told.assign(more=np.expm1(told["effect"])).round(2)

# %% tags=["subslide"] alt="Raw and adjusted effects are large; the randomised one covers zero"
_, ax = plt.subplots(figsize=(8, 3.8))
ax = plot_referral_effect(told, truth=0.0, ax=ax)

# %%
reveal("01.c", 0.0, form=".0%")

# %% [markdown] tags=["fragment"]
# Nothing. Keen customers bring others, and friends are alike: those who are brought were *better to
# begin with*. Adjusting for the first basket sees half of it. Chance sees it all: friends *named*
# people, and a coin decided whether the friend told them or a letter did. The same shop, in a world
# where a friend's word adds 20%:

# %%
causal, _ = simulate_referred(20_000, effect=np.log(1.2), seed=10)
helped = referral_effect(causal)
helped.assign(more=np.expm1(helped["effect"])).iloc[:, [0, 3, 4, 5, 6]].round(2)

# %% [markdown] minutes=5 tags=["slide"]
# ## Share of the market, or of the customer?
#
# Firm A turns to the 15% of its customers who bring 75% of its sales, and lets the small ones go.
# Its *market share* (市场占有率) falls at first. Its *customer share* (客户占有率), what it gets of
# each good customer's purse, rises.

# %%
from crmlab.customers import plot_share_paths, share_paths, simulate_wallets

wallets, sealed_wallets = simulate_wallets(1_000, seed=15)
paths = share_paths(wallets)

# %% tags=["subslide"] alt="Market share dips and recovers; that in contacted wallets rises"
_, ax = plt.subplots(figsize=(9, 4))
ax = plot_share_paths(paths, start=7, ax=ax)

# %%
shares = paths.pivot(index="month", columns="line", values="share")
shares.loc[[1, 6, 9, 18, 27, 36]].round(2)

# %% [markdown] tags=["fragment"]
# A good story. Here is another firm, with the same story on its slides. **Before you read on:**
# what do the customers show who were *left alone*?

# %% tags=["subslide"] alt="A dip and recovery; customers left alone rise as much as others"
lucky, _ = simulate_wallets(1_000, luck=True, seed=15)
_, ax = plt.subplots(figsize=(9, 4))
ax = plot_share_paths(share_paths(lucky), start=7, ax=ax)

# %%
from crmlab.customers import wallet_effect

tests = {"first firm": wallet_effect(wallets), "second firm": wallet_effect(lucky)}
both = pd.concat(tests).droplevel(1)
both[["group", "before", "after", "change", "low", "high"]].round(2)

# %% [markdown] tags=["fragment"]
# In the second firm nobody did anything that worked. A bad quarter passed, and the programme had
# chosen customers in whose purse A stood *unusually low*: they came back by themselves (*regression
# towards the mean*, 回归均值). The two lines cannot tell; the row "difference" can.
#
# And a third reading. Small brands have fewer buyers who are *also* less loyal: *double jeopardy*
# (双重危险). Rank brands both ways.

# %%
from crmlab.customers import rank_firms
from crmlab.loyalty import simulate_choices

choices, _ = simulate_choices(2_000, seed=15)
ranks = rank_firms(choices)
ranks.drop(columns="customers").round(2)

# %% [markdown] tags=["fragment"]
# The ranks are the same: customer share largely *follows* market share. How often would the buyers of
# a brand of this size buy, if size were all? That is the *norm* (chapter 11 builds it).

# %%
from crmlab.loyalty import loyalty_against_norm

norm = loyalty_against_norm(choices)
norm[["brand", "purchases_per_buyer", "norm", "gap", "low", "high"]].round(2)

# %%
beyond = ((norm["low"] > 0) | (norm["high"] < 0)).sum()
print(f"{beyond} of {len(norm)} brands lie farther from their norm than luck explains.")

# %% [markdown] tags=["fragment"]
# A higher customer share proves a programme only where it is above the norm.

# %% [markdown] minutes=9 tags=["slide"]
# ## A life in five stages
#
# *Acquisition* (获取期), *growth* (成长期), *maturity* (成熟期), *decline* (衰退期), *termination*
# (终止期): the customer life cycle (客户生命周期). Two thousand customers, three years; the
# simulator knows everybody's stage. **Before you look:** in which will most be at the end?

# %%
from crmlab.customers import plot_stage_flow, simulate_lifecycle, stage_flow

history, stages = simulate_lifecycle(2_000, seed=16)
streams = stage_flow(stages, months=[12, 24, 36])

# %% tags=["subslide"] alt="Streams of customers between stages at months 12, 24 and 36"
_, ax = plt.subplots(figsize=(9, 5))
ax = plot_stage_flow(streams, ax=ax)

# %% tags=["subslide"] alt="Stacked areas: acquisition shrinks, termination grows, maturity between"
from crmlab.customers import plot_stage_shares, stage_shares

areas = stage_shares(stages)
_, ax = plt.subplots(figsize=(9, 4.5))
ax = plot_stage_shares(areas, ax=ax)

# %%
wide = areas.pivot(index="month", columns="stage", values="share")
wide.loc[[1, 12, 24, 36], ["acquisition", "growth", "maturity", "decline", "termination"]].round(2)

# %% [markdown] tags=["fragment"]
# Newcomers stop after two years, and the areas drift to the end. Where does one customer go next?

# %% tags=["fragment"]
from crmlab.customers import transition_matrix

chain = transition_matrix(stages)
order = ["acquisition", "growth", "maturity", "decline", "termination"]
square = chain.pivot(index="from_stage", columns="to_stage", values="share").loc[order, order]
square.round(2)

# %% [markdown] tags=["fragment"]
# Each row says where a customer is next month: a *Markov chain* (马尔可夫链). The last month of
# each is cut off by the end of the file (*censored*, 删失) and counts for no step.
#
# **Now you.** A stage that is left with chance p each month lasts 1 / p months on average. How long
# does one stay in decline?

# %% tags=["solution"]
stays = square.loc["decline", "decline"]
months_in_decline = 1 / (1 - stays)  # you type this

check("01.g", months_in_decline, 1 / (1 - square.loc["decline", "decline"]))

# %%
from crmlab.customers import expected_time

time = expected_time(chain)
time[time["from_stage"] == "acquisition"][["in_stage", "months", "low", "high"]].round(1)

# %% [markdown] tags=["fragment"]
# Five months to win, and two years and a half in all. It holds if the *past* does not matter: if a
# customer in decline is like any other in decline. Test it, here and in a world with a memory. (A
# small p says that one table for all is not enough. Customers may remember, or be unlike from the
# beginning: the test cannot say which.)

# %%
from crmlab.customers import markov_order

_, with_memory = simulate_lifecycle(2_000, memory=0.1, seed=16)
for name, world in {"forgets": stages, "remembers": with_memory}.items():
    test = markov_order(world)
    p = "p < 0.001" if test.p_value < 0.001 else f"p = {test.p_value:.2f}"
    print(f"{name}: statistic {test.statistic:.0f} on {test.freedom} degrees of freedom, {p}")

# %% [markdown] tags=["subslide"]
# ### But nobody sees a stage
#
# A firm sees purchases, and has rules: no purchase for four months is termination, a quarter less
# than before is decline. How good are they?

# %%
from crmlab.customers import life_stages, plot_stage_confusion, stage_confusion

found = life_stages(history)
confusion = stage_confusion(found, stages)

# %% tags=["subslide"] alt="Rules against truth: half of each stage is found, termination best"
_, ax = plt.subplots(figsize=(7, 4.5))
ax = plot_stage_confusion(confusion, ax=ax)

# %%
same = confusion["true_stage"] == confusion["found_stage"]
confusion[same].set_index("true_stage")[["recall", "precision"]].round(2)

# %% [markdown] tags=["fragment"]
# Who is called declining is mostly not. What does it cost? An offer to everybody in decline costs
# 10 and saves 50, if the customer truly declines. Beside this grocer, a furniture shop whose
# customers buy at *15%* of the pace.

# %%
from crmlab.customers import misjudged_cost

slow, slow_stages = simulate_lifecycle(2_000, pace=0.15, seed=16)
worlds = {"grocer": confusion, "furniture": stage_confusion(life_stages(slow), slow_stages)}
costs = {name: misjudged_cost(one, offer_cost=10, saved=50) for name, one in worlds.items()}
table = pd.concat({name: one.set_index("kind")["money"] for name, one in costs.items()}, axis=1)
table.round(0).astype("int64")

# %% [markdown] tags=["fragment"]
# The rules are the same and the truth is the same. They were made for a rhythm that the furniture
# shop's customers do not have, so most who decline are missed. Each customer's own rhythm is what
# chapter 10 adds.

# %% [markdown] minutes=2 tags=["slide"]
# ## What is all this for?
#
# "CRM is a technology", says one slide, and another: "not just software". It is a way of managing,
# with technology. Six benefits are named. A benefit that nobody can measure is a hope, so here each
# has a question and a function that answers it.

# %%
from crmlab.customers import benefit_map

benefit_map().drop_duplicates("benefit")[["benefit", "question", "function"]]

# %% [markdown] tags=["notes"]
# Other slides of this chapter need care. A paraphrase turned words into their opposites: 无益 for
# helpful, 无限 for limited. "Churn lower by 5%" means five points (chapter 10). "20% churn renews
# the base in five years" is a mean life of five years; a third of the customers are still there
# then. 80:20, 24:80 and 15:75 count revenue, profit and sales. Where a page was cut off, nothing
# was invented. Numbers of figures and headings skip or do not fit ("Fig. 6-1" stands in chapter 4,
# a heading 三 is missing): follow the order of the course, not the numbers. The Thai letters inside
# 基本信息 are a mark against copying and mean nothing.

# %% [markdown] tags=["slide"]
# ## What you saw
#
# * "Our number of customers" moved by a quarter with the words alone; a stock and flow must close.
# * A split of a change adds up in any order (Shapley), and is arithmetic, not a reason.
# * 1:5 is a cost per head. What a contact *adds* needs people who were left alone at random.
# * Better referred customers and a recovering share may have been better, or low, to begin with.
#
# **Recall, without scrolling up:**
#
# 1. Why is agreement on 53 of 60 not the same as a good kappa?
# 2. Which customers count as lost in a period, and can one of them be won back in the same period?
# 3. Which customers tell whether a programme worked?
# 4. What does a small p-value of the Markov test not tell apart?
#
# **To carry away:** who in your firm counts as a customer, and who decided it?
#
# ## Your turn
#
# `exercises/01_customers.ipynb`, eight questions on customers of your own (45 minutes).

# %% [markdown]
# Five more, which answer back. Choose with the mouse, or with Tab and the arrow keys.

# %%
from crmlab.classroom import quiz

quiz("01")

# %% [markdown]
# *Functions used:* `classify_party`, `party_sets`, `rater_kappa`, `count_by_reading`,
# `customer_flow`, `decompose_growth`, `sales_change`, `contact_yield`, `cost_ratio`,
# `SpendingResponse`, `best_budget`, `budget_curve`, `referral_share`, `referral_tree`,
# `brought_by_generation`, `referral_effect`, `share_paths`, `wallet_effect`, `rank_firms`, `loyalty_against_norm`,
# `stage_flow`, `stage_shares`, `transition_matrix`, `expected_time`, `markov_order`, `life_stages`,
# `stage_confusion`, `misjudged_cost`, `benefit_map`, their `plot_…`, two `explore_…`, and eight `simulate_…`.
#
# *Sources:*
#
# * Anderson, T. W. and Goodman, L. A. (1957). Statistical inference about Markov chains. Annals of
#   Mathematical Statistics 28(1), 89-110. doi:10.1214/aoms/1177707039
# * Blattberg, R. C. and Deighton, J. (1996). Manage marketing by the customer equity test. Harvard
#   Business Review 74(4), 136-144.
# * Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and Psychological
#   Measurement 20, 37-46. doi:10.1177/001316446002000104
# * de Boer, P. and Rodrigues, J. F. D. (2020). Decomposition analysis: when to use which method?
#   Economic Systems Research 32(1), 1-28. doi:10.1080/09535314.2019.1652571
# * Schmitt, P., Skiera, B. and Van den Bulte, C. (2011). Referral programs and customer value.
#   Journal of Marketing 75(1), 46-59. doi:10.1509/jmkg.75.1.46
# * The definitions, the eras, 1:5, 15 and 50%, 60% and the five stages are this course's.
