"""Essays read in the browser: levels by keyboard, saved at once, hostile ones shown as text."""

import re
from threading import Thread

import pytest
from playwright.sync_api import expect

from crmlab.grading.desk import Desk
from crmlab.grading.marking import Marking
from crmlab.grading.sheet import open_levels
from tests.grading.test_marking import ESSAYS, HOSTILE, ROSTER, SHOP, given, write

pytestmark = pytest.mark.browser


@pytest.fixture
def served(tmp_path):
    write(tmp_path / "open.csv", ESSAYS)
    with Marking(Desk.at(tmp_path / "open.csv", ROSTER, [SHOP])) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_class_is_read_by_keyboard_and_every_step_is_kept(page, served):
    path = served.desk.path
    page.goto(served.address)
    expect(page).to_have_url(re.compile("/$"))  # the token is gone from the address
    page.get_by_role("link", name="90.4").click()
    cards = page.locator(".card")
    expect(cards).to_have_count(len(ESSAYS))
    expect(page.locator("header ol li")).to_have_count(3)
    expect(page.get_by_role("heading", name="2 answers that are alike")).to_be_visible()
    # Those alike stand first, side by side.
    first, second = cards.nth(0), cards.nth(1)
    assert first.bounding_box()["y"] == second.bounding_box()["y"]
    assert [first.get_attribute("data-student"), second.get_attribute("data-student")] == [
        "ann",
        "bob",
    ]
    page.keyboard.press("2")
    expect(page.get_by_role("status")).to_have_text("Saved. 4 of 5 wait.")
    expect(second).to_have_class("card now")
    page.keyboard.press("c")
    page.keyboard.type("3 reasons <b>more</b>")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    expect(page.get_by_role("status")).to_have_text("Saved. 3 of 5 wait.")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")  # back to the first, whose level is taken back
    page.keyboard.press("Backspace")
    expect(page.get_by_role("status")).to_have_text("Saved. 4 of 5 wait.")
    page.keyboard.press("n")
    expect(cards.nth(2)).to_have_class("card now")
    levels = open_levels(path, ROSTER).set_index("student_id")
    assert levels["level"].dropna().to_dict() == {"bob": 1}
    assert levels.loc["bob", "comment"] == "3 reasons <b>more</b>"
    page.reload()  # a cookie holds it open
    expect(cards.nth(1).get_by_role("button", name="1")).to_have_attribute("aria-pressed", "true")
    expect(cards.nth(1).get_by_role("textbox")).to_have_value("3 reasons <b>more</b>")


def test_a_hostile_essay_is_read_and_does_nothing(page, served):
    page.goto(served.address)
    page.get_by_role("link", name="90.4").click()
    shown = page.locator(".card[data-student=eve] .answer")
    expect(shown).to_have_text(HOSTILE)
    assert shown.locator("*").count() == 0
    expect(page).to_have_title("90.4")
    assert page.locator("script").count() == 1


def test_a_level_that_somebody_else_gave_meanwhile_is_told_and_stays(page, served):
    page.goto(served.address)
    page.get_by_role("link", name="90.4").click()
    expect(page.locator(".card")).to_have_count(len(ESSAYS))
    another = Desk.at(served.desk.path, ROSTER, [SHOP])
    another.give(**given(another, "ann", 1, "thin"))
    page.keyboard.press("3")
    expect(page.get_by_role("status")).to_contain_text("somebody else reads here too")
    page.keyboard.press("2")  # the next one is saved, and the first still says what was not
    expect(page.get_by_role("status")).to_have_text("Saved. 3 of 5 wait.")
    first = page.locator(".card[data-student=ann]")
    expect(first.locator(".other")).to_contain_text("Not saved: somebody else reads here too")
    assert open_levels(served.desk.path, ROSTER)["level"].tolist() == [1, 2]
    page.reload()
    expect(page.locator(".card.now")).to_have_attribute("data-student", "cy")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("3")  # seen now, and changed
    expect(page.get_by_role("status")).to_have_text("Saved. 3 of 5 wait.")
    levels = open_levels(served.desk.path, ROSTER).set_index("student_id")
    assert levels["level"].to_dict() == {"ann": 3, "bob": 2}
    assert levels.loc["ann", "comment"] == "thin"


def test_an_answer_that_changed_meanwhile_is_told_and_not_marked(page, served):
    page.goto(served.address)
    page.get_by_role("link", name="90.4").click()
    expect(page.locator(".card")).to_have_count(len(ESSAYS))
    write(served.desk.path, ESSAYS | {"ann": "Another."})
    page.keyboard.press("3")
    expect(page.get_by_role("status")).to_contain_text("Not saved: this answer has changed")
    assert open_levels(served.desk.path, ROSTER).empty
