# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # 13 · Exercises: what do we really know about our key account?
#
# *About 45 minutes. Needs chapter 13. Data: accounts, leads and deals that are yours alone. Put your work
# in place of each `...`, run the cell, then run its check. `hint("13.1")` gives a hint, one more at each
# call.*

# %%
from crmlab.accounts import (
    cue_hit_rates,
    duplication_of_purchase,
    guess_quality,
    interest_lost,
    ok_indices,
    pipeline_forecast,
    share_readings,
    simulate_accounts,
    simulate_leads,
    simulate_pipeline,
    simulate_rivals,
    visit_gain,
    visit_plan,
    waiting_line,
    win_rates,
)
from crmlab.classroom import check, hint, load_mine, progress


# %% tags=["world"]
def world(seed):
    from crmlab.accounts import simulate_pipeline

    return simulate_pipeline(1_200, seed=seed)


# %% [markdown]
# `mine` holds the deals of your salespeople that are over. Nobody else has them.

# %%
mine = load_mine("13")
leads, _ = simulate_leads(3_000, seed=131)
choices, _ = simulate_rivals(1_500, seed=132)
accounts, sealed = simulate_accounts(100, seed=133)

# %% [markdown] points=1 minutes=3 objective="compute the interest lost on the way" hint=["`interest_lost` has it, or amount times rate times days over 365.", "Only the five days that are saved count."]
# **13.1** A bill of 73,000 is paid after 20 days. A new way brings the money after 15. The bank takes 6 %
# a year. How much interest does the new way save, in yuan? A number, as `saved`.

# %% tags=["solution"]
saved = interest_lost(73_000, rate=0.06, days=20 - 15)

# %% wrong=["interest_lost(73_000, rate=0.06, days=15)", "interest_lost(73_000, rate=6, days=5)", "interest_lost(73_000, rate=0.06, days=20)"] message=["That is still lost on the new way.", "6 % is a share of 0.06.", "That is what the old way loses."]
check("13.1", saved)

# %% [markdown] points=1 minutes=4 objective="read hit rates against chance" hint=["`cue_hit_rates(leads)` has a column `better`.", "Count the rows in which it is True."]
# **13.2** How many of the seven cues in `leads` are better than calls at random, corrected for seven tests? A
# whole number, as `working`.

# %% tags=["solution"]
cues = cue_hit_rates(leads)
working = int(cues["better"].sum())

# %% wrong=["int((cues['rate'] > cues['rate'].iloc[-1]).sum())", "len(cues)"] message=["Those have a higher rate, some of them by luck.", "That counts the rows, calls at random included."]
check("13.2", working)

# %% [markdown] points=2 minutes=5 objective="tell rivals from big brands" hint=["`duplication_of_purchase(choices)` puts the surest rivals first.", "Its first row: columns `brand` and `rival`."]
# **13.3** Which two of the brands in `choices` are rivals above what their sizes predict? A list of two
# names in alphabetical order, as `rivals`.

# %% tags=["solution"]
pairs = duplication_of_purchase(choices)
rivals = pairs.loc[0, ["brand", "rival"]].tolist()

# %% wrong=["pairs.loc[pairs['both'].idxmax(), ['brand', 'rival']].tolist()", "pairs.iloc[-1][['brand', 'rival']].tolist()"] message=["Those share most buyers because they have most.", "Those share hardly any."]
check("13.3", rivals)

# %% [markdown] points=2 minutes=6 objective="plan visits and judge the plan by the truth" hint=["Two calls of `visit_plan(accounts.accounts, hours=60)`, one with `rule=\"biggest\"`.", "`visit_gain(plan, sealed)` says what a plan wins by the true potential.", "The one over the other, less 1."]
# **13.4 Plan, then open the truth.** With 60 hours for `accounts.accounts`: by which share does the plan win more than "visit the
# biggest", by the true potential in `sealed`? A share, as `more`.

# %% tags=["solution"]
plan = visit_plan(accounts.accounts, hours=60)
biggest = visit_plan(accounts.accounts, hours=60, rule="biggest")
more = visit_gain(plan, sealed) / visit_gain(biggest, sealed) - 1

