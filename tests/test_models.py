"""What every model promises: misuse ends in words, and a scikit-learn style one can be cloned.

Each method that takes a frame is called as in the example of its class's docstring, and once more
with something else in place of that frame.
"""

import doctest
import sys
from copy import deepcopy
from functools import cache, wraps
from importlib import import_module
from inspect import getdoc, isclass

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, clone

from crmlab.errors import CrmlabError
from tests.test_contract import MISUSES, as_text
from tests.test_exports import NAMES

MODELS = {
    f"{room}.{name}": made
    for room, name in NAMES
    if isclass(made := getattr(import_module(f"crmlab.{room}"), name)) and hasattr(made, "fit")
}
# Their subclasses show what they do.
BASES = {"lifetime.MBGNBD", "service.Recommender"}
# They take what scikit-learn takes, arrays too, and refuse the rest in scikit-learn's words.
OF_SCIKIT_LEARN = {"credit.OptimalBinner", "credit.Scorecard"}
MORE = {"no rows": lambda frame: frame.head(0), "numbers as text": as_text}


@cache
def calls_of(name):
    """Return the calls in the docstring of a model: by method, the model before and what it got."""
    model, calls = MODELS[name], {}

    def recorded(method, called):
        @wraps(called)
        def call(self, *args, **options):
            calls.setdefault(method, (deepcopy(self), args, options))
            return called(self, *args, **options)

        return call

    room = {**vars(sys.modules[model.__module__]), "pd": pd, "np": np}
    room[model.__name__] = type(
        model.__name__,
        (model,),
        {
            method: recorded(method, getattr(model, method))
            for method in dir(model)
            if not method.startswith(("_", "get_", "set_")) and callable(getattr(model, method))
        },
    )
    for example in doctest.DocTestParser().get_examples(getdoc(model) or ""):
        exec(compile(example.source, name, "exec"), room)
    return calls


def every_model(names):
    return pytest.mark.parametrize("name", sorted(names))


@every_model({*MODELS} - BASES)
def test_a_docstring_shows_how_a_model_is_fitted(name):
    assert {"fit", "from_table"} & {*calls_of(name)}


@every_model(name for name, model in MODELS.items() if issubclass(model, BaseEstimator))
def test_a_clone_is_fitted_like_the_first(name):
    model, args, options = calls_of(name)["fit"]
    assert clone(model).fit(*args, **options)
    assert clone(model).get_params(deep=False).keys() == model.get_params(deep=False).keys()


@pytest.mark.filterwarnings("ignore::UserWarning")
@every_model({*MODELS} - BASES - OF_SCIKIT_LEARN)
@pytest.mark.parametrize("how", [*MISUSES, *MORE])
def test_what_is_no_such_frame_is_refused_in_words(name, how):
    raw = []
    for method, (model, args, options) in calls_of(name).items():
        if not args or not isinstance(args[0], (pd.DataFrame, pd.Series)):
            continue
        if how in MORE and isinstance(args[0], pd.Series):
            continue
        other = (MISUSES | MORE)[how](args[0])
        try:
            getattr(deepcopy(model), method)(other, *args[1:], **options)
        except CrmlabError:
            continue
        except Exception as error:
            raw.append(f"{method}: {error!r}")
        else:
            if how in MISUSES:
                raw.append(f"{method}: taken")
    assert raw == []
