# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["slide"]
# # 12 · Whom can we trust with credit?
#
# Hehua (荷华) sells to shops, and shops want to pay later. On the table lie three files. Somebody
# has to say yes or no, and will be asked why.
#
# **Before you run anything, write down your guess:** type it in place of the three dots, and run
# the cell.
#
# 1. Of a hundred applicants a bank refuses, how many would have repaid? A share, such as `"30%"`.

# %%
from crmlab.classroom import check, guess, reveal

guess("12.a", ...)

# %% [markdown]
# 2. A bank lends at 10% interest and loses half of every loan that defaults. Up to which *chance of
#    default* (违约概率) is a loan worth it? A share again.

# %%
guess("12.b", ...)

# %% [markdown] tags=["subslide"]
# You will be able to
#
# * judge a loan file by three expert schemes, and say what each of them overlooks (9 minutes);
# * read statements by thirteen ratios, and see when they have been dressed up (10 minutes);
# * build a scorecard, and say in points why somebody was refused (11 minutes);
# * choose where to stop lending, in money (6 minutes);
# * say what a file of approved loans cannot tell, and what a fair score cannot be (12 minutes);
# * see what becomes of a score that people are paid by (4 minutes).
#
# *Needs chapter 00. Data: simulated files, statements, applicants and sellers, seed 12, all
# fictional, whose truth is known; and 1,000 real loans, `german_credit`.*

# %% [markdown] minutes=9 tags=["slide"]
# ## Three files
#
# The firms are fictional.

# %%
from crmlab.credit import three_files

three = three_files()
for file in three.itertuples():
    print(f"{file.firm}: {file.story}")

# %% [markdown] tags=["subslide"]
# An analyst has graded each from 1 to 10 on the *five C's* (5C): *character* (道德品质),
# *capacity* to pay (还款能力), *capital* (资本实力), *collateral* (担保抵押) and *conditions*
# (经营条件). (Some slides print "collacteral".) **Before you read on:** who will not repay? Names
# in a list.

# %%
guess("12.c", ...)

# %% tags=["subslide"] alt="Radar of five C's: Jade strong in character, the others in collateral"
import matplotlib.pyplot as plt

from crmlab.credit import plot_five_c

_, ax = plt.subplots(figsize=(7, 4.5))
ax = plot_five_c(three, ax=ax)

# %% [markdown] tags=["subslide"]
# The course names five C's and no weights. **Now you:** write a weighted score, the sum of grade
# times weight. `grades` and `weights` are columns of the same length: multiply them, and take the
# sum. Grades 10 and 5 with weights 0.4 and 0.6 make 7.

# %% tags=["solution"]
import pandas as pd


def weighted(grades, weights):
    return (grades * weights).sum()  # you type this


check("12.d", weighted(pd.Series([10, 5]), pd.Series([0.4, 0.6])), 7.0)

# %% [markdown]
# `five_c` does that for every file, refuses weights that do not add up to 1, and says why.

# %%
from crmlab.credit import five_c

for firm, verdict in zip(three["firm"], five_c(three)["verdict"], strict=True):
    print(f"{firm}: {verdict}")

# %% [markdown] tags=["fragment"]
# With equal weights all three are trusted: much collateral makes up for little else. The *five P's*
# (5P) do not let it. *Personal* has hard gates: licence, product, profit, account, pledge. Under
# *purpose* caution rises from production over debt or tax to replacing equity. Then *payment*,
# *protection* and *perspective*.

# %% tags=["subslide"]
from crmlab.credit import five_p

judged = five_p(three)
for firm, verdict, reasons in zip(three["firm"], judged["verdict"], judged["reasons"], strict=True):
    print(f"{firm}: {verdict}. {reasons}.")

# %% [markdown] tags=["subslide"]
# That verdict rests on a few items. The course asks many more: the operator's honesty, the project,
# what is left of the cash, the guarantor, new products. **Before you run it:** of all that should
# have been asked about Golden Gate, how many items has nobody looked at?

# %% tags=["fragment"]
from crmlab.credit import five_p_items

items = five_p_items(three).merge(three[["organisation_id", "firm"]])
items.groupby(["firm", "met"]).size().unstack(fill_value=0)

# %%
open_items = items[(items["firm"] == "Golden Gate Trading") & (items["met"] != "yes")]
open_items[["group", "item", "c", "met"]]

# %% [markdown] tags=["fragment"]
# Read it as a list of questions for tomorrow. The fine office and the growth are answers to none
# of them; and "not examined" is not "in order".

# %% [markdown] tags=["fragment"]
# And the *six aspects* (6A) ask first whether anybody has looked. (The course gives them to an
# "American" bank. The IBRD is part of the World Bank Group and belongs to its member states.)

