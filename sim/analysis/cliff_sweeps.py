"""The settings that a search for cliffs changes, one at a time, and the values that each one takes.

An uncertain parameter is moved by a tenth of its plausible range down and up from the value that the scenario gives it.
A lever is imposed for the whole run at each twentieth of its range. A setting that is yes or no has no steps.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from sim.errors import InputError, nearest
from sim.inputs.parameter import Parameter
from sim.inputs.parameters import catalogue
from sim.inputs.scenario import Scenario
from sim.schema import arguments
from sim.schema.decisions import Lever, levers

Kind = Literal["parameter", "lever"]

WORLDS: Final = 256  # by default
PARTS: Final = 10  # a parameter is moved by one of so many equal parts of its range
STEPS: Final = 20  # of a lever over its range
_WANTED: Final = {"parameters": "uncertain parameter", "levers": "lever"}
_ANOTHER: Final = {"parameters": "is a lever, not a parameter", "levers": "is a parameter, not a lever"}
SMALLEST: Final = 1e-9  # of the range; a shorter way is none, because it comes from rounding


@dataclass(frozen=True)
class Sweep:
    """One setting and the values that it takes, each for the whole run, with the same worlds.

    values: in its own unit, in the order in which they are run. low, high: of its range. base: of a parameter, the
    value that the scenario gives it; None for a lever.
    """

    kind: Kind
    name: str
    label: str
    unit: str
    low: float
    high: float
    base: float | None
    values: tuple[float, ...]

    def part(self, start: float, end: float) -> float:
        """Return the way between two values as a share of the range, 0 or more."""
        return abs(end - start) / (self.high - self.low)


def parameter_sweeps(scenario: Scenario, names: Iterable[str] | None = None) -> list[Sweep]:
    """Return one sweep per uncertain parameter of a scenario, in the order of the catalogue.

    names: of parameters or of groups of them; None for all. Raises InputError for an unknown name and for a parameter
    without a range.
    """
    known = {name: one for name, one in catalogue().items() if _can_move(one)}
    given = scenario.resolved()
    return [parameter_sweep(known[name], given[name]) for name in _chosen("parameters", names, known)]


def lever_sweeps(names: Iterable[str] | None = None) -> list[Sweep]:
    """Return one sweep per lever that is a number, in the order of the actors.

    names: of levers or of groups of them; None for all. Raises InputError for an unknown name and for a lever that is
    yes or no.
    """
    known = {name: one for name, one in levers().items() if not one.flag}
    return [lever_sweep(known[name]) for name in _chosen("levers", names, known)]


def parameter_sweep(parameter: Parameter, base: float) -> Sweep:
    """Return the values of one parameter: a tenth of its range below and above `base`, without `base` itself.

    Where a tenth would leave the range, the value is the end of the range. A whole number moves by at least 1.
    """
    low, high = (float(end) for end in (parameter.range or (0.0, 0.0)))
    whole = parameter.type == "int"
    step = max(1, round((high - low) / PARTS)) if whole else (high - low) / PARTS
    ends = max(base - step, min(low, base)), min(base + step, max(high, base))
    values = tuple(int(end) if whole else end for end in ends if abs(end - base) > SMALLEST * (high - low))
    return Sweep("parameter", parameter.name, parameter.label, parameter.unit, low, high, base, values)


def lever_sweep(lever: Lever) -> Sweep:
    """Return the values of one lever: both ends of its range and every twentieth between them."""
    width = lever.high - lever.low
    values = tuple(round(lever.low + width * step / STEPS, 9) for step in range(STEPS + 1))
    return Sweep("lever", lever.name, lever.label, lever.unit, lever.low, lever.high, None, values)


def _can_move(one: Parameter) -> bool:
    """Whether a parameter has a range with more than one value."""
    return one.uncertain and one.range is not None and one.range[0] < one.range[1]


def _chosen(path: str, given: Iterable[str] | None, known: Mapping[str, Any]) -> list[str]:
    """Return the known names that are given or are in a given group. Raises InputError."""
    if given is None:
        return list(known)
    wanted = [
        arguments.text(path, one, "the name of a setting or group") for one in arguments.items(path, given, "names")
    ]
    for name in wanted:
        if not any(_under(one, name) for one in known):
            raise _refused(path, name, known)
    return [one for one in known if any(_under(one, name) for name in wanted)]


def _under(name: str, group: str) -> bool:
    """Whether a name is this name or is in this group."""
    return name == group or name.startswith(f"{group}.")


def _refused(path: str, name: str, known: Iterable[str]) -> InputError:
    """Return the error for a name that cannot be swept under this option, "parameters" or "levers"."""
    if name in catalogue():
        why = "has no plausible range in which it could be moved" if path == "parameters" else _ANOTHER[path]
        return InputError(why, path=path, value=name)
    if name in levers():
        why = "is a yes or no lever and has no steps" if path == "levers" else _ANOTHER[path]
        return InputError(why, path=path, value=name)
    return InputError(f"no such {_WANTED[path]} or group", path=path, value=name, nearest=nearest(name, known))
