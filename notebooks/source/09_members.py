# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["slide"]
# # 09 · Is the membership card working?
#
# Hehua (荷华) has handed out a thousand membership cards (会员卡). The manager of the club reports
# a thousand members. The treasurer asks how many of them are still there.
#
# **Before you run anything, write down your guess:** type it in place of the three dots.
#
# 1. Of the cards that bought something in 2023, which share bought nothing in 2024? (0.2 is 20%.)
# 2. In a club in which *nobody changes*, which share of this year's gold members will not be gold
#    next year?
# 3. Members buy every 60 days on average. Every how many days should they be contacted?

# %% [markdown] tags=["subslide"]
# You will be able to
#
# * find the card-opening rate that earns most, and say why the mean card misleads (7 minutes);
# * count effective cards and churn, always by the same window (10 minutes);
# * measure how long members stay away, with gaps that are still open (10 minutes);
# * test how often to contact them, instead of reciting a rule (6 minutes);
# * tell change from luck in quadrants and profiles, and say what records are worth (14 minutes).
#
# *Needs chapter 00. Data: `hehua_purchases`, seed 2024, and worlds made as we go; the firm is
# fictional. Its truth stays sealed until the end.*

# %%
from crmlab.classroom import check, guess, reveal

guess("09.a", ...)

# %%
guess("09.b", ...)

# %%
guess("09.c", ...)

# %% tags=["hide-input"]
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from crmlab.data import load

pd.set_option("display.max_colwidth", None)

# %% [markdown] minutes=7 tags=["slide"]
# ## How many cards should we open?
#
# The *card-opening rate* (开卡率) is new cards over customers who bought: 200 new cards among 1,000
# buyers are 20%. Too low, and the club does not grow. Too high, and the upkeep of cards eats what
# they bring. The field says "find your balance", and not how.
#
# Hehua opens a card for everybody at the first purchase. What does the rate of one shop say?
# %% tags=["subslide"]
from crmlab.members import opening_rate

purchases = load("hehua_purchases")
first = purchases.sort_values("date").drop_duplicates("customer_id")
rates = opening_rate(purchases, first.rename(columns={"date": "opened_on"}))
shop = rates[rates["store"] == "Hangzhou"]
shop.iloc[[0, 2, 5, 11, 23]][["buyers", "new_cards", "opening_rate", "conversion"]].round(2)

# %% [markdown] tags=["fragment"]
# The rate falls to almost nothing, though every newcomer gets a card: nobody can open a second one.
# `conversion`, new cards over those who *could* open one, stays high; where it is below 1, somebody
# went to another shop first, in the same month. Two months of a shop, or an old shop and a new one,
# cannot be compared by the rate.
#
# How hard to push is another question. So make an experiment. Each month, each of 200 stores of one
# size pushes the card harder or less hard, at random. A card costs 16 a year. A year later we know
# what the buyers brought.

# %% tags=["subslide"]
from crmlab.members import opening_profit, simulate_openings

trial, sealed_openings = simulate_openings(200, store_spread=0, seed=9)
profit = opening_profit(trial, card_cost=16)
profit[["opening_rate", "profit_per_buyer", "last_cards"]].round(2)

# %% [markdown] tags=["fragment"]
# `last_cards` is what a card earned that the push below did not open. It falls: who wants the card
# least gains the firm least by it.
#
# **Before you look:** at which rate would you stop?

# %% tags=["subslide"] alt="Profit per buyer rises, flattens near the best rate, and falls"
from crmlab.members import best_opening_rate, plot_opening_profit

best = best_opening_rate(trial, card_cost=16)
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_opening_profit(profit, best=best.rate, ax=ax)

# %% [markdown] tags=["fragment"]
# The highest of the six points need not be the top: each scatters. If the next card is worth evenly less
# the higher the rate, profit is a *parabola* (抛物线) of the rate, and `best_opening_rate` lays one through
# all stores. The broken line is its top.

