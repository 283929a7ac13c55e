"""The full history of one world, by province, broker and class of prisoners: too much data to keep for many worlds.

World k of a seed is the same whether it runs alone or among thousands, so its history describes exactly the world
that a chart or table of many worlds shows.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.engine.experiments import Experiments
from sim.engine.model import PeaceProcess
from sim.inputs.parameters import ParameterSet
from sim.inputs.scenario import MOST_WORLDS, Scenario, check_same_days, validate_run
from sim.results.results import Results
from sim.runs.parameter_sampling import world_parameters
from sim.schema import validation
from sim.schema.assumptions import DEFAULT_ASSUMPTIONS, Assumptions
from sim.schema.calendar import WEEK
from sim.schema.decisions import DECISIONS, levers
from sim.schema.milestones import MILESTONES, NEVER
from sim.schema.outcomes import DAY, OUTCOMES
from sim.schema.series import SERIES

Array = npt.NDArray[Any]

COUNTS: Final = ("attacks", "offensives", "airstrikes", "security_forces_killed", "taliban_killed", "returned")

# The outcomes by which worlds are compared; a typical world is close to the medians of all of them.
DISTINGUISHING: Final = (
    "attacks", "security_forces_killed", "taliban_killed", "prisoners_released", "returned_to_fighting",
    "us_troops", "kabul_cohesion", "day_first_release", "day_power_shared", "day_talks_open", "day_settlement",
)  # fmt: skip


@dataclass(frozen=True)
class History:
    """The full history of one world; days are the first axis of every array.

    results: the world's daily series and milestones; by_front: events of each day and front, (days, fronts), by one
    of COUNTS; fighters: at the end of the day, (days, fronts); lean: from Abdullah (-1) to Ghani (+1), (days,
    brokers); conviction: what a broker believes, on the same scale, (brokers,); decisions: what was decided or
    imposed, (days,) by lever; grounds: the strongest reason for a review on that day, an index into the reasons of
    the milestone `suspension`, (days,); ready: people on the list by readiness, (3,): sign on their own, sign if the
    leadership allows, never sign; freed: how many of them are released so far, (days, 3). All arrays are read-only.
    """

    results: Results
    by_front: Mapping[str, Array]
    fighters: Array
    lean: Array
    conviction: Array
    decisions: Mapping[str, Array]
    grounds: Array
    ready: Array
    freed: Array

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.results.scenario

    @property
    def world(self) -> int:
        """The number of the world."""
        return self.results.first

    @property
    def seed(self) -> int:
        """The seed of the random numbers."""
        return self.results.seed

    @property
    def dates(self) -> Array:
        """Every day, datetime64[D] (days,)."""
        return self.results.dates

    @cached_property
    def daily(self) -> Mapping[str, Array]:
        """Every daily series of this world, float32 (days,)."""
        return MappingProxyType({name: values[0] for name, values in self.results.arrays.items()})

    def parameter(self, name: str) -> Any:
        """Return this world's own value of a parameter. Raises KeyError for an unknown name."""
        own = self.results.drawn.get(name)
        return self.scenario.resolved()[name] if own is None else own.item()

    def milestone(self, name: str) -> dt.date | None:
        """Return the date of a milestone; None for never. Raises KeyError for an unknown name."""
        day = int(self.results.milestone_day[name][0])
        return None if day == NEVER else self.results.calendar.date(day)

    def weekly(self, name: str) -> Array:
        """Return events per week and front, (weeks, fronts); the last week may be short. Raises KeyError if unknown."""
        starts = np.arange(0, self.results.days, WEEK)
        return np.asarray(np.add.reduceat(self.by_front[name], starts, axis=0))


def history(
    scenario: Scenario, world: int = 0, seed: int = 0, *, assumptions: Assumptions = DEFAULT_ASSUMPTIONS
) -> History:
    """Run one world and return its history. Raises InputError for a world, seed or assumptions out of bounds."""
    return histories([scenario], world, seed, assumptions=assumptions)[0]


def histories(
    scenarios: Sequence[Scenario],
    world: int = 0,
    seed: int = 0,
    *,
    assumptions: Assumptions = DEFAULT_ASSUMPTIONS,
    each_day: Callable[[PeaceProcess], None] | None = None,
) -> list[History]:
    """Run one world under several scenarios at once and return each history, bit for bit as `history` returns it.

    each_day: called with the model after each day, which it must not change. Raises InputError for scenarios over
    different days, and for a world, seed or assumptions out of bounds, and ValueError for scenarios that differ in
    parameters that are not numbers.
    """
    validate_run(1, seed)
    validation.number(world, 0, MOST_WORLDS - 1, "worlds", whole=True)
    check_same_days(scenarios)
    parameters = [world_parameters(scenario, assumptions, seed, 1, world) for scenario in scenarios]
    experiments = Experiments.of_scenarios(scenarios, 1, parameters)
    model = PeaceProcess(scenarios[0], 1, seed, world, experiments=experiments, collect=False)
    diary = _HistoryRecorder(model)
    for _ in range(model.calendar.days):
        model.step()
        diary.write()
        if each_day is not None:
            each_day(model)
    return [
        diary.close(column, scenario, seed, assumptions, own)
        for column, (scenario, own) in enumerate(zip(scenarios, parameters, strict=True))
    ]


