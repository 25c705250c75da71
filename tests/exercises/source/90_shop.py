# %% [markdown]
# # 90 · Exercises: a shop in ten lines
#
# Small enough to be read at a glance; the tests of `classroom` and `grading` run on it.

# %%
from crmlab.classroom import check, load_mine


# %% tags=["world"]
def world(seed):
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    spend = rng.gamma(2.0, 50.0, 40).round(2)
    tier = rng.permutation(["gold"] * 10 + ["lead"] * 30)
    data = pd.DataFrame({"customer_id": np.arange(40), "tier": tier, "spend": spend})
    return data, pd.DataFrame({"mean_spend": [100.0]})


# %%
mine = load_mine("90")

# %% [markdown] points=1 minutes=2 objective="read a mean" own=true hint=["Which column is money?", "A mean has one line."]
# **90.1** What does one of your customers spend on average? Call it `mean_spend`.

# %% tags=["solution"]
mean_spend = mine["spend"].mean()

# %% wrong=["mine['spend'].sum()", "mine['spend'].median()"] message=["That is the total.", "That is the median."] truth="100" low="mean_spend - 2 * mine['spend'].sem()" high="mean_spend + 2 * mine['spend'].sem()"
check("90.1", mean_spend)

# %% [markdown] points=2 minutes=3 objective="compute shares" own=true hint="Divide by everything."
# **90.2** Which share of all spend comes from each tier? Columns `tier` and `share`, as `shares`.

# %% tags=["solution"]
total = mine.groupby("tier")["spend"].sum()
shares = (total / total.sum()).rename("share").reset_index()

# %%
check("90.2", shares)

# %% [markdown] points=1 minutes=1 own=true objective="name the best tier"
# **90.3** Which tier has the fewer customers? A text, as `fewer`.

# %% tags=["solution"]
fewer = mine["tier"].value_counts().idxmin()

# %%
check("90.3", fewer)

# %% [markdown] points=3 minutes=5 objective="judge a claim" rubric=["names a number", "compares it", "says what would change it"]
# **90.4** Is the gold tier worth a letter? Two sentences, as `claim`.

# %% tags=["solution"]
claim = "Gold gives about a quarter. A test with a control group would tell."

# %%
check("90.4", claim)