# %%
from crmlab.credit import six_a

six_a(three)[["organisation_id", "score", "missing", "verdict"]].round(1)

# %% [markdown] tags=["subslide"]
# Who defaulted?

# %%
reveal("12.c", three.loc[three["defaults"], "firm"].tolist())

# %% [markdown] tags=["fragment"]
# Three files prove nothing. Two thousand do: they are simulated, so we know who defaults. How well
# does a score tell them? Take one firm that repays and one that defaults. The *AUC* is the chance
# that the first has the better score: 0.5 is a coin, 1 is perfect. **Before you run it:** is the 5C
# score better than the *current ratio* (流动比率) alone?

# %% tags=["subslide"]
from crmlab.credit import auc, simulate_files

files, truth = simulate_files(2_000, seed=12)
end = truth[["organisation_id", "defaults"]]
scored = five_c(files).merge(end)
for name, frame, score in (
    ("5C, equal weights", scored, "score"),
    ("current ratio", files.merge(end), "current_ratio"),
):
    found = auc(frame, score=score)
    print(f"{name}: AUC {found.auc:.2f} ({found.low:.2f} to {found.high:.2f})")

# %%
verdicts = five_p(files).merge(end).groupby("verdict")
verdicts.agg(files=("defaults", "size"), default_rate=("defaults", "mean")).round(3)

# %% [markdown] tags=["fragment"]
# The five C's beat one ratio by far, and the gates keep out what they should. But a gate is blunt:
# most of those it rejects would have repaid.

# %% [markdown] tags=["subslide"]
# ### Two analysts, two verdicts
#
# A grade is an opinion. Three analysts grade the same firms from 1 to 5. *Kappa* (卡帕系数) is 1
# if they agree, 0 if they agree as often as chance.

# %%
from crmlab.credit import cost_of_disagreement, rater_agreement, simulate_raters

grades, _ = simulate_raters(files, noise=1.0, seed=12)
rater_agreement(grades).round(2)

# %% [markdown] tags=["fragment"]
# They agree on a third of the firms, and yet kappa is near a half: a 4 beside a 5 is a small quarrel,
# a 1 beside a 5 a large one, and a distance of d grades weighs d². **Before you run it:** what is left
# of the first kappa if every difference weighs the same?

# %%
from crmlab.credit import weighted_kappa

for weights in ("quadratic", "linear", "none"):
    found = weighted_kappa(grades["rater_1"], grades["rater_2"], weights=weights)
    print(f"{weights}: kappa {found.kappa:.2f} ({found.low:.2f} to {found.high:.2f})")

# %% [markdown] tags=["fragment"]
# So a kappa without its weights says little. What does the quarrel cost?

# %% tags=["subslide"]
cost_of_disagreement(grades, truth).round(4)

# %% [markdown] tags=["fragment"]
# Profit is per firm, for loans of 1. Each file on one desk earns "mean of one"; the mean of three
# opinions earns more, from the same grades. The schemes are one list in three orders: every item of
# the 5P and the 6A is about one of the C's.

# %%
from crmlab.credit import criteria_map

criteria_map().groupby(["scheme", "c"]).size().unstack(fill_value=0)

# %% [markdown] tags=["notes"]
# Let groups of three grade the three files by hand before the verdicts are shown, and compute their
# own agreement. Ask what the weights should be, and who decides that.

# %% [markdown] minutes=10 tags=["slide"]
# ## What statements say
#
# A *balance sheet* (资产负债表) says what a firm has and owes on one day, an *income statement*
# (利润表) what it earned in a year. First of all: is it a statement? Here somebody has mistyped one
# amount.

# %%
from crmlab.credit import simulate_statements, statement_faults

books = simulate_statements(200, years=4, seed=12)
typo = books.head(4).copy()
typo.loc[2, "cash_cny"] += 900
for message in statement_faults(typo)["message"]:
    print(message)

# %% [markdown] tags=["subslide"]
# Assets must equal what is owed plus equity, and this year's cash is next year's beginning.
# Then come thirteen *ratios* (财务比率) in three groups: solvency, operations, profitability.

# %%
from crmlab.credit import ratio_guide

ratio_guide()

# %% [markdown] tags=["fragment"]
# (A slide prints 成本费用利用率 for 利润率, and has 资产收益率 and 总资产利润率 side by side: twice
# the same, unless one takes profit after tax and the other before, as here.)
#
# **Now you.** Goods cannot be paid with on Monday, so the *quick ratio* (速动比率) leaves them out.
# Write it: current assets less inventory, over current liabilities. With 200, 80 and 100 it is 1.2.


