# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["slide"]
# # 10 · How long will they stay, and what will they bring?
#
# A firm that sells contracts sees each customer leave. A shop does not: customers stop coming, and
# nobody says goodbye. In both cases most customers have not left *yet*, and those are the ones
# whose future we want to know.
#
# **Before you run anything, write down your guess:**
#
# 1. A fifth of all customers leaves each year. What share of today's customers is still there after
#    five years?
# 2. One customer used to buy every two weeks, another every eleven. Both were last seen 17 weeks
#    ago. Which one is more likely still a customer? Type `"often"` or `"rarely"`.

# %% [markdown] tags=["subslide"]
# You will be able to
#
# * say what "5% less churn" means, and when it gives 25 to 85% more profit (8 minutes);
# * project a cohort of contracts, and say why its retention rises (7 minutes);
# * draw a survival curve when most have not left, and avoid three traps (12 minutes);
# * tell from a purchase file who is still a customer, and what all will bring (15 minutes);
# * judge an alarm by precision and lead time, and save those who can be saved (9 minutes).
#
# *Needs chapter 06. Data: CDNOW (real, 1997), Hehua (fictional, seed 2024), and four simulated
# worlds whose truth is opened on the way.*

# %%
from crmlab.classroom import check, guess, reveal

guess("10.a", ...)

# %%
guess("10.b", ...)

# %% [markdown] minutes=8 tags=["slide"]
# ## What is a point of churn worth?
#
# "20% churn (流失率) a year: our base is renewed in five years." So says the field, and adds that
# at 15% each customer stays "nearly two years" longer.

# %%
from crmlab.lifetime import expected_life

expected_life([0.20, 0.15], after=5).round(3)

# %%
reveal("10.a", 0.8**5, form=".1%")

# %% [markdown] tags=["fragment"]
# Five years is the *mean life* (平均寿命), and the difference is 1.67 years. But half of them are
# gone after four years, and a third is still there after five: nothing is renewed by then. The mean
# hides a few who stay for decades.
#
# ### From 25 to 85 percent
#
# The most quoted line on retention (客户保留) goes back to Reichheld and Sasser (1990): lose 5%
# fewer customers, and profit rises by 25 to 85%. With margin m a year, retention r and discount d,
# a customer is worth m·r / (1 + d − r).
#
# **Now you.** Write that formula in place of the three dots; the check tries it on a customer of
# margin 100, retention 80% and a discount of 10%.


# %% tags=["solution"]
def worth(margin, retention, discount):
    return margin * retention / (1 + discount - retention)  # you type this


check("10.c", worth(100, 0.80, 0.10), 800 / 3)

# %% [markdown] tags=["subslide"]
# And the 5%? Five *points* take a churn of 20% to 15%. Five percent *of it* take it to 19%.

# %%
from crmlab.lifetime import retention_gain

gain = retention_gain(0.20, discount=0.10)
gain[["reading", "churn_after", "gain"]].round(3)

# %% [markdown] tags=["fragment"]
# The lower end of the claim, 27.5%, needs the reading in points. And the upper end? Start from a
# better firm, and take off what it costs to win a customer:

# %%
better = retention_gain(0.10).loc[0, "gain"]
less_winning = retention_gain(0.10, acquisition=2.35).loc[0, "gain"]
print(f"From 10% to 5%: {better:.1%} more; less 2.35 margins for winning: {less_winning:.0%} more")

# %% [markdown] tags=["subslide"]
# So both ends are true, of different firms. Move the discount and the cost of winning (in yearly
# margins). **Before you drag:** does a dear customer make retention worth more, or less?

# %%
from crmlab.lifetime import explore_retention

explore_retention()

# %% tags=["subslide"] alt="Points against percent of churn: one cost of winning, 1.5 margins"
import matplotlib.pyplot as plt
import pandas as pd

from crmlab.lifetime import plot_retention_gain

