"""Early warning: the fading world, alarms at a fixed budget, and what beats what."""

import numpy as np
import pandas as pd
import pytest

from crmlab.errors import BadRowsError, CrmlabError, EmptyError, OutOfRangeError, WrongTypeError
from crmlab.lifetime import alarm_quality, raise_alarms, simulate_fading, warning_scores

DAYS = [str(day.date()) for day in pd.date_range("2024-01-07", "2024-06-30", freq="7D")]


# by hand


def test_each_customer_is_called_once_and_the_budget_is_kept():
    scores = pd.DataFrame(
        {
            "customer_id": [1, 2, 3, 1, 2, 3],
            "date": pd.to_datetime(["2024-01-01"] * 3 + ["2024-01-08"] * 3),
            "score": [0.5, 0.5, 0.1, 0.9, 0.8, 0.2],
        }
    )
    found = raise_alarms(scores, budget=1)
    assert found["customer_id"].tolist() == [1, 2]  # a tie goes to the lower id
    pd.testing.assert_frame_equal(found, raise_alarms(scores.iloc[::-1], budget=1))


def test_a_right_alarm_after_leaving_is_a_delay():
    alarms = pd.DataFrame({"customer_id": [1], "date": pd.to_datetime(["2024-03-01"])})
    truth = pd.DataFrame({"customer_id": [1], "gap_days": [10.0]})
    truth["fades_on"], truth["leaves_on"] = pd.Timestamp("2024-01-01"), pd.Timestamp("2024-02-20")
    found = alarm_quality(alarms, truth).iloc[0]
    assert (found["precision"], found["in_time"], found["mean_lead_gaps"]) == (1, 0, -1)


def test_scores_know_nothing_of_later_days():
    data = simulate_fading(300, seed=2).data
    early = data[data["date"] <= "2024-01-07"]
    for method in ("p_alive", "own_gap", "classifier"):
        one = warning_scores(data, days=["2024-01-07"], method=method)
        pd.testing.assert_frame_equal(
            one, warning_scores(early, days=["2024-01-07"], method=method)
        )


def test_the_rule_of_thumb_is_silence_over_the_own_gap():
    days = pd.to_datetime(["2024-01-01", "2024-01-11", "2024-01-21", "2024-01-31"])
    data = pd.DataFrame({"customer_id": 1, "date": days, "amount": 5.0})
    found = warning_scores(data, days=["2024-02-20"], method="own_gap")
    assert found["score"].tolist() == pytest.approx([2.0])
    assert len(warning_scores(data, days=["2024-02-20"], method="own_gap", lost_gaps=2)) == 1
    with pytest.raises(EmptyError):
        warning_scores(data, days=["2024-02-20"], method="own_gap", lost_gaps=1.9)


# the world, and the race


def test_customers_buy_at_their_pace_and_slower_when_they_fade():
    data, truth = simulate_fading(4_000, seed=1)
    end = pd.Timestamp("2024-12-31")
    stays = truth["fades_on"].clip(upper=end) - pd.Timestamp("2023-01-01")
    fading = truth["leaves_on"].clip(upper=end) - truth["fades_on"].clip(upper=end)
    row = data.iloc[1:].join(truth.set_index("customer_id"), on="customer_id")
    again = row[row["date"] > "2023-01-01"]
    early = (again["date"] < again["fades_on"]).sum()
    expected = (stays.dt.days / truth["gap_days"]).sum()
    # Poisson totals of over 80,000 and 5,000; the day of the change may go to either side.
    assert early == pytest.approx(expected, rel=0.02)
    late = (again["date"] > again["fades_on"]).sum()
    assert late == pytest.approx(0.3 * (fading.dt.days / truth["gap_days"]).sum(), rel=0.08)
    assert (again["date"] <= again["leaves_on"]).all()


@pytest.mark.curriculum("S110")
@pytest.mark.slow
def test_the_model_is_right_more_often_than_both_rivals_and_its_lead_is_above_nothing():
    # Twenty worlds, seeds fixed before; eight calls a week for half a year, to each rival alike.
    found = {}
    for seed in range(20):
        data, truth = simulate_fading(600, seed=seed)
        for method in ("p_alive", "own_gap", "classifier"):
            scores = warning_scores(data, days=DAYS, method=method)
            quality = alarm_quality(raise_alarms(scores, budget=5), truth)
            found.setdefault(method, []).append(quality)
    quality = {name: pd.concat(rows, ignore_index=True) for name, rows in found.items()}
    lead = quality["p_alive"]["mean_lead_gaps"]
    assert lead.mean() > 3 * lead.sem()
    for rival in ("own_gap", "classifier"):
        gain = quality["p_alive"]["precision"] - quality[rival]["precision"]
        assert gain.mean() > 2 * gain.sem()
    # And where it does not win, it says so: the classifier comes in time more often.
    gain = quality["p_alive"]["in_time"] - quality["classifier"]["in_time"]
    assert gain.mean() < 0


# when misused


def test_unknown_methods_days_and_customers_are_refused():
    data, truth = simulate_fading(50, seed=3)
    with pytest.raises(OutOfRangeError, match="method"):
        warning_scores(data, days=["2024-01-07"], method="magic")
    with pytest.raises(OutOfRangeError, match="rise"):
        warning_scores(data, days=["2024-02-07", "2024-01-07"])
    with pytest.raises(CrmlabError):
        warning_scores(data, days="2024-01-07")
    with pytest.raises(EmptyError):
        warning_scores(data, days=["2020-01-07"])
    alarms = pd.DataFrame({"customer_id": [9_999], "date": pd.to_datetime(["2024-03-01"])})
    with pytest.raises(BadRowsError):
        alarm_quality(alarms, truth)
    with pytest.raises(EmptyError):
        alarm_quality(alarms.iloc[:0], truth)


def test_amounts_of_the_fading_world_have_the_mean_of_the_docstring():
    amount = simulate_fading(2_000, seed=4).data["amount"]
    assert amount.mean() == pytest.approx(50, abs=3 * amount.std() / np.sqrt(len(amount)))


def test_a_day_has_one_budget_whatever_its_hours_and_a_customer_one_score_on_it():
    hours = pd.to_datetime(["2024-01-01 08:00", "2024-01-01 09:00", "2024-01-02 00:00"])
    scores = pd.DataFrame({"customer_id": [*"ABC"], "score": [1.0, 2, 3], "date": hours})
    assert raise_alarms(scores, budget=1)["customer_id"].tolist() == ["B", "C"]
    with pytest.raises(BadRowsError, match="same customer and day"):
        raise_alarms(scores.assign(customer_id=[*"AAC"]), budget=1)
    raise_alarms(scores.assign(customer_id=[*"ABA"]), budget=1)  # on another day


def test_a_truth_with_a_customer_twice_or_without_a_gap_is_refused():
    day = pd.Timestamp("2024-02-01")
    alarms = pd.DataFrame({"customer_id": [1], "date": [day]})
    truth = pd.DataFrame({"customer_id": [1, 2], "gap_days": 10.0, "fades_on": day})
    truth["leaves_on"] = day + pd.Timedelta(20, "D")
    assert alarm_quality(alarms, truth)["mean_lead_gaps"].item() == 2
    with pytest.raises(BadRowsError, match="more than once in truth"):
        alarm_quality(alarms, truth.assign(customer_id=1))
    with pytest.raises(OutOfRangeError, match="gap_days must be above 0"):
        alarm_quality(alarms, truth.assign(gap_days=0.0))
    with pytest.raises(WrongTypeError, match="date must hold dates"):
        alarm_quality(alarms.astype({"date": "str"}), truth)
