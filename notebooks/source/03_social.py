# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["slide"]
# # 03 · Do our fans buy, or do our buyers follow?
#
# Mei runs a small restaurant and an account that people follow: her *fans* (粉丝). Those who comment
# a lot also eat there a lot. "So I must make them comment," she says. Must she?
#
# **Before you run anything, write down your guess:** type it in place of the three dots.
#
# 1. Take the quarter of the fans that interacts most, and the quarter that interacts least. How many
#    times as much do the first buy in their first half-year?
# 2. Of the fans who came for a free dish, which share has left again after a year? (0.2 is 20%.)
# 3. Sixty students want a pancake after class, and wait 12 minutes on average. If half of them order
#    before the bell, how many minutes does one of them wait on average?

# %% [markdown] tags=["subslide"]
# You will be able to
#
# * tell where fans come from, and which of them stay (7 minutes);
# * hold several answers to "does following, does interacting sell?" beside each other, and say which
#   to believe (24 minutes);
# * read loyalty, waiting times and reasons to leave from fans who are not done yet (18 minutes);
# * count the friends whom a fan brings, choose whom to tell first, and say whether friends are
#   alike or pass something on (13 minutes);
# * say what an offer, a queue, a fee and a rival cost before paying for them (20 minutes).
#
# *Needs chapter 00. Data: worlds made as we go, seeds 3, 6 and 35; restaurant and stall are fictional.
# The course's cases are of 2012: Weibo (微博), QQ groups and group buying (团购). They are told as
# history; the questions are today's, whatever the account is called.*

# %%
from crmlab.classroom import check, guess, reveal

guess("03.a", ...)

# %%
guess("03.b", ...)

# %%
guess("03.c", ...)

# %% tags=["hide-input"]
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

# %% [markdown] minutes=7 tags=["slide"]
# ## Where do fans come from?
#
# *Social CRM* (社会化客户关系管理) suits small firms, says the field: nobody can know fans by the
# hundred thousand. The course's model is a restaurant with 500 of them, won from its own guests by
# cards on the tables. Each came for a reason: they are old customers, they want an offer, they like
# what is posted, or a friend is there.
# %%
from crmlab.social import simulate_fan_club

club = simulate_fan_club(500, seed=3)
club.fans[["fan_id", "followed_on", "source", "motive", "referred_by"]].head(3)

# %% [markdown] tags=["subslide"]
# The five hundred brought friends, so there are more. `club` has four tables: `fans`, what they did
# (`interactions`), what they bought (`purchases`), and those who left (`lapsed`). A fifth is sealed.
#
# **Before you look:** a free dish wins many fans. Which motive do you think stays longest?

# %% tags=["subslide"] alt="Points by motive: offer fans buy, and by far fewest still follow"
from crmlab.social import fan_funnel, plot_fan_funnel

funnel = fan_funnel(club.fans, club.interactions, club.purchases)
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_fan_funnel(funnel, ax=ax)

# %% [markdown] tags=["fragment"]
# The offer wins fans and does not keep them: by far the smallest share of its fans still follows. A
# report that counts only who came would have praised it. Of the old customers most still follow.
#
# And which *type* interacts most? Totals would favour those who have followed for long. So count per
# week of following.

# %%
from crmlab.social import interaction_rates

interaction_rates(club.fans, club.interactions)[
    ["motive", "fans", "per_week", "low", "high"]
].round(2)

# %% [markdown] minutes=7 tags=["slide"]
# ## Do they buy more once they follow?
#
# Another shop, with an account that opened in one week. At the till it invited a half of its
# customers, drawn at random, to follow. Draw the purchases of its fans week by week around that week.
#
# **Before you look:** what would you expect to see, if following did *nothing*?

# %% tags=["subslide"] alt="Fans buy most in the month before following, and fall back after it"
from crmlab.social import event_study, plot_event_study, simulate_launch

launch = simulate_launch(4_000, seed=6)
weeks = event_study(launch.customers, launch.purchases)
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_event_study(weeks, ax=ax)

# %% [markdown] tags=["fragment"]
# Fans buy more than the others, before as after. And in the four weeks before they buy *most*: who
# has just been there three times is the one who picks up the card. Some of these weeks were luck,
# and luck does not repeat: *regression towards the mean* (回归均值). So fans seem to buy *less* once
# they follow.
#
# The fair comparison is with *others alike*: who bought as often, lately and before, and did not
# follow. What do five ways make of it?