gains = pd.concat([retention_gain(churn / 100, acquisition=1.5) for churn in range(6, 51)])
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_retention_gain(gains, ax=ax)

# %%
at = gains["churn_before"].isin([0.06, 0.10, 0.20, 0.30]) & (gains["reading"] == "points")
gains.loc[at, ["churn_before", "value_before", "gain"]].round(2)

# %% [markdown] tags=["fragment"]
# More. What a customer costs is paid once and shrinks the profit that the gain is measured by; at
# high churn there is no profit at all, and the curve runs out of the picture. The claim is a fact
# about margin, discount and cost as much as about loyalty.

# %% [markdown] minutes=7 tags=["slide"]
# ## Why does a cohort's retention rise?
#
# Fader and Hardie (2007) print what was left of a *cohort* (同期群) of subscribers after each year.

# %%
percent = [100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1, 46.8, 44.5, 42.7, 40.9, 39.4]
cohort = pd.DataFrame({"period": range(13), "survival": [p / 100 for p in percent]})
cohort["retention"] = cohort["survival"] / cohort["survival"].shift()
cohort.loc[[1, 2, 4, 8, 12]].round(3)

# %% [markdown] tags=["fragment"]
# The yearly retention rises from 86 to 96%. Did the firm become better? Did the customers grow fond
# of it?
#
# **Before you run it:** here is a world of two kinds of customers, and *nobody* ever changes. Half
# leave with a chance of 30% a year, half with 5%. What does the retention of all do?

# %%
fickle, loyal = [0.5 * 0.70**year for year in range(6)], [0.5 * 0.95**year for year in range(6)]
both = pd.Series(fickle) + pd.Series(loyal)
print((both / both.shift()).dropna().round(3).tolist())

# %% [markdown] tags=["fragment"]
# It rises too. The fickle leave first, and those who are left are loyal: a *selection*, no change.
# The *shifted beta-geometric* model gives every customer an own, constant chance to leave, spread
# by a beta law with two parameters. Fit it to the first seven years, and let three regression lines
# of a spreadsheet compete.

# %% tags=["subslide"]
from crmlab.lifetime import ShiftedBetaGeometric, naive_projections

first = cohort.head(8).assign(customers=lambda seen: seen["survival"] * 1000)
sbg = ShiftedBetaGeometric().fit(first)
sbg.summary().round(3)

# %% [markdown]
# These are the numbers of the paper: alpha 0.668, beta 3.806. **Before you look:** which of the
# four curves comes nearest in the five years that no one has fitted?

# %% tags=["subslide"] alt="Dots of twelve years; one curve keeps to them, the naive ones leave"
from crmlab.lifetime import plot_projection

years = range(13)
fitted, naive = sbg.predict(years), naive_projections(first, periods=years)
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_projection(cohort, fitted, naive, ax=ax)

# %%
at_12 = naive[naive["period"] == 12].set_index("curve")["survival"]
at_12.loc["sBG"], at_12.loc["seen"] = fitted.loc[12, "survival"], cohort.loc[12, "survival"]
at_12.round(3)

# %% [markdown] tags=["fragment"]
# The line says 7% are left, the parabola brings customers back from the dead, and the model with a
# story is off by less than two points. A curve that only follows dots has no reason to be right
# where there are none.

# %% [markdown] minutes=12 tags=["slide"]
# ## Most have not left yet
#
# A simulated telecom firm keeps a record since 2022; some contracts are older. Customers leave for
# the price, for bad service, or because they move. We look on the last day of 2024.

# %%
from crmlab.lifetime import observed_durations, simulate_contracts

contracts, sealed = simulate_contracts(6_000, seed=10)
days = observed_durations(contracts, as_of="2024-12-31", seen_from="seen_from")
days[["customer_id", "started_on", "duration", "ended", "entry"]].head(3)

