# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["slide"]
# # 02 · Where does customer data come from, and can we believe it?
#
# Hehua (荷华) wants to know whether its members are satisfied. The web shop offers 20,000 answers to
# an online form, for next to nothing. The field department offers 200 interviews at the door, and
# they are dear. The manager thinks that 20,000 must be better than 200.
#
# **Before you run anything, write down your guess:** type it in place of the three dots.
#
# 1. How many *good* random answers are those 20,000 online answers worth?
# 2. Fourteen channels bring customers, and one has converted 20% of its leads. What will it convert
#    in the long run? (0.2 is 20%.)
# 3. Two interviewers in a hundred cheat. A test catches 95% of them, and accuses 5% of the honest.
#    Which share of the accused is innocent?

# %% [markdown] tags=["subslide"]
# You will be able to
#
# * score files by four features, and tell which facts have gone stale (7 minutes);
# * rank channels without falling for luck, and weigh sources that contradict each other (9 minutes);
# * compare ways of asking by bias *and* variance for the same money, and find what bends the
#   answers (16 minutes);
# * weight answers, say what weighting cannot mend, and ask what people lie about (10 minutes);
# * look for made-up and careless answers without accusing the innocent (9 minutes).
#
# *Needs chapter 00. Data: worlds made as we go, so that the truth is known; the firm is fictional.*

# %%
from crmlab.classroom import check, guess, reveal

guess("02.a", ...)

# %%
guess("02.b", ...)

# %%
guess("02.c", ...)

# %% tags=["hide-input"]
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

# %% [markdown] minutes=7 tags=["slide"]
# ## Four files, one customer
#
# What a firm knows about a customer stands in the till, the web shop, the service desk and a survey.
# The course names four features of such information: it ages (时间性, *timeliness*), it is scattered
# (分散性, *dispersion*), much of it is second-hand (间接性, *indirectness*), and joined it makes
# something new (再创性, *re-creation*). Each can be a score from 0 to 1.
# %%
from crmlab.collection import information_scores, simulate_scattered

facts, sealed_facts, sealed_customers = simulate_scattered(2_000, seed=17)
scores = information_scores(facts, makes={"share_of_wallet": ["spend", "budget"]})
facts.head(3)[["customer_id", "file", "field", "value", "recorded_on"]]

# %% tags=["subslide"] alt="Four files by four features: the till is large, old and second-hand"
from crmlab.collection import plot_information_scores

_, ax = plt.subplots(figsize=(8, 4))
ax = plot_information_scores(scores, ax=ax)

# %% [markdown] tags=["fragment"]
# The till knows most and is oldest. The survey is fresh, first-hand, and small. No file knows as much
# as all together.
#
# How can we know how quickly facts age? Nobody wrote it down. But many customers stand in two files,
# some years apart. The longer apart, the more often the two disagree: that is the rate of change.

# %% tags=["subslide"]
from crmlab.collection import change_rates

rates = change_rates(facts)
rates.round(2)

# %% [markdown]
# **Now you.** A fact that changes at `rate` a year still holds after `years` with probability
# exp(-rate × years). How sure are we of an employer that was written down three years ago?

# %% tags=["solution"]
rate = rates.set_index("field").loc["employer", "rate"]
still_true = np.exp(-rate * 3)  # you type this

check("02.d", still_true, float(np.exp(-3 * rates.set_index("field")["rate"]["employer"])))

# %% tags=["fragment"]
from crmlab.collection import freshness

found = freshness(facts)
stale = sealed_facts["stale"].to_numpy()
wrong = found["contradicted"].to_numpy()
old = (found["fresh"] < 0.5).to_numpy()
print(
    f"Contradicted by a newer record: {wrong.sum()}, of which {stale[wrong].mean():.0%} are stale"
)
print(f"Not contradicted, but old: {stale[old & ~wrong].mean():.0%} of them are stale")

# %% [markdown] tags=["subslide"]
# ### A fact that stands in no file
#
# The till knows what a customer spends here, the survey what they could spend. Together they give the
# *share of wallet* (客户占有率). Does it foresee anything?

# %%
from crmlab.collection import join_facts

joined = join_facts(facts, fields=["spend", "budget"])
joined["share_of_wallet"] = joined["spend"] / joined["budget"]
joined = joined.merge(sealed_customers[["customer_id", "buys_more"]], on="customer_id")
related = joined[["spend", "budget", "share_of_wallet"]].corrwith(joined["buys_more"].astype(float))
related.round(2).to_frame("correlation with buying more")

