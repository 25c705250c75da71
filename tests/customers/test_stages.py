"""Five stages of a life: the chain, the time in each, the memory test, rules and what they cost."""

from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from crmlab.customers import (
    benefit_map,
    expected_time,
    explore_party,
    explore_returns,
    life_stages,
    markov_order,
    misjudged_cost,
    monthly_history,
    party_picture,
    returns_picture,
    simulate_lifecycle,
    stage_confusion,
    stage_flow,
    stage_shares,
    steps_ahead,
    transition_matrix,
)
from crmlab.customers.simulate.lifecycle import CHAIN, STAGES
from crmlab.data import load
from crmlab.errors import BadRowsError, OutOfRangeError

LIVES = simulate_lifecycle(2_000, seed=16)


def steps(*rows):
    return pd.DataFrame(rows, columns=["from_stage", "to_stage", "steps"])


def stages(*words, customer=1, month=1):
    number = range(month, month + len(words))
    return pd.DataFrame({"customer_id": customer, "month": number, "stage": words})


# by hand


def test_a_month_that_was_not_seen_parts_the_steps_beside_it():
    gap = stages("growth", "growth", "decline").assign(month=[1, 2, 4])
    table = transition_matrix(gap).query("steps > 0")
    assert table[["from_stage", "to_stage"]].to_numpy().tolist() == [["growth", "growth"]]


def test_the_last_month_of_one_is_no_step_to_the_first_of_another():
    two = pd.concat([stages("growth", "decline"), stages("maturity", "maturity", customer=2)])
    assert transition_matrix(two)["steps"].sum() == 2


def test_expected_time_of_a_chain_that_can_be_summed_by_hand():
    # Decline keeps half and heals a quarter; maturity keeps half and declines.
    table = expected_time(
        steps(
            ("maturity", "maturity", 50),
            ("maturity", "decline", 50),
            ("decline", "decline", 50),
            ("decline", "maturity", 25),
            ("decline", "termination", 25),
        )
    ).set_index(["from_stage", "in_stage"])["months"]
    assert table["decline", "decline"] == pytest.approx(4)
    assert table["decline", "maturity"] == pytest.approx(2)
    assert table["maturity", "(all)"] == pytest.approx(8)


def test_rules_by_hand():
    history = pd.DataFrame({"customer_id": 1, "month": range(1, 13)})
    history["purchases"] = [1, 0, 2, 4, 4, 4, 4, 1, 1, 0, 0, 0]
    found = life_stages(history, window=3, rise=0.5, fall=0.25, quit=3)["stage"].tolist()
    # Month 7: 12 after 6, growth; month 8: 9 after 10, above .75 of it; month 9: 6 after 12.
    wanted = ["acquisition"] * 2 + ["growth"] * 5 + ["maturity"] + ["decline"] * 3
    assert found == [*wanted, "termination"]
    # At the limits: 6 after 4 is growth, 6 after 8 is decline, and a little less of either is none.
    for before, now, stage in ((4, 6, "growth"), (8, 6, "decline"), (5, 7, "maturity")):
        two = pd.DataFrame({"customer_id": 1, "month": [1, 2], "purchases": [before, now]})
        assert life_stages(two, window=1)["stage"].iloc[1] == stage


def test_what_wrong_rules_cost_by_hand():
    table = pd.DataFrame(
        {
            "true_stage": ["decline", "decline", "maturity"],
            "found_stage": ["decline", "maturity", "decline"],
            "customer_months": [10, 5, 20],
        }
    )
    found = misjudged_cost(table, offer_cost=10, saved=50).set_index("kind")
    assert found["customer_months"].tolist() == [10, 20, 5, 30, 15]
    assert found["money"].tolist() == [400, -200, -200, 200, 600]
    with pytest.raises(BadRowsError, match="below 0"):
        misjudged_cost(table.assign(customer_months=-1), offer_cost=10, saved=50)
    with pytest.raises(BadRowsError, match="'declin'"):
        misjudged_cost(table.replace({"maturity": "declin"}), offer_cost=10, saved=50)


def test_months_without_purchases_are_rows_too():
    bought = pd.DataFrame({"customer_id": ["a", "b", "a"], "amount": [5.0, 7.0, -2.0]})
    bought["date"] = pd.to_datetime(["2024-01-31", "2024-03-01", "2024-03-02"])
    table = monthly_history(bought)
    assert table["customer_id"].tolist() == ["a", "a", "a", "b"]
    assert table["purchases"].tolist() == [1, 0, 0, 1]
    assert table["spend"].tolist() == [5.0, 0.0, -2.0, 7.0]


# against the formula


@pytest.mark.curriculum("S16")
def test_the_known_matrix_of_five_stages_is_recovered_within_three_hundredths():
    for seed in range(20):
        _, truth = simulate_lifecycle(2_000, seed=seed)
        table = transition_matrix(truth)
        assert [*dict.fromkeys(table["from_stage"])] == [*STAGES]
        assert np.abs(table["share"] - np.ravel(CHAIN)).max() < 0.03


