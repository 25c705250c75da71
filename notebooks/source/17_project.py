# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["slide"]
# # 17 · What does your own file say, and what can it not say?
#
# A file of purchases, one question, one report that a manager could act on. Take a file of your own;
# where there is none, Hehua or CDNOW does. Nothing you do here leaves your machine, and the report
# shows no row of the file.
#
# **Before you run anything, write down your guess:** type it in place of the three dots.
#
# 1. Your file, or Hehua, in the months behind the lock (six): how many purchases will the customers of
#    today make?
# 2. A trial in which 30% of one half buy again, and 33% of the other: how many customers do both
#    halves together need, so that four such trials of five notice the difference?

# %% [markdown] tags=["subslide"]
# You will be able to
#
# * promise a question, a decision and a measure before the first number (5 minutes);
# * read, doubt and describe a file, and keep each number with its base and its window (12 minutes);
# * forecast, open the lock, and tell the outcome, whichever it is (20 minutes);
# * name what the file cannot answer, and plan the trial that can (10 minutes).
#
# *Needs chapters 00, 06, 07 and 10. Data: your file, or `hehua_purchases`, seed 2024; Hehua is
# fictional.*

# %%
from crmlab.classroom import check, guess, reveal

guess("17.a", ...)

# %%
guess("17.b", ...)

# %% tags=["hide-input"]
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from crmlab.data import load

# %% [markdown] minutes=6 tags=["slide"]
# ## Which file, and what is wrong with it?
#
# Name your file here, `"my_file.xlsx"` say; `load("cdnow_sample")` is a shop that was real, and `None` is
# Hehua. The lock begins with a day, and you look some months ahead: leave a quarter of the time for it.
# Where reading asks for something, such as which of two currencies, the answer goes into `HOW`.

# %%
FILE = None  # Hehua; or the name of your file, in quotes
HOW = {}  # what reading asks for: {"currency": "EUR"}, say
LOCKED_FROM = "2024-07-01"  # a day in your file
MONTHS = 6  # how far you look ahead
FOLDER = None  # where your page goes: "my_project", say; None throws it away

# %% tags=["subslide"]
from crmlab.report import Project

purchases = load("hehua_purchases") if FILE is None else FILE
title = f"What the next {MONTHS} months bring"
project = Project(purchases, holdout_from=LOCKED_FROM, months=MONTHS, title=title, **HOW)
del purchases  # so that nobody looks behind the lock by mistake
project.reading

# %% [markdown] tags=["fragment"]
# *Read and doubt.* Say of each line above why it is there. Faults are counted in the whole file, with
# their row numbers and no row; sums are of what you may see. Refunds are kept and counted, and from
# here on a purchase is a row with a positive amount. `project.seen` ends before the lock; the rest is
# not in your hands yet.

# %%
seen = project.seen.query("amount > 0")
print(f"{len(seen):,} purchases, the last on {seen['date'].max().date()}")

# %% [markdown] minutes=5 tags=["slide"]
# ## Promise first
#
# Whoever looks first finds a question that fits the answer. So write four things down now: the
# question, the *decision* (决策) that hangs on it, the measure, and the smallest effect that would
# change the decision. It can be done once. A number in it, such as "a tenth", is your own: nothing is
# counted yet.

# %%
project.promise(
    question=f"How many purchases will the customers we know make in {MONTHS} months?",
    decision="How many parcels of the autumn sample we order",
    measure="purchases_ahead",
    smallest_effect="a tenth more or less",
)

# %% [markdown] tags=["subslide"]
# And by what right do you use these data? A consent (同意) to one purpose is none to another (chapter
# 05). Name it, or stop here.

# %%
project.rest_on("Hehua is fictional. Of a real firm: the members' consent to planning.")

# %% [markdown] tags=["fragment"]
# A copy that names nobody, for whoever else has to see it, is one call. The key is thrown away, so that
# nobody can go back.

