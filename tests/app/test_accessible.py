"""Every page in both themes by axe-core, and at four widths: nothing serious, nothing cut. What readers hear."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest

from dashboard.runs import study_folders
from dashboard.server.page_script import ADDRESS
from sim.schema.disclaimer import NOT_A_FORECAST
from sim.study.factor import Factor
from tests.app.axe_check import Finding, findings, named_in_words
from tests.app.browser import WAIT, complaints, idle, server, spare, until, visit
from tests.app.chart_labels import label_faults
from tests.unit.studies import filled, grid

pytestmark = pytest.mark.browser

LINK = "?scenario=power-shared-in-march&seed=3&worlds=16&series=attacks"
# Each page, with a text that is there once the page has drawn all.
PAGES = {
    "?step=signed": "Next: Who stands where",
    "?step=question": "Would releasing all 5,000",
    f"explore{LINK}": "Share and export this page",
    f"what-matters{LINK}": "What matters",
    f"compare{LINK}": "Share and export this page",
    f"one-world{LINK}&world=5": "Share and export this page",
    f"evidence{LINK}": "Share and export this page",
    "studies": "Hand-out with sliders",
    "teach": "Or open an existing exercise",
    "join": "Join",
}
# Findings that only Streamlit could mend: the rule, part of the place, and the reason.
ALLOWED: tuple[tuple[str, str, str], ...] = ()
RULES: dict[Literal["light", "dark"], tuple[str, ...]] = {
    "light": (),
    "dark": ("color-contrast",),
}  # by theme: all, and what differs
TRIES = 4  # more looks at a page with findings
# Windows in CSS pixels. The second is what a window of 1280 by 1000 pixels shows at a zoom of 200 %.
WINDOWS = ((1920, 1000), (640, 500), (390, 1000))
# The tables that hold verdicts.
VERDICTS = {"evidence": ("Facts", "Cliffs"), "compare": ("Effects on outcomes", "Effects on milestones")}
LOOKS = 240  # at labels that are wrong, because a chart may not yet have been drawn for the new width
DARK = (
    "() => getComputedStyle(document.querySelector('.stApp')).backgroundColor.match(/\\d+/g).slice(0, 3)"
    ".every(part => part < 100)"
)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard with a small study that can become a hand-out."""
    folder = tmp_path_factory.mktemp("studies")
    filled(folder / "small", grid(vary=(Factor("taliban.leverage", values=(0.5, 0.9)),)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, study_folders.ROOT, str(folder))
        with server() as address:
            yield address


def allowed(rule: str, place: str) -> bool:
    """Whether a finding is on the list of what only Streamlit could mend."""
    return any(rule == one and part in place for one, part, _ in ALLOWED)


def _left(page: Any, only: tuple[str, ...]) -> list[Finding]:
    """What axe-core finds in a page that is complete, save what is allowed. only: these rules alone; () for all."""
    idle(page)
    page.wait_for_timeout(1000)  # in which the script of the page sets what it sets
    found = findings(page, rules=["heading-order"], only=only)
    return [one for one in found if not all(allowed(one.rule, place) for place in one.places)]


def _label_faults(page: Any) -> list[str]:
    """What is wrong with the labels of charts once they are drawn for the width of the window."""
    for _ in range(LOOKS):
        found = label_faults(page)
        if not found:
            return []
        page.wait_for_timeout(500)
    return found


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.partition("?")[0] or path)
def test_axe_finds_nothing_serious_and_the_page_fits(browser: Any, pages: str, path: str) -> None:
    page = visit(browser, f"{pages}/{path}", own=False)
    page.get_by_text(PAGES[path]).first.wait_for(timeout=WAIT)
    for theme, rules in RULES.items():
        page.emulate_media(color_scheme=theme)
        until(page, lambda: page.evaluate(DARK) == (theme == "dark"), theme)  # noqa: B023
        left = _left(page, rules)
        for _ in range(TRIES):  # what is drawn once more is pale for a moment
            left = left and _left(page, rules)
        assert not left, f"{theme}: " + "\n".join(map(str, left))
    named_in_words(page)
    for width, height in WINDOWS:
        page.set_viewport_size({"width": width, "height": height})
        until(page, lambda: spare(page) <= 0, f"{path} fits at {width}")
        left_over = _label_faults(page)
        assert not left_over, f"{path} at {width}: " + "\n".join(left_over)
    for table in page.locator("table.wrapped:visible").all():  # on a phone, verdicts at the right would not be seen
        box = table.evaluate("table => [table.getBoundingClientRect().right, table.scrollWidth - table.clientWidth]")
        assert box[0] <= WINDOWS[-1][0], box
        assert box[1] <= 0, box
    for name in VERDICTS.get(path.partition("?")[0], ()):
        assert page.get_by_role("table", name=name).count() == 1, f"{name} is no table whose cells wrap"
    assert page.get_by_text(NOT_A_FORECAST).count() >= 1
    assert complaints(page) == []


def test_a_change_is_said_and_sliders_have_their_unit(browser: Any, pages: str) -> None:
    """The live region is there before the sentence, stays, and says the sentence of the page once it has settled."""
    page = visit(browser, f"{pages}/explore{LINK}", own=False)
    page.get_by_text("Share and export this page").wait_for(timeout=WAIT)
    live = page.locator("#jirga-live")
    assert live.get_attribute("aria-live") == "polite"
    assert live.evaluate("region => region.parentElement === document.body"), "React does not replace it"
    shown = page.locator(".summary")
    until(page, lambda: live.text_content() == shown.text_content(), "the first sentence")
    before = live.text_content()
    offered = page.get_by_role("slider", name="Prisoners offered, people")
    until(page, lambda: "people" in (offered.get_attribute("aria-valuetext") or ""), "the unit")
    assert "free" in (offered.get_attribute("aria-valuetext") or "") or "scenario" in (
        offered.get_attribute("aria-valuetext") or ""
    ), offered.get_attribute("aria-valuetext")
    offered.focus()
    page.keyboard.press("End")
    until(page, lambda: "you" in (offered.get_attribute("aria-valuetext") or ""), "it is held")
    until(page, lambda: live.text_content() not in ("", before), "the next sentence")
    assert (offered.get_attribute("aria-valuetext") or "").startswith("5000 people, ")
    assert complaints(page) == []


def test_the_script_comes_from_this_server_with_its_headers(pages: str) -> None:
    import urllib.request

    for path in ("/", "/explore"):
        asked = urllib.request.Request(pages + path, headers={"Accept": "text/html", "Accept-Encoding": "gzip"})  # noqa: S310
        with urllib.request.urlopen(asked) as answer:  # noqa: S310  this machine's own
            body = answer.read()
            assert int(answer.headers["Content-Length"]) == len(body)
            assert answer.headers["Content-Security-Policy"]
            assert body.count(f'<script src="{ADDRESS}?'.encode()) == 1
    with urllib.request.urlopen(pages + ADDRESS) as answer:  # noqa: S310
        assert answer.read() == (Path(__file__).parents[2] / "dashboard/server/page_script.js").read_bytes()
        assert answer.headers["Content-Type"].startswith("text/javascript")