# %%
highest = profit.loc[profit["profit_per_buyer"].idxmax(), "opening_rate"]
print(f"Highest of the six points: at {highest:.0%}")
print(f"Top of the parabola: {best.rate:.0%}, interval {best.low:.0%} to {best.high:.0%}")
print(f"The mean card still earns at any rate up to {best.break_even_of_mean:.0%}.")

# %% [markdown] tags=["fragment"]
# Stop where the *last* card just pays for itself (边际, the margin of economists). A manager who
# looks at the mean card sees a profit at every rate of the experiment and pushes on. The world is
# simulated, so we can look: is the best rate right?

# %%
sealed_openings[["rate", "profit_per_buyer", "last_card"]].round(2)

# %% [markdown] tags=["fragment"]
# The last card turns from gain to loss between two rows: the planted best is at 60%.

# %% [markdown] minutes=10 tags=["slide"]
# ## How many cards are in use?
#
# A card in a drawer is no member. A card is *effective* (有效卡) if it bought in the last months:
# 12 for a retail brand, 6 for a department store, 3 for a supermarket. (Or if it reached a set
# amount; the field says "or", and we take the purchase unless we say otherwise.)

# %%
from crmlab.members import effective_cards, plot_effective_cards

cards = effective_cards(purchases)
cards.groupby("window_months").last()[["cards", "effective", "share_effective"]].round(2)

# %% tags=["subslide"] alt="Cards grow to a thousand; fewer are effective the shorter the window"
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_effective_cards(cards, ax=ax)

# %% [markdown] tags=["fragment"]
# The windows are nested: whoever bought in three months bought in twelve. The same thousand cards
# are a large club or a small one, by the window alone.
#
# **Before you drag:** ask for an amount of 500 in twelve months. How many members are left?

# %%
from crmlab.members import explore_effective_cards

explore_effective_cards(purchases)

# %% [markdown]
# On paper, one setting: 500 yuan in twelve months.

# %% tags=["subslide"] alt="Asked for 500 in twelve months, far fewer cards are effective"
strict = effective_cards(purchases, windows=[12], min_amount=500)
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_effective_cards(strict, ax=ax)

# %%
strict.tail(1)[["cards", "effective", "dormant"]]

# %% [markdown] tags=["fragment"]
# Seven cards of ten are asleep by this rule, and three of ten by a purchase in the same twelve months.

# %% [markdown] tags=["subslide"]
# ### Churn: a closed cohort
#
# The field's example: 60,000 cards were effective at the end of June 2010, and 40,000 of them
# bought by the end of June 2011. The *churn rate* (流失率) is 33%. The 40,000 must be a part of the 60,000.
# Who joined later is in neither number, or new members would hide the loss of old ones.
#
# **Now you.** Complete the function: `before` and `after` hold the customers who bought in two
# years. Who is in both came back; `before & after` is that set and `len(…)` counts.

# %% tags=["solution"]


def churn_of(before, after):
    returned = len(before & after)
    return 1 - returned / len(before)  # you type this


check("09.d", churn_of({"Ann", "Bob", "Cy"}, {"Ann", "Bob", "Di", "Eve"}), 1 / 3)

# %% [markdown] tags=["fragment"]
# Cy is lost, whatever Di and Eve do. Now Hehua's two years.

# %%
bought = purchases[purchases["amount"] > 0]
by_year = bought.groupby(bought["date"].dt.year)["customer_id"].agg(set)
reveal("09.a", round(churn_of(by_year[2023], by_year[2024]), 2), form=".0%")

# %% [markdown] tags=["subslide"]
# ### Rolled month by month
#
# `rolling_churn` does the same at every month end, with an interval. Two years hold one window of
# twelve months, and more of the shorter ones.

# %%
from crmlab.members import plot_rolling_churn, rolling_churn

windows = [(3, 3), (6, 6), (12, 12), (12, 3)]
rolled = [rolling_churn(purchases, window=one, back_within=back) for one, back in windows]
churn = pd.concat(rolled)
last = churn.groupby(["window_months", "back_months"]).last()
last[["cohort", "returned", "churn", "low", "high"]].round(3)