# %% wrong=["plan['gain_cny'].sum() / biggest['gain_cny'].sum() - 1", "visit_gain(plan, sealed) / visit_gain(biggest, sealed)"] message=["That is what the plan promises by the estimates.", "Take 1 off: by which share *more*."]
check("13.4", more)

# %% [markdown] points=2 minutes=5 own=true objective="measure who hopes" hint=["`guess_quality(mine)` has a row for each owner.", "Hope is what is `said` above what is `won`, on average.", "The largest of these differences."]
# **13.5** In *your* deals: one owner hopes most. By how much are the chances that this owner says above
# what comes, on average? A share, as `hope`.

# %% tags=["solution"]
quality = guess_quality(mine)
hope = (quality["said"] - quality["won"]).max()

# %% wrong=["quality['brier'].max()", "(quality['won'] - quality['said']).max()", "quality['said'].max()"] message=["That is the largest Brier score.", "That one is careful: says less than comes.", "Take off what came."]
check("13.5", hope)

# %% [markdown] points=2 minutes=5 objective="find the error in a colleague's margin" hint=["Which reading of growth did the colleague take?", "Relative: the share before is 0.15 / 1.12.", "`share_readings(ok_indices())` has `margin_before` for both."]
# **13.6 Find the error.** A colleague says that OK earned a margin of a quarter of its sales the year
# before, and blames the new management. Find the mistake, and call the sensible margin `mended`.

# %%
readings = share_readings(ok_indices()).set_index(["reading", "firm"])["margin_before"]
colleague = 0.05 * (0.15 / 0.03) / 0.97
print(f"The colleague's margin: {colleague:.1%}")

# %% tags=["solution"]
mended = readings["relative", "OK"]

# %% wrong=["colleague", "0.05", "readings['relative', 'X']"] message=["That is the colleague's number.", "That is the margin now.", "That is a rival's."]
check("13.6", mended)

# %% [markdown] points=3 minutes=7 own=true objective="forecast a pipeline as a distribution" hint=["First `rates = win_rates(mine)`.", "`pipeline_forecast(open_deals, rates, goal=600_000, draws=20_000, seed=1)`.", "Its attribute `reaches`."]
# **13.7 Forecast.** Thirty deals are open. From the win rates of *your* past deals: what is the chance that
# they bring 600,000 or more? Use `draws=20_000` and `seed=1`. A share, as `chance`.

# %%
open_deals, _ = simulate_pipeline(30, seed=134)

# %% tags=["solution"]
rates = win_rates(mine)
forecast = pipeline_forecast(open_deals, rates, goal=600_000, draws=20_000, seed=1)
chance = forecast.reaches

# %% wrong=["1 - forecast.reaches", "forecast.expected_cny / 600_000", "forecast.largest_share"] message=["That is the chance to miss it.", "A mean over a goal is no chance.", "That is the share of one deal."]
check("13.7", chance)

# %% [markdown] points=4 minutes=8 objective="judge a rule for desks" rubric=["Says yes or no, without a number.", "Uses waits at two loads at least, and says why they differ so much.", "Also says what an idle quarter of an hour costs, or when a busy desk would be right after all."] hint="What is the wait at 70, at 90 and at 98 %?"
# **13.8 Judge.** "A good desk is busy 98 % of the time; idle hands cost money." Read the waits of a desk
# that takes 0.1 hours for a card, and judge the rule: three to six sentences in quotes, as `judgement`.
# Your teacher reads this one.

# %%
for busy in (0.70, 0.90, 0.98):
    line = waiting_line(per_hour=busy / 0.1, hours=0.1)
    print(f"busy {busy:.0%}: wait {60 * line.wait:.0f} minutes, {line.inside:.0f} cards inside")

# %% tags=["solution"]
judgement = """No. At 70 % a card waits 14 minutes, at 90 % nearly an hour, and at 98 % about five
hours, since the wait grows with busy over idle time and the idle time is nearly gone. The desk saves
28 % of one clerk and makes every card late, and each bill that waits costs interest. It would be right
only where nobody minds the wait, or where cards came at even intervals and each took the same time, as
the simulation with no spread shows. I would change my mind if cards came by appointment."""

# %%
check("13.8", judgement)

# %%
progress()
