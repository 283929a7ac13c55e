"""Two scenarios as one: what each changes compared with a base, together."""

import datetime as dt
from itertools import pairwise
from typing import Any, Final

from sim.errors import InputError
from sim.inputs.intervention import Intervention, merge_interventions
from sim.inputs.parameters import catalogue
from sim.inputs.scenario import LONGEST, Scenario, check_same_days
from sim.schema import formatting
from sim.schema.decisions import levers

NAME: Final = "both-together"


def together(base: Scenario, a: Scenario, b: Scenario) -> Scenario:
    """Return the scenario with everything that `a` and `b` do differently from `base`.

    A lever counts day by day: on each day the one that differs from the base applies, and "decided by the actor" is a
    difference too. Raises InputError for different days, and where both differ from the base and from each other, on a
    lever on the same day or on a parameter: such changes exclude each other. Also where both do the same.
    """
    check_same_days((base, a, b))
    if a.hash() == b.hash():
        raise InputError(f"cannot be combined: {a.name or a.title} and {b.name or b.title} do the same")
    imposed = [one for lever in levers() for one in _imposed(lever, base, a, b)]
    return Scenario(
        title=f"{a.title} + {b.title}"[: LONGEST["title"]],
        start=base.start,
        end=base.end,
        parameters=_parameters(base, a, b),
        interventions=tuple(merge_interventions(imposed, base.start, base.end)),
        question="What do both do together?",
        run=base.run,
        name=NAME,
        base=base.name,
    )


def _imposed(lever: str, base: Scenario, a: Scenario, b: Scenario) -> list[Intervention]:
    """Return what is imposed on one lever, one intervention per stretch of days on which none of the three changes."""
    found = []
    for first, until in pairwise(_edges(lever, base, a, b)):
        value = _either(lever, *(one.imposed(first).get(lever) for one in (base, a, b)), day=first)
        if value is not None:
            found.append(Intervention(lever, value, first, until))
    return found


def _edges(lever: str, *scenarios: Scenario) -> list[dt.date]:
    """Return the days on which something on a lever begins or ends, with the first day and the end of the run."""
    run = scenarios[0]
    days = {day for one in scenarios for part in one.interventions if part.lever == lever
            for day in part.within(run.start, run.end)}  # fmt: skip
    return sorted(days | {run.start, run.end})


def _parameters(base: Scenario, a: Scenario, b: Scenario) -> dict[str, Any]:
    """Return the parameters that differ from their usual values."""
    known = catalogue()
    names = dict.fromkeys([*base.parameters, *a.parameters, *b.parameters])
    return {
        name: _either(name, *(one.parameters.get(name, known[name].value) for one in (base, a, b))) for name in names
    }


def _either(name: str, usual: Any, one: Any, other: Any, *, day: dt.date | None = None) -> Any:
    """Return the value that differs from the usual one. Raises InputError if two do, and differ from each other."""
    if one in (usual, other):
        return other
    if other == usual:
        return one
    said = [_said(value, on=day is not None) for value in (one, other)]
    when = f" on {formatting.day(day)}" if day else ""
    raise InputError(f"cannot be combined: one {said[0]}{when}, the other {said[1]}", path=name)


def _said(value: Any, *, on: bool) -> str:
    """Return what a scenario does with a setting. on: a day, on which a lever may be nobody's but the actor's."""
    return "leaves it to the actor" if on and value is None else f"sets it to {formatting.setting(value)}"
