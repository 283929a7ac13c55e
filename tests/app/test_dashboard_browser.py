"""The dashboard in a real Chromium: keyboard, link, exports, widths, headers."""

import re
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from dashboard.widgets.levers import groups
from sim.schema.disclaimer import NOT_A_FORECAST
from tests.app.browser import PAUSES, complaints, curve, drawn, file_of, idle, server, spare, tiles, until, visit

pytestmark = pytest.mark.browser

SMALL = "?scenario=baseline&seed=5&worlds=16&series=attacks"
# The dashboard with all turns taken by other visitors: more worlds are requested, and do not come.
NO_TURN = """
from dashboard.__main__ import main
from dashboard.runs.background_job import REFINEMENTS, TURNS
for _ in range(REFINEMENTS):
    TURNS.acquire()
main()
"""


def test_a_lever_by_keyboard_undo_and_the_link_in_another_browser(address: str, browser: Any) -> None:
    """Tiles and fan change with a key, come back with undo, and a second visitor sees the same by the link."""
    page = visit(browser, f"{address}/explore{SMALL}", own=False)
    first, shape = drawn(page), curve(page)
    slider = page.get_by_role("slider", name="Prisoners offered")
    slider.focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    until(page, lambda: tiles(page) != first and curve(page) != shape, "the answer to the move")
    until(page, lambda: "set=kabul.ghani.offer" in page.url, "the move in the link")
    idle(page)
    moved = tiles(page)
    other = visit(browser, page.url, own=False)
    drawn(other)
    until(other, lambda: tiles(other) == moved, "the other sees the same")
    while page.get_by_role("button", name="Undo").is_enabled():
        before = page.url
        page.get_by_role("button", name="Undo").click()
        until(page, lambda: page.url != before, "undone")  # noqa: B023
        idle(page)
    until(page, lambda: tiles(page) == first, "undo brings the first numbers back")
    assert tiles(other) == moved, "one visitor's undo reached another"
    assert complaints(page) + complaints(other) == []


def test_a_lever_is_given_dates_by_keyboard(address: str, browser: Any) -> None:
    """From its slider on: the expander, the date, and the page says what is imposed, and when."""
    page = visit(browser, f"{address}/explore{SMALL}", own=False)
    first = drawn(page)
    page.get_by_role("slider", name="Prisoners offered").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_text("Only on some days").wait_for()
    until(page, lambda: tiles(page) != first, "the move")
    moved = tiles(page)
    idle(page)
    for key in ("Tab", "Tab", "Enter"):  # reset; only on some days, opened
        page.keyboard.press(key)
    page.get_by_text("From", exact=True).first.wait_for()
    page.keyboard.press("Tab")  # from
    page.keyboard.type("20200701", delay=50)
    page.keyboard.press("Escape")  # closes the calendar
    until(page, lambda: "@2020-07-01.." in unquote(page.url) and tiles(page) != moved, "the date")
    page.get_by_text("from 1 Jul").first.wait_for()
    assert complaints(page) == []


def test_more_worlds_arrive_in_place(address: str, browser: Any) -> None:
    """The page says how far it is, and then shows all the worlds."""
    page = visit(browser, f"{address}/explore?scenario=free-run&seed=91&worlds=200&series=attacks", own=False)
    drawn(page)
    until(page, lambda: page.get_by_text("200 worlds, each").count() > 0, "all worlds")
    assert complaints(page) == []


def test_a_broken_link_is_told(address: str, browser: Any) -> None:
    """What is wrong stands on the page, the baseline stays, nothing runs and nothing is fetched."""
    page = visit(
        browser, f"{address}/explore?scenario=baseline&set=kabul.ghani.ofer=5&title=<img src=x onerror=alert(1)>"
    )
    drawn(page)
    assert "nothing has changed" in page.get_by_role("alert").inner_text()
    assert complaints(page) == []


