# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["slide"]
# # 04b · Which records are one person?
#
# On Monday, Su Yongran finds three letters from Hehua in his mailbox. One thanks him for his last
# visit to the shop. One offers ten yuan to "our new customer". One says sorry for a late parcel and
# is addressed to Su *Yongranran*. The till, the web shop and the service desk each keep a list of
# their own, and no list knows the other two.
#
# **Before you run anything, write down your guess:** type it in place of the three dots below.
#
# You will be able to
#
# * name the five steps of customer identification (3 minutes);
# * say how good a matching of records is: precision, recall and F1 (9 minutes);
# * weigh what an equal field tells, with a function of seven lines (9 minutes);
# * add up the weights, find the people, and open the truth (9 minutes);
# * say when it fails (5 minutes);
# * make one record out of several (6 minutes);
# * say who is worth recognising, and what for (6 minutes).
#
# *Needs chapter 04. Data: Hehua with 1,000 customers, simulated, seed 2024. Everybody is invented;
# phone numbers and domains are reserved and reach nobody.*

# %% [markdown]
# 1. The three lists together hold twice as many records as Hehua has customers, and more. How many
#    *people* are in the lists?

# %%
from crmlab.classroom import check, guess, reveal

guess("04b.a", ...)

# %% [markdown]
# 2. Suppose that the lists were typed badly: in a certain share of all cells one letter is wrong.
#    Up to which share can the people still be found well? Type a share, such as `"5%"`.

# %%
guess("04b.b", ...)

# %% [markdown] minutes=3 tags=["slide"]
# ## What belongs to it?
#
# *Customer identification* (客户识别) means to recognise the same customer at every contact, and to
# know what they need and what they are worth. The course gives it five steps.

# %%
from crmlab.identity import identification_steps

identification_steps()[["step", "step_zh", "question"]]

# %% [markdown] tags=["fragment"]
# Chapter 04 was about the first two steps: which data, and from where. Chapter 05 is about the last
# one. The third is the hardest, and most of this chapter is about it: who is who?

# %% [markdown] minutes=9 tags=["slide"]
# ## How good is a simple rule?
#
# Here are the three records of Su Yongran. How do we know that they are his? Hehua is simulated, so
# the truth is known. At work you would see the rows and no truth.
#
# **Before you look:** in how many of the five fields (name, phone, e-mail, birth date, address) are
# all three records equal?

# %%
guess("04b.c", ...)

# %% tags=["fragment"]
import pandas as pd

from crmlab.company import load_company

pd.set_option("display.max_colwidth", None)
company, truth = load_company()
records = company.records
his = truth.records.query("customer_id == 751")["record_id"]
his_records = records[records["record_id"].isin(his)]
his_records

# %% tags=["fragment"]
fields = ["name", "phone", "email", "birth_date", "address"]
reveal("04b.c", sum(len(set(his_records[field])) == 1 for field in fields))

# %% [markdown] tags=["fragment"]
# The birth date, nothing else. The web shop writes names in Latin letters, and at the service desk
# somebody typed the last sign of his name twice. There the phone number and the e-mail are missing,
# and the address is from before he moved. At the till a digit stands in the name of his city.

# %% [markdown] tags=["subslide"]
# The simplest rule: who has the same phone number is the same person. The next cell makes that a
# function, so that we can try other fields too. A record without a phone number stays alone.

# %%
from crmlab.identity import match_quality


def joined_by(field):
    known = records[field].fillna(records["record_id"].astype("str"))
    return records[["record_id"]].assign(person_id=known.factorize()[0])


phone = match_quality(joined_by("phone"), truth.records)
print(f"True pairs (two records of one person): {phone.true:,}")
print(f"Pairs that the phone joins: {phone.found:,}, of these right: {phone.right:,}")

# %% [markdown] tags=["fragment"]
# Every pair counts, not every record: three records of one person are three pairs. Two questions
# are asked of the pairs, and both are answered by a division.
#
# * *Recall* (查全率): of the true pairs, which share did we find?
# * *Precision* (查准率): of the pairs that we joined, which share is right?
#
# **Now you.** Complete the function: divide the number of right pairs by `all_pairs`. The last line
# tries it on three right pairs of four.


# %% tags=["solution"]
def share_right(right, all_pairs):
    return right / all_pairs  # you type this


check("04b.d", share_right(3, 4), 0.75)

# %%
print(f"Recall    {share_right(phone.right, phone.true):.1%}")
print(f"Precision {share_right(phone.right, phone.found):.1%}")

