"""A whole exercise in a real Chromium: a teacher and students in two groups, from the codes to the review.

JIRGA_SEATS says how many students there are: those of PLACES with an act of their own come first.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.exercise.service import Classroom
from tests.app.browser import WAIT, drawn, server, spare, until, visit
from tests.app.classroom import (
    LAPTOP,
    ORDERED,
    PHONE,
    SEATS,
    SHORT,
    Served,
    choose,
    class_server,
    complaints,
    fits,
    invitations,
    offer,
    offer_form,
    order,
    press,
    says,
    seated,
    student,
    tab,
    teacher,
    unfold,
)  # fmt: skip
from tests.repeats import repeats

pytestmark = pytest.mark.browser
NOTE = "<img src=x onerror=alert(1)> **all** [of it](http://example.org) :red[now] <script>alert(2)</script>"
US, TALIBAN, GHANI, ABDULLAH = SEATS
PLACES = (
    (1, US), (1, TALIBAN), (1, GHANI), (2, US),
    (1, ABDULLAH), (2, TALIBAN), (2, GHANI), (2, ABDULLAH),
)[: repeats("JIRGA_SEATS", 4)]  # fmt: skip


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A class server with an exercise of two rounds, each with a clock."""
    with class_server(tmp_path, SHORT.replace("rounds = 3", "rounds = 2\nminutes = 60")) as found:
        yield found


def test_a_class_plays_to_the_review(browser: Any, served: Served, tmp_path: Path) -> None:
    desk = teacher(browser, served)
    assert desk.url == f"{served.address}/teach", "the secret stays out of the address"
    links = {(group, seat): link for group in (1, 2) for seat, link in invitations(desk, group).items()}
    assert len(links) == 8
    class_ = {place: student(browser, links[place], dark=place[0] == 2) for place in PLACES}
    tab(desk, "Room")

    _first_round(desk, class_)
    _projector_fits(desk)
    press(desk, "Play round 1", "Open round 2")
    for page in class_.values():
        says(page, "The round has been played")
    scores = tab(class_[1, TALIBAN], "Scores")
    until(class_[1, TALIBAN], lambda: "You said 90 %" in scores.inner_text(), "the forecast is among the scores")

    press(desk, "Open round 2", "Play round 2")
    class_[1, US] = _dropped_phone(browser, class_[1, US])
    _play_the_last(desk)
    _rewind(desk, class_)
    press(desk, "Open round 2", "Play round 2")
    says(class_[2, US], "Round 2 of 2")
    _play_the_last(desk)
    _review(browser, desk, tmp_path)
    for page in (desk, *class_.values()):
        assert complaints(page) == []


def _first_round(desk: Any, class_: dict[tuple[int, str], Any]) -> None:
    """An offer with a hostile note, its answer, an order, a forecast, an inject; each seen where it should be."""
    us, taliban, ghani = (class_[1, seat] for seat in (US, TALIBAN, GHANI))
    fetched: list[str] = []
    us.on("request", lambda request: fetched.append(request.url))
    press(desk, "Open round 1", "Play round 1")
    until(us, lambda: tab(us, "Predict").get_by_role("slider").count() > 0, "the questions")
    assert fetched == [], "the code of the inputs should have come with the page"
    _offer(ghani)
    says(taliban, "An offer waits")
    received = tab(taliban, "Deals")
    until(taliban, lambda: NOTE in received.inner_text(), "the note as it was written")
    assert taliban.locator("img[src=x]").count() == received.locator("script, a[href*=example]").count() == 0
    assert NOTE not in us.inner_text("body"), "a third seat read the offer"
    writing = offer_form(us).get_by_label("A note")
    writing.fill("half a sent")
    received.get_by_role("button", name="Accept").click()
    until(taliban, lambda: "a deal" in tab(taliban, "Deals").inner_text(), "the deal")
    order(us, "Troops withdrawn per day", ["ArrowRight"] * 3)
    assert tab(us, "Deals").get_by_label("A note").input_value() == "half a sent", "what was being written is gone"
    _predict(taliban)
    says(desk, "Orders")
    until(desk, lambda: _row(desk, US).endswith("1\t-"), f"the teacher sees the order: {_row(desk, US)}")
    _inject(desk)
    says(class_[2, US], "Rumours of <i>talks</i>")
    assert "Rumours" not in ghani.inner_text("body"), "the other group heard it too"