def test_a_scenario_file_is_opened_and_a_bad_one_is_told(address: str, browser: Any, tmp_path: Path) -> None:
    """A good file becomes the scenario; of a bad one the page says what is wrong, and all stays as it was."""
    page = visit(browser, f"{address}/explore{SMALL}", own=False)
    first = drawn(page)
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text('title = "Out at once <b>"\nbase = "baseline"\n[set]\nkabul.ghani.offer = 5000\n', encoding="utf-8")
    bad.write_text('title = "Bad"\nbase = "baseline"\n[set]\nkabul.ghani.ofer = 5000\n', encoding="utf-8")
    page.get_by_text("Open a scenario file").click()
    page.locator("input[type=file]").set_input_files(good)
    page.get_by_role("heading", name="Out at once <b>").wait_for()
    until(page, lambda: "form=" in page.url and tiles(page) != first, "the file's numbers")
    moved, link = tiles(page), page.url
    page.locator("input[type=file]").set_input_files(bad)
    alert = page.get_by_role("alert").filter(has_text="nothing has changed")
    alert.wait_for()
    assert "bad.toml: kabul.ghani.ofer = 5000" in alert.inner_text()
    assert "did you mean kabul.ghani.offer?" in alert.inner_text()
    assert (tiles(page), page.url) == (moved, link)
    assert complaints(page) == []


@pytest.mark.parametrize("query", ["series=" + "a" * 45_000, "&".join(["set=us.aid_cut=1"] * 1200)])
def test_too_long_an_address_is_told(query: str, address: str, browser: Any) -> None:
    """Streamlit would drop it unseen; the page says so instead, and shows the baseline."""
    page = visit(browser, f"{address}/compare?{query}", own=False)
    page.get_by_role("alert").filter(has_text="link: too long to be read").wait_for()
    until(page, lambda: "scenario=baseline" in page.url, "the baseline's link")
    assert complaints(page) == []


def test_levers_that_nobody_touched_stay_as_they_are(address: str, browser: Any) -> None:
    """Groups are looked through faster than they can be drawn: the browser then sends sliders it has just met."""
    page = visit(browser, f"{address}/explore{SMALL}", own=False)
    drawn(page)
    sidebar = page.get_by_test_id("stSidebar")
    levers = sidebar.get_by_test_id("stSliderThumbValue")
    sliders = sum(not lever.flag for lever in groups()["Prisoners"])
    until(page, lambda: levers.count() == sliders, f"{sliders} sliders")
    idle(page)
    shown = levers.all_inner_texts()
    for milliseconds in (40, 160):
        for name in ("US", "Taliban", "Ghani's camp", "Abdullah's camp", "Prisoners", "US", "Prisoners"):
            sidebar.get_by_text(name, exact=True).click()
            page.wait_for_timeout(milliseconds)
        idle(page)
        until(page, lambda: levers.all_inner_texts() == shown, f"{shown}")
        assert "set=" not in page.url, page.url
        assert page.get_by_text("Your changes").count() == 0
    assert complaints(page) == []


def test_a_slider_stays_where_it_is_at_its_first_move(address: str, browser: Any) -> None:
    """Nothing is added above it: the list of changes is in the page itself."""
    page = visit(browser, f"{address}/explore{SMALL}")
    first = drawn(page)
    slider = page.get_by_role("slider", name="Prisoners offered")
    slider.wait_for()
    idle(page)
    slider.focus()  # may scroll
    page.wait_for_timeout(PAUSES[-1])
    before = slider.bounding_box()
    page.keyboard.press("ArrowRight")
    until(page, lambda: "set=kabul.ghani.offer" in page.url and tiles(page) != first, "an answer")
    switches = page.get_by_test_id("stMain").get_by_role("switch")
    until(page, lambda: switches.count() == 1, "the change in the list")
    idle(page)
    after = slider.bounding_box()
    assert before is not None
    assert after is not None
    assert after["y"] == before["y"]
    assert complaints(page) == []


def test_curves_arrive_in_place(address: str, browser: Any) -> None:
    """The browser asks for them once the page rests; no slider moves when they come, and each says its finding."""
    page = visit(browser, f"{address}/explore{SMALL.replace('seed=5', 'seed=6')}")
    drawn(page)
    sliders = page.get_by_test_id("stSidebar").get_by_role("slider")
    sliders.first.wait_for()
    idle(page)
    before = [one.bounding_box() for one in sliders.all()]
    curves = page.locator(".response[aria-label*='talks open in']")
    until(page, lambda: curves.count() > 0, "the curves")
    idle(page)
    assert [one.bounding_box() for one in sliders.all()] == before
    until(page, lambda: page.get_by_text("The curves follow").count() == 0, "all of them")
    assert complaints(page) == []


