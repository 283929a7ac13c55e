"""reasons(): one world run again with a record of what each decision and milestone rested on, day by day.

The world is the same to the last bit as in a plain run: the record only looks at what the model has computed. Nothing
is recorded in a run of many worlds, so that it costs nothing there.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.analysis.reasons.rules import RuleText, rule_book
from sim.analysis.removals import EVERY_SET, Days, first_days
from sim.analysis.world_history import History, histories
from sim.engine.model import PeaceProcess
from sim.engine.situation import Situation
from sim.errors import InputError
from sim.inputs.scenario import MOST_WORLDS, Scenario, check_scenario, validate_run
from sim.runs.parameter_sampling import check_readable
from sim.schema import arguments
from sim.schema.assumptions import DEFAULT_ASSUMPTIONS, Assumptions
from sim.schema.calendar import Calendar
from sim.schema.decisions import DECISIONS, levers
from sim.schema.milestones import MILESTONES, NEVER
from sim.schema.series import CONDITIONS

Array = npt.NDArray[Any]

DEGREES: Final = dict(zip(("prisoners", "delegation", "taliban", "tolerable", "guarantee"), CONDITIONS, strict=True))
MOODS: Final = ("taliban", "ghani", "abdullah")


@dataclass(frozen=True, slots=True)
class Input:
    """Something that a rule has read, with its value on that day."""

    name: str
    label: str
    value: float | bool
    unit: str


@dataclass(frozen=True, slots=True)
class Draw:
    """A random number that a rule has used, uniform between 0 and 1. stream: its name."""

    stream: str
    value: float


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was decided or reached on a day.

    kind: "decision" or "milestone"; value: what was decided, and before: the day before, None on the first day and for
    a milestone; on_record: the reason of a milestone; imposed: by the scenario, so that the rule was not asked.
    """

    date: dt.date
    kind: str
    name: str
    label: str
    actor: str
    rule: str
    value: float | bool | None
    before: float | bool | None
    unit: str
    on_record: str
    imposed: bool
    inputs: tuple[Input, ...]
    draws: tuple[Draw, ...]


@dataclass(frozen=True)
class Reasons:
    """The record of one world. days: every measure and lever by name, (days,); draws: by stream, (days,).

    history: of the same run; imposed: levers by day; degrees: how far each condition for talks was met, (days,
    conditions); talks_due: the day on which talks are due; opening_days: their mean days to open, once every condition
    is met for everybody.
    """

    history: History
    days: Mapping[str, Array]
    draws: Mapping[str, Array]
    degrees: Array
    imposed: tuple[frozenset[str], ...]
    talks_due: int
    opening_days: float

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.history.scenario

    @property
    def calendar(self) -> Calendar:
        """The days of the run."""
        return self.history.results.calendar

    @property
    def milestone_day(self) -> dict[str, int]:
        """The day of each milestone, NEVER for never."""
        return {name: int(day[0]) for name, day in self.history.results.milestone_day.items()}

    @property
    def milestone_reason(self) -> dict[str, int]:
        """The index of the reason on record for each milestone."""
        return {name: int(reason[0]) for name, reason in self.history.results.milestone_reason.items()}

    def removals(self) -> Days:
        """Return the day on which talks open without each set of conditions, or NEVER, (sets, 1), as in `Removals`."""
        if not self.history.scenario.resolved()["agreement.signed"]:
            return np.full((EVERY_SET, 1), NEVER, np.int32)
        luck = self.draws["talks.open"][:, None]
        return first_days(self.degrees[:, :, None], luck, self.talks_due, self.opening_days)

    def decision(self, lever: str, date: dt.date) -> Reason:
        """Return why a lever had its value on a date. Raises InputError for an unknown lever or a date outside."""
        arguments.known("lever", lever, levers(), "no such lever")
        date = arguments.date("date", date)
        if date not in self.calendar:
            bounds = (self.scenario.start, self.scenario.end - dt.timedelta(days=1))
            raise InputError("outside the run", path="date", value=date, expected=bounds)
        return self._decision(lever, self.calendar.index(date))

    def changes(self, lever: str) -> list[Reason]:
        """Return why a lever changed, on the first day and on each day with another value. Raises InputError."""
        arguments.known("lever", lever, levers(), "no such lever")
        values = self.days[lever]
        turns = [0, *(int(day) + 1 for day in np.flatnonzero(np.diff(values.astype(np.float32))))]
        return [self._decision(lever, day) for day in turns]

    def milestone(self, name: str) -> Reason | None:
        """Return why a milestone was reached, None for never. Raises InputError for an unknown name."""
        arguments.known("milestone", name, MILESTONES, "no such milestone")
        day = self.milestone_day[name]
        if day == NEVER:
            return None
        one, rule = MILESTONES[name], rule_book().milestones[name]
        why = one.reasons[self.milestone_reason[name]]
        imposed = "scenario" in why
        return self._reason("milestone", name, one.label, rule, day, why=why, imposed=imposed)

    def milestones(self) -> list[Reason]:
        """Return why each milestone was reached, by date."""
        found = [one for one in (self.milestone(name) for name in MILESTONES) if one is not None]
        return sorted(found, key=lambda one: one.date)

    def _decision(self, lever: str, day: int) -> Reason:
        """Return why a lever had its value on a day."""
        rule, label = rule_book().decisions[lever], levers()[lever].label
        return self._reason("decision", lever, label, rule, day, why="", imposed=lever in self.imposed[day])

    def _reason(self, kind: str, name: str, label: str, rule: RuleText, day: int, *, why: str, imposed: bool) -> Reason:
        """Return a reason with the values of the day."""
        decided = kind == "decision"
        values = self.days[name] if decided else None
        return Reason(
            date=self.calendar.date(day),
            kind=kind,
            name=name,
            label=label,
            actor=rule.actor,
            rule=rule.rule,
            value=None if values is None else values[day].item(),
            before=None if values is None or not day else values[day - 1].item(),
            unit=levers()[name].unit if decided else "",
            on_record=why,
            imposed=imposed,
            inputs=() if imposed and decided else tuple(self._input(one, day) for one in rule.inputs),
            draws=() if imposed else tuple(Draw(one, float(self.draws[one][day])) for one in rule.draws),
        )

    def _input(self, name: str, day: int) -> Input:
        """Return the value of a measure or a lever on a day."""
        known = rule_book().measures.get(name) or levers()[name]
        return Input(name, known.label, self.days[name][day].item(), known.unit)


