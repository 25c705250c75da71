# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # 09 · Exercises: is the membership card working?
#
# *About 40 minutes. Needs chapter 09. Data: Hehua, a contact test, and the visits of a club that is
# yours alone. Put your work in place of each `...`, run the cell, then run its check. `hint("09.1")`
# gives a hint, one more at each call.*

# %%
from crmlab.classroom import check, hint, load_mine, progress
from crmlab.data import load
from crmlab.members import (
    contact_test,
    effective_cards,
    gap_length,
    promotion_coverage,
    quadrant_flow,
    quadrants,
    repurchase,
    repurchase_gaps,
    rolling_churn,
    simulate_contacts,
)


# %% tags=["world"]
def world(seed):
    from crmlab.members import simulate_visits

    return simulate_visits(
        400, mean_gap_days=60, spread=0.8, ticket_spread=0.2, days=731, seed=seed
    )


# %% [markdown]
# `mine` holds two years of visits of your club. Handed out by a teacher, it is yours alone. Nobody in
# it ever changes.

# %%
mine = load_mine("09")
purchases = load("hehua_purchases")

# %% [markdown] points=1 minutes=2 objective="read a closed cohort" hint=["Who joined later belongs to no part of it.", "Lost are those of the first number who are not in the second."]
# **09.1** At the end of June 80,000 cards were effective. A year later 60,000 of *them* had bought
# again, and 30,000 new cards had been opened. What is the churn? A share from 0 to 1, as `churn`.

# %% tags=["solution"]
churn = 20_000 / 80_000

# %% wrong=["60_000 / 80_000", "-10_000 / 80_000"] message=["That is the share that came back.", "New cards are not in the cohort; they cannot make up for the lost ones."]
check("09.1", churn)

# %% [markdown] points=1 minutes=4 objective="count effective cards by window" hint=["`effective_cards` makes a row per window and month end.", "The last month end of the window of 6 months."]
# **09.2** Which share of Hehua's cards was effective at the end of 2024, by a window of *6* months? A
# share, as `in_use`.

# %% tags=["solution"]
cards = effective_cards(purchases, windows=[12, 6, 3]).groupby("window_months").last()
in_use = cards.loc[6, "share_effective"]

# %% wrong=["cards.loc[12, 'share_effective']", "cards.loc[3, 'share_effective']", "1 - in_use"] message=["That is the window of 12 months.", "That is the window of 3 months.", "Those are the dormant ones."]
check("09.2", in_use)

# %% [markdown] points=2 minutes=5 own=true objective="compute rolling churn with one window" hint=["`rolling_churn(mine, window=…)`, the last row.", "The window is 6, and nothing else is asked."]
# **09.3** In *your* club: what is the churn at the last month end, by a window of 6 months? A share, as
# `rolled`.

# %% tags=["solution"]
rolled = rolling_churn(mine, window=6)["churn"].iloc[-1]

# %% wrong=["rolling_churn(mine, window=6, back_within=1)['churn'].iloc[-1]", "rolling_churn(mine, window=3)['churn'].iloc[-1]", "rolling_churn(mine, window=6)['churn'].iloc[0]"] message=["That is a mixed window.", "That is a window of 3 months.", "That is the first month end."]
check("09.3", rolled)

# %% [markdown] points=2 minutes=5 own=true objective="mend a mean of censored gaps" hint=["First `repurchase_gaps(mine)`, then `gap_length(…, horizon_days=365)`.", "Two means stand in the result; one leaves the open gaps out.", "One less the short mean over the long one."]
# **09.4** In *your* club: by which share is the mean of the gaps that ended shorter than the mean of all
# gaps, open ones included, each counted up to 365 days? A share, as `short_by`.

# %% tags=["solution"]
length = gap_length(repurchase_gaps(mine), horizon_days=365)
short_by = 1 - length.mean_of_seen / length.mean

# %% wrong=["length.mean_of_seen / length.mean", "1 - repurchase_gaps(mine)['gap_days'].mean() / length.mean"] message=["That is what is left, not what is missing.", "You counted open gaps as if they had ended on the last day."]
check("09.4", short_by)

