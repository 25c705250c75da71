"""The dictionary, the checker, and the shipped Hehua that obeys them."""

import json
from pathlib import Path

import pandas as pd
import pytest
from packaging.version import Version

from crmlab.company import load_company, simulate_company
from crmlab.company.export import ALL_TABLES
from crmlab.company.firm import TABLES, TRUTHS
from crmlab.dictionary import datapackage, dictionary, faults, schemas
from crmlab.errors import AmbiguousError, OutOfRangeError, UnknownNameError
from crmlab.teaching.datasets import write_company_set

FOLDER = Path(__file__).parents[2] / "datasets" / "company"


@pytest.fixture(scope="module")
def shipped():
    return load_company()


def tables_of(company, truth):
    seen = {name: getattr(company, name) for name in TABLES}
    return seen | {name: getattr(truth, name.removeprefix("truth_")) for name in TRUTHS}


PURCHASES = pd.DataFrame(
    {
        "purchase_id": [1, 2, 3],
        "customer_id": [7, 7, 8],
        "date": pd.to_datetime(["2023-05-01", "2024-01-01", "2024-12-31"]),
        "amount": [10.0, -10.0, 5.0],
        "channel": pd.Series(["shop", "shop", "online"], dtype="str"),
        "store": pd.Series(["Wuhan", "Wuhan", "web shop"], dtype="str"),
        "category": pd.Series(["skin care"] * 3, dtype="str"),
    }
)


def only(table, **changes):
    """Return the only fault of the purchases after some changes, as field, row, value, rule."""
    found = faults({"purchases": table.assign(**changes)})
    assert len(found) == 1
    return tuple(found[["field", "row", "value", "rule"]].iloc[0])


# the dictionary


def test_every_table_and_column_has_a_meaning_and_a_chinese_name(shipped):
    assert {*schemas()} == {*ALL_TABLES}
    for name, frame in tables_of(*shipped).items():
        table = dictionary(name)
        assert [*table["field"]] == [*frame.columns]
        assert (table[["type", "meaning", "meaning_zh"]] != "").all().all()
        assert table["meaning_zh"].str.contains("[\u4e00-\u9fff]").all()


def test_money_has_a_unit():
    for name in ALL_TABLES:
        table = dictionary(name)
        money = table["field"].str.endswith("_cny")
        assert table.loc[money, "unit"].str.startswith("CNY").all()


def test_the_data_package_is_the_one_that_ships():
    package = json.loads((FOLDER / "datapackage.json").read_text(encoding="utf-8"))
    assert package == datapackage({name: f"{name}.csv" for name in [*_names(package)]})
    assert {*_names(package)} == {*ALL_TABLES}
    people = next(one for one in package["resources"] if one["name"] == "people")["schema"]
    assert people["primaryKey"] == ["customer_id"]
    assert people["foreignKeys"][0]["reference"] == {
        "resource": "households", "fields": ["household_id"],
    }  # fmt: skip


def _names(package):
    return [one["name"] for one in package["resources"]]


# what ships


def test_the_shipped_company_is_made_anew_byte_for_byte(tmp_path):
    for path in write_company_set(tmp_path / "company"):
        assert path.read_bytes() == (FOLDER / path.name).read_bytes(), path.name
    assert {path.name for path in FOLDER.iterdir()} == {
        path.name for path in (tmp_path / "company").iterdir()
    }


def test_what_is_loaded_is_what_was_simulated(shipped):
    made = tables_of(*simulate_company(1_000, seed=2024))
    for name, frame in tables_of(*shipped).items():
        # Of a number in a CSV file, pandas before 3.1 reads the first 17 digits, noughts and all.
        exact = Version(pd.__version__) >= Version("3.1")
        pd.testing.assert_frame_equal(frame, made[name], check_exact=exact, rtol=1e-14, atol=1e-15)


def test_the_shipped_company_is_a_few_megabytes():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 6e6


def test_every_shipped_table_obeys_its_dictionary(shipped):
    found = faults(tables_of(*shipped))
    assert found.empty, found.to_string()


# the checker, rule by rule