# %% [markdown] tags=["fragment"]
# **Before you look:** the row "12, 3" asks the cards of twelve months to be back *within three*. What
# does such a *mixed* window do to the churn?

# %% tags=["subslide"] alt="Churn by month end for three windows; the mixed window lies above"
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_rolling_churn(churn, ax=ax)

# %%
mixed, honest = last.loc[(12, 3), "churn"], last.loc[(12, 12), "churn"]
print(f"Churn {honest:.0%} with one window, {mixed:.0%} with a mixed one, of the same cards")

# %% [markdown] tags=["fragment"]
# Same cards, same receipts. The mixed window calls those lost who came back later in the year. Two
# reports with different windows cannot be compared, and one with two windows not even with itself.

# %% [markdown] minutes=5 tags=["slide"]
# ## How long until they come back?
#
# *Repurchase frequency* (回购频率) counts returns; *mean repurchase days* (平均回购天数) are the
# days between. The first purchase is no return. Purchases on days 0, 10, 20 and 40 make 3 returns.
#
# **Now you.** What is the mean gap of this member? `np.diff` gives the three gaps.

# %% tags=["solution"]
days = np.array([0, 10, 20, 40])
mean_gap = np.diff(days).mean()  # you type this

check("09.e", mean_gap, 40 / 3)

# %% tags=["fragment"]
from crmlab.members import gap_length, gap_survival, plot_gap_survival, repurchase_gaps

gaps = repurchase_gaps(purchases)
length = gap_length(gaps, horizon_days=365)
print(f"Gaps that ended: {length.mean_of_seen:.0f} days on average")
print(f"Still open at the end: {(~gaps['returned']).sum()} of {len(gaps)}")

# %% [markdown] tags=["fragment"]
# (The period over the number of returns is another number: it counts the open days as well.)
#
# Every member's last gap is still open. It is *censored* (删失): longer than we have seen. Leave
# the open ones out, and the long ones are missing. Kaplan and Meier (1958) count each gap among
# those
# *at risk* for as long as it was watched.
#
# **Before you look:** is the curve at 50% to the left or to the right of the mean of the gaps that
# ended?

# %% tags=["subslide"] alt="Share of gaps still open, falling fast and then hardly at all"
curve = gap_survival(gaps)
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_gap_survival(curve, mean_of_seen=length.mean_of_seen, ax=ax)

# %%
half = curve.loc[curve["waiting"] <= 0.5, "days"].min()
print(f"Half of all gaps end within {half:.0f} days.")
print(f"With open gaps, a year at most: {length.mean:.0f} days on average")

# %% [markdown] tags=["fragment"]
# Half are over early: most returns are quick, and are made by a few busy members. But the mean is
# more than twice that of the gaps that ended, and the curve never reaches zero. Some gaps will not
# end, because the member has left. Chapter 10 takes it up.
#
# The slide's lost picture shows both measures month by month. In a young club the days *rise by
# themselves*: at first there is no time for a long gap.

# %% tags=["subslide"] alt="Returns per member as bars, and mean repurchase days rising as a line"
from crmlab.members import plot_repurchase_by_month, repurchase_by_month

months = repurchase_by_month(purchases)
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_repurchase_by_month(months, ax=ax)

# %%
months.iloc[[0, 6, 12, 18, 23]][["members", "returns_per_member", "mean_gap_days"]].round(2)

# %% [markdown] minutes=5 tags=["slide"]
# ## How long should a promotion last?
#
# Members who come every 10 days: a promotion of 10, 12 or 15 days reaches 63, 70 or 78% of them. So
# says the rule, 1 - exp(-days / 10). It stands on two feet: visits by pure chance, and members who
# are all alike.
#
# Three clubs, all with a mean gap of 10 days. In the second, visits are *regular*. In the third,
# members are *unlike*: some come daily, some once a year.
#
# **Before you run it:** which club is reached more than the rule says, and which less?

# %%
from crmlab.members import promotion_coverage, simulate_visits

