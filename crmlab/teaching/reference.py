"""The API reference: one page per topic, made from what the package says of itself.

A name is told in the order of the chapter that uses it; what no chapter uses follows as it stands
in the stub. Nothing in docs/reference is typed by hand.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from inspect import Parameter
from pathlib import Path

from matplotlib.figure import Figure

from crmlab._shipped import shipped
from crmlab.teaching.gallery import examples

CHAPTERS = shipped("notebooks")
PACKAGE = Path(__file__).parents[1]
VERBS = {
    "simulate": "Simulators",
    "measure": "Measures",
    "model": "Models",
    "plot": "Plots",
    "explore": "Widgets",
}
OTHERS = "Other names"
_HEADING = re.compile(r"\n([A-Z][A-Za-z ]+)\n-{3,}\n")


def rooms() -> list[str]:
    """Return the topics and shared rooms that hand names on."""
    return sorted(path.parent.name for path in PACKAGE.glob("*/__init__.pyi"))


def names_of(room: str) -> dict[str, str]:
    """Return the public names of a room and the verb, or other place, that each comes from."""
    stub = (PACKAGE / room / "__init__.pyi").read_text(encoding="utf-8")
    return {name: place for place, name in re.findall(r"from \.(\S+) import (\w+) as", stub)}


def build(folder: str | Path = "docs/reference", *, pictures: bool = True) -> Path:
    """Write a page for each room into `folder`, with its pictures; return the index."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    drawn = {(room, name) for room, name, _ in examples()}
    for room in rooms():
        text = page(room, used_in_chapters(room), drawn)
        (folder / f"{room}.md").write_text(text, encoding="utf-8")
    if pictures:
        _draw(folder / "pictures")
    index = folder / "README.md"
    index.write_text(contents(), encoding="utf-8")
    return index