# %% [markdown] tags=["fragment"]
# How long does a contract last? **Trap one:** the mean of those that have ended. Long ones have not
# ended yet, so they are not in it. The others are *censored* (删失): we know that they lasted at
# least so long.
#
# *Kaplan and Meier* (1958) use what is known. On each day, of those still there, a share leaves;
# the shares that stay are multiplied.
#
# **Now you.** The function returns the share that stays of one day: one less `left` over `there`.
# The check tries a day on which one of four leaves.


# %% tags=["solution"]
def stay(there, left):
    return 1 - left / there  # you type this


check("10.d", stay(4, 1), 0.75)

# %% [markdown]
# Now the curve of four customers by hand: of 4 one leaves, then of 3 none (one is censored), then
# of 2 one.

# %%
print(f"Still there at the end: {stay(4, 1) * stay(3, 0) * stay(2, 1):.1%}")

# %% [markdown] tags=["subslide"]
# `kaplan_meier` does the same for many days at once, with intervals. **Trap two:** who was already
# there when the record began did not show us those who had left before. They count from their
# *entry* on (左截断).

# %%
from crmlab.lifetime import kaplan_meier, survival_quantiles

curve = kaplan_meier(days, entry="entry")
trapped = kaplan_meier(days)
ended = days.loc[days["ended"], "duration"]

# %%
medians = {
    "of the ended ones alone": ended.median(),
    "without late entry": survival_quantiles(trapped)["time"].item(),
    "with it": survival_quantiles(curve)["time"].item(),
    "the truth": sealed["months"].median() * 365.25 / 12,
}
pd.Series(medians).round(0)

# %% [markdown] tags=["fragment"]
# One trap says too short, the other too long; with censoring and late entry counted right the
# median is the truth's. The picture shows the 95% band, and below it how many are still at risk: on
# the right few customers carry the curve.

# %% tags=["subslide"] alt="Survival of contracts falls fast in the first year, slowly later"
from crmlab.lifetime import plot_survival

_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_survival(curve, ax=ax)

# %%
looks = pd.DataFrame({"time": [180.0, 365.0, 730.0, 1095.0]})
pd.merge_asof(looks, curve)[["time", "at_risk", "survival", "low", "high"]].round(3)

# %% [markdown] tags=["subslide"]
# The *Lexis diagram* shows the same customers between calendar and age: lines that begin above the
# ground were there before the record, lines that end at the right edge are censored.

# %%
print(
    f"In the record: {len(days):,}; ended: {days['ended'].sum():,}; there before: "
    f"{(days['entry'] > 0).sum():,}"
)

# %% alt="Lines climb by a day of age per day; dots mark contracts that ended"
from crmlab.lifetime import plot_lexis

_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_lexis(days, ax=ax)

# %% [markdown] tags=["subslide"]
# ### Why do they leave?
#
# A customer who moves away can no longer leave for the price. **Before you look:** the dotted
# curves treat the other reasons as censored. Will they be above or below the true shares?

# %% alt="Three reasons; each dotted curve lies above the one with a band"
from crmlab.lifetime import cumulative_incidence, plot_incidence

reasons = cumulative_incidence(days, entry="entry")
reasons = reasons[reasons["time"] <= 1095]
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_incidence(reasons, ax=ax)

# %%
last = reasons.groupby("reason").last()[["incidence", "low", "high", "one_reason_only"]]
truth = sealed[sealed["months"] <= 36].groupby("reason").size() / len(sealed)
last.assign(truth=truth).round(3)

# %%
claimed = last["one_reason_only"].sum() + pd.merge_asof(looks, curve)["survival"].iloc[-1]
print(f"Dotted curves and survivors together: {claimed:.0%} of the customers")

# %% [markdown] tags=["fragment"]
# Above, all three. Together with the survivors they claim more customers than there are. The curves
# with a band (*Aalen and Johansen*) hold the truth in it.
#
# ### Trap three: the gold card
#
# A firm finds that gold card holders stay far longer. Here is its world. **Before you run it:** by
# how much does the card lower the chance to leave?

# %% tags=["subslide"]
from crmlab.lifetime import CoxModel, simulate_gold_cards

