"""Memory of the dashboard's server: `python -m benchmarks.dashboard_memory`. One reader's moves, and readers who leave.

A reader moves sliders of several groups by keys, and waits for the first answer each time, every tenth time for all
worlds. Then other readers come one after another, each to a scenario and a page of their own, and leave. The memory is
that of the server and its processes together, resident, in MB.
"""

import argparse
import itertools
from typing import TYPE_CHECKING, Any, Final

from sim.inputs.scenario_reader import scenario_names
from tests.app.browser import chromium, drawn, idle, started, until, visit
from tests.app.process_memory import resident

if TYPE_CHECKING:
    from playwright.sync_api import Page

LIMIT: Final = 800  # MB
SETTLED: Final = 100  # moves after which it stays as it is
EVERY: Final = 25  # moves between two looks
WORLDS: Final = 1000
LEVERS: Final = {
    "Prisoners": ("Prisoners offered", "Releases per day"),
    "Taliban": ("Violence ordered against Afghan forces",),
    "Ghani's camp": ("Offensive posture of Afghan forces", "Share of power offered"),
    "Abdullah's camp": ("Share of power asked",),
}
AT_AN_END: Final = "s => ['min', 'max'].some(end => s.ariaValueNow === s.getAttribute(`aria-value${end}`))"
PAGES: Final = ("explore", "compare", "one-world", "evidence")


def moved(page: "Page", pid: int, moves: int) -> list[float]:
    """Make so many moves; the memory after every EVERY of them."""
    found = [resident(pid)]
    levers = [(group, name) for group, names in LEVERS.items() for name in names]
    for number in range(1, moves + 1):
        group, name = levers[(number - 1) // EVERY % len(levers)]
        if number % EVERY == 1:
            page.get_by_test_id("stSidebar").get_by_text(group, exact=True).click()
            page.get_by_role("slider", name=name).wait_for()
            idle(page)
            key = "ArrowLeft"
        if page.get_by_role("slider", name=name).evaluate(AT_AN_END):
            key = "ArrowRight" if key == "ArrowLeft" else "ArrowLeft"
        _move(page, name, key, whole=number % 10 == 0)
        if number % EVERY == 0:
            found.append(resident(pid))
            print(f"{number:4} moves {found[-1]:6.0f} MB", flush=True)
    return found


def _move(page: "Page", lever: str, key: str, *, whole: bool) -> None:
    """One key on a slider, until the link has it. whole: until all worlds have been run, too."""
    before = page.url
    page.get_by_role("slider", name=lever).focus()
    page.keyboard.press(key)
    until(page, lambda: page.url != before, f"{lever} has moved")
    if whole:
        until(page, lambda: page.get_by_text(f"{WORLDS:,} worlds, each").count() > 0, "all worlds")


def came_and_left(browser: Any, address: str, pid: int, readers: int) -> list[float]:
    """Readers who look at one page each and leave; the memory after each."""
    found = []
    for number, name in enumerate(itertools.islice(itertools.cycle(scenario_names()), readers), 1):
        page = visit(browser, f"{address}/{PAGES[number % len(PAGES)]}?scenario={name}&worlds={WORLDS}&seed={number}")
        page.get_by_text("Share and export this page").wait_for()
        idle(page)
        page.context.close()
        found.append(resident(pid))
        print(f"{number:4} readers {found[-1]:6.0f} MB", flush=True)
    return found


def main() -> None:
    """Measure and print; the last lines are what is promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moves", type=int, default=400)
    parser.add_argument("--readers", type=int, default=20)
    chosen = parser.parse_args()
    with chromium() as browser, started() as (address, server):
        page = visit(browser, f"{address}/explore?scenario=free-run&worlds={WORLDS}&series=attacks")
        drawn(page)
        idle(page)
        print(f"opened {resident(server.pid):6.0f} MB", flush=True)
        moves = moved(page, server.pid, chosen.moves)
        page.context.close()
        visits = came_and_left(browser, address, server.pid, chosen.readers)
    later = moves[SETTLED // EVERY :]
    print(f"the most (below {LIMIT} MB): {max(moves + visits):.0f} MB")
    if later:
        print(f"from move {SETTLED} on: {min(later):.0f} to {max(later):.0f} MB")


if __name__ == "__main__":
    main()
