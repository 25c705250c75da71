"""Diagram: what refers to what, as words, as mermaid, and as a picture without knots."""

import os
import re
import subprocess
import sys
from base64 import b64encode
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from nbconvert import HTMLExporter

from crmlab.database import Diagram
from crmlab.database.diagram.layout import columns_of
from crmlab.database.schema import metadata as hehua
from crmlab.dictionary import schemas
from crmlab.errors import OutOfRangeError, UnknownNameError, UnreadableFileError

SVG = "{http://www.w3.org/2000/svg}"
ROOT = Path(__file__).parents[2]
SEVEN = ["addresses", "households", "people", "purchases", "products", "lines", "payments"]


def shop():
    """A small database with every kind of reference."""
    made = sa.MetaData()
    sa.Table(
        "people",
        made,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text),
        sa.Column("boss", sa.ForeignKey("people.id")),
    )
    sa.Table(
        "orders",
        made,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("buyer", sa.ForeignKey("people.id"), nullable=False),
        comment="订单",
    )
    sa.Table(
        "cards",
        made,
        sa.Column("no", sa.String(9), primary_key=True),
        sa.Column("owner", sa.ForeignKey("people.id"), unique=True),
    )
    sa.Table(
        "lines",
        made,
        sa.Column("order", sa.ForeignKey("orders.id"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("paid", sa.Float),
        sa.Column("at", sa.DateTime),
        sa.Column("gift", sa.Boolean),
    )
    sa.Table(
        "returns",
        made,
        sa.Column("order", sa.Integer),
        sa.Column("place", sa.Integer),
        sa.Column("day", sa.Date),
        sa.Column("photo", sa.LargeBinary),
        sa.ForeignKeyConstraint(["order", "place"], ["lines.order", "lines.place"]),
        sa.Index("one", "order", "place", unique=True),
    )
    sa.Table("notes", made, sa.Column("text", sa.Text))
    return made  # fmt: skip


# relations, by hand


def test_each_reference_says_how_many_and_whether_it_may_be_missing():
    found = Diagram(metadata=shop()).relations
    assert found.dtypes.astype(str).tolist() == ["str", "str", "str", "str", "bool"]
    assert {tuple(row) for row in found.to_numpy().tolist()} == {
        ("people", "boss", "people", "n:1", True),
        ("orders", "buyer", "people", "n:1", False),
        ("cards", "owner", "people", "1:1", True),
        ("lines", "order", "orders", "n:1", False),
        ("returns", "order + place", "lines", "1:1", True),
    }


def test_references_to_tables_not_chosen_are_left_out():
    assert repr(Diagram(["lines", "orders", "notes"], metadata=shop())) == (
        "lines.order → orders (n:1)\nno references: notes"
    )
    assert Diagram(["notes"], metadata=shop()).relations.empty


def test_hehua_is_drawn_whole_by_class_or_by_name():
    assert len(Diagram().relations) == sum(len(t.foreign_keys) for t in hehua.tables.values())
    for one in ("descriptive", "promotion", "transaction"):
        svg = Diagram(data_class=one).svg
        wanted = {name for name in hehua.tables if schemas()[name]["data_class"] == one}
        assert {name for name in hehua.tables if f">{name}<" in svg} == wanted
    assert repr(Diagram(["payments", "purchases"])) == "payments.purchase_id → purchases (1:1)"
    assert Diagram(metadata=hehua).svg == Diagram().svg


# mermaid, by hand


def test_mermaid_says_the_same():
    text = Diagram(["orders", "lines", "people"], metadata=shop(), columns="all").mermaid
    assert (
        text
        == """\
erDiagram
    direction LR
    orders["orders 订单"] {
        integer id PK
        integer buyer FK
    }
    lines["lines"] {
        integer order PK, FK
        integer place PK
        number paid
        datetime at
        boolean gift
    }
    people["people"] {
        integer id PK
        string name
        integer boss FK
    }
    people ||--o{ orders : "buyer"
    orders ||--o{ lines : "order"
    people |o--o{ people : "boss"
"""
    )


def test_mermaid_tells_one_to_one_and_needs_no_columns():
    text = Diagram(["cards", "people"], metadata=shop(), columns="none").mermaid
    assert 'people |o--o| cards : "owner"' in text
    assert "{\n" not in text.replace("o{", "")
    assert "largebinary photo" in Diagram(["returns"], metadata=shop(), columns="all").mermaid


def test_names_that_mermaid_cannot_read_are_quoted_and_kept_as_comments():
    made = sa.MetaData()
    sa.Table("order \"lines\"", made, sa.Column("数量", sa.Integer, primary_key=True))  # fmt: skip
    lines = Diagram(metadata=made).mermaid.splitlines()
    assert lines[2:] == [
        "    \"order 'lines'\"[\"order 'lines'\"] {",
        '        integer c___ PK "数量"',
        "    }",
    ]


# the picture, by hand


def parts(svg):
    """Boxes by name as (x, y, width, height), and lines as (title, points)."""
    root = ElementTree.fromstring(svg)
    texts = [t for t in root.findall(f"{SVG}text") if t.get("font-weight") == "700"]
    frames = [r for r in root.findall(f"{SVG}rect") if r.get("fill") == "none"]
    boxes = {
        text.text: tuple(float(r.get(k)) for k in ("x", "y", "width", "height"))
        for text, r in zip(texts, frames, strict=True)
    }
    lines = [
        (g.find(f"{SVG}title").text, points(g.find(f"{SVG}path").get("d")))
        for g in root.findall(f"{SVG}g")
    ]
    return boxes, lines


def points(path):
    """Return many points along a path of M, H and C."""
    found = []
    for sign, said in re.findall(r"([MHC])([^MHC]*)", path):
        number = [*map(float, said.split())]
        if sign == "M":
            found.append(np.array(number))
        else:
            last = found[-1]
            stops = number if sign == "C" else [*last, number[0], last[1], number[0], last[1]]
            a, b, c = (np.array(stops[k : k + 2]) for k in (0, 2, 4))
            for t in np.linspace(0.02, 1, 50):
                s = 1 - t
                found.append(s**3 * last + 3 * s * s * t * a + 3 * s * t * t * b + t**3 * c)
    return np.array(found)


def test_the_picture_shows_every_name_and_needs_nothing_else():
    picture = Diagram(SEVEN)
    root = ElementTree.fromstring(picture.svg)
    words = {"".join(text.itertext()) for text in root.iter(f"{SVG}text")}
    for name in SEVEN:
        assert f"{name}{schemas()[name]['title_zh']}" in words
    assert {"purchase_id", "PK", "FK", "PK, FK", "exactly one", "any number", "D", "T"} <= words
    assert root.find(f"{SVG}title").text == repr(picture)
    rest = picture.svg.replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"http|url\(|@import|<script|<image|<foreignObject|href", rest)


def test_the_picture_shrinks_with_its_page_and_does_not_grow_beyond_its_size():
    root = ElementTree.fromstring(Diagram(SEVEN).svg)
    assert root.get("width") == "100%"
    assert root.get("height") is None
    assert root.get("style") == f"max-width:{root.get('viewBox').split()[2]}px"


def test_a_line_runs_from_the_key_to_the_reference():
    boxes, lines = parts(Diagram(["people", "purchases"]).svg)
    ((title, way),) = lines
    assert title == "purchases.customer_id → people (n:1)"
    x, y, width, _ = boxes["people"]
    assert way[0] == pytest.approx([x + width, y + 27 + 19 / 2])
    x, y, *_ = boxes["purchases"]
    assert way[-1] == pytest.approx([x, y + 27 + 19 * 1.5])


def test_the_ends_tell_how_many():
    root = ElementTree.fromstring(Diagram(metadata=shop()).svg)
    marks = {
        g.find(f"{SVG}title").text.split(" (")[0]: (
            len(g.findall(f"{SVG}circle")),
            [path.get("d").count("V") for path in g.findall(f"{SVG}path")[1:]],
        )
        for g in root.findall(f"{SVG}g")
    }
    # Circles, then bars at the parent and at the child; a crow's foot has no bar.
    assert marks == {
        "people.boss → people": (2, [1, 0]),
        "orders.buyer → people": (1, [2, 0]),
        "cards.owner → people": (2, [1, 1]),
        "lines.order → orders": (1, [2, 0]),
        "returns.order + place → lines": (2, [1, 1]),
    }


def test_the_same_tables_give_the_same_picture_in_another_process():
    code = "from crmlab.database import Diagram; print(Diagram().svg + Diagram().mermaid)"
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    command = [sys.executable, "-X", "utf8", "-c", code]
    environment = os.environ | {"PYTHONHASHSEED": seed}
    run = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=True
    )
    assert run.stdout == Diagram().svg + Diagram().mermaid + "\n"


