# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # 08 · Exercises: what do customers do, and which of them answer?
#
# *About 45 minutes. Needs chapter 08. Data: a printed tree, a catalogue, prospects, and a base that is
# yours alone, with groups nobody else has. Put your work in place of each `...`, run the cell, then
# run its check. `hint("08.1")` gives a hint, one more at each call.*

# %%
import numpy as np
import pandas as pd

from crmlab.behaviour import (
    BehaviourCycle,
    choose_list,
    cross_groups,
    group_index,
    group_interactions,
    group_profit,
    letter_answers,
    list_regret,
    mode_table,
    response_modes,
    simulate_catalogue,
    simulate_letters,
    simulate_prospects,
    tree_check,
)
from crmlab.classroom import check, hint, load_mine, progress


# %% tags=["world"]
def world(seed):
    from crmlab.behaviour import simulate_groups

    return simulate_groups(6_000, groups=8, odds_ratio=2.0, seed=seed)


# %% [markdown]
# `mine` holds 6,000 customers of your own: their profit, and who is in which of eight groups.

# %%
mine = load_mine("08")
mine.head(3)

# %% [markdown] points=1 minutes=3 objective="tell after from because of" hint=["Whoever buys without the letter would have bought anyway.", "One rate less the other."]
# **08.1** By lot, 2,000 customers got a letter and 2,000 did not. 500 of the first bought, and 380 of the
# second. For which share of the letters is the purchase caused by the letter? A share, as `caused`.

# %% tags=["solution"]
caused = 500 / 2_000 - 380 / 2_000

# %% wrong=["500 / 2_000", "120 / 500", "120 / 380"] message=["That counts who bought after the letter.", "That is the share of the buyers; the letters were 2,000.", "That is how much more was sold, not the share of the letters."]
check("08.1", caused)

# %% [markdown] points=1 minutes=4 objective="define a response mode" hint=["A rule maps a column to a value: {'department': 'home'}.", "`response_modes(responses, {...}, mailed=mailed)`, then `mode_table` or a sum."]
# **08.2** Of the 10,000 customers who got this catalogue, how many took a *blue lamp*? A number, as
# `takers`.

# %%
mailed, responses, _, _ = simulate_catalogue(10_000, seed=82)

# %% tags=["solution"]
rule = {"category": "lamp", "colour": "blue"}
takers = int(response_modes(responses, {"blue lamp": rule}, mailed=mailed)["blue lamp"].sum())

# %% wrong=["int((responses['category'] == 'lamp').sum())", "int(response_modes(responses, {'lamp': {'category': 'lamp'}})['lamp'].sum())", "int(response_modes(responses, {'blue': {'colour': 'blue'}, 'lamp': {'category': 'lamp'}})[['blue', 'lamp']].all(axis=1).sum())"] message=["Those are lamps of every colour, and items, not customers.", "Those took a lamp of any colour.", "Those took a lamp and something blue; it must be one item."]
check("08.2", takers)

# %% [markdown] points=2 minutes=5 own=true objective="compute lift" hint=["`cross_groups(mine, groups=[..., ...])` has one row.", "The column is `lift`."]
# **08.3** In *your* base: what is the lift of "used a coupon" and "came at night"? A number, as `lift`.

# %% tags=["solution"]
lift = cross_groups(mine, groups=["used a coupon", "came at night"])["lift"].iloc[0]

# %% wrong=["cross_groups(mine, groups=['used a coupon', 'came at night'])['jaccard'].iloc[0]", "mine['came at night'][mine['used a coupon']].mean()"] message=["That is the Jaccard index.", "That is the share of coupon users who came at night; divide it by the share of all."]
check("08.3", lift)

# %% [markdown] points=2 minutes=6 own=true objective="tell interaction from overlap" hint=["All groups of the frame must be in the model: `group_interactions(mine)`.", "Take the row of the pair; its `odds_ratio`, a number without a unit, 1 where nothing is left."]
# **08.4** The same pair, once all other groups of *your* base are known: what is its odds ratio? A
# number, as `left`. (1 says that one group does not lead to the other.)

# %% tags=["solution"]
every = group_interactions(mine).set_index(["group_a", "group_b"])
left = every.loc[("used a coupon", "came at night"), "odds_ratio"]

# %% wrong=["group_interactions(mine, groups=['used a coupon', 'came at night'])['odds_ratio'].iloc[0]", "every.loc[('used a coupon', 'came at night'), 'log_odds']"] message=["That knows of no other group, so it is overlap again.", "That is the logarithm, which is 0 where nothing is left; the odds ratio was asked for."]
check("08.4", left)

