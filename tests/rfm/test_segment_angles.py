"""segment, compare_angles, value_spread and simulate_segments: three ways to look."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.errors import BadRowsError, MissingColumnsError, OutOfRangeError
from crmlab.rfm import compare_angles, segment, simulate_segments, value_spread

ANGLES = ["external", "internal", "behaviour"]

# by hand


def test_the_spread_inside_segments_is_their_part_of_all_squared_deviations():
    spent = pd.DataFrame({"segment": [*"aabb"], "monetary": [1.0, 3.0, 5.0, 7.0]})
    expected = pd.DataFrame(
        {
            "segment": [*"ab"],
            "customers": [2, 2],
            "mean": [2.0, 6.0],
            "standard_deviation": [1.0, 1.0],
            "share_of_spread": [2 / 20, 2 / 20],
        }
    )
    pd.testing.assert_frame_equal(value_spread(spent), expected)
    renamed = spent.rename(columns={"segment": "tier", "monetary": "spend"})
    other = value_spread(renamed, value="spend", segment="tier")
    pd.testing.assert_frame_equal(other, expected)


def test_equal_values_have_no_spread_to_share():
    table = value_spread(pd.DataFrame({"segment": [1, 2], "monetary": [5, 5]}))
    assert table["share_of_spread"].isna().all()


def test_customers_alike_outside_share_a_segment_whatever_they_do():
    firms = pd.DataFrame(
        {
            "region": ["north", "south", "north", "south"],
            "organisation": ["school", "enterprise", "school", "enterprise"],
            "product": ["phone", "cloud", "phone", "cloud"],
            "frequency": [1, 1, 99, 99],
        }
    )
    found = segment(firms, angle="external", n_segments=2)
    assert found["segment"].iloc[0] == found["segment"].iloc[2]
    assert found["segment"].iloc[1] == found["segment"].iloc[3]
    assert found["segment"].nunique() == 2
    pd.testing.assert_frame_equal(found.drop(columns="segment"), firms)


# against the truth


@pytest.mark.curriculum("S56")
@pytest.mark.parametrize("angle", ANGLES)
def test_the_matching_angle_has_the_highest_adjusted_rand_index(angle):
    customers, truth = simulate_segments(1_500, angle=angle, seed=56)
    table = compare_angles(customers, truth).set_index("angle")["adjusted_rand"]
    assert table.idxmax() == angle
    assert table[angle] >= 0.5
    # The other angles are independent of the truth: about 0, with a standard error below
    # 1 / sqrt(n) for like-sized groups.
    assert (table.drop(angle).abs() < 3 / np.sqrt(1_500)).all()


@pytest.mark.curriculum("S56")
def test_prospects_are_rejected_for_behaviour_and_welcome_for_the_other_angles():
    customers = simulate_segments(100, prospects=0.3, seed=1).data
    with pytest.raises(BadRowsError, match=r"30 row\(s\) are prospects without a purchase: .*'ext"):
        segment(customers, angle="behaviour")
    for angle in ("external", "internal"):
        assert len(segment(customers, angle=angle)) == 100
    buyers = customers[customers["frequency"] > 0]
    assert len(segment(buyers, angle="behaviour")) == 70


@pytest.mark.curriculum("S56")
def test_seen_from_outside_almost_all_differences_in_value_stay_inside_the_segments():
    customers, truth = simulate_segments(1_500, angle="behaviour", seed=56)
    table = compare_angles(customers, truth).set_index("angle")["spread_within"]
    assert table["behaviour"] < 0.5
    assert table["external"] > 0.95


# the simulator, sentence by sentence


def test_columns_have_the_documented_dtypes():
    customers, truth = simulate_segments(20, seed=0)
    assert customers.dtypes.astype(str).to_dict() == {
        "customer_id": "int64",
        "region": "str",
        "organisation": "str",
        "product": "str",
        "age": "float64",
        "income_cny": "float64",
        "family_size": "int64",
        "days_since_last": "float64",
        "frequency": "int64",
        "monetary": "float64",
    }
    assert truth.dtypes.astype(str).to_dict() == {"customer_id": "int64", "segment": "int64"}


def test_every_angle_looks_the_same_whichever_was_chosen():
    frames = [simulate_segments(60, angle=angle, seed=5) for angle in ANGLES]
    for one in frames[1:]:
        pd.testing.assert_frame_equal(frames[0].data, one.data)
    assert not frames[0].truth.equals(frames[1].truth)


@pytest.mark.parametrize("n_segments", [2, 3, 4])
def test_numbers_follow_the_model(n_segments):
    n = 20_000
    inside, told = simulate_segments(n, angle="internal", n_segments=n_segments, seed=2)
    group = told["segment"] - 1
    size = n / n_segments
    assert told["segment"].value_counts().max() - told["segment"].value_counts().min() <= 1
    for g in range(n_segments):
        some = inside[(group == g).to_numpy()]
        p = (g + 0.5) / n_segments
        # 3.3 standard errors each.
        assert some["age"].mean() == pytest.approx(25 + 14 * g, abs=3.3 * 4 / np.sqrt(size))
        assert np.log(some["income_cny"]).mean() == pytest.approx(
            np.log(4000 * 1.7**g), abs=3.3 * 0.2 / np.sqrt(size)
        )
        assert some["family_size"].mean() == pytest.approx(
            1 + 4 * p, abs=3.3 * np.sqrt(4 * p * (1 - p) / size)
        )


def test_behaviour_follows_the_model():
    n = 30_000
    customers, told = simulate_segments(n, angle="behaviour", seed=2)
    for g in range(3):
        some = customers[(told["segment"] == g + 1).to_numpy()]
        mean, days, size = 3 * 2.5**g, 240 / 2.5**g, len(some)
        assert some["frequency"].mean() == pytest.approx(1 + mean, abs=3.3 * np.sqrt(mean / size))
        assert some["days_since_last"].mean() == pytest.approx(
            days, abs=3.3 * np.sqrt(days * (1 + days) / size)
        )
        ticket = np.log(some["monetary"] / some["frequency"])
        assert ticket.mean() == pytest.approx(
            np.log(100 * 1.3**g), abs=3.3 * 0.3 / np.sqrt(size) + 1e-3
        )


def test_the_groups_own_kind_is_seen_with_chance_85_percent_and_the_others_alike():
    n = 30_000
    customers, told = simulate_segments(n, angle="external", seed=2)
    kinds = {
        "region": ["north", "east", "south"],
        "organisation": ["individual", "enterprise", "government"],
        "product": ["phone", "broadband", "leased line"],
    }
    for name, known in kinds.items():
        place = customers[name].map({kind: number for number, kind in enumerate(known)})
        steps = ((place - (told["segment"] - 1)) % 3).value_counts(normalize=True)
        for step, share in ((0, 0.85), (1, 0.075), (2, 0.075)):
            error = 3.3 * np.sqrt(share * (1 - share) / n)
            assert steps[step] == pytest.approx(share, abs=error)


def test_prospects_have_bought_nothing_at_all():
    customers = simulate_segments(101, prospects=0.25, seed=1).data
    prospects = customers["frequency"] == 0
    assert prospects.sum() == 25
    assert (customers["days_since_last"].isna() == prospects).all()
    assert ((customers["monetary"] == 0) == prospects).all()


# for any data

valued = st.lists(st.tuples(st.integers(1, 3), st.floats(0, 1e4)), min_size=1, max_size=20).map(
    lambda rows: pd.DataFrame(rows, columns=["segment", "monetary"])
)


@given(valued)
def test_the_spread_inside_is_a_share_and_row_order_does_not_matter(frame):
    before = frame.copy()
    table = value_spread(frame)
    pd.testing.assert_frame_equal(table, value_spread(frame.iloc[::-1]))
    pd.testing.assert_frame_equal(frame, before)
    assert table["customers"].sum() == len(frame)
    assert -1e-9 <= table["share_of_spread"].sum() <= 1 + 1e-9


def test_segments_do_not_depend_on_the_order_of_the_rows():
    customers = simulate_segments(200, seed=3).data
    before = customers.copy()
    for angle in ANGLES:
        one = segment(customers, angle=angle)
        other = segment(customers.iloc[::-1], angle=angle).sort_index()
        pd.testing.assert_frame_equal(one, other)
    pd.testing.assert_frame_equal(customers, before)


# when misused


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"angle": "inner"}, "angle must be one of .*; got 'inner'"),
        ({"n_segments": 5}, "n_segments must be 2, 3 or 4; got 5"),
        ({"prospects": 1}, r"prospects must be a share in \[0, 1\); got 1"),
        ({"n": 0}, "n must be 1 or more; got 0"),
    ],
)
def test_refuses_a_world_that_cannot_be(arguments, words):
    with pytest.raises(OutOfRangeError, match=words):
        simulate_segments(**{"n": 9, "seed": 1, **arguments})


def test_refuses_unknown_angles_missing_columns_and_refunds():
    customers, truth = simulate_segments(30, seed=1)
    with pytest.raises(OutOfRangeError, match=r"angle must be one of .*; got 'inner'"):
        segment(customers, angle="inner")
    with pytest.raises(MissingColumnsError, match=r"missing \['region'\]"):
        segment(customers.drop(columns="region"), angle="external")
    with pytest.raises(BadRowsError, match=r"30 row\(s\) have no age"):
        segment(customers.assign(age=np.nan), angle="internal")
    with pytest.raises(OutOfRangeError, match="must be 0 or more; set refunds aside"):
        segment(customers.assign(monetary=-1.0), angle="behaviour")
    with pytest.raises(BadRowsError, match=r"1 row\(s\) have no true segment: \[0\]"):
        compare_angles(customers, truth.iloc[1:])


def test_a_spread_needs_rows_and_values():
    with pytest.raises(OutOfRangeError, match="number of rows must be 1 or more"):
        value_spread(pd.DataFrame({"segment": [], "monetary": []}))
    with pytest.raises(BadRowsError, match=r"1 row\(s\) have no monetary: \[0\]"):
        value_spread(pd.DataFrame({"segment": [1, 1], "monetary": [None, 1.0]}))
    with pytest.raises(MissingColumnsError, match=r"missing \['spend'\]; .* with value=…"):
        value_spread(pd.DataFrame({"segment": [1]}), value="spend")
