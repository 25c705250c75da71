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
# **Before you run anything, write down your guess:**
#
# 1. The names are gone, but birth date, sex and postcode are still there. What share of the club's
#    members can an outsider name?
# 2. The shop replaces each phone number by its SHA-256 hash, which "cannot be turned back". What
#    share of the numbers can an outsider read?
#
# You will be able to
#
# * attack a table without names, and say what the attack needs (8 minutes);
# * replace names by something that cannot be undone or joined (6 minutes);
# * let people hide among others, and say what that costs the analyst (12 minutes);
# * publish totals whose gaps stay gaps (6 minutes);
# * hide one person in noise, and keep a budget of answers (10 minutes);
# * decide which protection suits which question (8 minutes).
#
# *Needs nothing. Data: simulated, seed 5. Names are invented; phone numbers, domains and
# postcodes are reserved or unused and reach nobody.*

# %% tags=["hide-input"]
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from crmlab.errors import NotAllowedError
from crmlab.privacy import (
    Budget,
    FullDomain,
    Gate,
    Mondrian,
    Policy,
    Vault,
    advantage_bound,
    attacker_advantage,
    cell_intervals,
    dates,
    dictionary_attack,
    differencing_attack,
    explore_epsilon,
    explore_k,
    homogeneity_attack,
    k_anonymity,
    l_diversity,
    linkage_attack,
    membership_attack,
    noisy_count,
    noisy_histogram,
    plain_hash,
    plot_noisy_histogram,
    plot_published_table,
    plot_risk_by_quasi,
    plot_risk_utility,
    plot_seen_by_band,
    prefixes,
    pseudonymise,
    published_table,
    reserved_phones,
    risk_by_quasi,
    risk_utility,
    seen_by_band,
    simulate_panel,
    simulate_people,
    t_closeness,
    whole,
)

# %% [markdown] minutes=8 tags=["slide"]
# ## No names, no problem?
#
# Medical notes are *sensitive data* (敏感个人信息). The simulator leaves them out unless it is
# asked; here we ask, because the lesson is what happens to them.

# %%
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
# A *linkage attack* (链接攻击) looks each record up in the list. If just one person fits, the
# attacker claims that name. The truth, which only our simulator has, says whether the claim is
# right.

# %%
claims = linkage_attack(club, town.register, on=quasi, record="member_id", truth=truth.club)
print(f"Claimed: {claims['claim'].notna().mean():.1%} of the members")
print(f"Rightly: {claims['correct'].mean():.1%}")

# %% [markdown] tags=["fragment"]
# Compare that with your first guess. In 1997 this attack found the hospital record of a governor.
# How much must the attacker know? Take the shop's columns, one more at a time.

# %%
known = town.shop.assign(
    year=town.shop["birth_date"].dt.year,
    month=town.shop["birth_date"].dt.month,
    day=town.shop["birth_date"].dt.day,
)
risk = risk_by_quasi(known, quasi=["sex", "year", "month", "day", "postcode", "household"])

# %% [markdown]
# **Before you look:** every dot is one choice of columns. Does the line climb evenly, or is there a
# point where it jumps?

# %% tags=["subslide"] alt="People alone: none with two columns, most with four, all with six"
_, ax = plt.subplots(figsize=(9, 3.4))
ax = plot_risk_by_quasi(risk, ax=ax)

# %%
risk.groupby("quasi_identifiers")["share_unique"].agg(["min", "max"]).round(3)

# %% [markdown] tags=["fragment"]
# Hardly anybody is alone with two columns, almost everybody with five. No single column is to
# blame; it is the *combination*. So tell less: the decade of birth instead of the day, the
# district instead of the postcode.

# %% tags=["subslide"]
coarse = {"birth_date": dates(), "postcode": prefixes(5, 4)}


def banded(people):
    """Return people with birth told by ten years and the postcode by district."""
    return people.assign(
        birth_date=coarse["birth_date"](people["birth_date"], 4),
        postcode=coarse["postcode"](people["postcode"], 1),
    )


after = linkage_attack(
    banded(club), banded(town.register), on=quasi, record="member_id", truth=truth.club
)
print(f"Re-identified before: {claims['correct'].mean():.1%}, after: {after['correct'].mean():.1%}")
print(f"Fewest candidates for any member: {after['candidates'].min()}")

# %% [markdown] tags=["notes"]
# Ask two students for their birth date and the first digits of their home postcode: is anybody in
# the room alike? Then ask for sex and decade only.

