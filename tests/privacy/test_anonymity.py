"""k_anonymity, l_diversity, t_closeness, risk_by_quasi: how well people hide among others."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.errors import BadRowsError, MissingColumnsError, OutOfRangeError
from crmlab.privacy import k_anonymity, l_diversity, risk_by_quasi, simulate_people, t_closeness

# The inpatient table of Machanavajjhala et al. (2007), figure 2: 4-anonymous, twelve people.
INPATIENTS = pd.DataFrame(
    {
        "zip": ["130**"] * 4 + ["1485*"] * 4 + ["130**"] * 4,
        "age": ["< 30"] * 4 + [">= 40"] * 4 + ["3*"] * 4,
        "condition": ["heart", "heart", "virus", "virus"]
        + ["cancer", "heart", "virus", "virus"]
        + ["cancer"] * 4,
    }
)
# The salary table of Li, Li and Venkatasubramanian (2007), table 3: nine salaries, 3k to 11k.
SALARIES = pd.DataFrame(
    {"class": list("aaabbbccc"), "salary": [3, 4, 5, 6, 11, 8, 7, 9, 10]}, dtype="object"
).astype({"salary": "int64"})
QUASI = ["zip", "age"]

# by hand


def test_the_inpatients_are_four_anonymous_but_not_diverse():
    found = k_anonymity(INPATIENTS, quasi=QUASI)
    assert (found.k, found.people, found.classes, found.unique) == (4, 12, 3, 0)
    assert found.people_per_class == 4
    assert l_diversity(INPATIENTS, quasi=QUASI, sensitive="condition") == 1
    rest = INPATIENTS.head(8)
    assert l_diversity(rest, quasi=QUASI, sensitive="condition") == 2
    assert l_diversity(rest, quasi=QUASI, sensitive="condition", kind="entropy") == pytest.approx(2)


def test_entropy_counts_a_rare_value_for_less():
    people = pd.DataFrame({"area": "x", "note": ["a"] * 9 + ["b"]})
    assert l_diversity(people, quasi=["area"], sensitive="note") == 2
    by_hand = np.exp(-(0.9 * np.log(0.9) + 0.1 * np.log(0.1)))
    got = l_diversity(people, quasi=["area"], sensitive="note", kind="entropy")
    assert got == pytest.approx(by_hand)


def test_the_published_distances_of_the_salary_table():
    # Li et al., section 4.1: the class {3k, 4k, 5k} is 0.375 away, {6k, 8k, 11k} 0.167.
    all_of_it = t_closeness(SALARIES, quasi=["class"], sensitive="salary", ordered=True)
    assert all_of_it == pytest.approx(0.375)
    merged = SALARIES.replace({"class": {"a": "ac", "c": "ac"}})
    b = t_closeness(merged, quasi=["class"], sensitive="salary", ordered=True)
    assert b == pytest.approx(0.167, abs=0.0005)


def test_without_an_order_each_different_value_is_as_far():
    assert t_closeness(SALARIES, quasi=["class"], sensitive="salary") == pytest.approx(2 / 3)
    same = pd.DataFrame({"area": list("xxyy"), "note": list("abab")})
    assert t_closeness(same, quasi=["area"], sensitive="note") == 0
    assert t_closeness(same.assign(note="a"), quasi=["area"], sensitive="note", ordered=True) == 0


def test_two_who_hide_the_same_look_alike():
    people = pd.DataFrame({"sex": ["F", None, None], "born": [1980.0, np.nan, np.nan]})
    assert k_anonymity(people, quasi=["sex", "born"]).unique == 1


def test_every_subset_of_columns_has_its_risk():
    people = pd.DataFrame({"a": [1, 1, 2, 2], "b": [1, 2, 1, 2], "c": [1, 1, 1, 1]})
    table = risk_by_quasi(people, quasi=["a", "b", "c"])
    assert table["quasi_identifiers"].tolist() == [1, 1, 1, 2, 2, 2, 3]
    shares = dict(zip(table["columns"], table["share_unique"], strict=True))
    assert shares == {"a": 0, "b": 0, "c": 0, "a + b": 1, "a + c": 0, "b + c": 0, "a + b + c": 1}
    assert table["k"].tolist() == [2, 2, 4, 1, 2, 2, 1]


# against the formula


def test_a_million_codes_do_not_overflow():
    rng = np.random.default_rng(5)
    people = pd.DataFrame({f"c{i}": rng.integers(0, 5_000, 5_000) for i in range(8)})
    assert k_anonymity(people, quasi=[*people]).unique == 5_000
    twice = pd.concat([people, people], ignore_index=True)
    assert k_anonymity(twice, quasi=[*people]).k == 2


def test_banding_hides_people_as_the_closed_form_says():
    n = 20_000
    register = simulate_people(n, seed=7).data.register
    month = register.assign(birth_date=register["birth_date"].dt.strftime("%Y-%m"))
    found = k_anonymity(month, quasi=["birth_date", "sex", "postcode"])
    # 744 months of all but equal length, 2 sexes, 20 areas.
    alone = (1 - 1 / (2 * 20 * 744)) ** (n - 1)
    assert found.share_unique == pytest.approx(alone, abs=3 * np.sqrt(2 * alone * (1 - alone) / n))


# for any data

rows = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 4)), min_size=1)


@given(rows)
def test_agrees_with_counting_by_groups_and_leaves_the_input_alone(drawn):
    people = pd.DataFrame(drawn, columns=["a", "b", "secret"])
    before = people.copy()
    groups = people.groupby(["a", "b"])["secret"]
    found = k_anonymity(people, quasi=["a", "b"])
    assert (found.k, found.classes) == (groups.size().min(), groups.ngroups)
    assert l_diversity(people, quasi=["a", "b"], sensitive="secret") == groups.nunique().min()
    pd.testing.assert_frame_equal(people, before)


@given(rows)
def test_distances_agree_with_their_definitions_and_with_any_row_order(drawn):
    people = pd.DataFrame(drawn, columns=["a", "b", "secret"])
    secret = people["secret"].rank(method="dense").astype(int) - 1
    m = secret.max() + 1
    whole = np.bincount(secret, minlength=m) / len(people)
    for ordered in (False, True):
        worst = 0
        for _, part in secret.groupby([people["a"], people["b"]]):
            gap = np.bincount(part, minlength=m) / len(part) - whole
            far = abs(gap).sum() / 2
            if ordered:
                far = abs(np.cumsum(gap)).sum() / max(m - 1, 1)
            worst = max(worst, far)
        for frame in (people, people.iloc[::-1]):
            got = t_closeness(frame, quasi=["a", "b"], sensitive="secret", ordered=ordered)
            assert got == pytest.approx(worst, abs=1e-12)


# when misused


def test_names_what_is_missing():
    with pytest.raises(MissingColumnsError, match=r"missing \['born'\]"):
        k_anonymity(INPATIENTS, quasi=["born"])
    with pytest.raises(MissingColumnsError, match=r"missing \['note'\]"):
        l_diversity(INPATIENTS, quasi=QUASI, sensitive="note")


def test_refuses_nobody_and_nothing():
    with pytest.raises(OutOfRangeError, match="number of rows must be 1"):
        k_anonymity(INPATIENTS.head(0), quasi=QUASI)
    with pytest.raises(OutOfRangeError, match="number of quasi-identifiers must be 1"):
        k_anonymity(INPATIENTS, quasi=[])
    with pytest.raises(OutOfRangeError, match="number of quasi-identifiers must be one of"):
        risk_by_quasi(pd.DataFrame([range(11)]), quasi=[*range(11)])


def test_a_single_column_may_be_named_without_a_list():
    assert k_anonymity(INPATIENTS, quasi="zip").k == 4


def test_refuses_an_unknown_secret_and_an_unknown_kind():
    with pytest.raises(BadRowsError, match=r"1 row\(s\) have no condition: \[0\]"):
        l_diversity(
            INPATIENTS.replace({"condition": {"cancer": "x"}}).assign(
                condition=[None, *INPATIENTS["condition"][1:]]
            ),
            quasi=QUASI,
            sensitive="condition",
        )
    with pytest.raises(OutOfRangeError, match=r"kind must be one of \['distinct', 'entropy'\]"):
        l_diversity(INPATIENTS, quasi=QUASI, sensitive="condition", kind="recursive")


def test_rows_that_are_not_people_are_refused_or_their_people_counted():
    bought = pd.DataFrame({"customer_id": [1, 1, 1, 2], "city": ["a", "a", "b", "b"]})
    for measure in (
        lambda: k_anonymity(bought, quasi=["city"]),
        lambda: risk_by_quasi(bought, quasi=["city"]),
        lambda: l_diversity(bought, quasi=["city"], sensitive="city"),
        lambda: t_closeness(bought, quasi=["city"], sensitive="city"),
    ):
        with pytest.raises(BadRowsError, match="4 rows are of 2 customers"):
            measure()
    found = k_anonymity(bought, quasi=["city"], person="customer_id")
    # In a there is customer 1 alone, in b there are both.
    assert (found.k, found.people, found.classes, found.unique) == (1, 2, 2, 1)
    assert found.people_per_class == 1.5