# %% [markdown] tags=["fragment"]
# Who already spends all of it here cannot buy more. Neither part says so nearly as
# well.

# %% [markdown] minutes=5 tags=["slide"]
# ## Which channel is best?
#
# The course lists fourteen ways to find customers, from direct purchase (直接购买) to electronic
# networks (电子网络). One quarter's leads are in. **Before you look:** how likely is it that the
# channel with the best rate is truly the best?

# %%
from crmlab.collection import channel_report, simulate_leads

leads, sealed_channels = simulate_leads(2_000, seed=1)
report = channel_report(leads)
raw = report.sort_values("conversion", ascending=False)
raw.head(4)[["method", "leads", "customers", "conversion", "low", "high", "lawful"]].round(2)

# %% [markdown] tags=["fragment"]
# The winner is a small channel. So is the loser, as a rule: small channels swing. The best of
# fourteen raw rates is mostly the luckiest. *Shrinkage* (收缩) takes all fourteen as draws from one
# law, and moves each towards the middle, the more the fewer leads it stands on.

# %% tags=["subslide"] alt="Raw rates scatter widely; shrunk rates and the truth lie close together"
from crmlab.collection import plot_channels

_, ax = plt.subplots(figsize=(8, 5))
ax = plot_channels(report, truth=sealed_channels, ax=ax)

# %%
first = raw.iloc[0]
true = sealed_channels.set_index("method")["conversion"]
print(f"{first['method']}: {first['conversion']:.0%} of {first['leads']} leads")
print(f"shrunk {first['shrunk']:.1%}, and truly the best with a chance of {first['best']:.0%}")
reveal("02.b", round(float(true[first["method"]]), 2), form=".0%")

# %% [markdown] tags=["fragment"]
# In 500 such worlds the order of the shrunk rates is nearer the truth than that of the raw ones (a
# test of this kit shows it). And `lawful` is the share of the leads that may be used at all: a list
# that was bought holds people who never agreed.

# %% [markdown] minutes=4 tags=["slide"]
# ## Whom do you believe?
#
# For key accounts (大客户) the firm has four channels: existing customers, street sweep (扫街),
# social forces, surveys. A person adds public material (年报、网站) and inside sources (engineers,
# suppliers). They contradict each other, and nobody says who is right.
#
# Who agrees with those who are mostly right, is mostly right. That is circular, and it works.

# %%
from crmlab.collection import SourceFusion, simulate_intel

reports, sealed_intel = simulate_intel(1_200, seed=20)
fused = SourceFusion().fit(reports)
fused.summary().round(2).iloc[[0, 1, 2, -2, -1]]

# %% [markdown] tags=["fragment"]
# **Before you look:** the best single source is wrong in about one report of seven. And all together?

# %%
told = reports.merge(sealed_intel, on=["account_id", "field"], suffixes=("", "_true"))
told["wrong"] = told["value"] != told["value_true"]
best = fused.predict().merge(sealed_intel, on=["account_id", "field"], suffixes=("", "_true"))
print(f"Best single source: {told.groupby('source')['wrong'].mean().min():.1%} wrong")
print(f"Fused: {(best['value'] != best['value_true']).mean():.1%} wrong")
print(f"The model itself expected {1 - best['confidence'].mean():.1%}")

# %% [markdown] tags=["subslide"]
# It needs sources that err on their own. If the advertisements copy the website, two voices are one.
# The mistakes give it away: two who err alone rarely make the *same* mistake.

# %%
copied, _ = simulate_intel(1_200, copied=0.9, seed=20)
suspects = SourceFusion().fit(copied).agreement()
suspects.head(2)[["source", "other", "same_error", "by_chance"]].round(2)

# %% [markdown] minutes=10 tags=["slide"]
# ## Eight ways to ask
#
# Focus group (焦点小组), telephone, mail, face to face, drop-off (留置), observation, online,
# experiment. (The slide's run of characters can be cut into eight or nine; we take eight.) Each has a
# price, reaches some people, is answered by some of these, and bends what they say. The numbers are
# assumptions, and you may change them.
#
# How far from the truth? Both count: *bias* (偏差), which stays however many you ask, and *variance*
# (方差), which falls. Their sum: rmse² = bias² + standard error².

