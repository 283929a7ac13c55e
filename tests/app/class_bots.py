"""A class of bots: every student is a page of a real browser that reads, offers, orders and predicts in each round."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.app.browser import idle, until
from tests.app.class_steps import clock, out_of_step, summary
from tests.app.classroom import (
    SEATS,
    Served,
    Stops,
    complaints,
    fits,
    invitations,
    offer,
    order,
    press,
    says,
    student,
    tab,
    teacher,
)  # fmt: skip
from tests.app.process_memory import resident

US, TALIBAN, GHANI, ABDULLAH = SEATS
TABS: Final = ("Briefing", "Situation", "Orders", "Deals", "Predict", "Scores")
DESK: Final = ("Room", "Invite", "News", "Injects", "Forecasts", "Review", "More")
LEVERS: Final = {
    US: "Troops withdrawn per day", TALIBAN: "Violence ordered", GHANI: "Releases per day",
    ABDULLAH: "Share of power asked",
}  # fmt: skip
OFFERS: Final = {US: (TALIBAN, "Troops withdrawn per day"), GHANI: (ABDULLAH, "Share of power offered")}
PROBABLY: Final = "what it would probably do"
TROUBLE: Final = ("Traceback", "Error", "Exception", "WARNING", "Uncaught")  # in the log of the server

Say = Callable[[str], object]


@dataclass
class Played:
    """What was measured. memory: of the server after each round, in MB; late: seconds out of step after each delay."""

    memory: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    pages: int = 0
    answered: int = 0
    tried: int = 0

    @property
    def growth(self) -> float:
        """The largest memory from round 2 on, relative to that after round 2."""
        return max(self.memory[1:]) / self.memory[1]


def _say(words: str) -> None:
    """Print at once what was done."""
    print(words, flush=True)  # noqa: T201  it goes on for long


def play(
    browser: Any, served: Served, seats: tuple[str, ...], groups: int, rounds: int, stops: Stops, say: Say = _say
) -> Played:
    """Play all rounds to the review; the model plays the seats without a bot. Raises AssertionError or TimeoutError.

    seats: those of the bots in each group; stops: when the server stands still by chance; say: gets what was done.
    """
    dice, found = random.Random(20200310), Played()  # noqa: S311  choices, not secrets
    desk = teacher(browser, served)
    links = {(group, seat): link for group in range(1, groups + 1) for seat, link in invitations(desk, group).items()}
    bots = {place: student(browser, link) for place, link in links.items() if place[1] in seats}
    tab(desk, "Room")
    if len(seats) < len(SEATS):
        press(desk, "Fill with model players", "End the model's answers")
    say(f"{len(bots)} bots have joined")
    for number in range(1, rounds + 1):
        _delays(served, desk, [*bots.values()], stops, dice, found, number)
        for (group, seat), page in bots.items():
            says(page, f"Round {number} of {rounds}")
            _act(page, seat, seats, number, dice, found)
            _looks(page, TABS[(number + group) % len(TABS)], found)
        _answers(bots, found)
        press(desk, f"Play round {number}", f"Open round {number + 1}" if number < rounds else f"Round {rounds} of")
        for page in bots.values():
            says(page, "The round has been played" if number < rounds else "The exercise is over")
        _looks(desk, DESK[number % len(DESK)], found)
        found.memory.append(resident(served.running.pid))
        say(
            f"round {number}: server {found.memory[-1]:.0f} MB, {found.answered} offers answered, "
            f"{found.tried} orders tried out; {summary(found.late)}"
        )
    _debrief(desk, groups)
    for page in bots.values():
        tab(page, "Briefing")
        says(page, "What the review says about your group")
    _looks_back(next(iter(bots.values())), desk)
    for name in TABS:
        _looks(next(iter(bots.values())), name, found)
    for name in DESK:
        _looks(desk, name, found)
    for page in (desk, *bots.values()):
        assert complaints(page) == []
    assert troubles(served.log) == []
    return found


def _delays(
    served: Served, desk: Any, pages: list[Any], stops: Stops, dice: random.Random, found: Played, number: int
) -> None:
    """Open a round, stop its clock and start it again, each while the server stands still."""
    begins = desk.get_by_role("button", name=f"Open round {number}", exact=True)
    with stops.resting:  # what is measured is how long pages need after one delay, not during the next
        for button in (begins, clock(desk), clock(desk)):
            found.late.append(out_of_step(served, desk, pages, None, dice, button.click))
    says(desk, f"Play round {number}")


def _act(page: Any, seat: str, seats: tuple[str, ...], number: int, dice: random.Random, found: Played) -> None:
    """Offer every second round, order, look at what the order would probably do, and predict."""
    if seat in OFFERS and number % 2 == 1:
        to, lever = OFFERS[seat]
        panel = offer(page, to, lever, f"For round {number}.")
        status = "not answered yet" if to in seats else "(a deal|declined)"
        sent = re.compile(rf"To {to}, round {number}: {status}", re.IGNORECASE)  # "To the Taliban leadership"
        until(page, lambda: sent.search(panel.inner_text()), f"the offer to {to}")
        found.answered += to not in seats
    keys = dice.choice([["Home"], ["End"], ["ArrowRight"] * 3, ["ArrowLeft"] * 3])
    order(page, LEVERS[seat], keys)
    if dice.random() < 1 / 2:
        until(page, lambda: PROBABLY in tab(page, "Orders").inner_text(), "what the order would probably do")
        found.tried += 1
    _predict(page, dice)


def _predict(page: Any, dice: random.Random) -> None:
    """Answer every question that is asked of this group."""
    panel = tab(page, "Predict")
    sliders = panel.get_by_role("slider").all()
    for slider in sliders:
        slider.focus()
        for _ in range(dice.randint(1, 4)):
            page.keyboard.press(dice.choice(["PageUp", "PageDown", "ArrowLeft"]))
    if sliders:
        idle(page)
        panel.get_by_role("button", name="Give these probabilities").click()
        until(page, lambda: "not answered yet" not in panel.inner_text(), "the forecasts are in")


def _answers(bots: dict[tuple[int, str], Any], found: Played) -> None:
    """Accept or decline what waits for a bot, by turns."""
    for (_, seat), page in bots.items():
        panel = tab(page, "Deals")
        idle(page)
        accept = panel.get_by_role("button", name="Accept")
        while waiting := accept.count():
            name = "Accept" if found.answered % 2 == 0 or seat == ABDULLAH else "Decline"
            panel.get_by_role("button", name=name).first.click()
            until(page, lambda: accept.count() < waiting, "the answer")  # noqa: B023
            found.answered += 1


def _looks(page: Any, name: str, found: Played) -> None:
    """A tab fits on a phone and on a laptop."""
    tab(page, name)
    fits(page, name)
    found.pages += 1


def _looks_back(page: Any, desk: Any) -> None:
    """A bot writes what mattered, and the teacher reads it without a name."""
    panel = tab(page, "Briefing")
    panel.get_by_label("Which decision in your group").fill("The first deal.")
    panel.get_by_role("button", name="Send", exact=True).click()
    says(page, "Your answers are saved. You may change them")
    tab(desk, "Review")
    says(desk, "Looking back: what students have written (1)")


def _debrief(desk: Any, groups: int) -> None:
    """The review begins with what is read aloud, for each group."""
    panel = tab(desk, "Review")
    press(desk, "Make the review", "Review as one HTML page")
    frame = panel.locator("iframe").content_frame
    frame.get_by_text("To read aloud").wait_for()
    for group in range(1, groups + 1):
        assert frame.get_by_role("heading", name=f"Group {group}", exact=True).count() == 1
    fits(desk, "Teach, with its review")


def troubles(log: Path) -> list[str]:
    """The lines of a server's log that tell of an error."""
    return [line for line in log.read_text(encoding="utf-8").splitlines() if any(word in line for word in TROUBLE)]
