"""simulate_campaigns and its draws: every sentence of their docstrings, as a test."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.campaigns import (
    simulate_campaigns,
    simulate_promotions,
    simulate_sensitivity,
    simulate_targets,
)
from crmlab.errors import OutOfRangeError

YEARS = {"first_day": "2023-01-01", "last_day": "2024-12-31"}


@pytest.fixture(scope="module")
def world():
    return simulate_campaigns(10_000, seed=21)


def people(*rows):
    columns = ["customer_id", "from_day", "until", "alive_until"]
    frame = pd.DataFrame(rows, columns=columns).assign(sensitivity=1.0, mean_ticket=100.0)
    return frame.astype(dict.fromkeys(columns[1:], "M8[us]"))


def drawn(customers, *, lift=0.1, n=24, seed=0, **arguments):
    rng = np.random.default_rng(seed)
    said = {"targeted_share": 1.0, "held_out_share": 0.0, "contact_limit": 31}
    said |= {"overcontact_dropout": 0.0} | arguments
    kinds = simulate_promotions(n, lift=lift, **YEARS, seed=rng)
    return simulate_targets(kinds, customers, **said, seed=rng)


# by hand


def test_promotions_have_the_documented_design_and_an_hour():
    data, truth = simulate_promotions(300, lift=0.1, **YEARS, seed=1)
    assert data["type"].nunique() == 6
    assert data["medium"].nunique() == 4
    assert data["starts_at"].is_monotonic_increasing
    assert {*data["starts_at"].dt.hour} == {9, 12, 15, 20}
    assert data["starts_at"].max() < pd.Timestamp("2024-12-18")
    assert (truth["promotion_id"] == data["promotion_id"]).all()
    # 1 less 0.9, and 1 plus 0.9, of the average lift of 0.1, to rounding.
    assert truth["lift"].between(0.01 - 1e-12, 0.19 + 1e-12).all()


@pytest.mark.curriculum("S40")
def test_the_intention_follows_from_audience_colour_medium_and_hour_and_from_nothing_else():
    # 192 designs of 3,000 / 192 promotions each: one is missing with chance 192 exp(-15.6) = 3e-5.
    data, _ = simulate_promotions(3_000, lift=0.1, **YEARS, seed=3)
    design = [data["audience"], data["colour"], data["medium"], data["starts_at"].dt.hour]
    said = data.groupby(design)["intention"].unique()
    assert len(said) == 4 * 3 * 4 * 4
    assert (said.str.len() == 1).all()
    assert said.str[0].is_unique
    # Its audience is named first, then its colour, its medium and its hour.
    for whom, colour, medium, hour, text in zip(*design, data["intention"], strict=True):
        aim, why = text.split(": ", 1)
        assert whom in aim
        for part, named in zip(why.split(", "), (colour, medium, f"{hour}:00"), strict=True):
            assert part.startswith(f"{named} ")
        assert text.endswith(".")


def test_nobody_is_contacted_before_consent_or_after_its_end_or_answers_when_gone():
    customers = people((1, "2024-01-01", None, None), (2, "1990-01-01", "2023-06-01", None),
                       (3, "1990-01-01", None, "2023-06-01"))  # fmt: skip
    rows = pd.concat([drawn(customers, lift=0.3, seed=seed) for seed in range(20)])
    by = rows.groupby("customer_id")["starts_at"]
    assert by.min()[1] >= pd.Timestamp("2024-01-01")
    assert by.max()[2] < pd.Timestamp("2023-06-01")
    gone = rows[rows["customer_id"] == 3]
    answers = gone[gone["caused"]]
    assert len(answers) > 5
    assert (answers["buys_on"] < "2023-06-01").all()
    assert (gone.loc[gone["starts_at"] >= "2023-06-01", "response_probability"] == 0).all()


@pytest.mark.parametrize("short", [0, 1])
def test_who_has_spent_800_to_the_cent_is_a_big_spender_and_a_cent_less_is_not(short):
    # Seven amounts each: summed up as they are, one in ten of these would miss by a last bit.
    n, rng = 300, np.random.default_rng(5)
    cents = rng.multinomial(80_000 - short, np.full(7, 1 / 7), size=n)
    history = pd.DataFrame(
        {
            "customer_id": np.repeat(np.arange(n), 7),
            "date": pd.Timestamp("2022-12-01"),
            "amount": (cents / 100).ravel(),
        }
    )
    customers = people(*((k, "1990-01-01", None, None) for k in range(n)))
    customers = customers.assign(joined_on=pd.Timestamp("2022-12-01"))
    rng = np.random.default_rng(0)
    kinds = simulate_promotions(24, lift=0.0, **YEARS, seed=rng)
    rows = simulate_targets(
        kinds, customers, history=history, targeted_share=1.0, held_out_share=0.0, seed=rng
    )
    big = kinds.data.loc[kinds.data["audience"] == "big spenders", "promotion_id"]
    assert len(big) > 0
    assert rows["promotion_id"].isin(big).sum() == (0 if short else n * len(big))
    assert rows["amount"].isna().all()


def test_answers_come_within_14_days_of_the_contact():
    rows = drawn(people(*((k, "1990-01-01", None, None) for k in range(2_000))))
    answers = rows[rows["caused"]]
    days = (answers["buys_on"] - answers["starts_at"].dt.floor("D")).dt.days
    assert {*days} == {*range(14)}
    # Gamma(4) / 4 has standard deviation 1/2: 3 standard errors of the mean amount.
    error = 3 * 50 / np.sqrt(len(answers))
    assert answers["amount"].mean() == pytest.approx(100, abs=error)


def test_contacts_are_counted_by_calendar_month_and_those_held_out_are_not():
    rows = drawn(people((1, "1990-01-01", None, None)), n=60, held_out_share=0.3)
    contacted = rows[~rows["held_out"]]
    expected = contacted.groupby(contacted["starts_at"].dt.to_period("M")).cumcount() + 1
    assert (contacted["contact_in_month"] == expected).all()
    assert (rows.loc[rows["held_out"], "contact_in_month"] == 0).all()
    assert (rows.loc[rows["held_out"], "response_probability"] == 0).all()


# what is planted


def test_what_each_promotion_causes_is_found_by_comparing_with_those_held_out(world):
    targets, usual = world.data.targets, 0.2
    share = targets.groupby(["promotion_id", "held_out"])["bought"].agg(["mean", "size"]).unstack()
    found = share["mean"][False] - share["mean"][True]
    hidden = world.truth.targets[~targets["held_out"]]
    expected = (1 - usual) * hidden.groupby("promotion_id")["response_probability"].mean()
    variance = (share["mean"] * (1 - share["mean"]) / share["size"]).sum(axis=1)
    z = (found - expected) / np.sqrt(variance)
    # 24 promotions: the sum of squared z is chi-square, 3 standard deviations of sqrt(48).
    assert (z**2).sum() < 24 + 3 * np.sqrt(48)
    assert found.mean() == pytest.approx(expected.mean(), abs=3 * np.sqrt(variance.sum()) / 24)


@pytest.mark.curriculum("S40")
def test_the_effects_of_the_design_are_recovered_by_regression():
    rng = np.random.default_rng(22)
    kinds = simulate_promotions(200, lift=0.1, **YEARS, seed=rng)
    customers = people(*((k, "1990-01-01", None, None) for k in range(5_000)))
    rows = simulate_targets(kinds, customers, targeted_share=0.5, held_out_share=0.0, seed=rng)
    answers = rows.groupby("promotion_id")["caused"].agg(["mean", "size"])
    design = kinds.data.set_index("promotion_id")
    hour = design["starts_at"].dt.hour
    terms = {
        "one": 1.0, "red": design["colour"] == "red", "green": design["colour"] == "green",
        "network": design["medium"] == "network", "newspaper": design["medium"] == "newspaper",
        "early": hour == 9, "late": hour == 20,
    }  # fmt: skip
    x = pd.DataFrame(terms, index=design.index).astype(float).to_numpy()
    weight = (answers["size"] / (answers["mean"] * (1 - answers["mean"]))).to_numpy()[:, None]
    cov = np.linalg.inv(x.T @ (weight * x))
    beta = cov @ (x.T @ (weight[:, 0] * answers["mean"].to_numpy()))
    planted = 0.1 * np.array([1, 0.4, -0.4, 0.2, -0.2, -0.3, 0.3])
    assert (np.abs(beta - planted) < 3 * np.sqrt(np.diag(cov))).all()


def test_sensitivity_has_mean_1_and_customers_say_what_they_are():
    table = simulate_sensitivity(np.arange(40_000), seed=2)
    # Gamma(2, 1/2): variance 1/2.
    assert table["sensitivity"].mean() == pytest.approx(1, abs=3 * np.sqrt(0.5 / 40_000))
    mean = table.groupby("promotion_reaction")["sensitivity"].mean()
    assert mean["dislikes"] < mean["ignores"] < mean["welcomes"]
    share = table["promotion_reaction"].value_counts(normalize=True)
    # 90 % by sensitivity (a fifth, three tenths, a half), 10 % any of three.
    for said, quantile in {"dislikes": 0.2, "ignores": 0.3, "welcomes": 0.5}.items():
        expected = 0.9 * quantile + 0.1 / 3
        error = 3 * np.sqrt(expected * (1 - expected) / 40_000)
        assert share[said] == pytest.approx(expected, abs=error)


def test_contacts_beyond_the_limit_drive_away_with_their_probability():
    customers = people(*((k, "1990-01-01", None, None) for k in range(2_000)))
    rows = drawn(customers, n=100, contact_limit=2, overcontact_dropout=0.25)
    beyond = rows["contact_in_month"] > 2
    assert not rows.loc[~beyond, "leaves"].any()
    error = 3 * np.sqrt(0.25 * 0.75 / beyond.sum())
    assert rows.loc[beyond, "leaves"].mean() == pytest.approx(0.25, abs=error)


def test_shares_drawn_and_held_out_are_those_asked_for(world):
    targets = world.data.targets
    n = 24 * 10_000
    assert len(targets) / n == pytest.approx(0.3, abs=3 * np.sqrt(0.3 * 0.7 / n))
    error = 3 * np.sqrt(0.2 * 0.8 / len(targets))
    assert targets["held_out"].mean() == pytest.approx(0.2, abs=error)


# for any data


@settings(max_examples=15)
@given(st.integers(1, 30), st.integers(1, 30), st.integers(0, 99))
def test_same_seed_same_campaigns_and_truth_is_keyed_like_the_data(n, promotions, seed):
    one, same = (simulate_campaigns(n, promotions=promotions, seed=seed) for _ in range(2))
    pd.testing.assert_frame_equal(one.data.targets, same.data.targets)
    keys = ["promotion_id", "customer_id"]
    pd.testing.assert_frame_equal(one.data.targets[keys], one.truth.targets[keys])
    assert not one.data.targets.duplicated(keys).any()


def test_no_promotions_reach_nobody():
    none = simulate_promotions(0, lift=0.1, **YEARS, seed=1).data
    assert none["intention"].dtype == "str"
    assert len(drawn(people((1, "1990-01-01", None, None)), n=0)) == 0


# when misused


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ({"n": 0}, "n must be 1 or more; got 0"),
        ({"promotions": -1}, "promotions must be 0 or more; got -1"),
        ({"lift": 0.5}, "lift must lie between 0 and 0.3; got 0.5"),
        ({"usual": 20}, r"usual must lie in \[0, 1\], a share not a percent; got 20"),
        ({"targeted_share": 30}, "targeted_share must lie in"),
        ({"held_out_share": -1}, "held_out_share must lie in"),
    ],
)
def test_refuses_what_is_outside_its_range(argument, message):
    with pytest.raises(OutOfRangeError, match=message):
        simulate_campaigns(**{"n": 5, "seed": 0} | argument)
