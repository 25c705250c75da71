"""The `crmlab` command; each subcommand is a thin call into a room of the package."""

from __future__ import annotations

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