# %%
from crmlab.collection import compare_methods

duel = compare_methods(answers={"online": 20_000, "face to face": 200})
duel[["method", "answers", "bias", "standard_error", "rmse", "worth_answers"]].round(2)

# %%
online = duel.set_index("method").loc["online"]
reveal("02.a", round(float(online["worth_answers"])))

# %% [markdown] tags=["fragment"]
# Twenty thousand answers of people who like to answer. Twenty million would be worth no more. (Meng
# 2018 calls it the big data paradox: the bigger the data, the surer we fool ourselves.)

# %% tags=["subslide"] alt="Methods by bias and standard error: online precise and biased"
from crmlab.collection import plot_methods

table = compare_methods(budget=20_000)
_, ax = plt.subplots(figsize=(8, 5))
ax = plot_methods(table, ax=ax)

# %% [markdown]
# In brackets stand the answers that 20,000 yuan buy; along a grey arc the error in all (rmse) is the
# same. The cross is the focus group: eight people who heard each other are not eight answers. It can
# say *why*, and never *how many*. Move the budget, and how much readier the satisfied are to answer
# online.

# %%
from crmlab.collection import explore_methods

explore_methods()

# %% [markdown]
# On paper, one setting: the satisfied are no readier to answer online than others. The online survey
# still errs by three points, since it does not reach everybody.

# %% tags=["subslide"] alt="Online lies at three points of bias, the focus group far off both axes"
from crmlab.collection import methods_picture

methods_picture(budget=20_000, by_score=0.0)

# %% [markdown] tags=["subslide"]
# ### A plan, before anybody is asked
#
# A survey takes six steps (市场调查程序). On the course's slide they had slipped out of order, and the
# report stood before the design. **Before you look:** of the 720 orders of six steps, how many
# could a survey take? Take them as the slide had them.

# %%
from itertools import permutations

from crmlab.collection import SURVEY_STEPS, SurveyProcess
from crmlab.errors import CrmlabError

try:
    SurveyProcess().take("background").take("report")
except CrmlabError as refusal:
    print(refusal)


# %%
def goes(order):
    survey = SurveyProcess()
    try:
        return all(survey.take(step) for step in order)
    except CrmlabError:
        return False


print(f"{sum(goes(order) for order in permutations(SURVEY_STEPS))} of 720 orders:", *SURVEY_STEPS)

# %% [markdown] tags=["fragment"]
# Each step needs what the one before it made, so one order alone is left. And a plan (调研计划书) has
# eight elements. This one lacks some:

# %%
from crmlab.collection import SurveyPlan

try:
    SurveyPlan(purpose="Are members satisfied?", content="ten statements", method="face to face",
               respondents=200, budget=10_000)  # fmt: skip
except CrmlabError as refusal:
    print(refusal)

# %% tags=["subslide"] alt="Six steps of a survey by week, one after the other"
from crmlab.collection import plot_timeline, sample_size

weeks = {"background": (1, 1), "overall design": (2, 1), "instruments": (3, 2),
         "fieldwork": (5, 3), "data processing": (8, 1), "report": (9, 1)}  # fmt: skip
plan = SurveyPlan(purpose="Are members satisfied?", content="ten statements", budget=25_000,
                  method="face to face", respondents=200, quality_control="call back one in ten",
                  schedule=weeks, staffing=8, remarks="none")  # fmt: skip
_, ax = plt.subplots(figsize=(8, 3))
ax = plot_timeline(plan.timeline(), ax=ax)

# %%
needed = sample_size(0.05, response=0.54)
print(f"For plus or minus 5 percentage points: {needed.answers} answers,")
print(f"so {needed.invitations} invitations, if 54% of the invited answer")

# %% [markdown] minutes=6 tags=["slide"]
# ## Twelve things that make answers wrong
#
# Interviewers (访问者) cheat, lead, misunderstand, are careless, tire, and please or annoy by who they
# are; respondents (受访者) lie, stay silent, misunderstand, guess, are distracted, tire. Each has a
# remedy. We know every true answer here, so we can watch each problem at work. **Before you look:**
# is the estimate too high or too low, with all twelve at once?

# %% tags=["subslide"] alt="Waterfall from the truth to the estimate, a bar for each problem"
from crmlab.collection import SURVEY_PROBLEMS, bias_audit, plot_bias_audit, simulate_survey

