# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["slide"]
# # 05 · How much can we learn without learning who?
#
# A town of 20,000 adults has a shop and a health club. The shop wants to know which age spends
# most; the club has medical notes. Nobody needs to know *who* anybody is, so both take the names
# out.
#
# **Before you run anything, write down your guess:** two of them, each typed in place of the three
# dots below.
#
# You will be able to
#
# * attack a table without names, and say what the attack needs (8 minutes);
# * replace names by something that cannot be undone or joined (6 minutes);
# * box people so that they hide among others, and say what that costs the analyst (18 minutes);
# * publish totals whose gaps stay gaps (6 minutes);
# * hide one person in noise, and keep a budget of answers (10 minutes);
# * decide which protection suits which question (8 minutes).
#
# *Needs chapter 00. Data: simulated, seed 5. Names are invented; phone numbers, domains and
# postcodes are reserved or unused and reach nobody.*

# %% [markdown]
# 1. The names are gone, but birth date, sex and postcode are still there. What share of the club's
#    members can an outsider name? Type a share, such as `"10%"`.

# %%
from crmlab.classroom import check, guess, reveal

guess("05.a", ...)

# %% [markdown]
# 2. The shop replaces each phone number by its SHA-256 hash (a row of letters and digits), which
#    "cannot be turned back". What share of the numbers can an outsider read?

# %%
guess("05.b", ...)

# %% [markdown] minutes=8 tags=["slide"]
# ## No names, no problem?
#
# Medical notes are *sensitive data* (敏感个人信息). The simulator leaves them out unless we ask for
# them; here we do, because the lesson is what happens to them.

# %%
from crmlab.privacy import simulate_people

town, truth = simulate_people(20_000, sensitive=True, seed=5)
quasi = ["birth_date", "sex", "postcode"]
club = town.club[["member_id", *quasi, "medical_note"]]
club.head(3)

# %% [markdown] tags=["fragment"]
# No name, no phone. But somebody else has a list with names: a register of voters, an address book,
# a social network. Columns that such a list has too are *quasi-identifiers* (准标识符).

# %%
town.register.head(3)

# %% [markdown] tags=["subslide"]
# A *linkage attack* (链接攻击) looks for each record in the list. If just one person fits, the
# attacker claims that name. The truth, which only our simulator has, says whether the claim is
# right.

# %%
from crmlab.privacy import linkage_attack

claims = linkage_attack(club, town.register, on=quasi, record="member_id", truth=truth.club)
reveal("05.a", claims["correct"].mean(), form=".1%")
print(f"Claimed: {claims['claim'].notna().mean():.1%} of the members")

# %% [markdown] tags=["fragment"]
# In 1997 this attack found the hospital record of a governor. It works on whoever is *alone*:
# nobody else in town has the same birth date, sex and postcode.
#
# **Now you.** How many are alone? Complete the function. `size` holds, for each person, how many
# people look the same in these columns, the person included. Which of them are 1? `.mean()` of yes
# and no is a share. The last lines try it on four people: only the two men are told apart by their
# year.

# %% tags=["solution"]
import pandas as pd


def share_alone(people, columns):
    size = people.groupby(columns)[columns[0]].transform("size")
    return (size == 1).mean()  # you type this


four = pd.DataFrame({"sex": ["F", "F", "M", "M"], "year": [1980, 1980, 1975, 1990]})
check("05.c", share_alone(four, ["sex", "year"]), 0.5)

# %% [markdown] tags=["subslide"]
# How much must the attacker know? Take the shop's columns, one more at a time.

# %%
parts = {part: getattr(town.shop["birth_date"].dt, part) for part in ("year", "month", "day")}
known = town.shop.assign(**parts)
for count in range(1, 6):
    columns = ["sex", "year", "month", "day", "postcode"][:count]
    print(f"{share_alone(known, columns):6.1%} are alone in {', '.join(columns)}")

# %% [markdown] tags=["fragment"]
# That is one order of five columns. `risk_by_quasi` tries every choice of columns, with the
# household as a sixth. **Before you look:** every dot is one choice. Does the line climb evenly, or
# is there a point where it jumps?

# %% tags=["subslide"] alt="People alone: none with two columns, most with four, all with six"
import matplotlib.pyplot as plt

from crmlab.privacy import plot_risk_by_quasi, risk_by_quasi

risk = risk_by_quasi(known, quasi=["sex", "year", "month", "day", "postcode", "household"])
_, ax = plt.subplots(figsize=(9, 3.4))
ax = plot_risk_by_quasi(risk, ax=ax)

# %%
risk.groupby("quasi_identifiers")["share_unique"].agg(["min", "max"]).round(3)

