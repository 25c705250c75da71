# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # 05 · Exercises: who can find you in this table?
#
# *About 45 minutes. Needs chapter 05. Data: a town with a health club, and a pharmacy of your
# own. Everybody in them is invented. Put your work in place of each `...`, run the cell, then run
# its check. `hint("05.1")` gives a hint, one more at each call.*

# %%
import pandas as pd

from crmlab.classroom import check, hint, load_mine, progress
from crmlab.privacy import (
    Budget,
    Mondrian,
    dates,
    dictionary_attack,
    homogeneity_attack,
    k_anonymity,
    linkage_attack,
    noisy_count,
    prefixes,
    reserved_phones,
    seen_by_band,
    simulate_people,
)

quasi = ["birth_date", "sex", "postcode"]


# %% tags=["world"]
def world(seed):
    from crmlab.privacy import simulate_people

    everybody = {"in_shop": 1, "in_club": 1, "in_both": 1}
    town, truth = simulate_people(1_500, areas=8, **everybody, sensitive=True, seed=seed)
    files = town.shop.merge(town.club[["phone", "medical_note"]], on="phone", validate="1:1")
    told = ["customer_id", "birth_date", "sex", "postcode", "spend_cny", "medical_note"]
    return files[told], truth.shop


# %% [markdown]
# `mine` holds the customers of your pharmacy, one row per person, without names. Handed
# out by a teacher, they are yours alone.

# %%
mine = load_mine("05")
mine.head(3)

# %% [markdown] points=1 minutes=2 objective="read k from a released table" hint=["Put the rows into groups that are alike in both columns.", "k is about the person who hides worst: look for the smallest group."]
# **05.1** Below is a released table. An outsider may know a person's decade of birth and sex. For
# which k is the table k-anonymous? The largest such number, as `k`.

# %%
released = pd.DataFrame(
    {
        "born": ["1980s", "1990s", "1980s", "1970s", "1990s", "1970s", "1980s", "1990s", "1990s"],
        "sex": ["F", "M", "F", "F", "M", "F", "F", "M", "M"],
        "spend_cny": [410, 95, 230, 120, 340, 560, 75, 180, 220],
    }
)
released

# %% tags=["solution"]
k = k_anonymity(released, quasi=["born", "sex"]).k

# %% wrong=["k - 1", "released.groupby(['born', 'sex']).ngroups", "released.groupby(['born', 'sex']).size().max()"] message=["That is how many *others* look like a person. The person counts too.", "That is the number of groups.", "That is the largest group. The smallest one decides."]
check("05.1", k)

# %% [markdown] points=1 minutes=4 objective="undo a hash that has no secret" hint=["Nothing is turned back: hash every number there can be, and compare.", "`reserved_phones()` holds every phone number of the town.", "`dictionary_attack(tokens, candidates, salt=...)`"]
# **05.2** A shop says: "We publish no phone numbers, only their SHA-256 hashes, and we add a salt."
# The salt, `hehua`, stands in its handbook. Whose number is this? The phone number, a text, as
# `phone`.

# %%
token = pd.Series(["3c1592770811060ba7c74e6dd99ff6e80ce7ee3a9470f50c41ff1c420bbebd90"])

# %% tags=["solution"]
phone = dictionary_attack(token, reserved_phones(), salt="hehua")["guess"].item()

# %% wrong=["dictionary_attack(token, reserved_phones())['guess'].item()", "token.item()"] message=["No number fits, because each was hashed without the salt.", "That is the hash itself."]
check("05.2", phone)

# %% [markdown]
# The shop did not lie: a hash cannot be turned back. It need not be. Only a *secret* key would have
# helped.

# %% [markdown] points=2 minutes=4 own=true objective="compute who is alone in a table without names" hint=["`mine[\"birth_date\"].dt.year` is the year of birth.", "`k_anonymity` takes the three columns that the outsider knows.", "Its result has `share_unique`."]
# **05.3** In *your* pharmacy: an outsider knows a customer's *year* of birth, sex and postcode.
# Which share of your customers has no other customer alike? A share from 0 to 1, as `alone`.

# %% tags=["solution"]
known = mine.assign(year=mine["birth_date"].dt.year)
found = k_anonymity(known, quasi=["year", "sex", "postcode"])
alone = found.share_unique