worlds = {"by chance, alike": {}, "regular": {"shape": 2}, "unlike": {"spread": 1.0}}
reached = pd.DataFrame(index=[10, 12, 15])
for name, world in worlds.items():
    visits, _ = simulate_visits(2_000, **world, seed=84)
    found = promotion_coverage(visits, members=2_000, start="2023-01-01")
    reached[name] = found["covered"].to_numpy()
reached.assign(rule=found["poisson_rule"].to_numpy()).rename_axis("days").round(2)

# %% [markdown] tags=["fragment"]
# The rule is right in the first column alone. Real members are unlike each other, as in the third,
# and a few busy ones make up the mean. Move the three numbers.

# %%
from crmlab.members import explore_promotion

explore_promotion()

# %% [markdown]
# On paper, the third club: the points are counted, the lines are the rules.

# %% tags=["subslide"] alt="Members reached by length: counted points lie below both rules"
from crmlab.members import plot_promotion_coverage

lengths = promotion_coverage(visits, days=[3, 7, 10, 12, 15, 20], members=2_000, start="2023-01-01")
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_promotion_coverage(lengths, ax=ax)

# %%
lengths[["length_days", "covered", "poisson_rule"]].round(2)

# %% [markdown] minutes=6 tags=["slide"]
# ## How often should we call?
#
# *Contact frequency* (沟通频率), says the field, should match the mean repurchase days, never a
# whim. That is a place to begin. Whether it is *right* is another question: nothing in the mean gap
# knows how quickly members get annoyed.
#
# A club whose members buy every 60 days tries seven intervals, each member's drawn at random, for a
# year. **Before you run it:** will the one nearest to the rule earn most?

# %%
from crmlab.members import contact_test, simulate_contacts

contacts, sealed_contacts = simulate_contacts(20_000, seed=83)
tested = contact_test(contacts)
tested[["interval_days", "contacts", "left", "profit", "in_the_running"]].round(2)

# %% [markdown] tags=["fragment"]
# Weekly contact sells at first, and drives nearly everybody out. `in_the_running` is False where an
# interval is worse than the best one by more than luck explains.

# %% tags=["subslide"] alt="Profit peaks near 28 days, far from the 60 of the rule"
from crmlab.members import plot_contact_test

_, ax = plt.subplots(figsize=(8, 4))
ax = plot_contact_test(tested, rule=60, ax=ax)

# %%
best_interval = int(sealed_contacts.loc[sealed_contacts["profit"].idxmax(), "interval_days"])
reveal("09.c", best_interval)

# %% [markdown] tags=["fragment"]
# The best of the seven is planted, and the test has found it. The rule would have called half as
# often. With other members it would have called too often. Move their patience: `leave` is the
# share who leave at a contact right after another, `forgive` the days in which one is forgiven.

# %%
from crmlab.members import explore_contacts

explore_contacts()

# %% [markdown]
# On paper, members who buy every 21 days and forgive slowly: the rule calls far too often.

# %% tags=["subslide"] alt="Impatient members: profit peaks well beyond their mean gap of 21 days"
from crmlab.members import Patience

impatient = Patience(mean_gap_days=21, refresh_days=21, forgive_days=15)
other, sealed_other = simulate_contacts(20_000, patience=impatient, seed=83)
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_contact_test(contact_test(other), rule=21, ax=ax)

# %%
sealed_other[["interval_days", "left", "profit"]].round(2)

# %% [markdown] minutes=7 tags=["slide"]
# ## Four quadrants, and luck
#
# Draw how often members return against what they spend then, and a cross at the means: the four
# *quadrants* (四象限), counted as in mathematics, against the clock. Each has a strategy. "Gold
# members (黄金顾客) need no special contact", says one slide; "concentrate on the top", says
# another.

# %%
from crmlab.members import plot_quadrants, quadrant_summary, quadrants, repurchase

members = repurchase(purchases)
placed = quadrants(members)
quadrant_summary(placed)[["name", "customers", "share_of_spend", "strategy"]].round(2)

# %% tags=["subslide"] alt="Returns per year against spend per return, a red cross at the means"
_, ax = plt.subplots(figsize=(8, 5))
ax = plot_quadrants(placed, ax=ax)

