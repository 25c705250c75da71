# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["slide"]
# # 11 · Are they satisfied, or only still here?
#
# A customer comes every week. Because she likes us? Because we are next door? Or because the other
# shop has no parking? Her purchases look the same in all three cases, until a rival opens.
#
# **Before you run anything, write down your guess:**
#
# 1. You ask 100 customers whether they would recommend you. 50 are delighted, 30 are content, 20
#    are not. The score is 50 − 20 = 30 points. How many points to *either side* may the score of
#    all your customers lie?
# 2. The fifth of Hehua's customers who buy most often came 24 times in two years, the fifth at the
#    other end once. Which share of all that the frequent ones spend on such goods goes to Hehua?
#
# You will be able to
#
# * give a score of satisfaction with its doubt, and say what a ranking is worth (13 minutes);
# * find what satisfies, and what only hurts when it is missing (11 minutes);
# * tell whether satisfaction moves money, or only goes with it (5 minutes);
# * tell loyal customers from frequent ones, and habit from taste (12 minutes);
# * judge a brand for its share, a price, and a points programme (9 minutes).
#
# *Needs chapters 06 and 10. Data: Hehua (fictional), and simulated customers whose truth is opened
# on the way.*

# %%
from crmlab.classroom import check, guess, reveal

guess("11.a", ...)

# %%
guess("11.b", ...)

# %% [markdown] minutes=9 tags=["slide"]
# ## One number
#
# "How likely is it that you would recommend us, from 0 to 10?" Who says 9 or 10 is a *promoter*
# (推荐者), who says 0 to 6 a *detractor* (贬损者). The *net promoter score* (NPS, 净推荐值) is the
# percent of the first less the percent of the second. Reichheld (2003) called it "the one number
# you need to grow".
#
# **Now you.** Write the function: the two counts and all answers go in, points come out.


# %% tags=["solution"]
def score_of(promoters, detractors, answers):
    return 100 * (promoters - detractors) / answers  # you type this


check("11.c", score_of(50, 20, 100), 30.0)

# %% [markdown]
# `net_promoter` does the same with the answers themselves, and adds an interval.

# %%
import pandas as pd

from crmlab.loyalty import net_promoter

hundred = pd.DataFrame({"score": [10] * 50 + [8] * 30 + [3] * 20})
row = net_promoter(hundred)
row[["customers", "nps", "low", "high"]].round(1)

# %%
reveal("11.a", round((row["high"] - row["low"]).item() / 2))

# %% [markdown] tags=["fragment"]
# Fifteen points to either side! With four times the answers it is half of that. A score of 30 this
# year and 38 last year, from 100 answers each, says nothing at all.
#
# Hehua asks for stars, one to five, after a purchase. **Before you run it:** what is its NPS?

# %%
from crmlab.company import load_company
from crmlab.errors import AmbiguousError

hehua, _ = load_company()
try:
    net_promoter(hehua.ratings, score="service")
except AmbiguousError as refusal:
    print(refusal)

# %% [markdown]
# It has none, and no formula makes one: on five stars nobody *can* say 9. For stars there is the
# mean, and the share of the two top answers (*CSAT*, 客户满意度).

# %%
from crmlab.loyalty import csat

csat(hehua.ratings, score="service").round(2)

# %% [markdown] tags=["subslide"]
# ### The best branch of the year
#
# A firm with twenty branches asks 100 customers in each, ranks them, and gives the best one a
# prize. Ours is simulated, so the true scores are known.
#
# **Before you look:** the first and the last in this ranking differ by 41 points. Do their true
# scores differ by more than that, or by less?

# %%
from crmlab.loyalty import shrunken, simulate_recommendation

asked, sealed = simulate_recommendation(2_000, spread=0.12, seed=11)
ranking = shrunken(net_promoter(asked, by="branch"))
ranking["truth"] = sealed["nps"]
ranking["true_rank"] = ranking["truth"].rank(ascending=False).astype(int)

# %%
order = ranking.sort_values("rank")
columns = ["branch", "nps", "low", "high", "rank", "truth", "true_rank"]
pd.concat([order.head(3), order.tail(2)])[columns].round(0)

# %% [markdown] tags=["fragment"]
# By less: 25 points. The winner is fifth in truth. To come first of twenty one must be good *and*
# lucky, and next year the luck is gone (chapter 09 met the same in its gold customers).
#
# The cure is old: draw each score towards the mean of all, by as much as it owes to luck. That is
# *shrinkage* (收缩). And how much is luck? The scores tell it themselves. Luck alone would scatter
# them by their standard error:

