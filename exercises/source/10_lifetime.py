# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # 10 · Exercises: how long will they stay, and what will they bring?
#
# *About 50 minutes. Needs chapter 10. Data: a running-shoe app, a save offer, and a shop of your own.
# Put your work in place of each `...`, run the cell, then run its check. `hint("10.1")`
# gives a hint, one more at each call.*

# %%
import pandas as pd

from crmlab.classroom import check, hint, load_mine, progress
from crmlab.lifetime import (
    BGNBD,
    GammaGamma,
    ShiftedBetaGeometric,
    base_value,
    buying_history,
    customer_value,
    kaplan_meier,
    simulate_running_shoes,
    simulate_saving,
    survival_quantiles,
)


# %% tags=["world"]
def world(seed):
    from crmlab.lifetime import simulate_purchases

    return simulate_purchases(1000, rate=(0.6, 4.0), n_days=400, joining_days=300, seed=seed)


# %% [markdown]
# `mine` holds the purchases of your shop: customer, date, amount. Handed out by a teacher, it is
# yours alone.

# %%
mine = load_mine("10")

# %% [markdown] points=1 minutes=3 objective="tell a mean life from those still there" hint=["Each year the same share of those still there leaves.", "0.75 is there after a year; and after two?"]
# **10.1** A firm loses 25% of its customers each year. Which share of today's customers is still there
# after four years? A share from 0 to 1, as `there`.

# %% tags=["solution"]
there = 0.75**4

# %% wrong=["0", "0.25", "0.75", "1 - 0.75**4"] message=["Four years is the *mean* life; some stay longer.", "That is what leaves in one year.", "That is after one year.", "Those are the ones who left."]
check("10.1", there)

# %% [markdown] points=2 minutes=5 objective="project a cohort of contracts" hint=["`ShiftedBetaGeometric().fit(cohort)`, then `predict([8])`.", "The share stands in the column `survival`."]
# **10.2** Of 1,000 subscribers 631, 468, 382 and 326 were left after 1, 2, 3 and 4 years. Which share
# will be left after eight? Use the shifted beta-geometric. A share, as `left_at_eight`.

# %%
cohort = pd.DataFrame({"period": range(5), "customers": [1000, 631, 468, 382, 326]})

# %% tags=["solution"]
left_at_eight = ShiftedBetaGeometric().fit(cohort).predict([8])["survival"].item()

# %% wrong=["0.326 * (0.326 / 0.382) ** 4", "0.631**8", "ShiftedBetaGeometric().fit(cohort).predict([8])['retention'].item()"] message=["That keeps the last retention; but retention goes on rising.", "That keeps the first retention of all.", "That is the retention of the eighth year, not the share left."]
check("10.2", left_at_eight)

# %% [markdown] points=2 minutes=5 own=true objective="read a share when many have not had the time" hint=["Who has no second purchase yet is censored: the duration is the age, and `ended` is False.", "`kaplan_meier(gaps)` has the share *without* a second purchase, `survival`, at each time.", "The last row with `time` of 180 or less holds what you need."]
# **10.3** In *your* shop: which share of the customers buys a second time within 180 days, those who
# have not had the time counted for what they say? `gaps` has a row per customer, made for you. A share,
# as `within`.

# %%
dates = mine.drop_duplicates(["customer_id", "date"]).sort_values(["customer_id", "date"])
days = dates.groupby("customer_id")["date"].agg(
    first="min", second=lambda seen: seen.iloc[1] if len(seen) > 1 else pd.NaT
)
today = mine["date"].max()
gaps = pd.DataFrame({"ended": days["second"].notna()})
gaps["duration"] = (days["second"].fillna(today) - days["first"]).dt.days
gaps.head(3)

# %% tags=["solution"]
curve = kaplan_meier(gaps)
within = 1 - curve.loc[curve["time"] <= 180, "survival"].iloc[-1]

# %% wrong=["1 - within", "(gaps['ended'] & (gaps['duration'] <= 180)).mean()", "gaps.loc[gaps['ended'], 'duration'].le(180).mean()"] message=["That is the share that has *not* come back by then.", "That counts who joined last month as if 180 days had passed for them.", "You left out those who have not come back at all."]
check("10.3", within)

# %% [markdown] points=3 minutes=7 own=true objective="estimate who is still a customer" hint=["`history = buying_history(mine)`, then `BGNBD().fit(history)`.", "`predict(history)` has `p_alive`; its mean is the expected share."]
# **10.4** In *your* shop: which share of the customers is still alive, by BG/NBD? A share, as `alive`.

# %% tags=["solution"]
history = buying_history(mine)
model = BGNBD().fit(history)
alive = model.predict(history)["p_alive"].mean()

# %% wrong=["(model.predict(history)['p_alive'] > 0.5).mean()", "(history['repeats'] == 0).mean()"] message=["Counting those above one half throws away what the chances say; take their mean.", "Those never came back, and this model cannot see them leave."]
check("10.4", alive)

# %% [markdown] points=2 minutes=6 own=true objective="put money on the chance that customers are gone" hint=["`customer_value(history, model=model, spend=GammaGamma().fit(history))`", "`value` is expected; `at_risk` is what the chance to be gone takes away. Together they are what all would bring if surely alive."]
# **10.5** In *your* shop: of the money that all would bring in the next twelve months if surely alive,
# which share is at risk? Keep the settings that `customer_value` has by itself. A share, as `at_stake`.

