"""`crmlab report`: what it writes, what it keeps, and what it says when it cannot."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from crmlab import _words
from crmlab.cli import main
from crmlab.errors import CrmlabError
from crmlab.report import report_page, write_report
from crmlab.report.page import STEPS
from crmlab.report.render import MARK

ROWS = ["c1;05/03/2024;1.200,50", "c2;06/03/2024;(30,00)", "c2;07/04/2024;12,00"]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "shop.csv"
    path.write_text("\n".join(["Kunde;Tag;Wert", *ROWS]), encoding="utf-8")
    return path


NAMES = ["--customer", "Kunde", "--date", "Tag", "--amount", "Wert"]


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, ["report", *map(str, words)])


# by hand


def test_it_writes_the_page_of_report_page_with_the_options_given(run, file, tmp_path):
    result = run(file, *NAMES, "--day-first", "--currency", "EUR", "--title", "Laden", "--show-ids")
    assert result.exit_code == 0, result.output
    assert "Wrote report.html" in result.output
    columns = {"customer": "Kunde", "date": "Tag", "amount": "Wert"}
    page = report_page(
        file, day_first=True, currency="EUR", title="Laden", show_ids=True, **columns
    )
    assert (tmp_path / "report.html").read_bytes() == page.encode()
    assert "EUR 1,182" in page
    assert "5 March 2024 to 7 April 2024" in page


def test_the_order_of_day_and_month_and_the_day_asked_about_are_taken(run, file, tmp_path):
    result = run(file, *NAMES, "--month-first", "--as-of", "2024-06-30", "-o", "m.html")
    assert result.exit_code == 0, result.output
    page = (tmp_path / "m.html").read_text(encoding="utf-8")
    assert "3 May 2024 to 30 June 2024" in page
    assert "1 purchase after 30 June 2024" in page


def test_each_step_is_told_once_in_order(file):
    told = []
    report_page(
        file, customer="Kunde", date="Tag", amount="Wert", day_first=True, progress=told.append
    )
    assert tuple(told) == STEPS


def test_an_earlier_report_is_replaced_and_any_other_file_is_kept(run, file, tmp_path):
    words = [file, *NAMES, "--day-first", "-o", tmp_path / "out.html"]
    assert run(*words).exit_code == 0
    assert run(*words, "--title", "Again").exit_code == 0
    assert "Again" in (tmp_path / "out.html").read_text(encoding="utf-8")

    (tmp_path / "out.html").write_text("my own page", encoding="utf-8")
    result = run(*words)
    assert result.exit_code == 1
    assert "is no crmlab report" in result.output
    assert "--force" in result.output
    assert (tmp_path / "out.html").read_text(encoding="utf-8") == "my own page"
    assert run(*words, "--force").exit_code == 0
    assert "my own page" not in (tmp_path / "out.html").read_text(encoding="utf-8")


def test_asking_for_help_loads_nothing_heavy():
    code = "import sys, crmlab.cli, crmlab.report; print({'pandas', 'matplotlib'} & {*sys.modules})"
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert out.stdout == "set()\n"


# when misused


def test_the_purchases_are_never_overwritten(run, file):
    before = file.read_bytes()
    result = run(file, *NAMES, "--day-first", "--force", "-o", file)
    assert result.exit_code == 1
    assert "is the file of purchases itself" in result.output
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "Name your own columns with --date …, --amount …"),
        ([*NAMES], "Set --day-first"),
        ([*NAMES, "--day-first", "--as-of", "2020-01-01"], "lies before the first row"),
        ([*NAMES, "--as-of", "soon"], "'soon' does not match the format"),
        ([*NAMES, "--day-first", "-o", "nowhere/r.html"], "the folder nowhere does not exist"),
        ([*NAMES, "--day-first", "-o", "."], "is a folder"),
        (["--date", "Tag", "--customer", "Kunde", "--amount", "no"], "--amount 'no'"),
    ],
)
def test_an_error_is_one_message_in_the_words_of_the_command_line(run, file, words, message):
    result = run(file, *words)
    assert result.exit_code in (1, 2)
    assert message in result.output
    assert "Traceback" not in result.output
    assert isinstance(result.exception, SystemExit)


def test_rows_that_cannot_be_read_are_named_and_can_be_dropped(run, file):
    file.write_text("id,date,amount\n1,2024-01-05,much\n2,2024-01-06,5\n", encoding="utf-8")
    result = run(file, "--customer", "id")
    assert "1 row with unreadable amount: 2 ('much')" in result.output
    assert "--unreadable 'drop'" in result.output
    assert "CrmlabError" not in result.output
    assert run(file, "--customer", "id", "--unreadable", "drop").exit_code == 0


def test_rows_of_totals_can_be_refused_in_the_words_of_the_command_line(run, file):
    text = "customer,date,amount\n1,2024-01-05,5\n2,2024-02-06,5\nGrand total,2024-02-06,10\n"
    file.write_text(text, encoding="utf-8")
    result = run(file, "--totals", "refuse")
    assert "1 row with totals row: 4 ('Grand total on 2024-02-06: 10.00')" in result.output
    assert "--totals 'drop' sets them aside" in result.output
    assert run(file).exit_code == 0


def test_a_file_that_is_not_there_is_named(run):
    result = run("nothing.csv")
    assert result.exit_code == 2
    assert "'nothing.csv' does not exist" in result.output


def test_a_file_that_cannot_be_read_is_not_taken_for_a_report(file, tmp_path, monkeypatch):
    (tmp_path / "r.html").write_bytes(MARK)

    def locked(*_, **__):
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.open", locked)
    with pytest.raises(CrmlabError, match="is no crmlab report"):
        write_report(file, tmp_path / "r.html")


def test_a_page_that_cannot_be_written_is_an_error_of_ours(file, tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CrmlabError, match=r"cannot be written: No space left.* before still does"):
        write_report(
            file,
            tmp_path / "r.html",
            customer="Kunde",
            date="Tag",
            amount="Wert",
            day_first=True,
        )
    assert [one.name for one in tmp_path.iterdir()] == [file.name]


# an earlier page, a full disk, standard output

WORDS = [*NAMES, "--day-first"]


def typed(*words, **more):
    command = [sys.executable, "-m", "crmlab", *map(str, words)]
    return subprocess.run(command, capture_output=True, check=False, **more)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits of size are Unix's")
def test_an_earlier_page_outlives_a_disk_that_is_full_halfway(file, tmp_path):
    page = tmp_path / "r.html"
    assert typed("report", file, *WORDS, "-o", page).returncode == 0
    before = page.read_bytes()

    def small_disk():
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))

    done = typed("report", file, *WORDS, "-o", page, "--title", "New", preexec_fn=small_disk)
    assert done.returncode == 1
    assert b"cannot be written: File too large. What stood there before still does." in done.stderr
    assert b"Traceback" not in done.stderr
    assert page.read_bytes() == before
    assert {one.name for one in tmp_path.iterdir()} == {file.name, "r.html"}


def test_a_page_goes_to_standard_output_and_nothing_else_does(file, tmp_path):
    done = typed("report", file, *WORDS, "-o", "-", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith(b"<!doctype html>")
    assert MARK in done.stdout
    assert not (tmp_path / "-").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_standard_output_on_a_full_disk_is_told_in_words(file):
    with open("/dev/full", "wb") as full:
        command = [sys.executable, "-m", "crmlab", "report", file, *WORDS, "-o", "-"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode != 0
    assert b"No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_link_stays_a_link_and_a_page_keeps_who_may_read_it(file, tmp_path):
    options = {"customer": "Kunde", "date": "Tag", "amount": "Wert", "day_first": True}
    page, link = tmp_path / "r.html", tmp_path / "latest.html"
    write_report(file, page, **options)
    page.chmod(0o640)
    link.symlink_to(page)
    write_report(file, link, title="New", **options)
    assert link.is_symlink()
    assert "New" in page.read_text(encoding="utf-8")
    assert page.stat().st_mode & 0o777 == 0o640


# what the command line can say of meaning

MONEY = "customer,date,amount,currency\n1,2024-01-05,10,EUR\n2,2024-02-06,5,USD\n"


def test_each_way_out_of_several_currencies_can_be_typed(run, file):
    file.write_text(MONEY, encoding="utf-8")
    result = run(file)
    assert "Keep the rows of one with --currency 'EUR'" in result.output
    assert "--rate EUR=1 --rate USD=0.5" in result.output
    assert run(file, "--currency", "EUR").exit_code == 0
    assert run(file, "--rate", "EUR=1", "--rate", "USD=0.5").exit_code == 0
    assert run(file, "--currency-column", "").exit_code == 0
    wrong = run(file, "--rate", "EUR")
    assert "--rate EUR is no name and number; write EUR=1, say." in wrong.output


def test_the_page_bears_the_currency_of_the_file(file):
    file.write_text(MONEY.replace("USD", "EUR"), encoding="utf-8")
    assert "EUR 15.00" in report_page(file)
    assert "€ 15.00" in report_page(file, currency="€")
    with pytest.raises(CrmlabError, match="currency='USD' is not there"):
        report_page(file, currency="USD")
    assert "points 15.00" in report_page(file, currency="points")


def test_the_page_is_written_in_the_language_asked_for(run, tmp_path, monkeypatch):
    monkeypatch.setattr(_words, "_told", [])
    file = tmp_path / "shop.csv"
    rows = [f"{n % 7},2024-{1 + n % 9:02}-{1 + n % 27:02},{10 + n}" for n in range(60)]
    file.write_text("customer,date,amount\n" + "\n".join(rows), encoding="utf-8")
    done = run(file, "-o", tmp_path / "zh.html", "--lang", "zh")
    assert done.exit_code == 0, done.output
    page = (tmp_path / "zh.html").read_text(encoding="utf-8")
    assert '<html lang="zh-Hans">' in page
    for heading in ("一览", "数据质量", "RFM 图与客户细分", "客户金字塔与集中度", "2024年9月"):
        assert heading in page
    assert run(file, "--lang", "fr").exit_code == 2
