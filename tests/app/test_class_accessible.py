"""The pages of a class by axe-core: phones, the press, an observer, the teacher's desk and the projector."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.app.axe_check import findings, named_in_words
from tests.app.browser import complaints, idle, until, visit
from tests.app.class_bots import DESK, TABS
from tests.app.classroom import (
    PHONE,
    SEATS,
    SHORT,
    Served,
    class_server,
    invitations,
    order,
    press,
    says,
    student,
    tab,
    teacher,
)  # fmt: skip

pytestmark = pytest.mark.browser
# Those who watch, by the name on their invitation, with the first words of their page.
WATCHERS: Final = {"The press": "You are the press", "An observer": "You watch"}
SETTLED: Final = 1000  # milliseconds in which the script of a page sets what it sets


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A class server with one group, the press and observers."""
    with class_server(tmp_path, f'{SHORT}groups = 1\npress = "class"\nobservers = true\nminutes = 60\n') as found:
        yield found


def test_axe_finds_nothing_serious_on_the_pages_of_a_class(browser: Any, served: Served) -> None:
    desk = teacher(browser, served)
    links = invitations(desk, 1)
    light, dark = (student(browser, links[seat], dark=one) for seat, one in ((SEATS[0], False), (SEATS[1], True)))
    watchers = [_watching(browser, links[who], words) for who, words in WATCHERS.items()]
    _all_tabs(light, TABS)
    tab(desk, "Room")
    press(desk, "Open round 1", "Play round 1")
    says(light, "Round 1 of 3")
    order(light, "Troops withdrawn per day", ["Home"])
    _all_tabs(light, TABS)
    press(desk, "Play round 1", "Open round 2")
    says(dark, "The round has been played")
    _all_tabs(dark, TABS)
    _all_tabs(desk, DESK)
    for page in watchers:
        says(page, "Round 2 of 3")
        _sound(page, "those who watch")
    desk.get_by_text("Projector", exact=True).click()
    desk.locator(".projector").first.wait_for()
    for shown in ("Codes", "News"):
        desk.get_by_text(shown, exact=True).first.click()
        _sound(desk, f"the projector, {shown}")
    for page in (desk, light, dark, *watchers):
        assert complaints(page) == []


def _watching(browser: Any, link: str, words: str) -> Any:
    """The phone of somebody who watches."""
    page = visit(browser, link, width=PHONE[0], height=PHONE[1], dark=True)
    says(page, words)
    return page


def _all_tabs(page: Any, names: tuple[str, ...]) -> None:
    """Look at each tab of a page."""
    for name in names:
        tab(page, name)
        _sound(page, name)


def _sound(page: Any, what: str) -> None:
    """Assert that axe-core finds nothing serious, and that no heading skips a level."""
    idle(page)
    page.wait_for_timeout(SETTLED)
    until(page, lambda: page.locator(".stToast:not([aria-label])").count() == 0, "each message has a name")
    named_in_words(page)
    found = findings(page, rules=["heading-order"])
    assert not found, f"{what}: {'; '.join(map(str, found))}"
