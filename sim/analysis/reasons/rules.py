"""The rules in words: what each decision and milestone reads and draws, from `rules.toml` beside this module."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from sim.errors import InputError, nearest
from sim.files.toml_reader import read_toml
from sim.schema import validation
from sim.schema.decisions import DECISIONS, levers
from sim.schema.milestones import MILESTONES

FILE: Final = Path(__file__).with_name("rules.toml")


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that a rule reads."""

    label: str
    unit: str


@dataclass(frozen=True, slots=True)
class RuleText:
    """One rule in words. actor: dotted; inputs: names of measures or levers; draws: names of streams."""

    actor: str
    rule: str
    inputs: tuple[str, ...]
    draws: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The measures, and the rules of all decisions and milestones, by name."""

    measures: Mapping[str, Measure]
    decisions: Mapping[str, RuleText]
    milestones: Mapping[str, RuleText]


@lru_cache(maxsize=1)
def rule_book() -> RuleBook:
    """Return every rule. Raises InputError for an invalid entry."""
    return read_rules(FILE)


def read_rules(path: Path) -> RuleBook:
    """Return the rules of a file. Raises InputError for unknown, missing or wrong entries."""
    tables = read_toml(path, file=path.name)
    try:
        validation.check_keys(tables, ("inputs", "decisions", "milestones"))
        validation.check_required(tables, ("inputs", "decisions", "milestones"), "")
        measures = {name: _measure(name, one) for name, one in validation.table(tables["inputs"], "inputs").items()}
        known = (*measures, *levers())
        return RuleBook(
            measures,
            _rules(tables["decisions"], "decisions", levers(), known),
            _rules(tables["milestones"], "milestones", MILESTONES, known),
        )
    except InputError as error:
        raise error.at(file=path.name) from None


def _measure(name: str, table: Any) -> Measure:
    """Return what a rule reads. Raises InputError."""
    path = f"inputs.{name}"
    validation.check_keys(validation.table(table, path), ("label", "unit"), f"{path}.")
    validation.check_required(table, ("label", "unit"), path)
    words = [validation.with_path(f"{path}.{key}", validation.text, table[key], 80) for key in ("label", "unit")]
    return Measure(*words)


def _rules(given: Any, where: str, names: Iterable[str], known: tuple[str, ...]) -> dict[str, RuleText]:
    """Return one rule for each name. Raises InputError."""
    tables = validation.table(given, where)
    for name in tables:
        if name not in names:
            raise InputError("no such name", path=f"{where}.{name}", nearest=nearest(name, names))
    validation.check_required(tables, tuple(names), where)
    return {name: _rule(f"{where}.{name}", name, table, known) for name, table in tables.items()}


def _rule(path: str, name: str, table: Any, known: tuple[str, ...]) -> RuleText:
    """Return one rule. Raises InputError."""
    needed = ("rule", "inputs") if name in levers() else ("actor", "rule", "inputs")
    validation.check_keys(validation.table(table, path), (*needed, "draws"), f"{path}.")
    validation.check_required(table, needed, path)
    actor = name.rpartition(".")[0] if name in levers() else table["actor"]
    draws = validation.with_path(f"{path}.draws", _streams, table.get("draws", []))
    return RuleText(
        validation.with_path(f"{path}.actor", validation.choice, actor, tuple(DECISIONS)),
        validation.with_path(f"{path}.rule", validation.text, table["rule"], 160),
        validation.check_names(f"{path}.inputs", table["inputs"], known, "measures and levers"),
        draws,
    )


def _streams(given: Any) -> tuple[str, ...]:
    """Return names of streams; that they are streams of the model is tested. Raises InputError."""
    if not validation.is_list(given):
        raise InputError("must be a list of streams", value=given)
    return tuple(validation.text(one, 60) for one in given)