# %% [markdown] minutes=6 tags=["slide"]
# ## What should stand in the place of a name?
#
# A table needs *something* that says "the same customer again". Many firms take a *hash* (哈希)
# of the phone number. **Before you run the cell:** look at your second guess.

# %%
hashed = plain_hash(town.shop["phone"])
guessed = dictionary_attack(hashed, reserved_phones())
read = (guessed["guess"].to_numpy() == town.shop["phone"].to_numpy()).mean()
print(f"A hash: {hashed.iloc[0][:24]}…")
print(f"Phone numbers read back: {read:.0%}")

# %% [markdown] tags=["fragment"]
# Nothing was turned back. The attacker hashed *every* number there is and looked the results up.
# Here there are 80,000. China's mobile numbers have eleven digits and begin with 13 to 19: seven
# times a billion. A "salt" that everybody may know only makes the attacker start again.

# %%
salted = plain_hash(town.shop["phone"], salt="hehua")
again = dictionary_attack(salted, reserved_phones(), salt="hehua")
print(f"With a known salt: {again['guess'].notna().mean():.0%}")
print(f"All of China, a million hashes a second: {7 * 10**9 / 10**6 / 3600:.1f} hours")

# %% [markdown] tags=["subslide"]
# What is missing is a secret. A *keyed* hash (HMAC) makes a *pseudonym* (假名). The attacker can
# still try every number, but under which key?

# %%
keyed = pseudonymise(town.shop[["phone"]], "phone", key=np.random.default_rng(5).bytes(32))
book = pseudonymise(reserved_phones().to_frame(), "phone", key=np.random.default_rng(6).bytes(32))
print(f"Found with a key made up: {keyed['phone'].isin(book['phone']).mean():.0%}")

# %% [markdown] tags=["subslide"]
# The *vault* (密钥库) makes one key per purpose and keeps the names. (A real vault takes its keys
# from the machine's own randomness; ours takes a seed, so that you see what we see.)

# %%
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

# %% [markdown] minutes=6 tags=["slide"]
# ## How many must look alike?
#
# A table is *k-anonymous* (k-匿名) if everybody looks like at least k - 1 others in all
# quasi-identifiers. There are two ways to get there: tell each *column* more coarsely for
# everybody (full domain), or cut the *people* into boxes of at least k and tell each box by its
# range (Mondrian).

# %%
print("As it is:   k =", k_anonymity(town.shop, quasi=quasi).k)
ladders = {"birth_date": dates(), "sex": whole(), "postcode": prefixes(5, 4)}
full = FullDomain(ladders, k=10).fit(town.shop)
boxes = Mondrian(quasi, k=10).fit(town.shop)
for name, model in (("Full domain", full), ("Mondrian", boxes)):
    print(f"{name}: k =", k_anonymity(model.transform(town.shop), quasi=quasi).k)

# %% tags=["fragment"]
boxes.transform(town.shop)[[*quasi, "spend_cny"]].head(3)

# %% [markdown] tags=["subslide"]
# The shop wants to know which age spends most. An analyst who sees "1964-04-07 to 1965-05-12"
# spreads these people evenly over that time. How wrong does the answer get?
#
# **Before you look:** does safety have to be paid for from the first step?

# %%
edges = [pd.Timestamp(year, 1, 1) for year in range(1945, 2011, 5)]
asked = {"column": "birth_date", "value": "spend_cny", "edges": edges}
tradeoff = risk_utility(town.shop, ladders, ks=[2, 5, 10, 25, 100, 500], **asked)

# %% tags=["subslide"] alt="Error near zero until the risk is near 1%, then rising"
_, ax = plt.subplots(figsize=(9, 5))
ax = plot_risk_utility(tradeoff, ax=ax)

# %%
tradeoff.round(3)

# %% [markdown] tags=["fragment"]
# Read from right to left. The first steps are nearly free: the risk falls from almost 100% to a
# few in a hundred while the answer stays right. Further left the curve bends upwards. Full domain
# jumps: where its step happens to be the analyst's own five years, it costs nothing; with ten or
# twenty it costs much. A ladder should be built for the question.

# %% [markdown] minutes=6 tags=["subslide"]
# ## Move k yourself
#
# **Before you drag:** at which k would *you* no longer see that people born around 1986 spend most?

# %%
explore_k(town.shop, quasi=quasi, **asked)

