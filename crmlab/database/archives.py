"""The archive of one customer: what is known, how completely, how old it is, what is missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import sqlalchemy as sa

from crmlab.database.page import Block, Page, shown
from crmlab.database.query.person import day_asked, person
from crmlab.database.query.reading import run_query
from crmlab.database.schema import metadata
from crmlab.dictionary import data_model, schemas

__all__ = ["Archive", "archive"]

TABLES = ("people", "households", "addresses")
# What a missing field is missed for, the most pressing first; all others help to know somebody.
USES = {
    "to reach them": "phone email line city postcode",
    "to offer what fits": "favourite_category promotion_reaction survey_reaction motive "
    "readiness_to_try gender birth_date",
    "to judge their worth": "customer_type loyalty_index potential_index category_spend_cny "
    "income_cny credit_limit_cny",
}
OTHER_USE = "to know them"


@dataclass(frozen=True)
class Archive:
    """What the database knows of one customer. In a notebook it shows itself as a page.

    customer_id : int
    name : str
    as_of : Timestamp, the day it was looked at
    fields : DataFrame, one row per field
        block, table, field, label : str, the label in English and Chinese
        value : object
        filled : bool
        use : str, what the field is needed for
    completeness : float in [0, 1], the share of the fields that are filled
    last_update : Timestamp of the last day on which anything was written of the customer, or None
    age_days : int, days from then to `as_of`, or None
    """

    customer_id: int
    name: str
    as_of: pd.Timestamp
    fields: pd.DataFrame = field(repr=False, compare=False)
    completeness: float
    last_update: pd.Timestamp | None
    age_days: int | None

    @property
    def by_block(self) -> pd.DataFrame:
        """One row per block: block, fields, filled (int64), completeness (float64)."""
        blocks = self.fields.groupby("block", sort=False)["filled"]
        table = blocks.agg(fields="size", filled="sum").reset_index()
        return table.assign(completeness=table["filled"] / table["fields"])

    @property
    def missing(self) -> pd.DataFrame:
        """One row per empty field, the most pressing use first: use, block, field, label."""
        empty = self.fields.loc[~self.fields["filled"]]
        order = [*USES, OTHER_USE]
        empty = empty.sort_values("use", key=lambda use: use.map(order.index), kind="stable")
        return empty[["use", "block", "field", "label"]].reset_index(drop=True)

    def _repr_html_(self) -> str:
        return self._page().html()

    def __str__(self) -> str:
        return self._page().text()

    def _page(self) -> Page:
        """Return the page of this archive."""
        age = "nothing was ever written"
        if self.last_update is not None:
            age = f"last update {shown(self.last_update)}, {self.age_days:,} days before"
        shares = self.by_block.set_index("block")["completeness"]
        lines = self.fields.assign(value=[shown(value) for value in self.fields["value"]])
        blocks = [
            Block(str(name), [*zip(rows["label"], rows["value"], strict=True)], shares[name])
            for name, rows in lines.groupby("block", sort=False)
        ]
        wanted = [
            f"Missing {use}: {', '.join(rows['field'])}.".replace("_", " ")
            for use, rows in self.missing.groupby("use", sort=False)
        ]
        return Page(
            f"Customer {self.customer_id}: {self.name}",
            [f"{self.completeness:.0%} complete on {shown(self.as_of)}; {age}"],
            blocks,
            wanted,
        )


def archive(
    engine: sa.Engine, customer_id: int, *, as_of: str | pd.Timestamp | None = None
) -> Archive:
    """Return the archive of one customer.

    Completeness is the share of filled fields among those of the individual model (people,
    households, addresses) that are not sensitive and that a customer can be without: numbers of
    ours and the name are always there and do not count. A field that does not apply, such as the
    spouse of a single customer, is empty like any other: the share says how much is known, not
    whose fault it is. A text of blanks is empty. The last update is the last day, up to `as_of`,
    that a descriptive or transaction table has for the customer.

    Parameters
    ----------
    engine : Engine, from `open_database`
    customer_id : int
    as_of : date, by default the day of the last purchase there is

    Raises
    ------
    UnknownNameError
        If there is no such customer.
    OutOfRangeError
        If `as_of` is no date.
    """
    who, day = person(engine, customer_id), day_asked(engine, as_of)
    fields = _fields()
    found = run_query(engine, home_query(int(customer_id))).iloc[0]
    values = [found[name] for name in fields["table"] + "." + fields["field"]]
    fields.insert(4, "value", pd.Series(values, dtype="object"))
    filled = [not pd.isna(value) and bool(str(value).strip()) for value in values]
    fields.insert(5, "filled", filled)
    last = run_query(engine, _last_day(int(customer_id), day))["last"].max()
    last = None if pd.isna(last) else pd.Timestamp(last)
    return Archive(
        int(customer_id),
        str(who["name"]),
        day,
        fields,
        float(fields["filled"].mean()),
        last,
        None if last is None else (day - last).days,
    )


def sensitive(table: str, name: str) -> bool:
    """Return whether the dictionary calls a field sensitive, or the table that it stands in."""
    schema = schemas()[table]
    said = next(one["description"] for one in schema["fields"] if one["name"] == name)
    return said.startswith("Sensitive") or "sensitive" in schema["title"]


def label(table: str, name: str) -> str:
    """Return what a page calls a field.

    Examples
    --------
    >>> label("people", "income_cny"), label("households", "income_cny")
    ('income (CNY a year) 年收入', 'income of the home (CNY a year) 家庭年收入')
    """
    said = next(one for one in schemas()[table]["fields"] if one["name"] == name)
    words = name.removesuffix("_cny").replace("_", " ")
    words += " of the home" if table == "households" and words == "income" else ""
    words += f" ({said['unit']})" if "unit" in said and said["unit"] not in words else ""
    return f"{words} {said['title']}"


def _fields() -> pd.DataFrame:
    """Return the fields that count: block, table, field, label, use."""
    uses = {name: use for use, names in USES.items() for name in names.split()}
    model = data_model()
    model = model[model["table"].isin(TABLES)]
    rows = [
        (block, table, name, label(table, name), uses.get(name, OTHER_USE))
        for block, table, name in model[["block", "table", "field"]].to_numpy().tolist()
        if (column := metadata.tables[table].columns[name]).nullable
        and not column.foreign_keys
        and not sensitive(table, name)
    ]
    # The blocks in the order of the dictionary, each with the fields of all tables.
    order = list(dict.fromkeys(model["block"]))
    rows.sort(key=lambda row: order.index(row[0]))
    return pd.DataFrame(rows, columns=["block", "table", "field", "label", "use"])


def home_query(customer_id: int) -> Any:
    """Return the query of everything that the individual model says of a customer."""
    people, homes, places = (metadata.tables[name] for name in TABLES)
    columns = [
        column.label(f"{table.name}.{column.name}")
        for table in (people, homes, places)
        for column in table.columns
    ]
    joined = people.join(homes, people.c.household_id == homes.c.household_id, isouter=True)
    joined = joined.join(places, homes.c.address_id == places.c.address_id, isouter=True)
    return sa.select(*columns).select_from(joined).where(people.c.customer_id == customer_id)


def _last_day(customer_id: int, day: pd.Timestamp) -> Any:
    """Return the query of the last day up to `day` that each table has for a customer."""
    days = [
        sa.select(sa.func.max(column).label("last")).where(
            table.c.customer_id == customer_id, column <= day.date()
        )
        for table in metadata.sorted_tables
        if "customer_id" in table.c
        and table.name != "people"
        and schemas()[table.name]["data_class"] != "promotion"
        for column in table.c
        if isinstance(column.type, sa.Date)
    ]
    return sa.union_all(*days)
