# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["slide"]
# # 00 · What can one purchase file tell us?
#
# Hehua (荷华), a small firm that sells cosmetics and household goods, has a thousand customers and
# two years of receipts. This tour reads three things in each: who bought, when, and for how much.
#
# You will be able to
#
# * read a purchase file, ours or your own, and see what was found in it (2 minutes);
# * show who brings the money, and move the lines between the tiers yourself (3 minutes);
# * sort customers by how they buy (3 minutes);
# * check such a forecast against what really happened (2 minutes).
#
# *Needs nothing. Data: `hehua_purchases`, simulated, seed 2024. The firm is fictional.*

# %% [markdown] lang="zh" of="2dbdb11e"
# # 00 · 一份购买记录能告诉我们什么？
#
# 荷华（Hehua）是一家卖化妆品和日用品的小公司，有一千位客户和两年的小票。这一章从每张小票上只读三件
# 事：谁买的、什么时候买的、花了多少钱。
#
# 学完这一章，你能够
#
# * 读入一份购买记录（我们的或你自己的），并看懂文件里发现了什么（2 分钟）；
# * 说出钱是谁带来的，并亲手移动层级之间的分界线（3 分钟）；
# * 按购买方式给客户分类（3 分钟）；
# * 拿预测和后来真正发生的事对照（2 分钟）。
#
# *不需要任何基础。数据：`hehua_purchases`，模拟生成，种子 2024。公司是虚构的。*

# %% [markdown]
# ## First: how to use this page
#
# The grey boxes are *cells*. Click into one and press **Shift+Enter**: it runs, and what comes out
# stands below it. `[*]` at its left says that it is still running, a number that it has run. Go
# through the page from top to bottom, one cell after the other. Try it now:

# %% [markdown] lang="zh" of="ed1da10d"
# ## 先学会用这个页面
#
# 灰色的框叫做*单元格*。点进一个单元格，按 **Shift+Enter**：代码就会运行，结果显示在它下面。左边
# 的 `[*]` 表示还在运行，变成数字就是运行完了。请从上到下，一格一格地往下走。现在就试一次：

# %%
print("This cell has run.")

# %% lang="zh" of="6f46c250"
print("这一格运行过了。")

# %% [markdown]
# * **When a cell fails**, red lines appear. Read the last one: it says what is wrong and often what
#   to do. Mend the cell and run it again. Nothing can break.
# * **When you skipped a cell**, a later one fails because it needs what you skipped: the last line
#   begins with `NameError`. Go back up, run what you left out, and come down again.
# * **When all is in a muddle**, choose *Restart Kernel and Run up to Selected Cell* in the menu
#   *Kernel*. It forgets everything and runs all cells above afresh.
#
# Now two guesses. **Before you run anything else, write down your guess:** type it in place of the
# three dots, and run the cell.
#
# 1. How many of the thousand customers bring 80% of the money?

# %% [markdown] lang="zh" of="308df56a"
# * **单元格出错时**，会出现红色的字。请看最后一行：它说明哪里错了，往往也说明该怎么办。改好再运行
#   一次就行，不会弄坏任何东西。
# * **漏掉了一格时**，后面会有单元格因为缺少它而出错，最后一行以 `NameError` 开头。回到上面，把漏掉
#   的补运行一遍，再往下走。
# * **全都乱了时**，在菜单 *Kernel*（内核）里选 *Restart Kernel and Run up to Selected Cell*（重启
#   内核并运行到所选单元格）。它会忘掉一切，把上面的单元格从头运行一遍。
#
# 下面先猜两件事。**继续运行之前，先写下你的猜测**：把三个点换成你的答案，再运行那一格。
#
# 1. 一千位客户里，有多少位就带来了 80% 的钱？

# %%
from crmlab.classroom import check, guess, reveal

guess("00.a", ...)

# %% [markdown]
# 2. Who is more likely to buy again in the next half-year: the 200 customers who *spent most*, or
#    the 200 who *bought last*? Type `"spent most"` or `"bought last"`, with the quotes.

# %% [markdown] lang="zh" of="5d6d0852"
# 2. 接下来的半年里，谁更可能再来买：*花钱最多*的 200 位客户，还是*最近买过*的 200 位客户？请
#    写 `"花钱最多"` 或 `"最近买过"`，引号也要写。

# %%
guess("00.b", ...)

# %% [markdown] minutes=2 tags=["slide"]
# ## One file in
#
# Run the cell as it stands to use Hehua's file. To use your own, put its path in place of
# `load(…)`, such as `my_file = "sales.xlsx"`. It needs three columns: customer, date, amount.

