# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # 06 · Exercises: who will buy again?
#
# *About 45 minutes. Needs chapter 06. Data: four customers, Hehua, and a supermarket of your
# own. Put your work in place of each `...`, run the cell, then run its check. `hint("06.1")`
# gives a hint, one more at each call.*

# %%
from crmlab.classroom import check, hint, load_mine, progress
from crmlab.data import load
from crmlab.rfm import (
    decile_table,
    four_customers,
    holdout_response,
    return_probability,
    rfm,
    rfm_scores,
    rfm_segments,
    simulate_response,
)


# %% tags=["world"]
def world(seed):
    from crmlab.rfm import simulate_supermarket

    return simulate_supermarket(600, weeks=130, seed=seed)


# %% [markdown]
# `mine` holds 130 weeks of visits to your supermarket, one row per visit. Handed
# out by a teacher, it is yours alone.

# %%
mine = load_mine("06")
mine.head(3)

# %% [markdown] points=1 minutes=2 objective="read a table of recency, frequency and money" hint=["Four columns could name a best customer. Which one is about a single purchase?", "`ticket` is money over purchases."]
# **06.1** Here are the year's four customers. Who pays most *per purchase*? A letter in quotes, as
# `best`.

# %%
rfm(four_customers())

# %% tags=["solution"]
table = rfm(four_customers())
best = table.loc[table["ticket"].idxmax(), "customer_id"]

# %% wrong=["'B'", "'C'", "'A'"] message=["B brings most in the whole year, over four purchases.", "C buys most often, but pays little each time.", "A was here last; that is recency."]
check("06.1", best)

# %% [markdown] points=1 minutes=3 objective="compute recency from a purchase file" hint=["`rfm` needs the purchases only.", "Half of the customers lie on each side of a median."]
# **06.2** How many days have passed since the last purchase of Hehua's customer in the *middle*,
# at the end of the file? A number, as `middle`.

# %%
purchases = load("hehua_purchases")

# %% tags=["solution"]
hehua = rfm(purchases)
middle = hehua["days_since_last"].median()

# %% wrong=["hehua['days_since_last'].mean()", "hehua['tenure_days'].median()"] message=["That is the mean; those who left long ago pull it up.", "That counts from the first purchase, not from the last."]
check("06.2", middle)

# %% [markdown] points=2 minutes=4 objective="score customers, and know what ties do" hint=["`rfm_scores` adds the scores to the table of 06.2.", "Count rows by `frequency_score`; `groupby(...).size()` counts.", "`reset_index(name=\"customers\")` names the count."]
# **06.3** How many of Hehua's customers have each *frequency score*? A table with the columns
# `frequency_score` and `customers`, as `counts`. Are they fifths?

# %% tags=["solution"]
counts = rfm_scores(rfm(purchases)).groupby("frequency_score").size().reset_index(name="customers")

# %% wrong="rfm_scores(rfm(purchases)).groupby('recency_score').size().reset_index(name='customers').rename(columns={'recency_score': 'frequency_score'})" message="Those are the recency scores."
check("06.3", counts)

# %% [markdown]
# Equal customers get equal scores. Hundreds bought once, so they share one score, and the next
# score has the customers that are left for it.

# %% [markdown] points=2 minutes=5 own=true objective="say what the best customers are worth" hint=["Score your own table first.", "Add up `monetary` where `monetary_score` is 5, and divide by all of it."]
# **06.4** In *your* supermarket: which share of all money comes from the customers whose *monetary
# score* is 5? A share from 0 to 1, as `from_best`.

# %% tags=["solution"]
own_scores = rfm_scores(rfm(mine))
top = own_scores["monetary_score"] == 5
from_best = own_scores.loc[top, "monetary"].sum() / own_scores["monetary"].sum()

# %% wrong=["top.mean()", "own_scores.loc[own_scores['frequency_score'] == 5, 'monetary'].sum() / own_scores['monetary'].sum()"] message=["That is their share of the customers, not of the money.", "You picked the best by frequency; the question is about money."]
check("06.4", from_best)

# %% [markdown] points=3 minutes=6 own=true objective="estimate who comes back, with open absences" hint=["`return_probability` takes the visits as they are.", "An absence that is still open is neither a return nor a loss.", "Call it with `weeks=12`; the result has one row."]
# **06.5** In *your* supermarket: a customer has stayed away for more than 12 weeks. With which
# chance does this customer ever come back? A share, as `back`.

# %% tags=["solution"]
found = return_probability(mine, weeks=12).iloc[0]
back = found["return_probability"]

# %% wrong=["found['returned'] / found['absences']", "1 - back", "return_probability(mine, weeks=24)['return_probability'].iloc[0]", "0.1"] message=["You counted every open absence as a loss. Some of them will still return.", "That is the chance to stay away.", "That is after 24 weeks.", "That is the rule of thumb. What do your visits say?"] truth="0.10" low="found['low']" high="found['high']"
check("06.5", back)