def test_what_does_little_is_opened_by_keyboard(address: str, browser: Any) -> None:
    """Its lever is moved there; it stays open after that, and after its reset."""
    page = visit(browser, f"{address}/explore{SMALL}")
    drawn(page)
    fold = page.locator("summary").filter(has_text="These change it little")
    little = page.get_by_role("slider", name="Released prisoners monitored")
    fold.wait_for()
    idle(page)
    assert little.count() == 0, "it is folded away"
    fold.focus()
    page.keyboard.press("Enter")
    little.focus()
    page.keyboard.press("End")
    until(page, lambda: "set=kabul.ghani.monitoring" in page.url, "the move")
    idle(page)
    page.get_by_test_id("stSidebar").get_by_role("button", name="Reset", exact=True).click()
    until(page, lambda: "set=" not in page.url, "the reset")
    idle(page)
    assert little.is_visible()
    assert complaints(page) == []


def test_a_key_during_a_refinement_is_answered(browser: Any) -> None:
    """The page stays usable while more worlds are running: tiles and fan change before they are finished."""
    with server(command=("-c", NO_TURN, "--port")) as address:
        _press_during_a_refinement(address, browser)


def _press_during_a_refinement(address: str, browser: Any) -> None:
    page = visit(browser, f"{address}/explore?scenario=no-review&seed=17&worlds=4000&series=attacks", own=False)
    first, shape = drawn(page), curve(page)
    page.get_by_text("running 4,000").wait_for()
    page.get_by_role("slider", name="Prisoners offered").focus()
    page.keyboard.press("ArrowRight")
    until(page, lambda: tiles(page) != first and curve(page) != shape, "an answer")
    until(page, lambda: page.get_by_text("64 worlds so far; running 4,000").count() == 1, "still running")
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("64 worlds of 4,000 (stopped)").wait_for()
    assert complaints(page) == []
    page.close()


def test_exports(address: str, browser: Any) -> None:
    """Chart, data, offline page and scenario come as files; the link and the command stand on the page."""
    page = visit(browser, f"{address}/explore{SMALL}", own=False)
    drawn(page)
    page.get_by_text("Share and export this page").click()
    content = file_of(page, "Page as one offline HTML file").decode()
    assert NOT_A_FORECAST in content
    assert "<svg" in content
    assert not re.search(r'(src|href)="?https?:', content)
    assert b"title = " in file_of(page, "Scenario as TOML")
    page.get_by_text("Export chart").first.click()
    for name, begins in (("SVG", b"<svg"), ("PNG", b"\x89PNG"), ("Data as CSV", b"")):
        assert file_of(page, name).startswith(begins), name
    assert page.get_by_text("jirga run baseline --seed 5 --worlds 16").count() == 1
    assert complaints(page) == []


def test_a_phone_shows_the_whole_page(address: str, browser: Any) -> None:
    """Opened at 390 pixels: nothing overflows sideways, and the words that it is no forecast are there."""
    page = visit(browser, f"{address}/explore{SMALL}", width=390, own=False)
    page.wait_for_selector("[data-testid=stVegaLiteChart]", state="attached")
    page.get_by_text("Share and export this page").wait_for()
    idle(page)
    until(page, lambda: spare(page) <= 0, "it fits")
    assert page.get_by_text(NOT_A_FORECAST).count() >= 1
    assert complaints(page) == []


def test_headers_and_hosts(address: str) -> None:
    """The policy is on every answer, and another host's name gets none."""
    with urllib.request.urlopen(address) as answer:  # noqa: S310  this machine's own
        text = {name.lower(): words for name, words in answer.headers.items()}
    assert "script-src 'self' 'sha256-" in text["content-security-policy"]
    assert "unsafe-eval" not in text["content-security-policy"]
    assert text["x-content-type-options"] == "nosniff"
    assert text["referrer-policy"] == "no-referrer"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(address, headers={"Host": "example.org"}))  # noqa: S310
    assert refused.value.code == 400
    refused.value.close()