# %% [markdown] lang="zh" of="49ae8c7b"
# ## 读入一份文件
#
# 照原样运行这一格，用的是荷华的文件。想用你自己的，就把 `load(…)` 换成文件的路径，比
# 如 `my_file = "sales.xlsx"`。文件里要有三列：客户、日期、金额。

# %%
from crmlab.data import load, read_purchases

my_file = load("hehua_purchases")
purchases, report = read_purchases(my_file)
report

# %% [markdown]
# The report says how the file was read and what looked odd. It found more columns than the three:
# the channel, the store, the category. This tour does not use them. The odd rows are refunds. They
# are kept, with their minus sign, because money that went back was never earned.

# %% [markdown] lang="zh" of="a7e4254d"
# 这份报告说明文件是怎样读入的，以及哪些地方不寻常。除了那三列，它还看到别的列：渠道、门店、品类，
# 这一章用不到。不寻常的行是退款。退款连同负号一起保留，因为退回去的钱本来就没有挣到。

# %% tags=["fragment"]
purchases[["customer_id", "date", "amount"]].head(3)

# %% [markdown] minutes=3 tags=["slide"]
# ## Who brings the money?
#
# Add up what each customer brought, rank them, and cut the ranking into tiers. This is the
# *customer pyramid* (客户金字塔): the top 1% are the VIPs, then everybody down to the top 5%, then
# down to the top 20%, then all the rest.

# %% [markdown] lang="zh" of="5be999d7"
# ## 钱是谁带来的？
#
# 把每位客户花的钱加起来，从高到低排队，再把队伍切成几层，就是*客户金字塔*：前 1% 是 VIP 客户，接着
# 到前 5% 是主要客户，再到前 20% 是普通客户，其余都是小客户。代码里它们依次叫 VIP、major、
# ordinary 和 small。

# %%
from crmlab.pyramid import pyramid

spend = purchases.groupby("customer_id")["amount"].sum()
tiers = pyramid(spend)

# %% [markdown] tags=["fragment"]
# **Before you look:** sketch the four tiers on paper, the number of people to the left and their
# money to the right. Is the money a pyramid too?

# %% [markdown] lang="zh" of="1bd50a78"
# **看图之前**：在纸上画出这四层，左边画人数，右边画他们花的钱。钱也会是一座金字塔吗？

# %% tags=["subslide"] alt="Four tiers: people widen to the bottom, money does not" alt_zh="四个层级：人数越往下越宽，钱却不是"
import matplotlib.pyplot as plt

from crmlab.pyramid import plot_pyramid

_, ax = plt.subplots(figsize=(9, 4))
ax = plot_pyramid(tiers, ax=ax)

# %%
tiers[["tier", "customers", "spend", "share_of_customers", "share_of_spend"]].round(3)

# %% [markdown]
# The people make a pyramid; the money does not, and the broad bottom is one of its short bars.
#
# **Now you.** Which share of the money do the best customers bring? Complete the function: `best`
# holds what the best ones spent, `spend` what everybody spent. Write the sum of the one divided by
# the sum of the other; `spend.sum()` is a sum. The last line tries it on three customers who spent
# 6, 3 and 1: the best one brings 6 of 10, a share of 0.6.

# %% [markdown] lang="zh" of="d8e34b85"
# 人数是一座金字塔，钱不是：底下最宽的那一层，钱的条形反而属于短的。
#
# **现在轮到你**。最好的那些客户带来的钱占多大比例？请把函数补完：`best` 是最好的客户各花了多少，
# `spend` 是所有客户各花了多少。写出前者的总和除以后者的总和；求总和写作 `spend.sum()`。最后一行拿
# 三位客户来试，他们分别花了 6、3、1：最好的一位占 10 里的 6，比例是 0.6。

# %% tags=["solution"]
import pandas as pd


def share_of_best(spend, heads):
    best = spend.nlargest(heads)
    return best.sum() / spend.sum()  # you type this


check("00.c", share_of_best(pd.Series([6, 3, 1]), 1), 0.6)

# %% [markdown] tags=["subslide"]
# The best 200 are the top 20% of Hehua's thousand. And how many does it take for 80% of the money?

# %% [markdown] lang="zh" of="78a27263"
# 荷华有一千位客户，最好的 200 位就是前 20%。那么 80% 的钱来自多少位客户？

