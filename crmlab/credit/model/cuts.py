"""The most informative way to join neighbouring groups of goods and bads into bins."""

from __future__ import annotations

from typing import Literal

import numpy as np

Trend = Literal["auto", "ascending", "descending", "peak", "valley", "free"]
TRENDS = ("auto", "ascending", "descending", "peak", "valley", "free")


def best_bins(
    goods: np.ndarray, bads: np.ndarray, *, max_bins: int, least: float, trend: Trend
) -> list[int]:
    """Return where the bins end that have the highest information value, by dynamic programming.

    `goods` and `bads` count the rows of ordered groups. A bin joins neighbouring groups, holds
    `least` rows or more, and at least one good and one bad, so that its weight of evidence is a
    number that nobody made up. Bad rates of neighbouring bins rise, fall, rise then fall (peak),
    fall then rise (valley), or are free; "auto" takes the best of the first four. Of equally
    good ways the one with the fewest bins is taken, so the result is always the same.

    Returns
    -------
    list of int, the number of groups up to the end of each bin; the last is all of them
    """
    value, rate = _values(goods, bads, least)
    if not np.isfinite(value).any():
        return [len(goods)]
    # The bin [h, i) is followed by [i, j): may the bad rate go up, or down, between them?
    up = rate[:, :, None] <= rate[None, :, :]
    down = rate[:, :, None] >= rate[None, :, :]
    any_way = np.isfinite(rate[:, :, None]) & np.isfinite(rate[None, :, :])
    ways = {
        "ascending": [(up, up)],
        "descending": [(down, down)],
        "peak": [(up, down)],
        "valley": [(down, up)],
        "free": [(any_way, any_way)],
        # A rise alone is a peak whose fall never comes, and so on.
        "auto": [(up, down), (down, up)],
    }
    found = [_best_path(value, first, then, max_bins) for first, then in ways[trend]]
    best = max(found, key=lambda one: one[0])
    return best[1] if np.isfinite(best[0]) else [len(goods)]


def _values(goods: np.ndarray, bads: np.ndarray, least: float) -> tuple[np.ndarray, np.ndarray]:
    """Return information value and bad rate of the bin from group i up to group j, both n+1 wide.

    Where no such bin may be, the value is minus infinity and the rate missing.
    """
    good, bad = (np.concatenate([[0], np.cumsum(counts)]) for counts in (goods, bads))
    in_good, in_bad = good[None, :] - good[:, None], bad[None, :] - bad[:, None]
    may_be = (in_good > 0) & (in_bad > 0) & (in_good + in_bad >= least)
    share_good = np.where(may_be, in_good, 1) / max(good[-1], 1)
    share_bad = np.where(may_be, in_bad, 1) / max(bad[-1], 1)
    value = (share_good - share_bad) * np.log(share_good / share_bad)
    rate = np.where(may_be, in_bad, 1) / np.where(may_be, in_good + in_bad, 1)
    return np.where(may_be, value, -np.inf), np.where(may_be, rate, np.nan)


def _best_path(
    value: np.ndarray, first: np.ndarray, then: np.ndarray, max_bins: int
) -> tuple[float, list[int]]:
    """Return the highest total value and the ends of its bins.

    A path is in its first phase, where each step obeys `first`, until a step that obeys `then`
    puts it into its second, where it stays.
    """
    n = value.shape[0] - 1
    total = np.full((2, n + 1, n + 1), -np.inf)  # phase, start and end of the last bin
    total[:, 0] = value[0]
    kept = [(total, np.zeros_like(total, dtype=np.intp), np.zeros_like(total, dtype=bool))]
    for _ in range(1, min(max_bins, n)):
        early, late = total
        either, came_early = np.maximum(early, late), early >= late
        total, back = np.empty_like(total), np.zeros_like(total, dtype=np.intp)
        for phase, (before, may) in enumerate(((early, first), (either, then))):
            steps = np.where(may, before[:, :, None], -np.inf)
            back[phase] = steps.argmax(axis=0)
            total[phase] = steps.max(axis=0) + value
        kept.append((total, back, came_early))
    ends = np.array([bins[0][:, :, n] for bins in kept])
    # A millionth more is no better: rounding must not decide for another bin.
    best = np.flatnonzero((ends >= ends.max() - 1e-9).reshape(len(kept), -1).any(axis=1))[0]
    phase, start = np.unravel_index(ends[best].argmax(), ends[best].shape)
    return float(ends[best].max()), _ends(kept, int(best), int(phase), int(start), n)


def _ends(kept: list, bins: int, phase: int, start: int, end: int) -> list[int]:
    """Walk back from the last bin to the first; return where each one ends."""
    ends = [end]
    while bins:
        _, back, _ = kept[bins]
        before = int(back[phase, start, end])
        came_early = kept[bins][2][before, start]
        phase = 0 if phase == 0 or came_early else 1
        start, end, bins = before, start, bins - 1
        ends.append(end)
    return ends[::-1]
