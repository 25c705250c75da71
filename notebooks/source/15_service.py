# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["slide"]
# # 15 · What should we offer this one customer next?
#
# A customer stands at the counter. The till knows what lies in the basket; the card knows the
# rest. There is time for one suggestion. Which?
#
# **Before you run anything, write down your guess:** type it in place of the three dots.
#
# 1. A shop lists its strong rules: "who buys A buys B", at least 1.5 times as often as others.
#    The same list is made in a shop where *nothing belongs together*. How long is that second list,
#    as a share of the first? (0.1 is a tenth.)
# 2. Each customer is shown three products. Showing what is *popular*, between four and five in ten
#    later buy one of them. How many in ten do, if each is shown what similar customers bought?
# 3. Trials promise that an offer tailored to each customer earns 1.2 more than one for each
#    segment. How much more does it really earn?

# %% [markdown] tags=["subslide"]
# You will be able to
#
# * find products that belong together, and not be fooled by those that do not (12 minutes);
# * foresee what a household will need, and prove that a list made for it sells more (8 minutes);
# * say what a price and a promotion really sell (7 minutes);
# * recommend, explain each suggestion, and know what it shows to nobody (8 minutes);
# * learn which offer works while making it, or from the log of another rule (9 minutes);
# * say how far tailoring pays, and where it must stop (8 minutes).
#
# *Needs chapters 05 and 09. All data are worlds made as we go, with seeds 15 and 16; their truth
# stays sealed until each part's end.*

# %%
from crmlab.classroom import check, guess, reveal

guess("15.a", ...)

# %%
guess("15.b", ...)

# %%
guess("15.c", ...)

# %% tags=["hide-input"]
import matplotlib.pyplot as plt
import pandas as pd

# %% [markdown] minutes=12 tags=["slide"]
# ## What belongs together?
#
# Two thousand baskets (购物篮) from a shop with three hundred products. Three numbers describe a rule
# *A → B* (关联规则):
#
# * *support* (支持度): the share of all baskets that hold both;
# * *confidence* (置信度): of the baskets with A, the share that hold B;
# * *lift* (提升度): that share over the share of *all* baskets that hold B. 1 is chance.
#
# **Now you.** 40 of 200 baskets with tea hold a cup, and 100 of all 2,000 baskets hold one. What is
# the lift of *tea → cup*?

# %% tags=["solution"]
confidence = 40 / 200
lift = confidence / (100 / 2_000)  # you type this

check("15.d", lift, 4.0)

# %% tags=["subslide"]
from crmlab.service import basket_pairs, simulate_baskets

lines, sealed_rules = simulate_baskets(2_000, products=300, seed=15)
pairs = basket_pairs(lines)
pairs.nlargest(5, "lift")[["product", "other", "together", "expected", "lift"]].round(2)

# %% [markdown] tags=["fragment"]
# **Before you read on:** would you put these five pairs on one shelf?
#
# Look at `together`. These pairs met once or twice, where chance expected next to nothing. Of
# three hundred products one can make 44,850 pairs; some rare ones must meet by accident, and lift
# rewards exactly those. So we *shrink* (收缩): count as if each pair had been seen ten times more,
# as often as chance says. A rare pair then stays near 1 until it has been seen.

# %% tags=["subslide"]
pairs.nlargest(5, "shrunk_lift")[["product", "other", "together", "lift", "shrunk_lift"]].round(2)

# %% [markdown] tags=["slide"]
# ### How many rules look strong by chance?
#
# Shuffle the baskets: each stays as large as it is, each product as popular, and nothing else is
# kept. In such a shop nothing belongs together. Ask it for rules, too.

# %% tags=["subslide"] alt="Rules that look strong: as many in eight shuffled worlds as in the data"
from crmlab.service import plot_rules_by_chance, rules_by_chance

asked = {"min_support": 0.003, "min_confidence": 0.1, "min_lift": 1.5}
chance = rules_by_chance(lines, worlds=8, seed=15, **asked)
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_rules_by_chance(chance, ax=ax)