# %%
luck, scatter = ranking["standard_error"].mean(), ranking["nps"].std()
real = ranking["between"].iloc[0]
print(f"Luck {luck:.1f} points, scatter {scatter:.1f}; so branches differ by about {real:.1f}")
print(f"In truth they differ by {ranking['truth'].std():.1f}")

# %% tags=["subslide"] alt="Twenty branches: the shrunken scores lie nearer the mean and the truth"
import matplotlib.pyplot as plt

from crmlab.loyalty import plot_ranking

_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_ranking(ranking, ax=ax)

# %%
for name in ("nps", "shrunk"):
    miss = ((ranking[name] - ranking["truth"]) ** 2).mean() ** 0.5
    print(f"{name} misses the truth by {miss:.1f} points")
order[["branch", "nps", "shrunk", "expected_rank"]].head(3).round(1)

# %% [markdown] tags=["fragment"]
# The shrunken scores are nearer the truth, and the *expected rank* of the winner is not 1. Move the
# answers per branch, and by how much branches really differ. **Before you drag:** how many answers
# per branch until the order can be trusted?

# %%
from crmlab.loyalty import explore_ranking

explore_ranking()

# %% tags=["subslide"] alt="1,500 answers each: short intervals; at the top branches still change places"
many, known = simulate_recommendation(12 * 1_500, branches=12, spread=0.12, seed=11)
best = shrunken(net_promoter(many, by="branch")).assign(truth=known["nps"])
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_ranking(best, ax=ax)

# %%
best["true_rank"] = best["truth"].rank(ascending=False).astype(int)
best.sort_values("rank")[["branch", "nps", "truth", "true_rank", "reliability"]].head(3).round(2)

# %% [markdown] tags=["fragment"]
# With 1,500 answers each nearly all of a lead is kept (`reliability`), and the last three are the
# last in truth too. But the winner is only third, for the best lie within a few points of each other.
# (Three truths lie outside their intervals here; over many such worlds it is one in twenty.) Who has
# 100 answers per branch should give no prize.

# %% [markdown] minutes=4 tags=["slide"]
# ## Who keeps silent
#
# About a third of the customers answer. Here are two worlds with the *same* feelings. In one the
# regular customers answer more often than the casual ones; in the other the happy ones answer more
# often. In both the true score is 31.

# %%
common = {"branches": 10, "spread": 0.0, "answer": 0.3, "seed": 11}
by_kind, _ = simulate_recommendation(10_000, by_kind=2.0, **common)
by_heart, truth = simulate_recommendation(10_000, by_feeling=0.7, **common)

# %% [markdown]
# We know of everybody who was asked whether they are regular or casual. Few casual ones answered,
# so each of them must count for more: a *weight* (权重). **Before you run it:** in which of the two
# worlds does that help?

# %% tags=["subslide"]
from crmlab.loyalty import response_weights

rows = []
for world, people in {"regulars answer": by_kind, "the happy answer": by_heart}.items():
    raw = net_promoter(people[people["answered"]])
    weighed = net_promoter(response_weights(people, by="kind"), weight="weight")
    rows.append([world, raw["nps"].item(), weighed["nps"].item(), truth["nps"].mean()])
pd.DataFrame(rows, columns=["world", "raw", "weighted", "truth"]).round(0)

# %% [markdown] tags=["fragment"]
# In the first. In the second every kind is too happy, and nothing in the answers shows it: the
# interval is narrow, and 26 points off. Only those who did not answer could tell. So ask a few of
# them again, by telephone.

# %% [markdown] minutes=7 tags=["slide"]
# ## What satisfies?
#
# Four hundred customers rated five parts of a service from 1 to 9, and the whole on a slider. The
# usual report sorts the parts by their correlation with the whole.

# %% tags=["subslide"] alt="Correlations all lie near 0.7; the weights reach from 0.1 to 0.35"
from crmlab.loyalty import plot_satisfaction_drivers, satisfaction_drivers, simulate_satisfaction

answers, secret = simulate_satisfaction(400, seed=11)
weights = satisfaction_drivers(answers)
known = weights["driver"].map(secret.set_index("driver")["weight"])
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_satisfaction_drivers(weights.assign(truth=known), ax=ax)

