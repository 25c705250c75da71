# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # 00 · Exercises: what can one purchase file tell us?
#
# *About 30 minutes. Needs chapter 00. Data: Hehua, and a small shop of your own. Put your
# work in place of each `...`, run the cell, then run its check. `hint("00.1")` gives a hint, one
# more at each call.*

# %% [markdown] lang="zh" of="8b883ae1"
# # 00 · 练习：一份购买记录能告诉我们什么？
#
# *约 30 分钟。需要第 00 章。数据：荷华，以及你自己的一家小店。请把每个 `...` 换成你的解答，运行那
# 一格，再运行它的 check。`hint("00.1")` 给出一条提示，每运行一次多给一条。*

# %%
from crmlab.classroom import check, hint, load_mine, progress
from crmlab.data import load
from crmlab.pyramid import concentration, pyramid
from crmlab.rfm import rfm, rfm_scores, rfm_segments


# %% tags=["world"]
def world(seed):
    from crmlab.lifetime import simulate_purchases

    return simulate_purchases(250, rate=(0.8, 4.0), dropout=(0.8, 4.0), seed=seed)


# %% [markdown]
# `mine` holds the purchases of your shop: one row per purchase. Handed out
# by a teacher, it is yours alone.

# %% [markdown] lang="zh" of="a1a86355"
# `mine` 里是你这家店的购买记录：每次购买一行。由老师发下来的，只属于你一个人。

# %%
mine = load_mine("00")
mine.head(3)

# %% [markdown] points=1 minutes=2 objective="read how many customers a file holds" objective_zh="读出文件里有多少位客户" hint=["One row is a purchase, not a customer.", "`nunique` counts different values."] hint_zh=["一行是一次购买，不是一位客户。", "`nunique` 数的是不同的值有几个。"]
# **00.1** How many customers does Hehua's file hold? A number, as `customers`.

# %% [markdown] lang="zh" of="26c0e8bb"
# **00.1** 荷华的文件里有多少位客户？一个数，命名为 `customers`。

# %%
purchases = load("hehua_purchases")
purchases.head(3)

# %% tags=["solution"]
customers = purchases["customer_id"].nunique()

# %% wrong="len(purchases)" message="Those are the rows: one customer has many." message_zh="这是行数：一位客户有很多行。"
check("00.1", customers)

# %% [markdown] points=1 minutes=3 objective="find the refunds in a file" objective_zh="找出文件里的退款" hint=["What sign does money have that went back?", "A comparison of a column is True or False in each row, and `mean` of that is a share."] hint_zh=["退回去的钱带什么符号？", "拿一列作比较，每一行得到 True 或 False，再求 `mean` 就是比例。"]
# **00.2** Which share of the rows are *refunds*? A share from 0 to 1, as `refunds`.

# %% [markdown] lang="zh" of="493bb9dd"
# **00.2** *退款*占所有行的多大比例？一个 0 到 1 之间的比例，命名为 `refunds`。

# %% tags=["solution"]
refunds = (purchases["amount"] < 0).mean()

# %% wrong=["(purchases['amount'] < 0).sum()", "-purchases.loc[purchases['amount'] < 0, 'amount'].sum() / purchases['amount'].sum()"] message=["That is how many, not which share.", "That is their share of the money; the question is about rows."] message_zh=["这是有多少行，不是占多大比例。", "这是退款占金额的比例；题目问的是行数。"]
check("00.2", refunds)

# %% [markdown] points=2 minutes=4 objective="build a customer pyramid" objective_zh="搭出一座客户金字塔" hint=["First what each customer spent in all: `groupby` and `sum`.", "`pyramid` makes the tiers; keep two of its columns."] hint_zh=["先求每位客户一共花了多少：`groupby` 和 `sum`。", "`pyramid` 分出层级；留下其中两列。"]
# **00.3** Which share of Hehua's spend does each tier bring? A table with the columns `tier` and
# `share_of_spend`, as `tiers`.

# %% [markdown] lang="zh" of="22430d36"
# **00.3** 荷华的各个层级分别带来了多大比例的钱？一张有 `tier` 和 `share_of_spend` 两列的表，命名
# 为 `tiers`。

# %% tags=["solution"]
spend = purchases.groupby("customer_id")["amount"].sum()
tiers = pyramid(spend)[["tier", "share_of_spend"]]

# %% wrong="pyramid(purchases['amount'])[['tier', 'share_of_spend']]" message="Those are tiers of receipts. Add up by customer first." message_zh="这是给小票分层。请先按客户加总。"
check("00.3", tiers)

# %% [markdown] points=2 minutes=4 own=true objective="measure concentration in a file of your own" objective_zh="在自己的文件里测量集中度" hint=["The spend of each customer of `mine` comes first.", "`concentration(...)` has `share_of_top`."] hint_zh=["先求 `mine` 里每位客户花了多少。", "`concentration(...)` 的结果里有 `share_of_top`。"]
# **00.4** In *your* shop: which share of the money comes from the top 20% of the customers? A share,
# as `top`.

# %% [markdown] lang="zh" of="a4108b15"
# **00.4** 在*你的*店里，花钱最多的 20% 的客户带来了多大比例的钱？一个比例，命名为 `top`。

# %% tags=["solution"]
found = concentration(mine.groupby("customer_id")["amount"].sum())
top = found.share_of_top

# %% wrong=["found.customers_for_share", "concentration(mine['amount'].reset_index(drop=True)).share_of_top"] message=["That is the share of customers who bring 80%.", "Those are receipts. Add up by customer first."] message_zh=["这是带来 80% 的那些客户所占的比例。", "这是小票。请先按客户加总。"]
check("00.4", top)

