"""simulate_captive: frequent buyers are satisfied where they can choose, and only there."""

import numpy as np
import pandas as pd
import pytest

from crmlab.errors import OutOfRangeError
from crmlab.rfm import simulate_captive

N = 20_000
ERROR = 3 / np.sqrt(N)  # 3 standard errors of a rank correlation of nothing


def world(captive):
    return pd.concat(simulate_captive(N, captive=captive, seed=14), axis=1)


# the claim, and where it fails


def test_among_customers_who_can_choose_the_frequent_ones_are_the_satisfied_ones():
    free = world(0.0)
    often = free["purchases"] >= free["purchases"].quantile(0.8)
    assert free["purchases"].corr(free["satisfaction"], method="spearman") > ERROR
    leaving = free["would_leave"].groupby(often).mean()
    assert leaving[True] < leaving[False] - 3 * np.sqrt(0.25 / often.sum() + 0.25 / (~often).sum())


def test_with_captive_customers_the_frequent_ones_are_the_first_to_leave():
    mixed = world(0.3)
    often = mixed["purchases"] >= mixed["purchases"].quantile(0.8)
    assert mixed["purchases"].corr(mixed["satisfaction"], method="spearman") < -ERROR
    leaving = mixed["would_leave"].groupby(often).mean()
    # 3 standard errors of a difference of two shares.
    error = 3 * np.sqrt(0.25 / often.sum() + 0.25 / (~often).sum())
    assert leaving[True] > leaving[False] + error


# every sentence of the docstring


def test_purchases_have_the_documented_means_and_the_share_is_exact():
    mixed = world(0.3)
    assert mixed["captive"].sum() == 6_000
    tied, free = (mixed.loc[mixed["captive"] == kind, "purchases"] for kind in (True, False))
    assert tied.mean() == pytest.approx(30, abs=3 * np.sqrt(30 / len(tied)))
    # A Poisson count with lognormal mean m: variance m + m**2 (exp(0.09) - 1).
    mean = 10 * np.exp(0.045)
    variance = mean + mean**2 * np.expm1(0.09)
    assert free.mean() == pytest.approx(mean, abs=3 * np.sqrt(variance / len(free)))


def test_satisfaction_and_leaving_follow_the_mood():
    rng = np.random.default_rng(1)
    for kind, centre in ((True, -1.5), (False, 0.0)):
        half = world(0.5)
        some = half[half["captive"] == kind]
        mood = rng.normal(centre, 1, 400_000)
        for column, values, spread in (
            ("satisfaction", np.clip(np.round(6 + 1.5 * mood), 1, 10), 1.5),
            ("would_leave", 1 / (1 + np.exp(1 + 2 * mood)), 0.5),
        ):
            # 3 standard errors at 10,000 customers beside 400,000 drawn from the formula.
            error = 3 * spread * np.sqrt(1 / len(some) + 1 / len(mood))
            assert some[column].mean() == pytest.approx(values.mean(), abs=error)
    assert world(0.5)["satisfaction"].between(1, 10).all()


def test_columns_have_the_documented_dtypes():
    data, truth = simulate_captive(5, seed=0)
    expected = {"customer_id": "int64", "purchases": "int64", "satisfaction": "int64"}
    assert data.dtypes.astype(str).to_dict() == expected
    expected = {"customer_id": "int64", "captive": "bool", "would_leave": "bool"}
    assert truth.dtypes.astype(str).to_dict() == expected


# when misused


def test_refuses_a_world_without_customers_and_a_share_in_percent():
    with pytest.raises(OutOfRangeError, match="n must be 1 or more; got 0"):
        simulate_captive(0, seed=1)
    with pytest.raises(OutOfRangeError, match=r"captive must be a share in \[0, 1\]; got 30"):
        simulate_captive(9, captive=30, seed=1)
