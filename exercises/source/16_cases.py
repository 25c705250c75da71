# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # 16 · Exercises: ten quick calls across the whole course
#
# *About 45 minutes. Needs chapter 16, and a little of all others. Data: Hehua, and two years of a shop
# that is yours alone. Each question names the chapter that it comes from. Put your work in place of each
# `...`, run the cell, then run its check. `hint("16.1")` gives a hint, one more at each call.*

# %%
import pandas as pd

from crmlab.classroom import check, hint, load_mine, progress
from crmlab.data import load
from crmlab.pyramid import concentration


# %% tags=["world"]
def world(seed):
    from crmlab.members import simulate_visits

    return simulate_visits(
        400, mean_gap_days=50, spread=0.8, ticket_spread=0.4, days=731, seed=seed
    )


# %% [markdown]
# `mine` holds the purchases of your shop in 2023 and 2024.

# %%
mine = load_mine("16")
hehua = load("hehua_purchases")

# %% [markdown] points=1 minutes=3 objective="compare a pair with what chance puts together (chapters 08 and 15)" hint=["If the two had nothing to do with each other, which share of the tea baskets would hold cups?", "250 of 2,000. How many baskets of 400 are that, and how many hold both?"]
# **16.1** Of 2,000 baskets 400 hold tea, 250 cups, and 90 both. How many times as often do the two stand
# together as by chance? A number, as `lift`.

# %% tags=["solution"]
lift = 90 * 2_000 / (400 * 250)

# %% wrong=["90 / 400", "90 / 250", "90 / 2_000", "400 * 250 / 2_000"] message=["That is the share of the tea baskets that hold cups; compare it with that of all baskets.", "That is the share of the cup baskets that hold tea; compare it with that of all baskets.", "That is the share of all baskets that hold both.", "So many would chance put together; how many times as many are there?"]
check("16.1", lift)

# %% [markdown] points=1 minutes=3 objective="find where lending stops to be worth it (chapter 12)" hint=["Of loans with the chance p of default, 1 - p earn and p lose. What do they bring together?", "It is nothing where (1 - p) * 0.08 equals p * 0.60."]
# **16.2** A good loan earns 8% of its sum, a bad one loses 60%. Up to which chance of default is lending worth
# it? A share, as `limit`.

# %% tags=["solution"]
limit = 0.08 / (0.08 + 0.60)

# %% wrong=["1 - limit", "0.08 / 0.60", "0.5", "0.60 - 0.08"] message=["That is the chance to repay.", "The loans that earn are 1 - p of them, and not all.", "That counts loans; a bad one costs far more than a good one earns.", "That is a difference of two results, and no chance."]
check("16.2", limit)

# %% [markdown] points=2 minutes=4 own=true objective="name the window of a concentration (chapter 07)" hint=["First the spend of each customer in 2024: a filter, a groupby, a sum.", "`concentration(spend).customers_for_share`."]
# **16.3** In *your* shop: how few of the customers *who bought in 2024* brought 80% of the money of 2024? A
# share, as `few`.

# %% tags=["solution"]
spend = mine[mine["date"] >= "2024-01-01"].groupby("customer_id")["amount"].sum()
few = concentration(spend).customers_for_share

# %% wrong=["concentration(mine.groupby('customer_id')['amount'].sum()).customers_for_share", "concentration(spend).share_of_top", "concentration(mine[mine['date'] < '2024-01-01'].groupby('customer_id')['amount'].sum()).customers_for_share"] message=["That is the window of both years.", "That is what the top fifth brings.", "That is 2023."]
check("16.3", few)

# %% [markdown] points=1 minutes=3 objective="tell a time from a line by Little's law (chapter 13)" hint=["Little's law: inside = arrivals an hour times hours inside.", "So the hours are 30 over the arrivals an hour."]
# **16.4** A desk gets 96 bills in a day of 8 hours, and 30 bills lie there on average. How long does a bill stay? A
# number, in hours, as `hours`.

# %% tags=["solution"]
hours = 30 / (96 / 8)

# %% wrong=["30 / 96", "(96 / 8) / 30", "30 / (96 / 8) * 60", "30 * 96 / 8"] message=["That is in days.", "Above the line stands what lies there.", "That is in minutes.", "The law gives what lies there as arrivals times hours; here the hours are asked for."]
check("16.4", hours)

# %% [markdown] points=2 minutes=6 own=true objective="know what a target has to beat (chapters 06 and 16)" hint=["Count the purchases of each customer in both halves of 2024.", "Keep those with 4 to 7 in the first; then the share with 8 or more in the second.", "Who bought nothing in the second half counts as 0: `reindex(…, fill_value=0)`."]
# **16.5** In *your* shop: of the customers with 4 to 7 purchases in the first half of 2024, which share had 8 or
# more in the second? Nobody sent a voucher. A share, as `reached`.

# %%
of_2024 = mine[mine["date"] >= "2024-01-01"]
early = of_2024["date"] < "2024-07-01"

# %% tags=["solution"]
before = of_2024[early].groupby("customer_id").size()
normal = before[before.between(4, 7)].index
after = of_2024[~early].groupby("customer_id").size().reindex(normal, fill_value=0)
reached = (after >= 8).mean()

# %% wrong=["(after > 8).mean()", "(after > before[normal]).mean()", "1 - reached"] message=["8 is enough.", "Those had more than before, whether 8 or not.", "Those did not reach it."]
check("16.5", reached)

