"""Friendships: the paradox, likeness, what is passed on, and who to tell first."""

import numpy as np
import pandas as pd
import pytest

from crmlab.errors import BadRowsError, OutOfRangeError
from crmlab.social import (
    friend_counts,
    friend_effect,
    friendship_paradox,
    simulate_friends,
    simulate_spread,
)

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


def test_who_is_named_by_others_is_a_better_seed_than_who_names_them():
    named, anybody = [], []
    for seed in range(20):
        friends = simulate_friends(400, seed=seed).friends
        rng = np.random.default_rng(seed)
        people = friend_counts(friends)["fan_id"].to_numpy()
        who = rng.choice(people, 20, replace=False)
        ends = pd.concat([friends, friends.set_axis(["other", "one"], axis=1)])
        near = [rng.choice(ends.loc[ends["one"] == one, "other"]) for one in who]
        for seeds, found in ((who, anybody), (near, named)):
            table = simulate_spread(friends, seeds=seeds, chance=0.1, runs=20, seed=seed)
            found.append(table["reached"].mean())
    gap = np.subtract(named, anybody)
    assert gap.mean() > 3 * gap.std() / np.sqrt(20)


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
    with pytest.raises(OutOfRangeError, match="seeds are empty"):
        simulate_spread(friends.head(1), seeds=[], seed=1)