# %% [markdown] tags=["fragment"]
# With two columns hardly anybody is alone, with five at least 84 of 100. No single column is to
# blame; it is the *combination*. So tell less: the decade of birth instead of the day, the district
# instead of the postcode.


# %% tags=["subslide"]
def banded(people):
    """Return people with the decade of their birth, and five digits of the postcode."""
    decade = people["birth_date"].dt.year // 10 * 10
    return people.assign(birth_date=decade, postcode=people["postcode"].str[:5])


hidden = linkage_attack(
    banded(club), banded(town.register), on=quasi, record="member_id", truth=truth.club
)
print(f"Named before: {claims['correct'].mean():.1%}, after: {hidden['correct'].mean():.1%}")
print(f"Fewest people who fit a member: {hidden['candidates'].min()}")

# %% [markdown] tags=["notes"]
# Ask two students for their birth date and the first digits of their home postcode: is anybody in
# the room alike? Then ask for sex and decade only.

# %% [markdown] minutes=6 tags=["slide"]
# ## What should stand in the place of a name?
#
# A table needs *something* that says "the same customer again". Many firms take a *hash* (哈希)
# of the phone number. Your second guess is about to meet the truth.

# %%
from crmlab.privacy import dictionary_attack, plain_hash, reserved_phones

hashed = plain_hash(town.shop["phone"])
guessed = dictionary_attack(hashed, reserved_phones())
print(f"A hash: {hashed.iloc[0][:24]}…")
reveal("05.b", (guessed["guess"].to_numpy() == town.shop["phone"].to_numpy()).mean(), form=".0%")

# %% [markdown] tags=["fragment"]
# Nothing was turned back. The attacker hashed *every* number there is, and looked each hash up in
# that list. Here there are 80,000 numbers. China's mobile numbers have eleven digits and begin with
# 13 to 19: seven times a billion.
#
# **Now you.** How long does that take? Complete the function: divide the numbers by how many a
# computer tries in a second, and turn the seconds into hours.


# %% tags=["solution"]
def hours(numbers, per_second):
    return numbers / per_second / 3600  # you type this


check("05.d", hours(7_200_000, per_second=1_000), 2)

# %% tags=["fragment"]
print(f"All of China, a million a second: {hours(7_000_000_000, 1_000_000):.1f} hours")
salted = plain_hash(town.shop["phone"], salt="hehua")
again = dictionary_attack(salted, reserved_phones(), salt="hehua")
print(f"With a salt that is known: {again['guess'].notna().mean():.0%} are read")

# %% [markdown] tags=["fragment"]
# A *salt* (盐) is a text that is added to each number before it is hashed. If everybody knows it,
# it only makes the attacker begin again.

# %% [markdown] tags=["subslide"]
# What is missing is a secret. A *keyed* hash (HMAC) makes a *pseudonym* (假名). The attacker can
# still try every number, but under which key?

# %%
import numpy as np

from crmlab.privacy import pseudonymise

keyed = pseudonymise(town.shop[["phone"]], "phone", key=np.random.default_rng(5).bytes(32))
book = pseudonymise(reserved_phones().to_frame(), "phone", key=np.random.default_rng(6).bytes(32))
print(f"Found with a key made up: {keyed['phone'].isin(book['phone']).mean():.0%}")

# %% [markdown] tags=["subslide"]
# The *vault* (密钥库) makes one key per purpose and keeps the names. (A real vault takes its keys
# from the machine's own randomness; ours takes a seed, so that you see what we see.)

# %%
from crmlab.privacy import Vault

identities = town.shop[["customer_id", "name", "phone", "email"]]
vault = Vault(identities, id="customer_id", random_bytes=np.random.default_rng(5).bytes)
positioning = vault.release(town.shop, purpose="positioning")
evaluation = vault.release(town.shop, purpose="evaluation")
positioning.head(3)

# %%
shared = positioning["token"].isin(evaluation["token"])
print(f"Tokens that stand in both tables: {shared.mean():.0%}")

# %% [markdown] tags=["fragment"]
# The two tables are about the same people, and their tokens have nothing in common: whoever gets
# both cannot join them by token. Only the vault can say who a token is, and after a *rotation*
# (轮换) of the key the old tokens name nobody.

# %%
from crmlab.errors import NotAllowedError

first = positioning["token"].head(1)
print("Who is it?", vault.who(first, purpose="positioning")["name"].iloc[0])
moved = vault.rotate("positioning")
try:
    vault.who(first, purpose="positioning")
except NotAllowedError as refusal:
    print("Refused:", refusal)

# %% [markdown]
# A pseudonym hides the name and nothing else: birth date, sex and postcode still stand in the
# table, and the first attack works as before. In law such a table is still personal data.

