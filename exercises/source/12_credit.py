# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # 12 · Exercises: whom can we trust with credit?
#
# *About 50 minutes. Needs chapter 12. Data: three files, a firm's statements, 1,000 German loans,
# and applicants that are yours alone. Put your work in place of each `...`, run the cell, then run
# its check. `hint("12.1")` gives a hint, one more at each call.*

# %%
import numpy as np
import pandas as pd

from crmlab.classroom import check, hint, load_mine, progress
from crmlab.credit import (
    OptimalBinner,
    Scorecard,
    auc,
    financial_ratios,
    five_c,
    five_p,
    group_rates,
    lending_table,
    reject_inference,
    simulate_applicants,
    simulate_statements,
    three_files,
)
from crmlab.data import load


# %% tags=["world"]
def world(seed):
    from crmlab.credit import simulate_applicants

    return simulate_applicants(3_000, seed=seed)


# %% [markdown]
# `mine` holds 3,000 applicants who all got a loan, and whether each defaulted. Handed out by a
# teacher, they are yours alone. `asked` names what a scorecard may look at.

# %%
mine = load_mine("12")
asked = ["age_years", "late_payments", "income_cny", "debt_to_income", "card_use", "home", "job"]
mine.head(3)

# %% [markdown] points=1 minutes=3 objective="read the verdicts of an expert scheme" hint=["`five_p` has a column `verdict`.", "The names are in `firm`, in the same order."]
# **12.1** Here is what the five P's say about the three files of the chapter. Which firm do they
# *reject*? Its name in quotes, as `rejected`.

# %%
three = three_files()
five_p(three)[["organisation_id", "failed", "verdict"]]

# %% tags=["solution"]
rejected = three.loc[five_p(three)["verdict"] == "reject", "firm"].item()

# %% wrong=["'Golden Gate Trading'", "'Jade Noodle'"] message=["Golden Gate is referred to a person, not rejected.", "Jade Noodle is accepted."]
check("12.1", rejected)

# %% [markdown] points=2 minutes=4 objective="weigh the five C's" hint=["`five_c` takes `weights`, a dict of the five C's.", "The other four share what is left: 0.15 each."]
# **12.2** A bank trusts character most: weight 0.4, and the other four C's share the rest equally.
# What is the 5C score of Golden Gate Trading then? A number, as `score`.

# %% tags=["solution"]
weights = {
    "character": 0.4,
    "capacity": 0.15,
    "capital": 0.15,
    "collateral": 0.15,
    "conditions": 0.15,
}
score = five_c(three, weights=weights).loc[three["firm"] == "Golden Gate Trading", "score"].item()

# %% wrong=["five_c(three)['score'][1]", "five_c(three, weights=weights)['score'][0]"] message=["That is with equal weights.", "That is Jade Noodle."]
check("12.2", score)

# %% [markdown] points=2 minutes=5 objective="compute a turnover with an average" hint=["`financial_ratios` has `receivable_days`.", "Take the row of 2024."]
# **12.3** How many days did this firm's customers take to pay in 2024? A number, as `days`.

# %%
books = simulate_statements(1, seed=3)

# %% tags=["solution"]
ratios = financial_ratios(books)
days = ratios.loc[ratios["year"] == 2024, "receivable_days"].item()

# %% wrong=["365 * books['receivables_cny'].iloc[-1] / books['sales_cny'].iloc[-1]", "ratios['receivable_turnover'].iloc[-1]", "ratios['inventory_days'].iloc[-1]"] message=["You took the closing balance. A turnover takes the mean of opening and closing.", "That is how many times a year, not days.", "Those are the days in stock."]
check("12.3", days)

# %% [markdown] points=2 minutes=5 objective="rank columns by what they tell" hint=["`OptimalBinner().fit(columns, bad)` has `iv_`.", "Leave out `loan_id` and `defaults`.", "`idxmax()` gives the name."]
# **12.4** Of all columns of the German loans, the checking account tells most. Which is the *second*
# best, by information value? Its name in quotes, as `second`.

# %%
german = load("german_credit")
answers = german.drop(columns=["loan_id", "defaults"])

# %% tags=["solution"]
iv = OptimalBinner().fit(answers, german["defaults"]).iv_
second = iv.drop("checking").idxmax()

# %% wrong=["'checking'", "iv.idxmin()", "'duration_months'"] message=["That is the best one.", "That one tells least.", "Near: it is the third."]
check("12.4", second)

# %% [markdown] points=3 minutes=7 own=true objective="build a scorecard and judge it on people it has not seen" hint=["Fit on `month` 12 or below, judge on the rest.", "`Scorecard(special={\"card_use\": [-1]})`; give it only the columns in `asked`.", "`auc` wants a frame with `points` and `defaults`: `.assign(points=card.score_points(...))`."]
# **12.5** Build a scorecard on *your* applicants of the first twelve months, with the columns `asked`
# and with -1 in `card_use` as a special value. What is its AUC in the second year? As `area`.