# %% tags=["subslide"] alt="Five ways: one far above zero, two far below, two near the truth of zero"
from crmlab.social import follow_effect, plot_follow_effect

five = follow_effect(launch.customers, launch.purchases)
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_follow_effect(five, truth=0, ax=ax)

# %%
five.round(3)

# %% [markdown] tags=["fragment"]
# In this shop following causes nothing; the dashed line is the truth. One habit of reports says that
# fans bring far more, another that following drives them away, and to take off what the others did
# makes it worse: they had no lucky month. Only like with like, and the invitation at the till, drawn
# at random, are right.

# %% [markdown] minutes=8 tags=["slide"]
# ## Do fans who interact buy more?
#
# Give every fan the same time: the first 180 days of following, and the year before it. Who has not
# followed for 180 days yet is left out. Otherwise whoever came first would have more of everything.

# %%
from crmlab.social import fan_window

window = fan_window(club.fans, club.interactions, club.purchases)
window[["fan_id", "motive", "bought_before", "interactions", "bought"]].head(3)

# %% tags=["subslide"]
quarter = pd.qcut(
    window["interactions"].rank(method="first"), 4, labels=["least", "2", "3", "most"]
)
by_quarter = window.groupby(quarter.rename("quarter"), observed=True)[
    ["interactions", "bought", "bought_before"]
].mean()
by_quarter.round(1)

# %%
times = by_quarter.loc["most", "bought"] / by_quarter.loc["least", "bought"]
reveal("03.a", round(times, 1))

# %% [markdown] tags=["fragment"]
# Mei is right that they go together. But look at the last column: those who interact most had bought
# most *before they followed*, and before anything could have made them. Are they buyers who follow?
#
# Compare fans who are alike. **Now you.** Take those who had bought exactly twice in the year before.
# Among them, what is the slope of `bought` on `interactions`: their covariance over the variance of
# the interactions?


# %% tags=["solution"]
def slope(fans):
    x, y = fans["interactions"], fans["bought"]
    return np.cov(x, y)[0, 1] / np.var(x, ddof=1)  # you type this


twins = pd.DataFrame({"interactions": [0, 2, 4], "bought": [1, 2, 3]})
check("03.d", slope(twins), 0.5)

# %%
among_all, alike = slope(window), slope(window[window["bought_before"] == 2])
print(f"Purchases more per interaction more: {among_all:.3f} of all, {alike:.3f} of those alike")

# %% [markdown] tags=["subslide"]
# ### Three ways to ask, and chance
#
# `interaction_effect` does so for all. *Raw* is the slope among all fans. *Adjusted* (调整) takes
# motive and earlier purchases into account by a straight line; *matched* (匹配) compares only fans
# equal in both. And *at random*: Mei invited a half of her fans, drawn at random, to comment. What
# did the invitation do to their purchases, over what it did to their interactions?
#
# **Before you look:** which of the four will be near 0?

# %% tags=["subslide"] alt="Raw effect clearly above zero; the other three hold zero"
from crmlab.social import interaction_effect, plot_interaction_effect

found = interaction_effect(window)
_, ax = plt.subplots(figsize=(8, 3.6))
ax = plot_interaction_effect(found, ax=ax)

# %%
found.round(3)

# %% [markdown] tags=["fragment"]
# Raw is clearly above 0; the other three are not. Interacting *marks* the loyal here, it does not
# make them. More comments would have sold nothing.
#
# Would the four notice if it did? Another world, in which every tenth interaction makes a purchase.

# %%
causal = simulate_fan_club(500, effect=0.1, seed=3)
there = fan_window(causal.fans, causal.interactions, causal.purchases)
interaction_effect(there).round(3)

# %% [markdown] minutes=6 tags=["slide"]
# ## What adjusting cannot see
#
# Adjusting compares fans who are alike *in what we wrote down*. A third world: nothing is caused,
# but some fans like the place more than their receipts say. Liking makes them comment, and come.

# %% tags=["subslide"] alt="Raw, adjusted and matched lie above zero; only at random holds the truth"
hidden = simulate_fan_club(2_000, hidden=0.4, seed=3)
unseen = interaction_effect(fan_window(hidden.fans, hidden.interactions, hidden.purchases))
_, ax = plt.subplots(figsize=(8, 3.6))
ax = plot_interaction_effect(unseen, truth=0, ax=ax)

