"""What lending earns: where to stop, what a change of score brings, and the price of a risk."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmlab._checks import (
    names_of,
    require_columns,
    require_numbers,
    require_probability,
    require_rate,
    require_truths,
    require_values,
)
from crmlab._groups import bincount
from crmlab.credit.measure.discrimination import auc
from crmlab.errors import EmptyError, OutOfRangeError, WrongTypeError


def lending_table(
    loans: pd.DataFrame,
    *,
    interest: float,
    loss_given_default: float,
    score: str = "points",
    bad: str = "defaults",
    amount: str | None = None,
) -> pd.DataFrame:
    """Return what lending at or above each score would have earned.

    A good loan earns `interest`, a bad one loses `loss_given_default`, both as shares of its
    amount. So lending to somebody whose chance of default is p is worth it while
    p < interest / (interest + loss_given_default).

    Parameters
    ----------
    loans : DataFrame, one row per loan whose end is known
        the score column, higher is safer, and the bad column, True or 1 for a default
    interest : float in (0, 1), what a good loan earns of its amount over its life
    loss_given_default : float in (0, 1], what a bad loan loses of its amount
    score, bad : str
    amount : str, optional
        Column with the amount of each loan; each counts 1 when omitted.

    Returns
    -------
    DataFrame, one row per different score, the highest first, after a row that lends to nobody
        cutoff : float64, the lowest score that gets a loan; infinite where nobody does
        approved : int64
        share_approved : float64
        default_rate : float64, among the approved; missing where there are none
        profit : float64, in units of `amount`
        best : bool, True in one row: the highest profit, with the fewest loans if several have it

    Raises
    ------
    MissingColumnsError
        If a column is missing.
    BadRowsError
        If a row has no score, no end or no amount.
    EmptyError
        If there are no rows.
    OutOfRangeError
        If `interest` lies outside (0, 1), `loss_given_default` outside (0, 1], an amount is below
        0, or a column holds anything but numbers.

    Source
    ------
    Thomas, Edelman and Crook (2002), Credit Scoring and Its Applications, SIAM,
    doi:10.1137/1.9780898718317.

    Examples
    --------
    >>> loans = pd.DataFrame({"points": [620, 600, 580], "defaults": [0, 0, 1]})
    >>> lending_table(loans, interest=0.1, loss_given_default=0.5)[["cutoff", "profit", "best"]]
       cutoff  profit   best
    0     inf     0.0  False
    1   620.0     0.1  False
    2   600.0     0.2   True
    3   580.0    -0.3  False
    """
    money = [] if amount is None else [amount]
    require_columns(loans, *money, score=score, bad=bad)
    require_values(loans, score, bad, *money)
    require_numbers(loans, score, *money)
    require_truths(loans, bad)
    if loans.empty:
        raise EmptyError("there are no loans; at least one is needed.")
    _require_rates(interest, loss_given_default)
    if amount is not None and (loans[amount] < 0).any():
        raise OutOfRangeError(f"{amount} must be 0 or more.")

    size = loans[amount].to_numpy("float64") if amount else np.ones(len(loans))
    is_bad = loans[bad].to_numpy("float64")
    gain = size * np.where(is_bad == 1, -loss_given_default, interest)
    at = pd.DataFrame({"cutoff": loans[score].to_numpy("float64"), "gain": gain, "bad": is_bad})
    groups = at.assign(n=1).groupby("cutoff", sort=True)
    by = groups[["n", "bad", "gain"]].sum()[::-1].cumsum()
    approved = np.append(0, by["n"].to_numpy("int64"))
    bads = np.append(0.0, by["bad"])
    profit = np.append(0.0, by["gain"]).round(9) + 0.0
    rate = np.divide(bads, approved, np.full(len(bads), np.nan), where=approved > 0)
    return pd.DataFrame(
        {
            "cutoff": np.append(np.inf, by.index.to_numpy("float64")),
            "approved": approved,
            "share_approved": approved / len(loans),
            "default_rate": rate,
            "profit": profit,
            "best": np.arange(len(profit)) == profit.argmax(),
        }
    )


def compare_scores(
    loans: pd.DataFrame,
    *,
    scores: Sequence[str],
    interest: float,
    loss_given_default: float,
    bad: str = "defaults",
    amount: str | None = None,
) -> pd.DataFrame:
    """Return how well several scores of the same loans tell who defaults, and what each earns.

    Each score lends down to its own best stop, as `lending_table` finds it on these same loans:
    all of them are flattered by that, and a score of many values a little more.

    Parameters
    ----------
    loans : DataFrame with the scores, higher is safer, and the bad column, True or 1 for default
    scores : names of their columns
    interest, loss_given_default, bad, amount : as for `lending_table`

    Returns
    -------
    DataFrame, one row per score, in their order
        score : str
        auc, low, high, ks : float64, as `auc`
        share_approved, default_rate, profit : float64, at the best stop

    Raises
    ------
    MissingColumnsError, BadRowsError, EmptyError, OutOfRangeError
        As `auc` and `lending_table`, or if no score is named.

    Examples
    --------
    >>> loans = pd.DataFrame({"a": [3, 2, 1], "b": [3, 1, 2], "defaults": [0, 0, 1]})
    >>> compare_scores(loans, scores=["a", "b"], interest=0.1, loss_given_default=0.5)[
    ...     ["score", "auc", "share_approved", "profit"]].round(2)
      score  auc  share_approved  profit
    0     a  1.0            0.67     0.2
    1     b  0.5            0.33     0.1
    """
    names = names_of("scores", scores)
    if not names:
        raise EmptyError("no score is named; at least one is needed.")
    rows = []
    for name in names:
        told = auc(loans, score=name, bad=bad)
        table = lending_table(
            loans,
            interest=interest,
            loss_given_default=loss_given_default,
            score=name,
            bad=bad,
            amount=amount,
        )
        best = table.loc[table["best"], ["share_approved", "default_rate", "profit"]].iloc[0]
        facts = {"auc": told.auc, "low": told.low, "high": told.high, "ks": told.ks}
        rows.append({"score": str(name), **facts, **best})
    return pd.DataFrame(rows).astype({"score": "str"})


def swap_set(
    loans: pd.DataFrame, *, old: str, new: str, share: float, bad: str = "defaults"
) -> pd.DataFrame:
    """Return who gets credit under a new score and did not under the old one, and the reverse.

    Both scores lend to the best `share` of the applicants: the floor(share n + 1/2) with the
    highest score, ties by the other score, then equal ones in part: they count as that part.

    Parameters
    ----------
    loans : DataFrame with two scores, higher is safer, and the bad column, True or 1 for default
    old, new, bad : str
    share : float in (0, 1]

    Returns
    -------
    DataFrame, one row per group: "both", "swapped in", "swapped out", "neither"
        group : str
        applicants : float64
        default_rate : float64, missing where there is nobody

    Raises
    ------
    MissingColumnsError, BadRowsError, EmptyError, OutOfRangeError
        As `lending_table`.

    Examples
    --------
    >>> loans = pd.DataFrame({"a": [3, 2, 1], "b": [3, 1, 2], "defaults": [0, 1, 0]})
    >>> swap_set(loans, old="a", new="b", share=2 / 3)["default_rate"].tolist()
    [0.0, 0.0, 1.0, nan]
    """
    require_columns(loans, old=old, new=new, bad=bad)
    require_values(loans, old, new, bad)
    require_numbers(loans, old, new)
    require_truths(loans, bad)
    if loans.empty:
        raise EmptyError("there are no loans; at least one is needed.")
    require_probability("share", share)

    before, after = (_chosen(loans, first, then, share) for first, then in ((old, new), (new, old)))
    is_bad = loans[bad].to_numpy("float64")
    groups = {
        "both": np.minimum(before, after),
        "swapped in": np.maximum(after - before, 0),
        "swapped out": np.maximum(before - after, 0),
        "neither": 1 - np.maximum(before, after),
    }
    count = np.array([part.sum() for part in groups.values()])
    bads = np.array([part @ is_bad for part in groups.values()])
    rate = np.divide(bads, count, np.full(4, np.nan), where=count > 1e-9)
    return pd.DataFrame({"group": [*groups], "applicants": count, "default_rate": rate})


def _chosen(loans: pd.DataFrame, first: str, then: str, share: float) -> np.ndarray:
    """Return for each row the part of it that is among the best `share`."""
    n, wanted = len(loans), np.floor(share * len(loans) + 0.5)
    keys = loans.groupby([first, then]).ngroup().to_numpy()
    size = bincount(keys)
    above = size[::-1].cumsum()[::-1] - size
    return (np.clip(wanted - above, 0, size) / size)[keys] if n else np.zeros(0)


def credit_grades(
    chances: pd.Series,
    *,
    bounds: Sequence[float] = (0.01, 0.03, 0.07, 0.15),
    loss_given_default: float,
    funding: float,
    margin: float = 0.0,
) -> pd.DataFrame:
    """Return a grade for each chance of default, and the interest that such a loan must carry.

    The price r covers funding, margin and the expected loss: (1 - p) r - p LGD = funding + margin,
    so r = (p LGD + funding + margin) / (1 - p), at the mean p of the grade.

    Parameters
    ----------
    chances : Series of float in [0, 1), chances of default, indexed by borrower
    bounds : up to 25 rising chances in (0, 1) where the grades A, B, … end; the last is above all
    loss_given_default : float in (0, 1]; funding, margin : float in [0, 1); shares of the amount

    Returns
    -------
    DataFrame, one row per borrower, with the index of `chances`
        chance : float64
        grade : str, "A" is the safest; a chance on a bound has the better grade
        price : float64, interest as a share of the amount, the same within a grade

    Raises
    ------
    OutOfRangeError
        If a chance is missing or outside [0, 1), `bounds` do not rise within (0, 1) or are more
        than 25, `loss_given_default` lies outside (0, 1], `funding` or `margin` outside [0, 1).

    Examples
    --------
    >>> credit_grades(pd.Series([0.01, 0.2]), loss_given_default=0.5, funding=0.03).round(4)
       chance grade   price
    0    0.01     A  0.0354
    1    0.20     E  0.1625
    """
    if not isinstance(chances, pd.Series):
        raise WrongTypeError(f"chances must be a Series; got {type(chances).__name__}.")
    p = chances.to_numpy("float64", na_value=np.nan)
    if not ((p >= 0) & (p < 1)).all():
        raise OutOfRangeError("chances must lie in [0, 1), with none missing.")
    edges = np.asarray(bounds, dtype="float64")
    # No comparison with a missing bound holds.
    rise = edges.size and (np.diff(edges) > 0).all() and edges.min() > 0 and edges.max() < 1
    if not rise:
        raise OutOfRangeError(f"bounds must rise within (0, 1); got {[*bounds]}.")
    require_probability("loss_given_default", loss_given_default)
    require_rate("funding", funding, or_none=True)
    require_rate("margin", margin, or_none=True)
    if len(edges) > 25:
        raise OutOfRangeError("at most 26 grades: there are no more letters.")
    place = np.searchsorted(edges, p, side="left")
    mean = pd.Series(p).groupby(place).transform("mean").to_numpy()
    price = (mean * loss_given_default + funding + margin) / (1 - mean)
    grade = np.array([chr(ord("A") + one) for one in range(len(edges) + 1)])[place]
    columns = {"chance": p, "grade": pd.Series(grade, chances.index, dtype="str"), "price": price}
    return pd.DataFrame(columns, index=chances.index)


def _require_rates(interest: float, loss_given_default: float) -> None:
    require_rate("interest", interest)
    require_probability("loss_given_default", loss_given_default)