# %%
weights[["driver", "weight", "low", "high", "correlation"]].round(2)

# %% [markdown] tags=["fragment"]
# By correlation everything matters, since who is in a good mood rates everything higher. A
# regression asks: with all others the same, by how much does the whole rise for one point more?
# These weights hit the planted truth, the crosses.
#
# **Now you.** After-sales service (售后服务) rises by two points, and nothing else does. By how
# much does the whole rise? Look up the weight in the table and type the product.

# %% tags=["solution"]
rise = 2 * weights.set_index("driver").loc["after-sales", "weight"]  # you type this
check("11.d", rise, 0.1924)

# %% [markdown] tags=["subslide"]
# Now improve what you like. **Before you drag:** all five by one point. Can the orange bar of
# "together" be right?

# %%
from crmlab.loyalty import drivers_picture, explore_drivers

explore_drivers(answers)

# %% alt="All drivers up by a point: one point by the weights, over three by each alone"
drivers_picture(answers, moves=dict.fromkeys(weights["driver"], 1.0))

# %% [markdown] tags=["fragment"]
# It cannot. A scale of ten has no three points to give for one; each driver alone claims what all
# of them do together.
#
# ### Whose part is it?
#
# Regression says what a change would do. Another question: how much of the *differences* between
# customers goes with each driver? *Shapley's* rule shares R² fairly: what a driver adds, averaged
# over all orders in which one could add them.

# %% tags=["subslide"]
from crmlab.loyalty import driver_importance

parts = driver_importance(answers, seed=11)
parts[["driver", "share", "share_low", "share_high", "vif"]].round(2)

# %% [markdown] tags=["fragment"]
# Delivery weighs one and a half times as much as price, and has the same part: parts follow the
# company a driver keeps. Read them as description, and decide by weights. When drivers say nearly
# the same (*vif* above 5), the function warns, and no method can tell them apart.
#
# ### What to mend first
#
# Suppose the staff had a bad year. A weight says what matters, a mean says how good it is. The
# *importance-performance map* (重要性—绩效分析) shows both. In brackets: how often a driver stays
# in its field when the customers are drawn again.

# %% tags=["subslide"] alt="Staff alone lies at upper left: it matters and is not good"
from crmlab.loyalty import importance_performance, plot_importance_performance

bad_year = answers.assign(staff=(answers["staff"] - 2).clip(lower=1))
fields = importance_performance(bad_year, seed=11)
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_importance_performance(fields, ax=ax)

# %%
fields[["driver", "performance", "importance", "field", "certainty"]].round(2)

# %% [markdown] minutes=4 tags=["slide"]
# ## Good news and bad news
#
# One weight per driver says: a good gift does as much as a bad gift undoes. Customers here say
# whether each part was better or worse than expected. **Before you run it:** what does delivery on
# the day *bring*, and what does a late one *take*?

# %%
from crmlab.loyalty import reward_penalty, simulate_reactions

reactions, secret = simulate_reactions(2_000, seed=11)
kinds = reward_penalty(reactions, drivers=["staff", "delivery", "gift", "leaflet"])
kinds[["driver", "reward", "penalty", "kind"]].round(2)

# %% [markdown] tags=["fragment"]
# Delivery is *basic* (基本型): on time is nothing, late is 1.5 points. The gift is *exciting*
# (魅力型). More money for delivery that is on time already buys nothing. The kinds are Kano's
# (1984), the truth behind them is this:

# %%
secret

# %% [markdown] tags=["fragment"]
# Stars have an order but no distance: from 1 to 2 may be further than from 4 to 5. The *ordered
# logit* (有序逻辑回归) needs only the order, and finds the same numbers, as log odds.

# %%
from crmlab.loyalty import OrderedLogit

stars = OrderedLogit(["delivery_high", "delivery_low", "gift_high", "gift_low"]).fit(reactions)
stars.summary().round(2)

# %% [markdown] minutes=5 tags=["slide"]
# ## Does satisfaction bring money?
#
# "Satisfied customers spend 29 yuan more for each point." True in this panel of 500 customers, who
# were asked six times, with what they spent in the month after. So let us raise satisfaction!

# %%
from crmlab.loyalty import simulate_satisfaction_panel, within_between

first, _ = simulate_satisfaction_panel(500, between=60, seed=11)
second, _ = simulate_satisfaction_panel(500, within=20, seed=11)

