"""Recommenders beside each other, on a split in time."""

from __future__ import annotations

from typing import Any

import pandas as pd

from crmlab._checks import require_columns
from crmlab._purchases import as_frame
from crmlab.errors import OutOfRangeError, UnknownNameError
from crmlab.service.measure.ranking import parted, ranking_quality


def compare_recommenders(
    purchases: pd.DataFrame,
    models: dict[str, Any],
    *,
    split_on: str | pd.Timestamp,
    k: int = 3,
    again: bool = False,
    date: str = "date",
    customer: str = "customer_id",
    product: str = "product",
) -> pd.DataFrame:
    """Fit each model on what was bought before a day, and judge it by what was bought from it on.

    Parameters
    ----------
    purchases : DataFrame, one row per purchase: `customer`, `product`, `date`
    models : dict of recommenders by name
    split_on : date
        First day of the time after.
    k : int, at least 1
    again : bool
        Whether a product that was bought before counts, too; for what is used up. Models that have
        an `again` must have been made with the same.
    date, customer, product : str

    Returns
    -------
    DataFrame, one row per model: model, and the columns of `ranking_quality`; judged are customers
    who bought something new after the split (anything, with `again`), newcomers among them

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    OutOfRangeError
        If nobody bought before the split, or nobody something new from it on; or if a model was
        made with another `again`, and would be judged by what it may not suggest.

    See Also
    --------
    crmlab.service.measure.ranking_quality : the numbers.

    Examples
    --------
    >>> from crmlab.members.simulate import simulate_tastes
    >>> from crmlab.service.model.recommend import ItemRecommender, PopularRecommender
    >>> bought, _ = simulate_tastes(300, seed=1)
    >>> models = {"popular": PopularRecommender(), "item": ItemRecommender()}
    >>> compare_recommenders(bought, models, split_on="2024-01-01")["model"].tolist()
    ['popular', 'item']
    """
    purchases = as_frame(purchases)
    require_columns(purchases, date=date, customer=customer, product=product)
    if not isinstance(models, dict) or not models:
        raise UnknownNameError("models must be a dict of at least one, such as {'popular': …}.")
    odd = [name for name, model in models.items() if getattr(model, "again", again) != again]
    if odd:
        raise OutOfRangeError(
            f"the model(s) {odd} were made with again={not again}, and would be judged with "
            f"again={again}. Make them with again={again}, or hand over again={not again}."
        )
    before, later = parted(
        purchases, split_on, date=date, customer=customer, product=product, again=again
    )
    rows = []
    for name, model in models.items():
        # Each with the names that it was made with.
        theirs = {customer: getattr(model, "customer", customer)}
        theirs |= {product: getattr(model, "product", product)}
        fitted = model.fit(before.rename(columns=theirs))
        made = fitted.recommend(pd.unique(later[customer]), k=k)
        made = made.rename(columns={their: ours for ours, their in theirs.items()})
        found = ranking_quality(made, later, before, customer=customer, product=product)
        found.insert(0, "model", pd.Series([name], dtype="str"))
        rows.append(found)
    return pd.concat(rows, ignore_index=True)