class _HistoryRecorder:
    """Records each day of a model of one world, with one column per experiment."""

    def __init__(self, model: "PeaceProcess") -> None:
        self.model = model
        self.conviction = model.brokers.conviction.copy()
        self.rows: dict[str, list[Array]] = {
            name: [] for name in (*COUNTS, "fighters", "lean", "freed", "grounds", *levers())
        }

    def write(self) -> None:
        """Record the day that was just simulated."""
        model = self.model
        for name in COUNTS:
            self.rows[name].append(model.by_front[name].copy())
        self.rows["fighters"].append(model.fronts.fighters.copy())
        self.rows["lean"].append(model.brokers.lean.copy())
        self.rows["freed"].append(model.prisoners.freed.copy())
        self.rows["grounds"].append(model.ghani.grounds.copy())
        for actor in DECISIONS:
            decision = model.state.decisions[actor]
            for field in decision.__dataclass_fields__:
                self.rows[f"{actor}.{field}"].append(np.array(getattr(decision, field)))

    def close(
        self, column: int, scenario: Scenario, seed: int, assumptions: Assumptions, parameters: ParameterSet
    ) -> History:
        """Return the history of one experiment over all days simulated. parameters: those of its world."""
        model, book = self.model, self.model.record.milestones
        one = slice(column, column + 1)
        daily = {name: model.record.daily[name][:, one].T for name in SERIES}
        days = {name: book.day[name][one] for name in MILESTONES}
        reasons = {name: book.reason[name][one] for name in MILESTONES}
        drawn = {
            name: value for name, value in parameters.values.items() if isinstance(value, np.ndarray) and value.shape
        }
        kept = {name: _frozen(np.stack([row[..., column] for row in rows])) for name, rows in self.rows.items()}
        return History(
            results=Results(scenario, seed, 1, model.first_world, assumptions, daily, days, reasons, drawn),
            by_front=MappingProxyType({name: kept[name] for name in COUNTS}),
            fighters=kept["fighters"],
            lean=kept["lean"],
            conviction=_frozen(self.conviction[:, column].copy()),
            decisions=MappingProxyType({name: kept[name] for name in levers()}),
            grounds=kept["grounds"],
            ready=_frozen(model.prisoners.class_size[:, column].copy()),
            freed=kept["freed"],
        )


def _frozen(array: Array) -> Array:
    array.flags.writeable = False
    return array


@dataclass(frozen=True, slots=True)
class NotableWorld:
    """A world selected among many, and the outcomes in which it differs from the others."""

    world: int
    distance: float  # from the medians, root mean square over the compared outcomes, in standard deviations
    marks: tuple["Deviation", ...]  # the outcomes in which it differs most, largest difference first


@dataclass(frozen=True, slots=True)
class Deviation:
    """One outcome of a world and the median of all worlds. For a date both are days from the start, NaN for never."""

    outcome: str
    label: str
    unit: str
    value: float
    median: float
    away: float  # standard deviations from the median


def typical_world(results: Results) -> NotableWorld:
    """Return the world closest to the medians of all compared outcomes; the first of several equal ones."""
    away = _away(results)
    return _single_out(results, away, int(np.argmin(_distance(away))))


def surprising_world(results: Results) -> NotableWorld:
    """Return the world furthest from the medians of all compared outcomes; the first of several equal ones."""
    away = _away(results)
    return _single_out(results, away, int(np.argmax(_distance(away))))


def _outcome(results: Results, name: str) -> Array:
    """Return an outcome of each world, float64 (worlds,); a date that never comes counts as the day after the run."""
    values = results.outcomes[name].values
    return np.where(np.isnan(values), results.days, values) if name.startswith(DAY) else values


def _away(results: Results) -> Array:
    """Return the distance of each world from the median, in standard deviations, (outcomes, worlds)."""
    rows = np.stack([_outcome(results, name) for name in DISTINGUISHING])
    spread = rows.std(axis=1, keepdims=True)
    return np.asarray((rows - np.median(rows, axis=1, keepdims=True)) / np.where(spread > 0, spread, 1))


def _distance(away: Array) -> Array:
    return np.asarray(np.sqrt((away**2).mean(axis=0)))


def _single_out(results: Results, away: Array, place: int) -> NotableWorld:
    """Return the record of the world at a position in the results."""
    order = np.argsort(-np.abs(away[:, place]), kind="stable")
    marks = tuple(_mark(results, DISTINGUISHING[i], place, float(away[i, place])) for i in order)
    return NotableWorld(results.first + place, float(_distance(away)[place]), marks)


def _mark(results: Results, name: str, place: int, away: float) -> Deviation:
    """Return an outcome of a world with the median of all worlds."""
    found, outcome = _outcome(results, name), OUTCOMES[name]
    median = float(np.median(found))
    never = name.startswith(DAY)
    return Deviation(
        outcome=name,
        label=outcome.label,
        unit=outcome.unit,
        value=float(results.outcomes[name].values[place]),
        median=float("nan") if never and median >= results.days else median,
        away=away,
    )