# %% tags=["fragment"]
print(f"The best 200 customers bring {share_of_best(spend, 200):.0%} of the money.")

# %% lang="zh" of="15c42a1d"
print(f"最好的 200 位客户带来了 {share_of_best(spend, 200):.0%} 的钱。")

# %% tags=["fragment"]
from crmlab.pyramid import concentration

found = concentration(spend, share=0.8)
reveal("00.a", round(found.customers_for_share * found.customers))

# %% [markdown] tags=["fragment"]
# A fifth of the customers, four fifths of the money: this is the *80:20 rule* (二八定律). We built
# Hehua to obey it; real firms need not, and chapter 07 shows what it takes.

# %% [markdown] lang="zh" of="518bb649"
# 五分之一的客户，五分之四的钱：这就是*二八定律*。荷华是我们特意造成这样的，真实的公司不一定如此；
# 第 07 章会说明要满足什么条件才会这样。

# %% [markdown] tags=["subslide"]
# ## Move the line yourself
#
# Where a tier ends is your choice. **Before you drag `vip` from 1% to 5%:** will five times as many
# VIPs bring five times the money?

# %% [markdown] lang="zh" of="7199e440"
# ## 亲手移动分界线
#
# 一层到哪里为止，由你来定。**拖动之前**：把 VIP 这条滑块从 1% 拖到 5%，VIP 的人数变成五倍，他们带
# 来的钱也会变成五倍吗？

# %%
from crmlab.pyramid import explore_cuts

explore_cuts(spend)

# %% [markdown]
# On paper the sliders cannot move, so here is that setting. The sliders are *net*: each is the size
# of one tier, 5%, 4% and 15%. The cuts of `pyramid` are *cumulative*: the sizes summed up from the
# top.

# %% [markdown] lang="zh" of="ba3dc40d"
# 纸上的滑块动不了，所以下面把这种设定直接画出来。滑块上的数是*各层*的大小：5%、4% 和 15%；
# `pyramid` 的分界是从顶上*累计*下来的大小。

# %%
cuts = [0.05, 0.05 + 0.04, 0.05 + 0.04 + 0.15]
print("Cuts: " + ", ".join(f"{cut:.0%}" for cut in cuts))

# %% lang="zh" of="f6388521"
cuts = [0.05, 0.05 + 0.04, 0.05 + 0.04 + 0.15]
print("分界：" + "，".join(f"{cut:.0%}" for cut in cuts))

# %% tags=["subslide"] alt="Five times the VIPs: their bar of money grows, but not five times" alt_zh="VIP 人数变成五倍：他们的钱变长了，但没有到五倍"
wider = pyramid(spend, cuts=cuts)
_, ax = plt.subplots(figsize=(9, 4))
ax = plot_pyramid(wider, ax=ax)

# %% tags=["fragment"]
times = wider["spend"].iloc[0] / tiers["spend"].iloc[0]
print(f"Five times the VIPs bring {times:.1f} times the money.")

# %% lang="zh" of="fb5df4e4"
times = wider["spend"].iloc[0] / tiers["spend"].iloc[0]
print(f"五倍的 VIP 带来的钱是原来的 {times:.1f} 倍。")

# %% [markdown] tags=["fragment"]
# Less than five: every place further down the ranking brings less than the one above it.

# %% [markdown] lang="zh" of="3e51e127"
# 不到五倍：队伍里越往后的客户，花的钱越少。

# %% [markdown] tags=["notes"]
# Ask the class where *they* would draw the VIP line, and what they would give a VIP. The cost of a
# gift grows with the number of VIPs; what they bring grows more slowly.

# %% [markdown] lang="zh" of="94af1a67"
# 问问全班：VIP 的线你会画在哪里？你会送 VIP 什么？礼物的成本随 VIP 的人数增加，而他们带来的钱增加
# 得更慢。

# %% [markdown] minutes=3 tags=["slide"]
# ## Who will buy again?
#
# The pyramid looks back. For a look ahead the field asks three things of each customer: *recency*
# (最近一次消费), the days since the last purchase; *frequency* (消费频率), how many purchases;
# *monetary* (消费金额), how much in all.

# %% [markdown] lang="zh" of="94ab4db0"
# ## 谁还会再来？
#
# 金字塔看的是过去。要往前看，通常问每位客户三件事：*最近一次消费*（recency），距上次购买过了多少
# 天；*消费频率*（frequency），买过多少次；*消费金额*（monetary），一共花了多少钱。

# %% tags=["fragment"]
from crmlab.rfm import rfm

