"""The catalogue of visible words: gathered from the code, compiled, and counted by topic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import crmlab
from crmlab._shipped import shipped
from crmlab._words import ENGLISH, LANGUAGES
from crmlab.classroom.source import parts
from crmlab.teaching.start import TITLE

ROOM = Path(crmlab.__file__).parent
_KEYWORDS = {
    **{"_": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)},
    **{"count": (2,), "many": (2,)},
}
_METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]


def catalogue_file(language: str) -> Path:
    """Return where the words of a language stand; what is compiled stands beside, as `.mo`."""
    return ROOM / "locale" / language / "LC_MESSAGES" / "crmlab.po"


def gathered() -> Catalog:
    """Return every visible text of the package, with the files it stands in."""
    found = Catalog(project="crmlab", version=crmlab.__version__, charset="utf-8", fuzzy=False)
    said = extract_from_dir(
        ROOM,
        _METHODS,
        keywords=_KEYWORDS,
        comment_tags=("Translators:",),
        directory_filter=lambda folder: True,  # babel's own passes by whatever begins with "_"
    )
    for file, _line, text, comments, context in said:
        found.add(text, locations=[(file.replace("\\", "/"), 0)], auto_comments=comments,
                  context=context)  # fmt: skip
    for title in _titles():
        found.add(title, locations=[("teaching/start.py", 0)])
    return found


def _titles() -> Iterator[str]:
    """Yield what the chapters ask: the start page says it, also of those not translated yet."""
    for path in sorted((shipped("notebooks") / "source").glob("*.py")):
        first = next(part.text for part in parts(path) if part.kind == "markdown")
        if title := TITLE.match(first):
            yield title[1]


def update(language: str) -> Catalog:
    """Return the catalogue of a language with the words of today: new ones empty, old ones gone."""
    file, new = catalogue_file(language), gathered()
    new.locale = language
    if file.exists():
        old = read(language)
        for message in _texts(new):
            before = old.get(message.id, message.context)
            if before is not None:
                message.string = before.string
                message.flags = before.flags
    return new


def read(language: str) -> Catalog:
    """Return the catalogue as it stands."""
    with catalogue_file(language).open("rb") as file:
        return read_po(file, locale=language)


def text_of(catalogue: Catalog) -> bytes:
    """Return the text of a catalogue's file: sorted, without days and lines that change it."""
    file = BytesIO()
    write_po(file, catalogue, width=100, sort_by_file=True, include_lineno=False, omit_header=True)
    head = "".join(f'"{name}: {value}\\n"\n' for name, value in _head(catalogue))
    return f'msgid ""\nmsgstr ""\n{head}\n'.encode() + file.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    """Return what gettext reads."""
    file = BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def _head(catalogue: Catalog) -> Iterator[tuple[str, str]]:
    """Yield what a catalogue must say of itself; days and tools would change it at every run."""
    yield "Language", str(catalogue.locale)
    yield "Plural-Forms", catalogue.plural_forms.rstrip(";") + ";"
    yield "MIME-Version", "1.0"
    yield "Content-Type", "text/plain; charset=utf-8"
    yield "Content-Transfer-Encoding", "8bit"


def build(language: str) -> Catalog:
    """Bring the catalogue of a language in step with the code, and compile it."""
    catalogue, file = update(language), catalogue_file(language)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text_of(catalogue))
    file.with_suffix(".mo").write_bytes(compiled(read(language)))
    return catalogue


def standing(catalogue: Catalog) -> Iterator[str]:
    """Yield a line for each room of the package: how many texts it shows, how many are open."""
    shown, still = Counter[str](), Counter[str]()
    for message in _texts(catalogue):
        for room in {file.partition("/")[0] for file, _ in message.locations}:
            shown[room] += 1
            still[room] += not is_said(message)
    yield f"{'room':<16}{'texts':>6}{'open':>6}"
    yield from (f"{room:<16}{shown[room]:>6}{still[room]:>6}" for room in sorted(shown))
    texts = [*_texts(catalogue)]
    yield f"{'in all':<16}{len(texts):>6}{sum(not is_said(each) for each in texts):>6}"


def is_said(message: Message) -> bool:
    """Return whether a text is translated, all its forms."""
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(forms)


def _texts(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def chapters(language: str) -> Iterator[str]:
    """Yield a line for each chapter and exercise: its texts, their words, and how many are open."""
    yield f"{'chapter':<32}{'texts':>6}{'words':>7}{'open':>6}"
    for room in ("notebooks", "exercises"):
        for path in sorted((shipped(room) / "source").glob("*.py")):
            found = [part for part in parts(path) if part.kind == "markdown"]
            english = [part.text for part in found if part.language == ENGLISH]
            still = len(english) - sum(part.language == language for part in found)
            count = sum(len(text.split()) for text in english)
            yield f"{f'{room} {path.stem}':<32}{len(english):>6}{count:>7}{still:>6}"


def main() -> Iterator[str]:
    """Build the catalogue of every language but English; yield what stands open."""
    for language in LANGUAGES:
        if language != ENGLISH:
            yield from standing(build(language))
            yield ""
            yield from chapters(language)
