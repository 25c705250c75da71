# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # 03 · Exercises: do our fans buy, or do our buyers follow?
#
# *About 45 minutes. Needs chapter 03. Data: the fans of a restaurant that is yours alone. Put your work
# in place of each `...`, run the cell, then run its check. `hint("03.1")` gives a hint, one more at each
# call.*

# %%
from crmlab.classroom import check, hint, load_mine, progress
from crmlab.lifetime import kaplan_meier, survival_quantiles
from crmlab.social import (
    interaction_effect,
    queue_waits,
    referral_k,
    simulate_stall,
    win_back_effect,
)


# %% tags=["world"]
def world(seed):
    from crmlab.social import fan_window, follow_to_purchase, simulate_fan_club

    club = simulate_fan_club(350, hidden=0.5, n_days=400, seed=seed)
    window = fan_window(club.fans, club.interactions, club.purchases)
    waits = follow_to_purchase(club.fans, club.purchases)
    mine = club.fans.assign(days_waited=waits["duration"], bought_again=waits["ended"])
    window, lapsed = (table.set_index("fan_id") for table in (window, club.lapsed))
    for name in ("bought_before", "interactions", "bought"):
        mine[name] = window[name].reindex(mine["fan_id"]).to_numpy()
    mine["contacted"] = mine["fan_id"].isin(lapsed.index[lapsed["contacted"]])
    mine["returned_on"] = lapsed["returned_on"].reindex(mine["fan_id"]).to_numpy()
    return mine, club.truth


# %% [markdown]
# `mine` has a row for each fan of your restaurant. Handed out by a teacher, it is yours alone.
# `bought_before`, `interactions` and `bought` are those of `fan_window`, for who was watched for 180 days;
# `days_waited` and `bought_again` those of `follow_to_purchase`; `contacted` and `returned_on` are of those
# who left.

# %%
mine = load_mine("03")
watched = mine.dropna(subset=["bought"])

# %% [markdown] points=1 minutes=3 own=true objective="read who stays, by motive" hint=["Who still follows has no `unfollowed_on`.", "`mine['unfollowed_on'].isna()` grouped by `mine['motive']`, the mean of motive friends."]
# **03.1** In *your* restaurant: which share of the fans who came because friends are there (motive
# `friends`) still follow? A share from 0 to 1, as `stay`.

# %% tags=["solution"]
following = mine["unfollowed_on"].isna().groupby(mine["motive"]).mean()
stay = following["friends"]

# %% wrong=["1 - stay", "following['old customer']", "mine['unfollowed_on'].isna().mean()", "mine.loc[mine['referred_by'].notna(), 'unfollowed_on'].isna().mean()"] message=["Those have left.", "Those are old customers.", "Those are the fans of all motives.", "Those were brought by a fan; some come on their own because friends are there."]
check("03.1", stay)

# %% [markdown] points=2 minutes=5 own=true objective="compute a raw effect on equal time" hint=["`interaction_effect(watched)` has a row per way.", "The row whose way is raw."]
# **03.2** In *your* restaurant: by how many purchases do fans differ, per interaction more, in their
# first 180 days, *raw*? A number, as `raw`.

# %% tags=["solution"]
effect = interaction_effect(watched).set_index("way")["effect"]
raw = effect["raw"]

# %% wrong=["effect['adjusted']", "watched['bought'].sum() / watched['interactions'].sum()"] message=["That is the adjusted effect.", "That is purchases over interactions; how the two *go together* is asked."]
check("03.2", raw)

# %% [markdown] points=2 minutes=5 own=true objective="say how much adjusting removed" hint=["Adjusted over raw is what is left.", "One less what is left."]
# **03.3** In *your* restaurant: how much of the raw effect does adjusting for motive and earlier
# purchases take away? As a fraction of it (above 1 if what is left is below 0), as `taken`.

# %% tags=["solution"]
taken = 1 - effect["adjusted"] / effect["raw"]

# %% wrong=["effect['adjusted'] / effect['raw']", "effect['raw'] - effect['adjusted']"] message=["That is what is left, not what was taken away.", "That is a difference of effects; divide it by the raw one."]
check("03.3", taken)

# %% [markdown] points=2 minutes=5 own=true objective="correct for friends not come yet" hint=["`referral_k(mine)`, the row all.", "Two columns count friends per fan; one of them leaves out those not come yet."]
# **03.4** In *your* restaurant: how many friends does a fan bring within 180 days, for all reasons, those
# counted who have not come *yet*? A number, as `brings`.

