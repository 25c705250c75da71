"""Days to a purchase, unfollowing, coming back, competing ends, and time that cannot end."""

import numpy as np
import pandas as pd
import pytest

from crmlab.errors import BadRowsError, EmptyError
from crmlab.lifetime import cumulative_incidence, kaplan_meier, log_rank
from crmlab.social import (
    active_fan_time,
    days_to_purchase,
    first_after_following,
    follow_to_purchase,
    following_time,
    simulate_fan_club,
    unfollow_reasons,
    win_back_effect,
)

SHAPE = {"old customer": 1.6, "offer": 0.8, "content": 0.5, "friends": 0.8}
HAZARD = pd.DataFrame(
    [[0.0, 0.15, 0.05, 0.1], [1.8, 0.4, 0.4, 0.1], [0.0, 0.3, 0.4, 0.1], [0.1, 0.3, 0.5, 0.1]],
    index=["old customer", "offer", "content", "friends"],
    columns=["offer over", "too many posts", "not for me", "moved away"],
)


def planted_shares(motives, days):
    """Return the share of each reason among those who leave within the days, by closed form."""
    total = HAZARD.sum(axis=1)
    gone = -np.expm1(-total * days / 365)
    each = HAZARD.mul(gone / total, axis=0).mul(motives.value_counts(normalize=True), axis=0).sum()
    return each / each.sum(), each


# by hand


def test_waits_by_hand_and_the_purchase_of_the_day_itself_is_not_the_next():
    fans = pd.DataFrame({"fan_id": [1, 2], "followed_on": pd.to_datetime(["2024-01-01"] * 2)})
    bought = pd.DataFrame({"customer_id": [1, 1, 2], "date": pd.to_datetime(
        ["2024-01-01", "2024-01-11", "2024-01-01"])})  # fmt: skip
    waits = follow_to_purchase(fans, bought, as_of="2024-01-21")
    assert waits["duration"].tolist() == [10, 20]
    assert waits["ended"].tolist() == [True, False]


def test_what_comes_first_by_hand():
    fans = pd.DataFrame({"fan_id": [1, 2, 3], "followed_on": pd.to_datetime(["2024-01-01"] * 3),
        "unfollowed_on": pd.to_datetime(["2024-01-05", "2024-01-05", None])})  # fmt: skip
    bought = pd.DataFrame(
        {"customer_id": [1, 2], "date": pd.to_datetime(["2024-01-05", "2024-01-06"])}
    )
    first = first_after_following(fans, bought, as_of="2024-01-31")
    assert first["reason"].fillna("none").tolist() == ["purchase", "unfollow", "none"]
    assert first["duration"].tolist() == [4, 4, 30]


# against the formula


@pytest.mark.curriculum("S31")
def test_the_median_wait_is_within_5_percent_of_the_truth_and_that_of_buyers_too_short():
    # After d days the share (60 / (60 + d)) ** shape has not bought, whatever the motive's rate.
    truth = {one: int(np.ceil(60 * (2 ** (1 / k) - 1))) for one, k in SHAPE.items()}
    medians = []
    for seed in range(20):
        club = simulate_fan_club(1_500, seed=seed)
        alone = club.fans[club.fans["referred_by"].isna()]
        table = days_to_purchase(alone, club.purchases, by="motive").set_index("motive")
        medians.append(table["median"])
        assert (table["of_buyers"] < table["median"]).all()  # too short, each time,
        assert table["of_buyers"]["content"] < table["median"]["content"] / 2  # content most
    # One world of 1,500 leaves 5 to 15 % of chance to a motive; the mean of twenty a fifth of it.
    mean = pd.concat(medians, axis=1).mean(axis=1)
    for motive, days in truth.items():
        assert mean[motive] == pytest.approx(days, rel=0.05), motive
    # And the attribute explains it: old customers are back first, readers of content last.
    waits = follow_to_purchase(club.fans, club.purchases)
    assert log_rank(waits, by="motive").p_value < 1e-6


@pytest.mark.curriculum("S29")
def test_every_unfollow_has_a_date_and_reasons_are_within_5_points_where_the_raw_ones_are_not():
    raw, right = [], []
    for seed in range(20):
        # Little more than a year: most of those who left by then left early, for early reasons.
        club = simulate_fan_club(3_000, n_days=400, seed=seed)
        left = club.fans["unfollow_reason"].notna()
        assert club.fans.loc[left, "unfollowed_on"].notna().all()
        alone = club.fans[club.fans["referred_by"].isna()]
        table = unfollow_reasons(alone).set_index("reason").drop("no answer")
        share, _ = planted_shares(alone["motive"], 365)
        assert (abs(table["share"] - share) < 0.05).all()
        right.append((table["share"] - share)["offer over"])
        raw.append((table["raw_share"] - share)["offer over"])
    assert abs(np.mean(right)) < 3 * np.std(right, ddof=1) / np.sqrt(20)
    # The finding: "the offer is over" is overstated by who has left so far.
    assert np.mean(raw) > 5 * np.std(raw, ddof=1) / np.sqrt(20)


