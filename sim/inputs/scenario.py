"""Scenarios: which days to run, which parameters differ, and which decisions are imposed.

A scenario is immutable; `change` and `with_dates` return another one. Its canonical form and hash describe what it
does to the model, regardless of its texts. `sim.inputs.scenario_reader` reads scenarios from files.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from sim.errors import InputError, nearest, one_line, show
from sim.files.toml_writer import write_toml
from sim.inputs import parameters, setting_names
from sim.inputs.facts import SENTENCES
from sim.inputs.intervention import (
    Intervention,
    check_inside,
    check_no_overlap,
    merge_interventions,
    read_dated,
    sort_interventions,
)
from sim.inputs.parameters import ParameterSet
from sim.schema import arguments, validation
from sim.schema.frozen_map import FrozenMap
from sim.schema.milestones import MILESTONES
from sim.schema.series import SERIES

DEFAULT_START: Final = dt.date(2020, 3, 1)  # the day after the agreement
DEFAULT_END: Final = dt.date(2021, 1, 1)  # not included
EARLIEST: Final = dt.date(2010, 1, 1)
LATEST: Final = dt.date(2030, 1, 1)
LONGEST_RUN: Final = 1500  # days
MOST_WORLDS: Final = 1_000_000
LAST_WORLD: Final = 2**62  # the largest number of a first world
LARGEST_SEED: Final = 2**63 - 1
LONGEST: Final = {"title": 200, "question": 1000, "notes": 10_000}  # characters
FEW: Final = 2  # the largest number of changes that a title lists

_EMPTY: Final[FrozenMap[Any]] = FrozenMap()


@dataclass(frozen=True)
class Scenario:
    """What to run. Two scenarios are equal when their texts and effects are the same, wherever they were read from.

    parameters: overrides by dotted name; interventions: in order, none overlapping another on its lever, all
    inside [start, end); run: worlds and seed if the file sets them. Raises InputError for any invalid value.
    """

    title: str
    start: dt.date = DEFAULT_START
    end: dt.date = DEFAULT_END  # not included
    parameters: Mapping[str, Any] = _EMPTY
    interventions: tuple[Intervention, ...] = ()
    question: str = ""
    rests_on: tuple[str, ...] = ()  # sentences of the text
    watch: tuple[str, ...] = ()  # names of series and milestones
    notes: str = ""
    run: Mapping[str, int] = _EMPTY
    name: str = field(default="", compare=False)
    base: str = field(default="", compare=False)  # the scenario it was made from
    file: str | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """Check every part and put it in order. Raises InputError, with the file if there is one."""
        try:
            self._check_words()
            self._put(**{key: arguments.plain(getattr(self, key)) for key in ("start", "end")})
            check_days(self.start, self.end)
            parameters = arguments.table("parameters", self.parameters, "values by name")
            given = {name: self._parameter(name, arguments.plain(value)) for name, value in parameters.items()}
            found = sort_interventions(check_interventions(self.interventions), self.start, self.end)
            for one in found:
                check_inside(one, self.start, self.end)
            check_no_overlap(found, self.start, self.end)
            self._put(parameters=FrozenMap(given), interventions=found, run=FrozenMap(check_run(self.run)))
            self.resolved()
        except InputError as error:
            raise error.at(file=self.file) from None

    def _put(self, **parts: Any) -> None:
        for name, part in parts.items():
            object.__setattr__(self, name, part)

    def _check_words(self) -> None:
        for key in ("name", "base"):
            arguments.text(key, getattr(self, key))
        for key, longest in LONGEST.items():
            check = validation.text if key == "title" else validation.optional_text
            validation.with_path(key, check, getattr(self, key), longest, lines=key == "notes")
        self._put(rests_on=validation.check_names("rests_on", self.rests_on, SENTENCES, "sentences S1 to S17"))
        self._put(watch=validation.check_names("watch", self.watch, (*SERIES, *MILESTONES), "series and milestones"))

    def _parameter(self, name: str, value: Any) -> Any:
        if setting_names.is_lever(name):
            raise InputError("is a lever, not a parameter: impose it", path=name, value=value)
        return setting_names.validate(name, value)

    @property
    def days(self) -> int:
        """The number of days of the run."""
        return (self.end - self.start).days

    def resolved(self) -> ParameterSet:
        """Return the values of all parameters: overrides, the catalogue's, and those derived from both."""
        return ParameterSet.resolve(self.parameters)

    def imposed(self, day: dt.date) -> dict[str, float | bool]:
        """Return the values of the levers imposed on a day, by dotted name."""
        day = arguments.date("day", day)
        in_force = (one for one in self.interventions if _covers(one.within(self.start, self.end), day))
        return {one.lever: one.value for one in in_force}

    def change(self, changes: Mapping[str, Any], *, title: str | None = None) -> "Scenario":
        """Return another scenario with some parameters or levers changed.

        changes: dotted name to value. A lever's value replaces every intervention on it, for the whole run; as text
        with dates ("5000@2020-03-10..2020-04-15", either may be left out) only on those days.
        Raises InputError for unknown names, and for values of a wrong type or out of bounds.
        """
        return self._changed(arguments.table("changes", changes, "values by name").items(), title)

    def with_settings(self, lines: Iterable[str], *, title: str | None = None) -> "Scenario":
        """Return another scenario from settings: "taliban.leverage=0.5", "kabul.ghani.offer=5000@2020-03-10..".

        They are applied in turn, so one lever may be set for several periods. Raises InputError.
        """
        return self._changed([_setting(line) for line in arguments.items("lines", lines, "settings")], title)

    def _changed(self, changes: Iterable[tuple[str, Any]], title: str | None) -> "Scenario":
        given, found, shown = dict(self.parameters), list(self.interventions), []
        if title is not None:
            arguments.text("title", title)
        for name, raw in changes:
            value = arguments.plain(raw)
            shown.append(f"{name} = {one_line(value) if isinstance(value, str) else show(value)}")
            if setting_names.is_lever(name):
                found = self._impose(found, name, value)
            else:
                given[name] = setting_names.validate(name, value)
        if not shown and title is None:
            return self
        words = ", ".join(shown) if len(shown) <= FEW else f"{len(shown)} changes"
        origin = self.name.removesuffix("-changed")
        return replace(
            self,
            title=(f"{self.title}: {words}" if title is None else title)[: LONGEST["title"]],
            name=f"{origin}-changed" if origin else "",
            base=origin or self.base,
            parameters=given,
            interventions=tuple(found),
            file=None,
        )

    def _impose(self, found: list[Intervention], name: str, value: Any) -> list[Intervention]:
        """Return the interventions with one more, which replaces others on its lever on its own days."""
        new = read_dated(name, value) if isinstance(value, str) else Intervention(name, value)
        check_inside(new, self.start, self.end)
        left = [
            part for one in found for part in (one.subtract(new, self.start, self.end) if one.lever == name else [one])
        ]
        return [*left, new]

    def with_dates(self, start: dt.date | None = None, end: dt.date | None = None) -> "Scenario":
        """Return the same scenario over other days, with its interventions clipped to those days.

        Raises InputError for dates in the wrong order, too far apart or out of bounds.
        """
        start, end = (
            own if day is None else arguments.date(key, day)
            for key, day, own in (("start", start, self.start), ("end", end, self.end))
        )
        check_days(start, end)
        parts = (one.clip(start, end) for one in self.interventions)
        return replace(self, start=start, end=end, interventions=tuple(part for part in parts if part))

    def canonical(self) -> dict[str, Any]:
        """Return the canonical form of the scenario's effects: sorted, ready for JSON, without texts and defaults.

        Overrides that equal the catalogue's value are left out; interventions have dates and are merged where
        one follows another with the same value.
        """
        known = parameters.catalogue()
        given = {n: _jsonable(v) for n, v in sorted(self.parameters.items()) if v != known[n].value}
        imposed = [
            {"lever": one.lever, "value": one.value, "from": str(one.start), "until": str(one.until)}
            for one in merge_interventions(self.interventions, self.start, self.end)
        ]
        form = {"start": str(self.start), "end": str(self.end)}
        parts = {"parameters": given, "interventions": imposed, "run": dict(sorted(self.run.items()))}
        return form | {key: part for key, part in parts.items() if part}

    def hash(self) -> str:
        """SHA-256 of the canonical form as JSON, 64 hexadecimal digits."""
        return self._hash

    @cached_property
    def _hash(self) -> str:
        text = json.dumps(self.canonical(), sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def to_toml(self) -> str:
        """Return a complete scenario file, without a base, from which an equal scenario is read."""
        return write_toml(_head(self) | _tables(self))


def check_days(start: Any, end: Any) -> None:
    """Raise InputError unless [start, end) is between 1 and LONGEST_RUN days, all within the allowed dates."""
    for key, day in (("start", start), ("end", end)):
        validation.with_path(key, validation.date, day, EARLIEST, LATEST)
    if end <= start:
        problem = f"must be after the start, {start}"
        raise InputError(problem, path="end", value=end, expected=(start + dt.timedelta(days=1), LATEST))
    if (end - start).days > LONGEST_RUN:
        problem = f"makes a run of {(end - start).days} days"
        raise InputError(problem, path="end", value=end, expected=f"1 to {LONGEST_RUN} days")


def check_interventions(given: Any) -> tuple[Intervention, ...]:
    """Return a list of interventions. Raises InputError for anything else."""
    found = arguments.items("interventions", given, "interventions")
    return tuple(arguments.instance("interventions", one, Intervention, "an Intervention") for one in found)


def check_scenario(given: Any) -> None:
    """Raise InputError for anything that is not a Scenario, such as the name of one."""
    if not isinstance(given, Scenario):
        raise InputError("must be a Scenario: sim.load_scenario(...) returns one", path="scenario", value=given)


def check_same_days(scenarios: Iterable[Scenario]) -> tuple[Scenario, ...]:
    """Return the scenarios. Raises InputError unless there are some and all cover the same days."""
    scenarios = arguments.items("scenarios", scenarios, "scenarios")
    if not scenarios:
        raise InputError("no scenarios to run")
    for one in scenarios:
        check_scenario(one)
    one = scenarios[0]
    for other in scenarios:
        if (one.start, one.end) != (other.start, other.end):
            days = f"{one.name} runs from {one.start} to {one.end}, {other.name} from {other.start} to {other.end}"
            raise InputError(f"only runs over the same days can be compared: {days}")
    return scenarios


def validate_run(worlds: Any, seed: Any) -> tuple[int, int]:
    """Return both as an int. Raises InputError, with the bounds, for worlds or a seed that cannot be run."""
    found = check_run({"worlds": worlds, "seed": seed})
    return found["worlds"], found["seed"]


def check_first(first: Any) -> int:
    """Return the number of a first world as an int. Raises InputError."""
    return arguments.whole("first", first, 0, LAST_WORLD)


def check_run(run: Mapping[str, Any]) -> dict[str, int]:
    """Return worlds and seed, as far as given. Raises InputError for other keys, types and values out of bounds."""
    bounds = {"worlds": (1, MOST_WORLDS, "worlds"), "seed": (0, LARGEST_SEED, "")}
    found = {}
    for key, value in arguments.table("run", run, "worlds and seed").items():
        if key not in bounds:
            raise InputError("no such key", path=f"run.{key}", value=value, nearest=nearest(key, bounds))
        found[key] = arguments.whole(f"run.{key}", value, *bounds[key])
    return found


def _setting(line: str) -> tuple[str, Any]:
    """Return name and value of "name=value". A lever's value remains text, because it may contain dates."""
    arguments.text("setting", line)
    name, equals, words = (part.strip() for part in line.partition("="))
    if not equals or not name or not words:
        raise InputError("not a setting", value=line, expected="name=value, or lever=value@from..until")
    known = parameters.catalogue().get(name)
    stays = setting_names.is_lever(name) or (known is not None and known.type == "choice")
    return name, words if stays else validation.parse_scalar(words)


def _covers(days: tuple[dt.date, dt.date], day: dt.date) -> bool:
    return days[0] <= day < days[1]


def _jsonable(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _head(scenario: Scenario) -> dict[str, Any]:
    """The keys at the top of a scenario's file, without those that are empty."""
    words = {key: getattr(scenario, key) for key in ("title", "question", "notes") if getattr(scenario, key)}
    names = {key: list(getattr(scenario, key)) for key in ("rests_on", "watch") if getattr(scenario, key)}
    return words | names | {"start": scenario.start, "end": scenario.end}


def _tables(scenario: Scenario) -> dict[str, Any]:
    """Return the parameters under [set], by name, worlds and seed under [run], and the interventions."""
    tables = {"set": scenario.parameters, "run": scenario.run}
    found: dict[str, Any] = {name: dict(sorted(content.items())) for name, content in tables.items() if content}
    blocks = [_block(one) for one in scenario.interventions]
    return found | ({"interventions": blocks} if blocks else {})


def _block(one: Intervention) -> dict[str, Any]:
    """Return the keys of one intervention, without empty ones."""
    days = {key: day for key, day in (("from", one.start), ("until", one.until)) if day is not None}
    words = {key: text for key, text in (("why", one.why), ("source", one.source)) if text}
    return {"lever": one.lever, "value": one.value} | days | words
