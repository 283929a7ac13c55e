"""The parameters of the model: one record each with value, unit, bounds, kind and reason; and sets of values.

A catalogue contains the record of each parameter. A `ParameterSet` contains the values of one run: the catalogue's,
with some overridden, and the derived ones calculated from the rest.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.errors import InputError, nearest
from sim.inputs.facts import fact_values
from sim.inputs.formula import Formula, read_formula
from sim.inputs.parameter import Parameter
from sim.inputs.parameter_reader import read_parameters
from sim.schema.frozen_map import FrozenMap

FILE: Final = Path(__file__).with_name("parameters.toml")


class Catalogue(FrozenMap[Parameter]):
    """Every parameter by its dotted name, in the order of the file, and the order in which to derive them."""

    __slots__ = ("_steps",)

    def __init__(self, parameters: Mapping[str, Parameter]) -> None:
        """Check every formula. Raises InputError for an unknown name or a circular dependency."""
        super().__init__(parameters)
        object.__setattr__(self, "_steps", _steps(self))

    @property
    def steps(self) -> tuple[tuple[str, Formula], ...]:
        """The derived parameters, each after those that it depends on."""
        steps: tuple[tuple[str, Formula], ...] = self._steps  # type: ignore[attr-defined]
        return steps

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how to pickle it: by its content."""
        return Catalogue, (dict(self),)


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Return every parameter of the model; the file is read once. Raises InputError if the file is wrong."""
    return read_catalogue(FILE)


def read_catalogue(path: Path) -> Catalogue:
    """Return the parameters of a file. Raises InputError with the file for any invalid entry."""
    try:
        return Catalogue(read_parameters(path))
    except InputError as error:
        raise error.at(file=path.name) from None


class Group:
    """The parameters of one group, read as attributes: `p.leverage`. Read-only."""

    def __init__(self, name: str, values: Mapping[str, Any]) -> None:
        self.__dict__.update(values)
        self.__dict__["_name"] = name

    def __setattr__(self, name: str, value: Any) -> None:
        """Always raise AttributeError."""
        raise AttributeError(f"cannot set {name}: parameters do not change during a run")

    def __delattr__(self, name: str) -> None:
        """Always raise AttributeError."""
        raise AttributeError(f"cannot delete {name}: parameters do not change during a run")

    def __getattr__(self, name: str) -> Any:
        """Raise AttributeError; Python calls this only for an unknown name."""
        if name.startswith("__"):
            raise AttributeError(name)
        own = [key for key in self.__dict__ if key != "_name"]
        hint = nearest(name, own)
        group = self.__dict__.get("_name", "")
        raise AttributeError(f"no parameter {group}.{name}" + (f"; did you mean {hint}?" if hint else ""))

    def __repr__(self) -> str:
        """Return the group's name and its values."""
        values = ", ".join(f"{key}={value!r}" for key, value in self.__dict__.items() if key != "_name")
        return f"Group({self.__dict__.get('_name')}: {values})"


class ParameterSet:
    """The values of every parameter in one run. Make one with `resolve`.

    values: a float (or int, bool, date or text, according to the type), or float32 of shape (worlds,), by dotted
    name; read-only.
    """

    __slots__ = ("_groups", "values")

    values: FrozenMap[Any]
    _groups: dict[str, Group]

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = FrozenMap(values)
        leaves: dict[str, dict[str, Any]] = {}
        for name, value in values.items():
            group, _, leaf = name.rpartition(".")
            leaves.setdefault(group, {})[leaf] = constant(value) if isinstance(value, float) else value
        self._groups = {name: Group(name, group) for name, group in leaves.items()}

    @classmethod
    def resolve(cls, overrides: Mapping[str, Any] | None = None, known: Catalogue | None = None) -> "ParameterSet":
        """Return every parameter's value: the catalogue's, the override, or the result of its formula.

        overrides: dotted name to a scalar, or to an array of shape (worlds,) for a number. An override of a
        derived parameter takes precedence over its formula. known: the catalogue, by default the model's own.
        Raises InputError for an unknown name, a wrong type, a value or a derived value out of bounds, and
        arrays of different lengths.
        """
        records = catalogue() if known is None else known
        overrides = overrides or {}
        for name in overrides:
            if name not in records:
                raise InputError("no such parameter", path=name, value=overrides[name], nearest=nearest(name, records))
        given = {name: records[name].check(value) for name, value in overrides.items()}
        _one_width(given)
        if known is None and not any(isinstance(value, np.ndarray) for value in given.values()):
            return _of_scalars(tuple(given.items()))
        return cls(_resolved(given, records))

    def group(self, name: str) -> Group:
        """Return the parameters directly inside a group, as attributes. Raises InputError for an unknown group."""
        try:
            return self._groups[name]
        except KeyError:
            hint = nearest(name, self._groups)
            raise InputError("no such group of parameters", path=name, nearest=hint) from None

    def __getitem__(self, name: str) -> Any:
        """Return the value of a parameter by its dotted name. Raises KeyError."""
        return self.values[name]