survey, sealed_survey = simulate_survey(
    4_000, method="face to face", problems=SURVEY_PROBLEMS, seed=2
)
audit = bias_audit(survey, sealed_survey)
_, ax = plt.subplots(figsize=(8, 5))
ax = plot_bias_audit(audit, ax=ax)

# %%
ends = audit.set_index("step")["total"]
size = audit["effect"].abs().sum()
print(f"{ends['truth']:.1f} points are true, {ends['estimate']:.1f} are found.")
print(f"Effects of {size:.0f} points in all: most of them cancel, by luck.")

# %% [markdown] tags=["subslide"]
# (The pairing of problems and remedies is the course's; other books pair the option "not sure" with
# guessing, and turned scale ends with attention. Both are tried with `Problem`.)
#
# Remedies cost money, and money is answers. Some cost noise as well: anonymity forbids to ask again.
# With 12,000 yuan, which do you buy? The kit tries every choice of the twelve.

# %%
from crmlab.collection import remedy_plans

plans = remedy_plans(SURVEY_PROBLEMS, method="face to face", budget=12_000)
chosen = pd.concat([plans.head(1), plans[plans["remedied"] == "none"]])
print(f"Of {len(plans):,} choices that leave money for answers, buy:", chosen["remedied"].iloc[0])
columns = ["answers", "standard_error", "rmse_unsigned"]
chosen.set_index("remedies")[columns].round({"answers": 0}).round(2)

# %% [markdown] tags=["fragment"]
# Not all of them: one more remedy would leave money for so few answers that the estimate gets worse.
# (`rmse_unsigned` does not count on errors that cancel: we know how large they may be, and seldom in
# which direction.)
#
# Interviewers leave a mark even when they are honest: answers of one interviewer are a little alike.
# *rho* says how much. **Before you look:** if rho is one in a hundred, can we forget it?

# %%
from crmlab.collection import interviewer_effect

marked = survey.dropna(subset=["answer"])
effect = interviewer_effect(marked)
answers, worth = effect.mean.answers, effect.mean.effective_answers
print(f"rho {effect.rho:.3f} ({effect.low:.3f} to {effect.high:.3f})")
print(f"{answers:,} answers are worth {worth:,.0f}: {1 - worth / answers:.0%} are lost.")

# %% [markdown] tags=["fragment"]
# So small a rho can hardly be told from 0. It costs that much all the same, since each interviewer
# asks so many.

# %% [markdown] minutes=7 tags=["slide"]
# ## Weighting: what it mends, and what it cannot
#
# In the next survey the old answer more often than the young, and the old are more satisfied. So the
# mean is too high. We know the ages of all members. Let each answer of a group count more, the fewer
# of the group answered.
#
# **Now you.** 30% of the members are young, and 20% of the answers. What weight does a young answer
# get?

# %% tags=["solution"]
weight_of_young = 0.3 / 0.2  # you type this

check("02.e", weight_of_young, 1.5)

# %% tags=["subslide"]
from dataclasses import replace

from crmlab.collection import POPULATION_MARGINS, SURVEY_METHODS, Raking

plain = replace(SURVEY_METHODS["drop-off"], mode=0.0, rho=0.0, by_score=0.0, by_age=0.6)
survey, sealed = simulate_survey(3_000, method=plain, seed=5)
answers = survey.dropna(subset=["answer"])
raked = Raking(POPULATION_MARGINS).fit(answers)
raked.summary().head(3)[["group", "answers", "before", "after", "mean_weight"]].round(2)

# %%
mended = raked.mean(answers["answer"])
print(f"Truth {sealed['score'].mean():.1f}, as answered {answers['answer'].mean():.1f}")
print(f"Weighted {mended.value:.1f} ({mended.low:.1f} to {mended.high:.1f})")
print(f"{len(answers)} answers of unlike weight: {raked.effective_answers:.0f} alike ones")

# %% [markdown] tags=["fragment"]
# *Raking* (耙平加权) does it for several margins at once, in turns. The interval knows of the raking:
# what age explains no longer varies.
#
# Now another survey. Age plays no part in it; *the satisfied* answer more often. The margins are
# nearly right from the start. **Before you look:** what does weighting do?