# %%
data, worlds = chance.iloc[0], chance.iloc[1:]
print(f"Rules: {data['rules']:.0f} in the data, {worlds['rules'].mean():.0f} where nothing is")
reveal("15.a", round(worlds["rules"].mean() / data["rules"], 2), form=".0%")

# %% [markdown] tags=["fragment"]
# The list of a shop without any rule is as long. A list like this is what many reports hand on.
#
# The cure is to count the tries. Each rule gets the chance *p* that baskets of these sizes hold it so
# often, and *q*: among all rules with a p as low, the share to expect that is false
# (错误发现率, false discovery rate). Large baskets hold more of everything, so the test lets each
# basket count by its size.

# %% tags=["subslide"] alt="Fourteen rules as arrows; only the solid blue ones are significant"
from crmlab.service import association_rules, plot_rules

rules = association_rules(lines, min_support=0.003, min_confidence=0.1, max_length=2)
_, ax = plt.subplots(figsize=(8, 5))
ax = plot_rules(rules, top=14, ax=ax)

# %%
sure = rules[rules["q_value"] <= 0.05]
print(
    f"{len(rules)} rules pass, {len(sure)} of them with q up to 5%, of {rules['tries'][0]:,} tries"
)

# %% [markdown] tags=["fragment"]
# Move the thresholds. **Before you drag:** at a lift of 3, are all rules that are left real?

# %%
from crmlab.service import explore_rules

explore_rules(lines)

# %% [markdown]
# On paper, a lift of 3: of the rules that are left these are the first fourteen by shrunk lift, and
# those dashed may be chance.

# %% tags=["subslide"] alt="Fourteen rules with a lift of 3 or more as arrows; six of them dashed"
strong = rules[rules["lift"] >= 3]
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_rules(strong, top=14, ax=ax)

# %%
print(
    f"{len(strong)} rules with a lift of 3 or more, {(strong['q_value'] <= 0.05).mean():.0%} sure"
)

# %% [markdown] tags=["subslide"]
# Break the seal. What was planted?

# %%
found = {frozenset((*one, other)) for one, other in sure[["antecedent", "consequent"]].to_numpy()}
planted = sealed_rules.assign(
    found=[
        frozenset(pair) in found for pair in sealed_rules[["antecedent", "consequent"]].to_numpy()
    ]
)
planted.round(2)

# %% [markdown] tags=["subslide"]
# ### Three ways to belong together
#
# To *extend* (延伸产品) what a customer has, the field knows three kinds: products that *match*,
# *allied* ones such as a credit card, and those *shared* with friends and relatives. Each meets
# elsewhere: in one purchase; with one customer but never in one purchase; in two members of a
# circle.

# %%
from crmlab.service import extension_products, simulate_extensions

sales, sealed_kinds = simulate_extensions(500, seed=15)
kinds = extension_products(sales)
kinds.head(4)[["kind", "product", "extension", "together", "lift", "q_value"]].round(3)

# %% [markdown] tags=["fragment"]
# Three are far below 5%, and the fourth is not. A shelf is the place for the first kind, a letter
# for the second, a family offer for the third. The seal agrees:

# %%
sealed_kinds

# %% [markdown] minutes=8 tags=["slide"]
# ## When will they need it again?
#
# Many a customer buys once and is never seen again. At Hehua, of those who began at least 90 days
# before the end: how many came back within 90 days of their first purchase, and for what?

# %%
from crmlab.data import load
from crmlab.service import channel_mix, season_index, second_purchase

hehua = load("hehua_purchases")
second = second_purchase(hehua[hehua["amount"] > 0], within_days=90)
second[["first", "customers", "share", "low", "high", "median_days", "next"]].round(2)

# %% [markdown]
# About six in ten: the second purchase is the one to offer something for. `next` is what most
# bought then. Seasons and channels change what to offer. The index is 100 in a mean month, and
# its interval says how sure it is; `only` is the share of a channel's customers who use no other.

