"""channel_report and simulate_leads: which channel is best, and how much of it is luck."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest

from crmlab.collection import LEAD_METHODS, channel_report, simulate_leads
from crmlab.errors import BadRowsError, EmptyError, MissingColumnsError, OutOfRangeError

# by hand

LEADS = pd.DataFrame(
    {
        "method": ["visits"] * 4 + ["lists"] * 40,
        "converted": [True, True, False, False] + [True] * 4 + [False] * 36,
        "cost": [25.0] * 4 + [1.0] * 40,
        "consent": [True] * 24 + [False] * 20,
    }
)


def test_rates_costs_and_lawfulness_of_two_channels():
    report = channel_report(LEADS).set_index("method")
    assert report["conversion"].to_dict() == {"visits": 0.5, "lists": 0.1}
    assert report["cost_per_customer"].to_dict() == {"visits": 50, "lists": 10}
    assert report["lawful"].to_dict() == {"visits": 1, "lists": 0.5}
    # Wilson for 2 of 4.
    assert report.loc["visits", ["low", "high"]].round(3).tolist() == [0.15, 0.85]
    assert 0.1 < report.loc["visits", "shrunk"] < 0.5
    assert report["best"].sum() == pytest.approx(1)


def test_a_channel_without_customers_has_no_finite_cost_per_customer():
    report = channel_report(LEADS.assign(converted=LEADS["method"] == "visits"))
    row = report.set_index("method").loc["lists"]
    assert row["cost_per_customer"] == np.inf
    assert row["cost_high"] == np.inf
    assert 0 < row["cost_low"] < np.inf


@pytest.mark.curriculum("S18")
def test_fourteen_methods_are_own_or_third_party_and_some_need_consent():
    assert len(LEAD_METHODS) == 14
    assert Counter(one.source for one in LEAD_METHODS.values()) == {"own": 9, "third party": 5}
    leads, _ = simulate_leads(14_000, uneven=0, seed=1)
    report = channel_report(leads).set_index("method")
    for name, method in LEAD_METHODS.items():
        assert report.loc[name, "source"] == method.source
        wanted = 0.7 if method.needs_consent else 1.0
        error = 3.5 * np.sqrt(0.21 / report.loc[name, "leads"]) if method.needs_consent else 0
        assert report.loc[name, "lawful"] == pytest.approx(wanted, abs=error)


# against the truth


@pytest.mark.curriculum("S18")
@pytest.mark.parametrize("seed", range(20))
def test_with_many_leads_the_planted_best_is_first(seed):
    leads, truth = simulate_leads(400_000, spread=0.04, uneven=0, seed=seed)
    report = channel_report(leads)
    true = truth.set_index("method")["conversion"]
    best, second = true.nlargest(2)
    # 28,571 leads a method: only a lead of less than three standard errors can be lost.
    if best - second > 3 * np.sqrt(2 * best * (1 - best) / 28_000):
        assert report["method"].iloc[0] == true.idxmax()
    assert true[report["method"].iloc[0]] > best - 3 * np.sqrt(2 * best * (1 - best) / 28_000)


@pytest.mark.curriculum("S18")
def test_in_500_worlds_shrinkage_ranks_better_than_the_raw_rate_and_its_intervals_hold(covers):
    held, each, rows = [], [], []
    for seed in range(500):
        leads, truth = simulate_leads(1_500, seed=seed)
        report = channel_report(leads).set_index("method")
        true = truth.set_index("method")["conversion"].loc[report.index]
        inner = (report["shrunk_low"] <= true) & (true <= report["shrunk_high"])
        held.append(inner.mean())
        each.append(inner.sort_index().iloc[seed % len(inner)])
        ranks = true.rank()
        rows.append(
            (
                report["conversion"].rank().corr(ranks),
                report["shrunk"].rank().corr(ranks),
                true[report["conversion"].idxmax()],
                true[report["shrunk"].idxmax()],
                report["conversion"].max() - true[report["conversion"].idxmax()],
                report["shrunk"].max() - true[report["shrunk"].idxmax()],
                report["best"].max() - (true.idxmax() == report["best"].idxmax()),
            )
        )
    found = np.array(rows)
    mean, error = found.mean(axis=0), found.std(axis=0) / np.sqrt(500)
    # Rank by rank, and in what the one chosen is worth: better by more than three errors.
    for raw, shrunk in ((0, 1), (2, 3)):
        gain = found[:, shrunk] - found[:, raw]
        assert gain.mean() > 3 * gain.std() / np.sqrt(500)
    # The best raw rate promises far more than it holds; the best shrunk one does not.
    assert mean[4] > 0.03
    assert abs(mean[5]) < 0.01
    assert abs(mean[6]) < 3 * error[6] + 0.01  # what is called 40% sure is right in 40%
    # 14 intervals a world share one prior: three errors over the worlds, and .01 for the prior.
    assert np.mean(held) == pytest.approx(0.95, abs=0.01 + 3 * np.std(held) / np.sqrt(500))
    covers(each, "collection.channel_report", "1,500 leads of 14 methods", part="a method of many")


def test_intervals_of_methods_nearly_alike_hold_in_500_worlds(covers, few):
    held = []
    for seed in few:
        leads, truth = simulate_leads(600, spread=0.02, seed=seed)
        report = channel_report(leads).sort_values("method", ignore_index=True)
        row = report.iloc[seed % len(report)]
        true = truth.set_index("method").loc[row["method"], "conversion"]
        held.append(row["shrunk_low"] <= true <= row["shrunk_high"])
    regime = "600 leads of methods nearly alike"
    covers(held, "collection.channel_report", regime, part="a method of many")


def test_alike_methods_are_shrunk_to_one_middle():
    leads, truth = simulate_leads(3_000, spread=0.001, seed=2)
    report = channel_report(leads)
    assert report["conversion"].std() > 3 * report["shrunk"].std()
    assert report["shrunk"].mean() == pytest.approx(truth["conversion"].mean(), abs=0.015)


# for any data


def test_row_order_does_not_matter_and_whole_channels_of_ones_are_read():
    leads, _ = simulate_leads(300, seed=3)
    mixed = leads.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(channel_report(leads), channel_report(mixed))
    for same in (True, False):
        report = channel_report(leads.assign(converted=same))
        assert report["shrunk"].between(0, 1).all()
        assert report["conversion"].eq(float(same)).all()


@pytest.mark.parametrize("won", [3, 0])
def test_three_of_three_prove_as_little_as_none_of_three(won):
    leads = LEADS.head(3).assign(converted=[won > 0] * 3)
    row = channel_report(leads).iloc[0]
    other = channel_report(leads.assign(converted=~leads["converted"])).iloc[0]
    assert row["shrunk"] == pytest.approx(1 - other["shrunk"])
    assert row["shrunk_high"] - row["shrunk_low"] > 0.5


def test_one_large_channel_does_not_hide_what_the_small_ones_have_in_common():
    rows = [("net", k < 150) for k in range(15_000)]
    rows += [(f"small {c}", k < 9 - c % 3) for c in range(8) for k in range(20)]
    leads = pd.DataFrame(rows, columns=["method", "converted"]).assign(cost=1.0, consent=True)
    report = channel_report(leads).set_index("method")
    small = report.drop("net")
    # Eight channels alike pull each other together, and not down to the one that is unlike them.
    assert small["shrunk"].mean() > small["conversion"].mean() - 0.015
    assert report.loc["net", "shrunk"] == pytest.approx(0.01, abs=0.0005)


# when misused


def test_empty_channels_are_refused_by_name_and_row():
    with pytest.raises(BadRowsError, match=r"1 row\(s\) have an empty channel: \[0\].*replace"):
        channel_report(LEADS.assign(method=[" "] + ["lists"] * 43))
    with pytest.raises(BadRowsError, match=r"1 row\(s\) have no method: \[0\]"):
        channel_report(LEADS.assign(method=[None] + ["lists"] * 43))
    with pytest.raises(EmptyError, match=r"no lead came by \['feedback'\], .*unknown, not 0"):
        channel_report(LEADS, channels=["visits", "feedback"])
    with pytest.raises(BadRowsError, match=r"cost below 0: \[0, 1"):
        channel_report(LEADS.assign(cost=-1.0))
    with pytest.raises(MissingColumnsError, match="consent="):
        channel_report(LEADS.drop(columns="consent"))
    assert channel_report(LEADS.drop(columns="consent"), consent=None)["lawful"].isna().all()


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ({"n": 0}, "n must be 1 or more"),
        ({"spread": 0.5}, "spread must lie below 0.271"),
        ({"conversion": 8}, r"conversion must lie in \(0, 1\]"),
        ({"uneven": -1}, "uneven must lie in"),
    ],
)
def test_refuses_worlds_outside_their_range(argument, message):
    with pytest.raises(OutOfRangeError, match=message):
        simulate_leads(**{"n": 5, "seed": 0} | argument)
