# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # 14 · Exercises: did the campaign work, or would they have bought anyway?
#
# *About 45 minutes. Needs chapter 14. Data: a campaign that is yours alone, and worlds that are the same for
# all. Put your work in place of each `...`, run the cell, then run its check. `hint("14.1")` gives a hint, one
# more at each call.*

# %%
from crmlab.campaigns import (
    UpliftModel,
    alarms_by_look,
    difference_in_differences,
    event_study,
    sequential_bounds,
    simulate_looks,
    simulate_stations,
    simulate_trial,
    simulate_uplift,
    site_change,
    treatment_effect,
    uplift_profit,
)
from crmlab.classroom import check, hint, load_mine, progress


# %% tags=["world"]
def world(seed):
    from crmlab.campaigns import simulate_uplift

    return simulate_uplift(4_000, seed=seed)


# %% [markdown]
# `mine` holds the customers of your campaign: who was treated, and who bought. Nobody else has it.

# %%
mine = load_mine("14")

# %% [markdown] points=1 minutes=3 objective="count what a campaign caused" hint=["What share of the 2,000 would have bought anyway?", "The control group says: 100 of 1,000."]
# **14.1** Of 2,000 customers with a letter 260 buy, of 1,000 without one 100 do. How many purchases did the letters
# *cause*? A number, as `caused`.

# %% tags=["solution"]
caused = 260 - 2_000 * 100 / 1_000

# %% wrong=["260", "260 - 100", "260 / 2_000 - 100 / 1_000"] message=["That is all who bought: some would have anyway.", "The control group is half as large: bring it to the same size.", "That is the share; how many of 2,000 is it?"]
check("14.1", caused)

# %% [markdown] points=2 minutes=4 own=true objective="measure an effect with its interval" hint=["`treatment_effect(mine, outcome='bought')`.", "The column `low` is the lower end."]
# **14.2** In *your* campaign: by how much did the treatment raise the share who bought, at the *lower end* of the
# 95% interval? A share, as `at_least`.

# %% tags=["solution"]
effect = treatment_effect(mine, outcome="bought")
at_least = effect["low"][0]

# %% wrong=["effect['effect'][0]", "effect['treated_mean'][0]", "effect['high'][0]"] message=["That is the middle.", "That is the share of the treated who bought.", "That is the upper end."]
check("14.2", at_least)

# %% [markdown] points=2 minutes=5 own=true objective="measure an effect within a group, by its own control group" hint=["Keep the rows with `on_sale` of 0.5 or more, both treated and control.", "Then `treatment_effect(…, outcome='bought')` of those."]
# **14.3** In *your* campaign: what was the effect on the share who bought, among customers who buy at least *half*
# of their purchases on sale (`on_sale`)? A share, as `on_sale_effect`.

# %% tags=["solution"]
bargain = mine[mine["on_sale"] >= 0.5]
on_sale_effect = treatment_effect(bargain, outcome="bought")["effect"][0]

# %% wrong=["treatment_effect(mine, outcome='bought')['effect'][0]", "bargain.loc[bargain['treated'], 'bought'].mean() - mine.loc[~mine['treated'], 'bought'].mean()", "treatment_effect(mine[mine['on_sale'] < 0.5], outcome='bought')['effect'][0]"] message=["That is the effect on all.", "Compare them with those of the control group who buy on sale, too.", "Those are the others."]
check("14.3", on_sale_effect)

# %% [markdown] points=2 minutes=6 objective="find the error in who is compared" hint=["Who opens a letter? Are they like the control group?", "Compare all who were drawn for a letter, opened or not."]
# **14.4 Find the error.** A colleague says: who did not open the letter was not reached, so only those who opened it
# count. The result is a huge effect. What is the effect of *sending* the letter, in CNY per customer? A number, as
# `sending`.

# %%
trial, _ = simulate_trial(4_000, seed=144)
trial["opened"] = trial["treated"] & (trial["spend_before"] > 50)
colleague = trial[trial["opened"] | ~trial["treated"]]
print(f"The colleague finds {treatment_effect(colleague)['effect'][0]:.1f} CNY.")

# %% tags=["solution"]
sending = treatment_effect(trial)["effect"][0]

# %% wrong=["treatment_effect(colleague)['effect'][0]", "trial.loc[trial['treated'], 'spend'].mean()", "treatment_effect(trial)['effect'][0] / trial.loc[trial['treated'], 'opened'].mean()"] message=["That is the colleague's: who opens letters spent more before.", "That is what the treated spent.", "That is per opened letter; per letter sent is asked."]
check("14.4", sending)

# %% [markdown] points=2 minutes=5 objective="keep the promise of a test that is looked at often" hint=["`alarms_by_look(looks)['share']` for 1.96 each time, its last entry.", "`sequential_bounds(14)['bound'].to_numpy()` as `bounds=` for the other."]
# **14.5** A thousand letters that do nothing are tested for two weeks and looked at every day. What share *fewer*
# of all tests is called a success with Pocock's bounds than with 1.96 each time? A share of all tests, as `saved`.

