# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # 04b · Exercises: find the people in your lists
#
# *About 45 minutes. Needs chapter 04b. Data: lists of a shop of your own, and of two others, all of
# invented people. Put your work in place of each `...`, run the cell, then run its check.
# `hint("04b.1")` gives a hint, one more at each call.*

# %%
import numpy as np
import pandas as pd

from crmlab.classroom import check, hint, load_mine, progress
from crmlab.collection import simulate_records
from crmlab.identity import match_quality, match_records


# %% tags=["world"]
def world(seed):
    from crmlab.collection import simulate_records

    records, truth = simulate_records(150, edit_share=0.1, missing_share=0.1, seed=seed)
    return records.merge(truth[["record_id", "customer_id"]], on="record_id"), truth


# %% [markdown]
# `mine` holds the lists of your shop. Handed out by a teacher, they are yours alone. A colleague has
# asked everybody who they are: `customer_id` is the true person behind each record.

# %%
mine = load_mine("04b")
mine.head(3)

# %% [markdown] points=1 minutes=2 objective="compute recall from counts of pairs" hint=["Recall asks about the true pairs: which share of them was found?", "Divide the right pairs by the true pairs."]
# **04b.1** Among some records there are 500 true pairs. A rule joins 400 pairs, and 380 of these are
# right. What is its recall? A share from 0 to 1, as `recall`.

# %% tags=["solution"]
recall = 380 / 500

# %% wrong=["380 / 400", "400 / 500", "2 * 380 / (400 + 500)"] message=["That is the precision: the share of the joined pairs that is right.", "You divided the joined pairs by the true ones. Some of the joined ones are wrong.", "That is F1, which takes both into account."]
check("04b.1", recall)

# %% [markdown] points=2 minutes=5 own=true objective="judge a simple rule by recall" hint=["A record without an e-mail must stay alone: `mine[\"email\"].fillna(mine[\"record_id\"].astype(\"str\"))`.", "`.factorize()[0]` numbers the different values; `match_quality(joined, mine)` compares with `customer_id`."]
# **04b.2** In *your* lists, take the same e-mail for the same person; a record without an e-mail
# stays alone. Which share of the true pairs do you find? A share from 0 to 1, as `by_email`.

# %% tags=["solution"]
known = mine["email"].fillna(mine["record_id"].astype("str"))
joined = mine[["record_id"]].assign(person_id=known.factorize()[0])
quality = match_quality(joined, mine)
by_email = quality.recall

# %% wrong=["quality.right", "quality.f1", "1 - by_email", "quality.precision"] message=["That is how many pairs; the question asks for a share.", "That is F1. The question asks for the share of the true pairs.", "That is the share of the true pairs that you miss.", "That is the precision: the share of the joined pairs that is right."]
check("04b.2", by_email)

# %% [markdown] points=2 minutes=6 own=true objective="estimate m, how often a field is equal within a person" hint=["First keep the pairs where both records have a phone number: `.notna()`.", "Then the mean of `pairs[\"phone_a\"] == pairs[\"phone_b\"]` among those."]
# **04b.3** `pairs` holds every pair of records of one person in *your* lists. Of the pairs in which
# both records *have* a phone number, in which share is it equal? (In the chapter this is *m*.) A
# share from 0 to 1, as `m`.

# %%
people = mine[["customer_id", "record_id", "phone"]]
pairs = people.merge(people, on="customer_id", suffixes=("_a", "_b"))
pairs = pairs[pairs["record_id_a"] < pairs["record_id_b"]]
pairs.head(3)

# %% tags=["solution"]
both = pairs[["phone_a", "phone_b"]].notna().all(axis=1)
equal = pairs["phone_a"] == pairs["phone_b"]
m = equal[both].mean()

# %% wrong=["equal.mean()", "1 - m", "equal.sum()"] message=["A missing number is neither equal nor different: leave these pairs out of the whole too.", "That is the share where it is different.", "That is how many; the question asks for a share."]
check("04b.3", m)

