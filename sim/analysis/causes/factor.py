"""Factors: what can be taken away from a scenario to see what comes without it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sim.inputs.intervention import Intervention
from sim.inputs.scenario import Scenario
from sim.schema.frozen_map import FrozenMap

KINDS: Final = ("imposed", "set", "mechanism", "decided", "difference")

_NONE: Final[FrozenMap[Any]] = FrozenMap()


@dataclass(frozen=True)
class Factor:
    """One factor, and what taking it away does to a scenario.

    kind: one of KINDS; without: what the world is like then, completing "Without it, ..."; rests_on: sentences of the
    text, or "assumption"; since: the first day on which it acts, None for all through the run. lever: whose
    interventions are taken away, "" for none; instead: those that come in their place; parameters: values that take the
    place of the scenario's, None for the catalogue's own; held: the neutral value of the lever on every day on which
    nothing is imposed on it, None for none.
    """

    name: str
    kind: str
    label: str
    without: str
    rule: str
    rests_on: str
    since: dt.date | None = None
    lever: str = ""
    instead: tuple[Intervention, ...] = ()
    parameters: Mapping[str, Any] = _NONE
    held: float | bool | None = None


def without_factors(scenario: Scenario, away: Sequence[Factor]) -> Scenario:
    """Return a scenario without some factors; the order in which they are given does not matter.

    What takes the place of the scenario's own settings comes first, then what mechanisms without effect are set to,
    then neutral decisions on the days that are left. Raises InputError if together they make an invalid scenario.
    """
    parameters = dict(scenario.parameters)
    for one in sorted(away, key=lambda factor: factor.kind == "mechanism"):
        for name, value in one.parameters.items():
            if value is None:
                parameters.pop(name, None)
            else:
                parameters[name] = value
    dropped = {one.lever for one in away if one.lever and one.held is None}
    imposed = [one for one in scenario.interventions if one.lever not in dropped]
    imposed += [one for factor in away for one in factor.instead]
    for factor in away:
        if factor.held is not None:
            imposed += _gaps(scenario, factor.lever, factor.held, imposed)
    return replace(scenario, parameters=parameters, interventions=tuple(imposed))


def _gaps(
    scenario: Scenario,
    lever: str,
    value: float | bool,  # noqa: FBT001  that of a lever which is yes or no
    imposed: Sequence[Intervention],
) -> list[Intervention]:
    """Return interventions with a value on all days on which nothing is imposed on a lever."""
    left = [Intervention(lever, value, scenario.start, scenario.end)]
    for one in imposed:
        if one.lever == lever:
            left = [part for whole in left for part in whole.subtract(one, scenario.start, scenario.end)]
    return left
