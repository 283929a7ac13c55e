"""A class in tests: the server as the command starts it, its teacher and its students."""

import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.app.browser import SLOWEST_START, WAIT, awaited, idle, spare, stopped, until, visit
from tests.app.browser import complaints as complaints  # noqa: PLC0414  for the tests of the class
from tests.app.command import ROOT

HOST: Final = "127.0.0.1"
SHORT: Final = 'title = "A <b>seminar</b>"\nrounds = 3\nweeks = 2\nworlds = 16\nquestions = 1\n'
PHONE: Final = (390, 844)
LAPTOP: Final = (1280, 900)
BETWEEN: Final = (1.0, 8.0)  # seconds between two times that a server stands still
CLOSES: Final = 5000  # milliseconds after which a list that shows no options counts as closed
LONGEST_STOP: Final = 3.0  # seconds for which it does, at most
SEATS: Final = ("The United States", "The Taliban leadership", "Ghani's camp", "Abdullah's camp")
_LINK: Final = re.compile(r"^Teacher: +(\S+)$", re.MULTILINE)


@dataclass(eq=False)
class Served:
    """A running class server. file: of exercises; link: the teacher's."""

    address: str
    link: str
    file: Path
    words: list[str]
    log: Path
    running: "subprocess.Popen[bytes]" = field(repr=False)

    @property
    def secret(self) -> str:
        """The teacher's secret."""
        return self.link.partition("key=")[2]

    def kill(self) -> None:
        """SIGKILL, without any chance to put things in order."""
        self.running.send_signal(signal.SIGKILL)
        self.running.wait(SLOWEST_START)

    def start_again(self) -> None:
        """The same command once more: the same exercise, address and file."""
        self.running = _started(self.words, self.log)
        assert _teachers_link(self.log, self.running) == self.link
        awaited(self.address)


@contextmanager
def class_server(folder: Path, settings: str = SHORT, *, under: Sequence[str] = ()) -> Iterator[Served]:
    """`jirga class serve` on this machine's own address, with its file in a folder.

    under: a command that runs another one with its arguments, such as `nice`.
    """
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    file, toml, log = (folder / name for name in ("class.db", "settings.toml", "server.log"))
    toml.write_text(settings)
    command = [*under, sys.executable, "-u", "-m", "sim.cli", "class", "serve", "--host", HOST, "--port", str(port)]
    words = [*command, "--db", str(file), "--settings", str(toml)]
    served = Served(f"http://{HOST}:{port}", "", file, words, log, _started(words, log))
    try:
        served.link = _teachers_link(log, served.running)
        awaited(served.address)
        yield served
    finally:
        served.running.kill()
        served.running.wait(SLOWEST_START)


def _started(words: list[str], log: Path) -> "subprocess.Popen[bytes]":
    known = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    with log.open("wb") as text:
        return subprocess.Popen(words, cwd=ROOT, stdout=text, stderr=subprocess.STDOUT, env=known)


def _teachers_link(log: Path, running: "subprocess.Popen[bytes]") -> str:
    """Wait until the command has said the teacher's link. Fails if it ends without."""

    def said() -> re.Match[str] | None:
        return _LINK.search(log.read_text(encoding="utf-8"))

    wait_for(lambda: said() or running.poll() is not None, f"the link in {log}", SLOWEST_START)
    found = said()
    assert found is not None, log.read_text(encoding="utf-8")
    return found[1]


def teacher(browser: Any, served: Served) -> Any:
    """The teacher's laptop, which came by the link."""
    page = visit(browser, served.link, width=LAPTOP[0], height=LAPTOP[1])
    page.get_by_role("tab", name="Room").wait_for(timeout=WAIT)
    return page


def invitations(page: Any, group: int) -> dict[str, str]:
    """A group's links by the seats' names, as the teacher's page shows them."""
    tab(page, "Invite")
    panel = page.get_by_role("tabpanel", name="Invite")
    panel.get_by_text(f"Group {group}", exact=True).click()
    alt = f"in group {group}"
    until(page, lambda: alt in (panel.locator(".invite img").first.get_attribute("alt") or ""), alt)
    cards = panel.locator(".invite").all()
    return {card.locator("b").inner_text(): card.locator("a").get_attribute("href") or "" for card in cards}


def student(browser: Any, link: str, *, dark: bool = False) -> Any:
    """A student's phone that opened an invitation."""
    page = visit(browser, link, width=PHONE[0], height=PHONE[1], dark=dark)
    seated(page)
    return page


def seated(page: Any) -> None:
    """Wait until the page shows a seat, whose token has taken the code's place in the address."""
    page.get_by_role("tab", name="Briefing").wait_for(timeout=WAIT)
    until(page, lambda: "seat=" in page.url and "code=" not in page.url, "the code left the address")


