"""The door of this topic's measures: accounts with an owner, chances from 0 to 1."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_columns,
    require_key,
    require_numbers,
    require_rows,
    require_values,
)
from crmlab._purchases import plain_ids, plain_values
from crmlab.errors import BadRowsError


def plain(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return these columns in numpy's dtypes, numbered from 0: frames of every kind are one."""
    return pd.DataFrame(
        {name: plain_values(frame[name]).reset_index(drop=True) for name in columns}
    )


def known_accounts(accounts: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return accounts with a plain id and numbers, or raise: the door of every measure here."""
    require_columns(accounts, "account_id", *columns)
    require_rows(accounts)
    require_key(accounts, "account_id")
    table = accounts.reset_index(drop=True)
    table = table.assign(**{column: plain_values(table[column]) for column in columns})
    require_values(table, *columns)
    require_numbers(table, *columns)
    for column in columns:
        bad = np.flatnonzero(table[column] < 0)
        if bad.size:
            raise BadRowsError(f"{bad.size} row(s) have a {column} below 0: {bad[:10].tolist()}.")
    return table.assign(account_id=plain_ids(table["account_id"]))


def require_owner(accounts: pd.DataFrame) -> None:
    """Raise BadRowsError if an account has nobody who answers for it."""
    require_columns(accounts, "account_id", "owner")
    owner = accounts["owner"].astype("object")
    bare = owner.isna() | (owner.astype("str").str.strip() == "")
    if bare.any():
        names = accounts.loc[bare.to_numpy(), "account_id"].tolist()
        raise BadRowsError(
            f"{len(names)} account(s) have no owner: {names[:10]}. Who visits them? Write a name "
            "into the column owner of each, or leave them out: accounts.dropna(subset=['owner'])"
        )


def require_chances(frame: pd.DataFrame, *columns: str) -> None:
    """Raise unless the columns hold chances from 0 to 1; all rows that do not are listed."""
    require_values(frame, *columns)
    require_numbers(frame, *columns)
    for column in columns:
        values = frame[column].to_numpy("float64")
        bad = np.flatnonzero((values < 0) | (values > 1))
        if bad.size:
            shown = {int(row): float(values[row]) for row in bad[:10]}
            advice = (
                f" If they are percents: frame[{column!r}] / 100" if values.max() <= 100 else ""
            )
            raise BadRowsError(
                f"{bad.size} row(s) have a {column} beyond 0 to 1 (row: value): {shown}.{advice}"
            )
