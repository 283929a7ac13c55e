"""The tab Deals: the form of an offer and the bodies of answered offers are drawn once they are opened."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.class_page import TALIBAN, US, first_round, fold, phone, said
from tests.app.screen import sound
from tests.unit.classroom import Lesson

FORM, TROOPS = "deal-form", "us.withdrawal"
NOTE = "As long as nobody fires."


@pytest.fixture
def one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lesson:
    """Round 1 is open, on the pages."""
    return first_round(tmp_path, monkeypatch)


def press(page: AppTest, label: str) -> None:
    """Press the button with a label."""
    next(found for found in page.button if found.label == label).click()
    sound(page.run())


def labels(page: AppTest) -> list[str]:
    """The labels of the page's buttons."""
    return [found.label for found in page.button]


def test_the_form_is_drawn_once_it_is_opened_and_keeps_a_draft_while_it_is_folded(one: Lesson) -> None:
    page = phone(one.tokens[US])
    assert "Send the offer" not in labels(page)
    fold(page, FORM, open_=True)
    page.multiselect("deal-give").set_value([TROOPS])
    fold(page, FORM, open_=False)
    assert page.multiselect("deal-give").value == [TROOPS]
    assert "Send the offer" in labels(page), "what was typed and not sent would be lost"
    one.play()
    one.open()
    sound(page.run())
    assert page.multiselect("deal-give").value == [TROOPS], "the draft goes on into the next round"
    assert "Send the offer" in labels(page), "what was typed and not sent would be lost"


def test_a_counter_offer_opens_the_form_and_fills_it(one: Lesson) -> None:
    one.room.propose(one.tokens[US], "taliban", {}, {"taliban.truce": True}, note=NOTE)
    page = phone(one.tokens[TALIBAN])
    assert NOTE in said(page), "what waits for an answer is not folded"
    press(page, "Make a counter-offer")
    assert page.session_state[FORM] is True
    assert page.multiselect("deal-give").value == ["taliban.truce"]
    press(page, "Send the counter-offer")
    countered, first = one.seat(*US).proposals  # the newest first
    assert (first.status, countered.sender, countered.status) == ("countered", "taliban", "open")


def test_what_an_answered_offer_said_is_drawn_while_it_is_open(one: Lesson) -> None:
    sent = one.room.propose(one.tokens[US], "taliban", {}, {"taliban.truce": True}, note=NOTE)
    page = phone(one.tokens[US])
    assert any("Taliban" in found.label and "round 1" in found.label for found in page.expander)
    assert NOTE not in said(page)
    fold(page, f"proposal-{sent}", open_=True)
    assert NOTE in said(page)
    one.room.answer(one.tokens[TALIBAN], sent, "decline")
    sound(page.run())
    assert NOTE in said(page), "it stays open when it is declined"
    fold(page, f"proposal-{sent}", open_=False)
    assert NOTE not in said(page)
    assert "Withdraw the offer" not in labels(page)