# %% tags=["solution"]
def quick_ratio(current_assets, inventory, current_liabilities):
    return (current_assets - inventory) / current_liabilities  # you type this


check("12.e", quick_ratio(200, 80, 100), 1.2)

# %% tags=["subslide"] alt="Six years of one firm: current ratio above quick ratio, both moving"
from crmlab.credit import financial_ratios, plot_ratio_trends

ratios = financial_ratios(simulate_statements(1, years=6, seed=12))
_, ax = plt.subplots(figsize=(8, 3.5))
ax = plot_ratio_trends(ratios, ratios_shown=["current_ratio", "quick_ratio"], ax=ax)

# %%
columns = ["year", "receivable_turnover", "receivable_days", "profit_margin", "return_on_equity"]
ratios[columns].round(3)

# %% [markdown] tags=["fragment"]
# The first year has no turnover: it needs an average, and there is no balance before. 365 days over
# the turnover are the days that customers take to pay. Is that long? No ratio is good or bad by
# itself. Here are the ratios of one firm of two hundred, the farthest from its peers first:

# %%
from crmlab.credit import peer_percentiles

peers = peer_percentiles(financial_ratios(books)).query("organisation_id == 7 and year == 2023")
far = (peers["percentile"] - 0.5).abs().nlargest(4).index
peers.loc[far, ["ratio", "value", "median", "percentile"]].round(2)

# %% [markdown] tags=["fragment"]
# By itself its current ratio is comfortable. Beside its peers one sees why: the goods lie longer
# than elsewhere, and its business brings no cash. What is current about it stands on the shelves.
#
# *DuPont's tree* (杜邦分析) takes the return on equity apart. **Before you look:** which branch
# made it fall?

# %% tags=["subslide"] alt="DuPont tree of two years: margin, turnover and multiplier of one firm"
from crmlab.credit import dupont, plot_dupont

_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_dupont(dupont(simulate_statements(1, seed=12)).dropna(), ax=ax)

# %% [markdown] tags=["subslide"]
# ### One number from 1968
#
# Altman put five ratios into one *Z*, and drew two lines: below is distress, above is safe. Our
# firms borrow in 2023. How early does Z warn?

# %%
import numpy as np

from crmlab.credit import altman_z, simulate_loans, warning_by_year

firms = pd.DataFrame({"organisation_id": range(1, 3_001), "annual_sales_cny": 1e7})
firms["quality"] = np.random.default_rng(12).normal(size=3_000)
books = simulate_statements(firms, years=5, seed=12)
repaid = simulate_loans(firms, statements=books, seed=12).truth
repaid = repaid.rename(columns={"loan_id": "organisation_id"})
early = warning_by_year(altman_z(books), repaid)
early[early["year"] <= 2022].round(2)

# %% [markdown] tags=["fragment"]
# The last statement before the loan tells most, an older one less. And the lines of 1968 were drawn
# for 66 American manufacturers: use Z to rank, and draw your own line.

# %% [markdown] tags=["subslide"]
# ### Dressed windows
#
# A balance sheet is a picture of one day. Some firms tidy up for it: they pay debts off for a week,
# book sales that nobody has paid, and invent invoices. Three signs:
#
# * *closing*: the current ratio of the last day is better than the mean of the year;
# * *accruals* (应计项目): profit that is not cash;
# * *digits*: by Benford's law 30% of all amounts begin with a 1; invented ones do not.
#
# **Guess:** whom does the first sign accuse wrongly?

# %%
from crmlab.credit import alarm_table, dressing_signs, simulate_dressing

quarters, invoices, hidden = simulate_dressing(400, seed=12)
signs = dressing_signs(quarters, invoices)
alarm_table(signs, hidden)

# %% [markdown] tags=["fragment"]
# Honest firms with a season: after the New Year trade their shelves are empty and their debts paid,
# really. The column `false_seasonal` counts them. Two signs together find most dressers and accuse
# hardly anybody; none of them is a proof.
#
# How does the third sign see an invented invoice? Here are the first digits of 400 invoices of two firms.
# **Before you run it:** which of the two has invented some?

# %% tags=["subslide"]
from crmlab.credit import benford_p

first_digit = invoices["amount_cny"].map("{:e}".format).str[0].astype(int)
for firm in (3, 323):
    of_firm = invoices["organisation_id"] == firm
    high = (first_digit[of_firm] >= 5).mean()
    chance = benford_p(invoices.loc[of_firm, "amount_cny"])
    print(f"firm {firm}: {high:.0%} begin with 5 or more, chance of such digits {chance:.1g}")

