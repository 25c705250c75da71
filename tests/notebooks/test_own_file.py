"""Chapter 17 runs to its end on a file of one's own."""

import matplotlib.pyplot as plt
import pytest

from crmlab._shipped import shipped
from crmlab.lifetime import simulate_purchases
from crmlab.teaching.notebooks import for_readers, read

CHAPTER = shipped("notebooks") / "source" / "17_project.py"


def own_file(folder):
    """A shop's file as its till writes it: Chinese headings, ids with a letter, a refund."""
    data, _ = simulate_purchases(800, rate=(1.0, 8.0), seed=17)
    data["customer_id"] = "M" + data["customer_id"].astype(str)
    data.loc[5, "amount"] *= -1
    path = folder / "会员.csv"
    names = {"customer_id": "会员号", "date": "日期", "amount": "金额"}
    data.rename(columns=names).to_csv(path, index=False, encoding="gb18030")
    return str(path), "2025-01-01"


# Every cell of the chapter is run, a few seconds: who has a file of their own meets exactly this.
@pytest.mark.filterwarnings("ignore::crmlab.errors.UninformativeScoreWarning")
def test_it_runs_to_its_end_and_writes_a_page_without_an_id(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    file, day = own_file(tmp_path)
    names = {"YOURS": file, "FOLDER": tmp_path}
    for cell in for_readers(read(CHAPTER), "en").cells:
        if cell.cell_type == "code":
            code = cell.source.replace("FILE = None", "FILE = YOURS")
            code = code.replace('"2024-07-01"', f'"{day}"').replace("mkdtemp()", "FOLDER")
            exec(code, names)
    plt.close("all")
    page = (tmp_path / "project.html").read_text(encoding="utf-8")
    assert "project.html is written." in capsys.readouterr().out
    assert page.count("<tr id=") == 7
    assert "M1" not in page
    assert names["project"].checklist()["done"].all()
