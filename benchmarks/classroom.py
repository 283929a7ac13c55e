"""A full class on the real server: `python -m benchmarks.classroom`. 40 students in 10 groups, each with a page.

The pages are connections to the server that poll and respond as a browser does; 40 real browsers would need most of the
processor. It prints the seconds until a page shows an event; `benchmarks.class_load` measures the same without pages.
"""

import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from sim.exercise.service import Classroom
from tests.app.classroom import Served, class_server

GROUPS: Final = 10
ROUNDS: Final = 3
SETTINGS: Final = f'title = "Load"\ngroups = {GROUPS}\nrounds = {ROUNDS}\n'
PROTOCOL: Final = Subprotocol("streamlit")
EVERY: Final = 1.0  # seconds between two polls of a page
LONGEST: Final = 180.0  # seconds to wait for an event
SECRET: Final = "jirga_teacher"  # noqa: S105  the cookie's name


@dataclass
class Page:
    """One open page: a connection to the server, and the texts that it shows."""

    served: Served
    name: str
    query: str = ""
    secret: str = ""
    fragment: str = ""
    buttons: dict[str, str] = field(default_factory=dict)  # ids by label
    texts: dict[tuple[int, ...], str] = field(default_factory=dict)  # by place
    closed: bool = False

    def __post_init__(self) -> None:
        """Open the connection and start its thread."""
        headers = {"Origin": self.served.address} | ({"Cookie": f"{SECRET}={self.secret}"} if self.secret else {})
        address = self.served.address.replace("http", "ws") + "/_stcore/stream"
        self.held = ExitStack()
        line = connect(address, additional_headers=headers, subprotocols=[PROTOCOL], max_size=None, ping_interval=None)
        self.line = self.held.enter_context(line)
        self.ask()
        threading.Thread(target=self._live, daemon=True).start()

    @property
    def shown(self) -> str:
        """The text on the page."""
        return "\n".join(list(self.texts.values()))

    def ask(self, *, press: str = "", fragment: str = "") -> None:
        """Request the page, with a button pressed, or only its fragment."""
        said = BackMsg()
        said.rerun_script.page_script_hash, said.rerun_script.page_name = calc_hash(self.name), self.name
        said.rerun_script.query_string = self.query
        said.rerun_script.fragment_id, said.rerun_script.is_auto_rerun = fragment, bool(fragment)
        if press:
            said.rerun_script.widget_states.widgets.add(id=self.buttons[press], trigger_value=True)
        self.line.send(said.SerializeToString())

    def close(self) -> None:
        """Close the connection."""
        self.closed = True
        self.held.close()

    def _live(self) -> None:
        due = time.monotonic() + EVERY
        while not self.closed:
            try:
                self._hear(ForwardMsg.FromString(self.line.recv(timeout=max(0.0, due - time.monotonic()))))
            except TimeoutError:
                due += EVERY
                if self.fragment:
                    self.ask(fragment=self.fragment)
            except ConnectionClosed:
                return

    def _hear(self, message: Any) -> None:
        kind = message.WhichOneof("type")
        if kind == "auto_rerun":
            self.fragment = message.auto_rerun.fragment_id
        elif kind == "delta" and message.delta.HasField("new_element"):
            element, place = message.delta.new_element, tuple(message.metadata.delta_path)
            if element.WhichOneof("type") == "html":
                self.texts[place] = element.html.body
            elif element.WhichOneof("type") in ("button", "download_button"):
                button = getattr(element, element.WhichOneof("type"))
                self.texts[place] = button.label
                self.buttons[button.label] = button.id


def until(pages: Iterable[Page], shows: Callable[[Page], bool]) -> list[float]:
    """Return the seconds until `shows` is true for each page. Raises TimeoutError."""
    begun, waiting, found = time.monotonic(), list(pages), []
    while waiting:
        now = time.monotonic() - begun
        done = [one for one in waiting if shows(one)]
        found += [now] * len(done)
        waiting = [one for one in waiting if one not in done]
        if now > LONGEST:
            raise TimeoutError(f"{len(waiting)} pages are late; one shows {waiting[0].shown[-400:]}")
        time.sleep(0.01)
    return found


def main() -> None:
    """Play the rounds and print the table."""
    with tempfile.TemporaryDirectory() as folder, class_server(Path(folder), SETTINGS) as served:
        room = Classroom(served.file)
        desk = Page(served, "teach", secret=served.secret)
        opening = until([desk], lambda page: "Open round 1" in page.shown)
        codes = {
            (group.group, seat.seat): seat.code for group in room.teacher(served.secret).groups for seat in group.seats
        }
        tokens = {place: room.join(code).token for place, code in codes.items()}
        phones = {place: Page(served, "join", f"seat={token}") for place, token in tokens.items()}
        opening += until(phones.values(), lambda page: "Round 1 of" in page.shown)
        offers, opens, plays, news = list[float](), list[float](), list[float](), list[float]()
        for number in range(1, ROUNDS + 1):
            desk.ask(press=f"Open round {number}")
            opens += until(phones.values(), lambda page: "phase open" in page.shown)
            offers += _offers(room, tokens, phones, number)
            over = "over</span>" if number == ROUNDS else f"Round {number + 1} of"
            desk.ask(press=f"Play round {number}")
            plays += until([desk], lambda page: over in page.shown)  # noqa: B023
            news += until(phones.values(), lambda page: over in page.shown)  # noqa: B023
        desk.ask(press="Make the review")
        review = until([desk], lambda page: "Review as one HTML page" in page.shown)
        for page in (desk, *phones.values()):
            page.close()
    table = Table("40 student pages and a teacher's page", "median, s", "slowest, s", "required, s")
    for name, seconds, asked in (
        ("opening all pages at once", opening, ""),
        ("a new round, until the phones show it", opens, ""),
        ("an offer, until its receiver's page shows it", offers, "2"),
        ("a round, until the teacher's page shows it played", plays, "5"),
        ("the same, until the phones show it", news, ""),
        ("the review, until it can be saved", review, "60"),
    ):
        table.add_row(name, f"{median(seconds):.2f}", f"{max(seconds):.2f}", asked)
    Console().print(table)


def _offers(
    room: Classroom, tokens: dict[tuple[int, str], str], phones: dict[tuple[int, str], Page], number: int
) -> list[float]:
    """In every group Ghani's camp sends the Taliban an offer; the seconds until the receiver's page shows it."""
    found = []
    for group in range(1, GROUPS + 1):
        note = f"offer {number} to group {group}."
        room.propose(tokens[group, "ghani"], "taliban", {"kabul.ghani.offer": 5000.0}, {}, 1, note)
        found += until([phones[group, "taliban"]], lambda page: note in page.shown)  # noqa: B023
    return found


if __name__ == "__main__":
    main()
