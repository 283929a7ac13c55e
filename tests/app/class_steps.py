"""Whether the pages of a class are in step, and how long they are not once a server that stood still goes on."""

import random
import re
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any, Final

from tests.app.browser import idle, stopped, until
from tests.app.classroom import Served

SOON: Final = 5  # seconds in which pages should be in step again on a machine that does nothing else
LONGEST: Final = 3000  # milliseconds for which the server stands still, at most
# What a page says of the round, in its head and in what stands below it; a phone says below only that it waits.
HEADS: Final = "() => [...document.querySelectorAll('.where')].map(e => e.innerText.split('\\n').join(' '))"
# The number of the last drawing that has been shown to its end.
DRAWN: Final = "() => document.querySelector('[data-drawn]').dataset.drawn"
CLOCK: Final = re.compile("^(Start|Stop) the clock$")
WAITS: Final = ("is not open yet", "will be played", "The exercise is over", "stopped the clock")


def out_of_step(
    served: Served, desk: Any, phones: Sequence[Any], projector: Any, dice: random.Random, presses: Callable[[], bool]
) -> float:
    """Let the server stand still while buttons are pressed; for how many seconds after it the pages were out of step.

    They are in step once the desk shows what came of its press and all others show the same. projector: None if there
    is none; presses: returns whether a button of the desk was pressed. Raises TimeoutError.
    """
    idle(desk)
    before = desk.evaluate(DRAWN)
    with stopped(served.running):
        pressed = presses()
        desk.wait_for_timeout(dice.randint(0, LONGEST))
    begun = time.monotonic()
    if pressed:  # until it is drawn again, all pages may agree on what was
        until(desk, lambda: desk.evaluate(DRAWN) != before, "the desk is drawn again")
    for page in phones:
        until(page, lambda: _phone_in_step(page, desk), "in step")  # noqa: B023
    if projector is not None:
        until(projector, lambda: _projector_in_step(projector, desk), "in step")
    return time.monotonic() - begun


def summary(took: Sequence[float]) -> str:
    """What was measured, in one line; no limit, because it depends on what else the machine does."""
    late = sum(seconds > SOON for seconds in took)
    most = max(took, default=0.0)
    return (
        f"{len(took)} delays: in step after {median(took):.1f} s in the median, {most:.1f} s at most; "
        f"{late} after {SOON} s"
    )


def press_if_there(button: Any) -> bool:
    """Press a button, if there is one."""
    if not button.count():
        return False
    button.first.click()
    return True


def press_clock(desk: Any) -> bool:
    """Press the desk's button that starts or stops the clock, if there is one; there is none at the end."""
    return press_if_there(desk.get_by_role("button", name=CLOCK))


def _phone_in_step(page: Any, desk: Any) -> bool:
    """Whether a phone has one head, the desk's, and says below it that it waits just when the head says so."""
    heads = page.evaluate(HEADS)
    if (
        len(heads) != 1
        or heads != desk.evaluate(HEADS)
        or page.get_by_role("tab", name="Orders", exact=True).count() != 1
    ):
        return False
    waits = any(words in page.inner_text("body") for words in WAITS)
    return bool(waits is (not heads[0].endswith(" open")))


def _projector_in_step(projector: Any, desk: Any) -> bool:
    """Whether the projector shows codes, news or, once they are revealed, aims under one head, which is the desk's."""
    shown = projector.locator(".projector .join, .projector .columns, .projector .aims").count()
    return bool(shown and projector.evaluate(HEADS) == desk.evaluate(HEADS) and len(projector.evaluate(HEADS)) == 1)
