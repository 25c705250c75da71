# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # 15 · Exercises: what should we offer this one customer next?
#
# *About 45 minutes. Needs chapter 15. Data: the baskets of a shop that is yours alone, and worlds that
# are the same for all. Put your work in place of each `...`, run the cell, then run its check.
# `hint("15.1")` gives a hint, one more at each call.*

# %%
from crmlab.classroom import check, hint, load_mine, progress
from crmlab.members import simulate_tastes
from crmlab.service import (
    ItemRecommender,
    PopularRecommender,
    association_rules,
    basket_pairs,
    best_treatments,
    compare_recommenders,
    crossover_cost,
    off_policy_value,
    regret,
    simulate_bandit,
    simulate_logged,
    simulate_tailoring,
    tailoring,
)


# %% tags=["world"]
def world(seed):
    from crmlab.service import simulate_baskets

    return simulate_baskets(1_500, products=300, rules=4, strength=0.5, seed=seed)


# %% [markdown]
# `mine` holds the baskets of your shop. Nobody else has it. Four rules are planted in it.

# %%
mine = load_mine("15")

# %% [markdown] points=1 minutes=3 objective="compute a lift from counts" hint=["Confidence first: of the baskets with A, how many hold B?", "Then divide by the share of all baskets that hold B."]
# **15.1** Of 5,000 baskets 400 hold noodles, 250 hold vinegar, and 60 hold both. What is the lift of
# *noodles → vinegar*? A number, as `lift`.

# %% tags=["solution"]
lift = (60 / 400) / (250 / 5_000)

# %% wrong=["60 / 400", "60 / 5_000", "60 / 250"] message=["That is the confidence.", "That is the support.", "That is the confidence of the other direction."]
check("15.1", lift)

# %% [markdown] points=2 minutes=5 own=true objective="find the rules that survive the counting of tries" hint=["`association_rules(mine, min_support=…, min_confidence=…, max_length=2)`.", "Keep the rows whose `q_value` is up to 0.05; then the largest `confidence`."]
# **15.2** In *your* shop: ask for rules with a support of 0.002, a confidence of 0.1 and two products at
# most. Of those with a q of up to 5%, what is the highest *confidence*? A share, as
# `strongest`.

# %% tags=["solution"]
rules = association_rules(mine, min_support=0.002, min_confidence=0.1, max_length=2)
strongest = rules.loc[rules["q_value"] <= 0.05, "confidence"].max()

# %% wrong=["rules['confidence'].mean()", "rules.loc[rules['q_value'] <= 0.05, 'lift'].max()", "rules.loc[rules['q_value'] > 0.05, 'confidence'].max()"] message=["That is the mean of all that pass the thresholds.", "That is the highest lift.", "That is the highest of those that may be chance."]
check("15.2", strongest)

# %% [markdown] points=2 minutes=5 own=true objective="rank pairs without rewarding rare ones" hint=["`basket_pairs(mine)` has every pair with its `lift` and its `shrunk_lift`.", "`nlargest(1, 'shrunk_lift')` is the first.", "One less its shrunk lift over its lift."]
# **15.3** In *your* shop: by which share does shrinking lower the lift of the pair that comes first by *shrunk*
# lift? A share, as `lowered`.

# %% tags=["solution"]
pairs = basket_pairs(mine)
first = pairs.nlargest(1, "shrunk_lift").iloc[0]
lowered = 1 - first["shrunk_lift"] / first["lift"]

# %% wrong=["1 - (pairs['shrunk_lift'] / pairs['lift'])[pairs['lift'].idxmax()]", "first['shrunk_lift'] / first['lift']", "1 - (pairs['shrunk_lift'] / pairs['lift'])[pairs['together'].idxmax()]"] message=["That pair is first by plain lift: look how seldom it met.", "That is what is left.", "Those two are only popular."]
check("15.3", lowered)

# %% [markdown] points=2 minutes=5 objective="find the error in a threshold" hint=["What is 0.56 * 100 in Python?", "Compare whole numbers: 56 baskets are 56% of 100."]
# **15.4 Find the error.** A pair must stand in 56% of 100 baskets. A colleague keeps it if its count is at
# least `0.56 * 100`, and a pair that reaches 56% is lost. Find the mistake: how many should be kept? A
# whole number, as `kept`.

# %%
counts = [56, 61, 57, 99, 70, 55, 12]
colleague = sum(count >= 0.56 * 100 for count in counts)
print(f"The colleague keeps {colleague}.")

# %% tags=["solution"]
kept = sum(count >= 56 for count in counts)

