"""Experiments: several runs of the same worlds that differ in settings, stepped together in one model.

The worlds of a model differ in their random numbers. Experiments differ in their settings as well: the points of a
design, the groups of a class, a scenario without each of its decisions. Experiment e in world k is column
e * worlds + k and has the random numbers of world k, so that one call runs them all and effects are still paired.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.inputs.parameters import ParameterSet
from sim.schema.decisions import Imposed

if TYPE_CHECKING:
    from sim.inputs.scenario import Scenario

Array = npt.NDArray[Any]
Day = Mapping[str, Imposed]


@dataclass(frozen=True)
class Experiments:
    """The number of experiments, and what differs between them.

    parameters: numbers may differ by column, (number * worlds,); imposed: the levers imposed on each day.
    """

    number: int
    parameters: ParameterSet
    imposed: tuple[Day, ...]

    @classmethod
    def of_scenario(cls, scenario: "Scenario", parameters: ParameterSet | None = None) -> "Experiments":
        """Return the single experiment of a scenario."""
        imposed = imposed_by_day([scenario], lambda day: {n: Imposed(v) for n, v in scenario.imposed(day).items()})
        return cls(1, scenario.resolved() if parameters is None else parameters, imposed)

    @classmethod
    def of_scenarios(
        cls, scenarios: Sequence["Scenario"], worlds: int, parameters: Sequence[ParameterSet]
    ) -> "Experiments":
        """Return one experiment per scenario over so many worlds. All cover the same days.

        parameters: of each scenario, scalars or (worlds,). Raises ValueError if values other than numbers differ.
        """

        def imposed(day: dt.date) -> Day:
            return _together([scenario.imposed(day) for scenario in scenarios], worlds)

        return cls(len(scenarios), _stacked(parameters, worlds), imposed_by_day(scenarios, imposed))


def imposed_by_day(scenarios: Sequence["Scenario"], imposed: Callable[[dt.date], Day]) -> tuple[Day, ...]:
    """Return what is imposed on every day of the run, evaluated only when an intervention begins or ends."""
    first = scenarios[0]
    turns = {d for s in scenarios for one in s.interventions for d in one.within(s.start, s.end)}
    found: list[Day] = []
    for number in range(first.days):
        day = first.start + dt.timedelta(days=number)
        found.append(imposed(day) if number == 0 or day in turns else found[-1])
    return tuple(found)


def _together(each: Sequence[Mapping[str, float | bool]], worlds: int) -> Day:
    """Return what several scenarios impose on one day: values, and the columns of those that impose any."""
    names = dict.fromkeys(name for imposed in each for name in imposed)
    found = {}
    for name in names:
        given = np.array([name in imposed for imposed in each])
        values = np.array([imposed.get(name, 0) for imposed in each])
        alike = given.all() and (values == values[0]).all()
        found[name] = (
            Imposed(values[0].item())
            if alike
            else Imposed(np.repeat(values, worlds), True if given.all() else np.repeat(given, worlds))
        )
    return found


def _stacked(each: Sequence[ParameterSet], worlds: int) -> ParameterSet:
    """Return one set of parameters, with one value per column where the scenarios differ. Raises ValueError."""
    if len(each) == 1:
        return each[0]
    return ParameterSet({name: _column(name, [p.values[name] for p in each], worlds) for name in each[0].values})


def _column(name: str, values: Sequence[Any], worlds: int) -> Any:
    first = values[0]
    if not any(isinstance(value, np.ndarray) for value in values) and all(value == first for value in values):
        return first
    if not all(isinstance(value, float | np.ndarray) for value in values):
        raise ValueError(f"{name} differs between experiments and is not a number")
    column = np.concatenate([np.broadcast_to(np.asarray(value, np.float32), worlds) for value in values])
    column.flags.writeable = False
    return column
