# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # 01 · Exercises: who is a customer, and what is one worth keeping?
#
# *About 45 minutes. Needs chapter 01. Data: Hehua, a trial, and parties and lives that are yours
# alone. Put your work in place of each `...`, run the cell, then run its check. `hint("01.1")`
# gives a hint, one more at each call.*

# %%
from crmlab.classroom import check, hint, load_mine, progress
from crmlab.customers import (
    Reading,
    classify_party,
    contact_yield,
    count_by_reading,
    customer_flow,
    expected_time,
    referral_effect,
    sales_change,
    simulate_referred,
    simulate_selling,
    transition_matrix,
)
from crmlab.data import load


# %% tags=["world"]
def world(seed):
    from crmlab.customers import simulate_lifecycle, simulate_parties

    parties, truth = simulate_parties(300, messy=0.5, seed=seed)
    _, stages = simulate_lifecycle(400, seed=seed)
    parties["table"], stages["table"] = "parties", "stages"
    return parties.merge(stages, on="table", how="outer"), truth


# %% [markdown]
# `parties` holds 300 parties of your town, `stages` the true stage of 400 customers in each month.
# Nobody else has them.

# %%
mine = load_mine("01")
flags = ["need", "means", "transacted", "internal", "resells", "public_body"]
parties = mine[mine["table"] == "parties"][["party_id", "kind", *flags]]
parties = parties.astype({"party_id": "int64", **dict.fromkeys(flags, "bool")})
stages = mine[mine["table"] == "stages"][["customer_id", "month", "stage"]]
stages = stages.astype({"customer_id": "int64", "month": "int64"})
purchases = load("hehua_purchases")

# %% [markdown] points=1 minutes=3 objective="label a party by the definitions" hint=["Has he traded? Then he is no potential customer.", "Consumer is who uses for living; client is who trades from outside."]
# **01.1** A man buys our soap and gives it away; he needs none. Which of the three words fit him?
# Write those that do, in this order, as a list: `["consumer", "customer", "client"]` without the
# wrong ones, as `words`.

# %% tags=["solution"]
words = ["customer", "client"]

# %% wrong=["['consumer', 'customer', 'client']", "['consumer', 'customer']", "['customer']"] message=["He uses nothing himself.", "He uses nothing himself, and trades from outside.", "He is an outside party that trades: a client too."]
check("01.1", words)

# %% [markdown] points=2 minutes=5 own=true objective="say how far a count rests on the words" hint=["Two readings: `Reading()` and `Reading(trade_needs_need=True)`.", "`count_by_reading(parties, {'a': …, 'b': …})`, column against_first.", "It is negative; asked is the share of customers that is lost."]
# **01.2** In *your* town: which share of the customers (actual or potential) is lost if a trade
# without a need of one's own no longer counts? A share above 0, as `lost_by_words`.

# %% tags=["solution"]
readings = {"course": Reading(), "no gifts": Reading(trade_needs_need=True)}
lost_by_words = -count_by_reading(parties, readings)["against_first"].iloc[1]

# %% wrong=["-lost_by_words", "1 - lost_by_words", "-count_by_reading(parties, {'a': Reading(), 'b': Reading(potential='need')})['against_first'].iloc[1]"] message=["Asked is how much is lost, a number above 0.", "That is what is left.", "You turned another switch."]
check("01.2", lost_by_words)

# %% [markdown] points=1 minutes=4 objective="read a stock and flow" hint=["`customer_flow(purchases, window=12, step=6)`, its last row.", "Lost over those at the start."]
# **01.3** At Hehua a customer is who bought within twelve months. Which share of those of the end
# of June 2024 was lost by the end of December? A share, as `lost_share`.

# %% tags=["solution"]
flow = customer_flow(purchases, window=12, step=6).iloc[-1]
lost_share = flow["lost"] / flow["start"]

# %% wrong=["flow['lost'] / flow['end']", "1 - flow['end'] / flow['start']"] message=["Divide by those at the start.", "That hides the lost behind the new."]
check("01.3", lost_share)

# %% [markdown] points=2 minutes=5 objective="split a change of sales" hint=["`sales_change(purchases)` without `by`: one row.", "The effect of the ticket over the change."]
# **01.4** From 2023 to 2024 Hehua's net sales grew. Which part of the *growth* came from the
# ticket? A share of the change, with its sign, as `from_ticket`.

