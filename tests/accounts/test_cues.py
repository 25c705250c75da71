"""cue_hit_rates: which of the seven cues of experience brings better leads than chance."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import hypergeom

from crmlab.accounts import cue_calendar, cue_hit_rates, simulate_leads
from crmlab.errors import BadRowsError, OutOfRangeError, UnknownNameError

CUES = (
    "major festivals",
    "government activities",
    "local resource strengths",
    "the firm's development",
    "competitors' shortcomings",
    "customers' opinions",
    "business linkages",
)


def leads_of(hits, n, base_hits=2, base=20):
    return pd.DataFrame(
        {
            "cue": ["customers' opinions"] * n + ["at random"] * base,
            "hit": [True] * hits + [False] * (n - hits) + [True] * base_hits
            + [False] * (base - base_hits),
        }
    )  # fmt: skip


# by hand


@pytest.mark.curriculum("S94")
def test_each_lead_is_tagged_with_one_of_seven_cues_and_each_cue_has_its_row():
    leads, truth = simulate_leads(3_000, seed=5)
    assert {*leads["cue"]} == {*CUES, "at random"}
    found = cue_hit_rates(leads)
    assert found["cue"].tolist() == [*CUES, "at random"]
    assert found["leads"].sum() == len(leads)
    assert truth["cue"].tolist() == [*CUES]


def test_rate_lift_and_chance_by_hand():
    found = cue_hit_rates(leads_of(12, 20)).set_index("cue").loc["customers' opinions"]
    assert found["rate"] == pytest.approx(0.6)
    assert found["lift"] == pytest.approx(6)
    # Fisher: 14 hits among 40 leads, 12 or more of them with the cue.
    assert found["p"] == pytest.approx(hypergeom.sf(11, 40, 14, 20))


def test_months_without_a_lead_are_shown():
    days = pd.to_datetime(["2024-11-05", "2025-01-31"])
    found = cue_calendar(pd.DataFrame({"cue": ["at random", "at random"], "date": days}))
    assert found["leads"].tolist() == [1, 0, 1]
    assert found["month"].dt.strftime("%Y-%m").tolist() == ["2024-11", "2024-12", "2025-01"]


# against the truth


@pytest.mark.curriculum("S94")
def test_the_cues_that_work_are_found_and_the_others_pass_for_chance():
    strong = {"customers' opinions", "the firm's development"}
    mistaken = 0
    for seed in range(20):
        leads, truth = simulate_leads(6_000, seed=seed)
        found = cue_hit_rates(leads)
        works = {*truth.loc[truth["works"], "cue"]}
        better = {*found.loc[found["better"], "cue"]}
        assert strong <= better
        mistaken += bool(better - works)
    # Holm holds the chance of any mistake to 0.05: 20 worlds, 3 standard errors.
    assert mistaken <= 20 * 0.05 + 3 * (20 * 0.05 * 0.95) ** 0.5


@pytest.mark.parametrize("base", [0.1, 0.02])
def test_intervals_of_hit_rates_cover_in_95_of_100_worlds(covers, few, base):
    held = []
    for seed in few:
        leads, truth = simulate_leads(1_600, base=base, seed=seed)
        found = cue_hit_rates(leads).set_index("cue").loc[["customers' opinions", "at random"]]
        right = [truth.set_index("cue").loc["customers' opinions", "chance"], base]
        held.append((found["low"] <= right) & (right <= found["high"]))
    for part, each in zip(("a cue", "at random"), np.transpose(held), strict=True):
        covers(each, "accounts.cue_hit_rates", f"{base:.0%} hit at random", part=part)


def test_where_no_cue_works_hardly_any_world_finds_one():
    flat = dict.fromkeys(CUES, 0.2)
    worlds = [
        cue_hit_rates(simulate_leads(800, hits=flat, base=0.2, seed=s).data) for s in range(200)
    ]
    # 0.05 at most, plus three standard errors of 200 worlds.
    assert np.mean([found["better"].any() for found in worlds]) <= 0.05 + 3 * (0.0475 / 200) ** 0.5


@pytest.mark.parametrize("seed", range(20))
def test_leads_are_as_the_docstring_says(seed):
    n = 20_000
    leads, truth = simulate_leads(n, seed=seed)
    bare = leads["cue"] == "at random"
    assert bare.mean() == pytest.approx(0.25, abs=3 * (0.1875 / n) ** 0.5)
    chances = truth.set_index("cue")["chance"]
    rates = leads[~bare].groupby("cue")["hit"].agg(["mean", "size"])
    error = np.sqrt(chances * (1 - chances) / rates["size"])
    # Seven at once in twenty worlds: 4 standard errors.
    assert ((rates["mean"] - chances).abs() < 4 * error).all()
    assert (leads["value_cny"] > 0).equals(leads["hit"])


# when misused


def test_a_lead_without_a_known_cue_is_told_with_its_row():
    leads = leads_of(1, 2)
    leads.loc[1, "cue"] = "gut feeling"
    with pytest.raises(BadRowsError, match=r"\[1\] hold \['gut feeling'\]"):
        cue_hit_rates(leads)
    leads.loc[1, "cue"] = None
    with pytest.raises(BadRowsError, match="no cue that is known"):
        cue_hit_rates(leads)


def test_without_leads_by_lot_nothing_is_better_than_chance():
    with pytest.raises(OutOfRangeError, match="what chance would bring"):
        cue_hit_rates(leads_of(1, 2).head(2))
    with pytest.raises(UnknownNameError, match="no cue 'festivals'"):
        simulate_leads(10, hits={"festivals": 0.1}, seed=1)
    with pytest.raises(OutOfRangeError, match=r"must be in \[0, 1\]"):
        simulate_leads(10, base=10, seed=1)