# %%
season = season_index(hehua[hehua["amount"] > 0]).set_index("month")[["index", "low", "high"]]
print(season.loc[[1, 6, 11]].round(0).to_string())
channel_mix(hehua)[["channel", "share", "first", "later", "only"]].round(2)

# %% [markdown] tags=["subslide"]
# ### The rhythm of a household
#
# Dick's Supermarket (迪克超市) is in the course's notes with three phrases: quality, insight into
# customers, better service. We take a *fictional* grocer with a loyalty card. Each household uses up
# milk, tea and soap at a pace of its own. One household's calendar:

# %% tags=["subslide"] alt="Purchases of twelve categories by day, and when each is needed again"
from crmlab.service import plot_cycles, purchase_cycles, simulate_grocer

bought, sealed_homes = simulate_grocer(900, days=182, seed=15)
cycles = purchase_cycles(bought, as_of="2024-06-30")
one = 8
_, ax = plt.subplots(figsize=(8, 4.5))
own = bought[(bought["household_id"] == one) & (bought["date"] >= "2024-03-15")]
ax = plot_cycles(own, cycles[cycles["household_id"] == one], ax=ax)

# %%
of_one = cycles[cycles["household_id"] == one].nlargest(3, "due")
of_one[["category", "age_days", "mean_gap_days", "due"]].round(2)

# %% [markdown] tags=["fragment"]
# A mean gap of few purchases is luck, so it is drawn towards the usual gap of the category. The
# chance to be `due` within the week asks: given that it has not been bought for so long, when will
# it be?
#
# Each week the grocer can print four offers for each household: those with the highest chance times
# price. Or one leaflet with what sells most, for all. Which sells more? Households draw lots: list,
# leaflet, or nothing.

# %% tags=["subslide"]
from crmlab.service import list_lift, offer_list, simulate_mailing

prices = sealed_homes[["household_id", "category", "price"]]
lists = offer_list(cycles.merge(prices), k=4, value="price").assign(arm="list")
leaflet = prices[prices["category"].isin(bought["category"].value_counts().index[:4])]
offers = pd.concat([lists, leaflet.assign(arm="leaflet")])
answers, sealed_spend = simulate_mailing(offers, households=sealed_homes, seed=15)
list_lift(answers)[["arm", "households", "mean_spend", "lift", "low", "high"]].round(3)

# %% [markdown] tags=["fragment"]
# `lift` is the mean spend against that of the leaflet. **Before you break the seal:** does the
# interval of the list hold what is planted?

# %%
spend = sealed_spend.groupby("arm")["expected_spend"].mean()
print(f"Planted: the list sells {spend['list'] / spend['leaflet'] - 1:.1%} more than the leaflet,")
print(f"and {spend['list'] / spend['control'] - 1:.1%} more than nothing.")

# %% [markdown] tags=["fragment"]
# The suppliers of what is redeemed pay for the discount. Who pays for offers also likes to choose
# them; then the list is no longer the household's.

# %%
paid = answers.groupby("arm")[["redeemed", "discount"]].mean()
paid.round(2)

# %% [markdown] minutes=7 tags=["slide"]
# ## What do prices and promotions do?
#
# The list offers a discount. What does a lower price sell? The *price elasticity* (价格弹性) says how
# many percent more units follow one percent more price. Here are two years of thirty products:

# %%
from crmlab.service import price_elasticity, simulate_prices

weeks, sealed_weeks = simulate_prices(30, seed=15)
elasticity = price_elasticity(weeks)
elasticity[["way", "elasticity", "low", "high"]].round(2)

# %% [markdown] tags=["fragment"]
# Two answers, both with a narrow interval, far apart. **Before you read on:** which do you believe,
# if the shop raises its prices when it expects a good week?
#
# Then dear weeks are weeks in which much would have been sold anyway, and the plain regression
# blames the price for too little. What a supplier charges, the *cost*, moves the price too, and
# knows nothing of the shop's good weeks. The second row uses only that part of the prices
# (工具变量, an instrument). Planted is -2.

# %% tags=["subslide"] alt="Sales against prices: the plain line is too flat, that by cost steeper"
from crmlab.service import plot_elasticity

