"""The marking page: for this machine alone, opened once, everything a student wrote as text."""

import http.client
import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread

import pandas as pd
import pytest
from click.testing import CliRunner

from crmlab._words import speaking
from crmlab.classroom.source import read
from crmlab.cli import main
from crmlab.errors import CrmlabError
from crmlab.grading import reports, sheet
from crmlab.grading.desk import Desk, DeskError, alike
from crmlab.grading.marking import Marking
from crmlab.grading.sheet import open_levels, write_open

SHOP = read(Path(__file__).parents[1] / "exercises" / "source" / "90_shop.py")
HOSTILE = (
    "</div><script>document.title = 'mine'; fetch('/give')</script>"
    '<img src=x onerror="document.title=\'mine\'">{{ 7 * 7 }}{% raw %}" onclick="x'
)
ESSAYS = {
    "ann": "Gold gives a quarter. A test with a control group would tell more.",
    "bob": "Gold gives a quarter. A test with a control group would tell us more!",
    "cy": "写一封信要花钱，先做对照试验再决定。",
    "eve": HOSTILE,
    "007": "No.",
}
ROSTER = {name: name.title() for name in ESSAYS}


def write(path, essays):
    rows = [
        {"assignment": "90_shop", "question": "90.4", "student_id": s, "kind": "open"}
        | {"name": ROSTER[s], "answer": essay}
        for s, essay in essays.items()
    ]
    levels = open_levels(path, ROSTER)
    write_open(path, pd.DataFrame(rows), levels, [SHOP])


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "open.csv"
    write(path, ESSAYS)
    return path


@pytest.fixture
def desk(path):
    return Desk.at(path, ROSTER, [SHOP])


@pytest.fixture
def served(desk):
    with Marking(desk) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def ask(server, method, path, body=None, **headers):
    """Ask the server; return the status, the headers and the text."""
    link = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    link.request(method, path, body=body, headers=headers)
    answer = link.getresponse()
    text = answer.read().decode()
    link.close()
    return answer.status, answer.headers, text


def entered(server):
    """Open the page as a browser does; return what it sends from then on."""
    status, headers, _ = ask(server, "GET", f"/?token={server.token}")
    assert (status, headers["Location"]) == (303, "/")
    assert "HttpOnly; SameSite=Strict" in headers["Set-Cookie"]
    return {"Cookie": headers["Set-Cookie"].partition(";")[0]}


def given(desk, student, level, comment="", **changes):
    (card,) = [each for each in desk.page("90.4")["cards"] if each["student"] == student]
    said = {"question": "90.4", "student": student, "of": card["of"]}
    was = {"was": (card["level"], card["comment"])}
    return said | {"level": level, "comment": comment} | was | changes


def post(server, cookie, said, **headers):
    if "was" in said:  # as the page's script names the two
        level, comment = said["was"]
        said = {name: each for name, each in said.items() if name != "was"}
        said |= {"was_level": level, "was_comment": comment}
    own = {"Origin": f"http://127.0.0.1:{server.server_port}", "Content-Type": "application/json"}
    return ask(server, "POST", "/give", json.dumps(said), **{**own, **cookie, **headers})


# by hand


def test_answers_that_are_alike_stand_together_in_any_script():
    assert alike(["a b c d e", "zz", "A-B-C-D-E."]) == [[0, 2], [1]]
    assert alike(["先做对照试验再决定", "不", "先做对照试验，再决定。"]) == [[0, 2], [1]]
    assert alike([]) == []
    assert alike(["", ""]) == [[0, 1]]
    # What joins two others joins all three.
    chain = ["abcdefghijkl", "abcdefghijklmnop", "efghijklmnop"]
    assert alike(chain) == [[0, 1, 2]]


def test_each_level_is_on_the_disk_when_it_is_given(desk, path):
    told = desk.give(**given(desk, "007", 2, "short\nbut right"))
    saved = {"comment": "short\nbut right"}
    assert told == {"waiting": 4, "answers": 5, "other": "", **saved}
    levels = open_levels(path, ROSTER)
    assert levels[["student_id", "level", "comment"]].to_numpy().tolist() == [
        ["007", 2.0, "short\nbut right"]
    ]
    desk.give(**given(desk, "007", None, "short"))
    assert open_levels(path, ROSTER)["level"].isna().all()