# %% tags=["subslide"]
silent = replace(plain, by_age=0.0, by_score=0.4)
survey, sealed = simulate_survey(3_000, method=silent, seed=5)
answers = survey.dropna(subset=["answer"])
hopeless = Raking(POPULATION_MARGINS).fit(answers).mean(answers["answer"])
print(f"Truth {sealed['score'].mean():.1f}, as answered {answers['answer'].mean():.1f}")
print(f"Weighted {hopeless.value:.1f} ({hopeless.low:.1f} to {hopeless.high:.1f})")

# %% [markdown] tags=["fragment"]
# Nothing; and the interval is as sure of itself as before. In the first world answers are missing *at
# random* given age (随机缺失); in the second they are missing because of what they would have said,
# and no margin shows that. Nothing in the data tells the two worlds apart. Move both.

# %%
from crmlab.collection import explore_weighting

explore_weighting()

# %% [markdown]
# On paper, the second world: both points lie to the right of the truth.

# %% tags=["subslide"] alt="As answered and weighted means both lie far above the truth"
from crmlab.collection import weighting_picture

weighting_picture(by_age=0.0, by_score=0.4)

# %% [markdown] minutes=3 tags=["slide"]
# ## Questions that people lie about
#
# "Have you ever returned what you had worn?" One in five has, and half of these deny it. A die helps:
# on a 1 you must say yes, on a 6 no, else the truth. Nobody knows what *your* yes means, and so you
# may say it. But the share can be computed. Or a *list*: everybody only counts how many of some
# harmless statements are true, and for a half of the people this question is one of them. **Before
# you look:** which way comes near one in five, and what is its price?

# %%
from crmlab.collection import sensitive_share, simulate_sensitive

rows = {}
for design in ("direct", "randomised", "list"):
    asked, _ = simulate_sensitive(4_000, design=design, seed=5)
    share = sensitive_share(asked, design=design)
    rows[design] = {"share": share.value, "low": share.low, "high": share.high}
    rows[design] |= {"price": share.design_effect}
pd.DataFrame(rows).T.round(2)

# %% [markdown] tags=["fragment"]
# The direct question is precise and wrong. The others are right on average, and `price` says how many
# times more answers they take: honesty is bought with sample size.

# %% [markdown] minutes=4 tags=["slide"]
# ## Interviews that never took place
#
# Twenty interviewers, two of whom make up half of theirs. Made-up sheets are copied, alike, flat and
# quick. Each sign is compared with what is usual among the twenty.

# %%
from crmlab.collection import fabrication_signs, simulate_interviews

interviews, sealed_interviews = simulate_interviews(800, seed=8)
signs = fabrication_signs(interviews, items=[f"q{k}" for k in range(1, 13)])
shown = signs.head(4)[["interviewer", "copies", "alike", "flat", "quick", "suspicion"]]
shown.rename(columns={"quick": "quick (median minutes)"}).round(2)

# %%
cheats = sealed_interviews.groupby(interviews["interviewer"])["cheat"].first()
print("The cheats are", *cheats.index[cheats])

# %% [markdown] tags=["subslide"]
# Here it worked, though not each sign shows in each cheat. But what does an accusation mean? **Now you.** Of 1,000 interviewers 20 cheat. The
# test catches 19 of them. It also accuses 5% of the 980 honest. Which share of the accused is
# innocent?

# %% tags=["solution"]
caught, accused_honest = 19, 0.05 * 980
innocent = accused_honest / (caught + accused_honest)  # you type this

check("02.f", innocent, 49 / 68)

# %%
from crmlab.collection import innocent_share

reveal("02.c", round(innocent_share(0.02, recall=0.95, false_alarm=0.05), 2), form=".0%")

# %% [markdown] tags=["fragment"]
# Most of the accused are innocent, since the honest are so many (*base rate*, 基础比率). A sign is a
# reason to call back, never a proof.

# %% [markdown] minutes=5 tags=["slide"]
# ## Before you compute: the pre-check
#
# Five patterns (问卷预查): incomplete; certain items left out; all agreed or all disagreed; middle of
# the road (中间路线); contradiction. A person who ticks 5 all the way was asked in *some* order, and
# the file stores another.

# %%
from crmlab.collection import precheck, simulate_questionnaires

sheets, sealed_sheets = simulate_questionnaires(600, seed=6)
items = [f"q{k}" for k in range(1, 21)]
pairs = [(f"q{k}", f"q{k + 15}") for k in range(1, 6)]
checked = precheck(sheets, items=items, asked="asked", opposites=pairs, required=["q3", "q5"])
checked[checked["patterns"] > 0].head(4)[["row", "patterns", "reasons"]]