# %% tags=["solution"]
friends = referral_k(mine).set_index("referral_reason")
brings = friends.loc["all", "k"]

# %% wrong=["friends.loc['all', 'raw']", "friends.loc['campaign', 'k']"] message=["That counts only who has come, over fans of whom many are new.", "Those came by campaigns."]
check("03.4", brings)

# %% [markdown] points=2 minutes=5 own=true objective="read a median of censored waits" hint=["`kaplan_meier(mine, duration='days_waited', ended='bought_again')` gives the curve.", "`survival_quantiles` of the curve; the column `time`."]
# **03.5** In *your* restaurant: after how many days has half of *all* fans bought again? A number, as
# `half`.

# %% tags=["solution"]
curve = kaplan_meier(mine, duration="days_waited", ended="bought_again")
half = survival_quantiles(curve)["time"].item()

# %% wrong=["mine.loc[mine['bought_again'], 'days_waited'].median()", "mine['days_waited'].median()"] message=["That is the median of those who have bought already.", "You counted open waits as if they had ended."]
check("03.5", half)

# %% [markdown] points=2 minutes=6 own=true objective="find the error in a colleague's win-back" hint=["What would those have done to whom nobody wrote?", "`win_back_effect(lapsed)` has a row for the difference."]
# **03.6 Find the error.** A colleague wrote to half of those who had left, at random, and reports how
# many in 100 of them came back as the letter's success. What did the letter add to the chance to come
# back? A number from -1 to 1, as `letter`.

# %%
lapsed = mine.dropna(subset=["unfollowed_on"])
table = win_back_effect(lapsed).set_index("group")["share"]
colleague = table["contacted"]
print(f"The colleague's success: {colleague:.1%}")

# %% tags=["solution"]
letter = table["contacted"] - table["left alone"]

# %% wrong=["colleague", "table['left alone']"] message=["Some of these would have come back without a letter.", "Those came back by themselves."]
check("03.6", letter)

# %% [markdown] points=3 minutes=8 own=true objective="compare an adjusted effect with the truth" hint=["The truth of your world is sealed in the question: nothing is caused.", "`effect` of 03.2 has a row for each way; take the one named matched.", "Off is the effect less the truth, and the truth is 0."]
# **03.7 Count, then open the truth.** In *your* restaurant interacting causes *nothing*: 0 purchases per
# interaction. By how much is the *matched* effect off? A number, as `off`.

# %% tags=["solution"]
off = effect["matched"] - 0

# %% wrong=["effect['at random'] - 0", "effect['raw'] - 0", "effect['raw'] - effect['matched']"] message=["That is the effect at random.", "That is the raw one.", "Compare with the truth, 0, and not with the raw effect."]
check("03.7", off)

# %% [markdown]
# The truth of your restaurant: some fans like it more than their receipts say. They comment more and come
# more. No column holds it, so no matching can see it.

# %% [markdown] points=4 minutes=8 objective="judge a claim about pre-orders" rubric=["Says yes or no, without a number.", "Uses at least two of the waits, one of them of those who did not order before.", "Also says under which load or share the answer would change, or what would have to be measured."] hint="Who pays for the pre-orders of the others: those who come without one, or nobody?"
# **03.8 Judge.** "Whoever orders before the bell pushes in: the others must wait for it." Read the table,
# and say whether that is right at this stall: three to six sentences in quotes, as `judgement`. Your
# teacher reads this one.

# %%
for share in (0.0, 0.3, 0.6):
    orders, _ = simulate_stall(600, preorder_share=share, seed=8)
    waits = queue_waits(orders, collects="collects_at")
    print(
        f"{share:.0%} before:",
        waits.groupby("preordered")["wait_minutes"].mean().round(1).to_dict(),
    )

# %% tags=["solution"]
judgement = """No, not at this stall. Without pre-orders a student waits for about a quarter of an hour;
when 30 % order before, those who do not order before wait clearly less, and at 60 % less still. The
work of a pre-order is done while everybody is in class, so it stands before nobody after the bell. It
would be otherwise if there were more pre-orders than the lesson has time for: then the rest of them
would be made first after the bell. I would measure how many orders are not ready when the bell rings."""

# %%
check("03.8", judgement)

# %%
progress()
