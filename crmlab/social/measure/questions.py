"""Fourteen questions that the data of an account can answer, and the call that answers each."""

from __future__ import annotations

import pandas as pd

_QUESTIONS = (
    ("Where did each fan come from, and why?", "fan_funnel"),
    ("Which type, and which fan, interacts most?", "interaction_rates"),
    ("Do interacting fans become loyal?", "active_fan_time"),
    ("Is that link necessary or coincidental?", "interaction_effect"),
    ("Who unfollows, when, why?", "unfollow_reasons"),
    ("Do lapsed fans return after contact?", "win_back_effect"),
    ("How does one fan's spending change over time?", "spend_since_following"),
    ("Interaction volume versus spend?", "interaction_effect"),
    ("What use are fans' social ties?", "friend_effect"),
    ("How long from following to the next purchase?", "days_to_purchase"),
    ("Do fan attributes explain that interval?", "days_to_purchase"),
    ("Does frequent interaction raise repurchase?", "interaction_effect"),
    ("How many friends does a fan bring, and through what?", "referral_k"),
    ("How do brought-in friends interact and spend?", "friend_behaviour"),
)


def fan_questions() -> pd.DataFrame:
    """Return the fourteen questions that data of an account can answer, and what answers each.

    Returns
    -------
    DataFrame, one row per question
        question : str, "Q1" to "Q14"
        asks : str
        function : str, its name in crmlab.social

    Source
    ------
    The questions are the course's (curriculum 3.3); the functions are ours.

    Examples
    --------
    >>> fan_questions().head(2)[["question", "function"]]
      question           function
    0       Q1         fan_funnel
    1       Q2  interaction_rates
    """
    table = pd.DataFrame(_QUESTIONS, columns=["asks", "function"])
    table.insert(0, "question", [f"Q{number}" for number in range(1, len(table) + 1)])
    return table.astype("str")
