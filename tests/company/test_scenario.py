"""Scenario: validated, documented, and the same after a round trip to YAML."""

from dataclasses import FrozenInstanceError, fields

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from crmlab.company import Scenario
from crmlab.errors import OutOfRangeError, UnknownNameError

# by hand


def test_the_defaults_are_those_of_the_course():
    scenario = Scenario()
    assert scenario.referral_share == 0.60
    assert scenario.concentration is None
    assert not scenario.sensitive


def test_a_file_or_a_text_gives_what_it_says_and_the_defaults_else(tmp_path):
    path = tmp_path / "world.yaml"
    path.write_text("churn: 2\nsensitive: true  # a comment\n", encoding="utf-8")
    assert Scenario.from_yaml(path) == Scenario(churn=2, sensitive=True)
    assert Scenario.from_yaml("") == Scenario()


def test_a_calm_world_has_no_effects_on_purchases():
    calm = Scenario.calm(churn=2.0)
    assert (calm.promotion_lift, calm.overcontact_dropout, calm.failure_dropout) == (0, 0, 0)
    assert calm.churn == 2.0


def test_the_yaml_documents_every_parameter():
    lines = Scenario().to_yaml().splitlines()
    for line, spec in zip(lines, fields(Scenario), strict=True):
        assert line.startswith(f"{spec.name}: ")
        assert spec.metadata["meaning"] in line
    (line,) = [line for line in lines if line.startswith("referral_share")]
    said = "referral_share: 0.6  # share of new customers whom another one brought; "
    assert line == said + "a number from 0 to 1"


def test_a_scenario_cannot_be_changed_by_accident():
    with pytest.raises(FrozenInstanceError):
        Scenario().churn = 3.0  # pyright: ignore[reportAttributeAccessIssue]


# for any data


def values(spec):
    low, high = spec.metadata["low"], spec.metadata["high"]
    if isinstance(spec.default, bool):
        return st.booleans()
    if isinstance(spec.default, int):
        return st.integers(low, high)
    return st.floats(low, high) | (st.none() if spec.default is None else st.nothing())


@given(st.fixed_dictionaries({}, optional={spec.name: values(spec) for spec in fields(Scenario)}))
def test_a_round_trip_to_yaml_changes_nothing(said):
    assume(said.get("rolling_churn") is None or said.get("churn", 1) == 1)
    scenario = Scenario(**said)
    assert Scenario.from_yaml(scenario.to_yaml()) == scenario
    assert yaml.safe_load(scenario.to_yaml()) == scenario.as_dict()


# when misused


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("referral_share: 60", "referral_share .* must be a number from 0 to 1; got 60"),
        ("referral_share: many", "must be a number from 0 to 1; got 'many'"),
        ("referral_share:", "must be a number from 0 to 1; got None"),
        ("churn: .nan", "churn .* must be a number from 0.2 to 5; got nan"),
        ("churn: true", "must be a number from 0.2 to 5; got True"),
        ("promotions: 2.5", "promotions .* must be a whole number from 0 to 200; got 2.5"),
        ("promotions: true", "must be a whole number from 0 to 200; got True"),
        ("concentration: 0.2", "must be a number from 0.72 to 0.95 or null; got 0.2"),
        ("rolling_churn: 33", "must be a number from 0.2 to 0.8 or null; got 33"),
        ("seller_share: 0.9", "seller_share .* must be a number from 0 to 0.5; got 0.9"),
        ("sensitive: 1", "must be true or false; got 1"),
        ("- churn", "a scenario is a list of 'parameter: value' lines; got list"),
        ("churn: [", "the scenario is no YAML"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(text, message):
    with pytest.raises(OutOfRangeError, match=message):
        Scenario.from_yaml(text)


def test_a_wrong_name_is_answered_with_the_nearest_and_the_whole_list():
    with pytest.raises(
        UnknownNameError, match=r"no parameter 'refferal_share'. Did you mean 'referral_share'\?"
    ):
        Scenario.from_yaml("refferal_share: 0.5")
    with pytest.raises(UnknownNameError, match=r"There are \['churn', "):
        Scenario.from_yaml("7: 1")
