# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # 07 · Exercises: who pays for the party?
#
# *About 45 minutes. Needs chapter 07. Data: Hehua, a bank, and two years of a firm of your
# own. Put your work in place of each `...`, run the cell, then run its check. `hint("07.1")`
# gives a hint, one more at each call.*

# %%
from crmlab.classroom import check, hint, load_mine, progress
from crmlab.data import load
from crmlab.pyramid import (
    concentration,
    cost_to_serve,
    migration,
    net_value,
    pyramid,
    pyramid_tiers,
    simulate_service,
)


# %% tags=["world"]
def world(seed):
    from crmlab.pyramid import simulate_two_periods

    return simulate_two_periods(500, persistence=0.6, seed=seed)


# %% [markdown]
# `mine` holds what each customer of your firm spent in year 1 and in year 2. Handed
# out by a teacher, it is yours alone.

# %%
mine = load_mine("07")
first = mine[mine["period"] == 1].set_index("customer_id")["spend"]
second = mine[mine["period"] == 2].set_index("customer_id")["spend"]
first = first[first > 0]
second = second[second > 0]

# %% [markdown] points=1 minutes=2 objective="read the tiers of a pyramid" hint=["Tiers do not overlap: whoever is a VIP is no major customer.", "The line of 5% is cumulative."]
# **07.1** A firm has 1,000 customers. VIPs are the top 1%, *major* customers come next, down to the
# top 5%. How many major customers are there? A number, as `major`.

# %% tags=["solution"]
major = 50 - 10

# %% wrong=["50", "10", "4"] message=["That counts the VIPs as well; tiers do not overlap.", "Those are the VIPs.", "That is the percentage, not the customers."]
check("07.1", major)

# %% [markdown] points=1 minutes=3 objective="compute the share of the top" hint=["`pyramid` takes what each customer spent in all.", "The top 5% are two tiers together."]
# **07.2** Which share of Hehua's money comes from the top 5% of its customers? A share from 0 to 1,
# as `top_five`.

# %%
purchases = load("hehua_purchases")

# %% tags=["solution"]
spend = purchases.groupby("customer_id")["amount"].sum()
tiers = pyramid(spend).set_index("tier")["share_of_spend"]
top_five = tiers["VIP"] + tiers["major"]

# %% wrong=["tiers['VIP']", "tiers['major']", "tiers['VIP'] + tiers['major'] + tiers['ordinary']"] message=["That is the top 1% alone.", "The VIPs belong to the top 5% too.", "That is the top 20%."]
check("07.2", top_five)

# %% [markdown] points=2 minutes=4 own=true objective="measure concentration with 80:20" hint=["`concentration` has both readings of 80:20.", "Look at `share_of_top`."]
# **07.3** In *your* firm, in year 1: which share of the spend comes from the top 20% of those who
# bought? A share, as `top_fifth`.

# %% tags=["solution"]
found = concentration(first)
top_fifth = found.share_of_top

# %% wrong=["found.customers_for_share", "found.gini", "concentration(second).share_of_top"] message=["That is the share of customers who bring 80%: the other way round.", "That is the Gini coefficient.", "That is year 2."] truth="0.80"
check("07.3", top_fifth)

# %% [markdown] points=2 minutes=5 own=true objective="follow customers between tiers" hint=["Make tiers of each year with `pyramid_tiers`, then `migration(before, after)`.", "Add up `customers` by `movement`.", "`groupby(\"movement\")[\"customers\"].sum().reset_index()`"]
# **07.4** In *your* firm: between year 1 and year 2, how many customers went up, went down, stayed,
# were lost and were new? A table with the columns `movement` and `customers`, as `moves`.

# %% tags=["solution"]
paths = migration(pyramid_tiers(first), pyramid_tiers(second))
moves = paths.groupby("movement")["customers"].sum().reset_index()

# %% wrong="migration(pyramid_tiers(second), pyramid_tiers(first)).groupby('movement')['customers'].sum().reset_index()" message="You went from year 2 to year 1: up and down, new and lost, change places."
check("07.4", moves)

# %% [markdown] points=3 minutes=6 own=true objective="tell luck from loyalty in a migration" hint=["Only customers who were among the top 20% in year 1 count.", "Those tiers are VIP, major and ordinary; in year 2 they may be small, or lost.", "Use the frames of `pyramid_tiers`, and a left merge on `customer_id`."]
# **07.5** In *your* firm: of the customers in the top 20% in year 1, which share was *not* in the top
# 20% in year 2, lost ones included? A share, as `fell`.

