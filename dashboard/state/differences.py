"""All that a scenario does differently from another, as labels and words."""

import datetime as dt
from collections.abc import Iterable, Sequence

from dashboard.state.state import State
from sim.inputs.intervention import Intervention, merge_interventions
from sim.inputs.parameters import catalogue
from sim.inputs.scenario import Scenario
from sim.schema import formatting
from sim.schema.decisions import levers

NOTHING = "decided by the actor"


def differences(own: Scenario, reference: Scenario) -> list[tuple[str, str]]:
    """Return the label and what is set, per lever and parameter that differ: ("Prisoners offered", "0 until 10 Mar").

    Both scenarios are over the same days. Levers come first, each in the order of its list.
    """
    return [*_of_levers(own, reference), *_of_parameters(own, reference)]


def own_days(own: Scenario, reference: Scenario, lever: str) -> tuple[dt.date | None, dt.date | None]:
    """Return the first day and the end (not included) of what a scenario imposes on a lever and the reference does not.

    None for the run's own first day or end; both are None if it imposes nothing of its own. Both scenarios are over the
    same days.
    """
    merged, known = (merge_interventions(run.interventions, run.start, run.end) for run in (own, reference))
    usual = _days([one for one in known if one.lever == lever], reference)
    days = [one.within(own.start, own.end) for one in merged
            if one.lever == lever and not set(_days([one], own)) <= set(usual)]  # fmt: skip
    first, end = min((day for day, _ in days), default=own.start), max((day for _, day in days), default=own.end)
    return (None if first == own.start else first), (None if end == own.end else end)


def held_days(state: State, name: str) -> str:
    """Return the days on which a move holds a setting, as they end a change: "@2020-03-10..", "" for the whole run.

    They are those of the change that there is, else those on which the scenario itself changes this lever.
    """
    known = state.changed(name)
    if known is not None:
        return "".join(known.partition("@")[1:])
    first, until = own_days(state.origin(), state.reference(), name)
    return f"@{first or ''}..{until or ''}" if first or until else ""


def imposed(stretches: Sequence[Intervention], run: Scenario) -> str:
    """Return what is imposed on one lever in words: "0 until 10 Mar, 5,000 from 10 Mar"; for none, who decides."""
    parts = []
    for one in stretches:
        start, until = one.within(run.start, run.end)
        first = "" if start == run.start else f" from {formatting.day(start, year=False)}"
        last = "" if until == run.end else f" until {formatting.day(until, year=False)}"
        parts.append(formatting.setting(one.value) + (first + last or " for the whole run"))
    return ", ".join(parts) or NOTHING


def _of_levers(own: Scenario, reference: Scenario) -> Iterable[tuple[str, str]]:
    merged, known = (merge_interventions(run.interventions, run.start, run.end) for run in (own, reference))
    for name, lever in levers().items():
        here = [one for one in merged if one.lever == name]
        if _days(here, own) != _days([one for one in known if one.lever == name], reference):
            yield lever.label, imposed(here, own)


def _of_parameters(own: Scenario, reference: Scenario) -> Iterable[tuple[str, str]]:
    for name, parameter in catalogue().items():
        usual = reference.parameters.get(name, parameter.value)
        here = own.parameters.get(name, parameter.value)
        if here != usual:
            yield parameter.label, formatting.setting(here)


def _days(stretches: Sequence[Intervention], run: Scenario) -> list[tuple[object, ...]]:
    return sorted((*one.within(run.start, run.end), one.value) for one in stretches)
