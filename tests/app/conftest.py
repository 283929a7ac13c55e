"""A running dashboard for all tests of a process, and a browser for those of a file."""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

import pytest
from streamlit.components.v2 import manifest_scanner

from tests.app.browser import CHROMIUM, NEEDED, WHY_NOT, chromium, server, shared

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session", autouse=True)
def components() -> Iterator[None]:
    """Let Streamlit's driver look for components in the installed packages once, not whenever a page is opened."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where a dashboard runs."""
    with server() as found:
        yield found


@pytest.fixture(scope="module")
def running() -> Iterator["Browser"]:
    """A browser; without one the tests that need it are skipped, and with JIRGA_BROWSER=needed they fail.

    It is closed after each file, because it keeps an event loop running, in which no test could start its own.
    """
    if CHROMIUM is None and not NEEDED:
        pytest.skip(WHY_NOT)
    assert CHROMIUM is not None, WHY_NOT
    with chromium() as found:
        yield found


@pytest.fixture
def browser(running: "Browser") -> Iterator["Browser"]:
    """The browser, whose pages are closed after each test."""
    yield running
    kept = shared(running).values()
    for context in running.contexts:
        if context not in kept:
            context.close()
    for page in [page for context in kept for page in context.pages]:
        page.close()