# %% [markdown] tags=["fragment"]
# With 2,000 fans the intervals are narrow, and two of the careful ones are *wrong*. Nothing in the
# data tells you. Only chance has no favourites: who was invited does not know who likes the place.
# Its price is a wide interval.
#
# **Before you drag:** can you make the raw effect large and the true one 0? And the reverse?

# %%
from crmlab.social import explore_cause_or_mark

explore_cause_or_mark()

# %% [markdown]
# On paper, one setting: one in ten interactions causes a purchase, and something unseen adds to it.

# %% tags=["subslide"] alt="The truth at 0.1; raw and adjusted above it, at random around it"
both = simulate_fan_club(2_000, effect=0.1, hidden=0.4, seed=3)
mixed = interaction_effect(fan_window(both.fans, both.interactions, both.purchases))
_, ax = plt.subplots(figsize=(8, 3.6))
ax = plot_interaction_effect(mixed, truth=0.1, ax=ax)

# %%
mixed[["way", "effect", "low", "high"]].round(3)

# %% [markdown] minutes=5 tags=["slide"]
# ## "Who interacts ten times stays loyal"
#
# Split the fans who came for the content by whether they *ever* interacted ten times. **Before you
# look:** which group follows longer, and why?

# %% tags=["subslide"] alt="Two curves far apart: who ever interacted ten times follows far longer"
from crmlab.lifetime import kaplan_meier, log_rank, plot_survival
from crmlab.social import active_fan_time

readers = club.fans[club.fans["motive"] == "content"]
acts = club.interactions[club.interactions["fan_id"].isin(readers["fan_id"])]
ever = active_fan_time(readers, acts, times=10)
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_survival(kaplan_meier(ever, by="group"), by="group", ax=ax)

# %% [markdown] tags=["fragment"]
# A huge difference, and it shows nothing. Interacting ten times *takes time*, and in the group that
# did it nobody can have left before: that time is *immortal* (永生时间). Whoever left early had no
# chance to reach ten.
#
# Draw a line instead, a *landmark* (界标): 60 days after following. Only those still there count,
# the groups are made of what they did before, and the clock starts at the line. (Sixty days are
# short, so five times will do.)

# %%
fair = active_fan_time(readers, acts, times=5, landmark_days=60)
for name, times_followed in {"ever ten times": ever, "five by day 60": fair}.items():
    test = log_rank(times_followed, by="group")
    p = "p < 0.001" if test.p_value < 0.001 else f"p = {test.p_value:.2f}"
    print(f"{name}: {len(times_followed)} fans, {p}")

# %% [markdown] tags=["fragment"]
# Behind the line hardly anything is left that luck does not explain.

# %% [markdown] minutes=6 tags=["slide"]
# ## How long until they buy again?
#
# From following to the next purchase (关注到再消费间隔). Many have not bought yet: their wait is
# *censored* (删失), longer than we have seen. A median of those who have bought leaves out the slow.
# **Before you look:** is the true median longer or shorter?

# %%
from crmlab.social import days_to_purchase, follow_to_purchase

days_to_purchase(club.fans, club.purchases, by="motive").round(0)

# %% [markdown] tags=["subslide"]
# `of_buyers` is the median of those who bought, `median` that of all by Kaplan and Meier. Does the
# motive explain the wait?

# %% tags=["subslide"] alt="Four falling curves: old customers buy again first, content fans last"
waits = follow_to_purchase(club.fans, club.purchases)
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_survival(kaplan_meier(waits, by="motive"), by="motive", ax=ax)
ax = ax.set_ylabel("Not bought again yet (%)")

# %% [markdown] tags=["fragment"]
# It does: old customers are back first.
#
# **Now you.** In the sealed model a fan of shape `k` is still waiting after `t` days with chance
# (60 / (60 + t)) to the power k. With k = 1 that is one half after 60 days. What is it for an old
# customer (k = 1.6) after 60 days?

# %% tags=["solution"]
still_waiting = (60 / (60 + 60)) ** 1.6  # you type this

check("03.e", still_waiting, 0.5**1.6)

