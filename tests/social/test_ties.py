"""Friendships: the paradox, likeness, what is passed on, and who to tell first."""

from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

from crmlab._checks import stream_of
from crmlab.errors import BadRowsError, OutOfRangeError, UnknownNameError
from crmlab.social import (
    choose_seeds,
    friend_counts,
    friend_effect,
    friendship_paradox,
    simulate_friends,
    simulate_spread,
)
from crmlab.social.measure.seeding import SEEDING
from crmlab.social.measure.ties import pairs_of
from crmlab.social.passing import joined

# the simulator


def test_pairs_stand_once_a_few_know_many_and_friends_are_alike():
    fans, friends, truth = simulate_friends(3_000, seed=1)
    assert len(friends) == 9_000
    assert (friends["one"] < friends["other"]).all()
    assert not friends.duplicated().any()
    assert fans["given"].mean() == 0.5
    taste = truth.set_index("fan_id")["taste"]
    pair = np.corrcoef(taste[friends["one"]], taste[friends["other"]])[0, 1]
    assert 0.5 < pair < 0.7  # about .8 squared
    alone = simulate_friends(3_000, likeness=0, seed=1)
    pair = np.corrcoef(taste[alone.friends["one"]], taste[alone.friends["other"]])[0, 1]
    assert abs(pair) < 0.1
    assert friend_counts(friends)["friends"].max() > 5 * 6


# by hand


def test_the_paradox_by_hand_and_by_its_formula():
    friends = pd.DataFrame({"one": [1, 1, 1, 2], "other": [2, 3, 4, 3]})
    table = friend_counts(friends)
    assert table["friends"].tolist() == [3, 2, 2, 1]
    assert table["of_friends"].tolist() == [5 / 3, 2.5, 2.5, 3]
    large = simulate_friends(400, seed=2).friends
    count = friend_counts(large)["friends"]
    row = friendship_paradox(large).iloc[0]
    assert row["of_a_friend"] == pytest.approx(count.mean() + count.var(ddof=0) / count.mean())
    # Of both ends of each friendship, one by one.
    by = count.set_axis(friend_counts(large)["fan_id"])
    ends = pd.concat([by[large["one"]], by[large["other"]]])
    assert row["of_a_friend"] == pytest.approx(ends.mean())


def test_the_error_of_a_friend_who_spends_much_is_summed_over_each_fan_and_their_friends():
    fans, friends, _ = simulate_friends(30, mean_friends=3, seed=5)
    row = friend_effect(fans, friends).iloc[0]
    near = np.zeros((30, 30))
    near[friends["one"] - 1, friends["other"] - 1] = 1
    near += near.T
    y = fans["spend_cny"].to_numpy()
    x = np.column_stack([near @ (y > np.median(y)), np.ones(30), near.sum(1)])
    bread = np.linalg.inv(x.T @ x)
    slope = bread @ x.T @ y
    score = x * ((y - x @ slope) / (1 - np.diag(x @ bread @ x.T)))[:, None]
    alone, together = (
        (bread @ score.T @ who @ score @ bread)[0, 0] for who in (np.eye(30), np.eye(30) + near)
    )
    reach = t.ppf(0.975, 27) * np.sqrt(max(alone, together))
    expected = [slope[0], slope[0] - reach, slope[0] + reach]
    assert row[["effect", "low", "high"]].tolist() == pytest.approx(expected)
    assert together != pytest.approx(alone)


# against the truth


def test_friends_spend_alike_and_pass_nothing_on_until_they_do():
    for influence in (0.0, 15.0):
        found = []
        for seed in range(20):
            club = simulate_friends(300, influence=influence, seed=seed)
            found.append(friend_effect(club.fans, club.friends).set_index("friend")["effect"])
        table = pd.concat(found, axis=1)
        # A friend who spends much goes with more, whatever is passed on.
        assert table.loc["who spends much"].min() > 0
        given = table.loc["who was given a dish at random"]
        assert abs(given.mean() - influence) < 3 * given.std() / np.sqrt(20)


def test_whom_anybody_names_is_a_better_seed_and_those_chosen_together_the_best():
    reached = {way: [] for way in SEEDING}
    for seed in range(20):
        friends = simulate_friends(400, seed=seed).friends
        for way, found in reached.items():
            seeds = choose_seeds(friends, 20, way=way, chance=0.1, runs=50, seed=seed)
            table = simulate_spread(friends, seeds=seeds, chance=0.1, runs=20, seed=1_000 + seed)
            found.append(table["reached"].mean())
    for worse, better in pairwise(SEEDING):
        gap = np.subtract(reached[better], reached[worse])
        assert gap.mean() > 3 * gap.std(ddof=1) / np.sqrt(20), (worse, better)


