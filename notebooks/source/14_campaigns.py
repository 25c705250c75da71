# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["slide"]
# # 14 · Did the campaign work, or would they have bought anyway?
#
# The letter went out, the customers came, the report is full of sales. Somebody asks: and what if
# we had sent nothing?
#
# **Before you run anything, write down your guess:** type it in place of the three dots.
#
# 1. Ten thousand customers get a letter and spend over a million. What share of it did the letter
#    *cause*? (0.3 is 30%.)
# 2. A letter that does nothing is tested for thirty days, and the test is looked at every day. In
#    how many of 100 such tests is it called a success on some day?
# 3. A chain closes half of its stations. Those that are left sell 36% more than the mean station
#    did before. By what share did the *same* stations grow?

# %% [markdown] tags=["subslide"]
# You will be able to
#
# * ask how a piece of information was made before you use it (6 minutes);
# * say what a campaign changed, how sure that is, and how many customers a trial needs (12 minutes);
# * look at a test early without being fooled (6 minutes);
# * find whom a contact moves, and earn by leaving the others in peace (9 minutes);
# * judge a programme that nobody tested, and see when that fails (8 minutes);
# * run the work on customers as a loop, and staff it (7 minutes);
# * if you like to go further: know where fair lots mislead, judge one city, say what points cost,
#   and how ready a firm is (20 minutes).
#
# *Needs chapter 08. All data are worlds made as we go, with seed 14; their truth stays sealed until
# each part's end.*

# %%
from crmlab.classroom import check, guess, reveal

guess("14.a", ...)

# %%
guess("14.b", ...)

# %%
guess("14.c", ...)

# %% tags=["hide-input"]
import matplotlib.pyplot as plt
import pandas as pd

pd.set_option("display.max_colwidth", None)

# %% [markdown] minutes=6 tags=["slide"]
# ## Three doors
#
# Three doors, one prize (机会游戏). You choose door 1. The host, who knows where the prize is, opens
# door 3: empty. *Do you want door 2 instead?*
#
# **You first.** Stay or switch, as often as you like; then try the other host, who opens a door
# *at random*, and happened to show an empty one.
# %%
from crmlab.campaigns import explore_doors

explore_doors()

# %% [markdown]
# On paper: 20 games in which you stayed, and 20 in which you switched, with the host who knows.
# `expected` is the share that is won in the long run.

# %%
from crmlab.campaigns import doors_by_hand

doors_by_hand([False] * 20 + [True] * 20).round(2)

# %% tags=["subslide"] alt="Of 3,000 games who switches wins two thirds, who stays a third"
from crmlab.campaigns import door_course, door_rates, plot_doors, simulate_doors

games, sealed_prizes = simulate_doors(3_000, seed=14)
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_doors(door_course(games, sealed_prizes), ax=ax)

# %%
by_host = {
    host: door_rates(*simulate_doors(100_000, host=host, seed=14)) for host in ("knows", "random")
}
rates = pd.concat(by_host, names=["host"]).droplevel(1)
rates[["strategy", "games", "share", "low", "high"]].round(3)

# %% [markdown] tags=["fragment"]
# Both times you see the same: an empty door. (Games in which the host at random opened the prize are
# left out.) Yet switching wins two thirds with one host and a half with the other. What matters is *how it came* that you saw it. Bayes' table (贝叶斯表) for the host
# who knows: if the prize is behind 2, he *must* leave 2; if it is behind 1, he leaves 2 half of the
# time.

# %%
from crmlab.campaigns import door_chances

door_chances(3, host="knows").round(2)

# %% [markdown] tags=["subslide"]
# **Now you.** Ten doors; you choose one, and the host, who knows, opens eight empty ones. With which
# chance does switching win?

# %% tags=["solution"]
switching = 9 / 10  # you type this

check("14.d", switching, door_chances(10)["posterior"][1])

# %% [markdown]
# The same trap in a firm: three offers were tried, you backed A, and a colleague shows you that C
# failed. Did he look at all three and pick a failure to show, or did he test C alone? The table of
# answers is the same. So the first question to every number of this chapter is not *how large*, but
# *how was it made*.

# %% [markdown] minutes=12 tags=["slide"]
# ## Did it work?
#
# Twenty thousand customers. A coin decided who got the letter; the others are the *control group*
# (对照组). Here is what the campaign's own report says, which knows only those with a letter:

# %%
from crmlab.campaigns import simulate_trial

trial, sealed_effect = simulate_trial(20_000, seed=14)
with_letter = trial[trial["treated"]]
print(
    f"{len(with_letter):,} letters, {with_letter['spend'].sum():,.0f} CNY spent by those who got one"
)

# %% [markdown] tags=["fragment"]
# **Before you look:** what would those have spent without a letter? Nobody can see it. But the
# control group differs from them in nothing but the letter.