def contents() -> str:
    """Return the index: each room, its first line and how many names it hands on."""
    rows = [
        f"| [{room}]({room}.md) | {_summary(import_module(f'crmlab.{room}'))} "
        f"| {len(names_of(room))} |"
        for room in rooms()
    ]
    head = [
        "# Reference",
        "",
        "Every public name of crmlab, made by `make reference` from the docstrings. Import a name",
        "from its room: `from crmlab.rfm import rfm`. How often each interval holds the truth",
        "stands in [intervals](intervals.md).",
        "",
        "| room | what it is about | names |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *rows, ""])


def page(room: str, used: dict[str, list[str]], drawn: set[tuple[str, str]]) -> str:
    """Return the page of a room: its names by verb, in the order of the story."""
    module, places = import_module(f"crmlab.{room}"), names_of(room)
    story = {name: number for number, name in enumerate(used)}
    parts = [f"# crmlab.{room}", _summary(module)]
    for verb, title in {**VERBS, "": OTHERS}.items():
        names = [
            name
            for name, place in places.items()
            if (place.split(".")[0] if place.split(".")[0] in VERBS else "") == verb
        ]
        names.sort(key=lambda name: story.get(name, len(story)))
        if names:
            parts.append(f"## {title}")
        for name in names:
            parts += _entry(room, name, getattr(module, name), used.get(name, []), drawn)
    return "\n\n".join(parts) + "\n"


def used_in_chapters(room: str = "") -> dict[str, list[str]]:
    """Return the sections of chapters that use each name, as "06 rfm: Section", in their order.

    Two rooms may have a name in common: what a chapter imports from another one is not of `room`.
    """
    found: dict[str, list[str]] = {}
    for source in sorted((CHAPTERS / "source").glob("*.py")):
        section, origin = "", _imported(source) if room else {}
        for line in _english(source):
            if heading := re.match(r"# #{1,3} (.+)", line):
                section = f"{source.stem.replace('_', ' ', 1)}: {heading[1]}"
            elif not line.startswith("#") and not line.startswith("from crmlab"):
                for name in re.findall(r"\b[A-Za-z_]\w+", line):
                    if origin.get(name, room) == room and section not in found.setdefault(name, []):
                        found[name].append(section)
    return found


def _imported(source: Path) -> dict[str, str]:
    """Return the room of crmlab that a chapter imports each name from."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {
        each.name: module.split(".")[1]
        for node in froms
        for module in [node.module or ""]
        if module.startswith("crmlab.")
        for each in node.names
    }


def _english(source: Path) -> Iterator[str]:
    """Yield the lines of a chapter's source without its translations."""
    translated = False
    for line in source.read_text(encoding="utf-8").splitlines():
        translated = " lang=" in line if line.startswith("# %%") else translated
        if not translated:
            yield line


def _entry(
    room: str, name: str, thing: object, sections: list[str], drawn: set[tuple[str, str]]
) -> Iterator[str]:
    """Yield the paragraphs about one name."""
    yield f"### `{name}`"
    if not callable(thing):
        yield f"A constant: `{thing!r:.200}`"
        return
    yield f"```python\n{name}{_signature(thing)}\n```"
    yield from _told(inspect.getdoc(thing) or "")
    if inspect.isclass(thing):
        yield from _methods(thing)
    if (room, name) in drawn:
        file = f"pictures/{room}-{name.removeprefix('plot_')}.png"
        yield f"![An example of {name}]({file})"
    if sections:
        yield f"*Used in* {'; '.join(sections[:3])}."


def _signature(thing: object) -> str:
    """Return the parameters with their defaults; what they may be, the text says."""
    try:
        signature = inspect.signature(thing)  # pyright: ignore[reportArgumentType]
    except ValueError:
        return "(…)"
    bare = [one.replace(annotation=Parameter.empty) for one in signature.parameters.values()]
    told = [one if _is_plain(one.default) else one.replace(default=...) for one in bare]
    return str(inspect.Signature(told)).replace("Ellipsis", "…")


def _is_plain(default: object) -> bool:
    """Return whether a default can be read as it is; of others, the text says what they are."""
    if isinstance(default, tuple):
        return all(map(_is_plain, default))
    return default is Parameter.empty or isinstance(default, (str, int, float, type(None)))


def _told(text: str) -> Iterator[str]:
    """Yield a docstring as Markdown: paragraphs, and its sections as they are laid out."""
    first, *rest = _HEADING.split(f"\n{text}")
    yield first.strip()
    for title, body in zip(rest[::2], rest[1::2], strict=True):
        yield f"**{title}**"
        if title in ("See Also", "Source", "References", "Notes"):
            yield body.strip()
        else:
            yield f"```{'python' if title == 'Examples' else 'text'}\n{body.strip()}\n```"


def _methods(thing: type) -> Iterator[str]:
    """Yield a line for each public method or property that the class itself defines."""
    own = [
        (name, member)
        for name, member in vars(thing).items()
        if not name.startswith("_") and (callable(member) or isinstance(member, property))
    ]
    lines = [f"- `{name}`: {_summary(member)}" for name, member in own if _summary(member)]
    if lines:
        yield "**Methods**"
        yield "\n".join(lines)


def _summary(thing: object) -> str:
    """Return the first paragraph of a docstring in one line."""
    paragraph = (inspect.getdoc(thing) or "").split("\n\n")[0]
    return " ".join(paragraph.split())


def _draw(folder: Path) -> None:
    """Save the example of each plot, small enough to be kept beside the text."""
    from PIL import Image

    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    for room, name, draw in examples():
        if name not in names_of(room):  # a second example of another plot
            continue
        figure = Figure(figsize=(8, 5), dpi=70, layout="constrained")
        draw(figure.subplots())
        path = folder / f"{room}-{name.removeprefix('plot_')}.png"
        figure.savefig(path)
        with Image.open(path) as picture:
            small = picture.convert("RGB").quantize(48)
        small.save(path, optimize=True)