@pytest.mark.curriculum("S16")
@pytest.mark.parametrize(("customers", "months"), [(80, 18), (150, 30)])
def test_intervals_of_the_chain_hold_under_censoring_over_500_worlds(
    covers, few, customers, months
):
    # One large world; a customer's life is independent of the others', so it is dealt out.
    _, truth = simulate_lifecycle(customers * 500, months=months, seed=months)
    world = np.random.default_rng(6).permutation(customers * 500) // customers
    world = world[truth["customer_id"] - 1]
    chances, times = np.ravel(CHAIN), np.linalg.inv(np.eye(4) - np.array(CHAIN)[:4, :4])[1]
    planted = {"(all)": times.sum(), "decline": times[3]}
    steps, spans = [], []
    for _, part in truth[world < len(few)].groupby(world[world < len(few)]):
        table = transition_matrix(part)
        steps.append((table["low"] <= chances) & (table["high"] >= chances))
        row = expected_time(table).set_index(["from_stage", "in_stage"]).loc["growth"]
        spans.append([row.loc[k, "low"] <= m <= row.loc[k, "high"] for k, m in planted.items()])
    regime = f"{customers} customers for {months} months"
    for name, inside in zip(planted, np.transpose(spans), strict=True):
        covers(inside, "customers.expected_time", regime, part=f"{name} from growth")
    # Chances near 0 or 1 are seen too seldom to say.
    for at in np.flatnonzero((chances > 0.03) & (chances < 0.97)):
        part = f"{STAGES[at // 5]} to {STAGES[at % 5]}"
        covers(np.array(steps)[:, at], "customers.transition_matrix", regime, part=part)


@pytest.mark.curriculum("S16")
def test_a_planted_second_order_is_found_and_a_chain_that_forgets_seldom_accused():
    _, truth = simulate_lifecycle(40_000, months=18, seed=7)
    lot = np.random.default_rng(8).permutation(40_000) % 200
    p = [markov_order(part).p_value for _, part in truth.groupby(lot[truth["customer_id"] - 1])]
    # 5 % of 200 worlds: 10, and at most three standard errors (9.2) more.
    assert np.sum(np.array(p) < 0.05) <= 19
    for seed in range(20):
        assert markov_order(simulate_lifecycle(400, memory=0.15, seed=seed).truth).p_value < 0.01


def test_expected_time_is_that_of_the_true_chain_over_twenty_seeds():
    true = np.linalg.inv(np.eye(4) - np.array(CHAIN)[:4, :4])
    wanted = {(STAGES[i], STAGES[j]): true[i, j] for i in range(4) for j in range(4)}
    held = []
    for seed in range(20):
        table = expected_time(transition_matrix(simulate_lifecycle(2_000, seed=seed).truth))
        for row in table.itertuples():
            value = wanted.get((row.from_stage, row.in_stage))
            if value:
                error = (row.high - row.low) / 3.92
                held.append(abs(row.months - value) < 3 * error)
    assert np.mean(held) > 0.98  # of 13 numbers in 20 worlds


def test_steps_ahead_are_powers_of_the_chain():
    table = transition_matrix(LIVES.truth)
    start = pd.Series({"acquisition": 100.0})
    square = table["share"].to_numpy().reshape(5, 5)
    found = steps_ahead(table, start, months=12).query("month == 12")["share"]
    np.testing.assert_allclose(found, np.linalg.matrix_power(square, 12)[0], atol=1e-12)


@pytest.mark.curriculum("S16")
def test_rules_disagree_more_with_the_truth_where_customers_are_slow_and_it_costs():
    by_rule = {}
    for pace in (1.0, 0.15):
        history, truth = simulate_lifecycle(2_000, pace=pace, seed=16)
        table = stage_confusion(life_stages(history), truth)
        money = misjudged_cost(table, offer_cost=10, saved=50).set_index("kind")["money"]
        assert money["offer right"] + money["offer wasted"] == money["by rule"]
        assert money["offer right"] - money["chance missed"] == money["truth known"]
        by_rule[pace] = money["by rule"] / money["truth known"]
    assert by_rule[1.0] < 0.3
    assert by_rule[0.15] < 0.5 * by_rule[1.0]


def test_flows_and_shares_count_every_customer_once():
    flow = stage_flow(LIVES.truth, months=[12, 24, 36])
    there = LIVES.truth.groupby("month")["customer_id"].nunique()
    into = flow.groupby("to_month")["customers"].sum()
    assert into.to_dict() == {24: there[24], 36: there[36]}
    shares = stage_shares(LIVES.truth)
    np.testing.assert_allclose(shares.groupby("month")["share"].sum(), 1)


@pytest.mark.curriculum("S06")
def test_each_of_six_benefits_links_to_functions_that_a_chapter_uses():
    table = benefit_map()
    assert table["benefit"].nunique() == table["benefit_zh"].nunique() == 6
    sources = Path(__file__).parents[2] / "notebooks" / "source"
    shown = set()
    for row in table.itertuples():
        room, _, name = str(row.function).rpartition(".")
        made = getattr(import_module(room), name)
        assert callable(made), name
        shown |= {row.benefit} if ">>> " in (made.__doc__ or "") else set()
        assert name in (sources / f"{row.chapter}.py").read_text(encoding="utf-8")
    # Of each benefit one function at least measures something in its own example, which runs.
    assert shown == {*table["benefit"]}