# %%
hidden.loc[hidden["organisation_id"].isin([3, 323]), ["organisation_id", "dresses"]]

# %% [markdown] tags=["fragment"]
# By Benford's law three amounts in ten begin with 5 or more. Whoever invents amounts uses all digits
# alike, and comes to half. The chance is that of such digits in a firm that invents nothing; of
# hundreds of honest firms a few have a small one by luck, so the line lies at 0.001.

# %% [markdown] minutes=11 tags=["slide"]
# ## A scorecard
#
# Now let data give the weights. A thousand real loans of a South German bank, 1973 to 1975, of
# which 300 went bad (bad ones were sampled more often on purpose).

# %%
from crmlab.data import load

german = load("german_credit")
german[["checking", "duration_months", "purpose", "amount_dm", "defaults"]].head(3)

# %% [markdown] tags=["subslide"]
# Cut a column into *bins* (分箱). A bin that holds 40% of all goods and 20% of all bads speaks
# for a borrower: its *weight of evidence* (WoE, 证据权重) is ln(0.4 / 0.2).
#
# **Now you.** Write it: the logarithm, `np.log`, of share of goods over share of bads.


# %% tags=["solution"]
def woe(share_of_goods, share_of_bads):
    return np.log(share_of_goods / share_of_bads)  # you type this


check("12.f", woe(0.4, 0.2), np.log(2))

# %% [markdown]
# The *information value* (IV, 信息价值) of a column adds up (goods - bads) times WoE over its bins.
# **Before you drag:** at how many months would you draw the border between short and long loans?

# %%
from crmlab.credit import boundary_picture, explore_boundary

explore_boundary(german, column="duration_months")

# %% [markdown]
# On paper the slider cannot move. Here is one setting:

# %% tags=["subslide"] alt="Two bins: loans up to 18 months are safer, longer ones riskier"
boundary_picture(german, column="duration_months", cut=18)

# %% [markdown] tags=["fragment"]
# And with two borders of your own? `cut_table` gives a row for each bin, and their IVs add up.

# %%
from crmlab.credit import cut_table

by_hand = cut_table(german["duration_months"], german["defaults"], cuts=[12, 24])
print(f"Information value {by_hand['iv'].sum():.3f}")
by_hand[["bin", "goods", "bads", "woe", "iv"]].round(3)

# %% [markdown] tags=["subslide"]
# Three bins say more than two, and `OptimalBinner` finds the best: of all ways to join up to 30
# small bins to 10 or fewer it takes the one with the highest IV whose risk rises, falls, or turns
# once.

# %% tags=["subslide"] alt="Weights of evidence of the bins of duration: the longer the riskier"
from crmlab.credit import OptimalBinner, plot_woe

answers = german.drop(columns=["loan_id", "defaults"])
binner = OptimalBinner().fit(answers, german["defaults"])
table = binner.table()
_, ax = plt.subplots(figsize=(8, 3.5))
ax = plot_woe(table[table["column"] == "duration_months"], ax=ax)

# %%
binner.iv_.nlargest(4).round(2)

# %% [markdown] tags=["subslide"]
# The *checking account* tells most. **Before you look:** which of its four answers is safest?

# %% tags=["subslide"] alt="WoE of the checking account: no account is by far the safest answer"
_, ax = plt.subplots(figsize=(8, 3))
ax = plot_woe(table[table["column"] == "checking"], ax=ax)

# %% [markdown] tags=["fragment"]
# "No account" is the safest of all? Doubt it. Grömping (2019) went back to the source: the code
# table that came with the data is wrong in several columns. Look at your bins before you model:
# they speak when a file lies. (For the same reason nobody should read a borrower's sex from
# `status_sex`.)

# %% [markdown] tags=["subslide"]
# A logistic regression on the weights gives each column a coefficient, and a *scorecard* (评分卡)
# writes them as points that add up. 600 points are 50 goods for one bad; 20 points more double
# that.

# %%
from crmlab.credit import Scorecard

card = Scorecard().fit(answers, german["defaults"])
points = card.points_table()
points[points["column"] == "savings"][["bin", "goods", "bads", "woe", "points"]].round(1)

# %% [markdown] tags=["fragment"]
# Who is refused may ask why. The answer is a subtraction: which answers cost most, against the best
# answer to the same question?

# %%
card.reasons(answers.iloc[[1]], n=3).round(0)

# %% [markdown] tags=["subslide"]
# A card is judged on loans that it has not seen: five times, four fifths to fit and a fifth to
# test.

# %%
from sklearn.model_selection import cross_val_score

