"""What the classroom tests share: a small exercise, and a folder of one's own to work in."""

from pathlib import Path

import pytest

from crmlab.classroom import source, tutor

SHOP = Path(__file__).parents[1] / "exercises" / "source" / "90_shop.py"


@pytest.fixture
def shop():
    """The exercise of the small shop."""
    return source.read(SHOP)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """An empty folder as the working directory, where practice knows the small shop."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(source, "shipped", lambda _: SHOP.parents[1])
    tutor._practice.cache_clear()
    yield tmp_path
    tutor._practice.cache_clear()


@pytest.fixture
def written(tmp_path):
    """Write a source of one question, changed as a test wants, and read it."""

    def write(text, name="91_small.py"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        source.read.cache_clear()
        return source.read(path)

    return write
