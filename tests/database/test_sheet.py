"""simulate_order_sheet: every sentence of its docstring, as a test."""

import numpy as np
import pandas as pd
import pytest

from crmlab.database import simulate_order_sheet, split_cells
from crmlab.database.simulate.sheet import TWO_VALUES
from crmlab.errors import OutOfRangeError

N = 4_000
SHEET, TRUTH = simulate_order_sheet(N, moved=200, misspelt=6, doubled=150, prospects=7, seed=1)
RIGHT, CELLS = TRUTH.sheet, TRUTH.cells
ORDERS = RIGHT.drop_duplicates("order_id")


def se(share, n):
    return np.sqrt(share * (1 - share) / n)


# by hand


def test_columns_have_the_documented_dtypes():
    row = {"order_id": "int64", "date": "datetime64[us]", "customer": "str", "phone": "str"}
    row |= {"address": "str", "product": "str", "category": "str"}
    assert SHEET.dtypes.astype(str).to_dict() == {**row, "price_cny": "str", "quantity": "str"}
    assert RIGHT.dtypes.astype(str).to_dict() == {**row, "price_cny": "int64", "quantity": "int64"}
    cell = {"row": "int64", "line": "int64", "column": "str", "kind": "str"}
    cell |= {"written": "str", "right": "str"}
    assert CELLS.dtypes.astype(str).to_dict() == cell
    assert TRUTH.unwritten.dtypes.astype(str).to_dict() == {
        "customer": "str",
        "phone": "str",
        "address": "str",
    }
    for frame in (SHEET, RIGHT, CELLS, TRUTH.unwritten):
        assert frame.index.equals(pd.RangeIndex(len(frame)))


# against the formula: the faultless sheet


def test_orders_have_one_to_three_products_and_a_row_each():
    size = RIGHT.groupby("order_id").size()
    assert size.index.tolist() == [*range(1, N + 1)]
    for rows, share in {1: 0.5, 2: 0.3, 3: 0.2}.items():
        assert (size == rows).mean() == pytest.approx(share, abs=3 * se(share, N))
    # Variance of the rows of an order: 0.5 * 1 + 0.3 * 4 + 0.2 * 9 - 1.7 ** 2 = 0.61.
    assert size.mean() == pytest.approx(1.7, abs=3 * np.sqrt(0.61 / N))
    assert not RIGHT.duplicated(["order_id", "product"]).any()


def test_orders_are_numbered_by_date_and_the_days_of_2024_are_equally_likely():
    assert RIGHT["date"].is_monotonic_increasing
    day = (ORDERS["date"] - pd.Timestamp("2024-01-01")).dt.days
    assert (RIGHT["date"] == RIGHT["date"].dt.normalize()).all()
    assert day.between(0, 365).all()
    # A uniform day of 366 has variance (366 ** 2 - 1) / 12.
    assert day.mean() == pytest.approx(182.5, abs=3 * np.sqrt((366**2 - 1) / 12 / N))


def test_each_order_is_by_one_of_a_quarter_as_many_customers():
    buyers = ORDERS["customer"].nunique()
    # Nobody of 1,000 is missed by all of 4,000 orders with chance (1 - 1 / 1000) ** 4000 = e ** -4.
    missed = 1_000 * (1 - 1 / 1_000) ** N
    assert 1_000 - buyers == pytest.approx(missed, abs=3 * np.sqrt(missed))
    assert len(TRUTH.unwritten) == 1_000 - buyers + 7
    assert not {*TRUTH.unwritten["customer"]} & {*RIGHT["customer"]}
    assert RIGHT.groupby("order_id")["customer"].nunique().max() == 1


def test_names_and_phones_are_unique_and_one_in_ten_lives_at_the_address_of_another():
    known = RIGHT[["customer", "phone", "address"]].drop_duplicates()
    known = pd.concat([known, TRUTH.unwritten])
    assert len(known) == 1_007
    assert known["customer"].is_unique
    assert known["phone"].is_unique
    assert known["phone"].str.fullmatch(r"\+1-\d{3}-555-01\d\d").all()
    assert known["address"].duplicated().sum() == 100


def test_a_product_has_one_category_and_one_price_and_two_cost_the_same():
    products = RIGHT[["product", "category", "price_cny"]].drop_duplicates()
    assert len(products) == 13
    assert products["product"].is_unique
    assert products["price_cny"].duplicated().sum() == 1


def test_quantity_is_one_two_or_three_with_equal_chance():
    shares = RIGHT["quantity"].value_counts(normalize=True)
    assert {*shares.index} == {1, 2, 3}
    assert shares.to_numpy() == pytest.approx(1 / 3, abs=3 * se(1 / 3, len(RIGHT)))


