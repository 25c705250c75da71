"""What customer relationship management is for, and where each benefit is measured."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import yaml


def benefit_map() -> pd.DataFrame:
    """Six benefits of CRM, the question each answers, and the functions that measure it.

    Returns
    -------
    DataFrame, one row per benefit and function
        benefit, benefit_zh, question : str
        function : str, its full name
        chapter : str, which uses it

    Source
    ------
    The benefits are the course's (curriculum 1.3); questions and functions are ours.

    Examples
    --------
    >>> benefit_map()["benefit"].nunique()
    6
    """
    path = Path(__file__).parents[1] / "benefits.yaml"
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    rows = [
        {
            "benefit": one["benefit"],
            "benefit_zh": one["benefit_zh"],
            "question": one["question"],
            "function": function,
            "chapter": one["chapter"],
        }
        for one in said.values()
        for function in one["functions"]
    ]
    return pd.DataFrame(rows).astype("str")
