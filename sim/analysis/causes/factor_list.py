"""The factors of a scenario: what it imposes and sets, the mechanisms, and what each actor decides by its own rule."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sim.analysis.causes.factor import Factor
from sim.analysis.causes.neutral_levers import neutral_levers
from sim.analysis.setting_words import setting_words
from sim.errors import InputError
from sim.inputs.intervention import Intervention, merge_interventions
from sim.inputs.mechanisms import mechanisms
from sim.inputs.parameters import catalogue
from sim.inputs.scenario import Scenario, check_scenario
from sim.schema import arguments
from sim.schema.decisions import levers
from sim.schema.formatting import day, setting, with_unit
from sim.schema.frozen_map import FrozenMap

GROUPS: Final = {"imposed": ("imposed", "set"), "mechanisms": ("mechanism",), "decided": ("decided",)}
USUAL: Final = ("imposed", "set", "mechanism")  # the kinds that are tested if none is named
ACTORS: Final = {
    "us": "the United States", "taliban": "the Taliban leadership", "kabul.ghani": "Ghani's camp",
    "kabul.abdullah": "Abdullah's camp", "council": "the Security Council",
}  # fmt: skip


def factors_of(scenario: Scenario) -> dict[str, Factor]:
    """Return every factor of a scenario by name: imposed and set by it, mechanisms, and the actors' own decisions.

    Raises InputError for anything that is not a scenario.
    """
    check_scenario(scenario)
    found = [*_imposed(scenario), *_set(scenario), *_mechanisms(scenario), *_decided(scenario)]
    return {one.name: one for one in found}


def chosen_factors(known: Mapping[str, Factor], names: Iterable[str] | None) -> list[Factor]:
    """Return the factors that are named, by name or by group, in their order; None for the usual ones.

    A lever's name alone means what the scenario imposes on it, or else what its actor decides. Raises InputError for an
    unknown name, with the nearest one, and for none.
    """
    if names is None:
        return [one for one in known.values() if one.kind in USUAL or one.kind == "difference"]
    given = arguments.items("factors", names, "names of factors")
    wanted = {name for one in given for name in _named(known, one)}
    if not wanted:
        raise InputError("at least one factor is needed", path="factors", expected="names of factors")
    return [one for name, one in known.items() if name in wanted]


def _named(known: Mapping[str, Factor], given: Any) -> list[str]:
    """Return the names of factors that a name stands for. Raises InputError."""
    if isinstance(given, str) and given in GROUPS:
        found = [name for name, one in known.items() if one.kind in GROUPS[given]]
        if not found:
            raise InputError("is a group without any factor here", path=given)
        return found
    if isinstance(given, str):
        for name in (given, f"imposed.{given}", f"set.{given}", f"decided.{given}"):
            if name in known:
                return [name]
    return [arguments.known("factors", given, (*known, *GROUPS), "no such factor here")]


def _imposed(scenario: Scenario) -> list[Factor]:
    """Return one factor per lever on which the scenario imposes something."""
    return [_imposed_on(scenario, lever, some) for lever, some in _by_lever(scenario).items()]


def _imposed_on(scenario: Scenario, name: str, some: Sequence[Intervention]) -> Factor:
    """Return the factor of what a scenario imposes on one lever."""
    lever = levers()[name]
    sources = [one.source for one in scenario.interventions if one.lever == name and one.source]
    rests = ", ".join(dict.fromkeys(part for source in sources for part in source.split(", "))) or lever.rests_on
    return Factor(
        name=f"imposed.{name}",
        kind="imposed",
        label=f"{lever.label}, as imposed",
        without=f"{ACTORS[lever.actor]} would decide by own rule on: {lever.label.lower()}",
        rule=f"imposed by the scenario: {imposed_words(some, lever.unit)}",
        rests_on=rests,
        since=some[0].start,
        lever=name,
    )


def imposed_words(some: Iterable[Intervention], unit: str) -> str:
    """Return interventions as words, such as "1,500 people from 10 Mar to 14 Apr 2020"."""
    return "; ".join(f"{setting_words(one.value, unit)} {_span(one)}" for one in some)


def _span(one: Intervention) -> str:
    """Return the days of an intervention with dates, the last one included."""
    if one.start is None or one.until is None:
        return "all through"
    last = one.until - dt.timedelta(days=1)
    if last == one.start:
        return f"on {day(last)}"
    return f"from {day(one.start, year=one.start.year != last.year)} to {day(last)}"


def _set(scenario: Scenario) -> list[Factor]:
    """Return one factor per parameter that the scenario sets to another value than the catalogue's."""
    known = catalogue()
    usual = Scenario("usual", scenario.start, scenario.end).resolved()
    changed = {name: value for name, value in scenario.parameters.items() if value != usual[name]}
    return [
        Factor(
            name=f"set.{name}",
            kind="set",
            label=known[name].label,
            without=f"it is {with_unit(setting(usual[name]), known[name].unit)}",
            rule=f"set by the scenario: {with_unit(setting(value), known[name].unit)}",
            rests_on=known[name].source if known[name].kind == "stated" else known[name].kind,
            parameters=FrozenMap({name: None}),
        )
        for name, value in changed.items()
    ]