# the picture, for any tables


def test_parents_stand_left_of_children_and_no_further_than_they_must():
    lines = [("people", "purchases"), ("purchases", "lines"), ("products", "lines")]
    names = ["people", "purchases", "lines", "products", "notes"]
    assert columns_of(names, lines) == {
        "people": 0, "purchases": 1, "lines": 2, "products": 1, "notes": 0
    }  # fmt: skip
    circle = columns_of([*"abc"], [("a", "b"), ("b", "c"), ("c", "a")])
    assert sorted(circle.values()) == [0, 1, 2]


def assert_no_knots(picture):
    boxes, lines = parts(picture.svg)
    for (_, one), (_, other) in combinations(boxes.items(), 2):
        apart = [
            one[k] + one[k + 2] <= other[k] or other[k] + other[k + 2] <= one[k] for k in (0, 1)
        ]
        assert any(apart)
    for title, way in lines:
        for name, (x, y, width, height) in boxes.items():
            inside = (way > [x + 0.6, y + 0.6]) & (way < [x + width - 0.6, y + height - 0.6])
            assert not inside.all(axis=1).any(), f"{title} runs through {name}"
    view = re.search(r'viewBox="0 0 (\d+) (\d+)"', picture.svg)
    across, down = map(float, view.groups())
    for _, way in lines:
        assert (way >= 0).all()
        assert (way <= [across, down]).all()


