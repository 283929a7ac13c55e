"""Whether the pages of a class are in step, and how long they are not once a server that stood still goes on."""

import random
import re
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any, Final

from tests.app.browser import idle, stopped, until
from tests.app.classroom import LONGEST_STOP, Served

SOON: Final = 5  # seconds in which pages should be in step again on a machine that does nothing else
# What a page says of the round, in its head and in what stands below it; a phone says below only that it waits.
HEADS: Final = "() => [...document.querySelectorAll('.where')].map(e => e.innerText.split('\\n').join(' '))"
# The number of the drawing in the head, and that of the last one that is shown to its end.
DRAWINGS: Final = """() => [document.querySelector("[data-draw]").dataset.draw,
  document.querySelector("[data-drawn]").dataset.drawn]"""
CLOCK: Final = re.compile("^(Start|Stop) the clock$")
WAITS: Final = ("is not open yet", "will be played", "The exercise is over", "stopped the clock")


def out_of_step(
    served: Served, desk: Any, phones: Sequence[Any], projector: Any, dice: random.Random, press: Callable[[], object]
) -> float:
    """Let the server stand still while the desk is pressed; for how many seconds after it the pages were out of step.

    They are in step once the desk shows what came of it and all others show the same. projector: None if there is
    none; press: presses a button of the desk. Raises TimeoutError.
    """
    idle(desk)
    before = desk.evaluate(DRAWINGS)
    with stopped(served.running):
        press()
        desk.wait_for_timeout(dice.uniform(0, 1000 * LONGEST_STOP))
    begun = time.monotonic()
    # Until the desk is drawn again, all pages may agree on what was.
    until(desk, lambda: desk.evaluate(DRAWINGS)[1] not in before, "the desk is drawn again")
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


def clock(desk: Any) -> Any:
    """The desk's button that starts or stops the clock; there is none before a round is open."""
    return desk.get_by_role("button", name=CLOCK)


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