# %% wrong=["k_anonymity(mine, quasi=quasi).share_unique", "found.unique / found.classes", "found.classes / found.people", "found.unique"] message=["That is for an outsider who knows the day of birth too.", "You divided by the number of groups. Divide by the number of people.", "That is groups per person. Count the people who have a group to themselves.", "That is how many; the question asks for a share."]
check("05.3", alone)

# %% [markdown] points=2 minutes=6 own=true objective="say what anonymity costs an analyst" hint=["`Mondrian(quasi, k=100)`: first `fit`, then `transform`.", "`seen_by_band(mine, coarse, column=\"birth_date\", value=\"spend_cny\", edges=edges)`", "Take the row where `mean` is largest, and compare its `mean_seen`."]
# **05.4** Make *your* table 100-anonymous with `Mondrian`, in all of `quasi`. An analyst sees only
# that table and asks for the mean spend by five years of birth (`edges`). Look at the band that
# really spends most per customer. By which share of its true mean does the analyst see too little?
# A share, as `lost`.

# %%
edges = [pd.Timestamp(year, 1, 1) for year in range(1945, 2011, 5)]

# %% tags=["solution"]
coarse = Mondrian(quasi, k=100).fit(mine).transform(mine)
seen = seen_by_band(mine, coarse, column="birth_date", value="spend_cny", edges=edges)
best = seen.loc[seen["mean"].idxmax()]
lost = 1 - best["mean_seen"] / best["mean"]

# %% wrong=["best['mean'] - best['mean_seen']", "best['mean'] / best['mean_seen'] - 1", "1 - (seen['mean_seen'] / seen['mean']).mean()"] message=["That is in CNY. Divide by the true mean.", "You divided by what the analyst sees. Divide by the true mean.", "That is the average over all bands; the question is about one."]
check("05.4", lost)

# %% [markdown] points=3 minutes=6 own=true objective="learn a secret from a group that is all alike" hint=["Nobody needs to find a row. What if a whole group has one note?", "`homogeneity_attack(told, told, on=[\"birth_date\", \"postcode\"], sensitive=\"medical_note\", person=\"customer_id\")`", "`learned` is missing where nothing is sure. Keep the rows of `old`, then take a share."]
# **05.5** Your pharmacy releases `told`: birth by twenty years, postcode and medical note. Nobody is
# alone in it. An outsider knows who your customers are, and the birth date and postcode of each. Of
# your customers born before 1960 (`old`), for which share is the outsider *sure* of the medical
# note? A share, as `certain`.

# %%
told = mine.assign(birth_date=dates()(mine["birth_date"], 5)).drop(columns="sex")
old = (mine["birth_date"] < "1960-01-01").to_numpy()
print(f"Smallest group: {k_anonymity(told, quasi=['birth_date', 'postcode']).k}")

# %% tags=["solution"]
learned = homogeneity_attack(
    told, told, on=["birth_date", "postcode"], sensitive="medical_note", person="customer_id"
)
sure = learned["learned"].notna()
certain = sure[old].mean()

# %% wrong=["sure.mean()", "sure[old].sum()", "(told['medical_note'] == 'diabetes')[old].mean()"] message=["That is the share of all customers; the question is about the old ones.", "That is how many; the question asks for a share.", "That is the share who have diabetes, whether an outsider can be sure of it or not."]
check("05.5", certain)

# %% [markdown]
# In the simulator every customer of the first postcode born before 1960 has diabetes. You did not
# find anybody's row, and you know it of each of them.

# %% [markdown] points=2 minutes=5 objective="find the error in a colleague's check of k" hint=["How many members do the colleague's groups hold together? How many are there?", "Some members gave no postcode. What does `groupby` do with them?", "`groupby(quasi, dropna=False)`"]
# **05.6 Find the error.** A colleague says: "Nobody in this table of the club hides among fewer than
# ten." Find the mistake. How many members really stand in a group of fewer than ten, if giving no
# postcode is something that one can see? A number, as `mended`.

# %%
town, sealed = simulate_people(5_000, listed=0.6, sensitive=True, seed=7)
gave = town.club["member_id"] % 16 > 0
table = town.club.assign(
    birth_date=dates()(town.club["birth_date"], 4),
    postcode=prefixes(5, 4)(town.club["postcode"], 1).where(gave),
)
size = table.groupby(quasi)["member_id"].transform("size")
colleague = (size < 10).sum()
print(f"The colleague's number: {colleague}")

# %% tags=["solution"]
size = table.groupby(quasi, dropna=False)["member_id"].transform("size")
mended = (size < 10).sum()

