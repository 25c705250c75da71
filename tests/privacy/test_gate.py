"""Gate and Policy: who asked for what, and why not."""

import json

import pandas as pd
import pytest

from crmlab.errors import BadRowsError, MissingColumnsError, NotAllowedError, OutOfRangeError
from crmlab.privacy import Gate, Policy, simulate_people

PEOPLE = pd.DataFrame(
    {
        "customer_id": [1, 2, 3, 4],
        "age": [20, 30, 40, 50],
        "spend": [9.0, 8.0, 7.0, 6.0],
        "note": ["a", "b", "c", "d"],
        # The third was last seen a day before the three years that are kept.
        "last_seen_on": pd.to_datetime(["2024-05-01", "2022-01-01", "2021-12-31", "2024-12-31"]),
    }
)
CONSENTS = pd.DataFrame(
    [
        (1, "positioning", "2020-01-01", None),
        (1, "evaluation", "2020-01-01", None),
        (2, "positioning", "2025-01-01", None),
        (3, "positioning", "2020-01-01", None),
        (4, "positioning", "2020-01-01", "2025-01-01"),
        (4, "evaluation", "2025-01-02", None),
    ],
    columns=["customer_id", "purpose", "given_on", "withdrawn_on"],
).astype({"given_on": "datetime64[us]", "withdrawn_on": "datetime64[us]"})
POLICY = Policy(
    {"positioning": ["age", "spend"], "evaluation": ["spend"]}, sensitive=["note"], keep_months=36
)


def gate(**changes):
    given = {"consents": CONSENTS, "as_of": "2025-01-01"} | changes
    clock = lambda: pd.Timestamp("2025-01-02 09:30")  # noqa: E731
    return Gate(given.pop("people", PEOPLE), given.pop("policy", POLICY), clock=clock, **given)


# by hand


def test_hands_out_those_who_agreed_by_the_day_and_may_be_kept():
    # 1 agreed; 2 agreed on the day; 3 is past keeping; 4 withdrew on the day.
    table = gate().ask(["age"], purpose="positioning", who="Ann")
    assert table.to_dict("list") == {"customer_id": [1, 2], "age": [20, 30]}
    # 4 agrees to evaluation only a day later.
    table = gate().ask("spend", purpose="evaluation", who="Ann")
    assert table["customer_id"].tolist() == [1]


def test_whose_time_is_up_is_listed_for_deletion():
    due = gate().due_for_deletion()
    assert due["customer_id"].tolist() == [3]


@pytest.mark.curriculum("S54")
@pytest.mark.parametrize("purpose", ["resale", "Positioning", ""])
def test_a_purpose_other_than_positioning_or_evaluation_raises(purpose):
    with pytest.raises(NotAllowedError, match="is not allowed; customers were told"):
        gate().ask(["age"], purpose=purpose, who="Ann")
    with pytest.raises(OutOfRangeError, match="positioning', 'evaluation'] only"):
        Policy({purpose: ["age"]})


@pytest.mark.curriculum("I37")
def test_sensitive_columns_are_handed_out_for_no_purpose():
    with pytest.raises(NotAllowedError, match=r"\['note'\] are sensitive"):
        gate().ask(["age", "note"], purpose="positioning", who="Ann")
    with pytest.raises(OutOfRangeError, match=r"evaluation cannot need \['note'\]"):
        Policy({"evaluation": ["note"]}, sensitive=["note"])


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"columns": ["age"], "purpose": "evaluation"}, r"does not need \['age'\]; it needs"),
        ({"columns": ["shoe"], "purpose": "evaluation"}, r"does not need \['shoe'\]"),
        ({"columns": ["spend"], "purpose": "evaluation", "who": " "}, "nobody says who asks"),
    ],
)
def test_each_refusal_says_why_and_stands_in_the_log(asked, why):
    door = gate()
    with pytest.raises(NotAllowedError, match=why) as refusal:
        door.ask(**({"who": "Ann"} | asked))
    (entry,) = door.log.to_dict("records")
    assert entry["why"] == str(refusal.value)
    assert not entry["allowed"]
    assert entry["rows"] == 0


def test_where_nobody_agreed_nobody_is_handed_out():
    door = gate(consents=CONSENTS.head(0))
    with pytest.raises(NotAllowedError, match=r"nobody .* has agreed to evaluation"):
        door.ask(["spend"], purpose="evaluation", who="Ann")
    assert len(door.log) == 1


def test_the_log_says_who_asked_for_what_when_and_stays_in_its_file(tmp_path):
    path = tmp_path / "log.jsonl"
    for who in ("Ann", "李军"):
        gate(log_file=path).ask(["age", "spend"], purpose="positioning", who=who)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line["who"] for line in lines] == ["Ann", "李军"]
    assert lines[0]["asked_at"] == "2025-01-02 09:30:00"
    assert lines[0] | {"asked_at": 0, "who": 0} == {
        "asked_at": 0,
        "who": 0,
        "purpose": "positioning",
        "columns": "age, spend",
        "rows": 2,
        "allowed": True,
        "why": "allowed",
    }
    assert gate().log.empty
    assert gate().log["asked_at"].dtype == "datetime64[us]"


def test_the_table_is_not_changed_by_asking():
    before = PEOPLE.copy()
    table = gate().ask(["age"], purpose="positioning", who="Ann")
    table["age"] = 0
    pd.testing.assert_frame_equal(PEOPLE, before)


# against the truth


def test_the_town_is_handed_out_as_its_consents_say():
    town = simulate_people(4_000, seed=5).data
    policy = Policy({"positioning": ["spend_cny"]}, keep_months=24)
    door = Gate(town.shop, policy, consents=town.consents, as_of="2024-06-30")
    table = door.ask(["spend_cny"], purpose="positioning", who="Ann")
    yes = town.consents.query("purpose == 'positioning' and given_on <= '2024-06-30'")
    yes = yes[~(yes["withdrawn_on"] <= "2024-06-30")]
    fresh = town.shop.query("last_seen_on >= '2022-06-30'")["customer_id"]
    assert {*table["customer_id"]} == {*yes["customer_id"]} & {*fresh}
    assert 0 < len(table) < len(fresh)


# when misused


def test_refuses_tables_that_cannot_be_judged():
    with pytest.raises(MissingColumnsError, match="last_seen"):
        gate(people=PEOPLE.drop(columns="last_seen_on"))
    with pytest.raises(MissingColumnsError, match="spend"):
        gate(people=PEOPLE.drop(columns="spend"))
    with pytest.raises(MissingColumnsError, match="withdrawn_on"):
        gate(consents=CONSENTS.drop(columns="withdrawn_on"))
    with pytest.raises(BadRowsError, match="have no last_seen_on"):
        gate(people=PEOPLE.assign(last_seen_on=pd.NaT))
    with pytest.raises(OutOfRangeError, match="as_of must be a date"):
        gate(as_of="soon")
    with pytest.raises(OutOfRangeError, match="keep_months must be 1"):
        Policy({}, keep_months=0)