# %% wrong=["colleague", "sum(count >= 55 for count in counts)"] message=["That is the colleague's number: in Python 0.56 * 100 is a little more than 56.", "55 of 100 are below 56%."]
check("15.4", kept)

# %% [markdown] points=2 minutes=6 objective="judge recommenders on a split in time" hint=["`compare_recommenders(tastes, {…}, split_on='2024-01-01')`.", "Take the `hit_rate` of both, and their difference."]
# **15.5** Of the members of this club, which share more gets a hit with three item-based suggestions than with
# three popular ones? Split on the first day of 2024. A share, as `more`.

# %%
tastes, _ = simulate_tastes(800, seed=155)

# %% tags=["solution"]
ways = {"popular": PopularRecommender(), "item": ItemRecommender()}
table = compare_recommenders(tastes, ways, split_on="2024-01-01").set_index("model")
more = table.loc["item", "hit_rate"] - table.loc["popular", "hit_rate"]

# %% wrong=["table.loc['item', 'hit_rate']", "table.loc['item', 'hit_rate'] / table.loc['popular', 'hit_rate'] - 1", "table.loc['item', 'ndcg'] - table.loc['popular', 'ndcg']"] message=["That is the share itself, not how much more it is.", "That is a ratio; the difference is asked.", "That is the NDCG, in which the place counts."]
check("15.5", more)

# %% [markdown] points=2 minutes=6 objective="value a new rule by the log of an old one" hint=["`off_policy_value(log)` asks four ways.", "The row whose `way` is 'snips'."]
# **15.6** A rule's log is below. Somebody proposes a *sample* for everybody. How many in a hundred would take it,
# by self-normalised inverse propensity? A share, as `sample_value`.

# %%
log, _ = simulate_logged(8_000, seed=156)
log["wanted"] = "sample"

# %% tags=["solution"]
values = off_policy_value(log).set_index("way")["value"]
sample_value = values["snips"]

# %% wrong=["values['matching']", "values['ips']", "log['taken'].mean()"] message=["That is the mean of whom the old rule happened to choose.", "That divides by all rows, not by the weights.", "That is what the old rule brought."]
check("15.6", sample_value)

# %% [markdown] points=3 minutes=7 objective="count the winner's curse, and open the truth" hint=["`crossover_cost(tailoring(trials))`, the row whose `finer` is 'customer_id'.", "`promised` over `cost`, less 1."]
# **15.7 Count, then open the truth.** By how much does the promise overstate the crossover cost of a version for
# each customer, as a multiple of what is to be *expected*? 1 means twice as high. A number, as `overstated`.

# %%
trials, sealed = simulate_tailoring(2_000, personal=1.5, seed=157)

# %% tags=["solution"]
row = crossover_cost(tailoring(trials)).set_index("finer").loc["customer_id"]
overstated = row["promised"] / row["cost"] - 1

# %% wrong=["row['promised'] / row['cost']", "1 - row['cost'] / row['promised']", "row['promised'] - row['cost']"] message=["That is the ratio; take 1 from it.", "That measures by the promise.", "That is money, not a multiple."]
check("15.7", overstated)

# %% [markdown]
# The truth, whatever you found: what the two plans really earn.

# %%
for degree in ("segment", "customer_id"):
    plan = best_treatments(trials, degree=degree)
    value = plan.merge(sealed, on=["customer_id", "treatment"])["value"].mean()
    print(f"{degree}: {value:.2f} per customer")

# %% [markdown] points=4 minutes=8 objective="judge a claim about learning offers" rubric=["Says yes or no, without a number.", "Uses at least two numbers, one of them on late steps.", "Also says for which test the claim might hold, or what would change the mind."] hint="Which policy has lost less after 300 customers, and which loses less per step at the end?"
# **15.8 Judge.** "Thompson sampling always loses less than epsilon-greedy." Read the two curves, and say whether
# they agree: three to six sentences in quotes, as `judgement`. Your teacher reads this one.

# %%
for policy in ("thompson", "epsilon"):
    curve = regret(*simulate_bandit(200, policy=policy, seed=158))
    print(policy)
    print(curve.iloc[[299, 999, 1999]][["step", "regret", "total"]].round(4).to_string(index=False))

# %% tags=["solution"]
judgement = """No. After 300 customers Thompson has lost more sales than epsilon-greedy, because it
tries every offer seriously at first. At the end it loses less at each step, about a third of what
epsilon loses, since epsilon goes on making a random offer one time in ten. So a short campaign of a
few hundred customers may do better with epsilon, and a long one with Thompson. Offers that are closer
together, or answers that come late, would move the point at which they cross."""

# %%
check("15.8", judgement)

# %%
progress()
