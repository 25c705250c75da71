# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # 11 · Exercises: are they satisfied, or only still here?
#
# *About 50 minutes. Needs chapter 11. Data: a survey of twelve branches that is yours alone, and five
# small worlds. Put your work in place of each `...`, run the cell, then run its check. `hint("11.1")`
# gives a hint, one more at each call.*

# %%
import pandas as pd

from crmlab.classroom import check, hint, load_mine, progress
from crmlab.loyalty import (
    choice_memory,
    loyalty_against_norm,
    loyalty_classes,
    net_promoter,
    response_weights,
    reward_penalty,
    satisfaction_drivers,
    shrunken,
    simulate_choices,
    simulate_loyalty,
    simulate_reactions,
    simulate_satisfaction,
    simulate_satisfaction_panel,
    switching_matrix,
    within_between,
)


# %% tags=["world"]
def world(seed):
    from crmlab.loyalty import simulate_recommendation

    return simulate_recommendation(
        1_800, branches=12, spread=0.2, answer=0.5, by_kind=1.5, seed=seed
    )


# %% [markdown]
# `mine` holds 1,800 customers of twelve branches who were asked whether they would recommend us; who
# did not answer has no score. `answered` holds those who did. Handed out by a teacher, they are yours
# alone.

# %%
mine = load_mine("11")
answered = mine[mine["answered"]]
mine.head(3)

# %% [markdown] points=1 minutes=2 objective="compute a net promoter score" hint=["Promoters say 9 or 10, detractors 0 to 6.", "Percent of promoters less percent of detractors."]
# **11.1** Of 120 customers 66 said 9 or 10, 30 said 7 or 8, and 24 said less. What is the net
# promoter score, in points? A number, as `points`.

# %% tags=["solution"]
points = 100 * (66 - 24) / 120

# %% wrong=["66 - 24", "100 * 66 / 120", "(66 - 24) / 120", "100 * (66 + 30 - 24) / 120"] message=["Those are customers. The score is in percent of all 120.", "Those are the promoters. Take off the detractors.", "That is a share. The score is in points, from -100 to 100.", "The passives, 7 and 8, count for nothing."]
check("11.1", points)

# %% [markdown] points=1 minutes=3 own=true objective="score a survey" hint=["`net_promoter(answered)` gives one row.", "Take `nps` with `.item()`, and divide by 100."]
# **11.2** What is the score of *your* customers who answered? As a share, so 0.25 for 25 points. Call it
# `raw`.

# %% tags=["solution"]
raw = net_promoter(answered)["nps"].item() / 100

# %% wrong=["answered['score'].mean() / 10", "net_promoter(answered)['promoters'].item()", "net_promoter(answered)['low'].item() / 100"] message=["That is the mean of the answers, over 10.", "That is the share of promoters.", "That is the lower end of the interval."]
check("11.2", raw)

# %% [markdown] points=2 minutes=5 own=true objective="correct silence that hangs on something known" hint=["Look at `mine.groupby('kind')['answered'].mean()`.", "`response_weights(mine, by='kind')` returns those who answered, with a weight.", "`net_promoter` takes `weight='weight'`."]
# **11.3** Regular customers answer more often than casual ones. What is the score when each `kind`
# counts as often as it was asked? As a share again, as `weighted`.

# %% tags=["solution"]
weighted = net_promoter(response_weights(mine, by="kind"), weight="weight")["nps"].item() / 100

# %% wrong=["raw", "net_promoter(answered, by='kind')['nps'].mean() / 100", "net_promoter(response_weights(mine, by='branch'), weight='weight')['nps'].item() / 100"] message=["That is without weights.", "That counts both kinds alike; there are more casual customers than regular ones.", "You weighed by branch. It is the kind that decides who answers."]
check("11.3", weighted)