table = rfm(purchases)
table[["customer_id", "days_since_last", "frequency", "monetary"]].head(3)

# %% [markdown] tags=["subslide"]
# Days, counts and money do not compare, so each is scored from 1 to 5, about a fifth of the
# customers each, and 5 is always good. Two of the three scores make a map.

# %% [markdown] lang="zh" of="21ad5818"
# 天数、次数和金额没法直接比，所以各打 1 到 5 分，每一档大约是五分之一的客户，5 分总是最好。三个分
# 数里取两个，就能画一张地图。

# %%
from crmlab.rfm import rfm_map, rfm_scores

scores = rfm_scores(table)
cells = rfm_map(scores)

# %% [markdown] tags=["fragment"]
# **Before you look:** the top right corner buys often and was here lately. Who stands in the top
# *left* corner, and what would you say to them?

# %% [markdown] lang="zh" of="e9839abd"
# **看图之前**：右上角的客户买得勤，最近也来过。*左*上角站着什么人？你会对他们说什么？

# %% tags=["subslide"] alt="Customers by recency and frequency score: most in two corners" alt_zh="按最近一次消费得分和消费频率得分排列的客户：大多数在两个角上"
from crmlab.rfm import plot_rfm_map

_, ax = plt.subplots(figsize=(7, 5))
ax = plot_rfm_map(cells, ax=ax)

# %%
cells.pivot(index="frequency_score", columns="recency_score", values="customers")[::-1]

# %% [markdown] tags=["fragment"]
# In the top left corner stand people who bought often and then stopped. They are very few, but
# towards the middle of the top two rows there are more whose last purchase was some time ago. They
# used to be good: call them first. The bottom row holds more than its fifth, because very many
# bought just once, and equal customers get equal scores.

# %% [markdown] lang="zh" of="acda7e4c"
# 左上角是以前常买、后来不来了的人。他们很少，但在最上面两行里往中间看，还有更多人的上一次购买已经
# 过去了一段时间。他们曾经是好客户：先给他们打电话。最下面一行多于五分之一，因为很多人只买过一次，
# 而情况相同的客户得分相同。

# %% [markdown] tags=["subslide"]
# With the third score, money, the map falls into eight named *segments* (客户细分). One of them,
# *slipping away*, is wider than the corner: all who score 4 or 5 for frequency and for money, and
# only 1 or 2 for recency.

# %% [markdown] lang="zh" of="ce4a7007"
# 加上第三个分数，也就是金额，地图就分成八个有名字的*客户细分*。其中的*重要保持客
# 户*（slipping away）比那个角更宽：凡是频率和金额得 4 分或 5 分、而最近一次消费只得 1 分或 2 分的
# 客户，都算在内。

# %% tags=["fragment"]
from crmlab.rfm import rfm_segments, segment_summary

segments = rfm_segments(scores)
summary = segment_summary(segments)
summary[["segment", "customers", "share_of_spend", "median_days_since_last"]].round(2)

# %% [markdown] minutes=2 tags=["slide"]
# ## Open the truth
#
# Everything so far can be done with your own file. This cannot: Hehua is simulated, so we know what
# each customer did in the half-year *after* the file ends, and who had left without a word.
#
# Your second guess is about to meet it.

# %% [markdown] lang="zh" of="d62ba7d3"
# ## 揭开真相
#
# 到这里为止，全都可以用你自己的文件来做。下面这件事不行：荷华是模拟出来的，所以我们知道每位客户在
# 文件结束*之后*的半年里做了什么，也知道谁已经一声不响地走了。
#
# 你的第二个猜测马上就要见分晓。

# %%
truth = load("hehua_truth")
future = segments.merge(truth, on="customer_id")
future["bought_again"] = future["future_purchases"] > 0
spent_most = future.nlargest(200, "monetary")
bought_last = future.nsmallest(200, "days_since_last")

# %% tags=["fragment"]
bets = {"everybody": future, "spent most": spent_most, "bought last": bought_last}
came = {name: customers["bought_again"].mean() for name, customers in bets.items()}
print(pd.Series(came).round(2).to_string())
reveal("00.b", max(came, key=came.get))

# %% lang="zh" of="702bae2a"
bets = {"所有客户": future, "花钱最多": spent_most, "最近买过": bought_last}
came = {name: customers["bought_again"].mean() for name, customers in bets.items()}
print(pd.Series(came).round(2).to_string())
reveal("00.b", max(came, key=came.get))

