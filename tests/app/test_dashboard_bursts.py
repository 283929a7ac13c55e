"""Quick changes on a slow server: the page ends as a fresh page on its own link, and has changed nothing by itself.

In each burst the server stands still while a reader makes two to four changes, picked with a fixed seed; the browser
still shows the page of before. JIRGA_BURSTS says how many bursts there are on each page; there are more only if none of
them has changed anything. The first change of a burst is always made: the page is complete, and is waited for.
"""

import difflib
import random
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from sim.schema.decisions import levers
from tests.app.browser import WAIT, complaints, idle, started, stopped, until, visit
from tests.repeats import repeats

pytestmark = [pytest.mark.browser, pytest.mark.kills]

BURSTS: Final = repeats("JIRGA_BURSTS", 2)  # per page
MORE: Final = 40  # bursts per page at most, besides: half of all first changes change something
STOPPED: Final = 500  # milliseconds for which the server stands still, at most
PATIENCE: Final = 3000  # milliseconds to wait for an input that the page does not show just now
PRESSES: Final = 3
WORLDS: Final = 12
LINK: Final = f"?scenario=baseline&seed=5&worlds={WORLDS}&series=attacks"
# What a page says, without what depends on how it was reached: its undo buttons, and what is open or being typed.
SHOWN: Final = """() => [...document.querySelectorAll(
  '[data-testid=stSlider], [data-testid=stSelectbox], [data-testid=stMultiSelect], [data-testid=stNumberInput], ' +
  '.tiles, .st-key-changed, [data-testid=stMain] p, [data-testid=stMain] h1, table')]
  .map(e => e.matches('[data-testid=stSlider]') ? e.textContent : e.innerText || e.querySelector('input')?.value || '')
  .join('\\n')"""

Action = Callable[[Any, random.Random], set[str]]


@pytest.fixture(scope="module")
def served() -> "Iterator[tuple[str, subprocess.Popen[bytes]]]":
    """The address of a dashboard, and its process."""
    with started() as found:
        yield found


def pick_scenario(page: Any, dice: random.Random) -> set[str]:
    """Choose another scenario."""
    _option(page, page.get_by_label("Scenario", exact=True).first, dice)
    return set()


def move_slider(page: Any, dice: random.Random) -> set[str]:
    """Move one of the sliders by some keys. Returns the setting that it sets."""
    sliders = page.get_by_test_id("stSidebar").get_by_role("slider")
    if not (count := sliders.count()):
        return set()
    slider = sliders.nth(dice.randrange(count))
    label = str(slider.get_attribute("aria-label") or "").partition(",")[0]
    slider.focus()
    for _ in range(dice.randint(1, 4)):
        page.keyboard.press(dice.choice(["ArrowRight", "ArrowLeft"]))
    return {one.name for one in levers().values() if one.label == label}


def step(page: Any, dice: random.Random) -> set[str]:
    """Undo, redo or reset, if the page offers it."""
    button = page.get_by_role("button", name=dice.choice(["Undo", "Redo", "Reset all"]), exact=True)
    if button.is_enabled():
        button.click()
    return set()


def pick_series(page: Any, dice: random.Random) -> set[str]:
    """Choose another series."""
    explore = page.get_by_label("Day by day")
    _option(page, explore if explore.count() else page.get_by_label("Series", exact=True), dice)
    return set()


def pick_world(page: Any, dice: random.Random) -> set[str]:
    """Choose another world. While the page is being drawn it may still show the previous input, too."""
    page.get_by_label("Number", exact=True).first.fill(str(dice.randrange(WORLDS)))
    page.keyboard.press("Enter")
    return set()


def pick_way(page: Any, dice: random.Random) -> set[str]:
    """Choose the typical or the most surprising world; the previous input may still be there, as above."""
    page.get_by_text(dice.choice(["Typical", "Most surprising"]), exact=True).first.click()
    return set()