# %% [markdown] points=2 minutes=5 objective="add up weights and turn odds into a probability" hint=["Start at -2 and add the weights of the fields; a missing field adds nothing.", "A total of 3 means odds of 8 to 1, because 2 ** 3 is 8.", "Odds of 8 to 1 are a probability of 8 / (8 + 1)."]
# **04b.4** A pair starts at −2, as any pair does. Its e-mail is equal (weight 7), its birth date too
# (weight 2), its address is different (weight −3), and one of its phone numbers is missing. (Equal,
# it would have the weight 6, different −3.) How probable is it that the pair is one person? A share
# from 0 to 1, as `probable`.

# %% tags=["solution"]
odds = 2.0 ** (-2 + 7 + 2 - 3)
probable = odds / (1 + odds)

# %% wrong=["odds", "-2 + 7 + 2 - 3", "2.0 ** 6 / (1 + 2.0 ** 6)", "2.0 ** 1 / (1 + 2.0 ** 1)", "1 - probable"] message=["Those are the odds. Turn them into a probability.", "That is the total. Each step of it doubles the odds.", "You left out where every pair starts.", "A missing phone number is not a different one: it adds nothing.", "That is the probability of two different people."]
check("04b.4", probable)

# %% [markdown] points=2 minutes=6 objective="find the rule that joins what is missing" hint=["How many records have no phone number? Which `person_id` does each of them get?", "`factorize` gives all missing values the same number. Fill them first with something that is different in each record."]
# **04b.5 Find the error.** A colleague joins the lists of another shop by phone, as below, and finds
# that nearly every pair is wrong. Find the mistake, and mend it: a record without a phone number is
# a person of its own. How many people does the mended rule find? A number, as `by_phone`.

# %%
lists, sealed = simulate_records(300, edit_share=0.15, seed=11)
colleague = lists[["record_id"]].assign(person_id=lists["phone"].factorize()[0])
print(f"Precision {match_quality(colleague, sealed).precision:.3f}")
lists.head(3)

# %% tags=["solution"]
known = lists["phone"].fillna(lists["record_id"].astype("str"))
by_phone = known.nunique()

# %% wrong=["colleague['person_id'].nunique()", "lists['phone'].nunique()", "lists['phone'].isna().sum()", "lists['phone'].notna().sum()"] message=["That is the colleague's number: all without a phone number are one person there.", "Here all without a phone number are nobody. Each of them is a person of its own.", "That is how many records have no phone number.", "That is how many records have a phone number. Some of them share it."]
check("04b.5", by_phone)

# %% [markdown] points=3 minutes=6 objective="count the people behind lists of records" hint=["`match_records(lists)` does it all: compare, weigh, put together.", "Its `people` has a `person_id` for each record.", "`.nunique()`"]
# **04b.6 Count, then open the truth.** In these `lists` more cells are misspelt than at Hehua. How
# many people does `match_records` find in them? A number, as `found`. Before you go on, write down
# whether you expect that to be too many or too few.

# %% tags=["solution"]
matched = match_records(lists)
found = matched.people["person_id"].nunique()

# %% wrong=["len(lists)", "sealed['customer_id'].nunique()", "lists['email'].nunique()", "lists['phone'].fillna(lists['record_id'].astype('str')).nunique()", "lists['name'].nunique()"] message=["Those are the records.", "That is the truth, which you would not have at work. What do the lists alone tell?", "By e-mail alone, each misspelt one is somebody new, and a missing one nobody.", "That is by phone alone. Each old or misspelt number is somebody new.", "The web shop writes names in Latin letters, and people share names."]
check("04b.6", found)

# %% [markdown]
# Now break the seal.

# %%
opened = match_quality(match_records(lists).people, sealed)
print(f"True people: {sealed['customer_id'].nunique()}")
print(
    f"Of the true pairs found: {opened.recall:.1%}; of the found pairs right: {opened.precision:.1%}"
)

# %% [markdown]
# Too few: people were taken for each other. In the chapter it was the other way round. Look at the
# names: these people are called by numbers, so one wrong letter makes somebody else of you. How
# good a matching is depends on how much the people differ, and not on the method alone.