# %% tags=["subslide"] alt="Answers as a heat map, sorted by flag; careless ones stand out as bands"
from crmlab.collection import plot_precheck

_, ax = plt.subplots(figsize=(8, 5))
ax = plot_precheck(sheets, checked, items=items, asked="asked", ax=ax)

# %% [markdown] tags=["subslide"]
# Some people mean it: they love the shop, and tick the end of every scale, as the statement asks. In
# the file all praise stands first, so they look like one long run. **Before you look:** how many of
# the flags are right, in the one order and in the other?

# %% tags=["subslide"] alt="In the order asked nearly all flags are right; as stored few are"
from crmlab.collection import flag_curve, plot_flag_curve

curves = {}
for name, order in {"in the order asked": "asked", "in the order stored": None}.items():
    runs = precheck(sheets, items=items, asked=order)
    runs["careless"] = sealed_sheets["pattern"] == "one-sided"
    curves[name] = flag_curve(runs, score="longest_run", truth="careless")
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_flag_curve(curves, ax=ax)

# %% [markdown] tags=["fragment"]
# In the wrong order the pre-check accuses those who love the shop most, and lets the careless go.
# Dropping them would make the mean *worse*.
#
# ## Your turn
#
# `exercises/02_collection.ipynb`, seven questions (40 minutes). Or here and now: give the online
# survey an incentive that halves its `by_score`, with `replace`. What is it worth then?

# %% [markdown] tags=["slide"]
# ## What you saw
#
# * Facts age at a rate that the files themselves tell; joined, they say what no file says.
# * The best of many is mostly lucky, and sources can be weighed without knowing the truth.
# * Bias stays however many you ask. Two hundred good answers beat twenty thousand convenient ones.
# * Weighting mends what the margins see. Who stays silent because of the answer is not seen.
# * A flag is a reason to look. Where guilt is rare, most of the accused are innocent.
#
# **Recall, without scrolling up:**
#
# 1. How can the rate of change be learnt if nobody wrote down a change?
# 2. Why does a rank by shrunk rates beat one by raw rates?
# 3. When do two sources count as one?
# 4. What does a randomised answer cost, and what does it buy?
#
# **To carry away:** who is missing from the last survey that you believed, and why?

# %% [markdown]
# Five more, which answer back. Choose with the mouse, or with Tab and the arrow keys.

# %%
from crmlab.classroom import quiz

quiz("02")

# %% [markdown]
# *Functions used:* `information_scores`, `change_rates`, `freshness`, `join_facts`,
# `channel_report`, `SourceFusion`, `compare_methods`, `SurveyProcess`, `SurveyPlan`, `sample_size`, `bias_audit`,
# `remedy_plans`, `interviewer_effect`, `Raking`, `sensitive_share`, `fabrication_signs`,
# `innocent_share`, `precheck`, `flag_curve`, their `plot_…`, two `explore_…`, and seven `simulate_…`.
#
# *Sources:*
#
# * Meng, X.-L. (2018). Statistical paradises and paradoxes in big data (I). Annals of Applied
#   Statistics 12(2), 685-726. doi:10.1214/18-AOAS1161SF
# * Efron, B. and Morris, C. (1975). Data analysis using Stein's estimator and its generalizations.
#   Journal of the American Statistical Association 70, 311-319. doi:10.1080/01621459.1975.10479864
# * Dawid, A. P. and Skene, A. M. (1979). Maximum likelihood estimation of observer error-rates using
#   the EM algorithm. Applied Statistics 28(1), 20-28. doi:10.2307/2346806
# * Deville, J.-C., Särndal, C.-E. and Sautory, O. (1993). Generalized raking procedures in survey
#   sampling. Journal of the American Statistical Association 88, 1013-1020.
#   doi:10.1080/01621459.1993.10476369
# * Warner, S. L. (1965). Randomized response. Journal of the American Statistical Association 60,
#   63-69. doi:10.1080/01621459.1965.10480775
# * Meade, A. W. and Craig, S. B. (2012). Identifying careless responses in survey data.
#   Psychological Methods 17(3), 437-455. doi:10.1037/a0028085
# * The four features, fourteen methods, eight ways to ask, twelve problems and five patterns are this
#   course's; the numbers of the simulated worlds are assumptions.
