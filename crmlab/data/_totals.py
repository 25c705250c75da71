"""Rows that are no purchases but sums of the rows above, as programs write below a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa

from crmlab._cells import Parsed, mean_total
from crmlab.data._ids import Keys

Marked = tuple[np.ndarray, Sequence[str]]  # rows, and the word that stands in each

NONE: Marked = np.empty(0, dtype=np.int64), []


def marked(words: pa.StringArray, codes: np.ndarray, *, first: int = 0) -> Marked:
    """Return the rows whose word means a total; `codes` tell which of `words` a row has."""
    found = mean_total(words)
    if not found.any():
        return NONE
    rows = np.flatnonzero(np.append(found, False)[codes])
    return rows + first, np.array(words.to_pylist(), dtype=object)[codes[rows]].tolist()


def joined(several: Iterable[Marked]) -> Marked:
    """Return the rows of several columns, or of several blocks of one."""
    found = [one for one in several if len(one[0])]
    if not found:
        return NONE
    return np.concatenate([rows for rows, _ in found]), [word for _, said in found for word in said]


def totals(customer: Keys, date: Parsed, amount: Parsed, others: Iterable[Marked]) -> Marked:
    """Return the rows that hold totals, in order.

    A word such as total stands in the customer's or the date's place, or in any other column
    (`others`) of a row without a customer.
    """
    sure = joined([in_keys(customer), _of_cells(date)])
    rows, said = joined([_of_cells(amount), *others])
    nobody = np.isin(rows, customer.empty)
    words = {row: word for row, word, out in zip(rows.tolist(), said, nobody, strict=True) if out}
    words |= dict(zip(sure[0].tolist(), sure[1], strict=True))
    ordered = sorted(words)
    return np.array(ordered, dtype=np.int64), [words[row] for row in ordered]


def in_keys(keys: Keys | None) -> Marked:
    """Return the rows whose key means a total."""
    return marked(keys.labels, keys.codes) if keys and keys.labels is not None else NONE


def _of_cells(parsed: Parsed) -> Marked:
    """Return the rows whose cell could not be read because it means a total."""
    if not parsed.written:
        return NONE
    rows, said = marked(pa.array(parsed.written), np.arange(len(parsed.written)))
    return parsed.unreadable[rows], said