folds = cross_val_score(Scorecard(), answers, german["defaults"], cv=5, scoring="roc_auc")
print(f"AUC {folds.mean():.2f}, from {folds.min():.2f} to {folds.max():.2f} by fold")

# %% [markdown] tags=["fragment"]
# Does more machinery help? Back to our two thousand firms: four ways to use the same five grades,
# judged on the half they have not seen.

# %% tags=["subslide"]
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.tree import DecisionTreeClassifier

from crmlab.credit import compare_scores

grade = files[["character", "capacity", "capital", "collateral", "conditions"]]
seen, new = slice(0, 1_000), slice(1_000, None)
judges = {
    "scorecard": Scorecard(),
    "tree": DecisionTreeClassifier(max_depth=3, random_state=12),
    "boosting": HistGradientBoostingClassifier(random_state=12),
}
tried = scored.iloc[new][["defaults"]].assign(**{"5C, equal weights": scored["score"]})
for name, judge in judges.items():
    judge.fit(grade.iloc[seen], truth["defaults"].iloc[seen])
    tried[name] = -judge.predict_proba(grade.iloc[new])[:, 1]
rates = {"interest": 0.1, "loss_given_default": 0.5}
sides = compare_scores(tried, scores=tried.columns[1:], **rates)
sides[["score", "auc", "low", "high", "share_approved", "profit"]].round(2)

# %% [markdown] tags=["fragment"]
# (Profit in loans of 1, each at its own best stop.) The expert's equal weights are hard to beat
# here, for the grades already hold what matters; a small tree throws too much away, and boosting
# finds patterns that are none. That is a property of these data, not a law.
#
# Two scores may be equally good and yet say yes to different firms. The *swap set* (换入换出) counts
# who gets credit under one and not under the other, if both lend to eight of ten.

# %%
from crmlab.credit import swap_set

swaps = swap_set(tried, old="5C, equal weights", new="scorecard", share=0.8)
swaps = swaps.assign(defaults=swaps["applicants"] * swaps["default_rate"])
swaps.round(3)

# %% [markdown] tags=["fragment"]
# Few change places, and of those who do about as few default on either side: to the bank the scores
# are one, to these firms they are not.

# %% [markdown] minutes=6 tags=["slide"]
# ## Where to stop
#
# Eight thousand people ask for consumer credit over two years. The first year fits the card, the
# second tests it. Without a credit card, `card_use` is -1: no measurement, so it gets a bin of its
# own, and so do missing incomes.

# %%
from crmlab.credit import simulate_applicants

people, fate = simulate_applicants(8_000, seed=12)
asked = ["age_years", "late_payments", "income_cny", "debt_to_income", "card_use", "home", "job"]
first, second = people[people["month"] <= 12], people[people["month"] > 12]
card = Scorecard(special={"card_use": [-1]}).fit(first[asked], first["defaults"])
second = second.assign(
    points=card.score_points(second[asked]),
    chance=card.predict_proba(second[asked])[:, 1],
    late=-second["late_payments"],
)

# %% tags=["subslide"] alt="Goods lie right of bads on the scale of points, and they overlap widely"
from crmlab.credit import plot_score_distribution, score_distribution

_, ax = plt.subplots(figsize=(8, 3.5))
ax = plot_score_distribution(score_distribution(second), ax=ax)

# %% [markdown] tags=["fragment"]
# They overlap. Every cut-off refuses some goods and lends to some bads; the *ROC curve* shows all
# of them, and *KS* the largest distance.

# %% tags=["subslide"] alt="ROC: the scorecard lies above late payments alone, both above chance"
from crmlab.credit import plot_roc, roc_table

curves = {"scorecard": roc_table(second), "late payments alone": roc_table(second, score="late")}
_, ax = plt.subplots(figsize=(6, 4.5))
ax = plot_roc(curves, ax=ax)

# %% [markdown] tags=["subslide"]
# Are the *chances* true? A point above the line: more defaulted than forecast.

# %% tags=["subslide"] alt="Calibration: ten points near the diagonal, most intervals touch it"
from crmlab.credit import calibration_table, plot_calibration

_, ax = plt.subplots(figsize=(6, 4.5))
ax = plot_calibration(calibration_table(second), ax=ax)

# %% [markdown] tags=["subslide"]
# Now in money. A good loan earns 10%, a bad one loses 50%. Lending is worth it while
# (1 - p) × 0.10 > p × 0.50.

# %%
reveal("12.b", 0.10 / (0.10 + 0.50), form=".1%")

# %%
from crmlab.credit import lending_table

table = lending_table(second, **rates)
best = table[table["best"]].iloc[0]
print(
    f"Best stop: lend to {best['share_approved']:.0%}; {best['default_rate']:.1%} of them default."
)