# %% tags=["solution"]
before, after = pyramid_tiers(first), pyramid_tiers(second)
was_top = before.loc[before["tier"] != "small", "customer_id"]
is_top = after.loc[after["tier"] != "small", "customer_id"]
fell = 1 - was_top.isin(is_top).mean()

# %% wrong=["was_top.isin(is_top).mean()", "1 - was_top.isin(after['customer_id']).mean()", "(was_top.isin(after['customer_id']) & ~was_top.isin(is_top)).mean()"] message=["That is the share that stayed.", "Those are the lost ones alone; others stayed customers and fell.", "You left out those who were lost altogether."]
check("07.5", fell)

# %% [markdown]
# In your firm nobody was treated badly and nobody lost interest: in the simulator a customer's year
# is habit plus luck. Whoever was on top was partly lucky, and luck does not repeat. Remember this
# before you praise a campaign for lifting the bottom, or blame one for losing the top.

# %% [markdown] points=2 minutes=5 objective="find the error in a colleague's 80:20" hint=["Who is counted in the top 20%: customers or receipts?", "Add up by customer first."]
# **07.6 Find the error.** A colleague says 80:20 does not hold at Hehua. Find the mistake, and call
# the right share of the top 20% `mended`.

# %%
receipts = purchases["amount"].sort_values(ascending=False)
colleague = receipts.head(len(receipts) // 5).sum() / receipts.sum()
print(f"The colleague's share of the top 20%: {colleague:.1%}")

# %% tags=["solution"]
by_customer = purchases.groupby("customer_id")["amount"].sum().sort_values(ascending=False)
mended = by_customer.head(len(by_customer) // 5).sum() / by_customer.sum()

# %% wrong=["colleague", "concentration(by_customer).customers_for_share"] message=["That is the colleague's number.", "That is the share of customers who bring 80%."]
check("07.6", mended)

# %% [markdown] points=3 minutes=6 objective="find customers who cost more than they bring" hint=["First what service costs each customer, then what is left: `cost_to_serve`, `net_value`.", "`net_value(bank.accounts, cost_to_serve(bank.events, bank.tariff))`", "Count rows below zero."]
# **07.7 Count, then open the truth.** A bank knows what each customer brings and how often each comes
# to the counter. Which share of its customers costs more than it brings? A share, as `losing`.

# %%
bank, sealed = simulate_service(2_000, seed=7)

# %% tags=["solution"]
net = net_value(bank.accounts, cost_to_serve(bank.events, bank.tariff))
losing = (net["net_value"] < 0).mean()

# %% wrong=["(bank.accounts['margin'] < 0).mean()", "(net['net_value'] >= 0).mean()", "(net['service'] > net['margin']).mean()"] message=["Margin alone: serving, upkeep and winning them cost too.", "Those bring more than they cost.", "You left out upkeep and what it cost to win them."]
check("07.7", losing)

# %% [markdown]
# Now break the seal. The bank planted a share of *demanding* customers. Are they all that
# loses money?

# %%
print(sealed.groupby("demanding")["expected_net_value"].agg(["size", "mean"]).round(0))

# %% [markdown] points=2 minutes=4 objective="check a claim about loyalty and profit" hint=["`tenure_years` stands in the accounts, `net_value` in `net`: merge on `customer_id`.", "`a.corr(b)` is the correlation."]
# **07.8 Is it true?** "The longer a customer stays, the more profitable." What is the correlation of
# `tenure_years` and net value at this bank? A number, as `link`.

# %% tags=["solution"]
both = net.merge(bank.accounts[["customer_id", "tenure_years"]], on="customer_id")
link = both["tenure_years"].corr(both["net_value"])

# %% wrong="both['tenure_years'].corr(both['margin'])" message="That is the margin, before the cost of serving."
check("07.8", link)

# %% [markdown] points=4 minutes=8 objective="judge where to put limited resources" rubric=["Says yes or no, without a number.", "Uses at least two numbers of this notebook, one of them on cost or on luck, not only the share of the top.", "Also says which test or which control group would show what attention does, and what would change the mind."] hint="What did 07.5 and 07.7 say about the top?"
# **07.9 Judge.** "Put all limited resources at the top of the pyramid." Would you, at your firm and at
# this bank? Three to six sentences in quotes, as `judgement`. Your teacher reads this one.

# %% tags=["solution"]
judgement = """The top fifth brings most of the money, so losing it is dear. But 07.5 shows that many
of the top are there by luck and fall by themselves, and 07.7 that some customers cost more than they
bring whatever they spend. I would protect the top, without extra contact, and first try a campaign on
half of it, drawn at random. If the other half falls just as often, attention changes nothing."""

# %%
check("07.9", judgement)

# %%
progress()
