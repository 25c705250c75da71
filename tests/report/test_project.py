"""Project: a promise, a lock, numbers with their evidence, and a page that shows no row."""

import re
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from crmlab._words import speaking
from crmlab.errors import (
    BadRowsError,
    CrmlabError,
    NotAllowedError,
    OutOfRangeError,
    UnknownNameError,
)
from crmlab.lifetime import simulate_purchases
from crmlab.report import Project
from crmlab.report.findings import fill, pieces

LOG = pd.DataFrame(
    {
        "customer_id": ["ann@ex.org", "bo@ex.org", "ann@ex.org", "bo@ex.org"],
        "date": ["2024-01-31", "2024-02-01", "2024-07-01", "2024-08-01"],
        "amount": [10.5, 20.5, 30.5, 40.5],
    }
)
PROMISE = {
    "question": "Who comes back?",
    "decision": "Whom to write to",
    "measure": "back",
    "smallest_effect": "a tenth",
}


def begun(**changed):
    project = Project(LOG, holdout_from="2024-07-01")
    project.promise(**{**PROMISE, **changed})
    return project


def finished():
    project = begun()
    project.rest_on("Made up.")
    project.find("customers", 2)
    project.predict("back", 0.5, low=0.2, high=0.8, of=40, form=".0%")
    later = project.open_holdout()
    project.outcome("back", later["customer_id"].nunique() / 2, of=40)
    project.cannot_tell("What else do they buy?", because="It is not in the file.")
    project.say("Of {customers} customers {back_outcome} came back; we had thought {back}.")
    return project


# by hand


def test_what_lies_before_the_lock_is_seen_and_the_rest_is_not():
    project = begun()
    assert project.seen["amount"].tolist() == [10.5, 20.5]
    project.predict("back", 1.0, low=0.0, high=1.0, of=2, form=".0%")
    assert project.open_holdout()["amount"].tolist() == [30.5, 40.5]


def test_nothing_that_can_be_listed_tells_what_lies_behind_the_lock():
    project = begun()
    told = [f"{name} {value!r}" for name, value in vars(project).items()]
    told += [str(project.reading), project.reading._repr_html_(), repr(project)]
    assert not [text for text in told if "30.5" in text or "40.5" in text]
    reading = project.reading
    assert (reading.purchases, reading.customers, reading.amount) == (2, 2, 31.0)
    assert reading.last_date == pd.Timestamp("2024-02-01")


def test_reading_names_rows_with_faults_and_shows_none_of_them():
    refunds = LOG.assign(amount=[10.5, -20.5, 30.5, -40.5])
    project = Project(refunds, holdout_from="2024-07-01")
    fault = project.reading.fault("refund")
    assert (fault.count, fault.samples) == (2, ())
    assert "ann@" not in str(project.reading)


def test_the_lock_reaches_as_far_as_the_forecast_looks():
    project = Project(LOG, holdout_from="2024-07-01", months=1)
    assert project.holdout_until == pd.Timestamp("2024-07-31")
    project.promise(**PROMISE)
    project.predict("back", 1, low=0, high=2)
    assert project.open_holdout()["amount"].tolist() == [30.5]


def test_a_notebook_shows_the_steps_first_and_then_the_page():
    project = begun()
    assert "<iframe" not in project._repr_html_()
    shown = finished()
    assert repr(shown) == "Project('A customer project', 9 of 9 steps done)"
    frame = BeautifulSoup(shown._repr_html_(), "html.parser").iframe
    assert frame["srcdoc"].startswith("<!doctype html>")
    assert "ann@" not in frame["srcdoc"]


def test_a_text_is_filled_with_what_was_found_as_it_was_to_be_written():
    project = begun()
    project.find("customers", 1234.4)
    project.find("lost", 0.256, of=1234, form=".0%")
    said = project.say("Of {customers} customers {lost} are lost.")
    assert said == "Of 1,234 customers 26% are lost."
    shown = project.findings[["name", "shown", "of", "when"]]
    assert shown.astype(object).to_numpy().tolist()[1] == ["lost", "26%", 1234, "before"]