# %% tags=["subslide"] alt="Profit rises up to the best stop, and falls as riskier people get loans"
from crmlab.credit import plot_lending

_, ax = plt.subplots(figsize=(8, 4))
ax = plot_lending(table, ax=ax)

# %% [markdown]
# Move the stop, the interest and the loss, and watch who gets credit. **Before you drag:** what
# happens to the best stop when interest doubles?

# %%
from crmlab.credit import explore_lending, lending_picture

explore_lending(second)

# %% [markdown]
# One setting, on paper:

# %% alt="Profit curve with best stop and 90%, beside rates of groups A and B"
lending_picture(second, share_approved=0.9, **rates)

# %% [markdown] tags=["fragment"]
# One stop for all is one way. The other is a *price* (定价): grades A to E, and interest that
# covers what each grade loses.

# %%
from crmlab.credit import credit_grades

priced = credit_grades(second["chance"], loss_given_default=0.5, funding=0.03, margin=0.01)
priced.groupby("grade").agg(people=("chance", "size"), price=("price", "first")).round(3)

# %% [markdown] tags=["notes"]
# Grade E pays so much that only who expects not to pay may accept: adverse selection. The price
# formula does not know it. Ask what a bank should do with E.

# %% [markdown] minutes=6 tags=["slide"]
# ## What the file does not show
#
# ### The refused
#
# The bank in this file has lent to half of those who asked. A refused applicant never defaults, and
# never repays: the file ends. The simulation does not.

# %%
file, hidden = simulate_applicants(8_000, approved=0.5, seed=12)
refused = ~file["approved"]
reveal("12.a", 1 - hidden.loc[refused, "defaults"].mean(), form=".0%")

# %% [markdown] tags=["subslide"]
# **Guess:** a card that is fitted on the approved alone, what default rate does it forecast for the
# refused? There are cures, called *reject inference* (拒绝推断): count approved loans like the
# refused more often (reweight), or let the refused join with a guess (fuzzy).

# %% tags=["subslide"]
from crmlab.credit import reject_bias, reject_inference

cures = reject_inference(file, columns=asked, special={"card_use": [-1]})
reject_bias(cures, hidden).round(3)

# %% [markdown] tags=["fragment"]
# All three are too kind. An officer has met these people, and refused some for what stands in no
# column. No cure finds in a file what the file does not hold; the one honest way is to lend to a
# few of the refused at random, and pay for the lesson.

# %% [markdown] tags=["subslide"]
# ### The next year
#
# A recession comes in month 19. The card does not know.

# %%
from crmlab.credit import calibration, stability

people, _ = simulate_applicants(8_000, recession=0.8, seed=12)
people["chance"] = card.predict_proba(people[asked])[:, 1]
calm, hard = people["month"].between(13, 18), people["month"] >= 19
for name, part in (("calm", calm), ("recession", hard)):
    found = calibration(people[part])
    ranked = auc(people[part].assign(safe=-people["chance"]), score="safe").auc
    print(f"{name}: forecast {found.forecast:.1%}, happened {found.happened:.1%}, AUC {ranked:.2f}")

# %% [markdown] tags=["fragment"]
# It ranks people nearly as well as before, and its chances are far too low. The *population
# stability index* (PSI, 群体稳定性指标) asks whether the applicants have changed. **Guess:** does
# it raise the alarm?

# %%
stability(people.loc[~hard, "chance"], people.loc[hard, "chance"]).round(4)

# %% [markdown] tags=["fragment"]
# No: the same people ask, and the world has changed around them. PSI is below the limit that chance
# alone would pass once in twenty times. That limit depends on how many there are; the rule of thumb
# of 0.1 does not. (Month by month, `stability_by_month` allows for looking often.)

# %% [markdown] minutes=6 tags=["slide"]
# ## Is it fair?
#
# Group B of our applicants defaults more often. The card never asked for the group. Does it treat
# both alike?

# %% tags=["subslide"] alt="Rates of groups A and B at the best stop, with their intervals"
from crmlab.credit import group_rates, plot_group_rates

lent = second.assign(approved=second["points"] >= best["cutoff"])
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_group_rates(group_rates(lent, chance="chance"), ax=ax)

# %% [markdown] tags=["subslide"]
# The last pair shows it: for B the chances are too low, for A too high. Let the card ask where
# people live, since B lives mostly in the north:

# %%
for extra in ([], ["district"], ["group"]):
    columns = asked + extra
    other = Scorecard(special={"card_use": [-1]}, min_iv=0).fit(first[columns], first["defaults"])
    points = other.score_points(second[columns])
    gap = points[second["group"] == "A"].mean() - points[second["group"] == "B"].mean()
    print(f"asked also {extra or 'nothing'}: A is {gap:.1f} points above B")

