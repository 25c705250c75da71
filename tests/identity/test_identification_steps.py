"""identification_steps: five steps, each served by something that is there."""

from importlib import import_module

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from crmlab.errors import MissingColumnsError
from crmlab.identity import identification_steps, plot_identification_steps


@pytest.mark.curriculum("S47")
def test_define_collect_integrate_update_secure():
    steps = identification_steps()
    assert steps["step"].tolist() == ["define", "collect", "integrate", "update", "secure"]
    assert {*steps.dtypes.astype(str)} == {"str"}


@pytest.mark.parametrize("name", ", ".join(identification_steps()["served_by"]).split(", "))
def test_what_serves_a_step_is_there(name):
    topic, _, function = name.partition(".")
    assert callable(getattr(import_module(f"crmlab.{topic}"), function))


def test_the_picture_has_an_arrow_for_each_step_with_its_words(ax):
    steps = identification_steps()
    before = steps.copy()
    assert plot_identification_steps(steps, ax=ax) is ax
    words = [text.get_text() for text in ax.texts]
    assert len(ax.patches) == 5
    assert words[:3] == [
        "1  define  定义",
        "Which data do we need?",
        "dictionary.data_model\ndictionary.dictionary",
    ]
    assert ax.get_title() == ""
    plt.sca(ax)
    assert plot_identification_steps(steps) is ax
    pd.testing.assert_frame_equal(steps, before)


def test_another_frame_is_refused():
    with pytest.raises(MissingColumnsError, match="question"):
        plot_identification_steps(pd.DataFrame({"step": ["define"]}))
