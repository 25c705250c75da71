"""Scenario: validated, documented, and the same after a round trip to YAML."""

import json
from dataclasses import FrozenInstanceError, dataclass, field, fields

import numpy as np
import pandas as pd
import pytest
import yaml
from click.testing import CliRunner
from hypothesis import assume, given
from hypothesis import strategies as st

from crmlab.cli import main
from crmlab.company import Scenario, check_company, simulate_company, simulate_tables, write_company
from crmlab.company.audit.check import check_folder
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


@pytest.mark.parametrize(
    ("said", "value"),
    [(np.float64(1.5), 1.5), (np.int32(2), 2), ("1e0", 1.0), ("1.5", 1.5), (np.float32(0.5), 0.5)],
)
def test_numpys_numbers_and_numbers_written_as_text_are_numbers(said, value):
    found = Scenario(churn=said).churn
    assert (found, type(found)) in ((value, float), (value, int))
    assert Scenario(churn=said) == Scenario(churn=value)


@pytest.mark.parametrize("said", [np.int64(10), np.float64(10), "10", "1e1", 10.0])
def test_a_whole_number_is_one_however_it_is_written(said):
    found = Scenario(promotions=said).promotions
    assert (found, type(found)) == (10, int)
    assert Scenario(sensitive=np.bool_(True)).sensitive is True


# fields of one's own


@dataclass(frozen=True, kw_only=True)
class Moody(Scenario):
    """A scenario with two more parameters, one that is checked and one that cannot be hashed."""

    mood: float = field(default=0.5, metadata={"low": 0, "high": 1, "meaning": "mood of the staff"})
    shifts: list = field(default_factory=lambda: ["early", "late"])


def test_a_subclass_adds_parameters_that_are_checked_written_and_read():
    moody = Moody(mood=np.float32(0.25), churn="2")
    assert (moody.mood, moody.churn) == (0.25, 2.0)
    assert "mood: 0.25  # mood of the staff; a number from 0 to 1" in moody.to_yaml()
    assert Moody.from_yaml(moody.to_yaml()) == moody
    with pytest.raises(OutOfRangeError, match=r"mood \(mood of the staff\) must be a number"):
        Moody(mood=2)
    with pytest.raises(UnknownNameError, match="no parameter 'mood'"):
        Scenario.from_yaml(moody.to_yaml())


def test_the_firm_passes_parameters_of_a_subclass_by(tmp_path):
    said = {"n": 60, "seed": 1}
    company, truth = simulate_company(**said, scenario=Moody(mood=0.1, concentration=0.8))
    plain, _ = simulate_company(**said, scenario=Scenario(concentration=0.8))
    pd.testing.assert_frame_equal(company.purchases, plain.purchases)
    assert check_company(company, truth, Moody(mood=0.1, concentration=0.8))
    write_company(tmp_path / "w", **said, scenario=Moody(mood=0.1))
    assert Moody.from_yaml(tmp_path / "w" / "world.json") == Moody(mood=0.1)
    assert check_folder(tmp_path / "w")


# on the command line


def written(folder, *arguments):
    said = ["company", "--customers", "30", "--seed", "3", "--table", "purchases", "--out"]
    return CliRunner().invoke(main, [*said, str(folder), *map(str, arguments)])


def test_set_changes_parameters_one_by_one_and_the_last_word_counts(tmp_path):
    changes = ["churn=1", "churn=1e0", "churn=1.5", "promotions=1e1", "concentration=null",
               "sensitive=true"]  # fmt: skip
    done = written(tmp_path / "w", *[one for said in changes for one in ("--set", said)])
    assert done.exit_code == 0, done.output
    world = json.loads((tmp_path / "w" / "world.json").read_text(encoding="utf-8"))
    assert Scenario(**world["scenario"]) == Scenario(churn=1.5, promotions=10, sensitive=True)


def test_a_world_json_says_its_versions_and_is_itself_a_scenario(tmp_path):
    from importlib.metadata import version

    from crmlab.company.streams import WORLDS

    assert written(tmp_path / "one", "--set", "churn=1.5").exit_code == 0
    there = tmp_path / "one" / "world.json"
    said = json.loads(there.read_text(encoding="utf-8"))
    assert (said["worlds"], said["numpy"]) == (WORLDS, version("numpy"))
    assert said["crmlab"] == version("crmlab")
    assert (said["customers"], said["seed"], said["tables"]) == (30, 3, ["purchases"])
    assert Scenario.from_yaml(there) == Scenario(churn=1.5)
    assert written(tmp_path / "other", "--scenario", there, "--set", "promotions=0").exit_code == 0
    made = simulate_tables(30, seed=3, scenario={"churn": 1.5, "promotions": 0},
                           tables=["purchases"])["purchases"]  # fmt: skip
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "other" / "purchases"), made)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("churn", "a change is name=value, such as churn=1.5; got 'churn'"),
        ("chrun=2", "Did you mean 'churn'?"),
        ("churn=many", "churn (times the usual dropout after each purchase) must be a number from"),
        ("churn=", "must be a number from 0.2 to 5; got None"),
    ],
)
def test_a_change_that_cannot_be_is_refused_and_nothing_is_written(said, message, tmp_path):
    done = written(tmp_path / "w", "--set", said)
    assert done.exit_code != 0
    assert message in " ".join(done.output.split())
    assert not (tmp_path / "w").exists()


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


def test_all_that_is_wrong_is_said_at_once_with_what_would_go():
    with pytest.raises(OutOfRangeError) as refused:
        Scenario(churn=2, rolling_churn=0.4, seller_share=0.9, promotions=2.5)
    said = str(refused.value)
    assert "rolling_churn=0.4 takes the place of churn, so churn=2 cannot be kept too" in said
    assert "must be a number from 0 to 0.5; got 0.9" in said
    assert "must be a whole number from 0 to 200; got 2.5" in said


def test_what_no_world_has_is_said_at_once_with_what_can_be_had():
    both = Scenario(rolling_churn=0.2, concentration=0.95)
    with pytest.raises(OutOfRangeError) as refused:
        simulate_tables(1, seed=1, scenario=both, tables=["purchases"])
    said = str(refused.value)
    assert "no dropout gives a rolling churn of 0.2 here; between 0.3" in said
    assert "With the usual dropout the top 20 % cannot bring 0.95 of the spend" in said
    assert said.count("can be had.") == 2


def test_a_wrong_name_is_answered_with_the_nearest_and_the_whole_list():
    with pytest.raises(
        UnknownNameError, match=r"no parameter 'refferal_share'. Did you mean 'referral_share'\?"
    ):
        Scenario.from_yaml("refferal_share: 0.5")
    with pytest.raises(UnknownNameError, match=r"There are \['churn', "):
        Scenario.from_yaml("7: 1")