# %%
from crmlab.campaigns import treatment_effect

effect = treatment_effect(trial)
effect[["treated_mean", "control_mean", "effect", "low", "high"]].round(1)

# %%
caused = effect["effect"][0] / effect["treated_mean"][0]
print(f"Of the money that came after the letter, the letter caused {caused:.0%}")
reveal("14.a", round(caused, 2), form=".0%")

# %% [markdown] tags=["subslide"]
# ### First, count heads
#
# Before the effect, ask whether as many got a letter as were drawn (样本比例). Suppose the letter has
# a form to return, and a quarter of those who bought nothing never did, so they are missing from
# the file.

# %%
from crmlab.campaigns import sample_ratio

lost = trial["treated"] & ~trial["bought"] & (trial["customer_id"] % 4 == 0)
for name, file in (("all", trial), ("some lost", trial[~lost])):
    counted, told = sample_ratio(file), treatment_effect(file)["effect"][0]
    print(
        f"{name}: {counted.treated:,} and {counted.control:,}, p = {counted.p_value:.2g}; effect {told:.1f}"
    )

# %% [markdown] tags=["fragment"]
# Fewer than one in ten is missing, and the effect is nearly twice as large: who is missing spent
# nothing. A p below one in a thousand says: do not read on, find them.

# %% [markdown] tags=["subslide"]
# ### The same customers, more certain
#
# A part of the spread comes from customers who always spend much. What they spent *before* tells so;
# take out what it foretells, in both groups alike (CUPED).

# %% tags=["subslide"] alt="Plain difference and CUPED, the second with a shorter interval, both around the truth"
from crmlab.campaigns import plot_treatment_effect

effect = treatment_effect(trial, before="spend_before")
_, ax = plt.subplots(figsize=(8, 3))
ax = plot_treatment_effect(
    effect, truth=sealed_effect["effect"].mean(), unit="CNY per customer", ax=ax
)

# %%
width = (effect["high"] - effect["low"]).to_numpy()
print(
    f"The interval is {1 - width[1] / width[0]:.0%} shorter, as if there were "
    f"{(width[0] / width[1]) ** 2 - 1:.0%} more customers"
)

# %% [markdown] tags=["subslide"]
# ### How many customers?
#
# Plan it before: too few, and a good campaign looks like luck. *Power* (检验功效) is the chance to
# find an effect that is there.
#
# **Before you look:** an effect half as large needs how many times the customers?

# %% tags=["subslide"] alt="Power rises with customers, and sooner once what was before is taken out"
from crmlab.campaigns import plot_power_curve, power_curve, trial_size

spread, likeness = trial["spend"].std(), trial["spend"].corr(trial["spend_before"])
plans = {"plain": 0.0, "cuped": likeness}
curves = [
    power_curve(range(1_000, 20_001, 1_000), effect=6, sd=spread, correlation=rho).assign(plan=name)
    for name, rho in plans.items()
]
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_power_curve(pd.concat(curves), ax=ax)

# %%
sizes = {effect: trial_size(effect=effect, sd=spread) for effect in (12, 6, 3)}
print({f"{effect} CNY": f"{size:,}" for effect, size in sizes.items()})

# %% [markdown] tags=["fragment"]
# **Now you.** An effect of 12 CNY needs about 4,000 customers. About how many times as many does an effect
# of 4 CNY need?

# %% tags=["solution"]
times_as_many = (12 / 4) ** 2  # you type this

check("14.e", times_as_many, 9.0)

# %% [markdown] minutes=6 tags=["slide"]
# ## Looking too early
#
# The trial runs for thirty days, and the boss looks every morning: is it beyond 1.96 standard
# errors yet? Fifty tests of a letter that does *nothing*. **Before you drag:** how many of them will
# be called a success?

# %%
from crmlab.campaigns import explore_peeking

explore_peeking()

# %% [markdown]
# On paper, the first of the fifty:

# %% tags=["subslide"] alt="A test without effect wanders beyond 1.96 more than once, and each time comes back"
from crmlab.campaigns import peeking_picture

picture, said = peeking_picture(test=0)
print(said)
picture

# %% tags=["subslide"] alt="With 1.96 more than a quarter are called a success; with either bound 5%"
from crmlab.campaigns import alarms_by_look, plot_peeking, sequential_bounds, simulate_looks

looks, _ = simulate_looks(4_000, looks=30, seed=14)
alarms = {"usual": alarms_by_look(looks)}
for kind in ("pocock", "obrien-fleming"):
    bounds = sequential_bounds(30, kind=kind)["bound"]
    alarms[kind] = alarms_by_look(looks, bounds=bounds.to_numpy())
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_peeking(alarms, ax=ax)