# %% [markdown] points=2 minutes=5 own=true objective="count conflicts that a golden record must decide" hint=["`mine.groupby(\"customer_id\")[\"address\"].nunique()` counts the different addresses of each customer.", "More than one is a conflict. The mean of yes and no is a share."]
# **04b.7** Of how many of *your* customers do the lists give more than one address? (Missing ones do
# not count, and each different spelling is an address.) A share of all customers, from 0 to 1, as
# `conflict`.

# %% tags=["solution"]
addresses = mine.groupby("customer_id")["address"].nunique()
conflict = (addresses > 1).mean()

# %% wrong=["(addresses > 1).sum()", "1 - conflict", "mine['customer_id'].isin(addresses.index[addresses > 1]).mean()", "(addresses > 0).mean()"] message=["That is how many; the question asks for a share.", "That is the share without a conflict.", "That is the share of the records; the question is about customers.", "That is the share with an address at all. More than one is asked for."]
check("04b.7", conflict)

# %% [markdown] points=2 minutes=5 objective="check a rule of thumb against the truth" hint=["Sort by `updated_on`, and take the last row of each customer: `.groupby(\"customer_id\").last()`.", "The mean of `right` among these rows."]
# **04b.8 Is it true?** "The newest entry is right." `phones` has the phone numbers of a larger shop,
# and `right` says of each whether it is the person's number in truth. Take the newest entry of each
# customer (of two on the same day, the one with the larger `record_id`). Which share of these is
# right? A share from 0 to 1, as `newest`.

# %%
town, sealed_town = simulate_records(2_000, edit_share=0.1, stale_share=0.2, seed=12)
wrong = sealed_town["stale"].str.contains("phone") | sealed_town["edited"].str.contains("phone")
phones = town[["record_id", "updated_on", "phone"]].assign(
    customer_id=sealed_town["customer_id"], right=~wrong
)
phones = phones.dropna().sort_values("record_id")
print(f"Of all entries {phones['right'].mean():.1%} are right")

# %% tags=["solution"]
last = phones.sort_values(["updated_on", "record_id"]).groupby("customer_id").last()
newest = last["right"].mean()

# %% wrong=["phones['right'].mean()", "last['right'].sum()", "1 - newest", "phones.sort_values(['updated_on', 'record_id']).groupby('customer_id').first()['right'].mean()"] message=["That is the share of all entries.", "That is how many; the question asks for a share.", "That is the share that is wrong.", "Those are the oldest entries."]
check("04b.8", newest)

# %% [markdown]
# The newest entry is right more often than any entry, and far from always: a slip of the pen has no
# age. The rule helps. It does not replace a question to the customer.

# %% [markdown] points=4 minutes=7 objective="decide whether and how lists may be joined" rubric=["Says yes or no, without a reason.", "Names a purpose, and what each of the two errors (joined wrongly, missed) would do to a customer.", "Also says what the customers agreed to, from which probability on pairs are joined, and who looks at the doubtful ones."] hint="What happens to a customer who is taken for somebody else? And to one who is written to twice? What did they agree to?"
# **04b.9 Judge.** A health shop wants to join its list of customers with the list of its advice
# line, where people ask about illnesses. Should it? If so, how sure must it be that two records are
# one person? Four to eight sentences in quotes, as `judgement`. Your teacher reads this one.

# %% tags=["solution"]
judgement = """Only for a purpose that people agreed to when they called, say to be asked how the advice
worked; to sell by illness is none, and without consent the lists stay apart. A wrong join shows one
person's illness to another, which cannot be taken back; a missed one only means that somebody is asked
twice. So precision counts far more than recall here: I join from a probability of 0.999 on and not from
0.5. Pairs between 0.5 and that are looked at by somebody who may see both lists, and is logged. The joined
table keeps the number of the person, not the illness, and is deleted when the purpose is served."""

# %%
check("04b.9", judgement)

# %%
progress()
