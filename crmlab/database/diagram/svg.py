"""A diagram as an SVG picture that needs nothing else: no font file, no script, no network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from unicodedata import east_asian_width

from crmlab.database.diagram.entities import Entity, Relation
from crmlab.database.diagram.layout import Line, layout

ROW, HEAD, MARGIN, PAD = 19, 27, 14, 9
STUB, BEND = 22, 46  # the straight ends of a line, which bear the marks, and room to turn between
SIZE, SMALL = 12.5, 10.0
FONTS = "system-ui, 'Segoe UI', 'Noto Sans', 'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC'"
# The heads of boxes, by class of data; its first letter stands there too.
HEADS = {"descriptive": "#CDE6F5", "promotion": "#FBE3B5", "transaction": "#BFE6D8", "": "#E4E4E4"}
LINE = "#444444"
Point = tuple[float, float]


class Box:
    """A table as it stands in the picture."""

    def __init__(self, entity: Entity, referred: int) -> None:
        self.entity, self.x, self.y = entity, 0.0, 0.0
        head = _extent(entity.name, SIZE * 1.08) + 8 + _extent(entity.title, SIZE)
        rows = [
            _extent(f.name, SIZE) + 14 + _extent(", ".join(f.keys), SMALL) for f in entity.fields
        ]
        self.width = max([head + 20 * bool(entity.data_class), *rows]) + 2 * PAD
        # Without rows, lines that end here need room of their own.
        rows_high = HEAD + ROW * len(entity.fields) + 3.0
        self.height = rows_high if entity.fields else max(HEAD, 16.0 * referred)

    def row(self, column: str) -> float | None:
        """Return the middle of the row of a column, or None where it is not listed."""
        names = [field.name for field in self.entity.fields]
        return self.y + HEAD + ROW * (names.index(column) + 0.5) if column in names else None

    def key(self, *, optional: bool) -> float:
        """Return where lines from children meet the box: at the key, optional ones at the head."""
        if not self.entity.fields:
            return self.y + self.height * (0.3 if optional else 0.7)
        return self.y + (HEAD / 2 if optional else HEAD + ROW / 2)

    def text(self) -> str:
        """Return the box as SVG."""
        one, x, y = self.entity, self.x, self.y
        frame = f'x="{x:.1f}" y="{y:.1f}" width="{self.width:.1f}" rx="3"'
        parts = [
            f'<rect {frame} height="{self.height:.1f}" fill="#ffffff"/>',
            f'<rect {frame} height="{HEAD if one.fields else self.height:.1f}" '
            f'fill="{HEADS.get(one.data_class, HEADS[""])}"/>',
            f'<rect {frame} height="{self.height:.1f}" fill="none" stroke="{LINE}"/>',
        ]
        base = y + (HEAD if one.fields else self.height) / 2 + 4.5
        title = f'<tspan font-weight="400" dx="8">{escape(one.title)}</tspan>' if one.title else ""
        place = f'x="{x + PAD:.1f}" y="{base:.1f}"'
        parts.append(f'<text {place} font-weight="700">{escape(one.name)}{title}</text>')
        if one.data_class:
            parts.append(_text(x + self.width - PAD, base, one.data_class[0].upper(), at="end"))
        for number, field in enumerate(one.fields):
            base = y + HEAD + ROW * number + ROW / 2 + 4.5
            line = ' text-decoration="underline"' if "PK" in field.keys else ""
            parts.append(
                f'<text x="{x + PAD:.1f}" y="{base:.1f}"{line}>{escape(field.name)}</text>'
            )
            if field.keys:
                keys = ", ".join(field.keys)
                parts.append(_text(x + self.width - PAD, base, keys, at="end", small=True))
        return "\n".join(parts)


def svg_text(entities: Sequence[Entity], relations: Sequence[Relation], *, alt: str) -> str:
    """Return the picture; `alt` says in words what it shows."""
    boxes = {one.name: Box(one, sum(r.child == one.name for r in relations)) for one in entities}
    placed = layout({name: box.height for name, box in boxes.items()}, _links(relations, boxes))
    widths = [0.0] * (max(placed.column.values()) + 1)
    for name, box in boxes.items():
        widths[placed.column[name]] = max(widths[placed.column[name]], box.width)
    lefts = [MARGIN + sum(widths[:j]) + j * (2 * STUB + BEND) for j in range(len(widths))]
    for name, box in boxes.items():
        box.x, box.y = lefts[placed.column[name]], placed.top[name] + MARGIN
        box.width = widths[placed.column[name]]
    passages = [
        [(lefts[j], lefts[j] + widths[j], y + MARGIN) for j, y in sorted(line.items())]
        for line in placed.passages
    ]
    lines = [*_lines(relations, boxes, passages)]

    down = max(box.y + box.height for box in boxes.values())
    down = max([down, *(y for line in passages for *_, y in line)]) + MARGIN
    loops = STUB + BEND if any(one.child == one.parent for one in relations) else 0
    legend, least = _legend(sorted({one.data_class for one in entities}), down)
    across = max(lefts[-1] + widths[-1] + MARGIN + loops, least)
    # An image that names no width shrinks with its page; inline, the style keeps it from growing.
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="100%"'
    head += f' viewBox="0 0 {across:.0f} {down + 34:.0f}" role="img" fill="#111111"'
    head += f' style="max-width:{across:.0f}px" font-family="{FONTS}, sans-serif"'
    ground = '<rect width="100%" height="100%" fill="#ffffff"/>'
    parts = [f'{head} font-size="{SIZE}">', f"<title>{escape(alt)}</title>", ground, *lines]
    return "\n".join([*parts, *(box.text() for box in boxes.values()), legend, "</svg>", ""])


def _links(relations: Sequence[Relation], boxes: dict[str, Box]) -> list[Line]:
    """Return the lines as the layout needs them, before any box has its place."""
    found = []
    for one in relations:
        parent, child = boxes[one.parent], boxes[one.child]
        row, middle = child.row(one.columns[0]), child.height / 2
        start = parent.key(optional=one.optional) - parent.height / 2
        found.append(Line(one.parent, one.child, start, 0.0 if row is None else row - middle))
    return found


def _lines(
    relations: Sequence[Relation],
    boxes: dict[str, Box],
    passages: Sequence[Sequence[tuple[float, float, float]]],
) -> Iterator[str]:
    """Yield each line with the marks at its ends."""
    ends = _child_ends(relations, boxes, passages)
    for one, through, y in zip(relations, passages, ends, strict=True):
        parent, child = boxes[one.parent], boxes[one.child]
        start = parent.key(optional=one.optional)
        loop = parent is child
        onward = loop or parent.x < child.x
        one_way = 1 if onward else -1
        a = (parent.x + parent.width * onward, start)
        b = (child.x + child.width * (loop or not onward), y)
        back = one_way if loop else -one_way
        stops = [(a[0] + one_way * STUB, a[1])]
        for left, right, level in through if onward else [*through][::-1]:
            stops += [(left, level), (right, level)] if onward else [(right, level), (left, level)]
        stops.append((b[0] + back * STUB, b[1]))
        way = f'<path d="{_path(a, stops, b, loop=loop)}" fill="none" stroke="{LINE}"/>'
        marks = _marks(a, one_way, many=False, none=one.optional)
        marks += _marks(b, back, many=not one.unique, none=True)
        yield f"<g><title>{escape(str(one))}</title>{way}{marks}</g>"


def _child_ends(
    relations: Sequence[Relation],
    boxes: dict[str, Box],
    passages: Sequence[Sequence[tuple[float, float, float]]],
) -> list[float]:
    """Return where each line meets its child: at the row of the reference, else spread evenly."""
    rows = [boxes[one.child].row(one.columns[0]) for one in relations]
    found = [-1.0 if row is None else row for row in rows]
    for name, box in boxes.items():
        free = [i for i, one in enumerate(relations) if one.child == name and rows[i] is None]
        free.sort(key=lambda i: passages[i][-1][2] if passages[i] else boxes[relations[i].parent].y)
        for number, i in enumerate(free):
            found[i] = box.y + box.height * (number + 0.5) / len(free)
    return found


def _path(a: Point, stops: Sequence[Point], b: Point, *, loop: bool) -> str:
    """Return the way of a line: straight at the boxes and past them, bent between columns."""
    said, (x, y) = [f"M{a[0]:.1f} {a[1]:.1f}H{stops[0][0]:.1f}"], stops[0]
    for number, (to_x, to_y) in enumerate(stops[1:]):
        if number % 2:  # past a column
            said.append(f"H{to_x:.1f}")
        else:
            one, two = (x + BEND, to_x + BEND) if loop else ((x + to_x) / 2, (x + to_x) / 2)
            said.append(f"C{one:.1f} {y:.1f} {two:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}")
        x, y = to_x, to_y
    return "".join(said) + f"H{b[0]:.1f}"


def _marks(end: Point, way: int, *, many: bool, none: bool) -> str:
    """Return how many stand at an end: a crow's foot or a bar, and a circle or a second bar."""
    (x, y), far, tip = end, 17 if many else 13, end[0] + 13 * way
    near = f"M{x:.1f} {y - 6:.1f}L{tip:.1f} {y:.1f}L{x:.1f} {y + 6:.1f}"
    if not many:
        near = _bar(x + 6 * way, y)
    if not none:
        near += _bar(x + 11 * way, y)
    drawn = f'<path d="{near}" fill="none" stroke="{LINE}"/>'
    if none:
        circle = f'cx="{x + far * way:.1f}" cy="{y:.1f}" r="4"'
        drawn += f'<circle {circle} fill="#ffffff" stroke="{LINE}"/>'
    return drawn


