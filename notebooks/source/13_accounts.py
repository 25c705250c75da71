# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["slide"]
# # 13 · What do we really know about our key account?
#
# A supplier of hotels and spas keeps a file on each of its key accounts (大客户): what they buy,
# whom they fear, what they plan. The files are full. How much of what stands in them is known?
#
# **Before you run anything, write down your guess:** type it in place of the three dots.
#
# 1. The salespeople have 120 hours for visits. A plan goes where most is left to win, instead of
#    to the biggest customers. How much more does it win? (0.1 is 10 % more.)
# 2. An old hand follows seven cues to find leads. How many of the seven are better than calling
#    accounts at random?
# 3. A bill takes days from the database until the money is in the bank. Which share of that time
#    does it wait in a line, at the insurer's own desks?

# %% [markdown] tags=["subslide"]
# You will be able to
#
# * plan visits in the hours there are, and test cues of experience against chance (12 minutes);
# * fill a SWOT that holds up: raters, and points that are clouds (7 minutes);
# * find competitors by what buyers do, and tell knowing a rival from guessing (6 minutes);
# * read what a printed table implies, and trace a plan to its gap (6 minutes);
# * find where days and money go in a value chain, and what a pipeline hides (12 minutes);
# * tell what is known in a full file from what only stands there (6 minutes).
#
# (Who has ten minutes more finds four further tools before the end: what weighs most, whom to believe of a
# rival, which advantage lasts, and when a loss is more than luck.)
#
# *Needs chapter 00. Data: worlds simulated with seed 13, whose truth stays sealed until it is asked for;
# Hehua, fictional. The insurer OK is a case of the course, whose decks are cut together: here OK insures,
# and we are the postal service that writes its file. Numbers that the course does not print are ours, and
# we say so.*

# %%
from crmlab.classroom import check, guess, reveal

guess("13.a", ...)

# %%
guess("13.b", ...)

# %%
guess("13.c", ...)

# %% tags=["hide-input"]
import matplotlib.pyplot as plt
import pandas as pd

# %% [markdown] minutes=7 tags=["slide"]
# ## Whom should we visit?
#
# 150 accounts, four salespeople. What an account could buy, its *potential* (潜力), nobody knows;
# the salespeople estimate it. A review of key accounts has five outputs: the structure of the
# customers, who is key, what is open, what they need, and whom to visit.
# %%
from crmlab.accounts import account_review, simulate_accounts

data, sealed_accounts = simulate_accounts(150, seed=13)
review = account_review(data.accounts, data.people, data.needs, data.opportunities, hours=120)
review.structure.round({"sales_cny": 0}).astype({"sales_cny": "int64"}).round(2)

# %% [markdown] tags=["subslide"]
# *Key* means two things: large today, or with much room. They are two lists. And an account is
# *critical* where we do not even know who decides.

# %%
key = review.key
print(f"{len(key)} key accounts; {(key['large'] & key['room']).sum()} are on both lists.")
print(f"We do not know the decider of {key['critical'].sum()} of them.")
key.head(6).round(0).astype({"sales_cny": "int64", "room_cny": "int64"})

# %% [markdown] tags=["fragment"]
# What do they need, and what is open? A need counts once it is on file. Each need on file is one open
# deal, which counts by value times chance. How many needs are not on file?

# %%
print(
    f"On file are {review.needs['accounts'].sum()} needs; there are {sealed_accounts['needs'].sum()}."
)
deals = review.opportunities
print(f"One deal for each: {len(deals)}, expected to bring {deals['expected_cny'].sum():,.0f} CNY.")
shown = ["account_id", "need", "value_cny", "chance", "expected_cny"]
deals.head(3)[shown].round({"value_cny": 0, "chance": 2, "expected_cny": 0})

# %% [markdown] tags=["subslide"]
# Now the visits. Each takes two hours and the way; the second visit wins less than the first. The
# usual rule goes down the list of sales. The plan is a knapsack (背包问题): which whole visits fit
# into 120 hours and win most of what is *left*?

# %%
from crmlab.accounts import visit_plan

usual = visit_plan(data.accounts, hours=120, rule="biggest")
for name, plan in {"biggest": usual, "plan": review.visits}.items():
    print(f"{name}: {plan['visits'].sum()} visits to {len(plan)} accounts")

