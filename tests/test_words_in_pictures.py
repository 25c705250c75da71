"""Pictures and sliders in Chinese: no letter is missing, and no English word is left."""

import ast
import re
import warnings

import pytest
from matplotlib.text import Text

from crmlab import _words
from crmlab.teaching import gallery, words

EXAMPLES = {f"{topic}-{name}": function for topic, name, function in gallery.examples()}
# What a Chinese picture may say in Latin letters.
NAMES = ("Amber", "Birch", "Coral", "Dune", "Elm", "Fern", "OK", "Jade Noodle",
         "Golden Gate Trading", "Red Bridge Textiles", r"branch \d+", r"brand [A-E]")  # fmt: skip
METHODS = ("Kaplan-Meier", "Mondrian", "RFM", "VIP", "KS", "log2", r"[23]NF", r"crmlab", r"\d+ M")
# Columns are code: the sheet whose columns determine each other, and what serves a step.
CODE = ("order_id", "date", "customer", "phone", "address", "product", "category", "price_cny",
        "quantity", r"(dictionary|data|identity|database|privacy)\.\w+")  # fmt: skip
# Words that the caller, here the gallery's example, hands in.
GIVEN = ("scorecard", "late payments alone", "often", "rare", "signed", "2022 or later", "before",
         "popular", "item-based", "factors", "bread", "vegetables", "milk", "meat", "eggs", "fruit",
         "rice", "detergent", "oil", "tissues", "soap", "tea")  # fmt: skip
MAY = re.compile(rf"\$.*?\$|\b({'|'.join([*NAMES, *METHODS, *CODE, *GIVEN])})\b", re.ASCII)

SHOWN = {"description", "label", "xlabel", "ylabel", "title", "alt", "text"}
SHOWING = {"set_xlabel", "set_ylabel", "set_title", "annotate"}
WORDS = re.compile("[A-Za-z]{2,}")


@pytest.mark.chinese
@pytest.mark.no_cover  # of the lines that tests/test_plots.py runs
@pytest.mark.parametrize("name", EXAMPLES)
def test_a_picture_is_wholly_chinese(name, monkeypatch):
    monkeypatch.setattr(_words, "_told", ["zh"])
    figure = gallery.new_figure()
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph .* missing from")
        EXAMPLES[name](figure.subplots())
        figure.draw_without_rendering()
    seen = [text.get_text() for text in figure.findobj(Text) if text.get_visible()]
    assert any(re.search("[\u4e00-\u9fff]", said) for said in seen)
    assert [said for said in seen if WORDS.search(MAY.sub("", said))] == []


def spoken(node):
    """Return the words of a text that stands in the code as it is, or with values put in."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    said = [p.value for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str)]
    return WORDS.findall(MAY.sub("", " ".join(said)))


def unsaid(tree):
    """Return the lines of texts that are shown, but never translated."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call):
            shown = [each.value for each in call.keywords if each.arg in SHOWN]
            shown += call.args[:1] if getattr(call.func, "attr", "") in SHOWING else []
            yield from (each.lineno for each in shown if spoken(each))


def test_every_title_label_slider_and_alternative_text_can_be_translated():
    rooms = [*words.ROOM.glob("*/plot*"), *words.ROOM.glob("*/explore*")]
    files = [file for room in rooms for file in ([room] if room.suffix else room.rglob("*.py"))]
    assert len(files) > 40
    found = [
        f"{file.relative_to(words.ROOM)}:{line}"
        for file in files
        if file.suffix == ".py"
        for line in unsaid(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_a_bare_text_is_found_and_a_wrapped_one_is_not():
    code = (
        'ax.set(xlabel="Days")\nFloatSlider(description=f"border {x}")\nax.set_title("Two {n}")\n'
    )
    assert [*unsaid(ast.parse(code))] == [1, 2, 3]
    assert [*unsaid(ast.parse('ax.set(xlabel=_("Days"), label=f"{x:.0%}", ylabel="k")'))] == []