# %% tags=["fragment"]
centers = {name: quadrants(members, center=name) for name in ("mean", "median")}
lines = {name: table["quadrant_name"].value_counts() for name, table in centers.items()}
pd.DataFrame(lines)

# %% [markdown] tags=["fragment"]
# A line at the *median* (中位数) makes more than twice as much gold of the same members. A few very
# busy members pull the mean to the right.
#
# Next year some of the gold will be gone, and somebody will explain why. First look at a club in
# which **nobody changes**: each member keeps a rhythm and a ticket (客单价) for ever.

# %% tags=["subslide"]
habit = {"mean_gap_days": 60, "spread": 0.4, "ticket_spread": 0.2}
calm, sealed_calm = simulate_visits(3_000, **habit, days=731, seed=85)
by_year = {
    year: quadrants(repurchase(calm[calm["date"].dt.year == year], as_of=f"{year}-12-31"))
    for year in (2023, 2024)
}

# %% tags=["subslide"] alt="Flow between quadrants of two years: a large part of gold leaves gold"
from crmlab.members import plot_quadrant_flow, quadrant_flow

flow = quadrant_flow(by_year[2023], by_year[2024])
_, ax = plt.subplots(figsize=(8, 5))
ax = plot_quadrant_flow(flow, ax=ax)

# %%
gold = flow[flow["before"] == 1].set_index("after")["share_of_before"]
reveal("09.b", round(1 - gold[1], 2), form=".0%")

# %% [markdown] tags=["fragment"]
# Nobody changed, and still so many left gold. Whoever stood above both lines was partly lucky, and
# luck does not repeat: *regression towards the mean* (回归均值). Break the seal: who of the gold
# was gold by habit?

# %% tags=["fragment"]
rate, ticket = 1 / sealed_calm["gap_days"], sealed_calm["ticket"]
truly = sealed_calm[(rate > rate.mean()) & (ticket > ticket.mean())]["customer_id"]
was_gold, still = (set(by_year[y].query("quadrant == 1")["customer_id"]) for y in (2023, 2024))
for name, group in {"gold by habit": was_gold & {*truly}, "by luck": was_gold - {*truly}}.items():
    print(f"{name}: {len(group)}, of whom {len(group & still) / len(group):.0%} stay gold")

# %% [markdown] tags=["notes"]
# Ask what a bonus for "winning gold back" would have shown here: the lucky of the next year rise
# whatever is done. A control group shows it (chapter 14).

# %% [markdown] minutes=4 tags=["slide"]
# ## Is the base drifting?
#
# Who joins? Gender, age band, region, occupation, income and store make the *profile*
# (会员基本信息). From January 2024 on the club admits only three in ten of those with a low income.
#
# The *population stability index* (PSI) adds up how far the shares moved. A rule of thumb calls 0.1
# an alarm. Its law is known: with 200 members a side and ten values, one month in three is above
# 0.1 though nothing has changed (Yurdakul and Naranjo 2020). So compare with `by_luck`.

# %%
from crmlab.members import profile_drift, simulate_members

six = ["gender", "age_band", "region", "occupation", "income_band", "opened_in"]
club, _ = simulate_members(1_000, policy_from=13, change_from=13, change=0.08, seed=77)
drift = profile_drift(club, attributes=six, baseline_until="2023-12-31")
drift[drift["month"] == "2024-02-01"][["attribute", "psi", "by_luck", "drifted"]].round(3)

# %% [markdown] tags=["subslide"]
# The rule on income was noticed within two months. But it moves age as well, since the young earn
# less. Is the rest of the drift only our own policy?
#
# Apply the new rule to the *old* members. What the new ones differ from *that* is not the rule's
# doing.

# %%
from crmlab.members import drift_after_policy

late = club["joined_on"] >= "2024-01-01"
admits = club["income_band"].map({"low": 0.3, "middle": 1.0, "high": 1.0})
split = drift_after_policy(club[~late], club[late], attributes=six, admitted=admits[~late])
split.round(4)

