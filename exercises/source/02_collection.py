# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # 02 · Exercises: where does customer data come from, and can we believe it?
#
# *About 40 minutes. Needs chapter 02. Data: leads of fourteen channels that are yours alone, and worlds
# made as we go. Put your work in place of each `...`, run the cell, then run its check. `hint("02.1")`
# gives a hint, one more at each call.*

# %%
from crmlab.classroom import check, hint, load_mine, progress
from crmlab.collection import (
    POPULATION_MARGINS,
    Raking,
    SurveyMethod,
    channel_report,
    compare_methods,
    precheck,
    remedy_plans,
    simulate_questionnaires,
    simulate_survey,
)


# %% tags=["world"]
def world(seed):
    from crmlab.collection import simulate_leads

    return simulate_leads(1_500, seed=seed)


# %% [markdown]
# `mine` holds the leads of your firm. Nobody else has them.

# %%
mine = load_mine("02")

# %% [markdown] points=1 minutes=3 objective="compare bias and variance" hint=["`compare_methods(answers={'mail': 2_000})` makes a row.", "The column `worth_answers`."]
# **02.1** How many good random answers are 2,000 answers by *mail* worth? A number, as `worth`.

# %% tags=["solution"]
worth = compare_methods(answers={"mail": 2_000})["worth_answers"].iloc[0]

# %% wrong=["2_000", "compare_methods(answers={'telephone': 2_000})['worth_answers'].iloc[0]", "compare_methods(answers={'mail': 2_000})['rmse'].iloc[0]"] message=["That is how many there are.", "That is the telephone.", "That is how far they are from the truth, in points."]
check("02.1", worth)

# %% [markdown] points=2 minutes=5 own=true objective="read a shrunk rate" hint=["`channel_report(mine)` is sorted by the shrunk rate.", "The first row's `shrunk`."]
# **02.2** In *your* firm: what conversion do you expect of the channel that is best by the shrunk rate? A
# share, as `expected`.

# %% tags=["solution"]
report = channel_report(mine)
expected = report["shrunk"].iloc[0]

# %% wrong=["report['conversion'].max()", "report['shrunk'].iloc[-1]"] message=["That is the highest raw rate: the luckiest.", "That is the worst channel."]
check("02.2", expected)

# %% [markdown] points=2 minutes=5 own=true objective="measure how much of a best rate is luck" hint=["The channel with the highest raw rate: `report['conversion'].idxmax()`.", "Its raw rate less its shrunk rate."]
# **02.3** In *your* firm: by how much does the channel with the highest *raw* rate promise too much, if
# the shrunk rate is right? Raw less shrunk, a share, as `luck`.

# %% tags=["solution"]
luckiest = report.loc[report["conversion"].idxmax()]
luck = luckiest["conversion"] - luckiest["shrunk"]

# %% wrong=["luckiest['shrunk']", "luckiest['conversion']", "luckiest['high'] - luckiest['shrunk']"] message=["That is the shrunk rate itself.", "That is the raw rate itself.", "That is the end of the raw interval less the shrunk rate."]
check("02.3", luck)

# %% [markdown] points=2 minutes=5 objective="choose remedies within a budget" hint=["`remedy_plans([...], method='telephone', budget=15_000)`, best first.", "The column `remedies` says how many are bought."]
# **02.4** A survey by *telephone* suffers from lying, guessing, leading and cheating. With 15,000 yuan, how
# many of the four remedies does the best plan buy? A whole number, as `bought`.

# %% tags=["solution"]
four = ["lying", "guessing", "leading", "cheating"]
plans = remedy_plans(four, method="telephone", budget=15_000)
bought = int(plans["remedies"].iloc[0])

# %% wrong="0" message="Without any, the estimate is farther from the truth; compare the rows."
check("02.4", bought)

# %% [markdown] points=2 minutes=6 objective="weight answers to known margins" hint=["Only who answered can be weighted: `dropna(subset=['answer'])`.", "`Raking(POPULATION_MARGINS).fit(answers).mean(answers['answer']).value`"]
# **02.5** In this survey the old answer more readily. What is the mean answer, weighted to the margins of
# the population? In points, as `weighted`.

# %%
by_age = SurveyMethod("by age", "", response=0.4, by_age=0.7)
survey, _ = simulate_survey(4_000, method=by_age, seed=25)

# %% tags=["solution"]
answers = survey.dropna(subset=["answer"])
weighted = Raking(POPULATION_MARGINS).fit(answers).mean(answers["answer"]).value

# %% wrong="answers['answer'].mean()" message="That is the mean as answered."
check("02.5", weighted)

# %% [markdown] points=2 minutes=6 objective="find the error in a colleague's pre-check" hint=["In which order were the statements asked? The column `asked` says it for each person.", "`precheck(sheets, items=items, asked='asked')`"]
# **02.6 Find the error, then open the truth.** A colleague drops everybody with a long run of one answer. Find the
# mistake, and call the number of sheets that a right pre-check flags as one-sided `one_sided`.

# %%
sheets, sealed_sheets = simulate_questionnaires(800, seed=26)
items = [f"q{k}" for k in range(1, 21)]
colleague = int(precheck(sheets, items=items)["one_sided"].sum())
print(f"The colleague drops {colleague} of {len(sheets)} people.")

# %% tags=["solution"]
one_sided = int(precheck(sheets, items=items, asked="asked")["one_sided"].sum())

# %% wrong=["colleague", "int(precheck(sheets, items=items, asked='asked')['middle'].sum())"] message=["That is the colleague's number.", "That is another pattern, the middle of the road."]
check("02.6", one_sided)

# %% [markdown]
# The truth of these sheets: most of those whom the colleague would drop love the shop, and mean it.

# %%
print(sealed_sheets["pattern"].value_counts().to_string())

# %% [markdown] points=4 minutes=8 objective="judge a claim about weighting" rubric=["Says yes or no, without a reason.", "Says that weighting mends only what goes with the margins, and uses the two means.", "Also says what could show who is missing: a follow-up of non-respondents, a sample of them by another method, or known facts about them."] hint="What could the margins know of people who stay silent because they are dissatisfied?"
# **02.7 Judge.** "We weighted the online answers to age, gender and city; so they are now representative."
# Read the two means below (the truth is 60), and judge the sentence: three to six sentences in quotes, as
# `judgement`. Your teacher reads this one.

# %%
online, _ = simulate_survey(60_000, method="online", seed=27)
said = online.dropna(subset=["answer"])
found = Raking(POPULATION_MARGINS).fit(said).mean(said["answer"])
print(f"{len(said)} answers: {said['answer'].mean():.1f} as answered, {found.value:.1f} weighted")

# %% tags=["solution"]
judgement = """No. Weighted to age, gender and city the answers have the right margins, and their mean is
still well above the truth of 60. Weighting mends what goes with the margins; here the satisfied answer
more readily at every age, and no margin shows that. The interval is narrow and does not hold the truth.
To find out who is missing I would ask a small random sample of those who did not answer, by interview,
and compare their mean with the one online."""

# %%
check("02.7", judgement)

# %%
progress()