# %% [markdown] points=2 minutes=5 own=true objective="compute recency, and read who went silent" objective_zh="计算最近一次消费，读出谁没有了动静" hint=["`rfm(mine)` gives the days since the last purchase.", "Half a year is 180 days; more than that counts."] hint_zh=["`rfm(mine)` 给出距上次购买的天数。", "半年是 180 天，超过才算。"]
# **00.5** In *your* shop: which share of the customers has not bought for *more than* 180 days, at
# the end of the file? A share, as `silent`.

# %% [markdown] lang="zh" of="895122d2"
# **00.5** 在*你的*店里，到文件结束时，有多大比例的客户已经*超过* 180 天没有买过东西？一个比例，命
# 名为 `silent`。

# %% tags=["solution"]
own_table = rfm(mine)
silent = (own_table["days_since_last"] > 180).mean()

# %% wrong=["(own_table['days_since_last'] <= 180).mean()", "(own_table['tenure_days'] > 180).mean()"] message=["Those are the ones who did buy.", "That counts from the first purchase."] message_zh=["这是买过东西的那些人。", "这是从第一次购买算起的。"]
check("00.5", silent)

# %% [markdown] points=2 minutes=5 objective="find the error in a colleague's average" objective_zh="找出同事平均数里的错误" hint=["Which customers does the colleague's mean count more than once?", "A mean over rows weighs a customer by the number of purchases."] hint_zh=["同事的平均数把哪些客户算了不止一次？", "对行求平均，客户买几次就算几次。"]
# **00.6 Find the error.** "What does a customer spend on average?" A colleague answers with the mean
# of the column `amount`. Find the mistake, and call the right mean `mended`.

# %% [markdown] lang="zh" of="62ec699f"
# **00.6 找出错误。** “一位客户平均花多少钱？”一位同事用 `amount` 列的平均数来回答。请找出错在哪
# 里，并把正确的平均数命名为 `mended`。

# %%
colleague = purchases["amount"].mean()
print(f"The colleague's mean: {colleague:.2f} CNY")

# %% lang="zh" of="768decff"
colleague = purchases["amount"].mean()
print(f"同事算出的平均数：{colleague:.2f} 元")

# %% tags=["solution"]
mended = purchases.groupby("customer_id")["amount"].sum().mean()

# %% wrong=["colleague", "purchases.groupby('customer_id')['amount'].mean().mean()", "purchases.groupby('customer_id')['amount'].sum().median()"] message=["That is what a receipt brings, not a customer.", "That is a customer's mean receipt.", "That is the median."] message_zh=["这是一张小票的金额，不是一位客户的。", "这是客户平均每张小票的金额。", "这是中位数。"]
check("00.6", mended)

# %% [markdown] points=2 minutes=5 objective="forecast, and check against what happened" objective_zh="作出预测，并和后来发生的事对照" hint=["`segments` has one row per customer.", "Compare the column `segment` with \"asleep\"; the mean of True and False is a share."] hint_zh=["`segments` 每位客户一行。", "拿 `segment` 列和 \"asleep\" 作比较；True 和 False 的平均数就是比例。"]
# **00.7 Guess, then open the truth.** Which share of Hehua's customers is *asleep*, by its segment? A
# share, as `asleep`. And before you run the cell after the check: which part of them has really left?

# %% [markdown] lang="zh" of="ec228170"
# **00.7 先猜，再揭开真相。** 按细分来看，荷华有多大比例的客户是一般挽留客户（`asleep`）？一个比
# 例，命名为 `asleep`。另外，在运行 check 下面那一格之前先猜一猜：他们当中有多少真的走了？

# %%
segments = rfm_segments(rfm_scores(rfm(purchases)))
segments[["customer_id", "days_since_last", "frequency", "segment"]].head(3)

# %% tags=["solution"]
asleep = (segments["segment"] == "asleep").mean()

# %% wrong="(segments['segment'] == 'asleep').sum()" message="That is how many, not which share." message_zh="这是有多少人，不是占多大比例。"
check("00.7", asleep)

# %%
opened = segments.merge(load("hehua_truth"), on="customer_id").query("segment == 'asleep'")
print(f"Of the customers asleep, {opened['dropped_out_on'].notna().mean():.0%} had left.")

# %% lang="zh" of="60e3e77c"
opened = segments.merge(load("hehua_truth"), on="customer_id").query("segment == 'asleep'")
print(f"一般挽留客户当中，有 {opened['dropped_out_on'].notna().mean():.0%} 已经走了。")

# %% [markdown] points=3 minutes=6 objective="say what a file can and cannot show" objective_zh="说清楚文件能看出什么、看不出什么" rubric=["Says something true about the file, without a number.", "Uses a number of this notebook to say what the file shows.", "Also says what the file cannot show, why, and what else one would have to know."] rubric_zh=["说了文件里的一件实事，但没有数字。", "用本练习里的数字说明文件能看出什么。", "还说明了文件看不出什么、为什么，以及另外还需要知道什么。"] hint="What did the truth say in 00.7 that the file did not?" hint_zh="00.7 里的真相说出了文件没有说的什么？"
# **00.8 Judge.** "Whoever has not bought for half a year is lost." What does your notebook say about
# it? Two to five sentences in quotes, as `judgement`. Your teacher reads this one.

# %% [markdown] lang="zh" of="4cefce1b"
# **00.8 判断。** “半年没买过东西的客户就是流失了。”从这份练习来看，你怎么说？写两到五句话，放在引
# 号里，命名为 `judgement`。这道题由老师批阅。

# %% tags=["solution"]
judgement = """In my shop a good part has been silent for more than half a year. At Hehua most of the
customers asleep had not left: they buy once in many years. A file shows silence, not its reason. To
know who is lost one has to wait longer, or to ask."""

# %%
check("00.8", judgement)

# %%
progress()
