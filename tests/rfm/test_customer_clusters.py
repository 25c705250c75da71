"""CustomerClusters and simulate_telecom: six variables find what money alone does not."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.cluster import DBSCAN, AgglomerativeClustering
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import BayesianGaussianMixture
from sklearn.preprocessing import StandardScaler

from crmlab.errors import BadRowsError, MissingColumnsError, NotAllowedError, OutOfRangeError
from crmlab.rfm import CustomerClusters, plot_cluster_profiles, simulate_telecom

SIX = [
    "charges_cny",
    "usage_minutes",
    "late_bills",
    "credit_score",
    "service_requests",
    "registered_services",
]
PLAIN_RFM = ["days_since_last", "usage_minutes", "charges_cny"]

# by hand

FOUR = pd.DataFrame({"minutes": [900.0, 20.0, 880.0, 30.0], "calls": [9, 1, 7, 1]}, index=[*"abcd"])


@pytest.mark.parametrize("method", ["kmeans", "mixture"])
def test_two_talkers_and_two_silent_ones_are_two_clusters_the_talkers_first(method):
    model = CustomerClusters(2, columns=["minutes", "calls"], method=method).fit(FOUR)
    assert model.labels_.to_dict() == {"a": 1, "b": 2, "c": 1, "d": 2}
    new = pd.DataFrame({"minutes": [870.0, 24.0], "calls": [8, 1]})
    assert model.predict(new).to_list() == [1, 2]


def test_any_estimator_of_scikit_learn_may_find_them_and_is_left_as_it_was():
    own = AgglomerativeClustering(linkage="single")
    model = CustomerClusters(2, columns=["minutes", "calls"], method=own).fit(FOUR)
    assert model.labels_.to_list() == [1, 2, 1, 2]
    assert model.summary().query("variable == 'minutes'")["customers"].to_list() == [2, 2]
    assert not hasattr(own, "labels_")
    with pytest.raises(NotAllowedError, match="no rule for customers whom it has not seen"):
        model.predict(FOUR)


def test_who_is_in_no_cluster_of_the_estimator_is_in_cluster_0():
    lone = pd.concat([FOUR, FOUR.tail(1).assign(minutes=5_000.0)], ignore_index=True)
    model = CustomerClusters(2, columns=["minutes"], method=DBSCAN(eps=0.1, min_samples=2))
    assert model.fit(lone).labels_.to_list() == [1, 2, 1, 2, 0]
    assert model.summary()["cluster"].to_list() == [0, 1, 2]


def test_where_nobody_is_in_a_cluster_there_is_none_to_summarise():
    model = CustomerClusters(2, columns=["minutes"], method=DBSCAN(eps=1e-9, min_samples=3))
    assert model.fit(FOUR).summary()[["cluster", "customers"]].to_numpy().tolist() == [[0, 4]]


def test_a_cluster_that_is_nobodys_nearest_stays_in_the_summary():
    model = CustomerClusters(2, columns=["minutes"], method=BayesianGaussianMixture())
    sizes = model.fit(FOUR).summary().set_index("cluster")["customers"]
    assert sizes.index.to_list() == [1, 2]
    assert sizes.sum() == 4


def test_an_estimator_that_finds_the_number_by_another_setting_keeps_it():
    near = AgglomerativeClustering(n_clusters=None, distance_threshold=0.5)
    assert CustomerClusters(2, columns=["minutes"], method=near).fit(FOUR).labels_.max() == 2


def test_a_model_can_be_cloned_and_tuned():
    model = CustomerClusters(2, columns=["minutes"], method=AgglomerativeClustering(), seed=3)
    again = clone(model).set_params(n_clusters=4)
    assert (again.columns, again.seed, again.n_clusters) == (["minutes"], 3, 4)
    assert again.fit(FOUR).labels_.max() == 4


def test_the_summary_gives_each_mean_in_its_unit_its_error_and_its_place_among_all():
    table = CustomerClusters(2, columns=["minutes", "calls"]).fit(FOUR).summary()
    expected = pd.DataFrame(
        {
            "cluster": [1, 1, 2, 2],
            "customers": [2, 2, 2, 2],
            "variable": ["minutes", "calls"] * 2,
            "mean": [890.0, 8.0, 25.0, 1.0],
            # Half the difference of two values is the standard error of their mean.
            "standard_error": [10.0, 1.0, 5.0, 0.0],
            "z": [
                (890 - 457.5) / FOUR["minutes"].std(ddof=0),
                (8 - 4.5) / FOUR["calls"].std(ddof=0),
                (25 - 457.5) / FOUR["minutes"].std(ddof=0),
                (1 - 4.5) / FOUR["calls"].std(ddof=0),
            ],
        }
    )
    pd.testing.assert_frame_equal(table, expected)


def test_the_unit_of_a_variable_does_not_decide():
    customers = simulate_telecom(400, seed=1).data
    one = CustomerClusters(4, columns=SIX).fit(customers)
    in_fen = customers.assign(charges_cny=100 * customers["charges_cny"])
    pd.testing.assert_series_equal(
        one.labels_, CustomerClusters(4, columns=SIX).fit(in_fen).labels_
    )


def test_changing_the_summary_does_not_change_the_model():
    model = CustomerClusters(2, columns=["minutes"]).fit(FOUR)
    table = model.summary()
    table["mean"] = 0
    assert (model.summary()["mean"] > 0).all()


# against the truth


@pytest.mark.curriculum("S65")
@pytest.mark.parametrize("method", ["kmeans", "mixture"])
@pytest.mark.parametrize("seed", range(20))
def test_six_variables_find_the_segments_and_plain_rfm_does_not(method, seed):
    customers, truth = simulate_telecom(1_000, seed=seed)
    assert len(SIX) == 6
    agreement = {
        len(columns): adjusted_rand_score(
            truth["segment"],
            CustomerClusters(4, columns=columns, method=method).fit(customers).labels_,
        )
        for columns in (SIX, PLAIN_RFM)
    }
    assert agreement[6] >= 0.8
    assert agreement[3] < 0.5


def test_a_value_that_many_share_makes_no_cluster_of_its_own():
    # Two groups a whole unit apart; a third of all customers stand at exactly 0 in the other.
    rng = np.random.default_rng(5)
    group = np.repeat([0, 1], 300)
    shared = np.where(rng.random(600) < 1 / 3, 0.0, rng.normal(0, 1, 600))
    customers = pd.DataFrame({"minutes": group + rng.normal(0, 0.2, 600), "trips": shared})
    found = CustomerClusters(2, columns=["minutes", "trips"], method="mixture").fit(customers)
    assert adjusted_rand_score(group, found.labels_) >= 0.9


# the simulator, sentence by sentence


def test_columns_have_the_documented_dtypes():
    customers, truth = simulate_telecom(20, seed=0)
    real = {"charges_cny", "usage_minutes", "credit_score"}
    for name, dtype in customers.dtypes.astype(str).items():
        assert dtype == ("float64" if name in real else "int64")
    assert [*customers] == ["customer_id", *SIX, "days_since_last"]
    assert truth.dtypes.astype(str).to_dict() == {"customer_id": "int64", "segment": "str"}


def test_segments_have_the_documented_sizes():
    sizes = simulate_telecom(1_001, seed=3).truth["segment"].value_counts().to_dict()
    assert sizes == {
        "steady heavy": 300,
        "risky heavy": 201,
        "quiet light": 300,
        "curious light": 200,
    }


@pytest.mark.parametrize(
    ("segment", "charges", "minutes", "late", "credit", "requests", "registered", "days"),
    [
        ("steady heavy", 180, 900, 0.03, 80, 1.0, 0.5, 1.0),
        ("risky heavy", 180, 900, 0.45, 45, 4.0, 0.3, 1.0),
        ("quiet light", 40, 150, 0.05, 70, 0.5, 0.1, 4.0),
        ("curious light", 40, 150, 0.10, 65, 2.0, 0.7, 4.0),
    ],
)
def test_variables_follow_the_table(
    segment, charges, minutes, late, credit, requests, registered, days
):
    customers, truth = simulate_telecom(40_000, seed=2)
    some = customers[(truth["segment"] == segment).to_numpy()]
    means = {  # mean and variance of each variable, of its logarithm for the first two
        "charges_cny": (np.log(charges), 0.35**2),
        "usage_minutes": (np.log(minutes), 0.35**2),
        "late_bills": (12 * late, 12 * late * (1 - late)),
        "credit_score": (credit, 8**2),
        "service_requests": (requests, requests),
        "registered_services": (10 * registered, 10 * registered * (1 - registered)),
        "days_since_last": (days, days * (1 + days)),
    }
    for name, (mean, variance) in means.items():
        values = np.log(some[name]) if name in SIX[:2] else some[name]
        # 3.3 standard errors: 28 means are looked at. The cut of the score at 100 moves its
        # mean by less than 0.02.
        tolerance = 3.3 * np.sqrt(variance / len(some)) + 0.02 * (name == "credit_score")
        assert values.mean() == pytest.approx(mean, abs=tolerance)
    assert customers["credit_score"].between(0, 100).all()


# for any data

points = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=3, max_size=20)


@settings(max_examples=25)
@given(points, st.integers(1, 3))
def test_row_order_does_not_matter_and_the_input_is_untouched(rows, n):
    customers = pd.DataFrame(rows, columns=["x", "y"])
    if len(customers.drop_duplicates()) < n:
        return
    before = customers.copy()
    model = CustomerClusters(n, columns=["x", "y"]).fit(customers)
    backwards = CustomerClusters(n, columns=["x", "y"]).fit(customers.iloc[::-1])
    pd.testing.assert_series_equal(model.labels_, backwards.labels_.sort_index())
    pd.testing.assert_frame_equal(model.summary(), backwards.summary())
    pd.testing.assert_frame_equal(customers, before)
    assert model.labels_.between(1, n).all()


# when misused


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"n_clusters": 5}, "5 clusters need as many different customers; there are 4"),
        ({"n_clusters": 0}, "n_clusters must be 1 or more; got 0"),
        ({"method": "magic"}, "method must be 'kmeans', 'mixture', or an estimator"),
        ({"method": StandardScaler()}, "estimator that finds clusters"),
        ({"method": AgglomerativeClustering}, "estimator that finds clusters"),
        ({"columns": ["minutes", "name"]}, r"columns must be numbers; \['name'\] are not"),
    ],
)
def test_refuses_what_gives_no_clusters(arguments, words):
    model = CustomerClusters(**{"n_clusters": 2, "columns": ["minutes"], **arguments})
    with pytest.raises(OutOfRangeError, match=words):
        model.fit(FOUR.assign(name="x"))


def test_names_missing_columns_and_values_and_a_model_that_is_not_fitted():
    model = CustomerClusters(2, columns=["minutes"])
    with pytest.raises(OutOfRangeError, match=r"call fit\(customers\) first"):
        model.predict(FOUR)
    with pytest.raises(OutOfRangeError, match=r"call fit\(customers\) first"):
        model.summary()
    with pytest.raises(MissingColumnsError, match=r"missing \['minutes'\]"):
        model.fit(FOUR[["calls"]])
    with pytest.raises(BadRowsError, match=r"1 row\(s\) have no minutes: \[1\]"):
        model.fit(FOUR.assign(minutes=[1.0, None, 2.0, 3.0]))


def test_refuses_a_world_without_customers():
    with pytest.raises(OutOfRangeError, match="n must be 1 or more; got 0"):
        simulate_telecom(0, seed=1)


# the picture


def test_writes_each_mean_in_its_unit_and_each_cluster_with_its_size(ax):
    profiles = CustomerClusters(2, columns=["minutes", "calls"]).fit(FOUR).summary()
    assert plot_cluster_profiles(profiles, ax=ax) is ax
    assert [text.get_text() for text in ax.texts] == ["890", "25", "8", "1"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["minutes", "calls"]
    labels = [label.get_text() for label in ax.get_xticklabels()]
    assert labels == ["1\n(2 customers)", "2\n(2 customers)"]


def test_draws_on_the_current_axes_and_says_which_frame_it_wants(ax):
    profiles = CustomerClusters(1, columns=["minutes"]).fit(FOUR).summary()
    assert plot_cluster_profiles(profiles) is ax
    with pytest.raises(MissingColumnsError, match=r"missing \['z'\]"):
        plot_cluster_profiles(profiles.drop(columns="z"))