# %% tags=["solution"]
first, later = mine[mine["month"] <= 12], mine[mine["month"] > 12]
card = Scorecard(special={"card_use": [-1]}).fit(first[asked], first["defaults"])
judged = later.assign(points=card.score_points(later[asked]))
area = auc(judged).auc

# %% wrong=["auc(first.assign(points=card.score_points(first[asked]))).auc", "2 * area - 1", "1 - area"] message=["That is on the people it was fitted on: too good.", "That is the Gini.", "Higher points are safer: the sign is the wrong way round."]
check("12.5", area)

# %% [markdown] points=2 minutes=6 own=true objective="choose where to stop, in money" hint=["`lending_table(judged, interest=..., loss_given_default=...)`.", "One row has `best`."]
# **12.6** In the second year of *your* applicants, scored as in 12.5: which share should get a loan
# for the highest profit, at 12% interest and a loss of 60%? A share, as `lend`.

# %% tags=["solution"]
table = lending_table(judged, interest=0.12, loss_given_default=0.6)
lend = table.loc[table["best"], "share_approved"].item()

# %% wrong=["table.loc[table['best'], 'default_rate'].item()", "0.12 / (0.12 + 0.6)", "1 - lend"] message=["That is how many of them default.", "That is the highest chance of default worth a loan, not a share of people.", "That is the share that is refused."]
check("12.6", lend)

# %% [markdown] points=2 minutes=5 objective="find the error in a colleague's weight of evidence" hint=["Of whom should the shares be?", "A share of goods is goods in the bin over *all* goods.", "700 loans are good, 300 bad."]
# **12.7 Find the error.** A colleague computes the weight of evidence of "no account": 348 goods and 46
# bads, and gets a number that is far too large. Mend it, and call the right weight `mended`.

# %%
colleague = np.log(348 / 46)
print(f"The colleague's weight: {colleague:.2f}")

# %% tags=["solution"]
mended = np.log((348 / 700) / (46 / 300))

# %% wrong=["colleague", "np.log((46 / 300) / (348 / 700))"] message=["That is the colleague's number: odds, not evidence. It forgets that goods are more anyway.", "The sign is the other way round: more goods is safer."]
check("12.7", mended)

# %% [markdown] points=3 minutes=6 objective="forecast the refused, and see how wrong that is" hint=["`reject_inference(file, columns=asked, special={\"card_use\": [-1]})` returns chances for everybody.", "Take the mean of `ignore` where `approved` is False."]
# **12.8 Forecast, then open the truth.** This bank lent to 60% of those who asked. What default rate does
# a card that *ignores* the refused forecast for them? A share, as `forecast`.

# %%
file, sealed = simulate_applicants(4_000, approved=0.6, seed=8)

# %% tags=["solution"]
chances = reject_inference(file, columns=asked, special={"card_use": [-1]})
forecast = chances.loc[~chances["approved"], "ignore"].mean()

# %% wrong=["chances.loc[chances['approved'], 'ignore'].mean()", "chances.loc[~chances['approved'], 'fuzzy'].mean()"] message=["Those are the approved.", "That is the fuzzy way."]
check("12.8", forecast)

# %% [markdown]
# Now break the seal: what the refused would really have done.

# %%
print(f"Would have defaulted: {sealed.loc[~file['approved'], 'defaults'].mean():.1%}")

# %% [markdown] points=4 minutes=8 objective="judge a claim about fairness" rubric=["Says only that the score is fair, or unfair.", "Uses a number of the table, and says which rate it takes for fairness.", "Also says why not all rates can be equal here, and what should be decided, and by whom."] hint="Which of the rates differ, and which would you want to be equal?"
# **12.9 Judge.** "Our card never sees the group, so it is fair." Below is what such a card does to two
# groups of 4,000 other applicants when it approves the better half. Three to six sentences in
# quotes, as `judgement`. Your teacher reads this one.

# %%
people, _ = simulate_applicants(4_000, seed=9)
blind = Scorecard(special={"card_use": [-1]}).fit(people[asked], people["defaults"])
points = blind.score_points(people[asked])
group_rates(people.assign(approved=points >= points.median())).round(3)

# %% tags=["solution"]
judgement = """The card does not see the group, but it must be judged by what it does: of those it
approves, more default in group B than in A, so the same points do not mean the same chance. Equal
approval, equal errors and true chances cannot hold together while the groups' base rates differ.
Whoever calls the card fair must say which of them is meant. That is a decision of the bank and the
law, not of the card, and it should be written down and watched with numbers like these."""

# %%
check("12.9", judgement)

# %%
progress()
