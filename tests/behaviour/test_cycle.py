"""BehaviourCycle and simulate_letters: a loop that fools itself, and the lot that cures it."""

import numpy as np
import pandas as pd
import pytest

from crmlab.behaviour import BehaviourCycle, letter_answers, simulate_letters
from crmlab.errors import BadRowsError, MissingColumnsError, OutOfRangeError

SEEN = ["visits", "interest"]


def looped(cycle, *, n=20_000, rounds=5):
    """Run a loop in the world of its seed; return it, and its precision."""
    people, truth = simulate_letters(n, seed=cycle.seed)
    market = np.random.default_rng([cycle.seed, 71])
    loop = cycle.run(
        people,
        lambda number, got: letter_answers(truth, got, seed=market),
        columns=SEEN,
        rounds=rounds,
    )
    return loop, loop.precision(truth)


# by hand


def test_each_round_has_three_stages_and_its_letters_are_the_share():
    people = pd.DataFrame({"customer_id": range(10), "visits": np.arange(10.0)})
    asked = []

    def market(number, contacted):
        asked.append(contacted)
        return np.arange(10) >= 6

    loop = BehaviourCycle(share=0.3, seed=1).run(people, market, columns="visits", rounds=2)
    assert loop.log_["stage"].tolist() == ["analyse", "discover", "evaluate"] * 2
    assert [int(each.sum()) for each in asked] == [3, 3]
    assert loop.rounds_["reported"].tolist()[0] == np.mean((np.arange(10) >= 6)[asked[0]])
    assert loop.rounds_["measured"].isna().all()


def test_the_experts_have_the_last_word():
    people = pd.DataFrame({"customer_id": list("abcde"), "visits": [1.0, 2, 3, 4, 5]})
    told = []

    def expert(number, ranked):
        told.append(ranked["score"].is_monotonic_decreasing)
        return ranked.loc[ranked["customer_id"] != "c", "customer_id"].to_numpy()

    loop = BehaviourCycle(share=1.0, seed=1).run(
        people, lambda number, got: got, columns=["visits"], rounds=1, expert=expert
    )
    assert sorted(loop.targets_[0]) == ["a", "b", "d", "e"]
    assert told == [True]


@pytest.mark.parametrize(("n", "drawn"), [(100, 0.01), (100, 0.05), (10, 0.27)])
def test_an_odd_number_drawn_at_random_costs_no_letter_more(n, drawn):
    people, truth = simulate_letters(n, seed=1)
    loop = BehaviourCycle(share=0.2, random_share=drawn, seed=1)
    loop.run(people, lambda number, got: letter_answers(truth, got, seed=1), columns=SEEN)
    assert (loop.rounds_["letters"] == round(0.2 * n)).all()


# against the truth


@pytest.mark.curriculum("S71")
@pytest.mark.parametrize("seed", range(20))
def test_alone_it_reports_improvement_and_gets_worse_and_a_random_tenth_cures_it(seed):
    alone = looped(BehaviourCycle(seed=seed))[1]
    lot = looped(BehaviourCycle(random_share=0.1, seed=seed))[1]
    for told in (alone, lot):
        assert told["round"].tolist() == [1, 2, 3, 4, 5]
        assert (told["letters"] == 4_000).all()
    # At 3,000 targets a share of a half has a standard error of 0.009; at first it is 0.35.
    assert alone["reported"].iloc[-1] > alone["reported"].iloc[0] + 0.1
    assert alone["true"].iloc[-1] < alone["true"].iloc[0] / 2
    assert alone["true"].iloc[-1] < alone["true"].iloc[1]
    # With the lot, no round from the third on is worse than the first, and all letters win more.
    assert (lot["true"].iloc[2:] > lot["true"].iloc[0]).all()
    assert (lot["won"].iloc[2:] > 2 * alone["won"].iloc[2:]).all()
    # And the loop that is better reports less of itself.
    assert lot["reported"].iloc[-1] < alone["reported"].iloc[-1]


def test_what_the_lot_measures_is_the_truth_in_500_rounds(covers, few):
    held = []
    for seed in range(len(few) // 5):
        cycle = BehaviourCycle(random_share=0.3, seed=seed)
        told = looped(cycle, n=3_000, rounds=6)[1].iloc[1:]
        held += [*((told["low"] <= told["true"]) & (told["true"] <= told["high"]))]
    # A target's own chance is near that of its score.
    covers(held, "behaviour.BehaviourCycle", "five rounds of each loop", part="what a lot measures")


def test_answers_have_the_planted_chances_and_who_buys_anyway_is_moved_least():
    _, truth = simulate_letters(40_000, seed=3)
    assert np.corrcoef(truth["buys_anyway"], truth["because_of_letter"])[0, 1] < -0.5
    for got in (np.ones(40_000, bool), np.zeros(40_000, bool)):
        bought = letter_answers(truth, got, seed=4)
        chance = truth["buys_anyway"] + got * truth["because_of_letter"]
        error = np.sqrt((chance * (1 - chance)).sum())
        assert abs(bought.sum() - chance.sum()) <= 3 * error


def test_the_seed_is_a_stream_of_the_loop_s_own():
    one, other = (looped(BehaviourCycle(seed=5), n=2_000)[0] for _ in range(2))
    pd.testing.assert_frame_equal(one.rounds_, other.rounds_)


# when misused


def test_refuses_what_is_no_loop():
    people, truth = simulate_letters(100, seed=1)

    def market(number, got):
        return got

    with pytest.raises(MissingColumnsError, match="shoe size"):
        BehaviourCycle(seed=1).run(people, market, columns=["shoe size"])
    with pytest.raises(BadRowsError, match="more than once"):
        BehaviourCycle(seed=1).run(pd.concat([people, people]), market, columns=SEEN)
    with pytest.raises(OutOfRangeError, match="answer must be a function"):
        BehaviourCycle(seed=1).run(people, None, columns=SEEN)
    with pytest.raises(OutOfRangeError, match="answer must return 100 truth values"):
        BehaviourCycle(seed=1).run(people, lambda number, got: got[:5], columns=SEEN)
    with pytest.raises(OutOfRangeError, match="below twice the share"):
        BehaviourCycle(share=0.2, random_share=0.4, seed=1).run(people, market, columns=SEEN)
    with pytest.raises(OutOfRangeError, match="not in the base"):
        BehaviourCycle(seed=1).run(
            people, market, columns=SEEN, expert=lambda number, ranked: np.array([7_000])
        )
    with pytest.raises(OutOfRangeError, match="has not run yet"):
        BehaviourCycle(seed=1).precision(truth)
    with pytest.raises(OutOfRangeError, match="must have 100 rows"):
        BehaviourCycle(seed=1).run(people, market, columns=SEEN).precision(truth.head(3))
    with pytest.raises(BadRowsError, match="in another order"):
        BehaviourCycle(seed=1).run(people, market, columns=SEEN).precision(truth.iloc[::-1])
    with pytest.raises(OutOfRangeError, match="contacted must be 100 truth values"):
        letter_answers(truth, np.ones(100), seed=1)
    with pytest.raises(OutOfRangeError, match="n must be 1 or more"):
        simulate_letters(0, seed=1)