# %% tags=["subslide"] alt="Map of accounts; the plan visits a score of them, large and small"
from crmlab.accounts import plot_visit_plan

_, ax = plt.subplots(figsize=(9, 4.5))
ax = plot_visit_plan(review.visits, data.accounts, ax=ax)

# %% [markdown] tags=["fragment"]
# The plan believes the estimates. Break the seal: what do both win by the *true* potential?

# %%
from crmlab.accounts import visit_gain

won = {
    name: visit_gain(plan, sealed_accounts)
    for name, plan in {"biggest": usual, "plan": review.visits}.items()
}
reveal("13.a", round(won["plan"] / won["biggest"] - 1, 2), form=".0%")

# %% [markdown] tags=["subslide"]
# One world is one world. Here are six, on average, and two sliders. **Before you drag:** how wrong
# may estimates be until "visit the biggest" is as good?

# %%
from crmlab.accounts import explore_visits

explore_visits()

# %% [markdown]
# On paper, with estimates that are right to a factor of three or so:

# %% tags=["subslide"] alt="Won by three plans; by poor estimates a plan wins less than visiting the biggest"
from crmlab.accounts import visits_picture

visits_picture(hours=80, estimate_spread=1.0)

# %% [markdown] tags=["fragment"]
# The estimates *chosen* are those that are too high: the winner's curse (赢家诅咒). In the first world:

# %%
estimated = data.accounts.set_index("account_id")["estimated_potential_cny"]
too_high = estimated / sealed_accounts.set_index("account_id")["potential_cny"]
print(f"Estimated at {too_high.median():.2f} of the truth: the median of all accounts;", end=" ")
print(f"{too_high[review.visits['account_id']].median():.2f}: of those in the plan.")

# %% [markdown] tags=["fragment"]
# A plan is as good as its estimates, and only sales are known for sure.

# %% [markdown] minutes=5 tags=["slide"]
# ## Is the old hand's nose better than a lottery?
#
# *Experience analysis* (经验分析法) follows seven cues: festivals, government activities, local
# resources, the firm's development, competitors' shortcomings, customers' opinions, business
# linkages. Everybody has a story in which a cue led to a deal.
#
# A quarter of these calls followed no cue: those accounts were drawn at random. Without them, no hit
# rate says anything.

# %%
from crmlab.accounts import cue_hit_rates, simulate_leads

leads, sealed_leads = simulate_leads(4_000, seed=13)
cues = cue_hit_rates(leads)
cues[["cue", "leads", "rate", "p", "better"]].round(3)

# %% [markdown]
# **Now you.** How many times as good as the lottery is each cue? `rates` has the hit rates, and
# `rates["at random"]` is that of the lottery. Divide.

# %% tags=["solution"]
rates = cues.set_index("cue")["rate"]
lift = rates / rates["at random"]  # you type this

check("13.d", lift["customers' opinions"], cues.set_index("cue")["lift"]["customers' opinions"])

# %% tags=["subslide"] alt="Hit rates of seven cues; three lie clear of the lottery's band"
from crmlab.accounts import plot_cue_hit_rates

_, ax = plt.subplots(figsize=(9, 4.2))
ax = plot_cue_hit_rates(cues, ax=ax)

# %%
reveal("13.b", int(cues["better"].sum()))
print("Planted:", ", ".join(sealed_leads.loc[sealed_leads["works"], "cue"]))

# %% [markdown] tags=["fragment"]
# The other four bring what calling anybody would bring. Seven tests at 5 % find a cue by luck in many
# a world where none works, so the chances in column `p` are corrected for seven (Holm, 1979).

# %%
print(f"Seven tests, no cue that works: {1 - 0.95**7:.0%} of worlds show one, uncorrected.")

# %% [markdown] minutes=7 tags=["slide"]
# ## A SWOT that cannot be filled wrongly
#
# OK is an insurer. Its file holds twelve items: three opportunities (机会), threats (威胁),
# strengths (优势) and weaknesses (劣势), each a fact with what it means.

# %%
from crmlab.accounts import SwotItem, ok_swot

items = ok_swot()
items.groupby("kind", sort=False).first()[["item", "evidence", "implication"]]