# %% [markdown] points=2 minutes=6 own=true objective="take luck out of a ranking" hint=["`shrunken(net_promoter(answered, by='branch'))`.", "The winner is the row with the highest `nps`: `.loc[table['nps'].idxmax()]`.", "Which column says what share of an estimate is kept?"]
# **11.4** Rank *your* branches by the answers as they are, without weights. Which share of the winner's
# lead over the common mean is left once luck is taken out? As `left`.

# %% tags=["solution"]
table = shrunken(net_promoter(answered, by="branch"))
left = table.loc[table["nps"].idxmax(), "reliability"]

# %% wrong=["1 - left", "table.loc[table['nps'].idxmax(), 'shrunk'] / 100", "table.loc[table['nps'].idxmax(), 'shrunk'] / table['nps'].max()"] message=["That is the share that is luck.", "That is the score that is left, not the share of the lead.", "Of the lead over the *common mean*, not of the score: even a branch in the middle has a score."]
check("11.4", left)

# %% [markdown] points=2 minutes=5 objective="find the error in a colleague's drivers" hint=["A correlation is no effect: who is in a good mood rates everything high.", "`satisfaction_drivers(ratings)` has the weights.", "A rise of one point brings the weight of `delivery`, once."]
# **11.5 Find the error.** "Delivery has a correlation of 0.67 with the whole, so one point more for
# delivery brings two thirds of a point." By how much does the whole really rise? Mend it, as `rise`.

# %%
ratings, _ = simulate_satisfaction(
    300, weights={"product": 0.4, "delivery": 0.05, "price": 0.25, "staff": 0.3}, halo=0.6, seed=5
)
ratings.drop(columns="customer_id").corr()["overall"].round(2)

# %% tags=["solution"]
rise = satisfaction_drivers(ratings).set_index("driver").loc["delivery", "weight"]

# %% wrong=["ratings['delivery'].corr(ratings['overall'])", "ratings['delivery'].cov(ratings['overall']) / ratings['delivery'].var()", "satisfaction_drivers(ratings).set_index('driver').loc['product', 'weight']"] message=["That is the colleague's number, a correlation.", "That is the line through delivery alone: it credits delivery with what the others do.", "That is the weight of the product."]
check("11.5", rise)

# %% [markdown] points=1 minutes=4 objective="tell what delights from what only hurts" hint=["Better than expected is the `reward`, not the penalty.", "Which reward is the largest?"]
# **11.6** Customers of a café judged three parts. Money is there to make *one* of them better than
# people expect. Which one brings most? Its name in quotes, as `part`.

# %%
cafe, _ = simulate_reactions(
    2_000, reactions={"parking": (0.1, 1.5), "tea": (0.9, 0.1), "queue": (0.5, 0.8)}, seed=6
)
cafe_kinds = reward_penalty(cafe, drivers=["parking", "tea", "queue"])
cafe_kinds[["driver", "reward", "penalty", "kind"]].round(2)

# %% tags=["solution"]
part = cafe_kinds.loc[cafe_kinds["reward"].idxmax(), "driver"]

# %% wrong=["'parking'", "'queue'"] message=["Bad parking takes most, but good parking brings next to nothing.", "The queue moves both ways, and upwards less than another part."]
check("11.6", part)

# %% [markdown] points=2 minutes=5 objective="tell an effect within customers from one between them" hint=["`within_between(panel)` has four rows.", "Raising the satisfaction of a customer you have: is that within, or between?"]
# **11.7** A panel of 300 customers over six months. We raise the satisfaction of the customers *we have* by
# one point. How many yuan more do they spend in the month after? A number, as `yuan`.

# %%
panel, _ = simulate_satisfaction_panel(300, within=8.0, between=40.0, seed=4)

# %% tags=["solution"]
effects = within_between(panel).set_index("effect")["coefficient"]
yuan = effects["within"]

# %% wrong=["effects['pooled']", "effects['between']", "effects['difference']"] message=["Pooled mixes both: most of it is that the satisfied are other people.", "Between compares people with other people. We keep the ones we have.", "That is between less within."]
check("11.7", yuan)

