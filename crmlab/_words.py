"""The words that readers see, in the language they read: English is the source, gettext the way.

A sentence is written `_("{n} of {total}").format(n=3, total=5)`, so that the translator may turn
its order. `N_` marks a text that is translated later, where it is shown. `make words` gathers them
all into `locale/<language>/LC_MESSAGES/crmlab.po` and compiles what stands there.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from gettext import NullTranslations, translation
from pathlib import Path

from crmlab.errors import UnknownNameError

ENGLISH = "en"
LANGUAGES = (ENGLISH, "zh")
VARIABLE = "CRMLAB_LANG"
_CATALOGUES = Path(__file__).with_name("locale")
# What JupyterLab tells a kernel about the notebook it runs for.
_NOTEBOOK = "JPY_SESSION_NAME"
_told: list[str] = []


def language(name: str | None = None) -> str:
    """Return the language of what readers see; with a `name`, speak it from now on.

    Without a choice it is what the variable `CRMLAB_LANG` says, else what the name of the running
    notebook says (`00_tour.zh.ipynb`), else English. The machine's own language is never taken.

    Parameters
    ----------
    name : str, optional
        "en" or "zh".

    Returns
    -------
    str
        The language that is spoken now.

    Raises
    ------
    UnknownNameError
        If there is no such language, here or in the variable.

    Examples
    --------
    >>> language()
    'en'
    """
    if name is not None:
        _told[:] = [_known(name, "language")]
        dress_frames()
    return _told[0] if _told else _asked_for() or _of_notebook() or ENGLISH


def is_chosen() -> bool:
    """Return whether the reader, the variable or the notebook's name chose a language."""
    return bool(_told or _asked_for() or _of_notebook())


@contextmanager
def speaking(name: str) -> Iterator[None]:
    """Speak the language `name` inside the block, and afterwards what was spoken before."""
    before = [*_told]
    language(name)
    try:
        yield
    finally:
        _told[:] = before
        dress_frames()


def _known(name: object, place: str) -> str:
    """Return "zh" for "zh", "zh_CN.UTF-8" and "zh-Hans"; refuse what nobody has translated."""
    short = re.split(r"[-_.@]", name)[0].lower() if isinstance(name, str) else name
    if short not in LANGUAGES:
        raise UnknownNameError(
            f"{place} is {name!r}; there are {', '.join(LANGUAGES)}. Say crmlab.language('zh'), or "
            f"set {VARIABLE}=zh before Python starts."
        )
    return str(short)


def _asked_for() -> str:
    said = os.environ.get(VARIABLE, "")
    return said and _known(said, f"the variable {VARIABLE}")


def _of_notebook() -> str:
    """Return the language in the notebook's name; a copy of `00_tour.zh.ipynb` keeps it."""
    name = Path(os.environ.get(_NOTEBOOK, "")).name
    found = re.search(r"\.([a-z]{2})(?:[ (._-]|$)", name.removesuffix(".ipynb"))
    return found[1] if found and found[1] in LANGUAGES else ""


@cache
def _catalogue(name: str) -> NullTranslations:
    return translation("crmlab", _CATALOGUES, [name], fallback=name == ENGLISH)


def _(text: str) -> str:
    """Return `text` in the reader's language; what nobody translated stays English."""
    return _catalogue(language()).gettext(text) if text else ""


def ngettext(one: str, many: str, number: float) -> str:
    """Return `one` or `many` in the reader's language, as the number asks."""
    return _catalogue(language()).ngettext(one, many, 1 if number == 1 else 2)


def pgettext(context: str, text: str) -> str:
    """Return `text` in the reader's language, as it is meant in this `context`."""
    return _catalogue(language()).pgettext(context, text)


def sentences(*said: str) -> str:
    """Return what is said one after the other, with blanks between where the language has them."""
    return ("" if language() == "zh" else " ").join(filter(None, said))


def N_(text: str) -> str:
    """Return `text` as it is: marks what is translated where it is shown."""
    return text


def heading(column: str) -> str:
    """Return what a picture calls a column: its name, in Chinese the dictionary's word for it."""
    from crmlab.dictionary.headings import headings

    return column if language() == ENGLISH else headings().get(column, column)


def dress_frames() -> None:
    """In a Chinese notebook, let a frame show the dictionary's words below its column names."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is None:
        return
    html = shell.display_formatter.formatters["text/html"]
    if language() == ENGLISH:
        if _FRAME in html:
            html.pop(_FRAME)
        return
    from crmlab.dictionary.headings import frame_html

    html.for_type(_FRAME, partial(frame_html, say=_))


_FRAME = "pandas.DataFrame"