# %% [markdown] tags=["fragment"]
# Whoever is joined by phone is really one person. But of four true pairs one is missed: its phone
# numbers are missing, misspelt or old.
#
# *F1* is one number for both. It lies between precision and recall, nearer to the smaller one. (It
# is the right pairs over the mean of the found and the true.) **Before you look:** which field
# alone has the best F1? Type `"phone"`, `"email"`, `"birth_date"`, `"address"` or `"name"`.

# %%
guess("04b.e", ...)

# %% tags=["subslide"]
alone = {field: vars(match_quality(joined_by(field), truth.records)) for field in fields}
alone = pd.DataFrame(alone).T[["precision", "recall", "f1"]]
reveal("04b.e", alone["f1"].idxmax())
alone.round(2)

# %% [markdown] tags=["fragment"]
# No field is good alone. A name fails most often, since one list writes it in other letters. And
# three fields join people who are *not* one: some share a name or a birthday, and families share an
# address.

# %% [markdown] minutes=9 tags=["slide"]
# ## One pair, one field: what does it tell?
#
# Two records have the same birth date. Is it one person? Two shares answer that:
#
# * *m*: among pairs that *are* one person, how often is the birth date equal?
# * *u*: among pairs that are *not*, how often is it equal all the same?
#
# If *m* is 0.8 and *u* is 0.1, then an equal birth date is eight times as frequent among pairs of
# one person. Eight is 2 × 2 × 2: it doubles the *odds* (胜算) three times. This count of doublings
# is the *weight* of an equal field. In Python it is `np.log2(m / u)`.
#
# **Now you.** Complete the function, so that the last line finds 3.

# %% tags=["solution"]
import numpy as np


def weight(m, u):
    return np.log2(m / u)  # you type this


check("04b.f", weight(0.8, 0.1), 3)

# %% [markdown] tags=["subslide"]
# To count *m* and *u* we need pairs. Each record with each other one would be far too many. So we
# take only the pairs that agree in at least one field, and 200 pairs chosen at random, which show
# us what strangers look like.
#
# `normalise_records` first writes each value in one way (names in Chinese and Latin letters can
# then be compared), and `compare_pairs` gives each field of a pair a level: 2 equal, 1 nearly
# equal, 0 different, −1 nothing to compare.

# %%
from crmlab.identity import candidate_pairs, compare_pairs, normalise_records

normal = normalise_records(records)
near = candidate_pairs(normal).pairs
drawn = records["record_id"].sample(400, random_state=1).to_numpy().reshape(200, 2)
drawn = pd.DataFrame(drawn, columns=["left", "right"])
pairs = compare_pairs(normal, pd.concat([near, drawn], ignore_index=True))
every = len(records) * (len(records) - 1) // 2
print(f"Of {every:,} pairs, {len(near):,} agree in something; {len(drawn)} more at random")
pairs[pairs["left"].isin(his) & pairs["right"].isin(his)]

# %% [markdown] tags=["fragment"]
# These are the three pairs among Su Yongran's records.
#
# Which pairs are one person? That is what we want to find out, so we begin with a first opinion: a
# pair that agrees, at least nearly, in three fields or more. Let us count the birth dates of both
# kinds.

# %% tags=["subslide"]
one_person = ((pairs[fields] >= 1).sum(axis=1) >= 3).rename("one_person")
pd.crosstab(one_person, pairs["birth_date"])

# %% [markdown] tags=["fragment"]
# Read the two rows, and leave out the column −1. **Before you run the next cell:** how many times
# as frequent is an equal birth date (2) in the lower row as in the upper one?

# %%
guess("04b.g", ...)

# %% [markdown] tags=["fragment"]
# The next function counts this for any field and level. It adds one third of a pair to each level:
# what was never seen is then rare, but not impossible.


# %% tags=["subslide"]
def learn(field, level, one_person):
    counted = []
    for kind in (one_person, ~one_person):
        seen = pairs.loc[kind & (pairs[field] >= 0), field]
        counted.append(((seen == level).sum() + 1 / 3) / (len(seen) + 1))
    m, u = counted
    return weight(m, u)


birthday = learn("birth_date", 2, one_person)
print(f"Weight of an equal birth date: {birthday:.2f}")
reveal("04b.g", 2**birthday, form=".1f")

# %% [markdown] tags=["fragment"]
# An equal birth date tells something, but little. That surprises many. Look at the upper row again:
# among the pairs that are *not* one person, many agree in the birth date. They are in our table
# *because* they do: we took pairs that agree in something.