# %% wrong=["colleague", "(~gave).sum()", "(table.groupby(quasi, dropna=False).size() < 10).sum()"] message=["That is the colleague's number.", "Nearly: that is everybody without a postcode, but some of them hide among ten or more.", "Those are the groups. How many members stand in them?"]
check("05.6", mended)

# %% [markdown] points=3 minutes=6 objective="attack with a list that is not complete" hint=["`linkage_attack` compares two tables: tell birth equally coarsely in both.", "`linkage_attack(told_club, told_register, on=quasi, record=\"member_id\")`", "`claim` is missing where more people than one fit, or none."]
# **05.7 Count, then open the truth.** The club releases year of birth, sex and postcode. The
# attacker's register lists only six in ten of the town. For which share of the club's members does
# the attacker claim a name? A share, as `claimed`. Before you go on, write down how many of these
# claims you expect to be right.

# %%
told_club = town.club.assign(birth_date=dates()(town.club["birth_date"], 2))
told_register = town.register.assign(birth_date=dates()(town.register["birth_date"], 2))

# %% tags=["solution"]
claims = linkage_attack(told_club, told_register, on=quasi, record="member_id")
claimed = claims["claim"].notna().mean()

# %% wrong=["(claims['candidates'] > 0).mean()", "linkage_attack(town.club, town.register, on=quasi, record='member_id')['claim'].notna().mean()", "k_anonymity(told_club, quasi=quasi).share_unique"] message=["There somebody fits, perhaps several. A claim needs exactly one.", "You used the day of birth; the club releases the year.", "That asks who is alone in the club, without any list of names."]
check("05.7", claimed)

# %% [markdown]
# Now break the seal.

# %%
opened = linkage_attack(
    told_club, told_register, on=quasi, record="member_id", truth=sealed.club
).dropna(subset="claim")
print(f"Claims that are right: {opened['correct'].mean():.0%}")

# %% [markdown]
# Who is alone in an incomplete list need not be alone in town. The attacker cannot tell the right
# claims from the wrong ones, and a wrong claim can harm somebody who was never in the club.

# %% [markdown] points=2 minutes=4 objective="check a claim about noise" hint=["`noisy_count(ill, epsilon=0.1, budget=Budget(1.0, seed=5))`", "The answer has a `standard_error`. Divide it by the true count."]
# **05.8 Is it true?** "Noise that hides one person spoils every count." The club counts its members
# with diabetes (`ill`) once, at ε = 0.1. How large is the standard error of that noise, as a share
# of the true count? A share, as `noise`.

# %%
ill = town.club[town.club["medical_note"] == "diabetes"]

# %% tags=["solution"]
answer = noisy_count(ill, epsilon=0.1, budget=Budget(1.0, seed=5))
noise = answer.standard_error / len(ill)

# %% wrong=["answer.standard_error", "abs(answer.value - len(ill)) / len(ill)", "noisy_count(ill, epsilon=1.0, budget=Budget(1.0, seed=5)).standard_error / len(ill)", "answer.standard_error / len(town.club)"] message=["That is in people. Divide by the count.", "That is the error of one draw; the standard error is known before any draw.", "That is with ten times the epsilon.", "You divided by all members, not by those counted."]
check("05.8", noise)

# %% [markdown]
# The noise is as large for ten people as for ten thousand. So the claim is wrong for large groups,
# and right for small ones.

# %% [markdown] points=4 minutes=8 objective="judge whether two files may be merged" rubric=["Says yes or no, without a number.", "Uses at least two numbers of this notebook, and names an attack and the protection that answers it.", "Also says for which purpose it may be done, what the protection leaves open or costs, and what would change the mind."] hint="What does each file tell alone? What would an outsider know who had both?"
# **05.9 Judge.** "There are no names in our files. So let us merge the pharmacy's file with the
# club's, under one hashed phone number, and give it to every department." Would you allow it? Three
# to six sentences in quotes, as `judgement`. Your teacher reads this one.

# %% tags=["solution"]
judgement = """Not like this. 05.2 shows that a hash without a secret key can be read, and 05.3 that
many customers are alone in three ordinary columns; merged, there are more columns and more are alone.
05.5 shows that even a group gives away its illness. For one named purpose I would let the vault join
the two under a key of its own, release birth in bands with several notes in each group, and accept
the loss of 05.4. If totals are enough, counts with noise do it; 05.8 shows that they stay useful.
Without the customers' consent I would not merge at all."""

# %%
check("05.9", judgement)

# %%
progress()