def test_a_cell_that_is_run_again_says_its_paragraph_once_and_a_mended_one_takes_its_place(
    tmp_path,
):
    project = begun()
    project.find("customers", 2)
    for _ in range(2):
        project.say("{customers} customers.")
    assert project.write(tmp_path)[0].read_text(encoding="utf-8").count("customers.</p>") == 1
    project.unsay()
    project.say("Only {customers} customers.")
    page = project.write(tmp_path)[0].read_text(encoding="utf-8")
    assert (page.count(" customers.</p>"), page.count("<p>Only ")) == (1, 1)


def test_a_text_can_tell_the_interval_of_each_forecast():
    project = begun()
    project.predict("back", 0.5, low=0.2, high=0.8, of=40, form=".0%")
    said = project.say("We expect {back}, between {back_low} and {back_high}.")
    assert said == "We expect 50%, between 20% and 80%."


def test_the_list_ticks_itself_step_by_step():
    project = Project(LOG, holdout_from="2024-07-01")
    assert not project.checklist()["done"].any()
    project.promise(**PROMISE)
    assert project.checklist()["done"].tolist() == [True] + [False] * 8
    assert finished().checklist()["done"].all()


@pytest.mark.parametrize(("of", "done"), [(29, False), (30, True)])
def test_a_share_of_fewer_than_30_is_named_as_thin(of, done):
    project = begun()
    project.find("lost", 0.5, of=of, form=".0%")
    row = project.checklist().set_index("step").loc["Every share has a base that carries it"]
    assert (row["done"], row["why"]) == (done, "" if done else "lost")


def test_a_second_window_is_noticed():
    project = begun()
    project.find("one", 1)
    steps = project.checklist().set_index("step")["done"]
    assert steps["One window for what is compared"]
    project.find("other", 1, window=("2024-01-31", "2024-01-31"))
    steps = project.checklist().set_index("step")["done"]
    assert not steps["One window for what is compared"]


def test_an_outcome_outside_its_interval_is_told_as_such():
    project = begun()
    project.predict("back", 0.5, low=0.4, high=0.6, of=40, form=".0%")
    project.open_holdout()
    project.outcome("back", 0.7, of=40)
    row = project.checklist().set_index("step").loc["The outcome is set beside the forecast"]
    assert row["why"] == "70%, outside 40% to 60%"


def test_each_number_of_the_page_leads_to_the_cell_that_made_it(tmp_path):
    page = finished().write(tmp_path)[0].read_text(encoding="utf-8")
    links = re.findall(r'<a href="#n-(\w+)">([^<]+)</a>', page)
    assert links == [("customers", "2"), ("back_outcome", "100%"), ("back", "50%")]
    for name, _shown in links:
        row = re.search(rf'<tr id="n-{name}">.*?</tr>', page, re.S)[0]
        assert "project." in re.search(r"<pre>(.*?)</pre>", row, re.S)[1]


def test_the_slides_say_what_was_promised_found_and_left_open(tmp_path):
    slides = finished().write(tmp_path)[1].read_text(encoding="utf-8")
    assert slides.count("<section>") == 5
    for said in ("Who comes back?", "a tenth", "<b>100%</b>", "100%, outside 20% to 80%"):
        assert said in slides
    assert "It is not in the file." in slides


def test_page_and_slides_say_beside_what_was_typed_that_it_was_not_counted(tmp_path):
    page, slides = (
        BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in finished().write(tmp_path)
    )
    typed = "typed, not counted"
    assert page.text.count(typed) == 1
    parts = {part.h2.text: part.text for part in slides.select("section") if part.h2}
    assert [name for name, text in parts.items() if typed in text] == [
        "What was promised",
        "What cannot be told",
    ]


def test_neither_shows_a_row_or_an_id_of_the_file_or_fetches_anything(tmp_path):
    for path in finished().write(tmp_path):
        text = path.read_text(encoding="utf-8")
        assert "ann@" not in text
        assert "40.5" not in text
        assert "30.5" not in text
        assert not re.findall(r"(?:src|href)=\"(?!#)[^\"]*\"|url\(|@import|<script", text)