# %%
from secrets import token_bytes

from crmlab.privacy import pseudonymise

nobody = pseudonymise(seen, "customer_id", key=token_bytes(32))
print(f"{nobody['customer_id'].nunique():,} pseudonyms, none of them an id of the file:")
print(nobody["customer_id"].isin(seen["customer_id"].astype(str)).sum(), "ids are left.")

# %% [markdown] minutes=6 tags=["slide"]
# ## Describe, with a base and a window
#
# Each number gets a name. A share must say *of how many*; and the window is that of `seen`, unless you
# say another one.

# %%
from crmlab.pyramid import concentration
from crmlab.rfm import rfm, rfm_scores, rfm_segments, segment_summary

customers = rfm(seen)
top = concentration(customers)
project.find("customers", len(customers))
project.find("top_fifth", top.share_of_top, of=len(customers), form=".0%")
project.findings[["name", "shown", "of"]]

# %% [markdown] tags=["subslide"]
# Try to keep a share without its base. It is refused, and so is a number from behind the lock.

# %%
from crmlab.errors import CrmlabError

for careless in ({"form": ".0%"}, {"window": (LOCKED_FROM, LOCKED_FROM)}):
    try:
        project.find("loose", 0.3, **careless)
    except CrmlabError as refusal:
        print(refusal, "\n")

# %% [markdown] tags=["subslide"]
# The project keeps a list of its own steps, and ticks them by what was done. What is open yet?

# %%
steps = project.checklist()
print(*steps.loc[~steps["done"], "step"], sep="\n")

# %% [markdown]
# *Segment.* The names are relative; a sentence on them must say how many they are.

# %% tags=["subslide"]
segments = rfm_segments(rfm_scores(customers))
summary = segment_summary(segments).sort_values("share_of_spend", ascending=False)
summary.head(4)[["segment", "customers", "share_of_spend"]].round(2)

# %% tags=["subslide"] alt="Map of customers by recency and frequency score"
from crmlab.rfm import plot_rfm_map, rfm_map

_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_rfm_map(rfm_map(segments), ax=ax)

# %% [markdown] minutes=7 tags=["slide"]
# ## Who is still there, and what will they bring?
#
# The simplest forecast first: all goes on as in the months before the lock. Its ends, half of it and half as
# much again, are a guess and nobody's measurement.

# %%
from crmlab.lifetime import BGNBD, GammaGamma, base_value, buying_history

eve = str((project.holdout_from - pd.Timedelta(days=1)).date())
history = buying_history(seen, as_of=eve)
latest = seen[seen["date"] >= project.holdout_from - pd.DateOffset(months=MONTHS)]
simplest = latest.groupby(["customer_id", latest["date"].dt.date])["amount"].sum()
estimate, worth = len(simplest), simplest.sum()
low, high, at_least, at_most = 0.5 * estimate, 1.5 * estimate, 0.5 * worth, 1.5 * worth
print(f"As in the months before: {estimate:,} purchases, {worth:,.0f} in money")

# %% [markdown] tags=["subslide"]
# No customer says goodbye. The model of chapter 10 gives each a chance to be *alive* and a number of
# purchases to expect. (Where it refuses a file, for few customers or none who came again, it says so.
# Then go on at `project.predict`, with the simplest forecast; and further on, leave out the table by
# repeats, and its picture.)

# %%
model, spend = BGNBD().fit(history), GammaGamma().fit(history)
alive = model.predict(history, weeks=26)["p_alive"].mean()
project.find("still_there", alive, of=len(history), form=".0%")
print(f"Thought to be still there: {alive:.0%} of {len(history):,}")

# %% [markdown] tags=["fragment"]
# How many purchases lie ahead, and what are they worth? An estimate alone is no forecast. The interval
# for an *outcome* holds the doubt about the model's numbers, and luck on top. In worlds made like Hehua
# that of the money is wider than it need be, and its estimate rather too high: money inside it is weak
# praise.