def test_seeds_chosen_one_by_one_reach_nearly_what_the_best_of_all_choices_does():
    friends = simulate_friends(14, mean_friends=3, seed=1).friends
    chosen = choose_seeds(friends, 3, chance=0.4, runs=100, seed=2)
    rng = stream_of(2, "choose_seeds")
    ids, one, other = pairs_of(friends)
    parts = np.stack([joined(rng, one, other, len(ids), 0.4) for _ in range(100)])

    def reach(places):
        return np.mean([np.isin(part, part[[*places]]).sum() for part in parts])

    best = max(reach(places) for places in combinations(range(len(ids)), 3))
    assert reach(ids.get_indexer(chosen)) >= (1 - np.exp(-1)) * best


def test_a_friend_named_by_anybody_is_a_friend_and_many_are_named_by_many():
    friends = pd.DataFrame({"one": [1, 1, 1], "other": [2, 3, 4]})
    named = [
        choose_seeds(friends, 4, way="named by anybody", seed=seed).tolist() for seed in range(9)
    ]
    assert all(1 in seeds and len(seeds) == 2 for seeds in named)  # all but 1 can name 1 alone
    assert choose_seeds(friends, 1, way="most friends", seed=1).tolist() == [1]
    assert sorted(choose_seeds(friends, 4, way="anybody", seed=1)) == [1, 2, 3, 4]


def test_what_is_always_passed_on_reaches_all_who_are_joined_and_never_more():
    friends = pd.DataFrame({"one": [1, 2, 5], "other": [2, 3, 6]})
    assert simulate_spread(friends, seeds=[1], chance=1.0, runs=2, seed=1)["reached"].tolist() == [
        3,
        3,
    ]
    assert simulate_spread(friends, seeds=[1, 9], chance=1.0, runs=1, seed=1)["reached"].item() == 4
    # A pair passes on with its chance: 1 + .3, at 4,000 runs give or take 3 * sqrt(.21 / 4,000).
    table = simulate_spread(friends.tail(1), seeds=[5], chance=0.3, runs=4_000, seed=2)
    assert table["reached"].mean() == pytest.approx(1.3, abs=3 * np.sqrt(0.21 / 4_000))


# against an independent package


def test_counts_and_parts_are_those_of_networkx():
    networkx = pytest.importorskip("networkx")
    friends = simulate_friends(300, mean_friends=2, seed=4).friends
    graph = networkx.from_pandas_edgelist(friends, "one", "other")
    table = friend_counts(friends).set_index("fan_id")
    assert table["friends"].to_dict() == dict(graph.degree)
    theirs = pd.Series(networkx.average_neighbor_degree(graph))
    pd.testing.assert_series_equal(table["of_friends"], theirs, check_names=False, check_like=True)
    ids, one, other = pairs_of(friends)
    part = pd.Series(ids).groupby(joined(np.random.default_rng(1), one, other, len(ids), 1.0))
    assert {frozenset(each) for _, each in part} == {
        frozenset(each) for each in networkx.connected_components(graph)
    }


# when misused


def test_own_friends_repeats_and_strangers_are_told():
    friends = pd.DataFrame({"one": [1, 2], "other": [2, 2]})
    with pytest.raises(BadRowsError, match=r"their own friend: \[1\]. Leave"):
        friend_counts(friends)
    with pytest.raises(BadRowsError, match=r"repeat a friendship.*\[1\]. Write each once"):
        friendship_paradox(pd.DataFrame({"one": [1, 2], "other": [2, 1]}))
    fans = pd.DataFrame({"fan_id": [1, 2], "spend_cny": [1.0, 2.0], "given": [True, False]})
    with pytest.raises(BadRowsError, match=r"1 who are no fans: \[7\]"):
        friend_effect(fans, pd.DataFrame({"one": [1], "other": [7]}))
    with pytest.raises(OutOfRangeError, match="only 2 have a friend"):
        choose_seeds(friends.head(1), 3, seed=1)
    with pytest.raises(UnknownNameError, match="way must be one of"):
        choose_seeds(friends.head(1), 1, way="the best", seed=1)
    with pytest.raises(OutOfRangeError, match="seeds are empty"):
        simulate_spread(friends.head(1), seeds=[], seed=1)
