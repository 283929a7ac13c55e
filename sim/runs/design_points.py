"""Settings that differ between the points of a design: how they are read, checked and passed to the model by day."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.engine.experiments import Day, imposed_by_day
from sim.errors import InputError
from sim.inputs import setting_names
from sim.inputs.intervention import Intervention, check_inside, check_no_overlap, read_dated, sort_interventions
from sim.inputs.parameters import catalogue
from sim.inputs.scenario import Scenario
from sim.schema import arguments, validation
from sim.schema.decisions import Imposed, levers

Array = npt.NDArray[Any]

_NUMBERS: Final = "biuf"  # NumPy's kinds: yes or no, whole numbers, floats
VARIABLE: Final = ("float", "int", "bool")  # types of parameters that a design may vary


@dataclass(frozen=True)
class PointSettings:
    """The settings of each point of a design.

    numbers: parameters that may differ within one model; others: those that may not (whole numbers and flags);
    orders: levers, each with the days on which it is imposed; all with one value per point, (points,).
    """

    points: int
    numbers: Mapping[str, Array]
    others: Mapping[str, Array]
    orders: tuple[tuple[Intervention, Array], ...]

    def kinds(self) -> list[tuple[Any, ...]]:
        """Return each point's values of the settings that may not differ within one model."""
        return [tuple(values[point] for values in self.others.values()) for point in range(self.points)]

    def scenario(self, base: Scenario, point: int) -> Scenario:
        """Return one point as a scenario. Raises InputError."""
        changes = {name: typed(name, values[point]) for name, values in {**self.numbers, **self.others}.items()}
        found = base.change(changes)
        for one, values in self.orders:
            found = found.with_settings([setting(one, typed(one.lever, values[point]))])
        return found

    def imposed(self, point: Scenario, places: Sequence[int], worlds: int) -> tuple[Day, ...]:
        """Return what is imposed on each day at several points. point: the first of them as a scenario."""
        columns = [(one, np.repeat(values[places], worlds)) for one, values in self.orders]

        def on(day: dt.date) -> Day:
            found = {name: Imposed(value) for name, value in point.imposed(day).items()}
            for one, column in columns:
                low, high = one.within(point.start, point.end)
                if low <= day < high:
                    found[one.lever] = Imposed(column)
            return found

        return imposed_by_day([point], on)


def read_varied(scenario: Scenario, given: Mapping[str, Array]) -> PointSettings:
    """Return the settings of a design over a scenario.

    given: see `sim.runs.runner.run_points`. Raises InputError for an unknown name, a value out of bounds (with its
    point), dates outside the run or on a parameter, settings that share a day, and arrays of different lengths.
    """
    given = {key: _column(key, values) for key, values in arguments.table("settings", given, "values by name").items()}
    points = _points(given)
    numbers: dict[str, Array] = {}
    others: dict[str, Array] = {}
    orders: list[tuple[Intervention, Array]] = []
    for key, values in given.items():
        one = _read(scenario, key, values)
        if isinstance(one, Intervention):
            orders.append((one, values))
        else:
            (numbers if catalogue()[key].type == "float" else others)[key] = values
    check_no_overlap(
        sort_interventions((one for one, _ in orders), scenario.start, scenario.end), scenario.start, scenario.end
    )
    return PointSettings(points, numbers, others, tuple(orders))


def _column(key: str, values: Any) -> Array:
    """Return the values of a setting as an array of numbers, (points,). Raises InputError for anything else."""
    if hasattr(values, "__array__"):
        values = np.asarray(values)
        if values.dtype.kind in _NUMBERS:
            return values
    expected = "one number per point"
    given = arguments.items(key, values, "numbers, one per point")
    for value in given:
        if not isinstance(validation.as_python(value), bool | int | float):
            problem = f"must be numbers, not {validation.kind_of(value)}"
            raise InputError(problem, path=key, value=value, expected=expected)
    try:
        return np.asarray(given, np.float64)
    except OverflowError:
        raise InputError("must be numbers, not so large", path=key, expected=expected) from None


def _points(given: Mapping[str, Array]) -> int:
    """Return the number of points; one if nothing differs. Raises InputError."""
    sizes = {key: np.shape(values) for key, values in given.items()}
    for key, shape in sizes.items():
        if len(shape) != 1 or not shape[0] or shape != next(iter(sizes.values())):
            raise InputError("must have one value per point, as many as the other settings", path=key, value=shape)
    return next(iter(sizes.values()))[0] if sizes else 1


def _read(scenario: Scenario, key: str, values: Array) -> Intervention | None:
    """Return a lever's days, with the first point's value, or None for a parameter; every value is checked."""
    name, at, days = key.partition("@")
    for value in np.unique(values):  # NaN sorts last and is rejected like any wrong value
        setting_names.validate(name, typed(name, value))
    if not setting_names.is_lever(name):
        if at:
            raise InputError("is a parameter and cannot have dates", path=name, value=key)
        return None
    one = read_dated(name, f"{_words(typed(name, values[0]))}{at}{days}")
    check_inside(one, scenario.start, scenario.end)
    return one


def typed(name: str, value: Any) -> Any:
    """Return a design's number in the type of the setting: a flag as a boolean, a whole number as an int.

    Raises InputError for a flag that is neither 0 nor 1, and for a parameter that is not a number.
    """
    kind = "bool" if setting_names.is_lever(name) and levers()[name].flag else "float"
    if name in catalogue():
        kind = catalogue()[name].type
        if kind not in VARIABLE:
            raise InputError(f"is a {kind}, which a design cannot vary", path=name)
    number = float(value)
    if kind == "bool":
        if number not in (0, 1):
            raise InputError("must be 0 for no or 1 for yes", path=name, value=number)
        return bool(number)
    return int(number) if kind == "int" and number.is_integer() else number


def setting(one: Intervention, value: Any) -> str:
    """Return an intervention with another value, as a command-line setting."""
    days = "" if one.start is None and one.until is None else f"@{one.start or ''}..{one.until or ''}"
    return f"{one.lever}={_words(value)}{days}"


def _words(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)
