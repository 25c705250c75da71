"""The commands that `make` calls; each a thin call into a room of this folder."""

from __future__ import annotations

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Build what readers and lecturers see."""


@main.command()
@click.argument("names", nargs=-1)
def notebooks(names: tuple[str, ...]) -> None:
    """Build and execute the chapters whose names begin with NAMES; all of them without any."""
    from crmlab.teaching.notebooks import build, sources

    for source in sources(names):
        for notebook in build(source):
            click.echo(notebook)


@main.command()
def gallery() -> None:
    """Draw every figure of the package into build/gallery."""
    from crmlab.teaching.gallery import draw_all

    click.echo(f"Look at them all in {draw_all()}")


if __name__ == "__main__":
    main(prog_name="python -m crmlab.teaching")