def test_a_second_reader_is_blind_and_the_first_sees_where_they_differ(desk, path):
    desk.give(**given(desk, "ann", 1, "mine"))
    second = Desk.at(path, ROSTER, [SHOP], second=True)
    cards = {each["student"]: each for each in second.page("90.4")["cards"]}
    assert (cards["ann"]["level"], cards["ann"]["comment"], cards["ann"]["other"]) == ("", "", "")
    second.give(**given(second, "ann", 3))
    second.give(**given(second, "bob", 2))
    cards = {each["student"]: each for each in desk.page("90.4")["cards"]}
    assert (cards["ann"]["other"], cards["bob"]["other"], cards["bob"]["level"]) == ("3", "", "")
    (question,) = desk.questions()
    assert (question["waiting"], question["agreed"]["both"]) == (4, 1)
    (question,) = second.questions()
    assert question["waiting"] == 3


def test_two_who_read_at_once_replace_nothing_that_they_have_not_seen(desk, path):
    another = Desk.at(path, ROSTER, [SHOP])
    mine, theirs = given(desk, "ann", 1, "thin"), given(another, "ann", 3)
    another.give(**given(another, "bob", 2))
    desk.give(**mine)
    desk.give(**mine)  # sent twice, which changes nothing
    with pytest.raises(DeskError, match="gave the level 1 and the comment thin; load the page"):
        another.give(**theirs)
    another.give(**given(another, "ann", 3, "fine"))  # having seen it
    levels = open_levels(path, ROSTER).set_index("student_id")
    assert levels["level"].to_dict() == {"ann": 3, "bob": 2}
    assert levels.loc["ann", "comment"] == "fine"


def test_of_many_desks_that_write_at_once_no_level_is_lost(path):
    def give(student):
        desk = Desk.at(path, ROSTER, [SHOP])
        desk.give(**given(desk, student, 2))

    with ThreadPoolExecutor(len(ROSTER)) as readers:
        [*readers.map(give, ROSTER)]
    assert open_levels(path, ROSTER)["level"].tolist() == [2.0] * len(ROSTER)


def test_a_level_given_while_grading_writes_the_sheet_stays(desk, path, monkeypatch):
    rows = pd.read_csv(path, dtype="str", encoding="utf-8-sig", keep_default_na=False)
    book = rows.assign(question="90.4", kind="open")
    book["student_id"] = book["student_id"].str.removeprefix("'")
    desk.give(**given(desk, "ann", 2))  # after the gradebook was made of the sheet
    reports._write_open(path, book, ROSTER, {"90_shop": SHOP})
    assert open_levels(path, ROSTER)["student_id"].tolist() == ["ann"]


def test_a_sheet_that_is_held_too_long_is_told_and_nothing_is_written(desk, path, monkeypatch):
    monkeypatch.setattr(sheet, "_PATIENCE", 0)
    said = given(desk, "ann", 2)
    with (
        sheet.held(path),
        pytest.raises(CrmlabError, match="another `crmlab course` has held open"),
    ):
        desk.give(**said)
    assert open_levels(path, ROSTER).empty


def test_an_answer_that_changed_is_not_given_a_level_of_the_old_one(desk, path):
    said = given(desk, "bob", 3)
    desk.give(**given(desk, "ann", 1))
    write(path, ESSAYS | {"bob": "Another."})
    with pytest.raises(DeskError, match="has changed"):
        desk.give(**said)
    assert open_levels(path, ROSTER)["student_id"].tolist() == ["ann"]


# the server


def test_the_address_opens_once_and_nothing_else_opens(served):
    for where in ("/", "/question/90.4", "/marking.js", "/?token=no", "/?token=%C3%A9"):
        assert ask(served, "GET", where)[0] == 403
    first = served.token
    cookie = entered(served)
    assert ask(served, "GET", f"/?token={first}")[0] == 403
    status, headers, text = ask(served, "GET", "/", **cookie)
    assert (status, "90.4" in text) == (200, True)
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")
    assert ask(served, "GET", "/", Cookie="crmlab-marking=no")[0] == 403
    assert ask(served, "GET", "/", Host="evil.example", **cookie)[0] == 403
    assert ask(served, "GET", "/marking.css", **cookie)[0] == 200
    assert ask(served, "GET", "/../sheet.py", **cookie)[0] == 404
    assert served.server_address[0] == "127.0.0.1"


