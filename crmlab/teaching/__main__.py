"""The commands that `make` calls; each a thin call into a room of this folder."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from crmlab._words import ENGLISH, LANGUAGES, speaking
from crmlab.errors import CrmlabError

_ONE_LANGUAGE = click.option(
    "--lang", type=click.Choice(LANGUAGES), help="Build those of one language; all if not said."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Build what readers and lecturers see."""


@main.command()
@click.argument("names", nargs=-1)
@_ONE_LANGUAGE
def notebooks(names: tuple[str, ...], lang: str | None) -> None:
    """Build and execute the chapters whose names begin with NAMES; all of them without any."""
    from crmlab.teaching.notebooks import build, sources

    for source in sources(names):
        for notebook in build(source, lang):
            click.echo(notebook)


@main.command()
@click.argument("names", nargs=-1)
@_ONE_LANGUAGE
def slides(names: tuple[str, ...], lang: str | None) -> None:
    """Build the lecture slides of the built chapters into build/slides; of NAMES or of all."""
    from crmlab.teaching.notebooks import notebooks_of, sources
    from crmlab.teaching.slides import build

    for source in sources(names):
        for notebook in notebooks_of(source, lang):
            click.echo(build(notebook))


@main.command()
@click.argument("names", nargs=-1)
@click.option("--guesses", "folder", default=".", type=click.Path(path_type=Path),
              help="Folder with earlier runs, to show the spread of their guesses.")  # fmt: skip
@click.option("--lang", type=click.Choice(LANGUAGES), default=ENGLISH, help="Language of the plan.")
def plans(names: tuple[str, ...], folder: Path, lang: str) -> None:
    """Write the lecture plans of the chapters into build/plans, with measured running times."""
    from crmlab.teaching.notebooks import sources
    from crmlab.teaching.plan import build, guessed_in

    for source in sources(names):
        with speaking(lang):
            click.echo(build(source, guessed=guessed_in(folder)))


@main.command()
@click.argument("names", nargs=-1)
@_ONE_LANGUAGE
def exercises(names: tuple[str, ...], lang: str | None) -> None:
    """Build the exercises whose names begin with NAMES, solutions stripped; all without any."""
    from crmlab.teaching.exercises import build

    for notebook in build(names, language=lang):
        click.echo(notebook)


@main.command()
def datasets() -> None:
    """Make the simulated data sets of datasets/ anew."""
    from crmlab.teaching.datasets import main as write

    write()


@main.command()
def gallery() -> None:
    """Draw every figure of the package into build/gallery."""
    from crmlab.teaching.gallery import draw_all

    click.echo(f"Look at them all in {draw_all()}")


@main.command()
def reference() -> None:
    """Write stubs, the API reference, the page of the course, tables of topics and chapters."""
    from crmlab.teaching import course, registries, stubs
    from crmlab.teaching.reference import build

    click.echo(f"made anew: the stubs of {len(stubs.build())} rooms")
    click.echo(f"Every public name stands in {build()}")
    for page in (course.build(), *registries.build()):
        click.echo(f"made anew: {page.name}")


@main.command()
@click.argument("wanted", nargs=2, required=False)
def new(wanted: tuple[str, str] | None) -> None:
    """Begin a measure, question or topic, and list what is left; as make says it."""
    from crmlab.teaching.new import measure, question, topic

    begin = {"measure": measure, "question": question, "topic": topic}
    if wanted is None or wanted[0] not in begin:
        raise click.UsageError(
            "Type one of: make new MEASURE=members/newcomers, QUESTION=07, TOPIC=18_churn"
        )
    click.echo("What is left to do:")
    for number, step in enumerate(begin[wanted[0]](wanted[1]), 1):
        click.echo(f"  {number}. {step}")


@main.command()
def words() -> None:
    """Gather the visible words of the package, compile the catalogues, and count what is open."""
    from crmlab.teaching.words import main as write

    for line in write():
        click.echo(line)


@main.command()
def font() -> None:
    """Make the font that travels with the package from the one of the system."""
    from crmlab.teaching.font import build

    path = build()
    click.echo(f"{path.name}: {path.stat().st_size:,} bytes")


def run() -> None:
    """Run a command; an error that crmlab raises on purpose is its message and no traceback."""
    try:
        main(prog_name="python -m crmlab.teaching")
    except CrmlabError as error:
        sys.exit(f"Error: {error}")


if __name__ == "__main__":
    run()
