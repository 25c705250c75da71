"""Where the boxes and lines of a diagram go: parents left, children right, no line through a box.

Boxes stand in columns. A line that passes a column on its way has a place of its own there, as if
it were a thin box; between columns there is nothing that it could cut.

Graphviz would do as well (pygraphviz 2 carries it in its wheels) and ELK or mermaid in a page, but
none of them runs in a browser's Python, where chapters run too; here scipy does the hard part.

Source: the steps of Sugiyama, K., Tagawa, S. and Toda, M. (1981). Methods for visual understanding
of hierarchical system structures. IEEE Transactions on Systems, Man, and Cybernetics 11(2),
109-125. doi:10.1109/TSMC.1981.4308636
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise, product
from typing import NamedTuple

import numpy as np
from scipy.optimize import isotonic_regression, linprog

SWEEPS = 12
GAP = 16.0  # pixels between two boxes of a column
PASSAGE = 12.0  # pixels that a passing line takes
Node = str | tuple[int, int]  # a table, or the place of line i in column j
Step = tuple[Node, float, Node, float]  # left and right node of a step, how far below the middle


class Layout(NamedTuple):
    """Columns of tables from left to right, and heights.

    column : of each table, from 0
    top : y of the top of each table
    passages : of each line, column -> y, from left to right, the columns it passes
    """

    column: dict[str, int]
    top: dict[str, float]
    passages: list[dict[int, float]]


class Line(NamedTuple):
    """A line between two boxes, and how far below their middles it meets them."""

    parent: str
    child: str
    at_parent: float
    at_child: float


def layout(height: Mapping[str, float], lines: Sequence[Line]) -> Layout:
    """Return where boxes of these heights go, and by which way the lines pass columns."""
    column = columns_of([*height], [(line.parent, line.child) for line in lines])
    passed = [
        [(i, j) for j in range(*_after(column[line.parent], column[line.child]))]
        for i, line in enumerate(lines)
    ]
    stacks: list[list[Node]] = [[] for _ in range(max(column.values()) + 1)]
    for name in height:
        stacks[column[name]].append(name)
    steps: list[Step] = []
    for line, places in zip(lines, passed, strict=True):
        for place in places:
            stacks[place[1]].append(place)
        ends = [(line.parent, line.at_parent), (line.child, line.at_child)]
        first, last = sorted(ends, key=lambda end: column[end[0]])
        if line.parent != line.child:
            way = [first, *((place, 0.0) for place in places), last]
            steps += [(*one, *other) for one, other in pairwise(way)]
    size: dict[Node, float] = {place: PASSAGE for places in passed for place in places}
    size |= {name: tall + GAP for name, tall in height.items()}

    _untangle(stacks, steps, size)
    middle = _heights(stacks, steps, size)
    top = {name: middle[name] - height[name] / 2 for name in height}
    least = min([*top.values(), *(middle[place] for places in passed for place in places)])
    return Layout(
        column,
        {name: y - least for name, y in top.items()},
        [{j: middle[i, j] - least for i, j in places} for places in passed],
    )


def columns_of(names: Sequence[str], lines: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Return the column of each table: children right of parents, all lines as short as can be."""
    ahead = _without_circles(names, lines)
    place = {name: number for number, name in enumerate(names)}
    # Of equally short ways the leftmost: a little less than any line could gain.
    price = np.full(len(names), 1e-3) * (1 + np.arange(len(names)) / (1e3 * len(names)))
    apart = np.zeros((len(ahead), len(names)))
    for row, (parent, child) in enumerate(ahead):
        apart[row, place[parent]], apart[row, place[child]] = 1, -1
    if not ahead:
        return dict.fromkeys(names, 0)
    found = linprog(price - apart.sum(axis=0), A_ub=apart, b_ub=-np.ones(len(ahead)))
    return {name: round(float(x)) for name, x in zip(names, found.x, strict=True)}