def test_levels_come_from_the_page_alone_and_only_such_that_can_be(served, desk, path):
    cookie = entered(served)
    said = given(desk, "ann", 2, "good")
    assert post(served, {}, said)[0] == 403
    assert post(served, cookie, said, Origin="http://evil.example")[0] == 403
    assert post(served, cookie, said, **{"Content-Type": "text/plain"})[0] == 403
    assert ask(served, "POST", "/give", "{", **cookie)[0] == 403
    for change in ({"level": 4}, {"level": True}, {"level": "2"}, {"of": 1}, {"more": 1}):
        assert post(served, cookie, said | change)[0] == 400, change
    assert post(served, cookie, said | {"comment": "x" * 30_000})[0] == 413
    assert post(served, cookie, said | {"student": "zoe"})[0] == 400
    assert open_levels(path, ROSTER).empty
    status, _, text = post(served, cookie, said)
    assert (status, json.loads(text)["waiting"]) == (200, 4)
    assert open_levels(path, ROSTER)["level"].tolist() == [2]


def test_a_browser_that_goes_away_leaves_the_console_clean(served, desk, monkeypatch, capfd):
    def leave(*_, **__):
        raise BrokenPipeError

    for name in ("page", "give"):
        monkeypatch.setattr(desk, name, leave)
    cookie = entered(served)
    with pytest.raises(http.client.RemoteDisconnected):
        ask(served, "GET", "/question/90.4", **cookie)
    said = {"question": "90.4", "student": "ann", "of": "", "level": 1, "comment": ""}
    with pytest.raises(http.client.RemoteDisconnected):
        post(served, cookie, said | {"was": ("", "")})
    assert capfd.readouterr().err == ""


def test_what_a_student_wrote_is_text(served):
    cookie = entered(served)
    _, _, text = ask(served, "GET", "/question/90.4", **cookie)
    assert "<script>" not in text
    assert "<img" not in text
    assert "&lt;/div&gt;&lt;script&gt;" in text
    assert "{{ 7 * 7 }}" in text
    assert "写一封信要花钱" in text
    assert "Ann" not in text  # nobody's name stands beside an answer


def test_a_sheet_that_cannot_be_written_is_told(served, desk, path):
    cookie = entered(served)
    said = given(desk, "ann", 2)
    path.with_name("open.csv.new").mkdir()
    status, _, text = post(served, cookie, said)
    assert (status, text.startswith("nothing was saved")) == (500, True)


# in Chinese


def test_the_pages_speak_chinese(served):
    with speaking("zh"):
        cookie = entered(served)
        question = ask(served, "GET", "/question/90.4", **cookie)[2]
        index = ask(served, "GET", "/", **cookie)[2]
    assert '<html lang="zh-Hans">' in question
    assert "2 份相似的回答" in question
    assert "还有 {waiting} 份待批阅" in question
    assert "<th>待批阅</th>" in index
    for page in (question, index):  # nothing is left in English but what the course says
        shown = re.sub(r"<(style|kbd|code).*?</\1>|<[^>]*>", "", page.partition("<main")[0])
        assert not re.search("level|waits|comment|answers", shown)


# when misused


def test_without_a_sheet_or_with_faults_in_it_the_command_says_what_to_do(tmp_path):
    (tmp_path / "course.yaml").write_text(f"key: {'k' * 16}\n", encoding="utf-8")
    (tmp_path / "roster.csv").write_text("student_id,name\nann,Ann\n", encoding="utf-8")
    arguments = ["course", "mark", "--course", str(tmp_path / "course.yaml"), "--out"]
    run = CliRunner().invoke(main, [*arguments, str(tmp_path)])
    assert run.exit_code == 1
    assert "`crmlab course grade` writes it" in run.output
    (tmp_path / "open.csv").write_text("student_id,question,level\nann,06.9,7\n", encoding="utf-8")
    assert "a level is 0 to 3" in CliRunner().invoke(main, [*arguments, str(tmp_path)]).output


def test_a_question_that_nobody_answered_is_no_page(desk, served):
    with pytest.raises(DeskError, match=r"nobody answered '90\.1'"):
        desk.page("90.1")
    assert ask(served, "GET", "/question/90.1", **entered(served))[0] == 400
