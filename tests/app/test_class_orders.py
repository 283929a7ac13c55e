"""The tab Orders: the inputs of a lever are drawn once it is opened, and stay while it is folded."""

import html
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sim.schema.decisions import levers
from tests.app.class_page import US, first_round, fold, phone
from tests.app.screen import sound
from tests.unit.classroom import Lesson

TROOPS = "us.withdrawal"
CARD = f"card-us-{TROOPS}"


@pytest.fixture
def one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lesson:
    """Round 1 is open, on the pages."""
    return first_round(tmp_path, monkeypatch)


def inputs(page: AppTest) -> set[str]:
    """The levers that can be ordered, of those that have a slider."""
    labels = [html.unescape(found.label) for found in page.slider]
    return {name for name, one in levers().items() for label in labels if label.startswith(one.label)}


def test_every_lever_has_its_heading_and_no_input_before_it_is_opened(one: Lesson) -> None:
    page = phone(one.tokens[US])
    heads = [html.unescape(found.label) for found in page.expander]
    for lever in one.seat(*US).levers:
        assert any(head.startswith(lever.label) for head in heads), lever.label
    assert inputs(page) == set()
    fold(page, CARD, open_=True)
    assert inputs(page) == {TROOPS}


def test_an_input_stays_while_its_lever_is_folded_until_the_round_is_over(one: Lesson) -> None:
    page = phone(one.tokens[US])
    fold(page, CARD, open_=True)
    key = page.slider[0].key
    fold(page, CARD, open_=False)
    assert page.slider[0].key == key, "what was entered in it and not sent would be lost"
    one.play()
    one.open()
    sound(page.run())
    assert TROOPS not in inputs(page)


def test_an_order_is_given_from_a_card_that_stays_open(one: Lesson) -> None:
    page = phone(one.tokens[US])
    fold(page, CARD, open_=True)
    page.slider[0].set_value(page.slider[0].max)
    next(found for found in page.button if found.label == "Give this order").click()
    sound(page.run())
    (lever,) = (found for found in one.seat(*US).levers if found.lever == TROOPS)
    assert lever.order is not None
    assert lever.order.value == lever.high
    (card,) = (found for found in page.expander if "you order" in found.label)
    assert card.proto.expanded