# %% [markdown] tags=["fragment"]
# Leaving the group out and its *proxy* (代理变量) in removes about half of the difference, and
# nobody sees it any more.
#
# So what would be fair: the same truth for both groups, or the same errors? Here is a score whose
# chances are *exactly* true in both. In A 10% default. Move B's rate. **Before you drag:** when are
# both kinds of error equal?

# %%
from crmlab.credit import explore_fairness, fairness_picture

explore_fairness()

# %% tags=["subslide"] alt="B defaults twice as often: more goods refused, fewer bads lent to"
fairness_picture(base_rate=0.2)

# %%
from crmlab.credit import fairness_conflict

fairness_conflict([0.05, 0.1, 0.2, 0.4]).round(2)

# %% [markdown] tags=["fragment"]
# Only when both default alike: along the table one error rises, and the other falls. With different base rates a true score refuses more of the good
# people in the riskier group, and to equalise that one must lie about chances or use two stops.
# No algorithm gets around it (Chouldechova 2017; Kleinberg and others 2017); somebody has to
# choose, and say so.

# %% [markdown] tags=["subslide"]
# ### What the law says
#
# * *China.* Personal Information Protection Law (个人信息保护法), Art. 24: automated decisions must
#   be transparent and their results fair, without unreasonable differences in price or terms; where
#   one weighs heavily, the person may ask for an explanation, and refuse a decision by machine
#   alone. Art. 55: assess the effects beforehand. Regulation on the credit reporting industry
#   (征信业管理条例), Art. 14: religion, genes, fingerprints, blood type and illness may not be
#   collected at all; income, savings, property and tax only with written consent, after a warning.
# * *European Union.* GDPR (2016/679), Art. 22: no decision by machine alone that weighs heavily, but
#   for listed exceptions, and then with the right to a person's review. The Court of Justice holds
#   that already the *score* is such a decision where the lender draws strongly on it (C-634/21,
#   SCHUFA, 2023). AI Act (2024/1689), Annex III, 5(b): credit scoring of natural persons is high
#   risk. Consumer Credit Directive (2023/2225): a right to explanation and human review.
#
# Both ask for reasons, and both let a person object. Neither says *which* equality is fair: that
# choice is still ours. (No legal advice. Laws change: look them up.)

# %% [markdown] minutes=4 tags=["slide"]
# ## Small sellers
#
# A marketplace lends to its sellers, who have no statements, only orders. (The course names a
# large Chinese one; ours is fictional and invents nothing about it.) A healthy seller's orders
# grow. So do the orders of those who buy from themselves: *fake orders* (刷单) by a ring of
# accounts.

# %%
from crmlab.credit import find_rings, seller_features, simulate_sellers

market = simulate_sellers(800, in_rings=0.2, seed=12)
rings = find_rings(market.orders)
in_ring = market.truth["ring"] > 0
caught = market.truth["seller_id"].isin(rings.sellers["seller_id"])
print(f"{len(market.orders):,} orders; {in_ring.sum()} sellers fake.")
print(f"Found: {caught[in_ring].sum()} of them, and {caught[~in_ring].sum()} honest ones.")

# %% [markdown] tags=["fragment"]
# Two strangers hardly ever buy at the same three sellers and nowhere else; accounts of a ring do
# nothing else.
#
# What do the fakes buy? A card is made in a year in which nobody knew of it. The year after, it is
# known that orders bring loans. The card forecasts how many of those who fake will default. **Before
# you run it:** how many times as many do? Type a number; 1 means that the card is right.

# %%
guess("12.g", ...)

# %% tags=["subslide"]
calm_year = simulate_sellers(800, in_rings=0, seed=11)
learned = seller_features(calm_year.orders).merge(calm_year.sellers)
inputs = learned.columns.drop(["seller_id", "defaults"])
seller_card = Scorecard().fit(learned[inputs], learned["defaults"])

told = market.sellers.assign(who=in_ring.map({True: "fakes", False: "honest"}))
for name, without in (("as it is", None), ("without rings", rings.buyers["buyer_id"])):
    features = seller_features(market.orders, without=without)
    told[name] = seller_card.predict_proba(features[inputs])[:, 1]
    print(f"{name}: AUC {auc(told.assign(points=-told[name])).auc:.2f}")

# %% tags=["fragment"]
belief = told.groupby("who")[["as it is", "without rings", "defaults"]].mean()
reveal("12.g", belief.loc["fakes", "defaults"] / belief.loc["fakes", "as it is"], form=".1f")
belief.round(3)