def test_the_widgets_answer_to_their_controls():
    box = explore_party()
    kind, first, second, said, picture = box.children
    before = picture.value
    first.children[2].value = True  # has traded
    assert "actual customer, external" in said.value
    assert picture.value != before
    second.children[0].value = True
    assert "internal" in said.value
    kind.value = "organisation"
    assert "enterprise" in said.value
    sliders = explore_returns()
    *controls, curve = sliders.children
    for control in controls:
        before = curve.value
        control.value = control.min
        assert curve.value != before
    figure, words = party_picture(need=True)
    assert "potential" in words
    terms = {"win_ceiling": 0.4, "win_half": 14, "keep_ceiling": 0.7, "keep_half": 7}
    assert figure.axes
    assert "best" in returns_picture(**terms).axes[0].texts[0].get_text()


# for any data


def test_the_order_of_rows_and_the_kind_of_stage_do_not_matter():
    truth = LIVES.truth
    table = transition_matrix(truth)
    mixed = truth.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(table, transition_matrix(mixed))
    coded = truth.assign(stage=pd.Categorical(truth["stage"], categories=STAGES))
    pd.testing.assert_frame_equal(table, transition_matrix(coded))
    texts = truth.assign(customer_id="c" + truth["customer_id"].astype("str"))
    pd.testing.assert_frame_equal(table, transition_matrix(texts))


def test_hehuas_own_purchases_have_stages():
    found = life_stages(monthly_history(load("hehua_purchases")))
    assert {*found["stage"]} == {*STAGES}


# when misused


def test_an_unknown_stage_and_a_month_twice_are_refused_with_their_rows():
    with pytest.raises(BadRowsError, match=r"'ripe'\] in row\(s\) \[1\]"):
        transition_matrix(stages("growth", "ripe"))
    twice = stages("growth", "growth").assign(month=1)
    with pytest.raises(BadRowsError, match=r"repeat a month .*\[1\]"):
        transition_matrix(twice)
    with pytest.raises(BadRowsError, match="whole numbers"):
        transition_matrix(stages("growth", "growth").assign(month=[1.0, 1.5]))


@pytest.mark.parametrize("chain", [((1.0,), *[(0.2,) * 5] * 4), [["stays"] * 5] * 5, 0.2])
def test_a_chain_that_is_no_table_of_five_by_five_chances_is_refused(chain):
    with pytest.raises(OutOfRangeError, match="5 x 5 chances"):
        simulate_lifecycle(5, chain=chain, seed=1)


def test_a_life_without_an_end_has_no_expected_length():
    with pytest.raises(OutOfRangeError, match=r"Watch for longer"):
        expected_time(steps(("growth", "growth", 9), ("growth", "decline", 1)))


def test_a_stage_that_nobody_was_seen_to_leave_is_no_end():
    leak = [("growth", "decline", 50), ("growth", "termination", 50)]
    with pytest.raises(OutOfRangeError, match=r"a month after \['decline'\]"):
        expected_time(steps(*leak))
    seen = expected_time(steps(*leak, ("decline", "termination", 1)))
    months = seen.set_index(["from_stage", "in_stage"])["months"]
    assert (months["growth", "(all)"], months["decline", "(all)"]) == (1.5, 1)
    with pytest.raises(BadRowsError, match=r"row\(s\) \[0\] have steps below 0"):
        expected_time(steps(("growth", "termination", -1)))


@pytest.mark.parametrize(
    ("start", "months"), [({"growth": 1}, 0), ({"growth": 1}, 2.5), ({"ripe": 1}, 1)]
)
def test_months_ahead_and_where_they_start_are_looked_at(start, months):
    table = transition_matrix(LIVES.truth)
    with pytest.raises(OutOfRangeError):
        steps_ahead(table, pd.Series(start), months=months)
    with pytest.raises(OutOfRangeError, match="each once"):
        steps_ahead(table, pd.Series([1, 2], index=["growth", "growth"]), months=1)


def test_a_month_left_out_of_a_history_is_named():
    history = pd.DataFrame({"customer_id": 1, "month": [1, 3], "purchases": 1})
    with pytest.raises(BadRowsError, match=r"1 after month 1.*monthly_history"):
        life_stages(history)
    with pytest.raises(BadRowsError, match=r"whole numbers; row\(s\) \[0, 1\]"):
        life_stages(history.assign(month=[1.5, 2.5]))


def test_months_out_of_order_and_rows_that_differ_are_refused():
    with pytest.raises(OutOfRangeError, match="in order"):
        stage_flow(LIVES.truth, months=[24, 12])
    with pytest.raises(BadRowsError, match="Merge them"):
        stage_confusion(stages("growth"), stages("growth", "growth"))