# %% [markdown] minutes=12 tags=["slide"]
# ## How many must look alike?
#
# Begin with six members and a pencil. Each of them is alone: nobody else was born in that year. An
# outsider who knows the years knows all six notes.

# %%
six = pd.DataFrame({"born": [1961, 1964, 1968, 1983, 1985, 1989]})
six["note"] = ["diabetes", "diabetes", "diabetes", "asthma", "none", "diabetes"]
six

# %% [markdown] tags=["fragment"]
# Draw one box round the first three and one round the last three, and write on each box what all in
# it share: the decade. Inside a box they look alike.

# %%
boxed = six.assign(born=six["born"] // 10 * 10)
boxed

# %% [markdown] tags=["fragment"]
# A table is *k-anonymous* (k-匿名) if everybody looks like at least k - 1 others. So k is the
# number of people in the smallest box.
#
# **Now you.** Complete the function: group the people by the columns, count each group with
# `.size()`, and take the smallest with `.min()`. The last line tries it on our two boxes.


# %% tags=["solution"]
def smallest_box(people, columns):
    return people.groupby(columns).size().min()  # you type this


check("05.e", smallest_box(boxed, ["born"]), 3)

# %% [markdown] tags=["subslide"]
# The town has thousands of people, and three columns. There are two ways to make the boxes.
#
# * *Full domain*: tell one column more coarsely, for everybody alike. That was our decade.
# * *Mondrian*: sort the people and cut them in the middle, cut each half again, and stop before a
#   box has fewer than k people. Each box tells its own range. (The painter Mondrian drew such
#   boxes.)
#
# For both we ask for k = 10.

# %%
from crmlab.privacy import FullDomain, Mondrian, dates, prefixes, whole

ladders = {"birth_date": dates(), "sex": whole(), "postcode": prefixes(5, 4)}
full = FullDomain(ladders, k=10).fit(town.shop)
boxes = Mondrian(quasi, k=10).fit(town.shop)
print("As it is:    k =", smallest_box(town.shop, quasi))
print("Full domain: k =", smallest_box(full.transform(town.shop), quasi))
print("Mondrian:    k =", smallest_box(boxes.transform(town.shop), quasi))

# %% [markdown] tags=["fragment"]
# (`ladders` says how each column may be told: birth by day, month, year and so on, the postcode by
# fewer and fewer digits.) Here are three people in their Mondrian boxes.

# %% tags=["fragment"]
boxes.transform(town.shop)[[*quasi, "spend_cny"]].head(3)

# %% [markdown] tags=["subslide"]
# The shop wants to know which age spends most. An analyst reads "1964-04-07 to 1965-05-12", does
# not know more, and spreads these people evenly over that time. How wrong does the answer get?
#
# **Before you look:** `risk` is the share of people whom an outsider finds, `error` how wrong the
# spending by age becomes. Does safety cost something from the first step on?

# %%
from crmlab.privacy import risk_utility

edges = [pd.Timestamp(year, 1, 1) for year in range(1945, 2011, 5)]
by_age = {"column": "birth_date", "value": "spend_cny", "edges": edges}
tradeoff = risk_utility(town.shop, ladders, ks=[2, 5, 10, 25, 100, 500], **by_age)

# %% tags=["subslide"] alt="Error near zero until the risk is near 1%, then rising"
from crmlab.privacy import plot_risk_utility

_, ax = plt.subplots(figsize=(9, 5))
ax = plot_risk_utility(tradeoff, ax=ax)

# %%
tradeoff.round(3)

# %% [markdown] tags=["fragment"]
# Follow Mondrian in the table from the top: k grows, the risk falls and falls, and the error stays
# at 0.01 or less up to k = 25. The first steps are nearly free. Further on the error grows. Full
# domain jumps: where its step happens to be the analyst's own five years, it costs nothing; where
# it is ten years or twenty, it costs much. So build the ladder for the question.

# %% [markdown] minutes=6 tags=["subslide"]
# ## Move k yourself
#
# **Before you drag:** at which k would *you* no longer see that people born around 1986 spend most?

# %%
from crmlab.privacy import explore_k

explore_k(town.shop, quasi=quasi, **by_age)

# %% [markdown] tags=["fragment"]
# On paper and on a slide the slider cannot move, so here is k = 1,000.

# %% tags=["subslide"] alt="Bars make a hill; the line of the coarse table is flat steps"
from crmlab.privacy import plot_seen_by_band, seen_by_band

coarsest = Mondrian(quasi, k=1_000).fit(town.shop).transform(town.shop)
seen = seen_by_band(town.shop, coarsest, **by_age)
_, ax = plt.subplots(figsize=(9, 4))
ax = plot_seen_by_band(seen, ax=ax)

# %%
seen.round(0)

# %% [markdown] tags=["fragment"]
# The hill is gone. There are so few boxes that the years of birth were cut only once; the other
# cuts went to sex and area. Now drag on to 2,500. The line comes *nearer* again: what is lost
# depends on where the cuts fall, and not on k alone.

# %% [markdown] minutes=6 tags=["subslide"]
# ## Alike, and all alike ill
#
# Back to the six, in their two boxes of three.

# %%
boxed

# %% [markdown] tags=["fragment"]
# Nobody can say which row is yours. But if you were born in the sixties, everybody knows your note:
# *all three* have diabetes. That is the *homogeneity attack* (同质性攻击). It finds no row, and
# does not need to.
#
# So count something else too: how many *different* notes does each box have? The smallest such
# number is the *l* of *l-diversity* (l-多样性). At 1, some box tells its secret.
#
# **Now you.** Complete the function: group by the columns, take the column `secret`, count the
# different values with `.nunique()`, and take the smallest.


# %% tags=["solution"]
def fewest_notes(people, columns, secret):
    return people.groupby(columns)[secret].nunique().min()  # you type this


check("05.f", fewest_notes(boxed, ["born"], "note"), 1)

# %% [markdown] tags=["subslide"]
# Now the club. It plans by area, so it keeps the postcode, tells birth by twenty years, and leaves
# sex out. **Before you run it:** of how many of its members is the note certain?

# %%
guess("05.g", ...)

# %%
from crmlab.privacy import homogeneity_attack

released = club.assign(birth_date=dates()(club["birth_date"], 5), sex="*")
members = released.assign(person_id=truth.club["person_id"])
learned = homogeneity_attack(released, members, on=quasi, sensitive="medical_note")["learned"]
print("People in the smallest box:   ", smallest_box(released, quasi))
print("Fewest different notes in one:", fewest_notes(released, quasi, "medical_note"))
reveal("05.g", learned.notna().sum())

# %% tags=["fragment"]
sure, planted = learned.notna().to_numpy(), truth.club["planted"].to_numpy()
right = (learned == club["medical_note"])[sure].mean()
print(
    f"Right: {right:.0%} of them. Planted by us: {planted.sum()}, found: {(sure & planted).sum()}"
)

# %% [markdown] tags=["fragment"]
# Everybody hides among 24 others or more, and it did not help. (We planted these people when we
# made the town: old members of one area, who all have diabetes.)
#
# Two different notes are not enough either. If 99 of a box have diabetes and one has not, the
# outsider is almost sure. So compare the box with everybody.

# %% [markdown] tags=["subslide"]
# ### How far is a box from everybody?
#
# Of the six, 4 have diabetes, 1 asthma, 1 none. In the first box all have diabetes. Write the
# shares side by side, and take the differences. Half of their sum (the sign left out) is the
# *distance*: it is the share of people whose note you would have to change to make the box look
# like everybody.
#
# **Now you.** Complete the function: take the difference of `inside` and `everywhere`, drop the
# sign with `.abs()`, add up with `.sum()`, and halve it. For the first box, a third is the answer.


# %% tags=["solution"]
def distance(box, everybody):
    everywhere = everybody.value_counts(normalize=True)
    inside = box.value_counts(normalize=True).reindex(everywhere.index, fill_value=0.0)
    return (inside - everywhere).abs().sum() / 2  # you type this


check("05.h", distance(six["note"].head(3), six["note"]), 1 / 3)

# %% [markdown] tags=["fragment"]
# In a table that is *t-close* (t-接近性), no box is farther than t from everybody. Mondrian keeps
# all three promises if we ask for them: here k = 10, l = 3 and t = 0.3.

# %% tags=["subslide"]
safer = Mondrian(quasi, k=10, l=3, t=0.3, sensitive="medical_note").fit(club)
table = safer.transform(club)
far = [distance(box, club["medical_note"]) for _, box in table.groupby(quasi)["medical_note"]]
print(f"People in the smallest box:    {smallest_box(table, quasi)}")
print(f"Fewest different notes in one: {fewest_notes(table, quasi, 'medical_note')}")
print(f"Farthest box from everybody:   {max(far):.2f}")

# %% tags=["fragment"]
members = table.assign(person_id=truth.club["person_id"])
learned = homogeneity_attack(table, members, on=quasi, sensitive="medical_note")["learned"]
print(f"Members whose note is certain: {learned.notna().sum()}")

# %% [markdown] tags=["fragment"]
# (`crmlab.privacy` has our three functions too: `k_anonymity`, `l_diversity` and `t_closeness`.)

# %% [markdown] minutes=6 tags=["slide"]
# ## Can we at least publish the totals?
#
# *Aggregated data* (汇总数据) are the field's first advice: no rows, only counts. A common rule
# hides every count below five. The club prints this table of its young members, with its totals.

# %%
from crmlab.privacy import published_table

district = {"000000": "North", "000001": "East", "000002": "West"}
some = club[club["postcode"].isin([*district])]
some = some.assign(area=some["postcode"].map(district), note=some["medical_note"])
young = some[some["birth_date"] >= "1999-01-01"]
bare = published_table(young, by=["area", "note"], complementary=False)
printed = bare.pivot(index="area", columns="note", values="people")
print(printed.to_string(na_rep="hidden", float_format="{:.0f}".format))

# %% [markdown] tags=["fragment"]
# **Now you.** Is what is hidden hidden? Look at the row North. Complete the line: from its total
# take the three counts that are printed.

# %% tags=["solution"]
north = printed.loc["North"]
shown = north[["asthma", "high blood pressure", "none"]]
ill_in_north = north["total"] - shown.sum()  # you type this
check("05.i", ill_in_north, int(young.query("area == 'North' and note == 'diabetes'").shape[0]))

# %% [markdown] tags=["fragment"]
# Not hidden at all. `cell_intervals` does this for every hidden cell, and for all sums at once: it
# says between which numbers each must lie. A thick frame is a cell that is given away.

# %% tags=["subslide"] alt="Counts by area and note; hidden cells show one number each"
from crmlab.privacy import cell_intervals, plot_published_table

_, ax = plt.subplots(figsize=(9, 3.5))
ax = plot_published_table(cell_intervals(bare), ax=ax)

# %%
solved = cell_intervals(bare)
solved[solved["people"].isna()]

# %% [markdown] tags=["fragment"]
# All of them. *Complementary suppression* (次级隐匿) hides more cells, until no hidden count can be
# worked out.

# %% tags=["subslide"] alt="The same table with more hidden cells; every one of them shows a range"
table = published_table(young, by=["area", "note"])
_, ax = plt.subplots(figsize=(9, 3.5))
ax = plot_published_table(cell_intervals(table), ax=ax)

# %%
solved = cell_intervals(table)
hidden = solved["people"].isna()
print(f"Hidden: {hidden.sum()} cells instead of {bare['people'].isna().sum()}")
print(f"Given away: {(solved['least'] == solved['most'])[hidden].sum()}")
print(f"Smallest published count: {table['people'].min():.0f}")

# %% [markdown] minutes=5 tags=["slide"]
# ## How much noise hides one person?
#
# Totals fail in another way too. Ask "how many members have diabetes?", then ask again about all
# members *except one*. Both answers are large and harmless. **Before you run it:** what is their
# difference?

# %%
from crmlab.privacy import differencing_attack

people = club.set_index("member_id")
asked_about = {"column": "medical_note", "value": "diabetes", "targets": range(1, 201)}
exact = differencing_attack(people, **asked_about)
one = exact[exact["guess"]].iloc[0]
print(f"Member {one['person']}: {one['with_person']:.0f}, then {one['without_person']:.0f}")
print(f"Right about {exact['correct'].mean():.0%} of 200 members")

# %% [markdown] tags=["fragment"]
# No rule about small cells stops *differencing* (差分攻击). Noise does. *Differential privacy*
# (差分隐私) adds noise so large that one person more or less hardly changes the chance of any
# answer: it is multiplied by exp(ε) at most. Small ε (epsilon) is safe and noisy. What many answers
# tell adds up, so there is a *budget* (隐私预算), and it is spent once.
#
# **Now you.** A budget is shared evenly among some questions. Complete the function: which ε does
# each of them get?


# %% tags=["solution"]
def each_gets(budget, questions):
    return budget / questions  # you type this


check("05.j", each_gets(1.0, questions=4), 0.25)

# %% tags=["subslide"]
from crmlab.privacy import Budget, noisy_count

budget = Budget(1.0, seed=5)
ill = people[people["medical_note"] == "diabetes"]
for question in ("this month", "next month", "the month after"):
    try:
        answer = noisy_count(ill, epsilon=0.4, budget=budget, question=question)
        print(f"{question}: {answer.value:.0f}, give or take {answer.standard_error:.1f}")
    except NotAllowedError as refusal:
        print("Refused:", refusal)

# %% [markdown] tags=["subslide"]
# A histogram costs its ε only once, because each person stands in one bar.
#
# **Before you look:** eight areas, ε = 0.1. Will the counts still be of use?

# %%
from crmlab.privacy import noisy_histogram

areas = [f"00000{number}" for number in range(8)]
living = people.loc[people["postcode"].isin(areas), "postcode"]
noisy = noisy_histogram(living, categories=areas, epsilon=0.1, budget=Budget(0.1, seed=5))
noisy["truth"] = living.value_counts().reindex(areas).to_numpy()

# %% tags=["subslide"] alt="Eight counts near 300 with bars of noise: small beside the counts"
from crmlab.privacy import plot_noisy_histogram

_, ax = plt.subplots(figsize=(9, 4))
ax = plot_noisy_histogram(noisy, of="Postcode", ax=ax)

# %%
noisy.round(1)

# %% [markdown] tags=["fragment"]
# The noise does not know how large the count is: it hides *one person*, whether among ten or ten
# million. Large groups can be counted almost for free; small ones drown.

# %% [markdown] minutes=5 tags=["subslide"]
# ## Move epsilon yourself
#
# **Before you drag:** at which ε do counts of a few dozen diabetics stop being of use?

# %%
from crmlab.privacy import explore_epsilon

notes = ["none", "high blood pressure", "asthma", "diabetes"]
first_area = people.loc[people["postcode"] == "000001", "medical_note"]
explore_epsilon(first_area, categories=notes, seed=5)

# %% [markdown] tags=["fragment"]
# On paper and on a slide the slider cannot move, so here is ε = 0.02.

# %% tags=["subslide"] alt="Four counts; the noise is wider than most of the bars"
quiet = noisy_histogram(first_area, categories=notes, epsilon=0.02, budget=Budget(0.02, seed=5))
quiet["truth"] = first_area.value_counts().reindex(notes).to_numpy()
_, ax = plt.subplots(figsize=(9, 4))
ax = plot_noisy_histogram(quiet, of="Note", ax=ax)

# %%
quiet.round(1)

# %% [markdown] tags=["subslide"]
# ### Is the promise kept?
#
# A promise can be tested. In a laboratory we may ask as often as we like: 4,000 times with one
# person in the data, 4,000 times without. An attacker sees one answer and must say which of the two
# it was: above some number "with", below it "without". `advantage` is how often that is right when
# it is "with", less how often it is wrong when it is "without": 0 for a coin, 1 for who always
# knows. By the promise it is at most `bound`.

# %%
from crmlab.privacy import advantage_bound, attacker_advantage

rows = []
for epsilon in (0.1, 0.5, 1.0, 2.0):
    lab = Budget(100_000, seed=5)
    inside, outside = (
        np.array([noisy_count(part, epsilon=epsilon, budget=lab).value for _ in range(4_000)])
        for part in (ill, ill.iloc[1:])
    )
    found = attacker_advantage(inside, outside)
    rows.append((epsilon, found.advantage, found.standard_error, advantage_bound(epsilon)))
pd.DataFrame(rows, columns=["epsilon", "advantage", "standard_error", "bound"]).round(3)

# %% [markdown] tags=["fragment"]
# The attacker comes up to the bound, and nowhere past it by more than the error of the experiment.

# %% [markdown] tags=["subslide"]
# ### Many averages, one member
#
# **Before you run it:** a firm publishes, for 50 secret members of a panel, what share of them
# buys each of 500 products. No row, no name. How much better than a coin can you tell who the 50
# are? Type a share: `"0%"` is a coin, `"100%"` is always right.

# %%
guess("05.k", ...)

# %%
from crmlab.privacy import membership_attack, simulate_panel

panel, sealed = simulate_panel(2_000, members=50, products=500, seed=5)
member = sealed["member"].to_numpy()
scores = membership_attack(panel, panel[member].mean(), panel.mean())["score"].to_numpy()
reveal("05.k", attacker_advantage(scores[member], scores[~member]).advantage, form=".0%")

# %% [markdown] tags=["fragment"]
# Every member has pulled every average a little towards himself or herself; 500 little pulls add
# up. That is a *membership attack* (成员推断攻击). One person changes all 500 counts, so they must
# share one budget.

# %%
budget, epsilon = Budget(1.0, seed=5), each_gets(1.0, questions=500)
print(f"Each product gets an epsilon of {epsilon}")
counts = {
    product: noisy_count(panel[member & panel[product]], epsilon=epsilon, budget=budget).value
    for product in panel
}
shares = pd.Series(counts) / 50
scores = membership_attack(panel, shares, panel.mean())["score"].to_numpy()
found = attacker_advantage(scores[member], scores[~member])
print(f"Advantage: {found.advantage:.0%}, standard error {found.standard_error:.0%}")
print(f"Published shares lie between {shares.min():.0%} and {shares.max():,.0%}")

# %% [markdown]
# The members are safe and the averages are rubbish. That is the honest answer: 500 averages of 50
# people *cannot* be published safely. Ask fewer questions, or ask about more people.

# %% [markdown] minutes=5 tags=["slide"]
# ## May we put the two files together?
#
# The slides disagree here. One says: never merge sources. Another says: bring all data together
# into one picture. Test it. The shop publishes birthday (month and day) and postcode; the club
# publishes year of birth, sex and postcode. Both are careful. **Before you run it:** which is
# riskier, and what if they are joined? Type the share of people who can be named once they are
# joined.

# %%
guess("05.l", ...)


# %%
def told(file):
    """Return a file with birthday and year of birth in the place of the birth date."""
    born = file["birth_date"]
    return file.assign(birthday=born.dt.strftime("%m-%d"), birth_year=born.dt.year)


register = told(town.register)
key = np.random.default_rng(5).bytes(32)
shop_table = pseudonymise(told(town.shop), "phone", key=key)
shop_table = shop_table[["customer_id", "phone", "birthday", "postcode"]]
club_table = pseudonymise(told(town.club), "phone", key=key)
club_table = club_table[["member_id", "phone", "birth_year", "sex", "postcode"]]
both = shop_table.drop(columns="postcode").merge(club_table, on="phone")
shop_table.head(2)

# %% tags=["subslide"]
attacks = {
    "shop alone": (shop_table, ["birthday", "postcode"], "customer_id", truth.shop),
    "club alone": (club_table, ["birth_year", "sex", "postcode"], "member_id", truth.club),
    "merged": (both, ["birthday", "birth_year", "sex", "postcode"], "member_id", truth.club),
}
rows = []
for name, (file, on, record, who) in attacks.items():
    attack = linkage_attack(file, register, on=on, record=record, truth=who)
    rows.append((name, len(file), attack["correct"].mean(), share_alone(register, on)))
merging = pd.DataFrame(rows, columns=["file", "people", "named", "alone_in_town"])
reveal("05.l", merging.set_index("file").loc["merged", "named"], form=".1%")
merging.round(4)

# %% [markdown] tags=["fragment"]
# Apart, each file is nearly harmless; joined, almost everybody can be named. The last column is our
# function on the whole town: whom the attack names are those who are alone. What joined the files
# was the *same key* for both. With a key per purpose there is nothing to join on:

# %%
apart = pseudonymise(told(town.club), "phone", key=np.random.default_rng(6).bytes(32))
print(f"Rows that can be joined: {len(shop_table.merge(apart, on='phone'))}")

# %% [markdown]
# So the slides can both be right: bring data together *for one named purpose, under one
# pseudonym, inside the vault*, and by default keep them apart.

# %% [markdown] minutes=4 tags=["slide"]
# ## Who may ask?
#
# The oldest of the five measures needs no mathematics: use customer data *only for positioning or
# evaluation* (信息只用于市场定位或评估). A *gate* stands before the table. It knows what each
# purpose needs, who agreed, and how long data may be kept, and it writes every question down.

# %%
from crmlab.privacy import Gate, Policy

policy = Policy(
    {"positioning": ["birth_date", "postcode", "spend_cny"], "evaluation": ["spend_cny"]},
    sensitive=["household"],
    keep_months=36,
)
rules = {"consents": town.consents, "as_of": "2025-01-01"}
gate = Gate(town.shop, policy, **rules, clock=lambda: pd.Timestamp("2025-01-02 09:30"))

for who, purpose, columns in [
    ("Wang", "positioning", ["birth_date", "spend_cny"]),
    ("Li", "evaluation", ["spend_cny", "postcode"]),
    ("Zhao", "positioning", ["household"]),
    ("Chen", "resale", ["phone"]),
]:
    try:
        print(f"{who}: {len(gate.ask(columns, purpose=purpose, who=who)):,} rows")
    except NotAllowedError as refusal:
        print(f"{who}: {refusal}")

# %% tags=["subslide"]
gate.log.drop(columns=["why"])

# %%
print(f"Due for deletion: {len(gate.due_for_deletion()):,} of {len(town.shop):,} customers")

# %% [markdown] tags=["fragment"]
# To this shop the household is sensitive. Of 10,000 customers, the gate gives out only those who
# agreed, did not take it back, and were seen in the last three years. The refused questions stand
# in the log as well; they are what an auditor reads first.

# %% [markdown] minutes=4 tags=["slide"]
# ## Which protection for which question?
#
# The field's old advice has five measures: anonymous identity (匿名身份), an architecture that
# protects it (匿名体系结构), aggregated data (汇总数据), use for positioning or evaluation only,
# and no merging of sources (不合并数据源). You have now tried all five. What is good for what:
#
# | Question | Protection | What stays open |
# |---|---|---|
# | Is it the same customer again? | pseudonym, key per purpose, vault | all other columns |
# | How do groups behave? (rows) | k-anonymity; for secrets also l, t | knowing more columns |
# | How many, by area? (a table) | hide small cells and their helpers | comparing many tables |
# | How many, asked by strangers? | differential privacy, one budget | small groups drown |
# | Do they also shop elsewhere? | do not merge, or for one purpose only | risk of all columns |
# | May I look at all? | gate: purpose, consent, retention, log | what is done after it |

# %% [markdown] tags=["subslide"]
# Two laws stand behind this, and the old slides knew neither. This is what they ask of an analyst
# in short, not legal advice.
#
# | Principle | PIPL (个人信息保护法, 2021) | GDPR (EU) 2016/679 |
# |---|---|---|
# | clear purpose, no more data than it needs | Art. 6 | Art. 5(1)(b), (c) |
# | consent or another ground; can be withdrawn | Art. 13, 15 | Art. 6, 7(3) |
# | kept no longer than needed; deleted | Art. 19, 47 | Art. 5(1)(e), 17 |
# | sensitive data (health, …) only if needed | Art. 28-32 | Art. 9 |
# | pseudonyms are personal data, anonymity ends that | Art. 4, 73 | Art. 4(5), recital 26 |
# | write it down; assess high risks before | Art. 54-56 | Art. 30, 35 |
#
# "Anonymous" means that nobody can find the person again *by any likely means*. This chapter
# showed how high that bar is.

# %% [markdown] tags=["notes"]
# Let groups argue one row each: give them a question from their own firm, let them choose the
# protection, and let the next group attack it.

# %% [markdown]
# ## Your turn
#
# `exercises/05_privacy.ipynb` has questions on a town of your own. Or here and now:
#
# 1. **Amway's card.** A direct seller's customer card (安利顾客资料卡) holds name, phone,
#    address, birthday, education, income, family, medical history, personality and social ties.
#    Write the `Policy` for the purpose "positioning": which columns does it *need*? Argue for
#    each one you leave in. What of the medical history?
# 2. Give the outsider a register that lists only 60% of the town (`simulate_people(20_000,
#    listed=0.6, …)`). How many claims are now wrong, and why?
# 3. Publish the club's notes by district with `min_cell=10`. Which cells went, and was it worth it?
#
# **Recall, without scrolling up:**
#
# * Why does a salt that everybody knows not help?
# * Which attack works on a table that is 10-anonymous?
# * What happens to the noise of a count when the town doubles?

# %% [markdown] tags=["slide"]
# ## What you saw
#
# * Names are the smallest part of the problem: three ordinary columns name almost everybody.
# * Each protection answers one attack and leaves another open; the first steps are cheap.
# * Safety adds up the wrong way: two harmless files, or ten harmless answers, need not be
#   harmless together.
#
# **To carry away:** which two tables in your firm must never meet?

# %% [markdown]
# Five questions to see what stayed. Choose with the mouse, or with Tab and the arrow keys.

# %%
from crmlab.classroom import quiz

quiz("05")

# %% [markdown]
# *Functions used:* `simulate_people`, `linkage_attack`, `risk_by_quasi`, `plot_risk_by_quasi`,
# `plain_hash`, `dictionary_attack`, `Vault`, `pseudonymise`, `FullDomain`, `Mondrian`,
# `risk_utility`, `plot_risk_utility`, `seen_by_band`, `explore_k`, `homogeneity_attack`,
# `published_table`, `cell_intervals`,
# `plot_published_table`, `differencing_attack`, `Budget`, `noisy_count`, `noisy_histogram`,
# `plot_noisy_histogram`, `explore_epsilon`, `attacker_advantage`, `advantage_bound`,
# `simulate_panel`, `membership_attack`, `Policy`, `Gate`.
#
# *Sources:* Sweeney, L. (2002). k-anonymity. International Journal of Uncertainty, Fuzziness and
# Knowledge-Based Systems 10(5), 557-570. doi:10.1142/S0218488502001648 (also the governor's
# record). Machanavajjhala, A. et al. (2007). l-diversity. doi:10.1145/1217299.1217302. Li, N.,
# Li, T. and Venkatasubramanian, S. (2007). t-closeness. doi:10.1109/ICDE.2007.367856. LeFevre,
# K., DeWitt, D. J. and Ramakrishnan, R. (2006). Mondrian. doi:10.1109/ICDE.2006.101. Cox, L. H.
# (1980). Suppression methodology. doi:10.1080/01621459.1980.10477481. Denning, D. E., Denning, P.
# J. and Schwartz, M. D. (1979). The tracker. doi:10.1145/320064.320069. Dwork, C. and Roth, A.
# (2014). The algorithmic foundations of differential privacy. doi:10.1561/0400000042. Homer, N.
# et al. (2008). doi:10.1371/journal.pgen.1000167. Krawczyk, H., Bellare, M. and Canetti, R.
# (1997). HMAC. doi:10.17487/RFC2104. Personal Information Protection Law of the People's Republic
# of China (2021). Regulation (EU) 2016/679.
