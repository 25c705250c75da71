"""Value chains: graphs without circles, lead time, waits beside M/M/c, losses beside luck."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.accounts import (
    Chain,
    control_chart,
    interest_lost,
    lead_times,
    ok_chains,
    simulate_flow,
    simulate_losses,
    step_report,
    waiting_line,
)
from crmlab.errors import BadRowsError, OutOfRangeError, UnknownNameError, WrongTypeError


def line_of(*steps):
    """Return steps in line: (hours, spread, servers, error) each."""
    named = [(f"step {i}", h, v, c, 1.0, e) for i, (h, v, c, e) in enumerate(steps)]
    return Chain.in_line(named)


# by hand


@pytest.mark.curriculum("S105")
def test_there_are_three_chains_and_ten_days_at_ten_percent_on_36500_cost_100():
    chains = ok_chains()
    assert [*chains] == ["direct mail", "billing", "green card"]
    for chain in chains.values():
        assert chain.order == chain.steps["step"].tolist()
    assert interest_lost(36_500, rate=0.10, days=10) == 100
    flow, _ = simulate_flow(2_000, chain=chains["billing"], seed=1)
    times = lead_times(flow)
    paid = times[~times["lost"]]
    each = interest_lost(36_500, rate=0.10, days=paid["lead_days"])
    assert each.mean() == pytest.approx(10 * paid["lead_days"].mean())


def test_a_step_begins_when_all_that_lead_to_it_are_done():
    steps = pd.DataFrame(
        {
            "step": ["sort", "print", "sign", "post"],
            "hours": [1.0, 2, 5, 1],
            "spread": 0.0,
            "servers": 0,
            "cost_cny": 1.0,
            "error": 0.0,
        }
    )
    links = pd.DataFrame(
        {"source": ["sort", "sort", "print", "sign"], "target": ["print", "sign", "post", "post"]}
    )
    flow, _ = simulate_flow(3, chain=Chain(steps, links), seed=1)
    post = flow[flow["step"] == "post"]
    came = flow[flow["step"] == "sort"]["arrived_h"].to_numpy()
    assert (post["begun_h"] - came).tolist() == pytest.approx([6, 6, 6])
    assert lead_times(flow)["lead_days"].tolist() == pytest.approx([7 / 24] * 3)
    assert lead_times(flow)["cost_cny"].tolist() == [4, 4, 4]


def test_two_items_share_one_server_in_turn():
    chain = line_of((2.0, 0.0, 1, 0.0))
    flow, _ = simulate_flow(50, chain=chain, per_hour=5.0, seed=2)
    assert np.diff(flow.sort_values("begun_h")["begun_h"]).min() >= 2 - 1e-9
    two, _ = simulate_flow(50, chain=chain.changed("step 0", servers=2), per_hour=5.0, seed=2)
    begun = two.sort_values("begun_h")["begun_h"].to_numpy()
    assert (begun[2:] - begun[:-2]).min() >= 2 - 1e-9


def test_a_chain_without_a_step_leads_past_it():
    chain = ok_chains()["billing"]
    shorter = chain.without("mail room")
    assert shorter.order == [name for name in chain.order if name != "mail room"]
    assert {"source": "OK print room", "target": "post"} in shorter.links.to_dict("records")


# against the formula


@pytest.mark.parametrize(
    ("load", "servers", "waits"),
    # Erlang's C by its recursion from Erlang's B, worked on paper for 1, 2 and 3 servers.
    [(0.5, 1, 0.5), (1.0, 2, 1 / 3), (2.0, 3, 4 / 9)],
)
def test_erlangs_chance_to_wait(load, servers, waits):
    line = waiting_line(per_hour=load, hours=1, servers=servers)
    assert line.waits == pytest.approx(waits)
    assert line.inside == pytest.approx(load * line.time)


@pytest.mark.parametrize(("per_hour", "servers"), [(3, 1), (7, 2), (30, 9)])
def test_the_closed_form_solves_births_and_deaths(per_hour, servers):
    hours, states = 0.25, 3_000
    rate = np.minimum(np.arange(1, states), servers) / hours
    log_p = np.r_[0.0, np.cumsum(np.log(per_hour / rate))]
    p = np.exp(log_p - log_p.max())
    p /= p.sum()
    k = np.arange(states)
    line = waiting_line(per_hour=per_hour, hours=hours, servers=servers)
    assert line.inside == pytest.approx((k * p).sum())
    assert line.queue == pytest.approx((np.maximum(k - servers, 0) * p).sum())
    assert line.waits == pytest.approx(p[servers:].sum())


@pytest.mark.curriculum("S105")
def test_the_simulated_waits_are_those_of_mmc_step_by_step():
    chain = line_of((0.1, 1.0, 1, 0.0), (0.2, 1.0, 2, 0.0))
    seen = []
    for seed in range(20):
        flow, truth = simulate_flow(10_000, chain=chain, per_hour=7.0, seed=seed)
        seen.append(step_report(flow)["wait_h"].to_numpy())
        assert truth["busy"].tolist() == pytest.approx([0.7, 0.7])
    expected = [waiting_line(per_hour=7, hours=h, servers=c).wait for h, c in ((0.1, 1), (0.2, 2))]
    # The mean of twenty worlds, with the error that the worlds show.
    error = np.std(seen, axis=0, ddof=1) / 20**0.5
    assert (np.abs(np.mean(seen, axis=0) - expected) < 3.2 * error).all()


def test_little_holds_and_the_bottleneck_is_the_busiest():
    flow, truth = simulate_flow(20_000, seed=3)
    found = step_report(flow)
    assert found["inside"].tolist() == pytest.approx(found["by_littles_law"].tolist(), rel=1e-6)
    waiting = found.loc[found["bottleneck"], "step"].tolist()
    assert waiting == [truth.loc[truth["busy"].idxmax(), "step"]] == ["mail room"]


@pytest.mark.parametrize("seed", range(20))
def test_losses_and_times_are_as_planted(seed):
    n = 20_000
    chain = line_of((1.0, 0.5, 0, 0.1), (2.0, 2.0, 0, 0.3))
    flow, _ = simulate_flow(n, chain=chain, seed=seed)
    found = step_report(flow).set_index("step")
    assert found.loc["step 0", "lost"] == pytest.approx(0.1, abs=3 * (0.09 / n) ** 0.5)
    assert found.loc["step 1", "items"] == n - round(found.loc["step 0", "lost"] * n)
    left = 0.9 * n
    assert found.loc["step 1", "lost"] == pytest.approx(0.3, abs=3.2 * (0.21 / left) ** 0.5)
    for name, mean, spread, size in (("step 0", 1, 0.5, n), ("step 1", 2, 2, left)):
        # A gamma law of spread v has a standard deviation of v times its mean.
        error = 3.2 * mean * spread / size**0.5
        assert found.loc[name, "work_h"] == pytest.approx(mean, abs=error)


def test_what_a_removed_step_brings_is_its_own_time_and_no_other_luck():
    chain = line_of((1.0, 1.0, 0, 0.05), (5.0, 1.0, 0, 0.0), (2.0, 1.0, 0, 0.0))
    whole, _ = simulate_flow(3_000, chain=chain, seed=4)
    shorter, _ = simulate_flow(3_000, chain=chain.without("step 1"), seed=4)
    gone = whole[whole["step"] == "step 1"].set_index("item_id")
    saved = lead_times(whole)["lead_days"] - lead_times(shorter)["lead_days"]
    hours = (gone["done_h"] - gone["begun_h"]).reindex(range(1, 3_001)).fillna(0) / 24
    assert saved.tolist() == pytest.approx(hours.tolist())


def test_limits_are_binomial_and_false_alarms_are_as_rare_as_they_say():
    wrong = periods = 0
    for seed in range(200):
        losses, _ = simulate_losses(60, seed=seed)
        # A centre known from many earlier periods.
        past = pd.DataFrame({"period": [0], "sent": [2_000_000], "lost": [6_000]})
        found = control_chart(pd.concat([past, losses]), first=1).iloc[1:]
        wrong, periods = wrong + found["out"].sum(), periods + len(found)
    # At most 0.00135 on each side.
    assert wrong / periods <= 0.0027 + 3 * (0.0027 / periods) ** 0.5
    assert wrong > 0


@pytest.mark.parametrize("seed", range(20))
def test_a_planted_change_is_seen_soon(seed):
    losses, truth = simulate_losses(40, from_period=25, worse=3.0, seed=seed)
    found = control_chart(losses, first=20)
    late = found["out"] & (truth["rate"] > 0.003)
    assert late.any()
    # A changed period stays within the limits with a chance of 0.09 (Poisson, mean 18, limit 13).
    assert found.loc[late, "period"].min() <= 29


# for any data


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.floats(0.1, 5), st.sampled_from([0, 1, 2, 3])), min_size=1, max_size=4),
    st.integers(0, 10_000),
)
def test_nothing_is_done_before_it_is_begun_and_little_always_holds(steps, seed):
    chain = line_of(*((hours, 1.0, servers, 0.1) for hours, servers in steps))
    flow, _ = simulate_flow(60, chain=chain, per_hour=2.0, seed=seed)
    assert (flow["begun_h"] >= flow["arrived_h"]).all()
    assert (flow["done_h"] >= flow["begun_h"]).all()
    found = step_report(flow)
    assert found["inside"].tolist() == pytest.approx(found["by_littles_law"].tolist(), rel=1e-6)
    assert found["lost"].between(0, 1).all()
    again = lead_times(flow.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(again, lead_times(flow))


# when misused


def test_a_circle_is_told_step_by_step():
    chain = line_of((1.0, 1.0, 1, 0.0), (1.0, 1.0, 1, 0.0), (1.0, 1.0, 1, 0.0))
    back = pd.DataFrame({"source": ["step 2"], "target": ["step 1"]})
    with pytest.raises(
        BadRowsError, match=r"circle: step (1 -> step 2 -> step 1|2 -> step 1 -> st)"
    ):
        Chain(chain.steps, pd.concat([chain.links, back]))
    own = pd.DataFrame({"source": ["step 2"], "target": ["step 2"]})
    with pytest.raises(BadRowsError, match="circle: step 2 -> step 2"):
        Chain(chain.steps, pd.concat([chain.links, own]))


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("error", 1.5, r"error must be a chance from 0 to 1; it is not in {'step 0': 1\.5}"),
        ("error", -0.1, "error must be"),
        ("hours", 0.0, "hours must be above 0"),
        ("servers", 1.5, "servers must be 0, 1, 2"),
        ("spread", -1.0, "spread must be"),
    ],
)
def test_a_number_out_of_its_range_is_told_with_its_step(name, value, word):
    with pytest.raises(BadRowsError, match=word):
        line_of((1.0, 1.0, 1, 0.0)).changed("step 0", **{name: value})


def test_what_makes_no_chain_or_no_line_is_refused():
    chain = line_of((1.0, 1.0, 1, 0.0))
    with pytest.raises(BadRowsError, match=r"links name \['bank'\]"):
        Chain(chain.steps, pd.DataFrame({"source": ["step 0"], "target": ["bank"]}))
    with pytest.raises(UnknownNameError, match="no step 'bank'"):
        chain.without("bank")
    with pytest.raises(UnknownNameError, match="no number of a step 'people'"):
        chain.changed("step 0", people=3)
    with pytest.raises(OutOfRangeError, match=r"never comes to rest\. It needs 3 servers"):
        waiting_line(per_hour=10, hours=0.2, servers=2)
    with pytest.raises(OutOfRangeError, match="rate must be a share"):
        interest_lost(1.0, rate=-1, days=1)
    with pytest.raises(OutOfRangeError, match="days must be"):
        interest_lost(1.0, rate=0.1, days=[-1, 2])
    with pytest.raises(WrongTypeError, match="a Chain"):
        simulate_flow(5, chain="billing", seed=1)
    flow, _ = simulate_flow(5, seed=1)
    with pytest.raises(BadRowsError, match="done before they begin"):
        step_report(flow.assign(done_h=-1.0))
    losses = pd.DataFrame({"period": [1, 2], "sent": 10, "lost": [0, 11]})
    with pytest.raises(BadRowsError, match=r"period\(s\) \[2\]"):
        control_chart(losses)
    with pytest.raises(OutOfRangeError, match="limits need some lost"):
        control_chart(losses.assign(lost=0))
    with pytest.raises(OutOfRangeError, match="there are 2 periods"):
        control_chart(losses.assign(lost=1), first=3)


def test_shares_and_parts_are_no_counts_of_losses():
    losses = pd.DataFrame({"period": [1, 2], "sent": 1_000, "lost": [3.0, 4.0]})
    assert control_chart(losses)["centre"].tolist() == [0.0035, 0.0035]
    for bad in (0.003, 2.7):
        with pytest.raises(
            BadRowsError, match=r"period\(s\) \[2\] .*counts are needed, not shares"
        ):
            control_chart(losses.assign(lost=[3.0, bad]))


def test_what_comes_and_goes_in_one_moment_is_there_in_it():
    flow = pd.DataFrame({"item_id": [1, 2], "step": "sign", "lost": False})
    found = step_report(flow.assign(arrived_h=1.0, begun_h=1.0, done_h=1.0))
    assert found[["inside", "by_littles_law"]].to_numpy().tolist() == [[2, 2]]


def test_costs_and_amounts_that_are_no_numbers_are_refused():
    flow, _ = simulate_flow(5, seed=1)
    with pytest.raises(WrongTypeError, match="cost_cny must hold numbers"):
        lead_times(flow.assign(cost_cny="1"))
    with pytest.raises(BadRowsError, match="no cost_cny"):
        lead_times(flow.assign(cost_cny=np.nan))
    for amount in ("100", np.nan, True):
        with pytest.raises(OutOfRangeError, match="amount must be a number"):
            interest_lost(amount, rate=0.1, days=3)
    with pytest.raises(OutOfRangeError, match="rate must be a share"):
        interest_lost(1.0, rate="0.1", days=3)
    assert interest_lost([36_500, 73_000], rate=0.10, days=10).tolist() == [100, 200]
