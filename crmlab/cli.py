"""The `crmlab` command; each subcommand is a thin call into a room of the package."""

from __future__ import annotations

from pathlib import Path

import click

import crmlab
from crmlab.errors import CrmlabError


class _Commands(click.Group):
    """Turns an error that crmlab raises on purpose into one message, without a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except CrmlabError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(crmlab.__version__, prog_name="crmlab")
def main() -> None:
    """Teach and do customer analytics."""


@main.command()
@click.argument("folder", default="crmlab-course", type=click.Path(path_type=Path))
@click.option("--here", is_flag=True, help="Open a checkout's own chapters; copy nothing.")
@click.option("--copy-only", is_flag=True, help="Copy, and do not open JupyterLab.")
@click.option("--no-browser", is_flag=True, help="Start JupyterLab and print its address.")
@click.option("--port", type=int, help="Port of JupyterLab; the next free one if it is taken.")
def lab(folder: Path, here: bool, copy_only: bool, no_browser: bool, port: int | None) -> None:
    """Copy the course into FOLDER and open it in JupyterLab.

    Files that are there already are yours and stay as they are.
    """
    from crmlab.teaching.lab import checkout, copy_course, jupyterlab

    if here:
        folder = checkout()
    else:
        for line in copy_course(folder):
            click.echo(line)
        click.echo(f"The course is in {folder}")
    if not copy_only:
        jupyterlab(folder, browser=not no_browser, port=port)
