"""The fourteen questions of the course, each answered by one call."""

import pytest

import crmlab.social as social
from crmlab.lifetime import log_rank
from crmlab.social import fan_questions, simulate_fan_club, simulate_friends


@pytest.fixture(scope="module")
def tables():
    return simulate_fan_club(200, seed=1)._asdict()


@pytest.mark.parametrize("row", fan_questions().to_dict("records"), ids=lambda row: row["question"])
def test_each_of_the_fourteen_questions_is_answered_by_its_call(row, tables):
    names = {name: getattr(social, name) for name in dir(social)} | {"log_rank": log_rank} | tables
    if row["question"] == "Q9":
        names |= simulate_friends(200, seed=1)._asdict()
    answer = eval(row["call"], names)
    assert len(answer) if hasattr(answer, "__len__") else 0 <= answer.p_value <= 1


def test_there_are_fourteen():
    assert fan_questions()["question"].tolist() == [f"Q{number}" for number in range(1, 15)]