members, _ = simulate_gold_cards(4_000, seed=10)
members["gold"] = members["gold_after"].notna()
columns = {"duration": "months", "ended": "left"}
CoxModel(["gold"], **columns).fit(members).summary().iloc[:, :4].round(2)

# %% [markdown] tags=["fragment"]
# *Cox's model* (1972) compares rates of leaving: those who ever got gold leave at about a third of
# the rate of the others. But one must *stay* to get the card. The months before it were safe by
# definition (*immortal time*), and they were counted for gold. `episodes` cuts each life where the
# card came.

# %%
from crmlab.lifetime import episodes

pieces = episodes(members, change="gold_after", **columns)
honest = CoxModel(["changed"], entry="entry", **columns).fit(pieces)
honest.summary().iloc[:, :4].round(2)

# %% [markdown] tags=["fragment"]
# The simulator's truth is a ratio of 1: the card does nothing at all. The interval holds it.

# %% [markdown] tags=["notes"]
# Ask who in the room has read "app users stay longer" or "members of the club buy more". Each time:
# when did the time begin to count, and could they have become users without staying?

# %% [markdown] minutes=15 tags=["slide"]
# ## No contract, no goodbye
#
# Back to shops. Hehua's purchases by quarter of the first one: which share of each cohort buys
# again, as it ages? White is not zero, but *not yet known*.

# %% tags=["subslide"] alt="Cohorts by quarter: retention falls to a third and then hardly"
from crmlab.data import load
from crmlab.lifetime import cohort_table, plot_cohorts

hehua = load("hehua_purchases")
cohorts = cohort_table(hehua, period="quarter")
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_cohorts(cohorts, ax=ax)

# %%
ages = cohorts[cohorts["complete"]].groupby("age")[["customers", "active", "revenue"]].sum()
(ages["active"] / ages["customers"]).round(2).to_frame("share_active").T

# %% [markdown] tags=["fragment"]
# Of those who could, a third still buys after five quarters. **Before you run it:** and the money? What
# does a customer of the cohort bring in a quarter then, gone or not, beside the first quarter?

# %% tags=["subslide"]
ages["per_customer"] = ages["revenue"] / ages["customers"]
ages["per_active"] = ages["revenue"] / ages["active"]
ages[["per_customer", "per_active"]].round(0).T

# %% [markdown] tags=["fragment"]
# Nearly as much! Each who is left brings more than twice the first quarter's money. Do customers who stay
# spend more, or do those stay who spent more from the start? Ask the oldest cohort: what had they
# spent in their first quarter?

# %%
quarter = hehua["date"].dt.to_period("Q")
cohort_of = quarter.groupby(hehua["customer_id"]).transform("min")
in_first = (cohort_of == "2023Q1") & (quarter == "2023Q1")
early = hehua[in_first].groupby("customer_id")["amount"].sum()
still = early.index.isin(hehua.loc[quarter == "2024Q4", "customer_id"])
print(f"First quarter: {early[still].mean():.0f} by those who still buy at the end of 2024,")
print(f"{early[~still].mean():.0f} by those who no longer do")

# %% [markdown] tags=["subslide"]
# Mostly the second: it is the *selection* of the last section once more, in money.
#
# Is a customer who skipped a quarter lost? A table cannot say. A *buy-till-you-die* model can: each
# customer buys at random at an own pace, until leaving unseen. Three numbers per customer are
# enough: how many *repeats*, the *age at the last* one, the *age* now.
#
# CDNOW, 1997: 2,357 customers, watched for 39 weeks. A free order is an order, so count the CDs.

# %% tags=["subslide"]
from crmlab.lifetime import BGNBD, buying_history

orders = load("cdnow_sample")
calm = orders[orders["date"] <= "1997-09-30"]
history = buying_history(calm, amount="cds")
model = BGNBD().fit(history)
model.summary().round(3)