# %% [markdown]
# Two things can stand behind such a number. A customer may spend more *when* more satisfied:
# *within* a person. Or the satisfied may be *other people*, with more money: *between* persons.
# Compare each month with the customer's own mean, and the persons are out.
#
# **Now you.** In place of the dots: the satisfaction of each row less the mean of its customer,
# `usual`.


# %% tags=["solution"]
def against_own_mean(satisfaction, customer):
    usual = satisfaction.groupby(customer).transform("mean")
    return satisfaction - usual  # you type this


ann_and_bob = pd.Series([6, 8, 3]), pd.Series(["Ann", "Ann", "Bob"])
check("11.e", against_own_mean(*ann_and_bob), pd.Series([-1, 1, 0]))

# %% [markdown]
# **Before you run it:** here are two firms. In which one is raising satisfaction worth money?

# %% tags=["subslide"]
both = pd.concat({"firm 1": within_between(first), "firm 2": within_between(second)})
both.droplevel(1)[["effect", "coefficient", "low", "high"]].round(1)

# %% [markdown] tags=["fragment"]
# In the second, though its pooled number is the smaller one. In firm 1 a better month brings
# nothing: the interval holds 0. The satisfied there are merely richer. One survey at one time,
# which is what most firms have, can never tell the two firms apart (Mundlak, 1978).

# %% [markdown] minutes=6 tags=["slide"]
# ## Loyal, or only here?
#
# "Frequent buyers are the most satisfied and loyal", says the field. Hehua asked its customers what
# they spend a year on such goods *anywhere*. Ours over all is the *loyalty index* (忠诚度指数), or
# share of wallet (客户占有率).

# %%
from crmlab.loyalty import wallet

purse = wallet(hehua.people, hehua.purchases)
bought = purse["customer_id"].map(hehua.purchases["customer_id"].value_counts()).fillna(0)
fifths = pd.qcut(bought.rank(method="first"), 5, labels=["rarest", "2", "3", "4", "most often"])
fifths = fifths.rename("they come")
table = purse.assign(purchases=bought).groupby(fifths, observed=True)
shares = table[["purchases", "spend_per_year", "total_per_year", "loyalty_index"]].mean()
shares.round(2)

# %%
reveal("11.b", shares.loc["most often", "loyalty_index"], form=".0%")

# %% [markdown] tags=["fragment"]
# Half, as with everybody else. They come often because they need much, and buy as much elsewhere.
#
# ### Heart and deed
#
# Dick and Basu (1994) ask for both: what customers *feel* and what they *do*. Feeling without deed
# is *latent* loyalty, deed without feeling is *spurious* (虚假忠诚): habit, nearness, no choice.

# %%
from crmlab.loyalty import loyalty_classes, simulate_loyalty

people, secret = simulate_loyalty(2_000, seed=11)
people["loyalty"] = loyalty_classes(people)["loyalty"]
print(f"As in truth: {(people['loyalty'] == secret['loyalty']).mean():.0%}")

# %% [markdown]
# Then a rival opens next door. **Before you run it:** which class loses most of its customers?

# %% tags=["subslide"]
columns = ["attitude", "purchases_here", "share_of_wallet", "stayed"]
people.groupby("loyalty")[columns].mean().round(2)

# %%
often = people.nlargest(400, "purchases_here")
print(f"The fifth who come most often: attitude {often['attitude'].mean():.1f} of 7,")
print(f"{often['stayed'].mean():.0%} stay; of all customers {people['stayed'].mean():.0%} stay")

# %% [markdown] tags=["fragment"]
# Here the most frequent are the *least* attached, and the first to go. So "frequent is loyal" is a
# hypothesis, true in some firms. "Satisfied is loyal" fares no better: the latent ones adore us and
# buy elsewhere. Measure both, and wait for the rival, or make one: a price test.

# %% [markdown] minutes=6 tags=["slide"]
# ## Habit or taste?
#
# Customers choose among five brands. Of those who bought Amber last, how many buy Amber next?

# %% tags=["subslide"] alt="Heat map: on the diagonal 46 to 61 percent, far above the shares"
from crmlab.loyalty import plot_switching, simulate_choices, switching_matrix

choices, _ = simulate_choices(3_000, seed=11)
chain = switching_matrix(choices)
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_switching(chain, ax=ax)

# %%
from crmlab.loyalty import steady_state