# %% tags=["subslide"] alt="Ages of members before and after, back to back: the youngest grow"
from crmlab.members import plot_profile, profile

sides = [profile(club[side], attributes=["age_band"]) for side in (~late, late)]
ages = ["under 25", "25-34", "35-44", "45-54", "55 and over"]
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_profile(*sides, attribute="age_band", order=ages, ax=ax)

# %%
shares = [side.set_index("value")["share"].loc[ages] for side in sides]
pd.concat(shares, axis=1, keys=["before", "after"]).round(3)

# %% [markdown] tags=["fragment"]
# The rule alone would have made the club *older*; the market grew *younger*, and with it poorer. In
# `psi` the two partly hide each other; `left` and `changed` find the second.

# %% [markdown] minutes=5 tags=["slide"]
# ## What are the records worth?
#
# A card has two values, says the field: *sales value* (销售价值) and *added value* (附加价值), the
# knowledge in its records. It gives no measure for the second. Here is one: treat everybody alike
# with what is best for all; then treat each quadrant with what is best for it. The difference is
# what knowing was worth.

# %%
from crmlab.members import added_value, simulate_treatments

year, sealed_year = simulate_treatments(40_000, seed=78)
worth = added_value(year)
print(f"Best for all: {worth.uniform}")
print(f"By quadrant: {worth.gain:.1f} more per member ({worth.low:.1f} to {worth.high:.1f})")
worth.plan.round(1)

# %% [markdown] tags=["fragment"]
# Gold members should be protected, not contacted: so both slides are right, once "contact" and
# "care" are told apart.
#
# **Now you.** The planted effects are in the seal. `best_of` holds the best `effect` of each
# quadrant, and the quadrant's `share` of the members. What does the best plan bring per member?
# Multiply the two columns, and sum.

# %% tags=["solution"]
best_of = sealed_year.groupby("quadrant")[["share", "effect"]].max()
planned = (best_of["share"] * best_of["effect"]).sum()  # you type this

check("09.f", planned, 9.4)

# %% tags=["fragment"]
for_all = (sealed_year["share"] * sealed_year["effect"]).groupby(sealed_year["treatment"]).sum()
by_quadrant = (best_of["share"] * best_of["effect"]).sum()
print(f"Planted: {by_quadrant - for_all.max():.1f} more than {for_all.idxmax()!r} for all")

# %% [markdown] tags=["subslide"]
# ### The assistant's card
#
# For one member, the records become a card in the assistant's hand: habits, and three suggestions,
# bought by those who bought the same things. Are they better than showing what is popular? Learn
# from the time before, judge by the time after.

# %%
from crmlab.members import hit_rates, simulate_tastes

tastes, sealed_tastes = simulate_tastes(2_000, seed=86)
hit_rates(tastes, split_on="2024-01-01").round(3)

# %% [markdown] tags=["fragment"]
# They are. But may we? Member 5 has agreed and member 6 has not. The gate of chapter 05 is asked
# first.

# %% tags=["subslide"]
from crmlab.privacy import Gate, Policy

people = pd.DataFrame({"customer_id": [5, 6], "last_seen_on": pd.Timestamp("2024-12-01")})
agreed = pd.DataFrame({"customer_id": [5], "purpose": ["positioning"]})
agreed = agreed.assign(given_on=pd.Timestamp("2024-01-05"), withdrawn_on=pd.NaT)
gate = Gate(people, Policy({"positioning": []}), consents=agreed, as_of="2024-12-31")

# %%
from crmlab.errors import NotAllowedError
from crmlab.members import assistant_card, next_purchase_window

card = assistant_card(tastes, 5, gate=gate, who="Mei")
due = next_purchase_window(tastes.assign(amount=1.0)).set_index("customer_id").loc[5]
print(card.habits.round(2).to_string(index=False), "\n\nshow:", *card.suggestions)
print(f"expect in {due['from_days']:.0f} to {due['until_days']:.0f} days (4 times of 5)")

# %%
try:
    assistant_card(tastes, 6, gate=gate, who="Mei")
except NotAllowedError as refusal:
    print(refusal)