def _bar(x: float, y: float) -> str:
    """Return a bar across a line."""
    return f"M{x:.1f} {y - 5:.1f}V{y + 5:.1f}"


def _legend(classes: Sequence[str], y: float) -> tuple[str, float]:
    """Return what the marks and heads mean, below the picture, and where it ends."""
    parts, x, base = [f'<path d="M0 {y:.1f}H100000" stroke="#cccccc"/>'], float(MARGIN), y + 21
    ends = [("exactly one", False, False), ("one or none", False, True), ("any number", True, True)]
    for words, many, none in ends:
        parts.append(f'<path d="M{x:.1f} {base - 4:.1f}h26" stroke="{LINE}"/>')
        parts.append(_marks((x, base - 4), 1, many=many, none=none))
        parts.append(_text(x + 32, base, words, small=True))
        x += 32 + _extent(words, SMALL) + 16
    for name in filter(None, classes):
        parts.append(
            f'<rect x="{x:.1f}" y="{base - 12:.1f}" width="16" height="15" rx="2" '
            f'fill="{HEADS[name]}" stroke="{LINE}"/>'
        )
        parts.append(_text(x + 8, base - 0.5, name[0].upper(), at="middle", small=True))
        parts.append(_text(x + 21, base, name, small=True))
        x += 21 + _extent(name, SMALL) + 16
    return "\n".join(parts), x


def _text(x: float, y: float, words: str, *, at: str = "start", small: bool = False) -> str:
    """Return text that starts, ends or has its middle at x."""
    size = f' font-size="{SMALL}"' if small else ""
    anchor = "" if at == "start" else f' text-anchor="{at}"'
    return f'<text x="{x:.1f}" y="{y:.1f}"{anchor}{size}>{escape(words)}</text>'


def _extent(text: str, size: float) -> float:
    """Return how wide text is, on the safe side: a Chinese character is as wide as it is high."""
    return size * sum(1.0 if east_asian_width(one) in "WF" else 0.6 for one in text)