# %% [markdown]
# On paper the slider cannot move, so here is k = 1,000.

# %% tags=["subslide"] alt="Bars make a hill; the line of the coarse table is flat steps"
coarsest = Mondrian(quasi, k=1_000).fit(town.shop).transform(town.shop)
seen = seen_by_band(town.shop, coarsest, **asked)
_, ax = plt.subplots(figsize=(9, 4))
ax = plot_seen_by_band(seen, ax=ax)

# %%
seen.round(0)

# %% [markdown] tags=["fragment"]
# The hill is gone: in so few boxes, the cuts by sex and area left birth a single one. Now drag on
# to 2,500. The line comes *nearer* again: what is lost depends on where the cuts fall, not on k
# alone.

# %% [markdown] tags=["subslide"]
# ### Alike, and all alike ill
#
# The club plans by area, so it keeps the postcode, tells birth by twenty years, and leaves sex
# out. Now everybody looks like many others. **Before you run it:** nobody can find a
# member's row. Can anybody's medical note still be learned?

# %%
released = club.assign(birth_date=dates()(club["birth_date"], 5), sex="*")
members = released.assign(person_id=truth.club["person_id"])
learned = homogeneity_attack(released, members, on=quasi, sensitive="medical_note")
sure = learned["learned"].notna().to_numpy()
print(f"Smallest group: {k_anonymity(released, quasi=quasi).k}")
print(f"Least notes in a group: {l_diversity(released, quasi=quasi, sensitive='medical_note'):.0f}")
print(f"Members whose note is certain: {sure.sum()}")

# %% [markdown] tags=["fragment"]
# The *homogeneity attack* (同质性攻击) finds no row; it need not. Where a whole group has the
# same note, you know that each of them has it. Now the truth: we planted one group, old members
# of one area, who all have diabetes.

# %%
planted = truth.club["planted"].to_numpy()
print(f"Planted: {planted.sum()}; of these learned: {(sure & planted).sum()}")
right = learned["learned"].to_numpy()[sure] == club["medical_note"].to_numpy()[sure]
print(f"Learned and right: {right.mean():.0%}")

# %% [markdown] tags=["subslide"]
# The cure asks for more: *l-diversity* (l-多样性), at least l different notes in a group, and
# *t-closeness* (t-接近性), no group further than t from the whole.

# %%
safer = Mondrian(quasi, k=10, l=3, t=0.3, sensitive="medical_note").fit(club)
table = safer.transform(club)
members = table.assign(person_id=truth.club["person_id"])
learned = homogeneity_attack(table, members, on=quasi, sensitive="medical_note")
print(f"Least notes in a group: {l_diversity(table, quasi=quasi, sensitive='medical_note'):.0f}")
print(f"Farthest group: {t_closeness(table, quasi=quasi, sensitive='medical_note'):.2f}")
print(f"Members whose note is certain: {learned['learned'].notna().sum()}")

# %% [markdown] minutes=6 tags=["slide"]
# ## Can we at least publish the totals?
#
# *Aggregated data* (汇总数据) are the field's first advice: no rows, only counts. A common rule
# hides every count below five. **Before you look:** the club prints this table with its totals.
# Is the hidden cell hidden?

# %%
district = {"000000": "North", "000001": "East", "000002": "West"}
some = club[club["postcode"].isin([*district])]
some = some.assign(area=some["postcode"].map(district), note=some["medical_note"])
young = some[some["birth_date"] >= "1999-01-01"]
bare = published_table(young, by=["area", "note"], complementary=False)

# %% tags=["subslide"] alt="Counts by area and note; hidden cells show one number each"
_, ax = plt.subplots(figsize=(9, 3.5))
ax = plot_published_table(cell_intervals(bare), ax=ax)

# %%
solved = cell_intervals(bare)
solved[solved["people"].isna()]

# %% [markdown] tags=["fragment"]
# Totals less the other cells: a hidden count with a thick frame is given away. *Complementary
# suppression* (次级隐匿) hides more cells, until no hidden count can be worked out.

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
people = club.set_index("member_id")
asked_about = {"column": "medical_note", "value": "diabetes", "targets": range(1, 201)}
exact = differencing_attack(people, **asked_about)
one = exact[exact["guess"]].iloc[0]
print(f"Member {one['person']}: {one['with_person']:.0f}, then {one['without_person']:.0f}")
print(f"Right about {exact['correct'].mean():.0%} of 200 members")