# %%
ever = {name: table["share"].iloc[-1] for name, table in alarms.items()}
print({name: f"{share:.1%}" for name, share in ever.items()})
reveal("14.b", round(100 * ever["usual"]))

# %% [markdown] tags=["fragment"]
# Each look is another draw in the same lottery. Whoever wants to stop early must ask for more: the
# same higher bound each time (Pocock), or one that is hopeless at first and near 1.96 in the end
# (O'Brien and Fleming). Both were fixed *before* the first look, and both keep their 5%.

# %% [markdown] minutes=9 tags=["slide"]
# ## Whom does it move?
#
# A mean hides four kinds of customers:
#
# * *persuadables* (可说服者) buy if they get the letter, and only then;
# * *sure things* (必买者) buy anyway;
# * *lost causes* (无望者) buy in no case;
# * *sleeping dogs* (勿扰者) would buy, and the letter drives them away.
#
# Nobody is ever seen both with and without a letter, so nobody's kind is ever known. But a trial
# shows how *much* a letter adds among customers who look alike: their *uplift* (增量).

# %% tags=["subslide"]
from crmlab.campaigns import UpliftModel, simulate_uplift

people, sealed_kinds = simulate_uplift(40_000, seed=14)
teach, test = people.iloc[:20_000], people.iloc[20_000:]
model = UpliftModel().fit(teach, ["visits", "on_sale", "tenure_months"])
test = test.assign(uplift=model.predict(test), chance=model.predict_chance(test))
test.head(3)[["customer_id", "visits", "on_sale", "tenure_months", "uplift", "chance"]].round(2)

# %% [markdown]
# Two regressions: one of the treated, one of the control group. `chance` is what the first one says
# of buying after a letter; `uplift` is the difference of the two.
#
# **Before you look:** the likeliest buyers, or the most movable ones: which list gains more extra
# buyers?

# %% tags=["subslide"] alt="The list by uplift gains far more than a random one, that by chance about half of that"
from crmlab.campaigns import plot_uplift, uplift_curve

curves = {name: uplift_curve(test, score=name) for name in ("uplift", "chance")}
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_uplift(curves, ax=ax)

# %% [markdown] tags=["fragment"]
# One number for the area between a curve and the straight line is the *Qini* (基尼式增益系数). Careful:
# a score that is pure noise has a Qini, too, and half of the time a positive one.

# %%
from crmlab.campaigns import qini

test["noise"] = test["customer_id"] * 7_919 % 1_009
for name in ("uplift", "noise"):
    found = qini(test, score=name, seed=14)
    print(
        f"{name}: {found.coefficient:.3f}, from {found.low:.3f} to {found.high:.3f}; "
        f"noise stays below {found.noise:.3f}"
    )

# %% [markdown] tags=["fragment"]
# The first Qini lies far beyond what noise gives, and the second within it.

# %% [markdown] tags=["subslide"]
# ### In money
#
# A purchase earns 40 CNY, a letter costs 2, and it holds a coupon of 8 that every buyer uses, moved or
# not. **Before you look:** whom should nobody write to?

# %% tags=["subslide"] alt="Profit by uplift peaks at about half of the customers; by chance it barely leaves zero"
from crmlab.campaigns import plot_uplift_profit, uplift_profit

costs = {"margin": 40, "contact": 2, "discount": 8}
profit = uplift_profit(test, scores=["uplift", "chance"], **costs)
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_uplift_profit(profit, ax=ax)

# %% [markdown] tags=["fragment"]
# **Now you.** Of customers who look alike, 50% buy without a letter and 55% with one. What does a
# letter to one of them earn, with the costs above?

# %% tags=["solution"]
earned = 0.05 * 40 - 0.55 * 8 - 2  # you type this

check("14.f", earned, -4.4)

# %% [markdown] tags=["fragment"]
# A loss, though they buy more often than most. Break the seal: what did the two lists really earn,
# equally long?

# %%
truth = sealed_kinds.iloc[20_000:]
each = truth["uplift"] * 40 - (truth["chance"] + truth["uplift"]) * 8 - 2
size = int((test["uplift"] * 40 - test["chance"] * 8 - 2 > 0).sum())
for name in ("uplift", "chance"):
    print(f"{size:,} letters by {name}: {each[test[name].nlargest(size).index].sum():,.0f} CNY")
print(
    f"Letters to all: {each.sum():,.0f} CNY; the best list there is: {each.clip(0).sum():,.0f} CNY"
)

# %% [markdown] minutes=8 tags=["slide"]
# ## When nobody drew lots
#
# Shell Canada (壳牌加拿大) closed many stations and began a points programme. The course's notes say:
# sales +16% at once, market share +2 points, "throughput +36% or more". What was done: a sign that the
# street can see; double points for more fuel and for fuel with the shop; a postcard with the new address,
# double points; an invitation to the reopening, triple points.
#
# The notes do not say 36% *of what*. If it is per station, 1.16 / 1.36 of them were left: 14.7% were
# closed. Our stations are invented, with those figures planted.