# %% [markdown] tags=["fragment"]
# Money says who *was* good; recency says who is still there. Both groups are far above everybody's
# share, and recent buyers beat big spenders. How did the segments do?

# %% [markdown] lang="zh" of="dc421b6e"
# 金额说明谁*曾经*是好客户，最近一次消费说明谁还在。两组都远高于所有客户的比例，而最近买过的胜过花
# 钱多的。那么各个细分表现怎么样？

# %% tags=["subslide"]
future["had_left"] = future["dropped_out_on"].notna()
forecast = future.groupby("segment")[["bought_again", "had_left"]].mean()
forecast.sort_values("bought_again", ascending=False).round(2)

# %% [markdown] tags=["fragment"]
# Champions and small regulars came back, as their names promise. Two rows need a second look. Of
# the customers *slipping away*, the ones to call first, all had already left: that call had to
# come earlier. And hardly anybody *asleep* came back, yet most of them have not left. They buy once
# in many years. A file shows that somebody is silent; it does not show why.

# %% [markdown] lang="zh" of="fbbbea76"
# 重要价值客户（champions）和一般价值客户（small regulars）都回来了，名副其实。有两行要再看一眼。应
# 该最先打电话的*重要保持客户*（slipping away）其实全都已经走了：这个电话早就该打。而*一般挽留客
# 户*（asleep）几乎没有人回来，可他们大多数并没有走，只是好几年才买一次。文件能看出谁没有动静，却看
# 不出为什么。

# %% [markdown]
# ## Your turn
#
# Go back to `my_file = …`, put in a file of your own and run the notebook as far as "Open the
# truth". Then chapter 06 asks who will buy again, and chapter 07 who brings the money, both in more
# detail.

# %% [markdown] lang="zh" of="08e21b0c"
# ## 轮到你了
#
# 回到 `my_file = …`，换上你自己的文件，把这一章运行到“揭开真相”之前。接着，第 06 章更仔细地讲谁还
# 会再来，第 07 章更仔细地讲钱是谁带来的。

# %% [markdown] tags=["slide"]
# ## What you saw
#
# * Three columns are enough for a pyramid and a map of your customers.
# * A small part of the customers brings most of the money, and where "VIP" ends is your choice.
# * The date of the last purchase predicts the next one better than the sum of all before.
#
# **To carry away:** which of your own customers are slipping away today?

# %% [markdown] lang="zh" of="8a1d95bb"
# ## 你看到了什么
#
# * 只要三列，就能画出客户的金字塔和地图。
# * 一小部分客户带来了大部分的钱，而“VIP”到哪里为止由你来定。
# * 要预测下一次购买，上一次购买的日期比以往金额的总和更管用。
#
# **带走一个问题**：你自己的客户里，今天有谁正在悄悄离开？

# %% [markdown]
# Five questions to see what stayed. Choose with the mouse, or with Tab and the arrow keys; each
# option says why.

# %% [markdown] lang="zh" of="79ff55c2"
# 五道题，看看记住了什么。可以用鼠标选，也可以用 Tab 键和方向键；每个选项都会说明理由。

# %%
from crmlab.classroom import quiz

quiz("00")

# %% [markdown]
# *Functions used:* `load`, `read_purchases`, `pyramid`, `concentration`, `plot_pyramid`,
# `explore_cuts`, `rfm`, `rfm_scores`, `rfm_map`, `plot_rfm_map`, `rfm_segments`, `segment_summary`.
#
# *Sources:* Hughes, A. M. (1994). Strategic Database Marketing. Probus (scores by fifths).
# Fader, P. S., Hardie, B. G. S. and Lee, K. L. (2005). "Counting your customers" the easy way.
# Marketing Science 24(2), 275-284. doi:10.1287/mksc.1040.0098 (how Hehua's customers live).

# %% [markdown] lang="zh" of="b578deb5"
# *用到的函数*：`load`、`read_purchases`、`pyramid`、`concentration`、`plot_pyramid`、
# `explore_cuts`、`rfm`、`rfm_scores`、`rfm_map`、`plot_rfm_map`、`rfm_segments`、
# `segment_summary`。
#
# *参考文献*：Hughes, A. M. (1994). Strategic Database Marketing. Probus（按五等分打分）。
# Fader, P. S., Hardie, B. G. S. and Lee, K. L. (2005). "Counting your customers" the easy way.
# Marketing Science 24(2), 275-284. doi:10.1287/mksc.1040.0098（荷华的客户就是这样生活的）。