@pytest.mark.curriculum("S29")
def test_the_win_back_is_what_the_contacted_do_more_than_those_left_alone():
    gaps, contacted = [], []
    for seed in range(20):
        table = win_back_effect(simulate_fan_club(500, seed=seed).lapsed).set_index("group")[
            "share"
        ]
        gaps.append(table["difference"])
        contacted.append(table["contacted"])
    # Planted: .20 of the contacted and .08 of the others.
    assert abs(np.mean(gaps) - 0.12) < 3 * np.std(gaps, ddof=1) / np.sqrt(20)
    # Who has no control group calls the whole .20 a success.
    assert abs(np.mean(contacted) - 0.20) < 3 * np.std(contacted, ddof=1) / np.sqrt(20)


def test_purchase_and_leaving_compete_and_one_curve_alone_claims_too_much():
    club = simulate_fan_club(8_000, seed=3)
    offer = club.fans[(club.fans["motive"] == "offer")]
    curves = cumulative_incidence(first_after_following(offer, club.purchases))
    last = curves[curves["time"] <= 200].groupby("reason").last()
    # Leaving is exponential with 2.7 a year, buying has the hazard .8 / (60 + t): by integration.
    days = np.linspace(0, 200, 200_001)
    still = (60 / (60 + days)) ** 0.8 * np.exp(-2.7 * days / 365)
    truth = {"purchase": np.trapezoid(still * 0.8 / (60 + days), days),
             "unfollow": np.trapezoid(still * 2.7 / 365, days)}  # fmt: skip
    for reason, share in truth.items():
        # Whole days: purchase and leaving of one day count as a purchase, some .005.
        assert last.loc[reason, "incidence"] == pytest.approx(
            share, abs=3 * last.loc[reason, "standard_error"] + 0.008)  # fmt: skip
    assert (last["one_reason_only"] > last["incidence"] + 0.05).all()


def test_who_interacted_ten_times_seems_loyal_until_a_landmark_is_set():
    ever, landmark = [], []
    for seed in range(20):
        club = simulate_fan_club(600, seed=seed)
        readers = club.fans[club.fans["motive"] == "content"]
        acts = club.interactions[club.interactions["fan_id"].isin(readers["fan_id"])]
        ever.append(log_rank(active_fan_time(readers, acts), by="group").p_value)
        fair = active_fan_time(readers, acts, times=5, landmark_days=60)
        landmark.append(log_rank(fair, by="group").p_value)
    # Interacting does nothing to staying here. The naive groups differ in every world all the same.
    assert max(ever) < 0.001
    # With a landmark p is even in (0, 1): of twenty, up to five below .05 are three errors.
    assert sum(p < 0.05 for p in landmark) <= 5
    assert 0.3 < np.mean(landmark) < 0.7  # .5 give or take 3 / sqrt(12 * 20)


def test_following_times_have_the_survival_of_their_hazard():
    club = simulate_fan_club(6_000, seed=4)
    readers = club.fans[club.fans["motive"] == "content"]
    curve = kaplan_meier(following_time(readers)).set_index("time")
    for days in (90, 365):
        row = curve.loc[days]
        # A fan leaves on the day after at the earliest: day d is d - 1 whole days or more.
        assert row["survival"] == pytest.approx(
            np.exp(-0.8 * days / 365), abs=3 * row["standard_error"])  # fmt: skip


# when misused


def test_a_return_before_leaving_and_a_group_of_nobody_are_told():
    lapsed = pd.DataFrame({"fan_id": [1, 2], "contacted": [True, False],
        "unfollowed_on": pd.to_datetime(["2024-01-05"] * 2),
        "returned_on": pd.to_datetime(["2024-01-01", None])})  # fmt: skip
    with pytest.raises(BadRowsError, match=r"returned_on before unfollowed_on: \[0\]. Mend"):
        win_back_effect(lapsed)
    lapsed["returned_on"] = pd.NaT
    with pytest.raises(EmptyError, match="0 of those contacted and 0 of those left alone"):
        win_back_effect(lapsed)
    assert len(win_back_effect(lapsed, as_of="2024-12-31")) == 3


def test_a_leaver_without_a_word_is_told_and_the_remedy_leads_on():
    club = simulate_fan_club(100, seed=1)
    fans = club.fans.copy()
    who = fans["unfollowed_on"].notna().idxmax()
    fans.loc[who, "unfollow_reason"] = None
    with pytest.raises(BadRowsError, match=r"1 fan\(s\) left .* Write 'no answer'"):
        unfollow_reasons(fans)
    fans.loc[who, "unfollow_reason"] = "no answer"
    assert len(unfollow_reasons(fans))