def test_bath_salts_were_ordered_exactly_once():
    assert (RIGHT["product"] == "bath salts").sum() == 1
    assert RIGHT["product"].value_counts().iloc[-2] > 1


# against the formula: what goes wrong


def test_a_split_sheet_differs_from_the_faultless_one_in_the_listed_cells_only():
    split = split_cells(SHEET, columns=TWO_VALUES)
    assert [*split["order_id"]] == [*RIGHT["order_id"]]
    wrong = {(int(row), RIGHT.columns[place]) for row, place in np.argwhere(split != RIGHT)}
    single = CELLS[CELLS["kind"] != "two values"]
    assert wrong == {*zip(single["line"], single["column"], strict=True)}
    for line, column, right in zip(single["line"], single["column"], single["right"], strict=True):
        assert RIGHT.loc[line, column] == right


def test_the_cells_say_what_is_written_on_their_row():
    for row, column, written in zip(CELLS["row"], CELLS["column"], CELLS["written"], strict=True):
        assert SHEET.loc[row, column] == written
    assert not CELLS.duplicated(["row", "column"]).any()


def test_movers_have_the_new_address_on_some_rows_and_the_old_one_on_others():
    stale = CELLS[CELLS["kind"] == "moved"]
    assert {*stale["column"]} == {"address"}
    movers = SHEET.loc[stale["row"], "customer"]
    assert movers.nunique() == 200
    rows = SHEET[SHEET["customer"].isin(movers)]
    assert (rows.groupby("customer")["address"].nunique() == 2).all()
    still = SHEET[~SHEET["customer"].isin(movers)]
    assert still.groupby("customer")["address"].nunique().max() == 1


def test_misspelt_categories_are_fewer_than_half_of_their_product():
    odd = CELLS[CELLS["kind"] == "spelt otherwise"]
    assert {*odd["column"]} == {"category"}
    written = SHEET.loc[odd["row"], "product"].value_counts()
    assert len(written) == 6
    assert (written < SHEET["product"].value_counts()[written.index] / 2).all()


def test_doubled_orders_share_a_row_which_has_no_other_fault():
    double = CELLS[CELLS["kind"] == "two values"]
    assert double["right"].isna().all()
    assert double["row"].nunique() == 150
    assert (double.groupby("row")["column"].agg(set) == {*TWO_VALUES}).all()
    assert len(SHEET) == len(RIGHT) - 150
    assert not {*double["row"]} & {*CELLS.loc[CELLS["kind"] != "two values", "row"]}


def test_without_faults_the_sheet_is_the_faultless_one():
    sheet, truth = simulate_order_sheet(8, moved=0, misspelt=0, doubled=0, prospects=0, seed=1)
    assert truth.cells.empty
    assert truth.cells.dtypes.equals(CELLS.dtypes)
    pd.testing.assert_frame_equal(split_cells(sheet, columns=TWO_VALUES), truth.sheet)


# for any data


@pytest.mark.parametrize("seed", range(20))
def test_what_is_promised_holds_in_small_sheets_too(seed):
    sheet, truth = simulate_order_sheet(40, seed=seed)
    rows = truth.cells.groupby("kind")["row"].unique()
    assert sheet.loc[rows["moved"], "customer"].nunique() == 3
    assert sheet.loc[rows["spelt otherwise"], "product"].nunique() == 2
    assert len(rows["two values"]) == 4
    movers = sheet[sheet["customer"].isin(sheet.loc[rows["moved"], "customer"])]
    assert (movers.groupby("customer")["address"].nunique() == 2).all()
    assert len(truth.unwritten) >= 2


# when misused


def test_too_few_orders_or_negative_faults_are_refused():
    with pytest.raises(OutOfRangeError, match="n must be 8 or more"):
        simulate_order_sheet(7, seed=1)
    for name in ("moved", "misspelt", "doubled", "prospects"):
        with pytest.raises(OutOfRangeError, match=f"{name} must be 0 or more"):
            simulate_order_sheet(10, **{name: -1}, seed=1)


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        ("moved", "customers with two rows"),
        ("misspelt", "products with three rows"),
        ("doubled", "orders of two products"),
    ],
)
def test_more_faults_than_the_sheet_can_hold_are_refused(fault, what):
    with pytest.raises(OutOfRangeError, match=rf"{fault}=99 .*{what}; this sheet has \d+\."):
        simulate_order_sheet(20, **{fault: 99}, seed=1)