_, ax = plt.subplots(figsize=(8, 4))
ax = plot_elasticity(weeks, elasticity, ax=ax)

# %% [markdown] tags=["subslide"]
# A promotion (促销) sells more in its week. But some of it would have been sold in the weeks after:
# *pull-forward* (提前购买). **Before you look:** how much of the gain is borrowed?

# %% alt="Units in the week of a promotion rise, fall short in the two weeks after"
from crmlab.service import plot_promotion, promotion_effect

effect = promotion_effect(weeks)
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_promotion(effect, ax=ax)

# %%
share = effect.set_index("effect")["share"]
pulled = sealed_weeks["missing"].sum() / sealed_weeks["added"].sum()
print(f"In its week {share['in the week']:+.0%}, in all {share['in all']:+.0%}: ", end="")
print(f"{1 - share['in all'] / share['in the week']:.0%} borrowed; truly {pulled:.0%}")

# %% [markdown] tags=["fragment"]
# Whoever counts the week alone reports far more than was gained.

# %% [markdown] minutes=8 tags=["slide"]
# ## What would this customer like?
#
# Two thousand members buy by taste, which nobody asked them for. We learn from 2023 and judge by
# 2024, never the other way round. Three ways to choose three products:
#
# * *popular* (热门): what most have bought;
# * *item-based*: what is bought by those who bought the same, as in chapter 09;
# * *factors* (矩阵分解): customers and products become points of eight numbers, close together where
#   they fit. Fix the products, and each customer is a small least-squares problem; fix the
#   customers, and each product is; ten rounds of that (ALS).
#
# **Before you look:** which of them shows the fewest different products?

# %% tags=["subslide"] alt="Hits against products shown: both others far above what is popular"
from crmlab.members import simulate_tastes
from crmlab.service import (
    FactorRecommender,
    ItemRecommender,
    PopularRecommender,
    compare_recommenders,
    plot_recommenders,
)

tastes, sealed_tastes = simulate_tastes(2_000, seed=15)
ways = {"popular": PopularRecommender(), "item-based": ItemRecommender()}
ways["factors"] = FactorRecommender()
quality = compare_recommenders(tastes, ways, split_on="2024-01-01")
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_recommenders(quality, ax=ax)

# %%
quality.set_index("model")[["hit_rate", "ndcg", "coverage", "novelty", "from_top"]].round(2)

# %%
best = quality.set_index("model")["hit_rate"]
reveal("15.b", round(10 * best["item-based"], 1))

# %% [markdown] tags=["fragment"]
# `ndcg` rewards a hit at the first place more than one at the third. `coverage` is the share of
# products that anybody was shown, `novelty` says in bits how rare what was shown is (one more: half as
# many customers have it), and `from_top` the share of suggestions among the tenth of
# products that sells most: *popularity bias* (流行度偏差). What is never shown is never bought, and
# next year it looks as if nobody wanted it.
#
# **Now you.** Which share of the products was never shown to anybody by `popular`? `coverage` has
# the answer; take it from 1.

# %% tags=["solution"]
covered = quality.set_index("model").loc["popular", "coverage"]
never = 1 - covered  # you type this

check("15.e", never, 1 - quality["coverage"][0])

# %% [markdown] tags=["subslide"]
# ### Always three, and always why
#
# Customer 3 is known; customer 99999 is new (冷启动, *cold start*).

# %%
model = ways["item-based"]
model.recommend([3, 99_999], k=3)[["customer_id", "rank", "product", "why"]]

# %%
first = model.recommend([3], k=1)["product"][0]
print(f"{first} is suggested to customer 3 because of:")
model.explain(3, first).head(3).round(2)

# %% [markdown] tags=["fragment"]
# The contributions add up to the score. A reason that is computed from the score is an explanation;
# one that is written afterwards is advertising.