# %% [markdown] minutes=7 tags=["slide"]
# ## Who leaves, why, and who comes back?
#
# Mei asks everybody who stops following (取消关注). What they say is counted in `raw_share`. But who
# has left *by now* left early. `share` counts the time of those who still follow as well, for the
# first year of following. Look at an account that is 13 months old. **Before you look:** which of
# the reasons does it hear too often?

# %%
from crmlab.social import unfollow_reasons

young = simulate_fan_club(3_000, n_days=400, seed=3)
unfollow_reasons(young.fans)[["reason", "left", "raw_share", "share"]].round(2)

# %% [markdown] tags=["fragment"]
# "The offer is over" is said by those who leave early, so a young account hears it a little too
# often, and "moved away" too seldom. And how many of Mei's offer fans will have left after a year?

# %%
from crmlab.social import following_time

offer = club.fans[club.fans["motive"] == "offer"]
curve = kaplan_meier(following_time(offer))
left_by = 1 - curve.loc[curve["time"] <= 365, "survival"].iloc[-1]
reveal("03.b", round(left_by, 2), form=".0%")

# %% [markdown] tags=["subslide"]
# ### Winning back
#
# "With moderate care some return," says the field. Mei wrote to a half of those who left, drawn at
# random. One in five of them came back. Is that her doing?

# %%
from crmlab.social import win_back_effect

win_back_effect(club.lapsed).round(2)

# %% [markdown] tags=["fragment"]
# Some come back by themselves. Only the *difference* is hers, and its interval says how little a few
# hundred fans tell.

# %% [markdown] minutes=5 tags=["slide"]
# ## How many friends does a fan bring?
#
# Count the friends brought, divide by the fans: the account's *k*. **Before you compute:** if 100
# fans bring 45, and later fans bring 0.45 each as well, how many fans will there be in the end?
#
# **Now you.** Each generation is k times the one before, so one fan becomes 1 + k + k² + … fans.
# What does that sum to?

# %% tags=["solution"]
k = 0.45
in_the_end = 1 / (1 - k)  # you type this

check("03.f", in_the_end, 1 / 0.55)

# %% [markdown] tags=["fragment"]
# With k of 1 and more the sum has no end; with less, the best of offers fizzles out. So k matters,
# and it is easily got wrong: fans who followed lately have brought nobody *yet*.

# %% tags=["subslide"] alt="Friends per fan by reason: corrected points lie above the bars counted so far"
from crmlab.social import plot_referral_k, referral_k

year_one = simulate_fan_club(2_000, n_days=365, seed=3)
brought = referral_k(year_one.fans)
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_referral_k(brought, ax=ax)

# %%
brought.round(2)

# %% [markdown] tags=["subslide"]
# `raw` is of today; `k` adds up, age by age, the friends over the fans who were watched to that age.
# The planted numbers are .20, .15 and .10. And how do those behave who were brought?

# %%
from crmlab.social import friend_behaviour

friend_behaviour(club.fans, club.interactions, club.purchases).round(2)

# %% [markdown] tags=["fragment"]
# Those brought do a little less of each. But the intervals overlap: it may be luck.

# %% [markdown] minutes=8 tags=["slide"]
# ## What use are friends?
#
# Some of Mei's fans are friends of each other. Whom should she tell of a new dish first?

# %% tags=["subslide"] alt="A network of eighty fans; three with most friends are marked"
from crmlab.social import plot_friends, simulate_friends

small = simulate_friends(80, mean_friends=4, seed=3)
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_friends(small.friends, ax=ax)

# %% [markdown] tags=["fragment"]
# Who knows everybody's friends? Nobody. But a fan can *name* a friend, and that is enough: *your
# friends have more friends than you* (友谊悖论, Feld 1991). Who has many friends is named by many.

# %%
from crmlab.social import friendship_paradox

circle = simulate_friends(1_000, seed=3)
friendship_paradox(circle.friends).round(2)

# %% [markdown] tags=["subslide"]
# ### Whom to tell first?
#
# Mei tells twenty fans, and each friendship passes it on with a chance of 10%. **Before you look:**
# she can take twenty at random. Or she can ask twenty at random to *name* a friend, and tell those.
# Does it matter?

# %%
from crmlab.social import choose_seeds, simulate_spread