@pytest.mark.parametrize("columns", ["none", "keys", "all"])
def test_no_line_of_hehua_runs_through_a_box(columns):
    assert_no_knots(Diagram(columns=columns))


@pytest.mark.curriculum("S37")
def test_the_three_classes_of_data_share_all_tables():
    tables = [{*parts(Diagram(data_class=one).svg)[0]}
              for one in ("descriptive", "promotion", "transaction")]  # fmt: skip
    assert set.union(*tables) == {*hehua.tables}
    assert sum(map(len, tables)) == len(hehua.tables)


@settings(max_examples=60)
@given(
    st.integers(1, 8).flatmap(
        lambda n: st.tuples(
            st.just(n), st.lists(st.tuples(*[st.integers(0, n - 1)] * 2), max_size=12)
        )
    ),
    st.sampled_from(["none", "keys"]),
)
def test_no_line_runs_through_a_box_in_any_database(world, columns):
    n, refers = world
    made = sa.MetaData()
    for k in range(n):
        own = [
            sa.Column(f"ref_{i}", sa.ForeignKey(f"t{parent}.id"), nullable=i % 2 == 0)
            for i, (child, parent) in enumerate(refers)
            if child == k
        ]
        sa.Table(f"t{k}", made, sa.Column("id", sa.Integer, primary_key=True), *own)
    picture = Diagram(metadata=made, columns=columns)
    assert len(parts(picture.svg)[1]) == len(refers)
    assert_no_knots(picture)


# files and notebooks


def test_files_hold_the_picture_or_the_text(tmp_path):
    picture = Diagram(SEVEN)
    for name, text in {"a.svg": picture.svg, "b.MMD": picture.mermaid}.items():
        assert picture.save(tmp_path / name).read_text(encoding="utf-8") == text
    with pytest.raises(OutOfRangeError, match=r"\['\.svg', '\.mmd', '\.mermaid'\]; got 'c\.png'"):
        picture.save(tmp_path / "c.png")


def test_an_export_shows_the_picture_and_needs_no_network_for_it():
    picture = Diagram(SEVEN)
    bundle, said = picture._repr_mimebundle_(include=None, exclude=None)
    assert {*bundle} == {"text/vnd.mermaid", "image/svg+xml", "text/plain"}
    output = nbformat.v4.new_output("execute_result", bundle, metadata=said, execution_count=1)
    cell = nbformat.v4.new_code_cell("Diagram()", outputs=[output], execution_count=1)
    page, _ = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    assert b64encode(picture.svg.encode()).decode() in page.replace("\n", "")
    assert 'class="jp-Mermaid"' not in page


# when misused


def test_unknown_tables_classes_and_choices_are_named():
    with pytest.raises(UnknownNameError, match="no table 'persons'"):
        Diagram(["persons"])
    with pytest.raises(UnknownNameError, match=r"no class of data 'sales'.*descriptive"):
        Diagram(data_class="sales")
    with pytest.raises(UnknownNameError, match="no class of data"):
        Diagram(metadata=shop(), data_class="transaction")
    with pytest.raises(OutOfRangeError, match="columns must be one of"):
        Diagram(columns="some")
    with pytest.raises(OutOfRangeError, match="number of tables"):
        Diagram([])
    with pytest.raises(OutOfRangeError, match="list of names"):
        Diagram("people")


def test_a_place_that_cannot_be_written_to_is_named(tmp_path):
    with pytest.raises(UnreadableFileError, match=r"er\.svg cannot be written: No such file"):
        Diagram(["people"]).save(tmp_path / "nowhere" / "er.svg")
