"""What every picture promises, whatever it shows: held to it by its example in the gallery.

Each plot is called as its example calls it, on axes of the test's own. A new plot is held to
this without a line here.
"""

import re
import sys
from functools import cache
from importlib import import_module
from inspect import Parameter, signature

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from crmlab._theme import fonts
from crmlab.errors import CrmlabError
from crmlab.teaching import gallery
from tests.test_exports import NAMES

PLOTS = {
    (room, name): getattr(import_module(f"crmlab.{room}"), name)
    for room, name in NAMES
    if name.startswith("plot_")
}
EXAMPLES = {(topic, name): draw for topic, name, draw in gallery.examples()}


@cache
def example_of(place):
    """Return what an example draws: its axes, the plot it calls, and the arguments."""
    calls, draw = [], EXAMPLES[place]

    def recorded(plot):
        def call(*args, **options):
            calls.append((plot, args, {key: to for key, to in options.items() if key != "ax"}))
            return plot(*args, **options)

        return call

    module = sys.modules[draw.__module__]
    ax = gallery.new_figure().subplots()
    with pytest.MonkeyPatch.context() as patch:
        for holder in (module, *filter(None, [getattr(module, "plot", None)])):
            for name, plot in [*vars(holder).items()]:
                if plot in PLOTS.values():
                    patch.setattr(holder, name, recorded(plot))
        returned = draw(ax)
    return (ax, returned, *calls[0])


def each_frame(args, change):
    """Return arguments whose frames were changed, those in a mapping too."""
    if isinstance(args, pd.DataFrame):
        return change(args)
    if isinstance(args, dict):
        return {key: each_frame(part, change) for key, part in args.items()}
    return tuple(each_frame(part, change) for part in args) if isinstance(args, tuple) else args


def frames_of(args):
    """Return all frames of some arguments as one, to compare them."""
    found = []
    each_frame(args, found.append)
    return pd.concat(found, axis=1, keys=range(len(found)))


def every_example(test):
    return pytest.mark.parametrize("place", EXAMPLES, ids="-".join)(test)


def test_every_plot_of_every_topic_is_called_by_an_example():
    assert {id(plot) for plot in PLOTS.values()} == {id(example_of(place)[2]) for place in EXAMPLES}


@every_example
def test_draws_on_the_axes_it_is_given_and_nothing_is_cut_off(place):
    ax, returned, *_ = example_of(place)
    assert returned is ax
    figure = ax.figure
    figure.draw_without_rendering()  # which lays it out
    drawn, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
    assert min(drawn.x0, drawn.y0, width - drawn.x1, height - drawn.y1) >= 0


@every_example
def test_draws_on_the_current_axes_without_a_title_and_leaves_its_frames(place, ax):
    *_, plot, args, options = example_of(place)
    before = each_frame(args, pd.DataFrame.copy)
    plt.sca(ax)
    assert plot(*args, **options) is ax
    assert {part.get_title() for part in ax.figure.axes} == {""}
    assert ax.figure.get_suptitle() == ""
    pd.testing.assert_frame_equal(frames_of(args), frames_of(before))


@every_example
def test_says_what_its_axes_are(place):
    axes = example_of(place)[0].figure.axes
    measuring = [axis for ax in axes if ax.axison for axis in (ax.xaxis, ax.yaxis)]
    for axis in (one for one in measuring if one.get_visible() and len(one.get_ticklocs())):
        ticks = [label.get_text() for label in axis.get_ticklabels()]
        assert axis.get_label_text() or any(tick.strip("-−.%, 0123456789") for tick in ticks)


@every_example
def test_writes_every_word_in_a_font_that_can_write_chinese(place):
    figure = example_of(place)[0].figure
    texts = [text for text in figure.findobj(plt.Text) if text.get_text().strip()]
    assert {fonts()[0]} == {text.get_fontfamily()[0] for text in texts}


@pytest.mark.parametrize("place", PLOTS, ids="-".join)
def test_everything_but_its_data_is_given_by_name(place):
    _, *others = signature(PLOTS[place]).parameters.values()
    by_place = [one for one in others if one.kind is not Parameter.KEYWORD_ONLY]
    assert [one.name for one in by_place if "DataFrame" not in one.annotation] == []
    assert "ax" in {one.name for one in others}


@pytest.mark.parametrize("place", PLOTS, ids="-".join)
def test_its_docstring_says_what_every_plot_takes_returns_and_refuses(place):
    heads = re.findall(r"(\w+)\n-{3,}\n", PLOTS[place].__doc__)
    assert heads[:3] == ["Parameters", "Returns", "Raises"]
    lines = PLOTS[place].__doc__.split("\n")
    assert {"ax : Axes, optional", "Axes", "MissingColumnsError", "EmptyError"} <= {*lines}


@every_example
@pytest.mark.parametrize(
    "change",
    [
        lambda frame: None,
        lambda frame: [1, 2],
        lambda frame: pd.DataFrame({"nothing_of_yours": [1]}),
        lambda frame: frame.head(0),
    ],
    ids=["None", "a list", "another frame", "no rows"],
)
def test_what_cannot_be_drawn_is_refused_in_words_and_nothing_is_drawn(place, change, ax):
    *_, plot, args, options = example_of(place)
    with pytest.raises(CrmlabError, match=r"\w+ \w+"):
        plot(*each_frame(args, change), **options, ax=ax)
    assert not ax.has_data()


# What was bought, who is still there, and who is whose friend: no call makes them.
OF_ONE_S_OWN = {"plot_timelines", "plot_projection", "plot_friends"}


@pytest.mark.parametrize(
    "place", [one for one in EXAMPLES if one[1] not in OF_ONE_S_OWN], ids="-".join
)
def test_says_which_call_makes_its_frame(place, ax):
    *_, plot, args, options = example_of(place)
    another = each_frame(args, lambda frame: pd.DataFrame({"nothing_of_yours": [1]}))
    with pytest.raises(CrmlabError, match=r"Hand over the frame that [\w.]+ returns|with \w+=…"):
        plot(*another, **options, ax=ax)


@every_example
@pytest.mark.parametrize("backend", ["numpy_nullable", "pyarrow"])
def test_the_same_values_in_another_form_are_drawn_or_refused(place, backend, ax):
    *_, plot, args, options = example_of(place)
    changed = each_frame(args, lambda frame: frame.copy().convert_dtypes(dtype_backend=backend))
    try:
        plot(*changed, **options, ax=ax)
    except CrmlabError:
        assert not ax.has_data()