reached = {}
for way in ("anybody", "named by anybody", "most friends", "together"):
    told = choose_seeds(circle.friends, 20, way=way, chance=0.1, seed=3)
    heard = simulate_spread(circle.friends, seeds=told, chance=0.1, seed=6)
    reached[way] = heard["reached"].mean()
pd.Series(reached, name="fans who hear of it").round(0).to_frame()

# %%
gain = reached["named by anybody"] / reached["anybody"] - 1
print(f"A question for a name: {gain:.0%} more fans hear of it.")

# %% [markdown] tags=["fragment"]
# The question costs nothing, and needs no map of who knows whom. The other two ways need the map.
# Those with *most friends* are often friends of each other, and tell the same people. *together*
# picks one fan after the other, always the one who adds most (Kempe and others 2003).

# %% [markdown] tags=["subslide"]
# ### Alike, or passed on?
#
# A fan whose friends spend much spends much. Does spending rub off? Mei gave a dish to a half of the
# fans, drawn at random. In this world nothing is passed on.

# %%
from crmlab.social import friend_effect

friend_effect(circle.fans, circle.friends).round(1)

# %% [markdown] tags=["fragment"]
# Each friend who spends much goes with clearly more. But friends are *alike* (同质性) before they
# do anything to each other. A dish given at random tells the two apart: its interval is wide, and
# holds 0.

# %% [markdown] minutes=7 tags=["slide"]
# ## Two offers, and when to buy a database
#
# A fan was ill, and a florist promised as many flowers as *reposts* (转发送花). A restaurant let the
# *hour of arrival* set the price (几点打几折): at 2 in the morning a guest pays 20%. Both made stories.
# What do they cost?

# %%
from crmlab.social import repost_cost, simulate_reposts

posts, _ = simulate_reposts(2_000, passed_on=0.8, seed=3)
costs = {"open": repost_cost(posts), "at most 60": repost_cost(posts, cap=60)}
pd.concat(costs).droplevel(1).round(0)

# %% [markdown] tags=["fragment"]
# The usual post (`median_cny`) is cheap. One in a hundred is not: each repost is reposted, and such
# sums have long tails. A cap cuts the tail, and leaves the usual post as it was.
#
# "The hour is the tenths of the price" fails after ten: who comes at 20:00 would pay double. So take
# a clock of twelve hours, and never more than the full price: 2:00 and 14:00 pay 20%.
#
# **Before you look:** these prices, 10% at one to full at ten to twelve, are 62.5% on average. Will
# guests pay more or less than that?

# %%
from crmlab.social import arrival_offer, simulate_arrivals

guests, sealed_guests = simulate_arrivals(4_000, seed=3)
arrival_offer(guests)[["group", "came", "share_paid", "bill_cny", "paid_cny"]].round(2)

# %% [markdown] tags=["fragment"]
# Far less: guests choose the hour. More of them come, and the till holds less (yuan per guest, come
# or not). Who would have come anyway?

# %%
told = guests["told"] & guests["came"]
anyway = sealed_guests["comes_anyway"][told].mean()
print(f"Of those who were told and came, {anyway:.0%} would have come anyway.")

# %% [markdown] tags=["subslide"]
# ### Above a thousand
#
# Up to 1,000 fans one head can know them, says the field; above, move to a database. Which fans?
# Those who left are none.

# %%
from crmlab.social import database_trigger

large = simulate_fan_club(2_600, seed=3)
due = database_trigger(large.fans)
print(f"{due.following:,} follow on the last day, {due.ever:,} ever did")
print(
    f"More than 1,000 followed on {due.due_on:%d %B %Y}, had ever followed on {due.ever_due_on:%d %B %Y}"
)

# %% [markdown] minutes=8 tags=["slide"]
# ## The pancake aunt
#
# By a school a woman sells pancakes (煎饼阿姨). Before meals the orders come into a free QQ group,
# while the students sit in class; they collect after the bell. It has worked for years: *online to
# offline* (O2O, 线上到线下). What does the group do? **Before you look:** a pancake takes half a
# minute. How long do sixty students wait without it?

# %%
from crmlab.social import queue_waits, simulate_stall

orders, bells = simulate_stall(60, seed=35)
waits = queue_waits(orders, collects="collects_at")
print(f"{len(orders)} students; mean wait {waits['wait_minutes'].mean():.0f} minutes")