# %% [markdown] points=2 minutes=5 own=true objective="test a rule for promotions" hint=["`promotion_coverage(mine, days=[15])` has what is counted and what the rule says.", "The difference of two columns: `poisson_rule` and `covered`."]
# **09.5** In *your* club, by how much does the rule 1 - exp(-days / gap) overstate the share of members
# that a promotion of 15 days reaches? A share, as `too_much`.

# %% tags=["solution"]
reached = promotion_coverage(mine, days=[15]).iloc[0]
too_much = reached["poisson_rule"] - reached["covered"]

# %% wrong=["reached['poisson_rule']", "reached['covered']", "reached['erlang_rule'] - reached['covered']"] message=["That is what the rule says.", "That is what is counted.", "That is the rule for regular visits."]
check("09.5", too_much)

# %% [markdown] points=2 minutes=5 objective="find the error in a colleague's churn" hint=["Who is in the second number but not in the first?", "Take only those of 2024 who had bought in 2023: `after & before`."]
# **09.6 Find the error.** A colleague reports that Hehua lost next to nobody from 2023 to 2024. Find the
# mistake, and call the right churn `mended`.

# %%
bought = purchases[purchases["amount"] > 0]
before, after = (
    set(bought[bought["date"].dt.year == year]["customer_id"]) for year in (2023, 2024)
)
colleague = 1 - len(after) / len(before)
print(f"The colleague's churn: {colleague:.1%}")

# %% tags=["solution"]
mended = 1 - len(before & after) / len(before)

# %% wrong=["colleague", "1 - len(before & after) / len(after)"] message=["That is the colleague's number.", "The cohort is who bought in 2023; divide by it."]
check("09.6", mended)

# %% [markdown] points=3 minutes=7 own=true objective="tell luck from change in quadrants" hint=["Make quadrants of each year: `quadrants(repurchase(…, as_of=…))`.", "`quadrant_flow(first, second)`, and its rows whose `before` is 1.", "Who left is everybody but the row whose `after` is 1."]
# **09.7 Count, then open the truth.** In *your* club: which share of 2023's gold members (quadrant 1,
# lines at the means) was not gold in 2024? A share, as `left_gold`.

# %%
first, second = (mine[mine["date"].dt.year == year] for year in (2023, 2024))

# %% tags=["solution"]
years = [
    quadrants(repurchase(first, as_of="2023-12-31")),
    quadrants(repurchase(second, as_of="2024-12-31")),
]
flow = quadrant_flow(*years).set_index(["before", "after"])["share_of_before"]
left_gold = 1 - flow[1, 1]

# %% wrong=["flow[1, 1]", "1 - flow[3, 3]", "flow[1, 0]"] message=["That is the share that stayed.", "That is quadrant 3.", "Those did not come at all; others came and were not gold."]
check("09.7", left_gold)

# %% [markdown]
# The truth of your club: not one habit changed in the two years. All of this is luck.

# %% [markdown] points=4 minutes=7 objective="judge a rule for contacts" rubric=["Says yes or no, without a number.", "Uses at least two numbers of the test, one of them on members who left.", "Also says for which members the rule might be right, or which test would change the mind."] hint="Which intervals are in the running, and what happens to the members at the short ones?"
# **09.8 Judge.** "Contact members as often as they buy." The members of this club buy every 60 days.
# Read the test, and say whether the rule is right here: three to six sentences in quotes, as
# `judgement`. Your teacher reads this one.

# %%
trial, _ = simulate_contacts(5_000, seed=8)
print(contact_test(trial)[["interval_days", "left", "profit", "in_the_running"]].round(2))

# %% tags=["solution"]
judgement = """No. At 56 days, near the rule, the profit per member is lower than at 28 days by more
than luck explains, so the rule calls too seldom here. But it is not true that more is always better:
at 7 days nearly every member left within the year. For members who are annoyed more easily the best
interval would be longer, perhaps longer than the rule. A test with intervals drawn at random, repeated
for new kinds of members, would change my mind."""

# %%
check("09.8", judgement)

# %%
progress()
