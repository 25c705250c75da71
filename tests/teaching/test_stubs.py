"""Stubs: every name that a room hands on, made from the rooms themselves."""

import pytest

from crmlab.teaching import reference, stubs

ROOM = {
    "measure/__init__.py": "from .pace import weeks as weeks\nfrom .pace import days as days\n"
    "from .pace import inner\n",
    "simulate.py": '__all__ = ["simulate_walk"]\n\ndef simulate_walk(): ...\n\ndef step(): ...\n',
    "firm.py": '__all__ = ["Firm"]\n',
    "shared.py": "def shared(): ...\n",
    "tables/terms.csv": "name\n",
    "__init__.py": "import lazy_loader\n",
}


@pytest.fixture
def room(tmp_path):
    for name, text in ROOM.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


# by hand


def test_a_room_hands_on_what_its_parts_say_verbs_first_and_nothing_else(room):
    assert stubs.stub(room).splitlines() == [
        "from .simulate import simulate_walk as simulate_walk",
        "from .measure import weeks as weeks",
        "from .measure import days as days",
        "from .firm import Firm as Firm",
        "",
        "__all__: list[str]",
    ]


def test_names_come_in_the_order_of_the_chapter_s_story(room, monkeypatch):
    monkeypatch.setattr(stubs, "used_in_chapters", lambda name: ["days", "weeks"])
    assert "import days as days\nfrom .measure import weeks" in stubs.stub(room)


# for every room


@pytest.mark.parametrize("name", reference.rooms())
def test_what_is_kept_is_what_the_room_hands_on(name):
    kept = (reference.PACKAGE / name / "__init__.pyi").read_text(encoding="utf-8")
    assert kept == stubs.stub(reference.PACKAGE / name), f"{name}: type: make reference"