def _mechanisms(scenario: Scenario) -> list[Factor]:
    """Return the mechanisms that are not neutral already in this scenario."""
    values = scenario.resolved()
    found = []
    for one in mechanisms().values():
        neutral = one.settings(scenario)
        if all(values[name] == value for name, value in neutral.items()):
            continue
        rests = ", ".join((*one.rests_on, "assumption"))
        rule = f"{one.rule} ({one.theory})"
        found.append(Factor(one.name, "mechanism", one.label, one.without, rule, rests, parameters=FrozenMap(neutral)))
    return found


def _decided(scenario: Scenario) -> list[Factor]:
    """Return the actors' own decisions that have a neutral value and are not imposed all through the run."""
    found = []
    for name, one in neutral_levers().items():
        lever = levers()[name]
        covered = sum(
            (high - low).days
            for low, high in (i.within(scenario.start, scenario.end) for i in scenario.interventions if i.lever == name)
        )
        if one.value is None or covered >= scenario.days:
            continue
        rule = f"what {ACTORS[lever.actor]} decides by own rule"
        about = (f"{lever.label}, as decided", one.without, rule, lever.rests_on)
        found.append(Factor(f"decided.{name}", "decided", *about, lever=name, held=one.value))
    return found


def differences(scenario: Scenario, other: Scenario) -> dict[str, Factor]:
    """Return what a scenario does otherwise than another over the same days, one factor per lever or parameter.

    Taking all away gives the other scenario. Raises InputError if they do the same.
    """
    mine, theirs = (_by_lever(one) for one in (scenario, other))
    known = levers()
    found = [
        _other_orders(name, mine.get(name, ()), theirs.get(name, ()), known[name].label, known[name].unit)
        for name in known
        if _orders(mine.get(name, ())) != _orders(theirs.get(name, ()))
    ]
    own, usual = scenario.parameters, catalogue()
    for name in usual:
        if own.get(name) != other.parameters.get(name) and scenario.resolved()[name] != other.resolved()[name]:
            values = (scenario.resolved()[name], other.resolved()[name])
            found.append(_other_value(name, *values, given=other.parameters.get(name)))
    if not found:
        raise InputError("does the same as the scenario itself: there is no difference to explain", path="against")
    return {one.name: one for one in found}


def _by_lever(scenario: Scenario) -> dict[str, tuple[Intervention, ...]]:
    found: dict[str, list[Intervention]] = {}
    for one in merge_interventions(scenario.interventions, scenario.start, scenario.end):
        found.setdefault(one.lever, []).append(one)
    return {name: tuple(some) for name, some in found.items()}


def _orders(some: Iterable[Intervention]) -> list[tuple[Any, ...]]:
    return [(one.value, one.start, one.until) for one in some]


def _other_orders(
    name: str, mine: tuple[Intervention, ...], theirs: tuple[Intervention, ...], label: str, unit: str
) -> Factor:
    """Return the factor of what two scenarios impose differently on a lever."""
    actor = ACTORS[levers()[name].actor]
    nothing = f"{actor} decides by own rule"
    return Factor(
        name=name,
        kind="difference",
        label=label,
        without=imposed_words(theirs, unit) or nothing,
        rule=f"imposed: {imposed_words(mine, unit)}" if mine else nothing,
        rests_on=levers()[name].rests_on,
        since=mine[0].start if mine else None,
        lever=name,
        instead=theirs,
    )


def _other_value(name: str, mine: Any, theirs: Any, given: Any) -> Factor:
    """Return the factor of a parameter that two scenarios set differently. given: what the other one sets, or None."""
    record = catalogue()[name]
    unit = record.unit
    return Factor(
        name=name,
        kind="difference",
        label=record.label,
        without=f"it is {with_unit(setting(theirs), unit)}",
        rule=f"set: {with_unit(setting(mine), unit)}",
        rests_on=record.source if record.kind == "stated" else record.kind,
        parameters=FrozenMap({name: given}),
    )
