"""The controls that all explorers have, above a picture that follows them."""

from functools import partial

from ipywidgets import HTML, Dropdown, IntSlider
from matplotlib.figure import Figure

from crmlab._widgets import follow, under


def shown(box):
    (page,) = (child.value for child in box.children if isinstance(child, HTML))
    return page


def bars(base, *, height, kind):
    figure = Figure(figsize=(2, 1))
    figure.subplots().bar([kind], [base + height])
    return figure


def controls():
    return {"height": IntSlider(3, max=9), "kind": Dropdown(options=["a", "b"])}


def test_a_page_follows_whichever_control_moves():
    made = controls()
    box = follow(made, lambda height, kind: f"{height} of {kind}")
    assert [*box.children[:-1]] == [*made.values()]
    assert shown(box) == "3 of a"
    made["height"].value = 5
    assert shown(box) == "5 of a"
    made["kind"].value = "b"
    assert shown(box) == "5 of b"


def test_the_text_for_who_cannot_see_the_picture_tells_where_the_controls_stand():
    made = controls()
    box = under(made, partial(bars, 1), "{height} of {kind}")
    before = shown(box)
    assert 'alt="3 of a"' in before
    made["height"].value = 5
    assert 'alt="5 of a"' in shown(box)
    assert shown(box).count("aria-label") == 1
    assert shown(box).split("src=")[1] != before.split("src=")[1]


def test_the_text_may_be_a_function_of_the_values():
    made = controls()
    box = under(made, partial(bars, 1), lambda height, kind: f"{height + 1} of {kind!r}")
    assert "4 of &#x27;a&#x27;" in shown(box)
