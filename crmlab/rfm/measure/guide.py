"""What the eight segments are called, what they are, and what to do for each."""

from __future__ import annotations

import pandas as pd

from crmlab._checks import require_at_least
from crmlab._words import N_
from crmlab.rfm.measure.scores import DIMENSIONS

# In letters, whether recency, frequency and monetary are high (H) or low (L).
_GUIDE = {
    "HHH": (
        N_("champions"),
        "重要价值客户",
        N_("Thank them and hear them first: previews, a named contact. They need no discount."),
    ),
    "HLH": (
        N_("big occasional"),
        "重要发展客户",
        N_("Give a reason for the next visit: what goes with the last purchase, a refill date."),
    ),
    "LHH": (
        N_("slipping away"),
        "重要保持客户",
        N_("Call in person this week, ask what changed, and mend it before any offer."),
    ),
    "LLH": (
        N_("lost big spenders"),
        "重要挽留客户",
        N_("One strong personal win-back offer with a deadline; then stop."),
    ),
    "HHL": (
        N_("small regulars"),
        "一般价值客户",
        N_(
            "Raise the basket, not the visits: sets, upgrades, free delivery above their usual sum."
        ),
    ),
    "HLL": (
        N_("small occasional"),
        "一般发展客户",
        N_("Welcome who is new: the second purchase, within weeks, decides."),
    ),
    "LHL": (
        N_("fading regulars"),
        "一般保持客户",
        N_("Remind them by a cheap channel at their usual rhythm."),
    ),
    "LLL": (
        N_("asleep"),
        "一般挽留客户",
        N_("The cheapest channel or none: spend the money on the others."),
    ),
}


def segment_guide(*, bins: int = 5) -> pd.DataFrame:
    """Name, rule and advice of the eight segments that `rfm_segments` uses by default.

    Frequency and money are high when their score lies above the middle of 1..bins, recency from
    the middle on: silence is said of the longest absent only, and of nobody who bought on the
    last day, however many did. Each is high or low; two to the third power makes eight segments.

    Parameters
    ----------
    bins : int, 2 or more
        Highest score.

    Returns
    -------
    DataFrame, one row per segment
        segment : str
        chinese : str, the name in Chinese textbooks
        rule : str, which scores belong to it, as `DataFrame.query` reads it
        advice : str, what to do

    Raises
    ------
    OutOfRangeError
        If `bins` is below 2.

    See Also
    --------
    rfm_segments : uses these rules, or your own.

    Examples
    --------
    >>> segment_guide()["rule"][0]
    'recency >= 3 and frequency >= 4 and monetary >= 4'
    """
    require_at_least("bins", bins, 2)
    above = (bins + 1) // 2 + 1
    high = {"recency": bins // 2 + 1, "frequency": above, "monetary": above}
    signs = {"H": ">=", "L": "<"}
    rows = [
        (
            name,
            chinese,
            " and ".join(
                f"{dimension} {signs[level]} {high[dimension]}"
                for dimension, level in zip(DIMENSIONS, levels, strict=True)
            ),
            advice,
        )
        for levels, (name, chinese, advice) in _GUIDE.items()
    ]
    return pd.DataFrame(rows, columns=["segment", "chinese", "rule", "advice"])
