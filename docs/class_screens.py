"""Take the pictures of a class for docs/images, following docs/teaching/start.md: `python -m docs.class_screens`.

Needs Chromium.
"""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.app.browser import chromium, server, visit
from tests.app.classroom import PHONE, SEATS, invitations, offer_form, order, press, says, student, tab

if TYPE_CHECKING:
    from playwright.sync_api import Page

FOLDER = Path(__file__).with_name("images")
SETTLE = 900  # milliseconds
TALL = 1140  # pixels
_, TALIBAN, GHANI, _ = SEATS


def main() -> None:
    """Play one round with a teacher and two phones, and take a picture of each step."""
    with (
        tempfile.TemporaryDirectory() as folder,
        chromium() as browser,
        server("--db", str(Path(folder) / "class.db")) as address,
    ):
        desk = visit(browser, f"{address}/teach", width=1280, height=900)
        desk.get_by_role("button", name="Create the exercise").wait_for()
        keep(desk, "1-create")
        press(desk, "Create the exercise", "Open round 1")
        links = invitations(desk, 1)
        keep(desk, "2-invite")
        ghani, taliban = (student(browser, links[seat]) for seat in (GHANI, TALIBAN))
        tab(ghani, "Briefing")
        keep(ghani, "3-briefing")
        tab(desk, "Room")
        press(desk, "Open round 1", "Play round 1")
        keep(desk, "4-room")
        offer(ghani)
        says(taliban, "An offer waits")
        tab(taliban, "Deals").get_by_role("button", name="Accept").wait_for()
        keep(taliban, "5-offer")
        order(taliban, "Violence ordered", ["ArrowLeft"] * 6)
        keep(taliban, "6-order")
        tab(ghani, "Predict").get_by_role("slider").first.wait_for()
        keep(ghani, "7-predict")
        tab(taliban, "Deals").get_by_role("button", name="Accept").click()
        says(taliban, "a deal")
        press(desk, "Play round 1", "Open round 2")
        says(ghani, "The round has been played")
        tab(ghani, "Situation")
        keep(ghani, "8-news")
        desk.get_by_text("Projector", exact=True).click()
        desk.locator(".projector").first.wait_for()
        keep(desk, "9-projector")
        desk.get_by_text("Desk", exact=True).click()
        tab(desk, "Review").get_by_role("button", name="Make the review").click()
        desk.get_by_role("button", name="Review as one HTML page").wait_for(timeout=120_000)
        keep(desk, "10-review")


def offer(page: "Page") -> None:
    """Send an offer: Ghani's camp releases all 5,000 if the Taliban reduce violence."""
    panel = offer_form(page)
    for label, option in (
        ("To", TALIBAN),
        ("You would do", "Prisoners offered"),
        (f"{TALIBAN} would do", "Violence ordered"),
    ):
        panel.get_by_label(label, exact=True).first.click()
        page.get_by_role("option", name=option).first.click()
        page.keyboard.press("Escape")
    for name, keys in (("Prisoners offered", ["End"]), ("Violence ordered", ["Home"] + ["ArrowRight"] * 10)):
        slider = panel.get_by_role("slider", name=name)
        slider.focus()
        for key in keys:
            page.keyboard.press(key)
    panel.get_by_label("A note").fill("All of them, if your fronts go quiet first.")
    panel.get_by_role("button", name="Send the offer").click()
    says(page, "not answered yet")


def keep(page: "Page", name: str) -> None:
    """Take a picture; on a phone of more than fits on its screen, as if it had been scrolled."""
    if (page.viewport_size or {"width": 0})["width"] == PHONE[0]:
        page.set_viewport_size({"width": PHONE[0], "height": TALL})
    page.wait_for_timeout(SETTLE)
    page.screenshot(path=str(FOLDER / f"class-{name}.png"))
    print(f"docs/images/class-{name}.png")


if __name__ == "__main__":
    main()