# %%
from crmlab.campaigns import simulate_stations, site_change

panel, sealed_lift = simulate_stations(150, seed=14)
change = site_change(panel, market_share=0.125)
change[["quantity", "change", "beyond"]].round(3)

# %% [markdown] tags=["fragment"]
# `beyond` takes out what stations in other cities did in the same weeks. There are the figures: sales,
# points of market share, and per site. **Before you read on:** did each station sell 36% more?
#
# No: `same sites` did not. The weakest closed, and the mean of those that are left is higher without
# any of them having sold more: the *mix* (组合效应). How far does the mix go alone?

# %% tags=["subslide"] alt="Half closed, no effect: sales fall by a third, per site +36%, same sites 0"
from crmlab.campaigns import plot_site_change

idle, _ = simulate_stations(150, closed=0.5, kept=0.0, lift=0.0, seed=14)
nothing = site_change(idle)
_, ax = plt.subplots(figsize=(8, 3.5))
ax = plot_site_change(nothing, ax=ax)

# %%
same = nothing.set_index("quantity")["change"]
print(f"Per site {same['sales per site']:+.0%}, at the same sites {same['same sites']:+.1%}")
reveal("14.c", round(same["same sites"], 2) + 0, form=".0%")

# %% [markdown] tags=["subslide"]
# ### Before and after, beside others
#
# *Difference-in-differences* (双重差分): the change of the stations that stayed, less the change of
# stations elsewhere. Week by week it is an *event study* (事件研究).

# %% tags=["subslide"] alt="Nothing before week 0, then a jump to about 24%, around the dashed truth"
from crmlab.campaigns import difference_in_differences, event_study, plot_event_study

stays = sealed_lift[~sealed_lift["closed"]].iloc[0]
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_event_study(event_study(panel), truth=stays["lift"] + stays["moved"], ax=ax)

# %%
panel["after"] = panel["week"] >= 0
found = difference_in_differences(panel, unit="station_id", log=True).iloc[0]
print(f"Measured {found['effect']:+.1%}, from {found['low']:+.1%} to {found['high']:+.1%}")
print(
    f"Planted: {stays['lift']:+.1%} by the programme, {stays['moved']:+.1%} moved from closed ones"
)

# %% [markdown] tags=["fragment"]
# The sum is right, since both would have gone on alike (平行趋势, parallel trends). Its two parts
# cannot be told apart: what moved over is in the sales of who stays. Now take a chain whose sales grow
# on their own, each week by 0.4% of those of week 0, and begin a programme that does nothing:

# %% tags=["subslide"] alt="A slope through all weeks, before and after: no jump at week 0"
rising, _ = simulate_stations(150, closed=0.0, lift=0.0, kept=0.0, drift=0.004, noise=0.05, seed=14)
study = event_study(rising)
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_event_study(study, truth=0.0, ax=ax)

# %%
rising["after"] = rising["week"] >= 0
false = difference_in_differences(rising, unit="station_id", log=True).iloc[0]
print(
    f"Measured {false['effect']:+.1%}, from {false['low']:+.1%} to {false['high']:+.1%}; planted 0%"
)
slope, low, high = study.loc[0, ["slope_before", "slope_low", "slope_high"]]
print(f"Gained on the others a week, before: {slope:.2%}, from {low:.2%} to {high:.2%};", end=" ")
print(f"planted {0.004 / (1 - 0.004 * 13.5):.2%}")

# %% [markdown] tags=["fragment"]
# (0.4% of week 0 is a little more of the weeks before, which sold less: their middle is 13.5 weeks back.)
# The interval of the effect is narrow and wrong. It knows of luck and not of trends; the weeks *before*
# are where one can see it.

# %% [markdown] minutes=7 tags=["slide"]
# ## A loop of six steps
#
# The field's loop (CRM六步流程), and what each step is for:

# %%
from crmlab.campaigns import crm_table

crm_table("steps")

# %% [markdown] tags=["fragment"]
# Which step can be left out? We run the loop on one market, five rounds, and leave out one step each
# time. **Before you look:** without which ones does the loop *report* the most?

# %% tags=["subslide"] alt="The full loop earns most; without measure, organise or analyse it loses"
from crmlab.campaigns import CampaignLoop, campaign_answers, plot_loop_profit

market, sealed_market = simulate_uplift(5_000, seed=14)
features, rounds = ["visits", "on_sale", "tenure_months"], {}
for step in ("nothing", *crm_table("steps")["name"]):
    loop = CampaignLoop(skip=None if step == "nothing" else step, seed=14)
    loop.run(market, lambda k, who: campaign_answers(sealed_market, who, seed=k), features)
    rounds[step] = loop.profit(sealed_market)
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_loop_profit(rounds, ax=ax)