def _play_the_last(desk: Any) -> None:
    press(desk, "Play round 2", "Round 2 of 2")
    until(desk, lambda: desk.locator(".phase").inner_text() == "over", "the exercise is over")


def _row(desk: Any, seat: str) -> str:
    """A seat's row of group 1 on the teacher's page."""
    return str(tab(desk, "Room").locator("tr").filter(has_text=seat).first.inner_text()).strip()


def _offer(page: Any) -> None:
    panel = offer(page, TALIBAN, "Prisoners offered", NOTE)
    until(page, lambda: "not answered yet" in panel.inner_text(), "the offer was sent")


def _predict(page: Any) -> None:
    panel = tab(page, "Predict")
    slider = panel.get_by_role("slider").first
    slider.focus()
    page.keyboard.press("End")
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    panel.get_by_role("button", name="Give these probabilities").click()
    until(page, lambda: "You said 90 %" in panel.inner_text(), "the forecast is in")


def _inject(desk: Any) -> None:
    panel = tab(desk, "Injects")
    choose(desk, panel, "In which groups", "Group 2")
    panel.get_by_role("tab", name="Your own event").click()
    panel.get_by_label("Headline").fill("Rumours")
    panel.get_by_label("News").fill("Rumours of <i>talks</i> <img src=x onerror=alert(3)>")
    panel.get_by_role("button", name="Bring it into the round").click()
    says(desk, "It is in the news")


def _projector_fits(desk: Any) -> None:
    """On a phone and on a laptop; the bots look at the other pages."""
    desk.get_by_text("Projector", exact=True).click()
    until(desk, lambda: desk.locator(".projector").count() > 0, "the projector")
    for shown, holds in (("Codes", ".projector .code"), ("Join", ".bigqr"), ("News", ".projector .news")):
        desk.get_by_text(shown, exact=True).click()
        until(desk, lambda: desk.locator(holds).count() > 0, shown)  # noqa: B023
        fits(desk, f"Projector, {shown}")
    desk.get_by_text("Desk", exact=True).click()
    tab(desk, "Room")


def _dropped_phone(browser: Any, phone: Any) -> Any:
    """A phone whose battery died: its page opened again is the same student with the same orders."""
    until(phone, lambda: phone.locator(".phase.open").count() > 0, "round 2 is open")
    order(phone, "Troops withdrawn per day", ["ArrowRight"] * 2)
    before = str(tab(phone, "Orders").get_by_text(ORDERED).first.inner_text())
    address = phone.url
    who = re.search(r"student \d+", phone.inner_text("body"))
    assert complaints(phone) == []
    phone.context.close()
    again = visit(browser, address, width=PHONE[0], height=PHONE[1])
    seated(again)
    assert who is not None
    says(again, who[0])
    until(again, lambda: before in tab(again, "Orders").inner_text(), before)
    return again


def _rewind(desk: Any, class_: dict[tuple[int, str], Any]) -> None:
    panel = tab(desk, "More")
    unfold(desk, panel.get_by_text("Back to a round"), panel.get_by_role("button", name="Go back"))
    assert panel.get_by_role("button", name="Go back").is_disabled(), "it asks first"
    panel.get_by_text("Yes, go back before round 2").click()
    press(desk, "Go back", "Open round 2")
    for page in class_.values():
        says(page, "Your teacher has gone back to before round 2")


def _review(browser: Any, desk: Any, folder: Path) -> None:
    panel = tab(desk, "Review")
    press(desk, "Make the review", "Review as one HTML page")
    panel.locator("iframe").wait_for()
    fits(desk, "Teach, with its review")
    with desk.expect_download() as download:
        panel.get_by_role("button", name="Review as one HTML page").click()
    file = folder / "review.html"
    download.value.save_as(file)
    for width, height in (PHONE, LAPTOP):
        read = visit(browser, file.as_uri(), width=width, height=height)
        assert "not a forecast" in read.inner_text("body").lower()
        wide = read.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"the review at {width}: {wide} pixels too wide"
        assert complaints(read) == []
        read.context.close()


