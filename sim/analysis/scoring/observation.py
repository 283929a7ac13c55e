"""One dated observation: what was counted or happened, on which days, and who says so."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from sim.analysis.fact_window import DAY, fact_value
from sim.errors import InputError, nearest
from sim.schema import validation
from sim.schema.milestones import MILESTONES
from sim.schema.series import SERIES

KEYS: Final = ("outcome", "date", "from", "until", "value", "low", "high", "unit", "source", "note")
DATE_UNIT: Final = "date"  # the unit of a milestone
LARGEST: Final = 1e9
LONGEST: Final = 300  # characters of a source or note
LATEST: Final = dt.date(2100, 1, 1)  # of a date; whether the run includes it is checked when it is scored
_PER_DAY: Final = "/day"
_COUNTED: Final = ("people", "troops", "fighters", "attacks", "operations")  # units of what can be counted
_HAPPENED: Final = {"decree": "S10", "rejection": "S13", "suspension": "S14", "first_release": "a source of 8 April"}


@dataclass(frozen=True, slots=True)
class Observation:
    """What was observed of one outcome.

    A daily count: the total of the days [start, until). A level: its state at the end of the day `start`. A milestone:
    that it happened on one of the days [start, until), or, if `happened` is false, on none of the days before `until`.
    low, high: the number, or the ends of its range, in `unit`; 0 and 0 for a milestone.
    """

    outcome: str
    start: dt.date
    until: dt.date
    low: float
    high: float
    happened: bool
    unit: str
    source: str
    note: str = ""

    @property
    def dated(self) -> bool:
        """Whether it is about the date of a milestone."""
        return self.outcome in MILESTONES

    @property
    def last(self) -> dt.date:
        """The last day that it says something about."""
        return self.until - DAY

    @property
    def label(self) -> str:
        """What was observed, in plain words."""
        return MILESTONES[self.outcome].label if self.dated else SERIES[self.outcome].label


def origin() -> dt.date:
    """Return the day on which the naive forecasts are made, 15 April 2020: the first day that may be observed."""
    found: dt.date = fact_value("window_end")
    return found


def observable() -> dict[str, str]:
    """Return the unit of each outcome that can be observed, by name: series that count something, and milestones."""
    units = {name: one.unit.removesuffix(_PER_DAY) for name, one in SERIES.items()}
    return {name: unit for name, unit in units.items() if unit in _COUNTED} | dict.fromkeys(MILESTONES, DATE_UNIT)


def read_observation(given: Any) -> Observation:
    """Return an observation from its keys and values, as a file gives them. Raises InputError with the key."""
    entry = validation.table(given, "observation")
    for key in entry:
        if key not in KEYS:
            raise InputError("no such key", path=key, value=entry[key], nearest=nearest(str(key), KEYS))
    validation.check_required(entry, ("outcome", "source"), "observation")
    outcome = _outcome(entry["outcome"])
    unit = _unit(outcome, entry)
    start, until = _days(outcome, entry)
    happened = _happened(outcome, entry)
    low, high = (0.0, 0.0) if outcome in MILESTONES else _range(entry, unit)
    source = validation.with_path("source", validation.text, entry["source"], LONGEST)
    note = validation.with_path("note", validation.optional_text, entry.get("note", ""), LONGEST)
    return Observation(outcome, start, until, low, high, happened, unit, source, note)


def _outcome(given: Any) -> str:
    """Return the name of an outcome that can be observed and was still open on the first day. Raises InputError."""
    known = observable()
    if not isinstance(given, str):
        raise InputError(f"must be a name, not {validation.kind_of(given)}", path="outcome", value=given)
    if given in SERIES and given not in known:
        raise InputError("is an index of the model, which nobody can count", path="outcome", value=given)
    if given in _HAPPENED:
        problem = f"had happened before {origin()} ({_HAPPENED[given]}), so there is nothing to score"
        raise InputError(problem, path="outcome", value=given)
    if given not in known:
        raise InputError("no such outcome", path="outcome", value=given, nearest=nearest(given, known))
    return given


def _unit(outcome: str, entry: dict[str, Any]) -> str:
    """Return the unit, which must be that of the model. Raises InputError."""
    unit = observable()[outcome]
    if outcome in MILESTONES and "unit" not in entry:
        return unit
    validation.check_required(entry, ("unit",), outcome)
    if entry["unit"] != unit:
        hint = nearest(entry["unit"], [unit]) if isinstance(entry["unit"], str) else None
        raise InputError(f"is not the unit of {outcome}", path="unit", value=entry["unit"], expected=unit, nearest=hint)
    return unit


def _days(outcome: str, entry: dict[str, Any]) -> tuple[dt.date, dt.date]:
    """Return the days [start, until) of an observation. Raises InputError."""
    if "date" in entry:
        for key in ("from", "until"):
            if key in entry:
                raise InputError("cannot be used together with date", path=key, value=entry[key])
        day = _date(entry, "date", origin())
        return day, day + DAY
    if outcome in SERIES and SERIES[outcome].kind == "level":
        raise InputError(f"has no date; {outcome} is a level, observed at the end of one day", path=outcome)
    needed = ("until",) if entry.get("value") is False else ("from", "until")
    for key in needed:
        if key not in entry:
            raise InputError("has no days: give a date, or from and until", path=outcome)
    if entry.get("value") is False and "from" in entry:
        raise InputError("is not used with value = false, which covers all days before until", path="from")
    start = origin() if needed == ("until",) else _date(entry, "from", origin())
    return start, _date(entry, "until", start + DAY)


def _date(entry: dict[str, Any], key: str, low: dt.date) -> dt.date:
    """Return a date of an entry. Raises InputError; a date before 15 April 2020 has its own message."""
    found: dt.date = validation.with_path(key, validation.date, entry[key])
    if found < origin():
        problem = f"is before {origin()}: what was known by then is in the model, and scores begin on that day"
        raise InputError(problem, path=key, value=found)
    return validation.with_path(key, validation.date, found, low, LATEST)


def _happened(outcome: str, entry: dict[str, Any]) -> bool:
    """Return whether the milestone has happened; true for anything else. Raises InputError."""
    if outcome not in MILESTONES:
        return True
    for key in ("low", "high"):
        if key in entry:
            raise InputError("is not used for a milestone; from and until give a range of days", path=key)
    happened: bool = validation.with_path("value", validation.boolean, entry.get("value", True))
    if not happened and "date" in entry:
        raise InputError("is not used with value = false; until says up to which day it had not happened", path="date")
    return happened


def _range(entry: dict[str, Any], unit: str) -> tuple[float, float]:
    """Return the ends of a number's range. Raises InputError."""
    if "value" in entry:
        for key in ("low", "high"):
            if key in entry:
                raise InputError("cannot be used together with value", path=key, value=entry[key])
        value = _count(entry, "value", unit)
        return value, value
    if not {"low", "high"} <= entry.keys():
        raise InputError("has no number: give value, or low and high", path=entry["outcome"])
    low, high = _count(entry, "low", unit), _count(entry, "high", unit)
    if low >= high:
        raise InputError(f"must be more than low, {low:g}", path="high", value=entry["high"])
    return low, high


def _count(entry: dict[str, Any], key: str, unit: str) -> float:
    """Return a whole number of an entry. Raises InputError."""
    return float(validation.with_path(key, validation.number, entry[key], 0, LARGEST, unit, whole=True))
