"""Pages in a real Chromium: whoever comes first, walking through, the map that plays, and files that open offline."""

import re
from pathlib import Path
from typing import Any

import pytest

from sim.schema.disclaimer import NOT_A_FORECAST
from tests.app.browser import WAIT, complaints, file_of, idle, server, spare, until, visit

pytestmark = pytest.mark.browser

CHARTS = {"Compare": 4, "One world": 6, "Evidence": 0, "Explore": 3}  # at least so many, each also in words
LINK = "?scenario=baseline&seed=3&worlds=16&series=attacks"
WEEK = re.compile(r"Week of (\d+ \w+ \d+): ")
SHOWN = "[data-testid=stVegaLiteChart], [data-testid=stDataFrame]"


def settled(page: Any) -> Any:
    """The page, once it shows something and the server has said all."""
    page.wait_for_selector(SHOWN, state="attached", timeout=WAIT)
    page.get_by_text("Share and export this page").wait_for(timeout=WAIT)
    idle(page)
    return page


def test_the_first_visitor_may_come_to_any_page(browser: Any) -> None:
    """A server that nobody has visited yet knows its pages."""
    with server() as fresh:
        page = settled(visit(browser, f"{fresh}/one-world{LINK}"))
        assert page.get_by_text("Page not found").count() == 0
        assert complaints(page) == []
        page.context.close()


def test_from_begin_here_to_explore_with_the_question_set(browser: Any, address: str) -> None:
    """By keyboard: a step has its address, the guess comes first, and Explore opens with the scenario of the question.

    On a phone and on a screen every step fits; a link of before, which names no page, opens Explore.
    """
    page = visit(browser, address, own=False)
    following = page.get_by_role("button", name="Next")
    following.focus()
    page.keyboard.press("Enter")
    until(page, lambda: page.url.endswith("/?step=parties"), "the next step")
    page.get_by_role("heading", name="Who stands where").wait_for()
    for step in ("signed", "parties", "question", "next"):
        page.goto(f"{address}/?step={step}")
        page.get_by_role("button", name="Next" if step == "signed" else "Back").wait_for()
        idle(page)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            until(page, lambda: spare(page) <= 0, f"{step} fits at {width}")
    page.get_by_role("link", name="Open Explore with this question set").focus()
    page.keyboard.press("Enter")
    until(page, lambda: "/explore?scenario=all-5000-at-once" in page.url, "Explore")
    page.get_by_role("heading", name="All 5,000 released at once").wait_for()
    page.get_by_text("Talks open in").first.wait_for()
    page.goto(f"{address}/{LINK}")
    settled(page)
    assert "/explore?scenario=baseline" in page.url
    assert complaints(page) == []


def test_one_can_walk_through_all_pages_keep_the_state_and_take_each_along(
    browser: Any, address: str, tmp_path: Path
) -> None:
    page = settled(visit(browser, f"{address}/explore{LINK}&set=us.aid_cut=1", own=False))
    for name in ("Compare", "One world", "Evidence", "Explore"):
        page.get_by_role("link", name=name, exact=True).first.click()
        path = name.lower().replace(" ", "-")
        until(page, lambda: f"/{path}?" in page.url and "set=us.aid_cut" in page.url, name)  # noqa: B023
        settled(page)
        charts = page.locator("[data-testid=stVegaLiteChart]")
        named = charts.evaluate_all("charts => charts.map(chart => chart.getAttribute('aria-label') ?? '')")
        assert all(one.endswith(NOT_A_FORECAST) for one in named), named
        assert len(named) >= CHARTS[name]
        _leaves_as_a_file(page, browser, tmp_path / f"{path}.html")
    offered = page.get_by_role("slider", name="Prisoners offered, people")
    for key in ("End", "Home"):  # each is a change of the address, and none is a step back
        before = page.url
        offered.focus()
        page.keyboard.press(key)
        until(page, lambda: page.url != before, key)  # noqa: B023
        settled(page)
    for name in ("Evidence", "One world", "Compare"):
        page.go_back()  # one press for each page
        page.get_by_role("heading", name=name, level=1).wait_for()
        settled(page)
    assert "set=us.aid_cut" in page.url
    assert complaints(page) == []