def test_an_id_that_a_cell_names_is_hidden_on_the_page(tmp_path):
    project = begun()
    project.find("hers", (project.seen["customer_id"] == "ann@ex.org").sum())
    project.say("{hers} purchase is hers.")
    page = project.write(tmp_path)[0].read_text(encoding="utf-8")
    assert "ann@" not in page
    assert "&#34;…&#34;" in page


def test_words_of_a_stranger_are_escaped(tmp_path):
    project = begun(question="<script>alert()</script>")
    project.find("n", 1)
    project.say("{n} <b>bold</b> & more")
    for path in project.write(tmp_path):
        text = path.read_text(encoding="utf-8")
        assert "<script>" not in text
        assert "<b>bold" not in text


def test_it_works_on_a_path_with_headings_of_its_own(tmp_path):
    data, _ = simulate_purchases(50, seed=1)
    path = tmp_path / "shop.csv"
    data.rename(columns={"customer_id": "会员号", "date": "日期", "amount": "金额"}).to_csv(
        path, index=False, encoding="utf-8"
    )
    project = Project(path, holdout_from="2025-01-01")
    assert project.seen["date"].max() < project.holdout_from
    assert len(project.seen) < len(data)


def test_page_and_slides_speak_chinese_but_for_what_the_reader_wrote(tmp_path):
    with speaking("zh"):
        paths = finished().write(tmp_path)
    ours = "Who|comes|back|Whom|to|write|tenth|Made|up|What|else|do|they|buy|It|is|not|in|the|file"
    ours += "|Of|customers|came|we|had|thought|outcome|low|high|crmlab|report|by"
    for path in paths:
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for cell in soup.select("pre, style"):
            cell.decompose()
        words = {*re.findall(r"[A-Za-z]{2,}", soup.get_text(" "))}
        assert words <= {*ours.split("|")}, path.name


# for any data


@given(st.lists(st.text(alphabet="ab, .", max_size=8), min_size=1, max_size=5))
def test_a_text_comes_back_from_its_pieces(words):
    text = "{n}".join(words)
    assert "".join(said + ("{n}" if name else "") for said, name in pieces(text)) == text
    assert fill("no number", {}) == "no number"


# when misused


def test_no_number_comes_before_the_promise_and_a_promise_is_made_once():
    project = Project(LOG, holdout_from="2024-07-01")
    with pytest.raises(NotAllowedError, match="nothing is promised yet"):
        project.find("customers", 2)
    project.promise(**PROMISE)
    with pytest.raises(NotAllowedError, match="made once"):
        project.promise(**PROMISE)
    with pytest.raises(OutOfRangeError, match="decision"):
        Project(LOG, holdout_from="2024-07-01").promise(**{**PROMISE, "decision": " "})


def test_the_lock_opens_only_after_the_promised_measure_is_forecast():
    project = Project(LOG, holdout_from="2024-07-01")
    with pytest.raises(NotAllowedError, match="promise"):
        project.open_holdout()
    project.promise(**PROMISE)
    project.predict("another", 1, low=0, high=2)
    with pytest.raises(NotAllowedError, match=r'predict\("back"'):
        project.open_holdout()
    with pytest.raises(NotAllowedError, match="the lock is closed"):
        project.outcome("back", 1)
    project.predict("back", 1, low=0, high=2)
    project.open_holdout()
    with pytest.raises(NotAllowedError, match="cannot be forecast any more"):
        project.predict("more", 1, low=0, high=2)
    with pytest.raises(UnknownNameError, match="was not forecast"):
        project.outcome("customers", 1)


def test_a_window_that_looks_behind_the_lock_is_refused_to_the_day():
    project = begun()
    project.find("good", 1, window=("2024-01-31", "2024-06-30"))
    with pytest.raises(NotAllowedError, match="2024-07-01 on is locked"):
        project.find("leak", 1, window=("2024-01-31", "2024-07-01"))


@pytest.mark.parametrize(
    ("name", "value", "more", "said"),
    [
        ("lost", 0.3, {"form": ".0%"}, "of whom"),
        ("lost", float("nan"), {}, "nan"),
        ("lost share", 0.3, {}, "is no name"),
    ],
)
def test_a_number_without_name_value_or_base_is_refused(name, value, more, said):
    with pytest.raises(OutOfRangeError, match=said):
        begun().find(name, value, **more)


