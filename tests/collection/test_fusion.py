"""SourceFusion and simulate_intel: what is true, if sources contradict each other."""

import numpy as np
import pandas as pd
import pytest

from crmlab.collection import FIRM_CHANNELS, INTEL_SOURCES, SourceFusion, simulate_intel
from crmlab.errors import BadRowsError, CrmlabError, MissingColumnsError, OutOfRangeError


def merged(found, truth):
    return found.merge(truth, on=["account_id", "field"], suffixes=("", "_true"))


# by hand


def test_two_who_agree_outvote_one_and_the_loner_is_believed_less():
    rows = [(k, s, "x" if s != "c" else "y") for k in range(20) for s in "abc"]
    reports = pd.DataFrame(rows, columns=["account_id", "source", "value"]).assign(field="f")
    fused = SourceFusion().fit(reports)
    assert fused.predict()["value"].eq("x").all()
    # 20 of 20, with half a report right and half one wrong: 20.5 / 21.
    assert fused.reliability_["a"] == pytest.approx(20.5 / 21, abs=1e-3)
    assert fused.reliability_["c"] == pytest.approx(0.5 / 21, abs=1e-3)


# against the truth


@pytest.mark.curriculum("S19")
def test_four_channels_of_the_firm_bring_facts_and_the_base_has_over_1000_records():
    data, _ = simulate_intel(1_200, seed=19)
    firm = data[data["channel"] != ""]
    assert {*firm["channel"]} == {*FIRM_CHANNELS}
    held = firm.groupby("channel")["account_id"].nunique()
    assert held["existing customers"] > 1_000
    reliable = SourceFusion().fit(data).reliability_
    # What existing customers say is worth more than what a street sweep finds: it is learnt.
    assert reliable["existing customers"] > reliable["street sweep"] + 0.1


@pytest.mark.curriculum("S20")
@pytest.mark.parametrize("seed", range(20))
def test_fused_sources_err_less_than_the_best_single_source_and_know_how_much(seed):
    data, truth = simulate_intel(400, seed=seed)
    assert {*data["side"]} == {"firm", "public", "inside"}
    fused = SourceFusion().fit(data)
    found = merged(fused.predict(), truth)
    wrong = (found["value"] != found["value_true"]).mean()
    single = merged(data, truth).assign(wrong=lambda f: f["value"] != f["value_true"])
    # The best source, on the facts it reports at all: engineers are wrong in .15 of them.
    best = single.groupby("source")["wrong"].mean().min()
    assert wrong < best - 3 * np.sqrt(best * (1 - best) / len(found))
    # So is the majority, which believes a street sweep as much as an engineer.
    votes = data.groupby(["account_id", "field"])["value"].agg(lambda v: v.mode().iloc[0])
    majority = merged(votes.reset_index(), truth)
    assert wrong < (majority["value"] != majority["value_true"]).mean()
    # Confidence is what it says: over 1,600 facts.
    assert 1 - found["confidence"].mean() == pytest.approx(wrong, abs=3 * np.sqrt(0.07 / 1_600))


@pytest.mark.curriculum("S20")
@pytest.mark.parametrize("seed", range(20))
def test_reliability_is_learnt_without_the_truth(seed):
    fused = SourceFusion().fit(simulate_intel(400, seed=seed).data).summary()
    for row in fused.itertuples():
        right = INTEL_SOURCES[row.source].right
        # Its own luck, and a fifth more since the truth is only inferred; 200 comparisons.
        error = np.sqrt(right * (1 - right) / row.reports)
        assert abs(row.reliability - right) < 4.5 * error


def test_sources_that_copy_each_other_deceive_and_are_found():
    alone, copied = (simulate_intel(800, copied=share, seed=5) for share in (0.0, 0.9))
    fused = [SourceFusion().fit(world.data) for world in (alone, copied)]
    wrong = [
        (merged(one.predict(), world.truth).eval("value != value_true")).mean()
        for one, world in zip(fused, (alone, copied), strict=True)
    ]
    assert wrong[1] > wrong[0]
    assert fused[1].reliability_["advertisements"] > fused[0].reliability_["advertisements"] + 0.1
    first = fused[1].agreement().iloc[0]
    assert {first["source"], first["other"]} == {"advertisements", "websites"}
    assert first["same_error"] > 0.8
    # Where nobody copies, all pairs agree in errors about as seldom as by chance.
    assert fused[0].agreement()["same_error"].max() < 0.4


# simulate_intel


def test_sources_know_and_err_as_planted():
    data, truth = simulate_intel(3_000, seed=6)
    found = merged(data, truth).assign(right=lambda f: f["value"] == f["value_true"])
    for name, source in INTEL_SOURCES.items():
        part = found[found["source"] == name]
        known = len(part) / len(truth)
        assert known == pytest.approx(source.knows, abs=3.5 * np.sqrt(0.25 / len(truth)))
        error = 3.5 * np.sqrt(source.right * (1 - source.right) / len(part))
        assert part["right"].mean() == pytest.approx(source.right, abs=error)


# for any data


def test_row_order_does_not_matter():
    data = simulate_intel(100, seed=7).data
    one, other = (SourceFusion().fit(f) for f in (data, data.sample(frac=1, random_state=1)))
    pd.testing.assert_frame_equal(one.predict()[["account_id", "field", "value"]],
                                  other.predict()[["account_id", "field", "value"]])  # fmt: skip
    assert one.summary()["reliability"].to_numpy() == pytest.approx(
        other.summary()["reliability"].to_numpy()
    )


# when misused


def test_refuses_what_nobody_can_decide():
    data = simulate_intel(10, seed=8).data
    with pytest.raises(OutOfRangeError, match="With fewer than 3 nobody can tell"):
        SourceFusion().fit(data[data["source"].isin(["engineers", "websites"])])
    with pytest.raises(BadRowsError, match=r"same source has told already: \[\d+"):
        SourceFusion().fit(pd.concat([data, data.head(1)]))
    with pytest.raises(BadRowsError, match="have no value"):
        SourceFusion().fit(data.assign(value=None))
    with pytest.raises(MissingColumnsError, match="source"):
        SourceFusion().fit(data.drop(columns="source"))
    with pytest.raises(CrmlabError, match="nothing is learnt yet"):
        SourceFusion().predict()
    with pytest.raises(OutOfRangeError, match="values must be 2 or more"):
        SourceFusion(values=1)
    with pytest.raises(OutOfRangeError, match=r"values=2, but '\w+' has \d of them"):
        SourceFusion(values=2).fit(data)
    with pytest.raises(OutOfRangeError, match="copied must lie in"):
        simulate_intel(5, copied=2, seed=1)