# %% [markdown] tags=["fragment"]
# The published estimates of Fader, Hardie and Lee (2005) are 0.243, 4.414, 0.793 and 2.426. What
# does the model say of your two customers?

# %%
two = pd.DataFrame({"repeats": [11, 2], "age_at_last": [22.0, 22.0], "age": [39.0, 39.0]})
print(model.predict(two)["p_alive"].round(2).tolist())
reveal("10.b", "rarely")

# %% [markdown] tags=["fragment"]
# The same silence means nothing for a slow customer and much for a fast one. Click a customer
# together: each button is a repeat purchase in that week. **Before you click:** after which
# purchase does the chance fall, and when does it jump?

# %%
from crmlab.lifetime import alive_picture, explore_alive

explore_alive(model)

# %% tags=["subslide"] alt="Chance to be alive: dips at each purchase's risk, falls in silence"
alive_picture([3, 6, 9, 12, 15], model=model)

# %% [markdown] tags=["fragment"]
# A purchase proves that the customer was alive just before it; right after one they may leave. Then
# silence eats the chance, the faster the more often they used to come.
#
# Now every customer of 39 weeks at once. **Before you look:** go from left to right at week
# 20. Whose silence is worst?

# %% tags=["subslide"] alt="Chance to be alive: high at the top, lowest at the bottom right"
from crmlab.lifetime import frequency_recency, plot_frequency_recency

grid = frequency_recency(model, age=39, most=20)
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_frequency_recency(grid, ax=ax)

# %%
grid[grid["age_at_last"] == 20].iloc[[0, 1, 4, 9, 19]][["repeats", "p_alive"]].round(2)

# %% [markdown] tags=["fragment"]
# One repeat long ago may be a rare customer; twenty, and then nothing, are a lost one.
#
# ### Did the forecast come true?
#
# Forget nothing: 39 more weeks of CDNOW lie in the file, unseen by the model.

# %%
bought = orders[orders["date"] > "1997-09-30"].drop_duplicates(["customer_id", "date"])
forecast = history.join(model.predict(history, weeks=39)["expected_purchases"])
forecast["bought"] = forecast["customer_id"].map(bought["customer_id"].value_counts()).fillna(0)

# %% [markdown]
# **Now you.** By what share does the sum of `expected_purchases` miss the sum of `bought`? Below
# zero is too few.

# %% tags=["solution"]
missed = forecast["expected_purchases"].sum() / forecast["bought"].sum() - 1  # you type this
check("10.e", missed, -0.1215)

# %% tags=["subslide"] alt="Expected and actual purchases rise together by past repeats"
from crmlab.lifetime import holdout_table, plot_holdout

_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_holdout(holdout_table(forecast), ax=ax)

# %%
holdout_table(forecast)[["repeats", "customers", "expected", "bought"]].round(2)

# %% [markdown] tags=["fragment"]
# It ranks and grades the customers rightly, and the sum is 12% too low: CDNOW's customers revived
# in 1998, and no model that only lets them die can foresee that.

# %% [markdown] tags=["subslide"]
# ### One forecast, three stories
#
# Hehua's truth is known: who has left, and what all bought in the half-year after. Two relatives
# tell other stories: customers may leave after the *first* purchase too (MBG/NBD), or at *any time*
# (Pareto/NBD). **Before you run it:** the better the likelihood, the better the chance to be alive?

# %%
from crmlab.lifetime import MBGNBD, ParetoNBD

truth = load("hehua_truth")
past = buying_history(hehua)
stories = []
for kind in (BGNBD, MBGNBD, ParetoNBD):
    fit = kind().fit(past)
    seen = fit.predict(past, weeks=26)
    totals = [fit.log_likelihood_, seen["expected_purchases"].sum(), seen["p_alive"].mean()]
    stories.append([kind.__name__, *totals])

# %%
names = ["model", "log_likelihood", "expected_purchases", "share_alive"]
table = pd.DataFrame(stories, columns=names).round(2)
real = [truth["future_purchases"].sum(), truth["dropped_out_on"].isna().mean()]
table.loc[3] = ["the truth", float("nan"), *real]
table.round({"log_likelihood": 0, "expected_purchases": 0, "share_alive": 2})