# %% tags=["subslide"] alt="Customers at the stall: up to fifty within minutes after the bell"
from crmlab.social import plot_line

_, ax = plt.subplots(figsize=(8, 3.6))
ax = plot_line(waits, bells=bells, ax=ax)

# %%
early, _ = simulate_stall(60, preorder_share=0.5, seed=35)
ahead = queue_waits(early, collects="collects_at")
reveal("03.c", round(ahead["wait_minutes"].mean(), 1))

# %%
ahead.groupby("preordered")[["wait_minutes"]].mean().round(1)

# %% [markdown] tags=["fragment"]
# Those who order before hardly wait. And the *others* wait less too: half of the work is done before
# they come. Move the share, and the size of the break.

# %%
from crmlab.social import explore_stall

explore_stall()

# %% [markdown]
# On paper, one setting: seven of ten order before.

# %% tags=["subslide"] alt="With seven of ten ordering before, the line is short and soon gone"
many, bells = simulate_stall(60, preorder_share=0.7, seed=35)
_, ax = plt.subplots(figsize=(8, 3.6))
ax = plot_line(queue_waits(many, collects="collects_at"), bells=bells, ax=ax)

# %% [markdown] tags=["subslide"]
# Could a formula have said so? From bell to bell it is 240 minutes. If the sixty orders came by pure
# chance in all that time, the line would be as Pollaczek and Khinchine say.

# %%
from crmlab.social import expected_wait

by_chance = expected_wait(per_minute=60 / 240, service_minutes=0.5, spread=0.5)
print(f"By pure chance {by_chance:.2f} minutes; after a bell {waits['in_line_minutes'].mean():.1f}")

# %% [markdown] tags=["fragment"]
# It is not the amount of work, it is that all come at once. A formula for orders by chance misses it.
#
# ### Would she pay 100 a month?
#
# **Now you.** A pancake leaves a margin of 3. How many orders *more* does the group have to bring?

# %% tags=["solution"]
from math import ceil

needed = ceil(100 / 3)  # you type this

check("03.g", needed, 34)

# %% [markdown] tags=["fragment"]
# One break brings sixty students: so many more orders in a month are little more than half of one
# break. Move the fee and the margin: from when would she leave the group?

# %%
from crmlab.social import explore_fee

explore_fee()

# %% [markdown]
# On paper, one setting: a fee of 100 and a margin of 3.

# %% tags=["subslide"] alt="Profit rises with extra orders and is above zero from 34 on"
from crmlab.social import fee_curve, plot_fee_curve

_, ax = plt.subplots(figsize=(8, 3.6))
ax = plot_fee_curve(fee_curve(fee=100, margin=3), ax=ax)

# %% [markdown] minutes=5 tags=["slide"]
# ## Would a giant come?
#
# "At 1,000 portions a day, would giants come with lower prices, better service, more advertising?"
# Let two sellers choose prices, each the best reply to the other's, until nobody moves. **Before you
# look:** from how many portions on does the giant come?

# %% tags=["subslide"] alt="Profits by size of market: the giant's rises above zero near seven hundred"
from crmlab.social import entry_game, plot_entry_game

game = entry_game(range(50, 2_001, 50))
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_entry_game(game, ax=ax)

# %%
at = game[game["portions"] == 1_000].astype({"portions": "int64"}).set_index("portions")
at[
    ["price_alone", "price_stall", "price_giant", "profit_alone", "profit_stall", "profit_giant"]
].round(1)

# %% [markdown] tags=["fragment"]
# At 1,000 portions it comes, and the stall keeps a quarter of what it had. "Avoid the giants, go deep
# in one niche (垂直领域)": let the stall be two yuan better for *these* students.

# %%
from crmlab.social import Seller

entry_game([1_000], stall=Seller(cost=2.5, quality=10.0))[
    ["profit_giant", "enters", "stall_keeps"]
].round(0)

# %% [markdown] tags=["subslide"]
# ### The war of coupons
#
# Group buying had about a thousand sites in 2011. Each outbid the others with coupons. What was left?

# %%
from crmlab.social import coupon_war

war = coupon_war(sites=1_000, orders=1_000_000, margin=20.0, fixed=50_000.0)
war.iloc[[0, 500, 900, -1]].round({"coupon": 1, "profit": 0, "burnt": 0})

