"""Take the pictures of the dashboard for docs/images: `python -m docs.screens` (needs Chromium)."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.app.browser import chromium, server, visit

PAGES = {"explore": "explore", "compare": "compare", "one-world": "one-world", "evidence": "evidence"}
STATE = "?scenario=power-shared-in-march&seed=7&worlds=1000&series=attacks"
BOTH = "?scenario=baseline&seed=0&worlds=1000&series=attacks&both=all-5000-at-once&both=power-shared-in-march"
WHY = "?scenario=baseline&seed=0&worlds=1000&series=attacks&world=17&why=talks_open"
STUDY = "pace-of-releases"  # comes with Jirga
FOLDER = Path(__file__).with_name("images")
SETTLE = 12_000  # milliseconds: enough for two runs of a thousand worlds and their charts
WAIT = 60_000


def main() -> None:
    """Take one picture per page, 1280 pixels wide."""
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "sim.cli", "study", "run", STUDY, "--out", f"{folder}/{STUDY}"]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  our own command
        os.environ["JIRGA_STUDIES"] = folder
        with server() as address, chromium() as browser:
            for name, path in PAGES.items():
                page = visit(browser, f"{address}/{path}{STATE}", width=1280)
                page.get_by_text("Share and export this page").wait_for(timeout=WAIT)
                take(page, name)
            page = visit(browser, f"{address}/?step=answer", width=1280)
            page.get_by_text("1,000 pairs of worlds").wait_for(timeout=WAIT)
            take(page, "begin")
            page = visit(browser, f"{address}/compare{BOTH}", width=1280)
            page.get_by_text("Share and export this page").wait_for(timeout=WAIT)
            take(page, "together")
            page = visit(browser, f"{address}/one-world{WHY}", width=1280)
            page.locator(".st-key-why-panel .chain").wait_for(timeout=WAIT)
            take(page, "why")
            page = visit(browser, f"{address}/theories{STATE}", width=1280)
            page.get_by_text("What survives", exact=True).wait_for(timeout=WAIT)
            take(page, "theories")
            page = visit(browser, f"{address}/studies", width=1280)
            page.get_by_text("Report as one offline HTML file").wait_for(timeout=WAIT)
            page.get_by_text("Outcome", exact=True).scroll_into_view_if_needed()
            take(page, "studies")


def take(page: Any, name: str) -> None:
    """Take a picture of a page after SETTLE milliseconds."""
    page.wait_for_timeout(SETTLE)
    page.screenshot(path=str(FOLDER / f"dashboard-{name}.png"))
    page.context.close()
    print(f"docs/images/dashboard-{name}.png")


if __name__ == "__main__":
    main()