# %% [markdown] tags=["fragment"]
# All three foresee the purchases within 3%. They disagree on who is "alive" by a quarter of the
# base, and the two with the better likelihood are the wrong ones: somebody who never buys again and
# somebody who has left look alike in any purchase file. Trust what can be checked: purchases. Read
# "alive" as *will buy*, and compare it within one model.

# %% tags=["subslide"] alt="Chances of the first model against the truth: the middle lies too low"
from crmlab.lifetime import calibration, plot_calibration

judged = BGNBD().fit(past).predict(past)
judged["alive"] = truth["dropped_out_on"].isna()
_, ax = plt.subplots(figsize=(6, 5))
ax = plot_calibration(calibration(judged), ax=ax)

# %%
calibration(judged)[["customers", "forecast", "share", "low", "high"]].round(2)

# %% [markdown] tags=["fragment"]
# It ranks them well and is a little too hopeful where it is unsure: Hehua has seasons and
# campaigns, of which the model knows nothing.

# %% [markdown] tags=["subslide"]
# ### What will they bring?
#
# Value (客户终身价值) is purchases times spend. The *gamma-gamma* model draws each customer's mean
# spend towards that of all, and takes spend and frequency to be unrelated; it refuses if they are
# not.

# %%
from crmlab.lifetime import GammaGamma, base_value, customer_value

paid = buying_history(calm)
pace, spend = BGNBD().fit(paid), GammaGamma().fit(paid)
print(f"Rank correlation of spend and frequency: {spend.correlation_:.2f}")
spend.summary().round(2)

# %%
value = customer_value(paid, model=pace, spend=spend, months=9, discount=0.10)
value.nlargest(3, "value").round(2)

# %% [markdown] tags=["fragment"]
# The sum for all customers is an estimate, so it needs an interval. Two kinds: for the
# *expectation* only the parameters are in doubt; for the *outcome* luck comes on top.

# %% tags=["subslide"]
terms = {"model": pace, "spend": spend, "months": 9, "discount": 0.0}
doubt = base_value(paid, **terms)
outcome = base_value(paid, of="outcome", seed=10, **terms)
refit = base_value(paid, method="refit", refits=60, seed=10, **terms)
intervals = pd.concat([doubt, refit, outcome], keys=["delta method", "refitting", "with luck"])
intervals.droplevel(1).query("quantity == 'value'").round(0).iloc[:, 1:5]

# %%
later = orders[orders["date"] > "1997-09-30"]
later = later[later["customer_id"].isin(paid["customer_id"])]
print(f"What they really spent in the next nine months: {later['amount'].sum():,.0f}")

# %% [markdown] tags=["fragment"]
# Look where the truth lies. An interval knows the doubts *inside* a model, and nothing of a year in
# which customers revive. Who says "95%" says "if the story holds".
#
# And what will they bring *for good*? The *discounted expected residual transactions* (DERT) are all
# purchases still to come, later ones counted less. **Before you run it:** how many times the nine
# months, at 10% a year?

# %% tags=["subslide"]
later_too = ParetoNBD().fit(paid)
rates = (0.05, 0.10, 0.20)
for_good = {
    type(story).__name__: [
        (story.residual_purchases(paid, discount=rate) * value["expected_ticket"]).sum()
        for rate in rates
    ]
    for story in (pace, later_too)
}
print(f"In nine months: {value['value'].sum():,.0f}")
pd.DataFrame(for_good, index=[f"{rate:.0%}" for rate in rates]).rename_axis("discount").round(-3)

# %% [markdown] tags=["fragment"]
# About five times, by one story; and it halves with the discount, and differs by a tenth between two
# stories that fit the same nine months. What lies far away was not seen by anybody.
#
# Last, the *whale* of chapter 07, this time of the future: who carries it?