stay = chain.query("from_brand == to_brand").set_index("from_brand")["share"]
steady_state(chain).assign(stays=stay.to_numpy()).round(2)

# %% [markdown] tags=["fragment"]
# The *Markov chain* (马尔可夫链) says: of all purchases 34% are Amber's, but after an Amber 61%
# are. So give somebody an Amber for free, and the next purchase is Amber with 61%, not 34?
#
# Only if buying it *made* them loyal: a habit. If they bought it because they like it, they liked
# it before, and a free one changes nobody. Can a list of purchases tell the two apart?
#
# It can: taste lasts, and habit fades. If all is taste, another brand is as likely two purchases
# later as one. If a purchase repeats the last one out of habit with a chance m, then
#
# > another brand two later / another brand one later = 1 + m
#
# **Now you.** Solve it for m.


# %% tags=["solution"]
def habit(other_two_later, other_one_later):
    return other_two_later / other_one_later - 1  # you type this


check("11.f", habit(0.40, 0.32), 0.25)

# %% [markdown] tags=["subslide"]
# `choice_memory` does that with purchases in threes, and adds an interval. Beside our world, one
# where 30% of purchases are habit:

# %%
from crmlab.loyalty import choice_memory

with_habit, _ = simulate_choices(3_000, memory=0.3, seed=11)
rows = {name: vars(choice_memory(log)) for name, log in [("A", choices), ("B", with_habit)]}
pd.DataFrame(rows).T[["memory", "low", "high", "repeat_1", "repeat_2"]].round(2)

# %% [markdown] tags=["fragment"]
# World A repeats 54% of its purchases, and none of it is habit. Its customers are *unlike*
# (异质性); a chain takes them all for one customer, and calls their tastes loyalty to the last
# purchase. Free samples are wasted in A and work in B. In truth A has m = 0, and B has m = 0.3.

# %% [markdown] minutes=4 tags=["slide"]
# ## Loyal for its share
#
# Hehua's skin care has five brands. Brand C's buyers take it 3.3 times, the others' about twice.
# "They love C!" But a *large* brand has more buyers **and** they buy it more often, everywhere:
# *double jeopardy* (双重危险) for the small ones. The *NBD-Dirichlet* says what is normal for a
# share, if customers merely have unlike tastes.

# %% tags=["subslide"] alt="Brand C lies far right and up, on the dashed line like the others"
from crmlab.loyalty import loyalty_against_norm, plot_double_jeopardy

lines = hehua.lines.merge(hehua.products, on="product_id")
lines = lines.merge(hehua.purchases[["purchase_id", "customer_id"]], on="purchase_id")
skin = loyalty_against_norm(lines[lines["category"] == "skin care"], customers=1_000)
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_double_jeopardy(skin, ax=ax)

# %%
columns = ["brand", "share", "penetration", "purchases_per_buyer", "norm", "gap", "low", "high"]
skin[columns].round(2)

# %% [markdown] tags=["fragment"]
# C's buyers are as loyal as its share makes them. (B lies a little above its norm. Of five
# intervals of 95%, one misses by luck in nearly one firm of four.) What would a loved brand look
# like? Here 6% of customers buy Elm and nothing else. **Before you run it:** will Elm have the
# highest purchases per buyer?

# %%
devoted, _ = simulate_choices(4_000, devoted={"Elm": 0.06}, seed=11)
loyalty_against_norm(devoted, customers=4_000)[columns].round(2)

# %% [markdown] tags=["fragment"]
# Just so, level with Amber, which has twice its share. What shows is the gap: half a purchase above
# its norm. (One odd brand bends the norm of all: Amber and Coral now lie a little below theirs.)

# %% [markdown] minutes=5 tags=["slide"]
# ## A price, and a programme
#
# Loyalty has a price: by how much may we raise ours before they go? A *choice model* (选择模型)
# reads it from purchases with the prices of all brands. `last` is 1 for the brand bought last time.

# %%
from crmlab.loyalty import ChoiceModel, simulate_priced_choices

shelf, _ = simulate_priced_choices(500, habit=0.8, seed=11)
model = ChoiceModel(["price_cny", "last"]).fit(shelf)
model.summary().round(2)

# %%
elastic = model.elasticities(shelf)
elastic.pivot(index="brand", columns="price_of", values="elasticity").round(2)

# %% [markdown] tags=["fragment"]
# One percent more for Amber costs it 1.5% of its sales (the diagonal), and the others gain. How sure
# is that?

