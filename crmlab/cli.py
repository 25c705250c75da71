"""The `crmlab` command; each subcommand is a thin call into a room of the package."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

import crmlab
from crmlab._words import ENGLISH, LANGUAGES, speaking
from crmlab.errors import CrmlabError, MissingToolError
from crmlab.grading.cli import course


class _Commands(click.Group):
    """Turns what crmlab refuses, or the machine, into one message without a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            done = super().invoke(ctx)
            sys.stdout.flush()  # a full disk is told now, not when Python ends
            return done
        except CrmlabError as error:
            raise click.ClickException(str(error)) from error
        except BrokenPipeError:  # whoever reads along has seen enough
            raise
        except OSError as error:  # no permission, a full disk, a file where a folder should be
            what = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(f"{what}{error.strerror or error}.") from error


_TREATMENT = click.Choice(["keep", "drop", "refuse"])
_DROP = click.Choice(["drop", "refuse"])
_LANGUAGE = click.Choice(LANGUAGES)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(crmlab.__version__, prog_name="crmlab")
def main() -> None:
    """Teach and do customer analytics."""


@main.command()
@click.argument("folder", default="crmlab-course", type=click.Path(path_type=Path))
@click.option("--here", is_flag=True, help="Open a checkout's own chapters; copy nothing.")
@click.option("--copy-only", is_flag=True, help="Copy, and do not open JupyterLab.")
@click.option("--with-outputs", is_flag=True, help="Copy chapters as built, answers and all.")
@click.option("--mine", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Unpack a teacher's zip too; your work is never overwritten.")  # fmt: skip
@click.option("--no-browser", is_flag=True, help="Start JupyterLab and print its address.")
@click.option("--port", type=int, help="Port of JupyterLab; the next free one if it is taken.")
@click.option("--lang", type=_LANGUAGE, help="Language of the course, where it is translated.")
def lab(
    folder: Path,
    here: bool,
    copy_only: bool,
    with_outputs: bool,
    mine: Path | None,
    no_browser: bool,
    port: int | None,
    lang: str | None,
) -> None:
    """Copy the course into FOLDER and open it in JupyterLab.

    Chapters come without their outputs, so that a guess is a guess. Files that are there already
    are yours and stay as they are; START.ipynb alone is made anew.
    """
    from crmlab.teaching.lab import checkout, copy_course, jupyterlab, unpack

    if lang:
        crmlab.language(lang)
    if here:
        folder = checkout()
    else:
        for line in copy_course(folder, with_outputs=with_outputs):
            click.echo(line)
        click.echo(f"The course is in {folder}")
    for line in unpack(mine, folder) if mine else ():
        click.echo(line)
    if not copy_only:
        jupyterlab(folder, browser=not no_browser, port=port)


@main.command()
@click.argument("purchases", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "--output", default="report.html", show_default=True,
              help="Page to write; - writes it to standard output.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace a file that is no earlier report.")
@click.option("--lang", type=_LANGUAGE, help="Language of the page: en or zh.")
@click.option("--title", help="Heading of the page; the file's name if not said.")
@click.option("--currency", default="",
              help="Label before amounts, CNY say; of several, the one to keep.")  # fmt: skip
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Day the figures are of.")
@click.option("--show-ids", is_flag=True, help="Show customer ids instead of pseudonyms.")
@click.option("--customer", metavar="COLUMN", help="Column with the customer id.")
@click.option("--date", metavar="COLUMN", help="Column with the date of purchase.")
@click.option("--amount", metavar="COLUMN", help="Column with the money.")
@click.option("--quantity", metavar="COLUMN", help="Column with the pieces, if no amount.")
@click.option("--unit-price", metavar="COLUMN", help="Column with the price of a piece.")
@click.option("--invoice", metavar="COLUMN", help="Column by which lines become purchases.")
@click.option("--day-first/--month-first", default=None, help="Whether 05/03 is 5 March.")
@click.option("--date-format", metavar="FORMAT", help="Form of the dates: %d/%m/%y say.")
@click.option("--decimal", type=click.Choice([".", ","]), help="Mark before the cents.")
@click.option("--encoding", help="Of a text file; guessed if not said.")
@click.option("--separator", help="Between the cells of a text file; guessed if not said.")
@click.option("--sheet", help="Sheet of a workbook.")
@click.option("--platform", help="Whose export it is: shopify, taobao, …; found if not said.")
@click.option("--status", metavar="COLUMN", help="Column that says paid, cancelled and so on.")
@click.option("--currency-column", metavar="COLUMN", help="Column with the currency.")
@click.option("--rate", "rates", multiple=True, metavar="CODE=NUMBER",
              help="What one of a currency is worth; said once for each.")  # fmt: skip
@click.option("--refunded", metavar="COLUMN", help="Column with what was paid back.")
@click.option("--swapped/--not-swapped", default=None, help="Whether Excel swapped day and month.")
@click.option("--order-totals/--line-amounts", default=None,
              help="Whether the amount is the order's total, on each of its lines.")  # fmt: skip
@click.option("--no-sale", type=_TREATMENT, help="Rows cancelled or refunded: drop if not said.")
@click.option("--suspect-dates", type=_TREATMENT, help="Days such as 1970-01-01: keep if not said.")
@click.option("--refunds", type=_TREATMENT, help="Rows below zero: keep if not said.")
@click.option("--zero-amounts", type=_TREATMENT, help="Rows of zero: keep if not said.")
@click.option("--duplicates", type=_TREATMENT, help="Rows equal to another: keep if not said.")
@click.option("--future", type=_TREATMENT, help="Rows after today: keep if not said.")
@click.option("--no-customer", type=_DROP, help="Rows without a customer: drop if not said.")
@click.option("--totals", type=_TREATMENT, help="Rows that sum up others: drop if not said.")
@click.option("--unreadable", type=_DROP, help="Rows that cannot be read: refuse if not said.")
def report(purchases: Path, output: str, **options: Any) -> None:
    """Write one HTML page about the customers in the file PURCHASES.

    The page stands alone: it opens from disk, prints, and fetches nothing. Customers have
    pseudonyms unless --show-ids is given. An earlier report is replaced.
    """
    from crmlab.report.options import COLUMNS, as_typed, rates_of
    from crmlab.report.page import STEPS, report_page, write_report

    options["rates"] = rates_of(options["rates"])
    if lang := options.pop("lang"):
        crmlab.language(lang)
    # An empty name of a column says that there is none.
    said: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
    said |= {name: False for name in COLUMNS if said.get(name) == ""}
    bar = click.progressbar(STEPS, file=sys.stderr, item_show_func=lambda step: step)
    try:
        with bar:
            said["progress"] = lambda step: bar.update(1, step)
            if output == "-":
                said.pop("force")
                done: bytes | str = report_page(purchases, **said).encode("utf-8")
            else:
                path = write_report(purchases, output, **said)
                done = f"Wrote {click.format_filename(path)}"
    except CrmlabError as error:
        raise click.ClickException(as_typed(str(error), options)) from error
    click.echo(done, nl=output != "-")


@course.command()
@click.argument("names", nargs=-1)
@click.option("--out", default="slides", show_default=True, type=click.Path(path_type=Path))
@click.option("--lang", type=_LANGUAGE, help="Those of one language; all if not said.")
def slides(names: tuple[str, ...], out: Path, lang: str | None) -> None:
    """Write the lecture slides of the chapters NAMES (06, say), or of all, into --out.

    The pages need no network; key S opens the notes for the speaker.
    """
    _require_builders("slides")
    from crmlab.teaching.notebooks import notebooks_of, sources
    from crmlab.teaching.slides import build

    for source in sources(names):
        for notebook in notebooks_of(source, lang):
            click.echo(build(notebook, folder=out))


@course.command()
@click.argument("names", nargs=-1)
@click.option("--out", default="plans", show_default=True, type=click.Path(path_type=Path))
@click.option("--guesses", "folder", default=".", type=click.Path(path_type=Path),
              help="Folder with earlier runs, to show the spread of their guesses.")  # fmt: skip
@click.option("--lang", type=_LANGUAGE, default=ENGLISH, show_default=True)
def plans(names: tuple[str, ...], out: Path, folder: Path, lang: str) -> None:
    """Write the lecture plans of the chapters NAMES (06, say), or of all, into --out.

    A plan has the minutes of each section, what to ask the room, where students stumble, and how
    long the cells ran on this machine: each chapter is run once.
    """
    _require_builders("lecture plans")
    from crmlab.teaching.notebooks import sources
    from crmlab.teaching.plan import build, guessed_in

    for source in sources(names):
        with speaking(lang):
            click.echo(build(source, folder=out, guessed=guessed_in(folder)))


def _require_builders(what: str) -> None:
    if find_spec("jupytext") is None:
        raise MissingToolError.of(f"What builds {what}", "build")


@main.command()
@click.option("--customers", type=int, required=True, help="Customers who ever join.")
@click.option("--seed", type=int, required=True, help="Same seed, same world.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder to write.")
@click.option("--scenario", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="YAML file of parameters, or a world.json; see --show-scenario.")  # fmt: skip
@click.option("--set", "changes", multiple=True, metavar="NAME=VALUE",
              help="Change one parameter; may be said repeatedly.")  # fmt: skip
@click.option("--check", type=click.Path(exists=True, file_okay=False, path_type=Path),
              is_eager=True, expose_value=False,
              callback=lambda ctx, _, folder: _check(ctx, folder),
              help="Check the world in this folder as an auditor would, and end.")  # fmt: skip
@click.option("--show-scenario", is_flag=True, is_eager=True, expose_value=False,
              callback=lambda ctx, _, said: _show_scenario(ctx, said),
              help="Print all parameters with their ranges as YAML, and end.")  # fmt: skip
@click.option("--table", "tables", multiple=True, help="Only this table; may be said repeatedly.")
@click.option("--also", "forms", multiple=True, type=click.Choice(["csv", "sqlite", "duckdb"]),
              help="Write it in this form too.")  # fmt: skip
@click.option("--processes", default=1, show_default=True, help="That make parts together.")
def company(
    customers: int,
    seed: int,
    out: Path,
    scenario: Path | None,
    changes: tuple[str, ...],
    tables: tuple[str, ...],
    forms: tuple[str, ...],
    processes: int,
) -> None:
    """Simulate the fictional firm Hehua and write its tables as Parquet.

    Interrupt it when you like: no half-written table looks whole, and the same command goes on.
    What it wrote goes into a database, PostgreSQL's too, by `crmlab database load`.
    """
    from crmlab.company import convert_company, write_company
    from crmlab.company.convert import require_form
    from crmlab.company.export import ALL_TABLES
    from crmlab.company.scenario import changed, scenario_of

    for form in forms:
        require_form(form)

    bar = click.progressbar(length=1, file=sys.stderr, label="Simulating")

    def progress(done: int, of: int) -> None:
        bar.length = of
        bar.update(done - bar.pos)

    with bar:
        rows = write_company(
            out,
            customers,
            seed=seed,
            scenario=changed(scenario_of(scenario), changes),
            tables=tables or ALL_TABLES,
            processes=processes,
            progress=progress,
        )
    for form in forms:
        for path in convert_company(out, form):
            click.echo(f"Wrote {click.format_filename(path)}")
    click.echo(f"{sum(rows.values()):,} rows in {len(rows)} tables in {click.format_filename(out)}")


@main.group()
def database() -> None:
    """Make and fill a customer database: SQLite, DuckDB or PostgreSQL."""


@database.command()
@click.option("--url", required=True, help="hehua.sqlite, say, or postgresql://user@host/name")
@click.option("--to", type=int, help="Version to bring it to; the newest if not said.")
def up(url: str, to: int | None) -> None:
    """Make the tables of the firm in the database --url, or bring them to the newest version.

    No row is lost, and if anything fails all is as it was. Doing it twice does no harm.
    """
    from crmlab.database import open_database, upgrade, version
    from crmlab.database.migration.run import told

    engine = open_database(url)
    for line in told(upgrade(engine, to)):
        click.echo(line)
    click.echo(f"The database has version {version(engine)}")


@database.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--url", required=True, help="hehua.sqlite, say, or postgresql://user@host/name")
@click.option("--table", "tables", multiple=True, help="Only this table; may be said repeatedly.")
def load(folder: Path, url: str, tables: tuple[str, ...]) -> None:
    """Load what `crmlab company --out FOLDER` wrote into the database --url, all of it or nothing.

    Its tables are made by `crmlab database up`. Interrupt it when you like: the database is then
    as it was before.
    """
    from crmlab.database import load_folder, open_database

    bar = click.progressbar(length=1, file=sys.stderr, label="Loading")

    def progress(done: int, of: int) -> None:
        bar.length = of
        bar.update(done - bar.pos)

    with bar:
        rows = load_folder(open_database(url), folder, tables=tables or None, progress=progress)
    click.echo(f"{sum(rows.values()):,} rows in {len(rows)} tables")


def _check(context: click.Context, folder: Path | None) -> None:
    """Say what does not hold in the world of a folder, and end."""
    if folder is None or context.resilient_parsing:
        return
    from crmlab.company.audit.check import check_folder

    audit = check_folder(folder)
    click.echo(str(audit))
    context.exit(0 if audit else 1)


def _show_scenario(ctx: click.Context, said: bool) -> None:
    """Print the default scenario and end, if that was asked for."""
    if said:
        from crmlab.company import Scenario

        click.echo(Scenario().to_yaml(), nl=False)
        ctx.exit()


main.add_command(course)