@pytest.mark.kills
def test_a_killed_server_loses_nothing_and_everybody_comes_back(browser: Any, served: Served) -> None:
    """SIGKILL right after an order was acknowledged: pages find the server again, each its own place."""
    desk = teacher(browser, served)
    phone = student(browser, invitations(desk, 1)[TALIBAN])
    press(desk, "Open round 1", "Play round 1")
    until(phone, lambda: phone.locator(".phase.open").count() > 0, "the round is open")
    order(phone, "Violence ordered", ["Home"])
    served.kill()
    assert spare(phone) <= 0
    left = phone.locator(".clock").inner_text()
    until(phone, lambda: phone.locator(".clock").inner_text() != left, "the browser counts the time by itself")
    served.start_again()
    for page in (desk, phone):
        page.reload()
    seated(phone)
    until(phone, lambda: "you order 0" in tab(phone, "Orders").inner_text(), "the order is still there")
    desk.get_by_role("button", name="Play round 1").wait_for(timeout=WAIT)
    kept = Classroom(served.file).teacher(served.secret).groups[0].orders
    assert [(one.lever, one.value) for one in kept] == [("taliban.intensity", 0.0)]


def test_a_code_typed_by_hand_opens_its_seat(browser: Any, served: Served) -> None:
    """In small letters and without dashes; leaving the seat forgets it, and the same phone comes back as itself.

    The projector stays the projector when it is reloaded; a headline that is too long stays in its field.
    """
    desk = teacher(browser, served)
    code = invitations(desk, 2)[ABDULLAH].partition("code=")[2]
    page = visit(browser, served.address, width=PHONE[0], height=PHONE[1])
    page.get_by_label("Your seat's code").fill(code.replace("-", " ").lower())
    press(page, "Join", ABDULLAH)
    seated(page)
    unfold(page, page.get_by_text("This device"), page.get_by_role("button", name="Leave this seat"))
    press(page, "Leave this seat", "Join an exercise")
    assert "seat=" not in page.url
    page.get_by_label("Your seat's code").fill(f"{served.address}/join?code={code}")
    press(page, "Join", "you are student 1")
    other = student(browser, f"{served.address}/join?code={code}")
    says(other, "you are student 2")
    desk.get_by_text("Projector", exact=True).click()
    desk.locator(".bigqr").wait_for()
    assert code not in desk.inner_text("body"), "the projector opens without codes"
    desk.reload()
    desk.locator(".bigqr").wait_for(timeout=WAIT)
    desk.get_by_text("Desk", exact=True).click()
    panel = tab(desk, "Injects")
    panel.get_by_role("tab", name="Your own event").click()
    panel.get_by_label("Headline").fill("x" * 90)
    panel.get_by_label("News").fill("Something.")
    press(desk, "Bring it into the round", "The title has 90 characters; at most 80 characters.")
    assert tab(desk, "Injects").get_by_label("Headline").input_value() == "x" * 90


def test_from_the_dashboard_to_a_running_exercise_in_at_most_ten_actions(browser: Any, tmp_path: Path) -> None:
    """Counted as a new user would: the command, the address, and every click."""
    with server("--db", str(tmp_path / "class.db")) as address:
        actions = ["make dashboard", "open the address"]
        desk = visit(browser, address, width=LAPTOP[0], height=LAPTOP[1])
        desk.get_by_role("link", name="Teach", exact=True).first.click()
        desk.get_by_role("button", name="Create the exercise").wait_for(timeout=WAIT)
        assert "scenario=" not in desk.url, "the state of Explore came along"
        press(desk, "Create the exercise", "Open round 1")
        actions += ["Teach", "Create the exercise", "Invite"]
        links = invitations(desk, 1)
        phones = []
        for seat in (US, TALIBAN):
            with desk.context.expect_page() as opened:
                desk.locator(".invite").filter(has_text=seat).get_by_role("link", name="Open this seat here").click()
            phones.append(opened.value)
            seated(phones[-1])
            actions.append(links[seat])
        press(desk, "Open round 1", "Play round 1")
        actions.append("Open round 1")
        for phone in phones:
            until(phone, lambda: phone.locator(".phase.open").count() > 0, "the round is open")  # noqa: B023
        assert len(actions) <= 10
        tab(desk, "Room")
        until(desk, lambda: _row(desk, US).split("\t")[1] == "1", _row(desk, US))
        stranger = visit(browser, f"{address}/teach")
        stranger.get_by_role("button", name="Create the exercise").wait_for(timeout=WAIT)
        assert stranger.get_by_role("tab").count() == 0
        assert complaints(stranger) + complaints(desk) == []
        desk.get_by_role("link", name="Explore", exact=True).first.click()
        drawn(desk)
        assert desk.get_by_role("alert").count() == 0