def tab(page: Any, name: str) -> Any:
    """Turn to a tab; its panel."""
    heads = page.get_by_role("tab", name=name, exact=True)
    until(page, lambda: heads.count() == 1, f"a tab {name}")  # while a page is redrawn the old one may still be below
    heads.click()
    panel = page.get_by_role("tabpanel", name=name, exact=True)
    until(page, lambda: panel.count() == 1, f"the tab {name}")
    return panel


def press(page: Any, name: str, then: str) -> None:
    """Press a button of a page that is complete, and wait until the page says what comes of it, which stays there."""
    idle(page)
    page.get_by_role("button", name=name, exact=True).first.click()
    says(page, then)


def says(page: Any, words: str, *, milliseconds: int = WAIT) -> None:
    """Wait until the page says something."""
    until(page, lambda: words in page.inner_text("body"), words, milliseconds=milliseconds)


def unfold(page: Any, head: Any, inside: Any) -> None:
    """Open what is folded under a head, unless it is open, until what is inside can be pressed."""
    if head.locator("xpath=ancestor::details").get_attribute("open") is None:
        head.click()
    until(page, inside.is_visible, "it unfolds")
    idle(page)


ORDERED: Final = re.compile("you order (?!otherwise)")  # in the heading of a lever, once it is ordered


def order(page: Any, lever: str, keys: list[str]) -> None:
    """Order a lever by its slider, with keys."""
    card = _card(page, lever)
    slider = card.get_by_role("slider")
    unfold(page, card.get_by_text(lever).first, slider)
    until(page, slider.is_enabled, f"{lever} can be ordered")
    slider.focus()
    for key in keys:
        page.keyboard.press(key)
    idle(page)  # what is still being drawn may move the button under the pointer
    card.get_by_role("button", name="Give this order").click()
    until(page, lambda: ORDERED.search(_card(page, lever).inner_text()), f"the order on {lever}")


def choose(page: Any, panel: Any, label: str, option: str) -> None:
    """Choose an option of a list, which is opened again if the page was redrawn meanwhile and closed it."""
    box, wanted = panel.get_by_label(label, exact=True).first, page.get_by_role("option", name=option).first

    def chosen() -> bool:
        if not wanted.is_visible():
            box.click()
        with suppress(PlaywrightTimeout):
            wanted.click(timeout=CLOSES)
            return True
        return False

    until(page, chosen, f"the option {option}")
    page.keyboard.press("Escape")


def offer_form(page: Any) -> Any:
    """Open the form of an offer; the panel of the offers."""
    panel = tab(page, "Deals")
    unfold(page, panel.get_by_text("Offer a deal", exact=True), panel.get_by_label("To", exact=True).first)
    return panel


def offer(page: Any, to: str, lever: str, note: str) -> Any:
    """Offer another seat as much of a lever as there is, with a note; the panel of the offers."""
    panel = offer_form(page)
    choose(page, panel, "To", to)
    choose(page, panel, "You would do", lever)
    panel.get_by_role("slider", name=lever).wait_for()
    panel.get_by_role("slider", name=lever).focus()
    page.keyboard.press("End")
    panel.get_by_label("A note").fill(note)
    idle(page)
    panel.get_by_role("button", name="Send the offer").click()
    return panel


def _card(page: Any, lever: str) -> Any:
    """The card of a lever, with its tab in front: a page that had to connect anew shows the first tab."""
    return tab(page, "Orders").locator("[data-testid=stExpander]").filter(has_text=lever).first


def fits(page: Any, what: str) -> None:
    """Nothing overflows sideways, on a phone and on a laptop."""
    before = page.viewport_size
    for width, height in (PHONE, LAPTOP):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(120)
        until(page, lambda: spare(page) <= 0, f"{what} fits at {width}")
    page.set_viewport_size(before)


@dataclass(eq=False)
class Stops:
    """When a server stood still by chance, in seconds each time. resting: held by whoever needs that it does not."""

    seconds: list[float] = field(default_factory=list)
    resting: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def stumbling(served: Served, dice: random.Random) -> Iterator[Stops]:
    """Within it the server stands still from time to time."""
    over, stops = threading.Event(), Stops()

    def stumble() -> None:
        while not over.wait(dice.uniform(*BETWEEN)):
            length = dice.uniform(0, LONGEST_STOP)
            with stops.resting, stopped(served.running):
                over.wait(length)
            stops.seconds.append(length)

    thread = threading.Thread(target=stumble, name="stumble")
    thread.start()
    try:
        yield stops
    finally:
        over.set()
        thread.join()


def wait_for(holds: Any, what: str, seconds: float = SLOWEST_START) -> None:
    """Wait until something holds outside a browser. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.05)