# %% [markdown] tags=["fragment"]
# Most SWOTs are spoilt in one way: "good staff" among the opportunities. Opportunities and threats
# are *outside*; they would be there without the firm. What is inside is S or W.

# %%
from crmlab.errors import OutOfRangeError

try:
    SwotItem("O4", "O", "internal", "highly educated staff", "new ideas", 0.8, 0.7)
except OutOfRangeError as refusal:
    print(refusal)

# %% [markdown] tags=["subslide"]
# Some items seem to contradict each other: OK is part of a large group, yet "small"; its procedures are
# efficient, yet costly and bureaucratic. They speak of different *levels*.

# %%
items.loc[items["level"] != "", ["item", "evidence", "level"]]

# %% [markdown] tags=["subslide"]
# ### Do two people fill it alike?
#
# Let two managers sort OK's twelve facts. (The managers are simulated: one sees nine facts of ten as
# they are, the other eight, and for the rest both draw lots.) All four kinds are as often, so chance alone lets
# them agree on a quarter; *kappa* (Cohen, 1960) is what they agree on beyond it.

# %%
from crmlab.accounts import simulate_raters, swot_agreement

facts = items.set_index("item")["kind"]
ratings, _ = simulate_raters(12, skills=(0.9, 0.8), kinds=facts.to_dict(), seed=13)
agreed = swot_agreement(ratings)
print(f"Same field: {agreed.agree:.0%}. Kappa {agreed.kappa:.2f}, {agreed.low:.2f} to", end=" ")
print(f"{agreed.high:.2f}")
agreed.disagreements

# %% [markdown] tags=["fragment"]
# Twelve items are few, and the interval is wide. The list is worth more than the number: it names
# what to talk about, and whether the quarrel is about *side* (inside or outside) or *sign* (good
# or bad).

# %% [markdown] tags=["subslide"]
# ### A point is a cloud
#
# The opportunity matrix lays probability against strength: high and strong, *seize at once*. But
# who knows a probability to the point? Give each score a standard deviation. (OK's items have no
# numbers in the course; these are ours.)

# %%
from crmlab.accounts import zone_chances

scores = {"probability": [0.8, 0.55, 0.3] * 4, "strength": [0.3, 0.6, 0.75] * 4}
scored = items.assign(**scores, probability_sd=0.12, strength_sd=0.15)
zones = zone_chances(scored, kind="O")
zones[zones["likeliest"]][["item", "zone", "chance"]].round(2)

# %% tags=["subslide"] alt="Three opportunities as clouds; that of O2 reaches into all four zones"
from crmlab.accounts import plot_zone_chances

_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_zone_chances(zones, ax=ax)

# %% [markdown] tags=["fragment"]
# O2 lies in "seize at once", and is there with a chance of no more than one half. The threat matrix
# (威胁矩阵) has the same shape and other words: the course shows its captions without places, and
# we put them where they make sense. **Before you drag:** how sure must a score of 60 % be, so that
# its zone is?

# %%
from crmlab.accounts import explore_matrix

explore_matrix()

# %% [markdown]
# On paper, OK's three threats with the same scores; no zone has the name it had before.

# %% tags=["subslide"] alt="Three threats as clouds among the four zones of the threat matrix"
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_zone_chances(zone_chances(scored, kind="T"), ax=ax)

# %% [markdown] minutes=6 tags=["slide"]
# ## Who is our competitor?
#
# The firm says: who sells to the same people. The user says: between whom I hesitate. These are
# two views, and two measurements. Take 2,000 customers who choose among six brands.
#
# First the wrong way: to which brand do those go who leave a brand?

# %%
from crmlab.accounts import simulate_rivals
from crmlab.loyalty import switching_matrix

choices, sealed_rivals = simulate_rivals(2_000, seed=13)
moves = switching_matrix(choices)
left = moves[moves["from_brand"] != moves["to_brand"]]
most = left.loc[left.groupby("from_brand")["steps"].idxmax()]
print(f"{(most['to_brand'] == 'Amber').sum()} of the 5 others lose most customers to Amber")
most[["from_brand", "to_brand", "share"]].round(2)

# %% [markdown]
# Raw switching names the biggest brand for most others, as it would in any market. Now take size
# off. By the *law of duplication* (重复购买律), two brands share buyers as their
# sizes say. The index is what they share over that.
#
# **Now you.** Coral has 900 of 2,000 buyers, Fern 700, and all pairs together share 0.8 of what
# chance alone would give (the D of the law). How many buyers should they share?