# %% [markdown] tags=["subslide"]
# ### The other fields
#
# The same function, for each field and each level. **Before you look:** which field speaks most
# clearly *against* one person when it is different, the phone, the birth date or the address? Type
# `"phone"`, `"birth_date"` or `"address"`.

# %%
guess("04b.h", ...)


# %% tags=["fragment"]
def learn_all(one_person):
    return pd.DataFrame({n: {f: learn(f, n, one_person) for f in fields} for n in (2, 1, 0)})


weights = learn_all(one_person)
reveal("04b.h", weights.loc[["phone", "birth_date", "address"], 0].idxmin())
weights.round(1)

# %% [markdown] tags=["fragment"]
# People move, and they change their phone number, but nobody changes the birth date. And why does a
# *nearly* equal address (1) say more than an equal one (2)? A family shares its address to the last
# letter. A slip of the pen belongs to one person.

# %% [markdown] minutes=9 tags=["slide"]
# ## Add up, and decide again
#
# A pair's *total* is the sum of its five weights, and of one more number: the odds of a pair before
# we look at any field (the *prior*, 先验). Above 0, one person is the better bet.
#
# But the weights came from a first opinion. The totals are a better opinion. So learn once more
# from them, add up, learn again, until nothing changes.

# %%
for step in range(1, 5):
    weights = learn_all(one_person)
    total = np.log2(one_person.mean() / (1 - one_person.mean()))
    for field in fields:
        total = total + pairs[field].map({**weights.loc[field], -1: 0.0})
    print(f"step {step}: one person in {one_person.sum():,} pairs, then in {(total > 0).sum():,}")
    one_person = total > 0

# %% [markdown] tags=["fragment"]
# The opinion settles after two or three steps. No truth was used, and nobody had to look at a
# single pair: the records themselves teach the weights. A pair that agrees in four fields shows
# what the fifth is worth (Fellegi and Sunter, 1969).
#
# `match_records` does all this in one call: normalise, compare, learn and join the pairs into
# people. It differs in one point: a pair that is one person with probability 0.7 counts as 0.7 of a
# pair. (This is the *EM algorithm*.) How far are its weights from ours?

# %% tags=["subslide"]
from crmlab.identity import match_records

matched = match_records(records)
summary = matched.matcher.summary()
theirs = summary.pivot(index="field", columns="level", values="weight")
pd.concat({"ours": weights, "match_records": theirs.loc[fields, [2, 1, 0]]}, axis=1).round(1)

# %% [markdown] tags=["fragment"]
# Close; they differ most where few pairs have a level. So you know what the function does, and we
# can use it from here on.

# %% [markdown] tags=["subslide"]
# Two of Su Yongran's records once more, field by field. The bars begin with the odds of any pair of
# the table, and every step of 1 doubles them. **Before you look:** does his misspelt name speak for
# one person, or against it?

# %% tags=["subslide"] alt="Bars add up from the start to the total; the name lifts it most"
import matplotlib.pyplot as plt

from crmlab.identity import plot_match_weights

two = matched.pairs["left"].isin(his) & matched.pairs["right"].isin(his)
explained = matched.matcher.explain(matched.pairs[two].iloc[1])
_, ax = plt.subplots(figsize=(8, 4))
ax = plot_match_weights(explained, ax=ax)

# %%
print(f"Odds of one person: {2 ** explained['total'].iloc[-1]:,.0f} to 1")
explained.round(1)

# %% [markdown] tags=["fragment"]
# For it: a name that is nearly equal is rare among strangers. The missing phone and e-mail add
# nothing. (To add up is right only if the fields go wrong independently of each other.)
#
# Now the truth. Your first guess is about to meet it.

# %% tags=["subslide"]
reveal("04b.a", matched.people["person_id"].nunique())
found = match_quality(matched.people, truth.records)
print(f"Found {matched.people['person_id'].nunique()} people in {len(records):,} records")
print(f"In truth they are {truth.records['customer_id'].nunique()} people")
print(f"precision {found.precision:.3f}, recall {found.recall:.3f}, F1 {found.f1:.3f}")

# %% [markdown] tags=["fragment"]
# Not half as many people as records. No field was good alone, and five together find everybody,
# although every twentieth cell has a wrong letter; only one customer is counted twice.

# %% [markdown] minutes=5 tags=["slide"]
# ## When does it fail?
#
# The same people again, in lists that were typed worse and worse. We call a matching good if its F1
# is 0.95 or more. **Before you look:** what will go wrong first? Will strangers be joined
# (precision falls), or will one person be counted twice (recall falls)?

# %%
from crmlab.collection import simulate_records