# %% [markdown] tags=["fragment"]
# From the first round on nearly the whole margin of 20 goes to the buyers (`coupon`, yuan an order;
# `profit` is that of one site, `burnt` what all give away in a round). Sites give up until a few
# dozen are left. Even these live on the little that habit leaves them: some buyers stay with their
# site though another gives a little more.

# %% [markdown] minutes=3 tags=["slide"]
# ## Open the truth
#
# **Before you break the seal:** how many of the purchases in Mei's restaurant did interactions cause?

# %%
for name, world in {"first world": club, "second": causal, "third": hidden}.items():
    print(f"{name}: {world.truth['caused'].sum():,} of {len(world.purchases):,} purchases")

# %% [markdown] tags=["fragment"]
# In the first world none, though those who commented most bought nearly three times as much. In the
# second and the third, raw, adjusted and matched all say "above zero"; only the invitation tells the
# two apart.
#
# The field lists fourteen questions that the data of an account can answer. Each is one call on the
# tables of `club` (Q9 on those of `circle`):

# %%
from crmlab.social import fan_questions

pd.set_option("display.max_colwidth", None)
fan_questions()

# %% [markdown] tags=["fragment"]
# ## Your turn
#
# `exercises/03_social.ipynb`, eight questions on fans of your own (45 minutes). Or here and now: set
# `days=30` in `fan_window`. What happens to the interval at random, and why?

# %% [markdown] tags=["slide"]
# ## What you saw
#
# * Buyers follow: those who comment most had bought most before. Adjusting sees what was written
#   down; only chance sees the rest.
# * Time misleads twice: who has not finished yet is missing, and who did much had time to do it.
# * A line after a bell is no line by chance. Ordering before helps those, too, who did not.
#
# **Recall, without scrolling up:**
#
# 1. What does *at random* compare, and why is its interval wide?
# 2. Why do fans who interacted ten times follow longer, whatever interacting does?
# 3. Why is k too low if friends are divided by fans?
# 4. Why does the formula for queues miss the pancake aunt's?
#
# **To carry away:** which of your firm's "active customers buy more" has ever been tested at random?

# %% [markdown]
# Five more, which answer back. Choose with the mouse, or with Tab and the arrow keys.

# %%
from crmlab.classroom import quiz

quiz("03")

# %% [markdown]
# *Functions used:* `fan_questions`, `fan_funnel`, `interaction_rates`, `event_study`, `follow_effect`, `fan_window`,
# `interaction_effect`,
# `active_fan_time`, `follow_to_purchase`, `days_to_purchase`, `following_time`, `unfollow_reasons`,
# `win_back_effect`, `referral_k`, `friend_behaviour`, `friendship_paradox`, `choose_seeds`, `friend_effect`,
# `repost_cost`, `arrival_offer`, `database_trigger`, `queue_waits`, `expected_wait`, `fee_curve`,
# `entry_game`, `coupon_war`, their `plot_…`, three `explore_…`, and seven `simulate_…`.
#
# *Sources:*
#
# * Angrist, J. D. (1998). Estimating the labor market impact of voluntary military service using
#   Social Security data on military applicants. Econometrica 66(2), 249-288. doi:10.2307/2998558
# * Anderson, J. R., Cain, K. C. and Gelber, R. D. (1983). Analysis of survival by tumor response.
#   Journal of Clinical Oncology 1(11), 710-719. doi:10.1200/JCO.1983.1.11.710
# * Kaplan, E. L. and Meier, P. (1958). Nonparametric estimation from incomplete observations.
#   Journal of the American Statistical Association 53, 457-481.
#   doi:10.1080/01621459.1958.10501452
# * Lindley, D. V. (1952). The theory of queues with a single server. Mathematical Proceedings of the
#   Cambridge Philosophical Society 48(2), 277-289. doi:10.1017/S0305004100027638
# * Feld, S. L. (1991). Why your friends have more friends than you do. American Journal of Sociology
#   96(6), 1464-1477. doi:10.1086/229693
# * Kempe, D., Kleinberg, J. and Tardos, É. (2003). Maximizing the spread of influence through a
#   social network. KDD '03, 137-146. doi:10.1145/956750.956769
# * Restaurant, florist, pancakes and the rule of a thousand are this course's.
