# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # 17 · Exercises: a project on a shop that is yours alone
#
# *About 60 minutes. Needs chapters 06, 07, 10 and 17. Data: a year and a half of a shop that nobody else
# has. From reading to a judgement in eight steps. Put your work in place of each `...`, run the cell, then
# run its check. `hint("17.1")` gives a hint, one more at each call. Your report from chapter 17, on your
# own file, is handed in beside this.*

# %%
import numpy as np

from crmlab.classroom import check, hint, load_mine, progress
from crmlab.pyramid import concentration
from crmlab.report import Project
from crmlab.rfm import rfm


# %% tags=["world"]
def world(seed):
    from crmlab.lifetime import simulate_purchases

    return simulate_purchases(
        430, rate=(1.2, 10.0), dropout=(0.8, 5.0), n_days=546, joining_days=120, seed=seed
    )


# %% [markdown]
# The lock is set on 1 January 2025. `seen` is what lies before.

# %%
project = Project(load_mine("17"), holdout_from="2025-01-01")
seen = project.seen

# %% [markdown] points=1 minutes=3 objective="promise before looking" hint=["A sentence that says what will be done, not what will be counted.", "Which of the four would you still write if the number came out the other way?"]
# **17.1** A colleague's promise has four lines. *A*: "Who are our best customers?" *B*: "If fewer than half of
# the buyers of June return by December, we end the points." *C*: "We will look at recency, frequency and
# money." *D*: "The share of buyers of June who return by December." Which one is the decision? A text, as
# `decision`.

# %% tags=["solution"]
decision = "B"

# %% wrong=["'A'", "'C'", "'D'"] message=["That is a question, and no answer to it would change anything yet.", "That is what will be looked at.", "That is the measure."]
check("17.1", decision)

# %% [markdown] points=2 minutes=5 own=true objective="describe with a base" hint=["`rfm(seen)` has a row per customer, with `frequency`.", "More than one purchase, over all customers."]
# **17.2** In *your* shop, before the lock: which share of all customers bought more than once? A share, as
# `repeaters`.

# %% tags=["solution"]
customers = rfm(seen, as_of="2024-12-31")
repeaters = (customers["frequency"] > 1).mean()

# %% wrong=["1 - repeaters", "(seen['customer_id'].duplicated()).mean()", "(customers['frequency'] > 2).mean()"] message=["Those bought once.", "That is a share of purchases; the base are customers.", "That is more than twice."]
check("17.2", repeaters)

# %% [markdown] points=2 minutes=5 own=true objective="say who brings the money" hint=["`concentration(customers)`, made from `rfm(seen)`.", "The attribute `share_of_top`."]
# **17.3** In *your* shop, before the lock: which share of the money do the top fifth of the customers bring? A
# share, as `top_fifth`.

# %% tags=["solution"]
top_fifth = concentration(rfm(seen)).share_of_top

# %% wrong=["concentration(rfm(seen)).customers_for_share", "concentration(rfm(seen)).gini", "1 - top_fifth"] message=["That is how few bring 80%.", "That is the Gini coefficient.", "That is what the others bring."]
check("17.3", top_fifth)

# %% [markdown] points=2 minutes=7 own=true objective="find a leak" hint=["What is the last day in `seen`, and which day is today in this project?", "`rfm` takes `as_of=`: the day before the lock.", "`days_since_last` of more than 84, over all customers."]
# **17.4 Find the error.** A colleague counts who was silent for more than 12 weeks (84 days) when the lock was set,
# and takes the day on which the *whole* file ends for today. Find the mistake, and call the right share
# `silent`.

# %%
their_today = seen["date"].max() + np.timedelta64(181, "D")
last = seen.groupby("customer_id")["date"].max()
colleague = ((their_today - last).dt.days > 84).mean()
print(f"The colleague's share: {colleague:.0%}")

# %% tags=["solution"]
silent = (rfm(seen, as_of="2024-12-31")["days_since_last"] > 84).mean()

# %% wrong=["1 - silent", "(rfm(seen, as_of='2024-12-31')['tenure_days'] > 84).mean()", "(rfm(seen, as_of='2024-12-31')['days_since_last'] > 168).mean()"] message=["Those were not silent.", "That counts from the first purchase.", "Those are 24 weeks."]
check("17.4", silent)