# %% tags=["solution"]
change = sales_change(purchases).iloc[0]
from_ticket = change["ticket_effect"] / change["change"]

# %% wrong=["change['frequency_effect'] / change['change']", "change['ticket_effect'] / change['before']", "-from_ticket"] message=["That is the part of purchases per customer.", "Divide by the change, not by the sales.", "Look at its sign again."]
check("01.4", from_ticket)

# %% [markdown] points=2 minutes=6 own=true objective="recover a chain and what it means for a life" hint=["First `transition_matrix(stages)`, then `expected_time(…)`.", "Two rows from acquisition: in_stage 'maturity' over '(all)'."]
# **01.5** For *your* customers: which share of a life that begins in acquisition is spent in maturity,
# on average? A share, as `mature`.

# %% tags=["solution"]
time = expected_time(transition_matrix(stages)).set_index(["from_stage", "in_stage"])["months"]
mature = time["acquisition", "maturity"] / time["acquisition", "(all)"]

# %% wrong=["time['growth', 'maturity'] / time['growth', '(all)']", "(stages['stage'] == 'maturity').sum() / (stages['stage'] != 'termination').sum()"] message=["That life begins in growth.", "You counted lives that are cut off by the end of the file as if they had ended: their later stages are missing."]
check("01.5", mature)

# %% [markdown] points=2 minutes=6 objective="find the error in a rule of thumb" hint=["What would those people have done without a contact?", "`contact_yield(trial)` has a column for it.", "The row of the customers: adds, per contact."]
# **01.6 Find the error.** "A sale to a customer costs 40 and earns 100: contact them all!" Find
# what is wrong, and call what *one contact* with a customer really adds `per_contact`, in yuan.

# %%
trial, _ = simulate_selling(5_000, control=0.4, seed=16)
yields = contact_yield(trial).set_index("group")
print(yields[["contacts", "sales", "cost_per_sale"]].round(1))

# %% tags=["solution"]
per_contact = yields.loc["existing", "adds"]

# %% wrong=["100 - 40", "100 - yields.loc['existing', 'cost_per_sale']", "yields.loc['new', 'adds']"] message=["That is the colleague's margin per sale.", "That is per sale, and as if nobody would have bought anyway.", "Those are strangers."]
check("01.6", per_contact)

# %% [markdown] points=3 minutes=7 objective="tell a friend's effect from a friend's sort" hint=["`referral_effect(shop)` has three rows.", "Which of them compares people of the same sort?", "The effect is a difference of logarithms: exp(effect) - 1."]
# **01.7 Estimate, then open the truth.** In this shop, by how much does a friend's word raise the
# spend? Choose the row that can tell, and write the effect (the difference of logarithms) as
# `of_friend`.

# %%
shop, sealed = simulate_referred(30_000, effect=0.1, seed=17)

# %% tags=["solution"]
of_friend = referral_effect(shop).set_index("way").loc["at random", "effect"]

# %% wrong=["referral_effect(shop)['effect'].iloc[0]", "referral_effect(shop)['effect'].iloc[1]", "0.1"] message=["The referred were better to begin with.", "The first basket does not see all that made them better.", "That was planted; asked is what these people tell, give or take luck."]
check("01.7", of_friend)

# %% [markdown]
# The truth of this shop: 0.1 was planted. `sealed` holds everybody's quality; who was referred has
# more.

# %% [markdown] points=4 minutes=8 objective="judge a claim about customers" rubric=["Says yes or no, without a number.", "Uses at least two numbers of the flow, and says what a customer is in it.", "Also says how the answer would change with the window, or names what the flow cannot show."] hint="Compare new, won back and lost, and look at the last quarters."
# **01.8 Judge.** "Hehua's base is stable: we had 519 customers in June 2024 and 513 in December."
# Read the flow, and say whether the base is stable: three to six sentences in quotes, as
# `judgement`. Your teacher reads this one.

# %%
print(customer_flow(purchases, window=6, step=3).drop(columns="from_day").to_string(index=False))

# %% tags=["solution"]
judgement = """The stock is stable, the people in it are not. In the last quarter 93 customers were
lost and 43 new ones came, while a year before 121 came in a quarter; the stock still stands because
23 were won back. If newcomers stay that few, the stock will fall. With a window of twelve months
fewer would be called lost, and later. The flow cannot show why fewer come."""

# %%
check("01.8", judgement)

# %%
progress()
