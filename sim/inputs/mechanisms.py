"""The mechanisms of the model that can be switched off, and the scenarios without some of them.

A mechanism is off when its parameters have neutral values, at which its rule changes nothing. So a scenario without
one is an ordinary scenario, with the same canonical form and hash as a file that sets these parameters. Numbers derived
from others follow, so that the figures of the text that they are derived from still hold.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from sim.errors import InputError, nearest
from sim.files.toml_reader import read_toml
from sim.inputs.facts import SENTENCES
from sim.inputs.parameters import catalogue
from sim.inputs.scenario import Scenario, check_scenario
from sim.schema import arguments, validation
from sim.schema.frozen_map import FrozenMap

FILE: Final = Path(__file__).with_name("mechanisms.toml")
KEYS: Final = ("label", "without", "theory", "rule", "rests_on", "shapes", "neutral")
OTHER: Final = "other"
LONGEST: Final = {"label": 60, "without": 300, "theory": 120, "rule": 120}  # characters


@dataclass(frozen=True)
class Mechanism:
    """One mechanism: what it is, what the world is like without it, and how it is switched off.

    neutral: by parameter, a number or the name of the parameter whose value it takes; shapes: parameters without effect
    once those are neutral; rests_on: sentences of the text.
    """

    name: str
    label: str
    without: str  # completes "Without it, ..."
    theory: str
    rule: str  # the rules in docs/model.md that it acts in
    rests_on: tuple[str, ...]
    neutral: Mapping[str, float | str]
    shapes: tuple[str, ...] = ()

    def settings(self, scenario: Scenario) -> dict[str, float]:
        """Return the neutral values in a scenario, by parameter."""
        values = scenario.resolved()
        return {name: values[to] if isinstance(to, str) else to for name, to in self.neutral.items()}


@dataclass(frozen=True)
class NoMechanism:
    """Parameters that belong to no mechanism, by name or by pattern such as "season.*", and why."""

    names: tuple[str, ...]
    reason: str

    def has(self, name: str) -> bool:
        """Whether a parameter is among them."""
        return any(fnmatchcase(name, pattern) for pattern in self.names)


@lru_cache(maxsize=1)
def mechanisms() -> FrozenMap[Mechanism]:
    """Return every mechanism by name, in the order of the file. Raises InputError for an invalid entry."""
    return read_mechanisms(FILE)[0]


@lru_cache(maxsize=1)
def no_mechanisms() -> tuple[NoMechanism, ...]:
    """Return the parameters that belong to no mechanism."""
    return read_mechanisms(FILE)[1]


def without(scenario: Scenario, names: Iterable[str], *, title: str | None = None) -> Scenario:
    """Return a scenario without some mechanisms. names: as `jirga theories --list` shows them; none changes nothing.

    Raises InputError for anything that is not a scenario, and for an unknown mechanism, with the nearest name.
    """
    check_scenario(scenario)
    found = named(names)
    if not found:
        return scenario
    words = ", ".join(one.label.lower() for one in found)
    given = f"{scenario.title}, without: {words}" if title is None else title
    return scenario.change(neutral_settings(scenario, found), title=given)


def named(names: Iterable[str]) -> list[Mechanism]:
    """Return mechanisms by name. Raises InputError for an unknown one, with the nearest name."""
    known = mechanisms()
    given = arguments.items("without", names, "names of mechanisms")
    return [known[arguments.known("without", one, known, "no such mechanism")] for one in given]


def neutral_settings(scenario: Scenario, some: Iterable[Mechanism]) -> dict[str, float]:
    """Return the parameters that switch some mechanisms off in a scenario, by name."""
    return {name: value for one in some for name, value in one.settings(scenario).items()}


def read_mechanisms(path: Path) -> tuple[FrozenMap[Mechanism], tuple[NoMechanism, ...]]:
    """Return the mechanisms of a file and the parameters that are none. Raises InputError for any invalid entry."""
    tables = read_toml(path, file=path.name)
    found: dict[str, Mechanism] = {}
    others: tuple[NoMechanism, ...] = ()
    for name, table in tables.items():
        try:
            if name == OTHER:
                others = tuple(_other(one, place) for place, one in enumerate(table))
            else:
                found[name] = _mechanism(name, validation.table(table, name))
        except InputError as error:
            raise error.at(file=path.name, path=name) from None
    return FrozenMap(found), others


def _mechanism(name: str, table: dict[str, Any]) -> Mechanism:
    """Return the mechanism of one table. Raises InputError."""
    validation.check_keys(table, KEYS, f"{name}.")
    validation.check_required(table, tuple(key for key in KEYS if key != "shapes"), name)
    words = {key: validation.with_path(f"{name}.{key}", validation.text, table[key], LONGEST[key]) for key in LONGEST}
    shapes = validation.check_names(f"{name}.shapes", table.get("shapes", ()), catalogue(), "parameters")
    neutral = validation.table(table["neutral"], f"{name}.neutral")
    return Mechanism(
        name=name,
        **words,
        rests_on=validation.check_names(f"{name}.rests_on", table["rests_on"], SENTENCES, "sentences S1 to S17"),
        neutral=FrozenMap({key: _neutral(key, value) for key, value in neutral.items()}),
        shapes=shapes,
    )


def _neutral(name: str, value: Any) -> float | str:
    """Return a neutral value: a number, checked, or the name of another parameter. Raises InputError."""
    known = catalogue()
    if name not in known or known[name].type != "float":
        raise InputError("is no parameter that is a number", path=name, value=value, nearest=nearest(name, known))
    if isinstance(value, str):
        return arguments.known(name, value, known, "no such parameter")
    return float(validation.with_path(name, known[name].check, value))


def _other(table: Any, place: int) -> NoMechanism:
    """Return one entry of parameters that are no mechanism. Raises InputError for a pattern that fits none."""
    where = f"{OTHER}[{place}]"
    validation.check_keys(validation.table(table, where), ("names", "reason"), f"{where}.")
    validation.check_required(table, ("names", "reason"), where)
    names = tuple(validation.with_path(where, validation.text, one, 60) for one in table["names"])
    for one in names:
        if not any(fnmatchcase(known, one) for known in catalogue()):
            raise InputError("fits no parameter", path=where, value=one, nearest=nearest(one, catalogue()))
    return NoMechanism(names, validation.with_path(where, validation.text, table["reason"], 200))