# %%
looks, _ = simulate_looks(1_000, looks=14, seed=145)

# %% tags=["solution"]
usual = alarms_by_look(looks)["share"].iloc[-1]
bounds = sequential_bounds(14)["bound"].to_numpy()
kept = alarms_by_look(looks, bounds=bounds)["share"].iloc[-1]
saved = usual - kept

# %% wrong=["usual", "kept", "1 - kept / usual"] message=["That is the share with 1.96.", "That is the share with Pocock's bounds.", "That is a share of the false alarms; a share of all tests is asked."]
check("14.5", saved)

# %% [markdown] points=2 minutes=6 objective="tell growth from a change of the mix" hint=["`site_change(panel)` has a row `mix`.", "Or divide: 1 + the change per site, over 1 + that of the same sites."]
# **14.6** This chain closed its weakest fifth. By which share did the sales per site grow *because of who is left*?
# A share, as `mix`.

# %%
panel, _ = simulate_stations(100, closed=0.2, growth=0.05, seed=146)

# %% tags=["solution"]
change = site_change(panel).set_index("quantity")["change"]
mix = change["mix"]

# %% wrong=["change['sales per site']", "change['same sites']", "change['sales per site'] - change['sales']"] message=["That is the whole growth per site.", "That is the growth of those that stayed.", "That compares with the chain as a whole; compare with the same sites."]
check("14.6", mix)

# %% [markdown] points=3 minutes=8 objective="choose a list by uplift in money, and open the truth" hint=["`UpliftModel().fit(teach, features)`, then `predict(test)` as a column `score`.", "`uplift_profit(test, margin=40, contact=2, discount=8)`; the row with the highest `profit`."]
# **14.7 Choose, then open the truth.** Learn from `teach`. On `test`, a purchase earns 40, a letter costs 2 and a
# coupon of 8 is paid to every treated buyer. At what *share* of the customers is the profit curve of 50 points
# highest? A share, as `share`.

# %%
people, sealed = simulate_uplift(20_000, seed=147)
teach, test = people.iloc[:10_000], people.iloc[10_000:]
features = ["visits", "on_sale", "tenure_months"]

# %% tags=["solution"]
model = UpliftModel().fit(teach, features)
test = test.assign(score=model.predict(test))
curve = uplift_profit(test, margin=40, contact=2, discount=8)
share = curve.loc[curve["profit"].idxmax(), "share"]

# %% wrong=["curve['profit'].max()", "uplift_profit(test, margin=40)['share'][uplift_profit(test, margin=40)['profit'].idxmax()]", "float((test['score'] > 0).mean())"] message=["That is the profit; the share of customers is asked.", "That forgets what a letter and a coupon cost.", "A small uplift does not pay for a letter and a coupon."]
check("14.7", share)

# %% [markdown]
# The truth, whatever you chose: what letters to the best so many really earn.

# %%
truth = sealed.iloc[10_000:]
each = truth["uplift"] * 40 - (truth["chance"] + truth["uplift"]) * 8 - 2
print(
    f"to all: {each.sum():,.0f}; to the best there are: {each.clip(0).sum():,.0f}, {(each > 0).mean():.0%} of them"
)

# %% [markdown] points=4 minutes=8 objective="judge a claim about a programme without a control group" rubric=["Says yes or no, without a number.", "Uses at least two numbers, one of them from before week 0 or from other stations.", "Also says what would have to be true for the claim, or what data would change the mind."] hint="Was the chain already growing faster than others before the programme began? Is there a jump at week 0?"
# **14.8 Judge.** "The programme works: since it began, our stations sell far more than others." Read the numbers, and
# say whether they agree: three to six sentences in quotes, as `judgement`. Your teacher reads this one.

# %%
chain, _ = simulate_stations(80, closed=0.0, kept=0.0, lift=0.02, drift=0.005, noise=0.05, seed=148)
chain["after"] = chain["week"] >= 0
found = difference_in_differences(chain, unit="station_id", log=True)
print(found[["effect", "low", "high"]].round(3).to_string(index=False))
study = event_study(chain)
print(
    study.loc[study["week"].isin([-26, -13, -1, 0, 12, 25]), ["week", "effect"]]
    .round(3)
    .to_string(index=False)
)
print(study[["slope_before", "slope_low", "slope_high"]].head(1).round(4).to_string(index=False))

# %% tags=["solution"]
judgement = """No, not by these numbers. The chain sells about 16 percent more than before, compared with others,
and the interval is narrow. But it gained half a percent a week on the others already in the 26 weeks before, and
the interval of that slope lies far from 0. The weeks after go on along the same line, with hardly a jump at week 0.
So nearly all of the difference would have come without the programme. If the trends had been parallel before, or if
stations had been drawn at random for the programme, the same 16 percent would convince me."""

# %%
check("14.8", judgement)

# %%
progress()