# %% [markdown] minutes=9 tags=["slide"]
# ## Which offer works?
#
# Four offers, of which nobody knows how often they are taken. A test with equal groups makes bad
# offers as often as good ones until it ends. Can we learn while we sell?
#
# **You first.** Three offers; make them to a hundred customers by clicking. Below you stands what
# *Thompson sampling* (汤普森抽样) makes of the same customers. On paper, below the buttons: you make A
# to forty customers and B to twenty. How often was each offer made, how many were taken, and what did
# choosing cost (`regret`, told below)?

# %%
from crmlab.service import explore_bandit

explore_bandit()

# %%
from crmlab.service import played_by_hand

played = played_by_hand([0] * 40 + [1] * 20)
made = played.pivot(index="player", columns="offer", values="made").set_axis([*"ABC"], axis=1)
made.join(played.groupby("player")[["taken", "regret"]].sum().round(1))

# %% [markdown] tags=["subslide"]
# Thompson keeps a belief on each offer: after s sales in n tries, Beta(1 + s, 1 + n - s). For each
# customer it draws one number from each belief, and makes the offer with the highest. A good offer
# is made often; a doubtful one now and then, as long as it may still be the best.
# *Epsilon-greedy* (ε-贪心) makes the best so far, and one time in ten any.
#
# *Regret* (遗憾) is what choosing costs: the best rate less that of the offer made. In 200 worlds
# at once:

# %% tags=["subslide"] alt="Regret: an even test rises straight; Thompson bends and flattens"
from crmlab.service import plot_regret, regret, simulate_bandit

policies = ("thompson", "epsilon", "even")
curves = {one: regret(*simulate_bandit(200, policy=one, seed=15)) for one in policies}
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_regret(curves, ax=ax)

