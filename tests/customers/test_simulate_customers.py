"""simulate_people and simulate_organisations: every sentence of their docstrings, as a test."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from crmlab.customers import simulate_organisations, simulate_people
from crmlab.errors import MissingColumnsError, OutOfRangeError

N = 40_000


@pytest.fixture(scope="module")
def town():
    return simulate_people(N, sensitive=True, seed=11)


@pytest.fixture(scope="module")
def firms():
    return simulate_organisations(5_000, sensitive=True, seed=12)


def near(share, expected, n):
    """Three standard errors of a share at n."""
    return share == pytest.approx(expected, abs=3 * np.sqrt(expected * (1 - expected) / n))


# nobody can be reached


def test_phones_are_kept_for_fiction_and_tell_80_000_people_apart_and_more_by_extension():
    people = simulate_people(80_001, seed=1).data.people
    assert people["phone"].str.fullmatch(r"\+1-\d{3}-555-01\d\d( ext. \d+)?").all()
    assert people["phone"].is_unique
    assert people["phone"].str.contains("ext").sum() == 1


def test_mails_are_at_domains_nobody_can_own_and_postcodes_no_chinese_one(town):
    people, homes = town.data.people, town.data.addresses
    assert people["email"].str.fullmatch(r"[a-z]+\.[a-z]+\d+@example\.(com|org|net)").all()
    assert people["email"].is_unique
    assert homes["postcode"].str.fullmatch(r"00\d{4}").all()
    assert town.data.people["bank_card"].str.fullmatch(r"0000\d{12}").all()


def test_names_come_in_chinese_and_in_latin_letters(town):
    people = town.data.people
    is_chinese = people["name"].str.fullmatch("[\u4e00-\u9fff]{2,3}")
    assert near(is_chinese.mean(), 0.95, N)
    assert (people.loc[~is_chinese, "name"] == people.loc[~is_chinese, "name_latin"]).all()
    assert people["name_latin"].str.fullmatch(r"[A-Z][a-z]+ [A-Z][a-zü]+").all()


# sensitive fields


def test_sensitive_fields_exist_and_are_empty_unless_asked_for_and_nothing_else_moves(town):
    plain = simulate_people(N, seed=11).data
    fields = ["blood_type", "medical_history", "bank_card"]
    assert plain.people[fields].isna().all().all()
    assert town.data.people[fields].notna().all().all()
    pd.testing.assert_frame_equal(
        plain.people.drop(columns=fields), town.data.people.drop(columns=fields)
    )
    assert [*plain.children.columns] == [*town.data.children.columns]
    assert len(plain.children) == 0
    assert simulate_organisations(9, seed=1).data.organisations["bank_account"].isna().all()
    assert simulate_organisations(9, sensitive=True, seed=1).data.organisations[
        "bank_account"
    ].notna().all()  # fmt: skip


# what hangs together


def test_every_customer_has_a_home_with_an_address_and_couples_are_married(town):
    people, homes = town.data.people, town.data.households
    assert {*people["household_id"]} == {*homes["household_id"]} == {*homes["address_id"]}
    assert {*homes["address_id"]} == {*town.data.addresses["address_id"]}
    in_home = people.groupby("household_id")
    couples = people[in_home["customer_id"].transform("size") == 2]
    assert (couples["marital_status"] == "married").all()
    assert (couples.groupby("household_id")["gender"].nunique() == 2).all()
    # A tenth of the pairs share, if the first of them is 22 or older; each has two: 3 standard
    # errors at n = 20,000 pairs.
    adult = ndtr((80 - 40) / 13) - ndtr((22 - 40) / 13)
    adult /= ndtr((80 - 40) / 13) - ndtr((18 - 40) / 13)
    assert near(len(couples) / N, 0.10 * adult, N / 2)
    born = couples.groupby("household_id")["birth_date"].agg(["min", "max"])
    assert (born["max"] - born["min"]).dt.days.max() < 6 * 3 * 365.25
    assert in_home.size().max() == 2


def test_spouses_are_on_file_unless_they_are_customers_themselves(town):
    people, homes = town.data.people, town.data.households.set_index("household_id")
    heads = people[people["customer_id"] == people["household_id"]].set_index("household_id")
    married = heads["marital_status"] == "married"
    couple = people["household_id"].value_counts().reindex(homes.index) == 2
    expected = married.reindex(homes.index) & ~couple
    for field in ("spouse_name", "spouse_birth_date", "spouse_personality", "spouse_hobby"):
        assert (homes[field].notna() == expected).all()
    age = (pd.Timestamp("2024-01-01") - heads["birth_date"]).dt.days / 365.25
    grown = (age >= 22.01).reindex(homes.index) & ~couple
    assert near(married[grown].mean(), 2 / 3, grown.sum())
    assert not married[(age < 21.99).reindex(homes.index)].any()


def test_children_are_as_many_as_their_home_says_and_go_to_school_by_age(town):
    homes, children = town.data.households.set_index("household_id"), town.data.children
    count = children["household_id"].value_counts().reindex(homes.index, fill_value=0)
    assert (count == homes["children"]).all()
    assert children["child_id"].is_unique
    age = (pd.Timestamp("2024-12-31") - children["birth_date"]).dt.days / 365.25
    stage = pd.cut(age, [-1, 3, 6, 12, 15, 19], right=False).cat.codes
    words = np.array(["none yet", "kindergarten", "primary", "middle", "high"])
    assert (children["schooling"] == words[stage]).all()
    assert (homes["members"] >= 1 + homes["children"]).all()
    heads = town.data.people.set_index("customer_id")["birth_date"]
    at_birth = (children["birth_date"] - children["household_id"].map(heads)).dt.days / 365.25
    assert at_birth.min() >= 19.9


def test_income_of_a_home_is_that_of_its_customers(town):
    total = town.data.people.groupby("household_id")["income_cny"].sum()
    homes = town.data.households.set_index("household_id")["income_cny"]
    pd.testing.assert_series_equal(total, homes)


def test_people_are_adults_on_joining_and_the_retired_have_no_employer(town):
    people = town.data.people
    age = (pd.Timestamp("2024-01-01") - people["birth_date"]).dt.days / 365.25
    assert age.between(17.99, 80.1).all()
    # No age stands out: of 23,000 days none has a hundredth of the people.
    assert people["birth_date"].value_counts().max() < N / 100
    retired = people["job_type"] == "retired"
    assert age[retired].min() >= 54.99
    assert near(retired[age >= 60].mean(), 0.9, (age >= 60).sum())
    assert (people["tenure_years"].dropna() <= age[~retired] - 17.99).all()
    assert not people.loc[age < 20.99, "education"].isin(["college", "postgraduate"]).any()
    assert {*people.loc[age < 24.99, "post"].dropna()} == {"junior"}
    for field in ("employer", "workplace", "post", "tenure_years"):
        assert (people[field].isna() == retired).all()


# what is planted


def test_income_grows_with_education_as_documented(town):
    log = np.log(town.data.people["income_cny"]).groupby(town.data.people["education"])
    base = {"middle school": 0.0, "high school": 0.2, "college": 0.5, "postgraduate": 0.8}
    for level, above in base.items():
        values = log.get_group(level)
        # 3 standard errors of a mean of noise 0.4; rounding to 100 CNY moves it by under 0.0005.
        error = 3 * 0.4 / np.sqrt(len(values)) + 5e-4
        assert values.mean() == pytest.approx(11 + above, abs=error)


def test_the_wallet_share_is_beta_3_3_and_the_loyalty_index_shows_it_with_error(town):
    share = town.truth["wallet_share"]
    # Beta(3, 3): mean 1/2, variance 1/28.
    assert share.mean() == pytest.approx(0.5, abs=3 * np.sqrt(1 / 28 / N))
    people = town.data.people
    ours = people["loyalty_index"] * people["category_spend_cny"]
    # The answer is rounded to 1 CNY, the index to four digits.
    rounding = 5e-5 * people["category_spend_cny"] + 0.5
    assert ((ours - 1_000).abs() <= rounding).all()
    inside = people["loyalty_index"] < 1
    error = np.log(people["loyalty_index"] / share)[inside & (share < 0.7)]
    # Lognormal error of the answer, sigma 0.1: 3 standard errors of its standard deviation.
    assert error.std() == pytest.approx(0.1, rel=3 / np.sqrt(2 * len(error)))
    assert np.allclose(people["loyalty_index"] + people["potential_index"], 1)


def test_a_share_consents_to_marketing_on_joining_and_a_tenth_withdraws_within_a_year(town):
    consents = town.data.consents
    counts = consents["purpose"].value_counts()
    assert near(counts["marketing"] / N, 0.8, N)
    assert near(counts["profiling"] / counts["marketing"], 0.7, counts["marketing"])
    assert near(counts["research"] / counts["marketing"], 0.5, counts["marketing"])
    assert near(consents["withdrawn_on"].notna().mean(), 0.1, len(consents))
    days = (consents["withdrawn_on"] - consents["given_on"]).dt.days.dropna()
    assert days.between(1, 365).all()


def test_quality_shows_in_four_judgements_as_far_as_their_noise_lets_it(firms):
    table = firms.data.organisations
    judged = table[["image", "sales_capability", "closeness", "willingness"]].mean(axis=1)
    found = np.corrcoef(judged, firms.truth["quality"])[0, 1]
    # sqrt(4 / 5) = 0.894 before rounding and cutting, which take a few hundredths.
    assert 0.83 < found < 0.894
    mean = firms.truth.groupby(table["credit_grade"])["quality"].mean()
    assert mean[["AAA", "AA", "A", "B", "C"]].is_monotonic_decreasing
    counts = table["credit_grade"].value_counts()
    assert all(near(count / 5_000, 0.2, 5_000) for count in counts)


def test_every_organisation_has_one_head_office_and_may_have_branches(firms):
    offices = firms.data.offices
    heads = offices[offices["kind"] == "head office"]
    assert [*heads["organisation_id"]] == [*firms.data.organisations["organisation_id"]]
    assert offices["office_id"].is_unique
    branches = len(offices) / 5_000 - 1
    assert branches == pytest.approx(1.5, abs=3 * np.sqrt(1.5 / 5_000))


def test_the_channels_to_contact_and_decision_maker_are_equally_likely_and_independent(firms):
    table = firms.data.organisations
    pairs = table.groupby(["contact_channel", "decision_maker_channel"]).size()
    for channels in pairs.index.levels:
        assert {*channels} == {"phone", "e-mail", "visit", "fair"}
    # Sixteen pairs of chance 1/16: the sum of squared z is chi-square of 15 degrees of freedom,
    # its mean and 3 standard deviations of sqrt(30).
    expected = 5_000 / 16
    assert len(pairs) == 16
    assert ((pairs - expected) ** 2 / expected).sum() < 15 + 3 * np.sqrt(30)


# for any data


@settings(max_examples=15)
@given(st.integers(1, 40), st.integers(0, 99))
def test_any_number_of_people_and_organisations_is_kept_exactly(n, seed):
    people, truth = simulate_people(n, sensitive=True, seed=seed)
    assert [*people.people["customer_id"]] == [*truth["customer_id"]] == [*range(1, n + 1)]
    firms, quality = simulate_organisations(n, seed=seed)
    assert [*firms.organisations["organisation_id"]] == [*quality["organisation_id"]]
    again = simulate_people(n, sensitive=True, seed=seed)
    pd.testing.assert_frame_equal(people.people, again.data.people)


# when misused


@pytest.mark.parametrize("make", [simulate_people, simulate_organisations])
def test_nobody_is_refused(make):
    with pytest.raises(OutOfRangeError, match="n must be 1 or more; got 0"):
        make(0, seed=1)


@pytest.mark.parametrize(
    "beyond", [{"chinese_share": 1.1}, {"consent_share": -0.1}, {"income_effect": -1.5}]
)
def test_a_share_or_correlation_beyond_one_is_refused(beyond):
    with pytest.raises(OutOfRangeError, match="must lie in"):
        simulate_people(3, **beyond, seed=1)


def test_customers_without_a_city_are_refused():
    with pytest.raises(MissingColumnsError, match="city"):
        simulate_people(pd.DataFrame({"customer_id": [1]}), seed=1)
