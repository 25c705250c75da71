"""How well we know a rival, where we are better, and how long it lasts: measured, not ticked."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.accounts import (
    compare_factors,
    knowledge_level,
    persistence,
    plot_persistence,
    simulate_copies,
    simulate_knowledge,
    simulate_ratings,
    source_reliability,
)
from crmlab.errors import BadRowsError, OutOfRangeError, WrongTypeError

# by hand


@pytest.mark.curriculum("S99")
@pytest.mark.parametrize(
    ("known", "level"),
    [((), 0), ((1,), 1), ((1, 2, 3, 4, 5), 5), ((1, 2, 4, 5), 2), ((2, 3, 4, 5), 0)],
)
def test_levels_go_from_1_to_5_and_a_gap_caps_the_level(known, level):
    statements, truth = simulate_knowledge(200, known=known, seed=11)
    found = knowledge_level(statements)
    assert found["level"].tolist() == [1, 2, 3, 4, 5]
    assert found["known"].tolist() == truth["known"].tolist()
    assert found["reached"].sum() == level


@pytest.mark.curriculum("S98")
def test_each_statement_comes_from_one_of_four_sources_and_the_best_is_found():
    statements, _ = simulate_knowledge(600, known=(1, 2, 3, 4, 5), seed=12)
    found = source_reliability(statements).set_index("source")["reliability"]
    assert len(found) == 4
    # 750 statements each: three standard errors of a reliability are 3 * 0.5 / 0.75 / sqrt(750).
    planted = [0.5, 0.7, 0.4, 0.9]
    assert found.tolist() == pytest.approx(planted, abs=3 * 0.5 / 0.75 / 750**0.5)


@pytest.mark.curriculum("S100")
def test_three_columns_share_all_factors_among_them():
    gaps = {"price": 1.0, "range": 0.05, "service": -0.8, "speed": 0.0}
    ratings, _ = simulate_ratings(2_000, gaps=gaps, seed=5)
    found = compare_factors(ratings).set_index("factor")
    assert {*found["standing"]} == {"better", "equal", "worse"}
    assert found["standing"].value_counts().sum() == len(gaps)
    assert found["standing"].to_dict() == {
        "price": "better",
        "range": "equal",
        "speed": "equal",
        "service": "worse",
    }
    assert found["sure"].all()


@pytest.mark.curriculum("S101")
def test_four_cells_with_the_border_at_two_to_three_years():
    compared = pd.DataFrame(
        {"factor": ["a", "b", "c", "d"], "standing": ["better", "better", "worse", "worse"]}
    )
    years = {"a": [4, 5, 6], "b": [1, 1.5, 4], "c": [3.5, 5, 9], "d": [0.5, 1, 1]}
    copies = pd.DataFrame(
        [(factor, year, True) for factor, all_ in years.items() for year in all_],
        columns=["factor", "years", "copied"],
    )
    found = persistence(compared, copies).set_index("factor")
    assert found["cell"].to_dict() == {
        "a": "competitive advantage",
        "b": "temporary strength",
        "c": "hard-to-change weakness",
        "d": "temporary weakness",
    }
    assert not found["on_border"].any()
    # Copied after 2.5 years: neither within two nor after three.
    between = copies.assign(years=2.4)
    assert persistence(compared, between)["on_border"].all()


# against the truth


@pytest.mark.parametrize("seed", range(20))
def test_differences_are_found_and_sure_columns_are_right(seed):
    n = 300
    ratings, truth = simulate_ratings(n, seed=seed)
    found = compare_factors(ratings).set_index("factor")
    gap = truth.set_index("factor")["gap"].loc[found.index]
    # Five factors in twenty worlds: 3.5 standard errors of 0.7 * sqrt(2) / sqrt(n).
    assert ((found["difference"] - gap).abs() < 3.5 * 0.7 * 2**0.5 / n**0.5).all()
    planted = np.select([gap > 0.2, gap < -0.2], ["better", "worse"], "equal")
    assert (found["standing"] == planted)[found["sure"]].all()


@pytest.mark.parametrize("n", [12, 80])
def test_the_interval_of_a_difference_holds_the_truth(covers, few, n):
    held = []
    for seed in few:
        ratings, _ = simulate_ratings(n, gaps={"price": 0.3}, seed=seed)
        found = compare_factors(ratings).iloc[0]
        held.append(found["low"] <= 0.3 <= found["high"])
    covers(held, "accounts.compare_factors", f"{n} customers")


@pytest.mark.parametrize("n", [20, 100])
def test_intervals_of_what_came_true_hold_the_truth(covers, few, n):
    levels, sources = [], []
    for seed in few:
        statements, _ = simulate_knowledge(n, known=(1, 2, 3, 4, 5), seed=seed)
        level, source = knowledge_level(statements), source_reliability(statements)
        # Sources are right beyond chance in 0.5, 0.7, 0.4 and 0.9 of the cases, and as often.
        levels.append((level["low"] <= 0.71875) & (level["high"] >= 0.71875))
        media = source.set_index("source").loc["media"]
        sources.append(media["low"] <= 0.55 <= media["high"])
    covers(np.array(levels)[:, 0], "accounts.knowledge_level", f"{n} statements at a level")
    covers(sources, "accounts.source_reliability", f"{n} statements at a level", part="media")


@pytest.mark.parametrize("seed", range(20))
def test_how_long_factors_last_is_found_though_many_are_still_open(seed):
    copies, truth = simulate_copies(300, seed=seed)
    compared = truth[["factor"]].assign(standing="better")
    found = persistence(compared, copies).set_index("factor")
    lasts = truth.set_index("factor")["median_years"] > 2.5
    assert (found["cell"] == "competitive advantage").equals(lasts.loc[found.index])
    for row in truth.itertuples():
        share = 2 ** (-2 / row.median_years)
        # At two years, two thirds or more of those not yet copied are still watched.
        error = 3.2 * (share * (1 - share) / (300 * 0.66)) ** 0.5
        assert found.loc[row.factor, "open_early"] == pytest.approx(share, abs=error + 0.01)


def test_a_level_that_nobody_knows_passes_for_known_rarely():
    passed = [
        knowledge_level(simulate_knowledge(40, known=(), seed=seed).data)["known"]
        for seed in range(200)
    ]
    # One-sided 0.025 for each of five levels, a little more for small samples; 1,000 in all.
    assert np.mean(passed) < 0.025 + 3 * (0.025 / 1_000) ** 0.5 + 0.01


# for any data


@given(st.floats(0, 2), st.integers(0, 1_000))
def test_columns_share_all_factors_whatever_the_tolerance(tolerance, seed):
    rng = np.random.default_rng(seed)
    ratings = pd.DataFrame({"factor": list("aabbcc"), "us": rng.normal(size=6)})
    found = compare_factors(ratings.assign(rival=rng.normal(size=6)), tolerance=tolerance)
    assert len(found) == 3
    assert {*found["standing"]} <= {"better", "equal", "worse"}
    far = found["difference"].abs() > tolerance
    assert far.equals(found["standing"] != "equal")


# when misused


def test_what_says_nothing_is_refused():
    statements, _ = simulate_knowledge(10, seed=1)
    with pytest.raises(BadRowsError, match="no level of 1 to 5"):
        knowledge_level(statements.assign(level=6))
    with pytest.raises(BadRowsError, match=r"the source\(s\) \['a thief'\].*does not belong"):
        source_reliability(statements.assign(source="a thief"))
    with pytest.raises(BadRowsError, match="beyond 0 to 1"):
        knowledge_level(statements.assign(chance=25.0))
    with pytest.raises(BadRowsError, match="have one rating"):
        compare_factors(pd.DataFrame({"factor": ["a"], "us": [1.0], "rival": [2.0]}))
    ratings = pd.DataFrame({"factor": ["a", "a"], "us": [1.0, 2], "rival": [2.0, 2]})
    with pytest.raises(OutOfRangeError, match="tolerance"):
        compare_factors(ratings, tolerance=-1)
    for make, what in ((simulate_copies, "lives"), (simulate_ratings, "gaps")):
        with pytest.raises(WrongTypeError, match=f"{what} must be a mapping"):
            make(5, **{what: 0}, seed=1)
    copies, _ = simulate_copies(5, seed=1)
    compared = pd.DataFrame({"factor": ["charm"], "standing": ["better"]})
    with pytest.raises(BadRowsError, match=r"how long \['charm'\] take"):
        persistence(compared, copies)
    with pytest.raises(BadRowsError, match="it is 'better'"):
        persistence(compared.assign(standing="strong"), copies)
    with pytest.raises(OutOfRangeError, match="border must be years"):
        persistence(compared, copies, border=(3, 2))


@pytest.mark.parametrize(("us", "rival"), [(4.2, 4.0), (5.0, 4.8), (4.8, 5.0)])
def test_a_difference_of_the_tolerance_on_paper_is_equal(us, rival):
    ratings = pd.DataFrame({"factor": "price", "us": [us] * 3, "rival": [rival] * 3})
    assert compare_factors(ratings, tolerance=0.2)["standing"].tolist() == ["equal"]
    assert compare_factors(ratings, tolerance=0.19)["standing"].tolist() != ["equal"]


@pytest.mark.parametrize("half", range(1, 30))
def test_half_of_the_advantages_is_half_whatever_it_is_in_floating_point(half):
    compared = pd.DataFrame({"factor": ["price"], "standing": ["better"]})
    years = [1 + place / 100 for place in range(half)] + [9.0] * half
    found = persistence(compared, pd.DataFrame({"factor": "price", "years": years, "copied": True}))
    assert found["cell"].tolist() == ["temporary strength"]
    assert not found["on_border"].any()


def test_what_was_watched_for_too_short_a_time_has_no_cell(ax):
    compared = pd.DataFrame({"factor": ["price"], "standing": ["better"]})
    copies = pd.DataFrame({"factor": "price", "years": [0.5, 1.0, 1.9], "copied": False})
    found = persistence(compared, copies)
    assert found["cell"].isna().all()
    assert found["on_border"].all()
    plot_persistence(found, ax=ax)
    # The two lines that part the cells, and nothing else.
    assert len(ax.lines) == 2
    longer = persistence(compared, copies.assign(years=[0.5, 1.0, 2.0]))
    assert longer["cell"].tolist() == ["competitive advantage"]


def test_a_source_where_guessing_is_always_right_has_no_reliability():
    seen = pd.DataFrame({"source": ["media"], "chance": [1.0], "right": [False], "level": [1]})
    assert source_reliability(seen)["reliability"].isna().all()
