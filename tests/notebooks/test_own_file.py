"""Chapter 17 on a file of one's own: to its end, or refused in words that lead on."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from crmlab._shipped import shipped
from crmlab.data import load
from crmlab.errors import AmbiguousError, CrmlabError, OutOfRangeError
from crmlab.lifetime import simulate_purchases
from crmlab.teaching.notebooks import for_readers, read

CHAPTER = shipped("notebooks") / "source" / "17_project.py"
CODE = [cell.source for cell in for_readers(read(CHAPTER), "en").cells if cell.cell_type == "code"]


# The cells that the chapter tells to leave out where the model refuses a file.
OF_THE_MODEL = ("BGNBD().fit(", "base_value(\n", "holdout_table(told)", "plot_holdout(beside")


def run(folder, monkeypatch, *, file, day, how=None, months=6, without=()):
    """Run the chapter as a reader who fills in its settings; return what it leaves behind."""
    monkeypatch.chdir(folder)
    names = {"YOURS": file, "ANSWERS": how or {}, "PAGES": folder / "pages"}
    settings = {
        "FILE = None": "FILE = YOURS",
        "HOW = {}": "HOW = ANSWERS",
        'LOCKED_FROM = "2024-07-01"': f'LOCKED_FROM = "{day}"',
        "MONTHS = 6": f"MONTHS = {months}",
        "FOLDER = None": "FOLDER = PAGES",
    }
    for code in CODE:
        if any(part in code for part in without):
            continue
        for default, mine in settings.items():
            code = code.replace(default, mine)
        exec(code, names)
        plt.close("all")
    return names


def shop(n=800):
    data, _ = simulate_purchases(n, rate=(1.0, 8.0), seed=17)
    return data.assign(customer_id="M" + data["customer_id"].astype(str))


def with_every_fault(folder):
    """A shop's file as its till writes it: Chinese headings, and every fault that is no refusal."""
    data = shop().astype({"amount": "object"}).assign(status="已完成")
    data.loc[5, "amount"] *= -1
    data.loc[6, "amount"] = 0.0
    data.loc[7, "customer_id"] = "散客"
    data.loc[8, "customer_id"] = None
    data.loc[9, "status"] = "已取消"
    data.loc[10, "amount"] = f"¥{data.loc[10, 'amount']}"
    odd = pd.concat([data.iloc[:40], data.iloc[[20]]])
    odd.loc[41] = [None] * odd.shape[1]
    # Bought at nine, and some once more at noon.
    again = data.iloc[-30:].assign(date=data["date"].iloc[-30:] + pd.Timedelta(hours=3))
    data = pd.concat([data, again])
    path = folder / "会员.csv"
    names = {"customer_id": "会员号", "date": "日期", "amount": "金额", "status": "订单状态"}
    everything = pd.concat([odd, data.iloc[40:]]).rename(columns=names)
    everything["日期"] += pd.Timedelta(hours=9)
    everything.to_csv(path, index=False, encoding="gb18030")
    return str(path)


# Every cell of the chapter is run, a few seconds: who has a file of their own meets exactly this.
@pytest.mark.filterwarnings("ignore::crmlab.errors.UninformativeScoreWarning")
def test_it_runs_to_its_end_and_writes_a_page_without_an_id(tmp_path, monkeypatch, capsys):
    left = run(tmp_path, monkeypatch, file=with_every_fault(tmp_path), day="2024-12-30")
    project, pages = left["project"], [*(tmp_path / "pages").iterdir()]
    assert {fault.kind for fault in project.reading.faults} == {
        "refund",
        "zero amount",
        "no customer",
        "no sale",
        "duplicate",
    }
    assert sorted(path.name for path in pages) == ["project-slides.html", "project.html"]
    shown = [path.read_text(encoding="utf-8") for path in pages]
    shown += [capsys.readouterr().out, project._repr_html_(), project.reading._repr_html_()]
    assert not [text for text in shown if "M1" in text]
    assert project.checklist()["done"].all()
    bought = left["theirs"]
    days = {*zip(bought["customer_id"], bought["date"].dt.date, strict=True)}
    assert left["came"] == len(days) < len(bought)


# Of a shop that was real: its customers came back more often than the model thought.
@pytest.mark.filterwarnings("ignore::crmlab.errors.UninformativeScoreWarning")
def test_a_forecast_that_fails_is_told_and_changes_the_decision(tmp_path, monkeypatch, capsys):
    left = run(tmp_path, monkeypatch, file=load("cdnow_sample"), day="1997-10-01")
    said = capsys.readouterr().out
    assert not left["low"] <= left["came"] <= left["high"]
    assert f"it became {left['came']:,}: outside." in said
    assert "has to be planned anew" in said
    assert "can stay as planned" not in said
    steps = left["project"].checklist().set_index("step")
    assert "outside" in steps.loc["The outcome is set beside the forecast", "why"]


# when misused


def refused(folder, monkeypatch, error, **how):
    with pytest.raises(error) as refusal:
        run(folder, monkeypatch, **how)
    return str(refusal.value)


def test_a_file_in_two_currencies_is_refused_and_the_answer_leads_on(tmp_path, monkeypatch):
    data = shop(40)
    data["currency"] = "CNY"
    data.loc[::2, "currency"] = "EUR"
    said = refused(tmp_path, monkeypatch, AmbiguousError, file=data, day="2025-01-01")
    assert "currency='EUR'" in said
    later = refused(
        tmp_path, monkeypatch, CrmlabError, file=data, day="1990-01-01", how={"currency": "EUR"}
    )
    assert "Choose a day between them" in later


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (shop().query("customer_id == 'M3'"), "take a longer time or more shops"),
        (shop().drop_duplicates("customer_id"), "Wait for repeat purchases"),
    ],
    ids=["one customer", "nobody twice"],
)
@pytest.mark.filterwarnings("ignore::crmlab.errors.UninformativeScoreWarning")
def test_where_the_model_refuses_the_chapter_goes_on_with_the_simplest_forecast(
    tmp_path, monkeypatch, file, said
):
    day = (file["date"].max() - pd.DateOffset(months=1)).date()
    how = {"file": file, "day": day, "months": 1}
    assert said in refused(tmp_path, monkeypatch, OutOfRangeError, **how)
    left = run(tmp_path, monkeypatch, without=OF_THE_MODEL, **how)
    steps = left["project"].checklist().set_index("step")
    assert steps.loc["The text tells the promised outcome", "done"]
    assert left["estimate"] == len(left["simplest"])
    assert (tmp_path / "pages" / "project.html").exists()


def test_a_forecast_that_cannot_be_counted_is_refused_with_the_day_that_can(tmp_path, monkeypatch):
    said = refused(tmp_path, monkeypatch, OutOfRangeError, file=shop(), day="2025-06-01")
    assert "could not be counted. Lock from" in said


def test_a_file_that_is_not_there_is_said_so(tmp_path, monkeypatch):
    said = refused(tmp_path, monkeypatch, CrmlabError, file="nothing.csv", day="2024-07-01")
    assert "nothing.csv" in said
