"""How much customers of one segment still differ in value."""

from __future__ import annotations

import pandas as pd

from crmlab._checks import require_at_least, require_columns, require_numbers, require_values


def value_spread(
    segmented: pd.DataFrame, *, value: str = "monetary", segment: str = "segment"
) -> pd.DataFrame:
    """Mean and spread of the value inside each segment.

    Segments by region or kind of firm are easy to see, but coarse: they may differ on average,
    and still not say who is good among their members.

    Parameters
    ----------
    segmented : DataFrame, one row per customer
        Read only; row order does not matter.
    value, segment : str
        Columns holding the value, a number, and the segment.

    Returns
    -------
    DataFrame, one row per segment, sorted by it
        segment : as in `segmented`
        customers : int64
        mean, standard_deviation : float64, of the value; the deviation among the members (over
            their number, not less one)
        share_of_spread : float64 in [0, 1], its part of all squared deviations from the overall
            mean; the column sums to the share of the variance that is inside segments, and the
            rest is between them; missing where all values are equal

    Raises
    ------
    MissingColumnsError
        If `segmented` lacks a column.
    BadRowsError
        If a row has no value or no segment.
    OutOfRangeError
        If there are no rows.

    Examples
    --------
    >>> segmented = pd.DataFrame({"segment": [1, 1, 2, 2], "monetary": [1.0, 3.0, 5.0, 7.0]})
    >>> value_spread(segmented)
       segment  customers  mean  standard_deviation  share_of_spread
    0        1          2   2.0                 1.0              0.1
    1        2          2   6.0                 1.0              0.1
    """
    require_columns(segmented, value=value, segment=segment)
    require_values(segmented, value, segment)
    require_numbers(segmented, value)
    require_at_least("the number of rows", len(segmented), 1)

    rows = pd.DataFrame({"segment": segmented[segment], "value": segmented[value].astype(float)})
    by = rows.sort_values(["segment", "value"]).groupby("segment")["value"]
    table = pd.DataFrame({"customers": by.size(), "mean": by.mean(), "spread": by.std(ddof=0)})
    total = len(rows) * rows["value"].sort_values().std(ddof=0) ** 2
    within = table["customers"] * table["spread"] ** 2
    table["share_of_spread"] = within / total if total > 0 else float("nan")
    return table.rename(columns={"spread": "standard_deviation"}).reset_index()
