"""What every public function promises, whatever it does: misuse ends in words, forms do not matter.

Each function that takes a frame is called as in the first example of its own docstring, and once
more with something else in place of that frame; each other one, with something else in place of
each of its arguments. A new function is held to this without a line here.
"""

import doctest
import re
import sys
from contextlib import suppress
from dataclasses import is_dataclass
from datetime import date, datetime
from functools import cache
from importlib import import_module
from inspect import getdoc, isfunction, signature

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from crmlab.errors import CrmlabError
from tests.test_exports import NAMES

OTHERS = ("simulate_", "draw_", "explore_", "plot_")
FUNCTIONS = {
    f"{room}.{name}": made
    for room, name in NAMES
    if isfunction(made := getattr(import_module(f"crmlab.{room}"), name))
    and made.__module__.startswith(f"crmlab.{room}.")
    and room not in ("data", "report", "classroom", "grading", "teaching", "company", "scale")
    and not name.startswith(OTHERS)
}


@cache
def example_of(name):
    """Return the arguments of the first call in the docstring."""
    function = FUNCTIONS[name]
    calls = []

    def recorded(*args, **options):
        calls.append((args, options))
        return function(*args, **options)

    room = {**vars(sys.modules[function.__module__]), "pd": pd, "np": np}
    room[function.__name__] = recorded
    for example in doctest.DocTestParser().get_examples(function.__doc__ or ""):
        exec(compile(example.source, name, "exec"), room)
        if calls:
            break
    assert calls, f"the docstring of {name} needs an example that calls it"
    return calls[0]


def takes_a_frame(function):
    """Return whether the first argument is a frame or a Series, and nothing else would do."""
    first = next(iter(signature(function).parameters.values()), None)
    kinds = {*str(first.annotation).split(" | ")} if first else set()
    return bool(kinds & {"pd.DataFrame", "pd.Series", "Any"}) and not kinds & {"float", "None"}


# What an explorer draws has only the explorer's own sliders to take; they are tested beside it.
PICTURES = {name for name in FUNCTIONS if name.endswith("_picture")}
TAKE_A_FRAME = sorted({name for name in FUNCTIONS if takes_a_frame(FUNCTIONS[name])} - PICTURES)


def as_text(frame):
    if isinstance(frame, pd.Series):
        return frame.astype("str") if pd.api.types.is_numeric_dtype(frame) else frame
    numbers = frame.select_dtypes("number").columns
    return frame.astype(dict.fromkeys(numbers, "str"))


def twice_indexed(frame):
    return frame.set_axis(pd.Index([7] * len(frame)), axis="index")


MISUSES = {
    "None": lambda frame: None,
    "a list": lambda frame: [1, 2],
    "another frame": lambda frame: pd.DataFrame({"nothing_of_yours": [1]}),
}
FORMS = {
    "an index that repeats": twice_indexed,
    "nullable columns": lambda frame: frame.convert_dtypes(),
    # Of a copy: pandas before 3.1 writes 1970 for NaT into what it converts.
    "Arrow columns": lambda frame: frame.copy().convert_dtypes(dtype_backend="pyarrow"),
}
# Any table has columns that determine others, cells that hold several values, and rows to count.
TAKE_ANY_FRAME = {"database.dependencies", "database.several_values", "privacy.noisy_count"}
# Ages as text are told apart, and have no distance; records as text stand in another order.
MEAN_ANOTHER_THING = {
    ("privacy.information_loss", "numbers as text"),
    ("identity.match_records", "numbers as text"),
}
# What is still answered with an error of pandas, or otherwise than the plain frame: to be mended.
NOT_YET: set[tuple[str, str]] = set()


def plain(found):
    """Return a result as values that compare: no index, no dtypes."""
    if isinstance(found, (tuple, list)):
        return [plain(part) for part in found]
    if is_dataclass(found):
        return {key: plain(value) for key, value in vars(found).items()}
    if isinstance(found, dict):
        return {key: plain(value) for key, value in found.items()}
    if isinstance(found, (pd.DataFrame, pd.Series, np.ndarray)):
        return plain(np.asarray(found, dtype=object).tolist())
    if pd.api.types.is_number(found):
        return None if np.isnan(found) else float(f"{found:.12g}")  # sums may go another way
    if found is None or found is pd.NA or found is pd.NaT:
        return None
    return found if isinstance(found, (str, datetime, date)) else type(found).__name__


def spoken(found):
    """Return a result in which the text '7', the id of somebody, is the number it says."""
    return re.sub(r"'(-?\d+(?:\.\d+)?)'", lambda text: repr(float(text[1])), found)


@cache
def expected(name):
    """Return what a function makes of its own example, which it leaves as it was."""
    (frame, *others), options = example_of(name)
    before = frame.copy()
    found = plain(FUNCTIONS[name](frame, *others, **options))
    assert frame.equals(before)
    return repr(found)


def called(name, change):
    """Return what a function makes of its example once `change` was done to the frame."""
    (frame, *others), options = example_of(name)
    return repr(plain(FUNCTIONS[name](change(frame), *others, **options)))


def cases(changes):
    return [
        pytest.param(name, how, id=f"{name}: {how}")
        for name in TAKE_A_FRAME
        for how in changes
        if (name, how) not in NOT_YET | MEAN_ANOTHER_THING
    ]


