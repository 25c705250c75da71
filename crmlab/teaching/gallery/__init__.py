"""Every picture of the package, drawn once, so that a person can look at all of them.

A module `<topic>.py` beside this file (or several, `<topic>_<part>.py`) holds one function for each
`plot_*` of that topic, of the same name: it takes an Axes, draws a good example on it and returns
it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from matplotlib.axes import Axes
from matplotlib.figure import Figure

Draw = Callable[[Axes], Axes]


def examples() -> Iterator[tuple[str, str, Draw]]:
    """Yield (topic, name, function) of every example, in alphabetical order."""
    for file in sorted(module.name for module in iter_modules(__path__)):
        module, topic = import_module(f"{__name__}.{file}"), file.partition("_")[0]
        for name, function in sorted(vars(module).items()):
            # A plot that the module imports, to call it, is no example.
            if name.startswith("plot_") and function.__module__ == module.__name__:
                yield topic, name, function


def new_figure() -> Figure:
    """Return an empty figure of the size that a notebook would show."""
    return Figure(figsize=(8, 5), dpi=100, layout="constrained")


def draw_all(folder: str | Path = "build/gallery") -> Path:
    """Save each example as `<topic>-<name>.png` in `folder`; return the page that shows all."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    shown = []
    for topic, name, function in examples():
        file = f"{topic}-{name.removeprefix('plot_')}.png"
        figure = new_figure()
        function(figure.subplots())
        figure.savefig(folder / file)
        shown.append(f'<h2>{topic}: {name}</h2><img src="{file}" alt="{escape(name)}">')
    page = folder / "index.html"
    head = '<!DOCTYPE html><meta charset="utf-8"><title>Every figure of crmlab</title>'
    page.write_text("\n".join([head, *shown]), encoding="utf-8")
    return page