# %%
steps = {
    name: curve["regret"].groupby(curve["step"] // 500).mean() for name, curve in curves.items()
}
pd.DataFrame(steps).mul(1_000).round(1).rename_axis("quarter")

# %% [markdown] tags=["fragment"]
# Sales lost per thousand customers, by quarter of the test. Early on Thompson loses *more* than
# epsilon-greedy, since it tries everything seriously. In the last quarter it loses far less: epsilon
# goes on throwing the dice for ever. In all the two have lost about as much by now; from here on
# Thompson loses less in each quarter.
#
# Buyers answer late. With answers after 300 customers:

# %%
late = regret(*simulate_bandit(200, delay=300, seed=15))
lost = {name: curve["total"].iloc[-1] for name, curve in curves.items()}
print(f"Lost in all: Thompson {lost['thompson']:.0f}, with late answers", end=" ")
print(f"{late['total'].iloc[-1]:.0f}; epsilon {lost['epsilon']:.0f}, even {lost['even']:.0f}.")

# %% [markdown] tags=["slide"]
# ### What would another rule have brought?
#
# A rule has run for months: nearly everybody got a coupon. Somebody proposes a coupon for the young,
# a sample for families, a call for seniors. No new test: only the log, in which the old rule now and
# then made another offer, and wrote down with which chance (*propensity*, 倾向).
#
# **Before you run it:** why not take those who happened to get what the new rule wants, and average?

# %% tags=["subslide"] alt="Four estimates with intervals; the plain mean lies below the truth"
from crmlab.service import off_policy_value, plot_off_policy, simulate_logged

log, sealed_rates = simulate_logged(40_000, seed=16)
log["wanted"] = log["segment"].map({"young": "coupon", "family": "sample", "senior": "call"})
values = off_policy_value(log, features=("segment", "keen"))
wanted = log[["customer_id", "wanted"]].rename(columns={"wanted": "offer"})
truth = sealed_rates.merge(wanted)["rate"].mean()
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_off_policy(values, truth=truth, ax=ax)

# %%
print(f"Today {log['taken'].mean():.1%}; under the new rule, truly {truth:.1%}")
values[["way", "value", "low", "high"]].round(4)

# %% [markdown] tags=["fragment"]
# The old rule tried rare offers on those who were less keen, so the plain mean is too low. *Inverse
# propensity* (逆倾向加权) counts who was rarely chosen as often as they were left out;
# *self-normalised* divides by the sum of those weights; *doubly robust* (双重稳健) guesses everybody
# first and mends the guess by what it missed. All three rest on the propensity written down. A log
# without it cannot be mended.

# %% [markdown] minutes=8 tags=["slide"]
# ## How far should we tailor?
#
# One-to-one marketing (一对一营销): identify, differentiate, interact, customise. One offer for all,
# one for each of eight segments, or one for each of a thousand customers? Each customer has tried
# each of four treatments four times. At each degree, everybody gets what looked best.

# %% tags=["subslide"] alt="Profit by degree: the promise for each customer is far above what holds"
from crmlab.service import plot_tailoring, simulate_tailoring, tailoring

trials, sealed_values = simulate_tailoring(1_000, seed=15)
degrees = tailoring(trials)
_, ax = plt.subplots(figsize=(8, 4.5))
ax = plot_tailoring(degrees, version_cost=0.5, ax=ax)

# %%
degrees[["degree", "groups", "reliability", "promised", "expected"]].round(2)

# %% [markdown] tags=["fragment"]
# Who looks best was partly lucky: the *winner's curse* (赢者诅咒). For customers, only
# `reliability` of the differences is real. Shrink them by that much, and the promise shrinks, too.
#
# A version costs money: texts, pictures, checks. Finer pays while a version costs less than the
# *crossover*:

# %%
from crmlab.service import best_treatments, crossover_cost

crossover = crossover_cost(degrees)
crossover.round(2)

# %% [markdown] tags=["fragment"]
# **Before you break the seal:** which of the two columns, `cost` or `promised`, will be right for
# customers?

# %%
worth = {}
for degree in ("segment", "customer_id"):
    plan = best_treatments(trials, degree=degree)
    worth[degree] = plan.merge(sealed_values, on=["customer_id", "treatment"])["value"].mean()
gain = worth["customer_id"] - worth["segment"]
print(f"Truly, tailoring to each customer earns {gain:.2f} more than to each segment.")
reveal("15.c", round(gain, 2))

# %% [markdown] tags=["subslide"]
# Move how unlike customers are, how many trials there were, and the cost of a version.
# **Before you drag:** what must happen for "by customer" to win?

# %%
from crmlab.service import explore_tailoring

explore_tailoring()

# %% [markdown]
# On paper: customers three times as unlike, twelve trials each, the same cost of a version.

# %% tags=["subslide"] alt="Where customers are very unlike and well known, the finest degree wins"
unlike, _ = simulate_tailoring(600, personal=3.0, trials=12, seed=15)
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_tailoring(tailoring(unlike), version_cost=0.5, ax=ax)

# %%
tailoring(unlike)[["degree", "reliability", "promised", "expected"]].round(2)

# %% [markdown] tags=["slide"]
# ### Where it must stop
#
# A suggestion can say more than the customer did. Who buys certain things together may be pregnant,
# ill or in debt, and never said so: *sensitive inference* (敏感推断). Suggestions feed on what was
# shown before: a *filter bubble* (信息茧房). And who bought little is known little, so the same rule
# serves the well-known better. Is it fair to the new ones?

# %%
known = quality.set_index("model").loc["item-based"]
print(
    f"Hits among all {known['hit_rate']:.0%}, among the {known['new_customers']:.0f} new ones ",
    end="",
)
print(f"{known['new_hit_rate']:.0%}")

# %% [markdown] tags=["fragment"]
# And nobody is suggested anything who has not agreed. The gate (门) of chapter 05 is asked first,
# with a purpose, and keeps the question in its log.

# %%
from crmlab.privacy import Gate, Policy

people = pd.DataFrame({"customer_id": [3, 5], "last_seen_on": pd.Timestamp("2024-12-01")})
agreed = pd.DataFrame({"customer_id": [5], "purpose": ["positioning"]})
agreed = agreed.assign(given_on=pd.Timestamp("2024-01-05"), withdrawn_on=pd.NaT)
gate = Gate(people, Policy({"positioning": []}), consents=agreed, as_of="2024-12-31")
may = gate.ask([], purpose="positioning", who="Mei")["customer_id"]
model.recommend(may, k=3)[["customer_id", "rank", "product", "why"]]

# %% [markdown] tags=["fragment"]
# Customer 3, for whom we computed a suggestion and a reason above, is not on the list. The model
# could; we may not.

# %% [markdown]
# ## Your turn
#
# `exercises/15_service.ipynb`, eight questions on baskets of your own (45 minutes). Or here and now:
# set `min_lift` to 3 in the list of rules by chance. Which share of the rules is then real?

# %% [markdown] tags=["slide"]
# ## What you saw
#
# * Of many pairs some look strong by accident. Shrink, count the tries, and ask a shuffled world.
# * A list timed to a household's own rhythm sells more than a leaflet, and lots proved it.
# * Prices that follow demand hide how strong they are; half of a promotion may be borrowed.
# * Suggestions by taste hit far more often than popular ones; what is not shown is not bought.
# * Learning costs regret. Thompson pays early, epsilon for ever, an even test most; a log with
#   propensities answers for free.
# * Finer is better on paper: the promise includes luck, the cost of versions does not go away.
#
# **Recall, without scrolling up:**
#
# 1. Why does lift prefer rare pairs?
# 2. What is kept, and what is not, when baskets are shuffled?
# 3. Why must a recommender be judged on a later time?
# 4. What must a rule write down so that another rule can be judged by its log?
#
# **To carry away:** which suggestion of your own firm says more than the customer did?

# %% [markdown]
# Five more, which answer back. Choose with the mouse, or with Tab and the arrow keys.

# %%
from crmlab.classroom import quiz

quiz("15")

# %% [markdown]
# *Functions used:* `basket_pairs`, `rules_by_chance`, `association_rules`, `extension_products`,
# `purchase_cycles`, `offer_list`, `list_lift`, `price_elasticity`, `promotion_effect`, `PopularRecommender`, `ItemRecommender`,
# `FactorRecommender`, `compare_recommenders`, `played_by_hand`, `regret`, `off_policy_value`,
# `tailoring`, `best_treatments`, `crossover_cost`, their `plot_…`, three `explore_…`, and the
# `simulate_…`.
#
# *Sources:*
#
# * Agrawal, R., Imielinski, T. and Swami, A. (1993). Mining association rules between sets of items
#   in large databases. doi:10.1145/170035.170072
# * DuMouchel, W. (1999). Bayesian data mining in large frequency tables. The American Statistician
#   53, 177-190. doi:10.1080/00031305.1999.10474456
# * Gionis, A., Mannila, H., Mielikäinen, T. and Tsaparas, P. (2007). Assessing data mining results
#   via swap randomization. doi:10.1145/1297332.1297338
# * Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal
#   Statistical Society B 57, 289-300. doi:10.1111/j.2517-6161.1995.tb02031.x
# * Villas-Boas, J. M. and Winer, R. S. (1999). Endogeneity in brand choice models. Management
#   Science 45, 1324-1338. doi:10.1287/mnsc.45.10.1324
# * van Heerde, H. J., Leeflang, P. S. H. and Wittink, D. R. (2004). Decomposing the sales promotion
#   bump with store data. Marketing Science 23, 317-334. doi:10.1287/mksc.1040.0061
# * Hu, Y., Koren, Y. and Volinsky, C. (2008). Collaborative filtering for implicit feedback
#   datasets. doi:10.1109/ICDM.2008.22
# * Thompson, W. R. (1933). On the likelihood that one unknown probability exceeds another.
#   Biometrika 25, 285-294. doi:10.1093/biomet/25.3-4.285
# * Dudík, M., Erhan, D., Langford, J. and Li, L. (2014). Doubly robust policy evaluation and
#   optimization. Statistical Science 29, 485-511. doi:10.1214/14-STS500
# * Smith, J. E. and Winkler, R. L. (2006). The optimizer's curse. Management Science 52, 311-322.
#   doi:10.1287/mnsc.1050.0451
# * The three kinds of extension and the three phrases on the supermarket are this course's notes; the
#   grocer and its numbers are fictional.