@pytest.mark.parametrize(
    "text",
    [
        "About 30% left.",
        "Of 1,000 we lost {n}.",
        "In 2024 {n} left.",
        "３０％ left, or {n}.",
        "约三成离开了，共{n}。",
        "百分之二十五，即{n}。",
        "½ left.",
        "Thirty-five percent left.",
        "About twenty per cent left.",
    ],
)
def test_a_typed_number_is_refused(text):
    project = begun()
    project.find("n", 3)
    with pytest.raises(BadRowsError, match="typed and not found"):
        project.say(text)


@pytest.mark.parametrize(
    "text", ["{n} percent left.", "A city of plenty.", "完成了{n}。", "We are one."]
)
def test_a_word_that_only_looks_like_a_number_is_taken(text):
    project = begun()
    project.find("n", 3)
    assert project.say(text)


def test_an_unknown_name_and_an_open_brace_are_told_apart():
    project = begun()
    project.find("n", 3)
    with pytest.raises(UnknownNameError, match="nothing was found under"):
        project.say("{m} left.")
    with pytest.raises(BadRowsError, match="do not close"):
        project.say("{n left.")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"date": ["2024-01-31", "2024-13-01", "2024-07-01", "2024-08-01"]}, "2024-13-01"),
        ({"amount": ["1", "2", "three", "4"]}, "three"),
        ({"currency": ["EUR", "CNY", "EUR", "CNY"]}, "currenc"),
    ],
)
def test_a_file_with_faults_is_refused_in_the_words_of_reading(wrong, said):
    with pytest.raises(CrmlabError, match=said):
        Project(LOG.assign(**wrong), holdout_from="2024-07-01")


@pytest.mark.parametrize(
    ("day", "months", "latest"),
    [("2024-07-02", 1, "2024-07-02"), ("2024-07-03", 1, ""), ("2024-07-01", 3, "2024-05-02")],
)
def test_a_forecast_that_looks_past_the_end_of_the_file_is_refused_with_a_day_that_does(
    day, months, latest
):
    if latest == day:
        assert Project(LOG, holdout_from=day, months=months).holdout_until.day == 1
        return
    with pytest.raises(OutOfRangeError, match="could not be counted") as refusal:
        Project(LOG, holdout_from=day, months=months)
    latest = re.search(r"Lock from (\S+) or earlier", str(refusal.value))[1]
    assert Project(LOG, holdout_from=latest, months=months).holdout_until.date().isoformat() == (
        "2024-08-01"
    )


def test_a_file_of_one_day_cannot_be_split_and_says_so():
    with pytest.raises(OutOfRangeError, match="One day cannot be split"):
        Project(LOG.assign(date="2024-01-31"), holdout_from="2024-01-31")


def test_a_forecast_stays_as_it_was_when_the_lock_is_open():
    project = begun()
    project.predict("back", 1, low=0, high=2)
    project.open_holdout()
    for name in ("back", "back_low", "back_high"):
        with pytest.raises(NotAllowedError, match=r"stays as it was.*outcome\('back', …"):
            project.find(name, 2)
    assert project.findings["shown"].tolist() == ["1", "0", "2"]


@pytest.mark.parametrize("day", ["2024-01-31", "2025-01-01"])
def test_a_lock_that_leaves_nothing_on_one_side_is_refused(day):
    with pytest.raises(OutOfRangeError, match="leaves nothing on one side"):
        Project(LOG, holdout_from=day)


def test_nothing_is_written_before_something_is_said_nor_over_a_strangers_file(tmp_path):
    with pytest.raises(NotAllowedError, match="nothing to show"):
        begun().write(tmp_path)
    (tmp_path / "project.html").write_text("mine", encoding="utf-8")
    with pytest.raises(CrmlabError):
        finished().write(tmp_path)
    assert (tmp_path / "project.html").read_text(encoding="utf-8") == "mine"
    assert [path.name for path in finished().write(tmp_path, force=True)] == [
        "project.html",
        "project-slides.html",
    ]
    assert all(isinstance(path, Path) for path in finished().write(tmp_path))