# %%
last = pd.concat(rounds, names=["skipped"]).groupby(level=0, sort=False).last()
last[["contacted", "reported", "profit"]].round(0).astype(int)

# %% [markdown] tags=["fragment"]
# Without a control group (`measure`) every purchase counts as won; so the loop soon writes to nearly all,
# as it does from the start without a list (`organise`): their lines lie upon each other. Both report the
# most, and lose money. `improve` is worth little here: one round has taught nearly all there is.

# %% [markdown] tags=["subslide"]
# ### Six processes, six owners
#
# Around the customer six processes run, each with *one* owner. How many people does each need, if four of
# five cases are to wait five minutes at most? *Erlang C* knows: it takes cases an hour and minutes each. `load` is how many people
# the work would keep busy without a pause.

# %%
from crmlab.campaigns import process_plan, staffing

plan = process_plan(crm_table("processes"))
plan.round(2)

# %% [markdown] tags=["fragment"]
# Together they need fewer, and are busier: a quiet hour here meets a busy one there. What stands against it
# is skill, and that nobody owns what is done by all. Now a larger call centre alone, with 240 calls an hour of
# three minutes, 80% of them to be answered within 20 seconds:

# %% tags=["subslide"] alt="Answered in time rises steeply from 37% with 13 agents to 87% with 16"
from crmlab.campaigns import plot_staffing

_, ax = plt.subplots(figsize=(8, 4))
ax = plot_staffing(staffing(calls=240, handle_minutes=3), ax=ax)

# %% [markdown]
# **Now you.** Twelve agents are busy without a pause by 240 calls of three minutes. How many are needed? Read it
# off the figure.

# %% tags=["solution"]
needed = 16  # you type this

check("14.g", needed, 16)

# %% [markdown] minutes=20 tags=["slide"]
# ## Go further: where fair lots mislead
#
# You may stop here and go to *Your turn*: nothing later needs what follows. First come trials whose
# coin was fair, and whose first answer is wrong all the same; then one city alone, points that
# somebody must pay, and how ready a firm is for all of this.
#
# ### Forty stores are not four thousand customers
#
# A campaign can often be made for whole stores only. Forty stores draw lots, a hundred customers each.
# In this world *nothing was done to anybody*. **Before you look:** of twenty such trials, in how many
# does the interval over customers miss 0?

# %% tags=["subslide"]
from crmlab.campaigns import simulate_friends


def false_alarms_of(seed):
    stores, _ = simulate_friends(40, circle=100, draw="circle", effect=0, likeness=0.1, seed=seed)
    found = treatment_effect(stores, store="circle_id").set_index("way")
    return (found["low"] > 0) | (found["high"] < 0)


alarms = pd.DataFrame([false_alarms_of(seed) for seed in range(20)])
print(f"Over 4,000 customers: {alarms['difference'].sum()} false alarms in 20 trials;", end=" ")
print(f"over 40 stores: {alarms['store'].sum()}")

# %% [markdown] tags=["fragment"]
# Customers of one store are alike: its manager, its street, its weather. With a likeness of 0.1 a
# hundred of them say no more than 100 / (1 + 99 * 0.1), or nine, who are strangers. What was drawn as a
# whole counts once (整群随机).
#
# And with *eight* stores? There an interval leans on a law of large numbers that has not begun. But
# one can list every way in which the lots could have fallen, and ask in how many of them the means
# would have parted as far (随机化检验, an exact test).
#
# **Now you.** Eight stores, four of them drawn: 70 ways. The lot that fell parts the stores the most of
# all, and so does its mirror image. What is p?

# %% tags=["solution"]
p_value = 2 / 70  # you type this

check("14.h", p_value, 2 / 70)

# %%
from crmlab.campaigns import randomisation_test

eight = pd.DataFrame({"treated": [True] * 4 + [False] * 4})
eight["spend"] = [118.0, 131, 109, 124, 96, 107, 99, 104]
found = randomisation_test(eight, seed=14)
print(
    f"Means differ by {found.effect:.0f} CNY; p = {found.p_value:.3f} over {found.assignments} ways"
)

# %% [markdown] tags=["fragment"]
# No lot of eight stores can say more than 2 in 70; with six stores, not even 5% can be reached.

# %% [markdown] tags=["subslide"]
# ### Friends who tell each other
#
# A letter is worth 6 CNY to a customer, and up to half of that again if friends have one too
# (溢出, spill-over). So treating *everybody* is worth 9. Lots of single customers, or of whole circles
# of five?

