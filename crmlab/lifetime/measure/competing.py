"""Why customers leave, when only the first reason to come is seen."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import require_columns
from crmlab.errors import OutOfRangeError
from crmlab.lifetime.measure.durations import Z, counted
from crmlab.lifetime.measure.survival import product_limit


def cumulative_incidence(
    durations: pd.DataFrame,
    *,
    reason: str = "reason",
    duration: str = "duration",
    entry: str | None = None,
) -> pd.DataFrame:
    """Share that has left for each reason, beside the share a curve of one reason would claim.

    Who leaves for one reason can no longer leave for another. By Aalen and Johansen each end is
    weighed by the share still there just before, so the reasons and the survivors sum to 1. One
    less Kaplan-Meier, with the other reasons censored, is too high: it says what would happen
    if nobody could leave otherwise, which nobody has seen.

    Parameters
    ----------
    durations : DataFrame, one row per customer
        Read only; row order does not matter.
    reason : str
        Column of the reason, missing for who has not ended.
    duration, entry : str
        Columns, as for `kaplan_meier`.

    Returns
    -------
    DataFrame, one row per reason and time at which somebody ended, and time 0
        reason : str
        time : float64
        at_risk : int64
        ended : int64, for this reason
        incidence : float64, share that has left for it by then
        standard_error : float64, by the delta method
        low, high : float64, 95% interval on the scale of log(-log(incidence)); missing at 0 and 1
        one_reason_only : float64, one less Kaplan-Meier with the others censored

    Raises
    ------
    MissingColumnsError, BadRowsError, EmptyError
        As `kaplan_meier`.
    OutOfRangeError
        If nobody has ended.

    Source
    ------
    Aalen and Johansen (1978), Scandinavian Journal of Statistics 5(3), 141-150; the variance:
    Marubini and Valsecchi (1995), Analysing Survival Data, section 10.3.

    Examples
    --------
    >>> durations = pd.DataFrame({"duration": [1, 2, 3], "reason": ["price", "moved", None]})
    >>> cumulative_incidence(durations)[["reason", "time", "incidence", "one_reason_only"]].round(2)
      reason  time  incidence  one_reason_only
    0  moved   0.0       0.00             0.00
    1  moved   1.0       0.00             0.00
    2  moved   2.0       0.33             0.50
    3  price   0.0       0.00             0.00
    4  price   1.0       0.33             0.33
    5  price   2.0       0.33             0.33
    """
    require_columns(
        durations, duration=duration, reason=reason, **({"entry": entry} if entry else {})
    )
    named = durations[reason].notna()
    if not named.any():
        raise OutOfRangeError(f"nobody has ended: no row has a {reason}.")
    columns = {"duration": duration, "entry": entry, "by": None}
    whole = durations.assign(_ended=named)
    total = counted(whole, ended="_ended", **columns)
    ends, at_risk = total.ends[0], total.at_risk[0]
    survival, _ = product_limit(total.ends, total.at_risk)
    before = np.append(1.0, survival[0, :-1])
    shown = (ends > 0) | (np.arange(len(ends)) == 0)

    frames = []
    codes, names = pd.factorize(durations[reason])
    for code, name in sorted(enumerate(names), key=lambda each: str(each[1])):
        of = counted(whole.assign(_ended=codes == code), ended="_ended", **columns).ends
        incidence = (before * of[0] / np.maximum(at_risk, 1)).cumsum()
        error = _error(of[0], ends, at_risk, before, incidence)
        alone, _ = product_limit(of, total.at_risk)
        with np.errstate(divide="ignore", invalid="ignore"):
            log = np.log(incidence)
            reach = np.exp(Z * error / np.abs(incidence * log))
            low, high = incidence**reach, incidence ** (1 / reach)
        inside = (incidence > 0) & (incidence < 1)
        table = {
            "reason": str(name),
            "time": total.times,
            "at_risk": at_risk,
            "ended": of[0],
            "incidence": incidence,
            "standard_error": error,
            "low": np.where(inside, low, np.nan),
            "high": np.where(inside, high, np.nan),
            "one_reason_only": 1 - alone[0],
        }
        frames.append(pd.DataFrame(table)[shown])
    return pd.concat(frames, ignore_index=True)


def _error(
    of: np.ndarray, ends: np.ndarray, at_risk: np.ndarray, before: np.ndarray, incidence: np.ndarray
) -> np.ndarray:
    """Return the standard error of the incidence at each time, by running sums."""
    n = np.maximum(at_risk, 1).astype("float64")
    left = n * (n - ends)
    a = np.divide(ends, left, out=np.zeros(len(n)), where=left > 0)
    b = before**2 * of * (n - of) / n**3
    c = before * of / n**2
    # The sum of (F(t) - F(u))^2 a + b - 2 (F(t) - F(u)) c over the times u up to t.
    f, sums = incidence, np.cumsum
    variance = f**2 * sums(a) - 2 * f * sums(f * a) + sums(f**2 * a) + sums(b)
    variance -= 2 * (f * sums(c) - sums(f * c))
    return np.sqrt(np.maximum(variance, 0))
