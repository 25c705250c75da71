"""The fourteen questions of the course, each answered by one call."""

import crmlab.social as social
from crmlab.social import fan_questions, fan_window, simulate_fan_club, simulate_friends


def test_each_of_the_fourteen_questions_is_answered_by_one_call():
    club, ties = simulate_fan_club(200, seed=1), simulate_friends(200, seed=1)
    fans, acts, bought = club.fans, club.interactions, club.purchases
    window = fan_window(fans, acts, bought)
    calls = {
        "Q1": ((fans, acts, bought), {"by": "source"}),
        "Q2": ((fans, acts), {"by": "fan_id"}),
        "Q3": ((fans, acts), {"landmark_days": 60, "times": 5}),
        "Q4": ((window,), {}),
        "Q5": ((fans,), {}),
        "Q6": ((club.lapsed,), {}),
        "Q7": ((fans, bought), {}),
        "Q8": ((window,), {"outcome": "spend"}),
        "Q9": ((ties.fans, ties.friends), {}),
        "Q10": ((fans, bought), {}),
        "Q11": ((fans, bought), {"by": "motive"}),
        "Q12": ((window.assign(again=(window["bought"] > 0) * 1.0),), {"outcome": "again"}),
        "Q13": ((fans,), {}),
        "Q14": ((fans, acts, bought), {}),
    }
    table = fan_questions()
    assert table["question"].tolist() == [*calls]
    for name, function in zip(table["question"], table["function"], strict=True):
        frames, options = calls[name]
        assert len(getattr(social, function)(*frames, **options)), name