# %% [markdown] points=2 minutes=5 objective="tell habit from taste, and open the truth" hint=["Repeating is not habit: who likes a brand repeats it.", "`choice_memory(choices)` returns an object; take its `memory`."]
# **11.8 Measure, then open the truth.** In this market 64% of purchases repeat the last brand. With what
# chance does a purchase repeat it *out of habit*? A share, as `habit`.

# %%
choices, sealed = simulate_choices(3_000, memory=0.2, seed=8)
switching_matrix(choices).query("from_brand == to_brand")[["from_brand", "share"]].round(2)

# %% tags=["solution"]
habit = choice_memory(choices).memory

# %% wrong=["choice_memory(choices).repeat_1", "choice_memory(choices).taste", "choice_memory(choices).repeat_1 - choice_memory(choices).repeat_2"] message=["That is how often the last brand is repeated, whatever the reason.", "That is what taste alone would repeat.", "Near, but it is the ratio of the switches that tells: other brand two later / one later - 1."]
check("11.8", habit)

# %% [markdown]
# Now break the seal: the tastes of the customers, and how sure the habit of 0.2 is in your interval.

# %%
found = choice_memory(choices)
print(f"Interval: {found.low:.2f} to {found.high:.2f}; planted: 0.20")
liked = sealed.drop(columns="customer_id").max(axis=1)
print(
    f"To half of the customers one brand is worth {liked.median():.0%} of their purchases or more."
)

# %% [markdown] points=2 minutes=5 objective="judge a brand for its share" hint=["`loyalty_against_norm(market, customers=4_000)`.", "Large brands have loyal buyers anyway. Look at `gap`, not at `purchases_per_buyer`.", "Whose `low` lies above 0?"]
# **11.9** One of these five brands is loved beyond its share. Which one? Its name in quotes, as `loved`.

# %%
market, _ = simulate_choices(4_000, devoted={"Dune": 0.07}, seed=9)
market["brand"] = market["brand"].map(
    {"Amber": "Iris", "Birch": "Jade", "Coral": "Kite", "Dune": "Lark", "Elm": "Moss"}
)

# %% tags=["solution"]
norms = loyalty_against_norm(market, customers=4_000)
loved = norms.loc[norms["low"] > 0, "brand"].item()

# %% wrong=["'Iris'", "'Kite'", "'Jade'", "'Moss'"] message=["Iris has the most purchases per buyer, and that is normal for the largest brand.", "Kite lies at its norm.", "Jade lies below its norm.", "Moss is small, and no better than its norm."]
check("11.9", loved)

# %% [markdown] points=4 minutes=9 objective="judge a claim about frequency and loyalty" rubric=["Says only that the claim is right, or wrong.", "Uses numbers of the table to say which frequent customers are attached and which are not.", "Also says what would tell in a real firm (a rival, a price test, a survey of those who left), and what to do for each class."] hint="Which class comes most often, and what does it feel?"
# **11.10 Judge.** "Our most frequent customers are our most loyal ones; give them the gold card." Below are
# 600 customers of such a shop. Three to six sentences in quotes, as `judgement`. Your teacher reads
# this one.

# %%
people, _ = simulate_loyalty(600, seed=10)
people["loyalty"] = loyalty_classes(people)["loyalty"]
columns = ["attitude", "purchases_here", "share_of_wallet"]
people.groupby("loyalty")[columns].mean().round(2).assign(
    customers=people["loyalty"].value_counts()
)

# %% tags=["solution"]
judgement = """Those who come most often here, 29 times a year, are the spurious ones: their attitude is
2.4 of 7, so they come by habit or for want of a choice. The truly loyal come 19 times and feel 5.5.
A card for frequency would go to people who leave when a rival opens. I would ask customers what they
feel, test a small rise of the price in some branches, and call some of those who left. For the true
ones: thanks; for the spurious: mend what they dislike before a rival does; for the latent: find out
what keeps them away, such as distance or opening hours."""

# %%
check("11.10", judgement)

# %%
progress()
