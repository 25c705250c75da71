"""Matcher: what EM learns without labels, against the truth that was planted."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.errors import MissingColumnsError, OutOfRangeError
from crmlab.identity import Matcher

# How often matches (m) and others (u) reach the levels 0, 1, ….
M = {"name": (0.05, 0.10, 0.85), "phone": (0.15, 0.85), "email": (0.1, 0.9), "city": (0.2, 0.8)}
U = {"name": (0.90, 0.08, 0.02), "phone": (0.95, 0.05), "email": (0.97, 0.03), "city": (0.7, 0.3)}


def pairs_of(n, *, share=0.3, missing=0.1, seed):
    """Draw levels of `n` pairs straight from the model; return them and who is a match."""
    rng = np.random.default_rng(seed)
    match = rng.random(n) < share
    table = {"left": np.arange(n), "right": np.arange(n) + n}
    for field in M:
        drawn = [rng.choice(len(one[field]), n, p=one[field]) for one in (M, U)]
        level = np.where(match, *drawn)
        table[field] = np.where(rng.random(n) < missing, -1, level).astype("int8")
    return pd.DataFrame(table), match


def planted(table):
    """Return the true m and u of the rows of a summary."""
    rows = [*zip(table["field"], table["level"], strict=True)]
    return [np.array([kind[field][level] for field, level in rows]) for kind in (M, U)]


# by hand


def test_the_weight_of_a_level_is_how_many_times_it_doubles_the_odds():
    pairs, _ = pairs_of(2_000, seed=1)
    matcher = Matcher().fit(pairs)
    table = matcher.summary().set_index(["field", "level"])
    for field in M:
        for level in range(len(M[field])):
            doubled = np.log2(matcher.m_[field][level] / matcher.u_[field][level])
            assert table.loc[(field, level), "weight"] == pytest.approx(doubled)
    assert [*table.index[:3]] == [("name", 2), ("name", 1), ("name", 0)]


def test_a_prediction_is_the_prior_and_the_weights_of_its_fields_by_bayes():
    pairs, _ = pairs_of(2_000, seed=1)
    matcher = Matcher().fit(pairs)
    one = pd.DataFrame({"left": [1], "right": [2], "name": 2, "phone": 0, "email": -1, "city": 1})
    share = matcher.share_
    for_it, against = share, 1 - share
    for field, level in {"name": 2, "phone": 0, "city": 1}.items():
        for_it *= matcher.m_[field][level]
        against *= matcher.u_[field][level]
    found = matcher.predict(one)
    assert found["probability"].iloc[0] == pytest.approx(for_it / (for_it + against))
    assert found["weight"].iloc[0] == pytest.approx(np.log2(for_it / against))
    told = matcher.explain(one.iloc[0])
    assert told["field"].tolist() == ["prior", *M]
    assert told["level"].tolist() == [-1, 2, 0, -1, 1]
    assert told.set_index("field").loc["email", "weight"] == 0
    assert told["total"].iloc[-1] == pytest.approx(found["weight"].iloc[0])


def test_the_threshold_decides_what_matches():
    pairs, _ = pairs_of(2_000, seed=1)
    low, high = (Matcher(threshold=one).fit(pairs).predict(pairs) for one in (0.01, 0.99))
    assert (low["match"] == (low["probability"] >= 0.01)).all()
    assert low["match"].sum() > high["match"].sum() > 0


def test_a_field_that_nobody_fills_says_nothing():
    pairs, _ = pairs_of(2_000, seed=1)
    empty = pairs.assign(fax=np.int8(-1))
    with_it, without = Matcher().fit(empty), Matcher().fit(pairs)
    found, expected = with_it.predict(empty)["weight"], without.predict(pairs)["weight"]
    np.testing.assert_allclose(found, expected)


def test_a_level_above_all_that_were_seen_counts_as_the_highest_seen():
    pairs, _ = pairs_of(2_000, seed=1)
    matcher = Matcher().fit(pairs)
    seen, above = (matcher.predict(pairs.head(1).assign(phone=level)) for level in (1, 2))
    pd.testing.assert_frame_equal(seen, above)


# against the formula


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_em_finds_the_planted_rates_without_being_told(seed):
    pairs, match = pairs_of(20_000, seed=seed)
    matcher = Matcher().fit(pairs)
    table = matcher.summary()
    # Each within 3 of its own standard errors; levels of one field sum to 1, so of 2 levels both
    # are off alike: 2 x 6 numbers are free.
    for kind, truth in zip("mu", planted(table), strict=True):
        assert ((table[kind] - truth).abs() <= 3 * table[f"{kind}_error"]).all()
    # The share of matches is at best known as if matches were seen: sqrt(.3 .7 / 20,000) = .0032;
    # not seeing them costs less than as much again.
    assert matcher.share_ == pytest.approx(0.3, abs=3 * 2 * 0.0032)
    # With the planted rates Bayes' rule errs as often; what was learned errs no more by 3
    # standard errors of a share near .02 at n = 20,000, .003.
    wrong = (matcher.predict(pairs)["match"] != match).mean()
    best = Matcher()
    best.share_, best.m_, best.u_ = 0.3, *({f: np.array(k[f]) for f in M} for k in (M, U))
    assert wrong == pytest.approx((best.predict(pairs)["match"] != match).mean(), abs=0.003)


@pytest.mark.parametrize("share", [0.3, 0.1])
def test_intervals_cover_the_planted_rates_in_500_worlds(covers, few, share):
    inside = []
    for seed in few:
        table = Matcher(tol=1e-6).fit(pairs_of(2_000, share=share, seed=seed)[0]).summary()
        row = table.set_index(["field", "level"]).loc[("phone", 1)]
        off = [(row[k] - t["phone"][1]) / row[f"{k}_error"] for k, t in (("m", M), ("u", U))]
        inside.append(np.abs(off) <= 1.959964)
    for part, held in zip(("m", "u"), np.transpose(inside), strict=True):
        covers(
            held, "identity.Matcher.summary", f"2,000 pairs, {share:.0%} of them matches", part=part
        )


# for any data


@settings(max_examples=15)
@given(st.integers(0, 999))
def test_the_order_of_rows_does_not_matter_and_the_input_is_untouched(seed):
    pairs, _ = pairs_of(600, seed=7)
    before = pairs.copy()
    matcher = Matcher().fit(pairs)
    again = Matcher().fit(pairs.sample(frac=1, random_state=seed))
    pd.testing.assert_frame_equal(matcher.summary(), again.summary())
    probability = matcher.predict(pairs)["probability"]
    assert probability.between(0, 1).all()
    pd.testing.assert_frame_equal(pairs, before)


def test_more_agreement_never_speaks_less_for_a_match_here():
    pairs, _ = pairs_of(20_000, seed=5)
    weights = Matcher().fit(pairs).summary().groupby("field")["weight"]
    assert weights.apply(lambda one: one.is_monotonic_decreasing).all()


# when misused


@pytest.mark.parametrize(
    "spoil",
    [
        lambda pairs: pairs.assign(name=pairs["name"] / 2),
        lambda pairs: pairs.assign(name=-2),
        lambda pairs: pairs.assign(name="same"),
    ],
)
def test_refuses_what_are_no_levels(spoil):
    with pytest.raises(OutOfRangeError, match=r"\['name'\] hold no levels"):
        Matcher().fit(spoil(pairs_of(50, seed=1)[0]))


@pytest.mark.parametrize("rows", [0, 1])
def test_refuses_pairs_of_which_too_few_fields_differ(rows):
    with pytest.raises(OutOfRangeError, match="3 fields or more must differ"):
        Matcher().fit(pairs_of(50, seed=1)[0].head(rows))
    two = pairs_of(500, seed=1)[0].drop(columns=["email", "city"])
    with pytest.raises(OutOfRangeError, match=r"these do: \['name', 'phone'\]"):
        Matcher().fit(two)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_refuses_pairs_that_are_all_of_one_kind(seed):
    for share in (0.0, 1.0):
        with pytest.raises(OutOfRangeError, match="2000 pairs fall into no two kinds"):
            Matcher().fit(pairs_of(2_000, share=share, missing=0, seed=seed)[0])


def test_refuses_to_stop_before_it_has_settled():
    with pytest.raises(OutOfRangeError, match="EM still moves after 2 steps"):
        Matcher(max_iter=2).fit(pairs_of(500, seed=1)[0])


def test_refuses_bad_arguments_missing_columns_and_use_before_fit():
    pairs, _ = pairs_of(500, seed=1)
    with pytest.raises(OutOfRangeError, match="threshold must lie in"):
        Matcher(threshold=0).fit(pairs)
    with pytest.raises(MissingColumnsError, match="left"):
        Matcher().fit(pairs.drop(columns="left"))
    with pytest.raises(MissingColumnsError, match="city"):
        Matcher().fit(pairs).predict(pairs.drop(columns="city"))
    for ask in ("summary", "predict", "explain"):
        with pytest.raises(OutOfRangeError, match="call fit"):
            getattr(Matcher(), ask)(*[] if ask == "summary" else [pairs])