# %%
ahead = base_value(
    history, model=model, spend=spend, months=MONTHS, discount=0, of="outcome", seed=17
).set_index("quantity")
ends = ["estimate", "low", "high"]
estimate, low, high = ahead.loc["purchases", ends]
worth, at_least, at_most = ahead.loc["value", ends]
ahead[ends].round(0).astype("int64")

# %%
project.predict("purchases_ahead", estimate, low=low, high=high)
project.predict("worth_ahead", worth, low=at_least, high=at_most)

# %% [markdown] tags=["subslide"]
# A forecast of the sum hangs on few. How few, and whom would you call key? Move the cuts, on your own
# file.

# %%
from crmlab.pyramid import explore_cuts

explore_cuts(customers)

# %% [markdown]
# On paper, one setting: the top 1, 5 and 20%.

# %% tags=["subslide"] alt="A pyramid of four tiers: the upper three bring most of the money"
from crmlab.pyramid import plot_pyramid, pyramid

tiers = pyramid(customers)
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_pyramid(tiers, ax=ax)

# %%
tiers[["tier", "customers", "share_of_spend"]].round(2)

# %% [markdown] minutes=5 tags=["slide"]
# ## What to test next
#
# The forecast says what happens if nothing is done. Whether a letter would change it, only a trial can
# say. The smallest effect that matters decides how large it must be.
#
# For two shares p and q, noticed in four trials of five at 5%, each half needs about
#
# n = 7.85 (p (1 - p) + q (1 - q)) / (p - q)²
#
# **Now you:** 30% against 33%. Type the size of one half.

# %% tags=["solution"]
p, q = 0.30, 0.33
one_half = 7.85 * (p * (1 - p) + q * (1 - q)) / (p - q) ** 2  # you type this

check("17.c", one_half, 7.85 * (0.3 * 0.7 + 0.33 * 0.67) / 0.03**2)

# %%
both = 2 * 7.85 * (0.3 * 0.7 + 0.33 * 0.67) / 0.03**2
reveal("17.b", round(both), form=",.0f")

# %% [markdown] tags=["fragment"]
# Who knows fewer customers cannot tell a letter that adds three points from luck, and an honest report
# says so before the letter is written. How many does this file know, and what could be noticed?

# %%
smallest = np.sqrt(7.85 * 2 * 0.3 * 0.7 / (len(customers) / 2))
project.find("smallest_noticed", smallest, of=len(customers), form=".0%")
print(f"This file knows {len(customers):,}, {len(customers) / both:.0%} of what it takes.")
print(f"In two halves of {len(customers) // 2:,}: about {100 * smallest:.0f} points more than 30%")

# %% [markdown] minutes=5 tags=["slide"]
# ## What this file cannot say
#
# A question that every manager asks: *what do they spend at our rivals?* The share of a customer's
# whole spending that comes to us (share of wallet, 钱包份额) is a quotient, and the file holds only the
# part above the line.
#
# At Hehua somebody knows, so here we look at Hehua, whatever your file is, and up to June, since the rest
# is locked. **Before you break the seal:** do the top fifth by spend give Hehua a larger share of their
# wallet than the rest?

# %% tags=["subslide"]
from crmlab.company import load_company

hehua, sealed = load_company()
wallet = sealed.customers.set_index("customer_id")["wallet_share"]
to_june = hehua.purchases.query("date <= '2024-06-30' and amount > 0")
by_spend = to_june.groupby("customer_id")["amount"].sum().rank(pct=True)
known = pd.DataFrame({"top_fifth": by_spend > 0.8}).join(wallet)
known.groupby("top_fifth")["wallet_share"].describe().drop(columns=["mean", "std"]).round(2)

# %%
together = by_spend.corr(wallet, method="spearman")
print(f"Spend and wallet share: rank correlation {together:+.2f}")

