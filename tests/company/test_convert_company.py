"""convert_company and `crmlab company`: the same rows in every form, from the command line too."""

import sqlite3

import duckdb
import pandas as pd
import pytest
from click.testing import CliRunner

from crmlab.cli import main
from crmlab.company import Scenario, convert_company, simulate_tables, write_company
from crmlab.errors import MissingToolError, UnknownNameError, UnreadableFileError

TABLES = ("people", "purchases", "promotions", "children", "truth_targets")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("convert") / "w"
    write_company(folder, 300, seed=4, tables=TABLES)
    return folder


@pytest.fixture(scope="module")
def expected():
    return simulate_tables(300, seed=4, tables=TABLES)


def run(*arguments):
    return CliRunner().invoke(main, ["company", *map(str, arguments)])


# the same rows in every form


def test_csv_is_for_people_with_a_byte_order_mark_and_days(world, expected):
    paths = convert_company(world, "csv")
    assert {path.stem for path in paths} == {*TABLES}
    for path in paths:
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        frame = expected[path.stem]
        read = pd.read_csv(path, encoding="utf-8-sig", keep_default_na=False, na_values=[""])
        assert [*read.columns] == [*frame.columns]
        assert len(read) == len(frame)
    purchases = pd.read_csv(
        world / "csv/purchases.csv", encoding="utf-8-sig", dtype={"date": "str"}
    )
    assert (purchases["date"] == expected["purchases"]["date"].dt.strftime("%Y-%m-%d")).all()
    assert (purchases["amount"] == expected["purchases"]["amount"]).all()
    starts = pd.read_csv(world / "csv/promotions.csv", encoding="utf-8-sig")["starts_at"]
    assert (pd.to_datetime(starts) == expected["promotions"]["starts_at"]).all()


def test_sqlite_holds_the_same(world, expected):
    (path,) = convert_company(world, "sqlite")
    with sqlite3.connect(path) as database:
        for name, frame in expected.items():
            read = pd.read_sql(f'SELECT * FROM "{name}"', database)
            assert [*read.columns] == [*frame.columns]
            assert len(read) == len(frame)
        total = database.execute("SELECT sum(amount), max(date) FROM purchases").fetchone()
        names = database.execute("SELECT name FROM people ORDER BY customer_id").fetchall()
    database.close()
    assert total[0] == pytest.approx(expected["purchases"]["amount"].sum())
    assert total[1] == f"{expected['purchases']['date'].max():%Y-%m-%d}"
    assert [name for (name,) in names] == [*expected["people"]["name"]]


def test_duckdb_holds_the_same(world, expected):
    (path,) = convert_company(world, "duckdb")
    with duckdb.connect(str(path), read_only=True) as database:
        for name, frame in expected.items():
            count = database.execute(f'SELECT count(*) FROM "{name}"').fetchall()
            assert count == [(len(frame),)]
        (total,) = database.execute("SELECT sum(amount), max(date) FROM purchases").fetchall()
    assert total[0] == pytest.approx(expected["purchases"]["amount"].sum())
    assert total[1] == expected["purchases"]["date"].max()


def test_converting_again_replaces_and_leaves_no_drafts(world):
    convert_company(world, "sqlite")
    convert_company(world, "sqlite")
    assert not [*world.rglob("*.writing")]


# the command line


def test_the_command_writes_and_says_how_much(tmp_path):
    done = run("--customers", 50, "--seed", 1, "--out", tmp_path / "w", "--table", "people",
               "--also", "sqlite")  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "50 rows in 1 tables" in done.output
    assert len(pd.read_parquet(tmp_path / "w/people")) == 50
    assert (tmp_path / "w/company.sqlite").exists()
    again = run("--customers", 50, "--seed", 1, "--out", tmp_path / "w", "--table", "people")
    assert again.exit_code == 0


def test_the_command_takes_a_scenario_and_shows_one(tmp_path):
    shown = run("--show-scenario")
    assert Scenario.from_yaml(shown.output) == Scenario()
    (tmp_path / "s.yaml").write_text("referral_share: 0.0\n", encoding="utf-8")
    done = run("--customers", 50, "--seed", 1, "--out", tmp_path / "w", "--table", "referrals",
               "--scenario", tmp_path / "s.yaml")  # fmt: skip
    assert "0 rows in 1 tables" in done.output


# when misused


def test_the_command_says_what_is_wrong_without_a_traceback(tmp_path):
    (tmp_path / "s.yaml").write_text("churn: 99\n", encoding="utf-8")
    done = run("--customers", 50, "--seed", 1, "--out", tmp_path / "w",
               "--scenario", tmp_path / "s.yaml")  # fmt: skip
    assert done.exit_code == 1
    assert "churn (times the usual dropout after each purchase) must be a number from 0.2 to 5" in (
        done.output
    )


def test_a_form_there_is_none_of_is_refused(world):
    with pytest.raises(UnknownNameError, match="no form 'excel'"):
        convert_company(world, "excel")


def test_a_world_that_is_not_whole_is_refused(tmp_path):
    with pytest.raises(UnreadableFileError, match=r"no whole world: there is no manifest\.json"):
        convert_company(tmp_path, "csv")


def test_without_duckdb_the_message_says_what_to_type(world, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    with pytest.raises(MissingToolError, match="python -m pip install duckdb"):
        convert_company(world, "duckdb")


def test_what_is_missing_for_a_form_is_said_before_the_world_is_made(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    words = ["--customers", 50, "--seed", 1, "--out", tmp_path / "w", "--also", "duckdb"]
    done = run(*words)
    assert done.exit_code == 1
    assert "DuckDB is not installed" in done.output
    assert not (tmp_path / "w").exists()


def test_a_folder_that_cannot_be_made_is_said_in_one_line(tmp_path):
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    done = run("--customers", 50, "--seed", 1, "--out", tmp_path / "taken" / "w")
    assert done.exit_code == 1
    assert done.output.splitlines()[-1].startswith("Error: ")
    assert "taken" in done.output