# %% [markdown]
# The rule of thumb says 10%. Yours is one draw of a world in which that rule holds exactly: look at
# the interval that `return_probability` returns before you call the rule wrong.

# %% [markdown] points=2 minutes=5 objective="find the error in a colleague's recency" hint=["Read which date of each customer is taken.", "Recency looks at the last purchase. `min` is the first."]
# **06.6 Find the error.** A colleague wants the mean days since the last purchase and gets a number
# that is far too large. Find the mistake, mend it, and call the right mean `mended`.

# %%
day = purchases.groupby("customer_id")["date"].min()
colleague = (purchases["date"].max() - day).dt.days.mean()
print(f"The colleague's mean: {colleague:.1f} days")

# %% tags=["solution"]
last = purchases[purchases["amount"] > 0].groupby("customer_id")["date"].max()
mended = (purchases["date"].max() - last).dt.days.mean()

# %% wrong=["colleague", "(purchases['date'].max() - purchases.groupby('customer_id')['date'].max()).dt.days.mean()", "rfm(purchases)['days_since_last'].median()"] message=["That is the colleague's number.", "Nearly: bringing something back is no purchase. Leave refunds out.", "That is the median."]
check("06.6", mended)

# %% [markdown] points=3 minutes=7 objective="rehearse a forecast on data you have" hint=["`holdout_response` gives the table of 30 June and who bought after it.", "It has the columns of `rfm`: score it, then name segments.", "The mean of `responded` is a share."]
# **06.7 Forecast, then open the truth.** Which share of today's *champions* will buy in the half-year
# after the file ends? You cannot look, but you can rehearse: stand at 30 June 2024, name the
# champions of that day with `rfm_scores` and `rfm_segments`, and see which share bought in the six
# months after. A share, as `rehearsed`.

# %% tags=["solution"]
known = holdout_response(purchases, split="2024-06-30")
then = rfm_segments(rfm_scores(known))
rehearsed = then.loc[then["segment"] == "champions", "responded"].mean()

# %% wrong=["then['responded'].mean()", "(then['segment'] == 'champions').mean()"] message=["That is everybody, not the champions.", "That is how many champions there are, not how many bought."]
check("06.7", rehearsed)

# %% [markdown]
# Now break the seal: what today's champions really did.

# %%
today = rfm_segments(rfm_scores(rfm(purchases))).merge(load("hehua_truth"), on="customer_id")
champions = today[today["segment"] == "champions"]
print(f"Bought again: {(champions['future_purchases'] > 0).mean():.0%}")

# %% [markdown] points=2 minutes=5 objective="check a claim against a response" hint=["Score the customers with `rfm_scores`; `decile_table` does the rest.", "Two tenths are a fifth: look at `share_reached` where `decile` is 2."]
# **06.8 Is it true?** "Write to the top fifth by RFM and you reach eighty percent of those who would
# answer." Below are 5,000 customers and who of them answered a letter to all. Score them with
# `rfm_scores` and find which share of the answers came from the top fifth of `rfm_score`. A share,
# as `reached`.

# %%
customers, sealed = simulate_response(5_000, seed=6)

# %% tags=["solution"]
tenths = decile_table(rfm_scores(customers))
reached = tenths.loc[tenths["decile"] == 2, "share_reached"].item()

# %% wrong=["tenths.loc[tenths['decile'] == 1, 'share_reached'].item()", "tenths.loc[tenths['decile'] == 2, 'response_rate'].item()", "0.8"] message=["That is the top tenth.", "That is the share of the second tenth who answered.", "That is the claim. What do the data say?"]
check("06.8", reached)

# %% [markdown] points=4 minutes=8 objective="judge a claim about loyal customers" rubric=["Repeats the claim, or says only that it is true or false.", "Says why frequency need not mean loyalty (habit, no other shop, a large household), with a number from this notebook.", "Also names the data or the test that would tell the two apart, and what a manager should do until then."] hint="What else, apart from liking the shop, makes somebody buy often?"
# **06.9 Judge.** "Customers who buy often are the most satisfied and the most loyal." What do the
# data above say about it, and what can they not say? Three to six sentences in quotes, as
# `judgement`. Your teacher reads this one.

# %% tags=["solution"]
judgement = """The answers in 06.8 show that frequent customers respond more often, so frequency
helps to forecast. It does not show satisfaction: a customer without another shop nearby buys often
too. Nothing in a purchase file tells the two apart. A survey of frequent buyers, or watching what
they do when a rival opens, would. Until then, treat frequency as a forecast and not as love."""

# %%
check("06.9", judgement)

# %%
progress()
