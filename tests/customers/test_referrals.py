"""Referrals: share, tree, generations, and the trap that the good bring the good."""

import numpy as np
import pandas as pd
import pytest

from crmlab.company import load_company
from crmlab.customers import (
    brought_by_generation,
    referral_effect,
    referral_share,
    referral_tree,
    simulate_referred,
)
from crmlab.errors import BadRowsError, OutOfRangeError, WrongTypeError


def people(by, **more):
    return pd.DataFrame({"customer_id": range(1, len(by) + 1), "referred_by": by} | more)


# by hand


def test_generations_and_value_by_hand():
    tree = referral_tree(people([None, 1, 1, 2], spend=[10.0, 5.0, 1.0, 4.0]), value="spend")
    assert tree["generation"].tolist() == [0, 1, 1, 2]
    assert tree["brought"].tolist() == [2, 1, 0, 0]
    assert tree["all_below"].tolist() == [3, 1, 0, 0]
    assert tree["with_brought"].tolist() == [20, 9, 1, 4]
    table = brought_by_generation(tree)
    assert table["brought_per_customer"].tolist() == [2, 0.5, 0]
    assert table["with_direct"].tolist() == [16, 5, 4]


def test_ids_may_be_text_and_rows_in_any_order():
    frame = pd.DataFrame({"customer_id": ["c", "a", "b"], "referred_by": ["b", None, "a"]})
    tree = referral_tree(frame)
    assert tree["customer_id"].tolist() == ["a", "b", "c"]
    assert tree["generation"].tolist() == [0, 1, 2]


def test_a_generation_that_brought_alike_has_no_interval():
    table = brought_by_generation(referral_tree(people([None, 1, 1, None])))
    assert table["brought_per_customer"].tolist() == [1, 0]
    # Two and none: a spread of 2 over 2. None and none: no spread to see.
    assert table["high"].iloc[0] == pytest.approx(1 + 1.959964)
    assert table.loc[1, ["low", "high"]].isna().all()


def test_what_all_have_alike_adjusts_nothing():
    shop = pd.DataFrame({"route": ["alone"] * 3 + ["referred"] * 3, "first_basket_cny": 10.0})
    table = referral_effect(shop.assign(spend_cny=[1.0, 2, 3, 2, 4, 6])).set_index("way")
    assert table.loc["adjusted", "effect"] == table.loc["raw", "effect"]
    assert table.loc["raw", "effect"] == pytest.approx(np.log(2))


# against the formula


@pytest.mark.curriculum("S10")
def test_sixty_percent_of_new_customers_have_a_referrer_over_twenty_seeds():
    for seed in range(20):
        data, _ = simulate_referred(2_400, trial=0, seed=seed)
        months = referral_share(data).iloc[1:]
        share = months["referred"].sum() / months["new_customers"].sum()
        assert abs(share - 0.60) < 0.02


@pytest.mark.curriculum("S10")
def test_hehuas_referrals_make_the_tree_that_following_each_customer_up_makes():
    company, _ = load_company()
    by = company.referrals.set_index("customer_id")["referred_by"]
    frame = company.people[["customer_id"]].assign(
        referred_by=company.people["customer_id"].map(by).astype("Int64")
    )
    tree = referral_tree(frame).set_index("customer_id")
    above = by.to_dict()
    below, generation = dict.fromkeys(tree.index, 0), {}
    for one in tree.index:
        steps, up = 0, above.get(one)
        while up is not None:
            steps, below[up], up = steps + 1, below[up] + 1, above.get(up)
        generation[one] = steps
    assert tree["brought"].sum() == len(by)
    assert tree["all_below"].to_dict() == below
    assert tree["generation"].to_dict() == generation
    # The 60 % of the scenario, of those who could have been brought.
    assert abs(frame["referred_by"].notna().mean() - 0.60) < 0.02


@pytest.mark.curriculum("S10")
def test_in_the_confounded_world_the_raw_gap_is_large_and_the_lot_finds_none():
    found = [referral_effect(simulate_referred(6_000, seed=seed).data) for seed in range(20)]
    table = pd.concat(found).groupby("way")
    raw = pd.concat(found).query("way == 'raw'")
    assert (raw["low"] > 0.3).all()  # looks like a third more, in each of the worlds
    adjusted = pd.concat(found).query("way == 'adjusted'")
    assert (adjusted["low"] > 0.1).all()  # less, and not nothing: adjusting sees a part
    mean = table["effect"].mean()
    error = table["effect"].std() / np.sqrt(20)
    assert abs(mean["at random"]) < 3 * error["at random"]