def _without_circles(
    names: Sequence[str], lines: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Return the lines between two tables, those turned round that would close a circle."""
    ahead: list[tuple[str, str]] = []
    for parent, child in dict.fromkeys(lines):
        if parent != child:
            turned = parent in _reached(child, ahead)
            ahead.append((child, parent) if turned else (parent, child))
    return [*dict.fromkeys(ahead)]


def _reached(start: str, lines: Sequence[tuple[str, str]]) -> set[str]:
    """Return every table that lines lead to from `start`."""
    found = {start}
    while new := {child for parent, child in lines if parent in found} - found:
        found |= new
    return found


def _after(one: int, other: int) -> tuple[int, int]:
    """Return the range of columns between two."""
    return min(one, other) + 1, max(one, other)


def _untangle(stacks: list[list[Node]], steps: Sequence[Step], size: Mapping[Node, float]) -> None:
    """Order each stack so that few lines cross: each node to the mean place of its neighbours."""
    tried = []
    for turned in product((False, True), repeat=2):  # a good order hangs on where one begins
        now = [stack[:: -1 if turned[j % 2] else 1] for j, stack in enumerate(stacks)]
        for sweep in range(SWEEPS):
            tried.append((_crossings(now, steps, size), len(tried), [[*stack] for stack in now]))
            _sweep(now, steps, size, onward=sweep % 2 == 0)
    stacks[:] = min(tried)[2]


def _sweep(
    stacks: list[list[Node]], steps: Sequence[Step], size: Mapping[Node, float], *, onward: bool
) -> None:
    """Sort each stack by the mean place of what its nodes are linked to in the stack before."""
    for stack in stacks[1:] if onward else stacks[-2::-1]:
        deep = {node: len(one) for one in stacks for node in one}
        place = {node: (k + 0.5) / len(one) for one in stacks for k, node in enumerate(one)}
        seen: dict[Node, list[float]] = {}
        for step in steps:
            here, there, at = (step[2], *step[:2]) if onward else (step[0], *step[2:])
            seen.setdefault(here, []).append(place[there] + at / size[there] / deep[there])
        mean = {node: np.mean(seen.get(node, [place[node]])) for node in stack}
        stack.sort(key=mean.__getitem__)


def _crossings(
    stacks: Sequence[Sequence[Node]], steps: Sequence[Step], size: Mapping[Node, float]
) -> int:
    """Return how many pairs of steps cross."""
    place = {node: (k + 0.5, j) for j, stack in enumerate(stacks) for k, node in enumerate(stack)}
    crossed = 0
    for number in range(len(stacks) - 1):
        here = [
            (place[a][0] + at / size[a], place[b][0] + to / size[b])
            for a, at, b, to in steps
            if place[a][1] == number
        ]
        ends = np.array(here).reshape(-1, 2)
        turned = (ends[:, None] - ends[None]).prod(axis=2) < -1e-12
        crossed += int(turned.sum()) // 2
    return crossed


def _heights(
    stacks: Sequence[Sequence[Node]],
    steps: Sequence[Step],
    size: Mapping[Node, float],
) -> dict[Node, float]:
    """Return the middle of each node: near its neighbours', none upon another of its stack."""
    middle: dict[Node, float] = {}
    for stack in stacks:
        tall = np.array([size[node] for node in stack])
        middle |= zip(stack, np.cumsum(tall) - tall / 2 - tall.sum() / 2, strict=True)
    near: dict[Node, list[tuple[Node, float]]] = {}
    for left, at, right, to in steps:
        near.setdefault(left, []).append((right, to - at))
        near.setdefault(right, []).append((left, at - to))
    for _ in range(SWEEPS):
        for stack in stacks:
            tall = np.array([size[node] for node in stack])
            ahead = np.r_[0, np.cumsum((tall[1:] + tall[:-1]) / 2)]
            wish = [
                np.mean([middle[one] + below for one, below in near.get(node, [(node, 0.0)])])
                for node in stack
            ]
            weight = [4.0 if isinstance(node, tuple) else 1.0 for node in stack]
            # The nearest that keeps the order: least squares under y[k + 1] - y[k] >= distance.
            y = isotonic_regression(np.array(wish) - ahead, weights=weight).x + ahead
            middle |= zip(stack, map(float, y), strict=True)
    return middle