def test_the_map_plays_and_pauses(browser: Any, address: str) -> None:
    page = settled(visit(browser, f"{address}/one-world{LINK}&world=5", own=False))
    main = page.get_by_test_id("stMainBlockContainer")
    text = main.get_by_text(WEEK).first
    before = text.inner_text()
    main.get_by_role("button", name="Play", exact=True).click()
    until(page, lambda: text.inner_text() != before, "it plays")
    main.get_by_role("button", name="Pause").click()
    main.get_by_role("button", name="Play", exact=True).wait_for()
    idle(page)
    paused = text.inner_text()
    page.wait_for_timeout(1500)  # in which it would play on, twice
    assert text.inner_text() == paused
    assert complaints(page) == []


def _leaves_as_a_file(page: Any, browser: Any, file: Path) -> None:
    """The page is downloaded as one HTML file, which opens without a network."""
    page.get_by_text("Share and export this page").click()
    file.write_bytes(file_of(page, "Page as one offline HTML file"))
    read = visit(browser, file.as_uri(), own=False)
    assert NOT_A_FORECAST in read.inner_text("body")
    assert read.locator("svg").count() + read.locator("table").count() > 0
    assert complaints(read) == []
    read.close()


def test_three_actions_from_the_opened_dashboard_to_a_sentence_to_read_aloud(browser: Any, address: str) -> None:
    """The page One world, the number of a world, and the question; the address then holds all of it."""
    page = visit(browser, address, own=False)
    page.get_by_role("button", name="Next").wait_for()
    page.get_by_role("link", name="One world", exact=True).first.click()
    settled(page)
    number = page.get_by_label("Number", exact=True)
    number.fill("17")
    number.press("Enter")
    page.get_by_role("button", name=re.compile(r"^.*Why do talks .* in world 17\?$")).click()
    answer = page.locator(".st-key-why-panel .summary")
    answer.wait_for()
    assert answer.inner_text().startswith("In world 17 talks ")
    page.locator(".st-key-why-panel .chain .link").first.wait_for()
    assert {"world=17", "why=talks_open"} <= set(page.url.partition("?")[2].split("&"))
    page.get_by_role("button", name="Close").click()
    until(page, lambda: "why=" not in page.url, "the question is closed")
    assert complaints(page) == []


def test_the_link_shows_another_visitor_the_same_world(browser: Any, address: str) -> None:
    page = settled(visit(browser, f"{address}/one-world{LINK}", own=False))
    page.get_by_text("Most surprising").click()
    until(page, lambda: "world=" in page.url, "the choice is in the address")
    settled(page)
    page.get_by_text("Share and export this page").click()
    link = page.get_by_test_id("stCode").first.inner_text().strip()
    assert link.startswith(f"{address}/one-world?")
    story = page.get_by_test_id("stMarkdownContainer").filter(has_text="A decree orders the release").first.inner_text()
    other = settled(visit(browser, link, own=False))
    assert (
        other.get_by_test_id("stMarkdownContainer").filter(has_text="A decree orders the release").first.inner_text()
        == story
    )


def test_a_world_with_a_large_change_is_a_link(browser: Any, address: str) -> None:
    """It opens that world of that scenario; Undo leads back to what was compared."""
    page = settled(visit(browser, f"{address}/compare{LINK}&also=all-5000-at-once"))
    page.get_by_text("Worlds with the largest change").click()
    link = page.get_by_role("link", name=re.compile(r"^world \d+: ")).last
    link.wait_for()
    number = re.findall(r"\d+", link.inner_text())[0]
    link.click()
    until(page, lambda: "/one-world?scenario=all-5000-at-once" in page.url, "the other page")
    until(page, lambda: page.get_by_label("Number", exact=True).input_value() == number, f"world {number}")
    assert f"&world={number}" in page.url
    assert complaints(page) == []
