"""How quickly the dashboard answers in a real Chromium: `make bench-dashboard`. Ratios travel, milliseconds do not.

A move is a slider's key press; its time runs until tiles and fan have changed for the last time. Steady moves go on in
one direction, so that the likely next move is computed ahead; a first move on a new page finds nothing ready.
The floor is the same page redrawing the same charts for a series that is kept, without any new world.
"""

import statistics
import time
from typing import TYPE_CHECKING, Any

from tests.app.browser import chromium, drawn, server, until, visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

MOVES = 30
FRESH = 12  # pages opened anew, for moves that nothing was computed ahead for
QUIET = 700  # milliseconds without a change after which a move is over
WATCH = """() => {
  window.last = {tiles: 0, chart: 0};
  const note = (name, where) => new MutationObserver(() => { window.last[name] = performance.now() })
    .observe(where, {subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['d']});
  note('chart', document.querySelector('[data-testid=stVegaLiteChart]'));
  const text = () => document.querySelector('.tiles')?.innerText ?? '';
  let known = text();
  new MutationObserver(() => { const now = text(); if (now && now !== known) {
    known = now; window.last.tiles = performance.now() } })
    .observe(document.body, {subtree: true, childList: true, characterData: true});
}"""


def timed(page: "Page", key: str, *, tiles: bool) -> float:
    """Milliseconds from a key press to the last change of tiles and fan."""
    page.evaluate("() => { window.last.tiles = window.last.chart = 0; window.begun = performance.now() }")
    page.keyboard.press(key)
    what = "window.last.tiles && window.last.chart" if tiles else "window.last.chart"
    until(page, lambda: page.evaluate(f"() => Boolean({what})"), "an answer")
    page.wait_for_timeout(QUIET)
    return float(page.evaluate("() => Math.max(window.last.tiles, window.last.chart) - window.begun"))


def opened(browser: Any, address: str, worlds: int, seed: int) -> "Page":
    """The page with the Taliban's levers, its slider in focus."""
    page = visit(browser, f"{address}/?scenario=baseline&seed={seed}&worlds={worlds}&series=attacks")
    drawn(page)
    page.wait_for_timeout(4000)
    page.get_by_test_id("stSidebar").get_by_text("Taliban", exact=True).click()
    slider = page.get_by_role("slider", name="Violence ordered")
    slider.wait_for()
    page.wait_for_timeout(1500)
    page.evaluate(WATCH)
    slider.focus()
    return page


def moves(browser: Any, address: str, worlds: int, keys: list[str], seed: int) -> list[float]:
    """The times of some key presses, one after another."""
    page = opened(browser, address, worlds, seed)
    found = [timed(page, key, tiles=True) for key in keys]
    page.context.close()
    return found


def floor(browser: Any, address: str) -> list[float]:
    """Redrawing alone: undo and redo of a move that is kept."""
    page = opened(browser, address, 64, 1)
    timed(page, "ArrowRight", tiles=True)
    found = []
    for turn in range(MOVES):
        page.get_by_role("button", name=("Undo", "Redo")[turn % 2], exact=True).focus()
        found.append(timed(page, "Enter", tiles=True))
    page.context.close()
    return found


def refined(browser: Any, address: str, seed: int) -> float:
    """Milliseconds from a first answer to all of 1,000 worlds."""
    page = opened(browser, address, 1000, seed)
    timed(page, "ArrowRight", tiles=True)
    begun = time.perf_counter()
    until(page, lambda: page.get_by_text("1,000 worlds, each against").count() > 0, "1,000 worlds")
    page.context.close()
    return 1000 * (time.perf_counter() - begun) + QUIET


def tell(name: str, times: list[float]) -> None:
    """A line of the table."""
    ordered = sorted(times)
    print(
        f"{name:44} {statistics.median(times):6.0f} {ordered[int(0.95 * (len(ordered) - 1))]:6.0f} ms   n={len(times)}"
    )


def main() -> None:
    """Measure, and print median and 95th percentile."""
    begun = time.perf_counter()
    with server() as address, chromium() as browser:
        print(f"{'started, answering':44} {1000 * (time.perf_counter() - begun):6.0f} ms")
        begun = time.perf_counter()
        drawn(visit(browser, address))
        print(f"{'first page, tiles and charts':44} {1000 * (time.perf_counter() - begun):6.0f} ms")
        tell("floor: the page redrawn from kept runs", floor(browser, address))
        steady = ["ArrowRight"] * (MOVES // 2)
        tell("steady moves, 64 paired worlds", [t for s in (2, 3) for t in moves(browser, address, 64, steady, s)])
        first = [moves(browser, address, 64, ["ArrowRight"], seed)[0] for seed in range(4, 4 + FRESH)]
        tell("first moves, nothing ready, 64 worlds", first)
        tell("1,000 worlds after the first answer", [refined(browser, address, seed) for seed in (20, 21, 22)])


if __name__ == "__main__":
    main()