# %% [markdown] points=2 minutes=5 objective="find the error in a join (chapter 04)" hint=["How many rows does `joined` have, and how many `bought`?", "Customers who moved stand twice in the address book.", "Keep one address of each before the join: `drop_duplicates('customer_id', keep='last')`."]
# **16.6 Find the error.** A colleague joins Hehua's purchases to an address book, and reports the total of all
# amounts. It is too high. Find out why, and call the right total `mended`.

# %%
bought = hehua[hehua["amount"] > 0]
book = pd.DataFrame({"customer_id": range(1, 1_001), "city": "Hangzhou"})
moved = pd.DataFrame({"customer_id": range(5, 1_001, 5), "city": "Suzhou"})
joined = bought.merge(pd.concat([book, moved]), on="customer_id")
colleague = joined["amount"].sum()
print(f"The colleague's total: {colleague:,.2f}")

# %% tags=["solution"]
latest = pd.concat([book, moved]).drop_duplicates("customer_id", keep="last")
mended = bought.merge(latest, on="customer_id")["amount"].sum()

# %% wrong=["colleague", "hehua['amount'].sum()"] message=["That is the colleague's number.", "That takes the refunds off; the question is about the join."]
check("16.6", mended)

# %% [markdown] points=1 minutes=4 objective="say what a letter earns (chapter 14)" hint=["How many more of a hundred buy with a letter than without one?", "A letter earns the purchases that it causes, less what it costs."]
# **16.7** Of 2,000 customers a half, drawn at random, got a letter for 2 CNY each. Of these 130 bought, of the others
# 100. A purchase earns 40 CNY. What does a letter earn? A number in CNY, below 0 where it loses, as `earned`.

# %% tags=["solution"]
earned = (130 - 100) / 1_000 * 40 - 2

# %% wrong=["130 / 1_000 * 40 - 2", "(130 - 100) / 1_000 * 40", "-earned", "1_000 * earned"] message=["That thanks the letter for those who would have come anyway.", "Take off what a letter costs.", "The right size, and the wrong sign.", "That is for all letters; the question is about one."]
check("16.7", earned)

# %% [markdown] points=2 minutes=4 objective="count who can be told apart (chapter 05)" hint=["`groupby([…], dropna=False)['customer_id'].transform('size')` says how many share a row's values.", "The share of rows where that is 1."]
# **16.8** An export of Hehua's customers holds only city, card and the day of the first purchase. Which share of the
# customers is alone with these three? A share, as `alone`.

# %%
people = load("hehua_customers")[["customer_id", "city", "card"]]
first = bought.groupby("customer_id")["date"].min().dt.normalize().rename("first_on")
export = people.merge(first.reset_index())

# %% tags=["solution"]
alike = export.groupby(["city", "card", "first_on"])["customer_id"].transform("size")
alone = (alike == 1).mean()

# %% wrong=["1 - alone", "(export.groupby(['city', 'card'])['customer_id'].transform('size') == 1).mean()", "1 / alike.mean()"] message=["Those share their values with somebody.", "That leaves the day out.", "That is one over the mean group, not who is alone."]
check("16.8", alone)

# %% [markdown] points=3 minutes=6 own=true objective="tell a slow customer from a lost one (chapters 09 and 10)" hint=["The missing: `set` of the buyers of 2023, less those of the first half of 2024.", "Of these, the share that stands among the buyers of the second half."]
# **16.9 Count, then open the truth.** In *your* shop: of those who bought in 2023 and not in the first half of
# 2024, which share bought again in the second half? A share, as `slow`.

# %%
in_2023 = set(mine.loc[mine["date"] < "2024-01-01", "customer_id"])
first_half = set(of_2024.loc[early, "customer_id"])
second_half = set(of_2024.loc[~early, "customer_id"])

# %% tags=["solution"]
missing = in_2023 - first_half
slow = len(missing & second_half) / len(missing)

# %% wrong=["1 - slow", "len(second_half - first_half) / len(missing)", "len(missing & second_half) / len(in_2023)"] message=["Those are still missing.", "That counts people who were never there before, too.", "Divide by the missing, not by all."]
check("16.9", slow)

# %% [markdown]
# The truth of your shop: nobody ever left it. Who is still missing at the end of the year is only
# slower still.

# %% [markdown] points=4 minutes=7 objective="judge a success story" rubric=["Says whether it believes the story, without saying what it has to beat.", "Names at least two things that would give the same numbers without the programme.", "Also names the data or the trial that would tell, and what number it would believe."] hint="Survivors, regression towards the mean, a growing market, people who come anyway: which of them fit?"
# **16.10 Judge.** "After we gave our 200 weakest shops a coach and closed the 50 that did not improve, sales per
# shop rose by 18%." Say what it proves: three to six sentences in quotes, as `judgement`. Your teacher reads
# this one.

# %% tags=["solution"]
judgement = """It proves very little. The 200 weakest shops were partly unlucky, so they would have risen
by themselves in the next year. Closing the 50 that did not improve raises the mean of the rest even if no
shop sells more. A growing market would do the same. I would want the total sales before and after, those
of the market, and a trial in which a random half of the weak shops gets the coach. I would believe the
difference between the two halves, with its interval."""

# %%
check("16.10", judgement)

# %%
progress()
