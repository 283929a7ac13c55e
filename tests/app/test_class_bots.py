"""A class of bots in a real Chromium plays to the debrief: nothing fails, everything fits, and memory stays flat.

JIRGA_BOTS says in how many groups they play: six groups of four play six rounds, on a server that stands still at
random for up to three seconds; fewer play two rounds with three bots each, and the model answers for the fourth seat.
"""

import random
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Final

import pytest

from tests.app.class_bots import GHANI, TALIBAN, US, play
from tests.app.class_steps import summary
from tests.app.classroom import SEATS, Served, Stops, class_server, stumbling
from tests.repeats import repeats

pytestmark = pytest.mark.browser

WHOLE: Final = 6  # groups of the whole class
GROUPS: Final = repeats("JIRGA_BOTS", 1)
ROUNDS: Final = 6 if GROUPS >= WHOLE else 2
PLAYED: Final = SEATS if GROUPS >= WHOLE else (US, TALIBAN, GHANI)
LENGTH: Final = "weeks = 4\nworlds = 64\nquestions = 2" if GROUPS >= WHOLE else "weeks = 2\nworlds = 16\nquestions = 1"
FLAT: Final = 1.2  # memory after any later round, relative to that after round 2


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A class server with an exercise for the bots."""
    with class_server(tmp_path, f'title = "Bots"\ngroups = {GROUPS}\nrounds = {ROUNDS}\n{LENGTH}\n') as found:
        yield found


def test_a_class_of_bots_plays_to_the_debrief(browser: Any, served: Served) -> None:
    dice = random.Random(20200415)  # noqa: S311  no secret
    with stumbling(served, dice) if GROUPS >= WHOLE else nullcontext(Stops()) as stops:
        found = play(browser, served, PLAYED, GROUPS, ROUNDS, stops)
    assert found.answered >= GROUPS, f"{found.answered} offers were answered"
    stood = f"the server stood still {len(stops.seconds)} times by chance, {sum(stops.seconds):.0f} s in all"
    print(f"{stood}; {found.pages} looks at pages; {summary(found.late)}")  # noqa: T201
    assert found.growth <= FLAT or len(found.memory) <= 2, f"the server's memory in MB: {found.memory}"