def _option(page: Any, box: Any, dice: random.Random) -> None:
    """Choose an option of a select box by keys."""
    box.focus()
    page.keyboard.press("ArrowDown")
    for _ in range(dice.randint(0, 4)):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


ACTIONS: Final[dict[str, tuple[Action, ...]]] = {
    "explore": (pick_scenario, move_slider, move_slider, move_slider, step, pick_series),
    "compare": (pick_scenario, step, pick_series),
    "one-world": (pick_scenario, step, pick_world, pick_way),
}


@pytest.mark.parametrize("name", ACTIONS)
def test_a_page_is_always_that_of_its_link(name: str, served: tuple[str, Any], browser: Any) -> None:
    address, process = served
    dice = random.Random(f"bursts of {name}")  # noqa: S311  choices, not secrets
    page, fresh = (visit(browser, f"{address}/{name}{LINK}") for _ in range(2))
    _settled(page)
    moved, links = set[str](), {page.url}
    for burst in range(BURSTS + MORE):
        if burst >= BURSTS and len(links) > 1:
            break
        with stopped(process):
            for number in range(dice.randint(2, 4)):
                page.set_default_timeout(PATIENCE if number else WAIT)
                with suppress(PlaywrightTimeout):  # what cannot be reached just now is left alone, as a reader would
                    moved |= dice.choice(ACTIONS[name])(page, dice)
                page.wait_for_timeout(dice.randint(0, 100))
            page.wait_for_timeout(dice.randint(0, STOPPED))
        page.set_default_timeout(WAIT)
        _settled(page)
        try:
            until(page, lambda: _agrees(page, fresh), "the page agrees with a fresh one")
        except TimeoutError:
            pytest.fail(f"burst {burst}: {page.url}\n{_differences(page, fresh)}")
        changed = {line.partition("=")[0] for line in parse_qs(urlsplit(page.url).query).get("set", [])}
        links.add(page.url)
        assert changed <= moved, f"burst {burst} changed what nobody moved: {changed - moved}"
    assert len(links) > 1, "no burst changed anything"
    assert complaints(page) + complaints(fresh) == []


def test_every_press_counts_however_many_a_slow_server_finds_at_once(served: tuple[str, Any], browser: Any) -> None:
    """Each of them stops the run of the one before, which must have done by then what its button does."""
    address, process = served
    page = visit(browser, f"{address}/explore{LINK}")
    _settled(page)
    first = page.url
    slider = page.get_by_role("slider", name="Prisoners offered")
    for _ in range(PRESSES):
        before = page.url
        slider.focus()
        page.keyboard.press("ArrowRight")
        until(page, lambda: page.url != before, "the change is in the link")  # noqa: B023
        _settled(page)
    undo = page.get_by_role("button", name="Undo", exact=True)
    with stopped(process):
        for _ in range(PRESSES):
            undo.click()
    until(page, lambda: page.url == first, "all changes are undone")
    _settled(page)
    assert undo.is_disabled()
    assert complaints(page) == []


def _agrees(page: Any, fresh: Any) -> bool:
    """Whether the page shows what a fresh page on its link does, once both have drawn their charts and tables."""
    if fresh.url != page.url:
        fresh.goto(page.url)
        _settled(fresh)
    return bool(page.url == fresh.url and _shown(page) == _shown(fresh))


def _settled(page: Any) -> None:
    """Wait until the page is complete, with nothing more to come."""
    page.get_by_role("button", name="Undo", exact=True).wait_for()
    page.get_by_text("Share and export this page").wait_for()
    idle(page)


def _differences(page: Any, fresh: Any) -> str:
    """Return the lines that only the page (-) or only the fresh page (+) shows."""
    lines = difflib.unified_diff(_shown(page).splitlines(), _shown(fresh).splitlines(), fresh.url, lineterm="", n=1)
    return "\n".join(lines)


def _shown(page: Any) -> str:
    return str(page.evaluate(SHOWN))
