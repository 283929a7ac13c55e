"""Deals among three on the phones and in the terminal."""

from pathlib import Path

import pytest

from tests.app.class_page import phone, said, serve
from tests.app.command import succeed
from tests.app.screen import sound
from tests.unit.classroom import lesson

pytestmark = pytest.mark.slow

US, GHANI, TALIBAN = (1, "us"), (1, "ghani"), (1, "taliban")


def test_an_offer_to_two_is_made_and_accepted_on_the_phones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = lesson(tmp_path, US, GHANI, TALIBAN, groups=1, questions=0)
    one.open()
    serve(monkeypatch, one)
    us = phone(one.tokens[US])
    us.session_state["deal-form"] = True
    sound(us.run())
    us.selectbox("deal-to").set_value("taliban")
    us.selectbox("deal-third").set_value("ghani")
    sound(us.run())
    us.multiselect("deal-take-taliban").set_value(["taliban.truce"])
    us.multiselect("deal-take-ghani").set_value(["kabul.ghani.review"])
    sound(us.run())
    next(found for found in us.button if found.label == "Send the offer").click()
    sound(us.run())
    (offer,) = one.seat(*US).proposals
    assert (offer.receiver, offer.third) == ("taliban", "ghani")
    assert [term.lever for term in offer.third_gives] == ["kabul.ghani.review"]
    for place, label in ((GHANI, "the Taliban leadership"), (TALIBAN, "Ghani&#x27;s camp")):
        page = phone(one.tokens[place])
        assert f"offers a deal to you and {label}" in said(page).replace("&#39;", "&#x27;")
        page.button(f"Accept-{offer.proposal}").click()
        sound(page.run())
        done = "The deal is made" if place == TALIBAN else "Accepted; the deal waits for the Taliban leadership"
        assert [shown.value for shown in page.toast] == [done]
    assert one.seat(*US).proposals[0].status == "accepted"


def test_an_offer_to_two_is_made_in_the_terminal() -> None:
    moves = "seat us\npropose taliban ghani give aid_cut=0 take truce=yes review=no\nseat ghani\naccept 6\nlook\n"
    found = " ".join(succeed("exercise", "play", "--rounds", "2", stdin=moves).split())
    assert "Proposal 6 goes to taliban and ghani." in found
    assert "Accepted; it waits for the Taliban leadership." in found
    assert "Ghani's camp accepted, waits for the Taliban leadership" in found
