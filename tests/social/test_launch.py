"""The week in which an account opens: who follows, and what each way of comparing makes of it."""

import numpy as np
import pandas as pd
import pytest

from crmlab.errors import EmptyError, OutOfRangeError
from crmlab.social import event_study, follow_effect, simulate_launch


def by_way(effect, n=2_000, seeds=20):
    found = [simulate_launch(n, effect=effect, seed=seed) for seed in range(seeds)]
    tables = [follow_effect(one.customers, one.purchases) for one in found]
    return pd.concat(tables).set_index("way")["effect"].groupby("way")


# the simulator


def test_who_bought_lately_follows_more_often_and_a_half_is_invited():
    customers, purchases, truth = simulate_launch(20_000, seed=1)
    assert customers["invited"].mean() == 0.5
    assert truth["rate_per_week"].mean() == pytest.approx(
        0.25, abs=3 * 0.25 / np.sqrt(1.5 * 20_000))  # fmt: skip
    lately = purchases[purchases["date"].between("2023-12-04", "2023-12-31")]
    count = lately["customer_id"].value_counts().reindex(customers["customer_id"], fill_value=0)
    for bought in (0, 2):
        for invited in (False, True):
            cell = (count.to_numpy() == bought) & (customers["invited"] == invited)
            share = customers.loc[cell, "followed_on"].notna().mean()
            planted = -np.expm1(-(0.05 + 0.2 * bought + 0.5 * invited))
            assert share == pytest.approx(planted, abs=1.5 / np.sqrt(cell.sum()))
    day = customers["followed_on"].dropna()
    assert day.between("2024-01-01", "2024-01-07").all()


def test_following_adds_its_effect_to_the_rate():
    customers, purchases, truth = simulate_launch(20_000, effect=0.1, seed=2)
    after = purchases[purchases["date"] >= "2024-01-01"]["customer_id"].value_counts()
    after = after.reindex(customers["customer_id"], fill_value=0).to_numpy() / 26
    follows = customers["followed_on"].notna().to_numpy()
    more = (after - truth["rate_per_week"].to_numpy())[follows]
    assert more.mean() == pytest.approx(0.1, abs=3 * more.std() / np.sqrt(follows.sum()))


# by hand


def test_fans_are_compared_with_those_who_had_bought_as_often_by_hand():
    customers = pd.DataFrame({"customer_id": [1, 2, 3, 4],
        "followed_on": pd.to_datetime(["2024-02-01", None, None, None])})  # fmt: skip
    days = ["2024-01-30", "2024-01-31", "2024-01-29", "2024-02-02", "2024-02-03", "2024-02-02"]
    purchases = pd.DataFrame({"customer_id": [1, 2, 3, 1, 2, 4], "date": pd.to_datetime(days)})
    last = event_study(customers, purchases, weeks_before=5, weeks_after=1).iloc[-1]
    # Alike are 2 and 3, who bought once just before; 4 had not.
    assert (last["fans"], last["alike"], last["others"]) == (1.0, 0.5, pytest.approx(2 / 3))
    assert last["gap"] == 0.5


# against the truth


@pytest.mark.parametrize("effect", [0.0, 0.05])
def test_only_like_with_like_and_chance_find_what_following_does(effect):
    table = by_way(effect)
    error = table.std() / np.sqrt(20)
    for way in ("fans against others alike", "at random"):
        assert abs(table.mean()[way] - effect) < 3 * error[way]
    # Fans buy more, whatever following does; and buy less than in the month that made them follow.
    assert table.min()["fans against others"] > effect + 0.03
    assert table.max()["before and after"] < effect - 0.03
    # Taking off what the others did makes it worse: they had no lucky month to fall back from.
    assert table.mean()["before and after, less the others"] < table.mean()["before and after"]


def test_without_a_draw_by_lately_there_is_nothing_to_fall_back_from():
    found = [simulate_launch(2_000, drawn=0, seed=seed) for seed in range(20)]
    tables = pd.concat([follow_effect(one.customers, one.purchases) for one in found])
    group = tables.groupby("way")["effect"]
    for way in group.groups:
        assert abs(group.mean()[way]) < 3 * group.std()[way] / np.sqrt(20)


def test_the_event_study_shows_the_lucky_month_and_the_fall():
    launch = simulate_launch(20_000, seed=4)
    table = event_study(launch.customers, launch.purchases).set_index("week")
    month, after = table.loc[-4:-1].mean(), table.loc[0:].mean()
    assert month["fans"] > table.loc[:-5, "fans"].mean() + 0.05
    assert after["fans"] < month["fans"] - 0.05
    assert after["alike"] == pytest.approx(after["fans"], abs=0.02)


# when misused


def test_nobody_to_compare_with_is_told():
    launch = simulate_launch(50, seed=1)
    with pytest.raises(EmptyError, match="nobody follows, so"):
        event_study(launch.customers.assign(followed_on=pd.NaT), launch.purchases)
    everybody = launch.customers.assign(followed_on=pd.Timestamp("2024-01-01"))
    with pytest.raises(EmptyError, match="everybody follows, so"):
        follow_effect(everybody, launch.purchases)
    with pytest.raises(OutOfRangeError, match="effect must be 0 or more"):
        simulate_launch(50, effect=-1, seed=1)