# %% [markdown] tags=["fragment"]
# What member 5 likes in truth, the seal tells:

# %% tags=["fragment"]
print(sealed_tastes[sealed_tastes["customer_id"] == 5].to_string(index=False))

# %% [markdown] minutes=3 tags=["slide"]
# ## Open the truth
#
# Hehua is simulated: somebody knows who has left for good. At the end of 2024 the twelve-month
# window called some cards lost, and the three-month window many more.
#
# **Before you break the seal:** of the cards called lost, how many have really left?

# %%
truth = load("hehua_truth").set_index("customer_id")
gone = truth["dropped_out_on"].notna()
last_seen = bought.groupby("customer_id")["date"].max()
rows = {}
for window in (12, 6, 3):
    lost = last_seen <= pd.Timestamp("2024-12-31") - pd.DateOffset(months=window)
    come = truth["future_purchases"][lost.index[lost]] > 0
    rows[window] = {"called lost": lost.sum(), "really left": gone[lost.index][lost].mean()}
    rows[window] |= {"bought again later": come.mean()}
pd.DataFrame(rows).T.rename_axis("window").round(2)

# %% [markdown] tags=["fragment"]
# "Lost" is a word for a window, not for a person. Half of those called lost after a year have
# really left; nearly all others are so slow that they did not buy in the half-year after, either. A
# short window is quick, and wrong about more people. What is missing is each member's *own* rhythm:
# who buys weekly is late after a month, who buys yearly is not. That is chapter 10.
#
# ## Your turn
#
# `exercises/09_members.ipynb`, eight questions on a club of your own (40 minutes). Or here and now:
# set the costs of a card in `best_opening_rate` to 30. Which rate is best then, and why?

# %% [markdown] tags=["slide"]
# ## What you saw
#
# * Push the card until the *last* one pays for itself; the mean card pays for much longer.
# * Churn needs a closed cohort and one window. A mixed window makes losses that nobody suffered.
# * Rules about gaps, promotions and contacts hold for members who are alike. Yours are not: test.
# * Gold is partly luck, drift is partly our own rule, and "lost" is partly the window.
#
# **Recall, without scrolling up:**
#
# 1. Why may new members not count in the churn?
# 2. Why is the mean of the gaps that ended too short?
# 3. Which two assumptions does 1 - exp(-days / gap) need?
# 4. What must be done to the old base before drift is called a change of the market?
#
# **To carry away:** which number of your own club would change if its window did?

# %% [markdown]
# Five more, which answer back. Choose with the mouse, or with Tab and the arrow keys.

# %%
from crmlab.classroom import quiz

quiz("09")

# %% [markdown]
# *Functions used:* `opening_rate`, `opening_profit`, `best_opening_rate`, `effective_cards`,
# `rolling_churn`, `repurchase`, `repurchase_gaps`, `gap_length`, `gap_survival`,
# `repurchase_by_month`, `promotion_coverage`, `contact_test`, `quadrants`, `quadrant_summary`,
# `quadrant_flow`, `profile`, `profile_drift`, `drift_after_policy`, `added_value`, `hit_rates`,
# `next_purchase_window`, `assistant_card`, their `plot_…`, three `explore_…`, and six `simulate_…`.
#
# *Sources:*
#
# * Kaplan, E. L. and Meier, P. (1958). Nonparametric estimation from incomplete observations.
#   Journal of the American Statistical Association 53, 457-481.
#   doi:10.1080/01621459.1958.10501452
# * Cox, D. R. (1962). Renewal Theory. Methuen. (How long until the next visit, from any day.)
# * Yurdakul, B. and Naranjo, J. (2020). Statistical properties of the population stability index.
#   Journal of Risk Model Validation 14(4), 89-100. doi:10.21314/JRMV.2020.227
# * Sarwar, B., Karypis, G., Konstan, J. and Riedl, J. (2001). Item-based collaborative filtering
#   recommendation algorithms. doi:10.1145/371920.372071
# * The windows, the example of 60,000 cards, the quadrants and the contact rule are this course's.