@lru_cache(maxsize=64)
def _of_scalars(given: tuple[tuple[str, Any], ...]) -> ParameterSet:
    """Return the set of values with some of them given, checked; kept, because scenarios are asked for theirs often."""
    return ParameterSet(_resolved(dict(given), catalogue()))


def _resolved(given: Mapping[str, Any], records: Catalogue) -> dict[str, Any]:
    """Return every parameter's value by name. given: overrides, checked. Raises InputError as `resolve` does."""
    values = {name: given.get(name, parameter.value) for name, parameter in records.items()}
    reading = values | fact_values()
    for name, formula in records.steps:
        if name not in given:
            values[name] = reading[name] = _derive(records[name], formula, reading)
    return values


def constant(value: float) -> npt.NDArray[np.float32]:
    """Return a number as the rules use it: float32, so that a number and an array of it give the same bits.

    It is a read-only array without axes, with which NumPy calculates twice as fast as with Python's numbers.
    """
    number = np.array(value, np.float32)
    number.flags.writeable = False
    return number


def _derive(parameter: Parameter, formula: Formula, values: Mapping[str, Any]) -> Any:
    try:
        return parameter.check(_whole(formula(values)) if parameter.type == "int" else formula(values))
    except InputError as error:
        problem = f"its formula {formula.text}: {error.problem}"
        raise InputError(problem, path=parameter.name, value=error.value, expected=error.expected) from error


def _whole(value: Any) -> Any:
    """Return the derived value of a whole-number parameter, rounded to the nearest integer."""
    return np.rint(value) if isinstance(value, np.ndarray) else round(value)


def _one_width(given: Mapping[str, Any]) -> None:
    """Raise InputError when two arrays differ in length."""
    widths = {name: len(value) for name, value in given.items() if isinstance(value, np.ndarray)}
    if len(set(widths.values())) > 1:
        name, other = min(widths, key=lambda n: widths[n]), max(widths, key=lambda n: widths[n])
        problem = f"has values for {widths[name]} worlds, but {other} for {widths[other]}"
        raise InputError(problem, path=name)


def _steps(known: Mapping[str, Parameter]) -> tuple[tuple[str, Formula], ...]:
    """Return the formulas, each after its inputs. Raises InputError for a circular dependency."""
    readable = {**dict.fromkeys(known), **dict.fromkeys(fact_values())}
    formulas = {p.name: _formula(p, readable) for p in known.values() if p.formula}
    order: dict[str, Formula] = {}
    waiting = dict(formulas)
    while waiting:
        ready = [name for name, formula in waiting.items() if not any(n in waiting for n in formula.names)]
        if not ready:
            name = next(iter(waiting))
            raise InputError(f"circular dependency with {', '.join(waiting)}", path=name, value=formulas[name].text)
        order.update((name, waiting.pop(name)) for name in ready)
    return tuple(order.items())


def _formula(parameter: Parameter, readable: Mapping[str, Any]) -> Formula:
    try:
        formula = read_formula(parameter.formula)
    except InputError as error:
        raise error.at(path=f"{parameter.name}.formula") from None
    for name in formula.names:
        if name not in readable:
            problem = f"no such parameter or fact: {name}"
            where = f"{parameter.name}.formula"
            raise InputError(problem, path=where, value=formula.text, nearest=nearest(name, readable))
    return formula
