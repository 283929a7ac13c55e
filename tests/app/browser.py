"""A real Chromium on a real server: what the tests and the benchmark in a browser share."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.app.command import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

# The headless shell comes first: it has no window to draw, and needs a quarter less of the processor.
CHROMIUM = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))), None)
NEEDED = os.environ.get("JIRGA_BROWSER") == "needed"
WHY_NOT = "no Chromium on this machine: apt-get install chromium-headless-shell"
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
LOOKING = re.compile(
    r" 404 .*//[^/]+/(explore|what-matters|compare|one-world|theories|evidence|studies|teach|join)"
    r"/_stcore/(health|host-config)$"
)
SLOWEST_START = 600  # seconds
PAUSES = (20, 40, 80, 160)  # milliseconds between looks: each look costs the browser what it is wanted for elsewhere
# Milliseconds until a test gives up what it waits for: a limit for a busy machine, which says nothing.
WAIT = int(os.environ.get("JIRGA_WAIT", "600000"))


# Every animation is over at once, its events included: a browser draws a page sixty times per second while anything
# on it moves, which took half of its processor time.
STILL = """new MutationObserver((_, watcher) => {
  if (!document.documentElement) return;
  watcher.disconnect();
  const style = document.createElement("style");
  style.textContent = "*, ::before, ::after { animation-duration: 1ms !important; animation-delay: 0s !important;" +
    " animation-iteration-count: 1 !important; transition-duration: 1ms !important; transition-delay: 0s !important; }";
  document.documentElement.append(style);
}).observe(document, { childList: true });"""


# An element of a page is drawn once the browser has read its script; until then a skeleton stands in its place.
IDLE = (
    "[data-testid=stApp][data-test-script-state=notRunning][data-test-connection-state=CONNECTED]"
    ":not(:has([data-testid=stSkeleton]))"
)
# Whether a script moves something; what a style moves is over at once.
MOVES = "() => document.getAnimations().some(one => one.constructor === Animation && one.playState === 'running')"
Window = tuple[int, int, bool, bool]  # width and height in pixels, whether it is dark, and whether still: see `visit`
DASHBOARD = ("-m", "sim.cli", "dashboard", "--port")


@contextmanager
def server(*more: str, command: Sequence[str] = DASHBOARD) -> Iterator[str]:
    """The dashboard on a free port, as the command starts it; gives its address.

    more: words after the port; command: what Python is given before it, for another server.
    """
    with started(*more, command=command) as (address, _):
        yield address


@contextmanager
def started(*more: str, command: Sequence[str] = DASHBOARD) -> "Iterator[tuple[str, subprocess.Popen[bytes]]]":
    """The same server; gives its address and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, *command, str(port), *more]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            awaited(f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}", running
        finally:
            running.terminate()
            running.wait(SLOWEST_START)


@contextmanager
def stopped(running: "subprocess.Popen[bytes]") -> Iterator[None]:
    """Within it a server stands still: it answers nothing, and goes on afterwards."""
    running.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        running.send_signal(signal.SIGCONT)


def awaited(address: str) -> None:
    """Wait until the server answers. Raises TimeoutError."""
    end = time.monotonic() + SLOWEST_START
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=SLOWEST_START):  # noqa: S310  this machine's own
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"{address} does not answer")


@contextmanager
def chromium() -> Iterator["Browser"]:
    """A browser of this machine."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def visit(
    browser: "Browser",
    address: str,
    *,
    width: int = 1280,
    height: int = 1000,
    dark: bool = False,
    own: bool = True,
    still: bool = True,
) -> "Page":
    """A page; what it complains of is in `complaints`.

    own: in a context of its own, as on another device; otherwise in one that such pages of this window share, whose
    scripts have been read before. still: every animation is over at once; False for the page as readers have it.
    """
    window: Window = (width, height, dark, still)
    context = shared(browser).get(window) if not own else None
    if context is None:
        context = _context(browser, window)
        if not own:
            shared(browser)[window] = context
    page = context.new_page()
    text: list[str] = []
    page.on("console", lambda one: text.append(f"{one.text} {one.location['url']}") if one.type == "error" else None)
    page.on("pageerror", lambda error: text.append(str(error)))
    page.__dict__["errors"] = text
    page.goto(address)
    return page


def shared(browser: "Browser") -> "dict[Window, BrowserContext]":
    """The browser's shared contexts, by their windows."""
    found: dict[Window, BrowserContext] = browser.__dict__.setdefault("shared", {})
    return found


def _context(browser: "Browser", window: Window) -> "BrowserContext":
    width, height, dark, still = window
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", accept_downloads=True
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    if still:
        context.add_init_script(STILL)
    context.set_default_timeout(WAIT)
    return context


def complaints(page: "Page") -> list[str]:
    """What the console said, save where Streamlit looks for its server under the path of a page before the root."""
    return [one for one in page.__dict__["errors"] if not LOOKING.search(one)]


def idle(page: "Page") -> None:
    """Wait until the browser has nothing more to ask for, shows all that the server has said, and nothing moves.

    What is folded is opened by a script within half a second: a click may miss what still moves under it.
    """
    page.wait_for_selector(IDLE, state="attached", timeout=WAIT)
    until(page, lambda: not page.evaluate(MOVES), "nothing moves")


def drawn(page: "Page") -> str:
    """Wait for tiles and charts; the tiles' text."""
    page.wait_for_selector(".tiles", timeout=WAIT)
    page.wait_for_selector("[data-testid=stVegaLiteChart] svg path", timeout=WAIT)
    return tiles(page)


def tiles(page: "Page") -> str:
    """The tiles' text."""
    return page.locator(".tiles").inner_text()


def file_of(page: "Page", button: str) -> bytes:
    """The file that a button downloads. Raises playwright's TimeoutError."""
    idle(page)
    with page.expect_download() as got:
        page.get_by_role("button", name=button, exact=True).click()
    return Path(got.value.path()).read_bytes()


def curve(page: "Page") -> Any:
    """The shape of the fan, as drawn."""
    chart = page.locator("[data-testid=stVegaLiteChart]").first
    return chart.evaluate("chart => [...chart.querySelectorAll('path')].map(path => path.getAttribute('d')).join()")


def spare(page: "Page") -> int:
    """How many pixels the page is too wide."""
    script = (
        "() => Math.max(...[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".map(e => e.scrollWidth - e.clientWidth))"
    )
    return int(page.evaluate(script))


def until(page: "Page", holds: Any, what: str, *, milliseconds: int = WAIT) -> None:
    """Wait until something holds; the page's policy forbids the browser to wait by itself.

    Raises TimeoutError, with all that the page then says.
    """
    end = time.monotonic() + milliseconds / 1000
    for pause in chain(PAUSES, repeat(PAUSES[-1])):
        if holds():
            return
        if time.monotonic() > end:
            raise TimeoutError(f"{what!r} in:\n{page.inner_text('body')}")
        page.wait_for_timeout(pause)