def test_clean_rows_have_no_faults():
    assert faults({"purchases": PURCHASES}).empty


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"amount": [1.0, None, 2.0]}, ("amount", 1, "", "required")),
        ({"customer_id": [7, 0, 8]}, ("customer_id", 1, "0", "minimum 1")),
        (
            {"channel": pd.Series(["shop", "fair", "shop"], dtype="str")},
            ("channel", 1, "fair", "one of shop, online"),
        ),
        (
            {"date": pd.to_datetime(["2023-05-01", "2024-01-01", "2025-01-01"])},
            ("date", 2, "2025-01-01 00:00:00", "maximum 2024-12-31"),
        ),
        (
            {
                "date": pd.to_datetime(
                    ["2023-05-01", "2024-01-01 08:00", "2024-01-01"], format="mixed"
                )
            },
            ("date", 1, "2024-01-01 08:00:00", "a day without an hour"),
        ),
        ({"purchase_id": [1, 2, 2]}, ("purchase_id", 2, "2", "unique in purchases")),
        ({"amount": ["1", "2", "3"]}, ("amount", -1, "", "type number, not str")),
        (
            {"date": pd.to_datetime(["2023-05-01"] * 3, utc=True).as_unit("us")},
            ("date", -1, "", "type date, not datetime64[us, UTC]"),
        ),
        (
            {"channel": pd.Series(["shop", 5, None], dtype="object")},
            ("channel", -1, "", "type string, not object"),
        ),
        ({"shop": 1}, ("shop", -1, "", "a column of the dictionary")),
    ],
)
def test_a_fault_names_row_field_value_and_rule(changes, expected):
    assert only(PURCHASES, **changes) == expected


@pytest.mark.parametrize("backend", ["numpy_nullable", "pyarrow"])
def test_columns_that_know_missing_values_are_checked_as_others_are(shipped, backend):
    tables = tables_of(*shipped)
    typed = {name: frame.convert_dtypes(dtype_backend=backend) for name, frame in tables.items()}
    assert faults(typed).empty
    numbers = pd.array([9, None, 10], dtype="Int64" if backend != "pyarrow" else "int64[pyarrow]")
    schema = {"fields": [{"name": "x", "type": "integer", "constraints": {"maximum": 9}}]}
    found = faults({"mine": pd.DataFrame({"x": numbers})}, {"mine": schema})
    assert found[["row", "value", "rule"]].to_numpy().tolist() == [[2, "10", "maximum 9"]]
    words = PURCHASES["channel"].astype("category")
    assert faults({"purchases": PURCHASES.assign(channel=words)}).empty


def test_a_missing_column_is_named():
    found = faults({"purchases": PURCHASES.drop(columns="store")})
    assert found[["field", "row", "rule"]].iloc[0].tolist() == [
        "store",
        -1,
        "a column that is there",
    ]


def test_a_key_without_its_parent_is_named_where_the_parent_is_there():
    people = load_company()[0].people.head(7)
    found = faults({"purchases": PURCHASES, "people": people})
    assert found[["field", "row", "value", "rule"]].iloc[0].tolist() == [
        "customer_id", 2, "8", "one of people.customer_id",
    ]  # fmt: skip
    assert len(found) == 1


def test_a_pattern_is_kept(shipped):
    people = shipped[0].people.copy()
    people.loc[4, "phone"] = "+86 139 1234 5678"
    found = faults({"people": people})
    assert found[["field", "row", "value"]].iloc[0].tolist() == ["phone", 4, "+86 139 1234 5678"]
    assert found["rule"].iloc[0].startswith("like ")


def test_a_key_of_two_columns_may_repeat_one(shipped):
    consents = shipped[0].consents
    assert consents["customer_id"].duplicated().any()
    twice = pd.concat([consents, consents.head(1)], ignore_index=True)
    found = faults({"consents": twice})
    assert found["rule"].tolist() == ["unique in consents together with purpose"]
    assert found["row"].tolist() == [len(consents)]


def test_many_faults_are_counted_and_the_first_five_shown():
    found = faults({"purchases": pd.concat([PURCHASES] * 10, ignore_index=True)})
    assert found["rows"].tolist() == [27] * 5
    assert found["row"].tolist() == [3, 4, 5, 6, 7]


def test_any_frictionless_schema_will_do():
    schema = {"fields": [{"name": "x", "type": "integer", "constraints": {"maximum": 3}}]}
    found = faults({"mine": pd.DataFrame({"x": [1, 9]})}, {"mine": schema})
    assert found[["table", "row", "value", "rule"]].iloc[0].tolist() == [
        "mine",
        1,
        "9",
        "maximum 3",
    ]


# when misused


def test_tables_there_are_none_of_are_refused():
    with pytest.raises(UnknownNameError, match="no table 'purchase'"):
        dictionary("purchase")
    with pytest.raises(UnknownNameError, match="no table 'mine'"):
        faults({"mine": PURCHASES})
    with pytest.raises(UnknownNameError, match="no table 'mine'"):
        datapackage({"mine": "mine.csv"})


def test_what_is_no_frame_is_refused():
    for tables in (None, [PURCHASES]):
        with pytest.raises(OutOfRangeError, match="tables must be frames by name"):
            faults(tables)
    with pytest.raises(OutOfRangeError, match="a DataFrame is needed here; got NoneType"):
        faults({"purchases": None})
    with pytest.raises(AmbiguousError, match=r"more than one column is called \['store'\]"):
        faults({"purchases": pd.concat([PURCHASES, PURCHASES[["store"]]], axis=1)})
