"""The font that travels: it can write all that the course writes, and is found where none is."""

import warnings

import matplotlib as mpl
import pytest
from fontTools.ttLib import TTFont
from matplotlib.figure import Figure

from crmlab import _theme
from crmlab.errors import ChapterError
from crmlab.teaching import font


@pytest.fixture
def bare(monkeypatch):
    """A machine without any font that writes Chinese."""
    monkeypatch.setattr(_theme, "get_font_names", lambda: ["DejaVu Sans"])
    _theme._everywhere.cache_clear()
    with mpl.rc_context():
        mpl.rcParams["font.family"] = ["sans-serif"]
        yield
    monkeypatch.undo()
    _theme._everywhere.cache_clear()


def test_it_can_write_every_character_of_the_catalogue_and_the_chinese_texts():
    lacking = {letter for letter in font.written() - font.letters() if letter.isprintable()}
    # Signs that are no writing, as an arrow or a tick, are in the font that matplotlib brings.
    from matplotlib.font_manager import findfont

    assert lacking - font.letters(findfont("DejaVu Sans")) == set()
    assert not {letter for letter in lacking if "\u4e00" <= letter <= "\u9fff"}


def test_it_has_the_common_characters_so_that_new_words_seldom_need_a_new_font():
    assert len(font.common()) > 3755
    assert font.common() <= font.letters()


def test_it_is_small_has_its_own_name_and_its_licence_beside_it():
    assert font.TRAVELS.stat().st_size < 1_000_000
    names = TTFont(font.TRAVELS)["name"]
    assert names.getDebugName(1) == _theme.TRAVELS_AS
    assert "Adobe" in names.getDebugName(0)
    licence = font.TRAVELS.with_name("OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Copyright 2014-2021 Adobe" in licence


def test_a_machine_without_a_chinese_font_draws_with_it(bare):
    assert _theme.fonts() == [_theme.TRAVELS_AS, "DejaVu Sans"]
    ax = Figure().subplots()
    ax.set(xlabel="距上次购买天数", ylabel="客户（位）")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _theme.dress(ax).figure.draw_without_rendering()


# when misused


def test_without_the_font_of_the_system_one_line_says_what_to_type(tmp_path):
    with pytest.raises(ChapterError, match="type: sudo apt install fonts-noto-cjk"):
        font.build(tmp_path / "none.ttc", tmp_path / "part.otf")