# %% tags=["subslide"] alt="Whale curve of value: a steep start, then flat"
from crmlab.pyramid import plot_whale_curve, whale_curve

whale = whale_curve(value.set_index("customer_id")["value"])
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_whale_curve(whale, ax=ax)

# %%
top = value["value"].nlargest(len(value) // 10).sum() / value["value"].sum()
print(f"The best tenth holds {top:.0%} of the expected value.")

# %% [markdown] tags=["fragment"]
# Their names stand in `value`; whether they are told so is a question for chapter 09.

# %% [markdown] minutes=9 tags=["slide"]
# ## Early warning, and whom to save
#
# An alarm (预警) that comes when the customer is gone is a condolence. In this world customers
# *fade* before they leave: they come more and more rarely. The service team can call eight people a
# week. Three ways to choose them, from what was known on the day: the model's chance to be alive,
# silence over the *own mean gap* (the rule of thumb: twice it), and a classifier trained on earlier
# months.

# %%
from crmlab.lifetime import alarm_quality, raise_alarms, simulate_fading, warning_scores

visits, hidden = simulate_fading(1_000, seed=10)
sundays = [str(day.date()) for day in pd.date_range("2024-01-07", "2024-06-30", freq="7D")]

# %% [markdown]
# **Before you run it:** which of the three is right most often? Which comes earliest?

# %% tags=["subslide"]
found = {}
for method in ("p_alive", "own_gap", "classifier"):
    alarms = raise_alarms(warning_scores(visits, days=sundays, method=method), budget=8)
    found[method] = alarm_quality(alarms, hidden)
race = pd.concat(found).droplevel(1)
race[["alarms", "precision", "low", "high", "in_time", "mean_lead_gaps"]].round(2)

# %% [markdown] tags=["fragment"]
# *Precision*: the share called who had begun to fade, or had left. *In time*: the share called
# before they left. The *lead* is counted in the customer's own gaps. All three leads are above
# zero. In twenty such worlds the model is right most often, and here it beats the rule of thumb at
# everything; the classifier has learned what fading looks like, and comes earlier. Which is better
# depends on what a call costs and what it can still change.
#
# ### How quickly must one answer?
#
# An alarm in a drawer saves nobody. The field names "response speed" (反应速度), and no number.
# Here calls went out 0 to 28 days after the alarm, at random, and one customer in six got none.
# **Before you look:** how much of what a call can save is left after a week?

# %% tags=["subslide"] alt="Customers saved by a call: a third at once, nearly none after 28 days"
from crmlab.lifetime import plot_response_speed, response_speed, simulate_delayed_calls

calls, sealed_calls = simulate_delayed_calls(6_000, seed=10)
speed = response_speed(calls)
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_response_speed(speed, truth=sealed_calls, ax=ax)

# %%
speed.assign(truth=sealed_calls["saved"])[["delay_days", "saved", "low", "high", "truth"]].round(2)

# %% [markdown] tags=["fragment"]
# Half of it; the seal holds a half-life of seven days. A list that is printed once a month comes
# too late for most of the names on it. And without the sixth who got no call nothing of this could
# be known.
#
# ### The ones most at risk are not the ones to save
#
# A save offer went to half of all customers at random. Sort them by their risk of leaving.

# %% tags=["subslide"]
from crmlab.lifetime import simulate_saving

tried, sealed_gain = simulate_saving(40_000, seed=10)
tried["risk_group"] = pd.qcut(tried["risk"], 10, labels=range(1, 11))
rates = tried.pivot_table(
    index="risk_group", columns="offered", values="left", aggfunc="mean", observed=True
)
rates["saved_per_100"] = 100 * (rates[False] - rates[True])

# %%
rates["truth"] = 100 * sealed_gain["gain"].groupby(tried["risk_group"], observed=True).mean()
rates.round(2)

# %% [markdown] tags=["fragment"]
# The tenth with the highest risk gains *less than nothing*: the offer reminds them to go. The most
# is saved in the middle. With money for three tenths of the customers:

# %%
measured = rates["saved_per_100"].nlargest(3).index
by_risk, by_gain = rates["truth"].tail(3).sum(), rates.loc[measured, "truth"].sum()
print(f"Truly saved per 300 offers: by risk {by_risk:.0f}, by measured gain {by_gain:.0f}")

# %% [markdown] tags=["subslide"]
# ### Winning or keeping?
#
# A last lever, over everything: how much of the budget goes into keeping? The rule "winning costs
# five times keeping" (1:5) sets the sliders at the start. **Before you drag:** if it is true,
# should all the money go into keeping?

# %%
from crmlab.lifetime import budget_picture, explore_budget

explore_budget()

# %% alt="Profit by share for keeping: a hill with its top between none and all"
budget_picture(share_keeping=1.0)

# %% tags=["fragment"]
from crmlab.lifetime import budget_split

best = budget_split().query("is_best")
best[["share_keeping", "churn", "won"]].round(2)

# %% [markdown] tags=["fragment"]
# No: each further point of churn is dearer than the last, and so is each further new customer. The
# best split lies where the two last coins bring the same.

# %% [markdown]
# ## Your turn
#
# Exercise 10 has a firm of your own, a colleague's survival curve with a mistake, and shoes that
# wear out: `exercises/10_lifetime.ipynb`.

# %% [markdown] tags=["slide"]
# ## What you saw
#
# * 20% churn is a mean life of five years with a third still there after them; "5% less churn"
#   gives 25 to 85% in points, at the right margin, discount and cost of winning.
# * A cohort's retention rises though nobody changes; a curve with a story projects, a curve without
#   one does not. Censoring, late entry and immortal time each turn a fact around.
# * Purchases can be forecast and checked; "alive" cannot be seen. An alarm has a precision and a
#   lead, and the customers most at risk may be the last to save.
#
# **Recall, without scrolling up:**
#
# 1. Why does the retention of a cohort rise though no customer changes?
# 2. Why is the mean life of those who have left no mean life of customers?
# 3. What is immortal time, and what does cutting a duration in two do about it?
# 4. Which can be checked against the future: "will buy twice" or "is alive"?
#
# **To carry away:** which number in your firm's last report counted only customers who had already
# left, or only those who had stayed?

# %% [markdown]
# Five more, which answer back. Choose with the mouse, or with Tab and the arrow keys.

# %%
from crmlab.classroom import quiz

quiz("10")

# %% [markdown]
# **Functions:** `expected_life`, `retention_gain`, `ShiftedBetaGeometric`, `kaplan_meier`,
# `cumulative_incidence`, `episodes`, `CoxModel`, `cohort_table`, `buying_history`, `BGNBD`,
# `ParetoNBD` and their `residual_purchases`, `GammaGamma`, `customer_value`, `base_value`, `warning_scores`, `alarm_quality`,
# `response_speed`.
#
# **Sources:** Reichheld and Sasser (1990), Harvard Business Review 68(5), 105-111. Gupta, Lehmann
# and Stuart (2004), doi:10.1509/jmkr.41.1.7.25084. Fader and Hardie (2007), doi:10.1002/dir.20074.
# Kaplan and Meier (1958), doi:10.1080/01621459.1958.10501452. Aalen and Johansen (1978),
# Scandinavian Journal of Statistics 5(3). Cox (1972), doi:10.1111/j.2517-6161.1972.tb00899.x.
# Suissa (2008), doi:10.1093/aje/kwm324. Fader, Hardie and Lee (2005), doi:10.1287/mksc.1040.0098
# and doi:10.1509/jmkr.2005.42.4.415. Batislam, Denizel and Filiztekin (2007),
# doi:10.1016/j.ijresmar.2006.12.005. Schmittlein, Morrison and Colombo (1987),
# doi:10.1287/mnsc.33.1.1. Ascarza (2018), doi:10.1509/jmr.16.0163.
