"""A round's deadline as a date and a time in the exercise's own time zone, for an exercise over days."""

import datetime as dt
import re
from typing import Any, Final
from zoneinfo import ZoneInfo

from sim.errors import InputError
from sim.exercise import events as e
from sim.exercise.state import ExerciseState
from sim.schema import arguments
from sim.schema.formatting import day

FORM: Final = "a date and a time such as 2026-12-03 18:00"
LONGEST: Final = dt.timedelta(days=366)  # from now
_FORM: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
_MINUTES: Final = "%Y-%m-%d %H:%M"
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def set_due(state: ExerciseState, until: Any, plays: Any, now: float) -> e.Due:
    """Set the day and time at which the round closes, of the open round or of the one to open next; None for none.

    plays: whether it is then played as if the teacher had pressed the button. Raises InputError.
    """
    flag = arguments.flag("plays", plays)
    if state.phase == "over":
        raise InputError("the exercise is over")
    if until is None:
        return e.Due(None, on=False)
    return e.Due(seconds(until, state.settings.time_zone, now), on=flag)


def seconds(until: Any, zone: str, now: float) -> float:
    """Return a day and time in a time zone as seconds since 1970. Raises InputError if it is not to come soon."""
    given = arguments.text("until", until, FORM)
    if not _FORM.fullmatch(given):
        raise InputError("is no date with a time", path="until", value=given, expected=FORM)
    try:
        local = dt.datetime.strptime(given, _MINUTES).replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        raise InputError("there is no such day or time", path="until", value=given, expected=FORM) from None
    here = dt.datetime.fromtimestamp(now, ZoneInfo(zone))
    at = local.timestamp()
    if dt.datetime.fromtimestamp(at, ZoneInfo(zone)).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise InputError(f"there is no such time in {zone}: the clocks go forward then", path="until", value=given)
    if at <= now:
        raise InputError(f"is in the past: it is {here:{_MINUTES}} in {zone}", path="until", value=given)
    if at - now > LONGEST.total_seconds():
        raise InputError("is more than a year from now", path="until", value=given)
    return at


def in_words(at: float | None, zone: str) -> str:
    """Return a deadline in words: "Tuesday 3 Dec 2026, 18:00 (Europe/Berlin)"; "" for none."""
    if at is None:
        return ""
    local = dt.datetime.fromtimestamp(at, ZoneInfo(zone))
    return f"{_DAYS[local.weekday()]} {day(local.date())}, {local:%H:%M} ({zone})"


def when_opened(state: ExerciseState, now: float) -> float | None:
    """Return the deadline of a round that is opened now; None for no limit. Raises InputError for one that is over."""
    if state.due is None:
        return after(state.minutes, now)
    if state.due <= now:
        passed = in_words(state.due, state.settings.time_zone)
        raise InputError(f"the deadline has passed, {passed}: set another one or minutes per round first")
    return state.due


def after(minutes: float | None, now: float) -> float | None:
    """Return the time so many minutes from now; None for no limit."""
    return None if minutes is None else now + 60 * minutes


def is_due(state: ExerciseState, now: float) -> bool:
    """Return whether a closed round is to be played by itself, since its day and time have come."""
    return state.phase == "closed" and not state.frozen and state.plays and state.due is not None and now >= state.due