# %%
for draw in ("customer", "circle"):
    told, sealed_circles = simulate_friends(2_000, draw=draw, seed=14)
    found = treatment_effect(told, store=None if draw == "customer" else "circle_id").iloc[-1]
    print(
        f"lots of each {draw}: {found['effect']:.1f}, from {found['low']:.1f} to {found['high']:.1f};"
        f" planted {sealed_circles['effect'].iloc[0]:.0f}"
    )

# %% [markdown] tags=["fragment"]
# In the first trial friends of the *control* group had letters as often, so that what friends add was
# in both means and fell out. The price of the second: fewer things were drawn, the interval is longer.

# %% [markdown] tags=["subslide"]
# ### Novelty wears off
#
# What is new is looked at (新奇效应). **Before you look:** a test of two weeks reports an effect per
# week. How much of it is left in week 11?

# %% alt="The effect falls within weeks; the mean so far stays far above it to the end"
from crmlab.campaigns import effect_by_week, plot_effect_by_week, simulate_novelty

weekly, sealed_weeks = simulate_novelty(4_000, seed=14)
by_week = effect_by_week(weekly)
_, ax = plt.subplots(figsize=(8, 3.5))
ax = plot_effect_by_week(by_week, truth=sealed_weeks, ax=ax)

# %%
last_week = sealed_weeks["effect"].iloc[-1]
print(
    f"Two weeks report {by_week['so_far'][1]:.1f} CNY a week; week 11 truly brings {last_week:.1f},"
)
print(f"and the mean of all twelve weeks still says {by_week['so_far'].iloc[-1]:.1f}")

# %% [markdown] tags=["subslide"]
# ### The best of twenty
#
# Twenty ideas share the customers, and the one that measured most is done. It was good, and it was
# lucky (赢者诅咒). Chapter 11 draws a ranking of branches together; ideas are no different.

# %%
from crmlab.campaigns import simulate_ideas
from crmlab.loyalty import shrunken

rows = []
for seed in range(100):
    ideas, sealed_ideas = simulate_ideas(20, mean=1, seed=seed)
    best = ideas["effect"].idxmax()
    fair = shrunken(ideas, estimate="effect")["shrunk"][best]
    rows.append((ideas["effect"][best], fair, sealed_ideas["effect"][best]))
winners = pd.DataFrame(rows, columns=["measured", "shrunk", "truly"])
winners.mean().round(1).to_frame("the winner").T

# %% [markdown] tags=["fragment"]
# The mean of a hundred winners. Whoever plans next year with the first number is out by far, and not by
# bad luck: of many, the one that measured most is on average measured too high. Shrinking takes most
# of that away, not all: twenty ideas tell little of how unlike ideas are.

# %% [markdown] tags=["slide"]
# ### One city alone
#
# One of twenty cities gets a programme. No other city moves as it does, but a *mixture* of others may
# (合成控制法, synthetic control): weights that fit the weeks before.

# %% tags=["subslide"] alt="City and mixture lie upon each other before week 0 and part after it"
from crmlab.campaigns import plot_synthetic_control, simulate_cities, synthetic_control

cities, sealed_city = simulate_cities(20, lift=0.1, seed=14)
twin = synthetic_control(cities, treated="city 1")
_, ax = plt.subplots(figsize=(8, 3.5))
ax = plot_synthetic_control(twin.path, ax=ax)

# %%
shocked, _ = simulate_cities(20, lift=0.0, shock=-0.2, seed=14)
lied = synthetic_control(shocked, treated="city 1")
print(f"Measured {twin.relative:+.1%}, planted +10%; p = {twin.p_value:.2f}")
print(f"No programme, but a rival opens in that week: measured {lied.relative:+.1%}")

# %% [markdown] tags=["fragment"]
# p is the share of the twenty cities that stand out as much when we *pretend* that each was treated (安慰剂检验);
# 1 in 20 is the least there is. And the second line: what happens to this one city in this one week is taken for
# the programme. With one city nobody can tell the two apart.
#
# Without any other city there is only the line before (中断时间序列, interrupted series). Twenty
# worlds in which nothing was done:

# %%
from crmlab.campaigns import interrupted_series

missed = 0
for seed in range(20):
    quiet, _ = simulate_cities(20, lift=0.0, seed=seed)
    jump = interrupted_series(quiet[quiet["city"] == "city 1"]).set_index("effect").loc["jump"]
    missed += not jump["low"] <= 0 <= jump["high"]
print(f"{missed} of 20 intervals miss 0, where 1 is promised")

# %% [markdown] tags=["fragment"]
# Whatever moves *all* cities in those weeks, a holiday or the weather, stands in its jump.

# %% [markdown] tags=["slide"]
# ### Which points does a basket earn?
#
# Shell's four offers: 2x, 2x, 2x, 3x. A basket may meet several at once, and the notes do not say what then.