# %% tags=["solution"]
should_share = 0.8 * 900 * 700 / 2_000  # you type this

check("13.e", should_share, 252)

# %%
from crmlab.accounts import duplication_of_purchase

shared = duplication_of_purchase(choices)
shared[["brand", "rival", "both", "expected", "index", "low", "high"]].head(4).round(2)

# %% tags=["subslide"] alt="Map of six brands; Dune and Fern lie together, joined by a line"
from crmlab.accounts import plot_rival_map, rival_map

_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_rival_map(rival_map(shared), shared, ax=ax)

# %% [markdown] tags=["subslide"]
# And the firm's view, by whom they sell to?

# %%
from crmlab.accounts import target_overlap

profile = target_overlap(choices).set_index(["brand", "rival"])["overlap"]
index = shared.set_index(["brand", "rival"])["index"]
both_views = sealed_rivals[sealed_rivals["planted"] != "neither"].set_index(["brand", "rival"])
both_views.assign(same_people=profile, shared_buyers=index).round(2)

# %% [markdown] tags=["fragment"]
# Coral and Elm sell to the same people, and nobody hesitates between them. The firm's view alone
# would fight the wrong rival.
#
# ### How well do we know the rival?
#
# Five levels: list, describe, grasp the direction, read the intent, steer. Everybody claims four.
# So *test* it: at each level, say what will come, and look later. A level counts if what was said
# came true more often than guessing, and if every level below it does.

# %% tags=["subslide"] alt="Ladder of five levels; the third is no better than guessing"
from crmlab.accounts import knowledge_level, plot_knowledge_level, simulate_knowledge

statements, _ = simulate_knowledge(60, seed=11)
ladder = knowledge_level(statements)
_, ax = plt.subplots(figsize=(7, 3.8))
ax = plot_knowledge_level(ladder, ax=ax)

# %%
print(f"We stand on level {ladder['reached'].sum()}. Known without standing there:", end=" ")
print(*ladder.loc[ladder["known"] & ~ladder["reached"], "level"])

# %% [markdown] minutes=6 tags=["slide"]
# ## What does the printed table imply?
#
# OK's file prints indices beside those of its rivals X and Y. In the source the digits run
# together ("153540"); this split is the only one that makes sense.

# %%
from crmlab.accounts import ok_indices

indices = ok_indices()
indices.set_index("firm")

# %% [markdown] tags=["fragment"]
# "Growth of share 12 %": of the old share, or twelve points? The table does not say. **Now you:**
# if it is *relative*, which share did OK have the year before? It has 0.15 now.

# %% tags=["solution"]
before = 0.15 / 1.12  # you type this

check("13.f", before, 0.15 / 1.12)

# %% tags=["subslide"]
from crmlab.accounts import share_readings

readings = share_readings(indices)
readings[["reading", "firm", "share_before", "share_now", "growth", "margin_before"]].round(3)

# %% tags=["subslide"] alt="Growth against margin; read as points, OK's old margin is far above all"
from crmlab.accounts import plot_share_readings

_, ax = plt.subplots(figsize=(9, 4.5))
ax = plot_share_readings(readings, ax=ax)

# %%
old = readings.set_index(["reading", "firm"])["margin_before"]
print(f"OK's margin the year before: {old['relative', 'OK']:.1%} or {old['points', 'OK']:.1%}")

# %% [markdown] tags=["fragment"]
# With points, OK would have had 3 % and five times that now, and a margin that nobody in the market
# has, to earn 3 % less on five times the sales. (This takes the market's size as constant.) With
# the relative reading the margin fell a little, as a firm's does that buys its growth. And the
# *others* lost three tenths of what they had, as much as the three won.
#
# ### Does the plan answer the weaknesses?
#
# OK names four success factors and four actions. The lines between are our reading.

# %% tags=["subslide"] alt="Weaknesses, factors and actions; managers who cooperate lead nowhere"
from crmlab.accounts import ok_strategy, plot_strategy

_, ax = plt.subplots(figsize=(9, 4.5))
ax = plot_strategy(ok_strategy(), ax=ax)

# %%
from crmlab.accounts import strategy_trace

