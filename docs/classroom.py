"""The tables of the teaching kit that come from the exercise: briefings, the deck, lesson plans."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Final

from docs.tables import code, table
from sim.exercise.deck import deck
from sim.exercise.rounds import SHARE, value_text
from sim.exercise.rubric import LEVELS, RUBRIC
from sim.exercise.seats import SEATS, Seat
from sim.exercise.settings import FIRST_DAY, load_settings
from sim.schema.decisions import Lever
from sim.schema.formatting import day, setting, unit_label

KIT: Final = Path(__file__).with_name("teaching")
LESSONS: Final = (60, 90, 120)  # minutes


def briefings() -> str:
    """One page per seat: its situation, its aims and its orders."""
    return "\n\n".join(_briefing(seat) for seat in SEATS.values())


def _briefing(seat: Seat) -> str:
    aims = [(one.text, one.why, one.rests_on) for one in seat.aims]
    orders = [
        (
            one.label,
            "per cent" if one.unit == SHARE else unit_label(one.unit),
            _allowed(one),
            one.about,
        )
        for one in seat.levers.values()
    ]
    return "\n\n".join(
        (
            f"## {seat.label}",
            f"*For this seat only. Morning of {day(FIRST_DAY)}.*",
            seat.briefing,
            table(("what your side wants", "why", "source"), aims),
            table(("what you may order", "unit", "bounds", "meaning"), orders),
        )
    )


def _allowed(one: Lever) -> str:
    """Return the bounds of a lever; a share is in per cent, as on the phones."""
    if one.flag:
        return "yes or no"
    if one.unit == SHARE:
        return f"{value_text(one.low, one.unit)} to {value_text(one.high, one.unit)}"
    return f"{setting(one.low)} to {setting(one.high)}"


def events() -> str:
    """The deck: the events that can be added to a round."""
    rows = [
        (code(name), one.title, f"{one.days} days", one.mechanism, one.rests_on)
        for name, one in deck().items()
    ]  # fmt: skip
    return table(("card", "news", "lasts", "mechanism", "source"), rows)


def plans() -> str:
    """The settings for each length of a lesson."""
    rows = []
    for length in LESSONS:
        plan = load_settings(KIT / f"lesson-{length}.toml")
        last = day(plan.end - dt.timedelta(days=1))
        figures = (plan.rounds, plan.weeks, plan.minutes, plan.questions)
        rows.append((f"{length} minutes", *(f"{setting(figure)}" for figure in figures if figure is not None), last))
    return table(("lesson", "rounds", "weeks per round", "minutes per round", "questions per round", "last day"), rows)


def rubric() -> str:
    """The criteria of the debrief, as the review has them."""
    rows = [(one.name, one.begins, one.good, one.strong, one.look) for one in RUBRIC]
    return table(("criterion", *LEVELS, "where it shows"), rows)


KIT_TABLES: Final[dict[str, Callable[[], str]]] = {
    "briefings": briefings, "deck": events, "plans": plans, "rubric": rubric,
}  # fmt: skip