# %% [markdown] points=2 minutes=6 own=true objective="make a forecast that is easy to beat" hint=["The last half-year before the lock begins on 1 July 2024.", "Purchases in it over the number of all customers."]
# **17.5** The simplest forecast: the half-year to come is like the last one. In *your* shop, how many purchases
# per customer were made from 1 July to 31 December 2024? Divide by *all* customers seen. A number, as
# `naive`.

# %% tags=["solution"]
naive = (seen["date"] >= "2024-07-01").sum() / seen["customer_id"].nunique()

# %% wrong=["(seen['date'] >= '2024-07-01').sum() / seen.loc[seen['date'] >= '2024-07-01', 'customer_id'].nunique()", "len(seen) / seen['customer_id'].nunique()", "(seen['date'] < '2024-07-01').sum() / seen['customer_id'].nunique()"] message=["That divides by those who bought in it only.", "That is the whole year.", "That is the half-year before."]
check("17.5", naive)

# %% [markdown] points=3 minutes=9 own=true objective="open the lock, and tell the outcome" hint=["`promise`, then `predict('ahead', naive, low=…, high=…)`, then `open_holdout()`.", "Purchases behind the lock over the same number of customers, and the naive forecast over that, less 1."]
# **17.6 Count, then open the truth.** Promise the measure "ahead", predict your naive number, and open the lock.
# By which part was the naive forecast higher than what came? 0.5 means half as much again; below 0 means
# lower. A number, as `too_high`.

# %% tags=["solution"]
project.promise(
    question="How much will they buy?",
    decision="How much we order",
    measure="ahead",
    smallest_effect="a tenth",
)
base = seen["customer_id"].nunique()
project.predict("ahead", naive, low=0.5 * naive, high=1.5 * naive, form=".2f")
later = project.open_holdout()
came = len(later) / base
project.outcome("ahead", came)
too_high = naive / came - 1

# %% wrong=["came / naive - 1", "naive / came", "naive - came"] message=["That is how much lower the outcome was, measured by the forecast.", "That is the ratio; take 1 from it.", "That is a difference in purchases, not a part."]
check("17.6", too_high)

# %% [markdown]
# The truth of your shop: its customers leave for good after a purchase, unseen, and nobody new came. A
# forecast that nobody leaves is too high; a model of chapter 10 knows that.

# %% [markdown] points=1 minutes=5 objective="plan the trial that the file cannot replace" hint=["n = 7.85 (p (1 - p) + q (1 - q)) / (p - q)², for one half.", "Round it up: there is no half a customer. Twice that is for both."]
# **17.7** A letter should lift the share that buys again from 20 to 25%. How many customers does the trial need in
# both halves together, by the formula of chapter 17? The halves are alike: round one up, then double it. A whole
# number, as `needed`.

# %% tags=["solution"]
one_half = 7.85 * (0.20 * 0.80 + 0.25 * 0.75) / (0.25 - 0.20) ** 2
needed = 2 * int(np.ceil(one_half))

# %% wrong=["int(np.ceil(one_half))", "int(np.ceil(2 * one_half))", "int(np.ceil(2 * 7.85 * (0.20 * 0.80) / 0.05**2))", "int(np.ceil(2 * one_half * 0.05))"] message=["That is one half.", "You rounded both together, so the halves are not alike: round one half up, then double it.", "Both shares have a variance; you took one.", "The difference is squared below the line."]
check("17.7", needed)

# %% [markdown] points=6 minutes=20 objective="tell a project so that a manager can act" rubric=["Describes numbers, and no decision hangs on them.", "A decision with a forecast and its outcome, and a fault of the data or the model.", "Also names what this file cannot say, and the trial or survey that could, with its size."] hint="Question and decision; what was forecast and what came; why; what cannot be told; what to test next."
# **17.8 Judge your own project.** Write the summary of your report, from chapter 17's page on your own file or from
# this shop: six to ten sentences in quotes, as `summary`. Every number in it was found above. Your teacher, or
# two classmates, read this one.

# %% tags=["solution"]
summary = """We asked how many purchases the customers we know will make in the next half-year, since the
order of samples hangs on it; a tenth more or less would change it. The simplest forecast, that all goes
on as in the last half-year, was far too high when the lock was opened. The reason is that customers leave
unseen, and that nobody new is in this file. A model that lets customers leave would have ordered less.
Most of the money comes from the top fifth, so their silence costs most. The file cannot say what they
spend elsewhere, nor whether a letter would bring them back. A trial that should notice a rise from 20 to
25 percent needs about two thousand customers, more than we have, so we would run it over two seasons."""

# %%
check("17.8", summary)

# %%
progress()