trace = strategy_trace(ok_strategy())
trace[["weakness", "factors", "unserved", "gap"]]

# %% [markdown] tags=["fragment"]
# Managers fight (W3), "managers who cooperate" is a success factor, and no action serves it.

# %% [markdown] minutes=6 tags=["slide"]
# ## Where does the time go?
#
# OK sends bills: database, bill, print room, mail room, post; the customer pays at a post office,
# the postal bank transfers. That is a *value chain* (价值链): a graph of steps. The deck names three:
# direct mail, billing, green card. (One of its lines may be read as a fourth, "customer management"; its
# own list of goals has three.) Hours, costs and losses are ours. What does a bill of 36,500 lose, at
# 10 % a year, in ten days?

# %%
from crmlab.accounts import interest_lost, ok_chains, simulate_flow, step_report

billing = ok_chains()["billing"]
print(f"Lost: {interest_lost(36_500, rate=0.10, days=10):.0f}")
flow, _ = simulate_flow(4_000, chain=billing, per_hour=8, seed=13)
steps = step_report(flow)
steps[["step", "wait_h", "work_h", "inside", "lost"]].round(3)

# %% tags=["subslide"] alt="Hours of each step; lines at the desks are minutes, payment takes days"
from crmlab.accounts import plot_steps

_, ax = plt.subplots(figsize=(9, 4.5))
ax = plot_steps(steps, ax=ax)

# %% [markdown] tags=["subslide"]
# The *bottleneck* (瓶颈) is the mail room: items wait there longest. Does theory agree? Queues
# called M/M/c have bills that come at random, work of random length, and c desks. Here is one desk, eight
# bills an hour, and seven minutes for each on average:

# %%
from crmlab.accounts import waiting_line

line = waiting_line(per_hour=8, hours=0.115)
print(f"Busy {line.busy:.0%}; wait {line.wait:.1f} h, {line.inside:.0f} inside, in the long run")
print(f"Little's law: {line.inside:.1f} inside = 8 an hour x {line.time:.2f} h")

# %% [markdown] tags=["fragment"]
# (Four thousand bills are few for such a busy desk; its line finds the long run slowly.) How does the
# wait grow with how busy the desk is?

# %%
for busy in (0.50, 0.80, 0.95):
    wait = 60 * waiting_line(per_hour=busy / 0.115, hours=0.115).wait
    print(f"busy {busy:.0%}: wait {wait:.0f} minutes")

# %%
from crmlab.accounts import explore_flow

explore_flow()

# %% [markdown] tags=["fragment"]
# A desk that is never idle is no sign of good order. On paper, work that is always the same:

# %% tags=["subslide"] alt="Wait by how busy; a point of even work lies well below the curve"
from crmlab.accounts import flow_picture

flow_picture(busy=0.9, servers=1, spread=0.0)

# %% [markdown] tags=["subslide"]
# Now mend one thing. Which brings more: a second clerk at the bottleneck, or no post office, since
# the customers let the bank collect? The same luck runs through all three chains.

# %%
from crmlab.accounts import lead_times

ways = {
    "today": billing,
    "second clerk": billing.changed("mail room", servers=2),
    "bank collects": billing.without("customer pays at post office"),
}
rows = {}
for name, chain in ways.items():
    times = lead_times(simulate_flow(4_000, chain=chain, per_hour=8, seed=13).data)
    paid = times[~times["lost"]]
    lost = interest_lost(36_500, rate=0.10, days=paid["lead_days"]).mean()
    rows[name] = {"days": paid["lead_days"].mean(), "interest": lost, "lost": times["lost"].mean()}
pd.DataFrame(rows).T.round({"days": 2, "interest": 0, "lost": 3})

# %%
today = lead_times(flow)
in_line = today["waited_days"].sum() / today["lead_days"].sum()
reveal("13.c", round(in_line, 3), form=".1%")

# %% [markdown] tags=["fragment"]
# The bottleneck of the *flow* costs an hour or so. The days are in steps where nobody waits in line
# at all. Ask first what you want: more bills through, or money sooner.

# %% [markdown] minutes=6 tags=["slide"]
# ## What will the pipeline bring?
#
# Four salespeople say for each deal how likely it is. Do their numbers hold? The *Brier score*
# is the mean square of what was said less what came; below a skill of 0 one would do better to say
# one's own win rate for every deal.