# %% [markdown] tags=["fragment"]
# No rule about small cells stops *differencing* (差分攻击). Noise does. *Differential privacy*
# (差分隐私) adds noise so large that one person more or less hardly changes the chance of any
# answer: by a factor of exp(ε) at most. Small ε (epsilon) is safe and noisy. Answers add up, so
# there is a *budget* (隐私预算), and it is spent once.

# %% tags=["subslide"]
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
areas = [f"00000{number}" for number in range(8)]
living = people.loc[people["postcode"].isin(areas), "postcode"]
noisy = noisy_histogram(living, categories=areas, epsilon=0.1, budget=Budget(0.1, seed=5))
noisy["truth"] = living.value_counts().reindex(areas).to_numpy()

# %% tags=["subslide"] alt="Eight counts near 300 with bars of noise: small beside the counts"
_, ax = plt.subplots(figsize=(9, 4))
ax = plot_noisy_histogram(noisy, ax=ax)

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
notes = ["none", "high blood pressure", "asthma", "diabetes"]
first_area = people.loc[people["postcode"] == "000001", "medical_note"]
explore_epsilon(first_area, categories=notes, seed=5)

# %% [markdown]
# On paper the slider cannot move, so here is ε = 0.02.

# %% tags=["subslide"] alt="Four counts; the noise is wider than most of the bars"
quiet = noisy_histogram(first_area, categories=notes, epsilon=0.02, budget=Budget(0.02, seed=5))
quiet["truth"] = first_area.value_counts().reindex(notes).to_numpy()
_, ax = plt.subplots(figsize=(9, 4))
ax = plot_noisy_histogram(quiet, ax=ax)

# %%
quiet.round(1)

# %% [markdown] tags=["subslide"]
# ### Is the promise kept?
#
# A promise can be tested. In a laboratory we may ask as often as we like: 4,000 times with one
# person in the data, 4,000 times without. An attacker picks the best threshold. ε says how much
# better than a coin that can be, at most.

# %%
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
# The attacker comes up to the bound, within the error of the experiment, and not past it.

# %% [markdown] tags=["subslide"]
# ### Many averages, one member
#
# **Before you run it:** a firm publishes, for 50 secret members of a panel, what share of them
# buys each of 500 products. No row, no name. Can you tell who the 50 are?

# %%
panel, sealed = simulate_panel(2_000, members=50, products=500, seed=5)
member = sealed["member"].to_numpy()
scores = membership_attack(panel, panel[member].mean(), panel.mean())["score"].to_numpy()
print(f"Advantage over a coin: {attacker_advantage(scores[member], scores[~member]).advantage:.0%}")

# %% [markdown] tags=["fragment"]
# Every member has pulled every average a little towards himself or herself; 500 little pulls add
# up. That is a *membership attack* (成员推断攻击). One person changes all 500 counts, so a budget
# of 1 leaves each of them 0.002.

# %%
budget = Budget(1.0, seed=5)
shares = pd.Series(
    {
        product: noisy_count(
            panel[member & panel[product]], epsilon=0.002, budget=budget, question=product
        ).value
        / 50
        for product in panel
    }
)
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
# riskier, and what if they are joined?


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
    alone = register.groupby(on)["person_id"].transform("size") == 1
    real = who[who[record].isin(file[record])]["person_id"]
    true_risk = alone[register["person_id"].isin(real)].mean()
    rows.append((name, len(file), attack["correct"].mean(), true_risk))
merging = pd.DataFrame(rows, columns=["file", "people", "re_identified", "truth"])
merging.round(4)

# %% [markdown] tags=["fragment"]
# Apart, each file is nearly harmless; joined, almost everybody can be named. The last column is
# not the attack: it counts, in the truth, who is alone in town, and the attack finds exactly
# those. What joined them was the *same key* for both. With a key per purpose there is nothing to
# join on:

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
# The shop holds the household to be nobody's business. Of 10,000 customers only those are handed
# out who agreed, did not withdraw, and were seen within three years. The refused questions stand
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
# `plain_hash`, `dictionary_attack`, `Vault`, `pseudonymise`, `k_anonymity`, `FullDomain`,
# `Mondrian`, `risk_utility`, `plot_risk_utility`, `seen_by_band`, `explore_k`,
# `homogeneity_attack`, `l_diversity`, `t_closeness`, `published_table`, `cell_intervals`,
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
