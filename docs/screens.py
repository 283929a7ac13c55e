"""Takes the pictures of the dashboard in docs/images: `python -m docs.screens` (needs chromium)."""

from pathlib import Path

from tests.app.browser import chromium, server, visit

PAGES = {"explore": "", "compare": "compare", "one-world": "one-world", "evidence": "evidence"}
STATE = "?scenario=power-shared-in-march&seed=7&worlds=1000&series=attacks"
FOLDER = Path(__file__).with_name("images")
SETTLE = 12_000  # milliseconds: a thousand worlds, twice, and the charts drawn


def main() -> None:
    """One picture a page, 1280 pixels wide."""
    with server() as address, chromium() as browser:
        for name, path in PAGES.items():
            page = visit(browser, f"{address}/{path}{STATE}", width=1280)
            page.get_by_text("Share and export this page").wait_for(timeout=60_000)
            page.wait_for_timeout(SETTLE)
            page.screenshot(path=str(FOLDER / f"dashboard-{name}.png"))
            page.context.close()
            print(f"docs/images/dashboard-{name}.png")


if __name__ == "__main__":
    main()