# %%
from crmlab.accounts import guess_quality, simulate_pipeline

past, _ = simulate_pipeline(2_000, seed=13)
guess_quality(past)[["owner", "deals", "said", "won", "brier", "skill", "slope"]].round(2)

# %% [markdown] tags=["fragment"]
# Lin hopes: she says far more than she wins, and her own win rate would do as well as her guesses. Wu
# says too little. Ma's slope is about one half: too sure either way, and since most deals are lost, what she
# says is too low on average. Chen says what is so.
#
# Forty deals are open, and the goal is a million. The *weighted pipeline* (加权管道) multiplies
# each amount by its stage's win rate and adds. It is a mean, and no deal is won by a part.

# %% tags=["subslide"] alt="What forty deals may bring: a broad hill around the weighted pipeline"
from crmlab.accounts import pipeline_forecast, plot_forecast, win_rates

now, _ = simulate_pipeline(40, seed=14)
forecast = pipeline_forecast(now, win_rates(past), goal=1e6, seed=13)
_, ax = plt.subplots(figsize=(8.5, 4))
ax = plot_forecast(forecast.outcomes, weighted=forecast.expected_cny, goal=1e6, ax=ax)

# %%
print(f"Weighted pipeline {forecast.expected_cny:,.0f}")
print(f"95% of what may come: {forecast.low_cny:,.0f} to {forecast.high_cny:,.0f}")
print(f"Chance of a million: {forecast.reaches:.0%}")
print(f"Without its largest deal: {forecast.without_largest_cny:,.0f}")

# %% [markdown] tags=["subslide"]
# And if the largest account leaves? Hehua, the cosmetics firm of this course, sells to twenty firms. If
# each leaves with a chance of 10 %, the mean loss of a year is 10 %, whoever is large. A bad year is
# another thing.

# %%
from crmlab.accounts import concentration_risk
from crmlab.company import load_company

firm, _ = load_company()
clients = firm.organisations
sales = clients.assign(
    account_id=clients["organisation_id"], sales_cny=clients["sales_results_cny"]
)
risk = concentration_risk(sales, leave=0.1, seed=13)
print(f"Its {len(clients)} clients are worth {risk.effective:.0f} equal ones;", end=" ")
print(f"No. {risk.top_account} has {risk.top_share:.0%} of the sales.")
print(f"One year in twenty loses {risk.bad_year_loss:.0%} or more;", end=" ")
print(f"with equal accounts {risk.bad_year_if_equal:.0%}.")

# %% [markdown] minutes=6 tags=["slide"]
# ## Open the file
#
# All this goes into one file (大客户档案) of five headings. Here is OK's, as the course has it. Some of its
# list of products are phone firms, which belong to another case; and the text breaks off after "a gap of
# culture", where our own relationship would begin. We invent nothing.

# %%
from crmlab.accounts import ok_account_file

file = ok_account_file()
print(f"{file.completeness:.0%} of the fields are filled.")
file.by_heading

# %%
file.missing[["label", "remedy"]].head(4)

# %% [markdown] tags=["subslide"]
# *Complete* is not *known*. Hehua's files on its clients are as full as files get:

# %%
kept = clients.set_index("organisation_id")
print(f"{len(kept)} files of {kept.shape[1]} columns, {kept.notna().mean().mean():.0%} filled.")
kept.loc[risk.top_account, ["name", "potential", "credit_grade", "payment_record"]].to_frame()

# %% [markdown]
# What was written down can be held against what happened: orders and when they were paid, and the
# clients' own statements. **Before you look:** do those graded AAA or AA pay late less often than those
# graded B or C, and by how many points? (0.1 is ten.)

# %%
guess("13.g", ...)

# %%
orders = firm.orders.dropna(subset="paid_on").merge(clients)
orders["late"] = (orders["paid_on"] - orders["ordered_on"]).dt.days > orders["terms_days"]
by_grade = orders.groupby("credit_grade")["late"].agg(orders="size", late="mean")
by_grade.loc[["AAA", "AA", "A", "B", "C"]].round(2)

# %%
good, poor = (orders["credit_grade"].isin(grades) for grades in (["AAA", "AA"], ["B", "C"]))
fewer = orders.loc[poor, "late"].mean() - orders.loc[good, "late"].mean()
reveal("13.g", round(fewer, 2), form=".2f")