# %% [markdown] tags=["fragment"]
# To the card, those who fake look hardly worse than the honest; in truth they default more than
# twice as often as it says, and the loans follow the card. Whoever is paid by a score will feed it.
# With the rings' orders taken out, the same card is nearly right about them again: little was wrong
# with its weights, and much with what it was fed.

# %% [markdown]
# ## Your turn
#
# `exercises/12_credit.ipynb`, nine questions, some of them on applicants of your own (50 minutes).
# Or here and now:
#
# 1. Double `interest` in the lending table. Which applicants does the bank now want, and would you?
# 2. `score_quality(second)` gives the bootstrap interval of six measures of a score, and
#    `lift_table(second)` says how often each tenth of it defaults. Which of the two would you show
#    to a manager?
# 3. Invent forty invoices that look real, and ask `benford_p(pd.Series([…]))` whether it believes you.
# 4. `read_statements("yours.xlsx")` reads statements with English or Chinese line names;
#    `common_size` makes firms of unlike size comparable. What stands out?

# %% [markdown] tags=["slide"]
# ## What you saw
#
# * Expert schemes say why; a scorecard gives the weights; neither sees what is not in the file.
# * A statement is a picture of one day, and can be posed for.
# * A score is judged on people it has not seen: in order (AUC), in truth (calibration), in money.
# * The refused never tell. The truth and equal errors do not go together where groups differ.
#
# **Recall, without scrolling up:**
#
# 1. Which of the three schemes can refuse a file with perfect grades, and why?
# 2. What does a weight of evidence of 0 say?
# 3. Interest 10%, loss 50%: where does lending stop to be worth it, and why not at 50%?
# 4. A card ranks as well as before, and its forecasts are too low. What has happened?
# 5. Why does leaving out the group not make a score blind to it?
#
# **To carry away:** who, in your own organisation, is refused something and never counted?

# %% [markdown]
# Five more, which answer back. Choose with the mouse, or with Tab and the arrow keys.

# %%
from crmlab.classroom import quiz

quiz("12")

# %% [markdown]
# *Functions used:* `five_c`, `five_p`, `five_p_items`, `six_a`, `criteria_map`, `rater_agreement`,
# `weighted_kappa`, `cost_of_disagreement`, `statement_faults`, `ratio_guide`, `financial_ratios`, `peer_percentiles`,
# `dupont`, `altman_z`, `warning_by_year`, `dressing_signs`, `alarm_table`, `benford_p`,
# `cut_table`, `OptimalBinner`, `Scorecard`,
# `compare_scores`, `swap_set`, `auc`, `roc_table`, `score_distribution`, `calibration`, `calibration_table`, `stability`,
# `lending_table`, `credit_grades`, `reject_inference`, `reject_bias`, `group_rates`, `fairness_conflict`, `find_rings`,
# `seller_features`, their `plot_…`, `explore_boundary`, `explore_lending`, `explore_fairness`, and
# the simulators.
#
# *Sources:*
#
# * Altman, E. I. (1968). Financial ratios, discriminant analysis and the prediction of corporate
#   bankruptcy. Journal of Finance 23(4), 589-609. doi:10.1111/j.1540-6261.1968.tb00843.x
# * Chouldechova, A. (2017). Fair prediction with disparate impact. Big Data 5(2), 153-163.
#   doi:10.1089/big.2016.0047
# * DeLong, E. R., DeLong, D. M. and Clarke-Pearson, D. L. (1988). Comparing the areas under two or
#   more correlated receiver operating characteristic curves. Biometrics 44(3), 837-845.
#   doi:10.2307/2531595
# * Grömping, U. (2019). South German Credit Data: correcting a widely used data set. Report 4/2019,
#   Beuth University of Applied Sciences Berlin.
# * Hand, D. J. and Henley, W. E. (1993). Can reject inference ever work? IMA Journal of Mathematics
#   Applied in Business and Industry 5(1), 45-55. doi:10.1093/imaman/5.1.45
# * Hofmann, H. (1994). Statlog (German Credit Data). UCI Machine Learning Repository.
#   doi:10.24432/C5NC77
# * Kleinberg, J., Mullainathan, S. and Raghavan, M. (2017). Inherent trade-offs in the fair
#   determination of risk scores. ITCS 2017. doi:10.4230/LIPIcs.ITCS.2017.43
# * Siddiqi, N. (2006). Credit Risk Scorecards. Hoboken: Wiley.
# * Yurdakul, B. and Naranjo, J. (2020). Statistical properties of the population stability index.
#   Journal of Risk Model Validation 14(4), 89-100. doi:10.21314/JRMV.2020.227
