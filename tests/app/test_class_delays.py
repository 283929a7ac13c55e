"""A class on a server that stands still from time to time: no page is blank, and all come into step again.

JIRGA_DELAYS says how often it stands still, JIRGA_PHONES how many students there are.
"""

import random
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from tests.app.browser import complaints, until
from tests.app.class_steps import DRAWINGS, clock, out_of_step, summary
from tests.app.classroom import Served, class_server, invitations, student, tab, teacher
from tests.repeats import repeats

pytestmark = [pytest.mark.browser, pytest.mark.kills]

DELAYS: Final = repeats("JIRGA_DELAYS", 4)
PHONES: Final = repeats("JIRGA_PHONES", 3)
ROUNDS: Final = 6
# Of the desk's presses, the share that leads on where the clock can be pressed too: the class lasts for all delays.
ON: Final = min(1 / 2, ROUNDS / DELAYS / 3)
SETTINGS: Final = f'title = "A seminar"\nrounds = {ROUNDS}\nweeks = 2\nworlds = 16\nquestions = 1\ngroups = 2\n'


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A class server with an exercise of six short rounds."""
    with class_server(tmp_path, SETTINGS) as found:
        yield found


def test_pages_come_into_step_whenever_the_server_stood_still(browser: Any, served: Served) -> None:
    dice = random.Random(20200310)  # noqa: S311  choices, not secrets
    desk = teacher(browser, served)
    links = [link for group in (1, 2) for link in invitations(desk, group).values()][:PHONES]
    phones = [student(browser, link) for link in links]
    projector = teacher(browser, served)
    projector.get_by_text("Projector", exact=True).click()
    projector.locator(".projector").first.wait_for()
    tab(desk, "Room")
    press = partial(_press, desk, projector, dice)
    took = [out_of_step(served, desk, phones, projector, dice, press) for _ in range(DELAYS)]
    for page in (desk, projector, phones[0]):
        _heals(page)
    for page in (desk, projector, *phones):
        assert complaints(page) == []
    print(summary(took))  # noqa: T201  shown with `pytest -s`


def _heals(page: Any) -> None:
    """A page whose end is that of an earlier drawing, as where messages were lost, is drawn again by itself."""
    until(page, lambda: len(set(page.evaluate(DRAWINGS))) == 1, "it is complete")
    page.evaluate("() => { document.querySelector('[data-drawn]').dataset.drawn = '0'; }")
    until(page, lambda: len(set(page.evaluate(DRAWINGS))) == 1, "it is complete again")


def _press(desk: Any, projector: Any, dice: random.Random) -> None:
    """Press some buttons of the projector, and one of the desk's: that of the next step or the clock's."""
    for _ in range(dice.randint(1, 3)):
        projector.get_by_text(dice.choice(["Codes", "News"]), exact=True).click()
        projector.wait_for_timeout(dice.randint(0, 200))
    leads_on = dice.random() < ON or not clock(desk).count()
    button = desk.locator(".st-key-steps button:enabled") if leads_on else clock(desk)
    assert button.count(), "the exercise is over, and there is nothing more to press"
    button.first.click()