@pytest.mark.parametrize(("name", "how"), cases(MISUSES))
def test_what_is_no_such_frame_is_refused_in_words(name, how):
    if (name, how) in {(any_frame, "another frame") for any_frame in TAKE_ANY_FRAME}:
        return
    with pytest.raises(CrmlabError, match=r"\w+ \w+"):
        called(name, MISUSES[how])


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize(("name", "how"), cases(["no rows"]))
def test_no_rows_never_end_in_an_error_of_pandas(name, how):
    with suppress(CrmlabError):
        called(name, lambda frame: frame.head(0))


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize(("name", "how"), cases(["numbers as text"]))
def test_numbers_as_text_are_refused_or_mean_what_they_say(name, how):
    with suppress(CrmlabError):
        found = called(name, as_text)
        assert spoken(found) == spoken(expected(name))


@pytest.mark.parametrize(("name", "how"), cases(FORMS))
def test_the_same_values_in_another_form_give_the_same_result_or_are_refused(name, how):
    with suppress(CrmlabError):
        found = called(name, FORMS[how])
        assert found == expected(name)


READ_PURCHASES = [  # a simulator's own, which has its names, apart
    name
    for name in TAKE_A_FRAME
    if "purchases" in signature(FUNCTIONS[name]).parameters
    and ".simulate." not in FUNCTIONS[name].__module__
]
HOUSE = {"customer": "customer_id", "date": "date", "amount": "amount"}
FROM_ELSEWHERE = {
    "DuckDB": lambda log: duckdb.sql("select * from log"),
    "pyarrow": lambda log: pa.Table.from_pandas(log, preserve_index=False),
}


def of_purchases(name, change):
    """Return what a function makes of its example once `change` was done to the purchases."""
    args, options = example_of(name)
    bound = signature(FUNCTIONS[name]).bind(*args, **options)
    bound.arguments["purchases"], named = change(bound.arguments["purchases"])
    for key, other in bound.arguments.items():
        if name in SHARED and key != "purchases" and "customer_id" in other:
            mine = named.get("customer", "customer_id")
            bound.arguments[key] = other.rename(columns={"customer_id": mine})
    return repr(plain(FUNCTIONS[name](*bound.args, **bound.kwargs | named)))


# Two of their frames share the name of the customer.
SHARED = {"loyalty.wallet", "behaviour.understand", "members.opening_rate"}


@pytest.mark.parametrize("name", READ_PURCHASES)
def test_whatever_reads_purchases_lets_a_reader_name_the_columns(name):
    known = [key for key in HOUSE if key in signature(FUNCTIONS[name]).parameters]

    def renamed(log):
        # A column that cannot be named is not read.
        log = log.drop(columns=[HOUSE[key] for key in {*HOUSE} - {*known} if HOUSE[key] in log])
        named = {key: f"my_{key}" for key in known if HOUSE[key] in log}
        return log.rename(columns={HOUSE[key]: mine for key, mine in named.items()}), named

    assert of_purchases(name, renamed) == expected(name)


@pytest.mark.parametrize("made", FROM_ELSEWHERE.values(), ids=FROM_ELSEWHERE)
@pytest.mark.parametrize("name", READ_PURCHASES)
def test_whatever_reads_purchases_takes_those_of_other_libraries(name, made):
    assert of_purchases(name, lambda log: (made(log), {})) == expected(name)


SHOWN = [
    name
    for name, function in sorted(FUNCTIONS.items())
    if name not in PICTURES and re.search(rf">>> .*\b{function.__name__}\(", getdoc(function) or "")
]
NUMBERS = {"float", "int", "float | None", "int | None"}


class Odd:
    """What no function can make anything of."""


def taken(name, odd, *, of=None):
    """Return the arguments, those annotated as one of `of`, in whose place `odd` is not refused."""
    args, options = example_of(name)
    parameters = signature(FUNCTIONS[name]).parameters
    found = []
    for key, parameter in parameters.items():
        bound = signature(FUNCTIONS[name]).bind(*args, **options)
        if (key not in bound.arguments) if of is None else (parameter.annotation not in of):
            continue
        several = {parameter.VAR_POSITIONAL: (odd,), parameter.VAR_KEYWORD: {"odd": odd}}
        bound.arguments[key] = several.get(parameter.kind, odd)
        given = {one: bound.arguments[one] for one in parameters if one in bound.arguments}
        bound.arguments = given  # those with a default come in their order
        try:
            FUNCTIONS[name](*bound.args, **bound.kwargs)
        except CrmlabError:
            continue
        except Exception as error:
            found.append(f"{key}: {error!r}")
        else:
            found.append(f"{key}: taken")
    return found


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", SHOWN)
def test_a_word_in_place_of_a_number_is_refused_in_words(name):
    assert taken(name, "nonsense", of=NUMBERS) == []


@pytest.mark.parametrize("name", sorted({*SHOWN} - {*TAKE_A_FRAME}))
def test_an_argument_of_no_use_is_refused_in_words(name):
    assert taken(name, Odd()) == []


def unsaid(made):
    """Return the parameters of a function that its docstring says nothing of."""
    sections = re.split(r"^(\w[\w ]*)\n-{3,}\n", getdoc(made) or "", flags=re.MULTILINE)
    said = dict(zip(sections[1::2], sections[2::2], strict=True)).get("Parameters", "")
    return [one for one in signature(made).parameters if not re.search(rf"\b{one}\b", said)]


def test_a_docstring_says_what_each_parameter_is():
    public = {(room, name): getattr(import_module(f"crmlab.{room}"), name) for room, name in NAMES}
    assert {
        at: unsaid(made) for at, made in public.items() if isfunction(made) and unsaid(made)
    } == {}


def test_what_is_still_to_be_mended_names_functions_that_are_there():
    assert {name for name, _ in NOT_YET} <= {*TAKE_A_FRAME}
    assert {*TAKE_A_FRAME} >= TAKE_ANY_FRAME