@pytest.mark.curriculum("S10")
def test_in_the_causal_world_the_lot_finds_the_effect_and_the_raw_gap_adds_to_it():
    worlds = [simulate_referred(6_000, effect=0.2, seed=seed).data for seed in range(20)]
    lot = [referral_effect(one).set_index("way").loc["at random", "effect"] for one in worlds]
    assert abs(np.mean(lot) - 0.2) < 3 * np.std(lot, ddof=1) / np.sqrt(20)
    one, other = (
        referral_effect(simulate_referred(6_000, effect=effect, seed=1).data)["effect"]
        for effect in (0.0, 0.2)
    )
    # One seed is one world but for the effect: every way moves by it.
    np.testing.assert_allclose(other - one, 0.2, atol=0.001)


@pytest.mark.parametrize("likeness", [0.0, 0.6])
def test_intervals_of_the_lot_hold_over_500_worlds(covers, few, likeness):
    # One large trial, dealt out at random: those in it are brought by different people.
    world = simulate_referred(200_000, waves=4, effect=0.1, likeness=likeness, trial=1, seed=13)
    trial = world.data[world.data["route"].str.startswith("named")]
    lot, held = np.random.default_rng(14).permutation(len(trial)) % 500, []
    lots = trial.groupby(lot)
    for number in few:
        row = referral_effect(lots.get_group(number)).iloc[2]
        held.append(row["low"] <= 0.1 <= row["high"])
    regime = f"likeness of {likeness}"
    covers(held, "customers.referral_effect", regime, part="in the trial")


@pytest.mark.parametrize(("n", "share"), [(15, 0.6), (200, 0.1)])
def test_intervals_of_the_share_hold_over_500_months(covers, n, share):
    # 500 months, in each of which so many join, by the month as likely to be brought by the first.
    months = pd.date_range("1980-01-01", periods=500, freq="MS").repeat(n)
    brought = np.random.default_rng(n).random(len(months)) < share
    world = people([None, *np.where(brought, 1, np.nan)])
    world["joined_on"] = [pd.Timestamp("1979-12-01"), *months]
    found = referral_share(world).iloc[1:]
    held = (found["low"] <= share) & (share <= found["high"])
    covers(held, "customers.referral_share", f"{n} join a month, {share:.0%} of them brought")


@pytest.mark.parametrize(("n", "unlike"), [(60, False), (400, True)])
def test_intervals_of_how_many_were_brought_hold_over_500_worlds(covers, few, n, unlike):
    rng, held = np.random.default_rng(n), []
    for _ in few:
        mean = 0.6 * (rng.gamma(0.5, 2, n) if unlike else np.ones(n))
        brought = rng.poisson(mean)
        tree = pd.DataFrame({"generation": 0, "brought": brought, "all_below": brought})
        row = brought_by_generation(tree).iloc[0]
        held.append(row["low"] <= 0.6 <= row["high"])
    regime = f"{n} customers, " + ("some far keener" if unlike else "as keen as each other")
    covers(held, "customers.brought_by_generation", regime)


def test_without_likeness_the_raw_gap_is_only_that_of_chance():
    found = [
        referral_effect(simulate_referred(2_000, likeness=0, seed=seed).data)["effect"].iloc[0]
        for seed in range(20)
    ]
    assert abs(np.mean(found)) < 3 * np.std(found, ddof=1) / np.sqrt(20)


def test_nobody_is_brought_by_a_later_customer_and_the_keen_bring_more():
    data, truth = simulate_referred(5_000, seed=3)
    known = data[data["referred_by"].notna()]
    joined = data.set_index("customer_id")["joined_on"]
    assert (joined[known["referred_by"].astype("int64")].to_numpy() < known["joined_on"]).all()
    bringers = truth["customer_id"].isin(known["referred_by"])
    quality = truth["quality"]
    assert quality[bringers].mean() > quality[~bringers].mean() + 0.5


# when misused


def test_who_refers_themselves_is_told_with_row_and_remedy_that_leads_on():
    frame = people([None, 1, 3])
    with pytest.raises(BadRowsError, match=r"brought themselves: \[2\] \(customers \[3\]\). Clear"):
        referral_tree(frame)
    frame.loc[2, "referred_by"] = np.nan
    assert referral_tree(frame)["generation"].tolist() == [0, 1, 0]


def test_a_circle_is_told_with_its_rows_and_its_path():
    with pytest.raises(BadRowsError, match=r"row\(s\) \[1, 2, 3\] .* circle: 2 <- 4 <- 3 <- 2"):
        referral_tree(people([None, 4, 2, 3, 3]))


def test_who_was_brought_by_a_stranger_is_told():
    with pytest.raises(BadRowsError, match=r"not in the frame: \[1\].*Add the missing"):
        referral_tree(people([None, 9]))


def test_numbers_beside_texts_are_refused():
    with pytest.raises(WrongTypeError, match="would be found again"):
        referral_tree(people([None, "1"]))


def test_a_spend_of_nothing_has_no_logarithm():
    data, _ = simulate_referred(600, seed=1)
    data.loc[4, "spend_cny"] = 0.0
    with pytest.raises(OutOfRangeError, match=r"row\(s\) \[4\]"):
        referral_effect(data)
