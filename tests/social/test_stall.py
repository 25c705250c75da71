"""The trigger, two offers, a queue and its theory, fees, entry and coupons."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.errors import BadRowsError, OutOfRangeError
from crmlab.social import (
    Seller,
    arrival_offer,
    break_even_orders,
    coupon_war,
    database_trigger,
    entry_game,
    expected_wait,
    queue_waits,
    repost_cost,
    share_paid,
    simulate_arrivals,
    simulate_fan_club,
    simulate_reposts,
    simulate_stall,
)

# the trigger


@pytest.mark.curriculum("S33")
def test_a_thousand_fans_need_no_database_one_more_does_and_who_left_is_no_fan():
    fans = pd.DataFrame({"fan_id": range(1_001), "followed_on": pd.Timestamp("2024-01-01")})
    assert not database_trigger(fans.head(1_000)).is_due
    assert database_trigger(fans).is_due
    left = fans.assign(unfollowed_on=[pd.Timestamp("2024-01-05")] + [pd.NaT] * 1_000)
    assert not database_trigger(left, as_of="2024-01-05").is_due
    assert database_trigger(left, as_of="2024-01-04").is_due


@pytest.mark.curriculum("S33")
def test_counting_joins_calls_for_the_database_months_too_early():
    early = []
    for seed in range(20):
        found = database_trigger(simulate_fan_club(2_600, seed=seed).fans)
        early.append((found.due_on - found.ever_due_on).days)
    assert min(early) > 30  # in each of twenty worlds: half of the fans leave within a year or so


# two offers


@pytest.mark.curriculum("S34")
def test_the_hour_sets_the_share_and_reposts_are_flowers():
    hours = np.arange(25)
    by_formula = np.minimum((hours - 1) % 12 + 1, 10) / 10
    np.testing.assert_array_equal(share_paid(hours), by_formula)
    assert share_paid([2, 14]).tolist() == [0.2, 0.2]
    assert share_paid([10, 11, 12, 22, 23, 24]).tolist() == [1.0] * 6
    posts, _ = simulate_reposts(300, seed=1)
    assert repost_cost(posts)["flowers"].item() == posts["reposts"].sum()


@pytest.mark.curriculum("S34")
def test_flowers_by_reposts_have_a_tail_that_a_cap_cuts_off():
    means, worst, capped = [], [], []
    for seed in range(20):
        posts, _ = simulate_reposts(2_000, passed_on=0.8, seed=seed)
        row = repost_cost(posts, flower_cny=1.0).iloc[0]
        means.append(row["mean_cny"])
        worst.append(row["worst_of_100_cny"])
        capped.append(repost_cost(posts, flower_cny=1.0, cap=60)["worst_of_100_cny"].item())
    # Mean 8 / (1 - .8) = 40, variance 8 / .2 ** 3 = 1,000.
    assert np.mean(means) == pytest.approx(40, abs=3 * np.sqrt(1_000 / 40_000))
    assert min(worst) > 3 * 40  # one post in a hundred costs more than thrice the mean
    assert max(capped) == 60


@pytest.mark.curriculum("S34")
def test_the_offer_by_the_hour_fills_the_table_and_lowers_the_takings():
    tables = []
    for seed in range(20):
        guests, truth = simulate_arrivals(4_000, seed=seed)
        tables.append(arrival_offer(guests).set_index("group"))
        hour = guests["hour"].fillna(0)
        moved = guests["told"] & truth["comes_anyway"] & (hour != truth["usual_hour"])
        # Who moves pays less: the cheap hours are taken by who does not mind.
        patience = truth["annoyance_cny"]
        stays = guests["told"] & truth["comes_anyway"] & ~moved
        assert patience[moved].mean() < patience[stays].mean()
    gap = pd.concat(tables).loc["difference"]
    assert (gap["came"] > 0.08).all()  # planted: .3 of the half who would not have come
    assert (gap["high"] < 0).all()  # and still less in the till, in each of twenty towns


# the queue


def slow_waits(comes, work):
    free, begins = 0.0, []
    for come, minutes in zip(comes, work, strict=True):
        begins.append(max(come, free))
        free = begins[-1] + minutes
    return np.array(begins)


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 10)), min_size=1, max_size=40))
def test_all_at_once_is_the_recursion_one_by_one(pairs):
    orders = pd.DataFrame(pairs, columns=["ordered_at", "service_minutes"])
    found = queue_waits(orders)
    order = orders["ordered_at"].argsort(kind="stable")
    begins = slow_waits(orders["ordered_at"].iloc[order], orders["service_minutes"].iloc[order])
    np.testing.assert_allclose(found["begins_at"].iloc[order], begins, atol=1e-9)
    assert (found["in_line_minutes"] >= 0).all()


def test_pre_orders_by_hand():
    orders = pd.DataFrame({"ordered_at": [0.0, 1.0, 10.0], "collects_at": [10.0, 2.0, 10.0],
                           "service_minutes": [3.0, 3.0, 2.0]})  # fmt: skip
    found = queue_waits(orders, collects="collects_at")
    assert found["ready_at"].tolist() == [3.0, 6.0, 12.0]
    assert found["wait_minutes"].tolist() == [0.0, 4.0, 2.0]


@pytest.mark.parametrize(("spread", "batch"), [(1.0, 1), (0.0, 1), (0.5, 1), (1.0, 4)])
def test_waits_agree_with_theory_where_it_holds(spread, batch):
    rng, means, n = np.random.default_rng(35), [], 40_000
    for _ in range(20):
        gaps = rng.exponential(batch / 0.7, n // batch)
        comes = gaps.cumsum().repeat(batch)
        shape = 1 / spread**2 if spread else 0
        work = rng.gamma(shape, 1 / shape, n) if spread else np.ones(n)
        orders = pd.DataFrame({"ordered_at": comes, "service_minutes": work})
        means.append(queue_waits(orders)["in_line_minutes"].mean())
    expected = expected_wait(per_minute=0.7, service_minutes=1.0, spread=spread, batch=batch)
    assert np.mean(means) == pytest.approx(expected, abs=3 * np.std(means, ddof=1) / np.sqrt(20))


def test_the_three_laws_are_one_formula():
    assert expected_wait(per_minute=0.8, service_minutes=1) == pytest.approx(0.8 / 0.2)  # M/M/1
    assert expected_wait(per_minute=0.8, service_minutes=1, spread=0) == pytest.approx(2)  # M/D/1
    # Batches of b: the first of them as a server of their whole work sees it, M/G/1 by hand.
    rate, b = 0.1, 5
    first = rate * (b + b**2) / (2 * (1 - rate * b))
    inside = (b - 1) / 2
    found = expected_wait(per_minute=rate * b, service_minutes=1, batch=b)
    assert found == pytest.approx(first + inside)


@pytest.mark.curriculum("S35")
def test_who_orders_before_the_bell_waits_less_and_so_do_all_the_others():
    for seed in range(20):
        waits = {}
        for share in (0.0, 0.5):
            orders, _ = simulate_stall(600, preorder_share=share, seed=seed)
            waits[share] = queue_waits(orders, collects="collects_at")
        mean = {share: table["wait_minutes"].mean() for share, table in waits.items()}
        assert mean[0.5] < 0.6 * mean[0.0]
        walk_in = waits[0.5].query("not preordered")["wait_minutes"].mean()
        assert walk_in < mean[0.0] - 1  # the finding: not only those who ordered gain
    # The group is free: what it costs an order is nothing, at a fee of 100 it is 100 over orders.
    assert break_even_orders(fee=0, margin=2.5) == 0


def test_with_everybody_ordering_before_nearly_nobody_waits():
    orders, truth = simulate_stall(600, preorder_share=1.0, seed=2)
    waits = queue_waits(orders, collects="collects_at")
    assert waits["wait_minutes"].mean() < 0.3
    assert orders["preordered"].all()
    assert len(truth) == 10
    bell = truth["bell_at"].to_numpy()[orders["break_id"]]
    assert ((orders["ordered_at"] >= bell - 45) & (orders["ordered_at"] <= bell)).all()
    assert ((orders["collects_at"] >= bell + 2) & (orders["collects_at"] <= bell + 8)).all()


# fees, rivals, coupons


@pytest.mark.curriculum("S36")
@pytest.mark.parametrize(
    ("fee", "margin", "orders"), [(100, 2.5, 40), (100, 3, 34), (100, 0.1, 1_000), (0, 2, 0)]
)
def test_break_even_is_the_fee_over_the_margin_rounded_up(fee, margin, orders):
    assert break_even_orders(fee=fee, margin=margin) == orders


@pytest.mark.curriculum("S36")
def test_at_a_thousand_portions_the_giant_comes_and_at_two_hundred_it_does_not():
    table = entry_game([200, 1_000]).set_index("portions")
    assert table["enters"].to_dict() == {200.0: False, 1_000.0: True}
    # The finding: a niche in which the stall is better keeps it away at the same size.
    niche = entry_game([1_000], stall=Seller(2.5, 10.0)).iloc[0]
    assert not niche["enters"]
    assert niche["stall_keeps"] == niche["profit_alone"] > table.loc[1_000, "profit_stall"]


@pytest.mark.parametrize("scale", [0.5, 1.0, 2.0])
def test_no_seller_can_gain_by_another_price(scale):
    stall, giant = Seller(2.5, 8.0), Seller(2.0, 7.0, 100.0)
    row = entry_game([1_000], stall=stall, giant=giant, scale=scale).iloc[0]
    price = {"stall": row["price_stall"], "giant": row["price_giant"]}
    for name, mine in {"stall": stall, "giant": giant}.items():
        other, theirs = ("giant", giant) if name == "stall" else ("stall", stall)
        grid = np.linspace(0, 20, 20_001)
        own = np.exp((mine.quality - grid) / scale)
        share = own / (1 + own + np.exp((theirs.quality - price[other]) / scale))
        profit = 1_000 * share * (grid - mine.cost) - mine.fixed
        assert row[f"profit_{name}"] >= profit.max() - 1e-9
        assert row[f"profit_{name}"] == pytest.approx(profit.max(), rel=1e-5)


@pytest.mark.curriculum("S36")
def test_a_thousand_sites_burn_the_margin_and_few_are_left():
    war = coupon_war(sites=1_000, orders=1_000_000, margin=20.0, fixed=50_000.0)
    assert war["coupon"].iloc[0] == pytest.approx(20 - 2 * 1_000 / 999)  # nearly all of it
    assert war["profit"].iloc[0] < 0 <= war["profit"].iloc[-1]
    left = int(war["sites"].iloc[-1])
    # orders * scale / (n - 1) >= fixed.
    assert left == 1_000_000 * 2 // 50_000 + 1
    # What margin there was does not matter to who is left: buyers have it.
    assert coupon_war(sites=60, orders=1e6, margin=9.0, fixed=5e4)["sites"].iloc[-1] == left


def test_the_coupon_of_the_war_is_a_best_reply():
    row = coupon_war(sites=4, orders=1_000, margin=20.0, fixed=0.0, scale=3.0).iloc[0]
    grid = np.linspace(0, 20, 20_001)
    own = np.exp(grid / 3)
    profit = 1_000 * own / (own + 3 * np.exp(row["coupon"] / 3)) * (20 - grid)
    assert grid[profit.argmax()] == pytest.approx(row["coupon"], abs=0.001)
    assert profit.max() == pytest.approx(row["profit"], rel=1e-6)


# when misused


def test_impossible_orders_loads_hours_and_shares_are_told():
    orders = pd.DataFrame({"ordered_at": [5.0], "collects_at": [4.0], "service_minutes": [1.0]})
    with pytest.raises(BadRowsError, match=r"collect before they order: \[0\]. Mend collects_at"):
        queue_waits(orders, collects="collects_at")
    with pytest.raises(OutOfRangeError, match="must be 0 or more"):
        queue_waits(orders.assign(service_minutes=-1.0))
    with pytest.raises(OutOfRangeError, match="the line grows without end"):
        expected_wait(per_minute=2, service_minutes=0.5)
    with pytest.raises(OutOfRangeError, match="from 0 to 24"):
        share_paid(25)
    with pytest.raises(OutOfRangeError, match="reposted for ever"):
        simulate_reposts(10, passed_on=1.0, seed=1)
    with pytest.raises(OutOfRangeError, match="margin must be"):
        break_even_orders(fee=100, margin=0)
    with pytest.raises(OutOfRangeError, match="portions must be"):
        entry_game([0])


def test_a_fee_pays_from_its_break_even_on():
    from crmlab.social import fee_curve

    table = fee_curve(fee=100, margin=3, most=50)
    assert table["pays"].idxmax() == break_even_orders(fee=100, margin=3) == 34
    assert table.loc[33:34, "profit_cny"].tolist() == [-1, 2]
    assert not fee_curve(fee=100, margin=3, most=20)["pays"].any()