# %% [markdown] points=2 minutes=6 own=true objective="read profit of two groups" hint=["`group_profit(mine, …, …, profit='profit_cny')`.", "The row `interaction` of `mean_profit`: yuan a customer, with its sign."]
# **08.5 Count, then open the truth.** In *your* base: what do those in both "bought new styles" and "bought
# under 50 yuan" bring beyond the sum of what either group adds? Yuan a customer, below 0 if they bring
# less, as `beyond`.

# %% tags=["solution"]
parts = group_profit(mine, "bought new styles", "bought under 50 yuan", profit="profit_cny")
beyond = parts.set_index("part").loc["interaction", "mean_profit"]

# %% wrong=["parts.set_index('part').loc['both', 'mean_profit']", "parts.set_index('part').loc['both', 'mean_profit'] - parts.set_index('part').loc['only a', 'mean_profit'] - parts.set_index('part').loc['only b', 'mean_profit']"] message=["That is what those in both bring.", "What everybody brings was taken off twice; add `neither` once."]
check("08.5", beyond)

# %% [markdown]
# The truth of your base: -25 yuan. Whatever you found beyond that is luck.

# %% [markdown] points=2 minutes=6 objective="find the error in a printed tree" hint=["`tree_check(slide)` tells what cannot be true.", "The parent must be 0.6 times one rate and 0.4 times the other."]
# **08.6 Find the error.** A slide says that 10% of all customers answer: of the 60% who visit seldom 5%, of
# the 40% who visit often 22%. The rates *below* are right. Which rate should the box above have? A
# share, as `above`.

# %%
slide = pd.DataFrame(
    {
        "box": ["all", "seldom", "often"],
        "parent": ["", "all", "all"],
        "condition": ["", "visits < 5", "visits >= 5"],
        "users": [0.10, 0.05, 0.22],
        "others": [0.90, 0.95, 0.78],
        "share": [1.0, 0.6, 0.4],
    }
)
tree_check(slide)["says"].tolist()

# %% tags=["solution"]
above = 0.6 * 0.05 + 0.4 * 0.22

# %% wrong=["(0.05 + 0.22) / 2", "0.05 + 0.22", "0.10"] message=["The two boxes are not of one size; weight them.", "Rates of two boxes do not add up.", "That is what the slide says."]
check("08.6", above)

# %% [markdown] points=2 minutes=7 objective="choose by expected profit" hint=["`choose_list(sealed, cost=8, by='chance', size=…)` and `list_regret`.", "The best list first: how many does it ask?", "Then a list by chance of the same length, and its `regret`."]
# **08.7** Here the true chances and values of 5,000 prospects are known. Asking one costs 8. The best list
# asks everybody who brings more than that. What share of its profit is lost by a list of the *same
# length*, chosen by chance? A share, as `lost`.

# %%
_, sealed = simulate_prospects(5_000, seed=87)

# %% tags=["solution"]
best = choose_list(sealed, cost=8)
likely = choose_list(sealed, cost=8, by="chance", size=int(best["chosen"].sum()))
lost = list_regret(likely, sealed, cost=8).regret

# %% wrong=["1 - lost", "list_regret(choose_list(sealed, cost=8, by='value', size=int(best['chosen'].sum())), sealed, cost=8).regret", "list_regret(best, sealed, cost=8).regret"] message=["That is the share that is kept.", "That is the list by value.", "That is the best list itself; nothing is lost."]
check("08.7", lost)

# %% [markdown] points=4 minutes=8 objective="judge a loop that reports progress" rubric=["Says which loop to keep, without a number.", "Uses a number that was measured at random, and says why the reported share cannot tell.", "Also says what the lot costs, or how one would know without the truth."] hint="Compare the last rows: what is followed by a purchase, and what the lot measured."
# **08.8 Judge.** Two loops have run for five rounds on the same customers. The first reports more purchases
# after its letters. Which one should the firm keep? Three to six sentences in quotes, as `judgement`.
# Your teacher reads this one.

# %%
people, truth = simulate_letters(10_000, seed=88)
market = np.random.default_rng(88)
for share in (0.0, 0.1):
    loop = BehaviourCycle(random_share=share, seed=88)
    loop.run(
        people,
        lambda number, got: letter_answers(truth, got, seed=market),
        columns=["visits", "interest"],
        rounds=5,
    )
    print(f"random share {share:.0%}:")
    print(loop.rounds_[["round", "reported", "measured", "low", "high"]].round(2))

# %% tags=["solution"]
judgement = """Keep the second, though it reports fewer purchases after its letters. The reported share
counts everybody who bought after a letter, also those who would have bought anyway, and the first loop
has learned to write to just those. In the second, customers drawn at random show what the letter adds: in
the last rounds it is more than in the first, and the interval is above zero. The lot costs 500 letters a
round that go to anybody, and as many customers who are left out. Without it the firm would not know."""

# %%
check("08.8", judgement)

# %%
progress()