# %%
own = elastic[elastic["brand"] == elastic["price_of"]]
own[["brand", "elasticity", "low", "high"]].round(2)

# %% [markdown] tags=["fragment"]
# The planted numbers are −0.4 for a yuan and 0.8 for habit, and the model's intervals hold both. And in a world where customers differ and
# *nobody* has a habit?

# %%
unlike, _ = simulate_priced_choices(500, spread=1.5, seed=11)
ChoiceModel(["price_cny", "last"]).fit(unlike).summary().head(2).round(2)

# %% [markdown] tags=["fragment"]
# It finds a habit all the same, and thinks people care less for prices than they do: the error of
# the chain once more. Ask `choice_memory` first.
#
# ### Points
#
# A points programme (积分计划) was offered to half of 20,000 customers *at random*. **Before you
# run it:** in the half-year after, members spent 127 yuan more than the others. How much of that
# did the programme bring?

# %% tags=["subslide"]
from crmlab.loyalty import programme_effect, simulate_points

trial, secret = simulate_points(20_000, lift=0.05, seed=11)
programme_effect(trial, margin=0.30, point_cny=0.02).round(2)

# %%
joined = secret.loc[secret["would_join"], "gain_cny"]
print(f"The truth: {joined.mean():.1f} yuan per member")

# %% [markdown] tags=["fragment"]
# An eighth of it. Big spenders join, and they were big before. The lottery compares all invited
# with all others, and divides the difference by the share who joined; its interval holds the truth.
# The profit per invited may be a loss or a gain, though 30% of the points are never used
# (*breakage*, 积分沉淀). How points enter the books is a question for chapter 14.

# %% [markdown]
# ## Your turn
#
# Exercise 11 has branches of your own, a colleague's drivers with a mistake, and a brand that may
# be loved: `exercises/11_loyalty.ipynb`.

# %% [markdown] tags=["slide"]
# ## What you saw
#
# * A score of 100 answers is good to 15 points; a ranking of branches is half luck, and shrinking
#   helps. Silence that hangs on something known can be corrected, and other silence cannot be seen.
# * Correlations credit every driver with everybody's work; weights do not. Some parts only hurt.
#   Whether satisfaction moves money shows within a person, not between persons.
# * Frequent is not loyal, repeated is not habit, and large brands have loyal buyers without being
#   loved. Each has a number that tells, and each claim a world in which it is false.
#
# **Recall, without scrolling up:**
#
# 1. Why is a small branch pulled nearer to the mean than a large one?
# 2. Why does a correlation credit a driver with the work of the others?
# 3. What else than habit makes a customer choose the same brand again?
# 4. Why are all who were invited compared with all others, and not the members with the rest?
#
# **To carry away:** which of your customers would stay if a rival opened next door, and what do you
# know that would tell you?

# %% [markdown]
# Five more, which answer back. Choose with the mouse, or with Tab and the arrow keys.

# %%
from crmlab.classroom import quiz

quiz("11")

# %% [markdown]
# **Functions:** `net_promoter`, `csat`, `shrunken`, `response_weights`, `satisfaction_drivers`,
# `driver_importance`, `importance_performance`, `reward_penalty`, `OrderedLogit`, `within_between`,
# `wallet`, `loyalty_classes`, `switching_matrix`, `choice_memory`, `loyalty_against_norm`,
# `ChoiceModel`, `programme_effect`.
#
# **Sources:** Reichheld (2003), Harvard Business Review 81(12), 46-54. Rocks (2016), The American
# Statistician 70(4), 365-372. Efron and Morris (1975), doi:10.1080/01621459.1975.10479864. Holt and
# Smith (1979), doi:10.2307/2344652. Grömping (2006), doi:10.18637/jss.v017.i01. Martilla and James
# (1977), doi:10.1177/002224297704100112. Kano and others (1984), Journal of the Japanese Society
# for Quality Control 14(2), 147-156. Mundlak (1978), doi:10.2307/1913646. Dick and Basu (1994),
# doi:10.1177/0092070394222001. Heckman (1981), in Studies in Labor Markets, 91-140. Goodhardt,
# Ehrenberg and Chatfield (1984), doi:10.2307/2981696. Ehrenberg, Goodhardt and Barwise (1990),
# doi:10.1177/002224299005400307. McFadden (1974), in Frontiers in Econometrics, 105-142.
