"""The five steps of customer identification (客户识别), and what the kit has for each."""

from __future__ import annotations

import pandas as pd

from crmlab._words import N_

__all__ = ["identification_steps"]

_STEPS = [
    (
        "define",
        "定义",
        N_("Which data do we need?"),
        "dictionary.data_model, dictionary.dictionary",
    ),
    ("collect", "收集", N_("Where do they come from?"), "data.read_purchases, dictionary.faults"),
    ("integrate", "整合管理", N_("Who is who?"), "identity.match_records, identity.golden_records"),
    ("update", "更新", N_("What has changed?"), "identity.detect_changes, database.upsert"),
    ("secure", "安全", N_("Who may see what?"), "privacy.Vault, privacy.Gate"),
]


def identification_steps() -> pd.DataFrame:
    """Return the five steps, in their order.

    Returns
    -------
    DataFrame, one row per step
        step, step_zh : str
        question : str, that the step answers
        served_by : str, names of the kit after "crmlab.", joined by ", "

    See Also
    --------
    crmlab.identity.plot.plot_identification_steps : draws this frame.

    Examples
    --------
    >>> " -> ".join(identification_steps()["step"])
    'define -> collect -> integrate -> update -> secure'
    """
    return pd.DataFrame(_STEPS, columns=["step", "step_zh", "question", "served_by"], dtype="str")
