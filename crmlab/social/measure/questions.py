"""Fourteen questions that the data of an account can answer, and the call that answers each."""

from __future__ import annotations

import pandas as pd

TABLES = "fans, interactions, purchases"
WINDOW = f"interaction_effect(fan_window({TABLES})"
_QUESTIONS = (
    ("Where did each fan come from, and why?", f"fan_funnel({TABLES})"),
    ("Which type, and which fan, interacts most?", "interaction_rates(fans, interactions)"),
    (
        "Do interacting fans become loyal?",
        "log_rank(active_fan_time(fans, interactions, times=5, landmark_days=60), by='group')",
    ),
    ("Is that link necessary or coincidental?", f"{WINDOW})"),
    ("Who unfollows, when, why?", "unfollow_reasons(fans)"),
    ("Do lapsed fans return after contact?", "win_back_effect(lapsed)"),
    ("How does one fan's spending change over time?", "spend_since_following(fans, purchases)"),
    ("Interaction volume versus spend?", f"{WINDOW}, outcome='spend')"),
    ("What use are fans' social ties?", "friend_effect(fans, friends)"),
    ("How long from following to the next purchase?", "days_to_purchase(fans, purchases)"),
    (
        "Do fan attributes explain that interval?",
        "log_rank(follow_to_purchase(fans, purchases), by='motive')",
    ),
    ("Does frequent interaction raise repurchase?", f"{WINDOW}, outcome='bought_any')"),
    ("How many friends does a fan bring, and through what?", "referral_k(fans)"),
    ("How do brought-in friends interact and spend?", f"friend_behaviour({TABLES})"),
)


def fan_questions() -> pd.DataFrame:
    """Return the fourteen questions that data of an account can answer, and the call for each.

    Returns
    -------
    DataFrame, one row per question
        question : str, "Q1" to "Q14"
        asks : str
        call : str, of functions of crmlab.social, and of `crmlab.lifetime.log_rank`; with the
            tables of `simulate_fan_club`, and of `simulate_friends` for Q9

    Source
    ------
    The questions are the course's (curriculum 3.3); the functions are ours.

    Examples
    --------
    >>> fan_questions()["call"].iloc[4]
    'unfollow_reasons(fans)'
    """
    table = pd.DataFrame(_QUESTIONS, columns=["asks", "call"])
    table.insert(0, "question", [f"Q{number}" for number in range(1, len(table) + 1)])
    return table.astype("str")