homes = company.households[["household_id", "address_id"]].merge(company.addresses)
people = company.people.merge(homes).rename(columns={"line": "address"})
rows = []
for share in (0, 0.05, 0.1, 0.2, 0.3, 0.4):
    worse, who = simulate_records(people, edit_share=share, seed=1)
    rows.append({"edit_share": share, **vars(match_quality(match_records(worse).people, who))})
quality = pd.DataFrame(rows)[["edit_share", "precision", "recall", "f1"]]

# %% tags=["subslide"] alt="F1 falls below 0.95 after 0.3 misspelt; precision stays, recall falls"
from crmlab.identity import plot_match_quality

_, ax = plt.subplots(figsize=(8, 4))
ax = plot_match_quality(quality, target=0.95, ax=ax)

# %% tags=["fragment"]
reveal("04b.b", quality.query("f1 >= 0.95")["edit_share"].max(), form=".0%")
quality.round(3)

# %% [markdown] tags=["fragment"]
# Recall falls, and precision hardly moves: more and more people are counted twice, but nobody is
# taken for somebody else. That is not always so. Where people resemble each other more, it can be
# the other way round: see the exercise.

# %% [markdown] tags=["subslide"]
# ### Move the line yourself
#
# The list with most slips once more. A pair is joined if its total is 0 or more. But that line is a
# choice. **Before you drag:** move it to the left, and more pairs are joined. How far
# up can that bring recall?

# %%
from crmlab.identity import explore_threshold

worst = match_records(worse).pairs
explore_threshold(worst, who)

# %% [markdown]
# On paper the slider cannot move, so here is a line at -10.

# %% tags=["subslide"] alt="Weights of the pairs compared; a line at -10 joins a few more of them"
from crmlab.identity import plot_match_scores

_, ax = plt.subplots(figsize=(9, 4))
moved = worst.assign(match=worst["weight"] >= -10)
ax = plot_match_scores(moved, threshold=1 / (1 + 2**10), ax=ax)

# %% tags=["fragment"]
from crmlab.identity import threshold_quality

for line in (20, 10, 0, -10, -20):
    quality = threshold_quality(worst, who, weight=line)
    print(f"from {line:3}: precision {quality.precision:.1%}, recall {quality.recall:.1%}")

# %% [markdown] tags=["fragment"]
# To the right, recall is lost. To the left, precision is lost and hardly anything won: recall stays
# where it is. The pairs that are still missing agree in *no* field, so they were never compared,
# and no line can find them. Where the line should stand depends on what the two errors cost: a
# second letter to the same person, or one person's data in somebody else's hands.

# %% [markdown] minutes=6 tags=["slide"]
# ## Three records, one customer: which value is right?
#
# We know that three records are one person. Now they must become one, the *golden record*
# (黄金记录): the best value for each field, and where it comes from. A rule decides. A common one:
# the value that most records have.
#
# **Now you.** Complete the function. `values.mode()` lists the most frequent values, and
# `.iloc[0]` takes the first one.


# %% tags=["solution"]
def most_often(values):
    return values.mode().iloc[0]  # you type this


check("04b.i", most_often(pd.Series(["Rose Street", "Lake Road", "Rose Street"])), "Rose Street")

# %% tags=["fragment"]
print("E-mail: ", most_often(his_records["email"]))
print("Address:", most_often(his_records["address"]))

# %% [markdown] tags=["fragment"]
# His three addresses are all different, so each is there once, and our function takes the first one
# in the alphabet. That is no rule. `golden_records` asks for the most frequent value too, and among
# equals it takes the most recent. **Before you look:** which of the three addresses will that be?

# %% tags=["subslide"]
from crmlab.identity import golden_records

golden = golden_records(records, matched.people)
person = matched.people.set_index("record_id").loc[his.iloc[0], "person_id"]
golden.query("person_id == @person")[["field", "value", "system", "updated_on", "others"]]

# %% [markdown] tags=["fragment"]
# That looks good. Here is the truth:

# %% tags=["fragment"]
people.query("customer_id == 751")[["name", "phone", "email", "birth_date", "address"]]

# %% [markdown] tags=["fragment"]
# His newest record holds the misspelt address. The right one does not outvote it, because the third
# is from before he moved; and no rule of counting knows which of the three is right. How good are
# the golden records of everybody?

# %% tags=["subslide"]
from crmlab.identity import golden_quality

golden_quality(golden, records, truth.records, people).round(3)

