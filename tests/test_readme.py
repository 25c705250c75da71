"""README.md: its ten lines run as printed, and what it points to is there."""

import re
from pathlib import Path

import matplotlib.image as mpl_image
import matplotlib.pyplot as plt
import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
(TEN_LINES,) = re.findall(r"```python\n(.*?)```", README, re.S)


def test_the_ten_lines_draw_a_map_and_a_pyramid(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    exec(TEN_LINES, {})
    plt.close("all")
    picture = mpl_image.imread(tmp_path / "customers.png")
    assert picture.shape[:2] == (500, 1300)
    assert picture[:, :650, :3].std() > 0.1
    assert picture[:, 650:, :3].std() > 0.1


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#]+)\)", README))
def test_every_link_leads_to_a_file(target):
    assert (ROOT / target).is_file()


@pytest.mark.parametrize("target", re.findall(r"^    make ([a-z]+)", README, re.M))
def test_every_make_target_it_names_exists(target):
    assert re.search(rf"^{target}:.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