# %%
from crmlab.campaigns import basket_points

basket = pd.DataFrame(
    {
        "spend": [50.0],
        "more_fuel": True,
        "fuel_and_shop": True,
        "new_address": False,
        "reopening": True,
    }
)
{way: int(basket_points(basket, combine=way)["points"][0]) for way in ("most", "add", "multiply")}

# %% [markdown] tags=["fragment"]
# The largest offer alone, the extra points of all added, or all multiplied: four times as many
# points for one basket. Write the rule down before the postcard goes out.

# %% [markdown] tags=["slide"]
# ### What is still owed in points
#
# Points that are not redeemed yet are a debt. How large? A *run-off triangle* (流量三角形) has a row
# for each month in which points were earned, and a column for each age. Drawn, each line is a month,
# and its dot is where it stands today.

# %% tags=["subslide"] alt="Shares redeemed by age of the points: rising along each line, with less known of late months"
from crmlab.campaigns import (
    plot_points_triangle,
    points_liability,
    points_triangle,
    simulate_ledger,
)

ledger, sealed_points = simulate_ledger(500, seed=14)
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_points_triangle(points_triangle(ledger), ax=ax)

# %%
owed = points_liability(ledger, expiry=24)
kept = owed["breakage"].iloc[-1]
print(f"Never redeemed: {kept:.0%} (breakage, 积分沉淀)")
print(f"Owed: {owed['liability_cny'].sum():,.0f} CNY, not {owed['face_cny'].sum():,.0f}")
foreseen = (owed["redeemed"] + owed["expected"]).sum() / sealed_points["ultimate"].sum()
print(f"Redeemed in the end, foreseen over truly: {foreseen:.1%}")

# %% [markdown]
# Old months say what share is redeemed at each age, and young months borrow that: the life table of
# chapter 10, with points instead of customers. But was it worth it? Half of the members earn a point
# per yuan, drawn by lot; a redeemed point costs 0.02 CNY, and a third of a sale is margin.

# %%
programme, _ = simulate_trial(20_000, lift=0.02, seed=14)
moved = treatment_effect(programme, before="spend_before").set_index("way").loc["cuped"]
cost = moved["treated_mean"] * (1 - kept) * 0.02
gains = [moved[name] / 3 for name in ("effect", "low", "high")]
print(f"Points cost {cost:.2f} CNY a member; sales with points: {moved['treated_mean']:.0f} CNY")
print(f"Margin they caused: {gains[0]:.2f}, from {gains[1]:.2f} to {gains[2]:.2f}")

# %% [markdown] tags=["fragment"]
# All sales "with points" look like a triumph. What the points *caused* has an interval with 0 in it and
# with the cost in it: 20,000 members do not yet say whether the programme pays.

# %% [markdown] tags=["slide"]
# ### How far is the firm?
#
# Five essential actions hold twelve duties (五项必备动作). Twenty people of five departments score them from 0
# to 4, their own among them.

# %% alt="People score their own duties nearly a point higher than others do; duty 12 is lowest"
from crmlab.campaigns import maturity_audit, plot_maturity, simulate_audit

scores, _ = simulate_audit(20, seed=14)
audit = maturity_audit(scores)
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_maturity(audit, ax=ax)

# %%
print(f"Their own: {(audit['by_own'] - audit['by_others']).mean():+.1f} on average")
audit.nsmallest(4, "priority")[["duty", "name", "by_own", "by_others", "helps"]].round(1)

# %% [markdown] tags=["fragment"]
# `helps` numbers what CRM software can do for a duty (CRM能帮什么忙): fourteen things, each of them a function of
# this kit. Some of the weakest duties have none. Chapter 1 said that CRM is more than software; here it
# is counted.

# %% [markdown] tags=["subslide"]
# Seven elements of the organisation (组织七要素) change with it. Three of them can be ordered; four must be
# lived:

# %% alt="The widest gaps are those of style, skills and shared values, all of them soft"
from crmlab.campaigns import gap_7s, plot_gap_7s, simulate_elements

gaps = gap_7s(simulate_elements(12, seed=14)[0])
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_gap_7s(gaps, ax=ax)

# %% [markdown] tags=["subslide"]
# ### Three phases
#
# *Pilot, roll-out, final* (渐进式实施; the notes also call the last phase "ultimate" or "scientific"): a file read
# by hand, a database every night, a stream of events. The same scores of chapter 06 by all three:

# %%
from time import process_time

from crmlab.campaigns import compare_phases
from crmlab.data import load

phases = compare_phases(load("hehua_purchases"), clock=process_time)
phases[["phase", "customers", "alike", "refreshed", "right"]].round({"right": 3})