# %% [markdown] tags=["fragment"]
# `before` is the share of values in the lists that are true, `after` the share in the golden
# records; the other two columns say how many are not empty. All five fields gain, and none becomes
# perfect: where all the records differ, the newest one wins, right or wrong.
#
# A warning. Chapter 05 will show two tables that must never meet, and here we joined three. Both
# are right. Identification needs a *purpose* that the customer has agreed to. Without one the lists
# stay apart.

# %% [markdown] minutes=6 tags=["slide"]
# ## Who is worth recognising, and what for?
#
# The five steps find a customer whom we have. The course asks two more questions: who *may become*
# one, and who of them is *valuable*? For the first it has six principles. Each is a question that
# somebody can answer with a number, and one point is given for each that is kept.

# %%
from crmlab.customers import prospect_principles

prospect_principles()[["principle", "principle_zh", "question"]]

# %% [markdown] tags=["subslide"]
# For the second it parts *transactional* customers (交易型), who come now and then, from
# *relational* ones (关系型), who keep coming: the largest, the growing, and those who still bring
# profit but are *fading*. **Before you look:** how many of Hehua's thousand are transactional?

# %%
guess("04b.j", ...)

# %% tags=["fragment"]
from crmlab.customers import quarterly_profit, relationship_types

types = relationship_types(quarterly_profit(company.purchases, margin=0.3))
reveal("04b.j", (types["type"] == "transactional").sum())
worth = types.groupby("type")["profit_now"].agg(customers="size", profit_cny="sum").round(0)
worth.assign(share=(worth["profit_cny"] / worth["profit_cny"].sum()).round(2))

# %% [markdown] tags=["fragment"]
# The relational customers are few, and bring most of the profit. The fading ones are where
# recognition pays: at the next contact somebody should know that they used to come more often.

# %% [markdown] tags=["subslide"]
# And what do they need? A *need* (需要) is what one cannot do without: clean hair. A *want* (需求)
# is how we wish it to be met: by *this* brand. Let the cheapest pack of that kind and size be the
# need. What people pay beyond it is the value added.

# %% tags=["fragment"]
from crmlab.customers import needs_and_wants, want_value

split = needs_and_wants(company.lines, company.products, company.prices, company.purchases)
want_value(split)[["category", "need_cny", "added_cny", "want_cny", "added_share"]].round(2)

# %% [markdown] tags=["fragment"]
# A want is the need plus the value added. `added_share` is the part of the money that goes beyond
# the need.

# %% [markdown]
# ## Your turn
#
# `exercises/04b_identity.ipynb` has lists of your own. Or here and now:
#
# 1. Choose the first opinion badly: `one_person = pairs["name"] == 2`, then run the loop again.
#    Does it find its way?
# 2. Where the lists are typed worse, add `stale_share=0.3` (three of ten phones and addresses are
#    old) and compare `match_records(worse).matcher.summary()` with the one above. Which *two*
#    fields say less when they are different, and why?
# 3. `golden_records(..., rules=...)` takes other rules, field by field. Can you beat the share of
#    true addresses?
# 4. Which of the six principles could your firm measure today?
#
# **Recall, without scrolling up:**
#
# * What is the difference between precision and recall?
# * Why is a different birth date worth more than a different address?
# * Why can two records with a wrong letter in each still be one person?

# %% [markdown] tags=["slide"]
# ## What you saw
#
# * A matching is judged by pairs: how many of those joined are right, how many of the true ones are
#   found.
# * Five fields together find a person where no single one does, and the records themselves teach
#   the weights.
# * A golden record is a decision by rule. It is better than the lists, and it is not the truth.
#
# **To carry away:** in how many lists of your firm do you stand yourself?

# %% [markdown]
# Five questions to see what stayed. Choose with the mouse, or with Tab and the arrow keys.

# %%
from crmlab.classroom import quiz

quiz("04b")

# %% [markdown]
# *Functions used:* `identification_steps`, `match_quality`, `normalise_records`, `candidate_pairs`,
# `compare_pairs`, `match_records`, `plot_match_weights`, `plot_match_quality`, `plot_match_scores`,
# `explore_threshold`, `golden_records`,
# `golden_quality`, `prospect_principles`, `quarterly_profit`, `relationship_types`,
# `needs_and_wants`, `want_value`.
#
# *Sources:* Fellegi, I. P. and Sunter, A. B. (1969). A theory for record linkage.
# doi:10.1080/01621459.1969.10501049. Dempster, A. P., Laird, N. M. and Rubin, D. B. (1977). The EM
# algorithm. doi:10.1111/j.2517-6161.1977.tb01600.x. The five steps, the six principles, the types
# of customers and needs and wants follow the course's own material.
