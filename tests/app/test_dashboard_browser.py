"""The dashboard in a real Chromium: keyboard, link, exports, widths, headers."""

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.app.browser import CHROMIUM, NEEDED, WHY_NOT, chromium, curve, drawn, server, tiles, until, visit

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None and not NEEDED, reason=WHY_NOT),
    pytest.mark.xdist_group("browser"),  # one server, one browser
]
SMALL = "?scenario=baseline&seed=5&worlds=64&series=attacks"
PAGES = ("", "compare", "one-world", "evidence")
WINDOWS = ((1920, False), (1280, True), (390, False))  # pixels, dark


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A running dashboard."""
    with server() as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser; with JIRGA_BROWSER=needed its absence is a failure."""
    assert CHROMIUM is not None, WHY_NOT
    with chromium() as found:
        yield found


def complaints(page: Any) -> list[str]:
    """What the console said, save that Streamlit looks for its server under the page's own path first."""
    return [told for told in page.__dict__["complaints"] if "404" not in told]


def test_a_lever_by_keyboard_undo_and_the_link_in_another_browser(address: str, browser: Any) -> None:
    """Tiles and fan change with a key, come back with undo, and a second visitor sees the same by the link."""
    page = visit(browser, f"{address}/{SMALL}")
    first, shape = drawn(page), curve(page)
    slider = page.get_by_role("slider").nth(1)  # prisoners offered
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    until(page, lambda: tiles(page) != first and "set=kabul.ghani.offer" in page.url, "the move")
    page.wait_for_timeout(2500)
    moved = tiles(page)
    assert curve(page) != shape
    other = visit(browser, page.url)
    assert drawn(other) == moved
    page.get_by_role("button", name="Undo").click()
    for _ in range(4):
        page.wait_for_timeout(700)
        if page.get_by_role("button", name="Undo").is_enabled():
            page.get_by_role("button", name="Undo").click()
    until(page, lambda: tiles(page) == first, "undo brings the first numbers back")
    assert tiles(other) == moved, "one visitor's undo reached another"
    assert complaints(page) + complaints(other) == []


def test_more_worlds_arrive_in_place(address: str, browser: Any) -> None:
    """The page says how far it is, and then shows all the worlds."""
    page = visit(browser, f"{address}/?scenario=free-run&seed=91&worlds=1000&series=attacks")
    drawn(page)
    until(page, lambda: page.get_by_text("1,000 worlds, each against").count() > 0, "all worlds")
    assert complaints(page) == []


def test_a_broken_link_is_told(address: str, browser: Any) -> None:
    """What is wrong stands on the page, the baseline stays, nothing runs and nothing is fetched."""
    page = visit(browser, f"{address}/?scenario=baseline&set=kabul.ghani.ofer=5&title=<img src=x onerror=alert(1)>")
    drawn(page)
    assert "nothing has changed" in page.get_by_role("alert").inner_text()
    assert complaints(page) == []


def file_of(page: Any, button: str) -> bytes:
    """What a button gives to keep. A click while the page is drawn anew is lost, as a person's is: click again."""
    for tries_left in (2, 1, 0):
        page.wait_for_timeout(500)
        try:
            with page.expect_download(timeout=20_000) as got:
                page.get_by_role("button", name=button, exact=True).click()
            return Path(got.value.path()).read_bytes()
        except PlaywrightTimeout:
            if not tries_left:
                raise
    raise AssertionError(button)


def test_exports(address: str, browser: Any) -> None:
    """Chart, data, offline page and scenario come as files; the link and the command stand on the page."""
    page = visit(browser, f"{address}/{SMALL}")
    drawn(page)
    page.get_by_text("Share and export this page").click()
    content = file_of(page, "Page as one offline HTML file").decode()
    assert "Not a forecast" in content
    assert "<svg" in content
    assert not re.search(r'(src|href)="?https?:', content)
    assert b"title = " in file_of(page, "Scenario as TOML")
    page.get_by_role("button", name="Export chart").first.click()
    for name, begins in (("SVG", b"<svg"), ("PNG", b"\x89PNG"), ("Data as CSV", b"")):
        assert file_of(page, name).startswith(begins), name
    assert page.get_by_text("jirga run baseline --seed 5 --worlds 64").count() == 1
    assert complaints(page) == []


@pytest.mark.parametrize(("width", "dark"), WINDOWS)
@pytest.mark.parametrize("path", PAGES)
def test_every_page_fits_and_does_not_complain(path: str, width: int, dark: bool, address: str, browser: Any) -> None:  # noqa: FBT001
    """No error on the console, nothing that overflows sideways, the words that it is no forecast."""
    page = visit(browser, f"{address}/{path}{SMALL}", width=width, dark=dark)
    page.wait_for_selector("[data-testid=stVegaLiteChart], [data-testid=stDataFrame]", state="attached")
    page.get_by_text("Share and export this page").wait_for(timeout=60_000)
    until(page, lambda: page.locator("[data-testid=stStatusWidget]").count() == 0, "the page is done")
    page.wait_for_timeout(800)
    spare = page.evaluate(
        "() => { const main = document.querySelector('[data-testid=stMain]');"
        " return [document.documentElement, main].map(e => e.scrollWidth - e.clientWidth) }"
    )
    assert max(spare) <= 0, f"{path} at {width}: {spare} pixels too wide"
    assert page.get_by_text("Not a forecast").count() >= 1
    assert complaints(page) == []
    page.context.close()


def test_headers_and_hosts(address: str) -> None:
    """The policy is on every answer, and another host's name gets none."""
    with urllib.request.urlopen(address) as answer:  # noqa: S310  this machine's own
        told = {name.lower(): words for name, words in answer.headers.items()}
    assert "script-src 'self' 'sha256-" in told["content-security-policy"]
    assert "unsafe-eval" not in told["content-security-policy"]
    assert told["x-content-type-options"] == "nosniff"
    assert told["referrer-policy"] == "no-referrer"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(address, headers={"Host": "example.org"}))  # noqa: S310
    assert refused.value.code == 400
    refused.value.close()