# %% [markdown] tags=["fragment"]
# They do not: in each group some give nearly all and some give little, and no purchase tells who. Who
# wants to know must *ask* (chapter 02), and a page without such a line has not looked for its limits.
# (A number typed in it is yours, as in the promise: the page says so.)

# %%
project.cannot_tell(
    "What do our customers spend at rivals?",
    because="The file holds what they spend here, and nothing else; a survey could tell.",
)

# %% [markdown] minutes=6 tags=["slide"]
# ## Open the lock
#
# Everything is written down. `open_holdout` opens for good: no forecast is taken any more. As in the model,
# all that a customer buys on one day is one purchase.

# %%
later = project.open_holdout().query("amount > 0")
theirs = later[later["customer_id"].isin(history["customer_id"])]
by_day = theirs.groupby(["customer_id", theirs["date"].dt.date])["amount"].sum()
came = len(by_day)
project.outcome("purchases_ahead", came)
project.outcome("worth_ahead", by_day.sum())
reveal("17.a", came, form=",.0f")

# %%
off = came / max(estimate, 1) - 1
behind = (LOCKED_FROM, project.holdout_until)
project.find("off", off, of=max(round(estimate), 1), form="+.1%", window=behind)
where = "inside" if low <= came <= high else "outside"
print(f"Forecast {estimate:,.0f}, between {low:,.0f} and {high:,.0f}; it became {came:,}: {where}.")
print(f"The simplest forecast was {len(simplest):,}.")

# %% [markdown] tags=["fragment"]
# Inside or outside, it is told. And a right sum may hide wrong parts. By the number of repeats before
# the lock (the last row is 7 and more), how many purchases were expected too many?

# %%
from crmlab.lifetime import holdout_table, plot_holdout

weeks = ((project.holdout_until - project.holdout_from).days + 1) / 7
told = model.predict(history, weeks=weeks).merge(history[["customer_id", "repeats"]])
told["bought"] = told["customer_id"].map(by_day.groupby(level=0).size()).fillna(0)
beside = holdout_table(told)
too_many = (beside["expected"] - beside["bought"]) * beside["customers"]
beside.assign(too_many=too_many).round(2)

# %% tags=["subslide"] alt="Purchases expected and made, by repeats before the lock"
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_holdout(beside, ax=ax)

# %% [markdown]
# And those thought to be still there? Hehua's truth knows who had left by the lock. Of your own
# customers nobody will ever know it.

# %%
if FILE is None:
    left_on = load("hehua_truth").set_index("customer_id")["dropped_out_on"]
    gone = left_on.reindex(history["customer_id"]) < project.holdout_from
    print(f"Thought to be there: {alive:.0%}; really: {1 - gone.mean():.0%}")

# %% [markdown] tags=["fragment"]
# A good total can stand on a wrong reason. Look at the first row of Hehua's table once more: this model
# cannot lose who bought once, so it expects too much of them, and too little of those with most
# repeats makes up for it. That belongs into the report as well, as does what your own table shows.

# %% [markdown] minutes=7 tags=["slide"]
# ## Say it, and let every number be followed
#
# A text may hold no number that was not found. Write its name in braces; the page makes a link to the
# cell that made it. A typed number is refused, and so is one in words, such as 三成.

# %%
try:
    project.say("Of our 1,000 customers most will be back.")
except CrmlabError as refusal:
    print(refusal)

# %% tags=["subslide"]
project.unsay()  # run this cell as often as you like: the text begins anew
# What was promised decides: a tenth more or less.
order = "can stay as planned" if abs(off) < 0.1 else "has to be planned anew"
for paragraph in (
    "We expected {purchases_ahead} purchases of the {customers} customers we knew, "
    "{purchases_ahead_low} to {purchases_ahead_high}; they made {purchases_ahead_outcome} ({off}). "
    "The order of samples " + order + ".",
    "In money we expected {worth_ahead} of them, {worth_ahead_low} to {worth_ahead_high}; it became "
    "{worth_ahead_outcome}. The top fifth brought {top_fifth} before: who of these falls silent "
    "is called first.",
    "A letter that moves less than {smallest_noticed} of its half could not be told from "
    "luck: we should pool two years, or ask for a larger effect.",
):
    print(project.say(paragraph), "\n")

