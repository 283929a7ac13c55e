"""Response times of the dashboard in Chromium: `make bench-dashboard`. Compare ratios, not milliseconds.

A move is a key press on a slider; its time ends at the last change of tiles and fan chart. Steady moves go in one
direction, so that the next move is computed in advance; first moves alternate between levers, so that no move is
computed in advance. The floor is a page on the same server that only redraws a fan chart.
"""

import statistics
import time
from collections.abc import Sequence
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

from benchmarks.floor import LABEL
from tests.app.browser import chromium, drawn, server, until, visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

MOVES = 30
STARTS = 3
REFINED = 6  # refinements to MANY worlds, and as many cancelled by another move
MANY = 1000
PAUSE = 600  # milliseconds without a key press after an answer, in which the next move is computed in advance
GAP = 200  # milliseconds of a refinement before another move cancels it
FLOOR = ("-m", "benchmarks.floor")
STEADY = ("Taliban", "Violence ordered against Afghan forces")  # a group of levers, and the levers to move
FIRST = ("Ghani's camp", "Offensive posture of Afghan forces", "Share of power offered")
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
# When the page says something for the first time from now on.
SAYS = """words => {
  window.said = 0;
  const watcher = new MutationObserver(() => {
    if (!document.body.textContent.includes(words)) return;
    window.said = performance.now();
    watcher.disconnect();
  });
  watcher.observe(document.body, {subtree: true, childList: true, characterData: true});
}"""


def press(page: "Page", key: str, *, tiles: bool = True) -> None:
    """Press a key and wait for the first change."""
    page.evaluate("() => { window.last.tiles = window.last.chart = 0; window.begun = performance.now() }")
    page.keyboard.press(key)
    what = "window.last.tiles && window.last.chart" if tiles else "window.last.chart"
    until(page, lambda: page.evaluate(f"() => Boolean({what})"), "an answer")


def answered(page: "Page") -> float:
    """Milliseconds from the key press to the last change so far."""
    return float(page.evaluate("() => Math.max(window.last.tiles, window.last.chart) - window.begun"))


def timed(page: "Page", key: str, *, tiles: bool = True) -> float:
    """Milliseconds from a key press to the last change."""
    press(page, key, tiles=tiles)
    page.wait_for_timeout(PAUSE)
    return answered(page)


def opened(browser: Any, address: str, group: str, *, worlds: int = 64, seed: int = 0) -> "Page":
    """Open the page with the levers of a group, and wait for all worlds."""
    link = f"{address}/explore?scenario=baseline&seed={seed}&worlds={worlds}&series=attacks"
    page = visit(browser, link, still=False)
    drawn(page)
    page.get_by_test_id("stSidebar").get_by_text(group, exact=True).click()
    text(page, worlds)
    page.wait_for_timeout(PAUSE)
    page.evaluate(WATCH)
    return page


def text(page: "Page", worlds: int) -> None:
    """Wait until the page says that it shows so many worlds."""
    until(page, lambda: page.get_by_text(f"{worlds:,} worlds, each").count() > 0, f"{worlds} worlds")


def moves(browser: Any, address: str, group: str, levers: Sequence[str], seed: int) -> list[float]:
    """The times of key presses on some levers in turn, one after another."""
    page = opened(browser, address, group, seed=seed)
    found = []
    for name in islice(cycle(levers), MOVES // 2):
        slider = page.get_by_role("slider", name=name)
        slider.wait_for()
        slider.focus()
        found.append(timed(page, "ArrowRight"))
    page.context.close()
    return found


def floor(browser: Any) -> list[float]:
    """The times of a page that only redraws."""
    with server(command=FLOOR) as address:
        page = visit(browser, address, still=False)
        page.wait_for_selector("[data-testid=stVegaLiteChart] svg path")
        page.wait_for_timeout(PAUSE)
        page.evaluate(WATCH)
        page.get_by_role("slider", name=LABEL).focus()
        found = [timed(page, "ArrowRight", tiles=False) for _ in range(MOVES)]
        page.context.close()
    return found


def refined(browser: Any, address: str) -> tuple[list[float], list[float]]:
    """Milliseconds from the first answer to all MANY worlds; and of moves that cancel such a refinement."""
    page = opened(browser, address, STEADY[0], worlds=MANY, seed=20)
    page.get_by_role("slider", name=STEADY[1]).focus()
    whole, meanwhile = [], []
    for _ in range(REFINED):
        press(page, "ArrowRight")
        page.get_by_text("worlds so far; running").wait_for()
        page.wait_for_timeout(GAP)
        page.evaluate(SAYS, f"{MANY:,} worlds, each")
        press(page, "ArrowRight")
        meanwhile.append(answered(page))
        text(page, MANY)
        whole.append(float(page.evaluate("() => window.said - window.begun")) - meanwhile[-1])
        page.wait_for_timeout(PAUSE)
    page.context.close()
    return whole, meanwhile


def started(browser: Any, path: str) -> tuple[float, float]:
    """Milliseconds from the start of a server until it answers, and until its first page can be used.

    path: "" for Begin here, which has a button, or "explore", with tiles and charts.
    """
    begun = time.perf_counter()
    with server() as address:
        answers = time.perf_counter()
        page = visit(browser, f"{address}/{path}", still=False)
        if path:
            drawn(page)
        else:
            page.get_by_role("button", name="Next").wait_for()
        done = time.perf_counter()
        page.context.close()
    return 1000 * (answers - begun), 1000 * (done - begun)


def tell(name: str, times: list[float]) -> None:
    """Print a line of the table."""
    ordered = sorted(times)
    middle, most = statistics.median(times), ordered[int(0.95 * (len(ordered) - 1))]
    print(f"{name:52} {ordered[0]:6.0f} {middle:6.0f} {most:6.0f}   {len(times):2}", flush=True)


def main() -> None:
    """Measure and print the table."""
    print(f"{'milliseconds':52} {'least':>6} {'median':>6} {'95th':>6}    n")
    with chromium() as browser:
        for path, what in (("", "start to Begin here (5000)"), ("explore", "start to Explore, tiles and charts")):
            starts = [started(browser, path) for _ in range(STARTS)]
            tell(what, [done for _, done in starts])
        tell("start to answer", [answers for answers, _ in starts])
        with server() as address:
            least = floor(browser)
            tell("floor: a page that only redraws a fan", least)
            steady = [t for seed in (2, 3) for t in moves(browser, address, STEADY[0], STEADY[1:], seed)]
            tell("steady moves, 64 paired worlds", steady)
            first = [t for seed in (4, 5) for t in moves(browser, address, FIRST[0], FIRST[1:], seed)]
            tell("first moves, nothing computed ahead (450, 700)", first)
            whole, meanwhile = refined(browser, address)
            tell("first answer to 1,000 worlds (3000)", whole)
            tell("moves while more worlds are running", meanwhile)
    for name, times in (("steady", steady), ("first", first)):
        print(f"{name} moves, times the floor (at most 3): {statistics.median(times) / statistics.median(least):.1f}")


if __name__ == "__main__":
    main()