def reasons(
    scenario: Scenario, world: int = 0, seed: int = 0, *, assumptions: Assumptions = DEFAULT_ASSUMPTIONS
) -> Reasons:
    """Run one world with a record of its reasons. Raises InputError for a world, seed or assumptions out of bounds."""
    check_scenario(scenario)
    check_readable(assumptions)
    _, seed = validate_run(1, seed)
    world = arguments.whole("world", world, 0, MOST_WORLDS - 1)
    recorder = _Recorder()
    (past,) = histories([scenario], world, seed, assumptions=assumptions, each_day=recorder.write)
    return recorder.close(past)


class _Recorder:
    """Looks at a model of one world after each day."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Any]] = {name: [] for name in (*rule_book().measures, *levers())}
        self.drawn: dict[str, list[float]] = {}
        self.degrees: list[Array] = []

    def write(self, model: PeaceProcess) -> None:
        """Record the day that was just simulated: what the actors saw, decided and drew, and their moods."""
        self.model = model
        for actor in DECISIONS:
            decision = model.state.decisions[actor]
            for field in fields(decision):
                self._add(f"{actor}.{field.name}", getattr(decision, field.name))
        for name, stream in model.streams.streams.items():
            if stream.members == 1:
                self.drawn.setdefault(name, []).append(float(stream.latest[0, 0]))
        self.degrees.append(model.talks.degrees[:, 0])
        for name, degree in zip(DEGREES, self.degrees[-1], strict=True):
            self._add(name, degree)
        for name in MOODS:
            self._add(f"mood_{name}", getattr(model, name).mood.value)
        self._add("patience", model.us.patience)
        self._observed(model.situation)

    def _observed(self, s: Situation) -> None:
        """Add what the actors saw."""
        for one in fields(s):
            value = getattr(s, one.name)
            if one.name == "trust":
                for pair, level in value.items():
                    self._add(f"trust_{pair}", level)
            else:
                self._add(one.name, value)

    def _add(self, name: str, value: Any) -> None:
        """Add the day's value of a measure, if a rule reads it."""
        if name in self.rows:
            self.rows[name].append(np.asarray(value).reshape(-1)[0])

    def close(self, past: History) -> Reasons:
        """Return the record. past: the history of the run."""
        talks = self.model.talks
        return Reasons(
            history=past,
            days={name: np.array(row) for name, row in self.rows.items()},
            draws={name: np.array(row, np.float32) for name, row in self.drawn.items()},
            degrees=np.stack(self.degrees),
            imposed=tuple(frozenset(day) for day in self.model.imposed),
            talks_due=talks.due,
            opening_days=np.float32(talks.p.opening_days).reshape(-1)[0],
        )