# %% [markdown] tags=["subslide"]
# And three more columns of the same files:

# %%
of_2024 = firm.orders[firm.orders["ordered_on"] >= "2024-01-01"]
bought = of_2024.groupby("organisation_id")["amount_cny"].sum()
stated = firm.statements.query("year == 2024").set_index("organisation_id")["sales_cny"]
ours = (kept["sales_results_cny"] / bought - 1).abs() < 0.01
theirs = (kept["annual_sales_cny"] / stated - 1).abs() < 0.10
print(f"What they bought of us, within 1%: {ours.sum()} of {len(kept)} hold.")
print(f"What they sell in a year, within 10%: {theirs.sum()} of {len(kept)} hold.")
orders.groupby("payment_record")["late"].mean().round(2).to_frame("paid late")

# %% [markdown] tags=["fragment"]
# What was *counted* holds: our own sales, how they pay. What was once *written down* has aged, or never
# meant what it says: their sales of a year, their grade. And of most columns, such as what the decider
# is interested in, nobody can say, for nothing that happens depends on them. A full file of guesses
# scores 100 % as well.
#
# Your own file comes from YAML or Excel, `AccountFile.read("acme.yaml")`, and goes out as a page;
# `AccountFile.template()` begins one.

# %% [markdown] minutes=0 tags=["slide"]
# ## If there is time: four more tools (ten minutes)
#
# Nothing that follows needs them: leave them out without a loss.
#
# ### What weighs most?
#
# Ask for weights in pairs (层次分析法, AHP): how many times as important is this factor as that
# one? Answers may contradict each other; the *consistency ratio* (一致性比率) says how much, and a
# ratio above 0.1 asks for a second talk.

# %%
from crmlab.accounts import ahp_weights, simulate_comparisons

calm, sealed_weights = simulate_comparisons(1, spread=0.2, seed=13)
wild, _ = simulate_comparisons(1, spread=2.0, seed=13)
for name, pairs in {"calm": calm, "wild": wild}.items():
    found = ahp_weights(pairs)
    print(f"{name} judge: ratio {found.consistency_ratio:.2f}; {found.worst}")

# %%
sealed_weights.merge(ahp_weights(calm).weights, on="item", suffixes=("_planted", "_found")).round(2)

# %% [markdown] tags=["subslide"]
# And a list sorted by probability times strength? How sure is its *top*?

# %%
from crmlab.accounts import top_chances

threats = scored[scored["kind"] == "T"]
top_chances(threats, seed=13)[["item", "score", "low", "high", "top"]].round(2)

# %% [markdown] tags=["fragment"]
# TOWS pairs what is inside with what is outside: an item to do something *with*, and one to do it
# *about*. Here W2 counts twice.

# %%
from crmlab.accounts import tows

pairs_of = tows(scored, weights={"W2": 2.0})
pairs_of.groupby("cell", sort=False).first()[["inside", "outside", "strategy", "weight"]].round(2)

# %% [markdown] tags=["subslide"]
# ### Whom to believe of a rival?
#
# Four kinds of sources tell of a rival: its staff, those who deal with it, media, one's own eyes. The same
# statements say whom to believe; a `reliability` of 0 is guessing, of 1 always right. (What a source may
# not tell, such as a firm's secrets, does not become right by being useful.)

# %%
from crmlab.accounts import source_reliability

sources = source_reliability(statements).sort_values("reliability", ascending=False)
sources[["source", "statements", "rate", "low", "high", "reliability"]].round(2)

# %% [markdown] tags=["subslide"]
# ### Where are we better, and does it last?
#
# Better, equal, worse (强/平/弱): ask customers who know both, and call equal what nobody would
# notice, here a fifth of a point. `sure` says that the whole interval lies in that column.

# %%
from crmlab.accounts import compare_factors, simulate_ratings

rated, _ = simulate_ratings(80, seed=13)
compared = compare_factors(rated, tolerance=0.2)
compared[["factor", "difference", "low", "high", "standing", "sure"]].round(2)

# %% [markdown] tags=["subslide"]
# An advantage (竞争优势) is what is not copied within two to three years. That is a time, and times
# are measured, with those still open counted (chapter 09): how long did past advantages last?