# %%
steps = project.checklist()
steps["done"] = steps["done"].map({True: "yes", False: "no"})
steps[["step", "done", "why"]]

# %% [markdown] tags=["fragment"]
# The list ticks itself by what was done; nobody can tick it by hand. Then a page and a few slides,
# which open from disk and fetch nothing.

# %%
from tempfile import mkdtemp

for path in project.write(FOLDER or mkdtemp()):
    print(path.name, "is written.")

# %% [markdown]
# A cell with nothing but `project` in it shows the page here. Follow a number of the text to its cell,
# as your reader will: they see this much, and no customer. Is there a sentence you would not sign?

# %% [markdown] tags=["subslide"]
# ### How it is judged
#
# By a teacher, or by two who sit beside you. Three levels for each line:
#
# | | 1 | 2 | 3 |
# |---|---|---|---|
# | question | something is described | a decision hangs on it | a result either way would change it |
# | evidence | numbers | with base and window | with an interval, and held out |
# | doubt | none | faults of the file | what would have to be true, what cannot be told |
# | next | "do more of it" | a trial | a trial with its size and its smallest effect |
#
# Whoever judges follows three numbers from the text to the cell, and runs the cell.

# %% [markdown] tags=["notes"]
# Let pairs swap pages, not notebooks: what a page does not say, a manager would not know either.

# %% [markdown]
# ## Your turn
#
# Put your own file into `FILE`, a day into `LOCKED_FROM`, your own promise, and run from there. Or take
# CDNOW: `load("cdnow_sample")`, locked from 1997-10-01. Does the forecast hold, and why? Then
# `exercises/17_project.ipynb`: a shop that is yours alone, eight steps (60 minutes).

# %% [markdown] tags=["slide"]
# ## What you saw
#
# * Question, decision, measure and smallest effect come before the first number.
# * A share without its base, a number from behind the lock, a text with a typed number: refused.
# * A forecast with an interval, opened once, is told whether it held or not, and why.
# * Every file has a question that it cannot answer. Name it before somebody else does.
#
# **Recall, without scrolling up:**
#
# 1. Why does the lock open only after the forecast?
# 2. Why could a letter that adds three points not be tested at Hehua?
# 3. What can be right in total and wrong in its reason?
#
# **To carry away:** which number of your last report could you follow to the cell that made it?

# %% [markdown]
# Five more, which answer back. Choose with the mouse, or with Tab and the arrow keys.

# %%
from crmlab.classroom import quiz

quiz("17")

# %% [markdown]
# *Functions used:* `Project`, `pseudonymise`, `rfm`, `rfm_segments`, `segment_summary`, `rfm_map`,
# `concentration`, `pyramid`, `buying_history`, `BGNBD`, `GammaGamma`, `base_value`, `holdout_table`,
# their `plot_…`, and `explore_cuts`.
#
# *Sources:*
#
# * Fader, P. S., Hardie, B. G. S. and Lee, K. L. (2005). "Counting your customers" the easy way.
#   Marketing Science 24(2), 275-284. doi:10.1287/mksc.1040.0098
# * Nosek, B. A., Ebersole, C. R., DeHaven, A. C. and Mellor, D. T. (2018). The preregistration
#   revolution. PNAS 115(11), 2600-2606. doi:10.1073/pnas.1708274114
# * Fleiss, J. L., Levin, B. and Paik, M. C. (2003). Statistical Methods for Rates and Proportions,
#   chapter 4. doi:10.1002/0471445428 (How large a trial of two shares must be.)