# %% [markdown] tags=["fragment"]
# Given the same purchases, all three agree to the last customer (`alike`). So why go on? Because the pilot
# knows the purchases up to last month's end only: `right` is the share whose score is still true today. And the seconds, on this machine:

# %% tags=["nbval-ignore-output"]
phases[["phase", "seconds"]].round(2)

# %% [markdown]
# ## Your turn
#
# `exercises/14_campaigns.ipynb`, eight questions on a campaign of your own (45 minutes). Or here and now: in
# the loop, make `test_share` 0.02. What is `improve` worth then?

# %% [markdown] tags=["slide"]
# ## What you saw
#
# * What you see says little until you know how it came that you see it.
# * Most of what follows a campaign would have come anyway; a control group says how much.
# * Looking again and again is drawing again and again; bounds that are fixed before keep the promise.
# * The likeliest buyers are not the most movable ones. A coupon for sure things is a gift.
# * Close the weak half, and each site sells more, with no effect at all. Compare the same sites.
# * A loop without a control group reports the most, and loses.
#
# **Recall, without scrolling up:**
#
# 1. Why does it matter whether the host knows?
# 2. What does a sample ratio tell that the effect does not?
# 3. Why can nobody's kind ever be known?
# 4. Where can one see that trends are not parallel?
#
# **To carry away:** which report of your own firm would read the same if the campaign had done nothing?

# %% [markdown]
# Five more, which answer back. Choose with the mouse, or with Tab and the arrow keys.

# %%
from crmlab.classroom import quiz

quiz("14")

# %% [markdown]
# *Functions used:* `door_rates`, `door_chances`, `treatment_effect`, `sample_ratio`, `power_curve`, `trial_size`,
# `alarms_by_look`, `sequential_bounds`, `UpliftModel`, `uplift_curve`, `qini`, `uplift_profit`, `site_change`,
# `difference_in_differences`, `event_study`, `CampaignLoop`, `process_plan`, `staffing`,
# `crm_table`; further: `randomisation_test`, `effect_by_week`,
# `shrunken`, `synthetic_control`, `interrupted_series`, `basket_points`, `points_triangle`, `points_liability`,
# `maturity_audit`, `gap_7s`, `compare_phases`; their `plot_…`, two `explore_…`, and the `simulate_…`.
#
# *Sources:*
#
# * Selvin, S. (1975). A problem in probability (letter to the editor). The American Statistician 29(1), 67.
# * Deng, A., Xu, Y., Kohavi, R. and Walker, T. (2013). Improving the sensitivity of online controlled experiments
#   by utilizing pre-experiment data. doi:10.1145/2433396.2433413
# * Fabijan, A. and others (2019). Diagnosing sample ratio mismatch in online controlled experiments: a taxonomy and
#   rules of thumb for practitioners. doi:10.1145/3292500.3330722
# * Armitage, P., McPherson, C. K. and Rowe, B. C. (1969). Repeated significance tests on accumulating data. Journal
#   of the Royal Statistical Society A 132, 235-244. doi:10.2307/2343787
# * Pocock, S. J. (1977). Group sequential methods in the design and analysis of clinical trials. Biometrika 64,
#   191-199. doi:10.1093/biomet/64.2.191
# * O'Brien, P. C. and Fleming, T. R. (1979). A multiple testing procedure for clinical trials. Biometrics 35, 549-556.
#   doi:10.2307/2530245
# * Radcliffe, N. J. (2007). Using control groups to target on predicted lift: building and assessing uplift models.
#   Direct Marketing Analytics Journal 1(3), 14-21.
# * Card, D. and Krueger, A. B. (1994). Minimum wages and employment: a case study of the fast-food industry in New
#   Jersey and Pennsylvania. American Economic Review 84(4), 772-793.
# * Fisher, R. A. (1935). The Design of Experiments, chapter 2.
# * Abadie, A., Diamond, A. and Hainmueller, J. (2010). Synthetic control methods for comparative case studies:
#   estimating the effect of California's tobacco control program. Journal of the American Statistical Association
#   105, 493-505. doi:10.1198/jasa.2009.ap08746
# * Mack, T. (1993). Distribution-free calculation of the standard error of chain ladder reserve estimates. ASTIN
#   Bulletin 23, 213-225. doi:10.2143/AST.23.2.2005092
# * Gans, N., Koole, G. and Mandelbaum, A. (2003). Telephone call centers: tutorial, review, and research prospects.
#   Manufacturing & Service Operations Management 5(2), 79-141. doi:10.1287/msom.5.2.79.16071
# * Waterman, R. H., Peters, T. J. and Phillips, J. R. (1980). Structure is not organization. Business Horizons 23,
#   14-26. doi:10.1016/0007-6813(80)90027-0
# * Shell Canada's figures, the loop, the duties, helps and phases are this course's notes; the stations, customers
#   and departments are invented.