# %% tags=["subslide"] alt="Four factors in four cells, by the share not copied after two and three years"
from crmlab.accounts import persistence, plot_persistence, simulate_copies

copies, _ = simulate_copies(60, seed=13)
lasting = persistence(compared, copies)
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_persistence(lasting, ax=ax)

# %%
lasting[["factor", "open_early", "open_late", "cell", "on_border"]].round(2)

# %% [markdown]
# `on_border` says that the half falls between two and three years: there the cell is not sure.

# %% [markdown] tags=["subslide"]
# ### When is a loss more than luck?
#
# The third chain of OK is the green card. Its goal: no lost card. When is a bad month more than luck?

# %% tags=["subslide"] alt="Share of cards lost by month; several of the last lie above the limits"
from crmlab.accounts import control_chart, plot_control_chart, simulate_losses

losses, sealed_losses = simulate_losses(36, from_period=28, worse=2.5, seed=13)
chart = control_chart(losses, first=24)
_, ax = plt.subplots(figsize=(9, 4))
ax = plot_control_chart(chart, ax=ax)

# %%
worse_from = sealed_losses.loc[sealed_losses["rate"] > 0.003, "period"].min()
print(f"First alarm in month {chart.loc[chart['out'], 'period'].min()}; planted: {worse_from}.")

# %% [markdown]
# ## Your turn
#
# `exercises/13_accounts.ipynb`, eight questions on accounts of your own (45 minutes). Or here and
# now: give `simulate_accounts` an `estimate_spread` of 2. Which rule wins, and why?

# %% [markdown] tags=["slide"]
# ## What you saw
#
# * Visits go where most is left, as far as we can estimate; the largest estimate is often wrong.
# * A cue, a level, a guess is knowledge when it beats chance, and chance has to be measured.
# * Size explains most switching. Rivals are what is left when size is taken off.
# * The bottleneck of a flow and the longest step are two things. So are a mean and what will come.
# * A full file is not a known one: what was counted holds, what was once written down ages.
#
# **Recall, without scrolling up:**
#
# 1. Why does a test of cues need calls at random?
# 2. What makes a fact external?
# 3. Why does raw switching name the biggest brand so often?
# 4. What does the weighted pipeline hide?
#
# **To carry away:** which line in the file of your own key account has ever been checked?

# %% [markdown]
# Five more, which answer back. Choose with the mouse, or with Tab and the arrow keys.

# %%
from crmlab.classroom import quiz

quiz("13")

# %% [markdown]
# *Functions used:* `account_review`, `visit_plan`, `visit_gain`, `cue_hit_rates`, `ok_swot`,
# `swot_agreement`, `ahp_weights`, `zone_chances`, `top_chances`, `tows`,
# `duplication_of_purchase`, `rival_map`, `target_overlap`, `knowledge_level`, `source_reliability`,
# `compare_factors`, `persistence`,
# `share_readings`, `strategy_trace`, `step_report`, `waiting_line`, `lead_times`, `interest_lost`,
# `control_chart`, `guess_quality`, `pipeline_forecast`, `concentration_risk`, `ok_account_file`,
# their `plot_…`, three `explore_…`, and the `simulate_…` that plant their truths.
#
# *Sources:*
#
# * Webster, F. E. and Wind, Y. (1972). A general model for understanding organizational buying
#   behavior. Journal of Marketing 36(2), 12-19. doi:10.1177/002224297203600204
# * Saaty, T. L. (1977). A scaling method for priorities in hierarchical structures. Journal of
#   Mathematical Psychology 15, 234-281. doi:10.1016/0022-2496(77)90033-5
# * Ehrenberg, A., Uncles, M. and Goodhardt, G. (2004). Understanding brand performance measures:
#   using Dirichlet benchmarks. Journal of Business Research 57, 1307-1325.
#   doi:10.1016/j.jbusres.2002.11.001
# * Little, J. D. C. (1961). A proof for the queuing formula L = λW. Operations Research 9, 383-387.
#   doi:10.1287/opre.9.3.383
# * Weihrich, H. (1982). The TOWS matrix. Long Range Planning 15(2), 54-66.
#   doi:10.1016/0024-6301(82)90120-0
# * The case OK, the seven cues, the matrices and the five headings are this course's.