# %% tags=["solution"]
spend = GammaGamma().fit(history)
each = customer_value(history, model=model, spend=spend)
at_stake = each["at_risk"].sum() / (each["at_risk"] + each["value"]).sum()

# %% wrong=["1 - at_stake", "each['at_risk'].sum() / each['value'].sum()"] message=["That is the share that is expected to come.", "Divide by both together."]
check("10.5", at_stake)

# %% [markdown]
# And what will all bring? An estimate needs an interval: type
# `base_value(history, model=model, spend=spend).round(0)` in a new cell.

# %% [markdown] points=2 minutes=6 objective="find the error in a colleague's survival curve" hint=["When did the app begin to look at a pair of shoes?", "A pair that wore out before the app came is in no row. Use `entry`."]
# **10.6 Find the error.** A running app sees pairs of shoes from its installation on; `km_at_install`
# says how far each had run before. A colleague says that half of all pairs last longer than this.
# Find the mistake, and call the right median `median_km`, in km.

# %%
shoes, sealed = simulate_running_shoes(4_000, seed=12)
columns = {"duration": "km", "ended": "replaced"}
colleague = survival_quantiles(kaplan_meier(shoes, **columns))["time"].item()
print(f"The colleague's median: {colleague:.0f} km")

# %% tags=["solution"]
curve = kaplan_meier(shoes, entry="km_at_install", **columns)
median_km = round(survival_quantiles(curve)["time"].item())

# %% wrong=["round(colleague)", "round(shoes['km'].median())", "round((shoes['km'] - shoes['km_at_install']).median())"] message=["That is the colleague's number.", "That takes the pairs still in use as if they were worn out.", "The kilometres before the app are part of the shoe's life."]
check("10.6", median_km)

# %% [markdown]
# Now break the seal: the simulator's median is 700 km, and yours differs from it by luck alone. Only
# runners who gave their consent are in the file.

# %%
print(f"Runners: {len(sealed):,}; with consent, and in the file: {sealed['consents'].sum():,}")

# %% [markdown] points=3 minutes=7 objective="choose whom to save by gain, not by risk" hint=["Within a group: the share that left without an offer, less the share that left with one.", "`groupby([\"group\", \"offered\"])[\"left\"].mean().unstack()`", "`idxmax()` names the row of the largest value."]
# **10.7 Count, then open the truth.** A save offer went to half of 20,000 customers at random. `group` is the
# fifth by risk, 5 the highest. In which group did the offer save most? Its number, as `best_group`.

# %%
tried, hidden = simulate_saving(20_000, seed=3)
tried["group"] = pd.qcut(tried["risk"], 5, labels=False) + 1

# %% tags=["solution"]
left = tried.groupby(["group", "offered"])["left"].mean().unstack()
best_group = int((left[False] - left[True]).idxmax())

# %% wrong=["5", "tried.groupby('group')['left'].mean().idxmin()"] message=["Most at risk, but not most to gain: compare with and without the offer.", "Those leave least; there is little to save."]
check("10.7", best_group)

# %% [markdown]
# Now break the seal: by how much did the offer lower the chance to leave, in each fifth?

# %%
if best_group is ...:
    print("First answer 10.7: this cell tells it.")
else:
    print(hidden.groupby(tried["group"])["gain"].mean().round(3).to_string())

# %% [markdown] points=2 minutes=4 own=true objective="see who carries the value at risk" hint=["The column `at_risk` of `customer_value` again.", "`nlargest(10)` picks the ten largest."]
# **10.8** In *your* shop: how much of the money at risk sits with the ten customers who have most of it?
# A share of all of it, as `ten`.

# %% tags=["solution"]
risk = customer_value(history, model=model, spend=spend)["at_risk"]
ten = risk.nlargest(10).sum() / risk.sum()

# %% wrong=["10 / len(risk)", "customer_value(history, model=model, spend=spend)['value'].nlargest(10).sum() / customer_value(history, model=model, spend=spend)['value'].sum()"] message=["That is their share of the heads.", "That is the expected value, not the money at risk."]
check("10.8", ten)

# %% [markdown] points=4 minutes=8 objective="judge a claim about loyal card holders" rubric=["Says whether to believe it, without a reason from time or from selection.", "Names immortal time or selection, and says from when the months should count.", "Also says which comparison or experiment would show what the card does, and what would change the mind."] hint="When must one have stayed to get the card at all?"
# **10.9 Judge.** "Members who ever had our gold card stay twice as long. Let us give it to everybody."
# Would you? Three to six sentences in quotes, as `judgement`. Your teacher reads this one.

# %% tags=["solution"]
judgement = """Not on this evidence. Whoever got the card had to stay until it came, so those months
were safe before the card could do anything: immortal time. Those who get gold may also differ by
themselves. I would count each member without a card until the day it comes, and with it from then on,
and better still give the card early to half of the new members at random. If the half with it leaves
less often over the next year, I would change my mind."""

# %%
check("10.9", judgement)

# %%
progress()
